//! A mail that follows from a message: rendered once, without what its reader must not see, and put into the outbox.

use super::{
    house,
    notices::{Notice, tell_members},
};
use crate::{
    flow::gateway::{
        Trouble,
        intake::{Mode, Threading},
        member::quiet_link,
    },
    ground::{
        address::{Address, Mailbox},
        automatic::passed,
        compose::{Draft, Hidden, ThreadIndex, render},
        conversation::{Conversation, EventKind, Participant, Side},
        key::{MessageKey, OutgoingId},
        letter::{Attachment, MessageId},
        loops::Origin,
        outcome::{Answer, End},
        relay_mail,
        rich_text::RichText,
        told,
        trace::Door,
    },
    keep::store::{NewOutgoing, Purpose, Suppressed, ThreadEntry},
};

/// How many ids a References field carries at most besides the first: Gmail breaks threads at 100 messages, and
/// RFC 5322 lines are to stay short.
const REFERENCES: u32 = 12;
/// Among so many messages from the first, the one is looked for with which a reader's Outlook began.
const BEGIN: u32 = 50;

/// A mail to be queued.
pub(super) struct Mail {
    pub(super) purpose: Purpose,
    pub(super) participant: Participant,
    pub(super) from: Mailbox,
    pub(super) to: Mailbox,
    pub(super) subject: String,
    pub(super) text: RichText,
    pub(super) language: Option<String>,
    /// Carries the message itself with its files; a notice is only about it.
    pub(super) carries: bool,
    pub(super) automatic: bool,
    /// The message was cut for its channel: which piece of it.
    pub(super) piece: usize,
}

/// Renders a mail and puts it into the outbox, unless the guard against loops forbids it.
pub(super) fn queue(
    threading: &mut Threading<'_>,
    state: &Conversation,
    message: MessageKey,
    mail: &Mail,
    reply_to: &Address,
) -> Result<(), Trouble> {
    let identity = &threading.context.identity;
    let domain = &identity.reply_domain;
    let id = outgoing_id(message, mail.participant, mail.purpose, mail.piece);
    let carries = mail.carries && mail.piece == 0;
    let message_id = if carries {
        threading.context.secret.message_id(message, mail.participant, domain)
    } else {
        let text = format!("n-{id}@{domain}");
        MessageId::new(&text).unwrap_or_else(|| {
            threading.context.secret.message_id(message, mail.participant, domain)
        })
    };
    // A rebuild asks as well: so the guard remembers what it knew, and what it stopped is said again.
    let allowed = may_send(threading, state, mail)?;
    // The first of its id ended; one that is said again did not leave then either.
    let has_ended = matches!(threading.mode, Mode::Rebuild(before) if before.ended.contains_key(&id))
        && threading.writing.reading().outgoing(id)?.is_none();
    if !allowed && !has_ended && origin(mail.purpose, false) == Origin::Ours {
        // What we say of ourselves is not worth keeping, nor writing.
        return stopped(threading, state, message, mail).map(drop);
    }
    let hidden =
        Hidden { private: private(threading, state, mail.participant)?, domain, reader: reply_to };
    let files = if carries { carried(threading, state, &hidden) } else { Vec::new() };
    let place = place(threading, state, message, mail.participant)?;
    let raw = render(&Draft {
        from: Mailbox::new(
            mail.from.name.as_deref().map(|name| hidden.text(name)).as_deref(),
            mail.from.address.clone(),
        ),
        to: mail.to.clone(),
        reply_to: reply_to.clone(),
        subject: hidden.text(&mail.subject),
        message_id: message_id.clone(),
        references: place.references,
        thread_index: Some(place.thread_index),
        date: threading.item.trace.received_at,
        html: mail.text.html(),
        text: mail.text.text.clone(),
        language: mail.language.clone(),
        attachments: &files,
        unsubscribe: unsubscribe(threading, mail),
        automatic: mail.automatic,
        instance: Some(passed(&threading.item.letter, &threading.context.secret.instance())),
    });
    let outgoing = NewOutgoing {
        id,
        account: state.account,
        conversation: state.id,
        message,
        purpose: mail.purpose,
        participant: mail.participant,
        recipient: mail.to.address.clone(),
        reverse_path: threading.context.secret.bounce_address(id, domain),
        rfc_message_id: message_id,
        raw,
        at: threading.item.trace.received_at,
    };
    match (threading.mode, allowed) {
        (Mode::Rebuild(before), _) if let Some(end) = before.ended.get(&id) => {
            threading.writing.enqueue_ended(&outgoing, *end)?;
        }
        (_, false) => withhold(threading, state, message, mail, &outgoing)?,
        (_, true) if let Some(found) = suppressed(threading, state, mail)? => {
            threading.writing.enqueue_ended(&outgoing, End::Failed)?;
            let at = threading.item.trace.received_at;
            let answer = Answer { enhanced: Some("5.1.1".to_owned()), ..Answer::own(found.reason) };
            threading.writing.restore_end(id, End::Failed, &answer, at)?;
            let text = format!("{}: {}", mail.to.address, answer.text);
            threading.event(state, Some(message), EventKind::Failed, &text)?;
            tell_members(threading, state, message, Notice::Failed, &answer)?;
        }
        (Mode::Live, true) => threading.after.queued |= threading.writing.enqueue(&outgoing)?,
        (Mode::Rebuild(before), true)
            if before.was_there(mail.participant, threading.item.trace.received_at) =>
        {
            threading.writing.enqueue_ended(&outgoing, End::Unknown)?;
        }
        (Mode::Rebuild(_), true) => {}
    }
    Ok(())
}

/// The timeline says that a mail was stopped; gives the sentence.
fn stopped(
    threading: &mut Threading<'_>,
    state: &Conversation,
    message: MessageKey,
    mail: &Mail,
) -> Result<String, Trouble> {
    let text = told::LOOP.kept(&mail.to.address.to_string());
    threading.event(state, Some(message), EventKind::LoopStopped, &text)?;
    Ok(text)
}

/// What people said is kept until one of them says that this is no loop; a reply's author is told.
fn withhold(
    threading: &mut Threading<'_>,
    state: &Conversation,
    message: MessageKey,
    mail: &Mail,
    outgoing: &NewOutgoing,
) -> Result<(), Trouble> {
    let text = stopped(threading, state, message, mail)?;
    threading.writing.withhold(outgoing)?;
    if mail.purpose == Purpose::Reply {
        let base = &threading.context.identity.base_url;
        let answer = Answer::own(format!("{text}: {base}/inbox/{}", state.id));
        tell_members(threading, state, message, Notice::Failed, &answer)?;
    }
    Ok(())
}

/// A visitor's address that is not worth a try; a member's is always tried, for it is in use.
fn suppressed(
    threading: &Threading<'_>,
    state: &Conversation,
    mail: &Mail,
) -> Result<Option<Suppressed>, Trouble> {
    if mail.purpose != Purpose::Reply || relay_mail::is_alias(&mail.to.address) {
        return Ok(None);
    }
    let now = threading.item.trace.received_at;
    Ok(threading.writing.reading().suppressed(state.account, &mail.to.address, now)?)
}

/// The key of a mail follows from what it is: a rebuild finds the same.
pub(in crate::flow::gateway) fn outgoing_id(
    message: MessageKey,
    participant: Participant,
    purpose: Purpose,
    piece: usize,
) -> OutgoingId {
    let mut purpose = format!("{purpose:?}");
    if piece > 0 {
        purpose = format!("{purpose} {piece}");
    }
    OutgoingId::of(&[&message.0.to_be_bytes(), participant.code().as_bytes(), purpose.as_bytes()])
}

/// The addresses this participant must not see: the visitor not the members', nor where this reply was written from.
pub(super) fn private(
    threading: &Threading<'_>,
    state: &Conversation,
    reader: Participant,
) -> Result<Vec<Address>, Trouble> {
    let Participant::Visitor = reader else { return Ok(Vec::new()) };
    let mut private = threading.writing.reading().private_addresses(state.account)?;
    if let Door::Smtp(_) = threading.item.trace.door {
        let house = house(threading, state)?;
        let letter = &threading.item.letter;
        let authors = letter.from.iter().chain(&letter.sender).chain(&letter.reply_to);
        let authors = authors.map(|author| author.address.clone());
        private.extend(authors.filter(|address| !house.is_public(address)));
    }
    Ok(private)
}

/// The files that go along: all but what belongs to the author's signature, without what it must not see.
fn carried(
    threading: &Threading<'_>,
    state: &Conversation,
    hidden: &Hidden<'_>,
) -> Vec<Attachment> {
    // A mail client adds its signature's logo by itself; what was chosen on a page was meant.
    let by_mail = matches!(threading.item.trace.door, Door::Smtp(_));
    let unmeant = if by_mail { threading.unmeant(state) } else { Vec::new() };
    let files = threading.item.letter.attachments.iter().enumerate();
    files.filter(|(at, _)| !unmeant.contains(at)).map(|(_, file)| hidden.file(file)).collect()
}

/// Asks the correspondent's ledger, and counts the mail there.
fn may_send(threading: &Threading<'_>, state: &Conversation, mail: &Mail) -> Result<bool, Trouble> {
    let pressed = matches!(threading.item.trace.door, Door::Api { .. });
    let origin = origin(mail.purpose, pressed);
    if origin == Origin::Relayed
        && let Some(author) = threading.item.letter.author()
        && threading.writing.ledger(state.id, &author.address.folded())?.is_machines_pace()
    {
        return Ok(false);
    }
    let address = match mail.purpose {
        Purpose::HoldQuestion => unproven(&mail.to.address),
        _ => mail.to.address.folded(),
    };
    let mut ledger = threading.writing.ledger(state.id, &address)?;
    let allowed = ledger.may_send(origin, threading.item.trace.received_at);
    threading.writing.put_ledger(state.id, &address, &ledger)?;
    Ok(allowed)
}

/// The ledger of what claims to be a member's and is not proven: apart, or forged mail would stop what the member gets.
pub(in crate::flow::gateway) fn unproven(address: &Address) -> String {
    format!("unproven {}", address.folded())
}

fn origin(purpose: Purpose, pressed: bool) -> Origin {
    match purpose {
        Purpose::Reply if pressed => Origin::Pressed,
        Purpose::Reply | Purpose::Notification | Purpose::Copy => Origin::Relayed,
        Purpose::DelayNotice
        | Purpose::FailureNotice
        | Purpose::UnknownNotice
        | Purpose::HoldQuestion
        | Purpose::Receipt
        | Purpose::Postmaster
        | Purpose::TranslationQuestion
        | Purpose::SignIn
        | Purpose::ConnectionNotice
        | Purpose::Confirmation => Origin::Ours,
    }
}

/// What a member may have enough of: the news, not what concerns their own words.
fn unsubscribe(threading: &Threading<'_>, mail: &Mail) -> Option<String> {
    let Participant::Member(member) = mail.participant else { return None };
    matches!(mail.purpose, Purpose::Notification | Purpose::Copy).then(|| {
        quiet_link(&threading.context.identity.base_url, &threading.context.secret, member)
    })
}

/// Where a mail stands in the conversation its reader sees.
struct Place {
    /// The earlier messages by the ids under which this reader knows them: their own mails by the id they gave them,
    /// everybody else's by the id we gave the copy they got.
    references: Vec<MessageId>,
    /// The one their own client began with, else one of ours that says nothing to anybody else.
    thread_index: ThreadIndex,
}

fn place(
    threading: &Threading<'_>,
    state: &Conversation,
    message: MessageKey,
    reader: Participant,
) -> Result<Place, Trouble> {
    let secret = &threading.context.secret;
    let domain = &threading.context.identity.reply_domain;
    let reading = threading.writing.reading();
    let begin = reading.thread_begin(state.id, BEGIN)?;
    let begun = begin.first().map_or(threading.item.trace.received_at, |entry| entry.at);
    let own = |entry: &ThreadEntry| match reader {
        Participant::Visitor => entry.side == Side::Visitor,
        Participant::Member(id) => entry.member == Some(id),
    };
    let theirs = begin.iter().filter(|entry| own(entry)).find_map(|entry| entry.thread_index);
    let thread_index = theirs.unwrap_or_else(|| {
        let code = (state.id.to_string(), reader.code());
        let bits = secret.sign("thread", &[&code.0, &code.1]);
        let mut id = [0; 16];
        id.copy_from_slice(&bits[..16]);
        ThreadIndex::new(begun, id)
    });
    let before = reading.thread_before(state.id, message, REFERENCES)?;
    let known = |entry: ThreadEntry| {
        let own = own(&entry);
        let issued = || secret.message_id(entry.message, reader, domain);
        entry.rfc_message_id.filter(|_| own).unwrap_or_else(issued)
    };
    let first = begin.into_iter().next();
    let apart = first.filter(|first| before.first().is_some_and(|b| b.message != first.message));
    let references = apart.into_iter().chain(before).map(known).collect();
    Ok(Place { references, thread_index })
}
