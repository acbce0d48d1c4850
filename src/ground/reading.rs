//! A reading: everything Relais understands of one letter. What `relais explain` prints and what intake stores.
//!
//! The shape is an interface (`docs/explain.md`): fields are added, never renamed.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::ground::{
    address::Mailbox,
    language,
    letter::{Letter, MessageId, Oddity},
};

/// The language of the new text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LanguageFound {
    /// Two-letter code (ISO 639-1).
    pub code: String,
    /// 0 to 1.
    pub confidence: f64,
}

/// A file, without its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileFound {
    /// The name, cleaned; empty when none was given.
    pub name: String,
    /// `type/subtype`.
    #[serde(rename = "type")]
    pub media_type: String,
    /// Bytes, decoded.
    pub size: usize,
    /// Of the decoded content, hexadecimal.
    pub sha256: String,
    /// Shown inside the HTML.
    pub inline: bool,
    /// Content-ID without brackets.
    pub content_id: Option<String>,
}

/// What was understood of a letter.
#[derive(Clone, Debug, Serialize)]
pub struct Reading {
    /// The Message-ID without brackets.
    pub message_id: Option<MessageId>,
    /// The first From mailbox.
    pub author: Option<Mailbox>,
    /// The subject.
    pub subject: String,
    /// `person`, `automatic_reply`, `dsn`, `complaint`, `list`, `own`.
    pub kind: String,
    /// The new text.
    pub text: String,
    /// The quoted part.
    pub quoted: String,
    /// The signature.
    pub signature: String,
    /// How sure the split is, 0 to 1.
    pub confidence: f64,
    /// The language of the new text.
    pub language: Option<LanguageFound>,
    /// The files.
    pub attachments: Vec<FileFound>,
    /// What was strange.
    pub oddities: Vec<Oddity>,
}

impl Reading {
    /// Understands a letter. The slow part of intake: pure, so that it runs beside the store, not inside it.
    pub fn of(letter: &Letter) -> Reading {
        let text = letter.text().trim().to_owned();
        let language =
            language::detect(&text).map(|(code, confidence)| LanguageFound { code, confidence });
        Reading {
            message_id: letter.message_id.clone(),
            author: letter.author().cloned(),
            subject: letter.subject.clone(),
            kind: "person".to_owned(),
            text,
            quoted: String::new(),
            signature: String::new(),
            confidence: 1.0,
            language,
            attachments: letter.attachments.iter().map(file_found).collect(),
            oddities: letter.oddities.clone(),
        }
    }

    /// Did a person write it? Only then somebody waits for an answer.
    pub fn is_person(&self) -> bool {
        self.kind == "person"
    }
}

fn file_found(file: &crate::ground::letter::Attachment) -> FileFound {
    FileFound {
        name: file.name.clone(),
        media_type: file.media_type.clone(),
        size: file.content.len(),
        sha256: data_encoding::HEXLOWER.encode(&Sha256::digest(&file.content)),
        inline: file.inline,
        content_id: file.content_id.clone(),
    }
}
