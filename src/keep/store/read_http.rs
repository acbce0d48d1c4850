//! What the list of the inbox shows beside the rows: what is held and what could not be delivered.

use std::collections::HashMap;

use super::{Reading, StoreError};
use crate::ground::key::{AccountId, ConversationId};

/// What a provider should look after in a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Troubles {
    /// A reply waits for a member's decision.
    pub held: bool,
    /// A reply could not be delivered, or nobody knows.
    pub failed: bool,
}

impl Reading<'_> {
    /// The troubles of these conversations of an account; those without any are left out.
    pub fn troubles(
        &self,
        account: AccountId,
        conversations: &[ConversationId],
    ) -> Result<HashMap<ConversationId, Troubles>, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM messages m
                                  WHERE m.conversation_id = ?2 AND m.account_id = ?1 AND m.state = 'held'),
                          EXISTS (SELECT 1 FROM outbox o
                                  WHERE o.conversation_id = ?2 AND o.account_id = ?1 AND o.purpose = 'reply'
                                    AND o.state IN ('failed', 'unknown'))";
        let mut statement = self.0.prepare_cached(sql)?;
        let mut found = HashMap::new();
        for id in conversations {
            let troubles = statement.query_row([account.0, id.0], |row| {
                Ok(Troubles { held: row.get(0)?, failed: row.get(1)? })
            })?;
            if troubles != Troubles::default() {
                found.insert(*id, troubles);
            }
        }
        Ok(found)
    }
}
