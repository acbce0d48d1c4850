//! Certificates are renewed while the server runs.

use crate::stage::{House, Porter, key_pair};
use smtp_server::{Config, Tls, TlsSource, run, rustls};
use std::sync::{Arc, Mutex};
use tokio::{
    io::AsyncReadExt,
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

#[tokio::test]
async fn each_handshake_uses_the_current_one() {
    let (old, trusts_old) = key_pair();
    let (new, trusts_new) = key_pair();
    let current = Arc::new(Mutex::new(old));
    let mut config = Config::new("gw.example");
    config.tls = Tls::Implicit(TlsSource::new({
        let current = Arc::clone(&current);
        move || Arc::clone(&current.lock().expect("no panic"))
    }));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let addr = listener.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel::<()>();
    let porter = Arc::new(Porter(Arc::new(House::default())));
    let server = tokio::spawn(run(listener, config, porter, async { _ = stopped.await }));
    let greeting = async |trusts: &tokio_rustls::TlsConnector| {
        let stream = TcpStream::connect(addr).await?;
        let name = rustls::pki_types::ServerName::try_from("gw.example").expect("a name");
        let mut greeting = [0; 4];
        trusts.connect(name, stream).await?.read_exact(&mut greeting).await?;
        std::io::Result::Ok(greeting)
    };
    assert_eq!(greeting(&trusts_old).await.expect("the old one"), *b"220 ");
    assert!(greeting(&trusts_new).await.is_err(), "not yet the new one");
    *current.lock().expect("no panic") = new;
    assert_eq!(greeting(&trusts_new).await.expect("the new one"), *b"220 ");
    assert!(greeting(&trusts_old).await.is_err(), "no longer the old one");
    stop.send(()).expect("the server runs");
    server.await.expect("no panic");
}
