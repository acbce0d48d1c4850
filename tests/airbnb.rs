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
    // One that is not to be seen says nothing of the others.
    let hidden = fake.state().open(LISTING);
    fake.state().say(hidden, true, "Not for you");
    fake.state().forbidden = vec![hidden];
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

/// A house of an operator with an app at Airbnb.
fn with_app(fake: &FakeAirbnb) -> House {
    let (url, token) = (fake.url(), format!("http://{}/oauth2/token", fake.address));
    House::start_with(&[
        ("RELAIS_CHANNELS__POLL_MS", "50"),
        ("RELAIS_DELIVERY__RETRY_SECONDS", "1"),
        ("RELAIS_TRANSLATION__ENGINES", "[]"),
        ("RELAIS_CHANNELS__AIRBNB_URL", &url),
        ("RELAIS_CHANNELS__AIRBNB_AUTHORIZE_URL", "https://www.airbnb.example/oauth2/auth?v=2"),
        ("RELAIS_CHANNELS__AIRBNB_TOKEN_URL", &token),
        ("RELAIS_CHANNELS__AIRBNB_KEY", "partner-key"),
        ("RELAIS_CHANNELS__AIRBNB_SECRET", "partner-secret"),
    ])
}

/// The host agrees: Airbnb sends the browser back to the address it was given, with the state it was given.
fn agreed(house: &House, link: &str, code: &str) -> (u16, String) {
    let fields = link.trim().split_once('?').unwrap().1;
    let fields: Vec<(String, String)> = serde_urlencoded::from_str(fields).unwrap();
    let of = |name: &str| &fields.iter().find(|(known, _)| known == name).unwrap().1;
    assert_eq!((of("response_type").as_str(), of("client_id").as_str()), ("code", "partner-key"));
    let back = of("redirect_uri").split_once("/connections").unwrap().1;
    let more =
        serde_urlencoded::to_string([("state", of("state").as_str()), ("code", code)]).unwrap();
    let path = format!("/connections{back}?{more}");
    let (status, _, page) = http(house.http, "GET", &path, &[], b"");
    (status, String::from_utf8(page).unwrap())
}

#[test]
fn a_host_allows_it_and_its_tokens_are_renewed() {
    let fake = FakeAirbnb::start(0);
    let thread = fake.state().open(LISTING);
    fake.state().say(thread, true, "Eine alte Frage");
    // Gone before the next look.
    fake.state().good_for = 1;
    let mut house = with_app(&fake);
    let link = house.cli(&["connection", "authorize", HOUSE, "--client-id", "host"]);
    assert!(
        link.starts_with("https://www.airbnb.example/oauth2/auth?v=2&response_type=code"),
        "{link}"
    );

    // Not agreed, not known there, not ours: nothing is connected.
    assert!(agreed(&house, &link, "").1.contains("n\u{e3}o deu autoriza"));
    assert!(agreed(&house, &link, "guessed").1.contains("n\u{e3}o deu autoriza"));
    assert_eq!(agreed(&house, &link.replace("state=ey", "state=fy"), "code-1").0, 404);
    assert!(house.cli(&["connection", "list"]).trim().is_empty());

    fake.state().codes = vec!["code-1".into()];
    let (status, page) = agreed(&house, &link, "code-1");
    assert!(status == 200 && page.contains("Airbnb est\u{e1} ligado"), "{status} {page}");
    let imported =
        |house: &House| house.cli(&["connection", "list"]).contains("(all)").then_some(());
    wait_for("the import", || imported(&house));
    assert!(house.cli(&["audit", HOUSE]).contains("connection add host"));
    let said = |house: &House| house.conversations("?channel=airbnb")[0]["message_count"].as_u64();

    // Each renewal changes both tokens, and a restart goes on with the newest.
    wait_for("renewals", || (fake.state().renewals >= 2).then_some(()));
    house.kill();
    house.run();
    fake.state().say(thread, true, "Gibt es einen Parkplatz?");
    wait_for("the question", || (said(&house) == Some(2)).then_some(()));
    let before = fake.state().renewals;
    wait_for("more renewals", || (fake.state().renewals > before).then_some(()));
    assert!(house.cli(&["connection", "test", "host"]).contains("Airbnb answers"));
    assert!(house.cli(&["connection", "list"]).contains("active"));
    let kept = std::fs::read_to_string(house.path("maildirs/journal.jsonl")).unwrap();
    assert!(!kept.contains("refresh-") && !kept.contains("access-"), "sealed");

    // Over the API too; a link is for its house alone.
    let new = json!({"name": "host", "property": "all"});
    let (status, made) = house.api("POST", "/connections/authorize", Some(&new));
    assert_eq!(status, 200, "{made}");
    house.cli(&[
        "account",
        "add",
        "Other",
        "--address",
        "other@relais.localhost",
        "--language",
        "en",
    ]);
    let theirs =
        house.cli(&["connection", "authorize", "other@relais.localhost", "--client-id", "host"]);
    fake.state().codes = vec!["code-2".into()];
    assert_eq!(
        agreed(&house, &theirs, "code-2").0,
        409,
        "another house has credentials of this name"
    );

    // Taken back: said by a notification, and once to people; a new permission mends it.
    fake.state().revoked = true;
    let hook = house.cli(&["connection", "hook", "host"]);
    let path = format!("/hooks{}", hook.trim().split_once("/hooks").unwrap().1);
    let body = json!({"action": "authorization_revoked"}).to_string();
    assert_eq!(http(house.http, "POST", &path, &[], body.as_bytes()).0, 200);
    wait_for("the state", || house.cli(&["connection", "list"]).contains("broken").then_some(()));
    house.mail_out("the notice", |l| l.subject.contains("Airbnb ("));
    (fake.state().revoked, fake.state().codes) = (false, vec!["code-3".into()]);
    let again = made["url"].as_str().unwrap();
    assert_eq!(agreed(&house, again, "code-3").0, 200);
    fake.state().say(thread, true, "Hallo?");
    wait_for("what was said meanwhile", || (said(&house) == Some(3)).then_some(()));
    assert_eq!(house.outgoing().iter().filter(|l| l.subject.contains("Airbnb (")).count(), 1);
}

#[test]
fn faults_and_kills_lose_nothing_and_repeat_nothing() {
    for seed in [31, 32] {
        let fake = FakeAirbnb::start(0);
        let threads: Vec<u64> = (0..3).map(|_| fake.state().open(LISTING)).collect();
        fake.state().say(threads[0], true, "The first of all");
        fake.state().good_for = 1;
        fake.state().codes = vec!["code-1".into()];
        let mut house = with_app(&fake);
        let link = house.cli(&["connection", "authorize", HOUSE, "--client-id", "host"]);
        assert_eq!(agreed(&house, &link, "code-1").0, 200);
        wait_for("the import", || {
            house.cli(&["connection", "list"]).contains("(all)").then_some(())
        });
        let id = house.conversations("?channel=airbnb")[0]["id"].as_str().unwrap().to_owned();
        {
            let mut state = fake.state();
            (state.seed, state.fault_rate, state.again) = (seed, 150, 3);
        }
        for round in 0..6 {
            for number in 0..4 {
                let text = format!("Question {round} {number}");
                fake.state().say(threads[number % 3], true, &text);
            }
            let path = format!("/conversations/{id}/messages");
            let reply = json!({"text": format!("Reply {round}")});
            assert_eq!(house.api("POST", &path, Some(&reply)).0, 201);
            if round % 2 == 1 {
                house.kill();
                house.run();
            }
        }
        fake.state().fault_rate = 0;
        let texts = |side: &str| {
            let mut all = Vec::new();
            for row in house.conversations("?channel=airbnb&limit=200") {
                let one = house.conversation(row["id"].as_str().unwrap());
                let said = one["messages"].as_array().unwrap().clone();
                let of_side = said.into_iter().filter(|m| m["side"] == side);
                all.extend(of_side.map(|m| m["text"].as_str().unwrap().to_owned()));
            }
            all.sort();
            all
        };
        let there = fake.state().threads(true);
        wait_for("every question, in its thread and in order", || {
            (house.threads("airbnb", "visitor") == there).then_some(())
        });
        for round in 0..6 {
            let text = format!("Reply {round}");
            let end = wait_for("every end", || end_of(&house, &id, &text));
            let count = fake.state().texts(false).iter().filter(|t| **t == text).count();
            assert!(
                count <= 1
                    && (count == 1 || end == "unknown")
                    && (end == "done" || end == "unknown"),
                "seed {seed}: {text} {end} {count} times"
            );
        }
        let said = texts("provider");
        assert_eq!(said.len(), 6, "seed {seed}: an echo is no second message: {said:?}");
    }
}
