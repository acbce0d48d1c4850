//! What an administrator does about translation: the embedded engine's models, an account's glossary and memory.

use std::{fs, io::Write, path::PathBuf};

use clap::Subcommand;

use super::{
    Failure,
    admin::find_account,
    audit,
    models::{self, ModelsCommand},
};
use crate::{
    flow::translate::tmx,
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
    /// Characters each engine was given for a house, by month: what engines bill.
    Usage {
        /// The account's public address.
        account: String,
    },
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

pub(super) fn run(config: &Config, command: TranslateCommand) -> Result<(), Failure> {
    match command {
        TranslateCommand::Models(command) => models::run(config, command),
        TranslateCommand::Glossary(command) => glossary(config, command),
        TranslateCommand::Memory(command) => memory(config, command),
        TranslateCommand::Usage { account } => usage(config, &account),
    }
}

fn usage(config: &Config, account: &str) -> Result<(), Failure> {
    let gateway = super::open(config)?;
    let account = find_account(&gateway, account)?.id;
    let mut out = std::io::stdout();
    let all = gateway.store.read(|reading| reading.characters(account))?;
    if all.is_empty() {
        writeln!(out, "no engine was asked yet")?;
    }
    for (month, engine, characters) in all {
        writeln!(out, "{month}  {engine:<16}  {characters:>10} characters")?;
    }
    Ok(())
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
            if let Some(none) = [from, to].into_iter().find(|language| !language.exists()) {
                let wrong =
                    format!("{none} is no language; write the two letters of one, such as pt");
                return Err(wrong.into());
            }
            if from == to {
                return Err(format!("{from} twice; write two languages").into());
            }
            set(&account, GlossaryEntry { from, to, term, said })
        }
        GlossaryCommand::Remove { account, from, term, to } => {
            let house = find_account(&gateway, &account)?.id;
            let known = gateway.store.read(|reading| reading.glossary(house))?;
            if !known.iter().any(|e| (e.from, e.to, e.term.as_str()) == (from, to, term.trim())) {
                return Err(format!(
                    "there is no {from} {term} = {to} …; see relais translate glossary list {account}"
                )
                .into());
            }
            let term = term.trim().to_owned();
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
