//! What the end-to-end tests share: the real binary in a folder of its own, real SMTP and HTTP over sockets.
#![allow(dead_code, unreachable_pub, reason = "each test uses its part")]

pub mod dns;
pub mod postfix;
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    time::{Duration, Instant},
};

use relais::ground::letter::Letter;
use serde_json::Value;

/// A running gateway with the demo house.
pub struct House {
    pub dir: tempfile::TempDir,
    pub smtp: SocketAddr,
    pub http: SocketAddr,
    pub environment: Vec<(String, String)>,
    /// The demo trusts loopback; without it nobody is trusted, and the test makes its own accounts.
    pub demo: bool,
    child: Option<Child>,
}

/// So long a busy machine may take for what happens in a moment on an idle one.
const PATIENCE: Duration = Duration::from_secs(90);

/// Waits for an event instead of sleeping; panics with `what` when it does not come.
#[track_caller]
pub fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "waited {PATIENCE:?} for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A port for a program that is told where to listen. Below those the system gives out by itself: between looking and
/// listening it would give this one to somebody else.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = u16::try_from(std::process::id() % 10_000).unwrap();
    loop {
        let step = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = 20_000 + first.wrapping_add(step) % 10_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

impl House {
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts with settings by environment (`RELAIS_…`).
    pub fn start_with(environment: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let none = SocketAddr::from(([127, 0, 0, 1], 0));
        let environment =
            environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let mut house = House { dir, smtp: none, http: none, environment, demo: true, child: None };
        house.run();
        house
    }

    /// A house that is not running yet and trusts nobody.
    pub fn prepare(environment: &[(&str, &str)]) -> Self {
        let none = SocketAddr::from(([127, 0, 0, 1], 0));
        let environment =
            environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let dir = tempfile::tempdir().unwrap();
        House { dir, smtp: none, http: none, environment, demo: false, child: None }
    }

    /// Starts the binary in the house's folder and waits until it says where it listens.
    pub fn run(&mut self) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_relais"))
            .args(["serve", "--smtp", &self.smtp.to_string(), "--http", &self.http.to_string()])
            .args(self.demo.then_some("--demo"))
            .current_dir(self.dir.path())
            // Replies leave at once, except where undo is the question.
            .env("RELAIS_HTTP__UNDO_SECONDS", "0")
            .envs(self.environment.iter().cloned())
            .stdout(Stdio::piped())
            .stderr(
                fs::File::options()
                    .create(true)
                    .append(true)
                    .open(self.dir.path().join("log"))
                    .unwrap(),
            )
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let log = fs::read_to_string(self.dir.path().join("log")).unwrap_or_default();
        let addresses: Vec<SocketAddr> = line
            .split([' ', ',', '\n'])
            .filter_map(|word| word.trim_start_matches("http://").parse().ok())
            .collect();
        match addresses[..] {
            [smtp, http] => (self.smtp, self.http) = (smtp, http),
            // Behind a proxy it names the proxy's address; it listens where it did before.
            [smtp] if self.http.port() > 0 => self.smtp = smtp,
            _ => panic!("the first line of serve: {line:?}; log: {log}"),
        }
        // Read on, so that the child never waits for a full pipe.
        std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
        self.child = Some(child);
    }

    /// kill -9.
    pub fn kill(&mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// SIGTERM, and waits for an orderly end.
    pub fn stop(&mut self) {
        let mut child = self.child.take().unwrap();
        let pid = child.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        assert!(child.wait().unwrap().success(), "an orderly end");
    }

    /// Somebody deletes the store and its token: what is left is the mail and the journal.
    pub fn lose_store(&self) {
        for name in ["relais.sqlite", "relais.sqlite-wal", "relais.sqlite-shm", "demo-token"] {
            let _ = fs::remove_file(self.path("data").join(name));
        }
    }

    pub fn path(&self, sub: &str) -> PathBuf {
        self.dir.path().join(sub)
    }

    /// Runs a command of the binary in the house's folder.
    pub fn cli(&self, args: &[&str]) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_relais"))
            .args(args)
            .current_dir(self.dir.path())
            .envs(self.environment.iter().cloned())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        text
    }

    /// Runs a command that is to fail; gives what it says of that.
    pub fn cli_fails(&self, args: &[&str]) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_relais"))
            .args(args)
            .current_dir(self.dir.path())
            .envs(self.environment.iter().cloned())
            .output()
            .unwrap();
        assert!(!output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stdout));
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    /// Mails a raw message; panics unless every command is accepted.
    pub fn mail(&self, from: &str, to: &[&str], raw: &[u8]) {
        let replies = smtp(self.smtp, from, to, raw);
        let last = replies.last().unwrap();
        assert!(last.starts_with("250"), "{replies:?}");
    }

    /// Mails that left so far, oldest first.
    pub fn outgoing(&self) -> Vec<Letter> {
        let mut files: Vec<PathBuf> = fs::read_dir(self.path("maildirs/outgoing/new"))
            .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
            .unwrap_or_default();
        files
            .sort_by_key(|path| (fs::metadata(path).and_then(|m| m.modified()).ok(), path.clone()));
        files.iter().filter_map(|path| fs::read(path).ok()).map(|raw| Letter::read(&raw)).collect()
    }

    /// Waits for a mail that left.
    #[track_caller]
    pub fn mail_out(&self, what: &str, is: impl Fn(&Letter) -> bool) -> Letter {
        wait_for(what, || self.outgoing().into_iter().rev().find(|letter| is(letter)))
    }

    pub fn token(&self) -> String {
        fs::read_to_string(self.path("data/demo-token")).unwrap().trim().to_owned()
    }

    /// A request to the API with the demo token; status and JSON.
    pub fn api(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let token = format!("Bearer {}", self.token());
        let text = body.map(Value::to_string).unwrap_or_default();
        let headers = [("Authorization", token.as_str()), ("Content-Type", "application/json")];
        let (status, _, body) =
            http(self.http, method, &format!("/api/v1{path}"), &headers, text.as_bytes());
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    /// The list as the API gives it.
    pub fn conversations(&self, query: &str) -> Vec<Value> {
        let (status, list) = self.api("GET", &format!("/conversations{query}"), None);
        assert_eq!(status, 200, "{list}");
        list["conversations"].as_array().unwrap().clone()
    }

    /// One conversation with its messages.
    /// The page of the newest conversation as a member sees it.
    pub fn newest_page(&self, member: &str) -> String {
        let origin = format!("http://{}", self.http);
        let ask = |method: &str, path: &str, cookie: &str, body: &str| {
            let kind = ("Content-Type", "application/x-www-form-urlencoded");
            let headers = [kind, ("Origin", origin.as_str()), ("Cookie", cookie)];
            let (_, head, body) = http(self.http, method, path, &headers, body.as_bytes());
            let cookie = head.lines().find_map(|l| l.strip_prefix("set-cookie: ")).unwrap_or("");
            let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
            (cookie, String::from_utf8_lossy(&body).into_owned())
        };
        let (browser, _) = ask("POST", "/inbox/sign-in", "", &format!("email={member}"));
        let mail = self.mail_out("the link", |l| l.text().contains("/inbox/sign-in/"));
        let text = mail.text();
        let link = text[text.find("/inbox/sign-in/").unwrap()..].split_whitespace().next();
        let (session, _) = ask("POST", link.unwrap(), &browser, "");
        let list = ask("GET", "/inbox", &session, "").1;
        let newest = list.split("<a href=\"").find(|rest| rest.contains("class=\"who\"")).unwrap();
        ask("GET", newest.split('"').next().unwrap(), &session, "").1
    }

    /// What a side said in each conversation of a channel, oldest first, with how many files.
    pub fn threads(&self, channel: &str, side: &str) -> Vec<Vec<String>> {
        let words = |m: &Value| {
            let files = m["attachments"].as_array().map_or(0, Vec::len);
            format!("{} +{files}", m["text"].as_str().unwrap())
        };
        let of = |row: &Value| {
            let all = self.conversation(row["id"].as_str().unwrap());
            let said = all["messages"].as_array().unwrap().iter();
            said.filter(|m| m["side"] == side).map(words).collect()
        };
        let rows = self.conversations(&format!("?channel={channel}&limit=200"));
        let mut all: Vec<Vec<String>> = rows.iter().map(of).collect();
        all.sort();
        all
    }

    pub fn conversation(&self, id: &str) -> Value {
        let (status, conversation) = self.api("GET", &format!("/conversations/{id}"), None);
        assert_eq!(status, 200, "{conversation}");
        conversation
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
        if std::thread::panicking() {
            eprintln!("log: {}", fs::read_to_string(self.path("log")).unwrap_or_default());
        }
    }
}

/// The English-Portuguese models, fetched once per target folder; `None` without network, and that is said.
pub fn models() -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("models");
    let script = root.join("tests/support/models.sh");
    let lock = fs::File::create(folder.with_extension("lock")).unwrap();
    lock.lock().unwrap();
    let status = Command::new(script).arg(&folder).status().unwrap();
    if status.code() == Some(3) {
        println!("no network: the real models were not tried");
        return None;
    }
    assert!(status.success());
    Some(folder)
}

/// One mail over a socket; every reply line.
pub fn smtp(server: SocketAddr, from: &str, to: &[&str], raw: &[u8]) -> Vec<String> {
    let stream = TcpStream::connect(server).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut stream = stream;
    let mut replies = Vec::new();
    let mut say = |bytes: &[u8]| -> bool {
        stream.write_all(bytes).unwrap();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return false;
            }
            let last = line.as_bytes().get(3) != Some(&b'-');
            let positive = line.starts_with(['2', '3']);
            if last {
                replies.push(line.trim_end().to_owned());
                return positive;
            }
        }
    };
    let mut commands =
        vec![String::new(), "EHLO client.example\r\n".into(), format!("MAIL FROM:<{from}>\r\n")];
    commands.extend(to.iter().map(|to| format!("RCPT TO:<{to}>\r\n")));
    commands.push("DATA\r\n".into());
    for command in commands {
        if !say(command.as_bytes()) {
            return replies;
        }
    }
    let mut wire = Vec::with_capacity(raw.len() + 8);
    for line in raw.split_inclusive(|b| *b == b'\n') {
        if line.starts_with(b".") {
            wire.push(b'.');
        }
        wire.extend_from_slice(
            line.strip_suffix(b"\n").map_or(line, |l| l.strip_suffix(b"\r").unwrap_or(l)),
        );
        wire.extend_from_slice(b"\r\n");
    }
    wire.extend_from_slice(b".\r\n");
    say(&wire);
    replies
}

/// One HTTP request on a connection of its own: status, header text, body.
pub fn http(
    server: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> (u16, String, Vec<u8>) {
    let mut stream = TcpStream::connect(server).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut request =
        format!("{method} {path} HTTP/1.0\r\nHost: {server}\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str("\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap_or(answer.len());
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
    (status, head, answer.get(end + 4..).unwrap_or_default().to_vec())
}

/// The one address in Reply-To.
#[track_caller]
pub fn reply_to(letter: &Letter) -> String {
    assert_eq!(letter.reply_to.len(), 1, "one Reply-To");
    letter.reply_to[0].address.to_string()
}

/// Fills `{name}` marks of a fixture.
pub fn fixture(name: &str, marks: &[(&str, &str)]) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/clients").join(name);
    let mut text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    for (mark, value) in marks {
        text = text.replace(&format!("{{{mark}}}"), value);
    }
    text.into_bytes()
}
