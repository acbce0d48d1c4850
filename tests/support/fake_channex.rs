//! A server that behaves as Channex's messages API is documented to, misbehaviour included; for tests and for
//! `cargo run --example fake_channex`.
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

pub const KEY: &str = "channex-key";
pub const PROPERTY: &str = "71d3aa10-0000-4000-8000-000000000001";
pub const OTHER_PROPERTY: &str = "71d3aa10-0000-4000-8000-000000000002";
/// Smaller than what may be asked for, so that there are pages.
const PAGE: usize = 7;

#[derive(Clone, Debug)]
pub struct Said {
    pub id: String,
    pub thread: String,
    /// `guest`, `property` or `system`.
    pub sender: &'static str,
    pub text: String,
    pub attachments: Vec<String>,
    pub meta: Value,
    pub at: jiff::Timestamp,
    /// The platform's own id, where it is known.
    pub of_platform: Option<&'static str>,
}

#[derive(Clone, Debug)]
pub struct Thread {
    pub id: String,
    pub provider: &'static str,
    pub title: String,
    pub booking: Option<String>,
    pub closed: bool,
    pub property: &'static str,
}

#[derive(Debug, Default)]
pub struct State {
    pub threads: Vec<Thread>,
    /// Everything said, oldest first.
    pub said: Vec<Said>,
    /// Files sent to guests and files of guests, by id.
    pub files: Vec<(String, String, Vec<u8>)>,
    /// Threads of which guests were told that no reply is needed.
    pub no_reply_needed: Vec<String>,
    pub post_faults: Vec<Fault>,
    pub fault_rate: u64,
    pub seed: u64,
    pub requests: usize,
    pub app_installed: bool,
    /// Properties that have not installed the messages.
    pub not_installed: Vec<&'static str>,
    /// Webhooks by id, as they were registered.
    pub webhooks: Vec<(String, Value)>,
    /// Webhooks are not for this key.
    pub no_webhooks: bool,
    next_id: u64,
}

impl State {
    fn chance(&mut self, below: u64) -> u64 {
        fake_http::chance(&mut self.seed, below)
    }

    fn id(&mut self, kind: &str) -> String {
        self.next_id += 1;
        format!("{kind}-0000-4000-8000-{:012}", self.next_id)
    }

    pub fn open(&mut self, provider: &'static str, title: &str, booking: Option<&str>) -> String {
        let id = self.id("20d1b08c");
        let (title, booking) = (title.to_owned(), booking.map(str::to_owned));
        let (closed, property) = (false, PROPERTY);
        self.threads.push(Thread { id: id.clone(), provider, title, booking, closed, property });
        id
    }

    pub fn say(&mut self, thread: &str, sender: &'static str, text: &str) -> String {
        self.say_with(thread, sender, text, Vec::new(), Value::Null)
    }

    pub fn say_with(
        &mut self,
        thread: &str,
        sender: &'static str,
        text: &str,
        attachments: Vec<String>,
        meta: Value,
    ) -> String {
        let id = self.id("5848aa11");
        let (thread, text) = (thread.to_owned(), text.to_owned());
        let (at, of_platform) = (jiff::Timestamp::now(), None);
        let id_there = id.clone();
        self.said.push(Said { id, thread, sender, text, attachments, meta, at, of_platform });
        id_there
    }

    pub fn say_with_picture(&mut self, thread: &str, text: &str, picture: &str) -> String {
        let bytes = data_encoding::BASE64.decode(picture.as_bytes()).unwrap();
        let id = format!("picture-{}", self.files.len());
        self.files.push((id.clone(), "image/png".into(), bytes));
        self.say_with(thread, "guest", text, vec![format!("/api/v1/files/{id}")], Value::Null)
    }

    /// What a side said in each thread, oldest first, with how many files.
    pub fn threads(&self, sender: &str) -> Vec<Vec<String>> {
        let words = |said: &&Said| format!("{} +{}", said.text, said.attachments.len());
        let of = |thread: &Thread| {
            let said = self.said.iter().filter(|s| s.thread == thread.id && s.sender == sender);
            said.map(|said| words(&said)).collect()
        };
        let mut all: Vec<Vec<String>> = self.threads.iter().map(of).collect();
        all.sort();
        all
    }

    pub fn texts(&self, sender: &str) -> Vec<String> {
        self.said.iter().filter(|s| s.sender == sender).map(|s| s.text.clone()).collect()
    }
}

pub type FakeChannex = Fake<State>;

impl FakeChannex {
    pub fn start(port: u16) -> Self {
        let state = State { seed: 1, app_installed: true, ..State::default() };
        Fake::of(port, state, |shared, request| {
            let (method, path) = (request.method.as_str(), request.path.as_str());
            let key = request.header("user-api-key");
            decided(&mut shared.lock().unwrap(), method, path, key, &request.body)
        })
    }

    /// With a path of its own, as the real one has.
    pub fn url(&self) -> String {
        format!("http://{}/api/v1", self.address)
    }
}

fn error(status: u16, code: &str) -> Answer {
    fake_http::json(status, &json!({"errors": {"code": code, "title": code}}))
}

/// `None` cuts the connection.
fn decided(state: &mut State, method: &str, path: &str, key: &str, body: &Value) -> Answer {
    state.requests += 1;
    let Some(path) = path.strip_prefix("/api/v1") else { return error(404, "resource_not_found") };
    if key != KEY {
        return error(401, "unauthorized");
    }
    if !state.app_installed {
        return error(403, "forbidden");
    }
    let says = method == "POST" && path.ends_with("/messages");
    let fault = if says && !state.post_faults.is_empty() {
        Some(state.post_faults.remove(0))
    } else {
        let all = [Fault::Broken, Fault::Throttled, Fault::DoneThenSilence, Fault::Cut];
        fake_http::fault(&mut state.seed, state.fault_rate, &all)
    };
    match fault {
        Some(Fault::Broken) => return error(500, "broken"),
        Some(Fault::Throttled) => return error(429, "too_many_requests"),
        Some(Fault::Cut) => return None,
        Some(_) | None => {}
    }
    let answer = done(state, method, path, body);
    if fault.is_some() { None } else { answer }
}

fn done(state: &mut State, method: &str, path: &str, body: &Value) -> Answer {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let query = query.replace("%5B", "[").replace("%5D", "]");
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match (method, parts.as_slice()) {
        ("GET", ["message_threads"]) => {
            let asked = |one: &str| query.contains(&format!("filter[property_id]={one}"));
            assert!(asked(PROPERTY) || asked(OTHER_PROPERTY), "{query}");
            if state.not_installed.iter().any(|one| asked(one)) {
                return error(403, "forbidden");
            }
            let mut threads = state.threads.clone();
            threads.retain(|thread| asked(thread.property));
            // The newest first, except by chance: nobody promised it.
            threads.sort_by_key(|t| std::cmp::Reverse(last(state, &t.id).map(|s| s.at)));
            if state.fault_rate > 0 && threads.len() > 1 && state.chance(3) == 0 {
                threads.swap(0, 1);
            }
            let all: Vec<Value> = threads.iter().map(|thread| shown(state, thread)).collect();
            fake_http::json(200, &paged(&all, &query))
        }
        ("GET", ["message_threads", id]) => match state.threads.iter().find(|t| t.id == *id) {
            Some(thread) => fake_http::json(200, &json!({"data": shown(state, thread)})),
            None => error(404, "resource_not_found"),
        },
        ("GET", ["message_threads", id, "messages"]) => {
            let newest_first = state.said.iter().rev().filter(|said| said.thread == *id);
            let all: Vec<Value> = newest_first.map(message).collect();
            fake_http::json(200, &paged(&all, &query))
        }
        ("GET", ["bookings", id]) => fake_http::json(
            200,
            &json!({"data": {"id": id, "type": "booking", "attributes": {
                "ota_reservation_code": id.trim_start_matches("booking-"), "unique_id": format!("BDC-{id}"),
                "arrival_date": "2027-06-15", "departure_date": "2027-06-17",
                "customer": {"name": "Anna", "surname": "Example", "mail": null, "phone": null, "language": "en"},
            }}}),
        ),
        ("GET", ["files", id]) => match state.files.iter().find(|(known, _, _)| known == id) {
            Some((_, kind, bytes)) => Some((200, kind.clone(), bytes.clone())),
            None => error(404, "resource_not_found"),
        },
        ("POST", ["attachments"]) => {
            let file = &body["attachment"];
            let bytes =
                file["file"].as_str().and_then(|f| data_encoding::BASE64.decode(f.as_bytes()).ok());
            let Some(bytes) = bytes else { return error(422, "invalid") };
            let id = state.id("a77ac4ed");
            let kind = file["file_type"].as_str().unwrap_or_default().to_owned();
            state.files.push((id.clone(), kind, bytes));
            fake_http::json(200, &json!({"data": {"id": id, "type": "attachment"}}))
        }
        ("POST", ["message_threads", id, "messages"]) => {
            let (said, file) = (&body["message"]["message"], &body["message"]["attachment_id"]);
            // With words in the same message the file is ignored.
            let new = match (said.as_str(), file.as_str()) {
                (Some(text), _) if !text.is_empty() => state.say(id, "property", text),
                (_, Some(file)) => {
                    let at = vec![format!("/files/{file}")];
                    state.say_with(id, "property", "", at, Value::Null)
                }
                _ => return error(422, "message is empty"),
            };
            let found = state.said.iter().find(|said| said.id == new).map(message);
            fake_http::json(200, &json!({"data": found}))
        }
        (_, ["webhooks", ..]) if state.no_webhooks => error(403, "forbidden"),
        ("GET", ["webhooks"]) => {
            let all = state
                .webhooks
                .iter()
                .map(|(id, hook)| json!({"id": id, "type": "webhook", "attributes": hook}));
            fake_http::json(200, &json!({"data": all.collect::<Vec<_>>()}))
        }
        ("POST" | "PUT", ["webhooks", known @ ..]) => {
            let hook = &body["webhook"];
            if hook["event_mask"] != "message;inquiry;message_thread_booking_assigned"
                || hook["property_id"] != PROPERTY
            {
                return error(422, "invalid");
            }
            let id = known.first().map_or_else(|| "hook-1".to_owned(), |id| (*id).to_owned());
            state.webhooks.retain(|(one, _)| *one != id);
            state.webhooks.push((id, hook.clone()));
            fake_http::json(200, &json!({"data": {"type": "webhook", "attributes": hook}}))
        }
        ("POST", ["message_threads", id, "close"]) => {
            match state.threads.iter_mut().find(|t| t.id == *id) {
                Some(thread) => {
                    thread.closed = true;
                    fake_http::json(200, &json!({"data": {}}))
                }
                None => error(404, "resource_not_found"),
            }
        }
        ("POST", ["message_threads", id, "no_reply_needed"]) => {
            let thread = state.threads.iter().find(|t| t.id == *id);
            match thread.is_some_and(|t| t.provider == "BookingCom") {
                true => {
                    state.no_reply_needed.push((*id).to_owned());
                    fake_http::json(200, &json!({"data": {}}))
                }
                false => error(422, "not_supported"),
            }
        }
        _ => error(404, "resource_not_found"),
    }
}

fn last<'a>(state: &'a State, thread: &str) -> Option<&'a Said> {
    state.said.iter().rev().find(|said| said.thread == thread)
}

/// Microseconds, and no zone.
fn time(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%6f").to_string()
}

fn shown(state: &State, thread: &Thread) -> Value {
    let count = state.said.iter().filter(|said| said.thread == thread.id).count();
    let last = last(state, &thread.id);
    let booking = thread.booking.as_ref().map(|id| json!({"id": id, "type": "booking"}));
    json!({"id": thread.id, "type": "message_thread", "attributes": {
        "title": thread.title, "is_closed": thread.closed, "provider": thread.provider, "message_count": count,
        "last_message": last.map(|s| json!({"message": s.text, "sender": s.sender, "inserted_at": time(s.at), "attachments": []})),
        "last_message_received_at": last.map(|s| time(s.at)), "inserted_at": "2026-01-01T00:00:00.000000",
        "updated_at": "2026-01-01T00:00:00.000000",
    }, "relationships": {"booking": {"data": booking}, "property": {"data": {"id": thread.property}}}})
}

fn message(said: &Said) -> Value {
    json!({"id": said.id, "type": "message", "attributes": {
        "message": said.text, "attachments": said.attachments, "sender": said.sender, "meta": said.meta,
        "ota_message_id": said.of_platform,
        "inserted_at": time(said.at), "updated_at": time(said.at),
    }, "relationships": {"message_thread": {"data": {"id": said.thread}}}})
}

fn paged(all: &[Value], query: &str) -> Value {
    let asked = |name: &str, otherwise: usize| {
        let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        value.and_then(|value| value.parse().ok()).unwrap_or(otherwise)
    };
    let (page, limit) = (asked("pagination[page]", 1), asked("pagination[limit]", 10).min(PAGE));
    let data: Vec<Value> = all.iter().skip((page - 1) * limit).take(limit).cloned().collect();
    json!({"data": data, "meta": {"page": page, "limit": limit, "total": all.len()}})
}
