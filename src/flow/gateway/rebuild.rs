//! Rebuilding the index from the mail (DESIGN promise 2): the files of `cur/` and the lines of the journal, replayed
//! in the order of time through the very functions that made the index the first time.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::{
    Gateway, Trouble, channel_messages, connections,
    effects::Notice,
    intake::{self, Before, Ended, Heard as HeardFrom},
    take_back,
};
use crate::{
    ground::{
        key::{ConversationId, MessageKey, OutgoingId},
        language::{self, Choice, Evidence, Heard, Language},
        outcome::Answer,
    },
    keep::{
        journal::{Entry, Event},
        store::{Purpose, Writing},
    },
};

/// How far a rebuild has come.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Files threaded so far.
    pub done: usize,
    /// Files in all.
    pub total: usize,
}

/// What a rebuild found.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rebuilt {
    /// Files threaded.
    pub files: usize,
    /// Files that could not be read; they stay where they are.
    pub unreadable_files: usize,
    /// Journal lines that could not be read.
    pub unreadable_lines: usize,
}

/// Applies a journal line to the index.
pub(super) fn apply(writing: &Writing<'_>, entry: &Entry) -> Result<(), Trouble> {
    match &entry.event {
        Event::Account(account) => writing.put_account(account)?,
        Event::Member(member) => writing.put_member(member)?,
        Event::MemberRemoved { member } => {
            writing.remove_member(*member)?;
        }
        Event::SenderRemembered { member, address, domain } => {
            writing.remember_sender(*member, address, domain)?;
        }
        Event::Done { conversation } => {
            writing.set_needs_reply(*conversation, false)?;
            if writing.conversation(*conversation)?.is_some() {
                writing.add_event(*conversation, None, entry.at, "done", "no reply needed")?;
            }
        }
        Event::Closed { conversation, closed } => {
            writing.set_closed(*conversation, *closed)?;
            if *closed {
                writing.set_needs_reply(*conversation, false)?;
            }
        }
        Event::Deleted { conversation } => writing.set_deleted(*conversation, Some(entry.at))?,
        Event::Restored { conversation } => writing.set_deleted(*conversation, None)?,
        Event::Released { conversation } => release(writing, *conversation, "waiting", entry.at)?,
        Event::Purged { conversation } => {
            writing.purge(*conversation)?;
        }
        Event::LanguageChosen { conversation, language } => {
            if let Some(state) = writing.conversation(*conversation)? {
                // What the house set by hand stands above the visitor's choice.
                if state.language_why != Some(Choice::SetByHand) {
                    writing.set_language(
                        *conversation,
                        language.as_str(),
                        Choice::VisitorChoice,
                    )?;
                }
                let text = format!("the visitor chose {}", language.name());
                writing.add_event(*conversation, None, entry.at, "language", &text)?;
            }
        }
        Event::LanguageSet { conversation, language } => {
            set_language(writing, *conversation, *language, entry.at)?;
        }
        Event::Remembered { account, units } => {
            for unit in units {
                let pair = (unit.from, unit.to);
                let said = (unit.source.as_str(), unit.target.as_str());
                writing.keep_segment(*account, pair, "", said, entry.at)?;
            }
        }
        Event::ReplyTakenBack { message } => {
            take_back::withdraw(writing, *message, "unknown", entry.at)?;
        }
        Event::Glossary { account, entry } => writing.put_glossary(*account, entry)?,
        Event::Acted(action) => writing.add_action(action, entry.at)?,
        Event::FormRules { account, rules } => writing.put_form_rules(*account, rules)?,
        Event::SuppressionLifted { address } => {
            writing.lift_suppression(address)?;
        }
        Event::Connection(kept) => connections::restore(writing, kept)?,
        Event::ConnectionRemoved { connection } => writing.remove_connection(*connection)?,
        Event::Booked { account, channel, thread, reservation, name } => {
            let of = (*account, *channel);
            channel_messages::booked(writing, of, thread, reservation, name.as_deref())?;
        }
        Event::Stay { account, channel, reservation, stay, name } => {
            let of = (*account, *channel);
            channel_messages::stays(writing, of, reservation, *stay, name.as_deref())?;
        }
        Event::ReadOnly { account, channel, thread, since } => {
            channel_messages::read_only(writing, (*account, *channel), thread, *since)?;
        }
        // Used while the mails are threaded, or applied by the caller.
        Event::Heard { .. }
        | Event::Ended { .. }
        | Event::Late { .. }
        | Event::HoldDecided { .. }
        | Event::Merged { .. }
        | Event::Moved { .. }
        | Event::Translated { .. }
        | Event::ReplySettled { .. } => {}
    }
    Ok(())
}

fn set_language(
    writing: &Writing<'_>,
    conversation: ConversationId,
    by_hand: Option<Language>,
    at: Timestamp,
) -> Result<(), Trouble> {
    let Some(state) = writing.conversation(conversation)? else { return Ok(()) };
    let rows = writing.reading().messages(state.account, conversation)?;
    let visitors = rows.iter().filter(|row| row.side == "visitor" && row.kind == "person");
    let messages: Vec<Heard> = visitors.map(|row| Heard::of(&row.text)).collect();
    // What the visitor or the channel chose was no hand of ours.
    let now = state.language.as_deref().and_then(|code| Language::parse(code).ok());
    let chosen = |why| now.filter(|_| state.language_why == Some(why));
    let evidence = Evidence {
        set_by_hand: by_hand,
        visitor_choice: chosen(Choice::VisitorChoice),
        channel: chosen(Choice::Channel),
        messages: &messages,
        site: None,
    };
    let guess = || messages.iter().rev().find_map(|heard| language::follows(None, heard));
    let found = language::conversation_language(&evidence).or_else(guess);
    writing.choose_language(conversation, found)?;
    let text = match (by_hand, found) {
        (Some(language), _) => format!("{} was set by hand", language.name()),
        (None, Some((language, _))) => format!("{}, as the visitor writes", language.name()),
        (None, None) => "nobody knows the visitor's language yet".to_owned(),
    };
    Ok(writing.add_event(conversation, None, at, "language", &text)?)
}

/// Everybody in the conversation is written to again, and what was withheld goes on as `state`.
fn release(
    writing: &Writing<'_>,
    conversation: ConversationId,
    state: &str,
    at: Timestamp,
) -> Result<(), Trouble> {
    writing.forget_ledgers(conversation)?;
    let mails = writing.release_withheld(conversation, state)?;
    let text = format!("this is no loop of machines, somebody said; {mails} withheld mails go on");
    Ok(writing.add_event(conversation, None, at, "released", &text)?)
}

impl Gateway {
    /// Empties the index and makes it again. Nothing may be accepted meanwhile: the command line does it with the
    /// server stopped.
    pub fn rebuild(&self, mut progress: impl FnMut(Progress)) -> Result<Rebuilt, Trouble> {
        let (journal, unreadable_lines) = self.journal.read()?;
        let heard = heard_before(&journal);
        let before = Before {
            ended: ended_before(&journal),
            translated: translated_before(&journal),
            taken_back: taken_back_before(&journal),
            external: external_before(&journal),
        };
        let ended = Ended::Before(before.into());
        self.store.write_blocking::<_, Trouble, _>(|w| Ok(w.clear_index()?))?;
        let hurry = self.store.hurry();
        let files = self.maildir.threaded()?;
        let mut rebuilt = Rebuilt { unreadable_lines, ..Rebuilt::default() };
        let mut entries = journal.into_iter().peekable();
        for chunk in files.chunks(256) {
            let mut items = Vec::with_capacity(chunk.len());
            for (name, seen) in chunk {
                match self
                    .maildir
                    .read(name)
                    .ok()
                    .and_then(|raw| self.understand(name, &raw, *seen))
                {
                    Some(mut item) => {
                        if let Some(heard) = heard.get(name.as_str()) {
                            item.heard = heard.clone();
                        }
                        items.push(item);
                    }
                    None => rebuilt.unreadable_files += 1,
                }
            }
            for item in items {
                while let Some(entry) = entries.next_if(|entry| entry.at < item.trace.received_at) {
                    self.replay(entry, &ended)?;
                }
                let (context, ended) = (self.context(), ended.clone());
                self.store.write_blocking(move |w| {
                    intake::thread(w, &context, &item, ended.mode()).map(drop)
                })?;
                rebuilt.files += 1;
            }
            progress(Progress { done: rebuilt.files, total: files.len() });
        }
        for entry in entries {
            self.replay(entry, &ended)?;
        }
        drop(hurry);
        self.store.write_blocking::<_, Trouble, _>(|w| Ok(w.index_is_whole()?))?;
        self.directory.reload(&self.store)?;
        Ok(rebuilt)
    }

    fn replay(&self, entry: Entry, ended: &Ended) -> Result<(), Trouble> {
        // A message purged since is no longer there to be decided.
        match entry.event {
            Event::HoldDecided { message, send } => drop(self.apply_hold(message, send, ended)),
            Event::Translated { message, translation } => {
                drop(self.apply_translation(message, &translation, entry.at, ended));
            }
            Event::ReplySettled { message, how, .. } => {
                drop(self.apply_settlement(message, how, ended));
            }
            Event::Merged { .. } | Event::Moved { .. } => self.apply_regroup(&entry)?,
            // What left then must not leave again.
            Event::Released { conversation } => {
                let at = entry.at;
                self.store.write_blocking(move |w| release(w, conversation, "unknown", at))?;
            }
            Event::Ended { outgoing, state, answer: Some(answer) } => {
                let (given, at) = (answer.clone(), entry.at);
                let failed = state == "failed";
                self.store.write_blocking::<_, Trouble, _>(move |w| {
                    Ok(w.restore_end(outgoing, &state, &given, at)?)
                })?;
                if failed {
                    self.tell_again(outgoing, Notice::Failed, &answer, at, ended)?;
                }
            }
            Event::Late { outgoing, answer } => {
                self.tell_again(outgoing, Notice::Late, &answer, entry.at, ended)?;
            }
            _ => self.store.write_blocking(move |w| apply(w, &entry))?,
        }
        Ok(())
    }

    /// What the members were told about a reply that failed or was late.
    fn tell_again(
        &self,
        outgoing: OutgoingId,
        notice: Notice,
        answer: &Answer,
        at: Timestamp,
        ended: &Ended,
    ) -> Result<(), Trouble> {
        match self.store.read(|reading| reading.outgoing(outgoing))? {
            Some(about) if about.purpose == Purpose::Reply => {
                self.tell_members(about, notice, answer, at, ended)
            }
            _ => Ok(()),
        }
    }

    /// Rebuilds the settings alone when the store is new but the journal is not: somebody deleted the store's file.
    pub fn restore_settings(&self) -> Result<(), Trouble> {
        let (journal, _) = self.journal.read()?;
        for entry in journal {
            let setting = matches!(
                entry.event,
                Event::Account(_)
                    | Event::Acted(_)
                    | Event::Member(_)
                    | Event::MemberRemoved { .. }
                    | Event::Remembered { .. }
                    | Event::Glossary { .. }
                    | Event::FormRules { .. }
                    | Event::Connection(_)
                    | Event::ConnectionRemoved { .. }
            );
            if setting {
                self.store.write_blocking(move |w| apply(w, &entry))?;
            }
        }
        Ok(self.directory.reload(&self.store)?)
    }

    /// Does the Maildir hold threaded mail the index knows nothing of, or was a rebuild cut off?
    pub fn needs_rebuild(&self) -> Result<bool, Trouble> {
        let known = self.store.read(|reading| reading.knows_any_file())?;
        Ok(!known && !self.maildir.threaded()?.is_empty())
    }
}

fn heard_before(journal: &[Entry]) -> HashMap<String, HeardFrom> {
    let lines = journal.iter().filter_map(|entry| match &entry.event {
        Event::Heard { spool_name, authentic, evidence, dmarc, proven } => {
            let (evidence, proven) = (evidence.clone(), proven.clone());
            let (authentic, dmarc) = (*authentic, *dmarc);
            let heard = HeardFrom { authentic, evidence, dmarc, proven, ..HeardFrom::default() };
            Some((spool_name.clone(), heard))
        }
        _ => None,
    });
    lines.collect()
}

fn translated_before(journal: &[Entry]) -> HashMap<MessageKey, (Language, Language)> {
    let lines = journal.iter().filter_map(|entry| match &entry.event {
        Event::Translated { message, translation } => {
            Some((*message, (translation.from, translation.to)))
        }
        Event::ReplySettled { message, from, to, .. } => Some((*message, (*from, *to))),
        _ => None,
    });
    lines.collect()
}

fn ended_before(journal: &[Entry]) -> HashMap<OutgoingId, String> {
    let lines = journal.iter().filter_map(|entry| match &entry.event {
        Event::Ended { outgoing, state, .. } => Some((*outgoing, state.clone())),
        _ => None,
    });
    lines.collect()
}

fn external_before(journal: &[Entry]) -> HashMap<String, OutgoingId> {
    let ended = journal.iter().filter_map(|entry| match &entry.event {
        Event::Ended { outgoing, answer: Some(answer), .. } => Some((*outgoing, answer)),
        _ => None,
    });
    ended
        .flat_map(|(id, answer)| answer.external_ids.iter().map(move |one| (one.clone(), id)))
        .collect()
}

fn taken_back_before(journal: &[Entry]) -> HashSet<MessageKey> {
    let lines = journal.iter().filter_map(|entry| match &entry.event {
        Event::ReplyTakenBack { message } => Some(*message),
        _ => None,
    });
    lines.collect()
}
