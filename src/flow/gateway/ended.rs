//! How a delivery ended: recorded, journaled, and told to the provider when a reply is late or failed.

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    Gateway, Trouble, effects,
    intake::{self, Ended},
};
use crate::{
    ground::outcome::{Answer, Outcome},
    keep::{
        journal::{Entry, Event},
        maildir::SpoolName,
        store::{DueMail, OutgoingAbout, Purpose, StoreError},
    },
};

/// An attempt that ended.
#[derive(Clone, Debug)]
pub struct EndedDelivery {
    /// The mail.
    pub mail: DueMail,
    /// What came of it.
    pub outcome: Outcome,
    /// When a [`Outcome::Later`] is tried again; `None` gives up.
    pub retry_at: Option<Timestamp>,
    /// The author is to be told that it is late.
    pub late: bool,
    /// When it ended.
    pub at: Timestamp,
}

impl EndedDelivery {
    /// The state of the mail now, and what was answered.
    fn state(&self) -> (&'static str, &Answer) {
        match (&self.outcome, self.retry_at) {
            (Outcome::Done(answer), _) => ("done", answer),
            (Outcome::Later(answer), Some(_)) => ("waiting", answer),
            (Outcome::Later(answer), None) | (Outcome::Never(answer), _) => ("failed", answer),
            (Outcome::Unknown(answer), _) => ("unknown", answer),
        }
    }
}

/// What is said of the pieces of a reply that come after one that failed.
fn behind_failed() -> Answer {
    Answer::own("the part of the reply before it was not taken")
}

impl Gateway {
    /// Records attempts in one transaction, journals the ends, and tells the provider what is news.
    pub fn deliveries_ended(self: &Arc<Self>, ended: Vec<EndedDelivery>) -> Result<(), Trouble> {
        let ended = Arc::new(ended);
        let recorded = Arc::clone(&ended);
        let unsent = self.store.write_blocking(move |writing| {
            let mut unsent = Vec::new();
            recorded.iter().try_for_each(|one| {
                writing.record_attempt(one.mail.id, &one.outcome, one.at, one.retry_at)?;
                if one.state().0 == "failed" {
                    let later = writing.fail_later_pieces(one.mail.id, &behind_failed(), one.at)?;
                    unsent.extend(later.into_iter().map(|id| (id, one.at)));
                }
                // Also of a reply whose second half failed: its first is there.
                let ids = &one.state().1.external_ids;
                match writing.conversation(one.mail.conversation)? {
                    Some(state) if !ids.is_empty() => ids.iter().try_for_each(|id| {
                        let (account, message) = (one.mail.account, one.mail.message);
                        writing.put_external_id(account, state.channel, id, message)
                    }),
                    _ => Ok(()),
                }
            })?;
            Ok::<_, StoreError>(unsent)
        })?;
        for (outgoing, at) in unsent {
            let (state, answer) = ("failed".to_owned(), Some(behind_failed()));
            self.journal.note(&Entry { at, event: Event::Ended { outgoing, state, answer } })?;
        }
        // One that fails does not keep the others from being told.
        ended.iter().map(|one| self.delivery_ended(one)).fold(Ok(()), Result::and)
    }

    fn delivery_ended(self: &Arc<Self>, ended: &EndedDelivery) -> Result<(), Trouble> {
        let (mail, (state, answer)) = (&ended.mail, ended.state());
        if state != "waiting" {
            // Not flushed: if a crash takes the line, a rebuilt index says `unknown`, which is what we know then.
            let answer = Some(answer.clone());
            let event = Event::Ended { outgoing: mail.id, state: state.to_owned(), answer };
            self.journal.note(&Entry { at: ended.at, event })?;
        }
        // Only a failed reply is news for the provider: a failed notice must cause no notice (DESIGN promise 6).
        let notice = match (mail.purpose, state) {
            (Purpose::Reply, "failed") => Some(effects::Notice::Failed),
            (Purpose::Reply, "waiting") if ended.late => Some(effects::Notice::Late),
            _ => None,
        };
        if notice == Some(effects::Notice::Late) {
            let event = Event::Late { outgoing: mail.id, answer: answer.clone() };
            self.journal.note(&Entry { at: ended.at, event })?;
        }
        if let Some(notice) = notice {
            let about = OutgoingAbout {
                id: mail.id,
                conversation: mail.conversation,
                message: mail.message,
                purpose: mail.purpose,
                recipient: mail.recipient.to_string(),
            };
            self.tell_members(about, notice, answer, ended.at, &Ended::Live)?;
        }
        let change = super::Change { account: mail.account, conversation: mail.conversation };
        self.changes.tell(change);
        Ok(())
    }

    /// Mail may be sent to an address again; false when it was not suppressed.
    pub fn lift_suppression(&self, address: &str) -> Result<bool, Trouble> {
        let address = address.trim().to_lowercase();
        let all = self.store.read(|reading| reading.all_suppressed())?;
        let found = all.iter().any(|one| one.address == address);
        if found {
            self.record(Event::SuppressionLifted { address })?;
        }
        Ok(found)
    }

    /// Tells the members, and the timeline, how a reply of theirs fares.
    pub(super) fn tell_members(
        &self,
        about: OutgoingAbout,
        notice: effects::Notice,
        answer: &Answer,
        now: Timestamp,
        ended: &Ended,
    ) -> Result<(), Trouble> {
        let found = self.store.read(|reading| reading.message_anywhere(about.message))?;
        let Some(row) = found else { return Ok(()) };
        let Some(name) = SpoolName::from_file_name(&row.spool_name) else { return Ok(()) };
        let raw = self.maildir.read(&name)?;
        let Some(mut item) = self.understand(&name, &raw, false) else { return Ok(()) };
        item.trace.received_at = now;
        let context = self.context();
        let (answer, ended) = (answer.clone(), ended.clone());
        let aftermath = self.store.write_blocking(move |writing| {
            intake::tell((writing, ended.mode()), &context, &item, &about, notice, &answer)
        })?;
        self.follow_up(aftermath);
        Ok(())
    }
}
