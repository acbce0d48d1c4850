//! `value; name=value` fields: Content-Type and Content-Disposition (RFC 2045, 2183) with RFC 2231 names.

use super::{charset, transfer, words};

/// Segments of one parameter (`name*0`, `name*1`…) beyond this are forged.
const MAX_SEGMENTS: usize = 512;

/// Real fields with file names stay below 4 KB.
const MAX_FIELD_BYTES: usize = 64 * 1024;

/// A field value and its parameters, names in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Parameterized {
    pub(super) value: String,
    params: Vec<(String, String)>,
}

impl Parameterized {
    /// The parameter of this (lower-case) name.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// Reads a raw field value. `hint` is the charset for raw 8-bit names.
pub(super) fn parse(raw: &[u8], hint: Option<&str>) -> Parameterized {
    let (text, _) = words::to_text(&raw[..raw.len().min(MAX_FIELD_BYTES)], hint);
    let mut pieces = split(&text).into_iter();
    let first = pieces.next().unwrap_or_default();
    let (value, stray) = match first.split_once(char::is_whitespace) {
        // `text/plain charset=utf-8`: the semicolon was forgotten.
        Some((value, rest)) if rest.contains('=') => {
            (value.to_owned(), Some(rest.trim().to_owned()))
        }
        Some((value, _)) => (value.to_owned(), None),
        None if first.contains('=') && !first.contains('/') => (String::new(), Some(first.clone())),
        None => (first.clone(), None),
    };
    let mut plain: Vec<(String, String)> = Vec::new();
    let mut segments: Vec<Segment> = Vec::new();
    for piece in stray.into_iter().chain(pieces) {
        let Some((name, value)) = piece.split_once('=') else {
            continue;
        };
        let name = name.trim().to_ascii_lowercase();
        let value = unquote(value.trim());
        match name.split_once('*') {
            Some((base, rest)) if segments.len() < MAX_SEGMENTS => {
                segments.push(Segment::new(base, rest, value));
            }
            Some(_) => {}
            // The first of a repeated parameter counts.
            None if plain.iter().any(|(n, _)| *n == name) || plain.len() > 64 => {}
            None => plain.push((name, decoded_plain(&value))),
        }
    }
    let mut params = join(segments);
    for (name, value) in plain {
        // RFC 2231 spells the name exactly; the plain one is for old readers.
        if !params.iter().any(|(n, _)| *n == name) {
            params.push((name, value));
        }
    }
    Parameterized { value: value.trim().trim_matches('"').to_ascii_lowercase(), params }
}

fn decoded_plain(value: &str) -> String {
    let (decoded, _) = words::decode_words(value);
    // Some senders percent-encode and say so without the star.
    match decoded.split_once("''") {
        Some((label, rest)) if label.eq_ignore_ascii_case("utf-8") => {
            charset::decode(&transfer::percent(rest.as_bytes()), Some(label)).text
        }
        _ => decoded,
    }
}

struct Segment {
    base: String,
    index: usize,
    encoded: bool,
    value: String,
}

impl Segment {
    fn new(base: &str, rest: &str, value: String) -> Self {
        Segment {
            base: base.to_owned(),
            index: rest.trim_end_matches('*').parse().unwrap_or(0),
            encoded: rest.is_empty() || rest.ends_with('*'),
            value,
        }
    }
}

/// RFC 2231, 3 and 4: segments in the order of their numbers, the charset in the first.
fn join(mut segments: Vec<Segment>) -> Vec<(String, String)> {
    segments.sort_by(|a, b| (&a.base, a.index).cmp(&(&b.base, b.index)));
    let mut joined = Vec::new();
    for group in segments.chunk_by(|a, b| a.base == b.base) {
        let mut label = None;
        let mut bytes = Vec::new();
        for (n, segment) in group.iter().enumerate() {
            let mut value = segment.value.as_str();
            if n == 0
                && segment.encoded
                && let Some((charset, rest)) = value.split_once('\'')
                && let Some((_language, rest)) = rest.split_once('\'')
            {
                label = Some(charset.to_owned());
                value = rest;
            }
            if segment.encoded {
                bytes.extend(transfer::percent(value.as_bytes()));
            } else {
                bytes.extend_from_slice(value.as_bytes());
            }
        }
        let text = charset::decode(&bytes, label.as_deref()).text;
        let text = if label.is_none() { words::decode_words(&text).0 } else { text };
        joined.push((group[0].base.clone(), text));
    }
    joined
}

/// Splits at semicolons outside quotes and comments.
fn split(text: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut quoted = false;
    let mut comment = 0usize;
    let mut chars = text.chars().peekable();
    // A quote that never closes would swallow the other parameters.
    let mut quotes_left = text.matches('"').count();
    while let Some(c) = chars.next() {
        let last = pieces.last_mut().expect("never empty");
        match c {
            '\\' if quoted => {
                last.push(c);
                if let Some(&next) = chars.peek()
                    && matches!(next, '"' | '\\')
                {
                    last.push(next);
                    quotes_left -= usize::from(next == '"');
                    chars.next();
                }
            }
            '"' if comment == 0 => {
                quotes_left -= 1;
                quoted = !quoted && quotes_left > 0;
                last.push(c);
            }
            '"' => quotes_left -= 1,
            // An unquoted name may hold brackets: `name=offer (1).pdf`.
            '(' if !quoted && last.trim().is_empty() => comment += 1,
            '(' if comment > 0 => comment += 1,
            ')' if comment > 0 => comment -= 1,
            _ if comment > 0 => {}
            ';' if !quoted => pieces.push(String::new()),
            _ => last.push(c),
        }
    }
    pieces.iter_mut().for_each(|p| *p = p.trim().to_owned());
    pieces
}

/// Takes the quotes off. A backslash escapes only quote and backslash: `C:\temp` keeps its own.
fn unquote(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"') else {
        return value.to_owned();
    };
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if matches!(chars.peek(), Some('"' | '\\')) => out.extend(chars.next()),
            '"' => break,
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// (field, value, "name=value" of interest)
    const CASES: &[(&str, &str, &str, &str)] = &[
        ("Text/Plain; charset=utf-8", "text/plain", "charset", "utf-8"),
        ("text/plain charset=utf-8", "text/plain", "charset", "utf-8"),
        ("text/plain; charset=\"utf-8\" (really); x=y", "text/plain", "charset", "utf-8"),
        ("attachment; filename=\"a;b.pdf\"", "attachment", "filename", "a;b.pdf"),
        (
            "attachment; filename=offer (1) final.pdf",
            "attachment",
            "filename",
            "offer (1) final.pdf",
        ),
        ("attachment; filename=\"C:\\temp\\a.pdf\"", "attachment", "filename", "C:\\temp\\a.pdf"),
        ("attachment; filename=\"say \\\"hi\\\".txt\"", "attachment", "filename", "say \"hi\".txt"),
        (
            "attachment; filename*=utf-8'de'M%C3%BCller.pdf; filename=M.pdf",
            "attachment",
            "filename",
            "M\u{fc}ller.pdf",
        ),
        (
            "attachment; filename*1*=%C3%A9.pdf; filename*0*=utf-8''caf",
            "attachment",
            "filename",
            "caf\u{e9}.pdf",
        ),
        (
            "attachment; filename*0=\"long \"; filename*1=\"name.pdf\"",
            "attachment",
            "filename",
            "long name.pdf",
        ),
        (
            "attachment; filename=\"=?utf-8?B?Y2Fmw6kucGRm?=\"",
            "attachment",
            "filename",
            "caf\u{e9}.pdf",
        ),
        (
            "attachment; filename=\"utf-8''caf%C3%A9.pdf\"",
            "attachment",
            "filename",
            "caf\u{e9}.pdf",
        ),
        ("text/plain; name=\"never closed; charset=latin1", "text/plain", "charset", "latin1"),
        ("x/y; name=a; name=b", "x/y", "name", "a"),
        ("charset=utf-8", "", "charset", "utf-8"),
        ("\"text/html\"; charset=", "text/html", "charset", ""),
    ];

    #[test]
    fn parameters_are_found() {
        for (raw, value, name, param) in CASES {
            let got = parse(raw.as_bytes(), None);
            assert_eq!((got.value.as_str(), got.get(name)), (*value, Some(*param)), "{raw}");
        }
    }

    #[test]
    fn a_raw_name_takes_the_hint() {
        let got = parse(b"attachment; filename=\"caf\xe9.pdf\"", Some("iso-8859-1"));
        assert_eq!(got.get("filename"), Some("caf\u{e9}.pdf"));
    }
}
