//! Loops fall silent (DESIGN promise 6), with the real binary: two gateways wired to each other, one wired to an
//! autoresponder that answers everything with new words, and one wired to mailboxes that bounce. At most ten mails
//! may cross the wire, whatever the machines at its ends do.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use relais::ground::letter::Letter;
use support::{House, smtp, wait_for};

/// A mail on the wire.
#[derive(Clone, Debug)]
struct Crossing {
    from: String,
    to: String,
    raw: Vec<u8>,
}

/// What stands at an address: gives the mail it sends back (reverse-path, raw), if any.
type Machine = fn(&Crossing, usize) -> Option<(String, Vec<u8>)>;

/// A smarthost that counts what crosses it, hands on what has a gateway behind it, and lets machines answer.
#[derive(Clone, Default)]
struct Wire {
    crossed: Arc<Mutex<Vec<Crossing>>>,
    gateways: Arc<Mutex<HashMap<String, SocketAddr>>>,
    /// Header fields a hop on the way takes out.
    stripped: &'static [&'static str],
    machine: Option<Machine>,
}

impl Wire {
    fn open(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let wire = self.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let wire = wire.clone();
                thread::spawn(move || wire.session(stream));
            }
        });
        address
    }

    fn session(&self, stream: TcpStream) -> Option<()> {
        let mut reader = BufReader::new(stream.try_clone().ok()?);
        let mut out = stream;
        let mut crossing = Crossing { from: String::new(), to: String::new(), raw: Vec::new() };
        out.write_all(b"220 wire.example\r\n").ok()?;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let path = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
            let verb = line.get(..4).unwrap_or_default().to_uppercase();
            let reply: &[u8] = match verb.as_str() {
                "MAIL" => {
                    crossing.from = path;
                    b"250 ok\r\n"
                }
                "RCPT" => {
                    crossing.to = path;
                    b"250 ok\r\n"
                }
                "DATA" => {
                    out.write_all(b"354 go\r\n").ok()?;
                    crossing.raw = self.data(&mut reader)?;
                    out.write_all(b"250 ok\r\n").ok()?;
                    self.carry(&crossing);
                    continue;
                }
                "QUIT" => {
                    out.write_all(b"221 bye\r\n").ok()?;
                    return None;
                }
                _ => b"250 wire.example\r\n",
            };
            out.write_all(reply).ok()?;
        }
    }

    fn data(&self, reader: &mut impl BufRead) -> Option<Vec<u8>> {
        let mut raw = Vec::new();
        let mut skipping = false;
        loop {
            let mut line = Vec::new();
            if reader.read_until(b'\n', &mut line).ok()? == 0 {
                return None;
            }
            if line == b".\r\n" {
                return Some(raw);
            }
            let name = String::from_utf8_lossy(&line).split(':').next()?.to_owned();
            skipping = self.stripped.iter().any(|s| s.eq_ignore_ascii_case(&name))
                || skipping && line.starts_with(b" ");
            if !skipping {
                raw.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
            }
        }
    }

    fn carry(&self, crossing: &Crossing) {
        let count = {
            let mut crossed = self.crossed.lock().unwrap();
            crossed.push(crossing.clone());
            crossed.len()
        };
        self.hand_on(&crossing.from, &crossing.to, &crossing.raw);
        if let Some((from, raw)) = self.machine.and_then(|machine| machine(crossing, count)) {
            let letter = Letter::read(&raw);
            self.hand_on(&from, &letter.to[0].address.to_string(), &raw);
        }
    }

    fn hand_on(&self, from: &str, to: &str, raw: &[u8]) {
        let domain = to.rsplit('@').next().unwrap_or_default();
        let found = self.gateways.lock().unwrap().get(domain).copied();
        if let Some(gateway) = found {
            smtp(gateway, from, &[to], raw);
        }
    }

    /// Waits until nothing has crossed for a while, and gives what did.
    fn silence(&self) -> Vec<Crossing> {
        let mut last = (0, Instant::now());
        wait_for("silence on the wire", || {
            let crossed = self.crossed.lock().unwrap();
            assert!(crossed.len() < 60, "the wire does not fall silent");
            if crossed.len() != last.0 {
                last = (crossed.len(), Instant::now());
            }
            (last.1.elapsed() > Duration::from_secs(2)).then(|| crossed.clone())
        })
    }
}

/// A gateway whose mail leaves by the wire, with one account and one member.
fn house(name: &str, wire: &Wire, host: SocketAddr, account: &str, member: &str) -> House {
    let mut house = House::prepare(&[
        ("RELAIS_HOSTNAME", &format!("mx.{name}.example")),
        ("RELAIS_REPLY_DOMAIN", &format!("reply.{name}.example")),
        ("RELAIS_TRUSTED_PEERS", "[\"127.0.0.1\"]"),
        ("RELAIS_DELIVERY__TRANSPORT", "smarthost"),
        ("RELAIS_DELIVERY__SMARTHOST__HOST", "127.0.0.1"),
        ("RELAIS_DELIVERY__SMARTHOST__PORT", &host.port().to_string()),
        ("RELAIS_DELIVERY__SMARTHOST__TLS", "none"),
    ]);
    house.cli(&["account", "add", name, "--address", account]);
    house.cli(&["member", "add", account, member, "--name", "Ana"]);
    house.run();
    let mut gateways = wire.gateways.lock().unwrap();
    gateways.insert(format!("{name}.example"), house.smtp);
    gateways.insert(format!("reply.{name}.example"), house.smtp);
    drop(gateways);
    house
}

fn question(from: &str, to: &str) -> Vec<u8> {
    format!(
        "From: {from}\r\nTo: {to}\r\nSubject: Room\r\nMessage-ID: <q@x.example>\r\nDate: Mon, 23 Nov 2026 09:00:00 +0000\r\n\r\n\
         Do you have a double room for two nights in August?\r\n"
    )
    .into_bytes()
}

#[track_caller]
fn at_most_ten(what: &str, crossed: &[Crossing]) {
    let told: Vec<String> = crossed.iter().map(|c| format!("<{}> to <{}>", c.from, c.to)).collect();
    assert!(!crossed.is_empty(), "{what}: the wire is not connected");
    assert!(crossed.len() <= 10, "{what}: {} mails\n{}", crossed.len(), told.join("\n"));
}

#[test]
fn two_gateways_wired_to_each_other_fall_silent() {
    for stripped in [&[][..], &["Auto-Submitted"], &["X-Relais-Instance"]] {
        let wire = Wire { stripped, ..Wire::default() };
        let host = wire.open();
        let (a, b) = ("info@a.example", "info@b.example");
        // Each one's only member is the other house.
        let first = house("a", &wire, host, a, b);
        let second = house("b", &wire, host, b, a);
        first.mail("john@guest.example", &[a], &question("john@guest.example", a));
        at_most_ten(&format!("a stranger writes, without {stripped:?}"), &wire.silence());
        // And each is the other's visitor.
        wire.crossed.lock().unwrap().clear();
        second.mail(a, &[b], &question(a, b));
        at_most_ten(&format!("one writes to the other, without {stripped:?}"), &wire.silence());
    }
}

/// Answers everything to its Reply-To with words never said before, and nothing that marks it as a machine.
fn chatty(got: &Crossing, count: usize) -> Option<(String, Vec<u8>)> {
    let letter = Letter::read(&got.raw);
    let to = letter.reply_to.first().or(letter.author())?.address.to_string();
    let word: String = count.to_string().bytes().map(|d| char::from(b'a' + d - b'0')).collect();
    let id = letter.message_id.as_ref()?;
    let raw = format!(
        "From: {from}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <auto{count}@x.example>\r\nIn-Reply-To: {id}\r\n\
         Date: Mon, 23 Nov 2026 09:00:00 +0000\r\n\r\nHow interesting, {word}! Please tell me more of {word} and its {word}.\r\n",
        from = got.to,
        subject = letter.subject,
    );
    Some((got.to.clone(), raw.into_bytes()))
}

#[test]
fn autoresponders_at_both_ends_fall_silent() {
    let wire = Wire { machine: Some(chatty), ..Wire::default() };
    let host = wire.open();
    let house = house("a", &wire, host, "info@a.example", "ana@member.example");
    house.mail(
        "john@guest.example",
        &["info@a.example"],
        &question("john@guest.example", "info@a.example"),
    );
    let crossed = wire.silence();
    at_most_ten("autoresponders", &crossed);
    assert!(crossed.len() >= 6, "persons who are quick are still heard: {}", crossed.len());
    // The provider sees whom nothing is sent to any more.
    let added = house.cli(&["token", "add", "info@a.example", "--name", "test"]);
    let token = added.split_whitespace().last().unwrap();
    let bearer = format!("Bearer {token}");
    let ask = |path: &str| -> serde_json::Value {
        let headers = [("Authorization", bearer.as_str())];
        let (status, _, body) = support::http(house.http, "GET", path, &headers, b"");
        assert_eq!(status, 200, "{path} with {added:?}");
        serde_json::from_slice(&body).unwrap()
    };
    let list = ask("/api/v1/conversations");
    let id = list["conversations"][0]["id"].as_str().unwrap();
    let conversation = ask(&format!("/api/v1/conversations/{id}"));
    assert!(
        conversation["withheld"].to_string().contains("stopped"),
        "{}",
        conversation["withheld"]
    );
    let kinds: Vec<_> =
        conversation["events"].as_array().unwrap().iter().map(|e| &e["kind"]).collect();
    assert!(kinds.contains(&&serde_json::json!("loop_stopped")), "{kinds:?}");
    // Somebody says that these are people: what was kept back leaves, and the guard begins anew.
    wire.crossed.lock().unwrap().clear();
    let path = format!("/api/v1/conversations/{id}/release");
    let headers = [("Authorization", bearer.as_str())];
    assert_eq!(support::http(house.http, "POST", &path, &headers, b"").0, 204);
    // They were machines after all: silent again.
    assert!(!wire.silence().is_empty(), "what was withheld leaves");
    let before = ask(&format!("/api/v1/conversations/{id}"));
    let kinds: Vec<_> = before["events"].as_array().unwrap().iter().map(|e| &e["kind"]).collect();
    assert!(kinds.contains(&&serde_json::json!("released")), "{kinds:?}");
}

/// A mailbox that is full: a DSN to the reverse-path, or the words of an old server to the author.
fn full(got: &Crossing, count: usize) -> Option<(String, Vec<u8>)> {
    let told = match count % 2 {
        0 => format!(
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nFull.\r\n--b\r\n\
             Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; {}\r\n\
             Action: failed\r\nStatus: 5.2.2\r\n\r\n--b--\r\n",
            got.to
        ),
        _ => {
            format!("\r\nThe following address failed:\r\n\r\n  <{}>: mailbox is full\r\n", got.to)
        }
    };
    let to = if got.from.is_empty() { return None } else { &got.from };
    let raw = format!(
        "From: MAILER-DAEMON@mx.example\r\nTo: {to}\r\nSubject: Undelivered Mail Returned to Sender\r\n\
         Message-ID: <dsn{count}@mx.example>\r\nDate: Mon, 23 Nov 2026 09:00:00 +0000\r\nMIME-Version: 1.0\r\n{told}"
    );
    Some((String::new(), raw.into_bytes()))
}

/// The visitor's side answers everything, the member's mailbox is full.
fn chatty_and_full(got: &Crossing, count: usize) -> Option<(String, Vec<u8>)> {
    if got.to.ends_with("@member.example") { full(got, count) } else { chatty(got, count) }
}

#[test]
fn bouncing_mailboxes_fall_silent_and_open_no_conversation() {
    for (what, machine) in
        [("both bounce", full as Machine), ("one bounces, one answers", chatty_and_full)]
    {
        let wire = Wire { machine: Some(machine), ..Wire::default() };
        let host = wire.open();
        let house = house("a", &wire, host, "info@a.example", "ana@member.example");
        house.mail(
            "john@guest.example",
            &["info@a.example"],
            &question("john@guest.example", "info@a.example"),
        );
        at_most_ten(what, &wire.silence());
        let token = reply_token(&wire);
        house.mail("ana@member.example", &[&token], &question("ana@member.example", &token));
        at_most_ten(what, &wire.silence());
        let conversations = house.cli(&["threads", "--account", "info@a.example", "--jsonl"]);
        assert_eq!(conversations.lines().count(), 1, "{what}: {conversations}");
    }
}

/// The member's reply address in the first notification.
fn reply_token(wire: &Wire) -> String {
    let crossed = wire.crossed.lock().unwrap();
    let notification = crossed.iter().find(|c| c.to == "ana@member.example").unwrap();
    support::reply_to(&Letter::read(&notification.raw))
}

#[test]
fn a_message_that_goes_round_is_refused_after_data() {
    let house = House::start();
    let hop = "Received: from a.example by b.example; Mon, 23 Nov 2026 09:00:00 +0000\r\n";
    let to = "pousada@relais.localhost";
    for (hops, answer) in [(101, "554 5.4.6"), (100, "250")] {
        let raw = [hop.repeat(hops).into_bytes(), question("john@guest.example", to)].concat();
        let replies = smtp(house.smtp, "john@guest.example", &[to], &raw);
        assert!(replies.last().unwrap().starts_with(answer), "{hops}: {replies:?}");
    }
    house.mail_out("the one that does not go round", |l| l.subject == "Room");
    assert_eq!(house.conversations("").len(), 1);
}
