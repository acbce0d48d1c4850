//! Connections to channels over the API: an account sees and manages its own.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    response::IntoResponse,
};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Door, Problem, api::Caller, blocking, change::body};
use crate::{
    flow::{
        clock,
        gateway::{ConnectError, Gateway, NewConnection, Trouble},
    },
    ground::{conversation::Channel, key::AccountId},
    keep::store::{ConnectionRow, Synced},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewBody {
    channel: Channel,
    name: String,
    secret: String,
    property: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PauseBody {
    #[serde(default = "yes")]
    paused: bool,
}

fn yes() -> bool {
    true
}

pub(super) async fn list(State(door): State<Door>, Caller(account): Caller) -> Answer {
    blocking(move || {
        let now = clock::now();
        let all = door.gateway.store.read(|reading| reading.connections())?;
        let own = all.iter().filter(|row| row.account == account);
        let shown: Vec<Value> = own.map(|row| shown(row, now)).collect();
        Ok(Json(json!({"connections": shown})).into_response())
    })
    .await
}

/// The secret is never shown again.
fn shown(row: &ConnectionRow, now: Timestamp) -> Value {
    json!({
        "id": row.id.to_string(),
        "channel": row.channel,
        "name": row.machine,
        "property": row.property,
        "state": row.state,
        "imported": row.imported,
        "conversations_there": row.threads,
        "synced_at": row.synced_at,
        "polled_at": row.polled_at,
        "lag_seconds": row.polled_at.map(|at| now.duration_since(at).as_secs().max(0)),
        "last_error": row.last_error,
        "error_since": row.error_at,
    })
}

pub(super) async fn add(State(door): State<Door>, Caller(account): Caller, bytes: Bytes) -> Answer {
    let new: NewBody = body(&bytes)?;
    let empty = [("name", &new.name), ("secret", &new.secret), ("property", &new.property)];
    let empty: Vec<(String, String)> = empty
        .into_iter()
        .filter(|(_, value)| value.trim().is_empty())
        .map(|(name, _)| (name.to_owned(), "empty".to_owned()))
        .collect();
    if !empty.is_empty() {
        return Err(Problem::invalid(empty));
    }
    blocking(move || {
        let gateway = &door.gateway;
        // Where the APIs are is the administrator's to say: nobody makes this machine ask another one.
        let Some((url, token_url)) = gateway.identity.channel_urls.of(new.channel) else {
            let wrong = ("channel".to_owned(), "it has no API here".to_owned());
            return Err(Problem::invalid(vec![wrong]));
        };
        let all = gateway.store.read(|reading| reading.connections())?;
        if all.iter().any(|row| row.machine == new.name && row.account != account) {
            return Err(Problem::conflict("these credentials belong to another account"));
        }
        let id = gateway.connect(&NewConnection {
            account,
            channel: new.channel,
            machine: new.name,
            secret: new.secret,
            property: new.property,
            url: url.to_owned(),
            token_url: token_url.to_owned(),
        })?;
        let answer = json!({
            "id": id.to_string(),
            "hook": format!("{}/hooks/{id}", gateway.identity.base_url),
            "hook_secret": gateway.hook_secret(id),
        });
        Ok((StatusCode::CREATED, Json(answer)).into_response())
    })
    .await
}

impl From<ConnectError> for Problem {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::NotInPlan(_) => Problem::not_in_plan(),
            // Whose it is, is nobody's business.
            ConnectError::Taken(..) => Problem::conflict("this property is connected elsewhere"),
            ConnectError::Trouble(trouble) => trouble.into(),
        }
    }
}

/// One of the account's own; others do not exist.
fn own(gateway: &Gateway, account: AccountId, id: &str) -> Result<ConnectionRow, Problem> {
    let nothing = || Problem::not_found("there is no such connection");
    let id: i64 = id.parse().map_err(|_| nothing())?;
    let row = gateway.store.read(|reading| reading.connection(id))?;
    row.filter(|row| row.account == account).ok_or_else(nothing)
}

pub(super) async fn pause(
    State(door): State<Door>,
    Caller(account): Caller,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Answer {
    let wanted: PauseBody = body(&bytes)?;
    blocking(move || {
        let row = own(&door.gateway, account, &id)?;
        door.gateway.pause(&row, wanted.paused)?;
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}

pub(super) async fn sync(
    State(door): State<Door>,
    Caller(account): Caller,
    Path(id): Path<String>,
) -> Answer {
    blocking(move || {
        let id = own(&door.gateway, account, &id)?.id;
        door.gateway.store.write_blocking::<_, Trouble, _>(move |w| {
            Ok(w.connection_synced(id, &Synced::default())?)
        })?;
        door.gateway.channel_bell.notify_one();
        Ok(StatusCode::ACCEPTED.into_response())
    })
    .await
}

/// Asks the channel once, now.
pub(super) async fn test(
    State(door): State<Door>,
    Caller(account): Caller,
    Path(id): Path<String>,
) -> Answer {
    let gateway = std::sync::Arc::clone(&door.gateway);
    let row = blocking(move || own(&gateway, account, &id)).await?;
    let answer = match door.gateway.ask_channel(&row).await {
        Ok(found) => json!({"ok": true, "answer": found}),
        Err(why) => json!({"ok": false, "answer": why}),
    };
    Ok(Json(answer).into_response())
}

pub(super) async fn remove(
    State(door): State<Door>,
    Caller(account): Caller,
    Path(id): Path<String>,
) -> Answer {
    blocking(move || {
        let row = own(&door.gateway, account, &id)?;
        door.gateway.disconnect(row.id)?;
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}
