//! A server that behaves as Booking.com's Messaging API is documented to, misbehaviour included; for tests and for
//! `cargo run --example fake_booking`.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "each user takes its part; a test may panic and has a clock of its own"
)]

#[path = "fake_http.rs"]
mod fake_http;

use std::collections::BTreeMap;

use fake_http::Fake;
pub use fake_http::Fault;
use serde_json::{Value, json};

#[derive(Clone, Debug)]
pub struct Said {
    pub id: String,
    pub thread: String,
    pub from_guest: bool,
    pub text: String,
    pub at: String,
    pub files: Vec<String>,
    pub kind: &'static str,
    pub topic: Option<&'static str>,
    pub redacted: bool,
}

#[derive(Debug, Default)]
pub struct State {
    pub secret: String,
    /// Everything said, oldest first.
    pub said: Vec<Said>,
    /// Where in `said` a thread's words are; a house of thousands of threads is not looked through for each.
    by_thread: BTreeMap<String, Vec<usize>>,
    /// Waiting to be fetched: places in `said`.
    pub queue: Vec<usize>,
    last_fetched: usize,
    pub exchanges: usize,
    /// Faults of the next posts of a message, first first.
    pub post_faults: Vec<Fault>,
    /// Out of a thousand requests so many go wrong, by chance of this seed.
    pub fault_rate: u64,
    pub seed: u64,
    next_id: u64,
    pub attachments: usize,
    /// Pictures of guests, by id.
    pub pictures: BTreeMap<String, Vec<u8>>,
    /// Threads of which it was said that no reply is needed.
    pub no_reply_needed: Vec<String>,
    /// `/messages/latest` is not enabled for the machine account.
    pub no_queue: bool,
    /// Looks at a search so far, by job: ready at the third.
    pub searches: Vec<usize>,
    /// So many searches are forgotten when their result is asked for.
    pub gone_searches: usize,
    /// Messages that were said to be read.
    pub read: Vec<String>,
    /// Threads that can only be read.
    pub read_only: Vec<String>,
    /// What `reservationssummary` lists: number, first name, last name, departure; several rooms are several rows.
    pub reservations: Vec<(String, &'static str, &'static str, String)>,
    /// How often it was asked for.
    pub summaries: usize,
    /// Tokens given out before this one are refused.
    pub oldest_token: usize,
    /// So many requests a second are answered.
    pub budget: Option<usize>,
    spent: (i64, usize),
    /// Until then everybody is told to wait, in these words.
    pub throttle: Option<(jiff::Timestamp, String)>,
    /// So many were.
    pub told_to_wait: usize,
    /// No search ever gets ready.
    pub endless_search: bool,
    /// The last request was refused.
    refused: bool,
    /// This request is answered late.
    is_slow: bool,
    /// Threads that give 500.
    pub broken: Vec<String>,
    /// Properties that are not connected to the machine account.
    pub not_connected: Vec<&'static str>,
    /// What was confirmed comes again, always.
    pub repeats: bool,
    /// How often the queue was asked for.
    pub fetches: usize,
    /// And each thread, given or not.
    pub reads: BTreeMap<String, usize>,
}

impl State {
    fn chance(&mut self, below: u64) -> u64 {
        fake_http::chance(&mut self.seed, below)
    }

    /// Adds words to a thread; gives their id.
    pub fn say(&mut self, thread: &str, from_guest: bool, text: &str, queued: bool) -> String {
        self.next_id += 1;
        let id = format!("4ad42260-0000-11ea-b1cb-{:012}", self.next_id);
        // One clock for the test and the gateway would hide mistakes: seconds of the machine, milliseconds added.
        let at = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string();
        let said = Said {
            id: id.clone(),
            thread: thread.to_owned(),
            from_guest,
            text: text.to_owned(),
            at,
            files: Vec::new(),
            kind: "free_text",
            topic: None,
            redacted: false,
        };
        self.by_thread.entry(said.thread.clone()).or_default().push(self.said.len());
        self.said.push(said);
        if queued {
            self.queue.push(self.said.len() - 1);
        }
        id
    }

    /// Somebody booked: the thread is there, and nothing was said in it.
    pub fn reserve(&mut self, thread: &str) {
        self.by_thread.entry(thread.to_owned()).or_default();
    }

    /// The last words with something about them changed, before anybody fetches them.
    pub fn amend(&mut self, change: impl FnOnce(&mut Said)) {
        change(self.said.last_mut().unwrap());
    }

    /// What a side said in a thread.
    pub fn texts(&self, from_guest: bool) -> Vec<String> {
        self.said.iter().filter(|s| s.from_guest == from_guest).map(|s| s.text.clone()).collect()
    }
}

/// The number of a thread's reservation.
pub fn reservation(thread: &str) -> String {
    format!("59{:0>8}", thread.trim_start_matches("thread-"))
}

/// So many days from now.
pub fn day(from_now: i64) -> String {
    let at = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * from_now);
    at.strftime("%F").to_string()
}

pub fn hour_ago() -> jiff::Timestamp {
    jiff::Timestamp::now() - jiff::SignedDuration::from_hours(1)
}

/// Threads of guests who have not booked yet.
fn is_request(thread: &str) -> bool {
    thread.starts_with("request-")
}

/// What a thread is about.
fn about(thread: &str) -> (&'static str, String) {
    match is_request(thread) {
        true => ("request_to_book", format!("rtb-{thread}")),
        false => ("reservation", reservation(thread)),
    }
}

/// The house of a thread.
fn property(thread: &str) -> &'static str {
    match thread.split_once('-') {
        Some(("other", _)) => "1383088",
        Some(("third", _)) => "1383089",
        _ => "1383087",
    }
}

pub type FakeBooking = Fake<State>;

impl FakeBooking {
    pub fn start(port: u16) -> Self {
        let state = State { secret: "s3cr3t".into(), seed: 1, ..State::default() };
        Fake::of(port, state, |shared, request| {
            let (method, path) = (request.method.as_str(), request.path.as_str());
            let token = request.header("authorization");
            if path == "/hotels/xml/reservationssummary" {
                return summary(
                    &mut shared.lock().unwrap(),
                    token,
                    request.header("content-type"),
                    &request.raw,
                );
            }
            if let Some(answer) = throttled(&mut shared.lock().unwrap()) {
                return answer;
            }
            let decided = decided(&mut shared.lock().unwrap(), method, path, token, &request.body);
            let is_slow = std::mem::take(&mut shared.lock().unwrap().is_slow);
            if is_slow && method == "POST" {
                std::thread::sleep(std::time::Duration::from_secs(60));
            }
            let (status, mut body) = decided?;
            // Without a version nothing says what a message is.
            if !["1.2", "1.3"].contains(&request.header("accept-version")) {
                hide(&mut body);
            }
            fake_http::json(status, &body)
        })
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Notifies of everything said in these threads, as the notification service does: it asks the gateway for a token,
    /// the first time in its fields and then in the header, and tells twice, the newest first. Gives the answers.
    pub fn notify(&self, endpoint: &str, secret: &str, threads: &[&str]) -> Vec<u16> {
        let kind = ("Content-Type", "application/x-www-form-urlencoded");
        let credentials = data_encoding::BASE64.encode(format!("machine-1:{secret}").as_bytes());
        let basic = format!("Basic {credentials}");
        let fields =
            format!("grant_type=client_credentials&client_id=machine-1&client_secret={secret}");
        let asked = [
            fake_http::post(&format!("{endpoint}/token"), &[kind], &fields),
            fake_http::post(
                &format!("{endpoint}/token"),
                &[kind, ("Authorization", &basic)],
                "grant_type=client_credentials",
            ),
        ];
        let told: Vec<Value> = {
            let state = self.state();
            let said = state.said.iter().filter(|said| threads.contains(&said.thread.as_str()));
            said.rev().map(notification).collect()
        };
        let mut answers = Vec::new();
        for (status, body) in asked {
            let given: Value = serde_json::from_str(&body).unwrap_or(Value::Null);
            let bearer = format!("Bearer {}", given["access_token"].as_str().unwrap_or_default());
            answers.push(status);
            let headers = [("Content-Type", "application/json"), ("Authorization", &bearer)];
            answers.extend(
                told.iter().map(|one| fake_http::post(endpoint, &headers, &one.to_string()).0),
            );
        }
        answers
    }
}

/// What is told of a message: property and all, unlike in the queue.
fn notification(said: &Said) -> Value {
    let mut payload = queued(said);
    payload["conversation"]["property_id"] = json!(property(&said.thread));
    payload["reply_to"] = Value::Null;
    json!({"metadata": {"uuid": format!("u-{}", said.id), "type": "MESSAGING_API_NEW_MESSAGE", "payloadVersion": "1.0"},
        "payload": payload})
}

/// 429, in the words of the test.
fn throttled(state: &mut State) -> Option<fake_http::Answer> {
    let (until, words) = state.throttle.clone()?;
    if jiff::Timestamp::now() >= until {
        state.throttle = None;
        return None;
    }
    state.told_to_wait += 1;
    let kind = format!("application/json{}{words}", fake_http::RETRY_AFTER);
    Some(Some((429, kind, b"{}".to_vec())))
}

/// Version 1.0: no requests with buttons, and messages have neither types nor their guests names.
fn hide(value: &mut Value) {
    match value {
        Value::Array(all) => {
            all.retain(|one| one["message_type"] != "self_service_event");
            all.iter_mut().for_each(hide);
        }
        Value::Object(fields) => {
            for hidden in ["message_type", "attributes", "name"] {
                fields.remove(hidden);
            }
            fields.values_mut().for_each(hide);
        }
        _ => {}
    }
}

/// `None` cuts the connection.
fn decided(
    state: &mut State,
    method: &str,
    path: &str,
    token: &str,
    body: &Value,
) -> Option<(u16, Value)> {
    let error =
        |code: u16, text: &str| Some((code, json!({"errors": [{"code": code, "message": text}]})));
    if path == "/token-based-authentication/exchange" {
        state.exchanges += 1;
        if state.exchanges > 30 {
            return error(429, "thirty tokens an hour");
        }
        if body["client_secret"] != state.secret.as_str() {
            return error(401, "wrong secret");
        }
        let exp = jiff::Timestamp::now().as_second() + 3600;
        let claims =
            data_encoding::BASE64URL_NOPAD.encode(json!({"exp": exp}).to_string().as_bytes());
        return Some((200, json!({"jwt": format!("e30.{claims}.{}", state.exchanges)})));
    }
    if !is_good(state, token) {
        return error(401, "no token");
    }
    let second = jiff::Timestamp::now().as_second();
    if state.spent.0 != second {
        state.spent = (second, 0);
    }
    state.spent.1 += 1;
    if state.budget.is_some_and(|budget| state.spent.1 > budget) {
        return error(429, "slower");
    }
    let is_post = method == "POST" && !path.ends_with("/attachments");
    let planned = is_post && !state.post_faults.is_empty();
    let fault = if planned {
        Some(state.post_faults.remove(0))
    } else {
        let all = [Fault::Broken, Fault::Throttled, Fault::DoneThenSilence, Fault::Unauthorized];
        fake_http::fault(&mut state.seed, state.fault_rate, &all)
    };
    // Twice in a row would say that the credentials are no longer good.
    let fault = fault.filter(|fault| *fault != Fault::Unauthorized || !state.refused);
    state.refused = fault == Some(Fault::Unauthorized);
    match fault {
        Some(Fault::Broken) => return error(500, "broken"),
        Some(Fault::Throttled) => return error(429, "slower"),
        Some(Fault::Unauthorized) => return error(401, "token expired"),
        Some(Fault::NotOk) => return Some((200, json!({"data": {"ok": false}}))),
        Some(Fault::Slow) => state.is_slow = true,
        Some(Fault::Cut) => return None,
        Some(Fault::DoneThenSilence) | None => {}
    }
    let (status, data) = done(state, method, path, body);
    (fault != Some(Fault::DoneThenSilence)).then(|| {
        (status, json!({"meta": {"ruid": "x"}, "data": data, "warnings": [], "errors": []}))
    })
}

/// An old token is refused.
fn is_good(state: &State, token: &str) -> bool {
    let number = token.strip_prefix("Bearer e30.").and_then(|rest| rest.rsplit_once('.'));
    number.and_then(|(_, n)| n.parse::<usize>().ok()).is_some_and(|n| n >= state.oldest_token)
}

fn summary(state: &mut State, token: &str, kind: &str, body: &str) -> fake_http::Answer {
    if !is_good(state, token) {
        return Some((401, "text/xml".into(), b"<fault/>".to_vec()));
    }
    assert_eq!(
        (kind, body),
        ("application/xml", "<request><hotel_id>1383087</hotel_id></request>")
    );
    state.summaries += 1;
    let rows = state.reservations.iter().map(|(id, first, last, departure)| {
        // "These messages do not display the first and last names": then the fields are missing.
        let customer = match first.is_empty() {
            true => String::new(),
            false => format!("<customer><first_name>{first}</first_name><last_name>{last}</last_name></customer>"),
        };
        format!(
            "<reservation>{customer}<id>{id}</id><room><arrival_date>2026-01-01</arrival_date><departure_date>{departure}</departure_date></room></reservation>"
        )
    });
    let xml =
        format!("<?xml version=\"1.0\"?><reservations>{}</reservations>", rows.collect::<String>());
    Some((200, "text/xml".into(), xml.into_bytes()))
}

fn done(state: &mut State, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    if let ("GET", ["properties", _, "conversations", thread]) = (method, parts.as_slice()) {
        *state.reads.entry((*thread).to_owned()).or_default() += 1;
    }
    match (method, parts.as_slice()) {
        (_, ["properties", house, ..]) if state.not_connected.contains(house) => (403, json!({})),
        ("GET", ["messages", "latest"]) if state.no_queue => (403, json!({})),
        ("GET", ["messages", "search"]) if query.is_empty() => (400, json!({})),
        ("GET", ["messages", "search"]) => {
            assert!(query.contains("after=") && query.contains("property_id=1383087"), "{query}");
            state.searches.push(0);
            (200, json!({"ok": true, "job_id": format!("job-{}", state.searches.len() - 1)}))
        }
        ("GET", ["messages", "search", "result", job]) => {
            let job: usize = job.trim_start_matches("job-").parse().unwrap();
            state.searches[job] += 1;
            if state.gone_searches > 0 {
                state.gone_searches -= 1;
                return (410, json!({}));
            }
            if state.endless_search || state.searches[job] < 3 {
                return (200, json!({"ok": true, "status": "pending"}));
            }
            let all: Vec<Value> = state.said.iter().map(|said| json!({
                "message_id": said.id, "sender_id": "p-g", "content": said.text, "timestamp": said.at,
                "conversation": {"property_id": "1383087", "conversation_id": said.thread},
            })).collect();
            let Some((page, next)) = page_of(&all, query) else { return (400, json!({})) };
            (200, json!({"ok": true, "messages": page, "next_page_id": next}))
        }
        ("GET", ["messages", "latest"]) => {
            state.fetches += 1;
            // What was confirmed may come again.
            if !state.said.is_empty() && state.fault_rate > 0 && state.chance(5) == 0 {
                let again = usize::try_from(state.chance(state.said.len() as u64)).unwrap();
                state.queue.push(again);
            }
            state.last_fetched = state.queue.len().min(100);
            let fetched: Vec<usize> = state.queue[..state.last_fetched].to_vec();
            let messages: Vec<Value> = fetched.iter().map(|at| queued(&state.said[*at])).collect();
            (200, json!({"ok": "true", "number_of_messages": messages.len(), "messages": messages}))
        }
        ("PUT", ["messages"]) => {
            let count: usize = query.trim_start_matches("number_of_messages=").parse().unwrap_or(0);
            assert_eq!(count, state.last_fetched, "confirms what was fetched last");
            if !state.repeats {
                state.queue.drain(..count.min(state.queue.len()));
            }
            state.last_fetched = 0;
            (200, json!({"ok": true}))
        }
        ("GET", ["properties", house, "conversations"]) => list_page(state, house, query),
        ("GET", ["properties", house, "conversations", "type", kind]) => {
            let wanted = query.strip_prefix("conversation_reference=").unwrap_or_default();
            let is_it = |thread: &&String| {
                property(thread) == *house && about(thread) == (*kind, wanted.to_owned())
            };
            let found = state.by_thread.keys().find(is_it).cloned();
            found.map_or((404, json!({})), |thread| thread_page(state, &thread, ""))
        }
        (_, ["properties", house, "conversations", thread, ..]) if property(thread) != *house => {
            (404, json!({}))
        }
        ("GET", [_, _, _, thread]) if state.broken.iter().any(|one| one == thread) => {
            (500, json!({}))
        }
        ("GET", ["properties", _, "conversations", thread]) => thread_page(state, thread, query),
        // Requests to book take neither files nor tags.
        (_, [_, _, _, thread, "attachments" | "tags", ..]) if is_request(thread) => {
            (403, json!({}))
        }
        ("POST", ["properties", _, "conversations", _, "attachments"]) => {
            let kind = body["attachment"]["file_type"].as_str().unwrap_or_default();
            if kind != "image/jpeg" && kind != "image/png" {
                return (400, json!({}));
            }
            let content = body["attachment"]["file_content"].as_str().unwrap_or_default();
            let content = data_encoding::BASE64.decode(content.as_bytes()).unwrap_or_default();
            if content.len() > 1_000_000 {
                return (400, json!({}));
            }
            state.attachments += 1;
            (200, json!({"attachment_id": format!("attachment-{}", state.attachments)}))
        }
        ("GET", ["properties", _, "conversations", _, "attachments", id]) => {
            match state.pictures.get(*id) {
                Some(bytes) => (
                    200,
                    json!({"attachment": {"file_name": format!("{id}.png"), "file_type": "image/png",
                    "file_size": bytes.len(), "file_content": data_encoding::BASE64.encode(bytes)}}),
                ),
                None => (404, json!({})),
            }
        }
        ("PUT", ["properties", _, "conversations", thread, "tags", "no_reply_needed"]) => {
            state.no_reply_needed.push((*thread).to_owned());
            (200, json!({"ok": true, "tag": "no_reply_needed", "is_set": true}))
        }
        ("PUT", ["properties", _, "conversations", _, "tags", "message_read"]) => {
            assert_eq!(body["participant_id"], "p-h");
            let ids = body["message_ids"].as_array().unwrap().iter();
            state.read.extend(ids.map(|id| id.as_str().unwrap().to_owned()));
            (200, json!({"ok": true, "tag": "read", "is_set": true}))
        }
        ("POST", ["properties", _, "conversations", thread]) => {
            let content = body["message"]["content"].as_str().unwrap_or_default();
            if state.read_only.iter().any(|one| one == thread) {
                return (403, json!({}));
            }
            if content.is_empty() {
                return (400, json!({}));
            }
            // Links that were not approved are stripped.
            let kept: Vec<&str> =
                content.split(' ').filter(|word| !word.starts_with("https://")).collect();
            let id = state.say(thread, false, &kept.join(" "), true);
            (200, json!({"message_id": id, "ok": true, "guest_has_account": true}))
        }
        _ => (404, json!({})),
    }
}

fn queued(said: &Said) -> Value {
    let kind = if said.from_guest { "GUEST" } else { "property" };
    json!({
        "message_id": said.id, "message_type": said.kind, "content": said.text, "timestamp": said.at,
        "sender": {"participant_id": format!("p-{kind}"), "metadata": {"participant_type": kind,
            "name": if said.from_guest { "Anna Example" } else { "Pousada" }}},
        "conversation": {"conversation_type": about(&said.thread).0, "conversation_id": said.thread,
            "conversation_reference": about(&said.thread).1},
        "attachment_ids": said.files, "attributes": {"self_service_topic": said.topic},
        "is_redacted": said.redacted,
    })
}

const PAGE: usize = 20;

/// The name of a page is nobody's business, and has every sign that means something in a query; `None`: it is wrong.
fn page_of<T: Clone>(all: &[T], query: &str) -> Option<(Vec<T>, Option<String>)> {
    let fields: Vec<(String, String)> = serde_urlencoded::from_str(query).ok()?;
    let from: usize = match fields.iter().find(|(name, _)| name == "page_id") {
        Some((_, name)) => name.strip_prefix("a+b/")?.strip_suffix("&=")?.parse().ok()?,
        None => 0,
    };
    let next = (all.len() > from + PAGE).then(|| format!("a+b/{}&=", from + PAGE));
    Some((all.iter().skip(from).take(PAGE).cloned().collect(), next))
}

fn list_page(state: &State, house: &str, query: &str) -> (u16, Value) {
    let threads: Vec<&String> =
        state.by_thread.keys().filter(|thread| property(thread) == house).collect();
    let Some((page, next)) = page_of(&threads, query) else { return (400, json!({})) };
    let page: Vec<Value> = page.iter().map(|id| json!({"conversation_id": id})).collect();
    (200, json!({"ok": true, "conversations": page, "next_page_id": next}))
}

fn thread_page(state: &State, thread: &str, query: &str) -> (u16, Value) {
    let places = state.by_thread.get(thread).map(Vec::as_slice).unwrap_or_default();
    let newest_first: Vec<&Said> = places.iter().rev().map(|at| &state.said[*at]).collect();
    let Some((page, next)) = page_of(&newest_first, query) else { return (400, json!({})) };
    let message = |said: &&Said| {
        json!({"message_id": said.id, "message_type": said.kind, "timestamp": said.at, "content": said.text,
            "sender_id": if said.from_guest { "p-g" } else { "p-h" }, "attachment_ids": said.files,
            "attributes": {"self_service_topic": said.topic}, "tags": {"read": {"set": state.read.contains(&said.id)}}})
    };
    (
        200,
        json!({"ok": "true", "conversation": {
            "conversation_id": thread, "conversation_type": about(thread).0,
            "access": if state.read_only.iter().any(|one| one == thread) { "read_only" } else { "read_write" },
            "conversation_reference": about(thread).1, "next_page_id": next,
            "tags": {"no_reply_needed": {"set": state.no_reply_needed.iter().any(|one| one == thread)}},
            "participants": [{"participant_id": "p-g", "metadata": {"type": "guest", "name": "Anna Example"}},
                {"participant_id": "p-h", "metadata": {"type": "hotel", "id": "1383087"}}],
            "messages": page.iter().map(message).collect::<Vec<_>>(),
        }}),
    )
}
