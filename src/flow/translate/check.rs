//! A 200 is not a success: what a translation must look like before its facts are even compared.

use crate::ground::language::{Language, detect};

/// What is wrong with an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Suspicion {
    #[error("the translation is empty")]
    Empty,
    #[error("part of the text is missing from the translation")]
    Shortened,
    #[error("the translation is far longer than the text")]
    Lengthened,
    #[error("the translation repeats itself")]
    Repeated,
    #[error("the text was not translated")]
    Untranslated,
    #[error("the translation is in another language")]
    WrongLanguage,
    #[error("the translation holds characters nobody wrote")]
    Garbage,
}

/// Compares the looks of a text and its translation.
pub(super) fn suspicion(source: &str, target: &str, to: Language) -> Option<Suspicion> {
    let (from_chars, to_chars) = (source.chars().count(), target.chars().count());
    let words = source.split_whitespace().count();
    if target.trim().is_empty() && !source.trim().is_empty() {
        return Some(Suspicion::Empty);
    }
    if target.contains(['\u{fffd}', '\0']) && !source.contains(['\u{fffd}', '\0']) {
        return Some(Suspicion::Garbage);
    }
    // Chinese says in 20 characters what English says in 80.
    let dense = |text: &str| text.chars().any(|c| c >= '\u{1100}' && c.is_alphabetic());
    let (short, long) = if dense(source) || dense(target) { (0.1, 8.0) } else { (0.5, 2.2) };
    let ratio = to_chars as f64 / from_chars.max(1) as f64;
    if from_chars >= 25 && ratio < short {
        return Some(Suspicion::Shortened);
    }
    if to_chars >= 60 && ratio > long {
        return Some(Suspicion::Lengthened);
    }
    if repeats(target) > repeats(source).max(2) {
        return Some(Suspicion::Repeated);
    }
    if words >= 4 && source.trim().eq_ignore_ascii_case(target.trim()) {
        return Some(Suspicion::Untranslated);
    }
    let detected = detect(target);
    let foreign = to_chars >= 40
        && detected.language.is_some_and(|language| language != to)
        && detected.confidence >= 0.8;
    foreign.then_some(Suspicion::WrongLanguage)
}

/// How often the most repeated run of one to four words follows itself.
fn repeats(text: &str) -> usize {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let mut most = 1;
    for width in 1..=4 {
        let mut run = 1;
        let mut at = width;
        while at + width <= words.len() {
            let same = words[at - width..at] == words[at..at + width];
            run = if same { run + 1 } else { 1 };
            most = most.max(run);
            at += if same { width } else { 1 };
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_wrong_is_named() {
        let long = "The breakfast is served in the garden every morning and you can park behind the house.";
        for (source, target, expected) in [
            ("We are open all day.", "Estamos abertos todo o dia.", None),
            (long, "", Some(Suspicion::Empty)),
            (long, "O pequeno-almoço é servido.", Some(Suspicion::Shortened)),
            ("We are open.", "aberto aberto aberto aberto", Some(Suspicion::Repeated)),
            ("Come in.", "de um de um de um de um", Some(Suspicion::Repeated)),
            (long, long, Some(Suspicion::Untranslated)),
            (
                long,
                "Das Frühstück wird jeden Morgen im Garten serviert und man kann hinter dem Haus parken.",
                Some(Suspicion::WrongLanguage),
            ),
            ("Come in.", "Entre\u{fffd}.", Some(Suspicion::Garbage)),
            ("Yes, of course.", "Sim, claro.", None),
            ("very very good", "muito muito bom", None),
        ] {
            assert_eq!(suspicion(source, target, Language::PT), expected, "{target}");
        }
    }
}
