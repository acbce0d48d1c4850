//! Addresses nothing is sent to, because their server said that nobody is there.

use jiff::Timestamp;
use rusqlite::params;
use serde::Serialize;

use super::{Reading, StoreError, Writing, micros, timestamp};
use crate::ground::address::Address;

/// An address nothing is sent to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suppressed {
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
                "INSERT OR REPLACE INTO suppressed(address, reason, since, until) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![one.address, one.reason, micros(one.since), micros(one.until)])?;
        Ok(())
    }

    /// Mail may be sent there again: it wrote, or somebody decided so.
    pub fn lift_suppression(&self, address: &str) -> Result<bool, StoreError> {
        let mut lift = self.0.prepare_cached("DELETE FROM suppressed WHERE address = ?1")?;
        Ok(lift.execute([address])? > 0)
    }
}

impl Reading<'_> {
    /// Why nothing is sent to an address at this time, if so.
    pub fn suppressed(
        &self,
        address: &Address,
        now: Timestamp,
    ) -> Result<Option<Suppressed>, StoreError> {
        let sql = "SELECT address, reason, since, until FROM suppressed WHERE address = ?1 AND until > ?2";
        self.one(sql, params![address.folded(), micros(now)], suppressed)
    }

    /// All of them, the latest first.
    pub fn all_suppressed(&self) -> Result<Vec<Suppressed>, StoreError> {
        let sql =
            "SELECT address, reason, since, until FROM suppressed ORDER BY since DESC, address";
        self.rows(sql, [], suppressed)
    }
}

fn suppressed(row: &rusqlite::Row<'_>) -> rusqlite::Result<Suppressed> {
    Ok(Suppressed {
        address: row.get(0)?,
        reason: row.get(1)?,
        since: timestamp(row.get(2)?),
        until: timestamp(row.get(3)?),
    })
}
