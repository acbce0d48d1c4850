//! Routing: which conversation a letter belongs to, and by what evidence.
//!
//! The strategies stand in the order of DESIGN, *Reply addresses*; each is a function over plain values. The first
//! that finds something decides, and the decision is stored with its evidence, because "why is this mail here?" is
//! the first question people ask of a threading that went wrong.

use serde::{Deserialize, Serialize};

use crate::ground::{
    address::{Address, ReplyToken},
    conversation::{Participant, Verb},
    key::{AccountId, ConversationId, OutgoingId},
    letter::{Letter, MessageId},
};

/// What an envelope recipient stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// The public address of an account: starts conversations.
    Account(AccountId),
    /// A reply address.
    Reply {
        /// The conversation.
        conversation: ConversationId,
        /// Whose address it is.
        participant: Participant,
        /// What the alias asks for.
        verb: Verb,
    },
    /// The reverse-path of a mail of ours: what comes here is about that mail.
    Bounce(OutgoingId),
    /// RFC 5321, 4.5.1: always accepted.
    Postmaster,
}

/// By what a letter was matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// The envelope's recipient was a reply address.
    EnvelopeToken,
    /// A reply address stood in To, Cc, Delivered-To or X-Original-To.
    HeaderToken,
    /// An id we issued stood in In-Reply-To or References.
    IssuedId,
    /// A Message-ID of this account's mail, and the author takes part in the conversation.
    KnownId,
    /// A channel's own name for a conversation of this account, in mail the channel is proven to have sent.
    OtaKey,
    /// The message it answers was put into another conversation by hand: the answer follows.
    Followed,
    /// The contact form or the API named the conversation or opened it.
    Door,
    /// Nothing matched: a new conversation.
    New,
}

/// A decision with its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// How it was matched.
    pub strategy: Strategy,
    /// The address or id that matched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
}

impl Route {
    /// A decision.
    pub fn by(strategy: Strategy, evidence: Option<String>) -> Self {
        Route { strategy, evidence }
    }
}

/// The reply tokens named in a letter's own fields, for when a hop rewrote the envelope.
pub fn header_tokens(letter: &Letter, reply_domain: &str) -> Vec<(ReplyToken, Verb)> {
    let fields = [
        "Delivered-To",
        "X-Original-To",
        "X-Delivered-To",
        "Envelope-To",
        "X-Envelope-To",
        "X-Forwarded-To",
    ];
    let from_fields = fields
        .iter()
        .flat_map(|name| letter.headers_named(name))
        .filter_map(|value| value.trim().trim_matches(['<', '>']).parse::<Address>().ok());
    letter
        .recipients()
        .cloned()
        .chain(from_fields)
        .filter(|address| address.domain() == reply_domain)
        .filter_map(|address| {
            let (token, suffix) = ReplyToken::from_local_part(address.local())?;
            Some((token, Verb::from_suffix(suffix)))
        })
        .collect()
}

/// The ids a letter answers, most telling first: In-Reply-To, then References from the newest.
pub fn answered_ids(letter: &Letter) -> Vec<&MessageId> {
    let mut ids: Vec<&MessageId> = Vec::new();
    for id in letter.in_reply_to.iter().chain(letter.references.iter().rev()) {
        if !ids.contains(&id) && ids.len() < 100 {
            ids.push(id);
        }
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answered_ids_are_ordered_by_how_telling_they_are() {
        let raw =
            b"From: a@b.example\r\nIn-Reply-To: <c@x>\r\nReferences: <a@x> <b@x> <c@x>\r\n\r\nhi";
        let letter = Letter::read(raw);
        let ids: Vec<_> = answered_ids(&letter).into_iter().map(MessageId::as_str).collect();
        assert_eq!(ids, ["c@x", "b@x", "a@x"]);
    }

    #[test]
    fn tokens_are_found_where_hops_put_them() {
        let token = ReplyToken::from_random([3; 16]);
        let raw = format!(
            "From: a@b.example\r\nTo: Somebody <x@y.example>\r\nX-Original-To: {}\r\n\r\nhi",
            token.at("note", "r.example")
        );
        let letter = Letter::read(raw.as_bytes());
        assert_eq!(header_tokens(&letter, "r.example"), [(token, Verb::Note)]);
        assert_eq!(header_tokens(&letter, "other.example"), []);
    }
}
