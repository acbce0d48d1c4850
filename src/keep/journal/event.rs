//! What the lines of the journal say. Their words are on disks: a name stays, a field that is new has a default.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ground::{
    account::{Account, Member},
    audit::Action,
    conversation::Channel,
    form::FormRules,
    key::{AccountId, ConversationId, MemberId, MessageKey, OutgoingId},
    language::Language,
    outcome::{Answer, End},
    stay,
    translation::{GlossaryEntry, Settled, Translation, Unit},
};

/// One entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// When it was decided.
    pub at: Timestamp,
    /// What was decided.
    #[serde(flatten)]
    pub event: Event,
}

/// What a mail cannot carry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// An account was made or changed.
    Account(Account),
    /// A member was added or changed.
    Member(Member),
    /// A member was removed.
    MemberRemoved {
        /// Who.
        member: MemberId,
    },
    /// What was found out about a mail that claims to be a member's; never asked again.
    Heard {
        /// The file.
        spool_name: String,
        /// The author's address may be believed.
        authentic: bool,
        /// Why (not).
        evidence: String,
        /// DMARC passed.
        #[serde(default)]
        dmarc: bool,
        /// The domains that vouch for it, aligned or not.
        #[serde(default)]
        proven: Vec<String>,
    },
    /// A mail was threaded although others of its conversation that began to arrive later had been threaded before: its
    /// sender had to be proven, or it was long on its way. A rebuild threads it here.
    Overtaken {
        /// The file.
        spool_name: String,
    },
    /// A member wants mail from this address, vouched for by this domain, to count as theirs.
    SenderRemembered {
        /// Whose.
        member: MemberId,
        /// The author's address.
        address: String,
        /// The domain of the SPF or DKIM pass.
        domain: String,
    },
    /// Somebody said "no reply needed".
    Done {
        /// Where.
        conversation: ConversationId,
        /// The message its author saw last: words of the visitor threaded after it are news. Older lines have none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        latest: Option<MessageKey>,
    },
    /// A conversation was closed or opened again.
    Closed {
        /// Where.
        conversation: ConversationId,
        /// Closed, or open again.
        closed: bool,
        /// The message its author saw last: words of the visitor threaded after it are news. Older lines have none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        latest: Option<MessageKey>,
    },
    /// A conversation was deleted, recoverably.
    Deleted {
        /// Which.
        conversation: ConversationId,
        /// The message its author saw last: words of the visitor threaded after it are news. Older lines have none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        latest: Option<MessageKey>,
    },
    /// A person looked at a conversation that seemed to be a loop of machines and says: go on.
    Released {
        /// Which.
        conversation: ConversationId,
    },
    /// A deleted conversation was taken back.
    Restored {
        /// Which.
        conversation: ConversationId,
    },
    /// A conversation is gone for good; its files are removed after this line is durable.
    Purged {
        /// Which.
        conversation: ConversationId,
        /// What it held: their words go from the journal too.
        #[serde(default)]
        messages: Vec<MessageKey>,
        /// What channels know it by: they still have it, and would give it again.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        threads: Vec<PurgedThread>,
        /// The marks of its letters that came with an archive: brought once more they stay away.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        archived: Vec<String>,
    },
    /// Two conversations were made one; mail to the first goes to the second.
    Merged {
        /// Which is no more.
        conversation: ConversationId,
        /// What it became part of.
        into: ConversationId,
    },
    /// Messages were put into another conversation, or, when it is new, split off.
    Moved {
        /// Where they were.
        conversation: ConversationId,
        /// Where they are.
        into: ConversationId,
        /// Which.
        messages: Vec<MessageKey>,
    },
    /// A held reply was decided by its member.
    HoldDecided {
        /// The held message.
        message: MessageKey,
        /// Sent, or thrown away.
        send: bool,
    },
    /// A reply was taken back by its author before it left.
    ReplyTakenBack {
        /// Which.
        message: MessageKey,
    },
    /// A message was translated, or could not be.
    Translated {
        /// Which.
        message: MessageKey,
        /// Both languages, the text, what was checked.
        translation: Translation,
    },
    /// What became of a reply that was to be translated.
    ReplySettled {
        /// Which.
        message: MessageKey,
        /// The language it was written in.
        from: Language,
        /// The visitor's.
        to: Language,
        /// How it left, if it did.
        how: Settled,
    },
    /// The visitor chose the language they read.
    LanguageChosen {
        /// Where.
        conversation: ConversationId,
        /// The language.
        language: Language,
    },
    /// A person set the language of a conversation by hand, or (nothing) left it to what the visitor writes again.
    LanguageSet {
        /// Where.
        conversation: ConversationId,
        /// The language.
        language: Option<Language>,
    },
    /// A person said how segments are to be translated, facts hidden.
    Remembered {
        /// Whose memory.
        account: AccountId,
        /// The segments.
        units: Vec<Unit>,
    },
    /// A term of the glossary was set, or taken out (empty).
    Glossary {
        /// Whose glossary.
        account: AccountId,
        /// The term.
        #[serde(flatten)]
        entry: GlossaryEntry,
    },
    /// A mail from this house reached an end: never to be sent again by a rebuilt index.
    Ended {
        /// Which row of the outbox.
        outgoing: OutgoingId,
        /// How.
        state: End,
        /// What the other side said.
        #[serde(default)]
        answer: Option<Answer>,
    },
    /// What an account wants of its contact form.
    FormRules {
        /// Whose.
        account: AccountId,
        /// The rules.
        rules: FormRules,
    },
    /// Somebody decided that mail may be sent to an address again.
    SuppressionLifted {
        /// Which, folded.
        address: String,
    },
    /// A connection was made or changed.
    Connection(KeptConnection),
    /// A connection was forgotten.
    ConnectionRemoved {
        /// Which.
        connection: i64,
    },
    /// The house wanted to write first in a thread in which nothing was said yet.
    Opened(OpenedThread),
    /// A thread of a channel turned out to belong to a reservation.
    Booked {
        /// Whose.
        account: AccountId,
        /// On which platform.
        channel: Channel,
        /// The channel's id of the thread.
        thread: String,
        /// The reservation.
        reservation: String,
        /// The visitor, if the channel says.
        #[serde(default)]
        name: Option<String>,
    },
    /// A channel says when the stay of a reservation is.
    Stay {
        /// Whose.
        account: AccountId,
        /// On which platform.
        channel: Channel,
        /// The reservation.
        reservation: String,
        /// Its days.
        stay: stay::Stay,
        /// Who booked, if the channel says.
        #[serde(default)]
        name: Option<String>,
    },
    /// A channel takes no answer in a thread, or takes one again.
    ReadOnly {
        /// Whose.
        account: AccountId,
        /// On which platform.
        channel: Channel,
        /// The channel's id of the thread.
        thread: String,
        /// Since when.
        since: Option<Timestamp>,
    },
    /// A thread is answered through another connection: the one that brought it is no more.
    Road {
        /// Whose.
        account: AccountId,
        /// On which platform.
        channel: Channel,
        /// The channel's id of the thread.
        thread: String,
        /// By whose API.
        api: Channel,
        /// Through which.
        connection: i64,
    },
    /// Somebody did something: the audit log.
    Acted(Action),
    /// A reply from this house is late, and its author was told.
    Late {
        /// Which row of the outbox.
        outgoing: OutgoingId,
        /// What the other side said.
        answer: Answer,
    },
}

impl Entry {
    /// Was its time taken when the line was written? Ends of deliveries are written once they can be recorded,
    /// translations have had the time of the question, and what is purged together has one time.
    pub fn is_stamped_when_written(&self) -> bool {
        !matches!(
            self.event,
            Event::Heard { .. }
                | Event::Ended { .. }
                | Event::Late { .. }
                | Event::Translated { .. }
                | Event::Purged { .. }
        )
    }
}

impl Event {
    /// Is it to be carried out, or does it only tell what the store learnt otherwise?
    pub fn is_to_do(&self) -> bool {
        !matches!(
            self,
            Event::Heard { .. }
                | Event::Ended { .. }
                | Event::Late { .. }
                | Event::Overtaken { .. }
        )
    }
}

/// A channel's thread in which nothing was said yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct OpenedThread {
    pub account: AccountId,
    pub channel: Channel,
    /// Through which it is answered.
    pub connection: i64,
    pub thread: String,
    pub reservation: String,
    #[serde(default)]
    pub name: Option<String>,
}

impl OpenedThread {
    /// The conversation that is opened, if none was known.
    pub fn conversation(&self) -> ConversationId {
        ConversationId::of(&[
            b"opened",
            &self.account.0.to_be_bytes(),
            self.channel.brand().as_bytes(),
            self.thread.as_bytes(),
        ])
    }
}

/// A channel's thread of which everything said before a moment was removed here for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct PurgedThread {
    pub account: AccountId,
    pub channel: Channel,
    pub thread: String,
    pub until: Timestamp,
}

/// A connection as it is kept: its secret is sealed with the house's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as the columns in schema.sql say")]
pub struct KeptConnection {
    pub id: i64,
    pub account: AccountId,
    pub channel: Channel,
    pub machine: String,
    pub property: String,
    pub url: String,
    pub token_url: String,
    /// Base64.
    pub sealed: String,
    pub paused: bool,
}
