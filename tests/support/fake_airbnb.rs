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

pub use fake_http::Fault;
use fake_http::{Answer, Fake};
use serde_json::{Value, json};

/// `KEY:TOKEN`.
pub const SECRET: &str = "partner-key:host-token";
pub const LISTING: u64 = 4711;
const HOST: u64 = 1;
const COHOST: u64 = 2;
const GUEST: u64 = 3;

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
    /// Out of a thousand requests so many go wrong, by chance of this seed.
    pub fault_rate: u64,
    pub seed: u64,
    /// What the page of the permission gave out; each is good once.
    pub codes: Vec<String>,
    /// Which tokens are good now: `access-N` and `refresh-N`; the one before is taken until the new one was used.
    pub granted: u64,
    pub used: bool,
    /// How long tokens are good, in seconds.
    pub good_for: i64,
    pub renewals: usize,
    /// Threads that are not for this host to see.
    pub forbidden: Vec<u64>,
    /// Out of ten looks at the list so many show a thread twice.
    pub again: u64,
}

impl State {
    fn chance(&mut self, below: u64) -> u64 {
        fake_http::chance(&mut self.seed, below)
    }

    fn fault(&mut self) -> Option<Fault> {
        let all = [Fault::Throttled, Fault::DoneThenSilence, Fault::Broken, Fault::Cut];
        fake_http::fault(&mut self.seed, self.fault_rate, &all)
    }

    /// Is this the newest token, or one that somebody typed in?
    fn knows(&mut self, token: &str) -> bool {
        let newest = token == format!("access-{}", self.granted) && self.granted > 0;
        self.used |= newest;
        newest || token == "host-token"
    }

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

    /// What a side said in each thread, oldest first; no files.
    pub fn threads(&self, from_guest: bool) -> Vec<Vec<String>> {
        let of = |(thread, ..): &(u64, u64, Option<String>)| {
            let said = self.said.iter().filter(|s| s.thread == *thread);
            let said = said.filter(|s| (s.user == GUEST) == from_guest);
            said.map(|said| format!("{} +0", said.text)).collect()
        };
        let mut all: Vec<Vec<String>> = self.threads.iter().map(of).collect();
        all.sort();
        all
    }

    pub fn texts(&self, from_guest: bool) -> Vec<String> {
        let said = self.said.iter().filter(|said| (said.user == GUEST) == from_guest);
        said.map(|said| said.text.clone()).collect()
    }
}

pub type FakeAirbnb = Fake<State>;

impl FakeAirbnb {
    pub fn start(port: u16) -> Self {
        let state = State { seed: 1, good_for: 3600, ..State::default() };
        Fake::of(port, state, |shared, request| {
            let state = &mut shared.lock().unwrap();
            if request.path == "/oauth2/token" {
                return token(state, &request.raw);
            }
            let known = state.knows(request.header("x-airbnb-oauth-token"));
            if !known || request.header("x-airbnb-api-key") != "partner-key" || state.revoked {
                return fake_http::json(401, &json!({"error_message": "no access"}));
            }
            if !request.path.contains("_format=for_api_partners") {
                return fake_http::json(400, &json!({"error_message": "no format"}));
            }
            let path = request.path.split('?').next().unwrap_or_default();
            let thread = path.rsplit_once("/threads/").and_then(|(_, id)| id.parse().ok());
            if thread.is_some_and(|thread| state.forbidden.contains(&thread)) {
                return fake_http::json(403, &json!({"error_message": "not yours"}));
            }
            let fault = state.fault();
            match fault {
                Some(Fault::Throttled) => {
                    return fake_http::json(429, &json!({"error_message": "slower"}));
                }
                Some(Fault::Broken) => {
                    return fake_http::json(500, &json!({"error_message": "broken"}));
                }
                Some(Fault::Cut) => return None,
                Some(_) | None => {}
            }
            let answer = done(state, &request.method, path, &request.path, &request.body);
            if fault.is_some() { None } else { answer }
        })
    }

    pub fn url(&self) -> String {
        format!("http://{}/v2", self.address)
    }
}

/// RFC 6749, 4.1.3 and 6: each refresh token is good once.
fn token(state: &mut State, form: &str) -> Answer {
    let fields: std::collections::HashMap<String, String> =
        serde_urlencoded::from_str(form).unwrap();
    let of = |name: &str| fields.get(name).map_or("", String::as_str);
    let refused = fake_http::json(400, &json!({"error": "invalid_grant"}));
    if (of("client_id"), of("client_secret")) != ("partner-key", "partner-secret") || state.revoked
    {
        return fake_http::json(401, &json!({"error": "invalid_client"}));
    }
    let fault = state.fault();
    match fault {
        Some(Fault::Throttled) => return fake_http::json(429, &json!({})),
        Some(Fault::Broken) => return fake_http::json(500, &json!({})),
        Some(Fault::Cut) => return None,
        Some(_) | None => {}
    }
    match of("grant_type") {
        "authorization_code" => {
            assert!(of("redirect_uri").ends_with("/connections/airbnb/granted"), "{form}");
            let Some(at) = state.codes.iter().position(|code| code == of("code")) else {
                return refused;
            };
            state.codes.remove(at);
        }
        "refresh_token" => {
            let before = !state.used
                && of("refresh_token") == format!("refresh-{}", state.granted.saturating_sub(1));
            if of("refresh_token") != format!("refresh-{}", state.granted) && !before {
                return refused;
            }
            state.renewals += 1;
        }
        _ => return fake_http::json(400, &json!({"error": "unsupported_grant_type"})),
    }
    state.granted += 1;
    state.used = false;
    let answer = json!({"access_token": format!("access-{}", state.granted), "token_type": "bearer",
        "refresh_token": format!("refresh-{}", state.granted), "expires_in": state.good_for});
    if fault.is_some() { None } else { fake_http::json(200, &answer) }
}

fn done(state: &mut State, method: &str, path: &str, whole: &str, body: &Value) -> Answer {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match (method, parts.as_slice()) {
        ("GET", ["v2", "threads"]) => {
            let offset = whole.split('&').find_map(|pair| pair.strip_prefix("_offset="));
            let offset: usize = offset.and_then(|offset| offset.parse().ok()).unwrap_or(0);
            // By when they began, as the only order anybody has seen.
            let page = state.threads.iter().skip(offset).take(50);
            let mut page: Vec<Value> = page.map(|one| shown(state, one, false)).collect();
            // What moves while it is looked through comes twice, and in any order.
            if state.again > 0 && !page.is_empty() && state.chance(10) < state.again {
                page.push(page[0].clone());
                page.reverse();
            }
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
            let planned = (!state.post_faults.is_empty()).then(|| state.post_faults.remove(0));
            if planned == Some(Fault::Throttled) {
                return fake_http::json(429, &json!({"error_message": "slower"}));
            }
            let thread = body["thread_id"].as_u64().unwrap();
            let id = state.said_by(thread, HOST, body["message"].as_str().unwrap());
            let answer = json!({"message": {"id": id}});
            if planned.is_some() { None } else { fake_http::json(201, &answer) }
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
