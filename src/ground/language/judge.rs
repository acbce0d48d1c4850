//! The judge: lingua in its high-accuracy mode, asked only where the first look is not sure.
//!
//! High accuracy costs a third more time than low and a few megabytes of file pages; it is 10 points better
//! on single words and 2 on sentences. Its models are pages of our own executable: nothing is read before
//! the first question, and the system may drop them again.

use std::{collections::HashSet, sync::OnceLock};

use lingua::{LanguageDetector, LanguageDetectorBuilder};

use super::Language;

/// Every language the judge thinks possible, best first; the confidences add up to one at most. Asked about few
/// languages it weighs no others, and its time goes with their number.
pub(super) fn judge(text: &str, among: Option<&[Language]>) -> Vec<(Language, f32)> {
    static ALL: OnceLock<LanguageDetector> = OnceLock::new();
    let few = among.and_then(of_few);
    let detector = few.as_ref().unwrap_or_else(|| {
        ALL.get_or_init(|| LanguageDetectorBuilder::from_all_languages().build())
    });
    let mut judged: Vec<(Language, f32)> = Vec::new();
    for (language, confidence) in detector.compute_language_confidence_values(text) {
        let Some(code) = code(language) else { continue };
        // The two ways to write Norwegian are one language here; their sum would outweigh Danish and Swedish.
        if !judged.iter().any(|(known, _)| *known == code) {
            judged.push((code, confidence as f32));
        }
    }
    judged.retain(|(_, confidence)| *confidence > 0.0);
    judged
}

/// A detector of these languages; the models are shared, so it costs as much as reading forty letters. `None` where
/// fewer than two have a model: the judge of one language says yes to everything.
fn of_few(among: &[Language]) -> Option<LanguageDetector> {
    let all = lingua::Language::all().into_iter();
    let languages: Vec<lingua::Language> =
        all.filter(|language| code(*language).is_some_and(|code| among.contains(&code))).collect();
    let several = languages.iter().filter_map(|language| code(*language)).collect::<HashSet<_>>();
    (several.len() > 1).then(|| LanguageDetectorBuilder::from_languages(&languages).build())
}

fn code(language: lingua::Language) -> Option<Language> {
    Language::parse(&language.iso_code_639_1().to_string()).ok()
}

/// Is there a model of this language?
pub(super) fn knows(language: Language) -> bool {
    static KNOWN: OnceLock<Vec<Language>> = OnceLock::new();
    let known = KNOWN.get_or_init(|| {
        let all = lingua::Language::all().into_iter();
        all.filter_map(code).collect()
    });
    known.contains(&language)
}
