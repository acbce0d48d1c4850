//! Forwarded mails: who wrote the inner one, when, about what, and its text.

use super::{
    Forwarded, attribution,
    header::{self, split_label},
    language::{FORWARD_MARKS, Field},
    line::{self, Line},
    notes,
    opener::Opener,
};
use crate::ground::{address::Mailbox, letter::Letter};

/// Does the subject say that the mail is a forward? Only the outermost mark counts: "Re: Fwd: …" answers one.
pub(super) fn is_forward_subject(subject: &str) -> bool {
    let folded = line::fold(subject);
    if folded.ends_with("(fwd)") && !is_reply_subject(subject) {
        return true;
    }
    let folded = untagged(&folded);
    if folded.starts_with("[fwd:") {
        return true;
    }
    mark(folded).is_some_and(|mark| FORWARD_MARKS.is(mark))
}

/// Does the subject say that the mail answers another? A language's own word for it counts less than a mark of its length:
/// two to four letters and a colon.
pub(super) fn is_reply_subject(subject: &str) -> bool {
    let folded = line::fold(subject);
    let folded = untagged(&folded);
    folded.starts_with("re")
        && folded[2..]
            .trim_start_matches(|c: char| c.is_ascii_digit() || "[]()^ ".contains(c))
            .starts_with(':')
        || mark(folded).is_some_and(|mark| REPLY_MARKS.contains(&mark))
}

/// Marks of replies over the languages, folded.
#[rustfmt::skip]
const REPLY_MARKS: &[&str] = &[
    "re", "aw", "antw", "antwort", "sv", "vs", "odp", "ynt", "yan", "res", "r", "rif", "ref", "rv", "resp", "bls", "atb", "vá", "vast", "vl", "na", "ha", "ανταπ", "απ", "σχετ", "на",
    "отв", "ответ", "відп", "答复", "答覆", "回复", "回覆", "回信", "返信", "회신", "답장", "رد", "השב", "תגובה",
];

/// "[EXTERNAL] Fwd: x": what gateways put before a subject is no part of it.
fn untagged(folded: &str) -> &str {
    let mut rest = folded.trim_start();
    while let Some((tag, behind)) = rest.strip_prefix('[').and_then(|r| r.split_once(']')) {
        if tag.contains(':') || behind.trim().is_empty() {
            break;
        }
        rest = behind.trim_start();
    }
    rest
}

/// What stands before the colon, without a counter: "Fwd[2]".
fn mark(folded: &str) -> Option<&str> {
    let (mark, _) = folded.split_once([':', '：'])?;
    let mark = mark.trim().trim_start_matches('[').trim();
    let mark = mark.trim_end_matches(|c: char| c.is_ascii_digit() || "[]()^. ".contains(c));
    (!mark.is_empty()).then_some(mark)
}

/// Where the forwarded mail ends: a program that quotes it with `>` leaves room below for its user's words.
pub(super) fn end(lines: &[Line<'_>], opener: &Opener) -> usize {
    let mut below = (opener.start..lines.len()).filter(|&at| !lines[at].is_blank());
    let banner = below.next().is_some_and(|at| lines[at].depth == 0);
    let quoted = !banner || below.next().is_some_and(|at| lines[at].depth > 0);
    let last = lines.iter().rposition(|line| line.depth > 0);
    last.filter(|_| quoted).map_or(lines.len(), |last| last + 1)
}

/// The forwarded mail below this opener.
pub(super) fn inner(lines: &[Line<'_>], opener: &Opener) -> Forwarded {
    let lines = &lines[..end(lines, opener)];
    // Apple Mail and others quote what they forward: one level is the program's.
    let below: Vec<Line<'_>> = lines[opener.start..]
        .iter()
        .skip(usize::from(opener.fields.is_empty() && opener.start < opener.end))
        .cloned()
        .collect();
    // Behind the banner, which may stand outside.
    let mut written = below.iter().filter(|l| !l.is_blank());
    let quoted = written.by_ref().take(2).any(|l| l.depth > 0);
    let text = below
        .iter()
        .map(|l| if quoted { one_level_less(&l.raw) } else { l.raw.as_ref() })
        .collect::<Vec<_>>()
        .join("\n");
    let lines = line::lines(&text);
    let first = (0..lines.len()).take(12).find(|&at| header::label(&lines[at]).is_some());
    let block = first.and_then(|at| header::block_at(&lines, at, true));
    let Some(block) = block else {
        return of_notes(&lines).unwrap_or_else(|| attributed(&lines));
    };
    let field = |wanted: &[Field]| {
        block
            .fields
            .iter()
            .find(|(f, _)| wanted.contains(f))
            .map(|&(_, at)| field_text(&lines, at, block.end))
    };
    // Zoho ends the headers with the banner again.
    let closed = lines.get(block.end).is_some_and(|l| header::is_framed(l));
    Forwarded {
        author: field(&[Field::From]).as_deref().and_then(mailbox),
        date: field(&[Field::Sent, Field::Date]).filter(|d| !d.is_empty()),
        subject: field(&[Field::Subject]).filter(|s| !s.is_empty()),
        text: join(&lines[block.end + usize::from(closed)..]),
    }
}

/// Notes writes a table without colons.
fn of_notes(lines: &[Line<'_>]) -> Option<Forwarded> {
    let start = (0..lines.len())
        .take(4)
        .find(|&at| !lines[at].is_blank() && notes::head_at(lines, at).is_some())?;
    let head = notes::head_at(lines, start)?;
    Some(Forwarded {
        author: mailbox(&notes::value(&lines[start])),
        date: Some(notes::value(&lines[head.moment])),
        subject: head.subject.map(|at| notes::value(&lines[at])),
        text: join(&lines[head.end..]),
    })
}

/// Yandex and Proton write an attribution line instead of headers.
fn attributed(lines: &[Line<'_>]) -> Forwarded {
    let found = (0..lines.len().min(6)).find_map(|end| {
        let (start, _) = attribution::ending_at(lines, 0, end, true)?;
        let line: Vec<&str> = lines[start..=end].iter().map(Line::content).collect();
        // The moment stands before the person, with a comma between.
        let line = line.join(" ");
        let person = line.rsplit(", ").find(|part| part.contains('@'));
        Some((person.and_then(mailbox), end + 1))
    });
    let (author, end) = found.unwrap_or((None, 0));
    Forwarded { author, date: None, subject: None, text: join(&lines[end..]) }
}

/// The forwarded mail when it came as an attachment (message/rfc822).
pub(super) fn enclosed(letter: &Letter) -> Option<Forwarded> {
    if !letter.reports.is_empty() {
        return None;
    }
    let inner = letter.enclosed.first()?;
    let text = inner.text();
    (!text.trim().is_empty() || !inner.from.is_empty()).then(|| Forwarded {
        author: inner.author().cloned(),
        date: inner.date.map(|date| date.to_string()),
        subject: Some(inner.subject.clone()).filter(|s| !s.is_empty()),
        text: text.trim().to_owned(),
    })
}

fn one_level_less(raw: &str) -> &str {
    let rest = raw.trim_start_matches([' ', '\t']);
    match rest.strip_prefix('>') {
        Some(rest) => rest.strip_prefix(' ').unwrap_or(rest),
        None => raw,
    }
}

fn join(lines: &[Line<'_>]) -> String {
    let text: Vec<&str> = lines.iter().map(|l| l.raw.as_ref()).collect();
    text.join("\n").trim().to_owned()
}

/// A field's value with its continuation lines.
fn field_text(lines: &[Line<'_>], at: usize, end: usize) -> String {
    let colon_normal = lines[at].content().replacen('：', ":", 1);
    let mut value =
        split_label(&colon_normal).map(|(_, v)| v.trim().to_owned()).unwrap_or_default();
    for line in &lines[at + 1..end] {
        if header::label(line).is_some() || line.is_blank() {
            break;
        }
        value.push(' ');
        value.push_str(line.content().trim());
    }
    value.trim_matches(|c: char| c.is_whitespace() || c == '*' || line::is_invisible(c)).to_owned()
}

/// "Ana <ana@example.org>", "Ana [mailto:ana@example.org]", "ana@example.org".
fn mailbox(text: &str) -> Option<Mailbox> {
    let clean: String = text.chars().filter(|c| !line::is_invisible(*c)).collect();
    let at = clean.find('@')?;
    let open = clean[..at]
        .rfind(|c: char| c.is_whitespace() || "<[(:\"'".contains(c))
        .map_or(0, |i| i + clean[i..].chars().next().map_or(1, char::len_utf8));
    let close = clean[at..]
        .find(|c: char| c.is_whitespace() || ">])\"';,".contains(c))
        .map_or(clean.len(), |i| at + i);
    let address = clean[open..close].parse().ok()?;
    let name = clean[..open]
        .split(['<', '['])
        .next()
        .unwrap_or_default()
        .trim_matches(|c: char| c.is_whitespace() || "\"'*(".contains(c));
    Some(Mailbox::new(Some(name), address))
}
