//! Rate limits: so many at once, then one every so often, for each of many keys (token buckets).

use std::{
    collections::HashMap,
    hash::Hash,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use jiff::Timestamp;

/// Keys remembered; beyond, those who are back at a full bucket are forgotten.
const MAX_KEYS: usize = 10_000;

/// Token buckets by key.
#[derive(Debug)]
pub struct Rate<K> {
    burst: f64,
    refill_seconds: f64,
    buckets: Mutex<HashMap<K, (f64, Timestamp)>>,
}

impl<K: Eq + Hash> Rate<K> {
    /// `burst` at once, then one every `refill_seconds`.
    pub fn new(burst: u32, refill_seconds: f64) -> Self {
        Rate { burst: f64::from(burst), refill_seconds, buckets: Mutex::default() }
    }

    /// So many a minute, all of them at once if need be; 0 is no limit.
    pub fn per_minute(count: u32) -> Option<Self> {
        (count > 0).then(|| Self::new(count, 60.0 / f64::from(count)))
    }

    /// May this key have one more now? If so it is counted.
    pub fn allow(&self, key: K, now: Timestamp) -> bool {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let filled = |(left, at): (f64, Timestamp)| {
            let since = now.duration_since(at).as_secs_f64().max(0.0);
            (left + since / self.refill_seconds).min(self.burst)
        };
        if buckets.len() >= MAX_KEYS {
            buckets.retain(|_, bucket| filled(*bucket) < self.burst);
        }
        let left = buckets.get(&key).map_or(self.burst, |bucket| filled(*bucket));
        let allowed = left >= 1.0;
        buckets.insert(key, (if allowed { left - 1.0 } else { left }, now));
        allowed
    }
}

/// A peer's network: whoever has one IPv6 address has 2^64 of them.
pub fn network(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        four => four,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_allowed_then_one_at_a_time() {
        let rate = Rate::new(20, 6.0);
        let at = |second: i64| Timestamp::from_second(1_795_000_000 + second).unwrap();
        assert_eq!((0..50).filter(|_| rate.allow("one", at(0))).count(), 20);
        assert!(rate.allow("another", at(0)), "others are not affected");
        assert!(!rate.allow("one", at(5)));
        assert!(rate.allow("one", at(7)));
        assert!(Rate::<u8>::per_minute(0).is_none());
        let one = network("2001:db8:1:2:3::4".parse().unwrap());
        assert_eq!(one, network("2001:db8:1:2:ffff::9".parse().unwrap()));
        assert_eq!(network("::ffff:192.0.2.1".parse().unwrap()), IpAddr::from([192, 0, 2, 1]));
    }
}
