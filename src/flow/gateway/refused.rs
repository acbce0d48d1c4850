//! How polling went, and what the members are told when a channel refuses.
//!
//! That they were told and what they are told is one transaction: killed in between, it would be marked and never said.

use jiff::Timestamp;

use super::{
    Gateway, Trouble,
    intake::Context,
    member::{self, PersonalMail},
};
use crate::{
    flow::clock,
    ground::{
        account::Member,
        phrases::{self, Tongue},
    },
    keep::store::{Broken, ConnectionRow, Purpose, StoreError, Writing},
};

impl Gateway {
    /// The credentials of these houses are refused: each member of any of them learns it once, for all of theirs.
    pub fn note_refused(&self, rows: &[ConnectionRow], error: &str) -> Result<(), Trouble> {
        self.note_failed(rows.to_vec(), error.to_owned(), Some(Broken::Credentials))
    }

    /// How polling went; the members learn, once, what is refused.
    pub fn note_poll(
        &self,
        row: &ConnectionRow,
        error: Option<&str>,
        broken: Option<Broken>,
    ) -> Result<(), Trouble> {
        match error {
            Some(error) => self.note_failed(vec![row.clone()], error.to_owned(), broken),
            None => {
                let (at, id) = (clock::now(), (row.id, row.told_at));
                self.store
                    .write_blocking::<_, Trouble, _>(move |w| Ok(w.connection_polled(id, at)?))
            }
        }
    }

    fn note_failed(
        &self,
        rows: Vec<ConnectionRow>,
        error: String,
        broken: Option<Broken>,
    ) -> Result<(), Trouble> {
        let (context, at) = (self.context(), clock::now());
        let told = self.store.write_blocking::<_, Trouble, _>(move |w| {
            let mut untold = Vec::new();
            for row in &rows {
                if w.connection_failed((row.id, &row.sealed), &error, broken, at)? {
                    untold.push(row);
                }
            }
            match broken {
                Some(broken) => Ok(tell(w, &context, (&rows, &untold), broken, at)?),
                None => Ok(false),
            }
        })?;
        if told {
            self.outbox_bell.notify_one();
        }
        Ok(())
    }
}

/// Tells the members of those houses of which nobody was told, each once for all of theirs. Whoever was told of another
/// house when the same credentials broke knows it.
fn tell(
    writing: &Writing<'_>,
    context: &Context,
    (rows, untold): (&[ConnectionRow], &[&ConnectionRow]),
    broken: Broken,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let reading = writing.reading();
    let mut members: Vec<(&ConnectionRow, Member)> = Vec::new();
    for row in untold {
        members.extend(reading.members(row.account)?.into_iter().map(|member| (*row, member)));
    }
    let mut told = reading.told_of(rows.iter().map(|row| row.id), broken)?;
    let mut has_told = false;
    for (row, member) in &members {
        if told.contains(&member.address.folded()) {
            continue;
        }
        let Some(account) = reading.account(row.account)? else { continue };
        let theirs = members.iter().filter(|(_, one)| one.address.same_mailbox(&member.address));
        let mut properties: Vec<&str> = theirs.map(|(row, _)| row.property.as_str()).collect();
        properties.sort_unstable();
        let tongue = Tongue::of(&account.language);
        let text = match broken {
            Broken::Credentials => phrases::CONNECTION_BROKEN,
            Broken::Property => phrases::PROPERTY_NOT_GIVEN,
        };
        let name = format!("{} ({})", row.channel.brand(), properties.join(", "));
        let mail = PersonalMail {
            purpose: Purpose::ConnectionNotice,
            account: &account,
            member,
            subject: &phrases::CONNECTION_BROKEN_SUBJECT.say(tongue, &name),
            text: text.say(tongue, &name),
        };
        writing.enqueue(&member::composed(context, &mail, at)?)?;
        told.insert(member.address.folded());
        has_told = true;
    }
    Ok(has_told)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        flow::gateway::{NewConnection, stage},
        ground::{conversation::Channel, key::MemberId},
    };

    struct Stage {
        gateway: Arc<Gateway>,
        member: Member,
        rows: Vec<ConnectionRow>,
        _folder: tempfile::TempDir,
    }

    impl Stage {
        /// One member, and two houses by the same credentials.
        fn set() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let (gateway, account) = stage::house(folder.path());
            let address = "ana@house.example".parse().unwrap();
            let member = Member::new(MemberId::of(&[b"ana"]), account, address, "Ana");
            gateway.put_member(&member).unwrap();
            for property in ["1", "2"] {
                let new = NewConnection {
                    account,
                    channel: Channel::Booking,
                    machine: "machine-1".into(),
                    secret: "s".into(),
                    property: property.into(),
                    url: "http://127.0.0.1:1".into(),
                    token_url: "http://127.0.0.1:1".into(),
                    renew: false,
                };
                gateway.connect(&new).unwrap();
            }
            let mut rows = gateway.store.read(|reading| reading.connections()).unwrap();
            rows.sort_by(|a, b| a.property.cmp(&b.property));
            Stage { gateway, member, rows, _folder: folder }
        }

        fn marked_at(&self, house: usize) -> Option<Timestamp> {
            let id = self.rows[house].id;
            self.gateway.store.read(|reading| reading.connection(id)).unwrap().unwrap().told_at
        }

        fn is_told(&self, house: usize, what: Broken) -> bool {
            let told = self.gateway.store.read(|r| r.told_of([self.rows[house].id], what));
            told.unwrap().contains(&self.member.address.folded())
        }

        /// How many notices were written since this was asked last.
        fn notices(&self) -> usize {
            let take = |w: &Writing<'_>| w.take_due(clock::now(), 99, &[]);
            self.gateway.store.write_blocking::<_, StoreError, _>(take).unwrap().len()
        }
    }

    /// A house whose credentials were renewed meanwhile tells nobody: who has it and another learns of the other.
    #[test]
    fn who_was_told_of_nothing_does_not_count_as_told() {
        let mut stage = Stage::set();
        stage.rows[1].sealed = b"older".to_vec();
        stage.gateway.note_refused(&stage.rows, "401").unwrap();
        assert!(stage.is_told(0, Broken::Credentials), "of the first");
        // A round that began before it was noted, and ends after it, mends nothing, and nobody is told twice.
        stage.gateway.note_poll(&stage.rows[0], None, None).unwrap();
        let first = stage.marked_at(0);
        stage.gateway.note_refused(&stage.rows, "401").unwrap();
        assert!(first.is_some() && stage.marked_at(0) == first, "told once");
        // The notice and its mark are one: what is marked was said.
        assert_eq!(stage.marked_at(1), None);
    }

    #[test]
    fn who_knows_that_a_house_is_refused_learns_that_the_credentials_are() {
        let stage = Stage::set();
        let refused = |broken| stage.gateway.note_poll(&stage.rows[0], Some("403"), Some(broken));
        refused(Broken::Property).unwrap();
        refused(Broken::Property).unwrap();
        assert_eq!(stage.notices(), 1);
        stage.gateway.note_refused(&stage.rows, "401").unwrap();
        assert_eq!(stage.notices(), 1, "once for both houses");
        assert!(stage.is_told(0, Broken::Credentials));
        stage.gateway.note_refused(&stage.rows, "401").unwrap();
        refused(Broken::Property).unwrap();
        assert_eq!(stage.notices(), 0, "and once");
    }
}
