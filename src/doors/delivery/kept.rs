//! Connections kept open for the next mail to the same server.
//!
//! A server that greets, negotiates TLS and signs us in for each mail does most of its work for nothing. What is kept
//! may be dead when it is wanted: that is found out before the message is sent, and costs only a new connection.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::{
    session::{Extensions, Session},
    tls::Proof,
};
use crate::ground::config::SmarthostTls;

/// So long a connection waits for the next mail: servers are not to be kept busy by nothing (Postfix waits 2 s).
const IDLE: Duration = Duration::from_secs(5);

/// So long one connection is used: exchangers change, and many servers end long sessions.
const LIFE: Duration = Duration::from_secs(300);

/// So many mails one connection carries.
const MAILS: usize = 100;

/// What a connection was made for: another name, port or need of TLS is another connection.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Target {
    pub(super) name: String,
    pub(super) address: String,
    pub(super) port: u16,
    pub(super) tls: SmarthostTls,
    pub(super) proof: Proof,
}

/// A connection with its history.
pub(super) struct Connection {
    pub(super) session: Session,
    pub(super) extensions: Extensions,
    opened: Instant,
    mails: usize,
}

impl Connection {
    pub(super) fn new(session: Session, extensions: Extensions) -> Self {
        Connection { session, extensions, opened: Instant::now(), mails: 0 }
    }
}

/// The idle ones.
#[derive(Clone, Default)]
pub(super) struct Kept(Arc<Mutex<Idle>>);

/// Since when each connection waits, the newest last.
type Idle = HashMap<Target, Vec<(Instant, Connection)>>;

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Kept")
    }
}

impl Kept {
    /// The one used last, which is the likeliest to be alive.
    pub(super) fn take(&self, target: &Target) -> Option<Connection> {
        let mut idle = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let connections = idle.get_mut(target)?;
        let found = connections.pop().map(|(_, connection)| connection);
        if connections.is_empty() {
            idle.remove(target);
        }
        found
    }

    /// A mail was taken: the connection waits for the next one, or ends.
    pub(super) async fn keep(&self, target: Target, mut connection: Connection) {
        connection.mails += 1;
        if connection.mails >= MAILS || connection.opened.elapsed() >= LIFE {
            return connection.session.quit().await;
        }
        let since = Instant::now();
        let mut idle = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        idle.entry(target.clone()).or_default().push((since, connection));
        drop(idle);
        let waiting = Arc::downgrade(&self.0);
        tokio::spawn(async move {
            tokio::time::sleep(IDLE).await;
            if let Some(idle) = waiting.upgrade()
                && let Some(connection) = Kept(idle).tired(&target, since)
            {
                connection.session.quit().await;
            }
        });
    }

    /// The connection that has waited since then, if nobody took it.
    fn tired(&self, target: &Target, since: Instant) -> Option<Connection> {
        let mut idle = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let connections = idle.get_mut(target)?;
        let position = connections.iter().position(|(begun, _)| *begun == since)?;
        let (_, connection) = connections.remove(position);
        if connections.is_empty() {
            idle.remove(target);
        }
        Some(connection)
    }
}
