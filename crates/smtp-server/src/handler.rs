//! The seam between the protocol and whoever uses it: the server asks, the handler decides.

use std::{future::Future, net::SocketAddr};

use crate::{Mode, Oddities, Path, Reply, replies};

/// Decides about connections, senders and recipients, and takes messages. One handler serves all
/// connections; what belongs to one message lives in its [`Sink`].
pub trait Handler: Send + Sync + 'static {
    /// Where a message goes while it arrives.
    type Sink: Sink;

    /// A peer has connected. A refusal (421 or 554) is said instead of the greeting, and the
    /// connection ends.
    fn connect(&self, _peer: &Peer) -> impl Future<Output = Result<(), Reply>> + Send {
        async { Ok(()) }
    }

    /// `MAIL`: may this sender (the null path is one) begin a mail?
    fn mail(
        &self,
        _session: &SessionInfo,
        _from: &MailFrom,
    ) -> impl Future<Output = Result<(), Reply>> + Send {
        async { Ok(()) }
    }

    /// `RCPT`: do we take mail for this recipient? Say yes to `postmaster` (RFC 5321, 4.5.1), also
    /// without a domain.
    fn rcpt(
        &self,
        session: &SessionInfo,
        from: &MailFrom,
        to: &RcptTo,
    ) -> impl Future<Output = Result<(), Reply>> + Send;

    /// `DATA` or the first `BDAT`: opens the place where the message goes. The envelope has at
    /// least one recipient.
    fn data(
        &self,
        session: &SessionInfo,
        envelope: &Envelope,
    ) -> impl Future<Output = Result<Self::Sink, Reply>> + Send;
}

/// Takes the bytes of one message. Dropped without [`Sink::finish`] means that the message did not
/// arrive whole (the client is gone, it was too big, …): forget it.
pub trait Sink: Send + 'static {
    /// Some bytes more: dot-stuffing is undone, line ends are as the client sent them. An error is
    /// answered when the data has been read to its end; no more chunks come after it.
    fn write(&mut self, chunk: &[u8]) -> impl Future<Output = Result<(), Reply>> + Send;

    /// The message is complete: keep it, then answer. A positive answer makes the server
    /// responsible for the message.
    fn finish(self, summary: DataSummary) -> impl Future<Output = Answer> + Send;
}

/// What is said about a message at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// One reply; in LMTP it is repeated for each recipient.
    All(Reply),
    /// In LMTP a reply for each accepted recipient, in order. In SMTP, where only one can be said,
    /// the first positive one, so that a mail kept for somebody is not sent again.
    Each(Vec<Reply>),
}

impl Answer {
    /// As many replies as the client waits for. A handler that gave too few has lost track of its
    /// recipients: for them it is our trouble, and the client tries again.
    pub(crate) fn for_recipients(self, expected: usize, mode: Mode) -> Vec<Reply> {
        match (self, mode) {
            (Self::All(reply), _) => vec![reply; expected],
            (Self::Each(mut replies), Mode::Lmtp) => {
                replies.resize(expected, replies::TROUBLE);
                replies
            }
            (Self::Each(replies), Mode::Smtp) => {
                let said = replies.iter().find(|reply| reply.is_positive());
                vec![said.or(replies.first()).cloned().unwrap_or(replies::TROUBLE)]
            }
        }
    }
}

impl From<Reply> for Answer {
    fn from(reply: Reply) -> Self {
        Self::All(reply)
    }
}

/// Who is on the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// The client's address; behind a proxy the one the proxy told. IPv4 is never written as IPv6.
    pub addr: SocketAddr,
    /// The proxy's own address, if the client came through one.
    pub proxy: Option<SocketAddr>,
}

impl Peer {
    /// A peer without a proxy.
    pub fn new(addr: SocketAddr) -> Self {
        Self { addr: SocketAddr::new(addr.ip().to_canonical(), addr.port()), proxy: None }
    }
}

/// What is known of a session so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionInfo {
    /// Who is on the other side.
    pub peer: Peer,
    /// The name said in `EHLO`, `HELO` or `LHLO`, as it was said: without spaces or control
    /// characters, otherwise anything. Empty before.
    pub helo: String,
    /// The protocol spoken.
    pub protocol: Protocol,
    /// How the connection is encrypted, if it is.
    pub tls: Option<TlsInfo>,
    /// How many commands were refused with 5xx.
    pub errors: u32,
}

/// The protocol of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// After `HELO`.
    Smtp,
    /// After `EHLO`.
    Esmtp,
    /// After `EHLO` under TLS.
    Esmtps,
    /// LMTP.
    Lmtp,
    /// LMTP under TLS.
    Lmtps,
}

impl Protocol {
    /// The word for `with` in a Received field (RFC 5321, 4.4; RFC 3848).
    pub fn name(self) -> &'static str {
        match self {
            Self::Smtp => "SMTP",
            Self::Esmtp => "ESMTP",
            Self::Esmtps => "ESMTPS",
            Self::Lmtp => "LMTP",
            Self::Lmtps => "LMTPS",
        }
    }
}

/// How a connection is encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsInfo {
    /// Such as `TLSv1.3`.
    pub version: String,
    /// Such as `TLS13_AES_256_GCM_SHA384`.
    pub cipher: String,
    /// The host name the client asked for (SNI).
    pub server_name: Option<String>,
}

/// `MAIL` with its parameters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MailFrom {
    /// The reverse-path; may be null.
    pub path: Path,
    /// `SIZE`, if it was said and is not 0.
    pub size_bytes: Option<u64>,
    /// `BODY`.
    pub body: Body,
    /// `SMTPUTF8` was said.
    pub smtputf8: bool,
    /// `RET`: what to return in a bounce.
    pub ret: Option<Ret>,
    /// `ENVID`: the sender's own name for this mail, decoded.
    pub envid: Option<String>,
}

/// `RCPT` with its parameters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RcptTo {
    /// The forward-path; never null.
    pub path: Path,
    /// `NOTIFY`; without it RFC 3461 means failure and perhaps delay.
    pub notify: Option<Notify>,
    /// `ORCPT`: whom the mail was for at first.
    pub orcpt: Option<OriginalRecipient>,
}

/// The `BODY` parameter of RFC 6152.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Body {
    /// `BODY=7BIT`, or nothing said.
    #[default]
    SevenBit,
    /// `BODY=8BITMIME`.
    EightBitMime,
}

/// The `RET` parameter of RFC 3461.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ret {
    /// The whole message.
    Full,
    /// Its header.
    Headers,
}

/// The `NOTIFY` parameter of RFC 3461. All false: `NEVER`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Notify {
    /// When it is delivered.
    pub success: bool,
    /// When it cannot be.
    pub failure: bool,
    /// When it takes long.
    pub delay: bool,
}

/// The `ORCPT` parameter of RFC 3461.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginalRecipient {
    /// The address type in lower case: `rfc822`, or `utf-8` (RFC 6533).
    pub kind: String,
    /// The address, with xtext undone.
    pub address: String,
}

/// From whom and for whom.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Envelope {
    /// The sender.
    pub from: MailFrom,
    /// The accepted recipients, in order.
    pub to: Vec<RcptTo>,
}

/// What was found out about a message while it passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DataSummary {
    /// All bytes given to [`Sink::write`].
    pub size_bytes: u64,
    /// What is irregular about it.
    pub oddities: Oddities,
}
