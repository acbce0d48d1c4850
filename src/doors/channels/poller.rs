//! The pollers: one for each machine account, whatever houses it serves.
//!
//! Each round reads what notifications named, imports a page of what was there before a new connection, then empties
//! the queue or looks through the list. A round of one account never waits for another's, nor a house for the import of
//! another.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use tokio::{
    task::{self, JoinSet},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use super::{
    Channels, Resting,
    adapter::{Fail, Spoken},
    reading::{Desk, ours},
};
use crate::{
    flow::{clock, gateway::Broken},
    ground::key::AccountId,
    keep::store::{ConnectionRow, ConnectionState, Hint, MachineAccount},
};

/// Credentials that were refused are tried again this slowly.
const BROKEN: Duration = Duration::from_secs(600);

/// How the conversations in the lists of a machine account looked last, and whether closed, by house.
type Seen = HashMap<i64, HashMap<String, (String, bool)>>;

/// Polls every connection until stopped.
pub async fn run(channels: Arc<Channels>, every: Duration, stop: CancellationToken) {
    let mut due: HashMap<MachineAccount, Instant> = HashMap::new();
    let mut seen: HashMap<MachineAccount, Seen> = HashMap::new();
    // Whose round each task is.
    let mut busy: HashMap<task::Id, (MachineAccount, ConnectionRow)> = HashMap::new();
    let mut rounds: JoinSet<Seen> = JoinSet::new();
    loop {
        let bell = channels.gateway.channel_bell.notified();
        for (machine, houses) in channels.machines() {
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
        let fresh = |row: &ConnectionRow| row.synced_at.is_none() && row.last_error.is_none();
        let hinted = |row: &ConnectionRow| {
            row.last_error.is_none()
                && self.gateway.store.read(|r| r.hints(row.id)).is_ok_and(|hints| !hints.is_empty())
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
                for house in &houses {
                    self.note(house, Err(&fail)).await;
                }
                return seen;
            }
        };
        let desk = |house: &ConnectionRow| Desk {
            gateway: Arc::clone(&self.gateway),
            adapter: Arc::clone(&adapter),
            house: house.clone(),
            search_every: self.search_every,
        };
        let (mut well, mut failed) = (Vec::new(), HashMap::new());
        for house in houses.iter().filter(|house| self.rest(house).is_none()) {
            let mut desk = desk(house);
            match named_and_before(&mut desk).await {
                Ok(some) => {
                    failed.extend(some.map(|fail| (house.id, fail)));
                    well.push(desk);
                }
                Err(fail) => self.note(house, Err(&fail)).await,
            }
        }
        let emptied = match well.as_slice() {
            [] => Ok(true),
            [desk, ..] => self.empty_queue(desk, &well, &first.machine_account()).await,
        };
        for desk in &well {
            let looked = match &emptied {
                Ok(true) => self.check(desk).await,
                Ok(false) => {
                    // While it is imported its list is gone through anyway.
                    let skipped = desk.is_new() && !failed.contains_key(&desk.house.id);
                    match skipped {
                        true => Ok(()),
                        false => desk.look_around(seen.entry(desk.house.id).or_default()).await,
                    }
                }
                Err(fail) => {
                    self.note(&desk.house, Err(fail)).await;
                    continue;
                }
            };
            self.reserved(desk).await;
            let result =
                looked.as_ref().copied().and(failed.get(&desk.house.id).map_or(Ok(()), Err));
            self.note(&desk.house, result).await;
        }
        seen
    }

    /// Where a queue says what is new nobody notices that a house was taken from us, unless its list is asked for.
    async fn check(&self, desk: &Desk) -> Result<(), Fail> {
        if !self.is_due(&self.asked_list, desk.house.id) {
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
            let news = ids.chain(others).filter(|one| before.insert(one.clone())).count();
            first.set_aside(queue.unreadable).await?;
            for house in &all {
                let of_house = queue.messages.iter().filter(|said| {
                    said.message.source.through.is_some_and(|t| t.connection == house.id)
                });
                let said: Vec<Spoken> = of_house.cloned().collect();
                match well.iter().find(|desk| desk.house.id == house.id) {
                    _ if said.is_empty() => {}
                    Some(desk) => desk.take(said).await?,
                    None => self.look_later(house.id, &said).await?,
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

    async fn look_later(&self, house: i64, said: &[Spoken]) -> Result<(), Fail> {
        let gateway = Arc::clone(&self.gateway);
        let threads = said.iter().map(|one| one.message.source.thread.clone()).collect();
        super::blocking(move || gateway.hint(house, threads)).await
    }

    /// Names and the ends of stays are a courtesy: without them messages go on.
    async fn reserved(&self, desk: &Desk) {
        if self.is_due(&self.asked_reserved, desk.house.id)
            && let Err(fail) = desk.reserved().await
        {
            tracing::info!(%fail, connection = desk.house.machine, "reservations are not told");
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
            tracing::warn!(%fail, connection = house.machine, property, "a channel could not be polled");
        }
        match error {
            Some(Fail::Credentials(_)) => self.let_rest(Resting::credentials(house), BROKEN),
            Some(Fail::House(_)) => self.let_rest(Resting::house(house), BROKEN),
            Some(Fail::Throttled(wait)) => self.let_rest(Resting::credentials(house), *wait),
            _ => {}
        }
        let (gateway, row) = (Arc::clone(&self.gateway), house.clone());
        let error = error.map(Fail::to_string);
        let noted =
            super::blocking(move || gateway.note_poll(&row, error.as_deref(), broken)).await;
        if let Err(error) = noted {
            tracing::error!(%error, "the state of a connection cannot be written");
        }
    }
}

/// What notifications named, then a page of what was there before the connection. What fails of one conversation or of
/// the page is given back, and the rest of the round goes on.
async fn named_and_before(desk: &mut Desk) -> Result<Option<Fail>, Fail> {
    desk.begin().await?;
    let mut failed = None;
    let (gateway, id) = (Arc::clone(&desk.gateway), desk.house.id);
    let hints = super::blocking(move || gateway.store.read(|reading| reading.hints(id))).await?;
    for (thread, what, at) in hints {
        let done = match what {
            Hint::Look => desk.look(&thread, false).await,
            Hint::Done | Hint::Read | Hint::Close => {
                desk.adapter.tell(&desk.house, &thread, what).await
            }
        };
        match done {
            Ok(()) => {}
            // What a notification named and the channel does not know was a mistake, or a lie.
            Err(Fail::Refused(why)) => tracing::warn!(why, ?what, "a channel refuses"),
            // It stays to be done.
            Err(fail @ Fail::Unanswered(_)) => {
                failed = Some(fail);
                continue;
            }
            Err(fail) => return Err(fail),
        }
        let dropped = desk.gateway.store.write(move |w| w.drop_hint(id, &thread, what, at)).await;
        dropped.map_err(ours)?;
    }
    match if desk.is_new() { desk.import().await } else { Ok(()) } {
        Err(fail @ (Fail::Unanswered(_) | Fail::Refused(_))) => failed = Some(fail),
        other => other?,
    }
    Ok(failed)
}
