//! Importing an existing mailbox: every letter is kept and threaded, nobody is told. Doing it again changes nothing,
//! because a file's name follows from its content.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::{
    Gateway, Trouble,
    intake::{self, Ended},
    rebuild::Progress,
};
use crate::{
    flow::clock,
    ground::{
        key::AccountId,
        letter::Letter,
        trace::{Door, Trace},
    },
    keep::maildir::SpoolName,
};

/// So many letters share a flush and a transaction.
const BATCH: usize = 200;

impl Gateway {
    /// Imports letters into an account; gives how many were new.
    pub fn import(
        &self,
        account: AccountId,
        letters: &[Vec<u8>],
        mut progress: impl FnMut(Progress),
    ) -> Result<usize, Trouble> {
        let now = clock::now();
        // Oldest first, so that a conversation begins with its first letter wherever it stood in the mailbox.
        let mut dated: Vec<(Timestamp, &Vec<u8>)> =
            letters.iter().map(|raw| (Letter::read(raw).date.unwrap_or(now), raw)).collect();
        dated.sort_by_key(|(at, _)| *at);
        let mut added = 0;
        let mut done = 0;
        for chunk in dated.chunks(BATCH) {
            added += self.import_batch(account, chunk)?;
            done += chunk.len();
            progress(Progress { done, total: letters.len() });
        }
        Ok(added)
    }

    fn import_batch(
        &self,
        account: AccountId,
        letters: &[(Timestamp, &Vec<u8>)],
    ) -> Result<usize, Trouble> {
        let mut kept = Vec::new();
        let mut names: Vec<SpoolName> = Vec::new();
        for (at, raw) in letters {
            let content = data_encoding::HEXLOWER.encode(&Sha256::digest(raw)[..16]);
            let mut draft = self.maildir.draft_of(&content, *at)?;
            let name = draft.name().clone();
            let known = self.store.read(|reading| reading.is_processed(name.as_str()))?;
            if known || names.contains(&name) {
                continue;
            }
            let trace = Trace {
                received_at: *at,
                reverse_path: None,
                forward_paths: Vec::new(),
                door: Door::Archive { account },
            };
            draft.write(trace.render(&self.identity.hostname, name.as_str()).as_bytes())?;
            draft.write(raw)?;
            kept.push(self.maildir.keep(draft));
            names.push(name);
        }
        for one in kept {
            one.wait()?;
        }
        let items = self.read_all(&names);
        items.iter().for_each(|item| self.tally.count(&item.reading));
        let found = items.len();
        let context = self.context();
        self.store.write_blocking(move |writing| {
            let mode = Ended::Live;
            items
                .iter()
                .try_for_each(|item| intake::thread(writing, &context, item, mode.mode()).map(drop))
        })?;
        for name in &names {
            self.maildir.settle(name)?;
        }
        Ok(found)
    }
}
