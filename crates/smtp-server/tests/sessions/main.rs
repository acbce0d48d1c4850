//! Whole sessions, over a socket or a pipe; one program, so that they share a stage.

mod batches;
mod certificates;
mod dialogues;
mod splits;
mod stage;
mod timeouts;
