//! The outbox: rendered mails on their way, each row with its state and its attempts.
//!
//! `waiting` → `sending` → `done`, `failed` or `unknown`, or back to `waiting` with a later time. A row found in
//! `sending` at start was cut off by a crash in the middle of an attempt. Before the final dot nobody has taken it, and it
//! leaves again. Of one with `dot_sent` nobody knows what came of it: what goes to a visitor is `unknown` then and never
//! repeated blindly (DESIGN promise 3); what goes to our own people leaves again with the same Message-ID, for a question
//! seen twice is better than one never seen.

use jiff::Timestamp;
use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};

use super::{Reading, StoreError, Writing, micros, timestamp};
use crate::ground::{
    address::Address,
    conversation::Participant,
    key::{AccountId, ConversationId, MessageKey, OutgoingId},
    letter::MessageId,
    outcome::{DeliveryState, End},
};

/// What an outgoing mail is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The provider's words to the visitor.
    Reply,
    /// A visitor's message to a member.
    Notification,
    /// A member's answer to the other members.
    Copy,
    /// "Your reply is still on its way."
    DelayNotice,
    /// "Your reply could not be delivered."
    FailureNotice,
    /// "Nobody knows whether your reply was delivered."
    UnknownNotice,
    /// "Was this you?"
    HoldQuestion,
    /// "This reply could not be translated, what shall become of it?"
    TranslationQuestion,
    /// What a visitor reads of a translated reply, for its author.
    Receipt,
    /// Mail to the postmaster, for the administrator.
    Postmaster,
    /// A link to the inbox.
    SignIn,
    /// "The channel refuses the credentials."
    ConnectionNotice,
    /// "Your request has arrived", for a visitor who used the form.
    Confirmation,
}

impl Purpose {
    /// Does it go to a visitor? Such a mail is never sent twice.
    pub fn is_for_visitor(self) -> bool {
        matches!(self, Purpose::Reply | Purpose::Confirmation)
    }
}

/// A mail to queue.
#[derive(Clone, Debug)]
pub struct NewOutgoing {
    /// The key.
    pub id: OutgoingId,
    /// The account.
    pub account: AccountId,
    /// The conversation.
    pub conversation: ConversationId,
    /// The message it carries or is about.
    pub message: MessageKey,
    /// What for.
    pub purpose: Purpose,
    /// To whom.
    pub participant: Participant,
    /// Where to.
    pub recipient: Address,
    /// The envelope sender; `None` is the null path.
    pub reverse_path: Option<Address>,
    /// Chosen before the first attempt.
    pub rfc_message_id: MessageId,
    /// The rendered mail, CRLF.
    pub raw: Vec<u8>,
    /// When.
    pub at: Timestamp,
}

/// A mail to attempt now.
#[derive(Clone, Debug)]
pub struct DueMail {
    /// The key.
    pub id: OutgoingId,
    /// The account.
    pub account: AccountId,
    /// The conversation.
    pub conversation: ConversationId,
    /// The message.
    pub message: MessageKey,
    /// What for.
    pub purpose: Purpose,
    /// Where to.
    pub recipient: Address,
    /// The envelope sender.
    pub reverse_path: Option<Address>,
    /// Its Message-ID.
    pub rfc_message_id: MessageId,
    /// The rendered mail.
    pub raw: Vec<u8>,
    /// Attempts before this one.
    pub attempts: u32,
    /// When it was queued.
    pub created_at: Timestamp,
    /// Has its author been told that it is late?
    pub delay_told: bool,
    /// Was an attempt cut off behind the point from which the other side may have it?
    pub dot_sent: bool,
}

/// A row for `relais queue list`.
#[derive(Clone, Debug, Serialize)]
pub struct QueueRow {
    /// The key.
    pub id: OutgoingId,
    /// What for.
    pub purpose: Purpose,
    /// Where to.
    pub recipient: String,
    /// How it stands.
    pub state: DeliveryState,
    /// Attempts so far.
    pub attempts: u32,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When it is due.
    pub due_at: Timestamp,
    /// What the other side said last.
    pub last_answer: Option<String>,
}

pub(super) const DUE_COLUMNS: &str =
    "id, account_id, conversation_id, message_id, purpose, recipient, reverse_path,
    rfc_message_id, attempts, created_at, delay_told, dot_sent";

pub(super) fn due_mail(row: &Row<'_>) -> rusqlite::Result<Option<DueMail>> {
    let recipient: String = row.get(5)?;
    let rfc_message_id: String = row.get(7)?;
    let (Ok(recipient), Some(rfc_message_id)) =
        (recipient.parse(), MessageId::new(&rfc_message_id))
    else {
        return Ok(None);
    };
    Ok(Some(DueMail {
        id: OutgoingId(row.get(0)?),
        account: AccountId(row.get(1)?),
        conversation: ConversationId(row.get(2)?),
        message: MessageKey(row.get(3)?),
        purpose: row.get(4)?,
        recipient,
        reverse_path: row.get::<_, Option<String>>(6)?.and_then(|a| a.parse().ok()),
        rfc_message_id,
        raw: Vec::new(),
        attempts: row.get(8)?,
        created_at: timestamp(row.get(9)?),
        delay_told: row.get(10)?,
        dot_sent: row.get(11)?,
    }))
}

impl Writing<'_> {
    /// Queues a mail; queueing the same again changes nothing.
    pub fn enqueue(&self, mail: &NewOutgoing) -> Result<bool, StoreError> {
        self.enqueue_as(mail, DeliveryState::Waiting)
    }

    /// Keeps a mail back until a person says that the conversation is no loop of machines.
    pub fn withhold(&self, mail: &NewOutgoing) -> Result<bool, StoreError> {
        self.enqueue_as(mail, DeliveryState::Held)
    }

    /// What was withheld in the conversation goes on as `state`. Gives how many mails.
    pub fn release_withheld(
        &self,
        conversation: ConversationId,
        state: DeliveryState,
    ) -> Result<usize, StoreError> {
        let sql = "UPDATE outbox SET state = ?2 WHERE conversation_id = ?1 AND state = 'held'";
        self.execute(sql, params![conversation.0, state])
    }

    /// Records a mail that had reached an end before the index was rebuilt, or whose end nobody knows.
    pub fn enqueue_ended(&self, mail: &NewOutgoing, end: End) -> Result<bool, StoreError> {
        self.enqueue_as(mail, end.into())
    }

    fn enqueue_as(&self, mail: &NewOutgoing, state: DeliveryState) -> Result<bool, StoreError> {
        let inserted = self
            .0
            .prepare_cached(
                "INSERT OR IGNORE INTO outbox
                   (id, account_id, conversation_id, message_id, purpose, participant, recipient, reverse_path,
                    rfc_message_id, state, created_at, due_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11)",
            )?
            .execute(params![
                mail.id.0,
                mail.account.0,
                mail.conversation.0,
                mail.message.0,
                mail.purpose,
                mail.participant.code(),
                mail.recipient.to_string(),
                mail.reverse_path.as_ref().map(Address::to_string),
                mail.rfc_message_id.as_str(),
                state,
                micros(mail.at),
            ])?;
        // What may still leave; somebody may have a mail tried again of which nobody knows the end.
        let may_leave = match state {
            DeliveryState::Waiting | DeliveryState::Held | DeliveryState::Unknown => true,
            DeliveryState::Sending | DeliveryState::Done | DeliveryState::Failed => false,
        };
        if inserted > 0 && may_leave {
            self.0
                .prepare_cached("INSERT INTO outbox_raw(outgoing_id, raw) VALUES (?1, ?2)")?
                .execute(params![mail.id.0, &mail.raw])?;
        }
        Ok(inserted > 0)
    }

    /// The mails of a message that nobody tried to deliver leave at this time.
    pub fn postpone(&self, message: MessageKey, until: Timestamp) -> Result<(), StoreError> {
        self.0
            .prepare_cached(
                "UPDATE outbox SET due_at = ?2 WHERE message_id = ?1 AND state = 'waiting' AND attempts = 0",
            )?
            .execute(params![message.0, micros(until)])?;
        Ok(())
    }

    /// Takes a reply and its copies out of the outbox, where they stand `untried`. `false`, with nothing changed, when
    /// any part of the reply is or may be on its way.
    pub fn withdraw(
        &self,
        message: MessageKey,
        untried: DeliveryState,
    ) -> Result<bool, StoreError> {
        let all_here: bool = self
            .0
            .prepare_cached(
                "SELECT count(*) > 0 AND count(*) = total(state = ?2 AND attempts = 0 AND dot_sent = 0)
                 FROM outbox WHERE message_id = ?1 AND purpose = 'reply'",
            )?
            .query_row(params![message.0, untried], |row| row.get(0))?;
        if all_here {
            self.0
                .prepare_cached(
                    "DELETE FROM outbox WHERE message_id = ?1 AND purpose IN ('reply', 'copy')
                       AND state = ?2 AND attempts = 0",
                )?
                .execute(params![message.0, untried])?;
        }
        Ok(all_here)
    }

    /// Takes mails that are due, marking them `sending`; none to these domains, and no piece of a reply before the
    /// one before it has ended: a chat is read in the order in which it came.
    pub fn take_due(
        &self,
        now: Timestamp,
        limit: usize,
        without: &[String],
    ) -> Result<Vec<DueMail>, StoreError> {
        let mut statement = self.0.prepare_cached(&format!(
            "UPDATE outbox SET state = 'sending' WHERE row IN
               (SELECT row FROM outbox AS o WHERE state = 'waiting' AND due_at <= ?1
                  AND NOT (purpose = 'reply' AND EXISTS
                    (SELECT 1 FROM outbox AS piece WHERE piece.message_id = o.message_id AND piece.row < o.row
                       AND piece.recipient = o.recipient AND piece.purpose = 'reply'
                       AND piece.state IN ('waiting', 'sending')))
                  AND lower(substr(recipient, instr(recipient, '@') + 1)) NOT IN (SELECT value FROM json_each(?3))
                ORDER BY due_at LIMIT ?2)
             RETURNING {DUE_COLUMNS}"
        ))?;
        let without = serde_json::to_string(without).unwrap_or_default();
        let rows = statement.query_map(params![micros(now), limit as i64, without], due_mail)?;
        let taken: Vec<Option<DueMail>> = rows.collect::<Result<_, _>>()?;
        let mut mails: Vec<DueMail> = taken.into_iter().flatten().collect();
        let mut raw = self.0.prepare_cached("SELECT raw FROM outbox_raw WHERE outgoing_id = ?1")?;
        for mail in &mut mails {
            mail.raw = raw.query_row([mail.id.0], |row| row.get(0))?;
        }
        Ok(mails)
    }

    /// The other side is about to have the mail: what is cut off from here on may have arrived.
    pub fn note_dot(&self, id: OutgoingId) -> Result<(), StoreError> {
        self.0.prepare_cached("UPDATE outbox SET dot_sent = 1 WHERE id = ?1")?.execute([id.0])?;
        Ok(())
    }

    /// Mails taken but not attempted go back.
    pub fn put_back(&self, ids: &[OutgoingId]) -> Result<(), StoreError> {
        let mut back = self.0.prepare_cached(
            "UPDATE outbox SET state = 'waiting' WHERE id = ?1 AND state = 'sending'",
        )?;
        ids.iter().try_for_each(|id| Ok(back.execute([id.0]).map(drop)?))
    }

    /// Back to `waiting`, due now: an administrator's decision. `None` is every mail that failed or waits; one whose end
    /// nobody knows may have arrived, and goes only when it is named or these are asked for. What is on its way would arrive twice, and what looks like a loop is released by who read it.
    pub fn requeue(
        &self,
        id: Option<OutgoingId>,
        unknown: bool,
        now: Timestamp,
    ) -> Result<usize, StoreError> {
        Ok(self
            .0
            .prepare_cached(
                "UPDATE outbox SET state = 'waiting', due_at = ?2, ended_at = NULL,
                   dot_sent = iif(?1 IS NULL AND state = 'waiting', dot_sent, 0)
                 WHERE (?1 IS NULL OR id = ?1)
                   AND (state IN ('failed', 'waiting') OR state = 'unknown' AND (?3 OR id = ?1))
                   AND EXISTS (SELECT 1 FROM outbox_raw WHERE outgoing_id = outbox.id)",
            )?
            .execute(params![id.map(|i| i.0), micros(now), unknown])?)
    }
}

impl Writing<'_> {
    /// Forgets mails that ended before a time and belong to no conversation: links to sign in, mail to the postmaster.
    pub fn forget_ended(&self, before: Timestamp) -> Result<usize, StoreError> {
        self.execute(
            "DELETE FROM outbox WHERE conversation_id = 0 AND state IN ('done', 'failed', 'unknown') AND ended_at < ?1",
            [micros(before)],
        )
    }
}

impl Reading<'_> {
    /// Are mails of the conversation kept back as parts of a loop?
    pub fn withheld(&self, conversation: ConversationId) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM outbox WHERE conversation_id = ?1 AND state = 'held' LIMIT 1";
        Ok(self.one(sql, [conversation.0], |_| Ok(()))?.is_some())
    }

    /// How many confirmations were sent to a mailbox since a time, however it was spelled.
    pub fn confirmations_since(
        &self,
        address: &Address,
        at: Timestamp,
    ) -> Result<usize, StoreError> {
        let sql = "SELECT recipient FROM outbox WHERE purpose = 'confirmation' AND created_at > ?2
                     AND lower(substr(recipient, -length(?1))) = ?1";
        let values = params![format!("@{}", address.domain().to_lowercase()), micros(at)];
        let sent = self.rows(sql, values, |row| row.get::<_, String>(0))?;
        let mailbox = address.untagged();
        let is_same = |one: &&String| {
            one.parse::<Address>().is_ok_and(|address| address.untagged() == mailbox)
        };
        Ok(sent.iter().filter(is_same).count())
    }

    /// When the next waiting mail is due.
    pub fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT due_at FROM outbox WHERE state = 'waiting' ORDER BY due_at LIMIT 1";
        Ok(self.one(sql, [], |row| row.get::<_, i64>(0))?.map(timestamp))
    }

    /// Mails not yet at a good end, oldest first.
    pub fn queue(&self) -> Result<Vec<QueueRow>, StoreError> {
        let sql = "SELECT id, purpose, recipient, state, attempts, created_at, due_at, last_answer FROM outbox
                   WHERE state <> 'done' ORDER BY created_at, id";
        self.rows(sql, [], |row| {
            Ok(QueueRow {
                id: OutgoingId(row.get(0)?),
                purpose: row.get(1)?,
                recipient: row.get(2)?,
                state: row.get(3)?,
                attempts: row.get(4)?,
                created_at: timestamp(row.get(5)?),
                due_at: timestamp(row.get(6)?),
                last_answer: row.get(7)?,
            })
        })
    }

    /// How many mails to our own people failed, or perhaps did not arrive.
    pub fn lost_for_members(&self) -> Result<i64, StoreError> {
        let sql = "SELECT count(*) FROM outbox
                   WHERE state IN ('failed', 'unknown') AND purpose NOT IN ('reply', 'confirmation')";
        Ok(self.one(sql, [], |row| row.get(0))?.unwrap_or(0))
    }

    /// Whose mail it is.
    pub fn account_of(&self, id: OutgoingId) -> Result<Option<AccountId>, StoreError> {
        let sql = "SELECT account_id FROM outbox WHERE id = ?1";
        self.one(sql, [id.0], |row| row.get(0).map(AccountId))
    }

    /// What a mail of the outbox was about.
    pub fn outgoing(&self, id: OutgoingId) -> Result<Option<OutgoingAbout>, StoreError> {
        let sql =
            "SELECT conversation_id, message_id, purpose, recipient FROM outbox WHERE id = ?1";
        self.one(sql, [id.0], |row| {
            Ok(OutgoingAbout {
                id,
                conversation: ConversationId(row.get(0)?),
                message: MessageKey(row.get(1)?),
                purpose: row.get(2)?,
                recipient: row.get(3)?,
            })
        })
    }
}

/// What a mail of the outbox was about.
#[derive(Clone, Debug)]
pub struct OutgoingAbout {
    /// Its key.
    pub id: OutgoingId,
    /// The conversation.
    pub conversation: ConversationId,
    /// The message it carried or was about.
    pub message: MessageKey,
    /// What for.
    pub purpose: Purpose,
    /// Where it went.
    pub recipient: String,
}
