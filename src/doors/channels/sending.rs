//! A reply, said on a channel: in as many messages as the channel wants, and never said twice.
//!
//! No channel knows an idempotency key. Silence is not repeated: the thread is read again, and what is not found
//! stays unknown. A second attempt first looks what of the first has arrived.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};

use super::{
    adapter::{Adapter, Fail, Part, Spoken},
    blocking, reading,
};
use crate::{
    flow::{
        clock,
        gateway::{Dot, Gateway, Trouble},
    },
    ground::{
        conversation::Side,
        letter::Letter,
        outcome::{Answer, Outcome},
        relay_mail::folded,
        told,
    },
    keep::store::{ConnectionRow, DueMail},
};

/// How often and how far apart a thread is read again after a post without an answer: the other side may be slow.
const RE_READS: [Duration; 3] =
    [Duration::from_millis(200), Duration::from_secs(1), Duration::from_secs(3)];
/// Their clock is not ours.
const SKEW: SignedDuration = SignedDuration::from_mins(2);

/// A reply on its way into a thread.
pub(super) struct Errand<'a> {
    pub(super) gateway: &'a Arc<Gateway>,
    pub(super) adapter: &'a dyn Adapter,
    pub(super) house: &'a ConnectionRow,
    pub(super) mail: &'a DueMail,
    pub(super) dot: &'a Dot,
}

impl Errand<'_> {
    /// Posts a reply; `begun_before` is when an earlier attempt may have begun.
    pub(super) async fn send(&self, letter: &Letter, begun_before: Option<Timestamp>) -> Outcome {
        let mut there = match begun_before {
            Some(begun) => match self.said_since(begun).await {
                Ok(there) => there,
                Err(Fail::Unanswered(why)) => return Outcome::Later(Answer::own(why)),
                Err(fail) => return fail.outcome(),
            },
            None => Vec::new(),
        };
        let mut ids = Vec::new();
        for part in parts(letter, self.adapter.takes_both()) {
            if let Some(at) = there.iter().position(|said| is_same(said, &part)) {
                ids.push(there.swap_remove(at).message.source.id);
                continue;
            }
            let begun = begun_before.filter(|_| self.mail.dot_sent).unwrap_or_else(clock::now);
            let end = match self.post(&part).await {
                Ok(id) => {
                    ids.extend(id);
                    continue;
                }
                Err(Fail::Unanswered(why)) => match self.look_again(&part, begun, &ids).await {
                    Ok(Some(id)) => {
                        ids.push(id);
                        continue;
                    }
                    Ok(None) => {
                        Outcome::Unknown(Answer::own(format!("{why}; it is not in the thread")))
                    }
                    Err(fail) => Outcome::Unknown(Answer::own(format!("{why}; {fail}"))),
                },
                Err(fail) => fail.outcome(),
            };
            return partly(end, ids);
        }
        let brand = self.house.channel.brand();
        Outcome::Done(Answer { external_ids: ids, ..Answer::own(format!("taken by {brand}")) })
    }

    /// What a kill cut off may have arrived, and is only looked for.
    async fn post(&self, part: &Part) -> Result<Option<String>, Fail> {
        if self.mail.dot_sent {
            return Err(Fail::Unanswered(told::CUT_OFF.kept("")));
        }
        self.dot.send().await.map_err(|error| Fail::Ours(error.to_string()))?;
        self.adapter.post(self.house, self.thread(), part).await
    }

    fn thread(&self) -> &str {
        self.mail.recipient.local()
    }

    /// What the house said there since, and what is not known to be another reply: people answer *Yes* more than once.
    async fn said_since(&self, begun: Timestamp) -> Result<Vec<Spoken>, Fail> {
        let since = begun.checked_sub(SKEW).unwrap_or(Timestamp::MIN);
        let mut said = reading::since(self.adapter, self.house, self.thread(), since).await?;
        said.retain(|one| one.message.source.side == Side::Provider);
        let (gateway, about) = (Arc::clone(self.gateway), (self.mail.message, self.mail.id));
        blocking(move || {
            let mut own = Vec::new();
            for one in said {
                if !gateway.is_of_another_reply(&one.message.source, about)? {
                    own.push(one);
                }
            }
            Ok::<_, Trouble>(own)
        })
        .await
    }

    /// The id of what was posted without an answer, if the thread shows it.
    /// It was not looked for where no look succeeded.
    async fn look_again(
        &self,
        part: &Part,
        begun: Timestamp,
        ids: &[String],
    ) -> Result<Option<String>, Fail> {
        let (mut looked, mut failed) = (false, None);
        for pause in RE_READS {
            tokio::time::sleep(pause).await;
            let said = match self.said_since(begun).await {
                Ok(said) => said,
                Err(fail) => {
                    if let Fail::Throttled(wait) = fail {
                        tokio::time::sleep(wait.min(reading::PATIENT)).await;
                    }
                    failed = Some(fail);
                    continue;
                }
            };
            looked = true;
            let mut same = said.into_iter().filter(|said| is_same(said, part));
            if let Some(found) = same.find(|said| !ids.contains(&said.message.source.id)) {
                return Ok(Some(found.message.source.id));
            }
        }
        failed.filter(|_| !looked).map_or(Ok(None), Err)
    }
}

/// The words, then each file; or all at once.
fn parts(letter: &Letter, both: bool) -> Vec<Part> {
    let text = letter.text().trim().to_owned();
    let files = letter.attachments.clone();
    if both {
        return vec![Part { text, files }];
    }
    let words = (!text.is_empty()).then_some(Part { text, files: Vec::new() });
    let each = files.into_iter().map(|file| Part { text: String::new(), files: vec![file] });
    words.into_iter().chain(each).collect()
}

/// What had arrived before it went wrong is not forgotten.
fn partly(end: Outcome, ids: Vec<String>) -> Outcome {
    if ids.is_empty() {
        return end;
    }
    let with = |answer: Answer| Answer {
        text: format!("{} (what came before it has arrived)", answer.text),
        external_ids: ids,
        ..answer
    };
    match end {
        Outcome::Done(answer) => Outcome::Done(with(answer)),
        Outcome::Later(answer) => Outcome::Later(with(answer)),
        Outcome::Never(answer) => Outcome::Never(with(answer)),
        Outcome::Unknown(answer) => Outcome::Unknown(with(answer)),
    }
}

/// Is this what we said? Links may have been stripped, files renamed.
fn is_same(said: &Spoken, part: &Part) -> bool {
    let words = folded(&said.message.text) == folded(&part.text);
    words && (!part.text.is_empty() || !said.files.is_empty())
}
