//! DeepL's API v2 (OpenAPI 3.11.0; reference, 3.2): the key in the header only, at most 50 texts and 128 KiB a
//! request, 429 and 529 are "slow down", 456 is "quota spent" and is never retried.

use std::time::{Duration, Instant};

use hyper::{Method, StatusCode};
use serde_json::json;

use super::{breaker::Breaker, refusal};
use crate::doors::json_client::{Answer, Peer};
use crate::{
    flow::translate::{Answered, Done, Engine, Fail, Job, Limits},
    ground::language::Language,
};

/// How an account at DeepL is used.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Empty: the host the key belongs to.
    pub url: String,
    pub key: String,
    /// `more`, `less` or empty; sent as a preference, since not every language has it.
    pub formality: String,
    /// The glossary's id, if there is one for every pair used.
    pub glossary: Option<String>,
    /// `PT-BR` rather than `PT-PT`, and so on: targets whose region is not the default.
    pub regions: Vec<String>,
}

pub struct DeepL {
    peer: Peer,
    settings: Settings,
    breaker: Breaker,
}

/// What DeepL translates from and to, by two letters.
const LANGUAGES: &str = "ar bg cs da de el en es et fi fr he hu id it ja ko lt lv nb nl pl pt ro ru sk sl sv th tr uk vi zh";

impl DeepL {
    pub fn new(settings: Settings) -> Result<Self, String> {
        // Keys of the free plan end with `:fx` and live on a host of their own.
        let host = if settings.key.ends_with(":fx") {
            "https://api-free.deepl.com"
        } else {
            "https://api.deepl.com"
        };
        let peer = Peer::new(if settings.url.is_empty() { host } else { &settings.url })?;
        Ok(DeepL { peer, settings, breaker: Breaker::default() })
    }

    fn target(&self, to: Language) -> String {
        let code = to.as_str().to_ascii_uppercase();
        let wanted = self.settings.regions.iter().find(|region| {
            region.split('-').next().is_some_and(|head| head.eq_ignore_ascii_case(&code))
        });
        // A bare EN or PT is deprecated as a target.
        wanted.map(|region| region.to_ascii_uppercase()).unwrap_or_else(|| match code.as_str() {
            "EN" => "EN-GB".into(),
            "PT" => "PT-PT".into(),
            "ZH" => "ZH-HANS".into(),
            _ => code,
        })
    }

    async fn post(&self, job: &Job) -> Result<Done, Fail> {
        let mut body = json!({
            "text": job.texts,
            "source_lang": job.from.as_str().to_ascii_uppercase(),
            "target_lang": self.target(job.to),
            "preserve_formatting": true,
            "show_billed_characters": true,
        });
        if !self.settings.formality.is_empty() {
            body["formality"] = json!(format!("prefer_{}", self.settings.formality));
        }
        if let Some(glossary) = &self.settings.glossary {
            body["glossary_id"] = json!(glossary);
        }
        let answer = self.ask(Method::POST, "/v2/translate", Some(body), job.patience).await?;
        if answer.status != StatusCode::OK {
            return Err(refusal(&answer, "message"));
        }
        let translations =
            answer.json["translations"].as_array().map(Vec::as_slice).unwrap_or_default();
        let texts: Vec<String> = translations
            .iter()
            .filter_map(|done| done["text"].as_str().map(str::to_owned))
            .collect();
        if texts.len() != job.texts.len() {
            return Err(Fail::BadAnswer(format!("{} texts for {}", texts.len(), job.texts.len())));
        }
        let billed: Option<u64> =
            translations.iter().map(|done| done["billed_characters"].as_u64()).sum();
        Ok(Done { texts, billed_chars: billed.and_then(|billed| usize::try_from(billed).ok()) })
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<serde_json::Value>,
        patience: Duration,
    ) -> Result<Answer, Fail> {
        let key = format!("DeepL-Auth-Key {}", self.settings.key);
        self.peer.ask(method, path, Some(&key), body, patience).await
    }

    /// Characters used and allowed this month.
    pub async fn usage(&self) -> Result<(u64, u64), Fail> {
        let answer = self.ask(Method::GET, "/v2/usage", None, Duration::from_secs(10)).await?;
        if answer.status != StatusCode::OK {
            return Err(refusal(&answer, "message"));
        }
        let count = |name: &str| answer.json[name].as_u64();
        count("character_count")
            .zip(count("character_limit"))
            .ok_or_else(|| Fail::BadAnswer("no character_count".into()))
    }
}

impl Engine for DeepL {
    fn name(&self) -> &str {
        "deepl"
    }

    fn tag(&self, _: Language, _: Language) -> String {
        let Settings { formality, glossary, .. } = &self.settings;
        format!(
            "deepl {formality} {} {}",
            glossary.as_deref().unwrap_or(""),
            self.settings.regions.join(",")
        )
    }

    fn knows(&self, from: Language, to: Language) -> bool {
        let has = |language: Language| LANGUAGES.split(' ').any(|code| code == language.as_str());
        has(from) && has(to)
    }

    fn limits(&self) -> Limits {
        // 128 KiB of JSON: four bytes a character and room for the escapes.
        Limits { texts: 50, chars: 24_000 }
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
        Box::pin(async move {
            let (used, limit) = self.usage().await?;
            if used < limit { Ok(()) } else { Err(Fail::Quota) }
        })
    }
}
