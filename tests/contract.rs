//! The API against its own description: schemathesis makes requests from `openapi.json`, good and bad ones, and looks
//! whether every answer is one that was promised and none is a failure of ours.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::json;
use support::{House, http};

/// What it cannot know: which ids there are, and where a string that fits the description is refused all the same.
fn config(conversation: &str, message: &str) -> String {
    format!(
        r#"[parameters]
"path.form" = "demo"
"path.id" = "{conversation}"

[[operations]]
include-path-regex = "^/api/v1/messages/"
parameters = {{ "path.id" = "{message}" }}

# What fits the description and is refused all the same, because no pattern can say it: a cursor is what the API gave, a
# term is said in another language, two letters are a language's, a connection needs a channel that is on, an address of Relais is no visitor's.
[[operations]]
include-path = ["/api/v1/conversations", "/api/v1/conversations/{{id}}/language", "/api/v1/glossary", "/api/v1/connections", "/api/v1/connections/authorize", "/connections/airbnb/granted", "/f/{{form}}"]
checks = {{ positive_data_acceptance = {{ enabled = false }} }}
"#
    )
}

#[test]
fn the_api_keeps_its_contract() {
    // Nobody is asked outside: where the channels are, nothing listens.
    let nobody = "http://127.0.0.1:9";
    let house = House::start_with(&[
        ("RELAIS_CHANNELS__BOOKING_URL", nobody),
        ("RELAIS_CHANNELS__BOOKING_TOKEN_URL", nobody),
        ("RELAIS_CHANNELS__BOOKING_RESERVATIONS_URL", nobody),
        ("RELAIS_CHANNELS__CHANNEX_URL", nobody),
    ]);
    let fields = json!({"name": "John", "email": "john@guest.example", "message": "A room?"});
    let headers = [("Content-Type", "application/json"), ("Accept", "application/json")];
    let (status, _, body) =
        http(house.http, "POST", "/f/demo", &headers, fields.to_string().as_bytes());
    assert_eq!(status, 201);
    let made: serde_json::Value = serde_json::from_slice(&body).unwrap();
    let conversation = made["conversation"].as_str().unwrap();
    let message = house.conversation(conversation)["messages"][0]["id"].clone();
    let file = house.path("schemathesis.toml");
    fs::write(&file, config(conversation, message.as_str().unwrap())).unwrap();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("schemathesis");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/schemathesis.sh");
    let tried = Command::new(script)
        .args([&folder, &file])
        .args([&format!("http://{}", house.http), &house.token()])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&tried.stdout);
    if tried.status.code() == Some(3) {
        println!("no network: schemathesis did not try the API");
        return;
    }
    assert!(tried.status.success(), "{said}{}", String::from_utf8_lossy(&tried.stderr));
    println!("{}", said.lines().rev().take(12).collect::<Vec<_>>().join("\n"));
}
