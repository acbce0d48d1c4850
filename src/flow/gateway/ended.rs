//! How a delivery ended: recorded, journaled, and told to the provider when a reply is late or failed.

use std::sync::Arc;

use jiff::Timestamp;

use super::{Gateway, Trouble, effects, intake};
use crate::{
    ground::outcome::Outcome,
    keep::{
        journal::{Entry, Event},
        maildir::SpoolName,
        store::{DueMail, Purpose},
    },
};

impl Gateway {
    /// Records an attempt. `retry_at` is when a `Later` is tried again; `late` asks for a delay notice.
    pub fn delivery_ended(
        self: &Arc<Self>,
        mail: &DueMail,
        outcome: &Outcome,
        retry_at: Option<Timestamp>,
        late: bool,
        now: Timestamp,
    ) -> Result<(), Trouble> {
        let (id, result) = (mail.id, outcome.clone());
        self.store.write_blocking(move |w| w.record_attempt(id, &result, now, retry_at))?;
        let (state, answer) = match (outcome, retry_at) {
            (Outcome::Done(answer), _) => ("done", answer),
            (Outcome::Later(answer), Some(_)) => ("waiting", answer),
            (Outcome::Later(answer), None) | (Outcome::Never(answer), _) => ("failed", answer),
            (Outcome::Unknown(answer), _) => ("unknown", answer),
        };
        if state != "waiting" {
            // Not flushed: if a crash takes the line, a rebuilt index says `unknown`, which is what we know then.
            let event = Event::Ended { outgoing: mail.id, state: state.to_owned() };
            self.journal.note(&Entry { at: now, event })?;
        }
        // Only a failed reply is news for the provider: a failed notice must cause no notice (DESIGN promise 6).
        let notice = match (mail.purpose, state) {
            (Purpose::Reply, "failed") => Some(effects::Notice::Failed),
            (Purpose::Reply, "waiting") if late => Some(effects::Notice::Late),
            _ => None,
        };
        if let Some(notice) = notice {
            self.tell_members(mail, notice, &answer.text, now)?;
        }
        let _ = self
            .changes
            .send(super::Change { account: mail.account, conversation: mail.conversation });
        Ok(())
    }

    fn tell_members(
        &self,
        mail: &DueMail,
        notice: effects::Notice,
        words: &str,
        now: Timestamp,
    ) -> Result<(), Trouble> {
        let found = self.store.read(|reading| reading.message_anywhere(mail.message))?;
        let Some(row) = found else { return Ok(()) };
        let Some(name) = SpoolName::from_file_name(&row.spool_name) else { return Ok(()) };
        let raw = self.maildir.read(&name)?;
        let Some(mut item) = self.understand(&name, &raw, false) else { return Ok(()) };
        item.trace.received_at = now;
        let context = self.context();
        let (mail, words) = (mail.clone(), words.to_owned());
        let aftermath = self.store.write_blocking(move |writing| {
            intake::tell(writing, &context, &item, &mail, notice, &words)
        })?;
        self.follow_up(aftermath);
        Ok(())
    }
}
