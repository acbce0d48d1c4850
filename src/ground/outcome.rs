//! How an outgoing effect ended: a delivery, a translation, a post to a channel all end in one [`Outcome`].

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};

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

impl Outcome {
    /// What the other side said.
    pub fn answer(&self) -> &Answer {
        match self {
            Outcome::Done(answer)
            | Outcome::Later(answer)
            | Outcome::Never(answer)
            | Outcome::Unknown(answer) => answer,
        }
    }

    /// Which it is.
    pub fn kind(&self) -> OutcomeKind {
        match self {
            Outcome::Done(_) => OutcomeKind::Done,
            Outcome::Later(_) => OutcomeKind::Later,
            Outcome::Never(_) => OutcomeKind::Never,
            Outcome::Unknown(_) => OutcomeKind::Unknown,
        }
    }

    /// The end that it puts to a mail; none for one that is tried again.
    pub fn end(&self, again: bool) -> Option<End> {
        match self.kind() {
            OutcomeKind::Done => Some(End::Done),
            OutcomeKind::Later if again => None,
            OutcomeKind::Later | OutcomeKind::Never => Some(End::Failed),
            OutcomeKind::Unknown => Some(End::Unknown),
        }
    }
}

/// An [`Outcome`] without what was said: a line of the attempts at a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "as Outcome says")]
pub enum OutcomeKind {
    Done,
    Later,
    Never,
    Unknown,
}

/// How it ended with a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// The other side took it.
    Done,
    /// It is not tried any more.
    Failed,
    /// Nobody knows whether it arrived.
    Unknown,
}

/// How it stands with a mail of the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It leaves when it is due.
    Waiting,
    /// An attempt is under way, or was when Relais stopped.
    Sending,
    /// See [`End::Done`].
    Done,
    /// See [`End::Failed`].
    Failed,
    /// It is kept back until a person says that the conversation is no loop of machines.
    Held,
    /// See [`End::Unknown`].
    Unknown,
}

impl From<End> for DeliveryState {
    fn from(end: End) -> Self {
        match end {
            End::Done => DeliveryState::Done,
            End::Failed => DeliveryState::Failed,
            End::Unknown => DeliveryState::Unknown,
        }
    }
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
    /// The ids a channel gave what it took: text and files may be messages of their own.
    #[serde(
        default,
        alias = "external_id",
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub external_ids: Vec<String>,
    /// The other side asks to be left alone so long.
    #[serde(skip)]
    pub wait: Option<Duration>,
    /// The text, for people and logs.
    pub text: String,
}

impl Answer {
    /// Words of our own where no host answered.
    pub fn own(text: impl Into<String>) -> Self {
        Answer { text: text.into(), ..Answer::default() }
    }
}

/// Journals of version 2 have one id, or none.
fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Ids {
        Many(Vec<String>),
        One(Option<String>),
    }
    Ok(match Ids::deserialize(deserializer)? {
        Ids::Many(ids) => ids,
        Ids::One(id) => id.into_iter().collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_every_version_wrote_them() {
        let table: [(&str, &[&str]); 4] = [
            (r#"{"text": "x"}"#, &[]),
            (r#"{"text": "x", "external_id": "a"}"#, &["a"]),
            (r#"{"text": "x", "external_id": null}"#, &[]),
            (r#"{"text": "x", "external_ids": ["a", "b"]}"#, &["a", "b"]),
        ];
        for (json, ids) in table {
            assert_eq!(serde_json::from_str::<Answer>(json).unwrap().external_ids, ids, "{json}");
        }
    }
}
