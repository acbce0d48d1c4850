//! What a purge takes from the journal: the lines about conversations that are gone for good.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::{Entry, Event, PurgedThread};
use crate::ground::{
    conversation::Channel,
    key::{AccountId, ConversationId, MessageKey},
};

/// What of the journal is about conversations that are gone for good, and until when it was.
#[derive(Debug, Default)]
pub(super) struct Purged {
    messages: HashSet<MessageKey>,
    conversations: HashMap<ConversationId, Timestamp>,
    threads: HashMap<Thread, Timestamp>,
    reservations: HashMap<Thread, Timestamp>,
}

/// What a channel calls a thread, or a reservation.
type Thread = (AccountId, Channel, String);

impl Purged {
    /// What these entries say.
    pub(super) fn of(entries: &[Entry]) -> Self {
        let mut purged = Purged::default();
        for Entry { at, event } in entries {
            let Event::Purged { conversation, messages, threads, .. } = event else { continue };
            purged.messages.extend(messages);
            purged.conversations.insert(*conversation, *at);
            let named = |one: &PurgedThread| (one.account, one.channel, one.thread.clone());
            purged.threads.extend(threads.iter().map(|one| (named(one), *at)));
        }
        let mut kept = HashSet::new();
        for entry in entries {
            let reservation = match &entry.event {
                Event::Opened(one) => (one.account, one.channel, one.reservation.clone()),
                Event::Booked { account, channel, reservation, .. } => {
                    (*account, *channel, reservation.clone())
                }
                _ => continue,
            };
            match purged.end_of(&entry.event) {
                Some(end) if entry.at <= end => {
                    purged.reservations.insert(reservation, end);
                }
                _ => {
                    kept.insert(reservation);
                }
            }
        }
        purged.reservations.retain(|reservation, _| !kept.contains(reservation));
        purged
    }

    /// Is this entry about one of them?
    pub(super) fn has(&self, entry: &Entry) -> bool {
        match &entry.event {
            Event::Translated { message, .. } => self.messages.contains(message),
            // What was said after the purge is of a new conversation.
            other => self.end_of(other).is_some_and(|end| entry.at <= end),
        }
    }

    /// When the conversation was removed that this is about.
    fn end_of(&self, event: &Event) -> Option<Timestamp> {
        let end = match event {
            Event::Opened(one) => {
                let thread = (one.account, one.channel, one.thread.clone());
                self.threads.get(&thread).or_else(|| self.conversations.get(&one.conversation()))
            }
            Event::Booked { account, channel, thread, .. } => {
                self.threads.get(&(*account, *channel, thread.clone()))
            }
            Event::Stay { account, channel, reservation, .. } => {
                self.reservations.get(&(*account, *channel, reservation.clone()))
            }
            _ => None,
        };
        end.copied()
    }
}
