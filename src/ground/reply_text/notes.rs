//! The head Lotus Notes puts over an old mail: a table of name, moment, To, cc and Subject whose labels have no colons.

use super::{
    attribution::{has_date, has_time},
    language::{Field, field},
    line::{Line, fold},
};

/// The head: lines `start..end`.
pub(super) struct Head {
    /// First line after it.
    pub(super) end: usize,
    /// The line of the moment.
    pub(super) moment: usize,
    /// The line of the subject, where there is one.
    pub(super) subject: Option<usize>,
}

/// A table with its blank lines is shorter.
const MAX_LINES: usize = 16;

/// The head whose first line, the author's, is this one.
pub(super) fn head_at(lines: &[Line<'_>], start: usize) -> Option<Head> {
    let end = lines.len().min(start + MAX_LINES);
    let mut written = (start..end).filter(|&at| !lines[at].is_blank());
    let name = &lines[written.next()?];
    let moment = written.next()?;
    let is_moment =
        |folded: &str| has_date(folded) && has_time(folded) && folded.split(' ').count() <= 5;
    if name.depth > 0
        || name.folded.split(' ').count() > 10
        || name.folded.ends_with(['.', ':', '?', '!', ','])
        || !is_moment(&lines[moment].folded)
    {
        return None;
    }
    // Without an address it is a plan: "Lufthansa … / An / Lissabon / Betreff / Abholung".
    let mut addressed = is_address(name);
    let mut to = false;
    while let Some(at) = written.next() {
        match label(&lines[at]) {
            Some((Field::To, beside)) => {
                to = true;
                let below = lines[at + 1..end].iter().find(|line| !line.is_blank());
                let whom = if beside { Some(&lines[at]) } else { below };
                addressed |= whom.is_some_and(is_address);
            }
            Some((Field::Subject, _)) if to && !addressed => return None,
            Some((Field::Subject, beside)) if to => {
                let subject = if beside { Some(at) } else { written.next() };
                return Some(Head { end: subject.unwrap_or(at) + 1, moment, subject });
            }
            _ => {}
        }
    }
    None
}

/// The same table as Notes 5 drew it for text: `|----+--->` above the author's name and the moment, `>----|` around the fields.
/// Gives the first line after it.
pub(super) fn drawn_at(lines: &[Line<'_>], start: usize) -> Option<usize> {
    let drawn = |at: usize, opens: &str, closes: &str| {
        let text = lines[at].raw.trim();
        text.len() > 20
            && text.starts_with(opens)
            && text.ends_with(closes)
            && text.chars().all(|c| "|->+".contains(c))
    };
    if !drawn(start, "|--", "-->") {
        return None;
    }
    let end = lines.len().min(start + 30);
    let last = (start + 1..end).rev().find(|&at| drawn(at, ">--", "--|"))?;
    let to = (start..last).any(|at| {
        let inside = lines[at].raw.trim().trim_matches('|');
        inside.split_once(':').and_then(|(name, _)| field(&fold(name.trim()))) == Some(Field::To)
    });
    to.then_some(last + 1)
}

/// Does a line name somebody as mail does: `ana@guest.example`, or Notes' own `Ana Silva/Sales/Firm@FIRM`?
fn is_address(line: &Line<'_>) -> bool {
    let notes = |word: &str| word.split('/').filter(|part| !part.is_empty()).count() >= 3;
    line.folded.contains('@')
        || line.content().contains('/') && line.content().split(['\t', ',']).any(notes)
}

/// A label alone on its line, or first in a row of the table; and whether its value stands beside it.
fn label(line: &Line<'_>) -> Option<(Field, bool)> {
    let mut cells = line.content().split('\t').filter(|cell| !cell.trim().is_empty());
    let found = field(&fold(cells.next()?))?;
    Some((found, cells.next().is_some()))
}

/// The last cell of a row.
pub(super) fn value(line: &Line<'_>) -> String {
    line.content().rsplit('\t').find(|c| !c.trim().is_empty()).unwrap_or_default().trim().to_owned()
}
