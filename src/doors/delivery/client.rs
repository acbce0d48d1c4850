//! The client side of SMTP: one mail over one connection.
//!
//! The line that matters: a connection lost after the final dot was sent and before the reply came leaves a mail
//! whose fate nobody knows ([`Outcome::Unknown`]); lost any earlier, the mail was certainly not taken.

use std::{io, time::Duration};

use rustls_pki_types::ServerName;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpStream,
    time::timeout,
};

use super::{
    Outgoing,
    tls::{Proof, connector},
};
use crate::ground::{
    address::Address,
    authentication::a_label,
    config::{self, SmarthostTls},
    outcome::{Answer, Outcome},
    smtp_outcome::RemoteReply,
};

/// Timeouts of RFC 5321, 4.5.3.2.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// TCP connect.
    pub connect: Duration,
    /// The greeting and every command but those below.
    pub command: Duration,
    /// Sending the message.
    pub data: Duration,
    /// The reply to the final dot.
    pub dot: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        let minutes = |n: u64| Duration::from_secs(60 * n);
        Timeouts { connect: minutes(1), command: minutes(5), data: minutes(10), dot: minutes(10) }
    }
}

/// The one server that delivers for us.
#[derive(Debug)]
pub(super) struct Smarthost {
    pub(super) settings: config::Smarthost,
    pub(super) ehlo: String,
    pub(super) timeouts: Timeouts,
}

impl Smarthost {
    pub(super) async fn deliver(&self, mail: &Outgoing<'_>) -> Outcome {
        self.hop().deliver(mail).await
    }

    pub(super) async fn probe(&self) -> Result<(), String> {
        self.hop().probe().await
    }

    fn hop(&self) -> Hop<'_> {
        let settings = &self.settings;
        Hop {
            name: &settings.host,
            address: &settings.host,
            port: settings.port,
            ehlo: &self.ehlo,
            tls: settings.tls,
            proof: if settings.insecure { Proof::None } else { Proof::Required },
            sign_in: (!settings.username.is_empty())
                .then_some((settings.username.as_str(), settings.password.as_str())),
            timeouts: self.timeouts,
        }
    }
}

/// One server to talk to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hop<'a> {
    /// Its name, for TLS and for people.
    pub(super) name: &'a str,
    /// Where it listens: a name or an IP address.
    pub(super) address: &'a str,
    pub(super) port: u16,
    pub(super) ehlo: &'a str,
    pub(super) tls: SmarthostTls,
    pub(super) proof: Proof,
    pub(super) sign_in: Option<(&'a str, &'a str)>,
    pub(super) timeouts: Timeouts,
}

/// Why a session ended before the mail was taken.
#[derive(Debug)]
enum Stop {
    /// The server said so.
    Said(RemoteReply),
    /// The connection failed.
    Lost(String),
    /// TLS was offered and could not be agreed on.
    Handshake(String),
    /// The connection was lost behind the final dot.
    AfterDot(String),
    /// We cannot go on with this server.
    Unfit(String),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Stop::Lost(error.to_string())
    }
}

impl Hop<'_> {
    /// One attempt at this server.
    pub(super) async fn deliver(&self, mail: &Outgoing<'_>) -> Outcome {
        let mut ended = self.attempt(Some(mail)).await;
        // Opportunistic (RFC 7435): where TLS may be left out, broken TLS must not keep the mail from arriving.
        if self.tls == SmarthostTls::Starttls
            && let Err(Stop::Handshake(why)) = &ended
        {
            tracing::info!(server = self.name, why, "TLS failed; sending without");
            ended = Hop { tls: SmarthostTls::None, ..*self }.attempt(Some(mail)).await;
        }
        match ended {
            Ok(reply) => reply.outcome(self.name),
            Err(Stop::Said(reply)) => reply.outcome(self.name),
            Err(Stop::Lost(text)) => Outcome::Later(self.own(text)),
            Err(Stop::Handshake(why)) => {
                Outcome::Later(self.own(format!("the TLS handshake failed: {why}")))
            }
            Err(Stop::AfterDot(text)) => Outcome::Unknown(self.own(text)),
            Err(Stop::Unfit(text)) => {
                let enhanced = RemoteReply { code: 550, text: text.clone() }.enhanced();
                Outcome::Never(Answer { enhanced, ..self.own(text) })
            }
        }
    }

    fn own(&self, text: String) -> Answer {
        Answer { host: Some(self.name.to_owned()), ..Answer::own(text) }
    }

    /// Connects and signs in as for a mail, and sends none; an error says what is wrong.
    pub(super) async fn probe(&self) -> Result<(), String> {
        match self.attempt(None).await {
            Ok(_) => Ok(()),
            Err(Stop::Said(reply)) => Err(format!("{} {}", reply.code, reply.text)),
            Err(Stop::Handshake(why)) => Err(format!("the TLS handshake failed: {why}")),
            Err(Stop::Lost(text) | Stop::AfterDot(text) | Stop::Unfit(text)) => Err(text),
        }
    }

    async fn attempt(&self, mail: Option<&Outgoing<'_>>) -> Result<RemoteReply, Stop> {
        let connecting = TcpStream::connect((self.address, self.port));
        let stream = timeout(self.timeouts.connect, connecting)
            .await
            .map_err(|_| Stop::Lost("connecting timed out".to_owned()))??;
        let _ = stream.set_nodelay(true);
        if self.tls == SmarthostTls::Implicit {
            let stream = self.handshake(stream).await?;
            let mut session = Session::new(stream, self.timeouts);
            session.greeting().await?;
            let extensions = session.hello(self.ehlo).await?;
            return self.transact(&mut session, &extensions, mail).await;
        }
        let mut session = Session::new(stream, self.timeouts);
        session.greeting().await?;
        let extensions = session.hello(self.ehlo).await?;
        let offered = extensions.has("STARTTLS");
        match (self.tls, offered) {
            (SmarthostTls::None, _) | (SmarthostTls::Starttls, false) => {
                self.transact(&mut session, &extensions, mail).await
            }
            (SmarthostTls::Required | SmarthostTls::Implicit, false) => Err(Stop::Lost(
                "the server offers no STARTTLS, which delivery.smarthost.tls requires".to_owned(),
            )),
            (_, true) => {
                session.expect("STARTTLS\r\n").await.map_err(|stop| match stop {
                    Stop::Said(reply) => Stop::Handshake(format!("{} {}", reply.code, reply.text)),
                    other => other,
                })?;
                // Nothing the server sent before the handshake counts after it (RFC 3207, 4.2).
                let stream = self.handshake(session.stream.into_inner()).await?;
                let mut session = Session::new(stream, self.timeouts);
                let extensions = session.hello(self.ehlo).await?;
                self.transact(&mut session, &extensions, mail).await
            }
        }
    }

    async fn handshake(
        &self,
        stream: TcpStream,
    ) -> Result<tokio_rustls::client::TlsStream<TcpStream>, Stop> {
        let name = ServerName::try_from(self.name.to_owned())
            .map_err(|_| Stop::Unfit(format!("{:?} is no host name for TLS", self.name)))?;
        timeout(self.timeouts.command, connector(self.proof).connect(name, stream))
            .await
            .map_err(|_| Stop::Handshake("it timed out".to_owned()))?
            .map_err(|error| Stop::Handshake(error.to_string()))
    }

    async fn transact<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        session: &mut Session<S>,
        extensions: &Extensions,
        mail: Option<&Outgoing<'_>>,
    ) -> Result<RemoteReply, Stop> {
        if let Some((username, password)) = self.sign_in {
            session.sign_in(extensions, username, password).await?;
        }
        let Some(mail) = mail else { return session.expect("QUIT\r\n").await };
        let from = mail.reverse_path.map(ToString::to_string).unwrap_or_default();
        // A domain has a form in ASCII that every server takes (RFC 5890); a local part has none.
        let to = ascii_domain(mail.recipient);
        let needs_utf8 = !to.is_ascii() || !from.is_ascii();
        if needs_utf8 && !extensions.has("SMTPUTF8") {
            return Err(Stop::Unfit(
                "5.6.7 the server does not take addresses beyond ASCII".to_owned(),
            ));
        }
        if let Some(limit) = extensions.size_limit().filter(|limit| mail.raw.len() as u64 > *limit)
        {
            return Err(Stop::Unfit(format!(
                "5.3.4 the mail has {} bytes, and the server takes {limit} at most",
                mail.raw.len()
            )));
        }
        let mut mail_from = format!("MAIL FROM:<{from}>");
        if extensions.has("SIZE") {
            mail_from.push_str(&format!(" SIZE={}", mail.raw.len()));
        }
        if needs_utf8 {
            mail_from.push_str(" SMTPUTF8");
        }
        let commands =
            [format!("{mail_from}\r\n"), format!("RCPT TO:<{to}>\r\n"), "DATA\r\n".to_owned()];
        session.envelope(extensions.has("PIPELINING"), &commands).await?;
        session.message(mail.raw).await
    }
}

/// The address with its domain in A-labels.
fn ascii_domain(address: &Address) -> String {
    match a_label(address.domain()) {
        Some(domain) => format!("{}@{domain}", address.local()),
        None => address.to_string(),
    }
}

/// What EHLO offered.
#[derive(Debug, Default)]
struct Extensions(Vec<String>);

impl Extensions {
    fn has(&self, keyword: &str) -> bool {
        self.line(keyword).is_some()
    }

    /// The most bytes the server takes (RFC 1870); `SIZE 0` and `SIZE` alone say nothing.
    fn size_limit(&self) -> Option<u64> {
        let limit: u64 = self.line("SIZE")?.split_whitespace().nth(1)?.parse().ok()?;
        (limit > 0).then_some(limit)
    }

    fn line(&self, keyword: &str) -> Option<&str> {
        let same = |line: &&String| {
            line.split([' ', '=']).next().is_some_and(|word| word.eq_ignore_ascii_case(keyword))
        };
        self.0.iter().find(same).map(String::as_str)
    }
}

/// A reply longer than this is no reply.
const MAX_REPLY_LINES: usize = 100;
const MAX_LINE_BYTES: u64 = 4096;

/// A connection that speaks SMTP.
struct Session<S> {
    stream: BufReader<S>,
    timeouts: Timeouts,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Session<S> {
    fn new(stream: S, timeouts: Timeouts) -> Self {
        Session { stream: BufReader::new(stream), timeouts }
    }

    async fn greeting(&mut self) -> Result<(), Stop> {
        let reply = self.reply(self.timeouts.command).await?.0;
        if reply.is_positive() { Ok(()) } else { Err(Stop::Said(reply)) }
    }

    /// EHLO, or HELO for those who do not know it.
    async fn hello(&mut self, name: &str) -> Result<Extensions, Stop> {
        self.send(format!("EHLO {name}\r\n").as_bytes()).await?;
        let (reply, lines) = self.reply(self.timeouts.command).await?;
        if reply.is_positive() {
            return Ok(Extensions(lines.into_iter().skip(1).collect()));
        }
        if reply.code / 100 == 4 {
            return Err(Stop::Said(reply));
        }
        self.expect(&format!("HELO {name}\r\n")).await?;
        Ok(Extensions::default())
    }

    async fn sign_in(
        &mut self,
        extensions: &Extensions,
        username: &str,
        password: &str,
    ) -> Result<(), Stop> {
        let mechanisms = extensions.line("AUTH").unwrap_or_default().to_uppercase();
        let base64 = |text: &str| data_encoding::BASE64.encode(text.as_bytes());
        if mechanisms.contains("PLAIN") {
            let secret = base64(&format!("\0{username}\0{password}"));
            return self.expect(&format!("AUTH PLAIN {secret}\r\n")).await.map(drop);
        }
        if mechanisms.contains("LOGIN") {
            for line in ["AUTH LOGIN".to_owned(), base64(username)] {
                self.send(format!("{line}\r\n").as_bytes()).await?;
                let reply = self.reply(self.timeouts.command).await?.0;
                if reply.code != 334 {
                    return Err(Stop::Said(reply));
                }
            }
            return self.expect(&format!("{}\r\n", base64(password))).await.map(drop);
        }
        Err(Stop::Lost("the server offers neither AUTH PLAIN nor LOGIN; is TLS on?".to_owned()))
    }

    /// MAIL, RCPT and DATA, in one write where that is allowed (RFC 2920).
    async fn envelope(&mut self, pipelined: bool, commands: &[String; 3]) -> Result<(), Stop> {
        let mut refused = None;
        if pipelined {
            self.send(commands.concat().as_bytes()).await?;
        }
        for (position, command) in commands.iter().enumerate() {
            if !pipelined {
                self.send(command.as_bytes()).await?;
            }
            let reply = self.reply(self.timeouts.command).await?.0;
            let wanted = if position == 2 { reply.code == 354 } else { reply.is_positive() };
            if wanted && position == 2 && refused.is_some() {
                // DATA went through although RCPT did not: end an empty message, nobody gets it.
                self.send(b".\r\n").await?;
                let _ = self.reply(self.timeouts.dot).await;
            }
            if !wanted && refused.is_none() {
                refused = Some(reply);
            }
            if refused.is_some() && !pipelined {
                break;
            }
        }
        match refused {
            Some(reply) => {
                let _ = self.send(b"QUIT\r\n").await;
                Err(Stop::Said(reply))
            }
            None => Ok(()),
        }
    }

    /// The message with its dots stuffed (RFC 5321, 4.5.2), then the final dot, then the moment of truth.
    async fn message(&mut self, raw: &[u8]) -> Result<RemoteReply, Stop> {
        let mut wire = Vec::with_capacity(raw.len() + 64);
        for line in raw.split_inclusive(|byte| *byte == b'\n') {
            if line.starts_with(b".") {
                wire.push(b'.');
            }
            wire.extend_from_slice(line);
        }
        if !wire.ends_with(b"\r\n") {
            wire.extend_from_slice(b"\r\n");
        }
        let sending = self.stream.write_all(&wire);
        timeout(self.timeouts.data, sending)
            .await
            .map_err(|_| Stop::Lost("sending the message timed out".to_owned()))??;
        let after = |what: &str| {
            Stop::AfterDot(format!("the connection was lost after the final dot: {what}"))
        };
        self.send(b".\r\n").await.map_err(|_| after("while sending it"))?;
        match self.reply(self.timeouts.dot).await {
            Ok((reply, _)) => {
                let _ = self.send(b"QUIT\r\n").await;
                Ok(reply)
            }
            Err(Stop::Lost(text)) => Err(after(&text)),
            Err(other) => Err(other),
        }
    }

    async fn expect(&mut self, command: &str) -> Result<RemoteReply, Stop> {
        self.send(command.as_bytes()).await?;
        let reply = self.reply(self.timeouts.command).await?.0;
        if reply.is_positive() { Ok(reply) } else { Err(Stop::Said(reply)) }
    }

    async fn send(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        let write = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        timeout(self.timeouts.command, write)
            .await
            .map_err(|_| Stop::Lost("writing timed out".to_owned()))??;
        Ok(())
    }

    /// One whole reply, and its lines without codes.
    async fn reply(&mut self, limit: Duration) -> Result<(RemoteReply, Vec<String>), Stop> {
        timeout(limit, self.read_reply())
            .await
            .map_err(|_| Stop::Lost("waiting for a reply timed out".to_owned()))?
    }

    async fn read_reply(&mut self) -> Result<(RemoteReply, Vec<String>), Stop> {
        let mut lines = Vec::new();
        for _ in 0..MAX_REPLY_LINES {
            let mut line = Vec::new();
            let mut limited = tokio::io::AsyncReadExt::take(&mut self.stream, MAX_LINE_BYTES);
            limited.read_until(b'\n', &mut line).await?;
            if !line.ends_with(b"\n") {
                return Err(Stop::Lost("the server closed the connection".to_owned()));
            }
            let text = String::from_utf8_lossy(&line);
            let code: Option<u16> = text.get(..3).and_then(|code| code.parse().ok());
            let (Some(code), separator) =
                (code.filter(|c| (200..600).contains(c)), text.as_bytes().get(3).copied())
            else {
                return Err(Stop::Lost(format!(
                    "the server does not speak SMTP: {:?}",
                    text.trim()
                )));
            };
            let clean: String = text
                .get(4..)
                .unwrap_or_default()
                .chars()
                .map(|c| if c.is_control() { ' ' } else { c })
                .collect();
            lines.push(clean.trim().to_owned());
            if separator != Some(b'-') {
                return Ok((RemoteReply { code, text: lines.join(" ") }, lines));
            }
        }
        Err(Stop::Lost("the server's reply never ends".to_owned()))
    }
}
