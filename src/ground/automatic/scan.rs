//! Addresses in running text: what mail servers print, not what RFC 5322 allows.

use crate::ground::address::Address;

/// An address found in a line.
pub(super) struct Found<'a> {
    pub(super) text: &'a str,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Every address in a line, left to right.
pub(super) fn addresses(line: &str) -> Vec<Found<'_>> {
    let mut found: Vec<Found<'_>> = Vec::new();
    let mut from = 0;
    for (at, _) in line.match_indices('@') {
        if at < from {
            continue;
        }
        let local_at = line[from..at]
            .char_indices()
            .rev()
            .take(100)
            .take_while(|(_, c)| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(*c))
            .last()
            .map_or(at, |(i, _)| from + i);
        let domain_end = line[at + 1..]
            .char_indices()
            .take(255)
            .take_while(|(_, c)| c.is_alphanumeric() || *c == '-' || *c == '.' || *c == '_')
            .last()
            .map_or(at + 1, |(i, c)| at + 1 + i + c.len_utf8());
        let (mut start, domain_end) = unglued(line, local_at, at, domain_end);
        // X.400 and Exchange write `SMTP=a@b`, quoting leaves `'a@b'`, bullets `*a@b`.
        let local = &line[start..at];
        if let Some(typed) = ["smtp=", "rfc822=", "rfc-822="]
            .iter()
            .find(|t| local.to_ascii_lowercase().starts_with(**t))
        {
            start += typed.len();
        }
        start += line[start..at].len()
            - line[start..at].trim_start_matches(['\'', '.', '*', '`', '/', '-', '=']).len();
        let end = at + 1 + line[at + 1..domain_end].trim_end_matches(['.', '-', '_']).len();
        let text = &line[start..end];
        let dotted = line[at + 1..end].contains('.');
        // Archives hide addresses as "david...@example.org": no address (RFC 5321, 4.1.2 has no empty atoms).
        if dotted && !text.contains("...") && text.parse::<Address>().is_ok() {
            found.push(Found { text, start, end });
            from = end;
        }
    }
    found
}

/// Korean, Japanese, Chinese and Thai write on without a space: "paul@example.com에게". What follows or stands before an address
/// in Latin letters is no part of it.
fn unglued(line: &str, start: usize, at: usize, end: usize) -> (usize, usize) {
    let glued = |c: &char| *c as u32 > 0x2e7f || ('\u{e00}'..='\u{e7f}').contains(c);
    let before = line[start..at].char_indices().rev().find(|(_, c)| glued(c));
    let first = before.map_or(start, |(i, c)| start + i + c.len_utf8());
    let domain = &line[at + 1..end];
    let last = domain.find(|c: char| glued(&c)).filter(|i| domain[..*i].contains('.'));
    // A name that is all of that script is a name (RFC 6531).
    (if first < at { first } else { start }, last.map_or(end, |i| at + 1 + i))
}
