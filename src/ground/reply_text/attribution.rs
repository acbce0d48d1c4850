//! Attribution lines: "On Mon, 3 Mar 2025 at 09:05, Ana <ana@example.org> wrote:", in any language, on one line or
//! wrapped over up to four.
//!
//! No pattern per program: the evidence is weighed. An attribution has a person (an address), a moment, a verb of
//! writing, a head ("On", "Am", "Le") and ends with a colon; no program leaves out more than two of these, and a
//! person who writes "on 3 March you wrote:" rarely gives an address.

use super::{
    language::{HEADS, Phrases, VERBS, YOU, ends_word, is_unspaced},
    line::Line,
};

/// How sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// Only because quoted lines follow.
    Weak,
    /// By itself.
    Strong,
}

/// How the candidate begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    /// With a head word of some language and then a date.
    Head,
    /// With a date.
    Date,
    /// With something else: a name, an address.
    Name,
}

/// Lines an attribution may be wrapped over (Gmail wraps at 76 to 80 columns; names and addresses are long).
const MAX_LINES: usize = 4;
/// The same on a telephone.
const MAX_NARROW_LINES: usize = 6;
const MAX_BYTES: usize = 420;

/// Is `lines[end]` the last line of an attribution that starts at `floor` or later? Gives its first line.
/// `followed`: the next line with something on it is quoted.
pub(super) fn ending_at(
    lines: &[Line<'_>],
    floor: usize,
    end: usize,
    followed: bool,
) -> Option<(usize, Strength)> {
    let last = &lines[end].folded;
    if is_arrowed(last) || is_dashed(last) {
        return Some((end, Strength::Strong));
    }
    // Zoho draws a frame instead: "---- Pzt, 23 Kas 2026 09:12:33 Hotel <h@x> yazdı ----".
    let framed = last.ends_with("---")
        && (floor..=end)
            .rev()
            .take(3)
            .any(|at| lines[at].folded.starts_with("---") && lines[at].folded.contains(' '));
    let colon = last.ends_with(':') || last.ends_with(":-") || framed;
    let bare = trim_dashes(last);
    let colon = colon || stands_alone(lines, floor, end);
    if !colon && !followed && !VERB_ENDS.iter().any(|v| bare.ends_with(v)) {
        return None;
    }
    let mut joined = String::new();
    let mut best: Option<(usize, Strength)> = None;
    let mut narrow = true;
    for start in (floor..=end).rev().take(MAX_NARROW_LINES) {
        let line = &lines[start];
        narrow &= line.folded.len() < 40;
        if end - start >= MAX_LINES && !narrow {
            break;
        }
        if line.depth != 0 || line.folded.is_empty() || joined.len() + line.folded.len() > MAX_BYTES
        {
            break;
        }
        if start < end && (line.folded.ends_with(':') || line.folded.ends_with(['!', '?'])) {
            break;
        }
        joined = if joined.is_empty() {
            line.folded.clone()
        } else {
            format!("{} {joined}", line.folded)
        };
        let text = trim_dashes(&joined);
        let Some((kind, strength)) = weigh(text, colon, followed) else {
            continue;
        };
        if kind == Start::Name && !followed && !has_address(text) && begins_small(&lines[start]) {
            // "my colleague wrote on 12.05.2026 10:15:" is a person's sentence.
            continue;
        }
        // A name may continue an attribution begun above; a head with a whole date begins it.
        // Where its last line opens with a day in figures, only a head above can belong to it.
        let opened = start < end && opens_with_day(&lines[end].folded) && kind != Start::Head;
        let better = best.is_none_or(|(_, so_far)| {
            strength > so_far || strength == so_far && kind != Start::Name && !opened
        });
        if better {
            best = Some((start, strength));
        }
        // A telephone leaves "On Mon, 23 Nov" on a line of its own.
        let head_above = start > floor && narrow && {
            let above = &lines[start - 1];
            above.depth == 0 && above.folded.len() < 40 && begins_with_head(&above.folded)
        };
        let whole = kind != Start::Name && has_date(prefix(text, 48));
        if strength == Strength::Strong && whole && !(kind == Start::Date && head_above) {
            break;
        }
    }
    best.map(|(start, strength)| (with_name(lines, floor, start, end), strength))
}

/// "Am 23.11.2026 um 09:12 schrieb Hotel <h@hotel.example>", without a colon but alone between blank lines and with everything an
/// attribution may have.
fn stands_alone(lines: &[Line<'_>], floor: usize, end: usize) -> bool {
    let blank = |at: Option<&Line<'_>>| at.is_none_or(|line| line.depth == 0 && line.is_blank());
    let line = &lines[end].folded;
    end > floor
        && blank(lines.get(end - 1))
        && blank(lines.get(end + 1))
        && line.split(' ').count() <= 16
        && has_bracketed_address(line)
        && has_date(line)
        && has_time(line)
        && last_phrase(&VERBS, line).is_some_and(|(_, verb)| {
            // "my wife wrote to Anna <anna@x>": whom it was written to; an attribution names who wrote.
            let between = line[verb..].split('<').next().unwrap_or_default();
            let words: Vec<&str> = between.split_whitespace().collect();
            // "schrieb meine Frau an Anna"; a name may have such a word, too, but hardly these.
            let inside = words.windows(2).any(|w| TO[..3].contains(&w[0]));
            let to = inside || words.first().is_some_and(|w| TO.contains(w));
            !to && (line.ends_with(|c: char| c == '>' || c.is_ascii_digit())
                || is_tail(&line[verb..]))
        })
}

/// What stands between a verb of writing and whom is written to (lower case).
#[rustfmt::skip]
const TO: &[&str] = &[
    "to", "an", "à", "au", "aux", "a", "al", "alla", "ao", "para", "aan", "do", "til", "till", "către", "na", "για", "προς", "στην", "στον",
];

/// "2011/4/7 Ana <ana@example.org>": year, month and day in figures.
fn opens_with_day(folded: &str) -> bool {
    let day = folded.split([' ', ',']).next().unwrap_or_default();
    let figures = day
        .split(['/', '.', '-'])
        .filter(|part| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()));
    figures.count() == 3
}

fn begins_small(line: &Line<'_>) -> bool {
    line.content().trim_start().starts_with(char::is_lowercase)
}

/// "Müller, Jürgen (Gasthof zur Post)", and only on the next lines the address and the moment: the name belongs to them.
fn with_name(lines: &[Line<'_>], floor: usize, start: usize, end: usize) -> usize {
    let mut start = start;
    while start > floor && end - start < MAX_LINES {
        let above = &lines[start - 1];
        let continues = above.depth == 0
            && (1..=90).contains(&above.folded.chars().count())
            && !above.folded.ends_with(['.', '!', '?', ':']);
        let addressed = lines[start..=end].iter().any(|l| has_address(&l.folded));
        let opens = lines[start].folded.starts_with(['<', '(']);
        let news = NEWS.iter().any(|head| above.folded.starts_with(head)) && above.depth == 0;
        if !news && !continues
            || !(news || opens || !addressed && has_bracketed_address(&above.folded))
        {
            break;
        }
        start -= 1;
    }
    start
}

/// What news readers say on the line above: "In article <id@x>,".
const NEWS: [&str; 4] = ["in article ", "in message ", "dans l'article ", "im artikel "];

/// Notes: "Ana Pinto ---23.11.2026 09:12:44---Hello, is the …".
fn is_dashed(folded: &str) -> bool {
    let mut parts = folded.splitn(3, "---");
    let (name, moment) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let named = (1..=60).contains(&name.trim().chars().count());
    named && parts.next().is_some() && moment.len() <= 30 && has_date(moment) && has_time(moment)
}

/// GroupWise: ">>> Ana <ana@example.org> 11/23/2026 9:12 AM >>>".
fn is_arrowed(folded: &str) -> bool {
    let inner = folded.strip_prefix(">>>").and_then(|rest| rest.strip_suffix(">>>"));
    inner.is_some_and(|inner| has_date(inner) && has_time(inner))
}

/// Heads that name who is quoted and nothing more: "Zitat von Ana <ana@example.org>:" (Horde).
const QUOTING: &[&str] = &[
    "zitat von",
    "quoting",
    "citando",
    "citando a",
    "citation de",
    "citerar",
    "cytowanie",
    "citát od",
    "цитирую",
    "citaat van",
    "idézet",
    "alıntı",
    "citato da",
];

/// Verbs after which some programs leave out the colon.
const VERB_ENDS: &[&str] =
    &["wrote", "writes", "a écrit", "escribió", "ha scritto", "escreveu", "schreef", "schrieb"];

fn trim_dashes(text: &str) -> &str {
    text.trim_matches(|c: char| {
        matches!(c, '-' | '=' | '_' | '*' | '|' | '—' | '–') || c.is_whitespace()
    })
}

fn weigh(text: &str, colon: bool, followed: bool) -> Option<(Start, Strength)> {
    let address = has_address(text);
    let date = has_date(text);
    let time = has_time(text);
    if !(address || date || time || followed) {
        return None;
    }
    let words = text.split(' ').count();
    if words > 45 {
        return None;
    }
    let bracketed = address && has_bracketed_address(text);
    let verb = last_phrase(&VERBS, text);
    let verb_ends = verb.is_some_and(|(_, end)| is_tail(&text[end..]));
    let start = start_of(text);
    if colon && bracketed && words <= 12 && QUOTING.iter().any(|q| text.starts_with(q)) {
        return Some((Start::Head, Strength::Strong));
    }
    let you = last_phrase(&YOU, text).is_some();
    if you && !followed {
        return None;
    }
    let strength = match start {
        Start::Head | Start::Date => {
            let closed = colon || verb_ends;
            let by_verb = verb.is_some() && closed && (address || (date && time));
            // "23. Nov. 2026, 09:12 von ana@example.org:" (Tuta): the bare address is the last word.
            let last = address && text.split(' ').next_back().is_some_and(has_address);
            let by_moment = (bracketed || last && words <= 12) && date && time && colon;
            // "On Mar 18, Ana said:" has a day; "2013/11/14 Ana <ana@example.org>" not even a colon.
            let day = start == Start::Head && text.contains(|c: char| c.is_ascii_digit());
            // GMX's telephones leave the colon out: "Am 23.11.26 um 09:12 schrieb Hotel".
            let open = verb.is_some_and(|(_, end)| text[end..].split_whitespace().count() <= 6);
            let weaker = verb.is_some() && closed && (date || time || day) && followed
                || start == Start::Head && date && time && open && followed && words <= 16
                || (date && time && colon && followed && words <= 14)
                || (date && bracketed && followed && words <= 7);
            strength(by_verb || by_moment, weaker)
        }
        Start::Name => {
            if text.contains(['?', '!']) || has_sentence_end(text) {
                return None;
            }
            let by_verb = verb_ends && bracketed && words <= 24;
            // "Hotel du Lac, 3.3.2020 09:05 tarihinde şunu yazdı:": what programs write is longer than one word.
            let by_phrase = verb_ends
                && colon
                && date
                && time
                && words <= 14
                && verb.is_some_and(|(at, end)| text[at..end].contains(' '));
            // "Ana schreef op 2026-11-23 09:12:", Notes' "Ana/Hotel wrote on 03/03/2020 09:05:12 AM:": the whole moment
            // and nothing else stands between the verb and the colon.
            let before_moment = colon && is_before_moment(text, verb);
            let before_verb = bracketed
                && colon
                && (date || time)
                && verb.is_some_and(|(at, _)| address_just_before(text, at));
            let weaker = followed
                && (verb_ends && colon && words <= 14
                    || bracketed && colon && (date || time)
                    || bracketed && colon && (verb.is_some() || words <= 6));
            strength(by_verb || before_verb || by_phrase || before_moment, weaker)
        }
    };
    strength.map(|s| (start, s))
}

/// A name before, a moment after one of the verbs, or around the moment a verb that ends the line (於 … 寫道).
fn is_before_moment(text: &str, verb: Option<(usize, usize)>) -> bool {
    verb.is_some_and(|(at, end)| {
        let (name, moment) = (&text[..at], &text[end..]);
        let names = name.split_whitespace().count();
        let after = (1..=8).contains(&names)
            && moment.split_whitespace().count() <= 6
            && has_date(moment)
            && has_time(moment);
        let tail = is_tail(moment) && names <= 12 && name.contains(['於', '于', '在']);
        after || tail && has_date(name) && has_time(name)
    })
}

fn strength(strong: bool, weak: bool) -> Option<Strength> {
    match (strong, weak) {
        (true, _) => Some(Strength::Strong),
        (_, true) => Some(Strength::Weak),
        _ => None,
    }
}

fn start_of(text: &str) -> Start {
    let near = prefix(text, 48);
    let digits = near.contains(|c: char| c.is_ascii_digit());
    if let Some(head) = HEADS.prefix_of(text)
        && (digits || head.contains(' '))
    {
        return Start::Head;
    }
    // "tir. 18. apr. 2017", "Wednesday, 17 November 2021", "2017-11-24": few words, then digits.
    let before_digits = near.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default();
    let words_before = before_digits.split_whitespace().count();
    // The first number is the date's, not that of "dog 10 EUR" on the line above.
    let moment = prefix(&near[before_digits.len()..], 30);
    if digits
        && words_before <= 3
        && !before_digits.contains(['<', '@'])
        && has_date_or_time(moment)
    {
        return Start::Date;
    }
    Start::Name
}

/// Does a line begin as attributions begin ("On", "Am", "Le")?
pub(super) fn begins_with_head(folded: &str) -> bool {
    start_of(folded) == Start::Head
}

/// Does the line begin with a head or a day, so that all of it may be an attribution?
pub(super) fn begins_whole(folded: &str) -> bool {
    let text = trim_dashes(folded);
    let before_digits = text.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default();
    match start_of(text) {
        Start::Head => true,
        Start::Date => before_digits.split_whitespace().count() <= 1,
        Start::Name => false,
    }
}

/// Does the date follow the head at once?
pub(super) fn begins_dated(folded: &str) -> bool {
    has_date(prefix(folded, 40))
}

fn has_date_or_time(text: &str) -> bool {
    has_date(text) || has_time(text)
}

/// The last phrase of the set inside the text: its byte range.
pub(super) fn last_phrase(phrases: &Phrases, text: &str) -> Option<(usize, usize)> {
    let mut found = None;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let begins = c.is_alphanumeric()
            && (!before.is_alphanumeric() || is_unspaced(c) || is_unspaced(before));
        if begins && let Some(phrase) = phrases.prefix_of(&text[at..]) {
            let end = at + phrase.len();
            if found.is_none_or(|(_, e)| end > e) {
                found = Some((at, end));
            }
        }
        before = c;
    }
    found
}

/// What may stand between the verb and the end: ":", "(a):", "het volgende:", "folgendes:".
fn is_tail(rest: &str) -> bool {
    let rest = rest.trim_matches(|c: char| !c.is_alphanumeric());
    rest.is_empty() || TAILS.contains(&rest)
}

const TAILS: &[&str] = &[
    "het volgende",
    "folgendes",
    "the following",
    "a",
    "e",
    "ce qui suit",
    "quanto segue",
    "lo siguiente",
    "la",
    "ה",
    "o seguinte",
    "følgende",
    "följande",
    "at",
    "seuraavasti",
    "următoarele",
    "that",
    "ла",
];

fn address_just_before(text: &str, verb_at: usize) -> bool {
    let before = &text[..verb_at];
    before.rfind('@').is_some_and(|at| verb_at - at <= 70 && before[at..].split(' ').count() <= 4)
}

pub(super) fn has_address(text: &str) -> bool {
    text.match_indices('@').any(|(at, _)| {
        let left = text[..at].chars().next_back();
        let right = text[at + 1..].chars().next();
        left.is_some_and(char::is_alphanumeric) && right.is_some_and(char::is_alphanumeric)
            || left.is_some_and(|c| "._-+\"".contains(c))
                && right.is_some_and(char::is_alphanumeric)
    })
}

/// `<a@b>`, `[mailto:a@b]`, `(a@b)`, `&lt;a@b&gt;`.
pub(super) fn has_bracketed_address(text: &str) -> bool {
    text.match_indices('@').any(|(at, _)| {
        let left = &text[..at];
        let token = left.rfind(['<', '[', '(', ';']).map(|open| &left[open + 1..]);
        token.is_some_and(|t| !t.trim().contains(' ') && !t.trim().is_empty())
    })
}

/// hh:mm, hh.mm, hhhmm ("9h05"), with either one or two digits before.
pub(super) fn has_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(4).enumerate().any(|(at, w)| {
        w[0].is_ascii_digit()
            && matches!(w[1], b':' | b'.' | b'h')
            && w[2].is_ascii_digit()
            && w[3].is_ascii_digit()
            && !bytes.get(at + 4).is_some_and(u8::is_ascii_digit)
    }) || text.contains(['時', '时', '點', '点', '시']) && text.contains(['分', '분'])
}

/// A year, or two numbers with a separator, or 年/月.
pub(super) fn has_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let year = (0..bytes.len().saturating_sub(3)).any(|at| {
        (bytes[at] == b'2' && bytes[at + 1] == b'0' || bytes[at] == b'1' && bytes[at + 1] == b'9')
            && digit(at + 2)
            && digit(at + 3)
            && !digit(at + 4)
            && (at == 0 || !digit(at - 1))
    });
    let numbers = (1..bytes.len().saturating_sub(1)).any(|at| {
        matches!(bytes[at], b'.' | b'/' | b'-')
            && digit(at - 1)
            && (digit(at + 1) || bytes[at + 1] == b' ' && digit(at + 2))
            && bytes[at + 1..].iter().take(8).any(|b| matches!(b, b'.' | b'/' | b'-'))
    });
    year || numbers || text.contains(['年', '月', '년', '월'])
}

/// A word of five letters or more, a full stop, another word: prose. A number goes on with a date ("marrask. 2026").
fn has_sentence_end(text: &str) -> bool {
    text.match_indices(". ").any(|(at, _)| {
        let word = text[..at].rsplit(' ').next().unwrap_or_default();
        let goes_on = text[at + 2..].starts_with(|c: char| c.is_ascii_digit());
        word.chars().count() >= 5 && word.chars().all(char::is_alphabetic) && !goes_on
    })
}

fn prefix(text: &str, chars: usize) -> &str {
    text.char_indices().nth(chars).map_or(text, |(at, _)| &text[..at])
}

/// Whether a phrase of the set stands anywhere in the text as whole words.
pub(super) fn contains_phrase(phrases: &Phrases, text: &str) -> bool {
    last_phrase(phrases, text).is_some_and(|(at, end)| ends_word(&text[at..end], &text[end..]))
}
