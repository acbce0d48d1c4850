//! Who waits for an answer: the mark *needs reply*, and what a decision could not know of.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::params;

use super::{Reading, StoreError, Writing, micros, timestamp};
use crate::ground::{
    conversation::Channel,
    key::{AccountId, ConversationId, MessageKey},
};

/// A person of the visitor's side wrote it just now; what a channel gives of the past waits for nobody.
macro_rules! words_of_the_visitor {
    ($message:literal) => {
        concat!(
            $message,
            ".side = 'visitor' AND ",
            $message,
            ".kind = 'person' AND ",
            $message,
            ".state = 'received' AND ",
            $message,
            ".details ->> 'historical' IS NULL"
        )
    };
}

impl Reading<'_> {
    /// Whether each file was read, in all conversations it belongs to. What is held of a visitor's side lies apart and
    /// counts as read there; it is unread when it is let in.
    pub fn read_files(&self) -> Result<HashMap<String, bool>, StoreError> {
        let sql = "SELECT spool_name, min(read) FROM messages
                   WHERE NOT (side = 'visitor' AND state = 'held') GROUP BY spool_name";
        Ok(self.rows(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?.into_iter().collect())
    }

    /// The message of a conversation that was threaded last.
    pub fn latest(&self, id: ConversationId) -> Result<Option<MessageKey>, StoreError> {
        let sql = "SELECT id FROM messages WHERE conversation_id = ?1 ORDER BY row DESC LIMIT 1";
        self.one(sql, [id.0], |row| row.get(0).map(MessageKey))
    }

    /// Has a conversation a message whose file was begun after this one, or was it regrouped since? Names sort by when
    /// files were begun; when a message was said may be long before. Whoever is overtaken is so by one of the newest.
    pub fn has_later(
        &self,
        id: ConversationId,
        (spool_name, begun): (&str, Timestamp),
    ) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM
                     (SELECT spool_name FROM messages WHERE conversation_id = ?1 ORDER BY at DESC LIMIT 200)
                   WHERE spool_name > ?2
                   UNION ALL
                   SELECT 1 FROM events
                   WHERE conversation_id = ?1 AND at > ?3 AND kind IN ('merged', 'split', 'moved') LIMIT 1";
        let values = params![id.0, spool_name, micros(begun)];
        Ok(self.one(sql, values, |_| Ok(()))?.is_some())
    }

    /// What the visitor wrote that was threaded after a message of the same conversation, the first of it: whoever
    /// decided when that message was the latest has not seen it.
    pub fn unseen_since(
        &self,
        id: ConversationId,
        latest: MessageKey,
    ) -> Result<Option<(MessageKey, Timestamp)>, StoreError> {
        let sql = concat!(
            "SELECT m.id, m.at FROM messages m JOIN messages seen ON seen.id = ?2 AND seen.conversation_id = ?1
             WHERE m.conversation_id = ?1 AND m.row > seen.row AND ",
            words_of_the_visitor!("m"),
            " ORDER BY m.row LIMIT 1"
        );
        self.one(sql, [id.0, latest.0], |row| Ok((MessageKey(row.get(0)?), timestamp(row.get(1)?))))
    }

    /// Has whoever saw, on the channel's own pages, its message `seen` as the visitor's newest seen all that waits here?
    /// Our newest must be that one, and what was said since the house last spoke must be known to the channel.
    pub fn is_all_seen(
        &self,
        id: ConversationId,
        (account, channel): (AccountId, Channel),
        seen: Option<&str>,
    ) -> Result<bool, StoreError> {
        let sql = concat!(
            "SELECT EXISTS (SELECT 1 FROM external_ids e
                 WHERE e.message_id = m.id AND e.account_id = ?2 AND e.channel = ?3),
               EXISTS (SELECT 1 FROM external_ids e
                 WHERE e.message_id = m.id AND e.account_id = ?2 AND e.channel = ?3 AND e.value = ?4),
               NOT EXISTS (SELECT 1 FROM messages a WHERE a.conversation_id = ?1 AND a.at >= m.at AND a.side = 'provider'
                 AND a.kind = 'person' AND a.state IN ('translating', 'pending', 'sent', 'sent_elsewhere'))
             FROM messages m WHERE m.conversation_id = ?1 AND ",
            words_of_the_visitor!("m"),
            " ORDER BY m.at DESC, m.row DESC"
        );
        let found = self.rows(sql, params![id.0, account.0, channel, seen], |row| {
            Ok((row.get::<_, bool>(0)?, row.get::<_, bool>(1)?, row.get::<_, bool>(2)?))
        })?;
        let is_newest = found.first().is_none_or(|(_, is_seen, _)| *is_seen);
        Ok(is_newest && found.iter().all(|(is_there, _, waits)| *is_there || !waits))
    }
}

impl Writing<'_> {
    /// Raises or lowers *needs reply*.
    pub fn set_needs_reply(&self, id: ConversationId, needs_reply: bool) -> Result<(), StoreError> {
        let sql = "UPDATE conversations SET needs_reply = ?2 WHERE id = ?1";
        self.execute(sql, params![id.0, needs_reply]).map(drop)
    }

    /// The provider's mail of this time answers what came before it: what a visitor's mail said since still waits,
    /// though it was threaded first, because a sender had to be proven. What APIs bring has another clock. Gives
    /// whether nobody waits any more.
    pub fn set_answered(&self, id: ConversationId, at: Timestamp) -> Result<bool, StoreError> {
        let sql = concat!(
            "UPDATE conversations SET needs_reply = 0 WHERE id = ?1 AND NOT EXISTS
               (SELECT 1 FROM messages m WHERE m.conversation_id = ?1 AND m.at > ?2
                AND m.details ->> 'external_id' IS NULL AND ",
            words_of_the_visitor!("m"),
            ")"
        );
        Ok(self.execute(sql, params![id.0, micros(at)])? > 0)
    }

    /// What the house said elsewhere at that time answers what came before it, by whatever road.
    pub fn set_answered_elsewhere(
        &self,
        id: ConversationId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = concat!(
            "UPDATE conversations SET needs_reply = 0 WHERE id = ?1 AND NOT EXISTS
               (SELECT 1 FROM messages m WHERE m.conversation_id = ?1 AND m.at > ?2 AND ",
            words_of_the_visitor!("m"),
            ")"
        );
        self.execute(sql, params![id.0, micros(at)]).map(drop)
    }

    /// What the visitor wrote at that time waits, unless the house has answered since where we heard of it only from
    /// the channel: channels tell in any order.
    pub fn set_waiting(&self, id: ConversationId, at: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE conversations SET needs_reply = 1 WHERE id = ?1 AND NOT EXISTS
             (SELECT 1 FROM messages WHERE conversation_id = ?1 AND at > ?2 AND side = 'provider'
                AND kind = 'person' AND state = 'sent_elsewhere')";
        self.execute(sql, params![id.0, micros(at)]).map(drop)
    }

    /// What the visitor wrote then is heard only now: it waits, unless the house has answered since.
    pub fn set_waiting_since(&self, id: ConversationId, at: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE conversations SET needs_reply = 1 WHERE id = ?1 AND NOT EXISTS
             (SELECT 1 FROM messages WHERE conversation_id = ?1 AND at > ?2 AND side = 'provider'
                AND kind = 'person' AND state IN ('translating', 'pending', 'sent', 'sent_elsewhere'))";
        self.execute(sql, params![id.0, micros(at)]).map(drop)
    }

    /// A reply was taken back: the visitor waits again, if they were the last to speak.
    pub fn set_waiting_again(&self, id: ConversationId) -> Result<(), StoreError> {
        let sql = "UPDATE conversations SET needs_reply = 1 WHERE id = ?1 AND 'visitor' =
             (SELECT side FROM messages WHERE conversation_id = ?1 AND kind = 'person'
                AND state IN ('received', 'sent', 'sent_elsewhere') ORDER BY at DESC, row DESC LIMIT 1)";
        self.execute(sql, [id.0]).map(drop)
    }

    /// The message that makes a conversation need a reply: the newest a person of the visitor's side wrote.
    pub(super) fn waiting_message(
        &self,
        id: ConversationId,
    ) -> Result<Option<MessageKey>, StoreError> {
        let sql = concat!(
            "SELECT m.id FROM messages m JOIN conversations c ON c.id = m.conversation_id
             WHERE c.id = ?1 AND c.needs_reply = 1 AND ",
            words_of_the_visitor!("m"),
            " ORDER BY m.at DESC, m.id DESC LIMIT 1"
        );
        self.reading().one(sql, [id.0], |row| row.get(0).map(MessageKey))
    }
}
