//! A letter of an imported mailbox: threaded by its ids alone, read, and nobody is told.
//!
//! Archives come in any order, so a letter may join conversations that began apart: they become one.

use super::thread::Threading;
use crate::{
    flow::gateway::Trouble,
    ground::{
        conversation::{Channel, Side},
        key::{AccountId, ConversationId},
        routing::{Route, Strategy, answered_ids},
    },
};

/// The mark of a letter that was brought with an archive.
pub(in crate::flow::gateway) fn brought(account: AccountId, content: &str) -> String {
    format!("archive {account} {content}")
}

impl Threading<'_> {
    pub(super) fn archive(
        &mut self,
        account: AccountId,
        content: Option<&str>,
    ) -> Result<(), Trouble> {
        let related = self.related(account)?;
        if let Some(content) = content {
            let mark = brought(account, content);
            if self.writing.reading().is_processed(&mark)? {
                self.after.concerns = related.first().copied();
                return Ok(());
            }
            self.writing.set_processed(&mark, "threaded")?;
        }
        let (id, route) = match related.first() {
            Some(id) => (*id, Route::by(Strategy::KnownId, Some("archive".into()))),
            None => {
                let author = self.item.letter.author().cloned();
                let subject = self.item.letter.subject.clone();
                let id =
                    self.open_with(account, Channel::Email, None, author.as_ref(), &subject)?;
                (id, Route::by(Strategy::New, Some("archive".into())))
            }
        };
        for other in related.into_iter().skip(1) {
            self.writing.merge(other, id)?;
        }
        let Some(state) = self.writing.conversation(id)? else { return Ok(()) };
        let members = self.writing.reading().members(account)?;
        let author = self.item.letter.author().map(|a| a.address.clone());
        let member =
            members.iter().find(|m| author.as_ref().is_some_and(|a| a.same_mailbox(&m.address)));
        let side = if member.is_some() { Side::Provider } else { Side::Visitor };
        let mut message = self.message(&state, side, Channel::Email, &route);
        message.member = member.map(|m| m.id);
        message.read = true;
        // Whoever is named in an imported letter may go on with its conversation.
        let people: Vec<String> =
            self.item.letter.recipients().map(|address| address.folded()).collect();
        message.details["people"] = people.join(" ").into();
        self.add(&message).map(drop)
    }

    /// The conversations any of this letter's ids belongs to.
    fn related(&self, account: AccountId) -> Result<Vec<ConversationId>, Trouble> {
        let mut found = Vec::new();
        for id in self.item.letter.message_id.iter().chain(answered_ids(&self.item.letter)) {
            if let Some(known) = self.writing.known_id(account, id)?
                && let Some(state) = self.in_account(known.conversation, account)?
                && !found.contains(&state.id)
            {
                found.push(state.id);
            }
        }
        Ok(found)
    }
}
