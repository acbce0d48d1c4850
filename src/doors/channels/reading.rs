//! What channels say, taken in: imported from before, found in a queue or a list, or named by a notification.

use std::{collections::HashMap, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;

use super::{Adapter, Booked, Fail, FileRef, Head, MessagePage, Spoken, blocking};
use crate::{
    flow::{clock, gateway::Gateway},
    ground::{
        conversation::{Channel, Side},
        letter::Attachment,
    },
    keep::store::{ConnectionRow, StoreError, Synced},
};

/// What was looked at up to a moment is looked at again for so long: clocks differ, and lists lag behind.
const OVERLAP: SignedDuration = SignedDuration::from_mins(10);
/// So many conversations are read at the same time while importing.
const AT_ONCE: usize = 8;
/// How often a file is asked for before its message is shown without it.
const FILE_TRIES: [Duration; 3] =
    [Duration::ZERO, Duration::from_millis(300), Duration::from_secs(2)];

/// One house of a machine account and what its adapter says of it.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) gateway: Arc<Gateway>,
    pub(super) adapter: Arc<dyn Adapter>,
    pub(super) house: ConnectionRow,
    pub(super) search_every: SignedDuration,
}

/// What was read of a thread: its words, and whether it takes an answer.
struct Thread {
    said: Vec<Spoken>,
    access: Option<(String, bool)>,
    closed: Option<(Channel, String)>,
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
    /// What was there before the connection, once; a page of conversations at a time, so that a crash costs one.
    pub(super) async fn import(&self) -> Result<(), Fail> {
        let mut synced = Synced {
            imported: self.house.imported,
            looked: self.house.looked,
            page: self.house.sync_page.clone(),
            ..Synced::default()
        };
        if synced.page.is_none() {
            (synced.imported, synced.looked) = (0, 0);
        }
        let begun = match self.house.looked_until {
            Some(begun) => begun,
            None => self.looked(clock::now()).await?,
        };
        let desk = self.clone();
        let counting = tokio::spawn(async move { desk.count().await });
        loop {
            let listed = self.adapter.list(&self.house, synced.page.as_deref()).await;
            let listed = match listed {
                // The page of before the crash is no more: from the beginning, then; what is known stays.
                Err(Fail::Refused(_)) if synced.page.take().is_some() => continue,
                listed => listed?,
            };
            let (mut said, mut access, mut closed) = (Vec::new(), Vec::new(), Vec::new());
            for heads in listed.heads.chunks(AT_ONCE) {
                for read in self.threads(heads).await? {
                    said.extend(read.said);
                    access.extend(read.access);
                    closed.extend(read.closed);
                }
            }
            for one in &mut said {
                one.message.source.historical = one.message.source.said_at < begun;
            }
            synced.looked += i64::try_from(listed.heads.len()).unwrap_or(0);
            synced.imported += i64::try_from(said.len()).unwrap_or(i64::MAX);
            self.take(said).await?;
            self.access(access, closed).await?;
            synced.page = listed.next;
            synced.threads = listed.total.or(synced.threads);
            synced.ended_at = synced.page.is_none().then(clock::now);
            let (id, state) = (self.house.id, synced.clone());
            let written = self.gateway.store.write(move |w| w.connection_synced(id, &state)).await;
            written.map_err(ours)?;
            if synced.page.is_none() {
                counting.abort();
                return Ok(());
            }
        }
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

    async fn threads(&self, heads: &[Head]) -> Result<Vec<Thread>, Fail> {
        let mut reading = JoinSet::new();
        for head in heads {
            let (desk, thread) = (self.clone(), head.id.clone());
            reading.spawn(async move { desk.thread(&thread, false).await });
        }
        let mut threads = Vec::new();
        while let Some(read) = reading.join_next().await {
            threads.push(read.map_err(|error| Fail::Ours(error.to_string()))??);
        }
        Ok(threads)
    }

    /// A thread, oldest first; all of it, or back to a page that is known.
    async fn thread(&self, thread: &str, until_known: bool) -> Result<Thread, Fail> {
        let (mut said, mut page, mut access, mut shut) = (Vec::new(), None, None, None);
        loop {
            let found = self.adapter.read(&self.house, thread, page.as_deref()).await?;
            let MessagePage { mut messages, unreadable, next, booking, takes_answers, closed } =
                found;
            shut = closed.or(shut);
            access = takes_answers.map(|takes| (thread.to_owned(), takes)).or(access);
            self.set_aside(unreadable).await?;
            if let Some(booking) = booking {
                self.booked(thread, booking).await?;
            }
            if until_known {
                messages = self.unknown(messages).await?;
            }
            let known = messages.is_empty();
            said.append(&mut messages);
            page = next.filter(|_| !(until_known && known));
            if page.is_none() {
                said.sort_by_key(|one| one.message.source.said_at);
                let closed = shut.map(|channel| (channel, thread.to_owned()));
                return Ok(Thread { said, access, closed });
            }
        }
    }

    /// Reads what is new in a thread that a notification or the list named.
    pub(super) async fn look(&self, thread: &str, was_open: bool) -> Result<(), Fail> {
        let Thread { said, access, closed } = self.thread(thread, true).await?;
        // Words that came after it was closed are to be answered: what was not seen to be closed just now may be old.
        let is_answered = |one: &Spoken| one.message.source.side == Side::Provider;
        let closed = closed.filter(|_| was_open && said.iter().all(is_answered));
        self.take(said).await?;
        self.access(access.into_iter().collect(), closed.into_iter().collect()).await
    }

    /// Looks through the list for conversations that changed; `seen` remembers how they looked.
    pub(super) async fn look_around(
        &self,
        seen: &mut HashMap<String, (String, bool)>,
    ) -> Result<(), Fail> {
        let begun = clock::now();
        let until = self.house.looked_until.unwrap_or(begun);
        let since = until.checked_sub(OVERLAP).unwrap_or(Timestamp::MIN);
        if let Some(search) = self.adapter.search(&self.house, since) {
            // Asked rarely: until then notifications say what is new.
            if begun.duration_since(until) < self.search_every {
                return Ok(());
            }
            for thread in search.await? {
                self.look(&thread, false).await?;
            }
            return self.looked(begun).await.map(drop);
        }
        let (mut page, mut failed) = (None, None);
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
                    Ok(()) => {
                        seen.insert(head.id.clone(), (head.mark.clone(), head.is_closed));
                    }
                    // One that cannot be read does not keep the others waiting.
                    Err(fail @ (Fail::Refused(_) | Fail::Unanswered(_))) => failed = Some(fail),
                    Err(fail) => return Err(fail),
                }
            }
            let all_old = listed.newest_first && listed.heads.iter().all(is_old);
            page = listed.next.filter(|_| !all_old);
            if page.is_none() {
                break;
            }
        }
        match failed {
            Some(fail) => Err(fail),
            None => self.looked(begun).await.map(drop),
        }
    }

    /// Everything up to this moment has been read.
    pub(super) async fn looked(&self, until: Timestamp) -> Result<Timestamp, Fail> {
        let id = self.house.id;
        let written = self.gateway.store.write(move |w| w.connection_looked(id, until)).await;
        written.map_err(ours)?;
        Ok(until)
    }

    /// Whether conversations take an answer, and which were closed; known once they are there.
    async fn access(
        &self,
        access: Vec<(String, bool)>,
        closed: Vec<(Channel, String)>,
    ) -> Result<(), Fail> {
        let (gateway, of) = (Arc::clone(&self.gateway), (self.house.account, self.house.channel));
        blocking(move || {
            let takes = |(thread, takes): &(String, bool)| gateway.note_access(of, thread, !takes);
            access.iter().try_for_each(takes)?;
            closed
                .iter()
                .try_for_each(|(channel, thread)| gateway.note_closed((of.0, *channel), thread))
        })
        .await
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
            Ok::<_, crate::flow::gateway::Trouble>(unknown)
        })
        .await
    }

    /// Fetches the files of what is new, and has it kept and threaded.
    pub(super) async fn take(&self, said: Vec<Spoken>) -> Result<(), Fail> {
        let mut messages = Vec::new();
        for one in self.unknown(said).await? {
            let mut message = one.message;
            for file in &one.files {
                match self.fetch(&message.source.thread, file).await? {
                    Some(attachment) => message.attachments.push(attachment),
                    None => {
                        message.text =
                            format!("{}\n[{}]", message.text, file.name).trim().to_owned();
                    }
                }
            }
            messages.push(message);
        }
        let gateway = Arc::clone(&self.gateway);
        blocking(move || gateway.take_from_channel(&messages).map(drop)).await
    }

    /// `None`: the channel does not give it. Its name is shown then, and the message is not held up.
    async fn fetch(&self, thread: &str, file: &FileRef) -> Result<Option<Attachment>, Fail> {
        for pause in FILE_TRIES {
            tokio::time::sleep(pause).await;
            match self.adapter.fetch(&self.house, thread, file).await {
                Ok(attachment) => return Ok(Some(attachment)),
                Err(Fail::Refused(_)) => break,
                Err(Fail::Unanswered(_) | Fail::Unreachable(_)) => {}
                Err(fail) => return Err(fail),
            }
        }
        tracing::warn!(file = file.name, "a file of a channel's message cannot be fetched");
        Ok(None)
    }

    pub(super) async fn set_aside(&self, unreadable: Vec<serde_json::Value>) -> Result<(), Fail> {
        for given in unreadable {
            let (gateway, brand) = (Arc::clone(&self.gateway), self.house.channel.brand());
            tracing::error!(channel = brand, "a message cannot be read; see failed/");
            let reason = format!("{brand} gave a message that cannot be read");
            blocking(move || gateway.set_aside_from_channel(&given.to_string(), &reason)).await?;
        }
        Ok(())
    }
}

pub(super) fn ours(error: StoreError) -> Fail {
    Fail::Ours(error.to_string())
}
