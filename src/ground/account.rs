//! Accounts, their members and forms.

use serde::{Deserialize, Serialize};

use crate::ground::{
    address::Address,
    key::{AccountId, MemberId},
};

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
