//! A server of ours in front (`trusted_peers`, `trusted_results`): its word about SPF is taken, a forger's is not. With
//! a real Postfix, which writes its field where policy servers make it write one, and a real DNS server.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::{fs, net::SocketAddr};

use support::{House, dns::Dns, free_port, postfix::Postfix, reply_to, smtp, wait_for};

const HOUSE: &str = "pousada@relais.localhost";

/// What Postfix says of each sender of its own, whoever is behind it: `bare` gets no field at all.
const TOLD: &str = "smtpd_sender_restrictions = check_sender_access inline:{ \
    { ana@pousada.example = PREPEND Authentication-Results: postfix.test; spf=pass smtp.mailfrom=ana@pousada.example }, \
    { forger@pousada.example = PREPEND Authentication-Results: postfix.test; spf=fail smtp.mailfrom=forger@pousada.example }, \
    { m@evil.example = PREPEND Authentication-Results: postfix.test; spf=pass smtp.mailfrom=m@evil.example } }";

const BROUGHT: &str =
    "Authentication-Results: postfix.test; spf=pass smtp.mailfrom=pousada.example\r\n";

/// A house whose only trusted peer is loopback, and its member's reply address.
fn house(dns: &Dns) -> (House, String) {
    let resolver = format!("127.0.0.1:{}", dns.port);
    let mut house = House::prepare(&[
        ("RELAIS_DELIVERY__RESOLVER", resolver.as_str()),
        ("RELAIS_TRUSTED_PEERS", "[\"127.0.0.1\"]"),
        ("RELAIS_TRUSTED_RESULTS", "postfix.test"),
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

#[test]
fn a_server_in_front_is_believed_about_spf_and_a_forger_is_not() {
    // The domain sends from elsewhere: our own look at SPF would fail for every mail the server in front passes on.
    let records = "@ TXT \"v=spf1 ip4:192.0.2.1 -all\"\n_dmarc TXT \"v=DMARC1; p=reject\"";
    let dns = Dns::start(&[
        ("pousada.example", records.to_owned()),
        ("evil.example", "@ TXT \"v=spf1 ip4:127.0.0.1 -all\"".to_owned()),
    ]);
    let (house, token) = house(&dns);
    let postfix = Postfix::start(free_port(), house.smtp.port(), TOLD);
    let old_hop =
        format!("Received: from x by postfix.test; Mon, 23 Nov 2026 08:00:00 +0000\r\n{BROUGHT}");
    for (number, (envelope, brought)) in [
        // The server saw it fail, and the mail brings a pass.
        ("forger@pousada.example", BROUGHT),
        // The server says nothing.
        ("bare@pousada.example", ""),
        ("bare@pousada.example", old_hop.as_str()),
        // A true pass of somebody else, and no address at all.
        ("m@evil.example", ""),
        ("m@evil.example", BROUGHT),
        ("", BROUGHT),
        ("ana@pousada.example", ""),
    ]
    .into_iter()
    .enumerate()
    {
        let raw = format!(
            "{brought}From: Ana <ana@pousada.example>\r\nSubject: Re: Room\r\nMessage-ID: <r{number}@x>\r\n\r\nAnswer number {number}.\r\n"
        );
        let server = SocketAddr::from(([127, 0, 0, 1], postfix.port));
        let replies = smtp(server, envelope, &[&token], raw.as_bytes());
        assert!(replies.last().unwrap().starts_with("250"), "{replies:?}");
    }
    let answers = wait_for("all answers to be threaded", || {
        let id = house.conversations("").first()?["id"].as_str()?.to_owned();
        let all = house.conversation(&id)["messages"].as_array()?.clone();
        let said = |m: &&serde_json::Value| m["side"] == "provider";
        let found: Vec<_> = all.iter().filter(said).cloned().collect();
        (found.len() == 7).then_some(found)
    });
    let held = answers.iter().filter(|m| m["state"] == "held").count();
    assert_eq!(held, 6, "{answers:?}");
    let sent = house.mail_out("the one reply", |l| l.to[0].address.local() == "john");
    assert!(sent.text().contains("Answer number 6."), "{}", sent.text());
    let field = "spf=pass smtp.mailfrom=pousada.example;\r\n\tdmarc=pass";
    let written = fs::read_dir(house.path("maildirs/mail/cur"))
        .unwrap()
        .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
        .filter(|raw| raw.contains(field))
        .count();
    assert_eq!(written, 1, "the file of the one that was proven says so");
}
