//! Booking.com's Messaging API against a fake that misbehaves as documented: nothing lost, nothing sent twice.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "support/fake_booking.rs"]
mod fake_booking;
mod support;

use std::collections::BTreeMap;

use fake_booking::{FakeBooking, Fault};
use serde_json::{Value, json};
use support::{House, http, wait_for};

const HOUSE: &str = "pousada@relais.localhost";

fn connected(fake: &FakeBooking, secret: &str) -> House {
    connected_with(fake, secret, &[])
}

fn connected_with(fake: &FakeBooking, secret: &str, more: &[(&str, &str)]) -> House {
    let mut environment = vec![
        ("RELAIS_CHANNELS__POLL_MS", "50"),
        ("RELAIS_DELIVERY__RETRY_SECONDS", "1"),
        ("RELAIS_TRANSLATION__ENGINES", "[]"),
    ];
    environment.extend(more);
    let house = House::start_with(&environment);
    house.cli(&[
        "connection",
        "add",
        HOUSE,
        "--client-id",
        "machine-1",
        "--client-secret",
        secret,
        "--property",
        "1383087",
        "--url",
        &fake.url(),
        "--token-url",
        &fake.url(),
    ]);
    house
}

fn messages(house: &House) -> Vec<Value> {
    let mut all = Vec::new();
    for row in house.conversations("?channel=booking&limit=200") {
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

fn sorted(mut all: Vec<String>) -> Vec<String> {
    all.sort();
    all
}

#[test]
fn a_house_talks_through_the_api() {
    let fake = FakeBooking::start(0);
    for number in 1..=45 {
        let thread = format!("thread-{number}");
        fake.state().say(&thread, true, &format!("An old question, number {number}"), false);
        fake.state().say(&thread, false, &format!("An old answer, number {number}"), false);
    }
    let mut house = connected(&fake, "s3cr3t");
    wait_for("the import", || {
        house.cli(&["connection", "list"]).contains("imported 90 (all)").then_some(())
    });
    assert_eq!(house.conversations("?channel=booking&limit=200").len(), 45);
    assert_eq!(house.outgoing().len(), 0, "what was before is nobody's news");
    assert_eq!(house.conversations("?needs_reply=true").len(), 0);
    // Once more: all is known, and whoever waits sees how far it has come.
    let again = house.cli(&["connection", "sync", "machine-1", "--wait"]);
    assert!(again.contains("90 messages imported"), "{again}");
    assert_eq!(house.conversations("?channel=booking&limit=200").len(), 45);

    fake.state().say("thread-7", true, "Is there parking for a van?", true);
    let notification = house.mail_out("the notification", |l| l.to[0].address.local() == "ana");
    assert!(notification.text().contains("parking for a van"));
    assert_eq!(notification.from[0].name.as_deref(), Some("Anna Example"));
    let waiting = house.conversations("?needs_reply=true").remove(0);
    let id = waiting["id"].as_str().unwrap().to_owned();
    assert_eq!(waiting["message_count"], 3);

    // The answer is done, but nobody says so: the thread is read again, and it is there once.
    fake.state().post_faults = vec![Fault::DoneThenSilence];
    let path = format!("/conversations/{id}/messages");
    let (status, _) =
        house.api("POST", &path, Some(&json!({"text": "Yes, free. https://x.example/map"})));
    assert_eq!(status, 201);
    let done = |house: &House, count: usize| {
        let one = house.conversation(&id);
        let all = one["messages"].as_array().unwrap();
        let reply = all.iter().rfind(|m| m["channel"] == "api")?;
        let state =
            reply["deliveries"].as_array()?.iter().find(|d| d["purpose"] == "reply")?["state"]
                .clone();
        (state != "waiting" && state != "sending" && all.len() == count).then_some(state)
    };
    let state = wait_for("the end of the reply", || done(&house, 4));
    // Although its link was stripped on the way.
    assert_eq!(state, "done");
    fake.state().post_faults = vec![Fault::Unauthorized, Fault::DoneThenSilence];
    house.api("POST", &path, Some(&json!({"text": "And it is in front of the house."})));
    let state = wait_for("the end of the second reply", || done(&house, 5));
    assert_eq!(state, "done");
    let sent = fake.state().texts(false);
    assert_eq!(sent.iter().filter(|t| t.contains("in front of the house")).count(), 1);
    assert_eq!(sent.iter().filter(|t| t.contains("Yes, free.")).count(), 1);

    // What the provider writes in the Extranet answers the guest too.
    fake.state().say("thread-9", true, "Do you have a cot?", true);
    wait_for("the question", || {
        (house.conversations("?needs_reply=true").len() == 1).then_some(())
    });
    fake.state().say("thread-9", false, "Yes, we put one in your room.", true);
    wait_for("the answer given elsewhere", || {
        (house.conversations("?needs_reply=true").is_empty()).then_some(())
    });

    // The same message as a relay mail is the same message.
    fake.state().say("thread-11", true, "We arrive at ten in the evening.", true);
    wait_for("the message", || {
        messages(&house)
            .iter()
            .any(|m| m["text"] == "We arrive at ten in the evening.")
            .then_some(())
    });
    let alias = format!("{}-AB1C.DE2F@guest.booking.com", fake_booking::reservation("thread-11"));
    let copy = format!(
        "From: \"Anna Example via Booking.com\" <{alias}>\r\nTo: {HOUSE}\r\nSubject: x\r\n\
        Message-ID: <copy@booking.com>\r\n\r\n##- reply above -##\r\n\r\nAnna Example wrote:\r\n\r\n\
        We arrive at ten in the evening.\r\n\r\nReply [https://admin.booking.com/x]\r\n"
    );
    let before = messages(&house).len();
    house.mail(&alias, &[HOUSE], copy.as_bytes());
    // Held up on its way for an hour, and dated when it was sent.
    let hour_ago = fake_booking::hour_ago();
    fake.state().say("thread-11", true, "And we bring a dog.", false);
    let at = hour_ago.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string();
    fake.state().amend(|said| said.at = at);
    let last = fake.state().said.len() - 1;
    fake.state().queue.push(last);
    wait_for("the dog", || {
        messages(&house).iter().any(|m| m["text"] == "And we bring a dog.").then_some(())
    });
    let dated =
        hour_ago.strftime("Date: %a, %d %b %Y %H:%M:%S +0000\r\nMessage-ID: <late").to_string();
    let late = copy
        .replace("Message-ID: <copy", &dated)
        .replace("We arrive at ten in the evening.", "And we bring a dog.");
    house.mail(&alias, &[HOUSE], late.as_bytes());
    let before = before + 1;
    fake.state().say("thread-12", true, "After the copy.", true);
    wait_for("what came after", || {
        messages(&house).iter().any(|m| m["text"] == "After the copy.").then_some(())
    });
    assert_eq!(messages(&house).len(), before + 1);
    assert!(fake.state().exchanges <= 3, "one token for all: {}", fake.state().exchanges);

    // All of it is mail: a new index says the same.
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
    house.cli(&["reindex"]);
    house.run();
    assert_eq!(essence(&house), before);
}

#[test]
fn refused_credentials_are_said_and_not_hammered() {
    let fake = FakeBooking::start(0);
    let house = connected(&fake, "wrong");
    wait_for("the state", || house.cli(&["connection", "list"]).contains("broken").then_some(()));
    let tried = fake.state().exchanges;
    assert!(tried <= 2, "{tried} exchanges");
    assert!(
        !std::fs::read(house.path("data/relais.sqlite")).unwrap().windows(5).any(|w| w == b"wrong")
    );
}

#[test]
fn faults_and_kills_lose_nothing_and_repeat_nothing() {
    for seed in [11, 12] {
        let fake = FakeBooking::start(0);
        fake.state().say("thread-1", true, "The first of all", false);
        let mut house = connected(&fake, "s3cr3t");
        wait_for("the import", || {
            house.cli(&["connection", "list"]).contains("(all)").then_some(())
        });
        let id = house.conversations("?channel=booking")[0]["id"].as_str().unwrap().to_owned();
        (fake.state().seed, fake.state().fault_rate) = (seed, 250);
        fake.state().seed = seed;
        for round in 0..6 {
            for number in 0..4 {
                let thread = format!("thread-{}", 1 + number % 3);
                fake.state().say(&thread, true, &format!("Question {round} {number}"), true);
            }
            let reply = json!({"text": format!("Reply {round}")});
            assert_eq!(
                house.api("POST", &format!("/conversations/{id}/messages"), Some(&reply)).0,
                201
            );
            if round % 2 == 1 {
                house.kill();
                house.run();
            }
        }
        fake.state().fault_rate = 0;
        let there = there(&fake, "thread-", true);
        wait_for("every question, in its thread and in order", || {
            (by_thread(&house, &house.token(), "visitor") == there).then_some(())
        });
        // Every reply ends; one whose end nobody knows is not repeated.
        let ends = wait_for("every end", || {
            let one = house.conversation(&id);
            let replies =
                one["messages"].as_array().unwrap().iter().filter(|m| m["channel"] == "api");
            let ends: Vec<(String, Value)> = replies
                .map(|m| {
                    let all = m["deliveries"].as_array().unwrap();
                    let end =
                        all.iter().find(|d| d["purpose"] == "reply").unwrap()["state"].clone();
                    (m["text"].as_str().unwrap().to_owned(), end)
                })
                .collect();
            let over = |end: &Value| *end == "done" || *end == "unknown";
            (ends.len() == 6 && ends.iter().all(|(_, end)| over(end))).then_some(ends)
        });
        let there = fake.state().texts(false);
        for (text, end) in ends {
            let count = there.iter().filter(|t| **t == text).count();
            assert!(
                count <= 1 && (count == 1 || end == "unknown"),
                "seed {seed}: {text} {end} {count} times"
            );
        }
        let said: Vec<String> = texts(&messages(&house), "provider");
        assert_eq!(said.len(), 6, "seed {seed}: an echo is no second message: {said:?}");
    }
}

#[test]
fn notifications_come_with_a_token_of_ours() {
    let fake = FakeBooking::start(0);
    let chars = ("RELAIS_CHANNELS__BOOKING_MESSAGE_CHARS", "900");
    let house = connected_with(&fake, "s3cr3t", &[chars]);
    wait_for("the import", || house.cli(&["connection", "list"]).contains("(all)").then_some(()));
    let said = house.cli(&["connection", "hook", "machine-1"]);
    let of = |name: &str| {
        let line = said.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap().trim().to_owned()
    };
    let (endpoint, secret) = (of("endpoint"), of("client secret"));
    let path = endpoint.split_once("/hooks").map(|(_, rest)| format!("/hooks{rest}")).unwrap();
    let form = |id: &str, secret: &str| {
        format!("grant_type=client_credentials&client_id={id}&client_secret={secret}")
    };
    let fields = [("Content-Type", "application/x-www-form-urlencoded")];
    let token = |headers: &[(&str, &str)], body: &str| {
        let (status, _, body) =
            http(house.http, "POST", &format!("{path}/token"), headers, body.as_bytes());
        let json: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
        (status, json["access_token"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(token(&fields, &form("machine-1", "guessed")).0, 401);
    let (status, by_form) = token(&fields, &form("machine-1", &secret));
    assert_eq!(status, 200);
    let basic =
        format!("Basic {}", data_encoding::BASE64.encode(format!("machine-1:{secret}").as_bytes()));
    let with_basic = [fields[0], ("Authorization", basic.as_str())];
    let (status, by_basic) = token(&with_basic, "grant_type=client_credentials");
    assert_eq!(status, 200);

    // Not in the queue: only the notification tells.
    fake.state().say("thread-3", true, "Told by a notification", false);
    let notification = json!({"metadata": {"uuid": "550e8400", "type": "MESSAGING_API_NEW_MESSAGE", "payloadVersion": "1.0"},
        "payload": {"message_id": "x", "conversation": {"property_id": "1383087", "conversation_id": "thread-3"}}});
    let notify = |token: &str| {
        let bearer = format!("Bearer {token}");
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        http(house.http, "POST", &path, &headers, notification.to_string().as_bytes()).0
    };
    let forged = format!("{}.{}", i64::MAX, by_form.split_once('.').unwrap().1);
    assert_eq!(notify(&forged), 401);
    assert_eq!(notify("1.x"), 401);
    for token in [&by_form, &by_basic, &by_form] {
        assert_eq!(notify(token), 200);
    }
    let mail = house.mail_out("the notification", |l| l.to[0].address.local() == "ana");
    assert!(mail.text().contains("Told by a notification"));
    assert_eq!(texts(&messages(&house), "visitor"), ["Told by a notification"]);

    // As the service does it: it fetches its token here, tells twice and in any order, and of our own words too.
    fake.state().say("thread-3", true, "One more", false);
    fake.state().say("thread-4", true, "Somebody else", false);
    fake.state().say("thread-4", false, "Answered in the app", false);
    let endpoint = format!("http://{}{path}", house.http);
    assert!(fake.notify(&endpoint, "guessed", &["thread-3"]).iter().all(|status| *status == 401));
    let answers = fake.notify(&endpoint, &secret, &["thread-3", "thread-4"]);
    assert_eq!(answers, vec![200; 10]);
    wait_for("all of it, once", || {
        let all = messages(&house);
        let visitors =
            texts(&all, "visitor") == ["One more", "Somebody else", "Told by a notification"];
        (visitors && texts(&all, "provider") == ["Answered in the app"]).then_some(())
    });
    let waiting = house.conversations("?needs_reply=true");
    assert_eq!(waiting.len(), 1);
    // What nobody wrote down is the administrator's to say.
    let one = house.conversation(waiting[0]["id"].as_str().unwrap());
    assert_eq!(one["capabilities"]["max_chars"], 900);
}

#[test]
fn pictures_tags_and_what_is_answered_elsewhere() {
    let fake = FakeBooking::start(0);
    let house = connected(&fake, "s3cr3t");
    wait_for("the import", || house.cli(&["connection", "list"]).contains("(all)").then_some(()));
    let picture = data_encoding::BASE64
        .decode(b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
        .unwrap();
    let told = |text: &str| {
        house.mail_out(text, |l| l.to[0].address.local() == "ana" && l.text().contains(text))
    };

    // A guest's picture comes along; one that cannot be fetched holds nothing up.
    {
        let mut state = fake.state();
        state.pictures.insert("pic-1".into(), picture.clone());
        state.say("thread-1", true, "Is this your door?", false);
        state.amend(|said| said.files = vec!["pic-1".into(), "pic-gone".into()]);
        let last = state.said.len() - 1;
        state.queue.push(last);
    }
    let mail = told("Is this your door?");
    assert_eq!(mail.attachments.iter().map(|f| f.content.clone()).collect::<Vec<_>>(), [picture]);
    assert!(mail.text().contains("[pic-gone]"));

    // Done here is done there; read here is read there.
    let id = house.conversations("?needs_reply=true")[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(house.conversation(&id)["capabilities"]["no_reply_needed"], true);
    assert_eq!(house.api("POST", &format!("/conversations/{id}/read"), None).0, 204);
    assert_eq!(house.api("POST", &format!("/conversations/{id}/done"), None).0, 204);
    wait_for("the marks", || {
        let state = fake.state();
        (state.no_reply_needed == ["thread-1"] && state.read.len() == 1).then_some(())
    });
    // By mail too.
    fake.state().say("thread-2", true, "Thanks, all is clear.", true);
    let verb = told("all is clear").text();
    let done = verb
        .split_whitespace()
        .find_map(|w| w.split_once("mailto:").filter(|(_, a)| a.contains(".done@")));
    let done =
        done.unwrap_or_else(|| panic!("{verb}")).1.trim_end_matches(['.', '>', ')']).to_owned();
    assert!(done.contains(".done@"), "{done}");
    let mail = format!(
        "From: ana@pousada.example\r\nTo: {done}\r\nSubject: x\r\nMessage-ID: <done@pousada.example>\r\n\r\n.\r\n"
    );
    house.mail("ana@pousada.example", &[&done], mail.as_bytes());
    wait_for("the mark", || {
        fake.state().no_reply_needed.contains(&"thread-2".to_owned()).then_some(())
    });

    // An answer by e-mail shows its words, and keeps what was below them.
    {
        let mut state = fake.state();
        let content = "Re: You have a message from Pousada\n\nWe arrive at ten.\n\nFrom: Pousada <5800000002-ab12.cd34@property.booking.com>\n\
                       Sent: Monday\nTo: Anna\nSubject: Message\n\n[1]booking.com";
        state.say("thread-3", true, content, false);
        state.amend(|said| said.kind = "email");
        let last = state.said.len() - 1;
        state.queue.push(last);
    }
    told("We arrive at ten.");
    let all = messages(&house);
    let shown = all.iter().find(|m| m["text"] == "We arrive at ten.").unwrap();
    assert!(shown["quoted"].as_str().unwrap().contains("@property.booking.com"), "{shown}");

    // A change of dates is answered in the Extranet: said in the mail, and a reply stays here.
    {
        let mut state = fake.state();
        state.say("thread-4", true, "The guest wants to change the dates.", false);
        state.amend(|said| {
            (said.kind, said.topic) = ("self_service_event", Some("change_dates_nr"));
        });
        let last = state.said.len() - 1;
        state.queue.push(last);
    }
    assert!(told("change the dates").text().contains("https://admin.booking.com/"));
    let all = house.conversations("?needs_reply=true");
    let number = fake_booking::reservation("thread-4");
    let place = all.iter().find(|c| c["subject"].as_str().unwrap().contains(&number)).unwrap();
    let path = format!("/conversations/{}/messages", place["id"].as_str().unwrap());
    let (status, problem) = house.api("POST", &path, Some(&json!({"text": "Of course."})));
    assert!(
        status == 422 && problem["detail"].as_str().unwrap().contains("admin.booking.com"),
        "{problem}"
    );
    // Another question of theirs can be answered again.
    fake.state().say("thread-4", true, "And is there parking?", true);
    told("is there parking");
    assert_eq!(house.api("POST", &path, Some(&json!({"text": "There is."}))).0, 201);

    // What nobody can read is kept for people and does not stand in the way.
    {
        let mut state = fake.state();
        state.say("thread-5", true, "No time to this", false);
        state.amend(|said| said.at = "soon".into());
        let last = state.said.len() - 1;
        state.queue.push(last);
        state.say("thread-5", true, "And after it.", true);
    }
    told("And after it.");
    assert!(house.cli(&["queue", "list"]).contains("cannot be read"));
}

#[test]
fn a_mailed_reply_is_split_converted_or_held() {
    let fake = FakeBooking::start(0);
    let house = connected(&fake, "s3cr3t");
    wait_for("the import", || house.cli(&["connection", "list"]).contains("(all)").then_some(()));
    fake.state().say("thread-1", true, "How do we find you?", true);
    let asked = house.mail_out("the notification", |l| l.to[0].address.local() == "ana");
    let token = support::reply_to(&asked);
    let by_mail = |name: &str, text: &str, file: Option<(&str, &[u8])>| {
        let mut mail = format!(
            "From: ana@pousada.example\r\nTo: {token}\r\nSubject: Re\r\nMessage-ID: <{name}@pousada.example>\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n{text}\r\n"
        );
        if let Some((kind, bytes)) = file {
            let lines = data_encoding::BASE64_MIME.encode(bytes);
            mail += &format!(
                "--b\r\nContent-Type: {kind}\r\nContent-Disposition: attachment; filename={name}\r\n\
                 Content-Transfer-Encoding: base64\r\n\r\n{lines}\r\n"
            );
        }
        house.mail("ana@pousada.example", &[&token], format!("{mail}--b--\r\n").as_bytes());
    };
    // Longer than it takes: two messages, cut between paragraphs, in order.
    let paragraph = "Turn left at the church and follow the river. ".repeat(60);
    by_mail("long", &format!("{paragraph}\r\n\r\nSecond: {paragraph}"), None);
    let parts =
        wait_for("both parts", || Some(fake.state().texts(false)).filter(|said| said.len() == 2));
    assert!(parts[0].starts_with("Turn left") && parts[1].starts_with("Second: Turn left"));
    assert!(parts.iter().all(|part| part.len() <= 4_000));
    // A picture of another kind arrives as one it takes.
    let mut bitmap = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(700, 600, image::Rgb([9, 90, 200]))
        .write_to(&mut bitmap, image::ImageFormat::WebP)
        .unwrap();
    by_mail("door.webp", "The blue door.", Some(("image/webp", bitmap.get_ref())));
    wait_for("the picture", || (fake.state().attachments == 1).then_some(()));
    // What cannot be one stays here, and whoever wrote it learns what to do.
    by_mail("map.pdf", "The map.", Some(("application/pdf", b"%PDF-1.7")));
    let told = house.mail_out("the sentence", |l| l.text().contains("map.pdf"));
    assert_eq!(told.to[0].address.local(), "ana");
    by_mail("bare.webp", "", Some(("image/webp", bitmap.get_ref())));
    wait_for("both kept", || {
        let all = messages(&house);
        (all.iter().filter(|m| m["state"] == "refused").count() == 2).then_some(())
    });
    assert_eq!(fake.state().texts(false).len(), 3, "{:?}", fake.state().texts(false));
    assert_eq!(fake.state().attachments, 1);
}

#[test]
fn stays_windows_and_threads_that_can_only_be_read() {
    let fake = FakeBooking::start(0);
    let (number, day) = (fake_booking::reservation, fake_booking::day);
    fake.state().reservations = vec![
        (number("thread-1"), "Ann", "O&apos;Example", day(30)),
        (number("thread-1"), "Ann", "O&apos;Example", day(33)),
        (number("thread-2"), "", "", day(5)),
        (number("thread-9"), "Nobody", "Wrote", day(5)),
    ];
    for thread in ["thread-1", "thread-2", "thread-3"] {
        fake.state().say(thread, true, &format!("Before, in {thread}"), false);
    }
    fake.state().read_only = vec!["thread-3".into()];
    let reservations = format!("{}/hotels/xml", fake.url());
    let mut house = connected_with(
        &fake,
        "s3cr3t",
        &[
            ("RELAIS_CHANNELS__BOOKING_URL", &fake.url()),
            ("RELAIS_CHANNELS__BOOKING_RESERVATIONS_URL", &reservations),
            ("RELAIS_CHANNELS__BOOKING_VERSION", "1.3"),
        ],
    );
    let of = |house: &House, thread: &str| {
        let all = house.conversations("?channel=booking&limit=200");
        let found =
            all.iter().find(|c| c["subject"].as_str().unwrap().contains(&number(thread)))?;
        Some(house.conversation(found["id"].as_str().unwrap()))
    };
    let until = |house: &House, thread: &str| {
        let until = of(house, thread)?["capabilities"]["reply_until"].clone();
        Some(until.as_str()?.get(..10)?.to_owned())
    };
    // Seven days after the last room is left, and the day itself; else two weeks from what was said.
    wait_for("the stays", || (until(&house, "thread-1")? == day(41)).then_some(()));
    assert_eq!(
        until(&house, "thread-2").unwrap(),
        day(14),
        "words open it for longer than the stay"
    );
    assert_eq!(fake.state().summaries, 1);
    assert_eq!(
        house.conversations("?channel=booking&limit=200").len(),
        3,
        "nobody wrote about the fourth"
    );

    // Closed there: said beforehand, and where to answer.
    let closed = wait_for("the access", || {
        of(&house, "thread-3").filter(|c| c["capabilities"]["can_reply"] == false)
    });
    assert_eq!(closed["capabilities"]["answer_link"], "https://admin.booking.com/");
    let path = |c: &Value| {
        format!("/conversations/{}/messages", c["conversation"]["id"].as_str().unwrap())
    };
    assert_eq!(house.api("POST", &path(&closed), Some(&json!({"text": "Hi"}))).0, 422);

    // Closed behind our back: refused once, and known from then on, also by a new index.
    fake.state().read_only.push("thread-2".into());
    let open = of(&house, "thread-2").unwrap();
    assert_eq!(house.api("POST", &path(&open), Some(&json!({"text": "Too late?"}))).0, 201);
    wait_for("the refusal", || {
        of(&house, "thread-2").filter(|c| c["capabilities"]["can_reply"] == false)
    });
    assert!(!fake.state().texts(false).contains(&"Too late?".to_owned()));
    let essence = |house: &House| {
        ["thread-1", "thread-2", "thread-3"]
            .map(|thread| of(house, thread).unwrap()["capabilities"].clone())
    };
    let before = essence(&house);
    house.stop();
    house.cli(&["reindex"]);
    house.run();
    assert_eq!(essence(&house), before);

    // The guest writes again, and that opens it.
    fake.state().read_only.clear();
    fake.state().say("thread-2", true, "One more question.", true);
    let again = wait_for("the question", || {
        of(&house, "thread-2").filter(|c| c["capabilities"]["can_reply"] == true)
    });
    assert_eq!(house.api("POST", &path(&again), Some(&json!({"text": "One more answer."}))).0, 201);
    wait_for("the answer", || {
        fake.state().texts(false).contains(&"One more answer.".to_owned()).then_some(())
    });

    // What the platform found to be fraud is said with a warning. An old token is renewed in passing.
    {
        let mut state = fake.state();
        state.oldest_token = state.exchanges + 1;
        state.say("thread-1", true, "Pay here: [removed]", false);
        state.amend(|said| said.redacted = true);
        let last = state.said.len() - 1;
        state.queue.push(last);
    }
    let mail = house.mail_out("the warning", |l| {
        l.to[0].address.local() == "ana" && l.text().contains("Pay here")
    });
    assert!(mail.text().contains("parecia fraude"), "{}", mail.text());
    let shown = of(&house, "thread-1").unwrap();
    assert_eq!(shown["messages"].as_array().unwrap().last().unwrap()["details"]["redacted"], true);
}

#[test]
fn without_a_queue_a_search_finds_what_notifications_missed() {
    let fake = FakeBooking::start(0);
    fake.state().no_queue = true;
    // The first results are forgotten before anybody has them.
    fake.state().gone_searches = 2;
    fake.state().say("thread-1", true, "From before", false);
    let house = connected_with(&fake, "s3cr3t", &[("RELAIS_CHANNELS__SEARCH_MINUTES", "0")]);
    wait_for("the import", || house.cli(&["connection", "list"]).contains("(all)").then_some(()));
    for number in 0..30 {
        let thread = format!("thread-{}", number % 2 + 1);
        fake.state().say(&thread, number % 3 > 0, &format!("Nobody told of {number}"), false);
    }
    wait_for("all of it", || {
        let all = messages(&house);
        let mut said = fake.state().texts(true);
        said.sort();
        (texts(&all, "visitor") == said && texts(&all, "provider").len() == 10).then_some(())
    });
    assert!(house.cli(&["connection", "list"]).contains("active"));
    assert_eq!(fake.state().gone_searches, 0);
}

#[test]
fn two_houses_behind_one_machine_account_share_its_poller() {
    let fake = FakeBooking::start(0);
    fake.state().say("thread-1", true, "From before, here", false);
    fake.state().say("other-1", true, "From before, there", false);
    let house = connected(&fake, "s3cr3t");
    let other = "quinta@relais.localhost";
    house.cli(&["account", "add", "Quinta", "--address", other, "--language", "en"]);
    house.cli(&["member", "add", other, "rui@quinta.example"]);
    let connect = |account: &str, property: &str| {
        let url = fake.url();
        let args = [
            "connection",
            "add",
            account,
            "--client-id",
            "machine-1",
            "--client-secret",
            "s3cr3t",
            "--property",
            property,
            "--url",
            &url,
            "--token-url",
            &url,
        ];
        house.cli(&args);
    };
    connect(other, "1383088");
    wait_for("both imports", || {
        (house.cli(&["connection", "list"]).matches("imported 1 (all)").count() == 2).then_some(())
    });
    // The queue does not say for whom; the conversation does.
    for round in 0..3 {
        fake.state().say("thread-1", true, &format!("Here {round}"), true);
        fake.state().say("other-1", true, &format!("There {round}"), true);
    }
    let told = |who: &str| -> Vec<String> {
        let all = house.outgoing();
        let own = all.iter().filter(|l| l.to[0].address.local() == who);
        let mut first: Vec<String> =
            own.map(|l| l.text().lines().next().unwrap().to_owned()).collect();
        first.sort();
        first
    };
    wait_for("all of it", || (told("ana").len() == 3 && told("rui").len() == 3).then_some(()));
    assert_eq!(told("ana"), ["Here 0", "Here 1", "Here 2"]);
    assert_eq!(told("rui"), ["There 0", "There 1", "There 2"]);
    assert!(fake.state().exchanges <= 2, "one token for both: {}", fake.state().exchanges);
    // Nobody else gets a house that is taken.
    let taken =
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| connect(other, "1383087")));
    assert!(taken.is_err());
}

/// A second house behind the same machine account, with a member of its own.
fn second_house(fake: &FakeBooking, house: &House) {
    house.cli(&["account", "add", "Quinta", "--address", OTHER, "--language", "en"]);
    house.cli(&["member", "add", OTHER, "rui@quinta.example"]);
    connect(fake, house, OTHER, "1383088", &[]);
    wait_for("both imports", || {
        (house.cli(&["connection", "list"]).matches("(all)").count() == 2).then_some(())
    });
}

const OTHER: &str = "quinta@relais.localhost";

fn connect(fake: &FakeBooking, house: &House, account: &str, property: &str, more: &[&str]) {
    let url = fake.url();
    let mut args = vec!["connection", "add", account, "--client-id", "machine-1"];
    args.extend(["--property", property, "--url", &url, "--token-url", &url]);
    args.extend(if more.is_empty() { &["--client-secret", "s3cr3t"] } else { more });
    house.cli(&args);
}

/// The first lines of what somebody was told, in alphabetical order.
fn told(house: &House, who: &str) -> Vec<String> {
    let all = house.outgoing();
    let own = all.iter().filter(|l| l.to[0].address.local() == who);
    sorted(own.map(|l| l.text().lines().next().unwrap_or_default().to_owned()).collect())
}

#[test]
fn a_shared_queue_gives_each_house_its_own_and_loses_nothing() {
    let fake = FakeBooking::start(0);
    fake.state().say("thread-1", true, "From before, here", false);
    fake.state().say("other-1", true, "From before, there", false);
    let house = connected(&fake, "s3cr3t");
    second_house(&fake, &house);
    let here = |text: &str| {
        fake.state().say("thread-1", true, text, true);
        wait_for(text, || told(&house, "ana").contains(&text.to_owned()).then_some(()));
    };
    let there = |text: &str| {
        wait_for(text, || told(&house, "rui").contains(&text.to_owned()).then_some(()));
    };
    // The house's plan ends. What its guests write waits for it, and is nobody else's.
    house.cli(&["account", "set", OTHER, "--plan", "basic"]);
    fake.state().say("other-2", true, "A secret of there", true);
    here("Here, while they have no plan");
    house.cli(&["account", "set", OTHER, "--plan", "connect"]);
    there("A secret of there");
    // It is paused.
    house.cli(&["connection", "pause", "machine-1", "--account", OTHER]);
    fake.state().say("other-1", true, "Said while paused", true);
    here("Here, while they are paused");
    house.cli(&["connection", "resume", "machine-1", "--account", OTHER]);
    there("Said while paused");
    // A house nobody connected: kept for people, and no other house's.
    fake.state().say("third-1", true, "A secret of a third", true);
    here("Here, beside a third");
    wait_for("what was set aside", || {
        house.cli(&["queue", "list"]).contains("not connected here").then_some(())
    });
    // One thread that never gets well keeps nobody waiting.
    fake.state().broken = vec!["other-3".into()];
    let (id, secret) = hook(&house);
    let notification = json!({"payload": {"conversation": {"property_id": "1383088", "conversation_id": "other-3"}},
        "metadata": {"type": "MESSAGING_API_NEW_MESSAGE"}});
    let headers = [("X-Channex-Webhook-Secret", secret.as_str())];
    let sent = http(house.http, "POST", &id, &headers, notification.to_string().as_bytes());
    assert_eq!(sent.0, 200);
    fake.state().say("other-1", true, "Beside a broken thread", true);
    there("Beside a broken thread");
    here("Here, beside a broken thread");
    fake.state().say("other-3", true, "From the broken thread", false);
    fake.state().broken.clear();
    there("From the broken thread");

    let all = [told(&house, "ana"), told(&house, "rui")];
    assert_eq!(all.map(|told| told.len()), [4, 4], "everybody was told once");
    assert_eq!(texts(&messages(&house), "visitor").len(), 5, "four and the one from before");
    let said = texts(&messages(&house), "visitor").join(" ");
    assert!(!said.contains("secret") && !said.contains("paused."), "{said}");
}

/// Where notifications of the first house go, and the secret.
fn hook(house: &House) -> (String, String) {
    let said = house.cli(&["connection", "hook", "machine-1"]);
    let of = |name: &str| {
        let line = said.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap().trim().to_owned()
    };
    let endpoint = of("endpoint");
    let path = endpoint.split_once("/hooks").map(|(_, rest)| format!("/hooks{rest}")).unwrap();
    (path, of("client secret"))
}

#[test]
fn a_house_taken_from_the_machine_account_is_told_and_the_others_go_on() {
    let fake = FakeBooking::start(0);
    fake.state().say("thread-1", true, "From before, here", false);
    fake.state().not_connected = vec!["1383088"];
    let house = connected(&fake, "s3cr3t");
    wait_for("the import", || house.cli(&["connection", "list"]).contains("(all)").then_some(()));
    house.cli(&["account", "add", "Quinta", "--address", OTHER, "--language", "en"]);
    house.cli(&["member", "add", OTHER, "rui@quinta.example"]);
    // Another secret would be the other house's too: it is said, and done only when it is meant.
    let url = fake.url();
    let mut args = vec!["connection", "add", OTHER, "--client-id", "machine-1", "--property"];
    args.extend(["1383088", "--url", &url, "--token-url", &url, "--client-secret", "typo"]);
    assert!(house.cli_fails(&args).contains("--renew"));
    connect(&fake, &house, OTHER, "1383088", &[]);
    let notice = house.mail_out("the notice", |l| l.to[0].address.local() == "rui");
    assert!(notice.text().contains("does not let us at this property"), "{}", notice.text());
    fake.state().say("thread-1", true, "Still here", true);
    let text = "Still here".to_owned();
    wait_for("the message", || told(&house, "ana").contains(&text).then_some(()));
    assert_eq!(told(&house, "rui").len(), 1, "told once");
}

#[test]
fn a_first_sync_ends_under_a_small_budget_and_a_queue_that_repeats_itself_is_left_alone() {
    let fake = FakeBooking::start(0);
    for number in 1..=45 {
        fake.state().say(&format!("thread-{number}"), true, &format!("Old {number}"), false);
    }
    // A page is twenty conversations, each a request.
    fake.state().budget = Some(12);
    let house = connected(&fake, "s3cr3t");
    wait_for("the import", || {
        house.cli(&["connection", "list"]).contains("imported 45 (all)").then_some(())
    });
    assert_eq!(house.outgoing().len(), 0, "what was before is nobody's news");
    fake.state().budget = None;
    fake.state().repeats = true;
    fake.state().say("thread-7", true, "Again and again", true);
    let text = "Again and again".to_owned();
    wait_for("the message", || told(&house, "ana").contains(&text).then_some(()));
    let before = fake.state().fetches;
    std::thread::sleep(std::time::Duration::from_secs(1));
    let fetched = fake.state().fetches - before;
    assert!(fetched <= 45, "{fetched} fetches in a second of twenty polls");
    assert_eq!(told(&house, "ana").len(), 1);
}

#[test]
fn the_house_writes_first_to_the_guest_of_a_reservation() {
    let fake = FakeBooking::start(0);
    fake.state().reserve("thread-1");
    fake.state().reserve("other-1");
    let mut house = connected(&fake, "s3cr3t");
    wait_for("the import", || house.cli(&["connection", "list"]).contains("(all)").then_some(()));
    let number = fake_booking::reservation("thread-1");
    let begin = |house: &House, number: &str| {
        house.api("POST", "/conversations", Some(&json!({"reservation": number})))
    };
    // Before, nothing is here of a conversation in which nothing was said.
    assert_eq!(house.conversations("?channel=booking").len(), 0);
    for unknown in ["5999999999", "", "59/../60", &"9".repeat(50)] {
        assert_eq!(begin(&house, unknown).0, 404, "{unknown}");
    }
    let (status, begun) = begin(&house, &number);
    assert_eq!(status, 201, "{begun}");
    assert_eq!(begin(&house, &number).1, begun, "asked again it is the same");
    let id = begun["conversation"].as_str().unwrap().to_owned();
    let shown = house.conversation(&id);
    assert_eq!(shown["conversation"]["visitor_name"], "Anna Example");
    assert_eq!(shown["capabilities"]["can_reply"], true);
    let path = format!("/conversations/{id}/messages");
    let words = json!({"text": "The key is in the box by the door."});
    assert_eq!(house.api("POST", &path, Some(&words)).0, 201);
    wait_for("the words there", || (fake.state().texts(false).len() == 1).then_some(()));
    assert_eq!(fake.state().said[0].thread, "thread-1");
    // The guest answers into it.
    fake.state().say("thread-1", true, "Thank you, found it.", true);
    let all = wait_for("the answer", || {
        let all = house.conversation(&id)["messages"].as_array().unwrap().clone();
        (all.len() == 2 && house.conversations("").len() == 1).then_some(all)
    });
    assert_eq!(all[1]["text"], "Thank you, found it.");
    // No mail carries an empty conversation, and an index made anew has it all the same.
    fake.state().reserve("thread-2");
    let second = begin(&house, &fake_booking::reservation("thread-2")).1;
    let second = second["conversation"].as_str().unwrap().to_owned();
    let essence = |house: &House| {
        [&id, &second].map(|id| {
            let all = house.conversation(id);
            json!([
                all["conversation"]["subject"],
                all["conversation"]["visitor_name"],
                all["capabilities"],
                all["messages"].as_array().unwrap().len()
            ])
        })
    };
    let before = essence(&house);
    assert_eq!(before[1][3], 0);
    house.stop();
    house.cli(&["reindex"]);
    house.run();
    assert_eq!(essence(&house), before);
}

/// Twenty seconds are waited for an answer; then the thread says what was done.
#[test]
fn an_answer_that_comes_too_late_is_looked_for_in_the_thread() {
    let fake = FakeBooking::start(0);
    let house = connected(&fake, "s3cr3t");
    let id = asked(&fake, &house, "Is there parking?");
    fake.state().post_faults = vec![Fault::Slow];
    let path = format!("/conversations/{id}/messages");
    assert_eq!(house.api("POST", &path, Some(&json!({"text": "Yes, free."}))).0, 201);
    wait_for("the end", || {
        let one = house.conversation(&id);
        let reply = one["messages"].as_array()?.iter().find(|m| m["channel"] == "api")?.clone();
        let all = reply["deliveries"].as_array()?;
        (all.iter().find(|d| d["purpose"] == "reply")?["state"] == "done").then_some(())
    });
    assert_eq!(fake.state().texts(false), ["Yes, free."], "once");
    assert_eq!(house.conversation(&id)["messages"].as_array().unwrap().len(), 2);
}

#[test]
fn what_can_be_said_before_a_booking_and_to_a_request_with_buttons_is_told_beforehand() {
    let fake = FakeBooking::start(0);
    let house = connected(&fake, "s3cr3t");
    wait_for("the import", || house.cli(&["connection", "list"]).contains("(all)").then_some(()));
    fake.state().say("request-1", true, "Could I book with my dog?", true);
    let told = |text: &str| {
        house.mail_out(text, |l| l.to[0].address.local() == "ana" && l.text().contains(text))
    };
    let mail = told("with my dog").text();
    assert!(mail.contains("proíbe contactos") && mail.contains("não os ficheiros"), "{mail}");
    let row = house.conversations("?channel=booking").remove(0);
    let id = row["id"].as_str().unwrap().to_owned();
    let path = format!("/conversations/{id}/messages");
    let shown = house.conversation(&id);
    let capabilities = &shown["capabilities"];
    for (field, value) in [
        ("attachments", json!("none")),
        ("contact_data", json!(false)),
        ("no_reply_needed", json!(false)),
        ("read_marks", json!(false)),
    ] {
        assert_eq!(capabilities[field], value, "{field}");
    }
    let (status, problem) =
        house.api("POST", &path, Some(&json!({"text": "Call us: +351 912 345 678"})));
    assert!(status == 422 && problem["detail"].as_str().unwrap().contains("+351 912 345 678"));
    assert_eq!(house.api("POST", &path, Some(&json!({"text": "With pleasure."}))).0, 201);
    wait_for("the answer there", || (fake.state().texts(false).len() == 1).then_some(()));
    // It is marked nowhere.
    assert_eq!(house.api("POST", &format!("/conversations/{id}/done"), None).0, 204);

    // A request with buttons in the Extranet can be answered; what that does is said.
    {
        let mut state = fake.state();
        state.say("thread-1", true, "The guest asks for parking.", false);
        state.amend(|said| (said.kind, said.topic) = ("self_service_event", Some("parking")));
        let last = state.said.len() - 1;
        state.queue.push(last);
    }
    let mail = told("asks for parking").text();
    assert!(mail.contains("formulário da plataforma"), "{mail}");
    let row = house.conversations("?needs_reply=true").remove(0);
    let id = row["id"].as_str().unwrap();
    assert_eq!(house.conversation(id)["capabilities"]["ends_request"], true);
    let path = format!("/conversations/{id}/messages");
    assert_eq!(house.api("POST", &path, Some(&json!({"text": "There is."}))).0, 201);
    wait_for("the answer there", || (fake.state().texts(false).len() == 2).then_some(()));
    // Without a version all of that is hidden, and words are words.
    let plain = connected_with(&fake, "s3cr3t", &[("RELAIS_CHANNELS__BOOKING_VERSION", "1.0")]);
    wait_for("the import", || plain.cli(&["connection", "list"]).contains("(all)").then_some(()));
    let said = texts(&messages(&plain), "visitor");
    assert_eq!(said, ["Could I book with my dog?"], "requests with buttons are absent");
}

#[test]
fn what_comes_in_another_order_stands_in_that_of_its_clock() {
    let fake = FakeBooking::start(0);
    let house = connected(&fake, "s3cr3t");
    wait_for("the import", || house.cli(&["connection", "list"]).contains("(all)").then_some(()));
    {
        let mut state = fake.state();
        for number in 0..6 {
            state.say("thread-1", number % 3 > 0, &format!("Number {number}"), false);
            let at = format!("2026-06-01T08:30:{:02}.000Z", 10 + number);
            state.amend(|said| said.at = at);
        }
        state.queue = vec![3, 5, 0, 4, 1, 2, 5];
    }
    wait_for("all of them in order", || {
        let row = house.conversations("?channel=booking").pop()?;
        let one = house.conversation(row["id"].as_str()?);
        let said: Vec<String> = one["messages"]
            .as_array()?
            .iter()
            .map(|m| m["text"].as_str().unwrap_or_default().to_owned())
            .collect();
        let wanted: Vec<String> = (0..6).map(|number| format!("Number {number}")).collect();
        (said == wanted).then_some(())
    });
    // The newest word is the guest's, although the house's own came after some of them.
    assert_eq!(house.conversations("?needs_reply=true").len(), 1);
}

/// Once the import is over a guest asks something; the conversation.
fn asked(fake: &FakeBooking, house: &House, words: &str) -> String {
    wait_for("the import", || house.cli(&["connection", "list"]).contains("(all)").then_some(()));
    fake.state().say("thread-1", true, words, true);
    wait_for("the conversation", || {
        Some(house.conversations("?channel=booking").first()?["id"].as_str()?.to_owned())
    })
}

#[test]
fn the_same_words_twice_are_two_replies() {
    let fake = FakeBooking::start(0);
    let mut house = connected(&fake, "s3cr3t");
    let id = asked(&fake, &house, "Is there parking? And a cot?");
    let path = format!("/conversations/{id}/messages");
    let say = |house: &House, text: &str| {
        assert_eq!(house.api("POST", &path, Some(&json!({"text": text}))).0, 201);
    };
    let ends = |house: &House, count: usize| {
        wait_for("the end of all", || {
            let one = house.conversation(&id);
            let all = one["messages"].as_array()?.iter().filter(|m| m["side"] == "provider");
            let ends: Vec<String> = all
                .map(|m| {
                    let all = m["deliveries"].as_array().unwrap();
                    all.iter().find(|d| d["purpose"] == "reply").unwrap()["state"].to_string()
                })
                .collect();
            let over = |end: &String| !end.contains("waiting") && !end.contains("sending");
            (ends.len() == count && ends.iter().all(over)).then_some(ends)
        })
    };
    say(&house, "Yes, of course.");
    assert_eq!(ends(&house, 1), ["\"done\""]);
    // Not done, and nobody says so: the first is not this one.
    fake.state().post_faults = vec![Fault::Broken];
    say(&house, "Yes, of course.");
    assert_eq!(ends(&house, 2)[1], "\"unknown\"");
    // Throttled, then done without an answer.
    fake.state().post_faults = vec![Fault::Throttled, Fault::DoneThenSilence];
    say(&house, "Yes, of course.");
    assert_eq!(ends(&house, 3)[2], "\"done\"");
    assert_eq!(fake.state().texts(false).len(), 2);
    // Refused in a polite way.
    fake.state().post_faults = vec![Fault::NotOk];
    say(&house, "And a cot too.");
    assert_eq!(ends(&house, 4)[3], "\"unknown\"");

    // A guest's whole words: what would be a signature in a mail, and what would be a quotation.
    let text = "Our list\n-- \nAnna: vegan\n> and two of these";
    fake.state().say("thread-1", true, text, true);
    wait_for("all of them", || {
        texts(&messages(&house), "visitor").contains(&text.to_owned()).then_some(())
    });
    house.stop();
}

#[test]
fn a_post_that_a_kill_cut_off_is_looked_for_and_not_repeated() {
    let fake = FakeBooking::start(0);
    let mut house = connected(&fake, "s3cr3t");
    let id = asked(&fake, &house, "Is there parking?");
    fake.state().post_faults = vec![Fault::Slow];
    let path = format!("/conversations/{id}/messages");
    assert_eq!(house.api("POST", &path, Some(&json!({"text": "Behind the house."}))).0, 201);
    wait_for("the post", || (fake.state().texts(false).len() == 1).then_some(()));
    house.kill();
    house.run();
    let end = wait_for("the end", || {
        let shown = house.conversation(&id);
        let all = shown["messages"].as_array()?.iter().flat_map(|m| m["deliveries"].as_array());
        let reply = all.flatten().find(|d| d["purpose"] == "reply")?["state"].clone();
        (reply != "waiting" && reply != "sending").then_some(reply)
    });
    assert_eq!(end, "done");
    assert_eq!(fake.state().texts(false), ["Behind the house."]);
    house.stop();
}

/// What an account sees of its threads: for each reservation the words of a side, oldest first, and how many files.
fn by_thread(house: &House, token: &str, side: &str) -> BTreeMap<String, Vec<String>> {
    let bearer = format!("Bearer {token}");
    let headers = [("Authorization", bearer.as_str())];
    let get = |path: &str| -> Value {
        let (status, _, body) = http(house.http, "GET", &format!("/api/v1{path}"), &headers, b"");
        assert_eq!(status, 200, "{path}");
        serde_json::from_slice(&body).unwrap()
    };
    let all = get("/conversations?channel=booking&limit=200");
    let one = |row: &Value| {
        let shown = get(&format!("/conversations/{}", row["id"].as_str().unwrap()));
        let messages = shown["messages"].as_array().unwrap().iter();
        let said = messages.filter(|m| m["side"] == side);
        let subject = row["subject"].as_str().unwrap();
        let number = subject.rsplit(' ').next().unwrap().to_owned();
        let with_files = |m: &Value| {
            let files = m["attachments"].as_array().map_or(0, Vec::len);
            format!("{} +{files}", m["text"].as_str().unwrap())
        };
        (number, said.map(with_files).collect())
    };
    all["conversations"].as_array().unwrap().iter().map(one).collect()
}

/// What the fake has of a house's threads.
fn there(fake: &FakeBooking, prefix: &str, from_guest: bool) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for said in &fake.state().said {
        if said.thread.starts_with(prefix) {
            let words = all.entry(fake_booking::reservation(&said.thread)).or_default();
            if said.from_guest == from_guest {
                words.push(format!("{} +{}", said.text, said.files.len()));
            }
        }
    }
    all
}

/// A guest's words with a picture, in the queue.
fn say_with_picture(fake: &FakeBooking, thread: &str, text: &str, picture: &[u8]) {
    let mut state = fake.state();
    let id = format!("pic-{}", state.pictures.len());
    state.pictures.insert(id.clone(), picture.to_vec());
    state.say(thread, true, text, false);
    state.amend(|said| said.files = vec![id]);
    let last = state.said.len() - 1;
    state.queue.push(last);
}

#[test]
fn two_houses_under_faults_from_the_import_on_mix_nothing_lose_nothing_and_repeat_nothing() {
    let picture = data_encoding::BASE64
        .decode(b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
        .unwrap();
    for seed in [31, 32] {
        let fake = FakeBooking::start(0);
        for number in 1..=25 {
            for prefix in ["thread", "other"] {
                let thread = format!("{prefix}-{number}");
                fake.state().say(&thread, true, "Thank you!", false);
                fake.state().say(&thread, false, &format!("You are welcome, {number}"), false);
            }
        }
        // From the first request on.
        (fake.state().seed, fake.state().fault_rate) = (seed, 80);
        // The second time also with few requests a second.
        fake.state().budget = (seed == 32).then_some(40);
        let mut house = connected(&fake, "s3cr3t");
        house.cli(&["account", "add", "Quinta", "--address", OTHER, "--language", "en"]);
        house.cli(&["member", "add", OTHER, "rui@quinta.example"]);
        connect(&fake, &house, OTHER, "1383088", &[]);
        let own = std::fs::read_to_string(house.path("data/demo-token")).unwrap();
        let their = house.cli(&["token", "add", OTHER]).trim().to_owned();
        std::thread::sleep(std::time::Duration::from_millis(150));
        house.kill();
        house.run();
        let id = wait_for("one conversation", || {
            let all = house.conversations("?channel=booking&limit=200");
            let number = fake_booking::reservation("thread-1");
            let one = all.iter().find(|c| c["subject"].as_str().unwrap().ends_with(&number))?;
            Some(one["id"].as_str().unwrap().to_owned())
        });
        let long = "Turn left at the church and follow the river. ".repeat(60);
        let mut replies = Vec::new();
        for round in 0..5 {
            for prefix in ["thread", "other"] {
                // The same words in every round, and in both houses.
                fake.state().say(&format!("{prefix}-1"), true, "Is breakfast included?", true);
                let text = format!("Is this your door? {round}");
                say_with_picture(&fake, &format!("{prefix}-{}", round + 2), &text, &picture);
            }
            let text = match round {
                0 => format!("{long}\n\nSecond: {long}"),
                3 => "It is.\n\nKind regards,\nAna".to_owned(),
                4 => "Claro, até às dez.\n\nCumprimentos,\nAna".to_owned(),
                _ => "Yes, of course.".to_owned(),
            };
            let png = data_encoding::BASE64.encode(&picture);
            let file = json!([{"name": "door.png", "type": "image/png", "content": png}]);
            let reply = match round {
                2 => json!({"text": text, "attachments": file}),
                4 => json!({"text": text, "translate": "yes",
                    "translation": "Naturally, until ten.\n\nKind regards,\nAna"}),
                _ => json!({"text": text}),
            };
            let path = format!("/conversations/{id}/messages");
            // Into what it is translated is known once the guest was heard.
            wait_for("the reply", || {
                (house.api("POST", &path, Some(&reply)).0 == 201).then_some(())
            });
            replies.push(text);
            if round % 2 == 1 {
                house.kill();
                house.run();
            }
            fake.state().exchanges = 0;
        }
        (fake.state().fault_rate, fake.state().budget) = (0, None);
        for (token, prefix) in [(own.trim(), "thread-"), (their.as_str(), "other-")] {
            let begun = std::time::Instant::now();
            loop {
                let (here, there) =
                    (by_thread(&house, token, "visitor"), there(&fake, prefix, true));
                if here == there {
                    break;
                }
                let others = there.iter().map(|(number, said)| (number, said, here.get(number)));
                let missing: Vec<_> =
                    others.filter(|(_, said, here)| *here != Some(*said)).collect();
                assert!(
                    begun.elapsed().as_secs() < 60,
                    "seed {seed}: every word of every guest, in its thread and in order: {missing:?} {}\n{}",
                    house.cli(&["connection", "list"]),
                    house.cli(&["queue", "list"])
                );
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
        }
        let ends = wait_for("every end", || {
            let one = house.conversation(&id);
            let said = one["messages"].as_array()?.iter().filter(|m| m["channel"] == "api");
            let ends: Vec<(String, Vec<String>)> = said
                .map(|m| {
                    let all = m["deliveries"].as_array().unwrap().iter();
                    let own = all.filter(|d| d["purpose"] == "reply");
                    let states = own.map(|d| d["state"].as_str().unwrap().to_owned()).collect();
                    (m["text"].as_str().unwrap().to_owned(), states)
                })
                .collect();
            let over = |state: &String| state == "done" || state == "unknown";
            let all_over = ends.iter().all(|(_, all)| !all.is_empty() && all.iter().all(over));
            (ends.len() == replies.len() && all_over).then_some(ends)
        });
        // As often there as it is known to have arrived, or as it may have.
        let said = &there(&fake, "thread-", false)[&fake_booking::reservation("thread-1")];
        // What the guest reads, and how the reply to it begins here.
        for (text, written) in [
            ("Turn left", "Turn left"),
            ("Second: Turn left", "Turn left"),
            ("Yes, of course.", "Yes, of course."),
            ("It is.", "It is."),
            ("Naturally, until ten.", "Claro"),
        ] {
            let count = said.iter().filter(|one| one.starts_with(text)).count();
            let of_text = |(reply, states): &(String, Vec<String>)| -> Vec<String> {
                match (text, reply.starts_with(written)) {
                    ("Second: Turn left", _) if reply.starts_with("Turn") => {
                        vec![states[1].clone()]
                    }
                    ("Turn left", true) => vec![states[0].clone()],
                    (_, true) => states.clone(),
                    _ => Vec::new(),
                }
            };
            let states: Vec<String> = ends.iter().flat_map(of_text).collect();
            let done = states.iter().filter(|state| *state == "done").count();
            assert!(
                !states.is_empty() && done <= count && count <= states.len(),
                "seed {seed}: {text:?} is there {count} times, and here {states:?}: {said:?} {}",
                house.conversation(&id)["messages"]
            );
        }
        let at = |text: &str| said.iter().position(|one| one.starts_with(text));
        if let (Some(first), Some(second)) = (at("Turn left"), at("Second: Turn left")) {
            assert!(first < second, "seed {seed}: {said:?}");
        }
        // An echo is no second message, and each question was told once to its own house.
        let here = by_thread(&house, own.trim(), "provider");
        assert_eq!(here.values().map(Vec::len).sum::<usize>(), 25 + replies.len(), "seed {seed}");
        let quinta = by_thread(&house, &their, "provider");
        assert_eq!(quinta, there(&fake, "other-", false), "seed {seed}");
        // A notification that a kill cut off may be there or not, and is said to be unknown.
        wait_for("all notifications", || {
            let counts = ["ana", "rui"].map(|who| {
                let told = told(&house, who);
                ["Is breakfast", "Is this your door?", "Thank you!"]
                    .map(|text| told.iter().filter(|one| one.starts_with(text)).count())
            });
            let waiting = house.cli(&["queue", "list"]);
            let cut = |line: &&str| line.contains("notification") && line.contains("unknown");
            let cut = waiting.lines().filter(cut).count();
            assert!(
                counts.iter().all(|c| c[0] <= 5 && c[1] <= 5 && c[2] == 0),
                "seed {seed}: told twice: {counts:?}"
            );
            let sum: usize = counts.iter().flatten().sum();
            (sum <= 20 && sum + cut >= 20).then_some(())
        });
    }
}
