//! Which language a text is in.

use std::sync::OnceLock;

use lingua::{IsoCode639_1, LanguageDetector, LanguageDetectorBuilder};

/// Loaded at the first question, not at start: the models are most of our memory.
fn detector() -> &'static LanguageDetector {
    static DETECTOR: OnceLock<LanguageDetector> = OnceLock::new();
    DETECTOR.get_or_init(|| LanguageDetectorBuilder::from_all_languages().build())
}

/// The two-letter code with a confidence from 0 to 1; `None` when there is too little to say.
pub fn detect(text: &str) -> Option<(String, f64)> {
    let sample: String = text.chars().take(2000).collect();
    if sample.chars().filter(|c| c.is_alphabetic()).count() < 3 {
        return None;
    }
    let confidences = detector().compute_language_confidence_values(sample);
    let (language, confidence) = confidences.first()?;
    let code: IsoCode639_1 = language.iso_code_639_1();
    (*confidence > 0.0).then(|| (code.to_string(), *confidence))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_languages_of_guests_are_told_apart() {
        for (text, expected) in [
            ("Do you have a double room for two nights in August?", Some("en")),
            ("Bonjour, avez-vous une chambre pour deux nuits ?", Some("fr")),
            ("Guten Tag, haben Sie noch ein Zimmer frei?", Some("de")),
            ("Boa tarde, têm quartos livres no fim de semana?", Some("pt")),
            ("14:00", None),
        ] {
            assert_eq!(detect(text).map(|(code, _)| code).as_deref(), expected, "{text}");
        }
    }
}
