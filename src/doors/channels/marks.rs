//! Which conversations a channel calls done, as far as this was seen to change.
//!
//! A channel does not say when somebody said that no reply is needed, nor whether a visitor's next words take it back.
//! So it counts only where it was seen to be otherwise and the visitor has said nothing since: words that wait are
//! never hidden by an old mark.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// How a conversation looked: whether it was done, and the visitor's newest message.
type Look = (bool, Option<String>);

#[derive(Debug, Default)]
pub(super) struct Marks(Mutex<HashMap<(i64, String), Look>>);

impl Marks {
    /// It looks so now; was it made done since it was looked at?
    pub(super) fn turned(&self, house: i64, thread: &str, now: Look) -> bool {
        let key = (house, thread.to_owned());
        let (is_done, newest) = now.clone();
        let before = self.all().insert(key, now);
        is_done && before.is_some_and(|(was_done, known)| !was_done && known == newest)
    }

    /// We said it ourselves.
    pub(super) fn told(&self, house: i64, thread: &str) {
        if let Some(look) = self.all().get_mut(&(house, thread.to_owned())) {
            look.0 = true;
        }
    }

    /// Was it looked at?
    pub(super) fn knows(&self, house: i64, thread: &str) -> bool {
        self.all().contains_key(&(house, thread.to_owned()))
    }

    fn all(&self) -> MutexGuard<'_, HashMap<(i64, String), Look>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_seen_to_change_counts() {
        let marks = Marks::default();
        let look = |done, newest: &str| marks.turned(7, "t", (done, Some(newest.to_owned())));
        assert!(!look(true, "m1"), "nobody knows since when");
        assert!(!look(false, "m1") && look(true, "m1"), "now it is known");
        assert!(!look(true, "m1"), "once");
        assert!(!look(true, "m2"), "a new question, and the mark may be of before it");
        assert!(!look(false, "m2") && !look(true, "m3"), "perhaps nobody has seen the newest");
        assert!(!look(false, "m3"));
        marks.told(7, "t");
        assert!(!look(true, "m3"), "our own word");
        assert!(marks.knows(7, "t") && !marks.knows(8, "t"));
    }
}
