//! The memory of translated segments and the glossary, per account.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};

use super::{Reading, StoreError, Writing, micros};
use crate::ground::{
    key::AccountId,
    language::Language,
    translation::{GlossaryEntry, Unit},
};

/// Two languages: of a text, and of its translation.
type Pair = (Language, Language);

/// So many segments of engines are kept; the oldest go first.
const MOST_SEGMENTS: i64 = 200_000;

impl Writing<'_> {
    /// Remembers how a segment is said; an empty `engine` is a person.
    pub fn keep_segment(
        &self,
        account: AccountId,
        (from, to): Pair,
        engine: &str,
        (text, said): (&str, &str),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.0
            .prepare_cached(
                "INSERT INTO segments(account_id, source, language, engine, text, said, kept_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT DO UPDATE SET said = excluded.said, kept_at = excluded.kept_at",
            )?
            .execute(params![
                account.0,
                from.as_str(),
                to.as_str(),
                engine,
                text,
                said,
                micros(now)
            ])?;
        Ok(())
    }

    /// Counts characters an engine was given.
    pub fn count_characters(
        &self,
        account: AccountId,
        engine: &str,
        characters: usize,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.0
            .prepare_cached(
                "INSERT INTO translation_usage(account_id, month, engine, characters) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET characters = characters + excluded.characters",
            )?
            .execute(params![
                account.0,
                now.strftime("%Y-%m").to_string(),
                engine,
                i64::try_from(characters).unwrap_or(i64::MAX)
            ])?;
        Ok(())
    }

    /// Forgets what engines said before `before`, and more than may be kept; what a person wrote stays.
    pub fn forget_segments(&self, before: Timestamp) -> Result<usize, StoreError> {
        let old = self.0.execute(
            "DELETE FROM segments WHERE engine <> '' AND kept_at < ?1",
            [micros(before)],
        )?;
        let many = self.0.execute(
            "DELETE FROM segments WHERE engine <> '' AND kept_at <
               (SELECT kept_at FROM segments WHERE engine <> '' ORDER BY kept_at DESC LIMIT 1 OFFSET ?1)",
            [MOST_SEGMENTS],
        )?;
        Ok(old + many)
    }

    /// Sets how a term is said; empty, the term is taken out.
    pub fn put_glossary(
        &self,
        account: AccountId,
        entry: &GlossaryEntry,
    ) -> Result<(), StoreError> {
        let GlossaryEntry { from, to, term, said } = entry;
        let key = params![account.0, from.as_str(), to.as_str(), term, said];
        if said.is_empty() {
            let sql = "DELETE FROM glossary
                       WHERE account_id = ?1 AND source = ?2 AND language = ?3 AND term = ?4 AND ?5 = ''";
            self.0.execute(sql, key)?;
        } else {
            let sql = "INSERT INTO glossary(account_id, source, language, term, said) VALUES (?1, ?2, ?3, ?4, ?5)
                       ON CONFLICT DO UPDATE SET said = excluded.said";
            self.0.execute(sql, key)?;
        }
        Ok(())
    }
}

impl Reading<'_> {
    /// Characters each engine was given for an account: month, engine, how many; the newest month first.
    pub fn characters(&self, account: AccountId) -> Result<Vec<(String, String, i64)>, StoreError> {
        let sql = "SELECT month, engine, characters FROM translation_usage WHERE account_id = ?1
                   ORDER BY month DESC, engine";
        self.rows(sql, [account.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    }

    /// How a segment was said.
    pub fn segment(
        &self,
        account: AccountId,
        (from, to): Pair,
        engine: &str,
        text: &str,
    ) -> Result<Option<String>, StoreError> {
        let sql = "SELECT said FROM segments
                   WHERE account_id = ?1 AND source = ?2 AND language = ?3 AND text = ?4 AND engine = ?5";
        let mut statement = self.0.prepare_cached(sql)?;
        let key = params![account.0, from.as_str(), to.as_str(), text, engine];
        Ok(statement.query_row(key, |row| row.get(0)).optional()?)
    }

    /// Everything remembered for an account; where a person and an engine said the same segment, the person's.
    pub fn segments(&self, account: AccountId) -> Result<Vec<Unit>, StoreError> {
        let sql = "SELECT source, language, text, said, engine = '' FROM segments AS one
                   WHERE account_id = ?1 AND (engine = '' OR NOT EXISTS (
                     SELECT 1 FROM segments AS person WHERE person.account_id = ?1 AND person.source = one.source
                       AND person.language = one.language AND person.text = one.text AND person.engine = ''))
                   ORDER BY source, language, text, engine";
        let unit = |row: &Row<'_>| {
            let languages = pair(row)?;
            let (source, target, edited) = (row.get(2)?, row.get(3)?, row.get(4)?);
            Ok(languages.map(|(from, to)| Unit { from, to, source, target, edited }))
        };
        Ok(self.rows(sql, [account.0], unit)?.into_iter().flatten().collect())
    }

    /// The glossary of an account.
    pub fn glossary(&self, account: AccountId) -> Result<Vec<GlossaryEntry>, StoreError> {
        let sql = "SELECT source, language, term, said FROM glossary WHERE account_id = ?1
                   ORDER BY source, language, term";
        let entry = |row: &Row<'_>| {
            let languages = pair(row)?;
            let (term, said) = (row.get(2)?, row.get(3)?);
            Ok(languages.map(|(from, to)| GlossaryEntry { from, to, term, said }))
        };
        Ok(self.rows(sql, [account.0], entry)?.into_iter().flatten().collect())
    }
}

fn pair(row: &Row<'_>) -> rusqlite::Result<Option<Pair>> {
    let (from, to): (String, String) = (row.get(0)?, row.get(1)?);
    Ok(Language::parse(&from).ok().zip(Language::parse(&to).ok()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keep::store::Store;

    fn write(
        store: &Store,
        work: impl FnOnce(&Writing<'_>) -> Result<(), StoreError> + Send + 'static,
    ) {
        store.write_blocking::<_, StoreError, _>(work).unwrap();
    }

    #[test]
    fn segments_belong_to_one_account_and_engines_are_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("relais.sqlite")).unwrap();
        let (one, other) = (AccountId(1), AccountId(2));
        let pair = (Language::EN, Language::PT);
        let at = |second| Timestamp::from_second(second).unwrap();
        write(&store, move |w| {
            w.keep_segment(one, pair, "embedded", ("A room.", "Um quarto."), at(100))?;
            w.keep_segment(one, pair, "", ("A room.", "Um quartinho."), at(50))?;
            w.keep_segment(one, pair, "embedded", ("A bed.", "Uma cama."), at(10))
        });
        let said = |account, engine: &str, text: &str| {
            store.read(|r| r.segment(account, pair, engine, text)).unwrap()
        };
        assert_eq!(said(one, "embedded", "A room.").as_deref(), Some("Um quarto."));
        assert_eq!(said(one, "", "A room.").as_deref(), Some("Um quartinho."));
        assert_eq!(said(other, "embedded", "A room."), None, "tenants never meet");
        let units = store.read(|r| r.segments(one)).unwrap();
        let targets: Vec<&str> = units.iter().map(|unit| unit.target.as_str()).collect();
        assert_eq!(targets, ["Uma cama.", "Um quartinho."]);
        write(&store, move |w| {
            assert_eq!(w.forget_segments(at(60))?, 1, "the old one of the engine");
            Ok(())
        });
        assert_eq!(said(one, "embedded", "A bed."), None);
        assert!(said(one, "", "A room.").is_some());
    }

    #[test]
    fn a_term_is_set_changed_and_taken_out() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("relais.sqlite")).unwrap();
        let account = AccountId(1);
        let entry = |said: &str| GlossaryEntry {
            from: Language::PT,
            to: Language::EN,
            term: "pequeno-almoço".into(),
            said: said.into(),
        };
        for (said, left) in [("breakfast", 1), ("morning meal", 1), ("", 0)] {
            let one = entry(said);
            write(&store, move |w| w.put_glossary(account, &one));
            let found = store.read(|r| r.glossary(account)).unwrap();
            assert_eq!(found.len(), left, "{said}");
            assert!(found.iter().all(|found| found.said == said));
        }
    }
}
