//! What people do besides mailing: answer from the API, submit a form, mark, close, delete.
//!
//! What is said becomes a mail in the spool like any other; what a mail cannot carry is journaled, then stored.

use jiff::{SignedDuration, Timestamp};

use super::{Change, Gateway, Trouble, catch_up::When, replying::THREADED_SOON};
use crate::{
    flow::{clock, translate::LONGEST_CHARS},
    ground::{
        account::Account,
        address::Mailbox,
        audit::Action,
        capabilities::Capabilities,
        compose::{Draft, render},
        conversation::{Conversation, MessageKind, MessageState, Side},
        facts::Difference,
        key::{AccountId, ConversationId, MessageKey},
        language::Language,
        letter::{Attachment, MessageId},
        routing::Recipient,
        trace::{Door, Trace},
    },
    keep::{
        journal::{Entry, Event, Flush},
        maildir::SpoolName,
        store::{Hint, StoreError},
    },
};

/// A contact form as filled in.
#[derive(Clone, Debug)]
pub struct FormRequest {
    /// The visitor.
    pub visitor: Mailbox,
    /// The subject; empty when the form has none.
    pub subject: String,
    /// What the visitor wrote.
    pub text: String,
    /// The language the visitor chose.
    pub language: Option<String>,
    /// The language the page was in.
    pub page: Option<String>,
    /// The files.
    pub attachments: Vec<Attachment>,
    /// The field people do not see was filled in: by a robot, or by a browser that knows too much.
    pub trapped: bool,
}

/// Why something could not be done.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// Not in this account. The same for what exists elsewhere (DESIGN promise 8).
    #[error("there is no such conversation")]
    NotFound,
    /// Deleted: restore it first.
    #[error("the conversation is deleted, restore it first")]
    Deleted,
    /// The channel would not take it; a sentence that says what to do.
    #[error("{0}")]
    Misfit(String),
    /// It is to be read in the visitor's language, which nobody knows.
    #[error("the visitor's language is not known yet: set it first, or send as written")]
    LanguageUnknown,
    /// More than is translated.
    #[error("the text is longer than {LONGEST_CHARS} characters")]
    TooLong,
    /// The translation a person gave states other facts than the text.
    #[error("the translation and the text differ")]
    FactsDiffer(Vec<Difference>),
    /// All messages cannot be split off.
    #[error("nothing would be left of the conversation; name fewer messages")]
    NothingLeft,
    /// Our own trouble.
    #[error(transparent)]
    Trouble(#[from] Trouble),
}

impl From<StoreError> for AnswerError {
    fn from(error: StoreError) -> Self {
        AnswerError::Trouble(error.into())
    }
}

impl Gateway {
    /// A visitor's request from the contact form of an account: kept, threaded, notified. Gives the conversation.
    pub async fn submit_form(
        &self,
        account: &Account,
        request: &FormRequest,
    ) -> Result<ConversationId, Trouble> {
        let now = clock::now();
        let (language, page) = (request.language.clone(), request.page.clone());
        let door = Door::Form { account: account.id, language, page, trapped: request.trapped };
        let trace = self.trace(None, vec![account.address.clone()], door);
        let message = self.rendered(&RenderedBy {
            from: request.visitor.clone(),
            to: Mailbox::new(Some(&account.name), account.address.clone()),
            subject: &request.subject,
            text: &request.text,
            language: request.language.as_deref(),
            attachments: &request.attachments,
            at: now,
            message_id: self.new_id()?,
        });
        let (name, threaded) = self.keep_rendered(&trace, &message).await?;
        let _ = tokio::time::timeout(THREADED_SOON, threaded).await;
        Ok(ConversationId::of(&[name.as_str().as_bytes(), &account.id.0.to_be_bytes()]))
    }

    /// What a conversation of this account can carry.
    pub fn capabilities(
        &self,
        account: AccountId,
        conversation: ConversationId,
    ) -> Result<Capabilities, AnswerError> {
        let (state, _) = self.open_state(account, conversation)?;
        Ok(self.store.read(|reading| reading.capabilities(&state, self.identity.booking_chars))?)
    }

    /// A Message-ID nobody has had.
    pub(super) fn new_id(&self) -> Result<MessageId, Trouble> {
        let mut bits = [0; 16];
        getrandom::fill(&mut bits)
            .map_err(|error| StoreError::Corrupt(format!("no random bits: {error}")))?;
        self.id_of(&bits)
    }

    pub(super) fn id_of(&self, bits: &[u8]) -> Result<MessageId, Trouble> {
        let id = data_encoding::BASE32_NOPAD.encode(bits).to_ascii_lowercase();
        let id = MessageId::new(&format!("{id}@{}", self.identity.reply_domain));
        Ok(id.ok_or_else(|| StoreError::Corrupt("no reply domain".to_owned()))?)
    }

    pub(super) fn rendered(&self, by: &RenderedBy<'_>) -> Vec<u8> {
        render(&Draft {
            from: by.from.clone(),
            to: by.to.clone(),
            reply_to: by.from.address.clone(),
            subject: by.subject.to_owned(),
            message_id: by.message_id.clone(),
            references: Vec::new(),
            thread_index: None,
            unsubscribe: None,
            date: by.at,
            text: by.text.replace("\r\n", "\n"),
            html: None,
            language: by.language.map(str::to_owned),
            attachments: by.attachments,
            automatic: false,
            instance: None,
        })
    }

    pub(super) fn open_state(
        &self,
        account: AccountId,
        conversation: ConversationId,
    ) -> Result<(Conversation, Account), AnswerError> {
        let found = self.store.read(|reading| {
            let state = reading.conversation_state(conversation)?;
            Ok((state, reading.account(account)?))
        })?;
        match found {
            (Some(state), Some(house)) if state.account == account => Ok((state, house)),
            _ => Err(AnswerError::NotFound),
        }
    }

    /// Marks a conversation read or unread: Maildir flags first, they are the truth. What comes in between is marked by
    /// neither, for nobody has seen it.
    pub fn mark_read(
        &self,
        account: AccountId,
        conversation: ConversationId,
        read: bool,
    ) -> Result<(), AnswerError> {
        let (state, _) = self.open_state(account, conversation)?;
        let messages = self.store.read(|reading| reading.messages(account, state.id))?;
        let (keys, names): (Vec<MessageKey>, Vec<SpoolName>) = messages
            .iter()
            .filter(|m| m.side == Side::Visitor && m.read != read)
            // What waits for nobody is never unread: no flag of its file says so.
            .filter(|m| {
                read || m.kind == MessageKind::Person && m.details.get("historical").is_none()
            })
            .filter(|m| read || !matches!(m.state, MessageState::Held | MessageState::Discarded))
            .filter_map(|m| Some((m.id, SpoolName::from_file_name(&m.spool_name)?)))
            .unzip();
        self.maildir.mark_read(&names, read).map_err(Trouble::from)?;
        let id = state.id;
        self.store.write_blocking::<_, Trouble, _>(move |w| Ok(w.set_read(id, &keys, read)?))?;
        if read && !names.is_empty() {
            self.tell_channel(&state, Hint::Read)?;
        }
        self.announce(account, state.id);
        Ok(())
    }

    /// No reply needed.
    pub fn done(
        &self,
        account: AccountId,
        conversation: ConversationId,
    ) -> Result<(), AnswerError> {
        self.decide(account, conversation, |id, latest| Event::Done { conversation: id, latest })?;
        let (state, _) = self.open_state(account, conversation)?;
        // What came in between nobody has seen.
        if state.needs_reply {
            return Ok(());
        }
        self.was_read(account, &state)?;
        Ok(self.tell_channel(&state, Hint::Done)?)
    }

    /// Sets aside, or takes back.
    pub fn close(
        &self,
        account: AccountId,
        conversation: ConversationId,
        closed: bool,
    ) -> Result<(), AnswerError> {
        self.decide(account, conversation, |id, latest| Event::Closed {
            conversation: id,
            closed,
            latest,
        })?;
        if !closed {
            return Ok(());
        }
        let (state, _) = self.open_state(account, conversation)?;
        if state.needs_reply {
            return Ok(());
        }
        self.was_read(account, &state)?;
        Ok(self.tell_channel(&state, Hint::Close)?)
    }

    /// What somebody has dealt with, they have read.
    fn was_read(&self, account: AccountId, state: &Conversation) -> Result<(), AnswerError> {
        let row = self.store.read(|reading| reading.conversation(account, state.id))?;
        match row.is_some_and(|row| row.unread_count > 0) {
            true => self.mark_read(account, state.id, true),
            false => Ok(()),
        }
    }

    /// Sets the visitor's language by hand; nothing leaves it to what the visitor writes.
    pub fn set_language(
        &self,
        account: AccountId,
        conversation: ConversationId,
        language: Option<Language>,
    ) -> Result<(), AnswerError> {
        self.decide(account, conversation, |id, _| Event::LanguageSet {
            conversation: id,
            language,
        })
    }

    /// Deletes recoverably.
    pub fn delete(
        &self,
        account: AccountId,
        conversation: ConversationId,
    ) -> Result<(), AnswerError> {
        self.decide(account, conversation, |id, latest| Event::Deleted { conversation: id, latest })
    }

    /// Takes a deletion back.
    pub fn restore(
        &self,
        account: AccountId,
        conversation: ConversationId,
    ) -> Result<(), AnswerError> {
        self.decide(account, conversation, |id, _| Event::Restored { conversation: id })
    }

    /// A person looked at what seemed to be a loop of machines: what was withheld there leaves.
    pub fn release(
        &self,
        account: AccountId,
        conversation: ConversationId,
    ) -> Result<(), AnswerError> {
        self.decide(account, conversation, |id, _| Event::Released { conversation: id })?;
        self.outbox_bell.notify_one();
        Ok(())
    }

    /// Applies and journals a decision, and what it knew of.
    fn decide(
        &self,
        account: AccountId,
        conversation: ConversationId,
        event: impl FnOnce(ConversationId, Option<MessageKey>) -> Event,
    ) -> Result<(), AnswerError> {
        let (state, _) = self.open_state(account, conversation)?;
        let latest = self.store.read(|reading| reading.latest(state.id))?;
        self.record(event(state.id, latest))?;
        self.announce(account, state.id);
        Ok(())
    }

    fn announce(&self, account: AccountId, conversation: ConversationId) {
        self.changes.tell(Change { account, conversation });
    }

    /// Adds or changes an account.
    pub fn put_account(&self, account: &Account) -> Result<(), Trouble> {
        self.record(Event::Account(account.clone()))?;
        self.reload_accounts()
    }

    /// Reads the accounts again: they changed, perhaps by another process.
    pub fn reload_accounts(&self) -> Result<(), Trouble> {
        let accounts = self.store.read(|reading| reading.accounts())?;
        self.directory.replace_accounts(&accounts);
        Ok(())
    }

    /// Applies and journals what was decided: a setting, or what becomes of a conversation.
    pub fn record(&self, event: Event) -> Result<(), Trouble> {
        self.apply_line(event, Flush::Now)
    }

    /// Writes into the audit log. Without a flush of its own: what was done is durable already.
    pub fn note_action(&self, action: Action) -> Result<(), Trouble> {
        self.apply_line(Event::Acted(action), Flush::Later)
    }

    fn apply_line(&self, event: Event, flush: Flush) -> Result<(), Trouble> {
        let line = Box::new(event.clone());
        self.carry_out(When::Now(line, flush), move |writing, at| {
            super::lines::apply(writing, &Entry { at, event })
        })
    }

    /// Shortens the audit log; gives how many lines went. The journal's lines go too, so that no rebuild brings them back.
    pub fn forget_actions(&self, now: Timestamp, kept: SignedDuration) -> Result<usize, Trouble> {
        let before = now.checked_sub(kept).unwrap_or(Timestamp::MIN);
        self.journal.forget_actions(before)?;
        Ok(self.store.write_blocking::<_, StoreError, _>(move |w| w.forget_actions(before))?)
    }

    /// The bytes of an attachment of this account's message.
    pub fn attachment(
        &self,
        account: AccountId,
        message: MessageKey,
        position: u32,
    ) -> Result<Attachment, AnswerError> {
        let found = self.store.read(|reading| reading.message(account, message))?;
        let row = found.ok_or(AnswerError::NotFound)?;
        let name = SpoolName::from_file_name(&row.spool_name).ok_or(AnswerError::NotFound)?;
        let raw = self.maildir.read(&name).map_err(Trouble::from)?;
        let item = self.understand(&name, &raw, false).ok_or(AnswerError::NotFound)?;
        let mut files = item.letter.attachments.into_iter();
        files.nth(position as usize).ok_or(AnswerError::NotFound)
    }

    /// The raw message as it came, below our trace; of the addresses it was delivered to, those of this account.
    pub fn raw_message(
        &self,
        account: AccountId,
        message: MessageKey,
    ) -> Result<Vec<u8>, AnswerError> {
        let found = self.store.read(|reading| reading.message(account, message))?;
        let row = found.ok_or(AnswerError::NotFound)?;
        let name = SpoolName::from_file_name(&row.spool_name).ok_or(AnswerError::NotFound)?;
        let raw = self.maildir.read(&name).map_err(Trouble::from)?;
        let mut own = Vec::new();
        for path in Trace::read(&raw).map(|(trace, _)| trace.forward_paths).unwrap_or_default() {
            let found = self.recipient(&path).ok();
            if found.map(|found| self.account_of(found)).transpose()?.flatten() == Some(account) {
                own.push(path);
            }
        }
        Ok(Trace::with_paths(&raw, &own))
    }

    /// Whose an address of ours is.
    fn account_of(&self, recipient: Recipient) -> Result<Option<AccountId>, Trouble> {
        Ok(match recipient {
            Recipient::Account(account) => Some(account),
            Recipient::Reply { conversation, .. } => {
                let state = self.store.read(|reading| reading.conversation_state(conversation))?;
                state.map(|state| state.account)
            }
            Recipient::Bounce(outgoing) => {
                self.store.read(|reading| reading.account_of(outgoing))?
            }
            Recipient::Postmaster => None,
        })
    }
}

/// What a door's own message is made of.
pub(super) struct RenderedBy<'a> {
    pub(super) from: Mailbox,
    pub(super) to: Mailbox,
    pub(super) subject: &'a str,
    pub(super) text: &'a str,
    pub(super) language: Option<&'a str>,
    pub(super) attachments: &'a [Attachment],
    pub(super) at: Timestamp,
    pub(super) message_id: MessageId,
}
