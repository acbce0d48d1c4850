//! Makes a segment easy for an engine, and takes the ease back afterwards: times in 24 hours, a final mark,
//! sentences instead of shouting, facts hidden.

use super::plainly::plainly;
use crate::ground::{
    facts::{Broken, Hide, Masked, Terms, in_digits, mask, rewrite_times},
    language::Language,
};

/// A segment as the engine gets it.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    /// The segment with its times in 24 hours: what facts are compared with.
    pub source: String,
    pub masked: Masked,
    mark_added: bool,
}

pub(super) fn prepare(segment: &str, from: Language, terms: &Terms, hide: Hide) -> Prepared {
    let source = rewrite_times(segment, from);
    let mut masked = match hide {
        Hide::Fragile => mask(&source, from, terms, hide),
        Hide::Numbers => mask(&in_digits(&source, from), from, terms, hide),
    };
    masked.text = plainly(&masked.text, from);
    // Half of what is shouted comes back untranslated; a quiet translation is better than none.
    if is_shouted(&masked.text) {
        masked.text = sentence_case(&masked.text);
    }
    // Without a final mark the model goes on talking: `Thanks` became «Obrigado por».
    let words = masked.text.split_whitespace().count();
    let mark_added = words >= 3 && masked.text.ends_with(char::is_alphanumeric);
    if mark_added {
        masked.text.push('.');
    }
    Prepared { source, masked, mark_added }
}

impl Prepared {
    /// The engine's text with the facts back, in the dress of the original.
    pub(super) fn finish(&self, said: &str) -> Result<String, Broken> {
        let said = said.trim();
        let said = if self.mark_added { said.strip_suffix('.').unwrap_or(said) } else { said };
        self.masked.restore(said)
    }
}

impl Prepared {
    /// A person's words for this segment, as an engine would have answered: facts hidden, the final mark added.
    pub(super) fn hide_in(&self, said: &str) -> Option<String> {
        let mut hidden = self.masked.hide_in(said.trim())?;
        if self.mark_added {
            hidden.push('.');
        }
        Some(hidden)
    }
}

/// All capitals, and enough of them that it is no code or name.
fn is_shouted(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let small = text.chars().filter(|c| c.is_lowercase()).count();
    letters >= 12 && small * 10 < letters && text.split_whitespace().count() >= 3
}

/// Lower case but for the beginnings of sentences and the words with digits, which are tokens.
fn sentence_case(text: &str) -> String {
    let mut begins = true;
    let mut words = Vec::new();
    for word in text.split(' ') {
        let token = word.contains(|c: char| c.is_ascii_digit());
        let lower = if token { word.to_owned() } else { word.to_lowercase() };
        let mut chars = lower.chars();
        words.push(match chars.next() {
            Some(first) if begins && !token => first.to_uppercase().chain(chars).collect(),
            _ => lower.clone(),
        });
        begins = word.ends_with(['.', '!', '?']);
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_is_made_easy_and_dressed_again() {
        for (segment, easy) in [
            ("We arrive at 10:30 pm", "We arrive at 22:30."),
            ("PLEASE SEND THE CODE TO info@a.example", "Please send the code to XQ1."),
            ("See you", "See you"),
            ("It costs €80.", "It costs XQ1."),
        ] {
            assert_eq!(
                prepare(segment, Language::EN, &Terms::default(), Hide::Fragile).masked.text,
                easy,
                "{segment}"
            );
        }
        let prepared =
            prepare("Please pay €80 today", Language::EN, &Terms::default(), Hide::Fragile);
        assert_eq!(prepared.finish("Pague XQ1 hoje.").unwrap(), "Pague €80 hoje");
        let prepared = prepare("For two nights?", Language::EN, &Terms::default(), Hide::Numbers);
        assert_eq!(prepared.masked.text, "For XQ1 nights?");
        let prepared =
            prepare("Please pay €80 today", Language::EN, &Terms::default(), Hide::Fragile);
        assert_eq!(prepared.finish("Pague XQ1 hoje.").unwrap(), "Pague €80 hoje");
    }
}
