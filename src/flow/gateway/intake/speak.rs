//! Who speaks, and what follows: the visitor's side, a member's mail (provider, note, done, or held), decisions later.

use jiff::Timestamp;
use serde::Deserialize;

use super::{
    Aftermath, Item, Mode,
    thread::{Context, Threading},
};
use crate::{
    flow::gateway::{Trouble, effects},
    ground::{
        access::Scope,
        account::Member,
        audit::Action,
        automatic::Kind,
        capabilities::Problem,
        conversation::{Channel, Conversation, EventKind, MessageKind, MessageState, Side, Verb},
        key::{ConversationId, MemberId, MessageKey},
        language::{self, Choice},
        letter::{Attachment, MessageId},
        outcome::Answer,
        phrases::Tongue,
        routing::{Route, Strategy, answered_ids},
        told,
        trace::Door,
    },
    keep::store::{MessageRow, NewMessage, OutgoingAbout, Purpose, Writing},
};

/// Carries out what a member decided about a held reply.
pub(in crate::flow::gateway) fn release(
    writing: &Writing<'_>,
    context: &Context,
    item: &Item,
    held: &MessageRow,
    send: bool,
    mode: &Mode,
) -> Result<Aftermath, Trouble> {
    let (mut threading, state) = Threading::about(writing, context, item, mode, held.id)?;
    let Some(state) = state else { return Ok(threading.after) };
    if held.side == Side::Visitor {
        threading.is_a_person(&state, held, send)?;
        return Ok(threading.after);
    }
    if !send {
        writing.set_message_state(held.id, MessageState::Discarded)?;
        threading.event(
            &state,
            Some(held.id),
            EventKind::Discarded,
            "the held reply was thrown away",
        )?;
        return Ok(threading.after);
    }
    let route = Route::by(Strategy::EnvelopeToken, None);
    let mut message = threading.message(&state, Side::Provider, Channel::Email, &route);
    (message.id, message.at) = (held.id, held.at);
    message.member = held.member;
    if let Some(problem) = threading.misfit(&state, &message)? {
        writing.set_message_state(held.id, MessageState::Refused)?;
        threading.tell_misfit(&state, held.id, &problem)?;
        return Ok(threading.after);
    }
    let verb = held.details.get("verb").and_then(|verb| Verb::deserialize(verb).ok());
    let plan = threading.plan(&state, &message, verb.unwrap_or_default())?;
    writing.set_message_state(held.id, Threading::state_of(plan))?;
    threading.was_read(&state)?;
    threading.event(
        &state,
        Some(held.id),
        EventKind::Confirmed,
        "the member confirmed the held reply",
    )?;
    threading.send(&state, &message, plan)?;
    Ok(threading.after)
}

/// Tells the author of a held reply that it was thrown away.
pub(in crate::flow::gateway) fn expired(
    writing: &Writing<'_>,
    context: &Context,
    item: &Item,
    row: &MessageRow,
) -> Result<Aftermath, Trouble> {
    let (mut threading, state) = Threading::about(writing, context, item, &Mode::Live, row.id)?;
    let Some(state) = state else { return Ok(threading.after) };
    effects::hold_expired(&mut threading, &state, row)?;
    Ok(threading.after)
}

/// Tells the members that a reply is late, failed, or may have arrived. Of other mails only the timeline says it: a
/// failed notice must cause no notice (DESIGN promise 6).
pub(in crate::flow::gateway) fn tell(
    (writing, mode): (&Writing<'_>, &Mode),
    context: &Context,
    item: &Item,
    about: &OutgoingAbout,
    notice: effects::Notice,
    answer: &Answer,
) -> Result<Aftermath, Trouble> {
    let mut threading = Threading { writing, context, item, mode, after: Aftermath::default() };
    if let Some(state) = writing.conversation(about.conversation)? {
        let is_reply = about.purpose == Purpose::Reply;
        let kind = match notice {
            effects::Notice::Failed => {
                if is_reply {
                    threading.suppress(&state, &about.recipient, answer)?;
                }
                EventKind::Failed
            }
            effects::Notice::Unknown => EventKind::Unknown,
            effects::Notice::Late => {
                writing.set_delay_told(about.id)?;
                EventKind::Delayed
            }
        };
        let line = format!("{}: {}", about.recipient, answer.text);
        threading.event(&state, Some(about.message), kind, &line)?;
        if is_reply {
            effects::tell_members(&mut threading, &state, about.message, notice, answer)?;
        }
    }
    Ok(threading.after)
}

/// Takes a deletion back, or the visitor's new words would be invisible now and gone for good later.
pub(in crate::flow::gateway) fn wrote_again(
    writing: &Writing<'_>,
    conversation: ConversationId,
    message: MessageKey,
    at: Timestamp,
) -> Result<(), Trouble> {
    writing.set_deleted(conversation, None)?;
    let text = "the visitor wrote again";
    Ok(writing.add_event(conversation, Some(message), at, EventKind::Restored, text)?)
}

impl Threading<'_> {
    /// The visitor's side speaks: the visitor, or another person who knows the address.
    pub(super) fn visitor_speaks(
        &mut self,
        conversation: ConversationId,
        channel: Channel,
        route: Route,
    ) -> Result<(), Trouble> {
        let Some(state) = self.writing.conversation(conversation)? else { return Ok(()) };
        let mut message = self.message(&state, Side::Visitor, channel, &route);
        let stranger = self.item.letter.author().filter(|author| {
            state.visitor_address.as_ref().is_some_and(|v| !v.same_mailbox(&author.address))
                && !self
                    .item
                    .letter
                    .reply_to
                    .iter()
                    .any(|r| Some(&r.address) == state.visitor_address.as_ref())
        });
        if let Some(stranger) = stranger {
            message.details["another_person"] = serde_json::json!(stranger);
        }
        if channel == Channel::Email {
            self.heard_author(&state)?;
        }
        self.say(&state, &message)
    }

    /// A form came with the field filled in that people do not see. A browser may have done it for a person: it is kept
    /// out of the way, nobody is told, and the house can say that it is one.
    pub(super) fn perhaps_a_robot(
        &mut self,
        id: ConversationId,
        route: &Route,
    ) -> Result<(), Trouble> {
        let Some(state) = self.writing.conversation(id)? else { return Ok(()) };
        let mut message = self.message(&state, Side::Visitor, Channel::Form, route);
        message.state = MessageState::Held;
        message.read = true;
        self.add(&message)?;
        Ok(self.writing.set_closed(id, true)?)
    }

    /// The house has decided whether a person wrote; if so, it goes on as any request does.
    fn is_a_person(
        &mut self,
        state: &Conversation,
        held: &MessageRow,
        is_one: bool,
    ) -> Result<(), Trouble> {
        if !is_one {
            self.writing.set_message_state(held.id, MessageState::Discarded)?;
            return self.event(
                state,
                Some(held.id),
                EventKind::Discarded,
                "a robot filled in the form",
            );
        }
        self.writing.set_message_state(held.id, MessageState::Received)?;
        // Now it is news; a rebuild knows from the file whether it was read since.
        self.writing.set_read(state.id, &[held.id], self.item.seen)?;
        self.writing.set_waiting_since(state.id, held.at)?;
        self.writing.set_closed(state.id, false)?;
        self.event(state, Some(held.id), EventKind::Accepted, "a person filled in the form")?;
        if state.deleted_at.is_some() {
            wrote_again(self.writing, state.id, held.id, self.item.trace.received_at)?;
        }
        let route = Route::by(Strategy::Door, Some("contact form".into()));
        let mut message = self.message(state, Side::Visitor, Channel::Form, &route);
        // It may have been put into another conversation since, with another visitor.
        (message.id, message.at) = (held.id, held.at);
        effects::notify_members(self, state, &message)?;
        match message.author_address {
            Some(author) => effects::confirm(self, state, author, held.id),
            None => Ok(()),
        }
    }

    /// Adds words of the visitor's side; a person's wait for an answer.
    pub(super) fn say(
        &mut self,
        state: &Conversation,
        message: &NewMessage,
    ) -> Result<(), Trouble> {
        if self.add(message)? && self.item.reading.is_person() {
            self.writing.set_waiting(state.id, message.at)?;
            self.writing.set_closed(state.id, false)?;
            if state.deleted_at.is_some() {
                wrote_again(self.writing, state.id, message.id, self.item.trace.received_at)?;
            }
            self.follow_language(state)?;
            effects::notify_members(self, state, message)?;
        }
        Ok(())
    }

    /// A greeting never fixes the language; a message with much to say does, and a later one changes it, unless a
    /// person chose it.
    fn follow_language(&self, state: &Conversation) -> Result<(), Trouble> {
        let Some(found) = &self.item.reading.language else { return Ok(()) };
        // A language without a reason was found before reasons were kept.
        let why = state.language_why.or(state.language.as_ref().map(|_| Choice::Messages));
        if let Some((language, because)) = language::follows(why, &found.heard)
            && (state.language.as_deref(), why) != (Some(language.as_str()), Some(because))
        {
            self.writing.set_language(state.id, language.as_str(), because)?;
        }
        Ok(())
    }

    /// Mail to a member's token: the provider's voice needs the token, the listed address and proof of the sender.
    pub(super) fn member_mail(
        &mut self,
        conversation: ConversationId,
        member: MemberId,
        verb: Verb,
        route: Route,
    ) -> Result<(), Trouble> {
        let Some(state) = self.writing.conversation(conversation)? else { return Ok(()) };
        let members = self.writing.reading().members(state.account)?;
        let Some(member) = members.into_iter().find(|m| m.id == member) else {
            return self.former_member(&state, &route);
        };
        self.heard_member(&state, &member)?;
        let may = member.role.scope() >= Scope::Reply;
        if may && self.answers_by_list(&member) {
            return self.hold(&state, &member, verb, &route, "it came by a mailing list");
        }
        if !self.item.reading.is_person() {
            let mut message = self.message(&state, Side::Provider, Channel::Email, &route);
            message.read = true;
            self.add(&message)?;
            return Ok(());
        }
        let doubt = self.doubt(&member)?;
        self.acted(&state, &member, verb, doubt.is_some())?;
        match doubt {
            doubt if !may => self.only_looks(&state, &member, &route, doubt.is_none()),
            None => self.provider_speaks(state.id, Some(member.id), verb, Channel::Email, route),
            Some(doubt) => self.hold(&state, &member, verb, &route, &doubt),
        }
    }

    /// What a member does by mail is in the audit log as what they do in the inbox; a rebuild threads the mail again.
    fn acted(
        &self,
        state: &Conversation,
        member: &Member,
        verb: Verb,
        doubted: bool,
    ) -> Result<(), Trouble> {
        let what = match verb {
            _ if doubted => "held",
            Verb::Done => "done",
            Verb::Note => "note",
            Verb::Reply | Verb::AsWritten | Verb::Translated => "reply",
        };
        let Door::Smtp(smtp) = &self.item.trace.door else { return Ok(()) };
        let may = member.role.scope() >= Scope::Reply;
        let action = Action {
            account: state.account,
            who: format!("{} <{}>", member.name, member.address),
            what: what.to_owned(),
            about: state.id.to_string(),
            peer: smtp.peer.to_string(),
            refused: (!may && !doubted).then_some(403),
        };
        Ok(self.writing.add_action(&action, self.item.trace.received_at)?)
    }

    /// A member who may only look has written, or somebody in their name: kept, sent to nobody, and said so, by mail
    /// only to who is proven. Nothing is asked: whatever the answer, it could not be sent.
    fn only_looks(
        &mut self,
        state: &Conversation,
        member: &Member,
        route: &Route,
        proven: bool,
    ) -> Result<(), Trouble> {
        let mut message = self.message(state, Side::Provider, Channel::Email, route);
        message.state = MessageState::Refused;
        message.member = Some(member.id);
        message.read = true;
        if !self.add(&message)? {
            return Ok(());
        }
        let text = told::ONLY_READS.kept(&member.name);
        self.event(state, Some(message.id), EventKind::Refused, &text)?;
        if !proven {
            return Ok(());
        }
        effects::tell_members(self, state, message.id, effects::Notice::Failed, &Answer::own(text))
    }

    /// Mail to the reply address of somebody who was removed: shown to the house, sent to nobody.
    fn former_member(&mut self, state: &Conversation, route: &Route) -> Result<(), Trouble> {
        let mut message = self.message(state, Side::Provider, Channel::Email, route);
        message.state = MessageState::Refused;
        let author = self.item.letter.author().map(|author| author.address.to_string());
        if self.add(&message)? {
            let author = author.unwrap_or_else(|| "somebody".to_owned());
            let text = told::FORMER_MEMBER.kept(&author);
            self.event(state, Some(message.id), EventKind::Refused, &text)?;
        }
        Ok(())
    }

    /// An office's list may stand between: what the member wrote, or what answers a mail of ours, is no newsletter.
    fn answers_by_list(&self, member: &Member) -> bool {
        let letter = &self.item.letter;
        let by_member = letter.author().is_some_and(|a| a.address.same_mailbox(&member.address));
        let ours = |id: &&MessageId| self.context.secret.issued(id).is_some();
        self.item.reading.kind == Kind::List && (by_member || answered_ids(letter).iter().any(ours))
    }

    /// Why this mail may not speak as the provider; `None` when it may (DESIGN promise 4).
    pub(super) fn doubt(&self, member: &Member) -> Result<Option<String>, Trouble> {
        let heard = &self.item.heard;
        let [author] = self.item.letter.from.as_slice() else {
            return Ok(Some(told::MANY_AUTHORS.kept("")));
        };
        if !member.strict
            && self.writing.reading().is_remembered(member.id, &author.address, &heard.proven)?
        {
            return Ok(None);
        }
        Ok(match author.address.same_mailbox(&member.address) {
            false => Some(told::WRITTEN_BY.kept(&author.address.to_string())),
            true if !heard.authentic => Some(heard.evidence.clone()),
            true if member.strict && !heard.dmarc => Some(told::ONLY_DMARC.kept(&heard.evidence)),
            true => None,
        })
    }

    pub(super) fn hold(
        &mut self,
        state: &Conversation,
        member: &Member,
        verb: Verb,
        route: &Route,
        doubt: &str,
    ) -> Result<(), Trouble> {
        let mut message = self.message(state, Side::Provider, Channel::Email, route);
        message.state = MessageState::Held;
        message.member = Some(member.id);
        message.read = true;
        message.details["doubt"] = doubt.into();
        message.details["proven"] = serde_json::json!(self.item.heard.proven);
        message.details["verb"] = serde_json::json!(verb);
        if self.add(&message)? {
            effects::ask_member(self, state, &message, member, doubt)?;
        }
        Ok(())
    }

    /// The provider speaks, and the verb says to whom.
    pub(super) fn provider_speaks(
        &mut self,
        conversation: ConversationId,
        member: Option<MemberId>,
        verb: Verb,
        channel: Channel,
        route: Route,
    ) -> Result<(), Trouble> {
        let Some(state) = self.writing.conversation(conversation)? else { return Ok(()) };
        let mut message = self.message(&state, Side::Provider, channel, &route);
        message.member = member;
        message.read = true;
        match verb {
            Verb::Done => {
                self.event(&state, None, EventKind::Done, "no reply needed")?;
                // What came since nobody has seen.
                if self.writing.set_answered(state.id, message.at)? {
                    self.was_read(&state)?;
                    self.after.done.extend(matches!(self.mode, Mode::Live).then_some(state));
                }
                return Ok(());
            }
            Verb::Note => {
                message.state = MessageState::Note;
                message.kind = MessageKind::Note;
                self.add(&message)?;
                return Ok(());
            }
            Verb::Reply | Verb::AsWritten | Verb::Translated => {}
        }
        // What left then fitted then, whatever is asked of a reply today.
        if !matches!(self.mode, Mode::Rebuild(before) if before.left(message.id)) {
            if let Some(problem) = self.misfit(&state, &message)? {
                return self.hold_misfit(&state, message, &problem);
            }
            if verb == Verb::Translated && state.language.is_none() {
                return self.hold_misfit(&state, message, &Problem::LanguageUnknown);
            }
        }
        let plan = self.plan(&state, &message, verb)?;
        message.state = Threading::state_of(plan);
        if self.add(&message)? {
            self.was_read(&state)?;
            self.send(&state, &message, plan)?;
        }
        Ok(())
    }

    /// Whoever answers has read what was there, wherever they read it. A rebuild knows it from the files.
    pub(super) fn was_read(&mut self, state: &Conversation) -> Result<(), Trouble> {
        if matches!(self.mode, Mode::Live) {
            self.after.read.extend(self.writing.set_all_read(state.id)?);
        }
        Ok(())
    }

    /// Why the channel would not take these words.
    fn misfit(
        &self,
        state: &Conversation,
        message: &NewMessage,
    ) -> Result<Option<Problem>, Trouble> {
        // Reply addresses live longer than plans.
        if !effects::house(self, state)?.has_messaging() {
            let address = state.visitor_address.clone().filter(|_| !state.is_connected());
            return Ok(Some(Problem::NotInPlan(address)));
        }
        if !state.channel.is_ota() {
            return Ok(None);
        }
        let capabilities =
            self.writing.reading().capabilities(state, self.context.identity.booking_chars)?;
        let unmeant = match self.item.trace.door {
            Door::Smtp(_) => self.unmeant(state),
            _ => Vec::new(),
        };
        let files = self.item.letter.attachments.iter().enumerate();
        let files: Vec<Attachment> =
            files.filter(|(at, _)| !unmeant.contains(at)).map(|(_, file)| file.clone()).collect();
        Ok(capabilities.problem(&message.text, &files, self.item.trace.received_at))
    }

    /// The reply stays here and the members are told what to do; the visitor still waits.
    fn hold_misfit(
        &mut self,
        state: &Conversation,
        mut message: NewMessage,
        problem: &Problem,
    ) -> Result<(), Trouble> {
        let sentence = self.sentence(state, problem)?;
        message.state = MessageState::Refused;
        message.details["problem"] = sentence.into();
        if self.add(&message)? { self.tell_misfit(state, message.id, problem) } else { Ok(()) }
    }

    fn tell_misfit(
        &mut self,
        state: &Conversation,
        message: MessageKey,
        problem: &Problem,
    ) -> Result<(), Trouble> {
        let sentence = self.sentence(state, problem)?;
        self.event(state, Some(message), EventKind::Refused, &sentence)?;
        let answer = Answer::own(sentence);
        effects::tell_members(self, state, message, effects::Notice::Failed, &answer)
    }

    fn sentence(&self, state: &Conversation, problem: &Problem) -> Result<String, Trouble> {
        let house = self.writing.reading().account(state.account)?;
        let tongue = Tongue::of(house.as_ref().map_or("en", |h| h.language.as_str()));
        Ok(problem.sentence(tongue))
    }
}
