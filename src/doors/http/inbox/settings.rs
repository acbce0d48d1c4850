//! What a house sets itself: its name, language, zone and signature, and how each member wants their mail. What an
//! administrator decides (addresses, members, plan, connections) is shown.

use std::collections::HashMap;

use askama::Template;
use axum::{
    Form,
    body::Bytes,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect},
};
use jiff::Zoned;
use serde::Deserialize;

use super::{
    super::{Answer, Door, Problem, api, blocking, form},
    Assets, SignedIn, Words, assets, html, session,
};
use crate::{
    flow::clock,
    ground::{
        access::{Role, Scope},
        account::{Account, Member, Settings},
        conversation::Channel,
        key::MemberId,
        language::{self, Language},
        relay_mail::{RELAYS, Relay},
        user_agent,
    },
    keep::store::{
        ConnectionRow, ConnectionState, Counts, RelaySeen, RelayVerdict, StoreError, Whose,
    },
};

#[derive(Template)]
#[template(path = "settings.html")]
struct Page {
    words: Words,
    assets: &'static Assets,
    counts: Counts,
    search: String,
    house: Account,
    /// Those it can be set to: code, own name.
    languages: Vec<(String, String)>,
    /// What time it is there.
    now: String,
    may_set: bool,
    members: Vec<Shown>,
    sessions: Vec<Browser>,
    form: String,
    snippet: String,
    connections: Vec<Connected>,
    /// The houses that have relay mail at all may test it.
    has_relay: bool,
    relays: Vec<Tested>,
    wrong: Option<String>,
    /// It was just kept.
    saved: bool,
    /// The names of zones.
    zones: Vec<String>,
}

/// What is said on top.
#[derive(Default)]
struct Said {
    wrong: Option<String>,
    saved: bool,
    /// The relay mail is tested.
    tested: bool,
}

/// `/inbox/settings?saved=` after something was kept, `?relay=` to test the relay mail.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Before {
    saved: Option<String>,
    relay: Option<String>,
}

const SAVED: &str = "/inbox/settings?saved=";

struct Shown {
    id: String,
    name: String,
    address: String,
    role: &'static str,
    /// The names of the languages they read beside the house's, and all there are: code, name, whether they do.
    reads: String,
    languages: Vec<(String, String, bool)>,
    as_written: bool,
    quiet: bool,
    may_set: bool,
}

/// Where somebody is signed in.
struct Browser {
    id: String,
    /// Another member.
    who: Option<String>,
    browser: String,
    /// As it calls itself.
    agent: String,
    since: String,
    here: bool,
}

struct Connected {
    channel: &'static str,
    property: String,
    state: &'static str,
    polled: Option<String>,
    error: Option<String>,
}

/// A platform's relay as it was found.
struct Tested {
    channel: &'static str,
    heard: String,
    replied: String,
    is_wrong: bool,
    answer: String,
}

pub(super) async fn show(
    State(door): State<Door>,
    signed_in: SignedIn,
    Query(before): Query<Before>,
) -> Answer {
    let (saved, tested) = (before.saved.is_some(), before.relay.is_some());
    page(&door, &signed_in, Said { wrong: None, saved, tested }).await
}

async fn page(door: &Door, signed_in: &SignedIn, said: Said) -> Answer {
    let (words, account, whose) = (signed_in.words, signed_in.account(), theirs(signed_in));
    let gateway = std::sync::Arc::clone(&door.gateway);
    let Said { wrong, saved, tested } = said;
    let (house, (counts, members, rules), connections, sessions, relays) = blocking(move || {
        Ok(gateway.store.read(|r| {
            let house = r.account(account)?;
            let rest = (r.counts(account)?, r.members(account)?, r.form_rules(account)?);
            let sessions = r.sessions_of(whose, clock::now())?;
            let relays = RELAYS.into_iter().filter(|_| tested);
            let relays: Result<Vec<_>, StoreError> = relays
                .map(|relay| Ok((relay, r.relay_seen(account, relay.channel, relay.domain)?)))
                .collect();
            Ok((house, rest, r.connections_of(account)?, sessions, relays?))
        })?)
    })
    .await?;
    let house = house.unwrap_or_else(|| signed_in.house.clone());
    let base = &door.gateway.identity.base_url;
    let may_set = signed_in.may(Scope::Admin);
    let now = clock::now().to_zoned(house.zone());
    let names: HashMap<MemberId, String> =
        members.iter().map(|member| (member.id, member.name.clone())).collect();
    let others = |member| names.get(&member).cloned().filter(|_| member != signed_in.member.id);
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Page {
        words,
        assets: assets(),
        counts,
        search: String::new(),
        languages: own_names(),
        now: words.shown(now.timestamp(), &now),
        may_set,
        members: members.into_iter().map(|member| member_shown(member, signed_in)).collect(),
        sessions: sessions
            .into_iter()
            .map(|session| Browser {
                here: session.hash == signed_in.session,
                id: data_encoding::HEXLOWER.encode(&session.hash),
                since: words.shown(session.since, &now),
                who: others(session.member),
                browser: user_agent::named(&session.browser)
                    .unwrap_or_else(|| session.browser.clone()),
                agent: session.browser,
            })
            .collect(),
        form: format!("{base}/f/{}", house.form),
        snippet: form::snippet_of(base, &house, &rules),
        connections: connections
            .into_iter()
            .map(|connection| connected(connection, words, &now))
            .collect(),
        has_relay: house.has_ota(),
        relays: relays
            .into_iter()
            .map(|(relay, seen)| relay_tested(&relay, seen, (&house, words), &now))
            .collect(),
        house,
        wrong,
        saved,
        zones: jiff::tz::db().available().map(|zone| zone.to_string()).collect(),
    };
    html(status, &page)
}

fn member_shown(member: Member, signed_in: &SignedIn) -> Shown {
    let words = signed_in.words;
    Shown {
        id: member.id.to_string(),
        role: match member.role {
            Role::Owner => words.owner(),
            Role::Member => words.answers(),
            Role::ReadOnly => words.only_reads(),
        },
        languages: languages(&member.reads, &signed_in.house.language, words),
        reads: {
            let names = member.reads.iter().map(|code| words.language_name(code.as_str()));
            names.collect::<Vec<_>>().join(", ")
        },
        may_set: may_set(signed_in, member.id),
        name: member.name,
        address: member.address.to_string(),
        as_written: member.as_written,
        quiet: member.quiet,
    }
}

/// The languages as who speaks them calls them: code, name.
fn own_names() -> Vec<(String, String)> {
    let mut all: Vec<_> = language::named().map(|l| (l.to_string(), l.name().to_owned())).collect();
    all.sort_by_key(|(_, name)| Words::in_order(name));
    all
}

/// What a member may read beside the house's language: those we can name, and what they read already.
fn languages(reads: &[String], house: &str, words: Words) -> Vec<(String, String, bool)> {
    let mut codes: Vec<String> = language::named().map(|language| language.to_string()).collect();
    codes.extend(reads.iter().filter(|code| !codes.contains(code)).cloned().collect::<Vec<_>>());
    let of = |code: String| {
        let does = reads.contains(&code);
        (code.clone(), words.language_name(code), does)
    };
    let mut all: Vec<_> = codes.into_iter().filter(|code| code != house).map(of).collect();
    all.sort_by_key(|(_, name, _)| Words::in_order(name));
    all
}

fn connected(connection: ConnectionRow, words: Words, now: &Zoned) -> Connected {
    Connected {
        channel: words.channel(connection.channel),
        property: connection.property,
        state: match connection.state {
            ConnectionState::Active => words.active(),
            ConnectionState::Paused => words.paused(),
            ConnectionState::Broken => words.broken(),
        },
        polled: connection.polled_at.map(|at| words.shown(at, now)),
        error: connection.last_error,
    }
}

/// Nothing is sent for it: behind every address of a relay is a visitor.
fn relay_tested(
    relay: &Relay,
    seen: RelaySeen,
    (house, words): (&Account, Words),
    now: &Zoned,
) -> Tested {
    let sender = house.relay_sender().to_string();
    let place = match relay.channel {
        Channel::Airbnb => words.relay_place_airbnb(),
        _ => words.relay_place_booking(),
    };
    let verdict = seen.verdict();
    let (at, answer) = match seen.replied {
        Some((_, at, answer)) => (words.shown(at, now), answer.map(|answer| answer.text)),
        None => (String::new(), None),
    };
    Tested {
        channel: words.channel(relay.channel),
        heard: match seen.heard_at {
            Some(at) => words.relay_heard(words.shown(at, now)),
            None => words.relay_unheard(&sender),
        },
        replied: match verdict {
            RelayVerdict::Untried => words.relay_untried(place, &sender),
            RelayVerdict::UnderWay => words.relay_under_way(&at),
            RelayVerdict::Works => words.relay_works(&at),
            RelayVerdict::Refused => words.relay_refused(&at, place, &sender),
        },
        is_wrong: verdict == RelayVerdict::Refused,
        answer: answer.filter(|_| verdict == RelayVerdict::Refused).unwrap_or_default(),
    }
}

/// Everybody sets how they want their own mail, an owner everybody's.
fn may_set(signed_in: &SignedIn, member: MemberId) -> bool {
    signed_in.may(Scope::Admin) || signed_in.member.id == member
}

#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    name: String,
    language: String,
    time_zone: String,
    signature: String,
}

pub(super) async fn set(
    State(door): State<Door>,
    signed_in: SignedIn,
    Form(wanted): Form<Wanted>,
) -> Answer {
    let Wanted { name, language, time_zone, signature } = wanted;
    let mut house = signed_in.house.clone();
    let settings = Settings { name, language, time_zone, signature };
    if let Err(error) = settings.apply(&mut house) {
        let wrong = Some(signed_in.words.setting(&error));
        return page(&door, &signed_in, Said { wrong, ..Said::default() }).await;
    }
    blocking(move || Ok(door.gateway.put_account(&house)?)).await?;
    Ok(Redirect::to(SAVED).into_response())
}

/// How a member wants their mail. Boxes that are not ticked are not sent.
#[derive(Debug, Default)]
struct Preferred {
    id: String,
    reads: Vec<String>,
    as_written: bool,
    mailed: bool,
}

impl Preferred {
    fn read(body: &[u8]) -> Result<Self, Problem> {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(body)
            .map_err(|error| Problem::bad(format!("the form is wrong: {error}")))?;
        let mut preferred = Preferred::default();
        for (name, value) in pairs {
            match name.as_str() {
                "id" => preferred.id = value,
                "reads" => preferred.reads.push(value),
                "as_written" => preferred.as_written = true,
                "mailed" => preferred.mailed = true,
                _ => {}
            }
        }
        Ok(preferred)
    }
}

pub(super) async fn prefer(State(door): State<Door>, signed_in: SignedIn, body: Bytes) -> Answer {
    let preferred = Preferred::read(&body)?;
    let id: MemberId = api::id(&preferred.id)?;
    let account = signed_in.account();
    let gateway = std::sync::Arc::clone(&door.gateway);
    let members = blocking(move || Ok(gateway.store.read(|r| r.members(account))?)).await?;
    let found = members.into_iter().find(|member| member.id == id);
    let member = found.ok_or_else(|| Problem::not_found("there is no such member"))?;
    if !may_set(&signed_in, id) {
        return Err(Problem::forbidden(signed_in.member.role.scope(), Scope::Admin));
    }
    let mut reads = Vec::new();
    for word in &preferred.reads {
        let Ok(language) = Language::parse(word) else {
            let wrong = Some(signed_in.words.setting_language(word.as_str()));
            return page(&door, &signed_in, Said { wrong, ..Said::default() }).await;
        };
        reads.push(language.to_string());
    }
    let member =
        Member { reads, as_written: preferred.as_written, quiet: !preferred.mailed, ..member };
    blocking(move || Ok(door.gateway.put_member(&member)?)).await?;
    Ok(Redirect::to(SAVED).into_response())
}

#[derive(Debug, Deserialize)]
pub(super) struct Ended {
    id: String,
}

/// The browsers somebody may sign out: an owner everybody's, for a lost phone is not always the owner's.
fn theirs(signed_in: &SignedIn) -> Whose {
    if signed_in.may(Scope::Admin) {
        Whose::House(signed_in.account())
    } else {
        Whose::Member(signed_in.member.id)
    }
}

/// Signs a browser out.
pub(super) async fn end_session(
    State(door): State<Door>,
    signed_in: SignedIn,
    Form(ended): Form<Ended>,
) -> Answer {
    let hash = data_encoding::HEXLOWER.decode(ended.id.as_bytes()).unwrap_or_default();
    if let Some(member) = session::whose(&door, signed_in.account(), &hash).await? {
        signed_in.trail.did("sessions", member.to_string());
    }
    if !session::end(&door, theirs(&signed_in), hash).await? {
        return Err(Problem::not_found("there is no such session"));
    }
    Ok(Redirect::to("/inbox/settings").into_response())
}
