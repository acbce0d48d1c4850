//! What channels bring in.
//!
//! Every message of a channel becomes a file first, as a mail does, and is threaded before the channel is told that
//! it arrived: a crash between costs a repetition, never a message.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{Gateway, Trouble, answer::RenderedBy, catch_up::When};
use crate::{
    flow::clock,
    ground::{
        address::{Address, Mailbox},
        conversation::{Channel, Conversation, Side},
        key::{AccountId, ConversationId, MessageKey, OutgoingId},
        letter::Attachment,
        relay_mail::{KeyKind, OtaKey},
        stay::Stay,
        thread_address::{self, Through},
        trace::{ChannelSource, Door},
    },
    keep::{
        journal::{Entry, Event},
        store::Writing,
    },
};

/// What was said in other threads a little before the newest may not have been seen.
const SKEW: SignedDuration = SignedDuration::from_mins(10);

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

impl Gateway {
    /// Since when what a connection brings is news: since now, or where it was before the index was lost.
    pub fn news_since(&self, account: AccountId, connection: i64) -> Result<Timestamp, Trouble> {
        let newest = self.store.read(|reading| reading.newest_through(account, connection))?;
        Ok(newest.and_then(|at| at.checked_sub(SKEW).ok()).unwrap_or_else(clock::now))
    }

    /// Has this message of a channel been taken, or was it removed here for good?
    pub fn knows_from_channel(&self, source: &ChannelSource) -> Result<bool, Trouble> {
        let (account, channel) = (source.account, source.channel);
        Ok(self.store.read(|reading| {
            let purged = reading.purged_until(account, channel, &source.thread)?;
            if purged.is_some_and(|until| source.said_at <= until) {
                return Ok(true);
            }
            let mut ids = [Some(&source.id), source.also.as_ref()].into_iter().flatten();
            ids.try_fold(false, |known, id| {
                Ok(known || reading.message_of_external_id(account, channel, id)?.is_some())
            })
        })?)
    }

    /// Is this message of a channel known to be another reply than this, or another piece of it?
    pub fn is_of_another_reply(
        &self,
        source: &ChannelSource,
        reply: (MessageKey, OutgoingId),
    ) -> Result<bool, Trouble> {
        Ok(self.store.read(|reading| {
            reading.is_of_another_reply((source.account, source.channel), &source.id, reply)
        })?)
    }

    /// Keeps and threads what a channel gave; gives how many were new. When this returns, the channel may forget.
    pub fn take_from_channel(&self, messages: &[ChannelMessage]) -> Result<usize, Trouble> {
        let mut kept = Vec::new();
        let mut names = Vec::new();
        for message in messages {
            let source = &message.source;
            let house = self.store.read(|reading| reading.account(source.account))?;
            let Some(house) = house else { continue };
            if self.knows_from_channel(source)? {
                continue;
            }
            let now = clock::now();
            let mut draft = self.maildir.draft(now)?;
            let name = draft.name().clone();
            let mut trace = self.trace(None, Vec::new(), Door::Channel(source.clone()));
            trace.received_at = if source.historical { source.said_at } else { now };
            draft.write(trace.render(&self.identity.hostname, name.as_str()).as_bytes())?;
            draft.write(&self.rendered_channel(message, &house.name, &house.address)?)?;
            kept.push(self.maildir.keep(draft));
            names.push(name);
        }
        for one in kept {
            one.wait()?;
        }
        let items = Arc::new(self.read_all(&names));
        items.iter().for_each(|item| self.tally.count(&item.reading));
        self.thread_items(&items);
        Ok(items.len())
    }

    /// Keeps what a channel gave and nobody can read, for people to look at; the channel may forget it.
    pub fn set_aside_from_channel(&self, given: &str, reason: &str) -> Result<(), Trouble> {
        // A channel shows the same again and again.
        let mark = format!("aside {}", MessageKey::of(&[given.as_bytes()]));
        if self.store.read(|reading| reading.is_processed(&mark))? {
            return Ok(());
        }
        let mut draft = self.maildir.draft(clock::now())?;
        let name = draft.name().clone();
        draft.write(given.as_bytes())?;
        self.maildir.keep(draft).wait()?;
        self.maildir.set_aside(&name, reason)?;
        self.store.write_blocking(move |w| Ok(w.set_processed(&mark, "failed")?))
    }

    fn rendered_channel(
        &self,
        message: &ChannelMessage,
        house: &str,
        address: &Address,
    ) -> Result<Vec<u8>, Trouble> {
        let source = &message.source;
        let thread = match source.through {
            Some(through) => through.address(&source.thread),
            None => thread_address::unnamed(&source.thread),
        };
        let visitor =
            Mailbox::new(message.author.as_deref(), thread.unwrap_or_else(|| address.clone()));
        let house = Mailbox::new(Some(house), address.clone());
        let (from, to) = match source.side {
            Side::Visitor => (visitor, house),
            Side::Provider => (house, visitor),
        };
        Ok(self.rendered(&RenderedBy {
            from,
            to,
            subject: source.reservation.as_deref().unwrap_or_default(),
            text: &message.text,
            language: None,
            attachments: &message.attachments,
            at: source.said_at,
            message_id: self.new_id()?,
        }))
    }

    /// A thread turned out to belong to a reservation: it is one conversation with what else is about that.
    pub fn note_booking(
        &self,
        (account, channel): (AccountId, Channel),
        thread: &str,
        reservation: &str,
        name: Option<&str>,
    ) -> Result<(), Trouble> {
        let key = |kind, value: &str| OtaKey { kind, value: value.to_owned() };
        let (of_thread, of_booking) = self.store.read(|reading| {
            let of = |key| reading.conversation_of_ota_key(account, channel, &key);
            Ok((of(key(KeyKind::Api, thread))?, of(key(KeyKind::Reservation, reservation))?))
        })?;
        if of_thread.is_none() || of_thread == of_booking {
            return Ok(());
        }
        self.record(Event::Booked {
            account,
            channel,
            thread: thread.to_owned(),
            reservation: reservation.to_owned(),
            name: name.map(str::to_owned),
        })
    }

    /// A channel says when the stay of a reservation is; what is known already is not written again.
    pub fn note_stay(
        &self,
        (account, channel): (AccountId, Channel),
        reservation: &str,
        stay: Stay,
        name: Option<&str>,
    ) -> Result<(), Trouble> {
        let key = OtaKey { kind: KeyKind::Reservation, value: reservation.to_owned() };
        let Some(known) = self.known_by((account, channel), &key)? else { return Ok(()) };
        if known.stay == Some(stay) && (known.visitor_name.is_some() || name.is_none()) {
            return Ok(());
        }
        self.record(Event::Stay {
            account,
            channel,
            reservation: key.value,
            stay,
            name: name.map(str::to_owned),
        })
    }

    /// A channel says whether it takes an answer in a thread.
    pub fn note_access(
        &self,
        (account, channel): (AccountId, Channel),
        thread: &str,
        is_read_only: bool,
    ) -> Result<(), Trouble> {
        let Some(known) = self.known_thread((account, channel), thread)? else { return Ok(()) };
        if known.read_only_at.is_some() == is_read_only {
            return Ok(());
        }
        let since = is_read_only.then(clock::now);
        self.record(Event::ReadOnly { account, channel, thread: thread.to_owned(), since })
    }

    /// A thread was read by this road. Where the one that is known is no more, as when a house's credentials were named
    /// anew, it is answered by this.
    pub fn note_road(
        &self,
        (account, channel): (AccountId, Channel),
        thread: &str,
        through: Through,
    ) -> Result<(), Trouble> {
        let known = self.known_thread((account, channel), thread)?;
        if known.is_none_or(|known| known.is_connected()) {
            return Ok(());
        }
        let (thread, Through { api, connection }) = (thread.to_owned(), through);
        self.record(Event::Road { account, channel, thread, api, connection })
    }

    /// Somebody said there that no reply is needed. The visitor's newest message there was `seen`, by its id.
    pub fn note_done(
        &self,
        of: (AccountId, Channel),
        thread: &str,
        seen: Option<&str>,
    ) -> Result<(), Trouble> {
        let known = self.known_thread(of, thread)?.filter(|known| known.needs_reply);
        self.record_if_seen(of, known, seen, |conversation, latest| Event::Done {
            conversation,
            latest,
        })
    }

    /// Somebody closed a thread there: nobody waits for it here. The visitor's next words open it again. The visitor's
    /// newest message there was `seen`, by its id.
    pub fn note_closed(
        &self,
        of: (AccountId, Channel),
        thread: &str,
        seen: Option<&str>,
    ) -> Result<(), Trouble> {
        let known = self.known_thread(of, thread)?.filter(|known| !known.closed);
        self.record_if_seen(of, known, seen, |conversation, latest| Event::Closed {
            conversation,
            closed: true,
            latest,
        })
    }

    /// What was decided on the platform hides nothing that waits here and cannot be seen there: a mail in the same
    /// conversation, or what came since the thread was read.
    fn record_if_seen(
        &self,
        of: (AccountId, Channel),
        known: Option<Conversation>,
        seen: Option<&str>,
        event: impl FnOnce(ConversationId, Option<MessageKey>) -> Event,
    ) -> Result<(), Trouble> {
        let Some(id) = known.map(|known| known.id) else { return Ok(()) };
        let seen = seen.map(str::to_owned);
        let event = event(id, self.store.read(|reading| reading.latest(id))?);
        let line = event.clone();
        let record = move |writing: &Writing<'_>, at| {
            let waits = writing.conversation(id)?.is_some_and(|now| now.needs_reply);
            let is_due = !waits || writing.reading().is_all_seen(id, of, seen.as_deref())?;
            if is_due {
                super::lines::apply(writing, &Entry { at, event: line })?;
            }
            Ok(is_due)
        };
        self.carry_out_if(When::now(event), record, |is_due| *is_due).map(drop)
    }

    fn known_thread(
        &self,
        of: (AccountId, Channel),
        thread: &str,
    ) -> Result<Option<Conversation>, Trouble> {
        self.known_by(of, &OtaKey { kind: KeyKind::Api, value: thread.to_owned() })
    }

    fn known_by(
        &self,
        (account, channel): (AccountId, Channel),
        key: &OtaKey,
    ) -> Result<Option<Conversation>, Trouble> {
        Ok(self.store.read(|reading| {
            match reading.conversation_of_ota_key(account, channel, key)? {
                Some(id) => reading.conversation_state(id),
                None => Ok(None),
            }
        })?)
    }
}

/// The stay of a reservation is on these days.
pub(super) fn stays(
    writing: &Writing<'_>,
    (account, channel): (AccountId, Channel),
    reservation: &str,
    stay: Stay,
    name: Option<&str>,
) -> Result<(), Trouble> {
    let key = OtaKey { kind: KeyKind::Reservation, value: reservation.to_owned() };
    match writing.reading().conversation_of_ota_key(account, channel, &key)? {
        Some(id) => {
            writing.set_stay(id, stay)?;
            let known = writing.conversation(id)?.and_then(|known| known.visitor_name);
            let name = name.filter(|_| known.is_none());
            Ok(writing.set_visitor(id, name, None, None)?)
        }
        None => Ok(()),
    }
}

/// A thread takes no answer since this moment, or takes one.
pub(super) fn read_only(
    writing: &Writing<'_>,
    (account, channel): (AccountId, Channel),
    thread: &str,
    since: Option<Timestamp>,
) -> Result<(), Trouble> {
    let key = OtaKey { kind: KeyKind::Api, value: thread.to_owned() };
    match writing.reading().conversation_of_ota_key(account, channel, &key)? {
        Some(id) => Ok(writing.set_read_only(id, since)?),
        None => Ok(()),
    }
}

/// A thread is answered by this road.
pub(super) fn road(
    writing: &Writing<'_>,
    (account, channel): (AccountId, Channel),
    thread: &str,
    through: Through,
) -> Result<(), Trouble> {
    let key = OtaKey { kind: KeyKind::Api, value: thread.to_owned() };
    let id = writing.reading().conversation_of_ota_key(account, channel, &key)?;
    match id.zip(through.address(thread)) {
        Some((id, address)) => Ok(writing.set_visitor(id, None, Some(&address), None)?),
        None => Ok(()),
    }
}

/// The conversation of a thread is that of its reservation.
pub(super) fn booked(
    writing: &Writing<'_>,
    (account, channel): (AccountId, Channel),
    thread: &str,
    reservation: &str,
    name: Option<&str>,
) -> Result<(), Trouble> {
    let of = |kind, value: &str| OtaKey { kind, value: value.to_owned() };
    let reading = writing.reading();
    let booking = of(KeyKind::Reservation, reservation);
    let of_thread = reading.conversation_of_ota_key(account, channel, &of(KeyKind::Api, thread))?;
    let Some(id) = of_thread else { return Ok(()) };
    match reading.conversation_of_ota_key(account, channel, &booking)? {
        Some(other) if other != id => writing.merge(other, id)?,
        _ => {}
    }
    writing.put_ota_key(account, channel, &booking, id)?;
    Ok(writing.set_visitor(id, name, None, None)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::gateway::stage;

    /// What was decided there hides nothing that nobody there has seen.
    #[test]
    fn only_what_was_seen_there_is_done_there() {
        let folder = tempfile::tempdir().unwrap();
        let (gateway, account) = stage::house(folder.path());
        let begun = clock::now();
        let said = |channel, side, id: &str, seconds: i64| {
            let source = ChannelSource {
                account,
                channel,
                side,
                id: id.to_owned(),
                thread: "t".to_owned(),
                reservation: Some("5900000001".to_owned()),
                said_at: begun + SignedDuration::from_secs(seconds),
                historical: false,
                system: false,
                through: None,
                also: None,
                language: None,
                answer_there: false,
                by_form: false,
                redacted: false,
                by_mail: false,
                stay: None,
            };
            let text = format!("Words of {id}");
            let message = ChannelMessage { source, author: None, text, attachments: Vec::new() };
            assert_eq!(gateway.take_from_channel(&[message]).unwrap(), 1);
        };
        let of = (account, Channel::Booking);
        let key = OtaKey { kind: KeyKind::Api, value: "t".to_owned() };
        let state = || gateway.known_by(of, &key).unwrap().unwrap();
        let waits_after = |seen: Option<&str>| {
            gateway.note_done(of, "t", seen).unwrap();
            state().needs_reply
        };
        said(Channel::Booking, Side::Visitor, "m1", 1);
        said(Channel::Booking, Side::Visitor, "m2", 2);
        assert!(waits_after(Some("m1")) && waits_after(None) && waits_after(Some("m9")));
        assert!(!waits_after(Some("m2")), "all of it was seen");
        // In the same conversation by another road, and before what was seen.
        said(Channel::Booking, Side::Visitor, "m4", 4);
        said(Channel::Airbnb, Side::Visitor, "a3", 3);
        let id = state().id;
        let other = OtaKey { kind: KeyKind::Api, value: "t".to_owned() };
        let by_other = gateway.known_by((account, Channel::Airbnb), &other).unwrap().unwrap().id;
        gateway.store.write_blocking::<_, Trouble, _>(move |w| Ok(w.merge(by_other, id)?)).unwrap();
        gateway.note_closed(of, "t", Some("m4")).unwrap();
        assert!(waits_after(Some("m4")) && !state().closed);
        // The house has answered that, and what comes then is known there.
        said(Channel::Booking, Side::Provider, "m5", 5);
        said(Channel::Booking, Side::Visitor, "m6", 6);
        assert!(state().needs_reply);
        gateway.note_closed(of, "t", Some("m4")).unwrap();
        assert!(!state().closed);
        gateway.note_closed(of, "t", Some("m6")).unwrap();
        assert!(state().closed && !state().needs_reply);
    }
}
