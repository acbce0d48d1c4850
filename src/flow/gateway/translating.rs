//! The translator at work: waiting text → engines → both texts stored, and the mails that waited for it.
//!
//! Accepting, intake and the pages never wait for an engine. What an engine said is journaled before the store keeps
//! it: it is in no mail, and a rebuilt index must not say it differently. A reply is sent only after the journal says
//! so, so that a crash sends it once.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError},
};

use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use super::{AnswerError, Gateway, Trouble, catch_up::When, effects, intake};
use crate::{
    flow::{
        clock,
        translate::{Held, LONGEST_CHARS, Refusal, Translated, Translator, Verdict},
    },
    ground::{
        account::Account,
        conversation::{MessageState, Side},
        facts::Terms,
        key::{AccountId, MessageKey},
        language::Language,
        phrases::Tongue,
        rich_text::RichText,
        translation::{Settled, State, Translation},
        untranslated::{self, Why},
    },
    keep::{
        journal::Event,
        maildir::SpoolName,
        store::{DueTranslation, MessageRow},
    },
};

/// So many messages are before the engines at the same time, and so many of one account.
const AT_ONCE: usize = 8;
const OF_ONE_ACCOUNT: usize = 4;
/// Replies whose undo time has ended wait for no engine, and for no message that does.
const LOOKED_AT: usize = 256;
/// Engines are asked how they are so often: what they know changes, and a wrong key is better seen in the log.
const HEALTH: std::time::Duration = std::time::Duration::from_secs(300);
/// The slow poll behind the bell.
const POLL: SignedDuration = SignedDuration::from_secs(15);
/// The pause after trouble of our own (a file that cannot be read, a full disk).
const TROUBLE: std::time::Duration = std::time::Duration::from_secs(5);
/// The first wait after engines that may recover; it doubles up to five minutes.
const AGAIN: SignedDuration = SignedDuration::from_secs(2);

/// Translates what waits until stopped. What is under way then is begun anew at the next start.
pub async fn run(gateway: Arc<Gateway>, stop: CancellationToken) {
    let mut under_way = UnderWay::default();
    let mut health = tokio::time::interval(HEALTH);
    loop {
        // Registered before the store is asked, so that a ring between the question and the wait is not missed.
        let bell = gateway.translation_bell.notified();
        let (due, wait) = gateway.translations_due();
        for one in due {
            under_way.begin(&gateway, one);
        }
        tokio::select! {
            () = bell => {}
            () = under_way.ended() => {}
            () = tokio::time::sleep(wait) => {}
            _ = health.tick() => {
                if let Some(translator) = gateway.translator() {
                    under_way.others.spawn(async move { translator.look_around().await });
                }
            }
            () = stop.cancelled() => return,
        }
    }
}

/// The messages that are being worked on: none waits for another.
#[derive(Default)]
struct UnderWay {
    tasks: tokio::task::JoinSet<()>,
    messages: HashMap<tokio::task::Id, DueTranslation>,
    others: tokio::task::JoinSet<()>,
}

impl UnderWay {
    /// Begins where there is a place; what finds none stays due.
    fn begin(&mut self, gateway: &Arc<Gateway>, due: DueTranslation) {
        let ready = due.translation.state == State::Ready;
        let asked = || self.messages.values().filter(|one| one.translation.state != State::Ready);
        let of_account = asked().filter(|one| one.account == due.account).count();
        let full = asked().count() >= AT_ONCE || of_account >= OF_ONE_ACCOUNT;
        let known = self.messages.values().any(|one| one.message == due.message);
        if known || !ready && full {
            return;
        }
        let (gateway, one) = (Arc::clone(gateway), due.clone());
        let task = self.tasks.spawn(async move {
            if let Err(error) = gateway.work_on(one).await {
                tracing::error!(%error, "a translation could not be recorded; it is tried again");
                // What went wrong would go wrong again at once.
                tokio::time::sleep(TROUBLE).await;
            }
        });
        self.messages.insert(task.id(), due);
    }

    /// Waits until one has ended.
    async fn ended(&mut self) {
        while self.others.try_join_next().is_some() {}
        let id = match self.tasks.join_next_with_id().await {
            Some(Ok((id, ()))) => id,
            Some(Err(error)) => {
                tracing::error!(%error, "translating panicked");
                tokio::time::sleep(TROUBLE).await;
                error.id()
            }
            None => return std::future::pending().await,
        };
        self.messages.remove(&id);
    }
}

impl Gateway {
    fn translations_due(&self) -> (Vec<DueTranslation>, std::time::Duration) {
        let now = clock::now();
        let found = self
            .store
            .read(|r| Ok((r.translations_due(now, LOOKED_AT)?, r.next_translation_due(now)?)));
        let (due, next) = found.unwrap_or_else(|error| {
            tracing::error!(%error, "the translations that wait cannot be read");
            (Vec::new(), None)
        });
        let wait = next.map_or(POLL, |at| at.duration_since(now).clamp(SignedDuration::ZERO, POLL));
        (due, wait.unsigned_abs())
    }

    async fn work_on(self: Arc<Self>, due: DueTranslation) -> Result<(), AnswerError> {
        let gateway = Arc::clone(&self);
        let message = due.message;
        let row =
            blocking(move || Ok(gateway.store.read(|r| r.message_anywhere(message))?)).await?;
        let Some(row) = row else { return Ok(()) };
        if due.translation.state == State::Ready {
            return blocking(move || self.settle_reply(message, Settled::Translated)).await;
        }
        let now = clock::now();
        match self.ask_engines(&row, &due).await? {
            Asked::Found(found) => blocking(move || self.keep_translation(message, found)).await,
            Asked::Later(wait, why) => {
                let (at, to) = (now.checked_add(wait).unwrap_or(now), due.translation.to);
                if at < due.deadline_at {
                    let work = move || {
                        self.store.write_blocking::<_, Trouble, _>(move |w| {
                            Ok(w.retry_translation(message, to, at)?)
                        })?;
                        Ok(())
                    };
                    return blocking(work).await;
                }
                let mut none = Translation::waiting(due.translation.from, to);
                (none.state, none.why) = (State::Never, why);
                blocking(move || self.keep_translation(message, none)).await
            }
        }
    }

    async fn ask_engines(
        self: &Arc<Self>,
        row: &MessageRow,
        due: &DueTranslation,
    ) -> Result<Asked, AnswerError> {
        let (from, to) = (due.translation.from, due.translation.to);
        let mut found = Translation::waiting(from, to);
        found.state = State::Never;
        let Some((account, who)) = self.known_names(row.id)? else {
            return Ok(Asked::Found(found));
        };
        let house = self.house(account)?;
        let tongue = Tongue::of(&house.language);
        let Some(translator) = self.translator() else {
            found.why = Why::NotSetUp.say(tongue);
            return Ok(Asked::Found(found));
        };
        let terms = self.terms(account, who, (from, to))?;
        let text = self.with_looks(row).await?;
        let reply = row.side == Side::Provider;
        match translator.translate(&house, &text, (from, to), &terms).await {
            Verdict::Translated(said) => {
                if reply {
                    let turned = terms.turned();
                    let plain = said.text.clone().into();
                    found.back = back(&translator, &house, &plain, (to, from), &turned).await;
                }
                // A reply waits for the end of its undo time; what a member reads needs none.
                found.state = if reply { State::Ready } else { State::Done };
                take(&mut found, said);
            }
            // Whoever reads sees what could not be translated; nobody is misled by the rest.
            Verdict::Held(Held { draft, reason: Why::Foreign(..), .. }) if !reply => {
                (found.text, found.state) = (draft, State::Done);
            }
            Verdict::Held(held) => hold(&mut found, held, tongue),
            Verdict::Later(Refusal { text, reason }, wait) => {
                tracing::info!(why = text, "a translation waits for its engine");
                let doubled = AGAIN * 2_i32.pow(due.attempts.min(7));
                let wait = wait.and_then(|wait| SignedDuration::try_from(wait).ok());
                let wait = wait.unwrap_or(doubled).min(SignedDuration::from_mins(5));
                return Ok(Asked::Later(wait, reason.say(tongue)));
            }
            Verdict::Never(refusal) => {
                tracing::info!(why = refusal.text, "a translation is not possible");
                found.why = refusal.reason.say(tongue);
            }
        }
        Ok(Asked::Found(found))
    }

    pub(super) fn house(&self, account: AccountId) -> Result<Account, AnswerError> {
        self.store.read(|reading| reading.account(account))?.ok_or(AnswerError::NotFound)
    }

    /// The words of a message with the looks they have in its mail.
    async fn with_looks(self: &Arc<Self>, row: &MessageRow) -> Result<RichText, AnswerError> {
        let (gateway, message) = (Arc::clone(self), row.id);
        blocking(move || {
            let (row, item) = gateway.again(message)?;
            Ok(effects::spoken(&row.text, &row.signature, item.reading.rich.as_ref()))
        })
        .await
    }

    fn keep_translation(
        &self,
        message: MessageKey,
        translation: Translation,
    ) -> Result<(), AnswerError> {
        let _settling = self.settling.lock().unwrap_or_else(PoisonError::into_inner);
        let event = Event::Translated { message, translation: translation.clone() };
        let now = When::now(event);
        self.apply_translation(message, &translation, &intake::Mode::Live, now)
    }

    /// Applies a translation, live or when the index is rebuilt.
    pub(super) fn apply_translation(
        &self,
        message: MessageKey,
        translation: &Translation,
        mode: &intake::Mode,
        when: When,
    ) -> Result<(), AnswerError> {
        let (row, item) = self.again(message)?;
        let (context, mode, found) = (self.context(), mode.clone(), translation.clone());
        let aftermath = self.carry_out(when, move |writing, at| {
            intake::translated(writing, &context, &item, &row, &found, at, &mode)
        })?;
        self.follow_up(aftermath);
        Ok(())
    }

    /// A reply that waits, for an engine, for the end of its undo time or for its author, is decided. One that has
    /// been decided stays as it is.
    pub(super) fn settle_reply(
        &self,
        message: MessageKey,
        how: Settled,
    ) -> Result<(), AnswerError> {
        let _settling = self.settling.lock().unwrap_or_else(PoisonError::into_inner);
        let found = self.store.read(|reading| reading.message_anywhere(message))?;
        let row = found.ok_or(AnswerError::NotFound)?;
        let Some(first) = row.translations.first().filter(|_| waits_for_translation(&row)) else {
            return Ok(());
        };
        let event = Event::ReplySettled { message, from: first.from, to: first.to, how };
        self.apply_settlement(message, how, &intake::Mode::Live, When::now(event))
    }

    /// Applies a decision, live or when the index is rebuilt.
    pub(super) fn apply_settlement(
        &self,
        message: MessageKey,
        how: Settled,
        mode: &intake::Mode,
        when: When,
    ) -> Result<(), AnswerError> {
        let (row, mut item) = self.again(message)?;
        if !waits_for_translation(&row) {
            return Ok(());
        }
        let (context, mode) = (self.context(), mode.clone());
        let aftermath = self.carry_out(when, move |writing, at| {
            // Its mails are as old as the decision: tried for as long as any other.
            item.trace.received_at = at;
            intake::settle(writing, &context, &item, &row, how, &mode)
        })?;
        self.follow_up(aftermath);
        Ok(())
    }

    /// A message of the store with its letter, read again.
    pub(super) fn again(
        &self,
        message: MessageKey,
    ) -> Result<(MessageRow, intake::Item), AnswerError> {
        let found = self.store.read(|reading| reading.message_anywhere(message))?;
        let row = found.ok_or(AnswerError::NotFound)?;
        let name = SpoolName::from_file_name(&row.spool_name).ok_or(AnswerError::NotFound)?;
        let raw = self.maildir.read(&name).map_err(Trouble::from)?;
        let item = self.understand(&name, &raw, false).ok_or(AnswerError::NotFound)?;
        Ok((row, item))
    }

    /// Can a text of this language be said in that one for this house?
    pub fn can_translate(&self, house: &Account, from: Language, to: Language) -> bool {
        let knows = |translator: Arc<Translator>| translator.knows(&house.engines, from, to);
        from != to && self.translator().is_some_and(knows)
    }

    /// Would a reply into that language wait for a translation that nobody here can make?
    pub fn cannot_translate(&self, house: &Account, from: Language, to: Language) -> bool {
        from != to && self.translator().is_some() && !self.can_translate(house, from, to)
    }

    /// What a text would be in another language, for a person to look at. Nothing is stored or sent.
    pub async fn preview(
        &self,
        account: AccountId,
        text: &str,
        (from, to): (Language, Language),
        visitor: Option<String>,
    ) -> Result<Translation, AnswerError> {
        let mut found = Translation::waiting(from, to);
        found.state = State::Never;
        let house = self.house(account)?;
        let tongue = Tongue::of(&house.language);
        let Some(translator) = self.translator() else {
            found.why = Why::NotSetUp.say(tongue);
            return Ok(found);
        };
        if text.chars().count() > LONGEST_CHARS {
            return Err(AnswerError::TooLong);
        }
        let terms = self.terms(account, visitor, (from, to))?;
        let text = text.to_owned().into();
        match translator.translate(&house, &text, (from, to), &terms).await {
            Verdict::Translated(said) => {
                let turned = terms.turned();
                let plain = said.text.clone().into();
                found.back = back(&translator, &house, &plain, (to, from), &turned).await;
                found.state = State::Done;
                take(&mut found, said);
            }
            Verdict::Held(held) => hold(&mut found, held, tongue),
            Verdict::Later(refusal, _) | Verdict::Never(refusal) => {
                found.why = refusal.reason.say(tongue);
            }
        }
        Ok(found)
    }
}

/// Does this reply wait for its translation or for what its author makes of it?
pub(super) fn waits_for_translation(row: &MessageRow) -> bool {
    match row.state {
        MessageState::Translating | MessageState::Pending => true,
        MessageState::Held => !row.translations.is_empty(),
        _ => false,
    }
}

/// What asking the engines led to.
enum Asked {
    Found(Translation),
    /// Nothing now; the reason if it stays so.
    Later(SignedDuration, String),
}

fn hold(found: &mut Translation, held: Held, tongue: Tongue) {
    let Held { draft, differences, why, reason } = held;
    tracing::info!(why, "a translation is held");
    found.state = State::Held;
    (found.text, found.why) = (draft, reason.say(tongue));
    found.differences = differences.iter().map(|one| untranslated::said(one, tongue)).collect();
}

fn take(found: &mut Translation, said: Translated) {
    found.text = said.text;
    found.marks = said.marks;
    found.engines = said.engines;
    found.rough = said.rough;
}

/// The translation of a translation; empty where there is none, for it is only there to compare.
async fn back(
    translator: &Translator,
    house: &Account,
    text: &RichText,
    languages: (Language, Language),
    terms: &Terms,
) -> String {
    match translator.translate(house, text, languages, terms).await {
        Verdict::Translated(said) => said.text,
        Verdict::Held(held) => held.draft,
        Verdict::Later(..) | Verdict::Never(_) => String::new(),
    }
}

/// Runs what waits for the disk on a thread that may.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AnswerError> + Send + 'static,
) -> Result<T, AnswerError> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(AnswerError::Trouble(Trouble::Stopping)))
}
