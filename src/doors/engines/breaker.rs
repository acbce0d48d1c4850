//! A circuit breaker: an engine that failed several times is left alone for a while, so that no message waits
//! for its time-out again and again.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use crate::flow::translate::Fail;

/// Failures in a row that open the breaker.
const FAILURES: u32 = 3;
/// The first pause; each further failure doubles it.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// A spent quota or a refused key does not mend itself in seconds.
const STOP_PAUSE: Duration = Duration::from_secs(3600);

#[derive(Debug, Default)]
struct State {
    failures: u32,
    open_until: Option<Instant>,
    /// What opened it, told to those who are turned away.
    last: Option<Fail>,
}

#[derive(Debug, Default)]
pub(super) struct Breaker(Mutex<State>);

impl Breaker {
    /// Whether a request may go out now; if not, what the last one met.
    pub(super) fn allow(&self, now: Instant) -> Result<(), Fail> {
        let state = self.0.lock().expect("nobody panics while holding the lock");
        match (state.open_until, &state.last) {
            (Some(until), Some(last)) if now < until => Err(match last {
                Fail::Quota | Fail::Auth => last.clone(),
                _ => Fail::Busy { retry_after: Some(until - now) },
            }),
            _ => Ok(()),
        }
    }

    /// Learns how a request ended.
    pub(super) fn learn(&self, ended: Result<(), &Fail>, now: Instant) {
        let mut state = self.0.lock().expect("nobody panics while holding the lock");
        let Err(fail) = ended else {
            *state = State::default();
            return;
        };
        let pause = match fail {
            Fail::Quota | Fail::Auth => Some(STOP_PAUSE),
            Fail::Busy { retry_after: Some(wait) } => Some((*wait).min(LONGEST_PAUSE)),
            Fail::Busy { .. } | Fail::Down(_) | Fail::Timeout | Fail::BadAnswer(_) => {
                state.failures += 1;
                let doubled =
                    FIRST_PAUSE * 2_u32.pow(state.failures.saturating_sub(FAILURES).min(6));
                (state.failures >= FAILURES).then(|| doubled.min(LONGEST_PAUSE))
            }
            // The request was at fault, not the engine.
            Fail::Unsupported(..) | Fail::TooLarge | Fail::Refused(_) => None,
        };
        if let Some(pause) = pause {
            state.open_until = Some(now + pause);
            state.last = Some(fail.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_after_failures_and_closes_after_a_success() {
        let breaker = Breaker::default();
        let now = Instant::now();
        for _ in 0..FAILURES {
            assert!(breaker.allow(now).is_ok());
            breaker.learn(Err(&Fail::Timeout), now);
        }
        assert!(matches!(breaker.allow(now), Err(Fail::Busy { retry_after: Some(_) })));
        let later = now + FIRST_PAUSE;
        assert!(breaker.allow(later).is_ok());
        breaker.learn(Ok(()), later);
        breaker.learn(Err(&Fail::Timeout), later);
        assert!(breaker.allow(later).is_ok());
        breaker.learn(Err(&Fail::Quota), later);
        assert_eq!(breaker.allow(later + LONGEST_PAUSE), Err(Fail::Quota));
        breaker.learn(Err(&Fail::TooLarge), later);
    }
}
