//! Connections to booking platforms, from the command line.

use std::io::Write;

use jiff::Timestamp;

use super::{ConnectionCommand, Failure, admin::find_account};
use crate::{
    flow::gateway::{Gateway, NewConnection},
    ground::{config::Config, conversation::Channel},
    keep::store::{ConnectionRow, StoreError},
};

pub(super) fn connection(config: &Config, command: ConnectionCommand) -> Result<(), Failure> {
    let gateway = super::open(config)?;
    match command {
        ConnectionCommand::Add { account, client_id, client_secret, property, url, token_url } => {
            let account = find_account(&gateway, &account)?;
            if !account.has_ota() || !account.has_messaging() {
                return Err(format!(
                    "{}: booking platforms are for accommodation with the plan connect; see relais account set",
                    account.name
                )
                .into());
            }
            if let Some(other) = all(&gateway)?
                .into_iter()
                .find(|r| r.machine == client_id && r.account != account.id)
            {
                return Err(format!(
                    "{client_id} is connected to account {}; one machine account has one poller",
                    other.account
                )
                .into());
            }
            gateway.connect(&NewConnection {
                account: account.id,
                channel: Channel::Booking,
                machine: client_id,
                secret: client_secret,
                property,
                url,
                token_url,
            })?;
            writeln!(std::io::stdout(), "{} connected; see relais connection list", account.name)?;
            Ok(())
        }
        ConnectionCommand::List => list(&gateway),
        ConnectionCommand::Pause { client_id } => set(&gateway, &client_id, "paused"),
        ConnectionCommand::Resume { client_id } => set(&gateway, &client_id, "active"),
        ConnectionCommand::Sync { client_id } => {
            let id = find(&gateway, &client_id)?.id;
            gateway
                .store
                .write_blocking::<_, StoreError, _>(move |w| w.connection_synced(id, 0, None))?;
            writeln!(std::io::stdout(), "{client_id} imports again at its next poll")?;
            Ok(())
        }
    }
}

fn all(gateway: &Gateway) -> Result<Vec<ConnectionRow>, StoreError> {
    gateway.store.read(|reading| reading.connections())
}

fn find(gateway: &Gateway, client_id: &str) -> Result<ConnectionRow, Failure> {
    let found = all(gateway)?.into_iter().find(|row| row.machine == client_id);
    found.ok_or_else(|| format!("no connection {client_id}; see relais connection list").into())
}

fn set(gateway: &Gateway, client_id: &str, state: &'static str) -> Result<(), Failure> {
    let id = find(gateway, client_id)?.id;
    gateway.store.write_blocking::<_, StoreError, _>(move |w| {
        w.set_connection_state(id, state, None).map(drop)
    })?;
    writeln!(std::io::stdout(), "{client_id} is {state}")?;
    Ok(())
}

fn list(gateway: &Gateway) -> Result<(), Failure> {
    let mut out = std::io::stdout();
    let when = |at: Option<Timestamp>| at.map_or_else(|| "never".to_owned(), |at| at.to_string());
    for row in all(gateway)? {
        writeln!(
            out,
            "{}  property {}  {}  polled {}  imported {} ({})  {}",
            row.machine,
            row.property,
            row.state,
            when(row.polled_at),
            row.imported,
            if row.synced_at.is_some() { "all" } else { "not yet all" },
            row.last_error.unwrap_or_default()
        )?;
    }
    Ok(())
}
