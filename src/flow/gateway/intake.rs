//! Intake: from the spool into conversations, in batches, one transaction for many messages.
//!
//! read (in parallel) → journal what was heard → one transaction → settle the files → ring the bells. A mail that claims
//! to be somebody's is heard first (is the sender who they say?), in a lane beside: nobody else waits for its DNS.
//! Idempotent on the file name: kill it anywhere, start again, and every file is threaded exactly once and notified
//! exactly once, because the message and the mails it causes are written together.

mod archive;
mod channel;
mod hear;
mod lanes;
mod mode;
mod ota;
mod record;
mod report;
mod speak;
mod thread;
mod translated;

use std::{collections::HashMap, panic, sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use super::{
    Change, Gateway, InHand, Spooled, Trouble, replying::GIVEN_TRANSLATION, setup::IntakeQueue,
};
use crate::{
    flow::clock,
    ground::{
        address::ReplyToken,
        automatic::Hints,
        conversation::{Conversation, Participant},
        key::{ConversationId, OutgoingId},
        letter::Letter,
        outcome::{Answer, End},
        reading::Reading,
        trace::{Door, Trace},
    },
    keep::{
        background,
        journal::{Entry, Event, Journal},
        maildir::SpoolName,
        store::{Hint, Writing},
    },
};
pub(super) use archive::brought;
pub(super) use hear::Heard;
use lanes::{Claim, Lanes};
pub(super) use mode::{Before, Mode};
pub(super) use speak::{expired, release, tell, wrote_again};
pub(super) use thread::{Context, Threading, thread};
pub(super) use translated::{settle, translated};

/// So many files share a transaction at most.
const MAX_BATCH: usize = 128;
/// More bytes are not read at a time: a few hundred large mails must not fill the memory.
const MAX_BATCH_BYTES: u64 = 16 << 20;
/// In a burst, how long a batch waits to grow: a transaction costs about as much as ten mails in it.
const GATHER: Duration = Duration::from_millis(10);
/// A batch this soon after the one before is part of a burst.
const BURST: Duration = Duration::from_millis(20);

/// A file of the spool, read and understood.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) name: SpoolName,
    pub(super) trace: Trace,
    pub(super) letter: Letter,
    pub(super) reading: Reading,
    pub(super) size_bytes: usize,
    /// Carried the read mark before the index was rebuilt.
    pub(super) seen: bool,
    /// The translation of a reply as its author wants it to be read.
    pub(super) given: Option<String>,
    /// What was found out about the sender's authenticity; decided once and journaled.
    pub(super) heard: Heard,
}

/// What the transaction of one file leaves to be done after the commit.
#[derive(Debug, Default)]
pub(super) struct Aftermath {
    pub(super) tokens: Vec<(ReplyToken, ConversationId, Participant)>,
    pub(super) changes: Vec<Change>,
    pub(super) queued: bool,
    pub(super) translate: bool,
    /// Replies whose end nobody knew, and the ids under which their channel shows them.
    pub(super) arrived: Vec<(OutgoingId, String)>,
    /// Conversations a member's mail said need no reply.
    pub(super) done: Vec<Conversation>,
    /// Why the file is set aside instead: it was accepted and belongs nowhere, and somebody must see it.
    pub(super) aside: Option<&'static str>,
    /// Files that were read, because what they ask was answered.
    pub(super) read: Vec<String>,
    /// The conversation it says something of.
    pub(super) concerns: Option<ConversationId>,
    /// It is a message of a conversation.
    pub(super) added: bool,
    /// Mails of its conversation that began to arrive later were threaded before.
    pub(super) overtaken: bool,
}

/// Files that were read, as far as they could be digested, and who waits for them.
struct Batch {
    items: Vec<Item>,
    files: Vec<InHand>,
    waiting: Vec<oneshot::Sender<()>>,
}

/// What reading a batch leaves: what can be threaded, and what is to be heard first.
struct Read {
    batch: Batch,
    claims: Vec<Claim>,
}

/// Drains the spool until cancelled. What waits then is durable and threaded at the next start.
///
/// The next batch is read while the one before is threaded: reading wants processors, threading wants the disk.
pub async fn run(gateway: Arc<Gateway>, queue: IntakeQueue, stop: CancellationToken) {
    let (batches, read) = mpsc::channel(1);
    let (lanes, heard) = Lanes::open(&gateway);
    let threading = tokio::spawn(thread_batches(Arc::clone(&gateway), read, heard));
    read_batches(gateway, queue, stop, batches, lanes).await;
    if let Err(error) = threading.await {
        tracing::error!(%error, "intake ended badly; what is in the spool is threaded at the next start");
    }
}

async fn read_batches(
    gateway: Arc<Gateway>,
    queue: IntakeQueue,
    stop: CancellationToken,
    batches: mpsc::Sender<Batch>,
    lanes: Lanes,
) {
    let IntakeQueue(mut queue) = queue;
    let mut batch = Vec::with_capacity(MAX_BATCH);
    let mut ended: Option<Instant> = None;
    loop {
        let found = tokio::select! {
            found = queue.recv_many(&mut batch, MAX_BATCH) => found,
            () = stop.cancelled() => 0,
        };
        if found == 0 {
            return;
        }
        // A mail that comes alone is threaded at once.
        if ended.is_some_and(|at| at.elapsed() < BURST) && batch.len() < MAX_BATCH / 4 {
            tokio::time::sleep(GATHER).await;
            while batch.len() < MAX_BATCH
                && let Ok(spooled) = queue.try_recv()
            {
                batch.push(spooled);
            }
        }
        while !batch.is_empty() {
            let sizes = batch.iter().map(|spooled| gateway.maildir.size(spooled.file.name()));
            let spooled = batch.drain(..fitting(sizes)).collect();
            let worker = Arc::clone(&gateway);
            match tokio::task::spawn_blocking(move || worker.read_batch(spooled)).await {
                Ok(Read { batch, claims }) => {
                    lanes.hear(claims).await;
                    if batches.send(batch).await.is_err() {
                        return;
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "intake stopped on a batch; its files stay in the spool");
                }
            }
        }
        ended = Some(Instant::now());
    }
}

/// How many of these, from the first, are read together: as many as fit, and one at least.
fn fitting(sizes: impl Iterator<Item = u64>) -> usize {
    let mut total = 0_u64;
    let fits = sizes.take_while(|bytes| {
        total = total.saturating_add(*bytes);
        total <= MAX_BATCH_BYTES
    });
    fits.count().max(1)
}

async fn thread_batches(
    gateway: Arc<Gateway>,
    mut batches: mpsc::Receiver<Batch>,
    mut heard: mpsc::Receiver<(Item, InHand)>,
) {
    let (looks, names) = mpsc::channel(hear::LOOKS_WAITING);
    tokio::spawn(hear::look_again(Arc::clone(&gateway), names));
    loop {
        let batch = tokio::select! {
            batch = batches.recv() => match batch {
                Some(batch) => batch,
                None => return,
            },
            Some((item, file)) = heard.recv() => {
                Batch { items: vec![item], files: vec![file], waiting: Vec::new() }
            }
        };
        let worker = Arc::clone(&gateway);
        let done = tokio::task::spawn_blocking(move || worker.take_in(batch)).await;
        match done {
            Ok(unheard) => {
                // In a flood some are not looked at: it would decide nothing.
                unheard.into_iter().for_each(|name| drop(looks.try_send(name)));
            }
            Err(error) => {
                tracing::error!(%error, "intake stopped on a batch; its files stay in the spool");
            }
        }
    }
}

impl Gateway {
    /// Reads files, and tells those apart whose senders claim to be somebody.
    fn read_batch(&self, spooled: Vec<Spooled>) -> Read {
        let mut waiting = Vec::new();
        let mut files = HashMap::new();
        let mut names = Vec::with_capacity(spooled.len());
        for Spooled { file, threaded } in spooled {
            waiting.extend(threaded);
            names.push(file.name().clone());
            files.insert(file.name().clone(), file);
        }
        let (mut items, mut claims) = (Vec::with_capacity(names.len()), Vec::new());
        for mut item in self.read_all(&names) {
            self.tally.count(&item.reading);
            match self.claim(&mut item) {
                Some(claimed) => {
                    claims.extend(files.remove(&item.name).map(|file| claimed.of(file, &item)));
                }
                None => items.push(item),
            }
        }
        Read { batch: Batch { items, files: files.into_values().collect(), waiting }, claims }
    }

    /// One batch that was read, to the bells. Gives the files whose senders nobody has asked about.
    fn take_in(&self, batch: Batch) -> Vec<SpoolName> {
        let Batch { items, files, waiting } = batch;
        if let Err(error) = self.note_heard(&items) {
            tracing::error!(%error, "the journal cannot be written; the batch stays in the spool");
            return Vec::new();
        }
        let items = Arc::new(items);
        self.thread_items(&items);
        drop(files);
        for answer in waiting {
            let _ = answer.send(());
        }
        items.iter().filter(|item| self.is_unheard(item)).map(|item| item.name.clone()).collect()
    }

    /// Reads and understands files, on two threads when there are many.
    pub(super) fn read_all(&self, names: &[SpoolName]) -> Vec<Item> {
        if names.len() < 4 {
            return names.iter().filter_map(|name| self.read_one(name)).collect();
        }
        let (left, right) = names.split_at(names.len() / 2);
        std::thread::scope(|scope| {
            let halves = [left, right].map(|half| {
                scope.spawn(|| {
                    background::give_way(background::INTAKE);
                    half.iter().filter_map(|name| self.read_one(name)).collect::<Vec<_>>()
                })
            });
            halves.into_iter().flat_map(|half| half.join().unwrap_or_default()).collect()
        })
    }

    /// Reads one file; what cannot be digested is set aside with its reason.
    pub(super) fn read_one(&self, name: &SpoolName) -> Option<Item> {
        let raw = match self.maildir.read(name) {
            Ok(raw) => raw,
            Err(error) => {
                tracing::error!(%error, "a file cannot be read; it stays where it is");
                return None;
            }
        };
        let understood =
            panic::catch_unwind(panic::AssertUnwindSafe(|| self.understand(name, &raw, false)));
        let reason = match understood {
            Ok(Some(item)) => return Some(item),
            Ok(None) => "the file does not begin with a Relais trace".to_owned(),
            Err(_) => "reading this message made Relais panic; please report it".to_owned(),
        };
        self.set_aside(name, &reason);
        None
    }

    pub(super) fn set_aside(&self, name: &SpoolName, reason: &str) {
        tracing::error!(file = name.as_str(), reason, "a message was set aside in failed/");
        if let Err(error) = self.maildir.set_aside(name, reason) {
            tracing::error!(%error, "and could not even be moved there");
        }
    }

    pub(super) fn thread_items(&self, items: &Arc<Vec<Item>>) {
        if let Err(error) = self.thread_batch(items) {
            tracing::warn!(%error, "a batch was not threaded at once; trying its files one by one");
            self.thread_singly(items);
        }
    }

    fn thread_batch(&self, items: &Arc<Vec<Item>>) -> Result<(), Trouble> {
        let (context, journal) = (self.context(), Arc::clone(&self.journal));
        let shared = Arc::clone(items);
        let aftermaths = self.store.write_batch_blocking(move |writing| {
            shared
                .iter()
                .map(|item| thread_live(writing, &context, &journal, item))
                .collect::<Result<Vec<_>, Trouble>>()
        })?;
        for (item, aftermath) in items.iter().zip(aftermaths) {
            self.conclude(item, aftermath);
        }
        Ok(())
    }

    fn thread_singly(&self, items: &Arc<Vec<Item>>) {
        for index in 0..items.len() {
            let (context, journal) = (self.context(), Arc::clone(&self.journal));
            let shared = Arc::clone(items);
            let result = self.store.write_blocking(move |writing| {
                thread_live(writing, &context, &journal, &shared[index])
            });
            match result {
                Ok(aftermath) => self.conclude(&items[index], aftermath),
                // Our trouble, not the message's: it stays in the spool and is tried again.
                Err(error) if error.is_ours() => {
                    tracing::error!(%error, "a message stays in the spool");
                }
                Err(error) => self.set_aside(&items[index].name, &error.to_string()),
            }
        }
    }

    /// What follows the commit of one file.
    fn conclude(&self, item: &Item, aftermath: Aftermath) {
        match aftermath.aside {
            Some(reason) => self.set_aside(&item.name, reason),
            None => self.settle(item),
        }
        self.follow_up(aftermath);
    }

    fn settle(&self, item: &Item) {
        if let Err(error) = self.maildir.settle(&item.name) {
            tracing::warn!(%error, "a threaded file could not be moved to cur/; the next start does it");
        }
    }

    pub(super) fn follow_up(&self, aftermath: Aftermath) {
        self.directory.add_tokens(aftermath.tokens);
        for change in aftermath.changes {
            self.changes.tell(change);
        }
        for (outgoing, id) in aftermath.arrived {
            let answer = Answer { external_ids: vec![id], ..Answer::own("its channel shows it") };
            let event = Event::Ended { outgoing, state: End::Done, answer: Some(answer) };
            // Without this line a rebuilt index says `unknown`, which was true once.
            if let Err(error) = self.journal.note(&[Entry { at: clock::now(), event }]) {
                tracing::warn!(%error, "the end of a reply could not be noted");
            }
        }
        let read = aftermath.read.iter().filter_map(|file| SpoolName::from_file_name(file));
        let read: Vec<_> = read.collect();
        if !read.is_empty()
            && let Err(error) = self.maildir.mark_read(&read, true)
        {
            tracing::warn!(%error, "files that were answered could not be marked as read");
        }
        for state in aftermath.done {
            if let Err(error) = self.tell_channel(&state, Hint::Done) {
                tracing::warn!(%error, "a channel is not told that no reply is needed");
            }
        }
        if aftermath.queued {
            self.outbox_bell.notify_one();
        }
        if aftermath.translate {
            self.translation_bell.notify_one();
        }
    }

    /// What threading needs to know besides the store; owned, because it goes to the writer thread.
    pub(super) fn context(&self) -> Context {
        Context {
            secret: self.secret.clone(),
            identity: self.identity.clone(),
            translator: self.translator(),
        }
    }

    /// The pure part: trace, letter, reading.
    pub(super) fn understand(&self, name: &SpoolName, raw: &[u8], seen: bool) -> Option<Item> {
        let (trace, offset) = Trace::read(raw)?;
        let mut letter = Letter::read(&raw[offset..]);
        let given = given_translation(&trace, &mut letter);
        let smtp = matches!(trace.door, Door::Smtp(_));
        let our_domains = [self.identity.reply_domain.clone()];
        let instance = self.secret.instance();
        let hints = Hints {
            null_reverse_path: smtp.then_some(trace.reverse_path.is_none()),
            // What our own doors rendered carries our ids by right.
            our_domains: if smtp { &our_domains } else { &[] },
            own_instance: smtp.then_some(instance.as_str()),
            account_domains: &[],
        };
        let reading = match &trace.door {
            // Words of a chat have neither quotation nor signature, whatever they look like.
            Door::Channel(source) if !source.by_mail => Reading::whole(&letter, &hints),
            _ => Reading::of(&letter, &hints),
        };
        let heard = Heard::default();
        let size_bytes = raw.len() - offset;
        Some(Item { name: name.clone(), trace, letter, reading, size_bytes, seen, given, heard })
    }
}

/// Threads a file of the spool. That others overtook it is journaled before the commit: a kill leaves a line too many,
/// at the same place, and never one too few.
fn thread_live(
    writing: &Writing<'_>,
    context: &Context,
    journal: &Journal,
    item: &Item,
) -> Result<Aftermath, Trouble> {
    let aftermath = thread(writing, context, item, &Mode::Live)?;
    if aftermath.overtaken {
        let event = Event::Overtaken { spool_name: item.name.as_str().to_owned() };
        journal.note(&[Entry { at: clock::now(), event }])?;
    }
    Ok(aftermath)
}

/// Takes the translation out of a reply that came through our own pages.
fn given_translation(trace: &Trace, letter: &mut Letter) -> Option<String> {
    let Door::Api { .. } = trace.door else { return None };
    let at = letter.attachments.iter().position(|file| file.media_type == GIVEN_TRANSLATION)?;
    Some(String::from_utf8_lossy(&letter.attachments.remove(at).content).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_mails_are_read_a_few_at_a_time() {
        let mib = 1 << 20;
        for (sizes, fits) in [
            (vec![4 * mib; 10], 4),
            (vec![30 * mib, 1], 1),
            (vec![mib, 30 * mib], 1),
            (vec![4096; 128], 128),
            (vec![0, u64::MAX, 1], 1),
        ] {
            assert_eq!(fitting(sizes.iter().copied()), fits, "{sizes:?}");
        }
    }
}
