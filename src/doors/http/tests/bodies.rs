//! What is wrong with a request is said in our words: no name of a library, no name of a struct.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_body_has_its_status_and_our_words() {
    let stage = Stage::set().await;
    let fields = serde_json::json!({"email": "v@guest.example", "message": "A room, please?"});
    let (conversation, _) = stage.request(&fields).await;
    let messages = format!("/api/v1/conversations/{conversation}/messages");
    let read = format!("/api/v1/conversations/{conversation}/read");
    let (json, form) = ("application/json", "application/x-www-form-urlencoded");
    let (multipart, large) = ("multipart/form-data; boundary=b", "x".repeat(2 << 20));
    let part =
        format!("--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n{large}\r\n--b--\r\n");
    let large = format!("{{\"text\":\"{large}\"}}");
    for (method, path, kind, body, status, said) in [
        ("POST", messages.as_str(), json, large.as_str(), 413, "too large"),
        ("POST", &read, json, &large, 413, "too large"),
        ("PUT", "/api/v1/glossary", json, &large, 413, "too large"),
        ("POST", &messages, multipart, &part, 413, "too large"),
        ("POST", &messages, multipart, "nothing", 400, "incomplete multipart"),
        ("POST", &messages, "multipart/form-data", "--b--", 400, "multipart/form-data"),
        ("POST", &messages, form, "text=hello", 415, "send application/json"),
        ("POST", &read, form, "read=true", 415, "send application/json"),
        ("POST", &messages, "text/plain", "hello", 415, "send application/json"),
        ("POST", &messages, json, "hello", 400, "this is no JSON: see line 1"),
        ("POST", &messages, json, "{\"text\":", 400, "this is no JSON: see line 1"),
        ("POST", &messages, json, "[]", 400, "send an object"),
        ("POST", &messages, json, "\"hi\"", 400, "send an object"),
        ("POST", &messages, json, "{}", 400, "missing field `text`"),
        ("POST", &messages, json, "{\"text\":5}", 400, "expected a string"),
        (
            "POST",
            &messages,
            json,
            "{\"text\":\"a\",\"attachments\":[\"x\"]}",
            400,
            "expected an object",
        ),
        ("POST", &messages, json, "{\"text\":\"a\",\"verb\":7}", 400, "the JSON is wrong"),
        ("POST", &read, json, "{\"red\":true}", 400, "unknown field `red`"),
        ("GET", "/api/v1/conversations?unknown=1", json, "", 400, "the query is wrong: unknown"),
        ("GET", "/api/v1/conversations?limit=x", json, "", 400, "the query is wrong: "),
        ("DELETE", "/api/v1/glossary", json, "", 400, "the query is wrong: missing field `from`"),
        // `curl -d` without a type calls it a form; it is JSON.
        ("POST", &read, form, "{\"read\":true}", 204, ""),
        ("POST", &read, json, "", 204, ""),
    ] {
        let headers = [("Authorization", "Bearer one"), ("Content-Type", kind)];
        let heard = stage.ask(method, path, &headers, body).await;
        let shown = &body[..body.len().min(80)];
        assert_eq!(heard.status, status, "{path} {kind} {shown}: {}", heard.body);
        assert!(heard.body.contains(said), "{path} {kind} {shown}: {}", heard.body);
        if status != 204 {
            assert!(heard.head.contains("application/problem+json"), "{}", heard.head);
        }
        for leak in
            ["struct", "Body", "deserialize", "buffer", "ident", "elements", "enum", "usize"]
        {
            assert!(!heard.body.contains(leak), "{leak} for {shown}: {}", heard.body);
        }
    }
}
