//! A message from a channel's API: threaded by the channel's ids, told apart from its copies by other roads.

use jiff::{SignedDuration, Timestamp};

use super::{Mode, thread::Threading};
use crate::{
    flow::gateway::Trouble,
    ground::{
        address::Mailbox,
        capabilities::EXTRANET,
        conversation::{Channel, Conversation, MessageKind, MessageState, Side},
        key::{ConversationId, MessageKey},
        language::{Choice, Language},
        letter::Letter,
        relay_mail::{KeyKind, OtaKey, folded},
        routing::{Route, Strategy},
        thread_address,
        trace::{ChannelSource, Door},
    },
};

/// Copies of one message by two roads are at most so far apart.
const APART: SignedDuration = SignedDuration::from_mins(10);

impl Threading<'_> {
    /// Once, whatever the channel repeats; an echo of what we sent is what we sent.
    pub(super) fn channel(&mut self, source: &ChannelSource) -> Result<(), Trouble> {
        let channel = source.channel;
        if let Some(known) = self.known_to_channel(source)? {
            return self.put_ids(source, known);
        }
        let id = self.channel_conversation(source)?;
        if let Some(stay) = source.stay {
            self.writing.set_stay(id, stay)?;
        }
        if let Some(reply) = self.own_reply(id, source)? {
            return self.put_ids(source, reply);
        }
        let text = self.item.reading.text.clone();
        if let Some(known) = self.same_words(id, source.side, &text, source.said_at)? {
            self.put_ids(source, known)?;
            return Ok(());
        }
        let Some(state) = self.writing.conversation(id)? else { return Ok(()) };
        let route = Route::by(Strategy::Door, Some(source.thread.clone()));
        let mut message = self.message(&state, source.side, channel, &route);
        message.at = source.said_at;
        message.fingerprint = None;
        message.details["external_id"] = source.id.clone().into();
        if source.answer_there {
            message.details["answer_there"] = true.into();
        }
        if source.by_form {
            message.details["by_form"] = true.into();
        }
        if source.historical {
            message.details["historical"] = true.into();
        }
        if source.redacted {
            message.details["redacted"] = true.into();
        }
        message.author_address = None;
        let key = message.id;
        match source.side {
            Side::Visitor if source.historical || source.system => {
                message.read = true;
                if source.system {
                    message.kind = MessageKind::AutomaticReply;
                }
                self.add(&message)?;
            }
            Side::Visitor => self.say(&state, &message)?,
            Side::Provider => {
                message.read = true;
                message.state = MessageState::SentElsewhere;
                if source.system {
                    message.kind = MessageKind::AutomaticReply;
                }
                if self.add(&message)? && !source.system {
                    self.answered_elsewhere(&state, source.said_at)?;
                }
            }
        }
        self.put_ids(source, key)
    }

    /// What the house said elsewhere at that time answers what the visitor had said by then, and whoever wrote it had
    /// read that; what was said since still waits, in whatever order a channel tells.
    fn answered_elsewhere(&mut self, state: &Conversation, at: Timestamp) -> Result<(), Trouble> {
        self.writing.set_answered_elsewhere(state.id, at)?;
        // A rebuild knows it from the files.
        if matches!(self.mode, Mode::Live) {
            self.after.read.extend(self.writing.set_read_until(state.id, at)?);
        }
        Ok(())
    }

    /// All ids the message has there.
    fn put_ids(&mut self, source: &ChannelSource, message: MessageKey) -> Result<(), Trouble> {
        self.after.concerns = self.writing.reading().conversation_of(message)?;
        for id in [Some(&source.id), source.also.as_ref()].into_iter().flatten() {
            self.writing.put_external_id(source.account, source.channel, id, message)?;
        }
        Ok(())
    }

    /// The message that has one of these ids. An index being made again learns from the journal which are of replies.
    fn known_to_channel(&self, source: &ChannelSource) -> Result<Option<MessageKey>, Trouble> {
        let reading = self.writing.reading();
        for id in [Some(&source.id), source.also.as_ref()].into_iter().flatten() {
            let known = reading.message_of_external_id(source.account, source.channel, id)?;
            if known.is_some() {
                return Ok(known);
            }
            if let Mode::Rebuild(before) = self.mode
                && let Some(outgoing) = before.external.get(id)
                && let Some(about) = reading.outgoing(*outgoing)?
            {
                return Ok(Some(about.message));
            }
        }
        Ok(None)
    }

    /// An echo of a reply that is being sent, or whose end nobody knew: it is compared with what was really sent,
    /// which may be a translation or a piece.
    fn own_reply(
        &mut self,
        id: ConversationId,
        source: &ChannelSource,
    ) -> Result<Option<MessageKey>, Trouble> {
        if source.side != Side::Provider || source.historical || source.system {
            return Ok(None);
        }
        // Whole: what a mail's signature would be was sent as well.
        let text = folded(&self.item.letter.text());
        for under_way in self.writing.reading().replies_under_way(id)? {
            let letter = Letter::read(&under_way.raw);
            let same = match text.as_str() {
                // Pictures are made smaller on the way, and named anew.
                "" => !letter.attachments.is_empty() && !self.item.letter.attachments.is_empty(),
                said => folded(&letter.text()) == said,
            };
            if !same {
                continue;
            }
            self.put_ids(source, under_way.message)?;
            let parts = usize::from(!letter.text().trim().is_empty()) + letter.attachments.len();
            let apart = source.through.is_some_and(|through| through.api == Channel::Channex);
            let reading = self.writing.reading();
            let arrived = reading.external_ids_of(under_way.message, under_way.outgoing)?;
            if under_way.unknown && (!apart || arrived >= parts) {
                let at = self.item.trace.received_at;
                self.writing.resolve_unknown(under_way.outgoing, at)?;
                self.after.arrived.push((under_way.outgoing, source.id.clone()));
            }
            return Ok(Some(under_way.message));
        }
        Ok(None)
    }

    fn channel_conversation(&mut self, source: &ChannelSource) -> Result<ConversationId, Trouble> {
        let (account, channel) = (source.account, source.channel);
        let reservation = source.reservation.clone();
        let reservation = reservation.map(|value| OtaKey { kind: KeyKind::Reservation, value });
        let thread = OtaKey { kind: KeyKind::Api, value: source.thread.clone() };
        // The number in the links of Airbnb's mails is that of its API.
        let own = source.through.is_some_and(|through| through.api == Channel::Airbnb);
        let link = own.then(|| OtaKey { kind: KeyKind::Thread, value: source.thread.clone() });
        let keys: Vec<OtaKey> = reservation.into_iter().chain([thread]).chain(link).collect();
        let visitor = self.item.letter.author().filter(|_| source.side == Side::Visitor);
        let name = visitor.and_then(|visitor| visitor.name.clone());
        let address = match source.through {
            Some(through) => through.address(&source.thread),
            None => thread_address::unnamed(&source.thread),
        };
        let id = match self.by_keys(account, channel, &keys)? {
            Some((id, _)) => id,
            None => {
                let brand = channel.brand();
                let booking = source.reservation.as_deref().unwrap_or_default();
                let subject = match &name {
                    Some(name) => format!("{name} · {brand} {booking}"),
                    None => format!("{brand} {booking}"),
                };
                let mailbox = address.clone().map(|a| Mailbox::new(name.as_deref(), a));
                let language = source.language.as_deref().and_then(|tag| Language::parse(tag).ok());
                let language = language.map(|language| (language, Choice::Channel));
                self.open_with(account, channel, language, mailbox.as_ref(), subject.trim())?
            }
        };
        for key in &keys {
            self.writing.put_ota_key(account, channel, key, id)?;
        }
        let there = source.answer_there.then_some(EXTRANET);
        self.writing.set_visitor(id, name.as_deref(), address.as_ref(), there)?;
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
        let wanted = folded(text);
        if wanted.is_empty() {
            return Ok(None);
        }
        let around = self.writing.reading().said_around(id, side, from, to)?;
        // Two that the channel itself tells apart are two.
        let by_relay = matches!(self.item.trace.door, Door::Smtp(_));
        let same = around
            .into_iter()
            .find(|(_, text, has_id)| *has_id == by_relay && folded(text) == wanted);
        Ok(same.map(|(key, _, _)| key))
    }
}
