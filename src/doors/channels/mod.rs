//! Channels with an API of their own: polled for messages, and posted to instead of a mail server.
//!
//! One poller for each machine account: it fetches, has the gateway keep and thread what came, and only then tells
//! the channel. A reply is an ordinary row of the outbox whose recipient stands for a thread (`@channel.invalid`).

mod booking;

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{
    flow::gateway::Gateway,
    ground::{
        conversation::CHANNEL_DOMAIN,
        letter::Letter,
        outcome::{Answer, Outcome},
    },
    keep::store::{ConnectionRow, DueMail},
};
use booking::Booking;

/// Credentials that were refused are tried again this slowly.
const BROKEN: Duration = Duration::from_secs(600);

/// What a channel did not do.
#[derive(Debug, thiserror::Error)]
enum Fail {
    /// Ours to mend: the credentials.
    #[error("the channel refuses the credentials: {0}")]
    Credentials(String),
    /// Not now.
    #[error("the channel asks to wait {} s", .0.as_secs())]
    Throttled(Duration),
    /// Never in this form.
    #[error("the channel refuses: {0}")]
    Refused(String),
    /// Nobody knows whether it was done.
    #[error("the channel gave no answer: {0}")]
    Unanswered(String),
    /// Ours.
    #[error("{0}")]
    Ours(String),
}

/// The open connections, each with its cached token.
#[derive(Debug)]
pub struct Channels {
    gateway: Arc<Gateway>,
    open: RwLock<HashMap<i64, Arc<Booking>>>,
}

impl Channels {
    /// None open yet.
    pub fn new(gateway: Arc<Gateway>) -> Self {
        Channels { gateway, open: RwLock::default() }
    }

    /// The adapter of a connection, made anew when its settings changed.
    fn adapter(&self, row: &ConnectionRow) -> Result<Arc<Booking>, Fail> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner).get(&row.id).cloned();
        if let Some(adapter) = open.filter(|adapter| adapter.is_of(row)) {
            return Ok(adapter);
        }
        let secret = self.gateway.unseal(row);
        let secret = secret.ok_or_else(|| Fail::Credentials("sealed with another key".into()))?;
        let adapter = Arc::new(Booking::new(row, secret).map_err(Fail::Ours)?);
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        open.insert(row.id, Arc::clone(&adapter));
        Ok(adapter)
    }

    /// Is this a mail for a channel? Then what became of it.
    pub async fn post(&self, mail: &DueMail) -> Option<Outcome> {
        if mail.recipient.domain() != CHANNEL_DOMAIN {
            return None;
        }
        Some(self.post_to_thread(mail).await.unwrap_or_else(|fail| outcome(&fail)))
    }

    async fn post_to_thread(&self, mail: &DueMail) -> Result<Outcome, Fail> {
        let (gateway, account, id) = (Arc::clone(&self.gateway), mail.account, mail.conversation);
        let found = tokio::task::spawn_blocking(move || {
            let state = gateway.store.read(|reading| reading.conversation_state(id))?;
            match state {
                Some(state) => gateway.connection_of(account, state.channel),
                None => Ok(None),
            }
        });
        let row = found.await.map_err(|e| Fail::Ours(e.to_string()))?;
        let row = row.map_err(|error| Fail::Ours(error.to_string()))?;
        let row = row.ok_or_else(|| Fail::Refused("the connection is gone".into()))?;
        if row.state == "paused" {
            return Ok(Outcome::Later(Answer::own("the connection is paused")));
        }
        let letter = Letter::read(&mail.raw);
        Ok(self.adapter(&row)?.send(mail.recipient.local(), &letter).await)
    }
}

/// What came of a request that has no side effect when it fails so.
fn outcome(fail: &Fail) -> Outcome {
    let answer = Answer::own(fail.to_string());
    match fail {
        Fail::Credentials(_) | Fail::Throttled(_) | Fail::Ours(_) => Outcome::Later(answer),
        Fail::Refused(_) => Outcome::Never(answer),
        Fail::Unanswered(_) => Outcome::Unknown(answer),
    }
}

/// Polls every connection until stopped.
pub async fn run(channels: Arc<Channels>, every: Duration, stop: CancellationToken) {
    let mut not_before: HashMap<i64, Instant> = HashMap::new();
    loop {
        let rows = channels.gateway.store.read(|reading| reading.connections());
        let mut polls = tokio::task::JoinSet::new();
        for row in rows.unwrap_or_default() {
            let waits = not_before.get(&row.id).is_some_and(|at| *at > Instant::now());
            if row.state != "paused" && !waits {
                let channels = Arc::clone(&channels);
                polls.spawn(async move { (row.id, channels.poll(&row).await) });
            }
        }
        while let Some(ended) = polls.join_next().await {
            match ended {
                Ok((id, Some(wait))) => {
                    not_before.insert(id, Instant::now() + wait);
                }
                Ok((id, None)) => {
                    not_before.remove(&id);
                }
                Err(error) => tracing::error!(%error, "a poll panicked"),
            }
        }
        tokio::select! {
            () = tokio::time::sleep(every) => {}
            () = stop.cancelled() => return,
        }
    }
}

impl Channels {
    /// One round of one connection; gives how long to leave it alone.
    async fn poll(&self, row: &ConnectionRow) -> Option<Duration> {
        let result = match self.adapter(row) {
            Ok(adapter) => adapter.poll(&self.gateway, row).await,
            Err(fail) => Err(fail),
        };
        let (error, broken, wait) = match &result {
            Ok(()) => (None, false, None),
            Err(fail @ Fail::Credentials(_)) => (Some(fail), true, Some(BROKEN)),
            Err(fail @ Fail::Throttled(wait)) => (Some(fail), false, Some(*wait)),
            Err(fail) => (Some(fail), false, None),
        };
        if let Some(fail) = error {
            tracing::warn!(%fail, connection = row.machine, "a channel could not be polled");
        }
        let (gateway, id, text) = (Arc::clone(&self.gateway), row.id, error.map(Fail::to_string));
        let noted =
            tokio::task::spawn_blocking(move || gateway.note_poll(id, text.as_deref(), broken));
        if let Ok(Err(error)) = noted.await {
            tracing::error!(%error, "the state of a connection cannot be written");
        }
        wait
    }
}
