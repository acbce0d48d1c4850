//! Loops fall silent: a budget for each (conversation, correspondent) over all mail that goes there, whoever
//! caused it.
//!
//! Markers catch honest machines ([`super::automatic`]); this is the backstop for the others: two gateways
//! wired to each other, an autoresponder that hides, a mailbox that bounces without a report. People write new
//! words at a person's pace; loops come back in seconds or say the same again. Both are suspicion, suspicion
//! fades, and too much of it makes the ledger quiet, then stopped. A pure state machine: times are arguments.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// More Received fields than this are a loop (RFC 5321, 6.3 says at least 100; real paths stay below 30).
pub const MAX_HOPS: usize = 100;

/// Suspicion from which what we originate is withheld.
const QUIET_AT: u32 = 3;
/// Suspicion from which nothing goes out.
const STOPPED_AT: u32 = 6;
/// One point of suspicion fades in this time.
const FADE: SignedDuration = SignedDuration::from_mins(30);
/// Stopped ends by itself after this long without a mail from the other side.
const REST: SignedDuration = SignedDuration::from_hours(24);
/// Nobody reads a mail and answers it in less.
const NO_PERSON: SignedDuration = SignedDuration::from_secs(10);
/// So many quick answers in a row with new words are still believed to be a person's.
const QUICK: u32 = 4;
/// So many turns of an exchange in which nobody ever pauses, neither the correspondent nor what we send there, are
/// two machines: with two of them through one gateway, or two gateways wired together, ten mails in all.
const UNPAUSED: u32 = 5;
/// A brisk person gets 30 answers an hour; twice that is nobody's pace for an hour long.
const HOUR_BUDGET: u32 = 60;
/// Texts remembered for repetition.
const REMEMBERED: usize = 8;
/// Shorter texts ("ok", "thanks") may be said again.
const SHORT: usize = 24;

/// How we stand with a correspondent; shown in the timeline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Everything goes.
    #[default]
    Normal,
    /// People's words go, what we originate ourselves does not.
    Quiet,
    /// Nothing goes but what a person presses *send* for, until one releases it or a day is calm.
    Stopped,
}

/// Why a mail would go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// We ourselves: a notification, an acknowledgement, a notice of a hold.
    Ours,
    /// Somebody's mail passed on.
    Relayed,
    /// A signed-in person pressed *send*: no machine, always lawful.
    Pressed,
}

/// What came in from the correspondent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Incoming {
    /// A letter judged a person's, with the key of its new text ([`text_key`]).
    Text(TextKey),
    /// An automatic reply.
    Automatic,
    /// A bounce of something we sent there.
    Bounce,
}

/// A text boiled down to what a loop repeats: letters only, quoted lines and numbers left out (a ticket
/// number does not make a new text).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextKey {
    hash: u64,
    short: bool,
}

/// The account with one correspondent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    state: State,
    suspicion: u32,
    /// From when suspicion fades.
    fading_since: Option<Timestamp>,
    last_out: Option<Timestamp>,
    last_in: Option<Timestamp>,
    hour_began: Option<Timestamp>,
    hour_count: u32,
    texts: Vec<TextKey>,
    /// How many letters in a row came back at once.
    at_once: u32,
    /// Did our last mail there follow at once upon their last letter, as no person's answer does?
    #[serde(default)]
    sent_at_once: bool,
    /// How many turns in a row came at once both ways.
    #[serde(default)]
    unpaused: u32,
}

impl Ledger {
    /// How we stand at this time.
    pub fn state(&mut self, now: Timestamp) -> State {
        self.fade(now);
        self.state
    }

    /// Notes what came from the correspondent.
    pub fn incoming(&mut self, incoming: Incoming, now: Timestamp) {
        self.fade(now);
        // A mail of ours is answered once: a person's second letter a moment later answers nothing.
        let at_once = self.last_out.take().is_some_and(|out| now.duration_since(out) < NO_PERSON);
        self.at_once = if at_once { self.at_once + 1 } else { 0 };
        self.unpaused = if at_once && self.sent_at_once { self.unpaused + 1 } else { 0 };
        let content = match incoming {
            Incoming::Text(key) => match (self.remember(key), key.short) {
                (true, false) => 2,
                (true, true) => 1,
                (false, _) => 0,
            },
            // One vacation notice is courtesy, several within the hour are steps of a loop.
            Incoming::Automatic => 1,
            Incoming::Bounce => 2,
        };
        // The same words at once are a machine; new words at once may be somebody quick, but not many times in a row.
        let points = match content {
            _ if self.unpaused >= UNPAUSED => STOPPED_AT,
            0 => self.at_once.saturating_sub(QUICK),
            _ => content + self.at_once.min(1),
        };
        self.last_in = Some(now);
        self.suspect(points, now);
    }

    /// May this mail go to the correspondent? If so it is counted.
    pub fn may_send(&mut self, origin: Origin, now: Timestamp) -> bool {
        self.fade(now);
        let allowed = match (origin, self.state) {
            (Origin::Pressed, _) | (_, State::Normal) | (Origin::Relayed, State::Quiet) => true,
            (Origin::Ours, State::Quiet) | (Origin::Ours | Origin::Relayed, State::Stopped) => {
                false
            }
        };
        if allowed && origin != Origin::Pressed {
            self.count(now);
            self.sent_at_once =
                self.last_in.is_some_and(|last| now.duration_since(last) < NO_PERSON);
            self.last_out = Some(now);
        }
        allowed
    }

    /// Did their last letter come at a pace only machines keep up? Then it is not passed on either.
    pub fn is_machines_pace(&self) -> bool {
        self.unpaused >= UNPAUSED
    }

    fn count(&mut self, now: Timestamp) {
        let fresh = self
            .hour_began
            .is_none_or(|began| now.duration_since(began) >= SignedDuration::from_hours(1));
        if fresh {
            self.hour_began = Some(now);
            self.hour_count = 0;
        }
        self.hour_count += 1;
        if self.hour_count > HOUR_BUDGET {
            self.suspect(1, now);
        }
    }

    fn remember(&mut self, key: TextKey) -> bool {
        let again = self.texts.contains(&key);
        if !again {
            if self.texts.len() == REMEMBERED {
                self.texts.remove(0);
            }
            self.texts.push(key);
        }
        again
    }

    fn suspect(&mut self, points: u32, now: Timestamp) {
        if points > 0 {
            self.suspicion = (self.suspicion + points).min(2 * STOPPED_AT);
            self.fading_since = Some(now);
        }
        let state = match self.suspicion {
            s if s >= STOPPED_AT => State::Stopped,
            s if s >= QUIET_AT => State::Quiet,
            _ => State::Normal,
        };
        // Stopped is left only by rest or release: else a loop would pulse with the fading.
        if self.state != State::Stopped {
            self.state = state;
        }
    }

    fn fade(&mut self, now: Timestamp) {
        if self.state == State::Stopped {
            if self.last_in.is_none_or(|last| now.duration_since(last) >= REST) {
                *self = Ledger::default();
            }
            return;
        }
        let Some(since) = self.fading_since else {
            return;
        };
        let points = now.duration_since(since).as_secs().max(0) / FADE.as_secs();
        if points > 0 {
            self.suspicion =
                self.suspicion.saturating_sub(u32::try_from(points).unwrap_or(u32::MAX));
            let faded = i32::try_from(points).ok().and_then(|p| since.checked_add(FADE * p).ok());
            self.fading_since = faded.filter(|_| self.suspicion > 0);
            self.suspect(0, now);
        }
    }
}

/// The key of a new text (without quotes, as extracted).
pub fn text_key(text: &str) -> TextKey {
    // FNV-1a, 64 bits: stored, so it must be the same tomorrow; no adversary gains by a collision.
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut letters = 0;
    let mut add = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    for line in text.lines().filter(|l| !l.trim_start().starts_with('>')) {
        for c in line.chars() {
            if c.is_ascii_alphabetic() {
                letters += 1;
                add(c.to_ascii_lowercase() as u8);
            } else if !c.is_ascii() && c.is_alphabetic() {
                letters += 1;
                c.to_lowercase()
                    .for_each(|c| (c as u32).to_le_bytes().into_iter().for_each(&mut add));
            }
        }
    }
    TextKey { hash, short: letters < SHORT }
}

/// How many servers a message passed, counted while its bytes come in: its Received fields (RFC 5321, 6.3).
#[derive(Clone, Debug, Default)]
pub struct Hops {
    count: usize,
    /// What is known of the line so far: its first bytes, lower case.
    line: Vec<u8>,
    /// The empty line was seen: what follows is the body.
    ended: bool,
}

impl Hops {
    const NAME: &'static [u8] = b"received:";

    /// Looks at the next bytes of the message.
    pub fn read(&mut self, chunk: &[u8]) {
        for &byte in chunk {
            if self.ended {
                return;
            }
            match byte {
                b'\n' => {
                    self.ended = self.line.iter().all(|b| *b == b'\r');
                    self.line.clear();
                }
                _ if self.line.len() < Self::NAME.len() => {
                    self.line.push(byte.to_ascii_lowercase());
                    self.count += usize::from(self.line == Self::NAME);
                }
                _ => {}
            }
        }
    }

    /// Did it pass more servers than any honest path has?
    pub fn too_many(&self) -> bool {
        self.count > MAX_HOPS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_780_000_000 + seconds).expect("in range")
    }

    const LONG: &str = "Could we arrive a little later, about eight in the evening?";

    /// Two of our gateways wired to each other, each with its own ledger: how many mails until silence?
    fn wired(step_seconds: i64, text: impl Fn(usize) -> String) -> usize {
        let (mut ledgers, mut now, mut sent) = ([Ledger::default(), Ledger::default()], 0, 0);
        // Gateway `to` got the mail and would pass it on to the other one.
        for to in (0..2).cycle().take(10_000) {
            now += step_seconds;
            ledgers[to].incoming(Incoming::Text(text_key(&text(sent))), at(now));
            if !ledgers[to].may_send(Origin::Relayed, at(now)) {
                return sent;
            }
            sent += 1;
        }
        sent
    }

    #[test]
    fn two_gateways_fall_silent_within_ten() {
        for (name, sent) in [
            // New words each time and no marker: only the pace tells.
            ("another text each time, at once", wired(1, |n| LONG.repeat(n + 1))),
            ("another text each time, after seconds", wired(4, |n| LONG.repeat(n + 1))),
            ("the same text at once", wired(1, |_| LONG.to_owned())),
            ("the same text every five minutes", wired(300, |_| LONG.to_owned())),
            ("a counter in the text", wired(3, |n| format!("{LONG} [#{n}]"))),
            ("the same short text at once", wired(2, |_| "ok".to_owned())),
        ] {
            assert!(sent <= 10, "{name}: {sent} mails");
        }
    }

    #[test]
    fn an_autoresponder_and_a_bouncing_mailbox_fall_silent() {
        for incoming in [Incoming::Text(text_key(LONG)), Incoming::Automatic, Incoming::Bounce] {
            for step in [1, 60, 600] {
                let (mut ledger, mut now, mut sent) = (Ledger::default(), 0, 0);
                while sent < 1000 && ledger.may_send(Origin::Ours, at(now)) {
                    sent += 1;
                    now += step;
                    ledger.incoming(incoming, at(now));
                }
                assert!(sent <= 5, "{incoming:?} every {step} s: {sent}");
            }
        }
    }

    /// Two machines that write new words at once, and we between them: how many mails until silence?
    #[test]
    fn two_autoresponders_through_one_gateway_fall_silent() {
        let (mut visitor, mut member) = (Ledger::default(), Ledger::default());
        let mut sent = 0;
        for n in 0..100 {
            let (from, to) =
                if n % 2 == 0 { (&mut visitor, &mut member) } else { (&mut member, &mut visitor) };
            from.incoming(Incoming::Text(text_key(&LONG.repeat(n + 1))), at(n as i64));
            if from.is_machines_pace() || !to.may_send(Origin::Relayed, at(n as i64)) {
                break;
            }
            sent += 1;
        }
        assert!((6..=10).contains(&sent), "{sent} mails");
    }

    #[test]
    fn a_person_who_is_quick_is_believed() {
        // Five quick answers in a row to what somebody else wrote at leisure, and ten letters in one breath.
        let mut ledger = Ledger::default();
        let mut now = 0;
        for n in 0..5 {
            now += 60;
            assert!(ledger.may_send(Origin::Relayed, at(now)), "answer {n}");
            now += 4;
            ledger.incoming(Incoming::Text(text_key(&LONG.repeat(n + 1))), at(now));
            assert_eq!(ledger.state(at(now)), State::Normal, "answer {n}");
        }
        for n in 10..20 {
            ledger.incoming(Incoming::Text(text_key(&LONG.repeat(n + 1))), at(now + 1));
            assert_eq!(ledger.state(at(now + 1)), State::Normal, "letter {n}");
        }
        // And five where both sides are at their screens: only the sixth is one too many.
        let mut ledger = Ledger::default();
        for n in 0..5 {
            ledger.incoming(Incoming::Text(text_key(&LONG.repeat(n + 1))), at(n as i64 * 6));
            assert!(ledger.may_send(Origin::Relayed, at(n as i64 * 6 + 3)), "answer {n}");
        }
    }

    #[test]
    fn a_brisk_conversation_never_gets_quiet() {
        let mut ledger = Ledger::default();
        for n in 0..2_000_u32 {
            let now = at(i64::from(n) * 120);
            // Words, not numbers: numbers do not count as new.
            let word: String = n.to_string().bytes().map(|d| char::from(b'a' + d - b'0')).collect();
            ledger.incoming(Incoming::Text(text_key(&format!("{LONG} {word}"))), now);
            assert_eq!(ledger.state(now), State::Normal, "message {n}");
            assert!(ledger.may_send(Origin::Relayed, at(i64::from(n) * 120 + 60)));
            assert!(ledger.may_send(Origin::Ours, at(i64::from(n) * 120 + 61)));
        }
    }

    #[test]
    fn quiet_fades_and_stopped_waits() {
        let mut ledger = Ledger::default();
        for second in 0..3 {
            ledger.incoming(Incoming::Automatic, at(second));
        }
        assert_eq!(ledger.state(at(3)), State::Quiet);
        assert!(!ledger.may_send(Origin::Ours, at(3)));
        assert!(ledger.may_send(Origin::Relayed, at(3)));
        assert_eq!(ledger.state(at(7200)), State::Normal);
        for second in 0..4 {
            ledger.incoming(Incoming::Bounce, at(7200 + second));
        }
        assert_eq!(ledger.state(at(7300)), State::Stopped);
        assert!(!ledger.may_send(Origin::Relayed, at(50_000)));
        assert!(ledger.may_send(Origin::Pressed, at(50_000)));
        assert_eq!(ledger.state(at(7300 + 86_400)), State::Normal);
    }

    #[test]
    fn hops_are_counted_in_the_header_only() {
        let received = "Received: from a by b;\r\n\tMon, 1 Jan 2026 00:00:00 +0000\r\n";
        let message = |n: usize, body: usize| {
            format!("{}Subject: x\r\n\r\n{}", received.repeat(n), received.repeat(body))
        };
        for (header, body, too_many) in
            [(0, 0, false), (MAX_HOPS, 0, false), (MAX_HOPS + 1, 0, true), (3, 500, false)]
        {
            for size in [1, 7, 100_000] {
                let mut hops = Hops::default();
                message(header, body).as_bytes().chunks(size).for_each(|chunk| hops.read(chunk));
                assert_eq!(hops.too_many(), too_many, "{header} in the header, {size} at a time");
            }
        }
    }

    #[test]
    fn keys_forgive_numbers_and_quotes_only() {
        assert_eq!(text_key("Ticket 12: received!"), text_key("> old\nticket 13 received"));
        assert_ne!(text_key("Ticket received"), text_key("Ticket refused"));
    }
}
