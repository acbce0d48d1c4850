//! How attempts at a mail ended, and what that makes of its row in the outbox: live, from a bounce, or from the journal.

use jiff::Timestamp;
use rusqlite::params;

use super::{
    AttemptRow, DueMail, Reading, StoreError, Writing, micros,
    queue::{DUE_COLUMNS, due_mail},
    timestamp,
};
use crate::ground::{
    key::OutgoingId,
    outcome::{Answer, DeliveryState, End, Outcome, OutcomeKind},
};

impl Writing<'_> {
    /// Records how an attempt ended; `retry_at` is when a `Later` is tried again, `None` gives up. A bounce that came
    /// before the end of the attempt was recorded knows more.
    pub fn record_attempt(
        &self,
        mail: &DueMail,
        outcome: &Outcome,
        now: Timestamp,
        retry_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let id = mail.id;
        let (end, answer) = (outcome.end(retry_at.is_some()), outcome.answer());
        let state = end.map_or(DeliveryState::Waiting, DeliveryState::from);
        let due_at = retry_at.filter(|_| end.is_none()).unwrap_or(now);
        // Its thread could not be read yet: what may stand there is still not said again.
        let may_be_there = mail.dot_sent && end.is_none();
        self.add_attempt(id, outcome.kind(), answer, now)?;
        let last_answer = serde_json::to_string(answer).unwrap_or_default();
        let bounced = self.query(
            "UPDATE outbox SET attempts = attempts + 1, due_at = ?3, dot_sent = ?6,
               last_answer = iif(state = 'failed', last_answer, ?4),
               ended_at = CASE WHEN state = 'failed' THEN ended_at WHEN ?2 = 'waiting' THEN NULL ELSE ?5 END,
               state = iif(state = 'failed', state, ?2)
             WHERE id = ?1 RETURNING state <> ?2",
            params![id.0, state, micros(due_at), last_answer, micros(now), may_be_there],
            |row| row.get(0),
        )?;
        let bounced = bounced.unwrap_or(false);
        if end == Some(End::Done) && !bounced {
            self.forget_raw(id)?;
        }
        Ok(())
    }

    /// What has arrived is not sent again.
    pub(super) fn forget_raw(&self, id: OutgoingId) -> Result<(), StoreError> {
        self.execute("DELETE FROM outbox_raw WHERE outgoing_id = ?1", [id.0]).map(drop)
    }

    /// What an attempt ended with before the store was lost. The last end counts; a bounce that came after it is one.
    pub fn restore_end(
        &self,
        id: OutgoingId,
        end: End,
        answer: &Answer,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let known = "SELECT 1 FROM attempts WHERE outgoing_id = ?1 AND at = ?2";
        let known = self.reading().one(known, params![id.0, micros(at)], |_| Ok(()))?;
        let waits = "SELECT 1 FROM outbox WHERE id = ?1 AND state <> 'waiting'";
        if known.is_some() || self.reading().one(waits, [id.0], |_| Ok(()))?.is_none() {
            return Ok(());
        }
        let last_answer = serde_json::to_string(answer).unwrap_or_default();
        // One that failed without an attempt came back before the end of its attempt was known.
        self.execute(
            "UPDATE outbox SET state = ?2, last_answer = ?3, ended_at = ?4
             WHERE id = ?1 AND (ended_at IS NULL OR ended_at < ?4 AND attempts > 0)",
            params![id.0, end, last_answer, micros(at)],
        )?;
        self.execute("UPDATE outbox SET attempts = attempts + 1 WHERE id = ?1", [id.0])?;
        let outcome = match end {
            End::Done => OutcomeKind::Done,
            End::Failed => OutcomeKind::Never,
            End::Unknown => OutcomeKind::Unknown,
        };
        self.add_attempt(id, outcome, answer, at)?;
        Ok(())
    }

    fn add_attempt(
        &self,
        id: OutgoingId,
        outcome: OutcomeKind,
        answer: &Answer,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.0
            .prepare_cached(
                "INSERT INTO attempts(outgoing_id, at, outcome, host, code, enhanced, text)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                id.0,
                micros(now),
                outcome,
                answer.host,
                answer.code,
                answer.enhanced,
                answer.text
            ])?;
        Ok(())
    }

    /// A bounce came back for a mail that had been accepted.
    pub fn record_bounce(
        &self,
        id: OutgoingId,
        answer: &Answer,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.add_attempt(id, OutcomeKind::Never, answer, now)?;
        let last_answer = serde_json::to_string(answer).unwrap_or_default();
        self.0
            .prepare_cached(
                "UPDATE outbox SET state = 'failed', last_answer = ?2, ended_at = ?3 WHERE id = ?1",
            )?
            .execute(params![id.0, last_answer, micros(now)])?;
        Ok(())
    }

    /// The author of a late mail has been told.
    pub fn set_delay_told(&self, id: OutgoingId) -> Result<(), StoreError> {
        self.0.prepare_cached("UPDATE outbox SET delay_told = 1 WHERE id = ?1")?.execute([id.0])?;
        Ok(())
    }

    /// What a reply says after this piece is not sent without it. Gives the pieces that are not.
    pub fn fail_later_pieces(
        &self,
        id: OutgoingId,
        answer: &Answer,
        now: Timestamp,
    ) -> Result<Vec<OutgoingId>, StoreError> {
        let mut statement = self.0.prepare_cached(
            "UPDATE outbox AS o SET state = 'failed', ended_at = ?2, last_answer = ?3
             FROM outbox AS piece
             WHERE piece.id = ?1 AND piece.purpose = 'reply' AND o.purpose = 'reply' AND o.state = 'waiting'
               AND o.message_id = piece.message_id AND o.recipient = piece.recipient AND o.row > piece.row
             RETURNING id",
        )?;
        let last_answer = serde_json::to_string(answer).unwrap_or_default();
        let rows = statement
            .query_map(params![id.0, micros(now), last_answer], |row| row.get(0).map(OutgoingId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Reading<'_> {
    /// Mails whose attempt a crash cut off.
    pub fn interrupted(&self) -> Result<Vec<DueMail>, StoreError> {
        let sql = format!("SELECT {DUE_COLUMNS} FROM outbox WHERE state = 'sending'");
        Ok(self.rows(&sql, [], due_mail)?.into_iter().flatten().collect())
    }

    /// The attempts at one mail, oldest first.
    pub fn attempts(&self, id: OutgoingId) -> Result<Vec<AttemptRow>, StoreError> {
        let sql = "SELECT at, outcome, host, code, enhanced, text FROM attempts WHERE outgoing_id = ?1 ORDER BY row";
        self.rows(sql, [id.0], |row| {
            Ok(AttemptRow {
                at: timestamp(row.get(0)?),
                outcome: row.get(1)?,
                host: row.get(2)?,
                code: row.get(3)?,
                enhanced: row.get(4)?,
                text: row.get(5)?,
            })
        })
    }
}
