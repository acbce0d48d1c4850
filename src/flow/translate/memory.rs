//! The memory of segments: what was translated once is neither translated nor billed again, and what a
//! provider corrected is said as corrected. Exported as TMX 1.4b, which every translation tool reads.
//!
//! The storage is behind four closures' worth of trait, so that the store can stand behind it without this
//! room knowing SQL.

use std::{collections::HashMap, sync::Mutex};

use crate::ground::language::Language;

/// What makes two segments equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The account; segments of one account are never shown to another.
    pub account: String,
    pub from: Language,
    pub to: Language,
    /// [`super::Engine::tag`], or empty for a person's edit.
    pub engine: String,
    /// The segment with its facts hidden.
    pub text: String,
}

impl Key {
    /// The key under which a provider's edit of the same segment is kept.
    pub fn edited(&self) -> Key {
        Key { engine: String::new(), ..self.clone() }
    }
}

/// Where segments are kept.
pub trait Memory: Send + Sync {
    fn recall(&self, key: &Key) -> Option<String>;
    fn keep(&self, key: &Key, said: &str);
}

/// Keeps segments in this process: for tests, and in front of the store.
#[derive(Debug, Default)]
pub struct InProcess(Mutex<HashMap<Key, String>>);

/// More segments than a house writes in a year; then it starts anew.
const MOST_SEGMENTS: usize = 50_000;

impl Memory for InProcess {
    fn recall(&self, key: &Key) -> Option<String> {
        let kept = self.0.lock().expect("nobody panics while holding the lock");
        kept.get(key).cloned()
    }

    fn keep(&self, key: &Key, said: &str) {
        let mut kept = self.0.lock().expect("nobody panics while holding the lock");
        if kept.len() >= MOST_SEGMENTS {
            kept.clear();
        }
        kept.insert(key.clone(), said.to_owned());
    }
}

/// One pair of a translation memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    pub from: Language,
    pub to: Language,
    pub source: String,
    pub target: String,
    /// A person wrote the target.
    pub edited: bool,
}

/// Writes units as TMX 1.4b.
pub fn tmx(units: &[Unit]) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<tmx version=\"1.4\">\n  <header creationtool=\"relais\" \
         creationtoolversion=\"1\" segtype=\"paragraph\" o-tmf=\"relais\" adminlang=\"en\" srclang=\"*all*\" \
         datatype=\"plaintext\"/>\n  <body>\n",
    );
    for unit in units {
        let by = if unit.edited { "person" } else { "engine" };
        out.push_str(&format!(
            "    <tu>\n      <prop type=\"x-by\">{by}</prop>\n      <tuv xml:lang=\"{}\"><seg>{}</seg></tuv>\n      \
             <tuv xml:lang=\"{}\"><seg>{}</seg></tuv>\n    </tu>\n",
            unit.from,
            escape(&unit.source),
            unit.to,
            escape(&unit.target),
        ));
    }
    out.push_str("  </body>\n</tmx>\n");
    out
}

/// XML 1.0 cannot hold control characters in any form: they are dropped.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tmx_holds_both_texts_escaped() {
        let text = tmx(&[Unit {
            from: Language::EN,
            to: Language::PT,
            source: "Bed & <breakfast>\0".into(),
            target: "Cama".into(),
            edited: true,
        }]);
        assert!(
            text.contains("<tuv xml:lang=\"en\"><seg>Bed &amp; &lt;breakfast&gt;</seg></tuv>"),
            "{text}"
        );
        assert!(
            text.contains("<tuv xml:lang=\"pt\"><seg>Cama</seg></tuv>") && text.contains("person")
        );
    }
}
