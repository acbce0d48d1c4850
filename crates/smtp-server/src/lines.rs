//! Takes commands off the input: a command ends in CRLF and nothing else (RFC 5321, 2.3.8). A line
//! that is too long, or broken by a bare LF, is answered once and skipped up to the next CRLF: if
//! its tail were taken for a command, whoever writes the head could speak for the client.

use memchr::memchr;

/// Finds the next command.
#[derive(Debug, Default)]
pub(crate) struct LineReader {
    skipping: bool,
}

/// What the input begins with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// A command; this many bytes with its CRLF.
    Command(usize),
    TooLong,
    BareLf,
    /// More bytes are needed.
    Incomplete,
}

impl LineReader {
    /// Gives what was found and how many bytes can be dropped now. The bytes of a command are not
    /// among them: the caller drops them when it has read them.
    pub(crate) fn next(&mut self, input: &[u8], max_bytes: usize) -> (usize, Line) {
        let mut start = 0;
        if self.skipping {
            start = match memchr::memmem::find(input, b"\r\n") {
                Some(at) => at + 2,
                // A CR at the end may be half of the CRLF.
                None => {
                    return (input.len() - usize::from(input.ends_with(b"\r")), Line::Incomplete);
                }
            };
            self.skipping = false;
        }
        let rest = &input[start..];
        match memchr(b'\n', rest) {
            Some(at) if at == 0 || rest[at - 1] != b'\r' => {
                self.skipping = true;
                // In pieces it would have been too long before the LF was seen.
                let line = if at > max_bytes { Line::TooLong } else { Line::BareLf };
                (start + at + 1, line)
            }
            Some(at) if at + 1 > max_bytes => (start + at + 1, Line::TooLong),
            Some(at) => (start, Line::Command(at + 1)),
            None if rest.len() > max_bytes => {
                self.skipping = true;
                (input.len() - usize::from(input.ends_with(b"\r")), Line::TooLong)
            }
            None => (start, Line::Incomplete),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(wire: &[u8], piece: usize) -> Vec<String> {
        let (mut reader, mut input, mut found) = (LineReader::default(), Vec::new(), Vec::new());
        for bytes in wire.chunks(piece) {
            input.extend_from_slice(bytes);
            loop {
                let (drop, line) = reader.next(&input, 10);
                input.drain(..drop);
                match line {
                    Line::Incomplete => break,
                    Line::Command(len) => {
                        found.push(String::from_utf8_lossy(&input[..len - 2]).into_owned());
                        input.drain(..len);
                    }
                    refused => found.push(format!("{refused:?}")),
                }
            }
        }
        found
    }

    #[test]
    fn commands_and_others() {
        let table: [(&[u8], &[&str]); 11] = [
            (b"NOOP\r\nQUIT\r\n", &["NOOP", "QUIT"]),
            (b"\r\n", &[""]),
            (b"NOOP", &[]),
            (b"12345678\r\nQUIT\r\n", &["12345678", "QUIT"]),
            (b"123456789\r\nQUIT\r\n", &["TooLong", "QUIT"]),
            (b"1234567890RSET\r\nQUIT\r\n", &["TooLong", "QUIT"]),
            (b"NOOP\nRSET\r\nQUIT\r\n", &["BareLf", "QUIT"]),
            (b"\nRSET\nNOOP\r\nQUIT\r\n", &["BareLf", "QUIT"]),
            (b"NO\rOP\r\n", &["NO\rOP"]),
            (b"1234567890\nRSET\r\nQUIT\r\n", &["BareLf", "QUIT"]),
            (b"12345678901\nRSET\r\nQUIT\r\n", &["TooLong", "QUIT"]), // found by fuzzing
        ];
        for (wire, expected) in table {
            for piece in 1..=wire.len() {
                assert_eq!(lines(wire, piece), expected, "{wire:?} by {piece}");
            }
        }
    }
}
