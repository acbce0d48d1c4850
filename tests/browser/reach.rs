//! What a screen reader says, what a narrow or wide window shows, and cookies behind TLS.

use std::process::Command;

use serde_json::Value;

use super::*;

/// Role, name and a property of everything a screen reader finds, in its order.
fn heard(browser: &Browser) -> Vec<(String, String, Value)> {
    browser.call("Accessibility.enable", json!({}));
    let tree = browser.call("Accessibility.getFullAXTree", json!({}));
    let nodes = tree["nodes"].as_array().unwrap().iter().filter(|node| node["ignored"] == false);
    let text = |value: &Value| value["value"].as_str().unwrap_or_default().to_owned();
    nodes
        .map(|node| {
            let all = node["properties"].as_array().cloned().unwrap_or_default();
            let properties =
                all.iter().map(|p| (p["name"].as_str().unwrap(), p["value"]["value"].clone()));
            (text(&node["role"]), text(&node["name"]), properties.collect())
        })
        .collect()
}

#[test]
fn a_screen_reader_says_what_is_there() {
    let house = House::start();
    let browser = Browser::start();
    let id = request(&house, "John Smith", "Double room", "Is there a room?");
    request(&house, "Maria Rossi", "Parking", "Is there a place to park?");
    sign_in(&house, &browser);
    let named = [
        "link",
        "button",
        "checkbox",
        "textbox",
        "searchbox",
        "combobox",
        "DisclosureTriangle",
        "dialog",
        "article",
        "Iframe",
        "image",
    ];
    let look = |page: &str| {
        let all = heard(&browser);
        for (role, name, _) in &all {
            assert!(
                !named.contains(&role.as_str()) || !name.trim().is_empty(),
                "{page}: {role} without a name"
            );
        }
        all
    };
    let has = |all: &[(String, String, Value)], role: &str, name: &str| {
        all.iter().any(|(r, n, _)| r == role && n.contains(name))
    };
    let live = |all: &[(String, String, Value)], role: &str| {
        all.iter().any(|(r, _, p)| r == role && p["live"] == "polite")
    };
    let list = look("the list");
    assert!(has(&list, "checkbox", "Selecionar: Maria Rossi"), "{list:?}");
    assert!(has(&list, "link", "não lida: Maria Rossi"), "{list:?}");
    assert!(has(&list, "navigation", "Filtros") && has(&list, "heading", "Pousada da Ria"));
    assert!(
        live(&list, "status") && live(&list, "paragraph"),
        "the numbers are said when they change"
    );
    browser.click("ul.list input");
    browser.click("#delete");
    browser.wait("document.querySelector('#confirm').open");
    let dialogue = look("the question");
    let question = dialogue.iter().find(|(role, ..)| role == "dialog").unwrap();
    assert!(
        question.1.contains("Eliminar as conversas") && question.2["modal"] == true,
        "{question:?}"
    );
    browser.key("Escape");
    browser.wait("!document.querySelector('#confirm').open");
    assert_eq!(browser.eval("document.activeElement.id"), "delete", "the focus comes back");
    browser.open(&at(&house, &format!("/inbox/{id}")));
    let conversation = look("a conversation");
    assert!(has(&conversation, "article", "John Smith"), "{conversation:?}");
    assert!(has(&conversation, "textbox", "A sua resposta"));
    assert!(live(&conversation, "log"), "what arrives is said");
    browser.open(&at(&house, "/inbox/settings"));
    look("the settings");
    assert_calm(&browser);
}

/// At 400 % (WCAG 1.4.10) a window is 320 by 256: what floats leaves room for what is below.
#[test]
fn nothing_floats_in_a_low_window() {
    let house = House::start();
    let browser = Browser::start();
    request(&house, "John Smith", "Double room", "Is there a room?");
    sign_in(&house, &browser);
    for (height, floats) in [(256, "static"), (700, "sticky")] {
        browser.size(320, height);
        browser.open(&at(&house, "/inbox"));
        browser.click("ul.list input");
        let position = "getComputedStyle(document.querySelector('.bulk')).position";
        assert_eq!(browser.eval(position), floats, "{height}");
        looked_over(&browser, &format!("low-{height}"));
    }
    assert_calm(&browser);
}

/// On a wide window the original that is opened stands beside the translation, on a narrow one below it.
#[test]
fn an_original_stands_beside_its_translation() {
    let Some(models) = models() else { return };
    let house = House::start_with(&[("RELAIS_TRANSLATION__MODELS", models.to_str().unwrap())]);
    let browser = Browser::start();
    let asked =
        "Do you have a double room for two nights in August? We would arrive in the evening.";
    let id = request(&house, "John Smith", "Double room", asked);
    sign_in(&house, &browser);
    browser.open(&at(&house, &format!("/inbox/{id}")));
    browser.wait("document.querySelector('.both [lang=pt]')?.innerText.includes('quarto duplo')");
    let place = "(([a, b]) => a.right <= b.left ? 'beside' : a.bottom <= b.top ? 'below' : 'over')([...document.querySelectorAll('.both .text')].map(e => e.getBoundingClientRect()))";
    for (width, expected) in [(1440, "beside"), (1920, "beside"), (1366, "below"), (360, "below")] {
        browser.size(width, 800);
        browser.open(&at(&house, &format!("/inbox/{id}")));
        browser.click(".both summary");
        browser.wait("document.querySelector('.both details').open");
        assert_eq!(browser.eval(place), expected, "{width}");
        looked_over(&browser, &format!("original-{width}"));
    }
    assert_calm(&browser);
}

/// TLS in front of the house, as a reverse proxy does it; on a port of its own.
fn tls_before(house: std::net::SocketAddr, port: u16, folder: &std::path::Path) {
    use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
    let (key, certificate) = (folder.join("key.pem"), folder.join("certificate.pem"));
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
        ])
        .args(["-addext", "subjectAltName=DNS:localhost", "-keyout"])
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let chain = vec![CertificateDer::from_pem_file(&certificate).unwrap()];
    let key = PrivateKeyDer::from_pem_file(&key).unwrap();
    let provider = std::sync::Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(std::sync::Arc::new(config));
    let listener = std::net::TcpListener::bind(("127.0.0.1", port)).unwrap();
    listener.set_nonblocking(true).unwrap();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let Ok(mut outside) = acceptor.accept(stream).await else { return };
                    let Ok(mut inside) = tokio::net::TcpStream::connect(house).await else {
                        return;
                    };
                    let _ = tokio::io::copy_bidirectional(&mut outside, &mut inside).await;
                });
            }
        });
    });
}

/// Behind TLS cookies have the name that only this very host can set, over TLS (RFC 6265bis, 4.1.3.2), and signing in
/// works with them.
#[test]
fn cookies_behind_tls_are_this_hosts_own() {
    let (outside, inside) = (free_port(), free_port());
    let base = format!("https://localhost:{outside}");
    let mut house = House::prepare(&[("RELAIS_BASE_URL", &base)]);
    (house.demo, house.http) = (true, std::net::SocketAddr::from(([127, 0, 0, 1], inside)));
    house.run();
    tls_before(house.http, outside, house.dir.path());
    let browser = Browser::start();
    browser.call("Security.setIgnoreCertificateErrors", json!({"ignore": true}));
    browser.open(&format!("{base}/inbox"));
    browser.eval("document.querySelector('#email').focus()");
    browser.text("ana@pousada.example");
    browser.navigates(|| browser.key("Enter"));
    let text = house.mail_out("the link", |l| l.text().contains("/inbox/sign-in/")).text();
    let link = text.split_whitespace().find(|word| word.starts_with(&base)).unwrap();
    browser.open(link);
    browser.navigates(|| browser.click("main button.main"));
    assert_eq!(browser.eval("location.pathname"), "/inbox");
    let cookies = browser.call("Network.getCookies", json!({"urls": [base]}));
    let cookies = cookies["cookies"].as_array().unwrap();
    for name in ["__Host-relais_session", "__Host-relais_browser"] {
        let cookie = cookies.iter().find(|cookie| cookie["name"] == name);
        let cookie = cookie.unwrap_or_else(|| panic!("{name} in {cookies:?}"));
        for (field, value) in [
            ("secure", json!(true)),
            ("httpOnly", json!(true)),
            ("path", json!("/")),
            ("sameSite", json!("Lax")),
            ("domain", json!("localhost")),
        ] {
            assert_eq!(cookie[field], value, "{field} of {name}");
        }
    }
    // What only bears the name without TLS is nobody's here.
    browser.eval("document.cookie = 'relais_session=x; path=/'; 0");
    browser.open(&format!("{base}/inbox/settings"));
    assert_eq!(browser.eval("location.pathname"), "/inbox/settings");
    assert_calm(&browser);
}

/// In the dark a browser draws its own parts for the dark too: the calendar of a date was black on black.
#[test]
fn the_form_is_dark_in_the_dark() {
    let house = House::start();
    let browser = Browser::start();
    browser.size(400, 900);
    for dark in [true, false] {
        browser.dark(dark);
        for path in ["/f/demo", "/inbox/sign-in", "/nothing"] {
            browser.open(&at(&house, path));
            let drawn = "getComputedStyle(document.documentElement).colorScheme";
            assert_eq!(browser.eval(drawn), "light dark", "{path}");
        }
        browser.open(&at(&house, "/f/demo"));
        looked_over(&browser, &format!("form-dark-{dark}"));
    }
}

/// Shift takes those between along, ticked or not, as in every list.
#[test]
fn shift_ticks_those_between() {
    let house = House::start();
    let browser = Browser::start();
    browser.size(1000, 900);
    for name in ["Ana", "Berta", "Carla", "Dora", "Emma"] {
        request(&house, name, "Double room", &format!("Is there a room for {name}?"));
    }
    sign_in(&house, &browser);
    let click = |row: u32, modifiers: u32| {
        let place = browser.eval(&format!(
            "(r => [r.x + r.width / 2, r.y + r.height / 2])(document.querySelector('ul.list li:nth-child({row}) input').getBoundingClientRect())"
        ));
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({"type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1, "modifiers": modifiers});
            browser.call("Input.dispatchMouseEvent", event);
        }
        browser.eval("boxes().map(box => Number(box.checked)).join('')")
    };
    const SHIFT: u32 = 8;
    browser.wait("boxes().length === 5");
    for (row, modifiers, expected) in [
        (2, 0, "01000"),
        (4, SHIFT, "01110"),
        (3, 0, "01010"),
        (1, SHIFT, "11110"),
        (1, 0, "01110"),
        (5, SHIFT, "11111"),
        (4, SHIFT, "11100"),
    ] {
        assert_eq!(click(row, modifiers), expected, "row {row}");
    }
    assert_eq!(browser.eval("document.querySelector('#ticked').textContent"), "(3)");
    assert_calm(&browser);
}
