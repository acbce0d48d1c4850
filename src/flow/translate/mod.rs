//! Translation: a text goes to a visitor or a provider in their language with every fact kept, or it is held.
//!
//! [`pipeline::translate`] is the one way in. Engines stand behind [`Engine`]; the embedded one runs here,
//! Apertium, LibreTranslate and DeepL are doors.

mod check;
pub mod embedded;
mod engine;
pub mod memory;
pub mod models;
pub mod pipeline;
mod plainly;
mod prepare;
mod remember;
pub mod tmx;
mod translator;

pub use check::Suspicion;
pub use engine::{Answered, Done, Engine, Fail, Job, Limits};
pub use pipeline::{Held, LONGEST_CHARS, Refusal, Request, Translated, Verdict, translate};
pub use remember::hide_unit;
pub use translator::{Translator, Waits};
