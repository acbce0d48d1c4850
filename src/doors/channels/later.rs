//! What a channel does not give now is asked for again, each time after a longer pause: meanwhile the rest goes on.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use crate::keep::store::Hint;

/// The longest pause.
const LONGEST: Duration = Duration::from_secs(600);
/// The first, where nobody said how often channels are polled.
const USUAL: Duration = Duration::from_secs(30);

/// What is put off: works of a connection.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Work {
    /// What is to be done about one conversation.
    Named(String, Hint),
    /// The search for what notifications missed.
    Search,
    /// The import of what was there before.
    Import,
    /// A look at a conversation that waits here.
    Waiting(String),
}

#[derive(Debug, Default)]
pub(super) struct Later {
    first: OnceLock<Duration>,
    waiting: Mutex<HashMap<(i64, Work), Waiting>>,
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

    /// The first pause.
    pub(super) fn first(&self) -> Duration {
        self.first.get().copied().unwrap_or(USUAL)
    }

    /// Why this is not asked for now; nothing: it may be.
    pub(super) fn why(&self, house: i64, work: &Work) -> Option<String> {
        let waiting = self.waiting();
        let one = waiting.get(&(house, work.clone()))?;
        (Instant::now() < one.until).then(|| one.why.clone())
    }

    /// It failed, perhaps once more.
    pub(super) fn failed(&self, house: i64, work: &Work, why: &str) {
        let first = self.first();
        let mut waiting = self.waiting();
        let before = waiting.get(&(house, work.clone())).map(|one| one.pause);
        let pause = before.map_or(first, longer);
        let until = Instant::now() + pause;
        waiting.insert((house, work.clone()), Waiting { until, pause, why: why.to_owned() });
    }

    /// It went well, or is asked for no more.
    pub(super) fn done(&self, house: i64, work: &Work) {
        self.waiting().remove(&(house, work.clone()));
    }

    /// Of a house only these wait: no other is looked at for that.
    pub(super) fn keep_waiting(&self, house: i64, threads: &[String]) {
        self.waiting().retain(|(of, work), _| match work {
            Work::Waiting(thread) => *of != house || threads.contains(thread),
            _ => true,
        });
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<(i64, Work), Waiting>> {
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
        let [named, other] = ["thread", "other"].map(|t| Work::Named(t.to_owned(), Hint::Look));
        later.failed(7, &named, "500");
        assert_eq!(later.why(7, &named).as_deref(), Some("500"));
        assert_eq!(later.why(7, &other), None);
        assert_eq!(later.why(8, &named), None);
        let read = Work::Named("thread".to_owned(), Hint::Done);
        assert_eq!(later.why(7, &read), None, "another work about the same conversation");
        later.done(7, &named);
        assert_eq!(later.why(7, &named), None);
        let later = Later::default();
        later.begins_with(Duration::ZERO);
        later.failed(7, &named, "500");
        assert_eq!(later.why(7, &named), None, "its pause is over");
    }
}
