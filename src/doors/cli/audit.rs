//! The audit log of a house, and how the command line writes its own actions into it.

use std::io::Write;

use super::{Failure, admin::find_account};
use crate::{
    flow::gateway::Gateway,
    ground::{audit::Action, config::Config, key::AccountId, told},
};

pub(super) fn run(config: &Config, account: &str, last: usize, json: bool) -> Result<(), Failure> {
    let gateway = super::open(config)?;
    let account = find_account(&gateway, account)?;
    let mut rows = gateway.store.read(|reading| reading.actions(account.id, None, last))?;
    rows.reverse();
    let mut out = std::io::stdout();
    for row in rows {
        if json {
            writeln!(out, "{}", serde_json::json!(row))?;
            continue;
        }
        let Action { who, what, about, peer, refused, .. } = row.action;
        write!(out, "{:.0} {who}: {what} {about}", row.at)?;
        if let Some(status) = refused {
            write!(out, " (refused, {status})")?;
        }
        writeln!(out, "{}{peer}", if peer.is_empty() { "" } else { " from " })?;
    }
    Ok(())
}

/// An administrator did something.
pub(super) fn note(
    gateway: &Gateway,
    account: AccountId,
    what: &str,
    about: &str,
) -> Result<(), Failure> {
    let user = ["SUDO_USER", "USER"].into_iter().find_map(|name| std::env::var(name).ok());
    // The page says it in the language of the house.
    let who = match user {
        Some(user) => told::COMMAND_LINE_OF.kept(&user),
        None => told::COMMAND_LINE.kept(""),
    };
    let (what, about, peer) = (what.to_owned(), about.to_owned(), String::new());
    Ok(gateway.note_action(Action { account, who, what, about, peer, refused: None })?)
}
