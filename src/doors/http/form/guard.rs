//! What is remembered between submissions: how often, which riddles were used, and what was sent twice.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;

use crate::{
    doors::http::{Peer, Problem},
    flow::{
        clock,
        gateway::{FormRequest, Trouble},
    },
    ground::{
        form,
        key::ConversationId,
        rate::{Rate, network},
        secret::Secret,
    },
};

/// The same request within this time is the same request: people press twice.
const SAME: SignedDuration = SignedDuration::from_mins(10);
/// Used riddles are forgotten when they are no longer good.
const USED: SignedDuration = SignedDuration::from_mins(31);
/// Submissions remembered.
const MAX_KEPT: usize = 10_000;

type Sent = HashMap<[u8; 32], (Timestamp, Arc<OnceCell<String>>)>;

/// Shared by all forms.
#[derive(Debug)]
pub(in crate::doors::http) struct Guard {
    tries: Rate<IpAddr>,
    peers: [Rate<IpAddr>; 2],
    forms: Rate<String>,
    addresses: Rate<String>,
    used: Mutex<HashMap<String, Timestamp>>,
    sent: Mutex<Sent>,
}

impl Default for Guard {
    fn default() -> Self {
        Guard {
            // Who mistypes tries again: some at once, then one every few seconds.
            tries: Rate::new(20, 6.0),
            // Of what is taken five a minute for one visitor's network, 30 a day.
            peers: [Rate::new(5, 12.0), Rate::new(30, 86_400.0 / 30.0)],
            // 60 a minute for one form; for one visitor's address some at once, then one in three minutes.
            forms: Rate::new(60, 1.0),
            addresses: Rate::new(5, 200.0),
            used: Mutex::default(),
            sent: Mutex::default(),
        }
    }
}

impl Guard {
    /// May anything be sent from there now, right or wrong? Programs on this machine are the house's own.
    pub(super) fn may_try(&self, peer: Peer) -> bool {
        peer.is_local || self.tries.allow(network(peer.address), clock::now())
    }

    /// May one more request be taken now, from there, by this form and from this address?
    fn may_take(&self, peer: Peer, form: &str, address: String) -> bool {
        let now = clock::now();
        let allows = |rate: &Rate<IpAddr>| peer.is_local || rate.allow(network(peer.address), now);
        self.peers.iter().all(allows)
            && self.forms.allow(form.to_owned(), now)
            && self.addresses.allow(address, now)
    }

    /// Does this solve a riddle of this form that was not used before?
    pub(super) fn proven(&self, secret: &Secret, form: &str, given: Option<&str>) -> bool {
        let now = clock::now();
        let Some(riddle) = given.and_then(|given| form::solved(secret, form, given, now)) else {
            return false;
        };
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.retain(|_, at| now.duration_since(*at) < USED);
        used.insert(riddle, now).is_none()
    }

    /// Submits a request, or gives what became of the same one just before.
    pub(super) async fn once<F>(
        &self,
        (form, peer): (&str, Peer),
        request: &FormRequest,
        attempt: Option<&str>,
        proof: impl FnOnce() -> Result<(), Problem>,
        submit: impl FnOnce() -> F,
    ) -> Result<String, Problem>
    where
        F: Future<Output = Result<ConversationId, Trouble>>,
    {
        let address = request.visitor.address.untagged();
        let cell = self.cell(key(form, request, attempt), clock::now());
        if let Some(id) = cell.get() {
            return Ok(id.clone());
        }
        let id = cell.get_or_try_init(|| async {
            // A proof is good once: whoever repeats a request repeats its proof.
            proof()?;
            if !self.may_take(peer, form, address) {
                return Err(Problem::too_many());
            }
            Ok(submit().await?.to_string())
        });
        id.await.cloned()
    }

    fn cell(&self, key: [u8; 32], now: Timestamp) -> Arc<OnceCell<String>> {
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        if sent.len() >= MAX_KEPT {
            sent.clear();
        }
        let old = |at: Timestamp| now.duration_since(at) >= SAME;
        sent.retain(|_, (at, _)| !old(*at));
        Arc::clone(&sent.entry(key).or_insert_with(|| (now, Arc::default())).1)
    }
}

/// White space aside, the same words and files from the same address by the same form, in the attempt of the same name.
/// The name alone would not do: pages that count their visitors' attempts from one would lose all but the first.
fn key(form: &str, request: &FormRequest, attempt: Option<&str>) -> [u8; 32] {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let address = request.visitor.address.folded();
    let (subject, text) = (plain(&request.subject), plain(&request.text));
    let attempt = attempt.unwrap_or_default();
    let mut key = Sha256::new();
    key.update(format!("{form}\n{attempt}\n{address}\n{subject}\n{text}"));
    for file in &request.attachments {
        key.update(Sha256::digest(&file.content));
    }
    key.finalize().into()
}
