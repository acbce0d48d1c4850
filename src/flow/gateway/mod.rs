//! The gateway: the one place where mail, store, journal and outbox meet.
//!
//! [`accept`](Gateway::accept) keeps a message and is done; [`intake`] threads what was kept; [`answer`] is what a
//! provider may do besides mailing; [`rebuild`] makes the index again from the mail. Each is a list of steps.

mod accept;
mod answer;
mod begin;
mod catch_up;
mod changes;
mod channel_messages;
mod connections;
mod dot;
mod drafts;
mod effects;
mod ended;
mod grants;
mod holds;
mod import;
mod in_hand;
pub mod intake;
mod lines;
mod member;
mod purge;
mod reading_link;
mod rebuild;
mod refused;
mod regroup;
mod remembering;
mod replying;
pub mod setup;
#[cfg(test)]
mod stage;
mod take_back;
mod tally;
pub mod translating;

use std::{
    pin::Pin,
    sync::{Arc, Mutex, OnceLock, atomic::AtomicBool},
};

use tokio::sync::{Notify, mpsc, oneshot};

pub use crate::keep::store::Broken;
pub use accept::{Incoming, Refusal};
pub use answer::{AnswerError, FormRequest};
pub use begin::{BeginError, ThreadThere};
pub use changes::{Change, Changes, Followed};
pub use channel_messages::ChannelMessage;
pub use connections::{ConnectError, NewConnection};
pub use dot::Dot;
pub use ended::EndedDelivery;
pub use grants::Asked;
pub use holds::{Decision, proven};
pub use import::Imported;
use in_hand::{FilesInHand, InHand};
pub use member::PersonalMail;
pub use reading_link::Readable;
pub use rebuild::{Progress, Rebuilt};
pub use replying::NewReply;
pub use setup::{ChannelUrls, Identity, IntakeQueue, Ownership, SetupError};

use crate::{
    flow::{directory::Directory, translate::Translator},
    ground::secret::Secret,
    keep::{
        journal::{Journal, JournalError},
        maildir::{Maildir, MaildirError},
        store::{ConnectionRow, Store, StoreError},
    },
};

/// Our own trouble: the other side should try again later (4xx, 503).
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The disk.
    #[error(transparent)]
    Maildir(#[from] MaildirError),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is to be imported cannot be read.
    #[error(transparent)]
    Import(std::io::Error),
    /// Relais is stopping.
    #[error("Relais is stopping")]
    Stopping,
}

impl Trouble {
    /// Is it about this machine now, and not about the message that met it?
    fn is_ours(&self) -> bool {
        match self {
            Trouble::Store(error) => error.is_ours(),
            Trouble::Maildir(_) | Trouble::Journal(_) | Trouble::Import(_) | Trouble::Stopping => {
                true
            }
        }
    }
}

/// A file for intake, and who waits for it.
#[derive(Debug)]
pub(crate) struct Spooled {
    pub(crate) file: InHand,
    pub(crate) threaded: Option<oneshot::Sender<()>>,
}

/// Finds out what SPF, DKIM and DMARC prove of a mail. A door's work, for it asks DNS; it may block.
pub trait Authenticate: Send + Sync {
    /// `None` when nothing could be found out in time: that never counts as a pass. `told_spf` is what a trusted peer
    /// found out before us, and spares the question.
    fn authenticate(
        &self,
        peer: std::net::IpAddr,
        helo: &str,
        reverse_path: Option<&crate::ground::address::Address>,
        told_spf: Option<&crate::ground::authentication::Checked>,
        raw: &[u8],
    ) -> Option<crate::ground::authentication::AuthenticationResults>;
}

/// Asks a channel through a connection whether it answers. A door's work.
pub trait AskChannel: Send + Sync {
    /// What it says, or why not, in words.
    fn ask(
        &self,
        row: ConnectionRow,
    ) -> Pin<Box<dyn Future<Output = Result<String, String>> + Send>>;

    /// The conversation about a reservation; `None`: there is none, or the channel cannot be asked so.
    fn find(
        &self,
        row: ConnectionRow,
        reservation: String,
    ) -> Pin<Box<dyn Future<Output = Result<Option<ThreadThere>, String>> + Send>>;

    /// What a host allowed with this code, as the secret of a connection to Airbnb.
    fn redeem(
        &self,
        code: String,
    ) -> Pin<Box<dyn Future<Output = Result<Redeemed, String>> + Send>>;
}

/// A permission that became credentials.
#[expect(missing_debug_implementations, reason = "it is a secret")]
pub struct Redeemed {
    /// The secret of a connection.
    pub secret: String,
    /// Until this is dropped no others are renewed: a renewal of the older ones would end these before they are kept.
    pub alone: Box<dyn Send>,
}

/// Everything the flow needs; shared behind an `Arc`.
#[derive(Debug)]
pub struct Gateway {
    /// Who we are to the world.
    pub identity: Identity,
    /// Keyed derivations.
    pub secret: Secret,
    /// The index.
    pub store: Arc<Store>,
    /// The mail.
    pub maildir: Arc<Maildir>,
    /// What mail cannot carry.
    pub journal: Arc<Journal>,
    /// Who we answer for.
    pub directory: Directory,
    /// Rung when the outbox has something new.
    pub outbox_bell: Notify,
    /// Rung when there is something to translate.
    pub translation_bell: Notify,
    /// Rung when a channel has something new, or a connection changed.
    pub channel_bell: Notify,
    /// Changes for open pages.
    pub changes: Changes,
    /// What was read since the start.
    pub tally: tally::Tally,
    spooled: mpsc::Sender<Spooled>,
    in_hand: FilesInHand,
    authenticator: Authenticator,
    translator: OnceLock<Arc<Translator>>,
    asker: ChannelAsker,
    /// Held while a reply that waits is decided: its row is read before the transaction that decides it.
    settling: Mutex<()>,
    /// Has the index all that is journaled? Since [`Gateway::go_on`]; a command does not know.
    in_step: AtomicBool,
}

/// Set when the gateway serves; without it no outside sender is believed.
#[derive(Default)]
struct Authenticator(OnceLock<Box<dyn Authenticate>>);

/// Set when the gateway serves.
#[derive(Default)]
struct ChannelAsker(OnceLock<Arc<dyn AskChannel>>);

impl std::fmt::Debug for ChannelAsker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ChannelAsker")
    }
}

impl std::fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Authenticator")
    }
}

impl Gateway {
    /// From now on senders are checked by this; the first one set stays.
    pub fn authenticate_by(&self, authenticator: Box<dyn Authenticate>) {
        let _ = self.authenticator.0.set(authenticator);
    }

    /// From now on channels are asked by this; the first one set stays.
    pub fn ask_channels_by(&self, asker: Arc<dyn AskChannel>) {
        let _ = self.asker.0.set(asker);
    }

    /// Does the channel answer, and what?
    pub async fn ask_channel(&self, row: &ConnectionRow) -> Result<String, String> {
        match self.asker.0.get() {
            Some(asker) => asker.ask(row.clone()).await,
            None => Err("this Relais does not serve".to_owned()),
        }
    }

    async fn find_thread(
        &self,
        row: &ConnectionRow,
        reservation: &str,
    ) -> Result<Option<ThreadThere>, String> {
        match self.asker.0.get() {
            Some(asker) => asker.find(row.clone(), reservation.to_owned()).await,
            None => Err("this Relais does not serve".to_owned()),
        }
    }

    /// What a host allowed with this code, as the secret of a connection.
    pub async fn redeem_grant(&self, code: String) -> Result<Redeemed, String> {
        match self.asker.0.get() {
            Some(asker) => asker.redeem(code).await,
            None => Err("this Relais does not serve".to_owned()),
        }
    }

    /// From now on texts are translated by this; the first one set stays.
    pub fn translate_by(&self, translator: Translator) {
        let _ = self.translator.set(Arc::new(translator));
    }

    fn translator(&self) -> Option<Arc<Translator>> {
        self.translator.get().cloned()
    }

    /// Has intake nothing to do?
    pub fn intake_is_idle(&self) -> bool {
        self.spooled.capacity() == self.spooled.max_capacity()
    }
}
