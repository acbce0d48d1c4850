//! DESIGN promise 4 with a real DNS server: who may speak as the provider, from a peer nobody vouches for.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::net::TcpListener;

use mail_auth::{
    common::{crypto::Ed25519Key, headers::HeaderWriter},
    dkim::DkimSigner,
};
use relais::ground::letter::Letter;
use support::{House, dns::Dns, reply_to, wait_for};

/// A house that trusts nobody, with one member, and the reply address of that member in a conversation.
fn house(resolver: u16, member: &str) -> (House, String) {
    house_with(resolver, &[member], &[])
}

/// [`house`] with more to say to `member add` and more settings.
fn house_with(resolver: u16, member: &[&str], settings: &[(&str, &str)]) -> (House, String) {
    let resolver = format!("127.0.0.1:{resolver}");
    let settings = [&[("RELAIS_DELIVERY__RESOLVER", resolver.as_str())], settings].concat();
    let mut house = House::prepare(&settings);
    house.cli(&["account", "add", "Pousada", "--address", "pousada@relais.localhost"]);
    let add = ["member", "add", "pousada@relais.localhost", "--name", "Ana"];
    house.cli(&[add.as_slice(), member].concat());
    house.run();
    let question = b"From: John <john@guest.example>\r\nSubject: Room\r\nMessage-ID: <q@x>\r\n\r\nIs a room free?\r\n";
    house.mail("john@guest.example", &["pousada@relais.localhost"], question);
    let notification = house.mail_out("the notification", |l| l.text().contains("room free"));
    (house, reply_to(&notification))
}

/// Is the reply sent at once, or held? Gives what the member was told when held.
fn ending(house: &House) -> Result<(), String> {
    let found: Letter = wait_for("the reply or the question about it", || {
        house
            .outgoing()
            .into_iter()
            .find(|l| l.to[0].address.local() == "john" || l.text().contains("/held/"))
    });
    if found.to[0].address.local() == "john" { Ok(()) } else { Err(found.text()) }
}

fn reply(from: &str) -> Vec<u8> {
    format!("From: {from}\r\nTo: x@y.example\r\nSubject: Re: Room\r\nDate: Mon, 23 Nov 2026 09:00:00 +0000\r\nMessage-ID: <r@x>\r\n\r\nYes, it is.\r\n").into_bytes()
}

const SPF_HERE: &str = "@ TXT \"v=spf1 ip4:127.0.0.1 -all\"";
const SPF_ELSEWHERE: &str = "@ TXT \"v=spf1 ip4:192.0.2.1 -all\"";

#[test]
fn only_the_proven_member_speaks_at_once() {
    let zones = [
        ("pousada.example", SPF_HERE.to_owned()),
        ("elsewhere.example", SPF_ELSEWHERE.to_owned()),
        ("evil.example", SPF_HERE.to_owned()),
        ("pousada-example.example", SPF_HERE.to_owned()),
        ("strict.example", format!("{SPF_HERE}\n_dmarc TXT \"v=DMARC1; p=reject\"")),
        ("silent.example", String::new()),
    ];
    let dns = Dns::start(&zones);
    for (name, member, envelope, from, sent) in [
        (
            "aligned SPF",
            "ana@pousada.example",
            "ana@pousada.example",
            "Ana <ana@pousada.example>",
            true,
        ),
        (
            "SPF and DMARC",
            "ana@strict.example",
            "ana@strict.example",
            "Ana <ana@strict.example>",
            true,
        ),
        (
            "the domain says no",
            "ana@elsewhere.example",
            "ana@elsewhere.example",
            "ana@elsewhere.example",
            false,
        ),
        (
            "the domain says nothing",
            "ana@silent.example",
            "ana@silent.example",
            "ana@silent.example",
            false,
        ),
        (
            "forged From, own envelope",
            "ana@pousada.example",
            "m@evil.example",
            "Ana <ana@pousada.example>",
            false,
        ),
        (
            "forged From under DMARC",
            "ana@strict.example",
            "m@evil.example",
            "Ana <ana@strict.example>",
            false,
        ),
        ("forged From, null path", "ana@pousada.example", "", "Ana <ana@pousada.example>", false),
        (
            "lookalike domain",
            "ana@pousada.example",
            "ana@pousada-example.example",
            "Ana <ana@pousada-example.example>",
            false,
        ),
        (
            "name shows the member",
            "ana@pousada.example",
            "m@evil.example",
            "\"ana@pousada.example\" <m@evil.example>",
            false,
        ),
        (
            "two authors",
            "ana@pousada.example",
            "ana@pousada.example",
            "ana@pousada.example, m@evil.example",
            false,
        ),
    ] {
        let (house, token) = house(dns.port, member);
        house.mail(envelope, &[&token], &reply(from));
        let ending = ending(&house);
        assert_eq!(ending.is_ok(), sent, "{name}: {ending:?}");
    }
}

/// What no check vouches for is said on the page as it is in the mail.
#[test]
fn the_page_says_what_speaks_against_a_sender() {
    let dns = Dns::start(&[("pousada.example", SPF_HERE.to_owned())]);
    let (house, _) = house(dns.port, "ana@pousada.example");
    let page = house.newest_page("ana@pousada.example");
    assert!(page.contains("Nothing proves that this sender is who it says: "), "{page}");
}

#[test]
fn a_dkim_signature_speaks_and_a_broken_one_does_not() {
    let document = Ed25519Key::generate_pkcs8().unwrap();
    let key = || Ed25519Key::from_pkcs8_maybe_unchecked_der(&document).unwrap();
    let public = data_encoding::BASE64.encode(&key().public_key());
    let record = format!("{SPF_ELSEWHERE}\ns1._domainkey TXT \"v=DKIM1; k=ed25519; p={public}\"");
    let dns = Dns::start(&[("pousada.example", record)]);
    let plain = reply("Ana <ana@pousada.example>");
    let signature = DkimSigner::from_key(key())
        .domain("pousada.example")
        .selector("s1")
        .headers(["From", "Subject", "Date", "Message-ID"])
        .sign(&plain)
        .unwrap();
    let signed = [signature.to_header().into_bytes(), plain].concat();
    let changed = String::from_utf8(signed.clone())
        .unwrap()
        .replace("Yes, it is.", "Pay me first.")
        .into_bytes();
    for (name, raw, sent) in [("signed", signed, true), ("changed on the way", changed, false)] {
        let (house, token) = house(dns.port, "ana@pousada.example");
        house.mail("bounce@mailer.example", &[&token], &raw);
        let ending = ending(&house);
        assert_eq!(ending.is_ok(), sent, "{name}: {ending:?}");
    }
}

#[test]
fn without_dns_a_reply_waits_and_is_then_held_not_lost() {
    // Below the ports the kernel gives to others meanwhile (32768 and above).
    let first = 20_000 + u16::try_from(std::process::id() % 10_000).unwrap();
    let dead = (first..).find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).unwrap();
    let settings = [("RELAIS_VOICES__DNS_WAIT_SECONDS", "0")];
    let (impatient, token) = house_with(dead, &["ana@pousada.example"], &settings);
    impatient.mail("ana@pousada.example", &[&token], &reply("Ana <ana@pousada.example>"));
    assert!(ending(&impatient).is_err());
    let (patient, token) = house(dead, "ana@pousada.example");
    patient.mail("ana@pousada.example", &[&token], &reply("Ana <ana@pousada.example>"));
    let _dns = Dns::start_on(dead, &[("pousada.example", SPF_HERE.to_owned())]);
    assert_eq!(ending(&patient), Ok(()), "sent when DNS answers again");
}

/// Whoever forges a platform's mail chooses whose DNS is asked, and nobody else waits for the answer.
#[test]
fn a_claim_nobody_answers_for_holds_up_nobody() {
    let silent = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let (house, token) = house(silent.local_addr().unwrap().port(), "ana@pousada.example");
    let forged = |n: usize| {
        format!(
            "From: Booking.com <noreply@booking.com>\r\nSubject: Forged {n}\r\nMessage-ID: <b{n}@x>\r\n\r\nPlease confirm your card.\r\n"
        )
    };
    for n in 0..3 {
        house.mail("x@evil.example", &["pousada@relais.localhost"], forged(n).as_bytes());
    }
    house.mail("m@evil.example", &[&token], &reply("Ana <ana@pousada.example>"));
    std::thread::sleep(std::time::Duration::from_millis(500));
    let begun = std::time::Instant::now();
    let question = b"From: Zoe <zoe@guest.example>\r\nSubject: Pool\r\nMessage-ID: <z@x>\r\n\r\nIs there a pool?\r\n";
    house.mail("zoe@guest.example", &["pousada@relais.localhost"], question);
    house.mail_out("the notification", |l| l.text().contains("there a pool"));
    // DNS is given eight seconds for each.
    assert!(begun.elapsed() < std::time::Duration::from_secs(7), "{:?}", begun.elapsed());
    let spooled = std::fs::read_dir(house.path("maildirs/mail/new")).unwrap().count();
    assert_eq!(spooled, 4, "the others still wait");
}

#[test]
fn a_strict_member_speaks_by_dmarc_alone() {
    let zones = [
        ("pousada.example", SPF_HERE.to_owned()),
        ("strict.example", format!("{SPF_HERE}\n_dmarc TXT \"v=DMARC1; p=reject\"")),
    ];
    let dns = Dns::start(&zones);
    for (member, sent) in [("ana@pousada.example", false), ("ana@strict.example", true)] {
        let (house, token) = house_with(dns.port, &[member, "--strict"], &[]);
        house.mail(member, &[&token], &reply(member));
        let ending = ending(&house);
        assert_eq!(ending.is_ok(), sent, "{member}: {ending:?}");
    }
}

/// The signed link in a question.
fn held_path(text: &str) -> String {
    let link = text.split_whitespace().find(|word| word.contains("/held/")).unwrap();
    link[link.find("/held/").unwrap()..].to_owned()
}

#[test]
fn a_confirmed_sender_may_be_remembered_with_what_vouched_for_it() {
    let zones = [
        ("silent.example", String::new()),
        ("mailer.example", SPF_HERE.to_owned()),
        ("evil.example", SPF_HERE.to_owned()),
    ];
    let dns = Dns::start(&zones);
    let (house, token) = house(dns.port, "ana@silent.example");
    house.mail("bounce@mailer.example", &[&token], &reply("Ana <ana@silent.example>"));
    let path = held_path(&ending(&house).unwrap_err());
    let (_, _, page) = support::http(house.http, "GET", &path, &[], b"");
    assert!(String::from_utf8_lossy(&page).contains("by mailer.example at once"));
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    support::http(house.http, "POST", &path, &form, b"decision=send&remember=1");
    let to_john =
        || house.outgoing().into_iter().filter(|l| l.to[0].address.local() == "john").count();
    wait_for("the confirmed reply", || (to_john() == 1).then_some(()));
    let again = |id: &str, from: &str, words: &str| {
        format!("From: {from}\r\nSubject: Re: Room\r\nMessage-ID: <{id}@x>\r\n\r\n{words}\r\n")
            .into_bytes()
    };
    let second = again("r2", "Ana <ana@silent.example>", "Breakfast is from eight to ten.");
    house.mail("bounce@mailer.example", &[&token], &second);
    wait_for("the next one at once", || (to_john() == 2).then_some(()));
    let forged = again("r3", "Ana <ana@silent.example>", "Please pay in advance to this account.");
    house.mail("bounce@evil.example", &[&token], &forged);
    let other = again("r4", "Eve <eve@mailer.example>", "Please pay me, I work here as well.");
    house.mail("bounce@mailer.example", &[&token], &other);
    wait_for("both to be held", || {
        let asked = house.outgoing().into_iter().filter(|l| l.text().contains("/held/")).count();
        (asked == 3).then_some(())
    });
    assert_eq!(to_john(), 2);
}

/// The API of a house that is not the demo's.
fn with_api(house: &House) {
    std::fs::create_dir_all(house.path("data")).unwrap();
    let api_token = house.cli(&["token", "add", "pousada@relais.localhost"]);
    std::fs::write(house.path("data/demo-token"), api_token).unwrap();
}

/// The provider's message that says this, once it is there.
fn said(house: &House, words: &str) -> serde_json::Value {
    wait_for(words, || {
        let rows = house.conversations("");
        let all = rows.iter().map(|row| house.conversation(row["id"].as_str().unwrap()));
        let all = all.flat_map(|c| c["messages"].as_array().unwrap().clone());
        all.into_iter().find(|m| m["side"] == "provider" && m["text"] == words)
    })
}

const FORM: [(&str, &str); 1] = [("Content-Type", "application/x-www-form-urlencoded")];

/// The link in a question speaks for its author: not for one who may only look, nor for one who was removed. The house
/// itself can still decide.
#[test]
fn a_link_may_do_no_more_than_its_author() {
    let dns = Dns::start(&[("elsewhere.example", SPF_ELSEWHERE.to_owned())]);
    let (house, token) = house(dns.port, "ana@elsewhere.example");
    with_api(&house);
    house.mail("ana@elsewhere.example", &[&token], &reply("ana@elsewhere.example"));
    let path = held_path(&ending(&house).unwrap_err());
    let add = ["member", "add", "pousada@relais.localhost", "ana@elsewhere.example"];
    house.cli(&[add.as_slice(), &["--name", "Ana", "--role", "read-only"]].concat());
    let (status, _, _) = support::http(house.http, "POST", &path, &FORM, b"decision=send");
    assert_eq!(status, 404, "may only look");
    house.cli(&["member", "remove", "pousada@relais.localhost", "ana@elsewhere.example"]);
    for (method, body) in [("GET", ""), ("POST", "decision=send"), ("POST", "decision=discard")] {
        let (status, _, _) = support::http(house.http, method, &path, &FORM, body.as_bytes());
        assert_eq!(status, 404, "removed: {method} {body}");
    }
    let held = said(&house, "Yes, it is.");
    assert_eq!(held["state"], "held");
    assert!(house.outgoing().iter().all(|l| l.to[0].address.local() != "john"), "nothing left");
    let decide = format!("/messages/{}/decision", held["id"].as_str().unwrap());
    let wanted = serde_json::json!({"decision": "send"});
    assert_eq!(house.api("POST", &decide, Some(&wanted)).0, 204);
    house.mail_out("what the house decided", |l| l.to[0].address.local() == "john");
}

/// Nobody asks a member who may only look whether it was them: whatever the answer, it could not be sent.
#[test]
fn who_may_only_look_is_asked_nothing() {
    let dns = Dns::start(&[("elsewhere.example", SPF_ELSEWHERE.to_owned())]);
    let member = ["ana@elsewhere.example", "--role", "read-only"];
    let (house, token) = house_with(dns.port, &member, &[]);
    with_api(&house);
    house.mail("ana@elsewhere.example", &[&token], &reply("ana@elsewhere.example"));
    assert_eq!(said(&house, "Yes, it is.")["state"], "refused");
    assert!(house.outgoing().iter().all(|l| !l.text().contains("/held/")), "nothing is asked");
}

/// Of those who decide at the same time the first does: what was thrown away has not left.
#[test]
fn a_held_reply_is_decided_once() {
    let dns = Dns::start(&[("elsewhere.example", SPF_ELSEWHERE.to_owned())]);
    let (house, token) = house(dns.port, "ana@elsewhere.example");
    with_api(&house);
    for round in 0..6 {
        let words = format!("This is answer number {round}.");
        let raw = format!(
            "From: ana@elsewhere.example\r\nSubject: Re: Room\r\nMessage-ID: <d{round}@x>\r\n\r\n{words}\r\n"
        );
        house.mail("ana@elsewhere.example", &[&token], raw.as_bytes());
        let id = said(&house, &words)["id"].as_str().unwrap().to_owned();
        let path = format!("/messages/{id}/decision");
        let begin = std::sync::Barrier::new(4);
        std::thread::scope(|scope| {
            for wanted in ["send", "discard", "send", "discard"] {
                let (house, path, begin) = (&house, &path, &begin);
                scope.spawn(move || {
                    begin.wait();
                    let wanted = serde_json::json!({"decision": wanted});
                    assert_eq!(house.api("POST", path, Some(&wanted)).0, 204);
                });
            }
        });
        let events = house.conversations("")[0]["id"].as_str().map(|id| house.conversation(id));
        let events = events.unwrap()["events"].as_array().unwrap().clone();
        let decides = |event: &&serde_json::Value| {
            event["message"] == id && (event["kind"] == "confirmed" || event["kind"] == "discarded")
        };
        let decided: Vec<_> = events.iter().filter(decides).collect();
        assert_eq!(decided.len(), 1, "round {round}: {decided:?}");
    }
}

/// A hop, or the member's client, wrote the house's public address in the place of the reply address: what answers a
/// mail to a member is the member's, and is looked at as such.
#[test]
fn a_member_is_known_at_the_public_address_too() {
    let dns = Dns::start(&[
        ("pousada.example", SPF_HERE.to_owned()),
        ("evil.example", SPF_HERE.to_owned()),
    ]);
    let (house, token) = house(dns.port, "ana@pousada.example");
    with_api(&house);
    let told = house.mail_out("the notification", |l| l.text().contains("room free"));
    let id = told.message_id.unwrap();
    let by_id = format!("In-Reply-To: <{id}>");
    let by_token = format!("To: {token}");
    for (number, envelope, field, state) in [
        (1, "ana@pousada.example", &by_id, "sent"),
        (2, "ana@pousada.example", &by_token, "sent"),
        (3, "m@evil.example", &by_id, "held"),
    ] {
        let words = format!("This is answer number {number}.");
        let raw = format!(
            "From: Ana <ana@pousada.example>\r\n{field}\r\nSubject: Re: Room\r\nMessage-ID: <p{number}@x>\r\n\r\n{words}\r\n"
        );
        house.mail(envelope, &["pousada@relais.localhost"], raw.as_bytes());
        let found = said(&house, &words);
        assert_eq!(found["state"], state, "{found}");
        let doubt = found["details"]["doubt"].as_str().unwrap_or("none");
        assert!(!doubt.is_empty(), "a doubt is said: {found}");
    }
}

/// Our own domains have a postmaster, others are others'; and nobody fills the administrator's mailbox.
#[test]
fn the_postmaster_is_ours_and_is_not_flooded() {
    let dns = Dns::start(&[("pousada.example", SPF_HERE.to_owned())]);
    let (house, _) = house(dns.port, "ana@pousada.example");
    let answer = |to: &str| {
        let raw = b"From: m@x.example\r\nSubject: Hello\r\n\r\nHi.\r\n";
        support::smtp(house.smtp, "m@x.example", &[to], raw).last().unwrap().clone()
    };
    assert!(answer("postmaster@elsewhere.example").starts_with("550"));
    for ours in ["postmaster", "Postmaster@relais.localhost"] {
        assert!(answer(ours).starts_with("250"), "{ours}");
    }
    let answers: Vec<String> = (0..20).map(|_| answer("postmaster")).collect();
    assert!(answers.last().unwrap().starts_with("451 4.7.1"), "{answers:?}");
    assert!(answer("pousada@relais.localhost").starts_with("250"), "others come in");
}

/// DESIGN promise 5 beyond today's list of members: the mailbox a confirmed reply was written from, and that of somebody
/// who has left, are as private.
#[test]
fn the_visitor_sees_no_mailbox_that_is_not_listed() {
    let dns = Dns::start(&[("home.example", SPF_ELSEWHERE.to_owned())]);
    let (house, token) = house(dns.port, "ana@pousada.example");
    house.cli(&["member", "add", "pousada@relais.localhost", "rui@private.example"]);
    house.cli(&["member", "remove", "pousada@relais.localhost", "rui@private.example"]);
    let raw = b"From: Ana <ana@home.example>\r\nSubject: Re: Room\r\nMessage-ID: <h@x>\r\n\r\nYes. Write to ana@home.example, not to rui@private.example any more, or to pousada@relais.localhost.\r\n";
    house.mail("ana@home.example", &[&token], raw);
    let path = held_path(&ending(&house).unwrap_err());
    support::http(house.http, "POST", &path, &FORM, b"decision=send");
    let answer = house.mail_out("the reply", |l| l.to[0].address.local() == "john");
    let text = answer.text();
    assert!(!text.contains("home.example") && !text.contains("private.example"), "{text}");
    assert!(text.contains("or to pousada@relais.localhost."), "the house is known: {text}");
}

#[test]
fn nobody_vouches_for_a_domain_that_disowns_its_mail() {
    let zones = [
        ("strict.example", format!("{SPF_ELSEWHERE}\n_dmarc TXT \"v=DMARC1; p=reject\"")),
        ("mailer.example", SPF_HERE.to_owned()),
    ];
    let dns = Dns::start(&zones);
    let (house, token) = house(dns.port, "ana@strict.example");
    house.mail("bounce@mailer.example", &[&token], &reply("Ana <ana@strict.example>"));
    let path = held_path(&ending(&house).unwrap_err());
    let (_, _, page) = support::http(house.http, "GET", &path, &[], b"");
    let page = String::from_utf8_lossy(&page).into_owned();
    assert!(page.contains("Was it you?") && !page.contains("remember"), "{page}");
}

#[test]
fn a_held_reply_nobody_confirms_expires_with_a_notice() {
    let dns = Dns::start(&[("elsewhere.example", SPF_ELSEWHERE.to_owned())]);
    let settings = [("RELAIS_VOICES__HOLD_DAYS", "0")];
    let (mut house, token) = house_with(dns.port, &["ana@elsewhere.example"], &settings);
    house.mail("ana@elsewhere.example", &[&token], &reply("ana@elsewhere.example"));
    let path = held_path(&ending(&house).unwrap_err());
    // Housekeeping looks at the start and every hour.
    house.stop();
    house.run();
    let notice = house.mail_out("the notice", |l| l.text().contains("nobody confirmed it"));
    assert!(notice.text().contains("Yes, it is."), "nothing is lost: {}", notice.text());
    let (_, _, page) = support::http(house.http, "GET", &path, &[], b"");
    assert!(String::from_utf8_lossy(&page).contains("thrown away"));
}

/// What was found out stands in the file (RFC 8601) and beside the message, for visitors too; what a mail brings and
/// calls ours does not. A visitor is never held.
#[test]
fn results_stand_in_the_file_and_beside_the_message() {
    let zones = [
        ("pousada.example", SPF_HERE.to_owned()),
        ("guest.example", format!("{SPF_HERE}\n_dmarc TXT \"v=DMARC1; p=none\"")),
        ("forged.example", format!("{SPF_ELSEWHERE}\n_dmarc TXT \"v=DMARC1; p=reject\"")),
    ];
    let dns = Dns::start(&zones);
    let (mut house, token) = house(dns.port, "ana@pousada.example");
    with_api(&house);
    house.mail("ana@pousada.example", &[&token], &reply("Ana <ana@pousada.example>"));
    let brought = b"Authentication-Results: relais.localhost; dmarc=pass header.from=forged.example\r\nAuthentication-Results: mx.other.example; spf=none\r\nFrom: Zoe <zoe@forged.example>\r\nSubject: Forged\r\nMessage-ID: <z@x>\r\n\r\nHello there.\r\n";
    house.mail("zoe@forged.example", &["pousada@relais.localhost"], brought);
    let senders = |house: &House| -> Vec<(String, serde_json::Value)> {
        let all = house.conversations("").into_iter().flat_map(|c| {
            let found = house.conversation(c["id"].as_str().unwrap());
            found["messages"].as_array().unwrap().clone()
        });
        let mut all: Vec<_> = all
            .map(|m| {
                (m["author_address"].as_str().unwrap().to_owned(), m["details"]["sender"].clone())
            })
            .collect();
        all.sort_by(|one, other| one.0.cmp(&other.0));
        all
    };
    let found = wait_for("all three senders to be looked at", || {
        let found = senders(&house);
        (found.len() == 3 && found.iter().all(|(_, sender)| sender.is_object())).then_some(found)
    });
    let authentic: Vec<_> = found
        .iter()
        .map(|(who, sender)| (who.as_str(), sender["authentic"].as_bool().unwrap()))
        .collect();
    assert_eq!(
        authentic,
        [
            ("ana@pousada.example", true),
            ("john@guest.example", true),
            ("zoe@forged.example", false)
        ]
    );
    let files: Vec<String> = std::fs::read_dir(house.path("maildirs/mail/cur"))
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    let field_of = |author: &str| -> String {
        let raw = files.iter().find(|raw| raw.contains(&format!("From: {author}"))).unwrap();
        let fields: Vec<String> = Letter::read(raw.as_bytes())
            .headers
            .iter()
            .filter(|header| header.name.eq_ignore_ascii_case("Authentication-Results"))
            .map(|header| header.value.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        let ours: Vec<&String> =
            fields.iter().filter(|value| value.starts_with("relais.localhost;")).collect();
        assert_eq!(ours.len(), 1, "{fields:?}");
        assert!(author != "Zoe" || fields.len() == 2, "the other host's stays: {fields:?}");
        ours[0].clone()
    };
    assert!(field_of("Ana").contains("spf=pass smtp.mailfrom=pousada.example; dmarc=none"));
    assert!(
        field_of("Zoe").contains(
            "spf=fail smtp.mailfrom=forged.example; dmarc=fail header.from=forged.example"
        ),
        "{}",
        field_of("Zoe")
    );
    house.stop();
    house.lose_store();
    house.cli(&["reindex"]);
    let api_token = house.cli(&["token", "add", "pousada@relais.localhost"]);
    std::fs::write(house.path("data/demo-token"), api_token).unwrap();
    house.run();
    assert_eq!(senders(&house), found, "after losing the whole store");
}

/// A flood is asked to come again, and others are not affected.
#[test]
fn a_flood_is_asked_to_come_again() {
    let dns = Dns::start(&[("pousada.example", SPF_HERE.to_owned())]);
    let settings = [("RELAIS_SMTP__MAILS_PER_MINUTE_PER_REPLY_ADDRESS", "3")];
    let (house, token) = house_with(dns.port, &["ana@pousada.example"], &settings);
    let send = |to: &str| {
        let raw = reply("ana@pousada.example");
        support::smtp(house.smtp, "ana@pousada.example", &[to], &raw).last().unwrap().clone()
    };
    let answers: Vec<String> = (0..4).map(|_| send(&token)).collect();
    assert!(answers[..3].iter().all(|answer| answer.starts_with("250")), "{answers:?}");
    assert!(answers[3].starts_with("451 4.7.1"), "{answers:?}");
    assert!(send("pousada@relais.localhost").starts_with("250"));
}

/// DESIGN promise 4: what never was, what is no longer and what is misspelt are refused alike.
#[test]
fn nobody_learns_whether_a_reply_address_ever_existed() {
    let dns = Dns::start(&[("pousada.example", SPF_HERE.to_owned())]);
    let (mut house, token) = house(dns.port, "ana@pousada.example");
    with_api(&house);
    let id = house.conversations("")[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(house.api("DELETE", &format!("/conversations/{id}"), None).0, 204);
    // Gone for good at the next start: deleted conversations are kept no day here.
    house.environment.push(("RELAIS_DELETED_DAYS".to_owned(), "0".to_owned()));
    house.stop();
    house.run();
    let (local, domain) = token.split_once('@').unwrap();
    let answer = |to: &str| {
        support::smtp(house.smtp, "ana@pousada.example", &[to], b"x").last().unwrap().clone()
    };
    let purged = wait_for("the reply address to be gone", || {
        let answer = answer(&token);
        (!answer.starts_with("250")).then_some(answer)
    });
    let mut turned = local.to_owned();
    let first = if turned.remove(0) == 'a' { 'b' } else { 'a' };
    for never in [
        format!("{first}{turned}@{domain}"),
        format!("nobody@{domain}"),
        format!("{first}{turned}.done@{domain}"),
    ] {
        assert_eq!(answer(&never), purged, "{never}");
    }
}

/// Whoever has stolen a reply address can fill the house with held mail, but not keep the visitor's words from it.
#[test]
fn forged_mail_does_not_stop_what_the_member_gets() {
    let dns = Dns::start(&[("pousada.example", SPF_ELSEWHERE.to_owned())]);
    let (house, token) = house(dns.port, "ana@pousada.example");
    for n in 0..12 {
        let forged = format!(
            "From: Ana <ana@pousada.example>\r\nTo: {token}\r\nSubject: Re: Room\r\nMessage-ID: <f{n}@x>\r\n\r\n{}\r\n",
            "Please pay to another account. ".repeat(n + 1)
        );
        house.mail("ana@pousada.example", &[&token], forged.as_bytes());
    }
    let question = b"From: John <john@guest.example>\r\nSubject: Re: Room\r\nIn-Reply-To: <q@x>\r\nMessage-ID: <q2@x>\r\n\r\nAnd is breakfast included?\r\n";
    house.mail("john@guest.example", &["pousada@relais.localhost"], question);
    let told = house.mail_out("the second notification", |l| l.text().contains("breakfast"));
    assert_eq!(told.to[0].address.local(), "ana");
    let questions = house.outgoing().iter().filter(|l| l.text().contains("/held/")).count();
    assert!((1..=6).contains(&questions), "{questions} questions about 12 forged mails");
    assert!(house.outgoing().iter().all(|l| l.to[0].address.local() != "john"), "nothing was sent");
}
