//! OAuth 2 with Airbnb: a host's permission becomes tokens, and tokens that run out are renewed.
//!
//! The refresh token changes each time it is used, so a new one is kept before anything is asked with it, and two
//! tasks of this house never use the same one. The addresses are the operator's to say: nobody has published them.

use std::{sync::Arc, time::Duration};

use hyper::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::Mutex;

use crate::{
    doors::{
        channels::{
            adapter::{Fail, UNTOLD},
            blocking,
            files::{given, split},
        },
        json_client::Peer,
    },
    flow::{
        clock,
        gateway::{ChannelUrls, Gateway},
    },
    keep::store::MachineAccount,
};

const PATIENCE: Duration = Duration::from_secs(20);
/// Where nothing says how long a token is good (RFC 6749, 5.1: it should be said).
const USUAL: i64 = 3600;

/// What a host allowed; as JSON it is the secret of the connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tokens {
    access: String,
    refresh: String,
    until: Timestamp,
}

/// Where tokens are given out, and who we are there.
struct Issuer {
    peer: Peer,
    path: String,
    key: String,
    secret: String,
}

impl Tokens {
    /// Never `refused`, which was not.
    fn are_good(&self, refused: Option<&str>) -> bool {
        clock::now() < self.until && refused != Some(self.access.as_str())
    }
}

/// The tokens of one host.
pub(super) struct Grant {
    tokens: Mutex<Tokens>,
    keeper: Arc<Keeper>,
}

/// Has them renewed, and keeps the new ones.
struct Keeper {
    issuer: Issuer,
    gateway: Arc<Gateway>,
    machine: MachineAccount,
    /// Shared by all that use this house's connections.
    renewing: Arc<Mutex<()>>,
}

impl Issuer {
    fn new(urls: &ChannelUrls) -> Result<Self, Fail> {
        let (host, path) = split(&urls.airbnb_token)
            .ok_or_else(|| Fail::Ours("set channels.airbnb_token_url".into()))?;
        Ok(Issuer {
            peer: Peer::of_channel(host, &[]).map_err(Fail::Ours)?,
            path: path.to_owned(),
            key: urls.airbnb_key.clone(),
            secret: urls.airbnb_secret.clone(),
        })
    }

    /// RFC 6749, 4.1.3 and 6. A refused grant is a credential that is none; silence leaves it open.
    async fn give(&self, grant: &[(&str, &str)], before: Option<&Tokens>) -> Result<Tokens, Fail> {
        let ours = [("client_id", self.key.as_str()), ("client_secret", self.secret.as_str())];
        let fields: Vec<(&str, &str)> = grant.iter().copied().chain(ours).collect();
        let body = serde_urlencoded::to_string(fields).map_err(|e| Fail::Ours(e.to_string()))?;
        let kind = "application/x-www-form-urlencoded";
        let asked = self.peer.post_as(kind, &self.path, None, body, PATIENCE);
        // Nothing was said to a visitor: silence here is only silence.
        let silence = |fail| match fail {
            Fail::Unanswered(why) => Fail::Unreachable(why),
            fail => fail,
        };
        let file = asked.await.map_err(|wire| silence(Fail::from(wire)))?;
        match file.status {
            status @ (StatusCode::BAD_REQUEST
            | StatusCode::UNAUTHORIZED
            | StatusCode::FORBIDDEN) => {
                return Err(Fail::Credentials(format!("no token is given: {status}")));
            }
            StatusCode::TOO_MANY_REQUESTS if file.retry_after.is_none() => {
                return Err(Fail::Throttled(UNTOLD));
            }
            _ => given(&file, "a token").map_err(silence).map_err(|fail| match fail {
                Fail::Refused(why) => Fail::Unreachable(why),
                fail => fail,
            })?,
        }
        let given: Value = serde_json::from_slice(&file.bytes).unwrap_or_default();
        let text = |name: &str| given[name].as_str().map(str::to_owned);
        let access =
            text("access_token").ok_or_else(|| Fail::Unreachable("no token in it".into()))?;
        // A server that does not change it does not repeat it (RFC 6749, 6).
        let refresh = text("refresh_token").or(before.map(|tokens| tokens.refresh.clone()));
        let seconds = given["expires_in"].as_i64().unwrap_or(USUAL).clamp(1, 366 * 86_400);
        let until = clock::now().checked_add(SignedDuration::from_secs(seconds));
        Ok(Tokens {
            access,
            refresh: refresh.unwrap_or_default(),
            until: until.unwrap_or(Timestamp::MAX),
        })
    }
}

/// What a host allowed with this code, as the secret of a connection.
pub(in crate::doors::channels) async fn redeemed(
    urls: &ChannelUrls,
    code: &str,
    redirect: &str,
) -> Result<String, Fail> {
    let grant = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect)];
    let tokens = Issuer::new(urls)?.give(&grant, None).await?;
    serde_json::to_string(&tokens).map_err(|error| Fail::Ours(error.to_string()))
}

impl Grant {
    /// `None`: the secret is no grant.
    pub(super) fn of(
        secret: &str,
        machine: MachineAccount,
        gateway: &Arc<Gateway>,
        renewing: &Arc<Mutex<()>>,
    ) -> Result<Option<Self>, Fail> {
        let Ok(tokens) = serde_json::from_str(secret) else { return Ok(None) };
        let keeper = Keeper {
            issuer: Issuer::new(&gateway.identity.channel_urls)?,
            gateway: Arc::clone(gateway),
            machine,
            renewing: Arc::clone(renewing),
        };
        Ok(Some(Grant { tokens: Mutex::new(tokens), keeper: Arc::new(keeper) }))
    }

    /// A token that is good; never `refused`, which was not.
    pub(super) async fn access(&self, refused: Option<&str>) -> Result<String, Fail> {
        let mut tokens = self.tokens.lock().await;
        if !tokens.are_good(refused) {
            let (keeper, current) = (Arc::clone(&self.keeper), tokens.clone());
            let refused = refused.map(str::to_owned);
            // In a task of its own: whoever asked may be broken off, and a token that was used must not be lost with it.
            let renewing =
                tokio::spawn(async move { keeper.renewed(current, refused.as_deref()).await });
            *tokens = renewing.await.map_err(|error| Fail::Ours(error.to_string()))??;
        }
        Ok(tokens.access.clone())
    }
}

impl Keeper {
    async fn renewed(&self, current: Tokens, refused: Option<&str>) -> Result<Tokens, Fail> {
        let _alone = self.renewing.lock().await;
        // Another task, or the host who allowed it anew, may have been here first.
        let before = self.kept().await?.unwrap_or(current);
        if before.are_good(refused) {
            return Ok(before);
        }
        let refresh = [("grant_type", "refresh_token"), ("refresh_token", &before.refresh)];
        let renewed = self.issuer.give(&refresh, Some(&before)).await?;
        self.keep(&renewed).await?;
        Ok(renewed)
    }

    async fn kept(&self) -> Result<Option<Tokens>, Fail> {
        let (gateway, machine) = (Arc::clone(&self.gateway), self.machine.clone());
        let secret = blocking(move || gateway.secret_of_machine(&machine)).await?;
        Ok(secret.and_then(|secret| serde_json::from_str(&secret).ok()))
    }

    async fn keep(&self, tokens: &Tokens) -> Result<(), Fail> {
        let secret =
            serde_json::to_string(tokens).map_err(|error| Fail::Ours(error.to_string()))?;
        let (gateway, machine) = (Arc::clone(&self.gateway), self.machine.clone());
        blocking(move || gateway.renew_secret(&machine, &secret)).await
    }
}
