//! The page behind the one link of a held reply. Looking decides nothing: mail scanners open links.

use axum::{
    Extension,
    extract::{Form, Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{
    Answer, Door, Problem, api, blocking,
    page::{escape, page},
    trail::Trail,
};
use crate::{
    flow::gateway::{Decision, proven},
    keep::store::MessageRow,
};

/// What is chosen on the page: a decision, or to go on writing in the inbox.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Choice {
    Decision(Decision),
    Edit(Edit),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Edit {
    Edit,
}

#[derive(Debug, Deserialize)]
pub(super) struct Decided {
    decision: Choice,
    remember: Option<String>,
}

fn shown(problem: &Problem) -> Response {
    page(problem.status(), "en", "Held reply", &format!("<p>{}</p>", escape(problem.detail())))
}

pub(super) async fn show(
    State(door): State<Door>,
    Path((message, signature)): Path<(String, String)>,
) -> Answer {
    let key = match api::id(&message) {
        Ok(key) => key,
        Err(problem) => return Ok(shown(&problem)),
    };
    let held = blocking(move || Ok(door.gateway.held(key, &signature)?)).await;
    match held {
        Ok(row) => Ok(page(StatusCode::OK, "en", "Held reply", &asked(&row))),
        Err(problem) => Ok(shown(&problem)),
    }
}

/// What the page says and asks, by how far the reply is.
fn asked(row: &MessageRow) -> String {
    let text = format!("<pre>{}</pre>", escape(&row.text));
    let found = row.translations.first();
    let button = |value: &str, class: &str, words: &str| {
        format!("<button class=\"{class}\" name=\"decision\" value=\"{value}\">{words}</button> ")
    };
    let as_written = button("as_written", "", "Send it as written");
    let edit = button("edit", "quiet", "Edit it in the inbox");
    let discard = button("discard", "quiet", "Do not send it");
    // A draft is its author's.
    let discard = if row.member.is_some() { edit + &discard } else { discard };
    let form = |buttons: &str| format!("<form method=\"post\">{buttons}</form>");
    match (row.state.as_str(), found) {
        ("pending", Some(found)) => format!(
            "<p>This is what will be read, in {}:</p><pre>{}</pre><p>You wrote:</p>{text}{}",
            escape(found.to.name()),
            escape(&found.text),
            form(&format!("{}{as_written}{discard}", button("send", "", "Send it now")))
        ),
        ("translating", _) => format!(
            "<p>This reply waits for its translation.</p>{text}{}",
            form(&format!("{as_written}{discard}"))
        ),
        ("held", Some(found)) => format!(
            "<p>This reply was not sent yet: {}</p>{text}{}",
            escape(&found.why),
            form(&format!("{as_written}{discard}"))
        ),
        ("held", None) => format!(
            "<p>This reply was not sent yet. Was it you?</p>{text}{}",
            form(&format!(
                "{}{}{}",
                remember(row),
                button("send", "", "Yes, that was me: send it"),
                button("discard", "quiet", "No: throw it away")
            ))
        ),
        ("sent", _) => format!("<p>This reply was sent.</p>{text}"),
        _ => "<p>This reply was thrown away.</p>".to_owned(),
    }
}

/// The offer to let such mail pass from now on; only where something vouched for it.
fn remember(row: &MessageRow) -> String {
    let domains = proven(row);
    let Some(address) = row.author_address.as_ref().filter(|_| !domains.is_empty()) else {
        return String::new();
    };
    format!(
        "<p><label><input type=\"checkbox\" name=\"remember\" value=\"1\"> From now on send mail from {} by {} at once</label></p>",
        escape(address),
        escape(&domains.join(", "))
    )
}

pub(super) async fn decide(
    State(door): State<Door>,
    Extension(trail): Extension<Trail>,
    Path((message, signature)): Path<(String, String)>,
    Form(decided): Form<Decided>,
) -> Answer {
    let key = api::id(&message)?;
    let link = format!("/held/{message}/{signature}");
    let leads = blocking(move || {
        let Decided { decision, remember } = decided;
        let (decision, edited) = match decision {
            Choice::Decision(decision) => (decision, false),
            Choice::Edit(Edit::Edit) => (Decision::Discard, true),
        };
        if let Some(author) = door.gateway.held(key, &signature)?.member
            && let Some((_, member)) = door.gateway.member(author)?
        {
            trail.member(&member);
            trail.did(format!("held: {}", decision.name()), message);
        }
        if edited {
            let conversation = door.gateway.edit_held(key, &signature)?;
            return Ok(format!("/inbox/{conversation}"));
        }
        door.gateway.decide_held(key, &signature, decision, remember.is_some())?;
        Ok(link)
    })
    .await?;
    Ok(axum::response::Redirect::to(&leads).into_response())
}
