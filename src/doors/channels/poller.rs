//! The pollers: one for each machine account, whatever houses it serves.
//!
//! Each round reads what notifications named, imports a page of what was there before a new connection, then empties
//! the queue or looks through the list. A round of one account never waits for another's, nor a house for the import of
//! another.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, PoisonError},
    time::Duration,
};

use tokio::{
    task::{self, JoinSet},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use super::{
    Channels, RARELY, Resting,
    adapter::{Fail, Spoken},
    later::Work,
    reading::{Desk, ours},
};
use crate::{
    flow::clock,
    ground::key::AccountId,
    keep::store::{Broken, ConnectionRow, ConnectionState, Hint, MachineAccount},
};

/// Credentials that were refused are tried again this slowly.
const BROKEN: Duration = Duration::from_secs(600);

/// What waits for an answer is looked at again once in so many polls.
const WAITING_EVERY: u32 = 10;

/// How the conversations in the lists of a machine account looked last, and whether closed, by house.
type Seen = HashMap<i64, HashMap<String, (String, bool)>>;

/// Polls every connection until stopped.
pub async fn run(channels: Arc<Channels>, every: Duration, stop: CancellationToken) {
    channels.later.begins_with(every);
    let mut due: HashMap<MachineAccount, Instant> = HashMap::new();
    let mut seen: HashMap<MachineAccount, Seen> = HashMap::new();
    // Whose round each task is.
    let mut busy: HashMap<task::Id, (MachineAccount, ConnectionRow)> = HashMap::new();
    let mut rounds: JoinSet<Seen> = JoinSet::new();
    loop {
        let bell = channels.gateway.channel_bell.notified();
        let machines = channels.machines();
        channels.marks.keep(&machines.values().flatten().map(|row| row.id).collect());
        for (machine, houses) in machines {
            let is_due = due.get(&machine).is_none_or(|at| *at <= Instant::now());
            let is_busy = busy.values().any(|(name, _)| *name == machine);
            if is_busy || !(is_due || channels.is_named(&houses)) {
                continue;
            }
            let Some(first) = houses.first().cloned() else { continue };
            let seen = seen.remove(&machine).unwrap_or_default();
            let channels = Arc::clone(&channels);
            let round = rounds.spawn(async move { channels.round(houses, seen).await });
            busy.insert(round.id(), (machine, first));
        }
        let next = due.values().filter(|at| **at > Instant::now()).min().copied();
        let next = next.unwrap_or_else(|| Instant::now() + every).min(Instant::now() + every);
        tokio::select! {
            () = bell => {}
            () = tokio::time::sleep_until(next) => {}
            () = stop.cancelled() => return,
            Some(ended) = rounds.join_next_with_id() => {
                let id = ended.as_ref().map_or_else(task::JoinError::id, |(id, _)| *id);
                let Some((machine, first)) = busy.remove(&id) else { continue };
                due.insert(machine.clone(), Instant::now() + every);
                match ended {
                    Ok((_, looked)) => drop(seen.insert(machine, looked)),
                    Err(error) => {
                        tracing::error!(%error, "a poll panicked");
                        // What made it panic is still there, perhaps named by a notification.
                        channels.let_rest(Resting::credentials(&first), BROKEN);
                    }
                }
            }
        }
    }
}

impl Channels {
    /// The connections that are to be polled, by their credentials.
    fn machines(&self) -> HashMap<MachineAccount, Vec<ConnectionRow>> {
        let mut machines: HashMap<MachineAccount, Vec<ConnectionRow>> = HashMap::new();
        let rows = self.gateway.store.read(|reading| {
            let accounts = reading.accounts()?;
            // A house without the plan is not polled: what waits there is taken the day the plan changes.
            let wanted = accounts.iter().filter(|house| house.has_ota() && house.has_messaging());
            let wanted: Vec<AccountId> = wanted.map(|house| house.id).collect();
            let mut rows = reading.connections()?;
            rows.retain(|row| {
                row.state != ConnectionState::Paused && wanted.contains(&row.account)
            });
            Ok(rows)
        });
        for row in rows.unwrap_or_default() {
            machines.entry(row.machine_account()).or_default().push(row);
        }
        machines
    }

    /// Has a notification named one of their conversations, or are they new?
    fn is_named(&self, houses: &[ConnectionRow]) -> bool {
        let rests = |row: &ConnectionRow| self.rest(row).is_some();
        let well = |row: &ConnectionRow| row.last_error.is_none() || self.is_partly_well(row.id);
        let is_now = |row: &ConnectionRow, work: &Work| self.later.why(row.id, work).is_none();
        let fresh = |row: &ConnectionRow| {
            row.synced_at.is_none() && well(row) && is_now(row, &Work::Import)
        };
        let hinted = |row: &ConnectionRow| {
            well(row)
                && self.gateway.store.read(|r| r.hints(row.id)).is_ok_and(|hints| {
                    hints
                        .into_iter()
                        .any(|(thread, what, _)| is_now(row, &Work::Named(thread, what)))
                })
        };
        houses.iter().any(|row| !rests(row) && (fresh(row) || hinted(row)))
    }

    /// One round of one machine account.
    async fn round(&self, houses: Vec<ConnectionRow>, mut seen: Seen) -> Seen {
        let Some(first) = houses.first() else { return seen };
        if self.rest_of_credentials(first).is_some() {
            return seen;
        }
        let adapter = match self.adapter(first) {
            Ok(adapter) => adapter,
            Err(fail) => {
                self.note_all(&houses, &fail).await;
                return seen;
            }
        };
        let desk = |house: &ConnectionRow| Desk {
            gateway: Arc::clone(&self.gateway),
            adapter: Arc::clone(&adapter),
            house: house.clone(),
            search_every: self.search_every,
            marks: Arc::clone(&self.marks),
        };
        let (mut well, mut failed) = (Vec::new(), HashMap::new());
        for house in houses.iter().filter(|house| self.rest(house).is_none()) {
            let mut desk = desk(house);
            match self.named_and_before(&mut desk).await {
                Ok(some) => {
                    failed.extend(some.map(|fail| (house.id, fail)));
                    well.push(desk);
                }
                Err(fail) if fail.is_of_all() => {
                    self.note_all(&houses, &fail).await;
                    return seen;
                }
                Err(fail) => self.note(house, Err(&fail)).await,
            }
        }
        let emptied = match well.as_slice() {
            [] => Ok(true),
            [desk, ..] => self.empty_queue(desk, &well, &first.machine_account()).await,
        };
        if let Err(fail) = &emptied
            && fail.is_of_all()
        {
            self.note_all(&houses, fail).await;
            return seen;
        }
        for desk in &well {
            let looked = match &emptied {
                Ok(true) => self.check(desk).await,
                Ok(false) => {
                    // While it is imported its list is gone through anyway.
                    let skipped = desk.is_new() && !failed.contains_key(&desk.house.id);
                    match skipped {
                        true => Ok(()),
                        false => match desk.search_is_due() {
                            Some(is_due) => match self.search(desk, is_due).await {
                                // The rest went well, and what notifications name is read.
                                Err(fail @ (Fail::Unanswered(_) | Fail::Refused(_))) => {
                                    failed.entry(desk.house.id).or_insert(fail);
                                    Ok(())
                                }
                                searched => searched,
                            },
                            None => desk.look_around(seen.entry(desk.house.id).or_default()).await,
                        },
                    }
                }
                Err(fail) => {
                    self.note(&desk.house, Err(fail)).await;
                    continue;
                }
            };
            let looked = match looked {
                Ok(()) => self.look_at_waiting(desk).await,
                failed => failed,
            };
            if let Err(fail) = &looked
                && fail.is_of_all()
            {
                self.note_all(&houses, fail).await;
                return seen;
            }
            self.reserved(desk).await;
            match (looked.as_ref(), failed.get(&desk.house.id)) {
                (Ok(()), Some(fail)) => self.note_partly(&desk.house, fail).await,
                (looked, _) => self.note(&desk.house, looked.copied()).await,
            }
        }
        seen
    }

    /// A search takes minutes, and what notifications name does not wait for it: it goes on beside the rounds.
    async fn search(&self, desk: &Desk, is_due: bool) -> Result<(), Fail> {
        let house = desk.house.id;
        let (ended, is_under_way) = {
            let mut searches = self.searches.lock().unwrap_or_else(PoisonError::into_inner);
            let is_over = searches.get(&house).is_some_and(task::JoinHandle::is_finished);
            let ended = if is_over { searches.remove(&house) } else { None };
            (ended, searches.contains_key(&house))
        };
        if let Some(ended) = ended {
            let found = ended.await.unwrap_or_else(|error| Err(Fail::Ours(error.to_string())));
            match &found {
                Ok(()) => self.later.done(house, &Work::Search),
                // It is much work for them.
                Err(fail) => self.later.failed(house, &Work::Search, &fail.to_string()),
            }
            return found;
        }
        if let Some(why) = self.later.why(house, &Work::Search) {
            return Err(Fail::Unanswered(why));
        }
        if is_due && !is_under_way {
            let desk = desk.clone();
            let search = tokio::spawn(async move { desk.search().await });
            let mut searches = self.searches.lock().unwrap_or_else(PoisonError::into_inner);
            searches.insert(house, search);
        }
        Ok(())
    }

    async fn look_at_waiting(&self, desk: &Desk) -> Result<(), Fail> {
        let every = self.later.first() * WAITING_EVERY;
        let is_due = Self::is_due(&self.asked_waiting, desk.house.id, every);
        desk.look_at_waiting(is_due, &self.later).await
    }

    /// Where a queue says what is new nobody notices that a house was taken from us, unless its list is asked for.
    async fn check(&self, desk: &Desk) -> Result<(), Fail> {
        if !Self::is_due(&self.asked_list, desk.house.id, RARELY) {
            return Ok(());
        }
        match desk.adapter.list(&desk.house, None).await {
            Err(fail @ Fail::House(_)) => Err(fail),
            _ => Ok(()),
        }
    }

    /// Empties the queue; false: there is none. As many are confirmed as were fetched, also those nobody could read:
    /// they are set aside, and would stand in the way for ever.
    ///
    /// The queue is of all houses of the machine account. What is for one that is not polled now (paused, without the
    /// plan, in trouble) is noted as something to read, and read the day it is polled again.
    async fn empty_queue(
        &self,
        first: &Desk,
        well: &[Desk],
        machine: &MachineAccount,
    ) -> Result<bool, Fail> {
        let all = self.gateway.store.read(|reading| reading.connections()).map_err(ours)?;
        let all: Vec<ConnectionRow> =
            all.into_iter().filter(|row| row.machine_account() == *machine).collect();
        let begun = clock::now();
        let mut before = HashSet::new();
        loop {
            let Some(queue) = first.adapter.queue(&all).await? else { return Ok(false) };
            if queue.count == 0 {
                break;
            }
            // What was confirmed may come again, and again: the next round goes on then.
            let ids = queue.messages.iter().map(|said| said.message.source.id.clone());
            let others = queue.unreadable.iter().map(|(given, _)| given.to_string());
            let unplaced = queue.unplaced.iter().map(|one| one.id.clone());
            let news =
                ids.chain(others).chain(unplaced).filter(|one| before.insert(one.clone())).count();
            first.set_aside(queue.unreadable).await?;
            // Their words are read in their conversation, once it can be read.
            for one in queue.unplaced {
                for house in one.houses {
                    self.look_later(house, vec![one.thread.clone()]).await?;
                }
            }
            for house in &all {
                let of_house = queue.messages.iter().filter(|said| {
                    said.message.source.through.is_some_and(|t| t.connection == house.id)
                });
                let said: Vec<Spoken> = of_house.cloned().collect();
                match well.iter().find(|desk| desk.house.id == house.id) {
                    _ if said.is_empty() => {}
                    Some(desk) => desk.take_queued(said).await?,
                    None => {
                        let threads = said.into_iter().map(|one| one.message.source.thread);
                        self.look_later(house.id, threads.collect()).await?;
                    }
                }
            }
            first.adapter.confirm(queue.count).await?;
            if news == 0 {
                return Ok(true);
            }
        }
        for desk in well.iter().filter(|desk| !desk.is_new()) {
            desk.looked(begun).await?;
        }
        Ok(true)
    }

    async fn look_later(&self, house: i64, threads: Vec<String>) -> Result<(), Fail> {
        let gateway = Arc::clone(&self.gateway);
        super::blocking(move || gateway.hint(house, threads)).await
    }

    /// Names and the ends of stays are a courtesy: without them messages go on.
    async fn reserved(&self, desk: &Desk) {
        if Self::is_due(&self.asked_reserved, desk.house.id, RARELY)
            && let Err(fail) = desk.reserved().await
        {
            tracing::info!(%fail, connection = desk.house.machine, "reservations are not told");
        }
    }

    /// What failed concerns every house of these credentials.
    async fn note_all(&self, houses: &[ConnectionRow], fail: &Fail) {
        let (Fail::Credentials(_), Some(first)) = (fail, houses.first()) else {
            for house in houses {
                self.note(house, Err(fail)).await;
            }
            return;
        };
        if first.last_error.as_deref() != Some(fail.to_string().as_str()) {
            tracing::warn!(%fail, connection = first.machine, "a channel refuses credentials");
        }
        self.let_rest(Resting::credentials(first), BROKEN);
        let (gateway, rows, error) = (Arc::clone(&self.gateway), houses.to_vec(), fail.to_string());
        noted(super::blocking(move || gateway.note_refused(&rows, &error)).await);
    }

    /// The rest of the round went well.
    async fn note_partly(&self, house: &ConnectionRow, fail: &Fail) {
        let property = &house.property;
        tracing::info!(%fail, connection = house.machine, property, "a channel does not give all");
        self.set_partly_well(house.id, true);
        let (gateway, row, error) = (Arc::clone(&self.gateway), house.clone(), fail.to_string());
        noted(super::blocking(move || gateway.note_partly(&row, &error)).await);
    }

    fn is_partly_well(&self, house: i64) -> bool {
        self.partly.read().unwrap_or_else(PoisonError::into_inner).contains(&house)
    }

    fn set_partly_well(&self, house: i64, is_so: bool) {
        let mut partly = self.partly.write().unwrap_or_else(PoisonError::into_inner);
        if is_so {
            partly.insert(house);
        } else {
            partly.remove(&house);
        }
    }

    /// How it went, for people and for the next round.
    async fn note(&self, house: &ConnectionRow, result: Result<(), &Fail>) {
        let (error, broken) = match result {
            Ok(()) => (None, None),
            Err(fail @ Fail::Credentials(_)) => (Some(fail), Some(Broken::Credentials)),
            Err(fail @ Fail::House(_)) => (Some(fail), Some(Broken::Property)),
            Err(fail) => (Some(fail), None),
        };
        if let Some(fail) = error {
            let property = &house.property;
            // Said once: the next rounds find the same.
            if house.last_error.as_deref() != Some(fail.to_string().as_str()) {
                tracing::warn!(%fail, connection = house.machine, property, "a channel could not be polled");
            }
        }
        match error {
            Some(Fail::Credentials(_)) => self.let_rest(Resting::credentials(house), BROKEN),
            Some(Fail::House(_)) => self.let_rest(Resting::house(house), BROKEN),
            Some(Fail::Throttled(wait)) => self.let_rest(Resting::credentials(house), *wait),
            _ => {}
        }
        self.set_partly_well(house.id, false);
        let (gateway, row) = (Arc::clone(&self.gateway), house.clone());
        let error = error.map(Fail::to_string);
        noted(super::blocking(move || gateway.note_poll(&row, error.as_deref(), broken)).await);
    }

    /// What notifications named, then a page of what was there before the connection. What fails of one conversation or
    /// of the page is given back and asked for again later, and the rest of the round goes on.
    async fn named_and_before(&self, desk: &mut Desk) -> Result<Option<Fail>, Fail> {
        desk.begin().await?;
        let mut failed = None;
        let (gateway, id) = (Arc::clone(&desk.gateway), desk.house.id);
        let hints =
            super::blocking(move || gateway.store.read(|reading| reading.hints(id))).await?;
        for (thread, what, at) in hints {
            let work = Work::Named(thread.clone(), what);
            if let Some(why) = self.later.why(id, &work) {
                failed = Some(Fail::Unanswered(why));
                continue;
            }
            let done = match what {
                Hint::Look => desk.look(&thread, false).await,
                Hint::Done | Hint::Read | Hint::Close => {
                    desk.adapter.tell(&desk.house, &thread, what).await
                }
            };
            match done {
                Ok(()) if what == Hint::Done => self.marks.told(id, &thread),
                Ok(()) => {}
                // What a notification named and the channel does not know was a mistake, or a lie.
                Err(Fail::Refused(why)) => tracing::warn!(why, ?what, "a channel refuses"),
                // It stays to be done.
                Err(Fail::Unanswered(why)) => {
                    self.later.failed(id, &work, &why);
                    failed = Some(Fail::Unanswered(why));
                    continue;
                }
                Err(fail) => return Err(fail),
            }
            self.later.done(id, &work);
            let dropped =
                desk.gateway.store.write(move |w| w.drop_hint(id, &thread, what, at)).await;
            dropped.map_err(ours)?;
        }
        if !desk.is_new() {
            return Ok(failed);
        }
        if let Some(why) = self.later.why(id, &Work::Import) {
            return Ok(Some(Fail::Unanswered(why)));
        }
        match desk.import().await {
            Ok(unread) => {
                self.later.done(id, &Work::Import);
                failed = unread.or(failed);
            }
            Err(fail @ (Fail::Unanswered(_) | Fail::Refused(_))) => {
                self.later.failed(id, &Work::Import, &fail.to_string());
                failed = Some(fail);
            }
            Err(fail) => return Err(fail),
        }
        Ok(failed)
    }
}

fn noted(written: Result<(), Fail>) {
    if let Err(error) = written {
        tracing::error!(%error, "the state of a connection cannot be written");
    }
}
