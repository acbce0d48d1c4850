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
