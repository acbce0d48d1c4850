//! Addresses that stand for a thread behind a channel's API, so that a reply there is an ordinary row of the outbox.
//! No mail can go to them (RFC 2606). They name the API and the connection, for a house may have several.

use crate::ground::{address::Address, conversation::Channel, word};

/// The domain of all of them.
const DOMAIN: &str = "channel.invalid";

/// By what API, and by whose credentials, a thread is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Through {
    /// The API.
    pub api: Channel,
    /// The connection's key.
    pub connection: i64,
}

impl Through {
    /// The address of a thread.
    pub fn address(&self, thread: &str) -> Option<Address> {
        let api = word::of(&self.api);
        format!("{thread}@{}.{api}.{DOMAIN}", self.connection).parse().ok()
    }

    /// What an address of a thread says; those of version 2 did not.
    pub fn of(address: &Address) -> Option<Self> {
        let (connection, api) =
            address.domain().strip_suffix(DOMAIN)?.strip_suffix('.')?.split_once('.')?;
        let api = word::read(api).ok()?;
        Some(Through { api, connection: connection.parse().ok()? })
    }
}

/// As version 2 wrote them.
pub fn unnamed(thread: &str) -> Option<Address> {
    format!("{thread}@{DOMAIN}").parse().ok()
}

/// The id of a thread, or of anything else, as one segment of a path: what a stranger put into it leads nowhere else.
pub fn segment(id: &str) -> String {
    let mut out = String::with_capacity(id.len());
    for byte in id.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            // A dot is encoded too: `..` is no segment of its own anywhere.
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Does it stand for a thread?
pub fn is_thread(address: &Address) -> bool {
    let rest = address.domain().strip_suffix(DOMAIN);
    rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_it_stands_for() {
        let through = Through { api: Channel::Channex, connection: 42 };
        let address = through.address("20d1b08c-aa").unwrap();
        assert_eq!(address.to_string(), "20d1b08c-aa@42.channex.channel.invalid");
        assert_eq!(Through::of(&address), Some(through));
        let table = [
            ("t@channel.invalid", true, None),
            ("t@7.booking.channel.invalid", true, Some(7)),
            ("t@x.booking.channel.invalid", true, None),
            ("t@7.fax.channel.invalid", true, None),
            ("t@mychannel.invalid", false, None),
            ("t@channel.invalid.example", false, None),
        ];
        for (text, is, connection) in table {
            let address: Address = text.parse().unwrap();
            assert_eq!(is_thread(&address), is, "{text}");
            assert_eq!(Through::of(&address).map(|t| t.connection), connection, "{text}");
        }
        assert_eq!(unnamed("t").unwrap().to_string(), "t@channel.invalid");
        assert_eq!(through.address("no spaces allowed"), None);
    }

    #[test]
    fn an_id_is_one_segment_of_a_path() {
        for (id, expected) in [
            ("20d1b08c-aa_7~", "20d1b08c-aa_7~"),
            ("x/../../OTHER/conversations/T7", "x%2F%2E%2E%2F%2E%2E%2FOTHER%2Fconversations%2FT7"),
            ("..", "%2E%2E"),
            ("t?a=b#c%2f", "t%3Fa%3Db%23c%252f"),
            ("é", "%C3%A9"),
        ] {
            assert_eq!(segment(id), expected);
        }
    }
}
