//! What is derived from the gateway's secret key: reply tokens, outgoing Message-IDs, bounce addresses.
//!
//! Derived, not stored: a token or id made again for the same thing is the same, so a crash between making and
//! recording it is harmless, and a rebuilt index gives out the addresses that are already in people's mailboxes.
//! Without the key they are 128 random-looking bits. Why not random bits in a journal: `docs/decisions/`.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::ground::{
    address::{Address, ReplyToken},
    conversation::Participant,
    key::{ConversationId, MessageKey, OutgoingId},
    letter::MessageId,
};

/// 256 random bits, kept beside the Maildirs.
#[derive(Clone)]
pub struct Secret([u8; 32]);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// The key of these bits.
    pub fn new(bits: [u8; 32]) -> Self {
        Secret(bits)
    }

    /// A keyed hash for one purpose; different purposes never collide.
    pub fn sign(&self, purpose: &str, parts: &[&str]) -> [u8; 32] {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.0)
            .expect("HMAC takes keys of any length");
        for part in std::iter::once(&purpose).chain(parts) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac.finalize().into_bytes().into()
    }

    /// The reply token of a participant in a conversation.
    pub fn reply_token(
        &self,
        conversation: ConversationId,
        participant: Participant,
    ) -> ReplyToken {
        let bits = self.sign("reply", &[&conversation.to_string(), &participant.code()]);
        let mut half = [0_u8; 16];
        half.copy_from_slice(&bits[..16]);
        ReplyToken::from_random(half)
    }

    fn tag(&self, purpose: &str, parts: &[&str]) -> String {
        let bits = self.sign(purpose, parts);
        data_encoding::BASE32_NOPAD.encode(&bits[..10]).to_ascii_lowercase()
    }

    /// The signature of a link about a message: whoever got the mail may follow it, for this purpose alone.
    pub fn link(&self, purpose: &str, message: MessageKey) -> String {
        self.tag(purpose, &[&message.to_string()])
    }

    /// Our value of the header that our own mails carry, so that we know them when they come back.
    pub fn instance(&self) -> String {
        self.tag("instance", &[])
    }

    /// What tells our store from another Relais's: a number, not 0.
    pub fn store_mark(&self) -> i32 {
        let bits = self.sign("store", &[]);
        i32::from_be_bytes([bits[0], bits[1], bits[2], bits[3]]) | 1
    }

    /// The Message-ID of the mail that carries this message to one participant.
    pub fn message_id(&self, message: MessageKey, to: Participant, domain: &str) -> MessageId {
        let (message, to) = (message.to_string(), to.code());
        let tag = self.tag("message-id", &[&message, &to]);
        MessageId::new(&format!("{message}.{to}.{tag}@{domain}")).expect("the id is not empty")
    }

    /// Reads a Message-ID we issued: which message, and to whom it went. `None` when it is not ours or forged.
    pub fn issued(&self, id: &MessageId) -> Option<(MessageKey, Participant)> {
        let (local, _) = id.as_str().split_once('@')?;
        let mut parts = local.split('.');
        let (message, to, tag) = (parts.next()?, parts.next()?, parts.next()?);
        let genuine = parts.next().is_none() && self.tag("message-id", &[message, to]) == tag;
        genuine.then(|| Some((message.parse().ok()?, Participant::from_code(to)?)))?
    }

    /// The envelope sender of one outgoing mail (VERP): a bounce to it names the mail.
    pub fn bounce_address(&self, outgoing: OutgoingId, domain: &str) -> Option<Address> {
        let id = outgoing.to_string();
        let tag = self.tag("bounce", &[&id]);
        format!("b-{id}-{tag}@{domain}").parse().ok()
    }

    /// Reads the local part of a bounce address.
    pub fn bounced(&self, local: &str) -> Option<OutgoingId> {
        let local = local.to_ascii_lowercase();
        let (id, tag) = local.strip_prefix("b-")?.split_once('-')?;
        (self.tag("bounce", &[id]) == tag).then(|| id.parse().ok())?
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::key::MemberId;

    #[test]
    fn what_we_issue_we_recognise_and_nothing_else() {
        let secret = Secret::new([1; 32]);
        let message = MessageKey(42);
        let to = Participant::Member(MemberId(7));
        let id = secret.message_id(message, to, "relais.localhost");
        assert_eq!(secret.issued(&id), Some((message, to)));
        assert_eq!(Secret::new([2; 32]).issued(&id), None, "another key");
        let forged = MessageId::new(&id.as_str().replace(".m", ".v")).unwrap();
        assert_eq!(secret.issued(&forged), None);
        let bounce = secret.bounce_address(OutgoingId(5), "relais.localhost").unwrap();
        assert_eq!(secret.bounced(&bounce.local().to_uppercase()), Some(OutgoingId(5)));
        assert_eq!(secret.bounced("b-aaaaaaaaaaaaa-aaaaaaaaaaaaaaaa"), None);
        assert!(bounce.local().len() <= 64);
    }

    #[test]
    fn tokens_differ_by_conversation_and_participant() {
        let secret = Secret::new([1; 32]);
        let visitor = secret.reply_token(ConversationId(1), Participant::Visitor);
        assert_eq!(visitor, secret.reply_token(ConversationId(1), Participant::Visitor));
        assert_ne!(visitor, secret.reply_token(ConversationId(2), Participant::Visitor));
        assert_ne!(
            visitor,
            secret.reply_token(ConversationId(1), Participant::Member(MemberId(1)))
        );
    }
}
