//! A letter: an RFC 5322 message as read. Reading never fails; it gives the letter and its oddities.
//!
//! `structure` finds the parts, `read` the header, `body` what is shown and what is a file. Everything after
//! this room works on these plain values.

mod body;
mod charset;
mod charset_name;
mod date;
mod fields;
mod files;
mod flowed;
mod inline_pgp;
mod mailboxes;
mod params;
pub mod picture;
mod read;
mod rtf;
mod seven_bit;
mod shown;
mod structure;
#[cfg(test)]
mod tests;
mod tnef;
mod transfer;
mod uuencode;
mod words;

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ground::{
    address::{Address, Mailbox},
    html,
};

/// What was strange about a letter, in one word each; shown by `explain`, never a reason to refuse.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Oddity {
    /// A part's transfer encoding was broken; what could be decoded is there.
    BrokenEncoding,
    /// No usable From.
    NoFrom,
    /// Several mailboxes in From, or several From fields.
    SeveralFrom,
    /// No Date, or an unreadable one.
    NoDate,
    /// No Message-ID.
    NoMessageId,
    /// A charset was missing, unknown or wrong; the name of the one used instead.
    CharsetGuessed(String),
    /// Raw 8-bit bytes in a header.
    EightBitHeader,
    /// A boundary was missing or never closed.
    BrokenMultipart,
    /// More nesting or more parts than we follow; the rest is kept in the raw mail only.
    TooDeep,
    /// More text than anybody writes; all of it is a file, its beginning the text.
    LongText,
    /// winmail.dat was opened.
    Tnef,
    /// Encrypted or signed content we do not open.
    Sealed(String),
    /// A piece of a letter that came in several (message/partial, RFC 2046, 5.2.2); the others are letters of their own.
    Partial,
}

/// A Message-ID without angle brackets (RFC 5322, 3.6.4), compared as written.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MessageId(String);

impl MessageId {
    /// Strips brackets and white space; `None` when nothing is left.
    pub fn new(text: &str) -> Option<Self> {
        let id: String =
            text.trim().trim_start_matches('<').trim_end_matches('>').split_whitespace().collect();
        (!id.is_empty()).then_some(MessageId(id))
    }

    /// The id without brackets.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands right of the `@`, lower case.
    pub fn domain(&self) -> Option<String> {
        self.0.rsplit_once('@').map(|(_, domain)| domain.to_lowercase())
    }
}

/// With angle brackets, as it stands in a header.
impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.0)
    }
}

/// One header field: name as written, value unfolded and decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The field name as written.
    pub name: String,
    /// The value, unfolded, encoded words decoded.
    pub value: String,
}

/// A file that came with a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// The file name, decoded, without directories or control characters; empty when none was given.
    pub name: String,
    /// `type/subtype`, lower case.
    pub media_type: String,
    /// Content-ID without brackets.
    pub content_id: Option<String>,
    /// Referenced from the HTML by `cid:` (an image inside the text).
    pub inline: bool,
    /// The decoded content.
    pub content: Vec<u8>,
}

/// A letter as read.
#[derive(Clone, Debug, Default)]
pub struct Letter {
    /// All header fields in order.
    pub headers: Vec<Header>,
    /// The Message-ID.
    pub message_id: Option<MessageId>,
    /// In-Reply-To, in order.
    pub in_reply_to: Vec<MessageId>,
    /// References, oldest first.
    pub references: Vec<MessageId>,
    /// The Date header in UTC.
    pub date: Option<Timestamp>,
    /// From (RFC 5322 allows several).
    pub from: Vec<Mailbox>,
    /// Sender.
    pub sender: Option<Mailbox>,
    /// Reply-To.
    pub reply_to: Vec<Mailbox>,
    /// To.
    pub to: Vec<Mailbox>,
    /// Cc.
    pub cc: Vec<Mailbox>,
    /// The subject, decoded; empty when missing.
    pub subject: String,
    /// The text/plain bodies as written, joined; `None` when there is no plain part.
    pub plain: Option<String>,
    /// The HTML body as written: unsafe to show.
    pub html: Option<String>,
    /// Files, inline images included; enclosed letters too (message/rfc822).
    pub attachments: Vec<Attachment>,
    /// Letters enclosed as message/rfc822 (or headers only: text/rfc822-headers), in order.
    pub enclosed: Vec<Letter>,
    /// The machine-readable report parts: (media type such as `message/delivery-status`, text).
    pub reports: Vec<(String, String)>,
    /// text/calendar parts as text.
    pub calendars: Vec<String>,
    /// `type/subtype` of the whole letter and its Content-Type parameters.
    pub content_type: String,
    /// What was strange.
    pub oddities: Vec<Oddity>,
}

impl Letter {
    /// Reads any bytes.
    pub fn read(raw: &[u8]) -> Letter {
        read::letter(raw, 0)
    }

    /// The first field of this name (case-insensitive), decoded.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|h| h.name.eq_ignore_ascii_case(name)).map(|h| h.value.as_str())
    }

    /// All fields of this name, top first.
    pub fn headers_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |h| h.name.eq_ignore_ascii_case(name))
            .map(|h| h.value.as_str())
    }

    /// When the last server on its way took it: the moment at the end of the top Received field (RFC 5321, 4.4).
    pub fn received_at(&self) -> Option<Timestamp> {
        let (_, at) = self.header("Received")?.rsplit_once(';')?;
        date::parse(at.as_bytes())
    }

    /// The author: the first From mailbox.
    pub fn author(&self) -> Option<&Mailbox> {
        self.from.first()
    }

    /// The text a person reads: the plain part, or the HTML as text.
    pub fn text(&self) -> String {
        match (&self.plain, &self.html) {
            (Some(plain), _) if !plain.trim().is_empty() => plain.clone(),
            (_, Some(html)) => html::text(html),
            (plain, None) => plain.clone().unwrap_or_default(),
        }
    }

    /// Remembers something strange, once.
    fn note(&mut self, oddity: Oddity) {
        if !self.oddities.contains(&oddity) {
            self.oddities.push(oddity);
        }
    }

    /// Every address in To and Cc.
    pub fn recipients(&self) -> impl Iterator<Item = &Address> {
        self.to.iter().chain(&self.cc).map(|m| &m.address)
    }
}
