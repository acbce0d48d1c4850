//! The HTTP door: contact form, JSON API, the page that decides a held reply. Hyper serves, axum routes; nothing
//! is decided here.

mod api;
mod change;
mod connections;
mod events;
mod form;
mod glossary;
mod held;
mod hooks;
mod inbox;
mod page;
mod patience;
mod problem;
mod quiet;
mod reading;
mod regroup;
mod trail;
mod wire;

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::Response,
    routing::{MethodRouter, get, post},
};
use jiff::Timestamp;
use tower_http::{compression::CompressionLayer, set_header::SetResponseHeaderLayer};

use crate::{
    flow::{clock, gateway::Gateway},
    ground::{
        key::{AccountId, MemberId},
        rate::Rate,
    },
};
use inbox::SpentLinks;
pub use inbox::login_link;
use problem::Problem;
pub use wire::serve;

/// What can be set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The largest request with files, bytes.
    pub request_bytes: usize,
    /// How long a request may take once it has come, event streams excepted.
    pub timeout: Duration,
    /// How long a client may take to say what it wants.
    pub head: Duration,
    /// Connections at the same time; three quarters of them may be open pages, which stay.
    pub connections: usize,
    /// How long what is deleted can be restored, days.
    pub deleted_days: u32,
    /// Reverse proxies besides those on this machine, believed in who asks.
    pub proxies: Vec<IpAddr>,
}

/// Paths to which files are sent.
const WITH_FILES: [&str; 5] = [
    "/f/{form}",
    "/api/v1/conversations/{id}/messages",
    "/inbox/{id}/reply",
    "/inbox/{id}/draft",
    "/inbox/{id}/preview",
];

/// The largest request to any other, bytes: nobody types more.
const WITHOUT_FILES: usize = 1 << 20;

/// What every handler sees.
#[derive(Clone)]
struct Door {
    gateway: Arc<Gateway>,
    limiter: Arc<Rate<IpAddr>>,
    links: Arc<SpentLinks>,
    forms: Arc<form::Guard>,
    /// Streams of events: open pages leave room for requests.
    streams: Arc<events::Streams>,
    /// Links mailed to a member.
    mailed: Arc<Rate<MemberId>>,
    /// Reservations a house asks its platforms for.
    begun: Arc<Rate<AccountId>>,
    /// The largest request, bytes.
    request_bytes: usize,
    /// How long what is deleted can be restored, days.
    deleted_days: u32,
    /// When it was last found well.
    well_at: Arc<tokio::sync::Mutex<Option<Timestamp>>>,
}

impl Door {
    /// May this house ask its platforms for one more reservation now?
    fn may_begin(&self, account: AccountId) -> Result<(), Problem> {
        let too_many = || {
            Problem::too_many()
                .saying("too many reservations were asked for, try again in a minute")
        };
        self.begun.allow(account, clock::now()).then_some(()).ok_or_else(too_many)
    }
}

/// A row of the route table: method, path, handler. `openapi.json` is checked against it.
type Route = (&'static str, &'static str, MethodRouter<Door>);

fn routes() -> Vec<Route> {
    vec![
        ("GET", "/healthz", get(api::health)),
        ("GET", "/openapi.json", get(api::openapi)),
        ("GET", "/metrics", get(api::metrics)),
        ("GET", "/f/{form}", get(form::show)),
        ("POST", "/f/{form}", post(form::submit)),
        ("OPTIONS", "/f/{form}", axum::routing::options(form::preflight)),
        ("GET", "/f/{form}/thanks", get(form::thanks)),
        ("GET", "/f/{form}/snippet", get(form::snippet)),
        ("GET", "/f/{form}/challenge", get(form::challenge)),
        ("GET", "/form.js", get(form::script)),
        ("GET", "/held/{message}/{signature}", get(held::show)),
        ("POST", "/held/{message}/{signature}", post(held::decide)),
        ("GET", "/read/{message}/{signature}", get(reading::show)),
        ("POST", "/read/{message}/{signature}", post(reading::choose)),
        ("GET", "/quiet/{member}/{signature}", get(quiet::show)),
        ("POST", "/quiet/{member}/{signature}", post(quiet::press)),
        ("GET", "/api/v1/counts", get(api::counts)),
        ("GET", "/api/v1/events", get(events::stream)),
        ("GET", "/api/v1/conversations", get(api::conversations)),
        ("POST", "/api/v1/conversations", post(change::begin)),
        ("GET", "/api/v1/conversations/{id}", get(api::conversation)),
        ("DELETE", "/api/v1/conversations/{id}", axum::routing::delete(change::delete)),
        ("POST", "/api/v1/conversations/{id}/messages", post(change::reply)),
        ("POST", "/api/v1/conversations/{id}/read", post(change::read)),
        ("POST", "/api/v1/conversations/{id}/done", post(change::done)),
        ("POST", "/api/v1/conversations/{id}/close", post(change::close)),
        ("POST", "/api/v1/conversations/{id}/language", post(change::language)),
        ("POST", "/api/v1/conversations/{id}/restore", post(change::restore)),
        ("POST", "/api/v1/conversations/{id}/release", post(change::release)),
        ("POST", "/api/v1/conversations/{id}/merge", post(regroup::merge)),
        ("POST", "/api/v1/conversations/{id}/split", post(regroup::split)),
        ("POST", "/api/v1/conversations/{id}/move", post(regroup::move_messages)),
        ("GET", "/api/v1/connections", get(connections::list)),
        ("GET", "/api/v1/relay", get(connections::relay)),
        ("POST", "/api/v1/connections", post(connections::add)),
        ("POST", "/api/v1/connections/authorize", post(connections::authorize)),
        ("GET", "/connections/airbnb/granted", get(connections::granted)),
        ("DELETE", "/api/v1/connections/{id}", axum::routing::delete(connections::remove)),
        ("POST", "/api/v1/connections/{id}/pause", post(connections::pause)),
        ("POST", "/api/v1/connections/{id}/sync", post(connections::sync)),
        ("POST", "/api/v1/connections/{id}/test", post(connections::test)),
        ("GET", "/api/v1/glossary", get(glossary::list)),
        ("PUT", "/api/v1/glossary", axum::routing::put(glossary::set)),
        ("DELETE", "/api/v1/glossary", axum::routing::delete(glossary::remove)),
        ("POST", "/hooks/{connection}", post(hooks::notified)),
        ("POST", "/hooks/{connection}/token", post(hooks::token)),
        ("POST", "/hooks/{connection}/{secret}", post(hooks::notified_in_secret)),
        ("GET", "/api/v1/messages/{id}", get(api::message)),
        ("POST", "/api/v1/messages/{id}/decision", post(change::decide)),
        ("POST", "/api/v1/translate/preview", post(change::preview)),
        ("GET", "/api/v1/messages/{id}/raw", get(api::raw)),
        ("GET", "/api/v1/messages/{id}/attachments/{position}", get(api::attachment)),
    ]
}

/// The whole site as a service.
fn router(gateway: Arc<Gateway>, settings: &Settings) -> Router {
    let mut router = Router::new();
    let api = routes().into_iter().map(|(_, path, handler)| (path, handler));
    for (path, handler) in api.chain(inbox::pages()) {
        let most = if WITH_FILES.contains(&path) {
            settings.request_bytes
        } else {
            settings.request_bytes.min(WITHOUT_FILES)
        };
        router = router.route(path, handler.layer(DefaultBodyLimit::max(most)));
    }
    let door = Door {
        gateway,
        // What strangers ask for without signing in: some at once, then one every few seconds.
        limiter: Arc::new(Rate::new(20, 6.0)),
        links: Arc::default(),
        forms: Arc::default(),
        streams: Arc::new(events::Streams::new((settings.connections * 3 / 4).max(1))),
        // A stranger who knows the address must not fill a member's mailbox from many networks.
        mailed: Arc::new(Rate::new(8, 600.0)),
        // Each may ask every platform of the house: who types does not try numbers.
        begun: Arc::new(Rate::new(10, 30.0)),
        request_bytes: settings.request_bytes,
        deleted_days: settings.deleted_days,
        well_at: Arc::default(),
    };
    let fixed = |name: HeaderName, value| {
        SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
    };
    router
        .fallback(|| async { Problem::not_found("there is nothing at this address") })
        .method_not_allowed_fallback(|| async { Problem::method_not_allowed() })
        .route_layer(axum::middleware::from_fn_with_state(door.clone(), trail::kept))
        .with_state(door)
        // Inside of what puts answers into words: who was too slow reads a page too.
        .layer(axum::middleware::from_fn_with_state(settings.timeout, patience::in_time))
        .layer(axum::middleware::map_response(problem::in_our_form))
        .layer(axum::middleware::from_fn(page::for_people))
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(fixed(header::REFERRER_POLICY, "no-referrer"))
        .layer(fixed(header::X_FRAME_OPTIONS, "DENY"))
        .layer(fixed(header::CONTENT_SECURITY_POLICY, page::POLICY))
        .layer(fixed(
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=()",
        ))
        .layer(CompressionLayer::new())
}

/// Who asks, for rate limits and for what only this machine may see.
#[derive(Clone, Copy, Debug)]
struct Peer {
    address: IpAddr,
    /// A program on this machine, by itself: no proxy on it names whom it speaks for.
    is_local: bool,
}

/// Behind a reverse proxy everybody would be the proxy and share one rate limit: there the address that a proxy of ours
/// added last is taken, and behind that again if it is one too. From anybody else the field is only a claim; and this
/// machine itself is never who it names, for some proxies pass on what the visitor sent.
fn real_peer(peer: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> Peer {
    let fields = headers.get_all("x-forwarded-for");
    let is_local = peer.is_loopback() && fields.iter().next().is_none();
    let fields = fields.iter().rev().filter_map(|field| field.to_str().ok());
    let mut added = fields.flat_map(|field| field.rsplit(',')).filter(|one| !one.trim().is_empty());
    let (mut address, mut last) = (peer, peer);
    while is_proxy(last, proxies) {
        let Some(before) = added.next().and_then(forwarded) else { break };
        last = before;
        if !before.is_loopback() {
            address = before;
        }
    }
    Peer { address, is_local }
}

/// A proxy on this machine, or one that is named.
fn is_proxy(address: IpAddr, proxies: &[IpAddr]) -> bool {
    address.is_loopback() || proxies.contains(&address)
}

/// An address as proxies write it: some add the port, and brackets around IPv6 (RFC 7239 section 6).
fn forwarded(one: &str) -> Option<IpAddr> {
    let one = one.trim();
    let address = one.parse::<SocketAddr>().map(|socket| socket.ip());
    let bare = || one.trim_start_matches('[').trim_end_matches(']').parse();
    address.or_else(|_| bare()).ok().map(|address: IpAddr| address.to_canonical())
}

/// Runs what waits for the disk on a thread that may.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| Err(Problem::ours(format!("the request panicked: {error}"))))
}

/// Most handlers end in one of these.
type Answer = Result<Response, Problem>;

#[cfg(test)]
mod tests;
