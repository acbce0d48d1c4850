//! The list of conversations with its numbers, filters and search.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
};
use jiff::{Zoned, tz::TimeZone};
use serde::Deserialize;

use super::{
    super::{
        Answer, Door, Problem,
        api::{cursor, read_cursor},
        blocking,
    },
    Assets, SignedIn, Words, assets, html,
};
use crate::{
    flow::clock,
    ground::{
        access::Scope,
        conversation::Channel,
        search::{self, Typing},
    },
    keep::store::{ConversationRow, Counts, Filter, Page, Troubles},
};

const ROWS: usize = 50;
/// So many deletions can be undone at once from the list.
const MAX_UNDO: usize = 200;

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    filter: String,
    #[serde(default)]
    channel: String,
    language: Option<String>,
    #[serde(default)]
    q: String,
    cursor: Option<String>,
    #[serde(default)]
    deleted: String,
    /// The last word is not finished: the page is read again as somebody types.
    typing: Option<String>,
}

impl Wanted {
    fn channel(&self) -> Option<Channel> {
        serde_json::from_value(self.channel.as_str().into()).ok()
    }
}

struct Row {
    id: String,
    who: String,
    subject: String,
    last: Vec<(bool, String)>,
    at: String,
    shown_at: String,
    channel: &'static str,
    language: Option<String>,
    unread: bool,
    needs_reply: bool,
    closed: bool,
    held: bool,
    failed: bool,
    stay: Option<String>,
}

struct Choice {
    href: String,
    label: &'static str,
    current: bool,
}

/// One of a few values to narrow the list by.
struct Narrow {
    name: &'static str,
    label: &'static str,
    options: Vec<(String, String, bool)>,
}

#[derive(Template)]
#[template(path = "list.html")]
struct List {
    words: Words,
    assets: &'static Assets,
    house: String,
    counts: Counts,
    seen: u64,
    zone: String,
    search: String,
    filter: String,
    filters: Vec<Choice>,
    narrows: Vec<Narrow>,
    undo: Vec<String>,
    trash: bool,
    may_reply: bool,
    may_delete: bool,
    rows: Vec<Row>,
    next: Option<String>,
}

pub(super) async fn show(
    State(door): State<Door>,
    signed_in: SignedIn,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let (account, zone) = (signed_in.account(), signed_in.house.zone());
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
        channel: wanted.channel(),
        language: wanted.language.clone().filter(|language| !language.is_empty()),
        deleted: wanted.filter == "deleted",
        held: wanted.filter == "held",
        failed: wanted.filter == "failed",
        search: searched(&wanted, &zone),
    };
    let trash = filter.deleted;
    // Read before the store: what changes in between is told to the page.
    let seen = door.gateway.changes.last();
    let (mut found, counts, troubles, excerpts, languages) = blocking(move || {
        let page = Page { limit: ROWS + 1, after };
        Ok::<_, Problem>(door.gateway.store.read(|r| {
            let rows = r.conversations(account, &filter, page)?;
            let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
            let excerpts = match &filter.search {
                Some(query) => r.excerpts(account, query, &ids)?,
                None => HashMap::new(),
            };
            let (troubles, languages) = (r.troubles(account, &ids)?, r.languages(account)?);
            Ok((rows, r.counts(account)?, troubles, excerpts, languages))
        })?)
    })
    .await?;
    let now = clock::now().to_zoned(zone);
    let more = found.len() > ROWS;
    found.truncate(ROWS);
    let next = found
        .last()
        .filter(|_| more)
        .map(|row| href(&wanted, &wanted.filter, &[("cursor", &cursor(row.last_at, row.id))]));
    let list = List {
        words,
        assets: assets(),
        may_reply: signed_in.may(Scope::Reply),
        may_delete: signed_in.may(Scope::Admin),
        zone: signed_in.house.time_zone,
        house: signed_in.house.name,
        counts,
        seen,
        filters: choices(&wanted, words),
        narrows: narrows(&wanted, languages, words),
        filter: wanted.filter.clone(),
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
                let excerpt = excerpts.get(&row.id).cloned();
                row_of(row, trouble, excerpt, (words, &now))
            })
            .collect(),
        next,
    };
    html(StatusCode::OK, &list)
}

/// Days are the house's.
fn searched(wanted: &Wanted, zone: &TimeZone) -> Option<search::Query> {
    let typing = if wanted.typing.is_some() { Typing::Goes } else { Typing::Done };
    let query = search::Query::read(&wanted.q, typing, zone);
    (!wanted.q.trim().is_empty()).then_some(query)
}

fn row_of(
    row: ConversationRow,
    trouble: Troubles,
    excerpt: Option<search::Excerpt>,
    (words, now): (Words, &Zoned),
) -> Row {
    let last = excerpt.map_or_else(|| vec![(false, row.last_text)], |excerpt| excerpt.pieces);
    Row {
        id: row.id.to_string(),
        who: row.visitor_name.or(row.visitor_address).unwrap_or_else(|| "?".to_owned()),
        subject: row.subject,
        last,
        at: row.last_at.to_string(),
        shown_at: words.shown_short(row.last_at, now),
        channel: words.channel(&row.channel),
        language: row.language,
        unread: row.unread_count > 0,
        needs_reply: row.needs_reply,
        closed: row.closed,
        held: trouble.held,
        failed: trouble.failed,
        stay: row.stay.map(|stay| words.days(stay, now.date())),
    }
}

/// The list with this filter; search, channel and language stay.
fn href(wanted: &Wanted, filter: &str, more: &[(&str, &str)]) -> String {
    let mut pairs = vec![
        ("filter", filter),
        ("q", wanted.q.as_str()),
        ("channel", wanted.channel.as_str()),
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
        ("held", words.held_short()),
        ("failed", words.not_delivered()),
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

fn narrows(wanted: &Wanted, languages: Vec<String>, words: Words) -> Vec<Narrow> {
    let options = |all: Vec<(String, String)>, chosen: &str| {
        let any = (String::new(), words.any().to_owned());
        let all = std::iter::once(any).chain(all);
        all.map(|(value, label)| (value.clone(), label, value == chosen)).collect()
    };
    let channels = ["form", "email", "api", "booking", "airbnb", "channex"];
    let channels = channels.map(|name| (name.to_owned(), words.channel(name).to_owned()));
    let languages = languages.into_iter().map(|code| (code.clone(), code)).collect();
    let chosen = wanted.language.as_deref().unwrap_or_default();
    vec![
        Narrow {
            name: "channel",
            label: words.by_channel(),
            options: options(channels.into(), &wanted.channel),
        },
        Narrow {
            name: "language",
            label: words.by_language(),
            options: options(languages, chosen),
        },
    ]
}
