//! What is written is not lost, whatever becomes of the line, the session or the tab; and files come by hand and mouse.

use std::path::Path;

use super::*;

const TEXT: &str = "document.querySelector('#text').value";
const REPLY: &str = "button[name=verb][value=reply]";
const LISTED: &str = "[...document.querySelectorAll('#chosen-files li')].map(li => li.innerText.split(' (')[0]).join()";

/// A mouse that carries files from the desktop onto an element.
fn drop_on(browser: &Browser, selector: &str, files: &[&Path]) {
    let place = browser.eval(&format!(
        "(e => {{ e.scrollIntoView({{block: 'center', behavior: 'instant'}}); const r = e.getBoundingClientRect();
           return [r.x + r.width / 2, r.y + r.height / 2]; }})(document.querySelector({}))",
        json!(selector)
    ));
    let data = json!({"items": [], "files": files, "dragOperationsMask": 1});
    for kind in ["dragEnter", "dragOver"] {
        let event = json!({"type": kind, "x": place[0], "y": place[1], "data": data});
        browser.call("Input.dispatchDragEvent", event);
    }
    browser.wait("document.querySelector('form.reply').classList.contains('over')");
    let event = json!({"type": "drop", "x": place[0], "y": place[1], "data": data});
    browser.call("Input.dispatchDragEvent", event);
}

#[test]
fn files_are_dropped_and_pictures_pasted() {
    let house = House::start();
    let browser = Browser::start();
    let id = request(&house, "John Smith", "Double room", "Is there a room?");
    sign_in(&house, &browser);
    browser.open(&at(&house, &format!("/inbox/{id}")));
    let (map, menu) = (house.path("mapa.pdf"), house.path("menu.txt"));
    std::fs::write(&map, b"%PDF-1.4 a map").unwrap();
    std::fs::write(&menu, b"soup").unwrap();
    // Beside the text and on it; a second one joins the first.
    drop_on(&browser, "form.reply label[for=text]", &[&map]);
    browser.wait(&format!("{LISTED} === 'mapa.pdf'"));
    drop_on(&browser, "#text", &[&menu]);
    browser.wait(&format!("{LISTED} === 'mapa.pdf,menu.txt'"));
    assert_eq!(browser.eval("document.querySelector('form.reply').className"), "reply");
    assert_eq!(browser.eval(TEXT), "", "no path of a file stands in the text");
    // A picture from the clipboard, as after a screenshot.
    let permissions = json!({"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"], "origin": at(&house, "")});
    browser.call("Browser.grantPermissions", permissions);
    browser.call("Page.bringToFront", json!({}));
    browser.click("#text");
    browser.eval(
        "new Promise(done => { const c = document.createElement('canvas'); c.width = c.height = 8; c.toBlob(done); })
           .then(png => navigator.clipboard.write([new ClipboardItem({'image/png': png})])).then(() => 1)",
    );
    paste(&browser);
    browser
        .wait(&format!("{LISTED}.startsWith('mapa.pdf,menu.txt,') && {LISTED}.endsWith('.png')"));
    // Words are pasted as words.
    browser.eval("navigator.clipboard.writeText('Bom dia!').then(() => 1)");
    paste(&browser);
    browser.wait(&format!("{TEXT} === 'Bom dia!'"));
    looked_over(&browser, "dropped-and-pasted");
    browser.navigates(|| browser.click(REPLY));
    let answer = house.mail_out("the answer", |l| l.to[0].address.local() == "john");
    let files: Vec<_> = answer.attachments.iter().map(|file| file.content.as_slice()).collect();
    assert_eq!(files[..2], [&b"%PDF-1.4 a map"[..], b"soup"]);
    assert!(files.len() == 3 && files[2].starts_with(b"\x89PNG"), "{}", files.len());
    assert_calm(&browser);
}

/// Ctrl+V.
fn paste(browser: &Browser) {
    for kind in ["keyDown", "keyUp"] {
        let key = json!({"type": kind, "key": "v", "code": "KeyV", "modifiers": 2, "windowsVirtualKeyCode": 86,
            "commands": if kind == "keyDown" { json!(["paste"]) } else { json!([]) }});
        browser.call("Input.dispatchKeyEvent", key);
    }
}

/// Whose session has ended is told so when they press the button, and presses it again once they are back: the words
/// and files stay where they are. Another tab signs in.
#[test]
fn what_is_sent_after_the_session_ended_waits_for_the_next() {
    let house = House::start();
    let browser = Browser::start();
    let id = request(&house, "John Smith", "Double room", "Is there a room?");
    sign_in(&house, &browser);
    let page = format!("/inbox/{id}");
    browser.open(&at(&house, &page));
    browser.click("#text");
    browser.eval("fetch('/inbox/sign-out', {method: 'POST'}).then(() => 1)");
    browser.text("Sim, temos.");
    browser.click(REPLY);
    browser.wait("document.querySelector('#note').innerText.includes('A sua sessão terminou')");
    assert_eq!(browser.eval("location.pathname"), page, "the page stays");
    assert_eq!(browser.eval(TEXT), "Sim, temos.");
    assert_eq!(browser.eval("document.querySelector('#note a').target"), "_blank");
    assert_eq!(browser.eval("document.activeElement.value"), "reply", "the focus is where it was");
    let links = || {
        let found = house.outgoing().into_iter();
        found.filter(|l| l.text().contains("/inbox/sign-in/")).collect::<Vec<_>>()
    };
    let before = links().len();
    let asks = "fetch('/inbox/sign-in', {method: 'POST', body: new URLSearchParams({email: 'ana@pousada.example'})}).then(r => r.status)";
    assert_eq!(browser.eval(asks), 200);
    let text = wait_for("the link", || links().into_iter().nth(before)).text();
    let link = text.split_whitespace().find(|word| word.starts_with("http")).unwrap();
    assert_eq!(browser.eval(&format!("fetch('{link}', {{method: 'POST'}}).then(r => r.ok)")), true);
    browser.navigates(|| browser.click(REPLY));
    house.mail_out("the answer", |l| l.text().contains("Sim, temos."));
    assert_eq!(browser.eval(TEXT), "");
    assert_eq!(browser.eval("document.querySelector('#note').innerText"), "");
}

/// Without a line nothing is lost, and pressing again sends once.
#[test]
fn what_is_sent_without_a_line_stays_and_leaves_once() {
    let house = House::start();
    let browser = Browser::start();
    let id = request(&house, "John Smith", "Double room", "Is there a room?");
    sign_in(&house, &browser);
    let page = format!("/inbox/{id}");
    browser.open(&at(&house, &page));
    browser.click("#text");
    browser.text("Sim, temos.");
    let line = |offline: bool| {
        let conditions = json!({"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
        browser.call("Network.emulateNetworkConditions", conditions);
    };
    line(true);
    browser.click(REPLY);
    browser.wait("document.querySelector('.reply [role=alert]')?.innerText.includes('nada é enviado duas vezes')");
    assert_eq!(browser.eval(TEXT), "Sim, temos.");
    assert_eq!(
        browser.eval("[...document.querySelectorAll('.reply button')].every(b => !b.disabled)"),
        true
    );
    browser.picture("offline");
    line(false);
    browser.navigates(|| browser.click(REPLY));
    house.mail_out("the answer", |l| l.text().contains("Sim, temos."));
    let replies = "document.querySelectorAll('.message.provider').length";
    assert_eq!(browser.eval(replies), 1);
    assert_eq!(browser.eval(TEXT), "");
}

/// Whoever has sent sees what they sent, however long the conversation is.
#[test]
fn what_was_sent_is_in_sight() {
    let house = House::start_with(&[("RELAIS_HTTP__UNDO_SECONDS", "600")]);
    let browser = Browser::start();
    browser.size(1000, 700);
    let mail = |n: usize| {
        let answers = if n > 0 {
            format!("In-Reply-To: <{}@guest.example>\r\n", n - 1)
        } else {
            String::new()
        };
        let mail = format!(
            "From: Lena <lena@guest.example>\r\nSubject: Parking\r\nMessage-ID: <{n}@guest.example>\r\n{answers}\r\nQuestion {n}: is there a place to park?\r\n"
        );
        house.mail("lena@guest.example", &["pousada@relais.localhost"], mail.as_bytes());
    };
    (0..12).for_each(mail);
    let id = wait_for("the conversation", || {
        let found = house.conversations("");
        let id = found.first()?["id"].as_str()?.to_owned();
        (house.conversation(&id)["messages"].as_array()?.len() == 12).then_some(id)
    });
    sign_in(&house, &browser);
    for (answer, hash) in [("Sim, ao lado da casa.", ""), ("E é grátis.", "#latest")] {
        browser.open(&at(&house, "/inbox"));
        browser.open(&at(&house, &format!("/inbox/{id}{hash}")));
        browser.click("#text");
        browser.text(answer);
        browser.navigates(|| browser.click(REPLY));
        let seen = "(m => { const r = m.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight && m.querySelector('.text').innerText; })([...document.querySelectorAll('.message.provider')].at(-1))";
        browser.wait(&format!("{seen} === {}", json!(answer)));
        assert_eq!(browser.eval("history.scrollRestoration"), "auto");
    }
    assert_calm(&browser);
}
