//! The audit log as a page, for owners.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
};
use jiff::Timestamp;
use serde::Deserialize;

use super::{
    super::{Answer, Door, Problem, blocking},
    Assets, SignedIn, Words, assets, html,
};
use crate::{
    flow::clock,
    ground::{access::Scope, key::AccountId, told},
    keep::store::{ActionRow, Counts, Reading, StoreError},
};

/// So many lines at once.
const LINES: usize = 100;

#[derive(Template)]
#[template(path = "audit.html")]
struct Page {
    words: Words,
    assets: &'static Assets,
    counts: Counts,
    search: String,
    lines: Vec<Line>,
    /// Where the page of those before begins.
    older: Option<i64>,
}

struct Line {
    at: String,
    shown_at: String,
    /// Their name, and all that is kept of who it was.
    who: String,
    whole: String,
    did: String,
    about: Vec<About>,
    /// Nothing came of it.
    refused: bool,
    /// The address it came from.
    peer: String,
}

/// What was done to: a conversation by whom and about what, a member, or the id as it is.
struct About {
    href: Option<String>,
    words: String,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    before: Option<i64>,
}

pub(super) async fn show(
    State(door): State<Door>,
    signed_in: SignedIn,
    Query(wanted): Query<Wanted>,
) -> Answer {
    if !signed_in.may(Scope::Admin) {
        return Err(Problem::forbidden(signed_in.member.role.scope(), Scope::Admin));
    }
    let (account, words) = (signed_in.account(), signed_in.words);
    let before = wanted.before.and_then(|at| Timestamp::from_microsecond(at).ok());
    let (counts, mut actions, named) =
        blocking(move || {
            Ok(door.gateway.store.read(|r| {
                let actions = r.actions(account, before, LINES + 1)?;
                let mut named = conversations(r, account, &actions)?;
                named.extend(r.members(account)?.into_iter().map(|member| {
                    (member.id.to_string(), About { href: None, words: member.name })
                }));
                Ok((r.counts(account)?, actions, named))
            })?)
        })
        .await?;
    let more = actions.len() > LINES;
    actions.truncate(LINES);
    let older = actions.last().filter(|_| more).map(|row| row.at.as_microsecond());
    let now = clock::now().to_zoned(signed_in.house.zone());
    let lines = actions.into_iter().map(|row| {
        let what = &row.action.what;
        let whole = told::said(&row.action.who, words.0);
        Line {
            at: row.at.to_string(),
            did: words.action(what).map_or_else(|| what.clone(), str::to_owned),
            shown_at: words.shown(row.at, &now),
            who: whole.split(" <").next().unwrap_or_default().to_owned(),
            whole,
            about: row.action.about.split_whitespace().map(|id| about(id, &named)).collect(),
            refused: row.action.refused.is_some(),
            peer: row.action.peer,
        }
    });
    let page = Page {
        words,
        assets: assets(),
        counts,
        search: String::new(),
        lines: lines.collect(),
        older,
    };
    html(StatusCode::OK, &page)
}

fn about(id: &str, named: &HashMap<String, About>) -> About {
    let found = named.get(id).map(|found| (found.href.clone(), found.words.clone()));
    let (href, words) = found.unwrap_or_else(|| (None, id.to_owned()));
    About { href, words }
}

/// The conversations of these ids, which may be of messages in them.
fn conversations(
    reading: &Reading<'_>,
    account: AccountId,
    actions: &[ActionRow],
) -> Result<HashMap<String, About>, StoreError> {
    let mut named = HashMap::new();
    for id in actions.iter().flat_map(|row| row.action.about.split_whitespace()) {
        if named.contains_key(id) {
            continue;
        }
        let as_message = id.parse().ok().map(|id| reading.conversation_of(id)).transpose()?;
        let conversations = [id.parse().ok(), as_message.flatten()];
        for conversation in conversations.into_iter().flatten() {
            if let Some(row) = reading.conversation(account, conversation)? {
                let who = row.visitor_name.or(row.visitor_address).unwrap_or_default();
                let (href, words) =
                    (format!("/inbox/{conversation}"), format!("{who} – {}", row.subject));
                named.insert(id.to_owned(), About { href: Some(href), words });
                break;
            }
        }
    }
    Ok(named)
}
