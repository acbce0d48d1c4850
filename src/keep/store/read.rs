//! What can be read: accounts, tokens, the messages of a conversation. Every look-up of the API carries the account.
//! The list is in `read_list`.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{
    AttachmentRow, DeliveryRow, EventRow, MessageRow, StoreError, timestamp, write::UNDER_WAY,
};
use crate::ground::{
    address::{Address, ReplyToken},
    compose::ThreadIndex,
    conversation::{Conversation, Participant, Side},
    key::{AccountId, ConversationId, MemberId, MessageKey, OutgoingId},
    letter::MessageId,
    stay::Stay,
};

/// The reading side of the store.
#[derive(Debug)]
pub struct Reading<'c>(pub(super) &'c Connection);

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_default()
}

impl Reading<'_> {
    pub(super) fn rows<T>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let mut statement = self.0.prepare_cached(sql)?;
        let rows = statement.query_map(params, read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub(super) fn one<T>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.0.prepare_cached(sql)?.query_row(params, read).optional()?)
    }

    /// Every reply token given out: what RCPT is answered from.
    pub fn participants(
        &self,
        mut each: impl FnMut(ReplyToken, ConversationId, Participant),
    ) -> Result<(), StoreError> {
        let mut statement = self
            .0
            .prepare_cached("SELECT token, conversation_id, participant FROM participants")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let token = ReplyToken::from_local_part(row.get_ref(0)?.as_str().unwrap_or_default());
            let participant = Participant::from_code(row.get_ref(2)?.as_str().unwrap_or_default());
            if let (Some((token, _)), Some(participant)) = (token, participant) {
                each(token, ConversationId(row.get(1)?), participant);
            }
        }
        Ok(())
    }

    /// What a reply token stands for.
    pub fn participant(
        &self,
        token: &ReplyToken,
    ) -> Result<Option<(ConversationId, Participant)>, StoreError> {
        let sql = "SELECT conversation_id, participant FROM participants WHERE token = ?1";
        let found = self.one(sql, [token.as_str()], |row| {
            Ok((ConversationId(row.get(0)?), row.get::<_, String>(1)?))
        })?;
        Ok(found.and_then(|(id, code)| Some((id, Participant::from_code(&code)?))))
    }

    /// The account with this public address, or which OTAs know by it.
    pub fn account_of_address(&self, address: &Address) -> Result<Option<AccountId>, StoreError> {
        let sql = "SELECT id FROM accounts WHERE address = ?1 OR relay_address = ?1";
        self.one(sql, [address.folded()], |row| row.get(0).map(AccountId))
    }

    /// The state of a conversation, following merges; for the flow, which checks the account itself.
    pub fn conversation_state(
        &self,
        id: ConversationId,
    ) -> Result<Option<Conversation>, StoreError> {
        let id = self.follow(id)?;
        let sql = "SELECT account_id, subject, visitor_name, visitor_address, channel, language, needs_reply,
                     closed, deleted_at, link, language_why, arrival, departure, read_only_at,
                     EXISTS (SELECT 1 FROM ota_keys WHERE conversation_id = ?1 AND kind = 'reservation')
                   FROM conversations WHERE id = ?1";
        let state = self.one(sql, [id.0], |row| {
            Ok(Conversation {
                id,
                account: AccountId(row.get(0)?),
                subject: row.get(1)?,
                visitor_name: row.get(2)?,
                visitor_address: row.get::<_, Option<String>>(3)?.and_then(|a| a.parse().ok()),
                channel: row.get(4)?,
                language: row.get(5)?,
                needs_reply: row.get(6)?,
                closed: row.get(7)?,
                deleted_at: row.get::<_, Option<i64>>(8)?.map(timestamp),
                link: row.get(9)?,
                stay: match (row.get::<_, Option<String>>(11)?, row.get::<_, Option<String>>(12)?) {
                    (Some(arrival), Some(departure)) => Stay::read(&arrival, &departure),
                    _ => None,
                },
                read_only_at: row.get::<_, Option<i64>>(13)?.map(timestamp),
                booked: row.get(14)?,
                language_why: row.get(10)?,
            })
        })?;
        state.map(|state| self.by_road(state)).transpose()
    }

    /// Its messages, oldest first.
    pub fn messages(
        &self,
        account: AccountId,
        id: ConversationId,
    ) -> Result<Vec<MessageRow>, StoreError> {
        self.messages_where("conversation_id = ?2", account, id.0)
    }

    /// Its newest messages, oldest first, and how many came before them.
    pub fn newest_messages(
        &self,
        account: AccountId,
        id: ConversationId,
        limit: usize,
    ) -> Result<(Vec<MessageRow>, usize), StoreError> {
        let sql = "SELECT count(*) FROM messages WHERE account_id = ?1 AND conversation_id = ?2";
        let all: Option<i64> = self.one(sql, params![account.0, id.0], |row| row.get(0))?;
        let all = usize::try_from(all.unwrap_or_default()).unwrap_or_default();
        let earlier = all.saturating_sub(limit);
        if earlier == 0 {
            return Ok((self.messages(account, id)?, 0));
        }
        let condition = format!(
            "conversation_id = ?2 AND (at, id) >= (SELECT at, id FROM messages
               WHERE account_id = ?1 AND conversation_id = ?2 ORDER BY at, id LIMIT 1 OFFSET {earlier})"
        );
        Ok((self.messages_where(&condition, account, id.0)?, earlier))
    }

    /// So many messages of a conversation are not older than this one; none if it is not in it.
    pub fn messages_from(
        &self,
        account: AccountId,
        id: ConversationId,
        message: MessageKey,
    ) -> Result<usize, StoreError> {
        let sql = "SELECT count(*) FROM messages WHERE account_id = ?1 AND conversation_id = ?2
                     AND (at, id) >= (SELECT at, id FROM messages
                                      WHERE account_id = ?1 AND conversation_id = ?2 AND id = ?3)";
        let found: Option<i64> =
            self.one(sql, params![account.0, id.0, message.0], |row| row.get(0))?;
        Ok(usize::try_from(found.unwrap_or_default()).unwrap_or_default())
    }

    /// One message of this account.
    pub fn message(
        &self,
        account: AccountId,
        id: MessageKey,
    ) -> Result<Option<MessageRow>, StoreError> {
        Ok(self.messages_where("id = ?2", account, id.0)?.pop())
    }

    /// One message of any account, for what carries a signature of ours instead of an account.
    pub fn message_anywhere(&self, id: MessageKey) -> Result<Option<MessageRow>, StoreError> {
        let sql = "SELECT account_id FROM messages WHERE id = ?1";
        match self.one(sql, [id.0], |row| row.get(0))? {
            Some(account) => self.message(AccountId(account), id),
            None => Ok(None),
        }
    }

    /// Was this spool file dealt with before?
    pub fn is_processed(&self, spool_name: &str) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM processed WHERE spool_name = ?1";
        Ok(self.one(sql, [spool_name], |_| Ok(()))?.is_some())
    }

    /// Has any file been threaded into this index, and no rebuild been cut off?
    pub fn knows_any_file(&self) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM processed WHERE spool_name <> ?1 LIMIT 1";
        Ok(self.one(sql, [super::journaled::JOURNAL], |_| Ok(()))?.is_some()
            && !self.is_processed(UNDER_WAY)?)
    }

    fn messages_where(
        &self,
        condition: &str,
        account: AccountId,
        id: i64,
    ) -> Result<Vec<MessageRow>, StoreError> {
        let sql = format!(
            "SELECT id, spool_name, side, kind, state, channel, member_id, author_name, author_address, subject,
               text, quoted, signature, html, confidence, language, language_confidence, rfc_message_id, at, read,
               size_bytes, route, details
             FROM messages WHERE account_id = ?1 AND {condition} ORDER BY at, row"
        );
        let mut messages = self.rows(&sql, params![account.0, id], message_row)?;
        for message in &mut messages {
            message.attachments = self.attachments(message.id)?;
            message.deliveries = self.deliveries(message.id)?;
            message.translations = self.translations(message.id)?;
        }
        Ok(messages)
    }

    fn attachments(&self, id: MessageKey) -> Result<Vec<AttachmentRow>, StoreError> {
        let sql = "SELECT position, name, media_type, size_bytes, sha256, inline, content_id, danger FROM attachments
                   WHERE message_id = ?1 ORDER BY position";
        self.rows(sql, [id.0], |row| {
            Ok(AttachmentRow {
                position: row.get(0)?,
                name: row.get(1)?,
                media_type: row.get(2)?,
                size_bytes: row.get(3)?,
                sha256: row.get(4)?,
                inline: row.get(5)?,
                content_id: row.get(6)?,
                danger: row.get(7)?,
            })
        })
    }

    fn deliveries(&self, id: MessageKey) -> Result<Vec<DeliveryRow>, StoreError> {
        let sql =
            "SELECT id, purpose, recipient, state, attempts, ended_at, last_answer, due_at FROM outbox
                   WHERE message_id = ?1 ORDER BY created_at, recipient, row";
        self.rows(sql, [id.0], |row| {
            Ok(DeliveryRow {
                id: OutgoingId(row.get(0)?),
                purpose: row.get(1)?,
                recipient: row.get(2)?,
                state: row.get(3)?,
                attempts: row.get(4)?,
                ended_at: row.get::<_, Option<i64>>(5)?.map(timestamp),
                last_answer: row.get::<_, Option<String>>(6)?.map(|t| json(&t)),
                due_at: timestamp(row.get(7)?),
            })
        })
    }

    /// The first messages of a conversation as they went over the wire, oldest first, for threading. Notes, held and
    /// discarded messages are left out.
    pub fn thread_begin(
        &self,
        id: ConversationId,
        limit: u32,
    ) -> Result<Vec<ThreadEntry>, StoreError> {
        let sql = format!("{THREAD} ORDER BY at, id LIMIT ?2");
        self.rows(&sql, params![id.0, limit], thread_entry)
    }

    /// The last of them before one of its messages, oldest first.
    pub fn thread_before(
        &self,
        id: ConversationId,
        message: MessageKey,
        limit: u32,
    ) -> Result<Vec<ThreadEntry>, StoreError> {
        let sql = format!(
            "{THREAD} AND (at, id) < (SELECT at, id FROM messages WHERE id = ?3) ORDER BY at DESC, id DESC LIMIT ?2"
        );
        let mut found = self.rows(&sql, params![id.0, limit, message.0], thread_entry)?;
        found.reverse();
        Ok(found)
    }

    /// The message of an account that has this Message-ID.
    pub fn message_of_id(
        &self,
        account: AccountId,
        id: &MessageId,
    ) -> Result<Option<MessageKey>, StoreError> {
        let sql = "SELECT message_id FROM known_ids
                   WHERE account_id = ?1 AND rfc_message_id = ?2 AND message_id IS NOT NULL";
        self.one(sql, params![account.0, id.as_str()], |row| row.get(0).map(MessageKey))
    }

    /// The conversation a message belongs to.
    pub fn conversation_of(&self, id: MessageKey) -> Result<Option<ConversationId>, StoreError> {
        let sql = "SELECT conversation_id FROM messages WHERE id = ?1";
        self.one(sql, [id.0], |row| row.get(0).map(ConversationId))
    }

    /// The newest mail that carried a message to a participant.
    pub fn outgoing_to(
        &self,
        message: MessageKey,
        participant: Participant,
    ) -> Result<Option<OutgoingId>, StoreError> {
        let sql = "SELECT id FROM outbox WHERE message_id = ?1 AND participant = ?2 AND purpose IN ('reply', 'notification', 'copy')";
        self.one(sql, params![message.0, participant.code()], |row| row.get(0).map(OutgoingId))
    }

    /// The Message-IDs of every conversation of an account, each list sorted.
    pub fn threads(&self, account: AccountId) -> Result<Vec<Vec<String>>, StoreError> {
        let sql = "SELECT conversation_id, rfc_message_id FROM messages
                   WHERE account_id = ?1 AND rfc_message_id IS NOT NULL ORDER BY conversation_id, rfc_message_id";
        let rows = self.rows(sql, [account.0], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)))?;
        let mut threads: Vec<(i64, Vec<String>)> = Vec::new();
        for (conversation, id) in rows {
            match threads.last_mut() {
                Some((last, ids)) if *last == conversation => ids.push(id),
                _ => threads.push((conversation, vec![id])),
            }
        }
        Ok(threads
            .into_iter()
            .map(|(_, mut ids)| {
                ids.dedup();
                ids
            })
            .collect())
    }

    /// The timeline beside the messages.
    pub fn events(&self, id: ConversationId) -> Result<Vec<EventRow>, StoreError> {
        let sql = "SELECT at, kind, text, message_id FROM events WHERE conversation_id = ?1 ORDER BY at, row";
        self.rows(sql, [id.0], |row| {
            Ok(EventRow {
                at: timestamp(row.get(0)?),
                kind: row.get(1)?,
                text: row.get(2)?,
                message: row.get::<_, Option<i64>>(3)?.map(MessageKey),
            })
        })
    }
}

/// A message as far as threading is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadEntry {
    /// The key.
    pub message: MessageKey,
    /// Whose side.
    pub side: Side,
    /// The member who wrote it.
    pub member: Option<MemberId>,
    /// Its own Message-ID.
    pub rfc_message_id: Option<MessageId>,
    /// The conversation as its author's Outlook knows it.
    pub thread_index: Option<ThreadIndex>,
    /// When it came.
    pub at: Timestamp,
}

const THREAD: &str = "SELECT id, side, member_id, rfc_message_id, thread_index, at FROM messages
    WHERE conversation_id = ?1 AND state IN ('received', 'sent') AND kind = 'person'";

fn thread_entry(row: &Row<'_>) -> rusqlite::Result<ThreadEntry> {
    Ok(ThreadEntry {
        message: MessageKey(row.get(0)?),
        side: row.get(1)?,
        member: row.get::<_, Option<i64>>(2)?.map(MemberId),
        rfc_message_id: row.get::<_, Option<String>>(3)?.and_then(|t| MessageId::new(&t)),
        thread_index: row.get::<_, Option<String>>(4)?.and_then(|t| ThreadIndex::read(&t)),
        at: timestamp(row.get(5)?),
    })
}

fn message_row(row: &Row<'_>) -> rusqlite::Result<MessageRow> {
    Ok(MessageRow {
        id: MessageKey(row.get(0)?),
        spool_name: row.get(1)?,
        side: row.get(2)?,
        kind: row.get(3)?,
        state: row.get(4)?,
        channel: row.get(5)?,
        member: row.get::<_, Option<i64>>(6)?.map(MemberId),
        author_name: row.get(7)?,
        author_address: row.get(8)?,
        subject: row.get(9)?,
        text: row.get(10)?,
        quoted: row.get(11)?,
        signature: row.get(12)?,
        html: row.get(13)?,
        confidence: row.get(14)?,
        language: row.get(15)?,
        language_confidence: row.get(16)?,
        message_id: row.get(17)?,
        at: timestamp(row.get(18)?),
        read: row.get(19)?,
        size_bytes: row.get(20)?,
        route: json(&row.get::<_, String>(21)?),
        details: json(&row.get::<_, String>(22)?),
        attachments: Vec::new(),
        deliveries: Vec::new(),
        translations: Vec::new(),
    })
}
