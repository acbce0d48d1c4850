//! Where a command works: where a Relais is, as the user whose it is. It makes none by accident.

use std::{
    fs,
    io::{self, ErrorKind},
    os::unix::fs::MetadataExt,
    path::Path,
};

use rustix::process::geteuid;

use super::Failure;
use crate::{
    doors::{certificate, delivery::sign},
    ground::config::Config,
};

/// Refuses where no Relais is: relative folders are those of the working directory, and another one is easily taken.
pub(super) fn must_be_there(config: &Config) -> Result<(), Failure> {
    if is_there(config)? {
        return Ok(());
    }
    let (data, maildirs) = (config.data.display(), config.maildirs.display());
    Err(format!(
        "there is no Relais in {data} and {maildirs}: name its folders in the configuration, or with --data and \
         --maildirs; relais account add or relais serve makes one"
    )
    .into())
}

/// Is there a Relais, or something of one? What this user may not see may be there.
pub(super) fn is_there(config: &Config) -> Result<bool, Failure> {
    for path in [config.data.join("relais.sqlite"), config.maildirs.join("secret")] {
        match path.try_exists() {
            Ok(false) => {}
            Ok(true) => return Ok(true),
            Err(error) => return Err(untold(&path, &error).into()),
        }
    }
    Ok(false)
}

/// Trouble with a file, and what to do where it is another user's.
pub(super) fn untold(path: &Path, error: &io::Error) -> String {
    let path = path.display();
    match error.kind() {
        ErrorKind::PermissionDenied => format!("{path}: {NOT_YOURS}"),
        _ => format!("{path}: {error}"),
    }
}

/// Said of what this user may not open.
pub(super) const NOT_YOURS: &str =
    "this user may not open it; run this as the user whose folder it is (sudo -u relais relais …)";

/// Refuses where files the configuration names cannot be used; each key is said with its path.
pub(super) fn files_are_there(config: &Config) -> Result<(), Failure> {
    let mut wrong = Vec::new();
    for (key, path) in [
        ("smtp.tls_certificate", &config.smtp.tls_certificate),
        ("smtp.tls_key", &config.smtp.tls_key),
    ] {
        if let (false, Err(error)) = (path.as_os_str().is_empty(), fs::File::open(path)) {
            let path = path.display();
            wrong.push(format!(
                "{key}: {path}: {error}; name a PEM file the service's user can read"
            ));
        }
    }
    if wrong.is_empty() {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let fits = certificate::start_tls(&config.smtp.tls_certificate, &config.smtp.tls_key);
        wrong.extend(fits.err().map(|e| format!("smtp.tls_certificate and smtp.tls_key: {e}")));
    }
    let selector = &config.dkim.selector;
    if !selector.is_empty()
        && let Err(error) =
            sign::Signer::open(&sign::folder(config), selector, &config.reply_domain)
    {
        wrong.push(format!(
            "dkim.selector: {error}; relais dkim list shows what there is, generate makes keys"
        ));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\nrelais: ").into()) }
}

/// Refuses root in somebody else's folders: the files root makes there are closed to the service.
pub(super) fn must_be_ours(config: &Config) -> Result<(), Failure> {
    let owner = |folder: &Path| fs::metadata(folder).map(|found| found.uid()).ok();
    let folders = [&config.data, &config.maildirs];
    let others = folders.into_iter().find(|folder| owner(folder).is_some_and(|uid| uid != 0));
    match others {
        Some(folder) if geteuid().is_root() => Err(format!(
            "{} belongs to another user, and what root makes there the service could not open: \
             sudo -u relais relais …",
            folder.display()
        )
        .into()),
        _ => Ok(()),
    }
}
