//! What a translation changes, inside a transaction: a member is notified, a reply is made ready, sent, or asked about.

use jiff::{SignedDuration, Timestamp};

use super::{
    Aftermath, Item, Mode,
    thread::{Context, Threading},
};
use crate::{
    flow::{
        clock,
        gateway::{
            Trouble,
            effects::{self, Words, translated},
        },
    },
    ground::{
        conversation::{Channel, Conversation, EventKind, MessageState, Side, Verb},
        facts::{Terms, verify},
        language::Language,
        phrases::Tongue,
        routing::{Route, Strategy},
        trace::Door,
        translation::{self, Plan, Reply, Settled, State, Translation, Wanted},
        untranslated,
    },
    keep::store::{MessageRow, NewMessage, Writing},
};

/// Takes in a translation (or that there is none) of a message.
pub(in crate::flow::gateway) fn translated(
    writing: &Writing<'_>,
    context: &Context,
    item: &Item,
    row: &MessageRow,
    found: &Translation,
    now: Timestamp,
    mode: &Mode,
) -> Result<Aftermath, Trouble> {
    let (mut threading, state) = Threading::about(writing, context, item, mode, row.id)?;
    let Some(state) = state else { return Ok(threading.after) };
    let message = threading.again(&state, row);
    if message.side == Side::Visitor {
        writing.put_translation(row.id, found, now)?;
        threading.changed(&state);
        threading.notify_waiting(&state, &message, found)?;
    } else if row.state == MessageState::Translating {
        threading.reply_translated(&state, &message, found, now)?;
    }
    Ok(threading.after)
}

/// Carries out what was decided about a reply that waited for its translation, or for its undo time to end.
pub(in crate::flow::gateway) fn settle(
    writing: &Writing<'_>,
    context: &Context,
    item: &Item,
    row: &MessageRow,
    how: Settled,
    mode: &Mode,
) -> Result<Aftermath, Trouble> {
    let (mut threading, state) = Threading::about(writing, context, item, mode, row.id)?;
    let Some(state) = state else { return Ok(threading.after) };
    let message = threading.again(&state, row);
    let found = row.translations.iter().find(|t| !t.text.is_empty() && t.state == State::Ready);
    let words = match (how, found) {
        (Settled::Discarded, _) => {
            writing.end_translations(row.id)?;
            writing.set_message_state(row.id, MessageState::Discarded)?;
            threading.event(
                &state,
                Some(row.id),
                EventKind::Discarded,
                "the reply was thrown away",
            )?;
            return Ok(threading.after);
        }
        (Settled::Translated, Some(found)) => {
            let text = format!("{} → {}", found.from, found.to);
            threading.event(&state, Some(row.id), EventKind::Translated, &text)?;
            Words::Translated(found)
        }
        // Stopped in time by somebody who wants their own words to go; or there was no translation to send.
        (Settled::AsWritten, Some(_)) => Words::AsWritten,
        (Settled::AsWritten | Settled::Translated, _) => Words::Untranslated,
    };
    writing.end_translations(row.id)?;
    writing.set_message_state(row.id, MessageState::Sent)?;
    threading.leave(&state, &message, words)?;
    Ok(threading.after)
}

impl Threading<'_> {
    /// A message of the store as it was when it was threaded.
    fn again(&self, state: &Conversation, row: &MessageRow) -> NewMessage {
        let route = Route::by(Strategy::EnvelopeToken, None);
        let mut message = self.message(state, row.side, Channel::Email, &route);
        (message.id, message.at) = (row.id, row.at);
        message.member = row.member;
        message.author_name = row.author_name.clone();
        message.author_address = row.author_address.as_deref().and_then(|a| a.parse().ok());
        message.text = row.text.clone();
        message.signature = row.signature.clone();
        message.details = row.details.clone();
        message
    }

    /// How this reply is to leave.
    pub(super) fn plan(
        &self,
        state: &Conversation,
        message: &NewMessage,
        verb: Verb,
    ) -> Result<Plan, Trouble> {
        if let Mode::Rebuild(before) = self.mode {
            match before.translated.get(&message.id) {
                Some((from, to)) => return Ok(Plan::Translate { from: *from, to: *to }),
                None if before.left(message.id) => return Ok(Plan::AsWritten),
                None => {}
            }
        }
        // A guess says less than whose house it is.
        let found = self.item.reading.language.as_ref().filter(|found| found.sure);
        let detected = found.map(|found| found.code.as_str());
        let house = effects::house(self, state)?;
        let visitor = state.language.as_deref().and_then(|code| Language::parse(code).ok());
        let given = self.item.given.as_ref().filter(|_| verb.translates());
        if let (Some(_), Some(to)) = (given, visitor) {
            let from =
                detected.and_then(|code| Language::parse(code).ok()).filter(|from| *from != to);
            let from = from.or_else(|| Language::parse(&house.language).ok());
            return Ok(Plan::Translate { from: from.unwrap_or(Language::EN), to });
        }
        let members = self.writing.reading().members(state.account)?;
        let author = members.iter().find(|m| Some(m.id) == message.member);
        let wanted = match verb {
            Verb::Translated => Some(Wanted::Expressly),
            Verb::Reply if author.is_none_or(|member| !member.as_written) => {
                Some(Wanted::Automatically)
            }
            Verb::Reply | Verb::AsWritten | Verb::Note | Verb::Done => None,
        };
        let reply = Reply {
            wanted,
            detected,
            house: &house.language,
            visitor: state.language.as_deref(),
            platform: state.channel.is_ota(),
        };
        Ok(translation::plan(&reply, self.context.translator.is_some()))
    }

    /// Sets a reply on its way: at once, by way of the engines, or by way of its author's decision.
    pub(super) fn send(
        &mut self,
        state: &Conversation,
        message: &NewMessage,
        plan: Plan,
    ) -> Result<(), Trouble> {
        match plan {
            Plan::AsWritten => self.leave(state, message, Words::AsWritten),
            Plan::Translate { from, to } => {
                translated::want(self, message.id, (from, to), Side::Provider)?;
                self.take_given(state, message, from, to)
            }
        }
    }

    /// A translation its author has looked at needs no engine and no undo time.
    fn take_given(
        &mut self,
        state: &Conversation,
        message: &NewMessage,
        from: Language,
        to: Language,
    ) -> Result<(), Trouble> {
        let Some(given) = &self.item.given else { return Ok(()) };
        let mut found = Translation::waiting(from, to);
        let differences = verify((&message.text, from), (given, to), &Terms::default());
        (found.state, found.text) = (State::Ready, given.clone());
        found.engines = vec![translation::PERSON.to_owned()];
        let tongue = Tongue::of(&effects::house(self, state)?.language);
        let said = differences.iter().map(|one| untranslated::said(one, tongue));
        found.differences = said.collect();
        self.writing.put_translation(message.id, &found, message.at)?;
        Ok(self.writing.set_message_state(message.id, MessageState::Pending)?)
    }

    /// The state of a message whose plan is this.
    pub(super) fn state_of(plan: Plan) -> MessageState {
        match plan {
            Plan::AsWritten => MessageState::Sent,
            Plan::Translate { .. } => MessageState::Translating,
        }
    }

    fn leave(
        &mut self,
        state: &Conversation,
        message: &NewMessage,
        words: Words<'_>,
    ) -> Result<(), Trouble> {
        self.writing.set_answered(state.id, message.at)?;
        effects::answer_visitor(self, state, message, words)?;
        effects::copy_members(self, state, message)?;
        // Who answers from a page may change their mind for a moment; who writes a mail has its own client for that.
        match (self.mode, &self.item.trace.door) {
            (Mode::Live, Door::Api { member: Some(_), .. }) => {
                let now = clock::now();
                let until = now.checked_add(self.context.identity.undo).unwrap_or(now);
                Ok(self.writing.postpone(message.id, until)?)
            }
            _ => Ok(()),
        }
    }

    /// The members who waited for this language get the visitor's message now.
    fn notify_waiting(
        &mut self,
        state: &Conversation,
        message: &NewMessage,
        found: &Translation,
    ) -> Result<(), Trouble> {
        if let Mode::Rebuild(_) = self.mode {
            return Ok(());
        }
        let house = effects::house(self, state)?;
        for member in self.writing.reading().members(state.account)? {
            if member.quiet {
                continue;
            }
            let reads = member.reads.iter().any(|code| Language::parse(code) == Ok(found.from));
            if !reads && Language::parse(&house.language) == Ok(found.to) {
                effects::notify_member(self, state, message, &house, &member, Some(found))?;
            }
        }
        Ok(())
    }

    fn reply_translated(
        &mut self,
        state: &Conversation,
        message: &NewMessage,
        found: &Translation,
        now: Timestamp,
    ) -> Result<(), Trouble> {
        let undo = self.undo();
        self.writing.put_translation(message.id, found, now.checked_add(undo).unwrap_or(now))?;
        self.changed(state);
        if found.state != State::Ready {
            self.writing.set_message_state(message.id, MessageState::Held)?;
            return translated::ask(self, state, message, found);
        }
        self.writing.set_message_state(message.id, MessageState::Pending)?;
        self.after.translate = true;
        let members = self.writing.reading().members(state.account)?;
        let author = members.into_iter().find(|member| Some(member.id) == message.member);
        match author {
            Some(author) if self.mailed() => {
                translated::receipt(self, state, message, &author, found, undo)
            }
            _ => Ok(()),
        }
    }

    /// A reply from the API was looked at before it was sent; a mailed one can be stopped for a while.
    fn undo(&self) -> SignedDuration {
        let waits = self.context.translator.as_ref().map(|translator| translator.waits);
        waits.filter(|_| self.mailed()).map_or(SignedDuration::ZERO, |waits| waits.undo)
    }

    fn mailed(&self) -> bool {
        matches!(self.item.trace.door, Door::Smtp(_))
    }
}
