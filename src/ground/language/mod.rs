//! Which language a text is in, how sure that is, and which language a conversation is held in.
//!
//! Two steps: a first look that costs microseconds and settles most sentences, and lingua as the judge of
//! the rest. Give it new text only: a French answer above a quoted English mail is "English, certain" to
//! every detector there is.

mod choice;
mod clean;
mod code;
mod common_words;
mod formulas;
mod judge;
mod look;
mod mixed;
mod names;
mod neighbours;
mod proper;
mod relatives;
mod scripts;
mod strangers;
mod wordless;

pub use choice::{Choice, Evidence, Heard, conversation_language, follows};
pub use code::{Language, NotALanguage};
pub use names::named;
pub use neighbours::alike;

use common_words::Votes;
use look::Look;
use strangers::Trigrams;

/// Fewer letters than this are never called a language; Han and kana letters count as three.
const LETTERS_TO_SAY: usize = 12;

/// The judge is believed when its first language leads the second by this much: 96 % of sentences are
/// covered and 98.9 % of those right (reference, section 5).
const LEAD_TO_SAY: f32 = 0.25;

/// Among few it has to lead by more: a language that is none of them is heard as one of them.
const LEAD_TO_SAY_OF_FEW: f32 = 0.5;

/// What is left of its confidence then: the rest is kept for the languages it was not asked about.
const CONFIDENCE_OF_FEW: f32 = 0.75;

/// What the first look settles is right more often than what the judge is certain of.
const FIRST_LOOK_CONFIDENCE: f32 = 0.99;

/// A language without a model is the best guess from here on; relatives (Afrikaans and Dutch) sound alike below.
const STRANGER_TO_SAY: f32 = 0.9;

/// Of an answer in a word: several languages have most of them.
const CONFIDENCE_OF_FORMULAS: f32 = 0.4;

/// What a text says about its language.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Detected {
    /// The language, where it is sure enough to act on.
    pub language: Option<Language>,
    /// The confidence of the best guess, from 0 to 1.
    pub confidence: f32,
    /// Every guess, best first, the accepted language included.
    pub alternatives: Vec<(Language, f32)>,
    /// There were too few letters to say, they make no words, or names alone.
    pub too_short: bool,
    /// The languages of a text written in several, the longest first; empty otherwise.
    pub mixed: Vec<Language>,
}

impl Detected {
    /// The best guess, accepted or not.
    pub fn guess(&self) -> Option<Language> {
        self.alternatives.first().map(|(language, _)| *language)
    }
}

/// Says which language a text is in. The first call loads what it needs; nothing is loaded before.
pub fn detect(text: &str) -> Detected {
    let names = proper::is_names(text);
    let text = clean::clean(text);
    let (letters, weight) = letters(&text);
    if letters == 0 || wordless::is_no_text(&text) {
        return Detected { too_short: true, ..Detected::default() };
    }
    let trigrams = Trigrams::of(&text);
    let votes = Votes::of(&text);
    let too_short = weight < LETTERS_TO_SAY || names && proper::says_nothing(&text);
    let look = look::first_look(&text, letters, &votes, &trigrams);
    let settled = matches!(look, Look::Settled(_));
    let few = matches!(look, Look::Among(_));
    let mut alternatives = match look {
        Look::Settled(language) => vec![(language, FIRST_LOOK_CONFIDENCE)],
        Look::Among(few) => weighed(judge::judge(&text, Some(&few)), &votes)
            .into_iter()
            .map(|(language, confidence)| (language, confidence * CONFIDENCE_OF_FEW))
            .collect(),
        Look::Open => weighed(judge::judge(&text, None), &votes),
    };
    let first = alternatives.first().map(|(language, _)| *language);
    let stranger = strangers::heard(first, letters, &votes, &trigrams);
    // Over the judge only where the little words do not say what the judge says.
    let clear = |(_, confidence): &(Language, f32)| {
        !settled && *confidence >= STRANGER_TO_SAY && !first.is_some_and(|it| votes.say(it))
    };
    if let Some(stranger) = stranger.filter(clear) {
        alternatives.insert(0, stranger);
    }
    if let Some(answered) = formulas::answered(&text).filter(|_| too_short) {
        alternatives.retain(|(known, _)| *known != answered);
        let lead = alternatives.first().map_or(0.0, |(_, confidence)| *confidence);
        alternatives.insert(0, (answered, lead.max(CONFIDENCE_OF_FORMULAS)));
    }
    let relative = weigh_relative(&mut alternatives, &text, &votes);
    let confidence = alternatives.first().map_or(0.0, |(_, confidence)| *confidence);
    let second = alternatives.get(1).map_or(0.0, |(_, confidence)| *confidence);
    let kin = matches!(alternatives[..], [(first, _), (second, _), ..] if alike(first, second));
    let lead_to_say = if few && !kin { LEAD_TO_SAY_OF_FEW } else { LEAD_TO_SAY };
    // What only Bosnians say makes a text Bosnian; without it, it is as well Croatian.
    let first = alternatives.first().map(|(language, _)| *language);
    let untold = first == Some(Language::of("bs")) && !relatives::is_bosnian(&text);
    let doubt = names || relative || untold || stranger.is_some();
    let sure = !too_short && !doubt && confidence - second >= lead_to_say;
    Detected {
        language: alternatives.first().filter(|_| sure).map(|(language, _)| *language),
        confidence,
        alternatives,
        too_short,
        mixed: if too_short { Vec::new() } else { mixed::languages(&text) },
    }
}

/// Divides the confidence of the first guess with the relative whose words the text has; says whether there is one.
fn weigh_relative(alternatives: &mut Vec<(Language, f32)>, text: &str, votes: &Votes) -> bool {
    let Some((first, confidence)) = alternatives.first_mut() else { return false };
    let Some((relative, share)) = relatives::heard(*first, text, votes.score(*first)) else {
        return false;
    };
    let whole = *confidence;
    *confidence = whole * (1.0 - share);
    alternatives.retain(|(known, _)| *known != relative);
    alternatives.push((relative, whole * share));
    alternatives.sort_by(|a, b| b.1.total_cmp(&a.1));
    true
}

/// How much likelier one distinctive word makes a language, as a power of e: judge and words are right more often
/// together than the judge alone, on words, pairs and sentences.
const WEIGHT_OF_A_WORD: f32 = 0.8;

/// What the judge says, weighed by the little words, best first.
fn weighed(mut judged: Vec<(Language, f32)>, votes: &Votes) -> Vec<(Language, f32)> {
    let sum = |judged: &[(Language, f32)]| judged.iter().map(|(_, share)| *share).sum::<f32>();
    let before = sum(&judged);
    for (language, confidence) in &mut judged {
        *confidence *= (WEIGHT_OF_A_WORD * votes.score(*language)).exp();
    }
    let scale = before / sum(&judged).max(f32::MIN_POSITIVE);
    judged.iter_mut().for_each(|(_, confidence)| *confidence *= scale);
    judged.retain(|(_, confidence)| *confidence > 0.005);
    judged.sort_by(|a, b| b.1.total_cmp(&a.1));
    judged
}

/// Letters, and letters weighed by how much one says.
fn letters(text: &str) -> (usize, usize) {
    let mut count = 0;
    let mut weight = 0;
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        count += 1;
        weight += if u32::from(c) >= 0x1100 && !(0x1E00..=0x1FFF).contains(&u32::from(c)) {
            3
        } else {
            1
        };
    }
    (count, weight)
}

#[cfg(test)]
mod tests;
