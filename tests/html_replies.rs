//! HTML mail between a visitor and a house: bold words, lists and links reach the other side, and nothing else of it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use relais::ground::letter::Letter;
use support::{House, models, reply_to, wait_for};

const HOUSE: &str = "pousada@relais.localhost";

/// A mail as Gmail makes it: both parts, the plain one with stars for bold.
fn gmail(from: &str, to: &str, parts: (&str, &str)) -> Vec<u8> {
    let (plain, html) = parts;
    format!(
        "From: {from}\r\nTo: {to}\r\nSubject: Re: Double room\r\nMessage-ID: <{}@client.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/alternative; boundary=\"b1\"\r\n\r\n\
         --b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{plain}\r\n\
         --b1\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n--b1--\r\n",
        plain.len()
    )
    .into_bytes()
}

fn asked(house: &House, parts: (&str, &str)) -> Letter {
    let raw = gmail("John Smith <john@guest.example>", HOUSE, parts);
    house.mail("john@guest.example", &[HOUSE], &raw);
    house.mail_out("the notification", |l| l.to[0].address.local() == "ana")
}

fn answered(house: &House, to: &str, parts: (&str, &str)) -> Letter {
    house.mail("ana@pousada.example", &[to], &gmail("Ana <ana@pousada.example>", to, parts));
    house.mail_out("the answer", |l| l.to[0].address.local() == "john")
}

fn html(letter: &Letter) -> String {
    letter.html.clone().unwrap_or_default().replace("\r\n", "\n").replace('\n', "")
}

const QUESTION: (&str, &str) = (
    "Hello,\r\n\r\nis there a *double room* with breakfast for two nights in August?\r\n\r\n   - two adults\r\n   - one dog\r\n",
    "<div dir=\"ltr\">Hello,<div><br></div><div>is there a <b>double room</b> with breakfast for two nights in August?</div>\
     <ul><li>two adults</li><li>one dog</li></ul><img src=\"https://spy.example/1.gif\" onerror=\"x()\"></div>",
);

/// Ana's answer quotes the question and ends with her signature.
fn answer(quoted: &str) -> (String, String) {
    let plain = format!(
        "Bom dia,\r\n\r\nSim, temos *um quarto duplo* por *120 €* por noite. Veja as fotografias aqui\r\n\
         <https://pousada.example/quartos?id=7&l=pt>.\r\n\r\n   1. A entrada é a partir das 15:00.\r\n   2. O cão é bem-vindo.\r\n\r\n\
         Em seg., 23/11/2026 às 09:02, John Smith <{quoted}> escreveu:\r\n> Hello,\r\n> is there a double room?\r\n"
    );
    let html = format!(
        "<div dir=\"ltr\">Bom dia,<div><br></div><div>Sim, temos <b>um quarto duplo</b> por <b>120 €</b> por noite. Veja as \
         fotografias <a href=\"https://pousada.example/quartos?id=7&amp;l=pt\">aqui</a>.</div><ol><li>A entrada é a partir das \
         15:00.</li><li><i>O cão é bem-vindo.</i></li></ol><script>steal()</script></div><br><div class=\"gmail_quote\">\
         <div class=\"gmail_attr\">Em seg., 23/11/2026 às 09:02, John Smith &lt;<a href=\"mailto:{quoted}\">{quoted}</a>&gt; \
         escreveu:<br></div><blockquote class=\"gmail_quote\" style=\"border-left:1px solid\"><b>Hello</b>,<br>is there a double \
         room?</blockquote></div>"
    );
    (plain, html)
}

const LINK: &str = "<a href=\"https://pousada.example/quartos?id=7&amp;l=pt\">";

#[test]
fn simple_structure_reaches_the_other_side_as_written() {
    let house = House::start();
    let notification = asked(&house, QUESTION);
    let shown = html(&notification);
    assert!(shown.contains("is there a <b>double room</b> with breakfast"), "{shown}");
    assert!(shown.contains("<ul><li>two adults</li><li>one dog</li></ul>"), "{shown}");
    assert!(!shown.contains("img") && !shown.contains("spy"), "{shown}");
    let to = reply_to(&notification);
    let (plain, rich) = answer(&to);
    let mail = answered(&house, &to, (&plain, &rich));
    let shown = html(&mail);
    assert!(shown.contains("temos <b>um quarto duplo</b> por <b>120 €</b> por noite."), "{shown}");
    assert!(shown.contains(&format!("Veja as fotografias {LINK}aqui</a>.")), "{shown}");
    assert!(
        shown.contains(
            "<ol><li>A entrada é a partir das 15:00.</li><li><i>O cão é bem-vindo.</i></li></ol>"
        ),
        "{shown}"
    );
    for hidden in ["escreveu", "Hello", "steal", "blockquote", "@"] {
        assert!(!shown.contains(hidden), "{hidden}: {shown}");
    }
    let text = mail.plain.clone().unwrap();
    assert!(text.contains("temos um quarto duplo por 120 € por noite."), "{text}");
    assert!(text.contains("aqui <https://pousada.example/quartos?id=7&l=pt>"), "{text}");
    assert!(text.contains("1. A entrada é a partir das 15:00."), "{text}");
}

#[test]
fn a_link_to_a_private_address_is_none() {
    let house = House::start();
    let to = reply_to(&asked(&house, QUESTION));
    let body = "<b>Olá</b>, <a href=\"mailto:ana@pousada.example\">escreva-me</a> ou \
        <a href=\"https://x.example/?who=ana%40pousada.example\">aqui</a> ou ana<i>@pousada.example</i>";
    let raw = format!(
        "From: Ana <ana@pousada.example>\r\nTo: {to}\r\nSubject: Re: Double room\r\nMessage-ID: <h1@pousada.example>\r\n\
         Content-Type: text/html; charset=utf-8\r\n\r\n{body}\r\n"
    );
    house.mail("ana@pousada.example", &[&to], raw.as_bytes());
    let mail = house.mail_out("the answer", |l| l.to[0].address.local() == "john");
    let shown = html(&mail);
    assert!(shown.contains("<b>Olá</b>, escreva-me ou aqui"), "{shown}");
    assert!(!shown.contains("pousada.example") && !shown.contains("ana%40"), "{shown}");
}

#[test]
fn a_translated_reply_keeps_its_structure() {
    let Some(folder) = models() else { return };
    let house = House::start_with(&[
        ("RELAIS_TRANSLATION__MODELS", folder.to_str().unwrap()),
        ("RELAIS_TRANSLATION__UNDO_SECONDS", "0"),
    ]);
    let notification = asked(&house, QUESTION);
    let shown = html(&notification);
    assert!(shown.contains("<b>quarto duplo</b>"), "the translation keeps it: {shown}");
    assert!(shown.contains("<b>double room</b>"), "and the original below: {shown}");
    assert_eq!(shown.matches("<ul>").count(), 2, "{shown}");
    let to = reply_to(&notification);
    let (plain, rich) = answer(&to);
    let mail = answered(&house, &to, (&plain, &rich));
    let shown = html(&mail);
    let (said, own) = shown.split_once("wrote this").unwrap();
    assert!(said.contains("<b>a double room</b>"), "{said}");
    assert!(said.contains("120"), "{said}");
    assert!(said.contains(LINK), "a link is a fact: {said}");
    assert!(said.contains("<ol><li>") && said.matches("<li>").count() == 2, "{said}");
    assert!(said.contains("<li><i>"), "a whole sentence stays italic: {said}");
    assert!(own.contains("<b>um quarto duplo</b>"), "{own}");
    wait_for("the receipt", || {
        house.outgoing().into_iter().find(|l| l.subject.starts_with("Traduzido:"))
    });
}
