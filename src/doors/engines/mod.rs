//! Translation engines outside this process: HTTP servers and Apertium's pipes.
//!
//! Each speaks its engine's real contract and answers in the words of [`crate::flow::translate::Fail`].

pub mod apertium;
mod breaker;
pub mod deepl;
mod http;
pub mod libretranslate;

#[cfg(test)]
mod tests;
