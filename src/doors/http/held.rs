//! The page behind the one link of a held reply. Looking decides nothing: mail scanners open links.

use axum::{
    Extension,
    extract::{Form, Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{
    Answer, Door, api, blocking,
    inbox::Words,
    page::{escape, page, sorry},
    trail::Trail,
};
use crate::{
    flow::gateway::{Decision, proven},
    ground::{conversation::MessageState, phrases::Tongue, translation::Translation},
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

pub(super) async fn show(
    State(door): State<Door>,
    Path((message, signature)): Path<(String, String)>,
    headers: HeaderMap,
) -> Answer {
    let key = match api::id(&message) {
        Ok(key) => key,
        Err(problem) => return Ok(sorry(&headers, &problem)),
    };
    let held = blocking(move || {
        let row = door.gateway.held(key, &signature)?;
        let member = row.member.map(|member| door.gateway.member(member)).transpose()?.flatten();
        Ok((row, member.map(|(house, _)| house.language)))
    });
    Ok(match held.await {
        Ok((row, language)) => {
            let words = Words(Tongue::of(&language.unwrap_or_default()));
            page(StatusCode::OK, words.language(), words.held_reply(), &asked(&row, words))
        }
        Err(problem) => sorry(&headers, &problem),
    })
}

/// A translation that is not sent, and what differs in it.
fn draft(found: &Translation, words: Words) -> String {
    if found.text.is_empty() {
        return String::new();
    }
    let line = format!("<p>{}</p>", escape(&words.held_draft(found.to.name())));
    let differs = found.differences.iter().map(|one| format!("<li>{}</li>", escape(one)));
    format!("{line}<pre>{}</pre><ul>{}</ul>", escape(&found.text), differs.collect::<String>())
}

/// What the page says and asks, by how far the reply is.
fn asked(row: &MessageRow, words: Words) -> String {
    let text = format!("<pre>{}</pre>", escape(&row.text));
    let found = row.translations.first();
    let say = |sentence: &str| format!("<p>{}</p>", escape(sentence));
    let button = |value: &str, class: &str, said: &str| {
        let said = escape(said);
        format!("<button class=\"{class}\" name=\"decision\" value=\"{value}\">{said}</button> ")
    };
    let as_written = button("as_written", "", words.send_as_written());
    let edit = button("edit", "quiet", words.edit_in_inbox());
    let discard = button("discard", "quiet", words.stop());
    // A draft is its author's.
    let discard = if row.member.is_some() { edit + &discard } else { discard };
    let form = |buttons: &str| format!("<form method=\"post\">{buttons}</form>");
    match (row.state, found) {
        (MessageState::Pending, Some(found)) => format!(
            "{}<pre>{}</pre>{}{text}{}",
            say(&words.held_will_read(words.language_name(found.to.to_string()))),
            escape(&found.text),
            say(words.held_written()),
            form(&format!("{}{as_written}{discard}", button("send", "", words.send_now())))
        ),
        (MessageState::Translating, _) => {
            format!("{}{text}{}", say(words.held_waits()), form(&format!("{as_written}{discard}")))
        }
        (MessageState::Held, Some(found)) => format!(
            "{}{text}{}{}",
            say(&words.held_because(found.why.as_str())),
            draft(found, words),
            form(&format!("{as_written}{discard}"))
        ),
        (MessageState::Held, None) => format!(
            "{}{text}{}",
            say(words.held_was_it_you()),
            form(&format!(
                "{}{}{}",
                remember(row, words),
                button("send", "", words.held_yes()),
                button("discard", "quiet", words.held_no())
            ))
        ),
        (MessageState::Sent, _) => format!("{}{text}", say(words.held_sent())),
        _ => say(words.held_thrown_away()),
    }
}

/// The offer to let such mail pass from now on; only where something vouched for it.
fn remember(row: &MessageRow, words: Words) -> String {
    let domains = proven(row);
    let Some(address) = row.author_address.as_ref().filter(|_| !domains.is_empty()) else {
        return String::new();
    };
    format!(
        "<p><label><input type=\"checkbox\" name=\"remember\" value=\"1\"> {}</label></p>",
        escape(&words.held_remember(address.as_str(), domains.join(", ")))
    )
}

pub(super) async fn decide(
    State(door): State<Door>,
    Extension(trail): Extension<Trail>,
    Path((message, signature)): Path<(String, String)>,
    headers: HeaderMap,
    Form(decided): Form<Decided>,
) -> Response {
    let decided = decided_by(door, trail, (message, signature), decided).await;
    decided.unwrap_or_else(|problem| sorry(&headers, &problem))
}

async fn decided_by(
    door: Door,
    trail: Trail,
    (message, signature): (String, String),
    decided: Decided,
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
