//! The mails a visitor gets: the provider's reply, and that a request has arrived.

use jiff::SignedDuration;

use super::{
    house,
    outbox::{self, Mail, queue},
    translated, visible,
};
use crate::{
    flow::gateway::{Trouble, intake::Threading},
    ground::{
        account::Account,
        address::{Address, Mailbox},
        compose::{Hidden, visitors_subject},
        conversation::{Conversation, EventKind, Participant},
        key::{ConversationId, MessageKey},
        phrases::{self, Tongue},
        rich_text::RichText,
        translation::Translation,
    },
    keep::store::{NewMessage, Purpose},
};

/// The words in which the provider's reply reaches the visitor.
#[derive(Clone, Copy, Debug)]
pub(in crate::flow::gateway) enum Words<'a> {
    /// Its own.
    AsWritten,
    /// Its own, with a line of courtesy: it should have been translated.
    Untranslated,
    /// Translated, its own below.
    Translated(&'a Translation),
}

/// The provider answered: the visitor gets it from the house, in as many pieces as the channel wants.
pub(in crate::flow::gateway) fn answer_visitor(
    threading: &mut Threading<'_>,
    state: &Conversation,
    message: &NewMessage,
    words: Words<'_>,
) -> Result<(), Trouble> {
    let Some(visitor) = state.visitor_address.clone() else {
        return threading.event(
            state,
            Some(message.id),
            EventKind::Undeliverable,
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
            let filtered = threading.context.capabilities(state).links_filtered;
            let link = (!filtered).then(|| reading_link(threading, message.id));
            let text = translated::for_visitor(&house, translation, &said, &own, link.as_deref());
            (text, Some(translation.to.to_string()))
        }
    };
    // At the very end: a mail client greys out all that stands below such a line.
    let text = signed(text, &house, state);
    let tongue = Tongue::of(state.language.as_deref().unwrap_or(&house.language));
    let subject = visitors_subject(state, tongue);
    // The relay of a platform lets in only the addresses the house registered there.
    let (from, answers) = if state.channel.is_ota() {
        (house.relay_sender().clone(), house.relay_sender().clone())
    } else {
        // Answers come here whatever stands above them.
        (house.own_sender().unwrap_or(&address).clone(), address)
    };
    for (piece, text) in pieces(threading, text, state).into_iter().enumerate() {
        let mail = Mail {
            purpose: Purpose::Reply,
            participant: Participant::Visitor,
            from: Mailbox::new(Some(&house.name), from.clone()),
            to: Mailbox::new(state.visitor_name.as_deref(), visitor.clone()),
            subject: subject.clone(),
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
fn pieces(threading: &Threading<'_>, text: RichText, state: &Conversation) -> Vec<RichText> {
    if !state.channel.is_ota() {
        return vec![text];
    }
    let pieces = threading.context.capabilities(state).pieces(&text.text);
    pieces.into_iter().map(RichText::from).collect()
}

/// Confirmations an address gets in a day at most: anybody can type it into a form.
const CONFIRMATIONS_A_DAY: usize = 3;

/// A visitor used the form: they learn that it arrived, and where to write. Nothing they typed is in it, or the form
/// would carry strangers' words to strangers.
pub(in crate::flow::gateway) fn confirm_visitor(
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
pub(in crate::flow::gateway) fn confirm(
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

/// The signed link under which the visitor reads a reply in its original or another language.
fn reading_link(threading: &Threading<'_>, message: MessageKey) -> String {
    let signature = threading.context.secret.link("read", message);
    format!("{}/read/{message}/{signature}", threading.context.identity.base_url)
}
