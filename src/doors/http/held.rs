//! The page behind the one link of a held reply. Looking decides nothing: mail scanners open links.

use axum::{
    extract::{Form, Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{
    Answer, Door, Problem, api, blocking,
    page::{escape, page},
};

#[derive(Debug, Deserialize)]
pub(super) struct Decision {
    decision: Choice,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Choice {
    Send,
    Discard,
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
    let (text, state) = match held {
        Ok(held) => held,
        Err(problem) => return Ok(shown(&problem)),
    };
    let body = match state.as_str() {
        "held" => format!(
            "<p>This reply was not sent yet. Was it you?</p><pre>{}</pre><form method=\"post\"><button name=\"decision\" value=\"send\">Yes, that was me: send it</button> <button class=\"quiet\" name=\"decision\" value=\"discard\">No: throw it away</button></form>",
            escape(&text)
        ),
        "sent" => format!("<p>This reply was sent.</p><pre>{}</pre>", escape(&text)),
        _ => "<p>This reply was thrown away.</p>".to_owned(),
    };
    Ok(page(StatusCode::OK, "en", "Held reply", &body))
}

pub(super) async fn decide(
    State(door): State<Door>,
    Path((message, signature)): Path<(String, String)>,
    Form(decision): Form<Decision>,
) -> Answer {
    let key = api::id(&message)?;
    let send = matches!(decision.decision, Choice::Send);
    let link = format!("/held/{message}/{signature}");
    blocking(move || Ok(door.gateway.decide_hold(key, &signature, send)?)).await?;
    Ok(axum::response::Redirect::to(&link).into_response())
}
