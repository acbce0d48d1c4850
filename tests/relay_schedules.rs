//! Relay mail in random schedules: copies, another order, the same words by the channel's API before or after, kill -9
//! at any time. Every message is there once, in its conversation.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and looks at the clock itself"
)]

#[path = "support/fake_booking.rs"]
mod fake_booking;
mod support;

use std::collections::BTreeMap;

use fake_booking::{FakeBooking, reservation};
use serde_json::json;
use support::{House, wait_for};

const HOUSE: &str = "pousada@relais.localhost";

/// A seeded generator, so that a failure can be looked at again.
struct Chance(u64);

impl Chance {
    fn next(&mut self, below: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % below as u64).unwrap()
    }

    fn shuffle<T>(&mut self, all: &mut [T]) {
        for at in (1..all.len()).rev() {
            all.swap(at, self.next(at + 1));
        }
    }
}

/// A guest's message as Booking.com's relay mails it; the alias changes on the way.
fn by_relay(thread: &str, number: usize, text: &str, date: &str) -> (String, Vec<u8>) {
    let alias = format!("{}-AB1C.D{}@guest.booking.com", reservation(thread), number / 4);
    let mail = format!(
        "From: \"Anna Example via Booking.com\" <{alias}>\r\nTo: {HOUSE}\r\nSubject: x\r\nDate: {date}\r\n\
         Message-ID: <{thread}-{number}@prod.booking.com>\r\n\r\n##- reply above -##\r\n\r\n\
         Anna Example wrote:\r\n\r\n{text}\r\n\r\nReply [https://admin.booking.com/x]\r\n"
    );
    (alias, mail.into_bytes())
}

/// One of a host's guests, as Airbnb's relay mails it.
fn by_airbnb(thread: usize, number: usize, text: &str) -> (String, Vec<u8>) {
    let from = "express@airbnb.com".to_owned();
    let mail = format!(
        "From: Airbnb <{from}>\r\nReply-To: \"Lena (Airbnb)\" <{thread}q{number}@reply.airbnb.com>\r\nTo: {HOUSE}\r\n\
         Subject: RE: x\r\nX-Template: homes_messaging/new_message\r\nMessage-ID: <{thread}-{number}@geopod>\r\n\r\n\
         Lena\r\n\r\nBooker\r\n\r\n{text}\r\n\r\nReply\r\n\
         [https://www.airbnb.com/hosting/thread/210000000{thread}?x=1]\r\n"
    );
    (from, mail.into_bytes())
}

/// What visitors said, by the channel and the number of the booking or the address.
fn said(house: &House, channel: &str) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::new();
    for row in house.conversations(&format!("?channel={channel}&limit=200")) {
        let one = house.conversation(row["id"].as_str().unwrap());
        let messages = one["messages"].as_array().unwrap().clone();
        let of = messages.into_iter().filter(|m| m["side"] == "visitor");
        let mut texts: Vec<String> = of.map(|m| m["text"].as_str().unwrap().to_owned()).collect();
        texts.sort();
        assert!(all.insert(texts.first().cloned().unwrap_or_default(), texts).is_none());
    }
    all
}

/// How the replies ended, when all have.
fn ends(house: &House) -> Option<Vec<String>> {
    let mut ends = Vec::new();
    for row in house.conversations("?limit=200") {
        let one = house.conversation(row["id"].as_str().unwrap());
        let reply = one["messages"].as_array()?.iter().rfind(|m| m["channel"] == "api")?.clone();
        let state =
            reply["deliveries"].as_array()?.iter().find(|d| d["purpose"] == "reply")?["state"]
                .as_str()?
                .to_owned();
        if state == "waiting" || state == "sending" {
            return None;
        }
        ends.push(state);
    }
    Some(ends)
}

/// What arrives: by which road, in which thread, the text.
#[derive(Clone, Debug)]
enum Step {
    Relay(String, usize, String),
    Api(String, String),
    Airbnb(usize, usize, String),
    Kill,
}

#[test]
fn every_message_is_there_once_by_whatever_roads_it_came() {
    for seed in [41, 42, 43] {
        let mut chance = Chance(seed);
        let fake = FakeBooking::start(0);
        let mut house = House::start_with(&[
            ("RELAIS_CHANNELS__POLL_MS", "50"),
            ("RELAIS_DELIVERY__RETRY_SECONDS", "1"),
            ("RELAIS_TRANSLATION__ENGINES", "[]"),
        ]);
        let url = fake.url();
        let mut args = vec!["connection", "add", HOUSE, "--client-id", "machine-1"];
        args.extend(["--client-secret", "s3cr3t", "--property", "1383087"]);
        args.extend(["--url", &url, "--token-url", &url]);
        house.cli(&args);
        wait_for("the import", || {
            house.cli(&["connection", "list"]).contains("(all)").then_some(())
        });
        let date = jiff::Timestamp::now().strftime("%a, %d %b %Y %H:%M:%S +0000").to_string();
        let mut steps = Vec::new();
        let mut wanted: [BTreeMap<String, Vec<String>>; 2] = Default::default();
        for number in 0..8 {
            for thread in ["thread-1", "thread-2", "thread-3"] {
                // People say the same twice.
                let text = match number {
                    6 | 7 => format!("{thread} says thank you very much!"),
                    _ => format!("{thread} asks for the time number {number}, please?"),
                };
                wanted[0].entry(thread.to_owned()).or_default().push(text.clone());
                let relay = Step::Relay(thread.to_owned(), number, text.clone());
                let api = Step::Api(thread.to_owned(), text);
                // By one of the roads or both; mail perhaps twice.
                // Said twice, only both roads together tell how often.
                match chance.next(4).max(if number < 6 { 0 } else { 2 }) {
                    0 => steps.push(relay),
                    1 => steps.push(api),
                    2 => steps.extend([relay, api]),
                    _ => steps.extend([relay.clone(), api, relay]),
                }
            }
            for thread in 1..=2 {
                let text = format!("Lena {thread} wants to know, number {number}?");
                wanted[1].entry(format!("{thread}")).or_default().push(text.clone());
                let one = Step::Airbnb(thread, number, text);
                steps.extend(std::iter::repeat_n(one, 1 + chance.next(2)));
            }
        }
        steps.extend(std::iter::repeat_n(Step::Kill, 5));
        chance.shuffle(&mut steps);
        fake.state().seed = seed;
        fake.state().fault_rate = 100;
        for step in steps {
            match step {
                Step::Relay(thread, number, text) => {
                    let (from, raw) = by_relay(&thread, number, &text, &date);
                    house.mail(&from, &[HOUSE], &raw);
                }
                Step::Airbnb(thread, number, text) => {
                    let (from, raw) = by_airbnb(thread, number, &text);
                    house.mail(&from, &[HOUSE], &raw);
                }
                Step::Api(thread, text) => drop(fake.state().say(&thread, true, &text, true)),
                Step::Kill => {
                    house.kill();
                    house.run();
                }
            }
        }
        fake.state().fault_rate = 0;
        let sorted = |all: &BTreeMap<String, Vec<String>>| {
            let mut all: Vec<Vec<String>> = all.values().cloned().collect();
            all.iter_mut().for_each(|texts| texts.sort());
            all.sort();
            all
        };
        for (channel, wanted) in ["booking", "airbnb"].into_iter().zip(&wanted) {
            let mut found = Vec::new();
            let begun = std::time::Instant::now();
            while begun.elapsed().as_secs() < 30 && found != sorted(wanted) {
                found = sorted(&said(&house, channel));
            }
            assert_eq!(found, sorted(wanted), "seed {seed}: {channel}");
        }
        let before = [said(&house, "booking"), said(&house, "airbnb")];
        // Everybody is answered once, where Booking.com's guests are reached.
        for row in house.conversations("?limit=200") {
            let path = format!("/conversations/{}/messages", row["id"].as_str().unwrap());
            let reply = json!({"text": "Yes, at any time.", "translate": "no"});
            assert_eq!(house.api("POST", &path, Some(&reply)).0, 201, "seed {seed}: {row}");
        }
        house.kill();
        house.run();
        // At most once, and where nobody knows, it is said.
        let ends = wait_for("every end", || ends(&house));
        let there = fake.state().texts(false).len();
        let mailed = house
            .outgoing()
            .iter()
            .filter(|l| l.to[0].address.domain() == "reply.airbnb.com")
            .count();
        let unknown = ends.iter().filter(|end| *end == "unknown").count();
        assert!(ends.iter().all(|end| end == "done" || end == "unknown"), "seed {seed}: {ends:?}");
        assert!(
            there <= 3 && mailed <= 2 && there + mailed + unknown >= 5,
            "seed {seed}: {ends:?}"
        );
        house.stop();
        house.cli(&["reindex"]);
        house.run();
        assert_eq!(
            [said(&house, "booking"), said(&house, "airbnb")],
            before,
            "seed {seed}: rebuilt"
        );
    }
}

/// Two of the guest's messages in one mail are both told; quoted in the next, they are known.
#[test]
fn what_was_said_just_before_is_told_with_it_once() {
    let house = House::start_with(&[("RELAIS_TRANSLATION__ENGINES", "[]")]);
    let mail = |number: usize, entries: &[(&str, &str, &str)]| {
        let entries = entries
            .iter()
            .map(|(name, role, text)| format!("{name}\r\n\r\n{role}\r\n\r\n{text}\r\n\r\n"));
        let text: String = entries.collect();
        let (from, raw) = by_airbnb(1, number, "THE TEXT");
        let raw = String::from_utf8(raw).unwrap();
        let raw = raw.replace("Lena\r\n\r\nBooker\r\n\r\nTHE TEXT\r\n\r\n", &text);
        house.mail(&from, &[HOUSE], raw.as_bytes());
    };
    let first = ("Lena", "Booker", "Is there parking?");
    let second = ("Lena", "Booker", "And a cot for the child?\r\n\r\nShe is two.");
    mail(1, &[second, first]);
    let told = house.mail_out("both", |l| l.to[0].address.local() == "ana");
    let both = "Is there parking?\n\nAnd a cot for the child?\n\nShe is two.";
    assert!(told.text().starts_with(both), "{}", told.text());
    let host = ("Ana", "Host", "Yes to both.");
    mail(2, &[("Lena", "Booker", "Thank you!"), host, second, first]);
    let told = house.mail_out("the thanks", |l| l.text().starts_with("Thank you!"));
    assert!(!told.text().contains("She is two."), "{}", told.text());
    let texts = said(&house, "airbnb").into_values().next().unwrap();
    assert_eq!(texts, [both, "Thank you!"]);
}

/// A mail tells what was said just before, in a mail that comes behind it: once is enough.
#[test]
fn what_was_said_just_before_and_comes_late_is_told_once() {
    let mut house = House::start_with(&[("RELAIS_TRANSLATION__ENGINES", "[]")]);
    let ago = |minutes: i64| jiff::Timestamp::now() - jiff::SignedDuration::from_mins(minutes);
    let mail = |number: usize, minutes: i64, entries: &[&str]| {
        let (from, raw) = by_airbnb(1, number, &entries.join("\r\n\r\nLena\r\n\r\nBooker\r\n\r\n"));
        let date = jiff::fmt::rfc2822::to_string(&ago(minutes).to_zoned(jiff::tz::TimeZone::UTC));
        let raw = format!("Date: {}\r\n{}", date.unwrap(), String::from_utf8(raw).unwrap());
        house.mail(&from, &[HOUSE], raw.as_bytes());
    };
    let texts = || said(&house, "airbnb").into_values().next().unwrap_or_default();
    let both = "Is there parking?\n\nAnd a cot?";
    mail(2, 2, &["And a cot?", "Is there parking?"]);
    wait_for("both", || (texts() == [both]).then_some(()));
    mail(1, 3, &["Is there parking?"]);
    // Said again later it is another message, and so is what was only mentioned.
    mail(3, 1, &["Is there parking?"]);
    mail(4, 4, &["And a cot?"]);
    wait_for("the others", || (texts().len() == 3).then_some(()));
    let mut all = texts();
    all.sort_unstable();
    assert_eq!(all, ["And a cot?", "Is there parking?", both]);
    house.stop();
    house.cli(&["reindex"]);
    house.run();
    let mut again = said(&house, "airbnb").into_values().next().unwrap_or_default();
    again.sort_unstable();
    assert_eq!(again, all);
}
