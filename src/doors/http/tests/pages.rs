//! The pages of the inbox as a browser asks for them.

use super::*;
use crate::{flow::gateway::NewConnection, ground::conversation::Channel, keep::store::Purpose};

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

/// A conversation of house `one`, and the headers of who is signed in there.
struct Page {
    stage: Stage,
    id: String,
    cookie: String,
    here: String,
}

impl Page {
    async fn with(message: &str) -> Self {
        let stage = Stage::set().await;
        let fields = serde_json::json!({"email": "v@guest.example", "message": message});
        let (id, _) = stage.request(&fields).await;
        let (cookie, here) = (stage.sign_in("one").await, stage.here());
        Page { stage, id, cookie, here }
    }

    async fn get(&self, path: &str, more: &[(&str, &str)]) -> Heard {
        let cookie = [("Cookie", self.cookie.as_str())];
        self.stage.ask("GET", path, &[&cookie, more].concat(), "").await
    }

    async fn post(&self, path: &str, body: &str) -> Heard {
        let headers = [("Cookie", self.cookie.as_str()), ("Origin", self.here.as_str()), FORM];
        self.stage.ask("POST", path, &headers, body).await
    }

    async fn lists(&self, query: &str) -> bool {
        let list = self.get(&format!("/inbox{query}"), &[]).await;
        assert_eq!(list.status, 200, "{}", list.body);
        list.body.contains(&format!("id=\"c{}\"", self.id))
    }

    fn unread(&self) -> i64 {
        let account = AccountId::of(&[b"one"]);
        self.stage.gateway.store.read(|r| r.counts(account)).unwrap().unread
    }
}

fn header<'h>(heard: &'h Heard, name: &str) -> Vec<&'h str> {
    let name = format!("{name}: ");
    heard.head.lines().filter_map(|line| line.strip_prefix(&*name)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_found_while_typing_is_found_after_enter() {
    let page = Page::with("Is there parking near the house?").await;
    for (typed, found) in [
        ("park", true),
        ("parking", true),
        ("near+the+hou", true),
        ("park+", false),
        ("par+house", false),
        ("%22near+the+hou%22", false),
        ("%22near+the%22", true),
    ] {
        assert_eq!(page.lists(&format!("?q={typed}")).await, found, "{typed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_closed_is_out_of_the_list_and_in_a_search() {
    let page = Page::with("Is there parking?").await;
    assert!(page.lists("").await);
    let closed = page.post(&format!("/inbox/{}/act", page.id), "action=close").await;
    assert_eq!(header(&closed, "location"), ["/inbox"], "what is dealt with is left");
    let done = page.post(&format!("/inbox/{}/act?q=park", page.id), "action=done").await;
    assert_eq!(header(&done, "location"), ["/inbox?q=park"]);
    for (query, listed) in [
        ("", false),
        ("?filter=open", false),
        ("?filter=all", true),
        ("?filter=closed", true),
        ("?q=parking", true),
        ("?q=parking&filter=open", false),
    ] {
        assert_eq!(page.lists(query).await, listed, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_leads_back_to_its_list() {
    let page = Page::with("Is there parking?").await;
    let list = page.get("/inbox?filter=needs_reply&q=park", &[]).await.body;
    assert!(list.contains("name=\"back\" value=\"filter=needs_reply&#38;q=park\""), "{list}");
    let back = "back=filter%3Dneeds_reply%26q%3Dpark";
    let asked = page.post("/inbox/delete", &format!("id={}&{back}", page.id)).await.body;
    assert!(asked.contains("name=\"back\" value=\"filter=needs_reply&#38;q=park\""), "{asked}");
    let body = format!("id={}&confirm=1&{back}", page.id);
    let deleted = page.post("/inbox/delete", &body).await;
    let expected = format!("/inbox?deleted={}&filter=needs_reply&q=park", page.id);
    assert_eq!(header(&deleted, "location"), [expected]);
    let undone = page.post("/inbox/restore", &body).await;
    assert_eq!(header(&undone, "location"), ["/inbox?filter=needs_reply&q=park"]);
    let body = format!("id={}&action=read&back=x%0d%0aSet-Cookie%3A+a%3Db", page.id);
    let hostile = page.post("/inbox/bulk", &body).await;
    assert_eq!(header(&hostile, "location"), ["/inbox"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_page_that_is_looked_at_marks_as_read() {
    let page = Page::with("Is there parking?").await;
    let path = format!("/inbox/{}", page.id);
    for (headers, unread) in
        [(&[("x-live", "1")][..], 1), (&[("x-live", "1"), ("x-seen", "1")][..], 0)]
    {
        assert_eq!(page.get(&path, headers).await.status, 200);
        assert_eq!(page.unread(), unread, "{headers:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_answered_or_done_is_read_and_stays_so() {
    let token = [("Authorization", "Bearer one"), ("Content-Type", "application/json")];
    for (path, body) in
        [("messages", r#"{"text":"Yes, there is."}"#), ("done", "{}"), ("close", "{}")]
    {
        let page = Page::with("Is there parking?").await;
        assert_eq!(page.unread(), 1);
        let path = format!("/api/v1/conversations/{}/{path}", page.id);
        assert!(page.stage.ask("POST", &path, &token, body).await.status < 300, "{path}");
        assert_eq!(page.unread(), 0, "{path}");
        page.stage.gateway.rebuild(|_| {}).unwrap();
        assert_eq!(page.unread(), 0, "{path}, made again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_to_sign_in_goes_on_where_they_wanted() {
    let page = Page::with("Is there parking?").await;
    let (stage, here) = (&page.stage, page.here.as_str());
    let reading = format!("/inbox/{}", page.id);
    for (method, path, next) in [
        ("GET", reading.clone(), reading.clone()),
        ("GET", "/inbox?filter=unread".to_owned(), "/inbox?filter=unread".to_owned()),
        ("POST", format!("{reading}/reply"), reading.clone()),
    ] {
        let sent = stage.ask(method, &path, &[("Origin", here), FORM], "").await;
        assert_eq!(header(&sent, "location"), ["/inbox/sign-in"], "{path}");
        let kept = header(&sent, "set-cookie")[0].split(';').next().unwrap();
        let signs = [("Origin", here), ("Cookie", kept)];
        let done = stage.ask("POST", &stage.link("one"), &signs, "").await;
        assert_eq!(header(&done, "location"), [next], "{path}");
        assert!(header(&done, "set-cookie")[1].contains("Max-Age=0"), "{}", done.head);
    }
    for elsewhere in ["https://evil.example/", "/inboxes", "//evil.example", "/inbox/\r\nX: y"] {
        let kept = data_encoding::BASE32_NOPAD.encode(elsewhere.as_bytes());
        let kept = format!("relais_next={kept}");
        let signs = [("Origin", here), ("Cookie", kept.as_str())];
        let done = stage.ask("POST", &stage.link("one"), &signs, "").await;
        assert_eq!(header(&done, "location"), ["/inbox"], "{elsewhere}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_is_told_that_nobody_is_signed_in() {
    let page = Page::with("Is there parking?").await;
    let draft = format!("/inbox/{}/draft", page.id);
    let (origin, live) = (("Origin", page.here.as_str()), ("x-live", "1"));
    assert_eq!(page.stage.ask("POST", &draft, &[origin, live], "").await.status, 401);
    let stream = [("Accept", "text/event-stream")];
    assert_eq!(page.stage.ask("GET", "/inbox/events", &stream, "").await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_wrong_is_said_in_the_language_of_the_page() {
    let page = Page::with("Is there parking?").await;
    let french = ("Accept-Language", "fr");
    let nothing = "Il n&#39;y a rien à cette adresse";
    for path in ["/held/x/y", "/quiet/x/y", "/read/x/y"] {
        let heard = page.stage.ask("GET", path, &[french], "").await;
        assert!(heard.status >= 400 && heard.body.contains("<html lang=\"fr\""), "{path}");
        let nothing_or_bad = heard.body.contains(nothing) || heard.body.contains("illisible");
        assert!(nothing_or_bad, "{path}: {}", heard.body);
    }
    // Whoever is signed in has the language of the house.
    let unknown = format!("/inbox/{}", AccountId(1));
    let heard = page.get(&unknown, &[french]).await;
    assert!(heard.body.contains("There is nothing at this address."), "{}", heard.body);
    let wrong = "name=One&language=en&time_zone=Mars%2FOlympus&signature=";
    let account = AccountId::of(&[b"one"]);
    let house = page.stage.gateway.store.read(|r| r.account(account)).unwrap().unwrap();
    page.stage.gateway.put_account(&Account { language: "de".into(), ..house }).unwrap();
    let heard = page.post("/inbox/settings", wrong).await;
    let said = heard.body.contains("Zeitzone „Mars/Olympus“");
    assert!(heard.status == 422 && said, "{}", heard.body);
    let kept = page.post("/inbox/settings", "name=One&language=de&time_zone=&signature=").await;
    let after = page.get(header(&kept, "location")[0], &[]).await;
    assert!(after.body.contains("Gespeichert."), "{}", after.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrected_translation_of_other_words_does_not_leave() {
    let stage = Stage::set().await;
    let fields = serde_json::json!({
        "email": "v@guest.example", "message": "Olá, quanto custa um quarto?", "language": "pt",
    });
    let (id, _) = stage.request(&fields).await;
    let (cookie, here) = (stage.sign_in("one").await, stage.here());
    let headers = [
        ("Cookie", cookie.as_str()),
        ("Origin", here.as_str()),
        ("Content-Type", "multipart/form-data; boundary=b"),
    ];
    let body = |fields: &[(&str, &str)]| {
        let field = |(name, value): &(&str, &str)| {
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        fields.iter().map(field).collect::<String>() + "--b--\r\n"
    };
    let path = format!("/inbox/{id}/reply");
    let said = body(&[
        ("text", "A room is 100 EUR with breakfast."),
        ("previewed", "A room is 100 EUR."),
        ("offered", "Uma sala custa 100 EUR."),
        ("translation", "Um quarto custa 100 EUR."),
        ("translate", "yes"),
    ]);
    let stopped = stage.ask("POST", &path, &headers, &said).await;
    assert_eq!(stopped.status, 422, "{}", stopped.body);
    assert!(stopped.body.contains("The text was changed after this translation."));
    let as_written = said.replace("\r\nyes\r\n", "\r\nno\r\n");
    assert_eq!(stage.ask("POST", &path, &headers, &as_written).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_is_mailed_few_links() {
    let stage = Stage::set().await;
    let here = stage.here();
    let headers = [("Origin", here.as_str()), FORM];
    let links = || {
        let queued = stage.gateway.store.read(|r| r.queue()).unwrap();
        queued.iter().filter(|mail| mail.purpose == Purpose::SignIn).count()
    };
    for _ in 0..15 {
        let asked = stage.ask("POST", "/inbox/sign-in", &headers, "email=ana@one.example").await;
        assert_eq!(asked.status, 200);
    }
    let other = stage.ask("POST", "/inbox/sign-in", &headers, "email=ana@two.example").await;
    assert_eq!(other.status, 200);
    for _ in 0..500 {
        if links() == 9 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(links(), 9, "eight for one, one for the other");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_house_says_whether_a_robot_filled_in_the_form() {
    let page = Page::with("Is there parking?").await;
    let fields =
        serde_json::json!({"email": "r@guest.example", "message": "A room?", "website": "x"});
    let (id, message) = page.stage.request(&fields).await;
    let listed = async |query: &str| {
        let list = page.get(&format!("/inbox{query}"), &[]).await;
        (list.body.contains(&format!("id=\"c{id}\"")), list.body.contains("probably a robot"))
    };
    assert_eq!(listed("").await, (false, false), "out of the way");
    assert_eq!(listed("?filter=held").await, (true, true));
    let shown = page.get(&format!("/inbox/{id}"), &[]).await;
    assert!(shown.body.contains("A person wrote this"), "{}", shown.body);
    let decided = format!("message={message}&decision=send");
    assert_eq!(page.post(&format!("/inbox/{id}/held"), &decided).await.status, 303);
    assert_eq!(listed("").await, (true, false));
    assert!(!listed("?filter=held").await.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_house_writes_first_where_a_platform_can_be_asked() {
    let page = Page::with("Is there parking?").await;
    let offers = async || page.get("/inbox", &[]).await.body.contains("action=\"/inbox/begin\"");
    assert!(!offers().await, "nobody could be asked");
    page.stage
        .gateway
        .connect(&NewConnection {
            account: AccountId::of(&[b"one"]),
            channel: Channel::Booking,
            machine: "machine-1".into(),
            secret: "s".into(),
            property: "1".into(),
            url: "http://127.0.0.1:9".into(),
            token_url: "http://127.0.0.1:9".into(),
            renew: false,
        })
        .unwrap();
    assert!(offers().await);
    // The list again, with what was typed and why it was nothing.
    let list = |begun: &Heard, said: &str| {
        let is_list = begun.body.contains("<ul class=\"list\">");
        begun.status == 422 && is_list && begun.body.contains(said)
    };
    let begun = page.post("/inbox/begin", "reservation=..%2F5900000001").await;
    assert!(list(&begun, "role=\"alert\">No platform"), "{}", begun.body);
    assert!(begun.body.contains("value=\"../5900000001\""), "{}", begun.body);
    // This stage does not serve channels.
    let begun = page.post("/inbox/begin", "reservation=5900000001").await;
    assert!(list(&begun, "role=\"alert\">The platform does not answer"), "{}", begun.body);
    for _ in 0..8 {
        assert_eq!(page.post("/inbox/begin", "reservation=x").await.status, 422);
    }
    assert_eq!(page.post("/inbox/begin", "reservation=x").await.status, 429, "no trying");
}

/// What an open stream says until it ends; asked by a page or a token.
struct Following(tokio::net::TcpStream);

impl Following {
    async fn begin(stage: &Stage, path: &str, (name, value): (&str, &str)) -> Self {
        let mut stream = tokio::net::TcpStream::connect(stage.address).await.unwrap();
        let asked = format!("GET {path} HTTP/1.0\r\nHost: x\r\n{name}: {value}\r\n\r\n");
        stream.write_all(asked.as_bytes()).await.unwrap();
        let mut first = [0; 15];
        stream.read_exact(&mut first).await.unwrap();
        assert_eq!(&first, b"HTTP/1.0 200 OK");
        Following(stream)
    }

    async fn rest(mut self) -> String {
        let mut heard = String::new();
        let ended =
            tokio::time::timeout(Duration::from_secs(20), self.0.read_to_string(&mut heard));
        ended.await.expect("it is still open").unwrap();
        heard
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_with_the_right_to_hear_it() {
    let page = Page::with("Is there parking?").await;
    let (stage, account) = (&page.stage, AccountId::of(&[b"one"]));
    let saying = |text: &str| serde_json::json!({"email": "v@guest.example", "message": text});
    let session = ("Cookie", page.cookie.as_str());
    let token = ("Authorization", "Bearer one");
    let follow = async |path: &str, by| Following::begin(stage, path, by).await;
    let signed_out = follow("/inbox/events", session).await;
    page.post("/inbox/sign-out", "").await;
    stage.request(&saying("And breakfast?")).await;
    assert!(!signed_out.rest().await.contains("changed"), "signed out");
    let cookie = stage.sign_in("one").await;
    let removed = follow("/inbox/events", ("Cookie", cookie.as_str())).await;
    let member = MemberId::of(&[b"one"]);
    stage.gateway.record(Event::MemberRemoved { member }).unwrap();
    stage.request(&saying("And supper?")).await;
    assert!(!removed.rest().await.contains("changed"), "removed");
    let revoked = follow("/api/v1/events", token).await;
    stage
        .gateway
        .store
        .write_blocking::<_, StoreError, _>(move |w| w.revoke_api_tokens(account, "test"))
        .unwrap();
    let json = [("Content-Type", "application/json"), ("Accept", "application/json")];
    let made = stage.ask("POST", "/f/one", &json, &saying("And a cot?").to_string()).await;
    assert_eq!(made.status, 201);
    assert!(!revoked.rest().await.contains("changed"), "revoked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_is_over_says_so_in_words() {
    let page = Page::with("Is there parking?").await;
    for path in ["/view/a/b/html/1/x", &format!("/inbox/files/{}/html/view", AccountId(1))] {
        let heard = page.get(path, &[("Accept-Language", "fr")]).await;
        assert_eq!(heard.status, 404, "{path}");
        assert!(heard.head.contains("text/html"), "{path}: {}", heard.head);
        assert!(heard.head.contains("frame-ancestors 'self'"), "{path}: {}", heard.head);
        assert!(heard.head.contains("x-frame-options: SAMEORIGIN"), "{path}: {}", heard.head);
        assert!(heard.body.contains("<html lang"), "{path}: {}", heard.body);
    }
    let heard = page.stage.ask("GET", "/view/a/b/html/1/x", &[("Accept-Language", "fr")], "").await;
    assert!(heard.body.contains("<html lang=\"fr\">"), "{}", heard.body);
    assert!(heard.body.contains("à cette adresse"), "{}", heard.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_signs_others_out_and_a_member_only_themselves() {
    let page = Page::with("Is there parking?").await;
    let (stage, account) = (&page.stage, AccountId::of(&[b"one"]));
    let rui = Member {
        id: MemberId::of(&[b"rui"]),
        name: "Rui".into(),
        address: "rui@one.example".parse().unwrap(),
        role: Role::Member,
        ..stage.gateway.store.read(|r| r.members(account)).unwrap().remove(0)
    };
    stage.gateway.record(Event::Member(rui.clone())).unwrap();
    let here = stage.here();
    let agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0";
    let link = login_link(&stage.gateway, rui.id, clock::now());
    let link = link.strip_prefix(&here).unwrap();
    let signs = [("Origin", here.as_str()), ("User-Agent", agent)];
    let done = stage.ask("POST", link, &signs, "").await;
    let cookie = header(&done, "set-cookie")[0].split(';').next().unwrap();
    let ids = |body: &str| {
        let parts = body.split("action=\"/inbox/settings/sessions\"").skip(1);
        let id = |part: &str| {
            part.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
        };
        parts.map(id).collect::<Vec<_>>()
    };
    let owners = page.get("/inbox/settings", &[]).await.body;
    assert!(owners.contains(&format!("title=\"{agent}\">Firefox, Windows<")), "{owners}");
    let settings = [("Cookie", cookie)];
    let members = stage.ask("GET", "/inbox/settings", &settings, "").await.body;
    assert_eq!((ids(&owners).len(), ids(&members).len()), (2, 1), "{owners}");
    let theirs = &ids(&members)[0];
    let owns = ids(&owners).into_iter().find(|id| id != theirs).unwrap();
    let by_member = [("Cookie", cookie), ("Origin", here.as_str()), FORM];
    let path = "/inbox/settings/sessions";
    let refused = stage.ask("POST", path, &by_member, &format!("id={owns}")).await;
    assert_eq!(refused.status, 404, "not an owner");
    assert_eq!(page.post(path, &format!("id={theirs}")).await.status, 303);
    assert_eq!(stage.ask("GET", "/inbox", &settings, "").await.status, 303, "signed out");
    assert_eq!(page.get("/inbox", &[]).await.status, 200);
    let other = stage.sign_in("two").await;
    let stranger = [("Cookie", other.as_str()), ("Origin", here.as_str()), FORM];
    let refused = stage.ask("POST", path, &stranger, &format!("id={owns}")).await;
    assert_eq!(refused.status, 404, "an owner of another house");
}

#[tokio::test(flavor = "multi_thread")]
async fn emoji_are_found_in_the_language_of_the_page() {
    let page = Page::with("Is there parking?").await;
    let account = AccountId::of(&[b"one"]);
    let heart = "\u{2764}\u{fe0f}";
    for (language, word) in [
        ("en", "heart"),
        ("fr", "cœur rouge"),
        ("es", "corazón"),
        ("de", "herz"),
        ("it", "cuore"),
        ("pt", "coração"),
    ] {
        let house = page.stage.gateway.store.read(|r| r.account(account)).unwrap().unwrap();
        page.stage.gateway.put_account(&Account { language: language.into(), ..house }).unwrap();
        let shown = page.get(&format!("/inbox/{}", page.id), &[]).await.body;
        let path = shown.split("data-src=\"").nth(1).unwrap().split('"').next().unwrap();
        let all = page.get(path, &[]).await;
        let all: Vec<(String, String)> = serde_json::from_str(&all.body).unwrap();
        let found = all.iter().find(|(emoji, _)| emoji == heart).unwrap();
        assert!(found.1.contains(word), "{language}: {}", found.1);
        assert!(all.len() > 1500, "{language}: {}", all.len());
        let flag = all.iter().find(|(emoji, _)| emoji == "\u{1f1f5}\u{1f1f9}").unwrap();
        let named = flag.1.contains("portugal") || flag.1.contains("portogallo");
        assert!(named, "{language}: {}", flag.1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_names_conversations_and_goes_back_page_by_page() {
    let page = Page::with("Is there parking?").await;
    let act = format!("/inbox/{}/act", page.id);
    for n in 0..120 {
        let action = if n % 2 == 0 { "action=read" } else { "action=unread" };
        assert_eq!(page.post(&act, action).await.status, 303);
    }
    let log = page.get("/inbox/settings/audit", &[]).await.body;
    let lines = |body: &str| body.matches("<li>").count();
    let link = format!("<a href=\"/inbox/{}\"><bdi>v@guest.example – ", page.id);
    assert!(log.contains(&link), "{log}");
    assert_eq!(lines(&log), 100);
    let older = log.split("/inbox/settings/audit?before=").nth(1).unwrap();
    let older = older.split('"').next().unwrap();
    let rest = page.get(&format!("/inbox/settings/audit?before={older}"), &[]).await.body;
    // The sign-in is the first of all.
    assert!(lines(&rest) == 21 && rest.contains("<b>signed in</b>"), "{rest}");
    assert!(!rest.contains("?before="), "nothing came before");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_very_long_conversation_begins_with_its_newest_messages() {
    let page = Page::with("Is there parking?").await;
    let token = [("Authorization", "Bearer one"), ("Content-Type", "application/json")];
    let path = format!("/api/v1/conversations/{}/messages", page.id);
    for n in 1..=54 {
        let body = format!(r#"{{"text":"Note {n}.","verb":"note"}}"#);
        assert!(page.stage.ask("POST", &path, &token, &body).await.status < 300);
    }
    let at = |query: &str| format!("/inbox/{}{query}", page.id);
    let messages = |body: &str| body.matches("<article").count();
    let shown = page.get(&at("?filter=all"), &[]).await.body;
    assert_eq!(messages(&shown), 50);
    assert!(!shown.contains("there parking?</div>") && shown.contains("Note 54."), "{shown}");
    assert!(shown.contains("filter=all&amp;all=1\">5 earlier messages<"), "{shown}");
    let whole = page.get(&at("?filter=all&all=1"), &[]).await.body;
    assert_eq!(messages(&whole), 55);
    assert!(!whole.contains("all=1\">"));
    // A search is no reason to show all of them.
    let found = page.get(&at("?q=parking"), &[]).await.body;
    assert!(messages(&found) == 50 && found.contains("q=parking&amp;all=1\">5 earlier"), "{found}");
    // Where it is found the link leads, and so far back goes the page.
    let list = page.get("/inbox?q=parking", &[]).await.body;
    let link = list.split("<a href=\"").find(|rest| rest.contains("at=")).unwrap();
    let link = link.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
    let message = link.rsplit_once("#m").unwrap().1.to_owned();
    assert!(list.contains("Is there <mark>parking</mark>?"), "{list}");
    let found = page.get(&link, &[]).await.body;
    assert_eq!(messages(&found), 55, "{link}");
    assert!(found.contains(&format!("found\" id=\"m{message}\"")), "{found}");
    let near = page.get(&at("?at=x"), &[]).await.body;
    assert_eq!(messages(&near), 50);
    // What the house says to itself was not said to the visitor.
    let list = page.get("/inbox", &[]).await.body;
    assert!(list.contains("Note:&nbsp;") && !list.contains("Us:"), "{list}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_comes_by_a_signed_link_and_is_saved() {
    let stage = Stage::set().await;
    let form = "--b\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\ng@guest.example\r\n--b\r\n\
         Content-Disposition: form-data; name=\"message\"\r\n\r\nA room?\r\n--b\r\nContent-Disposition: form-data; \
         name=\"file\"; filename=\"page.html\"\r\nContent-Type: text/html\r\n\r\n<b>hi</b>\r\n--b--\r\n";
    let kind =
        [("Content-Type", "multipart/form-data; boundary=b"), ("Accept", "application/json")];
    let made = stage.ask("POST", "/f/one", &kind, form).await;
    let made: serde_json::Value = serde_json::from_str(&made.body).unwrap();
    let cookie = stage.sign_in("one").await;
    let signed_in = [("Cookie", cookie.as_str())];
    let path = format!("/inbox/{}", made["conversation"].as_str().unwrap());
    let shown = stage.ask("GET", &path, &signed_in, "").await.body;
    let files = shown.split("href=\"/inbox/files/").nth(1).unwrap();
    let path = format!("/inbox/files/{}", files.split('"').next().unwrap());
    assert_eq!(stage.ask("GET", &path, &[], "").await.status, 303, "who is nobody signs in");
    let led = stage.ask("GET", &path, &signed_in, "").await;
    let to = header(&led, "location")[0].to_owned();
    assert!(led.status == 303 && to.starts_with("/view/"), "{}", led.head);
    let until: i64 = to.split('/').nth(5).unwrap().parse().unwrap();
    assert!(until <= clock::now().as_second() + 60, "it outlives the session: {to}");
    // No cookie is needed there, and none would help.
    let file = stage.ask("GET", &to, &[], "").await;
    assert_eq!((file.status, file.body.as_str()), (200, "<b>hi</b>"), "{}", file.head);
    assert!(header(&file, "content-disposition")[0].starts_with("attachment"), "{}", file.head);
    assert_eq!(header(&file, "x-content-type-options"), ["nosniff"]);
    let other = to.replace("/file-0/", "/file-1/");
    assert_eq!(stage.ask("GET", &other, &signed_in, "").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn members_tick_the_languages_they_read() {
    let page = Page::with("Is there parking?").await;
    let account = AccountId::of(&[b"one"]);
    let (member, path) = (MemberId::of(&[b"one"]), "/inbox/settings/member");
    let kept = || page.stage.gateway.store.read(|r| r.members(account)).unwrap().remove(0);
    let set = page.post(path, &format!("id={member}&reads=fr&reads=es&mailed=on")).await;
    assert_eq!(set.status, 303, "{}", set.body);
    assert_eq!(kept().reads, ["fr", "es"]);
    let shown = page.get("/inbox/settings", &[]).await.body;
    assert!(shown.contains("<b>French, Spanish</b>"), "{shown}");
    assert_eq!(page.post(path, &format!("id={member}&reads=klingon+x")).await.status, 422);
    assert_eq!(page.post(path, &format!("id={member}")).await.status, 303);
    assert!(kept().reads.is_empty() && kept().quiet);
}

#[tokio::test(flavor = "multi_thread")]
async fn open_pages_leave_room_for_requests() {
    let few = Settings { connections: 4, head: Duration::from_secs(30), ..HURRIED };
    let stage = Stage::set_with(few).await;
    let token = ("Authorization", "Bearer one");
    let mut streams = Vec::new();
    for _ in 0..3 {
        streams.push(Following::begin(&stage, "/api/v1/events", token).await);
    }
    let ask = async |path: &str| {
        let headers = [token];
        let asked = stage.ask("GET", path, &headers, "");
        tokio::time::timeout(Duration::from_secs(20), asked).await
    };
    assert_eq!(ask("/api/v1/events").await.expect("it waits for a place").status, 503);
    assert_eq!(ask("/api/v1/counts").await.expect("no room is left").status, 200);
    streams.pop();
    // The place of a page that was closed is free once its connection has ended.
    let mut again = 503;
    for _ in 0..500 {
        let mut stream = tokio::net::TcpStream::connect(stage.address).await.unwrap();
        let (name, value) = token;
        let asked = format!("GET /api/v1/events HTTP/1.0\r\nHost: x\r\n{name}: {value}\r\n\r\n");
        stream.write_all(asked.as_bytes()).await.unwrap();
        let mut first = [0; 12];
        stream.read_exact(&mut first).await.unwrap();
        again = String::from_utf8_lossy(&first[9..]).parse().unwrap();
        if again == 200 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(again, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_no_question_is_answered_by_a_page() {
    let page = Page::with("Is there parking?").await;
    let conversation = format!("/inbox/{}?all=1&all=2", page.id);
    for path in ["/inbox/settings/audit?before=abc", "/inbox?q=a&q=b", &conversation] {
        let heard = page.get(path, &[]).await;
        assert_eq!(heard.status, 400, "{path}");
        let said = "<p>The page sent something that could not be read.";
        assert!(heard.body.contains(said), "{path}: {}", heard.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_says_what_was_a_note_and_who_was_signed_out() {
    let page = Page::with("Is there parking?").await;
    let reply = format!("/inbox/{}/reply", page.id);
    assert_eq!(page.post(&reply, r#"{"text":"Ask Rui.","verb":"note"}"#).await.status, 303);
    let other = page.stage.sign_in("one").await;
    let value = other.split_once('=').unwrap().1;
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(value));
    let ended = page.post("/inbox/settings/sessions", &format!("id={hash}")).await;
    assert_eq!(ended.status, 303);
    let nothing = page.post(&format!("/inbox/{}/act", AccountId(1)), "action=done").await;
    assert_eq!(nothing.status, 404);
    let log = page.get("/inbox/settings/audit", &[]).await.body;
    assert!(log.contains("<b>wrote a note</b>") && !log.contains("<b>replied</b>"), "{log}");
    assert!(log.contains("<b>signed a browser out</b> Ana"), "{log}");
    assert!(log.contains("<span class=\"tag bad\">refused</span>"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_a_member_of_two_houses_goes_over_without_signing_in_again() {
    let mut page = Page::with("Is there parking?").await;
    assert!(!page.get("/inbox", &[]).await.body.contains("id=\"houses\""), "one house");
    // The same mailbox, written in another way, in house two.
    let (there, address) = (AccountId::of(&[b"two"]), "Ana@one.example".parse().unwrap());
    let mut ana = Member::new(MemberId::of(&[b"ana in two"]), there, address, "Ana");
    ana.role = Role::ReadOnly;
    page.stage.gateway.record(Event::Member(ana.clone())).unwrap();
    let list = page.get("/inbox", &[]).await.body;
    let button = format!("value=\"{}\"><bdi>House two</bdi>", ana.id);
    assert!(list.contains(&button) && !list.contains("<bdi>House one</bdi>"), "{list}");
    // Only where the same person is a member.
    let stranger = MemberId::of(&[b"two"]);
    for no in [stranger.to_string(), MemberId(1).to_string(), "x".into()] {
        let refused = page.post("/inbox/house", &format!("member={no}")).await;
        assert_eq!(refused.status, 404, "{no}");
    }
    let before = page.cookie.clone();
    let gone = page.post("/inbox/house", &format!("member={}", ana.id)).await;
    assert_eq!((gone.status, header(&gone, "location")), (303, vec!["/inbox"]));
    let line = header(&gone, "set-cookie")[0].to_owned();
    assert!(line.contains("HttpOnly") && line.contains("SameSite=Lax"), "{line}");
    page.cookie = line.split(';').next().unwrap().to_owned();
    let list = page.get("/inbox", &[]).await.body;
    assert!(list.contains("<h1>House two</h1>") && !list.contains(&page.id), "{list}");
    assert_eq!(page.get(&format!("/inbox/{}", page.id), &[]).await.status, 404);
    // The session before is over, and the new one may no more than the role there.
    let old = page.stage.ask("GET", "/inbox", &[("Cookie", &before)], "").await;
    assert_eq!(old.status, 303);
    assert_eq!(page.post("/inbox/settings", "name=Mine").await.status, 403);
    // Whoever only reads comes back too, as what they are there.
    let back = format!("member={}", MemberId::of(&[b"one"]));
    let gone = page.post("/inbox/house", &back).await;
    page.cookie = header(&gone, "set-cookie")[0].split(';').next().unwrap().to_owned();
    assert_eq!(page.get(&format!("/inbox/{}", page.id), &[]).await.status, 200);
    let log = page.get("/inbox/settings/audit", &[]).await.body;
    assert!(log.contains("<b>came over from another house</b>"), "{log}");
}
