//! What a connection does when its channel is slow, broken or out of order: each house hears what concerns it, and the
//! marks stay true.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and looks at the clock itself"
)]

#[path = "support/fake_booking.rs"]
mod fake_booking;
mod support;

use std::time::Duration;

use fake_booking::{FakeBooking, State};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use support::{House, http, wait_for};

const HOUSE: &str = "pousada@relais.localhost";
const OTHER: &str = "quinta@relais.localhost";

fn started(more: &[(&str, &str)]) -> House {
    let mut environment = vec![
        ("RELAIS_CHANNELS__POLL_MS", "50"),
        ("RELAIS_DELIVERY__RETRY_SECONDS", "1"),
        ("RELAIS_TRANSLATION__ENGINES", "[]"),
    ];
    environment.extend(more);
    House::start_with(&environment)
}

fn connect(house: &House, fake: &FakeBooking, account: &str, property: &str, more: &[&str]) {
    let url = fake.url();
    let mut args = vec!["connection", "add", account, "--client-id", "machine-1"];
    args.extend(["--client-secret", "s3cr3t", "--property", property]);
    args.extend(["--url", &url, "--token-url", &url]);
    args.extend(more);
    house.cli(&args);
}

fn connected(fake: &FakeBooking) -> House {
    let house = started(&[]);
    connect(&house, fake, HOUSE, "1383087", &[]);
    imported(&house, 1);
    house
}

fn imported(house: &House, count: usize) {
    wait_for("the imports", || {
        (house.cli(&["connection", "list"]).matches("(all)").count() == count).then_some(())
    });
}

/// A moment as the channel writes it.
fn ago(minutes: i64) -> String {
    let at = Timestamp::now() - SignedDuration::from_mins(minutes);
    at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// Words dated so long ago, in the queue or only in the thread.
fn said(state: &mut State, thread: &str, from_guest: bool, text: &str, minutes: i64, queued: bool) {
    state.say(thread, from_guest, text, false);
    state.amend(|said| said.at = ago(minutes));
    let last = state.said.len() - 1;
    state.queue.extend(queued.then_some(last));
}

/// Whether a thread waits for an answer, and how many of its messages nobody has read.
fn marks(house: &House, thread: &str) -> Option<(bool, i64)> {
    let number = fake_booking::reservation(thread);
    let all = house.conversations("?channel=booking&limit=200");
    let one = all.into_iter().find(|c| c["subject"].as_str().unwrap().contains(&number))?;
    Some((one["needs_reply"] == true, one["unread_count"].as_i64().unwrap()))
}

fn texts_of(house: &House, thread: &str) -> Vec<String> {
    let number = fake_booking::reservation(thread);
    let all = house.conversations("?channel=booking&limit=200");
    let one = all.into_iter().find(|c| c["subject"].as_str().unwrap().contains(&number));
    let Some(one) = one else { return Vec::new() };
    let all = house.conversation(one["id"].as_str().unwrap());
    let text = |m: &Value| m["text"].as_str().unwrap().to_owned();
    all["messages"].as_array().unwrap().iter().map(text).collect()
}

fn arrives(house: &House, thread: &str, text: &str) {
    wait_for(text, || texts_of(house, thread).iter().any(|one| one == text).then_some(()));
}

#[test]
fn what_the_house_said_elsewhere_answers_only_what_was_said_before_it() {
    let fake = FakeBooking::start(0);
    // A month ago somebody asked and was answered. Now they ask by the platform's mail, before there is a connection.
    said(&mut fake.state(), "thread-1", true, "Is there parking?", 44_000, false);
    said(&mut fake.state(), "thread-1", false, "There is, behind the church.", 43_000, false);
    let mut house = started(&[]);
    let alias = format!("{}-AB1C.DE2F@guest.booking.com", fake_booking::reservation("thread-1"));
    let urgent = format!(
        "From: \"Anna Example via Booking.com\" <{alias}>\r\nTo: {HOUSE}\r\nSubject: x\r\n\
        Message-ID: <urgent@booking.com>\r\n\r\n##- reply above -##\r\n\r\nAnna Example wrote:\r\n\r\n\
        Urgent: no hot water.\r\n\r\nReply [https://admin.booking.com/x]\r\n"
    );
    house.mail(&alias, &[HOUSE], urgent.as_bytes());
    wait_for("the question", || (marks(&house, "thread-1")? == (true, 1)).then_some(()));
    connect(&house, &fake, HOUSE, "1383087", &[]);
    imported(&house, 1);
    arrives(&house, "thread-1", "There is, behind the church.");
    assert_eq!(marks(&house, "thread-1"), Some((true, 1)), "last month's answer answers nothing");

    // The queue gives the house's words of five minutes ago behind a question of one minute ago.
    said(&mut fake.state(), "thread-2", true, "May we come at noon?", 1, true);
    arrives(&house, "thread-2", "May we come at noon?");
    said(&mut fake.state(), "thread-2", false, "Welcome to our house.", 5, true);
    arrives(&house, "thread-2", "Welcome to our house.");
    assert_eq!(marks(&house, "thread-2"), Some((true, 1)), "an older word is no answer");

    // What a machine of theirs sends is none either.
    fake.state().say("thread-3", true, "Do you take dogs?", true);
    arrives(&house, "thread-3", "Do you take dogs?");
    fake.state().say("thread-3", false, "Thanks for your message, we answer soon.", false);
    fake.state().amend(|said| said.kind = "automatically_sent_template");
    let last = fake.state().said.len() - 1;
    fake.state().queue.push(last);
    arrives(&house, "thread-3", "Thanks for your message, we answer soon.");
    assert_eq!(marks(&house, "thread-3"), Some((true, 1)), "a template is no answer");

    // A real one is, and what was asked before it and comes late is answered too.
    fake.state().say("thread-3", false, "We do, small ones.", true);
    wait_for("the answer", || (marks(&house, "thread-3")? == (false, 0)).then_some(()));
    said(&mut fake.state(), "thread-4", false, "At three o'clock.", 2, true);
    arrives(&house, "thread-4", "At three o'clock.");
    said(&mut fake.state(), "thread-4", true, "When can we come?", 3, true);
    arrives(&house, "thread-4", "When can we come?");
    assert!(!marks(&house, "thread-4").unwrap().0, "it was answered before it came");

    let all =
        |house: &House| ["thread-1", "thread-2", "thread-3", "thread-4"].map(|t| marks(house, t));
    let before = all(&house);
    house.stop();
    house.cli(&["reindex"]);
    house.run();
    assert_eq!(all(&house), before);
}

/// Where notifications of a house go, and what has to be sent with them.
fn notify(house: &House, property: &str, thread: &str) {
    let said = house.cli(&["connection", "hook", "machine-1"]);
    let of = |name: &str| {
        let line = said.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap().trim().to_owned()
    };
    let (endpoint, secret) = (of("endpoint"), of("client secret"));
    let path = endpoint.split_once("/hooks").map(|(_, rest)| format!("/hooks{rest}")).unwrap();
    let body = json!({"payload": {"conversation": {"property_id": property, "conversation_id": thread}},
        "metadata": {"type": "MESSAGING_API_NEW_MESSAGE"}});
    let headers = [("X-Channex-Webhook-Secret", secret.as_str())];
    assert_eq!(http(house.http, "POST", &path, &headers, body.to_string().as_bytes()).0, 200);
}

/// How many mails with these words somebody has.
fn mails(house: &House, who: &str, words: &str) -> usize {
    let is = |l: &&relais::ground::letter::Letter| {
        l.to[0].address.local() == who && l.text().contains(words)
    };
    house.outgoing().iter().filter(is).count()
}

fn told(house: &House, who: &str, words: &str) {
    wait_for(words, || (mails(house, who, words) == 1).then_some(()));
}

fn second_house(house: &House, fake: &FakeBooking) {
    house.cli(&["account", "add", "Quinta", "--address", OTHER, "--language", "en"]);
    house.cli(&["member", "add", OTHER, "rui@quinta.example"]);
    connect(house, fake, OTHER, "1383088", &[]);
}

#[test]
fn a_conversation_that_cannot_be_read_stops_nobody() {
    let fake = FakeBooking::start(0);
    for number in 1..=30 {
        fake.state().say(&format!("thread-{number}"), true, &format!("Old {number}"), false);
    }
    // One of the first page, while all is imported.
    fake.state().broken = vec!["thread-2".into()];
    let house = started(&[]);
    connect(&house, &fake, HOUSE, "1383087", &[]);
    let list = |house: &House| house.cli(&["connection", "list"]);
    wait_for("the others", || list(&house).contains("imported 29 (all)").then_some(()));
    wait_for("what is said of it", || list(&house).contains("500").then_some(()));
    assert!(!list(&house).contains("polled never"), "{}", list(&house));
    second_house(&house, &fake);
    imported(&house, 2);
    // One that nobody knows yet, in the queue that all houses share.
    fake.state().broken.push("other-7".into());
    fake.state().say("other-7", true, "From the broken one", true);
    fake.state().say("other-7", true, "And once more", true);
    fake.state().say("other-8", true, "Behind it, there", true);
    fake.state().say("thread-8", true, "Behind it, here", true);
    told(&house, "rui", "Behind it, there");
    told(&house, "ana", "Behind it, here");
    wait_for("an empty queue", || fake.state().queue.is_empty().then_some(()));
    assert_eq!(mails(&house, "rui", "From the broken one"), 0);
    fake.state().broken.clear();
    told(&house, "rui", "From the broken one");
    told(&house, "rui", "And once more");
    arrives(&house, "thread-2", "Old 2");
    wait_for("nothing to complain of", || (!list(&house).contains("500")).then_some(()));
    assert_eq!(mails(&house, "ana", "Old 2"), 0, "what was before is nobody's news");
    assert_eq!(marks(&house, "thread-2"), Some((false, 0)));
    assert!(!house.cli(&["queue", "list"]).contains("not connected"), "of nobody here");
}

#[test]
fn a_search_goes_around_what_cannot_be_read_and_keeps_no_notification_waiting() {
    let fake = FakeBooking::start(0);
    (fake.state().no_queue, fake.state().endless_search) = (true, true);
    let house = started(&[("RELAIS_CHANNELS__SEARCH_MINUTES", "0")]);
    connect(&house, &fake, HOUSE, "1383087", &[]);
    imported(&house, 1);
    wait_for("the search", || (!fake.state().searches.is_empty()).then_some(()));
    fake.state().say("thread-1", true, "Told by a notification", false);
    let begun = std::time::Instant::now();
    notify(&house, "1383087", "thread-1");
    told(&house, "ana", "Told by a notification");
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert_eq!(fake.state().searches.len(), 1, "one search at a time");

    let fake = FakeBooking::start(0);
    (fake.state().no_queue, fake.state().broken) = (true, vec!["thread-1".into()]);
    let house = started(&[("RELAIS_CHANNELS__SEARCH_MINUTES", "0")]);
    connect(&house, &fake, HOUSE, "1383087", &[]);
    imported(&house, 1);
    fake.state().say("thread-1", true, "In the broken one", false);
    fake.state().say("thread-2", true, "Beside it", false);
    told(&house, "ana", "Beside it");
    fake.state().broken.clear();
    told(&house, "ana", "In the broken one");
}

#[test]
fn whoever_asks_to_wait_is_waited_for_and_others_are_served() {
    let slow = FakeBooking::start(0);
    let house = connected(&slow);
    let quick = FakeBooking::start(0);
    house.cli(&["account", "add", "Quinta", "--address", OTHER, "--language", "en"]);
    house.cli(&["member", "add", OTHER, "rui@quinta.example"]);
    let url = quick.url();
    let mut args = vec!["connection", "add", OTHER, "--client-id", "machine-2"];
    args.extend(["--client-secret", "s3cr3t", "--property", "1383088"]);
    args.extend(["--url", &url, "--token-url", &url]);
    house.cli(&args);
    imported(&house, 2);
    // In seconds, and as a date.
    for by_date in [false, true] {
        let until = Timestamp::now() + SignedDuration::from_secs(4);
        let words = match by_date {
            true => (until + SignedDuration::from_secs(1)).strftime("%a, %d %b %Y %H:%M:%S GMT"),
            false => until.strftime("4"),
        };
        let text = format!("After the wait {by_date}");
        {
            let mut state = slow.state();
            (state.told_to_wait, state.throttle) = (0, Some((until, words.to_string())));
            state.say("thread-1", true, &text, true);
        }
        wait_for("the refusal", || (slow.state().told_to_wait > 0).then_some(()));
        wait_for("what is said of it", || {
            house.cli(&["connection", "list"]).contains("asks to wait").then_some(())
        });
        let meanwhile = format!("Meanwhile {by_date}");
        quick.state().say("other-1", true, &meanwhile, true);
        told(&house, "rui", &meanwhile);
        assert!(Timestamp::now() < until, "{by_date}: others did not wait");
        told(&house, "ana", &text);
        assert!(Timestamp::now() >= until);
        assert_eq!(slow.state().told_to_wait, 1, "{by_date}: asked once, then left alone");
    }
}

#[test]
fn refused_credentials_are_told_once_to_each_member() {
    let fake = FakeBooking::start(0);
    let house = connected(&fake);
    connect(&house, &fake, HOUSE, "1383089", &[]);
    second_house(&house, &fake);
    imported(&house, 3);
    // The secret was changed there, and a notification is still to be read.
    {
        let mut state = fake.state();
        state.secret = "changed".into();
        state.oldest_token = state.exchanges + 1;
        state.say("thread-1", true, "Hello?", false);
    }
    notify(&house, "1383087", "thread-1");
    wait_for("the state of all", || {
        (house.cli(&["connection", "list"]).matches("broken").count() == 3).then_some(())
    });
    wait_for("the notices", || {
        (mails(&house, "ana", "Booking.com") >= 1 && mails(&house, "rui", "Booking.com") >= 1)
            .then_some(())
    });
    std::thread::sleep(Duration::from_secs(1));
    let counts = ["ana", "rui"].map(|who| mails(&house, who, "Booking.com"));
    assert_eq!(
        counts,
        [1, 1],
        "{:?}",
        house.outgoing().iter().map(|l| l.text()).collect::<Vec<_>>()
    );
    assert_eq!(mails(&house, "ana", "1383087, 1383089"), 1, "all of theirs in one");
}

#[test]
fn without_the_connection_guests_are_answered_by_the_platforms_mail() {
    let fake = FakeBooking::start(0);
    let mut house = started(&[]);
    let alias = format!("{}-AB1C.DE2F@guest.booking.com", fake_booking::reservation("thread-1"));
    let mail = format!(
        "From: \"Anna Example via Booking.com\" <{alias}>\r\nTo: {HOUSE}\r\nSubject: x\r\n\
        Message-ID: <first@booking.com>\r\n\r\n##- reply above -##\r\n\r\nAnna Example wrote:\r\n\r\n\
        Is there parking?\r\n\r\nReply [https://admin.booking.com/x]\r\n"
    );
    house.mail(&alias, &[HOUSE], mail.as_bytes());
    wait_for("the question", || marks(&house, "thread-1"));
    connect(&house, &fake, HOUSE, "1383087", &[]);
    imported(&house, 1);
    fake.state().say("thread-1", true, "And a cot?", true);
    arrives(&house, "thread-1", "And a cot?");
    // Nobody else's mail came for this one.
    fake.state().say("thread-2", true, "By the interface alone", true);
    arrives(&house, "thread-2", "By the interface alone");
    house.cli(&["connection", "remove", "machine-1", "--account", HOUSE]);
    let id = |thread: &str| {
        let number = fake_booking::reservation(thread);
        let all = house.conversations("?channel=booking");
        let one = all.iter().find(|c| c["subject"].as_str().unwrap().contains(&number)).unwrap();
        one["id"].as_str().unwrap().to_owned()
    };
    let (first, second) = (id("thread-1"), id("thread-2"));
    let path = |id: &str| format!("/conversations/{id}/messages");
    let reply = json!({"text": "Both, yes."});
    assert_eq!(house.conversation(&first)["capabilities"]["can_reply"], true);
    assert_eq!(house.api("POST", &path(&first), Some(&reply)).0, 201);
    house.mail_out("the reply", |l| {
        let is_there = l.to[0].address.to_string().eq_ignore_ascii_case(&alias);
        is_there && l.text().contains("Both, yes.")
    });
    let shown = house.conversation(&second)["capabilities"].clone();
    assert_eq!(shown["can_reply"], false, "{shown}");
    assert_eq!(shown["answer_link"], "https://admin.booking.com/");
    assert_eq!(house.api("POST", &path(&second), Some(&reply)).0, 422);
    let essence =
        |house: &House| [&first, &second].map(|id| house.conversation(id)["capabilities"].clone());
    let before = essence(&house);
    house.stop();
    house.cli(&["reindex"]);
    house.run();
    assert_eq!(essence(&house), before);
    // Connected again, it is the better road again.
    connect(&house, &fake, HOUSE, "1383087", &[]);
    imported(&house, 1);
    assert_eq!(house.api("POST", &path(&second), Some(&reply)).0, 201);
    wait_for("the answer there", || {
        fake.state().texts(false).contains(&"Both, yes.".to_owned()).then_some(())
    });
}

#[test]
fn importing_anew_tells_what_was_missed_and_only_that() {
    let fake = FakeBooking::start(0);
    fake.state().say("thread-1", true, "From before", false);
    let house = connected(&fake);
    said(&mut fake.state(), "thread-2", true, "From long before", 60 * 24 * 40, false);
    // Neither the queue nor a notification has told of it yet.
    fake.state().say("thread-1", true, "Just now", false);
    // Many polls later.
    std::thread::sleep(Duration::from_millis(500));
    let again = house.cli(&["connection", "sync", "machine-1", "--wait"]);
    assert!(again.contains("imported"), "{again}");
    told(&house, "ana", "Just now");
    assert_eq!(marks(&house, "thread-1"), Some((true, 1)));
    assert_eq!(marks(&house, "thread-2"), Some((false, 0)));
    let last = fake.state().said.len() - 1;
    fake.state().queue.push(last);
    wait_for("an empty queue", || fake.state().queue.is_empty().then_some(()));
    assert_eq!(mails(&house, "ana", "Just now"), 1);
    assert_eq!(mails(&house, "ana", "before"), 0);
}

/// Two houses of one account: what one of them has to say never leaves in the name of the other.
#[test]
fn a_reply_leaves_by_no_other_houses_connection() {
    let fake = FakeBooking::start(0);
    let mut house = started(&[]);
    connect(&house, &fake, HOUSE, "1383087", &[]);
    connect(&house, &fake, HOUSE, "1383088", &[]);
    imported(&house, 2);
    fake.state().say("thread-1", true, "Is there parking?", true);
    fake.state().say("other-1", true, "Is there a pool?", true);
    arrives(&house, "thread-1", "Is there parking?");
    arrives(&house, "other-1", "Is there a pool?");
    let id = |house: &House, thread: &str| {
        let number = fake_booking::reservation(thread);
        let all = house.conversations("?channel=booking");
        let one = all.iter().find(|c| c["subject"].as_str().unwrap().contains(&number)).unwrap();
        one["id"].as_str().unwrap().to_owned()
    };
    let (first, second) = (id(&house, "thread-1"), id(&house, "other-1"));
    house.cli(&["connection", "remove", "machine-1", "--account", HOUSE, "--property", "1383087"]);
    let reply = |house: &House, id: &str, text: &str| {
        let body = json!({"text": text, "translate": "no"});
        house.api("POST", &format!("/conversations/{id}/messages"), Some(&body))
    };
    let (status, said) = reply(&house, &first, "Yes, behind the house.");
    assert_eq!(status, 422, "{said}");
    assert!(said["detail"].as_str().unwrap().contains("https://admin.booking.com/"), "{said}");
    assert_eq!(house.conversation(&first)["capabilities"]["can_reply"], false);
    assert_eq!(reply(&house, &second, "Yes, heated.").0, 201);
    wait_for("the other's answer", || {
        fake.state().texts(false).contains(&"Yes, heated.".to_owned()).then_some(())
    });
    // The same house by credentials of another name: read once, it is answered through them.
    let url = fake.url();
    let (rest, urls) = (["--property", "1383087"], ["--url", &url, "--token-url", &url]);
    let mut args = vec!["connection", "add", HOUSE, "--client-id", "machine-2"];
    args.extend(["--client-secret", "s3cr3t"]);
    args.extend(rest.iter().chain(&urls));
    house.cli(&args);
    imported(&house, 2);
    wait_for("the road", || {
        (house.conversation(&first)["capabilities"]["can_reply"] == true).then_some(())
    });
    house.stop();
    house.cli(&["reindex"]);
    house.run();
    assert_eq!(reply(&house, &first, "Yes, behind the house.").0, 201);
    wait_for("the answer", || {
        fake.state().texts(false).contains(&"Yes, behind the house.".to_owned()).then_some(())
    });
}

#[test]
fn what_is_done_on_the_platform_is_done_here_and_no_newer_words_are() {
    let fake = FakeBooking::start(0);
    let house = connected(&fake);
    fake.state().say("thread-1", true, "Thank you!", true);
    arrives(&house, "thread-1", "Thank you!");
    assert!(marks(&house, "thread-1").unwrap().0);
    // Seen to be open, then made done in the Extranet.
    read_again(&fake, "thread-1", 1);
    fake.state().no_reply_needed.push("thread-1".into());
    wait_for("the mark", || (!marks(&house, "thread-1").unwrap().0).then_some(()));
    // The mark may still be there when the guest writes again: that waits.
    fake.state().say("thread-1", true, "One more question", true);
    arrives(&house, "thread-1", "One more question");
    // Whoever reads a third time has done what there was to do after the first two.
    read_again(&fake, "thread-1", 3);
    assert!(marks(&house, "thread-1").unwrap().0);
}

/// The thread is asked for so many times more.
fn read_again(fake: &FakeBooking, thread: &str, times: usize) {
    let reads = || fake.state().reads.get(thread).copied().unwrap_or_default();
    let wanted = reads() + times;
    wait_for("a look at the thread", || (reads() >= wanted).then_some(()));
}

#[test]
fn what_waits_and_cannot_be_looked_at_is_left_alone_for_a_while() {
    let fake = FakeBooking::start(0);
    let mut house = connected(&fake);
    fake.state().say("thread-1", true, "Thank you!", true);
    arrives(&house, "thread-1", "Thank you!");
    house.stop();
    fake.state().broken = vec!["thread-1".into()];
    house.run();
    read_again(&fake, "thread-1", 1);
    let fetches = fake.state().fetches;
    let reads = fake.state().reads["thread-1"];
    wait_for("twenty rounds", || (fake.state().fetches >= fetches + 20).then_some(()));
    let more = fake.state().reads["thread-1"] - reads;
    // Each time three tries; a round is every fiftieth of a second, and all that waits is looked at in each tenth.
    assert!(more < 20, "{more} requests in twenty rounds");
}
