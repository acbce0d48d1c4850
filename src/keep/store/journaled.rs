//! How far the index has the journal: written in the transaction that carries out a line, so that a start after a crash
//! knows which lines it has not.

use super::{Reading, StoreError, Writing};

/// No file is called so.
pub(super) const JOURNAL: &str = "(journal)";

impl Reading<'_> {
    /// The place in the journal until which the index has it; `None` in a store that never knew.
    pub fn journaled(&self) -> Result<Option<u64>, StoreError> {
        let sql = "SELECT result FROM processed WHERE spool_name = ?1";
        let found = self.one(sql, [JOURNAL], |row| row.get::<_, String>(0))?;
        Ok(found.and_then(|place| place.parse().ok()))
    }
}

impl Writing<'_> {
    /// The index has the journal until here.
    pub fn set_journaled(&self, place: u64) -> Result<(), StoreError> {
        self.set_processed(JOURNAL, &place.to_string())
    }
}
