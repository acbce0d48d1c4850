//! What channels know of a conversation: the names they give it, its page, the newest address.

use jiff::Timestamp;
use rusqlite::params;
use serde::Serialize;

use super::{Reading, StoreError, Writing, micros, timestamp};
use crate::{
    ground::{
        address::Address,
        capabilities::Capabilities,
        conversation::{Channel, Conversation, Side},
        key::{AccountId, ConversationId, MessageKey, OutgoingId},
        outcome::{Answer, DeliveryState},
        relay_mail::OtaKey,
        word,
    },
    keep::journal::PurgedThread,
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
            .execute(params![account.0, channel, key.kind, key.value, conversation.0])?;
        Ok(())
    }

    /// Remembers the id a channel gave a message.
    pub fn put_external_id(
        &self,
        account: AccountId,
        channel: Channel,
        id: &str,
        message: MessageKey,
    ) -> Result<(), StoreError> {
        self.0
            .prepare_cached(
                "INSERT OR IGNORE INTO external_ids(account_id, channel, value, message_id)
                 SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM messages WHERE id = ?4)",
            )?
            .execute(params![account.0, channel, id, message.0])?;
        Ok(())
    }

    /// What a channel's thread said until then was removed for good, and is not to come back from there.
    pub fn put_purged(&self, one: &PurgedThread) -> Result<(), StoreError> {
        let mark = purged_mark(one.account, one.channel, &one.thread);
        self.set_processed(&mark, &micros(one.until).to_string())
    }

    /// The channel shows a reply, or this piece of one, whose end was not known: it arrived.
    pub fn resolve_unknown(&self, id: OutgoingId, at: Timestamp) -> Result<(), StoreError> {
        let sql =
            "UPDATE outbox SET state = 'done', ended_at = ?2 WHERE id = ?1 AND state = 'unknown'";
        if self.execute(sql, params![id.0, micros(at)])? > 0 {
            self.forget_raw(id)?;
        }
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

    /// Where the visitor is reached by the platform's mail, whatever other road there is.
    pub fn set_relay_address(
        &self,
        id: ConversationId,
        address: &Address,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE conversations SET relay_address = ?2 WHERE id = ?1";
        self.execute(sql, params![id.0, address.to_string()]).map(drop)
    }

    /// Since when the channel takes no answer; nothing: it takes one.
    pub fn set_read_only(
        &self,
        id: ConversationId,
        since: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE conversations SET read_only_at = ?2 WHERE id = ?1";
        self.0.prepare_cached(sql)?.execute(params![id.0, since.map(micros)])?;
        Ok(())
    }
}

/// A reply that is being sent, or whose end nobody knows.
#[derive(Clone, Debug)]
pub struct UnderWay {
    /// The mail.
    pub outgoing: OutgoingId,
    /// The message it carries.
    pub message: MessageKey,
    /// Nobody knows its end.
    pub unknown: bool,
    /// The mail as sent.
    pub raw: Vec<u8>,
}

/// How talking through a platform's relay mail went lately.
#[derive(Clone, Debug, Default)]
pub struct RelaySeen {
    /// When a visitor's message last came by it.
    pub heard_at: Option<Timestamp>,
    /// How the last reply into it ended: state, when it was written, what was answered.
    pub replied: Option<(DeliveryState, Timestamp, Option<Answer>)>,
}

/// What that says about a platform's relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RelayVerdict {
    /// No reply was sent into it.
    Untried,
    /// The last one has not come to an end.
    UnderWay,
    /// The last one was taken.
    Works,
    /// It was refused, as of a sender who is not registered.
    Refused,
}

impl RelaySeen {
    /// Does the house get through? The proof is its last reply.
    pub fn verdict(&self) -> RelayVerdict {
        match self.replied.as_ref().map(|(state, ..)| *state) {
            Some(DeliveryState::Done) => RelayVerdict::Works,
            Some(DeliveryState::Failed) => RelayVerdict::Refused,
            Some(DeliveryState::Waiting | DeliveryState::Sending | DeliveryState::Unknown) => {
                RelayVerdict::UnderWay
            }
            Some(DeliveryState::Held) | None => RelayVerdict::Untried,
        }
    }
}

/// What stands among the dealt-with files for a purged thread.
fn purged_mark(account: AccountId, channel: Channel, thread: &str) -> String {
    format!("purged {} {} {thread}", account.0, word::of(&channel))
}

impl Reading<'_> {
    /// The threads of channels that a conversation is, with when the last was said in it.
    pub fn threads_of(&self, id: ConversationId) -> Result<Vec<PurgedThread>, StoreError> {
        let sql = "SELECT k.account_id, k.channel, k.value, (SELECT max(at) FROM messages WHERE conversation_id = ?1)
                   FROM ota_keys AS k WHERE k.conversation_id = ?1 AND k.kind = 'api'";
        let found = self.rows(sql, [id.0], |row| {
            let (channel, thread) = (row.get(1)?, row.get(2)?);
            let until = row.get::<_, Option<i64>>(3)?.map(timestamp);
            let account = AccountId(row.get(0)?);
            Ok(until.map(|until| PurgedThread { account, channel, thread, until }))
        })?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Until when what was said in a channel's thread was removed here for good.
    pub fn purged_until(
        &self,
        account: AccountId,
        channel: Channel,
        thread: &str,
    ) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT result FROM processed WHERE spool_name = ?1";
        let until =
            self.one(sql, [purged_mark(account, channel, thread)], |row| row.get::<_, String>(0))?;
        Ok(until.and_then(|until| until.parse().ok()).map(timestamp))
    }

    /// When the newest was said that a connection brought as news.
    pub fn newest_through(
        &self,
        account: AccountId,
        connection: i64,
    ) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT max(m.at) FROM messages AS m JOIN conversations AS c ON c.id = m.conversation_id
                   WHERE m.account_id = ?1 AND m.details ->> 'external_id' IS NOT NULL
                     AND m.details ->> 'historical' IS NULL AND c.visitor_address LIKE ?2";
        let values = params![account.0, format!("%@{connection}.%.channel.invalid")];
        let newest = self.one(sql, values, |row| row.get::<_, Option<i64>>(0))?;
        Ok(newest.flatten().map(timestamp))
    }

    /// What an account has seen of a platform's relay, whose addresses end so.
    pub fn relay_seen(
        &self,
        account: AccountId,
        channel: Channel,
        domain: &str,
    ) -> Result<RelaySeen, StoreError> {
        let sql = "SELECT max(at) FROM messages WHERE account_id = ?1 AND channel = ?2 AND side = 'visitor'
                     AND state <> 'quarantined' AND route ->> 'strategy' IS NOT 'door'";
        let values = params![account.0, channel];
        let heard = self.one(sql, values, |row| row.get::<_, Option<i64>>(0))?.flatten();
        let sql = "SELECT state, created_at, last_answer FROM outbox
                   WHERE account_id = ?1 AND purpose = 'reply' AND (recipient LIKE '%@' || ?2 OR recipient LIKE '%.' || ?2)
                   ORDER BY row DESC LIMIT 1";
        let replied = self.one(sql, params![account.0, domain.trim_start_matches('@')], |row| {
            let answer: Option<String> = row.get(2)?;
            let answer = answer.and_then(|answer| serde_json::from_str(&answer).ok());
            Ok((row.get(0)?, timestamp(row.get(1)?), answer))
        })?;
        Ok(RelaySeen { heard_at: heard.map(timestamp), replied })
    }

    /// The replies of a conversation that are on their way, and behind them those whose end nobody knows.
    pub fn replies_under_way(&self, id: ConversationId) -> Result<Vec<UnderWay>, StoreError> {
        let sql = "SELECT o.id, o.message_id, o.state = 'unknown', r.raw
                   FROM outbox AS o JOIN outbox_raw AS r ON r.outgoing_id = o.id
                   WHERE o.conversation_id = ?1 AND o.purpose = 'reply' AND o.state IN ('sending', 'waiting', 'unknown')
                     AND (o.state <> 'waiting' OR o.attempts > 0)
                   ORDER BY o.state = 'unknown', o.row";
        self.rows(sql, [id.0], |row| {
            Ok(UnderWay {
                outgoing: OutgoingId(row.get(0)?),
                message: MessageKey(row.get(1)?),
                unknown: row.get(2)?,
                raw: row.get(3)?,
            })
        })
    }

    /// How many ids channels gave a message, without those of its other pieces.
    pub fn external_ids_of(
        &self,
        message: MessageKey,
        piece: OutgoingId,
    ) -> Result<usize, StoreError> {
        let sql = "SELECT count(*) FROM external_ids WHERE message_id = ?1 AND value NOT IN
                     (SELECT e.value FROM outbox AS o, json_each(o.last_answer, '$.external_ids') AS e
                      WHERE o.message_id = ?1 AND o.id <> ?2)";
        let count = self.one(sql, params![message.0, piece.0], |row| row.get::<_, i64>(0))?;
        Ok(count.and_then(|count| usize::try_from(count).ok()).unwrap_or(0))
    }

    /// Does this id belong to another message than this, or to another piece of it?
    pub fn is_of_another_reply(
        &self,
        (account, channel): (AccountId, Channel),
        id: &str,
        (message, piece): (MessageKey, OutgoingId),
    ) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM external_ids WHERE account_id = ?1 AND channel = ?2 AND value = ?3
                                    AND message_id <> ?4)
                       OR EXISTS (SELECT 1 FROM outbox AS o, json_each(o.last_answer, '$.external_ids') AS e
                                  WHERE o.message_id = ?4 AND o.id <> ?5 AND e.value = ?3)";
        let values = params![account.0, channel, id, message.0, piece.0];
        Ok(self.one(sql, values, |row| row.get(0))?.unwrap_or(false))
    }

    /// The road there is: a thread whose connection was removed is reached by the platform's mail, or by nothing here.
    pub(super) fn by_road(&self, state: Conversation) -> Result<Conversation, StoreError> {
        if !state.is_connected()
            || self.connection_of(state.account, state.channel, state.through())?.is_some()
        {
            return Ok(state);
        }
        let sql = "SELECT relay_address FROM conversations WHERE id = ?1";
        let relay = self.one(sql, [state.id.0], |row| row.get::<_, Option<String>>(0))?.flatten();
        let visitor_address = relay.and_then(|address| address.parse().ok());
        Ok(Conversation { visitor_address, ..state })
    }

    /// The conversation a channel calls so, within an account.
    pub fn conversation_of_ota_key(
        &self,
        account: AccountId,
        channel: Channel,
        key: &OtaKey,
    ) -> Result<Option<ConversationId>, StoreError> {
        let sql = "SELECT conversation_id FROM ota_keys
                   WHERE account_id = ?1 AND channel = ?2 AND kind = ?3 AND value = ?4";
        let values = params![account.0, channel, key.kind, key.value];
        self.one(sql, values, |row| row.get(0).map(ConversationId))
    }

    /// What a conversation can carry now; `booking_chars` as for [`Capabilities::of`].
    pub fn capabilities(
        &self,
        state: &Conversation,
        booking_chars: usize,
    ) -> Result<Capabilities, StoreError> {
        let capabilities = Capabilities::of(state, self.visitor_heard_at(state.id)?, booking_chars);
        let sql = "SELECT details ->> 'answer_there', details ->> 'by_form' FROM messages
                   WHERE conversation_id = ?1 AND side = 'visitor' AND kind = 'person' ORDER BY at DESC, row DESC LIMIT 1";
        let of_last = |row: &rusqlite::Row<'_>| {
            let [there, by_form] = [row.get::<_, Option<bool>>(0)?, row.get(1)?];
            Ok((there == Some(true), by_form == Some(true)))
        };
        Ok(match self.one(sql, [state.id.0], of_last)? {
            Some((true, _)) => {
                Capabilities { can_reply: false, answer_link: state.link.clone(), ..capabilities }
            }
            Some((_, by_form)) => Capabilities { ends_request: by_form, ..capabilities },
            None => capabilities,
        })
    }

    /// When the visitor last wrote; machines do not count.
    pub fn visitor_heard_at(&self, id: ConversationId) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT max(at) FROM messages
                   WHERE conversation_id = ?1 AND side = 'visitor' AND kind = 'person'";
        let found = self.one(sql, [id.0], |row| row.get::<_, Option<i64>>(0))?;
        Ok(found.flatten().map(timestamp))
    }

    /// The message a channel calls so.
    pub fn message_of_external_id(
        &self,
        account: AccountId,
        channel: Channel,
        id: &str,
    ) -> Result<Option<MessageKey>, StoreError> {
        let sql = "SELECT message_id FROM external_ids WHERE account_id = ?1 AND channel = ?2 AND value = ?3";
        self.one(sql, params![account.0, channel, id], |row| row.get(0).map(MessageKey))
    }

    /// What a side said around a time, with what became of it and whether a channel has an id for it.
    pub fn said_around(
        &self,
        id: ConversationId,
        side: Side,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<(MessageKey, String, bool)>, StoreError> {
        let sql =
            "SELECT id, text, EXISTS (SELECT 1 FROM external_ids WHERE message_id = messages.id)
                   FROM messages WHERE conversation_id = ?1 AND side = ?2 AND at BETWEEN ?3 AND ?4
                     AND state NOT IN ('note', 'held', 'refused', 'discarded') ORDER BY at, row";
        let values = params![id.0, side, micros(from), micros(to)];
        self.rows(sql, values, |row| Ok((MessageKey(row.get(0)?), row.get(1)?, row.get(2)?)))
    }

    /// What a relay's mails, said at that time or later, told of what the visitor had said just before.
    pub fn told_before(
        &self,
        id: ConversationId,
        since: Timestamp,
    ) -> Result<Vec<String>, StoreError> {
        let sql =
            "SELECT told.value FROM messages AS m, json_each(m.details, '$.told_before') AS told
                   WHERE m.conversation_id = ?1 AND m.side = 'visitor' AND m.at >= ?2";
        self.rows(sql, params![id.0, micros(since)], |row| row.get(0))
    }

    /// What a side said lately in a conversation, for telling a message that came by two roads.
    pub fn said_lately(
        &self,
        id: ConversationId,
        side: Side,
        since: Timestamp,
    ) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT text FROM messages WHERE conversation_id = ?1 AND side = ?2 AND at >= ?3";
        self.rows(sql, params![id.0, side, micros(since)], |row| row.get(0))
    }
}
