//! How long the embedded engine takes, and what it needs: loading, a sentence, a long reply on busy processors.
//!
//! `cargo bench --bench translating`; the models come from `tests/support/models.sh target/models`. A reply of 2,000
//! characters on two busy processors is to take less than 3 s.

use std::{
    fs,
    path::PathBuf,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use relais::{
    flow::translate::{
        Engine, Request, Verdict,
        embedded::{Embedded, Settings},
        memory::InProcess,
        translate,
    },
    ground::{facts::Terms, key::AccountId, language::Language},
};

const SENTENCES: &str = "fixtures/translation/hospitality.tsv";
const REPLY_CHARS: usize = 2_000;
const REPLY_SECONDS: f64 = 3.0;

fn rss_mb() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).unwrap_or(0) / 1024
}

async fn say(engine: &Arc<dyn Engine>, text: &str) -> f64 {
    let (account, terms, patience) = (AccountId(1), Terms::default(), Duration::from_secs(60));
    let (from, to) = (Language::PT, Language::EN);
    let request = Request { account, text, from, to, terms: &terms, marks: &[], patience };
    let start = Instant::now();
    let verdict = translate(std::slice::from_ref(engine), &InProcess::default(), &request).await;
    let seconds = start.elapsed().as_secs_f64();
    if let Verdict::Later(answer, _) | Verdict::Never(answer) = verdict {
        println!("no translation: {}", answer.text);
    }
    seconds
}

#[tokio::main]
async fn main() -> ExitCode {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("target/models");
    if !folder.join("pt-en").is_dir() {
        println!("skipped: no models in {}, see tests/support/models.sh", folder.display());
        return ExitCode::SUCCESS;
    }
    let text = fs::read_to_string(root.join(SENTENCES)).expect("it is in the repository");
    let sentences: Vec<&str> = text.lines().filter_map(|line| line.split('\t').nth(1)).collect();
    let engine: Arc<dyn Engine> =
        Arc::new(Embedded::new(Settings { folder, at_once: 1, idle: Duration::from_secs(600) }));
    let before = rss_mb();
    println!(
        "load and first word  {:8.1} ms",
        say(&engine, "A casa é bonita e clara.").await * 1e3
    );
    let (mut times, mut chars) = (Vec::new(), 0);
    for sentence in &sentences {
        times.push(say(&engine, sentence).await);
        chars += sentence.chars().count();
    }
    let total: f64 = times.iter().sum();
    times.sort_by(f64::total_cmp);
    println!("sentence, median     {:8.1} ms", times[times.len() / 2] * 1e3);
    println!("sentence, p95        {:8.1} ms", times[times.len() * 95 / 100] * 1e3);
    println!("characters a second  {:8.0}", chars as f64 / total);
    println!("resident memory      {:8} MB more than before", rss_mb().saturating_sub(before));
    let mut reply = String::new();
    for sentence in sentences.iter().rev() {
        if reply.chars().count() + sentence.chars().count() > REPLY_CHARS {
            break;
        }
        reply.push_str(sentence);
        reply.push_str(if reply.len().is_multiple_of(3) { "\n\n" } else { " " });
    }
    let stop = Arc::new(AtomicBool::new(false));
    let busy: Vec<_> = (0..std::thread::available_parallelism().map_or(2, usize::from))
        .map(|_| {
            let stop = Arc::clone(&stop);
            std::thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            })
        })
        .collect();
    let seconds = say(&engine, &reply).await;
    stop.store(true, Ordering::Relaxed);
    for thread in busy {
        thread.join().expect("it only spins");
    }
    let good = seconds < REPLY_SECONDS;
    println!(
        "{} characters, every processor busy: {seconds:.2} s ({})",
        reply.chars().count(),
        if good { "under 3 s" } else { "TOO LONG" }
    );
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
