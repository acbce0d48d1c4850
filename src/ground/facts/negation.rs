//! A "not" that is lost: «Não temos estacionamento» must not come out as "We have parking". A sentence that denies has
//! to have a translation with at least a word that denies, refuses or excepts; the other way round as well.

use super::{
    excused,
    opposites::{self, words},
    question::{is_polite, without_tag},
    spoken,
};
use crate::ground::language::Language;

/// Words that deny, in the languages of [`spoken`].
#[rustfmt::skip]
const DENIES: [&str; 8] = [
    "not cannot never none no", "não nao nunca nenhum nenhuma jamais", "no nunca ningún ningun ninguna ninguno jamás jamas", "pas jamais aucun aucune",
    "non nessun nessuno nessuna", "nicht kein keine keinen keinem keiner keines nie niemals", "niet geen nooit", "no mai cap",
];

/// Phrases that deny nothing though a word of theirs does: "why not", «pois não».
#[rustfmt::skip]
const IDIOMS: [&str; 8] = [
    "not only|why not|not to mention|if not|or not|whether or not|not just|t wait|no matter|no later|in no time|no more than|no less|not at all", "não só|pois não|não é|a não ser|não apenas|ou não|se não|não há de quê|não obstante|não tem de quê|não deixe|não vejo a hora|porque não|por que não",
    "no solo|no sólo|no deseado|no deseados|a no ser|o no|si no|no obstante|no hay de qué|no deje|cómo no|por qué no|verdad no|no solamente", "n est-ce pas|pas seulement|ou pas|pourquoi pas|pas du tout|sinon pas|pas mal",
    "non solo|o no|se non|perché non|non è vero|non vedo|non vediamo", "nicht nur|warum nicht|oder nicht|nicht wahr|wenn nicht|nicht zuletzt|ob nicht", "niet alleen|waarom niet|of niet|niet waar|zo niet", "no només|o no|si no|per què no|oi que no",
];

/// What one side denies and the other does not, as it is written: of the source, and of the target.
pub(super) fn lost(
    (source, from): (&str, Language),
    (target, to): (&str, Language),
) -> (Option<String>, Option<String>) {
    let (Some(ours), Some(theirs)) = (spoken::row(from), spoken::row(to)) else {
        return (None, None);
    };
    let (one, other) = (sentences(source), sentences(target));
    // Sentence by sentence where as many came back.
    if one.len() == other.len() {
        let pairs = one.iter().zip(&other);
        let found = pairs.map(|(source, target)| differ((source, ours), (target, theirs)));
        return found.fold((None, None), |so_far, (a, b)| (so_far.0.or(a), so_far.1.or(b)));
    }
    differ((source, ours), (target, theirs))
}

fn differ(
    (source, ours): (&str, usize),
    (target, theirs): (&str, usize),
) -> (Option<String>, Option<String>) {
    let (source, target) = (without_tag(source, ours), without_tag(target, theirs));
    (unanswered((source, ours), (target, theirs)), unanswered((target, theirs), (source, ours)))
}

/// A word that one side denies with and nothing on the other side answers.
fn unanswered((here, own): (&str, usize), (there, row): (&str, usize)) -> Option<String> {
    let (asked, answers) = (words(behind_an_answer(here)), words(there));
    let denied = |at: &usize| {
        denies_at(&asked, own, *at)
            && !excused::is_formula((&asked, own), *at, (&answers, row), |at| {
                denies_at(&asked, own, at)
            })
    };
    let at = (0..asked.len()).find(denied)?;
    let polite = || is_question(there) && is_polite(here, &asked, own, at);
    let answered = denies_anywhere(&answers, row)
        || excused::may_deny((&answers, row), (&asked, own))
        || excused::meets((&asked, own), at, (&answers, row))
        || opposites::same_limit((here, own), (there, row))
        || polite();
    let contracted = asked[at] == "t";
    let word = || match contracted {
        true => format!("{}'t", asked[at - 1]),
        false => asked[at].clone(),
    };
    (!answered).then(word)
}

fn is_question(text: &str) -> bool {
    text.trim_end().ends_with('?')
}

/// «No, gracias» is an answer and denies nothing, and «¿No sería posible…?» only asks politely.
fn behind_an_answer(text: &str) -> &str {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let word = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    let rest = text[word..].trim_start();
    let answers = ["no", "não", "non", "nein", "nee"].contains(&&text[..word].to_lowercase()[..]);
    let ends = rest.is_empty() || rest.starts_with([',', '.', '!', ';', ':', '-', '–']);
    let polite = text.trim_end().ends_with('?');
    if answers && (ends || polite) { rest } else { text }
}

/// Does the word at this place deny, and is it of no idiom?
pub(super) fn denies_at(words: &[String], row: usize, at: usize) -> bool {
    let idiom = || {
        IDIOMS[row].split('|').any(|idiom| {
            let idiom: Vec<&str> = idiom.split(' ').collect();
            (0..idiom.len()).any(|back| {
                let start = at.checked_sub(back);
                let window = start.and_then(|start| words.get(start..start + idiom.len()));
                window.is_some_and(|window| window.iter().zip(&idiom).all(|(a, b)| a == b))
            })
        })
    };
    let word = &words[at];
    let contracted = row == ENGLISH && at > 0 && word == "t" && words[at - 1].ends_with('n');
    let plain = DENIES[row].split(' ').any(|known| known == word);
    // "room no 5"
    let next = words.get(at + 1).is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()));
    let numbered = row == ENGLISH && word == "no" && next;
    // «nous n'avons plus de chambres»
    let no_more = row == FRENCH
        && word == "plus"
        && words[at.saturating_sub(4)..at].iter().any(|word| word == "n" || word == "ne");
    (contracted || plain || no_more) && !numbered && !idiom()
}

const ENGLISH: usize = 0;
const FRENCH: usize = 3;

/// Does any word deny, of an idiom or not?
fn denies_anywhere(words: &[String], row: usize) -> bool {
    let contracted = row == ENGLISH && words.iter().any(|word| word == "t");
    contracted || words.iter().any(|word| DENIES[row].split(' ').any(|known| known == word))
}

fn sentences(text: &str) -> Vec<&str> {
    let ends = |c: char| matches!(c, '.' | '!' | '?' | '\n');
    text.split_inclusive(ends).filter(|part| part.contains(char::is_alphabetic)).collect()
}
