//! The row of a letter in a conversation: built, added once, its ids remembered.

use super::{hear::sender, thread::Threading};
use crate::{
    flow::gateway::{Change, Trouble},
    ground::{
        compose::ThreadIndex,
        conversation::{Channel, Conversation, EventKind, MessageState, Side},
        duplicate, html,
        key::{ConversationId, MessageKey},
        letter::picture,
        reading::FileFound,
        routing::{Route, answered_ids},
        trace::Door,
        word,
    },
    keep::store::{AttachmentRow, KnownId, NewMessage},
};

impl Threading<'_> {
    pub(in crate::flow::gateway) fn event(
        &mut self,
        state: &Conversation,
        message: Option<MessageKey>,
        kind: EventKind,
        text: &str,
    ) -> Result<(), Trouble> {
        self.writing.add_event(state.id, message, self.item.trace.received_at, kind, text)?;
        self.changed(state);
        Ok(())
    }

    pub(super) fn changed(&mut self, state: &Conversation) {
        self.after.concerns = Some(state.id);
        self.after.changes.push(Change { account: state.account, conversation: state.id });
    }

    /// Which of the letter's files are logos of a signature: small images that came with an earlier message.
    pub(in crate::flow::gateway) fn logos(&self, state: &Conversation) -> Vec<usize> {
        let files = self.item.letter.attachments.iter().zip(&self.item.reading.attachments);
        let seen = |sha256: &str| {
            let reading = self.writing.reading();
            // Trouble of the store shows at the next write; here a logo is at worst shown again.
            reading.has_file(state.id, sha256, self.item.name.as_str()).unwrap_or(false)
        };
        files
            .enumerate()
            .filter(|(_, (file, found))| picture::may_be_logo(file) && seen(&found.sha256))
            .map(|(position, _)| position)
            .collect()
    }

    /// Which of the letter's files nobody chose to send: logos and, where a platform's visitor gets each file as a message
    /// of its own, whatever else a mail program adds.
    pub(in crate::flow::gateway) fn unmeant(&self, state: &Conversation) -> Vec<usize> {
        let mut unmeant = self.logos(state);
        if state.channel.is_ota() {
            let files = self.item.letter.attachments.iter().enumerate();
            unmeant.extend(files.filter(|(_, file)| picture::is_added(file)).map(|(at, _)| at));
        }
        unmeant
    }

    /// The row of this letter in a conversation.
    pub(super) fn message(
        &self,
        state: &Conversation,
        side: Side,
        channel: Channel,
        route: &Route,
    ) -> NewMessage {
        let reading = &self.item.reading;
        let spool_name = self.item.name.as_str();
        let id = MessageKey::of(&[spool_name.as_bytes(), &state.id.0.to_be_bytes()]);
        // An image of the mail itself (RFC 2392) is served like any of its files.
        let image = |cid: &str| {
            let of = |file: &FileFound| file.content_id.as_deref() == Some(cid);
            let position = reading.attachments.iter().position(of)?;
            Some(format!("/api/v1/messages/{id}/attachments/{position}"))
        };
        let mut details = serde_json::json!({
            "evidence": reading.evidence,
            "language": reading.language,
            "oddities": reading.oddities,
            "bounce": reading.bounce,
            "complaint": reading.complaint,
            "forwarded": reading.forwarded,
            "invitations": reading.invitations,
            "logos": self.logos(state),
        });
        if matches!(self.item.trace.door, Door::Smtp(_)) && !self.item.heard.evidence.is_empty() {
            details["sender"] = sender(&self.item.heard);
        }
        NewMessage {
            id,
            conversation: state.id,
            account: state.account,
            spool_name: spool_name.to_owned(),
            side,
            kind: reading.kind.into(),
            state: MessageState::Received,
            channel,
            member: None,
            author_name: self.item.letter.author().and_then(|a| a.name.clone()),
            author_address: self.item.letter.author().map(|a| a.address.clone()),
            subject: self.item.letter.subject.clone(),
            text: reading.text.clone(),
            quoted: reading.quoted.clone(),
            signature: reading.signature.clone(),
            html: self.item.letter.html.as_deref().map(|html| html::safe(html, &image).html),
            confidence: f64::from(reading.confidence),
            language: reading.language.as_ref().map(|l| (l.code.clone(), l.confidence)),
            rfc_message_id: reading.message_id.clone(),
            thread_index: self.item.letter.header("Thread-Index").and_then(ThreadIndex::read),
            fingerprint: Some(duplicate::fingerprint(&self.item.letter).0),
            at: self.item.trace.received_at,
            read: self.item.seen || !reading.is_person(),
            size_bytes: self.item.size_bytes,
            route: serde_json::json!(route),
            details,
            attachments: reading.attachments.iter().enumerate().map(attachment_row).collect(),
        }
    }

    /// Was something of this conversation threaded that began to arrive later, or was it regrouped since?
    pub(super) fn is_overtaken(&self, id: ConversationId) -> Result<bool, Trouble> {
        let name = &self.item.name;
        let begun = name.begun_at().unwrap_or(self.item.trace.received_at);
        Ok(matches!(self.mode, super::Mode::Live)
            && self.writing.reading().has_later(id, (name.as_str(), begun))?)
    }

    /// Adds the message unless it is there by another road, and remembers its ids. `false`: nothing follows.
    pub(super) fn add(&mut self, message: &NewMessage) -> Result<bool, Trouble> {
        self.after.concerns = Some(message.conversation);
        if let Some(fingerprint) = &message.fingerprint
            && self.writing.has_content(message.conversation, fingerprint)?
        {
            return Ok(false);
        }
        let is_overtaken = self.is_overtaken(message.conversation)?;
        if !self.writing.add_message(message)? {
            return Ok(false);
        }
        self.after.added = true;
        self.after.overtaken |= is_overtaken;
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

fn attachment_row((position, file): (usize, &FileFound)) -> AttachmentRow {
    AttachmentRow {
        position: u32::try_from(position).unwrap_or(u32::MAX),
        name: file.name.clone(),
        media_type: file.media_type.clone(),
        size_bytes: i64::try_from(file.size).unwrap_or(i64::MAX),
        sha256: file.sha256.clone(),
        inline: file.inline,
        content_id: file.content_id.clone(),
        danger: file.danger.as_ref().map(word::of),
    }
}
