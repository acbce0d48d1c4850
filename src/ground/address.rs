//! Mailboxes and reply addresses.
//!
//! An [`Address`] is parsed once at the edge and is right from then on. A [`ReplyToken`] is the whole local
//! part of a reply address: no `+` (hosts and web forms break it), lower-case base32 (mail systems fold case).

use std::{fmt, str::FromStr};

use data_encoding::Specification;
use serde::{Deserialize, Serialize};

/// An address without display name: `local@domain`, domain in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address {
    local: String,
    domain: String,
}

/// Why a text is no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an e-mail address, write it as name@example.org")]
pub struct BadAddress(pub String);

impl Address {
    /// The part before the last `@`, as written (quotes kept).
    pub fn local(&self) -> &str {
        &self.local
    }

    /// The domain, lower case, without a trailing dot.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// One spelling for comparisons. RFC 5321, 2.4 makes local parts case-sensitive; no mail system people
    /// use does, and members type their address as they like.
    pub fn folded(&self) -> String {
        format!("{}@{}", self.local.to_lowercase(), self.domain)
    }

    /// The mailbox behind it: most servers deliver `ana+anything` to `ana`. For counting, never for writing to.
    pub fn untagged(&self) -> String {
        let local = self.local.to_lowercase();
        let mailbox = local.split_once('+').map(|(mailbox, _)| mailbox).filter(|m| !m.is_empty());
        format!("{}@{}", mailbox.unwrap_or(&local), self.domain)
    }

    /// Do both name the same mailbox for all practical purposes?
    pub fn same_mailbox(&self, other: &Address) -> bool {
        self.folded() == other.folded()
    }
}

impl FromStr for Address {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, BadAddress> {
        let bad = || BadAddress(text.to_owned());
        let trimmed = text.trim();
        let (local, domain) = trimmed.rsplit_once('@').ok_or_else(bad)?;
        let domain = domain.trim_end_matches('.').to_lowercase();
        let quoted = local.len() >= 2 && local.starts_with('"') && local.ends_with('"');
        let local_ok = !local.is_empty()
            && local.len() <= 64
            && !local.chars().any(|c| c.is_control() || "<>".contains(c))
            && (quoted || !local.chars().any(|c| c.is_whitespace() || "\",:;()[]\\@".contains(c)));
        let literal = domain.starts_with('[') && domain.ends_with(']');
        let domain_ok = !domain.is_empty()
            && domain.len() <= 255
            && (literal
                || domain.split('.').all(|label| {
                    !label.is_empty()
                        && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
                }));
        if local_ok && domain_ok {
            let plain = Some(local).filter(|_| quoted).and_then(unquoted);
            Ok(Address { local: plain.unwrap_or_else(|| local.to_owned()), domain })
        } else {
            Err(bad())
        }
    }
}

/// A quoted local part as it is without quotes, where it can be: both are the same mailbox (RFC 5321, 4.1.2).
fn unquoted(quoted: &str) -> Option<String> {
    let mut plain = String::with_capacity(quoted.len());
    let mut chars = quoted[1..quoted.len() - 1].chars();
    while let Some(c) = chars.next() {
        plain.push(if c == '\\' { chars.next()? } else { c });
    }
    // RFC 5322, 3.2.3 atext, and dots between.
    let atext = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    let is_dot_string = plain.split('.').all(|atom| !atom.is_empty() && atom.chars().all(atext));
    is_dot_string.then_some(plain)
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.local, self.domain)
    }
}

impl TryFrom<String> for Address {
    type Error = BadAddress;

    fn try_from(text: String) -> Result<Self, BadAddress> {
        text.parse()
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.to_string()
    }
}

/// Embeddings, overrides and isolates (UAX 9): with them text is shown in another order than it is written.
pub fn turns_text(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// An address with the name people see (RFC 5322, 3.4 *mailbox*).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Mailbox {
    /// The display name, decoded, without control characters.
    pub name: Option<String>,
    /// The address.
    pub address: Address,
}

impl Mailbox {
    /// A mailbox; an empty name is no name, control characters (header injection) become spaces, and what would show the
    /// name in another order than it is written is left out.
    pub fn new(name: Option<&str>, address: Address) -> Self {
        let name = name
            .map(|n| n.chars().filter(|c| !turns_text(*c)))
            .map(|n| n.map(|c| if c.is_control() { ' ' } else { c }).collect::<String>())
            .map(|n| n.split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|n| !n.is_empty());
        Mailbox { name, address }
    }

    /// The name, or the local part where there is none.
    pub fn display(&self) -> &str {
        self.name.as_deref().unwrap_or(self.address.local())
    }
}

/// 128 random bits that stand for one (conversation, participant): the local part of a reply address.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReplyToken(String);

const TOKEN_BYTES: usize = 16;
const TOKEN_CHARS: usize = 26;

fn base32() -> data_encoding::Encoding {
    let mut spec = Specification::new();
    spec.symbols.push_str("abcdefghijklmnopqrstuvwxyz234567");
    spec.encoding().expect("the alphabet has 32 distinct symbols")
}

impl ReplyToken {
    /// The token of these random bits.
    pub fn from_random(bits: [u8; TOKEN_BYTES]) -> Self {
        ReplyToken(base32().encode(&bits))
    }

    /// Reads a local part: 26 characters of base32 in any case, then perhaps `.verb` (ours) or `+anything`
    /// (an alias somebody added). Gives the token and what stood behind it.
    pub fn from_local_part(local: &str) -> Option<(Self, &str)> {
        let (head, rest) = local.split_at_checked(TOKEN_CHARS)?;
        let token = head.to_ascii_lowercase();
        let valid = token.bytes().all(|b| b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b))
            && (rest.is_empty() || rest.starts_with(['.', '+', '=']));
        valid.then(|| (ReplyToken(token), rest.get(1..).unwrap_or_default()))
    }

    /// The 26 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The reply address at our reply domain; a suffix other than the empty one names a verb.
    pub fn at(&self, suffix: &str, domain: &str) -> Address {
        let dot = if suffix.is_empty() { "" } else { "." };
        Address { local: format!("{}{dot}{suffix}", self.0), domain: domain.to_lowercase() }
    }
}

/// Tokens are secrets: a log shows only the start.
impl fmt::Debug for ReplyToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReplyToken({}…)", &self.0[..4])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_parsed_at_the_edge() {
        for (text, expected) in [
            ("Ana@Pousada.Example", Some("Ana@pousada.example")),
            (" a.b+c@x.org. ", Some("a.b+c@x.org")),
            ("\"odd local\"@x.org", Some("\"odd local\"@x.org")),
            ("\"a.b\"@x.org", Some("a.b@x.org")), // RFC 5321, 4.1.2: the same mailbox
            ("\"h\\ote\\l\"@x.org", Some("hotel@x.org")),
            ("\"a..b\"@x.org", Some("\"a..b\"@x.org")),
            ("\"a@b\"@x.org", Some("\"a@b\"@x.org")),
            ("\"\"@x.org", Some("\"\"@x.org")),
            ("josé@exämple.org", Some("josé@exämple.org")),
            ("a@[192.0.2.1]", Some("a@[192.0.2.1]")), // RFC 5321, 4.1.3 address literal
            ("no-at.example", None),
            ("a b@x.org", None),
            ("a@x..org", None),
            ("a\r\nBcc: x@y@z.org", None),
            ("@x.org", None),
        ] {
            let parsed = text.parse::<Address>().ok().map(|a| a.to_string());
            assert_eq!(parsed.as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn a_name_is_shown_in_the_order_it_is_written() {
        let address: Address = "a@x.org".parse().unwrap();
        for (name, shown) in [
            ("Ann\u{202e}moc.live\u{202c}", Some("Annmoc.live")),
            ("\u{2066}Ann\u{2069} B\r\nBcc: x", Some("Ann B Bcc: x")),
            ("\u{202e}", None),
            ("\u{202b}דנה\u{202c}", Some("דנה")),
        ] {
            assert_eq!(
                Mailbox::new(Some(name), address.clone()).name.as_deref(),
                shown,
                "{name:?}"
            );
        }
    }

    #[test]
    fn tokens_survive_what_mail_systems_do_to_them() {
        let token = ReplyToken::from_random([7; 16]);
        assert_eq!(token.as_str().len(), 26);
        for (spelling, rest) in [
            (token.as_str().to_owned(), ""),
            (token.as_str().to_uppercase(), ""),
            (format!("{}+spam", token.as_str()), "spam"),
            (token.at("done", "r.example").local().to_owned(), "done"),
        ] {
            let read = ReplyToken::from_local_part(&spelling);
            assert_eq!(read, Some((token.clone(), rest)), "{spelling}");
        }
        assert_eq!(ReplyToken::from_local_part("pousada"), None);
        assert_eq!(ReplyToken::from_local_part(&format!("{}x", token.as_str())), None);
    }
}
