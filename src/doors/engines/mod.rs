//! Translation engines outside this process: HTTP servers and Apertium's pipes.
//!
//! Each speaks its engine's real contract and answers in the words of [`crate::flow::translate::Fail`].

pub mod apertium;
mod breaker;
pub mod deepl;
pub mod libretranslate;
mod set_up;

pub use set_up::{models_folder, translator};

#[cfg(test)]
mod tests;
