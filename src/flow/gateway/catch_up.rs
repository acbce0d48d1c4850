//! Journal and index in step: what is decided is journaled in the transaction that carries it out, and what a crash or
//! a copy left between them is carried out at the next start.

use std::{
    ops::Range,
    path::Path,
    sync::{Arc, OnceLock, atomic::Ordering},
};

use jiff::Timestamp;

use super::{
    Gateway, SetupError, Trouble,
    intake::{Before, Mode},
    rebuild::{Met, Replay},
};
use crate::{
    flow::clock,
    keep::{
        backup,
        journal::{Entry, Event, Flush, Journal},
        maildir::SpoolName,
        store::Writing,
    },
};

/// When what is carried out happened.
pub(super) enum When {
    /// Now, at its turn among the transactions, where its line is journaled.
    Now(Box<Event>, Flush),
    /// Then, says a line of the journal.
    Then(Timestamp),
}

impl When {
    /// Now, and durable before it is answered.
    pub(super) fn now(event: Event) -> Self {
        When::Now(Box::new(event), Flush::Now)
    }
}

impl Gateway {
    /// Carries something out and journals its line in the same transaction: so lines stand in the order of
    /// transactions, those of a command beside the server too, and the store knows how far it has them. What was
    /// threaded while it waited for its turn came before it. A transaction that fails takes its line back; one that is
    /// killed has left a line that [`Gateway::go_on`] finds.
    pub(super) fn carry_out<T: Send + 'static>(
        &self,
        when: When,
        work: impl FnOnce(&Writing<'_>, Timestamp) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        self.carry_out_if(when, work, |_| true)
    }

    /// The same for what may turn out to be too late: only what `came_about` has a line.
    pub(super) fn carry_out_if<T: Send + 'static>(
        &self,
        when: When,
        work: impl FnOnce(&Writing<'_>, Timestamp) -> Result<T, Trouble> + Send + 'static,
        came_about: fn(&T) -> bool,
    ) -> Result<T, Trouble> {
        let entered: Arc<OnceLock<Range<u64>>> = Arc::default();
        let (journal, place) = (Arc::clone(&self.journal), Arc::clone(&entered));
        let in_step = self.in_step.load(Ordering::Relaxed);
        let done = self.store.write_blocking(move |writing| {
            let (event, flush) = match when {
                When::Now(event, flush) => (event, flush),
                When::Then(at) => return work(writing, at),
            };
            let at = clock::now();
            let done = work(writing, at)?;
            if !came_about(&done) {
                return Ok(done);
            }
            let line = journal.enter(&Entry { at, event: *event }, flush)?;
            let _ = place.set(line.clone());
            // A command does not step over what a killed server has left.
            if in_step || is_next(writing, &journal)? {
                writing.set_journaled(line.end)?;
            }
            Ok(done)
        });
        if done.is_err()
            && let Some(line) = entered.get()
            && let Err(error) = self.journal.take_back(line)
        {
            tracing::error!(%error, "the journal says what was not carried out; relais reindex does it");
        }
        done
    }

    /// At the start: carries out the lines of the journal that the index does not have. In a copy made by
    /// `relais backup` also what came in while it was made; nothing of it is sent, for it was sent from where the copy
    /// was made. Gives how many lines and files there were.
    pub fn go_on(&self, maildirs: &Path) -> Result<usize, SetupError> {
        let is_copy = backup::is_copy(maildirs);
        let found = self.catch_up(is_copy)?;
        if is_copy {
            backup::is_no_copy(maildirs)
                .map_err(|source| SetupError::File { path: maildirs.to_owned(), source })?;
        }
        self.in_step.store(true, Ordering::Relaxed);
        Ok(found)
    }

    fn keep_aside(&self, name: &SpoolName) {
        let why = "the disk did not give this file when a copy was gone on from";
        match self.maildir.set_aside(name, why) {
            // What cannot be digested was set aside already.
            Err(error) if !error.is_gone() => {
                tracing::error!(%error, file = name.as_str(), "a file could not be set aside");
            }
            _ => {}
        }
    }

    fn catch_up(&self, is_copy: bool) -> Result<usize, Trouble> {
        let known = match self.store.read(|reading| reading.journaled())? {
            Some(known) => known,
            // A store that never knew has carried out all that was journaled.
            None => self.journal.read_from(0)?.end,
        };
        let tail = self.journal.read_from(known)?;
        let (all, mode) = if is_copy {
            let all = self.journal.read_from(0)?.entries;
            let before = Before::of(&all);
            (all, Mode::Rebuild(before.into()))
        } else {
            (Vec::new(), Mode::Live)
        };
        let files = if is_copy { self.maildir.spooled()? } else { Vec::new() };
        if is_copy {
            self.store.write_blocking::<_, Trouble, _>(|w| Ok(w.doubt_what_waits()?))?;
        }
        let mut replay = Replay::new(self, &all, &tail.entries, mode);
        for name in &files {
            match replay.file(name, false)? {
                Met::Threaded => self.maildir.settle(name)?,
                Met::Aside(reason) => self.set_aside(name, reason),
                // Handed in again it would be news, and this copy tells nobody what was told elsewhere.
                Met::Unread => self.keep_aside(name),
            }
        }
        replay.rest(|| {})?;
        self.store.write_blocking::<_, Trouble, _>(move |w| {
            if is_copy {
                w.hold_what_waits()?;
            }
            Ok(w.set_journaled(tail.end)?)
        })?;
        if tail.entries.iter().any(|entry| matches!(entry.event, Event::Purged { .. })) {
            self.forget_purged()?;
        }
        let found =
            tail.entries.iter().filter(|entry| entry.event.is_to_do()).count() + files.len();
        if found > 0 {
            self.directory.reload(&self.store)?;
        }
        Ok(found)
    }
}

/// Is there nothing to be carried out before the line just entered?
fn is_next(writing: &Writing<'_>, journal: &Journal) -> Result<bool, Trouble> {
    let Some(known) = writing.reading().journaled()? else { return Ok(true) };
    let lines = journal.read_from(known)?.entries;
    Ok(lines.iter().filter(|entry| entry.event.is_to_do()).count() <= 1)
}
