//! Flow: what happens to a message, as readable lists of steps over ground and keep.

pub mod clock;
pub mod directory;
pub mod gateway;
pub mod translate;
