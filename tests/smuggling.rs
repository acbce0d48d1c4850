//! SMTP smuggling (CVE-2023-51764 and its kin): a mail within a mail, told apart by line ends that some servers take
//! for the end of the data and others do not. Straight to Relais, and through a real Postfix in front of it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::{
    fs,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use support::{House, dns::Dns, free_port, postfix::Postfix, reply_to, wait_for};

const HOUSE: &str = "pousada@relais.localhost";

/// What stands between the outer mail and the inner one.
const ENDS: &[&str] = &[
    "\n.\n",
    "\n.\r\n",
    "\r.\r",
    "\r.\r\n",
    "\r.\n",
    "\n.\r",
    "\r\n.\r",
    "\r\n.\n",
    "\r\n\0.\r\n",
    "\r\n.\0\r\n",
    "\r\n.\r\0\n",
    "\r\n.\r\r\n",
    "\r\n. \r\n",
    "\n\n.\r\n",
    "\r\r\n.\r\r\n",
    "\n\r.\r\n",
];

/// A house that trusts nobody, whose only member lives at a domain that sends from elsewhere.
fn house(dns: &Dns) -> (House, String) {
    let resolver = format!("127.0.0.1:{}", dns.port);
    let mut house = House::prepare(&[
        ("RELAIS_DELIVERY__RESOLVER", resolver.as_str()),
        ("RELAIS_VOICES__DNS_WAIT_SECONDS", "0"),
    ]);
    house.cli(&["account", "add", "Pousada", "--address", HOUSE]);
    house.cli(&["member", "add", HOUSE, "ana@pousada.example", "--name", "Ana"]);
    fs::create_dir_all(house.path("data")).unwrap();
    fs::write(house.path("data/demo-token"), house.cli(&["token", "add", HOUSE])).unwrap();
    house.run();
    let question = b"From: John <john@guest.example>\r\nSubject: Room\r\nMessage-ID: <q@x>\r\n\r\nIs a room free?\r\n";
    house.mail("john@guest.example", &[HOUSE], question);
    let token = reply_to(&house.mail_out("the notification", |l| l.text().contains("room free")));
    (house, token)
}

/// The bytes after `DATA`: a mail, one of the ends, and a second mail as commands.
fn smuggled(number: usize, end: &str, token: &str) -> String {
    format!(
        "From: Mallory <m@evil.example>\r\nSubject: outer {number}\r\nMessage-ID: <o{number}@evil.example>\r\n\r\nouter text {number}\
         {end}MAIL FROM:<ana@pousada.example>\r\nRCPT TO:<{token}>\r\nDATA\r\n\
         From: Ana <ana@pousada.example>\r\nSubject: inner {number}\r\nMessage-ID: <i{number}@pousada.example>\r\n\r\nPay at once.\r\n.\r\n"
    )
}

/// Says everything, whatever is answered, and gives the answers.
fn talk(server: SocketAddr, steps: &[&str]) -> String {
    let mut stream = TcpStream::connect(server).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut answers = String::new();
    for step in steps {
        let mut some = [0; 4096];
        let read = stream.read(&mut some).unwrap_or(0);
        answers += &String::from_utf8_lossy(&some[..read]);
        if stream.write_all(step.as_bytes()).is_err() {
            return answers;
        }
    }
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest);
    answers + &String::from_utf8_lossy(&rest)
}

/// Sends each variant; the outer mail goes to the house's public address.
fn attack(server: SocketAddr, token: &str) {
    for (number, end) in ENDS.iter().enumerate() {
        let data = smuggled(number, end, token) + "QUIT\r\n";
        let to = format!("RCPT TO:<{HOUSE}>\r\n");
        let steps =
            ["EHLO evil.example\r\n", "MAIL FROM:<m@evil.example>\r\n", &to, "DATA\r\n", &data];
        talk(server, &steps);
    }
}

/// Every message the house has, once the spool is empty.
fn messages(house: &House) -> Vec<serde_json::Value> {
    let waiting = || fs::read_dir(house.path("maildirs/mail/new")).unwrap().count();
    wait_for("everything to be threaded", || (waiting() == 0).then_some(()));
    let ids = house.conversations("?limit=200");
    ids.iter()
        .flat_map(|c| {
            house.conversation(c["id"].as_str().unwrap())["messages"].as_array().unwrap().clone()
        })
        .collect()
}

fn nobody_spoke(house: &House) {
    let sent =
        messages(house).into_iter().find(|m| m["side"] == "provider" && m["state"] != "held");
    assert_eq!(sent, None);
    assert!(!house.outgoing().iter().any(|l| l.to[0].address.local() == "john"));
}

fn dns() -> Dns {
    let spf = |ip: &str| format!("@ TXT \"v=spf1 ip4:{ip} -all\"");
    Dns::start(&[("pousada.example", spf("192.0.2.1")), ("evil.example", spf("127.0.0.1"))])
}

#[test]
fn one_mail_stays_one_mail() {
    let dns = dns();
    let (house, token) = house(&dns);
    attack(house.smtp, &token);
    let whole = smuggled(99, "\r\n.\r\n", &token);
    let chunk = format!("BDAT {} LAST\r\n{whole}QUIT\r\n", whole.len());
    let to = format!("RCPT TO:<{HOUSE}>\r\n");
    talk(house.smtp, &["EHLO evil.example\r\n", "MAIL FROM:<m@evil.example>\r\n", &to, &chunk]);
    let all = messages(&house);
    let inner: Vec<_> =
        all.iter().filter(|m| m["subject"].as_str().unwrap().starts_with("inner")).collect();
    assert!(inner.is_empty(), "{inner:?}");
    let subjects: Vec<_> = all.iter().map(|m| m["subject"].as_str().unwrap()).collect();
    assert!(subjects.contains(&"outer 99"), "{subjects:?}");
    nobody_spoke(&house);
}

/// A Postfix that takes bare line ends (as all did before 2024) may itself make two mails of one: the second still
/// comes from somebody whose domain disowns it.
#[test]
fn what_a_server_in_front_lets_through_is_not_believed() {
    let dns = dns();
    for forbid in ["no", "yes"] {
        let (house, token) = house(&dns);
        let more =
            format!("smtpd_forbid_bare_newline = {forbid}\nsmtpd_forbid_bare_newline_exclusions =");
        let postfix = Postfix::start(free_port(), house.smtp.port(), &more);
        attack(SocketAddr::from(([127, 0, 0, 1], postfix.port)), &token);
        postfix.wait_until_idle();
        let inner = messages(&house)
            .iter()
            .filter(|m| m["subject"].as_str().unwrap().starts_with("inner"))
            .count();
        // An old Postfix does make two of one: else this would try nothing.
        assert_eq!(inner > 0, forbid == "no", "{inner} with smtpd_forbid_bare_newline = {forbid}");
        nobody_spoke(&house);
    }
}
