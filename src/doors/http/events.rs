//! Changes as server-sent events: only which conversation changed; the client reads it again. Each has a number, and
//! who comes back with the last one (`Last-Event-ID`) is told what came after it.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::StreamExt;
use serde::Deserialize;
use serde_json::json;
use tokio_stream::wrappers::{BroadcastStream, errors::BroadcastStreamRecvError};

use super::{Door, api::Caller};
use crate::{flow::gateway::Change, ground::key::AccountId};

/// Where a stream begins.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(super) struct Since {
    since: Option<u64>,
}

impl Since {
    /// A browser that comes back says what it heard last; that is newer than what its page was made with.
    pub(super) fn or_resumed(self, headers: &HeaderMap) -> Option<u64> {
        let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
        last.or(self.since)
    }
}

pub(super) async fn stream(
    State(door): State<Door>,
    Caller(account): Caller,
    Query(since): Query<Since>,
    headers: HeaderMap,
) -> Response {
    of_account(&door, account, since.or_resumed(&headers))
}

fn changed((number, change): (u64, Change)) -> Event {
    let data = json!({"conversation": change.conversation});
    Event::default().id(number.to_string()).event("changed").data(data.to_string())
}

fn reset(last: u64) -> Event {
    Event::default().id(last.to_string()).event("reset").data("{}")
}

/// The changes of one account, for the API and for open pages of the inbox.
pub(super) fn of_account(door: &Door, account: AccountId, since: Option<u64>) -> Response {
    let followed = door.gateway.changes.follow(account, since);
    let missed: Vec<Event> = match followed.missed {
        Some(missed) => missed.into_iter().map(changed).collect(),
        None => vec![reset(followed.last)],
    };
    let gateway = std::sync::Arc::clone(&door.gateway);
    let coming = BroadcastStream::new(followed.coming).filter_map(move |heard| {
        let event = match heard {
            Ok(numbered) if numbered.1.account == account => Some(changed(numbered)),
            Ok(_) => None,
            // Some were missed: the client reads everything again.
            Err(BroadcastStreamRecvError::Lagged(_)) => Some(reset(gateway.changes.last())),
        };
        std::future::ready(event)
    });
    let events = futures_util::stream::iter(missed).chain(coming).map(Ok::<_, Infallible>);
    let stream = Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(20)));
    // nginx would keep what is said now until there is a page of it.
    ([("x-accel-buffering", "no")], stream).into_response()
}
