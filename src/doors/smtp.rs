//! What the gateway answers to the package `smtp-server`: recipients from memory, messages into the spool.

use std::{io, net::IpAddr, sync::Arc, time::Duration};

use smtp_server::{
    Answer, Config as ServerConfig, DataSummary, Envelope, Handler, MailFrom, ProxyProtocol,
    RcptTo, Reply, SessionInfo, Sink, Tls, replies,
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{
    flow::{
        clock,
        gateway::{Gateway, Incoming, Trouble},
    },
    ground::{
        address::Address,
        config,
        conversation::Participant,
        key::{AccountId, ConversationId},
        rate::{Rate, network},
        routing::Recipient,
        trace,
    },
};

/// Serves SMTP on a listener until stopped; transfers under way may finish.
pub async fn serve(
    listener: TcpListener,
    gateway: Arc<Gateway>,
    settings: ServerConfig,
    rates: Arc<Rates>,
    stop: CancellationToken,
) -> io::Result<()> {
    let door = Arc::new(Door { gateway, rates });
    smtp_server::run(listener, settings, door, stop.cancelled_owned()).await;
    Ok(())
}

/// The listener's settings from the configuration.
pub fn settings(config: &config::Config, tls: Tls) -> ServerConfig {
    let mut server = ServerConfig::new(config.hostname.clone());
    server.limits.message_bytes = config.smtp.message_bytes;
    server.limits.connections = config.smtp.connections;
    server.limits.connections_per_peer = config.smtp.connections_per_peer;
    server.limits.recipients = config.smtp.recipients;
    server.limits.errors = config.smtp.errors;
    server.limits.commands = config.smtp.commands;
    let seconds = |seconds: u32| Duration::from_secs(u64::from(seconds));
    server.timeouts.command = seconds(config.smtp.command_seconds);
    server.timeouts.data_block = seconds(config.smtp.data_seconds);
    server.timeouts.drain = seconds(config.smtp.drain_seconds);
    server.tls = tls;
    if !config.smtp.proxies.is_empty() {
        server.proxy = ProxyProtocol::From(config.smtp.proxies.clone());
    }
    server
}

/// For handlers: the message has passed so many servers that it goes round (RFC 5321, 6.3).
const TOO_MANY_HOPS: Reply = Reply::new(554, (5, 4, 6), "Too many hops, this is a mail loop");

/// For handlers: more mail than a person or an honest server sends.
const TOO_FAST: Reply =
    Reply::new(451, (4, 7, 1), "Too many messages for now, try again in a few minutes");

/// Mail to the postmaster is passed on to a person: so much at once, then one every so often. Nobody who is turned away
/// is refused: their server comes again.
const POSTMASTER_AT_ONCE: u32 = 20;
const POSTMASTER_EVERY_SECONDS: f64 = 60.0;

/// How much mail comes in, whatever listener it comes by.
#[derive(Debug)]
pub struct Rates {
    peers: Option<Rate<IpAddr>>,
    reply_addresses: Option<Rate<(ConversationId, Participant)>>,
    accounts: Option<Rate<AccountId>>,
    postmaster: Rate<()>,
}

impl Rates {
    /// As the configuration says.
    pub fn of(config: &config::Smtp) -> Self {
        Rates {
            peers: Rate::per_minute(config.mails_per_minute_per_peer),
            reply_addresses: Rate::per_minute(config.mails_per_minute_per_reply_address),
            accounts: Rate::per_minute(config.mails_per_minute_per_account),
            postmaster: Rate::new(POSTMASTER_AT_ONCE, POSTMASTER_EVERY_SECONDS),
        }
    }

    /// May one more mail from this peer to this recipient come in?
    fn allow(&self, peer: IpAddr, recipient: &Recipient) -> bool {
        let now = clock::now();
        let peers = self.peers.as_ref().is_none_or(|rate| rate.allow(network(peer), now));
        peers
            && match recipient {
                Recipient::Reply { conversation, participant, .. } => {
                    let address = (*conversation, *participant);
                    self.reply_addresses.as_ref().is_none_or(|rate| rate.allow(address, now))
                }
                Recipient::Account(account) => {
                    self.accounts.as_ref().is_none_or(|rate| rate.allow(*account, now))
                }
                Recipient::Postmaster => self.postmaster.allow((), now),
                Recipient::Bounce(_) => true,
            }
    }
}

struct Door {
    gateway: Arc<Gateway>,
    rates: Arc<Rates>,
}

/// A message on its way into the spool.
struct Spooling {
    gateway: Arc<Gateway>,
    incoming: Incoming,
    peer: IpAddr,
    recipients: usize,
}

impl Handler for Door {
    type Sink = Spooling;

    async fn rcpt(
        &self,
        session: &SessionInfo,
        _from: &MailFrom,
        to: &RcptTo,
    ) -> Result<(), Reply> {
        let peer = session.peer.addr.ip();
        self.may_come_in(peer, to).inspect_err(|reply| {
            let (code, said) = (reply.code, &*reply.text);
            tracing::info!(%peer, code, said, "a recipient was refused");
        })
    }

    async fn data(&self, session: &SessionInfo, envelope: &Envelope) -> Result<Spooling, Reply> {
        let trace = self.gateway.trace(
            envelope.from.path.as_str().parse().ok(),
            envelope.to.iter().filter_map(|to| self.forward_path(to)).collect(),
            trace::Door::Smtp(trace::Smtp {
                peer: session.peer.addr.ip(),
                helo: session.helo.clone(),
                tls: session.tls.as_ref().map(|tls| format!("{}:{}", tls.version, tls.cipher)),
                protocol: session.protocol.name(),
            }),
        );
        let incoming = self.gateway.accept(&trace).map_err(|trouble| reply_to(&trouble))?;
        let (peer, recipients) = (session.peer.addr.ip(), envelope.to.len());
        Ok(Spooling { gateway: Arc::clone(&self.gateway), incoming, peer, recipients })
    }
}

impl Door {
    fn may_come_in(&self, peer: IpAddr, to: &RcptTo) -> Result<(), Reply> {
        let recipient = if to.path.is_bare_postmaster() {
            Recipient::Postmaster
        } else {
            let address: Address = to.path.as_str().parse().map_err(|_| replies::BAD_RECIPIENT)?;
            self.gateway.recipient(&address).map_err(|_| replies::NO_SUCH_MAILBOX)?
        };
        let trusted = self.gateway.identity.trusted_peers.contains(&peer);
        if trusted || self.rates.allow(peer, &recipient) { Ok(()) } else { Err(TOO_FAST) }
    }

    /// `postmaster` without a domain is ours (RFC 5321, 2.3.5).
    fn forward_path(&self, to: &RcptTo) -> Option<Address> {
        if to.path.is_bare_postmaster() {
            return format!("postmaster@{}", self.gateway.identity.hostname).parse().ok();
        }
        to.path.as_str().parse().ok()
    }
}

impl Sink for Spooling {
    async fn write(&mut self, chunk: &[u8]) -> Result<(), Reply> {
        self.incoming.write(chunk).map_err(|trouble| reply_to(&trouble))
    }

    async fn finish(self, summary: DataSummary) -> Answer {
        let (peer, recipients, bytes) = (self.peer, self.recipients, summary.size_bytes);
        if self.incoming.goes_round() {
            tracing::info!(%peer, bytes, "a mail that goes round was refused");
            return TOO_MANY_HOPS.into();
        }
        match self.gateway.keep(self.incoming).await {
            Ok(name) => {
                // The file's trace says who wrote to whom; a log is read by more people.
                let file = name.as_str();
                tracing::info!(file, %peer, recipients, bytes, "a mail was taken");
                replies::MESSAGE_ACCEPTED.with_text(format!("Kept as {}", name.as_str())).into()
            }
            Err(trouble) => reply_to(&trouble).into(),
        }
    }
}

/// Our trouble in the words of SMTP: always 4xx, nothing is lost.
fn reply_to(trouble: &Trouble) -> Reply {
    tracing::error!(%trouble, "a message could not be kept");
    match trouble {
        Trouble::Maildir(error) if error.is_disk_full() => replies::NO_SPACE,
        Trouble::Maildir(_) | Trouble::Journal(_) | Trouble::Store(_) | Trouble::Import(_) => {
            replies::TROUBLE
        }
        Trouble::Stopping => replies::SHUTTING_DOWN,
    }
}
