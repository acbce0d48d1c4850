//! The contact form: a hosted page, and one address that takes urlencoded, multipart and JSON.

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{FromRequest, Multipart, Path, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use serde_json::json;

use super::{
    Answer, Door, Peer, Problem, blocking,
    change::attachment,
    page::{escape, page, wants_page},
};
use crate::{
    flow::{clock, gateway::FormRequest},
    ground::{
        account::Account,
        address::{Address, Mailbox},
        letter::Attachment,
        rate::network,
    },
};

/// The longest value of a field, characters; the message may be longer.
const MAX_FIELD: usize = 500;
/// The longest message, characters.
const MAX_MESSAGE: usize = 50_000;
/// The field people do not see: who fills it in is a robot.
const TRAP: &str = "website";

/// The sentences of the page in one language.
struct Words {
    language: &'static str,
    name: &'static str,
    email: &'static str,
    phone: &'static str,
    subject: &'static str,
    message: &'static str,
    files: &'static str,
    send: &'static str,
    thanks: &'static str,
}

#[rustfmt::skip]
const WORDS: [Words; 8] = [
    Words { language: "en", name: "Name", email: "E-mail", phone: "Phone (optional)", subject: "Subject (optional)", message: "Message", files: "Files (optional)", send: "Send", thanks: "Thank you, your message was sent. The answer comes by e-mail." },
    Words { language: "fr", name: "Nom", email: "E-mail", phone: "Téléphone (facultatif)", subject: "Objet (facultatif)", message: "Message", files: "Fichiers (facultatif)", send: "Envoyer", thanks: "Merci, votre message a été envoyé. La réponse arrivera par e-mail." },
    Words { language: "es", name: "Nombre", email: "Correo electrónico", phone: "Teléfono (opcional)", subject: "Asunto (opcional)", message: "Mensaje", files: "Archivos (opcional)", send: "Enviar", thanks: "Gracias, su mensaje se ha enviado. La respuesta llegará por correo." },
    Words { language: "de", name: "Name", email: "E-Mail", phone: "Telefon (freiwillig)", subject: "Betreff (freiwillig)", message: "Nachricht", files: "Dateien (freiwillig)", send: "Senden", thanks: "Danke, Ihre Nachricht ist gesendet. Die Antwort kommt per E-Mail." },
    Words { language: "it", name: "Nome", email: "E-mail", phone: "Telefono (facoltativo)", subject: "Oggetto (facoltativo)", message: "Messaggio", files: "File (facoltativi)", send: "Invia", thanks: "Grazie, il messaggio è stato inviato. La risposta arriverà per e-mail." },
    Words { language: "pt", name: "Nome", email: "E-mail", phone: "Telefone (opcional)", subject: "Assunto (opcional)", message: "Mensagem", files: "Ficheiros (opcional)", send: "Enviar", thanks: "Obrigado, a sua mensagem foi enviada. A resposta chega por e-mail." },
    Words { language: "nl", name: "Naam", email: "E-mail", phone: "Telefoon (optioneel)", subject: "Onderwerp (optioneel)", message: "Bericht", files: "Bestanden (optioneel)", send: "Verzenden", thanks: "Dank u, uw bericht is verzonden. Het antwoord komt per e-mail." },
    Words { language: "ca", name: "Nom", email: "Correu electrònic", phone: "Telèfon (opcional)", subject: "Assumpte (opcional)", message: "Missatge", files: "Fitxers (opcional)", send: "Enviar", thanks: "Gràcies, el missatge s'ha enviat. La resposta arribarà per correu." },
];

fn known(language: &str) -> Option<&'static Words> {
    let code = language.get(..2)?.to_ascii_lowercase();
    WORDS.iter().find(|words| words.language == code)
}

/// What the browser asks for, else the house's language, else English.
fn words(headers: &HeaderMap, house: &Account) -> &'static Words {
    let accept =
        headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let wanted = accept.split(',').find_map(|one| known(one.trim()));
    wanted.or_else(|| known(&house.language)).unwrap_or(&WORDS[0])
}

async fn house(door: &Door, form: String) -> Result<Account, Problem> {
    let gateway = std::sync::Arc::clone(&door.gateway);
    let found = blocking(move || Ok(gateway.store.read(|r| r.account_of_form(&form))?)).await?;
    found.ok_or_else(|| Problem::not_found("there is no such form"))
}

pub(super) async fn show(
    State(door): State<Door>,
    Path(form): Path<String>,
    headers: HeaderMap,
) -> Answer {
    let house = house(&door, form).await?;
    Ok(form_page(&house, words(&headers, &house), None))
}

fn form_page(house: &Account, words: &Words, problem: Option<&Problem>) -> Response {
    let wrong = problem
        .map(|p| format!("<p class=\"wrong\" role=\"alert\">{}</p>", escape(p.detail())))
        .unwrap_or_default();
    let field = |name: &str, label: &str, kind: &str, more: &str| {
        format!(
            "<label for=\"{name}\">{}</label><input id=\"{name}\" name=\"{name}\" type=\"{kind}\" {more}>",
            escape(label)
        )
    };
    let body = format!(
        "{wrong}<form method=\"post\" enctype=\"multipart/form-data\" action=\"/f/{form}\">{}{}{}{}<label for=\"message\">{}</label><textarea id=\"message\" name=\"message\" rows=\"8\" required></textarea>{}<div class=\"trap\" aria-hidden=\"true\"><input name=\"{TRAP}\" tabindex=\"-1\" autocomplete=\"off\"></div><input type=\"hidden\" name=\"language\" value=\"{}\"><button>{}</button></form>",
        field("name", words.name, "text", "required autocomplete=\"name\""),
        field("email", words.email, "email", "required autocomplete=\"email\""),
        field("phone", words.phone, "tel", "autocomplete=\"tel\""),
        field("subject", words.subject, "text", ""),
        escape(words.message),
        field("files", words.files, "file", "multiple"),
        words.language,
        escape(words.send),
        form = escape(&house.form),
    );
    let status = problem.map_or(StatusCode::OK, Problem::status);
    page(status, words.language, &house.name, &body)
}

pub(super) async fn thanks(
    State(door): State<Door>,
    Path(form): Path<String>,
    headers: HeaderMap,
) -> Answer {
    let house = house(&door, form).await?;
    let words = words(&headers, &house);
    let body = format!("<p>{}</p>", escape(words.thanks));
    Ok(page(StatusCode::OK, words.language, &house.name, &body))
}

/// The form may be sent from the provider's own site: any origin, POST only, never with credentials.
pub(super) async fn preflight() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, "POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type, accept"),
        (header::ACCESS_CONTROL_MAX_AGE, "86400"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

pub(super) async fn submit(
    State(door): State<Door>,
    Extension(Peer(peer)): Extension<Peer>,
    Path(form): Path<String>,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    let mut response = match take(&door, peer, form.clone(), request).await {
        Ok(id) if wants_page(&headers) => {
            drop(id);
            Redirect::to(&format!("/f/{form}/thanks")).into_response()
        }
        Ok(id) => (StatusCode::CREATED, Json(json!({"conversation": id}))).into_response(),
        Err(problem) if wants_page(&headers) => match house(&door, form).await {
            Ok(house) => form_page(&house, words(&headers, &house), Some(&problem)),
            Err(problem) => problem.into_response(),
        },
        Err(problem) => problem.into_response(),
    };
    response
        .headers_mut()
        .insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

/// The conversation, or nothing when a robot filled in the trap: it is told the same as a person.
async fn take(
    door: &Door,
    peer: std::net::IpAddr,
    form: String,
    request: Request,
) -> Result<Option<String>, Problem> {
    let house = house(door, form).await?;
    if !door.limiter.allow(network(peer), clock::now()) {
        return Err(Problem::too_many());
    }
    let filled = Filled::read(request).await?;
    if filled.value(&[TRAP]).is_some() {
        tracing::info!("a robot filled in the trap of a form");
        return Ok(None);
    }
    let request = filled.check()?;
    let id = door.gateway.submit_form(&house, &request).await?;
    Ok(Some(id.to_string()))
}

/// The fields in the order they came.
#[derive(Debug, Default)]
struct Filled {
    fields: Vec<(String, String)>,
    files: Vec<Attachment>,
}

impl Filled {
    async fn read(request: Request) -> Result<Self, Problem> {
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

    fn value(&self, names: &[&str]) -> Option<&str> {
        let found = self.fields.iter().find(|(name, _)| names.contains(&name.as_str()));
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// Checks the fields and makes the request; fields we do not know are kept as lines of the text.
    fn check(self) -> Result<FormRequest, Problem> {
        let mut wrong = Vec::new();
        let mut note = |name: &str, what: &str| wrong.push((name.to_owned(), what.to_owned()));
        let address = match self.value(&["email"]) {
            None => {
                note("email", "missing; we answer by e-mail");
                None
            }
            Some(text) => {
                text.parse::<Address>().map_err(|error| note("email", &error.to_string())).ok()
            }
        };
        let message = self.value(&["message", "text"]).unwrap_or_default().to_owned();
        if message.is_empty() {
            note("message", "empty; write what you would like to know");
        }
        if message.chars().count() > MAX_MESSAGE {
            note("message", "too long; 50000 characters at most");
        }
        for (name, value) in &self.fields {
            if !["message", "text"].contains(&name.as_str()) && value.chars().count() > MAX_FIELD {
                note(name, "too long; 500 characters at most");
            }
        }
        let Some(address) = address.filter(|_| wrong.is_empty()) else {
            return Err(Problem::invalid(wrong));
        };
        let known = ["name", "email", "subject", "message", "text", "language", "lang", TRAP];
        let more: Vec<String> = self
            .fields
            .iter()
            .filter(|(name, value)| !known.contains(&name.as_str()) && !value.trim().is_empty())
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
            subject: self.value(&["subject"]).unwrap_or_default().to_owned(),
            text,
            language: language.and_then(|l| l.get(..2)).map(str::to_ascii_lowercase),
            attachments: self.files,
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
