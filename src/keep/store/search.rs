//! What was typed, as SQL: full-text search over words, over pairs of letters for scripts without spaces, and the
//! excerpt that shows a hit.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, functions::FunctionFlags, params};

use super::{Reading, StoreError, micros, read_list::Conditions};
use crate::ground::{
    key::{AccountId, ConversationId, MessageKey},
    search::{Excerpt, Query, bigrams},
};

/// Hits are looked for in so many newest messages of a conversation first.
const EXCERPTED: i64 = 20;
/// And then in so many before those.
const OLDER: i64 = 2_000;

/// So many hits, the newest, are looked at for a page: a word that stands in every message must not cost every message.
pub(super) const HITS: usize = 1_000;

/// The conversations `c` with a message that is everything the query wants. What is wanted of `c` until here holds for
/// the hits too, so that only those are counted which can be on the page.
pub(super) fn matching(query: &Query, all: &mut Conditions) {
    let wanted = [("search", query.in_words("people")), ("search_pairs", query.in_bigrams())];
    let wanted = wanted.into_iter().filter_map(|(table, value)| Some((table, value?)));
    let wanted: Vec<(&str, String)> = wanted.collect();
    // Words are few and lead; without them the list leads, for it ends after a page.
    let Some(((table, value), rest)) = wanted.split_first() else {
        all.sql.push_str(" AND EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = c.id");
        of_message(query, &[], all);
        all.sql.push(')');
        return;
    };
    // The words, and what stands beside them.
    let places = if *table == "search" { &["search", "search_beside"][..] } else { &[*table][..] };
    let of_list = all.sql.clone();
    all.sql.push_str(" AND c.id IN (");
    for (number, place) in places.iter().enumerate() {
        all.sql.push_str(if number == 0 { "" } else { " UNION ALL " });
        all.sql.push_str(&format!(
            "SELECT * FROM (SELECT m.conversation_id FROM {place} CROSS JOIN messages m ON m.row = {place}.rowid
                CROSS JOIN conversations c ON c.id = m.conversation_id WHERE m.account_id = ?1{of_list}"
        ));
        all.and(&format!("{place} MATCH ?"), Some(value.clone().into()));
        of_message(query, rest, all);
        all.sql.push_str(&format!(" ORDER BY {place}.rowid DESC LIMIT {HITS})"));
    }
    all.sql.push(')');
}

/// What is wanted of the message `m` beside the words that lead to it.
fn of_message(query: &Query, words: &[(&str, String)], all: &mut Conditions) {
    for (table, value) in words {
        let sql = format!("m.row IN (SELECT rowid FROM {table} WHERE {table} MATCH ?)");
        all.and(&sql, Some(value.clone().into()));
    }
    if let Some(language) = &query.language {
        all.and("m.language = ?", Some(language.clone().into()));
    }
    if let Some(after) = query.after {
        all.and("m.at >= ?", Some(micros(after).into()));
    }
    if let Some(before) = query.before {
        all.and("m.at < ?", Some(micros(before).into()));
    }
    if query.has_attachment {
        all.and("EXISTS (SELECT 1 FROM attachments a WHERE a.message_id = m.id)", None);
    }
}

/// Where a search stands in a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The newest message that has it; among the newest ones, one that has it in its own words.
    pub message: MessageKey,
    /// The words around it.
    pub excerpt: Option<Excerpt>,
}

/// A message that is looked at.
struct Candidate {
    conversation: ConversationId,
    message: MessageKey,
    row: i64,
    text: String,
}

impl Reading<'_> {
    /// Where the words of a query stand in these conversations of an account.
    pub fn hits(
        &self,
        account: AccountId,
        query: &Query,
        conversations: &[ConversationId],
    ) -> Result<HashMap<ConversationId, Hit>, StoreError> {
        let mut found = HashMap::new();
        if query.in_words("people").is_none() && query.in_bigrams().is_none() {
            return Ok(found);
        }
        // Nearly always it is one of the newest messages; the older ones are read where it is not.
        for (skip, most) in [(0, EXCERPTED), (EXCERPTED, OLDER)] {
            let left = conversations.iter().filter(|id| !found.contains_key(*id));
            let left: Vec<_> = left.copied().collect();
            let mut candidates = self.candidates(account, &left, (skip, most))?;
            self.hits_in_words(query, &candidates, &mut found)?;
            candidates.retain(|candidate| !found.contains_key(&candidate.conversation));
            self.hits_beside(query, &candidates, &mut found)?;
        }
        Ok(found)
    }

    /// Messages of these conversations, the newest of each first.
    fn candidates(
        &self,
        account: AccountId,
        conversations: &[ConversationId],
        (skip, most): (i64, i64),
    ) -> Result<Vec<Candidate>, StoreError> {
        let sql =
            "SELECT id, row, text FROM messages WHERE conversation_id = ?1 AND account_id = ?2
                   ORDER BY at DESC, id LIMIT ?3 OFFSET ?4";
        let mut all = Vec::new();
        for id in conversations {
            all.extend(self.rows(sql, params![id.0, account.0, most, skip], |row| {
                Ok(Candidate {
                    conversation: *id,
                    message: MessageKey(row.get(0)?),
                    row: row.get(1)?,
                    text: row.get(2)?,
                })
            })?);
        }
        Ok(all)
    }

    /// In what was written.
    fn hits_in_words(
        &self,
        query: &Query,
        candidates: &[Candidate],
        found: &mut HashMap<ConversationId, Hit>,
    ) -> Result<(), StoreError> {
        let words = query.in_words("people");
        let rows = self.having("search", words.as_deref(), candidates)?;
        let mut newest: HashMap<i64, ConversationId> = HashMap::new();
        for candidate in candidates {
            let (id, message) = (candidate.conversation, candidate.message);
            if found.contains_key(&id) {
                continue;
            }
            let excerpt = query.excerpt_of_pairs(&candidate.text);
            if excerpt.is_some() || rows.contains(&candidate.row) {
                newest.extend(excerpt.is_none().then_some((candidate.row, id)));
                found.insert(id, Hit { message, excerpt });
            }
        }
        let Some(words) = words else { return Ok(()) };
        let rows: Vec<i64> = newest.keys().copied().collect();
        let snippet = "rowid, snippet(search, 2, char(1), char(2), '…', 18)";
        let marked = self.among("search", &words, &rows, snippet, |row| {
            Ok((row.get(0)?, row.get::<_, String>(1)?))
        })?;
        for (row, marked) in marked {
            if let Some(hit) = newest.get(&row).and_then(|id| found.get_mut(id)) {
                hit.excerpt = Some(Excerpt::marked(&marked));
            }
        }
        Ok(())
    }

    /// In what stands beside it: translations and the names of files.
    fn hits_beside(
        &self,
        query: &Query,
        candidates: &[Candidate],
        found: &mut HashMap<ConversationId, Hit>,
    ) -> Result<(), StoreError> {
        let words = query.in_words("people");
        let rows = self.having("search_beside", words.as_deref(), candidates)?;
        let sql = "SELECT text FROM translations WHERE message_id = ?1 AND state = 'done'
                   UNION ALL SELECT name FROM attachments WHERE message_id = ?1";
        for candidate in candidates.iter().filter(|candidate| rows.contains(&candidate.row)) {
            let (id, message) = (candidate.conversation, candidate.message);
            if found.contains_key(&id) {
                continue;
            }
            let texts: Vec<String> = self.rows(sql, [message.0], |row| row.get(0))?;
            let excerpt = texts.iter().find_map(|text| query.excerpt_of_words(text));
            found.insert(id, Hit { message, excerpt });
        }
        Ok(())
    }

    /// Which of these messages have the words.
    fn having(
        &self,
        table: &str,
        words: Option<&str>,
        candidates: &[Candidate],
    ) -> Result<HashSet<i64>, StoreError> {
        let Some(words) = words else { return Ok(HashSet::new()) };
        let rows: Vec<i64> = candidates.iter().map(|candidate| candidate.row).collect();
        let found = self.among(table, words, &rows, "rowid", |row| row.get(0))?;
        Ok(found.into_iter().collect())
    }

    /// What is asked of those of these messages that have the words. One walk over what matches: a word that may grow is
    /// gathered anew by each query, and asked message by message it cost more than the search.
    fn among<T>(
        &self,
        table: &str,
        words: &str,
        rows: &[i64],
        what: &str,
        read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let (Some(first), Some(last)) = (rows.iter().min(), rows.iter().max()) else {
            return Ok(Vec::new());
        };
        let sql = format!(
            "SELECT {what} FROM {table} WHERE {table} MATCH ?1 AND rowid BETWEEN ?2 AND ?3
               AND +rowid IN (SELECT value FROM json_each(?4))"
        );
        self.rows(&sql, params![words, first, last, serde_json::json!(rows).to_string()], read)
    }
}

/// Lets what this transaction added be found: to be called before its commit. CROSS JOIN, because SQLite would rather
/// look through all messages than begin with a table it takes for a long one.
pub(super) fn enter(connection: &Connection) -> Result<(), StoreError> {
    if connection.prepare_cached(ENTER_WORDS)?.execute([])? > 0 {
        for sql in [ENTER_PAIRS, "DELETE FROM unsearched"] {
            connection.prepare_cached(sql)?.execute([])?;
        }
    }
    // Asked first: a statement on a full text that changes nothing costs as much as one that does.
    let some = "SELECT EXISTS (SELECT 1 FROM unsearched_beside)";
    if connection.prepare_cached(some)?.query_row([], |row| row.get(0))? {
        for sql in [LEAVE_BESIDE, ENTER_BESIDE, "DELETE FROM unsearched_beside"] {
            connection.prepare_cached(sql)?.execute([])?;
        }
    }
    Ok(())
}

const ENTER_WORDS: &str = "INSERT INTO search(rowid, subject, people, body)
    SELECT s.row, s.subject, s.people, s.body FROM unsearched u CROSS JOIN searched s ON s.row = u.row";
/// Another translation, or one that was corrected, takes the place of what was there.
const LEAVE_BESIDE: &str =
    "DELETE FROM search_beside WHERE rowid IN (SELECT row FROM unsearched_beside)";
const ENTER_BESIDE: &str = "INSERT INTO search_beside(rowid, subject, people, body)
    SELECT b.row, b.subject, b.people, b.body FROM unsearched_beside u CROSS JOIN beside b ON b.row = u.row";
/// Most texts have no pairs; materialized, because they would be made once to be looked at and once to be kept.
const ENTER_PAIRS: &str = "INSERT INTO search_pairs(rowid, pairs)
    WITH paired(row, pairs) AS MATERIALIZED (
      SELECT s.row, letter_pairs(s.subject || char(10) || s.people || char(10) || s.body)
      FROM unsearched u CROSS JOIN searched s ON s.row = u.row)
    SELECT row, pairs FROM paired WHERE pairs <> ''";

/// [`enter`] asks for the pairs of a text.
pub(super) fn teach(connection: &Connection) -> Result<(), StoreError> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("letter_pairs", 1, flags, |context| {
        Ok(bigrams(&context.get::<String>(0)?))
    })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A commit costs what is new and not what is there.
    #[test]
    fn what_is_new_is_entered_without_a_look_at_the_rest() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("relais.sqlite");
        drop(super::super::Store::open(&path).unwrap());
        let connection = Connection::open(&path).unwrap();
        teach(&connection).unwrap();
        for sql in [ENTER_WORDS, ENTER_PAIRS, ENTER_BESIDE] {
            let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let steps = plan.query_map([], |row| row.get::<_, String>(3)).unwrap();
            let steps: Vec<String> = steps.collect::<Result<_, _>>().unwrap();
            assert!(!steps.iter().any(|step| step.starts_with("SCAN messages")), "{steps:?}");
            assert!(steps.iter().any(|step| step.contains("INTEGER PRIMARY KEY")), "{steps:?}");
        }
    }
}
