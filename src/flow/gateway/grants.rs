//! What a host allows at Airbnb: the link that asks for it, what comes back, and tokens that change by being used.
//!
//! The link names the house and the listing in a signed state (RFC 6749, 10.12), so that nobody's permission lands in
//! another house, and it is good for an hour.

use data_encoding::{BASE32_NOPAD, BASE64, BASE64URL_NOPAD};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Gateway, Trouble, connections};
use crate::{
    flow::clock,
    ground::key::AccountId,
    keep::{
        journal::{Event, KeptConnection},
        store::{MachineAccount, StoreError},
    },
};

/// A link is good for so long.
const GOOD_SECONDS: i64 = 3600;

/// For whom a permission is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The house.
    pub account: AccountId,
    /// The name its credentials will have.
    pub name: String,
    /// The listing, or `all`.
    pub property: String,
    /// When the link ends, in seconds.
    pub until: i64,
}

impl Gateway {
    /// Where hosts come back to.
    pub fn granted_url(&self) -> String {
        format!("{}/connections/airbnb/granted", self.identity.base_url)
    }

    /// The page on which a host allows it; `None` where the operator has no app at Airbnb.
    pub fn grant_link(&self, account: AccountId, name: &str, property: &str) -> Option<String> {
        let urls = &self.identity.channel_urls;
        let is_set = [&urls.airbnb, &urls.airbnb_authorize, &urls.airbnb_token, &urls.airbnb_key];
        if is_set.iter().any(|one| one.is_empty()) {
            return None;
        }
        let until = clock::now().as_second() + GOOD_SECONDS;
        let (name, property) = (name.to_owned(), property.to_owned());
        let asked = serde_json::to_string(&Asked { account, name, property, until }).ok()?;
        let state = format!("{}.{}", BASE64URL_NOPAD.encode(asked.as_bytes()), self.signed(&asked));
        let fields = [
            ("response_type", "code"),
            ("client_id", &urls.airbnb_key),
            ("redirect_uri", &self.granted_url()),
            ("state", &state),
        ];
        let query = serde_urlencoded::to_string(fields).ok()?;
        let sign = if urls.airbnb_authorize.contains('?') { '&' } else { '?' };
        Some(format!("{}{sign}{query}", urls.airbnb_authorize))
    }

    /// What a link of ours asked for; nothing when it is not ours, or too old.
    pub fn asked_grant(&self, state: &str, now: Timestamp) -> Option<Asked> {
        let (asked, signed) = state.split_once('.')?;
        let asked = String::from_utf8(BASE64URL_NOPAD.decode(asked.as_bytes()).ok()?).ok()?;
        // Both are hashes by a key: how long it takes to compare them says nothing.
        if self.signed(&asked) != signed {
            return None;
        }
        let asked: Asked = serde_json::from_str(&asked).ok()?;
        (now.as_second() < asked.until).then_some(asked)
    }

    fn signed(&self, asked: &str) -> String {
        BASE32_NOPAD.encode(&self.secret.sign("grant", &[asked])[..20]).to_ascii_lowercase()
    }

    /// The secret of a machine account as it is kept now: its renewal may have been somebody else's.
    pub fn secret_of_machine(&self, machine: &MachineAccount) -> Result<Option<String>, Trouble> {
        let all = self.store.read(|reading| reading.connections())?;
        let row = all.iter().find(|row| row.machine_account() == *machine);
        Ok(row.and_then(|row| self.unseal(row)))
    }

    /// Credentials changed by being used. When this returns, the new ones are what a restart finds.
    pub fn renew_secret(&self, machine: &MachineAccount, secret: &str) -> Result<(), Trouble> {
        let all = self.store.read(|reading| reading.connections())?;
        for row in all.iter().filter(|row| row.machine_account() == *machine) {
            let sealed = BASE64.encode(&self.sealed(&row.machine, secret)?);
            let kept = KeptConnection { sealed, ..connections::as_kept(row) };
            self.record(Event::Connection(kept))?;
        }
        Ok(())
    }

    pub(super) fn sealed(&self, machine: &str, secret: &str) -> Result<Vec<u8>, StoreError> {
        let sealer = crate::keep::sealed::Sealer::new(&self.secret, connections::SEALED_FOR);
        let failed = |_| StoreError::Corrupt("a secret cannot be sealed".to_owned());
        sealer.seal(machine, secret).map_err(failed)
    }
}
