//! The contact form as strangers and their browsers use it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use support::{House, http, reply_to, wait_for};

const HOUSE: &str = "pousada@relais.localhost";
const SITE: &str = "https://www.pousada.example";
const PAGE: (&str, &str) = ("Accept", "text/html");
const JSON: (&str, &str) = ("Content-Type", "application/json");
const FIELDS: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

fn post(house: &House, headers: &[(&str, &str)], body: &str) -> (u16, String, String) {
    let (status, head, body) = http(house.http, "POST", "/f/demo", headers, body.as_bytes());
    (status, head.to_lowercase(), String::from_utf8(body).unwrap())
}

fn get(house: &House, path: &str, headers: &[(&str, &str)]) -> (String, String) {
    let (status, head, body) = http(house.http, "GET", path, headers, b"");
    assert_eq!(status, 200, "{path}");
    (head.to_lowercase(), String::from_utf8(body).unwrap())
}

fn message(text: &str) -> String {
    json!({"name": "John", "email": "john@guest.example", "message": text}).to_string()
}

#[test]
fn exactly_the_named_sites_send_it() {
    let house = House::start();
    let (status, head, body) = post(&house, &[JSON, ("Origin", SITE)], &message("one"));
    assert_eq!(status, 403, "{body}");
    assert!(
        body.contains("relais form set ACCOUNT --origin https://www.pousada.example"),
        "{body}"
    );
    assert!(!head.contains("access-control-allow-origin"), "{head}");
    house.cli(&["form", "set", HOUSE, "--origin", "https://www.pousada.example/"]);
    let (status, head, _) = post(&house, &[JSON, ("Origin", SITE)], &message("two"));
    assert_eq!(status, 201);
    assert!(head.contains(&format!("access-control-allow-origin: {SITE}")), "{head}");
    assert!(head.contains("vary: origin"), "{head}");
    let preflight =
        |origin: &str| http(house.http, "OPTIONS", "/f/demo", &[("Origin", origin)], b"").1;
    assert!(preflight(SITE).contains(SITE));
    assert!(!preflight("https://evil.example").contains("evil.example"));
    assert_eq!(post(&house, &[JSON, ("Origin", "https://evil.example")], &message("three")).0, 403);
    // A browser that hides its origin must come from our own page.
    assert_eq!(post(&house, &[JSON, ("Origin", "null")], &message("four")).0, 409);
    // A redirect leads to the site, or stays.
    for (next, there) in [
        (
            "https%3A%2F%2Fwww.pousada.example%2Fthanks",
            "location: https://www.pousada.example/thanks",
        ),
        ("https%3A%2F%2Fwww.pousada.example.evil.example", "location: /f/demo/thanks?lang="),
        ("%2F%2Fevil.example", "location: /f/demo/thanks?lang="),
    ] {
        let body = format!("email=john@guest.example&message=to+{next}&_next={next}");
        let (status, head, _) = post(&house, &[FIELDS, PAGE], &body);
        assert_eq!(status, 303);
        assert!(head.contains(there), "{head}");
    }
}

#[test]
fn the_visitor_learns_that_it_arrived_and_only_that() {
    let house = House::start();
    let words = json!({"name": "Buy pills", "email": "zoe@guest.example", "subject": "pills.example", "message": "Cheap pills at pills.example", "lang": "fr"});
    for _ in 0..2 {
        assert_eq!(post(&house, &[JSON], &words.to_string()).0, 201);
    }
    assert_eq!(house.conversations("").len(), 1, "pressed twice is sent once");
    let mail = house.mail_out("the confirmation", |l| l.to[0].address.local() == "zoe");
    let all = format!("{} {} {:?}", mail.subject, mail.text(), mail.to);
    assert!(all.contains("Nous avons reçu votre message : Pousada da Ria"), "{all}");
    assert!(!all.to_lowercase().contains("pills"), "nothing of it is reflected: {all}");
    assert!(mail.header("Auto-Submitted").is_some());
    // It carries the conversation's address.
    house.mail("zoe@guest.example", &[&reply_to(&mail)], b"From: zoe@guest.example\r\nSubject: Re\r\nMessage-ID: <z@x>\r\n\r\nAnd a parking place.\r\n");
    wait_for("the addition", || (house.conversations("")[0]["message_count"] == 2).then_some(()));
    // A robot that types in somebody's address again and again.
    for n in 0..5 {
        let more = json!({"email": "zoe@guest.example", "message": format!("again {n}")});
        post(&house, &[JSON], &more.to_string());
    }
    wait_for("all requests", || (house.conversations("").len() >= 4).then_some(()));
    let sent = house.outgoing().iter().filter(|l| l.to[0].address.local() == "zoe").count();
    assert!(sent <= 3, "{sent} confirmations in a day");
}

#[test]
fn what_robots_and_careless_people_send_is_answered() {
    let mut house = House::start();
    let refused = |fields: Value| {
        let (status, _, body) = post(&house, &[JSON], &fields.to_string());
        (
            status,
            serde_json::from_str::<Value>(&body).unwrap()["detail"].as_str().map(str::to_owned),
        )
    };
    for (fields, status, said) in [
        (json!({"email": "a@b.example, c@d.example", "message": "x"}), 422, "email"),
        (json!({"email": "a@b.example\r\nBcc: c@d.example", "message": "x"}), 422, "email"),
        // What goes to our own addresses reaches nobody.
        (json!({"email": HOUSE, "message": "x"}), 422, "email"),
        (json!({"email": "anybody@reply.relais.localhost", "message": "x"}), 422, "email"),
        (json!({"email": "a@b.example", "message": "x".repeat(10_001)}), 422, "too long"),
        (json!({"email": "a@b.example", "name": "x".repeat(121), "message": "x"}), 422, "name"),
        (json!({"email": "a@b.example", "message": "x", "arrival": "tomorrow"}), 422, "2027-08-14"),
        (json!({"email": "a@b.example", "message": "x", "_t": "1-2"}), 409, "open it again"),
    ] {
        let (got, detail) = refused(fields.clone());
        assert_eq!(got, status, "{fields}: {detail:?}");
        assert!(detail.unwrap_or_default().contains(said), "{fields}");
    }
    for (fields, field, code) in [
        (json!({"message": "x"}), "email", "missing"),
        (json!({"email": "a", "message": "x"}), "email", "invalid"),
        (
            json!({"email": "a@b.example", "message": "x", "arrival": "2027-08-16", "departure": "2027-08-14"}),
            "departure",
            "invalid",
        ),
        (json!({"email": "a@b.example", "message": "x", "guests": "many"}), "guests", "invalid"),
    ] {
        let (status, _, body) = post(&house, &[JSON], &fields.to_string());
        let errors = &serde_json::from_str::<Value>(&body).unwrap()["errors"];
        assert_eq!(status, 422, "{fields}");
        assert_eq!((&errors[0]["field"], &errors[0]["code"]), (&json!(field), &json!(code)));
    }
    let (status, ..) = post(&house, &[("Content-Type", "text/xml")], "<form/>");
    assert_eq!(status, 415);
    let program = "--b\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\na@b.example\r\n--b\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\nhi\r\n--b\r\nContent-Disposition: form-data; name=\"attachment\"; filename=\"x.exe\"\r\n\r\nMZ\r\n--b--\r\n";
    let (status, _, body) =
        post(&house, &[("Content-Type", "multipart/form-data; boundary=b")], program);
    assert!(status == 422 && body.contains("programs are not taken"), "{status} {body}");
    assert_eq!(house.conversations("").len(), 0);
    // Aliases of other services' forms, and dates as lines of the text.
    let aliases = "_replyto=john%40guest.example&_subject=Room&comments=Is+it+free%3F&arrival=2027-08-14&departure=2027-08-16&guests=2";
    assert_eq!(post(&house, &[FIELDS], aliases).0, 201);
    let id = house.conversations("")[0]["id"].as_str().unwrap().to_owned();
    let text = house.conversation(&id)["messages"][0]["text"].as_str().unwrap().to_owned();
    assert_eq!(text, "Is it free?\n\narrival: 2027-08-14\ndeparture: 2027-08-16\nguests: 2");
    let stay = json!({"arrival": "2027-08-14", "departure": "2027-08-16"});
    assert_eq!(house.conversations("")[0]["stay"], stay);
    house.stop();
    house.lose_store();
    house.run();
    wait_for("the days again", || (house.conversations("").first()?["stay"] == stay).then_some(()));
    // What was typed in is not lost when something is wrong.
    let (status, _, page) =
        post(&house, &[FIELDS, PAGE], "email=nobody&message=Three+%3Cnights%3E");
    assert_eq!(status, 422);
    assert!(page.contains(">Three &lt;nights&gt;</textarea>"), "{page}");
    // A flood is asked to wait: five a minute from one network. Another's visitors are not.
    let from = |peer: &str, who: &str| {
        let fields = json!({"email": format!("{who}@guest.example"), "message": "A room?"});
        post(&house, &[JSON, ("X-Forwarded-For", peer)], &fields.to_string()).0
    };
    let statuses: Vec<u16> = (0..8).map(|n| from("2001:db8::1", &format!("flood-{n}"))).collect();
    assert_eq!(statuses[..5], [201; 5], "{statuses:?}");
    assert_eq!(statuses[6..], [429; 2], "{statuses:?}");
    assert_eq!(from("2001:db8::1", "flood-1"), 201, "pressed twice is nothing new");
    assert_eq!(from("2001:db8::2", "the-same-network"), 429);
    assert_eq!(from("198.51.100.7", "another"), 201);
    // Nobody is the house's own program by saying so, and some proxies name the port too.
    for peer in ["127.0.0.1", "203.0.113.20:50123"] {
        let statuses: Vec<u16> =
            (0..7).map(|n| from(peer, &format!("claim-{n}-{}", peer.len()))).collect();
        assert_eq!((statuses[0], statuses[6]), (201, 429), "{peer}: {statuses:?}");
    }
}

/// Who mistypes is no flood, and what was typed in is never lost.
#[test]
fn mistakes_do_not_count_as_requests() {
    let house = House::start();
    let from = ("X-Forwarded-For", "203.0.113.9");
    let wrong = "email=nobody&message=Three+nights";
    for _ in 0..8 {
        assert_eq!(post(&house, &[FIELDS, PAGE, from], wrong).0, 422);
    }
    assert_eq!(post(&house, &[JSON, from], &message("A room?")).0, 201);
    let refused = (0..20).map(|_| post(&house, &[FIELDS, PAGE, from], wrong));
    let (_, _, page) = refused.into_iter().find(|(status, ..)| *status == 429).unwrap();
    assert!(page.contains(">Three nights</textarea>"), "{page}");
}

/// A browser may fill in what people do not see: it is kept, and the house can take it.
#[test]
fn who_fills_in_the_unseen_field_is_kept_aside() {
    let mut house = House::start();
    let mut ids = Vec::new();
    for trap in ["_gotcha", "_honeypot", "bot-field", "website"] {
        let fields =
            json!({"email": format!("{trap}@guest.example"), "message": "A room?", trap: "1"});
        let (status, _, body) = post(&house, &[JSON], &fields.to_string());
        assert_eq!(status, 201, "{trap}: as a person is told: {body}");
        let body: Value = serde_json::from_str(&body).unwrap();
        ids.push(body["conversation"].as_str().unwrap().to_owned());
    }
    wait_for("all of them", || (house.conversations("?held=true").len() == 4).then_some(()));
    assert!(house.conversations("?closed=false").is_empty(), "out of the way");
    assert!(house.outgoing().is_empty(), "nobody is told");
    let essence = |house: &House, id: &str| {
        let all = house.conversation(id);
        json!([
            all["messages"][0]["state"],
            all["conversation"]["needs_reply"],
            all["conversation"]["closed"]
        ])
    };
    assert_eq!(essence(&house, &ids[3]), json!(["held", false, true]));
    let decide = |house: &House, id: &str, decision: &str| {
        let message = house.conversation(id)["messages"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/messages/{message}/decision");
        house.api("POST", &path, Some(&json!({"decision": decision}))).0
    };
    assert_eq!(decide(&house, &ids[3], "send"), 204);
    let told = house.mail_out("the notification", |l| l.to[0].address.local() == "ana");
    assert!(told.text().starts_with("A room?"), "{}", told.text());
    house.mail_out("the confirmation", |l| l.to[0].address.local() == "website");
    assert_eq!(decide(&house, &ids[2], "discard"), 204);
    let wanted = [
        json!(["held", false, true]),
        json!(["held", false, true]),
        json!(["discarded", false, true]),
        json!(["received", true, false]),
    ];
    let found = |house: &House| ids.iter().map(|id| essence(house, id)).collect::<Vec<_>>();
    assert_eq!(found(&house), wanted);
    // Decided twice is decided once.
    let sent = house.outgoing().len();
    assert_eq!(decide(&house, &ids[3], "send"), 204);
    assert_eq!(house.outgoing().len(), sent);
    house.stop();
    house.lose_store();
    house.run();
    wait_for("the same again", || {
        (house.conversations("").len() == 4 && found(&house) == wanted).then_some(())
    });
    assert_eq!(house.outgoing().len(), sent, "a new index sends nothing again");
}

/// Between the form and the decision much may happen to the conversation.
#[test]
fn who_is_accepted_late_is_heard_as_anybody() {
    let mut house = House::start();
    let ask = |house: &House, who: &str, trap: &str| {
        let text = format!("Do you have a double room in August? {who}");
        let fields =
            json!({"email": format!("{who}@guest.example"), "message": text, "_gotcha": trap});
        let (status, _, body) = post(house, &[JSON], &fields.to_string());
        assert_eq!(status, 201, "{body}");
        let body: Value = serde_json::from_str(&body).unwrap();
        let id = body["conversation"].as_str().unwrap().to_owned();
        wait_for("the conversation", || {
            let (status, found) = house.api("GET", &format!("/conversations/{id}"), None);
            let message = found["messages"][0]["id"].as_str()?.to_owned();
            (status == 200).then_some((id.clone(), message))
        })
    };
    let [held, merged, deleted, answered, accepted] =
        ["held", "merged", "deleted", "answered", "accepted"].map(|who| ask(&house, who, "x"));
    let (person, _) = ask(&house, "person", "");
    let done = |method: &str, path: &str, body: Option<Value>| {
        let (status, said) = house.api(method, path, body.as_ref());
        assert!(status < 300, "{method} {path}: {status} {said}");
    };
    let accept = |message: &str| {
        done("POST", &format!("/messages/{message}/decision"), Some(json!({"decision": "send"})));
    };
    let unread = Some(json!({"read": false}));
    done("POST", &format!("/conversations/{}/read", held.0), unread);
    done("POST", &format!("/conversations/{}/merge", merged.0), Some(json!({"into": person})));
    accept(&merged.1);
    for who in ["person", "merged"] {
        house.mail_out("the confirmation", |l| l.to[0].address.local() == who);
    }
    done("DELETE", &format!("/conversations/{}", deleted.0), None);
    accept(&deleted.1);
    let reply = json!({"text": "Yes, we have.", "translate": "no"});
    done("POST", &format!("/conversations/{}/messages", answered.0), Some(reply));
    wait_for("the reply", || {
        house.conversation(&answered.0)["messages"]
            .as_array()
            .filter(|all| all.len() == 2)
            .map(drop)
    });
    accept(&answered.1);
    accept(&accepted.1);
    let ids = [&held.0, &person, &deleted.0, &answered.0, &accepted.0].map(Clone::clone);
    let found = |house: &House| {
        let one = |id: &String| {
            let all = house.conversation(id);
            let of = &all["conversation"];
            json!([of["unread_count"], of["needs_reply"], of["deleted_at"], of["closed"]])
        };
        ids.iter().map(one).collect::<Vec<_>>()
    };
    let wanted = [
        json!([0, false, null, true]),
        json!([2, true, null, false]),
        json!([1, true, null, false]),
        json!([1, false, null, false]),
        json!([1, true, null, false]),
    ];
    assert_eq!(found(&house), wanted);
    // What has not left yet would leave after the index was lost.
    wait_for("all mails", || {
        let queue = house.cli(&["queue", "list"]);
        (!queue.contains("waiting") && !queue.contains("sending")).then_some(())
    });
    let sent = house.outgoing();
    let to = |who: &str| sent.iter().filter(|l| l.to[0].address.local() == who).count();
    assert_eq!((to("person"), to("merged")), (1, 1), "each one confirmation");
    house.stop();
    house.lose_store();
    house.run();
    wait_for("the same again", || (found(&house) == wanted).then_some(()));
    assert_eq!(house.outgoing().len(), sent.len(), "a new index sends nothing again");
}

#[test]
fn an_attempt_of_a_name_is_one_and_too_much_is_said_to_be() {
    let house = House::start();
    let named =
        |name: &str, text: &str| post(&house, &[JSON, ("Idempotency-Key", name)], &message(text)).2;
    let first = named("a", "one");
    assert_eq!(named("a", "one"), first);
    // A program may count its attempts from one for everybody: what is new would be lost, and said to have arrived.
    assert_ne!(named("a", "one, corrected"), first);
    assert_ne!(named("b", "one"), first);
    let by = |name: &str, who: &str| {
        let fields = json!({"email": format!("{who}@guest.example"), "message": "A room?"});
        post(&house, &[JSON, ("Idempotency-Key", name)], &fields.to_string())
    };
    assert_ne!(by("1", "uwe").2, by("1", "zoe").2);
    assert_eq!(
        by("", "eva").2,
        post(
            &house,
            &[JSON],
            &json!({"email": "eva@guest.example", "message": "A room?"}).to_string()
        )
        .2,
        "an empty name is none"
    );
    assert_eq!(by(&"x".repeat(256), "max").0, 400);
    let (status, head, _) = {
        let (status, head, body) = http(house.http, "OPTIONS", "/f/demo", &[("Origin", SITE)], b"");
        (status, head.to_lowercase(), body)
    };
    assert!(status == 204 && head.contains("idempotency-key"), "{head}");

    let part = |name: &str, file: &str, content: &str| {
        let file = if file.is_empty() { String::new() } else { format!("; filename=\"{file}\"") };
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{content}\r\n")
    };
    let kind = ("Content-Type", "multipart/form-data; boundary=b");
    let words = part("email", "", "john@guest.example") + &part("message", "", "Our passports");
    // Eleven megabytes of files: more than the form takes, less than the server does.
    let half = "x".repeat((11 << 20) / 2);
    let files = part("attachment", "a.txt", &half) + &part("attachment", "b.txt", &half);
    let body = format!("{words}{files}--b--\r\n");
    let (status, _, said) = post(&house, &[kind], &body);
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((status, &said["errors"][0]["code"]), (413, &json!("too_large")), "{said}");
    let (status, _, page) = post(&house, &[kind, PAGE], &body);
    assert!(
        status == 413 && page.contains(">Our passports</textarea>"),
        "{status}: words are kept"
    );
    let many: String = (0..6).map(|n| part("attachment", &format!("{n}.txt"), "x")).collect();
    let (status, _, said) = post(&house, &[kind], &format!("{words}{many}--b--\r\n"));
    assert!(status == 422 && said.contains("too_many"), "{status} {said}");
    // What nobody can look at as it is, whatever it is called.
    for name in ["photos.zip", "photos.jpg"] {
        let archive = part("attachment", name, "PK\u{3}\u{4}\u{14}\0\0\0\0\0a/b.jpg");
        let (status, _, said) = post(&house, &[kind], &format!("{words}{archive}--b--\r\n"));
        assert!(status == 422 && said.contains("not_taken"), "{name}: {status} {said}");
    }
    let list = part("attachment", "guests.csv", "Anna;2\r\nZo\u{eb};1\r\n");
    assert_eq!(post(&house, &[kind], &format!("{words}{list}--b--\r\n")).0, 201);
}

#[test]
fn the_language_of_the_page_gives_way_to_what_the_visitor_writes() {
    let house = House::start();
    let (_, page) = get(&house, "/f/demo", &[("Accept-Language", "pl,cs;q=0.8")]);
    let hidden = page.split("name=\"lang\" value=\"").nth(1).unwrap();
    assert_eq!(&hidden[..2], "pt", "the house's, as in the snippet: {page}");
    let language = |email: &str| {
        let rows = house.conversations("");
        let row = rows.iter().find(|row| row["visitor_address"] == email)?.clone();
        Some((row["language"].clone(), row["language_why"].clone()))
    };
    let asks = |who: &str, text: &str| {
        let email = format!("{who}@guest.example");
        let dates = "arrival=2027-08-14&departure=2027-08-16&guests=2";
        let body = format!("email={email}&message={text}&lang=pt&{dates}");
        assert_eq!(post(&house, &[FIELDS], &body).0, 201);
        wait_for("the conversation", || language(&email))
    };
    let room = "Hello,+do+you+have+a+double+room+for+two+nights+in+August?";
    assert_eq!(asks("john", room), (json!("en"), json!("messages")));
    assert_eq!(asks("uwe", "Zimmer+frei?"), (json!("pt"), json!("site")), "too little to say");
    let mail = house.mail_out("the confirmation", |l| l.to[0].address.local() == "uwe");
    let more = "From: uwe@guest.example\r\nSubject: Zimmer\r\nMessage-ID: <u1@x>\r\n\r\nGibt es im August noch ein ruhiges Zimmer zum Garten?\r\n";
    house.mail("uwe@guest.example", &[&reply_to(&mail)], more.as_bytes());
    wait_for("his own language", || {
        (language("uwe@guest.example")? == (json!("de"), json!("messages"))).then_some(())
    });
}

#[test]
fn the_page_and_the_snippet_speak_the_visitors_language_and_want_a_proof_if_told() {
    let house = House::start();
    for (language, send) in [
        ("en", "Send"),
        ("fr", "Envoyer"),
        ("es", "Enviar"),
        ("de", "Senden"),
        ("it", "Invia"),
        ("pt", "Enviar"),
        ("nl", "Verzenden"),
        ("ca", "Enviar"),
    ] {
        let (_, page) = get(&house, &format!("/f/demo?lang={language}"), &[]);
        assert!(
            page.contains(&format!("<html lang=\"{language}\""))
                && page.contains(&format!("<button>{send}</button>")),
            "{page}"
        );
        let (_, snippet) = get(&house, "/f/demo/snippet", &[("Accept-Language", language)]);
        assert!(
            snippet.starts_with("<form method=\"post\"") && snippet.contains(send),
            "{snippet}"
        );
        assert!(!snippet.contains("<iframe"));
    }
    house.cli(&["form", "set", HOUSE, "--proof", "on"]);
    let (head, page) = get(&house, "/f/demo", &[]);
    assert!(page.contains("/form.js") && head.contains("script-src 'self'"), "{head}");
    assert_eq!(post(&house, &[JSON], &message("without")).0, 403);
    let (head, riddle) = get(&house, "/f/demo/challenge", &[]);
    assert!(head.contains("no-store"), "{head}");
    let riddle: Value = serde_json::from_str(&riddle).unwrap();
    let salt = riddle["salt"].as_str().unwrap();
    let number = (0..=riddle["maxnumber"].as_u64().unwrap())
        .find(|n| {
            riddle["challenge"]
                == data_encoding::HEXLOWER.encode(&Sha256::digest(format!("{salt}{n}")))
        })
        .unwrap();
    let mut solution = riddle.clone();
    solution["number"] = number.into();
    let solved = data_encoding::BASE64.encode(solution.to_string().as_bytes());
    let with = |text: &str| {
        let fields = json!({"email": "john@guest.example", "message": text, "altcha": solved});
        post(&house, &[JSON], &fields.to_string()).0
    };
    assert_eq!(with("with"), 201);
    assert_eq!(with("used again"), 403);
    // The same attempt made again is the same request, with the same riddle.
    let (_, riddle) = get(&house, "/f/demo/challenge", &[]);
    let mut solution: Value = serde_json::from_str(&riddle).unwrap();
    let salt = solution["salt"].as_str().unwrap().to_owned();
    let number = (0..=solution["maxnumber"].as_u64().unwrap()).find(|n| {
        solution["challenge"]
            == data_encoding::HEXLOWER.encode(&Sha256::digest(format!("{salt}{n}")))
    });
    solution["number"] = number.unwrap().into();
    let solved = data_encoding::BASE64.encode(solution.to_string().as_bytes());
    let fields = json!({"email": "john@guest.example", "message": "once", "altcha": solved});
    let attempt = || post(&house, &[JSON, ("Idempotency-Key", "first")], &fields.to_string());
    let (first, again) = (attempt(), attempt());
    assert_eq!((first.0, again.0), (201, 201));
    assert_eq!(first.2, again.2);
}

#[test]
fn a_mailbox_is_one_however_it_is_spelled() {
    let house = House::start();
    for (number, address) in [
        "vic@guest.example",
        "Vic@guest.example",
        "vIc+1@guest.example",
        "vic+2@Guest.example",
        "VIC@guest.example",
        "vic+3+4@guest.example",
    ]
    .iter()
    .enumerate()
    {
        let fields = json!({"email": address, "message": format!("Request {number}")});
        // Of so many one may be told to wait.
        assert!([201, 429].contains(&post(&house, &[JSON], &fields.to_string()).0));
    }
    house.mail_out("the last notification", |l| l.text().contains("Request 4"));
    std::thread::sleep(std::time::Duration::from_millis(500));
    let all = house.outgoing();
    let to_vic = |l: &&relais::ground::letter::Letter| {
        l.to[0].address.local().to_lowercase().starts_with("vic")
    };
    assert_eq!(all.iter().filter(to_vic).count(), 3);
}

#[test]
fn thanks_are_said_in_the_language_of_the_page() {
    let house = House::start();
    let body = "email=john@guest.example&message=Hallo&lang=de";
    let (status, head, _) = post(&house, &[FIELDS, PAGE, ("Accept-Language", "da")], body);
    assert_eq!(status, 303);
    let there = head.lines().find_map(|line| line.strip_prefix("location: ")).unwrap().trim();
    let (_, page) = get(&house, there, &[("Accept-Language", "da")]);
    assert!(page.contains("<html lang=\"de\""), "{page}");
}

#[test]
fn what_is_wrong_is_said_in_the_visitors_language() {
    let house = House::start();
    for (language, label, said) in [
        ("en", "E-mail", "this is no e-mail address"),
        ("fr", "E-mail", "ce n&#39;est pas une adresse e-mail"),
        ("es", "Correo electrónico", "no es una dirección de correo"),
        ("de", "E-Mail", "das ist keine E-Mail-Adresse"),
        ("it", "E-mail", "non è un indirizzo e-mail"),
        ("pt", "E-mail", "não é um endereço de e-mail"),
        ("nl", "E-mail", "dit is geen e-mailadres"),
        ("ca", "Correu electrònic", "no és una adreça de correu"),
    ] {
        // The page was opened in it by a link; the browser itself asks for another.
        let body = format!("email=nobody&message=Hi&lang={language}");
        let (status, _, page) = post(&house, &[FIELDS, PAGE, ("Accept-Language", "da")], &body);
        assert_eq!(status, 422);
        let page = page.replace("&#x27;", "&#39;");
        assert!(page.contains(&format!("<html lang=\"{language}\"")), "{page}");
        assert!(page.contains(&format!("{label}: {said}")), "{language}: {page}");
    }
    let fields = json!({"email": "john@guest.example", "message": "Hi", "arrival": "morgen"});
    let (status, _, body) =
        post(&house, &[JSON, ("Accept-Language", "de-AT")], &fields.to_string());
    assert!(status == 422 && body.contains("schreiben Sie es als 2027-08-14"), "{body}");
    let (_, snippet) = get(&house, "/f/demo/snippet?lang=it", &[]);
    assert!(snippet.contains("data-failed=\"Non è stato possibile inviarlo."), "{snippet}");
}

#[test]
fn days_are_asked_of_guests_and_the_unseen_field_is_the_houses_to_name() {
    let house = House::start();
    for path in ["/f/demo?lang=en", "/f/demo/snippet?lang=en"] {
        let (_, html) = get(&house, path, &[]);
        for field in [
            "name=\"arrival\" type=\"date\"",
            "name=\"departure\" type=\"date\"",
            "name=\"guests\" type=\"number\"",
            "<input name=\"website\" tabindex=\"-1\"",
        ] {
            assert!(html.contains(field), "{path}: {field} is missing in {html}");
        }
    }
    // The site's own form asks for a website.
    house.cli(&["form", "set", HOUSE, "--trap", "fax-number"]);
    let (_, html) = get(&house, "/f/demo", &[]);
    assert!(html.contains("<input name=\"fax-number\" tabindex=\"-1\""), "{html}");
    let with = |field: &str| {
        let fields = json!({"email": "john@guest.example", "message": field, field: "x.example"});
        let body = post(&house, &[JSON], &fields.to_string()).2;
        serde_json::from_str::<Value>(&body).unwrap()["conversation"].as_str().unwrap().to_owned()
    };
    let (trapped, id) = (with("fax-number"), with("website"));
    assert_eq!(house.conversation(&trapped)["messages"][0]["state"], "held");
    let text = house.conversation(&id)["messages"][0]["text"].as_str().unwrap().to_owned();
    assert_eq!(text, "website\n\nwebsite: x.example");
    // Who rents no rooms asks for no nights.
    house.cli(&["account", "set", HOUSE, "--type", "activity"]);
    assert!(!get(&house, "/f/demo", &[]).1.contains("arrival"));

    // Where it is wanted, what hides its site needs the page's stamp.
    house.cli(&["form", "set", HOUSE, "--stamp", "on"]);
    assert_eq!(post(&house, &[JSON], &message("without")).0, 409);
    let ours = format!("http://{}", house.http);
    let host = house.http.to_string();
    let from_here = [JSON, ("Origin", ours.as_str()), ("Host", host.as_str())];
    assert_eq!(post(&house, &from_here, &message("from our own page")).0, 201);
}

/// Who wrote no subject is answered under one in their own language; the house reads its own.
#[test]
fn a_subject_nobody_wrote_is_said_in_the_language_of_who_reads_it() {
    let house = House::start();
    for (name, language, message, expected) in [
        ("Camille", "fr", "Avez-vous une chambre pour deux nuits ?", "Re: Message de Camille"),
        ("John", "en", "Is there a room for two nights?", "Re: Message from John"),
        ("Rui", "pt", "Há um quarto para duas noites?", "Re: Mensagem de Rui"),
    ] {
        let email = format!("{}@guest.example", name.to_lowercase());
        let fields =
            json!({"name": name, "email": email, "message": message, "language": language});
        let (status, _, body) = post(&house, &[JSON], &fields.to_string());
        assert_eq!(status, 201, "{body}");
        let made: Value = serde_json::from_str(&body).unwrap();
        let id = made["conversation"].as_str().unwrap();
        let listed = house.conversations("");
        let subject = &listed.iter().find(|row| row["id"] == id).unwrap()["subject"];
        assert_eq!(*subject, format!("Mensagem de {name}"));
        let reply = json!({"text": "Sim.", "translate": "no"});
        let sent = house.api("POST", &format!("/conversations/{id}/messages"), Some(&reply));
        assert_eq!(sent.0, 201, "{}", sent.1);
        let is_answer = |letter: &relais::ground::letter::Letter| {
            letter.to.iter().any(|to| to.address.to_string() == email)
                && letter.text().contains("Sim.")
        };
        assert_eq!(house.mail_out("the answer", is_answer).subject, expected);
    }
}

/// What could not even be read is said on the page in its language.
#[test]
fn what_cannot_be_read_is_said_in_the_visitors_language() {
    let house = House::start_with(&[("RELAIS_HTTP__REQUEST_BYTES", "100000")]);
    let part = "--b\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\n";
    let large = format!("{part}{}\r\n--b--\r\n", "x".repeat(200_000));
    for (body, language, status, said) in [
        (large.as_str(), "de", 413, "zu groß; zusammen höchstens 10 MB"),
        (large.as_str(), "fr", 413, "trop volumineux ; 10 Mo en tout"),
        (part, "de", 400, "Es konnte nicht gesendet werden."),
    ] {
        let kind = ("Content-Type", "multipart/form-data; boundary=b");
        let (got, _, page) = post(&house, &[PAGE, kind, ("Accept-Language", language)], body);
        assert_eq!(got, status, "{page}");
        assert!(page.contains(said), "{said}: {page}");
    }
}
