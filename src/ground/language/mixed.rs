//! Recognises a text written in several languages, as the bilingual mails of border regions are.
//!
//! Only the first look speaks here: the judge splits clean texts too (a Portuguese question with `check-in`
//! became Portuguese, Spanish, Portuguese), and a wrong split is worse than a missed one.

use super::{
    Language,
    common_words::Votes,
    letters,
    look::{Look, first_look},
    strangers::Trigrams,
};

/// A piece shorter than this says too little about a change of language.
const LETTERS_A_PIECE: usize = 30;

/// The languages of the text, longest share first, where there are two or more with a fair share each.
pub(super) fn languages(text: &str) -> Vec<Language> {
    let pieces = pieces(text);
    if pieces.len() < 2 {
        return Vec::new();
    }
    let mut shares: Vec<(Language, usize)> = Vec::new();
    let mut total = 0;
    for piece in pieces {
        let (count, _) = letters(piece);
        total += count;
        let look = first_look(piece, count, &Votes::of(piece), &Trigrams::of(piece));
        let Look::Settled(language) = look else { continue };
        match shares.iter_mut().find(|(known, _)| *known == language) {
            Some((_, share)) => *share += count,
            None => shares.push((language, count)),
        }
    }
    // A courtesy line in another language does not make a mail bilingual; a sixth of it does.
    shares.retain(|(_, share)| share * 6 >= total);
    shares.sort_by_key(|(_, share)| std::cmp::Reverse(*share));
    if shares.len() < 2 {
        return Vec::new();
    }
    shares.into_iter().map(|(language, _)| language).collect()
}

/// Lines, and sentences within them, joined until each is long enough to have a language.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut count = 0;
    let mut ended = false;
    for (at, c) in text.char_indices() {
        if c.is_alphabetic() {
            count += 1;
        }
        let end = c == '\n' || (ended && c == ' ');
        ended = matches!(c, '.' | '!' | '?' | '。');
        if end && count >= LETTERS_A_PIECE {
            pieces.push(&text[start..at]);
            start = at;
            count = 0;
        }
    }
    if count >= LETTERS_A_PIECE {
        pieces.push(&text[start..]);
    }
    pieces
}
