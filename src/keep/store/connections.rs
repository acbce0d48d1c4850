//! Connections: an account's credentials on a channel, and how polling goes.

use std::collections::HashSet;

use jiff::Timestamp;
use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};

use super::{Reading, StoreError, Writing, micros, timestamp};
use crate::ground::{
    address::Address, conversation::Channel, key::AccountId, thread_address::Through,
};

/// A connection as stored; the secret is sealed.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "as the columns in schema.sql say")]
pub struct ConnectionRow {
    pub id: i64,
    pub account: AccountId,
    pub channel: Channel,
    pub machine: String,
    pub property: String,
    pub url: String,
    pub token_url: String,
    pub sealed: Vec<u8>,
    pub state: ConnectionState,
    pub synced_at: Option<Timestamp>,
    pub polled_at: Option<Timestamp>,
    pub imported: i64,
    pub last_error: Option<String>,
    pub sync_page: Option<String>,
    pub threads: Option<i64>,
    pub looked_until: Option<Timestamp>,
    pub error_at: Option<Timestamp>,
    pub told_at: Option<Timestamp>,
    pub looked: i64,
    pub connected_at: Option<Timestamp>,
}

/// Is a channel polled?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    /// It is.
    Active,
    /// Somebody set it aside for a while.
    Paused,
    /// It is, but the channel refuses the credentials.
    Broken,
}

/// What a channel refuses, until somebody does something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Broken {
    /// The credentials, for all their houses.
    Credentials,
    /// This house: it is not, or no more, connected to us there.
    Property,
}

/// Whose credentials a connection has: what is polled together, and rests together.
///
/// A machine account of Booking.com is the connectivity provider's and serves houses of several accounts. Credentials of
/// other channels belong to one account, which calls them what it likes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MachineAccount {
    channel: Channel,
    name: String,
    account: Option<AccountId>,
}

impl MachineAccount {
    /// The credentials an account calls so.
    pub fn new(channel: Channel, name: &str, account: AccountId) -> Self {
        let account = (channel != Channel::Booking).then_some(account);
        MachineAccount { channel, name: name.to_owned(), account }
    }
}

impl ConnectionRow {
    /// Whose credentials it has.
    pub fn machine_account(&self) -> MachineAccount {
        MachineAccount::new(self.channel, &self.machine, self.account)
    }
}

/// What is to be done about a conversation of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hint {
    /// Read it: something was said there.
    Look,
    /// Say there that no reply is needed.
    Done,
    /// Say there that it was read.
    Read,
    /// Close it there.
    Close,
}

/// How far the import of what was there before has come.
#[derive(Clone, Debug, Default)]
pub struct Synced {
    /// Messages so far.
    pub imported: i64,
    /// Conversations so far.
    pub looked: i64,
    /// The page to go on with.
    pub page: Option<String>,
    /// How many conversations there are, where the channel says it.
    pub threads: Option<i64>,
    /// When the end was reached.
    pub ended_at: Option<Timestamp>,
}

const COLUMNS: &str =
    "id, account_id, channel, machine, property, url, token_url, sealed, state, synced_at, polled_at,
    imported, last_error, sync_page, threads, looked_until, error_at, told_at, looked, connected_at";

fn connection(row: &Row<'_>) -> rusqlite::Result<ConnectionRow> {
    let at = |column| row.get::<_, Option<i64>>(column).map(|at| at.map(timestamp));
    Ok(ConnectionRow {
        id: row.get(0)?,
        account: AccountId(row.get(1)?),
        channel: row.get(2)?,
        machine: row.get(3)?,
        property: row.get(4)?,
        url: row.get(5)?,
        token_url: row.get(6)?,
        sealed: row.get(7)?,
        state: row.get(8)?,
        synced_at: at(9)?,
        polled_at: at(10)?,
        imported: row.get(11)?,
        last_error: row.get(12)?,
        sync_page: row.get(13)?,
        threads: row.get(14)?,
        looked_until: at(15)?,
        error_at: at(16)?,
        told_at: at(17)?,
        looked: row.get(18)?,
        connected_at: at(19)?,
    })
}

impl Writing<'_> {
    /// Adds a connection; a machine account that serves the property already gets the new credentials and its old
    /// key. Gives the key.
    pub fn put_connection(&self, row: &ConnectionRow) -> Result<i64, StoreError> {
        let id = self.0.query_row(
            "INSERT INTO connections(id, account_id, channel, machine, property, url, token_url, sealed, state, connected_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT(machine, property) DO UPDATE SET url = ?6, token_url = ?7, sealed = ?8, state = ?9,
               last_error = NULL, told_at = NULL
             RETURNING id",
            params![
                row.id,
                row.account.0,
                row.channel,
                row.machine,
                row.property,
                row.url,
                row.token_url,
                row.sealed,
                row.state,
                row.connected_at.map(micros)
            ],
            |row| row.get(0),
        )?;
        Ok(id)
    }

    /// Forgets a connection.
    pub fn remove_connection(&self, id: i64) -> Result<(), StoreError> {
        self.0.execute("DELETE FROM connections WHERE id = ?1", [id])?;
        Ok(())
    }

    /// A poll went well, of a connection of which people had been told then, or not: what broke while it went on, as by
    /// a notification, is broken all the same, and told once.
    pub fn connection_polled(
        &self,
        (id, told_at): (i64, Option<Timestamp>),
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE connections SET polled_at = ?2, last_error = NULL, error_at = NULL, told_at = NULL,
                     state = CASE state WHEN 'broken' THEN 'active' ELSE state END WHERE id = ?1 AND told_at IS ?3";
        self.execute(sql, params![id, micros(at), told_at.map(micros)]).map(drop)
    }

    /// A poll went well but for something that could not be had.
    pub fn connection_polled_partly(
        &self,
        (id, told_at): (i64, Option<Timestamp>),
        error: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE connections SET polled_at = ?3, last_error = ?2, error_at = coalesce(error_at, ?3), told_at = NULL,
                     state = CASE state WHEN 'broken' THEN 'active' ELSE state END WHERE id = ?1 AND told_at IS ?4";
        self.execute(sql, params![id, error, micros(at), told_at.map(micros)]).map(drop)
    }

    /// A poll with these credentials failed; of newer ones it says nothing. True: something was refused, and nobody has
    /// been told of it. Who knows that the house is refused does not know that the credentials are.
    pub fn connection_failed(
        &self,
        (id, sealed): (i64, &[u8]),
        error: &str,
        broken: Option<Broken>,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE connections SET last_error = ?2, error_at = coalesce(error_at, ?4),
                     state = CASE WHEN state = 'paused' THEN state WHEN ?3 THEN 'broken' ELSE state END
                   WHERE id = ?1 AND sealed = ?5";
        if self.execute(sql, params![id, error, broken.is_some(), micros(at), sealed])? == 0 {
            return Ok(false);
        }
        let Some(broken) = broken else { return Ok(false) };
        let sql =
            "UPDATE connections SET told_at = ?2, told_what = ?3 WHERE id = ?1 AND state = 'broken'
                     AND (told_at IS NULL OR told_what = 'property' AND ?3 = 'credentials')";
        Ok(self.execute(sql, params![id, micros(at), broken])? > 0)
    }

    /// So far the import has come; the default begins it anew.
    pub fn connection_synced(&self, id: i64, synced: &Synced) -> Result<(), StoreError> {
        let sql =
            "UPDATE connections SET imported = ?2, sync_page = ?3, threads = coalesce(?4, threads),
                     synced_at = ?5, looked = ?6 WHERE id = ?1";
        let values = params![
            id,
            synced.imported,
            synced.page,
            synced.threads,
            synced.ended_at.map(micros),
            synced.looked
        ];
        self.0.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// So many conversations there are on the channel.
    pub fn connection_counted(&self, id: i64, threads: i64) -> Result<(), StoreError> {
        let sql = "UPDATE connections SET threads = ?2 WHERE id = ?1";
        self.0.prepare_cached(sql)?.execute(params![id, threads])?;
        Ok(())
    }

    /// What changed there before this moment has been read.
    pub fn connection_looked(&self, id: i64, until: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE connections SET looked_until = ?2 WHERE id = ?1";
        self.0.prepare_cached(sql)?.execute(params![id, micros(until)])?;
        Ok(())
    }

    /// Something is to be done about a conversation of a channel. A connection that is gone has nothing to do.
    pub fn add_hint(
        &self,
        connection: i64,
        thread: &str,
        what: Hint,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO channel_hints(connection_id, thread, what, at)
                   SELECT id, ?2, ?3, ?4 FROM connections WHERE id = ?1";
        let values = params![connection, thread, what, micros(at)];
        self.0.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// It is done, unless it was asked for again since.
    pub fn drop_hint(
        &self,
        connection: i64,
        thread: &str,
        what: Hint,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "DELETE FROM channel_hints WHERE connection_id = ?1 AND thread = ?2 AND what = ?3 AND at <= ?4";
        let values = params![connection, thread, what, micros(at)];
        self.0.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }
}

impl Reading<'_> {
    /// All connections.
    pub fn connections(&self) -> Result<Vec<ConnectionRow>, StoreError> {
        self.rows(&format!("SELECT {COLUMNS} FROM connections ORDER BY id"), [], connection)
    }

    /// Those of a house.
    pub fn connections_of(&self, account: AccountId) -> Result<Vec<ConnectionRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM connections WHERE account_id = ?1 ORDER BY id");
        self.rows(&sql, [account.0], connection)
    }

    /// One of them.
    pub fn connection(&self, id: i64) -> Result<Option<ConnectionRow>, StoreError> {
        self.one(&format!("SELECT {COLUMNS} FROM connections WHERE id = ?1"), [id], connection)
    }

    /// The connection through which a thread is answered: the one that brought it and no other, which may be another
    /// house's. Where version 2 did not name it, the only one there is.
    pub fn connection_of(
        &self,
        account: AccountId,
        channel: Channel,
        through: Option<Through>,
    ) -> Result<Option<ConnectionRow>, StoreError> {
        let api = through.map_or(channel, |through| through.api);
        let sql =
            format!("SELECT {COLUMNS} FROM connections WHERE account_id = ?1 AND channel = ?2");
        let mut rows = self.rows(&sql, params![account.0, api], connection)?;
        Ok(match through {
            Some(through) => rows.into_iter().find(|row| row.id == through.connection),
            None if rows.len() == 1 => rows.pop(),
            None => None,
        })
    }

    /// The threads a connection brought that wait for an answer, the newest first.
    pub fn waiting_through(
        &self,
        account: AccountId,
        connection: i64,
        at_most: usize,
    ) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT visitor_address FROM conversations
                   WHERE account_id = ?1 AND needs_reply = 1 AND deleted_at IS NULL AND visitor_address LIKE ?2
                   ORDER BY last_at DESC LIMIT ?3";
        let at_most = i64::try_from(at_most).unwrap_or(i64::MAX);
        let values = params![account.0, format!("%@{connection}.%.channel.invalid"), at_most];
        let addresses = self.rows(sql, values, |row| row.get::<_, String>(0))?;
        let thread = |address: String| Some(address.rsplit_once('@')?.0.to_owned());
        Ok(addresses.into_iter().filter_map(thread).collect())
    }

    /// Who was told, folded, when it was last noted that this of these connections is refused. A notice has the time of
    /// the note.
    pub fn told_of(
        &self,
        connections: impl IntoIterator<Item = i64>,
        what: Broken,
    ) -> Result<HashSet<String>, StoreError> {
        let sql =
            "SELECT o.recipient FROM connections AS c JOIN outbox AS o ON o.created_at = c.told_at
                   WHERE c.id = ?1 AND c.told_what = ?2 AND o.purpose = 'connection_notice'";
        let mut told = HashSet::new();
        for connection in connections {
            let recipients =
                self.rows(sql, params![connection, what], |row| row.get::<_, String>(0))?;
            let read = |text: &String| text.parse::<Address>().map(|address| address.folded());
            told.extend(recipients.iter().filter_map(|text| read(text).ok()));
        }
        Ok(told)
    }

    /// What is to be done about conversations of a connection, oldest first.
    pub fn hints(&self, connection: i64) -> Result<Vec<(String, Hint, Timestamp)>, StoreError> {
        let sql = "SELECT thread, what, at FROM channel_hints WHERE connection_id = ?1 ORDER BY at";
        self.rows(sql, [connection], |row| Ok((row.get(0)?, row.get(1)?, timestamp(row.get(2)?))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keep::store::tests::{fill, store};

    #[test]
    fn a_poll_with_old_credentials_says_nothing_of_new_ones() {
        let (_dir, store) = store();
        fill(&store);
        let put = |w: &Writing<'_>, sealed: &[u8]| -> Result<(), StoreError> {
            w.execute(
                "INSERT INTO connections(id, account_id, channel, machine, property, url, token_url, sealed, state)
                 VALUES (7, 1, 'airbnb', 'host', 'all', '', '', ?1, 'active')
                 ON CONFLICT(id) DO UPDATE SET sealed = ?1, state = 'active', told_at = NULL",
                [sealed],
            )
            .map(drop)
        };
        let told = store.write_blocking::<_, StoreError, _>(move |w| {
            let at = Timestamp::UNIX_EPOCH;
            let fails = |sealed: &[u8]| {
                w.connection_failed((7, sealed), "refused", Some(Broken::Credentials), at)
            };
            put(w, b"old")?;
            let first = [fails(b"old")?, fails(b"old")?];
            put(w, b"new")?;
            let late = fails(b"old")?;
            let state = w.reading().connection(7)?.map(|row| row.state);
            Ok((first, late, state, fails(b"new")?))
        });
        assert_eq!(told.unwrap(), ([true, false], false, Some(ConnectionState::Active), true));
    }
}
