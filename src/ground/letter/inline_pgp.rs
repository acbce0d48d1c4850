//! PGP armour inside a text body (RFC 9580, 6.2; the old way without MIME).

/// What was found: `message` is the encrypted block, `None` when the text is only signed.
pub(super) struct Sealed<'a> {
    pub(super) message: Option<&'a str>,
}

/// Looks for armour at the start of a line.
pub(super) fn find(text: &str) -> Option<Sealed<'_>> {
    if let Some(start) = line_with(text, "-----BEGIN PGP MESSAGE-----") {
        const END: &str = "-----END PGP MESSAGE-----";
        let block = &text[start..];
        let end = block.find(END).map_or(block.len(), |n| n + END.len());
        return Some(Sealed { message: Some(&block[..end]) });
    }
    line_with(text, "-----BEGIN PGP SIGNED MESSAGE-----").map(|_| Sealed { message: None })
}

/// What is signed without its dash escapes (RFC 9580, 7.2): `- -- ` was the separator of a signature.
pub(super) fn undashed(text: String) -> String {
    let Some(start) = line_with(&text, "-----BEGIN PGP SIGNED MESSAGE-----") else { return text };
    let end = line_with(&text[start..], "-----BEGIN PGP SIGNATURE-----").map(|at| start + at);
    let Some(end) = end else { return text };
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..start]);
    for line in text[start..end].split_inclusive('\n') {
        out.push_str(line.strip_prefix("- ").unwrap_or(line));
    }
    out.push_str(&text[end..]);
    out
}

/// A quoted armour (`> -----BEGIN`) belongs to another letter.
fn line_with(text: &str, marker: &str) -> Option<usize> {
    text.match_indices(marker)
        .map(|(at, _)| at)
        .find(|&at| at == 0 || text.as_bytes()[at - 1] == b'\n')
}
