//! The link below a translated reply: the visitor reads it in its original or in another language, and that becomes
//! the language they are answered in. Looking chooses nothing: mail scanners open links.

use super::{AnswerError, Change, Gateway, effects};
use crate::{
    flow::translate::Verdict,
    ground::{
        account::Account,
        address::Address,
        compose::Hidden,
        conversation::{Conversation, MessageState, Participant},
        key::MessageKey,
        language::{self, Language},
    },
    keep::{journal::Event, store::MessageRow},
};

/// A reply as its visitor may read it.
#[derive(Debug)]
pub struct Readable {
    /// The house.
    pub house: String,
    /// The language it was written in.
    pub written_in: Language,
    /// As it was written.
    pub original: String,
    /// The language it is said in.
    pub language: Language,
    /// In that language; `None` where no engine could.
    pub said: Option<String>,
    /// Languages it can be read in.
    pub languages: Vec<Language>,
}

impl Gateway {
    /// A reply that was sent, by its signed link, in the language asked for or that of the mail.
    pub async fn readable(
        &self,
        message: MessageKey,
        signature: &str,
        wanted: Option<Language>,
    ) -> Result<Readable, AnswerError> {
        let (row, state) = self.linked(message, signature)?;
        let found = row.translations.first().ok_or(AnswerError::NotFound)?;
        let language = wanted.unwrap_or(found.to);
        let languages = self.languages_from(&self.house(state.account)?, found.from);
        let (house, mut private) = self.store.read(|reading| {
            Ok((reading.account(state.account)?, reading.private_addresses(state.account)?))
        })?;
        let author = row.author_address.as_deref().and_then(|text| text.parse::<Address>().ok());
        let public = |address: &Address| house.as_ref().is_some_and(|h| h.is_public(address));
        private.extend(author.filter(|author| !public(author)));
        let token = self.secret.reply_token(state.id, Participant::Visitor);
        let domain = &self.identity.reply_domain;
        let reader = token.at("", domain);
        let hidden = Hidden { private, domain, reader: &reader };
        let hide = |text: &str| hidden.text(text);
        let original = hide(&effects::said(&row.text, &row.signature));
        let said = if language == found.to {
            Some(hide(&found.text)).filter(|said| !said.is_empty())
        } else if language == found.from {
            Some(original.clone())
        } else if languages.contains(&language) {
            self.said_in(&state, &original, (found.from, language)).await?
        } else {
            None
        };
        let house = house.map(|house| house.name).unwrap_or_default();
        Ok(Readable { house, written_in: found.from, original, language, said, languages })
    }

    async fn said_in(
        &self,
        state: &Conversation,
        text: &str,
        languages: (Language, Language),
    ) -> Result<Option<String>, AnswerError> {
        let Some(translator) = self.translator() else { return Ok(None) };
        let terms = self.terms(state.account, state.visitor_name.clone(), languages)?;
        Ok(
            match translator
                .translate(&self.house(state.account)?, &text.to_owned().into(), languages, &terms)
                .await
            {
                Verdict::Translated(done) => Some(done.text),
                // A draft with a wrong price is worse than the original, which stands below.
                Verdict::Held(_) | Verdict::Later(..) | Verdict::Never(_) => None,
            },
        )
    }

    /// The visitor chose the language they are answered in from now on.
    pub fn choose_language(
        &self,
        message: MessageKey,
        signature: &str,
        language: Language,
    ) -> Result<(), AnswerError> {
        let (row, state) = self.linked(message, signature)?;
        let from = row.translations.first().ok_or(AnswerError::NotFound)?.from;
        let house = self.house(state.account)?;
        if !self.languages_from(&house, from).contains(&language) {
            return Err(AnswerError::NotFound);
        }
        if state.language.as_deref() != Some(language.as_str()) {
            self.record(Event::LanguageChosen { conversation: state.id, language })?;
            let change = Change { account: state.account, conversation: state.id };
            self.changes.tell(change);
        }
        Ok(())
    }

    /// The original's own, and those an engine here can say it in.
    fn languages_from(&self, house: &Account, from: Language) -> Vec<Language> {
        let named = language::named();
        named.filter(|to| *to == from || self.can_translate(house, from, *to)).collect()
    }

    fn linked(
        &self,
        message: MessageKey,
        signature: &str,
    ) -> Result<(MessageRow, Conversation), AnswerError> {
        if self.secret.link("read", message) != signature {
            return Err(AnswerError::NotFound);
        }
        let found = self.store.read(|reading| {
            let Some(row) = reading.message_anywhere(message)? else { return Ok(None) };
            let Some(id) = reading.conversation_of(message)? else { return Ok(None) };
            Ok(reading.conversation_state(id)?.map(|state| (row, state)))
        })?;
        found
            .filter(|(row, state)| row.state == MessageState::Sent && state.deleted_at.is_none())
            .ok_or(AnswerError::NotFound)
    }
}
