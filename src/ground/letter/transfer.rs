//! Content-Transfer-Encoding undone, tolerantly: what can be decoded is there, and whether all could.

use std::borrow::Cow;

use super::uuencode;

/// Decoded bytes and whether the encoding was broken somewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Undone {
    pub(super) bytes: Vec<u8>,
    pub(super) broken: bool,
}

/// Undoes the named encoding; an unknown name is read as identity (RFC 2045, 6.4 would make the part
/// unreadable, which helps nobody).
pub(super) fn undo<'a>(name: &str, raw: &'a [u8]) -> (Cow<'a, [u8]>, bool) {
    let name = name.split([';', ' ', '\t', '(']).next().unwrap_or_default();
    let name = name.trim_matches('"').to_ascii_lowercase();
    match name.as_str() {
        "base64" | "base-64" | "b64" | "x-base64" | "b" => {
            if is_really_text(raw) && !is_urlsafe(raw) {
                return (Cow::Borrowed(raw), true);
            }
            let undone = base64(raw);
            (Cow::Owned(undone.bytes), undone.broken)
        }
        "quoted-printable" | "quoted_printable" | "quotedprintable" | "qp" | "q" => {
            let undone = quoted_printable(raw);
            (Cow::Owned(undone.bytes), undone.broken)
        }
        "uuencode" | "x-uuencode" | "x-uue" | "uue" => {
            let (_, mut files) = uuencode::extract(&String::from_utf8_lossy(raw));
            match files.pop() {
                Some(file) => (Cow::Owned(file.content), false),
                None => (Cow::Borrowed(raw), true),
            }
        }
        "" | "7bit" | "8bit" | "binary" | "7-bit" | "8-bit" | "none" | "7bits" | "8bits" => {
            (Cow::Borrowed(raw), false)
        }
        _ => (Cow::Borrowed(raw), true),
    }
}

/// Said to be base64, but plain sentences: more than a twentieth of it cannot stand in base64.
fn is_really_text(raw: &[u8]) -> bool {
    let sample = raw[..raw.len().min(4_096)].trim_ascii_start();
    let first = sample.split(|&b| b == b'\n').next().unwrap_or_default().trim_ascii_end();
    let whole = |b: &u8| sextet(*b).is_some() || *b == b'=';
    if first.len() >= 8 && first.len().is_multiple_of(4) && first.iter().all(whole) {
        return false; // what is foreign was appended
    }
    let foreign = sample
        .iter()
        .filter(|&&b| sextet(b).is_none() && b != b'=' && !matches!(b, b'\r' | b'\n'))
        .count();
    foreign > 2 && foreign * 20 > sample.len()
}

fn sextet(b: u8) -> Option<u8> {
    Some(match b {
        b'A'..=b'Z' => b - b'A',
        b'a'..=b'z' => b - b'a' + 26,
        b'0'..=b'9' => b - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

/// Base64 (RFC 2045, 6.8): foreign characters are skipped. Padding ends a group and not the content, for
/// senders that join encoded pieces; but what follows must look encoded, for lists that append a footer.
pub(super) fn base64(raw: &[u8]) -> Undone {
    if is_urlsafe(raw) {
        let usual = |b: &u8| match b {
            b'-' => b'+',
            b'_' => b'/',
            b => *b,
        };
        return base64_usual(&raw.iter().map(usual).collect::<Vec<u8>>());
    }
    base64_usual(raw)
}

/// The alphabet for addresses of the web (RFC 4648, 5), which scripts take by mistake: its two signs, and none of the usual
/// two nor anything foreign.
fn is_urlsafe(raw: &[u8]) -> bool {
    let whole = |b: &u8| {
        sextet(*b).is_some() && !matches!(b, b'+' | b'/')
            || matches!(b, b'-' | b'_' | b'=')
            || b.is_ascii_whitespace()
    };
    raw.iter().any(|b| matches!(b, b'-' | b'_'))
        && raw.iter().all(whole)
        && raw.split(|b| *b == b'\n').all(|line| !line.starts_with(b"--"))
        && !raw.contains(&b' ')
        && raw.len() >= 24
        && fits(raw.iter().filter(|b| !b.is_ascii_whitespace()).count(), raw.contains(&b'='))
        && raw.iter().any(u8::is_ascii_uppercase)
        && raw.iter().any(u8::is_ascii_lowercase)
}

/// Groups of four, the last one open only without padding.
fn fits(characters: usize, padded: bool) -> bool {
    characters.is_multiple_of(4) || !padded && characters % 4 != 1
}

fn base64_usual(raw: &[u8]) -> Undone {
    let mut undone = Undone { bytes: Vec::with_capacity(raw.len() / 4 * 3), broken: false };
    let (mut group, mut count) = (0u32, 0u8);
    let mut padded = false;
    for line in raw.split(|&b| b == b'\n') {
        if padded && !line.trim_ascii_end().iter().all(|&b| sextet(b).is_some() || b == b'=') {
            undone.broken = true;
            break;
        }
        if count == 0 && !undone.bytes.is_empty() && is_appended(line) {
            undone.broken = true;
            break;
        }
        for &b in line {
            if let Some(bits) = sextet(b) {
                group = group << 6 | u32::from(bits);
                count += 1;
                if count == 4 {
                    undone.bytes.extend_from_slice(&group.to_be_bytes()[1..]);
                    (group, count) = (0, 0);
                }
            } else if b == b'=' {
                undone.broken |= finish(group, count, &mut undone.bytes);
                (group, count, padded) = (0, 0, true);
            } else if !b.is_ascii_whitespace() {
                undone.broken = true;
            } else if padded && b != b'\r' {
                break; // a remark behind the padding
            }
        }
    }
    if count > 0 {
        finish(group, count, &mut undone.bytes);
        undone.broken = true;
    }
    undone
}

/// A line that a list or a scanner put below the encoded text, which happened to end without padding: words, or a rule.
fn is_appended(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let foreign = line.iter().filter(|&&b| sextet(b).is_none() && b != b'=').count();
    foreign > 2 && (line.contains(&b' ') || foreign == line.len())
}

/// The last group: two characters make one byte, three make two, one makes none.
fn finish(group: u32, count: u8, bytes: &mut Vec<u8>) -> bool {
    match count {
        2 => bytes.push((group >> 4) as u8),
        3 => bytes.extend_from_slice(&((group >> 2) as u16).to_be_bytes()),
        _ => {}
    }
    count == 1
}

fn hex(b: u8) -> Option<u8> {
    char::from(b).to_digit(16).map(|d| d as u8)
}

fn hex_pair(raw: &[u8]) -> Option<u8> {
    Some(hex(*raw.first()?)? << 4 | hex(*raw.get(1)?)?)
}

/// Quoted-printable (RFC 2045, 6.7): blanks at line ends go, `=` without two digits stays as written.
pub(super) fn quoted_printable(raw: &[u8]) -> Undone {
    let mut undone = Undone { bytes: Vec::with_capacity(raw.len()), broken: false };
    let mut lines = raw.split_inclusive(|&b| b == b'\n');
    for line in &mut lines {
        let text = line.trim_ascii_end();
        let has_break = line.ends_with(b"\n");
        // A blank before a break was added on the way; a form feed or the like was meant.
        let soft = text.ends_with(b"=");
        let text = if soft { &text[..text.len() - 1] } else { text };
        quoted_line(text, &mut undone);
        if !soft && has_break {
            let crlf = line.ends_with(b"\r\n");
            undone.bytes.extend_from_slice(if crlf { b"\r\n" } else { b"\n" });
        }
    }
    undone
}

fn quoted_line(text: &[u8], undone: &mut Undone) {
    let mut rest = text;
    while let Some(at) = rest.iter().position(|&b| b == b'=') {
        undone.bytes.extend_from_slice(&rest[..at]);
        if let Some(byte) = hex_pair(&rest[at + 1..]) {
            undone.bytes.push(byte);
            rest = &rest[at + 3..];
        } else {
            undone.bytes.push(b'=');
            undone.broken = true;
            rest = &rest[at + 1..];
        }
    }
    undone.bytes.extend_from_slice(rest);
}

/// The Q encoding of header words (RFC 2047, 4.2): `_` is a space.
pub(super) fn q_word(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut at = 0;
    while at < raw.len() {
        match raw[at] {
            b'_' => out.push(b' '),
            b'=' => match hex_pair(&raw[at + 1..]) {
                Some(byte) => {
                    out.push(byte);
                    at += 2;
                }
                None => out.push(b'='),
            },
            b => out.push(b),
        }
        at += 1;
    }
    out
}

/// Percent encoding of RFC 2231 parameters.
pub(super) fn percent(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut at = 0;
    while at < raw.len() {
        match hex_pair(&raw[(at + 1).min(raw.len())..]) {
            Some(byte) if raw[at] == b'%' => {
                out.push(byte);
                at += 3;
            }
            _ => {
                out.push(raw[at]);
                at += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_undone_as_far_as_they_go() {
        let cases: &[(&str, &str, &str, bool)] = &[
            ("base64", "SGVsbG8=", "Hello", false),
            ("BASE64 ", "SGVs\r\nbG8=\r\n", "Hello", false),
            ("base64", "SGVsbG8", "Hello", true),
            ("base64", "SGVsbG8sIHdvcmxk-LCBoZWxsbyE=", "Hello, world, hello!", true),
            ("base64", "SGk= ignored\nSGVsbG8=\n", "HiHello", false),
            ("base64", "SGVsbG8=\n____\nA list, see http://x.org\n", "Hello", true),
            ("base64", "SGVsbG8h\n____\nA list, see http://x.org\n", "Hello!", true),
            // Two encoded pieces joined.
            ("base64", "SGk=SGVsbG8=", "HiHello", false),
            (
                "base64",
                "This is no base64 at all, sorry.",
                "This is no base64 at all, sorry.",
                true,
            ),
            ("quoted-printable", "a=20b=\r\nc  \r\nd=3D", "a bc\r\nd=", false),
            ("quoted-printable", "50 = half =zz =e9", "50 = half =zz \u{e9}", true),
            ("quoted-printable", "end=", "end", false),
            ("8bit", "x=20", "x=20", false),
            ("x-strange", "kept", "kept", true),
        ];
        for (name, raw, text, broken) in cases {
            let (bytes, was_broken) = undo(name, raw.as_bytes());
            let got: String = bytes.iter().map(|&b| char::from(b)).collect();
            assert_eq!((got.as_str(), was_broken), (*text, *broken), "{raw}");
        }
    }
}
