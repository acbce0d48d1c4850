//! Whose store it is: the mark of the Relais it belongs to lies in the file itself (SQLite's `application_id`), so that
//! a copy has it, and one that is made anew has none yet.

use super::{Reading, StoreError, Writing};
use crate::ground::{
    address::ReplyToken,
    conversation::Participant,
    key::{AccountId, ConversationId},
};

/// So many reply addresses are looked at: of conversations that were merged some are another's.
const LOOKED_AT: i64 = 200;

impl Reading<'_> {
    /// The mark; 0 where nobody has set one.
    pub fn mark(&self) -> Result<i32, StoreError> {
        Ok(self.0.pragma_query_value(None, "application_id", |row| row.get(0))?)
    }

    /// Some reply addresses it gave out.
    pub fn some_participants(
        &self,
    ) -> Result<Vec<(ReplyToken, ConversationId, Participant)>, StoreError> {
        let sql = "SELECT token, conversation_id, participant FROM participants LIMIT ?1";
        let rows = self.rows(sql, [LOOKED_AT], |row| {
            let (token, of): (String, String) = (row.get(0)?, row.get(2)?);
            Ok((token, ConversationId(row.get(1)?), of))
        })?;
        let known = |(token, conversation, of): (String, ConversationId, String)| {
            let (token, _) = ReplyToken::from_local_part(&token)?;
            Some((token, conversation, Participant::from_code(&of)?))
        };
        Ok(rows.into_iter().filter_map(known).collect())
    }

    /// The houses it knows.
    pub fn account_ids(&self) -> Result<Vec<AccountId>, StoreError> {
        self.rows("SELECT id FROM accounts", [], |row| Ok(AccountId(row.get(0)?)))
    }

    /// The Message-ID of the mail that was queued last.
    pub fn last_message_id(&self) -> Result<Option<String>, StoreError> {
        let sql = "SELECT rfc_message_id FROM outbox ORDER BY row DESC LIMIT 1";
        self.one(sql, [], |row| row.get(0))
    }
}

impl Writing<'_> {
    /// From now on it belongs to the Relais with this mark.
    pub fn set_mark(&self, mark: i32) -> Result<(), StoreError> {
        Ok(self.0.pragma_update(None, "application_id", mark)?)
    }
}
