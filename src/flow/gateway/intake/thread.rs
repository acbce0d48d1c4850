//! Threading one file inside a transaction: whose words, in which conversation, and what follows from them.

use sha2::{Digest, Sha256};

use super::{Aftermath, Item, Mode};
use crate::{
    flow::gateway::{Change, Identity, Trouble, effects},
    ground::{
        account::Member,
        address::{Address, ReplyToken},
        compose::bare_subject,
        conversation::{Channel, Conversation, Participant, Side, Verb},
        key::{AccountId, ConversationId, MemberId, MessageKey, OutgoingId},
        outcome::Answer,
        phrases::{self, Tongue},
        routing::{Recipient, Route, Strategy, answered_ids, header_tokens},
        secret::Secret,
        trace::Door,
    },
    keep::store::{
        AttachmentRow, DueMail, KnownId, MessageRow, NewConversation, NewMessage, Writing,
    },
};

/// What threading needs besides the store.
#[derive(Clone, Debug)]
pub(in crate::flow::gateway) struct Context {
    pub(in crate::flow::gateway) secret: Secret,
    pub(in crate::flow::gateway) identity: Identity,
}

/// One file being threaded.
pub(in crate::flow::gateway) struct Threading<'a> {
    pub(in crate::flow::gateway) writing: &'a Writing<'a>,
    pub(in crate::flow::gateway) context: &'a Context,
    pub(in crate::flow::gateway) item: &'a Item,
    pub(in crate::flow::gateway) mode: Mode<'a>,
    pub(in crate::flow::gateway) after: Aftermath,
}

/// Threads one file; a file dealt with before has no further effect.
pub(in crate::flow::gateway) fn thread(
    writing: &Writing<'_>,
    context: &Context,
    item: &Item,
    mode: Mode<'_>,
) -> Result<Aftermath, Trouble> {
    if writing.is_processed(item.name.as_str())? {
        return Ok(Aftermath::default());
    }
    let mut threading = Threading { writing, context, item, mode, after: Aftermath::default() };
    match &item.trace.door {
        Door::Form { account, language } => threading.form(*account, language.as_deref())?,
        Door::Api { conversation, member, verb } => threading.api(*conversation, *member, *verb)?,
        Door::Smtp(_) => threading.mail()?,
    }
    writing.set_processed(item.name.as_str(), "threaded")?;
    Ok(threading.after)
}

/// Carries out what a member decided about a held reply.
pub(in crate::flow::gateway) fn release(
    writing: &Writing<'_>,
    context: &Context,
    item: &Item,
    held: &MessageRow,
    send: bool,
    mode: Mode<'_>,
) -> Result<Aftermath, Trouble> {
    let mut threading = Threading { writing, context, item, mode, after: Aftermath::default() };
    let conversation = writing.reading().conversation_of(held.id)?;
    let Some(state) = conversation.map(|id| writing.conversation(id)).transpose()?.flatten() else {
        return Ok(threading.after);
    };
    if !send {
        writing.set_message_state(held.id, "discarded")?;
        threading.event(&state, Some(held.id), "discarded", "the held reply was thrown away")?;
        return Ok(threading.after);
    }
    let route = Route::by(Strategy::EnvelopeToken, None);
    let mut message = threading.message(&state, Side::Provider, Channel::Email, &route);
    message.id = held.id;
    message.member = held.member;
    writing.set_message_state(held.id, "sent")?;
    writing.set_needs_reply(state.id, false)?;
    threading.event(&state, Some(held.id), "confirmed", "the member confirmed the held reply")?;
    effects::answer_visitor(&mut threading, &state, &message)?;
    effects::copy_members(&mut threading, &state, &message)?;
    Ok(threading.after)
}

/// Tells the members that a reply is late or failed.
pub(in crate::flow::gateway) fn tell(
    writing: &Writing<'_>,
    context: &Context,
    item: &Item,
    mail: &DueMail,
    notice: effects::Notice,
    words: &str,
) -> Result<Aftermath, Trouble> {
    let mode = Mode::Live;
    let mut threading = Threading { writing, context, item, mode, after: Aftermath::default() };
    if let Some(state) = writing.conversation(mail.conversation)? {
        let kind = match notice {
            effects::Notice::Failed => "failed",
            effects::Notice::Late => {
                writing.set_delay_told(mail.id)?;
                "delayed"
            }
        };
        threading.event(
            &state,
            Some(mail.message),
            kind,
            &format!("{}: {words}", mail.recipient),
        )?;
        effects::tell_members(&mut threading, &state, mail.message, notice, words)?;
    }
    Ok(threading.after)
}

impl Threading<'_> {
    /// A contact form always opens a conversation.
    fn form(&mut self, account: AccountId, language: Option<&str>) -> Result<(), Trouble> {
        let id = self.open(account, Channel::Form, language)?;
        self.visitor_speaks(
            id,
            Channel::Form,
            Route::by(Strategy::Door, Some("contact form".into())),
        )
    }

    /// The API has authorised the reply before it was kept.
    fn api(
        &mut self,
        conversation: ConversationId,
        member: Option<MemberId>,
        verb: Verb,
    ) -> Result<(), Trouble> {
        self.provider_speaks(
            conversation,
            member,
            verb,
            Channel::Api,
            Route::by(Strategy::Door, Some("api".into())),
        )
    }

    /// A mail has effect once per conversation it reaches, however many of its addresses were in the envelope.
    fn mail(&mut self) -> Result<(), Trouble> {
        let mut reached: Vec<ConversationId> = Vec::new();
        for path in &self.item.trace.forward_paths {
            match self.recipient(path)? {
                Some(Recipient::Reply { conversation, participant, verb }) => {
                    let Some(state) = self.writing.conversation(conversation)? else { continue };
                    if reached.contains(&state.id) {
                        continue;
                    }
                    reached.push(state.id);
                    let route = Route::by(Strategy::EnvelopeToken, Some(path.to_string()));
                    self.reply(state.id, participant, verb, route)?;
                }
                Some(Recipient::Account(account)) => {
                    if let Some(id) = self.public(account, &reached)? {
                        reached.push(id);
                    }
                }
                Some(Recipient::Bounce(outgoing)) => self.bounced(outgoing)?,
                Some(Recipient::Postmaster) | None => {}
            }
        }
        Ok(())
    }

    /// The directory's answer, asked of the transaction, so that a rebuild and a batch see their own tokens.
    fn recipient(&self, address: &Address) -> Result<Option<Recipient>, Trouble> {
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
        Ok(reading.account_of_address(address)?.map(Recipient::Account))
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
        let (id, participant, verb, route) = match self.find(account)? {
            Some(found) => found,
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
                && self.takes_part(&state)
            {
                let route = Route::by(Strategy::KnownId, Some(id.as_str().to_owned()));
                return Ok(Some((state.id, Participant::Visitor, Verb::Reply, route)));
            }
        }
        Ok(None)
    }

    fn in_account(
        &self,
        id: ConversationId,
        account: AccountId,
    ) -> Result<Option<Conversation>, Trouble> {
        Ok(self.writing.conversation(id)?.filter(|state| state.account == account))
    }

    /// A foreign Message-ID proves nothing by itself: anybody can name one.
    fn takes_part(&self, state: &Conversation) -> bool {
        match (self.item.letter.author(), &state.visitor_address) {
            (Some(author), Some(visitor)) => author.address.same_mailbox(visitor),
            _ => false,
        }
    }

    /// Opens the conversation of this letter; its key is that of this first message.
    fn open(
        &mut self,
        account: AccountId,
        channel: Channel,
        language: Option<&str>,
    ) -> Result<ConversationId, Trouble> {
        let id =
            ConversationId::of(&[self.item.name.as_str().as_bytes(), &account.0.to_be_bytes()]);
        let author = self.item.letter.reply_to.first().or(self.item.letter.author());
        let name = self.item.letter.author().and_then(|a| a.name.clone());
        let house = self.writing.reading().account(account)?;
        let tongue = Tongue::of(house.as_ref().map_or("en", |h| h.language.as_str()));
        let bare = bare_subject(&self.item.letter.subject);
        let shown = author.map_or("?", |a| a.display());
        let subject = match bare {
            "" => phrases::MESSAGE_FROM.say(tongue, name.as_deref().unwrap_or(shown)),
            bare => bare.to_owned(),
        };
        let found = self.item.reading.language.as_ref().map(|l| l.code.clone());
        self.writing.open_conversation(&NewConversation {
            id,
            account,
            subject,
            visitor_name: name.or_else(|| author.and_then(|a| a.name.clone())),
            visitor_address: author.map(|a| a.address.clone()),
            channel,
            language: language.map(str::to_owned).or(found),
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

    /// The visitor's side speaks: the visitor, or another person who knows the address.
    fn visitor_speaks(
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
        let other = stranger.cloned();
        if !self.add(&message)? {
            return Ok(());
        }
        if self.item.reading.is_person() {
            self.writing.set_needs_reply(state.id, true)?;
            self.writing.set_closed(state.id, false)?;
            effects::notify_members(self, &state, &message, other.as_ref())?;
        }
        Ok(())
    }

    /// Mail to a member's token: the provider's voice needs the token, the listed address and proof of the sender.
    fn member_mail(
        &mut self,
        conversation: ConversationId,
        member: MemberId,
        verb: Verb,
        route: Route,
    ) -> Result<(), Trouble> {
        let Some(state) = self.writing.conversation(conversation)? else { return Ok(()) };
        let members = self.writing.reading().members(state.account)?;
        let Some(member) = members.into_iter().find(|m| m.id == member) else { return Ok(()) };
        if !self.item.reading.is_person() {
            let mut message = self.message(&state, Side::Provider, Channel::Email, &route);
            message.read = true;
            self.add(&message)?;
            return Ok(());
        }
        match self.doubt(&member) {
            None => self.provider_speaks(state.id, Some(member.id), verb, Channel::Email, route),
            Some(doubt) => self.hold(&state, &member, verb, &route, &doubt),
        }
    }

    /// Why this mail may not speak as the provider; `None` when it may (DESIGN promise 4).
    fn doubt(&self, member: &Member) -> Option<String> {
        match self.item.letter.from.as_slice() {
            [author] if !author.address.same_mailbox(&member.address) => {
                Some(format!("it was written by {}", author.address))
            }
            [_] if self.item.heard.authentic => None,
            [_] => Some(self.item.heard.evidence.clone()),
            _ => Some("it does not name exactly one author".to_owned()),
        }
    }

    fn hold(
        &mut self,
        state: &Conversation,
        member: &Member,
        verb: Verb,
        route: &Route,
        doubt: &str,
    ) -> Result<(), Trouble> {
        let mut message = self.message(state, Side::Provider, Channel::Email, route);
        message.state = "held".to_owned();
        message.member = Some(member.id);
        message.read = true;
        message.details["doubt"] = doubt.into();
        message.details["verb"] = serde_json::json!(verb);
        if self.add(&message)? {
            effects::ask_member(self, state, &message, member, doubt)?;
        }
        Ok(())
    }

    /// The provider speaks, and the verb says to whom.
    fn provider_speaks(
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
                self.writing.set_needs_reply(state.id, false)?;
                self.event(&state, None, "done", "no reply needed")?;
                return Ok(());
            }
            Verb::Note => {
                message.state = "note".to_owned();
                message.kind = "note".to_owned();
                self.add(&message)?;
                return Ok(());
            }
            Verb::Reply | Verb::AsWritten | Verb::Translated => {}
        }
        message.state = "sent".to_owned();
        if self.add(&message)? {
            self.writing.set_needs_reply(state.id, false)?;
            effects::answer_visitor(self, &state, &message)?;
            effects::copy_members(self, &state, &message)?;
        }
        Ok(())
    }

    /// Something came to the reverse-path of a mail of ours.
    fn bounced(&mut self, outgoing: OutgoingId) -> Result<(), Trouble> {
        let Some((_, conversation, message, purpose, recipient)) =
            self.writing.reading().outgoing(outgoing)?
        else {
            return Ok(());
        };
        let Some(state) = self.writing.conversation(conversation)? else { return Ok(()) };
        let now = self.item.trace.received_at;
        let words: String = self.item.reading.text.chars().take(500).collect();
        if self.item.reading.kind != "dsn" {
            let text = format!("{recipient} answered automatically: {words}");
            return self.event(&state, Some(message), "automatic_reply", &text);
        }
        let answer = Answer::own(words.clone());
        self.writing.record_bounce(outgoing, &answer, now)?;
        self.event(&state, Some(message), "bounced", &format!("{recipient}: {words}"))?;
        if purpose == "reply" {
            effects::tell_members(self, &state, message, effects::Notice::Failed, &words)?;
        }
        Ok(())
    }

    pub(in crate::flow::gateway) fn event(
        &mut self,
        state: &Conversation,
        message: Option<MessageKey>,
        kind: &str,
        text: &str,
    ) -> Result<(), Trouble> {
        self.writing.add_event(state.id, message, self.item.trace.received_at, kind, text)?;
        self.changed(state);
        Ok(())
    }

    fn changed(&mut self, state: &Conversation) {
        self.after.changes.push(Change { account: state.account, conversation: state.id });
    }

    /// The row of this letter in a conversation.
    fn message(
        &self,
        state: &Conversation,
        side: Side,
        channel: Channel,
        route: &Route,
    ) -> NewMessage {
        let reading = &self.item.reading;
        let spool_name = self.item.name.as_str();
        NewMessage {
            id: MessageKey::of(&[spool_name.as_bytes(), &state.id.0.to_be_bytes()]),
            conversation: state.id,
            account: state.account,
            spool_name: spool_name.to_owned(),
            side,
            kind: reading.kind.clone(),
            state: "received".to_owned(),
            channel,
            member: None,
            author_name: self.item.letter.author().and_then(|a| a.name.clone()),
            author_address: self.item.letter.author().map(|a| a.address.clone()),
            subject: self.item.letter.subject.clone(),
            text: reading.text.clone(),
            quoted: reading.quoted.clone(),
            signature: reading.signature.clone(),
            html: None,
            confidence: reading.confidence,
            language: reading.language.as_ref().map(|l| (l.code.clone(), l.confidence)),
            rfc_message_id: reading.message_id.clone(),
            fingerprint: Some(self.fingerprint()),
            at: self.item.trace.received_at,
            read: self.item.seen || !reading.is_person(),
            size_bytes: self.item.size_bytes,
            route: serde_json::json!(route),
            details: serde_json::json!({ "oddities": reading.oddities }),
            attachments: reading.attachments.iter().enumerate().map(attachment_row).collect(),
        }
    }

    /// The same mail by another road has the same id, author, date and text.
    fn fingerprint(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        let letter = &self.item.letter;
        // Without a Message-ID nothing tells a retry from the same words written twice: the file's name does.
        let id = letter.message_id.as_ref().map_or(self.item.name.as_str(), |id| id.as_str());
        let author = letter.author().map(|a| a.address.folded()).unwrap_or_default();
        let date = letter.date.map(|d| d.to_string()).unwrap_or_default();
        for part in [id, &author, &date, &self.item.reading.text] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        for file in &self.item.reading.attachments {
            hash.update(&file.sha256);
        }
        hash.finalize().into()
    }

    /// Adds the message unless it is there by another road, and remembers its ids. `false`: nothing follows.
    fn add(&mut self, message: &NewMessage) -> Result<bool, Trouble> {
        if let Some(fingerprint) = &message.fingerprint
            && self.writing.has_content(message.conversation, fingerprint)?
        {
            return Ok(false);
        }
        if !self.writing.add_message(message)? {
            return Ok(false);
        }
        let known = KnownId { conversation: message.conversation, message: Some(message.id) };
        if let Some(id) = &message.rfc_message_id {
            self.writing.remember_id(message.account, id, &known)?;
        }
        let ancestor = KnownId { conversation: message.conversation, message: None };
        for id in answered_ids(&self.item.letter) {
            if self.context.secret.issued(id).is_none() {
                self.writing.remember_id(message.account, id, &ancestor)?;
            }
        }
        self.after
            .changes
            .push(Change { account: message.account, conversation: message.conversation });
        Ok(true)
    }
}

fn attachment_row((position, file): (usize, &crate::ground::reading::FileFound)) -> AttachmentRow {
    AttachmentRow {
        position: u32::try_from(position).unwrap_or(u32::MAX),
        name: file.name.clone(),
        media_type: file.media_type.clone(),
        size_bytes: i64::try_from(file.size).unwrap_or(i64::MAX),
        sha256: file.sha256.clone(),
        inline: file.inline,
        content_id: file.content_id.clone(),
    }
}
