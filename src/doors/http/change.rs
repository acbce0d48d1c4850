//! The JSON API, changing side.

use axum::{
    Json,
    body::Bytes,
    extract::{FromRequest, Multipart, Path, Request, State},
    http::{HeaderValue, StatusCode, header},
    response::IntoResponse,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{
    Answer, Door, Problem,
    api::{Caller, id},
    blocking,
    problem::plainly,
    trail::Trail,
};
use crate::{
    flow::gateway::{Decision, NewReply},
    ground::{
        conversation::Verb,
        facts::{self, Terms},
        key::ConversationId,
        language::Language,
        letter::Attachment,
    },
};

/// The longest name of an attempt, in characters.
const MAX_NAME: usize = 255;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReplyBody {
    text: String,
    #[serde(default)]
    attachments: Vec<FileBody>,
    #[serde(default)]
    verb: ReplyVerb,
    #[serde(default)]
    translate: Translate,
    /// What the visitor is to read, when a person has looked at it.
    translation: Option<String>,
    /// The facts of text and translation differ, and that is meant.
    #[serde(default)]
    accept_differences: bool,
}

/// Whether a reply is translated into the visitor's language.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Translate {
    /// Where the languages differ.
    #[default]
    Auto,
    Yes,
    No,
}

impl Translate {
    fn verb(self) -> Verb {
        match self {
            Translate::Auto => Verb::Reply,
            Translate::Yes => Verb::Translated,
            Translate::No => Verb::AsWritten,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ReplyVerb {
    #[default]
    Reply,
    Note,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileBody {
    name: String,
    #[serde(rename = "type", default)]
    media_type: String,
    /// Base64.
    content: String,
}

/// The body of a request that is to be JSON.
#[derive(Debug)]
pub(super) struct Sent {
    bytes: Bytes,
    /// It says that it is something else.
    says_other: bool,
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
        let kind = kind.map(|kind| String::from_utf8_lossy(kind).to_ascii_lowercase());
        let says_other = kind.is_some_and(|kind| {
            let kind = kind.split(';').next().unwrap_or_default().trim();
            kind != "application/json" && !kind.ends_with("+json")
        });
        let bytes = Bytes::from_request(request, state).await;
        let bytes = bytes.map_err(|e| Problem::of_extractor(e.status(), e.body_text()))?;
        Ok(Sent { bytes, says_other })
    }
}

/// Reads a JSON body; what is wrong is said as a problem. JSON is taken by whatever name: `curl -d` calls it a form.
pub(super) fn body<T: DeserializeOwned>(sent: &Sent) -> Result<T, Problem> {
    let bytes: &[u8] = if sent.bytes.is_empty() { b"{}" } else { &sent.bytes };
    serde_json::from_slice(bytes).map_err(|error| match serde_json::from_slice(bytes) {
        Ok(Value::Object(_)) => {
            Problem::bad(format!("the JSON is wrong: {}", plainly(&error.to_string())))
        }
        _ if sent.says_other => {
            let wrong = "send application/json".to_owned();
            Problem::of_extractor(StatusCode::UNSUPPORTED_MEDIA_TYPE, wrong)
        }
        Ok(_) => Problem::bad("the JSON is wrong: send an object, {\"…\": …}"),
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            Problem::bad(format!("this is no JSON: see line {line}, column {column}"))
        }
    })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BeginBody {
    reservation: String,
}

/// The house writes first to the visitor of a reservation.
pub(super) async fn begin(State(door): State<Door>, Caller(account): Caller, sent: Sent) -> Answer {
    let wanted: BeginBody = body(&sent)?;
    door.may_begin(account)?;
    let id = door.gateway.begin(account, &wanted.reservation).await?;
    Ok((StatusCode::CREATED, Json(json!({"conversation": id.to_string()}))).into_response())
}

pub(super) async fn reply(
    State(door): State<Door>,
    Caller(account): Caller,
    Path(text): Path<String>,
    request: Request,
) -> Answer {
    let conversation: ConversationId = id(&text)?;
    let trail = Trail::of(request.extensions());
    let reply = read_reply(request).await?;
    if reply.verb == Verb::Note {
        trail.did("note", text);
    }
    if reply.text.trim().is_empty() && reply.attachments.is_empty() {
        let wrong = ("text".to_owned(), "empty; write what you want to say".to_owned());
        return Err(Problem::invalid(vec![wrong]));
    }
    let key = door.gateway.reply(account, conversation, &reply).await?;
    // From here on it is kept: an error would make the client send it again.
    let row = blocking(move || Ok(door.gateway.store.read(|r| r.message(account, key))?)).await;
    let row = row.ok().flatten();
    let status = if row.is_some() { StatusCode::CREATED } else { StatusCode::ACCEPTED };
    Ok((status, Json(json!({"id": key, "message": row}))).into_response())
}

/// The name of an attempt (draft-ietf-httpapi-idempotency-key-header), if the client gives one.
fn named(request: &Request) -> Result<Option<String>, Problem> {
    let Some(given) = request.headers().get("idempotency-key") else { return Ok(None) };
    let name = given.to_str().unwrap_or_default().trim();
    let good = (1..=MAX_NAME).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_graphic());
    let wrong = || Problem::bad(format!("Idempotency-Key: 1 to {MAX_NAME} characters, no spaces"));
    if good { Ok(Some(name.to_owned())) } else { Err(wrong()) }
}

/// JSON with base64 files, or multipart with real ones.
pub(super) async fn read_reply(request: Request) -> Result<NewReply, Problem> {
    let once = named(&request)?;
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    match kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
        true => reply_of_parts(request, once).await,
        false => reply_of_json(request, once).await,
    }
}

async fn reply_of_json(request: Request, once: Option<String>) -> Result<NewReply, Problem> {
    let body: ReplyBody = body(&Sent::from_request(request, &()).await?)?;
    let attachments = body.attachments.into_iter().map(file).collect::<Result<_, _>>()?;
    let verb = match body.verb {
        ReplyVerb::Reply => body.translate.verb(),
        ReplyVerb::Note => Verb::Note,
    };
    if body.translation.is_some() && !verb.translates() {
        let wrong = "this reply is sent as written; leave the translation out".to_owned();
        return Err(Problem::invalid(vec![("translation".to_owned(), wrong)]));
    }
    Ok(NewReply {
        text: body.text,
        attachments,
        verb,
        translation: body.translation.filter(|text| !text.trim().is_empty()),
        accept_differences: body.accept_differences,
        once,
        ..NewReply::default()
    })
}

async fn reply_of_parts(request: Request, once: Option<String>) -> Result<NewReply, Problem> {
    let wrong = |error: axum::extract::multipart::MultipartError| {
        Problem::of_extractor(error.status(), error.body_text())
    };
    let mut parts = Multipart::from_request(request, &())
        .await
        .map_err(|e| Problem::of_extractor(e.status(), e.body_text()))?;
    let mut reply = NewReply { once, ..NewReply::default() };
    let mut shown = Shown::default();
    let mut note = false;
    while let Some(part) = parts.next_field().await.map_err(wrong)? {
        let name = part.name().unwrap_or_default().to_owned();
        match (part.file_name().map(str::to_owned), name.as_str()) {
            (Some(file_name), _) => {
                let media_type =
                    part.content_type().unwrap_or("application/octet-stream").to_owned();
                let content = part.bytes().await.map_err(wrong)?.to_vec();
                // Browsers send a nameless empty part for a file field nobody used.
                if !file_name.is_empty() || !content.is_empty() {
                    reply.attachments.push(attachment(&file_name, media_type, content));
                }
            }
            // The page's own name for what is sent from it.
            (None, "once") => {
                let name = part.text().await.map_err(wrong)?;
                reply.once = Some(name).filter(|name| (1..=MAX_NAME).contains(&name.len()));
            }
            (None, "text") => reply.text = part.text().await.map_err(wrong)?,
            (None, "kept") => {
                let row = part.text().await.map_err(wrong)?;
                reply.kept_files.push(id(&row)?);
            }
            // The button of the preview is a verb of the page.
            (None, "verb") => match part.text().await.map_err(wrong)?.as_str() {
                "note" => note = true,
                "reply" | "preview" => {}
                _ => return Err(Problem::bad("verb: write reply or note")),
            },
            (None, "translation") => reply.translation = Some(part.text().await.map_err(wrong)?),
            (None, "accept_differences") => {
                reply.accept_differences = match part.text().await.map_err(wrong)?.as_str() {
                    "true" => true,
                    "false" => false,
                    _ => return Err(Problem::bad("accept_differences: write true or false")),
                };
            }
            (None, "accepted") => shown.accepted = Some(part.text().await.map_err(wrong)?),
            (None, "previewed") => shown.previewed = Some(part.text().await.map_err(wrong)?),
            (None, "offered") => shown.offered = Some(part.text().await.map_err(wrong)?),
            (None, "translate") => {
                let words = part.text().await.map_err(wrong)?;
                let translate: Translate = serde_json::from_value(words.into())
                    .map_err(|_| Problem::bad("translate: write auto, yes or no".to_owned()))?;
                reply.verb = translate.verb();
            }
            (None, "files") => return Err(Problem::bad("files: send each with its name")),
            (None, _) => {}
        }
    }
    if note {
        reply.verb = Verb::Note;
    }
    Ok(of_these_words(reply, &shown))
}

/// What the page of a preview had shown.
#[derive(Debug, Default)]
struct Shown {
    /// The words it is a translation of.
    previewed: Option<String>,
    /// The translation as the engine gave it.
    offered: Option<String>,
    /// The translation below which differences were shown.
    accepted: Option<String>,
}

/// A translation of other words than these is none, and one that is empty either. What a person corrected is not lost.
fn of_these_words(mut reply: NewReply, shown: &Shown) -> NewReply {
    let Shown { previewed, offered, accepted } = shown;
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    // Differences are accepted of the very words below which they were shown.
    let seen = |accepted: &String| reply.translation.as_deref().map(plain) == Some(plain(accepted));
    let accepts = accepted.as_ref().is_some_and(seen);
    reply.accept_differences |= accepts;
    let stale = previewed.as_ref().is_some_and(|text| plain(text) != plain(&reply.text));
    if let (true, Some(offered)) = (stale, offered) {
        let corrected = |text: &String| plain(text) != plain(offered) && !text.trim().is_empty();
        reply.outdated = reply.translation.take().filter(corrected);
    }
    if stale || reply.translation.as_ref().is_some_and(|text| text.trim().is_empty()) {
        reply.translation = None;
    }
    reply
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PreviewBody {
    text: String,
    from: Language,
    to: Language,
}

/// What a text would be in another language, with what was checked.
pub(super) async fn preview(
    State(door): State<Door>,
    Caller(account): Caller,
    sent: Sent,
) -> Answer {
    let wanted: PreviewBody = body(&sent)?;
    let languages = (wanted.from, wanted.to);
    let found = door.gateway.preview(account, &wanted.text, languages, None).await?;
    let facts: Vec<&str> = facts::find(&wanted.text, wanted.from, &Terms::default())
        .iter()
        .map(|fact| &wanted.text[fact.span.clone()])
        .collect();
    let kept = found.differences.is_empty() && !found.text.is_empty();
    Ok(Json(json!({"translation": found, "facts": facts, "facts_kept": kept})).into_response())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DecisionBody {
    decision: Decision,
}

/// A reply that was not sent yet is sent, sent as written, or thrown away.
pub(super) async fn decide(
    State(door): State<Door>,
    Caller(account): Caller,
    Path(text): Path<String>,
    sent: Sent,
) -> Answer {
    let (id, wanted): (_, DecisionBody) = (id(&text)?, body(&sent)?);
    blocking(move || Ok(door.gateway.decide_reply(account, id, wanted.decision)?)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn file(body: FileBody) -> Result<Attachment, Problem> {
    let content = data_encoding::BASE64.decode(body.content.as_bytes()).map_err(|_| {
        Problem::bad(format!("attachments: the content of {:?} is not base64", body.name))
    })?;
    let unfit =
        |said: &str| Err(Problem::invalid(vec![("attachments".to_owned(), said.to_owned())]));
    let media_type = match body.media_type.as_str() {
        "" => "application/octet-stream".to_owned(),
        named if is_media_type(named) => named.to_owned(),
        _ => return unfit("type: write one such as application/pdf"),
    };
    if body.name.contains(char::is_control) {
        return unfit("name: no control characters can be in it");
    }
    let file = attachment(&body.name, media_type, content);
    if file.name.trim().is_empty() {
        return unfit("name: empty; a file needs a name, such as map.pdf");
    }
    Ok(file)
}

/// A type and a subtype, perhaps parameters (RFC 2045, 5.1).
fn is_media_type(text: &str) -> bool {
    let token = |part: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "!#$&-^_.+".contains(c);
        !part.is_empty() && part.chars().all(plain)
    };
    let kind = text.split(';').next().unwrap_or_default();
    text.chars().all(|c| c.is_ascii() && !c.is_ascii_control())
        && kind.split_once('/').is_some_and(|(kind, sub)| token(kind) && token(sub))
}

/// A file that came over HTTP; its name is only a label.
pub(super) fn attachment(name: &str, media_type: String, content: Vec<u8>) -> Attachment {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = last.chars().filter(|c| !c.is_control()).collect::<String>();
    Attachment { name, media_type, content_id: None, inline: false, content }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadBody {
    #[serde(default = "yes")]
    read: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CloseBody {
    #[serde(default = "yes")]
    closed: bool,
}

fn yes() -> bool {
    true
}

pub(super) async fn read(
    State(door): State<Door>,
    Caller(account): Caller,
    Path(text): Path<String>,
    sent: Sent,
) -> Answer {
    let (id, wanted): (_, ReadBody) = (id(&text)?, body(&sent)?);
    blocking(move || Ok(door.gateway.mark_read(account, id, wanted.read)?)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub(super) async fn close(
    State(door): State<Door>,
    Caller(account): Caller,
    Path(text): Path<String>,
    sent: Sent,
) -> Answer {
    let (id, wanted): (_, CloseBody) = (id(&text)?, body(&sent)?);
    blocking(move || Ok(door.gateway.close(account, id, wanted.closed)?)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// What to write instead of letters that are no language's.
pub(super) fn no_language(language: Language) -> String {
    format!("{language} is no language; write the two letters of one (ISO 639-1), such as pt")
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LanguageBody {
    /// Must be there: `null` is a wish too.
    #[serde(deserialize_with = "Option::deserialize")]
    language: Option<Language>,
}

pub(super) async fn language(
    State(door): State<Door>,
    Caller(account): Caller,
    Path(text): Path<String>,
    sent: Sent,
) -> Answer {
    let (id, wanted): (_, LanguageBody) = (id(&text)?, body(&sent)?);
    if let Some(language) = wanted.language.filter(|language| !language.exists()) {
        return Err(Problem::invalid(vec![("language".to_owned(), no_language(language))]));
    }
    blocking(move || Ok(door.gateway.set_language(account, id, wanted.language)?)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub(super) async fn done(
    State(door): State<Door>,
    Caller(account): Caller,
    Path(text): Path<String>,
) -> Answer {
    let id = id(&text)?;
    blocking(move || Ok(door.gateway.done(account, id)?)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub(super) async fn delete(
    State(door): State<Door>,
    Caller(account): Caller,
    Path(text): Path<String>,
) -> Answer {
    let id = id(&text)?;
    blocking(move || Ok(door.gateway.delete(account, id)?)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub(super) async fn release(
    State(door): State<Door>,
    Caller(account): Caller,
    Path(text): Path<String>,
) -> Answer {
    let id = id(&text)?;
    blocking(move || Ok(door.gateway.release(account, id)?)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub(super) async fn restore(
    State(door): State<Door>,
    Caller(account): Caller,
    Path(text): Path<String>,
) -> Answer {
    let id = id(&text)?;
    blocking(move || Ok(door.gateway.restore(account, id)?)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A correction is neither sent with other words nor lost.
    #[test]
    fn what_a_person_corrected_goes_with_its_words_only() {
        let (text, machine, corrected) = ("A room.", "Uma sala.", "Um quarto.");
        for (written, given, translation, outdated) in [
            (text, corrected, Some(corrected), None),
            ("A  room.", corrected, Some(corrected), None),
            (text, machine, Some(machine), None),
            ("Two rooms.", corrected, None, Some(corrected)),
            ("Two rooms.", machine, None, None),
            ("Two rooms.", " ", None, None),
            (text, " ", None, None),
        ] {
            let reply = NewReply {
                text: written.to_owned(),
                attachments: Vec::new(),
                member: None,
                kept_files: Vec::new(),
                verb: Verb::Translated,
                translation: Some(given.to_owned()),
                outdated: None,
                accept_differences: false,
                once: None,
            };
            let (previewed, offered) = (Some(text.to_owned()), Some(machine.to_owned()));
            let found = of_these_words(reply, &Shown { previewed, offered, accepted: None });
            let found = (found.translation.as_deref(), found.outdated.as_deref());
            assert_eq!(found, (translation, outdated), "{written} {given}");
        }
    }
}
