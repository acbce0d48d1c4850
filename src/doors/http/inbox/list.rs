//! The list of conversations with its numbers, filters and search.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
};
use serde::Deserialize;

use super::{
    super::{
        Answer, Door, Problem,
        api::{cursor, read_cursor},
        blocking,
    },
    Assets, SignedIn, Words, assets, html, shown,
};
use crate::{
    ground::conversation::Channel,
    keep::store::{ConversationRow, Counts, Filter, Page, Troubles},
};

const ROWS: usize = 50;
/// So many deletions can be undone at once from the list.
const MAX_UNDO: usize = 200;

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    filter: String,
    channel: Option<Channel>,
    language: Option<String>,
    #[serde(default)]
    q: String,
    cursor: Option<String>,
    #[serde(default)]
    deleted: String,
}

struct Row {
    id: String,
    who: String,
    subject: String,
    last: String,
    at: String,
    shown_at: String,
    channel: &'static str,
    language: Option<String>,
    unread: bool,
    needs_reply: bool,
    closed: bool,
    held: bool,
    failed: bool,
}

struct Choice {
    href: String,
    label: &'static str,
    current: bool,
}

#[derive(Template)]
#[template(path = "list.html")]
struct List {
    words: Words,
    assets: &'static Assets,
    house: String,
    counts: Counts,
    search: String,
    filters: Vec<Choice>,
    undo: Vec<String>,
    trash: bool,
    rows: Vec<Row>,
    next: Option<String>,
}

pub(super) async fn show(
    State(door): State<Door>,
    signed_in: SignedIn,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let account = signed_in.account();
    let words = signed_in.words;
    let after = wanted.cursor.as_deref().map(read_cursor).transpose()?;
    let filter = Filter {
        needs_reply: (wanted.filter == "needs_reply").then_some(true),
        unread: (wanted.filter == "unread").then_some(true),
        closed: match wanted.filter.as_str() {
            "open" => Some(false),
            "closed" => Some(true),
            _ => None,
        },
        channel: wanted.channel,
        language: wanted.language.clone(),
        deleted: wanted.filter == "deleted",
        search: Some(wanted.q.trim().to_owned()).filter(|q| !q.is_empty()),
    };
    let trash = filter.deleted;
    let (mut found, counts, troubles) = blocking(move || {
        let page = Page { limit: ROWS + 1, after };
        Ok::<_, Problem>(door.gateway.store.read(|r| {
            let rows = r.conversations(account, &filter, page)?;
            let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
            Ok((rows, r.counts(account)?, r.troubles(account, &ids)?))
        })?)
    })
    .await?;
    let more = found.len() > ROWS;
    found.truncate(ROWS);
    let next = found
        .last()
        .filter(|_| more)
        .map(|row| href(&wanted, &wanted.filter, &[("cursor", &cursor(row.last_at, row.id))]));
    let list = List {
        words,
        assets: assets(),
        house: signed_in.house.name,
        counts,
        filters: choices(&wanted, words),
        // Only what looks like an id; restoring checks whose it is.
        undo: wanted
            .deleted
            .split(',')
            .filter(|id| id.parse::<crate::ground::key::ConversationId>().is_ok())
            .take(MAX_UNDO)
            .map(str::to_owned)
            .collect(),
        search: wanted.q,
        trash,
        rows: found
            .into_iter()
            .map(|row| {
                let trouble = troubles.get(&row.id).copied().unwrap_or_default();
                row_of(row, trouble, words)
            })
            .collect(),
        next,
    };
    html(StatusCode::OK, &list)
}

fn row_of(row: ConversationRow, trouble: Troubles, words: Words) -> Row {
    Row {
        id: row.id.to_string(),
        who: row.visitor_name.or(row.visitor_address).unwrap_or_else(|| "?".to_owned()),
        subject: row.subject,
        last: row.last_text,
        at: row.last_at.to_string(),
        shown_at: shown(row.last_at),
        channel: words.channel(&row.channel),
        language: row.language,
        unread: row.unread_count > 0,
        needs_reply: row.needs_reply,
        closed: row.closed,
        held: trouble.held,
        failed: trouble.failed,
    }
}

/// The list with this filter; search, channel and language stay.
fn href(wanted: &Wanted, filter: &str, more: &[(&str, &str)]) -> String {
    let channel = wanted.channel.map(|channel| match channel {
        Channel::Form => "form",
        Channel::Email => "email",
        Channel::Api => "api",
        Channel::Booking => "booking",
        Channel::Airbnb => "airbnb",
    });
    let mut pairs = vec![
        ("filter", filter),
        ("q", wanted.q.as_str()),
        ("channel", channel.unwrap_or_default()),
        ("language", wanted.language.as_deref().unwrap_or_default()),
    ];
    pairs.extend(more);
    pairs.retain(|(_, value)| !value.is_empty());
    let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
    if query.is_empty() { "/inbox".to_owned() } else { format!("/inbox?{query}") }
}

fn choices(wanted: &Wanted, words: Words) -> Vec<Choice> {
    let all = [
        ("", words.all()),
        ("needs_reply", words.needs_reply()),
        ("unread", words.unread()),
        ("open", words.open()),
        ("closed", words.set_aside()),
        ("deleted", words.trash()),
    ];
    all.into_iter()
        .map(|(filter, label)| Choice {
            href: href(wanted, filter, &[]),
            label,
            current: wanted.filter == filter,
        })
        .collect()
}
