//! Booking.com's Messaging API: one token an hour, a queue that is confirmed after the commit, posts whose silence is
//! resolved by reading the thread again, never by posting again.
//!
//! Built against what is publicly documented; never tried against the live service.

use std::{sync::Arc, time::Duration};

use hyper::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::Fail;
use crate::{
    doors::json_client::{Answer as Reply, Peer},
    flow::{
        clock,
        gateway::{ChannelMessage, Gateway},
        translate::Fail as Wire,
    },
    ground::{
        conversation::{Channel, Side},
        letter::Letter,
        outcome::{Answer, Outcome},
        relay_mail::folded,
        trace::ChannelSource,
    },
    keep::store::ConnectionRow,
};

/// The version of the API that names message types and participants.
const VERSION: (&str, &str) = ("accept-version", "1.2");
const PATIENCE: Duration = Duration::from_secs(20);
/// A token is renewed so long before its end.
const SPARE: SignedDuration = SignedDuration::from_mins(5);
/// How often and how far apart a thread is read again after a post without an answer: the other side may be slow.
const RE_READS: [Duration; 3] =
    [Duration::from_millis(200), Duration::from_secs(1), Duration::from_secs(3)];

/// A connection with its token.
pub(super) struct Booking {
    row: ConnectionRow,
    secret: String,
    api: Peer,
    auth: Peer,
    /// Held while a token is fetched: many tasks, one exchange.
    token: Mutex<Option<(String, Timestamp)>>,
}

impl std::fmt::Debug for Booking {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Booking({})", self.row.machine)
    }
}

impl Booking {
    pub(super) fn new(row: &ConnectionRow, secret: String) -> Result<Self, String> {
        Ok(Booking {
            api: Peer::of_channel(&row.url, Some(VERSION))?,
            auth: Peer::of_channel(&row.token_url, None)?,
            row: row.clone(),
            secret,
            token: Mutex::new(None),
        })
    }

    pub(super) fn is_of(&self, row: &ConnectionRow) -> bool {
        let settings = |r: &ConnectionRow| {
            (r.sealed.clone(), r.url.clone(), r.token_url.clone(), r.property.clone())
        };
        settings(&self.row) == settings(row)
    }

    /// What came before, once; then everything that waits in the queue.
    pub(super) async fn poll(
        &self,
        gateway: &Arc<Gateway>,
        row: &ConnectionRow,
    ) -> Result<(), Fail> {
        if row.synced_at.is_none() {
            self.sync(gateway).await?;
        }
        loop {
            let data = self.ask(Method::GET, "/messages/latest", None).await?;
            let messages: Vec<_> = list(&data["messages"]).iter().collect();
            if messages.is_empty() {
                return Ok(());
            }
            let read: Vec<_> =
                messages.iter().filter_map(|message| self.message(message, None, false)).collect();
            take(gateway, read).await?;
            // As many as were fetched, also those nobody could read: they would stand in the way for ever.
            let path = format!("/messages?number_of_messages={}", messages.len());
            self.ask(Method::PUT, &path, None).await?;
        }
    }

    /// Every conversation of the house with its messages, oldest page last; imported twice it changes nothing.
    async fn sync(&self, gateway: &Arc<Gateway>) -> Result<(), Fail> {
        let mut page: Option<String> = None;
        let mut imported = 0;
        loop {
            let base = format!("/properties/{}/conversations", self.row.property);
            let data = self.ask(Method::GET, &paged(&base, page.as_deref()), None).await?;
            // One flush and one transaction for a page of conversations.
            let mut messages = Vec::new();
            for conversation in list(&data["conversations"]) {
                if let Some(id) = conversation["conversation_id"].as_str() {
                    messages.extend(self.thread(id, true).await?);
                }
            }
            imported += messages.len();
            take(gateway, messages).await?;
            page = data["next_page_id"].as_str().map(str::to_owned);
            let end = page.is_none().then(clock::now);
            let (id, gateway) = (self.row.id, Arc::clone(gateway));
            let imported = i64::try_from(imported).unwrap_or(i64::MAX);
            let noted = gateway.store.write(move |w| w.connection_synced(id, imported, end)).await;
            noted.map_err(|error: crate::keep::store::StoreError| Fail::Ours(error.to_string()))?;
            if page.is_none() {
                return Ok(());
            }
        }
    }

    /// A whole thread, oldest first.
    async fn thread(&self, id: &str, historical: bool) -> Result<Vec<ChannelMessage>, Fail> {
        let base = format!("/properties/{}/conversations/{id}", self.row.property);
        let mut found = Vec::new();
        let mut page: Option<String> = None;
        loop {
            let data = self.ask(Method::GET, &paged(&base, page.as_deref()), None).await?;
            let conversation = &data["conversation"];
            let messages = list(&conversation["messages"]).iter();
            found.extend(
                messages.filter_map(|one| self.message(one, Some(conversation), historical)),
            );
            // It stands in one of two places.
            let next = [&conversation["next_page_id"], &data["next_page_id"]];
            page = next.into_iter().find_map(Value::as_str).map(str::to_owned);
            if page.is_none() {
                found.sort_by_key(|message: &ChannelMessage| message.source.said_at);
                return Ok(found);
            }
        }
    }

    /// Both shapes: the queue names the sender in the message, a thread in its participants.
    fn message(
        &self,
        message: &Value,
        thread: Option<&Value>,
        historical: bool,
    ) -> Option<ChannelMessage> {
        let conversation = thread.unwrap_or(&message["conversation"]);
        let sender = match thread {
            None => &message["sender"]["metadata"],
            Some(thread) => {
                let of = |one: &&Value| one["participant_id"] == message["sender_id"];
                &list(&thread["participants"]).iter().find(of)?["metadata"]
            }
        };
        let kind = sender["participant_type"].as_str().or(sender["type"].as_str())?.to_lowercase();
        let reference = conversation["conversation_reference"].as_str();
        let is_reservation = conversation["conversation_type"] == "reservation";
        Some(ChannelMessage {
            source: ChannelSource {
                account: self.row.account,
                channel: Channel::Booking,
                side: if kind == "guest" { Side::Visitor } else { Side::Provider },
                id: message["message_id"].as_str()?.to_owned(),
                thread: conversation["conversation_id"].as_str()?.to_owned(),
                reservation: reference.filter(|_| is_reservation).map(str::to_owned),
                said_at: message["timestamp"].as_str()?.parse().ok()?,
                historical,
            },
            author: sender["name"].as_str().map(str::to_owned).filter(|_| kind == "guest"),
            text: message["content"].as_str().unwrap_or_default().to_owned(),
            attachments: Vec::new(),
        })
    }

    /// Posts a reply. Silence is not repeated: the thread is read again, and what is not found stays unknown.
    pub(super) async fn send(&self, thread: &str, letter: &Letter) -> Outcome {
        let begun = clock::now();
        let text = letter.text().trim().to_owned();
        let mut attachments = Vec::new();
        for file in &letter.attachments {
            match self.upload(thread, file).await {
                Ok(id) => attachments.push(id),
                // Nothing was said yet: trying again says nothing twice.
                Err(Fail::Unanswered(why)) => return Outcome::Later(Answer::own(why)),
                Err(fail) => return super::outcome(&fail),
            }
        }
        let path = format!("/properties/{}/conversations/{thread}", self.row.property);
        let body = json!({"message": {"content": text, "attachment_ids": attachments}});
        match self.ask(Method::POST, &path, Some(body)).await {
            Ok(data) => sent(data["message_id"].as_str().map(str::to_owned)),
            Err(Fail::Unanswered(why)) => self.look_again(thread, &text, begun, &why).await,
            Err(fail) => super::outcome(&fail),
        }
    }

    async fn upload(
        &self,
        thread: &str,
        file: &crate::ground::letter::Attachment,
    ) -> Result<String, Fail> {
        let path = format!("/properties/{}/conversations/{thread}/attachments", self.row.property);
        let body = json!({"attachment": {
            "file_name": file.name, "file_content": data_encoding::BASE64.encode(&file.content),
            "file_type": file.media_type, "file_size": file.content.len(),
        }});
        let data = self.ask(Method::POST, &path, Some(body)).await?;
        let id = data["attachment_id"].as_str().map(str::to_owned);
        id.ok_or_else(|| Fail::Unanswered("an upload without an id".into()))
    }

    async fn look_again(&self, thread: &str, text: &str, begun: Timestamp, why: &str) -> Outcome {
        // Their clock is not ours.
        let since = begun.checked_sub(SignedDuration::from_mins(2)).unwrap_or(Timestamp::MIN);
        for pause in RE_READS {
            tokio::time::sleep(pause).await;
            let Ok(messages) = self.thread(thread, false).await else { continue };
            let found = messages.iter().find(|one| {
                one.source.side == Side::Provider
                    && one.source.said_at >= since
                    && folded(&one.text) == folded(text)
            });
            if let Some(found) = found {
                return sent(Some(found.source.id.clone()));
            }
        }
        Outcome::Unknown(Answer::own(format!("{why}; it is not in the thread")))
    }

    /// One request with the token, once more with a new one when it is refused.
    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value, Fail> {
        for last in [false, true] {
            let token = self.bearer().await?;
            let bearer = format!("Bearer {token}");
            let reply = self.api.ask(method.clone(), path, Some(&bearer), body.clone(), PATIENCE);
            let reply = reply.await.map_err(unanswered)?;
            if reply.status != StatusCode::UNAUTHORIZED {
                return data(reply);
            }
            let mut cached = self.token.lock().await;
            if cached.as_ref().is_some_and(|(known, _)| *known == token) {
                *cached = None;
            }
            if last {
                break;
            }
        }
        Err(Fail::Credentials("a fresh token was refused".into()))
    }

    /// The token of this hour: at most thirty are given out an hour.
    async fn bearer(&self) -> Result<String, Fail> {
        let mut cached = self.token.lock().await;
        let now = clock::now();
        if let Some((token, until)) = cached.as_ref()
            && now < *until
        {
            return Ok(token.clone());
        }
        let body = json!({"client_id": self.row.machine, "client_secret": self.secret});
        let path = "/token-based-authentication/exchange";
        let reply = self.auth.ask(Method::POST, path, None, Some(body), PATIENCE).await;
        let reply = reply.map_err(unanswered)?;
        if [400, 401, 403].contains(&reply.status.as_u16()) {
            return Err(Fail::Credentials(format!("the exchange answered {}", reply.status)));
        }
        let jwt = if reply.status.is_success() { reply.json["jwt"].as_str() } else { None };
        let Some(jwt) = jwt.map(str::to_owned) else { return Err(refusal(&reply)) };
        let until = expiry(&jwt).unwrap_or(now + SignedDuration::from_hours(1));
        *cached = Some((jwt.clone(), until.checked_sub(SPARE).unwrap_or(now)));
        Ok(jwt)
    }
}

/// The end of a token, as it says itself.
fn expiry(jwt: &str) -> Option<Timestamp> {
    let claims = data_encoding::BASE64URL_NOPAD.decode(jwt.split('.').nth(1)?.as_bytes()).ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    Timestamp::from_second(claims["exp"].as_i64()?).ok()
}

fn sent(id: Option<String>) -> Outcome {
    Outcome::Done(Answer { external_id: id, ..Answer::own("taken by Booking.com") })
}

fn unanswered(wire: Wire) -> Fail {
    Fail::Unanswered(wire.to_string())
}

fn data(reply: Reply) -> Result<Value, Fail> {
    if !reply.status.is_success() {
        return Err(refusal(&reply));
    }
    let mut json = reply.json;
    Ok(json["data"].take())
}

fn refusal(reply: &Reply) -> Fail {
    let said = &reply.json["errors"][0]["message"];
    let text = format!("{} {}", reply.status, said.as_str().unwrap_or_default());
    match reply.status.as_u16() {
        429 => Fail::Throttled(reply.retry_after.unwrap_or(Duration::from_secs(60))),
        500.. => Fail::Unanswered(text),
        _ => Fail::Refused(text),
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn paged(path: &str, page: Option<&str>) -> String {
    page.map_or_else(|| path.to_owned(), |page| format!("{path}?page_id={page}"))
}

async fn take(gateway: &Arc<Gateway>, messages: Vec<ChannelMessage>) -> Result<(), Fail> {
    let gateway = Arc::clone(gateway);
    let taken = tokio::task::spawn_blocking(move || gateway.take_from_channel(&messages)).await;
    match taken {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(Fail::Ours(error.to_string())),
        Err(error) => Err(Fail::Ours(error.to_string())),
    }
}
