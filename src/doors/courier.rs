//! The courier: due row → attempt → outcome. Retries with backoff for five days, tells the provider when a reply is
//! late or failed, never repeats an attempt whose result nobody knows.

use std::{sync::Arc, time::Duration};

use jiff::SignedDuration;
use tokio::sync::Semaphore;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    doors::delivery::{Outgoing, Transport},
    flow::{clock, gateway::Gateway},
    ground::outcome::Outcome,
    keep::store::DueMail,
};

/// How long a reply may be on its way before its author is told.
const DELAY_NOTICE: SignedDuration = SignedDuration::from_hours(4);
/// How long a mail is tried (RFC 5321, 4.5.4.1: at least 4 to 5 days).
const GIVE_UP: SignedDuration = SignedDuration::from_hours(5 * 24);
/// The slow poll behind the bell, in case a ring was missed.
const POLL: Duration = Duration::from_secs(15);

/// Delivers what is due until stopped; attempts under way may finish.
pub async fn run(
    gateway: Arc<Gateway>,
    transport: Transport,
    concurrency: usize,
    stop: CancellationToken,
) {
    let transport = Arc::new(transport);
    let free = Arc::new(Semaphore::new(concurrency));
    let attempts = TaskTracker::new();
    loop {
        // Registered before the store is asked, so that a ring between the question and the wait is not missed.
        let bell = gateway.outbox_bell.notified();
        let room = free.available_permits();
        let due = take_due(&gateway, room).await;
        let taken = due.len();
        for mail in due {
            let Ok(permit) = Arc::clone(&free).acquire_owned().await else { return };
            let (gateway, transport) = (Arc::clone(&gateway), Arc::clone(&transport));
            attempts.spawn(async move {
                attempt(&gateway, &transport, mail).await;
                drop(permit);
                gateway.outbox_bell.notify_one();
            });
        }
        if taken > 0 && taken == room {
            continue;
        }
        tokio::select! {
            () = bell => {}
            () = tokio::time::sleep(POLL) => {}
            () = stop.cancelled() => break,
        }
    }
    attempts.close();
    attempts.wait().await;
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

async fn attempt(gateway: &Arc<Gateway>, transport: &Transport, mail: DueMail) {
    let outgoing = Outgoing {
        reverse_path: mail.reverse_path.as_ref(),
        recipient: &mail.recipient,
        raw: &mail.raw,
        message_id: &mail.rfc_message_id,
    };
    let outcome = transport.deliver(&outgoing).await;
    let now = clock::now();
    let age = now.duration_since(mail.created_at);
    let retry_at = match &outcome {
        Outcome::Later(_) if age < GIVE_UP => Some(now + backoff(mail.attempts, chance())),
        _ => None,
    };
    let late = retry_at.is_some() && age >= DELAY_NOTICE && !mail.delay_told;
    let worker = Arc::clone(gateway);
    let recorded = tokio::task::spawn_blocking(move || {
        worker.delivery_ended(&mail, &outcome, retry_at, late, now)
    });
    match recorded.await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(%error, "the end of a delivery could not be recorded"),
        Err(error) => tracing::error!(%error, "recording the end of a delivery panicked"),
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
