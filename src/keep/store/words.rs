//! Words of small vocabularies in columns: each stands there by its serde name, the same as in the API and the journal.

use super::{Broken, ConnectionState, Hint, Purpose};
use crate::ground::{
    access::{Role, Scope},
    account::{AccountType, Plan},
    conversation::{Channel, EventKind, MessageKind, MessageState, Side},
    language::Choice,
    outcome::{DeliveryState, End, OutcomeKind},
    relay_mail::KeyKind,
    translation::State,
    word,
};
use rusqlite::{
    ToSql,
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef},
};

macro_rules! kept_as_words {
    ($($word:ty),+ $(,)?) => {$(
        impl ToSql for $word {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(word::of(self).into())
            }
        }

        impl FromSql for $word {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                word::read(value.as_str()?).map_err(|error| FromSqlError::Other(error.into()))
            }
        }
    )+};
}

kept_as_words!(
    AccountType,
    Broken,
    Channel,
    Choice,
    ConnectionState,
    DeliveryState,
    End,
    EventKind,
    Hint,
    KeyKind,
    MessageKind,
    MessageState,
    OutcomeKind,
    Plan,
    Purpose,
    Role,
    Scope,
    Side,
    State
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_nobody_wrote_is_no_guess() {
        let channel = |text: &str| Channel::column_result(ValueRef::Text(text.as_bytes()));
        assert_eq!(channel("booking").unwrap(), Channel::Booking);
        assert!(channel("pigeon").is_err());
    }
}
