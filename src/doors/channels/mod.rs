//! Channels with an API of their own: polled for messages, and posted to instead of a mail server.
//!
//! What differs between them is behind [`Adapter`]; importing, polling, taking and sending are the same for all.
//! One poller for each machine account: it fetches, has the gateway keep and thread what came, and only then tells
//! the channel. A reply is an ordinary row of the outbox whose recipient stands for a thread.

mod adapter;
mod airbnb;
mod booking;
mod channex;
mod files;
mod later;
mod marks;
mod poller;
mod reading;
mod sending;
mod values;

use std::{
    collections::{HashMap, HashSet},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};

use jiff::SignedDuration;
use tokio::{task::JoinHandle, time::Instant};

use adapter::{Adapter, Fail};
pub use poller::run;

use later::Later;
use marks::Marks;

use crate::{
    flow::gateway::{AskChannel, Dot, Gateway, Redeemed, ThreadThere, Trouble},
    ground::{
        capabilities::Capabilities,
        conversation::{Channel, Conversation},
        letter::Letter,
        outcome::{Answer, Outcome},
        phrases::Tongue,
        thread_address, told,
    },
    keep::store::{ConnectionRow, ConnectionState, DueMail, MachineAccount},
};

/// Reservations change by the day, and a summary of a large house is long; so does whose a house is.
const RARELY: Duration = Duration::from_secs(6 * 3600);

/// The open connections.
pub struct Channels {
    gateway: Arc<Gateway>,
    /// How often a channel without a queue is searched for what its notifications missed.
    search_every: SignedDuration,
    open: RwLock<HashMap<MachineAccount, Open>>,
    /// Who wants to be left alone until then.
    resting: RwLock<HashMap<Resting, Instant>>,
    /// When the reservations of a house were last asked for.
    asked_reserved: RwLock<HashMap<i64, Instant>>,
    /// When its list was, although it has a queue.
    asked_list: RwLock<HashMap<i64, Instant>>,
    /// When its conversations that wait for an answer were.
    asked_waiting: RwLock<HashMap<i64, Instant>>,
    /// Which of them were done there.
    marks: Arc<Marks>,
    /// What is asked for again later.
    later: Later,
    /// Houses of which something could not be had, while the rest went well.
    partly: RwLock<HashSet<i64>>,
    /// The searches under way, by house: they take minutes.
    searches: Mutex<HashMap<i64, JoinHandle<Result<(), Fail>>>>,
    /// Held while credentials that change by being used are renewed.
    renewing: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Clone)]
struct Open {
    adapter: Arc<dyn Adapter>,
    /// What it was opened with.
    sealed: Vec<u8>,
    urls: (String, String),
}

impl std::fmt::Debug for Channels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Channels")
    }
}

impl Channels {
    /// None open yet.
    pub fn new(gateway: Arc<Gateway>, search_every: SignedDuration) -> Self {
        Channels {
            gateway,
            search_every,
            open: RwLock::default(),
            resting: RwLock::default(),
            asked_reserved: RwLock::default(),
            asked_list: RwLock::default(),
            asked_waiting: RwLock::default(),
            marks: Arc::default(),
            later: Later::default(),
            partly: RwLock::default(),
            searches: Mutex::default(),
            renewing: Arc::default(),
        }
    }

    /// The adapter of a machine account, made anew when its settings changed.
    fn adapter(&self, row: &ConnectionRow) -> Result<Arc<dyn Adapter>, Fail> {
        let urls = (row.url.clone(), row.token_url.clone());
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        let found =
            open.get(&row.machine_account()).filter(|o| o.sealed == row.sealed && o.urls == urls);
        if let Some(found) = found {
            return Ok(Arc::clone(&found.adapter));
        }
        drop(open);
        let secret = self.gateway.unseal(row);
        let secret = secret.ok_or_else(|| Fail::Credentials("sealed with another key".into()))?;
        let adapter: Arc<dyn Adapter> = match row.channel {
            Channel::Booking => {
                Arc::new(booking::Booking::new(row, secret, &self.gateway.identity.channel_urls)?)
            }
            Channel::Channex => Arc::new(channex::Channex::new(row, &secret)?),
            Channel::Airbnb => {
                Arc::new(airbnb::Airbnb::new(row, &secret, &self.gateway, &self.renewing)?)
            }
            other => return Err(Fail::Ours(format!("{} has no API here", other.brand()))),
        };
        let opened = Open { adapter: Arc::clone(&adapter), sealed: row.sealed.clone(), urls };
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        open.insert(row.machine_account(), opened);
        Ok(adapter)
    }

    /// Is what changes by the day to be asked for again?
    fn is_due(asked: &RwLock<HashMap<i64, Instant>>, house: i64, every: Duration) -> bool {
        let mut asked = asked.write().unwrap_or_else(PoisonError::into_inner);
        let is_due = asked.get(&house).is_none_or(|at| at.elapsed() >= every);
        if is_due {
            asked.insert(house, Instant::now());
        }
        is_due
    }

    /// How long a house wants to be left alone, by itself or with all of its machine account.
    fn rest(&self, row: &ConnectionRow) -> Option<Duration> {
        self.left(&Resting::house(row)).max(self.rest_of_credentials(row))
    }

    fn rest_of_credentials(&self, row: &ConnectionRow) -> Option<Duration> {
        self.left(&Resting::credentials(row))
    }

    fn left(&self, who: &Resting) -> Option<Duration> {
        let resting = self.resting.read().unwrap_or_else(PoisonError::into_inner);
        let left = resting.get(who)?.checked_duration_since(Instant::now());
        left.filter(|left| !left.is_zero())
    }

    fn let_rest(&self, who: Resting, wait: Duration) {
        let mut resting = self.resting.write().unwrap_or_else(PoisonError::into_inner);
        resting.insert(who, Instant::now() + wait);
    }

    /// Asks a channel once; says in words what it answers.
    pub async fn test(&self, row: &ConnectionRow) -> Result<String, String> {
        let adapter = self.adapter(row).map_err(|fail| fail.to_string())?;
        let listed = adapter.list(row, None).await.map_err(|fail| fail.to_string())?;
        let count = listed.total.map_or_else(|| listed.heads.len().to_string(), |t| t.to_string());
        let more = if listed.total.is_none() && listed.next.is_some() { " or more" } else { "" };
        Ok(format!("{} answers, {count}{more} conversations", row.channel.brand()))
    }

    /// Has the channel send its notifications to this address with this secret; false: there it is done by hand.
    pub async fn register(&self, row: &ConnectionRow, hook: (&str, &str)) -> Result<bool, String> {
        let adapter = self.adapter(row).map_err(|fail| fail.to_string())?;
        match adapter.register(row, hook) {
            Some(doing) => doing.await.map(|()| true).map_err(|fail| fail.to_string()),
            None => Ok(false),
        }
    }

    /// Is this a mail for a channel? Then what became of it.
    pub async fn post(&self, mail: &DueMail, dot: &Dot) -> Option<Outcome> {
        if !thread_address::is_thread(&mail.recipient) {
            return None;
        }
        Some(self.post_to_thread(mail, dot).await.unwrap_or_else(|fail| fail.outcome()))
    }

    async fn post_to_thread(&self, mail: &DueMail, dot: &Dot) -> Result<Outcome, Fail> {
        let (gateway, account, id) = (Arc::clone(&self.gateway), mail.account, mail.conversation);
        let through = thread_address::Through::of(&mail.recipient);
        let found = blocking(move || {
            let state: Option<Conversation> =
                gateway.store.read(|reading| reading.conversation_state(id))?;
            // Elsewhere such an address is what somebody wrote into a From field.
            let Some(state) = state.filter(|state| state.channel.is_ota()) else {
                return Ok(None);
            };
            let row = gateway.store.read(|r| r.connection_of(account, state.channel, through))?;
            Ok::<_, Trouble>(
                row.map(|row| {
                    (row, Capabilities::of(&state, None, gateway.identity.booking_chars))
                }),
            )
        });
        let gone = || Fail::Refused("the connection is gone".into());
        let (row, capabilities) = found.await?.ok_or_else(gone)?;
        if row.state == ConnectionState::Paused {
            return Ok(Outcome::Later(Answer::own(told::PAUSED.kept(""))));
        }
        if let Some(wait) = self.rest(&row) {
            return Err(Fail::Throttled(wait));
        }
        let letter = fitting(Letter::read(&mail.raw), capabilities).await?;
        let begun = (mail.attempts > 0 || mail.dot_sent).then_some(mail.created_at);
        let adapter = self.adapter(&row)?;
        let gateway = &self.gateway;
        let errand = sending::Errand { gateway, adapter: &*adapter, house: &row, mail, dot };
        let outcome = errand.send(&letter, begun).await;
        if matches!(outcome, Outcome::Never(_)) {
            // It may be open for reading only: looked at again, that is known before the next reply.
            let (gateway, thread) = (Arc::clone(&self.gateway), mail.recipient.local().to_owned());
            blocking(move || gateway.hint(row.id, vec![thread])).await?;
        }
        if let Outcome::Later(Answer { wait: Some(wait), .. }) = &outcome {
            self.let_rest(Resting::credentials(&row), *wait);
        }
        Ok(outcome)
    }
}

impl AskChannel for Channels {
    fn ask(
        &self,
        row: ConnectionRow,
    ) -> Pin<Box<dyn Future<Output = Result<String, String>> + Send>> {
        // Opened afresh: what it says is not what it said an hour ago.
        let mut asked = Channels::new(Arc::clone(&self.gateway), self.search_every);
        asked.renewing = Arc::clone(&self.renewing);
        Box::pin(async move { asked.test(&row).await })
    }

    fn find(
        &self,
        row: ConnectionRow,
        reservation: String,
    ) -> Pin<Box<dyn Future<Output = Result<Option<ThreadThere>, String>> + Send>> {
        let adapter = self.adapter(&row);
        Box::pin(async move {
            let adapter = adapter.map_err(|fail| fail.to_string())?;
            match adapter.find(&row, &reservation) {
                Some(finding) => finding.await.map_err(|fail| fail.to_string()),
                None => Ok(None),
            }
        })
    }

    fn redeem(
        &self,
        code: String,
    ) -> Pin<Box<dyn Future<Output = Result<Redeemed, String>> + Send>> {
        let (gateway, renewing) = (Arc::clone(&self.gateway), Arc::clone(&self.renewing));
        Box::pin(async move {
            let alone = Box::new(renewing.lock_owned().await);
            let (urls, redirect) = (&gateway.identity.channel_urls, gateway.granted_url());
            let redeemed = airbnb::grant::redeemed(urls, &code, &redirect).await;
            let secret = redeemed.map_err(|fail| fail.to_string())?;
            Ok(Redeemed { secret, alone })
        })
    }
}

/// Who may want to be left alone. Renewed credentials are others: they need no rest.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Resting {
    Credentials(MachineAccount, Vec<u8>),
    House(i64, Vec<u8>),
}

impl Resting {
    fn credentials(row: &ConnectionRow) -> Self {
        Resting::Credentials(row.machine_account(), row.sealed.clone())
    }

    fn house(row: &ConnectionRow) -> Self {
        Resting::House(row.id, row.sealed.clone())
    }
}

/// The letter with its pictures as the channel takes them; decoding takes a while.
async fn fitting(mut letter: Letter, capabilities: Capabilities) -> Result<Letter, Fail> {
    let files = std::mem::take(&mut letter.attachments);
    let fitted = blocking(move || Ok::<_, Trouble>(capabilities.fitted(files))).await?;
    letter.attachments = fitted.map_err(|problem| Fail::Refused(problem.sentence(Tongue::En)))?;
    Ok(letter)
}

async fn blocking<T, E, W>(work: W) -> Result<T, Fail>
where
    T: Send + 'static,
    E: std::fmt::Display + Send + 'static,
    W: FnOnce() -> Result<T, E> + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(Fail::Ours(error.to_string())),
        Err(error) => Err(Fail::Ours(error.to_string())),
    }
}
