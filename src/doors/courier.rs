//! The courier: due row → attempt → outcome. Retries with backoff for five days, tells the provider when a reply is
//! late or failed, never repeats an attempt whose result nobody knows.

use std::{sync::Arc, time::Duration};

use jiff::SignedDuration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_util::sync::CancellationToken;

use crate::{
    doors::{
        channels::Channels,
        delivery::{Outgoing, Transport},
    },
    flow::{
        clock,
        gateway::{EndedDelivery, Gateway},
    },
    ground::outcome::Outcome,
    keep::store::DueMail,
};

/// How long a reply may be on its way before its author is told.
const DELAY_NOTICE: SignedDuration = SignedDuration::from_hours(4);
/// How long a mail is tried (RFC 5321, 4.5.4.1: at least 4 to 5 days).
const GIVE_UP: SignedDuration = SignedDuration::from_hours(5 * 24);
/// The slow poll behind the bell, in case a ring was missed.
const POLL: Duration = Duration::from_secs(15);

/// How long the courier waits for several places to become free before it fills the few there are.
const SLOW: Duration = Duration::from_millis(50);
/// So many ended attempts are recorded in one transaction at most.
const RECORDED_AT_ONCE: usize = 64;

/// An attempt that ended, and its place among those under way, freed once it is recorded.
struct Attempted {
    ended: EndedDelivery,
    place: OwnedSemaphorePermit,
}

/// Delivers what is due until stopped; attempts under way may finish.
pub async fn run(
    gateway: Arc<Gateway>,
    transport: Transport,
    channels: Arc<Channels>,
    concurrency: usize,
    stop: CancellationToken,
) {
    let transport = Arc::new(transport);
    let free = Arc::new(Semaphore::new(concurrency));
    let (ended, to_record) = mpsc::channel(concurrency);
    let recorder = tokio::spawn(record(Arc::clone(&gateway), to_record));
    loop {
        // Registered before the store is asked, so that a ring between the question and the wait is not missed.
        let bell = gateway.outbox_bell.notified();
        let room = free.available_permits();
        let due = take_due(&gateway, room).await;
        let full = !due.is_empty() && due.len() == room;
        for mail in due {
            let Ok(place) = Arc::clone(&free).acquire_owned().await else { return };
            let (transport, ended) = (Arc::clone(&transport), ended.clone());
            let channels = Arc::clone(&channels);
            tokio::spawn(async move {
                let delivery = attempt(&transport, &channels, mail).await;
                let attempted = Attempted { ended: delivery, place };
                // The recorder lives until every attempt has reported.
                let _ = ended.send(attempted).await;
            });
        }
        if full {
            more_room(&free, concurrency, &stop).await;
        } else {
            tokio::select! {
                () = bell => {}
                () = tokio::time::sleep(POLL) => {}
                () = stop.cancelled() => {}
            }
        }
        if stop.is_cancelled() {
            break;
        }
    }
    drop(ended);
    if let Err(error) = recorder.await {
        tracing::error!(%error, "recording the ends of deliveries panicked");
    }
}

/// Waits until half of the places are free, so that mails are taken and recorded many at a time; but not long, for
/// slow hosts must not hold up the others.
async fn more_room(free: &Semaphore, concurrency: usize, stop: &CancellationToken) {
    let half = u32::try_from(concurrency.div_ceil(2)).unwrap_or(u32::MAX);
    tokio::select! {
        _ = free.acquire_many(half) => return,
        () = tokio::time::sleep(SLOW) => {}
        () = stop.cancelled() => return,
    }
    tokio::select! {
        _ = free.acquire() => {}
        () = stop.cancelled() => {}
    }
}

async fn take_due(gateway: &Gateway, room: usize) -> Vec<DueMail> {
    if room == 0 {
        return Vec::new();
    }
    let now = clock::now();
    let waiting = gateway.store.read(|reading| reading.next_due());
    if !matches!(waiting, Ok(Some(due)) if due <= now) {
        return Vec::new();
    }
    gateway.store.write(move |w| w.take_due(now, room)).await.unwrap_or_else(
        |error: crate::keep::store::StoreError| {
            tracing::error!(%error, "the outbox cannot be read");
            Vec::new()
        },
    )
}

async fn attempt(transport: &Transport, channels: &Channels, mail: DueMail) -> EndedDelivery {
    let outgoing = Outgoing {
        reverse_path: mail.reverse_path.as_ref(),
        recipient: &mail.recipient,
        raw: &mail.raw,
        message_id: &mail.rfc_message_id,
    };
    let outcome = match channels.post(&mail).await {
        Some(outcome) => outcome,
        None => transport.deliver(&outgoing).await,
    };
    let at = clock::now();
    let age = at.duration_since(mail.created_at);
    let retry_at = match &outcome {
        Outcome::Later(_) if age < GIVE_UP => Some(at + backoff(mail.attempts, chance())),
        _ => None,
    };
    let late = retry_at.is_some() && age >= DELAY_NOTICE && !mail.delay_told;
    EndedDelivery { mail, outcome, retry_at, late, at }
}

/// Records ends as they come, those that come together in one transaction.
async fn record(gateway: Arc<Gateway>, mut attempted: mpsc::Receiver<Attempted>) {
    let mut batch = Vec::with_capacity(RECORDED_AT_ONCE);
    while attempted.recv_many(&mut batch, RECORDED_AT_ONCE).await > 0 {
        let (ended, places): (Vec<_>, Vec<_>) =
            batch.drain(..).map(|one| (one.ended, one.place)).unzip();
        let worker = Arc::clone(&gateway);
        match tokio::task::spawn_blocking(move || worker.deliveries_ended(ended)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "ends of deliveries could not be recorded"),
            Err(error) => tracing::error!(%error, "recording the ends of deliveries panicked"),
        }
        drop(places);
    }
}

/// One minute, doubling up to four hours, a quarter more or less by chance so that a thousand mails for one dead
/// host do not come back at the same second.
fn backoff(attempts: u32, chance: f64) -> SignedDuration {
    let minutes = f64::from(1_u32 << attempts.min(8)).min(240.0);
    SignedDuration::from_secs_f64(minutes * 60.0 * (0.75 + chance / 2.0))
}

/// 0 to 1.
fn chance() -> f64 {
    let mut bits = [0; 4];
    // Without random bits there is no jitter, and nothing worse.
    let _ = getrandom::fill(&mut bits);
    f64::from(u32::from_le_bytes(bits)) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_grows_from_a_minute_to_hours() {
        let minutes = |attempts, chance| backoff(attempts, chance).as_secs_f64() / 60.0;
        assert!((0.7..=0.8).contains(&minutes(0, 0.0)) && (1.2..=1.3).contains(&minutes(0, 1.0)));
        assert!((3.9..=4.1).contains(&minutes(2, 0.5)));
        assert!((239.0..=241.0).contains(&minutes(30, 0.5)));
    }
}
