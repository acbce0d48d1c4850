//! The inbox: pages for people who answer in a browser. Everything works without JavaScript; a script adds live
//! updates, the emoji picker and times in the reader's zone.

mod act;
mod assets;
mod audit;
mod conversation;
mod houses;
mod list;
mod message;
mod rows;
mod session;
mod settings;
mod sign_in;
mod view;
mod words;

use std::sync::{Arc, OnceLock};

use askama::Template;
use axum::{
    extract::{Query, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Redirect, Response},
    routing::{MethodRouter, get, post},
};

pub use session::login_link;
pub(super) use session::{SpentLinks, known};
#[cfg(test)]
pub(super) use view::link as view_link;

use super::{
    Answer, Door, events,
    problem::{self, Problem},
};
use assets::{Assets, assets};
use session::SignedIn;
pub(super) use words::Words;

/// Everything from ourselves, nothing inline, nothing framed; text becomes a document in one place of the script only.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types relais";

/// Path and handlers of each page.
pub(super) fn pages() -> Vec<(&'static str, MethodRouter<Door>)> {
    let pages = [
        ("/", get(|| async { Redirect::to("/inbox") })),
        ("/inbox", get(list::show)),
        ("/inbox/delete", post(act::delete)),
        ("/inbox/begin", post(act::begin)),
        ("/inbox/house", post(houses::enter)),
        ("/inbox/restore", post(act::restore)),
        ("/inbox/bulk", post(act::bulk)),
        ("/inbox/events", get(live)),
        ("/inbox/settings", get(settings::show).post(settings::set)),
        ("/inbox/settings/audit", get(audit::show)),
        ("/inbox/settings/sessions", post(settings::end_session)),
        ("/inbox/settings/member", post(settings::prefer)),
        ("/inbox/sign-in", get(sign_in::show).post(sign_in::ask)),
        ("/inbox/sign-in/{token}", get(sign_in::link).post(sign_in::redeem)),
        ("/inbox/sign-out", post(sign_in::sign_out)),
        ("/inbox/{id}", get(conversation::show)),
        ("/inbox/{id}/delete", get(act::ask_delete)),
        ("/inbox/{id}/act", post(act::act)),
        ("/inbox/{id}/language", post(act::language)),
        ("/inbox/{id}/held", post(act::held)),
        ("/inbox/{id}/draft", post(conversation::draft)),
        ("/inbox/{id}/undo", post(conversation::undo)),
        ("/inbox/{id}/reply", post(conversation::reply)),
        ("/inbox/{id}/preview", post(conversation::preview)),
        ("/inbox/files/{id}/{position}", get(view::file)),
        ("/inbox/files/{id}/{position}/view", get(view::go)),
    ];
    let mut pages: Vec<_> = pages
        .into_iter()
        .map(|(path, handler)| (path, handler.layer(axum::middleware::from_fn(dressed))))
        .collect();
    pages.push(("/assets/{name}", get(assets::serve)));
    pages.push(("/view/{account}/{message}/{part}/{until}/{tag}", get(view::show)));
    pages
}

/// The frame of a page: what every template needs.
fn html(status: StatusCode, page: &impl Template) -> Answer {
    let text = page.render().map_err(|error| Problem::ours(format!("a template: {error}")))?;
    Ok((status, Html(text)).into_response())
}

/// The language of who is asking, known once it is known who they are.
#[derive(Clone, Debug, Default)]
struct Asker(Arc<OnceLock<Words>>);

impl Asker {
    fn of(extensions: &axum::http::Extensions) -> Self {
        extensions.get::<Asker>().cloned().unwrap_or_default()
    }

    fn speaks(&self, words: Words) {
        self.0.get_or_init(|| words);
    }
}

#[derive(Template)]
#[template(path = "sorry.html")]
struct Sorry<'a> {
    words: Words,
    assets: &'static Assets,
    title: &'a str,
    detail: &'a str,
}

/// Problems become pages; every page gets its policy and is kept by nobody.
async fn dressed(mut request: Request, next: Next) -> Response {
    let browsers = Words::of_browser(request.headers());
    let asker = Asker::default();
    request.extensions_mut().insert(asker.clone());
    let response = next.run(request).await;
    let words = asker.0.get().copied().unwrap_or(browsers);
    // What an extractor refuses is plain text.
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let failed = response.status().is_client_error() || response.status().is_server_error();
    let plain = failed && kind.is_none_or(|kind| kind.starts_with("text/plain"));
    let mut response = if plain || kind == Some("application/problem+json") {
        let (said, problem) = Problem::of_response(response).await;
        let detail = words.said(&problem);
        let sorry = Sorry { words, assets: assets(), title: words.sorry(), detail };
        let page = html(problem.status(), &sorry).unwrap_or_else(IntoResponse::into_response);
        problem::keeping(said, page)
    } else {
        response
    };
    // The referrer stays within the site: without it browsers send "Origin: null" with our own forms.
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

async fn live(
    State(door): State<Door>,
    signed_in: SignedIn,
    Query(since): Query<events::Since>,
    headers: HeaderMap,
) -> Response {
    let right = events::Right::Session(signed_in.session);
    events::of_account(&door, signed_in.account(), right, since.or_resumed(&headers))
}
