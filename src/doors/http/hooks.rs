//! Notifications of channels: a hint which conversation to read, kept before it is answered.
//!
//! Channex sends a header of ours, Booking.com a token it fetches from us, Airbnb nothing: its address is the secret.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, header},
    response::IntoResponse,
};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Answer, Door, Problem, blocking};
use crate::{
    flow::{
        clock,
        gateway::{Broken, Gateway},
    },
    ground::notification,
    keep::store::ConnectionRow,
};

/// A token we give out is good for so long, as Booking.com's own are.
const TOKEN_SECONDS: i64 = 3600;

/// With a header or a token.
pub(super) async fn notified(
    State(door): State<Door>,
    Path(connection): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    blocking(move || {
        let row = known(&door.gateway, &connection)?;
        let secret = door.gateway.hook_secret(row.id);
        let field = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let bearer = field(header::AUTHORIZATION.as_str());
        let bearer = bearer.and_then(|value| value.strip_prefix("Bearer "));
        let by_header = field("x-channex-webhook-secret").is_some_and(|given| same(given, &secret));
        let by_token =
            bearer.is_some_and(|given| is_valid(&door.gateway, row.id, given, clock::now()));
        if !by_header && !by_token {
            return Err(Problem::unauthorized());
        }
        take(&door.gateway, &row, &body)
    })
    .await
}

/// With the secret in the address.
pub(super) async fn notified_in_secret(
    State(door): State<Door>,
    Path((connection, given)): Path<(String, String)>,
    body: Bytes,
) -> Answer {
    blocking(move || {
        let row = known(&door.gateway, &connection)?;
        if !same(&given, &door.gateway.hook_secret(row.id)) {
            return Err(Problem::not_found("there is nothing at this address"));
        }
        take(&door.gateway, &row, &body)
    })
    .await
}

fn known(gateway: &Gateway, connection: &str) -> Result<ConnectionRow, Problem> {
    let nothing = || Problem::not_found("there is nothing at this address");
    let connection: i64 = connection.parse().map_err(|_| nothing())?;
    gateway.store.read(|reading| reading.connection(connection))?.ok_or_else(nothing)
}

/// What is about something else is thanked for and forgotten.
fn take(gateway: &Gateway, row: &ConnectionRow, body: &[u8]) -> Answer {
    let given: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
    if notification::is_revoked(row.channel, &given) {
        let revoked = Some(Broken::Credentials);
        // The next poll finds out whether it is true.
        gateway.note_poll(row, Some("the host took the permission back"), revoked)?;
        gateway.channel_bell.notify_one();
    }
    if let Some(named) = notification::named(row.channel, &given) {
        let all = gateway.store.read(|reading| reading.connections())?;
        let house = match &named.property {
            None => Some(row.id),
            Some(property) => all
                .iter()
                .find(|one| {
                    one.machine_account() == row.machine_account() && one.property == *property
                })
                .map(|one| one.id),
        };
        if let Some(house) = house {
            gateway.hint(house, vec![named.thread])?;
        }
    }
    Ok(Json(json!({"succeed": true})).into_response())
}

#[derive(Debug, Default, Deserialize)]
struct Credentials {
    #[serde(default)]
    grant_type: String,
    #[serde(default)]
    client_id: String,
    #[serde(default)]
    client_secret: String,
}

/// OAuth 2 client credentials (RFC 6749, 4.4): by form fields or by a Basic header, for nobody says which.
pub(super) async fn token(
    State(door): State<Door>,
    Path(connection): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    blocking(move || {
        let row = known(&door.gateway, &connection)?;
        let mut given: Credentials = serde_urlencoded::from_bytes(&body).unwrap_or_default();
        if let Some((id, secret)) = basic(&headers) {
            (given.client_id, given.client_secret) = (id, secret);
        }
        let secret = door.gateway.hook_secret(row.id);
        let known = same(&given.client_id, &row.machine) && same(&given.client_secret, &secret);
        if !known || given.grant_type != "client_credentials" {
            return Err(Problem::unauthorized());
        }
        let token = issued(&door.gateway, row.id, clock::now());
        let answer =
            json!({"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS});
        Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response())
    })
    .await
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let field = headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Basic ")?;
    let pair =
        String::from_utf8(data_encoding::BASE64.decode(field.trim().as_bytes()).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

fn issued(gateway: &Gateway, connection: i64, now: Timestamp) -> String {
    let until = now.as_second() + TOKEN_SECONDS;
    format!("{until}.{}", signature(gateway, connection, until))
}

fn signature(gateway: &Gateway, connection: i64, until: i64) -> String {
    let bits = gateway.secret.sign("hook token", &[&connection.to_string(), &until.to_string()]);
    data_encoding::BASE32_NOPAD.encode(&bits).to_ascii_lowercase()
}

fn is_valid(gateway: &Gateway, connection: i64, token: &str, now: Timestamp) -> bool {
    let Some((until, signed)) = token.split_once('.') else { return false };
    let Ok(until) = until.parse::<i64>() else { return false };
    now.as_second() < until && same(signed, &signature(gateway, connection, until))
}

/// Hashes are compared: how long it takes says nothing about the secret.
fn same(given: &str, wanted: &str) -> bool {
    Sha256::digest(given) == Sha256::digest(wanted)
}
