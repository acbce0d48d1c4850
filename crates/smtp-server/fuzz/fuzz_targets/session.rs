//! Any bytes as a whole session: the server must not panic, must end when the client does, and
//! must say the same however the bytes are cut. `cargo +nightly fuzz run session`

#![no_main]

use libfuzzer_sys::fuzz_target;
use smtp_server::{
    Answer, Config, DataSummary, Envelope, Handler, MailFrom, Mode, Peer, RcptTo, Reply,
    SessionInfo, Sink, replies, serve,
};
use std::{future, sync::Arc};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, duplex, split},
    runtime,
};

struct Everything;

struct Count(u64);

impl Handler for Everything {
    type Sink = Count;

    async fn rcpt(&self, _: &SessionInfo, _: &MailFrom, to: &RcptTo) -> Result<(), Reply> {
        // The parts of a path must be readable whatever it is.
        _ = (to.path.local_part(), to.path.domain());
        Ok(())
    }

    async fn data(&self, _: &SessionInfo, _: &Envelope) -> Result<Count, Reply> {
        Ok(Count(0))
    }
}

impl Sink for Count {
    async fn write(&mut self, chunk: &[u8]) -> Result<(), Reply> {
        self.0 += chunk.len() as u64;
        Ok(())
    }

    async fn finish(self, summary: DataSummary) -> Answer {
        assert_eq!(self.0, summary.size_bytes);
        replies::MESSAGE_ACCEPTED.with_text(format!("{} bytes", self.0)).into()
    }
}

async fn play(wire: &[u8], piece: usize, mode: Mode) -> Vec<u8> {
    let mut config = Config::new("mx.example");
    config.mode = mode;
    config.limits.message_bytes = 200;
    config.limits.command_bytes = 100;
    let peer = Peer::new(([192, 0, 2, 1], 25).into());
    let (client, server) = duplex(1 << 20);
    let (mut hear, mut say) = split(client);
    let serving = serve(server, peer, Arc::new(config), Arc::new(Everything), future::pending());
    let saying = async {
        for part in wire.chunks(piece) {
            if say.write_all(part).await.is_err() {
                break;
            }
            tokio::task::yield_now().await;
        }
        _ = say.shutdown().await;
    };
    let mut replies = Vec::new();
    let hearing = async { _ = hear.read_to_end(&mut replies).await };
    tokio::join!(serving, saying, hearing);
    replies
}

fuzz_target!(|wire: &[u8]| {
    let Some((&first, wire)) = wire.split_first() else { return };
    let mode = if first < 64 { Mode::Lmtp } else { Mode::Smtp };
    let runtime = runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime").block_on(async {
        let whole = play(wire, usize::MAX, mode).await;
        assert_eq!(play(wire, usize::from(first) % 7 + 1, mode).await, whole);
    });
});
