//! Both write their own language: the real binary, the real models, real mail; and engines that misbehave.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    process::Command,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::{Value, json};
use support::{House, free_port, http, models, reply_to, wait_for};

const HOUSE: &str = "pousada@relais.localhost";

fn house_with_models(undo: &str) -> Option<House> {
    let folder = models()?;
    let folder = folder.to_str().unwrap();
    Some(House::start_with(&[
        ("RELAIS_TRANSLATION__MODELS", folder),
        ("RELAIS_TRANSLATION__UNDO_SECONDS", undo),
    ]))
}

/// A visitor writes English; gives the notification Ana gets.
fn asked(house: &House) -> relais::ground::letter::Letter {
    let question = b"From: John Smith <john@guest.example>\r\nTo: pousada@relais.localhost\r\n\
        Subject: Double room\r\nMessage-ID: <q1@guest.example>\r\nDate: Mon, 23 Nov 2026 09:02:00 +0000\r\n\r\n\
        Hello,\r\n\r\nDo you have a double room for two nights in August? We would arrive on 14 August at 21:30.\r\n\r\n\
        Kind regards,\r\nJohn\r\n";
    house.mail("john@guest.example", &[HOUSE], question);
    house.mail_out("the notification", |l| l.to[0].address.local() == "ana")
}

/// Ana answers in Portuguese from a client that quotes and signs.
fn answer(house: &House, to: &str, text: &str) {
    let raw = format!(
        "From: Ana <ana@pousada.example>\r\nTo: {to}\r\nSubject: Re: Double room\r\nMessage-ID: <a1@pousada.example>\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n\r\nEm seg., 23/11/2026 às 09:02, John Smith <{to}> escreveu:\r\n\
         > Do you have a double room?\r\n\r\n-- \r\nAna Silva\r\n+351 912 345 678\r\n"
    );
    house.mail("ana@pousada.example", &[to], raw.as_bytes());
}

const YES: &str =
    "Bom dia,\n\nSim, temos um quarto duplo por 120 € por noite. A entrada é a partir das 15:00.";

fn only_conversation(house: &House) -> Value {
    let id = house.conversations("")[0]["id"].as_str().unwrap().to_owned();
    house.conversation(&id)
}

#[test]
fn each_reads_their_own_language() {
    let Some(house) = house_with_models("0") else { return };
    let notification = asked(&house);
    let text = notification.text();
    assert!(text.contains("quarto duplo") && text.contains("agosto"), "{text}");
    assert!(text.contains("double room for two nights"), "the original stands below: {text}");
    assert!(text.find("quarto duplo") < text.find("double room"), "{text}");
    answer(&house, &reply_to(&notification), YES);
    let mail = house.mail_out("the answer", |l| l.to[0].address.local() == "john");
    let text = mail.text();
    assert!(text.contains("double room") && text.contains("120"), "{text}");
    assert!(text.contains("temos um quarto duplo"), "the original below: {text}");
    assert!(text.contains("Pousada da Ria (português) wrote this"), "{text}");
    assert!(
        !text.contains("escreveu") && !text.contains("912 345"),
        "no quote, no signature: {text}"
    );
    assert_eq!(mail.header("Content-Language"), Some("en"));
    let receipt = house.mail_out("the receipt", |l| l.subject.starts_with("Traduzido:"));
    assert_eq!(receipt.to[0].address.local(), "ana");
    assert!(receipt.text().contains("double room"), "{}", receipt.text());
    let before = only_conversation(&house);
    let messages = before["messages"].as_array().unwrap();
    assert_eq!(messages[0]["translations"][0]["to"], "pt");
    assert_eq!(messages[1]["translations"][0]["state"], "done");
    assert_eq!(messages[1]["translations"][0]["engines"], json!(["embedded"]));
    assert_eq!(messages[1]["state"], "sent");
    assert_eq!(before["conversation"]["needs_reply"], false);
    rebuilt_equal(house);
}

/// After `reindex` the API says the same of messages, translations and states.
fn rebuilt_equal(mut house: House) {
    wait_for("deliveries to be recorded", || {
        let conversation = only_conversation(&house);
        let all = conversation["messages"].as_array()?.iter();
        let states: Vec<Value> =
            all.flat_map(|m| m["deliveries"].as_array().unwrap().clone()).collect();
        states.iter().all(|d| d["state"] == "done").then_some(())
    });
    let shape = |house: &House| -> Vec<Value> {
        let conversation = only_conversation(house);
        let all = conversation["messages"].as_array().unwrap().iter();
        let all = all.map(|m| json!([m["id"], m["state"], m["text"], m["translations"]]));
        let about = &conversation["conversation"];
        let language = json!([about["language"], about["language_why"]]);
        all.chain(std::iter::once(language)).collect()
    };
    let before = shape(&house);
    let mails = house.outgoing().len();
    house.stop();
    house.cli(&["reindex"]);
    house.run();
    assert_eq!(shape(&house), before);
    assert_eq!(house.outgoing().len(), mails, "nothing is sent again");
}

#[test]
fn a_translated_reply_can_be_stopped_or_sent_as_written() {
    let Some(house) = house_with_models("600") else { return };
    answer(&house, &reply_to(&asked(&house)), YES);
    let receipt = house.mail_out("the receipt", |l| l.subject.starts_with("Traduzido:"));
    let text = receipt.text();
    let link = text.split_whitespace().find(|word| word.contains("/held/")).unwrap();
    let path = &link[link.find("/held/").unwrap()..];
    let (status, _, page) = http(house.http, "GET", path, &[], b"");
    let page = String::from_utf8(page).unwrap();
    assert_eq!(status, 200);
    assert!(page.contains("double room") && page.contains("Não enviar"), "{page}");
    let state = || only_conversation(&house)["messages"][1]["state"].clone();
    assert_eq!(state(), "pending", "looking decides nothing");
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    http(house.http, "POST", path, &form, b"decision=as_written");
    let mail = house.mail_out("the answer", |l| l.to[0].address.local() == "john");
    assert!(mail.text().contains("temos um quarto duplo") && !mail.text().contains("double room"));
    assert_eq!(state(), "sent");
    http(house.http, "POST", path, &form, b"decision=discard");
    assert_eq!(state(), "sent", "deciding twice changes nothing");
}

#[test]
fn models_are_managed_by_the_command_line() {
    let Some(folder) = models() else { return };
    let house = House::prepare(&[]);
    assert!(house.cli(&["translate", "models", "list"]).contains("no models"));
    let added = house.cli(&["translate", "models", "add", folder.to_str().unwrap()]);
    assert!(added.contains("English → português added, 23 MB"), "{added}");
    house.cli(&["translate", "models", "remove", "en", "pt"]);
    assert_eq!(house.cli(&["translate", "models", "list"]), "português → English  23 MB\n");
}

#[test]
fn the_api_previews_and_translates() {
    let Some(house) = house_with_models("600") else { return };
    asked(&house);
    let body = json!({"text": YES, "from": "pt", "to": "en"});
    let (status, preview) = house.api("POST", "/translate/preview", Some(&body));
    assert_eq!(status, 200, "{preview}");
    assert_eq!(preview["facts_kept"], true, "{preview}");
    assert!(preview["facts"].as_array().unwrap().contains(&json!("15:00")), "{preview}");
    assert!(preview["translation"]["back"].as_str().unwrap().contains("quarto"), "{preview}");
    let id = house.conversations("")[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/conversations/{id}/messages");
    let (status, _) = house.api("POST", &path, Some(&json!({"text": YES, "translate": "yes"})));
    assert_eq!(status, 201);
    let mail = house.mail_out("the translated answer", |l| l.to[0].address.local() == "john");
    assert!(mail.text().contains("double room"), "no undo time: it was looked at before");
    let (status, _) =
        house.api("POST", &path, Some(&json!({"text": "Até já!", "translate": "no"})));
    assert_eq!(status, 201);
    house.mail_out("the answer as written", |l| l.text().trim() == "Até já!");
}

#[test]
fn what_is_sent_as_written_is_what_was_written() {
    let engine = Engine::start(Mood::Good);
    let house = engine.house(&[]);
    asked(&house);
    let id = house.conversations("")[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/conversations/{id}/messages");
    let both = json!({"text": YES, "translate": "no", "translation": "WRONG 999 €"});
    assert_eq!(house.api("POST", &path, Some(&both)).0, 422);
    // The page posts the preview with whatever button is pressed.
    let fields =
        [("text", YES), ("previewed", YES), ("translation", "WRONG 999 €"), ("translate", "no")];
    let part = |(name, value): &(&str, &str)| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let body = fields.iter().map(part).collect::<String>() + "--b--\r\n";
    let bearer = format!("Bearer {}", house.token());
    let headers =
        [("Authorization", bearer.as_str()), ("Content-Type", "multipart/form-data; boundary=b")];
    let (status, _, _) =
        http(house.http, "POST", &format!("/api/v1{path}"), &headers, body.as_bytes());
    assert_eq!(status, 201);
    let mail = house.mail_out("the answer", |l| l.to[0].address.local() == "john");
    assert!(
        mail.text().starts_with("Bom dia,") && !mail.text().contains("WRONG"),
        "{}",
        mail.text()
    );
    // Nobody knows what a visitor reads who said nothing.
    house.mail(
        "eva@guest.example",
        &[HOUSE],
        b"From: eva@guest.example\r\nSubject: ?\r\nMessage-ID: <e@x>\r\n\r\n?\r\n",
    );
    let id = wait_for("her conversation", || {
        let rows = house.conversations("");
        let row = rows.iter().find(|row| row["visitor_address"] == "eva@guest.example")?;
        Some(row["id"].as_str()?.to_owned())
    });
    let path = format!("/conversations/{id}/messages");
    for asks in
        [json!({"text": YES, "translate": "yes"}), json!({"text": YES, "translation": "Yes"})]
    {
        let (status, problem) = house.api("POST", &path, Some(&asks));
        assert_eq!(status, 422, "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains("language"), "{problem}");
    }
    let (status, problem) =
        preview(&house, &json!({"text": "!".repeat(20_001), "from": "en", "to": "pt"}));
    assert_eq!(status, 422, "{problem}");
}

#[test]
fn a_short_reply_is_in_the_houses_language_whatever_it_looks_like() {
    let engine = Engine::start(Mood::Good);
    let house = engine.house(&[]);
    let question = "From: Paco <paco@guest.example>\r\nTo: pousada@relais.localhost\r\nSubject: Perro\r\n\
        Message-ID: <p1@guest.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
        Buenas tardes, ¿podemos llevar a nuestro perro pequeño al hotel en agosto?\r\n";
    house.mail("paco@guest.example", &[HOUSE], question.as_bytes());
    let notification = house.mail_out("the notification", |l| l.to[0].address.local() == "ana");
    // Guessed Spanish, by a hair.
    answer(&house, &reply_to(&notification), "Claro, sem problema!");
    let reply = wait_for("the plan", || {
        let reply = only_conversation(&house)["messages"][1].clone();
        reply["translations"].get(0).cloned()
    });
    assert_eq!((&reply["from"], &reply["to"]), (&json!("pt"), &json!("es")), "{reply}");
}

#[test]
fn a_translation_its_author_has_changed_is_what_the_visitor_reads() {
    let engine = Engine::start(Mood::Good);
    let house = engine.house(&[]);
    asked(&house);
    *engine.mood.lock().unwrap() = Mood::Down;
    let id = house.conversations("")[0]["id"].as_str().unwrap().to_owned();
    let reply = json!({"text": YES, "translate": "yes", "translation": "Yes, 120 € a night, from 15:00. Warmly, Ana"});
    let (status, _) = house.api("POST", &format!("/conversations/{id}/messages"), Some(&reply));
    assert_eq!(status, 201);
    let mail = house.mail_out("the answer", |l| l.to[0].address.local() == "john");
    assert!(
        mail.text().starts_with("Yes, 120 € a night, from 15:00. Warmly, Ana"),
        "{}",
        mail.text()
    );
    assert!(mail.attachments.is_empty(), "it is not a file");
    wait_for("the reply to be sent", || {
        (only_conversation(&house)["messages"][1]["state"] == "sent").then_some(())
    });
    assert_eq!(only_conversation(&house)["messages"][1]["attachments"], json!([]));
    rebuilt_equal(house);
}

/// A LibreTranslate server under the test's control.
struct Engine {
    address: SocketAddr,
    mood: Arc<Mutex<Mood>>,
}

#[derive(Clone, Copy, PartialEq)]
enum Mood {
    /// Says something in the right language with every fact in it.
    Good,
    /// Names a price nobody named.
    InventsFacts,
    /// 503.
    Down,
    /// Takes the question and never answers.
    Hangs,
    /// 200, but no JSON.
    Garbage,
}

impl Engine {
    fn start(mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, mood) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(mood)));
        let shared = Arc::clone(&mood);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mood = *shared.lock().unwrap();
                std::thread::spawn(move || serve(stream, mood));
            }
        });
        Engine { address, mood }
    }

    fn house(&self, more: &[(&str, &str)]) -> House {
        let url = format!("http://{}", self.address);
        let mut settings = vec![
            ("RELAIS_TRANSLATION__ENGINES", "[\"libretranslate\"]"),
            ("RELAIS_TRANSLATION__LIBRETRANSLATE_URL", url.as_str()),
            ("RELAIS_TRANSLATION__PATIENCE_SECONDS", "1"),
            ("RELAIS_TRANSLATION__UNDO_SECONDS", "0"),
        ];
        settings.extend(more);
        House::start_with(&settings)
    }
}

fn serve(mut stream: std::net::TcpStream, mood: Mood) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let question: Value = serde_json::from_slice(&body).unwrap_or_default();
    let say = |text: &str| {
        let facts: Vec<&str> = text
            .split_whitespace()
            .filter(|word| word.contains(|c: char| c.is_ascii_digit() || c == '€'))
            .collect();
        let said = match question["target"].as_str() {
            Some("en") => {
                format!("Yes, we are very happy to confirm this to you: {}", facts.join(" and "))
            }
            _ => format!("Sim, temos todo o gosto em confirmar isto: {}", facts.join(" e ")),
        };
        if mood == Mood::InventsFacts { format!("{said} 99 €") } else { said }
    };
    let texts: Vec<String> = question["q"]
        .as_array()
        .map(|all| all.iter().filter_map(Value::as_str).map(say).collect())
        .unwrap_or_default();
    let (status, text) = match mood {
        Mood::Good | Mood::InventsFacts => ("200 OK", json!({"translatedText": texts}).to_string()),
        Mood::Down => ("503 Service Unavailable", json!({"error": "loading"}).to_string()),
        Mood::Garbage => ("200 OK", "<html>welcome</html>".to_owned()),
        Mood::Hangs => {
            std::thread::sleep(Duration::from_secs(60));
            return;
        }
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        text.len()
    );
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(text.as_bytes()));
}

#[test]
fn a_notification_does_not_wait_for_ever() {
    for mood in [Mood::Down, Mood::Hangs, Mood::Garbage] {
        let engine = Engine::start(mood);
        let house = engine.house(&[("RELAIS_TRANSLATION__NOTIFICATION_WAIT_SECONDS", "1")]);
        let text = asked(&house).text();
        assert!(text.contains("double room for two nights"), "{text}");
        assert!(text.contains("Não há tradução desta mensagem"), "it says so: {text}");
    }
}

#[test]
fn a_reply_waits_for_its_engine_and_survives_a_crash() {
    let engine = Engine::start(Mood::Good);
    let mut house = engine.house(&[]);
    let to = reply_to(&asked(&house));
    *engine.mood.lock().unwrap() = Mood::Down;
    answer(&house, &to, YES);
    wait_for("the reply to wait", || {
        (only_conversation(&house)["messages"][1]["state"] == "translating").then_some(())
    });
    house.kill();
    *engine.mood.lock().unwrap() = Mood::Good;
    house.run();
    let mail = house.mail_out("the answer", |l| l.to[0].address.local() == "john");
    assert!(
        mail.text().contains("happy to confirm") && mail.text().contains("quarto duplo"),
        "{}",
        mail.text()
    );
    let answers = house.outgoing().into_iter().filter(|l| l.to[0].address.local() == "john");
    assert_eq!(answers.count(), 1);
}

#[test]
fn a_reply_outlives_an_engine_that_hangs_or_talks_nonsense() {
    for mood in [Mood::Hangs, Mood::Garbage] {
        let engine = Engine::start(Mood::Good);
        let house = engine.house(&[]);
        let to = reply_to(&asked(&house));
        *engine.mood.lock().unwrap() = mood;
        answer(&house, &to, YES);
        wait_for("a first attempt to fail", || {
            let data = rusqlite::Connection::open(house.path("data/relais.sqlite")).ok()?;
            let sql = "SELECT max(attempts) FROM translations WHERE state = 'waiting'";
            let attempts: Option<i64> = data.query_row(sql, [], |row| row.get(0)).ok()?;
            (attempts? > 0).then_some(())
        });
        assert_eq!(only_conversation(&house)["messages"][1]["state"], "translating");
        *engine.mood.lock().unwrap() = Mood::Good;
        let mail = house.mail_out("the answer", |l| l.to[0].address.local() == "john");
        assert!(mail.text().contains("happy to confirm"), "{}", mail.text());
    }
}

#[test]
fn a_stop_that_was_journaled_counts_though_the_store_never_learned_it() {
    let engine = Engine::start(Mood::Good);
    let mut house = engine.house(&[("RELAIS_TRANSLATION__UNDO_SECONDS", "600")]);
    answer(&house, &reply_to(&asked(&house)), YES);
    house.mail_out("the receipt", |l| l.subject.starts_with("Traduzido:"));
    let reply = only_conversation(&house)["messages"][1]["id"].as_str().unwrap().to_owned();
    let path = format!("/messages/{reply}/decision");
    let open = || rusqlite::Connection::open(house.path("data/relais.sqlite")).unwrap();
    let place = "SELECT result FROM processed WHERE spool_name = '(journal)'";
    let before: String = open().query_row(place, [], |row| row.get(0)).unwrap();
    assert_eq!(house.api("POST", &path, Some(&json!({"decision": "discard"}))).0, 204);
    house.kill();
    // As if the machine had stopped between the two.
    let data = rusqlite::Connection::open(house.path("data/relais.sqlite")).unwrap();
    data.execute("UPDATE processed SET result = ?1 WHERE spool_name = '(journal)'", [before])
        .unwrap();
    data.execute("UPDATE messages SET state = 'pending' WHERE state = 'discarded'", []).unwrap();
    data.execute("UPDATE translations SET state = 'ready', due_at = 0 WHERE state = 'done' AND language = 'en'", []).unwrap();
    drop(data);
    house.run();
    wait_for("the decision to count", || {
        (only_conversation(&house)["messages"][1]["state"] == "discarded").then_some(())
    });
    assert!(house.outgoing().iter().all(|l| l.to[0].address.local() != "john"));
}

#[test]
fn a_hanging_engine_delays_no_reply_whose_time_has_come() {
    let engine = Engine::start(Mood::Good);
    let house = engine.house(&[
        ("RELAIS_TRANSLATION__UNDO_SECONDS", "4"),
        ("RELAIS_TRANSLATION__PATIENCE_SECONDS", "40"),
    ]);
    answer(&house, &reply_to(&asked(&house)), YES);
    house.mail_out("the receipt", |l| l.subject.starts_with("Traduzido:"));
    *engine.mood.lock().unwrap() = Mood::Hangs;
    for n in 0..6 {
        let more = format!(
            "From: Mary <mary@guest.example>\r\nTo: {HOUSE}\r\nSubject: Room {n}\r\nMessage-ID: <m{n}@guest.example>\r\n\r\n\
             Good afternoon, is the room number {n} with the view of the garden free in spring?\r\n"
        );
        house.mail("mary@guest.example", &[HOUSE], more.as_bytes());
    }
    let begun = std::time::Instant::now();
    house.mail_out("the answer", |l| l.to[0].address.local() == "john");
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
}

#[test]
fn a_reply_whose_facts_break_is_held_and_asked_about() {
    let engine = Engine::start(Mood::Good);
    let house = engine.house(&[]);
    let to = reply_to(&asked(&house));
    *engine.mood.lock().unwrap() = Mood::InventsFacts;
    answer(&house, &to, YES);
    let question = house.mail_out("the question", |l| l.subject.starts_with("Não enviado"));
    let text = question.text();
    assert!(text.contains("/held/"), "{text}");
    assert!(text.contains("«99 €» está na tradução e não no original"), "{text}");
    assert!(text.contains("O rascunho da tradução (English)"), "{text}");
    let link = text.split_whitespace().find(|word| word.contains("/held/")).unwrap();
    let page = http(house.http, "GET", &link[link.find("/held/").unwrap()..], &[], b"").2;
    let page = String::from_utf8(page).unwrap();
    assert!(page.contains("O rascunho") && page.contains("«99 €»"), "{page}");
    let conversation = only_conversation(&house);
    let reply = &conversation["messages"][1];
    assert_eq!(reply["state"], "held");
    assert_eq!(reply["translations"][0]["state"], "held", "{reply}");
    let nothing = house.outgoing().into_iter().all(|l| l.to[0].address.local() != "john");
    assert!(nothing, "nothing went out silently wrong");
    let path = format!("/messages/{}/decision", reply["id"].as_str().unwrap());
    let (status, _) = house.api("POST", &path, Some(&json!({"decision": "as_written"})));
    assert_eq!(status, 204);
    let mail = house.mail_out("the answer as written", |l| l.to[0].address.local() == "john");
    assert!(mail.text().contains("answers in their own language"), "{}", mail.text());
    assert!(mail.text().contains("temos um quarto duplo"), "{}", mail.text());
}

#[test]
fn a_language_no_engine_has_is_asked_about_and_a_member_may_write_as_they_are() {
    let Some(house) = house_with_models("0") else { return };
    let question = "From: Jan <jan@guest.example>\r\nTo: pousada@relais.localhost\r\nSubject: Kamer\r\n\
        Content-Type: text/plain; charset=utf-8\r\n\r\n\
        Goedendag, hebben jullie nog een tweepersoonskamer vrij voor twee nachten in augustus?\r\n";
    house.mail("jan@guest.example", &[HOUSE], question.as_bytes());
    let notification = house.mail_out("the notification", |l| l.to[0].address.local() == "ana");
    let text = notification.text();
    assert!(text.contains("tweepersoonskamer") && text.contains(".as-written@"), "{text}");
    assert!(text.contains("Nederlands → português"), "it says that nothing translates it: {text}");
    assert!(text.contains("também não pode ser traduzida") && !text.contains("será traduzida"));
    let to = reply_to(&notification);
    answer(&house, &to, YES);
    let question = house.mail_out("the question", |l| l.subject.starts_with("Não enviado"));
    assert!(question.text().contains("português → Nederlands"), "{}", question.text());
    assert!(!question.text().contains("cannot"), "in their language: {}", question.text());
    let as_written = to.replace('@', ".as-written@");
    let raw = format!(
        "From: Ana <ana@pousada.example>\r\nTo: {as_written}\r\nSubject: Re: Kamer\r\n\r\nSim, temos quarto. Um abraco!\r\n"
    );
    house.mail("ana@pousada.example", &[&as_written], raw.as_bytes());
    let mail = house.mail_out("the answer", |l| l.to[0].address.local() == "jan");
    assert!(mail.text().contains("Sim, temos quarto"), "{}", mail.text());
}

#[test]
fn what_a_person_corrected_is_sent_as_it_is_and_said_again() {
    let Some(mut house) = house_with_models("0") else { return };
    asked(&house);
    let id = house.conversations("")[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/conversations/{id}/messages");
    let text = "Bom dia,\n\nO quarto da torre custa 120 € por noite.";
    let ours = "Good morning,\n\nThe tower room is yours for 120 € a night, my friends.";
    let wrong = ours.replace("120", "130");
    let body = |said: &str| json!({"text": text, "translation": said});
    let (status, problem) = house.api("POST", &path, Some(&body(&wrong)));
    assert_eq!(status, 422, "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains("130"), "{problem}");
    assert_eq!(house.api("POST", &path, Some(&body(ours))).0, 201);
    let mail = house.mail_out("the answer", |l| l.to[0].address.local() == "john");
    let sent = mail.text();
    assert!(sent.starts_with(ours) && sent.contains("quarto da torre"), "{sent}");
    assert!(!sent.contains("automatically"), "a person wrote it: {sent}");
    let reply = &only_conversation(&house)["messages"][1];
    assert_eq!(reply["translations"][0]["engines"], json!(["person"]), "{reply}");
    // The same sentence with another price, after the store was lost.
    house.stop();
    std::fs::remove_dir_all(house.path("data")).unwrap();
    house.cli(&["reindex"]);
    house.run();
    let again =
        json!({"text": "O quarto da torre custa 95 € por noite.", "from": "pt", "to": "en"});
    let (_, preview) = preview(&house, &again);
    assert_eq!(
        preview["translation"]["text"], "The tower room is yours for 95 € a night, my friends.",
        "{preview}"
    );
    let reply = &only_conversation(&house)["messages"][1];
    assert_eq!(reply["state"], "sent", "{reply}");
    assert_eq!(reply["translations"][0]["text"], ours);
}

/// A preview; the store may have been made anew, and its token with it.
fn preview(house: &House, body: &Value) -> (u16, Value) {
    house.api("POST", "/translate/preview", Some(body))
}

#[test]
fn a_house_has_engines_of_its_own_choice() {
    let Some(folder) = models() else { return };
    let engine = Engine::start(Mood::Good);
    let house = engine.house(&[
        ("RELAIS_TRANSLATION__ENGINES", "[\"embedded\", \"libretranslate\"]"),
        ("RELAIS_TRANSLATION__MODELS", folder.to_str().unwrap()),
    ]);
    let set = |engines: &str| house.cli(&["account", "set", HOUSE, "--engines", engines]);
    let said = house.cli_fails(&["account", "set", HOUSE, "--engines", "deepl"]);
    assert!(said.contains("embedded, libretranslate"), "it names those there are: {said}");
    for (engines, text, first) in [
        ("libretranslate", "A praia fica perto da casa branca.", "libretranslate"),
        ("libretranslate,embedded", "A piscina fica perto da casa azul.", "libretranslate"),
        ("", "A igreja fica perto da casa amarela.", "embedded"),
    ] {
        assert_eq!(set(engines).contains("translated by"), !engines.is_empty());
        let (_, found) = preview(&house, &json!({"text": text, "from": "pt", "to": "en"}));
        assert_eq!(found["translation"]["engines"], json!([first]), "{engines}: {found}");
    }
}

#[test]
fn nothing_is_asked_twice_and_a_memory_moves_between_houses() {
    let engine = Engine::start(Mood::Good);
    let mut house = engine.house(&[]);
    let body =
        json!({"text": "A entrada é a partir das 15:00 e custa 12 €.", "from": "pt", "to": "en"});
    let (_, first) = preview(&house, &body);
    assert_eq!(first["translation"]["engines"], json!(["libretranslate"]), "{first}");
    let usage = wait_for("the characters to be counted", || {
        let usage = house.cli(&["translate", "usage", HOUSE]);
        usage.contains("libretranslate").then_some(usage)
    });
    assert!(usage.contains(" characters"), "{usage}");
    *engine.mood.lock().unwrap() = Mood::Down;
    wait_for("the segment to be stored", || {
        house.cli(&["translate", "memory", "export", HOUSE]).contains("<tuv").then_some(())
    });
    house.kill();
    house.run();
    let (_, second) = preview(&house, &body);
    assert_eq!(second["translation"]["text"], first["translation"]["text"], "{second}");
    assert_eq!(second["translation"]["engines"], json!([]), "no engine: {second}");
    let exported = house.cli(&["translate", "memory", "export", HOUSE]);
    assert!(exported.contains("<prop type=\"x-by\">engine</prop>"), "{exported}");
    let other = "casa@relais.localhost";
    house.cli(&["account", "add", "Casa", "--address", other, "--language", "pt"]);
    let file = house.path("memory.tmx");
    std::fs::write(&file, exported).unwrap();
    let said = house.cli(&["translate", "memory", "import", other, file.to_str().unwrap()]);
    assert!(said.contains(" segments taken in, 0 skipped"), "{said}");
    let theirs = house.cli(&["translate", "memory", "export", other, "--persons"]);
    assert!(theirs.contains("happy to confirm") && theirs.contains("person"), "{theirs}");
}

#[test]
fn a_house_says_its_terms_its_way() {
    let Some(house) = house_with_models("0") else { return };
    let glossary = |words: &[&str]| {
        let mut all = vec!["translate", "glossary"];
        all.extend(words);
        house.cli(&all)
    };
    glossary(&["add", HOUSE, "pt", "pequeno-almoço", "en", "morning table"]);
    assert_eq!(glossary(&["list", HOUSE]), "pt pequeno-almoço = en morning table\n");
    let there = json!({"text": "O pequeno-almoço é servido no jardim.", "from": "pt", "to": "en"});
    let said = preview(&house, &there).1["translation"].clone();
    assert!(said["text"].as_str().unwrap().contains("morning table"), "{said}");
    let back = json!({"text": "The morning table is in the garden.", "from": "en", "to": "pt"});
    let said = preview(&house, &back).1["translation"].clone();
    assert!(said["text"].as_str().unwrap().contains("pequeno-almoço"), "both ways: {said}");
    glossary(&["remove", HOUSE, "pt", "pequeno-almoço", "en"]);
    let said = preview(&house, &there).1["translation"].clone();
    assert!(said["text"].as_str().unwrap().contains("breakfast"), "{said}");
}

/// A process that ends with the test.
struct Server(std::process::Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A real LibreTranslate server and its address; `None` where it cannot be fetched, and that is said.
fn libretranslate() -> Option<(Server, SocketAddr)> {
    let models = models()?;
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("libretranslate");
    let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
    let script = root.join("tests/support/libretranslate.sh");
    let child =
        Command::new(script).arg(folder).arg(models).arg(address.port().to_string()).spawn();
    let mut server = Server(child.unwrap());
    // The first time 600 MB are fetched.
    let begun = std::time::Instant::now();
    while begun.elapsed() < Duration::from_secs(400) {
        if let Some(status) = server.0.try_wait().unwrap() {
            assert_eq!(status.code(), Some(3), "it may be absent, but not fail");
            println!("a real LibreTranslate was not tried");
            return None;
        }
        if std::net::TcpStream::connect(address).is_ok() {
            return Some((server, address));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("LibreTranslate did not begin to listen");
}

#[test]
fn a_real_libretranslate_translates_for_a_house() {
    let Some((server, address)) = libretranslate() else { return };
    let url = format!("http://{address}");
    let house = House::start_with(&[
        ("RELAIS_TRANSLATION__ENGINES", "[\"libretranslate\"]"),
        ("RELAIS_TRANSLATION__LIBRETRANSLATE_URL", url.as_str()),
        ("RELAIS_TRANSLATION__UNDO_SECONDS", "0"),
    ]);
    let notification = asked(&house);
    assert!(notification.text().contains("quarto duplo"), "{}", notification.text());
    answer(&house, &reply_to(&notification), YES);
    let mail = house.mail_out("the answer", |l| l.to[0].address.local() == "john");
    assert!(mail.text().contains("double room"), "{}", mail.text());
    let reply = only_conversation(&house)["messages"][1].clone();
    assert_eq!(reply["translations"][0]["engines"], json!(["libretranslate"]), "{reply}");
    drop(server);
    let other = json!({"text": "A praia é bonita e fica perto.", "from": "pt", "to": "en"});
    let why = preview(&house, &other).1["translation"]["why"].clone();
    assert!(why.as_str().unwrap().contains("serviço de tradução não responde"), "{why}");
}

#[test]
fn a_visitor_reads_the_original_and_chooses_their_language() {
    let Some(house) = house_with_models("0") else { return };
    let to = reply_to(&asked(&house));
    answer(&house, &to, YES);
    let mail = house.mail_out("the answer", |l| l.to[0].address.local() == "john");
    let text = mail.text();
    let link = text.split_whitespace().find(|word| word.contains("/read/")).unwrap();
    let path = &link[link.find("/read/").unwrap()..];
    let get = |path: &str| {
        let (status, _, page) = http(house.http, "GET", path, &[], b"");
        (status, String::from_utf8(page).unwrap())
    };
    let (status, page) = get(path);
    assert_eq!(status, 200, "{page}");
    assert!(page.contains("double room") && page.contains("temos um quarto duplo"), "{page}");
    assert!(!page.contains("ana@") && !page.contains("912 345"), "{page}");
    let other = if path.ends_with('a') { 'b' } else { 'a' };
    let forged = format!("{}{other}", &path[..path.len() - 1]);
    assert_eq!(get(&forged).0, 404);
    let language = || only_conversation(&house)["conversation"].clone();
    assert_eq!(language()["language"], "en", "looking chooses nothing");
    assert_eq!(language()["language_why"], "messages");
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    assert_eq!(http(house.http, "POST", path, &form, b"language=fi").0, 404, "no engine has it");
    assert_eq!(http(house.http, "POST", path, &form, b"language=pt").0, 303);
    assert_eq!(language()["language"], "pt");
    assert_eq!(language()["language_why"], "visitor_choice");
    // From now on John reads Portuguese, though he goes on writing English.
    let more = "From: John Smith <john@guest.example>\r\nTo: pousada@relais.localhost\r\nSubject: Re: Double room\r\n\
        In-Reply-To: <ID>\r\nMessage-ID: <q2@guest.example>\r\n\r\n\
        Thank you, that is wonderful. We look forward to our stay and will write again in July.\r\n";
    let more =
        more.replace("ID>\r\nM", &format!("{}>\r\nM", mail.message_id.as_ref().unwrap().as_str()));
    house.mail("john@guest.example", &[&reply_to(&mail)], more.as_bytes());
    wait_for("his second message", || {
        let third = only_conversation(&house)["messages"][2].clone();
        (third["translations"][0]["state"] == "done").then_some(())
    });
    assert_eq!(language()["language"], "pt", "what he chose stays");
    rebuilt_equal(house);
}
