//! What cannot be is refused where it is sent, and what was asked for nothing filters nothing.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_search_for_nothing_is_no_filter_and_a_wrong_operator_is_named() {
    let stage = Stage::set().await;
    let fields = serde_json::json!({"email": "v@guest.example", "message": "A room, please?"});
    let (conversation, _) = stage.request(&fields).await;
    let token = [("Authorization", "Bearer one")];
    for (q, found) in [("", true), ("%22", true), ("%20", true), ("room", true), ("horse", false)] {
        let list = stage.ask("GET", &format!("/api/v1/conversations?q={q}"), &token, "").await;
        assert_eq!((list.status, list.body.contains(&conversation)), (200, found), "{q:?}");
    }
    for (q, said) in [
        ("before:29.11.2026", "a year, a month or a day, such as 2026, 2026-11 or 2026-11-29"),
        ("lang:klingon", "the two letters of a language"),
        ("channel:fax", "form, email, api, booking, airbnb or channex"),
        ("has:foo", "attachment"),
    ] {
        let list = stage.ask("GET", &format!("/api/v1/conversations?q={q}"), &token, "").await;
        assert_eq!(list.status, 400, "{q}");
        assert!(list.body.contains(&format!("q: {q}: write {said}")), "{}", list.body);
    }
    // People see no error for what they are typing.
    let cookie = stage.sign_in("one").await;
    for (q, found) in [("%22", true), ("before:2", false)] {
        let list = stage.ask("GET", &format!("/inbox?q={q}"), &[("Cookie", &cookie)], "").await;
        let listed = list.body.contains(&format!("id=\"c{conversation}\""));
        assert_eq!((list.status, listed), (200, found), "{q}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn values_that_cannot_be_are_refused_by_name() {
    let stage = Stage::set().await;
    let fields = serde_json::json!({"email": "v@guest.example", "message": "A room, please?"});
    let (conversation, _) = stage.request(&fields).await;
    let of = |what: &str| format!("/api/v1/conversations/{conversation}/{what}");
    let file =
        |file: &str| format!(r#"{{"text":"a","attachments":[{{{file},"content":"YQ=="}}]}}"#);
    for (method, path, body, status, said) in [
        ("POST", of("language"), r#"{"language":"xx"}"#.to_owned(), 422, "xx is no language"),
        (
            "POST",
            of("merge"),
            format!(r#"{{"into":"{conversation}"}}"#),
            422,
            "this conversation itself",
        ),
        (
            "POST",
            of("messages"),
            file(r#""name":"","type":"text/plain""#),
            422,
            "a file needs a name",
        ),
        (
            "POST",
            of("messages"),
            file(r#""name":"a/","type":"text/plain""#),
            422,
            "a file needs a name",
        ),
        ("POST", of("messages"), file(r#""name":"a.txt","type":"text""#), 422, "application/pdf"),
        (
            "POST",
            of("messages"),
            file(r#""name":"a\u0000.txt","type":"text/plain""#),
            422,
            "control",
        ),
        (
            "PUT",
            "/api/v1/glossary".to_owned(),
            r#"{"from":"xx","to":"en","term":"a","said":"b"}"#.to_owned(),
            422,
            "xx is no language",
        ),
        (
            "POST",
            "/api/v1/connections".to_owned(),
            r#"{"channel":"fax","name":"n","secret":"s","property":"1"}"#.to_owned(),
            400,
            "`booking`, `airbnb`, `channex`",
        ),
        (
            "POST",
            "/api/v1/connections".to_owned(),
            r#"{"channel":"channex","name":"n","secret":" ","property":"1"}"#.to_owned(),
            422,
            "secret: empty",
        ),
        ("POST", "/hooks/zzz".to_owned(), "{}".to_owned(), 404, "there is nothing at this address"),
        (
            "POST",
            "/hooks/zzz/abc".to_owned(),
            "{}".to_owned(),
            404,
            "there is nothing at this address",
        ),
    ] {
        let headers = [("Authorization", "Bearer one"), ("Content-Type", "application/json")];
        let heard = stage.ask(method, &path, &headers, &body).await;
        assert_eq!(heard.status, status, "{path} {body}: {}", heard.body);
        assert!(heard.body.contains(said), "{path} {body}: {}", heard.body);
        assert!(heard.head.contains("application/problem+json"), "{}", heard.head);
    }
    let good = file(r#""name":"a.txt","type":"text/plain; charset=utf-8""#);
    let headers = [("Authorization", "Bearer one"), ("Content-Type", "application/json")];
    let heard = stage.ask("POST", &of("messages"), &headers, &good).await;
    assert!(heard.status < 300, "{}", heard.body);
}
