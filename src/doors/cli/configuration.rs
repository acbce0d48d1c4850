//! The configuration of a command: read from everywhere it may be said, and what is wrong with it in an administrator's
//! words.

use std::{
    fs,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use figment::{
    Figment,
    error::{Actual, Kind},
    providers::{Env, Format, Serialized, Toml},
};

use super::{Cli, Command, Failure, place, secret};
use crate::ground::config::{Config, DEFAULTS};

/// The configuration where none is named.
const USUAL_FILE: &str = "/etc/relais/relais.toml";

/// The file that is read: the one named, or the usual one where there is one.
pub(super) fn file(named: Option<&Path>) -> Option<PathBuf> {
    let usual = || Some(PathBuf::from(USUAL_FILE)).filter(|path| path.exists());
    named.map(Path::to_owned).or_else(usual)
}

/// Names without RELAIS_ that are no keys: flags, the log, and what the tests of Relais read.
const OTHER_VARIABLES: [&str; 9] = [
    "CONFIG",
    "DATA",
    "MAILDIRS",
    "SMTP_LISTEN",
    "HTTP_LISTEN",
    "LOG",
    "CLIENT_SECRET",
    "CORPORA",
    "DIFF",
];

/// Is it a key, or a section's, as a variable of the environment has it behind RELAIS_?
fn is_key(defaults: &toml::Table, name: &str) -> bool {
    let first = name.split("__").next().unwrap_or_default();
    defaults.contains_key(&first.to_ascii_lowercase())
}

/// Does the environment set keys other than the folders? A copy of the file does not have them.
pub(super) fn is_set_by_environment() -> bool {
    let defaults: toml::Table = toml::from_str(DEFAULTS).unwrap_or_default();
    std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()).any(|name| {
        let rest = name.strip_prefix("RELAIS_");
        rest.is_some_and(|rest| !OTHER_VARIABLES.contains(&rest) && is_key(&defaults, rest))
    })
}

/// Defaults, then the file, then the environment, then the flags.
pub(super) fn load(cli: &Cli) -> Result<Config, Failure> {
    let defaults: toml::Table = toml::from_str(DEFAULTS)?;
    let mut figment = Figment::from(Toml::string(DEFAULTS));
    let path = cli.config.as_deref().unwrap_or(Path::new(USUAL_FILE));
    match fs::File::open(path) {
        Ok(_) => figment = figment.merge(Toml::file_exact(path)),
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(place::untold(path, &error).into());
        }
        Err(_) if cli.config.is_some() => {
            return Err(format!("{}: no such configuration file", path.display()).into());
        }
        Err(_) => {}
    }
    if matches!(cli.command, Command::Serve(_) | Command::CheckConfig | Command::Doctor(_)) {
        for name in std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()) {
            let unknown = |rest: &str| !is_key(&defaults, rest) && !OTHER_VARIABLES.contains(&rest);
            if name.strip_prefix("RELAIS_").is_some_and(unknown) {
                writeln!(
                    std::io::stderr(),
                    "relais: {name} names no key and is ignored; write RELAIS_KEY or RELAIS_SECTION__KEY, as in config/relais.toml"
                )?;
            }
        }
    }
    // Other RELAIS_ variables (RELAIS_LOG, those of flags) are not keys of the file.
    let keys = defaults.clone();
    let variables = Env::prefixed("RELAIS_").filter(move |name| is_key(&keys, name.as_str()));
    figment = figment.merge(variables.split("__"));
    // They are flags of serve; who adds a house beside it is told its pages by them.
    for (variable, key) in
        [("RELAIS_SMTP_LISTEN", "smtp.listen"), ("RELAIS_HTTP_LISTEN", "http.listen")]
    {
        match std::env::var(variable) {
            Ok(address) if key == "smtp.listen" => {
                figment = figment.merge(Serialized::default(key, [address]));
            }
            Ok(address) => figment = figment.merge(Serialized::default(key, address)),
            Err(_) => {}
        }
    }
    for (key, folder) in [("data", &cli.data), ("maildirs", &cli.maildirs)] {
        if let Some(folder) = folder {
            figment = figment.merge(Serialized::default(key, folder));
        }
    }
    figment.extract().map_err(|error| misread(&error, &figment, &defaults).into())
}

/// Lists that are empty by default, as somebody would write them.
const EXAMPLES: [(&str, &str); 3] = [
    ("trusted_peers", "[\"192.0.2.7\"]"),
    ("smtp.proxies", "[\"192.0.2.7\"]"),
    ("http.proxies", "[\"192.0.2.7\"]"),
];

/// What is wrong with the configuration, where, and how it is written.
fn misread(error: &figment::Error, figment: &Figment, defaults: &toml::Table) -> String {
    let path: Vec<&str> =
        error.path.iter().map(String::as_str).filter(|part| *part != "default").collect();
    // A list is right as a whole.
    let is_place = |part: &&str| part.parse::<usize>().is_err();
    let key = path.iter().copied().filter(is_place).collect::<Vec<_>>().join(".");
    let place = match error.metadata.as_ref() {
        Some(about) => match about.source.as_ref().and_then(|source| source.file_path()) {
            Some(file) => format!("{}: ", file.display()),
            None if about.name.contains("environment") => "the environment: ".to_owned(),
            None => String::new(),
        },
        None => String::new(),
    };
    let all = keys(defaults);
    let usual = EXAMPLES.iter().find(|(name, _)| *name == key).map(|(_, text)| (*text).to_owned());
    let usual = usual.or_else(|| all.iter().find(|(name, _)| *name == key)?.1.clone());
    let hint = match &usual {
        Some(usual) => format!("write {key} as in {usual}"),
        None => "see config/relais.toml".to_owned(),
    };
    let found = || {
        let value = figment.find_value(&key).ok()?;
        let nth = path.last().and_then(|part| part.parse::<usize>().ok());
        let one = match nth {
            Some(nth) => value.into_array()?.into_iter().nth(nth)?,
            None => value,
        };
        one.into_string().map(|text| format!("{text:?}: "))
    };
    let found = || found().unwrap_or_default();
    match &error.kind {
        Kind::UnknownField(name, _) => {
            let asked = match path.last() {
                Some(last) if last == name => key.clone(),
                Some(_) => format!("{key}.{name}"),
                None => name.clone(),
            };
            match nearest(&asked, &all) {
                Some(near) => format!(
                    "{place}there is no key {asked}; did you mean {near}? see config/relais.toml"
                ),
                None => format!("{place}there is no key {asked}; see config/relais.toml"),
            }
        }
        Kind::UnknownVariant(name, known) => {
            format!("{place}{key}: {name:?} is none of {}; {hint}", known.join(", "))
        }
        Kind::InvalidType(actual, _) | Kind::InvalidValue(actual, _) => {
            format!("{place}{key}: {} is not what belongs there; {hint}", shown(actual))
        }
        Kind::ISizeOutOfRange(number) => {
            format!("{place}{key}: {number} is too small or too large; {hint}")
        }
        Kind::USizeOutOfRange(number) => {
            format!("{place}{key}: {number} is too small or too large; {hint}")
        }
        Kind::Message(said) if key.ends_with("trusted_peers") || key.ends_with("proxies") => {
            format!(
                "{place}{key}: {}{said}: name each address, networks cannot be; {hint}",
                found()
            )
        }
        Kind::Message(said) if !key.is_empty() => {
            format!("{place}{key}: {}{said}; {hint}", found())
        }
        _ => format!("configuration: {error}; see config/relais.toml"),
    }
}

/// What somebody wrote, as they wrote it.
fn shown(actual: &Actual) -> String {
    match actual {
        Actual::Bool(value) => value.to_string(),
        Actual::Unsigned(value) => value.to_string(),
        Actual::Signed(value) => value.to_string(),
        Actual::Float(value) => value.to_string(),
        Actual::Str(value) => format!("{value:?}"),
        Actual::Char(value) => format!("{:?}", value.to_string()),
        Actual::Seq => "a list".to_owned(),
        Actual::Map => "a section".to_owned(),
        _ => "this".to_owned(),
    }
}

/// Every key with its section, and how it is written by default; a section has none.
fn keys(defaults: &toml::Table) -> Vec<(String, Option<String>)> {
    let mut all = Vec::new();
    for (key, value) in defaults {
        let usual = (!value.is_table()).then(|| value.to_string());
        all.push((key.clone(), usual.filter(|usual| usual != "[]")));
        if let Some(section) = value.as_table() {
            let below = keys(section);
            all.extend(below.into_iter().map(|(name, usual)| (format!("{key}.{name}"), usual)));
        }
    }
    all
}

/// The key somebody probably meant: one that is written much like it, or is of the same name in another section.
fn nearest<'k>(asked: &str, all: &'k [(String, Option<String>)]) -> Option<&'k str> {
    let name = |key: &str| key.rsplit('.').next().unwrap_or_default().to_owned();
    let mut close: Vec<(usize, &str)> = all
        .iter()
        .map(|(key, _)| {
            let moved = 1 + edits(&name(key), &name(asked));
            (edits(key, asked).min(moved), key.as_str())
        })
        .filter(|(edits, key)| *edits <= (name(key).len() / 3).max(1))
        .collect();
    close.sort_unstable();
    close.first().map(|(_, key)| *key)
}

/// So many letters have to be put in, taken out or changed to make the one of the other (Levenshtein).
fn edits(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, letter) in one.chars().enumerate() {
        let mut corner = above;
        row[0] = above + 1;
        for (at, same) in other.iter().map(|there| *there == letter).enumerate() {
            let changed = corner + usize::from(!same);
            corner = row[at + 1];
            row[at + 1] = changed.min(corner + 1).min(row[at] + 1);
        }
    }
    row[other.len()]
}

/// `relais check-config`.
pub(super) fn check(config: &Config) -> Result<(), Failure> {
    place::files_are_there(config)?;
    let mut shown = config.clone();
    secret::hide(&mut shown);
    let text = toml::to_string(&shown)?;
    writeln!(std::io::stdout(), "{text}")?;
    for advice in config.advice() {
        writeln!(std::io::stderr(), "relais: {advice}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_written_nearly_right_is_guessed() {
        let all = keys(&toml::from_str(DEFAULTS).unwrap());
        for (asked, meant) in [
            ("host_name", Some("hostname")),
            ("baseurl", Some("base_url")),
            ("smtp.listens", Some("smtp.listen")),
            ("smtp.tls_cert", None),
            ("delivery.host", Some("delivery.smarthost.host")),
            ("smtp.undo_seconds", Some("http.undo_seconds")),
            ("colour", None),
        ] {
            assert_eq!(nearest(asked, &all), meant, "{asked}");
        }
    }
}
