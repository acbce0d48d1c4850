//! A bounce: which recipient, what happened, and the letter that came back.
//!
//! Only about half of real bounces have RFC 3464's machine-readable part; the others are read from their
//! words ([`super::notice`]). Structure outranks words, and words of a person about a bounce are no bounce.

use serde::{Deserialize, Serialize};

use super::{CERTAIN, Evidence, Kind, notice, report, returned, scan, status, weight};
use crate::ground::{automatic::ReturnedOriginal, letter::Letter};

/// What happened to a recipient (RFC 3464, 2.3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Given up.
    Failed,
    /// Still being tried.
    Delayed,
    /// Arrived.
    Delivered,
    /// Handed to a system that sends no DSN.
    Relayed,
    /// Delivered and sent on to several.
    Expanded,
}

/// One recipient of a bounce.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BouncedRecipient {
    /// The address we sent to, as the other side wrote it (Original-Recipient before Final-Recipient: after
    /// an alias or a forward only the first is known to us).
    pub address: String,
    /// The address it ended at, where that is another one.
    pub final_address: Option<String>,
    /// What happened.
    pub action: Action,
    /// The enhanced status code (RFC 3463): the report's, or read from the words.
    pub status: Option<String>,
    /// What the other side said.
    pub diagnostic: Option<String>,
    /// The server that said it.
    pub remote_mta: Option<String>,
}

/// What a DSN is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounce {
    /// Every recipient named, each once.
    pub recipients: Vec<BouncedRecipient>,
    /// The letter that came back, as far as it did.
    pub original: Option<ReturnedOriginal>,
}

/// From here on a letter is read as a bounce's would be.
pub(super) const SUSPECT: i32 = 60;

/// Reads a bounce, if this is one; adds what it found to the evidence.
pub(super) fn read(letter: &Letter, evidence: &mut Vec<Evidence>) -> Option<Bounce> {
    let report = report::of(letter);
    structure(letter, report.is_some(), evidence);
    let suspicion = weight(evidence, Kind::Dsn);
    if suspicion < SUSPECT {
        return None;
    }
    // Gateways wrap a DSN in a notice of their own (InterScan, Exchange): look one letter deeper.
    let inner = letter.enclosed.iter().find(|l| report.is_none() && report::of(l).is_some());
    let report = report.or_else(|| inner.and_then(report::of));
    let source = inner.unwrap_or(letter);
    let notice = notice::read(source);
    if !notice.recipients.is_empty() {
        // What another server answered for it, with its code, is more than an address in a sentence.
        let first = &notice.recipients[0];
        let said = first.diagnostic.as_deref().unwrap_or_default();
        let weight = if status::opens(said) { 40 } else { 30 };
        evidence.push(Evidence::new(Kind::Dsn, "text:recipients", &first.address, weight));
    }
    against(letter, &notice, evidence);
    if weight(evidence, Kind::Dsn) < CERTAIN {
        return None;
    }
    let original = returned::of(source, &notice.returned).or_else(|| returned::of(letter, ""));
    let recipients = recipients(letter, report.unwrap_or_default(), &notice, original.as_ref());
    Some(Bounce { recipients, original })
}

/// What the MIME structure says.
fn structure(letter: &Letter, has_report: bool, evidence: &mut Vec<Evidence>) {
    let declared = letter.header("Content-Type").unwrap_or_default().to_lowercase();
    // Or the letter is nothing but the report.
    let bare = letter.content_type.ends_with("delivery-status");
    let is_report =
        bare || letter.content_type == "multipart/report" || declared.contains("report-type");
    let of_delivery = declared.contains("delivery-status");
    let mut say = |signal: &str, weight| {
        evidence.push(Evidence::new(Kind::Dsn, signal, &letter.content_type, weight));
    };
    match (has_report, is_report) {
        (true, true) => say("report:delivery-status", CERTAIN),
        // Apple Mail forwards the parts of a DSN one by one: alone this is not certain.
        (true, false) => say("report:part", 60),
        (false, true) if of_delivery => say("report:announced", 80),
        (false, true) if !declared.contains("disposition-notification") => {
            say("report:unnamed", 30);
        }
        _ => {}
    }
    if report::rejecting_receipt(letter) {
        say("report:rejected", CERTAIN);
    }
}

/// What speaks against: no sign of a machine. People quote, forward and describe bounces in their words.
fn against(letter: &Letter, notice: &notice::Notice, evidence: &mut Vec<Evidence>) {
    let signs = ["from:", "envelope:", "header:", "report:"];
    let machine = letter.from.is_empty()
        || evidence.iter().any(|e| {
            e.signal == "from:no-reply"
                || e.kind == Kind::Dsn && signs.iter().any(|s| e.signal.starts_with(s))
        });
    // A gateway under any name may send it: then subject and text must be a server's own.
    let template = evidence.iter().any(|e| e.signal == "subject:bounce")
        && evidence
            .iter()
            .any(|e| e.kind == Kind::Dsn && e.signal == "body:bounce" && e.weight >= 50);
    // And name somebody, or return the letter: "Undeliverable" says a visitor of a parcel, too.
    let named = evidence.iter().any(|e| e.signal == "text:recipients")
        || !letter.enclosed.is_empty()
        || !notice.returned.is_empty();
    let text = letter.text();
    let quotes = text.lines().filter(|l| l.trim_start().starts_with('>')).take(3).count();
    let answers = !letter.in_reply_to.is_empty() && quotes == 3;
    if !machine && (!template || !named || answers || notice.is_told()) {
        evidence.push(Evidence::new(Kind::Dsn, "no machine's sign", &letter.subject, -CERTAIN));
    }
}

fn recipients(
    letter: &Letter,
    mut reported: Vec<BouncedRecipient>,
    notice: &notice::Notice,
    original: Option<&ReturnedOriginal>,
) -> Vec<BouncedRecipient> {
    if let [only] = reported.as_mut_slice()
        && only.address.is_empty()
        && let Some(named) = notice.recipients.first()
    {
        only.address.clone_from(&named.address);
    }
    reported.retain(|r| !r.address.is_empty());
    for one in &mut reported {
        if one.status.is_none() && matches!(one.action, Action::Failed | Action::Delayed) {
            let named =
                notice.recipients.iter().find(|r| r.address.eq_ignore_ascii_case(&one.address));
            let said = named.and_then(|r| r.diagnostic.as_deref()).unwrap_or_default();
            one.status = Some(notice.status(said, one.action));
        }
    }
    if reported.is_empty() {
        reported = failed_recipients(letter, notice);
    }
    if reported.is_empty() {
        reported.clone_from(&notice.recipients);
    }
    if reported.is_empty()
        && let Some(only) = original.and_then(ReturnedOriginal::only_recipient)
    {
        reported.push(notice.recipient(&only));
    }
    if reported.is_empty() {
        reported = notice.left_over(letter);
    }
    let mut seen = Vec::new();
    reported.retain(|r| {
        let folded = r.address.to_lowercase();
        let new = !seen.contains(&folded);
        seen.push(folded);
        new
    });
    reported
}

/// X-Failed-Recipients (Exim, Gmail), with what the words say about each.
fn failed_recipients(letter: &Letter, notice: &notice::Notice) -> Vec<BouncedRecipient> {
    letter
        .headers_named("X-Failed-Recipients")
        .flat_map(|value| value.split(','))
        .flat_map(|one| scan::addresses(one).into_iter().next())
        .map(|found| {
            let named =
                notice.recipients.iter().find(|r| r.address.eq_ignore_ascii_case(found.text));
            named.cloned().unwrap_or_else(|| notice.recipient(found.text))
        })
        .collect()
}

/// An action from the report's word, else from the class of the status.
pub(super) fn action(word: &str, status: Option<&str>) -> Action {
    let word = word.trim().to_lowercase();
    match word.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default() {
        "delayed" => Action::Delayed,
        "delivered" => Action::Delivered,
        "relayed" => Action::Relayed,
        "expanded" => Action::Expanded,
        "failed" | "error" | "failure" => Action::Failed,
        _ => match status.and_then(|s| s.bytes().next()) {
            Some(b'4') => Action::Delayed,
            Some(b'2') => Action::Delivered,
            _ => Action::Failed,
        },
    }
}

/// The class of a status as this action means it: success, transient or permanent (RFC 3463, 2).
pub(super) fn class_of(action: Action) -> u8 {
    match action {
        Action::Delayed => 4,
        Action::Failed => 5,
        Action::Delivered | Action::Relayed | Action::Expanded => 2,
    }
}
