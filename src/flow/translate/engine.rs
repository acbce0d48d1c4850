//! What every translation engine is, whether it runs in this process, in a pipe or behind HTTP.
//!
//! Engines only turn texts into texts. Splitting, hiding of facts, memory, checks, repairs and the order of
//! fallback live outside, once, in [`super::pipeline`].

use std::{future::Future, pin::Pin, time::Duration};

use crate::ground::language::Language;

/// Texts of one language, to be said in another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    pub from: Language,
    pub to: Language,
    /// Paragraphs, facts already hidden.
    pub texts: Vec<String>,
    /// How long the caller waits at most.
    pub patience: Duration,
}

impl Job {
    /// What the job costs: engines bill by the character of the source.
    pub fn characters(&self) -> usize {
        self.texts.iter().map(|text| text.chars().count()).sum()
    }
}

/// The texts, in the order of the job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    pub texts: Vec<String>,
    /// Characters the engine bills, where it says so.
    pub billed_chars: Option<usize>,
}

/// Why there is no translation, in the words of what is to be done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fail {
    #[error("it cannot translate from {0} to {1}")]
    Unsupported(Language, Language),
    #[error("it is busy")]
    Busy { retry_after: Option<Duration> },
    #[error("its quota is spent")]
    Quota,
    #[error("it refuses our key")]
    Auth,
    #[error("the text is too long for it")]
    TooLarge,
    #[error("it refuses the request: {0}")]
    Refused(String),
    #[error("its answer makes no sense: {0}")]
    BadAnswer(String),
    #[error("it cannot be reached: {0}")]
    Down(String),
    #[error("it gave no answer in time")]
    Timeout,
}

impl Fail {
    /// Whether the same engine may succeed later without anybody doing anything.
    pub fn passes(&self) -> bool {
        match self {
            Fail::Busy { .. } | Fail::Down(_) | Fail::Timeout | Fail::BadAnswer(_) => true,
            Fail::Unsupported(..)
            | Fail::Quota
            | Fail::Auth
            | Fail::TooLarge
            | Fail::Refused(_) => false,
        }
    }
}

/// What one request may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub texts: usize,
    pub chars: usize,
}

pub type Answered<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A translation engine.
pub trait Engine: Send + Sync {
    /// Its name in the configuration, the log and the receipt.
    fn name(&self) -> &str;
    /// Name, model of this pair and options: what makes two answers to one text differ. Part of the memory's key.
    fn tag(&self, from: Language, to: Language) -> String;
    /// Whether it can translate this pair now, a pivot included.
    fn knows(&self, from: Language, to: Language) -> bool;
    fn limits(&self) -> Limits;
    /// Whether its output is rough, so that the mail must say so.
    fn is_rough(&self, _from: Language, _to: Language) -> bool {
        false
    }
    fn translate<'a>(&'a self, job: Job) -> Answered<'a, Result<Done, Fail>>;
    /// A cheap question whose answer shows that the engine lives.
    fn health<'a>(&'a self) -> Answered<'a, Result<(), Fail>>;
}
