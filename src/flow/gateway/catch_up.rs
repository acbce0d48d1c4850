//! Journal and index in step: what is decided is journaled in the transaction that carries it out, and what a crash
//! left between them is carried out at the next start.

use std::{
    ops::Range,
    sync::{Arc, OnceLock, atomic::Ordering},
};

use super::{Gateway, Trouble, intake::Ended, rebuild::Replay};
use crate::keep::{
    journal::{Entry, Event, Flush, Journal},
    store::Writing,
};

impl Gateway {
    /// Carries something out and journals its line in the same transaction: so lines stand in the order of
    /// transactions, those of a command beside the server too, and the store knows how far it has them. A transaction
    /// that fails takes its line back; one that is killed has left a line that [`Gateway::go_on`] finds.
    pub(super) fn carry_out<T: Send + 'static>(
        &self,
        line: Option<Entry>,
        flush: Flush,
        work: impl FnOnce(&Writing<'_>) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        let Some(entry) = line else { return self.store.write_blocking(work) };
        let entered: Arc<OnceLock<Range<u64>>> = Arc::default();
        let (journal, place) = (Arc::clone(&self.journal), Arc::clone(&entered));
        let in_step = self.in_step.load(Ordering::Relaxed);
        let done = self.store.write_blocking(move |writing| {
            let done = work(writing)?;
            let line = journal.enter(&entry, flush)?;
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

    /// At the start: carries out the lines of the journal that the index does not have. Gives how many there were.
    pub fn go_on(&self) -> Result<usize, Trouble> {
        // A store that never knew has carried out all that was journaled.
        let known = self.store.read(|reading| reading.journaled())?;
        let tail = self.journal.read_from(known.unwrap_or_default())?;
        let entries = if known.is_some() { tail.entries } else { Vec::new() };
        Replay::new(self, &[], entries.iter(), Ended::Live).rest(|| {})?;
        self.store.write_blocking::<_, Trouble, _>(move |w| Ok(w.set_journaled(tail.end)?))?;
        if entries.iter().any(|entry| matches!(entry.event, Event::Purged { .. })) {
            self.forget_purged()?;
        }
        let found = entries.iter().filter(|entry| entry.event.is_to_do()).count();
        if found > 0 {
            self.directory.reload(&self.store)?;
        }
        self.in_step.store(true, Ordering::Relaxed);
        Ok(found)
    }
}

/// Is there nothing to be carried out before the line just entered?
fn is_next(writing: &Writing<'_>, journal: &Journal) -> Result<bool, Trouble> {
    let Some(known) = writing.reading().journaled()? else { return Ok(true) };
    let lines = journal.read_from(known)?.entries;
    Ok(lines.iter().filter(|entry| entry.event.is_to_do()).count() <= 1)
}
