//! What is gone for good: rows, words of the index, and the bytes they left in the file.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::{Reading, Store, StoreError, Writing, micros};
use crate::ground::key::{ConversationId, MessageKey};

/// What goes with a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Going {
    /// Its messages.
    pub messages: Vec<MessageKey>,
    /// Their files, as far as no other conversation uses them.
    pub files: Vec<String>,
}

/// So many bytes of zeros are written at once.
const ZEROS: i64 = 8 << 20;

impl Reading<'_> {
    /// Conversations deleted before this time: ready to be purged.
    pub fn deleted_before(&self, at: Timestamp) -> Result<Vec<ConversationId>, StoreError> {
        let sql = "SELECT id FROM conversations WHERE deleted_at IS NOT NULL AND deleted_at < ?1";
        self.rows(sql, [micros(at)], |row| row.get(0).map(ConversationId))
    }

    /// Was it deleted before this time, and not taken back since?
    pub fn is_deleted_before(&self, id: ConversationId, at: Timestamp) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM conversations WHERE id = ?1 AND deleted_at < ?2";
        Ok(self.one(sql, params![id.0, micros(at)], |_| Ok(()))?.is_some())
    }

    /// What goes with a conversation.
    pub fn going(&self, id: ConversationId) -> Result<Going, StoreError> {
        let messages = "SELECT id FROM messages WHERE conversation_id = ?1";
        let files = "SELECT DISTINCT spool_name FROM messages m WHERE conversation_id = ?1 AND NOT EXISTS
               (SELECT 1 FROM messages o WHERE o.spool_name = m.spool_name AND o.conversation_id <> ?1)
             UNION
             SELECT spool_name FROM processed
             WHERE concerns IN (SELECT id FROM conversations WHERE id = ?1 OR merged_into = ?1)";
        Ok(Going {
            messages: self.rows(messages, [id.0], |row| row.get(0).map(MessageKey))?,
            files: self.rows(files, [id.0], |row| row.get(0))?,
        })
    }
}

impl Writing<'_> {
    /// Removes a conversation, its messages, ids and outgoing mails from every table and index; gives what is left to
    /// be removed elsewhere.
    pub fn purge(&self, id: ConversationId) -> Result<Going, StoreError> {
        let going = self.reading().going(id)?;
        self.overwriting(|| {
            // From now on words leave the full text when they are deleted, and not when segments are merged some day.
            self.execute("INSERT INTO search(search, rank) VALUES ('secure-delete', 1)", [])?;
            self.execute("DELETE FROM outbox WHERE conversation_id = ?1", [id.0])?;
            self.drop_drafts(id)?;
            self.execute("DELETE FROM messages WHERE conversation_id = ?1", [id.0])?;
            self.execute("DELETE FROM conversations WHERE id = ?1 OR merged_into = ?1", [id.0])?;
            Ok(())
        })?;
        Ok(going)
    }

    /// After purges: words leave the full texts without contents, which know only this way, and the free pages of the file
    /// are overwritten: in them stands what was moved or sent long ago.
    pub fn wipe_purged(&self) -> Result<(), StoreError> {
        let pragma = |name: &str| -> Result<i64, StoreError> {
            Ok(self.0.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))?)
        };
        self.overwriting(|| {
            for index in ["search_pairs", "search_beside"] {
                self.execute(&format!("INSERT INTO {index}({index}) VALUES ('optimize')"), [])?;
            }
            let mut left = pragma("freelist_count")? * pragma("page_size")?;
            self.0.execute_batch("CREATE TABLE zeros(bytes BLOB)")?;
            while left > 0 {
                self.0.execute("INSERT INTO zeros VALUES (zeroblob(?1))", [left.min(ZEROS)])?;
                left -= ZEROS;
            }
            Ok(self.0.execute_batch("DROP TABLE zeros")?)
        })
    }

    /// Freed pages are overwritten here, and only here, because it costs writes.
    fn overwriting(&self, work: impl FnOnce() -> Result<(), StoreError>) -> Result<(), StoreError> {
        self.0.execute_batch("PRAGMA secure_delete = ON")?;
        let done = work();
        self.0.execute_batch("PRAGMA secure_delete = FAST")?;
        done
    }
}

impl Store {
    /// Empties the write-ahead log, in which stands what has been overwritten since. `false`: somebody reads from it.
    pub fn empty_log(&self) -> Result<bool, StoreError> {
        let connection = Connection::open(&self.path)?;
        connection.execute_batch("PRAGMA busy_timeout = 5000")?;
        let busy: i64 =
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        Ok(busy == 0)
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::super::tests::{fill, message, store};
    use super::*;

    /// Where a word stands in the files of the store: what is around it.
    fn found(folder: &Path, word: &str) -> Vec<String> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            for at in memchr::memmem::find_iter(&bytes, word.as_bytes()) {
                let around = &bytes[at.saturating_sub(60)..(at + 60).min(bytes.len())];
                found.push(around.escape_ascii().to_string());
            }
        }
        found
    }

    #[test]
    fn no_byte_of_a_purged_conversation_is_left_in_the_file() {
        let (dir, store) = store();
        fill(&store);
        store
            .write_batch_blocking::<_, StoreError, _>(|w| {
                for number in 0..200 {
                    let text = format!(
                        "quokka{number} 袋鼠短尾矮 {}",
                        "and more ".repeat(number as usize * 9)
                    );
                    w.add_message(&message(1000 + number, 10, &text))?;
                    w.add_message(&message(2000 + number, 20, "a wombat in 房间房间"))?;
                }
                Ok(())
            })
            .unwrap();
        // Merges of the full text leave words in free pages, and so does a mail that was sent.
        store.write_blocking::<_, StoreError, _>(|w| {
            w.0.execute_batch("INSERT INTO search(search) VALUES ('optimize');
                CREATE TABLE sent(raw); INSERT INTO sent SELECT text FROM messages; DROP TABLE sent")
            .map_err(StoreError::from)
        }).unwrap();
        assert!(!found(dir.path(), "quokka").is_empty());
        store
            .write_blocking::<_, StoreError, _>(|w| {
                w.purge(ConversationId(10))?;
                w.wipe_purged()
            })
            .unwrap();
        assert!(store.empty_log().unwrap());
        for words in ["and more and more", "quokka7 ", "短尾矮", "尾矮"] {
            assert_eq!(found(dir.path(), words), [""; 0], "{words}");
        }
        // The full text keeps a single word here and there, as the mark between two of its pages.
        let marks = found(dir.path(), "quokka");
        assert!(marks.len() <= 3, "{marks:?}");
        assert!(!found(dir.path(), "wombat").is_empty());
    }

    #[test]
    fn what_was_taken_back_is_not_purged() {
        let (_dir, store) = store();
        fill(&store);
        let (id, early, late) = (ConversationId(10), Timestamp::UNIX_EPOCH, Timestamp::MAX);
        let is = |at| store.read(|r| r.is_deleted_before(id, at)).unwrap();
        assert!(!is(late));
        store.write_blocking::<_, StoreError, _>(move |w| w.set_deleted(id, Some(early))).unwrap();
        assert_eq!((is(late), is(early)), (true, false));
        store.write_blocking::<_, StoreError, _>(move |w| w.set_deleted(id, None)).unwrap();
        assert!(!is(late));
    }
}
