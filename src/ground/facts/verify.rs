//! Compares the facts of a source and its translation by value: none lost, none changed, none invented.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{
    Fact, Terms, Value, counted,
    date::surely_month_first,
    find,
    mask::shown,
    money, negation, opposites,
    say::date_in,
    spoken::{self, Spoken},
    words,
};
use crate::ground::language::Language;

/// A fact that does not stand equally on both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", content = "fact", rename_all = "snake_case")]
pub enum Difference {
    /// In the source only, as it is written there.
    Lost(String),
    /// In the translation only.
    Invented(String),
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Difference::Lost(fact) => write!(f, "{fact:?} is missing from the translation"),
            Difference::Invented(fact) => write!(f, "{fact:?} is not in the original"),
        }
    }
}

/// The facts of one side, those in words too where both languages are known.
struct Side {
    facts: Vec<Fact>,
    spoken: Option<Spoken>,
}

impl Side {
    fn of(text: &str, language: Language, terms: &Terms, words: bool) -> Self {
        let mut facts = find(text, language, terms);
        let row = spoken::row(language).filter(|_| words);
        let mut spoken = row.map(|row| Spoken::of(text, row, &facts));
        let sure: Vec<Fact> =
            spoken.iter_mut().flat_map(|spoken| std::mem::take(&mut spoken.sure)).collect();
        facts.retain(|fact| {
            !sure
                .iter()
                .any(|more| more.span.start <= fact.span.start && fact.span.end <= more.span.end)
        });
        facts.extend(sure);
        facts.sort_by_key(|fact| fact.span.start);
        money::complete(&mut facts, text);
        Side { facts, spoken }
    }

    /// May this side say a value in doubtful words that the other has not? A double room excuses no lost 2 where both
    /// have it; one is an article in half of the languages, and may be said anywhere.
    fn excuses(&self, value: &Value, other: &Side) -> bool {
        let says = |side: &Side| side.spoken.as_ref().map_or(0, |spoken| spoken.says(value));
        let one = matches!(value, Value::Number(plain) if plain == "1");
        let counted = matches!(value, Value::Number(_)) && !one;
        says(self) > if counted { says(other) } else { 0 }
    }
}

/// What is equal to a value in other writings: `24h`, "24 hours" and, where a clock is meant, 10h and 10:00; half an hour
/// and 30 minutes; `12.6` on a side that reads it as a number.
fn equals(value: &Value) -> Vec<Value> {
    match value {
        Value::Hours { minutes } => {
            let hours = match minutes % 60 {
                0 => Some((minutes / 60).to_string()),
                30 => Some(format!("{}.5", minutes / 60)),
                _ => None,
            };
            let clock = Some(Value::Time { minutes: *minutes }).filter(|_| *minutes < 24 * 60);
            let lasting = Some(minutes.to_string());
            clock.into_iter().chain(hours.into_iter().chain(lasting).map(Value::Number)).collect()
        }
        Value::Time { minutes } => {
            vec![Value::Hours { minutes: *minutes }, Value::Number(with_a_point(*minutes))]
        }
        Value::Number(plain) => {
            let halves = plain.parse::<f32>().ok().map(|hours| hours * 2.0);
            let halves = halves.filter(|halves| halves.fract() == 0.0 && *halves < 2000.0);
            let last = halves.map(|halves| Value::Hours { minutes: halves as u16 * 30 });
            let minutes =
                plain.parse::<u16>().ok().filter(|minutes| *minutes <= LONGEST_IN_MINUTES);
            let minutes = minutes.map(|minutes| Value::Hours { minutes });
            let digits = plain.len() >= 4 && plain.bytes().all(|c| c.is_ascii_digit());
            let code = digits.then(|| Value::Code(plain.clone()));
            let day = plain.split_once('.').and_then(|(day, month)| {
                Some(Value::Date { day: day.parse().ok()?, month: month.parse().ok()?, year: None })
            });
            last.into_iter()
                .chain(minutes)
                .chain(of_the_clock(plain))
                .chain(code)
                .chain(day)
                .collect()
        }
        Value::Code(code) if code.len() >= 4 && code.bytes().all(|c| c.is_ascii_digit()) => {
            Some(Value::Number(code.clone()))
                .into_iter()
                .filter(|_| !code.starts_with('0'))
                .collect()
        }
        Value::Date { day, month, year: None } => {
            let plain = format!("{day}.{month}");
            let plain = if plain.contains('.') { plain.trim_end_matches('0') } else { &plain };
            vec![Value::Number(plain.to_owned())]
        }
        Value::Money { currency, amount } => words::same_money(currency)
            .iter()
            .map(|same| Value::Money { currency: (*same).to_owned(), amount: amount.clone() })
            .collect(),
        _ => Vec::new(),
    }
}

/// Longer stretches are not said in minutes.
const LONGEST_IN_MINUTES: u16 = 180;

/// "until 10" and "at 8.30" are times where the other side says so.
fn of_the_clock(plain: &str) -> Option<Value> {
    let (hour, minutes) = plain.split_once('.').unwrap_or((plain, "0"));
    // The number has lost the zero of 8.30.
    let minutes = format!("{minutes:0<2}").parse::<u16>().ok()?;
    let hour = hour.parse::<u16>().ok()?;
    (hour <= 24 && minutes < 60).then(|| Value::Time { minutes: (hour * 60 + minutes) % (24 * 60) })
}

fn with_a_point(minutes: u16) -> String {
    let plain = format!("{}.{:02}", minutes / 60, minutes % 60);
    plain.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Every fact of a text, those said in words too.
pub fn find_all(text: &str, language: Language, terms: &Terms) -> Vec<Fact> {
    Side::of(text, language, terms, true).facts
}

/// Every difference; an empty list is the proof that the facts are kept, and what no fact shows as far as it is known.
pub fn verify(
    source: (&str, Language),
    target: (&str, Language),
    terms: &Terms,
) -> Vec<Difference> {
    let differences = verify_facts(source, target, terms);
    if differences.is_empty() { meanings(source, target) } else { differences }
}

/// The facts alone: what is asked of a whole text whose paragraphs may be in several languages.
pub fn verify_facts(
    (source, from): (&str, Language),
    (target, to): (&str, Language),
    terms: &Terms,
) -> Vec<Difference> {
    let words = spoken::row(from).is_some() && spoken::row(to).is_some();
    let ours = Side::of(source, from, terms, words);
    let theirs = Side::of(target, to, &said(terms), words);
    let mut there: HashMap<&Value, Vec<usize>> = HashMap::new();
    for (at, fact) in theirs.facts.iter().enumerate().rev() {
        there.entry(&fact.value).or_default().push(at);
    }
    let mut found = vec![false; theirs.facts.len()];
    let mut missing = Vec::new();
    let mut take = |value: &Value| {
        let at = there.get_mut(value).and_then(Vec::pop);
        if let Some(at) = at {
            found[at] = true;
        }
        at.is_some()
    };
    // What is written alike first, or "10h" would take the "10" of something else.
    missing.extend(ours.facts.iter().filter(|fact| !take(&fact.value)));
    missing.retain(|fact| !equals(&fact.value).iter().any(&mut take));
    // What was carried as it is written is the same, whatever either language reads in it: `6/12`.
    missing.retain(|fact| {
        let written = &source[fact.span.clone()];
        let same =
            |(at, other): &(usize, &Fact)| !found[*at] && &target[other.span.clone()] == written;
        let at = theirs.facts.iter().enumerate().find(same).map(|(at, _)| at);
        if let Some(at) = at.filter(|_| written.contains(|c: char| c.is_ascii_digit())) {
            found[at] = true;
            return false;
        }
        !theirs.excuses(&fact.value, &ours)
    });
    let lost = missing.into_iter().map(|fact| Difference::Lost(shown(fact, source).to_owned()));
    let mut differences: Vec<Difference> = lost.collect();
    // A translation may well say a glossary word or a name once more; it may not say another price.
    let invented = theirs.facts.iter().zip(&found).filter(|(fact, found)| {
        !**found && !matches!(fact.value, Value::Term(_)) && !ours.excuses(&fact.value, &theirs)
    });
    let invented =
        invented.map(|(fact, _)| Difference::Invented(target[fact.span.clone()].to_owned()));
    differences.extend(invented);
    differences
}

/// What no fact shows: what is counted, what excludes each other, what is denied.
fn meanings(source: (&str, Language), target: (&str, Language)) -> Vec<Difference> {
    let counted = counted::counts_another(source, target);
    let turned = opposites::turned_round(source, target);
    let (lost, gained) = negation::lost(source, target);
    let lost = counted.into_iter().chain(turned).chain(lost).map(Difference::Lost);
    lost.chain(gained.map(Difference::Invented)).collect()
}

/// Glossary terms stand in the target as they are said there.
fn said(terms: &Terms) -> Terms {
    let said = terms.glossary.iter().map(|(_, said)| (said.clone(), said.clone()));
    Terms { names: terms.names.clone(), glossary: said.collect() }
}

/// Do equal facts of one kind stand in the same order? Where they do not, an engine may have exchanged two prices; that
/// a language wanted it so is rarer, and a sentence translated around its facts has them in order.
pub fn in_order(
    (source, from): (&str, Language),
    (target, to): (&str, Language),
    terms: &Terms,
) -> bool {
    let kinds: [fn(&Value) -> bool; 4] = [
        |value| matches!(value, Value::Money { .. }),
        |value| matches!(value, Value::Time { .. }),
        |value| matches!(value, Value::Date { .. }),
        |value| matches!(value, Value::Number(_) | Value::Code(_)),
    ];
    let (ours, theirs) = (find(source, from, terms), find(target, to, &said(terms)));
    kinds.iter().all(|kind| {
        let of = |facts: &[Fact]| -> Vec<Value> {
            facts.iter().map(|fact| fact.value.clone()).filter(kind).collect()
        };
        let (ours, theirs) = (of(&ours), of(&theirs));
        let sorted = |mut values: Vec<Value>| {
            values.sort();
            values
        };
        ours == theirs || sorted(ours) != sorted(theirs)
    })
}

/// Writes every time in 24 hours: the embedded model loses `pm` and reads `10h` as `10pm`, but keeps `22:30`. And a day
/// that readers of another language would take for another, `6/15` or `12.6.`, with its month's name.
pub fn rewrite_times(text: &str, language: Language) -> String {
    rewritten(text, &find(text, language, &Terms::default()), |value, written| match value {
        Value::Time { minutes } => Some(format!("{:02}:{:02}", minutes / 60, minutes % 60)),
        Value::Date { year, .. } if surely_month_first(text, written, language) => {
            let ends = |year: u16| written.ends_with(&format!("{:02}", year % 100));
            date_in(value, language).filter(|_| year.is_none_or(ends))
        }
        Value::Date { .. } if written.ends_with('.') && !written.contains(char::is_alphabetic) => {
            date_in(value, language).filter(|_| written.matches('.').count() == 2)
        }
        _ => None,
    })
}

/// Writes the small numbers said in words, noon and midnight as digits, which can be hidden from an engine; not in a time said in words,
/// where the number may be another in the other language.
pub fn in_digits(text: &str, language: Language) -> String {
    const HALF: [&str; 12] = [
        "half", "quarter", "past", "meia", "media", "demie", "mezza", "mezzo", "halb", "viertel",
        "halve", "mitja",
    ];
    let lower = text.to_lowercase();
    let parts = lower.split(|c: char| !c.is_alphabetic()).any(|word| HALF.contains(&word));
    let Some(row) = spoken::row(language).filter(|_| !parts) else { return text.to_owned() };
    let facts = find(text, language, &Terms::default());
    rewritten(text, &Spoken::of(text, row, &facts).sure, |value, _| match value {
        Value::Number(plain) => Some(plain.clone()),
        Value::Time { minutes } => Some(format!("{:02}:{:02}", minutes / 60, minutes % 60)),
        _ => None,
    })
}

fn rewritten(text: &str, facts: &[Fact], write: impl Fn(&Value, &str) -> Option<String>) -> String {
    let mut rewritten = String::with_capacity(text.len());
    let mut at = 0;
    for fact in facts {
        if fact.span.start >= at
            && let Some(written) = write(&fact.value, &text[fact.span.clone()])
        {
            rewritten.push_str(&text[at..fact.span.start]);
            rewritten.push_str(&written);
            at = fact.span.end;
        }
    }
    rewritten.push_str(&text[at..]);
    rewritten
}
