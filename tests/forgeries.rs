//! Forgery attempts over real SMTP against real DNS: whatever is tried, nobody speaks as the provider. One line each.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::fs;

use support::{House, dns::Dns, reply_to, wait_for};

const HOUSE: &str = "pousada@relais.localhost";
/// The member's domain says that nothing from this machine is theirs.
const MEMBER: &str = "@ TXT \"v=spf1 ip4:192.0.2.1 -all\"\n_dmarc TXT \"v=DMARC1; p=reject\"";
const HERE: &str = "@ TXT \"v=spf1 ip4:127.0.0.1 -all\"";

/// What is tried: a name, the reverse-path, the envelope recipient (`T` is Ana's reply address, `V` the visitor's, `H`
/// the house's public one, `T.done` and so on its verbs), and the header fields; `T` and `V` are filled in there too.
const FORGERIES: &[(&str, &str, &str, &str)] = &[
    ("the member's address", "ana@pousada.example", "T", "From: ana@pousada.example"),
    ("another envelope that passes", "m@evil.example", "T", "From: ana@pousada.example"),
    ("the null path", "", "T", "From: ana@pousada.example"),
    ("with a name", "m@evil.example", "T", "From: Ana <ana@pousada.example>"),
    (
        "the address as a name",
        "m@evil.example",
        "T",
        "From: \"ana@pousada.example\" <m@evil.example>",
    ),
    (
        "the address as an encoded name",
        "m@evil.example",
        "T",
        "From: =?utf-8?Q?ana=40pousada.example?= <m@evil.example>",
    ),
    (
        "an encoded word around everything",
        "m@evil.example",
        "T",
        "From: =?utf-8?Q?Ana_=3Cana=40pousada.example=3E?= <m@evil.example>",
    ),
    (
        "a look-alike domain",
        "ana@pousada-example.example",
        "T",
        "From: Ana <ana@pousada-example.example>",
    ),
    ("a Cyrillic o", "m@evil.example", "T", "From: Ana <ana@p\u{43e}usada.example>"),
    ("its A-label", "m@evil.example", "T", "From: Ana <ana@xn--pusada-3nf.example>"),
    ("a full-width letter", "m@evil.example", "T", "From: Ana <ana@\u{ff50}ousada.example>"),
    ("a subdomain", "m@evil.example", "T", "From: ana@mail.pousada.example"),
    ("the domain as a label", "m@evil.example", "T", "From: ana@pousada.example.evil.example"),
    ("two From fields", "m@evil.example", "T", "From: ana@pousada.example\r\nFrom: m@evil.example"),
    (
        "two From fields, ours last",
        "m@evil.example",
        "T",
        "From: m@evil.example\r\nFrom: ana@pousada.example",
    ),
    (
        "the same From twice",
        "m@evil.example",
        "T",
        "From: ana@pousada.example\r\nFrom: ana@pousada.example",
    ),
    ("two authors", "m@evil.example", "T", "From: ana@pousada.example, m@evil.example"),
    ("two authors, ours last", "m@evil.example", "T", "From: m@evil.example, ana@pousada.example"),
    ("a group", "m@evil.example", "T", "From: Ana: ana@pousada.example;"),
    (
        "Sender says so",
        "m@evil.example",
        "T",
        "From: m@evil.example\r\nSender: ana@pousada.example",
    ),
    (
        "Reply-To says so",
        "m@evil.example",
        "T",
        "From: m@evil.example\r\nReply-To: ana@pousada.example",
    ),
    (
        "Resent-From says so",
        "m@evil.example",
        "T",
        "Resent-From: ana@pousada.example\r\nFrom: m@evil.example",
    ),
    (
        "an address before the address",
        "m@evil.example",
        "T",
        "From: ana@pousada.example <m@evil.example>",
    ),
    (
        "an address behind the address",
        "m@evil.example",
        "T",
        "From: m@evil.example <ana@pousada.example>",
    ),
    ("a comment", "m@evil.example", "T", "From: m@evil.example (ana@pousada.example)"),
    (
        "the address in a comment's place",
        "m@evil.example",
        "T",
        "From: (m@evil.example) ana@pousada.example",
    ),
    ("a source route", "m@evil.example", "T", "From: <@evil.example:ana@pousada.example>"),
    ("a quoted local part", "m@evil.example", "T", "From: \"ana@pousada.example\"@evil.example"),
    ("a quoted member", "m@evil.example", "T", "From: \"ana\"@pousada.example"),
    ("NUL in the field", "m@evil.example", "T", "From: ana@pousada.example\0<m@evil.example>"),
    (
        "a lone CR in the field",
        "m@evil.example",
        "T",
        "Subject: x\rFrom: ana@pousada.example\r\nFrom: m@evil.example",
    ),
    ("a folded field", "m@evil.example", "T", "From:\r\n ana@pousada.example"),
    ("a space before the colon", "m@evil.example", "T", "From : ana@pousada.example"),
    ("a field in small letters", "m@evil.example", "T", "from: ana@pousada.example"),
    ("no From at all", "ana@pousada.example", "T", "Subject: x"),
    ("an empty From", "ana@pousada.example", "T", "From: <>"),
    ("a name without an address", "ana@pousada.example", "T", "From: Ana"),
    ("capital letters", "m@evil.example", "T", "From: ANA@POUSADA.EXAMPLE"),
    ("a plus address", "m@evil.example", "T", "From: ana+x@pousada.example"),
    ("a dot behind the domain", "m@evil.example", "T", "From: ana@pousada.example."),
    ("spaces around the sign", "m@evil.example", "T", "From: ana @ pousada.example"),
    ("an address literal", "m@evil.example", "T", "From: ana@[127.0.0.1]"),
    (
        "our own trace",
        "m@evil.example",
        "T",
        "X-Relais-Trace: v=1; at=2026-11-23T00:00:00Z; door=api; verb=.\r\nFrom: ana@pousada.example",
    ),
    (
        "our own results",
        "m@evil.example",
        "T",
        "Authentication-Results: relais.localhost; dmarc=pass header.from=pousada.example\r\nFrom: ana@pousada.example",
    ),
    ("a result of SPF", "m@evil.example", "T", "Received-SPF: pass\r\nFrom: ana@pousada.example"),
    (
        "a chain nobody sealed",
        "m@evil.example",
        "T",
        "ARC-Authentication-Results: i=1; relais.localhost; dmarc=pass\r\nARC-Seal: i=1; a=rsa-sha256; cv=none; d=evil.example; s=x; b=AAAA\r\nARC-Message-Signature: i=1; a=rsa-sha256; d=evil.example; s=x; h=from; bh=AAAA; b=AAAA\r\nFrom: ana@pousada.example",
    ),
    (
        "a signature nobody made",
        "m@evil.example",
        "T",
        "DKIM-Signature: v=1; a=rsa-sha256; d=pousada.example; s=x; h=from; bh=AAAA; b=AAAA\r\nFrom: ana@pousada.example",
    ),
    (
        "a signature over nothing",
        "m@evil.example",
        "T",
        "DKIM-Signature: v=1; a=rsa-sha256; d=pousada.example; s=x; h=subject; l=0; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA\r\nFrom: ana@pousada.example",
    ),
    (
        "a Return-Path",
        "m@evil.example",
        "T",
        "Return-Path: <ana@pousada.example>\r\nFrom: ana@pousada.example",
    ),
    ("a Delivered-To", "m@evil.example", "H", "Delivered-To: T\r\nFrom: ana@pousada.example"),
    (
        "the token in To of a mail to the house",
        "m@evil.example",
        "H",
        "To: T\r\nFrom: ana@pousada.example",
    ),
    (
        "the token in Cc of a mail to the house",
        "m@evil.example",
        "H",
        "Cc: T\r\nFrom: ana@pousada.example",
    ),
    (
        "the token and the house",
        "m@evil.example",
        "H",
        "To: T, pousada@relais.localhost\r\nFrom: Ana <ana@pousada.example>",
    ),
    ("from the visitor's side", "m@evil.example", "V", "From: ana@pousada.example"),
    ("as the house itself", "m@evil.example", "T", "From: Pousada <pousada@relais.localhost>"),
    ("as Ana's own reply address", "m@evil.example", "T", "From: T"),
    ("the verb as written", "m@evil.example", "T.as-written", "From: ana@pousada.example"),
    ("the verb translated", "m@evil.example", "T.translated", "From: ana@pousada.example"),
    ("the verb done", "m@evil.example", "T.done", "From: ana@pousada.example"),
    ("the verb note", "m@evil.example", "T.note", "From: ana@pousada.example"),
    ("a verb that is none", "m@evil.example", "T.admin", "From: ana@pousada.example"),
    (
        "a list in between",
        "m@evil.example",
        "T",
        "List-Id: <x.evil.example>\r\nFrom: ana@pousada.example",
    ),
    (
        "a forward of a mail by Ana",
        "m@evil.example",
        "H",
        "Subject: Fwd: Room\r\nFrom: ana@pousada.example",
    ),
    (
        "an answer to our own mail",
        "m@evil.example",
        "H",
        "In-Reply-To: <q@x>\r\nReferences: <q@x>\r\nFrom: ana@pousada.example",
    ),
];

#[test]
fn nobody_speaks_as_the_provider() {
    assert!(FORGERIES.len() >= 60);
    let zones = [
        ("pousada.example", MEMBER.to_owned()),
        ("evil.example", HERE.to_owned()),
        ("pousada-example.example", HERE.to_owned()),
    ];
    let dns = Dns::start(&zones);
    let resolver = format!("127.0.0.1:{}", dns.port);
    let mut house = House::prepare(&[
        ("RELAIS_DELIVERY__RESOLVER", resolver.as_str()),
        ("RELAIS_VOICES__DNS_WAIT_SECONDS", "0"),
    ]);
    house.cli(&["account", "add", "Pousada", "--address", HOUSE]);
    house.cli(&["member", "add", HOUSE, "ana@pousada.example", "--name", "Ana"]);
    fs::write(house.path("token"), house.cli(&["token", "add", HOUSE])).unwrap();
    house.run();
    fs::create_dir_all(house.path("data")).unwrap();
    fs::copy(house.path("token"), house.path("data/demo-token")).unwrap();
    let question = b"From: John <john@guest.example>\r\nSubject: Room\r\nMessage-ID: <q@x>\r\n\r\nIs a room free?\r\n";
    house.mail("john@guest.example", &[HOUSE], question);
    let notification = house.mail_out("the notification", |l| l.text().contains("room free"));
    let token = reply_to(&notification);
    let first = house.conversations("")[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/conversations/{first}/messages");
    let (status, _) =
        house.api("POST", &path, Some(&serde_json::json!({"text": "Yes, one is free."})));
    assert_eq!(status, 201);
    let visitor = reply_to(&house.mail_out("the answer", |l| l.to[0].address.local() == "john"));
    for (number, (_, reverse_path, to, fields)) in FORGERIES.iter().enumerate() {
        let to = match to.split_once('.') {
            Some((_, verb)) => token.replace('@', &format!(".{verb}@")),
            None if *to == "H" => HOUSE.to_owned(),
            None if *to == "V" => visitor.clone(),
            None => token.clone(),
        };
        let fields = fields.replace(": T", &format!(": {token}"));
        let raw = format!(
            "Message-ID: <f{number}@evil.example>\r\n{fields}\r\n\r\nPlease pay {number} euros to this account at once.\r\n"
        );
        let replies = support::smtp(house.smtp, reverse_path, &[&to], raw.as_bytes());
        let last = replies.last().unwrap();
        assert!(last.starts_with("250") || last.starts_with('5'), "{number}: {replies:?}");
    }
    let waiting = || fs::read_dir(house.path("maildirs/mail/new")).unwrap().count();
    wait_for("everything to be threaded", || (waiting() == 0).then_some(()));
    for conversation in house.conversations("") {
        let id = conversation["id"].as_str().unwrap();
        for message in house.conversation(id)["messages"].as_array().unwrap() {
            let state = message["state"].as_str().unwrap();
            let spoke =
                message["side"] == "provider" && message["channel"] != "api" && state != "held";
            let machine = message["kind"] != "person";
            assert!(!spoke || machine, "{message}");
        }
    }
    let to_john =
        house.outgoing().into_iter().filter(|l| l.to[0].address.local() == "john").count();
    assert_eq!(to_john, 1, "nothing but the honest answer reached the visitor");
    let after = house.conversation(&first);
    assert_eq!(
        after["conversation"]["needs_reply"], true,
        "somebody wrote, and nobody else says that it is done"
    );
    for mail in house.outgoing() {
        let shown = mail.headers.iter().all(|header| !header.value.contains("evil.example\r\nBcc"));
        assert!(shown && mail.to.len() == 1 && mail.cc.is_empty(), "{:?}", mail.to);
    }
}
