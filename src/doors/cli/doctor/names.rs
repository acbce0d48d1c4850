//! What DNS says of an installation. A name that has no record and one of which nobody answers are two things: the one
//! wants publishing, the other mending.

use std::{net::IpAddr, time::Duration};

use hickory_resolver::{
    TokioResolver,
    net::NetError,
    proto::rr::{RData, RecordType},
};

use super::{Findings, Level};
use crate::{
    doors::{authenticate::Authenticator, delivery::sign},
    flow::{clock, gateway::Gateway},
    ground::{
        account::Account,
        address::Address,
        authentication::{AuthenticationResults, Verdict},
        config::{Config, TransportKind},
    },
};

/// So long a question waits: a resolver that lives answers, be it that there is nothing.
const PATIENCE: Duration = Duration::from_secs(4);

/// Does DNS answer at all? Without it every record would look as if it were missing.
pub(super) async fn answers(config: &Config, resolver: &TokioResolver) -> Result<(), String> {
    // RFC 6761, 6.3: names below localhost are answered by the library, without asking anybody.
    let here = config.reply_domain.to_lowercase().ends_with("localhost");
    let question = if here { ".".to_owned() } else { format!("{}.", config.reply_domain) };
    let asked = resolver.lookup(question, RecordType::SOA);
    let why = match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(_) | Err(NetError::Dns(_))) => return Ok(()),
        Ok(Err(error)) => error.to_string(),
        Err(_) => format!("nothing came within {} s", PATIENCE.as_secs()),
    };
    let whose = match config.delivery.resolver.as_str() {
        "" => "the system's resolver (/etc/resolv.conf)".to_owned(),
        address => format!("the resolver {address} (delivery.resolver)"),
    };
    Err(format!("{whose} does not answer ({why}): mend it; until then no record can be looked at"))
}

/// The records of a name, or none; an error says that nobody answers.
async fn records(
    resolver: &TokioResolver,
    name: &str,
    kind: RecordType,
) -> Result<Vec<RData>, String> {
    let asked = resolver.lookup(format!("{name}."), kind);
    let why = match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(found)) => return Ok(found.answers().iter().map(|one| one.data.clone()).collect()),
        Ok(Err(error)) if error.is_no_records_found() => return Ok(Vec::new()),
        Ok(Err(error)) => error.to_string(),
        Err(_) => format!("nothing came within {} s", PATIENCE.as_secs()),
    };
    Err(silent(name, &why))
}

fn silent(name: &str, why: &str) -> String {
    format!("DNS of {name} does not answer ({why}): see to its name servers, and ask doctor again")
}

/// The addresses of a host; an error where nobody answers for one of the two kinds and the other has none.
async fn addresses(resolver: &TokioResolver, host: &str) -> Result<Vec<IpAddr>, String> {
    let mut found = Vec::new();
    let mut trouble = None;
    for kind in [RecordType::A, RecordType::AAAA] {
        match records(resolver, host, kind).await {
            Ok(all) => found.extend(all.into_iter().filter_map(|one| match one {
                RData::A(address) => Some(IpAddr::V4(address.0)),
                RData::AAAA(address) => Some(IpAddr::V6(address.0)),
                _ => None,
            })),
            Err(error) => trouble = Some(error),
        }
    }
    match trouble {
        Some(error) if found.is_empty() => Err(error),
        _ => Ok(found),
    }
}

fn list<T: ToString>(all: &[T]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Everything people and their servers look up of us.
pub(super) async fn look(
    config: &Config,
    resolver: &TokioResolver,
    accounts: &[Account],
    findings: &mut Findings,
) {
    let hostname = config.hostname.to_lowercase();
    let ours = addresses(resolver, &hostname).await;
    findings.check(
        "hostname",
        match &ours {
            Err(silent) => Err(silent.clone()),
            Ok(none) if none.is_empty() => Err(format!(
                "{hostname} has no address: publish an A (and AAAA) record, or set hostname"
            )),
            Ok(all) => Ok(format!("{hostname} is {}", list(all))),
        },
        Level::Wrong,
    );
    let ours = Host { name: hostname, addresses: ours.unwrap_or_default() };
    for address in &ours.addresses {
        let found = reverse(resolver, *address, &ours.name).await;
        findings.check("reverse name", found, Level::Warning);
    }
    let domain = config.reply_domain.to_lowercase();
    findings.check("mail exchanger", ours.gets_mail_for(resolver, &domain).await, Level::Wrong);
    for domain in domains(accounts).into_iter().filter(|other| *other != domain) {
        // A server in front takes the mail then.
        let front = !config.trusted_peers.is_empty();
        let level = if front { Level::Warning } else { Level::Wrong };
        let found = ours.gets_mail_for(resolver, &domain).await;
        findings.check("mail exchanger", found, level);
    }
    pages(config, resolver, findings).await;
    if config.delivery.transport == TransportKind::Maildir {
        return;
    }
    match judged(config, ours.addresses.first().copied()).await {
        Ok(results) => judge(config, resolver, &results, findings).await,
        Err(error) => findings.note(Level::Wrong, "DNS", error),
    }
}

/// The domains of the addresses under which houses are written to here.
fn domains(accounts: &[Account]) -> Vec<String> {
    let known = |account: &Account| [Some(account.address.clone()), account.relay_address.clone()];
    let addresses: Vec<Address> = accounts.iter().flat_map(known).flatten().collect();
    let mut all: Vec<String> = addresses.iter().map(|one| one.domain().to_lowercase()).collect();
    all.sort_unstable();
    all.dedup();
    // RFC 6761, 6.3: nobody asks DNS for these; they are for trying out.
    all.retain(|domain| !domain.ends_with("localhost"));
    all
}

/// Links in mails lead there.
async fn pages(config: &Config, resolver: &TokioResolver, findings: &mut Findings) {
    let rest = config.base_url.split_once("://").map_or("", |(_, rest)| rest);
    let server = rest.split('/').next().unwrap_or_default();
    let host = server.split(':').next().unwrap_or_default().to_lowercase();
    let is_name = !host.is_empty() && !host.starts_with('[') && host.parse::<IpAddr>().is_err();
    if !is_name || host.ends_with("localhost") {
        return;
    }
    let found = match addresses(resolver, &host).await {
        Err(silent) => Err(silent),
        Ok(none) if none.is_empty() => Err(format!(
            "{host} has no address, links in mails lead nowhere: publish an A (and AAAA) record, or set base_url"
        )),
        Ok(all) => Ok(format!("{host} is {}", list(&all))),
    };
    findings.check("pages", found, Level::Wrong);
}

/// RFC 1912, 2.1: many servers refuse mail from an address whose name does not lead back to it.
async fn reverse(
    resolver: &TokioResolver,
    address: IpAddr,
    hostname: &str,
) -> Result<String, String> {
    let asked = tokio::time::timeout(PATIENCE, resolver.reverse_lookup(address)).await;
    let names: Vec<String> = match asked {
        Ok(Ok(lookup)) => lookup
            .answers()
            .iter()
            .filter_map(|record| match &record.data {
                RData::PTR(name) => Some(name.to_utf8().trim_end_matches('.').to_lowercase()),
                _ => None,
            })
            .collect(),
        Ok(Err(error)) if error.is_no_records_found() => Vec::new(),
        Ok(Err(error)) => return Err(silent(&address.to_string(), &error.to_string())),
        Err(_) => return Err(silent(&address.to_string(), "nothing came")),
    };
    if names.iter().any(|name| name == hostname) {
        Ok(format!("{address} is called {hostname}"))
    } else {
        Err(format!(
            "{address} is called {}: ask who runs the network to call it {hostname}",
            if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
        ))
    }
}

/// This machine as the world knows it.
struct Host {
    name: String,
    addresses: Vec<IpAddr>,
}

impl Host {
    /// Is this our name, or another one of ours?
    async fn is(&self, resolver: &TokioResolver, other: &str) -> bool {
        other == self.name
            || addresses(resolver, other)
                .await
                .is_ok_and(|all| all.iter().any(|one| self.addresses.contains(one)))
    }

    /// RFC 5321, 5.1: mail goes where the MX says; without one to the domain's own address.
    async fn gets_mail_for(
        &self,
        resolver: &TokioResolver,
        domain: &str,
    ) -> Result<String, String> {
        let name = &self.name;
        let todo = format!("publish: {domain}. MX 10 {name}.");
        let found = records(resolver, domain, RecordType::MX).await?;
        let hosts: Vec<String> = found
            .iter()
            .filter_map(|record| match record {
                RData::MX(mx) => Some(mx.exchange.to_utf8().trim_end_matches('.').to_lowercase()),
                _ => None,
            })
            .collect();
        if hosts.is_empty() {
            return match self.is(resolver, domain).await {
                true => Ok(format!("mail for {domain} comes to its own address, {name}")),
                false => Err(format!("{domain} has no MX record; {todo}")),
            };
        }
        for host in &hosts {
            if self.is(resolver, host).await {
                return Ok(format!("mail for {domain} comes to {host}"));
            }
        }
        Err(format!("mail for {domain} goes to {}, not here; {todo}", hosts.join(", ")))
    }
}

/// Houses that want to write from their own domain do so once a mail like theirs passes with it.
pub(super) async fn own_domains(
    config: &Config,
    gateway: &Gateway,
    accounts: &[Account],
    findings: &mut Findings,
) {
    for account in accounts {
        let Some(own) = account.own_address.clone() else { continue };
        let domain = own.domain().to_lowercase();
        let results = judged_from(config, None, &domain).await;
        let vouches = results.as_ref().is_ok_and(|found| {
            !found.dkim.is_empty() && found.dkim.iter().all(|one| one.verdict == Verdict::Pass)
        });
        let unheard = match &results {
            Err(why) => Some(why.clone()),
            Ok(found) if found.dkim.iter().any(|one| one.verdict == Verdict::TempError) => {
                Some(silent(&domain, "its keys could not be asked for"))
            }
            Ok(_) => None,
        };
        if let Some(why) = unheard {
            // It may vouch all the same: what was found before stays.
            findings.note(Level::Warning, "own domain", why);
            continue;
        }
        if let Err(error) = note_vouched(gateway, account, &own, vouches) {
            findings.note(Level::Wrong, "store", error);
        }
        let selector = &config.dkim.selector;
        findings.check(
            "own domain",
            if vouches {
                Ok(format!("{} writes from {own}", account.name))
            } else if selector.is_empty() {
                Err(format!("{own} is not used yet: mail is not signed; first {}", to_sign(config)))
            } else {
                Err(format!("{own} is not used yet: ask who runs {domain} to publish {selector}-rsa._domainkey.{domain} and {selector}-ed25519._domainkey.{domain} as CNAME of the same names at {}", config.reply_domain))
            },
            Level::Warning,
        );
    }
}

/// Notes since when a domain vouches. DNS took its time: the house is read again, and somebody may have set another
/// address meanwhile.
fn note_vouched(
    gateway: &Gateway,
    seen: &Account,
    own: &Address,
    vouches: bool,
) -> Result<(), String> {
    let now = gateway.store.read(|reading| reading.account(seen.id));
    let Some(mut account) = now.map_err(|error| error.to_string())? else { return Ok(()) };
    if account.own_address.as_ref() != Some(own) || account.vouched_since.is_some() == vouches {
        return Ok(());
    }
    account.vouched_since = vouches.then(clock::now);
    gateway.put_account(&account).map_err(|error| error.to_string())
}

/// What is missing for mail to be signed.
fn to_sign(config: &Config) -> String {
    match sign::selectors(&sign::folder(config)).as_slice() {
        [] => "run relais dkim generate, and set dkim.selector".to_owned(),
        [one] => format!("set dkim.selector = \"{one}\", for which there are keys"),
        all => format!("set dkim.selector to one for which there are keys: {}", all.join(", ")),
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
    let asked = authenticator.ask(peer, &config.hostname, Some(&from), None, &raw);
    let asked = tokio::time::timeout(PATIENCE * 2, asked).await.ok().flatten();
    asked.ok_or_else(|| silent(domain, "SPF, DKIM and DMARC could not be asked for in time"))
}

async fn judge(
    config: &Config,
    resolver: &TokioResolver,
    results: &AuthenticationResults,
    findings: &mut Findings,
) {
    let domain = config.reply_domain.to_lowercase();
    let direct = config.delivery.transport == TransportKind::Direct;
    let sender = if direct { "a mx" } else { "include:<your smarthost's domain>" };
    let level = if direct { Level::Wrong } else { Level::Warning };
    findings.check(
        "SPF",
        match results.spf.verdict {
            Verdict::Pass => Ok(format!("{domain} says that this host sends its mail")),
            Verdict::TempError => Err(silent(&domain, "SPF could not be asked for")),
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
    findings.check("DKIM", keys(config, resolver, results).await, Level::Wrong);
    findings.check(
        "DMARC",
        match results.dmarc.verdict {
            Verdict::TempError => Err(silent(&domain, "DMARC could not be asked for")),
            Verdict::None => Err(format!(
                "there is no policy; publish: _dmarc.{domain}. TXT \"v=DMARC1; p=quarantine\""
            )),
            Verdict::Pass => Ok("a mail of ours passes".to_owned()),
            other => Err(format!("a mail of ours gets {other}: mend SPF or DKIM first")),
        },
        Level::Warning,
    );
}

/// Is our mail signed, and are the keys published with which it is?
async fn keys(
    config: &Config,
    resolver: &TokioResolver,
    results: &AuthenticationResults,
) -> Result<String, String> {
    let selector = &config.dkim.selector;
    if selector.is_empty() {
        return Err(format!("outgoing mail is not signed: {}", to_sign(config)));
    }
    if results.dkim.iter().all(|one| one.verdict == Verdict::Pass) {
        return Ok(format!("the keys of selector {selector} are published and fit"));
    }
    let domain = config.reply_domain.to_lowercase();
    let ours = sign::records(&sign::folder(config), selector, &domain);
    let mut missing = Vec::new();
    for (name, _) in ours.map_err(|error| format!("dkim.selector: {error}"))? {
        let name = name.trim_end_matches('.').to_owned();
        if records(resolver, &name, RecordType::TXT).await?.is_empty() {
            missing.push(name);
        }
    }
    if missing.is_empty() {
        return Err(format!(
            "the published keys of selector {selector} do not fit ours: publish what relais dkim list prints"
        ));
    }
    Err(format!("not published: {}; publish what relais dkim list prints", missing.join(", ")))
}
