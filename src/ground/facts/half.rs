//! The half of the day an hour is in: `2 pm`, «às 9 da noite», and "from 3 to 10 pm", where the first hour has none of its
//! own. Left as it stands, that became «das 3 às 22:00».

use super::{
    find::Place,
    read::{few, minute},
};
use crate::ground::language::Language;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Half {
    Morning,
    /// From noon on.
    Evening,
    /// Before midnight or after it, as the hour says.
    Night,
}

/// From this hour on a night's hour is before midnight.
const NIGHTFALL: u16 = 6;

impl Half {
    /// An hour of the twelve among the twenty-four.
    pub(super) fn hour(self, hour: u16) -> u16 {
        match (self, hour % 12) {
            (Half::Morning, hour) => hour,
            (Half::Night, hour) if hour < NIGHTFALL => hour,
            (Half::Evening | Half::Night, hour) => hour + 12,
        }
    }
}

/// `am` or `p.m.` after the hour, and the length with the gap.
pub(super) fn of_day(text: &str, language: Language) -> Option<(Half, usize)> {
    let rest = text.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let gap = text.len() - rest.len();
    for (mark, half) in [
        ("a.m.", Half::Morning),
        ("p.m.", Half::Evening),
        ("am", Half::Morning),
        ("pm", Half::Evening),
    ] {
        let head = rest.get(..mark.len()).unwrap_or("");
        let behind = rest.get(mark.len()..).unwrap_or("");
        let whole = !behind.starts_with(char::is_alphanumeric);
        // In German `am` is "at the".
        let word = mark == "am" && gap > 0 && language != Language::EN;
        if gap <= 3 && head.eq_ignore_ascii_case(mark) && whole && !word {
            // The final dot of `p.m.` may also end the sentence; then it is kept outside.
            let next = behind.trim_start_matches(' ').chars().next();
            let ends = next.is_none_or(|c| c.is_uppercase() || c.is_control() || c == '.');
            let mark = if ends { mark.trim_end_matches('.') } else { mark };
            return Some((half, gap + mark.len()));
        }
    }
    None
}

/// What joins two hours of one half; and what does so only behind a word for "between".
#[rustfmt::skip]
const JOINS: &[&str] = &[
    "-", "–", "—", "to", "till", "until", "or", "a", "às", "ás", "até", "ou", "hasta", "o", "à", "alle", "bis", "oder", "tot",
];
const BETWEEN_JOINS: &[&str] = &["and", "e", "y", "et", "und", "en", "i"];
const BETWEEN: &[&str] = &["between", "entre", "zwischen", "tra", "fra", "tussen"];
const ARTICLES: &[&str] = &["as", "ás", "às", "las", "les", "le", "um"];

/// Does `between` join two numbers to a range behind `before`?
pub(super) fn joins(before: &str, between: &str) -> bool {
    let join = between.trim().to_lowercase();
    let dash = matches!(&join[..], "-" | "–" | "—");
    let before = || before.split_whitespace().rev().take(2);
    let opened = || before().any(|word| BETWEEN.contains(&&word.to_lowercase()[..]));
    dash || between.starts_with(' ')
        && between.ends_with(' ')
        && (JOINS.contains(&&join[..]) || BETWEEN_JOINS.contains(&&join[..]) && opened())
}

/// The half of the first hour of a range whose second has one: `text` up to `len` is the first, in minutes `first`.
/// "3 to 10 pm" is of one half, "11 to 2 pm" of two.
pub(super) fn shared(place: &Place<'_>, first: u16, len: usize) -> Option<Half> {
    // `09:25` is written in 24 hours.
    if !(60..13 * 60).contains(&first) || place.rest().starts_with('0') {
        return None;
    }
    let (join, rest) = word(&place.rest()[len..])?;
    let before = || place.before().split_whitespace().rev().take(2);
    let between = || before().any(|word| BETWEEN.contains(&&word.to_lowercase()[..]));
    let joins = JOINS.contains(&&join[..]) || BETWEEN_JOINS.contains(&&join[..]) && between();
    let article = word(rest).filter(|(word, _)| ARTICLES.contains(&&word[..]));
    let rest = article.map_or(rest, |(_, rest)| rest).trim_start_matches(' ');
    let (hour, hour_len) = few(rest, 2).filter(|(hour, _)| joins && (1..=12).contains(hour))?;
    let mut rest = &rest[hour_len..];
    let mut second = hour % 12 * 60;
    let minutes = rest.strip_prefix([':', '.', 'h']).and_then(minute);
    if let Some((minutes, len)) = minutes {
        second += minutes;
        rest = &rest[1 + len..];
    }
    let clock = [" Uhr", " uur", "h"].iter().find_map(|mark| rest.strip_prefix(mark));
    let spoken = || in_words(clock.unwrap_or(rest), place.language);
    let (half, _) = of_day(rest, place.language).or_else(spoken)?;
    let same = first % (12 * 60) < second;
    Some(match half {
        half if same => half,
        Half::Morning => Half::Evening,
        Half::Evening | Half::Night => Half::Morning,
    })
}

/// The word or sign before a digit or blank, in lower case, and what is behind it.
fn word(text: &str) -> Option<(String, &str)> {
    let rest = text.trim_start_matches(' ');
    let end = rest.find(|c: char| c == ' ' || c.is_ascii_digit())?;
    Some((rest[..end].to_lowercase(), &rest[end..]))
}

/// After an hour, in words.
#[rustfmt::skip]
const IN_WORDS: [(&str, Half, &[&str]); 22] = [
    ("en", Half::Morning, &["in the morning"]),
    ("en", Half::Evening, &["in the afternoon", "in the evening", "noon"]),
    ("en", Half::Night, &["at night", "midnight"]),
    ("pt", Half::Morning, &["da manhã", "de manhã", "da madrugada"]),
    ("pt", Half::Evening, &["da tarde", "à tarde", "de tarde"]),
    ("pt", Half::Night, &["da noite", "à noite"]),
    ("es", Half::Morning, &["de la mañana", "por la mañana", "de la madrugada"]),
    ("es", Half::Evening, &["de la tarde", "por la tarde"]),
    ("es", Half::Night, &["de la noche", "por la noche"]),
    ("fr", Half::Morning, &["du matin", "le matin"]),
    ("fr", Half::Evening, &["de l'après-midi", "de l’après-midi", "du soir", "le soir"]),
    ("it", Half::Morning, &["del mattino", "di mattina", "della mattina"]),
    ("it", Half::Evening, &["del pomeriggio", "di pomeriggio", "di sera", "della sera", "la sera"]),
    ("it", Half::Night, &["di notte"]),
    ("de", Half::Morning, &["morgens", "vormittags", "am morgen"]),
    ("de", Half::Evening, &["nachmittags", "abends", "am nachmittag", "am abend"]),
    ("de", Half::Night, &["nachts", "in der nacht"]),
    ("nl", Half::Morning, &["'s ochtends", "’s ochtends", "'s morgens"]),
    ("nl", Half::Evening, &["'s middags", "’s middags", "'s avonds", "’s avonds"]),
    ("ca", Half::Morning, &["del matí", "de la matinada"]),
    ("ca", Half::Evening, &["de la tarda", "del vespre"]),
    ("ca", Half::Night, &["de la nit"]),
];

/// «da noite», and its length with the blank before it.
pub(super) fn in_words(text: &str, language: Language) -> Option<(Half, usize)> {
    let rest = text.strip_prefix(' ')?;
    let own = IN_WORDS.iter().filter(|(code, ..)| *code == language.as_str());
    let mut said = own.flat_map(|(_, half, words)| words.iter().map(move |words| (*half, *words)));
    let (half, words) = said.find(|(_, words)| {
        let head = rest.get(..words.len()).unwrap_or("");
        head.to_lowercase() == **words && !rest[words.len()..].starts_with(char::is_alphanumeric)
    })?;
    Some((half, 1 + words.len()))
}
