//! Values of small vocabularies as one word: their serde name, the same in a column, a trace, the journal and the API.

use serde::{
    Serialize,
    de::{DeserializeOwned, IntoDeserializer, value::Error},
};

/// The word of a value; empty for what is none, such as a variant with fields.
pub fn of<T: Serialize + ?Sized>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// What a word means, if it is of this vocabulary.
pub fn read<T: DeserializeOwned>(word: &str) -> Result<T, Error> {
    T::deserialize(word.into_deserializer())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::conversation::Channel;

    #[test]
    fn a_value_is_its_word() {
        assert_eq!(of(&Channel::Booking), "booking");
        assert_eq!(read::<Channel>("booking").unwrap(), Channel::Booking);
        assert!(read::<Channel>("pigeon").is_err());
        assert_eq!(of(&["booking"]), "");
    }
}
