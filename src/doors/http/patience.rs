//! How long a request may take: counted from the last piece of it that came, so that a visitor who uploads photographs
//! over a slow line is no slow request.

use std::{
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    body::Body,
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::BodyExt;
use tokio::time::{Instant, sleep_until};

/// So long a request may take in all: a byte a minute is no way to stay.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// Answers 503 when nothing has happened for so long; what has begun to answer, such as a stream of events, may go on.
pub(super) async fn in_time(
    State(limit): State<Duration>,
    request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let heard = Arc::new(Mutex::new(begun));
    let piece = Arc::clone(&heard);
    let request = request.map(|body| {
        Body::new(body.map_frame(move |frame| {
            *piece.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
            frame
        }))
    });
    let until = || {
        let heard = *heard.lock().unwrap_or_else(PoisonError::into_inner);
        (heard + limit).min(begun + LONGEST)
    };
    let mut handling = pin!(next.run(request));
    loop {
        tokio::select! {
            response = &mut handling => return response,
            () = sleep_until(until()) => {}
        }
        if until() <= Instant::now() {
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    }
}
