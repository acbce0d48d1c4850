//! One reader a kind of fact. Each looks at the start of a text and gives the value and its length in bytes.

use super::{
    Value,
    number::{Number, Spaces, digit, number},
    unspaced::is_unspaced,
    words::{currency, currency_behind},
};

pub(super) type Read = Option<(Value, usize)>;

/// No address or link without a scheme is longer, and no code: what is looked at again at each mark of a long word
/// must be short.
const LONGEST: usize = 254;

/// The word a text begins with; `None` when it is longer than any address.
fn word(text: &str) -> Option<&str> {
    let mut end = text.len();
    for (at, c) in text.char_indices() {
        if c.is_whitespace() || "<>()[]{}\"«»“”,;|".contains(c) {
            end = at;
            break;
        }
        if at > LONGEST {
            return None;
        }
    }
    Some(&text[..end])
}

/// Drops what ends a sentence rather than the link.
fn without_final_marks(text: &str) -> &str {
    text.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’', '*'])
}

pub(super) fn url(text: &str) -> Read {
    let lower = text.get(..text.len().min(8)).unwrap_or("").to_ascii_lowercase();
    let scheme = ["https://", "http://", "www."].iter().any(|start| lower.starts_with(start));
    let bare = || {
        let word = without_final_marks(word(text)?);
        let (host, path) = word.split_once('/')?;
        let (name, top) = host.rsplit_once('.')?;
        let plain = |s: &str| s.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.');
        let domain = !name.is_empty() && plain(name) && top.len() >= 2;
        (domain && top.chars().all(|c| c.is_ascii_alphabetic()) && !path.is_empty()).then_some(word)
    };
    let link = if scheme { with_scheme(text) } else { bare()? };
    (link.len() > 4).then(|| (Value::Url(link.to_owned()), link.len()))
}

/// A comma may stand within a link, blanks and quotes may not.
fn with_scheme(text: &str) -> &str {
    let end =
        text.find(|c: char| c.is_whitespace() || "<>\"«»“”".contains(c)).unwrap_or(text.len());
    let mut link = without_final_marks(&text[..end]);
    let mut unpaired = link.matches(')').count().saturating_sub(link.matches('(').count());
    while unpaired > 0 && link.ends_with(')') {
        link = without_final_marks(&link[..link.len() - 1]);
        unpaired -= 1;
    }
    link
}

pub(super) fn email(text: &str) -> Read {
    let word = without_final_marks(word(text)?);
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
        if digits.len() > 15 {
            return None;
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
    let (code, sign) = currency_behind(&text[len + dash + gap..])?;
    (gap <= 3).then(|| {
        (Value::Money { currency: code.to_owned(), amount: plain }, len + dash + gap + sign)
    })
}

/// A number of one to four digits and its length in bytes: a digit of East Asia or Arabic takes two or three.
pub(super) fn small(text: &str) -> Option<(u16, usize)> {
    few(text, 4)
}

/// Two digits below 60.
pub(super) fn minute(text: &str) -> Option<(u16, usize)> {
    few(text, 2).filter(|(minute, len)| *minute < 60 && text[..*len].chars().count() == 2)
}

/// Four digits of a year somebody may stay in or was born in.
pub(super) fn year(text: &str) -> Option<(u16, usize)> {
    small(text).filter(|(year, _)| (1900..=2199).contains(year))
}

/// The same of no more digits than `most`.
pub(super) fn few(text: &str, most: usize) -> Option<(u16, usize)> {
    let end = text.find(|c: char| digit(c).is_none()).unwrap_or(text.len());
    let short = (1..=most).contains(&text[..end].chars().count());
    let value =
        || text[..end].chars().try_fold(0, |so_far, c| Some(so_far * 10 + digit(c)? as u16));
    short.then(|| Some((value()?, end))).flatten()
}

/// Letters and digits in one word, or digits in groups with hyphens: references, codes, passwords.
pub(super) fn code(text: &str) -> Read {
    let inside = |c: char| c.is_alphanumeric() && !is_unspaced(c) || "-_#!$%&*".contains(c);
    let long = text.char_indices().take_while(|(at, c)| inside(*c) && *at <= LONGEST);
    let end = long.last().map_or(0, |(at, c)| at + c.len_utf8());
    if end > LONGEST {
        return None;
    }
    let word = text[..end].trim_end_matches(['-', '_', '!', '&', '*', '%', '$']);
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let others = word.chars().filter(|c| c.is_alphabetic()).count();
    let mark = word.trim_start_matches('#').contains(['-', '_', '#', '!', '$', '&']);
    let number_first = word.starts_with(|c: char| c.is_ascii_digit());
    // `2nd`, `10km`, `7h30`, `3-course`: a number with a word on it, not a code.
    let tail = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let unit = number_first && tail.chars().all(|c| c.is_lowercase() || "-ºª".contains(c));
    // `3B` is a door, `T2` a kind of flat.
    let two = word.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase());
    let mixed = digits > 0 && others > 0 && !unit && (two || word.chars().count() >= 3);
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
