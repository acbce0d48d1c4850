//! Who may speak as a member besides their listed address, and replies that wait for their author.

use jiff::Timestamp;
use rusqlite::params;

use super::{Reading, StoreError, Writing, micros};
use crate::ground::{
    address::Address,
    key::{AccountId, MemberId, MessageKey},
};

impl Writing<'_> {
    /// From now on mail from this address, vouched for by this domain, counts as the member's.
    pub fn remember_sender(
        &self,
        member: MemberId,
        address: &str,
        domain: &str,
    ) -> Result<(), StoreError> {
        self.0
            .prepare_cached(
                "INSERT OR IGNORE INTO senders(member_id, address, domain)
                 SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM members WHERE id = ?1)",
            )?
            .execute(params![member.0, address, domain])?;
        Ok(())
    }
}

impl Reading<'_> {
    /// Does mail from this address, vouched for by one of these domains, count as the member's?
    pub fn is_remembered(
        &self,
        member: MemberId,
        address: &Address,
        proven: &[String],
    ) -> Result<bool, StoreError> {
        let sql = "SELECT domain FROM senders WHERE member_id = ?1 AND address = ?2";
        let domains: Vec<String> =
            self.rows(sql, params![member.0, address.folded()], |row| row.get(0))?;
        Ok(domains.iter().any(|domain| proven.contains(domain)))
    }

    /// The mailboxes of an account's members, of those who were removed too, and those they were known to write from.
    pub fn private_addresses(&self, account: AccountId) -> Result<Vec<Address>, StoreError> {
        let sql = "SELECT address FROM members WHERE account_id = ?1
                   UNION SELECT senders.address FROM senders JOIN members ON members.id = member_id
                   WHERE account_id = ?1";
        let found: Vec<String> = self.rows(sql, [account.0], |row| row.get(0))?;
        Ok(found.iter().filter_map(|address| address.parse().ok()).collect())
    }

    /// Replies held since before this time.
    pub fn held_before(&self, at: Timestamp) -> Result<Vec<MessageKey>, StoreError> {
        let sql = "SELECT id FROM messages WHERE state = 'held' AND at < ?1";
        self.rows(sql, [micros(at)], |row| row.get(0).map(MessageKey))
    }
}
