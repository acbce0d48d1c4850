//! What somebody filled in: read from urlencoded, multipart or JSON, and checked field by field.

use axum::{
    body::Bytes,
    extract::{FromRequest, Multipart, Request},
    http::header,
};

use crate::{
    doors::http::{Problem, change::attachment},
    flow::gateway::FormRequest,
    ground::{
        address::{Address, Mailbox},
        danger::{self, Danger},
        letter::Attachment,
        thread_address,
    },
};

/// The longest value of a field, characters; the message may be longer.
const MAX_FIELD: usize = 500;
/// The longest name, characters.
const MAX_NAME: usize = 120;
/// The longest message, characters.
const MAX_MESSAGE: usize = 10_000;
/// So many files, and so many bytes of them together.
const MAX_FILES: usize = 5;
const MAX_FILES_BYTES: usize = 10 << 20;
/// The names under which other services know the message.
const MESSAGE: [&str; 4] = ["message", "text", "body", "comments"];
/// Fields that are no lines of the text.
const KNOWN: [&str; 13] = [
    "name",
    "email",
    "subject",
    "message",
    "text",
    "body",
    "comments",
    "language",
    "lang",
    "website",
    "bot-field",
    "form-name",
    "altcha",
];

/// The fields in the order they came.
#[derive(Debug, Default)]
pub(super) struct Filled {
    fields: Vec<(String, String)>,
    files: Vec<Attachment>,
}

impl Filled {
    pub(super) async fn read(request: Request) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
        let kind = kind.unwrap_or_default().to_ascii_lowercase();
        if kind.starts_with("multipart/form-data") {
            return Self::multipart(request).await;
        }
        let bytes =
            Bytes::from_request(request, &()).await.map_err(|e| Problem::bad(e.body_text()))?;
        let fields = if kind.starts_with("application/json") {
            json_fields(&bytes)?
        } else {
            serde_urlencoded::from_bytes(&bytes)
                .map_err(|error| Problem::bad(format!("the form is wrong: {error}")))?
        };
        Ok(Filled { fields, files: Vec::new() })
    }

    async fn multipart(request: Request) -> Result<Self, Problem> {
        let wrong =
            |error: axum::extract::multipart::MultipartError| Problem::bad(error.body_text());
        let mut parts =
            Multipart::from_request(request, &()).await.map_err(|e| Problem::bad(e.body_text()))?;
        let mut filled = Filled::default();
        while let Some(part) = parts.next_field().await.map_err(wrong)? {
            let name = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(str::to_owned) {
                Some(file_name) => {
                    let media_type =
                        part.content_type().unwrap_or("application/octet-stream").to_owned();
                    let content = part.bytes().await.map_err(wrong)?.to_vec();
                    // Browsers send a nameless empty part for a file field nobody used.
                    if !file_name.is_empty() || !content.is_empty() {
                        filled.files.push(attachment(&file_name, media_type, content));
                    }
                }
                None => filled.fields.push((name, part.text().await.map_err(wrong)?)),
            }
        }
        Ok(filled)
    }

    pub(super) fn value(&self, names: &[&str]) -> Option<&str> {
        let found = self.fields.iter().find(|(name, _)| names.contains(&name.as_str()));
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    fn check_files(&self, note: &mut impl FnMut(&str, &str)) {
        if self.files.len() > MAX_FILES {
            note("attachment", "too many files; 5 at most");
        }
        if self.files.iter().map(|file| file.content.len()).sum::<usize>() > MAX_FILES_BYTES {
            note("attachment", "too big; 10 MB in all");
        }
        let runs = |file: &Attachment| {
            matches!(danger::of(file), Some(Danger::Program | Danger::Script | Danger::Disguised))
        };
        if self.files.iter().any(runs) {
            note("attachment", "programs are not taken; send documents and pictures");
        }
    }

    /// Checks the fields and makes the request; fields we do not know are kept as lines of the text.
    pub(super) fn check(&self) -> Result<FormRequest, Problem> {
        let mut wrong = Vec::new();
        let mut note = |name: &str, what: &str| wrong.push((name.to_owned(), what.to_owned()));
        let address = match self.value(&["email", "_replyto"]).map(str::parse::<Address>) {
            None => {
                note("email", "missing; we answer by e-mail");
                None
            }
            Some(Ok(address)) if thread_address::is_thread(&address) => {
                note("email", "no mail can go to this address; write your own");
                None
            }
            Some(read) => read.map_err(|error| note("email", &error.to_string())).ok(),
        };
        let message = self.value(&MESSAGE).unwrap_or_default().to_owned();
        if message.is_empty() {
            note("message", "empty; write what you would like to know");
        }
        if message.chars().count() > MAX_MESSAGE {
            note("message", "too long; 10000 characters at most");
        }
        if self.value(&["name"]).is_some_and(|name| name.chars().count() > MAX_NAME) {
            note("name", "too long; 120 characters at most");
        }
        for date in ["arrival", "departure"] {
            if self.value(&[date]).is_some_and(|text| text.parse::<jiff::civil::Date>().is_err()) {
                note(date, "write it as 2027-08-14");
            }
        }
        self.check_files(&mut note);
        for (name, value) in &self.fields {
            if !MESSAGE.contains(&name.as_str())
                && name != "altcha"
                && value.chars().count() > MAX_FIELD
            {
                note(name, "too long; 500 characters at most");
            }
        }
        let Some(address) = address.filter(|_| wrong.is_empty()) else {
            return Err(Problem::invalid(wrong));
        };
        let more: Vec<String> = self
            .fields
            .iter()
            .filter(|(name, value)| {
                !KNOWN.contains(&name.as_str())
                    && !name.starts_with('_')
                    && !value.trim().is_empty()
            })
            .map(|(name, value)| {
                format!("{name}: {}", value.split_whitespace().collect::<Vec<_>>().join(" "))
            })
            .collect();
        let text =
            if more.is_empty() { message } else { format!("{message}\n\n{}", more.join("\n")) };
        let language = self
            .value(&["language", "lang"])
            .filter(|l| l.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'));
        Ok(FormRequest {
            visitor: Mailbox::new(self.value(&["name"]), address),
            subject: self.value(&["subject", "_subject"]).unwrap_or_default().to_owned(),
            text,
            language: language.and_then(|l| l.get(..2)).map(str::to_ascii_lowercase),
            attachments: self.files.clone(),
        })
    }
}

/// A flat JSON object.
fn json_fields(bytes: &[u8]) -> Result<Vec<(String, String)>, Problem> {
    let object: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(bytes)
        .map_err(|error| Problem::bad(format!("the JSON is wrong: {error}")))?;
    let fields = object.into_iter().filter_map(|(name, value)| match value {
        serde_json::Value::String(text) => Some(Ok((name, text))),
        serde_json::Value::Null => None,
        serde_json::Value::Number(_) | serde_json::Value::Bool(_) => {
            Some(Ok((name, value.to_string())))
        }
        serde_json::Value::Array(_) | serde_json::Value::Object(_) => {
            Some(Err(Problem::bad(format!("{name}: write text, not a list or object"))))
        }
    });
    fields.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(fields: &[(&str, &str)]) -> Filled {
        let fields = fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        Filled { fields, files: Vec::new() }
    }

    #[test]
    fn what_is_wrong_is_said_by_field() {
        for (fields, expected) in [
            (vec![("email", "a@b.example"), ("message", "hi")], vec![]),
            (vec![("message", "hi")], vec!["email"]),
            (vec![("email", "no address"), ("message", " ")], vec!["email", "message"]),
            (vec![("email", "a@b.example\r\nBcc: x@y.example"), ("message", "hi")], vec!["email"]),
            (vec![("email", "t@7.booking.channel.invalid"), ("message", "hi")], vec!["email"]),
        ] {
            let wrong = match filled(&fields).check() {
                Ok(_) => vec![],
                Err(problem) => problem.fields.into_iter().map(|(name, _)| name).collect(),
            };
            assert_eq!(wrong, expected, "{fields:?}");
        }
    }

    #[test]
    fn unknown_fields_are_kept_as_lines() {
        let request = filled(&[
            ("email", "a@b.example"),
            ("name", "A\r\nBcc: evil"),
            ("message", "A room, please"),
            ("arrival", "2027-08-14"),
            ("adults", "2"),
            ("lang", "de-AT"),
        ])
        .check()
        .unwrap();
        assert_eq!(request.text, "A room, please\n\narrival: 2027-08-14\nadults: 2");
        assert_eq!(request.visitor.name.as_deref(), Some("A Bcc: evil"));
        assert_eq!(request.language.as_deref(), Some("de"));
    }
}
