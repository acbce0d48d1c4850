//! Translations of messages, and when the next one is to be worked on.

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::{Reading, StoreError, Writing, micros, timestamp};
use crate::ground::{
    key::{AccountId, MessageKey},
    language::Language,
    translation::Translation,
};

/// A translation to work on now.
#[derive(Clone, Debug)]
pub struct DueTranslation {
    /// Of which message.
    pub message: MessageKey,
    /// Whose.
    pub account: AccountId,
    /// How far it is: waiting, or ready to be sent.
    pub translation: Translation,
    /// Attempts so far.
    pub attempts: u32,
    /// When waiting ends.
    pub deadline_at: Timestamp,
}

const COLUMNS: &str = "source, language, state, text, back, engines, rough, differences, why, message_id, attempts, deadline_at, marks";

fn translation(row: &Row<'_>) -> rusqlite::Result<Option<Translation>> {
    let (from, to): (String, String) = (row.get(0)?, row.get(1)?);
    let (Ok(from), Ok(to)) = (Language::parse(&from), Language::parse(&to)) else {
        return Ok(None);
    };
    let list = |text: String| serde_json::from_str(&text).unwrap_or_default();
    Ok(Some(Translation {
        from,
        to,
        state: row.get(2)?,
        text: row.get(3)?,
        back: row.get(4)?,
        engines: list(row.get(5)?),
        rough: row.get(6)?,
        differences: list(row.get(7)?),
        why: row.get(8)?,
        marks: row
            .get::<_, Option<String>>(12)?
            .map(|m| serde_json::from_str(&m).unwrap_or_default())
            .unwrap_or_default(),
    }))
}

impl Writing<'_> {
    /// Asks for a translation, to be worked on now and no later than `deadline_at`; asking again changes nothing.
    pub fn want_translation(
        &self,
        message: MessageKey,
        (from, to): (Language, Language),
        now: Timestamp,
        deadline_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.0
            .prepare_cached(
                "INSERT OR IGNORE INTO translations(message_id, language, source, state, due_at, deadline_at)
                 VALUES (?1, ?2, ?3, 'waiting', ?4, ?5)",
            )?
            .execute(params![message.0, to.as_str(), from.as_str(), micros(now), micros(deadline_at)])?;
        Ok(())
    }

    /// Records how far a translation is; `due_at` is when a ready one is sent.
    pub fn put_translation(
        &self,
        message: MessageKey,
        translation: &Translation,
        due_at: Timestamp,
    ) -> Result<(), StoreError> {
        let list = |texts: &[String]| serde_json::to_string(texts).unwrap_or_default();
        self.0
            .prepare_cached(
                "INSERT INTO translations(message_id, language, source, state, text, back, engines, rough, differences,
                   why, due_at, deadline_at, marks)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11, ?12)
                 ON CONFLICT DO UPDATE SET state = ?4, text = ?5, back = ?6, engines = ?7, rough = ?8,
                   differences = ?9, why = ?10, due_at = ?11, marks = ?12",
            )?
            .execute(params![
                message.0,
                translation.to.as_str(),
                translation.from.as_str(),
                translation.state,
                translation.text,
                translation.back,
                list(&translation.engines),
                translation.rough,
                list(&translation.differences),
                translation.why,
                micros(due_at),
                (!translation.marks.is_empty())
                    .then(|| serde_json::to_string(&translation.marks).unwrap_or_default()),
            ])?;
        Ok(())
    }

    /// Tries again later.
    pub fn retry_translation(
        &self,
        message: MessageKey,
        to: Language,
        due_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.0
            .prepare_cached(
                "UPDATE translations SET due_at = ?3, attempts = attempts + 1
                 WHERE message_id = ?1 AND language = ?2 AND state = 'waiting'",
            )?
            .execute(params![message.0, to.as_str(), micros(due_at)])?;
        Ok(())
    }

    /// Nothing more is to be done about the translations of a message.
    pub fn end_translations(&self, message: MessageKey) -> Result<(), StoreError> {
        self.0
            .prepare_cached(
                "UPDATE translations SET state = CASE state WHEN 'ready' THEN 'done' ELSE 'never' END
                 WHERE message_id = ?1 AND state IN ('ready', 'waiting')",
            )?
            .execute([message.0])?;
        Ok(())
    }
}

impl Reading<'_> {
    /// The translations of a message.
    pub fn translations(&self, message: MessageKey) -> Result<Vec<Translation>, StoreError> {
        let sql =
            format!("SELECT {COLUMNS} FROM translations WHERE message_id = ?1 ORDER BY language");
        Ok(self.rows(&sql, [message.0], translation)?.into_iter().flatten().collect())
    }

    /// Translations to work on now, the longest due first.
    pub fn translations_due(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<DueTranslation>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS}, (SELECT account_id FROM messages WHERE messages.id = message_id)
             FROM translations WHERE state IN ('waiting', 'ready') AND due_at <= ?1
             ORDER BY due_at LIMIT {limit}"
        );
        let rows = self.rows(&sql, [micros(now)], |row| {
            let more = (row.get(9), row.get::<_, Option<i64>>(13), row.get(10), row.get(11));
            Ok(translation(row)?.map(|found| (found, more)))
        })?;
        rows.into_iter()
            .flatten()
            .map(|(translation, (message, account, attempts, deadline))| {
                Ok(DueTranslation {
                    message: MessageKey(message?),
                    account: AccountId(account?.unwrap_or_default()),
                    translation,
                    attempts: attempts?,
                    deadline_at: timestamp(deadline?),
                })
            })
            .collect()
    }

    /// When the next translation is due after this.
    pub fn next_translation_due(&self, after: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let sql =
            "SELECT due_at FROM translations WHERE state IN ('waiting', 'ready') AND due_at > ?1
                   ORDER BY due_at LIMIT 1";
        Ok(self.one(sql, [micros(after)], |row| row.get::<_, i64>(0))?.map(timestamp))
    }
}
