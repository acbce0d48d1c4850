//! The engines of this gateway in their order of fallback, with the memory and the times that are waited.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use jiff::SignedDuration;
use tokio::{
    runtime::{self, Handle},
    sync::oneshot,
    task::{AbortHandle, JoinError},
};

use super::{Engine, Held, Refusal, Request, Verdict, memory::Memory, remember, translate};
use crate::{
    ground::{
        account::Account, config::EngineKind, facts::Terms, key::AccountId, language::Language,
        rich_text::RichText, translation::Unit, untranslated::Why,
    },
    keep::background,
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

type Known = (Instant, Vec<bool>);

/// Translates for every account.
pub struct Translator {
    engines: Vec<Arc<dyn Engine>>,
    thread: Background,
    memory: Arc<dyn Memory>,
    /// The times.
    pub waits: Waits,
    /// By pair: when each engine was asked, and whether it has it.
    known: Mutex<HashMap<(Language, Language), Known>>,
}

impl fmt::Debug for Translator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Translator").field("waits", &self.waits).finish_non_exhaustive()
    }
}

/// One thread for all that surrounds the engines (telling languages, comparing facts takes longer than accepting a mail),
/// so that it gives way to the accept path. Ends with its owner.
struct Background {
    handle: Option<Handle>,
    _end: oneshot::Sender<()>,
}

impl Background {
    fn start() -> Self {
        let (end, ended) = oneshot::channel::<()>();
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        let handle = runtime.as_ref().ok().map(|runtime| runtime.handle().clone());
        let started = runtime.and_then(|runtime| {
            std::thread::Builder::new().name("translating".to_owned()).spawn(move || {
                background::give_way(background::TRANSLATING);
                let _ = runtime.block_on(ended);
            })
        });
        if let Err(error) = &started {
            tracing::warn!(%error, "no thread to translate on");
        }
        Background { handle: handle.filter(|_| started.is_ok()), _end: end }
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Unfinished> {
        let handle = self.handle.as_ref().ok_or(Unfinished::Ending)?;
        let mut work = handle.spawn(work);
        // Nobody waits any more: nothing is to be done.
        let _abort = AbortOnDrop(work.abort_handle());
        let unfinished = |error: JoinError| {
            if error.is_panic() { Unfinished::Panicked } else { Unfinished::Ending }
        };
        (&mut work).await.map_err(unfinished)
    }
}

/// Why no result came of a work.
enum Unfinished {
    /// The thread ends with its owner.
    Ending,
    /// It would again.
    Panicked,
}

struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// How long it is believed what an engine knows: models are added while Relais runs.
const BELIEVED: Duration = Duration::from_secs(30);

impl Translator {
    /// Engines in their order of fallback.
    pub fn new(engines: Vec<Arc<dyn Engine>>, memory: Arc<dyn Memory>, waits: Waits) -> Self {
        let thread = Background::start();
        Translator { engines, thread, memory, waits, known: Mutex::default() }
    }

    /// Whether an engine of this order has this pair. Cheap: asked for every message.
    pub fn knows(&self, order: &[EngineKind], from: Language, to: Language) -> bool {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, all) = known.entry((from, to)).or_insert_with(|| (Instant::now(), Vec::new()));
        if all.is_empty() || at.elapsed() >= BELIEVED {
            *all = self.engines.iter().map(|engine| engine.knows(from, to)).collect();
            *at = Instant::now();
        }
        let has = |engine: &Arc<dyn Engine>| {
            order.is_empty() || order.iter().any(|kind| kind.name() == engine.name())
        };
        self.engines.iter().zip(all).any(|(engine, knows)| *knows && has(engine))
    }

    /// The engines of an account in its order; all of ours where it has none.
    fn engines_of(&self, order: &[EngineKind]) -> Vec<Arc<dyn Engine>> {
        if order.is_empty() {
            return self.engines.clone();
        }
        let named = |kind: &EngineKind| {
            self.engines.iter().find(|engine| engine.name() == kind.name()).cloned()
        };
        order.iter().filter_map(named).collect()
    }

    /// Asks each engine how it is, and learns what it can translate now.
    pub async fn look_around(&self) {
        for engine in &self.engines {
            if let Err(fail) = engine.health().await {
                tracing::warn!(engine = engine.name(), %fail, "a translation engine is not well");
            }
        }
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Translates one text of an account.
    pub async fn translate(
        &self,
        house: &Account,
        text: &RichText,
        (from, to): (Language, Language),
        terms: &Terms,
    ) -> Verdict {
        let (patience, account) = (self.waits.patience, house.id);
        let (engines, memory) = (self.engines_of(&house.engines), Arc::clone(&self.memory));
        let draft = text.text.clone();
        let (RichText { text, marks }, terms) = (text.clone(), terms.clone());
        let work = async move {
            let (text, terms, marks) = (text.as_str(), &terms, marks.as_slice());
            let request = Request { account, text, from, to, terms, marks, patience };
            translate(&engines, memory.as_ref(), &request).await
        };
        match self.thread.run(work).await {
            Ok(verdict) => verdict,
            Err(Unfinished::Ending) => {
                let text = "the translator is ending".to_owned();
                Verdict::Later(Refusal { text, reason: Why::Unreachable }, None)
            }
            // A text that breaks the translator breaks it every time: a person is asked, with the text as it is.
            Err(Unfinished::Panicked) => {
                let (why, reason) = ("the translator broke off".to_owned(), Why::Suspicious);
                Verdict::Held(Held { draft, differences: Vec::new(), why, reason })
            }
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_work_that_panics_is_not_taken_for_one_that_ends() {
        let thread = Background::start();
        let result = thread.run::<()>(async { panic!("as a bug would") }).await;
        assert!(matches!(result, Err(Unfinished::Panicked)));
        // The thread lives on.
        assert!(matches!(thread.run(async { 7 }).await, Ok(7)));
    }
}
