//! Plays every file in `tests/dialogues/` against a server on a real socket.
//!
//! Before the first other line, `SET name value` changes the configuration. Then:
//! - `C: text` says a line; `C! "raw\r\n" * 3` sends bytes, as often as told.
//! - `S: pattern` hears a line (`*` is anything); `S: 250-* … 250 *` a reply of several lines.
//! - `CLOSE` expects that the server closes; `HANGUP` closes, and waits until the server is done.
//! - `STARTTLS` does the handshake; `PROXY 192.0.2.7` sends a header; `CONNECT` opens one more
//!   connection and speaks on that; `BACK` returns to the one before; `SHUTDOWN` stops the server.
//! - `KEPT: pattern` is the next mail kept; `TEXT: "raw"` is what it says; `FORGOTTEN: n` counts
//!   the mails that were begun and not kept.
//!
//! At the end nothing may be left: no reply unheard, no mail kept that was not expected.

use crate::stage::{House, Mail, Porter, certificate};
use smtp_server::{Config, Mode, ProxyProtocol, Tls, TlsSource, rustls};
use std::{fs, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};
use tokio_rustls::TlsConnector;

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// One dialogue being played.
struct Play {
    addr: SocketAddr,
    house: Arc<House>,
    connector: TlsConnector,
    implicit_tls: bool,
    server: Option<JoinHandle<()>>,
    shutdown: Option<oneshot::Sender<()>>,
    streams: Vec<Box<dyn Stream>>,
    mail: Mail,
}

type Played = Result<(), String>;

impl Play {
    async fn line(&mut self, line: &str) -> Played {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        if self.streams.is_empty() && ["C:", "C!", "S:", "PROXY"].contains(&verb) {
            self.connect().await?;
        }
        match verb {
            "C:" => self.send(format!("{rest}\r\n").as_bytes()).await,
            "C!" => self.send(&bytes(rest)).await,
            "S:" => self.hear_reply(rest).await,
            "CLOSE" => match self.read_line().await?.as_str() {
                "" => Ok(()),
                other => Err(format!("expected the end, heard {other:?}")),
            },
            "CONNECT" => self.connect().await,
            "BACK" => {
                self.streams.rotate_right(1);
                Ok(())
            }
            "STARTTLS" => self.handshake().await,
            "PROXY" => self.send(&proxy_header(rest)).await,
            "SHUTDOWN" => self.shutdown.take().map_or(Err("stopped already".into()), |sender| {
                sender.send(()).map_err(|()| "the server is gone".into())
            }),
            "HANGUP" => self.end().await,
            "KEPT:" => self.kept(rest),
            "TEXT:" if self.mail.text == bytes(rest) => Ok(()),
            "TEXT:" => Err(format!("text is {:?}", String::from_utf8_lossy(&self.mail.text))),
            "FORGOTTEN:" => {
                let forgotten = self.house.forgotten.lock().expect("no panic").to_string();
                if forgotten == rest { Ok(()) } else { Err(format!("{forgotten} forgotten")) }
            }
            _ => Err("no such verb".into()),
        }
    }

    async fn connect(&mut self) -> Played {
        let stream = TcpStream::connect(self.addr).await.map_err(|error| error.to_string())?;
        self.streams.push(Box::new(stream));
        if self.implicit_tls { self.handshake().await } else { Ok(()) }
    }

    async fn handshake(&mut self) -> Played {
        let stream = self.streams.pop().ok_or("no connection")?;
        let name = rustls::pki_types::ServerName::try_from("gw.example").expect("a name");
        let secure = timeout(Duration::from_secs(5), self.connector.connect(name, stream)).await;
        let secure = secure.map_err(|_| "handshake hangs")?.map_err(|error| error.to_string())?;
        self.streams.push(Box::new(secure));
        Ok(())
    }

    async fn send(&mut self, bytes: &[u8]) -> Played {
        let stream = self.streams.last_mut().ok_or("no connection")?;
        stream.write_all(bytes).await.map_err(|error| error.to_string())?;
        stream.flush().await.map_err(|error| error.to_string())
    }

    /// A line without CRLF; empty at the end of the stream.
    async fn read_line(&mut self) -> Result<String, String> {
        let stream = self.streams.last_mut().ok_or("no connection")?;
        let mut line = Vec::new();
        while !line.ends_with(b"\r\n") {
            match timeout(Duration::from_secs(5), stream.read_u8()).await {
                Ok(Ok(byte)) => line.push(byte),
                Ok(Err(_)) if line.is_empty() => return Ok(String::new()),
                Ok(Err(error)) => return Err(error.to_string()),
                Err(_) => return Err(format!("silence after {line:?}")),
            }
        }
        line.truncate(line.len() - 2);
        Ok(String::from_utf8_lossy(&line).into_owned())
    }

    async fn hear_reply(&mut self, pattern: &str) -> Played {
        let (first, last) = pattern.split_once(" … ").unwrap_or((pattern, ""));
        let mut line = self.read_line().await?;
        if !glob(first, &line) {
            return Err(format!("heard {line:?}"));
        }
        if last.is_empty() {
            return Ok(());
        }
        while line.as_bytes().get(3) == Some(&b'-') {
            line = self.read_line().await?;
        }
        if glob(last, &line) { Ok(()) } else { Err(format!("heard {line:?} at the end")) }
    }

    fn kept(&mut self, pattern: &str) -> Played {
        let mut kept = self.house.kept.lock().expect("no panic");
        if kept.is_empty() {
            return Err("nothing was kept".into());
        }
        self.mail = kept.remove(0);
        let about = &self.mail.about;
        if glob(pattern, about) { Ok(()) } else { Err(format!("kept {about}")) }
    }

    /// Nothing may come any more; then the server must end too.
    async fn end(&mut self) -> Played {
        while let Some(stream) = self.streams.last_mut() {
            _ = stream.shutdown().await;
            let line = self.read_line().await?;
            if !line.is_empty() {
                return Err(format!("unheard at the end: {line:?}"));
            }
            self.streams.pop();
        }
        if let Some(shutdown) = self.shutdown.take() {
            _ = shutdown.send(());
        }
        if let Some(server) = self.server.take() {
            let ended = timeout(Duration::from_secs(5), server).await;
            ended.map_err(|_| "the server does not end")?.map_err(|error| error.to_string())?;
        }
        Ok(())
    }
}

fn configure(script: &str, source: &TlsSource) -> Config {
    let mut config = Config::new("gw.example");
    for line in script.lines() {
        let words: Vec<_> = line.split(' ').collect();
        let ["SET", name, value] = words[..] else {
            continue;
        };
        let number = || value.parse::<u32>().unwrap_or_else(|_| panic!("{line}: no number"));
        let limits = &mut config.limits;
        match name {
            "mode" if value == "lmtp" => config.mode = Mode::Lmtp,
            "tls" if value == "starttls" => config.tls = Tls::StartTls(source.clone()),
            "tls" if value == "implicit" => config.tls = Tls::Implicit(source.clone()),
            "proxy" if value == "everyone" => config.proxy = ProxyProtocol::Everyone,
            "message_bytes" => limits.message_bytes = number().into(),
            "discarded_bytes" => limits.discarded_bytes = number().into(),
            "recipients" => limits.recipients = number() as usize,
            "errors" => limits.errors = number(),
            "commands" => limits.commands = number(),
            "connections" => limits.connections = number() as usize,
            "connections_per_peer" => limits.connections_per_peer = number() as usize,
            "command_ms" => config.timeouts.command = Duration::from_millis(number().into()),
            "drain_ms" => config.timeouts.drain = Duration::from_millis(number().into()),
            _ => panic!("{line}: no such setting"),
        }
    }
    config
}

async fn play(path: PathBuf, source: TlsSource, connector: TlsConnector) -> Played {
    let script = fs::read_to_string(&path).expect("a dialogue");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let addr = listener.local_addr().expect("an address");
    let config = configure(&script, &source);
    let house = Arc::new(House::default());
    let (sender, receiver) = oneshot::channel::<()>();
    let implicit_tls = matches!(config.tls, Tls::Implicit(_));
    let end = async { _ = receiver.await };
    let porter = Arc::new(Porter(Arc::clone(&house)));
    let server = Some(tokio::spawn(smtp_server::run(listener, config, porter, end)));
    let (shutdown, streams, mail) = (Some(sender), Vec::new(), Mail::default());
    let mut play = Play { addr, house, connector, implicit_tls, server, shutdown, streams, mail };
    let failed = |at: usize, line: &str, why: &str| {
        Err(format!("{}:{}: {line}\n    {why}", path.display(), at + 1))
    };
    for (at, line) in script.lines().enumerate() {
        if line.is_empty() || line.starts_with('#') || line.starts_with("SET ") {
            continue;
        }
        if let Err(why) = play.line(line).await {
            return failed(at, line, &why);
        }
    }
    if let Err(why) = play.end().await {
        return failed(script.lines().count(), "end", &why);
    }
    match &play.house.kept.lock().expect("no panic")[..] {
        [] => Ok(()),
        [mail, ..] => failed(script.lines().count(), "end", &format!("kept also {}", mail.about)),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn dialogues() {
    let (source, connector) = certificate();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/dialogues");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| entry.expect("a file").path())
        .collect();
    files.sort();
    let plays = files.iter().map(|file| {
        let played = play(file.clone(), source.clone(), connector.clone());
        tokio::spawn(played)
    });
    let mut failures = Vec::new();
    for played in plays.collect::<Vec<_>>() {
        failures.extend(played.await.expect("no panic").err());
    }
    assert!(failures.is_empty(), "{} of {}\n{}", failures.len(), files.len(), failures.join("\n"));
}

/// What a client can be told is written down somewhere: every reply of the table is in a dialogue.
#[test]
fn every_reply_is_heard() {
    let root = env!("CARGO_MANIFEST_DIR");
    let table = fs::read_to_string(format!("{root}/src/replies.rs")).expect("the table");
    let files = fs::read_dir(format!("{root}/tests/dialogues")).expect("the folder");
    let all: String = files
        .map(|file| fs::read_to_string(file.expect("a file").path()).expect("a dialogue"))
        .collect();
    let texts: Vec<_> =
        table.split("Reply::").skip(1).filter_map(|reply| reply.split('"').nth(1)).collect();
    assert!(texts.len() > 35, "the table was read");
    let unheard: Vec<_> = texts.iter().filter(|text| !all.contains(**text)).collect();
    assert!(unheard.is_empty(), "in no dialogue: {unheard:#?}");
}

/// `*` is any text, also none.
fn glob(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, tail)) => text.strip_prefix(head).is_some_and(|rest| {
            (0..=rest.len()).any(|at| rest.is_char_boundary(at) && glob(tail, &rest[at..]))
        }),
    }
}

/// `"raw \r\n \xff" * 3 "more"`: strings, each as often as told, one behind the other.
fn bytes(text: &str) -> Vec<u8> {
    let mut all = Vec::new();
    let mut rest = text.trim_start();
    while let Some(after) = rest.strip_prefix('"') {
        let mut piece = Vec::new();
        let mut chars = after.char_indices();
        let end = loop {
            match chars.next().expect("a closing quote").1 {
                '"' => break chars.offset(),
                '\\' => piece.push(match chars.next().expect("an escape").1 {
                    'r' => b'\r',
                    'n' => b'\n',
                    't' => b'\t',
                    '0' => 0,
                    'x' => {
                        let at = chars.offset();
                        chars.nth(1);
                        u8::from_str_radix(&after[at..at + 2], 16).expect("two digits")
                    }
                    other => other as u8,
                }),
                c => piece.extend(c.encode_utf8(&mut [0; 4]).bytes()),
            }
        };
        rest = after[end..].trim_start();
        let mut times = 1;
        if let Some(after) = rest.strip_prefix("* ") {
            let (number, more) = after.split_once(' ').unwrap_or((after, ""));
            times = number.parse().expect("a number");
            rest = more.trim_start();
        }
        all.extend(piece.repeat(times));
    }
    assert!(rest.is_empty(), "{rest:?} is no string");
    all
}

fn proxy_header(client: &str) -> Vec<u8> {
    let ip: std::net::Ipv4Addr = client.parse().expect("an IPv4 address");
    let mut header = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c".to_vec();
    header.extend(ip.octets());
    header.extend([127, 0, 0, 1, 0x30, 0x39, 0, 25]);
    header
}
