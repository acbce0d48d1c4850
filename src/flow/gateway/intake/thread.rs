//! Threading one file inside a transaction: whose words, in which conversation, and what follows from them.

use std::sync::Arc;

use super::{Aftermath, Item, Mode, ota::Taken};
use crate::{
    flow::{
        gateway::{Identity, Trouble, effects},
        translate::Translator,
    },
    ground::{
        address::{Address, Mailbox, ReplyToken},
        automatic::Kind,
        capabilities::Capabilities,
        compose::bare_subject,
        conversation::{Channel, Conversation, Participant, Side, Verb},
        key::{AccountId, ConversationId, MemberId, MessageKey},
        language::{self, Choice, Evidence, Language},
        phrases::{self, Tongue},
        relay_mail,
        routing::{Recipient, Route, Strategy, answered_ids, header_tokens},
        secret::Secret,
        stay::Stay,
        thread_address,
        trace::Door,
    },
    keep::store::{NewConversation, Writing},
};

/// What threading needs besides the store.
#[derive(Clone, Debug)]
pub(in crate::flow::gateway) struct Context {
    pub(in crate::flow::gateway) secret: Secret,
    pub(in crate::flow::gateway) identity: Identity,
    pub(in crate::flow::gateway) translator: Option<Arc<Translator>>,
}

impl Context {
    /// What a conversation can carry, whenever its visitor wrote.
    pub(in crate::flow::gateway) fn capabilities(&self, state: &Conversation) -> Capabilities {
        Capabilities::of(state, None, self.identity.booking_chars)
    }
}

/// One file being threaded.
pub(in crate::flow::gateway) struct Threading<'a> {
    pub(in crate::flow::gateway) writing: &'a Writing<'a>,
    pub(in crate::flow::gateway) context: &'a Context,
    pub(in crate::flow::gateway) item: &'a Item,
    pub(in crate::flow::gateway) mode: &'a Mode,
    pub(in crate::flow::gateway) after: Aftermath,
}

/// Threads one file; a file dealt with before has no further effect.
pub(in crate::flow::gateway) fn thread(
    writing: &Writing<'_>,
    context: &Context,
    item: &Item,
    mode: &Mode,
) -> Result<Aftermath, Trouble> {
    if writing.reading().is_processed(item.name.as_str())? {
        return Ok(Aftermath::default());
    }
    let mut threading = Threading { writing, context, item, mode, after: Aftermath::default() };
    match &item.trace.door {
        Door::Form { account, language, page, trapped } => {
            threading.form(*account, [language, page].map(Option::as_deref), *trapped)?;
        }
        Door::Api { conversation, member, verb } => threading.api(*conversation, *member, *verb)?,
        Door::Channel(source) => threading.channel(source)?,
        Door::Archive { account, content } => {
            threading.archive(*account, content.as_deref())?;
        }
        Door::Smtp(_) => threading.mail()?,
    }
    // What is no message has its place among them too: of two copies the one that was threaded first is the message.
    let concerns = threading.after.concerns.filter(|_| !threading.after.added);
    if let Some(id) = concerns {
        threading.after.overtaken |= threading.is_overtaken(id)?;
    }
    // What is set aside may be tried again.
    if threading.after.aside.is_none() {
        writing.set_threaded(item.name.as_str(), concerns)?;
    }
    Ok(threading.after)
}

impl<'a> Threading<'a> {
    /// Something more about a message threaded before, with the state of its conversation if that is still there.
    pub(super) fn about(
        writing: &'a Writing<'a>,
        context: &'a Context,
        item: &'a Item,
        mode: &'a Mode,
        message: MessageKey,
    ) -> Result<(Self, Option<Conversation>), Trouble> {
        let conversation = writing.reading().conversation_of(message)?;
        let state = conversation.map(|id| writing.conversation(id)).transpose()?.flatten();
        Ok((Threading { writing, context, item, mode, after: Aftermath::default() }, state))
    }
}

impl Threading<'_> {
    /// A contact form always opens a conversation.
    fn form(
        &mut self,
        account: AccountId,
        [chosen, page]: [Option<&str>; 2],
        trapped: bool,
    ) -> Result<(), Trouble> {
        let code = |tag: Option<&str>| tag.and_then(|tag| Language::parse(tag).ok());
        let heard = self.item.reading.language.as_ref().map(|found| &found.heard);
        let evidence = Evidence {
            visitor_choice: code(chosen),
            messages: heard.map(std::slice::from_ref).unwrap_or_default(),
            site: code(page),
            ..Evidence::default()
        };
        // Without a choice, much that was written, or a page it falls back to what the letter seems to be in.
        let language = language::conversation_language(&evidence);
        let id = self.open(account, Channel::Form, language)?;
        if let Some(stay) = Stay::in_form(&self.item.letter.text()) {
            self.writing.set_stay(id, stay)?;
        }
        let route = Route::by(Strategy::Door, Some("contact form".into()));
        // A house without an inbox could never look at it.
        let house = self.writing.reading().account(account)?;
        if trapped && house.is_some_and(|house| house.has_messaging()) {
            return self.perhaps_a_robot(id, &route);
        }
        self.visitor_speaks(id, Channel::Form, route)?;
        effects::confirm_visitor(self, id)
    }

    /// The API has authorised the reply before it was kept. The same attempt made again is the same reply.
    fn api(
        &mut self,
        conversation: ConversationId,
        member: Option<MemberId>,
        verb: Verb,
    ) -> Result<(), Trouble> {
        let Some(state) = self.writing.conversation(conversation)? else { return Ok(()) };
        if let Some(id) = &self.item.letter.message_id
            && self.writing.reading().message_of_id(state.account, id)?.is_some()
        {
            self.after.concerns = Some(state.id);
            return Ok(());
        }
        self.provider_speaks(
            state.id,
            member,
            verb,
            Channel::Api,
            Route::by(Strategy::Door, Some("api".into())),
        )
    }

    /// A mail has effect once per conversation it reaches, however many of its addresses were in the envelope.
    fn mail(&mut self) -> Result<(), Trouble> {
        match self.item.reading.kind {
            // Our own mail coming back says nothing new (DESIGN promise 6).
            Kind::Own => {
                let id = self.item.letter.message_id.as_ref();
                let issued = id.and_then(|id| self.context.secret.issued(id));
                if let Some((message, _)) = issued {
                    self.after.concerns = self.writing.reading().conversation_of(message)?;
                }
                return Ok(());
            }
            Kind::Dsn | Kind::Complaint => {
                if self.report()? {
                    return Ok(());
                }
            }
            Kind::Person | Kind::AutoReply | Kind::List => {}
        }
        // About nothing of ours: it opens nothing, but whose conversation it was sent to sees it there.
        let is_report = matches!(self.item.reading.kind, Kind::Dsn | Kind::Complaint);
        let mut reached: Vec<ConversationId> = Vec::new();
        let mut known = false;
        for path in &self.item.trace.forward_paths {
            let Some(recipient) = self.recipient(path)? else { continue };
            match recipient {
                Recipient::Reply { conversation, participant, verb } => {
                    let Some(state) = self.writing.conversation(conversation)? else { continue };
                    let route = Route::by(Strategy::EnvelopeToken, Some(path.to_string()));
                    let (id, route) =
                        self.followed(&state, participant)?.unwrap_or((state.id, route));
                    if !reached.contains(&id) {
                        reached.push(id);
                        self.reply(id, participant, verb, route)?;
                    }
                }
                Recipient::Account(_) | Recipient::Postmaster if is_report => {}
                Recipient::Account(account) => {
                    if let Some(id) = self.public(account, &reached)? {
                        reached.push(id);
                    }
                }
                Recipient::Bounce(outgoing) => self.reported(outgoing)?,
                Recipient::Postmaster => effects::tell_postmaster(self)?,
            }
            known = true;
        }
        // Between RCPT and now its address was changed, or its conversation purged.
        if !known && matches!(self.mode, Mode::Live) {
            self.after.aside = Some("nobody here has an address it was accepted for any more");
        }
        Ok(())
    }

    /// The directory's answer, asked of the transaction, so that a rebuild and a batch see their own tokens.
    pub(super) fn recipient(&self, address: &Address) -> Result<Option<Recipient>, Trouble> {
        let reading = self.writing.reading();
        if address.domain() == self.context.identity.reply_domain {
            if let Some(outgoing) = self.context.secret.bounced(address.local()) {
                return Ok(Some(Recipient::Bounce(outgoing)));
            }
            if let Some((token, suffix)) = ReplyToken::from_local_part(address.local())
                && let Some((conversation, participant)) = reading.participant(&token)?
            {
                let verb = Verb::from_suffix(suffix);
                return Ok(Some(Recipient::Reply { conversation, participant, verb }));
            }
        }
        let account = reading.account_of_address(address)?.map(Recipient::Account);
        // Only what the directory let in is here, so any domain is ours.
        let postmaster = || address.local().eq_ignore_ascii_case("postmaster");
        Ok(account.or_else(|| postmaster().then_some(Recipient::Postmaster)))
    }

    fn reply(
        &mut self,
        conversation: ConversationId,
        participant: Participant,
        verb: Verb,
        route: Route,
    ) -> Result<(), Trouble> {
        match participant {
            Participant::Visitor => self.visitor_speaks(conversation, Channel::Email, route),
            Participant::Member(member) => self.member_mail(conversation, member, verb, route),
        }
    }

    /// Mail to the public address: it may belong to a conversation all the same.
    fn public(
        &mut self,
        account: AccountId,
        reached: &[ConversationId],
    ) -> Result<Option<ConversationId>, Trouble> {
        if let Taken::Into(id) = self.ota(account)? {
            return Ok(Some(id));
        }
        let (id, participant, verb, route) = match self.find(account)? {
            Some(found) => found,
            None if let Some(visitor) = self.forwarded_visitor(account)? => {
                let id = self.open_forwarded(account, &visitor)?;
                return Ok(Some(id));
            }
            None => {
                let id = self.open(account, Channel::Email, None)?;
                (id, Participant::Visitor, Verb::Reply, Route::by(Strategy::New, None))
            }
        };
        if reached.contains(&id) {
            return Ok(None);
        }
        self.reply(id, participant, verb, route)?;
        Ok(Some(id))
    }

    /// A member forwards a visitor's mail to the house's own address: the conversation is with that visitor. Only when
    /// the member is proven, for what a forward says about its inner author is the member's word.
    fn forwarded_visitor(&self, account: AccountId) -> Result<Option<Mailbox>, Trouble> {
        let visitor = self.item.reading.forwarded.as_ref().and_then(|f| f.author.clone());
        let Some(author) = self.item.letter.author().filter(|_| self.item.heard.authentic) else {
            return Ok(None);
        };
        let members = self.writing.reading().members(account)?;
        let is_member = members.iter().any(|m| m.address.same_mailbox(&author.address));
        Ok(visitor.filter(|_| is_member))
    }

    fn open_forwarded(
        &mut self,
        account: AccountId,
        visitor: &Mailbox,
    ) -> Result<ConversationId, Trouble> {
        let forwarded = self.item.reading.forwarded.clone().unwrap_or_default();
        let house = self.writing.reading().account(account)?;
        let relayed = relay_mail::forwarded(visitor, &forwarded.text)
            .filter(|_| house.is_some_and(|house| house.has_ota()));
        let by_hand = || Route::by(Strategy::New, Some("forwarded by a member".into()));
        let (id, channel, route) = match &relayed {
            Some(mail) => {
                let (id, route) = self.relayed_conversation(account, mail)?;
                (id, mail.channel, route)
            }
            None => {
                let subject = forwarded.subject.unwrap_or_else(|| self.item.letter.subject.clone());
                let id = self.open_with(account, Channel::Email, None, Some(visitor), &subject)?;
                (id, Channel::Email, by_hand())
            }
        };
        let Some(state) = self.writing.conversation(id)? else { return Ok(id) };
        let mut message = self.message(&state, Side::Visitor, channel, &route);
        // What the visitor wrote is the message; what the member wrote above it is kept with it.
        message.details["forwarder"] = serde_json::json!(self.item.letter.author());
        message.details["forwarder_text"] = message.text.clone().into();
        message.author_name = visitor.name.clone();
        message.author_address = Some(visitor.address.clone());
        message.text = forwarded.text;
        if let Some(mail) = relayed {
            message.author_name = mail.visitor_name;
            message.text = mail.message.text;
        }
        message.rfc_message_id = None;
        self.say(&state, &message)?;
        Ok(id)
    }

    /// The strategies behind the envelope, in the order of DESIGN.
    fn find(
        &self,
        account: AccountId,
    ) -> Result<Option<(ConversationId, Participant, Verb, Route)>, Trouble> {
        let reading = self.writing.reading();
        for (token, verb) in header_tokens(&self.item.letter, &self.context.identity.reply_domain) {
            if let Some((conversation, participant)) = reading.participant(&token)?
                && let Some(state) = self.in_account(conversation, account)?
            {
                let route = Route::by(Strategy::HeaderToken, Some(token.as_str().to_owned()));
                return Ok(Some((state.id, participant, verb, route)));
            }
        }
        for id in answered_ids(&self.item.letter) {
            if let Some((message, participant)) = self.context.secret.issued(id)
                && let Some(conversation) = reading.conversation_of(message)?
                && let Some(state) = self.in_account(conversation, account)?
            {
                let route = Route::by(Strategy::IssuedId, Some(id.as_str().to_owned()));
                return Ok(Some((state.id, participant, Verb::Reply, route)));
            }
        }
        let own = self.item.letter.message_id.iter();
        for id in own.chain(answered_ids(&self.item.letter)) {
            if let Some(known) = self.writing.known_id(account, id)?
                && let Some(state) = self.in_account(known.conversation, account)?
                && self.takes_part(&state)?
            {
                let route = Route::by(Strategy::KnownId, Some(id.as_str().to_owned()));
                return Ok(Some((state.id, Participant::Visitor, Verb::Reply, route)));
            }
        }
        Ok(None)
    }

    pub(super) fn in_account(
        &self,
        id: ConversationId,
        account: AccountId,
    ) -> Result<Option<Conversation>, Trouble> {
        Ok(self.writing.conversation(id)?.filter(|state| state.account == account))
    }

    /// Where an answer goes that came to the reply address of a conversation from which the answered message was moved
    /// or split off. The message nearest to the answer decides.
    fn followed(
        &self,
        state: &Conversation,
        participant: Participant,
    ) -> Result<Option<(ConversationId, Route)>, Trouble> {
        let reading = self.writing.reading();
        for id in answered_ids(&self.item.letter) {
            let issued = self.context.secret.issued(id).filter(|(_, to)| *to == participant);
            let message = match issued {
                Some((message, _)) => Some(message),
                None => self.writing.known_id(state.account, id)?.and_then(|known| known.message),
            };
            let Some(message) = message else { continue };
            let put = reading.put_by_hand(message)?.filter(|put| *put != state.id);
            let Some(put) = put else { return Ok(None) };
            let route = Route::by(Strategy::Followed, Some(id.as_str().to_owned()));
            return Ok(self.in_account(put, state.account)?.map(|found| (found.id, route)));
        }
        Ok(None)
    }

    /// A foreign Message-ID proves nothing by itself: anybody can name one. Its author must be the visitor or have
    /// written in the conversation before.
    fn takes_part(&self, state: &Conversation) -> Result<bool, Trouble> {
        let Some(author) = self.item.letter.author() else { return Ok(false) };
        let visitor = state.visitor_address.as_ref();
        Ok(visitor.is_some_and(|visitor| author.address.same_mailbox(visitor))
            || self.writing.reading().takes_part(state.id, &author.address)?)
    }

    /// Opens the conversation of this letter; its key is that of this first message.
    fn open(
        &mut self,
        account: AccountId,
        channel: Channel,
        language: Option<(Language, Choice)>,
    ) -> Result<ConversationId, Trouble> {
        let letter = &self.item.letter;
        let mut people = letter.reply_to.iter().chain(letter.author());
        let author = people.find(|a| !thread_address::is_thread(&a.address)).or(letter.author());
        let name = letter.author().and_then(|a| a.name.as_deref());
        let visitor = author.map(|a| Mailbox::new(name.or(a.name.as_deref()), a.address.clone()));
        let subject = letter.subject.clone();
        self.open_with(account, channel, language, visitor.as_ref(), &subject)
    }

    /// Without a language it is what the letter is written in.
    pub(super) fn open_with(
        &mut self,
        account: AccountId,
        channel: Channel,
        language: Option<(Language, Choice)>,
        visitor: Option<&Mailbox>,
        subject: &str,
    ) -> Result<ConversationId, Trouble> {
        let id =
            ConversationId::of(&[self.item.name.as_str().as_bytes(), &account.0.to_be_bytes()]);
        let house = self.writing.reading().account(account)?;
        let tongue = Tongue::of(house.as_ref().map_or("en", |h| h.language.as_str()));
        let subject = match bare_subject(subject) {
            "" => phrases::MESSAGE_FROM.say(tongue, visitor.map_or("?", Mailbox::display)),
            bare => bare.to_owned(),
        };
        // The thread of a channel only where the channel itself brought it: anybody can write it into a From field.
        let by_channel = matches!(self.item.trace.door, Door::Channel(_));
        let reachable = |address: &Address| by_channel || !thread_address::is_thread(address);
        let heard = self.item.reading.language.as_ref();
        let language =
            language.or_else(|| heard.and_then(|found| language::follows(None, &found.heard)));
        self.writing.open_conversation(&NewConversation {
            id,
            account,
            subject,
            visitor_name: visitor.and_then(|v| v.name.clone()),
            visitor_address: visitor.map(|v| v.address.clone()).filter(reachable),
            channel,
            language_why: language.map(|(_, why)| why),
            language: language.map(|(language, _)| language.to_string()),
            at: self.item.trace.received_at,
        })?;
        self.invite(id, Participant::Visitor)?;
        for member in self.writing.reading().members(account)? {
            self.invite(id, Participant::Member(member.id))?;
        }
        Ok(id)
    }

    /// Gives a participant their reply token; giving it again is the same token.
    pub(in crate::flow::gateway) fn invite(
        &mut self,
        id: ConversationId,
        participant: Participant,
    ) -> Result<ReplyToken, Trouble> {
        let token = self.context.secret.reply_token(id, participant);
        self.writing.add_participant(id, participant, &token)?;
        self.after.tokens.push((token.clone(), id, participant));
        Ok(token)
    }
}
