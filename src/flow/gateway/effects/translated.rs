//! Translation in the mails: which messages wait for it, what their readers see, what the author of a reply is told.

use jiff::SignedDuration;

use super::{
    house,
    notices::{decision_link, notice},
};
use crate::{
    flow::gateway::{
        Trouble,
        intake::{Mode, Threading},
    },
    ground::{
        access::Scope,
        account::{Account, Member},
        conversation::{Conversation, Side},
        facts::{self, Terms},
        key::MessageKey,
        language::Language,
        phrases::{self, Tongue},
        rich_text::RichText,
        translation::{State, Translation},
        untranslated::Why,
    },
    keep::store::{NewMessage, Purpose},
};

/// How a visitor's message reaches a member.
pub(super) enum Reads {
    /// As it is.
    AsWritten,
    /// Once it is translated between these languages.
    Translated(Language, Language),
    /// As it is, with a word about why there is no translation: no engine has this pair.
    Foreign(Language, Language),
}

/// Whether a visitor's message is to be translated for a member.
///
/// A rebuild asks for none: what members were told is in the journal, and nobody is told twice.
pub(super) fn reads(
    threading: &Threading<'_>,
    state: &Conversation,
    house: &Account,
    member: &Member,
) -> Reads {
    let (Mode::Live, Some(translator)) = (&threading.mode, &threading.context.translator) else {
        return Reads::AsWritten;
    };
    let found = threading.item.reading.language.as_ref().filter(|found| !found.too_short);
    let sure = found.filter(|found| found.sure);
    // Where the message does not say, the conversation does, and a guess only where neither has.
    let conversation = state.language.as_deref();
    let code = sure.map(|found| found.code.as_str()).or(conversation);
    let code = code.or(found.map(|found| found.code.as_str()));
    let from = code.and_then(|code| Language::parse(code).ok());
    let (Some(from), Ok(to)) = (from, Language::parse(&house.language)) else {
        return Reads::AsWritten;
    };
    match member.reads.iter().any(|code| Language::parse(code) == Ok(from)) {
        reads if reads || from == to => Reads::AsWritten,
        _ if translator.knows(&house.engines, from, to) => Reads::Translated(from, to),
        _ => Reads::Foreign(from, to),
    }
}

/// That no engine has a pair, as it stands above a message.
pub(super) fn untranslated(tongue: Tongue, (from, to): (Language, Language)) -> Translation {
    let mut none = Translation::waiting(from, to);
    (none.state, none.why) = (State::Never, Why::Unsupported(from, to).say(tongue));
    none
}

/// Can no engine say the member's reply in the visitor's language either?
pub(super) fn nobody_answers(
    threading: &Threading<'_>,
    house: &Account,
    translation: &Translation,
) -> bool {
    let translator = threading.context.translator.as_ref();
    let knows =
        translator.is_some_and(|it| it.knows(&house.engines, translation.to, translation.from));
    translation.state == State::Never && !knows
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
        text.push_str(&format!("\n\n{}{line}\n\n", rough(tongue, translation)));
        text
    } else {
        let line = phrases::NO_TRANSLATION.say(tongue, &translation.why);
        RichText::from(format!("{line}{}\n\n", draft(tongue, translation)))
    };
    text.push(own);
    text
}

/// Says that a translation is rough, where it is.
fn rough(tongue: Tongue, translation: &Translation) -> String {
    let line = Some(phrases::ROUGH.say(tongue, "")).filter(|_| translation.rough);
    line.map(|line| format!("{line} ")).unwrap_or_default()
}

/// What a held translation says, and what differs in it; empty where there is none.
fn draft(tongue: Tongue, translation: &Translation) -> String {
    let mut text = String::new();
    if translation.state == State::Held && !translation.text.is_empty() {
        let line = phrases::DRAFT.say(tongue, translation.to.name());
        text = format!("\n\n{line}\n\n{}\n", translation.text);
        for difference in &translation.differences {
            text.push_str(&format!("\n- {difference}"));
        }
    }
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
    text.push_str(&format!("\n\n{}{}\n\n", rough(tongue, translation), wrote.say(tongue, &who)));
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
    let facts = facts::find(&message.text, translation.from, &Terms::default()).len().to_string();
    let line = phrases::RECEIPT.say(tongue, &who);
    let mut text = format!("{}{line}\n\n{}\n", rough(tongue, translation), translation.text);
    if !translation.back.is_empty() {
        let back = phrases::BACK_TRANSLATED.say(tongue, &facts);
        text = format!("{text}\n{back}\n\n{}\n", translation.back);
    }
    if undo > SignedDuration::ZERO {
        let soon = phrases::SENT_SOON.say(tongue, &undo.as_secs().to_string());
        text = format!("{soon} {}\n\n{text}", decision_link(threading, message.id));
    }
    let subject = phrases::TRANSLATED_SUBJECT.say(tongue, &state.subject);
    notice(threading, state, message.id, member, Purpose::Receipt, subject, text)
}

/// A reply could not be translated safely: its author decides.
pub(in crate::flow::gateway) fn ask(
    threading: &mut Threading<'_>,
    state: &Conversation,
    message: &NewMessage,
    translation: &Translation,
) -> Result<(), Trouble> {
    let tongue = Tongue::of(&house(threading, state)?.language);
    let text = format!(
        "{}\n\n{}\n\n> {}{}\n",
        phrases::CANNOT_TRANSLATE.say(tongue, &translation.why),
        phrases::DECIDE.say(tongue, &decision_link(threading, message.id)),
        message.text.replace('\n', "\n> "),
        draft(tongue, translation),
    );
    let subject = phrases::NOT_TRANSLATED_YET.say(tongue, &state.subject);
    for member in threading.writing.reading().members(state.account)? {
        // The link decides: who may only look gets none.
        let may = member.role.scope() >= Scope::Reply;
        if may && message.member.is_none_or(|author| author == member.id) {
            let (subject, text) = (subject.clone(), text.clone());
            notice(
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
