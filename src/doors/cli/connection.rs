//! Connections to booking platforms, from the command line.

use std::{io::Write, time::Duration};

use clap::{Args, Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;

use super::{Failure, admin::find_account, audit};
use crate::{
    doors::channels,
    flow::{
        clock,
        gateway::{ConnectError, Gateway, NewConnection, setup::is_running},
    },
    ground::{config::Config, conversation::Channel, word},
    keep::store::{ConnectionRow, ConnectionState, StoreError, Synced},
};

/// Which API.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Api {
    /// Booking.com's own, for those who have a machine account.
    Booking,
    /// Channex, for Booking.com, Airbnb and others.
    Channex,
    /// Airbnb's partner API, where the operator has keys (channels.airbnb_url).
    Airbnb,
}

impl From<Api> for Channel {
    fn from(api: Api) -> Self {
        match api {
            Api::Booking => Channel::Booking,
            Api::Channex => Channel::Channex,
            Api::Airbnb => Channel::Airbnb,
        }
    }
}

/// Which credentials.
#[derive(Debug, Args)]
pub(super) struct Named {
    /// The name of the credentials.
    client_id: String,
    /// Whose, by the account's public address, where several accounts have credentials of this name.
    #[arg(long)]
    account: Option<String>,
    /// On which API, where an account has credentials of this name on several.
    #[arg(long)]
    channel: Option<Api>,
    /// One property alone of those they serve.
    #[arg(long)]
    property: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum ConnectionCommand {
    /// Connect a house to a channel's API, or give its connection new credentials.
    Add {
        /// The account's public address.
        account: String,
        /// Which API.
        #[arg(long, default_value = "booking")]
        channel: Api,
        /// The name of the credentials: Booking.com's client id; for Channex any name of yours.
        #[arg(long, visible_alias = "name")]
        client_id: String,
        /// Their secret, or the API key (Airbnb: KEY:TOKEN); better by the environment, where other users do not see it.
        #[arg(long, env = "RELAIS_CLIENT_SECRET", hide_env_values = true)]
        client_secret: String,
        /// The property's number or id there. Properties that share credentials share one poller.
        #[arg(long)]
        property: String,
        /// Where the API is [default: as configured].
        #[arg(long)]
        url: Option<String>,
        /// Where tokens are given out [default: as configured].
        #[arg(long)]
        token_url: Option<String>,
        /// Houses of other accounts behind this machine account get the new secret too.
        #[arg(long)]
        renew: bool,
    },
    /// Make the link on which a host allows this house to speak for them at Airbnb; it is good for an hour, and whoever
    /// opens it and agrees is connected.
    Authorize {
        /// The account's public address.
        account: String,
        /// A name for the credentials, of yours.
        #[arg(long, visible_alias = "name")]
        client_id: String,
        /// The listing's number there, or all.
        #[arg(long, default_value = "all")]
        property: String,
    },
    /// Test a house's relay mail: from which address it answers, when a visitor was last heard by it, and how the last
    /// reply ended. Nothing is sent: whatever goes there goes to a visitor.
    Relay {
        /// The account's public address.
        account: String,
    },
    /// List the connections: state, last good poll, how long that is ago, what was imported, last error.
    #[command(visible_alias = "status")]
    List,
    /// Ask the channel once, and say what it answers.
    Test(Named),
    /// Where the channel sends its notifications, and the secret it needs for them.
    Hook {
        #[command(flatten)]
        named: Named,
        /// Register it through the channel's API, for each house; where there is no such API, do it by hand.
        #[arg(long)]
        register: bool,
    },
    /// Stop polling; replies wait.
    Pause(Named),
    /// Poll again.
    Resume(Named),
    /// Forget the credentials; the conversations stay.
    Remove(Named),
    /// Import what the channel has from before once more; what is known stays.
    Sync {
        #[command(flatten)]
        named: Named,
        /// Stay and show how far it has come; the server does the work.
        #[arg(long)]
        wait: bool,
    },
}

pub(super) fn connection(config: &Config, command: ConnectionCommand) -> Result<(), Failure> {
    let gateway = super::open(config)?;
    let mut out = std::io::stdout();
    match command {
        ConnectionCommand::Add {
            account,
            channel,
            client_id,
            client_secret,
            property,
            url,
            token_url,
            renew,
        } => {
            let account = find_account(&gateway, &account)?;
            let channel = Channel::from(channel);
            let urls = gateway.identity.channel_urls.of(channel);
            let (api, tokens) = urls.ok_or_else(|| {
                format!("{} is off here: set channels.{}_url", channel.brand(), word::of(&channel))
            })?;
            let connected = gateway.connect(&NewConnection {
                account: account.id,
                channel,
                machine: client_id,
                secret: client_secret,
                property,
                url: url.unwrap_or_else(|| api.to_owned()),
                token_url: token_url.unwrap_or_else(|| tokens.to_owned()),
                renew,
            });
            let id = connected.map_err(as_typed)?;
            let row = all(&gateway)?.into_iter().find(|row| row.id == id);
            let name = row.as_ref().map_or("", |row| row.machine.as_str());
            audit::note(&gateway, account.id, "connection add", name)?;
            match row.as_ref().is_some_and(|row| row.state == ConnectionState::Paused) {
                true => writeln!(
                    out,
                    "{} has these credentials now, and is paused as before: relais connection resume {name}",
                    account.name
                )?,
                false => writeln!(out, "{} connected; see relais connection list", account.name)?,
            }
        }
        ConnectionCommand::Authorize { account, client_id, property } => {
            let account = find_account(&gateway, &account)?;
            let link = gateway.grant_link(account.id, &client_id, &property);
            let link = link.ok_or("set channels.airbnb_url, airbnb_authorize_url, airbnb_token_url, airbnb_key and airbnb_secret")?;
            audit::note(&gateway, account.id, "connection authorize", &client_id)?;
            writeln!(out, "{link}")?;
        }
        ConnectionCommand::Relay { account } => {
            super::relay::test(&gateway, &find_account(&gateway, &account)?)?;
        }
        ConnectionCommand::List => list(&gateway)?,
        ConnectionCommand::Test(of) => test(&gateway, &of)?,
        ConnectionCommand::Hook { named: of, register: false } => hook(&gateway, &of)?,
        ConnectionCommand::Hook { named: of, register: true } => register(&gateway, &of)?,
        ConnectionCommand::Pause(of) => pause(&gateway, &of, true)?,
        ConnectionCommand::Resume(of) => pause(&gateway, &of, false)?,
        ConnectionCommand::Remove(of) => {
            for row in named(&gateway, &of)? {
                gateway.disconnect(row.id)?;
                audit::note(&gateway, row.account, "connection remove", &of.client_id)?;
            }
            writeln!(out, "{} is forgotten", of.client_id)?;
        }
        ConnectionCommand::Sync { named: of, wait } => sync(config, &gateway, &of, wait)?,
    }
    Ok(())
}

fn sync(config: &Config, gateway: &Gateway, of: &Named, wait: bool) -> Result<(), Failure> {
    let (rows, name) = (named(gateway, of)?, &of.client_id);
    if rows.iter().any(|row| row.state == ConnectionState::Paused) {
        return Err(
            format!("{name} is paused, nothing is asked: relais connection resume {name}").into()
        );
    }
    if wait && !is_running(&config.data) {
        return Err("no Relais is running that could import: start relais serve first".into());
    }
    for row in rows {
        gateway.store.write_blocking::<_, StoreError, _>(move |w| {
            w.connection_synced(row.id, &Synced::default())
        })?;
    }
    writeln!(std::io::stdout(), "{name} imports again at its next poll")?;
    if wait { progress(gateway, of) } else { Ok(()) }
}

/// What is wrong with a connection, by the name of the option.
fn as_typed(error: ConnectError) -> Failure {
    match error {
        ConnectError::Unfit { field, said } => {
            let option = match field {
                "name" => "client-id",
                "secret" => "client-secret",
                "token_url" => "token-url",
                other => other,
            };
            format!("--{option}: {said}").into()
        }
        other => other.into(),
    }
}

fn all(gateway: &Gateway) -> Result<Vec<ConnectionRow>, StoreError> {
    gateway.store.read(|reading| reading.connections())
}

/// All houses behind these credentials.
fn named(gateway: &Gateway, of: &Named) -> Result<Vec<ConnectionRow>, Failure> {
    let (client_id, channel) = (&of.client_id, of.channel.map(Channel::from));
    let account = match &of.account {
        Some(address) => Some(find_account(gateway, address)?.id),
        None => None,
    };
    let mut found = all(gateway)?;
    found.retain(|row| {
        row.machine == *client_id
            && account.is_none_or(|account| row.account == account)
            && channel.is_none_or(|channel| row.channel == channel)
            && of.property.as_ref().is_none_or(|property| row.property == *property)
    });
    let Some(first) = found.first().map(ConnectionRow::machine_account) else {
        return Err(format!("no connection {client_id}; see relais connection list").into());
    };
    if found.iter().any(|row| row.machine_account() != first) {
        let text =
            format!("several have credentials called {client_id}; say --account or --channel");
        return Err(text.into());
    }
    Ok(found)
}

fn pause(gateway: &Gateway, of: &Named, paused: bool) -> Result<(), Failure> {
    for row in named(gateway, of)? {
        gateway.pause(&row, paused)?;
        let what = if paused { "connection pause" } else { "connection resume" };
        audit::note(gateway, row.account, what, &of.client_id)?;
    }
    let state = if paused { "paused" } else { "active" };
    writeln!(std::io::stdout(), "{} is {state}", of.client_id)?;
    Ok(())
}

/// One is enough for all houses behind the credentials: a notification names its house.
fn hook(gateway: &Gateway, of: &Named) -> Result<(), Failure> {
    let Some(row) = named(gateway, of)?.into_iter().next() else { return Ok(()) };
    let url = format!("{}/hooks/{}", gateway.identity.base_url, row.id);
    let secret = gateway.hook_secret(row.id);
    let text = match row.channel {
        Channel::Booking => format!(
            "endpoint {url}\nauthentication server {url}/token\nclient id {}\nclient secret {secret}",
            of.client_id
        ),
        Channel::Channex => {
            format!("callback_url {url}\nheader X-Channex-Webhook-Secret: {secret}")
        }
        _ => format!("{url}/{secret}"),
    };
    writeln!(std::io::stdout(), "{text}")?;
    Ok(())
}

/// Each house its own: where it is told apart, the house's goes before one for all.
fn register(gateway: &std::sync::Arc<Gateway>, of: &Named) -> Result<(), Failure> {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let asked = channels::Channels::new(std::sync::Arc::clone(gateway), jiff::SignedDuration::ZERO);
    let mut out = std::io::stdout();
    for row in named(gateway, of)? {
        let url = format!("{}/hooks/{}", gateway.identity.base_url, row.id);
        let secret = gateway.hook_secret(row.id);
        let (brand, property) = (row.channel.brand(), &row.property);
        match runtime.block_on(asked.register(&row, (&url, &secret))) {
            Ok(true) => {
                audit::note(gateway, row.account, "connection hook", &of.client_id)?;
                writeln!(out, "property {property}: {brand} notifies {url}")?;
            }
            other => {
                let why = other.err().unwrap_or_else(|| "it has no API for that".to_owned());
                hook(gateway, of)?;
                return Err(format!(
                    "property {property}: {brand}: {why}; enter what is printed above there by hand"
                )
                .into());
            }
        }
    }
    Ok(())
}

fn test(gateway: &std::sync::Arc<Gateway>, of: &Named) -> Result<(), Failure> {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let asked = channels::Channels::new(std::sync::Arc::clone(gateway), jiff::SignedDuration::ZERO);
    let mut wrong = Vec::new();
    for row in named(gateway, of)? {
        match runtime.block_on(asked.test(&row)) {
            Ok(found) => writeln!(std::io::stdout(), "property {}: {found}", row.property)?,
            Err(why) => wrong.push(format!("property {}: {why}", row.property)),
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

fn list(gateway: &Gateway) -> Result<(), Failure> {
    let mut out = std::io::stdout();
    let now = clock::now();
    let when = |at: Option<Timestamp>| match at {
        Some(at) => format!("{at} ({} s ago)", now.duration_since(at).as_secs().max(0)),
        None => "never".to_owned(),
    };
    for row in all(gateway)? {
        writeln!(
            out,
            "{}  {}  property {}  {}  polled {}  imported {} ({})  {}",
            row.machine,
            row.channel.brand(),
            row.property,
            word::of(&row.state),
            when(row.polled_at),
            row.imported,
            if row.synced_at.is_some() { "all" } else { "not yet all" },
            row.last_error.unwrap_or_default()
        )?;
    }
    Ok(())
}

/// How much of a house is imported; nothing as long as nobody knows how many conversations there are.
fn part_done(row: &ConnectionRow) -> f64 {
    match (row.synced_at, row.threads) {
        (Some(_), _) => 1.0,
        (None, Some(threads)) if threads > 0 => (row.looked as f64 / threads as f64).min(0.99),
        (None, _) => 0.0,
    }
}

/// Until everything is imported, or the channel refuses.
fn progress(gateway: &Gateway, of: &Named) -> Result<(), Failure> {
    let bar = ProgressBar::new(1000);
    let style = "{bar:30} {percent:>3} %  {msg}, {elapsed}";
    bar.set_style(ProgressStyle::with_template(style)?);
    bar.enable_steady_tick(Duration::from_millis(200));
    let mut told = None;
    loop {
        let rows = named(gateway, of)?;
        let imported: i64 = rows.iter().map(|row| row.imported).sum();
        let part = rows.iter().map(part_done).sum::<f64>() / rows.len() as f64;
        bar.set_position((part * 1000.0) as u64);
        bar.set_message(format!("{imported} messages imported"));
        // Where nobody sees a bar, each tenth is a line.
        let tenth = (part * 10.0) as u32;
        if bar.is_hidden() && told.replace(tenth).is_some_and(|before| before != tenth) {
            writeln!(std::io::stdout(), "{} %  {imported} messages imported", tenth * 10)?;
        }
        if rows.iter().all(|row| row.synced_at.is_some()) {
            bar.finish();
            writeln!(std::io::stdout(), "{imported} messages imported")?;
            return Ok(());
        }
        if let Some(why) = rows.iter().find_map(|row| row.last_error.clone()) {
            bar.abandon();
            return Err(why.into());
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}
