//! Keep: what is durable. The store (SQLite), the Maildirs and the journal beside them.

pub mod background;
pub mod backup;
pub mod journal;
pub mod maildir;
pub mod sealed;
pub mod store;
