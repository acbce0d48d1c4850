//! The letter that came back inside a bounce or complaint.

use serde::{Deserialize, Serialize};

use crate::ground::letter::{Letter, MessageId};

/// So much of a returned text is searched for header fields.
const MAX_RETURNED: usize = 32 * 1024;

/// What is known of a returned letter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnedOriginal {
    /// Its Message-ID: with it the bounce finds its message when no VERP address does.
    pub message_id: Option<MessageId>,
    /// Its subject.
    pub subject: Option<String>,
    /// Its From address.
    pub from: Option<String>,
    /// Its To and Cc addresses.
    pub to: Vec<String>,
    /// Did it go through a mailing list? Then To names the list and not who bounced.
    #[serde(skip)]
    pub(super) listed: bool,
}

impl ReturnedOriginal {
    pub(super) fn from_letter(letter: &Letter) -> Option<Self> {
        let original = ReturnedOriginal {
            message_id: letter.message_id.clone(),
            subject: Some(letter.subject.clone()).filter(|s| !s.is_empty()),
            from: letter.author().map(|m| m.address.to_string()),
            to: letter.recipients().map(ToString::to_string).collect(),
            listed: ["List-Id", "List-Post", "X-BeenThere", "Mailing-List"]
                .iter()
                .any(|h| letter.header(h).is_some()),
        };
        original.says_something().then_some(original)
    }

    fn says_something(&self) -> bool {
        self.message_id.is_some() || self.subject.is_some() || !self.to.is_empty()
    }

    /// The one recipient, where the letter had one and was no list's.
    pub(super) fn only_recipient(&self) -> Option<String> {
        match self.to.as_slice() {
            [only] if !self.listed => Some(only.clone()),
            _ => None,
        }
    }
}

/// The returned letter: an enclosed one, else what the text returns, else what the bounce answers.
pub(super) fn of(letter: &Letter, returned: &str) -> Option<ReturnedOriginal> {
    let enclosed = letter.enclosed.iter().rev().find_map(ReturnedOriginal::from_letter);
    let mut original = enclosed.or_else(|| in_text(returned)).or_else(|| headers_part(letter));
    // Exchange Online, Vade and SES name the original in In-Reply-To (RFC 3834, 3.1.5) when they return nothing.
    let answered = letter.in_reply_to.first().or(letter.references.last());
    if let Some(id) = answered {
        let original = original.get_or_insert_default();
        original.message_id.get_or_insert_with(|| id.clone());
    }
    original
}

/// Header fields returned in the text after the border.
fn in_text(returned: &str) -> Option<ReturnedOriginal> {
    let unquoted = |line: &str| {
        let line = line.trim_start_matches(['>', '|']);
        line.strip_prefix(' ').filter(|l| is_field(l)).unwrap_or(line).to_owned()
    };
    let mut block = String::new();
    for line in returned.lines().map(unquoted) {
        let continues =
            !block.is_empty() && line.starts_with([' ', '\t']) && !line.trim().is_empty();
        if is_field(&line) || continues {
            block.push_str(&line);
            block.push_str("\r\n");
        } else if !block.is_empty() && (line.trim().is_empty() || block.len() > MAX_RETURNED) {
            if ["subject:", "message-id:", "to:"].iter().any(|f| block.to_lowercase().contains(f)) {
                break;
            }
            block.clear();
        }
    }
    block.push_str("\r\n");
    ReturnedOriginal::from_letter(&Letter::read(block.as_bytes()))
}

/// A part with header fields only, under whatever name it was attached.
fn headers_part(letter: &Letter) -> Option<ReturnedOriginal> {
    letter
        .attachments
        .iter()
        .filter(|a| a.media_type.contains("rfc822") || a.media_type.contains("global"))
        .find_map(|a| {
            in_text(&String::from_utf8_lossy(&a.content[..a.content.len().min(MAX_RETURNED)]))
        })
}

/// `Name: value` with a name of header characters (RFC 5322, 2.2).
pub(super) fn is_field(line: &str) -> bool {
    line.split_once(':').is_some_and(|(name, _)| {
        !name.is_empty()
            && name.len() < 50
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    })
}
