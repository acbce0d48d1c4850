//! The journal: what a mail cannot carry, appended beside the Maildir and flushed before it is answered.
//!
//! One JSON object a line ([`Event`] says which). `reindex` replays it between the mails in the order of time. A line
//! cut by a crash was never answered: it counts as unreadable, and the next one starts on a fresh line.

mod event;
mod purged;
mod unreadable;

use std::{
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader, Seek, SeekFrom, Write},
    ops::Range,
    os::unix::fs::{FileExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use jiff::Timestamp;

pub use event::{Entry, Event, KeptConnection, OpenedThread, PurgedThread};
use purged::Purged;

/// Trouble with the journal's file.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {source}", path = path.display())]
pub struct JournalError {
    path: PathBuf,
    source: io::Error,
}

/// The open journal.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: Mutex<File>,
}

impl Journal {
    /// Opens or creates it; a line cut by a crash is ended, so that the next one is whole.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        let wrap = |source| JournalError { path: path.to_owned(), source };
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .mode(0o600)
            .open(path)
            .map_err(wrap)?;
        if file.seek(SeekFrom::End(0)).map_err(wrap)? > 0 {
            let mut last = [0];
            file.seek(SeekFrom::End(-1)).map_err(wrap)?;
            io::Read::read_exact(&mut file, &mut last).map_err(wrap)?;
            if last != *b"\n" {
                file.write_all(b"\n").map_err(wrap)?;
            }
        }
        Ok(Journal { path: path.to_owned(), file: Mutex::new(file) })
    }

    /// Appends and flushes; when this returns the entries are durable.
    pub fn append(&self, entries: &[Entry]) -> Result<(), JournalError> {
        self.write(entries, Flush::Now).map(drop)
    }

    /// Appends without a flush, all or none: for what may be lost in a crash without harm.
    pub fn note(&self, entries: &[Entry]) -> Result<(), JournalError> {
        self.write(entries, Flush::Later).map(drop)
    }

    /// Appends one line and says where it stands.
    pub fn enter(&self, entry: &Entry, flush: Flush) -> Result<Range<u64>, JournalError> {
        self.write(std::slice::from_ref(entry), flush)
    }

    fn write(&self, entries: &[Entry], flush: Flush) -> Result<Range<u64>, JournalError> {
        let wrap = |source| self.trouble(source);
        let mut lines = Vec::new();
        for entry in entries {
            serde_json::to_writer(&mut lines, entry).map_err(|e| wrap(e.into()))?;
            lines.push(b'\n');
        }
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let place = append(&mut file, &lines).map_err(wrap)?;
        if flush == Flush::Now {
            file.sync_data().map_err(wrap)?;
        }
        Ok(place)
    }

    /// Takes a line back: what it says has not happened.
    pub fn take_back(&self, place: &Range<u64>) -> Result<(), JournalError> {
        let wrap = |source| self.trouble(source);
        let file = OpenOptions::new().write(true).open(&self.path).map_err(wrap)?;
        let line = usize::try_from(place.end - place.start).unwrap_or_default();
        file.write_all_at(&vec![b' '; line.saturating_sub(1)], place.start).map_err(wrap)?;
        file.sync_data().map_err(wrap)
    }

    /// Blanks the lines of the audit log from before a time. Gives how many there were.
    pub fn forget_actions(&self, before: Timestamp) -> Result<usize, JournalError> {
        self.blank(|line| {
            of_event(line, "acted")
                .is_some_and(|entry| matches!(entry.event, Event::Acted(_)) && entry.at < before)
        })
    }

    /// Blanks what is said of conversations that are gone for good: translations, and who booked what and when. Gives
    /// how many lines there were.
    pub fn forget_purged(&self) -> Result<usize, JournalError> {
        let purged = Purged::of(&self.of_events(&["purged", "opened", "booked"])?);
        self.blank(|line| {
            let entry = of_events(line, &["translated", "opened", "booked", "stay"]);
            entry.is_some_and(|entry| purged.has(&entry))
        })
    }

    /// Was nothing ever journaled?
    pub fn is_empty(&self) -> Result<bool, JournalError> {
        let about = std::fs::metadata(&self.path).map_err(|source| self.trouble(source))?;
        Ok(about.len() == 0)
    }

    /// The entries that are of these events, and perhaps others.
    fn of_events(&self, names: &[&str]) -> Result<Vec<Entry>, JournalError> {
        let wrap = |source| self.trouble(source);
        let mut found = Vec::new();
        for line in BufReader::new(File::open(&self.path).map_err(wrap)?).split(b'\n') {
            found.extend(of_events(&line.map_err(wrap)?, names));
        }
        Ok(found)
    }

    /// Blanks lines in place: other processes append to the same file, and a line that a crash left half blank is
    /// blanked the next time.
    fn blank(&self, unwanted: impl Fn(&[u8]) -> bool) -> Result<usize, JournalError> {
        let wrap = |source| self.trouble(source);
        let file = OpenOptions::new().read(true).write(true).open(&self.path).map_err(wrap)?;
        let (mut offset, mut blanked) = (0, 0);
        for line in BufReader::new(&file).split(b'\n') {
            let line = line.map_err(wrap)?;
            let is_half = line.starts_with(b" ") && line.iter().any(|byte| *byte != b' ');
            if is_half || unwanted(&line) {
                file.write_all_at(&vec![b' '; line.len()], offset).map_err(wrap)?;
                blanked += 1;
            }
            offset += line.len() as u64 + 1;
        }
        if blanked > 0 {
            file.sync_data().map_err(wrap)?;
        }
        Ok(blanked)
    }

    /// All whole entries, in the order they were written; a line that cannot be read is skipped and counted.
    pub fn read(&self) -> Result<(Vec<Entry>, usize), JournalError> {
        self.read_from(0).map(|lines| (lines.entries, lines.unreadable))
    }

    /// The entries from a place on: the end of a line, as [`Journal::enter`] gave it.
    pub fn read_from(&self, start: u64) -> Result<Lines, JournalError> {
        let wrap = |source| self.trouble(source);
        let mut file = File::open(&self.path).map_err(wrap)?;
        file.seek(SeekFrom::Start(start)).map_err(wrap)?;
        let mut lines = Lines { entries: Vec::new(), unreadable: 0, end: start };
        let mut reader = BufReader::new(file);
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = reader.read_until(b'\n', &mut line).map_err(wrap)?;
            // Half a line is still being written.
            if read == 0 || line.pop() != Some(b'\n') {
                return Ok(lines);
            }
            lines.end += read as u64;
            match serde_json::from_slice(&line) {
                Ok(entry) => lines.entries.push(entry),
                Err(_) if line.iter().all(|byte| *byte == b' ') => {}
                Err(_) => lines.unreadable += 1,
            }
        }
    }

    fn trouble(&self, source: io::Error) -> JournalError {
        JournalError { path: self.path.clone(), source }
    }
}

/// When a line is on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flush {
    /// Before anybody learns of it.
    Now,
    /// Some time: it may be lost in a crash without harm.
    Later,
}

/// A stretch of the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Lines {
    /// Its whole entries.
    pub entries: Vec<Entry>,
    /// How many lines could not be read.
    pub unreadable: usize,
    /// Where it ends.
    pub end: u64,
}

/// The entry of a line, if it may be of one of these events.
fn of_events(line: &[u8], names: &[&str]) -> Option<Entry> {
    names.iter().find_map(|name| of_event(line, name))
}

/// The entry of a line, if it may be of this event. Most lines are not, and are not read.
fn of_event(line: &[u8], name: &str) -> Option<Entry> {
    memchr::memmem::find(line, format!("\"{name}\"").as_bytes())?;
    serde_json::from_slice(line).ok()
}

/// All of it or nothing: on a full disk half a line would swallow the next one. Behind a lock, for a command may append at
/// the same moment, and what is taken back must not be its line.
fn append(file: &mut File, lines: &[u8]) -> io::Result<Range<u64>> {
    // Some network file systems know no locks; nobody else may be there.
    let locked = file.lock().inspect_err(|error| {
        tracing::debug!(%error, "the journal cannot be locked");
    });
    let appended = append_alone(file, lines);
    if locked.is_ok() {
        let _ = file.unlock();
    }
    appended
}

fn append_alone(file: &mut File, lines: &[u8]) -> io::Result<Range<u64>> {
    let before = file.metadata()?.len();
    file.write_all(lines).inspect_err(|_| {
        if let Err(error) = file.set_len(before) {
            tracing::error!(%error, "half a line of the journal could not be taken back");
        }
    })?;
    let end = file.stream_position()?;
    Ok(end.saturating_sub(lines.len() as u64)..end)
}

#[cfg(test)]
mod tests;
