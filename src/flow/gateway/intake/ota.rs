//! Mail of Booking.com and Airbnb: threaded by the channel's own names, answered to its newest address.
//!
//! A mail that only claims to be theirs is kept for people to look at and nobody is told: forged booking messages are
//! the commonest fraud on houses.

use jiff::{SignedDuration, Timestamp};

use super::thread::Threading;
use crate::{
    flow::gateway::{Trouble, effects},
    ground::{
        address::Mailbox,
        conversation::{Channel, Conversation, EventKind, MessageKind, MessageState, Side},
        duplicate,
        key::{AccountId, ConversationId},
        relay_mail::{Entry, KeyKind, OtaKey, OtaMail, RelayMail, folded},
        routing::{Route, Strategy},
        told,
    },
    keep::store::NewMessage,
};

/// A mail that is under way for longer says nothing about when it was written.
const LATE: SignedDuration = SignedDuration::from_hours(48);

/// Where mail to a house went.
pub(super) enum Taken {
    /// Not an OTA's: it goes the way of ordinary mail.
    No,
    /// Into this conversation.
    Into(ConversationId),
}

/// A text folded, and where its paragraphs begin and end: what was told together may be quoted apart.
struct Paragraphs {
    folded: String,
    begin: Vec<usize>,
    end: Vec<usize>,
    /// One of them folds to nothing.
    has_empty: bool,
}

impl Paragraphs {
    fn of(text: &str) -> Paragraphs {
        let (mut folded_text, mut begin, mut end) = (String::new(), Vec::new(), Vec::new());
        let mut has_empty = false;
        for paragraph in text.split("\n\n").map(folded) {
            if paragraph.is_empty() {
                has_empty = true;
                continue;
            }
            if !folded_text.is_empty() {
                folded_text.push(' ');
            }
            begin.push(folded_text.len());
            folded_text.push_str(&paragraph);
            end.push(folded_text.len());
        }
        Paragraphs { folded: folded_text, begin, end, has_empty }
    }

    /// Is this, folded, one of them or several in a row?
    fn have(&self, run: &str) -> bool {
        if run.is_empty() {
            return self.has_empty;
        }
        self.begin.iter().any(|begin| {
            self.end.binary_search(&(begin + run.len())).is_ok()
                && self.folded[*begin..].starts_with(run)
        })
    }
}

impl Threading<'_> {
    /// Mail to a house that an OTA sent, or claims to have sent.
    pub(super) fn ota(&mut self, account: AccountId) -> Result<Taken, Trouble> {
        let item = self.item;
        let Some(ota) = &item.reading.ota else { return Ok(Taken::No) };
        if !item.heard.authentic {
            return self.quarantine(account, ota).map(Taken::Into);
        }
        let house = self.writing.reading().account(account)?;
        if !house.is_some_and(|house| house.has_ota()) {
            return Ok(Taken::No);
        }
        match ota {
            OtaMail::Message(mail) => self.relayed(account, mail).map(Taken::Into),
            OtaMail::Notice(_) => self.ota_notice(account).map(Taken::Into),
        }
    }

    /// The conversation the channel names, opened if need be, with the newest address to answer to.
    pub(super) fn relayed_conversation(
        &mut self,
        account: AccountId,
        mail: &RelayMail,
    ) -> Result<(ConversationId, Route), Trouble> {
        let known = self.by_keys(account, mail.channel, &mail.keys)?;
        let (id, route) = match known {
            Some(found) => found,
            None => (self.open_relayed(account, mail)?, Route::by(Strategy::New, None)),
        };
        for key in &mail.keys {
            self.writing.put_ota_key(account, mail.channel, key, id)?;
        }
        let name = mail.visitor_name.as_deref();
        // The channel's own API is the better road wherever there is one.
        let Some(state) = self.writing.conversation(id)? else { return Ok((id, route)) };
        let answer_to = mail.answer_to.as_ref().filter(|_| !state.is_connected());
        // Where a mail names several threads, the next answer must not go to somebody else.
        let other = state.visitor_name.as_deref().filter(|known| Some(*known) != name);
        if mail.sure || other.is_none() {
            self.writing.set_visitor(id, name, answer_to, mail.link.as_deref())?;
            // The day the connection is removed it is the only one.
            if let Some(address) = &mail.answer_to {
                self.writing.set_relay_address(id, address)?;
            }
        }
        Ok((id, route))
    }

    /// A visitor's message.
    fn relayed(&mut self, account: AccountId, mail: &RelayMail) -> Result<ConversationId, Trouble> {
        let (id, route) = self.relayed_conversation(account, mail)?;
        let Some(state) = self.writing.conversation(id)? else { return Ok(id) };
        let Some(message) = self.relayed_message(&state, mail, &route)? else { return Ok(id) };
        let at = message.at;
        // The same words by the channel's API are this message.
        if state.is_connected() && self.same_words(id, Side::Visitor, &message.text, at)?.is_some()
        {
            return Ok(id);
        }
        self.say(&state, &message)?;
        Ok(id)
    }

    /// Nothing where a later mail, which came first, has told it.
    fn relayed_message(
        &self,
        state: &Conversation,
        mail: &RelayMail,
        route: &Route,
    ) -> Result<Option<NewMessage>, Trouble> {
        let mut message = self.message(state, Side::Visitor, mail.channel, route);
        message.author_name.clone_from(&mail.visitor_name);
        message.author_address.clone_from(&mail.answer_to);
        message.at = self.said_at(message.at);
        // Forty kilobytes of frame around one sentence.
        message.html = None;
        // The logos of the frame are nobody's files.
        message.details["logos"] = serde_json::json!(self.unmeant(state));
        message.details["translated"] = serde_json::json!(mail.message.translated);
        message.details["evidence_of_sender"] = self.item.heard.evidence.clone().into();
        let known = self.known(state.id, &mail.earlier)?;
        let is_known = |entry: &&Entry| known.contains(&folded(&entry.text));
        // What the visitor said just before is told with it, where no other mail and no API has told it.
        let is_news = |entry: &&Entry| entry.side == Side::Visitor && !is_known(entry);
        let news = match state.is_connected() {
            true => 0,
            false => mail.earlier.iter().take_while(is_news).count(),
        };
        let (news, earlier) = mail.earlier.split_at(news);
        let mut texts: Vec<&str> = news.iter().rev().map(|entry| entry.text.as_str()).collect();
        let is_told = self.item.letter.attachments.len() <= self.unmeant(state).len()
            && self.is_told_later(state.id, &message.text, message.at)?;
        if is_told && texts.is_empty() {
            return Ok(None);
        }
        if !texts.is_empty() {
            message.details["told_before"] = serde_json::json!(texts);
        }
        if !texts.is_empty() {
            texts.extend(Some(message.text.as_str()).filter(|_| !is_told));
            message.text = texts.join("\n\n");
        }
        let unknown = earlier.iter().filter(|entry| !is_known(entry));
        let unknown: Vec<&str> = unknown.map(|entry| entry.text.as_str()).collect();
        if !unknown.is_empty() {
            message.quoted = unknown.join("\n\n");
        }
        Ok(Some(message))
    }

    /// Which of these, folded, were told in this conversation.
    fn known(&self, id: ConversationId, earlier: &[Entry]) -> Result<Vec<String>, Trouble> {
        let mut wanted: Vec<String> = earlier.iter().map(|entry| folded(&entry.text)).collect();
        let mut known = Vec::new();
        for side in [Side::Visitor, Side::Provider] {
            if wanted.is_empty() {
                break;
            }
            for text in self.writing.reading().said_lately(id, side, Timestamp::MIN)? {
                let paragraphs = Paragraphs::of(&text);
                known.extend(wanted.extract_if(.., |run| paragraphs.have(run)));
            }
        }
        Ok(known)
    }

    /// Did a mail of a later time, which came first, tell these words as what the visitor had said just before?
    fn is_told_later(
        &self,
        id: ConversationId,
        text: &str,
        at: Timestamp,
    ) -> Result<bool, Trouble> {
        let told = self.writing.reading().told_before(id, at)?;
        let wanted = folded(text);
        Ok(!wanted.is_empty() && told.iter().any(|told| folded(told) == wanted))
    }

    /// A mail that came late was said when it says, or its copy by the channel's API would be another message.
    fn said_at(&self, arrived: Timestamp) -> Timestamp {
        let sent = self.item.letter.date.filter(|sent| {
            let late = arrived.duration_since(*sent);
            late >= SignedDuration::ZERO && late <= LATE
        });
        sent.unwrap_or(arrived)
    }

    /// By any of its names; conversations that turn out to be one become one.
    pub(super) fn by_keys(
        &mut self,
        account: AccountId,
        channel: Channel,
        keys: &[OtaKey],
    ) -> Result<Option<(ConversationId, Route)>, Trouble> {
        let mut found: Vec<(ConversationId, &str)> = Vec::new();
        for key in keys {
            let known = self.writing.reading().conversation_of_ota_key(account, channel, key)?;
            if let Some(id) = known
                && let Some(state) = self.in_account(id, account)?
                && !found.iter().any(|(id, _)| *id == state.id)
            {
                found.push((state.id, &key.value));
            }
        }
        let Some((id, evidence)) = found.first().copied() else {
            return Ok(None);
        };
        for (other, _) in &found[1..] {
            self.writing.merge(*other, id)?;
        }
        Ok(Some((id, Route::by(Strategy::OtaKey, Some(evidence.to_owned())))))
    }

    /// The subject of such mail is in the provider's language and names nothing: ours names the visitor and the
    /// booking.
    fn open_relayed(
        &mut self,
        account: AccountId,
        mail: &RelayMail,
    ) -> Result<ConversationId, Trouble> {
        let brand = mail.channel.brand();
        let number = mail.keys.iter().find(|key| key.kind == KeyKind::Reservation);
        let booking =
            number.map_or_else(|| brand.to_owned(), |key| format!("{brand} {}", key.value));
        let subject = match &mail.visitor_name {
            Some(name) => format!("{name} · {booking}"),
            None => booking,
        };
        let visitor = mail
            .answer_to
            .clone()
            .map(|address| Mailbox::new(mail.visitor_name.as_deref(), address));
        self.open_with(account, mail.channel, None, visitor.as_ref(), &subject)
    }

    /// Payouts, reviews, confirmations: they reach people as the ordinary mail they are, and nobody waits for an answer.
    fn ota_notice(&mut self, account: AccountId) -> Result<ConversationId, Trouble> {
        if let Some(known) = self.known_notice(account)? {
            return Ok(known);
        }
        let id = self.open_aside(account)?;
        let Some(state) = self.writing.conversation(id)? else { return Ok(id) };
        let route = Route::by(Strategy::New, Some("notice of a booking platform".into()));
        let mut message = self.message(&state, Side::Visitor, Channel::Email, &route);
        message.kind = MessageKind::AutomaticReply;
        // All of it: a visitor's words may stand anywhere, and above what an answer would quote.
        message.text = self.item.letter.text().trim().to_owned();
        message.quoted = String::new();
        message.signature = String::new();
        message.read = true;
        if self.add(&message)? {
            effects::pass_on(self, &state, &message)?;
        }
        Ok(id)
    }

    /// Where this very notice is already: a mail may come twice, by two roads or by a second attempt. One whose sender
    /// was in doubt has reached nobody.
    fn known_notice(&self, account: AccountId) -> Result<Option<ConversationId>, Trouble> {
        let letter = &self.item.letter;
        let Some(id) = &letter.message_id else { return Ok(None) };
        let Some(known) = self.writing.known_id(account, id)? else { return Ok(None) };
        let Some(message) = known.message else { return Ok(None) };
        let first = self.writing.reading().message_anywhere(message)?;
        let has_reached = first.is_some_and(|first| first.state != MessageState::Quarantined);
        let is_same = has_reached
            && self.writing.has_content(known.conversation, &duplicate::fingerprint(letter).0)?;
        Ok(is_same.then_some(known.conversation))
    }

    fn quarantine(&mut self, account: AccountId, ota: &OtaMail) -> Result<ConversationId, Trouble> {
        let id = self.open_aside(account)?;
        let Some(state) = self.writing.conversation(id)? else { return Ok(id) };
        let route = Route::by(Strategy::New, Some("claims to be a booking platform".into()));
        let mut message = self.message(&state, Side::Visitor, Channel::Email, &route);
        if let OtaMail::Message(_) = ota {
            message.text = self.item.letter.text().trim().to_owned();
        }
        message.html = None;
        message.state = MessageState::Quarantined;
        message.details["doubt"] = self.item.heard.evidence.clone().into();
        if self.add(&message)? {
            let text = told::MAYBE_FRAUD.kept(&self.item.heard.evidence);
            self.event(&state, Some(message.id), EventKind::Quarantined, &text)?;
        }
        Ok(id)
    }

    /// A conversation with an address that is not to be written to.
    fn open_aside(&mut self, account: AccountId) -> Result<ConversationId, Trouble> {
        let author = self.item.letter.author().cloned();
        let subject = self.item.letter.subject.clone();
        self.open_with(account, Channel::Email, None, author.as_ref(), &subject)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_together_is_known_apart() {
        let told =
            Paragraphs::of("Good  day\n\nWhen can\nwe come?\n\nhttps://a.example\n\nThank you");
        let table = [
            ("good day", true),
            ("When can we come?", true),
            ("When can we come?\n\nThank you", true),
            ("Good day\n\nWhen can we come? https://b.example Thank you", true),
            ("https://b.example", true),
            ("can we come?", false),
            ("Good day\n\nWhen can", false),
            ("Thank you\n\nGood day", false),
            ("Thank you very much", false),
        ];
        for (text, expected) in table {
            assert_eq!(told.have(&folded(text)), expected, "{text:?}");
        }
        assert!(!Paragraphs::of("Good day").have(""));
    }
}
