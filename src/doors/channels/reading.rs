//! What channels say, taken in: imported from before, found in a queue or a list, or named by a notification.

use std::{collections::HashMap, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio::task::JoinSet;

use super::{
    adapter::{Adapter, Booked, Doing, Fail, FileRef, Head, MessagePage, Spoken, UNREADABLE},
    blocking,
    later::{Later, Work},
    marks::Marks,
};
use crate::{
    flow::{
        clock,
        gateway::{ChannelMessage, Gateway, Trouble},
    },
    ground::{
        conversation::{Channel, Side},
        letter::Attachment,
        thread_address::Through,
    },
    keep::store::{ConnectionRow, StoreError, Synced},
};

/// What was looked at up to a moment is looked at again for so long: clocks differ, and lists lag behind.
const OVERLAP: SignedDuration = SignedDuration::from_mins(10);
/// So many conversations are read at the same time while importing.
const AT_ONCE: usize = 8;
/// So many conversations that wait are looked at again.
const WAITING_AT_MOST: usize = 20;
/// How often a file is asked for before its message is shown without it.
const FILE_TRIES: [Duration; 3] =
    [Duration::ZERO, Duration::from_millis(300), Duration::from_secs(2)];

/// What was said longer ago than this is not told, when all is imported anew.
const STALE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// So many messages of an import are kept together.
const AT_A_TIME: usize = 200;
/// Messages with so many bytes of files are kept before more are fetched.
const FILES_AT_A_TIME: usize = 8 << 20;
/// A request that has to wait for longer than this is given up.
pub(super) const PATIENT: Duration = Duration::from_secs(60);
/// And one that had to wait for so long in all.
const PATIENT_IN_ALL: Duration = Duration::from_secs(600);
/// People are told of a longer wait.
const TOLD: Duration = Duration::from_secs(2);
/// Nobody is asked again sooner, whatever they say.
const AT_LEAST: Duration = Duration::from_millis(100);
/// How often a request to read is repeated that had no answer, and after how long.
const READ_TRIES: [Duration; 2] = [Duration::from_millis(300), Duration::from_secs(2)];

/// One house of a machine account and what its adapter says of it.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) gateway: Arc<Gateway>,
    pub(super) adapter: Arc<dyn Adapter>,
    pub(super) house: ConnectionRow,
    pub(super) search_every: SignedDuration,
    pub(super) marks: Arc<Marks>,
}

/// What was read of a thread: its words, and how it stands with it.
struct Thread {
    id: String,
    said: Vec<Spoken>,
    takes_answers: Option<bool>,
    closed: Option<Channel>,
    /// On which platform, and whether it is done there.
    done: Option<(Channel, bool)>,
    /// The visitor's newest message there.
    newest: Option<String>,
    /// The platform, and the road that was read.
    road: Option<(Channel, Through)>,
}

/// What a page says of the thread besides its words; the first page has the newest.
fn note_standing(read: &mut Thread, page: &MessagePage) {
    read.closed = page.closed.or(read.closed);
    read.takes_answers = page.takes_answers.or(read.takes_answers);
    let mut sources = page.messages.iter().map(|one| &one.message.source);
    let Some(first) = sources.clone().next().filter(|_| read.road.is_none()) else { return };
    read.road = first.through.map(|through| (first.channel, through));
    read.done = page.is_done.map(|is_done| (first.channel, is_done));
    let visitors = sources.find(|one| one.side == Side::Visitor && !one.system);
    read.newest = visitors.map(|one| one.id.clone());
}

/// Everything said in a thread since a moment.
pub(super) async fn since(
    adapter: &dyn Adapter,
    house: &ConnectionRow,
    thread: &str,
    since: Timestamp,
) -> Result<Vec<Spoken>, Fail> {
    let (mut said, mut page) = (Vec::new(), None);
    loop {
        let found = adapter.read(house, thread, page.as_deref()).await?;
        let all_old = found.messages.iter().all(|one| one.message.source.said_at < since);
        said.extend(found.messages.into_iter().filter(|m| m.message.source.said_at >= since));
        page = found.next.filter(|_| !all_old);
        if page.is_none() {
            return Ok(said);
        }
    }
}

impl Desk {
    /// Asks once more for what was not given this moment: what was read before it is not read again.
    async fn patiently<'a, T>(&self, ask: impl Fn() -> Doing<'a, T>) -> Result<T, Fail> {
        let mut pauses = READ_TRIES.iter();
        let mut waited = Duration::ZERO;
        loop {
            let pause = match ask().await {
                Err(Fail::Throttled(wait)) if wait <= PATIENT && waited < PATIENT_IN_ALL => {
                    if wait >= TOLD {
                        self.tell(&Fail::Throttled(wait)).await?;
                    }
                    waited += wait.max(AT_LEAST);
                    wait.max(AT_LEAST)
                }
                Err(fail @ (Fail::Unanswered(_) | Fail::Unreachable(_))) => match pauses.next() {
                    Some(pause) => *pause,
                    None => return Err(fail),
                },
                done => return done,
            };
            tokio::time::sleep(pause).await;
        }
    }

    /// Says why nothing comes, while it does not.
    async fn tell(&self, fail: &Fail) -> Result<(), Fail> {
        let (gateway, house, why) =
            (Arc::clone(&self.gateway), self.house.clone(), fail.to_string());
        blocking(move || gateway.note_poll(&house, Some(&why), None)).await
    }

    /// Is what was there before still to be imported?
    pub(super) fn is_new(&self) -> bool {
        self.house.synced_at.is_none()
    }

    /// What a new connection finds is from before, unless it was said after this moment.
    pub(super) async fn begin(&mut self) -> Result<(), Fail> {
        if self.is_new() && self.house.looked_until.is_none() {
            let (gateway, house) = (Arc::clone(&self.gateway), self.house.clone());
            let begun = blocking(move || gateway.news_since(house.account, house.id)).await?;
            self.house.looked_until = Some(self.looked(begun).await?);
        }
        Ok(())
    }

    /// A page of what was there before the connection: a crash costs one, and another house's messages wait for one.
    /// Gives why one of its conversations cannot be read now.
    pub(super) async fn import(&self) -> Result<Option<Fail>, Fail> {
        let mut synced = Synced {
            imported: self.house.imported,
            looked: self.house.looked,
            page: self.house.sync_page.clone(),
            ..Synced::default()
        };
        let is_first = synced.page.is_none();
        if is_first {
            (synced.imported, synced.looked) = (0, 0);
        }
        let page = synced.page.as_deref();
        let listed = self.patiently(|| self.adapter.list(&self.house, page)).await;
        if let Err(Fail::Refused(_)) = listed
            && !is_first
        {
            // The page of before the crash is no more: from the beginning, then; what is known stays.
            self.synced(Synced::default()).await?;
        }
        let listed = listed?;
        let (mut said, mut standings) = (Vec::new(), Vec::new());
        let mut failed = None;
        for heads in listed.heads.chunks(AT_ONCE) {
            let (threads, unread) = self.threads(heads).await?;
            failed = unread.or(failed);
            for mut read in threads {
                said.append(&mut read.said);
                standings.push(read);
            }
            if said.len() >= AT_A_TIME {
                synced.imported += i64::try_from(said.len()).unwrap_or(i64::MAX);
                self.take(std::mem::take(&mut said)).await?;
            }
        }
        synced.imported += i64::try_from(said.len()).unwrap_or(i64::MAX);
        self.take(said).await?;
        // What was said since, and what was done about it, is told apart later.
        self.stands(standings, false).await?;
        synced.looked += i64::try_from(listed.heads.len()).unwrap_or(0);
        synced.page = listed.next;
        synced.threads = listed.total;
        synced.ended_at = synced.page.is_none().then(clock::now);
        if is_first && synced.page.is_some() {
            let desk = self.clone();
            tokio::spawn(async move { desk.count().await });
        }
        self.synced(synced).await?;
        Ok(failed)
    }

    async fn synced(&self, synced: Synced) -> Result<(), Fail> {
        let id = self.house.id;
        let written = self.gateway.store.write(move |w| w.connection_synced(id, &synced)).await;
        written.map_err(ours)
    }

    /// How many conversations there are, for people who wait. Where the channel does not say it, its list is gone
    /// through meanwhile; if that fails, nobody knows.
    async fn count(&self) -> Result<(), Fail> {
        let (mut count, mut page) = (0, None);
        loop {
            let listed = self.adapter.list(&self.house, page.as_deref()).await?;
            count += listed.heads.len();
            page = listed.next.filter(|_| listed.total.is_none());
            if page.is_none() {
                let there = i64::try_from(count).unwrap_or(i64::MAX);
                let (id, there) = (self.house.id, listed.total.unwrap_or(there));
                let write = self.gateway.store.write(move |w| w.connection_counted(id, there));
                return write.await.map_err(ours);
            }
        }
    }

    /// These conversations, and why one of them cannot be read now. It keeps none of the others waiting: it is noted as
    /// something to read.
    async fn threads(&self, heads: &[Head]) -> Result<(Vec<Thread>, Option<Fail>), Fail> {
        let mut reading = JoinSet::new();
        for head in heads {
            let (desk, thread) = (self.clone(), head.id.clone());
            reading.spawn(async move {
                let read = desk.thread(&thread, false).await;
                (thread, read)
            });
        }
        let (mut threads, mut failed) = (Vec::new(), None);
        while let Some(read) = reading.join_next().await {
            match read.map_err(|error| Fail::Ours(error.to_string()))? {
                (_, Ok(read)) => threads.push(read),
                (thread, Err(fail @ (Fail::Unanswered(_) | Fail::Refused(_)))) => {
                    self.look_later(vec![thread]).await?;
                    failed = Some(fail);
                }
                (_, Err(fail)) => return Err(fail),
            }
        }
        Ok((threads, failed))
    }

    /// A thread, oldest first; all of it, or back to a page that is known.
    async fn thread(&self, thread: &str, until_known: bool) -> Result<Thread, Fail> {
        let mut read = Thread {
            id: thread.to_owned(),
            said: Vec::new(),
            takes_answers: None,
            closed: None,
            done: None,
            newest: None,
            road: None,
        };
        let mut page = None;
        loop {
            let name = page.as_deref();
            let found = self.patiently(|| self.adapter.read(&self.house, thread, name)).await?;
            note_standing(&mut read, &found);
            let MessagePage { mut messages, unreadable, next, booking, .. } = found;
            self.set_aside(unreadable.into_iter().map(|one| (one, UNREADABLE)).collect()).await?;
            if let Some(booking) = booking {
                self.booked(thread, booking).await?;
            }
            if until_known {
                messages = self.unknown(messages).await?;
            }
            let known = messages.is_empty();
            read.said.append(&mut messages);
            page = next.filter(|_| !(until_known && known));
            if page.is_none() {
                // Of one moment of a coarse clock the channel's own order counts, which is newest first.
                read.said.reverse();
                read.said.sort_by_key(|one| one.message.source.said_at);
                return Ok(read);
            }
        }
    }

    /// Reads what is new in a thread that a notification or the list named.
    pub(super) async fn look(&self, thread: &str, was_open: bool) -> Result<(), Fail> {
        let mut read = self.thread(thread, true).await?;
        let said = std::mem::take(&mut read.said);
        // Words that came after it was closed are to be answered: what was not seen to be closed just now may be old.
        let is_answered = |one: &Spoken| one.message.source.side == Side::Provider;
        read.closed = read.closed.filter(|_| was_open && said.iter().all(is_answered));
        self.take(said).await?;
        self.stands(vec![read], true).await
    }

    /// Looks through the list for conversations that changed; `seen` remembers how they looked.
    pub(super) async fn look_around(
        &self,
        seen: &mut HashMap<String, (String, bool)>,
    ) -> Result<(), Fail> {
        let begun = clock::now();
        let since = self.looked_since(begun);
        let mut page = None;
        loop {
            let listed = self.adapter.list(&self.house, page.as_deref()).await?;
            let is_old = |head: &Head| head.changed_at.is_some_and(|at| at < since);
            for head in listed.heads.iter().filter(|head| !is_old(head)) {
                let before = seen.get(&head.id);
                if before.is_some_and(|(mark, _)| *mark == head.mark) {
                    continue;
                }
                let was_open = before.is_some_and(|(_, closed)| !closed);
                match self.look(&head.id, was_open).await {
                    // One that cannot be read keeps the others not waiting: it is asked for once more as if it had been
                    // notified. What gives no answer then is asked for again and again, what is refused no more.
                    Err(Fail::Refused(_) | Fail::Unanswered(_)) => {
                        self.look_later(vec![head.id.clone()]).await?;
                    }
                    looked => looked?,
                }
                seen.insert(head.id.clone(), (head.mark.clone(), head.is_closed));
            }
            let all_old = listed.newest_first && listed.heads.iter().all(is_old);
            page = listed.next.filter(|_| !all_old);
            if page.is_none() {
                break;
            }
        }
        if self.is_new() { Ok(()) } else { self.looked(begun).await.map(drop) }
    }

    fn looked_since(&self, now: Timestamp) -> Timestamp {
        let until = self.house.looked_until.unwrap_or(now);
        until.checked_sub(OVERLAP).unwrap_or(Timestamp::MIN)
    }

    /// Is the channel to be searched for what its notifications missed? Where it can be, it is not looked through.
    pub(super) fn search_is_due(&self) -> Option<bool> {
        let now = clock::now();
        drop(self.adapter.search(&self.house, self.looked_since(now))?);
        // Asked rarely: until then notifications say what is new.
        let until = self.house.looked_until.unwrap_or(now);
        Some(now.duration_since(until) >= self.search_every)
    }

    /// Searches for it, which takes minutes; what is found is noted as something to read.
    pub(super) async fn search(&self) -> Result<(), Fail> {
        let begun = clock::now();
        if let Some(search) = self.adapter.search(&self.house, self.looked_since(begun)) {
            self.look_later(search.await?).await?;
            self.looked(begun).await?;
        }
        Ok(())
    }

    async fn look_later(&self, threads: Vec<String>) -> Result<(), Fail> {
        let (gateway, id) = (Arc::clone(&self.gateway), self.house.id);
        blocking(move || gateway.hint(id, threads)).await
    }

    /// Everything up to this moment has been read.
    pub(super) async fn looked(&self, until: Timestamp) -> Result<Timestamp, Fail> {
        let id = self.house.id;
        let written = self.gateway.store.write(move |w| w.connection_looked(id, until)).await;
        written.map_err(ours)?;
        Ok(until)
    }

    /// How it stands with conversations there; known once they are here. What somebody did there counts now, or later.
    async fn stands(&self, threads: Vec<Thread>, counts: bool) -> Result<(), Fail> {
        let (gateway, of) = (Arc::clone(&self.gateway), (self.house.account, self.house.channel));
        let (marks, house) = (Arc::clone(&self.marks), self.house.id);
        blocking(move || {
            for Thread { id, takes_answers, closed, done, newest, road, .. } in threads {
                if let Some(takes) = takes_answers {
                    gateway.note_access(of, &id, !takes)?;
                }
                if let Some((channel, through)) = road {
                    gateway.note_road((of.0, channel), &id, through)?;
                }
                if let Some(channel) = closed {
                    gateway.note_closed((of.0, channel), &id, newest.as_deref())?;
                }
                if let Some((channel, is_done)) = done
                    && (counts || !marks.knows(house, &id))
                {
                    let look = (is_done, newest);
                    if marks.is_turned(house, &id, &look) {
                        gateway.note_done((of.0, channel), &id, look.1.as_deref())?;
                    }
                    // Not before: what could not be written is seen once more.
                    marks.note(house, &id, look);
                }
            }
            Ok::<_, Trouble>(())
        })
        .await
    }

    /// Looks at what waits for an answer here: somebody may have said there that none is needed. All of it, or what was
    /// never looked at. A courtesy: what is new in it comes by other ways, so what cannot be read is left alone for a
    /// while, and a channel that gives no answer is asked no further.
    pub(super) async fn look_at_waiting(&self, all: bool, later: &Later) -> Result<(), Fail> {
        if !self.adapter.tells_done() || self.is_new() {
            return Ok(());
        }
        let (gateway, account, id) = (Arc::clone(&self.gateway), self.house.account, self.house.id);
        let most = if all { usize::MAX } else { WAITING_AT_MOST };
        let waiting =
            blocking(move || gateway.store.read(|r| r.waiting_through(account, id, most))).await?;
        if all {
            self.marks.keep_waiting(id, &waiting);
            later.keep_waiting(id, &waiting);
        }
        for thread in waiting.into_iter().take(WAITING_AT_MOST) {
            let work = Work::Waiting(thread.clone());
            if later.why(id, &work).is_some() || !all && self.marks.knows(id, &thread) {
                continue;
            }
            match self.look(&thread, false).await {
                Ok(()) => later.done(id, &work),
                Err(Fail::Refused(_)) => self.marks.failed(id, &thread),
                Err(Fail::Unanswered(why)) => {
                    self.marks.failed(id, &thread);
                    later.failed(id, &work, &why);
                    break;
                }
                Err(fail) => return Err(fail),
            }
        }
        Ok(())
    }

    /// What the channel says of reservations to come, for the conversations there are about them.
    pub(super) async fn reserved(&self) -> Result<(), Fail> {
        let Some(asked) = self.adapter.reserved(&self.house) else { return Ok(()) };
        let reserved = asked.await?;
        let (gateway, of) = (Arc::clone(&self.gateway), (self.house.account, self.house.channel));
        blocking(move || {
            reserved.iter().try_for_each(|one| {
                gateway.note_stay(of, &one.reservation, one.stay, one.name.as_deref())
            })
        })
        .await
    }

    async fn booked(&self, thread: &str, booking: Booked) -> Result<(), Fail> {
        let (gateway, account) = (Arc::clone(&self.gateway), self.house.account);
        let thread = thread.to_owned();
        blocking(move || {
            let of = (account, booking.channel);
            gateway.note_booking(of, &thread, &booking.reservation, booking.name.as_deref())
        })
        .await
    }

    async fn unknown(&self, said: Vec<Spoken>) -> Result<Vec<Spoken>, Fail> {
        let gateway = Arc::clone(&self.gateway);
        blocking(move || {
            let mut unknown = Vec::new();
            for one in said {
                if !gateway.knows_from_channel(&one.message.source)? {
                    unknown.push(one);
                }
            }
            Ok::<_, Trouble>(unknown)
        })
        .await
    }

    /// What was said before this moment is nobody's news: it is from before the connection. Gone through once more, a
    /// list shows what was missed since, and that is news, unless nobody would answer it any more.
    fn news_since(&self) -> Option<Timestamp> {
        let Some(connected) = self.house.connected_at else {
            return self.house.looked_until.filter(|_| self.is_new());
        };
        let stale = clock::now().checked_sub(STALE).ok().filter(|_| self.is_new());
        Some(stale.map_or(connected, |stale| stale.max(connected)))
    }

    /// Fetches the files of what is new, and has it kept and threaded; so many bytes of files at a time.
    async fn take(&self, said: Vec<Spoken>) -> Result<(), Fail> {
        self.take_since(self.news_since(), said).await
    }

    /// What waited in the queue is news whenever it was said, for nobody has seen it; but while all is imported it is
    /// what the import would bring.
    pub(super) async fn take_queued(&self, said: Vec<Spoken>) -> Result<(), Fail> {
        self.take_since(self.news_since().filter(|_| self.is_new()), said).await
    }

    async fn take_since(
        &self,
        news_since: Option<Timestamp>,
        said: Vec<Spoken>,
    ) -> Result<(), Fail> {
        let (mut messages, mut bytes) = (Vec::new(), 0);
        for one in self.unknown(said).await? {
            let mut message = one.message;
            message.source.historical =
                news_since.is_some_and(|since| message.source.said_at < since);
            for file in &one.files {
                match self.fetch(&message.source.thread, file).await? {
                    Some(attachment) => {
                        bytes += attachment.content.len();
                        message.attachments.push(attachment);
                    }
                    None => {
                        message.text =
                            format!("{}\n[{}]", message.text, file.name).trim().to_owned();
                    }
                }
            }
            messages.push(message);
            if bytes >= FILES_AT_A_TIME {
                self.keep(std::mem::take(&mut messages)).await?;
                bytes = 0;
            }
        }
        self.keep(messages).await
    }

    async fn keep(&self, messages: Vec<ChannelMessage>) -> Result<(), Fail> {
        let gateway = Arc::clone(&self.gateway);
        blocking(move || gateway.take_from_channel(&messages).map(drop)).await
    }

    /// `None`: the channel does not give it. Its name is shown then, and the message is not held up.
    async fn fetch(&self, thread: &str, file: &FileRef) -> Result<Option<Attachment>, Fail> {
        for pause in FILE_TRIES {
            tokio::time::sleep(pause).await;
            match self.patiently(|| self.adapter.fetch(&self.house, thread, file)).await {
                Ok(attachment) => return Ok(Some(attachment)),
                Err(Fail::Refused(_)) => break,
                Err(Fail::Unanswered(_) | Fail::Unreachable(_)) => {}
                Err(fail) => return Err(fail),
            }
        }
        tracing::warn!(file = file.name, "a file of a channel's message cannot be fetched");
        Ok(None)
    }

    pub(super) async fn set_aside(&self, unreadable: Vec<(Value, &str)>) -> Result<(), Fail> {
        for (given, why) in unreadable {
            let (gateway, brand) = (Arc::clone(&self.gateway), self.house.channel.brand());
            let reason = format!("{brand} gave a message {why}");
            tracing::error!(reason, "a message was set aside; see failed/");
            blocking(move || gateway.set_aside_from_channel(&given.to_string(), &reason)).await?;
        }
        Ok(())
    }
}

pub(super) fn ours(error: StoreError) -> Fail {
    Fail::Ours(error.to_string())
}
