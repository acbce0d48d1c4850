//! From a text to its translation: segment, protect, remember, ask, restore, verify, repair or hold.

mod carry;
mod repair;

use std::{collections::HashMap, sync::Arc, time::Duration};

use super::{
    Done, Engine, Fail, Job,
    check::suspicion,
    memory::{Key, Memory},
    prepare::{Prepared, prepare},
};
use crate::ground::{
    facts::{Difference, Hide, Terms, in_order, introduced, verify, verify_facts},
    key::AccountId,
    language::{Language, alike, detect},
    phrase_book,
    rich_text::Mark,
    segments::{Piece, join, split},
    untranslated::Why,
};

/// Longer texts are held: nobody writes them to an inn, and they would keep the engines from everybody else.
pub const LONGEST_CHARS: usize = 20_000;

/// A text to translate for one account.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    pub account: AccountId,
    pub text: &'a str,
    pub from: Language,
    pub to: Language,
    pub terms: &'a Terms,
    /// What of the text is bold, a link or a list.
    pub marks: &'a [Mark],
    /// How long one engine is waited for.
    pub patience: Duration,
}

impl Request<'_> {
    fn verify(&self, source: &str, said: &str) -> Vec<Difference> {
        verify((source, self.from), (said, self.to), self.terms)
    }
}

/// A translation whose every fact is proven kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Translated {
    pub text: String,
    /// What of it is bold, a link or a list.
    pub marks: Vec<Mark>,
    /// The engines that took part; empty when the memory and the phrase book were enough.
    pub engines: Vec<String>,
    /// Characters sent to engines, repairs included.
    pub characters: usize,
    /// The same by engine.
    pub spent: HashMap<String, usize>,
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
    /// Why, for the log.
    pub why: String,
    /// Why, for the provider.
    pub reason: Why,
}

/// Why no engine answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What each engine said, for the log.
    pub text: String,
    /// For the provider.
    pub reason: Why,
}

/// What became of a request; the caller never sends anything but `Translated` without asking a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Translated(Translated),
    Held(Held),
    /// No engine could now; the same request may succeed later.
    Later(Refusal, Option<Duration>),
    /// No engine of this account ever will.
    Never(Refusal),
}

/// One segment on its way.
struct Segment {
    text: String,
    prepared: Prepared,
    said: Option<String>,
    /// What an engine said with a fact changed, for a person to correct.
    draft: Option<String>,
    differences: Vec<Difference>,
    why: Option<(String, Why)>,
    /// In a third language: no engine of this pair is shown it.
    foreign: bool,
}

impl Segment {
    fn is_open(&self) -> bool {
        self.said.is_none() && !self.foreign
    }

    /// Formulas, facts alone and what is in the reader's language need no engine; a third language is shown to none.
    fn say_without_engine(&mut self, request: &Request<'_>) {
        if self.said.is_some() {
            return;
        }
        let facts_alone = self.prepared.masked.is_facts_alone().then(|| self.text.clone());
        self.said = phrase_book::say(&self.text, request.from, request.to).or(facts_alone);
        // Looking at every short line of a long text takes longer than translating it, and says nothing.
        let letters = self.text.chars().filter(|c| c.is_alphabetic()).count();
        if self.said.is_some() || self.text.is_ascii() && letters < 12 {
            return;
        }
        let sure = Some(detect(&self.text)).filter(|detected| detected.confidence >= 0.9);
        let language = sure.and_then(|detected| detected.language);
        if language == Some(request.to) {
            self.said = Some(self.text.clone());
        } else if let Some(third) = language.filter(|found| is_third(*found, &self.text, request)) {
            self.foreign = true;
            let begins: String = self.text.chars().take(40).collect();
            let why = format!(
                "a paragraph is in {}, the rest in {}: \u{201c}{begins}…\u{201d}",
                third.name(),
                request.from.name()
            );
            self.why = Some((why, Why::Foreign(third, begins)));
        }
    }
}

/// Translates a text with the first engine of the list that can.
pub async fn translate(
    engines: &[Arc<dyn Engine>],
    memory: &dyn Memory,
    request: &Request<'_>,
) -> Verdict {
    let mut result = Translated::default();
    let mut terms = request.terms.clone();
    terms.names.extend(introduced(request.text, request.from));
    let request = &Request { terms: &terms, ..request.clone() };
    let verdict = attempt(engines, memory, request, &mut result).await;
    // What was given to an engine costs, whatever became of it.
    for (engine, characters) in &result.spent {
        memory.spent(request.account, engine, *characters);
    }
    verdict
}

async fn attempt(
    engines: &[Arc<dyn Engine>],
    memory: &dyn Memory,
    request: &Request<'_>,
    result: &mut Translated,
) -> Verdict {
    if request.text.chars().count() > LONGEST_CHARS {
        let text = format!("the text is longer than {LONGEST_CHARS} characters");
        return Verdict::Never(Refusal { text, reason: Why::TooLong(LONGEST_CHARS) });
    }
    if request.from == request.to {
        return Verdict::Translated(Translated {
            text: request.text.to_owned(),
            marks: request.marks.to_vec(),
            ..Translated::default()
        });
    }
    let pieces = split(request.text, request.from);
    let mut segments: Vec<Segment> =
        pieces.iter().filter_map(|piece| segment(piece, request)).collect();
    let mut fails = Vec::new();
    // A person's words need no engine, and stand above the phrase book.
    recall(memory, "", request, &mut segments);
    segments.iter_mut().for_each(|segment| segment.say_without_engine(request));
    for engine in engines {
        if !segments.iter().any(Segment::is_open) {
            break;
        }
        if !engine.knows(request.from, request.to) {
            fails.push((engine.name().to_owned(), Fail::Unsupported(request.from, request.to)));
            continue;
        }
        let remembered =
            recall(memory, &engine.tag(request.from, request.to), request, &mut segments);
        result.rough |= remembered && engine.is_rough(request.from, request.to);
        if let Err(fail) = ask(engine.as_ref(), memory, request, &mut segments, result).await {
            fails.push((engine.name().to_owned(), fail));
        }
    }
    let unsaid: Vec<&Segment> = segments.iter().filter(|segment| segment.said.is_none()).collect();
    // Nobody answered at all: the engines are to blame, not the text.
    if unsaid.iter().any(|segment| segment.why.is_none()) {
        return refusal(&fails, request);
    }
    // A paragraph in a third language is the least of what may be wrong.
    let first = unsaid.iter().find(|segment| !segment.foreign).or(unsaid.first());
    let why = first.and_then(|segment| segment.why.clone());
    let mut differences: Vec<Difference> = Vec::new();
    for difference in unsaid.iter().flat_map(|segment| &segment.differences) {
        if !differences.contains(difference) {
            differences.push(difference.clone());
        }
    }
    // What was compared segment by segment is compared as a whole: times and days are written out there.
    let whole = join(&pieces, segments.iter().map(|segment| segment.prepared.source.clone()));
    let said: Vec<String> = segments
        .into_iter()
        .map(|segment| segment.said.or(segment.draft).unwrap_or(segment.text))
        .collect();
    let text = join(&pieces, said.iter().cloned());
    // Last look at the whole: nothing may be lost between the segments either.
    let (from, to) = (request.from, request.to);
    let overall = match why {
        None => verify_facts((&whole, from), (&text, to), request.terms),
        Some(_) => differences,
    };
    match why {
        None if overall.is_empty() => {
            if !request.marks.is_empty() {
                let able = engines.iter().find(|e| e.knows(request.from, request.to));
                let able = able.map(AsRef::as_ref);
                let texts = (&pieces[..], &said[..]);
                result.marks = carry::carry(able, memory, request, texts, result).await;
            }
            Verdict::Translated(Translated { text, ..result.clone() })
        }
        why => {
            let of_fact = overall.first().map(|one| (one.to_string(), Why::Fact(one.clone())));
            let (why, reason) = why.or(of_fact).unwrap_or_else(|| (String::new(), Why::Suspicious));
            Verdict::Held(Held { draft: text, differences: overall, why, reason })
        }
    }
}

/// The segment of a piece.
fn segment(piece: &Piece, request: &Request<'_>) -> Option<Segment> {
    let Piece::Translate(text) = piece else {
        return None;
    };
    let prepared = prepare(text, request.from, request.terms, Hide::Fragile);
    Some(Segment {
        text: text.clone(),
        said: None,
        draft: None,
        differences: Vec::new(),
        why: None,
        foreign: false,
        prepared,
    })
}

/// A paragraph in neither language: enough of it to be sure, and no neighbour it may have been mistaken for.
fn is_third(found: Language, text: &str, request: &Request<'_>) -> bool {
    const LETTERS: usize = 30;
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    letters >= LETTERS && !alike(found, request.from) && !alike(found, request.to)
}

/// `engine` is the engine's tag, empty for a person.
fn key(engine: &str, request: &Request<'_>, prepared: &Prepared) -> Key {
    Key {
        account: request.account,
        from: request.from,
        to: request.to,
        engine: engine.to_owned(),
        text: prepared.masked.text.clone(),
    }
}

/// Says what is remembered of an engine, or of a person, and whether there was anything. Facts are verified again all
/// the same.
fn recall(
    memory: &dyn Memory,
    engine: &str,
    request: &Request<'_>,
    segments: &mut [Segment],
) -> bool {
    let mut any = false;
    for segment in segments.iter_mut().filter(|segment| segment.is_open()) {
        let kept = memory.recall(&key(engine, request, &segment.prepared));
        let said = kept.and_then(|kept| segment.prepared.finish(&kept).ok());
        segment.said =
            said.filter(|said| request.verify(&segment.prepared.source, said).is_empty());
        any |= segment.said.is_some();
    }
    any
}

/// Asks one engine for everything unsaid, and repairs what comes back broken.
async fn ask(
    engine: &dyn Engine,
    memory: &dyn Memory,
    request: &Request<'_>,
    segments: &mut [Segment],
    result: &mut Translated,
) -> Result<(), Fail> {
    let open: Vec<&mut Segment> = segments.iter_mut().filter(|segment| segment.is_open()).collect();
    if open.is_empty() {
        return Ok(());
    }
    let tag = engine.tag(request.from, request.to);
    // Equal segments of one text are asked once.
    let mut texts: Vec<String> =
        open.iter().map(|segment| segment.prepared.masked.text.clone()).collect();
    texts.sort();
    texts.dedup();
    let answers = say(engine, request, &texts, result).await?;
    for segment in open {
        let Ok(at) = texts.binary_search(&segment.prepared.masked.text) else {
            continue;
        };
        match accept(&segment.prepared, &answers[at], request) {
            Some(said) => {
                memory.keep(&key(&tag, request, &segment.prepared), &answers[at]);
                segment.said = Some(said);
            }
            None => {
                repair::repair(engine, request, segment, result).await?;
                // Repaired, it is worth remembering all the more: it took several questions.
                let hidden =
                    segment.said.as_deref().and_then(|said| segment.prepared.hide_in(said));
                if let Some(hidden) = hidden {
                    memory.keep(&key(&tag, request, &segment.prepared), &hidden);
                }
            }
        }
        // An engine that was down, or said nothing that could be used, took no part.
        if segment.said.is_some() && !result.engines.iter().any(|name| name == engine.name()) {
            result.engines.push(engine.name().to_owned());
            result.rough |= engine.is_rough(request.from, request.to);
        }
    }
    Ok(())
}

/// The finished text, if it looks like a translation and keeps every fact.
fn accept(prepared: &Prepared, answer: &str, request: &Request<'_>) -> Option<String> {
    let said = prepared.finish(answer).ok()?;
    let (source, target) = ((&prepared.source[..], request.from), (&said[..], request.to));
    let good = suspicion(source.0, &said, request.to).is_none()
        && verify(source, target, request.terms).is_empty()
        && in_order(source, target, request.terms);
    good.then_some(said)
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
        let Done { texts, billed_chars } = engine.translate(job).await?;
        if texts.len() != count {
            return Err(Fail::BadAnswer(format!("{} texts for {count}", texts.len())));
        }
        let characters = billed_chars.unwrap_or(characters);
        result.characters += characters;
        *result.spent.entry(engine.name().to_owned()).or_default() += characters;
        said.extend(texts);
        rest = &rest[count..];
    }
    Ok(said)
}

/// Why no engine answered: `Later` if one of them may, once it has recovered.
fn refusal(fails: &[(String, Fail)], request: &Request<'_>) -> Verdict {
    let words: Vec<String> = fails.iter().map(|(name, fail)| format!("{name}: {fail}")).collect();
    let text = if words.is_empty() {
        format!("no engine translates from {} to {}", request.from, request.to)
    } else {
        words.join("; ")
    };
    let wait = fails.iter().find_map(|(_, fail)| match fail {
        Fail::Busy { retry_after } => *retry_after,
        _ => None,
    });
    let unsupported = |(_, fail): &(String, Fail)| matches!(fail, Fail::Unsupported(..));
    let reason = if fails.iter().any(|(_, fail)| fail.passes()) {
        Why::Unreachable
    } else if fails.iter().any(|(_, fail)| *fail == Fail::Quota) {
        Why::Quota
    } else if fails.iter().all(unsupported) {
        Why::Unsupported(request.from, request.to)
    } else {
        Why::Refused
    };
    let passes = matches!(reason, Why::Unreachable | Why::Quota);
    let refusal = Refusal { text, reason };
    if passes { Verdict::Later(refusal, wait) } else { Verdict::Never(refusal) }
}

#[cfg(test)]
mod tests;
