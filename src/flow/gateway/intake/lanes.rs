//! The lanes in which it is found out whether those who claim to be somebody are, beside all other mail.
//!
//! Whoever sends a mail chooses whose DNS is asked about it, and so how long that takes. Claims are therefore asked about
//! in turns, and what DNS does not answer is asked again less and less often.

use std::{
    net::Ipv4Addr,
    panic::{self, AssertUnwindSafe},
    sync::Arc,
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use tokio::{sync::mpsc, task::JoinSet};

use super::{
    Heard, Item,
    hear::{Claimed, unchecked},
};
use crate::{
    flow::{
        clock,
        gateway::{Gateway, InHand},
    },
    ground::{
        rate::network,
        trace::Door,
        turns::{Room, Source, Turn, Turns, Waiting},
    },
};

/// So many senders are asked about at the same time in each lane, and of one network; and so many bytes of mail.
const ROOM: Room = Room { places: 16, of_network: 8, bytes: 48 << 20 };
/// What DNS does not answer is asked again after this long, then twice as long each time, up to the second.
const AGAIN: (SignedDuration, SignedDuration) =
    (SignedDuration::from_secs(2), SignedDuration::from_mins(4));
/// However little patience there is with DNS, a mail may wait so long for its turn.
const TURN: SignedDuration = SignedDuration::from_mins(1);
/// The shortest pause between two looks at who waits.
const SOON: Duration = Duration::from_millis(100);

/// A file whose sender is to be asked about.
#[derive(Debug)]
pub(super) struct Claim {
    claimed: Claimed,
    file: InHand,
    source: Source,
    bytes: usize,
    received_at: Timestamp,
    asked: u32,
}

impl Claimed {
    pub(super) fn of(self, file: InHand, item: &Item) -> Claim {
        let peer = match &item.trace.door {
            Door::Smtp(smtp) => smtp.peer,
            _ => Ipv4Addr::LOCALHOST.into(),
        };
        let domain = item.trace.reverse_path.as_ref().map(|path| path.domain().to_owned());
        Claim {
            claimed: self,
            file,
            source: Source { network: network(peer), domain: domain.unwrap_or_default() },
            bytes: item.size_bytes,
            received_at: item.trace.received_at,
            asked: 0,
        }
    }
}

/// A lane for each kind of claim, so that a flood of one does not hold up the other.
pub(super) struct Lanes {
    members: mpsc::Sender<Claim>,
    at_the_house: mpsc::Sender<Claim>,
}

impl Lanes {
    /// Opens them; what was heard comes out of the receiver. They end when these senders are dropped.
    pub(super) fn open(gateway: &Arc<Gateway>) -> (Self, mpsc::Receiver<(Item, InHand)>) {
        let (heard, out) = mpsc::channel(1);
        let lane = || {
            let (claims, waiting) = mpsc::channel(64);
            tokio::spawn(ask_in_turns(Arc::clone(gateway), waiting, heard.clone()));
            claims
        };
        (Lanes { members: lane(), at_the_house: lane() }, out)
    }

    /// These are heard when it is their turn.
    pub(super) async fn hear(&self, claims: Vec<Claim>) {
        for claim in claims {
            let lane = match claim.claimed {
                Claimed::Member => &self.members,
                Claimed::AtTheHouse => &self.at_the_house,
            };
            // A lane that has ended leaves the file in the spool for the next start.
            let _ = lane.send(claim).await;
        }
    }
}

/// What came of a turn.
enum Told {
    Heard(Box<Item>, InHand),
    /// DNS may answer another time.
    Later(Claim),
    /// The file could not be read; that is said elsewhere.
    Nothing,
}

async fn ask_in_turns(
    gateway: Arc<Gateway>,
    mut claims: mpsc::Receiver<Claim>,
    heard: mpsc::Sender<(Item, InHand)>,
) {
    let mut turns = Turns::new(ROOM);
    let mut asking = JoinSet::new();
    loop {
        let now = clock::now();
        while let Some(Turn { one, asks }) = turns.next(now) {
            let gateway = Arc::clone(&gateway);
            asking.spawn_blocking(move || {
                let (source, bytes) = (one.source, one.bytes);
                let told =
                    panic::catch_unwind(AssertUnwindSafe(|| gateway.hear_claim(one.what, asks)));
                // Its file stays in the spool; its place in the lane is another's.
                (source, bytes, asks, told.unwrap_or(Told::Nothing))
            });
        }
        // A clock that is set is noticed.
        let wait = turns.wait(now).map(|wait| wait.clamp(SOON, SOON * 600));
        tokio::select! {
            claim = claims.recv() => match claim {
                Some(claim) => turns.add(gateway.waiting(claim)),
                None => return,
            },
            Some(done) = asking.join_next() => {
                let Ok((source, bytes, asked, told)) = done else { continue };
                match told {
                    Told::Heard(item, file) => {
                        if heard.send((*item, file)).await.is_err() {
                            return;
                        }
                    }
                    Told::Later(claim) => turns.add(gateway.waiting(claim)),
                    Told::Nothing => {}
                }
                turns.end(&source, bytes, asked);
            }
            () = tokio::time::sleep(wait.unwrap_or_default()), if wait.is_some() => {}
        }
    }
}

impl Gateway {
    /// A claim as it waits for its turn: at first at once, then longer each time, but never longer than it may.
    fn waiting(&self, claim: Claim) -> Waiting<Claim> {
        let until = claim.received_at.saturating_add(self.identity.dns_wait.max(TURN));
        let until = until.unwrap_or(Timestamp::MAX);
        let pause = match claim.asked {
            0 => SignedDuration::ZERO,
            times => (AGAIN.0 * 2_i32.pow(times.min(10) - 1)).min(AGAIN.1),
        };
        let due = clock::now().saturating_add(pause).unwrap_or(until).min(until);
        Waiting { due, until, source: claim.source.clone(), bytes: claim.bytes, what: claim }
    }

    /// Finds out about the sender of a mail; where it has waited long enough for its turn, nothing.
    fn hear_claim(&self, mut claim: Claim, asks: bool) -> Told {
        let Some(mut item) = self.read_one(claim.file.name()) else { return Told::Nothing };
        let doubt = |_| unchecked(false);
        let heard = match asks {
            true => {
                panic::catch_unwind(AssertUnwindSafe(|| self.hear(&item))).unwrap_or_else(doubt)
            }
            false => unchecked(false),
        };
        if heard.temporary && self.may_wait(&item) {
            claim.asked += 1;
            return Told::Later(claim);
        }
        self.fill_in(&item.name, &heard);
        item.heard = Heard { temporary: false, ..heard };
        Told::Heard(Box::new(item), claim.file)
    }
}
