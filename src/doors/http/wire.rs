//! Connections of the HTTP port: how many, how long, and which HTTP they speak. HTTP/1.1 with whoever comes; HTTP/2 with
//! a proxy of ours that was told to begin with it (RFC 9113, 3.3), so that many open pages share its connection.

use std::{io, net::IpAddr, pin::pin, sync::Arc, time::Duration};

use axum::{
    Router,
    http::{HeaderValue, header},
};
use hyper::{
    Request,
    body::Incoming,
    server::conn::{http1, http2},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use super::{Gateway, Settings, is_proxy, real_peer, router};

/// How HTTP/2 begins (RFC 9113, 3.4): no request of HTTP/1 has this method.
const PREFACE: [u8; 24] = *b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// A half-sent preface is looked at again so often.
const AGAIN: Duration = Duration::from_millis(50);
/// Requests at the same time on a connection of HTTP/2; open pages are some.
const STREAMS: u32 = 128;
/// The fields of a request of HTTP/2, bytes; HTTP/1 has hyper's own limit.
const HEAD_BYTES: u32 = 16 * 1024;
/// A connection of HTTP/2 has no idle time: it takes no more requests after an hour.
const LONGEST: Duration = Duration::from_hours(1);

/// The HTTPs spoken.
#[derive(Clone)]
struct Servers {
    one: http1::Builder,
    two: http2::Builder<TokioExecutor>,
    head: Duration,
    /// How long a request may take that has come.
    request: Duration,
    proxies: Arc<[IpAddr]>,
    router: Router,
    stop: CancellationToken,
}

impl Servers {
    fn of(settings: &Settings, router: Router, stop: CancellationToken) -> Self {
        let mut one = http1::Builder::new();
        // A client that says nothing, or sends its header byte by byte, holds a connection no longer than this.
        one.timer(TokioTimer::new()).header_read_timeout(settings.head);
        let mut two = http2::Builder::new(TokioExecutor::new());
        two.timer(TokioTimer::new())
            .max_concurrent_streams(STREAMS)
            .max_header_list_size(HEAD_BYTES)
            .keep_alive_interval(settings.head)
            .keep_alive_timeout(settings.head);
        let proxies = settings.proxies.as_slice().into();
        Servers { one, two, head: settings.head, request: settings.timeout, proxies, router, stop }
    }

    async fn speak(&self, stream: TcpStream, peer: IpAddr, watcher: Watcher) -> hyper::Result<()> {
        let (router, proxies) = (self.router.clone(), Arc::clone(&self.proxies));
        let service = tower::service_fn(move |mut request: Request<Incoming>| {
            let peer = real_peer(peer, request.headers(), &proxies);
            request.extensions_mut().insert(peer);
            named_host(&mut request);
            let router = router.clone();
            async move { tower::ServiceExt::oneshot(router, request).await }
        });
        let service = TowerToHyperService::new(service);
        // Strangers could hold a connection of HTTP/2 for long without asking for anything.
        let is_two = match is_proxy(peer, &self.proxies) {
            true => tokio::select! {
                begun = is_two(&stream, self.head) => begun,
                // What said nothing yet keeps nobody from stopping.
                () = self.stop.cancelled() => return Ok(()),
            },
            false => Ok(false),
        };
        match is_two {
            Ok(true) => {
                let connection = self.two.serve_connection(TokioIo::new(stream), service);
                let mut connection = pin!(connection);
                tokio::select! {
                    ended = connection.as_mut() => return ended,
                    () = tokio::time::sleep(LONGEST) => {}
                    () = self.stop.cancelled() => {}
                }
                // It takes no more requests; those under way end, and open pages begin again on the next connection.
                connection.as_mut().graceful_shutdown();
                let ended = tokio::time::timeout(self.request, connection).await;
                drop(watcher);
                ended.unwrap_or(Ok(()))
            }
            Ok(false) => {
                let connection = self.one.serve_connection(TokioIo::new(stream), service);
                watcher.watch(connection).await
            }
            // It said nothing in time, or is gone.
            Err(_) => Ok(()),
        }
    }
}

/// HTTP/2 says in its `:authority` which host is meant, and the pages look for it in Host (RFC 9113, 8.3.1).
fn named_host(request: &mut Request<Incoming>) {
    let authority = request.uri().authority().map(|authority| authority.as_str().to_owned());
    if let Some(Ok(host)) = authority.as_deref().map(HeaderValue::from_str)
        && !request.headers().contains_key(header::HOST)
    {
        request.headers_mut().insert(header::HOST, host);
    }
}

/// Does it begin as HTTP/2 does? Looked at and left there for who serves it.
async fn is_two(stream: &TcpStream, patience: Duration) -> io::Result<bool> {
    let until = Instant::now() + patience;
    loop {
        let mut begun = [0; PREFACE.len()];
        let seen = tokio::time::timeout_at(until, stream.peek(&mut begun)).await??;
        if seen == PREFACE.len() || seen == 0 || begun[..seen] != PREFACE[..seen] {
            return Ok(begun == PREFACE);
        }
        // What was seen stays readable: only time brings the rest.
        tokio::time::timeout_at(until, tokio::time::sleep(AGAIN)).await?;
    }
}

/// Serves until stopped; requests under way may finish.
pub async fn serve(
    listener: TcpListener,
    gateway: Arc<Gateway>,
    settings: Settings,
    stop: CancellationToken,
) -> io::Result<()> {
    let servers = Servers::of(&settings, router(gateway, &settings), stop.clone());
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(settings.connections));
    loop {
        let place = tokio::select! {
            Ok(place) = Arc::clone(&places).acquire_owned() => place,
            () = stop.cancelled() => break,
        };
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file descriptors, mostly: waiting is the cure, ending is not.
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
            () = stop.cancelled() => break,
        };
        let _ = stream.set_nodelay(true);
        let (servers, watcher) = (servers.clone(), graceful.watcher());
        tokio::spawn(async move {
            if let Err(error) = servers.speak(stream, peer.ip().to_canonical(), watcher).await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(place);
        });
    }
    tokio::select! {
        () = graceful.shutdown() => {}
        // Event streams never end by themselves.
        () = tokio::time::sleep(Duration::from_secs(5)) => {}
    }
    Ok(())
}
