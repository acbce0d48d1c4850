//! An older store becomes one of today's schema, in one transaction: there is one definition of the schema, and every
//! table is copied into it by the columns both have. New columns may be null or have a default; what cannot be copied
//! so has its line in [`STEPS`].

use rusqlite::Connection;

use super::{SCHEMA_VERSION, StoreError, search};

/// What copying columns does not do, by the version that needs it. Old tables are called `old_…`.
const STEPS: &[(i64, &str)] = &[
    (
        1,
        "INSERT INTO outbox_raw(outgoing_id, raw) SELECT id, raw FROM old_outbox WHERE raw IS NOT NULL",
    ),
    // Nobody noted how far these had come.
    (6, "UPDATE outbox SET dot_sent = 1 WHERE state = 'sending'"),
    // Nobody knows which house heard it.
    (6, "DELETE FROM suppressed"),
];

/// Brings a store of version `found` to today's. Killed in the middle, it is the old store.
pub(super) fn migrate(connection: &Connection, found: i64) -> Result<(), StoreError> {
    // Renaming must not follow references, and copying must not check them row by row.
    connection.execute_batch(
        "PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON; BEGIN IMMEDIATE",
    )?;
    let result = rewrite(connection, found);
    let end = if result.is_ok() { "COMMIT" } else { "ROLLBACK" };
    connection.execute_batch(end)?;
    connection.execute_batch("PRAGMA legacy_alter_table = OFF; PRAGMA foreign_keys = ON")?;
    result
}

fn rewrite(connection: &Connection, found: i64) -> Result<(), StoreError> {
    // Names of indexes and the like are free again for the new schema; the search index is filled afterwards.
    let drops = texts(
        connection,
        "SELECT 'DROP ' || type || ' ' || name FROM sqlite_schema
         WHERE type IN ('trigger', 'view', 'index') AND sql IS NOT NULL",
    )?;
    for drop in drops {
        connection.execute_batch(&drop)?;
    }
    connection.execute_batch(
        "DROP TABLE IF EXISTS search; DROP TABLE IF EXISTS search_pairs; DROP TABLE IF EXISTS search_beside",
    )?;
    let tables = tables_of(connection)?;
    for table in &tables {
        connection.execute_batch(&format!("ALTER TABLE {table} RENAME TO old_{table}"))?;
    }
    connection.execute_batch(include_str!("schema.sql"))?;
    let now = tables_of(connection)?;
    for table in tables.iter().filter(|table| now.contains(table)) {
        let columns = common_columns(connection, table)?.join(", ");
        connection.execute_batch(&format!(
            "INSERT INTO {table}({columns}) SELECT {columns} FROM old_{table}"
        ))?;
    }
    for (_, step) in STEPS.iter().filter(|(version, _)| *version >= found) {
        connection.execute_batch(step)?;
    }
    for table in &tables {
        connection.execute_batch(&format!("DROP TABLE old_{table}"))?;
    }
    // Whatever was copied first.
    connection.execute_batch(
        "INSERT OR IGNORE INTO unsearched_beside(row) SELECT m.row FROM messages m
         WHERE m.id IN (SELECT message_id FROM attachments)
            OR m.id IN (SELECT message_id FROM translations WHERE state = 'done')",
    )?;
    search::enter(connection)?;
    connection.execute_batch(&format!("PRAGMA user_version = {SCHEMA_VERSION}"))?;
    Ok(())
}

fn tables_of(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'
               AND substr(name, 1, 4) <> 'old_'";
    texts(connection, sql)
}

fn common_columns(connection: &Connection, table: &str) -> Result<Vec<String>, StoreError> {
    let sql = format!(
        "SELECT name FROM pragma_table_info('{table}') WHERE name IN (SELECT name FROM pragma_table_info('old_{table}'))"
    );
    texts(connection, &sql)
}

fn texts(connection: &Connection, sql: &str) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::super::{Filter, Page, Store};
    use super::*;
    use crate::ground::key::AccountId;

    /// A row in every table that a person would miss.
    const OLD_ROWS: &str = "
        INSERT INTO accounts VALUES (1, 'Pousada', 'pousada@relais.localhost', 'pt', 'demo');
        INSERT INTO members VALUES (2, 1, 'ana@pousada.example', 'Ana', 0);
        INSERT INTO conversations(id, account_id, subject, channel, created_at, last_at, message_count)
          VALUES (3, 1, 'Agosto', 'email', 10, 20, 1);
        INSERT INTO participants VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaa', 3, 'v');
        INSERT INTO messages(id, conversation_id, account_id, spool_name, side, kind, state, channel, subject, text,
            quoted, signature, confidence, at, read, size_bytes, route, details)
          VALUES (4, 3, 1, 'file', 'visitor', 'person', 'received', 'email', 'Agosto', 'sea view', '', '', 1.0, 15, 0, 9,
            '{}', '{}');
        INSERT INTO outbox(id, account_id, conversation_id, message_id, purpose, participant, recipient, rfc_message_id,
            raw, state, created_at, due_at)
          VALUES (5, 1, 3, 4, 'notification', 'm2', 'ana@pousada.example', 'x@y', x'6162', 'waiting', 15, 15),
                 (6, 1, 3, 4, 'reply', 'v', 'g@guest.example', 'z@y', x'6162', 'sending', 15, 15);
        INSERT INTO events(conversation_id, at, kind, text) VALUES (3, 16, 'done', 'no reply needed');";

    #[test]
    fn an_old_store_becomes_a_new_one() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("relais.sqlite");
        let old = Connection::open(&path).unwrap();
        old.execute_batch(include_str!("../../../fixtures/store/schema-1.sql")).unwrap();
        old.execute_batch(OLD_ROWS).unwrap();
        old.execute_batch("PRAGMA user_version = 1").unwrap();
        drop(old);
        let store = Store::open(&path).unwrap();
        let filter = Filter {
            search: Some(crate::ground::search::Query::read(
                "sea",
                crate::ground::search::Typing::Done,
                &jiff::tz::TimeZone::UTC,
            )),
            ..Filter::default()
        };
        let page = Page { limit: 10, after: None };
        let found = store.read(|r| r.conversations(AccountId(1), &filter, page)).unwrap();
        assert_eq!(found.len(), 1, "found by its text");
        let now = Timestamp::from_second(1_795_000_000).unwrap();
        let due =
            store.write_blocking::<_, StoreError, _>(move |w| w.take_due(now, 9, &[])).unwrap();
        assert_eq!(due[0].raw, b"ab");
        let cut_off = store.read(|r| r.interrupted()).unwrap();
        let may_be_there = |id| cut_off.iter().any(|mail| mail.id.0 == id && mail.dot_sent);
        assert!(may_be_there(6) && !may_be_there(5), "{cut_off:?}");
        assert_eq!(store.read(|r| r.members(AccountId(1))).unwrap().len(), 1);
        let version: i64 = store
            .read(|r| Ok(r.0.query_row("PRAGMA user_version", [], |row| row.get(0))?))
            .unwrap();
        assert_eq!(version, SCHEMA_VERSION);
        let broken = store.read(|r| texts(r.0, "SELECT \"table\" FROM pragma_foreign_key_check"));
        assert_eq!(broken.unwrap(), Vec::<String>::new());
        let left =
            store.read(|r| texts(r.0, "SELECT name FROM sqlite_schema WHERE name LIKE 'old%'"));
        assert_eq!(left.unwrap(), Vec::<String>::new());
    }
}
