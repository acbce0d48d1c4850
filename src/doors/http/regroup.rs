//! The JSON API, sorting: merge, split and move conversations.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::IntoResponse,
};
use serde::Deserialize;
use serde_json::json;

use super::{
    Answer, Door, Problem,
    api::{Caller, id},
    blocking,
    change::{Sent, body},
};
use crate::{
    flow::gateway::AnswerError,
    ground::key::{ConversationId, MessageKey},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MergeBody {
    into: ConversationId,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SplitBody {
    messages: Vec<MessageKey>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MoveBody {
    messages: Vec<MessageKey>,
    into: ConversationId,
}

/// An empty list is a mistake in the body, not a message that does not exist.
fn some(messages: Vec<MessageKey>) -> Result<Vec<MessageKey>, Problem> {
    if messages.is_empty() {
        let wrong = ("messages".to_owned(), "empty; name at least one".to_owned());
        return Err(Problem::invalid(vec![wrong]));
    }
    Ok(messages)
}

pub(super) async fn merge(
    State(door): State<Door>,
    Caller(account): Caller,
    Path(text): Path<String>,
    sent: Sent,
) -> Answer {
    let (id, wanted): (ConversationId, MergeBody) = (id(&text)?, body(&sent)?);
    blocking(move || {
        if wanted.into == id {
            let found = door.gateway.store.read(|reading| reading.conversation(account, id))?;
            let wrong = "that is this conversation itself; name another".to_owned();
            return Err(match found {
                Some(_) => Problem::invalid(vec![("into".to_owned(), wrong)]),
                None => AnswerError::NotFound.into(),
            });
        }
        Ok(door.gateway.merge(account, id, wanted.into)?)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub(super) async fn split(
    State(door): State<Door>,
    Caller(account): Caller,
    Path(text): Path<String>,
    sent: Sent,
) -> Answer {
    let (id, wanted): (_, SplitBody) = (id(&text)?, body(&sent)?);
    let messages = some(wanted.messages)?;
    let new = blocking(move || Ok(door.gateway.split(account, id, &messages)?)).await?;
    Ok((StatusCode::CREATED, Json(json!({"conversation": new}))).into_response())
}

pub(super) async fn move_messages(
    State(door): State<Door>,
    Caller(account): Caller,
    Path(text): Path<String>,
    sent: Sent,
) -> Answer {
    let (id, wanted): (_, MoveBody) = (id(&text)?, body(&sent)?);
    let messages = some(wanted.messages)?;
    let moving = move || Ok(door.gateway.move_messages(account, id, &messages, wanted.into)?);
    blocking(moving).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
