//! Who writes in a conversation, and how we stand with them.

use rusqlite::params;

use super::{Reading, StoreError, Writing};
use crate::ground::{address::Address, key::ConversationId, loops::Ledger};

impl Reading<'_> {
    /// How we stand with everybody who writes in a conversation (`ground::loops`).
    pub fn correspondents(&self, id: ConversationId) -> Result<Vec<(String, Ledger)>, StoreError> {
        let sql = "SELECT address, ledger FROM correspondents WHERE conversation_id = ?1 ORDER BY address";
        let rows =
            self.rows(sql, [id.0], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        let read = |(address, text): (String, String)| {
            (address, serde_json::from_str(&text).unwrap_or_default())
        };
        Ok(rows.into_iter().map(read).collect())
    }

    /// Did this address write in the conversation, or was it named as one of its people when it was imported?
    pub fn takes_part(&self, id: ConversationId, address: &Address) -> Result<bool, StoreError> {
        let sql = "SELECT author_address, details ->> 'people' FROM messages
                   WHERE conversation_id = ?1 AND side = 'visitor' AND (author_address IS NOT NULL OR details ->> 'people' IS NOT NULL)";
        let rows = self.rows(sql, [id.0], |row| {
            Ok((row.get::<_, Option<String>>(0)?, row.get::<_, Option<String>>(1)?))
        })?;
        let same =
            |text: &str| text.parse::<Address>().is_ok_and(|known| known.same_mailbox(address));
        Ok(rows.iter().any(|(author, people)| {
            author.as_deref().is_some_and(same)
                || people.as_deref().is_some_and(|list| list.split(' ').any(same))
        }))
    }
}

impl Writing<'_> {
    /// How we stand with a correspondent of a conversation.
    pub fn ledger(
        &self,
        conversation: ConversationId,
        address: &str,
    ) -> Result<Ledger, StoreError> {
        let sql = "SELECT ledger FROM correspondents WHERE conversation_id = ?1 AND address = ?2";
        let found =
            self.query(sql, params![conversation.0, address], |row| row.get::<_, String>(0))?;
        Ok(found.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    /// Everybody in the conversation begins anew.
    pub fn forget_ledgers(&self, conversation: ConversationId) -> Result<(), StoreError> {
        let sql = "DELETE FROM correspondents WHERE conversation_id = ?1";
        self.execute(sql, [conversation.0]).map(drop)
    }

    /// Notes how we stand with a correspondent.
    pub fn put_ledger(
        &self,
        conversation: ConversationId,
        address: &str,
        ledger: &Ledger,
    ) -> Result<(), StoreError> {
        let text = serde_json::to_string(ledger).unwrap_or_default();
        let sql = "INSERT OR REPLACE INTO correspondents(conversation_id, address, ledger) VALUES (?1, ?2, ?3)";
        self.execute(sql, params![conversation.0, address, text]).map(drop)
    }
}
