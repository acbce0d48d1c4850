//! Flow: what happens to a message, as readable lists of steps over ground and keep.

pub mod translate;
