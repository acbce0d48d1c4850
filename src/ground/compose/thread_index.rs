//! Thread-Index: where Outlook and Exchange put a mail in a conversation (MS-OXOMSG 2.2.1.3), besides References.
//!
//! 22 bytes name the conversation: the upper six bytes of the time it began and 16 bytes of its own; each reply adds
//! five with the time since then. A correspondent who began with an index of their own gets that one back, or their
//! client would see two conversations.

use data_encoding::BASE64;
use jiff::Timestamp;

/// A conversation as one correspondent's Outlook knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThreadIndex([u8; ThreadIndex::BYTES]);

impl ThreadIndex {
    const BYTES: usize = 22;

    /// A conversation of ours.
    pub fn new(begun: Timestamp, id: [u8; 16]) -> Self {
        let mut bytes = [0; Self::BYTES];
        bytes[..6].copy_from_slice(&file_time(begun).to_be_bytes()[..6]);
        bytes[6..].copy_from_slice(&id);
        ThreadIndex(bytes)
    }

    /// The conversation named in a field of a client.
    pub fn read(field: &str) -> Option<Self> {
        let compact: String = field.chars().filter(|c| !c.is_whitespace()).collect();
        let bytes = BASE64.decode(compact.as_bytes()).ok()?;
        let root = bytes.get(..Self::BYTES)?.try_into().ok()?;
        (bytes[0] == 1).then_some(ThreadIndex(root))
    }

    /// For the store: the conversation alone, in base64.
    pub fn first(&self) -> String {
        BASE64.encode(&self.0)
    }

    /// The field of a mail that answers, written at this time.
    pub fn reply(&self, at: Timestamp) -> String {
        let mut begun = [0; 8];
        begun[..6].copy_from_slice(&self.0[..6]);
        let since = file_time(at).saturating_sub(u64::from_be_bytes(begun));
        // 31 bits of the difference, coarser when it is longer than 1.7 years.
        let (code, shift) = if since >> 49 == 0 { (0, 18) } else { (1 << 31, 23) };
        let difference = u32::try_from((since >> shift) & 0x7fff_ffff).unwrap_or_default();
        let mut bytes = self.0.to_vec();
        bytes.extend_from_slice(&(code | difference).to_be_bytes());
        bytes.push(0);
        BASE64.encode(&bytes)
    }
}

/// Units of 100 ns since 1601 (FILETIME).
fn file_time(at: Timestamp) -> u64 {
    const SECONDS_TO_1970: i128 = 11_644_473_600;
    u64::try_from(at.as_nanosecond() / 100 + SECONDS_TO_1970 * 10_000_000).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn an_index_is_read_back_and_grows_by_five_bytes() {
        let ours = ThreadIndex::new(at("2026-11-23T09:00:00Z"), [7; 16]);
        assert_eq!(ThreadIndex::read(&ours.first()), Some(ours));
        let reply = ours.reply(at("2026-11-23T10:00:00Z"));
        let bytes = BASE64.decode(reply.as_bytes()).expect("base64");
        assert_eq!((bytes.len(), bytes[0]), (27, 1));
        // An hour in units of 2^18 times 100 ns, to the precision of the six bytes.
        let hour = u32::from_be_bytes([bytes[22], bytes[23], bytes[24], bytes[25]]);
        assert!((137_329..=137_330).contains(&hour), "{hour}");
        assert_eq!(ThreadIndex::read(&reply), Some(ours), "a reply names its conversation");
        let late =
            BASE64.decode(ours.reply(at("2029-11-23T09:00:00Z")).as_bytes()).expect("base64");
        assert_eq!(late[22] >> 7, 1, "after years");
    }

    #[test]
    fn what_outlook_writes_is_understood() {
        // The time in the first six bytes of an index Outlook made on 8 August 2014 (MS-OXOMSG's own form).
        let field = "AQHPsuEu9DDLcmYnQk+hJ/8Ux7nvPJvGFl6A\r\n gAAOAwCAAAQ=";
        let found = ThreadIndex::read(field).expect("an index");
        assert_eq!(found.first().len(), 32);
        for wrong in ["", "AQ==", "not base64!", "AgHPsuEu9DDLcmYnQk+hJ/8Ux7nvPJvGFl6A"] {
            assert_eq!(ThreadIndex::read(wrong), None, "{wrong}");
        }
    }
}
