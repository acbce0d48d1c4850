//! What became of a message in another language: the two texts belong together, are kept, and are shown.

use serde::{Deserialize, Serialize};

use crate::ground::{
    language::Language,
    rich_text::{Mark, RichText},
};

/// How far a translation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// An engine is to be asked.
    Waiting,
    /// Translated with every fact proven kept; a reply waits for the end of its undo time.
    Ready,
    /// Translated, and told to whom it was for.
    Done,
    /// A fact was not kept: the text is a draft for a person.
    Held,
    /// No engine could; `why` says what each answered.
    Never,
}

/// A message in another language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Translation {
    /// The language it was written in.
    pub from: Language,
    /// The language it is said in.
    pub to: Language,
    /// How far it has come.
    pub state: State,
    /// The translation; a draft when held, empty when there is none.
    pub text: String,
    /// The translation of a reply translated back, for its author to compare.
    pub back: String,
    /// The engines that took part; empty when memory and phrase book were enough.
    pub engines: Vec<String>,
    /// A rough engine took part: the mail says so.
    pub rough: bool,
    /// Facts that differ, in words.
    pub differences: Vec<String>,
    /// Why it was held, or there is none.
    pub why: String,
    /// What is bold, a link or a list in `text`, as far as it could be found again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
}

impl Translation {
    /// One that has not begun.
    pub fn waiting(from: Language, to: Language) -> Self {
        Translation {
            from,
            to,
            state: State::Waiting,
            text: String::new(),
            back: String::new(),
            engines: Vec::new(),
            rough: false,
            differences: Vec::new(),
            why: String::new(),
            marks: Vec::new(),
        }
    }

    /// Its text with its looks.
    pub fn rich(&self) -> RichText {
        RichText { text: self.text.clone(), marks: self.marks.clone() }
    }

    /// Did a person write it?
    pub fn is_a_persons(&self) -> bool {
        self.engines.iter().any(|engine| engine == PERSON)
    }
}

/// A term of an account's glossary, and how it is said in another language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GlossaryEntry {
    /// The language of the term.
    pub from: Language,
    /// The language it is said in.
    pub to: Language,
    /// The term.
    pub term: String,
    /// How it is said there.
    pub said: String,
}

/// One pair of a translation memory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// The language of the source.
    pub from: Language,
    /// The language of the target.
    pub to: Language,
    /// A segment, its facts hidden.
    pub source: String,
    /// The same in the other language.
    pub target: String,
    /// A person wrote the target.
    pub edited: bool,
}

/// Stands among the engines for a person who wrote the translation, or approved it.
pub const PERSON: &str = "person";

/// What was decided about a reply that waited for its translation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settled {
    /// Sent in the visitor's language, the original below.
    Translated,
    /// Sent in the provider's language.
    AsWritten,
    /// Not sent.
    Discarded,
}

/// How a reply is to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// In the words it was written in.
    AsWritten,
    /// Translated first.
    Translate {
        /// The language it was written in.
        from: Language,
        /// The visitor's.
        to: Language,
    },
}

/// What is known when a reply comes in.
#[derive(Clone, Copy, Debug)]
pub struct Reply<'a> {
    /// Translate, as the verb or the member's preference wants it: `None` is "as written".
    pub wanted: Option<Wanted>,
    /// What detection says of the new text, when it is long enough to say.
    pub detected: Option<&'a str>,
    /// The language of the house.
    pub house: &'a str,
    /// The visitor's language, when known.
    pub visitor: Option<&'a str>,
    /// The visitor reads it on a platform that translates by itself.
    pub platform: bool,
}

/// How much a translation is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The default: where languages differ.
    Automatically,
    /// The author asked for it.
    Expressly,
}

/// Decides how a reply leaves. `set_up`: this gateway has engines; whether they can is seen when they are asked.
pub fn plan(reply: &Reply<'_>, set_up: bool) -> Plan {
    let written = reply.detected.unwrap_or(reply.house);
    let languages = (Language::parse(written), reply.visitor.map(Language::parse));
    match (reply.wanted, languages) {
        // Where nobody set translation up, nobody was promised one.
        (Some(Wanted::Automatically), _) if !set_up || reply.platform => Plan::AsWritten,
        (Some(_), (Ok(from), Some(Ok(to)))) if from != to => Plan::Translate { from, to },
        _ => Plan::AsWritten,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_translated_where_languages_differ() {
        let reply = |wanted, detected, visitor| Reply {
            wanted,
            detected,
            house: "pt",
            visitor,
            platform: false,
        };
        let (auto, asked) = (Some(Wanted::Automatically), Some(Wanted::Expressly));
        let to_english = Plan::Translate { from: Language::PT, to: Language::EN };
        for (name, reply, expected) in [
            ("the house's language is assumed", reply(auto, None, Some("en")), to_english),
            ("a region changes nothing", reply(auto, Some("pt-BR"), Some("en-GB")), to_english),
            (
                "written in the visitor's language",
                reply(auto, Some("en"), Some("en")),
                Plan::AsWritten,
            ),
            ("the visitor's language is unknown", reply(auto, Some("pt"), None), Plan::AsWritten),
            ("as written", reply(None, Some("pt"), Some("en")), Plan::AsWritten),
        ] {
            assert_eq!(plan(&reply, true), expected, "{name}");
        }
        let on_a_platform = Reply { platform: true, ..reply(auto, Some("pt"), Some("en")) };
        assert_eq!(plan(&on_a_platform, true), Plan::AsWritten, "it translates by itself");
        let asked_there = Reply { platform: true, ..reply(asked, Some("pt"), Some("en")) };
        assert_ne!(plan(&asked_there, true), Plan::AsWritten, "but may be asked");
        let french = Plan::Translate { from: Language::PT, to: Language::of("fr") };
        assert_eq!(
            plan(&reply(auto, Some("pt"), Some("fr")), false),
            Plan::AsWritten,
            "off in this house"
        );
        assert_eq!(
            plan(&reply(asked, Some("pt"), Some("fr")), false),
            french,
            "asked for, so answered"
        );
    }
}
