//! Translation quality on our own hospitality sentences: chrF2 of each engine and pair against a person's translation.

use std::{path::Path, sync::Arc, time::Duration};

use relais::{
    flow::translate::{Engine, Request, Verdict, memory::InProcess, translate},
    ground::{facts::Terms, key::AccountId, language::Language},
};

use super::chrf::Chrf;

const SENTENCES: &str = "fixtures/translation/hospitality.tsv";
const LANGUAGES: [&str; 6] = ["en", "pt", "es", "fr", "it", "de"];
/// What was measured, less one point: below it something has become worse.
const AT_LEAST: &[(&str, &str, &str, f64)] = &[
    ("embedded", "en", "pt", 73.9),
    ("embedded", "pt", "en", 80.1),
    ("apertium", "pt", "es", 68.1),
    ("apertium", "es", "pt", 66.5),
    ("libretranslate", "en", "pt", 73.9),
    ("libretranslate", "pt", "en", 79.9),
];

/// Scores every pair an engine knows; false when one is worse than it was.
pub(crate) async fn score(engine: &Arc<dyn Engine>) -> bool {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(SENTENCES);
    let text = std::fs::read_to_string(path).expect("the sentences are in the repository");
    let rows: Vec<Vec<&str>> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').collect())
        .collect();
    let mut good = true;
    for (from_at, from) in LANGUAGES.into_iter().enumerate() {
        for (to_at, to) in LANGUAGES.into_iter().enumerate() {
            let code = |code| Language::parse(code).expect("two letters");
            let pair = (code(from), code(to));
            if from == to || !engine.knows(pair.0, pair.1) {
                continue;
            }
            let (mut chrf, mut copied, mut held) = (Chrf::default(), Chrf::default(), 0);
            for row in &rows {
                let said = say(engine, row[from_at], pair).await;
                held += usize::from(said.is_none());
                chrf.add(&said.unwrap_or_default(), row[to_at]);
                copied.add(row[from_at], row[to_at]);
            }
            let (score, untranslated) = (chrf.score(), copied.score());
            let worse = AT_LEAST.iter().find(|(name, source, target, least)| {
                (*name, *source, *target) == (engine.name(), from, to) && score < *least
            });
            let verdict = worse.map_or(String::new(), |row| format!(" WORSE than {}", row.3));
            println!(
                "  {from}-{to}: chrF {score:.1} (untranslated {untranslated:.1}), {held} of {} held{verdict}",
                rows.len()
            );
            good &= worse.is_none();
        }
    }
    good
}

async fn say(
    engine: &Arc<dyn Engine>,
    text: &str,
    (from, to): (Language, Language),
) -> Option<String> {
    let (account, terms, patience) = (AccountId(1), Terms::default(), Duration::from_secs(30));
    let request = Request { account, text, from, to, terms: &terms, marks: &[], patience };
    match translate(std::slice::from_ref(engine), &InProcess::default(), &request).await {
        Verdict::Translated(done) => Some(done.text),
        Verdict::Held(_) | Verdict::Later(..) | Verdict::Never(_) => None,
    }
}
