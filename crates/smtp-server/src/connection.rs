//! A session on its stream: fetches lines for the session, brings its questions to the handler
//! and the answers to the client. Replies are gathered and written when nothing is left to read,
//! so that a batch of pipelined commands gets its replies in one packet (RFC 2920).

use std::{convert::Infallible, io, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt},
    time::{Instant, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{
    Answer, Config, DataReader, Envelope, Handler, RcptTo, Reply, Sink,
    input::{BULK_ROOM, COMMAND_ROOM, DATA_ROOM, Input},
    lines::{Line, LineReader},
    replies,
    session::{Session, Step},
    transfer::Transfer,
};

/// So many bytes of replies are written even if commands are left to read.
const MAX_GATHERED_BYTES: usize = 16 << 10;

/// What all connections of a listener have in common.
pub(crate) struct Shared<H> {
    pub(crate) config: Arc<Config>,
    pub(crate) handler: Arc<H>,
    pub(crate) stop: CancellationToken,
}

impl<H> Clone for Shared<H> {
    fn clone(&self) -> Self {
        let Self { config, handler, stop } = self;
        Self { config: Arc::clone(config), handler: Arc::clone(handler), stop: stop.clone() }
    }
}

/// A stream with a session on it.
pub(crate) struct Connection<S, H: Handler> {
    stream: S,
    shared: Shared<H>,
    session: Session,
    lines: LineReader,
    input: Input,
    output: Vec<u8>,
    /// Kept here between two `BDAT` chunks.
    transfer: Option<Transfer<H::Sink>>,
}

/// Why a conversation is over.
#[derive(Debug)]
pub(crate) enum Ended {
    /// We say this and close.
    Goodbye(Reply),
    /// The client closed without a `QUIT`.
    Gone,
    Lost(io::Error),
    /// The client has been told to begin the handshake.
    StartTls,
}

impl From<io::Error> for Ended {
    fn from(error: io::Error) -> Self {
        Self::Lost(error)
    }
}

impl<S, H> Connection<S, H>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
    H: Handler,
{
    pub(crate) fn new(stream: S, shared: Shared<H>, session: Session) -> Self {
        Self {
            stream,
            shared,
            session,
            lines: LineReader::default(),
            input: Input::default(),
            output: Vec::new(),
            transfer: None,
        }
    }

    /// For the handshake. What has arrived before it stays behind: a command smuggled in front of
    /// the encryption must not be taken for one of the client's (RFC 3207, 5).
    pub(crate) fn into_parts(self) -> (S, Session) {
        (self.stream, self.session)
    }

    /// Talks until one of both has enough, and says goodbye.
    pub(crate) async fn converse(&mut self) -> Ended {
        let Err(ended) = self.commands().await;
        if let Ended::Goodbye(reply) = &ended {
            self.say(reply);
            if let Err(ended) = self.flush().await {
                return ended;
            }
        }
        ended
    }

    /// Greets, unless the session is past that or the handler refuses.
    async fn greet(&mut self) -> Result<(), Ended> {
        if let Some(greeting) = self.session.greeting() {
            let peer = self.session.info().peer;
            self.shared.handler.connect(&peer).await.map_err(Ended::Goodbye)?;
            self.say(&greeting);
        }
        Ok(())
    }

    async fn commands(&mut self) -> Result<Infallible, Ended> {
        self.greet().await?;
        let max_bytes = self.shared.config.limits.command_bytes;
        loop {
            self.check_limits()?;
            let (skipped, line) = self.lines.next(self.input.unread(), max_bytes);
            self.input.consume(skipped);
            match line {
                Line::Command(bytes) => {
                    let step = self.session.line(&self.input.unread()[..bytes]);
                    self.input.consume(bytes);
                    self.act(step).await?;
                }
                Line::TooLong => self.say(&replies::LINE_TOO_LONG),
                Line::BareLf => self.say(&replies::BARE_LF),
                Line::Incomplete => self.await_command().await?,
            }
            if self.output.len() > MAX_GATHERED_BYTES {
                self.flush().await?;
            }
        }
    }

    fn check_limits(&mut self) -> Result<(), Ended> {
        if let Some(goodbye) = self.session.goodbye() {
            return Err(Ended::Goodbye(goodbye));
        }
        if self.session.envelope().is_none() {
            // RSET, a new EHLO: half a message in chunks is none.
            self.transfer = None;
            if self.shared.stop.is_cancelled() {
                return Err(Ended::Goodbye(replies::SHUTTING_DOWN));
            }
        }
        Ok(())
    }

    async fn act(&mut self, step: Step) -> Result<(), Ended> {
        match step {
            Step::Say(reply) => self.say(&reply),
            Step::Close(reply) => return Err(Ended::Goodbye(reply)),
            Step::AskMail(from) => {
                let answer = self.shared.handler.mail(self.session.info(), &from).await;
                let reply = self.session.mail_answered(from, answer);
                self.say(&reply);
            }
            Step::AskRcpt(to) => {
                let reply = self.ask_rcpt(to).await;
                self.say(&reply);
            }
            Step::Data => self.data().await?,
            Step::Chunk { bytes, is_last } => self.chunk(bytes, is_last).await?,
            Step::SkipChunk { bytes, reply } => self.skip_chunk(bytes, &reply).await?,
            Step::StartTls => {
                self.say(&replies::READY_FOR_TLS);
                self.flush().await?;
                return Err(Ended::StartTls);
            }
        }
        Ok(())
    }

    async fn ask_rcpt(&mut self, to: RcptTo) -> Reply {
        let Some(Envelope { from, .. }) = self.session.envelope() else {
            return replies::MAIL_FIRST;
        };
        let answer = self.shared.handler.rcpt(self.session.info(), from, &to).await;
        self.session.rcpt_answered(to, answer)
    }

    async fn open(&mut self) -> Result<Transfer<H::Sink>, Reply> {
        let Some(envelope) = self.session.envelope() else {
            return Err(replies::MAIL_FIRST);
        };
        let sink = self.shared.handler.data(self.session.info(), envelope).await?;
        Ok(Transfer::new(sink, self.shared.config.limits.message_bytes))
    }

    async fn data(&mut self) -> Result<(), Ended> {
        let mut transfer = match self.open().await {
            Ok(transfer) => transfer,
            Err(refusal) => {
                self.session.reset();
                self.say(&refusal);
                return Ok(());
            }
        };
        self.say(&replies::SEND_MESSAGE);
        let deadline = Instant::now() + self.shared.config.timeouts.message;
        let mut reader = DataReader::default();
        let mut room = DATA_ROOM;
        loop {
            let progress = reader.read(self.input.unread_mut());
            transfer.take(&self.input.unread()[..progress.text]).await;
            self.input.consume(progress.consumed);
            if progress.ended {
                return self.end_message(transfer).await;
            }
            if transfer.excess_bytes() > self.shared.config.limits.discarded_bytes {
                return Err(Ended::Goodbye(replies::TOO_MUCH_DATA));
            }
            self.await_data(deadline, room).await?;
            room = BULK_ROOM;
        }
    }

    async fn chunk(&mut self, bytes: u64, is_last: bool) -> Result<(), Ended> {
        let mut transfer = match self.transfer.take() {
            Some(transfer) => transfer,
            None => match self.open().await {
                Ok(transfer) => transfer,
                Err(refusal) => {
                    self.session.reset();
                    return self.skip_chunk(bytes, &refusal).await;
                }
            },
        };
        transfer.announce(bytes);
        self.read_chunk(bytes, Some(&mut transfer)).await?;
        if is_last {
            return self.end_message(transfer).await;
        }
        match transfer.refusal() {
            // RFC 3030, 2: after a refused chunk the rest will be refused until RSET.
            Some(refusal) => {
                self.say(refusal);
                self.session.reset();
            }
            None => {
                self.transfer = Some(transfer);
                self.say(&replies::CHUNK_OK);
            }
        }
        Ok(())
    }

    async fn skip_chunk(&mut self, bytes: u64, reply: &Reply) -> Result<(), Ended> {
        self.read_chunk(bytes, None).await?;
        self.say(reply);
        Ok(())
    }

    /// Reads the octets of a chunk, whatever they are, to nobody if nobody takes them.
    async fn read_chunk(
        &mut self,
        bytes: u64,
        mut transfer: Option<&mut Transfer<H::Sink>>,
    ) -> Result<(), Ended> {
        let limits = &self.shared.config.limits;
        if bytes > limits.message_bytes.saturating_add(limits.discarded_bytes) {
            return Err(Ended::Goodbye(replies::TOO_MUCH_DATA));
        }
        let deadline = Instant::now() + self.shared.config.timeouts.message;
        let mut left = usize::try_from(bytes).unwrap_or(usize::MAX);
        loop {
            let unread = self.input.unread();
            let part = left.min(unread.len());
            if let Some(transfer) = &mut transfer {
                transfer.take(&unread[..part]).await;
            }
            self.input.consume(part);
            left -= part;
            if left == 0 {
                return Ok(());
            }
            self.await_data(deadline, left.clamp(COMMAND_ROOM, BULK_ROOM)).await?;
        }
    }

    async fn end_message(&mut self, transfer: Transfer<H::Sink>) -> Result<(), Ended> {
        let expected = self.session.answers_expected();
        let answer = match transfer.end() {
            Ok((sink, size_bytes, inspector)) => {
                sink.finish(self.session.summary(size_bytes, inspector)).await
            }
            Err(refusal) => Answer::All(refusal),
        };
        self.session.reset();
        for reply in answer.for_recipients(expected, self.shared.config.mode) {
            if reply.is_positive() {
                self.session.message_accepted();
            }
            self.say(&reply);
        }
        Ok(())
    }

    fn say(&mut self, reply: &Reply) {
        reply.encode(&mut self.output);
        self.session.said(reply);
    }

    async fn flush(&mut self) -> Result<(), Ended> {
        if self.output.is_empty() {
            return Ok(());
        }
        let write = async {
            self.stream.write_all(&self.output).await?;
            self.stream.flush().await
        };
        match timeout(self.shared.config.timeouts.write, write).await {
            Ok(written) => written?,
            Err(_) => return Err(Ended::Lost(io::ErrorKind::TimedOut.into())),
        }
        self.output.clear();
        Ok(())
    }

    /// Between transactions the end of the server ends the wait.
    async fn await_command(&mut self) -> Result<(), Ended> {
        let wait = self.shared.config.timeouts.command;
        if self.session.envelope().is_some() {
            return self.fill(wait, COMMAND_ROOM).await;
        }
        // Not within the select: replies half written when it is cut short would be said twice.
        self.flush().await?;
        let stop = self.shared.stop.clone();
        tokio::select! {
            biased;
            filled = self.fill(wait, COMMAND_ROOM) => filled,
            () = stop.cancelled() => Err(Ended::Goodbye(replies::SHUTTING_DOWN)),
        }
    }

    async fn await_data(&mut self, deadline: Instant, room: usize) -> Result<(), Ended> {
        let left = deadline.saturating_duration_since(Instant::now());
        self.fill(left.min(self.shared.config.timeouts.data_block), room).await
    }

    /// Waits for more input. This is the one place where gathered replies must go out: the client
    /// may be waiting for them.
    async fn fill(&mut self, wait: Duration, room: usize) -> Result<(), Ended> {
        self.flush().await?;
        match timeout(wait, self.input.fill(&mut self.stream, room)).await {
            Err(_) => Err(Ended::Goodbye(replies::TIMED_OUT)),
            Ok(Err(error)) => Err(Ended::Lost(error)),
            Ok(Ok(0)) => Err(Ended::Gone),
            Ok(Ok(_)) => Ok(()),
        }
    }
}
