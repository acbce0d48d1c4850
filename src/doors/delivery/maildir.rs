//! Outgoing mail as files in a Maildir: what `make run` does until a smarthost is configured.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

use super::Outgoing;
use crate::{
    flow::clock,
    ground::outcome::{Answer, Outcome},
};

/// Durable before `Done`: the outbox forgets the bytes then.
pub(super) async fn deliver(folder: &Path, mail: &Outgoing<'_>) -> Outcome {
    let reverse_path = mail.reverse_path.map(ToString::to_string).unwrap_or_default();
    let trace = format!("Return-Path: <{reverse_path}>\r\nDelivered-To: {}\r\n", mail.recipient);
    let bytes = [trace.as_bytes(), mail.raw].concat();
    // The Message-ID is of our own making; the time in front makes a folder listing chronological.
    let name =
        format!("{}.{}", clock::now().as_microsecond(), mail.message_id.as_str().replace('/', "_"));
    let folder = folder.to_owned();
    let written = tokio::task::spawn_blocking(move || write(&folder, &name, &bytes)).await;
    match written {
        Ok(Ok(())) => Outcome::Done(Answer::own("written to the outgoing folder")),
        Ok(Err(error)) => Outcome::Later(Answer::own(format!("the outgoing folder: {error}"))),
        Err(error) => Outcome::Later(Answer::own(error.to_string())),
    }
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    for sub in ["tmp", "new", "cur"] {
        fs::create_dir_all(folder.join(sub))?;
    }
    let draft = folder.join("tmp").join(name);
    let mut file = File::create(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&draft, folder.join("new").join(name))?;
    File::open(folder.join("new"))?.sync_all()
}
