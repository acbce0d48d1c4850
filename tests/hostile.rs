//! Strangers who write programs: names, subjects, HTML, file names and form fields that want to run. A real Chromium shows
//! them all; nothing runs, nothing is asked of another site, the policy has nothing to refuse.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "support/chromium.rs"]
mod chromium;
mod support;

use chromium::Browser;
use serde_json::json;
use support::{House, http, wait_for};

const PROGRAMS: &[&str] = &[
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<img/src=`x`onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><a xlink:href=javascript:alert(1)><text y=20>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==>",
    "<a href=javascript:alert(1) autofocus onfocus=alert(1)>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<details open ontoggle=alert(1)>x</details>",
    "<input autofocus onfocus=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href=//evil.example/>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css';*{background:url(//evil.example/y)}</style>",
    "<div style=\"background:url(javascript:alert(1));width:expression(alert(1))\">x</div>",
    "<table background=//evil.example/pixel><tr><td>x</table>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<template><script>alert(1)</script></template>",
    "{{constructor.constructor('alert(1)')()}}${alert(1)}",
    "javascript:alert(1)//",
];

/// Ways out of where a program may stand.
const DOORS: &[&str] = &["", "\"'>", "</title></textarea></script></style>", "--><!-- --!>"];

fn payloads() -> Vec<String> {
    DOORS.iter().flat_map(|door| PROGRAMS.iter().map(move |p| format!("{door}{p}"))).collect()
}

fn encoded(text: &str) -> String {
    format!("=?utf-8?B?{}?=", data_encoding::BASE64.encode(text.as_bytes()))
}

/// A mail with the payload in its name, subject, text, HTML and file name, behind the first one.
fn letter(number: usize, payload: &str) -> String {
    // Eight to a conversation.
    let first = number / 8 * 8;
    let thread = if number == first {
        String::new()
    } else {
        format!("In-Reply-To: <m{first}@guest.example>\r\n")
    };
    let html = format!("<p>Hello</p>{payload}<p title=\"{payload}\">{payload}</p>");
    let name = encoded(payload);
    let base64 = |text: &str| data_encoding::BASE64.encode(text.as_bytes());
    format!(
        "From: {name} <eve@guest.example>\r\nTo: pousada@relais.localhost\r\nSubject: {name}\r\n\
         Message-ID: <m{number}@guest.example>\r\n{thread}Date: Mon, 23 Nov 2026 09:02:00 +0000\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{}\r\n--b\r\nContent-Type: image/png; name=\"{name}\"\r\n\
         Content-Disposition: attachment; filename=\"{name}\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--b--\r\n",
        base64(&html),
        // It says it is a picture and is not.
        base64(&format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\">{payload}</svg>"
        )),
    )
}

fn sign_in(house: &House, browser: &Browser) {
    browser.open(&format!("http://{}/inbox", house.http));
    browser.eval("document.querySelector('#email').focus()");
    browser.text("ana@pousada.example");
    browser.navigates(|| browser.key("Enter"));
    let mail = house.mail_out("the link", |l| l.text().contains("/inbox/sign-in/"));
    let text = mail.text();
    let link = text.split_whitespace().find(|word| word.starts_with("http")).unwrap();
    browser.open(link);
    browser.navigates(|| browser.click("main button.main"));
}

#[test]
fn no_program_of_a_stranger_runs() {
    let house = House::start();
    let payloads = payloads();
    assert!(payloads.len() > 100);
    for (number, payload) in payloads.iter().enumerate() {
        let raw = letter(number, payload);
        house.mail("eve@guest.example", &["pousada@relais.localhost"], raw.as_bytes());
    }
    for some in payloads.chunks(8) {
        let all = some.join(" ");
        let fields = json!({"name": some[0].chars().take(120).collect::<String>(), "email": "mallory@guest.example", "subject": some[1], "message": all, "phone": some[2]});
        let headers = [("Content-Type", "application/json"), ("Accept", "application/json")];
        let (status, _, body) =
            http(house.http, "POST", "/f/demo", &headers, fields.to_string().as_bytes());
        assert!(status == 201 || status == 429, "{status} {}", String::from_utf8_lossy(&body));
    }
    let stored =
        || house.conversations("").iter().filter_map(|c| c["message_count"].as_u64()).sum::<u64>();
    wait_for("every mail in the index", || (stored() > payloads.len() as u64).then_some(()));
    let browser = Browser::start();
    sign_in(&house, &browser);
    // The listener hears: a dialogue, and a script the policy refuses.
    browser.eval("setTimeout(() => alert(1)); setTimeout(() => document.body.appendChild(document.createElement('script')).text = '1'); 0");
    let mut heard = Vec::new();
    wait_for("both complaints", || {
        heard.extend(browser.complaints());
        (heard.len() >= 2).then_some(())
    });
    let mut frames = 0;
    for conversation in house.conversations("?limit=200") {
        let id = conversation["id"].as_str().unwrap();
        browser.open(&format!("http://{}/inbox/{id}", house.http));
        // Everything that is folded or lazy is shown.
        browser.eval("document.querySelectorAll('details').forEach(d => d.open = true)");
        frames += browser
            .eval(
                "Promise.all([...document.querySelectorAll('iframe')].map(f => new Promise(done => {
                   f.addEventListener('load', done); f.loading = 'eager'; f.src = f.src; }))).then(all => all.length)",
            )
            .as_u64()
            .unwrap();
        browser.eval("document.querySelectorAll('img').forEach(i => i.loading = 'eager')");
    }
    assert!(frames > 100, "{frames} letters were shown as sent");
    browser.picture("hostile");
    for path in [
        "/inbox",
        "/inbox?q=alert",
        "/inbox?filter=%22%3E%3Csvg+onload%3Dalert(1)%3E&q=%22%3E%3Csvg+onload%3Dalert(1)%3E",
    ] {
        browser.open(&format!("http://{}{path}", house.http));
    }
    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}
