//! The Maildir: every message as one file, kept before it is acknowledged.
//!
//! `tmp/` is being written, `new/` is the spool (kept, not yet threaded), `cur/` is threaded, `failed/` is what our
//! code could not digest. A file goes from `tmp` to `new` only by [`Maildir::keep`], which returns when the bytes
//! and the name are on disk: that is what a `250` rests on (DESIGN promise 1).

mod commit;

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{FileExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use jiff::Timestamp;

use commit::Committer;
pub use commit::Kept;

/// The name of a file in the spool: the idempotency key of everything that follows from it. Names sort by the
/// time of receipt.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SpoolName(String);

impl SpoolName {
    /// The name without flags.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads a file name, with or without `:2,` flags.
    pub fn from_file_name(name: &str) -> Option<Self> {
        let base = name.split(':').next().unwrap_or_default();
        (!base.is_empty() && !base.starts_with('.')).then(|| SpoolName(base.to_owned()))
    }

    /// When the file was begun, as its name says. A letter in it may be older: of an archive, or of a channel's history.
    pub fn begun_at(&self) -> Option<Timestamp> {
        let (second, rest) = self.0.split_once('.')?;
        let micros = rest.strip_prefix('M').and_then(|rest| rest.get(..6)?.parse::<i64>().ok());
        let second = second.parse::<i64>().ok()?;
        Timestamp::from_microsecond(second.checked_mul(1_000_000)?.checked_add(micros?)?).ok()
    }
}

/// Trouble with the disk, with the path it happened at.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {source}", path = path.display())]
pub struct MaildirError {
    path: PathBuf,
    source: io::Error,
}

impl MaildirError {
    /// No room: the administrator's to mend, and worth its own SMTP reply (452 4.3.1).
    pub fn is_disk_full(&self) -> bool {
        matches!(self.source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
    }

    /// There is no such file.
    pub fn is_gone(&self) -> bool {
        self.source.kind() == io::ErrorKind::NotFound
    }
}

fn at(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> MaildirError {
    let path = path.into();
    move |source| MaildirError { path, source }
}

/// A Maildir and the thread that makes its files durable together.
#[derive(Debug)]
pub struct Maildir {
    root: PathBuf,
    host: String,
    sequence: AtomicU64,
    committer: Committer,
}

/// A file being written in `tmp/`. Dropped before it is kept, it is removed: nobody was told it exists.
#[derive(Debug)]
pub struct Draft {
    name: SpoolName,
    path: PathBuf,
    file: Option<File>,
}

impl Draft {
    /// Where the message will be kept.
    pub fn name(&self) -> &SpoolName {
        &self.name
    }

    /// Appends bytes. A page-cache write: it waits for the disk only when memory is short.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), MaildirError> {
        let file = self.file.as_mut().expect("a draft has its file until it is kept");
        file.write_all(bytes).map_err(at(&self.path))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if self.file.is_some() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

impl Maildir {
    /// Opens or creates a Maildir.
    pub fn open(root: &Path, host: &str) -> Result<Self, MaildirError> {
        for sub in ["tmp", "new", "cur", "failed"] {
            fs::create_dir_all(root.join(sub)).map_err(at(root.join(sub)))?;
        }
        let committer = Committer::start(&root.join("new")).map_err(at(root))?;
        let host = host.replace(['/', ':', ','], "_");
        Ok(Maildir { root: root.to_owned(), host, sequence: AtomicU64::new(0), committer })
    }

    /// Removes what a crash left in `tmp/`: it was never acknowledged. Only for the one who owns the Maildir.
    pub fn discard_unfinished(&self) -> Result<(), MaildirError> {
        let tmp = self.root.join("tmp");
        for entry in fs::read_dir(&tmp).map_err(at(&tmp))? {
            let path = entry.map_err(at(&tmp))?.path();
            fs::remove_file(&path).map_err(at(path))?;
        }
        Ok(())
    }

    /// Begins a file.
    pub fn draft(&self, now: Timestamp) -> Result<Draft, MaildirError> {
        let sequence = self.sequence.fetch_add(1, Ordering::Relaxed);
        let name = format!(
            "{:010}.M{:06}P{}Q{:08}.{}",
            now.as_second(),
            now.subsec_nanosecond() / 1000,
            std::process::id(),
            sequence,
            self.host
        );
        self.draft_named(SpoolName(name))
    }

    /// Would a mail find room? Writes a small one that is not kept.
    pub fn try_to_write(&self, now: Timestamp) -> Result<(), MaildirError> {
        self.draft(now)?.write(&[b'.'; 4096])
    }

    /// The name that follows from a key (a mail that leaves): the same mail is the same file.
    pub fn name_of(&self, key: &str, at: Timestamp) -> SpoolName {
        let second = at.as_second().clamp(0, 9_999_999_999);
        SpoolName(format!("{second:010}.A{key}.{}", self.host))
    }

    /// Begins a file under a name. Not twice at once: the draft dropped first takes the other's file along.
    pub fn draft_named(&self, name: SpoolName) -> Result<Draft, MaildirError> {
        let path = self.root.join("tmp").join(&name.0);
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&path)
            .map_err(at(&path))?;
        Ok(Draft { name, path, file: Some(file) })
    }

    /// Makes a draft durable and moves it into the spool; several at once share the flush of the disk.
    pub fn keep(&self, mut draft: Draft) -> Kept {
        let file = draft.file.take().expect("a draft has its file until it is kept");
        let target = self.root.join("new").join(draft.name.as_str());
        self.committer.keep(file, draft.path.clone(), target)
    }

    /// What waits in the spool, oldest first.
    pub fn spooled(&self) -> Result<Vec<SpoolName>, MaildirError> {
        self.names("new")
    }

    /// What has been threaded, oldest first, with its read mark.
    pub fn threaded(&self) -> Result<Vec<(SpoolName, bool)>, MaildirError> {
        let dir = self.root.join("cur");
        let mut found = Vec::new();
        for entry in fs::read_dir(&dir).map_err(at(&dir))? {
            let name = entry.map_err(at(&dir))?.file_name().to_string_lossy().into_owned();
            let seen = name.rsplit_once(":2,").is_some_and(|(_, flags)| flags.contains('S'));
            found.extend(SpoolName::from_file_name(&name).map(|n| (n, seen)));
        }
        found.sort();
        Ok(found)
    }

    /// What could not be digested, with the reason.
    pub fn failed(&self) -> Result<Vec<(SpoolName, String)>, MaildirError> {
        let names = self.names("failed")?;
        Ok(names
            .into_iter()
            .filter(|name| !name.0.ends_with(".reason"))
            .map(|name| {
                let reason = self.root.join("failed").join(format!("{}.reason", name.0));
                let text = fs::read_to_string(reason).unwrap_or_default();
                (name, text.trim().to_owned())
            })
            .collect())
    }

    /// Does the spool hold files older than some seconds? Intake was not told of them: somebody put them back, or it had
    /// no room for them.
    pub fn left_in_spool(&self) -> bool {
        let limit = std::time::Duration::from_secs(3);
        let Ok(entries) = fs::read_dir(self.root.join("new")) else { return false };
        entries.flatten().any(|entry| {
            let changed = entry.metadata().and_then(|m| m.modified());
            changed.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > limit))
        })
    }

    fn names(&self, sub: &str) -> Result<Vec<SpoolName>, MaildirError> {
        let dir = self.root.join(sub);
        let mut names = Vec::new();
        for entry in fs::read_dir(&dir).map_err(at(&dir))? {
            let name = entry.map_err(at(&dir))?.file_name();
            names.extend(SpoolName::from_file_name(&name.to_string_lossy()));
        }
        names.sort();
        Ok(names)
    }

    /// The whole file, trace included.
    pub fn read(&self, name: &SpoolName) -> Result<Vec<u8>, MaildirError> {
        // Most files are read once, from the spool.
        let spooled = self.root.join("new").join(&name.0);
        match fs::read(&spooled) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let path = self.find(name);
                fs::read(&path).map_err(at(path))
            }
            result => result.map_err(at(spooled)),
        }
    }

    /// How many bytes a spooled file has; 0 when it is not there.
    pub fn size(&self, name: &SpoolName) -> u64 {
        fs::metadata(self.root.join("new").join(&name.0)).map_or(0, |found| found.len())
    }

    /// Overwrites bytes in place. Not flushed: for what can be found out again or is journaled.
    pub fn amend(&self, name: &SpoolName, offset: usize, bytes: &[u8]) -> Result<(), MaildirError> {
        let path = self.find(name);
        let file = OpenOptions::new().write(true).open(&path).map_err(at(&path))?;
        file.write_all_at(bytes, offset as u64).map_err(at(path))
    }

    /// Where the file is now.
    fn find(&self, name: &SpoolName) -> PathBuf {
        let cur = self.root.join("cur");
        [cur.join(format!("{}:2,", name.0)), cur.join(format!("{}:2,S", name.0))]
            .into_iter()
            .chain([self.root.join("new").join(&name.0), self.root.join("failed").join(&name.0)])
            .find(|path| path.exists())
            .unwrap_or_else(|| self.root.join("new").join(&name.0))
    }

    /// From the spool to `cur/`. Not flushed: after a crash the file is in `new/` again and intake, which knows
    /// it, moves it again.
    pub fn settle(&self, name: &SpoolName) -> Result<(), MaildirError> {
        let from = self.root.join("new").join(&name.0);
        let to = self.root.join("cur").join(format!("{}:2,", name.0));
        match fs::rename(&from, &to) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            result => result.map_err(at(from)),
        }
    }

    /// Puts aside what our code could not digest, with the reason beside it.
    pub fn set_aside(&self, name: &SpoolName, reason: &str) -> Result<(), MaildirError> {
        let to = self.root.join("failed").join(&name.0);
        let note = self.root.join("failed").join(format!("{}.reason", name.0));
        fs::write(&note, reason).map_err(at(note))?;
        let from = self.find(name);
        fs::rename(&from, &to).map_err(at(from))
    }

    /// From `failed/` back into the spool, to be tried again.
    pub fn retry(&self, name: &SpoolName) -> Result<(), MaildirError> {
        let from = self.root.join("failed").join(&name.0);
        fs::rename(&from, self.root.join("new").join(&name.0)).map_err(at(from))?;
        let _ = fs::remove_file(self.root.join("failed").join(format!("{}.reason", name.0)));
        Ok(())
    }

    /// Sets the read mark (`S`) of these files and flushes the folder once. What was just threaded may still lie in the
    /// spool; it is settled with its mark.
    pub fn mark_read<'a>(
        &self,
        names: impl IntoIterator<Item = &'a SpoolName>,
        read: bool,
    ) -> Result<(), MaildirError> {
        let cur = self.root.join("cur");
        for name in names {
            let (unread, seen) = (format!("{}:2,", name.0), format!("{}:2,S", name.0));
            let (from, to) = if read { (unread, seen) } else { (seen, unread) };
            let (from, to) = (cur.join(from), cur.join(to));
            let spooled = read.then(|| self.root.join("new").join(&name.0));
            // Once more at the end: it may have been settled in between.
            for from in [Some(&from), spooled.as_ref(), spooled.as_ref().map(|_| &from)] {
                match from.map_or(Ok(()), |from| fs::rename(from, &to)) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => return Err(at(to)(error)),
                    Ok(()) => break,
                }
            }
        }
        File::open(&cur).and_then(|dir| dir.sync_all()).map_err(at(cur))
    }

    /// Does the file bear the read mark?
    pub fn is_read(&self, name: &SpoolName) -> bool {
        self.root.join("cur").join(format!("{}:2,S", name.0)).exists()
    }

    /// Removes files for good; those gone before are no trouble. Flushes the folder once.
    pub fn remove<'a>(
        &self,
        names: impl IntoIterator<Item = &'a SpoolName>,
    ) -> Result<(), MaildirError> {
        for name in names {
            let path = self.find(name);
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(at(path)(error));
                }
                _ => {}
            }
        }
        let cur = self.root.join("cur");
        File::open(&cur).and_then(|dir| dir.sync_all()).map_err(at(cur))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-23T03:40:00.123456Z".parse().unwrap()
    }

    #[test]
    fn a_kept_draft_is_in_the_spool_and_a_dropped_one_is_gone() {
        let dir = tempfile::tempdir().unwrap();
        let maildir = Maildir::open(dir.path(), "gw.example").unwrap();
        let mut draft = maildir.draft(now()).unwrap();
        draft.write(b"one").unwrap();
        let name = draft.name().clone();
        maildir.keep(draft).wait().unwrap();
        drop(maildir.draft(now()).unwrap());
        assert_eq!(maildir.spooled().unwrap(), std::slice::from_ref(&name));
        assert_eq!(fs::read_dir(dir.path().join("tmp")).unwrap().count(), 0);
        maildir.settle(&name).unwrap();
        maildir.settle(&name).unwrap();
        maildir.mark_read([&name], true).unwrap();
        assert_eq!(maildir.threaded().unwrap(), [(name.clone(), true)]);
        assert_eq!(maildir.read(&name).unwrap(), b"one");
        maildir.set_aside(&name, "why").unwrap();
        assert_eq!(maildir.failed().unwrap(), [(name.clone(), "why".to_owned())]);
        maildir.retry(&name).unwrap();
        assert_eq!(maildir.spooled().unwrap(), [name]);
    }

    #[test]
    fn names_sort_by_time_and_many_threads_keep_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let maildir = Maildir::open(dir.path(), "gw").unwrap();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..20 {
                        let mut draft = maildir.draft(now()).unwrap();
                        draft.write(&[b'x'; 1000]).unwrap();
                        maildir.keep(draft).wait().unwrap();
                    }
                });
            }
        });
        assert_eq!(maildir.spooled().unwrap().len(), 160);
    }
}
