//! What channels know of a conversation: the names they give it, its page, the newest address.

use jiff::Timestamp;
use rusqlite::params;

use super::{Reading, StoreError, Writing, timestamp, write::word};
use crate::ground::{
    address::Address,
    conversation::Channel,
    key::{AccountId, ConversationId},
    relay_mail::OtaKey,
};

impl Writing<'_> {
    /// Remembers a channel's name for a conversation; the first conversation keeps it.
    pub fn put_ota_key(
        &self,
        account: AccountId,
        channel: Channel,
        key: &OtaKey,
        conversation: ConversationId,
    ) -> Result<(), StoreError> {
        self.0
            .prepare_cached(
                "INSERT OR IGNORE INTO ota_keys(account_id, channel, kind, value, conversation_id)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                account.0,
                word(channel)?,
                word(key.kind)?,
                key.value,
                conversation.0
            ])?;
        Ok(())
    }

    /// The visitor is reached here from now on; what is not given stays as it was.
    pub fn set_visitor(
        &self,
        id: ConversationId,
        name: Option<&str>,
        address: Option<&Address>,
        link: Option<&str>,
    ) -> Result<(), StoreError> {
        self.0
            .prepare_cached(
                "UPDATE conversations SET visitor_name = coalesce(?2, visitor_name),
                   visitor_address = coalesce(?3, visitor_address), link = coalesce(?4, link)
                 WHERE id = ?1",
            )?
            .execute(params![id.0, name, address.map(Address::to_string), link])?;
        Ok(())
    }
}

impl Reading<'_> {
    /// The conversation a channel calls so, within an account.
    pub fn conversation_of_ota_key(
        &self,
        account: AccountId,
        channel: Channel,
        key: &OtaKey,
    ) -> Result<Option<ConversationId>, StoreError> {
        let sql = "SELECT conversation_id FROM ota_keys
                   WHERE account_id = ?1 AND channel = ?2 AND kind = ?3 AND value = ?4";
        let values = params![account.0, word(channel)?, word(key.kind)?, key.value];
        self.one(sql, values, |row| row.get(0).map(ConversationId))
    }

    /// When the visitor last wrote; machines do not count.
    pub fn visitor_heard_at(&self, id: ConversationId) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT max(at) FROM messages
                   WHERE conversation_id = ?1 AND side = 'visitor' AND kind = 'person'";
        let found = self.one(sql, [id.0], |row| row.get::<_, Option<i64>>(0))?;
        Ok(found.flatten().map(timestamp))
    }

    /// What a side said lately in a conversation, for telling a message that came by two roads.
    pub fn said_lately(
        &self,
        id: ConversationId,
        side: &str,
        since: Timestamp,
    ) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT text FROM messages WHERE conversation_id = ?1 AND side = ?2 AND at >= ?3";
        self.rows(sql, params![id.0, side, super::micros(since)], |row| row.get(0))
    }
}
