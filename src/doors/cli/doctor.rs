//! `relais doctor`: what is right and what is wrong with this installation, each wrong thing with one sentence that
//! says what to do. It changes nothing, except that it notes whose own domain vouches for what we send.

use std::{
    fs,
    io::{IsTerminal, Write},
    net::IpAddr,
    path::Path,
    time::Duration,
};

use clap::Args;
use hickory_resolver::{
    TokioResolver,
    net::NetError,
    proto::rr::{RData, RecordType},
};
use serde::Serialize;

use super::{Failure, admin, serve};
use crate::{
    doors::{
        authenticate::Authenticator,
        certificate,
        delivery::{Transport, sign},
        dns, engines,
    },
    flow::{clock, gateway::Gateway, translate::models},
    ground::{
        account::Account,
        authentication::{AuthenticationResults, Verdict},
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
    folders(config, &mut findings);
    house(config, &mut findings);
    certificate_dates(config, &mut findings);
    trust(config, &mut findings);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        ways_out(config, &mut findings).await;
        match dns::resolver(&config.delivery.resolver) {
            Ok(resolver) => match answers(config, &resolver).await {
                Ok(()) => {
                    names(config, &resolver, &mut findings).await;
                    own_domains(config, &mut findings).await;
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
    fs::create_dir_all(folder)?;
    let path = folder.join(format!(".doctor-{}", std::process::id()));
    let file = fs::File::create(&path)?;
    let flushed = file.sync_all();
    fs::remove_file(&path)?;
    flushed
}

fn house(config: &Config, findings: &mut Findings) {
    let opened = serve::open(config).map_err(|error| error.to_string());
    let gateway = match opened {
        Ok((gateway, _)) => gateway,
        Err(error) => return findings.note(Level::Wrong, "store", error),
    };
    match gateway.store.read(|reading| reading.accounts()) {
        Ok(accounts) if accounts.is_empty() => {
            findings.note(Level::Warning, "accounts", "there is none yet: relais account add");
        }
        Ok(accounts) => {
            findings.note(Level::Right, "accounts", format!("{} of them", accounts.len()));
            members(&gateway, &accounts, findings);
        }
        Err(error) => findings.note(Level::Wrong, "store", error.to_string()),
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

/// So long the first question waits: a resolver that lives answers, be it that there is nothing.
const DNS_PATIENCE: Duration = Duration::from_secs(4);

/// Does DNS answer at all? Without it every record would look as if it were missing.
async fn answers(config: &Config, resolver: &TokioResolver) -> Result<(), String> {
    // RFC 6761, 6.3: names below localhost are answered by the library, without asking anybody.
    let here = config.reply_domain.to_lowercase().ends_with("localhost");
    let question = if here { ".".to_owned() } else { format!("{}.", config.reply_domain) };
    let asked = resolver.lookup(question, RecordType::SOA);
    let why = match tokio::time::timeout(DNS_PATIENCE, asked).await {
        Ok(Ok(_) | Err(NetError::Dns(_))) => return Ok(()),
        Ok(Err(error)) => error.to_string(),
        Err(_) => format!("nothing came within {} s", DNS_PATIENCE.as_secs()),
    };
    let whose = match config.delivery.resolver.as_str() {
        "" => "the system's resolver (/etc/resolv.conf)".to_owned(),
        address => format!("the resolver {address} (delivery.resolver)"),
    };
    Err(format!("{whose} does not answer ({why}): mend it; until then no record can be looked at"))
}

async fn names(config: &Config, resolver: &TokioResolver, findings: &mut Findings) {
    let (hostname, domain) = (&config.hostname, config.reply_domain.to_lowercase());
    let addresses: Vec<IpAddr> = match resolver.lookup_ip(format!("{hostname}.")).await {
        Ok(found) => found.iter().collect(),
        Err(_) => Vec::new(),
    };
    findings.check(
        "hostname",
        match addresses.as_slice() {
            [] => Err(format!(
                "{hostname} has no address: publish an A (and AAAA) record, or set hostname"
            )),
            all => Ok(format!(
                "{hostname} is {}",
                all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
            )),
        },
        Level::Wrong,
    );
    for address in &addresses {
        findings.check("reverse name", reverse(resolver, *address, hostname).await, Level::Warning);
    }
    findings.check("mail exchanger", exchanger(resolver, &domain, hostname).await, Level::Wrong);
    if config.delivery.transport == TransportKind::Maildir {
        return;
    }
    match judged(config, addresses.first().copied()).await {
        Ok(results) => judge(config, &results, findings),
        Err(error) => findings.note(Level::Wrong, "DNS", error),
    }
}

/// RFC 1912, 2.1: many servers refuse mail from an address whose name does not lead back to it.
async fn reverse(
    resolver: &TokioResolver,
    address: IpAddr,
    hostname: &str,
) -> Result<String, String> {
    let found = resolver.reverse_lookup(address).await;
    let names: Vec<String> = found.map_or_else(
        |_| Vec::new(),
        |lookup| {
            lookup
                .answers()
                .iter()
                .filter_map(|record| match &record.data {
                    RData::PTR(name) => Some(name.to_utf8().trim_end_matches('.').to_lowercase()),
                    _ => None,
                })
                .collect()
        },
    );
    if names.iter().any(|name| name == &hostname.to_lowercase()) {
        Ok(format!("{address} is called {hostname}"))
    } else {
        Err(format!(
            "{address} is called {}: ask who runs the network to call it {hostname}",
            if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
        ))
    }
}

async fn exchanger(
    resolver: &TokioResolver,
    domain: &str,
    hostname: &str,
) -> Result<String, String> {
    let todo = format!("publish: {domain}. MX 10 {hostname}.");
    let lookup = resolver
        .mx_lookup(format!("{domain}."))
        .await
        .map_err(|_| format!("{domain} has no MX record; {todo}"))?;
    let hosts: Vec<String> = lookup
        .answers()
        .iter()
        .filter_map(|record| match &record.data {
            RData::MX(mx) => Some(mx.exchange.to_utf8().trim_end_matches('.').to_lowercase()),
            _ => None,
        })
        .collect();
    if hosts.iter().any(|host| host == &hostname.to_lowercase()) {
        Ok(format!("mail for {domain} comes to {hostname}"))
    } else {
        Err(format!("mail for {domain} goes to {}, not here; {todo}", hosts.join(", ")))
    }
}

/// Houses that want to write from their own domain do so once a mail like theirs passes with it.
async fn own_domains(config: &Config, findings: &mut Findings) {
    let Ok((gateway, _)) = serve::open(config) else { return };
    let Ok(accounts) = gateway.store.read(|reading| reading.accounts()) else { return };
    for mut account in accounts {
        let Some(own) = account.own_address.clone() else { continue };
        let domain = own.domain().to_lowercase();
        let results = judged_from(config, None, &domain).await;
        let vouches = results.as_ref().is_ok_and(|found| {
            !found.dkim.is_empty() && found.dkim.iter().all(|one| one.verdict == Verdict::Pass)
        });
        if account.vouched_since.is_some() != vouches {
            account.vouched_since = vouches.then(clock::now);
            if let Err(error) = gateway.put_account(&account) {
                findings.note(Level::Wrong, "store", error.to_string());
            }
        }
        let selector = &config.dkim.selector;
        findings.check(
            "own domain",
            if vouches {
                Ok(format!("{} writes from {own}", account.name))
            } else if selector.is_empty() {
                Err(format!("{own} is not used yet: mail is not signed; first run relais dkim generate, and set dkim.selector"))
            } else {
                Err(format!("{own} is not used yet: ask who runs {domain} to publish {selector}-rsa._domainkey.{domain} and {selector}-ed25519._domainkey.{domain} as CNAME of the same names at {}", config.reply_domain))
            },
            Level::Warning,
        );
    }
}

/// A mail of ours, judged as a stranger would.
async fn judged(config: &Config, address: Option<IpAddr>) -> Result<AuthenticationResults, String> {
    judged_from(config, address, &config.reply_domain.to_lowercase()).await
}

/// A mail from this domain, signed with our keys.
async fn judged_from(
    config: &Config,
    address: Option<IpAddr>,
    domain: &str,
) -> Result<AuthenticationResults, String> {
    let from = format!("doctor@{domain}").parse().map_err(|_| format!("{domain} is no domain"))?;
    let mut raw = format!("From: <{from}>\r\nSubject: doctor\r\nDate: Mon, 23 Nov 2026 09:00:00 +0000\r\nMessage-ID: <doctor@{domain}>\r\n\r\nHow do you do?\r\n").into_bytes();
    if !config.dkim.selector.is_empty() {
        let signer = sign::Signer::open(&sign::folder(config), &config.dkim.selector, domain);
        raw = signer.map_err(|error| format!("dkim.selector: {error}"))?.sign(&raw);
    }
    let authenticator = Authenticator::new(&config.delivery.resolver, &config.hostname)?;
    // Documentation's own address (RFC 5737) stands in where ours is not known.
    let peer = address.unwrap_or(IpAddr::from([192, 0, 2, 1]));
    let asked = authenticator.ask(peer, &config.hostname, Some(&from), None, &raw).await;
    asked.ok_or_else(|| "the names of this house could not be looked up".to_owned())
}

fn judge(config: &Config, results: &AuthenticationResults, findings: &mut Findings) {
    let domain = config.reply_domain.to_lowercase();
    let direct = config.delivery.transport == TransportKind::Direct;
    let sender = if direct { "a mx" } else { "include:<your smarthost's domain>" };
    let level = if direct { Level::Wrong } else { Level::Warning };
    findings.check(
        "SPF",
        match results.spf.verdict {
            Verdict::Pass => Ok(format!("{domain} says that this host sends its mail")),
            Verdict::None => Err(format!(
                "{domain} has no SPF record; publish: {domain}. TXT \"v=spf1 {sender} -all\""
            )),
            // The smarthost's address is what counts there, and only it knows which one it uses.
            other if direct => {
                Err(format!("SPF of {domain} says {other} about this host; add to it: {sender}"))
            }
            _ => Ok(format!("{domain} has an SPF record; see that it names your smarthost")),
        },
        level,
    );
    findings.check(
        "DKIM",
        if config.dkim.selector.is_empty() {
            Err("outgoing mail is not signed: relais dkim generate".to_owned())
        } else if results.dkim.iter().all(|one| one.verdict == Verdict::Pass) {
            Ok(format!("the keys of selector {} are published and fit", config.dkim.selector))
        } else {
            Err(format!("the published keys of selector {} do not fit ours: publish what relais dkim list prints", config.dkim.selector))
        },
        Level::Wrong,
    );
    findings.check(
        "DMARC",
        match results.dmarc.verdict {
            Verdict::None => Err(format!(
                "there is no policy; publish: _dmarc.{domain}. TXT \"v=DMARC1; p=quarantine\""
            )),
            Verdict::Pass => Ok("a mail of ours passes".to_owned()),
            other => Err(format!("a mail of ours gets {other}: mend SPF or DKIM first")),
        },
        Level::Warning,
    );
}
