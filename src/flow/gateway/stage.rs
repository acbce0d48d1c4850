//! What unit tests of the gateway stand on: one house in a folder.

use std::{path::Path, sync::Arc};

use super::{Gateway, Identity};
use crate::ground::{account::Account, key::AccountId};

/// A gateway that serves nobody, with one house.
pub(super) fn house(folder: &Path) -> (Arc<Gateway>, AccountId) {
    let identity = Identity::new("gw.localhost");
    let (data, maildirs) = (folder.join("data"), folder.join("maildirs"));
    let (gateway, _queue) = Gateway::open(identity, &data, &maildirs, [1; 32]).unwrap();
    let (id, address) = (AccountId::of(&[b"house"]), "house@gw.localhost".parse().unwrap());
    gateway.put_account(&Account::new(id, "House", address, "en", "house")).unwrap();
    (gateway, id)
}
