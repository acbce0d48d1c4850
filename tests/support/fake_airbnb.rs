//! A server that behaves as Airbnb's partner API does in partners' code; for tests and for
//! `cargo run --example fake_airbnb`.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "each user takes its part; a test may panic and has a clock of its own"
)]

#[path = "fake_http.rs"]
mod fake_http;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
};

use fake_http::Answer;
use serde_json::{Value, json};

/// `KEY:TOKEN`.
pub const SECRET: &str = "partner-key:host-token";
pub const LISTING: u64 = 4711;
const HOST: u64 = 1;
const COHOST: u64 = 2;
const GUEST: u64 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 429 with Retry-After.
    Throttled,
    /// Done, then the connection is cut without an answer.
    DoneThenSilence,
}

#[derive(Clone, Debug)]
pub struct Said {
    pub id: u64,
    pub thread: u64,
    pub user: u64,
    pub text: String,
    pub at: jiff::Timestamp,
}

#[derive(Debug, Default)]
pub struct State {
    pub said: Vec<Said>,
    /// The listing of each thread, and its booking.
    pub threads: Vec<(u64, u64, Option<String>)>,
    pub post_faults: Vec<Fault>,
    pub revoked: bool,
}

impl State {
    pub fn open(&mut self, listing: u64) -> u64 {
        let id = 1_500_000_000 + u64::try_from(self.threads.len()).unwrap();
        self.threads.push((id, listing, None));
        id
    }

    pub fn say(&mut self, thread: u64, from_guest: bool, text: &str) -> u64 {
        self.said_by(thread, if from_guest { GUEST } else { COHOST }, text)
    }

    fn said_by(&mut self, thread: u64, user: u64, text: &str) -> u64 {
        let id = 9_000_000 + u64::try_from(self.said.len()).unwrap();
        let (text, at) = (text.to_owned(), jiff::Timestamp::now());
        self.said.push(Said { id, thread, user, text, at });
        id
    }

    pub fn texts(&self, from_guest: bool) -> Vec<String> {
        let said = self.said.iter().filter(|said| (said.user == GUEST) == from_guest);
        said.map(|said| said.text.clone()).collect()
    }
}

pub struct FakeAirbnb {
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl FakeAirbnb {
    pub fn start(port: u16) -> Self {
        let state: Arc<Mutex<State>> = Arc::default();
        let shared = Arc::clone(&state);
        let address = fake_http::serve(port, move |request| {
            let state = &mut shared.lock().unwrap();
            let keys = (request.header("x-airbnb-api-key"), request.header("x-airbnb-oauth-token"));
            if keys != ("partner-key", "host-token") || state.revoked {
                return fake_http::json(401, &json!({"error_message": "no access"}));
            }
            if !request.path.contains("_format=for_api_partners") {
                return fake_http::json(400, &json!({"error_message": "no format"}));
            }
            let path = request.path.split('?').next().unwrap_or_default();
            done(state, &request.method, path, &request.path, &request.body)
        });
        FakeAirbnb { address, state }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub fn url(&self) -> String {
        format!("http://{}/v2", self.address)
    }
}

fn done(state: &mut State, method: &str, path: &str, whole: &str, body: &Value) -> Answer {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match (method, parts.as_slice()) {
        ("GET", ["v2", "threads"]) => {
            let offset = whole.split('&').find_map(|pair| pair.strip_prefix("_offset="));
            let offset: usize = offset.and_then(|offset| offset.parse().ok()).unwrap_or(0);
            // By when they began, as the only order anybody has seen.
            let page = state.threads.iter().skip(offset).take(50);
            let page: Vec<Value> = page.map(|one| shown(state, one, false)).collect();
            fake_http::json(200, &json!({"threads": page}))
        }
        ("GET", ["v2", "threads", id]) => {
            let found = state.threads.iter().find(|one| one.0.to_string() == *id);
            match found {
                Some(one) => fake_http::json(200, &json!({"thread": shown(state, one, true)})),
                None => fake_http::json(404, &json!({"error_message": "no thread"})),
            }
        }
        ("POST", ["v2", "messages"]) => {
            let fault = (!state.post_faults.is_empty()).then(|| state.post_faults.remove(0));
            if fault == Some(Fault::Throttled) {
                return fake_http::json(429, &json!({"error_message": "slower"}));
            }
            let thread = body["thread_id"].as_u64().unwrap();
            let id = state.said_by(thread, HOST, body["message"].as_str().unwrap());
            let answer = json!({"message": {"id": id}});
            if fault.is_some() { None } else { fake_http::json(201, &answer) }
        }
        _ => fake_http::json(404, &json!({})),
    }
}

fn shown(state: &State, (id, listing, booking): &(u64, u64, Option<String>), all: bool) -> Value {
    let said: Vec<&Said> = state.said.iter().filter(|said| said.thread == *id).collect();
    let messages = said.iter().map(|said| {
        json!({"id": said.id, "user_id": said.user, "message": said.text, "created_at": said.at.to_string(),
            "attachment_images": []})
    });
    let mut thread = json!({
        "id": id, "business_purpose": "booking_direct_thread",
        "last_message_sent_at": said.last().map(|said| said.at.to_string()),
        "users": [{"id": HOST, "first_name": "Ana", "preferred_locale": "pt"},
            {"id": GUEST, "first_name": "Lena", "preferred_locale": "de-AT"}],
        "attachment": {"type": "Reservation", "status": "accepted",
            "roles": [{"role": "owner", "user_ids": [HOST]}, {"role": "cohost", "user_ids": [COHOST]},
                {"role": "booker", "user_ids": [GUEST]}],
            "booking_details": {"listing_id": listing, "listing_name": "Casa Azul", "checkin_date": "2027-06-15", "checkout_date": "2027-06-17",
                "reservation_confirmation_code": booking}},
    });
    if all {
        thread["messages"] = messages.collect();
    }
    thread
}
