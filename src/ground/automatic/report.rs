//! The machine-readable part of a DSN (RFC 3464, and RFC 6533 for addresses in UTF-8).
//!
//! Real reports leave out blank lines and add some, repeat fields, write actions of their own and put MIME
//! fields between the groups (mailers that re-encode them); all of it is read as far as it makes sense.

use super::{
    bounce::{Action, BouncedRecipient, action, class_of},
    fold::fold,
    scan, status,
};
use crate::ground::letter::{Attachment, Letter};

/// Fields of one recipient as they stand.
#[derive(Default)]
struct Group {
    original: Option<String>,
    last: Option<String>,
    action: Option<String>,
    status: Option<String>,
    diagnostic: Option<String>,
    remote: Option<String>,
}

impl Group {
    fn named(&self) -> bool {
        self.original.is_some() || self.last.is_some()
    }

    fn judged(&self) -> bool {
        self.action.is_some() || self.status.is_some()
    }
}

/// The recipients of the letter's delivery report; `None` when it has none.
pub(super) fn of(letter: &Letter) -> Option<Vec<BouncedRecipient>> {
    let rejecting = rejecting_receipt(letter);
    let parts: Vec<&str> = letter
        .reports
        .iter()
        .filter(|(media_type, _)| {
            // `message/global-delivery-status`: RFC 6533, 3. Sieve's reject uses a receipt's fields.
            media_type.contains("delivery-status")
                || rejecting && media_type.contains("disposition-notification")
        })
        .map(|(_, text)| text.as_str())
        .collect();
    if !parts.is_empty() {
        return Some(parts.into_iter().flat_map(recipients).collect());
    }
    // Attached under another name, or flattened into the text by a gateway.
    let attached = letter
        .attachments
        .iter()
        .filter(|a| a.media_type.contains("delivery-status") || named_report(letter, a))
        .map(|a| String::from_utf8_lossy(&a.content).into_owned());
    let flat = letter.plain.iter().filter(|p| flattened(p)).cloned();
    let found: Vec<String> = attached.chain(flat).collect();
    (!found.is_empty()).then(|| found.iter().flat_map(|t| recipients(t)).collect())
}

/// The report of a `multipart/report` under a type of text.
fn named_report(letter: &Letter, part: &Attachment) -> bool {
    letter.content_type == "multipart/report"
        && part.media_type.starts_with("text/")
        && part.content.len() < 1 << 20
        && flattened(&String::from_utf8_lossy(&part.content))
}

/// Sieve's `reject` answers with a receipt (RFC 5429, 2.2): *deleted*, and the words say rejected. The "Not read" of
/// Outlook and Thunderbird says deleted too and is none.
pub(super) fn rejecting_receipt(letter: &Letter) -> bool {
    letter.reports.iter().any(|(media_type, text)| {
        media_type.contains("disposition-notification") && text.to_lowercase().contains("deleted")
    }) && fold(&letter.text(), 2000).contains("reject")
}

/// Does a text hold a whole report, unquoted? All three fields at line starts.
fn flattened(text: &str) -> bool {
    let has = |name: &str| {
        text.lines()
            .any(|l| l.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name)))
    };
    has("Reporting-MTA:") && has("Final-Recipient:") && has("Action:")
}

/// Every recipient group of a report's text.
pub(super) fn recipients(text: &str) -> Vec<BouncedRecipient> {
    let mut groups: Vec<Group> = vec![Group::default()];
    for line in unfolded(text) {
        let Some((name, value)) = line.split_once(':') else {
            if line.trim().is_empty() {
                groups.push(Group::default());
            }
            continue;
        };
        place(&mut groups, &name.trim().to_lowercase(), value.trim());
    }
    merged(groups).into_iter().filter_map(recipient).collect()
}

fn place(groups: &mut Vec<Group>, name: &str, value: &str) {
    let repeated = match name {
        "final-recipient" => groups.last().is_some_and(|g| g.last.is_some()),
        "original-recipient" => groups.last().is_some_and(|g| g.original.is_some()),
        _ => false,
    };
    if repeated {
        groups.push(Group::default());
    }
    let Some(group) = groups.last_mut() else {
        return;
    };
    let slot = match name {
        "final-recipient" => &mut group.last,
        "original-recipient" => &mut group.original,
        "action" => &mut group.action,
        "status" => &mut group.status,
        "diagnostic-code" | "x-supplementary-info" | "x400-supplementary-info" => {
            &mut group.diagnostic
        }
        "remote-mta" => &mut group.remote,
        _ => return,
    };
    if slot.is_none() && !value.is_empty() {
        *slot = Some(value.to_owned());
    }
}

/// Groups torn apart by stray blank lines come together: a name without a judgement takes the next one's.
fn merged(groups: Vec<Group>) -> Vec<Group> {
    let mut out: Vec<Group> = Vec::new();
    for group in groups {
        let joins = out.last().is_some_and(|last| {
            (last.named() && !last.judged() && !group.named() && group.judged())
                || (!last.named() && last.judged() && group.named() && !group.judged())
        });
        if joins && let Some(last) = out.last_mut() {
            last.original = last.original.take().or(group.original);
            last.last = last.last.take().or(group.last);
            last.action = last.action.take().or(group.action);
            last.status = last.status.take().or(group.status);
            last.diagnostic = last.diagnostic.take().or(group.diagnostic);
            last.remote = last.remote.take().or(group.remote);
        } else if group.named() || group.judged() {
            out.push(group);
        }
    }
    out
}

fn recipient(group: Group) -> Option<BouncedRecipient> {
    let last = group.last.as_deref().and_then(address);
    let original = group.original.as_deref().and_then(address).map(|original| {
        // RFC 3461, 4: an original recipient is xtext; one that is not stays as it is.
        let plain = from_xtext(&original);
        // A plus and an equals sign have to be written so; anything else may be somebody's own.
        let must = original.match_indices('+').all(|(at, _)| {
            original.get(at..at + 3).is_some_and(|code| ["+2B", "+3D"].contains(&code))
        });
        let same = last.as_ref().is_some_and(|l| l.eq_ignore_ascii_case(&plain));
        if same || must { plain } else { original }
    });
    if original.is_none() && last.is_none() && !group.judged() {
        return None;
    }
    let stated = group.status.as_deref().and_then(status::enhanced);
    let action = action(group.action.as_deref().unwrap_or_default(), stated.as_deref());
    let diagnostic = group.diagnostic.map(|d| without_type(&d).to_owned());
    let status = stated.or_else(|| {
        // Where the report says nothing the words beside it may.
        let said = diagnostic.as_deref()?;
        matches!(action, Action::Failed | Action::Delayed)
            .then(|| status::of_text(said, class_of(action)))
    });
    let address = original.clone().or_else(|| last.clone()).unwrap_or_default();
    Some(BouncedRecipient {
        final_address: last.filter(|l| !l.eq_ignore_ascii_case(&address)),
        address,
        action,
        status,
        diagnostic,
        remote_mta: group.remote.map(|r| without_type(&r).to_owned()),
    })
}

/// `rfc822; a@b.example` and its cousins: `utf-8;` with `\x{E9}`, `<a@b>`, X.400 with `(a)` for `@`.
fn address(value: &str) -> Option<String> {
    let text = unescaped(without_type(value));
    let text =
        if text.contains('@') { text } else { text.replace("(a)", "@").replace("/RFC-822=", " ") };
    scan::addresses(&text).first().map(|a| a.text.to_owned())
}

/// `+2B` is a plus (RFC 3461, 4).
fn from_xtext(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('+') {
        let hex = rest.get(at + 1..at + 3).filter(|h| h.bytes().all(|b| b.is_ascii_hexdigit()));
        let decoded = hex.and_then(|h| u8::from_str_radix(h, 16).ok()).filter(u8::is_ascii_graphic);
        out.push_str(&rest[..at]);
        out.push(decoded.map_or('+', char::from));
        rest = &rest[if decoded.is_some() { at + 3 } else { at + 1 }..];
    }
    out.push_str(rest);
    out
}

/// What follows the type: `smtp; 550 …` gives `550 …`.
fn without_type(value: &str) -> &str {
    match value.split_once(';') {
        Some((kind, rest))
            if kind.trim().chars().all(|c| c.is_ascii_alphanumeric() || c == '-') =>
        {
            rest.trim()
        }
        _ => value.trim(),
    }
}

/// RFC 6533, 3: `\x{HEX}` stands for a character outside ASCII.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\\x{") {
        out.push_str(&rest[..at]);
        let tail = &rest[at + 3..];
        let decoded =
            tail.split_once('}').filter(|(hex, _)| hex.len() <= 6).and_then(|(hex, after)| {
                Some((char::from_u32(u32::from_str_radix(hex, 16).ok()?)?, after))
            });
        match decoded {
            Some((c, after)) => {
                out.push(c);
                rest = after;
            }
            None => {
                out.push_str("\\x{");
                rest = tail;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Lines with continuation lines joined.
fn unfolded(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let continues = line.starts_with([' ', '\t']) && !line.trim().is_empty();
        match lines.last_mut() {
            Some(last) if continues && !last.is_empty() => {
                last.push(' ');
                last.push_str(line.trim());
            }
            _ => lines.push(line.trim_end().to_owned()),
        }
    }
    lines
}
