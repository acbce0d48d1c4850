//! How a delivery ended: journaled, recorded, and told to the provider when a reply is late, failed, or may have arrived.

use std::{collections::HashMap, sync::Arc};

use jiff::Timestamp;

use super::{
    Gateway, Trouble, effects,
    intake::{self, Aftermath, Item, Mode},
};
use crate::{
    ground::{
        key::{MessageKey, OutgoingId},
        outcome::{Answer, End, Outcome},
        thread_address, told,
    },
    keep::{
        journal::{Entry, Event},
        maildir::SpoolName,
        store::{DueMail, OutgoingAbout, Purpose, Writing},
    },
};

/// An attempt that ended.
#[derive(Clone, Debug)]
pub struct EndedDelivery {
    /// The mail.
    pub mail: DueMail,
    /// What came of it.
    pub outcome: Outcome,
    /// When a [`Outcome::Later`] is tried again; `None` gives up.
    pub retry_at: Option<Timestamp>,
    /// The author is to be told that it is late.
    pub late: bool,
    /// When it ended.
    pub at: Timestamp,
}

impl EndedDelivery {
    /// How it ended with the mail; nothing when it waits again.
    fn end(&self) -> Option<End> {
        self.outcome.end(self.retry_at.is_some())
    }

    fn notice(&self) -> Option<effects::Notice> {
        match self.end() {
            None if self.late && self.mail.purpose == Purpose::Reply => Some(effects::Notice::Late),
            None => None,
            Some(end) => effects::Notice::of_end(end),
        }
    }
}

/// Gives the pieces of a reply that end with the one before them.
fn record(writing: &Writing<'_>, ended: &EndedDelivery) -> Result<Vec<OutgoingId>, Trouble> {
    let mail = &ended.mail;
    writing.record_attempt(mail, &ended.outcome, ended.at, ended.retry_at)?;
    // Also of a reply whose second half failed: its first is there.
    let ids = &ended.outcome.answer().external_ids;
    if !ids.is_empty()
        && let Some(state) = writing.conversation(mail.conversation)?
    {
        for id in ids {
            writing.put_external_id(mail.account, state.channel, id, mail.message)?;
        }
    }
    match ended.end() {
        Some(End::Failed) => Ok(writing.fail_later_pieces(mail.id, &behind_failed(), ended.at)?),
        Some(End::Done | End::Unknown) | None => Ok(Vec::new()),
    }
}

/// A notice about a mail: which, what it is about, and the message as it was read again.
struct News {
    notice: effects::Notice,
    about: OutgoingAbout,
    item: Item,
}

/// What is left to do once ends are recorded: what follows from the notices, and lines for the journal of the pieces
/// that are not sent without the one before them.
struct Recorded {
    aftermaths: Vec<Aftermath>,
    unsent: Vec<Entry>,
}

/// What is said of the pieces of a reply that come after one that failed.
fn behind_failed() -> Answer {
    Answer::own(told::PART_BEFORE.kept(""))
}

/// Cut off so late that a visitor may have it, with nobody to ask.
fn may_be_there(mail: &DueMail) -> bool {
    mail.dot_sent && mail.purpose.is_for_visitor() && !thread_address::is_thread(&mail.recipient)
}

/// Which mail ended when and how, if the line says that.
fn journaled_end(entry: &Entry) -> Option<(OutgoingId, (Timestamp, Outcome))> {
    let Event::Ended { outgoing, state, answer: Some(answer) } = &entry.event else { return None };
    let outcome = match state {
        End::Done => Outcome::Done(answer.clone()),
        End::Failed => Outcome::Never(answer.clone()),
        End::Unknown => Outcome::Unknown(answer.clone()),
    };
    Some((*outgoing, (entry.at, outcome)))
}

impl Gateway {
    /// Journals the ends of mails. To be done before they are recorded, or a full disk would leave an index that knows
    /// more than the mail. Not flushed: if a crash takes the lines, a rebuilt index says `unknown`, which is what we
    /// know then.
    pub fn note_ends(&self, ended: &[EndedDelivery]) -> Result<(), Trouble> {
        let mut lines = Vec::new();
        for one in ended {
            let (outgoing, answer) = (one.mail.id, one.outcome.answer());
            if let Some(state) = one.end() {
                let answer = Some(answer.clone());
                lines.push(Entry { at: one.at, event: Event::Ended { outgoing, state, answer } });
            } else if one.notice() == Some(effects::Notice::Late) {
                let event = Event::Late { outgoing, answer: answer.clone() };
                lines.push(Entry { at: one.at, event });
            }
        }
        Ok(self.journal.note(&lines)?)
    }

    /// Records attempts, and what the house is told of them, in one transaction: no end is known of which nobody heard.
    pub fn record_ends(&self, ended: &Arc<Vec<EndedDelivery>>) -> Result<(), Trouble> {
        let news = Arc::new(ended.iter().map(|one| self.news(one)).collect::<Vec<_>>());
        let mut recorded = self.record_with(Arc::clone(ended), news);
        if let Err(error) = &recorded
            && !error.is_ours()
        {
            tracing::error!(%error, "ends of deliveries are recorded without telling the house");
            recorded = self.record_with(Arc::clone(ended), Arc::default());
        }
        let Recorded { aftermaths, unsent } = recorded?;
        // A rebuilt index without these lines says `unknown` of them.
        if let Err(error) = self.journal.note(&unsent) {
            tracing::warn!(%error, "the ends of the later pieces of a reply could not be noted");
        }
        for aftermath in aftermaths {
            self.follow_up(aftermath);
        }
        for one in ended.iter() {
            let (account, conversation) = (one.mail.account, one.mail.conversation);
            self.changes.tell(super::Change { account, conversation });
        }
        Ok(())
    }

    fn record_with(
        &self,
        ended: Arc<Vec<EndedDelivery>>,
        news: Arc<Vec<Option<News>>>,
    ) -> Result<Recorded, Trouble> {
        let context = self.context();
        self.store.write_blocking(move |writing| {
            let mut unsent = Vec::new();
            for one in ended.iter() {
                let end = |outgoing| {
                    let (state, answer) = (End::Failed, Some(behind_failed()));
                    Entry { at: one.at, event: Event::Ended { outgoing, state, answer } }
                };
                unsent.extend(record(writing, one)?.into_iter().map(end));
            }
            let told = ended.iter().zip(news.iter()).filter_map(|(one, news)| {
                let News { notice, about, item } = news.as_ref()?;
                let answer = one.outcome.answer();
                Some(intake::tell((writing, &Mode::Live), &context, item, about, *notice, answer))
            });
            Ok(Recorded { aftermaths: told.collect::<Result<_, Trouble>>()?, unsent })
        })
    }

    /// What the house is to be told. A message that cannot be read again keeps no end from being recorded.
    fn news(&self, ended: &EndedDelivery) -> Option<News> {
        let (notice, mail) = (ended.notice()?, &ended.mail);
        let about = OutgoingAbout {
            id: mail.id,
            conversation: mail.conversation,
            message: mail.message,
            purpose: mail.purpose,
            recipient: mail.recipient.to_string(),
        };
        match self.read_again(mail.message, ended.at) {
            Ok(item) => Some(News { notice, about, item: item? }),
            Err(error) => {
                tracing::error!(%error, "the house is not told how a mail ended");
                None
            }
        }
    }

    /// A message from its file, for what is said of it at this time.
    fn read_again(&self, message: MessageKey, at: Timestamp) -> Result<Option<Item>, Trouble> {
        let found = self.store.read(|reading| reading.message_anywhere(message))?;
        let name = found.and_then(|row| SpoolName::from_file_name(&row.spool_name));
        let Some(name) = name else { return Ok(None) };
        let raw = self.maildir.read(&name)?;
        let mut item = self.understand(&name, &raw, false);
        if let Some(item) = &mut item {
            item.trace.received_at = at;
        }
        Ok(item)
    }

    /// What a crash cut off: an end that was journaled is known. What nobody can have taken leaves again, and so do our
    /// own people's mails and what its channel can be asked about; of the others nobody knows the end.
    pub(super) fn settle_interrupted(&self, now: Timestamp) -> Result<(), Trouble> {
        let left = self.store.read(|reading| reading.interrupted())?;
        if left.is_empty() {
            return Ok(());
        }
        let journal = self.journal.read_from(0)?.entries;
        let known: HashMap<OutgoingId, (Timestamp, Outcome)> =
            journal.iter().filter_map(journaled_end).collect();
        let (mut again, mut journaled, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
        for mail in left {
            let ended = |mail, at, outcome| EndedDelivery {
                mail,
                outcome,
                retry_at: None,
                late: false,
                at,
            };
            // One that is recorded was of an earlier attempt: somebody had the mail tried again.
            let recorded = self.store.read(|reading| reading.attempts(mail.id))?;
            let is_new = |at: &Timestamp| {
                !recorded.iter().any(|one| one.at.as_microsecond() == at.as_microsecond())
            };
            match known.get(&mail.id).filter(|(at, _)| is_new(at)) {
                Some((at, outcome)) => journaled.push(ended(mail, *at, outcome.clone())),
                None if may_be_there(&mail) => {
                    let answer = Answer::own(told::CUT_OFF.kept(""));
                    unknown.push(ended(mail, now, Outcome::Unknown(answer)));
                }
                None => again.push(mail.id),
            }
        }
        self.store.write_blocking::<_, Trouble, _>(move |w| Ok(w.put_back(&again)?))?;
        self.record_ends(&Arc::new(journaled))?;
        self.note_ends(&unknown)?;
        self.record_ends(&Arc::new(unknown))
    }

    /// Mail may be sent to an address again; false when it was not suppressed.
    pub fn lift_suppression(&self, address: &str) -> Result<bool, Trouble> {
        let address = address.trim().to_lowercase();
        let all = self.store.read(|reading| reading.all_suppressed())?;
        let found = all.iter().any(|one| one.address == address);
        if found {
            self.record(Event::SuppressionLifted { address })?;
        }
        Ok(found)
    }

    /// Tells the timeline how a mail fares, and the members if it is a reply of theirs.
    pub(super) fn tell_members(
        &self,
        about: OutgoingAbout,
        notice: effects::Notice,
        answer: &Answer,
        now: Timestamp,
        mode: &Mode,
    ) -> Result<(), Trouble> {
        let Some(item) = self.read_again(about.message, now)? else { return Ok(()) };
        let context = self.context();
        let (answer, mode) = (answer.clone(), mode.clone());
        let aftermath = self.store.write_blocking(move |writing| {
            intake::tell((writing, &mode), &context, &item, &about, notice, &answer)
        })?;
        self.follow_up(aftermath);
        Ok(())
    }
}
