//! Changes as server-sent events: only which conversation changed; the client reads it again.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::StreamExt;
use serde_json::json;
use tokio_stream::wrappers::{BroadcastStream, errors::BroadcastStreamRecvError};

use super::{Door, api::Caller};
use crate::ground::key::AccountId;

pub(super) async fn stream(State(door): State<Door>, Caller(account): Caller) -> Response {
    of_account(&door, account)
}

/// The changes of one account, for the API and for open pages of the inbox.
pub(super) fn of_account(door: &Door, account: AccountId) -> Response {
    let changes = BroadcastStream::new(door.gateway.changes.subscribe());
    let events = changes.filter_map(move |change| {
        let event = match change {
            Ok(change) if change.account == account => {
                let data = json!({"conversation": change.conversation});
                Some(Event::default().event("changed").data(data.to_string()))
            }
            Ok(_) => None,
            // Some were missed: the client reads everything again.
            Err(BroadcastStreamRecvError::Lagged(_)) => {
                Some(Event::default().event("reset").data("{}"))
            }
        };
        std::future::ready(event.map(Ok::<_, Infallible>))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(20))).into_response()
}
