//! A reply: code, enhanced code and text. What the client is told is always one of these, made in
//! one place so that no reply can break the protocol: line ends and control characters in its text
//! never reach the wire (text often quotes what the peer said).

use std::{borrow::Cow, fmt, io::Write};

/// The longest text put on one line. RFC 5321, 4.5.3.1.5 allows 512 octets for a reply line with
/// code and CRLF; the rest is left for the codes.
const MAX_TEXT_BYTES: usize = 480;

/// One SMTP reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The three digits.
    pub code: u16,
    /// The enhanced status code of RFC 3463, for replies that have one.
    pub enhanced: Option<(u8, u16, u16)>,
    /// The text; a `\n` starts a new line of a multi-line reply.
    pub text: Cow<'static, str>,
}

impl Reply {
    /// A reply with an enhanced code and a fixed text.
    pub const fn new(code: u16, enhanced: (u8, u16, u16), text: &'static str) -> Self {
        Self { code, enhanced: Some(enhanced), text: Cow::Borrowed(text) }
    }

    /// A reply of the kinds that have no enhanced code (greeting, EHLO, 354).
    pub const fn plain(code: u16, text: &'static str) -> Self {
        Self { code, enhanced: None, text: Cow::Borrowed(text) }
    }

    /// The same reply with another text.
    #[must_use]
    pub fn with_text(self, text: impl Into<Cow<'static, str>>) -> Self {
        Self { text: text.into(), ..self }
    }

    /// 2xx or 3xx: go on.
    pub fn is_positive(&self) -> bool {
        (200..400).contains(&self.code)
    }

    /// 5xx: do not try this again.
    pub fn is_permanent(&self) -> bool {
        self.code >= 500
    }

    /// Appends the reply as it goes over the wire.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let mut lines = self.text.split('\n').peekable();
        while let Some(line) = lines.next() {
            let separator = if lines.peek().is_some() { '-' } else { ' ' };
            // Writing to a vector cannot fail.
            _ = write!(out, "{}{separator}", self.code);
            if let Some((class, subject, detail)) = self.enhanced {
                _ = write!(out, "{class}.{subject}.{detail} ");
            }
            // RFC 5321, 4.2.1: textstring is printable US-ASCII.
            let printable = |byte: u8| {
                if matches!(byte, b' '..=b'~') { byte } else { b'?' }
            };
            let line = line.strip_suffix('\r').unwrap_or(line);
            out.extend(line.bytes().take(MAX_TEXT_BYTES).map(printable));
            out.extend_from_slice(b"\r\n");
        }
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if let Some((class, subject, detail)) = self.enhanced {
            write!(f, " {class}.{subject}.{detail}")?;
        }
        write!(f, " {}", self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wire_form() {
        let long = "x".repeat(600);
        let table = [
            (Reply::new(250, (2, 1, 5), "Ok"), "250 2.1.5 Ok\r\n".to_owned()),
            (Reply::plain(220, "mx ESMTP"), "220 mx ESMTP\r\n".to_owned()),
            (Reply::plain(250, "mx\nPIPELINING"), "250-mx\r\n250 PIPELINING\r\n".to_owned()),
            (Reply::new(550, (5, 1, 1), "a\nb"), "550-5.1.1 a\r\n550 5.1.1 b\r\n".to_owned()),
            // What a peer said cannot start a line of its own.
            (
                Reply::new(550, (5, 1, 1), "").with_text("no <a\r250 ok\u{7f}é>"),
                "550 5.1.1 no <a?250 ok???>\r\n".to_owned(),
            ),
            (Reply::plain(250, "").with_text(long), format!("250 {}\r\n", "x".repeat(480))),
        ];
        for (reply, wire) in table {
            let mut out = Vec::new();
            reply.encode(&mut out);
            assert_eq!(String::from_utf8_lossy(&out), wire, "{reply}");
        }
    }
}
