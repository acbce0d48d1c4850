//! The piece of a text where the searched words stand, cut so that the words can be shown apart.

use super::{Query, bigrams::is_cjk, runs};
use crate::ground::automatic::fold::fold;

/// Pieces of text in order; `true` are hits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// The pieces.
    pub pieces: Vec<(bool, String)>,
}

/// So many letters before and after a hit.
const AROUND: usize = 40;

impl Excerpt {
    /// From a text where U+0001 begins a hit and U+0002 ends it.
    pub fn marked(text: &str) -> Self {
        let mut pieces = Vec::new();
        for (position, piece) in text.split('\u{1}').enumerate() {
            let (hit, rest) = match piece.split_once('\u{2}') {
                Some((hit, rest)) if position > 0 => (hit, rest),
                _ => ("", piece),
            };
            pieces.extend((!hit.is_empty()).then(|| (true, hit.to_owned())));
            pieces.extend((!rest.is_empty()).then(|| (false, rest.to_owned())));
        }
        Excerpt { pieces }
    }
}

/// As the index folds a word: no accents, no capitals.
fn folded(word: &str) -> String {
    fold(word, usize::MAX)
}

/// The words of a text and where they begin.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_mark = |c: char| ('\u{300}'..='\u{36f}').contains(&c);
    let pieces = text.split(move |c: char| !c.is_alphanumeric() && !is_mark(c));
    let place = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    pieces.filter(|word| !word.is_empty()).map(move |word| (place(word), word))
}

impl Query {
    /// Where the words of the query stand in a text that is in no index of its own: the first of them and those around.
    pub fn excerpt_of_words(&self, text: &str) -> Option<Excerpt> {
        let mut wanted: Vec<(String, bool)> = Vec::new();
        for term in &self.words {
            let all: Vec<_> = words(&term.text).map(|(_, word)| folded(word)).collect();
            let last = all.len();
            let grows = |n: usize| term.prefix && n + 1 == last;
            wanted.extend(all.into_iter().enumerate().map(|(n, word)| (word, grows(n))));
        }
        let is_hit = |word: &str| {
            let word = folded(word);
            wanted.iter().any(|(one, grows)| *one == word || (*grows && word.starts_with(one)))
        };
        let hits = words(text).filter(|(_, word)| is_hit(word));
        let hits: Vec<_> = hits.map(|(at, word)| (at, at + word.len())).collect();
        let (first, _) = *hits.first()?;
        let start = text[..first].char_indices().rev().nth(AROUND - 1).map_or(0, |(at, _)| at);
        let end = text[first..].char_indices().nth(3 * AROUND);
        let end = end.map_or(text.len(), |(at, _)| first + at);
        let mut pieces = vec![(false, if start > 0 { "…" } else { "" }.to_owned())];
        let mut from = start;
        for (at, behind) in hits.into_iter().filter(|(_, behind)| *behind <= end) {
            pieces.push((false, text[from..at].to_owned()));
            pieces.push((true, text[at..behind].to_owned()));
            from = behind;
        }
        pieces.push((false, text[from..end].to_owned()));
        pieces.push((false, if end < text.len() { "…" } else { "" }.to_owned()));
        pieces.retain(|(_, piece)| !piece.is_empty());
        Some(Excerpt { pieces })
    }

    /// Where the first word in a script without spaces stands in a text.
    pub fn excerpt_of_pairs(&self, text: &str) -> Option<Excerpt> {
        let wanted = self.words.iter().flat_map(|term| runs(&term.text)).filter(|(cjk, _)| *cjk);
        let (at, run) = wanted.filter_map(|(_, run)| Some((text.find(run)?, run))).next()?;
        debug_assert!(run.chars().all(is_cjk));
        let (before, behind) = (&text[..at], &text[at + run.len()..]);
        let start = before.char_indices().rev().nth(AROUND - 1).map_or(0, |(at, _)| at);
        let end = behind.char_indices().nth(AROUND).map_or(behind.len(), |(at, _)| at);
        let dots = |cut: bool| if cut { "…" } else { "" };
        Some(Excerpt {
            pieces: vec![
                (false, format!("{}{}", dots(start > 0), &before[start..])),
                (true, run.to_owned()),
                (false, format!("{}{}", &behind[..end], dots(end < behind.len()))),
            ],
        })
    }
}
