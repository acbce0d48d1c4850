//! The command line: what was said is parsed here, each command is one function in a file of this room.

mod admin;
mod audit;
mod backup;
mod check_auth;
mod configuration;
mod connection;
mod dkim;
mod doctor;
mod explain;
mod form;
mod import;
mod letters;
mod models;
mod place;
mod reindex;
mod relay;
mod secret;
mod serve;
mod token;
mod translate;

use std::{io::Write, path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use rustix::{fs::Mode, process::umask};

use crate::ground::{
    access::{Role, Scope},
    config::Config,
};

/// Where the options of every command stand in its help: below its own.
const GLOBAL: &str = "Which Relais";

/// An e-mail gateway for people who host travellers.
#[derive(Debug, Parser)]
#[command(name = "relais", version, max_term_width = 100, infer_subcommands = false)]
struct Cli {
    /// The configuration file; every key and its default is in config/relais.toml
    /// [default: /etc/relais/relais.toml if there is one].
    #[arg(long, global = true, env = "RELAIS_CONFIG", value_name = "FILE", help_heading = GLOBAL)]
    config: Option<PathBuf>,
    /// Folder of the store (SQLite) [default: data].
    #[arg(long, global = true, env = "RELAIS_DATA", value_name = "FOLDER", help_heading = GLOBAL)]
    data: Option<PathBuf>,
    /// Folder of the mail, its journal and the secret [default: maildirs].
    #[arg(long, global = true, env = "RELAIS_MAILDIRS", value_name = "FOLDER", help_heading = GLOBAL)]
    maildirs: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the gateway.
    Serve(ServeArgs),
    /// Check the configuration and print what is in force.
    CheckConfig,
    /// Accounts: the houses.
    #[command(subcommand)]
    Account(AccountCommand),
    /// The contact form of a house: which sites may send it, and the snippet for them.
    #[command(subcommand)]
    Form(form::FormCommand),
    /// Connections: a house's credentials on a booking platform.
    #[command(subcommand)]
    Connection(connection::ConnectionCommand),
    /// Members: who answers for a house.
    #[command(subcommand)]
    Member(MemberCommand),
    /// API tokens.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Print who did what in a house, when and from where.
    Audit {
        /// The account's public address.
        account: String,
        /// Only so many, the newest.
        #[arg(long, default_value_t = 1000)]
        last: usize,
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Outgoing mail, and mail that could not be read.
    #[command(subcommand)]
    Queue(QueueCommand),
    /// Addresses nothing is sent to, because their server said that nobody is there.
    #[command(subcommand)]
    Suppressed(SuppressedCommand),
    /// Translation: models of the embedded engine, glossary and memory of a house.
    #[command(subcommand)]
    Translate(translate::TranslateCommand),
    /// Seal a password or key, so that the configuration does not show it.
    #[command(subcommand)]
    Secret(secret::SecretCommand),
    /// DKIM keys: make them, print their DNS records.
    #[command(subcommand)]
    Dkim(dkim::DkimCommand),
    /// Look whether this installation is in order: folders, DNS, delivery, signatures, certificate.
    Doctor(doctor::Doctor),
    /// Print as JSON what SPF, DKIM, ARC and DMARC say of a mail, and whether its author could speak by it.
    CheckAuth(check_auth::CheckAuth),
    /// Print as JSON how a message is read.
    Explain {
        /// Files to read; `-` is standard input.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
        /// One object a line; folders are read with all in them, Maildirs too, files that begin with "From " as mbox.
        #[arg(long)]
        jsonl: bool,
    },
    /// Import an existing mailbox (file, mbox, Maildir or a folder of these) into an account: threaded, nobody is told. Stop the server first.
    Import {
        /// What to import.
        path: PathBuf,
        /// The account's public address.
        #[arg(long)]
        account: String,
        /// By the letters' own ids, everybody in it takes part.
        #[arg(long, required = true)]
        archive: bool,
    },
    /// Print the Message-IDs of each conversation of an account.
    Threads {
        /// The account's public address.
        #[arg(long)]
        account: String,
        /// One JSON list a line.
        #[arg(long, required = true)]
        jsonl: bool,
    },
    /// Copy everything into a folder, also while the server runs; what is there from the last time is not copied again.
    Backup {
        /// The folder, best on another disk.
        folder: PathBuf,
    },
    /// Make the index again from the Maildir and its journal. Stop the server first.
    Reindex,
}

#[derive(Debug, Args)]
struct ServeArgs {
    /// SMTP address and port [default: 127.0.0.1:2525].
    #[arg(long, env = "RELAIS_SMTP_LISTEN", value_name = "IP:PORT")]
    smtp: Option<std::net::SocketAddr>,
    /// HTTP address and port [default: 127.0.0.1:8025].
    #[arg(long, env = "RELAIS_HTTP_LISTEN", value_name = "IP:PORT")]
    http: Option<std::net::SocketAddr>,
    /// Make the demo house if there is no account, and trust senders on this machine.
    #[arg(long)]
    demo: bool,
}

#[derive(Debug, Subcommand)]
enum AccountCommand {
    /// Add a house.
    Add {
        /// The name visitors read.
        name: String,
        /// Its public address, which starts conversations.
        #[arg(long)]
        address: String,
        /// Its language (two letters).
        #[arg(long, default_value = "en")]
        language: String,
        /// The name of its contact form, /f/NAME; made from the address if missing.
        #[arg(long)]
        form: Option<String>,
    },
    /// Change what a house is and pays for. OTAs are for accommodation, messaging for the plan connect.
    Set {
        /// Its public address.
        account: String,
        /// The name visitors read.
        #[arg(long)]
        name: Option<String>,
        /// The language of the house, two letters.
        #[arg(long)]
        language: Option<String>,
        /// Where the house is, such as Europe/Lisbon: the inbox shows its times.
        #[arg(long)]
        time_zone: Option<String>,
        /// What stands below every reply to a visitor; \n begins a new line.
        #[arg(long)]
        signature: Option<String>,
        /// An address on the house's own domain to write to visitors from, once relais doctor has found that the domain
        /// vouches for it; empty: none.
        #[arg(long, value_name = "ADDRESS")]
        from: Option<String>,
        /// What it offers.
        #[arg(long = "type", value_enum)]
        account_type: Option<AccountTypeArg>,
        /// What it pays for.
        #[arg(long, value_enum)]
        plan: Option<PlanArg>,
        /// The address Booking.com and Airbnb know as the house's; replies through their relays come from it.
        #[arg(long)]
        relay_address: Option<String>,
        /// The engines that translate for it, the first that can; of those the gateway has (translation.engines).
        /// Empty: all of them.
        #[arg(long, value_name = "ENGINE,…")]
        engines: Option<String>,
    },
    /// List the houses with their members.
    List,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum AccountTypeArg {
    /// Rooms, flats, pitches.
    Accommodation,
    /// Tours, tickets, lessons.
    Activity,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum PlanArg {
    /// Requests reach the members as ordinary mail.
    Basic,
    /// Messaging.
    Connect,
}

#[derive(Debug, Subcommand)]
enum MemberCommand {
    /// Add a member, as an owner; of one who is there already change what is named, and nothing else.
    Add {
        /// The account's public address.
        account: String,
        /// The member's own mailbox.
        address: String,
        /// The name the other members read.
        #[arg(long)]
        name: Option<String>,
        /// What they may do: everything, answer, or only look.
        #[arg(long, value_name = "owner|member|read-only")]
        role: Option<Role>,
        /// Languages they read besides the house's, such as en,es: messages in them are not translated for them; empty:
        /// none.
        #[arg(long, value_name = "LANGUAGE,…")]
        reads: Option<String>,
        /// Their replies leave as written unless they ask for a translation.
        #[arg(long, value_enum, num_args = 0..=1, require_equals = true, default_missing_value = "on")]
        as_written: Option<form::Switch>,
        /// Only a DMARC pass of their domain proves their mail.
        #[arg(long, value_enum, num_args = 0..=1, require_equals = true, default_missing_value = "on")]
        strict: Option<form::Switch>,
        /// They look into the inbox, and are not mailed about what is new there.
        #[arg(long, value_enum, num_args = 0..=1, require_equals = true, default_missing_value = "on")]
        quiet: Option<form::Switch>,
    },
    /// Remove a member: no mail to them, no words from them; what they wrote stays.
    Remove {
        /// The account's public address.
        account: String,
        /// The member's own mailbox.
        address: String,
    },
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// Make an API token and print it once.
    Add {
        /// The account's public address.
        account: String,
        /// What it is for, by which it is revoked [default: api, or api-2 and so on].
        #[arg(long)]
        name: Option<String>,
        /// What may be done with it: look, answer too, or delete and regroup too.
        #[arg(long, default_value = "admin", value_name = "read|reply|admin")]
        scope: Scope,
        /// The day it ends (UTC), such as 2027-12-31.
        #[arg(long, value_name = "DAY", value_parser = token::day)]
        expires: Option<jiff::civil::Date>,
    },
    /// List the tokens of a house.
    List {
        /// The account's public address.
        account: String,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// End tokens: they open nothing any more.
    Revoke {
        /// The account's public address.
        account: String,
        /// Their name.
        name: String,
    },
}

#[derive(Debug, Subcommand)]
enum SuppressedCommand {
    /// The addresses, why and until when.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Send to an address again.
    Remove {
        /// Which.
        address: String,
    },
}

#[derive(Debug, Subcommand)]
enum QueueCommand {
    /// Mails not yet at a good end, and messages set aside.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Try again now.
    Retry {
        /// Which mail, or the name of a message set aside; if missing all that failed or wait.
        id: Option<String>,
        /// Those too of which nobody knows whether they arrived: some may arrive twice.
        #[arg(long)]
        unknown: bool,
    },
}

/// What a command ends with when it fails: one sentence.
type Failure = Box<dyn std::error::Error>;

/// Runs the command; 0, or 1 with one sentence on standard error.
pub fn main() -> ExitCode {
    // Visitors' mail and keys are the business of the user who runs us alone, also where no unit says UMask.
    umask(Mode::RWXG | Mode::RWXO);
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read what we print has enough (`relais doctor | head`).
        Err(failure) if nobody_reads(failure.as_ref()) => ExitCode::FAILURE,
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "relais: {}", with_advice(failure.as_ref()));
            ExitCode::FAILURE
        }
    }
}

/// What went wrong in one sentence; of a file that is another user's, what to do.
fn with_advice(failure: &(dyn std::error::Error + 'static)) -> String {
    let mut causes = std::iter::successors(Some(failure), |error| error.source());
    let closed = causes.find_map(|error| {
        error
            .downcast_ref::<std::io::Error>()
            .filter(|error| error.kind() == std::io::ErrorKind::PermissionDenied)
    });
    let said = failure.to_string();
    match closed {
        Some(error) => said.replace(&error.to_string(), place::NOT_YOURS),
        None => said,
    }
}

fn nobody_reads(failure: &(dyn std::error::Error + 'static)) -> bool {
    let io = failure.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
    let json = failure.downcast_ref::<serde_json::Error>().and_then(|json| json.io_error_kind());
    io.or(json) == Some(std::io::ErrorKind::BrokenPipe)
}

fn run(cli: Cli) -> Result<(), Failure> {
    if let Command::Explain { paths, jsonl } = &cli.command {
        return explain::run(paths, *jsonl);
    }
    let mut config = configuration::load(&cli)?;
    if let Command::Serve(args) = &cli.command {
        config.smtp.listen = args.smtp.map_or(config.smtp.listen, |address| vec![address]);
        config.http.listen = args.http.unwrap_or(config.http.listen);
        config.demo |= args.demo;
    }
    secret::settle(&mut config)?;
    let problems = config.problems();
    if !problems.is_empty() {
        return Err(problems.join("\nrelais: ").into());
    }
    if !matches!(cli.command, Command::CheckConfig) {
        place::must_be_ours(&config)?;
    }
    match cli.command {
        Command::Serve(_) => serve::run(config),
        Command::CheckConfig => configuration::check(&config),
        Command::Account(command) => admin::account(&config, command),
        Command::Form(command) => form::run(&config, command),
        Command::Connection(command) => connection::connection(&config, command),
        Command::Member(command) => admin::member(&config, command),
        Command::Token(command) => token::run(&config, command),
        Command::Audit { account, last, json } => audit::run(&config, &account, last, json),
        Command::Queue(command) => admin::queue(&config, command),
        Command::Suppressed(command) => admin::suppressed(&config, command),
        Command::Secret(command) => secret::run(&config, command),
        Command::Dkim(command) => dkim::run(&config, command),
        Command::Doctor(wanted) => doctor::run(&config, &wanted),
        Command::CheckAuth(wanted) => check_auth::run(&config, &wanted),
        Command::Translate(command) => translate::run(&config, command),
        Command::Explain { .. } => Ok(()),
        Command::Import { path, account, .. } => import::run(&config, &path, &account),
        Command::Threads { account, .. } => import::threads(&config, &account),
        Command::Backup { folder } => {
            let file = configuration::file(cli.config.as_deref());
            backup::run(&config, file.as_deref(), &folder)
        }
        Command::Reindex => reindex::run(&config),
    }
}

/// Opens the gateway for a command that does one thing and ends. A running server notices changes by itself.
fn open(config: &Config) -> Result<std::sync::Arc<crate::flow::gateway::Gateway>, Failure> {
    place::must_be_there(config)?;
    open_whole(config)
}

/// Opens the gateway, also one that is begun now. Not one whose store is lost: what is done to that is lost, too.
fn open_whole(config: &Config) -> Result<std::sync::Arc<crate::flow::gateway::Gateway>, Failure> {
    let (gateway, _queue) = serve::open(config)?;
    if gateway.needs_rebuild()? {
        return Err(format!(
            "the store in {} does not know the mail and houses in {}: start relais serve, which makes it again from \
             them, and wait until it has",
            config.data.display(),
            config.maildirs.display()
        )
        .into());
    }
    Ok(gateway)
}
