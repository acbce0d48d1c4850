//! Tokens of the API. A setting: kept by their hash only, so that a copy of the store opens nothing.

use jiff::Timestamp;
use rusqlite::params;
use serde::Serialize;

use super::{Reading, StoreError, Writing, micros, timestamp};
use crate::ground::{access::Scope, key::AccountId};

/// What a token opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TokenRow {
    /// Whose.
    #[serde(skip)]
    pub account: AccountId,
    /// What it is for.
    pub name: String,
    /// What may be done with it.
    pub scope: Scope,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
}

impl Writing<'_> {
    /// Remembers a token by its hash.
    pub fn put_api_token(&self, hash: &[u8; 32], token: &TokenRow) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO api_tokens(hash, account_id, name, scope, created_at, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                &hash[..],
                token.account.0,
                token.name,
                token.scope,
                micros(token.created_at),
                token.expires_at.map(micros)
            ],
        )?;
        Ok(())
    }

    /// The tokens of this name open nothing any more. Gives how many.
    pub fn revoke_api_tokens(&self, account: AccountId, name: &str) -> Result<usize, StoreError> {
        let sql = "DELETE FROM api_tokens WHERE account_id = ?1 AND name = ?2";
        self.execute(sql, params![account.0, name])
    }
}

impl Reading<'_> {
    /// What the token of this hash opens, expired or not.
    pub fn api_token(&self, hash: &[u8; 32]) -> Result<Option<TokenRow>, StoreError> {
        let sql = "SELECT account_id, name, scope, created_at, expires_at FROM api_tokens WHERE hash = ?1";
        self.one(sql, [&hash[..]], token)
    }

    /// The tokens of an account, by name.
    pub fn api_tokens(&self, account: AccountId) -> Result<Vec<TokenRow>, StoreError> {
        let sql = "SELECT account_id, name, scope, created_at, expires_at FROM api_tokens
                   WHERE account_id = ?1 ORDER BY name, created_at";
        self.rows(sql, [account.0], token)
    }
}

fn token(row: &rusqlite::Row<'_>) -> rusqlite::Result<TokenRow> {
    Ok(TokenRow {
        account: AccountId(row.get(0)?),
        name: row.get(1)?,
        scope: row.get(2)?,
        created_at: timestamp(row.get(3)?),
        expires_at: row.get::<_, Option<i64>>(4)?.map(timestamp),
    })
}
