//! Straight to the recipient's mail exchangers (RFC 5321, 5.1).
//!
//! TLS is opportunistic: encrypted where offered, with any certificate. MTA-STS and DANE would change exactly
//! [`requirement`].

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    net::IpAddr,
};

use hickory_resolver::{TokioResolver, proto::rr::RData};

use super::{
    Outgoing, TransportError,
    client::Hop,
    kept::Kept,
    session::{Stop, Timeouts},
    tls::Proof,
};
use crate::ground::{
    authentication::a_label,
    config::{Config, SmarthostTls},
    outcome::{Answer, Outcome},
    told,
};

/// Direct delivery.
#[derive(Debug)]
pub(super) struct Direct {
    resolver: TokioResolver,
    ehlo: String,
    port: u16,
    timeouts: Timeouts,
    kept: Kept,
}

/// So many exchangers are tried in one attempt.
const MAX_EXCHANGERS: usize = 5;
/// So many addresses of each: mostly one of IPv6 and one of IPv4.
const MAX_ADDRESSES: usize = 3;

/// What TLS a destination requires.
fn requirement(_domain: &str) -> (SmarthostTls, Proof) {
    (SmarthostTls::Starttls, Proof::None)
}

/// A number that is different for every mail and host, and the same when asked again.
fn chance(message_id: &str, host: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (message_id, host).hash(&mut hasher);
    hasher.finish()
}

impl Direct {
    pub(super) fn new(config: &Config) -> Result<Self, TransportError> {
        let resolver = crate::doors::dns::resolver(&config.delivery.resolver)
            .map_err(TransportError::Resolver)?;
        Ok(Direct {
            resolver,
            ehlo: config.hostname.clone(),
            port: config.delivery.port,
            timeouts: Timeouts::default(),
            kept: Kept::default(),
        })
    }

    pub(super) async fn deliver(&self, mail: &Outgoing<'_>) -> Outcome {
        let domain = a_label(mail.recipient.domain());
        let domain = domain.as_deref().unwrap_or(mail.recipient.domain());
        let exchangers = match self.exchangers(domain, mail).await {
            Ok(exchangers) => exchangers,
            Err(outcome) => return outcome,
        };
        let (tls, proof) = requirement(domain);
        let mut last = Outcome::Later(Answer::own(told::NO_EXCHANGER.kept(domain)));
        for host in exchangers.iter().take(MAX_EXCHANGERS) {
            for address in self.addresses(host).await.into_iter().take(MAX_ADDRESSES) {
                let address = address.to_string();
                let hop = Hop {
                    name: host.trim_end_matches('.'),
                    address: &address,
                    port: self.port,
                    ehlo: &self.ehlo,
                    tls,
                    proof,
                    sign_in: None,
                    timeouts: self.timeouts,
                    kept: &self.kept,
                };
                let ended = hop.try_once(mail).await;
                // Another exchanger is asked only when this one did not hear of the mail: what it said of it is an
                // answer, and after an unknown end another try might be the second copy.
                let goes_on =
                    matches!(ended, Err(Stop::Door(_) | Stop::Lost(_) | Stop::Handshake(_)));
                last = hop.outcome(ended);
                if !goes_on {
                    return last;
                }
            }
        }
        last
    }

    /// Best first; the domain itself where there is no MX.
    async fn exchangers(&self, domain: &str, mail: &Outgoing<'_>) -> Result<Vec<String>, Outcome> {
        let found = self.resolver.mx_lookup(format!("{domain}.")).await;
        match found {
            Ok(lookup) => {
                let mut records: Vec<(u16, String)> = lookup
                    .answers()
                    .iter()
                    .filter_map(|record| match &record.data {
                        RData::MX(mx) => Some((mx.preference, mx.exchange.to_utf8())),
                        _ => None,
                    })
                    .collect();
                // Among equals each mail chooses for itself (RFC 5321, 5.1: the load is spread).
                records.sort_by_key(|(preference, host)| {
                    (*preference, chance(mail.message_id.as_str(), host))
                });
                // RFC 7505: a single "." says that this domain takes no mail.
                if records.iter().any(|(_, host)| host == ".") {
                    let answer = Answer {
                        enhanced: Some("5.1.10".to_owned()),
                        ..Answer::own(told::NULL_MX.kept(domain))
                    };
                    return Err(Outcome::Never(answer));
                }
                if records.is_empty() {
                    return Ok(vec![format!("{domain}.")]);
                }
                Ok(records.into_iter().map(|(_, host)| host).collect())
            }
            Err(error) if error.is_nx_domain() => {
                let answer = Answer {
                    enhanced: Some("5.1.2".to_owned()),
                    ..Answer::own(told::NO_DOMAIN.kept(domain))
                };
                Err(Outcome::Never(answer))
            }
            Err(error) if error.is_no_records_found() => Ok(vec![format!("{domain}.")]),
            Err(error) => Err(Outcome::Later(Answer::own(format!("looking up {domain}: {error}")))),
        }
    }

    async fn addresses(&self, host: &str) -> Vec<IpAddr> {
        match self.resolver.lookup_ip(host).await {
            Ok(found) => found.iter().collect(),
            Err(_) => Vec::new(),
        }
    }
}
