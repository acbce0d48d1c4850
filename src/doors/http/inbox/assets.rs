//! Style, script and emoji, inside the binary; their names carry a hash of their bytes, so browsers keep them.

use std::{collections::HashMap, sync::OnceLock};

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

use super::{
    super::{Answer, Problem},
    Words,
};
use crate::ground::phrases::Tongue;

const CSS: &str = include_str!("../assets/inbox.css");
const JS: &str = include_str!("../assets/inbox.js");
const ICON: &str = include_str!("../assets/icon.svg");

/// The addresses of the assets.
#[derive(Debug)]
pub(super) struct Assets {
    pub(super) css: String,
    pub(super) js: String,
    pub(super) icon: String,
    /// In the order of [`Tongue`].
    emoji: [String; 6],
}

/// Names of emoji in our languages, from CLDR (see the folder's README); English ones are the crate's.
const NAMED: [&str; 6] = [
    "",
    include_str!("../assets/emoji/fr.txt"),
    include_str!("../assets/emoji/es.txt"),
    include_str!("../assets/emoji/de.txt"),
    include_str!("../assets/emoji/it.txt"),
    include_str!("../assets/emoji/pt.txt"),
];

/// Every emoji with its name, and behind a bar what else it is found by.
fn emoji(tongue: Tongue) -> &'static str {
    static EMOJI: [OnceLock<String>; 6] = [const { OnceLock::new() }; 6];
    let place = tongue as usize;
    EMOJI[place].get_or_init(|| {
        let named = NAMED[place].lines().filter_map(|line| line.split_once('\t'));
        let named: HashMap<&str, &str> = named.collect();
        let rows = emojis::iter().map(|emoji| {
            let codes = emoji.shortcodes().collect::<Vec<_>>().join(" ");
            let words = match named.get(emoji.as_str()) {
                Some(said) if said.contains('|') => format!("{said} {codes}"),
                Some(said) => format!("{said}|{codes}"),
                None => format!("{}|{codes}", emoji.name().to_lowercase()),
            };
            (emoji.as_str(), words)
        });
        serde_json::json!(rows.collect::<Vec<_>>()).to_string()
    })
}

const TONGUES: [Tongue; 6] =
    [Tongue::En, Tongue::Fr, Tongue::Es, Tongue::De, Tongue::It, Tongue::Pt];

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
            emoji: TONGUES.map(|tongue| name(emoji(tongue), "json")),
        }
    })
}

/// More than this is shown as this and a plus.
const MOST: i64 = 99;

impl Assets {
    /// The emoji as they are called in the language of the page.
    pub(super) fn emoji_of(&self, words: &Words) -> &str {
        &self.emoji[words.0 as usize]
    }

    /// The icon with how many conversations require a reply.
    pub(super) fn icon_of(&self, waiting: &i64) -> String {
        match waiting {
            0 => self.icon.clone(),
            _ => format!("/assets/waiting-{}.svg", (*waiting).min(MOST + 1)),
        }
    }
}

/// The icon with a number.
fn numbered(waiting: i64) -> String {
    let shown = if waiting > MOST { format!("{MOST}+") } else { waiting.to_string() };
    let badge = format!(
        r##"<circle cx="10.5" cy="10.5" r="5.5" fill="#b3261e"/><text x="10.5" y="13" font-family="sans-serif" font-size="{}" font-weight="700" text-anchor="middle" fill="#fff">{shown}</text></svg>"##,
        if shown.len() > 2 { 5 } else { 7 }
    );
    ICON.replace("</svg>", &badge)
}

pub(super) async fn serve(Path(name): Path<String>) -> Answer {
    let (known, path) = (assets(), format!("/assets/{name}"));
    let number = name.strip_prefix("waiting-").and_then(|rest| rest.strip_suffix(".svg"));
    let icon = number.and_then(|number| number.parse().ok()).filter(|n| (1..=MOST + 1).contains(n));
    let icon = icon.map(numbered);
    let (kind, body) = if let Some(icon) = &icon {
        ("image/svg+xml", icon.as_str())
    } else if path == known.css {
        ("text/css; charset=utf-8", CSS)
    } else if path == known.js {
        ("text/javascript; charset=utf-8", JS)
    } else if path == known.icon {
        ("image/svg+xml", ICON)
    } else if let Some(place) = known.emoji.iter().position(|one| *one == path) {
        ("application/json", emoji(TONGUES[place]))
    } else {
        return Err(Problem::not_found("there is nothing at this address"));
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    let response: Response = (headers, body.to_owned()).into_response();
    Ok(response)
}
