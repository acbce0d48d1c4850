//! Scores the room `automatic` over the corpora: kind, recipients and status of bounces, complaints, and
//! how many persons' mails are taken for a machine's.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use relais::ground::{
    automatic::{Action, Hints, Judgement, Kind, judge},
    letter::Letter,
};

use crate::{
    Case, Set, Verdict,
    archives::{mbox, tar, unpacked},
};

pub(crate) fn run(corpora: &Path) -> Vec<Set> {
    let mut sets = flufl(corpora);
    for set in ["bounces/flanker", "bounces/mikel-mail"] {
        sets.extend(reported(corpora, set));
    }
    sets.push(complaints(corpora));
    sets.extend(no_person(corpora));
    sets.extend(archives(corpora));
    sets
}

/// A set being filled.
struct Tally(Set);

impl Tally {
    fn new(name: &str) -> Self {
        Tally(Set { name: name.to_owned(), cases: Vec::new(), summary: None })
    }

    fn case(&mut self, name: &str, right: bool, wrong: impl FnOnce() -> String) {
        let verdict = if right { Verdict::Exact } else { Verdict::Wrong };
        let got = if right { String::new() } else { wrong() };
        self.0.cases.push(Case { name: name.to_owned(), verdict, expected: String::new(), got });
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

fn flufl(corpora: &Path) -> Vec<Set> {
    let folder = corpora.join("bounces/flufl");
    let Ok(text) = fs::read_to_string(folder.join("expected.json")) else {
        eprintln!("score: bounces/flufl is missing");
        return Vec::new();
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
    let mut kinds = Tally::new("bounces/flufl kind");
    let mut names = Tally::new("bounces/flufl recipients");
    let mut actions = Tally::new("bounces/flufl delayed?");
    let mut statuses = Tally::new("bounces/flufl stated status");
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
        kinds.case(&name, judgement.kind == kind, || {
            format!("{:?} {:?}", judgement.kind, told(&judgement))
        });
        if let Some((addresses, temporary)) = expected.get(&name) {
            let got = recipients(&judgement);
            names.case(&name, got == *addresses, || format!("{got:?}, expected {addresses:?}"));
            let delayed = judgement
                .bounce
                .iter()
                .flat_map(|b| &b.recipients)
                .any(|r| r.action == Action::Delayed);
            actions.case(&name, delayed == *temporary, || format!("delayed {delayed}"));
        }
        status(&name, &raw, &judgement, &mut statuses);
    }
    [kinds, names, actions, statuses].into_iter().map(|t| t.0).collect()
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
    tally.case(name, got == stated, || format!("{got:?}, stated {stated:?}"));
}

fn reported(corpora: &Path, set: &str) -> Vec<Set> {
    let mut kinds = Tally::new(&format!("{set} kind, recipient"));
    let mut statuses = Tally::new(&format!("{set} stated status"));
    let is_letter = |p: &PathBuf| p.extension().is_some_and(|e| e == "eml");
    for path in files(&corpora.join(set)).into_iter().filter(is_letter) {
        let raw = fs::read(&path).unwrap_or_default();
        let (_, judgement) = judged(&raw);
        let name = file_name(&path);
        let right = judgement.kind == Kind::Dsn && !recipients(&judgement).is_empty();
        kinds.case(&name, right, || format!("{:?} {:?}", judgement.kind, told(&judgement)));
        status(&name, &raw, &judgement, &mut statuses);
    }
    vec![kinds.0, statuses.0]
}

fn complaints(corpora: &Path) -> Set {
    // DMARC failure reports are none.
    let mut tally = Tally::new("complaints");
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
        tally.case(&name, right, || {
            format!(
                "{:?} {got:?}, expected {wanted:?} {:?}",
                judgement.kind, expected["feedback_type"]
            )
        });
    }
    for (file, kind) in
        [("hotmail_complaint.eml", Kind::Complaint), ("yahoo_complaint.eml", Kind::Complaint)]
    {
        let (_, judgement) =
            judged(&fs::read(corpora.join("inbound/simplelogin").join(file)).unwrap_or_default());
        tally.case(file, judgement.kind == kind, || format!("{:?}", judgement.kind));
    }
    for path in files(&corpora.join("reports/parsedmarc-failure")) {
        if path.extension().is_some_and(|e| e == "eml") {
            let (_, judgement) = judged(&fs::read(&path).unwrap_or_default());
            let right = !matches!(judgement.kind, Kind::Complaint | Kind::Dsn);
            tally.case(&file_name(&path), right, || format!("{:?}", judgement.kind));
        }
    }
    tally.0
}

/// Sets of ordinary mail have no expectations: the kinds are counted, and what is called a machine's can be looked
/// at with `--diff`.
fn no_person(corpora: &Path) -> Vec<Set> {
    let folders = ["inbound", "mime", "reply-text", "auth", "threads/notmuch-corpora"];
    let mut sets = Vec::new();
    for folder in folders {
        let mut letters = Vec::new();
        for path in files(&corpora.join(folder)) {
            let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
            if !["json", "golden", "html", "yml", "md", "go", "py"].contains(&extension) {
                letters.push((path.display().to_string(), fs::read(&path).unwrap_or_default()));
            }
        }
        sets.push(ordinary(&format!("kinds in {folder}"), &letters));
    }
    sets
}

fn ordinary(name: &str, letters: &[(String, Vec<u8>)]) -> Set {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut cases = Vec::new();
    for (name, raw) in letters {
        let (letter, judgement) = judged(raw);
        *kinds.entry(format!("{:?}", judgement.kind)).or_default() += 1;
        if matches!(judgement.kind, Kind::AutoReply | Kind::Dsn | Kind::Complaint) {
            let got = format!("{:?} {:?} {:?}", judgement.kind, letter.subject, told(&judgement));
            let (name, expected) = (name.clone(), "a person's, or not?".to_owned());
            cases.push(Case { name, verdict: Verdict::Acceptable, expected, got });
        }
    }
    let told: Vec<String> = kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    let summary = format!("{:>5} letters: {}", letters.len(), told.join(", "));
    Set { name: name.to_owned(), cases, summary: Some(summary) }
}

fn archives(corpora: &Path) -> Vec<Set> {
    let folder = corpora.join("threads/archives");
    let ksummit = mbox(&unpacked(&folder.join("ksummit.mbox.xz")));
    let assassin = tar(&unpacked(&folder.join("spamassassin-public.tar.xz")));
    vec![ordinary("kinds in ksummit", &ksummit), ordinary("kinds in spamassassin", &assassin)]
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
