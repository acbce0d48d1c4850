//! Accepting: from the first byte to durable in the spool. Touches only the Maildir and the directory; never waits
//! for SQLite, language detection or translation.

use tokio::sync::oneshot;

use super::{Gateway, InHand, Spooled, Trouble};
use crate::{
    flow::clock,
    ground::{
        address::Address, foreign_results::ForeignResults, loops::Hops, routing::Recipient,
        trace::Trace,
    },
    keep::maildir::{Draft, SpoolName},
};

/// Why an address is refused for good (5xx). One text for every unknown address: nobody learns whether a token
/// exists or ever existed (DESIGN promise 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such address here")]
pub struct Refusal;

/// A message being received.
#[derive(Debug)]
pub struct Incoming {
    draft: Draft,
    hops: Hops,
    results: ForeignResults,
}

impl Incoming {
    /// Appends bytes as they come.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        self.hops.read(bytes);
        let (decided, rest) = self.results.pass(bytes);
        if !decided.is_empty() {
            self.draft.write(&decided)?;
        }
        if !rest.is_empty() {
            self.draft.write(rest)?;
        }
        Ok(())
    }

    /// Has it passed more servers than any honest path has (RFC 5321, 6.3)? Such a message is refused, not kept.
    pub fn goes_round(&self) -> bool {
        self.hops.too_many()
    }
}

impl Gateway {
    /// May mail for this address come in?
    pub fn recipient(&self, address: &Address) -> Result<Recipient, Refusal> {
        self.directory.recipient(address).ok_or(Refusal)
    }

    /// Begins a message with its trace.
    pub fn accept(&self, trace: &Trace) -> Result<Incoming, Trouble> {
        let mut draft = self.maildir.draft(trace.received_at)?;
        let header = trace.render(&self.identity.hostname, draft.name().as_str());
        draft.write(header.as_bytes())?;
        let results = ForeignResults::new(&self.identity.hostname);
        Ok(Incoming { draft, hops: Hops::default(), results })
    }

    /// Makes it durable and hands it to intake. When this returns `Ok`, 250 may be said.
    pub async fn keep(&self, incoming: Incoming) -> Result<SpoolName, Trouble> {
        let (name, file) = self.durable(incoming).await?;
        if let Some(file) = file {
            // Where intake has more than enough to do, or stops, housekeeping or the next start hands the file in: no
            // client waits for that.
            let _ = self.spooled.try_send(Spooled { file, threaded: None });
        }
        Ok(name)
    }

    /// [`Gateway::keep`], and a receiver that resolves once intake has threaded the message.
    pub async fn keep_watched(
        &self,
        incoming: Incoming,
    ) -> Result<(SpoolName, oneshot::Receiver<()>), Trouble> {
        let (name, file) = self.durable(incoming).await?;
        let (sender, threaded) = oneshot::channel();
        if let Some(file) = file {
            let spooled = Spooled { file, threaded: Some(sender) };
            // A closed queue means Relais is stopping: the file is durable and is threaded at the next start.
            let _ = self.spooled.send(spooled).await;
        }
        Ok((name, threaded))
    }

    /// In hand before it can be seen in the spool, or housekeeping would hand it in as well.
    async fn durable(
        &self,
        mut incoming: Incoming,
    ) -> Result<(SpoolName, Option<InHand>), Trouble> {
        let held_back = incoming.results.end();
        incoming.draft.write(&held_back)?;
        let name = incoming.draft.name().clone();
        let file = self.in_hand.take(&name);
        self.maildir.keep(incoming.draft).durable().await?;
        Ok((name, file))
    }

    /// Keeps a message a door rendered itself (form, API).
    pub async fn keep_rendered(
        &self,
        trace: &Trace,
        message: &[u8],
    ) -> Result<(SpoolName, oneshot::Receiver<()>), Trouble> {
        let mut incoming = self.accept(trace)?;
        incoming.write(message)?;
        self.keep_watched(incoming).await
    }

    /// Hands everything that lies in the spool and is not in hand to intake: after a start, or when files were put
    /// back.
    pub async fn respool(&self) -> Result<usize, Trouble> {
        let mut found = 0;
        for file in self.maildir.spooled()?.iter().filter_map(|name| self.in_hand.take(name)) {
            let spooled = Spooled { file, threaded: None };
            self.spooled.send(spooled).await.map_err(|_| Trouble::Stopping)?;
            found += 1;
        }
        Ok(found)
    }

    /// A trace for now.
    pub fn trace(
        &self,
        reverse_path: Option<Address>,
        forward_paths: Vec<Address>,
        door: crate::ground::trace::Door,
    ) -> Trace {
        Trace { received_at: clock::now(), reverse_path, forward_paths, door }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{
        flow::gateway::Identity,
        ground::{key::AccountId, trace::Door},
    };

    #[tokio::test]
    async fn nobody_waits_for_an_intake_that_has_no_room() {
        let folder = tempfile::tempdir().unwrap();
        let identity = Identity::new("relais.localhost");
        let (data, maildirs) = (folder.path().join("data"), folder.path().join("maildirs"));
        let (gateway, _queue) = Gateway::open(identity, &data, &maildirs, [7; 32]).unwrap();
        let waiting = (0..).map(|n| SpoolName::from_file_name(&format!("{n}")).unwrap());
        let mut handed = waiting.map(|name| gateway.in_hand.take(&name).unwrap());
        while gateway
            .spooled
            .try_send(Spooled { file: handed.next().unwrap(), threaded: None })
            .is_ok()
        {}
        let trace = gateway.trace(
            None,
            Vec::new(),
            Door::Form { account: AccountId(1), language: None, page: None, trapped: false },
        );
        let kept = gateway.keep(gateway.accept(&trace).unwrap());
        let kept = tokio::time::timeout(Duration::from_secs(20), kept).await;
        let kept = kept.expect("it waits for intake").unwrap();
        assert_eq!(gateway.maildir.spooled().unwrap(), [kept], "for housekeeping to find");
    }
}
