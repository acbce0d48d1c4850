//! What changed, numbered, for open pages: who was away a moment is told what they missed, or to read everything again.
//!
//! Numbers begin at the time the process began, so that one of an earlier process is always too old.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use jiff::Timestamp;
use tokio::sync::broadcast;

use crate::ground::key::{AccountId, ConversationId};

/// So many changes can be missed and still be told one by one.
const KEPT: usize = 1024;

/// Something changed in an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Whose.
    pub account: AccountId,
    /// Where.
    pub conversation: ConversationId,
}

/// The changes of the whole gateway.
#[derive(Debug)]
pub struct Changes {
    sender: broadcast::Sender<(u64, Change)>,
    recent: Mutex<Recent>,
}

#[derive(Debug)]
struct Recent {
    last: u64,
    changes: VecDeque<(u64, Change)>,
}

/// What somebody missed, and what comes.
#[derive(Debug)]
pub struct Followed {
    /// `None`: too much, or nobody knows; read everything again.
    pub missed: Option<Vec<(u64, Change)>>,
    /// The number of the newest change so far.
    pub last: u64,
    /// The changes after that one.
    pub coming: broadcast::Receiver<(u64, Change)>,
}

impl Changes {
    pub(super) fn new(now: Timestamp) -> Self {
        let last = u64::try_from(now.as_microsecond()).unwrap_or(0);
        let recent = Recent { last, changes: VecDeque::with_capacity(KEPT) };
        Changes { sender: broadcast::channel(KEPT).0, recent: Mutex::new(recent) }
    }

    /// Tells open pages.
    pub(super) fn tell(&self, change: Change) {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.last += 1;
        let numbered = (recent.last, change);
        if recent.changes.len() == KEPT {
            recent.changes.pop_front();
        }
        recent.changes.push_back(numbered);
        // Under the lock, so that the numbers are sent in their order. Nobody listening is no error.
        let _ = self.sender.send(numbered);
    }

    /// The number of the newest change: what a page is read after knows of it.
    pub fn last(&self) -> u64 {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner).last
    }

    /// Follows an account from a number on; without one, from now on.
    pub fn follow(&self, account: AccountId, since: Option<u64>) -> Followed {
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let coming = self.sender.subscribe();
        let since = since.unwrap_or(recent.last);
        let first_kept = recent.changes.front().map_or(recent.last + 1, |(number, _)| *number);
        let known = since <= recent.last && since + 1 >= first_kept;
        let missed = known.then(|| {
            let after = recent.changes.iter().filter(|(number, _)| *number > since);
            after.filter(|(_, change)| change.account == account).copied().collect()
        });
        Followed { missed, last: recent.last, coming }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_over_a_broken_connection() {
        let changes = Changes::new(Timestamp::from_microsecond(1_000).unwrap());
        let change = |account, conversation| Change {
            account: AccountId(account),
            conversation: ConversationId(conversation),
        };
        for conversation in 1..=5 {
            changes.tell(change(conversation % 2, conversation));
        }
        let missed = |since| {
            let found = changes.follow(AccountId(1), since).missed;
            found.map(|all| all.iter().map(|(n, c)| (*n, c.conversation.0)).collect::<Vec<_>>())
        };
        assert_eq!(missed(None), Some(vec![]));
        assert_eq!(missed(Some(1_000)), Some(vec![(1_001, 1), (1_003, 3), (1_005, 5)]));
        assert_eq!(missed(Some(1_003)), Some(vec![(1_005, 5)]));
        assert_eq!(missed(Some(1_005)), Some(vec![]));
        assert_eq!(missed(Some(999)), None, "of an earlier process");
        assert_eq!(missed(Some(1_006)), None, "of a process whose clock was ahead");
        for _ in 0..KEPT {
            changes.tell(change(0, 1));
        }
        assert_eq!(missed(Some(1_005)), Some(vec![]));
        assert_eq!(missed(Some(1_004)), None, "too long ago");
        let mut followed = changes.follow(AccountId(1), None);
        changes.tell(change(1, 9));
        assert_eq!(followed.coming.try_recv().unwrap(), (followed.last + 1, change(1, 9)));
    }
}
