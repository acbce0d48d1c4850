//! Signatures and mobile footers at the end of what somebody wrote.
//!
//! Real answers look like signatures (an address, a date, a telephone number), so only what is marked as one is
//! taken: a container in HTML, the `-- ` line (RFC 3676, 4.3), a footer of a program, a closing with a name
//! under it, a mailing list's footer. Names without any of these stay in the text.

use super::{
    attribution::{has_address, has_date, has_time},
    disclaimer,
    footer::is_footer,
    header::is_rule,
    language::CLOSINGS,
    line::{Line, Mark},
};

/// Lines looked at for a delimiter, from the end.
const MAX_SIGNATURE_LINES: usize = 40;
/// Lines under a closing: name, function, company, street, town, telephone, site.
const MAX_CLOSING_LINES: usize = 10;
/// The same where contact data stands among them: German firms add who manages them and where they are registered.
const MAX_CONTACT_LINES: usize = 18;

/// Where the signature of `lines[start..end]` begins, if it has one; only text lines are looked at.
pub(super) fn begins(
    lines: &[Line<'_>],
    start: usize,
    end: usize,
    author: Option<&str>,
) -> Option<usize> {
    let mut cut = end;
    for _ in 0..6 {
        let Some(earlier) = step(lines, start, cut, author) else {
            break;
        };
        cut = earlier;
    }
    (cut < end).then_some(cut)
}

/// One signature from the end: its first line.
fn step(lines: &[Line<'_>], start: usize, end: usize, author: Option<&str>) -> Option<usize> {
    let last = last_written(lines, start, end)?;
    if lines[last].mark == Mark::Signature {
        let first = (start..=last)
            .rev()
            .take_while(|&at| lines[at].mark == Mark::Signature || lines[at].is_blank())
            .last();
        return first;
    }
    if is_footer(&lines[last]) {
        return Some(last);
    }
    delimiter(lines, start, last)
        .or_else(|| framed(lines, start, last))
        .or_else(|| list_footer(lines, start, last))
        .or_else(|| disclaimer::begins(lines, start, last))
        .or_else(|| closing(lines, start, last))
        .or_else(|| author_block(lines, start, last, author?))
        .or_else(|| slash_name(lines, start, last))
}

fn last_written(lines: &[Line<'_>], start: usize, end: usize) -> Option<usize> {
    (start..end).rev().find(|&at| !lines[at].is_blank())
}

/// "-- " and what follows. A bare "--" is one too when what follows is as short as a signature.
fn delimiter(lines: &[Line<'_>], start: usize, last: usize) -> Option<usize> {
    let mut found = None;
    let mut written = 0;
    for at in (start..=last).rev() {
        let line = &lines[at];
        if line.is_blank() {
            continue;
        }
        let raw = line.raw.trim_start_matches(' ');
        let exact = raw == "-- " || raw == "--\u{a0}";
        let bare = raw.trim_end() == "--" || raw.trim_end() == "__";
        if exact || bare && written <= 15 && written > 0 || bare && found.is_none() && written == 0
        {
            found = Some(at);
        }
        written += 1;
        if written > MAX_SIGNATURE_LINES {
            break;
        }
    }
    found
}

/// A long rule of underscores (or a rule over an address) with a list's name or contact data below.
fn list_footer(lines: &[Line<'_>], start: usize, last: usize) -> Option<usize> {
    let mut written = 0;
    let mut contact = false;
    for at in (start..=last).rev() {
        let line = &lines[at];
        if line.is_blank() {
            continue;
        }
        let stroke = line.content().trim();
        if is_rule(line, 8) && stroke.starts_with(['_', '—']) || stroke == "—" {
            return (contact && written <= 12).then_some(at);
        }
        if has_money(&line.folded) || line.folded.len() > 160 || written >= 12 {
            return None;
        }
        contact |= has_address(&line.folded)
            || line.folded.contains("http")
            || line.folded.contains("www.")
            || line.folded.contains("mailing list")
            || line.folded.contains("this email directly")
            || line.folded.contains("unsubscribe")
            || line.folded.bytes().filter(u8::is_ascii_digit).count() >= 8;
        written += 1;
    }
    None
}

fn has_money(folded: &str) -> bool {
    folded.contains(['€', '$', '£', '¥', '₺', '₽', '₪'])
        || ["eur", "usd", "chf", "gbp", "zł", "kč", "kr", "ft"]
            .iter()
            .any(|c| folded.split(' ').any(|w| w.trim_matches(|c: char| !c.is_alphabetic()) == *c))
            && folded.contains(|c: char| c.is_ascii_digit())
}

/// A closing on a line of its own with a name and contact data under it, up to the end.
fn closing(lines: &[Line<'_>], start: usize, last: usize) -> Option<usize> {
    let (mut written, mut contacts) = (0, 0);
    for at in (start..=last).rev() {
        let line = &lines[at];
        if line.is_blank() {
            continue;
        }
        let words = line.folded.trim_matches(|c: char| !c.is_alphanumeric());
        if CLOSINGS.is(words) || CLOSINGS.is(line.folded.trim_end_matches([',', '.', '!'])) {
            let most = if contacts >= 2 { MAX_CONTACT_LINES } else { MAX_CLOSING_LINES };
            return (1..=most).contains(&written).then_some(at);
        }
        if written >= MAX_CONTACT_LINES || !is_personal(line) {
            return None;
        }
        written += 1;
        contacts += usize::from(is_contact(&line.folded));
    }
    None
}

/// The author's own full name with contact data under it. A block announced by a colon ("Please send the invoice
/// to:") is content, whoever's it is.
fn author_block(lines: &[Line<'_>], start: usize, last: usize, author: &str) -> Option<usize> {
    let mut written = 0;
    let mut contact = false;
    for at in (start..=last).rev() {
        let line = &lines[at];
        if line.is_blank() {
            continue;
        }
        if line.folded == author && contact && author.contains(' ') {
            let above = (start..at).rev().find(|&i| !lines[i].is_blank())?;
            let announced = lines[above].folded.ends_with(':');
            let thanks = lines[above].folded.ends_with(',') && lines[above].folded.len() <= 20;
            return (!announced && (thanks || lines[at - 1].is_blank())).then_some(at);
        }
        if written >= MAX_CLOSING_LINES || !is_personal(line) {
            return None;
        }
        contact |= is_contact(&line.folded);
        written += 1;
    }
    None
}

fn is_contact(folded: &str) -> bool {
    has_address(folded)
        || folded.contains("www.")
        || folded.contains("http")
        || folded.bytes().filter(u8::is_ascii_digit).count() >= 7
}

/// Contact data between two rules at the very end, as Japanese firms draw it. The lower one may have been taken for the
/// rule above a quotation.
fn framed(lines: &[Line<'_>], start: usize, last: usize) -> Option<usize> {
    let below = (last..lines.len().min(last + 4)).find(|&at| is_rule(&lines[at], 8))?;
    let (mut written, mut contacts) = (0, 0);
    for at in (start..below.min(last + 1)).rev().filter(|&at| !lines[at].is_blank()) {
        if is_rule(&lines[at], 8) {
            return (contacts >= 2 && written >= 3).then_some(at);
        }
        if written >= MAX_CONTACT_LINES || has_money(&lines[at].folded) {
            return None;
        }
        written += 1;
        contacts += usize::from(is_contact(&lines[at].folded));
    }
    None
}

/// "/Anna" under a text, as people sign in Scandinavia.
fn slash_name(lines: &[Line<'_>], start: usize, last: usize) -> Option<usize> {
    let name = lines[last].content().trim().strip_prefix('/')?;
    let signs = name.starts_with(char::is_uppercase)
        && name.split(' ').count() <= 3
        && name.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-' || c == '.');
    (signs && last > start && lines[last - 1].is_blank()).then_some(last)
}

/// Could this line stand under a closing: a name, a firm, a street, a telephone number? Not a question, a moment or
/// a sentence.
fn is_personal(line: &Line<'_>) -> bool {
    let folded = &line.folded;
    let words = folded.split(' ').count();
    let sentence = folded.ends_with('.') && words > 6 || words > 14;
    let afterthought = ["ps", "p.s", "p.s.", "nb", "p. s."]
        .iter()
        .any(|p| folded.strip_prefix(p).is_some_and(|r| r.starts_with([':', ' ', '.'])));
    let phone = folded.bytes().filter(u8::is_ascii_digit).count() >= 7;
    let moment = !phone && (has_date(folded) || has_time(folded));
    !folded.is_empty()
        && folded.chars().count() <= 100
        && !(folded.ends_with(['?', ':'])
            || sentence
            || afterthought
            || moment
            || has_money(folded))
}
