//! The engines of this gateway in their order of fallback, with the memory and the times that are waited.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use jiff::SignedDuration;

use super::{Engine, Request, Verdict, memory::Memory, remember, translate};
use crate::ground::{
    facts::Terms, key::AccountId, language::Language, rich_text::RichText, translation::Unit,
};

/// How long is waited, and for what.
#[derive(Clone, Copy, Debug)]
pub struct Waits {
    /// For one answer of one engine.
    pub patience: Duration,
    /// For the translation of a visitor's message, before members get it untranslated.
    pub notification: SignedDuration,
    /// For the translation of a reply, before its author is asked.
    pub reply: SignedDuration,
    /// After the translation of a mailed reply, for its author to stop it.
    pub undo: SignedDuration,
}

/// Translates for every account.
pub struct Translator {
    engines: Vec<Arc<dyn Engine>>,
    memory: Arc<dyn Memory>,
    /// The times.
    pub waits: Waits,
    known: Mutex<HashMap<(Language, Language), (Instant, bool)>>,
}

impl fmt::Debug for Translator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Translator").field("waits", &self.waits).finish_non_exhaustive()
    }
}

/// How long it is believed what an engine knows: models are added while Relais runs.
const BELIEVED: Duration = Duration::from_secs(30);

impl Translator {
    /// Engines in their order of fallback.
    pub fn new(engines: Vec<Arc<dyn Engine>>, memory: Arc<dyn Memory>, waits: Waits) -> Self {
        Translator { engines, memory, waits, known: Mutex::default() }
    }

    /// Whether an engine has this pair. Cheap: asked for every message.
    pub fn knows(&self, from: Language, to: Language) -> bool {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        match known.get(&(from, to)) {
            Some((at, knows)) if at.elapsed() < BELIEVED => *knows,
            _ => {
                let knows = self.engines.iter().any(|engine| engine.knows(from, to));
                known.insert((from, to), (Instant::now(), knows));
                knows
            }
        }
    }

    /// Translates one text of an account.
    pub async fn translate(
        &self,
        account: AccountId,
        text: &RichText,
        (from, to): (Language, Language),
        terms: &Terms,
    ) -> Verdict {
        let patience = self.waits.patience;
        let RichText { text, marks } = text;
        let request = Request { account, text, from, to, terms, marks, patience };
        translate(&self.engines, self.memory.as_ref(), &request).await
    }

    /// What of a person's own translation is worth remembering.
    pub fn edits(
        &self,
        account: AccountId,
        texts: (&str, &str),
        languages: (Language, Language),
        terms: &Terms,
    ) -> Vec<Unit> {
        remember::units(&self.engines, self.memory.as_ref(), account, texts, languages, terms)
    }
}
