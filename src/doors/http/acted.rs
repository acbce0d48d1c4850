//! The audit log: every request that changes something, by whom, from where, and how it ended. One layer around the
//! whole site sees them all; who it was is told by the extractor that found it out.

use std::sync::{Arc, OnceLock};

use axum::{
    extract::{Request, State},
    http::{Method, request::Parts},
    middleware::Next,
    response::Response,
};

use super::{Door, Peer, blocking};
use crate::{ground::key::AccountId, keep::store::Action};

/// Filled in by whoever finds out who is asking.
#[derive(Clone, Debug, Default)]
pub(super) struct Actor(Arc<OnceLock<(AccountId, String)>>);

impl Actor {
    pub(super) fn is(&self, account: AccountId, who: String) {
        let _ = self.0.set((account, who));
    }
}

/// Tells the log who sent this request.
pub(super) fn by(parts: &Parts, account: AccountId, who: String) {
    if let Some(actor) = parts.extensions.get::<Actor>() {
        actor.is(account, who);
    }
}

pub(super) async fn note(State(door): State<Door>, mut request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    // A draft is saved with every pause in typing, and changes nothing but itself.
    let looks = matches!(method, Method::GET | Method::HEAD | Method::OPTIONS);
    if looks || path.ends_with("/draft") {
        return next.run(request).await;
    }
    let actor = Actor::default();
    request.extensions_mut().insert(actor.clone());
    let from = request.extensions().get::<Peer>().map_or(String::new(), |peer| peer.0.to_string());
    let response = next.run(request).await;
    if let Some((account, who)) = actor.0.get().cloned() {
        // The token in a sign-in link was a key, though a spent one.
        let path = if path.starts_with("/inbox/sign-in/") { "/inbox/sign-in" } else { &path };
        let what = format!("{method} {path}");
        let action = Action { who, what, from, status: response.status().as_u16() };
        let noted = blocking(move || Ok(door.gateway.note_action(account, action)?)).await;
        if noted.is_err() {
            tracing::error!("an action could not be noted in the audit log");
        }
    }
    response
}
