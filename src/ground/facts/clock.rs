//! Reads times of day, and tells them from hours that last: «até 24h antes» is no midnight, and «Zimmer 2 am See» no
//! night.

use super::{
    Value,
    find::Place,
    half, hours,
    read::{Read, few, minute},
};

/// `14:00`, `2 pm`, `7.30am`, `10h`, `7h30`, `15 Uhr`, `15:30 Uhr`, `10:30 p.m.`
pub(super) fn time(place: &Place<'_>) -> Read {
    let text = place.rest();
    let (hour, hour_len) = few(text, 3)?;
    let mut len = hour_len;
    let mut minutes = 0;
    let (mut shown, mut lettered) = (false, false);
    for mark in [":", "：", "h", " h ", "H", ".", "h "] {
        let Some(rest) = text[hour_len..].strip_prefix(mark) else {
            continue;
        };
        if let Some((minute, minute_len)) = minute(rest) {
            minutes = minute;
            len = hour_len + mark.len() + minute_len;
            shown = mark != ".";
            lettered = shown && !matches!(mark, ":" | "：");
            break;
        }
    }
    if shown
        && let Some(rest) = text[len..].strip_prefix(':')
        && let Some((_, seconds)) = minute(rest)
    {
        len += 1 + seconds;
    }
    let (clock, clock_len) = clock_word(&text[len..], minutes == 0 && !shown);
    let at_hour = || shown || clock.is_some() || hour == 12 || told(place);
    let in_words = || half::in_words(&text[len + clock_len..], place.language);
    let half = half::of_day(&text[len..], place.language)
        .or_else(|| in_words().filter(|_| at_hour()).map(|(half, it)| (half, clock_len + it)))
        .or_else(|| half::shared(place, hour * 60 + minutes, len).map(|half| (half, 0)))
        .filter(|_| hour <= 24);
    lettered |= clock == Some(ClockWord::Letter);
    let end = len + half.as_ref().map_or(clock_len, |(_, len)| *len);
    if text[end..].starts_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    let after = &text[end..];
    let lettered_hour = lettered || clock == Some(ClockWord::Uur);
    let range = || hours::of_the_clock(place, hour * 60 + minutes, after);
    let of_day =
        hour <= 24 && lettered_hour && range().unwrap_or_else(|| told(place) && !lasts(after));
    let hour = match half {
        Some((half, _)) if hour <= 12 => half.hour(hour),
        Some(_) => hour,
        None if lettered && !(of_day && hour < 24) => {
            return Some((Value::Hours { minutes: hour * 60 + minutes }, end));
        }
        None if clock == Some(ClockWord::Uur) && !of_day => return None,
        None if shown || clock.is_some() => hour,
        None => return None,
    };
    let total = hour * 60 + minutes;
    (hour <= 24 && total <= 1440).then_some((Value::Time { minutes: total % 1440 }, end))
}

#[derive(Clone, Copy, PartialEq)]
enum ClockWord {
    /// `15 Uhr` is said of the clock alone.
    Uhr,
    /// `2 uur` is a time or a stretch of it.
    Uur,
    /// And so is `2h`.
    Letter,
}

/// `h` or `Uhr` after the hour, and its length with the gap.
fn clock_word(text: &str, bare: bool) -> (Option<ClockWord>, usize) {
    for (mark, word) in [
        (" Uhr", ClockWord::Uhr),
        ("Uhr", ClockWord::Uhr),
        (" uur", ClockWord::Uur),
        ("h", ClockWord::Letter),
        (" h", ClockWord::Letter),
        ("H", ClockWord::Letter),
    ] {
        let Some(rest) = text.strip_prefix(mark) else {
            continue;
        };
        if (bare || word != ClockWord::Letter) && !rest.starts_with(char::is_alphanumeric) {
            return (Some(word), mark.len());
        }
    }
    (None, 0)
}

/// Words before a time of day. What is also said before a stretch of time («à 2h de Paris», «até 12h antes») is
/// left out: what is not surely a time is carried as it is written, which is never wrong.
const BEFORE: [(&str, &[&str]); 9] = [
    ("en", &["at", "from", "between"]),
    ("pt", &["às", "à", "das", "as", "ás", "pelas"]),
    ("es", &["las"]),
    ("fr", &["à", "dès", "vers", "entre", "jusqu'à", "jusqu’à"]),
    ("it", &["alle", "dalle", "le", "ore"]),
    ("de", &["um", "ab", "von", "gegen", "zwischen"]),
    ("nl", &["om", "vanaf", "van", "tussen", "rond"]),
    ("ca", &["les"]),
    ("gl", &["ás", "as", "das"]),
];

/// What joins two times.
pub(super) const BETWEEN: &[&str] = &[
    "-",
    "–",
    "—",
    "/",
    "to",
    "till",
    "until",
    "and",
    "or",
    "a",
    "à",
    "às",
    "as",
    "ás",
    "até",
    "ata",
    "e",
    "ou",
    "hasta",
    "y",
    "o",
    "fins",
    "i",
    "et",
    "jusqu'à",
    "jusqu’à",
    "fino",
    "bis",
    "und",
    "tot",
    "en",
];

pub(super) fn told(place: &Place<'_>) -> bool {
    if let Some((last, between)) = place.since_last()
        && between.len() <= 12
    {
        let between = between.to_lowercase();
        let mut words = between.split_whitespace();
        let joined = words.clone().next().is_some() && words.all(|word| BETWEEN.contains(&word));
        match last.value {
            Value::Time { .. } if joined => return true,
            // «Un trajet de 2h à 3h»: it ends as it began.
            Value::Hours { .. } if matches!(between.trim(), "a" | "à") => return false,
            _ => {}
        }
    }
    let before = place.before();
    if !before.ends_with(char::is_whitespace) {
        return false;
    }
    let word = before.trim_end().rsplit(char::is_whitespace).next().unwrap_or("");
    let word = word.trim_start_matches(['(', '"', '«', '“']).to_lowercase();
    let known = BEFORE.iter().find(|(code, _)| *code == place.language.as_str());
    known.is_some_and(|(_, words)| words.contains(&&word[..]))
}

/// Words after a stretch of time: «2h de carro», «24h before arrival».
const AFTER: &[&str] = &[
    "de", "do", "da", "di", "del", "of", "by", "before", "away", "antes", "avant", "prima", "vor",
    "vorher", "entfernt", "voor", "abans", "drive", "walk", "later",
];

/// How one travels, behind one of [`BY`]: «à 2h à pied», «a 3h en coche».
const TRAVEL: &[&str] = &[
    "car",
    "train",
    "bus",
    "plane",
    "foot",
    "carro",
    "comboio",
    "trem",
    "avião",
    "autocarro",
    "pé",
    "coche",
    "tren",
    "avión",
    "autobús",
    "pie",
    "voiture",
    "avion",
    "pied",
    "macchina",
    "auto",
    "treno",
    "aereo",
    "piedi",
    "cotxe",
    "avió",
    "peu",
    "zug",
    "fuß",
];
const BY: &[&str] = &["by", "on", "en", "a", "à", "em", "in", "amb", "mit", "zu", "met", "te"];

pub(super) fn lasts(after: &str) -> bool {
    let word = |word: &str| word.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
    let mut words = after.split_whitespace().map(word);
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let travelled = BY.contains(&&first[..]) && TRAVEL.contains(&&second[..]);
    after.starts_with(' ') && (AFTER.contains(&&first[..]) || first.starts_with("d'") || travelled)
}
