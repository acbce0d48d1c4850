//! Style, script and emoji, inside the binary; their names carry a hash of their bytes, so browsers keep them.

use std::sync::OnceLock;

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

use super::super::{Answer, Problem};

const CSS: &str = include_str!("../assets/inbox.css");
const JS: &str = include_str!("../assets/inbox.js");
const ICON: &str = include_str!("../assets/icon.svg");

/// The addresses of the assets.
#[derive(Debug)]
pub(super) struct Assets {
    pub(super) css: String,
    pub(super) js: String,
    pub(super) icon: String,
    pub(super) emoji: String,
}

/// Every emoji with its name and short codes, as the picker searches them.
fn emoji() -> &'static str {
    static EMOJI: OnceLock<String> = OnceLock::new();
    EMOJI.get_or_init(|| {
        let rows = emojis::iter().map(|emoji| {
            let codes: Vec<&str> = emoji.shortcodes().collect();
            (emoji.as_str(), format!("{} {}", emoji.name(), codes.join(" ")).to_lowercase())
        });
        serde_json::json!(rows.collect::<Vec<_>>()).to_string()
    })
}

pub(super) fn assets() -> &'static Assets {
    static ASSETS: OnceLock<Assets> = OnceLock::new();
    ASSETS.get_or_init(|| {
        let name = |bytes: &str, end: &str| {
            let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(bytes)[..6]);
            format!("/assets/{hash}.{end}")
        };
        Assets {
            css: name(CSS, "css"),
            js: name(JS, "js"),
            icon: name(ICON, "svg"),
            emoji: name(emoji(), "json"),
        }
    })
}

pub(super) async fn serve(Path(name): Path<String>) -> Answer {
    let (known, path) = (assets(), format!("/assets/{name}"));
    let (kind, body) = if path == known.css {
        ("text/css; charset=utf-8", CSS)
    } else if path == known.js {
        ("text/javascript; charset=utf-8", JS)
    } else if path == known.icon {
        ("image/svg+xml", ICON)
    } else if path == known.emoji {
        ("application/json", emoji())
    } else {
        return Err(Problem::not_found("there is nothing at this address"));
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    let response: Response = (headers, body).into_response();
    Ok(response)
}
