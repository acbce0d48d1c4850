//! Files of channels' messages: where one is, and fetching it.

use std::time::Duration;

use serde_json::Value;

use super::{
    adapter::{Fail, FileRef},
    values::text,
};
use crate::{
    doors::json_client::{File, Peer},
    ground::letter::Attachment,
};

/// How long to wait for a file where nobody says it.
const FILE_PAUSE: Duration = Duration::from_secs(2);

/// How long a file may take.
const FILE_PATIENCE: Duration = Duration::from_secs(20);

/// An address, or an object that has one.
pub(super) fn file_ref(value: &Value) -> Option<FileRef> {
    let at = text(value).or(text(&value["url"])).or(text(&value["file"]))?;
    let last = at.split('?').next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
    let name =
        text(&value["file_name"]).or(text(&value["name"])).unwrap_or_else(|| last.to_owned());
    let media_type = text(&value["file_type"]).or(text(&value["mime_type"])).unwrap_or_default();
    Some(FileRef { at, name, media_type })
}

/// Scheme and host, and the path.
pub(super) fn split(url: &str) -> Option<(&str, &str)> {
    let host = url.find("://")? + 3;
    let end = url[host..].find('/').map_or(url.len(), |at| host + at);
    Some((&url[..end], if end == url.len() { "/" } else { &url[end..] }))
}

/// A file that lies on another host than the API: asked for without credentials, and only over TLS.
pub(super) async fn fetched(file: &FileRef) -> Result<Attachment, Fail> {
    let (host, path) = split(&file.at)
        .filter(|(host, _)| host.starts_with("https://"))
        .ok_or_else(|| Fail::Refused(format!("{}: no address to fetch from", file.at)))?;
    let elsewhere = Peer::of_channel(host, &[]).map_err(Fail::Refused)?;
    attached(file, elsewhere.fetch(path, None, FILE_PATIENCE).await?)
}

/// What a status says where no JSON is expected, and nothing was said to anybody.
pub(super) fn given(file: &File, what: &str) -> Result<(), Fail> {
    let (status, wait) = (file.status, file.retry_after);
    match status.as_u16() {
        200..300 => Ok(()),
        429 => Err(Fail::Throttled(wait.unwrap_or(FILE_PAUSE))),
        503 if wait.is_some() => Err(Fail::Throttled(wait.unwrap_or(FILE_PAUSE))),
        400..500 => Err(Fail::Refused(format!("{status} for {what}"))),
        _ => Err(Fail::Unanswered(format!("{status} for {what}"))),
    }
}

pub(super) fn attached(file: &FileRef, answered: File) -> Result<Attachment, Fail> {
    given(&answered, "a file")?;
    let File { media_type: kind, bytes, .. } = answered;
    let kind = kind.split(';').next().unwrap_or_default().trim().to_lowercase();
    Ok(Attachment {
        name: file.name.clone(),
        media_type: if kind.is_empty() { file.media_type.clone() } else { kind },
        content_id: None,
        inline: false,
        content: bytes.to_vec(),
    })
}
