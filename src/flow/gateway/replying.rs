//! What a provider answers from the API or the inbox: kept as a mail like any other, once however often it is sent.

use std::time::Duration;

use sha2::{Digest, Sha256};

use super::{AnswerError, Gateway, Trouble, answer::RenderedBy, remembering::Both};
use crate::{
    flow::clock,
    ground::{
        address::Mailbox,
        capabilities::Problem,
        compose::reply_subject,
        conversation::{Conversation, Verb},
        key::{AccountId, ConversationId, MemberId, MessageKey},
        letter::{Attachment, MessageId},
        phrases::Tongue,
        trace::Door,
    },
    keep::store::StoreError,
};

/// A reply from the API or the inbox.
#[derive(Clone, Debug, Default)]
pub struct NewReply {
    /// What is said.
    pub text: String,
    /// The files.
    pub attachments: Vec<Attachment>,
    /// Who says it, when a member is behind the request.
    pub member: Option<MemberId>,
    /// Files of the member's draft that go with it.
    pub kept_files: Vec<i64>,
    /// Reply, note …
    pub verb: Verb,
    /// Its translation as a person wants it to be read; no engine is asked then.
    pub translation: Option<String>,
    /// A translation a person had corrected before they changed the text: it says other words now.
    pub outdated: Option<String>,
    /// The translation states other facts than the text, and that is meant.
    pub accept_differences: bool,
    /// Names this attempt: the same words sent again under the same name are the same reply.
    pub once: Option<String>,
}

/// The part of a reply's file that holds the translation its author looked at.
pub(super) const GIVEN_TRANSLATION: &str = "text/x-relais-translation";

/// Whoever sent something over HTTP waits so long for it to be threaded; it is kept long before.
pub(super) const THREADED_SOON: Duration = Duration::from_secs(20);

/// What is sent as written has no translation, though one was looked at.
fn of_its_verb(mut reply: NewReply) -> NewReply {
    reply.translation = reply.translation.filter(|_| reply.verb.translates());
    reply
}

impl Gateway {
    /// The provider answers. The reply is durable when this returns its key, and threaded if that does not take long.
    pub async fn reply(
        &self,
        account: AccountId,
        conversation: ConversationId,
        reply: &NewReply,
    ) -> Result<MessageKey, AnswerError> {
        let (state, house) = self.open_state(account, conversation)?;
        if state.deleted_at.is_some() {
            return Err(AnswerError::Deleted);
        }
        let message_id = match &reply.once {
            Some(name) => self.id_of_attempt(&state, reply, name)?,
            None => self.new_id()?,
        };
        if let Some(said) = self.said_before(&state, &message_id)? {
            return Ok(said);
        }
        let reply = &of_its_verb(self.with_kept_files(state.id, reply)?);
        if let Some(problem) = self.misfit(&state, reply)? {
            return Err(AnswerError::Misfit(problem.sentence(Tongue::of(&house.language))));
        }
        let both = self.both_languages(&state, &house, reply)?;
        let door = Door::Api { conversation: state.id, member: reply.member, verb: reply.verb };
        let to = state.visitor_address.clone().unwrap_or_else(|| house.address.clone());
        let mut attachments = reply.attachments.clone();
        // The mail is the truth: the words a person chose are in it, and a rebuild finds them there.
        attachments.extend(reply.translation.as_ref().map(|text| Attachment {
            name: "translation.txt".to_owned(),
            media_type: GIVEN_TRANSLATION.to_owned(),
            content_id: None,
            inline: false,
            content: text.replace("\r\n", "\n").into_bytes(),
        }));
        let trace = self.trace(None, vec![house.address.clone()], door);
        let message = self.rendered(&RenderedBy {
            from: Mailbox::new(Some(&house.name), house.address.clone()),
            to: Mailbox::new(state.visitor_name.as_deref(), to),
            subject: &reply_subject(&state.subject),
            text: &reply.text,
            language: None,
            attachments: &attachments,
            at: trace.received_at,
            message_id: message_id.clone(),
        });
        let (name, threaded) = self.keep_rendered(&trace, &message).await?;
        let _ = tokio::time::timeout(THREADED_SOON, threaded).await;
        self.after_reply(&state, reply.member, both).await;
        // Of two that are the same, sent at the same time, the first is the reply.
        let said = self.said_before(&state, &message_id).ok().flatten();
        let own = || MessageKey::of(&[name.as_str().as_bytes(), &state.id.0.to_be_bytes()]);
        Ok(said.unwrap_or_else(own))
    }

    /// What is done with a reply that is kept. Trouble here is no reason to say that it failed: it would be sent again.
    async fn after_reply(
        &self,
        state: &Conversation,
        member: Option<MemberId>,
        both: Option<Both>,
    ) {
        if let Some(both) = both
            && let Err(error) = self.remember_edits(&both)
        {
            tracing::warn!(%error, "what a person changed in a translation is not remembered");
        }
        let Some(member) = member else { return };
        let place = state.id;
        let cleared = self.store.write::<_, Trouble, _>(move |w| Ok(w.clear_draft(place, member)?));
        if let Err(error) = cleared.await {
            tracing::warn!(%error, "the draft of a reply that was sent stays");
        }
    }

    /// The Message-ID of a named attempt follows from all that is said in it: said again, it is known.
    fn id_of_attempt(
        &self,
        state: &Conversation,
        reply: &NewReply,
        name: &str,
    ) -> Result<MessageId, Trouble> {
        let member = reply.member.map(|member| member.to_string()).unwrap_or_default();
        let (conversation, verb) = (state.id.to_string(), reply.verb.suffix());
        let translation = reply.translation.as_deref().unwrap_or_default();
        let mut parts = vec![name.to_owned(), conversation, member, verb.to_owned()];
        parts.extend([reply.text.clone(), translation.to_owned()]);
        parts.extend(reply.kept_files.iter().map(ToString::to_string));
        for file in &reply.attachments {
            let content = data_encoding::HEXLOWER.encode(&Sha256::digest(&file.content));
            parts.extend([file.name.clone(), file.media_type.clone(), content]);
        }
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        self.id_of(&self.secret.sign("attempt", &parts)[..16])
    }

    /// The message of this conversation's account that has this id.
    fn said_before(
        &self,
        state: &Conversation,
        id: &MessageId,
    ) -> Result<Option<MessageKey>, StoreError> {
        self.store.read(|reading| reading.message_of_id(state.account, id))
    }

    /// Why the channel would not take a reply: known before it is kept.
    fn misfit(&self, state: &Conversation, reply: &NewReply) -> Result<Option<Problem>, Trouble> {
        let to_visitor = matches!(reply.verb, Verb::Reply | Verb::AsWritten | Verb::Translated);
        if !state.channel.is_ota() || !to_visitor {
            return Ok(None);
        }
        let capabilities =
            self.store.read(|reading| reading.capabilities(state, self.identity.booking_chars))?;
        Ok(capabilities.problem(&reply.text, &reply.attachments, clock::now()))
    }
}
