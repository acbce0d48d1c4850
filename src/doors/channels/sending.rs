//! A reply, said on a channel: in as many messages as the channel wants, and never said twice.
//!
//! No channel knows an idempotency key. Silence is not repeated: the thread is read again, and what is not found
//! stays unknown. A second attempt first looks what of the first has arrived.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{Adapter, Fail, Part, Spoken, outcome, reading};
use crate::{
    flow::clock,
    ground::{
        conversation::Side,
        letter::Letter,
        outcome::{Answer, Outcome},
        relay_mail::folded,
    },
    keep::store::ConnectionRow,
};

/// How often and how far apart a thread is read again after a post without an answer: the other side may be slow.
const RE_READS: [Duration; 3] =
    [Duration::from_millis(200), Duration::from_secs(1), Duration::from_secs(3)];
/// Their clock is not ours.
const SKEW: SignedDuration = SignedDuration::from_mins(2);

/// Posts a reply; `begun_before` is when an earlier attempt may have begun.
pub(super) async fn send(
    adapter: &dyn Adapter,
    house: &ConnectionRow,
    thread: &str,
    letter: &Letter,
    begun_before: Option<Timestamp>,
) -> Outcome {
    let mut there = match begun_before {
        Some(begun) => match said_since(adapter, house, thread, begun).await {
            Ok(there) => there,
            Err(Fail::Unanswered(why)) => return Outcome::Later(Answer::own(why)),
            Err(fail) => return outcome(&fail),
        },
        None => Vec::new(),
    };
    let mut ids = Vec::new();
    for part in parts(letter, adapter.takes_both()) {
        if let Some(at) = there.iter().position(|said| is_same(said, &part)) {
            ids.push(there.swap_remove(at).message.source.id);
            continue;
        }
        let begun = clock::now();
        let end = match adapter.post(house, thread, &part).await {
            Ok(id) => {
                ids.extend(id);
                continue;
            }
            Err(Fail::Unanswered(why)) => {
                match look_again(adapter, house, thread, &part, begun).await {
                    Some(id) if !ids.contains(&id) => {
                        ids.push(id);
                        continue;
                    }
                    _ => Outcome::Unknown(Answer::own(format!("{why}; it is not in the thread"))),
                }
            }
            Err(fail) => outcome(&fail),
        };
        return partly(end, ids);
    }
    let brand = house.channel.brand();
    Outcome::Done(Answer { external_ids: ids, ..Answer::own(format!("taken by {brand}")) })
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

async fn said_since(
    adapter: &dyn Adapter,
    house: &ConnectionRow,
    thread: &str,
    begun: Timestamp,
) -> Result<Vec<Spoken>, Fail> {
    let since = begun.checked_sub(SKEW).unwrap_or(Timestamp::MIN);
    let mut said = reading::since(adapter, house, thread, since).await?;
    said.retain(|one| one.message.source.side == Side::Provider);
    Ok(said)
}

async fn look_again(
    adapter: &dyn Adapter,
    house: &ConnectionRow,
    thread: &str,
    part: &Part,
    begun: Timestamp,
) -> Option<String> {
    for pause in RE_READS {
        tokio::time::sleep(pause).await;
        let Ok(said) = said_since(adapter, house, thread, begun).await else { continue };
        if let Some(found) = said.into_iter().find(|said| is_same(said, part)) {
            return Some(found.message.source.id);
        }
    }
    None
}
