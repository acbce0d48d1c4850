//! The glossary of a house over the API: how its terms are said in another language, both ways.

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
    http::StatusCode,
    response::IntoResponse,
};
use serde::Deserialize;
use serde_json::json;

use super::{
    Answer, Door, Problem,
    api::Caller,
    blocking,
    change::{Sent, body, no_language},
};
use crate::ground::{language::Language, translation::GlossaryEntry};

/// A term is a word or a short phrase: masked as one, it must fit on a line.
const LONGEST: usize = 200;
/// Each text to be translated is searched for every term.
const MOST: usize = 2_000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Term {
    from: Language,
    to: Language,
    term: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TermBody {
    from: Language,
    to: Language,
    term: String,
    said: String,
}

pub(super) async fn list(State(door): State<Door>, Caller(account): Caller) -> Answer {
    blocking(move || {
        let terms = door.gateway.store.read(|reading| reading.glossary(account))?;
        Ok(Json(json!({"terms": terms})).into_response())
    })
    .await
}

/// Adds a term, or changes how it is said.
pub(super) async fn set(State(door): State<Door>, Caller(account): Caller, sent: Sent) -> Answer {
    let TermBody { from, to, term, said } = body(&sent)?;
    let (term, said) = (term.trim().to_owned(), said.trim().to_owned());
    let mut wrong: Vec<(String, String)> = [("term", &term), ("said", &said)]
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), complaint(value)?.to_owned())))
        .collect();
    for (name, language) in [("from", from), ("to", to)] {
        if !language.exists() {
            wrong.push((name.to_owned(), no_language(language)));
        }
    }
    if from == to {
        wrong.push(("to".to_owned(), "write another language than from".to_owned()));
    }
    if !wrong.is_empty() {
        return Err(Problem::invalid(wrong));
    }
    blocking(move || {
        let terms = door.gateway.store.read(|reading| reading.glossary(account))?;
        let known = terms.iter().any(|old| (old.from, old.to, &old.term) == (from, to, &term));
        if !known && terms.len() >= MOST {
            return Err(Problem::conflict("the glossary is full; remove terms first"));
        }
        door.gateway.set_term(account, GlossaryEntry { from, to, term, said })?;
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}

fn complaint(value: &str) -> Option<&'static str> {
    if value.is_empty() {
        Some("empty; write a word or a phrase")
    } else if value.chars().count() > LONGEST || value.contains(char::is_control) {
        Some("write a word or a phrase on one line, 200 characters at most")
    } else {
        None
    }
}

pub(super) async fn remove(
    State(door): State<Door>,
    Caller(account): Caller,
    query: Result<Query<Term>, QueryRejection>,
) -> Answer {
    let Query(Term { from, to, term }) =
        query.map_err(|error| Problem::of_extractor(error.status(), error.body_text()))?;
    blocking(move || {
        let terms = door.gateway.store.read(|reading| reading.glossary(account))?;
        let known =
            terms.into_iter().find(|old| (old.from, old.to, &old.term) == (from, to, &term));
        let known = known.ok_or_else(|| Problem::not_found("there is no such term"))?;
        door.gateway.set_term(account, GlossaryEntry { said: String::new(), ..known })?;
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}
