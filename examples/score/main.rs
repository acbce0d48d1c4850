//! `make score`: runs the reader over every corpus that has expectations and says where we stand.
//!
//! One section a file (`replies`, `bounces`, `threads`). A section gives sets; a set counts its cases as exact, acceptable (white space and trailing
//! punctuation aside) or wrong, and lists the wrong ones. `--diff NAME` shows expected and got of the cases whose name
//! contains NAME.

mod archives;
mod bounces;
mod replies;
mod threads;

use std::{
    env,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// How a case came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// To the byte, ends trimmed.
    Exact,
    /// But for white space and trailing punctuation.
    Acceptable,
    /// Neither.
    Wrong,
}

/// One case of a set.
pub(crate) struct Case {
    /// File and test.
    pub(crate) name: String,
    /// How it came out.
    pub(crate) verdict: Verdict,
    /// What was expected, for the diff.
    pub(crate) expected: String,
    /// What we gave.
    pub(crate) got: String,
}

/// One corpus.
pub(crate) struct Set {
    /// Its folder.
    pub(crate) name: String,
    /// Its cases.
    pub(crate) cases: Vec<Case>,
    /// What is said instead of the counts, for sets that are not counted by cases.
    pub(crate) summary: Option<String>,
}

/// A section: its name on the command line and what runs it.
type Section = (&'static str, fn(&Path) -> Vec<Set>);

const SECTIONS: &[Section] =
    &[("replies", replies::run), ("bounces", bounces::run), ("threads", threads::run)];

fn main() -> ExitCode {
    let mut wanted: Option<String> = None;
    let mut diff: Option<String> = None;
    let mut arguments = env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--diff" => diff = arguments.next(),
            _ => wanted = Some(argument),
        }
    }
    let Some(corpora) = corpora() else {
        eprintln!("score: no corpora found, set RELAIS_CORPORA to their folder");
        return ExitCode::FAILURE;
    };
    if let Some(unknown) = wanted.as_deref().filter(|w| SECTIONS.iter().all(|(name, _)| name != w))
    {
        eprintln!("score: no section {unknown:?}");
        return ExitCode::FAILURE;
    }
    for (name, run) in SECTIONS {
        if wanted.as_deref().is_some_and(|w| w != *name) {
            continue;
        }
        println!("== {name}");
        for set in run(&corpora) {
            print(&set, diff.as_deref());
        }
    }
    ExitCode::SUCCESS
}

/// The corpora are read in place, beside the project or beside the folder of its worktrees.
fn corpora() -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    env::var_os("RELAIS_CORPORA")
        .map(PathBuf::from)
        .into_iter()
        .chain([
            here.join("../shared/corpora"),
            here.join("../../shared/corpora"),
            PathBuf::from("/work/shared/corpora"),
        ])
        .find(|p| p.is_dir())
}

fn print(set: &Set, diff: Option<&str>) {
    let count = |v: Verdict| set.cases.iter().filter(|c| c.verdict == v).count();
    let (exact, acceptable, wrong) =
        (count(Verdict::Exact), count(Verdict::Acceptable), count(Verdict::Wrong));
    let share = 100.0 * (exact + acceptable) as f64 / set.cases.len().max(1) as f64;
    match &set.summary {
        Some(summary) => println!("{:<32} {summary}", set.name),
        None => println!(
            "{:<32} {:>5} cases {exact:>5} exact {acceptable:>4} acceptable {wrong:>4} wrong  {share:>5.1} %",
            set.name,
            set.cases.len()
        ),
    }
    for case in &set.cases {
        if case.verdict == Verdict::Wrong {
            println!("    wrong: {}", case.name);
        }
        if diff.is_some_and(|d| case.name.contains(d)) {
            show(case);
        }
    }
}

fn show(case: &Case) {
    println!("    --- {} expected\n{}", case.name, indent(&case.expected));
    println!("    --- {} got\n{}", case.name, indent(&case.got));
}

fn indent(text: &str) -> String {
    text.lines().map(|l| format!("    | {l}\n")).collect()
}
