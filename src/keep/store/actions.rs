//! The audit log. Its lines are in the journal too, so that a rebuilt index has them.

use jiff::Timestamp;
use rusqlite::params;
use serde::Serialize;

use super::{Reading, StoreError, Writing, micros, timestamp};
use crate::ground::{audit::Action, key::AccountId};

/// A line of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ActionRow {
    /// When.
    pub at: Timestamp,
    /// Who did what.
    #[serde(flatten)]
    pub action: Action,
}

impl Writing<'_> {
    /// Somebody did something.
    pub fn add_action(&self, action: &Action, at: Timestamp) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO actions(account_id, at, who, what, about, peer, refused)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                action.account.0,
                micros(at),
                action.who,
                action.what,
                action.about,
                action.peer,
                action.refused
            ],
        )?;
        Ok(())
    }

    /// What was done before this is nobody's concern any more; gives how many lines went.
    pub fn forget_actions(&self, before: Timestamp) -> Result<usize, StoreError> {
        self.execute("DELETE FROM actions WHERE at < ?1", [micros(before)])
    }
}

impl Reading<'_> {
    /// What was done in a house, the newest first; all of it, or what came before a time.
    pub fn actions(
        &self,
        account: AccountId,
        before: Option<Timestamp>,
        limit: usize,
    ) -> Result<Vec<ActionRow>, StoreError> {
        let sql = "SELECT account_id, at, who, what, about, peer, refused FROM actions
                   WHERE account_id = ?1 AND at < ?2 ORDER BY at DESC, row DESC LIMIT ?3";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let before = before.map_or(i64::MAX, micros);
        self.rows(sql, params![account.0, before, limit], |row| {
            Ok(ActionRow {
                at: timestamp(row.get(1)?),
                action: Action {
                    account: AccountId(row.get(0)?),
                    who: row.get(2)?,
                    what: row.get(3)?,
                    about: row.get(4)?,
                    peer: row.get(5)?,
                    refused: row.get(6)?,
                },
            })
        })
    }
}
