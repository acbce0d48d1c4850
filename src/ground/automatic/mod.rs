//! What kind of letter this is, with the evidence: a person's, an automatic reply, a delivery status
//! notification (DSN), a complaint, a list's or our own coming back.
//!
//! Machines are never answered and never raise *needs reply* (`DESIGN.md`, promise 6), and no person's mail
//! may be taken for a machine's. So each signal has a weight and its source ([`signals`], [`phrases`]); weak
//! ones add up, and what everyone's mail may carry (X-Auto-Response-Suppress, `Precedence: bulk`) never
//! reaches [`CERTAIN`] alone. Mail of booking platforms is recognised by the channels before this is asked.

mod behind;
mod bounce;
mod complaint;
mod declared;
pub(in crate::ground) mod fold;
mod notice;
mod notice_words;
mod pairs;
mod phrases;
mod report;
mod returned;
mod scan;
mod signals;
mod status;
mod templates;
#[cfg(test)]
mod tests;
mod told;
mod visitor;

use serde::{Deserialize, Serialize};

pub use bounce::{Action, Bounce, BouncedRecipient};
pub use complaint::Complaint;
pub use returned::ReturnedOriginal;

use crate::ground::letter::Letter;

/// The weight from which a kind is certain enough to act on.
pub const CERTAIN: i32 = 100;

/// The header our own mail carries; its value is the instance ([`Hints::own_instance`]).
pub const OWN_HEADER: &str = "X-Relais-Instance";

/// The kinds of letters. A person's mail with a calendar card is a person's: somebody pressed *invite*, and
/// the card is shown beside the text ([`crate::ground::calendar`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Somebody wrote this.
    Person,
    /// A machine wrote this: vacation, acknowledgement, read receipt, DMARC report, notification.
    #[serde(rename = "automatic_reply")]
    AutoReply,
    /// A delivery status notification, in RFC 3464's form or in words.
    Dsn,
    /// Somebody pressed *this is spam* on a mail of ours (ARF, RFC 5965).
    Complaint,
    /// A mailing list's or newsletter's. A person who writes through a discussion list is `list` too: the
    /// letter was sent to the list and answering goes there, so it never raises *needs reply*.
    List,
    /// Our own mail coming back.
    Own,
}

/// One reason for a judgement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What was seen, such as `header:Auto-Submitted` or `subject:vacation`.
    pub signal: String,
    /// The value or phrase, shortened.
    pub value: String,
    /// Which kind it speaks for.
    pub kind: Kind,
    /// How loudly; [`CERTAIN`] decides alone.
    pub weight: i32,
}

impl Evidence {
    fn new(kind: Kind, signal: impl Into<String>, value: &str, weight: i32) -> Self {
        Evidence { signal: signal.into(), value: value.chars().take(80).collect(), kind, weight }
    }
}

/// The kind of a letter and why, and what a bounce or complaint is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// The kind.
    pub kind: Kind,
    /// Everything that spoke for some kind, the decisive ones among it.
    pub evidence: Vec<Evidence>,
    /// Of a DSN.
    pub bounce: Option<Bounce>,
    /// Of a complaint.
    pub complaint: Option<Complaint>,
}

/// What the caller knows beyond the letter.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hints<'a> {
    /// Was the reverse-path null? `None` when there was no envelope (then a Return-Path field is read).
    pub null_reverse_path: Option<bool>,
    /// Domains under which only we mint Message-IDs (our reply domains).
    pub our_domains: &'a [String],
    /// Our value of [`OWN_HEADER`].
    pub own_instance: Option<&'a str>,
    /// The account's own domains: a List-Id there is the house's own distribution address (a Google group
    /// behind `info@`), through which visitors write.
    pub account_domains: &'a [String],
}

/// Judges a letter.
pub fn judge(letter: &Letter, hints: &Hints<'_>) -> Judgement {
    let mut evidence = Vec::new();
    if let Some(found) = own(letter, hints) {
        return judgement(Kind::Own, vec![found]);
    }
    if let Some((complaint, found)) = complaint::read(letter) {
        let mut judgement = judgement(Kind::Complaint, vec![found]);
        judgement.complaint = Some(complaint);
        return judgement;
    }
    let null_path = signals::null_reverse_path(letter, hints);
    evidence.extend(signals::headers(letter, null_path, hints));
    evidence.extend(phrases::subject(&letter.subject, |phrase| templates::told_of(letter, phrase)));
    if worth_reading(&evidence) {
        evidence.extend(phrases::body(letter));
        evidence.extend(templates::receipt(letter));
    }
    let open = [Kind::AutoReply, Kind::List].iter().all(|kind| weight(&evidence, *kind) < CERTAIN);
    if open && weight(&evidence, Kind::Dsn) < bounce::SUSPECT {
        evidence.extend(templates::acknowledgement(letter));
    }
    if let Some(bounce) = bounce::read(letter, &mut evidence) {
        let mut judgement = judgement(Kind::Dsn, evidence);
        judgement.bounce = Some(bounce);
        return judgement;
    }
    let kind = if weight(&evidence, Kind::AutoReply) >= CERTAIN && machine_signed(&evidence) {
        Kind::AutoReply
    } else if weight(&evidence, Kind::List) >= CERTAIN {
        Kind::List
    } else {
        Kind::Person
    };
    judgement(kind, evidence)
}

fn judgement(kind: Kind, evidence: Vec<Evidence>) -> Judgement {
    Judgement { kind, evidence, bounce: None, complaint: None }
}

/// The sum of what speaks for a kind.
fn weight(evidence: &[Evidence], kind: Kind) -> i32 {
    evidence.iter().filter(|e| e.kind == kind).map(|e| e.weight).sum()
}

/// Is there a sign beyond words people use too? Absence and thanks in subject and text are no such sign.
fn machine_signed(evidence: &[Evidence]) -> bool {
    evidence.iter().filter(|e| e.kind == Kind::AutoReply).any(|e| {
        ["header:", "envelope:", "from:"].iter().any(|s| e.signal.starts_with(s))
            || ["subject:automatic", "body:machine"].contains(&e.signal.as_str())
            || (e.signal == "subject:absence" && e.weight >= phrases::OFFICE_COLON)
    })
}

/// Is the text worth searching for phrases? Words are certain only in company, and most letters
/// show no other sign.
fn worth_reading(evidence: &[Evidence]) -> bool {
    [Kind::AutoReply, Kind::Dsn].into_iter().any(|kind| weight(evidence, kind) >= 10)
}

/// The gateways a letter's words passed, oldest first.
fn instances(letter: &Letter) -> impl Iterator<Item = &str> {
    letter.headers_named(OWN_HEADER).flat_map(|value| value.split(',')).map(str::trim)
}

/// So many gateways are remembered; a longer way is a loop some other guard ends.
const MAX_PASSED: usize = 20;

/// The value of [`OWN_HEADER`] for a mail that passes on this letter's words: the gateways they passed, then ours.
/// So a gateway knows its own words even when another one rendered them anew.
pub fn passed(letter: &Letter, ours: &str) -> String {
    let plain =
        |i: &&str| i.len() <= 64 && i.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let mut passed: Vec<&str> = instances(letter).filter(plain).take(MAX_PASSED).collect();
    passed.push(ours);
    passed.join(", ")
}

fn own(letter: &Letter, hints: &Hints<'_>) -> Option<Evidence> {
    if let Some(ours) = hints.own_instance
        && instances(letter).any(|passed| passed == ours)
    {
        return Some(Evidence::new(Kind::Own, "header:own", ours, CERTAIN));
    }
    let id = letter.message_id.as_ref()?;
    let domain = id.domain()?;
    hints
        .our_domains
        .iter()
        .any(|ours| ours.eq_ignore_ascii_case(&domain))
        .then(|| Evidence::new(Kind::Own, "message_id:own", id.as_str(), CERTAIN))
}
