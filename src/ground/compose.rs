//! Composing: what leaves is rebuilt from chosen values, never relayed (DESIGN promise 5).
//!
//! Only what is named in [`Draft`] reaches the other side; no header of the letter that came in does. mail-builder
//! fills in Date, Message-ID and boundaries from the clock and chance if they are missing: all but the boundaries
//! are always set here, and a mail is rendered once and its bytes kept.

mod hidden;
mod thread_index;

pub use hidden::Hidden;
use jiff::Timestamp;
use mail_builder::{
    MessageBuilder,
    headers::{
        address::Address as BuilderAddress, message_id::MessageId as Ids, raw::Raw, text::Text,
    },
};

pub use thread_index::ThreadIndex;

use crate::ground::{
    address::{Address, Mailbox},
    automatic::OWN_HEADER,
    conversation::Conversation,
    letter::{Attachment, MessageId},
    phrases::{self, Tongue},
};

/// A mail to be rendered.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    /// The author as the other side may see them.
    pub from: Mailbox,
    /// The recipient.
    pub to: Mailbox,
    /// Where an answer goes: the recipient's own reply address.
    pub reply_to: Address,
    /// The subject.
    pub subject: String,
    /// The id, chosen before the first attempt.
    pub message_id: MessageId,
    /// The ids of earlier messages as the recipient knows them, oldest first; the last one is answered.
    pub references: Vec<MessageId>,
    /// The conversation for Outlook and Exchange, which group by it.
    pub thread_index: Option<ThreadIndex>,
    /// When it was written.
    pub date: Timestamp,
    /// The text.
    pub text: String,
    /// The same as HTML, where that says more.
    pub html: Option<String>,
    /// The language of the text (RFC 3282).
    pub language: Option<String>,
    /// The files.
    pub attachments: &'a [Attachment],
    /// Where one press ends mail of this kind (RFC 2369, RFC 8058).
    pub unsubscribe: Option<String>,
    /// Nobody wrote this: no machine may answer it (RFC 3834).
    pub automatic: bool,
    /// Our instance, so that the mail is known when it comes back.
    pub instance: Option<String>,
}

/// The mail as bytes with CRLF line ends.
pub fn render(draft: &Draft<'_>) -> Vec<u8> {
    let mut builder = MessageBuilder::new()
        .message_id(draft.message_id.as_str().to_owned())
        .date(draft.date.as_second())
        .from(mailbox(&draft.from))
        .to(mailbox(&draft.to))
        .reply_to(BuilderAddress::new_address(None::<String>, draft.reply_to.to_string()))
        .subject(draft.subject.clone());
    if let Some(answered) = draft.references.last() {
        builder = builder.in_reply_to(answered.as_str().to_owned());
        let ids = draft.references.iter().map(|id| id.as_str().to_owned());
        builder = builder.references(Ids::from(ids.collect::<Vec<_>>()));
    }
    if let Some(index) = &draft.thread_index {
        let field =
            if draft.references.is_empty() { index.first() } else { index.reply(draft.date) };
        // The topic is the other half of the key: the subject without prefixes.
        builder = builder
            .header("Thread-Topic", Text::new(bare_subject(&draft.subject).to_owned()))
            .header("Thread-Index", Raw::new(field));
    }
    if let Some(link) = &draft.unsubscribe {
        builder = builder
            .header("List-Unsubscribe", Raw::new(format!("<{link}>")))
            .header("List-Unsubscribe-Post", Raw::new("List-Unsubscribe=One-Click"));
    }
    if draft.automatic {
        builder = builder
            .header("Auto-Submitted", Raw::new("auto-generated"))
            .header("X-Auto-Response-Suppress", Raw::new("All"));
    }
    if let Some(instance) = &draft.instance {
        builder = builder.header(OWN_HEADER, Raw::new(instance.clone()));
    }
    if let Some(language) = &draft.language {
        builder = builder.header("Content-Language", Raw::new(language.clone()));
    }
    builder = builder.text_body(draft.text.replace('\n', "\r\n"));
    if let Some(html) = &draft.html {
        builder = builder.html_body(html.replace('\n', "\r\n"));
    }
    for file in draft.attachments {
        let name = if file.name.is_empty() { "attachment".to_owned() } else { file.name.clone() };
        builder = builder.attachment(media_type(&file.media_type), name, file.content.as_slice());
    }
    builder.write_to_vec().expect("writing to memory cannot fail")
}

fn mailbox(mailbox: &Mailbox) -> BuilderAddress<'static> {
    BuilderAddress::new_address(mailbox.name.clone(), mailbox.address.to_string())
}

/// A letter's own type, unless it could not stand in a header or would be read as structure.
fn media_type(found: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/.+-_".contains(c);
    let structural = found.starts_with("multipart/") || found.starts_with("message/");
    if found.contains('/') && found.chars().all(plain) && !structural {
        found.to_owned()
    } else {
        "application/octet-stream".to_owned()
    }
}

/// `Re: subject`, once.
pub fn reply_subject(subject: &str) -> String {
    let bare = bare_subject(subject);
    format!("Re: {bare}").trim_end().to_owned()
}

/// The subject under which a visitor is answered. Where they wrote none, the house's own words stand for it in the
/// conversation: they are said in the visitor's tongue.
pub fn visitors_subject(state: &Conversation, tongue: Tongue) -> String {
    let local = || state.visitor_address.as_ref().map(Address::local);
    let who = state.visitor_name.as_deref().or_else(local).unwrap_or("?");
    if phrases::MESSAGE_FROM.is_said_by(&state.subject, who) {
        reply_subject(&phrases::MESSAGE_FROM.say(tongue, who))
    } else {
        reply_subject(&state.subject)
    }
}

/// Reply prefixes of the mail clients our users have, lower case.
const REPLY_PREFIXES: [&str; 14] =
    ["re", "aw", "antw", "sv", "rv", "ref", "rif", "r", "res", "odp", "vs", "ynt", "回复", "回覆"];

/// A subject without reply prefixes (`Re:`, `AW:`, `Re[2]:` …).
pub fn bare_subject(subject: &str) -> &str {
    let mut rest = subject.trim();
    loop {
        let Some((prefix, behind)) = rest.split_once([':', '：']) else { return rest };
        let word = prefix.trim().split('[').next().unwrap_or_default().to_lowercase();
        if !REPLY_PREFIXES.contains(&word.as_str()) {
            return rest;
        }
        rest = behind.trim_start();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::letter::Letter;

    fn draft<'a>(attachments: &'a [Attachment]) -> Draft<'a> {
        Draft {
            from: Mailbox::new(
                Some("Pousada da Ria\r\nBcc: x@evil.example"),
                "tok@r.example".parse().unwrap(),
            ),
            to: Mailbox::new(Some("Zoë, \"Z\" Müller"), "zoe@guest.example".parse().unwrap()),
            reply_to: "tok@r.example".parse().unwrap(),
            subject: "Re: Férias\r\nX-Evil: 1".into(),
            message_id: MessageId::new("new@relais").unwrap(),
            references: ["a@x", "b@x"].iter().filter_map(|t| MessageId::new(t)).collect(),
            thread_index: None,
            date: "2026-11-23T03:40:00Z".parse().unwrap(),
            text: "Olá,\n.\nFrom here\nadeus 🛏".into(),
            html: Some("<p>Olá,<br>\n.<br>\nFrom <b>here</b></p>".into()),
            language: Some("pt".into()),
            attachments,
            unsubscribe: None,
            automatic: false,
            instance: Some("i".into()),
        }
    }

    #[test]
    fn what_is_rendered_is_read_back() {
        let files = [Attachment {
            name: "mapa à esquerda.pdf".into(),
            media_type: "application/pdf".into(),
            content_id: None,
            inline: false,
            content: vec![0, 1, 2, 255],
        }];
        let raw = render(&draft(&files));
        let letter = Letter::read(&raw);
        assert_eq!(letter.message_id, MessageId::new("new@relais"));
        assert_eq!(letter.in_reply_to, [MessageId::new("b@x").unwrap()]);
        assert_eq!(letter.references.len(), 2);
        assert_eq!(letter.to[0].name.as_deref(), Some("Zoë, \"Z\" Müller"));
        assert_eq!(letter.plain.as_deref().map(str::trim_end), Some("Olá,\n.\nFrom here\nadeus 🛏"));
        assert_eq!(
            letter.html.as_deref().map(str::trim_end),
            Some("<p>Olá,<br>\n.<br>\nFrom <b>here</b></p>")
        );
        assert_eq!(letter.attachments.len(), 1);
        assert_eq!(letter.attachments[0].name, files[0].name);
        assert_eq!(letter.attachments[0].content, files[0].content);
        assert!(letter.header("Bcc").is_none() && letter.header("X-Evil").is_none());
        assert!(letter.header("Auto-Submitted").is_none());
        assert!(raw.is_ascii(), "7-bit, so that every next hop can take it");
    }

    #[test]
    fn reply_subjects_do_not_grow() {
        for (subject, expected) in [
            ("Férias", "Re: Férias"),
            ("Re: AW: Re[2]: Férias", "Re: Férias"),
            ("Room: 2 nights", "Re: Room: 2 nights"),
            ("", "Re:"),
        ] {
            assert_eq!(reply_subject(subject), expected);
        }
    }
}
