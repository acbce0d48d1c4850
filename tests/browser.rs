//! The inbox in a real browser: Chromium drives the real binary as a provider does. Pictures go to `target/screenshots`.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "browser/reach.rs"]
mod reach;
#[path = "browser/replying.rs"]
mod replying;

#[path = "support/chromium.rs"]
mod chromium;
#[path = "support/markup.rs"]
mod markup;
mod support;

use chromium::Browser;
use relais::ground::letter::Letter;
use serde_json::json;
use support::{House, free_port, http, models, postfix::Postfix, wait_for};

/// A visitor asks with the form of the demo house; the id of the conversation.
fn request(house: &House, name: &str, subject: &str, message: &str) -> String {
    let fields = json!({"name": name, "email": "john@guest.example", "subject": subject, "message": message});
    let headers = [("Content-Type", "application/json"), ("Accept", "application/json")];
    let (status, _, body) =
        http(house.http, "POST", "/f/demo", &headers, fields.to_string().as_bytes());
    assert_eq!(status, 201, "{}", String::from_utf8_lossy(&body));
    let made: serde_json::Value = serde_json::from_slice(&body).unwrap();
    made["conversation"].as_str().unwrap().to_owned()
}

fn at(house: &House, path: &str) -> String {
    format!("http://{}{path}", house.http)
}

/// Signs Ana in by the mail she gets, with keys only.
fn sign_in(house: &House, browser: &Browser) {
    sign_in_by(house, browser, || house.outgoing());
}

/// The same where her mail arrives elsewhere.
fn sign_in_by(house: &House, browser: &Browser, mails: impl Fn() -> Vec<Letter>) {
    let links = || {
        let found = mails().into_iter();
        found.filter(|l| l.text().contains("/inbox/sign-in/")).collect::<Vec<_>>()
    };
    let before = links().len();
    browser.open(&at(house, "/inbox"));
    looked_over(browser, "sign-in");
    browser.eval("document.querySelector('#email').focus()");
    browser.text("ana@pousada.example");
    browser.navigates(|| browser.key("Enter"));
    let mail = wait_for("the link", || links().into_iter().nth(before));
    let text = mail.text();
    assert!(
        !mail.subject.is_empty() && text.lines().filter(|l| l.len() > 20).count() >= 3,
        "{text}"
    );
    let link = text.split_whitespace().find(|word| word.starts_with("http")).unwrap();
    browser.open(link);
    browser.navigates(|| browser.click("main button.main"));
    assert_eq!(browser.eval("location.pathname"), "/inbox");
}

/// No accessibility violation, no error in the HTML, nothing wider than the window; a picture for people.
fn looked_over(browser: &Browser, name: &str) {
    let violations = browser.violations();
    assert!(violations.is_empty(), "{name}: {}", violations.join("\n"));
    let wide = browser.eval("document.documentElement.scrollWidth > innerWidth");
    assert_eq!(wide, false, "{name} is wider than the window");
    if let Some(page) = browser.source() {
        assert_eq!(markup::errors(&page), Vec::<String>::new(), "{name}: {page}");
    }
    browser.picture(name);
}

fn assert_calm(browser: &Browser) {
    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn a_request_arrives_live_and_is_answered_with_a_file_and_an_emoji() {
    let house = House::start();
    let browser = Browser::start();
    browser.size(1100, 800);
    sign_in(&house, &browser);
    looked_over(&browser, "list-empty");
    let id = request(&house, "John Smith", "Double room", "Do you have a double room in August?");
    browser.wait(&format!("document.querySelector('a[href^=\"/inbox/{id}\"]') !== null"));
    browser.wait("document.title.startsWith('(1)')");
    browser.wait("document.querySelector('link[rel=icon]').href.endsWith('/assets/waiting-1.svg')");
    browser.wait("document.querySelector('#counts').innerText.includes('1 por responder')");
    looked_over(&browser, "list");
    browser.navigates(|| browser.click("ul.list a"));
    looked_over(&browser, "conversation");
    browser.click("#text");
    browser.text("Temos sim! ");
    browser.click(".emoji button");
    browser.wait("document.querySelector('.emoji-grid button') !== null");
    browser.text("coracao vermelho");
    browser
        .wait("document.querySelector('.emoji-grid button')?.textContent === '\u{2764}\u{fe0f}'");
    browser.eval("document.querySelector('.emoji input').select()");
    browser.text("SORRIR oculos");
    browser.wait("document.querySelectorAll('.emoji-grid button').length === 1");
    looked_over(&browser, "emoji");
    // Enter takes it and sends nothing.
    browser.key("Enter");
    browser.wait("document.querySelector('#text').value.endsWith('\u{1f60e}')");
    browser.key("Escape");
    let file = house.path("mapa.pdf");
    std::fs::write(&file, b"%PDF-1.4 a map").unwrap();
    browser.choose("#files", &[&file]);
    // On a slow line it is seen how far the file has come.
    let slow = json!({"offline": false, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 400_000});
    let padding = vec![b' '; 400_000];
    std::fs::write(&file, [b"%PDF-1.4 a map".as_slice(), &padding].concat()).unwrap();
    browser.call("Network.emulateNetworkConditions", slow);
    browser.navigates(|| {
        browser.click("button[name=verb][value=reply]");
        browser.wait("(b => b && !b.hidden && b.value > 0 && b.value < 1)(document.querySelector('#upload'))");
    });
    let john = |l: &Letter| l.to[0].address.local() == "john";
    let answer = house.mail_out("the answer", |l| john(l) && l.text().contains("Temos sim"));
    assert!(answer.text().contains("Temos sim! \u{1f60e}"), "{}", answer.text());
    assert_eq!(answer.attachments[0].name, "mapa.pdf");
    assert!(answer.attachments[0].content.starts_with(b"%PDF-1.4 a map"));
    assert_eq!(answer.attachments[0].content.len(), 400_014);
    browser.wait("/Aceite pelo servidor/.test(document.querySelector('#live').innerText)");
    looked_over(&browser, "answered");
    assert_calm(&browser);
}

#[test]
fn an_open_page_outlives_a_restart_of_the_gateway() {
    let mut house = House::start();
    let browser = Browser::start();
    sign_in(&house, &browser);
    house.stop();
    house.run();
    // Before the page is back: it is told what it missed.
    let id = request(&house, "John Smith", "Double room", "Is there a room?");
    browser.wait(&format!("document.querySelector('a[href^=\"/inbox/{id}\"]') !== null"));
}

#[test]
fn a_mail_is_shown_as_it_was_sent_with_its_pictures() {
    let house = House::start();
    let browser = Browser::start();
    let dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
    let mail = format!(
        "From: John <john@guest.example>\r\nTo: pousada@relais.localhost\r\nSubject: Plan\r\nMessage-ID: <p@guest.example>\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n\
         <h1 style=\"color:#c00\">Our plan</h1><img src=\"cid:dot\" width=40><img src=\"http://evil.example/pixel.png\">\
         <a href=\"https://guest.example/\">us</a>\r\n--b\r\nContent-Type: image/png\r\nContent-ID: <dot>\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{dot}\r\n--b--\r\n"
    );
    house.mail("john@guest.example", &["pousada@relais.localhost"], mail.as_bytes());
    house.mail_out("the notification", |l| l.subject.contains("Plan"));
    sign_in(&house, &browser);
    browser.navigates(|| browser.click("ul.list a"));
    browser.click("details[id^=h] summary");
    browser.eval("new Promise(done => { const f = document.querySelector('iframe'); f.onload = done; f.src = f.src; }).then(() => 1)");
    looked_over(&browser, "as-sent");
    let large = "fetch(document.querySelector('a.picture').href).then(found => found.headers.get('content-type'))";
    assert_eq!(browser.eval(large), "image/png", "a picture opens as one");
    let inside = browser.eval("document.querySelector('iframe').src");
    browser.open(inside.as_str().unwrap());
    assert_eq!(browser.eval("document.querySelector('h1').innerText"), "Our plan");
    assert_eq!(browser.eval("document.images[0].naturalWidth"), 1, "the picture of the mail");
    assert_eq!(browser.eval("origin"), "null", "of nobody's origin");
    assert_eq!(browser.eval("document.querySelector('a').rel.includes('noopener')"), true);
    assert_calm(&browser);
}

#[test]
fn pages_left_behind_hold_no_connection() {
    let house = House::start();
    let browser = Browser::start();
    let id = request(&house, "John Smith", "Double room", "Is there a room?");
    sign_in(&house, &browser);
    // A browser has six connections to a site over HTTP/1.1.
    for _ in 0..8 {
        browser.open(&at(&house, &format!("/inbox/{id}")));
        browser.open(&at(&house, "/inbox"));
    }
    browser.eval("history.back()");
    browser.wait(&format!("location.pathname === '/inbox/{id}'"));
    request(&house, "John Smith", "Another room", "Is there another?");
    browser.wait("document.querySelector('#counts').innerText.includes('2 por responder')");
}

#[test]
fn a_reply_is_taken_back_before_it_leaves() {
    // Longer than the test may wait: what arrives in the end was not stopped by chance.
    let mut house = House::start_with(&[("RELAIS_HTTP__UNDO_SECONDS", "600")]);
    let browser = Browser::start();
    let id = request(&house, "John Smith", "Double room", "Is there a room?");
    sign_in(&house, &browser);
    browser.open(&at(&house, &format!("/inbox/{id}")));
    browser.click("#text");
    browser.text("Nao, desculpe.");
    browser.navigates(|| browser.click("button[name=verb][value=reply]"));
    looked_over(&browser, "undo");
    browser.wait("document.querySelector('#counts').innerText.includes('0 por responder')");
    browser.navigates(|| browser.click("form[action$=undo] button"));
    browser.wait("document.querySelector('.message.discarded') !== null");
    browser.wait("document.querySelector('#counts').innerText.includes('1 por responder')");
    let draft = "document.querySelector('#text').value";
    assert_eq!(browser.eval(draft), "Nao, desculpe.", "what was taken back is a draft again");
    looked_over(&browser, "taken-back");
    assert_calm(&browser);
    // The index made again knows it too; and what comes after is sent.
    browser.open("about:blank");
    house.stop();
    house.lose_store();
    house.environment = vec![("RELAIS_HTTP__UNDO_SECONDS".to_owned(), "1".to_owned())];
    house.run();
    // Who is signed in stood in the store.
    sign_in(&house, &browser);
    browser.open(&at(&house, &format!("/inbox/{id}")));
    assert_eq!(browser.eval("document.querySelectorAll('.message.discarded').length"), 1);
    browser.wait("document.querySelector('#counts').innerText.includes('1 por responder')");
    browser.click("#text");
    browser.text("Sim!");
    browser.navigates(|| browser.click("button[name=verb][value=reply]"));
    house
        .mail_out("the answer", |l| l.to[0].address.local() == "john" && l.text().contains("Sim!"));
    assert_calm(&browser);
}

#[test]
fn what_is_begun_on_one_device_is_finished_on_another() {
    let house = House::start();
    let (browser, other) = (Browser::start(), Browser::start());
    let id = request(&house, "John Smith", "Double room", "Is there a room?");
    let page = at(&house, &format!("/inbox/{id}"));
    let words = "document.querySelector('#text').value";
    sign_in(&house, &browser);
    browser.open(&page);
    browser.click("#text");
    browser.text("Sim, temos");
    browser.wait("document.querySelector('#saved').textContent !== ''");
    looked_over(&browser, "draft");
    other.scripts(false);
    sign_in(&house, &other);
    other.open(&page);
    assert_eq!(other.eval(words), "Sim, temos");
    // Without scripts a button keeps words and files.
    let file = house.path("mapa.pdf");
    std::fs::write(&file, b"%PDF-1.4 a map").unwrap();
    other.choose("#files", &[&file]);
    other.click("#text");
    other.eval("document.querySelector('#text').setSelectionRange(99, 99)");
    other.text(" um quarto.");
    other.navigates(|| other.click("button[formaction$=draft]"));
    assert_eq!(other.eval(words), "Sim, temos um quarto.");
    looked_over(&other, "draft-with-file");
    browser.open(&page);
    browser.navigates(|| browser.click("button[name=verb][value=reply]"));
    let answer = house.mail_out("the answer", |l| l.to[0].address.local() == "john");
    assert!(answer.text().contains("Sim, temos um quarto."), "{}", answer.text());
    assert_eq!(answer.attachments[0].content, b"%PDF-1.4 a map");
    for browser in [browser, other] {
        browser.open(&page);
        assert_eq!(browser.eval(words), "", "what is sent is no draft");
        assert_eq!(browser.eval("document.querySelector('.kept') === null"), true);
        assert_calm(&browser);
    }
}

/// Translate and send: the visitor, whose mail a real Postfix keeps, reads their own language.
#[test]
fn what_is_translated_and_sent_arrives() {
    let Some(models) = models() else { return };
    let port = free_port();
    let house = House::start_with(&[
        ("RELAIS_TRANSLATION__MODELS", models.to_str().unwrap()),
        ("RELAIS_TRANSLATION__UNDO_SECONDS", "0"),
        ("RELAIS_DELIVERY__TRANSPORT", "smarthost"),
        ("RELAIS_DELIVERY__SMARTHOST__HOST", "127.0.0.1"),
        ("RELAIS_DELIVERY__SMARTHOST__PORT", &port.to_string()),
        ("RELAIS_DELIVERY__SMARTHOST__TLS", "none"),
    ]);
    let postfix = Postfix::start(port, house.smtp.port(), "");
    let browser = Browser::start();
    let asked =
        "Do you have a double room for two nights in August? We would arrive in the evening.";
    let id = request(&house, "John Smith", "Double room", asked);
    sign_in_by(&house, &browser, || postfix.mailbox("pousada.example", "ana"));
    // The list speaks the language of the house, and finds what it says.
    browser.wait("document.querySelector('.words [lang=pt]')?.innerText.includes('quarto duplo')");
    looked_over(&browser, "list-translated");
    browser.open(&at(&house, "/inbox?q=quarto+duplo"));
    assert_eq!(browser.eval("document.querySelectorAll('ul.list li').length"), 1);
    browser.open(&at(&house, &format!("/inbox/{id}")));
    browser.click("#text");
    browser.text("Bom dia, temos um quarto duplo por 120 euros.");
    browser.click("#look");
    browser.wait("document.querySelector('#translation')?.value.includes('double room')");
    looked_over(&browser, "translation");
    browser.small_picture("translation");
    // A correction of other words is neither sent nor lost.
    browser
        .eval("document.querySelector('#translation').value = 'Good morning, we do have a room.'");
    browser.eval("document.querySelector('#text').setSelectionRange(99, 99)");
    browser.click("#text");
    browser.key("End");
    browser.text(" Obrigada.");
    browser.wait("!document.querySelector('#outdated').hidden");
    let send = "button[name=translate][value=yes]";
    browser.click(send);
    browser
        .wait("document.querySelector('.was')?.innerText === 'Good morning, we do have a room.'");
    assert_eq!(browser.eval("document.querySelectorAll('.message.provider').length"), 0);
    assert_eq!(browser.eval("document.activeElement.id"), "translation", "where it goes on");
    looked_over(&browser, "translation-again");
    // The browser notes the status of a page that asks again.
    browser.complaints();
    // Another price is asked about, and nothing that was written is gone.
    browser.eval(
        "document.querySelector('#translation').value = 'Good morning, we do have a double room for 999 euros.'",
    );
    browser.click(send);
    browser.wait(
        "document.querySelector('#preview [role=alert] + [role=alert]')?.innerText.includes('999')",
    );
    let kept = "document.querySelector('#translation').value.includes('999') && document.querySelector('#text').value.includes('120 euros')";
    assert_eq!(browser.eval(kept), true);
    looked_over(&browser, "translation-differs");
    // A person corrects the preview; what they corrected is what leaves.
    browser.eval("document.querySelector('#translation').value = 'Good morning, we do have a double room for 120 euros.'");
    browser.navigates(|| browser.click(send));
    let mail = postfix.arrives("guest.example", "john", "the translated mail", |letter| {
        letter.text().contains("we do have a double room for 120 euros")
    });
    let text = mail.text();
    assert!(text.contains("temos um quarto duplo"), "the original below: {text}");
    assert_eq!(mail.from[0].name.as_deref(), Some("Pousada da Ria"));
    browser.wait(
        "document.querySelector('.message.provider .text').innerText.includes('quarto duplo')",
    );
    browser.wait("document.querySelector('.message.provider details .text').textContent.includes('we do have')");
    looked_over(&browser, "translated");
    // Looked at, and sent as it was written all the same.
    browser.click("#text");
    browser.text("Até breve, a chave está na caixa.");
    browser.click("#look");
    browser.wait("document.querySelector('#translation')?.value.includes('box')");
    browser.navigates(|| browser.click("button[name=translate][value=no]"));
    let mail = postfix.arrives("guest.example", "john", "the mail as written", |letter| {
        letter.text().contains("na caixa")
    });
    assert_eq!(mail.text().trim(), "Até breve, a chave está na caixa.");
    // What nobody here can translate is offered as it is written, and not held after it was sent.
    let french = "Bonjour, avez-vous une chambre double avec vue sur la mer pour quatre nuits ?";
    let id = request(&house, "Camille", "Chambre", french);
    browser.open(&at(&house, &format!("/inbox/{id}")));
    browser.wait("document.querySelector('form.reply').innerText.includes('não há aqui tradução configurada para português → francês')");
    browser.click("#text");
    browser.text("Sim, temos um quarto com vista para o mar.");
    browser.navigates(|| browser.click("button.main[name=translate][value=no]"));
    postfix.arrives("guest.example", "john", "the other as written", |letter| {
        letter.text().contains("vista para o mar")
    });
    assert_calm(&browser);
    let mut words = text.split(|c: char| c.is_whitespace() || "<>".contains(c));
    let link = words.find(|word| word.contains("/read/")).unwrap();
    browser.open(link);
    looked_over(&browser, "behind-read");
}

/// What the house sets is how it is shown and how it writes; what a member does not want to be mailed is not.
#[test]
fn a_house_sets_how_it_writes_and_who_is_mailed() {
    let mut house = House::start();
    let browser = Browser::start();
    let id = request(&house, "John Smith", "Double room", "Is there a room?");
    sign_in(&house, &browser);
    browser.open(&at(&house, "/inbox/settings"));
    looked_over(&browser, "settings");
    assert_calm(&browser);
    browser.open(&at(&house, "/inbox/settings/audit"));
    looked_over(&browser, "audit");
    assert_eq!(browser.eval("document.querySelector('.audit b').innerText"), "iniciou sessão");
    browser.open(&at(&house, "/inbox/settings"));
    let snippet = browser.eval("document.querySelector('#snippet').value");
    assert!(snippet.as_str().unwrap().contains("/f/demo\" data-relais"), "{snippet}");
    browser.eval("document.querySelector('#zone').value = 'Mars/Olympus'");
    browser.navigates(|| browser.click("form[action$=settings] button"));
    browser.wait("document.querySelector('[role=alert]').innerText.includes('Mars/Olympus')");
    browser.eval("document.querySelector('#zone').value = 'Pacific/Auckland'");
    browser.eval("document.querySelector('#signature').value = 'Pousada da Ria, Aveiro'");
    browser.navigates(|| browser.click("form[action$=settings] button"));
    browser.navigates(|| browser.click("a[href$=audit]"));
    browser.wait("document.querySelector('ol.audit li') !== null");
    looked_over(&browser, "audit");
    browser.open(&at(&house, "/inbox/settings"));
    let kept = "document.querySelector('#zone').value";
    assert_eq!(browser.eval(kept), "Pacific/Auckland");
    browser.eval("document.querySelector('[name=mailed]').checked = false");
    browser.click(".reads summary");
    browser.click(".reads [value=fr]");
    browser.click(".reads [value=es]");
    looked_over(&browser, "settings-languages");
    browser.navigates(|| browser.click("form[action$=member] button"));
    assert_eq!(browser.eval("document.querySelector('[name=mailed]').checked"), false);
    browser.wait("document.querySelector('.reads summary').innerText.includes('espanhol, francês') || document.querySelector('.reads summary').innerText.includes('francês, espanhol')");
    assert_eq!(
        browser.eval("document.title.startsWith('(1) ')"),
        true,
        "{}",
        browser.eval("document.title")
    );
    browser.open(&at(&house, &format!("/inbox/{id}")));
    let zone = "document.querySelector('#live').dataset.zone";
    assert_eq!(browser.eval(zone), "Pacific/Auckland");
    browser.click("#text");
    browser.text("Sim, temos.");
    browser.navigates(|| browser.click("button[name=verb][value=reply]"));
    let answer = house.mail_out("the answer", |l| l.text().contains("Sim, temos."));
    assert!(answer.text().trim_end().ends_with("-- \nPousada da Ria, Aveiro"), "{}", answer.text());
    browser.open("about:blank");
    let told = house.outgoing().len();
    house.stop();
    house.lose_store();
    house.run();
    let thanks = b"From: John Smith <john@guest.example>\r\nSubject: Re: Double room\r\nMessage-ID: <t@x>\r\n\r\nThank you very much!\r\n";
    house.mail("john@guest.example", &[&support::reply_to(&answer)], thanks);
    wait_for("the thanks", || {
        let conversation = house.conversation(&id);
        conversation["messages"].to_string().contains("very much").then_some(())
    });
    assert_eq!(house.outgoing().len(), told, "nobody wants to be mailed about it");
}

/// On paper: who said what and when, what it was answered and what became of it; no button, no field.
#[test]
fn a_conversation_is_printed() {
    let house = House::start();
    let browser = Browser::start();
    browser.dark(true);
    let mail = "From: John <john@guest.example>\r\nSubject: Double room\r\nMessage-ID: <p1@guest.example>\r\n\r\n\
                Do you have a double room?\r\n\r\n> An old line nobody needs\r\n";
    house.mail("john@guest.example", &["pousada@relais.localhost"], mail.as_bytes());
    let notice = house.mail_out("the notification", |l| l.subject.contains("Double room"));
    let answer = b"From: Ana <ana@pousada.example>\r\nSubject: Re: Double room\r\nMessage-ID: <p2@x>\r\n\r\nTemos sim, por 95 euros.\r\n";
    house.mail("ana@pousada.example", &[&support::reply_to(&notice)], answer);
    house.mail_out("the answer", |l| l.text().contains("Temos sim"));
    sign_in(&house, &browser);
    let unread = "document.querySelector('ul.list .unread') !== null";
    assert_eq!(browser.eval(unread), false, "whoever answers by mail has read it");
    browser.navigates(|| browser.click("ul.list a"));
    browser.wait("document.body.innerText.includes('Aceite pelo servidor')");
    looked_over(&browser, "mail-conversation");
    let page = browser.eval("document.querySelector('#live').innerText").to_string();
    assert!(page.contains("Aqui porque nada nele remete"), "{page}");
    assert!(page.contains("Aqui porque foi usado o endereço de resposta"), "{page}");
    let paper = browser.printed("conversation");
    for said in ["Double room", "John", "Do you have a double room?", "Ana", "95 euros", "Aceite"] {
        assert!(paper.contains(said), "no {said} in {paper}");
    }
    for no in ["Enviar", "Fechar", "Procurar", "Sair", "An old line"] {
        assert!(!paper.contains(no), "{no} in {paper}");
    }
    browser.open(&at(&house, "/inbox"));
    let paper = browser.printed("list");
    assert!(paper.contains("Double room") && !paper.contains("Abertas"), "{paper}");
    assert_calm(&browser);
}

/// A PDF of one page that says so.
fn small_pdf() -> Vec<u8> {
    let words = "BT /F1 48 Tf 40 100 Td (Our way) Tj ET";
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>".to_owned(),
        format!("<</Length {}>>stream\n{words}\nendstream", words.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    let mut pdf = "%PDF-1.4\n".to_owned();
    let mut table = "0000000000 65535 f \n".to_owned();
    for (number, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", pdf.len()));
        pdf.push_str(&format!("{} 0 obj{object}endobj\n", number + 1));
    }
    let start = pdf.len();
    pdf.push_str(&format!(
        "xref\n0 6\n{table}trailer<</Size 6/Root 1 0 R>>\nstartxref\n{start}\n%%EOF"
    ));
    pdf.into_bytes()
}

/// Files of a mail are seen without being saved: the start of a text, as text, and a PDF in the browser's viewer.
#[test]
fn files_are_looked_into() {
    let house = House::start();
    let browser = Browser::start();
    let base64 = |bytes: &[u8]| data_encoding::BASE64.encode(bytes);
    let list = "Arrival 14:00\n<script>alert(1)</script>\nCaf\u{e9}\n".repeat(300);
    let mail = format!(
        "From: John <john@guest.example>\r\nSubject: Plan\r\nMessage-ID: <p@guest.example>\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
         Our plan\r\n--b\r\nContent-Type: text/csv; name=plan.csv\r\nContent-Disposition: attachment; filename=plan.csv\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{}\r\n--b\r\nContent-Type: application/pdf\r\n\
         Content-Disposition: attachment; filename=way.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--b--\r\n",
        base64(list.as_bytes()),
        base64(&small_pdf())
    );
    house.mail("john@guest.example", &["pousada@relais.localhost"], mail.as_bytes());
    house.mail_out("the notification", |l| l.subject.contains("Plan"));
    sign_in(&house, &browser);
    browser.navigates(|| browser.click("ul.list a"));
    // A page links to where a file is shown; the link that needs no cookie is behind it.
    let shown = |frame: &str| {
        let link = format!(
            "fetch(document.querySelector('{frame}').src).then(found => new URL(found.url).pathname)"
        );
        let link = browser.eval(&link).as_str().unwrap().to_owned();
        assert!(link.starts_with("/view/"), "{link}");
        http(house.http, "GET", &link, &[], b"")
    };
    let (_, head, body) = shown(".files iframe[sandbox]");
    let body = String::from_utf8(body).unwrap();
    assert!(
        head.contains("sandbox allow-popups") && body.contains("&lt;script&gt;"),
        "{head}{body}"
    );
    assert!(body.contains("Café") && body.contains('…') && body.matches("Arrival").count() < 100);
    browser.click(".files details summary");
    browser.click(".files li:last-child details summary");
    let (_, head, body) = shown(".files li:last-child iframe");
    assert!(head.contains("content-type: application/pdf") && body == small_pdf(), "{head}");
    browser.eval("Promise.all([...document.querySelectorAll('iframe')].map(f => new Promise(done => { f.onload = done; f.src = f.src; }))).then(() => 1)");
    looked_over(&browser, "files");
    assert_calm(&browser);
}

#[test]
fn deleting_asks_in_a_dialogue_and_is_undone() {
    let house = House::start();
    let browser = Browser::start();
    let id = request(&house, "John Smith", "Double room", "Is there a room?");
    sign_in(&house, &browser);
    let listed = format!("document.querySelector('a[href^=\"/inbox/{id}\"]') !== null");
    browser.click("ul.list input[type=checkbox]");
    browser.click("button.danger");
    browser.wait("document.querySelector('#confirm').open");
    looked_over(&browser, "delete");
    browser.click("#confirm button[value=cancel]");
    browser.wait("!document.querySelector('#confirm').open");
    assert_eq!(browser.eval(&listed), true, "cancelling keeps");
    browser.click("button.danger");
    browser.navigates(|| browser.click("#confirm button[value=delete]"));
    assert_eq!(browser.eval(&listed), false);
    looked_over(&browser, "deleted");
    browser.navigates(|| browser.click(".notice button"));
    assert_eq!(browser.eval(&listed), true, "undone");
    assert_calm(&browser);
}

#[test]
fn results_come_as_one_types_and_many_are_done_at_once() {
    let house = House::start();
    let browser = Browser::start();
    for n in 0..3 {
        request(&house, "John Smith", &format!("Room {n}"), "Is there a double room?");
    }
    let asian = request(&house, "田中", "予約", "8月に部屋を予約したいです。駐車場はありますか。");
    let other = request(&house, "Maria Rossi", "Parking", "Is there <b>parking</b>?");
    sign_in(&house, &browser);
    let only = |id: &str| {
        format!(
            "[...document.querySelectorAll('ul.list a')].map(a => a.pathname).join() === '/inbox/{id}'"
        )
    };
    browser.key("/");
    browser.text("park");
    browser.wait(&only(&other));
    assert_eq!(browser.eval("document.querySelector('mark').innerText"), "parking");
    looked_over(&browser, "search");
    assert_eq!(browser.eval("location.search"), "?q=park");
    browser.wait("document.querySelector('#found').innerText === '1 conversa encontrada'");
    // What was found stays found: after Enter, on the way back, in another filter.
    browser.navigates(|| browser.key("Enter"));
    assert_eq!(browser.eval(&only(&other)), true, "after Enter");
    browser.navigates(|| browser.click("ul.list a"));
    assert_eq!(browser.eval("document.querySelector('#back').search"), "?q=park");
    browser.eval("history.back()");
    browser.wait("location.pathname === '/inbox'");
    browser.wait(&only(&other));
    browser.eval("document.querySelector('#search input').select()");
    browser.click("#search input");
    browser.eval("document.querySelector('#search input').value = ''");
    browser.text("room");
    browser.wait("document.querySelectorAll('ul.list li').length === 3");
    browser.navigates(|| browser.click("nav.filters a[href*=needs_reply]"));
    assert_eq!(browser.eval("document.querySelectorAll('ul.list li').length"), 3);
    assert_eq!(browser.eval("location.search"), "?filter=needs_reply&q=room");
    browser.click("#search input");
    browser.eval("document.querySelector('#search input').value = 'park'");
    browser.navigates(|| browser.key("Enter"));
    assert_eq!(browser.eval("location.search.includes('filter=needs_reply')"), true);
    browser.open(&at(&house, "/inbox?q=%E9%A7%90%E8%BB%8A"));
    browser.wait(&only(&asian));
    assert_eq!(browser.eval("document.querySelector('mark').innerText"), "駐車");
    browser.picture("search-japanese");
    browser.open(&at(&house, "/inbox?q=from%3Asmith+lang%3Aen"));
    assert_eq!(browser.eval("document.querySelectorAll('ul.list li').length"), 3);
    browser.key("j");
    browser.key("x");
    assert_eq!(browser.eval("document.querySelectorAll('ul.list input:checked').length"), 1);
    browser.click("#all");
    browser.navigates(|| browser.click("button[name=action][value=done]"));
    assert_eq!(browser.eval("location.search"), "?q=from%3Asmith+lang%3Aen");
    browser.wait("document.querySelector('#counts').innerText.includes('2 por responder')");
    // With arrow keys each choice is passed on the way to the next: none of them leads away.
    browser.click("#narrow summary");
    browser.eval("document.querySelector('select[name=language]').focus()");
    browser.key("ArrowDown");
    browser.eval("document.querySelector('select[name=language]').value = 'ja'");
    browser.navigates(|| browser.click(".narrow button"));
    assert_eq!(browser.eval("location.search.includes('language=ja')"), true);
    assert_calm(&browser);
}

/// A full first page, as a browser that was never here loads it.
#[test]
fn the_first_page_is_small() {
    let house = House::start();
    let browser = Browser::start();
    for n in 0..60 {
        let mail = format!(
            "From: Guest {n} <g{n}@guest.example>\r\nSubject: Question {n}: a room for {n} nights\r\nMessage-ID: <n{n}@x>\r\n\r\n\
             Hello, number {n} asks whether there is a pool, a lift and a place for {n} bicycles.\r\n"
        );
        house.mail("g@guest.example", &["pousada@relais.localhost"], mail.as_bytes());
    }
    wait_for("all mails", || (house.conversations("?limit=200").len() == 60).then_some(()));
    sign_in(&house, &browser);
    browser.call("Network.clearBrowserCache", json!({}));
    browser.open(&at(&house, "/inbox"));
    let loaded = browser.eval(
        "['navigation', 'resource'].flatMap(kind => performance.getEntriesByType(kind)).filter(e => !e.name.includes('/events'))
           .map(e => [new URL(e.name).pathname, e.transferSize])",
    );
    let loaded: Vec<(String, u64)> = serde_json::from_value(loaded).unwrap();
    let bytes: u64 = loaded.iter().map(|(_, bytes)| bytes).sum();
    println!("the first page: {bytes} bytes, {loaded:?}");
    assert!(loaded.len() >= 3 && loaded.iter().all(|(_, bytes)| *bytes > 0), "{loaded:?}");
    assert!(bytes < 50_000 && loaded.len() <= 5, "{bytes} bytes: {loaded:?}");
    let moved = "new Promise(done => { const moved = [];
        new PerformanceObserver(list => { for (const e of list.getEntries()) for (const s of e.sources) moved.push(s.node?.outerHTML); })
            .observe({type: 'layout-shift', buffered: true});
        setTimeout(() => done(moved), 300); })";
    assert_eq!(browser.eval(moved), json!([]), "nothing moves once it is shown");
    looked_over(&browser, "list-long");
    assert_calm(&browser);
}

#[test]
fn everything_works_without_scripts() {
    let house = House::start();
    let browser = Browser::start();
    let id = request(&house, "John Smith", "Double room", "Is there a room?");
    browser.scripts(false);
    sign_in(&house, &browser);
    browser.open(&at(&house, "/inbox?q=room"));
    browser.navigates(|| browser.click("ul.list a"));
    browser.click("#text");
    browser.text("Sim, temos um quarto.");
    browser.navigates(|| browser.click("button[name=verb][value=reply]"));
    house.mail_out("the answer", |l| {
        l.to[0].address.local() == "john" && l.text().contains("Sim, temos um quarto.")
    });
    browser.open(&at(&house, "/inbox"));
    browser.click("ul.list input[type=checkbox]");
    browser.navigates(|| browser.click("button.danger"));
    looked_over(&browser, "delete-without-scripts");
    browser.navigates(|| browser.click("button.danger"));
    let listed = format!("document.querySelector('a[href^=\"/inbox/{id}\"]') !== null");
    assert_eq!(browser.eval(&listed), false);
    browser.navigates(|| browser.click(".notice button"));
    assert_eq!(browser.eval(&listed), true);
    assert_calm(&browser);
}

#[test]
fn pages_fit_a_small_phone_in_light_and_dark() {
    let house = House::start();
    let browser = Browser::start();
    browser.size(320, 640);
    let long = "Averyveryverylongwordthatnobodywouldeverwrite".repeat(6);
    let id = request(&house, "A name that goes on and on and on and on", &long, &long);
    let fields = json!({"name": "Zoë", "email": "zoe@guest.example", "message": "A room?", "arrival": "2027-12-28", "departure": "2028-01-03"});
    let headers = [("Content-Type", "application/json"), ("Accept", "application/json")];
    http(house.http, "POST", "/f/demo", &headers, fields.to_string().as_bytes());
    request(&house, "ليلى", "حجز غرفة", "مرحبا، هل لديكم غرفة؟");
    sign_in(&house, &browser);
    for dark in [false, true] {
        browser.dark(dark);
        let shade = if dark { "dark" } else { "light" };
        browser.open(&at(&house, "/inbox"));
        browser.wait("document.querySelector('.list').innerText.includes('28 de dez. de 2027 – 3 de jan. de 2028')");
        looked_over(&browser, &format!("list-phone-{shade}"));
        browser.open(&at(&house, &format!("/inbox/{id}")));
        looked_over(&browser, &format!("conversation-phone-{shade}"));
    }
    for language in ["en", "fr", "es", "de", "it"] {
        house.cli(&["account", "set", "pousada@relais.localhost", "--language", language]);
        let spoken = format!("document.documentElement.lang === '{language}'");
        for path in ["/inbox".to_owned(), format!("/inbox/{id}"), "/inbox/settings".to_owned()] {
            wait_for("the house to speak it", || {
                browser.open(&at(&house, &path));
                (browser.eval(&spoken) == true).then_some(())
            });
            let wide = browser.eval("document.documentElement.scrollWidth > innerWidth");
            assert_eq!(wide, false, "{path} in {language} is wider than a phone");
            assert!(browser.violations().is_empty(), "{path} in {language}");
        }
    }
    browser.size(1400, 900);
    browser.open(&at(&house, &format!("/inbox/{id}")));
    looked_over(&browser, "conversation-wide-dark");
    assert_calm(&browser);
}

/// What the README shows: a house with visitors of several languages, and one of its conversations.
#[test]
fn a_house_in_pictures() {
    let house = House::start();
    house.cli(&[
        "account",
        "set",
        "pousada@relais.localhost",
        "--language",
        "en",
        "--time-zone",
        "Europe/Lisbon",
    ]);
    let browser = Browser::start();
    browser.size(900, 500);
    let mail = |n: usize, from: &str, subject: &str, text: &str| {
        let mail = format!(
            "From: {from}\r\nSubject: {subject}\r\nMessage-ID: <g{n}@guest.example>\r\n\r\n{text}\r\n"
        );
        house.mail("g@guest.example", &["pousada@relais.localhost"], mail.as_bytes());
    };
    mail(
        1,
        "Lena Vogt <lena@guest.example>",
        "Parkplatz",
        "Guten Tag, gibt es bei Ihnen einen Parkplatz für unser Auto?",
    );
    mail(
        2,
        "Chiara Rossi <chiara@guest.example>",
        "Colazione",
        "Buongiorno, a che ora servite la colazione la domenica?",
    );
    let fields = json!({"name": "Camille Martin", "email": "camille@guest.example", "subject": "Chambre double",
        "message": "Bonjour, avez-vous une chambre double avec vue sur la mer pour quatre nuits ?",
        "arrival": "2027-06-14", "departure": "2027-06-18"});
    let headers = [("Content-Type", "application/json"), ("Accept", "application/json")];
    http(house.http, "POST", "/f/demo", &headers, fields.to_string().as_bytes());
    let id = request(
        &house,
        "John Smith",
        "Double room",
        "Hello, do you have a double room in August? We would arrive late.",
    );
    wait_for("four conversations", || (house.conversations("").len() == 4).then_some(()));
    let reply = json!({"text": "Good morning, yes: from the 8th, at 95 euros with breakfast. Come as late as you like."});
    assert_eq!(house.api("POST", &format!("/conversations/{id}/messages"), Some(&reply)).0, 201);
    house.mail_out("the answer", |l| l.text().contains("95 euros"));
    sign_in(&house, &browser);
    browser.wait("document.querySelector('.list').innerText.includes('14 Jun – 18 Jun 2027')");
    looked_over(&browser, "readme-list");
    browser.small_picture("list");
    browser.open(&at(&house, &format!("/inbox/{id}")));
    browser.wait("document.body.innerText.includes('Accepted by')");
    looked_over(&browser, "readme-conversation");
    browser.small_picture("conversation");
    browser.size(1280, 640);
    browser.open(&at(&house, &format!("/inbox/{id}")));
    looked_over(&browser, "readme-wide");
    browser.small_picture("wide");
    browser.size(360, 640);
    browser.dark(true);
    browser.open(&at(&house, "/inbox"));
    looked_over(&browser, "readme-phone");
    browser.small_picture("phone");
    assert_calm(&browser);
}

#[test]
fn the_keyboard_is_enough() {
    let house = House::start();
    let browser = Browser::start();
    request(&house, "John Smith", "Double room", "Is there a room?");
    request(&house, "Maria Rossi", "Parking", "Is there a place to park?");
    sign_in(&house, &browser);
    browser.key("j");
    browser.key("j");
    assert_eq!(
        browser.eval("document.activeElement.closest('li').innerText.includes('John')"),
        true
    );
    browser.key("k");
    browser.navigates(|| browser.key("Enter"));
    assert_eq!(browser.eval("document.querySelector('h1').innerText"), "Parking");
    browser.navigates(|| browser.key("j"));
    assert_eq!(browser.eval("document.querySelector('h1').innerText"), "Double room");
    browser.key("?");
    browser.wait("document.querySelector('#help').open");
    looked_over(&browser, "help");
    browser.key("Escape");
    browser.wait("!document.querySelector('#help').open");
    browser.navigates(|| browser.key("k"));
    assert_eq!(browser.eval("document.querySelector('h1').innerText"), "Parking");
    // Tab alone reaches the answer and its button.
    let reached = |what: &str| {
        for _ in 0..60 {
            if browser.eval(&format!("document.activeElement.matches('{what}')")) == true {
                return true;
            }
            browser.key("Tab");
        }
        false
    };
    assert!(reached("#text"));
    browser.text("Sim.");
    assert!(reached("button[name=verb][value=reply]"));
    let ring = "getComputedStyle(document.activeElement).outlineStyle";
    assert_ne!(browser.eval(ring), "none", "the focus is seen");
    browser.navigates(|| browser.key("Enter"));
    house
        .mail_out("the answer", |l| l.to[0].address.local() == "john" && l.text().contains("Sim."));
    assert_calm(&browser);
}

/// The page of a form that wants a proof of work: the script finds it, and a person who is too fast is asked again.
#[test]
fn the_form_finds_its_proof_of_work() {
    let house = House::start();
    house.cli(&["form", "set", "pousada@relais.localhost", "--proof", "on"]);
    let browser = Browser::start();
    browser.open(&at(&house, "/f/demo?lang=en"));
    for (field, text) in
        [("#name", "John"), ("#email", "john@guest.example"), ("#message", "Is there a room?")]
    {
        browser.click(field);
        browser.text(text);
    }
    browser.picture("form");
    browser.eval(
        "setInterval(() => { const b = document.querySelector('button'); if (b && !b.disabled) b.click(); }, 500)",
    );
    browser.wait("location.pathname === '/f/demo/thanks'");
    assert_eq!(house.conversations("").len(), 1);
    // The browser notes each time it was told to wait; that nothing was forbidden to the page is what counts.
    assert!(!browser.complaints().iter().any(|c| c.contains("Content Security Policy")));
}

/// A proxy in front, as in every house: while the gateway starts again it answers in its place.
struct Proxy {
    at: std::net::SocketAddr,
    open: std::sync::Arc<std::sync::atomic::AtomicBool>,
}

impl Proxy {
    fn before(house: std::net::SocketAddr) -> Self {
        use std::{
            io::{Read, Write, copy},
            net::{Shutdown, TcpListener, TcpStream},
            sync::atomic::{AtomicBool, Ordering},
        };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap();
        let open = std::sync::Arc::new(AtomicBool::new(true));
        let is_open = std::sync::Arc::clone(&open);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let there = TcpStream::connect(house).ok();
                let Some(there) = there.filter(|_| is_open.load(Ordering::SeqCst)) else {
                    let _ = stream.read(&mut [0; 4096]);
                    let _ = stream.write_all(
                        b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                    );
                    continue;
                };
                for (mut from, mut to) in
                    [(stream.try_clone().unwrap(), there.try_clone().unwrap()), (there, stream)]
                {
                    std::thread::spawn(move || {
                        let _ = copy(&mut from, &mut to);
                        let _ = to.shutdown(Shutdown::Both);
                    });
                }
            }
        });
        Proxy { at, open }
    }
}

#[test]
fn an_open_page_behind_a_proxy_outlives_a_restart() {
    let mut house = House::start();
    let browser = Browser::start();
    sign_in(&house, &browser);
    let proxy = Proxy::before(house.http);
    // Cookies know no ports.
    browser.open(&format!("http://{}/inbox", proxy.at));
    assert_eq!(browser.eval("location.pathname"), "/inbox");
    proxy.open.store(false, std::sync::atomic::Ordering::SeqCst);
    house.stop();
    browser.wait("document.querySelector('#note').innerText.includes('ligação perdeu-se')");
    browser.picture("not-live");
    house.run();
    proxy.open.store(true, std::sync::atomic::Ordering::SeqCst);
    let id = request(&house, "John Smith", "Double room", "Is there a room?");
    browser.wait(&format!("document.querySelector('a[href^=\"/inbox/{id}\"]') !== null"));
    browser.wait("document.querySelector('#note').innerText === ''");
}

/// What changes elsewhere in the house leaves the reader of a page in peace.
#[test]
fn a_page_that_is_read_is_not_disturbed() {
    let house = House::start();
    let browser = Browser::start();
    let id = request(&house, "John Smith", "Double room", "Is there a room?");
    sign_in(&house, &browser);
    browser.open(&at(&house, &format!("/inbox/{id}")));
    browser.eval(
        "(() => { const text = document.querySelector('.message .text'); text.mark = 1; getSelection().selectAllChildren(text);
           const fold = document.querySelector('#language'); fold.open = true; fold.querySelector('select').value = 'fr';
           fold.querySelector('select').focus(); window.changed = [];
           new MutationObserver(list => window.changed.push(...list)).observe(document.querySelector('.messages'), {subtree: true, childList: true, attributes: true, characterData: true}); })()",
    );
    request(&house, "Maria Rossi", "Parking", "Is there a place to park?");
    browser.wait("document.querySelector('#counts').innerText.includes('2 por responder')");
    assert_eq!(browser.eval("window.changed.length"), 0, "nothing of the messages was touched");
    assert_eq!(browser.eval("document.querySelector('.message .text').mark"), 1);
    assert_eq!(browser.eval("getSelection().toString()"), "Is there a room?");
    assert_eq!(browser.eval("document.activeElement.name"), "language");
    assert_eq!(browser.eval("document.activeElement.value"), "fr");
    assert_eq!(browser.eval("document.querySelector('#language').open"), true);
    // And the list: a new row comes above the one that is ticked and has the focus.
    browser.open(&at(&house, "/inbox"));
    browser.key("j");
    browser.key("x");
    browser.eval("document.activeElement.mark = 1; 0");
    request(&house, "Zoe", "A cot", "Is there a cot?");
    browser.wait("document.querySelectorAll('ul.list li').length === 3");
    assert_eq!(browser.eval("document.activeElement.mark"), 1);
    assert_eq!(browser.eval("document.querySelectorAll('ul.list input:checked').length"), 1);
    assert_eq!(browser.eval("document.querySelector('#ticked').value"), "(1)");
    // In a burst it is asked once a second at most.
    browser.eval("window.asked = 0; const real = fetch; window.fetch = (...all) => { window.asked++; return real(...all); }; 0");
    for n in 0..8 {
        let mail = format!(
            "From: Zoe <zoe@guest.example>\r\nSubject: A cot {n}\r\nMessage-ID: <c{n}@x>\r\n\r\nIs there a cot?\r\n"
        );
        house.mail("zoe@guest.example", &["pousada@relais.localhost"], mail.as_bytes());
    }
    browser.wait("document.querySelector('#counts').innerText.includes('11 por responder')");
    let asked = browser.eval("window.asked").as_u64().unwrap();
    assert!(asked <= 8, "{asked} questions for 8 changes");
    assert_calm(&browser);
}

/// The session ends while somebody writes: they are told, and nothing is lost on the way back in.
#[test]
fn what_is_written_after_the_session_ended_is_not_lost() {
    let house = House::start();
    let browser = Browser::start();
    let id = request(&house, "John Smith", "Double room", "Is there a room?");
    sign_in(&house, &browser);
    browser.open(&at(&house, &format!("/inbox/{id}")));
    browser.eval("fetch('/inbox/sign-out', {method: 'POST'}).then(() => 1)");
    browser.click("#text");
    browser.text("Sim, temos.");
    browser.wait("document.querySelector('#note').innerText.includes('A sua sessão terminou')");
    assert_eq!(browser.eval("document.querySelector('#saved').textContent"), "");
    browser.picture("signed-out");
    // A button that leads elsewhere asks who they are; the words are in the tab.
    browser.navigates(|| browser.click("button[name=action][value=close]"));
    assert_eq!(browser.eval("location.pathname"), "/inbox/sign-in");
    browser.click("#email");
    browser.text("ana@pousada.example");
    let links = || {
        let found = house.outgoing().into_iter();
        found.filter(|l| l.text().contains("/inbox/sign-in/")).collect::<Vec<_>>()
    };
    let before = links().len();
    browser.navigates(|| browser.key("Enter"));
    let text = wait_for("the link", || links().into_iter().nth(before)).text();
    let link = text.split_whitespace().find(|word| word.starts_with("http")).unwrap();
    browser.open(link);
    browser.navigates(|| browser.click("main button.main"));
    assert_eq!(browser.eval("location.pathname"), format!("/inbox/{id}"), "back to the page");
    browser.wait("document.querySelector('#text').value === 'Sim, temos.'");
    browser.navigates(|| browser.click("button[name=verb][value=reply]"));
    house.mail_out("the answer", |l| l.to[0].address.local() == "john");
    browser.open(&at(&house, &format!("/inbox/{id}")));
    assert_eq!(browser.eval("document.querySelector('#text').value"), "");
}

/// Files are listed, taken out, and too many of them are not even begun; a reply may be a file alone.
#[test]
fn files_are_chosen_with_care() {
    let house = House::start_with(&[("RELAIS_HTTP__UNDO_SECONDS", "30")]);
    let browser = Browser::start();
    let id = request(&house, "John Smith", "Double room", "Is there a room?");
    sign_in(&house, &browser);
    browser.open(&at(&house, &format!("/inbox/{id}")));
    let (small, large) = (house.path("mapa.pdf"), house.path("filme.mp4"));
    std::fs::write(&small, b"%PDF-1.4 a map").unwrap();
    std::fs::File::create(&large).unwrap().set_len(40_000_000).unwrap();
    browser.choose("#files", &[&small, &large]);
    let listed = "document.querySelectorAll('#chosen-files li').length";
    browser.wait(&format!("{listed} === 2"));
    browser.wait("document.querySelector('.reply [role=alert]').innerText.includes('Juntos')");
    looked_over(&browser, "files-too-large");
    browser.click("button[name=verb][value=reply]");
    browser.wait("document.querySelector('#upload').hidden");
    browser.click("#chosen-files li:last-child button");
    browser.wait(&format!("{listed} === 1"));
    assert_eq!(browser.eval("document.querySelector('.reply [role=alert]') === null"), true);
    browser.navigates(|| browser.click("button[name=verb][value=reply]"));
    let left = "Number(document.querySelector('[data-left]').innerText.match(/[0-9]+/)[0])";
    let first = browser.eval(left).as_u64().unwrap();
    assert!((20..=30).contains(&first), "{first} seconds");
    browser.wait(&format!("{left} < {first}"));
    looked_over(&browser, "countdown");
    assert_calm(&browser);
}

/// Keys that are letters can be turned off, and are letters where one chooses or writes.
#[test]
fn shortcuts_can_be_turned_off() {
    let house = House::start();
    let browser = Browser::start();
    request(&house, "John Smith", "Double room", "Is there a room?");
    sign_in(&house, &browser);
    let focus = "document.activeElement.matches('ul.list a')";
    browser.click("#narrow summary");
    browser.eval("document.querySelector('select').focus()");
    browser.key("j");
    assert_eq!(browser.eval(focus), false, "in a list of choices");
    browser.eval("document.activeElement.blur()");
    browser.key("j");
    assert_eq!(browser.eval(focus), true);
    browser.open(&at(&house, "/inbox/settings"));
    browser.click("#keys");
    browser.open(&at(&house, "/inbox"));
    browser.key("j");
    assert_eq!(browser.eval(focus), false, "turned off");
}

/// On a wide screen the list it was opened from stands beside a conversation, without scripts too.
#[test]
fn the_list_stands_beside_a_conversation() {
    let house = House::start();
    let browser = Browser::start();
    let id = request(&house, "John Smith", "Double room", "Is there a room?");
    let other = request(&house, "Maria Rossi", "Parking", "Is there a place to park?");
    sign_in(&house, &browser);
    let current = "document.querySelector('#beside [aria-current]').pathname";
    for scripts in [true, false] {
        browser.scripts(scripts);
        browser.size(1400, 800);
        browser.open(&at(&house, "/inbox?filter=needs_reply"));
        browser.navigates(|| browser.click(&format!("#c{id} a")));
        assert_eq!(browser.eval(current), format!("/inbox/{id}"));
        let apart = "(b => document.querySelector('main').getBoundingClientRect().left >= b.right && b.width > 300)(document.querySelector('#beside').getBoundingClientRect())";
        assert_eq!(browser.eval(apart), true, "beside each other");
        let moved = "new Promise(done => { new PerformanceObserver(l => done(l.getEntries().map(e => e.sources.map(s => s.node?.outerHTML?.slice(0, 80)).join()).join())).observe({type: 'layout-shift', buffered: true}); setTimeout(() => done(''), 300); })";
        if scripts {
            assert_eq!(browser.eval(moved), "", "nothing moves once it is there");
            looked_over(&browser, "beside");
        }
        browser.navigates(|| browser.click(&format!("#c{other} a")));
        assert_eq!(browser.eval(current), format!("/inbox/{other}"));
        assert_eq!(browser.eval("document.querySelector('#back').search"), "?filter=needs_reply");
        browser.size(1100, 800);
        let shown = "document.querySelector('#beside').getBoundingClientRect().width";
        assert_eq!(browser.eval(shown), 0, "there is no room for it");
    }
    // What is done from here leads back to that list, what is answered stays in it.
    browser.scripts(true);
    browser.size(1400, 800);
    browser.open(&at(&house, &format!("/inbox/{id}?filter=all")));
    let new = request(&house, "Zoe Blanc", "Late", "We arrive at midnight.");
    browser.wait(&format!("document.querySelector('#beside #c{new}') !== null"));
    browser.click("#text");
    browser.text("Sim!");
    browser.navigates(|| browser.click("button[name=verb][value=reply]"));
    assert_eq!(
        browser.eval("location.pathname + location.search"),
        format!("/inbox/{id}?filter=all")
    );
    browser.wait(&format!("document.querySelector('#beside #c{id} .need') === null"));
    browser.navigates(|| browser.click("button[name=action][value=close]"));
    assert_eq!(browser.eval("location.pathname + location.search"), "/inbox?filter=all");
    assert_calm(&browser);
}

/// No page is wider than its window, whatever the width; the emoji box neither.
#[test]
fn nothing_runs_off_the_window() {
    let house = House::start();
    let browser = Browser::start();
    let id = request(&house, &"Wolfeschlegelstein".repeat(5), "Double room", "Is there a room?");
    let text =
        "هل توجد غرفة مزدوجة متاحة في نهاية الأسبوع القادم لشخصين بالغين وطفل واحد؟ ".repeat(4);
    let arabic = request(&house, "Maria Rossi", "Parking", &text);
    sign_in(&house, &browser);
    for width in [320, 420, 514, 600, 700, 768, 810, 1024, 1440] {
        browser.size(width, 700);
        browser.dark(width == 768);
        browser.open(&at(&house, "/inbox"));
        browser.click("ul.list input");
        let fits = "document.documentElement.scrollWidth <= innerWidth";
        assert_eq!(browser.eval(fits), true, "the list at {width}");
        // An excerpt that is cut shows its beginning, from right to left too.
        let cut = format!(
            "(e => getComputedStyle(e).direction === 'rtl' && getComputedStyle(e).textOverflow === 'ellipsis' && e.scrollWidth > e.clientWidth)(document.querySelector('#c{arabic} .last'))"
        );
        assert_eq!(browser.eval(&cut), true, "the beginning at {width}");
        browser.open(&at(&house, "/inbox?filter=deleted"));
        let seen = "(r => r.left >= 0 && r.right <= innerWidth)(document.querySelector('nav.filters [aria-current]').getBoundingClientRect())";
        assert_eq!(browser.eval(seen), true, "the filter at {width}");
        browser.open(&at(&house, "/inbox"));
        browser.click("ul.list input");
        let looked_at = [320, 768, 1440].contains(&width);
        if looked_at {
            looked_over(&browser, &format!("ticked-{width}"));
        }
        browser.open(&at(&house, &format!("/inbox/{id}")));
        browser.click(".emoji button");
        browser.wait("document.querySelector('.emoji-grid button') !== null");
        let inside = "(r => r.left >= 0 && r.right <= innerWidth)(document.querySelector('.emoji-box').getBoundingClientRect())";
        assert_eq!(browser.eval(inside), true, "the emoji at {width}");
        assert_eq!(browser.eval(fits), true, "a conversation at {width}");
        if looked_at {
            looked_over(&browser, &format!("emoji-{width}"));
        }
        browser.click("h1");
        browser.wait("document.querySelector('.emoji-box').hidden");
    }
    assert_calm(&browser);
}

/// A long conversation opens where it goes on; closing it leads back to the list it was opened from.
#[test]
fn a_long_conversation_opens_at_its_newest_message() {
    let house = House::start();
    let browser = Browser::start();
    browser.size(800, 600);
    let lines = "We would like to know more about the house and the rooms.\r\n".repeat(12);
    for n in 1..=5 {
        let mail = format!(
            "From: John <john@guest.example>\r\nSubject: Plan\r\nMessage-ID: <l{n}@guest.example>\r\nIn-Reply-To: <l1@guest.example>\r\n\r\nNumber {n}.\r\n{lines}"
        );
        house.mail("john@guest.example", &["pousada@relais.localhost"], mail.as_bytes());
    }
    sign_in(&house, &browser);
    browser.wait("document.querySelector('.words')?.innerText.includes('Number 5')");
    browser.open(&at(&house, "/inbox?filter=needs_reply"));
    browser.navigates(|| browser.click("ul.list a"));
    let top = browser.eval("document.querySelector('#latest').getBoundingClientRect().top");
    assert!((0.0..400.0).contains(&top.as_f64().unwrap()), "{top}");
    assert_eq!(browser.eval("scrollY > 600"), true);
    browser.navigates(|| browser.click("button[name=action][value=done]"));
    assert_eq!(browser.eval("location.pathname + location.search"), "/inbox?filter=needs_reply");
    assert_calm(&browser);
}

/// The pages behind links in mails, and those that say what went wrong.
#[test]
fn pages_behind_links_are_looked_over() {
    let house = House::start();
    let browser = Browser::start();
    let id = request(&house, "John Smith", "Double room", "Is there a room?");
    let notice = house.mail_out("the notification", |l| l.subject.contains("Double room"));
    let stranger = b"From: Eve <eve@elsewhere.example>\r\nSubject: Re: Double room\r\nMessage-ID: <e@x>\r\n\r\nYes, 95 euros.\r\n";
    house.mail("eve@elsewhere.example", &[&support::reply_to(&notice)], stranger);
    let link_in = |text: &str, part: &str| {
        let words = text.split(|c: char| c.is_whitespace() || "<>".contains(c));
        words.map(str::to_owned).find(|word| word.starts_with("http") && word.contains(part))
    };
    let held = house.mail_out("the question", |l| link_in(&l.text(), "/held/").is_some());
    sign_in(&house, &browser);
    let quiet = notice.header("List-Unsubscribe").unwrap_or_default().to_owned();
    let links = [link_in(&held.text(), "/held/"), link_in(&quiet, "/quiet/")];
    for (name, link) in ["held", "quiet"].into_iter().zip(links) {
        browser.open(&link.unwrap());
        looked_over(&browser, &format!("behind-{name}"));
    }
    browser.open(&at(&house, &format!("/inbox/{id}")));
    looked_over(&browser, "held-conversation");
    browser.size(320, 640);
    browser.dark(true);
    for (name, path) in [
        ("inbox", "/inbox/nothing"),
        ("held", "/held/x/y"),
        ("quiet", "/quiet/x/y"),
        ("read", "/read/x/y"),
        ("link", "/inbox/sign-in/x"),
        ("form", "/f/nothing"),
        ("nowhere", "/nothing/at/all"),
        ("button", &format!("/inbox/{id}/reply")),
    ] {
        browser.open(&at(&house, path));
        assert_eq!(browser.eval("document.contentType"), "text/html", "{path}");
        looked_over(&browser, &format!("sorry-{name}"));
    }
}

/// Who looks at a page, writes in it or is about to press something keeps their place when something arrives.
#[test]
fn what_is_looked_at_stays_where_it_is() {
    let house = House::start();
    let browser = Browser::start();
    browser.size(360, 740);
    let mail = |n: usize, of: usize| {
        let mail = format!(
            "From: Zoe <zoe{of}@guest.example>\r\nSubject: A cot {of}\r\nMessage-ID: <c{of}.{n}@x>\r\nIn-Reply-To: <c{of}.1@x>\r\n\r\nIs there a cot, question {n}?\r\n"
        );
        house.mail("zoe@guest.example", &["pousada@relais.localhost"], mail.as_bytes());
    };
    (1..=8).for_each(|of| mail(1, of));
    (2..=8).for_each(|n| mail(n, 1));
    wait_for("all mails", || (house.conversations("").len() == 8).then_some(()));
    sign_in(&house, &browser);
    browser.wait("document.querySelector('.words')?.innerText.includes('question 8')");
    let note = |what: &str| {
        browser.eval(&format!(
            "window.kept = {what}; window.was = kept.getBoundingClientRect().top; 0"
        ))
    };
    let moved =
        || browser.eval("Math.abs(kept.getBoundingClientRect().top - was)").as_f64().unwrap();
    // A row that is aimed at, and one that has the focus.
    let row = "document.querySelectorAll('ul.list a')[3]";
    let place =
        browser.eval(&format!("(r => [r.x + 20, r.y + 20])({row}.getBoundingClientRect())"));
    for step in [0, 1] {
        let x = place[0].as_f64().unwrap() + f64::from(step);
        browser
            .call("Input.dispatchMouseEvent", json!({"type": "mouseMoved", "x": x, "y": place[1]}));
    }
    note(row);
    mail(1, 9);
    browser.wait("document.querySelectorAll('ul.list li').length === 9");
    assert!(moved() < 1.0, "the row under the mouse moved by {}", moved());
    browser.eval(&format!("{row}.focus()"));
    note("document.activeElement");
    mail(1, 10);
    browser.wait("document.querySelectorAll('ul.list li').length === 10");
    assert!(moved() < 1.0, "the row with the focus moved by {}", moved());
    // The words somebody writes.
    browser.open(&at(&house, "/inbox?q=%22question+8%22"));
    browser.navigates(|| browser.click("ul.list a"));
    browser.click("#text");
    browser.text("Sim, ");
    note("document.querySelector('#text')");
    mail(9, 1);
    browser.wait("document.querySelector('.messages').innerText.includes('question 9?')");
    assert!(moved() < 1.0, "the field moved by {}", moved());
    browser.text("temos.");
    assert_eq!(browser.eval("document.querySelector('#text').value"), "Sim, temos.");
    assert_calm(&browser);
}

/// What is typed outlives a reload at any moment; what was sent does not come back.
#[test]
fn words_are_kept_until_a_page_has_them() {
    let house = House::start();
    let browser = Browser::start();
    let id = request(&house, "John Smith", "Double room", "Is there a room?");
    sign_in(&house, &browser);
    browser.open(&at(&house, &format!("/inbox/{id}")));
    browser.click("#text");
    browser.text("Sim, temos.");
    browser.navigates(|| {
        browser.call("Page.reload", json!({}));
    });
    let text = "document.querySelector('#text').value";
    assert_eq!(browser.eval(text), "Sim, temos.");
    browser.wait("document.querySelector('#saved').textContent !== ''");
    let file = house.path("mapa.pdf");
    std::fs::write(&file, b"%PDF-1.4 a map").unwrap();
    browser.choose("#files", &[&file]);
    browser.navigates(|| browser.click("button[name=verb][value=reply]"));
    house.mail_out("the answer", |l| l.text().contains("Sim, temos."));
    assert_eq!(browser.eval(text), "", "it is sent");
    browser.open(&at(&house, &format!("/inbox/{id}")));
    assert_eq!(browser.eval(text), "");
    assert_calm(&browser);
}

/// A search finds what was said long ago, and its link leads there.
#[test]
fn a_search_leads_to_what_it_found() {
    let house = House::start();
    let browser = Browser::start();
    browser.size(360, 740);
    for n in 1..=60 {
        let said = if n == 2 { "The zeppelin museum, you said?" } else { "We like the house." };
        let mail = format!(
            "From: John <john@guest.example>\r\nSubject: Plan\r\nMessage-ID: <l{n}@guest.example>\r\nIn-Reply-To: <l1@guest.example>\r\n\r\n{said} {n}.\r\n"
        );
        house.mail("john@guest.example", &["pousada@relais.localhost"], mail.as_bytes());
    }
    sign_in(&house, &browser);
    browser.wait("document.querySelector('.words')?.innerText.includes('house. 60')");
    browser.key("/");
    browser.text("zeppelin");
    browser.wait("document.querySelector('mark')?.innerText === 'zeppelin'");
    browser.navigates(|| browser.click("ul.list a"));
    let seen = "(r => r.top >= 0 && r.bottom <= innerHeight)(document.querySelector('.message.found').getBoundingClientRect())";
    assert_eq!(browser.eval(seen), true);
    assert_eq!(
        browser.eval("document.querySelector('.found').innerText.includes('zeppelin')"),
        true
    );
    looked_over(&browser, "found");
    browser.open(&at(&house, "/inbox?q=nothing+at+all"));
    looked_over(&browser, "found-nothing");
    assert_calm(&browser);
}

/// A member of two houses goes from one to the other and back.
#[test]
fn a_member_of_two_houses_goes_over() {
    let house = House::start();
    let (browser, mut other) = (Browser::start(), "Casa do Mar");
    request(&house, "John Smith", "Double room", "Is there a room?");
    sign_in(&house, &browser);
    house.cli(&["account", "add", other, "--address", "mar@relais.localhost", "--language", "de"]);
    house.cli(&["member", "add", "mar@relais.localhost", "ana@pousada.example", "--name", "Ana"]);
    browser.open(&at(&house, "/inbox"));
    browser.size(360, 740);
    let name = "document.querySelector('h1')?.innerText";
    for language in ["de", "pt"] {
        looked_over(&browser, &format!("houses-{language}"));
        browser.navigates(|| browser.click("#houses button"));
        assert_eq!(browser.eval(name), other);
        assert_eq!(browser.eval("document.documentElement.lang"), language);
        other = "Pousada da Ria";
    }
    // As in another tab: a list follows when one comes back to it, and a conversation says that it is not here.
    let over = "fetch('/inbox/house', {method: 'POST', body: new URLSearchParams({member: document.querySelector('#houses button').value})}).then(() => document.dispatchEvent(new Event('visibilitychange')))";
    browser.eval(&format!("{over}; 0"));
    browser.wait(&format!("{name} === 'Casa do Mar'"));
    browser.wait("document.readyState === 'complete'");
    browser.click("#houses button");
    browser.wait(&format!("{name} === 'Pousada da Ria' && document.readyState === 'complete'"));
    let button = browser.eval("document.querySelector('#houses button').value");
    browser.click("ul.list a");
    browser.wait(&format!("{name} === 'Double room' && document.readyState === 'complete'"));
    browser.eval(&format!(
        "fetch('/inbox/house', {{method: 'POST', body: new URLSearchParams({{member: {button}}})}}).then(() => document.dispatchEvent(new Event('visibilitychange'))); 0"
    ));
    browser
        .wait("document.querySelector('#note').innerText.includes('Não há nada neste endereço')");
    browser.complaints();
    assert_calm(&browser);
}

/// Whoever takes the colours from their system still sees what is new, chosen and found; nothing depends on motion.
#[test]
fn pages_hold_without_our_colours() {
    let house = House::start();
    let browser = Browser::start();
    let id = request(&house, "John Smith", "Double room", "Is there a room?");
    sign_in(&house, &browser);
    let features = json!([{"name": "forced-colors", "value": "active"}, {"name": "prefers-reduced-motion", "value": "reduce"}]);
    browser.call("Emulation.setEmulatedMedia", json!({"features": features}));
    for (name, path) in [("list", "/inbox?q=room"), ("conversation", &format!("/inbox/{id}"))] {
        browser.open(&at(&house, path));
        assert_eq!(browser.eval("matchMedia('(forced-colors: active)').matches"), true);
        looked_over(&browser, &format!("forced-{name}"));
        let moving = "[...document.querySelectorAll('*')].filter(e => parseFloat(getComputedStyle(e).transitionDuration) > 0 || getComputedStyle(e).animationName !== 'none' || getComputedStyle(e).scrollBehavior === 'smooth').length";
        assert_eq!(browser.eval(moving), 0, "{name}");
    }
    browser.open(&at(&house, "/inbox"));
    let seen = "(s => s.backgroundColor !== getComputedStyle(document.body).backgroundColor)(getComputedStyle(document.querySelector('.unread .who, .who'), '::before'))";
    request(&house, "Maria Rossi", "Parking", "Is there a place to park?");
    browser.wait("document.querySelector('.unread') !== null");
    assert_eq!(browser.eval(seen), true, "what is unread");
    assert_calm(&browser);
}
