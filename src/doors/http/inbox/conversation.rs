//! The page of one conversation: its messages by side, what became of the replies, the form to answer.

use askama::Template;
use axum::{
    extract::{Path, Request, State},
    http::StatusCode,
    response::{IntoResponse, Redirect},
};

use super::{
    super::{Answer, Door, Problem, api, blocking, change},
    Assets, SignedIn, Words, assets, html, shown,
};
use crate::{
    ground::key::{ConversationId, MessageKey},
    keep::store::{Counts, DeliveryRow, EventRow, MessageRow},
};

enum Entry {
    Event { at: String, shown_at: String, text: String },
    Message(Box<Message>),
}

struct Message {
    id: String,
    side: String,
    state: String,
    who: String,
    at: String,
    shown_at: String,
    language: Option<String>,
    label: Option<&'static str>,
    text: String,
    quoted: String,
    signature: String,
    files: Vec<File>,
    deliveries: Vec<Delivery>,
    route: Option<&'static str>,
}

struct File {
    href: String,
    name: String,
    size: String,
}

struct Delivery {
    words: String,
    bad: bool,
}

#[derive(Template)]
#[template(path = "conversation.html")]
struct Page {
    words: Words,
    assets: &'static Assets,
    counts: Counts,
    seen: u64,
    search: String,
    id: String,
    subject: String,
    who: String,
    channel: &'static str,
    language: Option<String>,
    needs_reply: bool,
    closed: bool,
    deleted: bool,
    entries: Vec<Entry>,
    wrong: Option<&'static str>,
    draft: String,
}

pub(super) async fn show(
    State(door): State<Door>,
    signed_in: SignedIn,
    Path(text): Path<String>,
) -> Answer {
    let id = api::id(&text)?;
    page(&door, &signed_in, id, None, String::new()).await
}

async fn page(
    door: &Door,
    signed_in: &SignedIn,
    id: ConversationId,
    wrong: Option<&'static str>,
    draft: String,
) -> Answer {
    let (account, words) = (signed_in.account(), signed_in.words);
    let gateway = std::sync::Arc::clone(&door.gateway);
    let found = blocking(move || {
        // Opening is reading. Only when there is something unread: marking announces a change to open pages.
        let row = gateway.store.read(|r| r.conversation(account, id))?;
        if row.is_some_and(|row| row.unread_count > 0) {
            gateway.mark_read(account, id, true)?;
        }
        // Read before the store: what changes in between is told to the page.
        let seen = gateway.changes.last();
        let found = gateway.store.read(|r| {
            let Some(row) = r.conversation(account, id)? else { return Ok(None) };
            let members = r.members(account)?;
            Ok(Some((row, r.messages(account, id)?, r.events(id)?, r.counts(account)?, members)))
        })?;
        Ok::<_, Problem>(found.map(|found| (seen, found)))
    })
    .await?;
    let (seen, (row, messages, events, counts, members)) =
        found.ok_or_else(|| Problem::not_found("there is no such conversation or message"))?;
    let name_of = |message: &MessageRow| {
        let member = message.member.and_then(|id| members.iter().find(|m| m.id == id));
        member.map(|m| m.name.clone())
    };
    let mut entries: Vec<_> = messages
        .into_iter()
        .map(|m| {
            let name = name_of(&m);
            (m.at, Entry::Message(Box::new(message(m, name, words))))
        })
        .chain(events.into_iter().map(|e| (e.at, event(e))))
        .collect();
    entries.sort_by_key(|(at, _)| *at);
    let who = match (row.visitor_name, row.visitor_address) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (name, address) => name.or(address).unwrap_or_else(|| "?".to_owned()),
    };
    let page = Page {
        words,
        assets: assets(),
        counts,
        seen,
        search: String::new(),
        id: row.id.to_string(),
        subject: row.subject,
        who,
        channel: words.channel(&row.channel),
        language: row.language,
        needs_reply: row.needs_reply,
        closed: row.closed,
        deleted: row.deleted_at.is_some(),
        entries: entries.into_iter().map(|(_, entry)| entry).collect(),
        wrong,
        draft,
    };
    html(if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &page)
}

fn event(event: EventRow) -> Entry {
    let text = if event.text.is_empty() { event.kind } else { event.text };
    Entry::Event { at: event.at.to_string(), shown_at: shown(event.at), text }
}

fn message(row: MessageRow, member: Option<String>, words: Words) -> Message {
    let label = match row.state.as_str() {
        "note" => Some(words.a_note()),
        "held" => Some(words.held()),
        "discarded" => Some(words.discarded()),
        _ => (row.kind != "person").then(|| words.automatic()),
    };
    let route = match row.route["strategy"].as_str() {
        Some("envelope_token" | "header_token") => Some(words.by_reply_address()),
        Some("issued_id") => Some(words.by_issued_id()),
        Some("known_id") => Some(words.by_known_id()),
        _ => None,
    };
    let files = row.attachments.iter().map(|file| File {
        href: format!("/inbox/files/{}/{}", row.id, file.position),
        name: if file.name.is_empty() { file.media_type.clone() } else { file.name.clone() },
        size: size(file.size_bytes),
    });
    let replies = row.deliveries.iter().filter(|delivery| delivery.purpose == "reply");
    Message {
        id: row.id.to_string(),
        files: files.collect(),
        deliveries: replies.map(|delivery| delivered(delivery, words)).collect(),
        side: row.side,
        state: row.state,
        who: member.or(row.author_name).or(row.author_address).unwrap_or_else(|| "?".to_owned()),
        at: row.at.to_string(),
        shown_at: shown(row.at),
        language: row.language,
        label,
        text: row.text,
        quoted: row.quoted,
        signature: row.signature,
        route,
    }
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
        _ if row.attempts > 0 => (with(words.delayed(), said), false),
        _ => (with(words.waiting(), ""), false),
    };
    Delivery { words: text, bad }
}

fn size(bytes: i64) -> String {
    match bytes {
        ..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

pub(super) async fn reply(
    State(door): State<Door>,
    signed_in: SignedIn,
    Path(text): Path<String>,
    request: Request,
) -> Answer {
    let id: ConversationId = api::id(&text)?;
    let mut reply = change::read_reply(request).await?;
    if reply.text.trim().is_empty() && reply.attachments.is_empty() {
        return page(&door, &signed_in, id, Some(signed_in.words.empty_reply()), reply.text).await;
    }
    reply.member = Some(signed_in.member.id);
    let key = door.gateway.reply(signed_in.account(), id, &reply).await?;
    Ok(Redirect::to(&format!("/inbox/{id}#m{key}")).into_response())
}

pub(super) async fn file(
    State(door): State<Door>,
    signed_in: SignedIn,
    Path((text, position)): Path<(String, String)>,
) -> Answer {
    let (id, position): (MessageKey, u32) = (api::id(&text)?, api::id(&position)?);
    let account = signed_in.account();
    let file = blocking(move || Ok(door.gateway.attachment(account, id, position)?)).await?;
    Ok(api::download(&file.media_type, &file.name, file.content))
}
