//! `relais doctor`: what is right and what is wrong with this installation, each wrong thing with one sentence that
//! says what to do. It changes nothing, except that it notes whose own domain vouches for what we send.

mod names;

use std::{
    fs,
    io::{IsTerminal, Write},
    path::Path,
};

use clap::Args;
use serde::Serialize;

use super::{Failure, admin, place, serve};
use crate::{
    doors::{certificate, delivery::Transport, dns, engines},
    flow::{clock, gateway::Gateway, translate::models},
    ground::{
        account::Account,
        config::{Config, EngineKind, TransportKind},
    },
};

/// How to show it.
#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// How something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    /// As it should be.
    Right,
    /// It works, and could be better.
    Warning,
    /// It does not work.
    Wrong,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize)]
struct Finding {
    level: Level,
    what: String,
    /// What was found, and what to do where it is not right.
    said: String,
}

/// Everything found so far.
#[derive(Debug, Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn note(&mut self, level: Level, what: &str, said: impl Into<String>) {
        self.0.push(Finding { level, what: what.to_owned(), said: said.into() });
    }

    /// Right with one sentence, or at this level with the other.
    fn check(&mut self, what: &str, found: Result<String, String>, otherwise: Level) {
        match found {
            Ok(said) => self.note(Level::Right, what, said),
            Err(said) => self.note(otherwise, what, said),
        }
    }
}

pub(super) fn run(config: &Config, wanted: &Doctor) -> Result<(), Failure> {
    // Another command may have set it; either is the same provider.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let mut findings = Findings::default();
    for advice in config.advice() {
        findings.note(Level::Warning, "configuration", advice);
    }
    folders(config, &mut findings);
    let gateway = opened(config, &mut findings);
    if let Some(gateway) = &gateway {
        house(gateway, &mut findings);
    }
    models(config, &mut findings);
    certificate_dates(config, &mut findings);
    trust(config, &mut findings);
    let accounts =
        gateway.as_ref().and_then(|gateway| gateway.store.read(|reading| reading.accounts()).ok());
    let accounts = accounts.unwrap_or_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        ways_out(config, &mut findings).await;
        match dns::resolver(&config.delivery.resolver) {
            Ok(resolver) => match names::answers(config, &resolver).await {
                Ok(()) => {
                    names::look(config, &resolver, &accounts, &mut findings).await;
                    if let Some(gateway) = &gateway {
                        names::own_domains(config, gateway, &accounts, &mut findings).await;
                    }
                }
                // What is published cannot be judged then, and nothing is noted of it.
                Err(said) => findings.note(Level::Wrong, "DNS", said),
            },
            Err(error) => findings.note(
                Level::Wrong,
                "DNS",
                format!("there is no resolver ({error}): set delivery.resolver"),
            ),
        }
    });
    show(&findings.0, wanted.json)?;
    let wrong = findings.0.iter().filter(|finding| finding.level == Level::Wrong).count();
    match wrong {
        0 => Ok(()),
        1 => Err("1 thing is wrong".into()),
        _ => Err(format!("{wrong} things are wrong").into()),
    }
}

fn show(findings: &[Finding], json: bool) -> Result<(), Failure> {
    let mut out = std::io::stdout();
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(findings)?)?;
        return Ok(());
    }
    let colours = out.is_terminal();
    let width = findings.iter().map(|finding| finding.what.chars().count()).max().unwrap_or(0);
    for finding in findings {
        let (mark, colour) = match finding.level {
            Level::Right => ("right  ", 32),
            Level::Warning => ("warning", 33),
            Level::Wrong => ("WRONG  ", 31),
        };
        let mark = if colours { format!("\x1b[{colour}m{mark}\x1b[0m") } else { mark.to_owned() };
        writeln!(out, "{mark}  {:width$}  {}", finding.what, finding.said)?;
    }
    Ok(())
}

/// Bytes below which there is trouble soon, and now.
const LITTLE_ROOM: u64 = 2 << 30;
const NO_ROOM: u64 = 100 << 20;

fn folders(config: &Config, findings: &mut Findings) {
    for (key, folder) in [("data", &config.data), ("maildirs", &config.maildirs)] {
        let what = format!("folder {key}");
        let shown = folder.display();
        if matches!(folder.try_exists(), Ok(false)) {
            let said =
                format!("{shown}: is not there yet; relais account add or relais serve makes it");
            findings.note(Level::Warning, &what, said);
            continue;
        }
        findings.check(
            &what,
            durable(folder).map(|()| format!("{shown}: files can be written and flushed")).map_err(
                |error| format!("{shown}: {error}; make it the folder of the user Relais runs as"),
            ),
            Level::Wrong,
        );
        let Ok(found) = rustix::fs::statvfs(folder) else { continue };
        let free = found.f_bavail * found.f_frsize;
        let said = format!("{:.1} GB free", free as f64 / 1e9);
        match free {
            ..NO_ROOM => {
                findings.note(Level::Wrong, &what, format!("{said}: mail is refused, make room"));
            }
            NO_ROOM..LITTLE_ROOM => {
                findings.note(Level::Warning, &what, format!("{said}: make room soon"));
            }
            _ => findings.note(Level::Right, &what, said),
        }
    }
}

fn durable(folder: &Path) -> std::io::Result<()> {
    let path = folder.join(format!(".doctor-{}", std::process::id()));
    let file = fs::File::create(&path)?;
    let flushed = file.sync_all();
    fs::remove_file(&path)?;
    flushed
}

/// The gateway, where there is one: looking makes none.
fn opened(config: &Config, findings: &mut Findings) -> Option<std::sync::Arc<Gateway>> {
    let opened = match place::is_there(config) {
        Ok(false) => {
            findings.note(Level::Warning, "accounts", "there is none yet: relais account add");
            return None;
        }
        Ok(true) => serve::open(config),
        Err(error) => Err(error),
    };
    match opened {
        Ok((gateway, _)) => Some(gateway),
        Err(error) => {
            findings.note(Level::Wrong, "store", super::with_advice(error.as_ref()));
            None
        }
    }
}

fn house(gateway: &Gateway, findings: &mut Findings) {
    match gateway.needs_rebuild() {
        Ok(true) => findings.note(
            Level::Wrong,
            "store",
            "it does not know the mail: start relais serve, which makes it again from the mail",
        ),
        Ok(false) => {}
        Err(error) => findings.note(Level::Wrong, "store", error.to_string()),
    }
    match gateway.store.read(|reading| reading.accounts()) {
        Ok(accounts) if accounts.is_empty() => {
            findings.note(Level::Warning, "accounts", "there is none yet: relais account add");
        }
        Ok(accounts) => {
            findings.note(Level::Right, "accounts", format!("{} of them", accounts.len()));
            members(gateway, &accounts, findings);
        }
        Err(error) => findings.note(Level::Wrong, "store", error.to_string()),
    }
    match gateway.other_domain() {
        Ok(None) => {}
        Ok(Some(domain)) => findings.note(
            Level::Warning,
            "reply domain",
            format!(
                "the last mail was sent from {domain}, and reply_domain is {}: answers to it do not come in any more; \
                 is this the configuration of this Relais?",
                gateway.identity.reply_domain
            ),
        ),
        Err(error) => findings.note(Level::Wrong, "store", error.to_string()),
    }
    match gateway.journal.unreadable() {
        Ok(lines) if lines.is_empty() => {}
        Ok(lines) => findings.note(Level::Warning, "journal", serve::unreadable(gateway, &lines)),
        Err(error) => findings.note(Level::Wrong, "journal", error.to_string()),
    }
    match gateway.maildir.failed() {
        Ok(failed) if failed.is_empty() => {}
        Ok(failed) => findings.note(
            Level::Warning,
            "messages set aside",
            format!("{}: relais queue list says why", failed.len()),
        ),
        Err(error) => findings.note(Level::Wrong, "messages set aside", error.to_string()),
    }
    match gateway.store.read(|reading| reading.lost_for_members()) {
        Ok(0) => {}
        Ok(count) => findings.note(
            Level::Warning,
            "mail to members",
            format!("{count} could not be delivered: relais queue list says why"),
        ),
        Err(error) => findings.note(Level::Wrong, "mail to members", error.to_string()),
    }
}

fn models(config: &Config, findings: &mut Findings) {
    if config.translation.engines.contains(&EngineKind::Embedded) {
        let models = models::list(&engines::models_folder(config)).map_or(0, |found| found.len());
        match models {
            0 => findings.note(
                Level::Warning,
                "translation",
                "the embedded engine has no models: relais translate models add",
            ),
            count => findings.note(Level::Right, "translation", format!("{count} models")),
        }
    }
}

/// A house that nobody answers for takes requests all the same.
fn members(gateway: &Gateway, accounts: &[Account], findings: &mut Findings) {
    for account in accounts {
        match gateway.store.read(|reading| reading.members(account.id)) {
            Ok(members) if members.is_empty() => {
                findings.note(Level::Warning, "members", admin::nobody_answers(account));
            }
            Ok(_) => {}
            Err(error) => findings.note(Level::Wrong, "store", error.to_string()),
        }
    }
}

/// Whoever writes by a trusted peer is believed to be whom they say, unless the peer says what it found out.
fn trust(config: &Config, findings: &mut Findings) {
    if !config.trusted_peers.is_empty() && config.trusted_results.is_empty() && !config.demo {
        let peers: Vec<String> = config.trusted_peers.iter().map(ToString::to_string).collect();
        let said = format!(
            "everything from {} counts as proven, forged or not: set trusted_results to the name in that server's Authentication-Results",
            peers.join(", ")
        );
        findings.note(Level::Warning, "trusted peers", said);
    }
}

/// Days before its end at which a certificate should have been renewed.
const RENEWAL_DAYS: i64 = 14;

fn certificate_dates(config: &Config, findings: &mut Findings) {
    let path = &config.smtp.tls_certificate;
    if path.as_os_str().is_empty() {
        return findings.note(
            Level::Warning,
            "TLS",
            "STARTTLS is not offered: set smtp.tls_certificate and smtp.tls_key",
        );
    }
    if let Err(error) = certificate::start_tls(path, &config.smtp.tls_key) {
        return findings.note(Level::Wrong, "TLS", error.to_string());
    }
    match certificate::ends_at(path) {
        Ok(end) => {
            let days = end.duration_since(clock::now()).as_hours() / 24;
            let said = format!("the certificate is good until {}", end.strftime("%F"));
            match days {
                ..0 => findings.note(Level::Wrong, "TLS", format!("{said}: renew it")),
                0..RENEWAL_DAYS => {
                    findings.note(Level::Warning, "TLS", format!("{said}: renew it soon"));
                }
                _ => findings.note(Level::Right, "TLS", said),
            }
        }
        Err(error) => findings.note(Level::Wrong, "TLS", error.to_string()),
    }
    match certificate::names(path) {
        Ok(names) if names.iter().any(|name| certificate::covers(name, &config.hostname)) => {}
        Ok(names) => findings.note(
            Level::Warning,
            "TLS",
            format!(
                "the certificate is for {}, and not for {}: get one for the hostname",
                if names.is_empty() { "no host".to_owned() } else { names.join(", ") },
                config.hostname
            ),
        ),
        Err(error) => findings.note(Level::Wrong, "TLS", error.to_string()),
    }
}

async fn ways_out(config: &Config, findings: &mut Findings) {
    let transport = match Transport::of(config) {
        Ok(transport) => transport,
        Err(error) => return findings.note(Level::Wrong, "delivery", error.to_string()),
    };
    match config.delivery.transport {
        TransportKind::Maildir => findings.note(
            Level::Warning,
            "delivery",
            "mail goes into the folder maildirs/outgoing only: set delivery.transport to smarthost or direct",
        ),
        TransportKind::Direct => findings.note(Level::Right, "delivery", "straight to the exchangers"),
        TransportKind::Smarthost => {
            let host = format!("{}:{}", config.delivery.smarthost.host, config.delivery.smarthost.port);
            let found = transport.probe().await;
            findings.check(
                "delivery",
                found.map(|()| format!("{host} answers and lets us in")).map_err(|error| {
                    format!("{host}: {error}; see the keys of [delivery.smarthost]")
                }),
                Level::Wrong,
            );
        }
    }
}
