//! Which conversations a channel calls done, as far as this was seen to change.
//!
//! A channel does not say when somebody said that no reply is needed, nor whether a visitor's next words take it back.
//! So it counts only where it was seen to be otherwise and the visitor has said nothing since: words that wait are
//! never hidden by an old mark.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// How a conversation looked: whether it was done, and the visitor's newest message.
pub(super) type Look = (bool, Option<String>);

/// Nothing where it could not be read.
type Looks = HashMap<(i64, String), Option<Look>>;

#[derive(Debug, Default)]
pub(super) struct Marks(Mutex<Looks>);

impl Marks {
    /// It looks so now; was it made done since it was looked at?
    pub(super) fn is_turned(&self, house: i64, thread: &str, now: &Look) -> bool {
        let all = self.all();
        let before = all.get(&(house, thread.to_owned())).and_then(Option::as_ref);
        now.0 && before.is_some_and(|(was_done, newest)| !was_done && *newest == now.1)
    }

    /// It was looked at, and looks so.
    pub(super) fn note(&self, house: i64, thread: &str, now: Look) {
        self.all().insert((house, thread.to_owned()), Some(now));
    }

    /// It was looked at, and could not be read.
    pub(super) fn failed(&self, house: i64, thread: &str) {
        self.all().entry((house, thread.to_owned())).or_default();
    }

    /// We said it ourselves.
    pub(super) fn told(&self, house: i64, thread: &str) {
        if let Some(Some(look)) = self.all().get_mut(&(house, thread.to_owned())) {
            look.0 = true;
        }
    }

    /// Was it looked at?
    pub(super) fn knows(&self, house: i64, thread: &str) -> bool {
        self.all().contains_key(&(house, thread.to_owned()))
    }

    /// Only these houses are polled.
    pub(super) fn keep(&self, houses: &HashSet<i64>) {
        self.all().retain(|(house, _), _| houses.contains(house));
    }

    /// Of a house only these wait here: of others nothing can turn.
    pub(super) fn keep_waiting(&self, house: i64, threads: &[String]) {
        self.all().retain(|(of, thread), _| *of != house || threads.contains(thread));
    }

    fn all(&self) -> MutexGuard<'_, Looks> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_seen_to_change_counts() {
        let marks = Marks::default();
        let look = |done, newest: &str| {
            let now = (done, Some(newest.to_owned()));
            let is_turned = marks.is_turned(7, "t", &now);
            assert_eq!(marks.is_turned(7, "t", &now), is_turned, "until it is noted");
            marks.note(7, "t", now);
            is_turned
        };
        assert!(!look(true, "m1"), "nobody knows since when");
        assert!(!look(false, "m1") && look(true, "m1"), "now it is known");
        assert!(!look(true, "m1"), "once");
        assert!(!look(true, "m2"), "a new question, and the mark may be of before it");
        assert!(!look(false, "m2") && !look(true, "m3"), "perhaps nobody has seen the newest");
        assert!(!look(false, "m3"));
        marks.told(7, "t");
        assert!(!look(true, "m3"), "our own word");
        assert!(marks.knows(7, "t") && !marks.knows(8, "t"));
        marks.failed(7, "t");
        marks.failed(7, "unread");
        marks.failed(8, "unread");
        assert!(!look(false, "m3") && look(true, "m3"), "a look that fails forgets nothing");
        assert!(marks.knows(7, "unread"));
        assert!(!marks.is_turned(7, "unread", &(true, None)), "nobody knows since when");
        marks.keep_waiting(7, &["unread".to_owned()]);
        assert!(!marks.knows(7, "t") && marks.knows(7, "unread") && marks.knows(8, "unread"));
        marks.keep(&HashSet::from([7]));
        assert!(marks.knows(7, "unread") && !marks.knows(8, "unread"));
    }
}
