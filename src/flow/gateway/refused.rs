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
    keep::store::{ConnectionRow, Purpose, StoreError, Writing},
};

/// What a channel refuses, until somebody does something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The credentials, for all their houses.
    Credentials,
    /// This house: it is not, or no more, connected to us there.
    Property,
}

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
                if w.connection_failed((row.id, &row.sealed), &error, broken.is_some(), at)? {
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
    let mut has_told = false;
    for (row, member) in &members {
        let mut knows = rows.iter().map(|row| reading.was_told_of(row.id, &member.address));
        if knows.try_fold(false, |known, one| one.map(|one| known || one))? {
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
        has_told = true;
    }
    Ok(has_told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        flow::gateway::{Identity, NewConnection},
        ground::{
            account::Account,
            conversation::Channel,
            key::{AccountId, MemberId},
        },
    };

    /// A house whose credentials were renewed meanwhile tells nobody: who has it and another learns of the other.
    #[test]
    fn who_was_told_of_nothing_does_not_count_as_told() {
        let folder = tempfile::tempdir().unwrap();
        let identity = Identity::new("gw.localhost");
        let (gateway, _queue) = Gateway::open(
            identity,
            &folder.path().join("data"),
            &folder.path().join("maildirs"),
            [1; 32],
        )
        .unwrap();
        let account = AccountId::of(&[b"house"]);
        let address = "house@gw.localhost".parse().unwrap();
        gateway.put_account(&Account::new(account, "House", address, "en", "house")).unwrap();
        let member = Member::new(
            MemberId::of(&[b"ana"]),
            account,
            "ana@house.example".parse().unwrap(),
            "Ana",
        );
        gateway.put_member(&member).unwrap();
        let connect = |property: &str| {
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
            gateway.connect(&new).unwrap()
        };
        connect("1");
        connect("2");
        let mut rows = gateway.store.read(|reading| reading.connections()).unwrap();
        rows.sort_by(|a, b| a.property.cmp(&b.property));
        rows[1].sealed = b"older".to_vec();
        let told = || {
            gateway.store.read(|reading| reading.was_told_of(rows[0].id, &member.address)).unwrap()
        };
        gateway.note_refused(&rows, "401").unwrap();
        assert!(told(), "of the first");
        // A round that began before it was noted, and ends after it, mends nothing, and nobody is told twice.
        gateway.note_poll(&rows[0], None, None).unwrap();
        let marked_at = || {
            let marked = gateway.store.read(|reading| reading.connections()).unwrap();
            marked.iter().find(|row| row.id == rows[0].id).unwrap().told_at
        };
        let first = marked_at();
        gateway.note_refused(&rows, "401").unwrap();
        assert!(first.is_some() && marked_at() == first, "told once");
        // The notice and its mark are one: what is marked was said.
        let marked = gateway.store.read(|reading| reading.connections()).unwrap();
        assert_eq!(marked.iter().filter(|row| row.told_at.is_some()).count(), 1);
    }
}
