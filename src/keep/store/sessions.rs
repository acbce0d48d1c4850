//! Who is signed in where. Kept by the hash of the cookie only, so that a copy of the store opens nothing; not rebuilt:
//! who loses the store signs in again.

use jiff::Timestamp;
use rusqlite::params;

use super::{Reading, StoreError, Writing, micros, timestamp};
use crate::ground::key::{AccountId, MemberId};

/// A browser somebody is signed in with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// SHA-256 of the cookie.
    pub hash: [u8; 32],
    /// The house.
    pub account: AccountId,
    /// Who.
    pub member: MemberId,
    /// Since when.
    pub since: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// What the browser calls itself.
    pub browser: String,
}

/// Whose browsers are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// A member's own.
    Member(MemberId),
    /// Everybody's of a house.
    House(AccountId),
}

impl Whose {
    fn column(self) -> (&'static str, i64) {
        match self {
            Whose::Member(id) => ("member_id", id.0),
            Whose::House(id) => ("account_id", id.0),
        }
    }
}

const COLUMNS: &str = "hash, account_id, member_id, since, until, browser";

impl Writing<'_> {
    /// Somebody signed in. Those whose time is over are forgotten.
    pub fn begin_session(&self, session: &SessionRow) -> Result<(), StoreError> {
        self.execute("DELETE FROM sessions WHERE until <= ?1", [micros(session.since)])?;
        let sql = format!("INSERT INTO sessions({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        self.execute(
            &sql,
            params![
                &session.hash[..],
                session.account.0,
                session.member.0,
                micros(session.since),
                micros(session.until),
                session.browser,
            ],
        )?;
        Ok(())
    }

    /// The browser with this cookie is signed out, if it is one of these.
    pub fn end_session(&self, whose: Whose, hash: &[u8]) -> Result<bool, StoreError> {
        let (column, id) = whose.column();
        let sql = format!("DELETE FROM sessions WHERE {column} = ?1 AND hash = ?2");
        Ok(self.execute(&sql, params![id, hash])? > 0)
    }
}

impl Reading<'_> {
    /// The session of this cookie, if its time is not over.
    pub fn session(
        &self,
        hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<SessionRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM sessions WHERE hash = ?1 AND until > ?2");
        self.one(&sql, params![&hash[..], micros(now)], session)
    }

    /// Where they are signed in, the newest first.
    pub fn sessions_of(&self, whose: Whose, now: Timestamp) -> Result<Vec<SessionRow>, StoreError> {
        let (column, id) = whose.column();
        let sql = format!(
            "SELECT {COLUMNS} FROM sessions WHERE {column} = ?1 AND until > ?2 ORDER BY since DESC"
        );
        self.rows(&sql, params![id, micros(now)], session)
    }
}

fn session(row: &rusqlite::Row<'_>) -> rusqlite::Result<SessionRow> {
    Ok(SessionRow {
        hash: row.get(0)?,
        account: AccountId(row.get(1)?),
        member: MemberId(row.get(2)?),
        since: timestamp(row.get(3)?),
        until: timestamp(row.get(4)?),
        browser: row.get(5)?,
    })
}
