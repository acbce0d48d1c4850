//! New text: the reply sets of `SOURCES.md`.
//!
//! The families mean different things by "reply", so a case is held against what its source measures: talon's
//! `standard_replies` and `html_replies` remove quotations only, there text and signature together are compared; the
//! others against the text. Where one source expects a `-Name` line kept and another cut the case stays wrong.

use std::{collections::BTreeMap, fs, path::Path};

use regex::Regex;
use relais::ground::{
    address::Mailbox,
    letter::Letter,
    reply_text::{self, ReplyText},
};
use serde::Deserialize;

use crate::{Case, Set, Verdict};

#[derive(Deserialize)]
struct Expectation {
    file: String,
    test: String,
    #[serde(default)]
    input: String,
    reply_equals: Option<String>,
    #[serde(default)]
    reply_contains: Vec<String>,
    #[serde(default)]
    reply_not_contains: Vec<String>,
    #[serde(default)]
    reply_matches: Vec<String>,
    #[serde(default)]
    reply_not_matches: Vec<String>,
    #[serde(default)]
    signature_contains: Vec<String>,
    signature_equals: Option<String>,
}

/// Files with expectations.
const LISTS: &[&str] = &["reply-text/expected.json", "inbound/gitlab/expected.json"];

pub(crate) fn run(corpora: &Path) -> Vec<Set> {
    let mut sets: BTreeMap<String, Vec<Case>> = BTreeMap::new();
    for list in LISTS {
        let Ok(json) = fs::read(corpora.join(list)) else {
            eprintln!("score: {list} is missing");
            continue;
        };
        let expectations: Vec<Expectation> = match serde_json::from_slice(&json) {
            Ok(list) => list,
            Err(error) => {
                eprintln!("score: {list}: {error}");
                continue;
            }
        };
        for expectation in expectations {
            let path = corpora.join(&expectation.file);
            let Ok(raw) = fs::read(&path) else {
                eprintln!("score: {} is missing", expectation.file);
                continue;
            };
            let case = judge(&expectation, &split(&expectation, &path, &raw));
            sets.entry(set_of(&expectation)).or_default().push(case);
        }
    }
    sets.into_iter().map(|(name, cases)| Set { name, cases, summary: None }).collect()
}

fn set_of(expectation: &Expectation) -> String {
    let folder = expectation.file.rsplit_once('/').map_or("", |(folder, _)| folder);
    folder.trim_start_matches("reply-text/").to_owned()
}

fn split(expectation: &Expectation, path: &Path, raw: &[u8]) -> ReplyText {
    let text = || String::from_utf8_lossy(raw);
    if expectation.file.ends_with(".html") {
        return reply_text::split_html(&text());
    }
    if expectation.test == "signature" {
        return reply_text::split(&signed(path, &text()));
    }
    if !expectation.file.ends_with(".eml") {
        return reply_text::split_text(&text());
    }
    let mut letter = Letter::read(raw);
    if expectation.input == "first text/plain part" {
        letter.html = None;
    }
    reply_text::split(&letter)
}

/// talon's signature samples: a body with `#sig#` before the lines of the signature, the sender's name or
/// address in a file beside it.
fn signed(path: &Path, body: &str) -> Letter {
    let sender = path.to_string_lossy().replace("_body", "_sender");
    let sender = fs::read_to_string(sender).unwrap_or_default();
    let (name, address) = match sender.trim() {
        address if address.contains('@') => (None, address),
        name => (Some(name), "sender@example.com"),
    };
    let mailbox = address.parse().map(|a| Mailbox::new(name, a));
    Letter {
        plain: Some(body.replace("#sig#", "")),
        from: mailbox.into_iter().collect(),
        ..Letter::default()
    }
}

fn judge(expectation: &Expectation, reply: &ReplyText) -> Case {
    let quotes_only = expectation.test == "standard_replies" || expectation.test == "html_replies";
    let text = if quotes_only {
        format!("{}\n\n{}", reply.text, reply.signature)
    } else {
        reply.text.clone()
    };
    let mut verdict = Verdict::Exact;
    let mut wanted = String::new();
    let mut note = |this: Verdict, what: String| {
        wanted.push_str(&what);
        wanted.push('\n');
        verdict = match (verdict, this) {
            (Verdict::Wrong, _) | (_, Verdict::Wrong) => Verdict::Wrong,
            (Verdict::Acceptable, _) | (_, Verdict::Acceptable) => Verdict::Acceptable,
            _ => Verdict::Exact,
        };
    };
    if let Some(equals) = &expectation.reply_equals {
        note(compare(equals, &text), equals.clone());
    }
    if let Some(equals) = &expectation.signature_equals {
        let plain = equals.replace("#sig#", "");
        note(compare(&plain, &reply.signature), format!("signature: {plain}"));
    }
    let yes = |is: bool| if is { Verdict::Exact } else { Verdict::Wrong };
    for part in &expectation.reply_contains {
        note(yes(squash(&text).contains(&squash(part))), format!("contains: {part}"));
    }
    for part in &expectation.reply_not_contains {
        note(yes(!squash(&text).contains(&squash(part))), format!("contains not: {part}"));
    }
    for part in &expectation.signature_contains {
        note(
            yes(squash(&reply.signature).contains(&squash(part))),
            format!("signature contains: {part}"),
        );
    }
    for pattern in &expectation.reply_matches {
        note(yes(matches(pattern, &text)), format!("matches: {pattern}"));
    }
    for pattern in &expectation.reply_not_matches {
        note(yes(!matches(pattern, &text)), format!("matches not: {pattern}"));
    }
    Case {
        name: format!("{} {}", expectation.file, expectation.test),
        verdict,
        expected: wanted,
        got: format!(
            "{}\n--- signature\n{}\n--- confidence {}",
            reply.text, reply.signature, reply.confidence
        ),
    }
}

fn matches(pattern: &str, text: &str) -> bool {
    Regex::new(&format!("(?m){}", pattern.replace("\\/", "/"))).is_ok_and(|r| r.is_match(text))
}

fn compare(expected: &str, got: &str) -> Verdict {
    if expected.trim() == got.trim() {
        Verdict::Exact
    } else if squash(expected) == squash(got) {
        Verdict::Acceptable
    } else {
        Verdict::Wrong
    }
}

/// Without white space and without punctuation at the end.
fn squash(text: &str) -> String {
    let kept: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let end = kept.trim_end_matches(|c: char| c.is_ascii_punctuation() || "。！？…—–".contains(c));
    if end.is_empty() { kept } else { end.to_owned() }
}
