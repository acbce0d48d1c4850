//! The few pages: escaped text in one frame, no script, one style sheet inside allowed by its hash.

use axum::{
    extract::Request,
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};

use super::{
    inbox::Words,
    problem::{self, Problem},
};

/// Nothing is loaded and nothing runs; the style is allowed by the hash of its bytes.
pub(super) const POLICY: &str = "default-src 'none'; style-src 'sha256-7BrvJsQzSjPCqNG7fH7bLK0gc4uJGW9+P9qIvs8t15s='; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const STYLE: &str = "html{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:2rem auto;padding:0 1rem;color:#1d2327;background:#fff}label{display:block;margin-top:1rem;font-weight:600}input,textarea{box-sizing:border-box;width:100%;padding:.5rem;font:inherit;color:inherit;background:inherit;border:1px solid #767c85;border-radius:.3rem}button{margin-top:1rem;padding:.6rem 1.2rem;font:inherit;color:#fff;background:#0b5c7a;border:0;border-radius:.3rem}.quiet{background:#5a6068}.trap{position:absolute;left:-99rem}pre{white-space:pre-wrap;border-left:3px solid #767c85;padding-left:1rem;font:inherit}.wrong{color:#b3261e}p.wrong::first-letter{text-transform:uppercase}@media(prefers-color-scheme:dark){body{color:#e6e8ea;background:#14181b}.wrong{color:#ffb4ab}}";

/// A page with this body, which is HTML already.
pub(super) fn page(status: StatusCode, language: &str, title: &str, body: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{}</title><style>{STYLE}</style></head><body><main><h1>{}</h1>{body}</main></body></html>",
        escape(language),
        escape(title),
        escape(title)
    );
    (status, Html(html)).into_response()
}

/// A problem, in the language the browser asks for.
pub(super) fn sorry(headers: &HeaderMap, problem: &Problem) -> Response {
    let words = Words::of_browser(headers);
    let body = format!("<p>{}</p>", escape(words.said(problem)));
    page(problem.status(), words.language(), words.sorry(), &body)
}

/// What goes wrong where no page was there to say it: a person with a browser reads a page, programs their JSON.
pub(super) async fn for_people(request: Request, next: Next) -> Response {
    let person = wants_page(request.headers()) && !request.uri().path().starts_with("/api/");
    let headers = request.headers().clone();
    let response = next.run(request).await;
    let kind = response.headers().get(header::CONTENT_TYPE);
    if !person || kind.is_none_or(|kind| kind != "application/problem+json") {
        return response;
    }
    let (said, problem) = Problem::of_response(response).await;
    problem::keeping(said, sorry(&headers, &problem))
}

/// Text as it may stand in HTML, attributes included.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// Does the client want a page rather than JSON?
pub(super) fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{body::Body, http::HeaderValue};
    use sha2::{Digest, Sha256};

    #[test]
    fn the_policy_allows_exactly_our_style() {
        let hash = data_encoding::BASE64.encode(&Sha256::digest(STYLE));
        assert!(POLICY.contains(&format!("'sha256-{hash}'")), "write 'sha256-{hash}' into POLICY");
    }

    /// A status we have no words for keeps its problem's own sentence, and a header said twice is said twice.
    #[tokio::test]
    async fn a_page_says_what_its_problem_said() {
        use axum::{Router, routing::get};
        let gone = || async {
            let mut response =
                Problem::of_status(StatusCode::GONE, "it left <yesterday>").into_response();
            for cookie in ["a=1", "b=2"] {
                response.headers_mut().append(header::SET_COOKIE, HeaderValue::from_static(cookie));
            }
            response
        };
        let site = Router::new().route("/", get(gone)).layer(axum::middleware::from_fn(for_people));
        let asked = Request::get("/").header("accept", "text/html").body(Body::empty()).unwrap();
        let page = tower::ServiceExt::oneshot(site, asked).await.unwrap();
        let cookies: Vec<_> = page.headers().get_all(header::SET_COOKIE).iter().collect();
        assert_eq!(cookies, ["a=1", "b=2"]);
        let kinds: Vec<_> = page.headers().get_all(header::CONTENT_TYPE).iter().collect();
        assert_eq!(kinds, ["text/html; charset=utf-8"]);
        let body = axum::body::to_bytes(page.into_body(), 65_536).await.unwrap();
        assert!(String::from_utf8_lossy(&body).contains("it left &lt;yesterday&gt;"), "{body:?}");
    }
}
