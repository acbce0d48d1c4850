//! The models of the embedded engine: what is there, what there is elsewhere, putting one in, taking one out.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};

use super::Failure;
use crate::{
    doors::{catalogue::Catalogue, engines},
    flow::translate::models,
    ground::{catalogue::choose, config::Config, language::Language},
};

#[derive(Debug, Subcommand)]
pub(in crate::doors::cli) enum ModelsCommand {
    /// List them with their size.
    List {
        /// Those of the catalogue (`translation.catalogue`, Mozilla's) instead of those that are here.
        #[arg(long)]
        available: bool,
    },
    /// Add a model; a running server without any takes part in it at its next start.
    Add {
        /// A folder with model, vocabulary and short list (as they are, .gz or .zst), one of these files, or a folder of
        /// such folders; or two languages, such as en fr: then the model is downloaded from the catalogue.
        #[arg(required = true, num_args = 1..=2, value_names = ["FOLDER, FILE or LANGUAGE", "LANGUAGE"])]
        what: Vec<String>,
        /// Of the catalogue's models of one pair this kind: tiny (the quickest), base-memory or base (better, slower).
        #[arg(long)]
        kind: Option<String>,
    },
    /// Remove a model.
    Remove {
        /// The language it translates from (two letters).
        from: Language,
        /// The language it translates to.
        to: Language,
    },
}

pub(super) fn run(config: &Config, command: ModelsCommand) -> Result<(), Failure> {
    let home = engines::models_folder(config);
    match command {
        ModelsCommand::List { available: false } => list(&home),
        ModelsCommand::List { available: true } => available(config),
        ModelsCommand::Add { what, kind } => match what.as_slice() {
            [from, to] => download(config, &home, (parsed(from)?, parsed(to)?), kind.as_deref()),
            [folder, ..] => add(&home, Path::new(folder)),
            [] => Ok(()),
        },
        ModelsCommand::Remove { from, to } => {
            models::remove(&home, from, to)?;
            Ok(writeln!(std::io::stdout(), "{} → {} removed", from.name(), to.name())?)
        }
    }
}

fn parsed(code: &str) -> Result<Language, Failure> {
    Ok(Language::parse(code).map_err(|error| format!("{code:?}: {error}"))?)
}

fn list(home: &Path) -> Result<(), Failure> {
    let mut out = std::io::stdout();
    let found = if home.exists() { models::list(home)? } else { Vec::new() };
    for model in &found {
        let (from, to) = (model.from.name(), model.to.name());
        writeln!(out, "{from} → {to}  {} MB", megabytes(model))?;
    }
    if found.is_empty() {
        let home = home.display();
        writeln!(out, "no models in {home}; add some with relais translate models add")?;
    }
    Ok(())
}

fn add(home: &Path, folder: &Path) -> Result<(), Failure> {
    for model in models::add(home, folder)? {
        added(&model)?;
    }
    Ok(())
}

fn added(model: &models::Model) -> Result<(), Failure> {
    let (from, to) = (model.from.name(), model.to.name());
    Ok(writeln!(std::io::stdout(), "{from} → {to} added, {} MB", megabytes(model))?)
}

/// The catalogue and a place to wait for it.
fn catalogue(config: &Config) -> Result<(tokio::runtime::Runtime, Catalogue), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok((runtime, Catalogue::new(&config.translation.catalogue)?))
}

fn available(config: &Config) -> Result<(), Failure> {
    let (runtime, catalogue) = catalogue(config)?;
    let mut out = std::io::stdout();
    for offer in runtime.block_on(catalogue.offers())? {
        let megabytes = offer.size_bytes().div_ceil(1_000_000);
        let (from, to, kind, version) = (offer.from, offer.to, offer.kind, offer.version);
        writeln!(
            out,
            "{from} {to}  {} → {}  {kind} {version}, {megabytes} MB",
            from.name(),
            to.name()
        )?;
    }
    Ok(())
}

fn download(
    config: &Config,
    home: &Path,
    (from, to): (Language, Language),
    kind: Option<&str>,
) -> Result<(), Failure> {
    let (runtime, catalogue) = catalogue(config)?;
    let offers = runtime.block_on(catalogue.offers())?;
    let Some(offer) = choose(&offers, (from, to), kind) else {
        let by_english = (from != Language::EN && to != Language::EN)
            .then(|| format!("; both models by way of English do as well: {from} en and en {to}"));
        let by_english = by_english.unwrap_or_default();
        return Err(
            format!("the catalogue has no such model from {from} to {to}{by_english}").into()
        );
    };
    let bar = ProgressBar::new(offer.size_bytes());
    bar.set_style(ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes}, {eta} left")?);
    let model = runtime.block_on(catalogue.add(home, offer, &|bytes| bar.set_position(bytes)));
    bar.finish_and_clear();
    added(&model?)
}

fn megabytes(model: &models::Model) -> u64 {
    let files: [&PathBuf; 3] = [&model.model, &model.source_vocabulary, &model.target_vocabulary];
    let shared = model.source_vocabulary == model.target_vocabulary;
    let files = files.into_iter().take(if shared { 2 } else { 3 }).chain(&model.shortlist);
    let bytes: u64 = files.filter_map(|file| file.metadata().ok()).map(|found| found.len()).sum();
    bytes.div_ceil(1_000_000)
}
