//! The courier: due row → attempt → outcome. Retries with backoff for five days, tells the provider when a reply is
//! late or failed, never repeats an attempt whose result nobody knows.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

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
        gateway::{Dot, EndedDelivery, Gateway, Trouble},
    },
    ground::{
        config::Config,
        key::OutgoingId,
        outcome::{Answer, Outcome},
        told,
    },
    keep::store::{DueMail, StoreError},
};

/// What the administrator has set.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Deliveries at the same time.
    pub concurrency: usize,
    /// Deliveries at the same time to one destination.
    pub per_destination: usize,
    /// How long a place at a destination rests after a mail: who is written to too fast defers or refuses.
    pub rest: Duration,
    /// How long a reply may be on its way before its author is told.
    pub delay_notice: SignedDuration,
    /// The wait before the second attempt; it doubles.
    pub retry: SignedDuration,
    /// How long a mail is tried.
    pub give_up: SignedDuration,
}

impl Limits {
    /// From the configuration.
    pub fn of(config: &Config) -> Self {
        let delivery = &config.delivery;
        Limits {
            concurrency: delivery.concurrency,
            per_destination: delivery.per_destination,
            rest: Duration::from_millis(u64::from(delivery.rest_milliseconds)),
            delay_notice: SignedDuration::from_secs(i64::from(delivery.delay_notice_seconds)),
            retry: SignedDuration::from_secs(i64::from(delivery.retry_seconds)),
            give_up: SignedDuration::from_hours(i64::from(delivery.give_up_hours)),
        }
    }
}

/// The slow poll behind the bell, in case a ring was missed.
const POLL: Duration = Duration::from_secs(15);

/// How long the courier waits for several places to become free before it fills the few there are.
const SLOW: Duration = Duration::from_millis(50);
/// So many ended attempts are recorded in one transaction at most.
const RECORDED_AT_ONCE: usize = 64;

/// How long attempts under way may go on when Relais is stopping; those after the final dot may go on longer.
const LAST_ATTEMPTS: Duration = Duration::from_secs(5);
/// How long an attempt may last before its final dot: a few servers that answer each command at the last moment, each with
/// several addresses, must not take the places of all others.
const LONGEST_ATTEMPT: Duration = Duration::from_mins(20);
/// How long to wait before what could not be recorded is tried again.
const UNRECORDED: Duration = Duration::from_secs(1);

/// An attempt that ended, or was broken off and never was, and its place among those under way, freed once it is
/// recorded.
struct Attempted {
    ended: Result<EndedDelivery, OutgoingId>,
    place: OwnedSemaphorePermit,
    destination: Option<String>,
}

/// Delivers what is due until stopped; attempts under way may finish if that does not take long.
pub async fn run(
    gateway: Arc<Gateway>,
    transport: Transport,
    channels: Arc<Channels>,
    limits: Limits,
    stop: CancellationToken,
) {
    let transport = Arc::new(transport);
    let concurrency = limits.concurrency;
    let free = Arc::new(Semaphore::new(concurrency));
    let busy = Arc::new(Busy::new(limits.per_destination));
    let (ends, to_record) = mpsc::channel(concurrency);
    let freed = Freed {
        gateway: Arc::clone(&gateway),
        busy: Arc::clone(&busy),
        rest: limits.rest,
        stop: stop.clone(),
    };
    let recorder = tokio::spawn(record(freed, to_record));
    loop {
        // Registered before the store is asked, so that a ring between the question and the wait is not missed.
        let bell = gateway.outbox_bell.notified();
        let room = free.available_permits();
        let (due, full) = take_due(&gateway, &transport, &busy, room, &stop).await;
        for (mail, destination) in due {
            let Ok(place) = Arc::clone(&free).acquire_owned().await else { return };
            // Our own people rather have a mail twice: only what a visitor gets is worth a transaction.
            let dot = match mail.purpose.is_for_visitor() {
                true => Dot::noted(Arc::clone(&gateway.store), mail.id),
                false => Dot::default(),
            };
            let mail = Arc::new(mail);
            let (transport, ends) = (Arc::clone(&transport), ends.clone());
            let (channels, stop) = (Arc::clone(&channels), stop.clone());
            tokio::spawn(async move {
                let id = mail.id;
                let outcome = attempt(transport, channels, &mail, dot, stop).await;
                let ended = outcome.map(|outcome| ended(mail, outcome, limits)).ok_or(id);
                let attempted = Attempted { ended, place, destination };
                // The recorder lives until every attempt has reported.
                let _ = ends.send(attempted).await;
            });
        }
        if full {
            more_room(&free, concurrency, &stop).await;
        } else {
            tokio::select! {
                () = bell => {}
                () = tokio::time::sleep(until_due(&gateway)) => {}
                () = stop.cancelled() => {}
            }
        }
        if stop.is_cancelled() {
            break;
        }
    }
    drop(ends);
    if let Err(error) = recorder.await {
        tracing::error!(%error, "recording the ends of deliveries panicked");
    }
}

/// How long until a mail is due. What is due already waits for its destination, which rings the bell.
fn until_due(gateway: &Gateway) -> Duration {
    let next = gateway.store.read(|reading| reading.next_due()).ok().flatten();
    let wait = next.map_or(POLL, |due| due.duration_since(clock::now()).unsigned_abs());
    wait.clamp(Duration::from_secs(1), POLL)
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

/// Mails to attempt now with their destinations, and whether there was no room for more. What would be too much for
/// one destination goes back and waits for one of the others to end.
async fn take_due(
    gateway: &Gateway,
    transport: &Transport,
    busy: &Busy,
    room: usize,
    stop: &CancellationToken,
) -> (Vec<(DueMail, Option<String>)>, bool) {
    let now = clock::now();
    let waiting = gateway.store.read(|reading| reading.next_due());
    if room == 0 || !matches!(waiting, Ok(Some(due)) if due <= now) {
        return (Vec::new(), room == 0);
    }
    let full = busy.full();
    let taken = gateway.store.write(move |w| w.take_due(now, room, &full)).await;
    let taken = taken.unwrap_or_else(|error: StoreError| {
        tracing::error!(%error, "the outbox cannot be read");
        Vec::new()
    });
    let none_left = taken.len() < room;
    let mut due = Vec::new();
    let mut back = Vec::new();
    for mail in taken {
        let destination = transport.destination(&mail.recipient);
        match destination.as_deref().is_none_or(|name| busy.take(name)) {
            true => due.push((mail, destination)),
            false => back.push(mail.id),
        }
    }
    if !back.is_empty() {
        put_back(gateway, back, stop).await;
    }
    (due, !none_left)
}

/// Mails that were taken and not tried wait again.
async fn put_back(gateway: &Gateway, ids: Vec<OutgoingId>, stop: &CancellationToken) {
    let (store, ids) = (Arc::clone(&gateway.store), Arc::new(ids));
    until_done("mails that were not tried could not be put back", stop, move || {
        let ids = Arc::clone(&ids);
        store.write_blocking(move |w| Ok(w.put_back(&ids)?))
    })
    .await;
}

/// How many deliveries are under way to each destination.
#[derive(Debug)]
struct Busy {
    limit: usize,
    counts: Mutex<HashMap<String, usize>>,
}

impl Busy {
    fn new(limit: usize) -> Self {
        Busy { limit, counts: Mutex::default() }
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The destinations that can take no more.
    fn full(&self) -> Vec<String> {
        let counts = self.counts();
        counts.iter().filter(|(_, n)| **n >= self.limit).map(|(name, _)| name.clone()).collect()
    }

    fn take(&self, name: &str) -> bool {
        let mut counts = self.counts();
        let count = counts.entry(name.to_owned()).or_default();
        let fits = *count < self.limit;
        *count += usize::from(fits);
        fits
    }

    fn give_back(&self, name: &str) {
        let mut counts = self.counts();
        if let Some(count) = counts.get_mut(name) {
            *count -= 1;
            if *count == 0 {
                counts.remove(name);
            }
        }
    }
}

/// What came of an attempt; nothing when it was broken off because Relais is stopping. Of one that panicked nobody
/// knows the end.
async fn attempt(
    transport: Arc<Transport>,
    channels: Arc<Channels>,
    mail: &Arc<DueMail>,
    dot: Dot,
    stop: CancellationToken,
) -> Option<Outcome> {
    let tried = Arc::clone(mail);
    let trying = tokio::spawn(async move {
        let outgoing = Outgoing {
            id: tried.id,
            queued_at: tried.created_at,
            reverse_path: tried.reverse_path.as_ref(),
            recipient: &tried.recipient,
            raw: &tried.raw,
            message_id: &tried.rfc_message_id,
            dot: &dot,
        };
        let delivering = async {
            match channels.post(&tried, &dot).await {
                Some(outcome) => outcome,
                None => transport.deliver(&outgoing).await,
            }
        };
        tokio::select! {
            outcome = delivering => Some(outcome),
            () = before_the_dot(&dot, stopping(&stop)) => None,
            () = before_the_dot(&dot, tokio::time::sleep(LONGEST_ATTEMPT)) => {
                Some(Outcome::Later(Answer::own(told::NO_ANSWER.kept(""))))
            }
        }
    });
    trying.await.unwrap_or_else(|error| {
        tracing::error!(%error, "a delivery panicked");
        Some(Outcome::Unknown(Answer::own("this delivery made Relais panic; please report it")))
    })
}

/// Relais is stopping, and attempts under way had a moment to end.
async fn stopping(stop: &CancellationToken) {
    stop.cancelled().await;
    tokio::time::sleep(LAST_ATTEMPTS).await;
}

/// It is time to give the attempt up, and the mail has certainly not been taken.
async fn before_the_dot(dot: &Dot, time: impl Future<Output = ()>) {
    time.await;
    if dot.was_sent() {
        std::future::pending::<()>().await;
    }
}

fn ended(mail: Arc<DueMail>, outcome: Outcome, limits: Limits) -> EndedDelivery {
    let mail = Arc::unwrap_or_clone(mail);
    let at = clock::now();
    let age = at.duration_since(mail.created_at);
    let retry_at = match &outcome {
        Outcome::Later(answer) if age < limits.give_up => {
            let wait = backoff(limits.retry, mail.attempts, chance());
            // Who asks to be left alone for an hour is not asked again in a minute.
            let asked = answer.wait.and_then(|wait| SignedDuration::try_from(wait).ok());
            Some(at + asked.map_or(wait, |asked| wait.max(asked)))
        }
        _ => None,
    };
    let outcome = match outcome {
        // What may stand there is not called undelivered, or its author says it again.
        Outcome::Never(answer) | Outcome::Later(answer) if mail.dot_sent && retry_at.is_none() => {
            Outcome::Unknown(answer)
        }
        known => known,
    };
    tell(&mail, &outcome, retry_at.is_some());
    let late = retry_at.is_some() && age >= limits.delay_notice && !mail.delay_told;
    EndedDelivery { mail, outcome, retry_at, late, at }
}

/// One line in the log: `relais queue list` knows more of the mail, and who may see it.
fn tell(mail: &DueMail, outcome: &Outcome, again: bool) {
    let (id, purpose, domain) = (mail.id.to_string(), mail.purpose, mail.recipient.domain());
    let (outcome, answer) = (outcome.kind(), outcome.answer());
    let (host, code) = (answer.host.as_deref(), answer.code);
    tracing::info!(id, ?purpose, domain, ?outcome, again, host, code, "a mail was tried");
}

/// What becomes of a place at a destination once its attempt is recorded.
struct Freed {
    gateway: Arc<Gateway>,
    busy: Arc<Busy>,
    rest: Duration,
    stop: CancellationToken,
}

impl Freed {
    async fn record(&self, ended: Vec<EndedDelivery>, broken_off: Vec<OutgoingId>) {
        if !ended.is_empty() {
            let (gateway, ended) = (Arc::clone(&self.gateway), Arc::new(ended));
            let noting = (Arc::clone(&gateway), Arc::clone(&ended));
            let note = move || noting.0.note_ends(&noting.1);
            // What the journal does not say is not recorded either: the next start settles both.
            if until_done("ends of deliveries could not be journaled", &self.stop, note).await {
                let record = move || gateway.record_ends(&ended);
                until_done("ends of deliveries could not be recorded", &self.stop, record).await;
            }
        }
        if !broken_off.is_empty() {
            put_back(&self.gateway, broken_off, &self.stop).await;
        }
    }

    /// The places are free when they have rested, and then what went back for them may go.
    fn give_back(&self, names: Vec<String>) {
        let (gateway, busy, rest) = (Arc::clone(&self.gateway), Arc::clone(&self.busy), self.rest);
        let free = move || {
            names.iter().for_each(|name| busy.give_back(name));
            gateway.outbox_bell.notify_one();
        };
        if rest.is_zero() {
            return free();
        }
        tokio::spawn(async move {
            tokio::time::sleep(rest).await;
            free();
        });
    }
}

/// Records ends as they come, those that come together in one transaction.
async fn record(freed: Freed, mut attempted: mpsc::Receiver<Attempted>) {
    let mut batch = Vec::with_capacity(RECORDED_AT_ONCE);
    while attempted.recv_many(&mut batch, RECORDED_AT_ONCE).await > 0 {
        let (mut ended, mut broken_off, mut places) = (Vec::new(), Vec::new(), Vec::new());
        for one in batch.drain(..) {
            match one.ended {
                Ok(delivery) => ended.push(delivery),
                Err(id) => broken_off.push(id),
            }
            places.push((one.place, one.destination));
        }
        let again = ended.iter().any(|one: &EndedDelivery| one.retry_at.is_some());
        freed.record(ended, broken_off).await;
        let (places, destinations): (Vec<_>, Vec<_>) = places.into_iter().unzip();
        drop(places);
        let destinations: Vec<String> = destinations.into_iter().flatten().collect();
        if !destinations.is_empty() {
            freed.give_back(destinations);
        }
        if again {
            // What is tried again may be due before the next look.
            freed.gateway.outbox_bell.notify_one();
        }
    }
}

/// Repeats what must not be left undone: a row that stays `sending` is not tried again before the next start. A full
/// disk is a matter of minutes; until then no places become free, and no more mails are taken. `false` where Relais
/// stopped before it was done.
async fn until_done(
    what: &str,
    stop: &CancellationToken,
    work: impl Fn() -> Result<(), Trouble> + Clone + Send + 'static,
) -> bool {
    loop {
        match tokio::task::spawn_blocking(work.clone()).await {
            Ok(Ok(())) => return true,
            Ok(Err(error)) => tracing::error!(%error, "{what}"),
            Err(error) => {
                tracing::error!(%error, "{what}: it panicked");
                return false;
            }
        }
        tokio::select! {
            () = tokio::time::sleep(UNRECORDED) => {}
            () = stop.cancelled() => return false,
        }
    }
}

/// The first wait, doubling up to four hours, a quarter more or less by chance so that a thousand mails for one dead
/// host do not come back at the same second.
fn backoff(first: SignedDuration, attempts: u32, chance: f64) -> SignedDuration {
    let longest = SignedDuration::from_hours(4).as_secs_f64();
    let seconds = (first.as_secs_f64() * f64::from(1_u32 << attempts.min(16))).min(longest);
    SignedDuration::from_secs_f64(seconds * (0.75 + chance / 2.0))
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
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn a_destination_takes_no_more_than_its_limit() {
        let busy = Busy::new(2);
        assert!(busy.take("slow.example") && busy.take("slow.example"));
        assert!(!busy.take("slow.example") && busy.take("other.example"));
        assert_eq!(busy.full(), ["slow.example"]);
        busy.give_back("slow.example");
        assert!(busy.full().is_empty() && busy.take("slow.example"));
        for _ in 0..2 {
            busy.give_back("slow.example");
        }
        busy.give_back("other.example");
        assert!(busy.counts().is_empty(), "nothing is remembered of those who are done");
    }

    #[tokio::test]
    async fn what_cannot_be_recorded_is_tried_again_until_the_end() {
        let (stop, tries) = (CancellationToken::new(), Arc::new(AtomicUsize::new(0)));
        let counted = Arc::clone(&tries);
        let full = move |full: usize| {
            let counted = Arc::clone(&counted);
            move || match counted.fetch_add(1, Ordering::Relaxed) {
                tried if tried < full => {
                    Err(StoreError::Transaction("the disk is full".to_owned()).into())
                }
                _ => Ok(()),
            }
        };
        until_done("a try", &stop, full(2)).await;
        assert_eq!(tries.swap(0, Ordering::Relaxed), 3);
        stop.cancel();
        until_done("a try", &stop, full(9)).await;
        assert_eq!(tries.load(Ordering::Relaxed), 1, "the next start settles it");
    }

    #[test]
    fn backoff_grows_from_a_minute_to_hours() {
        let minute = SignedDuration::from_mins(1);
        let minutes = |attempts, chance| backoff(minute, attempts, chance).as_secs_f64() / 60.0;
        assert!((0.7..=0.8).contains(&minutes(0, 0.0)) && (1.2..=1.3).contains(&minutes(0, 1.0)));
        assert!((3.9..=4.1).contains(&minutes(2, 0.5)));
        assert!((239.0..=241.0).contains(&minutes(30, 0.5)));
    }
}
