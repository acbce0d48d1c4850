//! What a channel does not give now is asked for again, each time after a longer pause: meanwhile the rest goes on.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// The longest pause.
const LONGEST: Duration = Duration::from_secs(600);
/// The first, where nobody said how often channels are polled.
const USUAL: Duration = Duration::from_secs(30);

/// What is put off: a conversation of a connection, or one of the works below, which no conversation is called like.
type What = (i64, String);
/// The search for what notifications missed.
pub(super) const SEARCH: &str = "";
/// The import of what was there before.
pub(super) const IMPORT: &str = " ";

#[derive(Debug, Default)]
pub(super) struct Later {
    first: OnceLock<Duration>,
    waiting: Mutex<HashMap<What, Waiting>>,
}

#[derive(Debug)]
struct Waiting {
    until: Instant,
    pause: Duration,
    why: String,
}

impl Later {
    /// The first pause is the time between two polls.
    pub(super) fn begins_with(&self, every: Duration) {
        let _ = self.first.set(every);
    }

    /// Why this is not asked for now; nothing: it may be.
    pub(super) fn why(&self, house: i64, thread: &str) -> Option<String> {
        let waiting = self.waiting();
        let one = waiting.get(&(house, thread.to_owned()))?;
        (Instant::now() < one.until).then(|| one.why.clone())
    }

    /// It failed, perhaps once more.
    pub(super) fn failed(&self, house: i64, thread: &str, why: &str) {
        let first = self.first.get().copied().unwrap_or(USUAL);
        let mut waiting = self.waiting();
        let before = waiting.get(&(house, thread.to_owned())).map(|one| one.pause);
        let pause = before.map_or(first, longer);
        let until = Instant::now() + pause;
        waiting.insert((house, thread.to_owned()), Waiting { until, pause, why: why.to_owned() });
    }

    /// It went well, or is asked for no more.
    pub(super) fn done(&self, house: i64, thread: &str) {
        self.waiting().remove(&(house, thread.to_owned()));
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<What, Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn longer(pause: Duration) -> Duration {
    (pause * 2).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_an_end() {
        let first = Duration::from_secs(30);
        let all = std::iter::successors(Some(first), |pause| Some(longer(*pause)));
        let all: Vec<u64> = all.take(6).map(|pause| pause.as_secs()).collect();
        assert_eq!(all, [30, 60, 120, 240, 480, 600]);
    }

    #[test]
    fn what_failed_waits_alone_until_it_goes_well() {
        let later = Later::default();
        later.failed(7, "thread", "500");
        assert_eq!(later.why(7, "thread").as_deref(), Some("500"));
        assert_eq!(later.why(7, "other"), None);
        assert_eq!(later.why(8, "thread"), None);
        later.done(7, "thread");
        assert_eq!(later.why(7, "thread"), None);
        let later = Later::default();
        later.begins_with(Duration::ZERO);
        later.failed(7, "thread", "500");
        assert_eq!(later.why(7, "thread"), None, "its pause is over");
    }
}
