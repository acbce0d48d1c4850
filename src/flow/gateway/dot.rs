//! The point of a delivery from which the other side may have the mail.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use crate::{
    ground::key::OutgoingId,
    keep::store::{Store, StoreError},
};

/// Until the final dot was sent nobody has taken the mail, and the attempt may be given up, or cut off, as if it had
/// not begun. A post to a channel is such a dot.
#[derive(Debug, Default)]
pub struct Dot {
    is_sent: AtomicBool,
    noted: Option<(Arc<Store>, OutgoingId)>,
}

impl Dot {
    /// One that the outbox knows of before it is sent: a kill in the next moment leaves a mail that may have arrived.
    pub fn noted(store: Arc<Store>, id: OutgoingId) -> Self {
        Dot { is_sent: AtomicBool::new(false), noted: Some((store, id)) }
    }

    /// May the other side have taken the mail?
    pub fn was_sent(&self) -> bool {
        self.is_sent.load(Ordering::Relaxed)
    }

    /// The other side had it and has not taken it.
    pub fn was_refused(&self) {
        self.is_sent.store(false, Ordering::Relaxed);
    }

    /// To be called before the other side can have it. What cannot be noted must not be sent.
    pub async fn send(&self) -> Result<(), StoreError> {
        let is_first = !self.is_sent.swap(true, Ordering::Relaxed);
        if let Some((store, id)) = self.noted.as_ref().filter(|_| is_first) {
            let id = *id;
            let noted = store.write::<_, StoreError, _>(move |w| w.note_dot(id)).await;
            // The next server this attempt tries needs the note as much as this one.
            self.is_sent.store(noted.is_ok(), Ordering::Relaxed);
            noted?;
        }
        Ok(())
    }
}
