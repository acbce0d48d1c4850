//! What an account knows about translation: names, glossary, and what a person wrote instead of an engine.
//!
//! The glossary and a person's words are journaled: they are in no mail. What engines said is only a cache.

use jiff::{SignedDuration, Timestamp};

use super::{AnswerError, Gateway, NewReply, Trouble};
use crate::{
    flow::translate::{self, LONGEST_CHARS},
    ground::{
        account::Account,
        conversation::{Conversation, Verb},
        facts::{Terms, verify},
        key::{AccountId, MessageKey},
        language::{self, Language},
        translation::{GlossaryEntry, Unit},
    },
    keep::{journal::Event, store::StoreError},
};

/// What an engine said is asked anew after this: models get better.
const SEGMENT_KEPT: SignedDuration = SignedDuration::from_hours(24 * 90);

/// A reply in both languages.
pub(super) struct Both {
    account: AccountId,
    text: String,
    said: String,
    languages: (Language, Language),
    terms: Terms,
}

impl Gateway {
    /// The names and terms of an account for a pair of languages: names of the house, its members and `visitor` are
    /// never translated. A glossary counts both ways.
    pub(super) fn terms(
        &self,
        account: AccountId,
        visitor: Option<String>,
        (from, to): (Language, Language),
    ) -> Result<Terms, StoreError> {
        self.store.read(|reading| {
            let mut names: Vec<String> =
                reading.account(account)?.into_iter().map(|house| house.name).collect();
            names.extend(reading.members(account)?.into_iter().map(|member| member.name));
            names.extend(visitor);
            let mut glossary = Vec::new();
            for entry in reading.glossary(account)? {
                if (entry.from, entry.to) == (from, to) {
                    glossary.push((entry.term, entry.said));
                } else if (entry.to, entry.from) == (from, to) {
                    glossary.push((entry.said, entry.term));
                }
            }
            Ok(Terms { names, glossary })
        })
    }

    /// Whose message it is, and the visitor's name.
    pub(super) fn known_names(
        &self,
        message: MessageKey,
    ) -> Result<Option<(AccountId, Option<String>)>, StoreError> {
        self.store.read(|reading| {
            let conversation = reading.conversation_of(message)?;
            let state =
                conversation.map(|id| reading.conversation_state(id)).transpose()?.flatten();
            Ok(state.map(|state| (state.account, state.visitor_name)))
        })
    }

    /// A reply that comes in both languages, a preview as approved or corrected. Facts that differ are refused unless
    /// the person says that they mean it.
    pub(super) fn both_languages(
        &self,
        state: &Conversation,
        house: &Account,
        reply: &NewReply,
    ) -> Result<Option<Both>, AnswerError> {
        let to = state.language.as_deref().and_then(|code| Language::parse(code).ok());
        let Some(to) = to else {
            let unknown = reply.translation.is_some() || reply.verb == Verb::Translated;
            return if unknown { Err(AnswerError::LanguageUnknown) } else { Ok(None) };
        };
        let Some(said) = &reply.translation else { return Ok(None) };
        if [&reply.text, said].iter().any(|text| text.chars().count() > LONGEST_CHARS) {
            return Err(AnswerError::TooLong);
        }
        // A guess says less than whose house it is.
        let from = language::detect(&reply.text).language.filter(|from| *from != to);
        let from = from.or_else(|| Language::parse(&house.language).ok()).unwrap_or(Language::EN);
        let terms = self.terms(state.account, state.visitor_name.clone(), (from, to))?;
        let (text, said) = (reply.text.replace("\r\n", "\n"), said.replace("\r\n", "\n"));
        let differences = verify((&text, from), (&said, to), &terms);
        if !differences.is_empty() && !reply.accept_differences {
            return Err(AnswerError::FactsDiffer(differences));
        }
        Ok(Some(Both { account: state.account, text, said, languages: (from, to), terms }))
    }

    /// Remembers where a person's words differ from an engine's.
    pub(super) fn remember_edits(&self, both: &Both) -> Result<(), Trouble> {
        let Both { account, text, said, languages, terms } = both;
        let Some(translator) = self.translator() else { return Ok(()) };
        self.remember(*account, translator.edits(*account, (text, said), *languages, terms))
    }

    /// Remembers what a person wrote; it is preferred to engines from now on.
    pub fn remember(&self, account: AccountId, units: Vec<Unit>) -> Result<(), Trouble> {
        if units.is_empty() { Ok(()) } else { self.record(Event::Remembered { account, units }) }
    }

    /// Units of another tool as they are remembered here: their facts hidden. One whose facts differ is left out.
    pub fn hidden(&self, account: AccountId, units: Vec<Unit>) -> Result<Vec<Unit>, StoreError> {
        let mut hidden = Vec::new();
        for unit in units {
            let pair = (unit.from, unit.to);
            let terms = self.terms(account, None, pair)?;
            let texts = (unit.source.as_str(), unit.target.as_str());
            hidden.extend(translate::hide_unit(texts, pair, &terms));
        }
        Ok(hidden)
    }

    /// Sets how a term is said; empty, it is taken out.
    pub fn set_term(&self, account: AccountId, entry: GlossaryEntry) -> Result<(), Trouble> {
        self.record(Event::Glossary { account, entry })
    }

    /// Forgets what engines said long ago.
    pub fn forget_segments(&self, now: Timestamp) {
        let before = now.checked_sub(SEGMENT_KEPT).unwrap_or(Timestamp::MIN);
        self.store.write_later("the age of the translation memory", move |writing| {
            writing.forget_segments(before).map(drop)
        });
    }
}
