//! A connection that speaks SMTP, client side: one command and its reply at a time, each within its time limit.

use std::{io, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    time::timeout,
};

use crate::flow::gateway::Dot;
use crate::ground::{smtp_outcome::RemoteReply, told};

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

/// Why a session ended before the mail was taken.
#[derive(Debug)]
pub(super) enum Stop {
    /// The server said so of the mail.
    Said(RemoteReply),
    /// The server said so before it heard of one.
    Door(RemoteReply),
    /// The connection failed.
    Lost(String),
    /// TLS was offered and could not be agreed on.
    Handshake(String),
    /// The connection was lost behind the final dot.
    AfterDot(String),
    /// We cannot go on with this server.
    Unfit(String),
    /// We cannot go on with any.
    Ours(String),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Stop::Lost(error.to_string())
    }
}

/// Plain or in TLS.
pub(super) trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// What EHLO offered.
#[derive(Debug, Default)]
pub(super) struct Extensions(Vec<String>);

impl Extensions {
    pub(super) fn has(&self, keyword: &str) -> bool {
        self.line(keyword).is_some()
    }

    /// The most bytes the server takes (RFC 1870); `SIZE 0` and `SIZE` alone say nothing.
    pub(super) fn size_limit(&self) -> Option<u64> {
        let limit: u64 = self.line("SIZE")?.split_whitespace().nth(1)?.parse().ok()?;
        (limit > 0).then_some(limit)
    }

    pub(super) fn line(&self, keyword: &str) -> Option<&str> {
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
pub(super) struct Session {
    stream: BufReader<Box<dyn Wire>>,
    timeouts: Timeouts,
}

impl Session {
    pub(super) fn new(stream: Box<dyn Wire>, timeouts: Timeouts) -> Self {
        Session { stream: BufReader::new(stream), timeouts }
    }

    pub(super) async fn greeting(&mut self) -> Result<(), Stop> {
        let reply = self.reply(self.timeouts.command).await?.0;
        if reply.is_positive() { Ok(()) } else { Err(Stop::Said(reply)) }
    }

    /// EHLO, or HELO for those who do not know it.
    pub(super) async fn hello(&mut self, name: &str) -> Result<Extensions, Stop> {
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

    pub(super) async fn sign_in(
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
    pub(super) async fn envelope(
        &mut self,
        pipelined: bool,
        commands: &[String; 3],
    ) -> Result<(), Stop> {
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
        refused.map_or(Ok(()), |reply| Err(Stop::Said(reply)))
    }

    /// The bare connection; what the server said too early is forgotten.
    pub(super) fn into_wire(self) -> Box<dyn Wire> {
        self.stream.into_inner()
    }

    /// Says goodbye without waiting for the answer.
    pub(super) async fn quit(mut self) {
        let _ = self.send(b"QUIT\r\n").await;
    }

    /// The message with its dots stuffed (RFC 5321, 4.5.2), then the final dot, then the moment of truth.
    pub(super) async fn message(&mut self, raw: &[u8], dot: &Dot) -> Result<RemoteReply, Stop> {
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
        let after = |what: &str| Stop::AfterDot(told::AFTER_DOT.kept(what));
        dot.send().await.map_err(|error| Stop::Ours(error.to_string()))?;
        self.send(b".\r\n").await.map_err(|_| after("while sending it"))?;
        match self.reply(self.timeouts.dot).await {
            Ok((reply, _)) => {
                if !reply.is_positive() {
                    dot.was_refused();
                }
                Ok(reply)
            }
            Err(Stop::Lost(text)) => Err(after(&text)),
            Err(other) => Err(other),
        }
    }

    pub(super) async fn expect(&mut self, command: &str) -> Result<RemoteReply, Stop> {
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
        timeout(limit, self.read_reply()).await.map_err(|_| Stop::Lost(told::NO_ANSWER.kept("")))?
    }

    async fn read_reply(&mut self) -> Result<(RemoteReply, Vec<String>), Stop> {
        let mut lines = Vec::new();
        for _ in 0..MAX_REPLY_LINES {
            let mut line = Vec::new();
            let mut limited = tokio::io::AsyncReadExt::take(&mut self.stream, MAX_LINE_BYTES);
            limited.read_until(b'\n', &mut line).await?;
            if !line.ends_with(b"\n") {
                return Err(Stop::Lost(told::CLOSED.kept("")));
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
