//! Compares the facts of a source and its translation by value: none lost, none changed, none invented.

use serde::{Deserialize, Serialize};

use super::{Terms, Value, find, mask::shown, words::small_number};

/// A fact that does not stand equally on both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", content = "fact", rename_all = "snake_case")]
pub enum Difference {
    /// In the source only, as it is written there.
    Lost(String),
    /// In the translation only.
    Invented(String),
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Difference::Lost(fact) => write!(f, "{}{LOST}", quoted(fact)),
            Difference::Invented(fact) => write!(f, "{}{INVENTED}", quoted(fact)),
        }
    }
}

impl Difference {
    /// Reads what [`Difference`] displays: translations keep it so.
    pub fn read(text: &str) -> Option<Self> {
        let plain = |quoted: &str| serde_json::from_str::<String>(quoted).ok();
        match text.strip_suffix(LOST) {
            Some(quoted) => plain(quoted).map(Difference::Lost),
            None => text.strip_suffix(INVENTED).and_then(plain).map(Difference::Invented),
        }
    }
}

fn quoted(fact: &str) -> serde_json::Value {
    serde_json::Value::from(fact)
}

const LOST: &str = " is missing from the translation";
const INVENTED: &str = " is not in the original";

/// Every difference; an empty list is the proof that the facts are kept.
pub fn verify(source: &str, target: &str, terms: &Terms) -> Vec<Difference> {
    // Glossary terms stand in the target as they are said there.
    let said = Terms {
        names: terms
            .names
            .iter()
            .cloned()
            .chain(terms.glossary.iter().map(|(_, said)| said.clone()))
            .collect(),
        glossary: Vec::new(),
    };
    let mut there: Vec<_> = find(target, &said);
    let mut differences = Vec::new();
    for fact in find(source, terms) {
        match there.iter().position(|other| other.value == fact.value) {
            Some(at) => {
                there.remove(at);
            }
            None if says(target, &fact.value) => {}
            None => differences.push(Difference::Lost(shown(&fact, source).to_owned())),
        }
    }
    // A translation may well say a glossary word or a name once more; it may not say another price.
    let invented = there
        .into_iter()
        .filter(|fact| !matches!(fact.value, Value::Term(_)) && !says(source, &fact.value));
    differences.extend(invented.map(|fact| Difference::Invented(target[fact.span].to_owned())));
    differences
}

/// Whether a text says a small number as a word: "two nights" and "2 noites" are equal.
fn says(text: &str, value: &Value) -> bool {
    let Value::Number(plain) = value else {
        return false;
    };
    let Ok(number) = plain.parse::<u8>() else {
        return false;
    };
    text.split(|c: char| !c.is_alphabetic()).any(|word| small_number(word) == Some(number))
}

/// Writes every time in 24 hours: the embedded model loses `pm` and reads `10h` as `10pm`, but keeps `22:30`.
pub fn rewrite_times(text: &str) -> String {
    let mut rewritten = String::with_capacity(text.len());
    let mut at = 0;
    for fact in find(text, &Terms::default()) {
        if let Value::Time { minutes } = fact.value {
            rewritten.push_str(&text[at..fact.span.start]);
            rewritten.push_str(&format!("{:02}:{:02}", minutes / 60, minutes % 60));
            at = fact.span.end;
        }
    }
    rewritten.push_str(&text[at..]);
    rewritten
}
