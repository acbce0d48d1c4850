//! Times said in words: "half past ten", «dez e meia», «halb elf». Engines make a half of the last ten of them, or take
//! the German eleven for ten; written as 10:30 they are kept.

use super::{
    Value,
    clock::told,
    find::Place,
    half,
    read::{Read, small},
    spoken,
};
use crate::ground::language::Language;

/// Before the hour, and the minutes it means.
const BEFORE: [(&str, &[&str], i32); 7] = [
    ("en", &["half", "past"], 30),
    ("en", &["quarter", "past"], 15),
    ("en", &["quarter", "to"], -15),
    ("de", &["halb"], -30),
    ("de", &["viertel", "nach"], 15),
    ("de", &["viertel", "vor"], -15),
    ("nl", &["half"], -30),
];

/// After an hour that a word for a time of day stands before.
const AFTER: [(&str, &[&str], i32); 14] = [
    ("pt", &["e", "meia"], 30),
    ("pt", &["e", "um", "quarto"], 15),
    ("es", &["y", "media"], 30),
    ("es", &["y", "cuarto"], 15),
    ("es", &["menos", "cuarto"], -15),
    ("fr", &["heures", "et", "demie"], 30),
    ("fr", &["heures", "et", "quart"], 15),
    ("it", &["e", "mezza"], 30),
    ("it", &["e", "mezzo"], 30),
    ("it", &["e", "un", "quarto"], 15),
    ("it", &["meno", "un", "quarto"], -15),
    ("pt", &["menos", "um", "quarto"], -15),
    ("fr", &["heures", "moins", "le", "quart"], -15),
    ("fr", &["heures", "moins", "quart"], -15),
];

/// A time that begins here, said in words.
pub(super) fn time(place: &Place<'_>) -> Read {
    let text = place.rest();
    let own = |code: &str| code == place.language.as_str();
    for (_, words, minutes) in BEFORE.iter().filter(|(code, ..)| own(code)) {
        if let Some(len) = follow(text, words)
            && let Some((hour, hour_len)) = next_hour(&text[len..], place.language)
        {
            return Some(in_its_half(place, at(hour, *minutes), len + hour_len));
        }
    }
    let candidates = AFTER.iter().filter(|(code, ..)| own(code));
    let (hour, hour_len) = hour(text, place.language).filter(|_| candidates.clone().count() > 0)?;
    for (_, words, minutes) in candidates {
        let rest = &text[hour_len..];
        let gap = rest.len() - rest.trim_start_matches(' ').len();
        if gap > 0
            && let Some(len) = follow(&rest[gap..], words)
            && told(place)
        {
            return Some(in_its_half(place, at(hour, *minutes), hour_len + gap + len));
        }
    }
    None
}

/// "half past nine in the evening"
fn in_its_half(place: &Place<'_>, minutes: u16, len: usize) -> (Value, usize) {
    let half = half::in_words(&place.rest()[len..], place.language);
    let (minutes, len) = half.map_or((minutes, len), |(half, words)| {
        (half.hour(minutes / 60) * 60 + minutes % 60, len + words)
    });
    (Value::Time { minutes }, len)
}

fn at(hour: u16, minutes: i32) -> u16 {
    let total = (i32::from(hour) * 60 + minutes).rem_euclid(12 * 60);
    // Half past twelve is noon rather than the first of the night.
    let total = if total < 60 { total + 12 * 60 } else { total };
    u16::try_from(total).unwrap_or(0)
}

/// The length of these words, one blank between them, where the text begins with them.
fn follow(text: &str, words: &[&str]) -> Option<usize> {
    let mut len = 0;
    for (number, word) in words.iter().enumerate() {
        let rest = &text[len..];
        let blank = usize::from(number > 0 && rest.starts_with(' '));
        if number > 0 && blank == 0 {
            return None;
        }
        let rest = &rest[blank..];
        let head = rest.get(..word.len())?;
        if head.to_lowercase() != *word || rest[word.len()..].starts_with(char::is_alphanumeric) {
            return None;
        }
        len += blank + word.len();
    }
    Some(len)
}

fn next_hour(text: &str, language: Language) -> Option<(u16, usize)> {
    let rest = text.strip_prefix(' ')?;
    hour(rest, language).map(|(hour, len)| (hour, len + 1))
}

/// An hour of the twelve, in digits or as a word.
fn hour(text: &str, language: Language) -> Option<(u16, usize)> {
    let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    let word = text.get(..end).filter(|word| !word.is_empty() && word.len() <= 16)?;
    let digits = small(word).filter(|(_, len)| *len == word.len()).map(|(hour, _)| hour);
    let said = || spoken::number(word, language);
    let hour = digits.or_else(said).filter(|hour| (1..=12).contains(hour))?;
    Some((hour, end))
}
