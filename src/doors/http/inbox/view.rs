//! What strangers sent, given to the browser in nobody's name: the HTML of a mail in a sandbox without scripts, its
//! pictures and files. The links are signed, short-lived and work without a cookie, so that the sandbox needs none.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use jiff::Timestamp;

use super::{
    super::{Answer, Door, Problem, api, blocking, page::escape},
    Words,
    session::{SignedIn, same, signed},
};
use crate::{
    flow::{clock, gateway::Gateway},
    ground::{
        key::{AccountId, MessageKey},
        letter::picture::Picture,
    },
};

/// What a page shows is worth nothing soon after: a page asks again for each link.
const SHOWN_SECONDS: i64 = 10 * 60;
/// A link to a file is followed at once: it is worth nothing to who finds it later, signed out or not.
const FILE_SECONDS: i64 = 60;

/// Where a page shows a part of a message. The link behind it is made when it is asked for: on a page that is open all
/// day none is too old.
pub(super) fn way(message: MessageKey, part: &str) -> String {
    format!("/inbox/files/{message}/{part}/view")
}

pub(super) async fn go(
    State(door): State<Door>,
    signed_in: SignedIn,
    Path(place): Path<(String, String)>,
) -> Response {
    let words = signed_in.words;
    led(door, &signed_in, place).await.unwrap_or_else(|problem| over(words, &problem))
}

/// A file to keep comes by such a link too: nothing of a stranger's is answered to a cookie.
pub(super) async fn file(
    State(door): State<Door>,
    signed_in: SignedIn,
    Path((text, position)): Path<(String, String)>,
) -> Answer {
    let position: u32 = api::id(&position)?;
    led(door, &signed_in, (text, format!("file-{position}"))).await
}

async fn led(door: Door, signed_in: &SignedIn, (text, part): (String, String)) -> Answer {
    let (id, account): (MessageKey, _) = (api::id(&text)?, signed_in.account());
    let gateway = std::sync::Arc::clone(&door.gateway);
    let found = blocking(move || Ok(gateway.store.read(|r| r.message(account, id))?)).await?;
    found.ok_or_else(|| Problem::not_found("there is no such conversation or message"))?;
    let to = link(&door.gateway, account, id, &part, clock::now());
    // A frame of ours follows it.
    let framed = [
        (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'self'"),
    ];
    Ok((framed, Redirect::to(&to)).into_response())
}

/// No scripts, no forms, nothing from elsewhere; links open a new window. Styles are those the cleaning left.
const POLICY: &str = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// The browser's own viewer shows a PDF, in a process of its own; there is none in a sandbox.
const PDF_POLICY: &str = "default-src 'none'; frame-ancestors 'self'";
/// So much of a text is shown.
const TEXT_BYTES: usize = 64 << 10;
const TEXT_LINES: usize = 200;

/// The link to a part of a message: `html`, the position of a picture, `text-`, `pdf-` or `file-` and that of another
/// file.
pub(in crate::doors::http) fn link(
    gateway: &Gateway,
    account: AccountId,
    message: MessageKey,
    part: &str,
    now: Timestamp,
) -> String {
    let until = if part.starts_with("file-") {
        now.as_second().saturating_add(FILE_SECONDS)
    } else {
        // In steps: a page read again soon has the same links, and the browser keeps the pictures.
        (now.as_second() / SHOWN_SECONDS + 2) * SHOWN_SECONDS
    };
    let until = until.to_string();
    let (account, message) = (account.to_string(), message.to_string());
    let tag = signed(gateway, "view", &[&account, &message, part, &until]);
    format!("/view/{account}/{message}/{part}/{until}/{tag}")
}

type Place = (String, String, String, String, String);

fn genuine(
    gateway: &Gateway,
    place: &Place,
    now: Timestamp,
) -> Result<(AccountId, MessageKey), Problem> {
    let (account, message, part, until, tag) = place;
    let right = same(&signed(gateway, "view", &[account, message, part, until]), tag);
    let fresh = until.parse().is_ok_and(|until: i64| now.as_second() < until);
    if !right || !fresh {
        return Err(Problem::not_found("there is nothing at this address"));
    }
    Ok((api::id(account)?, api::id(message)?))
}

pub(super) async fn show(
    State(door): State<Door>,
    Path(place): Path<Place>,
    headers: HeaderMap,
) -> Response {
    let words = Words::of_browser(&headers);
    shown(door, place).await.unwrap_or_else(|problem| over(words, &problem))
}

/// A frame is a page too: it says in words that there is nothing to see.
fn over(words: Words, problem: &Problem) -> Response {
    let said = words.said(problem);
    let page = format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{}</title></head>\
         <body style=\"font:1rem/1.5 system-ui,sans-serif\"><p>{}</p></body></html>",
        words.language(),
        escape(words.sorry()),
        escape(said)
    );
    (problem.status(), framed(), Html(page)).into_response()
}

async fn shown(door: Door, place: Place) -> Answer {
    let now = clock::now();
    let (account, message) = genuine(&door.gateway, &place, now)?;
    let part = place.2;
    if part == "html" {
        return letter(door, account, message, now).await;
    }
    let (kind, position) = part.split_once('-').unwrap_or(("picture", &part));
    let position = api::id(position)?;
    let file = blocking(move || Ok(door.gateway.attachment(account, message, position)?)).await?;
    // Only what its bytes say is shown; the rest is saved.
    let shown = match kind {
        "text" => return Ok(first_lines(&file.content)),
        "file" => {
            // A name by which its program is found.
            let nameless = file.name.is_empty() && file.media_type == "text/calendar";
            let name = if nameless { "invitation.ics" } else { &file.name };
            return Ok(api::download(&file.media_type, name, file.content));
        }
        "pdf" => file.content.starts_with(b"%PDF-").then_some(("application/pdf", PDF_POLICY)),
        _ => Picture::of(&file.content)
            .map(|picture| (picture.media_type(), "sandbox; default-src 'none'")),
    };
    let Some((kind, policy)) = shown else {
        return Ok(api::download("application/octet-stream", &file.name, file.content));
    };
    let headers = [
        (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, "inline"),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, "private, max-age=3600"),
    ];
    Ok((StatusCode::OK, headers, file.content).into_response())
}

/// The start of a text, as text.
fn first_lines(content: &[u8]) -> Response {
    let cut = &content[..content.len().min(TEXT_BYTES)];
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(cut, true);
    let (text, _, _) = detector.guess(None, Utf8Detection::Allow).decode(cut);
    let mut lines: Vec<&str> = text.lines().take(TEXT_LINES).collect();
    if cut.len() < content.len() || text.lines().count() > lines.len() {
        lines.push("…");
    }
    let page = format!(
        "<!doctype html><html lang=\"und\"><head><meta charset=\"utf-8\"><title>-</title></head>\
         <body><pre dir=\"auto\" style=\"white-space:pre-wrap;overflow-wrap:anywhere\">{}</pre></body></html>",
        escape(&lines.join("\n"))
    );
    (framed(), Html(page)).into_response()
}

/// What is shown in a frame of our pages and by nobody else.
fn framed() -> [(HeaderName, HeaderValue); 4] {
    [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
        (header::CACHE_CONTROL, "private, no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
    ]
    .map(|(name, value)| (name, HeaderValue::from_static(value)))
}

async fn letter(door: Door, account: AccountId, id: MessageKey, now: Timestamp) -> Answer {
    let gateway = std::sync::Arc::clone(&door.gateway);
    let row = blocking(move || Ok(gateway.store.read(|r| r.message(account, id))?)).await?;
    let html = row.and_then(|row| row.html);
    let html = html.ok_or_else(|| Problem::not_found("there is nothing at this address"))?;
    let html = with_pictures(&html, id, |position| link(&door.gateway, account, id, position, now));
    let page = format!(
        "<!doctype html><html><head><meta charset=\"utf-8\"><title>-</title><base target=\"_blank\">\
         </head><body>{html}</body></html>"
    );
    Ok((framed(), Html(page)).into_response())
}

/// The stored HTML names pictures by their address in the API, which wants a token.
fn with_pictures(html: &str, id: MessageKey, link: impl Fn(&str) -> String) -> String {
    let stored = format!("/api/v1/messages/{id}/attachments/");
    let mut pieces = html.split(stored.as_str());
    let mut said = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = piece.find(|c: char| !c.is_ascii_digit()).unwrap_or(piece.len());
        said.push_str(&link(&piece[..end]));
        said.push_str(&piece[end..]);
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_of_the_mail_get_links_that_need_no_token() {
        let id = MessageKey(7);
        let html = format!("<img src=\"/api/v1/messages/{id}/attachments/12\"> <p>1</p>");
        let shown = with_pictures(&html, id, |position| format!("/view/{position}/x"));
        assert_eq!(shown, "<img src=\"/view/12/x\"> <p>1</p>");
    }
}
