//! Who did what in the inbox and over the API: the audit log of a house. Each row is a line of the journal too.

use jiff::Timestamp;
use rusqlite::params;
use serde::{Deserialize, Serialize};

use super::{Reading, StoreError, Writing, micros, timestamp};
use crate::ground::key::AccountId;

/// Something somebody did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// The member's address, or `token` and its name.
    pub who: String,
    /// Method and path: `POST /inbox/…/reply`.
    pub what: String,
    /// The peer's IP address.
    pub from: String,
    /// How it was answered (HTTP).
    pub status: u16,
}

impl Writing<'_> {
    /// Notes an action.
    pub fn put_action(
        &self,
        account: AccountId,
        action: &Action,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO actions(account_id, at, who, what, origin, status) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let Action { who, what, from, status } = action;
        self.execute(sql, params![account.0, micros(at), who, what, from, status]).map(drop)
    }
}

impl Reading<'_> {
    /// The newest actions of a house first.
    pub fn actions(
        &self,
        account: AccountId,
        limit: usize,
    ) -> Result<Vec<(Timestamp, Action)>, StoreError> {
        let sql = "SELECT at, who, what, origin, status FROM actions WHERE account_id = ?1
                   ORDER BY at DESC, row DESC LIMIT ?2";
        self.rows(sql, params![account.0, i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
            let (who, what, from) = (row.get(1)?, row.get(2)?, row.get(3)?);
            Ok((timestamp(row.get(0)?), Action { who, what, from, status: row.get(4)? }))
        })
    }
}
