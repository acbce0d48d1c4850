//! What Relais itself says to people of the house: a reply is held, late or failed, somebody wrote to the postmaster.

use super::{
    house,
    outbox::{Mail, queue},
};
use crate::{
    flow::gateway::{
        Trouble,
        intake::{Mode, Threading},
    },
    ground::{
        account::Member,
        address::{Address, Mailbox},
        compose::{Draft, render},
        conversation::{Conversation, Participant, Side},
        key::{AccountId, ConversationId, MessageKey, OutgoingId},
        letter::MessageId,
        outcome::{Answer, End},
        phrases::{self, Tongue},
        refusal, told,
    },
    keep::store::{MessageRow, NewMessage, NewOutgoing, Purpose},
};

/// A reply is held: its member is asked, in one mail with one link.
pub(in crate::flow::gateway) fn ask_member(
    threading: &mut Threading<'_>,
    state: &Conversation,
    message: &NewMessage,
    member: &Member,
    doubt: &str,
) -> Result<(), Trouble> {
    let house = house(threading, state)?;
    let tongue = Tongue::of(&house.language);
    let link = decision_link(threading, message.id);
    let text = format!(
        "{}\n\n{}\n\n> {}\n",
        phrases::WAS_IT_YOU.say(tongue, &told::said(doubt, tongue)),
        phrases::YES_SEND.say(tongue, &link),
        message.text.replace('\n', "\n> "),
    );
    let subject = phrases::NOT_SENT_YET.say(tongue, &state.subject);
    notice(threading, state, message.id, member, Purpose::HoldQuestion, subject, text)
}

/// A held reply was thrown away: its author is told, or everybody where it has none.
pub(in crate::flow::gateway) fn hold_expired(
    threading: &mut Threading<'_>,
    state: &Conversation,
    row: &MessageRow,
) -> Result<(), Trouble> {
    let tongue = Tongue::of(&house(threading, state)?.language);
    // What a robot wrote in a form is nobody's reply.
    let members = match row.side {
        Side::Visitor => Vec::new(),
        Side::Provider => threading.writing.reading().members(state.account)?,
    };
    for member in members {
        if row.member.is_none_or(|author| author == member.id) {
            let subject = phrases::NOT_DELIVERED.say(tongue, &state.subject);
            let text = phrases::HOLD_EXPIRED.say(tongue, &row.text);
            notice(threading, state, row.id, &member, Purpose::FailureNotice, subject, text)?;
        }
    }
    Ok(())
}

/// Mail to the postmaster reaches the person named in the configuration, as it came.
pub(in crate::flow::gateway) fn tell_postmaster(
    threading: &mut Threading<'_>,
) -> Result<(), Trouble> {
    let Mode::Live = threading.mode else { return Ok(()) };
    let identity = &threading.context.identity;
    let (Some(postmaster), domain) = (identity.postmaster.clone(), &identity.reply_domain) else {
        return Ok(());
    };
    let letter = &threading.item.letter;
    let id = OutgoingId::of(&[b"postmaster", threading.item.name.as_str().as_bytes()]);
    let ids = (MessageId::new(&format!("n-{id}@{domain}")), format!("postmaster@{domain}").parse());
    let (Some(message_id), Ok(from)) = ids else { return Ok(()) };
    let from: Address = from;
    let author =
        letter.author().map_or_else(String::new, |a| format!("{} <{}>", a.display(), a.address));
    let raw = render(&Draft {
        from: Mailbox::new(Some("Relais"), from.clone()),
        to: Mailbox::new(None, postmaster.clone()),
        reply_to: letter.author().map_or(from, |author| author.address.clone()),
        subject: format!("[postmaster] {}", letter.subject),
        message_id: message_id.clone(),
        references: Vec::new(),
        thread_index: None,
        unsubscribe: None,
        date: threading.item.trace.received_at,
        text: format!("From: {author}\n\n{}", letter.text()),
        html: None,
        language: None,
        attachments: &letter.attachments,
        automatic: true,
        instance: Some(threading.context.secret.instance()),
    });
    let outgoing = NewOutgoing {
        id,
        account: AccountId(0),
        conversation: ConversationId(0),
        message: MessageKey(0),
        purpose: Purpose::Postmaster,
        participant: Participant::Visitor,
        recipient: postmaster,
        reverse_path: None,
        rfc_message_id: message_id,
        raw,
        at: threading.item.trace.received_at,
    };
    threading.after.queued |= threading.writing.enqueue(&outgoing)?;
    Ok(())
}

/// What the members are told about a reply of theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::flow::gateway) enum Notice {
    /// It could not be delivered.
    Failed,
    /// It is still on its way.
    Late,
    /// Nobody knows whether it arrived.
    Unknown,
}

impl Notice {
    /// What is news of a mail that ended so.
    pub(in crate::flow::gateway) fn of_end(end: End) -> Option<Self> {
        match end {
            End::Failed => Some(Notice::Failed),
            End::Unknown => Some(Notice::Unknown),
            End::Done => None,
        }
    }
}

/// Every member is told, the visitor is not.
pub(in crate::flow::gateway) fn tell_members(
    threading: &mut Threading<'_>,
    state: &Conversation,
    message: MessageKey,
    about: Notice,
    answer: &Answer,
) -> Result<(), Trouble> {
    let house = house(threading, state)?;
    let tongue = Tongue::of(&house.language);
    let (subject, text, purpose) = match about {
        Notice::Failed => (phrases::NOT_DELIVERED, phrases::REPLY_FAILED, Purpose::FailureNotice),
        Notice::Late => (phrases::STILL_TRYING, phrases::REPLY_DELAYED, Purpose::DelayNotice),
        Notice::Unknown => {
            (phrases::PERHAPS_DELIVERED, phrases::REPLY_UNKNOWN, Purpose::UnknownNotice)
        }
    };
    let mut text = text.say(tongue, &told::said(&answer.text, tongue));
    if let Some(advice) = refusal::advice(answer, tongue) {
        text = format!("{text}\n\n{advice}");
    }
    for member in threading.writing.reading().members(state.account)? {
        let subject = subject.say(tongue, &state.subject);
        notice(threading, state, message, &member, purpose, subject, text.clone())?;
    }
    Ok(())
}

/// Relais says something to a member about a message.
pub(super) fn notice(
    threading: &mut Threading<'_>,
    state: &Conversation,
    message: MessageKey,
    member: &Member,
    purpose: Purpose,
    subject: String,
    text: String,
) -> Result<(), Trouble> {
    let participant = Participant::Member(member.id);
    let token = threading.invite(state.id, participant)?;
    let address = token.at("", &threading.context.identity.reply_domain);
    let mail = Mail {
        purpose,
        participant,
        from: Mailbox::new(Some("Relais"), address.clone()),
        to: Mailbox::new(Some(&member.name), member.address.clone()),
        subject,
        text: text.into(),
        language: None,
        carries: false,
        automatic: true,
        piece: 0,
    };
    queue(threading, state, message, &mail, &address)
}

/// The signed link that decides a reply which was not sent yet.
pub(super) fn decision_link(threading: &Threading<'_>, message: MessageKey) -> String {
    let signature = threading.context.secret.link("hold", message);
    format!("{}/held/{message}/{signature}", threading.context.identity.base_url)
}
