//! Accounts and their members.

use rusqlite::{Row, params};

use super::{Reading, StoreError, Writing, micros, timestamp};
use crate::ground::{
    account::{Account, Member},
    address::Address,
    key::{AccountId, MemberId},
};

const ACCOUNT_COLUMNS: &str =
    "id, name, address, language, form, type, plan, relay_address, signature, time_zone, own_address,
     vouched_since, engines";

/// An account; `None` where a column holds what no version of ours wrote.
fn account(row: &Row<'_>) -> rusqlite::Result<Option<Account>> {
    let address: String = row.get(2)?;
    let Ok(address) = address.parse() else { return Ok(None) };
    Ok(Some(Account {
        id: AccountId(row.get(0)?),
        name: row.get(1)?,
        address,
        language: row.get(3)?,
        form: row.get(4)?,
        account_type: row.get(5)?,
        plan: row.get(6)?,
        relay_address: row.get::<_, Option<String>>(7)?.and_then(|a| a.parse().ok()),
        signature: row.get(8)?,
        time_zone: row.get(9)?,
        own_address: row.get::<_, Option<String>>(10)?.and_then(|a| a.parse().ok()),
        vouched_since: row.get::<_, Option<i64>>(11)?.map(timestamp),
        engines: serde_json::from_str(&row.get::<_, String>(12)?).unwrap_or_default(),
    }))
}

fn readable(account: Option<Account>) -> Result<Account, StoreError> {
    account.ok_or_else(|| StoreError::Corrupt("an account has no address".to_owned()))
}

fn stored_address(text: &str) -> Result<Address, StoreError> {
    text.parse().map_err(|_| StoreError::Corrupt(format!("{text:?} is no address")))
}

impl Writing<'_> {
    /// Adds or changes an account.
    pub fn put_account(&self, account: &Account) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO accounts(id, name, address, language, form, type, plan, relay_address, signature, time_zone,
               own_address, vouched_since, engines)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
             ON CONFLICT(id) DO UPDATE SET name = ?2, address = ?3, language = ?4, form = ?5, type = ?6, plan = ?7,
               relay_address = ?8, signature = ?9, time_zone = ?10, own_address = ?11, vouched_since = ?12,
               engines = ?13",
            params![
                account.id.0,
                account.name,
                account.address.folded(),
                account.language,
                account.form,
                account.account_type,
                account.plan,
                account.relay_address.as_ref().map(Address::folded),
                account.signature,
                account.time_zone,
                account.own_address.as_ref().map(Address::folded),
                account.vouched_since.map(micros),
                serde_json::to_string(&account.engines).unwrap_or_default(),
            ],
        )?;
        Ok(())
    }

    /// Adds or changes a member.
    pub fn put_member(&self, member: &Member) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO members(id, account_id, address, name, reads, as_written, strict, role, quiet)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT(id) DO UPDATE SET address = ?3, name = ?4, reads = ?5, as_written = ?6, strict = ?7,
               role = ?8, quiet = ?9, removed = 0",
            params![
                member.id.0,
                member.account.0,
                member.address.to_string(),
                member.name,
                member.reads.join(" "),
                member.as_written,
                member.strict,
                member.role,
                member.quiet,
            ],
        )?;
        Ok(())
    }

    /// A removed member gets no mail and speaks no more; what they wrote stays.
    pub fn remove_member(&self, member: MemberId) -> Result<bool, StoreError> {
        Ok(self.execute("UPDATE members SET removed = 1 WHERE id = ?1", [member.0])? > 0)
    }
}

impl Reading<'_> {
    /// All accounts.
    pub fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let sql = format!("SELECT {ACCOUNT_COLUMNS} FROM accounts ORDER BY name");
        self.rows(&sql, [], account)?.into_iter().map(readable).collect()
    }

    /// One account.
    pub fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        let sql = format!("SELECT {ACCOUNT_COLUMNS} FROM accounts WHERE id = ?1");
        self.one(&sql, [id.0], account)?.map(readable).transpose()
    }

    /// The account a contact form belongs to.
    pub fn account_of_form(&self, form: &str) -> Result<Option<Account>, StoreError> {
        let sql = "SELECT id FROM accounts WHERE form = ?1";
        match self.one(sql, [form], |row| row.get(0))? {
            Some(id) => self.account(AccountId(id)),
            None => Ok(None),
        }
    }

    /// In which accounts this mailbox is a member's, and as whom.
    pub fn houses_of(&self, address: &Address) -> Result<Vec<(Account, MemberId)>, StoreError> {
        // Letters are folded by the address, not by SQL: what SQL finds is only asked of the same domain.
        let sql = "SELECT account_id, id, address FROM members WHERE removed = 0 AND address LIKE '%@' || ?1";
        let rows = self.rows(sql, [address.domain()], |row| {
            Ok((AccountId(row.get(0)?), MemberId(row.get(1)?), row.get::<_, String>(2)?))
        })?;
        let mut found = Vec::new();
        for (account, member, text) in rows {
            if stored_address(&text)?.same_mailbox(address) {
                found.extend(self.account(account)?.map(|account| (account, member)));
            }
        }
        found.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
        Ok(found)
    }

    /// The members of an account, without the removed ones.
    pub fn members(&self, account: AccountId) -> Result<Vec<Member>, StoreError> {
        let sql = "SELECT id, address, name, reads, as_written, strict, role, quiet FROM members
                   WHERE account_id = ?1 AND removed = 0 ORDER BY address";
        let rows = self.rows(sql, [account.0], |row| {
            let (reads, address): (String, String) = (row.get(3)?, row.get(1)?);
            let reads = reads.split_whitespace().map(str::to_owned).collect();
            let (id, name) = (MemberId(row.get(0)?), row.get(2)?);
            let (as_written, strict, quiet) = (row.get(4)?, row.get(5)?, row.get(7)?);
            let role = row.get(6)?;
            Ok(stored_address(&address).map(|address| Member {
                role,
                id,
                account,
                address,
                name,
                reads,
                as_written,
                strict,
                quiet,
            }))
        })?;
        rows.into_iter().collect()
    }
}
