//! Replies a member has begun: kept until they are sent, and what was refused or taken back is put there again.

use super::{AnswerError, Gateway, NewReply, Trouble, effects};
use crate::{
    flow::clock,
    ground::key::{AccountId, ConversationId, MemberId, MessageKey},
    keep::store::Draft,
};

impl Gateway {
    /// What a member has begun to write in a conversation of their account.
    pub fn draft(
        &self,
        account: AccountId,
        conversation: ConversationId,
        member: MemberId,
    ) -> Result<Draft, AnswerError> {
        let (state, _) = self.open_state(account, conversation)?;
        Ok(self.store.read(|reading| reading.draft(state.id, member))?)
    }

    /// Keeps what is said as its author's draft.
    pub fn save_draft(
        &self,
        account: AccountId,
        conversation: ConversationId,
        member: MemberId,
        said: NewReply,
    ) -> Result<(), AnswerError> {
        let (state, _) = self.open_state(account, conversation)?;
        let place = (state.id, member);
        self.store.write_blocking::<_, Trouble, _>(move |w| {
            let (kept, files) = (&said.kept_files, &said.attachments);
            Ok(w.put_draft(place, &said.text, kept, files, clock::now())?)
        })?;
        Ok(())
    }

    /// The reply with the files of the draft that go with it.
    pub(super) fn with_kept_files(
        &self,
        conversation: ConversationId,
        reply: &NewReply,
    ) -> Result<NewReply, AnswerError> {
        let mut whole = reply.clone();
        if let (Some(member), false) = (reply.member, reply.kept_files.is_empty()) {
            let place = (conversation, member);
            let files = self.store.read(|r| r.draft_files(place, &reply.kept_files))?;
            whole.attachments.splice(0..0, files);
        }
        Ok(whole)
    }

    /// What was taken back is a draft again, unless its author has begun another.
    pub(super) fn draft_again(
        &self,
        conversation: ConversationId,
        member: MemberId,
        message: MessageKey,
    ) -> Result<(), AnswerError> {
        let (row, item) = self.again(message)?;
        self.store.write_blocking::<_, Trouble, _>(move |w| {
            if w.reading().draft(conversation, member)? != Draft::default() {
                return Ok(());
            }
            let text = effects::said(&row.text, &row.signature);
            let files = &item.letter.attachments;
            Ok(w.put_draft((conversation, member), &text, &[], files, clock::now())?)
        })?;
        Ok(())
    }
}
