//! What is irregular about a message's bytes. Nothing here refuses a mail: people's mail comes
//! from old scanners and broken scripts, and the handler may want to know how odd it is.

use memchr::{memchr, memchr_iter};

/// RFC 5321, 4.5.3.1.6: a text line has at most 1000 octets with its CRLF.
const MAX_LINE_BYTES: u64 = 998;

/// What was seen in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Oddities {
    /// The longest line, without its end.
    pub longest_line_bytes: u64,
    /// A CR that no LF follows.
    pub bare_cr: bool,
    /// A LF that no CR precedes.
    pub bare_lf: bool,
    /// A byte of value zero.
    pub nul: bool,
    /// Bytes above 127, and neither `BODY=8BITMIME` nor `SMTPUTF8` was said.
    pub undeclared_8bit: bool,
    /// The last line has no CRLF (only `BDAT` can send this).
    pub no_final_crlf: bool,
}

impl Oddities {
    /// A line longer than RFC 5321, 4.5.3.1.6 allows.
    pub fn long_line(&self) -> bool {
        self.longest_line_bytes > MAX_LINE_BYTES
    }

    /// Nothing odd at all.
    pub fn is_regular(&self) -> bool {
        !(self.long_line()
            || self.bare_cr
            || self.bare_lf
            || self.nul
            || self.undeclared_8bit
            || self.no_final_crlf)
    }
}

/// Looks at the text of a message as it passes, in pieces.
#[derive(Debug, Default)]
pub(crate) struct Inspector {
    seen: Oddities,
    /// Bytes since the last CRLF.
    line_bytes: u64,
    after_cr: bool,
}

impl Inspector {
    /// Each question is a scan of its own: four quick passes over bytes that are in the cache
    /// cost less than one that asks all four of each byte.
    pub(crate) fn look(&mut self, text: &[u8]) {
        if text.is_empty() {
            return;
        }
        let mut line_start = 0;
        let mut paired = 0;
        for lf in memchr_iter(b'\n', text) {
            let after_cr = if lf == 0 { self.after_cr } else { text[lf - 1] == b'\r' };
            if !after_cr {
                self.seen.bare_lf = true;
                continue;
            }
            // The CR of a pair split between two pieces was counted with the earlier one.
            paired += usize::from(lf > 0);
            self.line_bytes += (lf - line_start) as u64;
            self.end_line(1);
            line_start = lf + 1;
        }
        self.line_bytes += (text.len() - line_start) as u64;
        let ends_in_cr = text.ends_with(b"\r");
        let first_pairs = self.after_cr && text[0] == b'\n';
        let crs = memchr_iter(b'\r', text).count() - usize::from(ends_in_cr);
        self.seen.bare_cr |= crs > paired || (self.after_cr && !first_pairs);
        self.after_cr = ends_in_cr;
        self.seen.nul |= memchr(0, text).is_some();
        self.seen.undeclared_8bit |= !text.is_ascii();
    }

    fn end_line(&mut self, line_end: u64) {
        let line = self.line_bytes - line_end;
        self.seen.longest_line_bytes = self.seen.longest_line_bytes.max(line);
        self.line_bytes = 0;
    }

    /// The findings, when the message is complete.
    pub(crate) fn finish(mut self, declared_8bit: bool) -> Oddities {
        self.seen.bare_cr |= self.after_cr;
        self.seen.no_final_crlf = self.line_bytes > 0;
        self.end_line(0);
        self.seen.undeclared_8bit &= !declared_8bit;
        self.seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plainly(text: &[u8]) -> Oddities {
        let mut seen = Oddities::default();
        for (at, &byte) in text.iter().enumerate() {
            seen.bare_cr |= byte == b'\r' && text.get(at + 1) != Some(&b'\n');
            seen.bare_lf |= byte == b'\n' && (at == 0 || text[at - 1] != b'\r');
            seen.nul |= byte == 0;
            seen.undeclared_8bit |= byte > 127;
        }
        let text = String::from_utf8_lossy(text);
        let longest = text.split("\r\n").map(|line| line.chars().count()).max();
        seen.longest_line_bytes = longest.unwrap_or(0) as u64;
        seen.no_final_crlf = !text.is_empty() && !text.ends_with("\r\n");
        seen
    }

    #[test]
    fn in_pieces_as_in_one() {
        let mut state = 7_u64;
        for _ in 0..20_000 {
            let text: Vec<u8> = (0..12)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    b"\r\n\r\nab\0\xff"[(state >> 40) as usize % 8]
                })
                .collect();
            let expected = plainly(&text);
            for split in 0..=text.len() {
                let mut inspector = Inspector::default();
                inspector.look(&text[..split]);
                inspector.look(&text[split..]);
                assert_eq!(inspector.finish(false), expected, "{text:?} split at {split}");
            }
        }
    }

    #[test]
    fn long_lines() {
        for (bytes, long) in [(0, false), (998, false), (999, true)] {
            let mut inspector = Inspector::default();
            inspector.look(&vec![b'a'; bytes]);
            inspector.look(b"\r\nb\r\n");
            let seen = inspector.finish(false);
            assert_eq!((seen.long_line(), seen.is_regular()), (long, !long), "{bytes}");
        }
    }

    #[test]
    fn declared_8bit_is_regular() {
        let mut inspector = Inspector::default();
        inspector.look("é\r\n".as_bytes());
        assert!(inspector.finish(true).is_regular());
    }
}
