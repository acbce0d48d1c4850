//! The contact form: a hosted page, a snippet for the provider's own site, and one address that takes urlencoded,
//! multipart and JSON.

mod filled;
mod guard;
mod words;

use axum::{
    Extension, Json,
    extract::{Path, Query, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::json;

use super::{
    Answer, Door, Peer, Problem, blocking,
    page::{escape, page, wants_page},
};
use crate::{
    flow::{clock, gateway::FormRequest},
    ground::{
        account::Account,
        address::Address,
        form::{self, FormRules, StampProblem},
    },
};
use filled::Filled;
pub(super) use guard::Guard;
use words::{Words, asked, english, known, words};

/// The fields people do not see on the pages of other services: who fills one in is probably a robot. Ours is the
/// house's to name.
const TRAPS: [&str; 3] = ["_gotcha", "_honeypot", "bot-field"];
/// The signed time at which a page was made.
const STAMP: &str = "_t";
/// The longest name a program may give its attempt, bytes.
const MAX_ATTEMPT: usize = 255;

/// The house of a form, and what it wants of it.
async fn house(door: &Door, form: String) -> Result<(Account, FormRules), Problem> {
    let gateway = std::sync::Arc::clone(&door.gateway);
    let found = blocking(move || {
        Ok(gateway.store.read(|reading| {
            let Some(house) = reading.account_of_form(&form)? else { return Ok(None) };
            let rules = reading.form_rules(house.id)?;
            Ok(Some((house, rules)))
        })?)
    });
    found.await?.ok_or_else(|| Problem::not_found("there is no such form"))
}

#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    /// The visitor's language, from a link.
    lang: Option<String>,
}

pub(super) async fn show(
    State(door): State<Door>,
    Path(form): Path<String>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Answer {
    let (house, rules) = house(&door, form).await?;
    let chosen = wanted.lang.as_deref().and_then(known);
    let words = chosen.unwrap_or_else(|| words(&headers, &house));
    Ok(form_page(&door, (&house, &rules), words, &Filled::default(), None))
}

/// What is wrong, with the fields as the page calls them.
fn said(problem: &Problem, words: &Words) -> String {
    if problem.fields.is_empty() {
        return problem.detail().to_owned();
    }
    let wrong = problem.fields.iter();
    let lines = wrong.map(|wrong| format!("{}: {}", words.label(&wrong.field), wrong.said));
    lines.collect::<Vec<_>>().join(" · ")
}

/// The page; with what was filled in, when something about it was wrong.
fn form_page(
    door: &Door,
    (house, rules): (&Account, &FormRules),
    words: &Words,
    filled: &Filled,
    problem: Option<&Problem>,
) -> Response {
    let wrong = problem
        .map(|p| format!("<p class=\"wrong\" role=\"alert\">{}</p>", escape(&said(p, words))))
        .unwrap_or_default();
    let stamp = form::stamp(&door.gateway.secret, &house.form, clock::now());
    let proof = if rules.proof {
        let (form, failed) = (escape(&house.form), escape(words.failed));
        format!(" data-relais data-proof=\"/f/{form}/challenge\" data-failed=\"{failed}\"")
    } else {
        String::new()
    };
    let body = format!(
        "{wrong}<form method=\"post\" enctype=\"multipart/form-data\" action=\"/f/{}\"{proof}>{}<input type=\"hidden\" name=\"{STAMP}\" value=\"{stamp}\"><button>{}</button></form>{}",
        escape(&house.form),
        fields(words, (house, rules), filled, ""),
        escape(words.send),
        if rules.proof { "<script src=\"/form.js\" defer></script>" } else { "" },
    );
    let status = problem.map_or(StatusCode::OK, Problem::status);
    let mut response = page(status, words.language, &house.name, &body);
    let headers = response.headers_mut();
    // Browsers hide the origin of a form under no-referrer, and we want to see it.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    if rules.proof
        && let Ok(policy) = HeaderValue::try_from(format!(
            "{}; script-src 'self'; connect-src 'self'",
            super::page::POLICY
        ))
    {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// The fields, as they stand on the page and in the snippet.
/// `unseen` hides the trap where there is no style sheet of ours.
fn fields(
    words: &Words,
    (house, rules): (&Account, &FormRules),
    filled: &Filled,
    unseen: &str,
) -> String {
    let field = |name: &str, label: &str, kind: &str, more: &str| {
        let value = filled.value(&[name]).unwrap_or_default();
        format!(
            "<label for=\"{name}\">{}</label><input id=\"{name}\" name=\"{name}\" type=\"{kind}\" value=\"{}\" {more}>",
            escape(label),
            escape(value),
        )
    };
    let stay = match house.has_ota() {
        true => vec![
            field("arrival", words.arrival, "date", ""),
            field("departure", words.departure, "date", ""),
            field("guests", words.guests, "number", "min=\"1\" max=\"999\""),
        ],
        // Who rents no rooms asks for no nights.
        false => Vec::new(),
    };
    [
        field("name", words.name, "text", "required maxlength=\"120\" autocomplete=\"name\""),
        field("email", words.email, "email", "required maxlength=\"254\" autocomplete=\"email\""),
        field("phone", words.phone, "tel", "autocomplete=\"tel\""),
        field("subject", words.subject, "text", "maxlength=\"200\""),
        stay.concat(),
        format!(
            "<label for=\"message\">{}</label><textarea id=\"message\" name=\"message\" rows=\"8\" required maxlength=\"10000\">{}</textarea>",
            escape(words.message),
            escape(filled.value(&["message"]).unwrap_or_default()),
        ),
        format!(
            "<label for=\"files\">{}</label><input id=\"files\" name=\"attachment\" type=\"file\" multiple>",
            escape(words.files)
        ),
        format!(
            "<div class=\"trap\"{unseen} aria-hidden=\"true\"><input name=\"{}\" tabindex=\"-1\" autocomplete=\"off\"></div>",
            escape(&rules.trap())
        ),
        format!("<input type=\"hidden\" name=\"lang\" value=\"{}\">", words.language),
    ]
    .concat()
}

/// The form for the provider's own page: plain HTML that works without a script, and with it stays on the page.
pub(super) async fn snippet(
    State(door): State<Door>,
    Path(form): Path<String>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Answer {
    let (house, rules) = house(&door, form).await?;
    let chosen = wanted.lang.as_deref().and_then(known);
    let words = chosen.unwrap_or_else(|| words(&headers, &house));
    let html = snippet_in(words, &door.gateway.identity.base_url, &house, &rules);
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], html).into_response())
}

/// The snippet in the house's language.
pub(super) fn snippet_of(base: &str, house: &Account, rules: &FormRules) -> String {
    snippet_in(known(&house.language).unwrap_or_else(english), base, house, rules)
}

fn snippet_in(words: &Words, base: &str, house: &Account, rules: &FormRules) -> String {
    let base = escape(base);
    let form = escape(&house.form);
    let proof = if rules.proof {
        format!(" data-proof=\"{base}/f/{form}/challenge\"")
    } else {
        String::new()
    };
    format!(
        "<form method=\"post\" enctype=\"multipart/form-data\" action=\"{base}/f/{form}\" data-relais data-thanks=\"{}\" data-failed=\"{}\"{proof}>\n{}\n<button>{}</button>\n</form>\n<script src=\"{base}/form.js\" defer></script>\n",
        escape(words.thanks),
        escape(words.failed),
        fields(
            words,
            (house, rules),
            &Filled::default(),
            " style=\"position:absolute;left:-99rem\""
        ),
        escape(words.send),
    )
}

/// The script that makes the form pleasant: it finds the proof of work and stays on the page.
pub(super) async fn script() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ];
    (headers, include_str!("form.js")).into_response()
}

/// A riddle for one submission, and the time, signed.
pub(super) async fn challenge(
    State(door): State<Door>,
    Path(form): Path<String>,
    headers: HeaderMap,
) -> Answer {
    let (house, rules) = house(&door, form).await?;
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(Problem::ours)?;
    let riddle = form::challenge(&door.gateway.secret, &house.form, random, clock::now());
    let mut response = ([(header::CACHE_CONTROL, "no-store")], Json(json!(riddle))).into_response();
    allow_origin(&mut response, &headers, &rules, &door.gateway.identity.base_url);
    Ok(response)
}

pub(super) async fn thanks(
    State(door): State<Door>,
    Path(form): Path<String>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Answer {
    let (house, _) = house(&door, form).await?;
    let chosen = wanted.lang.as_deref().and_then(known);
    let words = chosen.unwrap_or_else(|| words(&headers, &house));
    let body = format!("<p>{}</p>", escape(words.thanks));
    Ok(page(StatusCode::OK, words.language, &house.name, &body))
}

/// The form may be sent from the provider's own site: exactly those origins, POST only, never with credentials.
pub(super) async fn preflight(
    State(door): State<Door>,
    Path(form): Path<String>,
    headers: HeaderMap,
) -> Answer {
    let (_, rules) = house(&door, form).await?;
    let fixed = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type, accept, idempotency-key"),
        (header::ACCESS_CONTROL_MAX_AGE, "86400"),
    ];
    let mut response = (StatusCode::NO_CONTENT, fixed).into_response();
    allow_origin(&mut response, &headers, &rules, &door.gateway.identity.base_url);
    Ok(response)
}

/// Names the origin that asks, if it is allowed; caches learn that the answer depends on it.
fn allow_origin(response: &mut Response, asked: &HeaderMap, rules: &FormRules, ours: &str) {
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = asked.get(header::ORIGIN)
        && origin.to_str().is_ok_and(|origin| rules.allows(origin, ours))
    {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    }
}

pub(super) async fn submit(
    State(door): State<Door>,
    Extension(peer): Extension<Peer>,
    Path(form): Path<String>,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    let (house, rules) = match house(&door, form).await {
        Ok(found) => found,
        Err(problem) => return problem.into_response(),
    };
    let on_page = wants_page(&headers);
    // A program that names no language reads English.
    let spoken = match on_page {
        true => words(&headers, &house),
        false => asked(&headers).unwrap_or_else(english),
    };
    let may = may_send(&door, &rules, &headers, peer);
    // A page shows again what was typed in, whatever is wrong with it.
    let filled = match may.is_ok() || on_page {
        true => Filled::read(request).await,
        false => Ok(Filled::default()),
    };
    let mut response = match filled {
        Ok(filled) => {
            let next = filled.value(&["_next", "_redirect"]).and_then(|next| rules.next(next));
            // The page on which it was filled in knows best.
            let spoken = filled.value(&["lang", "language"]).and_then(known).unwrap_or(spoken);
            let thanks = || format!("/f/{}/thanks?lang={}", house.form, spoken.language);
            let there = next.map_or_else(thanks, str::to_owned);
            let taken = match may {
                Ok(()) => take(&door, (&house, &rules), (&headers, peer), &filled, spoken).await,
                Err(problem) => Err(problem),
            };
            let taken = taken.map_err(|problem| match problem.status() {
                StatusCode::TOO_MANY_REQUESTS => problem.saying(spoken.wait),
                status if on_page && status.is_server_error() => problem.saying(spoken.failed),
                _ => problem,
            });
            match taken {
                Ok(_) if on_page => Redirect::to(&there).into_response(),
                Ok(id) => (StatusCode::CREATED, Json(json!({"conversation": id}))).into_response(),
                Err(problem) if on_page => {
                    form_page(&door, (&house, &rules), spoken, &filled, Some(&problem))
                }
                Err(problem) => problem.into_response(),
            }
        }
        Err(problem) if on_page => {
            let nothing = Filled::default();
            let problem = match problem.status() {
                StatusCode::PAYLOAD_TOO_LARGE => problem.saying(&filled::too_big(spoken)),
                _ => problem.saying(spoken.failed),
            };
            form_page(&door, (&house, &rules), spoken, &nothing, Some(&problem))
        }
        Err(problem) => problem.into_response(),
    };
    allow_origin(&mut response, &headers, &rules, &door.gateway.identity.base_url);
    response
}

/// Before anything is read: how often, and from which site.
fn may_send(
    door: &Door,
    rules: &FormRules,
    headers: &HeaderMap,
    peer: Peer,
) -> Result<(), Problem> {
    if !door.forms.may_try(peer) {
        return Err(Problem::too_many());
    }
    let origin = headers.get(header::ORIGIN).map(|value| value.to_str().unwrap_or("?"));
    match origin {
        // Browsers always name it in a POST, and "null" where they are told to hide it: then the stamp must do.
        None | Some("null") => Ok(()),
        Some(origin) if rules.allows(origin, &door.gateway.identity.base_url) => Ok(()),
        // By another name of this very server: behind a proxy, or on another port than it thinks.
        Some(origin) if same_host(origin, headers) => Ok(()),
        Some(origin) => Err(Problem::not_from_there(format!(
            "this form is not open to pages of {origin}; allow it: relais form set ACCOUNT --origin {origin}"
        ))),
    }
}

fn same_host(origin: &str, headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    host.is_some_and(|host| origin.split_once("://").is_some_and(|(_, named)| named == host))
}

/// The conversation. Who filled in a trap is told the same as a person.
async fn take(
    door: &Door,
    (house, rules): (&Account, &FormRules),
    (headers, peer): (&HeaderMap, Peer),
    filled: &Filled,
    words: &Words,
) -> Result<String, Problem> {
    let hidden = match headers.get(header::ORIGIN) {
        None => rules.stamp,
        Some(origin) => origin == "null",
    };
    let stamp = filled.value(&[STAMP]).or(hidden.then_some(""));
    if let Some(stamp) = stamp {
        let stamped = form::check_stamp(&door.gateway.secret, &house.form, stamp, clock::now());
        stamped.map_err(|problem| match problem {
            StampProblem::TooSoon => Problem::conflict(words.hasty),
            StampProblem::Forged | StampProblem::TooLate => Problem::conflict(words.stale),
        })?;
    }
    let trap = rules.trap();
    let trapped = filled.value(&TRAPS).or(filled.value(&[trap.as_str()])).is_some();
    let gateway = &door.gateway;
    let is_ours = |address: &Address| {
        address.domain() == gateway.identity.reply_domain
            || gateway.directory.recipient(address).is_some()
    };
    let request = FormRequest { trapped, ..filled.check(words, &trap, is_ours)? };
    if trapped {
        tracing::info!(form = house.form, "the trap of a form was filled in");
    }
    let attempt = headers.get("idempotency-key").and_then(|key| key.to_str().ok());
    if attempt.is_some_and(|name| name.len() > MAX_ATTEMPT) {
        return Err(Problem::bad(format!(
            "Idempotency-Key has more than {MAX_ATTEMPT} characters"
        )));
    }
    let proof = || {
        let given = filled.value(&["altcha"]);
        if !rules.proof || door.forms.proven(&door.gateway.secret, &house.form, given) {
            return Ok(());
        }
        let programs = "a proof of work (ALTCHA): ask for a riddle at /f/FORM/challenge";
        Err(match wants_page(headers) {
            true => Problem::not_from_there(words.unproven),
            false => Problem::not_from_there(format!("{} ({programs})", words.unproven)),
        })
    };
    let submit = || door.gateway.submit_form(house, &request);
    door.forms.once((&house.form, peer), &request, attempt, proof, submit).await
}
