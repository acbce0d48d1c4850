//! What reading gives: rows as the pages and the API show them, filters and pages of the list.

use jiff::Timestamp;
use serde::Serialize;

use super::Purpose;
use crate::ground::{
    conversation::{Channel, EventKind, MessageKind, MessageState, Side},
    key::{ConversationId, MemberId, MessageKey, OutgoingId},
    outcome::{DeliveryState, OutcomeKind},
    search::Query,
    stay::Stay,
    translation::Translation,
};

/// Which conversations of an account to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only those whose *needs reply* is this.
    pub needs_reply: Option<bool>,
    /// Only those with (or without) unread messages.
    pub unread: Option<bool>,
    /// Only open or only closed ones.
    pub closed: Option<bool>,
    /// Only of this channel.
    pub channel: Option<Channel>,
    /// Only of this language.
    pub language: Option<String>,
    /// Deleted ones instead of the others.
    pub deleted: bool,
    /// Only those where a reply waits for a member's decision.
    pub held: bool,
    /// Only those where a reply could not be delivered, or nobody knows.
    pub failed: bool,
    /// What was typed to search.
    pub search: Option<Query>,
}

/// A place in the list, newest first: the last row of the page before.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Rows wanted.
    pub limit: usize,
    /// Only rows behind this one.
    pub after: Option<(Timestamp, ConversationId)>,
}

/// The numbers on top of the inbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Conversations, deleted ones not counted.
    pub conversations: i64,
    /// Conversations that need a reply.
    pub needs_reply: i64,
    /// Conversations with unread messages.
    pub unread: i64,
}

/// One row of the list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ConversationRow {
    /// The key.
    pub id: ConversationId,
    /// The subject.
    pub subject: String,
    /// The visitor's name.
    pub visitor_name: Option<String>,
    /// The visitor's address.
    pub visitor_address: Option<String>,
    /// How it began.
    pub channel: Channel,
    /// The visitor's language.
    pub language: Option<String>,
    /// Why it is that: `set_by_hand`, `visitor_choice`, `messages` …
    pub language_why: Option<String>,
    /// When it began.
    pub created_at: Timestamp,
    /// When its newest message came.
    pub last_at: Timestamp,
    /// The start of the newest message.
    pub last_text: String,
    /// Messages in it.
    pub message_count: i64,
    /// Unread messages in it.
    pub unread_count: i64,
    /// Waits for an answer.
    pub needs_reply: bool,
    /// Set aside.
    pub closed: bool,
    /// When the visitor stays, if a booking or a form says.
    pub stay: Option<Stay>,
    /// Deleted, recoverable until the configured time has passed.
    pub deleted_at: Option<Timestamp>,
}

/// One message with everything that is known of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MessageRow {
    /// The key.
    pub id: MessageKey,
    /// The file in the Maildir.
    #[serde(skip)]
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
    /// The author's name.
    pub author_name: Option<String>,
    /// The author's address.
    pub author_address: Option<String>,
    /// The subject.
    pub subject: String,
    /// The new text.
    pub text: String,
    /// The quoted part.
    pub quoted: String,
    /// The signature.
    pub signature: String,
    /// Safe HTML of the whole letter, if it had HTML.
    pub html: Option<String>,
    /// How sure the split of text and quote is.
    pub confidence: f64,
    /// The language of the new text.
    pub language: Option<String>,
    /// How sure that is.
    pub language_confidence: Option<f64>,
    /// The RFC 5322 Message-ID.
    pub message_id: Option<String>,
    /// When it was received.
    pub at: Timestamp,
    /// Read by the provider.
    pub read: bool,
    /// The size of the raw message.
    pub size_bytes: i64,
    /// How it was matched to this conversation.
    pub route: serde_json::Value,
    /// What else reading found.
    pub details: serde_json::Value,
    /// The files.
    pub attachments: Vec<AttachmentRow>,
    /// What became of the mails that carry it.
    pub deliveries: Vec<DeliveryRow>,
    /// What it is in other languages.
    pub translations: Vec<Translation>,
}

/// A file of a message; its bytes stay in the Maildir.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AttachmentRow {
    /// Index among the letter's attachments.
    pub position: u32,
    /// The name, cleaned.
    pub name: String,
    /// `type/subtype`.
    pub media_type: String,
    /// Decoded size.
    pub size_bytes: i64,
    /// Of the decoded content, hexadecimal.
    pub sha256: String,
    /// Referenced from the HTML.
    pub inline: bool,
    /// Content-ID without brackets.
    pub content_id: Option<String>,
    /// Why it wants care: program, script, macros, disguised, encrypted.
    pub danger: Option<String>,
}

/// One mail that carries a message to somebody.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DeliveryRow {
    /// The key.
    pub id: OutgoingId,
    /// What it is for.
    pub purpose: Purpose,
    /// Where to.
    pub recipient: String,
    /// How it stands.
    pub state: DeliveryState,
    /// Attempts so far.
    pub attempts: u32,
    /// When it is tried next; the pages ask, the API does not show it.
    #[serde(skip)]
    pub due_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// What the other side said last (JSON Answer).
    pub last_answer: Option<serde_json::Value>,
}

/// One attempt at a delivery.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AttemptRow {
    /// When.
    pub at: Timestamp,
    /// What came of it.
    pub outcome: OutcomeKind,
    /// The host that answered.
    pub host: Option<String>,
    /// Its reply code.
    pub code: Option<u16>,
    /// Its enhanced status code.
    pub enhanced: Option<String>,
    /// Its words.
    pub text: String,
}

/// A line of the timeline.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EventRow {
    /// When.
    pub at: Timestamp,
    /// What it is about.
    pub kind: EventKind,
    /// In one sentence.
    pub text: String,
    /// The message it is about.
    pub message: Option<MessageKey>,
}
