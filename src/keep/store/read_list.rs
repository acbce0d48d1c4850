//! The list of conversations: its rows, its numbers, its filters and what a provider should look after.

use std::collections::HashMap;

use rusqlite::{Row, params, types::Value};

use super::{
    ConversationRow, Counts, Filter, Page, Reading, StoreError, search, timestamp, write::one_line,
};
use crate::ground::{
    form,
    key::{AccountId, ConversationId},
    stay::Stay,
    word,
};

/// What a provider should look after in a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Troubles {
    /// A reply waits for a member's decision.
    pub held: bool,
    /// A reply could not be delivered, or nobody knows.
    pub failed: bool,
    /// Somebody who may be a robot filled in the form.
    pub robot: bool,
}

/// A reply that did not arrive, and that nobody has taken care of since: no later one arrived, nobody said that none is
/// needed, the conversation `c` is not closed.
const FAILED: &str = "o.purpose = 'reply' AND o.state IN ('failed', 'unknown') AND c.closed = 0
   AND NOT EXISTS (SELECT 1 FROM outbox later WHERE later.conversation_id = o.conversation_id
                     AND later.purpose = 'reply' AND later.state = 'done' AND later.created_at > o.created_at)
   AND NOT EXISTS (SELECT 1 FROM events e WHERE e.conversation_id = o.conversation_id AND e.kind = 'done'
                     AND e.at > coalesce(o.ended_at, o.created_at))";

/// The last words of a conversation, as its house reads them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastWords {
    /// Translated where there is a translation.
    pub text: String,
    /// Their language, where it is known.
    pub language: Option<String>,
    /// The house said them.
    pub ours: bool,
    /// To itself.
    pub note: bool,
    /// Probably said by somebody else than they say.
    pub doubtful: bool,
}

const CONVERSATION_COLUMNS: &str = "c.id, c.subject, c.visitor_name, c.visitor_address, c.channel, c.language,
   c.created_at, c.last_at, c.last_text, c.message_count, c.unread_count, c.needs_reply, c.closed, c.deleted_at,
   c.language_why, c.arrival, c.departure";

fn conversation_row(row: &Row<'_>) -> rusqlite::Result<ConversationRow> {
    Ok(ConversationRow {
        id: ConversationId(row.get(0)?),
        subject: row.get(1)?,
        visitor_name: row.get(2)?,
        visitor_address: row.get(3)?,
        channel: row.get(4)?,
        language: row.get(5)?,
        created_at: timestamp(row.get(6)?),
        last_at: timestamp(row.get(7)?),
        last_text: row.get(8)?,
        message_count: row.get(9)?,
        unread_count: row.get(10)?,
        needs_reply: row.get(11)?,
        closed: row.get(12)?,
        deleted_at: row.get::<_, Option<i64>>(13)?.map(timestamp),
        language_why: row.get(14)?,
        stay: match (row.get::<_, Option<String>>(15)?, row.get::<_, Option<String>>(16)?) {
            (Some(arrival), Some(departure)) => Stay::read(&arrival, &departure),
            _ => None,
        },
    })
}

impl Reading<'_> {
    /// The numbers on top.
    pub fn counts(&self, account: AccountId) -> Result<Counts, StoreError> {
        // Each in an index that has nothing else: the planner would look at every conversation of the house.
        let count = |index: &str, condition: &str| -> Result<i64, StoreError> {
            let sql = format!(
                "SELECT count(*) FROM conversations INDEXED BY {index}
                 WHERE account_id = ?1 AND deleted_at IS NULL AND merged_into IS NULL {condition}"
            );
            Ok(self.one(&sql, [account.0], |row| row.get(0))?.unwrap_or(0))
        };
        Ok(Counts {
            conversations: count("conversations_counted", "")?,
            needs_reply: count("conversations_waiting", "AND needs_reply = 1")?,
            unread: count("conversations_unread", "AND unread_count > 0")?,
        })
    }

    /// A page of the list, newest first.
    pub fn conversations(
        &self,
        account: AccountId,
        filter: &Filter,
        page: Page,
    ) -> Result<Vec<ConversationRow>, StoreError> {
        let Some((conditions, values)) = conditions(account, filter, page)? else {
            return Ok(Vec::new());
        };
        let sql = format!(
            "SELECT {CONVERSATION_COLUMNS} FROM conversations c {}
             WHERE c.account_id = ?1 AND c.merged_into IS NULL{conditions}
             ORDER BY c.last_at DESC, c.id LIMIT {}",
            index(filter),
            page.limit
        );
        self.rows(&sql, rusqlite::params_from_iter(values), conversation_row)
    }

    /// One conversation of this account, following merges.
    pub fn conversation(
        &self,
        account: AccountId,
        id: ConversationId,
    ) -> Result<Option<ConversationRow>, StoreError> {
        let id = self.follow(id)?;
        let sql = format!(
            "SELECT {CONVERSATION_COLUMNS} FROM conversations c WHERE c.account_id = ?1 AND c.id = ?2"
        );
        self.one(&sql, params![account.0, id.0], conversation_row)
    }

    /// The languages of an account's conversations; each is one step in an index, however many there are.
    pub fn languages(&self, account: AccountId) -> Result<Vec<String>, StoreError> {
        let sql = "WITH RECURSIVE found(language) AS (
                     SELECT min(language) FROM conversations WHERE account_id = ?1
                     UNION ALL
                     SELECT (SELECT min(language) FROM conversations WHERE account_id = ?1 AND language > found.language)
                     FROM found WHERE found.language IS NOT NULL)
                   SELECT language FROM found WHERE language IS NOT NULL";
        self.rows(sql, [account.0], |row| row.get(0))
    }

    /// The troubles of these conversations of an account; those without any are left out.
    pub fn troubles(
        &self,
        account: AccountId,
        conversations: &[ConversationId],
    ) -> Result<HashMap<ConversationId, Troubles>, StoreError> {
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM messages m
                            WHERE m.conversation_id = ?2 AND m.account_id = ?1 AND m.state = 'held'
                              AND m.side = 'provider'),
                    EXISTS (SELECT 1 FROM outbox o JOIN conversations c ON c.id = o.conversation_id
                            WHERE o.conversation_id = ?2 AND o.account_id = ?1 AND {FAILED}),
                    EXISTS (SELECT 1 FROM messages m
                            WHERE m.conversation_id = ?2 AND m.account_id = ?1 AND m.state = 'held'
                              AND m.side = 'visitor')"
        );
        let mut statement = self.0.prepare_cached(&sql)?;
        let mut found = HashMap::new();
        for id in conversations {
            let troubles = statement.query_row([account.0, id.0], |row| {
                Ok(Troubles { held: row.get(0)?, failed: row.get(1)?, robot: row.get(2)? })
            })?;
            if troubles != Troubles::default() {
                found.insert(*id, troubles);
            }
        }
        Ok(found)
    }

    /// The last words of these conversations of an account, in this language where they were translated into it.
    pub fn last_words(
        &self,
        account: AccountId,
        conversations: &[ConversationId],
        language: &str,
    ) -> Result<HashMap<ConversationId, LastWords>, StoreError> {
        let sql = "SELECT coalesce(t.text, m.text), coalesce(t.language, m.language), m.side = 'provider',
                     m.state = 'note', m.state = 'quarantined', m.channel = 'form'
                   FROM messages m LEFT JOIN translations t
                     ON t.message_id = m.id AND t.language = ?3 AND t.state = 'done' AND t.text <> ''
                   WHERE m.conversation_id = ?2 AND m.account_id = ?1 ORDER BY m.at DESC, m.row DESC LIMIT 1";
        let mut found = HashMap::new();
        for id in conversations {
            let last = self.one(sql, params![account.0, id.0, language], |row| {
                let (text, by_form): (String, bool) = (row.get(0)?, row.get(5)?);
                let said = if by_form { form::apart(&text).0 } else { &text };
                let text = one_line(said);
                Ok(LastWords {
                    text,
                    language: row.get(1)?,
                    ours: row.get(2)?,
                    note: row.get(3)?,
                    doubtful: row.get(4)?,
                })
            })?;
            found.extend(last.map(|last| (*id, last)));
        }
        Ok(found)
    }
}

/// The index that has only what is wanted, where there is one: few of many conversations wait.
fn index(filter: &Filter) -> &'static str {
    match filter {
        Filter { deleted: true, .. } | Filter { search: Some(_), .. } => "",
        Filter { held: true, .. } | Filter { failed: true, .. } => "",
        Filter { needs_reply: Some(true), .. } => "INDEXED BY conversations_waiting",
        Filter { unread: Some(true), .. } => "INDEXED BY conversations_unread",
        Filter { closed: Some(false), .. } => "INDEXED BY conversations_open",
        _ => "",
    }
}

/// Conditions with their values, each after an `AND`.
pub(super) struct Conditions {
    pub(super) sql: String,
    pub(super) values: Vec<Value>,
}

impl Conditions {
    /// One more; a `?` in it stands for the value.
    pub(super) fn and(&mut self, condition: &str, value: Option<Value>) {
        self.sql.push_str(" AND ");
        self.push(condition, value);
    }

    pub(super) fn push(&mut self, text: &str, value: Option<Value>) {
        match value {
            Some(value) => {
                self.values.push(value);
                self.sql.push_str(&text.replace('?', &format!("?{}", self.values.len())));
            }
            None => self.sql.push_str(text),
        }
    }
}

/// What a filter wants of `c`; `None` when nothing can be found.
fn conditions(
    account: AccountId,
    filter: &Filter,
    page: Page,
) -> Result<Option<(String, Vec<Value>)>, StoreError> {
    let mut all = Conditions { sql: String::new(), values: vec![account.0.into()] };
    all.and(if filter.deleted { "c.deleted_at IS NOT NULL" } else { "c.deleted_at IS NULL" }, None);
    if let Some(needs) = filter.needs_reply {
        all.and(if needs { "c.needs_reply = 1" } else { "c.needs_reply = 0" }, None);
    }
    if let Some(unread) = filter.unread {
        all.and(if unread { "c.unread_count > 0" } else { "c.unread_count = 0" }, None);
    }
    if let Some(closed) = filter.closed {
        all.and(if closed { "c.closed = 1" } else { "c.closed = 0" }, None);
    }
    if let Some(channel) = filter.channel {
        all.and("c.channel = ?", Some(word::of(&channel).into()));
    }
    if let Some(language) = &filter.language {
        all.and("c.language = ?", Some(language.clone().into()));
    }
    if let Some((at, id)) = page.after {
        all.and("c.last_at <= ?", Some(super::micros(at).into()));
        let before = format!("(c.last_at < {} OR c.id > ?)", super::micros(at));
        all.and(&before, Some(id.0.into()));
    }
    if filter.held {
        all.and(
            "c.id IN (SELECT conversation_id FROM messages WHERE account_id = ?1 AND state = 'held')",
            None,
        );
    }
    if filter.failed {
        // Asked of each that has one in the index of failed replies.
        let sql = format!(
            "c.id IN (SELECT o.conversation_id FROM outbox o INDEXED BY outbox_failed
                      JOIN conversations c ON c.id = o.conversation_id WHERE o.account_id = ?1 AND {FAILED})"
        );
        all.and(&sql, None);
    }
    if let Some(query) = &filter.search {
        if query.is_empty() {
            return Ok(None);
        }
        if let Some(channel) = query.channel {
            all.and("c.channel = ?", Some(word::of(&channel).into()));
        }
        search::matching(query, &mut all);
    }
    Ok(Some((all.sql, all.values)))
}
