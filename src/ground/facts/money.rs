//! Money that more than one place of a text tells: «vinte euros», "2 euros and 50 cents", "between 80 and 95 €", «2 mil
//! euros». Each sum gets its currency, so that both sides of a translation say the same however they are written.

use super::{Fact, Value, half, words};

/// After digits, a thousand of them.
const THOUSAND: &[&str] = &["mil", "thousand", "mille", "mila", "tausend", "duizend", "tisíc"];

/// A hundredth of a currency, and what may join it.
#[rustfmt::skip]
const CENTS: &[&str] = &[
    "cents", "cent", "cêntimos", "centavos", "céntimos", "centimes", "centesimi", "pence", "cèntims", "rappen", "groszy", "øre", "öre",
];
const AND: &[&str] = &["and", "e", "y", "con", "com", "et", "und", "en", "i", "mit", ""];

/// Completes the facts of a text, which are in order.
pub(super) fn complete(facts: &mut Vec<Fact>, text: &str) {
    facts.iter_mut().for_each(|fact| thousands(fact, text));
    facts.iter_mut().for_each(|fact| with_currency(fact, text));
    with_cents(facts, text);
    ranges(facts, text);
}

/// «2 mil» is 2000.
fn thousands(fact: &mut Fact, text: &str) {
    let Value::Number(plain) = &fact.value else { return };
    let word = text[fact.span.end..].strip_prefix(' ').map_or("", first_word);
    let in_digits = text[fact.span.clone()].starts_with(|c: char| c.is_ascii_digit());
    if !in_digits || !THOUSAND.contains(&&word.to_lowercase()[..]) {
        return;
    }
    if let Ok(few) = plain.parse::<f64>()
        && few < 1000.0
    {
        fact.value = Value::Number(format!("{}", (few * 1000.0).round()));
        fact.span.end += 1 + word.len();
    }
}

/// «vinte euros» are twenty euros.
fn with_currency(fact: &mut Fact, text: &str) {
    if let Value::Number(amount) = &fact.value
        && let Some(after) = text[fact.span.end..].strip_prefix(' ')
        && let Some((currency, len)) = words::currency_behind(after)
    {
        fact.value = Value::Money { currency: currency.to_owned(), amount: amount.clone() };
        fact.span.end += 1 + len;
    }
}

/// "2 euros and 50 cents" is one price.
fn with_cents(facts: &mut Vec<Fact>, text: &str) {
    let mut at = 1;
    while at < facts.len() {
        let [whole, part] = [&facts[at - 1], &facts[at]];
        let between = text.get(whole.span.end..part.span.start).unwrap_or("?").trim();
        let rest = &text[part.span.end..];
        let word = first_word(rest.trim_start_matches(' '));
        // The length as it is written: `Öre` in lower case may be longer.
        let end = text.len() - rest.trim_start_matches(' ').len() + word.len();
        let sum = match (&whole.value, &part.value) {
            (Value::Money { currency, amount }, Value::Number(cents))
                if AND.contains(&between) && CENTS.contains(&&word.to_lowercase()[..]) =>
            {
                sum(amount, cents).map(|amount| (currency.clone(), amount))
            }
            _ => None,
        };
        match sum {
            Some((currency, amount)) => {
                facts[at - 1] = Fact {
                    span: facts[at - 1].span.start..end,
                    value: Value::Money { currency, amount },
                };
                facts.remove(at);
            }
            None => at += 1,
        }
    }
}

fn sum(amount: &str, cents: &str) -> Option<String> {
    let (whole, cents) = (amount.parse::<u32>().ok()?, cents.parse::<u32>().ok()?);
    let both = (1..100).contains(&cents).then(|| format!("{whole}.{cents:02}"))?;
    Some(both.trim_end_matches('0').to_owned())
}

/// "80-95 euros": the first has the currency of the second, and the other way round.
fn ranges(facts: &mut [Fact], text: &str) {
    for at in 1..facts.len() {
        let [one, two] = [&facts[at - 1], &facts[at]];
        let between = text.get(one.span.end..two.span.start).unwrap_or("?");
        if !half::joins(&text[..one.span.start], between) {
            continue;
        }
        match (&one.value, &two.value) {
            (Value::Number(amount), Value::Money { currency, .. }) => {
                let value = Value::Money { currency: currency.clone(), amount: amount.clone() };
                facts[at - 1].value = value;
            }
            (Value::Money { currency, .. }, Value::Number(amount)) if bare(text, two) => {
                let value = Value::Money { currency: currency.clone(), amount: amount.clone() };
                facts[at].value = value;
            }
            _ => {}
        }
    }
}

/// Nothing is counted by this number: a mark or the end follows it, or a small word.
fn bare(text: &str, fact: &Fact) -> bool {
    let rest = &text[fact.span.end..];
    let word = first_word(rest.trim_start_matches(' '));
    !rest.starts_with('%') && word.chars().count() <= 3
}

fn first_word(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len())]
}
