//! How a delivery ends, against a scripted peer over real sockets: per case, what the peer answers and where it
//! hangs up, and the outcome that must follow.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    process::Command,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use relais::{
    doors::delivery::{Outgoing, Transport},
    flow::gateway::Dot,
    ground::{
        config::{Config, DEFAULTS, SmarthostTls, TransportKind},
        key::OutgoingId,
        letter::MessageId,
        outcome::Outcome,
    },
};
use serde_json::json;
use support::{House, wait_for};

/// What the peer does when a command arrives (or, for the empty one, when somebody connects). `MAIL#2` is the second
/// MAIL of a connection.
type Script = &'static [(&'static str, &'static str)];

/// Plays a script once; gives everything it heard. A reply of "" hangs up.
fn peer(script: Script) -> (SocketAddr, mpsc::Receiver<String>) {
    peers(vec![script])
}

/// A script for each connection, one after the other; gives what each heard.
fn peers(scripts: Vec<Script>) -> (SocketAddr, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, heard) = mpsc::channel();
    thread::spawn(move || {
        for script in scripts {
            let (stream, _) = listener.accept().unwrap();
            let _ = sender.send(play(script, stream));
        }
    });
    (address, heard)
}

fn play(script: Script, mut stream: TcpStream) -> String {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut all, mut in_data) = (String::new(), false);
    let mut counts = HashMap::<String, usize>::new();
    let mut answer = |verb: &str, in_data: &mut bool| -> bool {
        let count = counts.entry(verb.to_owned()).or_default();
        *count += 1;
        let numbered = format!("{verb}#{count}");
        let says = |wanted: &str| script.iter().find(|(key, _)| *key == wanted).map(|(_, r)| *r);
        let reply = says(&numbered).or_else(|| says(verb)).unwrap_or("250 2.0.0 fine");
        if reply.is_empty() {
            return false;
        }
        *in_data = verb == "DATA" && reply.starts_with("354");
        stream.write_all(format!("{reply}\r\n").as_bytes()).is_ok() && !reply.starts_with("421")
    };
    let mut going = answer("", &mut in_data);
    while going {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            break;
        }
        all.push_str(&line);
        going = match (in_data, line.trim_end()) {
            (true, ".") => answer(".", &mut in_data),
            (true, _) => true,
            (false, command) => {
                let verb = command.split(' ').next().unwrap_or_default().to_owned();
                answer(&verb, &mut in_data) && verb != "QUIT"
            }
        };
    }
    all
}

fn config_for(address: SocketAddr) -> Config {
    let mut config: Config = toml::from_str(DEFAULTS).unwrap();
    config.delivery.transport = TransportKind::Smarthost;
    config.delivery.smarthost.host = address.ip().to_string();
    config.delivery.smarthost.port = address.port();
    config.delivery.smarthost.tls = SmarthostTls::None;
    config
}

fn smarthost(address: SocketAddr) -> Transport {
    Transport::of(&config_for(address)).unwrap()
}

const RAW: &[u8] = b"Subject: dots\r\n\r\n.one\r\n..two\r\nlast";

async fn deliver(transport: &Transport, to: &str) -> (String, String) {
    let (from, to) = ("b-1@reply.example".parse().unwrap(), to.parse().unwrap());
    let id = MessageId::new("x@y").unwrap();
    let mail = Outgoing {
        id: OutgoingId(1),
        queued_at: Timestamp::UNIX_EPOCH,
        reverse_path: Some(&from),
        recipient: &to,
        raw: RAW,
        message_id: &id,
        dot: &Dot::default(),
    };
    match transport.deliver(&mail).await {
        Outcome::Done(answer) => ("done".into(), answer.text),
        Outcome::Later(answer) => ("later".into(), answer.text),
        Outcome::Never(answer) => ("never".into(), answer.text),
        Outcome::Unknown(answer) => ("unknown".into(), answer.text),
    }
}

const HELLO: (&str, &str) = ("", "220 mx.example ESMTP");
const PIPELINING: (&str, &str) =
    ("EHLO", "250-mx.example\r\n250-PIPELINING\r\n250-SIZE 1000000\r\n250 8BITMIME");
const GO_ON: (&str, &str) = ("DATA", "354 go on");

#[tokio::test]
async fn every_end_of_a_delivery_is_told_apart() {
    for (name, script, expected) in [
        ("taken", &[HELLO, PIPELINING, GO_ON, (".", "250 2.0.0 queued as 4F")] as Script, "done"),
        ("taken without pipelining", &[HELLO, GO_ON], "done"),
        ("only HELO", &[HELLO, ("EHLO", "502 what"), GO_ON], "done"),
        ("busy at the door", &[("", "421 4.3.2 busy")], "later"),
        // It was said before the mail was spoken of: the door may open again.
        ("never at the door", &[("", "554 5.7.1 go away")], "later"),
        ("no hello", &[HELLO, ("EHLO", "550 no"), ("HELO", "550 5.7.1 not you")], "later"),
        ("signed out", &[HELLO, ("MAIL", "530 5.7.0 sign in first")], "later"),
        ("silent door", &[("", "")], "later"),
        ("not SMTP", &[("", "SSH-2.0-x")], "later"),
        ("sender refused", &[HELLO, ("MAIL", "550 5.7.1 not you"), GO_ON], "never"),
        (
            "greylisted",
            &[HELLO, PIPELINING, ("RCPT", "450 4.2.0 come back"), ("DATA", "503 no recipients")],
            "later",
        ),
        (
            "no such user",
            &[HELLO, PIPELINING, ("RCPT", "550 5.1.1 unknown"), ("DATA", "554 no recipients")],
            "never",
        ),
        (
            "RCPT refused, DATA taken",
            &[HELLO, PIPELINING, ("RCPT", "550 5.1.1 unknown"), GO_ON],
            "never",
        ),
        ("refused after the dot", &[HELLO, GO_ON, (".", "554 5.6.0 content")], "never"),
        ("deferred after the dot", &[HELLO, GO_ON, (".", "451 4.3.0 disk")], "later"),
        ("lost before DATA", &[HELLO, ("DATA", "")], "later"),
        ("lost after the dot", &[HELLO, GO_ON, (".", "")], "unknown"),
        ("lost after the dot, pipelined", &[HELLO, PIPELINING, GO_ON, (".", "")], "unknown"),
    ] {
        let (address, _heard) = peer(script);
        let (outcome, text) = deliver(&smarthost(address), "guest@guest.example").await;
        assert_eq!(outcome, expected, "{name}: {text}");
    }
}

/// A password that was changed at the provider must not cost the mails of a night.
#[tokio::test]
async fn a_refused_password_is_tried_again() {
    const PLAIN: (&str, &str) = ("EHLO", "250-mx.example\r\n250 AUTH PLAIN");
    const LOGIN: (&str, &str) = ("EHLO", "250-mx.example\r\n250 AUTH LOGIN");
    for (name, script, expected) in [
        ("taken", &[HELLO, PLAIN, ("AUTH", "235 2.7.0 in"), GO_ON] as Script, "done"),
        ("refused", &[HELLO, PLAIN, ("AUTH", "535 5.7.8 bad credentials")], "later"),
        ("refused by its name", &[HELLO, LOGIN, ("AUTH", "535 5.7.8 no")], "later"),
        ("too weak", &[HELLO, PLAIN, ("AUTH", "534 5.7.9 application password required")], "later"),
    ] {
        let (address, _heard) = peer(script);
        let mut config = config_for(address);
        config.delivery.smarthost.username = "relais".into();
        config.delivery.smarthost.password = "yesterday".into();
        let transport = Transport::of(&config).unwrap();
        let (outcome, text) = deliver(&transport, "guest@guest.example").await;
        assert_eq!(outcome, expected, "{name}: {text}");
    }
}

#[tokio::test]
async fn a_connection_carries_the_next_mail_where_it_still_can() {
    const FINE: Script = &[HELLO, PIPELINING, GO_ON];
    // The scripts of the connections, how the second mail ends, how many mails each connection saw begin.
    for (name, scripts, second, begun) in [
        ("kept", vec![FINE], "done", vec![2]),
        ("ended by the server", vec![&[HELLO, GO_ON, ("MAIL#2", "")], FINE], "done", vec![2, 1]),
        ("told to go", vec![&[HELLO, GO_ON, ("MAIL#2", "421 bye")], FINE], "done", vec![2, 1]),
        (
            "lost in DATA",
            vec![&[HELLO, PIPELINING, GO_ON, ("DATA#2", "")], FINE],
            "done",
            vec![2, 1],
        ),
        ("lost after the dot", vec![&[HELLO, GO_ON, (".#2", "")]], "unknown", vec![2]),
        ("refused", vec![&[HELLO, GO_ON, ("RCPT#2", "550 5.1.1 unknown")]], "never", vec![2]),
        (
            "refused at first",
            vec![&[HELLO, GO_ON, ("RCPT", "550 5.1.1 unknown")], FINE],
            "done",
            vec![1, 1],
        ),
    ] as [(&str, Vec<Script>, &str, Vec<usize>); 7]
    {
        let (address, heard) = peers(scripts);
        let transport = smarthost(address);
        deliver(&transport, "guest@guest.example").await;
        let (outcome, text) = deliver(&transport, "other@guest.example").await;
        assert_eq!(outcome, second, "{name}: {text}");
        drop(transport);
        let seen: Vec<usize> =
            begun.iter().map(|_| heard.recv().unwrap().matches("MAIL FROM").count()).collect();
        assert_eq!(seen, begun, "{name}");
    }
}

#[tokio::test]
async fn dots_are_stuffed_and_the_envelope_is_as_told() {
    let (address, heard) = peer(&[HELLO, PIPELINING, GO_ON]);
    // The connection is kept for the next mail, and ends with the transport.
    deliver(&smarthost(address), "guest@guest.example").await;
    let heard = heard.recv().unwrap();
    assert!(heard.contains("MAIL FROM:<b-1@reply.example> SIZE="), "{heard}");
    assert!(heard.contains("RCPT TO:<guest@guest.example>\r\n"), "{heard}");
    assert!(heard.contains("\r\n..one\r\n...two\r\nlast\r\n.\r\n"), "{heard}");
}

#[tokio::test]
async fn addresses_beyond_ascii_need_a_server_that_takes_them() {
    let (address, _heard) = peer(&[HELLO, PIPELINING, GO_ON]);
    let (outcome, text) = deliver(&smarthost(address), "zoë@guest.example").await;
    assert_eq!(outcome, "never");
    assert!(text.starts_with("5.6.7"), "{text}");
}

#[tokio::test]
async fn nobody_listening_is_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    assert_eq!(deliver(&smarthost(address), "guest@guest.example").await.0, "later");
}

#[tokio::test]
async fn the_outgoing_folder_holds_the_envelope() {
    let dir = tempfile::tempdir().unwrap();
    let mut config: Config = toml::from_str(DEFAULTS).unwrap();
    config.maildirs = PathBuf::from(dir.path());
    let transport = Transport::of(&config).unwrap();
    assert_eq!(deliver(&transport, "guest@guest.example").await.0, "done");
    let file =
        std::fs::read_dir(dir.path().join("outgoing/new")).unwrap().next().unwrap().unwrap().path();
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.starts_with(
        "Return-Path: <b-1@reply.example>\r\nDelivered-To: guest@guest.example\r\nSubject: dots"
    ));
}

/// Mail to the members goes through this peer.
fn house_at(peer: SocketAddr) -> House {
    House::start_with(&[
        ("RELAIS_DELIVERY__RESOLVER", "127.0.0.1:9"),
        ("RELAIS_DELIVERY__TRANSPORT", "smarthost"),
        ("RELAIS_DELIVERY__SMARTHOST__HOST", "127.0.0.1"),
        ("RELAIS_DELIVERY__SMARTHOST__PORT", &peer.port().to_string()),
        ("RELAIS_DELIVERY__SMARTHOST__TLS", "none"),
    ])
}

const QUESTION: &[u8] =
    b"From: g@guest.example\r\nSubject: Room\r\nMessage-ID: <1@x>\r\n\r\nA room?\r\n";

/// A stop in the middle of a slow delivery costs nothing: before the final dot nobody has taken the mail.
#[test]
fn an_attempt_that_was_broken_off_is_none() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut house = house_at(listener.local_addr().unwrap());
    house.mail("g@guest.example", &["pousada@relais.localhost"], QUESTION);
    // A server that takes the connection and says nothing.
    let (_silent, _) = listener.accept().unwrap();
    assert!(house.cli(&["queue", "list", "--json"]).contains("\"sending\""));
    let begun = Instant::now();
    house.stop();
    assert!(begun.elapsed() < Duration::from_secs(45), "{:?}", begun.elapsed());
    let queue = house.cli(&["queue", "list", "--json"]);
    assert!(queue.contains("\"waiting\"") && queue.contains("\"attempts\": 0"), "{queue}");
}

/// A server that takes every mail, but to the visitor says nothing more at this line, and tells that it was reached.
fn silent_at(hangs_at: &'static str) -> (SocketAddr, mpsc::Receiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, reached) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, sender) = (stream.unwrap(), sender.clone());
            thread::spawn(move || {
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                let (mut to_visitor, mut in_data) = (false, false);
                stream.write_all(b"220 mx.example ESMTP\r\n").unwrap();
                while let Some(Ok(line)) = lines.next() {
                    to_visitor |= line.starts_with("RCPT") && line.contains("g@guest.example");
                    if to_visitor && line == hangs_at {
                        sender.send(()).unwrap();
                    } else if line == "DATA" {
                        in_data = true;
                        stream.write_all(b"354 go on\r\n").unwrap();
                    } else if !in_data || line == "." {
                        in_data = false;
                        stream.write_all(b"250 2.0.0 fine\r\n").unwrap();
                    }
                }
            });
        }
    });
    (address, reached)
}

/// A kill in the middle of a slow delivery: before the final dot the visitor has nothing, and the reply leaves again;
/// behind it nobody knows, and that is said.
#[test]
fn a_kill_before_the_dot_costs_nothing_and_one_behind_it_is_told() {
    for (hangs_at, end, letters) in [("DATA", "done", 1), (".", "unknown", 0)] {
        let (address, reached) = silent_at(hangs_at);
        let mut house = house_at(address);
        house.stop();
        house.environment[1].1 = "maildir".into();
        house.run();
        house.mail("g@guest.example", &["pousada@relais.localhost"], QUESTION);
        let id = wait_for("the question", || {
            Some(house.conversations("").first()?["id"].as_str()?.to_owned())
        });
        house.mail_out("the notification", |letter| letter.subject == "Room");
        house.stop();
        house.environment[1].1 = "smarthost".into();
        house.run();
        let reply = json!({"text": "It is free."});
        let path = format!("/conversations/{id}/messages");
        assert_eq!(house.api("POST", &path, Some(&reply)).0, 201);
        wait_for("the silence", || reached.try_recv().ok());
        house.kill();
        house.environment[1].1 = "maildir".into();
        house.run();
        let state = wait_for("the end", || {
            let shown = house.conversation(&id);
            let all = shown["messages"][1]["deliveries"].as_array()?.clone();
            let state = all.iter().find(|one| one["purpose"] == "reply")?["state"].clone();
            (state != "waiting" && state != "sending").then_some(state)
        });
        assert_eq!(state, end, "silence at {hangs_at}");
        let gone = house.outgoing();
        let arrived = gone.iter().filter(|l| l.to[0].address.local() == "g").count();
        assert_eq!(arrived, letters, "silence at {hangs_at}");
    }
}

/// A member whose server refuses what we send is not told by mail; the timeline and the doctor say it.
#[test]
fn a_failed_notification_is_seen() {
    let (address, _heard) =
        peer(&[HELLO, PIPELINING, ("RCPT", "550 5.1.1 unknown"), ("DATA", "554 no recipients")]);
    let mut house = house_at(address);
    house.mail("g@guest.example", &["pousada@relais.localhost"], QUESTION);
    let id = wait_for("the question", || {
        Some(house.conversations("").first()?["id"].as_str()?.to_owned())
    });
    let seen = |house: &House| house.conversation(&id)["events"].clone();
    let events = wait_for("the line", || Some(seen(&house)).filter(|e| e[0]["kind"] == "failed"));
    assert_eq!(events[0]["text"], "ana@pousada.example: 5.1.1 unknown");
    assert_eq!(events.as_array().unwrap().len(), 1);
    let mut doctor = Command::new(env!("CARGO_BIN_EXE_relais"));
    doctor.arg("doctor").current_dir(house.dir.path()).envs(house.environment.iter().cloned());
    let said = String::from_utf8(doctor.output().unwrap().stdout).unwrap();
    assert!(said.contains("1 could not be delivered"), "{said}");
    house.stop();
    house.lose_store();
    house.run();
    assert_eq!(seen(&house), events, "after losing the whole store");
}
