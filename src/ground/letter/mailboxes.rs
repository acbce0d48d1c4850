//! Address lists (RFC 5322, 3.4) as they are really written: what can be kept is kept.
//!
//! Cut into mailboxes before encoded words are decoded, so that an encoded comma or bracket cannot make an
//! address (RFC 2047, 5). A name is never taken for an address when the brackets hold something else: the
//! address decides who somebody is.

use super::words;
use crate::ground::address::{Address, Mailbox};

/// More recipients than this are not looked at.
const MAX_MAILBOXES: usize = 5_000;

/// Every mailbox in a raw field value.
pub(super) fn parse(raw: &[u8], hint: Option<&str>) -> Vec<Mailbox> {
    let (text, _) = words::to_text(raw, hint);
    let text = if needs_early_decoding(&text) { words::decode_words(&text).0 } else { text };
    split(&text).iter().filter_map(|item| mailbox(item)).take(MAX_MAILBOXES).collect()
}

/// Some senders encode the whole field, brackets and all: without an `@` outside there is nothing to lose.
fn needs_early_decoding(text: &str) -> bool {
    text.contains("=?") && !text.contains('@')
}

/// Items between commas (or semicolons, as Outlook writes them) outside quotes, comments and brackets;
/// group names (`friends: a, b;`) dropped.
fn split(text: &str) -> Vec<&str> {
    let mut items = Vec::new();
    let mut cutter = Cutter::default();
    // An odd quote is a typing mistake: from there on quotes are plain characters.
    let literal_quote = unpaired_quote(text);
    let mut seen_at = false;
    for (at, c) in text.char_indices() {
        let quote = c == '"' && Some(at) != literal_quote;
        seen_at |= c == '@';
        if cutter.ends_item(c, quote) {
            items.push(&text[cutter.start..at]);
            cutter.start = at + c.len_utf8();
            seen_at = false;
        } else if c == ':' && cutter.is_outside() && !seen_at {
            let word = text[cutter.start..at].trim();
            // `mailto:a@b` is no group.
            if !word.eq_ignore_ascii_case("mailto") {
                cutter.start = at + 1;
            }
        }
        if items.len() > MAX_MAILBOXES {
            return items;
        }
    }
    items.push(&text[cutter.start..]);
    items
}

#[derive(Default)]
struct Cutter {
    start: usize,
    quoted: bool,
    escaped: bool,
    comment: usize,
    angle: bool,
}

impl Cutter {
    fn is_outside(&self) -> bool {
        !self.quoted && self.comment == 0 && !self.angle
    }

    fn ends_item(&mut self, c: char, quote: bool) -> bool {
        if self.escaped {
            self.escaped = false;
            return false;
        }
        match c {
            '\\' => self.escaped = self.quoted || self.comment > 0,
            _ if quote && self.comment == 0 => self.quoted = !self.quoted,
            _ if self.quoted => {}
            '(' => self.comment += 1,
            ')' => self.comment = self.comment.saturating_sub(1),
            _ if self.comment > 0 => {}
            '<' => self.angle = true,
            '>' => self.angle = false,
            // A source route has commas inside (`<@a,@b:c@d>`); a bracket that never closes has not.
            ',' if !self.angle => return true,
            ';' => {
                self.angle = false;
                return true;
            }
            _ => {}
        }
        false
    }
}

fn unpaired_quote(text: &str) -> Option<usize> {
    let mut open = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if open.is_some() => escaped = true,
            '"' if open.is_some() => open = None,
            '"' => open = Some(at),
            _ => {}
        }
    }
    open
}

fn mailbox(item: &str) -> Option<Mailbox> {
    let item = item.trim();
    if item.is_empty() {
        return None;
    }
    match bracket(item) {
        Some((before, inside, after)) => {
            let address = address(inside)?;
            let name = name(before);
            let name = if name.is_empty() { name_or_comment(after) } else { name };
            Some(Mailbox::new(Some(&name), address))
        }
        None => without_brackets(item),
    }
}

/// `before <inside> after`: the last opening bracket outside quotes counts.
fn bracket(item: &str) -> Option<(&str, &str, &str)> {
    let mut quoted = false;
    let mut open = None;
    let literal_quote = unpaired_quote(item);
    for (at, c) in item.char_indices() {
        match c {
            '"' if Some(at) != literal_quote => quoted = !quoted,
            '<' if !quoted => open = Some(at),
            _ => {}
        }
    }
    let open = open?;
    let rest = &item[open + 1..];
    let close = rest.find('>').unwrap_or(rest.len());
    let after = rest.get(close + 1..).unwrap_or_default();
    Some((item[..open].trim_end_matches('<'), &rest[..close], after))
}

/// The address itself, perhaps with a comment or a name beside it.
fn without_brackets(item: &str) -> Option<Mailbox> {
    let (without, comment) = take_comments(item);
    if let Some(address) = address(&without) {
        return Some(Mailbox::new(Some(&words::decode_words(&comment).0), address));
    }
    let found = without.split_whitespace().find_map(|token| Some((token, address(token)?)));
    let (token, address) = found?;
    let name = without.replacen(token, " ", 1);
    Some(Mailbox::new(Some(&self::name(&name)), address))
}

/// The address inside the brackets, after the repairs that cannot change who is meant.
fn address(text: &str) -> Option<Address> {
    let (text, _) = take_comments(text);
    let mut text = text.trim();
    text = text.strip_prefix("mailto:").or_else(|| text.strip_prefix("MAILTO:")).unwrap_or(text);
    if text.starts_with('@')
        && let Some((_route, rest)) = text.split_once(':')
    {
        text = rest; // RFC 5322, 4.4: a route is to be ignored
    }
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    let stripped = text.trim_matches(['\'', '"', '<', '>', ',', ';', '[', ']', ' ', '.', '`']);
    if let Ok(address) = stripped.parse() {
        return Some(address);
    }
    // `john . doe @ example . org` (RFC 5322, 4.4 obs-local-part). Only around dots and the at: two words are
    // two words.
    let joined = stripped
        .split('@')
        .map(|side| side.split('.').map(str::trim).collect::<Vec<_>>().join("."))
        .collect::<Vec<_>>()
        .join("@");
    joined.parse().ok()
}

/// A display name: quotes taken off, comments dropped, encoded words decoded.
fn name(text: &str) -> String {
    let text = text.trim();
    let unquoted = unquote(text);
    let without = if text.contains('"') { unquoted } else { take_comments(&unquoted).0 };
    let (decoded, _) = words::decode_words(&without);
    let decoded = decoded.trim();
    // `'Anna'` and `"'Anna'"` are how Outlook writes an address book entry.
    let inner = decoded.strip_prefix('\'').and_then(|d| d.strip_suffix('\'')).unwrap_or(decoded);
    inner.trim().to_owned()
}

fn name_or_comment(text: &str) -> String {
    let (without, comment) = take_comments(text);
    let name = name(&without);
    if name.is_empty() { words::decode_words(&comment).0 } else { name }
}

fn unquote(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    let mut quoted = false;
    while let Some(c) = chars.next() {
        match c {
            '"' => quoted = !quoted,
            '\\' if quoted => out.extend(chars.next()),
            _ => out.push(c),
        }
    }
    out
}

/// (text without comments, the comments), RFC 5322, 3.2.2; they may be nested.
fn take_comments(text: &str) -> (String, String) {
    if !text.contains('(') {
        return (text.to_owned(), String::new());
    }
    let (mut outside, mut inside) = (String::new(), String::new());
    let mut depth = 0usize;
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '"' if depth == 0 => {
                quoted = !quoted;
                outside.push(c);
            }
            '(' if !quoted => {
                depth += 1;
                if depth > 1 {
                    inside.push(c);
                }
            }
            ')' if !quoted && depth > 0 => {
                depth -= 1;
                if depth > 0 {
                    inside.push(c);
                }
            }
            _ if depth > 0 => inside.push(c),
            _ => outside.push(c),
        }
    }
    (outside.trim().to_owned(), inside.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// (field, "name|address" joined with ", ")
    const CASES: &[(&str, &str)] = &[
        ("a@b.org", "|a@b.org"),
        ("Anna <a@b.org>, c@d.org", "Anna|a@b.org, |c@d.org"),
        ("\"Doe, John\" <j@d.org>", "Doe, John|j@d.org"),
        ("\"John \\\"X\\\" Doe\" <j@d.org>", "John \"X\" Doe|j@d.org"),
        ("a@b.org (Anna B)", "Anna B|a@b.org"),
        ("Anna (at work) <a@b.org>", "Anna|a@b.org"),
        ("undisclosed-recipients:;", ""),
        ("friends: a@b.org, C <c@d.org>; e@f.org", "|a@b.org, C|c@d.org, |e@f.org"),
        ("a@b.org; c@d.org", "|a@b.org, |c@d.org"),
        ("Anna <a@b.org", "Anna|a@b.org"),
        ("Anna a@b.org", "Anna|a@b.org"),
        ("<@x.org,@y.org:a@b.org>", "|a@b.org"),
        ("Anna <mailto:a@b.org>", "Anna|a@b.org"),
        ("'a@b.org'", "|a@b.org"),
        ("\"a@b.org\" <a@b.org>", "a@b.org|a@b.org"),
        ("john . doe @ example . org", "|john.doe@example.org"),
        ("\"john doe\"@b.org", "|\"john doe\"@b.org"),
        // The encoded comma stays in the name.
        ("=?utf-8?Q?Doe=2C_J=C3=A9?= <j@d.org>", "Doe, J\u{e9}|j@d.org"),
        ("=?utf-8?Q?Evil_=3Cx=40y.org=3E?= <j@d.org>", "Evil <x@y.org>|j@d.org"),
        // The whole field encoded.
        ("=?utf-8?Q?Anna_=3Ca=40b.org=3E?=", "Anna|a@b.org"),
        // A bad address in brackets makes no mailbox, not even from its name.
        ("\"boss@b.org\" <not an address>", ""),
        ("\"never closed <a@b.org>, c@d.org", "never closed|a@b.org, |c@d.org"),
        ("Anna <<a@b.org>>", "Anna|a@b.org"),
        ("<a@b.org> Anna", "Anna|a@b.org"),
        (", ,", ""),
    ];

    #[test]
    fn mailboxes_are_kept_where_they_can_be() {
        for (raw, expected) in CASES {
            let got: Vec<String> = parse(raw.as_bytes(), None)
                .iter()
                .map(|m| format!("{}|{}", m.name.as_deref().unwrap_or_default(), m.address))
                .collect();
            assert_eq!(got.join(", "), *expected, "{raw}");
        }
    }
}
