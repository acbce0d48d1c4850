//! Threads: each archive is imported into a gateway of its own, and the conversations are compared with the expected
//! ones by pairs of messages put together.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs,
    path::Path,
};

use relais::{
    flow::gateway::{Gateway, Identity},
    ground::{account::Account, key::AccountId, letter::Letter},
};

use crate::{
    Case, Set, Verdict,
    archives::{mbox, tar, unpacked},
};

pub(crate) fn run(corpora: &Path) -> Vec<Set> {
    let folder = corpora.join("threads");
    let archive = |name: &str| unpacked(&folder.join("archives").join(name));
    let ham = |(name, _): &(String, Vec<u8>)| name.contains("ham");
    let assassin: Vec<_> =
        tar(&archive("spamassassin-public.tar.xz")).into_iter().filter(ham).collect();
    [("ksummit", mbox(&archive("ksummit.mbox.xz"))), ("spamassassin-ham", assassin)]
        .into_iter()
        .filter_map(|(name, letters)| {
            let expected = folder.join(format!("expected/{name}.jsonl"));
            let expected = fs::read_to_string(&expected).ok()?;
            let expected: Vec<Vec<String>> =
                expected.lines().filter_map(|l| serde_json::from_str(l).ok()).collect();
            Some(compare(name, &expected, &found(letters)))
        })
        .collect()
}

/// The conversations a fresh gateway makes of the letters.
fn found(letters: Vec<(String, Vec<u8>)>) -> Vec<Vec<String>> {
    let dir = tempfile::tempdir().expect("a folder for the gateway");
    let identity = Identity::new("score.localhost");
    let (data, maildirs) = (dir.path().join("data"), dir.path().join("maildirs"));
    let (gateway, _queue) =
        Gateway::open(identity, &data, &maildirs, [1; 32]).expect("a gateway opens");
    let address = "score@score.localhost".parse().expect("an address");
    let account = Account::new(AccountId::of(&[b"score"]), "score", address, "en", "score");
    gateway.put_account(&account).expect("the account is kept");
    let mut raws = Vec::new();
    for (_, raw) in letters {
        let line = raw.iter().position(|b| *b == b'\n').filter(|_| raw.starts_with(b"From "));
        let raw = line.map_or(raw.as_slice(), |at| &raw[at + 1..]).to_vec();
        // Letters without an id are in no list; all others must be.
        if Letter::read(&raw).message_id.is_some() {
            raws.push(raw);
        }
    }
    gateway
        .import(account.id, raws.len(), |nth| Ok(raws[nth].clone()), |_| {})
        .expect("the archive is imported");
    gateway.store.read(|reading| reading.threads(account.id)).expect("the threads are read")
}

fn pairs(count: usize) -> usize {
    count * count.saturating_sub(1) / 2
}

fn compare(name: &str, expected: &[Vec<String>], found: &[Vec<String>]) -> Set {
    let number = |threads: &[Vec<String>]| -> HashMap<String, usize> {
        let each = threads.iter().enumerate();
        each.flat_map(|(n, ids)| ids.iter().map(move |id| (id.clone(), n))).collect()
    };
    let (wanted, got) = (number(expected), number(found));
    // How many messages are in expected thread e and found thread f: pairs put together rightly.
    let mut both: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (id, e) in &wanted {
        if let Some(f) = got.get(id) {
            *both.entry((*e, *f)).or_default() += 1;
        }
    }
    let right: usize = both.values().map(|n| pairs(*n)).sum();
    let expected_pairs: usize = expected.iter().map(|t| pairs(t.len())).sum();
    let known = |t: &Vec<String>| t.iter().filter(|id| wanted.contains_key(*id)).count();
    let found_pairs: usize = found.iter().map(|t| pairs(known(t))).sum();
    let share = |n: usize, of: usize| if of == 0 { 100.0 } else { 100.0 * n as f64 / of as f64 };
    let missing = wanted.keys().filter(|id| !got.contains_key(*id)).count();
    let summary = format!(
        "{:>5} messages, {expected_pairs} pairs: recall {:.2} %, precision {:.2} %, {missing} messages missing",
        wanted.len(),
        share(right, expected_pairs),
        share(right, found_pairs),
    );
    Set {
        name: format!("threads/{name}"),
        cases: differences(expected, found, &both),
        summary: Some(summary),
    }
}

/// Expected threads that are torn, and found ones that join several.
fn differences(
    expected: &[Vec<String>],
    found: &[Vec<String>],
    both: &BTreeMap<(usize, usize), usize>,
) -> Vec<Case> {
    let mut torn: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let mut joined: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (e, f) in both.keys() {
        torn.entry(*e).or_default().insert(*f);
        joined.entry(*f).or_default().insert(*e);
    }
    let list = |threads: &[Vec<String>], which: &BTreeSet<usize>| {
        which.iter().map(|n| threads[*n].join(" ")).collect::<Vec<_>>().join("\n")
    };
    let case = |name: String, expected: String, got: String| Case {
        name,
        verdict: Verdict::Wrong,
        expected,
        got,
    };
    let torn = torn.iter().filter(|(_, f)| f.len() > 1).map(|(e, f)| {
        let name = format!("torn into {}: {}", f.len(), expected[*e][0]);
        case(name, expected[*e].join(" "), list(found, f))
    });
    let joined = joined.iter().filter(|(_, e)| e.len() > 1).map(|(f, e)| {
        let name = format!("joins {}: {}", e.len(), found[*f][0]);
        case(name, list(expected, e), found[*f].join(" "))
    });
    torn.chain(joined).collect()
}
