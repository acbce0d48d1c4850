//! What a member has begun to write, so that it is there on another device and after a refusal. No mail yet: it is in
//! no Maildir, and a rebuilt index leaves it alone.

use jiff::Timestamp;
use rusqlite::params;

use super::{Reading, StoreError, Writing, micros};
use crate::ground::{
    key::{ConversationId, MemberId},
    letter::Attachment,
};

/// A draft as its author sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The words.
    pub text: String,
    /// The files.
    pub files: Vec<DraftFile>,
}

/// A file of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftFile {
    /// Which, among those of the draft.
    pub row: i64,
    /// Its name.
    pub name: String,
    /// Its size.
    pub size_bytes: i64,
}

impl Writing<'_> {
    /// Replaces the draft of a member: the words, the files it keeps of those it had, the files it gains.
    pub fn put_draft(
        &self,
        (conversation, member): (ConversationId, MemberId),
        text: &str,
        kept: &[i64],
        files: &[Attachment],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let kept = serde_json::to_string(kept).unwrap_or_default();
        self.execute(
            "DELETE FROM draft_files WHERE conversation_id = ?1 AND member_id = ?2
               AND row NOT IN (SELECT value FROM json_each(?3))",
            params![conversation.0, member.0, kept],
        )?;
        for file in files {
            self.execute(
                "INSERT INTO draft_files(conversation_id, member_id, name, media_type, content)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
                params![conversation.0, member.0, file.name, file.media_type, file.content],
            )?;
        }
        self.execute(
            "INSERT OR REPLACE INTO drafts(conversation_id, member_id, text, at) VALUES (?1, ?2, ?3, ?4)",
            params![conversation.0, member.0, text, micros(at)],
        )?;
        Ok(())
    }

    /// It was sent.
    pub fn clear_draft(
        &self,
        conversation: ConversationId,
        member: MemberId,
    ) -> Result<(), StoreError> {
        for table in ["drafts", "draft_files"] {
            let sql = format!("DELETE FROM {table} WHERE conversation_id = ?1 AND member_id = ?2");
            self.execute(&sql, [conversation.0, member.0])?;
        }
        Ok(())
    }

    /// Drafts follow their conversation when it is merged into another; a draft already there stays.
    pub(super) fn move_drafts(
        &self,
        from: ConversationId,
        into: ConversationId,
    ) -> Result<(), StoreError> {
        for table in ["drafts", "draft_files"] {
            let sql = format!(
                "UPDATE OR IGNORE {table} SET conversation_id = ?2 WHERE conversation_id = ?1"
            );
            self.execute(&sql, [from.0, into.0])?;
        }
        Ok(())
    }

    /// The conversation is gone for good.
    pub(super) fn drop_drafts(&self, id: ConversationId) -> Result<(), StoreError> {
        self.execute("DELETE FROM drafts WHERE conversation_id = ?1", [id.0])?;
        self.execute("DELETE FROM draft_files WHERE conversation_id = ?1", [id.0]).map(drop)
    }
}

impl Reading<'_> {
    /// What a member has begun to write here.
    pub fn draft(
        &self,
        conversation: ConversationId,
        member: MemberId,
    ) -> Result<Draft, StoreError> {
        let both = [conversation.0, member.0];
        let sql = "SELECT text FROM drafts WHERE conversation_id = ?1 AND member_id = ?2";
        let text = self.one(sql, both, |row| row.get(0))?.unwrap_or_default();
        let sql = "SELECT row, name, length(content) FROM draft_files
                   WHERE conversation_id = ?1 AND member_id = ?2 ORDER BY row";
        let files = self.rows(sql, both, |row| {
            Ok(DraftFile { row: row.get(0)?, name: row.get(1)?, size_bytes: row.get(2)? })
        })?;
        Ok(Draft { text, files })
    }

    /// These files of a member's draft.
    pub fn draft_files(
        &self,
        (conversation, member): (ConversationId, MemberId),
        rows: &[i64],
    ) -> Result<Vec<Attachment>, StoreError> {
        let sql = "SELECT name, media_type, content FROM draft_files WHERE conversation_id = ?1
                   AND member_id = ?2 AND row IN (SELECT value FROM json_each(?3)) ORDER BY row";
        let rows = serde_json::to_string(rows).unwrap_or_default();
        self.rows(sql, params![conversation.0, member.0, rows], |row| {
            Ok(Attachment {
                name: row.get(0)?,
                media_type: row.get(1)?,
                content_id: None,
                inline: false,
                content: row.get(2)?,
            })
        })
    }
}
