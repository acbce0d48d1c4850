//! Channex against a fake that misbehaves as documented: nothing lost, nothing sent twice.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "support/fake_channex.rs"]
mod fake_channex;
mod support;

use fake_channex::{FakeChannex, Fault, KEY, OTHER_PROPERTY, PROPERTY};
use serde_json::{Value, json};
use support::{House, http, wait_for};

const HOUSE: &str = "pousada@relais.localhost";
/// A PNG of one point.
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

fn connected(fake: &FakeChannex, key: &str) -> House {
    let house = House::start_with(&[
        ("RELAIS_CHANNELS__POLL_MS", "50"),
        ("RELAIS_DELIVERY__RETRY_SECONDS", "1"),
        ("RELAIS_TRANSLATION__ENGINES", "[]"),
        ("RELAIS_CHANNELS__CHANNEX_URL", &fake.url()),
    ]);
    house.cli(&[
        "connection",
        "add",
        HOUSE,
        "--channel",
        "channex",
        "--client-id",
        "k",
        "--client-secret",
        key,
        "--property",
        PROPERTY,
    ]);
    house
}

fn imported(house: &House) {
    wait_for("the import", || house.cli(&["connection", "list"]).contains("(all)").then_some(()));
}

fn messages(house: &House) -> Vec<Value> {
    let mut all = Vec::new();
    for row in house.conversations("?limit=200") {
        let one = house.conversation(row["id"].as_str().unwrap());
        all.extend(one["messages"].as_array().unwrap().iter().cloned());
    }
    all
}

fn texts(all: &[Value], side: &str) -> Vec<String> {
    let said = all.iter().filter(|m| m["side"] == side);
    let mut texts: Vec<String> = said.map(|m| m["text"].as_str().unwrap().to_owned()).collect();
    texts.sort();
    texts
}

/// The end of a reply's delivery, once it has one.
fn end_of(house: &House, conversation: &str, text: &str) -> Option<Value> {
    let one = house.conversation(conversation);
    let reply = one["messages"].as_array()?.iter().find(|m| m["text"] == text)?.clone();
    let deliveries = reply["deliveries"].as_array()?;
    let state = deliveries.iter().find(|d| d["purpose"] == "reply")?["state"].clone();
    (state != "waiting" && state != "sending").then_some(state)
}

fn reply(house: &House, conversation: &str, body: &Value) -> (u16, Value) {
    house.api("POST", &format!("/conversations/{conversation}/messages"), Some(body))
}

#[test]
fn a_small_house_talks_through_channex() {
    let fake = FakeChannex::start(0);
    for number in 1..=9 {
        let booking = format!("booking-59000000{number:02}");
        let thread = fake.state().open("BookingCom", "Anna Example", Some(&booking));
        for said in 1..=9 {
            fake.state().say(&thread, "guest", &format!("Old question {number} {said}"));
        }
        fake.state().say(&thread, "property", &format!("Old answer {number}"));
    }
    let mut house = connected(&fake, KEY);
    imported(&house);
    assert!(house.cli(&["connection", "list"]).contains("imported 90 (all)"));
    assert!(house.cli(&["connection", "test", "k"]).contains("9 conversations"));
    assert_eq!(house.conversations("?channel=booking&limit=200").len(), 9);
    assert_eq!(house.outgoing().len(), 0, "what was before is nobody's news");
    assert_eq!(house.conversations("?needs_reply=true").len(), 0);

    // A guest writes, with a picture behind a relative address.
    let thread = fake.state().threads[2].id.clone();
    let picture = data_encoding::BASE64.decode(PNG.as_bytes()).unwrap();
    fake.state().files.push(("door".into(), "image/png".into(), picture.clone()));
    fake.state().say_with(
        &thread,
        "guest",
        "Is this your door?",
        vec!["/api/v1/files/door".into()],
        Value::Null,
    );
    let notification = house.mail_out("the notification", |l| l.to[0].address.local() == "ana");
    assert!(notification.text().contains("Is this your door?"));
    assert_eq!(notification.attachments[0].content, picture);
    let waiting = house.conversations("?needs_reply=true").remove(0);
    let id = waiting["id"].as_str().unwrap().to_owned();
    let shown = house.conversation(&id);
    assert_eq!(shown["capabilities"]["text_with_attachment"], false);
    assert_eq!(waiting["channel"], "booking");
    assert_eq!(waiting["stay"], json!({"arrival": "2027-06-15", "departure": "2027-06-17"}));

    // Words and a file are two messages there; the second is done, but nobody says so.
    fake.state().post_faults = vec![Fault::Throttled, Fault::Broken];
    let file = json!({"name": "door.png", "type": "image/png", "content": PNG});
    let both = json!({"text": "Yes, the blue one.", "attachments": [file]});
    assert_eq!(reply(&house, &id, &both).0, 201);
    // The first attempt was told to wait, the second had no answer and is not in the thread.
    let end = wait_for("the end", || end_of(&house, &id, "Yes, the blue one."));
    assert_eq!(end, "unknown");
    assert_eq!(fake.state().texts("property").iter().filter(|t| t.contains("blue")).count(), 0);

    fake.state().post_faults = vec![Fault::DoneThenSilence, Fault::DoneThenSilence];
    let file = json!({"name": "map.png", "type": "image/png", "content": PNG});
    let both = json!({"text": "Here is the way.", "attachments": [file]});
    assert_eq!(reply(&house, &id, &both).0, 201);
    assert_eq!(wait_for("the end", || end_of(&house, &id, "Here is the way.")), "done");
    let sent: Vec<(String, usize)> = fake
        .state()
        .said
        .iter()
        .rev()
        .take(2)
        .map(|said| (said.text.clone(), said.attachments.len()))
        .collect();
    assert_eq!(sent, [(String::new(), 1), ("Here is the way.".to_owned(), 0)]);

    // A large picture is made small, by mail too; what no channel takes is said, and stays here.
    let mut seed: u32 = 7;
    let noise = image::RgbImage::from_fn(700, 700, |_, _| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        image::Rgb([(seed >> 8) as u8, (seed >> 16) as u8, (seed >> 24) as u8])
    });
    let mut large = std::io::Cursor::new(Vec::new());
    noise.write_to(&mut large, image::ImageFormat::Png).unwrap();
    let large = data_encoding::BASE64.encode(&large.into_inner());
    assert!(large.len() > 1_300_000);
    let token = support::reply_to(&notification);
    let by_mail = |name: &str, kind: &str, content: &str, text: &str| {
        let lines: Vec<&str> =
            content.as_bytes().chunks(76).map(|l| std::str::from_utf8(l).unwrap()).collect();
        format!(
            "From: ana@pousada.example\r\nTo: {token}\r\nSubject: Re\r\nMessage-ID: <{name}@pousada.example>\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n{text}\r\n--b\r\nContent-Type: {kind}\r\n\
             Content-Disposition: attachment; filename={name}\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--b--\r\n",
            lines.join("\r\n")
        )
    };
    house.mail(
        "ana@pousada.example",
        &[&token],
        by_mail("view.png", "image/png", &large, "The view.").as_bytes(),
    );
    assert_eq!(wait_for("the end", || end_of(&house, &id, "The view.")), "done");
    let (_, kind, sent) = fake.state().files.last().unwrap().clone();
    assert_eq!(kind, "image/jpeg");
    assert!(sent.len() <= 1_000_000, "{} bytes", sent.len());
    let there = fake.state().files.len();
    house.mail(
        "ana@pousada.example",
        &[&token],
        by_mail("map.pdf", "application/pdf", "JVBERi0xLjc=", "The map.").as_bytes(),
    );
    let told = house.mail_out("what to do", |l| l.text().contains("map.pdf"));
    assert_eq!(told.to[0].address.local(), "ana");
    assert_eq!(fake.state().files.len(), there);
    assert!(!fake.state().texts("property").contains(&"The map.".to_owned()));
    let before = messages(&house).len();

    // What the provider writes in the Extranet answers the guest too.
    let other = fake.state().threads[4].id.clone();
    fake.state().say(&other, "guest", "Do you have a cot?");
    wait_for("the question", || (messages(&house).len() == before + 1).then_some(()));
    fake.state().say(&other, "property", "Yes, we put one in your room.");
    wait_for("the answer given elsewhere", || {
        let waiting = house.conversations("?needs_reply=true");
        (messages(&house).len() == before + 2 && waiting.iter().all(|c| c["id"] == id.as_str()))
            .then_some(())
    });

    // All of it is mail, and so are the credentials: a new index says the same and goes on.
    let essence = |house: &House| {
        let mut all: Vec<String> = messages(house)
            .iter()
            .map(|m| json!([m["id"], m["side"], m["state"], m["text"], m["at"]]).to_string())
            .collect();
        all.sort();
        all
    };
    let before = essence(&house);
    house.stop();
    house.lose_store();
    house.cli(&["reindex"]);
    let token = house.cli(&["token", "add", HOUSE]).trim().to_owned();
    std::fs::write(house.path("data/demo-token"), token).unwrap();
    house.run();
    assert_eq!(essence(&house), before);
    fake.state().say(&thread, "guest", "Thank you!");
    wait_for("what came after", || {
        texts(&messages(&house), "visitor").contains(&"Thank you!".to_owned()).then_some(())
    });
    assert_eq!(reply(&house, &id, &json!({"text": "You are welcome."})).0, 201);
    assert_eq!(wait_for("the end", || end_of(&house, &id, "You are welcome.")), "done");
    assert_eq!(house.api("POST", &format!("/conversations/{id}/done"), None).0, 204);
    wait_for("the mark there", || (fake.state().no_reply_needed == [thread.clone()]).then_some(()));
}

#[test]
fn an_inquiry_becomes_a_booking() {
    let fake = FakeChannex::start(0);
    let house = connected(&fake, KEY);
    imported(&house);
    // Airbnb shows first names only, whatever a go-between knows.
    let thread = fake.state().open("AirBNB", "Lena Example", None);
    let details = json!({"booking_details": {"guest_name": "Lena Example", "listing_name": "Casa Azul",
        "checkin_date": "2027-06-01", "checkout_date": "2027-06-04", "number_of_guests": 3}});
    fake.state().say_with(&thread, "system", "inquiry", Vec::new(), details);
    let asked = house.mail_out("the inquiry", |l| l.to[0].address.local() == "ana");
    assert!(asked.text().contains("Casa Azul\n2027-06-01 – 2027-06-04"), "{}", asked.text());
    let first = house.conversations("?channel=airbnb").remove(0);
    assert_eq!(first["needs_reply"], true);
    assert_eq!(first["visitor_name"], "Lena");
    let id = first["id"].as_str().unwrap().to_owned();
    assert_eq!(reply(&house, &id, &json!({"text": "It is free."})).0, 201);
    wait_for("the end", || end_of(&house, &id, "It is free.").filter(|end| end == "done"));

    // The booking comes later, and what else is known of it is this conversation.
    fake.state().threads[0].booking = Some("booking-HMABCDEFGH".into());
    fake.state().say(&thread, "guest", "Booked!");
    wait_for("the answer", || {
        texts(&messages(&house), "visitor").contains(&"Booked!".to_owned()).then_some(())
    });
    let second = fake.state().open("Airbnb", "Lena Example", Some("booking-HMABCDEFGH"));
    fake.state().say(&second, "guest", "And may we bring a dog?");
    wait_for("the other thread", || {
        let all = house.conversations("?channel=airbnb");
        (all.len() == 1 && all[0]["message_count"] == 4).then_some(())
    });

    // What machines say there is kept, and waits for nobody.
    house.api("POST", &format!("/conversations/{id}/done"), None);
    fake.state().say(&second, "system", "The guest has checked in");
    wait_for("the note of the machine", || {
        (house.conversations("?channel=airbnb")[0]["message_count"] == 5).then_some(())
    });
    assert_eq!(house.conversations("?needs_reply=true").len(), 0);
    let all = house.conversation(&id).to_string();
    assert!(!all.contains("Example") && !all.contains("Guest"), "{all}");
}

#[test]
fn a_refused_key_is_told_once() {
    let fake = FakeChannex::start(0);
    fake.state().app_installed = false;
    let house = connected(&fake, KEY);
    wait_for("the state", || house.cli(&["connection", "list"]).contains("broken").then_some(()));
    let told = house.mail_out("the notice", |l| l.subject.contains("Channex"));
    assert_eq!(told.to[0].address.local(), "ana");
    let tried = fake.state().requests;
    assert!(tried <= 2, "{tried} requests");
    // Renewed credentials are tried at once, and an old refusal is forgotten.
    fake.state().app_installed = true;
    house.cli(&[
        "connection",
        "add",
        HOUSE,
        "--channel",
        "channex",
        "--client-id",
        "k",
        "--client-secret",
        KEY,
        "--property",
        PROPERTY,
    ]);
    imported(&house);
    assert!(house.cli(&["connection", "list"]).contains("active"));
    let notices = house.outgoing().iter().filter(|l| l.subject.contains("Channex")).count();
    assert_eq!(notices, 1);
}

#[test]
fn faults_and_kills_lose_nothing_and_repeat_nothing() {
    for seed in [21, 22] {
        let fake = FakeChannex::start(0);
        let threads: Vec<String> = (0..3)
            .map(|n| {
                fake.state().open(
                    "BookingCom",
                    "Anna Example",
                    Some(&format!("booking-590000000{n}")),
                )
            })
            .collect();
        fake.state().say(&threads[0], "guest", "The first of all");
        let mut house = connected(&fake, KEY);
        imported(&house);
        let id = house.conversations("?channel=booking")[0]["id"].as_str().unwrap().to_owned();
        (fake.state().seed, fake.state().fault_rate) = (seed, 150);
        fake.state().seed = seed;
        for round in 0..6 {
            for number in 0..4 {
                // The same words in every thread, and again and again; some with a picture.
                let text = format!("Question {}", round / 2);
                let thread = &threads[number % 3];
                match number {
                    2 => fake.state().say_with_picture(thread, &text, PNG),
                    _ => fake.state().say(thread, "guest", &text),
                };
            }
            assert_eq!(reply(&house, &id, &json!({"text": format!("Reply {round}")})).0, 201);
            if round % 2 == 1 {
                house.kill();
                house.run();
            }
        }
        fake.state().fault_rate = 0;
        let there = fake.state().threads("guest");
        wait_for("every question, in its thread and in order", || {
            (house.threads("booking", "visitor") == there).then_some(())
        });
        for round in 0..6 {
            let text = format!("Reply {round}");
            let end = wait_for("every end", || end_of(&house, &id, &text));
            let count = fake.state().texts("property").iter().filter(|t| **t == text).count();
            assert!(
                count <= 1
                    && (count == 1 || end == "unknown")
                    && (end == "done" || end == "unknown"),
                "seed {seed}: {text} {end} {count} times"
            );
        }
        let said = texts(&messages(&house), "provider");
        assert_eq!(said.len(), 6, "seed {seed}: an echo is no second message: {said:?}");
    }
}

#[test]
fn a_notification_is_a_hint_and_the_api_manages_it_all() {
    let fake = FakeChannex::start(0);
    let mut house = House::start_with(&[
        // Nothing is found by polling here.
        ("RELAIS_CHANNELS__POLL_MS", "3600000"),
        ("RELAIS_TRANSLATION__ENGINES", "[]"),
        ("RELAIS_CHANNELS__CHANNEX_URL", &fake.url()),
    ]);
    let new = json!({"channel": "channex", "name": "k", "secret": KEY, "property": PROPERTY});
    let (status, made) = house.api("POST", "/connections", Some(&new));
    assert_eq!(status, 201, "{made}");
    let id = made["id"].as_str().unwrap().to_owned();
    let shown = |house: &House| house.api("GET", "/connections", None).1["connections"][0].clone();
    wait_for("the import", || shown(&house)["synced_at"].is_string().then_some(()));
    assert!(!shown(&house).to_string().contains(KEY), "the secret is never shown again");
    let (_, asked) = house.api("POST", &format!("/connections/{id}/test"), None);
    assert_eq!(asked["ok"], true, "{asked}");

    let thread = fake.state().open("BookingCom", "Anna Example", Some("booking-5900000001"));
    fake.state().say(&thread, "guest", "Is there parking?");
    let notification = json!({"event": "message", "property_id": PROPERTY, "payload": {
        "id": "x", "message": "Something else entirely", "message_thread_id": thread, "sender": "guest"}});
    let secret = made["hook_secret"].as_str().unwrap().to_owned();
    let notify = |house: &House, secret: &str| {
        let headers = [("X-Channex-Webhook-Secret", secret), ("Content-Type", "application/json")];
        http(
            house.http,
            "POST",
            &format!("/hooks/{id}"),
            &headers,
            notification.to_string().as_bytes(),
        )
        .0
    };
    assert_eq!(notify(&house, "guessed"), 401);
    // Kept before it is answered, come twice, killed at once: read all the same, from the channel itself.
    assert_eq!(notify(&house, &secret), 200);
    assert_eq!(notify(&house, &secret), 200);
    house.kill();
    house.run();
    wait_for("what it was about", || {
        (texts(&messages(&house), "visitor") == ["Is there parking?"]).then_some(())
    });
    assert!(house.cli(&["connection", "hook", "k"]).contains(&secret));

    // Paused, a reply waits and a notification is kept.
    assert_eq!(house.api("POST", &format!("/connections/{id}/pause"), None).0, 204);
    assert_eq!(shown(&house)["state"], "paused");
    fake.state().say(&thread, "guest", "Hello?");
    assert_eq!(notify(&house, &secret), 200);
    let again = json!({"paused": false});
    assert_eq!(house.api("POST", &format!("/connections/{id}/pause"), Some(&again)).0, 204);
    wait_for("what came meanwhile", || (messages(&house).len() == 2).then_some(()));

    // Nobody else's.
    house.cli(&[
        "account",
        "add",
        "Other",
        "--address",
        "other@relais.localhost",
        "--language",
        "en",
    ]);
    let token = format!("Bearer {}", house.cli(&["token", "add", "other@relais.localhost"]).trim());
    let headers = [("Authorization", token.as_str()), ("Content-Type", "application/json")];
    let of_other = |method: &str, path: &str, body: &str| {
        http(house.http, method, &format!("/api/v1{path}"), &headers, body.as_bytes())
    };
    assert!(String::from_utf8(of_other("GET", "/connections", "").2).unwrap().contains("[]"));
    assert_eq!(of_other("POST", &format!("/connections/{id}/sync"), "").0, 404);
    assert_eq!(of_other("DELETE", &format!("/connections/{id}"), "").0, 404);
    assert_eq!(of_other("POST", "/connections", &new.to_string()).0, 409);

    assert_eq!(house.api("DELETE", &format!("/connections/{id}"), None).0, 204);
    assert_eq!(notify(&house, &secret), 404);
    assert_eq!(messages(&house).len(), 2, "the conversations stay");
}

#[test]
fn closing_goes_both_ways_and_notifications_are_registered() {
    let fake = FakeChannex::start(0);
    let opened =
        |n: u32| fake.state().open("Airbnb", "Lena", Some(&format!("booking-HMABCDEFG{n}")));
    let threads: Vec<String> = (0..3).map(opened).collect();
    fake.state().say(&threads[0], "guest", "An old question");
    fake.state().threads[0].closed = true;
    let mut house = connected(&fake, KEY);
    imported(&house);
    let of = |house: &House, text: &str| {
        let all = house.conversations("?limit=200");
        let shown = all.iter().map(|c| house.conversation(c["id"].as_str().unwrap()));
        let found = shown.into_iter().find(|c| c["messages"].to_string().contains(text))?;
        Some(found["conversation"].clone())
    };
    assert_eq!(of(&house, "An old question").unwrap()["closed"], true);

    // Closed there: nobody waits here, and what the guest says after it is answered.
    fake.state().say(&threads[1], "guest", "Is it quiet?");
    wait_for("the question", || of(&house, "Is it quiet?").filter(|c| c["needs_reply"] == true));
    fake.state().threads[1].closed = true;
    wait_for("the end", || {
        of(&house, "Is it quiet?").filter(|c| c["needs_reply"] == false && c["closed"] == true)
    });
    fake.state().say(&threads[1], "guest", "Still there?");
    wait_for("it again", || {
        of(&house, "Still there?").filter(|c| c["needs_reply"] == true && c["closed"] == false)
    });

    // Closed here is closed there.
    fake.state().say(&threads[2], "guest", "Thank you.");
    let waiting = wait_for("the thanks", || of(&house, "Thank you."));
    let path = format!("/conversations/{}/close", waiting["id"].as_str().unwrap());
    assert_eq!(house.api("POST", &path, Some(&json!({"closed": true}))).0, 204);
    wait_for("the end there", || fake.state().threads[2].closed.then_some(()));
    let closed = |house: &House| {
        ["An old question", "Is it quiet?", "Thank you."]
            .map(|text| of(house, text).unwrap()["closed"].clone())
    };
    let before = closed(&house);
    house.stop();
    house.cli(&["reindex"]);
    house.run();
    assert_eq!(closed(&house), before);

    // Its API registers the notification, once; what it sends then is believed. Else it is said how to do it by hand.
    let done = house.cli(&["connection", "hook", "k", "--register"]);
    assert!(done.contains("Channex notifies http"), "{done}");
    house.cli(&["connection", "hook", "k", "--register"]);
    let hook = fake.state().webhooks.clone();
    assert_eq!(hook.len(), 1, "{hook:?}");
    let path = hook[0].1["callback_url"].as_str().unwrap().split_once("/hooks").unwrap().1;
    let secret = hook[0].1["headers"]["X-Channex-Webhook-Secret"].as_str().unwrap();
    let headers = [("X-Channex-Webhook-Secret", secret), ("Content-Type", "application/json")];
    let sent = json!({"event": "message", "property_id": PROPERTY, "payload": {"message_thread_id": threads[0]}});
    let answer =
        http(house.http, "POST", &format!("/hooks{path}"), &headers, sent.to_string().as_bytes());
    assert_eq!(answer.0, 200);
    fake.state().no_webhooks = true;
    let by_hand = house.cli_fails(&["connection", "hook", "k", "--register"]);
    assert!(by_hand.contains("by hand"), "{by_hand}");
    assert!(house.cli(&["connection", "hook", "k"]).contains(secret));
}

#[test]
fn names_of_credentials_are_their_accounts_own() {
    let (fake, theirs) = (FakeChannex::start(0), FakeChannex::start(0));
    let thread = fake.state().open("BookingCom", "Anna Example", Some("booking-5900000001"));
    fake.state().say(&thread, "guest", "From before, here");
    let there = theirs.state().open("BookingCom", "Paul Guest", Some("booking-5900000002"));
    theirs.state().threads[0].property = OTHER_PROPERTY;
    theirs.state().say(&there, "guest", "From before, there");
    let house = connected(&fake, KEY);
    imported(&house);
    // Another account calls its key the same, and its key is another one.
    let other = "quinta@relais.localhost";
    house.cli(&["account", "add", "Quinta", "--address", other, "--language", "en"]);
    house.cli(&["member", "add", other, "rui@quinta.example"]);
    let add = |account: &str, channel: &str, secret: &str, property: &str, url: &str| {
        let mut args = vec!["connection", "add", account, "--channel", channel, "--client-id"];
        args.extend(["k", "--client-secret", secret, "--property", property, "--url", url]);
        house.cli(&args);
    };
    add(other, "channex", KEY, OTHER_PROPERTY, &theirs.url());
    wait_for("both imports", || {
        (house.cli(&["connection", "list"]).matches("imported 1 (all)").count() == 2).then_some(())
    });
    assert_eq!(texts(&messages(&house), "visitor"), ["From before, here"]);
    // On another channel the name is another one too: what is wrong there is not wrong here.
    add(HOUSE, "booking", "another secret", "1383087", &theirs.url());
    fake.state().say(&thread, "guest", "Still here");
    theirs.state().say(&there, "guest", "Still there");
    for (who, text) in [("ana", "Still here"), ("rui", "Still there")] {
        house.mail_out(text, |l| l.to[0].address.local() == who && l.text().contains(text));
    }
    // What a name does not say has to be said.
    assert!(house.cli_fails(&["connection", "pause", "k"]).contains("--account"));
    assert!(
        house.cli_fails(&["connection", "pause", "k", "--account", HOUSE]).contains("--channel")
    );
    house.cli(&["connection", "pause", "k", "--account", other]);
    let listed = house.cli(&["connection", "list"]);
    assert_eq!(listed.matches("paused").count(), 1, "{listed}");
}

#[test]
fn a_property_without_the_app_keeps_no_other_waiting() {
    let fake = FakeChannex::start(0);
    let thread = fake.state().open("BookingCom", "Anna Example", Some("booking-5900000001"));
    fake.state().say(&thread, "guest", "From before");
    fake.state().not_installed = vec![OTHER_PROPERTY];
    let house = connected(&fake, KEY);
    imported(&house);
    let mut args = vec!["connection", "add", HOUSE, "--channel", "channex", "--client-id", "k"];
    args.extend(["--client-secret", KEY, "--property", OTHER_PROPERTY]);
    house.cli(&args);
    let notice = house.mail_out("the notice", |l| l.subject.contains("Channex"));
    assert!(notice.text().contains("não nos dá acesso"), "{}", notice.text());
    fake.state().say(&thread, "guest", "Is anybody there?");
    house.mail_out("the question", |l| l.text().contains("Is anybody there?"));
    let id = house.conversations("?needs_reply=true")[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(reply(&house, &id, &json!({"text": "We are."})).0, 201);
    assert_eq!(wait_for("its end", || end_of(&house, &id, "We are.")), "done");
    assert!(house.cli(&["connection", "list"]).contains("broken"));
}

/// The property was connected anew, and what was said is told again under other ids; the platform's own are the same.
#[test]
fn the_platforms_own_id_tells_what_is_known() {
    let fake = FakeChannex::start(0);
    let house = connected(&fake, KEY);
    imported(&house);
    let thread = fake.state().open("BookingCom", "Anna", Some("booking-5900000001"));
    fake.state().say(&thread, "guest", "Is there parking?");
    fake.state().said.last_mut().unwrap().of_platform = Some("4ad42260-1");
    house.mail_out("the question", |l| l.text().contains("Is there parking?"));
    {
        let mut state = fake.state();
        let again = state.open("BookingCom", "Anna", Some("booking-5900000001"));
        state.say(&again, "guest", "Is there parking? [link removed]");
        state.said.last_mut().unwrap().of_platform = Some("4ad42260-1");
        state.say(&again, "guest", "For a van.");
        state.said.last_mut().unwrap().of_platform = Some("4ad42260-2");
    }
    house.mail_out("the new words", |l| l.text().contains("For a van."));
    assert_eq!(texts(&messages(&house), "visitor"), ["For a van.", "Is there parking?"]);
    assert_eq!(house.conversations("?channel=booking").len(), 1, "one reservation");
}

#[test]
fn what_was_removed_stays_removed_and_what_was_missed_is_news() {
    let fake = FakeChannex::start(0);
    let thread = fake.state().open("Airbnb", "Anna", None);
    fake.state().say(&thread, "guest", "The very first");
    let mut house = connected(&fake, KEY);
    imported(&house);
    fake.state().say(&thread, "guest", "Something to forget");
    house.mail_out("the message", |l| l.text().contains("Something to forget"));
    let id = house.conversations("?channel=airbnb")[0]["id"].as_str().unwrap().to_owned();
    assert!(house.api("DELETE", &format!("/conversations/{id}"), None).0 < 300);
    house.stop();
    house.environment.push(("RELAIS_DELETED_DAYS".into(), "0".into()));
    house.run();
    wait_for("the end of it", || {
        let journal = std::fs::read_to_string(house.path("maildirs/journal.jsonl")).unwrap();
        journal.contains("purged").then_some(())
    });
    // The guest writes in the same thread, and the channel has everything.
    fake.state().say(&thread, "guest", "Hello again");
    house.mail_out("the new words", |l| l.text().contains("Hello again"));
    assert_eq!(texts(&messages(&house), "visitor"), ["Hello again"]);
    house.cli(&["connection", "sync", "k", "--wait"]);
    assert_eq!(texts(&messages(&house), "visitor"), ["Hello again"]);

    // The index is lost, and meanwhile a guest writes.
    house.stop();
    house.lose_store();
    fake.state().say(&thread, "guest", "While you were away");
    house.cli(&["reindex"]);
    let token = house.cli(&["token", "add", HOUSE]).trim().to_owned();
    std::fs::write(house.path("data/demo-token"), token).unwrap();
    house.run();
    house.mail_out("what was missed", |l| l.text().contains("While you were away"));
    assert_eq!(house.conversations("?needs_reply=true").len(), 1);
    assert_eq!(texts(&messages(&house), "visitor"), ["Hello again", "While you were away"]);
}

/// Without a word from anybody: only the notification tells that an inquiry was booked.
#[test]
fn a_booking_that_is_assigned_later_is_told_by_a_notification() {
    let fake = FakeChannex::start(0);
    let house = House::start_with(&[
        // Nothing is found by polling here.
        ("RELAIS_CHANNELS__POLL_MS", "3600000"),
        ("RELAIS_TRANSLATION__ENGINES", "[]"),
        ("RELAIS_CHANNELS__CHANNEX_URL", &fake.url()),
    ]);
    let asked = fake.state().open("Airbnb", "Lena", None);
    fake.state().say(&asked, "guest", "Is it free in June?");
    let booked = fake.state().open("Airbnb", "Lena", Some("booking-HMABCDEFGH"));
    fake.state().say(&booked, "guest", "I booked it.");
    let new = json!({"channel": "channex", "name": "k", "secret": KEY, "property": PROPERTY});
    let (_, made) = house.api("POST", "/connections", Some(&new));
    let (id, secret) = (made["id"].as_str().unwrap(), made["hook_secret"].as_str().unwrap());
    wait_for("both", || (house.conversations("?channel=airbnb").len() == 2).then_some(()));
    wait_for("the import", || {
        house.api("GET", "/connections", None).1["connections"][0]["synced_at"]
            .is_string()
            .then_some(())
    });
    fake.state().threads[0].booking = Some("booking-HMABCDEFGH".into());
    let told = json!({"event": "message_thread_booking_assigned", "property_id": PROPERTY,
        "payload": {"id": asked, "booking_id": "booking-HMABCDEFGH"}});
    let headers = [("X-Channex-Webhook-Secret", secret), ("Content-Type", "application/json")];
    for _ in 0..2 {
        let path = format!("/hooks/{id}");
        let sent = http(house.http, "POST", &path, &headers, told.to_string().as_bytes());
        assert_eq!(sent.0, 200);
    }
    wait_for("one conversation", || {
        let all = house.conversations("?channel=airbnb");
        (all.len() == 1 && all[0]["message_count"] == 2).then_some(())
    });
}
