//! TLS certificates from PEM files, read again when they change, so that a renewal needs no restart.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use jiff::Timestamp;
use rustls::ServerConfig;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use smtp_server::{Tls, TlsSource};

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// A file.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What.
        source: io::Error,
    },
    /// Not PEM.
    #[error("{path}: {reason}; expected a PEM file", path = path.display())]
    Pem {
        /// Which.
        path: PathBuf,
        /// What.
        reason: String,
    },
    /// The key does not belong to the certificate, or so.
    #[error("{path}: {reason}", path = path.display())]
    Unfit {
        /// The certificate's file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

/// STARTTLS with these files, or none when no file is named.
pub fn start_tls(certificate: &Path, key: &Path) -> Result<Tls, CertificateError> {
    if certificate.as_os_str().is_empty() {
        return Ok(Tls::Off);
    }
    let files = Files { certificate: certificate.to_owned(), key: key.to_owned() };
    let current = Mutex::new((files.changed_at(), Arc::new(files.load()?)));
    Ok(Tls::StartTls(TlsSource::new(move || {
        let mut current = current.lock().unwrap_or_else(PoisonError::into_inner);
        let changed_at = files.changed_at();
        if changed_at != current.0 {
            match files.load() {
                Ok(config) => *current = (changed_at, Arc::new(config)),
                // Half a renewal: the old certificate serves until both files fit.
                Err(error) => tracing::warn!(%error, "the new certificate cannot be used yet"),
            }
        }
        Arc::clone(&current.1)
    })))
}

/// Until when the first certificate of a file is good.
pub fn ends_at(certificate: &Path) -> Result<Timestamp, CertificateError> {
    let end = first(certificate, |parsed| parsed.validity().not_after.timestamp())?;
    let unfit = |reason: String| CertificateError::Pem { path: certificate.to_owned(), reason };
    Timestamp::from_second(end).map_err(|error| unfit(error.to_string()))
}

/// The hosts the first certificate of a file is for (RFC 6125, 6.4.4: its common name only where it names none).
pub fn names(certificate: &Path) -> Result<Vec<String>, CertificateError> {
    first(certificate, |parsed| {
        let named = parsed.subject_alternative_name().ok().flatten();
        let hosts = named.into_iter().flat_map(|found| &found.value.general_names);
        let mut names: Vec<String> = hosts
            .filter_map(|name| match name {
                x509_parser::extensions::GeneralName::DNSName(host) => Some(host.to_lowercase()),
                _ => None,
            })
            .collect();
        if names.is_empty() {
            let common = parsed.subject().iter_common_name();
            names = common.filter_map(|name| name.as_str().ok()).map(str::to_lowercase).collect();
        }
        names
    })
}

/// Is a certificate of this name for the host? A star stands for one label.
pub fn covers(name: &str, host: &str) -> bool {
    let host = host.to_lowercase();
    match name.strip_prefix("*.") {
        Some(above) => host.split_once('.').is_some_and(|(_, rest)| rest == above),
        None => name == host,
    }
}

/// Reads the first certificate of a file.
fn first<T>(
    certificate: &Path,
    read: impl FnOnce(&x509_parser::certificate::X509Certificate<'_>) -> T,
) -> Result<T, CertificateError> {
    let unfit = |reason: String| CertificateError::Pem { path: certificate.to_owned(), reason };
    let found = CertificateDer::pem_file_iter(certificate)
        .map_err(|error| unfit(error.to_string()))?
        .next()
        .ok_or_else(|| unfit("there is no certificate in it".to_owned()))?
        .map_err(|error| unfit(error.to_string()))?;
    let (_, parsed) =
        x509_parser::parse_x509_certificate(&found).map_err(|error| unfit(error.to_string()))?;
    Ok(read(&parsed))
}

struct Files {
    certificate: PathBuf,
    key: PathBuf,
}

impl Files {
    fn changed_at(&self) -> (Option<SystemTime>, Option<SystemTime>) {
        let at = |path: &Path| fs::metadata(path).and_then(|m| m.modified()).ok();
        (at(&self.certificate), at(&self.key))
    }

    fn load(&self) -> Result<ServerConfig, CertificateError> {
        let read = |path: &Path| {
            fs::read(path)
                .map_err(|source| CertificateError::File { path: path.to_owned(), source })
        };
        let pem = |path: &Path, error: rustls_pki_types::pem::Error| CertificateError::Pem {
            path: path.to_owned(),
            reason: error.to_string(),
        };
        let chain = CertificateDer::pem_slice_iter(&read(&self.certificate)?)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| pem(&self.certificate, error))?;
        let key = PrivateKeyDer::from_pem_slice(&read(&self.key)?)
            .map_err(|error| pem(&self.key, error))?;
        let unfit =
            |reason: String| CertificateError::Unfit { path: self.certificate.clone(), reason };
        if chain.is_empty() {
            return Err(unfit("there is no certificate in it; name a PEM file".to_owned()));
        }
        let builder = ServerConfig::builder().with_no_client_auth();
        builder.with_single_cert(chain, key).map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => unfit(format!(
                "the key in {} does not belong to this certificate; name the two files of one",
                self.key.display()
            )),
            error => unfit(error.to_string()),
        })
    }
}
