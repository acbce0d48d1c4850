//! Channex: the go-between by which a small house really gets the messages of Booking.com and Airbnb.
//!
//! It has no queue: the list of threads is looked through, and notifications say where to look at once. A file is a
//! message of its own. Built against what is publicly documented; never tried against the live service.

use std::{collections::HashMap, time::Duration};

use hyper::Method;
use serde_json::{Value, json};
use tokio::{sync::Mutex, time::Instant};

use super::{
    RARELY,
    adapter::{Adapter, Booked, Doing, Fail, FileRef, Head, MessagePage, Part, Spoken, ThreadPage},
    files::{attached, fetched, file_ref, split},
    values::{at, list, stay, text},
};
use crate::{
    doors::json_client::Peer,
    flow::gateway::ChannelMessage,
    ground::{
        conversation::{Channel, Side},
        letter::Attachment,
        stay::Stay,
        thread_address::{Through, segment},
        trace::ChannelSource,
    },
    keep::store::{ConnectionRow, Hint},
};

const PATIENCE: Duration = Duration::from_secs(20);
/// What is to be notified.
const EVENTS: &str = "message;inquiry;message_thread_booking_assigned";
/// The most a page may have.
const PAGE: usize = 100;

/// An API key.
pub(super) struct Channex {
    api: Peer,
    base: String,
    /// Bookings do not change their number or their visitor's language.
    /// With the time they were asked for: stays change.
    bookings: Mutex<HashMap<String, (Instant, Booking)>>,
}

/// What a thread's booking says.
#[derive(Clone, Debug, Default)]
struct Booking {
    reservation: Option<String>,
    name: Option<String>,
    first_name: Option<String>,
    language: Option<String>,
    stay: Option<Stay>,
}

/// A thread as its messages need it.
struct Thread {
    id: String,
    channel: Channel,
    title: Option<String>,
    is_closed: bool,
    booking: Booking,
}

impl Channex {
    pub(super) fn new(row: &ConnectionRow, key: &str) -> Result<Self, Fail> {
        let api = Peer::of_channel(&row.url, &[("user-api-key", key)]).map_err(Fail::Ours)?;
        Ok(Channex { api, base: row.url.clone(), bookings: Mutex::default() })
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value, Fail> {
        let reply = self.api.ask(method, path, None, body, PATIENCE).await?;
        if reply.status.is_success() {
            return Ok(reply.json);
        }
        let errors = &reply.json["errors"];
        let said = errors["title"].as_str().or(errors["code"].as_str()).unwrap_or_default();
        // 403: the key is good, but the property has not installed the messages.
        Err(Fail::of(&reply, said))
    }

    async fn thread(&self, id: &str) -> Result<Thread, Fail> {
        let data =
            self.ask(Method::GET, &format!("/message_threads/{}", segment(id)), None).await?;
        let thread = &data["data"];
        let channel = match thread["attributes"]["provider"].as_str().map(str::to_lowercase) {
            Some(provider) if provider.starts_with("booking") => Channel::Booking,
            Some(provider) if provider.starts_with("airbnb") => Channel::Airbnb,
            _ => Channel::Channex,
        };
        let booking = match text(&thread["relationships"]["booking"]["data"]["id"]) {
            Some(id) => self.booking(&id).await?,
            None => Booking::default(),
        };
        let booking = match channel {
            Channel::Airbnb => Booking { name: booking.first_name.clone(), ..booking },
            _ => booking,
        };
        let title = shown(channel, text(&thread["attributes"]["title"]));
        let is_closed = thread["attributes"]["is_closed"] == true;
        Ok(Thread { id: id.to_owned(), channel, title, is_closed, booking })
    }

    async fn booking(&self, id: &str) -> Result<Booking, Fail> {
        if let Some((asked, known)) = self.bookings.lock().await.get(id)
            && asked.elapsed() < RARELY
        {
            return Ok(known.clone());
        }
        let data = match self.ask(Method::GET, &format!("/bookings/{}", segment(id)), None).await {
            // Messages do without: some keys may not look at bookings.
            Err(Fail::Refused(_) | Fail::House(_)) => return Ok(Booking::default()),
            data => data?,
        };
        let attributes = &data["data"]["attributes"];
        let customer = &attributes["customer"];
        let first_name = text(&customer["name"]);
        let names = [first_name.clone(), text(&customer["surname"])];
        let name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let booking = Booking {
            reservation: text(&attributes["ota_reservation_code"]),
            name: Some(name).filter(|name| !name.is_empty()),
            // The surname may stand in it all the same.
            first_name: shown(Channel::Airbnb, first_name),
            language: text(&customer["language"]).map(|code| code.to_lowercase()),
            stay: stay(&attributes["arrival_date"], &attributes["departure_date"]),
        };
        self.bookings.lock().await.insert(id.to_owned(), (Instant::now(), booking.clone()));
        Ok(booking)
    }
}

impl Adapter for Channex {
    fn list<'a>(
        &'a self,
        house: &'a ConnectionRow,
        page: Option<&'a str>,
    ) -> Doing<'a, ThreadPage> {
        Box::pin(async move {
            let page: usize = page.and_then(|page| page.parse().ok()).unwrap_or(1);
            let path = format!(
                "/message_threads?filter[property_id]={}&order[last_message_received_at]=desc&pagination[page]={page}&pagination[limit]={PAGE}",
                house.property
            );
            let data = self.ask(Method::GET, &brackets(&path), None).await?;
            let heads: Vec<Head> = list(&data["data"]).iter().filter_map(head).collect();
            Ok(ThreadPage {
                next: next(&data, page),
                total: data["meta"]["total"].as_i64(),
                heads,
                newest_first: true,
            })
        })
    }

    fn read<'a>(
        &'a self,
        house: &'a ConnectionRow,
        thread: &'a str,
        page: Option<&'a str>,
    ) -> Doing<'a, MessagePage> {
        Box::pin(async move {
            let about = self.thread(thread).await?;
            let page: usize = page.and_then(|page| page.parse().ok()).unwrap_or(1);
            let path = format!(
                "/message_threads/{}/messages?pagination[page]={page}&pagination[limit]={PAGE}",
                segment(thread)
            );
            let data = self.ask(Method::GET, &brackets(&path), None).await?;
            let read = |message: &Value| spoken(house, &about, message);
            let mut found = MessagePage::of(&data["data"], read);
            found.next = next(&data, page);
            found.closed = about.is_closed.then_some(about.channel);
            let Thread { channel, booking, .. } = about;
            let name = booking.name;
            found.booking =
                booking.reservation.map(|reservation| Booked { channel, reservation, name });
            Ok(found)
        })
    }

    fn fetch<'a>(
        &'a self,
        _: &'a ConnectionRow,
        _: &'a str,
        file: &'a FileRef,
    ) -> Doing<'a, Attachment> {
        Box::pin(async move {
            // The key is for Channex alone: a file elsewhere is fetched without it.
            match self.api.path_of(&relative(&self.base, &file.at)) {
                Some(path) => attached(file, self.api.fetch(path, None, PATIENCE).await?),
                None => fetched(file).await,
            }
        })
    }

    fn tell<'a>(&'a self, _: &'a ConnectionRow, thread: &'a str, what: Hint) -> Doing<'a, ()> {
        Box::pin(async move {
            let what = match what {
                Hint::Done => "no_reply_needed",
                Hint::Close => "close",
                Hint::Look | Hint::Read => return Ok(()),
            };
            let path = format!("/message_threads/{}/{what}", segment(thread));
            self.ask(Method::POST, &path, None).await.map(drop)
        })
    }

    fn register<'a>(
        &'a self,
        house: &'a ConnectionRow,
        (url, secret): (&'a str, &'a str),
    ) -> Option<Doing<'a, ()>> {
        Some(Box::pin(async move {
            let hook = json!({"webhook": {
                "callback_url": url, "event_mask": EVENTS, "property_id": house.property, "is_global": false,
                "request_params": {}, "headers": {"X-Channex-Webhook-Secret": secret}, "is_active": true,
                "send_data": true,
            }});
            // Registered twice it would come twice.
            let known = self.ask(Method::GET, "/webhooks", None).await?;
            let is_ours = |one: &&Value| one["attributes"]["callback_url"] == url;
            let known = list(&known["data"]).iter().find(is_ours).and_then(|one| text(&one["id"]));
            let done = match known {
                Some(id) => self.ask(Method::PUT, &format!("/webhooks/{id}"), Some(hook)).await,
                None => self.ask(Method::POST, "/webhooks", Some(hook)).await,
            };
            done.map(drop)
        }))
    }

    fn post<'a>(
        &'a self,
        _: &'a ConnectionRow,
        thread: &'a str,
        part: &'a Part,
    ) -> Doing<'a, Option<String>> {
        Box::pin(async move {
            let message = match part.files.first() {
                None => json!({"message": part.text}),
                Some(file) => {
                    let body = json!({"attachment": {
                        "file": data_encoding::BASE64.encode(&file.content),
                        "file_name": file.name, "file_type": file.media_type,
                    }});
                    let up = self.ask(Method::POST, "/attachments", Some(body)).await;
                    // Nothing was said yet: trying again says nothing twice.
                    let data = up.map_err(|fail| match fail {
                        Fail::Unanswered(why) => Fail::Unreachable(why),
                        fail => fail,
                    })?;
                    let id = text(&data["data"]["id"]);
                    let id = id.ok_or_else(|| Fail::Refused("an upload without an id".into()))?;
                    // With words in the same message the file is ignored.
                    json!({"attachment_id": id})
                }
            };
            let path = format!("/message_threads/{}/messages", segment(thread));
            let data = self.ask(Method::POST, &path, Some(json!({"message": message}))).await?;
            let unsaid = || Fail::Unanswered("no id was given to the message".into());
            text(&data["data"]["id"]).map(Some).ok_or_else(unsaid)
        })
    }
}

fn head(thread: &Value) -> Option<Head> {
    let attributes = &thread["attributes"];
    let last = &attributes["last_message_received_at"];
    let newest = [last, &attributes["last_message"]["inserted_at"], &attributes["updated_at"]];
    let booking = &thread["relationships"]["booking"]["data"]["id"];
    Some(Head {
        id: text(&thread["id"])?,
        is_closed: attributes["is_closed"] == true,
        // A booking that is assigned later changes the thread, though nobody says anything.
        changed_at: newest.into_iter().filter_map(at).max(),
        mark: format!(
            "{last} {} {} {booking} {}",
            attributes["message_count"], newest[1], attributes["is_closed"]
        ),
    })
}

fn spoken(house: &ConnectionRow, thread: &Thread, message: &Value) -> Option<Spoken> {
    let attributes = &message["attributes"];
    let sender = attributes["sender"].as_str()?;
    let details = &attributes["meta"]["booking_details"];
    // An inquiry waits for an answer, although a machine words it.
    let is_inquiry = sender == "system" && details.is_object();
    let side = if sender == "property" { Side::Provider } else { Side::Visitor };
    let words = match is_inquiry {
        true => inquiry(details),
        false => attributes["message"].as_str().unwrap_or_default().to_owned(),
    };
    let named = shown(thread.channel, text(&details["guest_name"])).or(thread.booking.name.clone());
    let files = list(&attributes["attachments"]).iter().filter_map(file_ref).collect();
    Some(Spoken {
        message: ChannelMessage {
            source: ChannelSource {
                account: house.account,
                channel: thread.channel,
                side,
                id: text(&message["id"])?,
                thread: thread.id.clone(),
                reservation: thread.booking.reservation.clone(),
                said_at: at(&attributes["inserted_at"])?,
                historical: false,
                system: sender == "system" && !is_inquiry,
                answer_there: false,
                by_form: false,
                redacted: false,
                by_mail: false,
                through: Some(Through { api: Channel::Channex, connection: house.id }),
                also: text(&attributes["ota_message_id"]),
                language: thread.booking.language.clone(),
                stay: thread.booking.stay,
            },
            author: named.or(thread.title.clone()).filter(|_| side == Side::Visitor),
            text: words,
            attachments: Vec::new(),
        },
        files,
    })
}

/// A visitor's name as the platform shows it to a house: Airbnb gives first names only.
fn shown(channel: Channel, name: Option<String>) -> Option<String> {
    if channel != Channel::Airbnb {
        return name;
    }
    name.and_then(|name| name.split_whitespace().next().map(str::to_owned))
}

/// What an inquiry asks for, in figures and names: words would be taken for the visitor's language.
fn inquiry(details: &Value) -> String {
    let days = [text(&details["checkin_date"]), text(&details["checkout_date"])];
    let days = days.into_iter().flatten().collect::<Vec<_>>().join(" – ");
    let people = details["number_of_guests"].as_i64().map(|count| format!("× {count}"));
    let lines = [text(&details["listing_name"]), Some(days).filter(|d| !d.is_empty()), people];
    lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// A relative address is of their API, with or without the path their API begins with.
fn relative(base: &str, url: &str) -> String {
    if url.contains("://") {
        return url.to_owned();
    }
    let prefix = split(base).map_or("", |(_, path)| path.trim_end_matches('/'));
    let path = format!("/{}", url.trim_start_matches('/'));
    match path.strip_prefix(prefix).filter(|rest| !prefix.is_empty() && rest.starts_with('/')) {
        Some(rest) => rest.to_owned(),
        None => path,
    }
}

fn next(data: &Value, page: usize) -> Option<String> {
    let meta = &data["meta"];
    let number = |value: &Value| value.as_u64().and_then(|n| usize::try_from(n).ok());
    // A server may give shorter pages than were asked for.
    let limit = number(&meta["limit"]).unwrap_or(PAGE).max(1);
    let is_last = match number(&meta["total"]) {
        Some(total) => page * limit >= total,
        None => list(&data["data"]).len() < limit,
    };
    (!is_last && !list(&data["data"]).is_empty()).then(|| (page + 1).to_string())
}

/// Square brackets are not allowed in a query as they are (RFC 3986, 3.4).
fn brackets(path: &str) -> String {
    path.replace('[', "%5B").replace(']', "%5D")
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn their_times_are_utc_with_or_without_a_zone() {
        let table = [
            ("2026-07-27T09:43:05.864520", Some("2026-07-27T09:43:05.86452Z")),
            ("2026-12-24T00:00:00.0000Z", Some("2026-12-24T00:00:00Z")),
            ("2026-12-24T01:00:00+01:00", Some("2026-12-24T00:00:00Z")),
            ("yesterday", None),
        ];
        for (text, wanted) in table {
            let wanted: Option<Timestamp> = wanted.map(|at| at.parse().unwrap());
            assert_eq!(at(&json!(text)), wanted, "{text}");
        }
    }

    #[test]
    fn where_a_file_is() {
        let base = "https://app.channex.io/api/v1";
        let table = [
            ("/attachments/7", "/attachments/7"),
            ("attachments/7", "/attachments/7"),
            ("/api/v1/attachments/7", "/attachments/7"),
            ("https://files.example/7", "https://files.example/7"),
        ];
        for (url, wanted) in table {
            assert_eq!(relative(base, url), wanted, "{url}");
        }
        let peer = Peer::of_channel(base, &[]).unwrap();
        assert_eq!(
            peer.path_of("https://app.channex.io/api/v1/attachments/7"),
            Some("/attachments/7")
        );
        assert_eq!(peer.path_of("https://app.channex.io.evil.example/7"), None);
        assert_eq!(split("https://files.example/a/b"), Some(("https://files.example", "/a/b")));
    }

    #[test]
    fn pages_end_where_the_total_says() {
        let page = |n: usize, limit: usize, total: usize| json!({"data": vec![1; n], "meta": {"limit": limit, "total": total}});
        assert_eq!(next(&page(10, 10, 21), 1), Some("2".into()));
        assert_eq!(next(&page(1, 10, 21), 3), None);
        assert_eq!(
            next(&page(0, 10, 21), 2),
            None,
            "an empty page is the last, whatever the total"
        );
        assert_eq!(next(&json!({"data": vec![1; 100]}), 1), Some("2".into()));
        assert_eq!(next(&json!({"data": [1]}), 1), None);
    }
}
