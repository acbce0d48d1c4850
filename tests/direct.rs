//! Straight to the MX, with real parts: nsd says where, Postfix takes it or does not.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::{io::Write, net::TcpListener, process::Command, thread};

use jiff::Timestamp;
use relais::{
    doors::delivery::{Outgoing, Transport},
    flow::gateway::Dot,
    ground::{
        config::{Config, DEFAULTS, TransportKind},
        key::OutgoingId,
        letter::MessageId,
        outcome::{Answer, Outcome},
    },
};
use support::{House, dns::Dns, free_port, postfix::Postfix, wait_for};

const MORE: &str = "virtual_mailbox_domains = guest.example pousada.example xn--penso-dra.example six.example closed.example
virtual_mailbox_maps = inline:{ john@guest.example=guest.example/john/, zoe@guest.example=guest.example/zoe/, ana@pousada.example=pousada.example/ana/, john@xn--penso-dra.example=guest.example/john/, john@six.example=guest.example/john/, john@closed.example=guest.example/john/ }
smtputf8_enable = no
message_size_limit = 20000";

/// Where the domains of these tests are served.
fn dns() -> Dns {
    Dns::start(&[
        // The best exchanger is dead; the next has an address of each kind, and only one answers.
        (
            "guest.example",
            "@ MX 10 dead\n@ MX 20 mx\ndead A 127.0.0.9\nmx AAAA ::1\nmx A 127.0.0.1".to_owned(),
        ),
        ("pousada.example", "@ A 127.0.0.1".to_owned()),
        ("null.example", "@ MX 0 .".to_owned()),
        ("nowhere.example", "@ MX 10 gone".to_owned()),
        ("xn--penso-dra.example", "@ MX 10 mx.guest.example.".to_owned()),
        // Nobody is let in at the best exchanger.
        (
            "closed.example",
            "@ MX 10 closed\n@ MX 20 mx.guest.example.\nclosed A 127.0.0.8".to_owned(),
        ),
        ("six.example", "@ MX 10 six\nsix AAAA ::1".to_owned()),
    ])
}

fn direct(dns: &Dns, port: u16) -> Transport {
    let mut config: Config = toml::from_str(DEFAULTS).unwrap();
    config.delivery.transport = TransportKind::Direct;
    config.delivery.resolver = format!("127.0.0.1:{}", dns.port);
    config.delivery.port = port;
    Transport::of(&config).unwrap()
}

async fn deliver(
    transport: &Transport,
    to: &str,
    subject: &str,
    size: usize,
) -> (&'static str, Answer) {
    let raw = format!("Subject: {subject}\r\n\r\n{}\r\n", "words and words\r\n".repeat(size / 17));
    let (from, to) = ("b-1@reply.example".parse().unwrap(), to.parse().unwrap());
    let id = MessageId::new("x@y").unwrap();
    let mail = Outgoing {
        id: OutgoingId(1),
        queued_at: Timestamp::UNIX_EPOCH,
        reverse_path: Some(&from),
        recipient: &to,
        raw: raw.as_bytes(),
        message_id: &id,
        dot: &Dot::default(),
    };
    match transport.deliver(&mail).await {
        Outcome::Done(answer) => ("done", answer),
        Outcome::Later(answer) => ("later", answer),
        Outcome::Never(answer) => ("never", answer),
        Outcome::Unknown(answer) => ("unknown", answer),
    }
}

#[tokio::test]
async fn mail_finds_its_exchanger_or_says_why_not() {
    let dns = dns();
    let postfix = Postfix::start(free_port(), 9, MORE);
    let transport = direct(&dns, postfix.port);
    let closed = TcpListener::bind(("127.0.0.8", postfix.port)).unwrap();
    thread::spawn(move || {
        for stream in closed.incoming() {
            let _ = stream.unwrap().write_all(b"554 5.7.1 closed\r\n");
        }
    });
    // The recipient, the size, what becomes of it, the enhanced code, words of the answer.
    for (to, size, outcome, enhanced, words) in [
        ("john@guest.example", 100, "done", Some("2.0.0"), "queued as"),
        ("ana@pousada.example", 100, "done", Some("2.0.0"), "queued as"),
        ("john@pens\u{e3}o.example", 100, "done", Some("2.0.0"), "queued as"),
        ("john@closed.example", 100, "done", Some("2.0.0"), "queued as"),
        ("nobody-here@guest.example", 100, "never", Some("5.1.1"), "no such guest"),
        ("later@guest.example", 100, "later", Some("4.2.0"), "come back"),
        ("zo\u{eb}@guest.example", 100, "never", Some("5.6.7"), "beyond ASCII"),
        ("john@guest.example", 50_000, "never", Some("5.3.4"), "takes 20000 at most"),
        ("john@null.example", 100, "never", Some("5.1.10"), "takes no mail"),
        ("john@not-there.example", 100, "never", Some("5.1.2"), "does not exist"),
        ("john@nowhere.example", 100, "later", None, "no mail exchanger"),
        ("john@six.example", 100, "later", None, ""),
        ("john@other.test", 100, "later", None, "other.test"),
    ] {
        let (ended, answer) = deliver(&transport, to, "a try", size).await;
        assert_eq!((ended, answer.enhanced.as_deref()), (outcome, enhanced), "{to}: {answer:?}");
        assert!(answer.text.contains(words), "{to}: {answer:?}");
    }
    let (_, answer) = deliver(&transport, "john@guest.example", "a name", 10).await;
    assert_eq!(answer.host.as_deref(), Some("mx.guest.example"));
    let arrived = || postfix.mailbox("guest.example", "john").len();
    wait_for("all four to be in the mailbox", || (arrived() == 4).then_some(()));
}

/// A certificate nobody vouches for encrypts all the same; TLS that cannot be agreed on does not keep mail back.
#[tokio::test]
async fn tls_is_used_where_it_works() {
    let dns = dns();
    let files = tempfile::tempdir().unwrap();
    let (key, certificate) = (files.path().join("key.pem"), files.path().join("certificate.pem"));
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=wrong.example",
        ])
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output()
        .unwrap();
    assert!(made.status.success());
    let (key, certificate) = (key.display(), certificate.display());
    let offered = format!(
        "{MORE}\nsmtpd_tls_security_level = may\nsmtpd_tls_key_file = {key}\nsmtpd_tls_cert_file = {certificate}"
    );
    let broken =
        format!("{offered}\nsmtpd_tls_protocols = TLSv1\ntls_medium_cipherlist = AES128-SHA");
    for (more, protocol) in [(offered, "with ESMTPS"), (broken, "with ESMTP")] {
        let postfix = Postfix::start(free_port(), 9, &more);
        let transport = direct(&dns, postfix.port);
        let (ended, answer) = deliver(&transport, "john@guest.example", protocol, 10).await;
        assert_eq!(ended, "done", "{answer:?}");
        let arrived = postfix.arrives("guest.example", "john", protocol, |l| l.subject == protocol);
        let received = arrived.header("Received").unwrap();
        assert!(received.contains(&format!("{protocol} ")), "{received}");
    }
}

/// A place at a destination rests after a mail: the second to the same domain waits, the first to another does not.
#[test]
fn a_domain_is_not_written_to_too_fast() {
    let dns = dns();
    let postfix = Postfix::start(free_port(), 9, MORE);
    let mut house = House::prepare(&[
        ("RELAIS_DELIVERY__TRANSPORT", "direct"),
        ("RELAIS_DELIVERY__RESOLVER", &format!("127.0.0.1:{}", dns.port)),
        ("RELAIS_DELIVERY__PORT", &postfix.port.to_string()),
        ("RELAIS_DELIVERY__PER_DESTINATION", "1"),
        ("RELAIS_DELIVERY__REST_MILLISECONDS", "600000"),
    ]);
    let account = "pousada@relais.localhost";
    house.cli(&["account", "add", "Pousada", "--address", account]);
    for member in ["ana@pousada.example", "zoe@guest.example"] {
        house.cli(&["member", "add", account, member]);
    }
    house.run();
    let ask = |n: usize| {
        let raw = format!(
            "From: v@visitor.test\r\nSubject: Room {n}\r\nMessage-ID: <{n}@x>\r\n\r\nA room?\r\n"
        );
        house.mail("v@visitor.test", &[account], raw.as_bytes());
    };
    ask(1);
    postfix.arrives("pousada.example", "ana", "the first", |l| l.subject == "Room 1");
    postfix.arrives("guest.example", "zoe", "the first", |l| l.subject == "Room 1");
    ask(2);
    let waiting = || house.cli(&["queue", "list", "--json"]).matches("\"waiting\"").count();
    wait_for("both to wait", || (waiting() == 2).then_some(()));
    assert_eq!(postfix.mailbox("pousada.example", "ana").len(), 1);
    assert_eq!(postfix.mailbox("guest.example", "zoe").len(), 1);
}
