//! The page behind the link below a translated reply: the reply in another language, and the original.

use axum::{
    Extension,
    extract::{Form, Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{
    Answer, Door, Peer, Problem, api, blocking,
    page::{escape, page, sorry},
};
use crate::{
    flow::{clock, gateway::Readable},
    ground::{
        language::Language,
        phrases::{ORIGINAL, READ_OTHERWISE, Tongue},
        rate::network,
    },
};

#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    language: Option<Language>,
}

pub(super) async fn show(
    State(door): State<Door>,
    Extension(Peer { address: peer, .. }): Extension<Peer>,
    Path((message, signature)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Answer {
    // An engine may be asked, and it takes time: as many looks as forms.
    if wanted.language.is_some() && !door.limiter.allow(network(peer), clock::now()) {
        return Ok(sorry(&headers, &Problem::too_many()));
    }
    let shown = match api::id(&message) {
        Ok(key) => {
            door.gateway.readable(key, &signature, wanted.language).await.map_err(Problem::from)
        }
        Err(problem) => Err(problem),
    };
    Ok(match shown {
        Ok(readable) => read(&readable),
        Err(problem) => sorry(&headers, &problem),
    })
}

fn read(readable: &Readable) -> Response {
    let tongue = Tongue::of(readable.language.as_str());
    let text = |language: Language, text: &str| {
        format!("<pre lang=\"{language}\" dir=\"auto\">{}</pre>", escape(text))
    };
    let mut body =
        readable.said.as_deref().map_or(String::new(), |said| text(readable.language, said));
    if readable.said.is_none() || readable.language != readable.written_in {
        let above = ORIGINAL.say(tongue, readable.written_in.name());
        body.push_str(&format!("<p>{}</p>", escape(&above)));
        body.push_str(&text(readable.written_in, &readable.original));
    }
    let buttons: Vec<String> = readable
        .languages
        .iter()
        .filter(|language| **language != readable.language || readable.said.is_none())
        .map(|language| {
            let name = escape(language.name());
            format!("<button name=\"language\" value=\"{language}\" lang=\"{language}\">{name}</button> ")
        })
        .collect();
    if !buttons.is_empty() {
        let words = READ_OTHERWISE.say(tongue, "");
        let (words, buttons) = (escape(words.trim_end()), buttons.concat());
        body.push_str(&format!("<form method=\"post\"><p>{words}</p>{buttons}</form>"));
    }
    page(StatusCode::OK, readable.language.as_str(), &readable.house, &body)
}

#[derive(Debug, Deserialize)]
pub(super) struct Chosen {
    language: Language,
}

pub(super) async fn choose(
    State(door): State<Door>,
    Path((message, signature)): Path<(String, String)>,
    headers: HeaderMap,
    Form(Chosen { language }): Form<Chosen>,
) -> Response {
    let link = format!("/read/{message}/{signature}?language={language}");
    let chosen = blocking(move || {
        let key = api::id(&message)?;
        Ok(door.gateway.choose_language(key, &signature, language)?)
    });
    match chosen.await {
        Ok(()) => Redirect::to(&link).into_response(),
        Err(problem) => sorry(&headers, &problem),
    }
}
