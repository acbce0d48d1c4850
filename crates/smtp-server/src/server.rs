//! The listener: who may connect, what happens around a conversation (PROXY header, TLS), and the
//! end of it all.

use std::{future::Future, io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::{JoinError, JoinSet},
    time::{sleep, timeout},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use tokio_util::sync::CancellationToken;
use tracing::{debug, error, warn};

use crate::{
    Config, Handler, Peer, Tls, TlsInfo, TlsSource,
    connection::{Connection, Ended, Shared},
    counts::{Counts, Place},
    proxy, replies,
    session::Session,
};

/// Serves everyone who connects, until `shutdown`: then no more connections are accepted, idle
/// ones are told 421, and mails in transfer may finish for as long as [`crate::Timeouts::drain`].
/// Returns when the last connection has ended.
pub async fn run<H: Handler>(
    listener: TcpListener,
    config: Config,
    handler: Arc<H>,
    shutdown: impl Future<Output = ()>,
) {
    let shared = Shared { config: Arc::new(config), handler, stop: CancellationToken::new() };
    let counts = Arc::new(Counts::default());
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut shutdown => break,
            Some(ended) = connections.join_next() => {
                report(ended);
                continue;
            }
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, addr)) => match counts.enter(&shared.config.limits) {
                Some(place) => {
                    connections.spawn(attend(stream, addr, shared.clone(), place, counts.clone()));
                }
                None => turn_away(stream, &shared.config),
            },
            Err(error) => {
                // Out of file descriptors, mostly: without a pause this would be a busy loop.
                warn!(%error, "cannot accept a connection");
                sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    shared.stop.cancel();
    drain(connections, shared.config.timeouts.drain).await;
}

/// Lets what runs come to its end, but not for ever.
async fn drain(mut connections: JoinSet<()>, at_most: Duration) {
    let drained = async {
        while let Some(ended) = connections.join_next().await {
            report(ended);
        }
    };
    if timeout(at_most, drained).await.is_err() {
        let left = connections.len();
        warn!(connections = left, "connections cut off at shutdown");
        connections.shutdown().await;
    }
}

/// Serves one connection on any stream: for listeners of another kind, and for tests. PROXY
/// headers and limits on connections are the business of [`run`].
pub async fn serve<S, H>(
    stream: S,
    peer: Peer,
    config: Arc<Config>,
    handler: Arc<H>,
    shutdown: impl Future<Output = ()>,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send,
    H: Handler,
{
    let stop = CancellationToken::new();
    let shared = Shared { config, handler, stop: stop.clone() };
    let mut conversation = pin!(converse(stream, peer, shared));
    tokio::select! {
        () = &mut conversation => return,
        () = shutdown => stop.cancel(),
    }
    conversation.await;
}

/// A handler that panics ends its own connection only.
fn report(ended: Result<(), JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        error!(%error, "a connection panicked");
    }
}

/// One write without waiting: a flood of connections must not become a flood of tasks.
fn turn_away(stream: TcpStream, config: &Config) {
    if matches!(config.tls, Tls::Implicit(_)) {
        return;
    }
    let mut reply = Vec::new();
    replies::TOO_MANY_CONNECTIONS.encode(&mut reply);
    if let Ok(mut stream) = stream.into_std() {
        // Whether the client hears it is no longer our concern.
        _ = io::Write::write(&mut stream, &reply);
    }
}

async fn attend<H: Handler>(
    mut stream: TcpStream,
    addr: SocketAddr,
    shared: Shared<H>,
    _place: Place,
    counts: Arc<Counts>,
) {
    // Each write is a whole batch of replies: waiting for more would only cost 40 ms.
    _ = stream.set_nodelay(true);
    let mut peer = Peer::new(addr);
    let config = Arc::clone(&shared.config);
    if config.proxy.expected_from(peer.addr.ip()) {
        match timeout(config.timeouts.handshake, proxy::read_header(&mut stream)).await {
            Ok(Ok(Some(client))) => peer = Peer { addr: client, proxy: Some(peer.addr) },
            Ok(Ok(None)) => {}
            Ok(Err(error)) => return debug!(peer = %peer.addr, %error, "bad PROXY header"),
            Err(_) => return debug!(peer = %peer.addr, "no PROXY header in time"),
        }
    }
    let Some(_place) = counts.enter_peer(peer.addr.ip(), &config.limits) else {
        debug!(peer = %peer.addr, "too many connections from this peer");
        return turn_away(stream, &config);
    };
    converse(stream, peer, shared).await;
}

async fn converse<S, H>(stream: S, peer: Peer, shared: Shared<H>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
    H: Handler,
{
    let config = Arc::clone(&shared.config);
    match &config.tls {
        Tls::Off => _ = plain(stream, peer, shared).await,
        Tls::StartTls(source) => {
            let Some((stream, mut session, shared)) = plain(stream, peer, shared).await else {
                return;
            };
            // Boxed, so that connections in the clear do not pay for it.
            Box::pin(async {
                if let Some((stream, info)) = handshake(stream, peer, source, &config).await {
                    session.secured(info);
                    _ = talk(Connection::new(stream, shared, session), peer).await;
                }
            })
            .await;
        }
        Tls::Implicit(source) => {
            Box::pin(async {
                if let Some((stream, info)) = handshake(stream, peer, source, &config).await {
                    let session = Session::new(&config, peer, Some(info));
                    _ = talk(Connection::new(stream, shared, session), peer).await;
                }
            })
            .await;
        }
    }
}

/// A conversation in the clear; gives everything back if the client asks for TLS.
async fn plain<S, H>(stream: S, peer: Peer, shared: Shared<H>) -> Option<(S, Session, Shared<H>)>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
    H: Handler,
{
    let session = Session::new(&shared.config, peer, None);
    let connection = Connection::new(stream, shared.clone(), session);
    let (stream, session) = talk(connection, peer).await?.into_parts();
    Some((stream, session, shared))
}

async fn handshake<S>(
    stream: S,
    peer: Peer,
    source: &TlsSource,
    config: &Config,
) -> Option<(TlsStream<S>, TlsInfo)>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let accept = TlsAcceptor::from(source.current()).accept(stream);
    let stream = match timeout(config.timeouts.handshake, accept).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => {
            debug!(peer = %peer.addr, %error, "TLS handshake failed");
            return None;
        }
        Err(_) => {
            debug!(peer = %peer.addr, "TLS handshake took too long");
            return None;
        }
    };
    let tls = stream.get_ref().1;
    let info = TlsInfo {
        // rustls writes TLSv1_3.
        version: tls
            .protocol_version()
            .and_then(|version| version.as_str())
            .unwrap_or_default()
            .replace('_', "."),
        cipher: tls
            .negotiated_cipher_suite()
            .and_then(|suite| suite.suite().as_str())
            .unwrap_or_default()
            .to_owned(),
        server_name: tls.server_name().map(str::to_owned),
    };
    Some((stream, info))
}

/// Talks to the end; gives the connection back if TLS is to begin.
async fn talk<S, H>(mut connection: Connection<S, H>, peer: Peer) -> Option<Connection<S, H>>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
    H: Handler,
{
    let peer = peer.addr;
    match connection.converse().await {
        Ended::StartTls => return Some(connection),
        Ended::Goodbye(reply) => {
            debug!(%peer, %reply, "closing");
            let (stream, _) = connection.into_parts();
            close(stream, reply.is_positive()).await;
        }
        Ended::Gone => debug!(%peer, "client closed without QUIT"),
        Ended::Lost(error) => debug!(%peer, %error, "connection lost"),
    }
    None
}

/// Closing a socket while the client is still sending would reset it, and the client might never
/// read why. So after a goodbye that it did not ask for, what it sends is read for a moment.
async fn close<S>(mut stream: S, asked_for: bool)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    const LINGER: Duration = Duration::from_secs(1);
    let shut = async {
        stream.shutdown().await?;
        if !asked_for {
            let mut rest = [0; 512];
            while stream.read(&mut rest).await? > 0 {}
        }
        Ok::<_, io::Error>(())
    };
    _ = timeout(LINGER, shut).await;
}
