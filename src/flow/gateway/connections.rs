//! Connections to channels: their credentials, how polling goes, and what is said when a channel refuses them.
//!
//! A connection is journaled with its secret sealed, so that a deleted store does not lose it.

use data_encoding::BASE64;
use jiff::Timestamp;

use super::{Gateway, Trouble};
use crate::{
    flow::clock,
    ground::{
        capabilities::Capabilities,
        config::is_web_address,
        conversation::{Channel, Conversation},
        key::{AccountId, ConversationId},
    },
    keep::{
        journal::{Event, KeptConnection},
        sealed::Sealer,
        store::{ConnectionRow, ConnectionState, Hint, MachineAccount, StoreError, Writing},
    },
};

/// A connection to be made.
#[derive(Clone, Debug)]
pub struct NewConnection {
    /// Whose.
    pub account: AccountId,
    /// To which channel.
    pub channel: Channel,
    /// The name of the credentials.
    pub machine: String,
    /// Their secret.
    pub secret: String,
    /// Which house it is there.
    pub property: String,
    /// Where the channel's API is.
    pub url: String,
    /// Where tokens are given out.
    pub token_url: String,
    /// Houses of other accounts that use these credentials get this secret too.
    pub renew: bool,
}

/// Why a connection is not made.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Something is not said, or is not what it should be.
    #[error("{field}: {said}")]
    Unfit {
        /// Which of `name`, `secret`, `property`, `url` and `token_url`.
        field: &'static str,
        /// What is wrong, and what to write.
        said: String,
    },
    /// The house has not booked this.
    #[error(
        "{0}: booking platforms are for accommodation with the plan connect; see relais account set"
    )]
    NotInPlan(String),
    /// Another house has it.
    #[error("{0} is connected to account {1}")]
    Taken(String, AccountId),
    /// Houses of another account use these credentials with another secret.
    #[error("{0} is used by account {1} with another secret; --renew gives it to them too")]
    OtherSecret(String, AccountId),
    /// Our own trouble.
    #[error(transparent)]
    Trouble(#[from] Trouble),
}

impl From<StoreError> for ConnectError {
    fn from(error: StoreError) -> Self {
        ConnectError::Trouble(error.into())
    }
}

/// The purpose credentials are sealed for.
pub(super) const SEALED_FOR: &str = "connections";

impl Gateway {
    /// Adds a connection, or gives an existing one new credentials. Gives its key.
    pub fn connect(&self, new: &NewConnection) -> Result<i64, ConnectError> {
        must_fit(new)?;
        let account = self.store.read(|reading| reading.account(new.account))?;
        if let Some(account) = account.filter(|a| !a.has_ota() || !a.has_messaging()) {
            return Err(ConnectError::NotInPlan(account.name));
        }
        let key = [b"connection".as_slice(), new.machine.as_bytes(), new.property.as_bytes()];
        let sealed = self.sealed(&new.machine, &new.secret)?;
        let mut kept = KeptConnection {
            id: ConversationId::of(&key).0,
            account: new.account,
            channel: new.channel,
            machine: new.machine.clone(),
            property: new.property.clone(),
            url: new.url.clone(),
            token_url: new.token_url.clone(),
            sealed: BASE64.encode(&sealed),
            paused: false,
        };
        // One of before keeps its key: conversations are answered through it.
        let all = self.store.read(|reading| reading.connections())?;
        let machine = MachineAccount::new(new.channel, &new.machine, new.account);
        let of_machine = || all.iter().filter(|row| row.machine_account() == machine);
        let is_named = |row: &&ConnectionRow| row.machine == new.machine;
        if let Some(same) = all.iter().filter(is_named).find(|row| row.property == new.property) {
            if same.account != new.account || same.channel != new.channel {
                let name = format!("{} {}", new.machine, new.property);
                return Err(ConnectError::Taken(name, same.account));
            }
            kept.id = same.id;
            // Who paused it has not said that it goes on.
            kept.paused = same.state == ConnectionState::Paused;
        }
        let id = kept.id;
        let of_others = of_machine().find(|row| row.account != new.account);
        if let Some(other) = of_others.filter(|_| !new.renew)
            && self.unseal(other).is_some_and(|known| known != new.secret)
        {
            return Err(ConnectError::OtherSecret(new.machine.clone(), other.account));
        }
        // One machine account has one secret, whatever houses it serves.
        for other in of_machine().filter(|row| row.id != id) {
            let sealed = kept.sealed.clone();
            self.record(Event::Connection(KeptConnection { sealed, ..as_kept(other) }))?;
        }
        self.record(Event::Connection(kept))?;
        if all.iter().all(|row| row.id != id) {
            // Not at the first poll: what is said meanwhile is news.
            let since = self.news_since(new.account, id)?;
            self.store.write_blocking(move |w| w.connection_looked(id, since))?;
        }
        self.channel_bell.notify_one();
        Ok(id)
    }

    /// Stops polling and sending, or begins again.
    pub fn pause(&self, row: &ConnectionRow, paused: bool) -> Result<(), Trouble> {
        self.record(Event::Connection(KeptConnection { paused, ..as_kept(row) }))?;
        self.channel_bell.notify_one();
        Ok(())
    }

    /// Forgets a connection with its credentials; its conversations stay.
    pub fn disconnect(&self, id: i64) -> Result<(), Trouble> {
        self.record(Event::ConnectionRemoved { connection: id })
    }

    /// The secret of a connection; `None` when it was sealed with another key.
    pub fn unseal(&self, row: &ConnectionRow) -> Option<String> {
        Sealer::new(&self.secret, SEALED_FOR).open(&row.machine, &row.sealed).ok()
    }

    /// What a channel has to know to notify us of a connection's messages.
    pub fn hook_secret(&self, id: i64) -> String {
        let bits = self.secret.sign("hook", &[&id.to_string()]);
        data_encoding::BASE32_NOPAD.encode(&bits[..20]).to_ascii_lowercase()
    }

    /// A channel says that something was said in these threads: they are read as soon as may be.
    pub fn hint(&self, connection: i64, threads: Vec<String>) -> Result<(), Trouble> {
        let at = clock::now();
        self.store.write_blocking::<_, Trouble, _>(move |w| {
            threads
                .iter()
                .try_for_each(|thread| Ok(w.add_hint(connection, thread, Hint::Look, at)?))
        })?;
        self.channel_bell.notify_one();
        Ok(())
    }

    /// A channel that knows the notion is told what was done about a conversation of its own.
    pub(super) fn tell_channel(&self, state: &Conversation, what: Hint) -> Result<(), Trouble> {
        let (Some(through), Some(address)) = (state.through(), &state.visitor_address) else {
            return Ok(());
        };
        let capabilities = Capabilities::of(state, None, self.identity.booking_chars);
        let known = match what {
            Hint::Look => true,
            Hint::Done => capabilities.no_reply_needed,
            Hint::Read => capabilities.read_marks,
            Hint::Close => through.api == Channel::Channex,
        };
        if known {
            let (thread, at) = (address.local().to_owned(), clock::now());
            self.store.write_blocking::<_, Trouble, _>(move |w| {
                Ok(w.add_hint(through.connection, &thread, what, at)?)
            })?;
            self.channel_bell.notify_one();
        }
        Ok(())
    }

    /// Polling went well but for something that could not be had, which is asked for again.
    pub fn note_partly(&self, row: &ConnectionRow, error: &str) -> Result<(), Trouble> {
        let (at, id, error) = (clock::now(), (row.id, row.told_at), error.to_owned());
        self.store.write_blocking::<_, Trouble, _>(move |w| {
            Ok(w.connection_polled_partly(id, &error, at)?)
        })
    }
}

/// Can this be a connection?
fn must_fit(new: &NewConnection) -> Result<(), ConnectError> {
    let unfit = |field, said: String| Err(ConnectError::Unfit { field, said });
    for (field, value) in
        [("name", &new.machine), ("secret", &new.secret), ("property", &new.property)]
    {
        if value.trim().is_empty() {
            return unfit(field, "empty".to_owned());
        }
    }
    let is_number = new.property.bytes().all(|byte| byte.is_ascii_digit());
    if new.channel == Channel::Booking && !is_number {
        let said = format!("{:?} is no number, write the property's at Booking.com", new.property);
        return unfit("property", said);
    }
    for (field, url) in [("url", &new.url), ("token_url", &new.token_url)] {
        if !url.is_empty() && !is_web_address(url) {
            let said = format!("{url:?} is no address on the web, write https:// and its host");
            return unfit(field, said);
        }
    }
    Ok(())
}

pub(super) fn as_kept(row: &ConnectionRow) -> KeptConnection {
    KeptConnection {
        id: row.id,
        account: row.account,
        channel: row.channel,
        machine: row.machine.clone(),
        property: row.property.clone(),
        url: row.url.clone(),
        token_url: row.token_url.clone(),
        sealed: BASE64.encode(&row.sealed),
        paused: row.state == ConnectionState::Paused,
    }
}

/// A connection as the journal has it.
pub(super) fn restore(
    writing: &Writing<'_>,
    kept: &KeptConnection,
    at: Timestamp,
) -> Result<(), Trouble> {
    let sealed = BASE64.decode(kept.sealed.as_bytes());
    let sealed = sealed.map_err(|_| StoreError::Corrupt("a sealed secret".to_owned()))?;
    writing.put_connection(&ConnectionRow {
        id: kept.id,
        account: kept.account,
        channel: kept.channel,
        machine: kept.machine.clone(),
        property: kept.property.clone(),
        url: kept.url.clone(),
        token_url: kept.token_url.clone(),
        sealed,
        state: if kept.paused { ConnectionState::Paused } else { ConnectionState::Active },
        synced_at: None,
        polled_at: None,
        imported: 0,
        last_error: None,
        sync_page: None,
        threads: None,
        looked_until: None,
        error_at: None,
        told_at: None,
        looked: 0,
        connected_at: Some(at),
    })?;
    Ok(())
}
