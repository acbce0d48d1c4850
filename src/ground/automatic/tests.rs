//! The fixtures under `fixtures/automatic` (letters written by us after the forms of real systems), and
//! hostile input: whatever the bytes, judging ends, and soon.

use std::{fs, path::Path};

use super::{Hints, Judgement, Kind, judge};
use crate::ground::{calendar, duplicate::fingerprint, letter::Letter};

fn fixtures() -> Vec<(String, Vec<u8>, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/automatic");
    let mut found: Vec<_> = fs::read_dir(folder)
        .expect("the fixtures are in the repository")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|e| e == "eml"))
        .map(|path| {
            let expected = fs::read_to_string(path.with_extension("expect"))
                .expect("every letter has its expectation");
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            (name, fs::read(&path).expect("readable"), expected)
        })
        .collect();
    found.sort();
    found
}

/// A judgement in the form of the `.expect` files.
fn told(letter: &Letter, judgement: &Judgement) -> String {
    let mut lines = vec![format!("kind: {}", word(&judgement.kind))];
    if let Some(bounce) = &judgement.bounce {
        for r in &bounce.recipients {
            let status = r.status.as_deref().unwrap_or("none");
            lines.push(format!("recipient: {} {} {status}", r.address, word(&r.action)));
        }
    }
    for complainer in judgement.complaint.iter().flat_map(|c| &c.recipients) {
        lines.push(format!("complainer: {complainer}"));
    }
    let original = judgement.bounce.as_ref().and_then(|b| b.original.as_ref());
    let original = original.or(judgement.complaint.as_ref().and_then(|c| c.original.as_ref()));
    if let Some(id) = original.and_then(|o| o.message_id.as_ref()) {
        lines.push(format!("original: {}", id.as_str()));
    }
    for card in letter.calendars.iter().filter_map(|text| calendar::read(text)) {
        lines.push(format!(
            "invitation: {}, {}",
            card.summary.unwrap_or_default(),
            card.location.unwrap_or_default()
        ));
    }
    lines.join("\n")
}

/// The serde name of an enum without fields.
fn word(value: &impl serde::Serialize) -> String {
    let json = serde_json::to_value(value).unwrap_or_default();
    json.as_str().unwrap_or_default().to_owned()
}

#[test]
fn fixtures_are_judged_as_expected() {
    let cases = fixtures();
    assert!(cases.len() >= 80, "only {} fixtures found", cases.len());
    let mut wrong = Vec::new();
    for (name, raw, expected) in &cases {
        let letter = Letter::read(raw);
        let judgement = judge(&letter, &Hints::default());
        let got = told(&letter, &judgement);
        if got != expected.trim() {
            wrong.push(format!(
                "{name}\n  expected {expected:?}\n  got      {got:?}\n  {:?}",
                judgement.evidence
            ));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// `fixtures/automatic/services.txt`: bounces in the words of many services.
#[test]
fn bounces_of_services_are_read_from_their_words() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/automatic/services.txt");
    let all = fs::read_to_string(path).expect("the fixtures are in the repository");
    let (mut count, mut wrong) = (0, Vec::new());
    for case in all.split("==== ").skip(1) {
        let (head, letter) = case.split_once("\n\n").expect("a letter follows");
        let (name, expected) = head.split_once('\n').expect("a recipient follows");
        let raw = format!("Return-Path: <>\nTo: b-7f3a@reply.relais.example\n{letter}");
        let letter = Letter::read(raw.as_bytes());
        let judgement = judge(&letter, &Hints::default());
        let recipients = judgement.bounce.iter().flat_map(|b| &b.recipients);
        let got: Vec<String> = recipients
            .map(|r| {
                let status = r.status.as_deref().unwrap_or("none");
                format!("{} {} {status}", r.address, word(&r.action))
            })
            .collect();
        count += 1;
        if judgement.kind != Kind::Dsn || got.join("\n") != expected {
            let kind = judgement.kind;
            wrong.push(format!("{name}: {kind:?}\n  expected {expected:?}\n  got      {got:?}"));
        }
    }
    assert!(count >= 35, "only {count}");
    assert!(wrong.is_empty(), "{} of {count} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// `fixtures/automatic/kinds.txt`: letters of persons that look like a machine's, and the other way round.
#[test]
fn kinds_are_told_apart() {
    let all = include_str!("../../../fixtures/automatic/kinds.txt");
    let mut wrong = Vec::new();
    for case in all.split("==== ").skip(1) {
        let (head, raw) = case.split_once("\n\n").expect("a letter follows");
        let (name, expected) = head.split_once('\n').expect("a kind follows");
        let judgement = judge(&Letter::read(raw.as_bytes()), &Hints::default());
        let got = word(&judgement.kind);
        if got != expected {
            wrong.push(format!("{name}: {got}, not {expected}\n  {:?}", judgement.evidence));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn hints_decide_what_the_letter_cannot() {
    let ours = ["reply.relais.example".to_owned()];
    let house = ["hotel.example".to_owned()];
    let letter = |head: &str| {
        Letter::read(format!("From: a@b.example\nSubject: Hi\n{head}\n\nHello\n").as_bytes())
    };
    let hints = Hints {
        our_domains: &ours,
        own_instance: Some("i-1"),
        account_domains: &house,
        ..Hints::default()
    };
    for (head, kind, why) in [
        ("Message-ID: <1@reply.relais.example>", Kind::Own, "only we mint ids there"),
        ("X-Relais-Instance: i-1", Kind::Own, "our instance"),
        ("X-Relais-Instance: i-1, i-2", Kind::Own, "our words, passed on by another gateway"),
        ("X-Relais-Instance: i-2", Kind::Person, "another gateway passes on a person's words"),
        (
            "List-Id: <info.hotel.example>\nPrecedence: list",
            Kind::Person,
            "the house's own distribution address",
        ),
        ("List-Id: <info.other.example>", Kind::List, "somebody else's list"),
    ] {
        assert_eq!(judge(&letter(head), &hints).kind, kind, "{why}");
    }
    let null = Hints { null_reverse_path: Some(true), ..Hints::default() };
    assert_eq!(
        judge(&letter("Precedence: bulk"), &null).kind,
        Kind::AutoReply,
        "null path and company"
    );
    assert_eq!(judge(&letter("X-A: b"), &null).kind, Kind::Person, "null path alone");
}

/// Xorshift: the same mutations every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (limit.max(1) as u64)).unwrap_or(0)
    }
}

#[test]
fn mutated_letters_never_panic() {
    let cases = fixtures();
    let mut chance = Chance(0x5eed_1234_5678_9abc);
    for round in 0..2000 {
        let mut raw = cases[round % cases.len()].1.clone();
        for _ in 0..=chance.below(6) {
            let at = chance.below(raw.len());
            match chance.below(5) {
                0 => raw.truncate(at),
                1 => raw.insert(at, u8::try_from(chance.below(256)).unwrap_or(0)),
                2 => raw.extend_from_within(at..),
                3 if !raw.is_empty() => raw[at] = b"\r\n@<>:;=\\{}%-\xff\xc3"[chance.below(15)],
                _ => {
                    let other = &cases[chance.below(cases.len())].1;
                    let from = chance.below(other.len());
                    raw.splice(at..at, other[from..].iter().copied().take(200)).for_each(drop);
                }
            }
        }
        let letter = Letter::read(&raw);
        let _ = (judge(&letter, &Hints::default()), fingerprint(&letter));
        let text = String::from_utf8_lossy(&raw);
        let _ = (calendar::read(&text), super::report::recipients(&text));
    }
}

/// Half a megabyte of whatever could be quadratic: quadratic code would not end within the limit of the whole run.
#[test]
fn hostile_letters_are_judged_in_linear_time() {
    for (name, unit) in [
        ("at signs", "@"),
        ("addresses in one line", "a@b.example "),
        ("addresses in lines", "<a@b.example>: user unknown\n"),
        ("long local parts", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@"),
        ("field names", "Final-Recipient: rfc822; a@b.example\n"),
        ("quotes", "> > > >\n"),
        ("folded lines", " x\n"),
        ("escapes", "\\x{"),
        ("angle brackets", "<"),
    ] {
        let mut letter = Letter::read(
            b"From: MAILER-DAEMON@x.example\nSubject: Undelivered Mail Returned to Sender\n\n.",
        );
        let text = unit.repeat(500_000 / unit.len());
        letter.plain =
            Some(format!("Reporting-MTA: x\nFinal-Recipient: x\nAction: failed\n{text}"));
        letter.reports.push(("message/delivery-status".to_owned(), text.clone()));
        let judgement = judge(&letter, &Hints::default());
        assert_eq!(judgement.kind, Kind::Dsn, "{name}");
        letter.html = letter.plain.take();
        let _ = (judge(&letter, &Hints::default()), calendar::read(&text));
    }
}
