//! Channels with an API of their own: polled for messages, and posted to instead of a mail server.
//!
//! What differs between them is behind [`Adapter`]; importing, polling, taking and sending are the same for all.
//! One poller for each machine account: it fetches, has the gateway keep and thread what came, and only then tells
//! the channel. A reply is an ordinary row of the outbox whose recipient stands for a thread.

mod airbnb;
mod booking;
mod channex;
mod later;
mod poller;
mod reading;
mod sending;

use std::{
    collections::{HashMap, HashSet},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};
use serde_json::Value;
use tokio::{task::JoinHandle, time::Instant};

pub use poller::run;

use later::Later;

use crate::{
    doors::json_client::{Answer as Reply, File, Peer},
    flow::{
        gateway::{AskChannel, ChannelMessage, Gateway, ThreadThere, Trouble},
        translate::Fail as Wire,
    },
    ground::{
        capabilities::Capabilities,
        conversation::{Channel, Conversation},
        letter::{Attachment, Letter},
        outcome::{Answer, Outcome},
        phrases::Tongue,
        stay::Stay,
        thread_address, told,
    },
    keep::store::{ConnectionRow, DueMail, Hint, MachineAccount},
};

/// Why a message is set aside.
const UNREADABLE: &str = "that cannot be read";
/// Why another is.
const OF_NOBODY: &str = "for a property that is not connected here";

/// How long to wait where a channel does not say it.
const UNTOLD: Duration = Duration::from_secs(60);
/// How long to wait for a file then.
const FILE_PAUSE: Duration = Duration::from_secs(2);

/// How long a file may take.
const FILE_PATIENCE: Duration = Duration::from_secs(20);

/// Reservations change by the day, and a summary of a large house is long; so does whose a house is.
const RARELY: Duration = Duration::from_secs(6 * 3600);

/// What a channel did not do.
#[derive(Debug, thiserror::Error)]
enum Fail {
    /// Ours to mend: the credentials.
    #[error("the channel refuses the credentials: {0}")]
    Credentials(String),
    /// Ours to mend: the house is not, or no more, given to these credentials.
    #[error("the channel does not give us this property: {0}")]
    House(String),
    /// Not now.
    #[error("the channel asks to wait {} s", .0.as_secs())]
    Throttled(Duration),
    /// Never in this form.
    #[error("the channel refuses: {0}")]
    Refused(String),
    /// It was not reached, so nothing was done.
    #[error("the channel cannot be reached: {0}")]
    Unreachable(String),
    /// Nobody knows whether it was done.
    #[error("the channel gave no answer: {0}")]
    Unanswered(String),
    /// Ours.
    #[error("{0}")]
    Ours(String),
}

impl From<Wire> for Fail {
    fn from(wire: Wire) -> Self {
        match wire {
            Wire::Down(why) => Fail::Unreachable(why),
            // It asked to be left alone, so it was not asked.
            Wire::Busy { retry_after } => Fail::Throttled(retry_after.unwrap_or(UNTOLD)),
            other => Fail::Unanswered(other.to_string()),
        }
    }
}

impl Fail {
    /// It is about the credentials, so about all their houses.
    fn is_of_all(&self) -> bool {
        matches!(self, Fail::Credentials(_) | Fail::Throttled(_))
    }
}

/// What is being done; boxed, because adapters are chosen while running.
type Doing<'a, T> = Pin<Box<dyn Future<Output = Result<T, Fail>> + Send + 'a>>;

/// A channel's API. Every method is one exchange, or a few that have no effect on the other side.
trait Adapter: Send + Sync {
    /// A page of a house's conversations; those that changed last come first where the channel sorts at all.
    fn list<'a>(&'a self, house: &'a ConnectionRow, page: Option<&'a str>)
    -> Doing<'a, ThreadPage>;

    /// A page of a conversation's messages.
    fn read<'a>(
        &'a self,
        house: &'a ConnectionRow,
        thread: &'a str,
        page: Option<&'a str>,
    ) -> Doing<'a, MessagePage>;

    /// What waits in the queue of these houses, which are all that we know of this machine account, polled or not;
    /// `None`: the channel has no queue and its list is looked through.
    fn queue<'a>(&'a self, houses: &'a [ConnectionRow]) -> Doing<'a, Option<Queue>>;

    /// The conversations in which something was said since a moment, where the channel can be asked that instead of
    /// for the whole list; it is slow and rarely asked.
    fn search<'a>(
        &'a self,
        house: &'a ConnectionRow,
        since: Timestamp,
    ) -> Option<Doing<'a, Vec<String>>>;

    /// The conversation about a reservation of a house, even if nothing was said in it; `None`: it cannot be asked so.
    fn find<'a>(
        &'a self,
        _house: &'a ConnectionRow,
        _reservation: &'a str,
    ) -> Option<Doing<'a, Option<ThreadThere>>> {
        None
    }

    /// What the channel says of a house's reservations to come; `None`: it is not asked.
    fn reserved<'a>(&'a self, house: &'a ConnectionRow) -> Option<Doing<'a, Vec<Reserved>>>;

    /// So many messages of the queue are safe here.
    fn confirm(&self, count: usize) -> Doing<'_, ()>;

    /// A file of a message.
    fn fetch<'a>(
        &'a self,
        house: &'a ConnectionRow,
        thread: &'a str,
        file: &'a FileRef,
    ) -> Doing<'a, Attachment>;

    /// Says what was done about a conversation here: no reply is needed, it was read.
    fn tell<'a>(&'a self, house: &'a ConnectionRow, thread: &'a str, what: Hint) -> Doing<'a, ()>;

    /// Asks the channel to send its notifications here; `None`: there it is done by hand.
    fn register<'a>(
        &'a self,
        house: &'a ConnectionRow,
        hook: (&'a str, &'a str),
    ) -> Option<Doing<'a, ()>>;

    /// Do words and files travel in one message?
    fn takes_both(&self) -> bool;

    /// Says something; gives the id it has there.
    fn post<'a>(
        &'a self,
        house: &'a ConnectionRow,
        thread: &'a str,
        part: &'a Part,
    ) -> Doing<'a, Option<String>>;
}

/// A conversation in a list.
#[derive(Clone, Debug)]
struct Head {
    id: String,
    /// When something was said there last, if the channel says.
    changed_at: Option<Timestamp>,
    /// Differs when anything has changed.
    mark: String,
    is_closed: bool,
}

#[derive(Debug, Default)]
struct ThreadPage {
    heads: Vec<Head>,
    next: Option<String>,
    /// How many conversations there are on all pages.
    total: Option<i64>,
    /// Behind a page of old ones there are only old ones.
    newest_first: bool,
}

/// A message whose files are still there.
#[derive(Clone, Debug)]
struct Spoken {
    message: ChannelMessage,
    files: Vec<FileRef>,
}

/// A file there.
#[derive(Clone, Debug)]
struct FileRef {
    /// An id or an address.
    at: String,
    name: String,
    media_type: String,
}

#[derive(Debug, Default)]
struct MessagePage {
    /// The newest first.
    messages: Vec<Spoken>,
    /// What nobody can read.
    unreadable: Vec<Value>,
    next: Option<String>,
    booking: Option<Booked>,
    /// Whether the conversation takes an answer, where the channel says it.
    takes_answers: Option<bool>,
    /// Somebody closed it there; under which platform's name we know it.
    closed: Option<Channel>,
}

/// A reservation to come.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Reserved {
    reservation: String,
    stay: Stay,
    name: Option<String>,
}

/// The reservation a conversation is about.
#[derive(Clone, Debug)]
struct Booked {
    channel: Channel,
    reservation: String,
    name: Option<String>,
}

/// A queued message of a conversation that could not be read.
#[derive(Clone, Debug)]
struct Unplaced {
    id: String,
    thread: String,
    /// The houses which may have it: the channel did not say no.
    houses: Vec<i64>,
}

#[derive(Debug)]
struct Queue {
    messages: Vec<Spoken>,
    /// What nobody can read, or nobody here is meant by, and why.
    unreadable: Vec<(Value, &'static str)>,
    /// What is in a conversation that no house could read just now, and whose it may be.
    unplaced: Vec<Unplaced>,
    /// So many were fetched, read or not.
    count: usize,
}

/// What is said in one message there.
#[derive(Clone, Debug)]
struct Part {
    text: String,
    files: Vec<Attachment>,
}

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
    fn is_due(&self, asked: &RwLock<HashMap<i64, Instant>>, house: i64) -> bool {
        let mut asked = asked.write().unwrap_or_else(PoisonError::into_inner);
        let is_due = asked.get(&house).is_none_or(|at| at.elapsed() >= RARELY);
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
    pub async fn post(&self, mail: &DueMail) -> Option<Outcome> {
        if !thread_address::is_thread(&mail.recipient) {
            return None;
        }
        Some(self.post_to_thread(mail).await.unwrap_or_else(|fail| outcome(&fail)))
    }

    async fn post_to_thread(&self, mail: &DueMail) -> Result<Outcome, Fail> {
        let (gateway, account, id) = (Arc::clone(&self.gateway), mail.account, mail.conversation);
        let through = thread_address::Through::of(&mail.recipient);
        let found = blocking(move || {
            let state: Option<Conversation> =
                gateway.store.read(|reading| reading.conversation_state(id))?;
            // Elsewhere such an address is what somebody wrote into a From field.
            let Some(state) = state.filter(|state| state.channel.is_ota()) else {
                return Ok(None);
            };
            let row = gateway.connection_of(account, state.channel, through)?;
            Ok::<_, Trouble>(row.map(|row| (row, Capabilities::of(&state, None))))
        });
        let gone = || Fail::Refused("the connection is gone".into());
        let (row, capabilities) = found.await?.ok_or_else(gone)?;
        if row.state == "paused" {
            return Ok(Outcome::Later(Answer::own(told::PAUSED.kept(""))));
        }
        if let Some(wait) = self.rest(&row) {
            return Err(Fail::Throttled(wait));
        }
        let letter = fitting(Letter::read(&mail.raw), capabilities).await?;
        let begun = (mail.attempts > 0).then_some(mail.created_at);
        let adapter = self.adapter(&row)?;
        let gateway = &self.gateway;
        let errand = sending::Errand { gateway, adapter: &*adapter, house: &row, mail };
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

    fn redeem(&self, code: String) -> Pin<Box<dyn Future<Output = Result<String, String>> + Send>> {
        let gateway = Arc::clone(&self.gateway);
        Box::pin(async move {
            let (urls, redirect) = (&gateway.identity.channel_urls, gateway.granted_url());
            let redeemed = airbnb::grant::redeemed(urls, &code, &redirect).await;
            redeemed.map_err(|fail| fail.to_string())
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

/// What came of a request that has no side effect when it fails so.
fn outcome(fail: &Fail) -> Outcome {
    let mut answer = Answer::own(fail.to_string());
    match fail {
        Fail::Throttled(wait) => {
            answer.wait = Some(*wait);
            Outcome::Later(answer)
        }
        Fail::Credentials(_) | Fail::House(_) | Fail::Ours(_) | Fail::Unreachable(_) => {
            Outcome::Later(answer)
        }
        Fail::Refused(_) => Outcome::Never(answer),
        Fail::Unanswered(_) => Outcome::Unknown(answer),
    }
}

/// What a status says, where a channel does not say more.
fn refusal(reply: &Reply, said: &str) -> Fail {
    let text = format!("{} {said}", reply.status).trim_end().to_owned();
    match reply.status.as_u16() {
        401 => Fail::Credentials(text),
        403 => Fail::House(text),
        429 => Fail::Throttled(reply.retry_after.unwrap_or(UNTOLD)),
        // Where something may have been said, silence is not repeated.
        503 if reply.is_idempotent && reply.retry_after.is_some() => {
            Fail::Throttled(reply.retry_after.unwrap_or(UNTOLD))
        }
        500.. => Fail::Unanswered(text),
        _ => Fail::Refused(text),
    }
}

/// Where something is to be done about a conversation, it is that conversation which takes nothing (any more).
fn of_thread(fail: Fail) -> Fail {
    match fail {
        Fail::House(why) => Fail::Refused(why),
        fail => fail,
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Days of a booking.
fn stay(arrival: &Value, departure: &Value) -> Option<Stay> {
    Stay::read(arrival.as_str()?, departure.as_str()?)
}

/// Their clock names no zone and means UTC.
fn at(value: &Value) -> Option<Timestamp> {
    let text = value.as_str()?;
    let of_utc = |text: &str| {
        let at: DateTime = text.parse().ok()?;
        Some(at.to_zoned(TimeZone::UTC).ok()?.timestamp())
    };
    text.parse().ok().or_else(|| of_utc(text))
}

/// An address, or an object that has one.
fn file_ref(value: &Value) -> Option<FileRef> {
    let at = text(value).or(text(&value["url"])).or(text(&value["file"]))?;
    let last = at.split('?').next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
    let name =
        text(&value["file_name"]).or(text(&value["name"])).unwrap_or_else(|| last.to_owned());
    let media_type = text(&value["file_type"]).or(text(&value["mime_type"])).unwrap_or_default();
    Some(FileRef { at, name, media_type })
}

/// Scheme and host, and the path.
fn split(url: &str) -> Option<(&str, &str)> {
    let host = url.find("://")? + 3;
    let end = url[host..].find('/').map_or(url.len(), |at| host + at);
    Some((&url[..end], if end == url.len() { "/" } else { &url[end..] }))
}

/// A file that lies on another host than the API: asked for without credentials, and only over TLS.
async fn fetched(file: &FileRef) -> Result<Attachment, Fail> {
    let (host, path) = split(&file.at)
        .filter(|(host, _)| host.starts_with("https://"))
        .ok_or_else(|| Fail::Refused(format!("{}: no address to fetch from", file.at)))?;
    let elsewhere = Peer::of_channel(host, &[]).map_err(Fail::Refused)?;
    attached(file, elsewhere.fetch(path, None, FILE_PATIENCE).await?)
}

/// What a status says where no JSON is expected, and nothing was said to anybody.
fn given(file: &File, what: &str) -> Result<(), Fail> {
    let (status, wait) = (file.status, file.retry_after);
    match status.as_u16() {
        200..300 => Ok(()),
        429 => Err(Fail::Throttled(wait.unwrap_or(FILE_PAUSE))),
        503 if wait.is_some() => Err(Fail::Throttled(wait.unwrap_or(FILE_PAUSE))),
        400..500 => Err(Fail::Refused(format!("{status} for {what}"))),
        _ => Err(Fail::Unanswered(format!("{status} for {what}"))),
    }
}

fn attached(file: &FileRef, answered: File) -> Result<Attachment, Fail> {
    given(&answered, "a file")?;
    let File { media_type: kind, bytes, .. } = answered;
    let kind = kind.split(';').next().unwrap_or_default().trim().to_lowercase();
    Ok(Attachment {
        name: file.name.clone(),
        media_type: if kind.is_empty() { file.media_type.clone() } else { kind },
        content_id: None,
        inline: false,
        content: bytes.to_vec(),
    })
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
