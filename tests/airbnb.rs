//! Airbnb's partner API against a fake made after partners' code: off unless configured, first names, roles, echoes.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "support/fake_airbnb.rs"]
mod fake_airbnb;
mod support;

use fake_airbnb::{FakeAirbnb, Fault, LISTING, SECRET};
use serde_json::{Value, json};
use support::{House, http, wait_for};

const HOUSE: &str = "pousada@relais.localhost";

fn end_of(house: &House, id: &str, text: &str) -> Option<Value> {
    let one = house.conversation(id);
    let reply = one["messages"].as_array()?.iter().find(|m| m["text"] == text)?.clone();
    let all = reply["deliveries"].as_array()?;
    let state = all.iter().find(|d| d["purpose"] == "reply")?["state"].clone();
    (state != "waiting" && state != "sending").then_some(state)
}

#[test]
fn a_partner_talks_to_airbnb() {
    let fake = FakeAirbnb::start(0);
    let environment: [(&str, &str); 4] = [
        ("RELAIS_CHANNELS__POLL_MS", "50"),
        ("RELAIS_DELIVERY__RETRY_SECONDS", "1"),
        ("RELAIS_TRANSLATION__ENGINES", "[]"),
        ("RELAIS_CHANNELS__AIRBNB_URL", &fake.url()),
    ];
    for number in 0..60 {
        let thread = fake.state().open(LISTING);
        fake.state().say(thread, true, &format!("Eine alte Frage, Nummer {number}"));
        fake.state().say(thread, false, "Eine alte Antwort");
    }
    let theirs = fake.state().open(999);
    fake.state().say(theirs, true, "For another listing");
    let house = House::start_with(&environment);
    let listing = LISTING.to_string();
    house.cli(&[
        "connection",
        "add",
        HOUSE,
        "--channel",
        "airbnb",
        "--client-id",
        "host",
        "--client-secret",
        SECRET,
        "--property",
        &listing,
    ]);
    wait_for("the import", || {
        house.cli(&["connection", "list"]).contains("imported 120 (all)").then_some(())
    });
    assert_eq!(house.conversations("?channel=airbnb&limit=200").len(), 60);
    assert_eq!(house.outgoing().len(), 0, "what was before is nobody's news");

    let thread = fake.state().threads[7].0;
    fake.state().say(thread, true, "Gibt es einen Parkplatz?");
    let mail = house.mail_out("the notification", |l| l.to[0].address.local() == "ana");
    assert_eq!(mail.from[0].name.as_deref(), Some("Lena"), "first names only");
    let row = house.conversations("?needs_reply=true").remove(0);
    assert_eq!(row["language"], "de", "as the platform says");
    assert_eq!(row["stay"], json!({"arrival": "2027-06-15", "departure": "2027-06-17"}));
    let id = row["id"].as_str().unwrap().to_owned();

    fake.state().post_faults = vec![Fault::Throttled, Fault::DoneThenSilence];
    let path = format!("/conversations/{id}/messages");
    assert_eq!(house.api("POST", &path, Some(&json!({"text": "Ja, vor dem Haus."}))).0, 201);
    assert_eq!(wait_for("the end", || end_of(&house, &id, "Ja, vor dem Haus.")), "done");
    let there = fake.state().texts(false);
    assert_eq!(there.iter().filter(|t| t.contains("vor dem Haus")).count(), 1);
    let file = json!({"text": "Der Plan", "attachments": [{"name": "a.png", "type": "image/png", "content": "YQ=="}]});
    assert_eq!(house.api("POST", &path, Some(&file)).0, 422);

    // A cohost answers there: that is the house too, and nobody waits any more.
    fake.state().say(thread, true, "Und kostet er etwas?");
    wait_for("the question", || {
        (house.conversations("?needs_reply=true").len() == 1).then_some(())
    });
    fake.state().say(thread, false, "Nein, er ist frei.");
    wait_for("the answer there", || {
        house.conversations("?needs_reply=true").is_empty().then_some(())
    });
    assert_eq!(
        house.conversation(&id)["messages"].as_array().unwrap().len(),
        6,
        "our own came once"
    );

    // Its mail about the same thread is this conversation, and its words are not said twice.
    let copy = format!(
        "From: Airbnb <express@airbnb.com>\r\nReply-To: \"Lena (Airbnb)\" <abcdefghijklmnopqrstuvwxyz0123456789@reply.airbnb.com>\r\n\
         To: {HOUSE}\r\nSubject: RE: x\r\nMessage-ID: <copy@geopod>\r\n\r\nRE: X\r\n\r\nLENA\r\n\r\nBooker\r\n\r\nUnd kostet er etwas?\r\n\r\n\
         Reply\r\nhttps://www.airbnb.com/hosting/thread/{thread}?thread_type=home_booking\r\n"
    );
    house.mail("express@airbnb.com", &[HOUSE], copy.as_bytes());
    fake.state().say(thread, true, "Danke!");
    wait_for("what came after", || {
        let all = house.conversation(&id)["messages"].as_array().unwrap().clone();
        all.iter().any(|m| m["text"] == "Danke!").then_some(())
    });
    assert_eq!(house.conversations("?channel=airbnb&limit=200").len(), 60);

    // Its notification names the thread; its address is the secret.
    let hook = house.cli(&["connection", "hook", "host"]);
    let path = format!("/hooks{}", hook.trim().split_once("/hooks").unwrap().1);
    let body = json!({"action": "message_added", "message": {"id": 1}, "thread": {"id": thread}})
        .to_string();
    let (status, _, answer) = http(house.http, "POST", &path, &[], body.as_bytes());
    assert_eq!((status, String::from_utf8(answer).unwrap().as_str()), (200, r#"{"succeed":true}"#));
    let (guessed, _) = path.rsplit_once('/').unwrap();
    assert_eq!(http(house.http, "POST", &format!("{guessed}/aaaa"), &[], body.as_bytes()).0, 404);

    // A host may take the permission back.
    fake.state().revoked = true;
    wait_for("the state", || house.cli(&["connection", "list"]).contains("broken").then_some(()));
    house.mail_out("the notice", |l| {
        l.subject.contains("Airbnb") && l.to[0].address.local() == "ana"
    });
}

#[test]
fn it_is_off_unless_configured() {
    let house = House::start();
    let new = json!({"channel": "airbnb", "name": "x", "secret": SECRET, "property": "1"});
    assert_eq!(house.api("POST", "/connections", Some(&new)).0, 422);
}
