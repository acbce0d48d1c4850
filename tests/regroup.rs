//! Sorting by hand over the API of the real binary: merge, split and move are one action each, later mails follow, and
//! a reindex brings the order back.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use relais::ground::letter::Letter;
use serde_json::{Value, json};
use support::{House, reply_to, wait_for};

const HOUSE: &str = "pousada@relais.localhost";
const JOHN: &str = "john@guest.example";
const ANA: &str = "ana@pousada.example";

/// A mail of one sentence; gives what Ana (or John, when Ana writes) got of it.
fn say(house: &House, from: &str, to: &str, id: &str, answers: Option<&str>, text: &str) -> Letter {
    let answers = answers.map_or_else(String::new, |id| format!("In-Reply-To: <{id}>\r\n"));
    let raw = format!(
        "From: {from}\r\nTo: {to}\r\nSubject: About {id}\r\nMessage-ID: <{id}@x.example>\r\n{answers}\
         Date: Mon, 23 Nov 2026 09:00:00 +0000\r\n\r\n{text}\r\n"
    );
    house.mail(from, &[to], raw.as_bytes());
    let other = if from == ANA { JOHN } else { ANA };
    house.mail_out(text, |l| l.text().contains(text) && l.to[0].address.to_string() == other)
}

fn texts(conversation: &Value) -> Vec<&str> {
    let messages = conversation["messages"].as_array().unwrap();
    messages.iter().map(|m| m["text"].as_str().unwrap()).collect()
}

/// Everything the API tells of all conversations, once nothing is on its way.
fn everything(house: &House) -> Vec<Value> {
    wait_for("every delivery to end", || {
        house.cli(&["queue", "list"]).contains("nothing waits").then_some(())
    });
    let list = house.conversations("");
    list.iter().map(|row| house.conversation(row["id"].as_str().unwrap())).collect()
}

fn survives_a_reindex(house: &mut House) {
    let before = everything(house);
    house.stop();
    house.cli(&["reindex"]);
    house.run();
    assert_eq!(everything(house), before, "after reindex");
}

fn post(house: &House, id: &str, action: &str, body: &Value) -> (u16, Value) {
    house.api("POST", &format!("/conversations/{id}/{action}"), Some(body))
}

#[test]
fn merged_conversations_are_one_and_mail_to_both_arrives_there() {
    let mut house = House::start();
    let first = say(&house, JOHN, HOUSE, "one", None, "Is a double room free?");
    let second = say(&house, JOHN, HOUSE, "two", None, "I also want to park a car.");
    let id = |text: &str| -> String {
        let list = house.conversations("");
        let row = list.iter().find(|row| row["last_text"] == text).unwrap();
        row["id"].as_str().unwrap().to_owned()
    };
    let (room, car) = (id("Is a double room free?"), id("I also want to park a car."));
    assert_eq!(post(&house, &car, "merge", &json!({"into": room})).0, 204);
    assert_eq!(post(&house, &car, "merge", &json!({"into": room})).0, 204, "twice is once");
    assert_eq!(house.conversations("").len(), 1);
    assert_eq!(house.conversation(&car), house.conversation(&room), "the old id follows");
    // To the addresses of both, from both sides.
    say(&house, ANA, &reply_to(&second), "three", None, "You may park behind the house.");
    let answer = say(&house, ANA, &reply_to(&first), "four", None, "And the room is free.");
    say(&house, JOHN, &reply_to(&answer), "five", None, "Wonderful, we take both.");
    survives_a_reindex(&mut house);
    let merged = house.conversation(&room);
    assert_eq!(texts(&merged).len(), 5);
    assert_eq!(merged["conversation"]["message_count"], 5);
    assert_eq!(merged["conversation"]["needs_reply"], true);
    assert!(merged["events"].as_array().unwrap().iter().any(|e| e["kind"] == "merged"));
    say(&house, ANA, &reply_to(&second), "six", None, "See you in August, then.");
    assert_eq!(texts(&house.conversation(&room)).len(), 6, "and after the reindex");
    assert_eq!(post(&house, &room, "merge", &json!({"into": "aaaaaaaaaaaaa"})).0, 404);
}

#[test]
fn answers_follow_what_was_split_off_or_moved() {
    let mut house = House::start();
    let first = say(&house, JOHN, HOUSE, "one", None, "Is a double room free?");
    let answer = say(&house, ANA, &reply_to(&first), "two", None, "It is free, yes.");
    let visitor = reply_to(&answer);
    let lost = say(&house, JOHN, &visitor, "three", None, "Something else: I left a hat in May.");
    let room = house.conversations("")[0]["id"].as_str().unwrap().to_owned();
    let messages = house.conversation(&room)["messages"].as_array().unwrap().clone();
    let key = |n: usize| messages[n]["id"].as_str().unwrap();
    let all = json!({"messages": [key(0), key(1), key(2)]});
    assert_eq!(post(&house, &room, "split", &all).0, 422, "nothing would be left");
    assert_eq!(post(&house, &room, "split", &json!({"messages": []})).0, 422);
    assert_eq!(post(&house, &room, "split", &json!({"messages": ["aaaaaaaaaaaaa"]})).0, 404);
    let (status, made) = post(&house, &room, "split", &json!({"messages": [key(2)]}));
    assert_eq!(status, 201, "{made}");
    let hat = made["conversation"].as_str().unwrap().to_owned();
    let split = house.conversation(&hat);
    assert_eq!(split["conversation"]["subject"], "About three");
    assert_eq!(split["conversation"]["needs_reply"], true);
    assert_eq!(house.conversation(&room)["conversation"]["needs_reply"], false);
    // Ana answers the notification she had before the split: its address is the old conversation's.
    let id = lost.message_id.as_ref().unwrap().as_str().to_owned();
    let told =
        say(&house, ANA, &reply_to(&lost), "four", Some(&id), "The hat is here, a brown one.");
    let followed = house.conversation(&hat);
    assert_eq!(texts(&followed).len(), 2);
    assert_eq!(followed["messages"][1]["route"]["strategy"], "followed");
    assert_ne!(reply_to(&told), visitor, "the new conversation has its own address");
    // John answers himself at the old address, and goes on with the room there.
    say(&house, JOHN, &visitor, "five", Some("three@x.example"), "It has a feather on it.");
    say(&house, JOHN, &visitor, "six", Some("one@x.example"), "We take the room.");
    assert_eq!(texts(&house.conversation(&hat)).len(), 3);
    assert_eq!(texts(&house.conversation(&room)).len(), 3);
    survives_a_reindex(&mut house);
    // One message goes back; then all that is left, which makes it one conversation again.
    let messages = house.conversation(&hat)["messages"].as_array().unwrap().clone();
    let keys: Vec<&Value> = messages.iter().map(|m| &m["id"]).collect();
    let back = json!({"messages": [keys[0]], "into": room});
    assert_eq!(post(&house, &hat, "move", &back).0, 204);
    assert_eq!(texts(&house.conversation(&room)).len(), 4);
    let rest = json!({"messages": [keys[1], keys[2]], "into": room});
    assert_eq!(post(&house, &hat, "move", &rest).0, 204);
    assert_eq!(house.conversations("").len(), 1);
    say(&house, JOHN, &reply_to(&told), "seven", None, "Thank you for the hat!");
    assert_eq!(texts(&house.conversation(&room)).len(), 7);
    survives_a_reindex(&mut house);
}

/// Somebody replies while somebody else merges. Whichever comes first, an index made again says the same, and whoever
/// got the reply is who is said to have got it.
#[test]
fn a_reply_on_its_way_into_a_merge_goes_where_it_went() {
    let mut house = House::start();
    let mut ids = Vec::new();
    for number in 0..24 {
        let (id, from) = (format!("q{number}"), format!("guest{number}@guest.example"));
        let raw = format!(
            "From: {from}\r\nTo: {HOUSE}\r\nSubject: About {id}\r\nMessage-ID: <{id}@x.example>\r\n\r\nIs room {number} free?\r\n"
        );
        house.mail(&from, &[HOUSE], raw.as_bytes());
        ids.push(wait_for("the question", || {
            let found = house.conversations(&format!("?q=from:guest{number}"));
            Some(found.first()?["id"].as_str().unwrap().to_owned())
        }));
    }
    for (number, pair) in ids.chunks(2).enumerate() {
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let said = json!({"text": format!("Reply {number}.")});
                assert!(post(&house, &pair[0], "messages", &said).0 < 300);
            });
            scope.spawn(|| {
                std::thread::sleep(std::time::Duration::from_millis(number as u64));
                assert!(post(&house, &pair[0], "merge", &json!({"into": pair[1]})).0 < 300);
            });
        });
    }
    survives_a_reindex(&mut house);
}
