//! The in-memory view of every address we answer for: RCPT is answered from here and never waits for the store.

use std::{
    collections::{HashMap, HashSet},
    sync::{PoisonError, RwLock},
};

use crate::{
    ground::{
        account::Account,
        address::{Address, ReplyToken},
        conversation::{Participant, Verb},
        key::{AccountId, ConversationId},
        routing::Recipient,
        secret::Secret,
    },
    keep::store::{Store, StoreError},
};

#[derive(Debug, Default)]
struct Tables {
    accounts: HashMap<String, AccountId>,
    /// Those of the accounts' addresses.
    domains: HashSet<String>,
    tokens: HashMap<ReplyToken, (ConversationId, Participant)>,
}

impl Tables {
    fn add(&mut self, account: &Account) {
        for address in [&account.address].into_iter().chain(&account.relay_address) {
            self.accounts.insert(address.folded(), account.id);
            self.domains.insert(address.domain().to_owned());
        }
    }

    /// The same accounts and no others; the tokens stay.
    fn replace_accounts(&mut self, accounts: &[Account]) {
        self.accounts.clear();
        self.domains.clear();
        accounts.iter().for_each(|account| self.add(account));
    }
}

/// Every address we answer for.
#[derive(Debug)]
pub struct Directory {
    hostname: String,
    reply_domain: String,
    secret: Secret,
    tables: RwLock<Tables>,
}

impl Directory {
    /// Loads the view from the store.
    pub fn load(
        store: &Store,
        secret: Secret,
        hostname: &str,
        reply_domain: &str,
    ) -> Result<Self, StoreError> {
        let directory = Directory {
            hostname: hostname.to_lowercase(),
            reply_domain: reply_domain.to_lowercase(),
            secret,
            tables: RwLock::new(Tables::default()),
        };
        directory.reload(store)?;
        Ok(directory)
    }

    /// Loads everything again: after a rebuild.
    pub fn reload(&self, store: &Store) -> Result<(), StoreError> {
        let mut tables = Tables::default();
        store.read(|reading| {
            tables.replace_accounts(&reading.accounts()?);
            reading.participants(|token, conversation, participant| {
                tables.tokens.insert(token, (conversation, participant));
            })
        })?;
        *self.tables.write().unwrap_or_else(PoisonError::into_inner) = tables;
        Ok(())
    }

    /// The addresses of these accounts are answered from now on, and no others: what one had before is not its any more.
    pub fn replace_accounts(&self, accounts: &[Account]) {
        let mut tables = self.tables.write().unwrap_or_else(PoisonError::into_inner);
        tables.replace_accounts(accounts);
    }

    /// These tokens are answered from now on.
    pub fn add_tokens(
        &self,
        tokens: impl IntoIterator<Item = (ReplyToken, ConversationId, Participant)>,
    ) {
        let mut tables = self.tables.write().unwrap_or_else(PoisonError::into_inner);
        for (token, conversation, participant) in tokens {
            tables.tokens.insert(token, (conversation, participant));
        }
    }

    /// The tokens of one conversation are another's from now on.
    pub fn merge(&self, from: ConversationId, into: ConversationId) {
        let mut tables = self.tables.write().unwrap_or_else(PoisonError::into_inner);
        for (owner, _) in tables.tokens.values_mut().filter(|(owner, _)| *owner == from) {
            *owner = into;
        }
    }

    /// The tokens of a purged conversation are unknown from now on.
    pub fn forget(&self, conversation: ConversationId) {
        let mut tables = self.tables.write().unwrap_or_else(PoisonError::into_inner);
        tables.tokens.retain(|_, (owner, _)| *owner != conversation);
    }

    /// What an address stands for; `None` when we do not answer for it.
    pub fn recipient(&self, address: &Address) -> Option<Recipient> {
        let tables = self.tables.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(account) = tables.accounts.get(&address.folded()) {
            return Some(Recipient::Account(*account));
        }
        // RFC 5321, 4.5.1: of our own domains; elsewhere it is somebody else.
        let domain = address.domain();
        let ours = || {
            domain == self.hostname
                || domain == self.reply_domain
                || tables.domains.contains(domain)
        };
        if address.local().eq_ignore_ascii_case("postmaster") && ours() {
            return Some(Recipient::Postmaster);
        }
        if address.domain() != self.reply_domain {
            return None;
        }
        if let Some(outgoing) = self.secret.bounced(address.local()) {
            return Some(Recipient::Bounce(outgoing));
        }
        let (token, suffix) = ReplyToken::from_local_part(address.local())?;
        let (conversation, participant) = *tables.tokens.get(&token)?;
        Some(Recipient::Reply { conversation, participant, verb: Verb::from_suffix(suffix) })
    }

    /// Who a reply token stands for.
    pub fn participant(&self, token: &ReplyToken) -> Option<Participant> {
        let tables = self.tables.read().unwrap_or_else(PoisonError::into_inner);
        tables.tokens.get(token).map(|(_, participant)| *participant)
    }
}
