//! What a member does from their mail client while both write their own language: verbs, receipts, second thoughts.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::{fs, path::Path, process::Command};

use relais::ground::letter::Letter;
use serde_json::{Value, json};
use support::{House, free_port, http, models, postfix::Postfix, reply_to, wait_for};

const HOUSE: &str = "pousada@relais.localhost";
const YES: &str = "Bom dia,\r\n\r\nSim, temos um quarto duplo por 120 € por noite. A entrada é a partir das 15:00.";

fn house(undo: &str) -> Option<House> {
    let folder = models()?;
    Some(House::start_with(&[
        ("RELAIS_TRANSLATION__MODELS", folder.to_str().unwrap()),
        ("RELAIS_TRANSLATION__UNDO_SECONDS", undo),
    ]))
}

fn asked(house: &House) -> Letter {
    let question = b"From: John Smith <john@guest.example>\r\nTo: pousada@relais.localhost\r\nSubject: Double room\r\n\
        Message-ID: <q1@guest.example>\r\n\r\nHello,\r\n\r\nDo you have a double room for two nights in August?\r\n";
    house.mail("john@guest.example", &[HOUSE], question);
    house.mail_out("the notification", |l| l.to[0].address.local() == "ana")
}

/// Ana writes to one of the addresses of a notification.
fn ana(house: &House, to: &str, id: &str, text: &str) {
    member(house, "ana@pousada.example", to, id, text);
}

fn member(house: &House, from: &str, to: &str, id: &str, text: &str) {
    let raw = format!(
        "From: <{from}>\r\nTo: {to}\r\nSubject: Re: Double room\r\nMessage-ID: <{id}@pousada.example>\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    );
    house.mail(from, &[to], raw.as_bytes());
}

/// The address a notification offers for a verb.
fn verb(notification: &Letter, verb: &str) -> String {
    let text = notification.text();
    let found = text.split_whitespace().find_map(|word| {
        let address = word.split_once("mailto:")?.1.trim_end_matches(['.', ',', ')', '>']);
        address.contains(&format!(".{verb}@")).then(|| address.to_owned())
    });
    found.unwrap_or_else(|| panic!("no {verb} in {text}"))
}

fn to_john(house: &House) -> Vec<Letter> {
    house.outgoing().into_iter().filter(|l| l.to[0].address.local() == "john").collect()
}

fn only_conversation(house: &House) -> Value {
    let id = house.conversations("")[0]["id"].as_str().unwrap().to_owned();
    house.conversation(&id)
}

fn state(house: &House, message: usize) -> Value {
    only_conversation(house)["messages"][message]["state"].clone()
}

#[test]
fn every_verb_of_a_notification_does_what_it_says() {
    let Some(house) = house("0") else { return };
    let notification = asked(&house);
    ana(&house, &verb(&notification, "note"), "n1", "Quarto 7 é melhor.");
    wait_for("the note", || {
        let found = only_conversation(&house);
        (found["messages"].as_array()?.len() == 2).then_some(())
    });
    assert_eq!(
        only_conversation(&house)["conversation"]["needs_reply"],
        true,
        "a note answers nothing"
    );
    ana(&house, &verb(&notification, "as-written"), "w1", YES);
    let mail = house.mail_out("the answer", |l| l.to[0].address.local() == "john");
    assert!(
        mail.text().contains("temos um quarto duplo") && !mail.text().contains("double"),
        "{}",
        mail.text()
    );
    assert_eq!(to_john(&house).len(), 1, "the visitor never sees a note");
    // Whose replies leave as written by default is offered the other verb.
    house.cli(&["member", "add", HOUSE, "rui@pousada.example", "--name", "Rui", "--as-written"]);
    let more = b"From: John Smith <john@guest.example>\r\nTo: pousada@relais.localhost\r\nSubject: Re: Double room\r\n\
        Message-ID: <q2@guest.example>\r\nIn-Reply-To: <q1@guest.example>\r\n\r\nThank you. Is breakfast served in the garden in the morning?\r\n";
    let to = reply_to(&mail);
    house.mail("john@guest.example", &[&to], more);
    let second = house.mail_out("the second notification", |l| {
        l.to[0].address.local() == "rui" && l.text().contains("breakfast")
    });
    let rui = "rui@pousada.example";
    member(&house, rui, &reply_to(&second), "r1", "Sim, é servido no jardim.");
    let mail = house.mail_out("his answer", |l| {
        l.to[0].address.local() == "john" && l.text().contains("servido")
    });
    assert_eq!(mail.text().trim(), "Sim, é servido no jardim.");
    member(
        &house,
        rui,
        &verb(&second, "translated"),
        "t1",
        "Sim, o pequeno-almoço é servido no jardim todas as manhãs.",
    );
    let mail = house.mail_out("the translated answer", |l| {
        l.to[0].address.local() == "john" && l.text().contains("wrote this")
    });
    assert!(mail.text().contains("pequeno-almoço"), "the original below: {}", mail.text());
    house.mail("john@guest.example", &[&to], b"From: John Smith <john@guest.example>\r\nTo: x@y.example\r\nSubject: Re: Double room\r\n\
        Message-ID: <q3@guest.example>\r\n\r\nThat is very good news, thank you and see you in August!\r\n");
    wait_for("the thanks", || {
        (only_conversation(&house)["conversation"]["needs_reply"] == true).then_some(())
    });
    member(&house, rui, &verb(&second, "done"), "d1", "");
    wait_for("done", || {
        (only_conversation(&house)["conversation"]["needs_reply"] == false).then_some(())
    });
    assert_eq!(to_john(&house).len(), 3);
}

#[test]
fn what_is_to_be_translated_into_nobody_knows_what_is_asked_about() {
    let Some(house) = house("0") else { return };
    let question = b"From: Eva <eva@guest.example>\r\nTo: pousada@relais.localhost\r\nSubject: ?\r\nMessage-ID: <e1@guest.example>\r\n\r\n?\r\n";
    house.mail("eva@guest.example", &[HOUSE], question);
    let notification = house.mail_out("the notification", |l| l.to[0].address.local() == "ana");
    let translated = reply_to(&notification).replace('@', ".translated@");
    ana(&house, &translated, "a1", YES);
    let notice = house.mail_out("the question", |l| l.text().contains("que língua lê o hóspede"));
    assert_eq!(notice.to[0].address.local(), "ana");
    assert_eq!(state(&house, 1), "refused");
    assert!(house.outgoing().iter().all(|l| l.to[0].address.local() != "eva"));
}

/// The receipt of a mailed reply, and the path of its link.
fn receipt(house: &House) -> (String, String) {
    let receipt = house.mail_out("the receipt", |l| l.subject.starts_with("Traduzido:"));
    let text = receipt.text();
    let link = text.split_whitespace().find(|word| word.contains("/held/")).unwrap();
    let path = link[link.find("/held/").unwrap()..].to_owned();
    (text, path)
}

const FORM: [(&str, &str); 1] = [("Content-Type", "application/x-www-form-urlencoded")];

#[test]
fn a_receipt_shows_both_ways_and_a_reply_thrown_away_is_never_sent() {
    let Some(house) = house("600") else { return };
    ana(&house, &reply_to(&asked(&house)), "a1", YES);
    let (text, path) = receipt(&house);
    assert!(text.contains("double room for 120 €") || text.contains("double room"), "{text}");
    let (_, back) = text.split_once("Traduzido de volta").unwrap();
    assert!(back.contains("quarto duplo") && back.contains("120"), "{text}");
    assert!(back.starts_with(", para comparar (dados verificados: 2)"), "{text}");
    assert_eq!(http(house.http, "POST", &path, &FORM, b"decision=discard").0, 303);
    assert_eq!(state(&house, 1), "discarded");
    http(house.http, "POST", &path, &FORM, b"decision=send");
    assert_eq!(state(&house, 1), "discarded", "what is decided stays");
    assert!(to_john(&house).is_empty());
}

#[test]
fn a_reply_is_stopped_and_edited_in_the_inbox() {
    let Some(house) = house("600") else { return };
    ana(&house, &reply_to(&asked(&house)), "a1", YES);
    let (_, path) = receipt(&house);
    let page = String::from_utf8(http(house.http, "GET", &path, &[], b"").2).unwrap();
    assert!(page.contains("Editar na caixa de entrada"), "{page}");
    let (status, head, _) = http(house.http, "POST", &path, &FORM, b"decision=edit");
    let id = house.conversations("")[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(status, 303);
    assert!(head.contains(&format!("/inbox/{id}")), "{head}");
    assert_eq!(state(&house, 1), "discarded");
    assert!(to_john(&house).is_empty());
    let data = rusqlite::Connection::open(house.path("data/relais.sqlite")).unwrap();
    let draft: String = data.query_row("SELECT text FROM drafts", [], |row| row.get(0)).unwrap();
    assert!(draft.contains("temos um quarto duplo"), "{draft}");
    let (status, head, _) = http(house.http, "POST", &path, &FORM, b"decision=edit");
    assert!(status == 303 && head.contains("/inbox/"), "twice is no harm: {head}");
}

#[test]
fn a_platform_that_translates_by_itself_gets_the_words_as_written() {
    let Some(house) = house("0") else { return };
    let relay = "messages@pousada.relais.localhost";
    house.cli(&["account", "set", HOUSE, "--relay-address", relay]);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/relay_mail/booking-en.eml");
    let raw = fs::read(path).unwrap();
    wait_for("the relay address", || {
        let sender = "5900000001-ab1c.de2f.gh3i.jk1l@guest.booking.com";
        let replies = support::smtp(house.smtp, sender, &[relay], &raw);
        replies.last().unwrap().starts_with("250").then_some(())
    });
    let notification = house.mail_out("the notification", |l| l.to[0].address.local() == "ana");
    let to = reply_to(&notification);
    ana(&house, &to, "b1", "Sim, temos estacionamento para a carrinha, sem custos.");
    let mail = house.mail_out("the answer", |l| l.to[0].address.domain() == "guest.booking.com");
    assert_eq!(mail.text().trim(), "Sim, temos estacionamento para a carrinha, sem custos.");
    let translated = to.replace('@', ".translated@");
    ana(&house, &translated, "b2", "O parque de estacionamento fica atrás da casa, à direita.");
    let mail = house.mail_out("the second answer", |l| {
        l.to[0].address.domain() == "guest.booking.com" && l.text().contains("house")
    });
    assert!(mail.html.is_none(), "a platform reads nothing but text");
}

#[test]
fn a_request_from_the_form_is_translated_and_answered_in_its_language() {
    let Some(house) = house("0") else { return };
    let filled = json!({"name": "John Smith", "email": "john@guest.example",
        "message": "Hello, do you have a double room with a view for two nights in August?"});
    let kind = [("Content-Type", "application/json"), ("Accept", "application/json")];
    let body = filled.to_string();
    assert_eq!(http(house.http, "POST", "/f/demo", &kind, body.as_bytes()).0, 201);
    let notification = house.mail_out("the notification", |l| l.to[0].address.local() == "ana");
    let text = notification.text();
    assert!(text.contains("quarto duplo") && text.contains("double room"), "{text}");
    ana(&house, &reply_to(&notification), "f1", YES);
    let mail = house
        .mail_out("the answer", |l| l.to[0].address.local() == "john" && l.text().contains("120"));
    assert!(
        mail.text().contains("double room") && mail.text().contains("temos um quarto"),
        "{}",
        mail.text()
    );
    assert!(
        mail.text().contains("/read/"),
        "a link to the original and other languages: {}",
        mail.text()
    );
}

/// A mail by the real swaks.
fn swaks(server: &str, from: &str, to: &str, more: &[(&str, &str)], body: &str) {
    let mut swaks = Command::new("swaks");
    swaks.args(["--server", server, "--from", from, "--to", to, "--body", body]);
    swaks.args(["--h-MIME-Version", "1.0", "--h-Content-Type", "text/plain; charset=utf-8"]);
    for (name, value) in more {
        swaks.args([&format!("--h-{name}"), *value]);
    }
    let output = swaks.output().expect("swaks: run tests/support/install.sh test");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// The whole way with nothing but real programs: Postfix carries everything in and out, swaks is both mail clients.
#[test]
fn through_a_real_mail_server_each_writes_their_own_language() {
    let Some(folder) = models() else { return };
    let port = free_port();
    let house = House::start_with(&[
        ("RELAIS_TRANSLATION__MODELS", folder.to_str().unwrap()),
        ("RELAIS_TRANSLATION__UNDO_SECONDS", "0"),
        ("RELAIS_DELIVERY__TRANSPORT", "smarthost"),
        ("RELAIS_DELIVERY__SMARTHOST__HOST", "127.0.0.1"),
        ("RELAIS_DELIVERY__SMARTHOST__PORT", &port.to_string()),
        ("RELAIS_DELIVERY__SMARTHOST__TLS", "none"),
    ]);
    let postfix = Postfix::start(port, house.smtp.port(), "");
    let server = format!("127.0.0.1:{port}");
    let john = "John Smith <john@guest.example>";
    let headers =
        [("From", john), ("Subject", "Double room"), ("Message-Id", "<swaks1@guest.example>")];
    let question =
        "Hello,\n\nDo you have a double room for two nights in August?\n\nKind regards,\nJohn";
    swaks(&server, "john@guest.example", HOUSE, &headers, question);
    let notification = postfix.arrives("pousada.example", "ana", "the notification", |l| {
        l.text().contains("double room")
    });
    let text = notification.text();
    assert!(
        text.find("quarto duplo") < text.find("a double room"),
        "both, translated first: {text}"
    );
    let to = reply_to(&notification);
    let headers = [
        ("From", "Ana <ana@pousada.example>"),
        ("Subject", "Re: Double room"),
        ("Message-Id", "<swaks2@pousada.example>"),
    ];
    let reply = format!(
        "{}\n\nEm seg., 23/11/2026 às 09:02, John Smith <{to}> escreveu:\n> Do you have a double room?\n\n-- \nAna Silva\n+351 912 345 678",
        YES.replace("\r\n", "\n")
    );
    swaks(&server, "ana@pousada.example", &to, &headers, &reply);
    let mail = postfix.arrives("guest.example", "john", "the answer", |l| l.text().contains("120"));
    let text = mail.text();
    assert!(text.find("double room") < text.find("temos um quarto duplo"), "{text}");
    assert!(text.contains("15:00") && text.contains("wrote this"), "{text}");
    assert!(
        !text.contains("escreveu") && !text.contains("912 345"),
        "no quote, no signature: {text}"
    );
    assert_eq!(mail.in_reply_to[0].as_str(), "swaks1@guest.example");
    let receipt = postfix
        .arrives("pousada.example", "ana", "the receipt", |l| l.subject.starts_with("Traduzido:"));
    assert!(receipt.text().contains("double room"), "{}", receipt.text());
    let reply = only_conversation(&house)["messages"][1].clone();
    assert!(reply["text"].as_str().unwrap().contains("quarto duplo"), "{reply}");
    assert!(reply["translations"][0]["text"].as_str().unwrap().contains("double room"), "{reply}");
    assert_eq!(reply["translations"][0]["state"], "done", "{reply}");
}

/// Who wants no news gets none in translation either.
#[test]
fn a_quiet_member_is_not_told_once_there_is_a_translation() {
    let Some(house) = house("60") else { return };
    house.cli(&["member", "add", HOUSE, "rui@pousada.example", "--name", "Rui", "--quiet"]);
    // The gateway looks for what commands changed every two seconds.
    std::thread::sleep(std::time::Duration::from_secs(3));
    let told = asked(&house);
    assert!(told.text().contains("quarto duplo"), "{}", told.text());
    let to_rui = |l: &Letter| l.to[0].address.local() == "rui";
    assert!(!house.outgoing().iter().any(to_rui), "no news for Rui");
}
