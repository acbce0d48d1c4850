//! LibreTranslate over HTTP, as its server of version 1.9.6 answers (reference, 3.1).
//!
//! Traps of that server: it detects one language for a whole batch, so the source is always given; it answers
//! 200 to texts it did not translate; its limits are the operator's, and are told in settings here.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use super::{breaker::Breaker, refusal};
use crate::doors::json_client::{Answer, Peer};
use crate::{
    flow::translate::{Answered, Done, Engine, Fail, Job, Limits},
    ground::language::Language,
};

/// How one server is reached.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Such as `http://127.0.0.1:5000`.
    pub url: String,
    pub key: Option<String>,
    pub limits: Limits,
}

pub struct LibreTranslate {
    peer: Peer,
    settings: Settings,
    breaker: Breaker,
    /// Asked of the server at every check; before the first every pair may be tried.
    known: Mutex<Option<Known>>,
}

/// What a server translates, and how it writes the languages: Chinese is `zh-Hans` there.
#[derive(Debug, Default)]
struct Known {
    codes: HashMap<Language, String>,
    pairs: HashSet<(Language, Language)>,
}

impl Known {
    /// From the server's list; a plain code stands above one of a region, and simplified writing above traditional.
    fn of(list: &[Value]) -> Self {
        let mut known = Known::default();
        let language = |code: &str| {
            Language::parse(code).ok().filter(|_| !code.ends_with("Hant") && !code.ends_with("TW"))
        };
        for one in list {
            let code = one["code"].as_str().unwrap_or_default();
            let Some(from) = language(code) else { continue };
            let plain = known.codes.get(&from).is_none_or(|other| other.len() > code.len());
            if plain {
                known.codes.insert(from, code.to_owned());
            }
            let targets = one["targets"].as_array().map(|all| strings(all)).unwrap_or_default();
            known.pairs.extend(targets.iter().filter_map(|to| Some((from, language(to)?))));
        }
        known
    }
}

impl LibreTranslate {
    pub fn new(settings: Settings) -> Result<Self, String> {
        let peer = Peer::new(&settings.url)?;
        Ok(LibreTranslate { peer, settings, breaker: Breaker::default(), known: Mutex::default() })
    }

    async fn post(&self, job: &Job) -> Result<Done, Fail> {
        let mut body = json!({
            "q": job.texts,
            "source": self.code(job.from),
            "target": self.code(job.to),
            "format": "text",
        });
        if let Some(key) = &self.settings.key {
            body["api_key"] = json!(key);
        }
        let answer =
            self.peer.ask(Method::POST, "/translate", None, Some(body), job.patience).await?;
        if answer.status != StatusCode::OK {
            return Err(fail(&answer, job));
        }
        let texts = answer.json["translatedText"].as_array().map(|texts| strings(texts));
        let texts = texts.filter(|texts| texts.len() == job.texts.len());
        let texts = texts.ok_or_else(|| Fail::BadAnswer("no text for each of ours".into()))?;
        Ok(Done { texts, billed_chars: None })
    }

    fn code(&self, language: Language) -> String {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let code = known.as_ref().and_then(|known| known.codes.get(&language).cloned());
        code.unwrap_or_else(|| language.to_string())
    }

    /// Asks the server which pairs it has.
    async fn languages(&self) -> Result<(), Fail> {
        let answer =
            self.peer.ask(Method::GET, "/languages", None, None, Duration::from_secs(10)).await?;
        let list = answer.json.as_array().filter(|_| answer.status == StatusCode::OK);
        let list =
            list.ok_or_else(|| Fail::BadAnswer(format!("{} to /languages", answer.status)))?;
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(Known::of(list));
        Ok(())
    }
}

fn strings(values: &[Value]) -> Vec<String> {
    values.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

/// The server tells most of its refusals by the words of a 400.
fn fail(answer: &Answer, job: &Job) -> Fail {
    let words = answer.json["error"].as_str().unwrap_or_default();
    match answer.status.as_u16() {
        400 if words.contains("API key") => Fail::Auth,
        400 if words.contains("is not supported") => Fail::Unsupported(job.from, job.to),
        400 if words.contains("exceeds") => Fail::TooLarge,
        _ => refusal(answer, "error"),
    }
}

impl Engine for LibreTranslate {
    fn name(&self) -> &str {
        "libretranslate"
    }

    fn tag(&self, _: Language, _: Language) -> String {
        format!("libretranslate {}", self.settings.url)
    }

    fn knows(&self, from: Language, to: Language) -> bool {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.as_ref().is_none_or(|known| known.pairs.contains(&(from, to)))
    }

    fn limits(&self) -> Limits {
        self.settings.limits
    }

    fn translate<'a>(&'a self, job: Job) -> Answered<'a, Result<Done, Fail>> {
        Box::pin(async move {
            self.breaker.allow(Instant::now())?;
            let done = self.post(&job).await;
            self.breaker.learn(done.as_ref().map(|_| ()), Instant::now());
            done
        })
    }

    fn health<'a>(&'a self) -> Answered<'a, Result<(), Fail>> {
        Box::pin(self.languages())
    }
}
