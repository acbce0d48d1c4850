//! Relay mail: what Booking.com and Airbnb send a provider in a visitor's name, read in any language.
//!
//! Such mail carries no threading fields at all, its reply marker stands at the top and the visitor's words in the
//! middle. Everything is found by shape: the reservation number in the sender's address, the link of the thread, the
//! visitor's name from the header. Words of a language are looked up only where shape cannot tell.
//! Only for senders that authenticated: forging these mails is the commonest fraud on houses.

mod airbnb;
mod answered;
mod booking;
#[cfg(test)]
mod invented;
mod lines;
mod roles;
#[cfg(test)]
mod tests;

pub use answered::cut as cut_answered;
use serde::{Deserialize, Serialize};

use crate::ground::{
    address::{Address, Mailbox},
    conversation::{Channel, Side},
    letter::Letter,
};

/// By what a channel names a conversation; several name the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyKind {
    /// Booking.com's reservation number.
    Reservation,
    /// The number in Airbnb's thread link.
    Thread,
    /// The id a channel's API gives the conversation.
    Api,
    /// A relay address that is the visitor's alone.
    Alias,
}

/// A name a channel gives a conversation; unique within an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OtaKey {
    /// Of what kind.
    pub kind: KeyKind,
    /// As the channel writes it, lower case.
    pub value: String,
}

/// What one person said in the mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Who.
    pub side: Side,
    /// As they wrote it.
    pub text: String,
    /// The channel's own translation for the provider, kept beside it.
    pub translated: Option<String>,
}

/// A visitor's message in a relay mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RelayMail {
    /// Booking or Airbnb.
    pub channel: Channel,
    /// The names of the conversation, most telling first.
    pub keys: Vec<OtaKey>,
    /// The visitor: the full name from Booking.com, the first name from Airbnb.
    pub visitor_name: Option<String>,
    /// Where an answer goes; the newest is the one to use. `None`: it must be answered in the OTA's pages.
    pub answer_to: Option<Address>,
    /// The OTA's page of this conversation.
    pub link: Option<String>,
    /// The message.
    pub message: Entry,
    /// Earlier messages quoted below it, newest first.
    pub earlier: Vec<Entry>,
    /// The message was found by its frame; otherwise `message` may hold words of the frame.
    pub sure: bool,
}

/// What a mail of an OTA is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OtaMail {
    /// A visitor speaks.
    Message(Box<RelayMail>),
    /// The OTA itself: payouts, reviews, confirmations. Nobody waits for an answer.
    Notice(Channel),
}

/// Airbnb's own domains; a list, because anybody may register `airbnb` under a domain of their choice.
const AIRBNB: [&str; 28] = [
    "airbnb.com",
    "airbnb.fr",
    "airbnb.de",
    "airbnb.it",
    "airbnb.es",
    "airbnb.nl",
    "airbnb.pt",
    "airbnb.be",
    "airbnb.at",
    "airbnb.ch",
    "airbnb.ie",
    "airbnb.co.uk",
    "airbnb.ca",
    "airbnb.cat",
    "airbnb.dk",
    "airbnb.se",
    "airbnb.no",
    "airbnb.fi",
    "airbnb.pl",
    "airbnb.cz",
    "airbnb.gr",
    "airbnb.hu",
    "airbnb.jp",
    "airbnb.com.au",
    "airbnb.com.br",
    "airbnb.mx",
    "airbnb.com.hr",
    "airbnb.com.ro",
];

/// A platform's relay.
#[derive(Clone, Copy, Debug)]
pub struct Relay {
    /// Whose.
    pub channel: Channel,
    /// How its addresses end.
    pub domain: &'static str,
    /// Where a house says which senders it has.
    pub place: &'static str,
}

/// All that are known.
pub const RELAYS: [Relay; 2] = [
    Relay {
        channel: Channel::Booking,
        domain: "booking.com",
        place: "Extranet, Property, Messaging preferences, Security settings, Your email addresses",
    },
    Relay {
        channel: Channel::Airbnb,
        domain: "@reply.airbnb.com",
        place: "the e-mail address of the Airbnb account",
    },
];

/// Is this host one of these domains, or below one?
fn within(host: &str, domains: &[&str]) -> bool {
    let host = host.to_ascii_lowercase();
    domains.iter().any(|domain| {
        host == *domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
    })
}

/// Does this address reach a visitor through a platform? It refuses for reasons of its own, such as a sender that is not
/// registered there: the next try may be better.
pub fn is_alias(address: &Address) -> bool {
    booking::is_alias(address) || airbnb::is_reply_address(address)
}

/// The same words, however they were wrapped, and without the links that platforms take out on the way.
pub fn folded(text: &str) -> String {
    let words = text.split_whitespace();
    let kept = words.filter(|word| !word.contains("://"));
    kept.collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Whose mail this claims to be: it counts only once the sender is proven.
pub fn claimed(letter: &Letter) -> Option<Channel> {
    let [author] = letter.from.as_slice() else { return None };
    match author.address.domain() {
        host if within(host, &["booking.com"]) => Some(Channel::Booking),
        host if within(host, &AIRBNB) => Some(Channel::Airbnb),
        _ => None,
    }
}

/// What a visitor said in a mail of Booking.com's relay that a member forwards by hand: the address it names is the visitor's
/// alias, and no other can be answered. Airbnb's alias is lost in a forward.
pub fn forwarded(author: &Mailbox, text: &str) -> Option<RelayMail> {
    let mut inner = Letter::read(b"");
    inner.from = vec![author.clone()];
    inner.plain = Some(text.to_owned());
    match read(&inner) {
        Some(OtaMail::Message(mail)) => Some(*mail),
        _ => None,
    }
}

/// Reads a mail whose author is proven to be the OTA; `None` for everybody else's.
pub fn read(letter: &Letter) -> Option<OtaMail> {
    let channel = claimed(letter)?;
    let found = match channel {
        Channel::Booking => booking::read(letter),
        Channel::Airbnb => airbnb::read(letter),
        Channel::Form | Channel::Email | Channel::Api | Channel::Channex => None,
    };
    Some(found.map_or(OtaMail::Notice(channel), |mail| OtaMail::Message(Box::new(mail))))
}
