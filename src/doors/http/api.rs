//! The JSON API, reading side. Every look-up carries the account of the token.

use std::{sync::Arc, time::Duration};

use axum::{
    Extension, Json,
    extract::{FromRequestParts, Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use data_encoding::BASE64URL_NOPAD;
use jiff::{Timestamp, tz::TimeZone};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Answer, Door, Peer, Problem, blocking, trail::Trail};
use crate::{
    flow::{
        clock,
        gateway::{Gateway, Trouble},
    },
    ground::{
        access::{self, Scope},
        account::Account,
        conversation::Channel,
        key::{AccountId, ConversationId, MessageKey},
        loops::{self, Ledger},
        search::{self, Typing},
        told,
    },
    keep::store::{Filter, Page, Reading, StoreError, TokenRow},
};

pub(super) const OPENAPI: &str = include_str!("openapi.json");

/// The account an API token speaks for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caller(pub(super) AccountId);

impl FromRequestParts<Door> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, door: &Door) -> Result<Self, Problem> {
        let hash = token_hash(&parts.headers).ok_or_else(Problem::unauthorized)?;
        let gateway = Arc::clone(&door.gateway);
        let found = blocking(move || Ok(gateway.store.read(|r| known(r, &hash))?)).await?;
        let (token, account) = found.ok_or_else(Problem::unauthorized)?;
        Trail::of(&parts.extensions).somebody(account.id, told::API_TOKEN.kept(&token.name));
        allowed(token.scope, parts)?;
        if account.has_messaging() { Ok(Caller(account.id)) } else { Err(Problem::not_in_plan()) }
    }
}

/// The hash of the token a request brings.
pub(super) fn token_hash(headers: &HeaderMap) -> Option<[u8; 32]> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Sha256::digest(token.trim()).into())
}

/// What the token with this hash opens, as long as it does.
pub(super) fn known(
    reading: &Reading<'_>,
    hash: &[u8; 32],
) -> Result<Option<(TokenRow, Account)>, StoreError> {
    let now = clock::now();
    let valid = |token: &TokenRow| token.expires_at.is_none_or(|end| now < end);
    let Some(token) = reading.api_token(hash)?.filter(valid) else { return Ok(None) };
    Ok(reading.account(token.account)?.map(|account| (token, account)))
}

/// May this scope send this request?
pub(super) fn allowed(scope: Scope, parts: &Parts) -> Result<(), Problem> {
    let needed = access::needed(parts.method.as_str(), parts.uri.path());
    if needed <= scope { Ok(()) } else { Err(Problem::forbidden(scope, needed)) }
}

/// An id in a path; one that is none is simply not found.
pub(super) fn id<T: std::str::FromStr>(text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| Problem::not_found("there is no such conversation or message"))
}

/// So long it is believed to be well: strangers may ask too, and each look waits for the disk.
const WELL_FOR: Duration = Duration::from_secs(1);

pub(super) async fn health(State(door): State<Door>) -> Answer {
    let Door { gateway, well_at, .. } = door;
    // One looks at a time: a sick disk must not be asked by everybody who asks.
    let mut well_at = well_at.lock().await;
    let now = clock::now();
    if well_at.is_none_or(|at| now.duration_since(at).unsigned_abs() >= WELL_FOR) {
        is_well(&gateway, now).await?;
        *well_at = Some(now);
    }
    Ok(Json(json!({"status": "ok"})).into_response())
}

/// What cannot write takes no mail, or takes it and passes none on: that is not well. Both write here, for the pages of
/// SQLite's log are used again and have room where a new file has none.
async fn is_well(gateway: &Arc<Gateway>, now: Timestamp) -> Result<(), Problem> {
    gateway.store.write(|w| w.touch().map_err(Problem::from)).await?;
    let gateway = Arc::clone(gateway);
    blocking(move || {
        gateway.maildir.try_to_write(now).map_err(Trouble::from)?;
        Ok(gateway.store.read(|r| r.next_due().map(drop))?)
    })
    .await
}

/// For a collector on this machine; from elsewhere there is nothing here.
pub(super) async fn metrics(State(door): State<Door>, Extension(peer): Extension<Peer>) -> Answer {
    if !peer.is_local {
        return Err(Problem::not_found("there is nothing at this address"));
    }
    let kind = (header::CONTENT_TYPE, "text/plain; version=0.0.4");
    Ok(([kind], door.gateway.tally.render()).into_response())
}

pub(super) async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI).into_response()
}

pub(super) async fn counts(State(door): State<Door>, Caller(account): Caller) -> Answer {
    let counts = blocking(move || Ok(door.gateway.store.read(|r| r.counts(account))?)).await?;
    Ok(Json(counts).into_response())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListQuery {
    needs_reply: Option<bool>,
    unread: Option<bool>,
    closed: Option<bool>,
    channel: Option<Channel>,
    language: Option<String>,
    #[serde(default)]
    deleted: bool,
    #[serde(default)]
    held: bool,
    #[serde(default)]
    failed: bool,
    q: Option<String>,
    limit: Option<usize>,
    cursor: Option<String>,
}

/// The largest page.
const MAX_LIMIT: usize = 200;

pub(super) async fn conversations(
    State(door): State<Door>,
    Caller(account): Caller,
    query: Result<Query<ListQuery>, axum::extract::rejection::QueryRejection>,
) -> Answer {
    let Query(query) =
        query.map_err(|error| Problem::of_extractor(error.status(), error.body_text()))?;
    let limit = query.limit.unwrap_or(50);
    if limit == 0 || limit > MAX_LIMIT {
        return Err(Problem::bad(format!("limit: write a number from 1 to {MAX_LIMIT}")));
    }
    let after = query.cursor.as_deref().map(read_cursor).transpose()?;
    let typed = query.q.as_deref().unwrap_or_default();
    if let Some(misread) = search::Query::misread(typed, &TimeZone::UTC) {
        return Err(Problem::bad(format!("q: {misread}")));
    }
    // Asked for nothing, it is no filter.
    let search = search::Query::read(typed, Typing::Done, &TimeZone::UTC);
    let filter = Filter {
        needs_reply: query.needs_reply,
        unread: query.unread,
        closed: query.closed,
        channel: query.channel,
        language: query.language,
        deleted: query.deleted,
        held: query.held,
        failed: query.failed,
        search: Some(search).filter(|search| !search.is_empty()),
    };
    let (mut rows, counts) = blocking(move || {
        let page = Page { limit: limit + 1, after };
        Ok(door
            .gateway
            .store
            .read(|r| Ok((r.conversations(account, &filter, page)?, r.counts(account)?)))?)
    })
    .await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| cursor(row.last_at, row.id));
    Ok(Json(json!({"conversations": rows, "next": next, "counts": counts})).into_response())
}

pub(super) fn cursor(at: Timestamp, id: ConversationId) -> String {
    BASE64URL_NOPAD.encode(format!("{} {id}", at.as_microsecond()).as_bytes())
}

pub(super) fn read_cursor(text: &str) -> Result<(Timestamp, ConversationId), Problem> {
    let read = || {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let (at, id) = text.split_once(' ')?;
        Some((Timestamp::from_microsecond(at.parse().ok()?).ok()?, id.parse().ok()?))
    };
    read().ok_or_else(|| Problem::bad("cursor: use the value of \"next\" as it was given"))
}

pub(super) async fn conversation(
    State(door): State<Door>,
    Caller(account): Caller,
    Path(text): Path<String>,
) -> Answer {
    let id: ConversationId = id(&text)?;
    let found = blocking(move || {
        Ok(door.gateway.store.read(|r| {
            let Some(row) = r.conversation(account, id)? else { return Ok(None) };
            let (messages, events) = (r.messages(account, row.id)?, r.events(row.id)?);
            let state = r.conversation_state(row.id)?;
            let capabilities = state.map(|state| r.capabilities(&state, door.gateway.identity.booking_chars));
            let capabilities = capabilities.transpose()?;
            let withheld = withheld(r.correspondents(row.id)?);
            Ok(Some(json!({
                "conversation": row, "messages": messages, "events": events, "capabilities": capabilities,
                "withheld": withheld,
            })))
        })?)
    })
    .await?;
    let found =
        found.ok_or_else(|| Problem::not_found("there is no such conversation or message"))?;
    Ok(Json(found).into_response())
}

/// Who is not written to, or not by ourselves, because it looks like a loop of machines.
fn withheld(correspondents: Vec<(String, Ledger)>) -> Vec<serde_json::Value> {
    let states = correspondents.into_iter().map(|(address, mut ledger)| {
        let state = ledger.state(clock::now());
        (address, state)
    });
    states
        .filter(|(_, state)| *state != loops::State::Normal)
        .map(|(address, state)| json!({"address": address, "state": state}))
        .collect()
}

pub(super) async fn message(
    State(door): State<Door>,
    Caller(account): Caller,
    Path(text): Path<String>,
) -> Answer {
    let id: MessageKey = id(&text)?;
    let found = blocking(move || Ok(door.gateway.store.read(|r| r.message(account, id))?)).await?;
    let row =
        found.ok_or_else(|| Problem::not_found("there is no such conversation or message"))?;
    Ok(Json(row).into_response())
}

pub(super) async fn raw(
    State(door): State<Door>,
    Caller(account): Caller,
    Path(text): Path<String>,
) -> Answer {
    let id: MessageKey = id(&text)?;
    let bytes = blocking(move || Ok(door.gateway.raw_message(account, id)?)).await?;
    Ok(download("message/rfc822", &format!("{text}.eml"), bytes))
}

pub(super) async fn attachment(
    State(door): State<Door>,
    Caller(account): Caller,
    Path((text, position)): Path<(String, String)>,
) -> Answer {
    let (id, position): (MessageKey, u32) = (id(&text)?, id(&position)?);
    let file = blocking(move || Ok(door.gateway.attachment(account, id, position)?)).await?;
    Ok(download(&file.media_type, &file.name, file.content))
}

/// Bytes of strangers: saved, never shown by the browser in our name.
pub(super) fn download(media_type: &str, name: &str, bytes: Vec<u8>) -> Response {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || ".-_ ".contains(c) { c } else { '_' })
        .collect();
    let encoded: String = name
        .bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => {
                char::from(b).to_string()
            }
            _ => format!("%{b:02X}"),
        })
        .collect();
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    let text = |value: &str| {
        HeaderValue::from_str(value).unwrap_or(HeaderValue::from_static("application/octet-stream"))
    };
    let headers = [
        (header::CONTENT_TYPE, text(media_type)),
        (header::CONTENT_DISPOSITION, text(&disposition)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    (StatusCode::OK, headers, bytes).into_response()
}
