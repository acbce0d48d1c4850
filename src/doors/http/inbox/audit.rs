//! The audit log as a page, for owners.

use askama::Template;
use axum::{extract::State, http::StatusCode};

use super::{
    super::{Answer, Door, Problem, blocking},
    Assets, SignedIn, Words, assets, html,
};
use crate::{
    flow::clock,
    ground::access::Scope,
    keep::store::{ActionRow, Counts},
};

/// So many lines; `relais audit` gives all.
const LINES: usize = 500;

#[derive(Template)]
#[template(path = "audit.html")]
struct Page {
    words: Words,
    assets: &'static Assets,
    counts: Counts,
    search: String,
    lines: Vec<Line>,
}

struct Line {
    at: String,
    shown_at: String,
    did: String,
    row: ActionRow,
}

pub(super) async fn show(State(door): State<Door>, signed_in: SignedIn) -> Answer {
    if !signed_in.may(Scope::Admin) {
        return Err(Problem::forbidden(signed_in.member.role.scope(), Scope::Admin));
    }
    let account = signed_in.account();
    let (counts, actions) = blocking(move || {
        Ok(door.gateway.store.read(|r| Ok((r.counts(account)?, r.actions(account, LINES)?)))?)
    })
    .await?;
    let now = clock::now().to_zoned(signed_in.house.zone());
    let lines = actions.into_iter().map(|row| Line {
        at: row.at.to_string(),
        did: signed_in
            .words
            .action(&row.action.what)
            .map_or_else(|| row.action.what.clone(), str::to_owned),
        shown_at: signed_in.words.shown(row.at, &now),
        row,
    });
    let page = Page {
        words: signed_in.words,
        assets: assets(),
        counts,
        search: String::new(),
        lines: lines.collect(),
    };
    html(StatusCode::OK, &page)
}
