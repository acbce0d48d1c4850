//! Facts: what a translation must not touch, and the proof that it did not.
//!
//! A price, a time or a door code that a translation changes costs more than a clumsy sentence. So facts are
//! found here, hidden behind tokens the engines leave alone ([`mask`]), and compared by value afterwards
//! ([`verify`]): `14:00` is `2 pm`, `12,50 €` is `€12.50`.

mod amounts;
mod clock;
mod clock_words;
mod counted;
mod date;
mod excused;
mod find;
mod half;
mod hours;
mod introduced;
mod lasting;
mod mask;
mod money;
mod negation;
mod number;
mod opposites;
mod question;
mod read;
mod say;
mod spoken;
mod unspaced;
mod verify;
mod words;

pub use find::find;
pub use introduced::introduced;
pub use mask::{Broken, Hide, Masked, hidden_in, mask};
pub use say::date_in;
pub use verify::{Difference, find_all, in_digits, in_order, rewrite_times, verify, verify_facts};

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Does a word name a month?
pub fn is_month(word: &str) -> bool {
    words::month(word).is_some()
}

/// What a fact says, in a form that is equal whenever two writings mean the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Currency (ISO 4217) and a plain decimal number.
    Money {
        currency: String,
        amount: String,
    },
    /// A day, with the year where one is given.
    Date {
        day: u8,
        month: u8,
        year: Option<u16>,
    },
    /// Minutes since midnight.
    Time {
        minutes: u16,
    },
    /// Minutes that last, or a time written like them: `24h`.
    Hours {
        minutes: u16,
    },
    /// From 1, Monday.
    Weekday(u8),
    /// From 1, without a day.
    Month(u8),
    /// The digits alone.
    Phone(String),
    Email(String),
    Url(String),
    Iban(String),
    /// A booking reference, door code or password, to the letter.
    Code(String),
    /// A plain decimal number, such as `12.5`.
    Number(String),
    /// A name or a glossary term, as it must stand in the target.
    Term(String),
    Emoji(String),
}

/// A fact and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub span: Range<usize>,
    pub value: Value,
}

/// The names and terms of this conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Names of the house and the people: never translated.
    pub names: Vec<String>,
    /// The account's glossary for this pair of languages: term, and how it is said in the target.
    pub glossary: Vec<(String, String)>,
}

impl Terms {
    /// The same for the way back.
    pub fn turned(&self) -> Terms {
        let glossary = self.glossary.iter().map(|(term, said)| (said.clone(), term.clone()));
        Terms { names: self.names.clone(), glossary: glossary.collect() }
    }
}

#[cfg(test)]
mod tests;
