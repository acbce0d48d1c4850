//! Where quoted mail may begin: everything that opens a quotation, in order.

use super::{
    attribution::{self, Strength},
    header::{self, Banner},
    language::{ABOVE, Field},
    line::{Line, Mark},
    notes,
};

/// What opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// "On … wrote:".
    Attribution,
    /// A header block.
    Header,
    /// "-----Original Message-----", with the header block below it if there is one.
    Original,
    /// "---------- Forwarded message ---------", the same.
    Forwarded,
    /// A container of which the whole rest is quoted.
    Rest,
    /// "Please reply above this line".
    Above,
    /// A header block behind `>`: part of a quotation, unless the subject says that the letter is a forward.
    QuotedHeader,
}

/// Lines `start..end` open a quotation.
#[derive(Clone, Debug)]
pub(super) struct Opener {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: Kind,
    pub(super) strength: Strength,
    /// Found by HTML structure.
    pub(super) sure: bool,
    /// The fields of the header block.
    pub(super) fields: Vec<(Field, usize)>,
}

impl Opener {
    fn new(start: usize, end: usize, kind: Kind, strength: Strength) -> Self {
        Opener { start, end, kind, strength, sure: false, fields: Vec::new() }
    }
}

/// All openers outside quoted lines, in order, without overlap. After one that takes the whole rest the search ends.
pub(super) fn find(lines: &[Line<'_>]) -> Vec<Opener> {
    let followed = followed_by_quote(lines);
    let mut openers: Vec<Opener> = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let floor = openers.last().map_or(0, |o| o.end);
        match at_line(lines, at, floor, &followed) {
            Some(opener) => {
                at = opener.end.max(at + 1);
                let last = opener.kind == Kind::Rest;
                openers.push(opener);
                if last {
                    break;
                }
            }
            None => at += 1,
        }
    }
    openers
}

/// For each line: is the next written line quoted?
fn followed_by_quote(lines: &[Line<'_>]) -> Vec<bool> {
    let mut followed = vec![false; lines.len()];
    let mut next = false;
    let mut blanks = 0;
    for (at, line) in lines.iter().enumerate().rev() {
        followed[at] = next && blanks <= 2;
        if line.depth == 0 && line.is_blank() {
            blanks += 1;
        } else {
            next = line.depth > 0;
            blanks = 0;
        }
    }
    followed
}

fn at_line(lines: &[Line<'_>], at: usize, floor: usize, followed: &[bool]) -> Option<Opener> {
    let line = &lines[at];
    if line.mark == Mark::Rest && line.depth == 0 {
        return Some(rest(lines, at));
    }
    if line.depth > 0 {
        return quoted_forward(lines, at);
    }
    if line.folded.is_empty() {
        return None;
    }
    if line.mark == Mark::Attribution && header::banner(line).is_none() {
        return structural_attribution(lines, at, followed);
    }
    if let Some(opener) = banner(lines, at, followed) {
        return Some(opener);
    }
    if is_above_marker(line) {
        return Some(Opener::new(at, at + 1, Kind::Above, Strength::Strong));
    }
    if let Some(opener) = header_block(lines, at) {
        return Some(opener);
    }
    if let Some(end) = notes::drawn_at(lines, at) {
        return Some(Opener::new(at, end, Kind::Header, Strength::Strong));
    }
    if let Some(head) = notes::head_at(lines, at) {
        let mut opener = Opener::new(at, head.end, Kind::Header, Strength::Strong);
        opener.fields = vec![(Field::From, at)];
        return Some(opener);
    }
    let (start, strength) = attribution::ending_at(lines, floor, at, followed[at])?;
    Some(Opener::new(start, at + 1, Kind::Attribution, strength))
}

/// Apple Mail quotes what it forwards: the banner is the first quoted line.
fn quoted_forward(lines: &[Line<'_>], at: usize) -> Option<Opener> {
    if at > 0 && lines[at - 1].depth > 0 {
        return None;
    }
    match header::banner(&lines[at]) {
        Some((Banner::Forwarded, true)) => {
            Some(Opener::new(at, at + 1, Kind::Forwarded, Strength::Strong))
        }
        Some((Banner::Original, _)) => None,
        banner => {
            // Orange says "> Message du 24/11/26 09:00" above its headers, Apple "> Videresendt besked:".
            let folded = lines[at].folded.as_str();
            let above = (1..=60).contains(&folded.len())
                && (folded.ends_with(':') || attribution::has_date(folded))
                && header::label(&lines[at]).is_none();
            let below = (at + 1..lines.len()).take(3).find(|&below| !lines[below].is_blank());
            let first = below.filter(|_| above).unwrap_or(at);
            let block = header::block_at(lines, first, true)?;
            let kind = banner.map_or(Kind::QuotedHeader, |_| Kind::Forwarded);
            let mut opener = Opener::new(at, block.end, kind, block.strength);
            opener.fields = block.fields;
            Some(opener)
        }
    }
}

/// A container that quotes the rest; the header block in it is read for forwards.
fn rest(lines: &[Line<'_>], at: usize) -> Opener {
    let first = (at..lines.len()).take(6).find(|&i| header::label(&lines[i]).is_some());
    let block = first.and_then(|i| header::block_at(lines, i, true));
    let mut opener = Opener::new(at, at + 1, Kind::Rest, Strength::Strong);
    opener.sure = true;
    if let Some(block) = block {
        opener.end = block.end;
        opener.fields = block.fields;
    }
    opener
}

/// Lines a program marked as attribution, whatever their language. Without a quotation or a forwarded mail after
/// them the mark is a left-over in an otherwise written text.
fn structural_attribution(lines: &[Line<'_>], at: usize, followed: &[bool]) -> Option<Opener> {
    let end = (at..lines.len())
        .take(12)
        .take_while(|&i| lines[i].depth == 0 && lines[i].mark == Mark::Attribution)
        .last()?
        + 1;
    if let Some(mut opener) = header_block(lines, at) {
        opener.end = opener.end.max(end);
        return Some(opener);
    }
    // Old Gmail has the quoted text in the same container, without a blockquote.
    let by_text = (at..end)
        .find(|&i| attribution::ending_at(lines, at, i, followed[i]).is_some())
        .map(|i| i + 1);
    let end = match by_text {
        Some(behind) if !followed[end - 1] => behind,
        None if !followed[end - 1] => return None,
        _ => end,
    };
    let mut opener = Opener::new(at, end, Kind::Attribution, Strength::Strong);
    opener.sure = true;
    Some(opener)
}

fn banner(lines: &[Line<'_>], at: usize, followed: &[bool]) -> Option<Opener> {
    let (banner, drawn) = header::banner(&lines[at])?;
    let kind = match banner {
        Banner::Original => Kind::Original,
        Banner::Forwarded => Kind::Forwarded,
    };
    let below = (at + 1..lines.len()).take(4).find(|&i| !lines[i].is_blank());
    let block = below
        .filter(|&i| header::label(&lines[i]).is_some())
        .and_then(|i| header::block_at(lines, i, true));
    let attribution = below.filter(|&i| {
        (i..(i + 3).min(lines.len())).any(|e| attribution::ending_at(lines, i, e, true).is_some())
    });
    if !drawn
        && block.is_none()
        && attribution.is_none()
        && !(kind == Kind::Forwarded && followed[at])
    {
        return None;
    }
    let mut opener = Opener::new(at, at + 1, kind, Strength::Strong);
    if let Some(block) = block {
        opener.end = block.end;
        opener.fields = block.fields;
    }
    Some(opener)
}

fn header_block(lines: &[Line<'_>], at: usize) -> Option<Opener> {
    let above = (0..at).rev().take(3).find(|&i| !lines[i].is_blank());
    let announced = above
        .is_some_and(|i| header::is_rule(&lines[i], 3) || lines[i].mark == Mark::Border)
        || lines[at].mark == Mark::Border;
    let block = header::block_at(lines, at, announced)
        .or_else(|| above.and_then(|_| header::unknown_block_at(lines, at, announced)))?;
    let mut opener = Opener::new(at, block.end, Kind::Header, block.strength);
    opener.sure = lines[at].mark == Mark::Border;
    opener.fields = block.fields;
    Some(opener)
}

/// A ticket system's line: drawn with dashes or hashes, or the phrase with a "please" before it and at most a purpose behind
/// it. In a person's sentence more stands around it.
fn is_above_marker(line: &Line<'_>) -> bool {
    let folded = line.folded.as_str();
    if folded.chars().count() > 140 {
        return false;
    }
    // Zendesk's line in any language.
    if folded.starts_with("##-") && folded.ends_with("-##") {
        return true;
    }
    let frame = |c: char| c.is_whitespace() || "#-–—=_*~+|<>[]".contains(c);
    let core = folded.trim_matches(frame);
    let drawn = folded.len() - folded.trim_start_matches(frame).len() >= 2;
    if drawn {
        return attribution::contains_phrase(&ABOVE, core);
    }
    let Some((start, end)) = attribution::last_phrase(&ABOVE, core) else { return false };
    let behind = core[end..].trim_matches(|c: char| !c.is_alphanumeric());
    let purpose =
        ["to ", "um ", "pour ", "para ", "per ", "om "].iter().any(|p| behind.starts_with(p));
    core[..start].split_whitespace().count() <= 2
        && !core.starts_with(['"', '\''])
        && (purpose || behind.split_whitespace().count() <= 3)
}
