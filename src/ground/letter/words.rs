//! Unstructured header text: unfolding, encoded words (RFC 2047) and raw 8-bit bytes.
//!
//! Neighbouring words of one charset are joined as bytes before decoding: many senders cut a word inside a
//! multibyte character, which the RFC forbids and everybody reads.

use super::{charset, transfer};

/// What decoding a header told besides the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Remarks {
    pub(super) eight_bit: bool,
    pub(super) guessed: Option<String>,
}

/// A header value as a person reads it: unfolded, decoded, without control characters.
pub(super) fn decode(raw: &[u8], hint: Option<&str>) -> (String, Remarks) {
    let (text, mut remarks) = to_text(raw, hint);
    let (decoded, guessed) = decode_words(&text);
    remarks.guessed = remarks.guessed.or(guessed);
    (decoded.trim().to_owned(), remarks)
}

/// Unfolds and makes characters of raw 8-bit bytes; encoded words stay as they are.
pub(super) fn to_text(raw: &[u8], hint: Option<&str>) -> (String, Remarks) {
    let mut flat = Vec::with_capacity(raw.len());
    let mut at_fold = false;
    for &b in raw {
        match b {
            b'\r' | b'\n' => at_fold = true,
            b' ' | b'\t' if at_fold => {}
            _ => {
                if at_fold {
                    flat.push(b' ');
                    at_fold = false;
                }
                // ESC stays: ISO-2022-JP stands raw in Japanese headers.
                flat.push(if b < 0x20 && b != 0x1b || b == 0x7f { b' ' } else { b });
            }
        }
    }
    let raw_charset = !flat.is_ascii() || flat.windows(2).any(|w| w == b"\x1b$");
    if !raw_charset {
        let text = String::from_utf8_lossy(&flat).replace('\u{1b}', " ");
        return (text, Remarks::default());
    }
    // UTF-8 is what RFC 6532 allows; else the charset of the body is the best witness.
    let label = if std::str::from_utf8(&flat).is_ok() && !flat.contains(&0x1b) {
        Some("utf-8")
    } else {
        hint.filter(|h| !h.to_ascii_lowercase().starts_with("utf"))
    };
    let decoded = charset::decode(&flat, label);
    let remarks = Remarks { eight_bit: true, guessed: decoded.guessed };
    (without_controls(&decoded.text), remarks)
}

fn without_controls(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

struct Word<'a> {
    charset: &'a str,
    piece: Piece<'a>,
    /// Bytes of the input that the word takes.
    len: usize,
}

#[derive(Clone, Copy)]
struct Piece<'a> {
    is_q: bool,
    encoded: &'a str,
}

/// Decodes every encoded word in a text that is already characters.
pub(super) fn decode_words(text: &str) -> (String, Option<String>) {
    if !text.contains("=?") {
        return (text.to_owned(), None);
    }
    let mut out = String::with_capacity(text.len());
    let mut guessed = None;
    let mut pending: Option<(&str, Vec<Piece<'_>>)> = None;
    let mut rest = text;
    let mut no_more_ends = false;
    while let Some(start) = rest.find("=?") {
        let between = &rest[..start];
        let word = if no_more_ends { None } else { word_at(&rest[start..], &mut no_more_ends) };
        let Some(word) = word else {
            flush(&mut pending, &mut out, &mut guessed);
            out.push_str(&rest[..start + 2]);
            rest = &rest[start + 2..];
            continue;
        };
        // White space between two encoded words is no text (RFC 2047, 6.2).
        let joins = pending.is_some() && between.trim().is_empty();
        if !joins {
            flush(&mut pending, &mut out, &mut guessed);
            out.push_str(between);
        }
        match &mut pending {
            Some((charset, pieces)) if charset.eq_ignore_ascii_case(word.charset) => {
                pieces.push(word.piece);
            }
            _ => {
                flush(&mut pending, &mut out, &mut guessed);
                pending = Some((word.charset, vec![word.piece]));
            }
        }
        rest = &rest[start + word.len..];
    }
    flush(&mut pending, &mut out, &mut guessed);
    out.push_str(rest);
    (without_controls(&out), guessed)
}

fn flush(
    pending: &mut Option<(&str, Vec<Piece<'_>>)>,
    out: &mut String,
    guessed: &mut Option<String>,
) {
    if let Some((label, pieces)) = pending.take() {
        let decoded = charset::decode(&join(&pieces), Some(label));
        out.push_str(&decoded.text);
        if guessed.is_none() {
            *guessed = decoded.guessed;
        }
    }
}

/// The bytes of neighbouring words. Base64 cut inside a group of four goes on in the next word.
fn join(pieces: &[Piece<'_>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut base64 = String::new();
    for piece in pieces {
        if piece.is_q {
            bytes.extend(transfer::base64(base64.as_bytes()).bytes);
            base64.clear();
            bytes.extend(transfer::q_word(piece.encoded.as_bytes()));
        } else {
            base64.push_str(piece.encoded);
        }
    }
    bytes.extend(transfer::base64(base64.as_bytes()).bytes);
    bytes
}

/// Reads one word at the start of `text`. `no_more_ends` is set when no `?=` follows at all, so that a header
/// of a thousand false starts is searched once.
fn word_at<'a>(text: &'a str, no_more_ends: &mut bool) -> Option<Word<'a>> {
    let body = text.strip_prefix("=?")?;
    let charset_end = body.bytes().take(64).position(|b| b == b'?')?;
    let charset = &body[..charset_end];
    if charset.is_empty() || charset.bytes().any(|b| b.is_ascii_whitespace() || b == b'=') {
        return None;
    }
    let after = body[charset_end + 1..].trim_start();
    let encoding = after.bytes().next()?.to_ascii_lowercase();
    let content = after.get(1..)?.trim_start().strip_prefix('?')?;
    if !matches!(encoding, b'q' | b'b') {
        return None;
    }
    let end = word_end(content, encoding == b'q', no_more_ends)?;
    let encoded = &content[..end];
    let piece = Piece { is_q: encoding == b'q', encoded };
    let charset = charset.split('*').next().unwrap_or(charset); // RFC 2231, 5: a language may follow
    let len = text.len() - content.len() + end + 2;
    Some(Word { charset, piece, len })
}

/// Where `?=` ends the word. In Q text of careless senders `?=20` is a question mark and an encoded space.
fn word_end(content: &str, is_q: bool, no_more_ends: &mut bool) -> Option<usize> {
    let mut from = 0;
    // Careless question marks are few; the bound keeps `?=20?=20…` linear.
    for _ in 0..64 {
        let Some(found) = content[from..].find("?=").map(|n| from + n) else {
            *no_more_ends |= from == 0;
            return (from > 0).then(|| from - 2);
        };
        let next = &content.as_bytes()[found + 2..];
        let hex_follows = is_q
            && next.len() >= 2
            && next[0].is_ascii_hexdigit()
            && next[1].is_ascii_hexdigit()
            && next.get(2) != Some(&b' ');
        if !hex_follows {
            return Some(found);
        }
        from = found + 2;
    }
    Some(from - 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_words_are_read_as_meant() {
        let cases: &[(&str, &str)] = &[
            ("=?utf-8?Q?caf=C3=A9?=", "caf\u{e9}"),
            (
                "=?iso-8859-1?q?Gr=FC=DFe_aus?= M=?utf-8?b?w7w=?=nchen",
                "Gr\u{fc}\u{df}e aus M\u{fc}nchen",
            ),
            // White space between words goes, beside text it stays.
            ("a =?utf-8?q?b?= =?utf-8?q?c?= d", "a bc d"),
            // Cut inside a group of base64, inside a character, B then Q.
            ("=?utf-8?B?w?= =?utf-8?B?7w=?=", "\u{fc}"),
            ("=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?=", "caf\u{e9}"),
            ("=?utf-8?B?Y2Fmww==?= =?UTF-8?Q?=A9_bar?=", "caf\u{e9} bar"),
            ("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "\u{65e5}\u{672c}"),
            // Words stuck together, a language, spaces inside, a careless question mark.
            ("=?utf-8?q?a?==?utf-8?q?b?=", "ab"),
            ("=?utf-8*en?q?a?=", "a"),
            ("=?utf-8?Q?two words?=", "two words"),
            ("=?utf-8?Q?Really?=20yes?=", "Really? yes"),
            // No words at all.
            ("=?nonsense", "=?nonsense"),
            ("=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
            ("=?utf-8?q?never ends", "=?utf-8?q?never ends"),
            ("2 =? 3", "2 =? 3"),
            ("=?utf-8?q?line=0D=0ABcc:_x?=", "line  Bcc: x"),
        ];
        for (raw, text) in cases {
            assert_eq!(decode(raw.as_bytes(), None).0, *text, "{raw}");
        }
    }

    #[test]
    fn raw_bytes_take_the_charset_of_the_body_or_a_guess() {
        let (text, remarks) = decode(b"Pr\xe9nom\r\n\tsuite", Some("iso-8859-1"));
        assert_eq!((text.as_str(), remarks.eight_bit), ("Pr\u{e9}nom suite", true));
        let (text, _) = decode("Übernachtung".as_bytes(), Some("iso-8859-1"));
        assert_eq!(text, "Übernachtung");
        let (text, _) = decode(b"\x1b$BF|K\\\x1b(B", None);
        assert_eq!(text, "\u{65e5}\u{672c}");
    }
}
