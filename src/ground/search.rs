//! What a person types to search, read into what is wanted. Nothing anybody types is an error: what is no operator is a
//! word.
//!
//! Words are all wanted; `"a phrase"` stands together; `word*` matches the start of a word. `from:`, `channel:`,
//! `lang:`, `before:`, `after:` (a year, a month or a day; `after` includes it) and `has:attachment` narrow further.
//! What is typed beyond what people type is not read.

mod bigrams;
mod excerpt;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::ground::{conversation::Channel, language::Language, word};
pub use bigrams::bigrams;
pub use excerpt::Excerpt;

/// So many letters of what was typed are read.
const LETTERS: usize = 200;
/// So many different words are looked for: each is a walk through the index.
const TERMS: usize = 16;

/// What is wanted; everything at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    words: Vec<Term>,
    from: Vec<Term>,
    /// Conversations of this channel.
    pub channel: Option<Channel>,
    /// Messages in this language.
    pub language: Option<String>,
    /// Messages from this time on.
    pub after: Option<Timestamp>,
    /// Messages before this time.
    pub before: Option<Timestamp>,
    /// Messages with a file.
    pub has_attachment: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    text: String,
    prefix: bool,
}

/// Whether the last word may still grow, as while somebody types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typing {
    /// Every word is whole.
    Done,
    /// The last one matches as a start.
    Goes,
}

impl Query {
    /// Reads what was typed; days are those of this zone.
    pub fn read(typed: &str, typing: Typing, zone: &TimeZone) -> Self {
        let mut query = Query::default();
        let end = typed.char_indices().nth(LETTERS).map_or(typed.len(), |(at, _)| at);
        let pieces = pieces(&typed[..end]);
        let last = pieces.len().saturating_sub(1);
        for (position, piece) in pieces.into_iter().enumerate() {
            if query.take_operator(&piece, zone) {
                continue;
            }
            // An operator nobody knows is what it looks like: words with a colon.
            let text = match piece.operator {
                Some(operator) => format!("{operator}:{}", piece.text),
                None => piece.text,
            };
            let grows = typing == Typing::Goes && position == last && !piece.quoted;
            query.words.extend(term(&text, piece.quoted, grows));
        }
        query
    }

    /// What was meant as an operator and is none, with what may be written: for programs, which take a word for an answer.
    pub fn misread(typed: &str, zone: &TimeZone) -> Option<String> {
        let mut query = Query::default();
        let end = typed.char_indices().nth(LETTERS).map_or(typed.len(), |(at, _)| at);
        pieces(&typed[..end]).iter().find_map(|piece| {
            let operator = piece.operator.as_deref()?.to_lowercase();
            let wanted = match operator.as_str() {
                "channel" => "form, email, api, booking, airbnb or channex",
                "lang" | "language" => "the two letters of a language, such as pt",
                "before" | "after" => {
                    "a year, a month or a day, such as 2026, 2026-11 or 2026-11-29"
                }
                "has" => "attachment",
                _ => return None,
            };
            let exists = |text: &str| Language::parse(text).is_ok_and(Language::exists);
            let is_read = query.take_operator(piece, zone)
                && (!operator.starts_with("lang") || exists(&piece.text));
            (!is_read)
                .then(|| format!("{operator}:{}: write {wanted} behind {operator}:", piece.text))
        })
    }

    fn take_operator(&mut self, piece: &Piece, zone: &TimeZone) -> bool {
        let value = piece.text.as_str();
        let Some(operator) = piece.operator.as_deref() else { return false };
        match operator.to_lowercase().as_str() {
            "from" => {
                let before = self.from.len();
                self.from.extend(term(value, piece.quoted, !piece.quoted));
                self.from.len() > before
            }
            "channel" => {
                let channel = word::read(&value.to_lowercase()).ok();
                self.channel = channel.or(self.channel);
                channel.is_some()
            }
            "lang" | "language" => {
                let known = (2..=3).contains(&value.len())
                    && value.chars().all(|letter| letter.is_ascii_alphabetic());
                if known {
                    self.language = Some(value.to_lowercase());
                }
                known
            }
            "before" => set(&mut self.before, start_of(value, zone)),
            "after" => set(&mut self.after, start_of(value, zone)),
            "has" if matches!(value.to_lowercase().as_str(), "attachment" | "file") => {
                self.has_attachment = true;
                true
            }
            _ => false,
        }
    }

    /// Was nothing asked?
    pub fn is_empty(&self) -> bool {
        *self == Query::default()
    }

    /// The words as an expression for SQLite's full-text search, every term quoted; `people_column` is where authors
    /// are. Scripts without spaces are left to [`Query::in_bigrams`].
    pub fn in_words(&self, people_column: &str) -> Option<String> {
        let terms = |all: &[Term], column: &str| -> Vec<String> {
            let parts = all.iter().flat_map(|term| {
                let runs = runs(&term.text).into_iter().filter(|(cjk, _)| !cjk);
                let runs: Vec<&str> = runs.map(|(_, text)| text).filter(|t| says(t)).collect();
                let last = runs.len();
                let star = move |n: usize| if term.prefix && n + 1 == last { "*" } else { "" };
                let quoted = runs.into_iter().enumerate();
                quoted.map(move |(n, text)| format!("\"{}\"{}", text.trim(), star(n)))
            });
            parts.map(|part| format!("{column}{part}")).collect()
        };
        let mut all = terms(&self.words, "");
        all.extend(terms(&self.from, &format!("{people_column} : ")));
        expression(all)
    }

    /// The words of scripts without spaces as an expression over [`bigrams`]: neighbours of pairs.
    pub fn in_bigrams(&self) -> Option<String> {
        let all = self.words.iter().chain(&self.from).flat_map(|term| runs(&term.text));
        expression(all.filter(|(cjk, _)| *cjk).map(|(_, run)| bigrams::phrase(run)))
    }
}

/// All of the first different terms.
fn expression(terms: impl IntoIterator<Item = String>) -> Option<String> {
    let mut all: Vec<String> = Vec::new();
    for term in terms {
        if all.len() < TERMS && !all.contains(&term) {
            all.push(term);
        }
    }
    (!all.is_empty()).then(|| all.join(" AND "))
}

fn set<T>(place: &mut Option<T>, value: Option<T>) -> bool {
    let known = value.is_some();
    if known {
        *place = value;
    }
    known
}

fn says(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

fn term(text: &str, quoted: bool, grows: bool) -> Option<Term> {
    let bare = if quoted { text } else { text.trim_end_matches('*') };
    let prefix = bare.len() < text.len() || grows;
    says(bare).then(|| Term { text: bare.trim().to_owned(), prefix })
}

/// The first moment of a year, a month or a day.
fn start_of(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let mut parts = text.split(['-', '/', '.']).map(|part| part.parse::<i16>().ok());
    let (year, month, day) = (parts.next()??, parts.next(), parts.next());
    let number = |part: Option<Option<i16>>| match part {
        None => Some(1),
        Some(part) => i8::try_from(part?).ok(),
    };
    let date = Date::new(year, number(month)?, number(day)?).ok()?;
    if !(1900..3000).contains(&year) || parts.next().is_some() {
        return None;
    }
    Some(date.to_zoned(zone.clone()).ok()?.timestamp())
}

/// Runs of scripts without spaces (`true`) and of the others.
fn runs(text: &str) -> Vec<(bool, &str)> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut before = None;
    for (at, letter) in text.char_indices() {
        let cjk = bigrams::is_cjk(letter);
        if before.is_some_and(|before| before != cjk) {
            found.push((!cjk, &text[start..at]));
            start = at;
        }
        before = Some(cjk);
    }
    found.extend(before.map(|cjk| (cjk, &text[start..])));
    found
}

struct Piece {
    operator: Option<String>,
    text: String,
    quoted: bool,
}

/// Words and quoted phrases, with or without an operator before them.
fn pieces(typed: &str) -> Vec<Piece> {
    let typed = typed.replace(['\u{201c}', '\u{201d}', '\u{201e}', '«', '»'], "\"");
    let mut rest = typed.trim_start();
    let mut found = Vec::new();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        let quoted = behind.strip_prefix('"').filter(|_| word.is_empty() || word.ends_with(':'));
        if let Some(inside) = quoted {
            let (phrase, behind) = inside.split_once('"').unwrap_or((inside, ""));
            let operator = word.strip_suffix(':').filter(|name| !name.is_empty());
            let operator = operator.map(str::to_owned);
            found.push(Piece { operator, text: phrase.to_owned(), quoted: true });
            rest = behind.trim_start();
            continue;
        }
        let (operator, text) = match word.split_once(':') {
            Some((name, value)) if says(name) && !value.is_empty() => {
                (Some(name.to_owned()), value)
            }
            _ => (None, word),
        };
        found.push(Piece { operator, text: text.to_owned(), quoted: false });
        rest = behind.trim_start();
    }
    found
}

#[cfg(test)]
mod tests;
