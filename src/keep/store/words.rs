//! Words of small vocabularies in columns: each stands there by its serde name, the same as in the API and the journal.

use rusqlite::{
    ToSql,
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef},
};
use serde::{
    Serialize,
    de::{DeserializeOwned, IntoDeserializer, value},
};

use super::{Hint, Purpose};
use crate::ground::{
    access::{Role, Scope},
    account::{AccountType, Plan},
    conversation::{Channel, Side},
    language::Choice,
    relay_mail::KeyKind,
    translation::State,
};

macro_rules! kept_as_words {
    ($($word:ty),+ $(,)?) => {$(
        impl ToSql for $word {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(word(self)?.into())
            }
        }

        impl FromSql for $word {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                read(value)
            }
        }
    )+};
}

kept_as_words!(
    AccountType,
    Channel,
    Choice,
    Hint,
    KeyKind,
    Plan,
    Purpose,
    Role,
    Scope,
    Side,
    State
);

/// The word itself, where it is a part of a longer text.
pub(super) fn word<T: Serialize>(value: &T) -> rusqlite::Result<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => Ok(text),
        other => Err(rusqlite::Error::ToSqlConversionFailure(
            format!("{other:?} is not one word").into(),
        )),
    }
}

fn read<T: DeserializeOwned>(value: ValueRef<'_>) -> FromSqlResult<T> {
    let text = value.as_str()?;
    T::deserialize(text.into_deserializer())
        .map_err(|error: value::Error| FromSqlError::Other(error.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_nobody_wrote_is_no_guess() {
        let channel = |text: &str| Channel::column_result(ValueRef::Text(text.as_bytes()));
        assert_eq!(channel("booking").unwrap(), Channel::Booking);
        assert!(channel("pigeon").is_err());
        assert_eq!(word(&Purpose::HoldQuestion).unwrap(), "hold_question");
    }
}
