//! Importing an existing mailbox: every letter is kept and threaded, nobody is told. Doing it again changes nothing:
//! contents are known.

use std::{collections::HashSet, io};

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::{
    Gateway, Trouble,
    intake::{self, Mode},
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

/// What came of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// How many letters were new.
    pub added: usize,
    /// Which of what was read is no letter, by its number.
    pub no_letters: Vec<usize>,
}

/// So many letters share a flush and a transaction.
const BATCH: usize = 200;

impl Gateway {
    /// Imports letters into an account. Each is read twice, so that a mailbox of any size needs
    /// the memory of a batch: first for its date, then to be kept.
    pub fn import(
        &self,
        account: AccountId,
        total: usize,
        read: impl Fn(usize) -> io::Result<Vec<u8>>,
        mut progress: impl FnMut(Progress),
    ) -> Result<Imported, Trouble> {
        self.finish_import()?;
        // Oldest first, so that a conversation begins with its first letter wherever it stood in the mailbox.
        let mut dated: Vec<(Timestamp, usize)> = Vec::with_capacity(total);
        let mut imported = Imported::default();
        for nth in 0..total {
            let letter = Letter::read(&read(nth).map_err(Trouble::Import)?);
            if is_letter(&letter) {
                dated.push((written_at(&letter), nth));
            } else {
                imported.no_letters.push(nth);
            }
        }
        dated.sort_by_key(|(at, _)| *at);
        let (mut done, total) = (0, dated.len());
        for chunk in dated.chunks(BATCH) {
            let mut letters = Vec::with_capacity(chunk.len());
            for (at, nth) in chunk {
                letters.push((*at, read(*nth).map_err(Trouble::Import)?));
            }
            imported.added += self.import_batch(account, &letters)?;
            done += chunk.len();
            progress(Progress { done, total });
        }
        Ok(imported)
    }

    /// Threads what an import that was killed has kept: brought again it would have other names.
    fn finish_import(&self) -> Result<(), Trouble> {
        let spooled = self.maildir.spooled()?;
        let kept: Vec<SpoolName> = spooled
            .into_iter()
            .filter(|name| {
                let item = self.read_one(name);
                item.is_some_and(|item| matches!(item.trace.door, Door::Archive { .. }))
            })
            .collect();
        kept.chunks(BATCH).try_for_each(|names| self.thread_archived(names).map(drop))
    }

    fn import_batch(
        &self,
        account: AccountId,
        letters: &[(Timestamp, Vec<u8>)],
    ) -> Result<usize, Trouble> {
        let mut kept = Vec::new();
        let mut names: Vec<SpoolName> = Vec::new();
        let mut contents = HashSet::new();
        for (at, raw) in letters {
            let content = data_encoding::HEXLOWER.encode(&Sha256::digest(raw)[..16]);
            let mark = intake::brought(account, &content);
            let known = self.store.read(|reading| reading.is_processed(&mark))?;
            if known || !contents.insert(content.clone()) {
                continue;
            }
            // Named by today: what was there before it stays before it.
            let mut draft = self.maildir.draft(clock::now())?;
            let name = draft.name().clone();
            let trace = Trace {
                received_at: *at,
                reverse_path: None,
                forward_paths: Vec::new(),
                door: Door::Archive { account, content: Some(content) },
            };
            draft.write(trace.render(&self.identity.hostname, name.as_str()).as_bytes())?;
            draft.write(raw)?;
            kept.push(self.maildir.keep(draft));
            names.push(name);
        }
        for one in kept {
            one.wait()?;
        }
        self.thread_archived(&names)
    }

    fn thread_archived(&self, names: &[SpoolName]) -> Result<usize, Trouble> {
        let items = self.read_all(names);
        items.iter().for_each(|item| self.tally.count(&item.reading));
        let found = items.len();
        let context = self.context();
        self.store.write_blocking(move |writing| {
            items
                .iter()
                .try_for_each(|item| intake::thread(writing, &context, item, &Mode::Live).map(drop))
        })?;
        names.iter().try_for_each(|name| self.maildir.settle(name))?;
        Ok(found)
    }
}

/// Everything can be read as a letter; this one has a field that letters have (RFC 5322, 3.6).
fn is_letter(letter: &Letter) -> bool {
    const FIELDS: [&str; 6] = ["From", "Date", "Message-ID", "Received", "To", "Subject"];
    letter.headers.iter().any(|h| FIELDS.iter().any(|field| h.name.eq_ignore_ascii_case(field)))
}

/// When a letter was written: by its Date, else by the server that had it last.
fn written_at(letter: &Letter) -> Timestamp {
    letter.date.or_else(|| letter.received_at()).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::gateway::stage::house;

    #[test]
    fn copies_and_letters_without_a_date_are_imported_once() {
        let folder = tempfile::tempdir().unwrap();
        let (gateway, account) = house(folder.path());
        let dated =
            b"From: a@x.example\nMessage-ID: <1@x>\nDate: Mon, 23 Nov 2026 09:00:00 +0000\n\nx\n";
        let undated = b"From: a@x.example\nSubject: Hi\n\ny\n";
        let letters = [dated.to_vec(), undated.to_vec(), dated.to_vec(), undated.to_vec()];
        let import = || gateway.import(account, 4, |nth| Ok(letters[nth].clone()), |_| {});
        assert_eq!(import().unwrap().added, 2);
        assert_eq!(import().unwrap().added, 0, "again");
    }

    /// Also by an index that was made again: its file is gone, and with it what said that it was there.
    #[test]
    fn what_was_purged_is_not_brought_again() {
        let folder = tempfile::tempdir().unwrap();
        let (gateway, account) = house(folder.path());
        let raw =
            b"From: a@x.example\nMessage-ID: <1@x>\nDate: Mon, 23 Nov 2026 09:00:00 +0000\n\nx\n";
        let import = || gateway.import(account, 1, |_| Ok(raw.to_vec()), |_| {}).unwrap().added;
        assert_eq!(import(), 1);
        let all = |reading: &crate::keep::store::Reading<'_>| {
            let page = crate::keep::store::Page { limit: 9, after: None };
            reading.conversations(account, &crate::keep::store::Filter::default(), page)
        };
        let id = gateway.store.read(all).unwrap()[0].id;
        gateway.delete(account, id).unwrap();
        let later = clock::now() + jiff::SignedDuration::from_hours(1);
        assert_eq!(
            gateway
                .purge_deleted(
                    later,
                    jiff::SignedDuration::ZERO,
                    &tokio_util::sync::CancellationToken::new()
                )
                .unwrap(),
            1
        );
        assert_eq!(import(), 0, "gone for good");
        gateway.rebuild(|_| {}).unwrap();
        assert_eq!(import(), 0, "for a new index too");
    }

    #[test]
    fn what_is_no_letter_is_named_and_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let (gateway, account) = house(folder.path());
        let read = |nth: usize| {
            Ok([
                &b"\x89PNG\r\n\x1a\n\0\0: x"[..],
                b"Shopping: milk\n\nbread\n",
                b"",
                b"Subject: Hi\n\nx\n",
            ][nth]
                .to_vec())
        };
        let imported = gateway.import(account, 4, read, |_| {}).unwrap();
        assert_eq!(imported, Imported { added: 1, no_letters: vec![0, 1, 2] });
    }

    #[test]
    fn what_a_killed_import_had_kept_is_threaded_first_and_once() {
        let folder = tempfile::tempdir().unwrap();
        let (gateway, account) = house(folder.path());
        let raw =
            b"From: a@x.example\nMessage-ID: <1@x>\nDate: Mon, 23 Nov 2026 09:00:00 +0000\n\nx\n";
        assert_eq!(gateway.import(account, 1, |_| Ok(raw.to_vec()), |_| {}).unwrap().added, 1);
        let (name, _) = gateway.maildir.threaded().unwrap().pop().unwrap();
        let mail = folder.path().join("maildirs/mail");
        let kept = mail.join("new").join(name.as_str());
        std::fs::rename(mail.join("cur").join(format!("{}:2,", name.as_str())), kept).unwrap();
        gateway.store.write_blocking::<_, Trouble, _>(|w| Ok(w.clear_index()?)).unwrap();
        assert_eq!(gateway.import(account, 1, |_| Ok(raw.to_vec()), |_| {}).unwrap().added, 0);
        assert!(gateway.maildir.spooled().unwrap().is_empty());
        assert_eq!(gateway.maildir.threaded().unwrap().len(), 1, "one file");
    }

    #[test]
    fn a_letter_without_a_date_has_that_of_its_last_server() {
        for (head, at) in [
            ("Date: Mon, 23 Nov 2026 09:00:00 +0100", "2026-11-23T08:00:00Z"),
            (
                "Received: from a by b; Tue, 24 Nov 2026 09:00:00 +0100\nReceived: by a; Mon, 23 Nov 2026 09:00:00 +0000",
                "2026-11-24T08:00:00Z",
            ),
            ("Received: from a by b", "1970-01-01T00:00:00Z"),
        ] {
            let letter = Letter::read(format!("{head}\nFrom: a@x.example\n\nx").as_bytes());
            assert_eq!(written_at(&letter).to_string(), at, "{head}");
        }
    }
}
