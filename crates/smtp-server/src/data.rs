//! The DATA reader: finds the end of a message and takes the stuffed dots out (RFC 5321, 4.5.2),
//! in whatever pieces the bytes arrive.
//!
//! Only CRLF.CRLF ends a message. If anything else did (`\n.\n`, `\r.\r`, …), what a sender put
//! behind it as text would be read here as commands: a second mail with a forged envelope, known
//! as SMTP smuggling. All such sequences stay text.

use memchr::memmem;

/// Reads one message; a new one is made for each DATA.
#[derive(Debug)]
pub struct DataReader {
    before: Before,
}

/// What the bytes read so far end with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    /// CRLF, or nothing yet: the CRLF of the command `DATA` counts, so that `.CRLF` alone is an
    /// empty message and a dot that begins the first line is a stuffed one.
    LineStart,
    Cr,
    Text,
}

/// What [`DataReader::read`] made of a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// So many bytes at the start of the buffer are now text of the message.
    pub text: usize,
    /// So many bytes of the buffer are used up. The rest (never more than 2 bytes, unless the
    /// message has ended) must be shown again with more bytes behind it.
    pub consumed: usize,
    /// The end was found; what follows `consumed` is the next command.
    pub ended: bool,
}

impl Default for DataReader {
    fn default() -> Self {
        Self { before: Before::LineStart }
    }
}

impl DataReader {
    /// Takes what it can from `buf` and moves the text to its front, over the dots.
    pub fn read(&mut self, buf: &mut [u8]) -> Progress {
        let mut text = 0;
        let mut at = 0;
        while at < buf.len() {
            if self.before == Before::LineStart && buf[at] == b'.' {
                match &buf[at + 1..] {
                    // Not known yet whether this is the end: leave it for the next time.
                    [] | [b'\r'] => break,
                    [b'\r', b'\n', ..] => {
                        return Progress { text, consumed: at + 3, ended: true };
                    }
                    _ => at += 1,
                }
                self.before = Before::Text;
            }
            let end = self.text_end(&buf[at..]) + at;
            if text != at {
                buf.copy_within(at..end, text);
            }
            text += end - at;
            at = end;
        }
        Progress { text, consumed: at, ended: false }
    }

    /// How far the text goes before the next dot that begins a line; at least one byte.
    fn text_end(&mut self, rest: &[u8]) -> usize {
        if self.before == Before::Cr && rest[0] == b'\n' {
            self.before = Before::LineStart;
            return 1;
        }
        if let Some(found) = memmem::find(rest, b"\r\n.") {
            self.before = Before::LineStart;
            return found + 2;
        }
        self.before = match rest {
            [.., b'\r', b'\n'] => Before::LineStart,
            [.., b'\r'] => Before::Cr,
            _ => Before::Text,
        };
        rest.len()
    }
}

#[cfg(test)]
mod tests;
