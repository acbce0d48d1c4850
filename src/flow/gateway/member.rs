//! What concerns a member as a person: finding them, mailing them a link to the inbox, deciding a hold signed in.

use super::{Gateway, Trouble, intake::Context};
use jiff::Timestamp;

use crate::{
    flow::clock,
    ground::{
        account::{Account, Member},
        address::{Address, Mailbox},
        compose::{Draft, render},
        conversation::Participant,
        key::{ConversationId, MemberId, MessageKey, OutgoingId},
        letter::MessageId,
        secret::Secret,
    },
    keep::{
        journal::Event,
        store::{NewOutgoing, Purpose, StoreError},
    },
};

/// Where a member ends the mails about what is new, signed for them alone.
pub(super) fn quiet_link(base: &str, secret: &Secret, member: MemberId) -> String {
    format!("{base}/quiet/{member}/{}", quiet_signature(secret, member))
}

fn quiet_signature(secret: &Secret, member: MemberId) -> String {
    let bits = secret.sign("quiet", &[&member.to_string()]);
    data_encoding::BASE32_NOPAD.encode(&bits[..16]).to_ascii_lowercase()
}

/// A mail to a member that belongs to no conversation: a link to the inbox, a notice about a connection.
#[derive(Clone, Debug)]
pub struct PersonalMail<'a> {
    /// What for.
    pub purpose: Purpose,
    /// Of which house.
    pub account: &'a Account,
    /// To whom.
    pub member: &'a Member,
    /// The subject.
    pub subject: &'a str,
    /// What it says.
    pub text: String,
}

impl Gateway {
    /// The member of such a link, with their house.
    pub fn by_quiet_link(
        &self,
        member: MemberId,
        signature: &str,
    ) -> Result<Option<(Account, Member)>, Trouble> {
        if quiet_signature(&self.secret, member) != signature {
            return Ok(None);
        }
        self.member(member)
    }

    /// Changes a member; what they prefer is a setting and survives a rebuild.
    pub fn put_member(&self, member: &Member) -> Result<(), Trouble> {
        self.record(Event::Member(member.clone()))
    }

    /// The members who read mail at this address, each with their account.
    pub fn members_at(&self, address: &Address) -> Result<Vec<(Account, Member)>, Trouble> {
        self.members_where(|member| member.address.same_mailbox(address))
    }

    /// A member with their account; nobody who was removed.
    pub fn member(&self, id: MemberId) -> Result<Option<(Account, Member)>, Trouble> {
        Ok(self.members_where(|member| member.id == id)?.pop())
    }

    fn members_where(
        &self,
        is: impl Fn(&Member) -> bool,
    ) -> Result<Vec<(Account, Member)>, Trouble> {
        Ok(self.store.read(|reading| {
            let mut found = Vec::new();
            for account in reading.accounts()? {
                for member in reading.members(account.id)? {
                    if is(&member) {
                        found.push((account.clone(), member));
                    }
                }
            }
            Ok(found)
        })?)
    }

    /// Queues a mail to a member alone; its bytes are forgotten when it has left.
    pub fn mail_person(&self, mail: &PersonalMail<'_>) -> Result<(), Trouble> {
        let outgoing = composed(&self.context(), mail, clock::now())?;
        self.store.write_blocking::<_, Trouble, _>(move |w| Ok(w.enqueue(&outgoing)?))?;
        self.outbox_bell.notify_one();
        Ok(())
    }
}

/// A mail to a member alone.
pub(super) fn composed(
    context: &Context,
    mail: &PersonalMail<'_>,
    at: Timestamp,
) -> Result<NewOutgoing, StoreError> {
    let PersonalMail { purpose, account, member, .. } = *mail;
    let domain = &context.identity.reply_domain;
    let (when, whom) = (at.as_microsecond().to_be_bytes(), member.id.0.to_be_bytes());
    let id = OutgoingId::of(&[b"personal", &when, &whom, mail.text.as_bytes()]);
    let wrong = |what: &str| StoreError::Corrupt(format!("the reply domain makes no {what}"));
    let rfc_message_id =
        MessageId::new(&format!("n-{id}@{domain}")).ok_or_else(|| wrong("Message-ID"))?;
    let from: Address = format!("postmaster@{domain}").parse().map_err(|_| wrong("address"))?;
    let raw = render(&Draft {
        from: Mailbox::new(Some("Relais"), from.clone()),
        to: Mailbox::new(Some(&member.name), member.address.clone()),
        reply_to: from,
        subject: mail.subject.to_owned(),
        message_id: rfc_message_id.clone(),
        references: Vec::new(),
        thread_index: None,
        unsubscribe: None,
        date: at,
        text: mail.text.clone(),
        html: None,
        language: Some(account.language.clone()),
        attachments: &[],
        automatic: true,
        instance: Some(context.secret.instance()),
    });
    Ok(NewOutgoing {
        id,
        account: account.id,
        conversation: ConversationId(0),
        message: MessageKey(0),
        purpose,
        participant: Participant::Member(member.id),
        recipient: member.address.clone(),
        reverse_path: context.secret.bounce_address(id, domain),
        rfc_message_id,
        raw,
        at,
    })
}
