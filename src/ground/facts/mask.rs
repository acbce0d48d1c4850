//! Hides facts behind tokens such as `XQ1`, and puts them back.
//!
//! Of the placeholder styles tried, `{1}`, `<x1/>`, `⟦1⟧` and `@1@` are destroyed by the embedded model, while
//! capital letters with a digit came through 16 times of 16 in every engine (reference, 2.5).

use std::ops::Range;

use super::{Fact, Terms, Value, find};
use crate::ground::language::Language;

/// A text whose facts are hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masked {
    pub text: String,
    /// The letters of this text's tokens.
    prefix: &'static str,
    /// What token 1, 2, … stands for, as it is to stand in the target.
    slots: Vec<String>,
}

/// What an engine did to the tokens.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("{0:?} is missing from the translation")]
    Missing(String),
    #[error("{0:?} stands in the translation more than once")]
    Repeated(String),
    #[error("the translation holds a token nobody gave it")]
    Strange,
}

/// Letters no language begins a word with; the first pair the text does not hold is used.
const PREFIXES: [&str; 4] = ["XQ", "QZ", "XJ", "ZXQ"];

/// Where tokens stand in a text whose facts are hidden, and their numbers.
pub fn hidden_in(text: &str) -> Vec<(Range<usize>, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()) {
        let number = PREFIXES.iter().find_map(|prefix| word.strip_prefix(prefix)?.parse().ok());
        if let Some(number) = number {
            found.push((at..at + word.len(), number));
        }
        at += word.len();
        at += text[at..].chars().next().map_or(0, char::len_utf8);
    }
    found
}

/// How much is hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hide {
    /// What engines are known to damage. Times, small numbers and dates with a month's name stay: they are
    /// part of the grammar, and [`super::verify`] guards them.
    Fragile,
    /// Times and numbers too, for a sentence an engine has already spoiled.
    Numbers,
}

/// Hides facts behind tokens.
pub fn mask(text: &str, language: Language, terms: &Terms, hide: Hide) -> Masked {
    let prefix = PREFIXES.into_iter().find(|prefix| !text.contains(prefix)).unwrap_or("QXZQ");
    let mut masked = Masked { text: String::with_capacity(text.len()), prefix, slots: Vec::new() };
    let mut at = 0;
    for fact in find(text, language, terms).into_iter().filter(|fact| hidden(fact, text, hide)) {
        let Range { mut start, mut end } = fact.span;
        let mut slot = shown(&fact, text).to_owned();
        // `here <https://…>`: of the brackets engines make quotation marks.
        if text[at..start].ends_with('<') && text[end..].starts_with('>') {
            (start, end, slot) = (start - 1, end + 1, format!("<{slot}>"));
        }
        masked.text.push_str(&text[at..start]);
        masked.slots.push(slot);
        masked.text.push_str(&format!("{prefix}{}", masked.slots.len()));
        at = end;
    }
    masked.text.push_str(&text[at..]);
    masked
}

fn hidden(fact: &Fact, text: &str, hide: Hide) -> bool {
    let written = &text[fact.span.clone()];
    match fact.value {
        Value::Time { .. } | Value::Number(_) => hide == Hide::Numbers,
        // The first day of «12 a 15 de junho» is a number to the engine.
        Value::Date { .. } => {
            match (written.contains(char::is_alphabetic), written.contains(['/', '.', '-'])) {
                (true, _) => false,
                (false, true) => true,
                (false, false) => hide == Hide::Numbers,
            }
        }
        _ => true,
    }
}

/// How a fact is to stand in the target: as it is written, and a glossary term as it is said there.
pub(super) fn shown<'a>(fact: &'a Fact, text: &'a str) -> &'a str {
    match &fact.value {
        Value::Term(said) => said,
        _ => &text[fact.span.clone()],
    }
}

impl Masked {
    /// Puts the facts back into a translation: every token exactly once, and none of its own making.
    pub fn restore(&self, translated: &str) -> Result<String, Broken> {
        let mut restored = String::with_capacity(translated.len());
        let mut seen = vec![false; self.slots.len()];
        let mut rest = translated;
        while let Some(at) = rest.find(self.prefix) {
            let digits = &rest[at + self.prefix.len()..];
            let len = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
            let slot = digits[..len].parse::<usize>().ok().and_then(|n| n.checked_sub(1));
            let (Some(slot), Some(seen)) = (slot, slot.and_then(|slot| seen.get_mut(slot))) else {
                return Err(Broken::Strange);
            };
            // `fooXQ1` and `XQ1st` are not our token any more.
            let glued = rest[..at].ends_with(char::is_alphanumeric)
                || digits[len..].starts_with(char::is_alphanumeric);
            if glued {
                return Err(Broken::Strange);
            }
            if std::mem::replace(seen, true) {
                return Err(Broken::Repeated(self.slots[slot].clone()));
            }
            restored.push_str(&rest[..at]);
            restored.push_str(&self.slots[slot]);
            rest = &digits[len..];
        }
        restored.push_str(rest);
        match seen.iter().position(|seen| !seen) {
            Some(slot) => Err(Broken::Missing(self.slots[slot].clone())),
            None => Ok(restored),
        }
    }

    /// Hides the same facts in another text: each must stand in it exactly once, as it is written here.
    pub fn hide_in(&self, said: &str) -> Option<String> {
        let mut hidden = said.to_owned();
        // The longest first, or `80 €` would be found inside `180 €`.
        let mut order: Vec<usize> = (0..self.slots.len()).collect();
        order.sort_by_key(|slot| std::cmp::Reverse(self.slots[*slot].len()));
        for slot in order {
            let fact = &self.slots[slot];
            if hidden.matches(fact.as_str()).count() != 1 {
                return None;
            }
            hidden = hidden.replace(fact.as_str(), &format!("{}{}", self.prefix, slot + 1));
        }
        (self.restore(&hidden).ok()? == said).then_some(hidden)
    }

    /// Whether nothing is left to translate once the facts are hidden.
    pub fn is_facts_alone(&self) -> bool {
        let mut rest = self.text.clone();
        for slot in (1..=self.slots.len()).rev() {
            rest = rest.replace(&format!("{}{slot}", self.prefix), "");
        }
        !rest.contains(char::is_alphabetic)
    }
}
