//! Messages that change their conversation: what a person sorts by hand, and what must follow.

use rusqlite::params;

use super::{Reading, StoreError, Writing};
use crate::ground::key::{ConversationId, MessageKey};

impl Reading<'_> {
    /// The conversation a merged one became part of; the same when it was never merged.
    pub(super) fn follow(&self, id: ConversationId) -> Result<ConversationId, StoreError> {
        let mut id = id;
        for _ in 0..16 {
            let sql = "SELECT merged_into FROM conversations WHERE id = ?1";
            match self.one(sql, [id.0], |row| row.get::<_, Option<i64>>(0))? {
                Some(Some(into)) => id = ConversationId(into),
                _ => break,
            }
        }
        Ok(id)
    }

    /// Where a message was put by hand; `None` when it is where it came in.
    pub fn put_by_hand(&self, id: MessageKey) -> Result<Option<ConversationId>, StoreError> {
        let sql = "SELECT conversation_id FROM messages WHERE id = ?1 AND details ->> 'moved_from' IS NOT NULL";
        self.one(sql, [id.0], |row| row.get(0).map(ConversationId))
    }

    /// Did a file of this content come with another message of the conversation?
    pub fn has_file(
        &self,
        id: ConversationId,
        sha256: &str,
        not_in: &str,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM messages m JOIN attachments a ON a.message_id = m.id
                   WHERE m.conversation_id = ?1 AND m.spool_name <> ?3 AND a.sha256 = ?2 LIMIT 1";
        Ok(self.one(sql, params![id.0, sha256, not_in], |_| Ok(()))?.is_some())
    }
}

impl Writing<'_> {
    /// Puts messages of one conversation into another, with all that hangs on them. Gives how many there were.
    pub fn move_messages(
        &self,
        messages: &[MessageKey],
        from: ConversationId,
        into: ConversationId,
    ) -> Result<usize, StoreError> {
        let waits = self.waiting_message(from)?.filter(|waiting| messages.contains(waiting));
        let mut moved = 0;
        for id in messages {
            let here = self.execute(
                "UPDATE messages SET conversation_id = ?3, details = json_set(details, '$.moved_from', ?4)
                 WHERE id = ?1 AND conversation_id = ?2",
                params![id.0, from.0, into.0, from.to_string()],
            )?;
            if here == 0 {
                continue;
            }
            moved += here;
            for table in ["known_ids", "events", "outbox"] {
                let sql = format!("UPDATE {table} SET conversation_id = ?2 WHERE message_id = ?1");
                self.execute(&sql, params![id.0, into.0])?;
            }
        }
        self.count_again(from)?;
        self.count_again(into)?;
        if waits.is_some() {
            self.set_needs_reply(from, false)?;
            self.set_needs_reply(into, true)?;
        }
        Ok(moved)
    }

    /// The numbers and the last words of a conversation, from its messages.
    fn count_again(&self, id: ConversationId) -> Result<(), StoreError> {
        let sql = "SELECT text FROM messages WHERE conversation_id = ?1 ORDER BY at DESC, id DESC LIMIT 1";
        let last: Option<String> = self.reading().one(sql, [id.0], |row| row.get(0))?;
        let last_text = super::write::one_line(&last.unwrap_or_default());
        self.execute(
            "UPDATE conversations SET last_text = ?2,
               message_count = (SELECT count(*) FROM messages WHERE conversation_id = ?1),
               unread_count = (SELECT count(*) FROM messages WHERE conversation_id = ?1 AND read = 0),
               last_at = coalesce((SELECT max(at) FROM messages WHERE conversation_id = ?1), last_at)
             WHERE id = ?1",
            params![id.0, last_text],
        )?;
        Ok(())
    }
}
