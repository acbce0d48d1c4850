//! Machines' reports about our own mail: bounces, delays, complaints, and the ledger against loops.

use jiff::SignedDuration;

use super::thread::Threading;
use crate::{
    flow::gateway::{Trouble, effects},
    ground::{
        account::Member,
        address::Address,
        automatic::{Action, Kind},
        conversation::{Conversation, EventKind},
        key::OutgoingId,
        loops::{Incoming, text_key},
        outcome::Answer,
        refusal, relay_mail,
        routing::Recipient,
    },
    keep::store::{OutgoingAbout, Purpose, Suppressed},
};

impl Threading<'_> {
    /// A machine's report about a mail of ours: found by the reverse-path it was sent with (VERP), else by the id of
    /// the letter it returns. `false` for a report about nothing of ours.
    pub(super) fn report(&mut self) -> Result<bool, Trouble> {
        for path in &self.item.trace.forward_paths {
            if let Some(Recipient::Bounce(outgoing)) = self.recipient(path)? {
                self.reported(outgoing)?;
                return Ok(true);
            }
        }
        let reading = &self.item.reading;
        let returned =
            reading.bounce.as_ref().and_then(|b| b.original.as_ref()?.message_id.clone());
        let complained =
            reading.complaint.as_ref().and_then(|c| c.original.as_ref()?.message_id.clone());
        let issued = returned.or(complained).and_then(|id| self.context.secret.issued(&id));
        if let Some((message, participant)) = issued
            && let Some(outgoing) = self.writing.reading().outgoing_to(message, participant)?
        {
            self.reported(outgoing)?;
            return Ok(true);
        }
        Ok(false)
    }

    /// What a report, or a machine's answer to our reverse-path, says about one outgoing mail.
    pub(super) fn reported(&mut self, outgoing: OutgoingId) -> Result<(), Trouble> {
        let Some(about) = self.writing.reading().outgoing(outgoing)? else { return Ok(()) };
        let OutgoingAbout { conversation, message, purpose, recipient, .. } = about;
        let Some(state) = self.writing.conversation(conversation)? else { return Ok(()) };
        let now = self.item.trace.received_at;
        let reading = &self.item.reading;
        let bounced = reading.bounce.as_ref().and_then(|b| b.recipients.first());
        let text: String = reading.text.chars().take(500).collect();
        let said = bounced.and_then(|b| b.diagnostic.clone()).unwrap_or(text);
        let failed =
            reading.kind == Kind::Dsn && bounced.is_none_or(|b| b.action == Action::Failed);
        let kind = match (reading.kind, bounced.map(|b| b.action)) {
            (Kind::Complaint, _) => EventKind::Complaint,
            (Kind::Dsn, Some(Action::Delayed)) => EventKind::Delayed,
            (Kind::Dsn, Some(Action::Delivered | Action::Relayed | Action::Expanded)) => {
                EventKind::Delivered
            }
            (Kind::Dsn, Some(Action::Failed) | None) => EventKind::Bounced,
            (Kind::Person | Kind::AutoReply | Kind::List | Kind::Own, _) => {
                EventKind::AutomaticReply
            }
        };
        self.event(&state, Some(message), kind, &format!("{recipient}: {said}"))?;
        if failed {
            let answer = Answer {
                external_ids: Vec::new(),
                wait: None,
                enhanced: bounced.and_then(|b| b.status.clone()),
                host: bounced.and_then(|b| b.remote_mta.clone()),
                code: None,
                text: said,
            };
            self.writing.record_bounce(outgoing, &answer, now)?;
            self.heard_from(&state, &recipient, Incoming::Bounce)?;
            // A bounced notice is no news for anybody; only a reply that did not arrive is.
            if purpose == Purpose::Reply {
                self.suppress(&state, &recipient, &answer)?;
                effects::tell_members(self, &state, message, effects::Notice::Failed, &answer)?;
            }
        }
        Ok(())
    }

    /// Notes in the correspondent's ledger what came from there (`ground::loops`).
    pub(super) fn heard_from(
        &self,
        state: &Conversation,
        address: &str,
        incoming: Incoming,
    ) -> Result<(), Trouble> {
        let mut ledger = self.writing.ledger(state.id, address)?;
        ledger.incoming(incoming, self.item.trace.received_at);
        Ok(self.writing.put_ledger(state.id, address, &ledger)?)
    }

    /// The house sends nothing more to a visitor's address whose server says that nobody is there.
    pub(super) fn suppress(
        &self,
        state: &Conversation,
        recipient: &str,
        answer: &Answer,
    ) -> Result<(), Trouble> {
        let Some(days) = refusal::suppresses(answer) else { return Ok(()) };
        if recipient.parse::<Address>().is_ok_and(|address| relay_mail::is_alias(&address)) {
            return Ok(());
        }
        let since = self.item.trace.received_at;
        let until = since + SignedDuration::from_hours(24 * days);
        let address = recipient.parse::<Address>().map_or(recipient.to_owned(), |a| a.folded());
        let (account, reason) = (state.account, answer.text.clone());
        Ok(self.writing.suppress(&Suppressed { account, address, reason, since, until })?)
    }

    /// The author's letter in their ledger.
    pub(super) fn heard_author(&self, state: &Conversation) -> Result<(), Trouble> {
        let Some(author) = self.item.letter.author() else { return Ok(()) };
        let incoming = match self.item.reading.kind {
            Kind::Person => Incoming::Text(text_key(&self.item.reading.text)),
            _ => Incoming::Automatic,
        };
        // Whoever writes is there.
        if incoming != Incoming::Automatic {
            self.writing.lift_suppression(Some(state.account), &author.address.folded())?;
        }
        self.heard_from(state, &author.address.folded(), incoming)
    }

    /// A letter to a member's reply address: what is not proven is no word of the member's.
    pub(super) fn heard_member(
        &self,
        state: &Conversation,
        member: &Member,
    ) -> Result<(), Trouble> {
        if self.item.heard.authentic {
            return self.heard_author(state);
        }
        let incoming = match self.item.reading.kind {
            Kind::Person => Incoming::Text(text_key(&self.item.reading.text)),
            _ => Incoming::Automatic,
        };
        self.heard_from(state, &effects::unproven(&member.address), incoming)
    }
}
