//! Changes as server-sent events: only which conversation changed; the client reads it again. Each has a number, and
//! who comes back with the last one (`Last-Event-ID`) is told what came after it.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::{
        IntoResponse, Response,
        sse::{Event, Sse},
    },
};
use futures_util::{
    StreamExt,
    stream::{iter, select},
};
use serde::Deserialize;
use serde_json::json;
use tokio::time::{Instant, interval_at};
use tokio_stream::wrappers::{BroadcastStream, IntervalStream, errors::BroadcastStreamRecvError};

use super::{
    Door, Problem,
    api::{self, Caller},
    blocking, inbox,
};
use crate::{
    flow::gateway::{Change, Gateway},
    ground::key::AccountId,
};

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
    let Some(token) = api::token_hash(&headers) else {
        return Problem::unauthorized().into_response();
    };
    of_account(&door, account, Right::Token(token), since.or_resumed(&headers))
}

/// By what somebody hears a house: the hash of their cookie or token.
#[derive(Clone, Copy, Debug)]
pub(super) enum Right {
    Session([u8; 32]),
    Token([u8; 32]),
}

impl Right {
    /// Is nobody signed out, removed or revoked meanwhile? By whom and in which process does not matter.
    async fn holds(self, gateway: Arc<Gateway>) -> bool {
        let house = blocking(move || {
            Ok(gateway.store.read(|r| {
                Ok(match self {
                    Right::Session(hash) => inbox::known(r, &hash)?.map(|(house, _)| house),
                    Right::Token(hash) => api::known(r, &hash)?.map(|(_, house)| house),
                })
            })?)
        });
        matches!(house.await, Ok(Some(house)) if house.has_messaging())
    }
}

/// How often a stream on which nothing happens says that it is there.
const REST: Duration = Duration::from_secs(20);

fn changed((number, change): (u64, Change)) -> Event {
    let data = json!({"conversation": change.conversation});
    Event::default().id(number.to_string()).event("changed").data(data.to_string())
}

fn reset(last: u64) -> Event {
    Event::default().id(last.to_string()).event("reset").data("{}")
}

/// The changes of one account, for the API and for open pages of the inbox.
///
/// Whoever may hear no more is told nothing more: asked before each change, and while there is none.
pub(super) fn of_account(
    door: &Door,
    account: AccountId,
    right: Right,
    since: Option<u64>,
) -> Response {
    let Ok(place) = Arc::clone(&door.streams).try_acquire_owned() else {
        // A page asks again after a while, and shows meanwhile that it is not live.
        return Problem::ours("too many open pages").into_response();
    };
    let followed = door.gateway.changes.follow(account, since);
    let missed: Vec<Event> = match followed.missed {
        Some(missed) => missed.into_iter().map(changed).collect(),
        None => vec![reset(followed.last)],
    };
    let (gateway, asked) = (Arc::clone(&door.gateway), Arc::clone(&door.gateway));
    let coming = BroadcastStream::new(followed.coming).filter_map(move |heard| {
        let event = match heard {
            Ok(numbered) if numbered.1.account == account => Some(changed(numbered)),
            Ok(_) => None,
            // Some were missed: the client reads everything again.
            Err(BroadcastStreamRecvError::Lagged(_)) => Some(reset(gateway.changes.last())),
        };
        std::future::ready(event)
    });
    let rests = IntervalStream::new(interval_at(Instant::now() + REST, REST));
    let coming = select(coming, rests.map(|_| Event::default().comment("")));
    let coming = coming.scan(place, move |_place, event| {
        let holds = right.holds(Arc::clone(&asked));
        async move { holds.await.then_some(event) }
    });
    let stream = Sse::new(iter(missed).chain(coming).map(Ok::<_, Infallible>));
    // nginx would keep what is said now until there is a page of it.
    ([("x-accel-buffering", "no")], stream).into_response()
}
