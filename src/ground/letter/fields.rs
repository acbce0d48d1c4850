//! The header block: where it ends and which fields it has, however badly it is written.
//!
//! Works on bytes and ranges only; decoding is the business of `words` and `params`. Written by hand because
//! a header block that ends too early shows header lines as text, and one that ends too late swallows it.

use std::ops::Range;

/// More fields than any honest letter has; later ones stay in the raw mail only.
const MAX_FIELDS: usize = 2_000;

/// How many lines after a line that is no field are looked at before the header is taken as ended.
const LOOK_AHEAD_LINES: usize = 4;

/// One field as ranges of the raw letter; the value still folded.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: Range<usize>,
    pub(super) value: Range<usize>,
}

/// A header block as found.
#[derive(Clone, Debug, Default)]
pub(super) struct Block {
    pub(super) fields: Vec<Field>,
    /// Where the body starts.
    pub(super) end: usize,
    /// More than [`MAX_FIELDS`].
    pub(super) overfull: bool,
}

impl Block {
    /// The raw value of the first field of this name.
    pub(super) fn get<'a>(&self, raw: &'a [u8], name: &str) -> Option<&'a [u8]> {
        self.all(raw, name).next()
    }

    /// The raw values of every field of this name, top first.
    pub(super) fn all<'s, 'a: 's>(
        &'s self,
        raw: &'a [u8],
        name: &'s str,
    ) -> impl Iterator<Item = &'a [u8]> + 's {
        self.fields
            .iter()
            .filter(move |f| raw[f.name.clone()].eq_ignore_ascii_case(name.as_bytes()))
            .map(move |f| &raw[f.value.clone()])
    }
}

/// The end of the line that starts at `at`: (end without line break, start of the next line).
pub(super) fn line(raw: &[u8], at: usize, limit: usize) -> (usize, usize) {
    let next = memchr_newline(&raw[at..limit]).map_or(limit, |n| at + n + 1);
    let mut end = next;
    if end > at && raw[end - 1] == b'\n' {
        end -= 1;
    }
    while end > at && raw[end - 1] == b'\r' {
        end -= 1;
    }
    (end, next)
}

fn memchr_newline(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|&b| b == b'\n')
}

/// Reads the block that starts at `start`. `stop` tells lines which end the entity (boundaries), for a header
/// that is cut off without an empty line.
pub(super) fn block(raw: &[u8], start: usize, limit: usize, stop: impl Fn(&[u8]) -> bool) -> Block {
    let mut found = Block { end: limit, ..Block::default() };
    let mut at = skip_prologue(raw, start, limit);
    while at < limit {
        let (end, next) = line(raw, at, limit);
        let text = &raw[at..end];
        if text.is_empty() {
            found.end = next;
            return found;
        }
        if text.starts_with(b"--") && stop(text) {
            found.end = at;
            return found;
        }
        let indent = text.len() - text.trim_ascii_start().len();
        // The very first field may be indented by mistake: there is nothing it could continue.
        let is_first = found.fields.is_empty() && field_colon(&text[indent..]).is_some();
        if indent > 0 && !is_first {
            // A line of blanks only: RFC 5322, 4.2 allows it inside a folded field, but senders use it as the
            // empty line too. What follows decides.
            if text.iter().all(u8::is_ascii_whitespace) && !header_follows(raw, next, limit) {
                found.end = next;
                return found;
            }
            extend(&mut found, end);
        } else if let Some(colon) = field_colon(&text[indent..]) {
            let at = at + indent;
            if found.fields.len() < MAX_FIELDS {
                let name_end = at + text[indent..][..colon].trim_ascii_end().len();
                found.fields.push(Field { name: at..name_end, value: at + colon + 1..end });
            } else {
                found.overfull = true;
            }
        } else if header_follows(raw, next, limit) {
            // A folded line that lost its indent, or rubbish between fields.
            extend(&mut found, end);
        } else {
            found.end = at;
            return found;
        }
        at = next;
    }
    found
}

fn extend(found: &mut Block, end: usize) {
    // Past MAX_FIELDS the last kept field must not grow by what belongs to a dropped one.
    if !found.overfull
        && let Some(last) = found.fields.last_mut()
    {
        last.value.end = end;
    }
}

/// An mbox separator, or empty lines that a broken gateway put first.
fn skip_prologue(raw: &[u8], start: usize, limit: usize) -> usize {
    let mut at = start;
    for _ in 0..LOOK_AHEAD_LINES {
        if at >= limit {
            return start;
        }
        let (end, next) = line(raw, at, limit);
        let text = &raw[at..end];
        if text.starts_with(b"From ") || text.starts_with(b">From ") {
            return next;
        }
        if !text.trim_ascii().is_empty() {
            return if field_colon(text).is_some() { at } else { start };
        }
        at = next;
    }
    start
}

/// Does a field (or the empty line) come within a few lines? Only well-known names count: a sentence with a
/// colon near the top of a text must not make its first lines header.
fn header_follows(raw: &[u8], start: usize, limit: usize) -> bool {
    let mut at = start;
    for _ in 0..LOOK_AHEAD_LINES {
        if at >= limit {
            return false;
        }
        let (end, next) = line(raw, at, limit);
        let text = &raw[at..end];
        if text.is_empty() {
            return false;
        }
        if field_colon(text).is_some_and(|colon| is_well_known(&text[..colon])) {
            return true;
        }
        at = next;
    }
    false
}

fn is_well_known(name: &[u8]) -> bool {
    const NAMES: [&str; 18] = [
        "from",
        "to",
        "cc",
        "bcc",
        "subject",
        "date",
        "message-id",
        "mime-version",
        "received",
        "return-path",
        "reply-to",
        "sender",
        "references",
        "in-reply-to",
        "delivered-to",
        "dkim-signature",
        "list-id",
        "precedence",
    ];
    let name = name.trim_ascii().to_ascii_lowercase();
    name.starts_with(b"content-")
        || name.starts_with(b"x-")
        || NAMES.iter().any(|known| known.as_bytes() == name)
}

/// The colon of `name: value`; names are printable ASCII without spaces (RFC 5322, 2.2), blanks before the
/// colon are tolerated (4.5.8).
fn field_colon(text: &[u8]) -> Option<usize> {
    let colon = text.iter().take(200).position(|&b| b == b':')?;
    let name = text[..colon].trim_ascii_end();
    (!name.is_empty() && name.iter().all(|b| (33..=126).contains(b))).then_some(colon)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// (raw, fields as "name=value|…", body)
    const CASES: &[(&str, &str, &str)] = &[
        ("A: 1\nB: 2\n\nbody", "A= 1|B= 2", "body"),
        ("A: 1\r\n  more\r\n\r\nbody", "A= 1\r\n  more", "body"),
        ("From x@y Mon Jan 1\nA: 1\n\nbody", "A= 1", "body"),
        ("\n\nA: 1\n\nbody", "A= 1", "body"),
        // The empty line is missing: the text starts at the line that is no field.
        ("Subject: x\nHello there,\nhow are you?\n", "Subject= x", "Hello there,\nhow are you?\n"),
        // A fold that lost its indent.
        ("Subject: x\nlong rest\nFrom: a@b\n\nbody", "Subject= x\nlong rest|From= a@b", "body"),
        ("A : 1\n\n", "A= 1", ""),
        ("A: 1\n--stop\nrest", "A= 1", "--stop\nrest"),
        ("just text\n", "", "just text\n"),
        ("A: 1\n \nbody", "A= 1", "body"),
        (" A: 1\nB: 2\n\nbody", "A= 1|B= 2", "body"),
        ("", "", ""),
    ];

    #[test]
    fn header_blocks_end_where_a_reader_would_end_them() {
        for (raw, fields, body) in CASES {
            let found = block(raw.as_bytes(), 0, raw.len(), |l| l == b"--stop");
            let got: Vec<String> = found
                .fields
                .iter()
                .map(|f| format!("{}={}", &raw[f.name.clone()], &raw[f.value.clone()]))
                .collect();
            assert_eq!((got.join("|").as_str(), &raw[found.end..]), (*fields, *body), "{raw:?}");
        }
    }
}
