//! Opening a gateway: folders, secret, store, journal, and what a crash left behind.

use std::{
    fs,
    io::{self, Write},
    net::IpAddr,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, atomic::AtomicBool},
};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Notify, mpsc};

use super::{Authenticator, Changes, ChannelAsker, FilesInHand, Gateway, Spooled, Trouble};
use crate::{
    flow::{clock, directory::Directory},
    ground::{
        account::Account, address::Address, capabilities, conversation::Channel, secret::Secret,
    },
    keep::{
        backup,
        journal::{Event, Journal},
        maildir::Maildir,
        store::{Store, StoreError},
    },
};

/// Who the gateway is to the world.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Our name in EHLO and Received.
    pub hostname: String,
    /// The domain of reply addresses, bounce addresses and Message-IDs.
    pub reply_domain: String,
    /// Where people reach our pages, without a slash at the end.
    pub base_url: String,
    /// Peers whose word about the sender we take (an own MTA that has authenticated it).
    pub trusted_peers: Vec<IpAddr>,
    /// The name under which they say what they found out about SPF; empty: they are believed without saying it.
    pub trusted_results: String,
    /// Who reads mail to `postmaster`; nobody but the Maildir when there is none.
    pub postmaster: Option<Address>,
    /// How long a member's mail waits for DNS that does not answer, before its author is asked.
    pub dns_wait: SignedDuration,
    /// How long a member can take back a reply sent from the inbox.
    pub undo: SignedDuration,
    /// How long a message may be that Booking.com's API takes.
    pub booking_chars: usize,
    /// Where the APIs of channels are.
    pub channel_urls: ChannelUrls,
}

impl Identity {
    /// A gateway of this name that trusts nobody, waits for nobody and is on no channel; replies go to `reply.` below.
    pub fn new(hostname: &str) -> Self {
        Identity {
            hostname: hostname.to_owned(),
            reply_domain: format!("reply.{hostname}"),
            base_url: format!("http://{hostname}"),
            trusted_peers: Vec::new(),
            trusted_results: String::new(),
            postmaster: None,
            dns_wait: SignedDuration::ZERO,
            undo: SignedDuration::ZERO,
            booking_chars: capabilities::USUAL_CHARS,
            channel_urls: ChannelUrls::default(),
        }
    }
}

/// Where the APIs of channels are.
#[derive(Clone, Debug, Default)]
pub struct ChannelUrls {
    /// Booking.com's messages, and where it gives out tokens.
    pub booking: (String, String),
    /// Booking.com's reservations; empty where they are not asked for.
    pub booking_reservations: String,
    /// The version of Booking.com's messages.
    pub booking_version: String,
    /// Where below a conversation a file is, with `{id}` in it.
    pub booking_attachment: String,
    /// Channex.
    pub channex: String,
    /// Airbnb's partner API; empty where the operator has no keys.
    pub airbnb: String,
    /// Where a host allows us to speak for them, and where a permission becomes tokens; empty: nowhere.
    pub airbnb_authorize: String,
    pub airbnb_token: String,
    /// Who we are there.
    pub airbnb_key: String,
    pub airbnb_secret: String,
}

impl ChannelUrls {
    /// The API of a channel and where it gives out tokens; `None` where there is no API.
    pub fn of(&self, channel: Channel) -> Option<(&str, &str)> {
        let (url, tokens) = match channel {
            Channel::Booking => (&self.booking.0, self.booking.1.as_str()),
            Channel::Channex => (&self.channex, ""),
            Channel::Airbnb => (&self.airbnb, ""),
            Channel::Form | Channel::Email | Channel::Api => return None,
        };
        (!url.is_empty()).then_some((url, tokens))
    }
}

/// Why a gateway could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// A folder or the secret.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// Where.
        path: PathBuf,
        /// What.
        source: io::Error,
    },
    /// The secret's file is not 32 bytes.
    #[error(
        "{0}: not a Relais secret (32 bytes); restore it from the backup, without it reply addresses change"
    )]
    BadSecret(PathBuf),
    /// There was a secret.
    #[error(
        "{path}: is not there, and {store} or the journal knows houses: is a disk missing? Bring the folder back, or the \
         secret from the backup (to begin anew, move the store and the journal away)", path = .0.display(), store = .1.display()
    )]
    NoSecret(PathBuf, PathBuf),
    /// Another Relais has it.
    #[error("{path}: another Relais is running on this folder, stop it first or use --{option}", path = path.display())]
    Owned {
        /// The folder.
        path: PathBuf,
        /// What chooses another.
        option: &'static str,
    },
    /// The store is another's.
    #[error(
        "{data} and {maildirs} belong to two different Relais: name both folders of one, with --data and --maildirs \
         or in the configuration", data = .0.display(), maildirs = .1.display()
    )]
    NotTogether(PathBuf, PathBuf),
    /// The store is an older Relais's, and that one runs.
    #[error(
        "{0}: an older Relais is running on this store; restart it as this one first (systemctl restart relais)"
    )]
    Older(PathBuf),
    /// Half old, half new.
    #[error(
        "{said}: this backup was cut off, make it again with relais backup; if what it was made from is lost, remove \
         that file and go on with what is there", said = .0.display()
    )]
    Unfinished(PathBuf),
    /// A copy, and a configuration that is not its own.
    #[error(
        "the mail of this backup was sent from {before}, and reply_domain is {now}: replies to it would not come in; \
         name the configuration it was made with (--config …/relais.toml)"
    )]
    OtherDomain {
        /// The reply domain of the mail.
        before: String,
        /// That of the configuration.
        now: String,
    },
    /// Mail, journal or store.
    #[error(transparent)]
    Trouble(#[from] Trouble),
}

/// So many accepted files wait for intake at most; more lie in the spool until housekeeping hands them in.
const SPOOL_QUEUE: usize = 4096;

impl Gateway {
    /// Opens everything; gives the gateway and the queue that [`super::intake::run`] drains.
    pub fn open(
        identity: Identity,
        data: &Path,
        maildirs: &Path,
        random: [u8; 32],
    ) -> Result<(Arc<Self>, IntakeQueue), SetupError> {
        for folder in [data, maildirs] {
            fs::create_dir_all(folder)
                .map_err(|source| SetupError::File { path: folder.to_owned(), source })?;
        }
        if let Some(said) = backup::unfinished(maildirs) {
            return Err(SetupError::Unfinished(said));
        }
        let path = data.join("relais.sqlite");
        let store = open_store(data, &path)?;
        let houses = store.read(|reading| reading.account_ids()).map_err(Trouble::from)?;
        let is_begun = maildirs.join("secret").exists();
        let secret = open_secret(maildirs, (&path, !houses.is_empty()), random)?;
        let maildir =
            Maildir::open(&maildirs.join("mail"), &identity.hostname).map_err(Trouble::from)?;
        let journal = Journal::open(&maildirs.join("journal.jsonl")).map_err(Trouble::from)?;
        if !are_together(&store, &journal, &secret, is_begun)? {
            return Err(SetupError::NotTogether(data.to_owned(), maildirs.to_owned()));
        }
        let (hostname, domain) = (&identity.hostname, &identity.reply_domain);
        let directory = Directory::load(&store, secret.clone(), hostname, domain);
        let directory = directory.map_err(Trouble::from)?;
        let (spooled, queue) = mpsc::channel(SPOOL_QUEUE);
        let gateway = Arc::new(Gateway {
            identity,
            secret,
            store: Arc::new(store),
            maildir: Arc::new(maildir),
            journal: Arc::new(journal),
            directory,
            outbox_bell: Notify::new(),
            translation_bell: Notify::new(),
            channel_bell: Notify::new(),
            changes: Changes::new(clock::now()),
            tally: super::tally::Tally::default(),
            spooled,
            in_hand: FilesInHand::default(),
            authenticator: Authenticator::default(),
            translator: OnceLock::new(),
            asker: ChannelAsker::default(),
            settling: Mutex::new(()),
            in_step: AtomicBool::new(false),
        });
        Ok((gateway, IntakeQueue(queue)))
    }
}

/// Opens the store. One of an older schema is brought to ours, unless a Relais that knows the older one is at work on it.
fn open_store(data: &Path, path: &Path) -> Result<Store, SetupError> {
    let _alone = match Store::is_older(path).map_err(Trouble::from)? {
        true => Some(lock(data, "relais.lock", "data").map_err(|error| match error {
            SetupError::Owned { path, .. } => SetupError::Older(path),
            other => other,
        })?),
        false => None,
    };
    Ok(Store::open(path).map_err(Trouble::from)?)
}

/// Do the store and the folder of mail belong to one Relais? A store without a mark is marked where nothing says no:
/// the secret gives the same reply addresses, or the journal knows its houses.
fn are_together(
    store: &Store,
    journal: &Journal,
    secret: &Secret,
    is_begun: bool,
) -> Result<bool, Trouble> {
    let ours = secret.store_mark();
    let mark = store.read(|reading| reading.mark())?;
    if mark == ours {
        return Ok(true);
    }
    // Beside a secret that was made just now there is a store that knows nothing.
    if mark != 0 && is_begun {
        return Ok(false);
    }
    let given = store.read(|reading| reading.some_participants())?;
    let is_ours = if given.is_empty() {
        knows_houses(store, journal)?
    } else {
        given.iter().any(|(token, of, to)| secret.reply_token(*of, *to).as_str() == token.as_str())
    };
    if is_ours {
        store.write_blocking::<_, StoreError, _>(move |w| w.set_mark(ours))?;
    }
    Ok(is_ours)
}

/// Does the journal know a house of the store by its name? Where one of them knows none, nothing speaks against it.
fn knows_houses(store: &Store, journal: &Journal) -> Result<bool, Trouble> {
    let there = store.read(|reading| reading.accounts())?;
    if there.is_empty() {
        return Ok(true);
    }
    let (entries, _) = journal.read()?;
    let mut journaled = entries
        .iter()
        .filter_map(|entry| match &entry.event {
            Event::Account(account) => Some(account),
            _ => None,
        })
        .peekable();
    let is_there = |one: &Account| there.iter().any(|a| (a.id, &a.name) == (one.id, &one.name));
    Ok(journaled.peek().is_none() || journaled.any(is_there))
}

impl Gateway {
    /// The reply domain of the mail that was queued last, where it is another than ours now.
    pub fn other_domain(&self) -> Result<Option<String>, Trouble> {
        let last = self.store.read(|reading| reading.last_message_id())?;
        let domain = last.as_deref().and_then(|id| id.rsplit_once('@')).map(|(_, domain)| domain);
        let ours = &self.identity.reply_domain;
        Ok(domain.filter(|domain| !domain.eq_ignore_ascii_case(ours)).map(str::to_owned))
    }

    /// Mail that waits in a copy, and answers to what it sent, want the configuration it was made with.
    pub fn must_know_its_domain(&self, maildirs: &Path) -> Result<(), SetupError> {
        match self.other_domain()? {
            Some(before) if backup::is_copy(maildirs) => {
                Err(SetupError::OtherDomain { before, now: self.identity.reply_domain.clone() })
            }
            _ => Ok(()),
        }
    }
}

impl Gateway {
    /// Takes sole ownership of the mail and its index, and mends what a crash left. Held until the locks are dropped.
    pub fn own(
        &self,
        data: &Path,
        maildirs: &Path,
        now: Timestamp,
    ) -> Result<Ownership, SetupError> {
        let mail = lock(maildirs, "lock", "maildirs")?;
        // Both may be one folder.
        let index = lock(data, "relais.lock", "data")?;
        let trouble = |source| SetupError::File { path: data.join("relais.lock"), source };
        let was_cut_off = index.metadata().map_err(trouble)?.len() > 0;
        (&index).write_all(b"in use\n").map_err(trouble)?;
        self.maildir.discard_unfinished().map_err(Trouble::from)?;
        self.settle_interrupted(now)?;
        if was_cut_off {
            self.mend_read_marks()?;
        }
        Ok(Ownership { _mail: mail, index })
    }

    /// Files say what the index says of having been read: a crash came between the one and the other.
    fn mend_read_marks(&self) -> Result<(), Trouble> {
        let read = self.store.read(|reading| reading.read_files())?;
        let mut files = self.maildir.threaded()?;
        files.retain(|(name, seen)| read.get(name.as_str()).is_some_and(|read| read != seen));
        for wanted in [true, false] {
            let differing = files.iter().filter(|(_, seen)| *seen != wanted).map(|(name, _)| name);
            self.maildir.mark_read(differing, wanted)?;
        }
        Ok(())
    }
}

/// Sole ownership of the folders.
#[derive(Debug)]
pub struct Ownership {
    _mail: fs::File,
    index: fs::File,
}

impl Ownership {
    /// Everything ended in order: the next start has nothing to mend.
    pub fn release(self) -> io::Result<()> {
        self.index.set_len(0)
    }
}

fn lock(folder: &Path, name: &str, option: &'static str) -> Result<fs::File, SetupError> {
    let path = folder.join(name);
    let mut options = fs::OpenOptions::new();
    let lock = options.create(true).truncate(false).write(true).open(&path);
    let lock = lock.map_err(|source| SetupError::File { path: path.clone(), source })?;
    lock.try_lock().map_err(|_| SetupError::Owned { path: folder.to_owned(), option })?;
    Ok(lock)
}

/// Does a Relais serve from this folder of data?
pub fn is_running(data: &Path) -> bool {
    let lock = fs::File::open(data.join("relais.lock"));
    lock.is_ok_and(|lock| lock.try_lock_shared().is_err())
}

/// The receiving end of the spool.
#[derive(Debug)]
pub struct IntakeQueue(pub(crate) mpsc::Receiver<Spooled>);

/// Reads the secret, or makes it from these random bits at the first start: a second one would give everybody other reply
/// addresses. Where houses are known, to the store or to the journal, there was one.
pub fn open_secret(
    maildirs: &Path,
    (store, knows_houses): (&Path, bool),
    random: [u8; 32],
) -> Result<Secret, SetupError> {
    let path = &maildirs.join("secret");
    let wrap = |source| SetupError::File { path: path.clone(), source };
    let journaled =
        || fs::metadata(maildirs.join("journal.jsonl")).is_ok_and(|about| about.len() > 0);
    match fs::read(path) {
        Ok(bytes) => {
            let bits = bytes.try_into().map_err(|_| SetupError::BadSecret(path.clone()))?;
            Ok(Secret::new(bits))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if knows_houses || journaled() {
                return Err(SetupError::NoSecret(path.clone(), store.to_owned()));
            }
            let draft = path.with_extension("new");
            let mut file = fs::OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .mode(0o600)
                .open(&draft)
                .map_err(wrap)?;
            file.write_all(&random).and_then(|()| file.sync_all()).map_err(wrap)?;
            fs::rename(&draft, path).map_err(wrap)?;
            Ok(Secret::new(random))
        }
        Err(error) => Err(wrap(error)),
    }
}
