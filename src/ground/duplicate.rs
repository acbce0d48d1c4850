//! Is this letter the one we have already? A fingerprint of its content.
//!
//! The same message by another road (Bcc, a list, a retry after a lost 250) is one message; the same
//! Message-ID with other content is two. public-inbox's rule: From, Subject, Date, To and Cc, the ids and
//! every part decide; trace fields, folding, line ends, quoted names and the case of hosts do not.

use sha2::{Digest, Sha256};

use crate::ground::{
    address::Mailbox,
    letter::{Letter, MessageId},
};

/// SHA-256 over a letter's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(pub [u8; 32]);

/// The fingerprint of a letter.
pub fn fingerprint(letter: &Letter) -> Fingerprint {
    let mut hash = Content(Sha256::new());
    hash.field("message-id", letter.message_id.iter().map(MessageId::as_str));
    hash.people("from", &letter.from);
    // Lists prefix subjects, servers refold them: white space is all that is forgiven.
    hash.field("subject", letter.subject.split_whitespace());
    let date = letter.date.map(|d| d.as_second().to_string());
    hash.field("date", date.iter().map(String::as_str));
    hash.people("to", &letter.to);
    hash.people("cc", &letter.cc);
    let ids: Vec<&str> =
        letter.references.iter().chain(&letter.in_reply_to).map(MessageId::as_str).collect();
    hash.field("references", ids);
    hash.text("plain", letter.plain.as_deref());
    hash.text("html", letter.html.as_deref());
    for (media_type, text) in &letter.reports {
        hash.text(media_type, Some(text));
    }
    for attachment in &letter.attachments {
        hash.field("attachment", [attachment.media_type.as_str(), attachment.name.as_str()]);
        if attachment.media_type.starts_with("text/")
            || attachment.media_type.starts_with("message/")
        {
            hash.text("content", Some(&String::from_utf8_lossy(&attachment.content)));
        } else {
            hash.bytes(&attachment.content);
        }
    }
    Fingerprint(hash.0.finalize().into())
}

struct Content(Sha256);

impl Content {
    /// Every value goes in with its length: `ab`+`c` is not `a`+`bc`.
    fn bytes(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    fn field<'a>(&mut self, name: &str, values: impl IntoIterator<Item = &'a str>) {
        self.bytes(name.as_bytes());
        let mut count = 0_u64;
        for value in values {
            self.bytes(value.as_bytes());
            count += 1;
        }
        self.0.update(count.to_le_bytes());
    }

    /// [`Mailbox`] has the name without quotes and the host in lower case.
    fn people(&mut self, name: &str, people: &[Mailbox]) {
        let people: Vec<String> = people
            .iter()
            .map(|m| format!("{}\0{}", m.name.as_deref().unwrap_or_default(), m.address))
            .collect();
        self.field(name, people.iter().map(String::as_str));
    }

    /// Lines without their ends and trailing white space; empty lines at the end are lost on the way.
    fn text(&mut self, name: &str, text: Option<&str>) {
        let Some(text) = text else { return };
        self.field(name, text.trim_end().lines().map(str::trim_end));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LETTER: &str = "Received: by a.example\r\nFrom: \"Ana Silva\" <ana@Casa.Example>\r\nTo: b@x.example\r\nSubject: Quarto\r\nDate: Mon, 1 Jun 2026 10:00:00 +0100\r\n\
        Message-ID: <1@casa.example>\r\n\r\nOlá.\r\nAté logo\r\n";

    #[test]
    fn another_road_is_the_same_and_another_text_is_not() {
        let of = |text: &str| fingerprint(&Letter::read(text.as_bytes()));
        let first = of(LETTER);
        for (from, to, same, why) in [
            (
                "Received: by a.example\r\n",
                "Received: by b.example\r\nX-Spam: no\r\n",
                true,
                "trace fields",
            ),
            ("\r\n", "\n", true, "line ends"),
            ("\"Ana Silva\"", "Ana Silva", true, "quoted names"),
            ("Casa.Example", "casa.example", true, "case of hosts"),
            (
                "Mon, 1 Jun 2026 10:00:00 +0100",
                "Mon, 01 Jun 2026 09:00:00 +0000",
                true,
                "the same moment",
            ),
            ("Até logo\r\n", "Até logo  \r\n\r\n", true, "white space at ends"),
            ("Até logo", "Até amanhã", false, "other text"),
            ("Quarto", "Quarto 2", false, "other subject"),
            ("b@x.example", "c@x.example", false, "other recipient"),
            ("<1@casa", "<2@casa", false, "other id"),
        ] {
            let changed = LETTER.replace(from, to);
            assert_ne!(changed, LETTER, "{why}");
            assert_eq!(of(&changed) == first, same, "{why}");
        }
    }
}
