//! Sorting by hand: merge, split and move, one action each, and later mails follow.
//!
//! Each is a line of the journal applied to the index, live and when the index is made again; a merge moves the reply
//! addresses along, a moved message its ids, so that answers to it arrive where it is now.

use jiff::Timestamp;

use super::{AnswerError, Change, Gateway, Trouble, catch_up::When};
use crate::{
    ground::{
        address::{Address, ReplyToken},
        compose::bare_subject,
        conversation::{Conversation, EventKind, Participant, Side},
        key::{AccountId, ConversationId, MessageKey},
        language::Choice,
        secret::Secret,
        thread_address,
    },
    keep::{
        journal::Event,
        store::{MessageRow, NewConversation, Writing},
    },
};

impl Gateway {
    /// Makes one conversation of two: the first becomes part of the second.
    pub fn merge(
        &self,
        account: AccountId,
        conversation: ConversationId,
        into: ConversationId,
    ) -> Result<(), AnswerError> {
        let (from, into) = (self.sortable(account, conversation)?, self.sortable(account, into)?);
        if from.id == into.id {
            return Ok(());
        }
        self.regroup(account, Event::Merged { conversation: from.id, into: into.id })
    }

    /// Puts messages into another conversation of the account. All of them: that is a merge.
    pub fn move_messages(
        &self,
        account: AccountId,
        conversation: ConversationId,
        messages: &[MessageKey],
        into: ConversationId,
    ) -> Result<(), AnswerError> {
        let (from, into) = (self.sortable(account, conversation)?, self.sortable(account, into)?);
        let (messages, rest) = self.chosen(account, from.id, messages)?;
        if from.id == into.id {
            return Ok(());
        }
        if rest == 0 {
            return self.regroup(account, Event::Merged { conversation: from.id, into: into.id });
        }
        self.regroup(account, Event::Moved { conversation: from.id, into: into.id, messages })
    }

    /// Puts messages into a conversation of their own; gives it.
    pub fn split(
        &self,
        account: AccountId,
        conversation: ConversationId,
        messages: &[MessageKey],
    ) -> Result<ConversationId, AnswerError> {
        let from = self.sortable(account, conversation)?;
        let (messages, rest) = self.chosen(account, from.id, messages)?;
        if rest == 0 {
            return Err(AnswerError::NothingLeft);
        }
        let (parent, first) = (from.id.0.to_be_bytes(), messages[0].0.to_be_bytes());
        let into = ConversationId::of(&[b"split", &parent, &first]);
        self.regroup(account, Event::Moved { conversation: from.id, into, messages })?;
        Ok(into)
    }

    fn sortable(
        &self,
        account: AccountId,
        conversation: ConversationId,
    ) -> Result<Conversation, AnswerError> {
        let found = self.store.read(|reading| reading.conversation_state(conversation))?;
        let state = found.filter(|s| s.account == account).ok_or(AnswerError::NotFound)?;
        if state.deleted_at.is_some() { Err(AnswerError::Deleted) } else { Ok(state) }
    }

    /// The named messages in the order they were written, each once, and how many others there are. All must be there.
    fn chosen(
        &self,
        account: AccountId,
        conversation: ConversationId,
        messages: &[MessageKey],
    ) -> Result<(Vec<MessageKey>, usize), AnswerError> {
        let rows = self.store.read(|reading| reading.messages(account, conversation))?;
        let here = |id: &MessageKey| rows.iter().any(|row| row.id == *id);
        if messages.is_empty() || !messages.iter().all(here) {
            return Err(AnswerError::NotFound);
        }
        let chosen: Vec<MessageKey> =
            rows.iter().map(|row| row.id).filter(|id| messages.contains(id)).collect();
        let rest = rows.len() - chosen.len();
        Ok((chosen, rest))
    }

    fn regroup(&self, account: AccountId, event: Event) -> Result<(), AnswerError> {
        self.apply_regroup(&event, When::now(event.clone()))?;
        if let Event::Merged { conversation, into } | Event::Moved { conversation, into, .. } =
            event
        {
            for conversation in [conversation, into] {
                self.changes.tell(Change { account, conversation });
            }
        }
        Ok(())
    }

    /// Applies a merge or move, live or when the index is rebuilt.
    pub(super) fn apply_regroup(&self, event: &Event, when: When) -> Result<(), Trouble> {
        match event.clone() {
            Event::Merged { conversation, into } => {
                self.carry_out(when, move |w, at| merge(w, at, conversation, into))?;
                self.directory.merge(conversation, into);
            }
            Event::Moved { conversation, into, messages } => {
                let secret = self.secret.clone();
                let tokens = self.carry_out(when, move |w, at| {
                    Put { at, from: conversation, into, messages }.apply(w, &secret)
                })?;
                self.directory.add_tokens(tokens);
            }
            _ => {}
        }
        Ok(())
    }
}

fn merge(
    writing: &Writing<'_>,
    at: Timestamp,
    from: ConversationId,
    into: ConversationId,
) -> Result<(), Trouble> {
    // Gone since, when an index is made again: there is nothing to merge.
    let (Some(old), Some(new)) = (writing.conversation(from)?, writing.conversation(into)?) else {
        return Ok(());
    };
    if old.id != new.id {
        writing.merge(old.id, new.id)?;
        let told = format!("\"{}\" was made part of this conversation", old.subject);
        writing.add_event(new.id, None, at, EventKind::Merged, &told)?;
    }
    Ok(())
}

/// Messages on their way into another conversation, or a new one.
struct Put {
    at: Timestamp,
    from: ConversationId,
    into: ConversationId,
    messages: Vec<MessageKey>,
}

impl Put {
    fn apply(
        &self,
        writing: &Writing<'_>,
        secret: &Secret,
    ) -> Result<Vec<(ReplyToken, ConversationId, Participant)>, Trouble> {
        let Some(old) = writing.conversation(self.from)? else { return Ok(Vec::new()) };
        let mut tokens = Vec::new();
        let target = writing.conversation(self.into)?.map(|state| state.id);
        let split = target.is_none();
        if split && !self.open(writing, secret, &old, &mut tokens)? {
            return Ok(Vec::new());
        }
        let into = target.unwrap_or(self.into);
        let moved = writing.move_messages(&self.messages, old.id, into)?;
        let (kind, verb) =
            if split { (EventKind::Split, "split off") } else { (EventKind::Moved, "moved") };
        let subject = writing.conversation(into)?.map(|state| state.subject).unwrap_or_default();
        let (left, came) = (
            format!("{moved} {verb} to \"{subject}\""),
            format!("{moved} {verb} from \"{}\"", old.subject),
        );
        writing.add_event(old.id, None, self.at, kind, &left)?;
        writing.add_event(into, None, self.at, kind, &came)?;
        Ok(tokens)
    }

    /// Opens the conversation of what is split off, with whoever wrote it. `false`: the messages are gone.
    fn open(
        &self,
        writing: &Writing<'_>,
        secret: &Secret,
        old: &Conversation,
        tokens: &mut Vec<(ReplyToken, ConversationId, Participant)>,
    ) -> Result<bool, Trouble> {
        let rows = writing.reading().messages(old.account, old.id)?;
        let chosen: Vec<&MessageRow> =
            rows.iter().filter(|row| self.messages.contains(&row.id)).collect();
        let Some(first) = chosen.first() else { return Ok(false) };
        let theirs = chosen.iter().find(|row| row.side == Side::Visitor);
        let address = |row: &MessageRow| -> Option<Address> {
            // A thread of a channel is nobody's to claim.
            let address = row.author_address.as_deref()?.parse().ok();
            address.filter(|address| !thread_address::is_thread(address))
        };
        let author = theirs.and_then(|row| Some((row, address(row)?)));
        let (name, address) = match author {
            Some((row, address)) => (row.author_name.clone(), Some(address)),
            None => (old.visitor_name.clone(), old.visitor_address.clone()),
        };
        let subject = match bare_subject(&first.subject) {
            "" => old.subject.clone(),
            bare => bare.to_owned(),
        };
        writing.open_conversation(&NewConversation {
            id: self.into,
            account: old.account,
            subject,
            visitor_name: name,
            visitor_address: address,
            channel: old.channel,
            language: theirs.and_then(|row| row.language.clone()).or(old.language.clone()),
            language_why: Some(Choice::Messages),
            at: first.at,
        })?;
        let members = writing.reading().members(old.account)?;
        let members = members.into_iter().map(|member| Participant::Member(member.id));
        for participant in std::iter::once(Participant::Visitor).chain(members) {
            let token = secret.reply_token(self.into, participant);
            writing.add_participant(self.into, participant, &token)?;
            tokens.push((token, self.into, participant));
        }
        Ok(true)
    }
}
