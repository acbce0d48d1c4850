//! What a channel can do ([`Adapter`]), what its answers are made of, and how it fails.

use std::{pin::Pin, time::Duration};

use jiff::Timestamp;
use serde_json::Value;

use super::values::list;
use crate::{
    doors::json_client::Answer as Reply,
    flow::{
        gateway::{ChannelMessage, ThreadThere},
        translate::Fail as Wire,
    },
    ground::{
        conversation::Channel,
        letter::Attachment,
        outcome::{Answer, Outcome},
        stay::Stay,
    },
    keep::store::{ConnectionRow, Hint},
};

/// Why a message is set aside.
pub(super) const UNREADABLE: &str = "that cannot be read";
/// Why another is.
pub(super) const OF_NOBODY: &str = "for a property that is not connected here";

/// How long to wait where a channel does not say it.
pub(super) const UNTOLD: Duration = Duration::from_secs(60);

/// What a channel did not do.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fail {
    /// Ours to mend: the credentials.
    #[error("the channel refuses the credentials: {0}")]
    Credentials(String),
    /// Ours to mend: the house is not, or no more, given to these credentials.
    #[error("the channel does not give us this property: {0}")]
    House(String),
    /// Not now.
    #[error("the channel asks to wait {} s", .0.as_secs())]
    Throttled(Duration),
    /// Never in this form.
    #[error("the channel refuses: {0}")]
    Refused(String),
    /// It was not reached, so nothing was done.
    #[error("the channel cannot be reached: {0}")]
    Unreachable(String),
    /// Nobody knows whether it was done.
    #[error("the channel gave no answer: {0}")]
    Unanswered(String),
    /// Ours.
    #[error("{0}")]
    Ours(String),
}

impl Fail {
    /// What a status says, where a channel does not say more.
    pub(super) fn of(reply: &Reply, said: &str) -> Self {
        let text = format!("{} {said}", reply.status).trim_end().to_owned();
        match reply.status.as_u16() {
            401 => Fail::Credentials(text),
            403 => Fail::House(text),
            429 => Fail::Throttled(reply.retry_after.unwrap_or(UNTOLD)),
            // Where something may have been said, silence is not repeated.
            503 if reply.is_idempotent && reply.retry_after.is_some() => {
                Fail::Throttled(reply.retry_after.unwrap_or(UNTOLD))
            }
            500.. => Fail::Unanswered(text),
            _ => Fail::Refused(text),
        }
    }

    /// It is about the credentials, so about all their houses.
    pub(super) fn is_of_all(&self) -> bool {
        matches!(self, Fail::Credentials(_) | Fail::Throttled(_))
    }

    /// Where something is to be done about a conversation, it is that conversation which takes nothing (any more).
    pub(super) fn of_thread(self) -> Self {
        match self {
            Fail::House(why) => Fail::Refused(why),
            fail => fail,
        }
    }

    /// What came of a request that has no side effect when it fails so.
    pub(super) fn outcome(&self) -> Outcome {
        let mut answer = Answer::own(self.to_string());
        match self {
            Fail::Throttled(wait) => {
                answer.wait = Some(*wait);
                Outcome::Later(answer)
            }
            Fail::Credentials(_) | Fail::House(_) | Fail::Ours(_) | Fail::Unreachable(_) => {
                Outcome::Later(answer)
            }
            Fail::Refused(_) => Outcome::Never(answer),
            Fail::Unanswered(_) => Outcome::Unknown(answer),
        }
    }
}

impl From<Wire> for Fail {
    fn from(wire: Wire) -> Self {
        match wire {
            Wire::Down(why) => Fail::Unreachable(why),
            // It asked to be left alone, so it was not asked.
            Wire::Busy { retry_after } => Fail::Throttled(retry_after.unwrap_or(UNTOLD)),
            other => Fail::Unanswered(other.to_string()),
        }
    }
}

/// What is being done; boxed, because adapters are chosen while running.
pub(super) type Doing<'a, T> = Pin<Box<dyn Future<Output = Result<T, Fail>> + Send + 'a>>;

/// A channel's API. Every method is one exchange, or a few that have no effect on the other side. What has a default
/// here is what not every channel has.
pub(super) trait Adapter: Send + Sync {
    /// A page of a house's conversations; those that changed last come first where the channel sorts at all.
    fn list<'a>(&'a self, house: &'a ConnectionRow, page: Option<&'a str>)
    -> Doing<'a, ThreadPage>;

    /// A page of a conversation's messages.
    fn read<'a>(
        &'a self,
        house: &'a ConnectionRow,
        thread: &'a str,
        page: Option<&'a str>,
    ) -> Doing<'a, MessagePage>;

    /// What waits in the queue of these houses, which are all that we know of this machine account, polled or not;
    /// `None`: the channel has no queue and its list is looked through.
    fn queue<'a>(&'a self, _houses: &'a [ConnectionRow]) -> Doing<'a, Option<Queue>> {
        Box::pin(async { Ok(None) })
    }

    /// The conversations in which something was said since a moment, where the channel can be asked that instead of
    /// for the whole list; it is slow and rarely asked.
    fn search<'a>(
        &'a self,
        _house: &'a ConnectionRow,
        _since: Timestamp,
    ) -> Option<Doing<'a, Vec<String>>> {
        None
    }

    /// The conversation about a reservation of a house, even if nothing was said in it; `None`: it cannot be asked so.
    fn find<'a>(
        &'a self,
        _house: &'a ConnectionRow,
        _reservation: &'a str,
    ) -> Option<Doing<'a, Option<ThreadThere>>> {
        None
    }

    /// What the channel says of a house's reservations to come; `None`: it is not asked.
    fn reserved<'a>(&'a self, _house: &'a ConnectionRow) -> Option<Doing<'a, Vec<Reserved>>> {
        None
    }

    /// So many messages of the queue are safe here.
    fn confirm(&self, _count: usize) -> Doing<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    /// A file of a message.
    fn fetch<'a>(
        &'a self,
        house: &'a ConnectionRow,
        thread: &'a str,
        file: &'a FileRef,
    ) -> Doing<'a, Attachment>;

    /// Says what was done about a conversation here: no reply is needed, it was read.
    fn tell<'a>(
        &'a self,
        _house: &'a ConnectionRow,
        _thread: &'a str,
        _what: Hint,
    ) -> Doing<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    /// Can it be said there that no reply is needed, by others than us, and is it found by looking again?
    fn tells_done(&self) -> bool {
        false
    }

    /// Asks the channel to send its notifications here; `None`: there it is done by hand.
    fn register<'a>(
        &'a self,
        _house: &'a ConnectionRow,
        _hook: (&'a str, &'a str),
    ) -> Option<Doing<'a, ()>> {
        None
    }

    /// Do words and files travel in one message?
    fn takes_both(&self) -> bool {
        false
    }

    /// Says something; gives the id it has there.
    fn post<'a>(
        &'a self,
        house: &'a ConnectionRow,
        thread: &'a str,
        part: &'a Part,
    ) -> Doing<'a, Option<String>>;
}

/// A conversation in a list.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) id: String,
    /// When something was said there last, if the channel says.
    pub(super) changed_at: Option<Timestamp>,
    /// Differs when anything has changed.
    pub(super) mark: String,
    pub(super) is_closed: bool,
}

#[derive(Debug, Default)]
pub(super) struct ThreadPage {
    pub(super) heads: Vec<Head>,
    pub(super) next: Option<String>,
    /// How many conversations there are on all pages.
    pub(super) total: Option<i64>,
    /// Behind a page of old ones there are only old ones.
    pub(super) newest_first: bool,
}

/// A message whose files are still there.
#[derive(Clone, Debug)]
pub(super) struct Spoken {
    pub(super) message: ChannelMessage,
    pub(super) files: Vec<FileRef>,
}

/// A file there.
#[derive(Clone, Debug)]
pub(super) struct FileRef {
    /// An id or an address.
    pub(super) at: String,
    pub(super) name: String,
    pub(super) media_type: String,
}

#[derive(Debug, Default)]
pub(super) struct MessagePage {
    /// The newest first.
    pub(super) messages: Vec<Spoken>,
    /// What nobody can read.
    pub(super) unreadable: Vec<Value>,
    pub(super) next: Option<String>,
    pub(super) booking: Option<Booked>,
    /// Whether the conversation takes an answer, where the channel says it.
    pub(super) takes_answers: Option<bool>,
    /// Somebody closed it there; under which platform's name we know it.
    pub(super) closed: Option<Channel>,
    /// Whether somebody said there that no reply is needed, where the channel knows the notion.
    pub(super) is_done: Option<bool>,
}

impl MessagePage {
    /// The messages of a list, each as the channel's own reading has it.
    pub(super) fn of(messages: &Value, read: impl Fn(&Value) -> Option<Spoken>) -> Self {
        let mut page = MessagePage::default();
        for message in list(messages) {
            match read(message) {
                Some(spoken) => page.messages.push(spoken),
                None => page.unreadable.push(message.clone()),
            }
        }
        page
    }
}

/// A reservation to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reserved {
    pub(super) reservation: String,
    pub(super) stay: Stay,
    pub(super) name: Option<String>,
}

/// The reservation a conversation is about.
#[derive(Clone, Debug)]
pub(super) struct Booked {
    pub(super) channel: Channel,
    pub(super) reservation: String,
    pub(super) name: Option<String>,
}

/// A queued message of a conversation that could not be read.
#[derive(Clone, Debug)]
pub(super) struct Unplaced {
    pub(super) id: String,
    pub(super) thread: String,
    /// The houses which may have it: the channel did not say no.
    pub(super) houses: Vec<i64>,
}

#[derive(Debug)]
pub(super) struct Queue {
    pub(super) messages: Vec<Spoken>,
    /// What nobody can read, or nobody here is meant by, and why.
    pub(super) unreadable: Vec<(Value, &'static str)>,
    /// What is in a conversation that no house could read just now, and whose it may be.
    pub(super) unplaced: Vec<Unplaced>,
    /// So many were fetched, read or not.
    pub(super) count: usize,
}

/// What is said in one message there.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) text: String,
    pub(super) files: Vec<Attachment>,
}
