//! What an administrator does about translation: the embedded engine's models, and a try of one text.

use std::{io::Write, path::PathBuf};

use clap::Subcommand;

use super::Failure;
use crate::{
    doors::engines,
    flow::translate::models,
    ground::{config::Config, language::Language},
};

/// Translation: the models of the embedded engine.
#[derive(Debug, Subcommand)]
pub(super) enum TranslateCommand {
    /// The models of the embedded engine (Firefox Translations).
    #[command(subcommand)]
    Models(ModelsCommand),
}

#[derive(Debug, Subcommand)]
pub(super) enum ModelsCommand {
    /// List them with their size.
    List,
    /// Add a model, or every model of a folder, from this machine; a running server takes part in it at its next start.
    Add {
        /// A folder with model, vocabulary and short list, or a folder of such folders.
        folder: PathBuf,
    },
    /// Remove a model.
    Remove {
        /// The language it translates from (two letters).
        from: Language,
        /// The language it translates to.
        to: Language,
    },
}

pub(super) fn run(config: &Config, command: TranslateCommand) -> Result<(), Failure> {
    let TranslateCommand::Models(command) = command;
    let home = engines::models_folder(config);
    let mut out = std::io::stdout();
    match command {
        ModelsCommand::List => {
            let found = if home.exists() { models::list(&home)? } else { Vec::new() };
            for model in &found {
                writeln!(
                    out,
                    "{} → {}  {} MB",
                    model.from.name(),
                    model.to.name(),
                    megabytes(model)
                )?;
            }
            if found.is_empty() {
                writeln!(
                    out,
                    "no models in {}; add some with relais translate models add",
                    home.display()
                )?;
            }
        }
        ModelsCommand::Add { folder } => {
            for model in models::add(&home, &folder)? {
                writeln!(
                    out,
                    "{} → {} added, {} MB",
                    model.from.name(),
                    model.to.name(),
                    megabytes(&model)
                )?;
            }
        }
        ModelsCommand::Remove { from, to } => {
            models::remove(&home, from, to)?;
            writeln!(out, "{} → {} removed", from.name(), to.name())?;
        }
    }
    Ok(())
}

fn megabytes(model: &models::Model) -> u64 {
    let files = [&model.model, &model.source_vocabulary, &model.target_vocabulary];
    let shared = model.source_vocabulary == model.target_vocabulary;
    let files = files.into_iter().take(if shared { 2 } else { 3 }).chain(&model.shortlist);
    let bytes: u64 = files.filter_map(|file| file.metadata().ok()).map(|found| found.len()).sum();
    bytes.div_ceil(1_000_000)
}
