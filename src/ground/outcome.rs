//! How an outgoing effect ended: a delivery, a translation, a post to a channel all end in one [`Outcome`].

use serde::{Deserialize, Serialize};

/// What is to be done next is in the variant, not in a flag beside an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The other side took it.
    Done(Answer),
    /// Not now: try again.
    Later(Answer),
    /// Never: trying again cannot help.
    Never(Answer),
    /// Nobody knows: the connection was lost after the final dot. Shown to people, never repeated blindly.
    Unknown(Answer),
}

/// What the other side said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The host that answered, if one was reached.
    pub host: Option<String>,
    /// The SMTP reply code or HTTP status.
    pub code: Option<u16>,
    /// The enhanced status code (RFC 3463), such as `5.1.1`.
    pub enhanced: Option<String>,
    /// The id a channel gave the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// The text, for people and logs.
    pub text: String,
}

impl Answer {
    /// Words of our own where no host answered.
    pub fn own(text: impl Into<String>) -> Self {
        Answer { text: text.into(), ..Answer::default() }
    }
}
