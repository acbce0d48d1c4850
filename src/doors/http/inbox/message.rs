//! One message as the page shows it: who, what, in which languages, and what became of it in plain words.

use jiff::{Timestamp, Zoned, civil::Date};

use super::{Words, view};
use crate::{
    ground::{
        calendar,
        conversation::{Channel, EventKind, MessageKind, MessageState, Side},
        form,
        outcome::{Answer, DeliveryState},
        refusal, told,
        translation::State,
        word,
    },
    keep::store::{DeliveryRow, EventRow, MessageRow, Purpose},
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
    /// Code and name.
    pub(super) language: Option<(String, String)>,
    pub(super) label: Option<&'static str>,
    pub(super) text: String,
    pub(super) quoted: String,
    pub(super) signature: String,
    /// Where the HTML of the mail is shown, if it had any.
    pub(super) as_sent: Option<String>,
    pub(super) cards: Vec<Card>,
    pub(super) files: Vec<File>,
    pub(super) deliveries: Vec<Delivery>,
    /// It leaves in so many seconds: until then its author can take it back.
    pub(super) undo: Option<i64>,
    pub(super) route: Option<String>,
    /// What speaks against its sender.
    pub(super) unproven: Option<String>,
    pub(super) translation: Option<Translated>,
    /// The cut may be wrong: the quoted part is shown unfolded.
    pub(super) unsure: bool,
}

/// A calendar invitation: what, when, where.
pub(super) struct Card {
    pub(super) label: &'static str,
    pub(super) what: String,
    pub(super) when: Option<String>,
    pub(super) place: Option<String>,
}

pub(super) struct File {
    pub(super) href: String,
    /// Where it is shown, if it says it is a picture.
    pub(super) picture: Option<String>,
    /// Where its text or pages are shown.
    pub(super) look: Option<Look>,
    pub(super) name: String,
    pub(super) size: String,
    /// It may be a program: open with care.
    pub(super) dangerous: bool,
}

/// What a file looks like, in a frame.
pub(super) struct Look {
    pub(super) at: String,
    /// A text needs no right at all; browsers show no PDF in a sandbox, and show it in one of their own.
    pub(super) sandbox: bool,
}

pub(super) struct Delivery {
    pub(super) words: String,
    /// What the other server answered, in its own words.
    pub(super) said: Option<String>,
    pub(super) bad: bool,
}

/// A message in another language.
pub(super) struct Translated {
    /// Its code.
    pub(super) language: String,
    pub(super) language_name: String,
    pub(super) text: String,
    /// Read instead of the original, which is folded; a reply is read as it was written.
    pub(super) first: bool,
    pub(super) why: String,
    /// Its engine's output is rough.
    pub(super) rough: bool,
}

pub(super) fn event(event: EventRow, words: Words, now: &Zoned) -> Entry {
    let said = words.event(event.kind);
    let text = match told_of(event.kind, &event.text, words) {
        Some(told) if !event.text.is_empty() => words.event_with(said, told),
        _ => said.to_owned(),
    };
    Entry::Event { at: event.at.to_string(), shown_at: words.shown(event.at, now), text }
}

/// What a line tells beside its kind: addresses, what a server said, from which language into which.
fn told_of(kind: EventKind, text: &str, words: Words) -> Option<String> {
    let said = || advised(text, words).unwrap_or_else(|| told::said_of(text, words.0));
    match kind {
        EventKind::Translated => Some(match text.split_once(" → ") {
            Some((from, to)) => {
                format!("{} → {}", words.language_name(from), words.language_name(to))
            }
            None => said(),
        }),
        EventKind::Failed
        | EventKind::Delayed
        | EventKind::Unknown
        | EventKind::Refused
        | EventKind::Quarantined
        | EventKind::Bounced
        | EventKind::Delivered
        | EventKind::Complaint
        | EventKind::AutomaticReply => Some(said()),
        EventKind::Done
        | EventKind::Language
        | EventKind::Undeliverable
        | EventKind::LoopStopped
        | EventKind::Released
        | EventKind::Confirmed
        | EventKind::Discarded
        | EventKind::TakenBack
        | EventKind::Restored
        | EventKind::Accepted
        | EventKind::Merged
        | EventKind::Split
        | EventKind::Moved => None,
    }
}

/// What a server's code means (`john@guest.example: 5.1.1 …`), where that is known: its own words are for technicians.
fn advised(text: &str, words: Words) -> Option<String> {
    let (about, said) = text.split_once(": ").filter(|(about, _)| about.contains('@'))?;
    let code = said.split_whitespace().next()?;
    let answer = Answer { enhanced: Some(code.to_owned()), ..Answer::default() };
    refusal::advice(&answer, words.0).map(|advice| format!("{about}. {advice}"))
}

/// Pictures every browser knows and that run nothing.
const SHOWN: &[&str] = &["image/png", "image/jpeg", "image/gif", "image/webp"];

pub(super) fn message(
    row: MessageRow,
    member: Option<String>,
    (words, now): (Words, &Zoned),
) -> Message {
    let link = |part: &str| view::way(row.id, part);
    let label = match row.state {
        MessageState::Note => Some(words.a_note()),
        MessageState::Held if row.side == Side::Visitor => Some(words.probably_a_robot()),
        MessageState::Held => Some(words.held()),
        MessageState::Quarantined => Some(words.quarantined()),
        MessageState::Refused => Some(words.refused()),
        MessageState::Translating => Some(words.translating()),
        MessageState::Pending => Some(words.pending()),
        MessageState::Discarded => Some(words.discarded()),
        _ if row.details["redacted"] == true => Some(words.redacted()),
        _ => (row.kind != MessageKind::Person).then(|| words.automatic()),
    };
    let (route, unproven) = (matched(&row, words), unproven(&row, words));
    let logos: Vec<u64> = row.details["logos"]
        .as_array()
        .map(|all| all.iter().filter_map(serde_json::Value::as_u64).collect())
        .unwrap_or_default();
    let others = row.attachments.iter().filter(|file| !logos.contains(&u64::from(file.position)));
    let files = others.map(|file| File {
        picture: SHOWN
            .contains(&file.media_type.as_str())
            .then(|| link(&file.position.to_string())),
        look: look(&file.media_type, file.position, link),
        href: format!("/inbox/files/{}/{}", row.id, file.position),
        name: match (file.name.as_str(), file.media_type.as_str()) {
            ("", "text/calendar") => format!("{}.ics", words.invitation()),
            ("", media_type) => media_type.to_owned(),
            (name, _) => name.to_owned(),
        },
        size: words.size(file.size_bytes),
        dangerous: file.danger.is_some(),
    });
    let cards = calendar::kept(&row.details).into_iter().map(|card| Card {
        label: if card.is_cancelled() { words.cancelled_invitation() } else { words.invitation() },
        when: card.when(now.time_zone()).map(|when| with_dates(&when, words, now)),
        what: card.summary.unwrap_or_default(),
        place: card.location,
    });
    let mut translation = translated(&row, words);
    if let Some(translation) = &mut translation {
        translation.text = in_words(&row, &translation.text, (words, now));
    }
    let text = in_words(&row, &row.text, (words, now));
    let replies = row.deliveries.iter().filter(|delivery| delivery.purpose == Purpose::Reply);
    let soon = |d: &&DeliveryRow| {
        d.state == DeliveryState::Waiting && d.attempts == 0 && d.due_at > now.timestamp()
    };
    let leaves = replies.clone().filter(soon).map(|delivery| delivery.due_at).max();
    let left = |at: Timestamp| at.duration_since(now.timestamp()).as_secs().max(1);
    let undo = leaves.filter(|_| row.state == MessageState::Sent).map(left);
    Message {
        id: row.id.to_string(),
        unsure: row.confidence < UNSURE,
        as_sent: row.html.as_ref().map(|_| link("html")),
        cards: cards.collect(),
        files: files.collect(),
        undo,
        deliveries: replies
            .filter(|delivery| !soon(delivery))
            .map(|delivery| delivered(delivery, words, now))
            .collect(),
        side: word::of(&row.side),
        state: word::of(&row.state),
        who: member.or(row.author_name).or(row.author_address).unwrap_or_else(|| "?".to_owned()),
        at: row.at.to_string(),
        shown_at: words.shown(row.at, now),
        language: row.language.map(|code| (code.clone(), words.language_name(code))),
        label,
        text,
        quoted: row.quoted,
        signature: row.signature,
        route,
        unproven,
        translation,
    }
}

fn translated(row: &MessageRow, words: Words) -> Option<Translated> {
    let found = row.translations.iter().find(|found| found.state != State::Waiting)?;
    Some(Translated {
        language: found.to.to_string(),
        language_name: words.language_name(found.to.to_string()),
        first: row.side == Side::Visitor && found.state == State::Done,
        text: found.text.clone(),
        why: found.why.clone(),
        rough: found.rough,
    })
}

/// Where the start of a text, or a PDF, can be seen.
fn look(media_type: &str, position: u32, link: impl Fn(&str) -> String) -> Option<Look> {
    let is_text = media_type.starts_with("text/") || media_type == "application/json";
    let part = match media_type {
        _ if is_text => format!("text-{position}"),
        "application/pdf" => format!("pdf-{position}"),
        _ => return None,
    };
    // Without the viewer's list of pages.
    let view = if is_text { "" } else { "#navpanes=0" };
    Some(Look { at: format!("{}{view}", link(&part)), sandbox: is_text })
}

/// How it came into this conversation.
fn matched(row: &MessageRow, words: Words) -> Option<String> {
    let evidence = row.route["evidence"].as_str().unwrap_or_default();
    let sentence = match (row.route["strategy"].as_str()?, row.channel) {
        // A member's words in the inbox are where they were written.
        ("door", Channel::Api) => return None,
        ("door", Channel::Form) => words.by_form(),
        ("door", channel) => return Some(words.by_channel_thread(words.channel(channel))),
        ("envelope_token" | "header_token", _) => words.by_reply_address(),
        ("issued_id", _) => words.by_issued_id(),
        ("known_id", _) if evidence != "archive" => words.by_known_id(),
        ("followed", _) => words.by_move(),
        ("ota_key", _) => words.by_reservation(),
        ("new", _) if evidence == "forwarded by a member" => words.by_forwarding(),
        ("new", _) if evidence.is_empty() => words.by_nothing(),
        _ => return None,
    };
    Some(sentence.to_owned())
}

/// What speaks against the sender, in the words of the checks.
fn unproven(row: &MessageRow, words: Words) -> Option<String> {
    let sender = &row.details["sender"];
    let doubt = row.details["doubt"].as_str();
    let evidence = doubt.or(sender["evidence"].as_str().filter(|_| sender["authentic"] == false));
    evidence.map(|evidence| words.unproven(told::said(evidence, words.0)))
}

/// A delivery in plain words; what the other server said in its own stands apart.
fn delivered(row: &DeliveryRow, words: Words, now: &Zoned) -> Delivery {
    let answer: Option<Answer> =
        row.last_answer.as_ref().and_then(|answer| serde_json::from_value(answer.clone()).ok());
    let answer = answer.unwrap_or_default();
    let theirs = answer.code.is_some() && !answer.text.is_empty();
    let ours = if theirs { String::new() } else { told::said(&answer.text, words.0) };
    let to = row.recipient.as_str();
    let ended = words.shown(row.ended_at.unwrap_or(row.due_at), now);
    let with = |sentence: String| match refusal::advice(&answer, words.0) {
        Some(advice) => format!("{sentence}. {advice}"),
        None if ours.is_empty() => sentence,
        None => format!("{sentence} ({ours})"),
    };
    let (text, bad) = match (row.state, answer.host.as_deref()) {
        (DeliveryState::Done, Some(server)) => (words.accepted_by(ended, server, to), false),
        (DeliveryState::Done, None) => (words.accepted(ended, to), false),
        (DeliveryState::Failed, _) => (with(words.failed(to)), true),
        (DeliveryState::Unknown, _) => (with(words.unknown(to)), true),
        (DeliveryState::Held, _) => (words.kept_back(to), true),
        (DeliveryState::Waiting | DeliveryState::Sending, _) if row.attempts > 0 => {
            (with(words.delayed(words.shown(row.due_at, now), to)), false)
        }
        (DeliveryState::Waiting | DeliveryState::Sending, _) => (words.waiting(to), false),
    };
    let tells = theirs && row.state != DeliveryState::Done && row.attempts > 0;
    let said = tells.then(|| words.server_said(answer.text.as_str()));
    Delivery { words: text, said, bad }
}

/// Does the message itself say what this line of the timeline tells?
pub(super) fn says(row: &MessageRow, event: &EventRow) -> bool {
    let told = |delivery: &DeliveryRow| match delivery.state {
        DeliveryState::Waiting if delivery.attempts > 0 => Some(EventKind::Delayed),
        DeliveryState::Failed => Some(EventKind::Failed),
        DeliveryState::Unknown => Some(EventKind::Unknown),
        _ => None,
    };
    let replies = row.deliveries.iter().filter(|delivery| delivery.purpose == Purpose::Reply);
    event.message == Some(row.id)
        && replies.into_iter().any(|delivery| {
            told(delivery) == Some(event.kind) && event.text.contains(&delivery.recipient)
        })
}

/// The words of a visitor, with the lines of the form below them called as the house calls them.
fn in_words(row: &MessageRow, text: &str, (words, now): (Words, &Zoned)) -> String {
    if row.channel != Channel::Form || row.side != Side::Visitor {
        return text.to_owned();
    }
    let (said, fields) = form::apart(text);
    if fields.is_empty() {
        return text.to_owned();
    }
    let line = |line: &str| {
        let (name, value) = line.split_once(": ")?;
        let name = match name {
            "arrival" => words.field_arrival(),
            "departure" => words.field_departure(),
            "guests" => words.field_guests(),
            "phone" => words.field_phone(),
            // As an engine said it.
            name if value.parse::<Date>().is_ok() => name,
            _ => return None,
        };
        Some(words.event_with(name, with_dates(value, words, now)))
    };
    let fields = fields.lines().map(|text| line(text).unwrap_or_else(|| text.to_owned()));
    format!("{said}\n\n{}", fields.collect::<Vec<_>>().join("\n"))
}

/// Days in figures as the page says them.
fn with_dates(text: &str, words: Words, now: &Zoned) -> String {
    let pieces: Vec<&str> = text.split(' ').collect();
    let said = pieces.iter().enumerate().map(|(n, piece)| {
        let Some(date) = piece.parse::<Date>().ok().filter(|_| piece.len() == 10) else {
            return (*piece).to_owned();
        };
        let date = words.date(date, now.date());
        let clock = pieces.get(n + 1).is_some_and(|next| next.contains(':'));
        if clock { format!("{date},") } else { date }
    });
    said.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::phrases::Tongue;

    #[test]
    fn lines_of_the_timeline_speak_the_language_of_the_page() {
        let now: Zoned = "2026-11-28T18:05[Europe/Lisbon]".parse().unwrap();
        for (kind, kept, said) in [
            (EventKind::Translated, "de → pt", "Tradução: alemão → português"),
            (
                EventKind::Refused,
                "Rui may read here but not answer: nothing was sent",
                "Não enviada: Rui pode ler, mas não responder: nada foi enviado",
            ),
            (
                EventKind::Failed,
                "j@guest.example: the domain guest.example does not exist",
                "Não entregue: j@guest.example: o domínio guest.example não existe",
            ),
            (
                EventKind::Bounced,
                "j@guest.example: user unknown",
                "Devolvida: j@guest.example: user unknown",
            ),
            (EventKind::Done, "no reply needed", "Não é preciso responder"),
        ] {
            let (at, text) = (now.timestamp(), kept.to_owned());
            let row = EventRow { at, message: None, kind, text };
            let Entry::Event { text, .. } = event(row, Words(Tongue::Pt), &now) else {
                panic!("a message")
            };
            assert_eq!(text, said);
        }
    }
}
