//! Outgoing mail as files in a Maildir: what `make run` does until a smarthost is configured.

use std::path::Path;

use super::Outgoing;
use crate::{
    ground::outcome::{Answer, Outcome},
    keep::maildir::{Maildir, MaildirError},
};

/// The outgoing folder; mails that leave together share a flush.
#[derive(Debug)]
pub(super) struct Folder(Maildir);

impl Folder {
    pub(super) fn open(path: &Path, host: &str) -> Result<Self, MaildirError> {
        Ok(Folder(Maildir::open(path, host)?))
    }

    /// Durable before `Done`: the outbox forgets the bytes then.
    pub(super) async fn deliver(&self, mail: &Outgoing<'_>) -> Outcome {
        match self.keep(mail).await {
            Ok(()) => Outcome::Done(Answer::own("written to the outgoing folder")),
            Err(error) => Outcome::Later(Answer::own(format!("the outgoing folder: {error}"))),
        }
    }

    async fn keep(&self, mail: &Outgoing<'_>) -> Result<(), MaildirError> {
        let reverse_path = mail.reverse_path.map(ToString::to_string).unwrap_or_default();
        // The same name at every attempt: what was cut off behind the flush is written over, not written twice.
        let mut draft = self.0.draft_of(&mail.id.to_string(), mail.queued_at)?;
        let trace =
            format!("Return-Path: <{reverse_path}>\r\nDelivered-To: {}\r\n", mail.recipient);
        draft.write(trace.as_bytes())?;
        draft.write(mail.raw)?;
        self.0.keep(draft).durable().await
    }
}
