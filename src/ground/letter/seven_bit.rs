//! Asian charsets that shift in and out of seven bits: made ready for decoders that do not know the shifts.

/// Encoded words put together shift out and in again with nothing between, which the web's decoder of
/// ISO-2022-JP refuses (RFC 1468 does not).
pub(super) fn joined(bytes: &[u8]) -> Vec<u8> {
    let mut joined = Vec::with_capacity(bytes.len());
    for (at, &b) in bytes.iter().enumerate() {
        joined.push(b);
        if b == 0x1b && joined.ends_with(b"\x1b(B\x1b") && bytes[at..].starts_with(b"\x1b$") {
            joined.truncate(joined.len() - 4);
            joined.push(b);
        }
    }
    joined
}

/// RFC 1843: `~{` and `~}` shift to GB 2312 written in seven bits and back.
pub(super) fn from_hz(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut shifted = false;
    let mut at = 0;
    while at < bytes.len() {
        match (bytes[at], bytes.get(at + 1)) {
            (b'~', Some(b'{')) => (shifted, at) = (true, at + 1),
            (b'~', Some(b'}')) => (shifted, at) = (false, at + 1),
            (b'~', Some(b'~')) if !shifted => {
                out.push(b'~');
                at += 1;
            }
            (b'~', Some(b'\n')) => at += 1,
            (b, _) if shifted && b > 0x20 => out.push(b | 0x80),
            (b, _) => out.push(b),
        }
        at += 1;
    }
    out
}

/// RFC 1557: after `ESC $ ) C`, SO and SI shift to KS X 1001 and back.
pub(super) fn from_korean(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut shifted = false;
    let mut rest = bytes;
    while let Some((&b, tail)) = rest.split_first() {
        rest = tail;
        match b {
            0x1b if tail.starts_with(b"$)C") => rest = &tail[3..],
            0x0e => shifted = true,
            0x0f => shifted = false,
            b'\n' => {
                shifted = false;
                out.push(b);
            }
            _ if shifted && b > 0x20 => out.push(b | 0x80),
            _ => out.push(b),
        }
    }
    out
}
