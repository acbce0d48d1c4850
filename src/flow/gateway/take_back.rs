//! Undo: a reply its author takes back before anybody tried to deliver it.
//!
//! The outbox decides: what the courier has taken cannot be taken back. The journal's line is written inside the
//! transaction, by the only thread that hands mails to the courier, so that it never says what did not happen.

use std::sync::PoisonError;

use jiff::Timestamp;

use super::{AnswerError, Change, Gateway, Trouble, catch_up::When};
use crate::{
    ground::{
        conversation::{EventKind, MessageState},
        key::{AccountId, ConversationId, MemberId, MessageKey},
        outcome::DeliveryState,
    },
    keep::{journal::Event, store::Writing},
};

/// Takes a reply back where its mails still stand `untried` in the outbox; the visitor waits again. Gives the
/// conversation, or nothing when the reply has left, or may have.
pub(super) fn withdraw(
    writing: &Writing<'_>,
    message: MessageKey,
    untried: DeliveryState,
    at: Timestamp,
) -> Result<Option<ConversationId>, Trouble> {
    let reading = writing.reading();
    let found = (reading.message_anywhere(message)?, reading.conversation_of(message)?);
    let (Some(row), Some(conversation)) = found else { return Ok(None) };
    if row.state != MessageState::Sent || !writing.withdraw(message, untried)? {
        return Ok(None);
    }
    writing.set_message_state(message, MessageState::Discarded)?;
    writing.set_waiting_again(conversation)?;
    let text = "the reply was taken back before it left";
    writing.add_event(conversation, Some(message), at, EventKind::TakenBack, text)?;
    Ok(Some(conversation))
}

impl Gateway {
    /// A member changed their mind: the reply is their draft again. `false` when it has left, or may have.
    pub fn take_back(
        &self,
        account: AccountId,
        member: MemberId,
        message: MessageKey,
    ) -> Result<bool, AnswerError> {
        let _settling = self.settling.lock().unwrap_or_else(PoisonError::into_inner);
        let found = self.store.read(|reading| reading.message(account, message))?;
        found.ok_or(AnswerError::NotFound)?;
        let now = When::now(Event::ReplyTakenBack { message });
        let withdraw =
            move |writing: &Writing<'_>, at| withdraw(writing, message, DeliveryState::Waiting, at);
        let taken = self.carry_out_if(now, withdraw, Option::is_some)?;
        if let Some(conversation) = taken {
            self.draft_again(conversation, member, message)?;
            self.changes.tell(Change { account, conversation });
        }
        Ok(taken.is_some())
    }
}
