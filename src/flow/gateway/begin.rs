//! The house writes first: the platform has an empty conversation for every reservation, and it is opened here too.
//!
//! Nothing is said in it, so no mail carries it: it is a line of the journal.

use super::{Gateway, Trouble, catch_up::When};
use crate::{
    ground::{
        address::ReplyToken,
        conversation::{Channel, Participant},
        key::{AccountId, ConversationId},
        relay_mail::{KeyKind, OtaKey},
        secret::Secret,
        thread_address::Through,
    },
    keep::{
        journal::{Event, OpenedThread},
        store::{ConnectionState, NewConversation, StoreError, Writing},
    },
};

/// A conversation as a platform knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadThere {
    /// Its id there.
    pub thread: String,
    /// Who booked, if the platform says.
    pub name: Option<String>,
}

/// Why no conversation is opened.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// No platform of the house knows it.
    #[error("no platform this house is connected to knows such a reservation")]
    NoReservation,
    /// A platform did not say.
    #[error("{0}")]
    NotSaid(String),
    /// Our own trouble.
    #[error(transparent)]
    Trouble(#[from] Trouble),
}

impl From<StoreError> for BeginError {
    fn from(error: StoreError) -> Self {
        BeginError::Trouble(error.into())
    }
}

impl Gateway {
    /// The conversation about a reservation, opened if there was none.
    pub async fn begin(
        &self,
        account: AccountId,
        reservation: &str,
    ) -> Result<ConversationId, BeginError> {
        let reservation = reservation.trim();
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if reservation.is_empty() || reservation.len() > 40 || !reservation.chars().all(plain) {
            return Err(BeginError::NoReservation);
        }
        let (known, house, rows) = self.store.read(|reading| {
            let key = OtaKey { kind: KeyKind::Reservation, value: reservation.to_owned() };
            let mut known = None;
            for channel in [Channel::Booking, Channel::Airbnb, Channel::Channex] {
                known = known.or(reading.conversation_of_ota_key(account, channel, &key)?);
            }
            Ok::<_, StoreError>((
                known,
                reading.account(account)?,
                reading.connections_of(account)?,
            ))
        })?;
        if let Some(known) = known {
            return self.taken_back(known);
        }
        // As when the channels are asked for news.
        let asks = house.is_some_and(|house| house.has_ota() && house.has_messaging());
        let mut not_said = None;
        for row in rows.iter().filter(|row| asks && row.state != ConnectionState::Paused) {
            match self.find_thread(row, reservation).await {
                Ok(Some(there)) => {
                    let opened = OpenedThread {
                        account,
                        channel: row.channel,
                        connection: row.id,
                        thread: there.thread,
                        reservation: reservation.to_owned(),
                        name: there.name,
                    };
                    let now = When::now(Event::Opened(opened.clone()));
                    return self.taken_back(self.apply_opened(opened, now)?);
                }
                Ok(None) => {}
                Err(why) => not_said = Some(why),
            }
        }
        Err(not_said.map_or(BeginError::NoReservation, BeginError::NotSaid))
    }

    /// Who wants to write in it wants it back, if it was deleted.
    fn taken_back(&self, id: ConversationId) -> Result<ConversationId, BeginError> {
        let state = self.store.read(|reading| reading.conversation_state(id))?;
        if state.is_some_and(|state| state.deleted_at.is_some()) {
            self.record(Event::Restored { conversation: id })?;
        }
        Ok(id)
    }

    /// Opens a conversation in which nothing was said yet, live or when the index is rebuilt.
    pub(super) fn apply_opened(
        &self,
        opened: OpenedThread,
        when: When,
    ) -> Result<ConversationId, Trouble> {
        let secret = self.secret.clone();
        let (id, tokens) = self.carry_out(when, move |writing, at| {
            let key = |kind, value: &str| OtaKey { kind, value: value.to_owned() };
            let keys =
                [key(KeyKind::Api, &opened.thread), key(KeyKind::Reservation, &opened.reservation)];
            let mut known = None;
            for key in &keys {
                let of_key = (opened.account, opened.channel);
                let found = writing.reading().conversation_of_ota_key(of_key.0, of_key.1, key)?;
                known = known.or(found);
            }
            let (id, tokens) = match known {
                Some(id) => (id, Vec::new()),
                None => open(writing, &opened, at, &secret)?,
            };
            for key in &keys {
                writing.put_ota_key(opened.account, opened.channel, key, id)?;
            }
            Ok((id, tokens))
        })?;
        self.directory.add_tokens(tokens);
        Ok(id)
    }
}

type Tokens = Vec<(ReplyToken, ConversationId, Participant)>;

fn open(
    writing: &Writing<'_>,
    opened: &OpenedThread,
    at: jiff::Timestamp,
    secret: &Secret,
) -> Result<(ConversationId, Tokens), Trouble> {
    let id = opened.conversation();
    let booking = format!("{} {}", opened.channel.brand(), opened.reservation);
    let through = Through { api: opened.channel, connection: opened.connection };
    writing.open_conversation(&NewConversation {
        id,
        account: opened.account,
        subject: match &opened.name {
            Some(name) => format!("{name} · {booking}"),
            None => booking,
        },
        visitor_name: opened.name.clone(),
        visitor_address: through.address(&opened.thread),
        channel: opened.channel,
        language: None,
        language_why: None,
        at,
    })?;
    let members = writing.reading().members(opened.account)?;
    let members = members.into_iter().map(|member| Participant::Member(member.id));
    let mut tokens = Vec::new();
    for participant in std::iter::once(Participant::Visitor).chain(members) {
        let token = secret.reply_token(id, participant);
        writing.add_participant(id, participant, &token)?;
        tokens.push((token, id, participant));
    }
    Ok((id, tokens))
}
