//! Who is signed in: one-time links and sessions.
//!
//! A link works once, for a quarter of an hour, in the browser that asked for it, and only in the process that made it
//! (a restart makes every open link stale, so "once" holds without a table). A session is a random cookie whose hash
//! stands in the store; its member is looked up at every request, so that removing a member ends their sessions.

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
use sha2::{Digest, Sha256};

use super::{
    super::{Door, Problem, api, blocking, trail::Trail},
    houses,
    words::Words,
};
use crate::{
    flow::{
        clock,
        gateway::{Gateway, Trouble},
    },
    ground::{
        access::Scope,
        account::{Account, Member},
        key::{AccountId, MemberId},
        phrases::Tongue,
    },
    keep::store::{Reading, SessionRow, StoreError, Whose, Writing},
};

const LINK_MINUTES: i64 = 15;
const SESSION_DAYS: i64 = 30;

/// Links that were used, with the time after which they are worthless anyway.
#[derive(Debug, Default)]
pub(in crate::doors::http) struct SpentLinks(Mutex<HashMap<String, Timestamp>>);

impl SpentLinks {
    /// Remembers a link; `false` when it was spent before.
    fn spend(&self, token: &str, until: Timestamp, now: Timestamp) -> bool {
        let mut spent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        spent.retain(|_, until| *until > now);
        spent.insert(token.to_owned(), until).is_none()
    }

    fn is_spent(&self, token: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains_key(token)
    }
}

/// What nobody can guess.
fn random() -> String {
    let mut bits = [0; 20];
    getrandom::fill(&mut bits).expect("the system gives random bits, else nothing here is safe");
    data_encoding::BASE32_NOPAD.encode(&bits).to_ascii_lowercase()
}

/// Different in every process.
fn process_mark() -> &'static str {
    static MARK: OnceLock<String> = OnceLock::new();
    MARK.get_or_init(random)
}

pub(super) fn signed(gateway: &Gateway, purpose: &str, parts: &[&str]) -> String {
    let bits = gateway.secret.sign(purpose, parts);
    data_encoding::BASE32_NOPAD.encode(&bits[..20]).to_ascii_lowercase()
}

/// Takes as long for a near miss as for a far one.
pub(super) fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |sum, (x, y)| sum | (x ^ y)) == 0
}

/// A link that signs this member in once, in any browser: for who started the gateway.
pub fn login_link(gateway: &Gateway, member: MemberId, now: Timestamp) -> String {
    link_for(gateway, member, ANY_BROWSER, now)
}

const ANY_BROWSER: &str = "any";

/// The same for the browser with this cookie.
pub(super) fn link_for(
    gateway: &Gateway,
    member: MemberId,
    browser: &str,
    now: Timestamp,
) -> String {
    let until = now.saturating_add(SignedDuration::from_mins(LINK_MINUTES)).unwrap_or(now);
    let (member, until) = (member.to_string(), until.as_microsecond().to_string());
    let browser = browser_mark(gateway, browser);
    let tag = signed(gateway, "sign-in link", &[process_mark(), &member, &until, &browser]);
    format!("{}/inbox/sign-in/{member}.{until}.{browser}.{tag}", gateway.identity.base_url)
}

/// What a link tells of the browser that asked: enough to know it again.
fn browser_mark(gateway: &Gateway, browser: &str) -> String {
    signed(gateway, "browser", &[browser])
}

fn timestamp(text: &str) -> Option<Timestamp> {
    Timestamp::from_microsecond(text.parse().ok()?).ok()
}

/// What a genuine, fresh link says.
struct Link {
    member: MemberId,
    until: Timestamp,
    browser: String,
}

fn read_link(gateway: &Gateway, token: &str, now: Timestamp) -> Option<Link> {
    let parts: Vec<&str> = token.split('.').collect();
    let [member, until, browser, tag] = parts[..] else { return None };
    let ours = signed(gateway, "sign-in link", &[process_mark(), member, until, browser]);
    let until = timestamp(until)?;
    let good = same(&ours, tag) && now < until;
    good.then(|| Some(Link { member: member.parse().ok()?, until, browser: browser.to_owned() }))?
}

/// What becomes of a link in a browser.
pub(super) enum Redeemed {
    /// It signs in: the cookie of the new session.
    Session(String),
    /// It was asked for in another browser.
    Elsewhere,
    /// It was used, is too old, or is none of ours.
    Stale,
}

/// Would this link sign somebody in here? Looking does not spend it.
pub(super) fn look(door: &Door, token: &str, headers: &HeaderMap) -> Redeemed {
    let fresh = read_link(&door.gateway, token, clock::now());
    match fresh.filter(|_| !door.links.is_spent(token)) {
        None => Redeemed::Stale,
        Some(link) if !is_asker(&door.gateway, &link, headers) => Redeemed::Elsewhere,
        Some(_) => Redeemed::Session(String::new()),
    }
}

fn is_asker(gateway: &Gateway, link: &Link, headers: &HeaderMap) -> bool {
    let here = cookie_of(headers, &cookie_name(gateway, "browser"));
    [Some(ANY_BROWSER), here]
        .into_iter()
        .flatten()
        .any(|browser| same(&browser_mark(gateway, browser), &link.browser))
}

/// Spends the link where it may be used.
pub(super) async fn redeem(
    door: &Door,
    token: String,
    headers: &HeaderMap,
    trail: &Trail,
) -> Result<Redeemed, Problem> {
    let now = clock::now();
    let Some(link) = read_link(&door.gateway, &token, now) else { return Ok(Redeemed::Stale) };
    if !is_asker(&door.gateway, &link, headers) {
        return Ok(Redeemed::Elsewhere);
    }
    let gateway = std::sync::Arc::clone(&door.gateway);
    let found = blocking(move || Ok(gateway.member(link.member)?)).await?;
    let Some((account, member)) = found else { return Ok(Redeemed::Stale) };
    if !door.links.spend(&token, link.until, now) {
        return Ok(Redeemed::Stale);
    }
    trail.member(&member);
    let value = random();
    let browser = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    let session = SessionRow {
        hash: Sha256::digest(&value).into(),
        account: account.id,
        member: member.id,
        since: now,
        until: now.saturating_add(SignedDuration::from_hours(24 * SESSION_DAYS)).unwrap_or(now),
        browser: browser.unwrap_or_default().chars().take(200).collect(),
    };
    let gateway = std::sync::Arc::clone(&door.gateway);
    blocking(move || {
        let begin = move |w: &Writing<'_>| Ok::<_, Trouble>(w.begin_session(&session)?);
        Ok(gateway.store.write_blocking(begin)?)
    })
    .await?;
    Ok(Redeemed::Session(cookie(&door.gateway, "session", &value, SESSION_DAYS * 86_400)))
}

/// The same person in another of their houses: a new session that ends when this one would have, and this one is over.
/// `None`: they have no such house.
pub(super) async fn go_over(
    door: &Door,
    signed_in: &SignedIn,
    to: MemberId,
) -> Result<Option<String>, Problem> {
    let (here, was) = (signed_in.member.clone(), signed_in.session);
    let gateway = std::sync::Arc::clone(&door.gateway);
    let found = blocking(move || {
        Ok(gateway.store.read(|r| {
            let mut houses = houses::elsewhere(r, &here)?.into_iter();
            let Some((house, _)) = houses.find(|(_, member)| *member == to) else {
                return Ok(None);
            };
            let member = r.members(house.id)?.into_iter().find(|member| member.id == to);
            Ok(r.session(&was, clock::now())?.zip(member))
        })?)
    });
    let Some((old, member)) = found.await? else { return Ok(None) };
    let (value, now) = (random(), clock::now());
    let left = old.until.duration_since(now).as_secs().max(0);
    let session = SessionRow {
        hash: Sha256::digest(&value).into(),
        account: member.account,
        member: member.id,
        since: now,
        ..old
    };
    let (gateway, whose) =
        (std::sync::Arc::clone(&door.gateway), Whose::Member(signed_in.member.id));
    blocking(move || {
        // Somebody may have ended it meanwhile: of what is over nothing begins.
        let change = move |w: &Writing<'_>| {
            let was_open = w.end_session(whose, &was)?;
            if was_open {
                w.begin_session(&session)?;
            }
            Ok::<_, Trouble>(was_open)
        };
        Ok(gateway.store.write_blocking(change)?)
    })
    .await
    .map(|went| {
        went.then(|| {
            // It is told in the log of the house they enter.
            signed_in.trail.member(&member);
            signed_in.trail.did("house", "");
            cookie(&door.gateway, "session", &value, left)
        })
    })
}

/// The mark of a browser that asks for a link, and the cookie that sets it where it has none.
pub(super) fn asker(door: &Door, headers: &HeaderMap) -> (String, Option<String>) {
    match cookie_of(headers, &cookie_name(&door.gateway, "browser")) {
        Some(known) => (known.to_owned(), None),
        None => {
            let new = random();
            let cookie = cookie(&door.gateway, "browser", &new, SESSION_DAYS * 86_400);
            (new, Some(cookie))
        }
    }
}

fn is_secure(gateway: &Gateway) -> bool {
    gateway.identity.base_url.starts_with("https:")
}

/// Behind TLS a name that only a page of this very host, over TLS, can set (RFC 6265bis, 4.1.3.2).
fn cookie_name(gateway: &Gateway, what: &str) -> String {
    let prefix = if is_secure(gateway) { "__Host-" } else { "" };
    format!("{prefix}relais_{what}")
}

fn cookie(gateway: &Gateway, what: &str, value: &str, seconds: i64) -> String {
    let (name, secure) =
        (cookie_name(gateway, what), if is_secure(gateway) { "; Secure" } else { "" });
    format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
}

/// Where somebody wanted to go who has to sign in first; kept as long as a link works.
fn wanted(parts: &Parts) -> Option<String> {
    let path = parts.uri.path_and_query()?.as_str();
    match parts.method {
        Method::GET => Some(path.to_owned()),
        // What a button did not do is done from the page it stands on.
        _ => parts.uri.path().rsplit_once('/').map(|(page, _)| page.to_owned()),
    }
}

/// Says that nobody is signed in, and where to go on afterwards.
fn refused(gateway: &Gateway, parts: &Parts) -> Response {
    let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
    // A script that followed to the sign-in page would take it for an answer.
    let by_script = parts.headers.contains_key("x-live");
    if by_script || text(header::ACCEPT) == Some("text/event-stream") {
        return Problem::unauthorized().into_response();
    }
    let to = Redirect::to("/inbox/sign-in");
    match wanted(parts).filter(|path| path.starts_with("/inbox") && path.len() < 500) {
        Some(path) => {
            let path = data_encoding::BASE32_NOPAD.encode(path.as_bytes());
            let kept = cookie(gateway, "next", &path, LINK_MINUTES * 60);
            ([(header::SET_COOKIE, kept)], to).into_response()
        }
        None => to.into_response(),
    }
}

/// Where to go after signing in, and the cookie that forgets it. Always a page of the inbox.
pub(super) fn next(gateway: &Gateway, headers: &HeaderMap) -> (String, String) {
    let kept = cookie_of(headers, &cookie_name(gateway, "next"));
    let path = kept.and_then(|kept| data_encoding::BASE32_NOPAD.decode(kept.as_bytes()).ok());
    let path = path.and_then(|path| String::from_utf8(path).ok()).filter(|path| {
        let inside = path
            .strip_prefix("/inbox")
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
        inside && path.bytes().all(|byte| byte.is_ascii_graphic())
    });
    (path.unwrap_or_else(|| "/inbox".to_owned()), cookie(gateway, "next", "", 0))
}

/// A signed-in member; every page of the inbox takes the account from here and from nowhere else.
#[derive(Clone, Debug)]
pub(super) struct SignedIn {
    pub(super) house: Account,
    pub(super) member: Member,
    pub(super) words: Words,
    /// The hash of the cookie.
    pub(super) session: [u8; 32],
    /// For the audit log.
    pub(super) trail: Trail,
}

impl SignedIn {
    pub(super) fn may(&self, what: Scope) -> bool {
        what <= self.member.role.scope()
    }

    pub(super) fn account(&self) -> AccountId {
        self.house.id
    }

    /// Ends the session; the cookie that removes the cookie.
    pub(super) async fn end(&self, door: &Door) -> Result<String, Problem> {
        end(door, Whose::Member(self.member.id), self.session.to_vec()).await?;
        Ok(cookie(&door.gateway, "session", "", 0))
    }
}

/// Whose session this is, as far as it is one of the house's.
pub(super) async fn whose(
    door: &Door,
    account: AccountId,
    hash: &[u8],
) -> Result<Option<MemberId>, Problem> {
    let Ok(hash) = <[u8; 32]>::try_from(hash) else { return Ok(None) };
    let gateway = std::sync::Arc::clone(&door.gateway);
    let found =
        blocking(move || Ok(gateway.store.read(|r| r.session(&hash, clock::now()))?)).await?;
    Ok(found.filter(|session| session.account == account).map(|session| session.member))
}

/// Signs one of these browsers out.
pub(super) async fn end(door: &Door, whose: Whose, hash: Vec<u8>) -> Result<bool, Problem> {
    let gateway = std::sync::Arc::clone(&door.gateway);
    blocking(move || {
        let end = move |w: &Writing<'_>| Ok::<_, Trouble>(w.end_session(whose, &hash)?);
        Ok(gateway.store.write_blocking(end)?)
    })
    .await
}

fn cookie_of<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
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

/// Whom the cookie with this hash signs in, as long as they are a member.
pub(in crate::doors::http) fn known(
    reading: &Reading<'_>,
    hash: &[u8; 32],
) -> Result<Option<(Account, Member)>, StoreError> {
    let Some(session) = reading.session(hash, clock::now())? else { return Ok(None) };
    let members = reading.members(session.account)?;
    let member = members.into_iter().find(|member| member.id == session.member);
    Ok(reading.account(session.account)?.zip(member))
}

impl FromRequestParts<Door> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, door: &Door) -> Result<Self, Response> {
        let refuse = || refused(&door.gateway, parts);
        let asks_only = matches!(parts.method, Method::GET | Method::HEAD);
        if !asks_only && !same_site(&parts.headers) {
            return Err(Problem::bad("this came from another site").into_response());
        }
        let name = cookie_name(&door.gateway, "session");
        let value = cookie_of(&parts.headers, &name).ok_or_else(refuse)?;
        let session: [u8; 32] = Sha256::digest(value).into();
        let gateway = std::sync::Arc::clone(&door.gateway);
        let found = blocking(move || Ok(gateway.store.read(|r| known(r, &session))?));
        let found = found.await.map_err(IntoResponse::into_response)?;
        let (house, member) = found.ok_or_else(refuse)?;
        let words = Words(Tongue::of(&house.language));
        super::Asker::of(&parts.extensions).speaks(words);
        if !house.has_messaging() {
            return Err(Problem::not_in_plan().into_response());
        }
        let trail = Trail::of(&parts.extensions);
        trail.member(&member);
        api::allowed(member.role.scope(), parts).map_err(IntoResponse::into_response)?;
        Ok(SignedIn { house, member, words, session, trail })
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
    fn a_link_is_spent_once_and_forgotten_when_worthless() {
        let sessions = SpentLinks::default();
        let at = |second| Timestamp::from_second(second).unwrap();
        assert!(sessions.spend("a", at(10), at(1)));
        assert!(!sessions.spend("a", at(10), at(2)));
        assert!(sessions.is_spent("a") && !sessions.is_spent("b"));
        assert!(sessions.spend("b", at(30), at(20)));
        assert!(!sessions.is_spent("a"));
    }
}
