//! Whether a mail comes from where it says: asked before it is threaded where somebody claims to be a member or a
//! platform (in `lanes`), and afterwards, at leisure, for everybody else.

use std::sync::Arc;

use tokio::{sync::mpsc, task::JoinSet};

use super::Item;
use crate::{
    flow::{
        clock,
        gateway::{Change, Gateway, Identity, Trouble},
    },
    ground::{
        authentication::Verdict,
        conversation::Participant,
        letter::Letter,
        routing::{Recipient, answered_ids, header_tokens},
        told,
        trace::{Door, Smtp, Trace},
        trusted_results::told_spf,
    },
    keep::{
        journal::{Entry, Event},
        maildir::SpoolName,
    },
};

/// So many of those nobody waits for.
const LOOKED_AT_ONCE: usize = 8;
/// So many wait to be looked at; in a flood the others are not.
pub(super) const LOOKS_WAITING: usize = 1024;

/// Whether a mail comes from where it says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::flow::gateway) struct Heard {
    /// The author's address may be believed.
    pub(in crate::flow::gateway) authentic: bool,
    /// Why (not), for people.
    pub(in crate::flow::gateway) evidence: String,
    /// DMARC passed: what a strict member wants.
    pub(in crate::flow::gateway) dmarc: bool,
    /// The domains that vouch for the mail, aligned or not.
    pub(in crate::flow::gateway) proven: Vec<String>,
    /// The results as RFC 8601 writes them; empty when nothing was asked.
    pub(in crate::flow::gateway) results: String,
    /// DNS may answer another time.
    pub(in crate::flow::gateway) temporary: bool,
}

/// Checks those who claim nothing, after their mail was threaded: what is found out is shown, and decides nothing.
pub(super) async fn look_again(gateway: Arc<Gateway>, mut names: mpsc::Receiver<SpoolName>) {
    let mut looking = JoinSet::new();
    loop {
        tokio::select! {
            Some(name) = names.recv(), if looking.len() < LOOKED_AT_ONCE => {
                let gateway = Arc::clone(&gateway);
                looking.spawn_blocking(move || {
                    if let Err(error) = gateway.look(&name) {
                        tracing::warn!(%error, "what was found out about a sender could not be kept");
                    }
                });
            }
            Some(_) = looking.join_next() => {}
            else => return,
        }
    }
}

/// Where a mail claims to come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Claimed {
    /// A member: few know their reply addresses.
    Member,
    /// A platform, or a member who wrote to the house: anybody can do that.
    AtTheHouse,
}

impl Gateway {
    /// Journals what was heard, before anything follows from it: a rebuild must not ask DNS about old mail.
    pub(super) fn note_heard(&self, items: &[Item]) -> Result<(), Trouble> {
        let at = clock::now();
        let heard = items.iter().filter(|item| item.heard != Heard::default());
        let entries: Vec<Entry> =
            heard.map(|item| Entry { at, event: line(&item.name, &item.heard) }).collect();
        if entries.is_empty() { Ok(()) } else { Ok(self.journal.append(&entries)?) }
    }

    /// What a mail from outside claims and DNS is to be asked about. What needs no DNS is heard at once.
    pub(super) fn claim(&self, item: &mut Item) -> Option<Claimed> {
        let Door::Smtp(smtp) = &item.trace.door else { return None };
        let claimed = self.claimed(item)?;
        if self.believes_all_of(smtp) {
            item.heard = believed(smtp);
            return None;
        }
        Some(claimed)
    }

    /// Mail to a member's reply address, whatever hop put it where; a member's forward of a visitor's mail to the house,
    /// or an OTA's mail to it.
    fn claimed(&self, item: &Item) -> Option<Claimed> {
        let recipients: Vec<Recipient> = item
            .trace
            .forward_paths
            .iter()
            .filter_map(|path| self.directory.recipient(path))
            .collect();
        let is_members = |recipient: &Recipient| {
            matches!(recipient, Recipient::Reply { participant: Participant::Member(_), .. })
        };
        if recipients.iter().any(is_members) {
            return Some(Claimed::Member);
        }
        let claims = recipients.iter().any(|recipient| match recipient {
            Recipient::Account(_) if item.reading.ota.is_some() => true,
            Recipient::Account(_) if self.names_member(&item.letter) => true,
            Recipient::Account(account) if item.reading.forwarded.is_some() => {
                let members = self.store.read(|reading| reading.members(*account));
                item.letter.author().is_some_and(|author| {
                    members.is_ok_and(|m| m.iter().any(|m| m.address.same_mailbox(&author.address)))
                })
            }
            _ => false,
        });
        claims.then_some(Claimed::AtTheHouse)
    }

    /// Will it be routed to a member by what stands in its header fields?
    fn names_member(&self, letter: &Letter) -> bool {
        let is_member = |of: Option<Participant>| matches!(of, Some(Participant::Member(_)));
        let tokens = header_tokens(letter, &self.identity.reply_domain);
        let answered = answered_ids(letter);
        let mut issued = answered.iter().filter_map(|id| self.secret.issued(id));
        tokens.iter().any(|(token, _)| is_member(self.directory.participant(token)))
            || issued.any(|(_, participant)| is_member(Some(participant)))
    }

    /// May this mail wait in the spool for DNS to answer? The member waits for it too.
    pub(super) fn may_wait(&self, item: &Item) -> bool {
        clock::now().duration_since(item.trace.received_at) < self.identity.dns_wait
    }

    /// A sender nobody vouches for but DNS.
    pub(super) fn hear(&self, item: &Item) -> Heard {
        let Door::Smtp(smtp) = &item.trace.door else { return unchecked(false) };
        let Ok(raw) = self.maildir.read(&item.name) else { return unchecked(true) };
        self.ask(smtp, &item.trace, &item.letter, &raw)
    }

    fn ask(&self, smtp: &Smtp, trace: &Trace, letter: &Letter, raw: &[u8]) -> Heard {
        let [author] = letter.from.as_slice() else {
            let evidence = told::MANY_AUTHORS.kept("");
            return Heard { evidence, ..Heard::default() };
        };
        let Some(authenticator) = self.authenticator.0.get() else { return unchecked(false) };
        let message = Trace::read(raw).and_then(|(_, offset)| raw.get(offset..));
        let reverse_path = trace.reverse_path.as_ref();
        let checked = message.and_then(|message| {
            let in_front = self.identity.trusted_peers.contains(&smtp.peer);
            let name = &self.identity.trusted_results;
            let told = in_front.then(|| told_spf(message, name, reverse_path));
            authenticator.authenticate(smtp.peer, &smtp.helo, reverse_path, told.as_ref(), message)
        });
        let Some(results) = checked else { return unchecked(true) };
        let pass = results.aligned_pass(&author.address);
        Heard {
            authentic: pass.is_some(),
            dmarc: results.dmarc.verdict == Verdict::Pass,
            // Where the author's own domain disowns the mail, nobody else may vouch for it.
            proven: if results.dmarc.verdict == Verdict::Fail {
                Vec::new()
            } else {
                results.proven()
            },
            temporary: pass.is_none() && results.is_temporary(),
            results: results.field(),
            evidence: pass.unwrap_or_else(|| results.summary()),
        }
    }

    /// Is this a mail from outside that was threaded without asking anybody?
    pub(super) fn is_unheard(&self, item: &Item) -> bool {
        item.heard == Heard::default()
            && self.authenticator.0.get().is_some()
            && matches!(&item.trace.door, Door::Smtp(smtp) if !self.believes_all_of(smtp))
    }

    /// A trusted peer that need not say what it found out.
    fn believes_all_of(&self, smtp: &Smtp) -> bool {
        let Identity { trusted_peers, trusted_results, .. } = &self.identity;
        trusted_results.is_empty() && trusted_peers.contains(&smtp.peer)
    }

    fn look(&self, name: &SpoolName) -> Result<(), Trouble> {
        let raw = self.maildir.read(name)?;
        let Some((trace, offset)) = Trace::read(&raw) else { return Ok(()) };
        let Door::Smtp(smtp) = &trace.door else { return Ok(()) };
        let heard = self.ask(smtp, &trace, &Letter::read(&raw[offset..]), &raw);
        if heard.temporary || heard.results.is_empty() {
            return Ok(());
        }
        self.fill_in(name, &heard);
        self.journal.note(&[Entry { at: clock::now(), event: line(name, &heard) }])?;
        let (spool_name, sender) = (name.as_str().to_owned(), sender(&heard));
        let shown = self.store.write_blocking::<_, Trouble, _>(move |writing| {
            Ok(writing.set_sender(&spool_name, &sender)?)
        })?;
        for (account, conversation) in shown {
            self.changes.tell(Change { account, conversation });
        }
        Ok(())
    }

    /// Writes the results into the file's own field. The journal has them: trouble here is no reason to stop.
    pub(super) fn fill_in(&self, name: &SpoolName, heard: &Heard) {
        if heard.results.is_empty() {
            return;
        }
        let filled = self.maildir.read(name).map(|raw| {
            Trace::results_at(&raw, &self.identity.hostname, &heard.results)
                .map(|(at, field)| self.maildir.amend(name, at, field.as_bytes()))
        });
        if let Err(error) | Ok(Some(Err(error))) = filled {
            tracing::warn!(%error, "the results could not be written into the file");
        }
    }
}

/// A peer of ours has authenticated it.
fn believed(smtp: &Smtp) -> Heard {
    let evidence = format!("trusted peer {}", smtp.peer);
    Heard { authentic: true, dmarc: true, evidence, ..Heard::default() }
}

pub(super) fn unchecked(temporary: bool) -> Heard {
    let evidence = told::UNCHECKED.kept("");
    Heard { evidence, temporary, ..Heard::default() }
}

/// The journal's line.
fn line(name: &SpoolName, heard: &Heard) -> Event {
    Event::Heard {
        spool_name: name.as_str().to_owned(),
        authentic: heard.authentic,
        evidence: heard.evidence.clone(),
        dmarc: heard.dmarc,
        proven: heard.proven.clone(),
    }
}

/// What is shown of it beside the message.
pub(super) fn sender(heard: &Heard) -> serde_json::Value {
    serde_json::json!({ "authentic": heard.authentic, "evidence": heard.evidence })
}
