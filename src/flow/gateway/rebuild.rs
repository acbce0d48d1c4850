//! Rebuilding the index from the mail (DESIGN promise 2): the files of `cur/` and the lines of the journal, replayed
//! in the order of time through the very functions that made the index the first time.

use std::{collections::HashMap, iter::Peekable, sync::Arc, vec};

use jiff::Timestamp;

use super::{
    AnswerError, Gateway, Trouble,
    catch_up::When,
    effects::Notice,
    intake::{self, Before, Heard as HeardFrom, Item, Mode},
    lines, purge, take_back,
};
use crate::{
    ground::{
        key::OutgoingId,
        outcome::{Answer, DeliveryState},
    },
    keep::{
        journal::{Entry, Event},
        maildir::SpoolName,
        store::StoreError,
    },
};

/// What became of a file that had its turn.
pub(super) enum Met {
    Threaded,
    /// It belongs nowhere; why.
    Aside(&'static str),
    /// The disk does not give it, or it was set aside with what made it unreadable.
    Unread,
}

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
    /// Files that could not be digested: set aside, unless the disk does not give them.
    pub unreadable_files: usize,
    /// Journal lines that could not be read or carried out.
    pub unreadable_lines: usize,
}

impl Gateway {
    /// Empties the index and makes it again. Nothing may be accepted meanwhile: the command line does it with the
    /// server stopped. What cannot be digested is set aside, as when it came in; `progress` is heard often.
    pub fn rebuild(&self, mut progress: impl FnMut(Progress)) -> Result<Rebuilt, Trouble> {
        let journal = self.journal.read_from(0)?;
        let mode = Mode::Rebuild(Before::of(&journal.entries).into());
        let mut replay = Replay::new(self, &journal.entries, &journal.entries, mode);
        replay.rebuilt.unreadable_lines = journal.unreadable;
        self.store.write_blocking::<_, Trouble, _>(|w| Ok(w.clear_index()?))?;
        let hurry = self.store.hurry();
        let files = self.maildir.threaded()?;
        let total = files.len();
        for (done, (name, seen)) in files.iter().enumerate() {
            progress(Progress { done, total });
            replay.met(name, *seen)?;
        }
        replay.rest(|| progress(Progress { done: total, total }))?;
        let rebuilt = replay.rebuilt;
        drop(hurry);
        self.store.write_blocking::<_, Trouble, _>(move |w| {
            // A command may have carried out more meanwhile.
            if w.reading().journaled()?.is_none_or(|place| place < journal.end) {
                w.set_journaled(journal.end)?;
            }
            Ok(w.index_is_whole()?)
        })?;
        self.directory.reload(&self.store)?;
        Ok(rebuilt)
    }

    /// Carries out a line of the journal again: for an index that is made anew, or for one that never had it.
    pub(super) fn replay(&self, entry: &Entry, mode: &Mode) -> Result<(), Trouble> {
        let at = entry.at;
        let is_live = matches!(mode, Mode::Live);
        // What left then must not leave again.
        let untried = if is_live { DeliveryState::Waiting } else { DeliveryState::Unknown };
        let then = When::Then(at);
        match entry.event.clone() {
            // A message purged since is no longer there to be decided.
            Event::HoldDecided { message, send } => {
                there(self.apply_hold(message, send, mode, then))
            }
            Event::Translated { message, translation } => {
                there(self.apply_translation(message, &translation, mode, then))
            }
            Event::ReplySettled { message, how, .. } => {
                there(self.apply_settlement(message, how, mode, then))
            }
            Event::Merged { .. } | Event::Moved { .. } => self.apply_regroup(&entry.event, then),
            Event::Opened(opened) => self.apply_opened(opened, then).map(drop),
            Event::Released { conversation } => {
                self.store.write_blocking(move |w| lines::release(w, conversation, untried, at))
            }
            Event::ReplyTakenBack { message } => self
                .store
                .write_blocking(move |w| take_back::withdraw(w, message, untried, at).map(drop)),
            Event::Purged { conversation, threads, archived, .. } => {
                let maildir = Arc::clone(&self.maildir);
                self.store.write_blocking::<_, Trouble, _>(move |w| {
                    threads.iter().try_for_each(|one| w.put_purged(one))?;
                    archived.iter().try_for_each(|mark| w.set_processed(mark, "threaded"))?;
                    purge::remove_files(&maildir, &w.reading().going(conversation)?)?;
                    Ok(w.purge(conversation).map(drop)?)
                })
            }
            // Of its own attempts the store knows what it can.
            Event::Ended { .. } | Event::Late { .. } if is_live => Ok(()),
            Event::Ended { outgoing, state, answer: Some(answer) } => {
                let given = answer.clone();
                let notice = Notice::of_end(state);
                self.store.write_blocking::<_, Trouble, _>(move |w| {
                    Ok(w.restore_end(outgoing, state, &given, at)?)
                })?;
                if let Some(notice) = notice {
                    self.tell_again(outgoing, notice, &answer, at, mode)?;
                }
                Ok(())
            }
            Event::Late { outgoing, answer } => {
                self.tell_again(outgoing, Notice::Late, &answer, at, mode)
            }
            _ => {
                let entry = entry.clone();
                self.store.write_blocking(move |w| lines::apply(w, &entry))
            }
        }
    }

    /// What the members were told about a reply that failed, was late or may have arrived, and the timeline of any mail.
    fn tell_again(
        &self,
        outgoing: OutgoingId,
        notice: Notice,
        answer: &Answer,
        at: Timestamp,
        mode: &Mode,
    ) -> Result<(), Trouble> {
        match self.store.read(|reading| reading.outgoing(outgoing))? {
            Some(about) => self.tell_members(about, notice, answer, at, mode),
            None => Ok(()),
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
            if setting && let Err(error) = self.replay(&entry, &Mode::Live) {
                if error.is_ours() {
                    return Err(error);
                }
                tracing::error!(%error, "a setting in the journal could not be carried out");
            }
        }
        Ok(self.directory.reload(&self.store)?)
    }

    /// Does the Maildir hold threaded mail the index knows nothing of, or was a rebuild cut off? A new store knows nothing
    /// either of what the journal alone tells: houses without mail, conversations in which nothing was said.
    pub fn needs_rebuild(&self) -> Result<bool, Trouble> {
        let (known, journaled) = self.store.read(|reading| {
            Ok::<_, StoreError>((reading.knows_any_file()?, reading.journaled()?))
        })?;
        let tells = || Ok::<_, Trouble>(journaled.is_none() && !self.journal.is_empty()?);
        Ok(!known && (!self.maildir.threaded()?.is_empty() || tells()?))
    }
}

/// What is gone meanwhile is no trouble.
fn there(done: Result<(), AnswerError>) -> Result<(), Trouble> {
    match done {
        // Somebody took the file away.
        Err(AnswerError::Trouble(Trouble::Maildir(error))) if error.is_gone() => Ok(()),
        Err(AnswerError::Trouble(trouble)) => Err(trouble),
        _ => Ok(()),
    }
}

/// Files and lines, carried out in the order of time through the very functions that did it the first time.
pub(super) struct Replay<'a> {
    gateway: &'a Gateway,
    heard: HashMap<String, HeardFrom>,
    mode: Mode,
    lines: Peekable<vec::IntoIter<(Timestamp, &'a Entry)>>,
    /// Files that are threaded at their line.
    overtaken: HashMap<&'a str, Overtaken>,
    pub(super) rebuilt: Rebuilt,
}

/// A file and the last line that names it: a transaction that failed left another before.
struct Overtaken {
    line: Timestamp,
    /// Its read mark, where the file was met before the line.
    met: Option<bool>,
    /// The line came first: the clock was put back in between.
    passed: bool,
}

impl<'a> Replay<'a> {
    /// `journal` is all that is known, `lines` what is to be carried out.
    pub(super) fn new(
        gateway: &'a Gateway,
        journal: &'a [Entry],
        lines: &'a [Entry],
        mode: Mode,
    ) -> Self {
        let heard = heard_before(journal);
        let rebuilt = Rebuilt::default();
        let lines = in_order(lines).into_iter().peekable();
        let named = |entry: &'a Entry| {
            let waits = Overtaken { line: entry.at, met: None, passed: false };
            Some((overtaken(entry)?, waits))
        };
        let overtaken = journal.iter().filter_map(named).collect();
        Replay { gateway, heard, mode, lines, overtaken, rebuilt }
    }

    /// A file has its turn; one that was overtaken waits for its line.
    fn met(&mut self, name: &SpoolName, seen: bool) -> Result<(), Trouble> {
        match self.overtaken.get_mut(name.as_str()).filter(|waits| !waits.passed) {
            Some(waits) => waits.met = Some(seen),
            None => self.file(name, seen).map(drop)?,
        }
        Ok(())
    }

    /// Threads a file, after the lines from before it. One at a time: large mails must not fill the memory.
    pub(super) fn file(&mut self, name: &SpoolName, seen: bool) -> Result<Met, Trouble> {
        let Some(item) = self.read(name, seen) else { return Ok(Met::Unread) };
        let begun = name.begun_at().unwrap_or(item.trace.received_at);
        while let Some((_, entry)) = self.lines.next_if(|(at, _)| *at < begun) {
            self.line(entry)?;
        }
        self.thread(name, item)
    }

    fn read(&mut self, name: &SpoolName, seen: bool) -> Option<Item> {
        let Some(mut item) = self.gateway.read_one(name) else {
            self.rebuilt.unreadable_files += 1;
            return None;
        };
        item.seen = seen;
        if let Some(heard) = self.heard.get(name.as_str()) {
            item.heard = heard.clone();
        }
        Some(item)
    }

    fn thread(&mut self, name: &SpoolName, item: Item) -> Result<Met, Trouble> {
        let (context, mode) = (self.gateway.context(), self.mode.clone());
        let threaded =
            self.gateway.store.write_blocking(move |w| intake::thread(w, &context, &item, &mode));
        match threaded {
            Ok(aftermath) => {
                self.rebuilt.files += 1;
                Ok(aftermath.aside.map_or(Met::Threaded, Met::Aside))
            }
            Err(trouble) if trouble.is_ours() => Err(trouble),
            Err(error) => {
                self.gateway.set_aside(name, &error.to_string());
                self.rebuilt.unreadable_files += 1;
                Ok(Met::Unread)
            }
        }
    }

    /// The lines after the last file.
    pub(super) fn rest(&mut self, mut progress: impl FnMut()) -> Result<(), Trouble> {
        while let Some((_, entry)) = self.lines.next() {
            self.line(entry)?;
            progress();
        }
        Ok(())
    }

    /// One that cannot be carried out keeps nobody from the others.
    fn line(&mut self, entry: &Entry) -> Result<(), Trouble> {
        if let Some(waiting) = overtaken(entry)
            && let Some(waits) = self.overtaken.get_mut(waiting).filter(|w| w.line == entry.at)
        {
            waits.passed = true;
            let name = SpoolName::from_file_name(waiting);
            let Some((name, seen)) = name.zip(waits.met.take()) else { return Ok(()) };
            return match self.read(&name, seen) {
                Some(item) => self.thread(&name, item).map(drop),
                None => Ok(()),
            };
        }
        match self.gateway.replay(entry, &self.mode) {
            Err(trouble) if trouble.is_ours() => Err(trouble),
            Err(error) => {
                let line = serde_json::to_string(entry).unwrap_or_default();
                tracing::error!(%error, line, "a line of the journal could not be carried out");
                self.rebuilt.unreadable_lines += 1;
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }
}

/// When each line was written at the latest: they stand in the order they were carried out, so one that seems younger
/// than those after it was written while the clock was ahead. Lines that say when something ended or was asked for may be
/// written much later, and say nothing of those before them.
fn in_order(lines: &[Entry]) -> Vec<(Timestamp, &Entry)> {
    let mut latest = Timestamp::MAX;
    let mut ordered: Vec<_> = lines
        .iter()
        .rev()
        .map(|entry| {
            let at = latest.min(entry.at);
            if entry.is_stamped_when_written() {
                latest = at;
            }
            (at, entry)
        })
        .collect();
    ordered.reverse();
    ordered
}

fn overtaken(entry: &Entry) -> Option<&str> {
    match &entry.event {
        Event::Overtaken { spool_name } => Some(spool_name),
        _ => None,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::{key::ConversationId, outcome::End};

    #[test]
    fn a_line_of_a_fast_clock_holds_back_no_other() {
        let entry = |second: i64| Entry {
            at: Timestamp::from_second(second).unwrap(),
            event: Event::Restored { conversation: ConversationId(second) },
        };
        let mut lines = [10, 90, 20, 30, 25, 40, 15].map(entry).to_vec();
        let outgoing = OutgoingId(1);
        // Of an attempt that ended long before its end was written down.
        lines[6].event = Event::Ended { outgoing, state: End::Done, answer: None };
        let times: Vec<i64> = in_order(&lines).iter().map(|(at, _)| at.as_second()).collect();
        assert_eq!(times, [10, 20, 20, 25, 25, 40, 15]);
    }
}
