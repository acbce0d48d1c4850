//! `relais import` and `relais threads`: an existing mailbox comes in, its conversations come out.

use std::{
    io::{BufWriter, Write},
    path::Path,
};

use super::{Failure, admin, audit, letters, reindex};
use crate::{flow::clock, ground::config::Config};

pub(super) fn run(config: &Config, path: &Path, account: &str) -> Result<(), Failure> {
    let gateway = super::open(config)?;
    let ownership = gateway.own(&config.data, &config.maildirs, clock::now())?;
    let account = admin::find_account(&gateway, account)?;
    let letters = letters::at(path, true)?;
    let bar = reindex::bar()?;
    let read = |nth: usize| {
        let place = &letters[nth];
        let named = |error: std::io::Error| {
            std::io::Error::new(error.kind(), format!("{}: {error}", place.source()))
        };
        place.read().map_err(named)
    };
    let imported = gateway.import(account.id, letters.len(), read, |progress| {
        bar.set_length(progress.total as u64);
        bar.set_position(progress.done as u64);
    })?;
    bar.finish_and_clear();
    audit::note(&gateway, account.id, "import", "")?;
    ownership.release()?;
    let (added, strange) = (imported.added, imported.no_letters.len());
    let known = letters.len() - added - strange;
    writeln!(std::io::stdout(), "{added} messages imported, {known} were there already")?;
    match imported.no_letters.first() {
        Some(first) if added + known == 0 => Err(format!(
            "{}: no mail; name a file of one letter, an mbox, a Maildir or a folder of these",
            letters[*first].source()
        )
        .into()),
        Some(first) => {
            let first = letters[*first].source();
            Ok(writeln!(
                std::io::stdout(),
                "{strange} files are no mail and were left out, such as {first}"
            )?)
        }
        None => Ok(()),
    }
}

pub(super) fn threads(config: &Config, account: &str) -> Result<(), Failure> {
    let gateway = super::open(config)?;
    let account = admin::find_account(&gateway, account)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    for thread in gateway.store.read(|reading| reading.threads(account.id))? {
        serde_json::to_writer(&mut out, &thread)?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(())
}
