//! A reading: everything Relais understands of one letter. What `relais explain` prints and what intake stores.
//!
//! The shape is an interface (`docs/explain.md`): fields are added, never renamed.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::ground::{
    address::Mailbox,
    automatic::{self, Bounce, Complaint, Evidence, Hints, Kind},
    calendar::{self, Invitation},
    danger::{self, Danger},
    language::Heard,
    letter::{Attachment, Letter, MessageId, Oddity},
    relay_mail::{self, OtaMail, RelayMail},
    reply_text::{self, Forwarded},
    rich_text::RichText,
};

/// The language of the new text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LanguageFound {
    /// Two-letter code (ISO 639-1).
    pub code: String,
    /// 0 to 1.
    pub confidence: f64,
    /// Sure enough to act on: enough letters, and a clear lead over the second guess.
    pub sure: bool,
    /// A greeting at most: says nothing about the language of a conversation.
    pub too_short: bool,
    /// What else it may be, likeliest first, where something is in question.
    pub alternatives: Vec<Alternative>,
    /// The languages of a text written in several, the longest share first; else empty.
    pub mixed: Vec<String>,
    /// What it says about the language of a conversation.
    #[serde(skip)]
    pub heard: Heard,
}

/// Another language a text may be in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Alternative {
    /// Two-letter code (ISO 639-1).
    pub code: String,
    /// 0 to 1; those of a text add up to one at most.
    pub confidence: f64,
}

/// More guesses than these say nothing.
const MOST_ALTERNATIVES: usize = 3;

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
    /// Why it wants care.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub danger: Option<Danger>,
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
    /// What kind of letter it is.
    pub kind: Kind,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// The new text.
    pub text: String,
    /// The same with what its HTML made bold, a link or a list, where it did.
    #[serde(skip)]
    pub rich: Option<RichText>,
    /// The quoted part.
    pub quoted: String,
    /// The signature.
    pub signature: String,
    /// How sure the split is, 0 to 1.
    pub confidence: f32,
    /// The language of the new text.
    pub language: Option<LanguageFound>,
    /// The files.
    pub attachments: Vec<FileFound>,
    /// The invitations in it.
    pub invitations: Vec<Invitation>,
    /// Of a DSN: whom it is about and what happened.
    pub bounce: Option<Bounce>,
    /// Of a complaint.
    pub complaint: Option<Complaint>,
    /// The mail inside this mail, when it is a forward.
    pub forwarded: Option<Forwarded>,
    /// The mail of an OTA, if it is what its author claims: `text` is then what the visitor said in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ota: Option<OtaMail>,
    /// What was strange.
    pub oddities: Vec<Oddity>,
}

impl Reading {
    /// Understands a letter. The slow part of intake: pure, so that it runs beside the store, not inside it.
    pub fn of(letter: &Letter, hints: &Hints<'_>) -> Reading {
        let mut judgement = automatic::judge(letter, hints);
        let ota = relay_mail::read(letter);
        if let Some(OtaMail::Message(mail)) = &ota {
            // A relay's headers are a machine's; its words are a person's.
            if matches!(judgement.kind, Kind::AutoReply | Kind::List) {
                judgement.kind = Kind::Person;
            }
            return Reading::relayed(letter, judgement, mail, ota.clone());
        }
        let reply = reply_text::split(letter);
        let text = reply.text.trim();
        // A forward without words of its own is in the language of what it forwards.
        let spoken = match &reply.forwarded {
            Some(forwarded) if text.is_empty() => forwarded.text.as_str(),
            _ => text,
        };
        let language = language_of(spoken);
        Reading {
            message_id: letter.message_id.clone(),
            author: letter.author().cloned(),
            subject: letter.subject.clone(),
            kind: judgement.kind,
            evidence: judgement.evidence,
            text: text.to_owned(),
            rich: reply.rich,
            quoted: reply.quoted,
            signature: reply.signature,
            confidence: reply.confidence,
            language,
            attachments: letter.attachments.iter().map(file_found).collect(),
            invitations: letter.calendars.iter().filter_map(|c| calendar::read(c)).collect(),
            bounce: judgement.bounce,
            complaint: judgement.complaint,
            forwarded: reply.forwarded,
            ota,
            oddities: letter.oddities.clone(),
        }
    }

    /// Understands words that are no mail, though they are written as one: nothing in them is quoted or a signature.
    pub fn whole(letter: &Letter, hints: &Hints<'_>) -> Reading {
        let text = letter.text().trim().to_owned();
        let (quoted, signature) = Default::default();
        let language = language_of(&text);
        Reading { text, quoted, signature, language, confidence: 1.0, ..Reading::of(letter, hints) }
    }

    /// What a visitor said through an OTA. Where the frame is in doubt the whole mail stays beside it.
    fn relayed(
        letter: &Letter,
        judgement: automatic::Judgement,
        mail: &RelayMail,
        ota: Option<OtaMail>,
    ) -> Reading {
        Reading {
            message_id: letter.message_id.clone(),
            author: letter.author().cloned(),
            subject: letter.subject.clone(),
            kind: judgement.kind,
            evidence: judgement.evidence,
            text: mail.message.text.clone(),
            rich: None,
            quoted: if mail.sure { String::new() } else { letter.text() },
            signature: String::new(),
            confidence: if mail.sure { 1.0 } else { 0.3 },
            language: language_of(&mail.message.text),
            attachments: letter.attachments.iter().map(file_found).collect(),
            invitations: Vec::new(),
            bounce: judgement.bounce,
            complaint: judgement.complaint,
            forwarded: None,
            ota,
            oddities: letter.oddities.clone(),
        }
    }

    /// Did a person write it? Only then somebody waits for an answer.
    pub fn is_person(&self) -> bool {
        self.kind == Kind::Person
    }
}

/// The language of a text. Rounded: the judge adds floats in an order that changes from run to run, and a rebuilt
/// index must be equal.
fn language_of(text: &str) -> Option<LanguageFound> {
    let heard = Heard::of(text);
    let detected = &heard.detected;
    let rounded = |confidence: f32| (f64::from(confidence) * 1000.0).round() / 1000.0;
    let others = detected.alternatives.iter().skip(1);
    let mut alternatives: Vec<Alternative> = others
        .map(|(language, confidence)| Alternative {
            code: language.to_string(),
            confidence: rounded(*confidence),
        })
        .collect();
    // What is equal once it is rounded is in no order yet.
    alternatives
        .sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then_with(|| a.code.cmp(&b.code)));
    alternatives.truncate(MOST_ALTERNATIVES);
    detected.guess().map(|language| LanguageFound {
        code: language.to_string(),
        confidence: rounded(detected.confidence),
        sure: detected.language.is_some(),
        too_short: detected.too_short,
        alternatives,
        mixed: detected.mixed.iter().map(ToString::to_string).collect(),
        heard: heard.clone(),
    })
}

fn file_found(file: &Attachment) -> FileFound {
    FileFound {
        name: file.name.clone(),
        media_type: file.media_type.clone(),
        size: file.content.len(),
        sha256: data_encoding::HEXLOWER.encode(&Sha256::digest(&file.content)),
        inline: file.inline,
        content_id: file.content_id.clone(),
        danger: danger::of(file),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is in question, what is sure, what is too short to say, and a mail in two languages.
    #[test]
    fn a_language_comes_with_what_else_it_may_be() {
        for (text, sure, too_short, several, mixed) in [
            ("Do you have a room for two nights in August?", true, false, false, &[][..]),
            ("Sala stor kold", false, false, true, &[]),
            ("Merci", false, true, true, &[]),
            (
                "Bonjour, nous arrivons demain soir vers dix heures avec les enfants.\n\
                 Hello, we are arriving tomorrow evening at about ten with the children.",
                true,
                false,
                false,
                &["en", "fr"],
            ),
        ] {
            let found = language_of(text).unwrap();
            let mut languages = found.mixed.clone();
            languages.sort();
            let said = (found.too_short, !found.alternatives.is_empty(), languages);
            let mixed: Vec<String> = mixed.iter().map(ToString::to_string).collect();
            assert_eq!(said, (too_short, several, mixed), "{text}: {found:?}");
            assert!(found.mixed.len() > 1 || found.sure == sure, "{text}: {found:?}");
            assert!(found.alternatives.len() <= MOST_ALTERNATIVES, "{text}: {found:?}");
            let shares = found.alternatives.iter().map(|other| other.confidence);
            assert!(shares.clone().is_sorted_by(|a, b| a >= b), "{text}: {found:?}");
            assert!(shares.sum::<f64>() + found.confidence < 1.01, "{text}: {found:?}");
        }
    }
}
