//! Tokens of the API: made, listed, ended. A token is printed once; only its hash is kept.

use std::io::Write;

use jiff::{Timestamp, tz::TimeZone};
use sha2::{Digest, Sha256};

use super::{Failure, TokenCommand, admin::find_account, audit};
use crate::{
    flow::{clock, gateway::Gateway},
    ground::{access::Scope, account::good_name, config::Config, form::form_name, key::AccountId},
    keep::store::{StoreError, TokenRow},
};

/// Makes an API token: 160 random bits.
pub(super) fn make(
    gateway: &Gateway,
    account: AccountId,
    name: &str,
    scope: Scope,
    expires_at: Option<Timestamp>,
) -> Result<String, Failure> {
    let mut bits = [0; 20];
    getrandom::fill(&mut bits).map_err(|error| format!("no random bits: {error}"))?;
    let token = format!("rl_{}", data_encoding::BASE32_NOPAD.encode(&bits).to_ascii_lowercase());
    let hash: [u8; 32] = Sha256::digest(&token).into();
    let (name, created_at) = (name.to_owned(), clock::now());
    let row = TokenRow { account, name, scope, created_at, expires_at };
    gateway.store.write_blocking::<_, StoreError, _>(move |w| w.put_api_token(&hash, &row))?;
    Ok(token)
}

/// Does it open anything here?
pub(super) fn is_known(gateway: &Gateway, token: &str) -> Result<bool, StoreError> {
    let hash: [u8; 32] = Sha256::digest(token).into();
    Ok(gateway.store.read(|reading| reading.api_token(&hash))?.is_some())
}

/// A day as it is written on the command line.
pub(super) fn day(text: &str) -> Result<jiff::civil::Date, String> {
    text.parse().map_err(|_| "write a day as 2027-12-31".to_owned())
}

/// The name of a new token: tokens are revoked by it, so that each has its own.
fn free_name(
    gateway: &Gateway,
    account: AccountId,
    wanted: Option<String>,
) -> Result<String, Failure> {
    let there = gateway.store.read(|reading| reading.api_tokens(account))?;
    let is_taken = |name: &str| there.iter().any(|token| token.name == name);
    match wanted {
        Some(name) => {
            let name = good_name(&name)
                .ok_or("--name: a token needs a name of one line and at most 100 characters")?;
            if is_taken(name) {
                return Err(format!(
                    "--name: there is a token {name} already, name another or end that one with relais token revoke"
                )
                .into());
            }
            Ok(name.to_owned())
        }
        None => Ok(form_name("api", is_taken)),
    }
}

pub(super) fn run(config: &Config, command: TokenCommand) -> Result<(), Failure> {
    let gateway = super::open(config)?;
    let mut out = std::io::stdout();
    match command {
        TokenCommand::Add { account, name, scope, expires } => {
            let account = find_account(&gateway, &account)?;
            let end = expires.map(|day| day.to_zoned(TimeZone::UTC)).transpose()?;
            let end = end.map(|zoned| zoned.timestamp());
            if end.is_some_and(|end| end <= clock::now()) {
                return Err("--expires: this day has begun already, name a later one".into());
            }
            let name = free_name(&gateway, account.id, name)?;
            writeln!(out, "{}", make(&gateway, account.id, &name, scope, end)?)?;
            audit::note(&gateway, account.id, "token add", &name)?;
        }
        TokenCommand::List { account, json } => {
            let account = find_account(&gateway, &account)?;
            let tokens = gateway.store.read(|reading| reading.api_tokens(account.id))?;
            if json {
                writeln!(out, "{:#}", serde_json::json!(tokens))?;
            }
            for token in tokens.iter().filter(|_| !json) {
                let day = |at: Timestamp| at.to_zoned(TimeZone::UTC).strftime("%F").to_string();
                let end = token.expires_at.map_or_else(|| "never".to_owned(), day);
                let scope = token.scope.to_string();
                let since = day(token.created_at);
                writeln!(out, "{:20} {scope:6} since {since}, ends {end}", token.name)?;
            }
        }
        TokenCommand::Revoke { account, name } => {
            let house = find_account(&gateway, &account)?;
            let (id, wanted) = (house.id, name.clone());
            let ended = gateway
                .store
                .write_blocking::<_, StoreError, _>(move |w| w.revoke_api_tokens(id, &wanted))?;
            if ended == 0 {
                return Err(
                    format!("no token is called {name}; see relais token list {account}").into()
                );
            }
            audit::note(&gateway, id, "token revoke", &name)?;
            writeln!(out, "{ended} of {} ended", house.name)?;
        }
    }
    Ok(())
}
