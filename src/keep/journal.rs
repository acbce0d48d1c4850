//! The journal: what a mail cannot carry, appended beside the Maildir and flushed before it is answered.
//!
//! One JSON object a line. `reindex` replays it between the mails in the order of time. A line cut by a crash was
//! never answered: reading stops there and the next append starts on a fresh line.

use std::{
    collections::{HashMap, HashSet},
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader, Seek, SeekFrom, Write},
    ops::Range,
    os::unix::fs::{FileExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ground::{
    account::{Account, Member},
    audit::Action,
    conversation::Channel,
    form::FormRules,
    key::{AccountId, ConversationId, MemberId, MessageKey, OutgoingId},
    language::Language,
    outcome::{Answer, End},
    stay,
    translation::{GlossaryEntry, Settled, Translation, Unit},
};

/// One entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// When it was decided.
    pub at: Timestamp,
    /// What was decided.
    #[serde(flatten)]
    pub event: Event,
}

/// What a mail cannot carry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// An account was made or changed.
    Account(Account),
    /// A member was added or changed.
    Member(Member),
    /// A member was removed.
    MemberRemoved {
        /// Who.
        member: MemberId,
    },
    /// What was found out about a mail that claims to be a member's; never asked again.
    Heard {
        /// The file.
        spool_name: String,
        /// The author's address may be believed.
        authentic: bool,
        /// Why (not).
        evidence: String,
        /// DMARC passed.
        #[serde(default)]
        dmarc: bool,
        /// The domains that vouch for it, aligned or not.
        #[serde(default)]
        proven: Vec<String>,
    },
    /// A mail was threaded although others of its conversation that began to arrive later had been threaded before: its
    /// sender had to be proven, or it was long on its way. A rebuild threads it here.
    Overtaken {
        /// The file.
        spool_name: String,
    },
    /// A member wants mail from this address, vouched for by this domain, to count as theirs.
    SenderRemembered {
        /// Whose.
        member: MemberId,
        /// The author's address.
        address: String,
        /// The domain of the SPF or DKIM pass.
        domain: String,
    },
    /// Somebody said "no reply needed".
    Done {
        /// Where.
        conversation: ConversationId,
        /// The message its author saw last: words of the visitor threaded after it are news. Older lines have none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        latest: Option<MessageKey>,
    },
    /// A conversation was closed or opened again.
    Closed {
        /// Where.
        conversation: ConversationId,
        /// Closed, or open again.
        closed: bool,
        /// The message its author saw last: words of the visitor threaded after it are news. Older lines have none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        latest: Option<MessageKey>,
    },
    /// A conversation was deleted, recoverably.
    Deleted {
        /// Which.
        conversation: ConversationId,
        /// The message its author saw last: words of the visitor threaded after it are news. Older lines have none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        latest: Option<MessageKey>,
    },
    /// A person looked at a conversation that seemed to be a loop of machines and says: go on.
    Released {
        /// Which.
        conversation: ConversationId,
    },
    /// A deleted conversation was taken back.
    Restored {
        /// Which.
        conversation: ConversationId,
    },
    /// A conversation is gone for good; its files are removed after this line is durable.
    Purged {
        /// Which.
        conversation: ConversationId,
        /// What it held: their words go from the journal too.
        #[serde(default)]
        messages: Vec<MessageKey>,
        /// What channels know it by: they still have it, and would give it again.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        threads: Vec<PurgedThread>,
    },
    /// Two conversations were made one; mail to the first goes to the second.
    Merged {
        /// Which is no more.
        conversation: ConversationId,
        /// What it became part of.
        into: ConversationId,
    },
    /// Messages were put into another conversation, or, when it is new, split off.
    Moved {
        /// Where they were.
        conversation: ConversationId,
        /// Where they are.
        into: ConversationId,
        /// Which.
        messages: Vec<MessageKey>,
    },
    /// A held reply was decided by its member.
    HoldDecided {
        /// The held message.
        message: MessageKey,
        /// Sent, or thrown away.
        send: bool,
    },
    /// A reply was taken back by its author before it left.
    ReplyTakenBack {
        /// Which.
        message: MessageKey,
    },
    /// A message was translated, or could not be.
    Translated {
        /// Which.
        message: MessageKey,
        /// Both languages, the text, what was checked.
        translation: Translation,
    },
    /// What became of a reply that was to be translated.
    ReplySettled {
        /// Which.
        message: MessageKey,
        /// The language it was written in.
        from: Language,
        /// The visitor's.
        to: Language,
        /// How it left, if it did.
        how: Settled,
    },
    /// The visitor chose the language they read.
    LanguageChosen {
        /// Where.
        conversation: ConversationId,
        /// The language.
        language: Language,
    },
    /// A person set the language of a conversation by hand, or (nothing) left it to what the visitor writes again.
    LanguageSet {
        /// Where.
        conversation: ConversationId,
        /// The language.
        language: Option<Language>,
    },
    /// A person said how segments are to be translated, facts hidden.
    Remembered {
        /// Whose memory.
        account: AccountId,
        /// The segments.
        units: Vec<Unit>,
    },
    /// A term of the glossary was set, or taken out (empty).
    Glossary {
        /// Whose glossary.
        account: AccountId,
        /// The term.
        #[serde(flatten)]
        entry: GlossaryEntry,
    },
    /// A mail from this house reached an end: never to be sent again by a rebuilt index.
    Ended {
        /// Which row of the outbox.
        outgoing: OutgoingId,
        /// How.
        state: End,
        /// What the other side said.
        #[serde(default)]
        answer: Option<Answer>,
    },
    /// What an account wants of its contact form.
    FormRules {
        /// Whose.
        account: AccountId,
        /// The rules.
        rules: FormRules,
    },
    /// Somebody decided that mail may be sent to an address again.
    SuppressionLifted {
        /// Which, folded.
        address: String,
    },
    /// A connection was made or changed.
    Connection(KeptConnection),
    /// A connection was forgotten.
    ConnectionRemoved {
        /// Which.
        connection: i64,
    },
    /// The house wanted to write first in a thread in which nothing was said yet.
    Opened(OpenedThread),
    /// A thread of a channel turned out to belong to a reservation.
    Booked {
        /// Whose.
        account: AccountId,
        /// On which platform.
        channel: Channel,
        /// The channel's id of the thread.
        thread: String,
        /// The reservation.
        reservation: String,
        /// The visitor, if the channel says.
        #[serde(default)]
        name: Option<String>,
    },
    /// A channel says when the stay of a reservation is.
    Stay {
        /// Whose.
        account: AccountId,
        /// On which platform.
        channel: Channel,
        /// The reservation.
        reservation: String,
        /// Its days.
        stay: stay::Stay,
        /// Who booked, if the channel says.
        #[serde(default)]
        name: Option<String>,
    },
    /// A channel takes no answer in a thread, or takes one again.
    ReadOnly {
        /// Whose.
        account: AccountId,
        /// On which platform.
        channel: Channel,
        /// The channel's id of the thread.
        thread: String,
        /// Since when.
        since: Option<Timestamp>,
    },
    /// Somebody did something: the audit log.
    Acted(Action),
    /// A reply from this house is late, and its author was told.
    Late {
        /// Which row of the outbox.
        outgoing: OutgoingId,
        /// What the other side said.
        answer: Answer,
    },
}

impl Entry {
    /// Was its time taken when the line was written? Ends of deliveries are written once they can be recorded,
    /// translations have had the time of the question, and what is purged together has one time.
    pub fn is_stamped_when_written(&self) -> bool {
        !matches!(
            self.event,
            Event::Heard { .. }
                | Event::Ended { .. }
                | Event::Late { .. }
                | Event::Translated { .. }
                | Event::Purged { .. }
        )
    }
}

impl Event {
    /// Is it to be carried out, or does it only tell what the store learnt otherwise?
    pub fn is_to_do(&self) -> bool {
        !matches!(
            self,
            Event::Heard { .. }
                | Event::Ended { .. }
                | Event::Late { .. }
                | Event::Overtaken { .. }
        )
    }
}

/// A channel's thread in which nothing was said yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct OpenedThread {
    pub account: AccountId,
    pub channel: Channel,
    /// Through which it is answered.
    pub connection: i64,
    pub thread: String,
    pub reservation: String,
    #[serde(default)]
    pub name: Option<String>,
}

impl OpenedThread {
    /// The conversation that is opened, if none was known.
    pub fn conversation(&self) -> ConversationId {
        ConversationId::of(&[
            b"opened",
            &self.account.0.to_be_bytes(),
            self.channel.brand().as_bytes(),
            self.thread.as_bytes(),
        ])
    }
}

/// A channel's thread of which everything said before a moment was removed here for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct PurgedThread {
    pub account: AccountId,
    pub channel: Channel,
    pub thread: String,
    pub until: Timestamp,
}

/// A connection as it is kept: its secret is sealed with the house's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as the columns in schema.sql say")]
pub struct KeptConnection {
    pub id: i64,
    pub account: AccountId,
    pub channel: Channel,
    pub machine: String,
    pub property: String,
    pub url: String,
    pub token_url: String,
    /// Base64.
    pub sealed: String,
    pub paused: bool,
}

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
        let gone = Gone::of(&self.of_events(&["purged", "opened", "booked"])?);
        self.blank(|line| {
            let entry = of_events(line, &["translated", "opened", "booked", "stay"]);
            entry.is_some_and(|entry| gone.has(&entry))
        })
    }

    /// Does it tell of a conversation that no mail has begun?
    pub fn has_opened(&self) -> Result<bool, JournalError> {
        let found = self.of_events(&["opened"])?;
        Ok(found.iter().any(|entry| matches!(entry.event, Event::Opened(_))))
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

/// What of the journal is about conversations that are gone for good, and until when it was.
#[derive(Debug, Default)]
struct Gone {
    messages: HashSet<MessageKey>,
    conversations: HashMap<ConversationId, Timestamp>,
    threads: HashMap<Thread, Timestamp>,
    reservations: HashMap<Thread, Timestamp>,
}

/// What a channel calls a thread, or a reservation.
type Thread = (AccountId, Channel, String);

impl Gone {
    fn of(entries: &[Entry]) -> Self {
        let mut gone = Gone::default();
        for Entry { at, event } in entries {
            let Event::Purged { conversation, messages, threads } = event else { continue };
            gone.messages.extend(messages);
            gone.conversations.insert(*conversation, *at);
            let named = |one: &PurgedThread| (one.account, one.channel, one.thread.clone());
            gone.threads.extend(threads.iter().map(|one| (named(one), *at)));
        }
        let mut kept = HashSet::new();
        for entry in entries {
            let reservation = match &entry.event {
                Event::Opened(one) => (one.account, one.channel, one.reservation.clone()),
                Event::Booked { account, channel, reservation, .. } => {
                    (*account, *channel, reservation.clone())
                }
                _ => continue,
            };
            match gone.end_of(&entry.event) {
                Some(end) if entry.at <= end => {
                    gone.reservations.insert(reservation, end);
                }
                _ => {
                    kept.insert(reservation);
                }
            }
        }
        gone.reservations.retain(|reservation, _| !kept.contains(reservation));
        gone
    }

    fn has(&self, entry: &Entry) -> bool {
        match &entry.event {
            Event::Translated { message, .. } => self.messages.contains(message),
            // What was said after the purge is of a new conversation.
            other => self.end_of(other).is_some_and(|end| entry.at <= end),
        }
    }

    /// When the conversation was removed that this is about.
    fn end_of(&self, event: &Event) -> Option<Timestamp> {
        let end = match event {
            Event::Opened(one) => {
                let thread = (one.account, one.channel, one.thread.clone());
                self.threads.get(&thread).or_else(|| self.conversations.get(&one.conversation()))
            }
            Event::Booked { account, channel, thread, .. } => {
                self.threads.get(&(*account, *channel, thread.clone()))
            }
            Event::Stay { account, channel, reservation, .. } => {
                self.reservations.get(&(*account, *channel, reservation.clone()))
            }
            _ => None,
        };
        end.copied()
    }
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

/// All of it or nothing: on a full disk half a line would swallow the next one.
fn append(file: &mut File, lines: &[u8]) -> io::Result<Range<u64>> {
    let before = file.metadata()?.len();
    file.write_all(lines).inspect_err(|_| {
        if let Err(error) = file.set_len(before) {
            tracing::error!(%error, "half a line of the journal could not be taken back");
        }
    })?;
    // Others append too: only now it is sure where these stand.
    let end = file.stream_position()?;
    Ok(end.saturating_sub(lines.len() as u64)..end)
}

#[cfg(test)]
mod tests;
