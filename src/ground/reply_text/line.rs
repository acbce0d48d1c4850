//! Lines of a mail with what is known about each: how deep it is quoted, what the HTML around it said.

use std::{borrow::Cow, ops::Range};

use super::{attribution, coloured::Hue};
use crate::ground::rich_text::Look;

/// What an HTML container said about a line. Plain text has none of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) enum Mark {
    /// Nothing.
    #[default]
    None,
    /// The line is an attribution ("On … wrote:") whatever its language (`gmail_attr`, `moz-cite-prefix`).
    Attribution,
    /// From here on everything is quoted (`appendonsend`, `divRplyFwdMsg`).
    Rest,
    /// A rule or border that mail programs draw above a header block; people draw such rules too.
    Border,
    /// A signature container.
    Signature,
}

/// One line.
#[derive(Clone, Debug)]
pub(super) struct Line<'a> {
    /// As written, without line end, with its `>` prefixes.
    pub(super) raw: Cow<'a, str>,
    /// Quoted how many times over.
    pub(super) depth: u16,
    /// What the HTML said.
    pub(super) mark: Mark,
    /// Did the line begin with a bold label, as mail programs write header blocks?
    pub(super) bold: bool,
    /// Quoted by a container which only mail programs write, not by a blockquote a person may have made.
    pub(super) sure: bool,
    /// Quoted by nothing but a blockquote a person may have made.
    pub(super) indented: bool,
    /// Folded content without prefixes; empty when too long to be anything but text.
    pub(super) folded: String,
    /// A colour with which people mark their answers; only HTML says it.
    pub(super) hue: Option<Hue>,
    /// How stretches of `raw` look, by bytes.
    pub(super) looks: Vec<(Range<usize>, Look)>,
}

/// What stands below this many lines is read as one line of text: a mail of ten million empty lines must not cost
/// a gigabyte.
pub(super) const MAX_LINES: usize = 40_000;
/// Longer lines are never attributions, labels, banners, footers or names.
const MAX_FOLDED_BYTES: usize = 600;

impl<'a> Line<'a> {
    /// A line of plain text.
    pub(super) fn plain(raw: &'a str) -> Self {
        let (depth, content) = unquote(raw);
        Line {
            folded: fold(content),
            raw: Cow::Borrowed(raw),
            depth,
            mark: Mark::None,
            bold: false,
            sure: false,
            indented: false,
            hue: None,
            looks: Vec::new(),
        }
    }

    /// Nothing to read on it?
    pub(super) fn is_blank(&self) -> bool {
        self.folded.is_empty()
            && self.content().chars().all(|c| c.is_whitespace() || is_invisible(c))
    }

    /// Without quote prefixes.
    pub(super) fn content(&self) -> &str {
        unquote(&self.raw).1
    }
}

/// All lines of a plain text; line ends may be CRLF, LF or a stray CR.
pub(super) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['\n', '\r']) {
        if lines.len() >= MAX_LINES {
            break;
        }
        lines.push(Line::plain(&rest[..at]));
        let end = if rest[at..].starts_with("\r\n") { at + 2 } else { at + 1 };
        rest = &rest[end..];
    }
    lines.push(Line::plain(rest));
    part_attributions(&mut lines);
    // An attribution wrapped inside its address: the next line begins with the bracket's end, not with a prefix.
    for at in 1..lines.len() {
        let open = lines[at - 1].depth == 0 && is_open_address(&lines[at - 1].folded);
        let line = &mut lines[at];
        if open && line.depth == 1 && line.folded.ends_with(':') && line.folded.len() <= 40 {
            line.depth = 0;
            line.folded = fold(&line.raw);
        }
    }
    lines
}

/// "Yes On Mon, 23 Nov 2026, Hotel <h@x.example> wrote:" above a quotation: lists and web forms flatten the lines between.
fn part_attributions(lines: &mut Vec<Line<'_>>) {
    let mut at = 0;
    while at + 1 < lines.len() {
        let line = &lines[at];
        let opens = line.depth == 0 && line.folded.ends_with(':') && lines[at + 1].depth > 0;
        if let Some((above, below)) = Some(line).filter(|_| opens).and_then(parted) {
            lines.splice(at..=at, [above, below]);
        }
        at += 1;
    }
}

fn parted<'a>(line: &Line<'a>) -> Option<(Line<'a>, Line<'a>)> {
    let Cow::Borrowed(raw) = line.raw else { return None };
    // A long paragraph was no line of a mail program; and each place below costs a look at the rest.
    if line.folded.is_empty() || attribution::begins_whole(&line.folded) {
        return None;
    }
    // Nearest to its end: what stands above may hold words like a head, too.
    let places: Vec<usize> = raw.char_indices().map(|(at, _)| at).skip(1).collect();
    places.into_iter().rev().find_map(|at| {
        let above = raw[..at].trim_end_matches(|c: char| c.is_whitespace() || c == '-');
        let parted = raw[..at].ends_with(|c: char| c.is_whitespace() || c == '-');
        // A script without capitals shows where a sentence begins only by the end of the one before.
        let begins = raw[at..].starts_with(|c: char| {
            c.is_uppercase()
                || c.is_alphabetic()
                    && !c.is_lowercase()
                    && above.ends_with(['.', '!', '?', '؟', '。'])
        });
        if !parted || !begins || above.is_empty() {
            return None;
        }
        let below = Line::plain(&raw[at..]);
        let opens = attribution::begins_with_head(&below.folded)
            && attribution::begins_dated(&below.folded);
        let (_, strength) =
            attribution::ending_at(std::slice::from_ref(&below), 0, 0, true).filter(|_| opens)?;
        (strength == attribution::Strength::Strong).then(|| (Line::plain(above), below))
    })
}

/// "… skrev Ana <ana@example.org" with the bracket still open.
fn is_open_address(folded: &str) -> bool {
    folded.rfind('<').is_some_and(|open| {
        let rest = &folded[open..];
        rest.contains('@') && !rest.contains(['>', ' '])
    })
}

/// Counts and strips `>` prefixes: RFC 3676, 4.5 writes `>>`, people's programs `> >`. Up to three spaces may
/// stand before (some lists indent); more is code or a drawing.
fn unquote(raw: &str) -> (u16, &str) {
    let written = raw.trim();
    if written.len() > 8 && written.starts_with(">>> ") && written.ends_with(">>>") {
        // GroupWise's attribution, not a quoted line.
        return (0, raw);
    }
    if written.starts_with(">>") && written.ends_with("<<") {
        return (0, raw);
    }
    let mut rest = raw;
    let mut depth = 0_u16;
    loop {
        let trimmed = rest.trim_start_matches(|c: char| c == ' ' || c == '\t' || is_invisible(c));
        let indent = rest.len() - trimmed.len();
        let trimmed = if depth == 0 { without_initials(trimmed) } else { trimmed };
        match trimmed.strip_prefix('>') {
            Some(after) if indent <= 4 && !is_drawing(depth, after) => {
                depth = depth.saturating_add(1);
                rest = after;
            }
            _ => return (depth, rest),
        }
    }
}

/// The Bat! and FidoNet's heirs write the author's initials before the `>`: "AK> Is there parking?".
fn without_initials(text: &str) -> &str {
    let rest = text.trim_start_matches(|c: char| c.is_uppercase());
    let initials = text[..text.len() - rest.len()].chars().count();
    let prefix = rest.trim_start_matches('>');
    let quotes = rest.starts_with('>') && (prefix.is_empty() || prefix.starts_with(' '));
    if (1..=3).contains(&initials) && quotes { rest } else { text }
}

/// `>:(`, `>_<`, `>= 3`: no quote prefix.
fn is_drawing(depth: u16, after: &str) -> bool {
    depth == 0 && [":(", ":)", "_<", ".<", "=", "o<"].iter().any(|d| after.starts_with(d))
}

/// Direction marks, joiners, byte order marks, Arabic vowel signs: they are in mails of every right-to-left language and inside
/// Outlook's dates, and say nothing.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}' | '\u{307}' | '\u{640}' | '\u{64b}'..='\u{652}')
}

/// Lower case, digits of every script as ASCII, straight quotes, ASCII colon and spaces, no invisible
/// characters, no emphasis marks at the ends.
pub(super) fn fold(content: &str) -> String {
    if content.len() > MAX_FOLDED_BYTES {
        return String::new();
    }
    let mut folded = String::with_capacity(content.len());
    for c in content.chars() {
        if c.is_ascii() && !c.is_ascii_whitespace() {
            folded.push(c.to_ascii_lowercase());
            continue;
        }
        if is_invisible(c) {
            continue;
        }
        match c {
            c if c.is_whitespace() => {
                if !folded.is_empty() && !folded.ends_with(' ') {
                    folded.push(' ');
                }
            }
            '‘' | '’' | 'ʼ' | '`' | '´' => folded.push('\''),
            '“' | '”' | '„' | '«' | '»' => folded.push('"'),
            '\u{2010}' | '\u{2011}' => folded.push('-'),
            '：' | '﹕' => folded.push(':'),
            '，' => folded.push(','),
            '（' => folded.push('('),
            '）' => folded.push(')'),
            '＜' => folded.push('<'),
            '＞' => folded.push('>'),
            c => match digit(c) {
                Some(digit) => folded.push(digit),
                None => folded.extend(c.to_lowercase().filter(|c| !is_invisible(*c))),
            },
        }
    }
    folded.trim_end().trim_matches('*').trim().to_owned()
}

/// Arabic-Indic, Persian and full-width digits.
fn digit(c: char) -> Option<char> {
    let value = match u32::from(c) {
        n @ 0x660..=0x669 => n - 0x660,
        n @ 0x6f0..=0x6f9 => n - 0x6f0,
        n @ 0xff10..=0xff19 => n - 0xff10,
        _ => return None,
    };
    char::from_digit(value, 10)
}
