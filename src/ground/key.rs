//! Keys of rows, derived from mail and never counted up.
//!
//! A message's key is a hash of the spool file it came in and of the conversation's account; a conversation's key is
//! that of its first message. So the index can be thrown away and rebuilt from the Maildir with the same keys,
//! and processing a file twice meets the row it made the first time.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

/// The first 63 bits of a hash over length-prefixed parts.
fn digest(parts: &[&[u8]]) -> i64 {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let bytes = hash.finalize();
    let mut first = [0_u8; 8];
    first.copy_from_slice(&bytes[..8]);
    i64::from_be_bytes(first) & i64::MAX
}

/// A key text that is none of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an id, expected 13 characters of a-z and 2-7")]
pub struct BadKey(pub String);

fn base32() -> data_encoding::Encoding {
    data_encoding::BASE32_NOPAD
}

macro_rules! key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub i64);

        impl $name {
            /// The key of these parts.
            pub fn of(parts: &[&[u8]]) -> Self {
                $name(digest(parts))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&base32().encode(&self.0.to_be_bytes()).to_ascii_lowercase())
            }
        }

        impl FromStr for $name {
            type Err = BadKey;

            fn from_str(text: &str) -> Result<Self, BadKey> {
                let bytes = base32()
                    .decode(text.to_ascii_uppercase().as_bytes())
                    .map_err(|_| BadKey(text.to_owned()))?;
                let bytes: [u8; 8] = bytes.try_into().map_err(|_| BadKey(text.to_owned()))?;
                Ok($name(i64::from_be_bytes(bytes)))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

key! {
    /// An account (a house with its members).
    AccountId
}
key! {
    /// A member of an account.
    MemberId
}
key! {
    /// A conversation.
    ConversationId
}
key! {
    /// A message row: what one author said. (The RFC 5322 field is `MessageId`.)
    MessageKey
}
key! {
    /// A row of the outbox: one mail to one recipient.
    OutgoingId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_survive_their_text() {
        let key = ConversationId::of(&[b"a", b"b"]);
        assert_eq!(key.to_string().parse(), Ok(key));
        assert_eq!(key.to_string().len(), 13);
        assert_ne!(key, ConversationId::of(&[b"ab", b""]), "parts do not run together");
        assert!("nonsense".parse::<ConversationId>().is_err());
    }
}
