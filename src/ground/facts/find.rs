//! Finds the facts of a text, from left to right, the more telling kinds first.

use std::collections::HashMap;

use super::{Fact, Terms, Value, clock, clock_words, date, read, unspaced};
use crate::ground::language::Language;

/// Every fact of a text in this language, in order, none overlapping. Numbers, weekdays and months said as words are
/// no facts here; [`super::verify`] compares them too.
pub fn find(text: &str, language: Language, terms: &Terms) -> Vec<Fact> {
    let known = Known::of(terms);
    let mut facts: Vec<Fact> = Vec::new();
    let mut at = 0;
    let mut before: Option<char> = None;
    let month_first = date::month_first(text, language);
    while let Some(c) = text[at..].chars().next() {
        let place = Place { text, at, language, month_first, last: facts.last() };
        if let Some((value, len)) = fact_at(&place, c, before, &known) {
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

/// Where in a text a fact may begin.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    text: &'a str,
    at: usize,
    pub(super) language: Language,
    /// Dates in this text are written as Americans do.
    pub(super) month_first: bool,
    /// The fact before.
    last: Option<&'a Fact>,
}

impl<'a> Place<'a> {
    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn before(&self) -> &'a str {
        &self.text[..self.at]
    }

    /// What stands between the fact before and this place.
    pub(super) fn since_last(&self) -> Option<(&'a Fact, &'a str)> {
        self.last.map(|last| (last, &self.text[last.span.end..self.at]))
    }
}

fn fact_at(place: &Place<'_>, c: char, before: Option<char>, known: &Known<'_>) -> read::Read {
    let text = place.rest();
    if let Some(emoji) = emoji(text) {
        return Some(emoji);
    }
    // In the middle of a word nothing begins; after the digits of a number only a sign would.
    let unspaced = c.is_numeric() && before.is_some_and(unspaced::is_unspaced);
    if !unspaced && before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '@') {
        return None;
    }
    if let Some(term) = known.term(text, c) {
        return Some(term);
    }
    // What begins with a sign is asked for by that sign alone: a line of exclamation marks is long.
    match c {
        '+' | '(' => read::phone(text),
        '$' | '€' | '£' | '¥' => read::money(text).or_else(|| read::code(text)),
        '-' | '_' | '#' | '!' | '%' | '&' | '*' => {
            let in_a_row = before.is_some_and(|c| "-_#!%&*$".contains(c));
            if in_a_row { None } else { read::code(text) }
        }
        _ if unspaced::is_unspaced(c) => None,
        _ if c.is_alphanumeric() => clock_words::time(place)
            .or_else(|| read::url(text))
            .or_else(|| read::email(text))
            .or_else(|| read::iban(text))
            .or_else(|| read::money(text))
            .or_else(|| unspaced::date(text))
            .or_else(|| date::date(place))
            .or_else(|| unspaced::time(place))
            .or_else(|| clock::time(place))
            .or_else(|| read::phone(text))
            .or_else(|| read::code(text))
            .or_else(|| read::plain_number(text)),
        _ => None,
    }
}

/// Names and glossary terms, by how they begin: there may be thousands.
struct Known<'a>(HashMap<char, Vec<Entry<'a>>>);

struct Entry<'a> {
    term: &'a str,
    said: &'a str,
    /// The term in lower case, where capitals do not matter.
    folded: Option<String>,
}

impl<'a> Known<'a> {
    fn of(terms: &'a Terms) -> Self {
        let names = terms.names.iter().map(|name| (name.as_str(), name.as_str(), false));
        let glossary = terms.glossary.iter().map(|(term, said)| (&term[..], &said[..], true));
        let mut known: HashMap<char, Vec<Entry<'a>>> = HashMap::new();
        for (term, said, fold) in
            names.chain(glossary).filter(|(term, _, fold)| *fold || named(term))
        {
            if let Some(first) = term.chars().next() {
                let folded = fold.then(|| term.to_lowercase());
                known.entry(lower(first)).or_default().push(Entry { term, said, folded });
            }
        }
        Known(known)
    }

    /// The longest that fits, as a whole word.
    fn term(&self, text: &str, first: char) -> read::Read {
        let fits = |entry: &&Entry<'_>| {
            let len = entry.term.len();
            let head = text.get(..len).unwrap_or("");
            let same = head == entry.term
                || entry.folded.as_ref().is_some_and(|folded| head.to_lowercase() == *folded);
            same && !text[len..].starts_with(char::is_alphanumeric)
        };
        let found = self.0.get(&lower(first))?.iter().filter(fits);
        let longest = found.max_by_key(|entry| entry.term.len())?;
        Some((Value::Term(longest.said.to_owned()), longest.term.len()))
    }
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

/// Whoever fills in a form as "a" makes no name of every "a".
fn named(name: &str) -> bool {
    name.chars().count() >= 3 && name.contains(|c: char| c.is_alphabetic() && !c.is_lowercase())
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
