//! What one side must not see of the other: private addresses and reply addresses that are not the reader's own, in
//! words and in the files that carry addresses (DESIGN promise 5).

use std::borrow::Cow;

use crate::ground::{
    address::Address, html::percent_decoded, letter::Attachment, rich_text::RichText,
};

/// What is hidden from a reader.
#[derive(Clone, Debug)]
pub struct Hidden<'a> {
    /// The private addresses.
    pub private: Vec<Address>,
    /// Every address of this domain is a reply address of ours.
    pub domain: &'a str,
    /// What is shown instead: the address the reader already has.
    pub reader: &'a Address,
}

/// Media types whose content is text that may name people: a client adds its own card to a mail, or forwards a mail
/// with all its header fields.
const NAMES_PEOPLE: [&str; 5] =
    ["text/", "message/", "application/ics", "application/vcard", "application/xml"];
/// Formats that fold a long line anywhere, with a space on the next (RFC 6350, 3.2; RFC 5545, 3.1).
const FOLDED: [&str; 5] =
    ["text/vcard", "text/x-vcard", "text/directory", "text/calendar", "application/ics"];

/// Has it the sign of an address, as it is or as links write it?
fn may_hold_address(text: &str) -> bool {
    text.contains('@') || text.contains("%40")
}

impl Hidden<'_> {
    /// A text with the reader's own address wherever something hidden stood.
    pub fn text(&self, text: &str) -> String {
        if !may_hold_address(text) {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len());
        let is_part = |c: char| c.is_alphanumeric() || ".@-_+=%".contains(c);
        let mut rest = text;
        while let Some(start) = rest.find(is_part) {
            out.push_str(&rest[..start]);
            rest = &rest[start..];
            let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            let word = &rest[..end];
            let bare = word.trim_end_matches(['.', '-', '=']);
            match self.hidden_from(bare) {
                Some(at) => {
                    out.push_str(&word[..at]);
                    out.push_str(&self.reader.to_string());
                    out.push_str(&word[bare.len()..]);
                }
                None => out.push_str(word),
            }
            rest = &rest[end..];
        }
        out.push_str(rest);
        out
    }

    /// The same with its looks. A link that leads to something hidden is none.
    pub fn rich(&self, text: &RichText) -> RichText {
        if text.marks.is_empty() {
            return self.text(&text.text).into();
        }
        text.changed(
            |word| self.text(word),
            |link| (!self.leads_to_hidden(link)).then(|| link.to_owned()),
        )
    }

    /// A link is looked at as a whole: the address may be one value of many in it.
    fn leads_to_hidden(&self, link: &str) -> bool {
        let link = percent_decoded(link).to_lowercase();
        let private = self.private.iter().any(|private| link.contains(&private.folded()));
        private || link.contains(&format!("@{}", self.domain))
    }

    /// Where in a word an address begins that must not be seen; in a link it stands behind `=`, its `@` written `%40`.
    fn hidden_from(&self, word: &str) -> Option<usize> {
        // Most words are no address; asking for the sign first makes this five times faster.
        if !may_hold_address(word) {
            return None;
        }
        let value = word.rfind('=').map(|at| at + 1);
        let hides = |at: &usize| {
            let found = word[*at..].replacen("%40", "@", 1).parse::<Address>();
            found.is_ok_and(|found| self.hides(&found))
        };
        [Some(0), value].into_iter().flatten().find(hides)
    }

    fn hides(&self, found: &Address) -> bool {
        found.domain() == self.domain || self.private.iter().any(|p| p.same_mailbox(found))
    }

    /// A card is named after its owner: `ana@pousada.example.vcf`.
    fn file_name(&self, name: &str) -> String {
        match name.rsplit_once('.') {
            Some((stem, extension)) if self.text(name) == name => {
                format!("{}.{extension}", self.text(stem))
            }
            _ => self.text(name),
        }
    }

    /// A file as the reader may have it; its bytes are untouched unless something in them is hidden.
    pub fn file(&self, file: &Attachment) -> Attachment {
        let mut shown = file.clone();
        shown.name = self.file_name(&file.name);
        let kind = file.media_type.as_str();
        if NAMES_PEOPLE.iter().any(|of| kind.starts_with(of)) {
            let (text, utf8) = characters(&file.content);
            let unfolded =
                if FOLDED.contains(&kind) { unfold(&text) } else { Cow::Borrowed(&*text) };
            let said = self.text(&unfolded);
            if said != unfolded {
                shown.content = match utf8 {
                    true => said.into_bytes(),
                    false => {
                        said.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect()
                    }
                };
            }
        }
        shown
    }
}

/// The bytes as characters, and whether they are UTF-8; else each byte is one, so that they can be written back.
fn characters(content: &[u8]) -> (Cow<'_, str>, bool) {
    match std::str::from_utf8(content) {
        Ok(text) => (Cow::Borrowed(text), true),
        Err(_) => (content.iter().map(|byte| char::from(*byte)).collect(), false),
    }
}

fn unfold(text: &str) -> Cow<'_, str> {
    if !text.contains("\n ") && !text.contains("\n\t") {
        return Cow::Borrowed(text);
    }
    let mut out = text.to_owned();
    for fold in ["\r\n ", "\r\n\t", "\n ", "\n\t"] {
        out = out.replace(fold, "");
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(media_type: &str, content: &[u8]) -> Attachment {
        let (name, media_type) = ("ana@pousada.example.vcf".to_owned(), media_type.to_owned());
        Attachment { name, media_type, content_id: None, inline: false, content: content.to_vec() }
    }

    #[test]
    fn private_addresses_do_not_pass() {
        let reader = "r@reply.example".parse().unwrap();
        let private = vec!["ana@pousada.example".parse().unwrap()];
        let hidden = Hidden { private, domain: "reply.example", reader: &reader };
        assert_eq!(
            hidden
                .text("Write to Ana@Pousada.example. or <x.done@REPLY.example>, not a@b.example!"),
            "Write to r@reply.example. or <r@reply.example>, not a@b.example!"
        );
        assert_eq!(
            hidden
                .text("https://x.example/?b=1&who=ana%40pousada.example&c=a=ana@pousada.example."),
            "https://x.example/?b=1&who=r@reply.example&c=a=r@reply.example."
        );
        for (media_type, content, expected) in [
            (
                "text/vcard",
                "EMAIL;TYPE=work:ana@pousada.example\r\n",
                "EMAIL;TYPE=work:r@reply.example\r\n",
            ),
            (
                "text/calendar",
                "ATTENDEE:mailto:x@rep\r\n ly.example\r\n",
                "ATTENDEE:mailto:r@reply.example\r\n",
            ),
            (
                "message/rfc822",
                "Delivered-To: x@reply.example\n y",
                "Delivered-To: r@reply.example\n y",
            ),
            ("text/calendar", "SUMMARY:A long\r\n  line\r\n", "SUMMARY:A long\r\n  line\r\n"),
            ("application/pdf", "%PDF ana@pousada.example", "%PDF ana@pousada.example"),
        ] {
            let shown = hidden.file(&file(media_type, content.as_bytes()));
            assert_eq!(String::from_utf8(shown.content).unwrap(), expected, "{media_type}");
            assert_eq!(shown.name, "r@reply.example.vcf");
        }
        let latin =
            hidden.file(&file("text/vcard", b"N:Concei\xe7\xe3o\nEMAIL:ana@pousada.example"));
        assert_eq!(latin.content, b"N:Concei\xe7\xe3o\nEMAIL:r@reply.example");
    }
}
