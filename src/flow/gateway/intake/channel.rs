//! A message from a channel's API: threaded by the channel's ids, told apart from its copies by other roads.

use jiff::{SignedDuration, Timestamp};

use super::thread::Threading;
use crate::{
    flow::gateway::Trouble,
    ground::{
        address::{Address, Mailbox},
        conversation::{CHANNEL_DOMAIN, Channel, Side},
        key::{ConversationId, MessageKey},
        relay_mail::{KeyKind, OtaKey, folded},
        routing::{Route, Strategy},
        trace::{ChannelSource, Door},
    },
};

/// Copies of one message by two roads are at most so far apart.
const APART: SignedDuration = SignedDuration::from_mins(10);

impl Threading<'_> {
    /// Once, whatever the channel repeats; an echo of what we sent is what we sent.
    pub(super) fn channel(&mut self, source: &ChannelSource) -> Result<(), Trouble> {
        let (account, channel) = (source.account, source.channel);
        let reading = self.writing.reading();
        if reading.message_of_external_id(account, channel, &source.id)?.is_some() {
            return Ok(());
        }
        let id = self.channel_conversation(source)?;
        let text = self.item.reading.text.clone();
        if let Some(known) = self.same_words(id, source.side, &text, source.said_at)? {
            self.writing.put_external_id(account, channel, &source.id, known)?;
            self.writing.resolve_unknown(known, self.item.trace.received_at)?;
            return Ok(());
        }
        let Some(state) = self.writing.conversation(id)? else { return Ok(()) };
        let route = Route::by(Strategy::Door, Some(source.thread.clone()));
        let mut message = self.message(&state, source.side, channel, &route);
        message.at = source.said_at;
        message.fingerprint = None;
        message.details["external_id"] = source.id.clone().into();
        message.author_address = None;
        let key = message.id;
        match source.side {
            Side::Visitor if source.historical => {
                message.read = true;
                self.add(&message)?;
            }
            Side::Visitor => self.say(&state, &message)?,
            Side::Provider => {
                message.read = true;
                message.state = "sent_elsewhere".to_owned();
                if self.add(&message)? {
                    self.writing.set_needs_reply(state.id, false)?;
                }
            }
        }
        Ok(self.writing.put_external_id(account, channel, &source.id, key)?)
    }

    fn channel_conversation(&mut self, source: &ChannelSource) -> Result<ConversationId, Trouble> {
        let (account, channel) = (source.account, source.channel);
        let reservation = source.reservation.clone();
        let reservation = reservation.map(|value| OtaKey { kind: KeyKind::Reservation, value });
        let thread = OtaKey { kind: KeyKind::Api, value: source.thread.clone() };
        let keys: Vec<OtaKey> = reservation.into_iter().chain([thread]).collect();
        let visitor = self.item.letter.author().filter(|_| source.side == Side::Visitor);
        let name = visitor.and_then(|visitor| visitor.name.clone());
        let address: Option<Address> = format!("{}@{CHANNEL_DOMAIN}", source.thread).parse().ok();
        let id = match self.by_keys(account, channel, &keys)? {
            Some((id, _)) => id,
            None => {
                let brand = if channel == Channel::Booking { "Booking.com" } else { "Airbnb" };
                let booking = source.reservation.as_deref().unwrap_or_default();
                let subject = match &name {
                    Some(name) => format!("{name} · {brand} {booking}"),
                    None => format!("{brand} {booking}"),
                };
                let mailbox = address.clone().map(|a| Mailbox::new(name.as_deref(), a));
                self.open_with(account, channel, None, mailbox.as_ref(), subject.trim())?
            }
        };
        for key in &keys {
            self.writing.put_ota_key(account, channel, key, id)?;
        }
        self.writing.set_visitor(id, name.as_deref(), address.as_ref(), None)?;
        Ok(id)
    }

    /// The message of a side that says the same at about the same time and has come by another road.
    pub(super) fn same_words(
        &self,
        id: ConversationId,
        side: Side,
        text: &str,
        at: Timestamp,
    ) -> Result<Option<MessageKey>, Trouble> {
        let (from, to) = (at.checked_sub(APART), at.checked_add(APART));
        let (from, to) = (from.unwrap_or(Timestamp::MIN), to.unwrap_or(Timestamp::MAX));
        let word = if side == Side::Visitor { "visitor" } else { "provider" };
        let wanted = folded(text);
        if wanted.is_empty() {
            return Ok(None);
        }
        let around = self.writing.reading().said_around(id, word, from, to)?;
        // Two that the channel itself tells apart are two.
        let by_relay = matches!(self.item.trace.door, Door::Smtp(_));
        let same = around
            .into_iter()
            .find(|(_, text, has_id)| *has_id == by_relay && folded(text) == wanted);
        Ok(same.map(|(key, _, _)| key))
    }
}
