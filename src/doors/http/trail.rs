//! The audit log of the door: one step around every request. Who is asking is told by the one place that finds it out;
//! what they do is the route, or what its handler says.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};

use super::{Door, Peer, blocking};
use crate::ground::{
    account::Member,
    audit::{self, Action},
    key::AccountId,
};

/// What becomes known of a request while it is answered.
#[derive(Clone, Debug, Default)]
pub(super) struct Trail(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    who: Option<(AccountId, String)>,
    did: Option<(String, String)>,
}

impl Trail {
    /// The trail of this request.
    pub(super) fn of(extensions: &axum::http::Extensions) -> Self {
        extensions.get::<Trail>().cloned().unwrap_or_default()
    }

    /// A member asks.
    pub(super) fn member(&self, member: &Member) {
        self.somebody(member.account, format!("{} <{}>", member.name, member.address));
    }

    /// Somebody asks.
    pub(super) fn somebody(&self, account: AccountId, who: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).who = Some((account, who));
    }

    /// What is done, where the route alone does not say; an empty word when it is nothing.
    pub(super) fn did(&self, what: impl Into<String>, about: impl Into<String>) {
        let did = Some((what.into(), about.into()));
        self.0.lock().unwrap_or_else(PoisonError::into_inner).did = did;
    }

    fn take(&self) -> Known {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Writes what was asked for, done or refused, before it is answered.
pub(super) async fn kept(State(door): State<Door>, mut request: Request, next: Next) -> Response {
    let template = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let template = template.unwrap_or_default();
    let deed = audit::deed(request.method().as_str(), &template, request.uri().path());
    let Some((what, about)) = deed else { return next.run(request).await };
    let peer = request.extensions().get::<Peer>().map(|peer| peer.address.to_string());
    let trail = Trail::default();
    request.extensions_mut().insert(trail.clone());
    let response = next.run(request).await;
    let Known { who, did } = trail.take();
    let Some((account, who)) = who else { return response };
    let (what, about) = did.unwrap_or((what, about));
    if what.is_empty() {
        return response;
    }
    let status = response.status();
    let refused = (status.is_client_error() || status.is_server_error()).then(|| status.as_u16());
    let action = Action { account, who, what, about, peer: peer.unwrap_or_default(), refused };
    let kept = blocking(move || Ok(door.gateway.note_action(action)?)).await;
    if let Err(problem) = kept {
        tracing::error!(detail = problem.detail(), "an action is missing in the audit log");
    }
    response
}
