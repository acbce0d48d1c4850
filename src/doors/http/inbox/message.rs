//! One message as the page shows it: who, what, in which languages, and what became of it in plain words.

use jiff::{Timestamp, tz::TimeZone};

use super::{Words, shown};
use crate::{
    ground::translation::State,
    keep::store::{DeliveryRow, EventRow, MessageRow},
};

/// Below this confidence a person should see the whole mail (`ground::reply_text`).
const UNSURE: f64 = 0.7;

pub(super) enum Entry {
    Event { at: String, shown_at: String, text: String },
    Message(Box<Message>),
}

pub(super) struct Message {
    pub(super) id: String,
    pub(super) side: String,
    pub(super) state: String,
    pub(super) who: String,
    pub(super) at: String,
    pub(super) shown_at: String,
    pub(super) language: Option<String>,
    pub(super) label: Option<&'static str>,
    pub(super) text: String,
    pub(super) quoted: String,
    pub(super) signature: String,
    /// Where the HTML of the mail is shown, if it had any.
    pub(super) as_sent: Option<String>,
    pub(super) files: Vec<File>,
    pub(super) deliveries: Vec<Delivery>,
    /// It has not left: its author can take it back.
    pub(super) undo: bool,
    pub(super) route: Option<&'static str>,
    pub(super) translation: Option<Translated>,
    /// The cut may be wrong: the quoted part is shown unfolded.
    pub(super) unsure: bool,
}

pub(super) struct File {
    pub(super) href: String,
    /// Where it is shown, if it says it is a picture.
    pub(super) picture: Option<String>,
    pub(super) name: String,
    pub(super) size: String,
    /// It may be a program: open with care.
    pub(super) dangerous: bool,
}

pub(super) struct Delivery {
    pub(super) words: String,
    pub(super) bad: bool,
}

/// A message in another language.
pub(super) struct Translated {
    pub(super) language: String,
    pub(super) text: String,
    /// Read instead of the original, which is folded; a reply is read as it was written.
    pub(super) first: bool,
    pub(super) why: String,
}

/// Lines whose own text names addresses or what a server said, and is shown behind the words.
const TELLING: [&str; 5] = ["failed", "delayed", "refused", "quarantined", "translated"];

pub(super) fn event(event: EventRow, words: Words, zone: &TimeZone) -> Entry {
    let text = match (words.event(&event.kind), event.text) {
        (Some(said), text) if TELLING.contains(&event.kind.as_str()) => {
            format!("{} {text}", said.trim_end_matches(':'))
        }
        (Some(said), _) => said.trim_end_matches([':', ' ']).to_owned(),
        (None, text) if text.is_empty() => event.kind,
        (None, text) => text,
    };
    Entry::Event { at: event.at.to_string(), shown_at: shown(event.at, zone), text }
}

/// Pictures every browser knows and that run nothing.
const SHOWN: &[&str] = &["image/png", "image/jpeg", "image/gif", "image/webp"];

/// `link` gives the address where a part of the message is shown.
pub(super) fn message(
    row: MessageRow,
    member: Option<String>,
    (words, zone): (Words, &TimeZone),
    now: Timestamp,
    link: impl Fn(&str) -> String,
) -> Message {
    let label = match row.state.as_str() {
        "note" => Some(words.a_note()),
        "held" => Some(words.held()),
        "quarantined" => Some(words.quarantined()),
        "refused" => Some(words.refused()),
        "translating" => Some(words.translating()),
        "pending" => Some(words.pending()),
        "discarded" => Some(words.discarded()),
        _ if row.details["redacted"] == true => Some(words.redacted()),
        _ => (row.kind != "person").then(|| words.automatic()),
    };
    let route = match row.route["strategy"].as_str() {
        Some("envelope_token" | "header_token") => Some(words.by_reply_address()),
        Some("issued_id") => Some(words.by_issued_id()),
        Some("known_id" | "followed") => Some(words.by_known_id()),
        _ => None,
    };
    let logos: Vec<u64> = row.details["logos"]
        .as_array()
        .map(|all| all.iter().filter_map(serde_json::Value::as_u64).collect())
        .unwrap_or_default();
    let others = row.attachments.iter().filter(|file| !logos.contains(&u64::from(file.position)));
    let files = others.map(|file| File {
        picture: SHOWN
            .contains(&file.media_type.as_str())
            .then(|| link(&file.position.to_string())),
        href: format!("/inbox/files/{}/{}", row.id, file.position),
        name: if file.name.is_empty() { file.media_type.clone() } else { file.name.clone() },
        size: size(file.size_bytes),
        dangerous: file.danger.is_some(),
    });
    let translation = translated(&row);
    let replies = row.deliveries.iter().filter(|delivery| delivery.purpose == "reply");
    let soon = |d: &&DeliveryRow| d.state == "waiting" && d.attempts == 0 && d.due_at > now;
    let undo = row.state == "sent" && replies.clone().any(|delivery| soon(&delivery));
    Message {
        id: row.id.to_string(),
        unsure: row.confidence < UNSURE,
        as_sent: row.html.as_ref().map(|_| link("html")),
        files: files.collect(),
        undo,
        deliveries: replies
            .filter(|delivery| !soon(delivery))
            .map(|delivery| delivered(delivery, words))
            .collect(),
        side: row.side,
        state: row.state,
        who: member.or(row.author_name).or(row.author_address).unwrap_or_else(|| "?".to_owned()),
        at: row.at.to_string(),
        shown_at: shown(row.at, zone),
        language: row.language,
        label,
        text: row.text,
        quoted: row.quoted,
        signature: row.signature,
        route,
        translation,
    }
}

fn translated(row: &MessageRow) -> Option<Translated> {
    let found = row.translations.iter().find(|found| found.state != State::Waiting)?;
    Some(Translated {
        language: found.to.name().to_owned(),
        first: row.side == "visitor" && found.state == State::Done,
        text: found.text.clone(),
        why: found.why.clone(),
    })
}

/// A delivery in plain words.
fn delivered(row: &DeliveryRow, words: Words) -> Delivery {
    let answer = row.last_answer.as_ref();
    let said = answer.and_then(|answer| answer["text"].as_str()).unwrap_or_default();
    let host = answer.and_then(|answer| answer["host"].as_str());
    let to = &row.recipient;
    let with = |sentence: &str, more: &str| {
        if more.is_empty() {
            format!("{sentence} {to}")
        } else {
            format!("{sentence} {to} ({more})")
        }
    };
    let (text, bad) = match row.state.as_str() {
        "done" => (with(words.accepted(), host.unwrap_or_default()), false),
        "failed" => (with(words.failed(), said), true),
        "unknown" => (with(words.unknown(), said), true),
        "held" => (with(words.withheld(), ""), true),
        _ if row.attempts > 0 => (with(words.delayed(), said), false),
        _ => (with(words.waiting(), ""), false),
    };
    Delivery { words: text, bad }
}

pub(super) fn size(bytes: i64) -> String {
    match bytes {
        ..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}
