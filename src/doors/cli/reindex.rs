//! `relais reindex`: the index again from the Maildir, with progress on a terminal.

use std::io::Write;

use indicatif::{ProgressBar, ProgressStyle};

use super::{Failure, place, serve};
use crate::{flow::clock, ground::config::Config};

pub(super) fn run(config: &Config) -> Result<(), Failure> {
    place::must_be_there(config)?;
    let (gateway, _queue) = serve::open(config)?;
    let ownership = gateway.own(&config.data, &config.maildirs, clock::now())?;
    gateway.restore_settings()?;
    let bar = bar()?;
    let rebuilt = gateway.rebuild(|progress| {
        bar.set_length(progress.total as u64);
        bar.set_position(progress.done as u64);
    })?;
    bar.finish_and_clear();
    ownership.release()?;
    let mut out = std::io::stdout();
    writeln!(out, "{} messages indexed", rebuilt.files)?;
    let lines = gateway.journal.unreadable()?;
    if !lines.is_empty() {
        writeln!(out, "{}", serve::unreadable(&gateway, &lines))?;
    }
    if rebuilt.unreadable_files + rebuilt.unreadable_lines > 0 {
        writeln!(
            out,
            "{} files and {} journal lines could not be taken in; such files are set aside: relais queue list",
            rebuilt.unreadable_files, rebuilt.unreadable_lines
        )?;
    }
    Ok(())
}

/// A bar for many messages; silent where there is no terminal.
pub(super) fn bar() -> Result<ProgressBar, Failure> {
    let bar = ProgressBar::new(0);
    let style =
        ProgressStyle::with_template("{bar:40} {pos}/{len} messages, {per_sec}, {eta} left")?;
    bar.set_style(style);
    Ok(bar)
}
