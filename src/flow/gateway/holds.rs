//! Replies that wait for a decision of their author: by the link of a mail, in the inbox or over the API, or by nobody in
//! time.

use std::sync::PoisonError;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::{AnswerError, Gateway, Trouble, catch_up::When, intake, translating};
use crate::{
    flow::clock,
    ground::{
        access::Scope,
        account::Member,
        address::Address,
        conversation::MessageState,
        key::{AccountId, ConversationId, MessageKey},
        translation::Settled,
    },
    keep::{journal::Event, maildir::SpoolName, store::MessageRow},
};

/// What becomes of a reply that was not sent yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Sent now: it was me; the translation is right.
    Send,
    /// Sent untranslated.
    AsWritten,
    /// Thrown away.
    Discard,
}

impl Decision {
    /// As in the form.
    pub fn name(self) -> &'static str {
        match self {
            Decision::Send => "send",
            Decision::AsWritten => "as_written",
            Decision::Discard => "discard",
        }
    }
}

/// The domains that vouched for a held reply.
pub fn proven(row: &MessageRow) -> Vec<String> {
    let found = row.details["proven"].as_array().into_iter().flatten();
    found.filter_map(|domain| domain.as_str().map(str::to_owned)).collect()
}

impl Gateway {
    /// A reply that was not sent yet, by its signed link, for the page that asks. The link speaks for the author: of
    /// one who may not answer, or no more, it opens nothing. The house can still decide such a reply in the inbox.
    pub fn held(&self, message: MessageKey, signature: &str) -> Result<MessageRow, AnswerError> {
        if self.secret.link("hold", message) != signature {
            return Err(AnswerError::NotFound);
        }
        let found = self.store.read(|reading| reading.message_anywhere(message))?;
        let row = found.ok_or(AnswerError::NotFound)?;
        if let Some(author) = row.member {
            let may = |member: &Member| member.role.scope() >= Scope::Reply;
            let found = self.member(author)?.filter(|(_, member)| may(member));
            found.ok_or(AnswerError::NotFound)?;
        }
        Ok(row)
    }

    /// [`Gateway::decide_reply`] by the signed link of a mail; `remember` lets such mail pass from now on.
    pub fn decide_held(
        &self,
        message: MessageKey,
        signature: &str,
        decision: Decision,
        remember: bool,
    ) -> Result<(), AnswerError> {
        let row = self.held(message, signature)?;
        if remember && row.state == MessageState::Held && decision == Decision::Send {
            self.remember_sender(&row)?;
        }
        self.decide_row(&row, decision)
    }

    /// A reply that waits for its translation is not sent, and its author goes on writing it in the inbox.
    pub fn edit_held(
        &self,
        message: MessageKey,
        signature: &str,
    ) -> Result<ConversationId, AnswerError> {
        let row = self.held(message, signature)?;
        let found = self.store.read(|reading| reading.conversation_of(message))?;
        let conversation = found.ok_or(AnswerError::NotFound)?;
        if translating::waits_for_translation(&row) {
            self.decide_row(&row, Decision::Discard)?;
            // It may have left at the same moment.
            let after = self.held(message, signature)?;
            if let Some(member) = after.member.filter(|_| after.state == MessageState::Discarded) {
                self.draft_again(conversation, member, message)?;
            }
        }
        Ok(conversation)
    }

    /// Remembers the address of a held reply with each domain that vouched for it. Without one there is nothing that
    /// would tell the next mail from a forgery.
    fn remember_sender(&self, row: &MessageRow) -> Result<(), AnswerError> {
        let address: Option<Address> = row.author_address.as_deref().and_then(|a| a.parse().ok());
        let (Some(member), Some(address)) = (row.member, address) else { return Ok(()) };
        for domain in proven(row) {
            let address = address.folded();
            self.record(Event::SenderRemembered { member, address, domain })?;
        }
        Ok(())
    }

    /// Throws away held replies that nobody decided, and tells their authors. Gives how many.
    pub fn expire_holds(&self, now: Timestamp, waited: SignedDuration) -> Result<usize, Trouble> {
        let before = now.checked_sub(waited).unwrap_or(Timestamp::MIN);
        let held = self.store.read(|reading| reading.held_before(before))?;
        for message in &held {
            let expired = self.store.read(|reading| reading.message_anywhere(*message))?;
            let Some(row) = expired else { continue };
            let told = self.decide_row(&row, Decision::Discard).and_then(|()| {
                // Somebody may have sent it at the same moment.
                let after = self.store.read(|reading| reading.message_anywhere(*message))?;
                let expired = after.is_some_and(|after| after.state == MessageState::Discarded);
                if expired { self.tell_expired(&row) } else { Ok(()) }
            });
            // Anything but our own trouble: it is gone meanwhile, nothing waits any more.
            if let Err(AnswerError::Trouble(trouble)) = told {
                return Err(trouble);
            }
        }
        Ok(held.len())
    }

    fn tell_expired(&self, row: &MessageRow) -> Result<(), AnswerError> {
        let name = SpoolName::from_file_name(&row.spool_name).ok_or(AnswerError::NotFound)?;
        let raw = self.maildir.read(&name).map_err(Trouble::from)?;
        let mut item = self.understand(&name, &raw, false).ok_or(AnswerError::NotFound)?;
        item.trace.received_at = clock::now();
        let (context, row) = (self.context(), row.clone());
        let aftermath = self
            .store
            .write_blocking(move |writing| intake::expired(writing, &context, &item, &row))?;
        self.follow_up(aftermath);
        Ok(())
    }

    /// The author has decided a reply that was not sent yet. Deciding twice changes nothing.
    pub fn decide_reply(
        &self,
        account: AccountId,
        message: MessageKey,
        decision: Decision,
    ) -> Result<(), AnswerError> {
        let found = self.store.read(|reading| reading.message(account, message))?;
        self.decide_row(&found.ok_or(AnswerError::NotFound)?, decision)
    }

    fn decide_row(&self, row: &MessageRow, decision: Decision) -> Result<(), AnswerError> {
        if translating::waits_for_translation(row) {
            let how = match decision {
                Decision::Send => Settled::Translated,
                Decision::AsWritten => Settled::AsWritten,
                Decision::Discard => Settled::Discarded,
            };
            // What is held has no translation that may be sent.
            return match (row.state, how) {
                (MessageState::Pending, _) | (_, Settled::AsWritten | Settled::Discarded) => {
                    self.settle_reply(row.id, how)
                }
                _ => Ok(()),
            };
        }
        self.decide_hold(row.id, decision != Decision::Discard)
    }

    /// A reply whose author was asked whether it is theirs is decided. Looked at again under the lock: of two who
    /// decide at the same time, the first does.
    fn decide_hold(&self, message: MessageKey, send: bool) -> Result<(), AnswerError> {
        let _settling = self.settling.lock().unwrap_or_else(PoisonError::into_inner);
        let found = self.store.read(|reading| reading.message_anywhere(message))?;
        let row = found.ok_or(AnswerError::NotFound)?;
        if row.state != MessageState::Held || translating::waits_for_translation(&row) {
            return Ok(());
        }
        let now = When::now(Event::HoldDecided { message, send });
        self.apply_hold(message, send, &intake::Mode::Live, now)
    }

    /// Applies a decision on a held reply, live or when the index is rebuilt. The mails it causes are as old as the
    /// decision: tried for as long as any other.
    pub(super) fn apply_hold(
        &self,
        message: MessageKey,
        send: bool,
        mode: &intake::Mode,
        when: When,
    ) -> Result<(), AnswerError> {
        let found = self.store.read(|reading| reading.message_anywhere(message))?;
        let row = found.ok_or(AnswerError::NotFound)?;
        if row.state != MessageState::Held {
            return Ok(());
        }
        let name = SpoolName::from_file_name(&row.spool_name).ok_or(AnswerError::NotFound)?;
        let raw = self.maildir.read(&name).map_err(Trouble::from)?;
        let seen = self.maildir.is_read(&name);
        let mut item = self.understand(&name, &raw, seen).ok_or(AnswerError::NotFound)?;
        let (context, mode) = (self.context(), mode.clone());
        let aftermath = self.carry_out(when, move |writing, at| {
            item.trace.received_at = at;
            intake::release(writing, &context, &item, &row, send, &mode)
        })?;
        self.follow_up(aftermath);
        Ok(())
    }
}
