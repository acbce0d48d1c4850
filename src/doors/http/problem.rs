//! Errors as problem+json (RFC 9457): one shape, a sentence that says what to do.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{
    flow::gateway::{AnswerError, BeginError, Trouble},
    ground::access::Scope,
    keep::store::StoreError,
};

/// What went wrong.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    status: StatusCode,
    detail: String,
    pub(super) fields: Vec<Wrong>,
}

/// What is wrong with a field.
#[derive(Clone, Debug)]
pub(super) struct Wrong {
    pub(super) field: String,
    /// For programs.
    pub(super) code: &'static str,
    /// For people.
    pub(super) said: String,
}

impl Problem {
    fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Problem { status, detail: detail.into(), fields: Vec::new() }
    }

    pub(super) fn not_found(detail: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }

    pub(super) fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "this address does not take this method; see /openapi.json",
        )
    }

    pub(super) fn bad(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    pub(super) fn invalid(fields: Vec<(String, String)>) -> Self {
        let wrong = |(field, said)| Wrong { field, code: "invalid", said };
        Self::wrong(fields.into_iter().map(wrong).collect())
    }

    pub(super) fn wrong(fields: Vec<Wrong>) -> Self {
        let said = fields.iter().map(|wrong| format!("{}: {}", wrong.field, wrong.said));
        let detail = said.collect::<Vec<_>>().join("; ");
        let status = match fields.iter().any(|wrong| wrong.code == "too_large") {
            true => StatusCode::PAYLOAD_TOO_LARGE,
            false => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Problem { status, detail, fields }
    }

    /// What an extractor says, with its status.
    pub(super) fn of_extractor(status: StatusCode, detail: String) -> Self {
        match status {
            StatusCode::PAYLOAD_TOO_LARGE => {
                Self::new(status, "the request is too large; send smaller files")
            }
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::new(status, detail),
            _ => Self::bad(plainly(&detail)),
        }
    }

    pub(super) fn not_from_there(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, detail)
    }

    pub(super) fn conflict(detail: &str) -> Self {
        Self::new(StatusCode::CONFLICT, detail)
    }

    pub(super) fn too_many() -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too many requests from this address, try again in a minute",
        )
    }

    pub(super) fn not_in_plan() -> Self {
        Self::new(
            StatusCode::PAYMENT_REQUIRED,
            "messaging is part of the plan connect. Requests still reach you by e-mail, and everything received is \
             kept: it is all here when the plan changes (relais account set ACCOUNT --plan connect)",
        )
    }

    pub(super) fn forbidden(scope: Scope, needed: Scope) -> Self {
        let detail =
            format!("this needs the scope {needed}, yours is {scope}; ask who runs this Relais");
        Self::new(StatusCode::FORBIDDEN, detail)
    }

    pub(super) fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "send Authorization: Bearer and a token made by: relais token add ACCOUNT",
        )
    }

    pub(super) fn ours(detail: impl std::fmt::Display) -> Self {
        tracing::error!(%detail, "a request failed");
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "Relais cannot do this now, try again in a minute",
        )
    }

    /// The same in other words.
    pub(super) fn saying(self, detail: &str) -> Self {
        Problem { detail: detail.to_owned(), ..self }
    }

    pub(super) fn detail(&self) -> &str {
        &self.detail
    }

    pub(super) fn status(&self) -> StatusCode {
        self.status
    }

    pub(super) fn of_status(status: StatusCode, detail: &str) -> Self {
        Self::new(status, detail)
    }

    /// What a response says went wrong, and its headers: one of ours, or an extractor's plain text.
    pub(super) async fn of_response(response: Response) -> (HeaderMap, Self) {
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 65_536).await.unwrap_or_default();
        let problem: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
        let detail = problem["detail"].as_str().unwrap_or_default();
        (parts.headers, Self::new(parts.status, detail))
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Problem::ours(error)
    }
}

impl From<Trouble> for Problem {
    fn from(trouble: Trouble) -> Self {
        Problem::ours(trouble)
    }
}

impl From<AnswerError> for Problem {
    fn from(error: AnswerError) -> Self {
        match error {
            AnswerError::NotFound => Problem::not_found("there is no such conversation or message"),
            AnswerError::Deleted => {
                Problem::conflict("the conversation is deleted, restore it first")
            }
            AnswerError::Misfit(sentence) => Self::new(StatusCode::UNPROCESSABLE_ENTITY, sentence),
            AnswerError::LanguageUnknown => {
                Problem::invalid(vec![("translate".to_owned(), error.to_string())])
            }
            AnswerError::TooLong => Problem::invalid(vec![("text".to_owned(), error.to_string())]),
            AnswerError::FactsDiffer(differences) => {
                let words: Vec<String> = differences.iter().map(ToString::to_string).collect();
                let wrong = format!("{}; correct it, or set accept_differences", words.join("; "));
                Problem::invalid(vec![("translation".to_owned(), wrong)])
            }
            AnswerError::NothingLeft => {
                let wrong = "nothing would be left of the conversation; name fewer messages";
                Problem::invalid(vec![("messages".to_owned(), wrong.to_owned())])
            }
            AnswerError::Trouble(trouble) => trouble.into(),
        }
    }
}

impl From<BeginError> for Problem {
    fn from(error: BeginError) -> Self {
        match error {
            BeginError::NoReservation => Problem::not_found(&error.to_string()),
            BeginError::NotSaid(why) => Self::new(StatusCode::BAD_GATEWAY, why),
            BeginError::Trouble(trouble) => trouble.into(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let errors: Vec<_> = self
            .fields
            .iter()
            .map(|wrong| json!({"field": wrong.field, "code": wrong.code, "detail": wrong.said}))
            .collect();
        let mut body = json!({
            "type": "about:blank",
            "title": self.status.canonical_reason().unwrap_or("Error"),
            "status": self.status.as_u16(),
            "detail": self.detail,
        });
        if !errors.is_empty() {
            body["errors"] = errors.into();
        }
        let kind = (header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        let mut response = (self.status, [kind], body.to_string()).into_response();
        let extra = match self.status {
            StatusCode::UNAUTHORIZED => Some((header::WWW_AUTHENTICATE, "Bearer")),
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                Some((header::RETRY_AFTER, "60"))
            }
            _ => None,
        };
        if let Some((name, value)) = extra {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

/// A page in place of a problem keeps what the problem told the browser: when to come again, cookies.
pub(super) fn keeping(said: HeaderMap, mut page: Response) -> Response {
    let mut name = None;
    // A field that stands there twice is named once.
    for (next, value) in said {
        name = next.or(name);
        let of_body = [header::CONTENT_TYPE, header::CONTENT_LENGTH];
        if let Some(name) = name.clone().filter(|name| !of_body.contains(name)) {
            page.headers_mut().append(name, value);
        }
    }
    page
}

/// What extractors and layers answer in their own words is said in ours.
pub(super) async fn in_our_form(response: Response) -> Response {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let plain = kind.is_none_or(|kind| kind.starts_with("text/plain"));
    if !(status.is_client_error() || status.is_server_error()) || !plain {
        return response;
    }
    let body = axum::body::to_bytes(response.into_body(), 4096).await.unwrap_or_default();
    let said = String::from_utf8_lossy(&body);
    let detail = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "the request is too large; send smaller files".to_owned(),
        _ if said.trim().is_empty() => "the request could not be understood".to_owned(),
        _ => plainly(said.trim()),
    };
    Problem::of_status(status, &detail).into_response()
}

/// What a library says of a request, without its own names: who asks knows neither axum nor our structs.
pub(super) fn plainly(said: &str) -> String {
    const OWN: [(&str, &str); 8] = [
        ("Failed to deserialize query string: ", "the query is wrong: "),
        ("Failed to deserialize form body: ", "the form is wrong: "),
        ("Failed to buffer the request body", "the request broke off"),
        ("Error parsing `multipart/form-data` request", "the form is no whole multipart/form-data"),
        (
            "Invalid `boundary` for `multipart/form-data` request",
            "the form is no whole multipart/form-data",
        ),
        ("invalid type: ", ""),
        ("expected a sequence", "expected a list"),
        ("expected a map", "expected an object"),
    ];
    let said = OWN.iter().fold(said.to_owned(), |said, (theirs, ours)| said.replace(theirs, ours));
    let mut words = Vec::new();
    let mut rest = said.split(' ').peekable();
    while let Some(word) = rest.next() {
        // Elsewhere it may be what the client itself wrote.
        let told = words.last() == Some(&"expected");
        match word {
            // `struct ReplyBody with 6 elements`, `struct variant X::Y`, `enum Verb`
            "struct" | "enum" if told => {
                words.push(if word == "struct" { "an object" } else { "one of its words" });
                rest.next_if_eq(&"variant");
                rest.next();
                if rest.next_if_eq(&"with").is_some() {
                    rest.next();
                    rest.next();
                }
            }
            "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize" | "isize"
                if told =>
            {
                words.push("a number");
            }
            word => words.push(word),
        }
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::plainly;

    #[test]
    fn no_name_of_ours_or_of_a_library_is_told() {
        for (theirs, ours) in [
            (
                "invalid type: string \"x\", expected struct ReplyBody with 6 elements at line 1 column 3",
                "string \"x\", expected an object at line 1 column 3",
            ),
            (
                "Failed to deserialize query string: limit: invalid digit found in string",
                "the query is wrong: limit: invalid digit found in string",
            ),
            ("invalid type: integer `5`, expected a string", "integer `5`, expected a string"),
            ("invalid type: map, expected enum Verb", "map, expected one of its words"),
            (
                "invalid value: integer `-1`, expected usize",
                "invalid value: integer `-1`, expected a number",
            ),
        ] {
            assert_eq!(plainly(theirs), ours);
        }
    }
}
