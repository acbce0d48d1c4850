//! Every Message-ID met in an account, and where it belongs.

use rusqlite::params;

use super::{StoreError, Writing};
use crate::ground::{
    key::{AccountId, ConversationId, MessageKey},
    letter::MessageId,
};

/// Where a Message-ID is known from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownId {
    /// The conversation it belongs to.
    pub conversation: ConversationId,
    /// The message that carries it; `None` for an ancestor named but never seen.
    pub message: Option<MessageKey>,
}

impl Writing<'_> {
    /// Remembers where a Message-ID belongs. A message replaces the memory of a mere ancestor, never the reverse.
    pub fn remember_id(
        &self,
        account: AccountId,
        rfc_message_id: &MessageId,
        known: &KnownId,
    ) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO known_ids(account_id, rfc_message_id, conversation_id, message_id)
             VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET conversation_id = ?3, message_id = ?4
             WHERE message_id IS NULL AND ?4 IS NOT NULL",
            params![
                account.0,
                rfc_message_id.as_str(),
                known.conversation.0,
                known.message.map(|m| m.0)
            ],
        )?;
        Ok(())
    }

    /// Where a Message-ID belongs in this account.
    pub fn known_id(
        &self,
        account: AccountId,
        rfc_message_id: &MessageId,
    ) -> Result<Option<KnownId>, StoreError> {
        self.query(
            "SELECT conversation_id, message_id FROM known_ids WHERE account_id = ?1 AND rfc_message_id = ?2",
            params![account.0, rfc_message_id.as_str()],
            |row| {
                Ok(KnownId {
                    conversation: ConversationId(row.get(0)?),
                    message: row.get::<_, Option<i64>>(1)?.map(MessageKey),
                })
            },
        )
    }
}
