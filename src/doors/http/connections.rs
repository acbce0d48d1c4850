//! Connections to channels over the API: an account sees and manages its own.

use axum::{
    Extension, Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::IntoResponse,
};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Answer, Door, Peer, Problem,
    api::Caller,
    blocking,
    change::{Sent, body},
    page::{escape, page},
};
use crate::{
    flow::{
        clock,
        gateway::{ConnectError, Gateway, NewConnection, Redeemed, Trouble},
    },
    ground::{
        audit::Action,
        conversation::Channel,
        key::AccountId,
        phrases::{self, Tongue},
        relay_mail::{RELAYS, Relay},
    },
    keep::store::{ConnectionRow, MachineAccount, RelaySeen, StoreError, Synced},
};

/// The channels with an API.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Api {
    Booking,
    Airbnb,
    Channex,
}

impl From<Api> for Channel {
    fn from(api: Api) -> Self {
        match api {
            Api::Booking => Channel::Booking,
            Api::Airbnb => Channel::Airbnb,
            Api::Channex => Channel::Channex,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewBody {
    channel: Api,
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

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AuthorizeBody {
    name: String,
    property: String,
}

/// What stands in the address the host comes back to (RFC 6749, 4.1.2); more may stand there.
#[derive(Debug, Deserialize)]
pub(super) struct Granted {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
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
        "conversations_imported": row.looked,
        "synced_at": row.synced_at,
        "polled_at": row.polled_at,
        "lag_seconds": row.polled_at.map(|at| now.duration_since(at).as_secs().max(0)),
        "last_error": row.last_error,
        "error_since": row.error_at,
    })
}

/// Is the house's relay mail well? Nothing is sent for it: behind every address of a relay is a visitor.
pub(super) async fn relay(State(door): State<Door>, Caller(account): Caller) -> Answer {
    blocking(move || {
        let (house, seen) = door.gateway.store.read(|reading| {
            let seen = RELAYS.map(|relay| {
                let seen = reading.relay_seen(account, relay.channel, relay.domain)?;
                Ok::<_, StoreError>((relay, seen))
            });
            Ok((reading.account(account)?, seen.into_iter().collect::<Result<Vec<_>, _>>()?))
        })?;
        let house = house.ok_or_else(|| Problem::not_found("there is no such account"))?;
        let shown = |(relay, seen): (Relay, RelaySeen)| {
            let verdict = seen.verdict();
            let last_reply = seen.replied.map(|(state, at, answer)| {
                json!({"state": state, "at": at, "answer": answer.map(|answer| answer.text)})
            });
            json!({
                "channel": relay.channel,
                "register_at": relay.place,
                "heard_at": seen.heard_at,
                "verdict": verdict,
                "last_reply": last_reply,
            })
        };
        let relays: Vec<Value> = seen.into_iter().map(shown).collect();
        let answer = json!({"sender": house.relay_sender().to_string(), "relays": relays});
        Ok(Json(answer).into_response())
    })
    .await
}

/// A link on which a host allows it at the platform; then the connection is made by itself.
pub(super) async fn authorize(
    State(door): State<Door>,
    Caller(account): Caller,
    sent: Sent,
) -> Answer {
    let new: AuthorizeBody = body(&sent)?;
    let empty = [("name", &new.name), ("property", &new.property)];
    let empty: Vec<(String, String)> = empty
        .into_iter()
        .filter(|(_, value)| value.trim().is_empty())
        .map(|(name, _)| (name.to_owned(), "empty".to_owned()))
        .collect();
    if !empty.is_empty() {
        return Err(Problem::invalid(empty));
    }
    blocking(move || match door.gateway.grant_link(account, &new.name, &new.property) {
        Some(url) => Ok(Json(json!({"url": url})).into_response()),
        None => {
            let wrong = ("channel".to_owned(), "no app of ours is known there".to_owned());
            Err(Problem::invalid(vec![wrong]))
        }
    })
    .await
}

/// The host comes back from the platform, with a code or with a refusal.
pub(super) async fn granted(
    State(door): State<Door>,
    Extension(Peer { address: peer, .. }): Extension<Peer>,
    Query(given): Query<Granted>,
) -> Answer {
    let gateway = std::sync::Arc::clone(&door.gateway);
    let asked = gateway.asked_grant(&given.state, clock::now());
    let asked = asked.ok_or_else(|| Problem::not_found("this link is not ours, or too old"))?;
    let house = asked.account;
    let house = blocking(move || Ok(gateway.store.read(|reading| reading.account(house))?)).await?;
    let house = house.ok_or_else(|| Problem::not_found("this link is not ours, or too old"))?;
    let said = |phrase: phrases::Phrase, about: &str| {
        let text = phrase.say(Tongue::of(&house.language), about);
        page(StatusCode::OK, &house.language, &house.name, &format!("<p>{}</p>", escape(&text)))
    };
    if given.code.is_empty() {
        return Ok(said(phrases::NOT_GRANTED, "Airbnb"));
    }
    let Redeemed { secret, alone } = match door.gateway.redeem_grant(given.code).await {
        Ok(redeemed) => redeemed,
        Err(why) => {
            tracing::warn!(why, "a permission of Airbnb became no token");
            return Ok(said(phrases::NOT_GRANTED, "Airbnb"));
        }
    };
    blocking(move || {
        let gateway = &door.gateway;
        let urls = gateway.identity.channel_urls.of(Channel::Airbnb);
        let (url, token_url) = urls.ok_or_else(|| Problem::not_found("this channel is off"))?;
        gateway.connect(&NewConnection {
            account: asked.account,
            channel: Channel::Airbnb,
            machine: asked.name.clone(),
            secret,
            property: asked.property,
            url: url.to_owned(),
            token_url: token_url.to_owned(),
            renew: false,
        })?;
        drop(alone);
        gateway.note_action(Action {
            account: asked.account,
            who: "whoever opened the link to Airbnb".to_owned(),
            what: "connection add".to_owned(),
            about: asked.name,
            peer: peer.to_string(),
            refused: None,
        })?;
        Ok(())
    })
    .await?;
    Ok(said(phrases::GRANTED, "Airbnb"))
}

pub(super) async fn add(State(door): State<Door>, Caller(account): Caller, sent: Sent) -> Answer {
    let new: NewBody = body(&sent)?;
    let channel = Channel::from(new.channel);
    blocking(move || {
        let gateway = &door.gateway;
        // Where the APIs are is the administrator's to say: nobody makes this machine ask another one.
        let Some((url, token_url)) = gateway.identity.channel_urls.of(channel) else {
            let wrong = ("channel".to_owned(), "it has no API here".to_owned());
            return Err(Problem::invalid(vec![wrong]));
        };
        let all = gateway.store.read(|reading| reading.connections())?;
        let machine = MachineAccount::new(channel, &new.name, account);
        if all.iter().any(|row| row.machine_account() == machine && row.account != account) {
            return Err(Problem::conflict("these credentials belong to another account"));
        }
        let id = gateway.connect(&NewConnection {
            account,
            channel,
            machine: new.name,
            secret: new.secret,
            property: new.property,
            url: url.to_owned(),
            token_url: token_url.to_owned(),
            renew: false,
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
            ConnectError::Unfit { field, said } => Problem::invalid(vec![(field.to_owned(), said)]),
            ConnectError::NotInPlan(_) => Problem::not_in_plan(),
            // Whose it is, is nobody's business.
            ConnectError::Taken(..) | ConnectError::OtherSecret(..) => {
                Problem::conflict("this property is connected elsewhere")
            }
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
    sent: Sent,
) -> Answer {
    let wanted: PauseBody = body(&sent)?;
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
