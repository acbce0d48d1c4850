//! Connections to channels: their credentials, and what they bring in.
//!
//! Every message of a channel becomes a file first, as a mail does, and is threaded before the channel is told that
//! it arrived: a crash between costs a repetition, never a message.

use jiff::Timestamp;

use super::{
    Gateway, Trouble,
    answer::RenderedBy,
    intake::{self, Ended},
};
use crate::{
    flow::clock,
    ground::{
        address::{Address, Mailbox},
        conversation::{CHANNEL_DOMAIN, Channel, Side},
        key::{AccountId, ConversationId},
        letter::Attachment,
        trace::{ChannelSource, Door},
    },
    keep::{
        sealed::Sealer,
        store::{ConnectionRow, StoreError},
    },
};

/// A message as a channel's API gives it.
#[derive(Clone, Debug)]
pub struct ChannelMessage {
    /// Where it stands there.
    pub source: ChannelSource,
    /// Who wrote it, as far as the channel says.
    pub author: Option<String>,
    /// The words.
    pub text: String,
    /// The files.
    pub attachments: Vec<Attachment>,
}

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
}

impl Gateway {
    /// Adds a connection, or gives an existing one new credentials.
    pub fn connect(&self, new: &NewConnection) -> Result<i64, Trouble> {
        let id = ConversationId::of(&[b"connection", new.machine.as_bytes()]).0;
        let row = ConnectionRow {
            id,
            account: new.account,
            channel: new.channel,
            machine: new.machine.clone(),
            property: new.property.clone(),
            url: new.url.clone(),
            token_url: new.token_url.clone(),
            sealed: self.seal(&new.machine, &new.secret)?,
            state: "active".to_owned(),
            synced_at: None,
            polled_at: None,
            imported: 0,
            last_error: None,
        };
        self.store.write_blocking::<_, Trouble, _>(move |w| Ok(w.put_connection(&row)?))?;
        Ok(id)
    }

    /// A copy of the store alone opens no channel: the key is in another file.
    fn seal(&self, machine: &str, secret: &str) -> Result<Vec<u8>, Trouble> {
        let failed = |_| StoreError::Corrupt("a secret cannot be sealed".to_owned());
        Ok(Sealer::new(&self.secret, "connections").seal(machine, secret).map_err(failed)?)
    }

    /// The secret of a connection; `None` when it was sealed with another key.
    pub fn unseal(&self, row: &ConnectionRow) -> Option<String> {
        Sealer::new(&self.secret, "connections").open(&row.machine, &row.sealed).ok()
    }

    /// Keeps and threads what a channel gave; gives how many were new. When this returns, the channel may forget.
    pub fn take_from_channel(&self, messages: &[ChannelMessage]) -> Result<usize, Trouble> {
        let mut kept = Vec::new();
        let mut names = Vec::new();
        for message in messages {
            let source = &message.source;
            let known = self.store.read(|reading| {
                reading.message_of_external_id(source.account, source.channel, &source.id)
            })?;
            let house = self.store.read(|reading| reading.account(source.account))?;
            let (None, Some(house)) = (known, house) else { continue };
            let at = if source.historical { source.said_at } else { clock::now() };
            let mut draft = self.maildir.draft(at)?;
            let name = draft.name().clone();
            let mut trace = self.trace(None, Vec::new(), Door::Channel(source.clone()));
            trace.received_at = at;
            draft.write(trace.render(&self.identity.hostname, name.as_str()).as_bytes())?;
            draft.write(&self.rendered_channel(message, &house.name, &house.address)?)?;
            kept.push(self.maildir.keep(draft));
            names.push(name);
        }
        for one in kept {
            one.wait()?;
        }
        let items = self.read_all(&names);
        let found = items.len();
        let context = self.context();
        let aftermaths = self.store.write_blocking(move |writing| {
            let mode = Ended::Live;
            items
                .iter()
                .map(|item| intake::thread(writing, &context, item, mode.mode()))
                .collect::<Result<Vec<_>, Trouble>>()
        })?;
        for name in &names {
            self.maildir.settle(name)?;
        }
        aftermaths.into_iter().for_each(|aftermath| self.follow_up(aftermath));
        Ok(found)
    }

    fn rendered_channel(
        &self,
        message: &ChannelMessage,
        house: &str,
        address: &Address,
    ) -> Result<Vec<u8>, Trouble> {
        let source = &message.source;
        let thread: Result<Address, _> = format!("{}@{CHANNEL_DOMAIN}", source.thread).parse();
        let thread = thread.unwrap_or_else(|_| address.clone());
        let visitor = Mailbox::new(message.author.as_deref(), thread);
        let house = Mailbox::new(Some(house), address.clone());
        let (from, to) = match source.side {
            Side::Visitor => (visitor, house),
            Side::Provider => (house, visitor),
        };
        self.rendered(&RenderedBy {
            from,
            to,
            subject: source.reservation.as_deref().unwrap_or_default(),
            text: &message.text,
            language: None,
            attachments: &message.attachments,
            at: source.said_at,
        })
    }

    /// The connection through which an account answers on a channel.
    pub fn connection_of(
        &self,
        account: AccountId,
        channel: Channel,
    ) -> Result<Option<ConnectionRow>, Trouble> {
        let all = self.store.read(|reading| reading.connections())?;
        Ok(all.into_iter().find(|row| row.account == account && row.channel == channel))
    }

    /// How polling went, for `relais connection list`.
    pub fn note_poll(&self, id: i64, error: Option<&str>, broken: bool) -> Result<(), Trouble> {
        let (at, error): (Timestamp, _) = (clock::now(), error.map(str::to_owned));
        self.store.write_blocking::<_, Trouble, _>(move |w| {
            match &error {
                None => w.connection_polled(id, at)?,
                Some(error) => {
                    let state = if broken { "broken" } else { "active" };
                    w.set_connection_state(id, state, Some(error))?;
                }
            }
            Ok(())
        })
    }
}
