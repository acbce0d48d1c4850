//! From a text to its translation: segment, protect, remember, ask, restore, verify, repair or hold.

use std::{sync::Arc, time::Duration};

use super::{
    Done, Engine, Fail, Job,
    check::suspicion,
    memory::{Key, Memory},
    prepare::{Prepared, prepare},
};
use crate::ground::{
    facts::{Difference, Hide, Terms, Value, find, verify},
    language::{Language, detect},
    outcome::Answer,
    phrase_book,
    segments::{Piece, join, split},
};

/// Longer texts are held: nobody writes them to an inn, and they would keep the engines from everybody else.
const LONGEST_CHARS: usize = 20_000;

/// A text to translate for one account.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    pub account: &'a str,
    pub text: &'a str,
    pub from: Language,
    pub to: Language,
    pub terms: &'a Terms,
    /// How long one engine is waited for.
    pub patience: Duration,
}

/// A translation whose every fact is proven kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Translated {
    pub text: String,
    /// The engines that took part; empty when the memory and the phrase book were enough.
    pub engines: Vec<String>,
    /// Characters sent to engines, repairs included.
    pub characters: usize,
    /// Segments that were repaired by translating around their facts.
    pub repaired: usize,
    /// An engine whose output is rough took part: the mail says so.
    pub rough: bool,
}

/// A translation that must not go out by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The best there is, for the provider to correct.
    pub draft: String,
    pub differences: Vec<Difference>,
    /// Why, for the provider.
    pub why: String,
}

/// What became of a request; the caller never sends anything but `Translated` without asking a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Translated(Translated),
    Held(Held),
    /// No engine could now; the same request may succeed later.
    Later(Answer, Option<Duration>),
    /// No engine of this account ever will.
    Never(Answer),
}

/// One segment on its way.
struct Segment {
    text: String,
    prepared: Prepared,
    said: Option<String>,
    differences: Vec<Difference>,
    why: Option<String>,
}

/// Translates a text with the first engine of the list that can.
pub async fn translate(
    engines: &[Arc<dyn Engine>],
    memory: &dyn Memory,
    request: &Request<'_>,
) -> Verdict {
    if request.text.chars().count() > LONGEST_CHARS {
        return Verdict::Never(Answer::own(format!(
            "the text is longer than {LONGEST_CHARS} characters"
        )));
    }
    if request.from == request.to {
        return Verdict::Translated(Translated {
            text: request.text.to_owned(),
            ..Translated::default()
        });
    }
    let pieces = split(request.text, request.from);
    let mut segments: Vec<Segment> = pieces
        .iter()
        .filter_map(|piece| segment(piece, request))
        .collect();
    let mut result = Translated::default();
    let mut fails = Vec::new();
    for engine in engines {
        if segments.iter().all(|segment| segment.said.is_some()) {
            break;
        }
        if !engine.knows(request.from, request.to) {
            fails.push((
                engine.name().to_owned(),
                Fail::Unsupported(request.from, request.to),
            ));
            continue;
        }
        recall(memory, engine.as_ref(), request, &mut segments);
        if let Err(fail) = ask(engine.as_ref(), memory, request, &mut segments, &mut result).await {
            fails.push((engine.name().to_owned(), fail));
        }
    }
    let unsaid: Vec<&Segment> = segments
        .iter()
        .filter(|segment| segment.said.is_none())
        .collect();
    // Nobody answered at all: the engines are to blame, not the text.
    if unsaid.iter().any(|segment| segment.why.is_none()) {
        return refusal(&fails, request);
    }
    let why = unsaid.first().and_then(|segment| segment.why.clone());
    let differences: Vec<Difference> = unsaid
        .iter()
        .flat_map(|segment| segment.differences.clone())
        .collect();
    let text = join(
        &pieces,
        segments
            .into_iter()
            .map(|segment| segment.said.unwrap_or(segment.text)),
    );
    // Last look at the whole: nothing may be lost between the segments either.
    let overall = if why.is_none() {
        verify(request.text, &text, request.terms)
    } else {
        differences
    };
    match why {
        None if overall.is_empty() => Verdict::Translated(Translated { text, ..result }),
        why => {
            let why =
                why.unwrap_or_else(|| overall.first().map(ToString::to_string).unwrap_or_default());
            Verdict::Held(Held {
                draft: text,
                differences: overall,
                why,
            })
        }
    }
}

/// The segment of a piece; what needs no engine is said already.
fn segment(piece: &Piece, request: &Request<'_>) -> Option<Segment> {
    let Piece::Translate(text) = piece else {
        return None;
    };
    let prepared = prepare(text, request.terms, Hide::Fragile);
    let foreign = || {
        let detected = detect(text);
        detected.language == Some(request.to) && detected.confidence >= 0.9
    };
    let said = if let Some(said) = phrase_book::say(text, request.from, request.to) {
        Some(said)
    } else if prepared.masked.is_facts_alone() || foreign() {
        Some(text.clone())
    } else {
        None
    };
    Some(Segment {
        text: text.clone(),
        prepared,
        said,
        differences: Vec::new(),
        why: None,
    })
}

fn key(engine: &dyn Engine, request: &Request<'_>, prepared: &Prepared) -> Key {
    Key {
        account: request.account.to_owned(),
        from: request.from,
        to: request.to,
        engine: engine.tag(),
        text: prepared.masked.text.clone(),
    }
}

/// Says what is remembered; a person's edit before an engine's answer. Facts are verified again all the same.
fn recall(
    memory: &dyn Memory,
    engine: &dyn Engine,
    request: &Request<'_>,
    segments: &mut [Segment],
) {
    for segment in segments.iter_mut().filter(|segment| segment.said.is_none()) {
        let key = key(engine, request, &segment.prepared);
        let kept = memory.recall(&key.edited()).or_else(|| memory.recall(&key));
        let said = kept.and_then(|kept| segment.prepared.finish(&kept).ok());
        segment.said =
            said.filter(|said| verify(&segment.prepared.source, said, request.terms).is_empty());
    }
}

/// Asks one engine for everything unsaid, and repairs what comes back broken.
async fn ask(
    engine: &dyn Engine,
    memory: &dyn Memory,
    request: &Request<'_>,
    segments: &mut [Segment],
    result: &mut Translated,
) -> Result<(), Fail> {
    let mut open: Vec<&mut Segment> = segments
        .iter_mut()
        .filter(|segment| segment.said.is_none())
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    result.engines.push(engine.name().to_owned());
    result.rough |= engine.is_rough(request.from, request.to);
    // Equal segments of one text are asked once.
    let mut texts: Vec<String> = open
        .iter()
        .map(|segment| segment.prepared.masked.text.clone())
        .collect();
    texts.sort();
    texts.dedup();
    let answers = say(engine, request, &texts, result).await?;
    for segment in &mut open {
        let Ok(at) = texts.binary_search(&segment.prepared.masked.text) else {
            continue;
        };
        match accept(&segment.prepared, &answers[at], request) {
            Some(said) => {
                memory.keep(&key(engine, request, &segment.prepared), &answers[at]);
                segment.said = Some(said);
            }
            None => repair(engine, request, segment, result).await?,
        }
    }
    Ok(())
}

/// The finished text, if it looks like a translation and keeps every fact.
fn accept(prepared: &Prepared, answer: &str, request: &Request<'_>) -> Option<String> {
    let said = prepared.finish(answer).ok()?;
    let good = suspicion(&prepared.source, &said, request.to).is_none()
        && verify(&prepared.source, &said, request.terms).is_empty();
    good.then_some(said)
}

/// Sentence by sentence, and around the facts of those that still fail; what cannot be repaired is marked.
async fn repair(
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
    let differences = verify(&segment.prepared.source, &whole, request.terms);
    let suspicion = suspicion(&segment.prepared.source, &whole, request.to);
    if differences.is_empty() && suspicion.is_none() {
        segment.said = Some(whole);
        result.repaired += 1;
    } else {
        segment.why = differences
            .first()
            .map(ToString::to_string)
            .or(suspicion.map(|found| found.to_string()));
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
        let prepared = prepare(sentence, request.terms, hide);
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
    let mut parts: Vec<(String, bool)> = Vec::new();
    let mut at = 0;
    for fact in find(sentence, request.terms) {
        parts.push((sentence[at..fact.span.start].to_owned(), true));
        let shown = match &fact.value {
            Value::Term(said) => said.clone(),
            _ => sentence[fact.span.clone()].to_owned(),
        };
        parts.push((shown, false));
        at = fact.span.end;
    }
    parts.push((sentence[at..].to_owned(), true));
    let spoken = |(text, prose): &(String, bool)| *prose && text.contains(char::is_alphabetic);
    let texts: Vec<String> = parts
        .iter()
        .filter(|part| spoken(part))
        .map(|(text, _)| text.trim().to_owned())
        .collect();
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
        let answer = if ends {
            answer.trim()
        } else {
            answer.trim().trim_end_matches('.')
        };
        whole.push_str(&text[..lead]);
        whole.push_str(answer);
        whole.push_str(&text[text.trim_end().len().max(lead)..]);
    }
    Ok(whole)
}

/// One or more requests to the engine, within its limits.
async fn say(
    engine: &dyn Engine,
    request: &Request<'_>,
    texts: &[String],
    result: &mut Translated,
) -> Result<Vec<String>, Fail> {
    let limits = engine.limits();
    let mut said = Vec::with_capacity(texts.len());
    let mut rest = texts;
    while !rest.is_empty() {
        let mut chars = 0;
        let fits = rest.iter().take(limits.texts.max(1)).take_while(|text| {
            chars += text.chars().count();
            chars <= limits.chars
        });
        let count = fits.count();
        if count == 0 {
            return Err(Fail::TooLarge);
        }
        let job = Job {
            from: request.from,
            to: request.to,
            texts: rest[..count].to_vec(),
            patience: request.patience,
        };
        let characters = job.characters();
        let Done {
            texts,
            billed_chars,
        } = engine.translate(job).await?;
        if texts.len() != count {
            return Err(Fail::BadAnswer(format!(
                "{} texts for {count}",
                texts.len()
            )));
        }
        result.characters += billed_chars.unwrap_or(characters);
        said.extend(texts);
        rest = &rest[count..];
    }
    Ok(said)
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

/// Why no engine answered: `Later` if one of them may, once it has recovered.
fn refusal(fails: &[(String, Fail)], request: &Request<'_>) -> Verdict {
    let words: Vec<String> = fails
        .iter()
        .map(|(name, fail)| format!("{name}: {fail}"))
        .collect();
    let answer = Answer::own(if words.is_empty() {
        format!(
            "no engine translates from {} to {}",
            request.from, request.to
        )
    } else {
        words.join("; ")
    });
    let wait = fails.iter().find_map(|(_, fail)| match fail {
        Fail::Busy { retry_after } => *retry_after,
        _ => None,
    });
    if fails
        .iter()
        .any(|(_, fail)| fail.passes() || *fail == Fail::Quota)
    {
        Verdict::Later(answer, wait)
    } else {
        Verdict::Never(answer)
    }
}

#[cfg(test)]
mod tests;
