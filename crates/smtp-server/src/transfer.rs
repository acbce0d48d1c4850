//! A message on its way from the wire into the handler's sink. When the message is refused on the
//! way (too big, the sink in trouble), the sink is dropped at once and the rest of the data is
//! read and thrown away: an answer in the middle would make the client's text our commands.

use crate::{Reply, Sink, oddities::Inspector, replies};

/// One message in transfer.
#[derive(Debug)]
pub(crate) struct Transfer<S> {
    target: Target<S>,
    inspector: Inspector,
    size_bytes: u64,
    max_bytes: u64,
}

#[derive(Debug)]
enum Target<S> {
    Open(S),
    Refused(Reply),
}

impl<S: Sink> Transfer<S> {
    pub(crate) fn new(sink: S, max_bytes: u64) -> Self {
        let inspector = Inspector::default();
        Self { target: Target::Open(sink), inspector, size_bytes: 0, max_bytes }
    }

    /// Text of the message, in order.
    pub(crate) async fn take(&mut self, text: &[u8]) {
        self.size_bytes = self.size_bytes.saturating_add(text.len() as u64);
        let Target::Open(sink) = &mut self.target else {
            return;
        };
        if text.is_empty() {
            return;
        }
        if self.size_bytes > self.max_bytes {
            self.refuse(replies::MESSAGE_TOO_BIG);
            return;
        }
        self.inspector.look(text);
        if let Err(reply) = sink.write(text).await {
            self.refuse(reply);
        }
    }

    /// A chunk of this size is announced: if it does not fit, none of it needs to be stored.
    pub(crate) fn announce(&mut self, chunk_bytes: u64) {
        if self.size_bytes.saturating_add(chunk_bytes) > self.max_bytes
            && matches!(self.target, Target::Open(_))
        {
            self.refuse(replies::MESSAGE_TOO_BIG);
        }
    }

    fn refuse(&mut self, reply: Reply) {
        self.target = Target::Refused(reply);
    }

    /// Why the message will not be taken, if so.
    pub(crate) fn refusal(&self) -> Option<&Reply> {
        match &self.target {
            Target::Open(_) => None,
            Target::Refused(reply) => Some(reply),
        }
    }

    /// How much more than allowed has come.
    pub(crate) fn excess_bytes(&self) -> u64 {
        self.size_bytes.saturating_sub(self.max_bytes)
    }

    /// The end: the sink with what was found out, or the refusal.
    pub(crate) fn end(self) -> Result<(S, u64, Inspector), Reply> {
        match self.target {
            Target::Open(sink) => Ok((sink, self.size_bytes, self.inspector)),
            Target::Refused(reply) => Err(reply),
        }
    }
}
