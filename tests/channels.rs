//! Booking.com and Airbnb by relay mail, and what an account's type and plan allow: the real binary over its sockets.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use mail_auth::{
    common::{crypto::Ed25519Key, headers::HeaderWriter},
    dkim::DkimSigner,
};
use relais::ground::letter::Letter;
use serde_json::json;
use support::{House, dns::Dns, http, wait_for};

const HOUSE: &str = "pousada@relais.localhost";
const RELAY: &str = "messages@pousada.relais.localhost";

fn relay_mail(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/relay_mail").join(name);
    fs::read_to_string(path).unwrap()
}

/// The conversations of one channel.
fn of_channel(house: &House, channel: &str, count: usize) -> Vec<serde_json::Value> {
    wait_for(channel, || {
        let found = house.conversations(&format!("?channel={channel}"));
        (found.len() == count).then_some(found)
    })
}

#[test]
fn a_booking_guest_is_answered_through_the_relay() {
    let house = House::start();
    house.cli(&["account", "set", HOUSE, "--relay-address", RELAY]);
    let first = relay_mail("booking-de.eml");
    let sender = "5900000002-abcdefghijklmnopqrstuvwx2.zyxwvutsrqponmlkjihgfedc2@mchat.booking.com";
    wait_for("the relay address", || {
        let replies = support::smtp(house.smtp, sender, &[RELAY], first.as_bytes());
        replies.last().unwrap().starts_with("250").then_some(())
    });
    let notification = house.mail_out("the notification", |l| l.to[0].address.local() == "ana");
    assert_eq!(notification.from[0].name.as_deref(), Some("Jürgen Müller-Lüdenscheidt"));
    let text = notification.text();
    assert!(text.starts_with("Guten Tag,\nkönnen wir schon um 13 Uhr"), "{text}");
    assert!(!text.contains("booking.com/hotel") && !text.contains("##"), "{text}");

    // The next mail of the same reservation has no threading field and another address.
    let newer = "5900000002-ZZ1C.DE2F.GH3I.JK4L@guest.booking.com";
    let second = first
        .replace(
            "5900000002-ABCDEFGHIJKLMNOPQRSTUVWX2.ZYXWVUTSRQPONMLKJIHGFEDC2@mchat.booking.com",
            newer,
        )
        .replace("r2x@mailrouter", "second@mailrouter")
        .replace("Tue, 12 May 2026 08:02", "Tue, 12 May 2026 09:02");
    assert_ne!(second, first);
    house.mail(newer, &[RELAY], second.as_bytes());
    let found = wait_for("both messages", || {
        let found = house.conversations("?channel=booking");
        assert!(found.len() <= 1, "one reservation is one conversation: {found:?}");
        found.into_iter().find(|c| c["message_count"] == 2)
    });
    let id = found["id"].as_str().unwrap();
    let shown = house.conversation(id);
    assert_eq!(shown["capabilities"]["can_reply"], true);
    assert_eq!(shown["capabilities"]["attachments"], "no_archives");
    assert_eq!(shown["messages"][1]["route"]["strategy"], "ota_key", "{shown}");

    let (status, _) = house.api(
        "POST",
        &format!("/conversations/{id}/messages"),
        Some(&json!({"text": "Ja, ab 12 Uhr."})),
    );
    assert_eq!(status, 201);
    let answer = house.mail_out("the answer", |l| l.to[0].address.domain() == "guest.booking.com");
    assert_eq!(answer.to[0].address.to_string().to_lowercase(), newer.to_lowercase());
    assert_eq!(answer.from[0].address.to_string(), RELAY, "from the address the house registered");
    assert_eq!(answer.in_reply_to[0].as_str(), "second@mailrouter-101.lhr4.prod.booking.com");
    assert_eq!(answer.text().trim(), "Ja, ab 12 Uhr.");

    // The step that tests the relay says how it went; nothing is sent for it.
    let said = wait_for("the end of the reply", || {
        Some(house.cli(&["connection", "relay", HOUSE])).filter(|said| said.contains("is done"))
    });
    assert!(said.contains(&format!("answers from {RELAY}")), "{said}");
    assert!(said.contains("Booking.com: a guest was last heard at 20"), "{said}");
    assert!(said.contains("Airbnb: no guest was heard yet"), "{said}");
    let to_guests = |l: &&Letter| l.to[0].address.domain().ends_with("booking.com");
    assert_eq!(house.outgoing().iter().filter(to_guests).count(), 1);

    // Everything is in the mail: a new index is the same one.
    let essence = |house: &House| {
        let all = house.conversation(id);
        let messages = all["messages"].as_array().unwrap().iter();
        let messages: Vec<_> = messages
            .map(|m| {
                json!([m["id"], m["side"], m["state"], m["text"], m["route"], m["author_address"]])
            })
            .collect();
        json!([
            all["conversation"]["visitor_address"],
            all["conversation"]["subject"],
            all["capabilities"],
            messages
        ])
    };
    let before = essence(&house);
    assert_eq!(before[3].as_array().unwrap().len(), 3, "{before}");
    let mut house = house;
    house.stop();
    house.cli(&["reindex"]);
    house.run();
    assert_eq!(essence(&house), before);
}

/// The platform's own pictures come along as parts of the mail; a guest's photograph may too.
#[test]
fn the_pictures_of_the_frame_are_no_files_of_the_guest() {
    let house = House::start_with(&[("RELAIS_TRANSLATION__ENGINES", "[]")]);
    let text = Letter::read(relay_mail("booking-en.eml").as_bytes()).text().replace('\n', "\r\n");
    let logo = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    let raw = format!(
        "From: \"Nora Whitfield via Booking.com\" <5900000001-AB1C.DE2F@guest.booking.com>\r\nSubject: x\r\nMessage-ID: <p1@x>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n\
         --a\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n--a\r\nContent-Type: multipart/related; boundary=r\r\n\r\n\
         --r\r\nContent-Type: text/html\r\n\r\n<img src=\"cid:logo\"><p>Hello</p>\r\n--r\r\nContent-Type: image/png\r\nContent-ID: <logo>\r\n\
         Content-Disposition: inline; filename=booking.png\r\nContent-Transfer-Encoding: base64\r\n\r\n{logo}\r\n--r--\r\n--a--\r\n\
         --m\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=van.png\r\nContent-Transfer-Encoding: base64\r\n\r\n\
         {logo}\r\n--m--\r\n"
    );
    house.mail("b@mchat.booking.com", &[HOUSE], raw.as_bytes());
    let told = house.mail_out("the notification", |l| l.to[0].address.local() == "ana");
    let files: Vec<&str> = told.attachments.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(files, ["van.png"]);
    let id = of_channel(&house, "booking", 1)[0]["id"].as_str().unwrap().to_owned();
    let message = house.conversation(&id)["messages"][0].clone();
    let hidden = message["details"]["logos"][0].as_u64().unwrap();
    assert_eq!(message["attachments"][usize::try_from(hidden).unwrap()]["name"], "booking.png");
    assert_eq!(message["details"]["logos"].as_array().unwrap().len(), 1);
}

/// What a member forwards by hand is the guest's, at the platform.
#[test]
fn a_relay_mail_forwarded_by_hand_is_the_guests() {
    let house = House::start_with(&[("RELAIS_TRANSLATION__ENGINES", "[]")]);
    let alias = "5900000001-AB1C.DE2F.GH3I.JK1L@guest.booking.com";
    let inner = Letter::read(relay_mail("booking-en.eml").as_bytes()).text();
    let forward = format!(
        "From: ana@pousada.example\r\nTo: {HOUSE}\r\nSubject: Fwd: We received this message from Nora Whitfield\r\n\
         Message-ID: <f1@pousada.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n---------- Forwarded message ---------\r\n\
         From: Nora Whitfield via Booking.com <{alias}>\r\nDate: Tue, 12 May 2026 at 08:01\r\nSubject: We received this message from Nora Whitfield\r\n\
         To: <ana@pousada.example>\r\n\r\n\r\n{}\r\n",
        inner.replace('\n', "\r\n")
    );
    house.mail("ana@pousada.example", &[HOUSE], forward.as_bytes());
    let row = of_channel(&house, "booking", 1).remove(0);
    assert_eq!(
        (&row["visitor_name"], &row["needs_reply"]),
        (&json!("Nora Whitfield"), &json!(true))
    );
    let id = row["id"].as_str().unwrap();
    let text = house.conversation(id)["messages"][0]["text"].as_str().unwrap().to_owned();
    assert_eq!(text, "Hello,\nis there parking for a van (2.3 m high)?\n\nThanks\nNora");
    let path = format!("/conversations/{id}/messages");
    assert_eq!(house.api("POST", &path, Some(&json!({"text": "Yes."}))).0, 201);
    let answer = house.mail_out("the answer", |l| l.to[0].address.domain() == "guest.booking.com");
    assert_eq!(answer.to[0].address.to_string(), alias);
    // The next mail of the reservation comes by itself, into the same conversation.
    let next = relay_mail("booking-en.eml").replace("r1x@mailrouter", "next@mailrouter");
    house.mail("b@mchat.booking.com", &[HOUSE], next.as_bytes());
    wait_for("the next", || {
        (of_channel(&house, "booking", 1)[0]["message_count"] == 3).then_some(())
    });
}

#[test]
fn airbnb_gives_no_way_to_answer_a_first_question_but_a_link() {
    let house = House::start();
    let airbnb = "bounces@email.airbnb.com";
    house.mail(airbnb, &[HOUSE], relay_mail("airbnb-inquiry.eml").as_bytes());
    let found = of_channel(&house, "airbnb", 1).remove(0);
    let id = found["id"].as_str().unwrap().to_owned();
    let shown = house.conversation(&id);
    let link = "https://www.airbnb.com/hosting/thread/2100000077";
    assert_eq!(shown["capabilities"]["can_reply"], false);
    assert_eq!(shown["capabilities"]["answer_link"], link);
    assert_eq!(shown["conversation"]["visitor_name"], "Anna");
    let notification = house.mail_out("the notification", |l| l.to[0].address.local() == "ana");
    assert!(notification.text().contains(link), "{}", notification.text());
    let path = format!("/conversations/{id}/messages");
    let (status, problem) = house.api("POST", &path, Some(&json!({"text": "Yes"})));
    assert_eq!(status, 422);
    assert!(problem["detail"].as_str().unwrap().contains(link), "{problem}");

    // By mail the same reply stays here, and the member is told what to do; the visitor still waits.
    let token = support::reply_to(&notification);
    let reply = format!("From: ana@pousada.example\r\nTo: {token}\r\nSubject: Re\r\n\r\nYes!\r\n");
    house.mail("ana@pousada.example", &[&token], reply.as_bytes());
    let told = house.mail_out("the sentence", |l| {
        l.from[0].name.as_deref() == Some("Relais") && l.text().contains(link)
    });
    assert_eq!(told.to[0].address.local(), "ana");
    let shown = house.conversation(&id);
    assert_eq!(shown["messages"][1]["state"], "refused");
    assert_eq!(shown["conversation"]["needs_reply"], true);

    // The guest books, and the next mail of the thread can be answered: text only, both languages kept.
    let next = relay_mail("airbnb-de-translated.eml").replace("2100000004", "2100000077");
    house.mail(airbnb, &[HOUSE], next.as_bytes());
    let shown = wait_for("the second message", || {
        Some(house.conversation(&id)).filter(|c| c["messages"].as_array().unwrap().len() == 3)
    });
    assert_eq!(shown["capabilities"]["can_reply"], true);
    let message = &shown["messages"][2];
    assert!(message["text"].as_str().unwrap().starts_with("Hallo, gibt es"), "{message}");
    assert!(message["details"]["translated"].as_str().unwrap().starts_with("Olá, existe"));
    let file = json!({"text": "Der Plan", "attachments": [{"name": "a.pdf", "type": "application/pdf", "content": "YQ=="}]});
    assert_eq!(house.api("POST", &path, Some(&file)).0, 422, "Airbnb's relay drops files");
    assert_eq!(house.api("POST", &path, Some(&json!({"text": "Ja, REWE."}))).0, 201);
    house.mail_out("the answer", |l| l.to[0].address.domain() == "reply.airbnb.com");
}

#[test]
fn notices_are_ordinary_mail_and_forgeries_reach_nobody() {
    let house = House::start();
    let confirmed = relay_mail("airbnb-confirmed.eml")
        .replace("Porto\r\n", "Porto\r\n\r\nWe bring our dog, is that fine?\r\n")
        .replace("Porto\n", "Porto\n\nWe bring our dog, is that fine?\n");
    assert!(confirmed.contains("our dog"));
    for notice in [relay_mail("airbnb-payout.eml"), relay_mail("booking-notice.eml"), confirmed] {
        house.mail("noreply@booking.com", &[HOUSE], notice.as_bytes());
    }
    let all = of_channel(&house, "email", 3);
    assert!(all.iter().all(|c| c["needs_reply"] == false && c["unread_count"] == 0), "{all:?}");
    // Whoever lets a platform write here has to read what it writes.
    let told = house.mail_out("the confirmation", |l| l.text().contains("is that fine?"));
    assert_eq!(told.to[0].address.local(), "ana");
    assert_eq!(told.subject, "Reservation confirmed - Anna arrives Jun 14");
    assert_eq!(support::reply_to(&told), "automated@airbnb.com");
    house.mail_out("the payout", |l| l.text().contains("210.00 EUR"));
    house.mail_out("the invoice", |l| l.text().contains("invoice is ready"));
    // The same mail by a second road, or by a second attempt.
    house.mail("noreply@booking.com", &[HOUSE], relay_mail("airbnb-payout.eml").as_bytes());
    // Who forwards such mail from their own mailbox has had it.
    let forwarded = relay_mail("airbnb-payout.eml")
        .replace("messages@pousada.relais.example", "ana@pousada.example")
        .replace("pay1@", "pay2@")
        .replace("210.00", "211.00");
    house.mail("noreply@booking.com", &[HOUSE], forwarded.as_bytes());
    of_channel(&house, "email", 4);
    assert_eq!(house.outgoing().len(), 3);

    // Nobody is trusted here, and nothing on this machine proves to be Booking.com.
    let mut stranger = House::prepare(&[
        ("RELAIS_DELIVERY__RESOLVER", "127.0.0.1:9"),
        ("RELAIS_VOICES__DNS_WAIT_SECONDS", "0"),
    ]);
    stranger.cli(&["account", "add", "Pousada", "--address", HOUSE, "--language", "pt"]);
    stranger.cli(&["member", "add", HOUSE, "ana@pousada.example"]);
    let token = stranger.cli(&["token", "add", HOUSE]).trim().to_owned();
    fs::write(stranger.path("data/demo-token"), token).unwrap();
    stranger.run();
    stranger.mail("x@evil.example", &[HOUSE], relay_mail("booking-en.eml").as_bytes());
    let kept = of_channel(&stranger, "email", 1).remove(0);
    assert_eq!(kept["needs_reply"], false);
    let shown = stranger.conversation(kept["id"].as_str().unwrap());
    assert_eq!(shown["messages"][0]["state"], "quarantined");
    assert_eq!(stranger.outgoing().len(), 0, "nobody is told to answer a fraud");
}

/// Of a conversation in which nothing was said only the journal tells.
#[test]
fn a_conversation_that_was_only_opened_is_kept_taken_back_and_goes_whole() {
    let mut house = House::start();
    let path = house.path("maildirs/journal.jsonl");
    let journal = || fs::read_to_string(&path).unwrap();
    let line = journal()
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .find(|line| line["event"] == "account")
        .unwrap();
    house.stop();
    let opened = json!({"at": line["at"], "event": "opened", "account": line["id"], "channel": "booking",
        "connection": 7, "thread": "thr-1", "reservation": "4711223344", "name": "Gerda Geheim"});
    fs::write(&path, format!("{}{opened}\n", journal())).unwrap();
    house.run();
    let id = of_channel(&house, "booking", 1)[0]["id"].as_str().unwrap().to_owned();
    house.stop();
    house.lose_store();
    house.run();
    of_channel(&house, "booking", 1);
    let path_of = format!("/conversations/{id}");
    let deleted = |house: &House| house.conversation(&id)["conversation"]["deleted_at"].clone();
    house.api("DELETE", &path_of, None);
    assert!(!deleted(&house).is_null());
    let (_, begun) =
        house.api("POST", "/conversations", Some(&json!({"reservation": "4711223344"})));
    assert!(begun.to_string().contains(&id), "{begun}");
    assert!(deleted(&house).is_null(), "who wants to write in it wants it back");
    house.api("DELETE", &path_of, None);
    house.stop();
    house.environment.push(("RELAIS_DELETED_DAYS".into(), "0".into()));
    house.run();
    wait_for("it to be gone", || journal().contains("purged").then_some(()));
    wait_for("the name to be gone", || (!journal().contains("Geheim")).then_some(()));
}

#[test]
fn a_house_without_the_plan_gets_ordinary_mail_and_loses_nothing() {
    let house = House::start();
    house.cli(&["account", "set", HOUSE, "--plan", "basic"]);
    let form = [("Content-Type", "application/json")];
    let body =
        json!({"name": "John", "email": "john@guest.example", "message": "A room in August?"});
    let (status, _, answer) =
        http(house.http, "POST", "/f/demo", &form, body.to_string().as_bytes());
    assert!(status < 300, "{status} {}", String::from_utf8_lossy(&answer));
    let mail = house.mail_out("the request", |l| l.to[0].address.local() == "ana");
    assert_eq!(support::reply_to(&mail), "john@guest.example", "answered directly");
    assert_eq!(mail.text().trim(), "A room in August?");
    // A house without an inbox gets also what a robot may have filled in, and is told so.
    let robot = json!({"email": "r@guest.example", "message": "Cheap pills", "website": "x"});
    let robot = http(house.http, "POST", "/f/demo", &form, robot.to_string().as_bytes());
    assert_eq!(robot.0, 201);
    let mail = house.mail_out("the robot's", |l| l.text().contains("Cheap pills"));
    assert!(mail.text().contains("Talvez um robô"), "{}", mail.text());
    let (status, problem) = house.api("GET", "/conversations", None);
    assert_eq!(status, 402);
    assert!(problem["detail"].as_str().unwrap().contains("plan connect"), "{problem}");
    house.cli(&["account", "set", HOUSE, "--plan", "connect"]);
    let mut all = of_channel(&house, "form", 2);
    all.retain(|c| c["visitor_address"] == "john@guest.example");
    let path = format!("/conversations/{}/messages", all[0]["id"].as_str().unwrap());
    assert_eq!(house.api("POST", &path, Some(&json!({"text": "Yes"}))).0, 201);
    house.mail_out("the answer", |l| l.to[0].address.local() == "john");

    // Reply addresses live longer than plans: they say so, and nothing is sent or lost.
    let visitor =
        house.outgoing().into_iter().rfind(|l| l.to[0].address.local() == "john").unwrap();
    let question = format!(
        "From: john@guest.example\r\nTo: {0}\r\nSubject: Re\r\nMessage-ID: <q@guest.example>\r\n\r\nAnd a cot?\r\n",
        support::reply_to(&visitor)
    );
    house.mail("john@guest.example", &[&support::reply_to(&visitor)], question.as_bytes());
    let with_token = house.mail_out("the question", |l| {
        l.to[0].address.local() == "ana" && l.text().contains("And a cot?")
    });
    let token = support::reply_to(&with_token);
    house.cli(&["account", "set", HOUSE, "--plan", "basic"]);
    let reply = |text: &str| {
        format!(
            "From: ana@pousada.example\r\nTo: {token}\r\nSubject: Re\r\nMessage-ID: <{0}@pousada.example>\r\n\r\n{text}\r\n",
            text.len()
        )
    };
    house.mail("ana@pousada.example", &[&token], reply("There is one.").as_bytes());
    let told = house.mail_out("what became of it", |l| l.text().contains("john@guest.example"));
    assert_eq!(told.to[0].address.local(), "ana");
    let second = question.replace("q@", "q2@").replace("And a cot?", "Hello, the cot?");
    house.mail("john@guest.example", &[&support::reply_to(&visitor)], second.as_bytes());
    let plain = house.mail_out("as ordinary mail", |l| l.text().contains("Hello, the cot?"));
    assert_eq!(support::reply_to(&plain), "john@guest.example");
    let heard = |house: &House| {
        house.outgoing().iter().filter(|l| l.to[0].address.local() == "john").count()
    };
    let before = heard(&house);
    house.cli(&["account", "set", HOUSE, "--plan", "connect"]);
    let shown = house.conversation(all[0]["id"].as_str().unwrap());
    let states: Vec<&str> = shown["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["received", "sent", "received", "refused", "received"]);
    assert_eq!(heard(&house), before, "what was refused is not sent later by itself");
    house.mail("ana@pousada.example", &[&token], reply("There is one for you.").as_bytes());
    house.mail_out("the answer", |l| l.text().contains("There is one for you."));
}

#[test]
fn platforms_are_for_houses_that_rent_rooms() {
    let house = House::start();
    house.cli(&["account", "set", HOUSE, "--type", "activity"]);
    house.mail("b@mchat.booking.com", &[HOUSE], relay_mail("booking-en.eml").as_bytes());
    let all = of_channel(&house, "email", 1);
    assert_eq!(all[0]["needs_reply"], true, "it is ordinary mail then, and not lost");
    assert_eq!(house.conversations("?channel=booking").len(), 0);
}

/// A smarthost that takes mail for everybody but Booking.com's relay, as the relay does with an unregistered sender.
fn refusing_relay(answer: &'static str, registered: &Arc<AtomicBool>) -> u16 {
    let registered = Arc::clone(registered);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let registered = Arc::clone(&registered);
            std::thread::spawn(move || {
                let mut out = stream.try_clone().unwrap();
                let _ = out.write_all(b"220 host\r\n");
                let mut in_data = false;
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    let verb = line.split(' ').next().unwrap_or_default().to_uppercase();
                    let reply = match verb.as_str() {
                        "." => "250 2.0.0 kept",
                        _ if in_data => continue,
                        "DATA" => "354 go on",
                        "RCPT"
                            if line.to_lowercase().contains("booking.com")
                                && !registered.load(Ordering::Relaxed) =>
                        {
                            answer
                        }
                        _ => "250 2.0.0 fine",
                    };
                    in_data = verb == "DATA";
                    if out.write_all(format!("{reply}\r\n").as_bytes()).is_err() {
                        return;
                    }
                }
            });
        }
    });
    port
}

/// A house that sends through such a relay.
fn behind(answer: &'static str, registered: &Arc<AtomicBool>) -> House {
    let port = refusing_relay(answer, registered).to_string();
    House::start_with(&[
        ("RELAIS_TRANSLATION__ENGINES", "[]"),
        ("RELAIS_DELIVERY__TRANSPORT", "smarthost"),
        ("RELAIS_DELIVERY__SMARTHOST__HOST", "127.0.0.1"),
        ("RELAIS_DELIVERY__SMARTHOST__PORT", &port),
        ("RELAIS_DELIVERY__SMARTHOST__TLS", "none"),
    ])
}

#[test]
fn a_relay_that_refused_is_tried_again() {
    let registered = Arc::new(AtomicBool::new(false));
    let house = behind("550 5.1.1 no such user here", &registered);
    house.mail("b@mchat.booking.com", &[HOUSE], relay_mail("booking-en.eml").as_bytes());
    let id = of_channel(&house, "booking", 1)[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/conversations/{id}/messages");
    let ends = |count: usize| {
        wait_for("the ends", || {
            let shown = house.conversation(&id);
            let all = shown["messages"].as_array()?.iter().filter(|m| m["side"] == "provider");
            let end =
                |m: &serde_json::Value| m["deliveries"][0]["state"].as_str().map(str::to_owned);
            let ends: Vec<String> = all.filter_map(end).collect();
            let over = ends.iter().all(|end| end == "done" || end == "failed");
            (ends.len() == count && over).then_some(ends)
        })
    };
    assert_eq!(house.api("POST", &path, Some(&json!({"text": "Yes."}))).0, 201);
    assert_eq!(ends(1), ["failed"]);
    let relay = |house: &House| house.api("GET", "/relay", None).1["relays"][0].clone();
    assert_eq!(relay(&house)["last_reply"]["state"], "failed", "{}", relay(&house));
    assert!(relay(&house)["register_at"].as_str().unwrap().starts_with("Extranet"));
    // The address was registered there; the guest need not write first.
    registered.store(true, Ordering::Relaxed);
    assert_eq!(house.api("POST", &path, Some(&json!({"text": "Yes, there is."}))).0, 201);
    assert_eq!(ends(2), ["failed", "done"]);
    assert_eq!(relay(&house)["last_reply"]["state"], "done");
}

#[test]
fn a_relay_that_refuses_is_told_with_what_to_do() {
    let house = behind("550 5.7.1 this sender is not registered", &Arc::default());
    let first = house.cli(&["connection", "relay", HOUSE]);
    assert!(first.contains("no reply was sent yet; register pousada@relais.localhost"), "{first}");
    house.mail("b@mchat.booking.com", &[HOUSE], relay_mail("booking-en.eml").as_bytes());
    let id = of_channel(&house, "booking", 1)[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/conversations/{id}/messages");
    assert_eq!(house.api("POST", &path, Some(&json!({"text": "Yes."}))).0, 201);
    wait_for("the refusal", || {
        let shown = house.conversation(&id).to_string();
        shown.contains("not registered").then_some(())
    });
    let said = house.cli_fails(&["connection", "relay", HOUSE]);
    assert!(
        said.contains("Booking.com refuses pousada@relais.localhost; register it: Extranet"),
        "{said}"
    );
}

/// A relay may take a reply and send it back later.
#[test]
fn a_relay_that_bounces_later_is_told_too() {
    let house = House::start_with(&[("RELAIS_TRANSLATION__ENGINES", "[]")]);
    house.mail("b@mchat.booking.com", &[HOUSE], relay_mail("booking-en.eml").as_bytes());
    let id = of_channel(&house, "booking", 1)[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/conversations/{id}/messages");
    assert_eq!(house.api("POST", &path, Some(&json!({"text": "Yes, 3 m high."}))).0, 201);
    let is_answer = |l: &Letter| l.to[0].address.domain().ends_with("booking.com");
    let answer = house.mail_out("the answer", is_answer);
    let verdict =
        |house: &House| house.api("GET", "/relay", None).1["relays"][0]["verdict"].clone();
    wait_for("its end", || (verdict(&house) == "works").then_some(()));
    let sent_by = answer.header("Return-Path").unwrap().trim_matches(['<', '>', ' ']).to_owned();
    let alias = answer.to[0].address.clone();
    let dsn = format!(
        "From: MAILER-DAEMON@mchat.booking.com\r\nTo: {sent_by}\r\nSubject: Undeliverable\r\nMessage-ID: <d1@mchat>\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\n\
         Your address is not registered.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mchat.booking.com\r\n\r\n\
         Final-Recipient: rfc822; {alias}\r\nAction: failed\r\nStatus: 5.7.1\r\n\
         Diagnostic-Code: smtp; 550 5.7.1 sender not registered\r\n\r\n--b--\r\n"
    );
    house.mail("", &[&sent_by], dsn.as_bytes());
    wait_for("the refusal", || (verdict(&house) == "refused").then_some(()));
    house.mail_out("what became of it", |l| {
        l.to[0].address.local() == "ana" && l.text().contains("sender not registered")
    });
    // The next one is tried all the same: it may be registered by now.
    assert_eq!(house.api("POST", &path, Some(&json!({"text": "Or 2.5 m."}))).0, 201);
    house.mail_out("the next answer", |l| is_answer(l) && l.text().contains("Or 2.5 m."));
    assert_eq!(of_channel(&house, "booking", 1)[0]["message_count"], 3, "and it opens nothing");
    assert_eq!(house.conversations("").len(), 1);
}

/// The mails of the platforms with their signatures, over a real DNS server: nobody here trusts the peer.
#[test]
fn platforms_are_believed_for_their_signatures_direct_or_passed_on_by_a_mailbox() {
    let document = Ed25519Key::generate_pkcs8().unwrap();
    let key = || Ed25519Key::from_pkcs8_maybe_unchecked_der(&document).unwrap();
    let public = data_encoding::BASE64.encode(&key().public_key());
    let theirs = format!(
        "s1._domainkey TXT \"v=DKIM1; k=ed25519; p={public}\"\n_dmarc TXT \"v=DMARC1; p=reject\""
    );
    let here = "@ TXT \"v=spf1 ip4:127.0.0.1 -all\"".to_owned();
    let dns = Dns::start(&[
        ("com", String::new()),
        ("mchat.booking.com", theirs.clone()),
        ("booking.com", String::new()),
        ("airbnb.com", theirs),
        ("gmail.com", here),
        ("evil.example", format!("s1._domainkey TXT \"v=DKIM1; k=ed25519; p={public}\"")),
    ]);
    let resolver = format!("127.0.0.1:{}", dns.port);
    let mut house = House::prepare(&[
        ("RELAIS_DELIVERY__RESOLVER", resolver.as_str()),
        ("RELAIS_TRANSLATION__ENGINES", "[]"),
    ]);
    house.cli(&["account", "add", "Pousada", "--address", HOUSE, "--language", "pt"]);
    house.cli(&["member", "add", HOUSE, "ana@pousada.example"]);
    let token = house.cli(&["token", "add", HOUSE]).trim().to_owned();
    fs::write(house.path("data/demo-token"), token).unwrap();
    house.run();

    let signed = |mail: &str, domain: &str| {
        let plain = mail.replace("\r\n", "\n").replace('\n', "\r\n");
        let signature = DkimSigner::from_key(key())
            .domain(domain)
            .selector("s1")
            .headers(["From", "Reply-To", "Subject", "Date", "Message-ID"])
            .sign(plain.as_bytes())
            .unwrap();
        format!("{}{plain}", signature.to_header())
    };
    // As Gmail passes on what a filter names: its own envelope, its own fields on top, everything below untouched.
    let passed_on = |mail: &str| {
        format!(
            "X-Forwarded-To: {HOUSE}\r\nX-Forwarded-For: ana@gmail.com {HOUSE}\r\nDelivered-To: ana@gmail.com\r\n\
             ARC-Seal: i=1; a=rsa-sha256; t=1778572860; cv=none; d=google.com; s=arc-20240605; b=AAAA\r\n\
             ARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/relaxed; d=google.com; s=arc-20240605; h=from:subject; bh=AAAA; b=AAAA\r\n\
             ARC-Authentication-Results: i=1; mx.google.com; dkim=pass header.i=@mchat.booking.com; dmarc=pass\r\n\
             Return-Path: <bounce@mailrouter.booking.com>\r\n{mail}"
        )
    };
    let gmail = "ana+caf_=pousada=relais.localhost@gmail.com";
    // The alias with a token is mchat's, whose domain signs.
    let booking = |name: &str, number: &str| {
        let mail = relay_mail(name).replace("5900000002", number);
        mail.replace("r2x@mailrouter", &format!("{number}@mailrouter"))
    };
    let airbnb = |number: &str| {
        let mail = relay_mail("airbnb-en.eml").replace("2100000001", number);
        mail.replace("geo1Pq1xRs2@", &format!("{number}@"))
            .replace("qqqqqqqq7919@", &format!("{number}@"))
    };
    let sent = [
        // Signed by the sender's domain, from a host of theirs that SPF does not even know.
        (
            "x@mchat.booking.com",
            signed(&booking("booking-de.eml", "5900000101"), "mchat.booking.com"),
        ),
        (gmail, passed_on(&signed(&booking("booking-de.eml", "5900000102"), "mchat.booking.com"))),
        ("bounces@email.airbnb.com", signed(&airbnb("2100000101"), "airbnb.com")),
        (gmail, passed_on(&signed(&airbnb("2100000102"), "airbnb.com"))),
    ];
    for (envelope, mail) in &sent {
        house.mail(envelope, &[HOUSE], mail.as_bytes());
    }
    of_channel(&house, "booking", 2);
    of_channel(&house, "airbnb", 2);
    assert_eq!(house.conversations("?needs_reply=true").len(), 4);
    // By both roads it is one message: the second says nothing new.
    house.mail(gmail, &[HOUSE], passed_on(&sent[0].1).as_bytes());
    // Whose signature is gone, broken, or another's is not theirs, whatever the mailbox that passes it on.
    let broken = signed(&booking("booking-de.eml", "5900000103"), "mchat.booking.com");
    let forged = [
        (gmail, passed_on(&format!("{broken}\r\nPay here: https://x.example\r\n"))),
        (gmail, passed_on(&booking("booking-de.eml", "5900000104").replace('\n', "\r\n"))),
        ("x@evil.example", signed(&booking("booking-de.eml", "5900000105"), "evil.example")),
        ("x@evil.example", signed(&airbnb("2100000105"), "evil.example")),
    ];
    for (envelope, mail) in &forged {
        house.mail(envelope, &[HOUSE], mail.as_bytes());
    }
    let aside = of_channel(&house, "email", 4);
    for row in aside {
        let shown = house.conversation(row["id"].as_str().unwrap());
        assert_eq!(shown["messages"][0]["state"], "quarantined", "{row}");
    }
    assert_eq!(
        of_channel(&house, "booking", 2).iter().filter(|c| c["message_count"] == 1).count(),
        2
    );
    of_channel(&house, "airbnb", 2);
    assert_eq!(house.outgoing().len(), 4, "nobody is told of a forgery");
}

/// The address of a channel's thread in a From field is nobody's: a reply there would be posted with the house's
/// credentials wherever a stranger wants.
#[test]
fn a_stranger_cannot_name_a_thread_of_a_channel() {
    let house = House::start();
    let ways = "x/../../OTHER/conversations/T7@1.booking.channel.invalid";
    for (number, from, reply_to, expected) in [
        (0, ways, None, None),
        (1, "t@channel.invalid", None, None),
        (2, "john@guest.example", Some(ways), Some("john@guest.example")),
    ] {
        let reply_to = reply_to.map(|a| format!("Reply-To: <{a}>\r\n")).unwrap_or_default();
        let raw = format!(
            "From: John <{from}>\r\n{reply_to}Subject: Question {number}\r\nMessage-ID: <t{number}@x>\r\n\r\nIs a room free in August?\r\n"
        );
        house.mail("eve@evil.example", &[HOUSE], raw.as_bytes());
        let row = wait_for("the conversation", || {
            let subject = format!("Question {number}");
            house.conversations("").into_iter().find(|c| c["subject"] == subject.as_str())
        });
        assert_eq!(row["visitor_address"].as_str(), expected, "{row}");
        let shown = house.conversation(row["id"].as_str().unwrap());
        assert_eq!(shown["capabilities"]["can_reply"], expected.is_some(), "{shown}");
    }
}

/// An address that was given up is refused; what was accepted for it before is set aside where people see it, and
/// threaded when somebody tries it again.
#[test]
fn what_was_accepted_for_an_address_given_up_is_set_aside() {
    let house = House::start();
    let give = |address: &str| {
        house.cli(&["account", "set", HOUSE, "--relay-address", address]);
    };
    let mail = |to: &str, number: usize| {
        let raw = format!(
            "From: Zed <zed@guest.example>\r\nSubject: Question {number}\r\nMessage-ID: <z{number}@x>\r\n\r\nIs a room free?\r\n"
        );
        let replies = support::smtp(house.smtp, "zed@guest.example", &[to], raw.as_bytes());
        replies.last().unwrap().starts_with("250")
    };
    let (old, new) = ("old@relais.localhost", "new@relais.localhost");
    give(old);
    wait_for("the relay address", || mail(old, 1).then_some(()));
    wait_for("the question", || (house.conversations("").len() == 1).then_some(()));
    let folder = house.path("maildirs/mail");
    let first = fs::read_dir(folder.join("cur")).unwrap().flatten().next().unwrap().path();
    give(new);
    wait_for("the new one", || mail(new, 2).then_some(()));
    assert!(!mail(old, 3), "given up");
    // As if it had been accepted in the moment before.
    let again = fs::read_to_string(first).unwrap().replace("Question 1", "Question 4");
    let again = again.replace("<z1@x>", "<z4@x>");
    fs::write(folder.join("new/1790000000.M000001P1Q00000001.relais.localhost"), again).unwrap();
    let listed = wait_for("it to be set aside", || {
        let listed = house.cli(&["queue", "list"]);
        listed.contains("1790000000").then_some(listed)
    });
    assert!(listed.contains("any more"), "{listed}");
    give(old);
    wait_for("the old one again", || mail(old, 5).then_some(()));
    house.cli(&["queue", "retry"]);
    wait_for("it to be threaded", || {
        house.conversations("").iter().any(|c| c["subject"] == "Question 4").then_some(())
    });
}

#[test]
fn a_signature_is_no_file_and_a_link_is_no_thread() {
    let house = House::start_with(&[("RELAIS_TRANSLATION__ENGINES", "[]")]);
    let airbnb = "bounces@email.airbnb.com";
    // Two guests; the first names the second's thread in their words.
    let second = relay_mail("airbnb-en.eml")
        .replace("2100000001", "9999999999")
        .replace("\"Anna (Airbnb)\"", "\"Bea (Airbnb)\"")
        .replace("qqqqqqqqqqqq", "bbbbbbbbbbbb")
        .replace("\nAnna\n\nBooker", "\nBea\n\nBooker")
        .replace("Message-ID: <", "Message-ID: <second-");
    house.mail(airbnb, &[HOUSE], second.as_bytes());
    let bea = of_channel(&house, "airbnb", 1).remove(0);
    let bea = bea["id"].as_str().unwrap();
    let before = house.conversation(bea)["conversation"]["visitor_address"].clone();
    house.mail(airbnb, &[HOUSE], relay_mail("airbnb-en-own-link.eml").as_bytes());
    let all = of_channel(&house, "airbnb", 2);
    assert_eq!(house.conversation(bea)["conversation"]["visitor_address"], before);
    assert_eq!(house.conversation(bea)["conversation"]["visitor_name"], "Bea");
    assert!(all.iter().any(|c| c["visitor_name"] == "Anna"), "{all:?}");

    // Airbnb's relay takes no files; the logo of a mail program is none, and a map is one.
    let asked = house.mail_out("the question", |l| l.text().contains("my friend asked"));
    let token = support::reply_to(&asked);
    let logo = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    let mail = |id: &str, disposition: &str, kind: &str, content: &str| {
        let mail = format!(
            "From: ana@pousada.example\r\nTo: {token}\r\nSubject: Re\r\nMessage-ID: <{id}@pousada.example>\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
             <p>Yes, of course, {id}.</p><p>Ana<br><img src=\"cid:logo\"></p>\r\n--b\r\nContent-Type: {kind}\r\n{disposition}\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n{content}\r\n--b--\r\n"
        );
        house.mail("ana@pousada.example", &[&token], mail.as_bytes());
    };
    let shown = "Content-ID: <logo>\r\nContent-Disposition: inline; filename=logo.png";
    mail("signed", shown, "image/png", logo);
    let answer = house.mail_out("the answer", |l| l.to[0].address.domain() == "reply.airbnb.com");
    assert!(answer.text().contains("Yes, of course, signed."), "{}", answer.text());
    assert!(answer.attachments.is_empty());
    mail(
        "map",
        "Content-Disposition: attachment; filename=map.pdf",
        "application/pdf",
        "JVBERi0xLjc=",
    );
    house.mail_out("the sentence", |l| {
        l.from[0].name.as_deref() == Some("Relais") && l.text().contains("map.pdf")
    });
}
