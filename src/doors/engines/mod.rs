//! Translation engines outside this process: HTTP servers and Apertium's pipes.
//!
//! Each speaks its engine's real contract and answers in the words of [`crate::flow::translate::Fail`].

pub mod apertium;
mod breaker;
pub mod deepl;
pub mod libretranslate;
mod set_up;

pub use set_up::{models_folder, translator};

use crate::{doors::json_client::Answer, flow::translate::Fail};

/// What an HTTP engine means by a status; its words are in the field `words`. 429 and 529 are "slow down", 456 is
/// DeepL's "quota spent" and is never retried.
fn refusal(answer: &Answer, words: &str) -> Fail {
    let words = answer.json[words].as_str().unwrap_or_default();
    match answer.status.as_u16() {
        401 | 403 => Fail::Auth,
        413 | 414 => Fail::TooLarge,
        408 | 429 | 503 | 529 => Fail::Busy { retry_after: answer.retry_after },
        456 => Fail::Quota,
        400..=499 => Fail::Refused(format!("{} {words}", answer.status)),
        _ => Fail::Down(format!("{} {words}", answer.status)),
    }
}

#[cfg(test)]
mod tests;
