//! The store: SQLite as the index of the mail. The only room with SQL in it.
//!
//! One writer thread: jobs that arrive together share one transaction and so one flush (group commit), each in a
//! savepoint of its own, so that one that fails undoes only itself. Readers are a small pool; WAL lets them read
//! while the writer writes. [`Writing`] and [`Reading`] speak conversations, not SQL.

mod accounts;
mod actions;
mod attempts;
mod channels;
mod connections;
mod correspondents;
mod drafts;
mod form_rules;
mod journaled;
mod known_ids;
mod migrate;
mod purge;
mod queue;
mod read;
mod read_list;
mod regroup;
mod rows;
mod search;
mod sessions;
mod suppressed;
mod tokens;
mod translation_memory;
mod translations;
mod voices;
mod waiting;
mod whose;
mod words;
mod write;

use std::{
    collections::HashSet,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
};

use super::background;
use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, OpenFlags, config::DbConfig};
use tokio::sync::oneshot;

pub use actions::ActionRow;
pub use channels::UnderWay;
pub use channels::{RelaySeen, RelayVerdict};
pub use connections::{Broken, ConnectionRow, ConnectionState, Hint, MachineAccount, Synced};
pub use drafts::{Draft, DraftFile};
pub use known_ids::KnownId;
pub use purge::Going;
pub use queue::{DueMail, NewOutgoing, OutgoingAbout, Purpose, QueueRow};
pub use read::{Reading, ThreadEntry};
pub use read_list::{LastWords, Troubles};
pub use rows::{
    AttachmentRow, AttemptRow, ConversationRow, Counts, DeliveryRow, EventRow, Filter, MessageRow,
    Page,
};
pub use search::Hit;
pub use sessions::{SessionRow, Whose};
pub use suppressed::Suppressed;
pub use tokens::TokenRow;
pub use translations::DueTranslation;
pub use write::{NewConversation, NewMessage, Writing};

/// Trouble of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite said so.
    #[error("store: {}", without_sql(.0))]
    Sqlite(#[from] rusqlite::Error),
    /// The file was written by a newer Relais.
    #[error(
        "{path}: schema {found} is newer than this Relais knows ({known}); install the newer Relais again"
    )]
    TooNew {
        /// The database file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// The file does not open.
    #[error("{path}: {reason}; {advice}", path = path.display())]
    Closed {
        /// The database file.
        path: PathBuf,
        /// What SQLite says.
        reason: String,
        /// What to do.
        advice: &'static str,
    },
    /// A value in the store is not what it should be.
    #[error("store: {0}")]
    Corrupt(String),
    /// The transaction could not begin or commit (a busy or full disk): nothing of it happened, try again.
    #[error("store: the transaction failed: {0}")]
    Transaction(String),
    /// A job panicked: nothing of it happened, and it would panic again.
    #[error("this made Relais panic; please report it")]
    Panicked,
    /// The writer thread has ended.
    #[error("the store's writer has ended")]
    Gone,
}

/// The SQL may be the whole schema.
fn without_sql(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        error => error.to_string(),
    }
}

impl StoreError {
    /// Does it say something of this machine (a full or failing disk, no memory) and nothing of what was to be written?
    /// SQLite says so in the middle of a statement as well.
    pub fn is_ours(&self) -> bool {
        match self {
            StoreError::Transaction(_) | StoreError::Gone => true,
            StoreError::Sqlite(error) => matches!(
                error.sqlite_error_code(),
                Some(
                    ErrorCode::DiskFull
                        | ErrorCode::SystemIoFailure
                        | ErrorCode::OutOfMemory
                        | ErrorCode::DatabaseBusy
                        | ErrorCode::DatabaseLocked
                        | ErrorCode::CannotOpen
                        | ErrorCode::ReadOnly
                        | ErrorCode::OperationInterrupted
                        | ErrorCode::DatabaseCorrupt
                        | ErrorCode::NotADatabase
                )
            ),
            StoreError::TooNew { .. }
            | StoreError::Closed { .. }
            | StoreError::Corrupt(_)
            | StoreError::Panicked => false,
        }
    }

    /// The same of a file that is being opened, with what to do.
    fn at(self, path: &Path) -> Self {
        let advice = match &self {
            StoreError::Sqlite(error) => match error.sqlite_error_code() {
                Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                    "put back the one of the last backup, or move it away: relais serve makes it again from the mail, \
                     without the API tokens"
                }
                Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
                    "run this as the user whose folder it is (sudo -u relais relais …)"
                }
                _ => return self,
            },
            _ => return self,
        };
        let reason = match &self {
            StoreError::Sqlite(error) => without_sql(error),
            other => other.to_string(),
        };
        StoreError::Closed { path: path.to_owned(), reason, advice }
    }
}

const SCHEMA_VERSION: i64 = 7;

/// Times in the store are microseconds since 1970, UTC.
fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

fn timestamp(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Work for the writer: told how it may use the transaction, it says whether it went well and how to answer.
type Work = Box<dyn FnOnce(Result<Share<'_>, StoreError>) -> Ended + Send>;
type AfterCommit = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

struct Job {
    weight: Weight,
    run: Work,
}

/// How much a job writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    /// A few rows.
    Few,
    /// So many that a savepoint around them would cost more than a transaction of their own.
    Batch,
}

/// A job's share of a transaction.
enum Share<'c> {
    /// It is the first in the transaction: a failure rolls all of it back.
    Whole(&'c Connection),
    /// Others were before it: a savepoint keeps a failure to itself, at the price of a copy of every page it touches.
    Part(&'c Connection),
}

/// A job that ran, to be answered after the commit.
struct Ended {
    good: bool,
    answer: AfterCommit,
}

/// So many idle readers are kept, each with its cache; what a burst opened beyond them is closed again.
const READERS_KEPT: usize = 16;

/// A handle: clone-free, shared behind an `Arc`.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    jobs: mpsc::Sender<Job>,
    /// Does a commit wait for the disk?
    waits: Arc<AtomicBool>,
    readers: Mutex<Vec<Connection>>,
}

impl Store {
    /// Opens or creates the store and starts its writer.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let writer = Connection::open(path).map_err(|error| StoreError::from(error).at(path))?;
        prepare(&writer, path).map_err(|error| error.at(path))?;
        let (jobs, queue) = mpsc::channel();
        let waits = Arc::new(AtomicBool::new(true));
        let commits_wait = Arc::clone(&waits);
        thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || {
                background::give_way(background::INTAKE);
                write_loop(&writer, &queue, &commits_wait);
            })
            .map_err(|_| StoreError::Gone)?;
        Ok(Store { path: path.to_owned(), jobs, waits, readers: Mutex::new(Vec::new()) })
    }

    /// Is there a store of an older Relais, which [`Store::open`] would bring to today's schema?
    pub fn is_older(path: &Path) -> Result<bool, StoreError> {
        if !path.exists() {
            return Ok(false);
        }
        let found = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
            .and_then(|old| old.pragma_query_value(None, "user_version", |row| row.get(0)));
        let found: i64 = found.map_err(|error| StoreError::from(error).at(path))?;
        Ok((1..SCHEMA_VERSION).contains(&found))
    }

    /// Runs `work` in the next transaction and answers after its commit. Several calls share one transaction.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Writing<'_>) -> Result<T, E> + Send + 'static,
    {
        let (answer, receiver) = oneshot::channel();
        self.submit(Weight::Few, work, move |result| {
            let _ = answer.send(result);
        })?;
        receiver.await.unwrap_or_else(|_| Err(StoreError::Gone.into()))
    }

    /// [`Store::write`] for threads.
    pub fn write_blocking<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Writing<'_>) -> Result<T, E> + Send + 'static,
    {
        self.wait_for(Weight::Few, work)
    }

    /// [`Store::write_blocking`] for much at once, in a transaction of which it is the first.
    pub fn write_batch_blocking<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Writing<'_>) -> Result<T, E> + Send + 'static,
    {
        self.wait_for(Weight::Batch, work)
    }

    fn wait_for<T, E, F>(&self, weight: Weight, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Writing<'_>) -> Result<T, E> + Send + 'static,
    {
        let (answer, receiver) = mpsc::sync_channel(1);
        self.submit(weight, work, move |result| {
            let _ = answer.send(result);
        })?;
        receiver.recv().unwrap_or_else(|_| Err(StoreError::Gone.into()))
    }

    /// [`Store::write`] for what nobody waits for; a failure is only logged.
    pub fn write_later<F>(&self, what: &'static str, work: F)
    where
        F: FnOnce(&Writing<'_>) -> Result<(), StoreError> + Send + 'static,
    {
        let submitted = self.submit(Weight::Few, work, move |result: Result<(), StoreError>| {
            if let Err(error) = result {
                tracing::warn!(%error, "{what} could not be stored");
            }
        });
        if let Err(error) = submitted {
            tracing::warn!(%error, "{what} could not be stored");
        }
    }

    fn submit<T, E, F, A>(&self, weight: Weight, work: F, answer: A) -> Result<(), E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Writing<'_>) -> Result<T, E> + Send + 'static,
        A: FnOnce(Result<T, E>) + Send + 'static,
    {
        let run: Work = Box::new(move |share| {
            let result = match share {
                Ok(Share::Whole(connection)) => unbroken(connection, work),
                Ok(Share::Part(connection)) => in_savepoint(connection, work),
                Err(error) => Err(error.into()),
            };
            let good = result.is_ok();
            let answer: AfterCommit = Box::new(move |committed| {
                answer(match (result, committed) {
                    (Ok(value), Ok(())) => Ok(value),
                    (Err(error), _) => Err(error),
                    (Ok(_), Err(error)) => Err(error.into()),
                });
            });
            Ended { good, answer }
        });
        self.jobs.send(Job { weight, run }).map_err(|_| StoreError::Gone.into())
    }

    /// Runs `work` on a reader. Blocks: call it from a blocking thread.
    pub fn read<T>(
        &self,
        work: impl FnOnce(&Reading<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let pooled = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match pooled {
            Some(connection) => connection,
            None => open_reader(&self.path)?,
        };
        let result = work(&Reading(&connection));
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < READERS_KEPT {
            readers.push(connection);
        }
        result
    }

    /// Until the answer is dropped, commits do not wait for the disk: for what can be done again. A crash may lose the last
    /// ones and nothing else.
    pub fn hurry(&self) -> Hurry<'_> {
        self.waits.store(false, Ordering::Relaxed);
        Hurry(self)
    }

    /// A consistent copy of the whole store in a new file; gives the spool files it knows.
    pub fn copy_to(&self, target: &Path) -> Result<HashSet<String>, StoreError> {
        open_reader(&self.path)?.execute("VACUUM INTO ?1", [target.to_string_lossy()])?;
        let copy = Connection::open_with_flags(target, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let mut statement = copy.prepare("SELECT spool_name FROM processed")?;
        let known = statement.query_map([], |row| row.get(0))?;
        Ok(known.collect::<Result<_, _>>()?)
    }
}

/// See [`Store::hurry`].
#[derive(Debug)]
pub struct Hurry<'s>(&'s Store);

impl Drop for Hurry<'_> {
    fn drop(&mut self) {
        self.0.waits.store(true, Ordering::Relaxed);
    }
}

/// Strangers' words are worked on here. A panic over one message must end neither the thread nor the others' writing.
fn unbroken<T, E: From<StoreError>>(
    connection: &Connection,
    work: impl FnOnce(&Writing<'_>) -> Result<T, E>,
) -> Result<T, E> {
    // What the work had begun is rolled back, as after an error.
    catch_unwind(AssertUnwindSafe(|| work(&Writing(connection))))
        .unwrap_or_else(|_| Err(StoreError::Panicked.into()))
}

fn in_savepoint<T, E: From<StoreError>>(
    connection: &Connection,
    work: impl FnOnce(&Writing<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let sql = |text: &str| connection.execute_batch(text).map_err(StoreError::from);
    sql("SAVEPOINT job")?;
    let result = unbroken(connection, work);
    if result.is_err() {
        // It is gone where SQLite has ended the whole transaction.
        sql("ROLLBACK TO job").map_err(|error| StoreError::Transaction(error.to_string()))?;
    }
    sql("RELEASE job")?;
    result
}

/// So many jobs share a transaction at most.
const MAX_JOBS: usize = 64;

fn write_loop(connection: &Connection, queue: &mpsc::Receiver<Job>, waits: &AtomicBool) {
    let (mut next, mut waited) = (None, true);
    while let Some(first) = next.take().or_else(|| queue.recv().ok()) {
        let wait = waits.load(Ordering::Relaxed);
        if wait != waited {
            let level = if wait { "FULL" } else { "NORMAL" };
            match connection.execute_batch(&format!("PRAGMA synchronous = {level}")) {
                Ok(()) => waited = wait,
                Err(error) => tracing::warn!(%error, "the store does not change its pace"),
            }
        }
        // Without a transaction a job would commit by its savepoint alone and yet be answered with an error.
        if let Err(error) = connection.execute_batch("BEGIN IMMEDIATE") {
            answer(vec![(first.run)(Err(StoreError::Transaction(error.to_string())))], Ok(()));
            continue;
        }
        let first = (first.run)(Ok(Share::Whole(connection)));
        if !first.good {
            let undone = connection.execute_batch("ROLLBACK").map_err(|error| error.to_string());
            answer(vec![first], undone);
            continue;
        }
        let mut ended = vec![first];
        // On a full disk SQLite ends the transaction by itself: what came after would commit alone.
        while ended.len() < MAX_JOBS
            && !connection.is_autocommit()
            && let Ok(job) = queue.try_recv()
        {
            if job.weight == Weight::Batch {
                next = Some(job);
                break;
            }
            ended.push((job.run)(Ok(Share::Part(connection))));
        }
        let committed = search::enter(connection)
            .and_then(|()| Ok(connection.execute_batch("COMMIT")?))
            .map_err(|error| error.to_string());
        if committed.is_err() {
            let _ = connection.execute_batch("ROLLBACK");
        }
        answer(ended, committed);
    }
}

fn answer(ended: Vec<Ended>, committed: Result<(), String>) {
    for job in ended {
        (job.answer)(committed.clone().map_err(StoreError::Transaction));
    }
}

fn prepare(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
         PRAGMA busy_timeout = 5000; PRAGMA cache_size = -16000; PRAGMA secure_delete = FAST;
         PRAGMA wal_autocheckpoint = 8000; PRAGMA temp_store = MEMORY;",
    )?;
    search::teach(connection)?;
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    match found {
        0 => connection.execute_batch(&format!(
            "BEGIN; {} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;",
            include_str!("schema.sql")
        ))?,
        SCHEMA_VERSION => {}
        1..SCHEMA_VERSION => migrate::migrate(connection, found)?,
        _ => {
            return Err(StoreError::TooNew { path: path.to_owned(), found, known: SCHEMA_VERSION });
        }
    }
    settle_plans(connection)?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(())
}

fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.execute_batch("PRAGMA busy_timeout = 5000; PRAGMA cache_size = -2000;")?;
    settle_plans(&connection)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Keeps SQLite (built with STAT4) from planning some statements anew whenever a value is bound: 5 % of the writer's time.
fn settle_plans(connection: &Connection) -> Result<(), StoreError> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

#[cfg(test)]
mod tests;
