//! Changes as server-sent events: only which conversation changed; the client reads it again. Each has a number, and
//! who comes back with the last one (`Last-Event-ID`) is told what came after it.

use std::{
    collections::{HashMap, hash_map::Entry},
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

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
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, interval_at},
};
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

/// The places for streams: so many in all, and no browser, program or house has all of them.
#[derive(Debug)]
pub(super) struct Streams {
    all: Arc<Semaphore>,
    /// How many each has open.
    open: Arc<Mutex<HashMap<Whose, usize>>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Whose {
    One(Right),
    House(AccountId),
}

/// Open pages of one browser, or streams of one token.
const MOST_OF_ONE: usize = 20;
/// And of a house: all its browsers and programs.
const MOST_OF_HOUSE: usize = 300;

/// A place that is given back when its stream ends.
struct Place {
    _of_all: OwnedSemaphorePermit,
    taken: [Whose; 2],
    open: Arc<Mutex<HashMap<Whose, usize>>>,
}

impl Streams {
    pub(super) fn new(most: usize) -> Self {
        Streams { all: Arc::new(Semaphore::new(most)), open: Arc::default() }
    }

    fn place(&self, right: Right, account: AccountId) -> Result<Place, Problem> {
        let all = Arc::clone(&self.all).try_acquire_owned();
        // A page asks again after a while, and shows meanwhile that it is not live.
        let of_all = all.map_err(|_| Problem::ours("too many open pages"))?;
        let taken = [Whose::One(right), Whose::House(account)];
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let has = |whose: &Whose| open.get(whose).copied().unwrap_or_default();
        if has(&taken[0]) >= MOST_OF_ONE || has(&taken[1]) >= MOST_OF_HOUSE {
            return Err(Problem::too_many().saying("too many open streams; close some"));
        }
        for whose in taken {
            *open.entry(whose).or_default() += 1;
        }
        Ok(Place { _of_all: of_all, taken, open: Arc::clone(&self.open) })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        for whose in self.taken {
            if let Entry::Occupied(mut count) = open.entry(whose) {
                *count.get_mut() -= 1;
                if *count.get() == 0 {
                    count.remove();
                }
            }
        }
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
    let place = match door.streams.place(right, account) {
        Ok(place) => place,
        Err(problem) => return problem.into_response(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_takes_all_places() {
        let (streams, one, two) = (Streams::new(1_000), AccountId(1), AccountId(2));
        let right = |n: u8| Right::Session([n; 32]);
        let mut places: Vec<_> = (0..20).map(|_| streams.place(right(0), one).unwrap()).collect();
        assert!(streams.place(right(0), one).is_err(), "one browser");
        for n in 1..15 {
            places.extend((0..20).map(|_| streams.place(right(n), one).unwrap()));
        }
        assert!(streams.place(right(15), one).is_err(), "one house");
        assert!(streams.place(right(16), two).is_ok());
        places.truncate(19);
        assert!(streams.place(right(0), one).is_ok(), "what was closed is free");
        drop(places);
        assert!(streams.open.lock().unwrap().is_empty(), "nobody is remembered");
    }
}
