//! Accepts every mail and forgets it: the ceiling for benchmarks, and a target for mail programs
//! under test. `cargo run --example sink -- 127.0.0.1:2500`

use smtp_server::{
    Answer, Config, DataSummary, Envelope, Handler, MailFrom, RcptTo, Reply, SessionInfo, Sink,
    replies,
};
use std::{env, io, sync::Arc};
use tokio::{net::TcpListener, signal};

struct Everything;

struct Nowhere;

impl Handler for Everything {
    type Sink = Nowhere;

    async fn rcpt(&self, _: &SessionInfo, _: &MailFrom, _: &RcptTo) -> Result<(), Reply> {
        Ok(())
    }

    async fn data(&self, _: &SessionInfo, _: &Envelope) -> Result<Nowhere, Reply> {
        Ok(Nowhere)
    }
}

impl Sink for Nowhere {
    async fn write(&mut self, _: &[u8]) -> Result<(), Reply> {
        Ok(())
    }

    async fn finish(self, _: DataSummary) -> Answer {
        replies::MESSAGE_ACCEPTED.into()
    }
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let address = env::args()
        .nth(1)
        .unwrap_or_else(|| "127.0.0.1:2500".to_owned());
    let listener = TcpListener::bind(&address).await?;
    println!("listening on {}", listener.local_addr()?);
    let mut config = Config::new("sink.localhost");
    config.limits.connections_per_peer = config.limits.connections;
    let interrupted = async { _ = signal::ctrl_c().await };
    smtp_server::run(listener, config, Arc::new(Everything), interrupted).await;
    Ok(())
}
