//! The main job, end to end: the real binary, real SMTP and HTTP sockets, mails as real clients write them.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use support::{House, fixture, http, reply_to, wait_for};

const HOUSE: &str = "pousada@relais.localhost";

/// A visitor asks by ordinary mail; gives Ana's reply address and the notification's id.
fn asked(house: &House) -> (String, String) {
    let question = b"From: John Smith <john@guest.example>\r\nTo: pousada@relais.localhost\r\n\
        Subject: Double room\r\nMessage-ID: <q1@guest.example>\r\nDate: Mon, 23 Nov 2026 09:02:00 +0000\r\n\r\n\
        Do you have a double room for two nights in August?\r\n";
    house.mail("john@guest.example", &[HOUSE], question);
    let notification = house.mail_out("the notification", |l| l.to[0].address.local() == "ana");
    assert_eq!(notification.from[0].name.as_deref(), Some("John Smith"));
    assert!(notification.text().contains("two nights in August"));
    let id = notification.message_id.clone().unwrap().to_string();
    (reply_to(&notification), id)
}

/// Ana answers from Gmail; gives the visitor's reply address and the id of the mail they got.
fn answered(house: &House) -> (String, String) {
    let (token, mid) = asked(house);
    let reply = fixture(
        "gmail-provider.eml",
        &[("token", &token), ("mid", &mid), ("subject", "Double room")],
    );
    house.mail("ana@pousada.example", &[&token], &reply);
    let answer = house.mail_out("the answer", |l| l.to[0].address.local() == "john");
    (reply_to(&answer), answer.message_id.unwrap().to_string())
}

#[test]
fn the_provider_answers_from_their_mail_client() {
    let house = House::start();
    let (token, _) = asked(&house);
    let before = house.conversations("?needs_reply=true");
    assert_eq!(before.len(), 1);
    assert_eq!(before[0]["language"], "en");
    let reply = fixture(
        "gmail-provider.eml",
        &[("token", &token), ("mid", "<x@y>"), ("subject", "Double room")],
    );
    house.mail("ana@pousada.example", &[&token], &reply);
    let answer = house.mail_out("the answer", |l| l.to[0].address.local() == "john");
    assert_eq!(answer.from[0].name.as_deref(), Some("Pousada da Ria"));
    assert_eq!(answer.from[0].address.to_string(), reply_to(&answer));
    assert_ne!(reply_to(&answer), token, "each side has its own address");
    let text = answer.text();
    assert!(
        text.contains("120 €") && !text.contains("escreveu") && !text.contains("two nights"),
        "{text}"
    );
    assert_eq!(answer.subject, "Re: Double room");
    assert_eq!(answer.in_reply_to[0].as_str(), "q1@guest.example");
    assert_eq!(answer.attachments.len(), 1);
    assert_eq!(answer.attachments[0].name, "mapa.pdf");
    for header in &answer.headers {
        assert!(!header.value.contains("ana@") && !header.value.contains("gmail"), "{header:?}");
    }
    assert_eq!(house.conversations("?needs_reply=true").len(), 0);
    let conversation = house.conversation(before[0]["id"].as_str().unwrap());
    let messages = conversation["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 2);
    assert!(messages[1]["quoted"].as_str().unwrap().contains("two nights"), "nothing is lost");
    assert_eq!(messages[1]["side"], "provider");
    wait_for("the delivery to be recorded", || {
        let conversation = house.conversation(before[0]["id"].as_str().unwrap());
        (conversation["messages"][1]["deliveries"][0]["state"] == "done").then_some(())
    });
}

#[test]
fn the_visitor_answers_from_any_client_into_the_same_conversation() {
    let house = House::start();
    let (token, mid) = answered(&house);
    let marks = [("token", token.as_str()), ("mid", mid.as_str()), ("subject", "Double room")];
    for (file, recipients, expected, strategy) in [
        (
            "outlook-visitor.eml",
            vec![token.as_str()],
            "around 6 pm. Is there parking?",
            "envelope_token",
        ),
        (
            "apple-mail-visitor-changed-subject.eml",
            vec![token.as_str()],
            "8 pm instead of 6 pm",
            "envelope_token",
        ),
        ("iphone-visitor-no-references.eml", vec![HOUSE], "a small dog", "issued_id"),
        (
            "thunderbird-visitor-reply-all.eml",
            vec![token.as_str(), HOUSE],
            "breakfast starts before 7",
            "envelope_token",
        ),
    ] {
        house.mail("john@guest.example", &recipients, &fixture(file, &marks));
        let notification = house
            .mail_out(file, |l| l.to[0].address.local() == "ana" && l.text().contains(expected));
        assert!(
            !notification.text().contains("Bom dia John"),
            "{file}: the quote is not sent again"
        );
        let conversations = house.conversations("");
        assert_eq!(conversations.len(), 1, "{file}: one conversation");
        let id = conversations[0]["id"].as_str().unwrap();
        let conversation = house.conversation(id);
        let last = conversation["messages"].as_array().unwrap().last().unwrap();
        assert_eq!(last["route"]["strategy"], strategy, "{file}: {}", last["route"]);
        assert_eq!(conversation["conversation"]["needs_reply"], true, "{file}");
    }
}

#[test]
fn the_form_opens_a_conversation() {
    let house = House::start();
    let urlencoded =
        "name=Zo%C3%AB+M%C3%BCller&email=zoe%40guest.example&message=Haben+Sie+ein+Zimmer+frei%3F";
    let (status, _, body) = http(
        house.http,
        "POST",
        "/f/demo",
        &[("Content-Type", "application/x-www-form-urlencoded")],
        urlencoded.as_bytes(),
    );
    assert!(status == 201 || status == 303, "{status} {}", String::from_utf8_lossy(&body));
    let json = json!({"name": "Mario", "email": "mario@guest.example", "subject": "Camera", "message": "Avete una camera libera?"});
    let headers = [("Content-Type", "application/json"), ("Accept", "application/json")];
    let (status, _, body) =
        http(house.http, "POST", "/f/demo", &headers, json.to_string().as_bytes());
    assert_eq!(status, 201, "{}", String::from_utf8_lossy(&body));
    let notification = house.mail_out("Mario's request", |l| l.subject == "Camera");
    assert_eq!(notification.from[0].name.as_deref(), Some("Mario"));
    let found = house.conversations("?channel=form");
    assert_eq!(found.len(), 2);
    let languages: Vec<_> = found.iter().map(|c| c["language"].as_str().unwrap()).collect();
    assert!(languages.contains(&"de") && languages.contains(&"it"), "{languages:?}");
}

#[test]
fn the_api_answers_deletes_and_restores() {
    let house = House::start();
    asked(&house);
    let id = house.conversations("")[0]["id"].as_str().unwrap().to_owned();
    let file = json!({"name": "olá.txt", "type": "text/plain", "content": "b2zDoQ=="});
    let body = json!({"text": "Yes, we have one.", "attachments": [file]});
    let (status, message) =
        house.api("POST", &format!("/conversations/{id}/messages"), Some(&body));
    assert_eq!(status, 201, "{message}");
    let answer = house.mail_out("the answer", |l| l.to[0].address.local() == "john");
    assert!(answer.text().contains("Yes, we have one."));
    assert_eq!(answer.attachments[0].content, "olá".as_bytes());
    let copy = house
        .mail_out("the copy", |l| l.to[0].address.local() == "ana" && l.subject.starts_with("Re:"));
    assert!(copy.text().contains("Yes, we have one."));
    assert_eq!(
        house.api("POST", &format!("/conversations/{id}/read"), Some(&json!({"read": true}))).0
            / 100,
        2
    );
    assert_eq!(house.conversations("?unread=true").len(), 0);
    assert_eq!(house.conversations("?q=%22double+room%22").len(), 1);
    assert_eq!(house.api("DELETE", &format!("/conversations/{id}"), None).0, 204);
    assert_eq!(house.conversations("").len(), 0);
    assert_eq!(house.api("POST", &format!("/conversations/{id}/restore"), None).0 / 100, 2);
    assert_eq!(house.conversations("").len(), 1);
}

#[test]
fn who_may_only_look_answers_nobody_and_is_told_so() {
    let house = House::start();
    let add = ["member", "add", "pousada@relais.localhost", "rui@pousada.example"];
    house.cli(&[add.as_slice(), &["--name", "Rui", "--role", "read-only"]].concat());
    let question = b"From: John <john@guest.example>\r\nSubject: Room\r\nMessage-ID: <q@x>\r\n\r\nIs a room free?\r\n";
    house.mail("john@guest.example", &["pousada@relais.localhost"], question);
    let seen = house.mail_out("Rui's copy", |l| l.to[0].address.local() == "rui");
    let answer = b"From: Rui <rui@pousada.example>\r\nSubject: Re: Room\r\nMessage-ID: <r@x>\r\n\r\nYes, it is.\r\n";
    house.mail("rui@pousada.example", &[&reply_to(&seen)], answer);
    let told = |l: &relais::ground::letter::Letter| {
        l.to[0].address.local() == "rui" && l.text().contains("Rui pode ler, mas não responder")
    };
    house.mail_out("the notice", told);
    assert!(house.outgoing().iter().all(|l| l.to[0].address.local() != "john"));
    // A token is listed, and ends when it is revoked.
    let add = ["token", "add", "pousada@relais.localhost", "--name", "till", "--scope", "read"];
    let token = house.cli(&[add.as_slice(), &["--expires", "2999-01-01"]].concat());
    let listed = house.cli(&["token", "list", "pousada@relais.localhost"]);
    assert!(listed.contains("till") && listed.contains("ends 2999-01-01"), "{listed}");
    let bearer = format!("Bearer {}", token.trim());
    let asked =
        || http(house.http, "GET", "/api/v1/counts", &[("Authorization", bearer.as_str())], b"").0;
    assert_eq!(asked(), 200);
    house.cli(&["token", "revoke", "pousada@relais.localhost", "till"]);
    assert_eq!(asked(), 401);
}

#[test]
fn a_reindex_brings_everything_back() {
    let mut house = House::start();
    let (token, mid) = answered(&house);
    let marks = [("token", token.as_str()), ("mid", mid.as_str()), ("subject", "Double room")];
    house.mail("john@guest.example", &[&token], &fixture("outlook-visitor.eml", &marks));
    for n in 0..3 {
        let raw = format!(
            "From: g{n}@guest.example\r\nSubject: Question {n}\r\nMessage-ID: <n{n}@x>\r\n\r\nHello number {n}, is there a pool?\r\n"
        );
        house.mail("g@guest.example", &[HOUSE], raw.as_bytes());
    }
    wait_for("all conversations", || (house.conversations("").len() == 4).then_some(()));
    let list = house.conversations("");
    let id = |n: usize| list[n]["id"].as_str().unwrap().to_owned();
    assert_eq!(
        house
            .api("POST", &format!("/conversations/{}/read", id(0)), Some(&json!({"read": true})))
            .0
            / 100,
        2
    );
    assert_eq!(house.api("POST", &format!("/conversations/{}/done", id(1)), None).0 / 100, 2);
    assert_eq!(house.api("DELETE", &format!("/conversations/{}", id(2)), None).0, 204);
    let by_hand = |language: Value| {
        let path = format!("/conversations/{}/language", id(3));
        assert_eq!(house.api("POST", &path, Some(&json!({"language": language}))).0, 204);
        let conversation = house.conversation(&id(3));
        let row = &conversation["conversation"];
        (row["language"].clone(), row["language_why"].clone())
    };
    assert_eq!(by_hand(Value::Null).1, "messages");
    assert_eq!(by_hand(json!("de")), (json!("de"), json!("set_by_hand")));
    let unknown = Some(&json!({"language": "klingon"}));
    let (status, problem) =
        house.api("POST", &format!("/conversations/{}/language", id(3)), unknown);
    assert_eq!(status, 400, "{problem}");
    wait_for("every delivery to end", || {
        house.cli(&["queue", "list"]).contains("nothing waits").then_some(())
    });
    let log = house.cli(&["audit", HOUSE]);
    assert!(log.contains("Ana <ana@pousada.example>: reply "), "what is done by mail too: {log}");
    let snapshot = |house: &House| -> Vec<_> {
        let rows = [house.conversations(""), house.conversations("?deleted=true")].concat();
        rows.iter().map(|row| house.conversation(row["id"].as_str().unwrap())).collect()
    };
    let before = snapshot(&house);
    house.stop();
    let shown = house.cli(&["reindex"]);
    assert!(shown.contains("6 messages indexed"), "{shown}");
    house.run();
    assert_eq!(snapshot(&house), before, "after reindex");
    let sorted = |log: &str| log.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    assert_eq!(sorted(&house.cli(&["audit", HOUSE])), sorted(&log), "the audit log too");
    house.stop();
    house.lose_store();
    house.run();
    assert_eq!(snapshot(&house), before, "after losing the whole store");
}

#[test]
fn two_gateways_run_side_by_side() {
    let (one, two) = (House::start(), House::start());
    assert_ne!(one.smtp, two.smtp);
    asked(&one);
    assert_eq!(two.conversations("").len(), 0);
}

#[test]
fn held_replies_wait_for_their_member() {
    // Nobody is trusted here: the demo's trust is in loopback, so the peer is made a stranger by its address.
    let house = House::start();
    let (token, _) = asked(&house);
    let forged = b"From: Mallory <mallory@evil.example>\r\nSubject: Re: Double room\r\nMessage-ID: <e@evil>\r\n\r\nPay to this account: XX00\r\n";
    house.mail("mallory@evil.example", &[&token], forged);
    let question = house.mail_out("the question", |l| l.text().contains("/held/"));
    assert_eq!(question.to[0].address.to_string(), "ana@pousada.example");
    assert!(
        !house.outgoing().iter().any(|l| l.to[0].address.local() == "john"),
        "nothing went to the visitor"
    );
    let text = question.text();
    let path = &text[text.find("/held/").unwrap()..];
    let path = path.split_whitespace().next().unwrap();
    let (status, _, page) = http(house.http, "GET", path, &[], b"");
    assert_eq!(status, 200);
    assert!(String::from_utf8_lossy(&page).contains("Pay to this account"));
    assert!(
        !house.outgoing().iter().any(|l| l.to[0].address.local() == "john"),
        "looking sends nothing"
    );
    let headers = [("Content-Type", "application/x-www-form-urlencoded")];
    let (status, _, _) = http(house.http, "POST", path, &headers, b"decision=send");
    assert!(status == 200 || status == 303, "{status}");
    house.mail_out("the confirmed reply", |l| l.to[0].address.local() == "john");
}

#[test]
fn a_removed_member_is_read_and_not_obeyed() {
    let house = House::start();
    let (token, _) = asked(&house);
    house.cli(&["member", "remove", HOUSE, "ana@pousada.example"]);
    let late = b"From: Ana <ana@pousada.example>\r\nSubject: Re: Double room\r\nMessage-ID: <f@x>\r\n\r\nStill me.\r\n";
    house.mail("ana@pousada.example", &[&token], late);
    let id = house.conversations("")[0]["id"].as_str().unwrap().to_owned();
    let message =
        wait_for("it to be shown", || house.conversation(&id)["messages"].get(1).cloned());
    assert_eq!((&message["state"], &message["text"]), (&json!("refused"), &json!("Still me.")));
    assert_eq!(house.conversation(&id)["events"][0]["kind"], "refused");
    assert!(!house.outgoing().iter().any(|l| l.to[0].address.local() == "john"));
}

/// STARTTLS with a certificate from files, by Python's smtplib; a renewal needs no restart.
#[test]
fn mail_comes_in_over_starttls() {
    let files = tempfile::tempdir().unwrap();
    let (key, certificate) = (files.path().join("key.pem"), files.path().join("certificate.pem"));
    let renew = || {
        let made = std::process::Command::new("openssl")
            .args("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2".split(' '))
            .args(["-subj", "/CN=relais.localhost", "-addext"])
            .args(["subjectAltName=DNS:relais.localhost", "-keyout"])
            .arg(&key)
            .arg("-out")
            .arg(&certificate)
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    };
    renew();
    let house = House::start_with(&[
        ("RELAIS_SMTP__TLS_CERTIFICATE", certificate.to_str().unwrap()),
        ("RELAIS_SMTP__TLS_KEY", key.to_str().unwrap()),
    ]);
    // The client trusts exactly the certificate that lies there now.
    let send = |subject: &str| {
        let script = format!(
            "import smtplib, ssl\nc = ssl.create_default_context(cafile='{}')\nc.check_hostname = False\n\
             s = smtplib.SMTP('127.0.0.1', {})\ns.starttls(context=c)\n\
             s.sendmail('john@guest.example', ['{HOUSE}'], 'From: john@guest.example\\r\\nSubject: {subject}\\r\\n\\r\\nHello over TLS\\r\\n')\ns.quit()\n",
            certificate.display(),
            house.smtp.port()
        );
        let sent = std::process::Command::new("python3").args(["-c", &script]).output().unwrap();
        assert!(sent.status.success(), "{subject}: {}", String::from_utf8_lossy(&sent.stderr));
        let notification = house.mail_out(subject, |l| l.subject == subject);
        assert!(notification.text().contains("Hello over TLS"));
    };
    send("safe");
    renew();
    send("safe again");
    let id = house.conversations("")[0]["id"].as_str().unwrap().to_owned();
    let message = house.conversation(&id)["messages"][0]["id"].as_str().unwrap().to_owned();
    let bearer = format!("Bearer {}", house.token());
    let path = format!("/api/v1/messages/{message}/raw");
    let (_, _, raw) = http(house.http, "GET", &path, &[("Authorization", &bearer)], b"");
    let raw = String::from_utf8_lossy(&raw).into_owned();
    assert!(raw.contains("with ESMTPS id") && raw.contains("using TLSv1"), "{raw}");
}

#[test]
fn a_deleted_conversation_comes_back_when_the_visitor_writes_again() {
    let house = House::start();
    let (token, mid) = answered(&house);
    let id = house.conversations("")[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(house.api("DELETE", &format!("/conversations/{id}"), None).0, 204);
    let marks = [("token", token.as_str()), ("mid", mid.as_str()), ("subject", "Double room")];
    house.mail("john@guest.example", &[&token], &fixture("outlook-visitor.eml", &marks));
    wait_for("the conversation to come back", || {
        (house.conversations("").len() == 1).then_some(())
    });
    assert_eq!(house.conversations("?needs_reply=true").len(), 1);
}

#[test]
fn logos_come_once_invitations_are_cards_and_doubt_is_counted() {
    let house = House::start();
    let gif =
        "R0lGODlhIAAQAIAAAP///wAAACH5BAEAAAAALAAAAAAgABAAAAIWhI+py+0Po5y02ouz3rz7D4biSJZmAQA7";
    let mail = |id: &str, text: &str, pixel: &str| {
        format!(
            "From: Eva <eva@guest.example>\r\nTo: {HOUSE}\r\nSubject: Stay\r\nMessage-ID: <{id}@x>\r\nReferences: <logo1@x>\r\n\
             MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n\
             <p>{text}</p><img src=\"cid:logo@x\">\r\n\
             --b\r\nContent-Type: image/gif; name=logo.gif\r\nContent-ID: <logo@x>\r\nContent-Transfer-Encoding: base64\r\n\r\n{gif}\r\n\
             --b\r\nContent-Type: image/gif; name=photo.gif\r\nContent-Transfer-Encoding: base64\r\n\r\n{pixel}\r\n\
             --b\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n\
             UID:1@x\r\nSUMMARY:Arrival\r\nLOCATION:Pousada\r\nDTSTART:20261201T180000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n--b--\r\n"
        )
    };
    for (id, text, pixel) in [
        ("logo1", "We come on Friday at six.", "R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw=="),
        (
            "logo2",
            "Or on Saturday, if that is better.",
            "R0lGODlhAgABAIAAAAAAAP///ywAAAAAAgABAAACAkQKADs=",
        ),
    ] {
        house.mail("eva@guest.example", &[HOUSE], mail(id, text, pixel).as_bytes());
        let told = house.mail_out(text, |l| l.text().contains(text));
        let names: Vec<&str> = told.attachments.iter().map(|a| a.name.as_str()).collect();
        assert_eq!(names.contains(&"logo.gif"), id == "logo1", "{names:?}");
        assert!(names.contains(&"photo.gif"), "another picture is no logo: {names:?}");
    }
    let id = house.conversations("")[0]["id"].as_str().unwrap().to_owned();
    let messages = house.conversation(&id)["messages"].clone();
    let language = &messages[0]["details"]["language"];
    assert_eq!((&language["code"], &language["mixed"]), (&json!("en"), &json!([])), "{language}");
    assert_eq!(messages[0]["details"]["logos"], json!([]));
    assert_eq!(messages[1]["details"]["logos"], json!([0]));
    let card = &messages[1]["details"]["invitations"][0];
    assert_eq!((&card["summary"], &card["location"]), (&json!("Arrival"), &json!("Pousada")));
    let image = format!("/api/v1/messages/{}/attachments/0", messages[1]["id"].as_str().unwrap());
    assert!(messages[1]["html"].as_str().unwrap().contains(&image), "{}", messages[1]["html"]);
    assert!(messages[1]["confidence"].as_f64().unwrap() > 0.5);
    let (status, _, body) = http(house.http, "GET", "/metrics", &[], b"");
    let text = String::from_utf8_lossy(&body);
    assert_eq!(status, 200);
    assert!(text.contains("relais_letters_read_total{kind=\"person\"} 2\n"), "{text}");
    assert!(text.contains("relais_new_text_confidence_count 2\n"), "{text}");
}

/// The same reply sent again under the same name, at once, later or after a restart, is one reply; other words are
/// others.
#[test]
fn an_attempt_made_twice_is_one_reply() {
    let mut house = House::start();
    asked(&house);
    let id = house.conversations("")[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/conversations/{id}/messages");
    let bearer = format!("Bearer {}", house.token());
    let send = |house: &House, key: &str, text: &str| -> (u16, Value) {
        let json = ("Content-Type", "application/json");
        let headers = [json, ("Authorization", bearer.as_str()), ("Idempotency-Key", key)];
        let body = json!({"text": text}).to_string();
        let (status, _, body) = http(house.http, "POST", &path, &headers, body.as_bytes());
        (status, serde_json::from_slice(&body).unwrap())
    };
    let both: Vec<(u16, Value)> = std::thread::scope(|scope| {
        let one = || send(&house, "k-1", "One answer only, please.");
        let two = [scope.spawn(one), scope.spawn(one)];
        two.into_iter().map(|sent| sent.join().unwrap()).collect()
    });
    assert!(both.iter().all(|(status, _)| *status == 201), "{both:?}");
    assert_eq!(both[0].1["id"], both[1].1["id"]);
    house.stop();
    house.run();
    assert_eq!(send(&house, "k-1", "One answer only, please.").1["id"], both[0].1["id"]);
    assert_ne!(send(&house, "k-1", "Another answer.").1["id"], both[0].1["id"]);
    assert_ne!(send(&house, "k-2", "One answer only, please.").1["id"], both[0].1["id"]);
    assert_eq!(send(&house, "no spaces", "One answer only, please.").0, 400);
    // The page names what is sent from it in the same way.
    let page = |name: &str| {
        let part = |field: &str, value: &str| {
            format!("--b\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n")
        };
        let body = format!("{}{}--b--\r\n", part("once", name), part("text", "From the page."));
        let kind = ("Content-Type", "multipart/form-data; boundary=b");
        let headers = [kind, ("Authorization", bearer.as_str())];
        let (status, _, body) = http(house.http, "POST", &path, &headers, body.as_bytes());
        assert_eq!(status, 201);
        serde_json::from_slice::<Value>(&body).unwrap()["id"].clone()
    };
    assert_eq!(page("p-1"), page("p-1"));
    wait_for("four replies", || {
        let left = house.outgoing().into_iter().filter(|l| l.to[0].address.local() == "john");
        (left.count() == 4).then_some(())
    });
    assert_eq!(house.conversation(&id)["messages"].as_array().unwrap().len(), 5);
    assert!(house.newest_page("ana@pousada.example").contains("name=\"once\" value=\""));
}

#[test]
fn mail_to_the_postmaster_reaches_the_administrator() {
    let house = House::start_with(&[("RELAIS_POSTMASTER", "admin@admin.example")]);
    let complaint = b"From: Abuse Desk <abuse@isp.example>\r\nTo: postmaster@relais.localhost\r\nSubject: Open port?\r\n\r\nPlease look at your machine.\r\n";
    house.mail("abuse@isp.example", &["postmaster@relais.localhost"], complaint);
    let mail = house.mail_out("the forwarded mail", |l| l.to[0].address.local() == "admin");
    assert_eq!(mail.subject, "[postmaster] Open port?");
    assert!(
        mail.text().contains("look at your machine") && mail.text().contains("abuse@isp.example")
    );
    assert_eq!(house.conversations("").len(), 0, "it is no guest");
}

#[test]
fn a_late_reply_is_told_to_its_author() {
    let mut house = House::start_with(&[
        ("RELAIS_DELIVERY__TRANSPORT", "smarthost"),
        ("RELAIS_DELIVERY__SMARTHOST__HOST", "127.0.0.1"),
        ("RELAIS_DELIVERY__SMARTHOST__PORT", "9"),
        ("RELAIS_DELIVERY__DELAY_NOTICE_SECONDS", "0"),
    ]);
    let fields = b"name=John&email=john@guest.example&message=Is+there+a+room%3F";
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    http(house.http, "POST", "/f/demo", &form, fields);
    let id = house.conversations("")[0]["id"].as_str().unwrap().to_owned();
    let reply = json!({"text": "Yes, there is."});
    house.api("POST", &format!("/conversations/{id}/messages"), Some(&reply));
    wait_for("the timeline to say so", || {
        let conversation = house.conversation(&id);
        let events = conversation["events"].as_array()?.clone();
        events.iter().any(|event| event["kind"] == "delayed").then_some(())
    });
    assert!(house.cli(&["queue", "list"]).contains("delay_notice"));
    let again = house.conversation(&id)["events"].as_array().unwrap().len();
    assert_eq!(again, 1, "told once");
    house.stop();
    house.lose_store();
    house.run();
    let events = house.conversation(&id)["events"].clone();
    assert_eq!(events[0]["kind"], "delayed", "after losing the whole store: {events}");
}

/// An invitation is a card wherever it is seen: what, when, where.
#[test]
fn an_invitation_says_what_when_and_where() {
    let house = House::start();
    let invitation = "From: John Smith <john@guest.example>\r\nTo: pousada@relais.localhost\r\nSubject: Visit\r\n\
        Message-ID: <i1@guest.example>\r\nDate: Mon, 23 Nov 2026 09:02:00 +0000\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
        May we meet and look at the rooms?\r\n--b\r\nContent-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\n\
        BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Look at the rooms\r\n\
        DTSTART:20261127T100000Z\r\nDTEND:20261127T110000Z\r\nLOCATION:Lobby\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n--b--\r\n";
    house.mail("john@guest.example", &[HOUSE], invitation.as_bytes());
    let told = house.mail_out("the notification", |l| l.to[0].address.local() == "ana").text();
    let page = house.newest_page("ana@pousada.example");
    for (in_mail, on_page) in [
        ("Look at the rooms", "Look at the rooms"),
        // A mail has the same figures in every language, a page says the day in the house's.
        ("2026-11-27 10:00 – 11:00", "27 de nov."),
        ("10:00 – 11:00", "10:00 – 11:00"),
        ("Lobby", "Lobby"),
    ] {
        assert!(told.contains(in_mail), "{in_mail}: {told}");
        assert!(page.contains(on_page), "{on_page}: {page}");
    }
    assert!(page.contains("class=\"invitation\""), "{page}");
}

/// A file that may be a program is carried, and said to be one wherever it is seen.
#[test]
fn a_file_that_may_run_is_pointed_out() {
    let house = House::start();
    let raw = b"From: John <john@guest.example>\r\nSubject: Bill\r\nMessage-ID: <v@x>\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nPlease see the bill.\r\n--b\r\nContent-Type: application/pdf\r\n\
        Content-Disposition: attachment; filename=\"bill.pdf.exe\"\r\n\r\nMZ\r\n--b--\r\n";
    house.mail("john@guest.example", &[HOUSE], raw);
    let notification = house.mail_out("the notification", |l| l.text().contains("the bill"));
    assert!(notification.text().contains("Cuidado com bill.pdf.exe"), "{}", notification.text());
    assert_eq!(notification.attachments.len(), 1);
    let id = house.conversations("")[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(house.conversation(&id)["messages"][0]["attachments"][0]["danger"], "program");
}

/// Outlook groups by Thread-Index: each side's own comes back to it and never to the other.
#[test]
fn outlook_finds_its_own_conversation_again() {
    let house = House::start();
    let (johns, anas) = ("AQHcXa8v1fT7cQ3sZ0m2x9aGk0u1xQ==", "AQHcXb8v9/T7cQ3sZ0m2x9aGk0u1xQ==");
    let question = format!(
        "From: John <john@guest.example>\r\nSubject: Double room\r\nThread-Topic: Double room\r\nThread-Index: {johns}\r\nMessage-ID: <q1@guest.example>\r\n\r\nIs a room free in August?\r\n"
    );
    house.mail("john@guest.example", &[HOUSE], question.as_bytes());
    let told = house.mail_out("the notification", |l| l.to[0].address.local() == "ana");
    let ours = told.header("Thread-Index").unwrap().to_owned();
    assert!(ours.len() == 32 && ours != johns, "{ours}");
    let reply = format!(
        "From: Ana <ana@pousada.example>\r\nSubject: RE: Double room\r\nThread-Topic: Double room\r\nThread-Index: {anas}\r\nMessage-ID: <r1@pousada.example>\r\n\r\nYes, it is, for 120 euros.\r\n"
    );
    house.mail("ana@pousada.example", &[&reply_to(&told)], reply.as_bytes());
    let answer = house.mail_out("the answer", |l| l.to[0].address.local() == "john");
    assert_eq!(answer.header("Thread-Topic"), Some("Double room"));
    let index = answer.header("Thread-Index").unwrap();
    assert!(index.starts_with(&johns[..29]) && index.len() == 36, "{index}");
    let thanks = b"From: John <john@guest.example>\r\nSubject: Re: Double room\r\nMessage-ID: <q2@guest.example>\r\n\r\nThank you, we take it.\r\n";
    house.mail("john@guest.example", &[&reply_to(&answer)], thanks);
    let told = house.mail_out("the thanks", |l| l.text().contains("we take it"));
    assert!(told.header("Thread-Index").unwrap().starts_with(&anas[..29]), "hers, now known");
}

/// RFC 8058: a mail client ends the news with one press, and the page begins them again; looking does neither.
#[test]
fn a_member_has_enough_of_the_news() {
    let house = House::start();
    let (token, _) = asked(&house);
    let told = house.mail_out("the notification", |l| l.to[0].address.local() == "ana");
    let field = told.header("List-Unsubscribe").unwrap().to_owned();
    assert_eq!(told.header("List-Unsubscribe-Post"), Some("List-Unsubscribe=One-Click"));
    let link = field.trim_matches(['<', '>']);
    let path = &link[link.find("/quiet/").unwrap()..];
    let kind = [("Content-Type", "application/x-www-form-urlencoded")];
    let again = |n: usize| {
        let raw = format!(
            "From: g{n}@guest.example\r\nSubject: Question {n}\r\nMessage-ID: <n{n}@x>\r\n\r\nIs there a pool?\r\n"
        );
        house.mail("g@guest.example", &[HOUSE], raw.as_bytes());
        wait_for("the question", || (house.conversations("").len() == n + 1).then_some(()));
        house.outgoing().iter().any(|l| l.subject == format!("Question {n}"))
    };
    assert_eq!(http(house.http, "GET", path, &[], b"").0, 200);
    let forged = format!("{}x", &path[..path.len() - 1]);
    assert_eq!(http(house.http, "POST", &forged, &kind, b"List-Unsubscribe=One-Click").0, 404);
    assert_eq!(http(house.http, "POST", path, &kind, b"List-Unsubscribe=One-Click").0, 200);
    assert!(!again(1), "no news");
    let reply = b"From: Ana <ana@pousada.example>\r\nSubject: Re: Double room\r\nMessage-ID: <r@x>\r\n\r\nYes, for 120 euros.\r\n";
    house.mail("ana@pousada.example", &[&token], reply);
    let answer = house.mail_out("the answer", |l| l.to[0].address.local() == "john");
    assert!(answer.header("List-Unsubscribe").is_none(), "a person's words");
    assert_eq!(http(house.http, "POST", path, &kind, b"wanted=mail").0, 200);
    again(2);
    house.mail_out("the news", |l| l.subject == "Question 2");
}

/// A report about no mail of ours that comes to a reply address: perhaps a person's words taken for one. It is seen in its
/// conversation, and asks for nothing; at the public address it opens none.
#[test]
fn a_report_about_nothing_of_ours_is_seen_where_it_was_sent_to() {
    let house = House::start();
    let (token, _) = answered(&house);
    let id = house.conversations("")[0]["id"].as_str().unwrap().to_owned();
    let count = |house: &House| house.conversation(&id)["messages"].as_array().unwrap().len();
    let before = count(&house);
    let report = b"From: MAILER-DAEMON@guest.example\r\nSubject: Undelivered Mail Returned to Sender\r\n\
        Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
        --b\r\n\r\nI could not deliver your message.\r\n\
        --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.guest.example\r\n\r\n\
        Final-Recipient: rfc822; someone@else.example\r\nAction: failed\r\nStatus: 5.1.1\r\n--b--\r\n";
    house.mail("", &[&token, HOUSE], report);
    wait_for("the report", || (count(&house) == before + 1).then_some(()));
    let shown = house.conversation(&id);
    let last = shown["messages"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["kind"], &last["side"]), (&json!("dsn"), &json!("visitor")));
    assert!(house.conversations("?needs_reply=true").is_empty());
    assert_eq!(house.conversations("").len(), 1);
    let sent = house.outgoing().len();
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert_eq!(house.outgoing().len(), sent, "and nobody is told by mail");
}

/// The cookie an answer sets, and the whole line.
fn set_cookie(head: &str) -> (String, String) {
    let line = head
        .lines()
        .find(|line| line.to_ascii_lowercase().starts_with("set-cookie:"))
        .unwrap_or_else(|| panic!("no cookie: {head}"));
    let line = line["set-cookie:".len()..].trim().to_owned();
    (line.split(';').next().unwrap().to_owned(), line)
}

#[test]
fn a_mailed_link_signs_in_where_it_was_asked_for() {
    let mut house = House::start();
    house.stop();
    house.environment.push(("RELAIS_BASE_URL".to_owned(), "https://relais.example".to_owned()));
    house.run();
    let origin = format!("http://{}", house.http);
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    let (asker, line) = {
        let body = b"email=ana%40pousada.example";
        let headers = [form, ("Origin", origin.as_str())];
        let (status, head, _) = http(house.http, "POST", "/inbox/sign-in", &headers, body);
        assert_eq!(status, 200, "{head}");
        set_cookie(&head)
    };
    assert!(line.starts_with("__Host-relais_browser=") && line.contains("; Secure"), "{line}");
    let mail = house.mail_out("the link", |l| l.text().contains("/inbox/sign-in/"));
    let text = mail.text();
    let at = text.find("/inbox/sign-in/").unwrap();
    let path = text[at..].split_whitespace().next().unwrap().to_owned();
    let ask = |house: &House, method: &str, path: &str, cookie: &str, body: &[u8]| {
        let headers = [form, ("Origin", origin.as_str()), ("Cookie", cookie)];
        http(house.http, method, path, &headers, body)
    };
    for (cookie, status) in [("", 403), ("__Host-relais_browser=guessed", 403)] {
        assert_eq!(ask(&house, "GET", &path, cookie, b"").0, status, "another browser");
        assert_eq!(ask(&house, "POST", &path, cookie, b"").0, status, "another browser");
    }
    assert_eq!(ask(&house, "GET", &path, &asker, b"").0, 200);
    let (status, head, _) = ask(&house, "POST", &path, &asker, b"");
    assert_eq!(status, 303, "{head}");
    let (session, line) = set_cookie(&head);
    assert!(
        line.starts_with("__Host-relais_session=")
            && ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"]
                .iter()
                .all(|part| line.contains(part)),
        "{line}"
    );
    assert_eq!(ask(&house, "POST", &path, &asker, b"").0, 410, "once");
    // The session outlives a restart, stands in the store by its hash alone, and can be ended.
    let value = session.split_once('=').unwrap().1.as_bytes().to_vec();
    let store: Vec<u8> = ["relais.sqlite", "relais.sqlite-wal"]
        .iter()
        .flat_map(|name| std::fs::read(house.path("data").join(name)).unwrap_or_default())
        .collect();
    assert!(!store.windows(value.len()).any(|window| window == value), "only its hash");
    house.stop();
    house.run();
    let origin = format!("http://{}", house.http);
    let headers = [form, ("Origin", origin.as_str()), ("Cookie", session.as_str())];
    let (status, _, page) = http(house.http, "GET", "/inbox/settings", &headers, b"");
    let page = String::from_utf8_lossy(&page).into_owned();
    assert_eq!(status, 200, "{page}");
    let id = page.split("settings/sessions\"><input type=\"hidden\" name=\"id\" value=\"").nth(1);
    let id = id.unwrap().split('"').next().unwrap();
    let end = format!("id={id}");
    let ended = http(house.http, "POST", "/inbox/settings/sessions", &headers, end.as_bytes());
    assert_eq!(ended.0, 303);
    let (status, head, _) = http(house.http, "GET", "/inbox", &headers, b"");
    assert!(status == 303 && head.contains("/inbox/sign-in"), "{head}");
    // Who did what stands in the log, without the key that opened the door; also in an index made again.
    let log = |house: &House| house.cli(&["audit", HOUSE, "--json"]);
    let before = log(&house);
    assert!(before.contains("ana@pousada.example") && before.contains("127.0.0.1"), "{before}");
    assert!(before.lines().count() >= 2 && !before.contains(&path), "{before}");
    house.stop();
    house.cli(&["reindex"]);
    assert_eq!(log(&house), before);
}

/// Behind a balancer that speaks PROXY protocol v2 the mail says who really sent it.
#[test]
fn a_balancer_tells_the_real_peer() {
    let house = House::start_with(&[("RELAIS_SMTP__PROXIES", "[\"127.0.0.1\"]")]);
    let mut stream = std::net::TcpStream::connect(house.smtp).unwrap();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(30))).unwrap();
    let mut header = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c".to_vec();
    header.extend([192, 0, 2, 77, 127, 0, 0, 1, 0x30, 0x39, 0, 25]);
    let mut mail = header;
    mail.extend_from_slice(b"EHLO guest.example\r\n");
    let mut reader = std::io::BufReader::new(stream.try_clone().unwrap());
    let mut reply = || loop {
        let mut line = String::new();
        assert!(std::io::BufRead::read_line(&mut reader, &mut line).unwrap() > 0, "hung up");
        if line.as_bytes().get(3) != Some(&b'-') {
            return line;
        }
    };
    std::io::Write::write_all(&mut stream, &mail).unwrap();
    assert!(reply().starts_with("220"));
    assert!(reply().starts_with("250"));
    for (command, code) in [
        ("MAIL FROM:<john@guest.example>", "250"),
        ("RCPT TO:<pousada@relais.localhost>", "250"),
        ("DATA", "354"),
        ("Subject: Balanced\r\nMessage-ID: <b@x>\r\n\r\nIs a room free?\r\n.", "250"),
    ] {
        std::io::Write::write_all(&mut stream, format!("{command}\r\n").as_bytes()).unwrap();
        let said = reply();
        assert!(said.starts_with(code), "{command}: {said}");
    }
    let row = wait_for("the conversation", || house.conversations("").first().cloned());
    let id = row["id"].as_str().unwrap();
    let message = house.conversation(id)["messages"][0]["id"].as_str().unwrap().to_owned();
    let bearer = format!("Bearer {}", house.token());
    let path = format!("/api/v1/messages/{message}/raw");
    let (_, _, raw) = http(house.http, "GET", &path, &[("Authorization", &bearer)], b"");
    let raw = String::from_utf8_lossy(&raw).into_owned();
    assert!(raw.contains("[192.0.2.77]"), "{raw}");
}

/// What `make run` prints to be pasted does what it says, also when the demo house has company.
#[test]
fn the_pasted_lines_of_the_demo_work() {
    let folder = tempfile::tempdir().unwrap();
    let relais = |args: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_relais"));
        command.args(args).current_dir(folder.path()).env("RELAIS_HTTP__UNDO_SECONDS", "0");
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::null());
        command.spawn().unwrap()
    };
    let start = || {
        let serve = ["serve", "--demo", "--smtp", "127.0.0.1:0", "--http", "127.0.0.1:0"];
        let mut child = relais(&serve);
        let out = std::io::BufReader::new(child.stdout.take().unwrap());
        let mut lines = std::io::BufRead::lines(out).map_while(Result::ok);
        let link = lines.by_ref().nth(1).unwrap();
        assert!(link.starts_with("Inbox of Ana") && link.contains("/inbox/sign-in/"), "{link}");
        let pasted: Vec<String> = lines.filter(|line| line.starts_with("  ")).take(2).collect();
        (child, pasted)
    };
    let (mut alone, _) = start();
    alone.kill().unwrap();
    alone.wait().unwrap();
    // Its address comes first.
    let company = ["account", "add", "--address", "alpha@relais.localhost", "Alpha"];
    assert!(relais(&company).wait().unwrap().success());
    let (mut child, pasted) = start();
    let outgoing = folder.path().join("maildirs/outgoing/new");
    let mails = || -> Vec<String> {
        let files = std::fs::read_dir(&outgoing).into_iter().flatten().flatten();
        files.filter_map(|file| std::fs::read_to_string(file.path()).ok()).collect()
    };
    let paste = |line: &str| {
        let done = std::process::Command::new("bash")
            .args(["-c", line])
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(done.status.success(), "{line}: {}", String::from_utf8_lossy(&done.stderr));
    };
    paste(&pasted[0]);
    // The notification of the member, and the confirmation of the visitor.
    wait_for("both mails", || (mails().len() == 2).then_some(()));
    paste(&pasted[1]);
    wait_for("the answer", || {
        let is = |mail: &String| {
            mail.contains("Delivered-To: john@guest.example") && mail.contains("Sim, temos!")
        };
        mails().iter().any(is).then_some(())
    });
    child.kill().unwrap();
    child.wait().unwrap();
}
