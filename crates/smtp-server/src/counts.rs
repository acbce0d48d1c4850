//! How many connections there are, in all and from each peer.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, PoisonError},
};

use crate::Limits;

/// Counts of one listener; no `.await` happens while the lock is held.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    of: Mutex<HashMap<Source, usize>>,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Source {
    All,
    Peer(IpAddr),
}

/// One counted connection; uncounted when dropped.
#[derive(Debug)]
pub(crate) struct Place {
    counts: Arc<Counts>,
    source: Source,
}

impl Counts {
    /// A place among all connections, if there is one.
    pub(crate) fn enter(self: &Arc<Self>, limits: &Limits) -> Option<Place> {
        self.count(Source::All, limits.connections)
    }

    /// A place among the connections of this peer, if there is one.
    pub(crate) fn enter_peer(self: &Arc<Self>, peer: IpAddr, limits: &Limits) -> Option<Place> {
        self.count(Source::Peer(network(peer)), limits.connections_per_peer)
    }

    fn count(self: &Arc<Self>, source: Source, limit: usize) -> Option<Place> {
        let mut of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        let count = of.get(&source).copied().unwrap_or(0);
        if count >= limit {
            return None;
        }
        of.insert(source, count + 1);
        Some(Place { counts: Arc::clone(self), source })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut of = self.counts.of.lock().unwrap_or_else(PoisonError::into_inner);
        match of.get_mut(&self.source) {
            Some(count) if *count > 1 => *count -= 1,
            _ => _ = of.remove(&self.source),
        }
    }
}

/// One customer has one IPv4 address, but 2^64 of IPv6.
fn network(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.into(),
        IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << 64)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_by_network() {
        let limits = Limits { connections_per_peer: 1, ..Limits::default() };
        // second peer, whether it shares the place of the first
        let table = [
            ("192.0.2.1", "192.0.2.1", true),
            ("192.0.2.1", "192.0.2.2", false),
            ("192.0.2.1", "::ffff:192.0.2.1", true),
            ("2001:db8::1", "2001:db8::2", true),
            ("2001:db8::1", "2001:db8:0:1::1", false),
        ];
        for (first, second, shared) in table {
            let counts = Arc::new(Counts::default());
            let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
            let place = counts.enter_peer(ip(first), &limits);
            assert!(place.is_some());
            assert_eq!(counts.enter_peer(ip(second), &limits).is_none(), shared, "{second}");
            drop(place);
            assert!(counts.of.lock().expect("no panic").is_empty(), "nothing is left behind");
            assert!(counts.enter_peer(ip(second), &limits).is_some());
        }
    }

    #[test]
    fn places_in_all() {
        let limits = Limits { connections: 2, ..Limits::default() };
        let counts = Arc::new(Counts::default());
        let places = [counts.enter(&limits), counts.enter(&limits)];
        assert!(places.iter().all(Option::is_some) && counts.enter(&limits).is_none());
        drop(places);
        assert!(counts.enter(&limits).is_some());
    }
}
