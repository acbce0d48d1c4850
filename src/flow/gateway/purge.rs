//! What was deleted long ago is removed for good: rows, words of the index, files, and what the journal says of it.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use super::{Gateway, Trouble, intake};
use crate::{
    ground::{
        key::ConversationId,
        trace::{Door, Trace},
    },
    keep::{
        journal::{Entry, Event, Flush, Journal},
        maildir::{Maildir, SpoolName},
        store::{Going, Writing},
    },
};

impl Gateway {
    /// Removes for good what was deleted longer ago than `kept`. Gives how many conversations; what could not be removed
    /// is tried again the next time, and so is what is left when Relais stops.
    pub fn purge_deleted(
        &self,
        now: Timestamp,
        kept: SignedDuration,
        stop: &CancellationToken,
    ) -> Result<usize, Trouble> {
        let before = now.checked_sub(kept).unwrap_or(Timestamp::MIN);
        let conversations = self.store.read(|reading| reading.deleted_before(before))?;
        let mut purged = 0;
        for conversation in conversations {
            if stop.is_cancelled() {
                break;
            }
            let (journal, maildir) = (Arc::clone(&self.journal), Arc::clone(&self.maildir));
            let archived = self.archived_in(conversation)?;
            let gone = self.store.write_blocking(move |writing| {
                // Taken back since it was looked for.
                let deleted = writing.reading().is_deleted_before(conversation, before)?;
                deleted
                    .then(|| purge(writing, (&journal, &maildir), (conversation, archived), now))
                    .transpose()
            });
            match gone {
                Ok(Some(())) => {
                    self.directory.forget(conversation);
                    purged += 1;
                }
                Ok(None) => {}
                Err(error) => {
                    tracing::error!(%error, %conversation, "a deleted conversation could not be removed");
                }
            }
        }
        if purged > 0 {
            self.forget_purged()?;
        }
        Ok(purged)
    }

    /// The marks of a conversation's letters that came with an archive: with the files an index made again would lose
    /// them.
    fn archived_in(&self, conversation: ConversationId) -> Result<Vec<String>, Trouble> {
        let going = self.store.read(|reading| reading.going(conversation))?;
        let mark = |name: SpoolName| {
            let raw = self.maildir.read(&name).ok()?;
            match Trace::read(&raw)?.0.door {
                Door::Archive { account, content } => Some(intake::brought(account, &content?)),
                _ => None,
            }
        };
        let names = going.files.iter().filter_map(|file| SpoolName::from_file_name(file));
        Ok(names.filter_map(mark).collect())
    }

    /// What was purged leaves the journal, and the free pages of the store.
    pub(super) fn forget_purged(&self) -> Result<(), Trouble> {
        self.journal.forget_purged()?;
        self.store.write_blocking::<_, Trouble, _>(|writing| Ok(writing.wipe_purged()?))?;
        if !self.store.empty_log()? {
            tracing::info!("the store's log is being read and is emptied after the next purge");
        }
        Ok(())
    }
}

/// The line, the files, the rows, in this order: cut off anywhere, it is known what is still to go.
fn purge(
    writing: &Writing<'_>,
    (journal, maildir): (&Journal, &Maildir),
    (conversation, archived): (ConversationId, Vec<String>),
    at: Timestamp,
) -> Result<(), Trouble> {
    let going = writing.reading().going(conversation)?;
    let threads = writing.reading().threads_of(conversation)?;
    let (messages, threads_there) = (going.messages.clone(), threads.clone());
    let event = Event::Purged { conversation, messages, threads: threads_there, archived };
    let place = journal.enter(&Entry { at, event }, Flush::Now)?;
    threads.iter().try_for_each(|one| writing.put_purged(one))?;
    remove_files(maildir, &going)?;
    writing.purge(conversation)?;
    Ok(writing.set_journaled(place.end)?)
}

/// Removes the files of what is purged.
pub(super) fn remove_files(maildir: &Maildir, going: &Going) -> Result<(), Trouble> {
    let names: Vec<SpoolName> =
        going.files.iter().filter_map(|file| SpoolName::from_file_name(file)).collect();
    Ok(maildir.remove(&names)?)
}
