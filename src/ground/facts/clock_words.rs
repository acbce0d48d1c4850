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
const BEFORE: [(&str, &[&str], i32); 12] = [
    ("en", &["half", "past"], 30),
    ("en", &["quarter", "past"], 15),
    ("en", &["quarter", "to"], -15),
    ("de", &["halb"], -30),
    ("de", &["viertel", "nach"], 15),
    ("de", &["viertel", "vor"], -15),
    ("nl", &["half"], -30),
    ("nl", &["kwart", "over"], 15),
    ("nl", &["kwart", "voor"], -15),
    ("sv", &["halv"], -30),
    ("da", &["halv"], -30),
    ("nb", &["halv"], -30),
];

/// After an hour that a word for a time of day stands before.
#[rustfmt::skip]
const AFTER: [(&str, &[&str], i32); 16] = [
    ("pt", &["e", "meia"], 30), ("pt", &["e", "um", "quarto"], 15), ("pt", &["menos", "um", "quarto"], -15),
    ("es", &["y", "media"], 30), ("es", &["y", "cuarto"], 15), ("es", &["menos", "cuarto"], -15),
    ("fr", &["heures", "et", "demie"], 30), ("fr", &["heures", "et", "quart"], 15),
    ("fr", &["heures", "moins", "le", "quart"], -15), ("fr", &["heures", "moins", "quart"], -15),
    ("it", &["e", "mezza"], 30), ("it", &["e", "mezzo"], 30), ("it", &["e", "un", "quarto"], 15),
    ("it", &["meno", "un", "quarto"], -15),
    ("ca", &["i", "mitja"], 30), ("ca", &["menys", "quart"], -15),
];

/// Between the minutes and the hour: "ten to eight", «dez para as oito», `zehn vor acht`.
#[rustfmt::skip]
const MINUTES_FIRST: [(&str, &[&str], i32); 9] = [
    ("en", &["past"], 1), ("en", &["to"], -1), ("en", &["after"], 1), ("pt", &["para", "as"], -1), ("pt", &["para", "a"], -1),
    ("de", &["vor"], -1), ("de", &["nach"], 1), ("nl", &["voor"], -1), ("nl", &["over"], 1),
];

/// Between the hour and the minutes: «oito menos dez», «huit heures moins dix».
#[rustfmt::skip]
const HOUR_FIRST: [(&str, &[&str], i32); 5] = [
    ("pt", &["menos"], -1), ("es", &["menos"], -1), ("fr", &["heures", "moins"], -1), ("it", &["meno"], -1), ("ca", &["menys"], -1),
];

/// Noon and half an hour.
#[rustfmt::skip]
const AFTER_NOON: [(&str, &[&str]); 6] = [
    ("pt", &["meio-dia", "e", "meia"]), ("pt", &["meio", "dia", "e", "meia"]), ("fr", &["midi", "et", "demi"]), ("fr", &["midi", "et", "demie"]),
    ("it", &["mezzogiorno", "e", "mezzo"]), ("it", &["mezzogiorno", "e", "mezza"]),
];

/// A word for hours that may stand behind one: «às nove horas da noite».
#[rustfmt::skip]
const HOURS: [(&str, &[&str]); 7] = [
    ("en", &["o'clock", "o’clock"]), ("pt", &["horas"]), ("es", &["horas"]), ("fr", &["heures"]), ("it", &["ore"]), ("de", &["uhr"]), ("nl", &["uur"]),
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
    let noon = AFTER_NOON.iter().filter(|(code, _)| own(code));
    if let Some(len) = noon.filter_map(|(_, words)| follow(text, words)).next() {
        return Some((Value::Time { minutes: 12 * 60 + 30 }, len));
    }
    if let Some(read) = minutes_first(place) {
        return Some(read);
    }
    let (hour, hour_len) = hour(text, place.language)?;
    let rest = &text[hour_len..];
    let gap = rest.len() - rest.trim_start_matches(' ').len();
    if gap == 0 || !told(place) {
        return in_a_half(place, hour, hour_len).filter(|_| gap > 0 && is_near(place));
    }
    let rest = &rest[gap..];
    let so_far = hour_len + gap;
    for (_, words, minutes) in AFTER.iter().filter(|(code, ..)| own(code)) {
        if let Some(len) = follow(rest, words) {
            return Some(in_its_half(place, at(hour, *minutes), so_far + len));
        }
    }
    for (_, words, sign) in HOUR_FIRST.iter().filter(|(code, ..)| own(code)) {
        if let Some(len) = follow(rest, words)
            && let Some((few, few_len)) = next_minutes(&rest[len..], place.language)
        {
            return Some(in_its_half(
                place,
                at(hour, sign * i32::from(few)),
                so_far + len + few_len,
            ));
        }
    }
    in_a_half(place, hour, hour_len)
}

/// "ten to eight"; "from ten to eight" is a range.
fn minutes_first(place: &Place<'_>) -> Read {
    let text = place.rest();
    let own = MINUTES_FIRST.iter().filter(|(code, ..)| *code == place.language.as_str());
    let (few, few_len) = minutes(text, place.language)?;
    let opens = place.before().trim_end().to_lowercase();
    if !told(place) || opens.ends_with("from") || opens.ends_with("between") {
        return None;
    }
    own.filter_map(|(_, words, sign)| {
        let len = few_len + 1 + follow(text[few_len..].strip_prefix(' ')?, words)?;
        let (hour, hour_len) = next_hour(&text[len..], place.language)?;
        Some(in_its_half(place, at(hour, sign * i32::from(few)), len + hour_len))
    })
    .next()
}

/// Before an hour that says its half: they are said of what lasts too.
const NEAR: &[&str] = &[
    "around", "about", "by", "until", "till", "before", "after", "since", "avant", "après",
    "depuis", "verso", "bis", "vor", "nach", "seit", "tegen", "tot", "voor",
];

fn is_near(place: &Place<'_>) -> bool {
    let word = place.before().split_whitespace().next_back().unwrap_or("");
    NEAR.contains(&&word.to_lowercase()[..])
}

/// "nine in the evening", «à 8 heures du soir»: an hour and the half it is in.
fn in_a_half(place: &Place<'_>, hour: u16, len: usize) -> Read {
    let rest = &place.rest()[len..];
    let words = HOURS.iter().filter(|(code, _)| *code == place.language.as_str());
    let mut hours = words.flat_map(|(_, words)| words.iter());
    let trimmed = rest.trim_start_matches(' ');
    let after = hours.find_map(|word| follow(trimmed, &[word]));
    let gap = rest.len() - trimmed.len();
    let clock = after.map_or(0, |after| gap + after);
    let (half, words) = half::in_words(&rest[clock..], place.language)?;
    Some((Value::Time { minutes: half.hour(hour) * 60 }, len + clock + words))
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

fn next_minutes(text: &str, language: Language) -> Option<(u16, usize)> {
    let rest = text.strip_prefix(' ')?;
    minutes(rest, language).map(|(few, len)| (few, len + 1))
}

/// The longest word for some minutes, in bytes.
const LONGEST_MINUTES: usize = 24;

/// Five, ten, twenty or twenty-five minutes, in digits or as a word.
fn minutes(text: &str, language: Language) -> Option<(u16, usize)> {
    // A word of a hundred thousand letters and hyphens is asked at each of them.
    let inside = |(_, c): &(usize, char)| c.is_alphanumeric() || *c == '-';
    let word = text.char_indices().take(LONGEST_MINUTES + 1).take_while(inside);
    let end = word.last().map_or(0, |(at, c)| at + c.len_utf8());
    let word = text.get(..end).filter(|word| !word.is_empty() && word.len() <= LONGEST_MINUTES)?;
    let digits = small(word).filter(|(_, len)| *len == word.len()).map(|(few, _)| few);
    let few = digits.or_else(|| spoken::number(word, language))?;
    matches!(few, 5 | 10 | 20 | 25).then_some((few, end))
}

/// The hours in languages whose other numbers are not read here.
#[rustfmt::skip]
const NORDIC: [(&str, [&str; 12]); 3] = [
    ("sv", ["ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv"]),
    ("da", ["et", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni", "ti", "elleve", "tolv"]),
    ("nb", ["ett", "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni", "ti", "elleve", "tolv"]),
];

fn nordic(word: &str, language: Language) -> Option<u16> {
    let (_, hours) = NORDIC.iter().find(|(code, _)| *code == language.as_str())?;
    let at = hours.iter().position(|hour| *hour == word.to_lowercase())?;
    u16::try_from(at + 1).ok()
}

/// An hour of the twelve, in digits or as a word.
fn hour(text: &str, language: Language) -> Option<(u16, usize)> {
    let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    let word = text.get(..end).filter(|word| !word.is_empty() && word.len() <= 16)?;
    let digits = small(word).filter(|(_, len)| *len == word.len()).map(|(hour, _)| hour);
    let said = || spoken::number(word, language).or_else(|| nordic(word, language));
    let hour = digits.or_else(said).filter(|hour| (1..=12).contains(hour))?;
    Some((hour, end))
}
