//! What the notifications of channels name: the conversation to read, never what was said there.
//!
//! A notification may be forged, come twice, late or in any order. So it is only a hint: the conversation is read
//! through the channel's own API, as it is by polling.

use serde_json::Value;

use crate::ground::conversation::Channel;

/// A conversation in which something changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The house, where the notification says it.
    pub property: Option<String>,
    /// The channel's id of the conversation.
    pub thread: String,
}

/// What a notification of this channel names; nothing when it is about something else.
pub fn named(channel: Channel, given: &Value) -> Option<Named> {
    let (property, thread) = match channel {
        Channel::Booking => {
            let is_message = given["metadata"]["type"] == "MESSAGING_API_NEW_MESSAGE";
            let conversation = is_message.then(|| &given["payload"]["conversation"])?;
            (&conversation["property_id"], &conversation["conversation_id"])
        }
        Channel::Channex => {
            let payload = &given["payload"];
            let property = [&payload["property_id"], &given["property_id"]];
            let property = property.into_iter().find(|one| one.is_string()).unwrap_or(&Value::Null);
            // What happens to a thread itself may be told with the thread's own id.
            let of_thread =
                given["event"].as_str().is_some_and(|e| e.starts_with("message_thread"));
            let thread = match &payload["message_thread_id"] {
                Value::Null if of_thread => &payload["id"],
                named => named,
            };
            (property, thread)
        }
        Channel::Airbnb => {
            let is_message = given["action"] == "message_added";
            (&Value::Null, is_message.then(|| &given["thread"]["id"])?)
        }
        Channel::Form | Channel::Email | Channel::Api => return None,
    };
    Some(Named { property: id(property), thread: id(thread)? })
}

/// Does it say that a host took the permission back?
pub fn is_revoked(channel: Channel, given: &Value) -> bool {
    channel == Channel::Airbnb && given["action"] == "authorization_revoked"
}

/// A number or a name; it becomes part of an address, so nothing else may be in it.
fn id(value: &Value) -> Option<String> {
    let id = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (!id.is_empty() && id.len() <= 100 && id.chars().all(plain)).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_each_channel_names() {
        let some = |property: Option<&str>, thread: &str| {
            Some(Named { property: property.map(str::to_owned), thread: thread.to_owned() })
        };
        let booking = |kind: &str| {
            json!({"metadata": {"uuid": "u", "type": kind}, "payload": {"message_id": "m",
                "conversation": {"property_id": "1383087", "conversation_id": "f3a9c29d-aa"}}})
        };
        let table = [
            (
                Channel::Booking,
                booking("MESSAGING_API_NEW_MESSAGE"),
                some(Some("1383087"), "f3a9c29d-aa"),
            ),
            (Channel::Booking, booking("PAYOUT"), None),
            (
                Channel::Channex,
                json!({"event": "message", "property_id": "6805", "payload": {"message_thread_id": "bb73"}}),
                some(Some("6805"), "bb73"),
            ),
            (Channel::Channex, json!({"event": "ari", "payload": {}}), None),
            (Channel::Channex, json!({"event": "message", "payload": {"id": "5848"}}), None),
            (
                Channel::Channex,
                json!({"event": "message_thread_booking_assigned", "property_id": "6805",
                    "payload": {"id": "bb73", "booking_id": "c680"}}),
                some(Some("6805"), "bb73"),
            ),
            (
                Channel::Channex,
                json!({"event": "message", "payload": {"message_thread_id": "../../bookings"}}),
                None,
            ),
            (
                Channel::Airbnb,
                json!({"action": "message_added", "thread": {"id": 123}}),
                some(None, "123"),
            ),
            (Channel::Airbnb, json!({"action": "authorization_revoked"}), None),
            (Channel::Email, json!({"thread": {"id": 1}}), None),
        ];
        for (channel, given, wanted) in table {
            assert_eq!(named(channel, &given), wanted, "{given}");
        }
    }
}
