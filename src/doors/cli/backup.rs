//! `relais backup`: everything in a folder, with progress on a terminal.

use std::{fs, io::Write, path::Path};

use super::{Failure, configuration, reindex};
use crate::{ground::config::Config, keep::backup};

pub(super) fn run(config: &Config, file: Option<&Path>, target: &Path) -> Result<(), Failure> {
    let gateway = super::open(config)?;
    let bar = reindex::bar()?;
    let source =
        backup::Source { store: &gateway.store, data: &config.data, maildirs: &config.maildirs };
    let copied = backup::take(source, target, |done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    })?;
    bar.finish_and_clear();
    if let Some(file) = file {
        fs::copy(file, target.join("relais.toml"))
            .map_err(|error| format!("{}: {error}", file.display()))?;
    }
    // Read in another folder, at another time.
    let target = std::path::absolute(target)?;
    let target = target.display();
    let mut out = std::io::stdout();
    writeln!(
        out,
        "{} mails, {} of them new and {} gone since the last time, the store, the journal, the secret and the keys that sign are in {target}.",
        copied.mails, copied.new, copied.removed
    )?;
    let configured = match file {
        Some(_) => format!("--config {target}/relais.toml "),
        None => String::new(),
    };
    writeln!(
        out,
        "To go on from it: relais {configured}--data {target}/data --maildirs {target}/maildirs serve"
    )?;
    if configuration::is_set_by_environment() {
        writeln!(out, "What is set by RELAIS_ variables is not in it: set them there too.")?;
    }
    Ok(())
}
