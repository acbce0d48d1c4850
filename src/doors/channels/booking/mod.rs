//! Booking.com's Messaging API: one token an hour, a queue that is confirmed after the commit.
//!
//! Built against what is publicly documented; never tried against the live service.

mod search;
mod session;
mod summary;

use std::collections::HashMap;

use hyper::Method;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::{
    adapter::{
        Adapter, Doing, Fail, FileRef, Head, MessagePage, OF_NOBODY, Part, Queue, Reserved, Spoken,
        ThreadPage, UNREADABLE, Unplaced,
    },
    values::{at, list, text},
};
use crate::{
    doors::json_client::Peer,
    flow::gateway::{ChannelMessage, ChannelUrls, ThreadThere},
    ground::{
        conversation::{Channel, Side},
        letter::Attachment,
        relay_mail,
        thread_address::{Through, segment},
        trace::ChannelSource,
    },
    keep::store::{ConnectionRow, Hint},
};
use session::Session;

/// Requests of visitors that free text does not answer: dates and cancellations.
const ANSWERED_THERE: [&str; 3] = ["change_dates_nr", "cancel_booking", "booking_basic_waive_fee"];

/// A machine account.
pub(super) struct Booking {
    session: Session,
    /// Where reservations are asked for.
    reservations: Option<Peer>,
    /// Where below a conversation a file is.
    attachment: String,
    /// In which house a conversation is: the queue may not say it.
    places: Mutex<HashMap<String, i64>>,
}

/// For which house a queued message is.
enum Whose<'a> {
    House(&'a ConnectionRow),
    /// For none that is connected here.
    Nobody,
    /// Its conversation cannot be read now; one of these may have it.
    Unknown(Vec<i64>),
}

impl Booking {
    pub(super) fn new(
        row: &ConnectionRow,
        secret: String,
        urls: &ChannelUrls,
    ) -> Result<Self, Fail> {
        // A connection to another host is a trial, and its reservations are not the real ones.
        let is_asked = row.url == urls.booking.0 && !urls.booking_reservations.is_empty();
        let reservations = is_asked.then(|| Peer::of_channel(&urls.booking_reservations, &[]));
        Ok(Booking {
            session: Session::new(row, secret, &urls.booking_version)?,
            reservations: reservations.transpose().map_err(Fail::Ours)?,
            attachment: urls.booking_attachment.clone(),
            places: Mutex::default(),
        })
    }

    /// Which of these houses a queued message is for.
    async fn house<'a>(
        &self,
        conversation: &Value,
        houses: &'a [ConnectionRow],
    ) -> Result<Whose<'a>, Fail> {
        let one = |house: Option<&'a ConnectionRow>| house.map_or(Whose::Nobody, Whose::House);
        let property = match &conversation["property_id"] {
            Value::Number(number) => Some(number.to_string()),
            other => text(other),
        };
        if let Some(property) = property {
            return Ok(one(houses.iter().find(|house| house.property == property)));
        }
        let Some(thread) = conversation["conversation_id"].as_str() else {
            return Ok(Whose::Nobody);
        };
        let known = self.places.lock().await.get(thread).copied();
        if let Some(house) = houses.iter().find(|house| Some(house.id) == known) {
            return Ok(Whose::House(house));
        }
        // One house alone is asked for too: the machine account may serve others that nobody connected here.
        let mut unknown = Vec::new();
        for house in houses {
            match self.read(house, thread, None).await {
                Ok(_) => return Ok(Whose::House(house)),
                Err(Fail::Refused(_) | Fail::House(_)) => {}
                // Another may know it. If none does, this one may.
                Err(Fail::Unanswered(why)) => {
                    tracing::info!(why, thread, "a conversation in the queue cannot be read");
                    unknown.push(house.id);
                }
                Err(fail) => return Err(fail),
            }
        }
        Ok(if unknown.is_empty() { Whose::Nobody } else { Whose::Unknown(unknown) })
    }

    async fn queued(&self, houses: &[ConnectionRow]) -> Result<Queue, Fail> {
        let data = self.session.ask(Method::GET, "/messages/latest", None).await?;
        let fetched = list(&data["messages"]);
        let count = fetched.len();
        let (messages, unreadable, unplaced) = Default::default();
        let mut queue = Queue { messages, unreadable, unplaced, count };
        for message in fetched {
            let thread = text(&message["conversation"]["conversation_id"]).unwrap_or_default();
            // One that cannot be read is asked for once, however much of it is in the queue.
            let before = queue.unplaced.iter().find(|one| one.thread == thread);
            let whose = match before.map(|one| one.houses.clone()) {
                Some(houses) => Whose::Unknown(houses),
                None => self.house(&message["conversation"], houses).await?,
            };
            match whose {
                Whose::House(house) => match spoken(house, message, None) {
                    Some(spoken) => queue.messages.push(spoken),
                    None => queue.unreadable.push((message.clone(), UNREADABLE)),
                },
                Whose::Nobody => queue.unreadable.push((message.clone(), OF_NOBODY)),
                Whose::Unknown(houses) => {
                    let id = text(&message["message_id"]).unwrap_or_default();
                    queue.unplaced.push(Unplaced { id, thread, houses });
                }
            }
        }
        Ok(queue)
    }
}

impl Adapter for Booking {
    fn list<'a>(
        &'a self,
        house: &'a ConnectionRow,
        page: Option<&'a str>,
    ) -> Doing<'a, ThreadPage> {
        Box::pin(async move {
            let path = paged(&format!("/properties/{}/conversations", house.property), page);
            let data = self.session.ask(Method::GET, &path, None).await?;
            let head = |one: &Value| {
                let id = text(&one["conversation_id"])?;
                Some(Head { mark: id.clone(), id, changed_at: None, is_closed: false })
            };
            let heads = list(&data["conversations"]).iter().filter_map(head).collect();
            Ok(ThreadPage { heads, next: text(&data["next_page_id"]), ..ThreadPage::default() })
        })
    }

    fn read<'a>(
        &'a self,
        house: &'a ConnectionRow,
        thread: &'a str,
        page: Option<&'a str>,
    ) -> Doing<'a, MessagePage> {
        Box::pin(async move {
            let base = conversation_path(house, thread);
            let data = self.session.ask(Method::GET, &paged(&base, page), None).await?;
            self.places.lock().await.insert(thread.to_owned(), house.id);
            let conversation = &data["conversation"];
            let read = |message: &Value| spoken(house, message, Some(conversation));
            let mut found = MessagePage::of(&conversation["messages"], read);
            // It stands in one of two places.
            found.takes_answers =
                conversation["access"].as_str().map(|access| access != "read_only");
            found.is_done = conversation["tags"]["no_reply_needed"]["set"].as_bool();
            found.next = text(&conversation["next_page_id"]).or(text(&data["next_page_id"]));
            Ok(found)
        })
    }

    fn queue<'a>(&'a self, houses: &'a [ConnectionRow]) -> Doing<'a, Option<Queue>> {
        Box::pin(async move {
            match self.queued(houses).await {
                // The queue is not enabled, or is no more: notifications bring what is new, a search what they missed.
                Err(Fail::Refused(why) | Fail::House(why)) => {
                    tracing::debug!(why, "there is no queue");
                    Ok(None)
                }
                queued => queued.map(Some),
            }
        })
    }

    fn search<'a>(
        &'a self,
        house: &'a ConnectionRow,
        since: Timestamp,
    ) -> Option<Doing<'a, Vec<String>>> {
        Some(Box::pin(search::threads_since(&self.session, house, since)))
    }

    fn find<'a>(
        &'a self,
        house: &'a ConnectionRow,
        reservation: &'a str,
    ) -> Option<Doing<'a, Option<ThreadThere>>> {
        Some(Box::pin(async move {
            let path = format!(
                "/properties/{}/conversations/type/reservation?conversation_reference={}",
                segment(&house.property),
                segment(reservation)
            );
            let data = match self.session.ask(Method::GET, &path, None).await {
                Err(Fail::Refused(_)) => return Ok(None),
                asked => asked?,
            };
            let conversation = &data["conversation"];
            let is_guest = |one: &&Value| one["metadata"]["type"] == "guest";
            let guest = list(&conversation["participants"]).iter().find(is_guest);
            Ok(text(&conversation["conversation_id"]).map(|thread| ThreadThere {
                thread,
                name: guest.and_then(|guest| text(&guest["metadata"]["name"])),
            }))
        }))
    }

    fn reserved<'a>(&'a self, house: &'a ConnectionRow) -> Option<Doing<'a, Vec<Reserved>>> {
        let reservations = self.reservations.as_ref()?;
        Some(Box::pin(summary::of_house(&self.session, reservations, house)))
    }

    fn confirm(&self, count: usize) -> Doing<'_, ()> {
        Box::pin(async move {
            let path = format!("/messages?number_of_messages={count}");
            self.session.ask(Method::PUT, &path, None).await.map(drop)
        })
    }

    fn fetch<'a>(
        &'a self,
        house: &'a ConnectionRow,
        thread: &'a str,
        file: &'a FileRef,
    ) -> Doing<'a, Attachment> {
        Box::pin(async move {
            let base = conversation_path(house, thread);
            let path = format!("{base}/{}", self.attachment.replace("{id}", &segment(&file.at)));
            let (kind, bytes) = self.session.fetch(&path).await?;
            attachment(&kind, bytes, &file.at)
        })
    }

    fn tell<'a>(&'a self, house: &'a ConnectionRow, thread: &'a str, what: Hint) -> Doing<'a, ()> {
        Box::pin(async move {
            let base = conversation_path(house, thread);
            match what {
                Hint::Look | Hint::Close => Ok(()),
                Hint::Done => {
                    let path = format!("{base}/tags/no_reply_needed");
                    self.session
                        .ask(Method::PUT, &path, None)
                        .await
                        .map(drop)
                        .map_err(Fail::of_thread)
                }
                Hint::Read => {
                    let data = self.session.ask(Method::GET, &base, None).await?;
                    let Some(body) = read_marks(&data["conversation"]) else { return Ok(()) };
                    let path = format!("{base}/tags/message_read");
                    let told = self.session.ask(Method::PUT, &path, Some(body)).await;
                    told.map(drop).map_err(Fail::of_thread)
                }
            }
        })
    }

    fn tells_done(&self) -> bool {
        true
    }

    fn takes_both(&self) -> bool {
        true
    }

    fn post<'a>(
        &'a self,
        house: &'a ConnectionRow,
        thread: &'a str,
        part: &'a Part,
    ) -> Doing<'a, Option<String>> {
        Box::pin(async move {
            let path = conversation_path(house, thread);
            let mut ids = Vec::new();
            for file in &part.files {
                let body = json!({"attachment": {
                    "file_name": file.name, "file_content": data_encoding::BASE64.encode(&file.content),
                    "file_type": file.media_type, "file_size": file.content.len(),
                }});
                let files = format!("{path}/attachments");
                let up = self.session.ask(Method::POST, &files, Some(body));
                // Nothing was said yet: trying again says nothing twice.
                let data = up.await.map_err(|fail| match fail {
                    Fail::Unanswered(why) => Fail::Unreachable(why),
                    fail => Fail::of_thread(fail),
                })?;
                let id = text(&data["attachment_id"]);
                ids.push(id.ok_or_else(|| Fail::Refused("an upload without an id".into()))?);
            }
            let body = json!({"message": {"content": part.text, "attachment_ids": ids}});
            let data =
                self.session.ask(Method::POST, &path, Some(body)).await.map_err(Fail::of_thread)?;
            // Also where it says "ok": false. What it did is seen in the thread.
            let unsaid = || Fail::Unanswered("no id was given to the message".into());
            text(&data["message_id"]).map(Some).ok_or_else(unsaid)
        })
    }
}

fn conversation_path(house: &ConnectionRow, thread: &str) -> String {
    format!("/properties/{}/conversations/{}", segment(&house.property), segment(thread))
}

/// Both shapes: the queue names the sender in the message, a thread in its participants.
fn spoken(house: &ConnectionRow, message: &Value, thread: Option<&Value>) -> Option<Spoken> {
    let conversation = thread.unwrap_or(&message["conversation"]);
    let sender = match thread {
        None => &message["sender"]["metadata"],
        Some(thread) => {
            let of = |one: &&Value| one["participant_id"] == message["sender_id"];
            &list(&thread["participants"]).iter().find(of)?["metadata"]
        }
    };
    let kind = sender["participant_type"].as_str().or(sender["type"].as_str())?.to_lowercase();
    // Whoever is named by neither of their two words for the house waits for an answer, rather than having given one.
    let is_house = is_house(&kind);
    // What a template or a change of a request says was written by nobody: it answers nothing.
    let by_machine = ["automatically_sent_template", "request_to_book_event"];
    let by_machine = by_machine.contains(&message["message_type"].as_str().unwrap_or_default());
    let is_reservation = conversation["conversation_type"] == "reservation";
    let reference = text(&conversation["conversation_reference"]).filter(|_| is_reservation);
    let topic = message["attributes"]["self_service_topic"].as_str().unwrap_or_default();
    // A conversation and a list name them differently.
    let files = [&message["attachment_ids"], &message["attachment_files_uuid"]];
    let files = files.into_iter().flat_map(list).filter_map(text);
    Some(Spoken {
        message: ChannelMessage {
            source: ChannelSource {
                account: house.account,
                channel: Channel::Booking,
                side: if is_house { Side::Provider } else { Side::Visitor },
                id: text(&message["message_id"])?,
                thread: text(&conversation["conversation_id"])?,
                reservation: reference,
                said_at: at(&message["timestamp"])?,
                historical: false,
                system: is_house && by_machine,
                answer_there: ANSWERED_THERE.contains(&topic),
                by_form: message["message_type"] == "self_service_event",
                redacted: message["is_redacted"] == true,
                by_mail: message["message_type"] == "email",
                through: Some(Through { api: Channel::Booking, connection: house.id }),
                also: None,
                language: None,
                stay: None,
            },
            author: text(&sender["name"]).filter(|_| !is_house),
            text: words(message),
            attachments: Vec::new(),
        },
        files: files
            .map(|at| FileRef { name: at.clone(), at, media_type: String::new() })
            .collect(),
    })
}

/// What is said; below the words of a visitor who answered by mail stands that mail, quoted.
fn words(message: &Value) -> String {
    let content = message["content"].as_str().unwrap_or_default();
    if message["message_type"] != "email" {
        return content.to_owned();
    }
    match relay_mail::cut_answered(content) {
        (words, below) if below.is_empty() => words,
        (words, below) => format!("{words}\n\n> {}", below.replace('\n', "\n> ")),
    }
}

/// Both names are in use.
fn is_house(kind: &str) -> bool {
    matches!(kind.to_lowercase().as_str(), "property" | "hotel")
}

/// The visitor's unread messages of the newest page, read by the house; `None`: there are none.
fn read_marks(conversation: &Value) -> Option<Value> {
    let of_house = |one: &&Value| one["metadata"]["type"].as_str().is_some_and(is_house);
    let house = &list(&conversation["participants"]).iter().find(of_house)?["participant_id"];
    let unread = |one: &&Value| one["sender_id"] != *house && one["tags"]["read"]["set"] != true;
    let messages = list(&conversation["messages"]).iter().filter(unread);
    let ids: Vec<&Value> = messages.map(|one| &one["message_id"]).collect();
    (!ids.is_empty()).then(|| json!({"message_ids": ids, "participant_id": house}))
}

/// A download is not described: bytes as they are, or in JSON as an upload is.
fn attachment(kind: &str, bytes: Vec<u8>, id: &str) -> Result<Attachment, Fail> {
    let json: Option<Value> =
        kind.starts_with("application/json").then(|| serde_json::from_slice(&bytes).ok()).flatten();
    let (name, media_type, content) = match json {
        None => (None, Some(kind.to_owned()), bytes),
        Some(json) => {
            let file = [&json["data"]["attachment"], &json["data"], &json["attachment"]];
            let file = file.into_iter().find(|file| file["file_content"].is_string());
            let file = file.ok_or_else(|| Fail::Refused("a file without content".into()))?;
            let content = file["file_content"].as_str().unwrap_or_default();
            let content = data_encoding::BASE64_MIME_PERMISSIVE.decode(content.as_bytes());
            let content = content.map_err(|_| Fail::Refused("a file that is no base64".into()))?;
            (text(&file["file_name"]), text(&file["file_type"]), content)
        }
    };
    let media_type = media_type.unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim().to_lowercase();
    let end = if media_type == "image/png" { "png" } else { "jpg" };
    Ok(Attachment {
        name: name.unwrap_or_else(|| format!("{id}.{end}")),
        media_type: if media_type.is_empty() { "image/jpeg".to_owned() } else { media_type },
        content_id: None,
        inline: false,
        content,
    })
}

/// The name of a page is whatever they like.
fn paged(path: &str, page: Option<&str>) -> String {
    let fields = page.and_then(|page| serde_urlencoded::to_string([("page_id", page)]).ok());
    fields.map_or_else(|| path.to_owned(), |fields| format!("{path}?{fields}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_page_is_theirs() {
        assert_eq!(paged("/c", None), "/c");
        assert_eq!(paged("/c", Some("20")), "/c?page_id=20");
        assert_eq!(paged("/c", Some("aGk+&b=c/ü==")), "/c?page_id=aGk%2B%26b%3Dc%2F%C3%BC%3D%3D");
    }
}
