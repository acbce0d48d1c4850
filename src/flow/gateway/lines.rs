//! What a line of the journal does to the index: the same when it is decided and when the index is made again.

use jiff::Timestamp;

use super::{Trouble, channel_messages, connections, intake};
use crate::{
    ground::{
        conversation::{EventKind, MessageKind, Side},
        key::{ConversationId, MessageKey},
        language::{self, Choice, Evidence, Heard, Language},
        outcome::DeliveryState,
        thread_address::Through,
    },
    keep::{
        journal::{Entry, Event},
        store::Writing,
    },
};

/// Applies a journal line to the index.
pub(super) fn apply(writing: &Writing<'_>, entry: &Entry) -> Result<(), Trouble> {
    match &entry.event {
        Event::Account(account) => writing.put_account(account)?,
        Event::Member(member) => writing.put_member(member)?,
        Event::MemberRemoved { member } => {
            writing.remove_member(*member)?;
        }
        Event::SenderRemembered { member, address, domain } => {
            writing.remember_sender(*member, address, domain)?;
        }
        Event::Done { conversation, latest } => {
            if unseen(writing, *conversation, *latest)?.is_none() {
                writing.set_needs_reply(*conversation, false)?;
            }
            if writing.conversation(*conversation)?.is_some() {
                writing.add_event(
                    *conversation,
                    None,
                    entry.at,
                    EventKind::Done,
                    "no reply needed",
                )?;
            }
        }
        Event::Closed { conversation, closed: false, .. } => {
            writing.set_closed(*conversation, false)?;
        }
        Event::Closed { conversation, closed: true, latest } => {
            if unseen(writing, *conversation, *latest)?.is_none() {
                writing.set_closed(*conversation, true)?;
                writing.set_needs_reply(*conversation, false)?;
            }
        }
        Event::Deleted { conversation, latest } => match unseen(writing, *conversation, *latest)? {
            None => writing.set_deleted(*conversation, Some(entry.at))?,
            Some((news, at)) => intake::wrote_again(writing, *conversation, news, at)?,
        },
        Event::Restored { conversation } => writing.set_deleted(*conversation, None)?,
        Event::Released { conversation } => {
            release(writing, *conversation, DeliveryState::Waiting, entry.at)?;
        }
        Event::LanguageChosen { conversation, language } => {
            choose_language(writing, *conversation, *language, entry.at)?;
        }
        Event::LanguageSet { conversation, language } => {
            set_language(writing, *conversation, *language, entry.at)?;
        }
        Event::Remembered { account, units } => {
            for unit in units {
                let pair = (unit.from, unit.to);
                let said = (unit.source.as_str(), unit.target.as_str());
                writing.keep_segment(*account, pair, "", said, entry.at)?;
            }
        }
        Event::Glossary { account, entry } => writing.put_glossary(*account, entry)?,
        Event::Acted(action) => writing.add_action(action, entry.at)?,
        Event::FormRules { account, rules } => writing.put_form_rules(*account, rules)?,
        Event::SuppressionLifted { address } => {
            writing.lift_suppression(None, address)?;
        }
        Event::Connection(kept) => connections::restore(writing, kept, entry.at)?,
        Event::ConnectionRemoved { connection } => writing.remove_connection(*connection)?,
        Event::Booked { .. } | Event::Stay { .. } | Event::ReadOnly { .. } | Event::Road { .. } => {
            of_channel(writing, &entry.event)?;
        }
        // Used while the mails are threaded, or applied by the caller.
        Event::Heard { .. }
        | Event::Overtaken { .. }
        | Event::Ended { .. }
        | Event::Late { .. }
        | Event::HoldDecided { .. }
        | Event::Opened(_)
        | Event::ReplyTakenBack { .. }
        | Event::Purged { .. }
        | Event::Merged { .. }
        | Event::Moved { .. }
        | Event::Translated { .. }
        | Event::ReplySettled { .. } => {}
    }
    Ok(())
}

/// What a channel says of its threads.
fn of_channel(writing: &Writing<'_>, event: &Event) -> Result<(), Trouble> {
    match event {
        Event::Booked { account, channel, thread, reservation, name } => {
            let of = (*account, *channel);
            channel_messages::booked(writing, of, thread, reservation, name.as_deref())?;
        }
        Event::Stay { account, channel, reservation, stay, name } => {
            let of = (*account, *channel);
            channel_messages::stays(writing, of, reservation, *stay, name.as_deref())?;
        }
        Event::ReadOnly { account, channel, thread, since } => {
            channel_messages::read_only(writing, (*account, *channel), thread, *since)?;
        }
        Event::Road { account, channel, thread, api, connection } => {
            let through = Through { api: *api, connection: *connection };
            channel_messages::road(writing, (*account, *channel), thread, through)?;
        }
        _ => {}
    }
    Ok(())
}

/// The visitor's first words that whoever decided had not seen: they came before the decision and were threaded after
/// it, and an index made again threads them first. The decision does not reach them.
fn unseen(
    writing: &Writing<'_>,
    conversation: ConversationId,
    latest: Option<MessageKey>,
) -> Result<Option<(MessageKey, Timestamp)>, Trouble> {
    let Some(latest) = latest else { return Ok(None) };
    Ok(writing.reading().unseen_since(conversation, latest)?)
}

fn choose_language(
    writing: &Writing<'_>,
    conversation: ConversationId,
    language: Language,
    at: Timestamp,
) -> Result<(), Trouble> {
    let Some(state) = writing.conversation(conversation)? else { return Ok(()) };
    // What the house set by hand stands above the visitor's choice.
    if state.language_why != Some(Choice::SetByHand) {
        writing.set_language(conversation, language.as_str(), Choice::VisitorChoice)?;
    }
    let text = format!("the visitor chose {}", language.name());
    Ok(writing.add_event(conversation, None, at, EventKind::Language, &text)?)
}

fn set_language(
    writing: &Writing<'_>,
    conversation: ConversationId,
    by_hand: Option<Language>,
    at: Timestamp,
) -> Result<(), Trouble> {
    let Some(state) = writing.conversation(conversation)? else { return Ok(()) };
    let rows = writing.reading().messages(state.account, conversation)?;
    let visitors =
        rows.iter().filter(|row| row.side == Side::Visitor && row.kind == MessageKind::Person);
    let messages: Vec<Heard> = visitors.map(|row| Heard::of(&row.text)).collect();
    // What the visitor or the channel chose was no hand of ours.
    let now = state.language.as_deref().and_then(|code| Language::parse(code).ok());
    let chosen = |why| now.filter(|_| state.language_why == Some(why));
    let evidence = Evidence {
        set_by_hand: by_hand,
        visitor_choice: chosen(Choice::VisitorChoice),
        channel: chosen(Choice::Channel),
        messages: &messages,
        site: None,
    };
    let guess = || messages.iter().rev().find_map(|heard| language::follows(None, heard));
    let found = language::conversation_language(&evidence).or_else(guess);
    writing.choose_language(conversation, found)?;
    let text = match (by_hand, found) {
        (Some(language), _) => format!("{} was set by hand", language.name()),
        (None, Some((language, _))) => format!("{}, as the visitor writes", language.name()),
        (None, None) => "nobody knows the visitor's language yet".to_owned(),
    };
    Ok(writing.add_event(conversation, None, at, EventKind::Language, &text)?)
}

/// Everybody in the conversation is written to again, and what was withheld goes on as `state`.
pub(super) fn release(
    writing: &Writing<'_>,
    conversation: ConversationId,
    state: DeliveryState,
    at: Timestamp,
) -> Result<(), Trouble> {
    writing.forget_ledgers(conversation)?;
    let mails = writing.release_withheld(conversation, state)?;
    let text = format!("this is no loop of machines, somebody said; {mails} withheld mails go on");
    Ok(writing.add_event(conversation, None, at, EventKind::Released, &text)?)
}
