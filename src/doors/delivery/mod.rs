//! How one outgoing mail leaves: into a Maildir, to a smarthost, or to the recipient's MX. One mail, one recipient,
//! one [`Outcome`].

mod client;
mod direct;
mod kept;
mod maildir;
mod session;
pub mod sign;
mod tls;

use jiff::Timestamp;

use crate::{
    flow::gateway::Dot,
    ground::{
        address::Address,
        config::{Config, TransportKind},
        key::OutgoingId,
        letter::MessageId,
        outcome::Outcome,
    },
    keep::maildir::MaildirError,
};
pub use session::Timeouts;

/// A mail on its way.
#[derive(Clone, Copy, Debug)]
pub struct Outgoing<'a> {
    /// Its key, the same at every attempt.
    pub id: OutgoingId,
    /// When it was queued.
    pub queued_at: Timestamp,
    /// The envelope sender; `None` is the null path.
    pub reverse_path: Option<&'a Address>,
    /// The envelope recipient.
    pub recipient: &'a Address,
    /// The rendered mail, CRLF.
    pub raw: &'a [u8],
    /// Its Message-ID.
    pub message_id: &'a MessageId,
    /// Says when it is too late to break the attempt off.
    pub dot: &'a Dot,
}

/// A road out, and the signer on it.
#[derive(Debug)]
pub struct Transport {
    road: Road,
    signer: Option<sign::Signers>,
}

#[derive(Debug)]
enum Road {
    /// Into a folder, for trying out.
    Maildir(maildir::Folder),
    /// To one server that does the rest.
    Smarthost(client::Smarthost),
    /// To the recipient's MX.
    Direct(Box<direct::Direct>),
}

/// Why a transport cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The resolver.
    #[error("delivery.resolver: {0}")]
    Resolver(String),
    /// The outgoing folder.
    #[error(transparent)]
    Folder(#[from] MaildirError),
    /// The DKIM keys.
    #[error("dkim.selector: {0}")]
    Keys(#[from] sign::KeyError),
}

impl Transport {
    /// The transport the configuration asks for.
    pub fn of(config: &Config) -> Result<Self, TransportError> {
        let delivery = &config.delivery;
        let selector = &config.dkim.selector;
        let signer = (!selector.is_empty())
            .then(|| sign::Signers::open(&sign::folder(config), selector, &config.reply_domain))
            .transpose()?;
        let road = match delivery.transport {
            TransportKind::Maildir => {
                let folder = config.maildirs.join("outgoing");
                Road::Maildir(maildir::Folder::open(&folder, &config.hostname)?)
            }
            TransportKind::Smarthost => Road::Smarthost(client::Smarthost {
                settings: delivery.smarthost.clone(),
                ehlo: config.hostname.clone(),
                timeouts: Timeouts::default(),
                kept: kept::Kept::default(),
            }),
            TransportKind::Direct => Road::Direct(Box::new(direct::Direct::new(config)?)),
        };
        Ok(Transport { road, signer })
    }

    /// Whose deliveries are counted together: the domain, where mail goes to its MX. One server that does the rest
    /// has its own limits.
    pub fn destination(&self, recipient: &Address) -> Option<String> {
        matches!(self.road, Road::Direct(_)).then(|| recipient.domain().to_lowercase())
    }

    /// Does the smarthost answer and let us in? Other roads have nothing to try without a mail.
    pub async fn probe(&self) -> Result<(), String> {
        match &self.road {
            Road::Smarthost(smarthost) => smarthost.probe().await,
            Road::Maildir(_) | Road::Direct(_) => Ok(()),
        }
    }

    /// One attempt.
    pub async fn deliver(&self, mail: &Outgoing<'_>) -> Outcome {
        let signed = self.signer.as_ref().map(|signer| signer.sign(mail.raw));
        let mail = &Outgoing { raw: signed.as_deref().unwrap_or(mail.raw), ..*mail };
        match &self.road {
            Road::Maildir(folder) => folder.deliver(mail).await,
            Road::Smarthost(smarthost) => smarthost.deliver(mail).await,
            Road::Direct(direct) => direct.deliver(mail).await,
        }
    }
}
