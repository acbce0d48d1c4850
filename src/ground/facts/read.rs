//! One reader a kind of fact. Each looks at the start of a text and gives the value and its length in bytes.

use super::{
    Value,
    number::{Number, Spaces, number},
    words::{currency, month},
};

pub(super) type Read = Option<(Value, usize)>;

fn word_end(text: &str) -> usize {
    text.find(|c: char| c.is_whitespace() || "<>()[]{}\"«»“”,;|".contains(c)).unwrap_or(text.len())
}

/// Drops what ends a sentence rather than the link.
fn without_final_marks(text: &str) -> &str {
    text.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’', '*'])
}

pub(super) fn url(text: &str) -> Read {
    let lower = text.get(..text.len().min(8)).unwrap_or("").to_ascii_lowercase();
    let scheme = ["https://", "http://", "www."].iter().any(|start| lower.starts_with(start));
    // A comma may stand within a link, blanks and quotes may not.
    let end =
        text.find(|c: char| c.is_whitespace() || "<>\"«»“”".contains(c)).unwrap_or(text.len());
    let mut link = without_final_marks(&text[..end]);
    while link.ends_with(')') && link.matches(')').count() > link.matches('(').count() {
        link = without_final_marks(&link[..link.len() - 1]);
    }
    let bare = || {
        let word = without_final_marks(&text[..word_end(text)]);
        let (host, path) = word.split_once('/')?;
        let (name, top) = host.rsplit_once('.')?;
        let plain = |s: &str| s.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.');
        let domain = !name.is_empty() && plain(name) && top.len() >= 2;
        (domain && top.chars().all(|c| c.is_ascii_alphabetic()) && !path.is_empty()).then_some(word)
    };
    let link = if scheme { link } else { bare()? };
    (link.len() > 4).then(|| (Value::Url(link.to_owned()), link.len()))
}

pub(super) fn email(text: &str) -> Read {
    let word = without_final_marks(&text[..word_end(text)]);
    let (local, domain) = word.split_once('@')?;
    let plain = |c: char| c.is_alphanumeric() || "._%+-=~/".contains(c);
    let good = !local.is_empty()
        && local.chars().all(plain)
        && domain.contains('.')
        && domain.chars().all(plain);
    good.then(|| (Value::Email(word.to_lowercase()), word.len()))
}

/// ISO 13616: country, two check digits, at most 30 letters and digits, often in groups of four.
pub(super) fn iban(text: &str) -> Read {
    let mut plain = String::new();
    let mut best = None;
    for (at, c) in text.char_indices() {
        match c {
            'A'..='Z' | '0'..='9' => plain.push(c),
            ' ' if !text[..at].ends_with(' ') => continue,
            _ => break,
        }
        let bytes = plain.as_bytes();
        let shape = match bytes.len() {
            1 | 2 => bytes[bytes.len() - 1].is_ascii_uppercase(),
            3 | 4 => bytes[bytes.len() - 1].is_ascii_digit(),
            length => length <= 34,
        };
        if !shape {
            break;
        }
        if plain.len() >= 15 && checks(&plain) {
            best = Some((Value::Iban(plain.clone()), at + 1));
        }
    }
    best
}

/// The remainder by 97 of the rearranged number must be 1.
fn checks(iban: &str) -> bool {
    let turned = iban[4..].chars().chain(iban[..4].chars());
    let remainder = turned.fold(0_u32, |rest, c| {
        let digit = c.to_digit(36).unwrap_or(0);
        (rest * if digit > 9 { 100 } else { 10 } + digit) % 97
    });
    remainder == 1
}

pub(super) fn phone(text: &str) -> Read {
    let international = text.starts_with('+') || text.starts_with("00");
    let mut digits = String::new();
    let mut end = 0;
    let mut marks = 0;
    for (at, c) in text.char_indices() {
        match c {
            '0'..='9' => {
                digits.push(c);
                end = at + 1;
                marks = 0;
            }
            '+' if at == 0 => {}
            ' ' | '\u{a0}' | '-' | '.' | '/' | '(' | ')' if marks < 2 => marks += 1,
            _ => break,
        }
    }
    let enough = if international { 8..=15 } else { 9..=12 };
    // 2026-03-12 and 12.03.2026 have eight digits; a price has a currency and is read before.
    enough.contains(&digits.len()).then_some((Value::Phone(digits), end))
}

pub(super) fn money(text: &str) -> Read {
    let blanks =
        |rest: &str| rest.len() - rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']).len();
    if let Some((code, sign)) = currency(text) {
        let gap = blanks(&text[sign..]);
        let Number { plain, len, .. } = number(&text[sign + gap..], Spaces::Thousands)?;
        return (gap <= 3).then(|| {
            (Value::Money { currency: code.to_owned(), amount: plain }, sign + gap + len)
        });
    }
    let Number { plain, len, .. } = number(text, Spaces::Thousands)?;
    // `80.- €` and `80,- €`
    let dash = if text[len..].starts_with(",-") || text[len..].starts_with(".-") { 2 } else { 0 };
    let gap = blanks(&text[len + dash..]);
    let (code, sign) = currency(&text[len + dash + gap..])?;
    (gap <= 3).then(|| {
        (Value::Money { currency: code.to_owned(), amount: plain }, len + dash + gap + sign)
    })
}

fn small(text: &str) -> Option<(u16, usize)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (1..=4).contains(&end).then(|| Some((text[..end].parse().ok()?, end))).flatten()
}

/// `14:00`, `2 pm`, `7.30am`, `10h`, `7h30`, `15 Uhr`, `15:30 Uhr`, `10:30 p.m.`
pub(super) fn time(text: &str) -> Read {
    let (hour, hour_len) = small(text).filter(|(hour, len)| *hour <= 24 && *len <= 2)?;
    let mut len = hour_len;
    let mut minutes = 0;
    let mut shown = false;
    for mark in [":", "h", " h ", "H", ".", "h "] {
        let Some(rest) = text[hour_len..].strip_prefix(mark) else {
            continue;
        };
        if let Some((minute, 2)) = small(rest).filter(|(minute, _)| *minute < 60) {
            minutes = minute;
            len = hour_len + mark.len() + 2;
            shown = mark != ".";
            break;
        }
    }
    if text[len..].starts_with(':')
        && shown
        && small(&text[len + 1..]).is_some_and(|(s, n)| s < 60 && n == 2)
    {
        len += 3;
    }
    let (half, half_len) = half_of_day(&text[len..]);
    let clock = clock_word(&text[len..], minutes == 0 && !shown);
    let hour = match half {
        Some(_) if hour > 12 => hour,
        Some(Half::Morning) => hour % 12,
        Some(Half::Evening) => hour % 12 + 12,
        None if shown || clock > 0 => hour,
        None => return None,
    };
    let end = len + if half.is_some() { half_len } else { clock };
    let total = hour * 60 + minutes;
    let cut = text[end..].starts_with(|c: char| c.is_alphanumeric());
    (total <= 1440 && !cut).then_some((Value::Time { minutes: total % 1440 }, end))
}

enum Half {
    Morning,
    Evening,
}

fn half_of_day(text: &str) -> (Option<Half>, usize) {
    let rest = text.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let gap = text.len() - rest.len();
    for (mark, half) in [
        ("a.m.", Half::Morning),
        ("p.m.", Half::Evening),
        ("am", Half::Morning),
        ("pm", Half::Evening),
    ] {
        let head = rest.get(..mark.len()).unwrap_or("");
        let whole = !rest.get(mark.len()..).unwrap_or("").starts_with(char::is_alphanumeric);
        if gap <= 3 && head.eq_ignore_ascii_case(mark) && whole {
            // The final dot of `p.m.` may also end the sentence; keep it outside.
            return (Some(half), gap + mark.trim_end_matches('.').len());
        }
    }
    (None, 0)
}

/// `h` or `Uhr` after the hour; their length with the gap, 0 where there is none.
fn clock_word(text: &str, bare: bool) -> usize {
    for mark in [" Uhr", "Uhr", " uur", "h", " h", "H"] {
        let Some(rest) = text.strip_prefix(mark) else {
            continue;
        };
        if (bare || mark.contains('u') || mark.contains('U'))
            && !rest.starts_with(char::is_alphanumeric)
        {
            return mark.len();
        }
    }
    0
}

/// `2026-03-12`, `12/03/2026`, `12.3.26`, `12/03`, `12 March 2026`, `March 12th`, `12 de março de 2026`.
pub(super) fn date(text: &str) -> Read {
    numeric_date(text).or_else(|| day_month(text)).or_else(|| month_day(text))
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
    ["st", "nd", "rd", "th", "er", ".º", "º", "ª", "."]
        .iter()
        .find(|mark| text.starts_with(**mark))
        .map_or(0, |m| m.len())
}

fn letters(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len())]
}

fn day_month(text: &str) -> Read {
    let (day, mut len) = small(text).filter(|(_, len)| *len <= 2)?;
    len += ordinal(&text[len..]);
    len += text[len..].strip_prefix(' ').map(|_| 1)?;
    for of in ["of ", "de ", "d'", "d’", "di "] {
        if text[len..].starts_with(of) {
            len += of.len();
            break;
        }
    }
    let name = letters(&text[len..]);
    let month = month(name)?;
    len += name.len();
    let (year, len) = year_after(text, len);
    day_of(day, month.into(), year, len)
}

fn month_day(text: &str) -> Read {
    let name = letters(text);
    let month = month(name)?;
    let mut len = name.len() + text[name.len()..].strip_prefix(' ').map(|_| 1)?;
    let (day, day_len) = small(&text[len..]).filter(|(_, len)| *len <= 2)?;
    len += day_len;
    len += ordinal(&text[len..]);
    if text[..len].ends_with('.') {
        len -= 1;
    }
    // `May 10:30` is no date.
    if text[len..].starts_with([':', 'h']) {
        return None;
    }
    let (year, len) = year_after(text, len);
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

/// Letters and digits in one word, or digits in groups with hyphens: references, codes, passwords.
pub(super) fn code(text: &str) -> Read {
    let end =
        text.find(|c: char| !(c.is_alphanumeric() || "-_#!$%&*".contains(c))).unwrap_or(text.len());
    let word = text[..end].trim_end_matches(['-', '_', '!', '&', '*', '%', '$']);
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let others = word.chars().filter(|c| c.is_alphabetic()).count();
    let mark = word.trim_start_matches('#').contains(['-', '_', '#', '!', '$', '&']);
    let number_first = word.starts_with(|c: char| c.is_ascii_digit());
    // `2nd`, `10km`, `7h30`, `3-course`: a number with a word on it, not a code.
    let tail = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let unit = number_first && tail.chars().all(|c| c.is_lowercase() || "-ºª".contains(c));
    let mixed = digits > 0 && others > 0 && !unit && word.chars().count() >= 3;
    let long = digits >= 4 && others == 0 && !mark && word.trim_start_matches('#').len() == digits;
    let grouped = digits >= 4 && mark && !word.contains('%') && !range(word);
    (mixed || long || grouped).then(|| (Value::Code(word.to_owned()), word.len()))
}

/// `2025-2026` is two numbers.
fn range(word: &str) -> bool {
    let mut halves = word.split('-');
    matches!((halves.next(), halves.next(), halves.next()), (Some(a), Some(b), None)
        if a.len() == b.len() && a.len() <= 4 && (a.to_owned() + b).chars().all(|c| c.is_ascii_digit()))
}

pub(super) fn plain_number(text: &str) -> Read {
    let Number { plain, len, .. } = number(text, Spaces::Separate)?;
    Some((Value::Number(plain), len))
}
