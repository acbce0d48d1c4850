//! `relais serve`: opens everything, starts the doors, stops them in order.

use std::{
    fs,
    io::{self, IsTerminal, Write},
    net::IpAddr,
    os::unix::fs::OpenOptionsExt,
    path::Path,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use jiff::SignedDuration;
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{Failure, admin, place, token};
use crate::{
    doors::{
        authenticate::Authenticator, certificate, channels, courier, delivery, engines, http, smtp,
    },
    flow::{
        clock,
        gateway::{
            ChannelUrls, Gateway, Identity, IntakeQueue, Ownership, Progress, Trouble, intake,
            translating,
        },
        translate::models,
    },
    ground::{access::Scope, account::Account, config::Config},
    keep::store::StoreError,
};

/// Opens the gateway of this configuration.
pub(super) fn open(config: &Config) -> Result<(Arc<Gateway>, IntakeQueue), Failure> {
    let mut random = [0; 32];
    getrandom::fill(&mut random).map_err(|error| format!("no random bits: {error}"))?;
    let mut trusted_peers = config.trusted_peers.clone();
    if config.demo {
        trusted_peers
            .extend([IpAddr::from([127, 0, 0, 1]), IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1])]);
    }
    let identity = Identity {
        hostname: config.hostname.clone(),
        reply_domain: config.reply_domain.to_lowercase(),
        base_url: config.base_url(),
        trusted_peers,
        trusted_results: config.trusted_results.clone(),
        postmaster: config.postmaster.parse().ok(),
        dns_wait: SignedDuration::from_secs(i64::from(config.voices.dns_wait_seconds)),
        undo: SignedDuration::from_secs(i64::from(config.http.undo_seconds)),
        booking_chars: config.channels.booking_message_chars.max(1),
        channel_urls: ChannelUrls {
            booking: (
                config.channels.booking_url.clone(),
                config.channels.booking_token_url.clone(),
            ),
            booking_reservations: config.channels.booking_reservations_url.clone(),
            booking_version: config.channels.booking_version.to_string(),
            booking_attachment: config.channels.booking_attachment_path.clone(),
            channex: config.channels.channex_url.clone(),
            airbnb: config.channels.airbnb_url.clone(),
            airbnb_authorize: config.channels.airbnb_authorize_url.clone(),
            airbnb_token: config.channels.airbnb_token_url.clone(),
            airbnb_key: config.channels.airbnb_key.clone(),
            airbnb_secret: config.channels.airbnb_secret.clone(),
        },
    };
    let opened = Gateway::open(identity, &config.data, &config.maildirs, random)?;
    if let Some(translator) = engines::translator(config, &opened.0.store)? {
        opened.0.translate_by(translator);
    }
    Ok(opened)
}

pub(super) fn run(config: Config) -> Result<(), Failure> {
    start_log();
    rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .map_err(|_| "another TLS provider was installed before ours")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(config))
}

/// Logs go to standard error: journald on a server, dim lines on a terminal.
fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("RELAIS_LOG").unwrap_or_else(|_| {
        tracing_subscriber::EnvFilter::new("relais=info,smtp_server=info,warn")
    });
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        // A log on a full disk cannot be written; complaining about that on standard error would panic.
        .log_internal_errors(false)
        .init();
}

async fn serve(mut config: Config) -> Result<(), Failure> {
    place::files_are_there(&config)?;
    let listeners = Listeners::open(&config).await?;
    // Port 0, or sockets passed in: what is said and linked is where we really are.
    config.smtp.listen =
        listeners.smtp.iter().map(TcpListener::local_addr).collect::<io::Result<_>>()?;
    config.http.listen = listeners.http.local_addr()?;
    let tls = certificate::start_tls(&config.smtp.tls_certificate, &config.smtp.tls_key)?;
    let (gateway, queue) = open(&config)?;
    let ownership = own(&gateway, &config)?;
    if gateway.needs_rebuild()? {
        tracing::warn!(
            "the store does not know the mail (it is new, or a rebuild was cut off): making the index again"
        );
        gateway.restore_settings()?;
        rebuild(&gateway)?;
    }
    let found = gateway.go_on(&config.maildirs)?;
    if found > 0 {
        tracing::info!(
            found,
            "carried out what was journaled but not indexed before the last stop"
        );
    }
    if config.demo {
        demo(&gateway, &config)?;
    }
    match Authenticator::new(&config.delivery.resolver, &config.hostname) {
        Ok(authenticator) => gateway.authenticate_by(Box::new(authenticator)),
        // A machine without DNS still serves; replies from outside are held then.
        Err(error) => {
            tracing::warn!(error, "no DNS: senders cannot be checked, outside replies are held");
        }
    }
    let stop = CancellationToken::new();
    let (doors, workers) = (TaskTracker::new(), TaskTracker::new());
    // The doors are closed before the workers, so that what they accepted is still threaded.
    let workers_stop = CancellationToken::new();
    workers.spawn(intake::run(Arc::clone(&gateway), queue, workers_stop.clone()));
    let channels = Arc::new(channels::Channels::new(
        Arc::clone(&gateway),
        SignedDuration::from_mins(i64::from(config.channels.search_minutes)),
    ));
    gateway.ask_channels_by(Arc::<channels::Channels>::clone(&channels));
    let poll = Duration::from_millis(u64::from(config.channels.poll_ms));
    workers.spawn(channels::run(Arc::clone(&channels), poll, workers_stop.clone()));
    workers.spawn(courier::run(
        Arc::clone(&gateway),
        delivery::Transport::of(&config)?,
        channels,
        courier::Limits::of(&config),
        workers_stop.clone(),
    ));
    workers.spawn(translating::run(Arc::clone(&gateway), workers_stop.clone()));
    workers.spawn(housekeeping(Arc::clone(&gateway), config.clone(), workers_stop.clone()));
    let rates = Arc::new(smtp::Rates::of(&config.smtp));
    for listener in listeners.smtp {
        let settings = smtp::settings(&config, tls.clone());
        let (gateway, rates) = (Arc::clone(&gateway), Arc::clone(&rates));
        doors.spawn(smtp::serve(listener, gateway, settings, rates, stop.clone()));
    }
    let settings = http_settings(&config);
    doors.spawn(http::serve(listeners.http, Arc::clone(&gateway), settings, stop.clone()));
    let spooled = gateway.respool().await?;
    if spooled > 0 {
        tracing::info!(spooled, "threading what was accepted before the last stop");
    }
    // Before anybody learns that we are here, or a stop in that moment would be a kill.
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
    greet(&gateway, &config)?;
    tokio::select! {
        result = tokio::signal::ctrl_c() => result?,
        _ = terminate.recv() => {}
    }
    tracing::info!("stopping");
    let _ = sd_notify::notify(&[sd_notify::NotifyState::Stopping]);
    stop.cancel();
    doors.close();
    doors.wait().await;
    workers_stop.cancel();
    workers.close();
    workers.wait().await;
    Ok(ownership.release()?)
}

/// The gateway is ours alone; nothing of a copy is touched with a configuration that is not its own.
fn own(gateway: &Gateway, config: &Config) -> Result<Ownership, Failure> {
    gateway.must_know_its_domain(&config.maildirs)?;
    if let Some(domain) = gateway.other_domain()? {
        tracing::warn!(
            domain,
            "the last mail was sent from another reply domain: answers to it do not come in any more"
        );
    }
    Ok(gateway.own(&config.data, &config.maildirs, clock::now())?)
}

/// So often a long rebuild says how far it is: systemd waits for a start as long as it hears of it.
const SAID_EVERY: Duration = Duration::from_secs(5);

/// Makes the index again, which may take longer than systemd waits for a start.
fn rebuild(gateway: &Gateway) -> Result<(), Failure> {
    let mut said = Instant::now();
    let rebuilt = gateway.rebuild(|Progress { done, total }| {
        if said.elapsed() >= SAID_EVERY {
            said = Instant::now();
            tracing::info!(done, total, "indexing the mail");
            let longer = u32::try_from((SAID_EVERY * 12).as_micros()).unwrap_or(u32::MAX);
            let _ = sd_notify::notify(&[sd_notify::NotifyState::ExtendTimeoutUsec(longer)]);
        }
    })?;
    let (files, set_aside) = (rebuilt.files, rebuilt.unreadable_files);
    tracing::info!(files, set_aside, lines = rebuilt.unreadable_lines, "the mail is indexed");
    let lines = gateway.journal.unreadable()?;
    if !lines.is_empty() {
        tracing::warn!("{}", unreadable(gateway, &lines));
    }
    Ok(())
}

/// So many numbers of lines are said at most.
const LINES_SAID: usize = 10;

/// That lines of the journal cannot be read, where they stand, and what to do.
pub(super) fn unreadable(gateway: &Gateway, lines: &[usize]) -> String {
    let path = gateway.journal.path().display();
    let said: Vec<String> = lines.iter().take(LINES_SAID).map(ToString::to_string).collect();
    let more = match lines.len().saturating_sub(LINES_SAID) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!(
        "{path}: what is said in line {}{more} cannot be read and is left out; compare it with the last backup, and mend \
         it with Relais stopped, then relais reindex",
        said.join(", ")
    )
}

/// The sockets: those systemd passes in (SMTP first, HTTP last), or our own.
struct Listeners {
    smtp: Vec<TcpListener>,
    http: TcpListener,
}

impl Listeners {
    async fn open(config: &Config) -> Result<Self, Failure> {
        let mut passed = listenfd::ListenFd::from_env();
        let mut sockets = Vec::new();
        for index in 0..passed.len() {
            if let Some(socket) = passed.take_tcp_listener(index)? {
                socket.set_nonblocking(true)?;
                sockets.push(TcpListener::from_std(socket)?);
            }
        }
        match sockets.len() {
            0 => {
                let mut smtp = Vec::new();
                for address in &config.smtp.listen {
                    smtp.push(bind(*address, "smtp.listen").await?);
                }
                Ok(Listeners { smtp, http: bind(config.http.listen, "http.listen").await? })
            }
            1 => Err(
                "systemd passed one socket; Relais wants SMTP and HTTP, see systemd/relais.socket"
                    .into(),
            ),
            _ => {
                let http = sockets.pop().ok_or("no socket")?;
                Ok(Listeners { smtp: sockets, http })
            }
        }
    }
}

async fn bind(address: std::net::SocketAddr, key: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        format!("{key}: cannot listen on {address}: {error}; {}", to_listen(error.kind())).into()
    })
}

/// What to do where nobody can be heard.
fn to_listen(error: io::ErrorKind) -> &'static str {
    match error {
        io::ErrorKind::PermissionDenied => {
            "ports below 1024 are root's: let systemd open them (systemd/relais.socket), or choose one from 1024 on"
        }
        io::ErrorKind::AddrNotAvailable => "write an address of this machine, or 0.0.0.0 for all",
        _ => "is another Relais running? choose another port",
    }
}

/// Every few seconds: changes made by the command line. Every hour: what was deleted long enough ago.
async fn housekeeping(gateway: Arc<Gateway>, config: Config, stop: CancellationToken) {
    let journal = config.maildirs.join("journal.jsonl");
    let changed = |path: &Path| {
        fs::metadata(path).and_then(|m| m.modified()).unwrap_or(SystemTime::UNIX_EPOCH)
    };
    let mut seen = changed(&journal);
    let mut ticks: u64 = 0;
    let mut tidying: Option<JoinHandle<()>> = None;
    loop {
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(2)) => {}
            () = stop.cancelled() => return,
        }
        // The command line journals every change of accounts and members; our own lines only cost a reload.
        let now_changed = changed(&journal);
        if now_changed != seen {
            seen = now_changed;
            if let Err(error) = gateway.reload_accounts() {
                tracing::warn!(%error, "accounts could not be read again");
            }
        }
        if gateway.intake_is_idle() && gateway.maildir.left_in_spool() {
            match gateway.respool().await {
                Ok(_) => {}
                Err(Trouble::Stopping) => return,
                Err(error) => tracing::warn!(%error, "the spool could not be looked through"),
            }
        }
        ticks += 1;
        if ticks % 1800 == 1 && tidying.as_ref().is_none_or(JoinHandle::is_finished) {
            let (gateway, config, stop) = (Arc::clone(&gateway), config.clone(), stop.clone());
            let is_daily = ticks % 43_200 == 1;
            tidying = Some(tokio::task::spawn_blocking(move || {
                tidy_up(&gateway, &config, is_daily, &stop);
            }));
        }
    }
}

/// What has had its time goes: it may take long, and nobody waits for it.
fn tidy_up(gateway: &Gateway, config: &Config, is_daily: bool, stop: &CancellationToken) {
    gateway.forget_segments(clock::now());
    let ended = clock::now() - SignedDuration::from_hours(24 * 30);
    gateway
        .store
        .write_later("forgetting old mails to sign in", move |w| w.forget_ended(ended).map(drop));
    let waited = SignedDuration::from_hours(24 * i64::from(config.voices.hold_days));
    match gateway.expire_holds(clock::now(), waited) {
        Ok(0) => {}
        Ok(expired) => tracing::info!(expired, "held replies nobody confirmed are thrown away"),
        Err(error) => tracing::error!(%error, "held replies could not be looked through"),
    }
    // Zero days keep it for ever.
    if is_daily && config.audit_days > 0 {
        let kept = SignedDuration::from_hours(24 * i64::from(config.audit_days));
        if let Err(error) = gateway.forget_actions(clock::now(), kept) {
            tracing::error!(%error, "the audit log could not be shortened");
        }
    }
    let kept = SignedDuration::from_hours(24 * i64::from(config.deleted_days));
    match gateway.purge_deleted(clock::now(), kept, stop) {
        Ok(0) => {}
        Ok(purged) => tracing::info!(purged, "deleted conversations are gone for good"),
        Err(error) => tracing::error!(%error, "deleted conversations could not be removed"),
    }
}

fn http_settings(config: &Config) -> http::Settings {
    http::Settings {
        request_bytes: config.http.request_bytes,
        timeout: Duration::from_secs(60),
        head: Duration::from_secs(15),
        connections: 4096,
        deleted_days: config.deleted_days,
        proxies: config.http.proxies.clone(),
    }
}

/// The demo house, once: an account, a member, a form, a token in `data/demo-token`.
fn demo(gateway: &Gateway, config: &Config) -> Result<(), Failure> {
    let account = match demo_house(gateway)? {
        Some(account) => account,
        None => {
            let address = format!("pousada@{}", config.hostname);
            let account =
                admin::add_account(gateway, "Pousada da Ria", &address, "pt", Some("demo"))?;
            admin::add_member(
                gateway,
                &account,
                "ana@pousada.example",
                Some("Ana"),
                &admin::Preferences::default(),
            )?;
            account
        }
    };
    let path = config.data.join("demo-token");
    // A token of a store that was deleted opens nothing.
    let there = fs::read_to_string(&path).unwrap_or_default();
    if !token::is_known(gateway, there.trim())? {
        let token = token::make(gateway, account.id, "demo", Scope::Admin, None)?;
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        writeln!(options.open(&path)?, "{token}")?;
    }
    Ok(())
}

/// The house of the form `/f/demo`; without one the first there is.
fn demo_house(gateway: &Gateway) -> Result<Option<Account>, StoreError> {
    gateway.store.read(|reading| match reading.account_of_form("demo")? {
        Some(account) => Ok(Some(account)),
        None => Ok(reading.accounts()?.into_iter().next()),
    })
}

/// A line with a ready link into the inbox of the demo's first member; it works once, for 15 minutes.
fn inbox_link(gateway: &Gateway) -> Result<String, Failure> {
    let member = match demo_house(gateway)? {
        Some(house) => gateway.store.read(|r| r.members(house.id))?.into_iter().next(),
        None => None,
    };
    Ok(member.map_or_else(String::new, |member| {
        let link = http::login_link(gateway, member.id, clock::now());
        format!("Inbox of {}, once within 15 minutes: {link}\n", member.name)
    }))
}

/// Whether messages are translated, in one line.
fn translation_line(config: &Config) -> String {
    let folder = engines::models_folder(config);
    let models = models::list(&folder).unwrap_or_default();
    let pairs: Vec<String> =
        models.iter().map(|m| format!("{} → {}", m.from.name(), m.to.name())).collect();
    if pairs.is_empty() {
        return format!(
            "Nothing is translated: there are no models in {}; relais translate models add en pt fetches some.",
            folder.display()
        );
    }
    let undo = config.translation.undo_seconds;
    format!(
        "Translated: {}; a reply by mail leaves after {undo} s in which its author can stop it.",
        pairs.join(", ")
    )
}

/// What a person who just started it wants to know.
fn greet(gateway: &Gateway, config: &Config) -> Result<(), Failure> {
    let smtp: Vec<String> = config.smtp.listen.iter().map(ToString::to_string).collect();
    let mut out = io::stdout();
    writeln!(out, "Relais takes mail on {} and serves {}", smtp.join(", "), config.base_url())?;
    if config.demo {
        // What is pasted works in any folder.
        let outgoing = std::path::absolute(config.maildirs.join("outgoing"))?;
        let token = std::path::absolute(config.data.join("demo-token"))?;
        let (url, smtp, domain) = (config.base_url(), &smtp[0], &config.hostname);
        writeln!(
            out,
            "{}Demo house: Pousada da Ria <pousada@{domain}>, member ana@pousada.example, form {url}/f/demo\n\
             API token in {}; outgoing mail in {}\n\
             The demo trusts senders on this machine; nothing else does.\n{}\n\n\
             Ask as a visitor:\n  \
             curl -d name='John Smith' -d email=john@guest.example -d message='Do you have a double room for two nights in August?' {url}/f/demo\n\
             Then answer as Ana:\n  \
             T=$(grep -h ^Reply-To $(ls -t $(grep -l 'To: .*ana@' {}/new/*) | head -1) | tr -d '<>\\r' | cut -d' ' -f2); \
             printf 'From: Ana <ana@pousada.example>\\r\\nTo: %s\\r\\nSubject: Re: quarto\\r\\n\\r\\nSim, temos!\\r\\n' $T | \
             curl -sS smtp://{smtp} --mail-from ana@pousada.example --mail-rcpt $T -T -",
            inbox_link(gateway)?,
            token.display(),
            outgoing.display(),
            translation_line(config),
            outgoing.display(),
        )?;
    }
    out.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_not_ours_is_not_called_taken() {
        for (error, said) in [
            (io::ErrorKind::PermissionDenied, "systemd/relais.socket"),
            (io::ErrorKind::AddrNotAvailable, "address of this machine"),
            (io::ErrorKind::AddrInUse, "another Relais"),
        ] {
            assert!(to_listen(error).contains(said), "{error}");
        }
    }
}
