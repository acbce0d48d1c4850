//! Secrets in the configuration: as they are, from a file, from systemd's credentials, or sealed.

use std::{fs, io::Read as _, io::Write as _, path::PathBuf};

use clap::Subcommand;

use super::Failure;
use crate::{
    flow::gateway::setup::open_secret,
    ground::{config::Config, secret::Secret},
    keep::sealed::Sealer,
};

#[derive(Debug, Subcommand)]
pub(super) enum SecretCommand {
    /// Seal a secret from standard input with this house's secret file; paste what is printed into the configuration.
    Seal {
        /// The key it is for, such as delivery.smarthost.password.
        #[arg(value_parser = KEYS)]
        key: String,
    },
}

/// The keys whose values are secret.
const KEYS: [&str; 4] = [
    "delivery.smarthost.password",
    "translation.libretranslate_key",
    "translation.deepl_key",
    "channels.airbnb_secret",
];

fn values(config: &mut Config) -> [(&'static str, &mut String); 4] {
    let [password, libretranslate, deepl, airbnb] = KEYS;
    let translation = &mut config.translation;
    [
        (password, &mut config.delivery.smarthost.password),
        (libretranslate, &mut translation.libretranslate_key),
        (deepl, &mut translation.deepl_key),
        (airbnb, &mut config.channels.airbnb_secret),
    ]
}

/// Puts in the secrets that are somewhere else.
pub(super) fn settle(config: &mut Config) -> Result<(), Failure> {
    let folder = std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
    let secret_file = config.maildirs.join("secret");
    for (key, value) in values(config) {
        let credential =
            folder.as_ref().map(|folder| folder.join(key)).filter(|path| path.exists());
        let file = value.strip_prefix("file:").map(PathBuf::from);
        if let Some(path) = file.or(credential.filter(|_| value.is_empty())) {
            let text = fs::read_to_string(&path)
                .map_err(|error| format!("{key}: {}: {error}", path.display()))?;
            *value = text.trim_end_matches(['\r', '\n']).to_owned();
        }
        if let Some(sealed) = value.strip_prefix("sealed:") {
            let bits = fs::read(&secret_file).ok().and_then(|bytes| bytes.try_into().ok());
            let bits = bits.ok_or_else(|| {
                format!("{key}: {} is needed to open it and cannot be read", secret_file.display())
            })?;
            let bytes = data_encoding::BASE64
                .decode(sealed.trim().as_bytes())
                .map_err(|_| format!("{key}: what stands behind sealed: is not base64"))?;
            *value =
                Sealer::new(&Secret::new(bits), "settings").open(key, &bytes).map_err(|error| {
                    format!("{key}: {error}; seal it again: relais secret seal {key}")
                })?;
        }
    }
    Ok(())
}

/// For showing the configuration: a secret that is set is three dots.
pub(super) fn hide(config: &mut Config) {
    for (_, value) in values(config) {
        if !value.is_empty() {
            *value = "...".to_owned();
        }
    }
}

pub(super) fn run(config: &Config, command: SecretCommand) -> Result<(), Failure> {
    let SecretCommand::Seal { key } = command;
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        return Err("write the secret to standard input".into());
    }
    fs::create_dir_all(&config.maildirs)?;
    let mut random = [0; 32];
    getrandom::fill(&mut random)?;
    // Whoever has a store has had a secret.
    let store = config.data.join("relais.sqlite");
    let secret = open_secret(&config.maildirs, (&store, store.exists()), random)?;
    let sealed = Sealer::new(&secret, "settings").seal(&key, text)?;
    writeln!(std::io::stdout(), "sealed:{}", data_encoding::BASE64.encode(&sealed))?;
    Ok(())
}
