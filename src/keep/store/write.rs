//! What a transaction may do, in verbs of the domain.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Reading, StoreError, micros};
use crate::ground::{
    address::{Address, ReplyToken},
    compose::ThreadIndex,
    conversation::{
        Channel, Conversation, EventKind, MessageKind, MessageState, Participant, Side,
    },
    key::{AccountId, ConversationId, MemberId, MessageKey},
    language::{Choice, Language},
    letter::MessageId,
    stay::Stay,
};

/// The writing side of the store inside one transaction.
#[derive(Debug)]
pub struct Writing<'c>(pub(super) &'c Connection);

/// A conversation to open.
#[derive(Clone, Debug)]
pub struct NewConversation {
    /// The key.
    pub id: ConversationId,
    /// The account.
    pub account: AccountId,
    /// The subject.
    pub subject: String,
    /// The visitor's name.
    pub visitor_name: Option<String>,
    /// The visitor's mailbox.
    pub visitor_address: Option<Address>,
    /// How it begins.
    pub channel: Channel,
    /// The visitor's language.
    pub language: Option<String>,
    /// Why it is that.
    pub language_why: Option<Choice>,
    /// When.
    pub at: Timestamp,
}

/// A message to add.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// The key.
    pub id: MessageKey,
    /// Where.
    pub conversation: ConversationId,
    /// The account of the conversation.
    pub account: AccountId,
    /// The file it came in.
    pub spool_name: String,
    /// Whose side.
    pub side: Side,
    /// What it is.
    pub kind: MessageKind,
    /// How it stands.
    pub state: MessageState,
    /// The road it came by.
    pub channel: Channel,
    /// The member who wrote it.
    pub member: Option<MemberId>,
    /// The author as the letter names them.
    pub author_name: Option<String>,
    /// The author's address.
    pub author_address: Option<Address>,
    /// The subject.
    pub subject: String,
    /// The new text.
    pub text: String,
    /// The quoted part.
    pub quoted: String,
    /// The signature.
    pub signature: String,
    /// Safe HTML.
    pub html: Option<String>,
    /// How sure the split into new text and quote is, 0 to 1.
    pub confidence: f64,
    /// The language of the new text with its confidence.
    pub language: Option<(String, f64)>,
    /// The RFC 5322 Message-ID.
    pub rfc_message_id: Option<MessageId>,
    /// The content hash.
    pub fingerprint: Option<[u8; 32]>,
    /// The conversation as the author's Outlook knows it.
    pub thread_index: Option<ThreadIndex>,
    /// When it was received.
    pub at: Timestamp,
    /// Already read.
    pub read: bool,
    /// The size of the raw message.
    pub size_bytes: usize,
    /// Strategy and evidence (JSON).
    pub route: serde_json::Value,
    /// What else reading found (JSON).
    pub details: serde_json::Value,
    /// The files.
    pub attachments: Vec<super::AttachmentRow>,
}

/// So many characters of a text the list shows.
const LINE_CHARS: usize = 200;

/// The beginning of a text as the list shows it.
pub(super) fn one_line(text: &str) -> String {
    // A character has four bytes at most: behind so many of them nothing is shown.
    let mut line = String::with_capacity(LINE_CHARS);
    for word in text.split_whitespace() {
        if line.len() >= LINE_CHARS * 4 {
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line.chars().take(LINE_CHARS).collect()
}

impl Writing<'_> {
    /// Writes a page and changes nothing: a transaction without one succeeds on a full or read-only disk too. What is
    /// written is what was read: a newer Relais may have made it a store of its own meanwhile.
    pub fn touch(&self) -> Result<(), StoreError> {
        let version: i64 = self.0.pragma_query_value(None, "user_version", |row| row.get(0))?;
        Ok(self.0.pragma_update(None, "user_version", version)?)
    }
}

impl<'c> Writing<'c> {
    /// The reading verbs, seeing what this transaction wrote.
    pub fn reading(&self) -> Reading<'c> {
        Reading(self.0)
    }

    pub(super) fn execute(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
    ) -> Result<usize, StoreError> {
        Ok(self.0.prepare_cached(sql)?.execute(params)?)
    }

    pub(super) fn query<T>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.0.prepare_cached(sql)?.query_row(params, read).optional()?)
    }

    /// Remembers that it was, with the result in one word.
    pub fn set_processed(&self, spool_name: &str, result: &str) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO processed(spool_name, result) VALUES (?1, ?2)";
        self.execute(sql, params![spool_name, result]).map(drop)
    }

    /// Remembers that a file was threaded, and of one that is no message what it concerns: it goes with that.
    pub fn set_threaded(
        &self,
        spool_name: &str,
        concerns: Option<ConversationId>,
    ) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO processed(spool_name, result, concerns) VALUES (?1, 'threaded', ?2)";
        self.execute(sql, params![spool_name, concerns.map(|id| id.0)]).map(drop)
    }

    /// Opens a conversation; opening it again changes nothing.
    pub fn open_conversation(&self, new: &NewConversation) -> Result<(), StoreError> {
        self.execute(
            "INSERT OR IGNORE INTO conversations
               (id, account_id, subject, visitor_name, visitor_address, channel, language, created_at, last_at,
                language_why)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9)",
            params![
                new.id.0,
                new.account.0,
                new.subject,
                new.visitor_name,
                new.visitor_address.as_ref().map(Address::to_string),
                new.channel,
                new.language,
                micros(new.at),
                new.language_why,
            ],
        )?;
        Ok(())
    }

    /// The conversation as it is now, following merges.
    pub fn conversation(&self, id: ConversationId) -> Result<Option<Conversation>, StoreError> {
        self.reading().conversation_state(id)
    }

    /// Records a reply token given out.
    pub fn add_participant(
        &self,
        conversation: ConversationId,
        participant: Participant,
        token: &ReplyToken,
    ) -> Result<(), StoreError> {
        self.execute(
            "INSERT OR IGNORE INTO participants(token, conversation_id, participant) VALUES (?1, ?2, ?3)",
            params![token.as_str(), conversation.0, participant.code()],
        )?;
        Ok(())
    }

    /// Adds a message with its files and updates the conversation's counts. `false` when it was there already.
    pub fn add_message(&self, new: &NewMessage) -> Result<bool, StoreError> {
        let inserted = self.execute(
            "INSERT OR IGNORE INTO messages
               (id, conversation_id, account_id, spool_name, side, kind, state, channel, member_id, author_name,
                author_address, subject, text, quoted, signature, html, confidence, language, language_confidence,
                rfc_message_id, fingerprint, at, read, size_bytes, route, details, thread_index)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
                     ?21, ?22, ?23, ?24, ?25, ?26, ?27)",
            params![
                new.id.0,
                new.conversation.0,
                new.account.0,
                new.spool_name,
                new.side,
                new.kind,
                new.state,
                new.channel,
                new.member.map(|m| m.0),
                new.author_name,
                new.author_address.as_ref().map(Address::to_string),
                new.subject,
                new.text,
                new.quoted,
                new.signature,
                new.html,
                new.confidence,
                new.language.as_ref().map(|(language, _)| language),
                new.language.as_ref().map(|(_, confidence)| confidence),
                new.rfc_message_id.as_ref().map(MessageId::as_str),
                new.fingerprint.as_ref().map(|f| &f[..]),
                micros(new.at),
                new.read,
                i64::try_from(new.size_bytes).unwrap_or(i64::MAX),
                new.route.to_string(),
                new.details.to_string(),
                new.thread_index.as_ref().map(ThreadIndex::first),
            ],
        )?;
        if inserted == 0 {
            return Ok(false);
        }
        self.add_attachments(new)?;
        self.count_message(new)?;
        Ok(true)
    }

    fn add_attachments(&self, new: &NewMessage) -> Result<(), StoreError> {
        for file in &new.attachments {
            self.execute(
                "INSERT INTO attachments(message_id, position, name, media_type, size_bytes, sha256, inline, content_id,
                                         danger)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    new.id.0,
                    file.position,
                    file.name,
                    file.media_type,
                    file.size_bytes,
                    file.sha256,
                    file.inline,
                    file.content_id,
                    file.danger
                ],
            )?;
        }
        Ok(())
    }

    fn count_message(&self, new: &NewMessage) -> Result<(), StoreError> {
        let last_text = one_line(&new.text);
        self.execute(
            "UPDATE conversations SET message_count = message_count + 1, unread_count = unread_count + ?2,
               last_text = CASE WHEN ?3 >= last_at THEN ?4 ELSE last_text END, last_at = max(last_at, ?3)
             WHERE id = ?1",
            params![new.conversation.0, i64::from(!new.read), micros(new.at), last_text],
        )?;
        Ok(())
    }

    /// Sets a conversation aside, or takes it back.
    pub fn set_closed(&self, id: ConversationId, closed: bool) -> Result<(), StoreError> {
        let sql = "UPDATE conversations SET closed = ?2 WHERE id = ?1";
        self.execute(sql, params![id.0, closed]).map(drop)
    }

    /// Fixes the visitor's language.
    pub fn set_language(
        &self,
        id: ConversationId,
        language: &str,
        why: Choice,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE conversations SET language = ?2, language_why = ?3 WHERE id = ?1";
        self.execute(sql, params![id.0, language, why]).map(drop)
    }

    /// Sets the language of a conversation and why, or that nothing is known.
    pub fn choose_language(
        &self,
        id: ConversationId,
        chosen: Option<(Language, Choice)>,
    ) -> Result<(), StoreError> {
        if let Some((language, why)) = chosen {
            return self.set_language(id, language.as_str(), why);
        }
        let sql = "UPDATE conversations SET language = NULL, language_why = NULL WHERE id = ?1";
        self.execute(sql, [id.0]).map(drop)
    }

    /// A booking or a form says when the visitor stays.
    pub fn set_stay(&self, id: ConversationId, stay: Stay) -> Result<(), StoreError> {
        let sql = "UPDATE conversations SET arrival = ?2, departure = ?3 WHERE id = ?1";
        let days = (stay.arrival.to_string(), stay.departure.to_string());
        self.execute(sql, params![id.0, days.0, days.1]).map(drop)
    }

    /// Marks these messages of a conversation; gives the files whose mark changed.
    pub fn set_read(
        &self,
        id: ConversationId,
        messages: &[MessageKey],
        read: bool,
    ) -> Result<Vec<String>, StoreError> {
        let sql =
            "UPDATE messages SET read = ?3 WHERE id = ?2 AND conversation_id = ?1 AND read <> ?3
                   RETURNING spool_name";
        let mut files = Vec::new();
        for message in messages {
            files.extend(self.query(sql, params![id.0, message.0, read], |row| row.get(0))?);
        }
        self.count_unread(id)?;
        Ok(files)
    }

    /// Marks as read whatever a visitor has written so far; gives the files whose mark changed.
    pub fn set_all_read(&self, id: ConversationId) -> Result<Vec<String>, StoreError> {
        let mut changed = self.0.prepare_cached(
            "UPDATE messages SET read = 1 WHERE conversation_id = ?1 AND read = 0 AND side = 'visitor'
             RETURNING spool_name",
        )?;
        let files = changed.query_map([id.0], |row| row.get(0))?.collect::<Result<_, _>>()?;
        self.count_unread(id)?;
        Ok(files)
    }

    /// Marks as read what a visitor had written by then; gives the files whose mark changed.
    pub fn set_read_until(
        &self,
        id: ConversationId,
        at: Timestamp,
    ) -> Result<Vec<String>, StoreError> {
        let sql =
            "UPDATE messages SET read = 1 WHERE conversation_id = ?1 AND read = 0 AND side = 'visitor'
             AND at <= ?2 RETURNING spool_name";
        let mut changed = self.0.prepare_cached(sql)?;
        let files = changed.query_map(params![id.0, micros(at)], |row| row.get(0))?;
        let files = files.collect::<Result<_, _>>()?;
        self.count_unread(id)?;
        Ok(files)
    }

    fn count_unread(&self, id: ConversationId) -> Result<(), StoreError> {
        let sql = "UPDATE conversations SET unread_count =
                     (SELECT count(*) FROM messages WHERE conversation_id = ?1 AND read = 0) WHERE id = ?1";
        self.execute(sql, [id.0]).map(drop)
    }

    /// Deletes recoverably (`Some`) or restores (`None`).
    pub fn set_deleted(&self, id: ConversationId, at: Option<Timestamp>) -> Result<(), StoreError> {
        let sql = "UPDATE conversations SET deleted_at = ?2 WHERE id = ?1";
        self.execute(sql, params![id.0, at.map(micros)]).map(drop)
    }

    /// Makes one conversation of two; later mails to the first follow.
    pub fn merge(&self, from: ConversationId, into: ConversationId) -> Result<(), StoreError> {
        for table in ["messages", "known_ids", "events", "outbox", "participants", "ota_keys"] {
            let sql = format!("UPDATE {table} SET conversation_id = ?2 WHERE conversation_id = ?1");
            self.execute(&sql, params![from.0, into.0])?;
        }
        self.move_drafts(from, into)?;
        self.execute(
            "UPDATE conversations SET
               message_count = message_count + (SELECT message_count FROM conversations WHERE id = ?1),
               unread_count = unread_count + (SELECT unread_count FROM conversations WHERE id = ?1),
               needs_reply = max(needs_reply, (SELECT needs_reply FROM conversations WHERE id = ?1)),
               last_text = (SELECT last_text FROM conversations WHERE id IN (?1, ?2) ORDER BY last_at DESC LIMIT 1),
               last_at = max(last_at, (SELECT last_at FROM conversations WHERE id = ?1)),
               created_at = min(created_at, (SELECT created_at FROM conversations WHERE id = ?1)),
               -- The newest address of both at the platform's relay: an older one may end before it.
               visitor_address = CASE WHEN channel IN ('booking', 'airbnb') AND visitor_address NOT LIKE '%channel.invalid'
                 THEN coalesce(
                   (SELECT author_address FROM messages WHERE conversation_id = ?2 AND side = 'visitor' AND author_address IN
                      (SELECT visitor_address FROM conversations WHERE id IN (?1, ?2)) ORDER BY at DESC, row DESC LIMIT 1),
                   visitor_address)
                 ELSE visitor_address END,
               relay_address = coalesce(
                 (SELECT author_address FROM messages WHERE conversation_id = ?2 AND side = 'visitor' AND author_address IN
                    (SELECT relay_address FROM conversations WHERE id IN (?1, ?2)) ORDER BY at DESC, row DESC LIMIT 1),
                 relay_address, (SELECT relay_address FROM conversations WHERE id = ?1)),
               (arrival, departure) = (SELECT arrival, departure FROM conversations WHERE id IN (?1, ?2)
                                       ORDER BY arrival IS NULL, id = ?1 LIMIT 1)
             WHERE id = ?2",
            params![from.0, into.0],
        )?;
        // What was merged into the first one before follows too: nothing points at a conversation that is no more.
        let sql = "UPDATE conversations SET merged_into = ?2, message_count = 0, unread_count = 0, needs_reply = 0
                   WHERE id = ?1 OR merged_into = ?1";
        self.execute(sql, params![from.0, into.0]).map(drop)
    }

    /// Changes how it stands with a message.
    pub fn set_message_state(&self, id: MessageKey, state: MessageState) -> Result<(), StoreError> {
        self.execute("UPDATE messages SET state = ?2 WHERE id = ?1", params![id.0, state]).map(drop)
    }

    /// What was found out about the sender of a file, after it was threaded; gives where it is shown.
    pub fn set_sender(
        &self,
        spool_name: &str,
        sender: &serde_json::Value,
    ) -> Result<Vec<(AccountId, ConversationId)>, StoreError> {
        let mut update = self.0.prepare_cached(
            "UPDATE messages SET details = json_set(details, '$.sender', json(?2)) WHERE spool_name = ?1
             RETURNING account_id, conversation_id",
        )?;
        let rows = update.query_map(params![spool_name, sender.to_string()], |row| {
            Ok((AccountId(row.get(0)?), ConversationId(row.get(1)?)))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A line in the conversation's timeline.
    pub fn add_event(
        &self,
        conversation: ConversationId,
        message: Option<MessageKey>,
        at: Timestamp,
        kind: EventKind,
        text: &str,
    ) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO events(conversation_id, message_id, at, kind, text) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![conversation.0, message.map(|m| m.0), micros(at), kind, text],
        )?;
        Ok(())
    }

    /// Is a message with this id and content there already (the same mail by another road)?
    pub fn has_content(
        &self,
        conversation: ConversationId,
        fingerprint: &[u8; 32],
    ) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM messages WHERE conversation_id = ?1 AND fingerprint = ?2";
        Ok(self.query(sql, params![conversation.0, &fingerprint[..]], |_| Ok(()))?.is_some())
    }

    /// Empties everything that `reindex` rebuilds. Settings, API tokens and the outbox stay. Until
    /// [`Writing::index_is_whole`] is said the index counts as unknown.
    pub fn clear_index(&self) -> Result<(), StoreError> {
        self.0.execute_batch(
            "DELETE FROM messages; DELETE FROM conversations; DELETE FROM processed; DELETE FROM events;
             DELETE FROM known_ids; DELETE FROM participants; DELETE FROM actions;",
        )?;
        self.set_processed(UNDER_WAY, "rebuilding")
    }

    /// A rebuild has come to its end.
    pub fn index_is_whole(&self) -> Result<(), StoreError> {
        self.execute("DELETE FROM processed WHERE spool_name = ?1", [UNDER_WAY]).map(drop)
    }
}

/// No file is called so: a rebuild began and has not ended.
pub(super) const UNDER_WAY: &str = "(rebuild)";
