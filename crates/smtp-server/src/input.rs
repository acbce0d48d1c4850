//! The bytes that have arrived and were not read yet. Small while a client is idle, larger while
//! a message runs; a message is never whole in here.

use std::io;
use tokio::io::{AsyncRead, AsyncReadExt};

/// How much is read at once while commands are awaited.
pub(crate) const COMMAND_ROOM: usize = 2 << 10;
/// How much is read at once at the start of a message: most mails fit.
pub(crate) const DATA_ROOM: usize = 16 << 10;
/// How much is read at once in a long message.
pub(crate) const BULK_ROOM: usize = 64 << 10;

#[derive(Debug, Default)]
pub(crate) struct Input {
    bytes: Vec<u8>,
    start: usize,
}

impl Input {
    pub(crate) fn unread(&self) -> &[u8] {
        &self.bytes[self.start..]
    }

    pub(crate) fn unread_mut(&mut self) -> &mut [u8] {
        &mut self.bytes[self.start..]
    }

    pub(crate) fn consume(&mut self, bytes: usize) {
        self.start += bytes;
        debug_assert!(self.start <= self.bytes.len(), "consumed more than there is");
    }

    /// Reads once into at least `room` bytes; 0 bytes read is the end.
    pub(crate) async fn fill(
        &mut self,
        stream: &mut (impl AsyncRead + Unpin),
        room: usize,
    ) -> io::Result<usize> {
        self.bytes.drain(..self.start);
        self.start = 0;
        if self.bytes.is_empty() && self.bytes.capacity() > 2 * room {
            // After a message: an idle client shall not hold its buffer.
            self.bytes = Vec::new();
        }
        self.bytes.reserve_exact(room);
        stream.read_buf(&mut self.bytes).await
    }
}
