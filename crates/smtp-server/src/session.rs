//! The session as a state machine: a line goes in, a step comes out. It has no socket, no clock
//! and never waits; where the handler must be asked, the step says so and the connection brings
//! the answer back.

use crate::{
    Body, Config, DataSummary, Envelope, Limits, MailFrom, Mode, Peer, Protocol, RcptTo, Reply,
    SessionInfo, Tls, TlsInfo,
    command::{self, Command, Verb},
    oddities::Inspector,
    replies,
};

/// The state of one connection.
#[derive(Debug)]
pub(crate) struct Session {
    info: SessionInfo,
    greeted: bool,
    mode: Mode,
    hostname: String,
    limits: Limits,
    starttls_offered: bool,
    /// `MAIL` was accepted: a transaction runs.
    envelope: Option<Envelope>,
    /// A `BDAT` chunk was taken and the last one was not.
    chunking: bool,
    /// Since the last accepted message.
    commands: u32,
}

/// What the connection has to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Say(Reply),
    /// Say it and end the connection.
    Close(Reply),
    AskMail(MailFrom),
    AskRcpt(RcptTo),
    /// `DATA`: open a sink; if there is one, say 354 and read the message.
    Data,
    /// `BDAT`: open a sink unless one is open, and read the chunk into it.
    Chunk {
        bytes: u64,
        is_last: bool,
    },
    /// A `BDAT` that cannot be taken: its bytes come all the same (RFC 3030, 2).
    SkipChunk {
        bytes: u64,
        reply: Reply,
    },
    StartTls,
}

impl Session {
    pub(crate) fn new(config: &Config, peer: Peer, tls: Option<TlsInfo>) -> Self {
        let secure = tls.is_some();
        Self {
            info: SessionInfo {
                peer,
                helo: String::new(),
                protocol: Protocol::Smtp,
                tls,
                errors: 0,
            },
            greeted: false,
            mode: config.mode,
            hostname: config.hostname.clone(),
            limits: config.limits.clone(),
            starttls_offered: !secure && matches!(config.tls, Tls::StartTls(_)),
            envelope: None,
            chunking: false,
            commands: 0,
        }
    }

    pub(crate) fn info(&self) -> &SessionInfo {
        &self.info
    }

    pub(crate) fn envelope(&self) -> Option<&Envelope> {
        self.envelope.as_ref()
    }

    /// The first reply; none after a TLS handshake in the middle (RFC 3207, 4.2).
    pub(crate) fn greeting(&mut self) -> Option<Reply> {
        if std::mem::replace(&mut self.greeted, true) {
            return None;
        }
        let protocol = match self.mode {
            Mode::Smtp => "ESMTP",
            Mode::Lmtp => "LMTP",
        };
        Some(Reply::plain(220, "").with_text(format!("{} {protocol}", self.hostname)))
    }

    /// Counts what was said.
    pub(crate) fn said(&mut self, reply: &Reply) {
        self.info.errors += u32::from(reply.is_permanent());
    }

    /// The client has gone beyond what is bearable.
    pub(crate) fn goodbye(&self) -> Option<Reply> {
        if self.info.errors >= self.limits.errors {
            return Some(replies::TOO_MANY_ERRORS);
        }
        (self.commands > self.limits.commands).then_some(replies::TOO_MANY_COMMANDS)
    }

    /// Reads a line (with its CRLF).
    pub(crate) fn line(&mut self, line: &[u8]) -> Step {
        self.commands += 1;
        match command::parse(line) {
            Ok(command) => self.command(command),
            Err(reply) => Step::Say(reply),
        }
    }

    fn command(&mut self, command: Command) -> Step {
        match command {
            Command::Hello(verb, name) => self.hello(verb, name),
            Command::Mail(from) => self.mail(from),
            Command::Rcpt(to) => self.rcpt(to),
            Command::Data => self.data(),
            Command::Bdat { chunk_bytes, is_last } => self.bdat(chunk_bytes, is_last),
            Command::BadBdat => Step::Close(replies::BAD_CHUNK),
            Command::StartTls => self.starttls(),
            Command::Rset => {
                self.reset();
                Step::Say(replies::OK)
            }
            Command::Noop => Step::Say(replies::OK),
            Command::Help => Step::Say(replies::HELP),
            Command::Vrfy => Step::Say(replies::CANNOT_VERIFY),
            Command::Quit => Step::Close(replies::GOODBYE),
            Command::Http => Step::Close(replies::NOT_HTTP),
        }
    }

    /// RFC 5321, 4.1.4: a greeting may come again, and resets as `RSET` does.
    fn hello(&mut self, verb: Verb, name: String) -> Step {
        let secure = self.info.tls.is_some();
        self.info.protocol = match (self.mode, verb) {
            (Mode::Smtp, Verb::Helo) => Protocol::Smtp,
            (Mode::Smtp, Verb::Ehlo) if secure => Protocol::Esmtps,
            (Mode::Smtp, Verb::Ehlo) => Protocol::Esmtp,
            (Mode::Lmtp, Verb::Lhlo) if secure => Protocol::Lmtps,
            (Mode::Lmtp, Verb::Lhlo) => Protocol::Lmtp,
            // RFC 2033, 4.1: neither understands the other's greeting.
            (Mode::Smtp, Verb::Lhlo) | (Mode::Lmtp, Verb::Helo | Verb::Ehlo) => {
                return Step::Say(replies::WRONG_HELLO);
            }
        };
        self.reset();
        self.info.helo = name;
        if verb == Verb::Helo {
            return Step::Say(Reply::plain(250, "").with_text(self.hostname.clone()));
        }
        let starttls = if self.starttls_offered { "\nSTARTTLS" } else { "" };
        Step::Say(Reply::plain(250, "").with_text(format!(
            "{}\nPIPELINING\nSIZE {}\n8BITMIME\nSMTPUTF8\nENHANCEDSTATUSCODES\nCHUNKING{starttls}\nDSN",
            self.hostname, self.limits.message_bytes
        )))
    }

    fn mail(&self, from: MailFrom) -> Step {
        if self.info.helo.is_empty() {
            return Step::Say(replies::HELLO_FIRST);
        }
        if self.envelope.is_some() {
            return Step::Say(self.between_chunks(replies::MAIL_ALREADY));
        }
        if from.size_bytes.is_some_and(|size| size > self.limits.message_bytes) {
            return Step::Say(replies::MESSAGE_TOO_BIG);
        }
        Step::AskMail(from)
    }

    /// The handler's answer to `AskMail`.
    pub(crate) fn mail_answered(&mut self, from: MailFrom, answer: Result<(), Reply>) -> Reply {
        if let Err(refusal) = answer {
            return refusal;
        }
        self.envelope = Some(Envelope { from, to: Vec::new() });
        replies::SENDER_OK
    }

    fn rcpt(&self, to: RcptTo) -> Step {
        let Some(envelope) = &self.envelope else {
            return Step::Say(replies::MAIL_FIRST);
        };
        if self.chunking {
            return Step::Say(replies::CHUNKS_UNFINISHED);
        }
        if envelope.to.len() >= self.limits.recipients {
            return Step::Say(replies::TOO_MANY_RECIPIENTS);
        }
        if to.path.needs_smtputf8() && !envelope.from.smtputf8 {
            return Step::Say(replies::SMTPUTF8_NEEDED);
        }
        Step::AskRcpt(to)
    }

    /// The handler's answer to `AskRcpt`.
    pub(crate) fn rcpt_answered(&mut self, to: RcptTo, answer: Result<(), Reply>) -> Reply {
        if let Err(refusal) = answer {
            return refusal;
        }
        if let Some(envelope) = &mut self.envelope {
            envelope.to.push(to);
        }
        replies::RECIPIENT_OK
    }

    fn data(&self) -> Step {
        if self.chunking {
            return Step::Say(replies::CHUNKS_UNFINISHED);
        }
        match self.no_recipients() {
            Some(reply) => Step::Say(reply),
            None => Step::Data,
        }
    }

    fn bdat(&mut self, bytes: u64, is_last: bool) -> Step {
        if let Some(reply) = self.no_recipients() {
            return Step::SkipChunk { bytes, reply };
        }
        self.chunking = !is_last;
        Step::Chunk { bytes, is_last }
    }

    fn no_recipients(&self) -> Option<Reply> {
        match &self.envelope {
            None => Some(replies::MAIL_FIRST),
            Some(envelope) if envelope.to.is_empty() => Some(replies::NO_RECIPIENTS),
            Some(_) => None,
        }
    }

    fn between_chunks(&self, otherwise: Reply) -> Reply {
        if self.chunking { replies::CHUNKS_UNFINISHED } else { otherwise }
    }

    fn starttls(&self) -> Step {
        if self.info.tls.is_some() {
            return Step::Say(replies::TLS_ALREADY);
        }
        if !self.starttls_offered {
            return Step::Say(replies::NOT_OFFERED);
        }
        Step::StartTls
    }

    /// The handshake is done: RFC 3207, 4.2 wants everything forgotten that was said in the clear.
    pub(crate) fn secured(&mut self, tls: TlsInfo) {
        self.reset();
        self.info.helo.clear();
        self.info.protocol = Protocol::Smtp;
        self.info.tls = Some(tls);
        self.starttls_offered = false;
    }

    /// A message was kept: the client may go on for as long again.
    pub(crate) fn message_accepted(&mut self) {
        self.commands = 0;
    }

    /// The transaction is over, whatever became of it.
    pub(crate) fn reset(&mut self) {
        self.envelope = None;
        self.chunking = false;
    }

    /// What [`crate::Sink::finish`] is told.
    pub(crate) fn summary(&self, size_bytes: u64, inspector: Inspector) -> DataSummary {
        let declared = self.envelope.as_ref().is_some_and(|envelope| {
            envelope.from.smtputf8 || envelope.from.body == Body::EightBitMime
        });
        DataSummary { size_bytes, oddities: inspector.finish(declared) }
    }

    /// How many replies the end of a message gets.
    pub(crate) fn answers_expected(&self) -> usize {
        match (self.mode, &self.envelope) {
            (Mode::Lmtp, Some(envelope)) => envelope.to.len(),
            _ => 1,
        }
    }
}
