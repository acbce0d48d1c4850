//! Airbnb's partner API: for operators who have partner keys, off unless its address is configured.
//!
//! The credentials are the operator's key and the host's token, `KEY:TOKEN`, or what a host allowed (`grant`). Only
//! first names are given. Reconstructed from what partners' code does; never tried against the live service.

pub(super) mod grant;

use std::{sync::Arc, time::Duration};

use hyper::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use grant::Grant;

use super::{
    adapter::{Adapter, Booked, Doing, Fail, FileRef, Head, MessagePage, Part, Spoken, ThreadPage},
    files::{fetched, file_ref},
    values::{at, list, stay, text},
};
use crate::{
    doors::json_client::Peer,
    flow::gateway::{ChannelMessage, Gateway},
    ground::{
        conversation::{Channel, Side},
        letter::Attachment,
        thread_address::{Through, segment},
        trace::ChannelSource,
    },
    keep::store::ConnectionRow,
};

const PATIENCE: Duration = Duration::from_secs(20);
const PAGE: usize = 50;
const FORMAT: &str = "_format=for_api_partners";
/// A connection of this property serves all listings of its host.
const ALL: &str = "all";

/// A host.
pub(super) struct Airbnb {
    api: Peer,
    access: Access,
}

/// By what right we ask.
enum Access {
    /// A token somebody typed in.
    Token(String),
    /// What the host allowed, renewed as long as it is not taken back.
    Grant(Box<Grant>),
}

impl Airbnb {
    pub(super) fn new(
        row: &ConnectionRow,
        secret: &str,
        gateway: &Arc<Gateway>,
        renewing: &Arc<Mutex<()>>,
    ) -> Result<Self, Fail> {
        let allowed = Grant::of(secret, row.machine_account(), gateway, renewing)?;
        let (key, access) = match allowed {
            Some(grant) => {
                let key = gateway.identity.channel_urls.airbnb_key.clone();
                (key, Access::Grant(Box::new(grant)))
            }
            None => {
                let pair = secret.split_once(':');
                let (key, token) =
                    pair.ok_or_else(|| Fail::Credentials("write the secret as KEY:TOKEN".into()))?;
                (key.to_owned(), Access::Token(token.to_owned()))
            }
        };
        let api = Peer::of_channel(&row.url, &[("x-airbnb-api-key", &key)]).map_err(Fail::Ours)?;
        Ok(Airbnb { api, access })
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value, Fail> {
        let mut refused: Option<String> = None;
        let reply = loop {
            let token = match &self.access {
                Access::Token(token) => token.clone(),
                Access::Grant(grant) => grant.access(refused.as_deref()).await?,
            };
            let api = self.api.and("x-airbnb-oauth-token", &token).map_err(Fail::Ours)?;
            let reply = api.ask(method.clone(), path, None, body.clone(), PATIENCE).await?;
            // Nothing was done: it is asked once more with another token, where there is one.
            let is_renewed = matches!(self.access, Access::Grant(_)) && refused.is_none();
            if reply.status != StatusCode::UNAUTHORIZED || !is_renewed {
                break reply;
            }
            refused = Some(token);
        };
        if reply.status.is_success() {
            return Ok(reply.json);
        }
        let said = reply.json["error_message"].as_str().or(reply.json["error"].as_str());
        Err(Fail::of(&reply, said.unwrap_or_default()))
    }
}

impl Adapter for Airbnb {
    fn list<'a>(
        &'a self,
        house: &'a ConnectionRow,
        page: Option<&'a str>,
    ) -> Doing<'a, ThreadPage> {
        Box::pin(async move {
            let offset: usize = page.and_then(|page| page.parse().ok()).unwrap_or(0);
            let path = format!(
                "/threads/?{FORMAT}&selected_inbox_type=host&role=all&_limit={PAGE}&_offset={offset}&_order=created_at%20asc"
            );
            let data = self.ask(Method::GET, &path, None).await?;
            let threads = list(&data["threads"]);
            let heads = threads.iter().filter(|thread| is_of(house, thread)).filter_map(head);
            let next = (threads.len() >= PAGE).then(|| (offset + PAGE).to_string());
            // Sorted by when they began: what changed may stand anywhere.
            Ok(ThreadPage { heads: heads.collect(), next, total: None, newest_first: false })
        })
    }

    fn read<'a>(
        &'a self,
        house: &'a ConnectionRow,
        thread: &'a str,
        _: Option<&'a str>,
    ) -> Doing<'a, MessagePage> {
        Box::pin(async move {
            let path = format!("/threads/{}?{FORMAT}", segment(thread));
            let data = self.ask(Method::GET, &path, None).await.map_err(Fail::of_thread)?;
            let thread = &data["thread"];
            if !is_of(house, thread) {
                return Ok(MessagePage::default());
            }
            let read = |message: &Value| spoken(house, thread, message);
            let mut found = MessagePage::of(&thread["messages"], read);
            // In what order they come is not described; their numbers grow.
            let number = |spoken: &Spoken| spoken.message.source.id.parse::<u64>().unwrap_or(0);
            found.messages.sort_by_key(|spoken| std::cmp::Reverse(number(spoken)));
            let code = &thread["attachment"]["booking_details"]["reservation_confirmation_code"];
            found.booking = text(code).map(|reservation| Booked {
                channel: Channel::Airbnb,
                reservation,
                name: None,
            });
            Ok(found)
        })
    }

    fn fetch<'a>(
        &'a self,
        _: &'a ConnectionRow,
        _: &'a str,
        file: &'a FileRef,
    ) -> Doing<'a, Attachment> {
        // Images lie on hosts of their own; the keys are for the API alone.
        Box::pin(fetched(file))
    }

    fn post<'a>(
        &'a self,
        _: &'a ConnectionRow,
        thread: &'a str,
        part: &'a Part,
    ) -> Doing<'a, Option<String>> {
        Box::pin(async move {
            if !part.files.is_empty() {
                return Err(Fail::Refused("how files are sent is not described".into()));
            }
            let number: u64 =
                thread.parse().map_err(|_| Fail::Refused(format!("{thread}: no thread")))?;
            let body = json!({"thread_id": number, "message": part.text});
            let path = format!("/messages?{FORMAT}");
            let data = self.ask(Method::POST, &path, Some(body)).await.map_err(Fail::of_thread)?;
            Ok(id(&data["message"]["id"]))
        })
    }
}

fn id(value: &Value) -> Option<String> {
    value.as_i64().map(|number| number.to_string()).or(text(value))
}

fn is_of(house: &ConnectionRow, thread: &Value) -> bool {
    let listing = id(&thread["attachment"]["booking_details"]["listing_id"]);
    house.property == ALL || listing.as_deref() == Some(&house.property)
}

fn head(thread: &Value) -> Option<Head> {
    let changes = [&thread["last_message_sent_at"], &thread["updated_at"]];
    let code = &thread["attachment"]["booking_details"]["reservation_confirmation_code"];
    Some(Head {
        id: id(&thread["id"])?,
        changed_at: changes.into_iter().filter_map(at).max(),
        is_closed: false,
        mark: format!("{} {} {code}", changes[0], changes[1]),
    })
}

/// Everybody who answers for the listing speaks as the house.
fn is_house(thread: &Value, user: &Value) -> bool {
    list(&thread["attachment"]["roles"]).iter().any(|one| {
        let role = one["role"].as_str().unwrap_or_default().to_lowercase();
        ["owner", "cohost", "host"].contains(&role.as_str())
            && list(&one["user_ids"]).contains(user)
    })
}

fn spoken(house: &ConnectionRow, thread: &Value, message: &Value) -> Option<Spoken> {
    let user = &message["user_id"];
    let side = if is_house(thread, user) { Side::Provider } else { Side::Visitor };
    let person = list(&thread["users"]).iter().find(|one| one["id"] == *user);
    let visitor = person.filter(|_| side == Side::Visitor);
    let locale = visitor.and_then(|person| text(&person["preferred_locale"]));
    let details = &thread["attachment"]["booking_details"];
    Some(Spoken {
        message: ChannelMessage {
            source: ChannelSource {
                account: house.account,
                channel: Channel::Airbnb,
                side,
                id: id(&message["id"])?,
                thread: id(&thread["id"])?,
                reservation: text(&details["reservation_confirmation_code"]),
                said_at: at(&message["created_at"])?,
                historical: false,
                system: false,
                answer_there: false,
                by_form: false,
                redacted: false,
                by_mail: false,
                through: Some(Through { api: Channel::Airbnb, connection: house.id }),
                also: None,
                language: locale.and_then(|locale| locale.get(..2).map(str::to_lowercase)),
                stay: stay(&details["checkin_date"], &details["checkout_date"]),
            },
            author: visitor.and_then(|person| text(&person["first_name"])),
            text: message["message"].as_str().unwrap_or_default().to_owned(),
            attachments: Vec::new(),
        },
        files: list(&message["attachment_images"]).iter().filter_map(file_ref).collect(),
    })
}
