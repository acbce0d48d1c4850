//! The rows of the list, on its own page and beside a conversation.

use std::collections::HashMap;

use jiff::Zoned;

use super::Words;
use crate::{
    ground::key::{AccountId, ConversationId},
    keep::store::{ConversationRow, Filter, Hit, LastWords, Page, Reading, StoreError, Troubles},
};

pub(super) struct Row {
    pub(super) id: String,
    /// The message a search found.
    pub(super) found: Option<String>,
    pub(super) who: String,
    pub(super) subject: String,
    /// Said before them when they are the house's own: who says them, or that they are a note.
    pub(super) by: Option<&'static str>,
    pub(super) last: Vec<(bool, String)>,
    /// The language of the last words, for who hears the page read out.
    pub(super) spoken: Option<String>,
    pub(super) at: String,
    pub(super) shown_at: String,
    pub(super) channel: &'static str,
    /// The visitor's language: code, name.
    pub(super) language: Option<(String, String)>,
    pub(super) unread: bool,
    pub(super) needs_reply: bool,
    pub(super) closed: bool,
    pub(super) held: bool,
    pub(super) robot: bool,
    pub(super) failed: bool,
    pub(super) doubtful: bool,
    pub(super) stay: Option<String>,
    /// It is the conversation of the page.
    pub(super) current: bool,
}

/// What the store says of some conversations.
pub(super) struct Found {
    pub(super) rows: Vec<ConversationRow>,
    troubles: HashMap<ConversationId, Troubles>,
    hits: HashMap<ConversationId, Hit>,
    last_words: HashMap<ConversationId, LastWords>,
}

impl Found {
    /// Those that pass the filter, with what their rows need; last words in the house's language where there are any.
    pub(super) fn read(
        reading: &Reading<'_>,
        account: AccountId,
        filter: &Filter,
        page: Page,
        house_language: &str,
    ) -> Result<Self, StoreError> {
        let rows = reading.conversations(account, filter, page)?;
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let hits = match &filter.search {
            Some(query) => reading.hits(account, query, &ids)?,
            None => HashMap::new(),
        };
        Ok(Found {
            troubles: reading.troubles(account, &ids)?,
            last_words: reading.last_words(account, &ids, house_language)?,
            hits,
            rows,
        })
    }

    pub(super) fn shown(
        self,
        current: Option<ConversationId>,
        words: Words,
        now: &Zoned,
    ) -> Vec<Row> {
        let Found { rows, troubles, mut hits, mut last_words } = self;
        rows.into_iter()
            .map(|row| {
                let trouble = troubles.get(&row.id).copied().unwrap_or_default();
                let last = (hits.remove(&row.id), last_words.remove(&row.id));
                Row { current: current == Some(row.id), ..row_of(row, trouble, last, (words, now)) }
            })
            .collect()
    }
}

/// What a row says of the words in it: where the searched ones stand, else the last.
fn row_of(
    row: ConversationRow,
    trouble: Troubles,
    (hit, last): (Option<Hit>, Option<LastWords>),
    (words, now): (Words, &Zoned),
) -> Row {
    let doubtful = last.as_ref().is_some_and(|last| last.doubtful);
    let (found, excerpt) = hit.map(|hit| (hit.message, hit.excerpt)).unzip();
    let (by, spoken, last) = match (excerpt.flatten(), last) {
        // It may stand in any message.
        (Some(excerpt), _) => (None, None, excerpt.pieces),
        (None, Some(last)) => {
            let by = match (last.note, last.ours) {
                (true, _) => Some(words.said_in_note()),
                (false, true) => Some(words.said_by_us()),
                (false, false) => None,
            };
            (by, last.language, vec![(false, last.text)])
        }
        (None, None) => (None, None, vec![(false, row.last_text)]),
    };
    Row {
        id: row.id.to_string(),
        found: found.map(|message| message.to_string()),
        who: row.visitor_name.or(row.visitor_address).unwrap_or_else(|| "?".to_owned()),
        subject: row.subject,
        by,
        spoken,
        last,
        at: row.last_at.to_string(),
        shown_at: words.shown_short(row.last_at, now),
        channel: words.channel(row.channel),
        language: row.language.map(|code| (code.clone(), words.language_name(code))),
        unread: row.unread_count > 0,
        needs_reply: row.needs_reply,
        closed: row.closed,
        held: trouble.held,
        robot: trouble.robot,
        failed: trouble.failed,
        doubtful,
        stay: row.stay.map(|stay| words.days(stay, now.date())),
        current: false,
    }
}
