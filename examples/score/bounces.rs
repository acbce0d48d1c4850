//! Scores the room `automatic` over the corpora: kind, recipients and status of bounces, complaints, and
//! how many persons' mails are taken for a machine's.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use relais::ground::{
    automatic::{Action, Hints, Judgement, Kind, judge},
    letter::Letter,
};

/// Runs every set and prints, per set, cases, right, wrong and the list of wrong ones.
pub(crate) fn run(corpora: &Path) {
    flufl(corpora);
    let real = ["bounces/flanker", "bounces/mikel-mail"];
    reported(corpora, &real);
    complaints(corpora);
    no_person(corpora);
    archives(corpora);
}

#[derive(Default)]
struct Tally {
    cases: usize,
    wrong: Vec<String>,
}

impl Tally {
    fn case(&mut self, right: bool, wrong: impl FnOnce() -> String) {
        self.cases += 1;
        if !right {
            self.wrong.push(wrong());
        }
    }

    fn print(&self, name: &str) {
        let right = self.cases - self.wrong.len();
        let share = 100.0 * right as f64 / self.cases.max(1) as f64;
        println!(
            "{name}: {} cases, {right} right ({share:.1} %), {} wrong",
            self.cases,
            self.wrong.len()
        );
        for line in &self.wrong {
            println!("    {line}");
        }
    }
}

fn judged(raw: &[u8]) -> (Letter, Judgement) {
    // Some sets keep the mbox line before the header.
    let raw = match raw.starts_with(b"From ") {
        true => raw.iter().position(|b| *b == b'\n').map_or(raw, |at| &raw[at + 1..]),
        false => raw,
    };
    let letter = Letter::read(raw);
    let judgement = judge(&letter, &Hints::default());
    (letter, judgement)
}

fn told(judgement: &Judgement) -> Vec<String> {
    judgement
        .evidence
        .iter()
        .filter(|e| e.weight != 0)
        .map(|e| format!("{}[{}]{:?}{}", e.signal, e.value, e.kind, e.weight))
        .collect()
}

fn recipients(judgement: &Judgement) -> BTreeSet<String> {
    judgement.bounce.iter().flat_map(|b| &b.recipients).map(|r| r.address.to_lowercase()).collect()
}

fn flufl(corpora: &Path) {
    let folder = corpora.join("bounces/flufl");
    let Ok(text) = fs::read_to_string(folder.join("expected.json")) else {
        return println!("bounces/flufl: missing");
    };
    let cases: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap_or_default();
    let mut expected: BTreeMap<String, (BTreeSet<String>, bool)> = BTreeMap::new();
    for case in &cases {
        let file = case["file"].as_str().unwrap_or_default().rsplit('/').next().unwrap_or_default();
        let entry = expected.entry(file.to_owned()).or_default();
        entry.0.extend(
            case["addresses"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|a| Some(a.as_str()?.to_lowercase())),
        );
        entry.1 |= case["temporary"].as_bool() == Some(true);
    }
    let (mut kinds, mut names, mut actions, mut statuses) =
        (Tally::default(), Tally::default(), Tally::default(), Tally::default());
    for path in files(&folder).into_iter().filter(|p| p.extension().is_some_and(|e| e == "txt")) {
        let name = file_name(&path);
        let raw = fs::read(&path).unwrap_or_default();
        let (_, judgement) = judged(&raw);
        // The two counter-examples in the set: an "Auto reply" and a person's mail.
        let kind = match name.as_str() {
            "qmail_08.txt" => Kind::AutoReply,
            "groupwise_03.txt" => Kind::Person,
            _ => Kind::Dsn,
        };
        kinds.case(judgement.kind == kind, || {
            format!("{name}: {:?} {:?}", judgement.kind, told(&judgement))
        });
        if let Some((addresses, temporary)) = expected.get(&name) {
            let got = recipients(&judgement);
            names.case(got == *addresses, || format!("{name}: {got:?}, expected {addresses:?}"));
            let delayed = judgement
                .bounce
                .iter()
                .flat_map(|b| &b.recipients)
                .any(|r| r.action == Action::Delayed);
            actions.case(delayed == *temporary, || format!("{name}: delayed {delayed}"));
        }
        status(&name, &raw, &judgement, &mut statuses);
    }
    kinds.print("bounces/flufl kind");
    names.print("bounces/flufl recipients");
    actions.print("bounces/flufl delayed or failed");
    statuses.print("bounces/flufl status, where a Status field stands in the raw mail");
}

/// The Status fields of the raw mail against the statuses read. Derived ones have no truth here.
fn status(name: &str, raw: &[u8], judgement: &Judgement, tally: &mut Tally) {
    let text = String::from_utf8_lossy(raw);
    let stated: BTreeSet<String> = text
        .lines()
        .filter_map(|l| l.strip_prefix("Status: "))
        .map(|s| s.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect::<String>())
        .filter(|s| s.matches('.').count() == 2)
        .collect();
    if stated.is_empty() {
        return;
    }
    let got: BTreeSet<String> = judgement
        .bounce
        .iter()
        .flat_map(|b| &b.recipients)
        .filter_map(|r| r.status.clone())
        .collect();
    tally.case(got == stated, || format!("{name}: {got:?}, stated {stated:?}"));
}

fn reported(corpora: &Path, sets: &[&str]) {
    for set in sets {
        let (mut kinds, mut statuses) = (Tally::default(), Tally::default());
        for path in files(&corpora.join(set))
            .into_iter()
            .filter(|p| p.extension().is_some_and(|e| e == "eml"))
        {
            let raw = fs::read(&path).unwrap_or_default();
            let (_, judgement) = judged(&raw);
            let name = file_name(&path);
            let found = recipients(&judgement);
            kinds.case(judgement.kind == Kind::Dsn && !found.is_empty(), || {
                format!("{name}: {:?} {:?}", judgement.kind, told(&judgement))
            });
            status(&name, &raw, &judgement, &mut statuses);
            println!(
                "    {set}/{name}: {:?}",
                judgement
                    .bounce
                    .iter()
                    .flat_map(|b| &b.recipients)
                    .map(|r| (r.address.as_str(), r.action, r.status.as_deref()))
                    .collect::<Vec<_>>()
            );
        }
        kinds.print(&format!("{set} kind and a recipient"));
        statuses.print(&format!("{set} status"));
    }
}

fn complaints(corpora: &Path) {
    let mut tally = Tally::default();
    for path in files(&corpora.join("reports/arf-mail-auth"))
        .into_iter()
        .filter(|p| p.extension().is_some_and(|e| e == "eml"))
    {
        let raw = fs::read(&path).unwrap_or_default();
        let expected = fs::read(path.with_extension("json")).unwrap_or_default();
        let expected: serde_json::Value = serde_json::from_slice(&expected).unwrap_or_default();
        let (_, judgement) = judged(&raw);
        let name = file_name(&path);
        let auth =
            expected["feedback_type"].as_str().is_some_and(|t| t.to_lowercase().contains("auth"));
        let wanted: BTreeSet<String> = expected["original_rcpt_to"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|a| Some(a.as_str()?.trim_matches(['<', '>']).to_lowercase()))
            .collect();
        let got: BTreeSet<String> = judgement
            .complaint
            .iter()
            .flat_map(|c| &c.recipients)
            .map(|r| r.to_lowercase())
            .collect();
        let right = (judgement.kind == Kind::Complaint) != auth && (auth || wanted.is_subset(&got));
        tally.case(right, || {
            format!(
                "{name}: {:?} {got:?}, expected {wanted:?} {:?}",
                judgement.kind, expected["feedback_type"]
            )
        });
    }
    for (file, kind) in
        [("hotmail_complaint.eml", Kind::Complaint), ("yahoo_complaint.eml", Kind::Complaint)]
    {
        let (_, judgement) =
            judged(&fs::read(corpora.join("inbound/simplelogin").join(file)).unwrap_or_default());
        tally.case(judgement.kind == kind, || format!("{file}: {:?}", judgement.kind));
    }
    for path in files(&corpora.join("reports/parsedmarc-failure")) {
        if path.extension().is_some_and(|e| e == "eml") {
            let (_, judgement) = judged(&fs::read(&path).unwrap_or_default());
            tally.case(!matches!(judgement.kind, Kind::Complaint | Kind::Dsn), || {
                format!("{}: {:?}", file_name(&path), judgement.kind)
            });
        }
    }
    tally.print("complaints (arf-mail-auth, simplelogin; DMARC failure reports are none)");
}

/// Sets of ordinary mail: everything called a machine's is printed with its reasons.
fn no_person(corpora: &Path) {
    for set in ["inbound", "mime", "reply-text", "auth", "threads/notmuch-corpora"] {
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        let mut machines = Vec::new();
        for path in files(&corpora.join(set)) {
            let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
            if ["json", "golden", "html", "yml", "md", "go", "py"].contains(&extension) {
                continue;
            }
            let (letter, judgement) = judged(&fs::read(&path).unwrap_or_default());
            count(&path.display().to_string(), &letter, &judgement, &mut kinds, &mut machines);
        }
        println!("{set}: {kinds:?}");
        machines.iter().for_each(|line| println!("    {line}"));
    }
}

fn count(
    name: &str,
    letter: &Letter,
    judgement: &Judgement,
    kinds: &mut BTreeMap<String, usize>,
    machines: &mut Vec<String>,
) {
    *kinds.entry(format!("{:?}", judgement.kind)).or_default() += 1;
    if matches!(judgement.kind, Kind::AutoReply | Kind::Dsn | Kind::Complaint) {
        let to = recipients(judgement);
        let subject: String = letter.subject.chars().take(60).collect();
        machines.push(format!(
            "{name}: {:?} {subject:?} {to:?} {:?}",
            judgement.kind,
            told(judgement)
        ));
    }
}

fn archives(corpora: &Path) {
    let folder = corpora.join("threads/archives");
    let ksummit = unpacked(&folder.join("ksummit.mbox.xz"));
    let assassin = tar(&unpacked(&folder.join("spamassassin-public.tar.xz")));
    for (name, letters) in [("ksummit", mbox(&ksummit)), ("spamassassin", assassin)] {
        let mut kinds = BTreeMap::new();
        let mut machines = Vec::new();
        let mut spent = Duration::ZERO;
        for (file, raw) in &letters {
            let letter = Letter::read(raw);
            let began = Instant::now();
            let judgement = judge(&letter, &Hints::default());
            spent += began.elapsed();
            count(file, &letter, &judgement, &mut kinds, &mut machines);
        }
        let each = spent / u32::try_from(letters.len().max(1)).unwrap_or(1);
        println!("{name}: {} letters, {kinds:?}, judged in {each:?} each", letters.len());
        machines.iter().for_each(|line| println!("    {line}"));
    }
}

fn unpacked(path: &Path) -> Vec<u8> {
    Command::new("xz").arg("-dc").arg(path).output().map(|o| o.stdout).unwrap_or_default()
}

fn mbox(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut letters: Vec<(String, Vec<u8>)> = Vec::new();
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        if line.starts_with(b"From mboxrd@z") {
            letters.push((format!("#{}", letters.len()), Vec::new()));
        } else if let Some((_, letter)) = letters.last_mut() {
            let quoted = line.iter().take_while(|b| **b == b'>').count();
            let cut = usize::from(quoted > 0 && line[quoted..].starts_with(b"From "));
            letter.extend_from_slice(&line[cut..]);
        }
    }
    letters
}

/// The regular files of a tar (POSIX ustar): 512-byte header, name at 0, size in octal at 124, type at 156.
fn tar(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(header) = bytes.get(at..at + 512) {
        let text = |range: std::ops::Range<usize>| {
            String::from_utf8_lossy(&header[range])
                .trim_end_matches(['\0', ' '])
                .trim_start()
                .to_owned()
        };
        let size = usize::from_str_radix(&text(124..136), 8).unwrap_or(0);
        if matches!(header[156], b'0' | 0) && size > 0 {
            let end = (at + 512 + size).min(bytes.len());
            found.push((text(0..100), bytes[at + 512..end].to_vec()));
        }
        at += 512 + size.div_ceil(512) * 512;
    }
    found
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if !file_name(&path).starts_with("LICENSE") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
