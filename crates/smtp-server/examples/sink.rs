//! Accepts every mail and forgets it: the ceiling for benchmarks, and a target for mail programs
//! under test. `cargo run --example sink -- 127.0.0.1:2500 [CERTIFICATE.pem KEY.pem]`; with a
//! certificate it offers STARTTLS.

use smtp_server::{
    Answer, Config, DataSummary, Envelope, Handler, MailFrom, RcptTo, Reply, SessionInfo, Sink,
    Tls, TlsSource, replies,
    rustls::{
        ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
};
use std::{env, error::Error, io, sync::Arc};
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

fn server_config(
    certificate: &str,
    key: &str,
) -> Result<ServerConfig, Box<dyn Error + Send + Sync>> {
    let chain = CertificateDer::pem_file_iter(certificate)?.collect::<Result<_, _>>()?;
    let key = PrivateKeyDer::from_pem_file(key)?;
    Ok(ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key)?)
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let address = env::args().nth(1).unwrap_or_else(|| "127.0.0.1:2500".to_owned());
    let listener = TcpListener::bind(&address).await?;
    println!("listening on {}", listener.local_addr()?);
    let mut config = Config::new("sink.localhost");
    config.limits.connections_per_peer = config.limits.connections;
    if let (Some(certificate), Some(key)) = (env::args().nth(2), env::args().nth(3)) {
        let tls = server_config(&certificate, &key).map_err(io::Error::other)?;
        config.tls = Tls::StartTls(TlsSource::from(Arc::new(tls)));
    }
    let interrupted = async { _ = signal::ctrl_c().await };
    // Spawned, so that accepting happens where connections are served, not on the main thread:
    // otherwise each connection wakes a worker.
    let server = smtp_server::run(listener, config, Arc::new(Everything), interrupted);
    tokio::spawn(server).await.map_err(io::Error::other)
}
