//! What an administrator does about translation: the embedded engine's models, an account's glossary and memory.

use std::{fs, io::Write, path::PathBuf};

use clap::Subcommand;

use super::{Failure, admin::find_account, audit};
use crate::{
    doors::engines,
    flow::translate::{models, tmx},
    ground::{
        config::Config,
        language::Language,
        translation::{GlossaryEntry, Unit},
    },
};

/// Translation: models, glossary, memory.
#[derive(Debug, Subcommand)]
pub(super) enum TranslateCommand {
    /// The models of the embedded engine (Firefox Translations).
    #[command(subcommand)]
    Models(ModelsCommand),
    /// How a house wants its terms said, both ways.
    #[command(subcommand)]
    Glossary(GlossaryCommand),
    /// What was translated for a house: segments, the facts in them hidden.
    #[command(subcommand)]
    Memory(MemoryCommand),
}

#[derive(Debug, Subcommand)]
pub(super) enum GlossaryCommand {
    /// List the terms.
    List {
        /// The account's public address.
        account: String,
    },
    /// Add a term, or change how it is said.
    Add {
        /// The account's public address.
        account: String,
        /// The term's language (two letters).
        from: Language,
        /// The term.
        term: String,
        /// The other language.
        to: Language,
        /// How it is said there.
        said: String,
    },
    /// Take a term out.
    Remove {
        /// The account's public address.
        account: String,
        /// The term's language.
        from: Language,
        /// The term.
        term: String,
        /// The other language.
        to: Language,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum MemoryCommand {
    /// Print it as TMX 1.4b, which every translation tool reads.
    Export {
        /// The account's public address.
        account: String,
        /// What persons wrote alone, without engines' answers.
        #[arg(long)]
        persons: bool,
    },
    /// Take in a TMX file; it counts as written by a person.
    Import {
        /// The account's public address.
        account: String,
        /// The file.
        file: PathBuf,
    },
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
    match command {
        TranslateCommand::Models(command) => models(config, command),
        TranslateCommand::Glossary(command) => glossary(config, command),
        TranslateCommand::Memory(command) => memory(config, command),
    }
}

fn glossary(config: &Config, command: GlossaryCommand) -> Result<(), Failure> {
    let gateway = super::open(config)?;
    let set = |account: &str, entry: GlossaryEntry| -> Result<(), Failure> {
        let account = find_account(&gateway, account)?.id;
        let term = entry.term.clone();
        gateway.set_term(account, entry)?;
        audit::note(&gateway, account, "glossary", &term)
    };
    match command {
        GlossaryCommand::List { account } => {
            let account = find_account(&gateway, &account)?.id;
            let mut out = std::io::stdout();
            for entry in gateway.store.read(|reading| reading.glossary(account))? {
                let GlossaryEntry { from, to, term, said } = entry;
                writeln!(out, "{from} {term} = {to} {said}")?;
            }
            Ok(())
        }
        GlossaryCommand::Add { account, from, term, to, said } => {
            let (term, said) = (term.trim().to_owned(), said.trim().to_owned());
            if term.is_empty() || said.is_empty() {
                return Err("a term and how it is said are both needed".into());
            }
            set(&account, GlossaryEntry { from, to, term, said })
        }
        GlossaryCommand::Remove { account, from, term, to } => {
            set(&account, GlossaryEntry { from, to, term, said: String::new() })
        }
    }
}

fn memory(config: &Config, command: MemoryCommand) -> Result<(), Failure> {
    let gateway = super::open(config)?;
    match command {
        MemoryCommand::Export { account, persons } => {
            let account = find_account(&gateway, &account)?.id;
            let mut units = gateway.store.read(|reading| reading.segments(account))?;
            units.retain(|unit| unit.edited || !persons);
            std::io::stdout().write_all(tmx::write(&units).as_bytes())?;
        }
        MemoryCommand::Import { account, file } => {
            let account = find_account(&gateway, &account)?.id;
            let named = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
            let text = fs::read_to_string(&file).map_err(|error| named(&error))?;
            let (units, skipped) = tmx::read(&text).map_err(|error| named(&error))?;
            let units: Vec<Unit> = gateway.hidden(account, units)?;
            let count = units.len();
            gateway.remember(account, units)?;
            audit::note(&gateway, account, "memory import", "")?;
            writeln!(std::io::stdout(), "{count} segments taken in, {skipped} skipped")?;
        }
    }
    Ok(())
}

fn models(config: &Config, command: ModelsCommand) -> Result<(), Failure> {
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
