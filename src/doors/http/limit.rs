//! A rate limit per peer: so many submissions at once, then one every few seconds.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use jiff::Timestamp;

/// Submissions a peer may make at once.
const BURST: f64 = 20.0;
/// Seconds until one more is allowed.
const REFILL_SECONDS: f64 = 6.0;
/// Peers remembered; beyond, those who are back at a full bucket are forgotten.
const MAX_PEERS: usize = 10_000;

/// Token buckets by IPv4 address or IPv6 /64.
#[derive(Debug, Default)]
pub(super) struct Limiter {
    buckets: Mutex<HashMap<IpAddr, (f64, Timestamp)>>,
}

impl Limiter {
    /// May this peer submit now? If so it is counted.
    pub(super) fn allow(&self, peer: IpAddr, now: Timestamp) -> bool {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let filled = |(left, at): (f64, Timestamp)| {
            (left + now.duration_since(at).as_secs_f64() / REFILL_SECONDS).min(BURST)
        };
        if buckets.len() >= MAX_PEERS {
            buckets.retain(|_, bucket| filled(*bucket) < BURST);
        }
        let left = buckets.get(&network(peer)).map_or(BURST, |bucket| filled(*bucket));
        let allowed = left >= 1.0;
        buckets.insert(network(peer), (if allowed { left - 1.0 } else { left }, now));
        allowed
    }
}

/// Whoever has one IPv6 address has 2^64 of them.
fn network(peer: IpAddr) -> IpAddr {
    match peer {
        IpAddr::V4(_) => peer,
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_allowed_then_one_at_a_time() {
        let limiter = Limiter::default();
        let peer: IpAddr = "192.0.2.1".parse().unwrap();
        let at = |second: i64| Timestamp::from_second(1_795_000_000 + second).unwrap();
        assert_eq!((0..50).filter(|_| limiter.allow(peer, at(0))).count(), 20);
        assert!(limiter.allow("192.0.2.2".parse().unwrap(), at(0)), "others are not affected");
        assert!(!limiter.allow(peer, at(5)));
        assert!(limiter.allow(peer, at(7)));
    }
}
