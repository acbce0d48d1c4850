//! The mails a message causes, written in the same transaction as the message: here those that bring its words to
//! the members, in `visitor` those to the visitor, in `notices` what Relais itself has to say.

mod channel;
mod notices;
mod outbox;
pub(super) mod translated;
mod visitor;

use serde::Deserialize;

pub(super) use notices::{Notice, ask_member, hold_expired, tell_members, tell_postmaster};
use outbox::{Mail, queue};
pub(super) use outbox::{outgoing_id, unproven};
use translated::Reads;
pub(super) use visitor::{Words, answer_visitor, confirm, confirm_visitor};

use super::{Trouble, intake::Threading};
use crate::{
    ground::{
        account::{Account, Member},
        address::{Address, Mailbox},
        calendar,
        compose::{Hidden, reply_subject},
        conversation::{Conversation, Participant, Side, Verb},
        phrases::{self, Tongue},
        rich_text::RichText,
        translation::Translation,
    },
    keep::store::{NewMessage, Purpose},
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
    if let Some(translation) = translation {
        let (other, words) = if translated::nobody_answers(threading, house, translation) {
            (Verb::AsWritten, phrases::REPLY_UNTRANSLATED)
        } else if member.as_written {
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
    // What came over the API has no author but the house.
    let sender = match author {
        Some(member) => format!("{} ({})", member.name, house.name),
        None => house.name.clone(),
    };
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
            from: Mailbox::new(Some(&sender), address.clone()),
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
