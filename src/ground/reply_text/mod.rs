//! New text, quoted part and signature of a letter; forwards with what they carry.
//!
//! Structure comes first (the containers of mail programs in HTML), then attribution lines and header blocks in
//! many languages, then `>` prefixes, then signatures. Both roads end in one list of lines with what is known of
//! each, and one decision gives every line a role: so text, quoted part and signature together hold every line.

mod attribution;
#[cfg(test)]
mod clients;
mod coloured;
mod decide;
mod disclaimer;
mod footer;
mod form;
mod forward;
mod header;
mod html;
#[cfg(test)]
mod kept;
mod language;
#[cfg(test)]
mod letters;
mod line;
mod notes;
mod opener;
#[cfg(test)]
mod sent_on;
mod signature;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use self::{
    decide::{Context, Decision, Role},
    form::First,
    line::Line,
};
use crate::ground::{
    address::Mailbox,
    letter::Letter,
    rich_text::{RichText, letters},
};

/// What somebody wrote, apart from what they quoted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReplyText {
    /// The new text. Answers between quoted questions keep the questions.
    pub text: String,
    /// The quoted part, attribution lines and headers included; of a forward the whole forwarded mail.
    pub quoted: String,
    /// The signature and footers.
    pub signature: String,
    /// How sure the cut is, 0 to 1; below 0.7 a person should see the whole mail unfolded.
    pub confidence: f32,
    /// The forwarded mail, when this is a forward.
    pub forwarded: Option<Forwarded>,
    /// The new text as the HTML says it, where it says the same and has a look: bold words, links, lists.
    #[serde(skip)]
    pub rich: Option<RichText>,
}

/// A mail inside a mail.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Forwarded {
    /// Who wrote it.
    pub author: Option<Mailbox>,
    /// When, as the forwarding program wrote it, in its language.
    pub date: Option<String>,
    /// About what.
    pub subject: Option<String>,
    /// Its whole text, with whatever it quotes itself.
    pub text: String,
}

/// Splits a letter. The plain part gives the text where both parts agree; where they differ and the HTML has a mail
/// program's own containers, the HTML decides.
pub fn split(letter: &Letter) -> ReplyText {
    let answers = !letter.in_reply_to.is_empty() || !letter.references.is_empty();
    let fresh = !answers && !forward::is_reply_subject(&letter.subject);
    let visitors = || letter.from.iter().chain(&letter.reply_to).map(|m| m.address.folded());
    let context = Context {
        author: letter.author().and_then(|a| a.name.as_deref()).map(line::fold),
        forwarded: forward::is_forward_subject(&letter.subject),
        scandinavian: line::fold(&letter.subject).starts_with("vs"),
        answers,
        first: fresh.then(|| First {
            visitors: visitors().collect(),
            recipients: letter.recipients().map(|a| a.folded()).collect(),
            of_machine: is_machine(letter),
            of_form: form::speaks_of_form(&line::fold(&letter.subject)),
        }),
    };
    let plain = letter.plain.as_deref().filter(|p| !p.trim().is_empty());
    let html = letter.html.as_deref().filter(|h| !h.trim().is_empty());
    let mut reply = match (plain, html) {
        (Some(plain), None) => split_lines(&line::lines(plain), &context).0,
        (None, Some(html)) => split_lines(&html::lines(html), &context).0,
        (Some(plain), Some(html)) => better(
            split_lines(&line::lines(plain), &context),
            split_lines(&html::lines(html), &context),
        ),
        (None, None) => ReplyText { confidence: 1.0, ..ReplyText::default() },
    };
    if reply.forwarded.is_none() {
        reply.forwarded = forward::enclosed(letter);
    }
    reply
}

/// Mail servers show the header of what they return; that is no forward.
fn is_machine(letter: &Letter) -> bool {
    let daemon = |local: &str| {
        let local = local.to_lowercase();
        ["mailer-daemon", "postmaster"].iter().any(|d| local.starts_with(d))
    };
    !letter.reports.is_empty()
        || letter.content_type == "multipart/report"
        || letter.author().is_none_or(|author| daemon(author.address.local()))
}

/// Splits a plain text without knowing the letter around it.
pub fn split_text(text: &str) -> ReplyText {
    split_lines(&line::lines(text), &Context::default()).0
}

/// Splits an HTML body without knowing the letter around it.
pub fn split_html(html: &str) -> ReplyText {
    split_lines(&html::lines(html), &Context::default()).0
}

/// The split, and whether HTML structure decided it.
fn split_lines(lines: &[Line<'_>], context: &Context) -> (ReplyText, bool) {
    let Decision { roles, confidence, forward, sure } = decide::decide(lines, context);
    let mut looks = Vec::new();
    let mut gather = |role: Role| {
        let mut text = String::new();
        let mut blanks = 0;
        looks.clear();
        for (line, _) in lines.iter().zip(&roles).filter(|(_, r)| **r == role) {
            if line.is_blank() && line.depth == 0 {
                blanks += 1;
                continue;
            }
            if !text.is_empty() {
                text.push_str(&"\n\n\n\n"[..=blanks.min(3)]);
            }
            blanks = 0;
            looks.extend(line.looks.iter().map(|(span, look)| {
                (span.start + text.len()..span.end + text.len(), look.clone())
            }));
            text.push_str(line.raw.trim_end());
        }
        text
    };
    let (quoted, signature) = (gather(Role::Quote), gather(Role::Signature));
    let text = gather(Role::Text);
    let rich = RichText::with_bytes(text.clone(), &looks);
    let reply = ReplyText {
        rich: (!rich.marks.is_empty()).then_some(rich),
        text,
        quoted,
        signature,
        confidence,
        forwarded: forward.map(|opener| forward::inner(lines, &opener)),
    };
    (reply, sure)
}

/// "Your program cannot show HTML": some write this where the words should be. Whoever writes of HTML does so in both parts.
fn is_stub(plain: &str) -> bool {
    plain.len() <= 400 && plain.to_lowercase().contains("html")
}

fn better(plain: (ReplyText, bool), html: (ReplyText, bool)) -> ReplyText {
    let ((mut plain, _), (mut html, sure)) = (plain, html);
    if html.text.is_empty() && html.quoted.is_empty() && html.signature.is_empty() {
        return plain;
    }
    if letters(&plain.text) == letters(&html.text) {
        plain.confidence = plain.confidence.max(html.confidence);
        plain.forwarded = plain.forwarded.or(html.forwarded);
        plain.rich = html.rich;
        return plain;
    }
    if is_stub(&plain.text) && !html.text.to_lowercase().contains("html") {
        html.confidence = html.confidence.min(0.9);
        return html;
    }
    if plain.quoted.is_empty() && html.quoted.is_empty() {
        // Two versions of one text with nothing to cut: the plain one was written for readers like us.
        return plain;
    }
    let html_wins = sure || html.confidence > plain.confidence;
    let doubt = if sure { 0.9 } else { 0.7 };
    html.confidence = html.confidence.min(doubt);
    plain.confidence = plain.confidence.min(0.7);
    if html_wins { html } else { plain }
}
