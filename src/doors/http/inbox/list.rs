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
    keep::store::{ConnectionRow, ConversationRow, Counts, Filter, LastWords, Page, Troubles},
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
}

impl Wanted {
    fn channel(&self) -> Option<Channel> {
        serde_json::from_value(self.channel.as_str().into()).ok()
    }

    /// What is closed is out of the way, but a search looks everywhere.
    fn shown(&self) -> &str {
        match (self.filter.as_str(), self.q.trim()) {
            ("", "") => OPEN,
            ("", _) => ALL,
            (filter, _) => filter,
        }
    }
}

const OPEN: &str = "open";
const ALL: &str = "all";

struct Row {
    id: String,
    who: String,
    subject: String,
    /// Said before them when they are the house's own.
    ours: bool,
    last: Vec<(bool, String)>,
    /// The language of the last words, for who hears the page read out.
    spoken: Option<String>,
    at: String,
    shown_at: String,
    channel: &'static str,
    /// The visitor's language: code, name.
    language: Option<(String, String)>,
    unread: bool,
    needs_reply: bool,
    closed: bool,
    held: bool,
    robot: bool,
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
    /// What a search found, in words.
    found: Option<String>,
    filters: Vec<Choice>,
    narrows: Vec<Narrow>,
    narrowed: bool,
    /// What stays when something else is asked of the list.
    fields: Vec<(&'static str, String)>,
    /// The query of this very list, to come back to it.
    here: String,
    undo: Vec<String>,
    trash: bool,
    may_reply: bool,
    /// A platform can be asked for the conversation of a reservation.
    may_begin: bool,
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
    let filter = filter_of(&wanted, &zone);
    let trash = filter.deleted;
    // Read before the store: what changes in between is told to the page.
    let seen = door.gateway.changes.last();
    let house_language = signed_in.house.language.clone();
    let (mut found, counts, troubles, (excerpts, last_words), (languages, may_begin)) =
        blocking(move || {
            let page = Page { limit: ROWS + 1, after };
            Ok::<_, Problem>(door.gateway.store.read(|r| {
                let rows = r.conversations(account, &filter, page)?;
                let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
                let excerpts = match &filter.search {
                    Some(query) => r.excerpts(account, query, &ids)?,
                    None => HashMap::new(),
                };
                let (troubles, languages) = (r.troubles(account, &ids)?, r.languages(account)?);
                let last_words = r.last_words(account, &ids, &house_language)?;
                let asks =
                    |row: &ConnectionRow| row.account == account && row.channel == Channel::Booking;
                let may_begin = r.connections()?.iter().any(asks);
                let last = (excerpts, last_words);
                Ok((rows, r.counts(account)?, troubles, last, (languages, may_begin)))
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
    let said = |count: usize| match more {
        true => words.found_more(count),
        false => words.found(count),
    };
    let list = List {
        words,
        assets: assets(),
        may_reply: signed_in.may(Scope::Reply),
        may_begin: may_begin && signed_in.may(Scope::Reply),
        may_delete: signed_in.may(Scope::Admin),
        zone: signed_in.house.time_zone,
        house: signed_in.house.name,
        counts,
        seen,
        found: (!wanted.q.trim().is_empty()).then(|| said(found.len())),
        filters: choices(&wanted, words),
        narrows: narrows(&wanted, languages, words),
        narrowed: fields(&wanted).iter().any(|(name, _)| *name != "filter"),
        fields: fields(&wanted),
        here: here(&wanted),
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
                let last = Last {
                    excerpt: excerpts.get(&row.id).cloned(),
                    words: last_words.get(&row.id).cloned(),
                };
                row_of(row, trouble, last, (words, &now))
            })
            .collect(),
        next,
    };
    html(StatusCode::OK, &list)
}

fn filter_of(wanted: &Wanted, zone: &TimeZone) -> Filter {
    let shown = wanted.shown();
    Filter {
        needs_reply: (shown == "needs_reply").then_some(true),
        unread: (shown == "unread").then_some(true),
        closed: match shown {
            OPEN => Some(false),
            "closed" => Some(true),
            _ => None,
        },
        channel: wanted.channel(),
        language: wanted.language.clone().filter(|language| !language.is_empty()),
        deleted: shown == "deleted",
        held: shown == "held",
        failed: shown == "failed",
        search: searched(wanted, zone),
    }
}

/// Days are the house's. What was found as it was typed is found again after Enter, on the way back and when something
/// changes: the last word may always grow, until a space ends it.
fn searched(wanted: &Wanted, zone: &TimeZone) -> Option<search::Query> {
    let ended = wanted.q.ends_with(char::is_whitespace);
    let typing = if ended { Typing::Done } else { Typing::Goes };
    let query = search::Query::read(&wanted.q, typing, zone);
    (!wanted.q.trim().is_empty()).then_some(query)
}

/// What a row says of the words in it: where the searched ones stand, else the last.
struct Last {
    excerpt: Option<search::Excerpt>,
    words: Option<LastWords>,
}

fn row_of(
    row: ConversationRow,
    trouble: Troubles,
    last: Last,
    (words, now): (Words, &Zoned),
) -> Row {
    let (ours, spoken, last) = match (last.excerpt, last.words) {
        // It may stand in any message.
        (Some(excerpt), _) => (false, None, excerpt.pieces),
        (None, Some(last)) => (last.ours, last.language, vec![(false, last.text)]),
        (None, None) => (false, None, vec![(false, row.last_text)]),
    };
    Row {
        id: row.id.to_string(),
        who: row.visitor_name.or(row.visitor_address).unwrap_or_else(|| "?".to_owned()),
        subject: row.subject,
        ours,
        spoken,
        last,
        at: row.last_at.to_string(),
        shown_at: words.shown_short(row.last_at, now),
        channel: words.channel(&row.channel),
        language: row.language.map(|code| (code.clone(), words.language_name(code))),
        unread: row.unread_count > 0,
        needs_reply: row.needs_reply,
        closed: row.closed,
        held: trouble.held,
        robot: trouble.robot,
        failed: trouble.failed,
        stay: row.stay.map(|stay| words.days(stay, now.date())),
    }
}

/// Filter, channel and language, as far as they are wanted.
fn fields(wanted: &Wanted) -> Vec<(&'static str, String)> {
    let language = wanted.language.clone().unwrap_or_default();
    let mut fields = vec![
        ("filter", wanted.filter.clone()),
        ("channel", wanted.channel.clone()),
        ("language", language),
    ];
    fields.retain(|(_, value)| !value.is_empty());
    fields
}

/// The query of the list as it is shown, its page included.
fn here(wanted: &Wanted) -> String {
    let cursor = wanted.cursor.as_deref().unwrap_or_default();
    query(wanted, &wanted.filter, &[("cursor", cursor)])
}

/// The list with this filter; search, channel and language stay.
fn href(wanted: &Wanted, filter: &str, more: &[(&str, &str)]) -> String {
    address(&query(wanted, filter, more))
}

/// The list of this query. One of ours has nothing but printable ASCII; another is none.
pub(super) fn address(query: &str) -> String {
    let ours = !query.is_empty() && query.bytes().all(|byte| byte.is_ascii_graphic());
    if ours { format!("/inbox?{query}") } else { "/inbox".to_owned() }
}

fn query(wanted: &Wanted, filter: &str, more: &[(&str, &str)]) -> String {
    let mut pairs = vec![
        ("filter", filter),
        ("q", wanted.q.as_str()),
        ("channel", wanted.channel.as_str()),
        ("language", wanted.language.as_deref().unwrap_or_default()),
    ];
    pairs.extend(more);
    pairs.retain(|(_, value)| !value.is_empty());
    serde_urlencoded::to_string(pairs).unwrap_or_default()
}

fn choices(wanted: &Wanted, words: Words) -> Vec<Choice> {
    let all = [
        (OPEN, words.open()),
        ("needs_reply", words.needs_reply()),
        ("unread", words.unread()),
        ("held", words.held_short()),
        ("failed", words.not_delivered()),
        ("closed", words.set_aside()),
        (ALL, words.all()),
        ("deleted", words.trash()),
    ];
    let bare = Wanted { filter: String::new(), ..wanted.clone() };
    let of = |filter: &str| if filter == bare.shown() { "" } else { filter }.to_owned();
    all.into_iter()
        .map(|(filter, label)| Choice {
            href: href(wanted, &of(filter), &[]),
            label,
            current: wanted.shown() == filter,
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
    let mut languages: Vec<_> =
        languages.into_iter().map(|code| (code.clone(), words.language_name(code))).collect();
    languages.sort_by(|a, b| a.1.cmp(&b.1));
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
