//! DKIM signatures on what leaves (RFC 6376): RSA for everybody, Ed25519 for those who know it (RFC 8463), with the
//! keys of one selector. Signed at each attempt, so that a mail which waited leaves with the keys of today.

use std::{
    collections::HashMap,
    fs, io,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der},
    rsa::{KeyPair, KeySize},
    signature::KeyPair as _,
};
use data_encoding::BASE64;
use mail_auth::{
    common::{
        crypto::{Ed25519Key, RsaKey, Sha256},
        headers::HeaderWriter,
    },
    dkim::{DkimSigner, Done},
};
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject};

use crate::ground::letter::Letter;

/// What is signed; From is signed twice so that a second one added later breaks the signature (RFC 6376, 8.15).
const HEADERS: [&str; 16] = [
    "From",
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Content-Language",
    "Auto-Submitted",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
];

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// Where.
        path: PathBuf,
        /// What.
        source: io::Error,
    },
    /// Not a key.
    #[error("{0}: not a private key; make keys with relais dkim generate")]
    NotAKey(PathBuf),
    /// The crypto library.
    #[error("no key could be made")]
    Library,
}

/// Signs with both keys of a selector.
pub struct Signer {
    rsa: DkimSigner<RsaKey<Sha256>, Done>,
    ed25519: DkimSigner<Ed25519Key, Done>,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer")
    }
}

/// The kinds of key, by their place in file names and selectors.
const KINDS: [&str; 2] = ["rsa", "ed25519"];

fn file(folder: &Path, selector: &str, kind: &str) -> PathBuf {
    folder.join(format!("{selector}-{kind}.pem"))
}

fn read(
    folder: &Path,
    selector: &str,
    kind: &str,
) -> Result<PrivatePkcs8KeyDer<'static>, KeyError> {
    let path = file(folder, selector, kind);
    let text = fs::read(&path).map_err(|source| KeyError::File { path: path.clone(), source })?;
    PrivatePkcs8KeyDer::from_pem_slice(&text).map_err(|_| KeyError::NotAKey(path))
}

impl Signer {
    /// The keys of a selector, for mail from a domain.
    pub fn open(folder: &Path, selector: &str, domain: &str) -> Result<Self, KeyError> {
        let bad = |kind: &str| KeyError::NotAKey(file(folder, selector, kind));
        let rsa = read(folder, selector, "rsa")?;
        let rsa =
            RsaKey::<Sha256>::from_key_der(PrivateKeyDer::Pkcs8(rsa)).map_err(|_| bad("rsa"))?;
        let ed25519 = read(folder, selector, "ed25519")?;
        let ed25519 = Ed25519Key::from_pkcs8_maybe_unchecked_der(ed25519.secret_pkcs8_der())
            .map_err(|_| bad("ed25519"))?;
        Ok(Signer {
            rsa: DkimSigner::from_key(rsa)
                .domain(domain)
                .selector(format!("{selector}-rsa"))
                .headers(HEADERS),
            ed25519: DkimSigner::from_key(ed25519)
                .domain(domain)
                .selector(format!("{selector}-ed25519"))
                .headers(HEADERS),
        })
    }

    /// The mail with its signatures on top; as it is when it has no header to sign.
    pub fn sign(&self, raw: &[u8]) -> Vec<u8> {
        let mut signed = Vec::with_capacity(raw.len() + 1200);
        // The first signature is the one every receiver understands.
        for signature in [self.rsa.sign(raw), self.ed25519.sign(raw)].into_iter().flatten() {
            signed.extend_from_slice(signature.to_header().as_bytes());
        }
        signed.extend_from_slice(raw);
        signed
    }
}

/// Signs for our own domain, and for the domain of the author where a house writes from its own.
pub struct Signers {
    folder: PathBuf,
    selector: String,
    domain: String,
    ours: Signer,
    others: Mutex<HashMap<String, Arc<Signer>>>,
}

impl std::fmt::Debug for Signers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signers")
    }
}

impl Signers {
    /// The keys of a selector; `domain` is ours.
    pub fn open(folder: &Path, selector: &str, domain: &str) -> Result<Self, KeyError> {
        Ok(Signers {
            ours: Signer::open(folder, selector, domain)?,
            folder: folder.to_owned(),
            selector: selector.to_owned(),
            domain: domain.to_lowercase(),
            others: Mutex::default(),
        })
    }

    /// The mail with its signatures on top.
    pub fn sign(&self, raw: &[u8]) -> Vec<u8> {
        let signed = self.ours.sign(raw);
        let Some(other) = author_domain(raw).filter(|domain| *domain != self.domain) else {
            return signed;
        };
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        let signer = match others.get(&other) {
            Some(signer) => Arc::clone(signer),
            None => match Signer::open(&self.folder, &self.selector, &other) {
                Ok(signer) => Arc::clone(others.entry(other).or_insert(Arc::new(signer))),
                Err(_) => return signed,
            },
        };
        drop(others);
        // Over the mail itself, as ours is: signatures do not sign each other.
        let theirs = signer.sign(raw);
        let mut all = theirs[..theirs.len() - raw.len()].to_vec();
        all.extend_from_slice(&signed);
        all
    }
}

/// The domain in the From field.
fn author_domain(raw: &[u8]) -> Option<String> {
    let end = raw.windows(4).position(|window| window == b"\r\n\r\n")?;
    let letter = Letter::read(&raw[..end + 4]);
    letter.author().map(|author| author.address.domain().to_lowercase())
}

/// A record to publish: its name and its text.
pub type DnsRecord = (String, String);

/// Makes the keys of a selector, readable by their owner alone, and gives the records to publish.
pub fn generate(folder: &Path, selector: &str, domain: &str) -> Result<Vec<DnsRecord>, KeyError> {
    fs::create_dir_all(folder)
        .map_err(|source| KeyError::File { path: folder.to_owned(), source })?;
    let rsa = KeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError::Library)?;
    let rsa: Pkcs8V1Der<'_> = rsa.as_der().map_err(|_| KeyError::Library)?;
    let ed25519 = Ed25519Key::generate_pkcs8().map_err(|_| KeyError::Library)?;
    for (kind, der) in KINDS.into_iter().zip([rsa.as_ref(), ed25519.as_slice()]) {
        write_pem(&file(folder, selector, kind), der)?;
    }
    records(folder, selector, domain)
}

fn write_pem(path: &Path, der: &[u8]) -> Result<(), KeyError> {
    let mut text = String::from("-----BEGIN PRIVATE KEY-----\n");
    for line in BASE64.encode(der).as_bytes().chunks(64) {
        text.extend(line.iter().copied().map(char::from));
        text.push('\n');
    }
    text.push_str("-----END PRIVATE KEY-----\n");
    let mut options = fs::OpenOptions::new();
    // An old key is never written over: mail on its way is signed with it.
    options.write(true).create_new(true).mode(0o600);
    let written = options.open(path).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|source| KeyError::File { path: path.to_owned(), source })
}

/// The records of a selector's keys.
pub fn records(folder: &Path, selector: &str, domain: &str) -> Result<Vec<DnsRecord>, KeyError> {
    let rsa = read(folder, selector, "rsa")?;
    let rsa = KeyPair::from_pkcs8(rsa.secret_pkcs8_der())
        .map_err(|_| KeyError::NotAKey(file(folder, selector, "rsa")))?;
    let public: PublicKeyX509Der<'_> = rsa.public_key().as_der().map_err(|_| KeyError::Library)?;
    let ed25519 = read(folder, selector, "ed25519")?;
    let ed25519 = Ed25519Key::from_pkcs8_maybe_unchecked_der(ed25519.secret_pkcs8_der())
        .map_err(|_| KeyError::NotAKey(file(folder, selector, "ed25519")))?;
    let record = |kind: &str, key: &[u8]| {
        let name = format!("{selector}-{kind}._domainkey.{domain}");
        (name, format!("v=DKIM1; k={kind}; p={}", BASE64.encode(key)))
    };
    Ok(vec![record("rsa", public.as_ref()), record("ed25519", &ed25519.public_key())])
}

/// The selectors with keys in a folder.
pub fn selectors(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<String> = entries
        .filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix("-rsa.pem")?.to_owned()))
        .collect();
    found.sort();
    found
}

/// Where the keys are.
pub fn folder(config: &crate::ground::config::Config) -> PathBuf {
    config.data.join("dkim")
}
