//! Is the relay mail of a house well? What was heard by it, how replies ended, and what to do about it.
//!
//! No mail is sent for it: behind every address of a relay is a visitor. The proof is the last real exchange, so a house
//! that wants one writes to itself from a booking of its own.

use std::io::Write;

use super::Failure;
use crate::{
    flow::gateway::Gateway,
    ground::{
        account::Account,
        relay_mail::{RELAYS, Relay},
        word,
    },
    keep::store::{RelaySeen, RelayVerdict},
};

/// Writes what is known; a reply that did not get in is an error.
pub(super) fn test(gateway: &Gateway, account: &Account) -> Result<(), Failure> {
    let mut out = std::io::stdout();
    let sender = account.relay_sender();
    writeln!(out, "{} answers from {sender}", account.name)?;
    let mut wrong = Vec::new();
    for Relay { channel, domain, place } in RELAYS {
        let seen = gateway.store.read(|reading| reading.relay_seen(account.id, channel, domain))?;
        let is_refused = seen.verdict() == RelayVerdict::Refused;
        let RelaySeen { heard_at, replied } = seen;
        let brand = channel.brand();
        match heard_at {
            Some(at) => writeln!(out, "{brand}: a guest was last heard at {at}")?,
            None => {
                writeln!(
                    out,
                    "{brand}: no guest was heard yet; have it send its messages to {sender}"
                )?;
            }
        }
        let Some((state, at, answer)) = replied else {
            writeln!(
                out,
                "{brand}: no reply was sent yet; register {sender} there first: {place}"
            )?;
            continue;
        };
        let (state, said) = (word::of(&state), answer.map(|a| a.text).unwrap_or_default());
        writeln!(out, "{brand}: the last reply, of {at}, is {state} {said}")?;
        if is_refused {
            wrong.push(format!("{brand} refuses {sender}; register it: {place}"));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}
