//! The frame of the fakes: their HTTP, one request a connection, answered or cut; their state; what goes wrong by chance.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, MutexGuard},
};

use serde_json::Value;

pub struct Request {
    pub method: String,
    pub path: String,
    /// Names in lower case.
    pub headers: HashMap<String, String>,
    /// As it came.
    pub raw: String,
    /// `Null` where it is no JSON.
    pub body: Value,
}

impl Request {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// Status, media type, bytes; `None` cuts the connection.
pub type Answer = Option<(u16, String, Vec<u8>)>;

pub fn json(status: u16, body: &Value) -> Answer {
    Some((status, "application/json; charset=utf-8".into(), body.to_string().into_bytes()))
}

/// Behind a media type: how long to wait, in another way than a second.
pub const RETRY_AFTER: &str = "\r\nRetry-After: ";

/// Instead of a media type: the line breaks before all that was announced has come.
#[allow(dead_code, reason = "not every test cuts")]
pub const CUT: &str = "cut";

/// What goes wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code, reason = "not every fake knows each")]
pub enum Fault {
    /// 500 before anything is done.
    Broken,
    /// 429 with Retry-After.
    Throttled,
    /// Done, then the connection is cut without an answer.
    DoneThenSilence,
    /// Cut before anything is done.
    Cut,
    /// Done, and answered when nobody listens any more.
    Slow,
    /// 401 although the token is good.
    Unauthorized,
    /// 200 that says it was not done and names nothing.
    NotOk,
}

/// A number below another, by a seed, so that a failure can be looked at again.
pub fn chance(seed: &mut u64, below: u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) % below
}

/// Out of a thousand requests so many go wrong, in one of these ways.
pub fn fault(seed: &mut u64, rate: u64, ways: &[Fault]) -> Option<Fault> {
    (rate > 0 && chance(seed, 1000) < rate)
        .then(|| ways[usize::try_from(chance(seed, ways.len() as u64)).unwrap()])
}

/// A fake: where it listens, and what it knows.
pub struct Fake<S> {
    pub address: SocketAddr,
    state: Arc<Mutex<S>>,
}

impl<S: Send + 'static> Fake<S> {
    pub fn of(
        port: u16,
        state: S,
        decide: impl Fn(&Mutex<S>, &Request) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        let address = serve(port, move |request| decide(&shared, request));
        Fake { address, state }
    }

    pub fn state(&self) -> MutexGuard<'_, S> {
        self.state.lock().unwrap()
    }
}

/// Listens, and lets `decide` answer.
pub fn serve(port: u16, decide: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let address = listener.local_addr().unwrap();
    let decide = Arc::new(decide);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let decide = Arc::clone(&decide);
            std::thread::spawn(move || {
                let mut stream = stream;
                let answer = read(&stream).and_then(|request| decide(&request));
                if let Some((status, kind, bytes)) = answer {
                    let wait = if kind.contains(RETRY_AFTER) { "" } else { "\r\nRetry-After: 1" };
                    let _ = write!(
                        stream,
                        "HTTP/1.1 {status} x\r\nContent-Type: {kind}{wait}\r\n\
                         Content-Length: {}\r\nConnection: close\r\n\r\n",
                        bytes.len() + usize::from(kind == CUT)
                    );
                    let _ = stream.write_all(&bytes);
                }
            });
        }
    });
    address
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).ok().filter(|count| *count > 0)?;
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let mut words = first.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    Some(Request {
        method,
        path,
        headers,
        raw: String::from_utf8_lossy(&body).into_owned(),
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
    })
}

/// Asks somebody else, as a service that notifies does: status and body.
#[allow(dead_code, reason = "not every fake notifies")]
pub fn post(url: &str, headers: &[(&str, &str)], body: &str) -> (u16, String) {
    let (host, path) = url.trim_start_matches("http://").split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let fields: String =
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    write!(
        stream,
        "POST /{path} HTTP/1.0\r\nHost: {host}\r\nContent-Length: {}\r\n{fields}\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    (status, body.to_owned())
}
