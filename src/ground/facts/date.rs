//! Reads dates. The names of some months are words of the language too: «Children under 12 may stay for free» names no
//! day.

use super::{
    Value,
    find::Place,
    read::{Read, small},
    words::month,
};

/// `2026-03-12`, `12/03/2026`, `12.3.26`, `12/03`, `12 March 2026`, `March 12th`, `12 de março de 2026`.
pub(super) fn date(place: &Place<'_>) -> Read {
    let text = place.rest();
    numeric_date(text).or_else(|| day_month(text)).or_else(|| month_day(text, begins(place)))
}

/// Whether a sentence begins here, so that a capital says nothing.
fn begins(place: &Place<'_>) -> bool {
    let before = place.before().trim_end_matches([' ', '\u{a0}', '"', '«', '“', '(', '¿', '¡']);
    before.is_empty() || before.ends_with(['.', '!', '?', ':', '\n', '\r', '-', '*', '•'])
}

/// A month's name that is a common word as well, in a writing that may be the word.
fn is_doubtful(name: &str) -> bool {
    ["may", "march", "mar"].contains(&name)
}

fn numeric_date(text: &str) -> Read {
    let (first, a) = small(text)?;
    let mark = text[a..].chars().next().filter(|c| "/.-".contains(*c))?;
    let (second, b) = small(&text[a + 1..])?;
    let two = a + 1 + b;
    let third = text[two..].strip_prefix(mark).and_then(small);
    let ends = |len: usize| !text[len..].starts_with(|c: char| c.is_alphanumeric());
    match third {
        Some((day, c)) if a == 4 && c <= 2 => day_of(day, second, Some(first), two + 1 + c),
        Some((year, c)) if a <= 2 && b <= 2 && (c == 2 || c == 4) => {
            let year = if c == 2 { 2000 + year } else { year };
            day_of(first, second, Some(year), two + 1 + c)
                .or_else(|| day_of(second, first, Some(year), two + 1 + c))
        }
        None if mark == '/' && a <= 2 && b <= 2 => day_of(first, second, None, two),
        _ => None,
    }
    .filter(|(_, len)| ends(*len))
}

fn day_of(day: u16, month: u16, year: Option<u16>, len: usize) -> Read {
    let day = u8::try_from(day).ok().filter(|day| (1..=31).contains(day))?;
    let month = u8::try_from(month).ok().filter(|month| (1..=12).contains(month))?;
    Some((Value::Date { day, month, year }, len))
}

/// `th`, `º`, `er`, `.` after a day.
fn ordinal(text: &str) -> usize {
    ["st", "nd", "rd", "th", "er", ".º", "º", "ª", "°", "."]
        .iter()
        .find(|mark| text.starts_with(**mark))
        .map_or(0, |m| m.len())
}

fn letters(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len())]
}

fn day_month(text: &str) -> Read {
    let (day, mut len) = small(text).filter(|(_, len)| *len <= 2)?;
    let nth = ordinal(&text[len..]);
    len += nth;
    len += text[len..].strip_prefix(' ').map(|_| 1)?;
    let of = ["of ", "de ", "d'", "d’", "di "].iter().find(|of| text[len..].starts_with(**of));
    len += of.map_or(0, |of| of.len());
    let name = letters(&text[len..]);
    let month = month(name)?;
    len += name.len();
    let (year, len) = year_after(text, len);
    if is_doubtful(name) && nth == 0 && of.is_none() && year.is_none() {
        return None;
    }
    day_of(day, month.into(), year, len)
}

fn month_day(text: &str, begins: bool) -> Read {
    let name = letters(text);
    let month = month(name)?;
    let mut len = name.len() + text[name.len()..].strip_prefix(' ').map(|_| 1)?;
    let (day, day_len) = small(&text[len..]).filter(|(_, len)| *len <= 2)?;
    len += day_len;
    let nth = ordinal(&text[len..]);
    len += nth;
    if text[..len].ends_with('.') {
        len -= 1;
    }
    // `May 10:30` is no date.
    if text[len..].starts_with([':', 'h']) {
        return None;
    }
    let (year, len) = year_after(text, len);
    // «May 2 adults share a room?»
    let goes_on = text[len..].trim_start_matches(' ').starts_with(char::is_alphabetic);
    let word = is_doubtful(name) || begins && goes_on && is_doubtful(&name.to_lowercase());
    if word && nth == 0 && year.is_none() {
        return None;
    }
    day_of(day, month.into(), year, len)
}

fn year_after(text: &str, len: usize) -> (Option<u16>, usize) {
    for gap in [" de ", ", ", " ", " del ", ",", ". "] {
        let Some(rest) = text[len..].strip_prefix(gap) else {
            continue;
        };
        if let Some((year @ 1900..=2199, 4)) = small(rest) {
            return (Some(year), len + gap.len() + 4);
        }
    }
    (None, len)
}
