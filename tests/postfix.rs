//! With a real Postfix on both sides: it relays mail in, as an office's server does, and receives what the courier
//! sends. Clients are the real swaks, msmtp and Python's smtplib.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::process::{Command, Stdio};

use support::{House, free_port, postfix::Postfix, reply_to, wait_for};

/// A gateway whose smarthost is a Postfix that relays to it.
fn wired() -> (House, Postfix) {
    let port = free_port();
    let house = House::start_with(&[
        ("RELAIS_DELIVERY__TRANSPORT", "smarthost"),
        ("RELAIS_DELIVERY__SMARTHOST__HOST", "127.0.0.1"),
        ("RELAIS_DELIVERY__SMARTHOST__PORT", &port.to_string()),
        ("RELAIS_DELIVERY__SMARTHOST__TLS", "none"),
    ]);
    let postfix = Postfix::start(port, house.smtp.port(), "");
    (house, postfix)
}

fn run(program: &str, args: &[&str], input: &str) {
    let mut child = Command::new(program)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program}: {error}; run tests/support/install.sh test"));
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "{program}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_conversation_through_a_real_mail_server() {
    let (house, postfix) = wired();
    let server = format!("127.0.0.1:{}", postfix.port);
    // The visitor asks with swaks, by way of Postfix.
    run(
        "swaks",
        &[
            "--server",
            &server,
            "--from",
            "john@guest.example",
            "--to",
            "pousada@relais.localhost",
            "--h-From",
            "John Smith <john@guest.example>",
            "--h-Subject",
            "A room",
            "--h-Message-Id",
            "<swaks1@guest.example>",
            "--body",
            "Is there a room with a view of the sea?",
        ],
        "",
    );
    let notification = postfix.arrives("pousada.example", "ana", "the notification", |l| {
        l.text().contains("view of the sea")
    });
    assert!(notification.header("Return-Path").is_some_and(|path| path.contains("<b-")), "VERP");
    // The provider answers with msmtp.
    let token = reply_to(&notification);
    let answer = format!(
        "From: Ana <ana@pousada.example>\nTo: {token}\nSubject: Re: A room\nMessage-ID: <msmtp1@pousada.example>\n\nYes, with a balcony.\n\n> Is there a room\n"
    );
    let port = format!("--port={}", postfix.port);
    run(
        "msmtp",
        &["--host=127.0.0.1", &port, "--from=ana@pousada.example", "--file=/dev/null", &token],
        &answer,
    );
    let reply = postfix
        .arrives("guest.example", "john", "the answer", |l| l.text().contains("with a balcony"));
    assert!(!reply.text().contains("> Is there"));
    assert_eq!(reply.in_reply_to[0].as_str(), "swaks1@guest.example");
    // The visitor answers with Python's smtplib, straight to the gateway.
    let python = format!(
        "import smtplib\ns = smtplib.SMTP('127.0.0.1', {})\ns.sendmail('john@guest.example', ['{}'], 'From: john@guest.example\\r\\nSubject: changed\\r\\n\\r\\nWe take it.\\r\\n')\ns.quit()\n",
        house.smtp.port(),
        reply_to(&reply)
    );
    run("python3", &["-"], &python);
    postfix.arrives("pousada.example", "ana", "the second notification", |l| {
        l.text().contains("We take it.")
    });
    assert_eq!(house.conversations("").len(), 1);
    let row = &house.conversations("")[0];
    assert_eq!(row["message_count"], 3);
}

#[test]
fn a_refused_reply_is_told_to_the_provider_only() {
    let (mut house, postfix) = wired();
    let question = b"From: nobody-here@guest.example\r\nSubject: Lost\r\nMessage-ID: <l@x>\r\n\r\nCan you answer me?\r\n";
    house.mail("nobody-here@guest.example", &["pousada@relais.localhost"], question);
    let notification = postfix
        .arrives("pousada.example", "ana", "the notification", |l| l.text().contains("answer me"));
    let answer = b"From: Ana <ana@pousada.example>\r\nSubject: Re: Lost\r\nMessage-ID: <r@x>\r\n\r\nWe try.\r\n";
    house.mail("ana@pousada.example", &[&reply_to(&notification)], answer);
    let notice = postfix.arrives("pousada.example", "ana", "the failure notice", |l| {
        l.text().contains("no such guest")
    });
    assert_eq!(notice.header("Auto-Submitted"), Some("auto-generated"));
    let id = house.conversations("")[0]["id"].as_str().unwrap().to_owned();
    let conversation = house.conversation(&id);
    let delivery = &conversation["messages"][1]["deliveries"][0];
    assert_eq!(delivery["state"], "failed", "{delivery}");
    assert_eq!(delivery["last_answer"]["enhanced"], "5.1.1");
    assert_eq!(conversation["events"][0]["kind"], "failed");
    assert!(notice.text().contains("não existe"), "says what to do: {}", notice.text());
    // Nobody is there: the next reply is not even tried, and its author learns it at once.
    assert!(house.cli(&["suppressed", "list"]).contains("nobody-here@guest.example"));
    let again = serde_json::json!({"text": "Are you there?", "translate": "no"});
    assert_eq!(house.api("POST", &format!("/conversations/{id}/messages"), Some(&again)).0, 201);
    let conversation = wait_for("the second failure and its notice", || {
        let conversation = house.conversation(&id);
        let deliveries = conversation["messages"][2]["deliveries"].as_array()?.clone();
        let ended = |purpose: &str, state: &str| {
            deliveries.iter().any(|d| d["purpose"] == purpose && d["state"] == state)
        };
        let all = ["failure_notice", "copy"].iter().all(|purpose| ended(purpose, "done"));
        (ended("reply", "failed") && all).then_some(conversation)
    });
    // What was answered is in no mail: the journal brings it back.
    house.stop();
    house.lose_store();
    house.run();
    assert_eq!(house.conversation(&id), conversation, "after losing the whole store");
    assert!(house.cli(&["suppressed", "list"]).contains("nobody-here@guest.example"));
    // Whoever writes is there.
    house.mail("nobody-here@guest.example", &["pousada@relais.localhost"], b"From: nobody-here@guest.example\r\nSubject: Here\r\nMessage-ID: <l2@x>\r\n\r\nI am here now.\r\n");
    wait_for("the address to be tried again", || {
        house.cli(&["suppressed", "list"]).contains("every address").then_some(())
    });
}

#[test]
fn a_bounce_of_our_mail_finds_its_message() {
    let (house, postfix) = wired();
    let question = b"From: John <john@guest.example>\r\nSubject: Hello\r\nMessage-ID: <h@x>\r\n\r\nAre you open?\r\n";
    house.mail("john@guest.example", &["pousada@relais.localhost"], question);
    let notification = postfix
        .arrives("pousada.example", "ana", "the notification", |l| l.text().contains("open"));
    let answer = b"From: Ana <ana@pousada.example>\r\nSubject: Re: Hello\r\nMessage-ID: <o@x>\r\n\r\nAll year.\r\n";
    house.mail("ana@pousada.example", &[&reply_to(&notification)], answer);
    let reply =
        postfix.arrives("guest.example", "john", "the answer", |l| l.text().contains("All year"));
    let verp = reply.header("Return-Path").unwrap().trim_matches(['<', '>']).to_owned();
    let bounce = format!(
        "From: MAILER-DAEMON@mx.guest.example\r\nTo: {verp}\r\nSubject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nThis is the mail system at host mx.guest.example. I could not deliver your message.\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.guest.example\r\n\r\n\
         Final-Recipient: rfc822; john@guest.example\r\nAction: failed\r\nStatus: 5.2.2\r\nDiagnostic-Code: smtp; 552 5.2.2 mailbox full\r\n\r\n--b--\r\n"
    );
    house.mail("", &[&verp], bounce.as_bytes());
    postfix.arrives("pousada.example", "ana", "the failure notice", |l| {
        l.text().contains("mailbox full")
    });
    assert_eq!(house.conversations("").len(), 1, "a bounce opens no conversation");
    let id = house.conversations("")[0]["id"].as_str().unwrap().to_owned();
    let conversation = house.conversation(&id);
    assert_eq!(conversation["events"][0]["kind"], "bounced");
}
