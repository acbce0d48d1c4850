//! Every file of the corpora is read as a letter: no panic, none slow, and what the sets expect is compared.
//!
//! The corpora lie beside the repository and are never committed; without them the tests say so and pass.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use relais::ground::{html, letter::Letter};
use serde_json::Value;

fn corpora() -> Option<PathBuf> {
    let path = std::env::var_os("RELAIS_CORPORA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora"),
        PathBuf::from,
    );
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: no corpora at {}", path.display());
    None
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_file_is_read_in_less_than_a_second() {
    let Some(corpora) = corpora() else { return };
    let mut slowest = (0, PathBuf::new());
    let mut count = 0;
    for set in
        ["mime", "inbound", "bounces", "threads/notmuch-corpora", "reports", "auth", "reply-text"]
    {
        for path in files(&corpora.join(set)) {
            let raw = fs::read(&path).expect("a corpus file can be read");
            let start = Instant::now();
            let letter = Letter::read(&raw);
            let text = letter.text();
            if let Some(html) = &letter.html {
                let safe = html::safe(html, &|_| None);
                assert!(!safe.html.contains("<script"), "{}", path.display());
            }
            let took = start.elapsed().as_millis();
            assert!(took < 1_000, "{} took {took} ms", path.display());
            assert!(text.len() <= raw.len() * 4 + 64, "{}", path.display());
            count += 1;
            slowest = slowest.max((took, path));
        }
    }
    println!("{count} files, slowest {} ms: {}", slowest.0, slowest.1.display());
    assert!(count > 1_000);
}

/// How many of the compared values agree.
#[derive(Default)]
struct Score {
    name: &'static str,
    right: usize,
    all: usize,
}

impl Score {
    fn count(&mut self, path: &Path, got: &str, expected: &str) {
        let squeeze = |t: &str| t.split_whitespace().collect::<Vec<_>>().join(" ");
        self.all += 1;
        if squeeze(got) == squeeze(expected) {
            self.right += 1;
        } else if std::env::var_os("RELAIS_DIFF").is_some() {
            println!("{} {}\n  got {got:?}\n  expected {expected:?}", self.name, path.display());
        }
    }
}

/// What mail-parser's own tests expect of its corpus. It is another reader: it leaves U+FFFD where we detect a
/// charset, loses parts behind an unclosed one, and keeps directories in file names. Each difference was
/// looked at; the floors are what agrees. `RELAIS_DIFF=1` prints the rest.
#[test]
fn the_stalwart_set_agrees_where_it_is_right() {
    let Some(corpora) = corpora() else { return };
    let floors = [
        ("subject", 102),
        ("from", 106),
        ("message id", 107),
        ("text", 85),
        ("names", 97),
        ("sizes", 96),
    ];
    let mut scores = floors.map(|(name, _)| Score { name, ..Score::default() });
    for path in files(&corpora.join("mime/stalwart")) {
        let json = path.with_extension("json");
        if path.extension().is_none_or(|e| e != "eml") || !json.exists() {
            continue;
        }
        let raw = fs::read(&path).expect("a corpus file can be read");
        let raw: Vec<u8> = raw.into_iter().filter(|b| *b != b'\r').collect();
        let expected: Value =
            serde_json::from_slice(&fs::read(json).expect("readable")).expect("JSON");
        let letter = Letter::read(&raw);
        let wanted = Expected(&expected);
        let names = |letter: &Letter| {
            let mut names: Vec<String> = letter
                .attachments
                .iter()
                .map(|a| a.name.clone())
                .filter(|n| !n.is_empty())
                .collect();
            names.sort();
            names.join("|")
        };
        let from: Vec<String> = letter.from.iter().map(|m| m.address.to_string()).collect();
        let id = letter.message_id.as_ref().map_or("", |id| id.as_str()).to_owned();
        let sizes: usize =
            letter.attachments.iter().filter(|a| !a.name.is_empty()).map(|a| a.content.len()).sum();
        scores[0].count(&path, &letter.subject, &wanted.text_field("subject"));
        scores[1].count(&path, &from.join("|"), &wanted.from());
        scores[2].count(&path, &id, &wanted.text_field("message_id"));
        scores[3].count(&path, &letter.text(), &wanted.text());
        scores[4].count(&path, &names(&letter), &wanted.names());
        scores[5].count(&path, &sizes.to_string(), &wanted.named_bytes().to_string());
    }
    for (score, (_, floor)) in scores.iter().zip(floors) {
        println!("stalwart {}: {} of {}", score.name, score.right, score.all);
        assert!(score.right >= floor, "{} fell below {floor}", score.name);
    }
}

struct Expected<'a>(&'a Value);

impl Expected<'_> {
    fn parts(&self) -> &[Value] {
        self.0["parts"].as_array().map_or(&[], Vec::as_slice)
    }

    fn header<'v>(part: &'v Value, name: &str) -> &'v Value {
        let headers = part["headers"].as_array().map_or(&[][..], Vec::as_slice);
        headers.iter().find(|h| h["name"] == name).map_or(&Value::Null, |h| &h["value"])
    }

    fn text_field(&self, name: &str) -> String {
        let value = Self::header(&self.parts()[0], name);
        value["Text"].as_str().unwrap_or_default().to_owned()
    }

    fn from(&self) -> String {
        let value = Self::header(&self.parts()[0], "from");
        let list = value["Address"]["List"].as_array().map_or(&[][..], Vec::as_slice);
        let addresses: Vec<&str> = list.iter().filter_map(|a| a["address"].as_str()).collect();
        addresses.join("|")
    }

    fn text(&self) -> String {
        let ids = self.0["text_body"].as_array().map_or(&[][..], Vec::as_slice);
        let parts =
            ids.iter().filter_map(Value::as_u64).map(|id| &self.parts()[id as usize]["body"]);
        let texts: Vec<String> = parts
            .filter_map(|body| {
                let plain = body["Text"].as_str().map(str::to_owned);
                plain.or_else(|| body["Html"].as_str().map(html::text))
            })
            .collect();
        texts.join("\n")
    }

    fn name_of(part: &Value) -> Option<&str> {
        let param = |field: &str, name: &str| {
            let attributes = Self::header(part, field)["ContentType"]["attributes"].as_array()?;
            attributes.iter().find(|a| a["name"] == name).and_then(|a| a["value"].as_str())
        };
        param("content_disposition", "filename").or_else(|| param("content_type", "name"))
    }

    fn attachments(&self) -> impl Iterator<Item = &Value> {
        let ids = self.0["attachments"].as_array().map_or(&[][..], Vec::as_slice);
        ids.iter().filter_map(Value::as_u64).map(|id| &self.parts()[id as usize])
    }

    fn names(&self) -> String {
        let mut names: Vec<&str> = self.attachments().filter_map(Self::name_of).collect();
        names.sort_unstable();
        names.join("|")
    }

    fn named_bytes(&self) -> usize {
        let size = |part: &Value| match &part["body"] {
            Value::Object(body) => body.values().next().map_or(0, |v| match v {
                Value::String(text) => text.len(),
                Value::Array(bytes) => bytes.len(),
                _ => 0,
            }),
            _ => 0,
        };
        self.attachments().filter(|p| Self::name_of(p).is_some()).map(size).sum()
    }
}
