//! Addresses a house sends nothing to, because their server told it that nobody is there. Each house hears for itself: a
//! report one of them made up must not silence the others.

use jiff::Timestamp;
use rusqlite::params;
use serde::Serialize;

use super::{Reading, StoreError, Writing, micros, timestamp};
use crate::ground::{address::Address, key::AccountId};

/// An address nothing is sent to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suppressed {
    /// The house.
    pub account: AccountId,
    /// The address, folded.
    pub address: String,
    /// What its server said.
    pub reason: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

impl Writing<'_> {
    /// Nothing is sent there any more until a time.
    pub fn suppress(&self, one: &Suppressed) -> Result<(), StoreError> {
        self.0
            .prepare_cached(
                "INSERT OR REPLACE INTO suppressed(account_id, address, reason, since, until)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                one.account.0,
                one.address,
                one.reason,
                micros(one.since),
                micros(one.until)
            ])?;
        Ok(())
    }

    /// Mail may be sent there again: it wrote to this house, or somebody decided so for all of them.
    pub fn lift_suppression(
        &self,
        account: Option<AccountId>,
        address: &str,
    ) -> Result<bool, StoreError> {
        let sql = "DELETE FROM suppressed WHERE address = ?1 AND (?2 IS NULL OR account_id = ?2)";
        Ok(self.execute(sql, params![address, account.map(|account| account.0)])? > 0)
    }
}

impl Reading<'_> {
    /// Why nothing is sent to an address at this time, if so.
    pub fn suppressed(
        &self,
        account: AccountId,
        address: &Address,
        now: Timestamp,
    ) -> Result<Option<Suppressed>, StoreError> {
        let sql = "SELECT account_id, address, reason, since, until FROM suppressed
                   WHERE account_id = ?1 AND address = ?2 AND until > ?3";
        self.one(sql, params![account.0, address.folded(), micros(now)], suppressed)
    }

    /// All of them, the latest first.
    pub fn all_suppressed(&self) -> Result<Vec<Suppressed>, StoreError> {
        let sql = "SELECT account_id, address, reason, since, until FROM suppressed
                   ORDER BY since DESC, address, account_id";
        self.rows(sql, [], suppressed)
    }
}

fn suppressed(row: &rusqlite::Row<'_>) -> rusqlite::Result<Suppressed> {
    Ok(Suppressed {
        account: AccountId(row.get(0)?),
        address: row.get(1)?,
        reason: row.get(2)?,
        since: timestamp(row.get(3)?),
        until: timestamp(row.get(4)?),
    })
}
