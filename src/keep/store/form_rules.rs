//! What accounts want of their contact forms.

use rusqlite::params;

use super::{Reading, StoreError, Writing};
use crate::ground::{form::FormRules, key::AccountId};

impl Writing<'_> {
    /// What an account wants of its contact form.
    pub fn put_form_rules(&self, account: AccountId, rules: &FormRules) -> Result<(), StoreError> {
        let rules = serde_json::to_string(rules).unwrap_or_default();
        self.0
            .prepare_cached("INSERT OR REPLACE INTO form_rules(account_id, rules) VALUES (?1, ?2)")?
            .execute(params![account.0, rules])?;
        Ok(())
    }
}

impl Reading<'_> {
    /// What an account wants of its contact form.
    pub fn form_rules(&self, account: AccountId) -> Result<FormRules, StoreError> {
        let sql = "SELECT rules FROM form_rules WHERE account_id = ?1";
        let found = self.one(sql, [account.0], |row| row.get::<_, String>(0))?;
        Ok(found.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }
}
