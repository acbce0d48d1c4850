//! Character references (HTML, 13.2.5.72): the names are html5ever's table.

use std::borrow::Cow;

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// The longest name is `CounterClockwiseContourIntegral;`.
const MAX_NAME: usize = 33;

/// Appends a text as it may stand in HTML and XML, in attributes with double quotes too. What XML 1.0 cannot hold in any
/// form is dropped: control characters but tabs and line ends, and the two that are no characters.
pub(super) fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
}

/// Replaces the references in a text.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find('&') else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..first]);
    let mut rest = &text[first..];
    while let Some(tail) = rest.strip_prefix('&') {
        let taken = reference(tail, &mut out);
        if taken == 0 {
            out.push('&');
        }
        rest = &tail[taken..];
        let next = rest.find('&').unwrap_or(rest.len());
        out.push_str(&rest[..next]);
        rest = &rest[next..];
    }
    Cow::Owned(out)
}

/// Reads one reference after its `&`; returns the bytes taken, 0 when it is none.
fn reference(tail: &str, out: &mut String) -> usize {
    if let Some(number) = tail.strip_prefix('#') {
        return numeric(number, out).map_or(0, |taken| taken + 1);
    }
    let bytes = tail.as_bytes();
    let letters = bytes.iter().take(MAX_NAME).take_while(|b| b.is_ascii_alphanumeric()).count();
    let with_semicolon = bytes.get(letters) == Some(&b';');
    if with_semicolon && push_named(&tail[..=letters], out) {
        return letters + 1;
    }
    // The old names work without a semicolon: `&nbsp`, `&copy2024`.
    (2..=letters.min(6)).rev().find(|&len| push_named(&tail[..len], out)).unwrap_or(0)
}

fn push_named(name: &str, out: &mut String) -> bool {
    // The table holds every prefix of a name, as (0, 0).
    match NAMED_ENTITIES.get(name) {
        Some(&(first, second)) if first != 0 => {
            out.extend(char::from_u32(first));
            out.extend(char::from_u32(second).filter(|c| *c != '\0'));
            true
        }
        _ => false,
    }
}

fn numeric(number: &str, out: &mut String) -> Option<usize> {
    let (digits, radix, marker) = match number.strip_prefix(['x', 'X']) {
        Some(hex) => (hex, 16, 1),
        None => (number, 10, 0),
    };
    let len = digits.bytes().take_while(|b| char::from(*b).is_digit(radix)).count();
    if len == 0 {
        return None;
    }
    let code = u32::from_str_radix(&digits[..len], radix).unwrap_or(u32::MAX);
    let c1 = || {
        let index = usize::try_from(code).ok()?.checked_sub(0x80)?;
        C1_REPLACEMENTS.get(index).copied().flatten()
    };
    let c = c1().or_else(|| char::from_u32(code)).unwrap_or(char::REPLACEMENT_CHARACTER);
    out.push(if c == '\0' { char::REPLACEMENT_CHARACTER } else { c });
    let semicolon = digits.as_bytes().get(len) == Some(&b';');
    Some(marker + len + usize::from(semicolon))
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn references_are_replaced() {
        let cases = [
            ("a &amp; b &eacute;&#233;&#xE9;", "a & b \u{e9}\u{e9}\u{e9}"),
            ("&nbsp;&nbspx", "\u{a0}\u{a0}x"),
            ("&#128; &#0; &#99999999999;", "\u{20ac} \u{fffd} \u{fffd}"),
            ("R&D & co &unknown; &;", "R&D & co &unknown; &;"),
            ("&copy2024", "\u{a9}2024"),
            ("&hellip;&rarr;", "\u{2026}\u{2192}"),
        ];
        for (html, text) in cases {
            assert_eq!(decode(html), text, "{html}");
        }
    }
}
