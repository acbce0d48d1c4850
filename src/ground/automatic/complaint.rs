//! Complaints: somebody pressed *this is spam* on a mail of ours (ARF, RFC 5965; Hotmail and Yahoo have
//! forms of their own). A DMARC failure report uses the same format and is no visitor's complaint.

use serde::{Deserialize, Serialize};

use super::{CERTAIN, Evidence, Kind, ReturnedOriginal, returned, scan};
use crate::ground::letter::Letter;

/// What a complaint is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaint {
    /// `abuse`, `fraud`, `not-spam`, … (RFC 5965, 3.1 and 7.3).
    pub feedback_type: String,
    /// Who complained, where told (Original-Rcpt-To).
    pub recipients: Vec<String>,
    /// The envelope sender of the mail complained about.
    pub original_mail_from: Option<String>,
    /// The address the mail came from.
    pub source_ip: Option<String>,
    /// Who says so.
    pub user_agent: Option<String>,
    /// The mail complained about.
    pub original: Option<ReturnedOriginal>,
}

/// Reads a complaint, if this is one.
pub(super) fn read(letter: &Letter) -> Option<(Complaint, Evidence)> {
    arf(letter).or_else(|| by_words(letter))
}

fn arf(letter: &Letter) -> Option<(Complaint, Evidence)> {
    let attached = letter
        .attachments
        .iter()
        .filter(|a| a.media_type.ends_with("feedback-report"))
        .map(|a| String::from_utf8_lossy(&a.content).into_owned())
        .next();
    let reported = letter
        .reports
        .iter()
        .find(|(t, _)| t.ends_with("feedback-report"))
        .map(|(_, text)| text.clone());
    let text = reported.or(attached)?;
    let field = |name: &str| fields(&text, name).into_iter().next();
    let feedback_type = field("Feedback-Type")?.to_lowercase();
    // RFC 6591: `auth-failure` is what DMARC's `ruf=` sends. A machine's report, no complaint.
    if feedback_type.starts_with("auth-failure") || feedback_type.starts_with("dmarc") {
        return None;
    }
    let original = returned::of(letter, "");
    let mut recipients: Vec<String> =
        ["Original-Rcpt-To", "Original-Recipient", "Removal-Recipient"]
            .iter()
            .flat_map(|name| fields(&text, name))
            .filter_map(|value| scan::addresses(&value).first().map(|a| a.text.to_owned()))
            .collect();
    recipients.dedup();
    let complaint = Complaint {
        recipients,
        original_mail_from: field("Original-Mail-From")
            .map(|v| v.trim_matches(['<', '>']).to_owned()),
        source_ip: field("Source-IP"),
        user_agent: field("User-Agent"),
        original,
        feedback_type,
    };
    let evidence =
        Evidence::new(Kind::Complaint, "report:feedback", &complaint.feedback_type, CERTAIN);
    Some((complaint, evidence))
}

/// Hotmail's staff@ and Yahoo's feedback@ enclose the mail and say in words what it is.
fn by_words(letter: &Letter) -> Option<(Complaint, Evidence)> {
    let author = letter.author()?.address.folded();
    let (local, domain) = author.split_once('@')?;
    let subject = letter.subject.to_lowercase();
    let hotmail = ["staff", "feedbackloop"].contains(&local)
        && ["hotmail.com", "outlook.com", "live.com", "msn.com"].contains(&domain);
    let yahoo = local.starts_with("feedback")
        && (domain.ends_with("yahoo.com") || domain.ends_with("yahoo-inc.com"));
    let said = subject.starts_with("complaint about message")
        || subject.starts_with("abuse report")
        || hotmail
        || yahoo;
    let letters = !letter.enclosed.is_empty() || letter.content_type == "multipart/report";
    if !(said && letters && (hotmail || yahoo)) {
        return None;
    }
    let enclosed = letter.enclosed.first();
    let told = enclosed
        .and_then(|l| {
            l.header("X-HmXmrOriginalRecipient").or_else(|| l.header("X-Rocket-Recipient"))
        })
        .or_else(|| letter.header("X-HmXmrOriginalRecipient"))
        .or_else(|| enclosed.and_then(|l| l.header("Delivered-To")))
        .unwrap_or_default()
        .to_owned();
    let original = returned::of(letter, "");
    let mut recipients: Vec<String> =
        scan::addresses(&told).iter().map(|a| a.text.to_owned()).collect();
    if recipients.is_empty() {
        recipients.extend(original.as_ref().and_then(ReturnedOriginal::only_recipient));
    }
    let complaint = Complaint {
        feedback_type: "abuse".to_owned(),
        recipients,
        original,
        ..Complaint::default()
    };
    Some((complaint, Evidence::new(Kind::Complaint, "from:feedback-loop", &author, CERTAIN)))
}

fn fields(text: &str, name: &str) -> Vec<String> {
    text.lines()
        .filter_map(|line| line.split_once(':'))
        .filter(|(field, _)| field.trim().eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim().to_owned())
        .filter(|value| !value.is_empty())
        .collect()
}
