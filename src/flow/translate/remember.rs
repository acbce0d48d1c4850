//! What a person wrote instead of an engine's words, cut into the segments the pipeline will ask for again.

use super::{
    Engine,
    memory::{Key, Memory},
    prepare::prepare,
};
use crate::ground::{
    facts::{Hide, Terms, hidden_in, verify},
    key::AccountId,
    language::Language,
    phrase_book,
    segments::{Piece, split},
    translation::Unit,
};

/// The segments of a person's translation that differ from what the engines said. None when the two texts are not
/// built alike: which sentence belongs to which is then a guess, and a wrong pair would be said again.
pub(super) fn units(
    engines: &[std::sync::Arc<dyn Engine>],
    memory: &dyn Memory,
    account: AccountId,
    (text, said): (&str, &str),
    (from, to): (Language, Language),
    terms: &Terms,
) -> Vec<Unit> {
    let (sources, targets) = (spoken(text, from), spoken(said, to));
    if sources.len() != targets.len() {
        return Vec::new();
    }
    let mut units = Vec::new();
    for (source, target) in sources.iter().zip(&targets) {
        if phrase_book::say(source, from, to).as_ref() == Some(target) {
            continue;
        }
        let prepared = prepare(source, from, terms, Hide::Fragile);
        let text = &prepared.masked.text;
        let key = |engine: String| Key { account, from, to, engine, text: text.clone() };
        // Words that were left as the engine said them stay the engine's: a better model may replace them.
        let by_engine = engines.iter().any(|engine| {
            let answer = memory.recall(&key(engine.tag(from, to)));
            answer.and_then(|answer| prepared.finish(&answer).ok()).as_ref() == Some(target)
        });
        if !by_engine {
            units.extend(hide_unit((source, target), (from, to), terms));
        }
    }
    units
}

/// A pair of segments as it is remembered, facts hidden; `None` when the facts differ or there is nothing else.
pub fn hide_unit(
    (source, target): (&str, &str),
    (from, to): (Language, Language),
    terms: &Terms,
) -> Option<Unit> {
    let tokens = |text| {
        let mut numbers: Vec<usize> =
            hidden_in(text).into_iter().map(|(_, number)| number).collect();
        numbers.sort_unstable();
        numbers
    };
    // A memory of our own that was exported: its facts are hidden already.
    if !tokens(source).is_empty() && tokens(source) == tokens(target) {
        let (source, target) = (source.to_owned(), target.to_owned());
        return Some(Unit { from, to, source, target, edited: true });
    }
    let prepared = prepare(source, from, terms, Hide::Fragile);
    if prepared.masked.is_facts_alone() || !verify((source, from), (target, to), terms).is_empty() {
        return None;
    }
    let target = prepared.hide_in(target)?;
    Some(Unit { from, to, source: prepared.masked.text, target, edited: true })
}

fn spoken(text: &str, language: Language) -> Vec<String> {
    let pieces = split(text, language).into_iter();
    pieces
        .filter_map(|piece| match piece {
            Piece::Translate(text) => Some(text),
            Piece::Keep(_) => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::translate::memory::InProcess;

    #[test]
    fn only_what_belongs_together_is_remembered() {
        let pair = (Language::PT, Language::EN);
        for (name, text, said, expected) in [
            (
                "facts hidden on both sides",
                "O quarto custa 80 € por noite.",
                "The room is 80 € a night.",
                vec![("O quarto custa XQ1 por noite.", "The room is XQ1 a night.")],
            ),
            (
                "formulas need no memory",
                "Bom dia,\n\nTemos quarto livre.",
                "Good morning,\n\nYes, a room is free.",
                vec![("Temos quarto livre.", "Yes, a room is free.")],
            ),
            (
                "another shape",
                "Temos quarto.\n\nAté já, amigos.",
                "We have a room for you.",
                vec![],
            ),
            ("another price", "Custa 80 € por noite.", "It is 90 € a night.", vec![]),
            (
                "the price written otherwise",
                "Custa 80 € por noite.",
                "It is €80.00 a night.",
                vec![],
            ),
        ] {
            let found = units(
                &[],
                &InProcess::default(),
                AccountId(1),
                (text, said),
                pair,
                &Terms::default(),
            );
            let found: Vec<(&str, &str)> =
                found.iter().map(|unit| (unit.source.as_str(), unit.target.as_str())).collect();
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn an_exported_memory_comes_back_as_it_was() {
        let pair = (Language::PT, Language::EN);
        for (source, target, kept) in [
            ("Custa XQ1 por noite.", "It is XQ1 a night.", Some("Custa XQ1 por noite.")),
            ("Custa XQ1 por noite.", "It is cheap.", None),
            ("Custa 80 € por noite", "It is 80 € a night", Some("Custa XQ1 por noite.")),
        ] {
            let unit = hide_unit((source, target), pair, &Terms::default());
            assert_eq!(unit.map(|unit| unit.source).as_deref(), kept, "{source}");
        }
    }
}
