//! The pollers: one for each machine account, whatever houses it serves.
//!
//! Each round reads what notifications named, imports what was there before a new connection, then empties the queue
//! or looks through the list. A round of one account never waits for another's.

use std::{collections::HashMap, sync::Arc, time::Duration};

use tokio::{
    task::{self, JoinSet},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use super::{
    Adapter, Channels, Fail,
    reading::{Desk, ours},
};
use crate::{
    flow::clock,
    ground::key::AccountId,
    keep::store::{ConnectionRow, Hint},
};

/// Credentials that were refused are tried again this slowly.
const BROKEN: Duration = Duration::from_secs(600);

/// How the conversations in the lists of a machine account looked last, and whether closed, by house.
type Seen = HashMap<i64, HashMap<String, (String, bool)>>;

/// Polls every connection until stopped.
pub async fn run(channels: Arc<Channels>, every: Duration, stop: CancellationToken) {
    let mut due: HashMap<String, Instant> = HashMap::new();
    let mut seen: HashMap<String, Seen> = HashMap::new();
    // Whose round each task is.
    let mut busy: HashMap<task::Id, (String, ConnectionRow)> = HashMap::new();
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
                        channels.let_rest(&first, BROKEN);
                    }
                }
            }
        }
    }
}

impl Channels {
    /// The connections that are to be polled, by the name of their credentials.
    fn machines(&self) -> HashMap<String, Vec<ConnectionRow>> {
        let mut machines: HashMap<String, Vec<ConnectionRow>> = HashMap::new();
        let rows = self.gateway.store.read(|reading| {
            let accounts = reading.accounts()?;
            // A house without the plan is not polled: what waits there is taken the day the plan changes.
            let wanted = accounts.iter().filter(|house| house.has_ota() && house.has_messaging());
            let wanted: Vec<AccountId> = wanted.map(|house| house.id).collect();
            let mut rows = reading.connections()?;
            rows.retain(|row| row.state != "paused" && wanted.contains(&row.account));
            Ok(rows)
        });
        for row in rows.unwrap_or_default() {
            machines.entry(row.machine.clone()).or_default().push(row);
        }
        machines
    }

    /// Has a notification named one of their conversations, or are they new?
    fn is_named(&self, houses: &[ConnectionRow]) -> bool {
        let resting = houses.first().and_then(|row| self.rest(row)).is_some();
        let fresh = |row: &ConnectionRow| row.synced_at.is_none() && row.last_error.is_none();
        let hinted = |row: &ConnectionRow| {
            row.last_error.is_none()
                && self.gateway.store.read(|r| r.hints(row.id)).is_ok_and(|hints| !hints.is_empty())
        };
        !resting && houses.iter().any(|row| fresh(row) || hinted(row))
    }

    /// One round of one machine account.
    async fn round(&self, houses: Vec<ConnectionRow>, mut seen: Seen) -> Seen {
        let Some(first) = houses.first() else { return seen };
        if self.rest(first).is_some() {
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
        let mut well = Vec::new();
        for house in &houses {
            let desk = desk(house);
            match named_and_before(&desk).await {
                Ok(()) => well.push(desk),
                Err(fail) => self.note(house, Err(&fail)).await,
            }
        }
        let emptied = match well.as_slice() {
            [] => Ok(true),
            [desk, ..] => empty_queue(&*adapter, desk, &well).await,
        };
        for desk in &well {
            self.reserved(desk).await;
            let looked = match &emptied {
                Ok(true) => Ok(()),
                Ok(false) => desk.look_around(seen.entry(desk.house.id).or_default()).await,
                Err(fail) => {
                    self.note(&desk.house, Err(fail)).await;
                    continue;
                }
            };
            self.note(&desk.house, looked.as_ref().copied()).await;
        }
        seen
    }

    /// Names and the ends of stays are a courtesy: without them messages go on.
    async fn reserved(&self, desk: &Desk) {
        if self.are_reserved_due(desk.house.id)
            && let Err(fail) = desk.reserved().await
        {
            tracing::info!(%fail, connection = desk.house.machine, "reservations are not told");
        }
    }

    /// How it went, for people and for the next round.
    async fn note(&self, house: &ConnectionRow, result: Result<(), &Fail>) {
        let (error, broken, wait) = match result {
            Ok(()) => (None, false, None),
            Err(fail @ Fail::Credentials(_)) => (Some(fail), true, Some(BROKEN)),
            Err(fail @ Fail::Throttled(wait)) => (Some(fail), false, Some(*wait)),
            Err(fail) => (Some(fail), false, None),
        };
        if let Some(fail) = error {
            let property = &house.property;
            tracing::warn!(%fail, connection = house.machine, property, "a channel could not be polled");
        }
        if let Some(wait) = wait {
            self.let_rest(house, wait);
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

/// What notifications named, then what was there before the connection.
async fn named_and_before(desk: &Desk) -> Result<(), Fail> {
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
            Err(fail) => return Err(fail),
        }
        let dropped = desk.gateway.store.write(move |w| w.drop_hint(id, &thread, what, at)).await;
        dropped.map_err(ours)?;
    }
    if desk.house.synced_at.is_none() { desk.import().await } else { Ok(()) }
}

/// Empties the queue; false: there is none. As many are confirmed as were fetched, also those nobody could read:
/// they are set aside, and would stand in the way for ever.
async fn empty_queue(adapter: &dyn Adapter, desk: &Desk, all: &[Desk]) -> Result<bool, Fail> {
    let houses: Vec<ConnectionRow> = all.iter().map(|desk| desk.house.clone()).collect();
    let begun = clock::now();
    loop {
        let Some(queue) = adapter.queue(&houses).await? else { return Ok(false) };
        if queue.count == 0 {
            for desk in all {
                desk.looked(begun).await?;
            }
            return Ok(true);
        }
        desk.set_aside(queue.unreadable).await?;
        for one in all {
            let (connection, messages) = (one.house.id, &queue.messages);
            let of_house = messages.iter().filter(|said| {
                said.message.source.through.is_some_and(|t| t.connection == connection)
            });
            one.take(of_house.cloned().collect()).await?;
        }
        adapter.confirm(queue.count).await?;
    }
}
