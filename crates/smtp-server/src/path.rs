//! Reverse-path and forward-path: what stands between `<` and `>` in MAIL and RCPT. Ours, because
//! smtp-proto's reading unquotes (`"a@b"@c` becomes `a@b@c`), takes `<postmaster>` for `<>` and
//! refuses address literals. Here the text stays as it was said, split at the right `@`.

use std::{borrow::Cow, fmt};

/// RFC 5321, 4.5.3.1.3 has 256 octets; senders with long VERP local parts go beyond.
const MAX_PATH_BYTES: usize = 512;

/// A path: a mailbox, the null path `<>`, or `<postmaster>` without a domain.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Path {
    text: String,
    /// Where the `@` between local part and domain is.
    at: Option<usize>,
}

impl Path {
    /// The path as it was said, without `<>` and without a source route; empty if null.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// `<>`: the sender of bounces, to be answered by nobody.
    pub fn is_null(&self) -> bool {
        self.text.is_empty()
    }

    /// `<postmaster>` without a domain, which RFC 5321, 4.5.1 wants accepted everywhere.
    pub fn is_bare_postmaster(&self) -> bool {
        self.at.is_none() && !self.is_null()
    }

    /// The local part with quoting undone: `"john doe"@x` gives `john doe`.
    pub fn local_part(&self) -> Cow<'_, str> {
        let local = &self.text[..self.at.unwrap_or(self.text.len())];
        let Some(quoted) = local.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
            return Cow::Borrowed(local);
        };
        let mut plain = String::with_capacity(quoted.len());
        let mut chars = quoted.chars();
        while let Some(c) = chars.next() {
            plain.extend(if c == '\\' { chars.next() } else { Some(c) });
        }
        Cow::Owned(plain)
    }

    /// The domain as it was said, or an address literal in its brackets; empty for the null path
    /// and for a bare postmaster.
    pub fn domain(&self) -> &str {
        self.at.map_or("", |at| &self.text[at + 1..])
    }

    /// Whether this path can only be said with `SMTPUTF8`.
    pub fn needs_smtputf8(&self) -> bool {
        !self.text.is_ascii()
    }

    /// Reads `<path>` at the start of `text` and gives what follows it.
    pub(crate) fn parse(text: &str) -> Option<(Self, &str)> {
        let mut rest = text.strip_prefix('<')?;
        if rest.starts_with('@') {
            // A source route: RFC 5321, 4.1.1.3 wants it accepted and ignored.
            rest = rest.split_once(':')?.1;
        }
        let local_len = local_part_len(rest)?;
        let (local, after) = rest.split_at(local_len);
        if let Some(tail) = after.strip_prefix('>') {
            let known = local.is_empty() || local.eq_ignore_ascii_case("postmaster");
            return known.then(|| (Self { text: local.to_owned(), at: None }, tail));
        }
        let domain_len = domain_len(after.strip_prefix('@')?)?;
        let path = &rest[..local_len + 1 + domain_len];
        let tail = rest[path.len()..].strip_prefix('>')?;
        let fits = local_len > 0 && path.len() <= MAX_PATH_BYTES;
        fits.then(|| (Self { text: path.to_owned(), at: Some(local_len) }, tail))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.text)
    }
}

/// Dots are not counted: `a..b@x` is no address by the grammar, but people at old telephone
/// companies have such addresses and write from them.
fn local_part_len(text: &str) -> Option<usize> {
    if !text.starts_with('"') {
        let ends = |c: char| c <= ' ' || c == '\x7f' || "<>()[]\\,;:@\"".contains(c);
        return Some(text.find(ends).unwrap_or(text.len()));
    }
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if c.is_control() => return None,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}

fn domain_len(text: &str) -> Option<usize> {
    if let Some(literal) = text.strip_prefix('[') {
        let end = literal.find(|c: char| !c.is_ascii_graphic() || "[]\\<>".contains(c))?;
        return literal[end..].starts_with(']').then_some(end + 2);
    }
    let part_of_name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c) || !c.is_ascii();
    let len = text.find(|c| !part_of_name(c)).unwrap_or(text.len());
    let no_empty_label = text[..len].split('.').all(|label| !label.is_empty());
    (no_empty_label && len <= 255).then_some(len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        // said, local part, domain, what follows
        let good = [
            ("<>", "", "", ""),
            ("<a@b.example>", "a", "b.example", ""),
            ("<a@b.example> SIZE=1", "a", "b.example", " SIZE=1"),
            ("<Postmaster>", "Postmaster", "", ""),
            ("<@hop.example,@b.example:a@c.example>", "a", "c.example", ""),
            (r#"<"john doe"@x.example>"#, "john doe", "x.example", ""),
            (r#"<"a@b>c"@x.example>"#, "a@b>c", "x.example", ""),
            (r#"<"a\"\\b"@x.example>"#, r#"a"\b"#, "x.example", ""),
            ("<a@[192.0.2.1]>", "a", "[192.0.2.1]", ""),
            ("<a@[IPv6:2001:db8::1]>", "a", "[IPv6:2001:db8::1]", ""),
            ("<a..b.@old.example>", "a..b.", "old.example", ""),
            ("<a@my_host.example>", "a", "my_host.example", ""),
            ("<josé@bücher.example>", "josé", "bücher.example", ""),
            ("<a+b=c/d!e%f@x>", "a+b=c/d!e%f", "x", ""),
        ];
        for (said, local, domain, tail) in good {
            let (path, rest) = Path::parse(said).unwrap_or_else(|| panic!("{said} refused"));
            let got = (path.local_part().into_owned(), path.domain(), rest);
            assert_eq!(got, (local.to_owned(), domain, tail), "{said}");
        }
    }

    #[test]
    fn not_paths() {
        let long = format!("<{}@x.example>", "a".repeat(600));
        let bad = [
            "",
            "a@b",
            "<a@b",
            "<a>",
            "<root>",
            "<a@>",
            "<@b>",
            "<a@b@c>",
            "<a b@c>",
            "<a@b c>",
            "<a@.b>",
            "<a@b..c>",
            "<a@b.>",
            "<\"a@b>",
            "<\"a\"b@c>",
            "<a@[1.2.3.4>",
            "<a@[1 2]>",
            "<a@b(c)>",
            "<@a.example>",
            "<a\u{7f}@b>",
            "< a@b >",
            "<\"a\tb\"@c>",
            &long,
        ];
        for said in bad {
            assert_eq!(Path::parse(said), None, "{said}");
        }
    }

    #[test]
    fn kinds() {
        let path = |said| Path::parse(said).expect("a path").0;
        assert!(path("<>").is_null() && !path("<>").is_bare_postmaster());
        assert!(path("<postmaster>").is_bare_postmaster());
        assert!(!path("<postmaster@x>").is_bare_postmaster());
        assert!(path("<é@x>").needs_smtputf8() && !path("<e@x>").needs_smtputf8());
    }
}
