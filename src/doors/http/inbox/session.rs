//! Who is signed in: one-time links and session cookies, both signed with the gateway's secret.
//!
//! A link works once and only in the process that made it (a restart makes every open link stale, so "once" holds
//! without a table). A session is a signed cookie; its member is looked up at every request, so that removing a
//! member ends their sessions. Signed-out cookies are remembered in memory only: after a restart a stolen copy of a
//! signed-out cookie would be taken again until it expires. A table of sessions will close that.

use std::{
    collections::HashMap,
    sync::{Mutex, OnceLock, PoisonError},
};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Method, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use jiff::{SignedDuration, Timestamp};

use super::{
    super::{Door, Problem, api, blocking},
    words::Words,
};
use crate::{
    flow::{clock, gateway::Gateway},
    ground::{
        access::Scope,
        account::{Account, Member},
        key::{AccountId, MemberId},
        phrases::Tongue,
    },
};

const COOKIE: &str = "relais_session";
const LINK_MINUTES: i64 = 15;
const SESSION_DAYS: i64 = 30;

/// Used links and ended sessions with the time after which they are worthless anyway.
#[derive(Debug, Default)]
pub(in crate::doors::http) struct Sessions {
    spent: Mutex<HashMap<String, Timestamp>>,
}

impl Sessions {
    /// Remembers a token; `false` when it was spent before.
    fn spend(&self, token: &str, until: Timestamp, now: Timestamp) -> bool {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        spent.retain(|_, until| *until > now);
        spent.insert(token.to_owned(), until).is_none()
    }

    fn is_spent(&self, token: &str) -> bool {
        self.spent.lock().unwrap_or_else(PoisonError::into_inner).contains_key(token)
    }
}

/// Different in every process.
fn process_mark() -> &'static str {
    static MARK: OnceLock<String> = OnceLock::new();
    MARK.get_or_init(|| {
        let mut bits = [0; 16];
        getrandom::fill(&mut bits)
            .expect("the system gives random bits, else nothing here is safe");
        data_encoding::BASE32_NOPAD.encode(&bits)
    })
}

pub(super) fn signed(gateway: &Gateway, purpose: &str, parts: &[&str]) -> String {
    let bits = gateway.secret.sign(purpose, parts);
    data_encoding::BASE32_NOPAD.encode(&bits[..20]).to_ascii_lowercase()
}

/// Takes as long for a near miss as for a far one.
pub(super) fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |sum, (x, y)| sum | (x ^ y)) == 0
}

/// A link that signs this member in once, within a quarter of an hour.
pub fn login_link(gateway: &Gateway, member: MemberId, now: Timestamp) -> String {
    let until = now.saturating_add(SignedDuration::from_mins(LINK_MINUTES)).unwrap_or(now);
    let (member, until) = (member.to_string(), until.as_microsecond().to_string());
    let tag = signed(gateway, "sign-in link", &[process_mark(), &member, &until]);
    format!("{}/inbox/sign-in/{member}.{until}.{tag}", gateway.identity.base_url)
}

fn timestamp(text: &str) -> Option<Timestamp> {
    Timestamp::from_microsecond(text.parse().ok()?).ok()
}

/// Whose link this is, if it is genuine and fresh.
fn link_member(gateway: &Gateway, token: &str, now: Timestamp) -> Option<(MemberId, Timestamp)> {
    let mut parts = token.split('.');
    let (member, until, tag) = (parts.next()?, parts.next()?, parts.next()?);
    let genuine = parts.next().is_none()
        && same(&signed(gateway, "sign-in link", &[process_mark(), member, until]), tag);
    let until = timestamp(until)?;
    (genuine && now < until).then(|| Some((member.parse().ok()?, until)))?
}

/// Would this link sign somebody in?
pub(super) fn link_works(door: &Door, token: &str) -> bool {
    link_member(&door.gateway, token, clock::now()).is_some() && !door.sessions.is_spent(token)
}

/// Spends the link; the cookie of a new session.
pub(super) async fn redeem(door: &Door, token: String) -> Result<Option<String>, Problem> {
    let now = clock::now();
    let Some((member, until)) = link_member(&door.gateway, &token, now) else { return Ok(None) };
    let gateway = std::sync::Arc::clone(&door.gateway);
    let found = blocking(move || Ok(gateway.member(member)?)).await?;
    let Some((account, member)) = found else { return Ok(None) };
    if !door.sessions.spend(&token, until, now) {
        return Ok(None);
    }
    let parts = [account.id.to_string(), member.id.to_string(), now.as_microsecond().to_string()];
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let value = format!("{}.{}", parts.join("."), signed(&door.gateway, "session", &parts));
    Ok(Some(cookie(door, &value, SESSION_DAYS * 86_400)))
}

fn cookie(door: &Door, value: &str, seconds: i64) -> String {
    let secure = if door.gateway.identity.base_url.starts_with("https:") { "; Secure" } else { "" };
    format!("{COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
}

/// A signed-in member; every page of the inbox takes the account from here and from nowhere else.
#[derive(Clone, Debug)]
pub(super) struct SignedIn {
    pub(super) house: Account,
    pub(super) member: Member,
    pub(super) words: Words,
    session: String,
    until: Timestamp,
}

impl SignedIn {
    pub(super) fn may(&self, what: Scope) -> bool {
        what <= self.member.role.scope()
    }

    pub(super) fn account(&self) -> AccountId {
        self.house.id
    }

    /// Ends the session; the cookie that removes the cookie.
    pub(super) fn end(&self, door: &Door) -> String {
        door.sessions.spend(&self.session, self.until, clock::now());
        cookie(door, "", 0)
    }
}

fn session_of(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}

/// The account, member and end of a genuine session.
fn read_session(
    gateway: &Gateway,
    session: &str,
    now: Timestamp,
) -> Option<(AccountId, MemberId, Timestamp)> {
    let (signed_part, tag) = session.rsplit_once('.')?;
    let parts: Vec<&str> = signed_part.split('.').collect();
    let [account, member, since] = parts[..] else { return None };
    let genuine = same(&signed(gateway, "session", &parts), tag);
    let until =
        timestamp(since)?.checked_add(SignedDuration::from_hours(24 * SESSION_DAYS)).ok()?;
    (genuine && now < until).then(|| Some((account.parse().ok()?, member.parse().ok()?, until)))?
}

/// A page of another site must not press our buttons. Browsers say where a request comes from: Sec-Fetch-Site on
/// safe origins, Origin everywhere; a request that says neither is no browser's.
pub(super) fn same_site(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let origin = text("origin").and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
    origin.is_some() && origin == text("host")
}

impl FromRequestParts<Door> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, door: &Door) -> Result<Self, Response> {
        let refuse = || Redirect::to("/inbox/sign-in").into_response();
        let asks_only = matches!(parts.method, Method::GET | Method::HEAD);
        if !asks_only && !same_site(&parts.headers) {
            return Err(Problem::bad("this came from another site").into_response());
        }
        let session = session_of(&parts.headers).ok_or_else(refuse)?.to_owned();
        let now = clock::now();
        let known = read_session(&door.gateway, &session, now);
        let (account, member, until) =
            known.filter(|_| !door.sessions.is_spent(&session)).ok_or_else(refuse)?;
        let gateway = std::sync::Arc::clone(&door.gateway);
        let found = blocking(move || {
            Ok(gateway.store.read(|r| Ok((r.account(account)?, r.members(account)?)))?)
        });
        let (house, members) = found.await.map_err(IntoResponse::into_response)?;
        let member = members.into_iter().find(|m| m.id == member);
        let (house, member) = house.zip(member).ok_or_else(refuse)?;
        if !house.has_messaging() {
            return Err(Problem::not_in_plan().into_response());
        }
        api::allowed(member.role.scope(), parts).map_err(IntoResponse::into_response)?;
        let words = Words(Tongue::of(&house.language));
        Ok(SignedIn { house, member, words, session, until })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_press_our_buttons() {
        for (headers, expected) in [
            (vec![("sec-fetch-site", "same-origin")], true),
            (
                vec![
                    ("sec-fetch-site", "cross-site"),
                    ("origin", "http://a.example"),
                    ("host", "a.example"),
                ],
                false,
            ),
            (vec![("sec-fetch-site", "same-site")], false),
            (vec![("origin", "http://a.example"), ("host", "a.example")], true),
            (vec![("origin", "http://b.example"), ("host", "a.example")], false),
            (vec![("origin", "null"), ("host", "a.example")], false),
            (vec![("host", "a.example")], false),
        ] {
            let mut map = HeaderMap::new();
            for (name, value) in &headers {
                map.insert(*name, value.parse().unwrap());
            }
            assert_eq!(same_site(&map), expected, "{headers:?}");
        }
    }

    #[test]
    fn a_token_is_spent_once_and_forgotten_when_worthless() {
        let sessions = Sessions::default();
        let at = |second| Timestamp::from_second(second).unwrap();
        assert!(sessions.spend("a", at(10), at(1)));
        assert!(!sessions.spend("a", at(10), at(2)));
        assert!(sessions.is_spent("a") && !sessions.is_spent("b"));
        assert!(sessions.spend("b", at(30), at(20)));
        assert!(!sessions.is_spent("a"));
    }
}
