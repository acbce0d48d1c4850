//! Finds the facts of a text, from left to right, the more telling kinds first.

use super::{Fact, Terms, Value, read};

/// Every fact of a text, in order, none overlapping.
pub fn find(text: &str, terms: &Terms) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut at = 0;
    let mut before: Option<char> = None;
    while let Some(c) = text[at..].chars().next() {
        if let Some((value, len)) = fact_at(&text[at..], before, terms) {
            facts.push(Fact { span: at..at + len, value });
            before = text[at..at + len].chars().last();
            at += len;
        } else {
            before = Some(c);
            at += c.len_utf8();
        }
    }
    facts
}

fn fact_at(text: &str, before: Option<char>, terms: &Terms) -> read::Read {
    if let Some(emoji) = emoji(text) {
        return Some(emoji);
    }
    // In the middle of a word nothing begins; after the digits of a number only a sign would.
    if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '@') {
        return None;
    }
    let readers: [fn(&str) -> read::Read; 10] = [
        read::url,
        read::email,
        read::iban,
        read::money,
        read::date,
        read::time,
        read::phone,
        read::code,
        read::plain_number,
        |_| None,
    ];
    term(text, terms).or_else(|| readers.iter().find_map(|reader| reader(text)))
}

/// A name or glossary term, the longest that fits, as a whole word.
fn term(text: &str, terms: &Terms) -> read::Read {
    let names = terms.names.iter().map(|name| (name.as_str(), name.as_str(), false));
    let glossary = terms.glossary.iter().map(|(term, said)| (term.as_str(), said.as_str(), true));
    let ends = |len: usize| !text[len..].starts_with(char::is_alphanumeric);
    names
        .chain(glossary)
        .filter(|(term, ..)| !term.is_empty())
        .filter(|(term, _, fold)| {
            let head = text.get(..term.len()).unwrap_or("");
            (head == *term || (*fold && head.to_lowercase() == term.to_lowercase()))
                && ends(term.len())
        })
        .max_by_key(|(term, ..)| term.len())
        .map(|(term, said, _)| (Value::Term(said.to_owned()), term.len()))
}

/// A run of pictographs with their joiners, variation selectors and skin tones.
fn emoji(text: &str) -> read::Read {
    let picture = |c: char| matches!(u32::from(c), 0x1F000..=0x1FAFF | 0x2600..=0x27BF | 0x2B50 | 0x2B55 | 0x2190..=0x21FF | 0x2300..=0x23FF);
    let joiner = |c: char| matches!(u32::from(c), 0x200D | 0xFE0F | 0x20E3);
    if !text.starts_with(picture) {
        return None;
    }
    let end = text.find(|c: char| !picture(c) && !joiner(c)).unwrap_or(text.len());
    Some((Value::Emoji(text[..end].to_owned()), end))
}
