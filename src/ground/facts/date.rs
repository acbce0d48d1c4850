//! Reads dates. The names of some months are words of the language too: «Children under 12 may stay for free» names no
//! day.

use super::{
    Value, clock, counted,
    find::Place,
    half,
    read::{Read, few, small, year},
    spoken,
    words::{currency_behind, month},
};
use crate::ground::language::Language;

/// `2026-03-12`, `12/03/2026`, `12.3.26`, `12/03`, `12 March 2026`, `March 12th`, `12 de março de 2026`, and both ends of
/// a range: «de 12 a 15 de junho», "June 12-15", `12.6. bis 15.6.`
pub(super) fn date(place: &Place<'_>) -> Read {
    let text = place.rest();
    numeric_date(place)
        .or_else(|| with_points(place))
        .or_else(|| day_month(text))
        .or_else(|| month_day(text, begins(place)))
        .or_else(|| first_of_a_range(place))
        .or_else(|| last_of_a_range(place))
}

/// Does an English text say by its dates that months stand first in them? `6/15` has no other reading; elsewhere it is
/// a choice, «10/15 minutes», or two days of a month.
pub(super) fn month_first(text: &str, language: Language) -> bool {
    if language != Language::EN || !text.contains('/') {
        return false;
    }
    let (mut american, mut other) = (false, false);
    for pair in pairs(text) {
        american |= pair.says_month_first() && !pair.counts(language);
        // `24/7` is no day.
        other |= pair.says_day_first();
    }
    american && !other
}

/// Is the date written so surely one with its month first? `6/15` in English or with a year; and in an English text
/// that has such a date, one of that month or of the month beside it.
pub(super) fn surely_month_first(text: &str, written: &str, language: Language) -> bool {
    let Some(own) = pairs(written).next() else { return false };
    if own.says_month_first() {
        return own.dated || language == Language::EN;
    }
    let near = |proven: &Pair<'_>| {
        proven.says_month_first()
            && !proven.counts(language)
            && matches!((12 + own.one - proven.one) % 12, 0 | 1 | 11)
    };
    own.one <= 12 && month_first(text, language) && pairs(text).any(|pair| near(&pair))
}

/// Two small numbers with a stroke between them, and perhaps a year behind.
struct Pair<'a> {
    one: u8,
    two: u8,
    /// A year stands behind.
    dated: bool,
    rest: &'a str,
}

impl Pair<'_> {
    fn says_month_first(&self) -> bool {
        (1..=12).contains(&self.one) && (13..=31).contains(&self.two)
    }

    fn says_day_first(&self) -> bool {
        (13..=31).contains(&self.one)
            && (1..=12).contains(&self.two)
            && (self.one, self.two) != (24, 7)
    }

    /// "10/15 minutes", "12/13 July", "10/15 steps": what follows is counted, or a day.
    fn counts(&self, language: Language) -> bool {
        !self.dated && (is_plural(self.rest) || counts(self.rest, language))
    }
}

/// May the next word be several of something?
fn is_plural(rest: &str) -> bool {
    let word = letters(rest.trim_start_matches(' '));
    word.len() > 3 && word.ends_with('s') && word != "this"
}

fn pairs(text: &str) -> impl Iterator<Item = Pair<'_>> {
    let mut at = 0;
    text.split(|c: char| !(c.is_ascii_digit() || c == '/')).filter_map(move |word| {
        let end = at + word.len();
        let rest = &text[end..];
        at = end + rest.chars().next().map_or(0, char::len_utf8);
        let mut parts = word.split('/');
        let (one, two, year) = (parts.next()?, parts.next()?, parts.next());
        let fits = |part: &str| part.len() <= 2;
        let right = fits(one) && fits(two) && year.is_none_or(|year| matches!(year.len(), 2 | 4));
        let whole = right && parts.next().is_none();
        let pair =
            Pair { one: one.parse().ok()?, two: two.parse().ok()?, dated: year.is_some(), rest };
        whole.then_some(pair)
    })
}

/// Does what a number is of stand behind it: minutes, guests, money, percents or a clock?
fn counts(rest: &str, language: Language) -> bool {
    let rest = rest.trim_start_matches([' ', '\u{a0}']);
    let word = letters(rest).to_lowercase();
    let of_the_clock = matches!(&word[..], "uhr" | "h" | "pm" | "p")
        || language == Language::EN && matches!(&word[..], "am" | "a");
    let row = spoken::row(language);
    rest.starts_with(['%', '°'])
        || of_the_clock
        || currency_behind(rest).is_some()
        || row.is_some_and(|row| counted::is_counted(&word, row))
}

/// Before a date written `12.6.`, which would be a number elsewhere.
const ON: &[&str] = &[
    "am", "vom", "zum", "den", "der", "bis", "ab", "dem", "d.", "dne", "od", "do", "dňa", "fra",
    "til",
];

/// Languages that write a day so.
const POINTED: &[&str] = &["de", "cs", "sk", "nb", "da", "sl", "hr", "et", "fi"];

/// `12.6.`: behind such a word, or at an end of a range.
fn with_points(place: &Place<'_>) -> Read {
    if !POINTED.contains(&place.language.as_str())
        || clock::told(place) && !place.before().trim_end().ends_with("ab")
    {
        return None;
    }
    let text = place.rest();
    let (day, month, len) = pointed(text)?;
    let before = place.before().trim_end();
    let word = before.rsplit(char::is_whitespace).next().unwrap_or("").to_lowercase();
    let rest = text[len..].trim_start_matches(' ');
    let joins = ["-", "–", "—", "bis ", "do ", "til ", "až "];
    let second = joins.iter().find_map(|join| rest.strip_prefix(join)).map(str::trim_start);
    let goes_on = second.is_some_and(|second| small(second).is_some());
    let ends = matches!(place.since_last(), Some((last, between))
        if matches!(last.value, Value::Date { .. }) && half::joins("", between));
    (ON.contains(&&word[..]) || goes_on || ends).then(|| day_of(day, month, None, len)).flatten()
}

/// Day, month and the length of `12.6.`
fn pointed(text: &str) -> Option<(u16, u16, usize)> {
    let (day, a) = few(text, 2)?;
    let rest = text[a..].strip_prefix('.')?;
    let (month, b) = few(rest, 2)?;
    let rest = rest[b..].strip_prefix('.')?;
    let whole = !rest.starts_with(|c: char| c.is_ascii_digit());
    (whole && (1..=31).contains(&day) && (1..=12).contains(&month)).then_some((
        day,
        month,
        a + b + 2,
    ))
}

/// Words between the two days of a range, beside those that join hours.
const JOINS: &[&str] = &[
    "al",
    "au",
    "ao",
    "through",
    "thru",
    "and",
    "e",
    "y",
    "et",
    "und",
    "en",
    "i",
    "&",
    "bis zum",
    "t/m",
    "tot en met",
    "hasta el",
    "até ao",
    "até o",
    "fino al",
    "fins al",
];

fn joins(between: &str) -> bool {
    let join = between.trim().to_lowercase();
    // «la nuit du 12/13 juillet»
    between == "/"
        || half::joins("", between)
        || between.starts_with(' ') && JOINS.contains(&&join[..])
}

/// «de 12 a 15 de junho»: the day whose month stands behind the second.
fn first_of_a_range(place: &Place<'_>) -> Read {
    let text = place.rest();
    let (day, len) = few(text, 2)?;
    let len = len + ordinal(&text[len..]);
    let rest = &text[len..];
    let gap = rest.char_indices().take_while(|(at, c)| *at < 14 && !c.is_ascii_digit()).count();
    let at = rest.char_indices().nth(gap).map(|(at, _)| at)?;
    let (Value::Date { day: last, month, .. }, _) = day_month(&rest[at..])? else { return None };
    (joins(&rest[..at]) && day < last.into())
        .then(|| day_of(day, month.into(), None, len))
        .flatten()
}

/// "June 12-15": a day behind one whose month stands before it.
fn last_of_a_range(place: &Place<'_>) -> Read {
    let text = place.rest();
    let (last, between) = place.since_last()?;
    let Value::Date { day: first, month, year } = last.value else { return None };
    let (day, len) = few(text, 2)?;
    let nth = ordinal(&text[len..]);
    let len = len + if text[len..len + nth].ends_with('.') { 0 } else { nth };
    let written = &place.before()[last.span.clone()];
    let rest = &text[len..];
    let named = written.starts_with(char::is_alphabetic) && joins(between);
    let goes_on = rest.starts_with(|c: char| c.is_alphanumeric() || "/:%€$".contains(c))
        || rest.starts_with(['.', ',']) && rest[1..].starts_with(|c: char| c.is_ascii_digit());
    if !named || goes_on || year.is_some() || day <= first.into() {
        return None;
    }
    let (year, len) = year_after(text, len);
    day_of(day, month.into(), year, len)
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

fn numeric_date(place: &Place<'_>) -> Read {
    let text = place.rest();
    let order = |first, second| if place.month_first { (second, first) } else { (first, second) };
    let digits = |text: &str, len: usize| text[..len].chars().count();
    let (first, a) = small(text)?;
    let mark = text[a..].chars().next().filter(|c| "/.-".contains(*c))?;
    let (second, b) = small(&text[a + 1..])?;
    let two = a + 1 + b;
    let third = text[two..].strip_prefix(mark).and_then(|rest| Some((rest, small(rest)?)));
    let ends = |len: usize| !text[len..].starts_with(|c: char| c.is_alphanumeric());
    let short = digits(text, a) <= 2 && digits(&text[a + 1..], b) <= 2;
    match third {
        Some((rest, (day, c))) if digits(rest, c) <= 2 && year(text).is_some() => {
            day_of(day, second, Some(first), two + 1 + c)
        }
        Some((rest, (last, c))) if short && matches!(digits(rest, c), 2 | 4) => {
            let last = if digits(rest, c) == 2 { 2000 + last } else { year(rest)?.0 };
            let (day, month) = order(first, second);
            day_of(day, month, Some(last), two + 1 + c)
                .or_else(|| day_of(month, day, Some(last), two + 1 + c))
        }
        None if mark == '/' && short && (first, second) != (24, 7) => {
            let (day, month) = order(first, second);
            let other = counts(&text[two..], place.language)
                || second > 12 && is_plural(&text[two..])
                || day_month(&text[a + 1..]).is_some();
            day_of(day, month, None, two).filter(|_| !other)
        }
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
    let (day, mut len) = few(text, 2)?;
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
    let (day, day_len) = few(&text[len..], 2)?;
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
        if let Some((year, year_len)) = year(rest) {
            return (Some(year), len + gap.len() + year_len);
        }
    }
    (None, len)
}
