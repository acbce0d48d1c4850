//! Translation in the mails: which messages wait for it, what their readers see, what the author of a reply is told.

use jiff::SignedDuration;

use super::{decision_link, house};
use crate::{
    flow::gateway::{
        Trouble,
        intake::{Mode, Threading},
    },
    ground::{
        account::{Account, Member},
        conversation::{Conversation, Side},
        facts::{self, Terms},
        key::MessageKey,
        language::Language,
        phrases::{self, Tongue},
        rich_text::RichText,
        translation::{State, Translation},
    },
    keep::store::{NewMessage, Purpose},
};

/// The languages between which a visitor's message is translated for a member; `None` when they read it as it is.
///
/// A rebuild asks for none: what members were told is in the journal, and nobody is told twice.
pub(super) fn pair(
    threading: &Threading<'_>,
    state: &Conversation,
    house: &Account,
    member: &Member,
) -> Option<(Language, Language)> {
    let Mode::Live = threading.mode else { return None };
    let translator = threading.context.translator.as_ref()?;
    let found = threading.item.reading.language.as_ref().filter(|found| !found.too_short);
    let sure = found.filter(|found| found.sure);
    // Where the message does not say, the conversation does, and a guess only where neither has.
    let conversation = state.language.as_deref();
    let code = sure.map(|found| found.code.as_str()).or(conversation);
    let from = Language::parse(code.or(found.map(|found| found.code.as_str()))?).ok()?;
    let to = Language::parse(&house.language).ok()?;
    let reads = from == to || member.reads.iter().any(|code| Language::parse(code) == Ok(from));
    (!reads && translator.knows(from, to)).then_some((from, to))
}

/// Puts a message before the engines.
pub(in crate::flow::gateway) fn want(
    threading: &mut Threading<'_>,
    message: MessageKey,
    languages: (Language, Language),
    side: Side,
) -> Result<(), Trouble> {
    let now = threading.item.trace.received_at;
    let wait = threading.context.translator.as_ref().map_or(SignedDuration::ZERO, |t| match side {
        Side::Visitor => t.waits.notification,
        Side::Provider => t.waits.reply,
    });
    let deadline = now.checked_add(wait).unwrap_or(now);
    threading.writing.want_translation(message, languages, now, deadline)?;
    threading.after.translate = true;
    Ok(())
}

/// A visitor's message as a member reads it: the translation above, or why there is none.
pub(super) fn shown(
    tongue: Tongue,
    translation: &Translation,
    said: &RichText,
    own: &RichText,
) -> RichText {
    let mut text = if translation.state == State::Done {
        let mut text = said.clone();
        let line = phrases::ORIGINAL_BELOW.say(tongue, translation.from.name());
        text.push_str(&format!("\n\n{line}\n\n"));
        text
    } else {
        let line = phrases::NO_TRANSLATION.say(tongue, &translation.why);
        RichText::from(format!("{line}\n\n"))
    };
    text.push(own);
    text
}

/// A reply as the visitor reads it: in their language, the original below a line that says who wrote it.
pub(super) fn for_visitor(
    house: &Account,
    translation: &Translation,
    said: &RichText,
    own: &RichText,
    link: Option<&str>,
) -> RichText {
    let tongue = Tongue::of(translation.to.as_str());
    let other = link.map(|link| format!("\n\n{}", phrases::READ_OTHERWISE.say(tongue, link)));
    let who = format!("{} ({})", house.name, translation.from.name());
    let wrote =
        if translation.is_a_persons() { phrases::HOUSE_WROTE_BOTH } else { phrases::HOUSE_WROTE };
    let mut text = said.clone();
    text.push_str(&format!("\n\n{}\n\n", wrote.say(tongue, &who)));
    text.push(own);
    text.push_str(&other.unwrap_or_default());
    text
}

/// The author of a mailed reply learns what the visitor will read, and may stop it while there is time.
pub(in crate::flow::gateway) fn receipt(
    threading: &mut Threading<'_>,
    state: &Conversation,
    message: &NewMessage,
    member: &Member,
    translation: &Translation,
    undo: SignedDuration,
) -> Result<(), Trouble> {
    let tongue = Tongue::of(&house(threading, state)?.language);
    let visitor = state.visitor_name.clone();
    let visitor = visitor.or_else(|| state.visitor_address.as_ref().map(ToString::to_string));
    let who = format!("{} ({})", visitor.unwrap_or_default(), translation.to.name());
    let facts = facts::find(&message.text, &Terms::default()).len().to_string();
    let mut text = format!("{}\n\n{}\n", phrases::RECEIPT.say(tongue, &who), translation.text);
    if !translation.back.is_empty() {
        let back = phrases::BACK_TRANSLATED.say(tongue, &facts);
        text = format!("{text}\n{back}\n\n{}\n", translation.back);
    }
    if undo > SignedDuration::ZERO {
        let soon = phrases::SENT_SOON.say(tongue, &undo.as_secs().to_string());
        text = format!("{soon} {}\n\n{text}", decision_link(threading, message.id));
    }
    let subject = phrases::TRANSLATED_SUBJECT.say(tongue, &state.subject);
    super::notice(threading, state, message.id, member, Purpose::Receipt, subject, text)
}

/// A reply could not be translated safely: its author decides.
pub(in crate::flow::gateway) fn ask(
    threading: &mut Threading<'_>,
    state: &Conversation,
    message: &NewMessage,
    translation: &Translation,
) -> Result<(), Trouble> {
    let tongue = Tongue::of(&house(threading, state)?.language);
    let mut text = format!(
        "{}\n\n{}\n\n> {}\n",
        phrases::CANNOT_TRANSLATE.say(tongue, &translation.why),
        phrases::DECIDE.say(tongue, &decision_link(threading, message.id)),
        message.text.replace('\n', "\n> "),
    );
    for difference in &translation.differences {
        text.push_str(&format!("\n- {difference}"));
    }
    let subject = phrases::NOT_TRANSLATED_YET.say(tongue, &state.subject);
    for member in threading.writing.reading().members(state.account)? {
        if message.member.is_none_or(|author| author == member.id) {
            let (subject, text) = (subject.clone(), text.clone());
            super::notice(
                threading,
                state,
                message.id,
                &member,
                Purpose::TranslationQuestion,
                subject,
                text,
            )?;
        }
    }
    Ok(())
}
