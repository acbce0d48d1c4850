//! Carries the looks of a text into its translation: bullets stay, a paragraph that is bold stays bold, and a few bold
//! or linked words are looked for in the target, as they are, as facts of equal value, or as the engine says them alone.
//!
//! What is not found loses its look and nothing else; a link is written out then.

use std::ops::Range;

use super::{Request, Translated, key, say};
use crate::{
    flow::translate::{Engine, memory::Memory, prepare::prepare},
    ground::{
        facts::{self, Hide},
        rich_text::{Look, Mark, ink},
        segments::Piece,
    },
};

/// A few marked words inside a paragraph, to be found again.
struct Wanted<'a> {
    phrase: String,
    said: &'a str,
    /// The ink of the target before the paragraph.
    before: usize,
    look: &'a Look,
}

/// The marks of the translation; `said` has one text for each piece to translate, in order.
pub(super) async fn carry(
    engine: Option<&dyn Engine>,
    memory: &dyn Memory,
    request: &Request<'_>,
    (pieces, said): (&[Piece], &[String]),
    result: &mut Translated,
) -> Vec<Mark> {
    let (mut found, mut wanted) = (Vec::new(), Vec::new());
    let mut said = said.iter();
    let (mut old, mut new) = (0, 0);
    for piece in pieces {
        let source = match piece {
            Piece::Keep(text) | Piece::Translate(text) => text,
        };
        let target = match piece {
            Piece::Keep(text) => text,
            Piece::Translate(text) => said.next().unwrap_or(text),
        };
        let (length, said_length) = (ink(source), ink(target));
        for mark in request.marks.iter() {
            let start = mark.ink.start.max(old);
            let end = mark.ink.end.min(old + length);
            if start >= end {
                continue;
            }
            let within = start - old..end - old;
            let phrase = cut(source, &within);
            let add = |ink: Range<usize>| Mark {
                ink: ink.start + new..ink.end + new,
                look: mark.look.clone(),
            };
            if matches!(piece, Piece::Keep(_)) || source == target {
                found.push(add(within));
            } else if letters(&phrase) == letters(source) {
                found.push(add(0..said_length));
            } else if let Some(place) = place(&phrase, target, request) {
                found.push(add(place));
            } else {
                wanted.push(Wanted { phrase, said: target, before: new, look: &mark.look });
            }
        }
        (old, new) = (old + length, new + said_length);
    }
    let phrases = alone(engine, memory, request, &wanted, result).await;
    for (one, phrase) in wanted.iter().zip(phrases) {
        let place = phrase.and_then(|phrase| find(one.said, phrase.trim_end_matches('.')));
        // The address of a link stands in the text already, unless the author's words hid it.
        let lost = ink(one.said)..ink(one.said);
        let hidden = matches!(one.look, Look::Link(to) if !one.said.contains(to.as_str()));
        if let Some(ink) = place.or(hidden.then_some(lost)) {
            let ink = ink.start + one.before..ink.end + one.before;
            found.push(Mark { ink, look: one.look.clone() });
        }
    }
    found.sort_by_key(|mark| (mark.ink.start, mark.ink.end));
    found
}

/// Each phrase as the memory or the engine says it alone.
async fn alone(
    engine: Option<&dyn Engine>,
    memory: &dyn Memory,
    request: &Request<'_>,
    wanted: &[Wanted<'_>],
    result: &mut Translated,
) -> Vec<Option<String>> {
    let prepared: Vec<_> = wanted
        .iter()
        .map(|one| prepare(&one.phrase, request.from, request.terms, Hide::Fragile))
        .collect();
    let tag = engine.map(|engine| engine.tag(request.from, request.to)).unwrap_or_default();
    let mut answers: Vec<Option<String>> =
        prepared.iter().map(|one| memory.recall(&key(&tag, request, one))).collect();
    let open: Vec<usize> = (0..answers.len()).filter(|at| answers[*at].is_none()).collect();
    if let Some(engine) = engine
        && !open.is_empty()
    {
        let texts: Vec<String> = open.iter().map(|at| prepared[*at].masked.text.clone()).collect();
        // No look is worth an error.
        for (at, said) in
            open.iter().zip(say(engine, request, &texts, result).await.unwrap_or_default())
        {
            memory.keep(&key(&tag, request, &prepared[*at]), &said);
            answers[*at] = Some(said);
        }
    }
    prepared.iter().zip(answers).map(|(one, said)| one.finish(&said?).ok()).collect()
}

/// Where words stand in the target without anybody translating them.
fn place(phrase: &str, target: &str, request: &Request<'_>) -> Option<Range<usize>> {
    if let Some(found) = find(target, phrase) {
        return Some(found);
    }
    // 14:00 is 2 pm.
    let fact = facts::find(phrase, request.from, request.terms).into_iter().next()?;
    let bare = |text: &str| text.chars().any(char::is_alphanumeric);
    if bare(&phrase[..fact.span.start]) || bare(&phrase[fact.span.end..]) {
        return None;
    }
    let there = facts::find(target, request.to, request.terms);
    let same = there.into_iter().find(|other| other.value == fact.value)?;
    Some(ink(&target[..same.span.start])..ink(&target[..same.span.end]))
}

/// The ink of some words in a text, capitals or not, where they stand as words.
fn find(text: &str, words: &str) -> Option<Range<usize>> {
    let words = words.trim().to_lowercase();
    let lower = text.to_lowercase();
    // Where lower case has other bytes, places cannot be told.
    if words.is_empty() || lower.len() != text.len() {
        return None;
    }
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let whole = |at: &usize| {
        let inside = |edge: Option<char>, outer: Option<char>| is_word(edge) && is_word(outer);
        let behind = &lower[at + words.len()..];
        !inside(words.chars().next(), lower[..*at].chars().next_back())
            && !inside(words.chars().next_back(), behind.chars().next())
    };
    let at = lower.match_indices(&words).map(|(at, _)| at).find(whole)?;
    let start = ink(lower.get(..at)?);
    Some(start..start + ink(&words))
}

/// The words of this ink.
fn cut(text: &str, span: &Range<usize>) -> String {
    let mut at = 0;
    let inside = text.chars().filter(|c| {
        let blank = c.is_whitespace();
        let now = if blank { at > span.start && at < span.end } else { span.contains(&at) };
        at += usize::from(!blank);
        now
    });
    inside.collect()
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_as_words() {
        for (text, words, expected) in [
            ("O pequeno-almoço é às 8.", "Pequeno-almoço", Some(1..15)),
            ("As portas e a porta", "porta", Some(10..15)),
            ("sem nada", "porta", None),
            ("sem nada", "", None),
            ("a 10 b", "10", Some(1..3)),
            ("a 100 b", "10", None),
            ("İstanbul", "istanbul", None),
        ] {
            assert_eq!(find(text, words), expected, "{words} in {text}");
        }
        assert_eq!(cut("from 14:00 on, please", &(4..11)), "14:00 on");
    }
}
