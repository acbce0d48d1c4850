//! The door over a real socket: tenants never meet on any route, links work once, strangers' words stay words.

mod bodies;
mod pages;
mod people;
mod values;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use axum::{
    body::Body,
    http::{Request, Version},
};
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{
    flow::{
        clock,
        gateway::{Identity, intake},
    },
    ground::{
        access::{Role, Scope},
        account::{Account, AccountType, Member},
        key::{AccountId, MemberId},
    },
    keep::{
        journal::Event,
        store::{StoreError, TokenRow},
    },
};
use sha2::{Digest, Sha256};

#[test]
fn the_openapi_document_has_every_route_and_no_other() {
    let document: serde_json::Value = serde_json::from_str(api::OPENAPI).unwrap();
    let mut documented: Vec<String> = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let methods = methods.as_object().unwrap().keys().filter(|m| *m != "parameters");
        documented.extend(methods.map(|m| format!("{} {path}", m.to_uppercase())));
    }
    let mut served: Vec<String> =
        routes().iter().map(|(method, path, _)| format!("{method} {path}")).collect();
    documented.sort();
    served.sort();
    assert_eq!(documented, served);
}

/// Two houses, `one` and `two`, each with a member, a form and an API token of its name.
struct Stage {
    gateway: Arc<Gateway>,
    address: SocketAddr,
    stop: CancellationToken,
    _folder: tempfile::TempDir,
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Status, head and body of an answer.
struct Heard {
    status: u16,
    head: String,
    body: String,
}

impl Stage {
    async fn set() -> Self {
        Self::set_with(Settings {
            request_bytes: 1 << 20,
            timeout: Duration::from_secs(30),
            head: Duration::from_secs(30),
            connections: 1000,
            deleted_days: 30,
            proxies: Vec::new(),
        })
        .await
    }

    async fn set_with(settings: Settings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let identity = Identity {
            base_url: format!("http://{address}"),
            channel_urls: crate::flow::gateway::ChannelUrls {
                channex: "http://127.0.0.1:9".into(),
                ..Default::default()
            },
            ..Identity::new("relais.localhost")
        };
        let maildirs = folder.path().join("maildirs");
        let (gateway, queue) =
            Gateway::open(identity, &folder.path().join("data"), &maildirs, [7; 32]).unwrap();
        for name in ["one", "two"] {
            let address = format!("{name}@relais.localhost").parse().unwrap();
            let id = AccountId::of(&[name.as_bytes()]);
            let account = Account::new(id, &format!("House {name}"), address, "en", name);
            let address = format!("ana@{name}.example").parse().unwrap();
            let member = Member::new(MemberId::of(&[name.as_bytes()]), account.id, address, "Ana");
            let (hash, owner): ([u8; 32], _) = (Sha256::digest(name).into(), account.id);
            gateway.put_account(&account).unwrap();
            gateway.record(Event::Member(member)).unwrap();
            let now = clock::now();
            gateway
                .store
                .write_blocking::<_, StoreError, _>(move |w| {
                    let token = TokenRow {
                        account: owner,
                        name: "test".into(),
                        scope: Scope::Admin,
                        created_at: now,
                        expires_at: None,
                    };
                    w.put_api_token(&hash, &token)
                })
                .unwrap();
        }
        let stop = CancellationToken::new();
        tokio::spawn(intake::run(Arc::clone(&gateway), queue, stop.clone()));
        tokio::spawn(serve(listener, Arc::clone(&gateway), settings, stop.clone()));
        Stage { gateway, address, stop, _folder: folder }
    }

    async fn ask(&self, method: &str, path: &str, more: &[(&str, &str)], body: &str) -> Heard {
        let mut request = format!("{method} {path} HTTP/1.0\r\nHost: {}\r\n", self.address);
        for (name, value) in more {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
        let mut stream = tokio::net::TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        Heard { status, head: head.to_owned(), body: body.to_owned() }
    }

    /// A request by the form of house `one`; the ids of conversation and message.
    async fn request(&self, fields: &serde_json::Value) -> (String, String) {
        let json = [("Content-Type", "application/json"), ("Accept", "application/json")];
        let made = self.ask("POST", "/f/one", &json, &fields.to_string()).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let made: serde_json::Value = serde_json::from_str(&made.body).unwrap();
        let id = made["conversation"].as_str().unwrap().to_owned();
        let token = [("Authorization", "Bearer one")];
        let seen = self.ask("GET", &format!("/api/v1/conversations/{id}"), &token, "").await;
        let seen: serde_json::Value = serde_json::from_str(&seen.body).unwrap();
        (id, seen["messages"][0]["id"].as_str().unwrap().to_owned())
    }

    fn here(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The path of a fresh sign-in link.
    fn link(&self, house: &str) -> String {
        let member = MemberId::of(&[house.as_bytes()]);
        let link = login_link(&self.gateway, member, clock::now());
        link.strip_prefix(&self.here()).unwrap().to_owned()
    }

    /// Signs the member of a house in; the cookie.
    async fn sign_in(&self, house: &str) -> String {
        let done = self.ask("POST", &self.link(house), &[("Origin", &self.here())], "").await;
        assert_eq!(done.status, 303, "{}", done.body);
        let line = done.head.lines().find_map(|l| l.strip_prefix("set-cookie: ")).unwrap();
        assert!(line.contains("HttpOnly") && line.contains("SameSite=Lax"), "{line}");
        line.split(';').next().unwrap().to_owned()
    }
}

fn filled(path: &str, conversation: &str, message: &str) -> String {
    let of_message = path.contains("/messages/{id}") || path.contains("/files/{id}");
    let id = if of_message { message } else { conversation };
    path.replace("{id}", id).replace("{position}", "0")
}

#[tokio::test(flavor = "multi_thread")]
async fn no_id_of_one_house_resolves_for_another() {
    let stage = Stage::set().await;
    let fields = serde_json::json!({"email": "v@guest.example", "message": "A room, please?"});
    let (conversation, message) = stage.request(&fields).await;
    let unknown = AccountId(1).to_string();
    let mut asked = 0;
    for (method, path, _) in routes() {
        if !path.starts_with("/api/") || !path.contains("{id}") {
            continue;
        }
        let token = [("Authorization", "Bearer two"), ("Content-Type", "application/json")];
        let sorting = format!(r#""messages":["{unknown}"]"#);
        let body = match path.rsplit('/').next().unwrap_or_default() {
            "messages" => r#"{"text":"hi"}"#.to_owned(),
            "decision" => r#"{"decision":"send"}"#.to_owned(),
            "merge" => format!(r#"{{"into":"{unknown}"}}"#),
            "language" => r#"{"language":"de"}"#.to_owned(),
            "split" => format!("{{{sorting}}}"),
            "move" => format!(r#"{{{sorting},"into":"{unknown}"}}"#),
            _ => String::new(),
        };
        let body = body.as_str();
        let theirs = filled(path, &conversation, &message);
        let theirs = stage.ask(method, &theirs, &token, body).await;
        let nobodys = stage.ask(method, &filled(path, &unknown, &unknown), &token, body).await;
        assert_eq!(theirs.status, 404, "{method} {path}: {}", theirs.body);
        assert_eq!(theirs.body, nobodys.body, "{method} {path} tells which ids exist");
        let without = stage.ask(method, &filled(path, &conversation, &message), &[], body).await;
        assert_eq!(without.status, 401, "{method} {path}");
        asked += 1;
    }
    assert!(asked >= 10, "the table has {asked} routes with ids");
    let (cookie, here) = (stage.sign_in("two").await, stage.here());
    for (path, _) in inbox::pages().into_iter().filter(|(path, _)| path.contains("{id}")) {
        let path = filled(path, &conversation, &message);
        let mut statuses = Vec::new();
        for (method, kind, body) in [
            ("GET", "text/plain", String::new()),
            (
                "POST",
                "application/x-www-form-urlencoded",
                format!("action=done&message={message}&decision=send&language=de"),
            ),
            ("POST", "application/json", r#"{"text":"hi"}"#.to_owned()),
        ] {
            let headers = [("Cookie", cookie.as_str()), ("Origin", &here), ("Content-Type", kind)];
            statuses.push(stage.ask(method, &path, &headers, &body).await.status);
        }
        assert!(statuses.contains(&404), "{path}: {statuses:?}");
        assert!(statuses.iter().all(|s| (400..500).contains(s)), "{path}: {statuses:?}");
    }
    let headers = [("Cookie", cookie.as_str()), ("Origin", here.as_str())];
    let body = format!("id={conversation}&confirm=1");
    assert_eq!(stage.ask("POST", "/inbox/delete", &headers, &body).await.status, 404);
    assert_eq!(stage.ask("POST", "/inbox/restore", &headers, &body).await.status, 404);
    let body = format!("id={conversation}&action=close");
    assert_eq!(stage.ask("POST", "/inbox/bulk", &headers, &body).await.status, 404);
    let list = stage.ask("GET", "/inbox", &headers, "").await;
    assert!(list.status == 200 && !list.body.contains(&conversation), "{}", list.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_signs_in_once_and_signing_out_ends_it() {
    let stage = Stage::set().await;
    let (link, here) = (stage.link("one"), stage.here());
    let looked = stage.ask("GET", &link, &[], "").await;
    assert!(looked.status == 200 && looked.body.contains("method=\"post\""), "{}", looked.body);
    let foreign = stage.ask("POST", &link, &[("Origin", "http://evil.example")], "").await;
    assert_eq!(foreign.status, 400);
    let own = [("Origin", here.as_str())];
    assert_eq!(
        stage.ask("POST", &link, &own, "").await.status,
        303,
        "nothing was spent by looking"
    );
    assert_eq!(stage.ask("POST", &link, &own, "").await.status, 410);
    let forged = link.replace('.', ".1");
    assert_eq!(stage.ask("POST", &forged, &own, "").await.status, 410);
    let cookie = stage.sign_in("one").await;
    let with = [("Cookie", cookie.as_str()), ("Origin", here.as_str())];
    assert_eq!(stage.ask("GET", "/inbox", &with, "").await.status, 200);
    let cross = [("Cookie", cookie.as_str()), ("Origin", "http://evil.example")];
    assert_eq!(stage.ask("POST", "/inbox/sign-out", &cross, "").await.status, 400);
    assert_eq!(stage.ask("POST", "/inbox/sign-out", &with, "").await.status, 303);
    let after = stage.ask("GET", "/inbox", &with, "").await;
    assert!(after.status == 303 && after.head.contains("/inbox/sign-in"), "{}", after.head);
    let gone = Event::MemberRemoved { member: MemberId::of(&[b"one"]) };
    let cookie = stage.sign_in("one").await;
    stage.gateway.record(gone).unwrap();
    let removed = stage.ask("GET", "/inbox", &[("Cookie", cookie.as_str())], "").await;
    assert_eq!(removed.status, 303, "a removed member is signed out");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_a_view_is_good_for_its_part_and_its_time() {
    let stage = Stage::set().await;
    let fields = serde_json::json!({"email": "v@guest.example", "message": "A room, please?"});
    let (_, message) = stage.request(&fields).await;
    let (account, id) = (AccountId::of(&[b"one"]), message.parse().unwrap());
    let link = |part: &str, now| inbox::view_link(&stage.gateway, account, id, part, now);
    let now = clock::now();
    // A form has neither HTML nor files: a right link says so, a forged one says no more.
    for (path, why) in [
        (link("html", now), "no HTML"),
        (link("0", now), "no file"),
        (link("0", now).replace("/0/", "/html/"), "another part"),
        (link("html", now - jiff::SignedDuration::from_hours(3)), "too old"),
        (link("html", now) + "x", "forged"),
    ] {
        assert_eq!(stage.ask("GET", &path, &[], "").await.status, 404, "{why}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_strangers_stay_words() {
    let stage = Stage::set().await;
    let hostile = "</div><script>alert(1)</script><img src=x onerror=alert(2)>\"'";
    let fields = serde_json::json!({
        "email": "v@guest.example", "name": hostile, "subject": hostile, "message": hostile,
        "phone": hostile,
    });
    let (conversation, _) = stage.request(&fields).await;
    let (cookie, here) = (stage.sign_in("one").await, stage.here());
    let headers = [("Cookie", cookie.as_str()), ("Origin", here.as_str())];
    let search = format!("/inbox?q={}", "%3Cscript%3Ealert(1)%22onfocus%3D");
    for path in ["/inbox", &format!("/inbox/{conversation}"), &search] {
        let page = stage.ask("GET", path, &headers, "").await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.head.contains("script-src 'self'") && !page.head.contains("unsafe"));
        let harmless = !page.body.contains("<script>") && !page.body.contains("<img");
        assert!(harmless && !page.body.contains("\"onfocus"), "{path}: {}", page.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_asks_and_can_be_undone() {
    let stage = Stage::set().await;
    let fields = serde_json::json!({"email": "v@guest.example", "message": "A room, please?"});
    let (conversation, _) = stage.request(&fields).await;
    let (cookie, here) = (stage.sign_in("one").await, stage.here());
    let headers = [("Cookie", cookie.as_str()), ("Origin", here.as_str())];
    let listed =
        async || stage.ask("GET", "/inbox", &headers, "").await.body.contains(&conversation);
    let asked = stage.ask("POST", "/inbox/delete", &headers, &format!("id={conversation}")).await;
    assert!(asked.status == 200 && asked.body.contains("name=\"confirm\" value=\"1\""));
    assert!(listed().await, "asking deletes nothing");
    let body = format!("id={conversation}&confirm=1");
    let done = stage.ask("POST", "/inbox/delete", &headers, &body).await;
    assert!(done.head.contains(&format!("/inbox?deleted={conversation}")), "{}", done.head);
    assert!(!listed().await);
    assert_eq!(stage.ask("POST", "/inbox/restore", &headers, &body).await.status, 303);
    assert!(listed().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_reply_keeps_its_files() {
    let stage = Stage::set().await;
    let fields = serde_json::json!({
        "email": "v@guest.example", "message": "Olá, quanto custa um quarto?", "language": "pt",
    });
    let (conversation, _) = stage.request(&fields).await;
    let (cookie, here) = (stage.sign_in("one").await, stage.here());
    let headers = [
        ("Cookie", cookie.as_str()),
        ("Origin", here.as_str()),
        ("Content-Type", "multipart/form-data; boundary=b"),
    ];
    let field = |name: &str, value: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let said =
        field("text", "A room is 100 EUR.") + &field("translation", "Um quarto custa 200 EUR.");
    let body = said.clone() + &field("files\"; filename=\"map.txt", "a map") + "--b--\r\n";
    let path = format!("/inbox/{conversation}/reply");
    let refused = stage.ask("POST", &path, &headers, &body).await;
    assert!(refused.body.contains("map.txt (5\u{a0}B)"), "{}", refused.body);
    assert!(refused.body.contains("A room is 100 EUR."), "{}", refused.body);
    // Another member's draft, or another house's, is nobody else's business.
    let stranger = stage.sign_in("two").await;
    let theirs = [("Cookie", stranger.as_str()), headers[1], headers[2]];
    let page = format!("/inbox/{conversation}");
    assert_eq!(stage.ask("GET", &page, &theirs, "").await.status, 404);
    let kept = refused.body.split("name=\"kept\" value=\"").nth(1).unwrap();
    let kept = kept.split('"').next().unwrap();
    let body = said.replace("200", "100") + &field("kept", kept) + "--b--\r\n";
    let sent = stage.ask("POST", &path, &headers, &body).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    let after = stage.ask("GET", &page, &headers, "").await.body;
    assert!(
        after.contains("map.txt (5\u{a0}B)</a>") && !after.contains("name=\"kept\""),
        "{after}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_and_scopes_say_who_may_do_what() {
    let stage = Stage::set().await;
    let fields = serde_json::json!({"email": "v@guest.example", "message": "A room, please?"});
    let (conversation, message) = stage.request(&fields).await;
    let account = AccountId::of(&[b"one"]);
    let (now, minute) = (clock::now(), jiff::SignedDuration::from_mins(1));
    for (token, scope, expires_at) in [
        ("read", Scope::Read, None),
        ("reply", Scope::Reply, Some(now + minute)),
        ("old", Scope::Admin, Some(now - minute)),
    ] {
        let hash: [u8; 32] = Sha256::digest(token).into();
        let name = token.into();
        let row = TokenRow { account, name, scope, created_at: now, expires_at };
        stage
            .gateway
            .store
            .write_blocking::<_, StoreError, _>(move |w| w.put_api_token(&hash, &row))
            .unwrap();
    }
    // Every route that changes something, for a token that may only read.
    for (method, path, _) in routes().iter().filter(|(_, path, _)| path.starts_with("/api/")) {
        let path = filled(path, &conversation, &message);
        let headers = [("Authorization", "Bearer read"), ("Content-Type", "application/json")];
        if *method != "GET" {
            let heard = stage.ask(method, &path, &headers, "{}").await;
            assert_eq!(heard.status, 403, "{method} {path}");
            assert!(heard.head.contains("application/problem+json"), "{}", heard.head);
        } else if !path.ends_with("/events") {
            let status = stage.ask(method, &path, &headers, "").await.status;
            assert!(status == 200 || status == 404, "{method} {path}: {status}");
        }
    }
    let one = format!("/api/v1/conversations/{conversation}");
    for (token, method, path, status) in [
        ("reply", "POST", format!("{one}/done"), 204),
        ("reply", "DELETE", one.clone(), 403),
        ("old", "GET", one, 401),
    ] {
        let bearer = format!("Bearer {token}");
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        let heard = stage.ask(method, &path, &headers, "{}").await;
        assert_eq!(heard.status, status, "{token} {method} {path}: {}", heard.body);
    }
    let page = format!("/inbox/{conversation}");
    for (role, reply, delete) in
        [(Role::ReadOnly, 403, 403), (Role::Member, 303, 403), (Role::Owner, 303, 303)]
    {
        let members = stage.gateway.store.read(|r| r.members(account)).unwrap();
        let member = Member { role, ..members.into_iter().next().unwrap() };
        stage.gateway.record(Event::Member(member)).unwrap();
        let (cookie, here) = (stage.sign_in("one").await, stage.here());
        let kind = ("Content-Type", "application/x-www-form-urlencoded");
        let headers = [("Cookie", cookie.as_str()), ("Origin", here.as_str()), kind];
        let shown = stage.ask("GET", &page, &headers, "").await;
        assert_eq!(shown.status, 200, "{role:?}");
        assert_eq!(shown.body.contains("name=\"action\""), reply == 303, "{role:?}: the buttons");
        assert_eq!(shown.body.contains("/delete\""), delete == 303, "{role:?}: the button");
        let path = format!("{page}/act");
        let acted = stage.ask("POST", &path, &headers, "action=close").await;
        assert_eq!(acted.status, reply, "{role:?}");
        let body = format!("id={conversation}&confirm=1");
        let deleted = stage.ask("POST", "/inbox/delete", &headers, &body).await;
        assert_eq!(deleted.status, delete, "{role:?}");
    }
}

#[test]
fn only_our_proxies_say_who_is_behind_them() {
    let proxies = ["172.17.0.1".parse().unwrap()];
    for (peer, field, expected) in [
        ("127.0.0.1", "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("192.0.2.1", "203.0.113.9", "192.0.2.1"),
        ("172.17.0.1", "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.7, 203.0.113.9, 172.17.0.1", "203.0.113.9"),
        ("172.17.0.1", "203.0.113.9, 127.0.0.1, nonsense", "172.17.0.1"),
        // As some proxies write it.
        ("127.0.0.1", "203.0.113.9:50123", "203.0.113.9"),
        ("127.0.0.1", "[2001:db8::9]:50123", "2001:db8::9"),
        ("127.0.0.1", "[2001:db8::9]", "2001:db8::9"),
        ("127.0.0.1", "203.0.113.9, ", "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9, ::1", "203.0.113.9"),
        // What a proxy passes on untouched is a visitor's claim.
        ("172.17.0.1", "127.0.0.1", "172.17.0.1"),
        ("172.17.0.1", "::ffff:127.0.0.1", "172.17.0.1"),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", field.parse().unwrap());
        let found = real_peer(peer.parse().unwrap(), &headers, &proxies);
        assert_eq!(found.address.to_string(), expected, "{peer} {field}");
        assert!(!found.is_local, "{peer} {field}");
    }
    let direct = |peer: &str| real_peer(peer.parse().unwrap(), &HeaderMap::new(), &proxies);
    assert!(direct("127.0.0.1").is_local && !direct("172.17.0.1").is_local);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_tests_the_relay_mail_in_the_settings() {
    let stage = Stage::set().await;
    let cookie = stage.sign_in("one").await;
    let headers = [("Cookie", cookie.as_str())];
    let before = stage.ask("GET", "/inbox/settings", &headers, "").await.body;
    assert!(before.contains("name=\"relay\"") && !before.contains("Extranet"), "{before}");
    let tested = stage.ask("GET", "/inbox/settings?relay=test", &headers, "").await.body;
    let find = |reading: &crate::keep::store::Reading<'_>| reading.accounts();
    let house = stage.gateway.store.read(find).unwrap().remove(0);
    let sender = house.relay_sender().to_string();
    for said in ["Booking.com: ", "Airbnb: ", "Extranet", sender.as_str()] {
        assert!(tested.contains(said), "{said} is missing: {tested}");
    }
    // Who rents no rooms has no such mail.
    let house = Account { account_type: AccountType::Activity, ..house };
    stage.gateway.put_account(&house).unwrap();
    let without = stage.ask("GET", "/inbox/settings?relay=test", &headers, "").await.body;
    assert!(!without.contains("Extranet") && !without.contains("name=\"relay\""), "{without}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_house_has_its_own_words() {
    let stage = Stage::set().await;
    let ask = async |token: &str, method: &str, path: &str, body: &str| {
        let bearer = format!("Bearer {token}");
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        let heard = stage.ask(method, path, &headers, body).await;
        (heard.status, heard.body)
    };
    let (at, long) = ("/api/v1/glossary", "x".repeat(201));
    let term = |term: &str, said: &str, to: &str| {
        serde_json::json!({"from": "fr", "to": to, "term": term, "said": said}).to_string()
    };
    for (body, status, why) in [
        (term(" lit parapluie ", "folding cot", "en"), 204, "added"),
        (term("lit parapluie", "travel cot", "en"), 204, "said otherwise"),
        (term("lit parapluie", "Reisebett", "de"), 204, "in another language"),
        (term("lit", " ", "en"), 422, "nothing said"),
        (term("lit", "lit", "fr"), 422, "the same language"),
        (term(&long, "x", "en"), 422, "too long for a term"),
        (term("a\nb", "x", "en"), 422, "two lines"),
        (term("lit", "bed", "english"), 400, "no language"),
        ("{}".to_owned(), 400, "nothing at all"),
    ] {
        let (found, answer) = ask("one", "PUT", at, &body).await;
        assert_eq!(found, status, "{why}: {answer}");
    }
    let terms = async |token: &str| {
        let (_, body) = ask(token, "GET", at, "").await;
        let listed: serde_json::Value = serde_json::from_str(&body).unwrap();
        let listed = listed["terms"].as_array().unwrap().clone();
        listed.iter().map(|t| format!("{} {}", t["to"], t["said"])).collect::<Vec<_>>()
    };
    assert_eq!(terms("one").await, [r#""de" "Reisebett""#, r#""en" "travel cot""#]);
    assert!(terms("two").await.is_empty(), "tenants never meet");
    let path = format!("{at}?from=fr&to=en&term=lit+parapluie");
    for (token, path, status, why) in [
        ("two", path.as_str(), 404, "another house's"),
        ("one", at, 400, "which?"),
        ("one", path.as_str(), 204, "it is out"),
        ("one", path.as_str(), 404, "it was out"),
    ] {
        assert_eq!(ask(token, "DELETE", path, "").await.0, status, "{why}");
    }
    assert_eq!(terms("one").await, [r#""de" "Reisebett""#]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_is_told_by_whom_and_from_where() {
    let stage = Stage::set().await;
    let fields = serde_json::json!({"email": "v@guest.example", "message": "A room, please?"});
    let (conversation, _) = stage.request(&fields).await;
    let token = [("Authorization", "Bearer one"), ("Content-Type", "application/json")];
    let api = format!("/api/v1/conversations/{conversation}");
    assert_eq!(stage.ask("POST", &format!("{api}/done"), &token, "{}").await.status, 204);
    let (cookie, here) = (stage.sign_in("one").await, stage.here());
    let kind = ("Content-Type", "application/x-www-form-urlencoded");
    let headers = [("Cookie", cookie.as_str()), ("Origin", here.as_str()), kind];
    let page = format!("/inbox/{conversation}");
    stage.ask("GET", &page, &headers, "").await;
    stage.ask("POST", &format!("{page}/act"), &headers, "action=close").await;
    let question = format!("id={conversation}");
    assert_eq!(stage.ask("POST", "/inbox/delete", &headers, &question).await.status, 200);
    let elsewhere = format!("/inbox/{}/act", AccountId(1));
    assert_eq!(stage.ask("POST", &elsewhere, &headers, "action=done").await.status, 404);
    let log = stage.ask("GET", "/inbox/settings/audit", &headers, "").await;
    assert!(
        log.status == 200 && log.body.contains("127.0.0.1") && log.body.contains("<b>closed</b>"),
        "{}",
        log.body
    );
    let actions = |house: &str| {
        let account = AccountId::of(&[house.as_bytes()]);
        let rows = stage.gateway.store.read(|r| r.actions(account, None, 100)).unwrap();
        rows.into_iter().rev().map(|row| row.action).collect::<Vec<_>>()
    };
    let told: Vec<_> = actions("one").into_iter().map(|a| (a.who, a.what, a.refused)).collect();
    let (ana, test) = ("Ana <ana@one.example>", "API token test");
    let expected = [
        (test, "done", None),
        (ana, "sign-in", None),
        (ana, "close", None),
        (ana, "done", Some(404)),
    ];
    let expected = expected.map(|(who, what, refused)| (who.to_owned(), what.to_owned(), refused));
    assert_eq!(told, expected);
    assert!(actions("two").is_empty());
    // Only owners read it; a rebuild has it again.
    let before = actions("one");
    stage.gateway.rebuild(|_| {}).unwrap();
    assert_eq!(actions("one"), before);
    let account = AccountId::of(&[b"one"]);
    let member = stage.gateway.store.read(|r| r.members(account)).unwrap().remove(0);
    stage.gateway.record(Event::Member(Member { role: Role::Member, ..member })).unwrap();
    assert_eq!(stage.ask("GET", "/inbox/settings/audit", &headers, "").await.status, 403);
}

const HURRIED: Settings = Settings {
    request_bytes: 4 << 20,
    timeout: Duration::from_secs(2),
    head: Duration::from_secs(2),
    connections: 2,
    deleted_days: 30,
    proxies: Vec::new(),
};

/// A slow line is no slow request, and silence is one.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_has_time_as_long_as_it_comes() {
    let stage = Stage::set_with(HURRIED).await;
    let body = r#"{"email": "g@guest.example", "message": "Is the small room free in May, or the large one?"}"#;
    for (pieces, status) in [(body.len() / 12, 201), (1, 503)] {
        let mut stream = tokio::net::TcpStream::connect(stage.address).await.unwrap();
        let head = format!(
            "POST /f/one HTTP/1.0\r\nHost: x\r\nAccept: application/json\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        for piece in body.as_bytes().chunks(12).take(pieces + 1) {
            stream.write_all(piece).await.unwrap();
            if pieces > 1 {
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        }
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.starts_with(&format!("HTTP/1.0 {status}")), "{pieces}: {answer}");
    }
}

/// Who says nothing, or begins as HTTP/2 would, is not waited for; and nobody has all connections for ever.
#[tokio::test(flavor = "multi_thread")]
async fn a_silent_connection_ends() {
    let stage = Stage::set_with(HURRIED).await;
    let mut silent = Vec::new();
    for begun in ["", "PRI * HT"] {
        let mut stream = tokio::net::TcpStream::connect(stage.address).await.unwrap();
        stream.write_all(begun.as_bytes()).await.unwrap();
        silent.push(stream);
    }
    // Both places are taken until they end.
    let health = stage.ask("GET", "/healthz", &[], "");
    let health = tokio::time::timeout(Duration::from_secs(20), health).await;
    assert_eq!(health.expect("the places are still taken").status, 200);
    for mut stream in silent {
        let mut heard = Vec::new();
        let ended = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut heard));
        assert!(ended.await.is_ok(), "it is still open");
    }
}

/// A proxy may be told to speak HTTP/2 from the first byte; the requests of one connection do not wait for each other.
#[tokio::test(flavor = "multi_thread")]
async fn http_2_is_spoken_with_who_begins_with_it() {
    let few = Settings { connections: 1, head: Duration::from_secs(30), ..HURRIED };
    let stage = Stage::set_with(few).await;
    let stream = tokio::net::TcpStream::connect(stage.address).await.unwrap();
    let wire = (TokioExecutor::new(), TokioIo::new(stream));
    let (sender, connection) = http2::handshake(wire.0, wire.1).await.unwrap();
    tokio::spawn(connection);
    let ask = async |path: &str| {
        let url = format!("http://{}{path}", stage.address);
        let request = Request::get(url).header("Authorization", "Bearer one");
        let asked = sender.clone().send_request(request.body(Body::empty()).unwrap());
        let answer = tokio::time::timeout(Duration::from_secs(20), asked);
        answer.await.expect("it waits for the others").unwrap()
    };
    let page = ask("/api/v1/events").await;
    assert_eq!((page.status().as_u16(), page.version()), (200, Version::HTTP_2));
    for (path, status) in [("/healthz", 200), ("/api/v1/counts", 200), ("/api/v1/nothing", 404)] {
        assert_eq!(ask(path).await.status().as_u16(), status, "{path}");
    }
    // Which host was meant is in no field of HTTP/2, and who sends what from where is asked all the same.
    let origin = format!("http://{}", stage.address);
    for (origin, status) in [(origin.as_str(), 201), ("https://evil.example", 403)] {
        let asked = Request::post(format!("http://{}/f/one", stage.address))
            .header("Origin", origin)
            .header("Accept", "application/json")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(Body::from("email=g@guest.example&message=Is+there+a+room+in+May"))
            .unwrap();
        let answer = sender.clone().send_request(asked).await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{origin}");
    }
    drop(page);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_where_files_go_is_much_taken() {
    let stage = Stage::set_with(Settings {
        head: Duration::from_secs(30),
        timeout: Duration::from_secs(30),
        ..HURRIED
    })
    .await;
    let long = "word ".repeat(300_000);
    let token = [("Authorization", "Bearer one"), ("Content-Type", "application/json")];
    let preview = serde_json::json!({"text": long}).to_string();
    let refused = stage.ask("POST", "/api/v1/translate/preview", &token, &preview).await;
    assert_eq!(refused.status, 413, "{}", refused.body);
    let file = format!(
        "--b\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\ng@guest.example\r\n--b\r\n\
         Content-Disposition: form-data; name=\"message\"\r\n\r\nA room?\r\n--b\r\nContent-Disposition: form-data; \
         name=\"file\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\n{long}\r\n--b--\r\n"
    );
    let kind =
        [("Content-Type", "multipart/form-data; boundary=b"), ("Accept", "application/json")];
    assert_eq!(stage.ask("POST", "/f/one", &kind, &file).await.status, 201);
}
