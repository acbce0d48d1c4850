//! The in-memory view of every address we answer for: RCPT is answered from here and never waits for the store.

use std::{
    collections::HashMap,
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
    tokens: HashMap<ReplyToken, (ConversationId, Participant)>,
}

impl Tables {
    fn add(&mut self, account: &Account) {
        for address in [&account.address].into_iter().chain(&account.relay_address) {
            self.accounts.insert(address.folded(), account.id);
        }
    }
}

/// Every address we answer for.
#[derive(Debug)]
pub struct Directory {
    reply_domain: String,
    secret: Secret,
    tables: RwLock<Tables>,
}

impl Directory {
    /// Loads the view from the store.
    pub fn load(store: &Store, secret: Secret, reply_domain: &str) -> Result<Self, StoreError> {
        let directory = Directory {
            reply_domain: reply_domain.to_lowercase(),
            secret,
            tables: RwLock::new(Tables::default()),
        };
        directory.reload(store)?;
        Ok(directory)
    }

    /// Loads everything again: after a rebuild, or when the command line changed accounts.
    pub fn reload(&self, store: &Store) -> Result<(), StoreError> {
        let mut tables = Tables::default();
        store.read(|reading| {
            for account in reading.accounts()? {
                tables.add(&account);
            }
            reading.participants(|token, conversation, participant| {
                tables.tokens.insert(token, (conversation, participant));
            })
        })?;
        *self.tables.write().unwrap_or_else(PoisonError::into_inner) = tables;
        Ok(())
    }

    /// An account's address is answered from now on.
    pub fn add_account(&self, account: &Account) {
        let mut tables = self.tables.write().unwrap_or_else(PoisonError::into_inner);
        tables.add(account);
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
        if address.local().eq_ignore_ascii_case("postmaster") {
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
}
