//! Times said in words: "half past ten", «dez e meia», «halb elf». Engines make a half of the last ten of them, or take
//! the German eleven for ten; written as 10:30 they are kept.

use super::{
    Value,
    clock::told,
    counted,
    find::Place,
    half,
    read::{Read, small},
    spoken,
    words::currency_behind,
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

/// Between the hour and the minutes: «oito menos dez», «huit heures moins dix», «oito e dez».
#[rustfmt::skip]
const HOUR_FIRST: [(&str, &[&str], i32); 10] = [
    ("pt", &["e"], 1), ("es", &["y"], 1), ("it", &["e"], 1), ("ca", &["i"], 1), ("fr", &["heures"], 1),
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
            && (*sign < 0 || is_joined(place, so_far + len + few_len))
        {
            let minutes = at(hour, sign * i32::from(few));
            return Some(in_its_half(place, minutes, so_far + len + few_len));
        }
    }
    in_a_half(place, hour, hour_len)
}

/// Are an hour and a number that follows it one time: not «entre as oito e dez», not «às 3 e 10 pessoas»?
fn is_joined(place: &Place<'_>, len: usize) -> bool {
    const BETWEEN: [&str; 5] = ["entre", "tra", "fra", "das", "dalle"];
    let (said, rest) = place.rest().split_at(len);
    let opens = || place.before().split_whitespace().rev().take(2);
    let between = opens().any(|word| BETWEEN.contains(&&word.to_lowercase()[..]));
    let next = rest.trim_start_matches(' ');
    let next = &next[..next.find(|c: char| !c.is_alphabetic()).unwrap_or(next.len())];
    let row = spoken::row(place.language);
    let counts = row.is_some_and(|row| counted::is_counted(&next.to_lowercase(), row));
    // «às vinte e cinco», «oito e vinte e cinco»: read to the end or not at all.
    let goes_on =
        matches!(next, "e" | "y" | "i" | "et") || spoken::number(next, place.language).is_some();
    let last = said.rsplit(' ').next().and_then(|word| spoken::number(word, place.language));
    let hour = said.split(' ').next().and_then(|word| spoken::number(word, place.language));
    let sum = hour >= Some(20) && last < Some(10) && !said.contains("heures");
    // «à deux heures trente de Paris» lasts.
    let lasts = place.language.as_str() == "fr"
        && rest.starts_with(" de ")
        && half::in_words(rest, place.language).is_none();
    let money = currency_behind(rest.trim_start_matches(' ')).is_some();
    if goes_on || sum || lasts || money {
        return false;
    }
    !said.contains(|c: char| c.is_ascii_digit()) && !between && !counts
}

/// "ten to eight"; "from ten to eight" is a range.
fn minutes_first(place: &Place<'_>) -> Read {
    let text = place.rest();
    let own = MINUTES_FIRST.iter().filter(|(code, ..)| *code == place.language.as_str());
    let quarter = || follow(text, &["um", "quarto"]).map(|len| (15, len));
    let quarter = quarter().filter(|_| place.language == Language::PT);
    let (few, few_len) =
        quarter.or_else(|| minutes(text, place.language)).filter(|(few, _)| *few <= 25)?;
    let opens = place.before().trim_end().to_lowercase();
    if !(told(place) || opens_portuguese(place))
        || opens.ends_with("from")
        || opens.ends_with("between")
    {
        return None;
    }
    own.filter_map(|(_, words, sign)| {
        let len = few_len + 1 + follow(text[few_len..].strip_prefix(' ')?, words)?;
        let (hour, hour_len) = next_hour(&text[len..], place.language)?;
        // «um quarto para as oito pessoas» is a room.
        (quarter.is_none() || is_joined(place, len + hour_len))
            .then(|| in_its_half(place, at(hour, sign * i32::from(few)), len + hour_len))
    })
    .next()
}

/// «a um quarto para as oito», «até quinze para as oito».
fn opens_portuguese(place: &Place<'_>) -> bool {
    let word = place.before().split_whitespace().next_back().unwrap_or("").to_lowercase();
    place.language == Language::PT && matches!(&word[..], "a" | "até" | "pelas")
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
    // «dezoito e trinta»
    if hour > 12 {
        return u16::try_from(i32::from(hour) * 60 + minutes).unwrap_or(0);
    }
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
    matches!(few, 5 | 10 | 15 | 20 | 25 | 30 | 35 | 40 | 45 | 50 | 55).then_some((few, end))
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
    // «dix-huit», and not "8-10".
    let hyphen = |c: char| c == '-' && text.starts_with(char::is_alphabetic);
    let mut letters = text.char_indices().take(LONGEST_MINUTES + 1);
    let end = letters.find(|(_, c)| !c.is_alphanumeric() && !hyphen(*c));
    let end = end.map_or(text.len(), |(at, _)| at);
    let word = text.get(..end).filter(|word| !word.is_empty() && word.len() <= 16)?;
    let digits = small(word).filter(|(_, len)| *len == word.len()).map(|(hour, _)| hour);
    let said = || spoken::number(word, language).or_else(|| nordic(word, language));
    let hour =
        digits.filter(|hour| *hour <= 12).or_else(said).filter(|hour| (1..=23).contains(hour))?;
    Some((hour, end))
}
