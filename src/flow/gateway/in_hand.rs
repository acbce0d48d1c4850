//! Which files of the spool intake is dealing with: what waits for DNS is not handed in again meanwhile.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::keep::maildir::SpoolName;

/// The files intake is dealing with.
#[derive(Clone, Debug, Default)]
pub(super) struct FilesInHand(Arc<Mutex<HashSet<SpoolName>>>);

impl FilesInHand {
    /// Takes a file; nothing when it is in hand already.
    pub(super) fn take(&self, name: &SpoolName) -> Option<InHand> {
        let taken = self.names().insert(name.clone());
        taken.then(|| InHand { name: name.clone(), all: self.clone() })
    }

    fn names(&self) -> MutexGuard<'_, HashSet<SpoolName>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A file in hand, until this is dropped: then it is dealt with, or may be handed in again.
#[derive(Debug)]
pub(crate) struct InHand {
    name: SpoolName,
    all: FilesInHand,
}

impl InHand {
    /// Which.
    pub(super) fn name(&self) -> &SpoolName {
        &self.name
    }
}

impl Drop for InHand {
    fn drop(&mut self) {
        self.all.names().remove(&self.name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_in_one_hand_at_a_time() {
        let files = FilesInHand::default();
        let name = SpoolName::from_file_name("1790000000.M1P1Q1.host").unwrap();
        let first = files.take(&name).unwrap();
        assert!(files.take(&name).is_none());
        drop(first);
        assert!(files.take(&name).is_some());
    }
}
