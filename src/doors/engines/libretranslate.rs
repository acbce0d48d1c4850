//! LibreTranslate over HTTP, as its server of version 1.9.6 answers (reference, 3.1).
//!
//! Traps of that server: it detects one language for a whole batch, so the source is always given; it answers
//! 200 to texts it did not translate; its limits are the operator's, and are told in settings here.

use std::{
    collections::HashSet,
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
    /// Asked of the server at the first check; before that every pair may be tried.
    pairs: Mutex<Option<HashSet<(String, String)>>>,
}

impl LibreTranslate {
    pub fn new(settings: Settings) -> Result<Self, String> {
        let peer = Peer::new(&settings.url)?;
        Ok(LibreTranslate { peer, settings, breaker: Breaker::default(), pairs: Mutex::default() })
    }

    async fn post(&self, job: &Job) -> Result<Done, Fail> {
        let mut body = json!({
            "q": job.texts,
            "source": job.from.as_str(),
            "target": job.to.as_str(),
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

    /// Asks the server which pairs it has.
    async fn languages(&self) -> Result<(), Fail> {
        let answer =
            self.peer.ask(Method::GET, "/languages", None, None, Duration::from_secs(10)).await?;
        let list = answer.json.as_array().filter(|_| answer.status == StatusCode::OK);
        let list =
            list.ok_or_else(|| Fail::BadAnswer(format!("{} to /languages", answer.status)))?;
        let mut pairs = HashSet::new();
        for language in list {
            let code = language["code"].as_str().unwrap_or_default();
            let targets =
                language["targets"].as_array().map(|targets| strings(targets)).unwrap_or_default();
            pairs.extend(targets.into_iter().map(|target| (code.to_owned(), target)));
        }
        *self.pairs.lock().unwrap_or_else(PoisonError::into_inner) = Some(pairs);
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
        let pairs = self.pairs.lock().unwrap_or_else(PoisonError::into_inner);
        pairs.as_ref().is_none_or(|pairs| pairs.contains(&(from.to_string(), to.to_string())))
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
