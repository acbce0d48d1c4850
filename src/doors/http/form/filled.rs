//! What somebody filled in: read from urlencoded, multipart or JSON, and checked field by field.

use axum::{
    body::Bytes,
    extract::{FromRequest, Multipart, Request},
    http::{StatusCode, header},
};
use jiff::civil::Date;

use super::words::Words;
use crate::{
    doors::http::{Problem, change::attachment, problem::Wrong},
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
const KNOWN: [&str; 12] = [
    "name",
    "email",
    "subject",
    "message",
    "text",
    "body",
    "comments",
    "language",
    "lang",
    "bot-field",
    "form-name",
    "altcha",
];

/// The fields in the order they came.
#[derive(Debug, Default)]
pub(super) struct Filled {
    fields: Vec<(String, String)>,
    files: Vec<Attachment>,
    /// Of all that were sent.
    files_bytes: usize,
    /// Sent by a page: its `lang` is the language of the page, which nobody has chosen.
    by_page: bool,
}

impl Filled {
    /// Of no more files and bytes than are taken anyway.
    pub(super) async fn read(request: Request) -> Result<Self, Problem> {
        let filled = Self::decoded(request).await?;
        // A header of multipart cannot carry them; so no other way of sending is told apart.
        match filled.fields.iter().find(|(name, _)| name.contains(char::is_control)) {
            None => Ok(filled),
            Some((name, _)) => {
                Err(Problem::bad(format!("{name:?}: names of fields have no control characters")))
            }
        }
    }

    async fn decoded(request: Request) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
        let kind = kind.unwrap_or_default().to_ascii_lowercase();
        if kind.starts_with("multipart/form-data") {
            return Self::multipart(request).await;
        }
        let by_page = kind.is_empty() || kind.starts_with("application/x-www-form-urlencoded");
        if !by_page && !kind.starts_with("application/json") {
            let wrong =
                "send application/x-www-form-urlencoded, multipart/form-data or application/json";
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(Problem::of_extractor(status, wrong.to_owned()));
        }
        let bytes = Bytes::from_request(request, &())
            .await
            .map_err(|e| Problem::of_extractor(e.status(), e.body_text()))?;
        let fields = if by_page {
            serde_urlencoded::from_bytes(&bytes)
                .map_err(|error| Problem::bad(format!("the form is wrong: {error}")))?
        } else {
            json_fields(&bytes)?
        };
        Ok(Filled { fields, by_page, ..Filled::default() })
    }

    async fn multipart(request: Request) -> Result<Self, Problem> {
        let wrong = |error: axum::extract::multipart::MultipartError| {
            Problem::of_extractor(error.status(), error.body_text())
        };
        let mut parts = Multipart::from_request(request, &())
            .await
            .map_err(|e| Problem::of_extractor(e.status(), e.body_text()))?;
        let mut filled = Filled { by_page: true, ..Filled::default() };
        while let Some(mut part) = parts.next_field().await.map_err(wrong)? {
            let name = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(str::to_owned) {
                Some(file_name) => {
                    let media_type =
                        part.content_type().unwrap_or("application/octet-stream").to_owned();
                    let mut content = Vec::new();
                    while let Some(bytes) = part.chunk().await.map_err(wrong)? {
                        filled.files_bytes += bytes.len();
                        // The rest is heard out, so that the visitor's words are there when the page is shown again.
                        if filled.files_bytes <= MAX_FILES_BYTES && filled.files.len() <= MAX_FILES
                        {
                            content.extend_from_slice(&bytes);
                        }
                    }
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

    fn check_files(&self, words: &Words, note: &mut impl FnMut(&str, &'static str, String)) {
        if self.files.len() > MAX_FILES {
            note("attachment", "too_many", with(words.many_files, MAX_FILES));
        }
        if self.files_bytes > MAX_FILES_BYTES {
            note("attachment", "too_large", too_big(words));
        }
        let is_refused = |file: &Attachment| {
            matches!(danger::of(file), Some(Danger::Program | Danger::Script | Danger::Disguised))
                || !danger::is_document(&file.content)
        };
        if self.files.iter().any(is_refused) {
            note("attachment", "not_taken", words.programs.to_owned());
        }
    }

    fn check_stay(&self, words: &Words, note: &mut impl FnMut(&str, &'static str, String)) {
        let [arrival, departure] = ["arrival", "departure"].map(|name| {
            let text = self.value(&[name])?;
            let date = text.parse::<Date>();
            if date.is_err() {
                note(name, "invalid", words.bad_date.to_owned());
            }
            date.ok()
        });
        if let (Some(arrival), Some(departure)) = (arrival, departure)
            && departure < arrival
        {
            note("departure", "invalid", words.bad_order.to_owned());
        }
        let is_many = |text: &str| text.parse::<u16>().is_ok_and(|many| (1..=999).contains(&many));
        if self.value(&["guests"]).is_some_and(|text| !is_many(text)) {
            note("guests", "invalid", words.bad_number.to_owned());
        }
    }

    /// Checks the fields and makes the request; fields we do not know, and `trap`, are kept out of, the others are lines
    /// of the text. What is wrong is said in these words.
    pub(super) fn check(
        &self,
        words: &Words,
        trap: &str,
        is_ours: impl Fn(&Address) -> bool,
    ) -> Result<FormRequest, Problem> {
        let mut wrong = Vec::new();
        let mut note = |field: &str, code: &'static str, said: String| {
            wrong.push(Wrong { field: field.to_owned(), code, said });
        };
        let address = match self.value(&["email", "_replyto"]) {
            None => {
                note("email", "missing", words.no_email.to_owned());
                None
            }
            // No mail can go to the address of a channel's thread, and what goes to one of ours reaches nobody.
            Some(text) => {
                let read = text.parse::<Address>().ok();
                let address = read.filter(|address| {
                    !thread_address::is_thread(address)
                        && is_of_the_net(address)
                        && !is_ours(address)
                });
                if address.is_none() {
                    note("email", "invalid", words.bad_email.to_owned());
                }
                address
            }
        };
        let message = self.value(&MESSAGE).unwrap_or_default().to_owned();
        if message.is_empty() {
            note("message", "missing", words.no_message.to_owned());
        }
        if message.chars().count() > MAX_MESSAGE {
            note("message", "too_long", with(words.too_long, MAX_MESSAGE));
        }
        if self.value(&["name"]).is_some_and(|name| name.chars().count() > MAX_NAME) {
            note("name", "too_long", with(words.too_long, MAX_NAME));
        }
        self.check_stay(words, &mut note);
        self.check_files(words, &mut note);
        for (name, value) in &self.fields {
            if !MESSAGE.contains(&name.as_str())
                && name != "altcha"
                && value.chars().count() > MAX_FIELD
            {
                note(name, "too_long", with(words.too_long, MAX_FIELD));
            }
        }
        let Some(address) = address.filter(|_| wrong.is_empty()) else {
            return Err(Problem::wrong(wrong));
        };
        let more: Vec<String> = self
            .fields
            .iter()
            .filter(|(name, value)| {
                !KNOWN.contains(&name.as_str())
                    && name != trap
                    && !name.starts_with('_')
                    && !value.trim().is_empty()
            })
            .map(|(name, value)| {
                format!("{name}: {}", value.split_whitespace().collect::<Vec<_>>().join(" "))
            })
            .collect();
        let text =
            if more.is_empty() { message } else { format!("{message}\n\n{}", more.join("\n")) };
        let (chosen, page): (&[&str], &[&str]) =
            if self.by_page { (&["language"], &["lang"]) } else { (&["language", "lang"], &[]) };
        let code = |names| {
            let tag = self.value(names)?;
            let plain = tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
            tag.get(..2).filter(|_| plain).map(str::to_ascii_lowercase)
        };
        Ok(FormRequest {
            visitor: Mailbox::new(self.value(&["name"]), address),
            subject: self.value(&["subject", "_subject"]).unwrap_or_default().to_owned(),
            text,
            language: code(chosen),
            page: code(page),
            attachments: self.files.clone(),
            trapped: false,
        })
    }
}

/// The files are larger than is taken.
pub(super) fn too_big(words: &Words) -> String {
    with(words.big_files, MAX_FILES_BYTES >> 20)
}

/// Is it a mailbox somewhere else? The name of a single machine, or a number, would be looked for in our own network.
fn is_of_the_net(address: &Address) -> bool {
    let named = !address.domain().starts_with('[');
    let last = address.domain().rsplit_once('.').map(|(_, last)| last);
    named && last.is_some_and(|last| !last.is_empty() && !last.chars().all(|c| c.is_ascii_digit()))
}

/// The words with their number.
fn with(words: &str, number: usize) -> String {
    words.replace("{}", &number.to_string())
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
    use super::{super::words::english, *};

    fn filled(fields: &[(&str, &str)]) -> Filled {
        let fields = fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        Filled { fields, ..Filled::default() }
    }

    #[test]
    fn what_is_wrong_is_said_by_field() {
        for (fields, expected) in [
            (vec![("email", "a@b.example"), ("message", "hi")], vec![]),
            (vec![("message", "hi")], vec!["email"]),
            (vec![("email", "no address"), ("message", " ")], vec!["email", "message"]),
            (vec![("email", "a@b.example\r\nBcc: x@y.example"), ("message", "hi")], vec!["email"]),
            (vec![("email", "t@7.booking.channel.invalid"), ("message", "hi")], vec!["email"]),
            (vec![("email", "a@localhost"), ("message", "hi")], vec!["email"]),
            (vec![("email", "a@127.0.0.1"), ("message", "hi")], vec!["email"]),
            (vec![("email", "a@[127.0.0.1]"), ("message", "hi")], vec!["email"]),
        ] {
            let wrong = match filled(&fields).check(english(), "website", |_| false) {
                Ok(_) => vec![],
                Err(problem) => problem.fields.into_iter().map(|wrong| wrong.field).collect(),
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
        .check(english(), "website", |_| false)
        .unwrap();
        assert_eq!(request.text, "A room, please\n\narrival: 2027-08-14\nadults: 2");
        assert_eq!(request.visitor.name.as_deref(), Some("A Bcc: evil"));
        assert_eq!(request.language.as_deref(), Some("de"));
    }

    #[test]
    fn the_language_of_a_page_is_nobodys_choice() {
        for (by_page, field, chosen, page) in [
            (true, "lang", None, Some("pt")),
            (true, "language", Some("pt"), None),
            (false, "lang", Some("pt"), None),
        ] {
            let fields = [("email", "a@b.example"), ("message", "hi"), (field, "pt")];
            let request = Filled { by_page, ..filled(&fields) }
                .check(english(), "website", |_| false)
                .unwrap();
            let found = (request.language.as_deref(), request.page.as_deref());
            assert_eq!(found, (chosen, page), "{field}");
        }
    }
}
