//! Whose turn it is, where strangers decide how long the answer to their question takes: one at a time of each sender,
//! so that what belongs together stays in order, and few at a time from one network, so that nobody takes all places.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    net::IpAddr,
    time::Duration,
};

use jiff::Timestamp;

/// Where something comes from: the peer's network, and the domain that says it sent it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Source {
    /// The network.
    pub network: IpAddr,
    /// The domain; empty for none.
    pub domain: String,
}

/// What has room at the same time.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// So many.
    pub places: usize,
    /// So many of one network.
    pub of_network: usize,
    /// So many bytes; one larger than that goes alone.
    pub bytes: usize,
}

/// Something that waits for its turn.
#[derive(Debug)]
pub struct Waiting<T> {
    /// Not before.
    pub due: Timestamp,
    /// When it stops waiting, asked or not.
    pub until: Timestamp,
    /// From where.
    pub source: Source,
    /// How large.
    pub bytes: usize,
    /// What.
    pub what: T,
}

/// Something whose turn it is.
#[derive(Debug)]
pub struct Turn<T> {
    /// What waited.
    pub one: Waiting<T>,
    /// There is room to ask; otherwise it has waited long enough.
    pub asks: bool,
}

/// What waits, and what has its turn.
#[derive(Debug)]
pub struct Turns<T> {
    room: Room,
    waiting: VecDeque<Waiting<T>>,
    /// Each has one under way.
    senders: HashSet<Source>,
    networks: HashMap<IpAddr, usize>,
    places: usize,
    bytes: usize,
}

impl<T> Turns<T> {
    /// Nothing waits yet.
    pub fn new(room: Room) -> Self {
        let (senders, networks) = (HashSet::new(), HashMap::new());
        Turns { room, waiting: VecDeque::new(), senders, networks, places: 0, bytes: 0 }
    }

    /// Waits behind what is there.
    pub fn add(&mut self, one: Waiting<T>) {
        self.waiting.push_back(one);
    }

    /// The first whose turn it is. When it is done, [`Turns::end`] is told.
    pub fn next(&mut self, now: Timestamp) -> Option<Turn<T>> {
        let asks = |one: &Waiting<T>| one.due <= now && self.is_free(&one.source);
        let fits = |one: &Waiting<T>| {
            self.places == 0
                || (self.places < self.room.places && self.bytes + one.bytes <= self.room.bytes)
        };
        let is_next = |one: &Waiting<T>| fits(one) && (one.until <= now || asks(one));
        let at = self.waiting.iter().position(is_next)?;
        let asks = asks(&self.waiting[at]);
        let one = self.waiting.remove(at)?;
        self.places += 1;
        self.bytes += one.bytes;
        if asks {
            *self.networks.entry(one.source.network).or_default() += 1;
            self.senders.insert(one.source.clone());
        }
        Some(Turn { one, asks })
    }

    fn is_free(&self, source: &Source) -> bool {
        let busy = self.networks.get(&source.network).copied().unwrap_or(0);
        busy < self.room.of_network && !self.senders.contains(source)
    }

    /// A turn is over: its source, how large it was, and whether it asked.
    pub fn end(&mut self, source: &Source, bytes: usize, asked: bool) {
        self.places = self.places.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(bytes);
        if asked {
            self.senders.remove(source);
            if let Some(busy) = self.networks.get_mut(&source.network) {
                *busy = busy.saturating_sub(1);
            }
            self.networks.retain(|_, busy| *busy > 0);
        }
    }

    /// How long until it may be somebody's turn though nothing ends and nothing comes; `None` when nothing waits.
    pub fn wait(&self, now: Timestamp) -> Option<Duration> {
        let moments = self.waiting.iter().flat_map(|one| [one.due, one.until]);
        let next = moments.filter(|at| *at > now).min()?;
        Some(next.duration_since(now).unsigned_abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + second).unwrap()
    }

    fn one(host: u8, domain: &str, due: i64, what: &'static str) -> Waiting<&'static str> {
        let source = Source { network: IpAddr::from([192, 0, 2, host]), domain: domain.into() };
        Waiting { due: at(due), until: at(900), source, bytes: 10, what }
    }

    fn turns(waiting: Vec<Waiting<&'static str>>) -> Turns<&'static str> {
        let mut turns = Turns::new(Room { places: 4, of_network: 2, bytes: 100 });
        waiting.into_iter().for_each(|one| turns.add(one));
        turns
    }

    fn all(turns: &mut Turns<&'static str>, second: i64) -> Vec<(&'static str, bool)> {
        std::iter::from_fn(|| turns.next(at(second)))
            .map(|turn| (turn.one.what, turn.asks))
            .collect()
    }

    #[test]
    fn nobody_takes_all_the_places() {
        let flood = ["f1", "f2", "f3", "f4", "f5"].map(|what| one(1, what, 0, what));
        let mut turns = turns(flood.into());
        turns.add(one(2, "guest.example", 0, "guest"));
        assert_eq!(all(&mut turns, 0), [("f1", true), ("f2", true), ("guest", true)]);
        turns.end(&one(1, "f1", 0, "").source, 10, true);
        assert_eq!(all(&mut turns, 0), [("f3", true)]);
        // What has waited too long goes on unasked, but not into more places than there are.
        assert_eq!(all(&mut turns, 900), [("f4", false)]);
        turns.end(&one(2, "guest.example", 0, "").source, 10, true);
        assert_eq!(all(&mut turns, 900), [("f5", false)]);
    }

    #[test]
    fn what_one_sender_says_stays_in_order() {
        let same = ["first", "second"].map(|what| one(1, "guest.example", 0, what));
        let mut turns = turns(same.into());
        turns.add(one(1, "other.example", 5, "later"));
        assert_eq!(all(&mut turns, 0), [("first", true)]);
        assert_eq!(turns.wait(at(0)), Some(Duration::from_secs(5)));
        assert_eq!(all(&mut turns, 5), [("later", true)]);
        turns.end(&one(1, "guest.example", 0, "").source, 10, true);
        assert_eq!(all(&mut turns, 5), [("second", true)]);
        assert_eq!(turns.wait(at(5)), None);
    }

    #[test]
    fn large_ones_do_not_fill_the_memory() {
        let large = |host, bytes| Waiting { bytes, ..one(host, "x", 0, "large") };
        let mut turns = turns(vec![large(1, 400), large(2, 90), large(3, 20), large(4, 10)]);
        assert_eq!(all(&mut turns, 0).len(), 1, "alone");
        turns.end(&large(1, 400).source, 400, true);
        assert_eq!(all(&mut turns, 0).len(), 2, "90 and 10");
    }
}
