//! Scores the language room on the lingua test sets beside lingua alone, whichlang and whatlang.
//!
//! `cargo run --release --example score_language [DIR]`; DIR holds one folder a language (default: the shared
//! corpora). Every line is read once before the clocks, and ours and lingua take turns at being first, so that neither
//! pays for the other's page faults. Exits with 1 when a class falls below lingua's accuracy or sentences are less than
//! 5 times as fast.

use std::{env, fs, path::Path, process::ExitCode, time::Instant};

use lingua::{IsoCode639_1, LanguageDetector, LanguageDetectorBuilder};
use relais::ground::language::{Language, detect};

const SETS: &str = "/work/shared/corpora/lang/lingua";
const CLASSES: [(&str, &str); 3] =
    [("words", "single-words.txt"), ("pairs", "word-pairs.txt"), ("sentences", "sentences.txt")];

/// The best guess, and what the detector is sure enough to say.
type Asking<'a> = &'a dyn Fn(&str) -> (Option<Language>, Option<Language>);

/// What one detector did with one class.
#[derive(Clone, Copy, Default)]
struct Tally {
    asked: usize,
    right: usize,
    said: usize,
    said_right: usize,
    seconds: f64,
}

impl Tally {
    fn add(&mut self, other: Tally) {
        self.asked += other.asked;
        self.right += other.right;
        self.said += other.said;
        self.said_right += other.said_right;
        self.seconds += other.seconds;
    }

    fn accuracy(&self) -> f64 {
        100.0 * self.right as f64 / self.asked.max(1) as f64
    }

    fn per_second(&self) -> f64 {
        self.asked as f64 / self.seconds
    }
}

fn tally(lines: &[&str], truth: Language, ask: Asking<'_>) -> Tally {
    let start = Instant::now();
    let mut tally = Tally { asked: lines.len(), ..Tally::default() };
    for line in lines {
        let (guess, said) = ask(line);
        tally.right += usize::from(guess == Some(truth));
        tally.said += usize::from(said.is_some());
        tally.said_right += usize::from(said == Some(truth));
    }
    tally.seconds = start.elapsed().as_secs_f64();
    tally
}

fn three(code: &str) -> Option<Language> {
    let two = match code {
        "ara" => "ar",
        "cmn" => "zh",
        "deu" => "de",
        "eng" => "en",
        "fra" => "fr",
        "ita" => "it",
        "jpn" => "ja",
        "kor" => "ko",
        "nld" => "nl",
        "por" => "pt",
        "rus" => "ru",
        "spa" => "es",
        "swe" => "sv",
        "tur" => "tr",
        "cat" => "ca",
        "dan" => "da",
        "nob" => "nb",
        "fin" => "fi",
        "pol" => "pl",
        "ces" => "cs",
        "hrv" => "hr",
        "hun" => "hu",
        "ron" => "ro",
        "ell" => "el",
        "heb" => "he",
        "ukr" => "uk",
        _ => return None,
    };
    Language::parse(two).ok()
}

fn lingua_alone(detector: &LanguageDetector, line: &str) -> (Option<Language>, Option<Language>) {
    let values = detector.compute_language_confidence_values(line);
    let code = |i: usize| Language::parse(&values[i].0.iso_code_639_1().to_string()).ok();
    let sure = values.len() > 1 && values[0].1 - values[1].1 >= 0.25;
    (code(0), if sure { code(0) } else { None })
}

fn rss_kib() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let field = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap_or("");
        line.split_whitespace().nth(1).unwrap_or("?").to_owned()
    };
    format!("{} KiB, {} KiB of it private", field("VmRSS:"), field("RssAnon:"))
}

fn main() -> ExitCode {
    let folder = env::args().nth(1).unwrap_or_else(|| SETS.to_owned());
    let verbose = env::var_os("WRONG").is_some();
    println!("memory before the first detection: {}", rss_kib());
    detect("Avez-vous une chambre?");
    println!("after one short text: {}", rss_kib());
    let lingua = LanguageDetectorBuilder::from_all_languages().build();
    let ours = |line: &str| {
        let detected = detect(line);
        (detected.guess(), detected.language)
    };
    let alone = |line: &str| lingua_alone(&lingua, line);
    let which = |line: &str| (three(whichlang::detect_language(line).three_letter_code()), None);
    let what =
        |line: &str| (whatlang::detect(line).and_then(|info| three(info.lang().code())), None);
    let mut good = true;
    for (class, file) in CLASSES {
        println!(
            "\n{class}: language: ours % (said %, of it right %), lingua %, whichlang %, whatlang %"
        );
        let mut sums = [Tally::default(); 4];
        for (turn, code) in lingua_codes().into_iter().enumerate() {
            let truth = Language::parse(&code).expect("lingua's codes are codes");
            let path = Path::new(&folder).join(&code).join("testdata").join(file);
            let Ok(text) = fs::read_to_string(&path) else {
                continue;
            };
            let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
            if verbose {
                for line in &lines {
                    let (guess, said) = ours(line);
                    if guess != Some(truth) {
                        println!(
                            "  {class} {code} {guess:?} {said:?} lingua {:?}: {line}",
                            alone(line).0
                        );
                    }
                }
            }
            let asked: [Asking<'_>; 4] = [&ours, &alone, &which, &what];
            for line in &lines {
                ours(line);
                alone(line);
            }
            let mut row = [Tally::default(); 4];
            for at in if turn % 2 == 0 { [0, 1, 2, 3] } else { [1, 0, 2, 3] } {
                row[at] = tally(&lines, truth, asked[at]);
            }
            print_row(&code, &row);
            sums.iter_mut().zip(row).for_each(|(sum, tally)| sum.add(tally));
        }
        print_row("all", &sums);
        let speed = sums.map(|sum| format!("{:.0}", sum.per_second())).join(" / ");
        let factor = sums[0].per_second() / sums[1].per_second();
        println!("texts a second, same order: {speed}; ours is {factor:.1} times lingua");
        good &= sums[0].right >= sums[1].right && (class != "sentences" || factor >= 5.0);
    }
    println!("\nmemory at the end: {}", rss_kib());
    println!(
        "{}",
        if good {
            "good: every class at lingua's accuracy or above, sentences 5 times as fast"
        } else {
            "NOT GOOD"
        }
    );
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn lingua_codes() -> Vec<String> {
    let mut codes: Vec<String> = lingua::Language::all()
        .into_iter()
        .map(|l| l.iso_code_639_1())
        .map(|code: IsoCode639_1| code.to_string())
        .collect();
    codes.sort();
    codes
}

fn print_row(name: &str, row: &[Tally; 4]) {
    let said = 100.0 * row[0].said as f64 / row[0].asked.max(1) as f64;
    let right = 100.0 * row[0].said_right as f64 / row[0].said.max(1) as f64;
    println!(
        "  {name:4} {:5.1} ({said:5.1}, {right:5.1})  {:5.1}  {:5.1}  {:5.1}",
        row[0].accuracy(),
        row[1].accuracy(),
        row[2].accuracy(),
        row[3].accuracy()
    );
}
