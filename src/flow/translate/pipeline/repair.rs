//! Repairs a segment an engine spoiled: sentence by sentence, with more hidden, at last around the facts.

use super::{Request, Segment, Translated, accept, say};
use crate::{
    flow::translate::{Engine, Fail, check::suspicion, prepare::prepare},
    ground::{
        facts::{Hide, Value, date_in, find_all, in_digits},
        untranslated::Why,
    },
};

/// Sentence by sentence, and around the facts of those that still fail; what cannot be repaired is marked.
pub(super) async fn repair(
    engine: &dyn Engine,
    request: &Request<'_>,
    segment: &mut Segment,
    result: &mut Translated,
) -> Result<(), Fail> {
    let mut whole = String::new();
    for sentence in sentences(&segment.prepared.source) {
        let bare = sentence.trim_end();
        let said = match hidden_ever_more(engine, request, bare, result).await? {
            Some(said) => said,
            None => around(engine, request, bare, result).await?,
        };
        whole.push_str(&said);
        whole.push_str(&sentence[bare.len()..]);
    }
    let differences = request.verify(&segment.prepared.source, &whole);
    let suspicion = suspicion(&segment.prepared.source, &whole, request.to);
    if differences.is_empty() && suspicion.is_none() {
        segment.said = Some(whole);
        result.repaired += 1;
    } else {
        segment.draft = suspicion.is_none().then_some(whole);
        let of_fact = differences.first().map(|one| (one.to_string(), Why::Fact(one.clone())));
        segment.why = of_fact.or(suspicion.map(|found| (found.to_string(), Why::Suspicious)));
        segment.differences = differences;
    }
    Ok(())
}

/// Asks again with little hidden, then with every number hidden.
async fn hidden_ever_more(
    engine: &dyn Engine,
    request: &Request<'_>,
    sentence: &str,
    result: &mut Translated,
) -> Result<Option<String>, Fail> {
    for hide in [Hide::Fragile, Hide::Numbers] {
        let prepared = prepare(sentence, request.from, request.terms, hide);
        if prepared.masked.is_facts_alone() {
            return Ok(Some(sentence.to_owned()));
        }
        let texts = std::slice::from_ref(&prepared.masked.text);
        let answer = say(engine, request, texts, result).await?;
        if let Some(said) = accept(&prepared, &answer[0], request) {
            return Ok(Some(said));
        }
    }
    Ok(None)
}

/// Translates what stands between the facts and leaves the facts where they were: clumsy, but true.
async fn around(
    engine: &dyn Engine,
    request: &Request<'_>,
    sentence: &str,
    result: &mut Translated,
) -> Result<String, Fail> {
    let sentence = &in_digits(sentence, request.from)[..];
    let mut parts: Vec<(String, bool)> = Vec::new();
    let mut at = 0;
    for fact in find_all(sentence, request.from, request.terms) {
        // A fact within another is said with it.
        let Some(before) = sentence.get(at..fact.span.start) else { continue };
        let written = &sentence[fact.span.clone()];
        let in_words = written.contains(char::is_alphabetic);
        let in_digits = written.contains(|c: char| c.is_ascii_digit());
        let shown = match &fact.value {
            Value::Term(said) => said.clone(),
            // The names of months and days are words of their language.
            Value::Date { .. } if in_words => {
                date_in(&fact.value, request.to).unwrap_or_else(|| written.to_owned())
            }
            Value::Weekday(_) | Value::Month(_) => match date_in(&fact.value, request.to) {
                Some(said) => said,
                None => continue,
            },
            // "Half past ten": what number that is only the engine knows.
            Value::Number(_) if in_words => continue,
            Value::Hours { .. } | Value::Money { .. } | Value::Time { .. } if !in_digits => {
                continue;
            }
            _ => written.to_owned(),
        };
        parts.push((before.to_owned(), true));
        parts.push((shown, false));
        at = fact.span.end;
    }
    parts.push((sentence[at..].to_owned(), true));
    let spoken = |(text, prose): &(String, bool)| *prose && text.contains(char::is_alphabetic);
    let texts: Vec<String> =
        parts.iter().filter(|part| spoken(part)).map(|(text, _)| text.trim().to_owned()).collect();
    let mut answers = say(engine, request, &texts, result).await?.into_iter();
    let mut whole = String::new();
    for part in &parts {
        let (text, _) = part;
        if !spoken(part) {
            whole.push_str(text);
            continue;
        }
        let answer = answers.next().unwrap_or_default();
        let lead = text.len() - text.trim_start().len();
        // The engine ends every fragment like a sentence.
        let ends = text.trim_end().ends_with(['.', '!', '?']);
        let answer = if ends { answer.trim() } else { answer.trim().trim_end_matches('.') };
        whole.push_str(&text[..lead]);
        whole.push_str(answer);
        whole.push_str(&text[text.trim_end().len().max(lead)..]);
    }
    Ok(whole)
}

/// Sentences with the blanks after them.
fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut ended = false;
    for (at, c) in text.char_indices() {
        if ended && !c.is_whitespace() && at > start {
            if text[start..at].ends_with(char::is_whitespace) {
                sentences.push(&text[start..at]);
                start = at;
            }
            ended = false;
        }
        ended = matches!(c, '.' | '!' | '?') || (ended && c.is_whitespace());
    }
    sentences.push(&text[start..]);
    sentences
}
