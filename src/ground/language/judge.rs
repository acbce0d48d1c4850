//! The judge: lingua in its high-accuracy mode, asked only where the first look is not sure.
//!
//! High accuracy costs a third more time than low and a few megabytes of file pages; it is 10 points better
//! on single words and 2 on sentences. Its models are pages of our own executable: nothing is read before
//! the first question, and the system may drop them again.

use std::sync::OnceLock;

use lingua::{IsoCode639_1 as Code, LanguageDetector, LanguageDetectorBuilder};

use super::Language;

/// Relatives: where the little words name the family but not the member, the judge need not weigh the other
/// twenty languages, which is most of its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Nordic,
    Romance,
    Slavic,
}

impl Family {
    pub(super) fn of(language: Language) -> Option<Family> {
        match language.as_str() {
            "da" | "nb" | "sv" => Some(Family::Nordic),
            "ca" | "es" | "fr" | "it" | "pt" | "ro" => Some(Family::Romance),
            "cs" | "hr" | "pl" | "sk" | "sl" => Some(Family::Slavic),
            _ => None,
        }
    }

    fn members(self) -> &'static [Code] {
        match self {
            Family::Nordic => &[Code::DA, Code::NB, Code::NN, Code::SV],
            Family::Romance => &[Code::CA, Code::ES, Code::FR, Code::IT, Code::PT, Code::RO],
            Family::Slavic => &[Code::CS, Code::HR, Code::PL, Code::SK, Code::SL],
        }
    }
}

fn detector(family: Option<Family>) -> &'static LanguageDetector {
    static ALL: OnceLock<LanguageDetector> = OnceLock::new();
    static FAMILIES: [OnceLock<LanguageDetector>; 3] = [const { OnceLock::new() }; 3];
    match family {
        None => ALL.get_or_init(|| LanguageDetectorBuilder::from_all_languages().build()),
        Some(family) => FAMILIES[family as usize].get_or_init(|| {
            LanguageDetectorBuilder::from_iso_codes_639_1(family.members()).build()
        }),
    }
}

/// Every language the judge thinks possible, best first; the confidences add up to one at most.
pub(super) fn judge(text: &str, family: Option<Family>) -> Vec<(Language, f32)> {
    let mut judged: Vec<(Language, f32)> = Vec::new();
    for (language, confidence) in detector(family).compute_language_confidence_values(text) {
        let Ok(code) = Language::parse(&language.iso_code_639_1().to_string()) else { continue };
        // The two ways to write Norwegian are one language here; their sum would outweigh Danish and Swedish.
        if !judged.iter().any(|(known, _)| *known == code) {
            judged.push((code, confidence as f32));
        }
    }
    judged.retain(|(_, confidence)| *confidence > 0.005);
    judged
}

/// Is there a model of this language?
pub(super) fn knows(language: Language) -> bool {
    static KNOWN: OnceLock<Vec<Language>> = OnceLock::new();
    let known = KNOWN.get_or_init(|| {
        let all = lingua::Language::all().into_iter();
        all.filter_map(|l| Language::parse(&l.iso_code_639_1().to_string()).ok()).collect()
    });
    known.contains(&language)
}
