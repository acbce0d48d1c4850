//! What can be set, with defaults that suit a public server.

use rustls::ServerConfig;
use std::{fmt, net::IpAddr, sync::Arc, time::Duration};

/// How one listener behaves. Make one with [`Config::new`] and change what differs.
#[derive(Debug, Clone)]
pub struct Config {
    /// The name in the greeting: this machine's, fully qualified.
    pub hostname: String,
    /// SMTP or LMTP.
    pub mode: Mode,
    /// Whether and when TLS is spoken.
    pub tls: Tls,
    /// Which peers speak for others.
    pub proxy: ProxyProtocol,
    /// How much of everything.
    pub limits: Limits,
    /// How long everything may take.
    pub timeouts: Timeouts,
}

impl Config {
    /// SMTP without TLS, with the default limits.
    pub fn new(hostname: impl Into<String>) -> Self {
        Self {
            hostname: hostname.into(),
            mode: Mode::Smtp,
            tls: Tls::Off,
            proxy: ProxyProtocol::Off,
            limits: Limits::default(),
            timeouts: Timeouts::default(),
        }
    }
}

/// The protocol of a listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// RFC 5321.
    Smtp,
    /// RFC 2033: `LHLO`, and an answer for each recipient.
    Lmtp,
}

/// TLS on a listener.
#[derive(Debug, Clone)]
pub enum Tls {
    /// None.
    Off,
    /// `STARTTLS` is offered (RFC 3207).
    StartTls(TlsSource),
    /// The connection begins with a handshake (RFC 8314, port 465).
    Implicit(TlsSource),
}

/// Gives the TLS configuration for each handshake, so that certificates can be renewed while the
/// server runs.
#[derive(Clone)]
pub struct TlsSource(Arc<dyn Fn() -> Arc<ServerConfig> + Send + Sync>);

impl TlsSource {
    /// Asks `current` at each handshake.
    pub fn new(current: impl Fn() -> Arc<ServerConfig> + Send + Sync + 'static) -> Self {
        Self(Arc::new(current))
    }

    pub(crate) fn current(&self) -> Arc<ServerConfig> {
        (self.0)()
    }
}

impl From<Arc<ServerConfig>> for TlsSource {
    fn from(fixed: Arc<ServerConfig>) -> Self {
        Self::new(move || Arc::clone(&fixed))
    }
}

impl fmt::Debug for TlsSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TlsSource")
    }
}

/// Which peers must begin with a PROXY protocol v2 header. From all others it is not taken: who
/// may send it can claim any address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProxyProtocol {
    /// None.
    Off,
    /// These addresses.
    From(Vec<IpAddr>),
    /// Everyone: for a port that only the load balancer can reach.
    Everyone,
}

impl ProxyProtocol {
    pub(crate) fn expected_from(&self, peer: IpAddr) -> bool {
        match self {
            Self::Off => false,
            Self::From(proxies) => proxies.iter().any(|proxy| proxy.to_canonical() == peer),
            Self::Everyone => true,
        }
    }
}

/// Limits. Beyond each, the client is told, and may go on unless it says otherwise here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// The largest message; announced as `SIZE`. 30 MiB.
    pub message_bytes: u64,
    /// How much of a message that is too big is read before the connection ends. 256 MiB.
    pub discarded_bytes: u64,
    /// Recipients of a mail; RFC 5321, 4.5.3.1.8 wants at least 100. 100.
    pub recipients: usize,
    /// A command with its CRLF; RFC 5321, 4.5.3.1.4 wants at least 512. 4096.
    pub command_bytes: usize,
    /// Commands refused with 5xx; the connection ends. 20.
    pub errors: u32,
    /// Commands without an accepted message; the connection ends. 1000.
    pub commands: u32,
    /// Connections in all. 1000.
    pub connections: usize,
    /// Connections from one IPv4 address or one IPv6 network of 64 bits. 50.
    pub connections_per_peer: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            message_bytes: 30 << 20,
            discarded_bytes: 256 << 20,
            recipients: 100,
            command_bytes: 4096,
            errors: 20,
            commands: 1000,
            connections: 1000,
            connections_per_peer: 50,
        }
    }
}

/// Timeouts; the first two are those of RFC 5321, 4.5.3.2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeouts {
    /// Waiting for a command. 5 minutes.
    pub command: Duration,
    /// Waiting for more of a message. 3 minutes.
    pub data_block: Duration,
    /// A whole message, so that one byte every 3 minutes is no way to stay. 1 hour.
    pub message: Duration,
    /// Waiting until the client takes a reply. 5 minutes.
    pub write: Duration,
    /// A TLS handshake, or a PROXY header. 1 minute.
    pub handshake: Duration,
    /// At shutdown, how long mails in transfer may take to finish. 30 seconds.
    pub drain: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        let minutes = |n: u64| Duration::from_secs(60 * n);
        Self {
            command: minutes(5),
            data_block: minutes(3),
            message: minutes(60),
            write: minutes(5),
            handshake: minutes(1),
            drain: Duration::from_secs(30),
        }
    }
}
