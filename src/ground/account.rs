//! Accounts, their members and forms.

use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::ground::{
    access::Role,
    address::{Address, turns_text},
    config::EngineKind,
    key::{AccountId, MemberId},
    language::Language,
};

/// What a house offers; OTAs are for those that rent rooms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountType {
    /// Rooms, flats, pitches.
    #[default]
    Accommodation,
    /// Tours, tickets, lessons.
    Activity,
}

/// What a house pays for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Plan {
    /// No messaging: requests reach the members as ordinary mail, which they answer directly.
    Basic,
    /// Messaging.
    #[default]
    Connect,
}

/// One house.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The key.
    pub id: AccountId,
    /// The name visitors read.
    pub name: String,
    /// The public address which starts conversations.
    pub address: Address,
    /// The language of the house (BCP 47, two letters).
    pub language: String,
    /// The contact form's name in `/f/{form}`.
    pub form: String,
    /// What it offers.
    #[serde(default, rename = "type")]
    pub account_type: AccountType,
    /// What it pays for.
    #[serde(default)]
    pub plan: Plan,
    /// The address OTAs know as this house's: replies through their relays come from it, and mail to it is ours.
    #[serde(default)]
    pub relay_address: Option<Address>,
    /// What stands below every reply to a visitor; empty: nothing.
    #[serde(default)]
    pub signature: String,
    /// Where the house is (an IANA name), for the times its pages show; empty: UTC.
    #[serde(default)]
    pub time_zone: String,
    /// An address on the house's own domain, from which it wants to write to visitors.
    #[serde(default)]
    pub own_address: Option<Address>,
    /// Since when doctor has found that its domain vouches for what we send; until then ours stands in its place.
    #[serde(default)]
    pub vouched_since: Option<Timestamp>,
    /// The engines that translate for it, in this order; empty: all there are, in the gateway's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub engines: Vec<EngineKind>,
}

impl Account {
    /// A house that has set nothing yet.
    pub fn new(id: AccountId, name: &str, address: Address, language: &str, form: &str) -> Self {
        Account {
            id,
            name: name.to_owned(),
            address,
            language: language.to_owned(),
            form: form.to_owned(),
            account_type: AccountType::default(),
            plan: Plan::default(),
            relay_address: None,
            signature: String::new(),
            time_zone: String::new(),
            own_address: None,
            vouched_since: None,
            engines: Vec::new(),
        }
    }

    /// Is this an address by which the house is known to everybody?
    pub fn is_public(&self, address: &Address) -> bool {
        let public =
            [&self.address].into_iter().chain(&self.relay_address).chain(&self.own_address);
        public.into_iter().any(|public| public.same_mailbox(address))
    }

    /// The house's own address, where its domain vouches for what we send.
    pub fn own_sender(&self) -> Option<&Address> {
        self.own_address.as_ref().filter(|_| self.vouched_since.is_some())
    }

    /// May this house read and answer here?
    pub fn has_messaging(&self) -> bool {
        self.plan == Plan::Connect
    }

    /// May OTAs open conversations with it?
    pub fn has_ota(&self) -> bool {
        self.account_type == AccountType::Accommodation
    }

    /// The zone of the times its pages show.
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC)
    }

    /// From where it writes into the relays of OTAs.
    pub fn relay_sender(&self) -> &Address {
        self.relay_address.as_ref().unwrap_or(&self.address)
    }
}

/// A name people read, trimmed: one line that stays in its direction, and not too long.
pub fn good_name(text: &str) -> Option<&str> {
    let name = text.trim();
    let bad = |c: char| c.is_control() || turns_text(c);
    (!name.is_empty() && name.chars().count() <= 100 && !name.contains(bad)).then_some(name)
}

/// What a house may change of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The name visitors read.
    pub name: String,
    /// Two letters.
    pub language: String,
    /// An IANA name; empty: UTC.
    pub time_zone: String,
    /// What stands below every reply.
    pub signature: String,
}

/// Why a setting cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// The name.
    #[error("a house needs a name of one line and at most 100 characters")]
    Name,
    /// The language.
    #[error("language {0:?}: write the two letters of one (ISO 639-1), such as pt")]
    Language(String),
    /// The zone.
    #[error("time zone {0:?}: write a name such as Europe/Lisbon")]
    TimeZone(String),
    /// The signature.
    #[error("the signature is longer than 1000 characters")]
    Signature,
}

impl Settings {
    /// Puts them into the account, if all of them can be.
    pub fn apply(self, account: &mut Account) -> Result<(), SettingError> {
        let name = good_name(&self.name).ok_or(SettingError::Name)?;
        let language = Language::parse(&self.language).ok().filter(|language| language.exists());
        let language = language.ok_or_else(|| SettingError::Language(self.language.clone()))?;
        let zone = self.time_zone.trim();
        if !zone.is_empty() && TimeZone::get(zone).is_err() {
            return Err(SettingError::TimeZone(zone.to_owned()));
        }
        let signature = self.signature.replace("\r\n", "\n").trim().to_owned();
        if signature.chars().count() > 1000 {
            return Err(SettingError::Signature);
        }
        name.clone_into(&mut account.name);
        account.language = language.to_string();
        zone.clone_into(&mut account.time_zone);
        account.signature = signature;
        Ok(())
    }
}

/// A person who answers for an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The key.
    pub id: MemberId,
    /// The account.
    pub account: AccountId,
    /// The private mailbox: never shown to a visitor (DESIGN promise 5).
    pub address: Address,
    /// The name the other members read.
    pub name: String,
    /// What they may do.
    #[serde(default)]
    pub role: Role,
    /// The languages they read besides the house's (two letters): these are not translated for them.
    #[serde(default)]
    pub reads: Vec<String>,
    /// Their replies leave as written unless they ask for a translation.
    #[serde(default)]
    pub as_written: bool,
    /// Only a DMARC pass proves that they wrote a mail.
    #[serde(default)]
    pub strict: bool,
    /// They look into the inbox, and are not mailed about what is new there.
    #[serde(default)]
    pub quiet: bool,
}

impl Member {
    /// A member who has set nothing yet.
    pub fn new(id: MemberId, account: AccountId, address: Address, name: &str) -> Self {
        Member {
            id,
            account,
            address,
            name: name.to_owned(),
            role: Role::default(),
            reads: Vec::new(),
            as_written: false,
            strict: false,
            quiet: false,
        }
    }
}
