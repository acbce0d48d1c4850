//! Seeded damage to letters: whatever is flipped, cut, doubled or lost, reading gives a letter and no panic.
//!
//! The stable-Rust brother of the fuzz targets in `fuzz/`: the same seed gives the same mutants everywhere.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{fs, path::Path, time::Instant};

use relais::ground::{
    automatic::{Hints, judge},
    html,
    letter::Letter,
    reply_text,
};

const MUTANTS: usize = 4_000;

/// Corpus files larger than this only make the test slow.
const MAX_SEED_BYTES: u64 = 12_000;

/// Letters of our own that reach every corner of the reader; enough where the corpora are missing.
const OWN: &[&str] = &[
    "From: \"A, B\" <a@b.org> (c), g: d@e.f;\nSubject: =?utf-8?Q?caf=C3?= =?utf-8?B?qQ==?=\nDate: Mon, 23 Nov 2026 04:05:06 +0100\n\
     Content-Type: multipart/mixed; boundary=\"x\"\n\n--x\nContent-Type: text/plain; format=flowed; delsp=yes\n\n> a \n> b\n-- \nme\n\
     --x\nContent-Type: message/rfc822\n\nSubject: in\n\nbegin 644 a\n#0V%T\n`\nend\n--x\n\
     Content-Disposition: attachment; filename*0*=utf-8''%C3%A9; filename*1=\"b.pdf\"\nContent-Transfer-Encoding: base64\n\nSGVsbG8=\n--x--\n",
    "Content-Type: text/html; charset=iso-2022-jp\nContent-Transfer-Encoding: quoted-printable\n\n\
     <table style=3D\"background:url(http://x)\"><tr><td>a<td>=1B$B%F=1B(B&amp;&#x20ac;</table><ul><li><a href=3D'x'>b</a><!--[if mso]><pre>\n<img src=3Dcid:a><blockquote>q",
    "Content-Type: multipart/alternative; boundary=y\n\n--y\nContent-Type: text/enriched\n\n<bold>a<<</bold>\n\n--y\nContent-Type: text/html; charset=hz\n\n~{VPND~}<p>--y--",
    "Content-Type: application/ms-tnef\nContent-Transfer-Encoding: base64\n\neJ8+IgAAAQaQCAAEAAAAAAABAAEAAQeQBgAIAAAA5AQAAAAAAADoAAEDkAYAKAAAAAEAAAAeAAAQAQAAAAUAAABIZWxsbwAAAAAA\n",
];

/// Steele, Lea and Flood's SplitMix64: small, and the same on every machine.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = OWN.iter().map(|s| s.as_bytes().to_vec()).collect();
    let root = std::env::var("RELAIS_CORPORA")
        .unwrap_or_else(|_| format!("{}/../shared/corpora", env!("CARGO_MANIFEST_DIR")));
    if !Path::new(&root).is_dir() {
        println!("skipped: no corpora at {root}, own letters only");
    }
    let mut folders: Vec<_> = ["mime", "inbound", "bounces", "reply-text", "reports"]
        .iter()
        .map(|folder| Path::new(&root).join(folder))
        .collect();
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    folders.extend([own.join("reply_text"), own.join("automatic")]);
    let mut paths = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if entry.metadata().is_ok_and(|m| m.len() <= MAX_SEED_BYTES) {
                paths.push(path);
            }
        }
    }
    paths.sort();
    seeds.extend(paths.iter().filter_map(|p| fs::read(p).ok()));
    seeds
}

/// One act of damage.
fn damage(raw: &mut Vec<u8>, other: &[u8], chance: &mut Chance) {
    if raw.is_empty() {
        return;
    }
    let at = chance.below(raw.len());
    let end = (at + 1 + chance.below(80)).min(raw.len());
    match chance.below(8) {
        0 => raw[at] ^= 1 << chance.below(8),
        1 => raw[at] = b"\n\r\t \"<>=?-;:,()\\&\0\x1b\xff"[chance.below(20)],
        2 => drop(raw.drain(at..end)),
        3 => {
            let piece = raw[at..end].to_vec();
            raw.splice(at..at, piece);
        }
        4 => raw.truncate(at),
        5 => lines(raw, chance),
        6 => raw.retain(|b| *b != b'\r'),
        _ => {
            let from = chance.below(other.len());
            let to = (from + chance.below(200)).min(other.len());
            raw.splice(at..at, other[from..to].iter().copied());
        }
    }
}

/// Drops, doubles or swaps a line.
fn lines(raw: &mut Vec<u8>, chance: &mut Chance) {
    let mut lines: Vec<Vec<u8>> =
        raw.split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
    let (one, two) = (chance.below(lines.len()), chance.below(lines.len()));
    match chance.below(3) {
        0 => drop(lines.remove(one)),
        1 => lines.insert(one, lines[two].clone()),
        _ => lines.swap(one, two),
    }
    *raw = lines.concat();
}

/// Reads the safe form again: nothing in it may run, ask or load.
fn check_safe(safe: &str, mutant: usize) {
    let dom = html::parse(safe);
    for node in dom.descendants(dom.root()) {
        let name = dom.name(node).unwrap_or("b");
        let allowed =
            !["script", "style", "iframe", "form", "input", "svg", "meta", "link", "object"]
                .contains(&name);
        assert!(allowed, "mutant {mutant}: <{name}> in {safe}");
        for (attribute, value) in dom.attributes(node) {
            let fine = match attribute.as_str() {
                "href" => ["http:", "https:", "mailto:", "tel:"]
                    .iter()
                    .any(|s| value.to_lowercase().starts_with(s)),
                "src" => value == "/parts/1" || value.starts_with("data:image/"),
                "style" => !value.contains("url(") && !value.contains("position"),
                other => !other.starts_with("on"),
            };
            assert!(fine, "mutant {mutant}: {attribute}={value:?}");
        }
    }
}

/// New text and bounce: nothing is lost, and what is named is an address.
fn check_reading(letter: &Letter, mutant: usize) {
    let reply = reply_text::split(letter);
    assert!((0.0..=1.0).contains(&reply.confidence), "mutant {mutant}");
    if let Some(plain) = &letter.plain {
        let reply = reply_text::split_text(plain);
        let written = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
        let kept = written(&reply.text) + written(&reply.quoted) + written(&reply.signature);
        assert_eq!(kept, written(plain), "mutant {mutant}: {plain}\n{reply:?}");
    }
    for bounced in judge(letter, &Hints::default()).bounce.iter().flat_map(|b| &b.recipients) {
        assert!(bounced.address.contains('@'), "mutant {mutant}: {bounced:?}");
    }
}

/// More with `RELAIS_MUTANTS=100000`.
fn mutants() -> usize {
    std::env::var("RELAIS_MUTANTS").ok().and_then(|n| n.parse().ok()).unwrap_or(MUTANTS)
}

#[test]
fn no_damage_makes_the_reader_panic() {
    let seeds = seeds();
    let mut chance = Chance(0x5eed);
    let start = Instant::now();
    let mut slowest = 0;
    let count = mutants();
    for mutant in 0..count {
        let mut raw = seeds[chance.below(seeds.len())].clone();
        let other = &seeds[chance.below(seeds.len())];
        for _ in 0..=chance.below(6) {
            damage(&mut raw, other, &mut chance);
        }
        let began = Instant::now();
        let letter = Letter::read(&raw);
        let text = letter.text();
        if let Some(html) = &letter.html {
            check_safe(&html::safe(html, &|_| Some("/parts/1".to_owned())).html, mutant);
        }
        assert!(
            !letter.header("subject").unwrap_or_default().contains(['\n', '\r']),
            "mutant {mutant}"
        );
        assert!(text.len() < 4_000_000, "mutant {mutant}");
        check_reading(&letter, mutant);
        slowest = slowest.max(began.elapsed().as_millis());
    }
    println!(
        "{count} mutants of {} letters in {:?}, slowest {slowest} ms",
        seeds.len(),
        start.elapsed()
    );
    assert!(slowest < 1_000);
}
