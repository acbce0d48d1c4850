//! How far the index has the journal: written in the transaction that carries out a line, so that a start after a crash
//! knows which lines it has not. And what a copy does not know: what was sent after it was made.

use super::{Reading, StoreError, Writing};
use crate::ground::{outcome::Answer, told};

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

    /// In a copy: mails that waited have left since from where it was made, or have not. A line of the journal that was
    /// copied after the store may know.
    pub fn doubt_what_waits(&self) -> Result<usize, StoreError> {
        let answer = Answer::own(told::COPIED.kept(""));
        let answer = serde_json::to_string(&answer).unwrap_or_default();
        let sql = "UPDATE outbox SET state = 'unknown', last_answer = ?1 WHERE state IN ('waiting', 'sending')";
        self.execute(sql, [answer])
    }

    /// In a copy: replies that waited for a translation wait for a person now, and no notification waits for one.
    pub fn hold_what_waits(&self) -> Result<(), StoreError> {
        let why = "it waited when this copy was made, and may have been sent since";
        self.execute(
            "UPDATE translations SET why = ?1, state = CASE WHEN message_id IN
               (SELECT id FROM messages WHERE state IN ('translating', 'pending')) THEN 'held' ELSE 'never' END
             WHERE state IN ('waiting', 'ready')",
            [why],
        )?;
        let sql = "UPDATE messages SET state = 'held' WHERE state IN ('translating', 'pending')";
        self.execute(sql, []).map(drop)
    }
}
