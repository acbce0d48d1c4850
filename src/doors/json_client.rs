//! One JSON request to a translation engine or a channel: bounded in time and size, never logged with text or key.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    Method, Request, StatusCode, Uri,
    body::{Bytes, Incoming},
    client::conn::http1,
    header::{self, HeaderMap, HeaderName, HeaderValue},
    http::response::Parts,
};
use hyper_util::rt::TokioIo;
use jiff::{Timestamp, fmt::rfc2822::DateTimeParser};
use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::Instant,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::flow::{clock, translate::Fail};

/// An engine that cannot be connected to in this time is down.
const CONNECT: Duration = Duration::from_secs(3);

/// What an engine answered.
#[derive(Debug)]
pub(in crate::doors) struct Answer {
    pub status: StatusCode,
    pub retry_after: Option<Duration>,
    /// Asked twice it does nothing more than asked once (RFC 9110, 9.2.2).
    pub is_idempotent: bool,
    /// `Null` where the body is no JSON: error pages are HTML.
    pub json: Value,
}

/// What was answered where no JSON is expected.
#[derive(Debug)]
pub(in crate::doors) struct File {
    pub status: StatusCode,
    pub retry_after: Option<Duration>,
    pub media_type: String,
    pub bytes: Bytes,
}

/// Until when a peer wants to be left alone.
type Rest = Arc<Mutex<Option<Instant>>>;

/// The address of an engine, and its TLS where the scheme asks for it.
#[derive(Clone)]
pub(in crate::doors) struct Peer {
    base: Uri,
    tls: Option<TlsConnector>,
    /// Headers sent with every request.
    always: Vec<(HeaderName, HeaderValue)>,
    content_type: &'static str,
    /// Answers may be larger than their request suggests by this much.
    most_bytes: usize,
    /// Kept by all copies: what is refused to one is asked by none.
    rest: Option<Rest>,
}

impl Peer {
    pub(in crate::doors) fn new(base: &str) -> Result<Self, String> {
        let base: Uri =
            base.trim_end_matches('/').parse().map_err(|error| format!("{base:?}: {error}"))?;
        let tls = match base.scheme_str() {
            Some("http") => None,
            Some("https") => {
                let roots =
                    rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
                let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
                let config = rustls::ClientConfig::builder_with_provider(provider)
                    .with_safe_default_protocol_versions()
                    .map_err(|error| error.to_string())?
                    .with_root_certificates(roots)
                    .with_no_client_auth();
                Some(TlsConnector::from(Arc::new(config)))
            }
            _ => return Err(format!("{base}: write http:// or https://")),
        };
        base.host().ok_or_else(|| format!("{base}: no host"))?;
        let content_type = "application/json";
        let always = Vec::new();
        Ok(Peer { base, tls, always, content_type, most_bytes: 65_536, rest: None })
    }

    /// A peer that wants headers each time and answers with lists; keys among them are not logged. When it asks to wait
    /// (RFC 9110, 10.2.3; RFC 6585, 4), nothing is asked of it until then.
    pub(in crate::doors) fn of_channel(
        base: &str,
        always: &[(&'static str, &str)],
    ) -> Result<Self, String> {
        let header = |(name, value): &(&'static str, &str)| {
            let mut value = HeaderValue::from_str(value)
                .map_err(|_| format!("{name}: no header can carry this"))?;
            value.set_sensitive(true);
            Ok((HeaderName::from_static(name), value))
        };
        let always = always.iter().map(header).collect::<Result<_, String>>()?;
        let rest = Some(Rest::default());
        Ok(Peer { always, most_bytes: 16 << 20, rest, ..Peer::new(base)? })
    }

    /// Is this address one of this peer's?
    pub(in crate::doors) fn path_of<'a>(&self, url: &'a str) -> Option<&'a str> {
        if url.starts_with('/') && !url.starts_with("//") {
            return Some(url);
        }
        let rest = url.strip_prefix(self.base.to_string().trim_end_matches('/'))?;
        rest.starts_with('/').then_some(rest)
    }

    /// Gets a file.
    pub(in crate::doors) async fn fetch(
        &self,
        path: &str,
        key: Option<&str>,
        patience: Duration,
    ) -> Result<File, Fail> {
        let answered = self.exchange(Method::GET, path, key, String::new(), patience).await?;
        Ok(file(answered))
    }

    /// Sends one request and reads the whole answer.
    pub(in crate::doors) async fn ask(
        &self,
        method: Method,
        path: &str,
        key: Option<&str>,
        body: Option<Value>,
        patience: Duration,
    ) -> Result<Answer, Fail> {
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let is_idempotent = method.is_idempotent();
        let (head, bytes) = self.exchange(method, path, key, body, patience).await?;
        Ok(Answer {
            status: head.status,
            retry_after: retry_after(&head.headers, clock::now()),
            is_idempotent,
            json: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        })
    }

    /// With one more header.
    pub(in crate::doors) fn and(&self, name: &'static str, value: &str) -> Result<Self, String> {
        let mut peer = self.clone();
        let mut value = HeaderValue::from_str(value)
            .map_err(|_| format!("{name}: no header can carry this"))?;
        value.set_sensitive(true);
        peer.always.push((HeaderName::from_static(name), value));
        Ok(peer)
    }

    /// Posts what is no JSON, and reads whatever is answered: forms of OAuth, and an XML older than JSON.
    pub(in crate::doors) async fn post_as(
        &self,
        content_type: &'static str,
        path: &str,
        key: Option<&str>,
        body: String,
        patience: Duration,
    ) -> Result<File, Fail> {
        let peer = Peer { content_type, ..self.clone() };
        peer.exchange(Method::POST, path, key, body, patience).await.map(file)
    }

    /// Asks for a file from this byte on, to be read piece by piece. The answer may begin at its first byte all the same:
    /// its status is 206 where it does not (RFC 9110, 15.3.7).
    pub(in crate::doors) async fn open(
        &self,
        path: &str,
        from: u64,
        patience: Duration,
    ) -> Result<Opened, Fail> {
        let mut peer = self.clone();
        if from > 0
            && let Ok(range) = HeaderValue::from_str(&format!("bytes={from}-"))
        {
            peer.always.push((header::RANGE, range));
        }
        let request = peer
            .request(Method::GET, path, None, String::new())
            .map_err(|error| Fail::Refused(error.to_string()))?;
        let work = async {
            match peer.connect().await? {
                Connected::Plain(stream) => send(stream, request).await,
                Connected::Tls(stream) => send(*stream, request).await,
            }
        };
        tokio::time::timeout(patience, work).await.map_err(|_| Fail::Timeout)?
    }

    async fn connect(&self) -> Result<Connected, Fail> {
        let down = |error: &dyn std::fmt::Display| Fail::Down(error.to_string());
        let host = self.base.host().unwrap_or_default();
        let port = self.base.port_u16().unwrap_or(if self.tls.is_some() { 443 } else { 80 });
        let address = (host.trim_matches(['[', ']']), port);
        let stream = tokio::time::timeout(CONNECT, TcpStream::connect(address))
            .await
            .map_err(|error| down(&error))?
            .map_err(|error| down(&error))?;
        let Some(tls) = &self.tls else { return Ok(Connected::Plain(stream)) };
        let name = rustls_pki_types::ServerName::try_from(host.to_owned())
            .map_err(|error| down(&error))?;
        let stream = tls.connect(name, stream).await.map_err(|error| down(&error))?;
        Ok(Connected::Tls(Box::new(stream)))
    }

    async fn exchange(
        &self,
        method: Method,
        path: &str,
        key: Option<&str>,
        body: String,
        patience: Duration,
    ) -> Result<(Parts, Bytes), Fail> {
        self.may_ask()?;
        // Text in, text out: more than four times the request is no translation.
        let most_bytes = body.len() * 4 + self.most_bytes;
        let request = self
            .request(method, path, key, body)
            .map_err(|error| Fail::Refused(error.to_string()))?;
        let work = async {
            match self.connect().await? {
                Connected::Plain(stream) => exchange(stream, request, most_bytes).await,
                Connected::Tls(stream) => exchange(*stream, request, most_bytes).await,
            }
        };
        let (head, bytes) =
            tokio::time::timeout(patience, work).await.map_err(|_| Fail::Timeout)??;
        self.heed(&head);
        Ok((head, bytes))
    }

    /// Does it still want to be left alone? Then nothing is asked.
    fn may_ask(&self) -> Result<(), Fail> {
        let Some(rest) = &self.rest else { return Ok(()) };
        let until = *rest.lock().unwrap_or_else(PoisonError::into_inner);
        match until.and_then(|until| until.checked_duration_since(Instant::now())) {
            Some(left) if !left.is_zero() => Err(Fail::Busy { retry_after: Some(left) }),
            _ => Ok(()),
        }
    }

    fn heed(&self, head: &Parts) {
        let asks_to_wait =
            [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE].contains(&head.status);
        if let Some(rest) = self.rest.as_ref().filter(|_| asks_to_wait)
            && let Some(wait) = retry_after(&head.headers, clock::now())
        {
            *rest.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now() + wait);
        }
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        key: Option<&str>,
        body: String,
    ) -> Result<Request<Full<Bytes>>, hyper::http::Error> {
        let prefix = self.base.path().trim_end_matches('/');
        let authority =
            self.base.authority().map(hyper::http::uri::Authority::as_str).unwrap_or_default();
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{prefix}{path}"))
            .header(header::HOST, authority)
            .header(header::USER_AGENT, concat!("relais/", env!("CARGO_PKG_VERSION")))
            .header(header::CONTENT_TYPE, self.content_type);
        for (name, value) in &self.always {
            request = request.header(name, value);
        }
        if let Some(key) = key {
            let mut value = HeaderValue::from_str(key)?;
            value.set_sensitive(true);
            request = request.header(header::AUTHORIZATION, value);
        }
        request.body(Full::from(body))
    }
}

enum Connected {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// An answer whose body is still to be read.
pub(in crate::doors) struct Opened {
    pub status: StatusCode,
    body: Incoming,
    /// The connection ends with its sender.
    _sender: http1::SendRequest<Full<Bytes>>,
}

impl Opened {
    /// The next piece, `None` at the end; an end before the announced length is an error.
    pub(in crate::doors) async fn next(
        &mut self,
        patience: Duration,
    ) -> Result<Option<Bytes>, Fail> {
        loop {
            let frame = tokio::time::timeout(patience, self.body.frame()).await;
            match frame.map_err(|_| Fail::Timeout)? {
                None => return Ok(None),
                Some(Err(error)) => return Err(Fail::Down(error.to_string())),
                Some(Ok(frame)) => {
                    if let Ok(bytes) = frame.into_data() {
                        return Ok(Some(bytes));
                    }
                }
            }
        }
    }
}

async fn send<S>(stream: S, request: Request<Full<Bytes>>) -> Result<Opened, Fail>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let down = |error: hyper::Error| Fail::Down(error.to_string());
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(down)?;
    tokio::spawn(connection);
    let response = sender.send_request(request).await.map_err(down)?;
    let (head, body) = response.into_parts();
    Ok(Opened { status: head.status, body, _sender: sender })
}

async fn exchange<S>(
    stream: S,
    request: Request<Full<Bytes>>,
    most_bytes: usize,
) -> Result<(Parts, Bytes), Fail>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    // Not `Down`: the request may have been heard.
    let cut = |error: hyper::Error| Fail::BadAnswer(error.to_string());
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(cut)?;
    // Ends by itself when the sender is dropped.
    tokio::spawn(connection);
    let response = sender.send_request(request).await.map_err(cut)?;
    let (head, body) = response.into_parts();
    let body = Limited::new(body, most_bytes)
        .collect()
        .await
        .map_err(|error| Fail::BadAnswer(error.to_string()))?;
    Ok((head, body.to_bytes()))
}

/// Longer nobody is left alone, whatever is asked: a mistake there must not silence a house, and time has an end.
const LONGEST_REST: Duration = Duration::from_secs(24 * 3600);

/// Seconds, or a date (RFC 9110, 10.2.3).
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let at = DateTimeParser::new().parse_timestamp(text).ok()?;
            Duration::try_from(at.duration_since(now)).unwrap_or_default()
        }
    };
    Some(wait.min(LONGEST_REST))
}

fn file((head, bytes): (Parts, Bytes)) -> File {
    let kind = head.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    File {
        status: head.status,
        retry_after: retry_after(&head.headers, clock::now()),
        media_type: kind.unwrap_or_default().to_owned(),
        bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_a_peer_wants_to_be_left_alone() {
        let now: Timestamp = "2026-11-29T04:00:00Z".parse().unwrap();
        for (text, seconds) in [
            ("120", Some(120)),
            ("0", Some(0)),
            ("Sun, 29 Nov 2026 06:00:00 GMT", Some(7_200)),
            ("Sun, 29 Nov 2026 03:00:00 GMT", Some(0)),
            ("Tue, 29 Dec 2026 06:00:00 GMT", Some(86_400)),
            ("99999999999999", Some(86_400)),
            ("soon", None),
            ("-3", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static(text));
            let wait = retry_after(&headers, now);
            assert_eq!(wait, seconds.map(Duration::from_secs), "{text}");
        }
    }
}
