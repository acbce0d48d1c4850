//! Accounts, their members and forms.

use serde::{Deserialize, Serialize};

use crate::ground::{
    access::Role,
    address::Address,
    key::{AccountId, MemberId},
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
}

impl Account {
    /// May this house read and answer here?
    pub fn has_messaging(&self) -> bool {
        self.plan == Plan::Connect
    }

    /// May OTAs open conversations with it?
    pub fn has_ota(&self) -> bool {
        self.account_type == AccountType::Accommodation
    }

    /// From where it writes into the relays of OTAs.
    pub fn relay_sender(&self) -> &Address {
        self.relay_address.as_ref().unwrap_or(&self.address)
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
}
