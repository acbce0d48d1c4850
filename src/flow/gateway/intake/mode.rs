//! Live or rebuilt: what outgoing mails become, and what the journal says had become of them.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use jiff::Timestamp;

use crate::{
    flow::gateway::effects,
    ground::{
        conversation::Participant,
        key::{MemberId, MessageKey, OutgoingId},
        language::Language,
        outcome::End,
    },
    keep::{
        journal::{Entry, Event},
        store::Purpose,
    },
};

/// How outgoing mails are queued: freshly, or as what became of them before the index was rebuilt.
#[derive(Clone, Debug)]
pub(in crate::flow::gateway) enum Mode {
    Live,
    Rebuild(Arc<Before>),
}

/// What the journal says had become of mails before the index was rebuilt.
#[derive(Debug, Default)]
pub(in crate::flow::gateway) struct Before {
    pub(in crate::flow::gateway) ended: HashMap<OutgoingId, End>,
    /// Messages with a translation in the journal.
    pub(in crate::flow::gateway) translated: HashMap<MessageKey, (Language, Language)>,
    /// The ids channels gave our replies.
    pub(in crate::flow::gateway) external: HashMap<String, OutgoingId>,
    /// Replies their authors took back in time.
    pub(in crate::flow::gateway) taken_back: HashSet<MessageKey>,
    /// When members came (`true`) and went.
    pub(in crate::flow::gateway) members: HashMap<MemberId, Vec<(Timestamp, bool)>>,
}

impl Before {
    /// What a journal says.
    pub(in crate::flow::gateway) fn of(journal: &[Entry]) -> Self {
        Before {
            ended: ended_before(journal),
            translated: translated_before(journal),
            taken_back: taken_back_before(journal),
            external: external_before(journal),
            members: members_before(journal),
        }
    }

    /// Did this reply leave for the visitor, or was it about to?
    pub(super) fn left(&self, message: MessageKey) -> bool {
        let id = effects::outgoing_id(message, Participant::Visitor, Purpose::Reply, 0);
        self.ended.contains_key(&id) || self.taken_back.contains(&message)
    }

    /// Was this participant there at that time? Who came later was not written to.
    pub(in crate::flow::gateway) fn was_there(
        &self,
        participant: Participant,
        at: Timestamp,
    ) -> bool {
        let Participant::Member(member) = participant else { return true };
        let Some(changes) = self.members.get(&member) else { return true };
        changes.iter().rfind(|(since, _)| *since <= at).is_some_and(|(_, there)| *there)
    }
}

fn translated_before(journal: &[Entry]) -> HashMap<MessageKey, (Language, Language)> {
    let lines = journal.iter().filter_map(|entry| match &entry.event {
        Event::Translated { message, translation } => {
            Some((*message, (translation.from, translation.to)))
        }
        Event::ReplySettled { message, from, to, .. } => Some((*message, (*from, *to))),
        _ => None,
    });
    lines.collect()
}

fn ended_before(journal: &[Entry]) -> HashMap<OutgoingId, End> {
    let lines = journal.iter().filter_map(|entry| match &entry.event {
        Event::Ended { outgoing, state, .. } => Some((*outgoing, *state)),
        _ => None,
    });
    lines.collect()
}

fn external_before(journal: &[Entry]) -> HashMap<String, OutgoingId> {
    let ended = journal.iter().filter_map(|entry| match &entry.event {
        Event::Ended { outgoing, answer: Some(answer), .. } => Some((*outgoing, answer)),
        _ => None,
    });
    ended
        .flat_map(|(id, answer)| answer.external_ids.iter().map(move |one| (one.clone(), id)))
        .collect()
}

fn members_before(journal: &[Entry]) -> HashMap<MemberId, Vec<(Timestamp, bool)>> {
    let mut found: HashMap<MemberId, Vec<(Timestamp, bool)>> = HashMap::new();
    for entry in journal {
        match &entry.event {
            Event::Member(member) => found.entry(member.id).or_default().push((entry.at, true)),
            Event::MemberRemoved { member } => {
                found.entry(*member).or_default().push((entry.at, false));
            }
            _ => {}
        }
    }
    found
}

fn taken_back_before(journal: &[Entry]) -> HashSet<MessageKey> {
    let lines = journal.iter().filter_map(|entry| match &entry.event {
        Event::ReplyTakenBack { message } => Some(*message),
        _ => None,
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_written_to_who_was_not_there() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let tom = MemberId(1);
        let changes = vec![(at(10), true), (at(20), true), (at(30), false), (at(40), true)];
        let before = Before { members: HashMap::from([(tom, changes)]), ..Before::default() };
        for (second, there) in [(9, false), (10, true), (25, true), (30, false), (41, true)] {
            assert_eq!(before.was_there(Participant::Member(tom), at(second)), there, "{second}");
        }
        assert!(before.was_there(Participant::Visitor, at(1)));
        assert!(before.was_there(Participant::Member(MemberId(2)), at(1)), "nobody knows");
    }
}
