//! The memory of segments: what was translated once is neither translated nor billed again, and what a
//! provider corrected is said as corrected. Segments are kept with their facts hidden, so that "the room costs €80"
//! and "the room costs €95" are one segment, and little of a person stays in them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use crate::{
    flow::clock,
    ground::{key::AccountId, language::Language},
    keep::store::Store,
};

/// What makes two segments equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The account; segments of one account are never shown to another.
    pub account: AccountId,
    pub from: Language,
    pub to: Language,
    /// [`super::Engine::tag`], or empty for a person's edit.
    pub engine: String,
    /// The segment with its facts hidden.
    pub text: String,
}

/// Where segments are kept.
pub trait Memory: Send + Sync {
    fn recall(&self, key: &Key) -> Option<String>;
    fn keep(&self, key: &Key, said: &str);
    /// An engine was given so many characters.
    fn spent(&self, account: AccountId, engine: &str, characters: usize);
}

/// Keeps segments in this process: for tests and scores.
#[derive(Debug, Default)]
pub struct InProcess(Mutex<HashMap<Key, String>>);

impl Memory for InProcess {
    fn recall(&self, key: &Key) -> Option<String> {
        let kept = self.0.lock().expect("nobody panics while holding the lock");
        kept.get(key).cloned()
    }

    fn keep(&self, key: &Key, said: &str) {
        let mut kept = self.0.lock().expect("nobody panics while holding the lock");
        kept.insert(key.clone(), said.to_owned());
    }

    fn spent(&self, _: AccountId, _: &str, _: usize) {}
}

/// Keeps segments in the store: they outlive a restart. Trouble with it costs a translation, never a message.
#[derive(Debug)]
pub struct Stored(pub Arc<Store>);

impl Memory for Stored {
    fn recall(&self, key: &Key) -> Option<String> {
        let pair = (key.from, key.to);
        let found =
            self.0.read(|reading| reading.segment(key.account, pair, &key.engine, &key.text));
        found.unwrap_or_else(|error| {
            tracing::warn!(%error, "the translation memory cannot be read");
            None
        })
    }

    fn keep(&self, key: &Key, said: &str) {
        let (key, said, now) = (key.clone(), said.to_owned(), clock::now());
        self.0.write_later("a translated segment", move |writing| {
            let pair = (key.from, key.to);
            writing.keep_segment(key.account, pair, &key.engine, (&key.text, &said), now)
        });
    }

    fn spent(&self, account: AccountId, engine: &str, characters: usize) {
        let (engine, now) = (engine.to_owned(), clock::now());
        self.0.write_later("the characters of a translation", move |writing| {
            writing.count_characters(account, &engine, characters, now)
        });
    }
}
