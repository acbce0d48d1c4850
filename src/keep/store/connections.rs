//! Connections: an account's credentials on a channel, and how polling goes. A setting; never rebuilt.

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::{Reading, StoreError, Writing, micros, timestamp, write::word};
use crate::ground::{conversation::Channel, key::AccountId};

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
    pub state: String,
    pub synced_at: Option<Timestamp>,
    pub polled_at: Option<Timestamp>,
    pub imported: i64,
    pub last_error: Option<String>,
}

const COLUMNS: &str =
    "id, account_id, channel, machine, property, url, token_url, sealed, state, synced_at,
    polled_at, imported, last_error";

fn connection(row: &Row<'_>) -> rusqlite::Result<ConnectionRow> {
    let channel: String = row.get(2)?;
    Ok(ConnectionRow {
        id: row.get(0)?,
        account: AccountId(row.get(1)?),
        channel: serde_json::from_value(channel.into()).unwrap_or(Channel::Booking),
        machine: row.get(3)?,
        property: row.get(4)?,
        url: row.get(5)?,
        token_url: row.get(6)?,
        sealed: row.get(7)?,
        state: row.get(8)?,
        synced_at: row.get::<_, Option<i64>>(9)?.map(timestamp),
        polled_at: row.get::<_, Option<i64>>(10)?.map(timestamp),
        imported: row.get(11)?,
        last_error: row.get(12)?,
    })
}

impl Writing<'_> {
    /// Adds a connection; a machine account that has one already gets the new credentials.
    pub fn put_connection(&self, row: &ConnectionRow) -> Result<(), StoreError> {
        self.0.execute(
            "INSERT INTO connections(id, account_id, channel, machine, property, url, token_url, sealed, state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'active')
             ON CONFLICT(machine) DO UPDATE SET property = ?5, url = ?6, token_url = ?7, sealed = ?8,
               state = 'active', last_error = NULL",
            params![
                row.id,
                row.account.0,
                word(row.channel)?,
                row.machine,
                row.property,
                row.url,
                row.token_url,
                row.sealed
            ],
        )?;
        Ok(())
    }

    /// `active`, `paused` or `broken`, with the reason.
    pub fn set_connection_state(
        &self,
        id: i64,
        state: &str,
        error: Option<&str>,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE connections SET state = ?2, last_error = ?3 WHERE id = ?1";
        Ok(self.0.prepare_cached(sql)?.execute(params![id, state, error])? > 0)
    }

    /// A poll went well.
    pub fn connection_polled(&self, id: i64, at: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE connections SET polled_at = ?2, last_error = NULL,
                     state = CASE state WHEN 'broken' THEN 'active' ELSE state END WHERE id = ?1";
        self.0.prepare_cached(sql)?.execute(params![id, micros(at)])?;
        Ok(())
    }

    /// So many messages of the time before have been imported; all of them, when `at` is given. Without `at` and
    /// with 0 it begins anew.
    pub fn connection_synced(
        &self,
        id: i64,
        imported: i64,
        at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE connections SET imported = ?2, synced_at = ?3 WHERE id = ?1";
        self.0.prepare_cached(sql)?.execute(params![id, imported, at.map(micros)])?;
        Ok(())
    }
}

impl Reading<'_> {
    /// All connections.
    pub fn connections(&self) -> Result<Vec<ConnectionRow>, StoreError> {
        self.rows(&format!("SELECT {COLUMNS} FROM connections ORDER BY id"), [], connection)
    }
}
