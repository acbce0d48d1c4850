//! The list of conversations with its numbers, filters and search.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
};
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::{
    super::{
        Answer, Door, Problem,
        api::{cursor, read_cursor},
        blocking,
    },
    Assets, SignedIn, Words, assets,
    houses::{self, House},
    html,
    rows::{Found, Row},
};
use crate::{
    flow::clock,
    ground::{
        access::Scope,
        conversation::Channel,
        key::ConversationId,
        search::{self, Typing},
        word,
    },
    keep::store::{ConnectionRow, Counts, Filter, Page},
};

/// So many conversations are on a page, and beside one of them.
pub(super) const ROWS: usize = 50;
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
    pub(super) cursor: Option<String>,
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
    house_id: String,
    /// Other houses of who is signed in.
    houses: Vec<House>,
    /// Where visitors write to.
    address: String,
    form: String,
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
    /// How long it can be, days.
    deleted_days: u32,
    trash: bool,
    may_reply: bool,
    /// A platform can be asked for the conversation of a reservation.
    may_begin: bool,
    unbegun: Option<Unbegun>,
    may_delete: bool,
    rows: Vec<Row>,
    next: Option<String>,
}

/// A conversation that could not be opened: what was typed, and why.
pub(super) struct Unbegun {
    pub(super) reservation: String,
    pub(super) wrong: &'static str,
}

pub(super) async fn show(
    State(door): State<Door>,
    signed_in: SignedIn,
    Query(wanted): Query<Wanted>,
) -> Answer {
    page(door, signed_in, wanted, None).await
}

pub(super) async fn page(
    door: Door,
    signed_in: SignedIn,
    wanted: Wanted,
    unbegun: Option<Unbegun>,
) -> Answer {
    let (account, zone) = (signed_in.account(), signed_in.house.zone());
    let words = signed_in.words;
    let after = wanted.cursor.as_deref().map(read_cursor).transpose()?;
    let filter = filter_of(&wanted, &zone);
    let trash = filter.deleted;
    // Read before the store: what changes in between is told to the page.
    let seen = door.gateway.changes.last();
    let deleted_days = door.deleted_days;
    let base = door.gateway.identity.base_url.clone();
    let house_language = signed_in.house.language.clone();
    let me = signed_in.member.clone();
    let (mut found, counts, languages, may_begin, houses) = blocking(move || {
        let page = Page { limit: ROWS + 1, after };
        Ok::<_, Problem>(door.gateway.store.read(|r| {
            let found = Found::read(r, account, &filter, page, &house_language)?;
            let asks = |row: &ConnectionRow| row.channel == Channel::Booking;
            let may_begin = r.connections_of(account)?.iter().any(asks);
            let houses = houses::others(r, &me)?;
            Ok((found, r.counts(account)?, r.languages(account)?, may_begin, houses))
        })?)
    })
    .await?;
    let now = clock::now().to_zoned(zone);
    let more = found.rows.len() > ROWS;
    found.rows.truncate(ROWS);
    let next = found
        .rows
        .last()
        .filter(|_| more)
        .map(|row| href(&wanted, &wanted.filter, &[("cursor", &cursor(row.last_at, row.id))]));
    let said = |count: usize| match more {
        true => words.found_more(count),
        false => words.found(count),
    };
    let status = if unbegun.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let list = List {
        unbegun,
        words,
        assets: assets(),
        may_reply: signed_in.may(Scope::Reply),
        may_begin: may_begin && signed_in.may(Scope::Reply),
        may_delete: signed_in.may(Scope::Admin),
        address: signed_in.house.address.to_string(),
        form: format!("{base}/f/{}", signed_in.house.form),
        zone: signed_in.house.time_zone,
        house: signed_in.house.name,
        house_id: account.to_string(),
        houses,
        counts,
        seen,
        found: (!wanted.q.trim().is_empty()).then(|| said(found.rows.len())),
        filters: choices(&wanted, words),
        narrows: narrows(&wanted, languages, words),
        narrowed: fields(&wanted).iter().any(|(name, _)| *name != "filter"),
        fields: fields(&wanted),
        here: here(&wanted),
        // Only what looks like an id; restoring checks whose it is.
        undo: wanted
            .deleted
            .split(',')
            .filter(|id| id.parse::<ConversationId>().is_ok())
            .take(MAX_UNDO)
            .map(str::to_owned)
            .collect(),
        search: wanted.q,
        deleted_days,
        trash,
        rows: found.shown(None, words, &now),
        next,
    };
    html(status, &list)
}

pub(super) fn filter_of(wanted: &Wanted, zone: &TimeZone) -> Filter {
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
    (!query.is_empty()).then_some(query)
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
pub(super) fn here(wanted: &Wanted) -> String {
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

/// A page of a conversation, reached from this list: the way back is in its address.
pub(super) fn conversation(id: ConversationId, wanted: &Wanted, place: &str) -> String {
    let here = here(wanted);
    let asks = if here.is_empty() { "" } else { "?" };
    format!("/inbox/{id}{asks}{here}{place}")
}

/// What this list shows, in words.
pub(super) fn label(wanted: &Wanted, words: Words) -> String {
    let shown = choices(wanted, words).into_iter().find(|choice| choice.current);
    let shown = shown.map_or_else(|| words.back(), |choice| choice.label);
    match wanted.q.trim() {
        "" => shown.to_owned(),
        searched => format!("{shown} · {searched}"),
    }
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
        ("failed", words.undelivered()),
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
    let channels = [
        Channel::Form,
        Channel::Email,
        Channel::Api,
        Channel::Booking,
        Channel::Airbnb,
        Channel::Channex,
    ];
    let channels = channels.map(|one| (word::of(&one), words.channel(one).to_owned()));
    let mut languages: Vec<_> =
        languages.into_iter().map(|code| (code.clone(), words.language_name(code))).collect();
    languages.sort_by_key(|(_, name)| Words::in_order(name));
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
