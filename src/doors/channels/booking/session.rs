//! Requests to Booking.com with the one token of the hour.

use std::time::Duration;

use hyper::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::{
    doors::{
        channels::{adapter::Fail, files::given, values::list},
        json_client::{Answer as Reply, Peer},
    },
    flow::clock,
    keep::store::ConnectionRow,
};

const PATIENCE: Duration = Duration::from_secs(20);
/// A token is renewed so long before its end.
const SPARE: SignedDuration = SignedDuration::from_mins(5);

pub(super) struct Session {
    machine: String,
    secret: String,
    api: Peer,
    auth: Peer,
    /// Held while a token is fetched: many tasks, one exchange.
    token: Mutex<Option<(String, Timestamp)>>,
}

impl Session {
    /// Without a version Booking.com names neither message types nor participants.
    pub(super) fn new(row: &ConnectionRow, secret: String, version: &str) -> Result<Self, Fail> {
        Ok(Session {
            machine: row.machine.clone(),
            secret,
            api: Peer::of_channel(&row.url, &[("accept-version", version)]).map_err(Fail::Ours)?,
            auth: Peer::of_channel(&row.token_url, &[]).map_err(Fail::Ours)?,
            token: Mutex::new(None),
        })
    }

    /// One request, once more with a new token when the first is refused; gives `data`.
    pub(super) async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Value, Fail> {
        for _ in 0..2 {
            let token = self.bearer().await?;
            let bearer = format!("Bearer {token}");
            let reply = self.api.ask(method.clone(), path, Some(&bearer), body.clone(), PATIENCE);
            let reply = reply.await?;
            // Their support asks for it.
            let ruid = reply.json["meta"]["ruid"].as_str().unwrap_or_default();
            let status = reply.status.as_u16();
            // Whether a thread is of this house is asked of each.
            match reply.status.is_success() || reply.status == StatusCode::NOT_FOUND {
                true => tracing::debug!(ruid, status, path, "Booking.com answers"),
                false => tracing::info!(ruid, status, path, "Booking.com refuses"),
            }
            if reply.status != StatusCode::UNAUTHORIZED {
                return data(reply);
            }
            self.forget(&token).await;
        }
        Err(Fail::Credentials("a fresh token was refused".into()))
    }

    /// The bytes of a file, with their media type.
    pub(super) async fn fetch(&self, path: &str) -> Result<(String, Vec<u8>), Fail> {
        let token = self.bearer().await?;
        let bearer = format!("Bearer {token}");
        let file = self.api.fetch(path, Some(&bearer), PATIENCE).await?;
        if file.status == StatusCode::UNAUTHORIZED {
            self.forget(&token).await;
            return Err(Fail::Unanswered("401 for a file".into()));
        }
        given(&file, "a file")?;
        Ok((file.media_type, file.bytes.to_vec()))
    }

    /// XML, asked for with the same token.
    pub(super) async fn ask_xml(
        &self,
        peer: &Peer,
        path: &str,
        body: String,
    ) -> Result<String, Fail> {
        let token = self.bearer().await?;
        let bearer = format!("Bearer {token}");
        let file = peer.post_as("application/xml", path, Some(&bearer), body, PATIENCE).await?;
        if file.status == StatusCode::UNAUTHORIZED {
            self.forget(&token).await;
            return Err(Fail::Unanswered("401 for reservations".into()));
        }
        given(&file, "reservations")?;
        Ok(String::from_utf8_lossy(&file.bytes).into_owned())
    }

    async fn forget(&self, token: &str) {
        let mut cached = self.token.lock().await;
        if cached.as_ref().is_some_and(|(known, _)| known == token) {
            *cached = None;
        }
    }

    /// The token of this hour: at most thirty are given out an hour.
    async fn bearer(&self) -> Result<String, Fail> {
        let mut cached = self.token.lock().await;
        let now = clock::now();
        if let Some((token, until)) = cached.as_ref()
            && now < *until
        {
            return Ok(token.clone());
        }
        let body = json!({"client_id": self.machine, "client_secret": self.secret});
        let path = "/token-based-authentication/exchange";
        let reply = self.auth.ask(Method::POST, path, None, Some(body), PATIENCE).await;
        // Without a token nothing was said: silence here leaves no doubt.
        let reply = reply.map_err(|wire| match Fail::from(wire) {
            Fail::Unanswered(why) => Fail::Unreachable(why),
            fail => fail,
        })?;
        if [400, 401, 403].contains(&reply.status.as_u16()) {
            return Err(Fail::Credentials(format!("the exchange answered {}", reply.status)));
        }
        let jwt = if reply.status.is_success() { reply.json["jwt"].as_str() } else { None };
        let Some(jwt) = jwt.map(str::to_owned) else {
            return Err(match Fail::of(&reply, "") {
                Fail::Unanswered(why) => Fail::Unreachable(why),
                fail => fail,
            });
        };
        let until = expiry(&jwt).unwrap_or(now + SignedDuration::from_hours(1));
        *cached = Some((jwt.clone(), until.checked_sub(SPARE).unwrap_or(now)));
        Ok(jwt)
    }
}

/// The end of a token, as it says itself.
fn expiry(jwt: &str) -> Option<Timestamp> {
    let claims = data_encoding::BASE64URL_NOPAD.decode(jwt.split('.').nth(1)?.as_bytes()).ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    Timestamp::from_second(claims["exp"].as_i64()?).ok()
}

fn data(reply: Reply) -> Result<Value, Fail> {
    if !reply.status.is_success() {
        let said = list(&reply.json["errors"]).first().and_then(|error| error["message"].as_str());
        return Err(Fail::of(&reply, said.unwrap_or_default()));
    }
    let mut json = reply.json;
    Ok(json["data"].take())
}
