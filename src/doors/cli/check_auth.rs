//! `relais check-auth`: what SPF, DKIM, ARC and DMARC say of a mail, and whether its author could speak by it.

use std::{io::Write, net::IpAddr, path::PathBuf};

use clap::Args;
use serde_json::json;

use super::Failure;
use crate::{
    doors::authenticate::Authenticator,
    ground::{
        address::Address, authentication::AuthenticationResults, config::Config, letter::Letter,
        trace::Trace, trusted_results::told_spf,
    },
};

/// The session the mail came through, and the mail.
#[derive(Debug, Args)]
pub(super) struct CheckAuth {
    /// The address of the peer that sent it.
    #[arg(long)]
    ip: IpAddr,
    /// What the peer called itself in HELO or EHLO.
    #[arg(long)]
    helo: String,
    /// The reverse-path of the envelope; empty or <> is the null path.
    #[arg(long, default_value = "")]
    mail_from: String,
    /// The DNS server to ask, IP:PORT [default: delivery.resolver, else the system's].
    #[arg(long)]
    resolver: Option<String>,
    /// The mail, as it came.
    file: PathBuf,
}

pub(super) fn run(config: &Config, wanted: &CheckAuth) -> Result<(), Failure> {
    let raw = std::fs::read(&wanted.file)
        .map_err(|error| format!("{}: {error}", wanted.file.display()))?;
    // A file of our own Maildir carries our trace on top.
    let offset = Trace::read(&raw).map_or(0, |(_, offset)| offset);
    let raw = &raw[offset..];
    let path = wanted.mail_from.trim_matches(['<', '>', ' ']);
    let reverse_path: Option<Address> = match path {
        "" => None,
        path => Some(path.parse().map_err(|_| format!("--mail-from: {path:?} is no address"))?),
    };
    let resolver = wanted.resolver.as_ref().unwrap_or(&config.delivery.resolver);
    // As intake does: behind a server in front, SPF is what that says.
    let in_front = config.trusted_peers.contains(&wanted.ip) && !config.trusted_results.is_empty();
    let told = in_front.then(|| told_spf(raw, &config.trusted_results, reverse_path.as_ref()));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let results = runtime.block_on(async {
        let authenticator = Authenticator::new(resolver, &config.hostname)?;
        Ok::<_, String>(
            authenticator
                .ask(wanted.ip, &wanted.helo, reverse_path.as_ref(), told.as_ref(), raw)
                .await,
        )
    })?;
    let shown = shown(&Letter::read(raw), results.as_ref());
    writeln!(std::io::stdout(), "{}", serde_json::to_string_pretty(&shown)?)?;
    Ok(())
}

/// The results and what intake would make of them; documented in docs/check-auth.md.
fn shown(letter: &Letter, results: Option<&AuthenticationResults>) -> serde_json::Value {
    let authors: Vec<String> = letter.from.iter().map(|from| from.address.to_string()).collect();
    let (decision, why) = match (letter.from.as_slice(), results) {
        (_, None) => ("held", "the mail cannot be read".to_owned()),
        ([author], Some(results)) => match results.aligned_pass(&author.address) {
            Some(evidence) => ("speaks", evidence),
            None if results.is_temporary() => ("retried", results.summary()),
            None => ("held", results.summary()),
        },
        _ => ("held", "it does not name exactly one author".to_owned()),
    };
    json!({
        "from": authors,
        "spf": results.map(|r| &r.spf),
        "dkim": results.map(|r| &r.dkim),
        "arc": results.map(|r| &r.arc),
        "dmarc": results.map(|r| &r.dmarc),
        "organization": results.and_then(|r| r.organization.as_ref()),
        "voice": {"decision": decision, "why": why},
    })
}
