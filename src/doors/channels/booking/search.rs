//! The search for messages: a job is asked for and its result fetched when it is ready.
//!
//! "Very intensive and slow", so it is only for what notifications may have missed. Its messages name no sender; they
//! only say which conversations to read.

use std::time::Duration;

use hyper::Method;
use jiff::{SignedDuration, Timestamp};

use super::session::Session;
use crate::{
    doors::channels::{
        adapter::Fail,
        values::{list, text},
    },
    flow::clock,
    keep::store::ConnectionRow,
};

/// It looks back no further.
const FURTHEST: SignedDuration = SignedDuration::from_hours(90 * 24);
/// The pause before the first look; it doubles, up to the second.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));
/// Looks before the job is given up.
const LOOKS: usize = 12;

/// The conversations of a house in which something was said since a moment.
pub(super) async fn threads_since(
    session: &Session,
    house: &ConnectionRow,
    since: Timestamp,
) -> Result<Vec<String>, Fail> {
    let furthest = clock::now().checked_sub(FURTHEST).unwrap_or(Timestamp::MIN);
    let after = since.max(furthest).strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string();
    let property = &house.property;
    let path = format!("/messages/search?after={after}&property_id={property}&order_by=asc");
    let job = session.ask(Method::GET, &path, None).await?;
    let job = text(&job["job_id"]).ok_or_else(|| Fail::Refused("a search without a job".into()))?;
    let base = format!("/messages/search/result/{job}");
    let mut found = Vec::new();
    let mut page = None;
    loop {
        let data = ready(session, &super::paged(&base, page.as_deref())).await?;
        for message in list(&data["messages"]) {
            let thread = text(&message["conversation"]["conversation_id"]);
            found.extend(thread.filter(|thread| !found.contains(thread)));
        }
        page = text(&data["next_page_id"]);
        if page.is_none() {
            return Ok(found);
        }
    }
}

/// Which field says that a job is not ready is not documented: without messages it is not.
async fn ready(session: &Session, path: &str) -> Result<serde_json::Value, Fail> {
    let (mut pause, longest) = PAUSES;
    for _ in 0..LOOKS {
        let data = session.ask(Method::GET, path, None).await?;
        if data["messages"].is_array() {
            return Ok(data);
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(longest);
    }
    Err(Fail::Unanswered("a search that does not get ready".into()))
}
