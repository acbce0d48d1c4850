//! Conversations, messages and participants as plain values.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ground::{
    address::Address,
    automatic::Kind,
    key::{AccountId, ConversationId, MemberId},
    stay::Stay,
    thread_address::{self, Through},
};

/// On which side of a conversation somebody stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// A guest or future guest.
    Visitor,
    /// The house.
    Provider,
}

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// Somebody wrote it.
    Person,
    /// A machine wrote it.
    AutomaticReply,
    /// A delivery status notification.
    Dsn,
    /// Somebody pressed *this is spam*.
    Complaint,
    /// A mailing list's or newsletter's.
    List,
    /// Our own mail coming back.
    Own,
    /// A member's words for the house alone.
    Note,
}

impl From<Kind> for MessageKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Person => MessageKind::Person,
            Kind::AutoReply => MessageKind::AutomaticReply,
            Kind::Dsn => MessageKind::Dsn,
            Kind::Complaint => MessageKind::Complaint,
            Kind::List => MessageKind::List,
            Kind::Own => MessageKind::Own,
        }
    }
}

/// How it stands with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    /// It came from the visitor's side.
    Received,
    /// A reply that waits for an engine.
    Translating,
    /// A reply that is translated and leaves unless its author stops it.
    Pending,
    /// A reply that left, or is in the outbox.
    Sent,
    /// The house said it on the channel itself.
    SentElsewhere,
    /// A person has to decide.
    Held,
    /// It may not speak for the house, or the channel cannot carry it: nothing was sent.
    Refused,
    /// It claims to come from a platform, and nothing proves it.
    Quarantined,
    /// Thrown away, or taken back.
    Discarded,
    /// For the house alone.
    Note,
}

/// What a line of the timeline is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// Somebody said "no reply needed".
    Done,
    /// The language of the visitor was set.
    Language,
    /// A reply leaves in the language of the visitor.
    Translated,
    /// A mail could not be delivered.
    Failed,
    /// A mail is still on its way.
    Delayed,
    /// Nobody knows whether a mail arrived.
    Unknown,
    /// There is no address to write to.
    Undeliverable,
    /// A mail was kept back: machines seem to write to each other.
    LoopStopped,
    /// A person said that it is no loop.
    Released,
    /// The author of a held reply said that it is theirs.
    Confirmed,
    /// What was held was thrown away.
    Discarded,
    /// A reply was taken back before it left.
    TakenBack,
    /// A deleted conversation came back.
    Restored,
    /// What a member wrote was not sent.
    Refused,
    /// A mail claims to be a platform's.
    Quarantined,
    /// What a robot may have written was a person's.
    Accepted,
    /// Another conversation became part of this one.
    Merged,
    /// Messages became a conversation of their own.
    Split,
    /// Messages were put into another conversation.
    Moved,
    /// A mail came back.
    Bounced,
    /// A mail arrived, says its server.
    Delivered,
    /// Somebody pressed *this is spam*.
    Complaint,
    /// A machine answered.
    AutomaticReply,
}

/// By what road messages travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The contact form of the provider's site.
    Form,
    /// Ordinary e-mail.
    Email,
    /// The JSON API or the inbox.
    Api,
    /// Booking.com.
    Booking,
    /// Airbnb.
    Airbnb,
    /// Another platform, by way of Channex.
    Channex,
}

impl Channel {
    /// A platform through which travellers book: only for accounts that rent rooms.
    pub fn is_ota(self) -> bool {
        match self {
            Channel::Booking | Channel::Airbnb | Channel::Channex => true,
            Channel::Form | Channel::Email | Channel::Api => false,
        }
    }

    /// Its name where people read it.
    pub fn brand(self) -> &'static str {
        match self {
            Channel::Form | Channel::Email | Channel::Api => "",
            Channel::Booking => "Booking.com",
            Channel::Airbnb => "Airbnb",
            Channel::Channex => "Channex",
        }
    }
}

/// Who a reply address stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Participant {
    /// The visitor of the conversation.
    Visitor,
    /// A member of its account.
    Member(MemberId),
}

impl Participant {
    /// A short stable text: `v` or `m<member id>`; part of tokens and outgoing ids.
    pub fn code(&self) -> String {
        self.to_string()
    }

    /// Reads a code.
    pub fn from_code(code: &str) -> Option<Self> {
        match code.split_at_checked(1)? {
            ("v", "") => Some(Participant::Visitor),
            ("m", id) => id.parse().ok().map(Participant::Member),
            _ => None,
        }
    }
}

impl fmt::Display for Participant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Participant::Visitor => f.write_str("v"),
            Participant::Member(id) => write!(f, "m{id}"),
        }
    }
}

/// What a member's mail to a verb address asks for (DESIGN, *Reply addresses*).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// Answer by the account's default policy.
    #[default]
    Reply,
    /// Answer untranslated.
    AsWritten,
    /// Answer translated.
    Translated,
    /// Keep for the house: the visitor never sees it.
    Note,
    /// No reply needed.
    Done,
}

impl Verb {
    /// May the visitor read it in their own language?
    pub fn translates(self) -> bool {
        match self {
            Verb::Reply | Verb::Translated => true,
            Verb::AsWritten | Verb::Note | Verb::Done => false,
        }
    }

    /// The verbs with the suffix of their address, `token.suffix@…`.
    pub const ALL: [(Verb, &'static str); 5] = [
        (Verb::Reply, ""),
        (Verb::AsWritten, "as-written"),
        (Verb::Translated, "translated"),
        (Verb::Note, "note"),
        (Verb::Done, "done"),
    ];

    /// The suffix behind the token.
    pub fn suffix(self) -> &'static str {
        Verb::ALL.iter().find(|(verb, _)| *verb == self).map_or("", |(_, suffix)| suffix)
    }

    /// Reads a suffix; an unknown one is the plain reply (somebody else's alias).
    pub fn from_suffix(suffix: &str) -> Self {
        let suffix = suffix.to_ascii_lowercase();
        Verb::ALL.iter().find(|(_, known)| *known == suffix).map_or(Verb::Reply, |(verb, _)| *verb)
    }
}

impl Conversation {
    /// By what API it is answered, where that is known.
    pub fn through(&self) -> Option<Through> {
        self.thread().and_then(Through::of)
    }

    /// Is it answered through the API of its channel?
    pub fn is_connected(&self) -> bool {
        self.thread().is_some_and(thread_address::is_thread)
    }

    /// The address of a thread is one only where a channel brought it: anybody can write it into a From field.
    fn thread(&self) -> Option<&Address> {
        self.visitor_address.as_ref().filter(|_| self.channel.is_ota())
    }
}

/// What a conversation looks like at the moment of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// The key.
    pub id: ConversationId,
    /// The account.
    pub account: AccountId,
    /// The subject of its first message.
    pub subject: String,
    /// The visitor's name, if known.
    pub visitor_name: Option<String>,
    /// The visitor's mailbox, if known.
    pub visitor_address: Option<Address>,
    /// How it began.
    pub channel: Channel,
    /// The visitor's language (two letters), if known.
    pub language: Option<String>,
    /// Why it is that.
    pub language_why: Option<crate::ground::language::Choice>,
    /// A message of the visitor waits for an answer.
    pub needs_reply: bool,
    /// Set aside by the provider.
    pub closed: bool,
    /// Deleted, still recoverable.
    pub deleted_at: Option<Timestamp>,
    /// The channel's own page of it.
    pub link: Option<String>,
    /// When the visitor stays, if a booking or a form says it.
    pub stay: Option<Stay>,
    /// Since when the channel takes no answer; the visitor's next words end that.
    pub read_only_at: Option<Timestamp>,
    /// A reservation is known that it is about.
    pub booked: bool,
}
