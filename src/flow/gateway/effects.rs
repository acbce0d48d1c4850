//! The mails a message causes, written in the same transaction as the message.

mod channel;
mod outbox;
pub(super) mod translated;

use jiff::SignedDuration;
use serde::Deserialize;

pub(super) use outbox::outgoing_id;
pub(super) use outbox::unproven;
use outbox::{Mail, queue};
use translated::Reads;

use super::{Trouble, intake::Mode, intake::Threading};
use crate::{
    ground::{
        account::{Account, Member},
        address::{Address, Mailbox},
        calendar,
        capabilities::Capabilities,
        compose::{Draft, Hidden, render, reply_subject},
        conversation::{Conversation, Participant, Side, Verb},
        key::{AccountId, ConversationId, MessageKey, OutgoingId},
        letter::MessageId,
        outcome::{Answer, End},
        phrases::{self, Tongue},
        refusal,
        rich_text::RichText,
        told,
        translation::Translation,
    },
    keep::store::{MessageRow, NewMessage, NewOutgoing, Purpose},
};

/// The visitor wrote: every member gets it as a mail they can answer; those who do not read its language, once it is
/// translated.
pub(super) fn notify_members(
    threading: &mut Threading<'_>,
    state: &Conversation,
    message: &NewMessage,
) -> Result<(), Trouble> {
    let house = house(threading, state)?;
    for member in threading.writing.reading().members(state.account)? {
        if !house.has_messaging() {
            channel::ordinary_mail(threading, state, message, &house, &member)?;
            continue;
        }
        if member.quiet {
            continue;
        }
        match translated::reads(threading, state, &house, &member) {
            Reads::Translated(from, to) => {
                translated::want(threading, message.id, (from, to), Side::Visitor)?;
            }
            Reads::AsWritten => notify_member(threading, state, message, &house, &member, None)?,
            Reads::Foreign(from, to) => {
                let none = translated::untranslated(Tongue::of(&house.language), (from, to));
                notify_member(threading, state, message, &house, &member, Some(&none))?;
            }
        }
    }
    Ok(())
}

/// A mail for the house that is no visitor's: the members get it as ordinary mail, but not who has had it already and
/// forwards such mail here.
pub(super) fn pass_on(
    threading: &mut Threading<'_>,
    state: &Conversation,
    message: &NewMessage,
) -> Result<(), Trouble> {
    let house = house(threading, state)?;
    let letter = &threading.item.letter;
    let had: Vec<Address> = letter.to.iter().chain(&letter.cc).map(|m| m.address.clone()).collect();
    for member in threading.writing.reading().members(state.account)? {
        if !member.quiet && !had.iter().any(|to| to.same_mailbox(&member.address)) {
            channel::ordinary_mail(threading, state, message, &house, &member)?;
        }
    }
    Ok(())
}

/// A visitor's message for one member, above it its translation if there was to be one.
pub(super) fn notify_member(
    threading: &mut Threading<'_>,
    state: &Conversation,
    message: &NewMessage,
    house: &Account,
    member: &Member,
    translation: Option<&Translation>,
) -> Result<(), Trouble> {
    let tongue = Tongue::of(&house.language);
    let author = author(state, message);
    let participant = Participant::Member(member.id);
    let token = threading.invite(state.id, participant)?;
    let domain = &threading.context.identity.reply_domain;
    let address = token.at("", domain);
    let hidden = Hidden { private: Vec::new(), domain, reader: &address };
    let mut text = visible(threading, message, &hidden);
    if let Some(translation) = translation {
        let said = hidden.rich(&translation.rich());
        text = translated::shown(tongue, translation, &said, &text);
    } else if let Some(theirs) = message.details["translated"].as_str() {
        // The platform's own translation into the house's language.
        text = format!("{theirs}\n\n> {}", text.text.replace('\n', "\n> ")).into();
    }
    for card in calendar::kept(&message.details) {
        text = text.below(&card.told(tongue, &house.zone()));
    }
    let dangerous: Vec<&str> = message
        .attachments
        .iter()
        .filter(|f| f.danger.is_some())
        .map(|f| f.name.as_str())
        .collect();
    if !dangerous.is_empty() {
        let names = phrases::DANGEROUS_FILES.say(tongue, &dangerous.join(", "));
        text = text.below(&names);
    }
    if let Some(other) = another_person(message) {
        let who = format!("{} <{}>", other.display(), other.address);
        text = text.below(&phrases::ANOTHER_PERSON.say(tongue, &who));
    }
    if message.details["redacted"] == true {
        text = text.below(&phrases::REDACTED.say(tongue, ""));
    }
    let verb = |verb: Verb| format!("mailto:{}", token.at(verb.suffix(), domain));
    let mut footer = vec![
        channel::how_to_answer(threading, state, tongue, &author)?,
        phrases::NO_REPLY_NEEDED.say(tongue, &verb(Verb::Done)),
        phrases::NOTE_TO_SELF.say(tongue, &verb(Verb::Note)),
    ];
    if translation.is_some() {
        let (other, words) = if member.as_written {
            (Verb::Translated, phrases::REPLY_TRANSLATED)
        } else {
            (Verb::AsWritten, phrases::REPLY_AS_WRITTEN)
        };
        footer.insert(1, words.say(tongue, &verb(other)));
    }
    text.push_str(&format!("\n\n-- \n{}\n", footer.join("\n")));
    let mail = Mail {
        purpose: Purpose::Notification,
        participant,
        from: Mailbox::new(Some(&author), address.clone()),
        to: Mailbox::new(Some(&member.name), member.address.clone()),
        subject: state.subject.clone(),
        text,
        language: message.language.as_ref().map(|(code, _)| code.clone()),
        carries: true,
        automatic: true,
        piece: 0,
    };
    queue(threading, state, message.id, &mail, &address)
}

/// The visitor by the best name there is.
fn author(state: &Conversation, message: &NewMessage) -> String {
    let name = message.author_name.clone().or_else(|| state.visitor_name.clone());
    name.unwrap_or_else(|| {
        message.author_address.as_ref().map_or_else(|| "?".to_owned(), |a| a.local().to_owned())
    })
}

/// Who wrote to the visitor's address without being the visitor.
fn another_person(message: &NewMessage) -> Option<Mailbox> {
    let found = message.details.get("another_person")?;
    Mailbox::deserialize(found).ok()
}

/// The words in which the provider's reply reaches the visitor.
#[derive(Clone, Copy, Debug)]
pub(super) enum Words<'a> {
    /// Its own.
    AsWritten,
    /// Its own, with a line of courtesy: it should have been translated.
    Untranslated,
    /// Translated, its own below.
    Translated(&'a Translation),
}

/// The provider answered: the visitor gets it from the house, in as many pieces as the channel wants.
pub(super) fn answer_visitor(
    threading: &mut Threading<'_>,
    state: &Conversation,
    message: &NewMessage,
    words: Words<'_>,
) -> Result<(), Trouble> {
    let Some(visitor) = state.visitor_address.clone() else {
        return threading.event(
            state,
            Some(message.id),
            "undeliverable",
            "the visitor left no address",
        );
    };
    let house = house(threading, state)?;
    let token = threading.invite(state.id, Participant::Visitor)?;
    let domain = &threading.context.identity.reply_domain;
    let address = token.at("", domain);
    let private = outbox::private(threading, state, Participant::Visitor)?;
    let hidden = Hidden { private, domain, reader: &address };
    let own = visible(threading, message, &hidden);
    let written_in = message.language.as_ref().map(|(code, _)| code.clone());
    let (text, language) = match words {
        Words::AsWritten => (own, written_in),
        Words::Untranslated => {
            let tongue = Tongue::of(state.language.as_deref().unwrap_or_default());
            let line = phrases::NOT_TRANSLATED.say(tongue, &house.name);
            (own.below(&line), written_in)
        }
        Words::Translated(translation) => {
            let said = hidden.rich(&translation.rich());
            // A platform takes links out and frowns on them.
            let filtered = Capabilities::of(state, None).links_filtered;
            let link = (!filtered).then(|| reading_link(threading, message.id));
            let text = translated::for_visitor(&house, translation, &said, &own, link.as_deref());
            (text, Some(translation.to.to_string()))
        }
    };
    // At the very end: a mail client greys out all that stands below such a line.
    let text = signed(text, &house, state);
    // The relay of a platform lets in only the addresses the house registered there.
    let (from, answers) = if state.channel.is_ota() {
        (house.relay_sender().clone(), house.relay_sender().clone())
    } else {
        // Answers come here whatever stands above them.
        (house.own_sender().unwrap_or(&address).clone(), address)
    };
    for (piece, text) in pieces(text, state).into_iter().enumerate() {
        let mail = Mail {
            purpose: Purpose::Reply,
            participant: Participant::Visitor,
            from: Mailbox::new(Some(&house.name), from.clone()),
            to: Mailbox::new(state.visitor_name.as_deref(), visitor.clone()),
            subject: reply_subject(&state.subject),
            text,
            language: language.clone(),
            carries: true,
            automatic: false,
            piece,
        };
        queue(threading, state, message.id, &mail, &answers)?;
    }
    Ok(())
}

/// With the house's signature; a platform puts its own around the words.
fn signed(mut text: RichText, house: &Account, state: &Conversation) -> RichText {
    if !house.signature.is_empty() && !state.channel.is_ota() {
        text.push_str(&format!("\n\n-- \n{}", house.signature));
    }
    text
}

/// As many mails as the channel wants. A platform reads nothing but text.
fn pieces(text: RichText, state: &Conversation) -> Vec<RichText> {
    if !state.channel.is_ota() {
        return vec![text];
    }
    let pieces = Capabilities::of(state, None).pieces(&text.text);
    pieces.into_iter().map(RichText::from).collect()
}

/// Confirmations an address gets in a day at most: anybody can type it into a form.
const CONFIRMATIONS_A_DAY: usize = 3;

/// A visitor used the form: they learn that it arrived, and where to write. Nothing they typed is in it, or the form
/// would carry strangers' words to strangers.
pub(super) fn confirm_visitor(
    threading: &mut Threading<'_>,
    id: ConversationId,
) -> Result<(), Trouble> {
    let Some(state) = threading.writing.conversation(id)? else { return Ok(()) };
    let Some(visitor) = state.visitor_address.clone() else { return Ok(()) };
    let first = threading.writing.reading().thread_begin(id, 1)?.first().map(|entry| entry.message);
    match first {
        Some(message) => confirm(threading, &state, visitor, message),
        None => Ok(()),
    }
}

/// The same to whoever wrote this message.
pub(super) fn confirm(
    threading: &mut Threading<'_>,
    state: &Conversation,
    visitor: Address,
    message: MessageKey,
) -> Result<(), Trouble> {
    let house = house(threading, state)?;
    let reading = threading.writing.reading();
    let day_ago = threading.item.trace.received_at - SignedDuration::from_hours(24);
    let wanted = house.has_messaging() && reading.form_rules(state.account)?.confirm;
    if !wanted || reading.confirmations_since(&visitor, day_ago)? >= CONFIRMATIONS_A_DAY {
        return Ok(());
    }
    let tongue = Tongue::of(state.language.as_deref().unwrap_or(&house.language));
    let token = threading.invite(state.id, Participant::Visitor)?;
    let address = token.at("", &threading.context.identity.reply_domain);
    let mail = Mail {
        purpose: Purpose::Confirmation,
        participant: Participant::Visitor,
        from: Mailbox::new(Some(&house.name), address.clone()),
        to: Mailbox::new(None, visitor),
        subject: phrases::CONFIRMATION_SUBJECT.say(tongue, &house.name),
        text: phrases::CONFIRMATION.say(tongue, &house.name).into(),
        language: None,
        carries: false,
        automatic: true,
        piece: 0,
    };
    queue(threading, state, message, &mail, &address)
}

/// One member answered: the others learn what and who.
pub(super) fn copy_members(
    threading: &mut Threading<'_>,
    state: &Conversation,
    message: &NewMessage,
) -> Result<(), Trouble> {
    let house = house(threading, state)?;
    let tongue = Tongue::of(&house.language);
    let members = threading.writing.reading().members(state.account)?;
    let author = members.iter().find(|m| Some(m.id) == message.member);
    let who = author.map_or_else(|| house.name.clone(), |m| m.name.clone());
    for member in members.iter().filter(|m| Some(m.id) != message.member && !m.quiet) {
        let participant = Participant::Member(member.id);
        let token = threading.invite(state.id, participant)?;
        let domain = &threading.context.identity.reply_domain;
        let address = token.at("", domain);
        let hidden = Hidden { private: Vec::new(), domain, reader: &address };
        let mut text = visible(threading, message, &hidden);
        text = text.below(&phrases::ANSWERED.say(tongue, &who));
        text.push_str("\n");
        let mail = Mail {
            purpose: Purpose::Copy,
            participant,
            from: Mailbox::new(Some(&format!("{who} ({})", house.name)), address.clone()),
            to: Mailbox::new(Some(&member.name), member.address.clone()),
            subject: reply_subject(&state.subject),
            text,
            language: message.language.as_ref().map(|(code, _)| code.clone()),
            carries: true,
            automatic: true,
            piece: 0,
        };
        queue(threading, state, message.id, &mail, &address)?;
    }
    Ok(())
}

/// A reply is held: its member is asked, in one mail with one link.
pub(super) fn ask_member(
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
pub(super) fn hold_expired(
    threading: &mut Threading<'_>,
    state: &Conversation,
    row: &MessageRow,
) -> Result<(), Trouble> {
    let tongue = Tongue::of(&house(threading, state)?.language);
    // What a robot wrote in a form is nobody's reply.
    let members = match row.side.as_str() {
        "visitor" => Vec::new(),
        _ => threading.writing.reading().members(state.account)?,
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
pub(super) fn tell_postmaster(threading: &mut Threading<'_>) -> Result<(), Trouble> {
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
pub(super) enum Notice {
    /// It could not be delivered.
    Failed,
    /// It is still on its way.
    Late,
    /// Nobody knows whether it arrived.
    Unknown,
}

impl Notice {
    /// What is news of a mail that ended so.
    pub(super) fn of_end(end: End) -> Option<Self> {
        match end {
            End::Failed => Some(Notice::Failed),
            End::Unknown => Some(Notice::Unknown),
            End::Done => None,
        }
    }
}

/// Every member is told, the visitor is not.
pub(super) fn tell_members(
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

fn notice(
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
fn decision_link(threading: &Threading<'_>, message: MessageKey) -> String {
    let signature = threading.context.secret.link("hold", message);
    format!("{}/held/{message}/{signature}", threading.context.identity.base_url)
}

/// The signed link under which the visitor reads a reply in its original or another language.
fn reading_link(threading: &Threading<'_>, message: MessageKey) -> String {
    let signature = threading.context.secret.link("read", message);
    format!("{}/read/{message}/{signature}", threading.context.identity.base_url)
}

/// The words of a message as the other side may see them.
fn visible(threading: &Threading<'_>, message: &NewMessage, hidden: &Hidden<'_>) -> RichText {
    let rich = threading.item.reading.rich.as_ref();
    hidden.rich(&spoken(&message.text, &message.signature, rich))
}

/// What a message says, with the looks of its HTML where it has been read from the same mail.
pub(super) fn spoken(text: &str, signature: &str, rich: Option<&RichText>) -> RichText {
    let Some(rich) = rich.filter(|rich| rich.says(text)) else {
        return said(text, signature).into();
    };
    let mut whole = rich.clone();
    // Behind an empty text stands the closing, if there is to be one.
    whole.push_str(said("", signature).as_str());
    whole
}

/// What a message says: the new text with its closing ("Kind regards, Ana"), but not the block of a `-- ` signature,
/// which carries private addresses and phones.
pub(super) fn said(text: &str, signature: &str) -> String {
    let closing = signature.trim();
    let short = closing.lines().count() <= 3 && closing.chars().count() <= 120;
    let private_looking = closing.starts_with("--") || closing.contains(['@', '+', '/']);
    if closing.is_empty() || !short || private_looking {
        text.to_owned()
    } else {
        format!("{text}\n\n{closing}")
    }
}

pub(super) fn house(threading: &Threading<'_>, state: &Conversation) -> Result<Account, Trouble> {
    let found = threading.writing.reading().account(state.account)?;
    found.ok_or_else(|| {
        crate::keep::store::StoreError::Corrupt(format!("account {} is missing", state.account))
            .into()
    })
}
