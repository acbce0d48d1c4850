//! Group commit of spool files: while one flush of the disk runs, the messages that arrive wait for the next and
//! share it. Order per message: bytes durable, then the name in `new/`, then that folder durable, then the answer.
//! Who was just answered often has more to say: [`gather`] gives them a moment, so that clients in step with each
//! other do not split into two groups that wait for each other's flush.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use tokio::sync::oneshot;

use super::MaildirError;

struct Request {
    file: File,
    from: PathBuf,
    to: PathBuf,
    answer: oneshot::Sender<io::Result<()>>,
}

/// A handle to the thread that commits. The thread ends when the handle is dropped.
#[derive(Debug)]
pub(super) struct Committer {
    requests: mpsc::Sender<Request>,
}

/// The promise of a commit: resolves when the message is durable in the spool.
#[derive(Debug)]
pub struct Kept {
    path: PathBuf,
    answer: oneshot::Receiver<io::Result<()>>,
}

impl Kept {
    /// Waits in a task.
    pub async fn durable(self) -> Result<(), MaildirError> {
        let answer = self.answer.await.unwrap_or_else(|_| Err(gone()));
        answer.map_err(super::at(self.path))
    }

    /// Waits on a thread.
    pub fn wait(self) -> Result<(), MaildirError> {
        let answer = self.answer.blocking_recv().unwrap_or_else(|_| Err(gone()));
        answer.map_err(super::at(self.path))
    }
}

fn gone() -> io::Error {
    io::Error::other("the spool's commit thread has ended")
}

/// So many messages share a flush at most: it bounds the open files.
const MAX_BATCH: usize = 256;
/// Waiting for others is worth at most half a flush, and never more than this on a slow disk.
const LONGEST_WAIT: Duration = Duration::from_millis(2);

impl Committer {
    pub(super) fn start(new: &Path) -> io::Result<Self> {
        let folder = File::open(new)?;
        let (requests, queue) = mpsc::channel::<Request>();
        thread::Builder::new().name("spool-commit".to_owned()).spawn(move || {
            let (mut answered, mut patience) = (0, Duration::ZERO);
            while let Some(batch) = gather(&queue, answered, patience) {
                answered = batch.len();
                let begun = Instant::now();
                commit(batch, &folder);
                patience = (begun.elapsed() / 2).min(LONGEST_WAIT);
            }
        })?;
        Ok(Committer { requests })
    }

    pub(super) fn keep(&self, file: File, from: PathBuf, to: PathBuf) -> Kept {
        let (answer, receiver) = oneshot::channel();
        let path = to.clone();
        if let Err(mpsc::SendError(request)) =
            self.requests.send(Request { file, from, to, answer })
        {
            let _ = request.answer.send(Err(gone()));
        }
        Kept { path, answer: receiver }
    }
}

/// The next batch: what arrived during the flush before, and for at most `patience` those who were just `answered`.
/// A lone client is never waited for: its next message is the whole batch. None when the handle is gone.
fn gather(queue: &Receiver<Request>, answered: usize, patience: Duration) -> Option<Vec<Request>> {
    let mut batch: Vec<Request> = queue.try_iter().take(MAX_BATCH).collect();
    let expected = (batch.len() + answered).min(MAX_BATCH);
    if batch.is_empty() {
        batch.push(queue.recv().ok()?);
    }
    let until = Instant::now() + patience;
    while batch.len() < expected {
        match queue.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(request) => batch.push(request),
            Err(_) => break,
        }
    }
    batch.extend(queue.try_iter().take(MAX_BATCH - batch.len()));
    Some(batch)
}

/// Either every message of the batch is durable and answered so, or each learns why not and leaves no file.
fn commit(batch: Vec<Request>, folder: &File) {
    let flushed = flush(&batch, folder);
    let mut renamed = Vec::with_capacity(batch.len());
    for request in batch {
        let result = copy_error(&flushed).and_then(|()| fs::rename(&request.from, &request.to));
        match result {
            Ok(()) => renamed.push(request),
            Err(error) => refuse(request, error),
        }
    }
    if renamed.is_empty() {
        return;
    }
    match folder.sync_all() {
        Ok(()) => {
            for request in renamed {
                let _ = request.answer.send(Ok(()));
            }
        }
        Err(error) => {
            for request in renamed {
                let _ = fs::remove_file(&request.to);
                refuse(request, io::Error::new(error.kind(), error.to_string()));
            }
        }
    }
}

/// One message: fsync. Several: one syncfs, measured at a fifth of the time of ten fsyncs on ext4. Linux reports
/// write-back errors of the file system through syncfs (since 5.8), so a failed write is not acknowledged.
fn flush(batch: &[Request], folder: &File) -> io::Result<()> {
    match batch {
        [one] => one.file.sync_all(),
        _ => rustix::fs::syncfs(folder).map_err(io::Error::from),
    }
}

fn copy_error(result: &io::Result<()>) -> io::Result<()> {
    match result {
        Ok(()) => Ok(()),
        Err(error) => Err(io::Error::new(error.kind(), error.to_string())),
    }
}

fn refuse(request: Request, error: io::Error) {
    let _ = fs::remove_file(&request.from);
    let _ = request.answer.send(Err(error));
}
