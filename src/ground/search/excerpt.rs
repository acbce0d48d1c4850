//! The piece of a text where the searched words stand, cut so that the words can be shown apart.

use super::{Query, bigrams::is_cjk, runs};

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

impl Query {
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
