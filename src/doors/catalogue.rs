//! Downloads translation models from Mozilla's catalogue: a Remote Settings server and its attachments, or a mirror.
//!
//! Nothing of a model reaches the folder of models before every file of it has its checksum. What was downloaded of a
//! file stays in `.download/` when the line breaks, and the next try goes on there; what has a wrong sum is thrown away.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use hyper::{Method, StatusCode};
use ruzstd::decoding::StreamingDecoder;
use sha2::{Digest, Sha256};

use super::json_client::Peer;
use crate::{
    flow::translate::{
        Fail,
        models::{self, Model, ModelError},
    },
    ground::catalogue::{self, Offer, offers},
};

/// One answer, and one piece of a file.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often a broken line is taken up again.
const TRIES: u32 = 4;
/// A file may unpack to this many times its size: models hardly shrink at all.
const UNPACKED: u64 = 20;

const RECORDS: &str = "/buckets/main/collections/translations-models-v2/records";

/// Why there is no model.
#[derive(Debug, thiserror::Error)]
pub(super) enum CatalogueError {
    #[error("{url}: {why}")]
    Server { url: String, why: String },
    #[error(
        "{name}: its checksum is not the catalogue's, so it was thrown away; try again, and if it stays so tell whoever runs {url}"
    )]
    Checksum { name: String, url: String },
    #[error("{path}: {error}")]
    Disk { path: PathBuf, error: io::Error },
    #[error(transparent)]
    Model(#[from] ModelError),
}

fn disk(path: &Path) -> impl FnOnce(io::Error) -> CatalogueError + '_ {
    |error| CatalogueError::Disk { path: path.to_owned(), error }
}

/// The catalogue at one address.
pub(super) struct Catalogue {
    base: String,
    peer: Peer,
}

impl Catalogue {
    pub(super) fn new(base: &str) -> Result<Self, String> {
        Ok(Catalogue { base: base.to_owned(), peer: Peer::of_channel(base, &[])? })
    }

    fn failed(&self, path: &str, why: impl ToString) -> CatalogueError {
        CatalogueError::Server { url: format!("{}{path}", self.base), why: why.to_string() }
    }

    /// Every model there is.
    pub(super) async fn offers(&self) -> Result<Vec<Offer>, CatalogueError> {
        let found = self.peer.fetch(RECORDS, None, PATIENCE).await;
        let file = found.map_err(|fail| self.failed(RECORDS, fail))?;
        if file.status != StatusCode::OK {
            return Err(self.failed(RECORDS, format!("it answers {}", file.status)));
        }
        offers(&file.bytes).map_err(|error| self.failed(RECORDS, format!("no catalogue: {error}")))
    }

    /// Where the files are; the server says so itself.
    async fn files(&self) -> Result<Catalogue, CatalogueError> {
        let found = self.peer.ask(Method::GET, "/", None, None, PATIENCE).await;
        let answer = found.map_err(|fail| self.failed("/", fail))?;
        let base = answer.json["capabilities"]["attachments"]["base_url"].as_str();
        let base = base.ok_or_else(|| self.failed("/", "it does not say where its files are"))?;
        Catalogue::new(base).map_err(|why| self.failed("/", why))
    }

    /// Downloads a model and puts it into the folder of models; `progress` learns the bytes that have come.
    pub(super) async fn add(
        &self,
        home: &Path,
        offer: &Offer,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<Model, CatalogueError> {
        let half = home.join(".download");
        let whole = half.join(format!("{}-{}", offer.from, offer.to));
        let added = self.fill(&half, &whole, offer, progress).await;
        let added = added.and_then(|()| Ok(models::add(home, &whole)?));
        // What has come of a file that is cut off stays for the next try; all else goes.
        let _ = fs::remove_dir_all(&whole);
        let _ = fs::remove_dir(&half);
        let not_a_model = || ModelError::NotAModel(whole);
        Ok(added?.into_iter().next().ok_or_else(not_a_model)?)
    }

    /// Downloads and unpacks every file of a model into a folder of its own.
    async fn fill(
        &self,
        half: &Path,
        whole: &Path,
        offer: &Offer,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<(), CatalogueError> {
        let files = self.files().await?;
        fs::create_dir_all(whole).map_err(disk(whole))?;
        let mut before = 0;
        for file in &offer.files {
            let packed = half.join(format!("{}.zst", file.hash));
            files.download(file, &packed, &|bytes| progress(before + bytes)).await?;
            before += file.size_bytes;
            unpack(&packed, &whole.join(&file.name), file)
                .map_err(disk(&packed))?
                .ok_or_else(|| files.wrong(file, &[&packed, &whole.join(&file.name)]))?;
            fs::remove_file(&packed).map_err(disk(&packed))?;
        }
        Ok(())
    }

    /// The sum is wrong: what was wrong is not kept.
    fn wrong(&self, file: &catalogue::File, paths: &[&Path]) -> CatalogueError {
        for path in paths {
            let _ = fs::remove_file(path);
        }
        CatalogueError::Checksum { name: file.name.clone(), url: self.base.clone() }
    }

    /// A whole file with the right sum, taking up what has come before.
    async fn download(
        &self,
        file: &catalogue::File,
        packed: &Path,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<(), CatalogueError> {
        let path = format!("/{}", file.location.trim_start_matches('/'));
        let mut tries = 0;
        loop {
            let failed = match self.piece(&path, file, packed, progress).await? {
                Ok(()) if sha256(packed).map_err(disk(packed))? == file.hash => return Ok(()),
                Ok(()) => return Err(self.wrong(file, &[packed])),
                Err(fail) => fail,
            };
            tries += 1;
            if tries == TRIES || !failed.passes() {
                return Err(self.failed(&path, failed));
            }
        }
    }

    /// One request for the rest of a file.
    async fn piece(
        &self,
        path: &str,
        file: &catalogue::File,
        packed: &Path,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<Result<(), Fail>, CatalogueError> {
        let have = fs::metadata(packed).map_or(0, |found| found.len());
        if have == file.size_bytes {
            return Ok(Ok(()));
        }
        // Longer than it should be: it is none of ours.
        let have = if have > file.size_bytes { 0 } else { have };
        let mut opened = match self.peer.open(path, have, PATIENCE).await {
            Ok(opened) => opened,
            Err(fail) => return Ok(Err(fail)),
        };
        let have = match opened.status {
            StatusCode::PARTIAL_CONTENT => have,
            StatusCode::OK => 0,
            status if status.is_server_error() => return Ok(Err(Fail::Down(status.to_string()))),
            status => return Ok(Err(Fail::Refused(format!("it answers {status}")))),
        };
        let out = OpenOptions::new().create(true).append(true).open(packed);
        let mut out = out.map_err(disk(packed))?;
        out.set_len(have).map_err(disk(packed))?;
        let mut came = have;
        loop {
            progress(came);
            match opened.next(PATIENCE).await {
                Ok(Some(bytes)) => {
                    came += bytes.len() as u64;
                    if came > file.size_bytes {
                        return Ok(Ok(()));
                    }
                    out.write_all(&bytes).map_err(disk(packed))?;
                }
                Ok(None) if came < file.size_bytes => {
                    return Ok(Err(Fail::Down("the file ends too early".into())));
                }
                Ok(None) => return Ok(Ok(())),
                Err(fail) => return Ok(Err(fail)),
            }
        }
    }
}

fn sha256(path: &Path) -> io::Result<String> {
    let (mut sum, mut file) = (Sha256::new(), File::open(path)?);
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            count => sum.update(&buffer[..count]),
        }
    }
    Ok(data_encoding::HEXLOWER.encode(&sum.finalize()))
}

/// Unpacks a file; `None` when it is not what the catalogue says.
fn unpack(packed: &Path, to: &Path, file: &catalogue::File) -> io::Result<Option<()>> {
    let Ok(unpacked) = StreamingDecoder::new(io::BufReader::new(File::open(packed)?)) else {
        return Ok(None);
    };
    let mut unpacked = unpacked.take(file.size_bytes.saturating_mul(UNPACKED).max(1 << 20));
    let mut out = File::create(to)?;
    let mut sum = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = match unpacked.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(_) => return Ok(None),
        };
        sum.update(&buffer[..count]);
        out.write_all(&buffer[..count])?;
    }
    out.sync_all()?;
    let right = data_encoding::HEXLOWER.encode(&sum.finalize()) == file.unpacked_hash;
    Ok(right.then_some(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_zstd_itself_packed_is_unpacked_and_compared() {
        let dir = tempfile::tempdir().unwrap();
        let (packed, to) = (dir.path().join("a.zst"), dir.path().join("a"));
        // head -c 40 /dev/zero | tr '\\0' a | zstd -c
        let frame = b"28b52ffd045845000010616101001f800503ef1131";
        let frame = data_encoding::HEXLOWER.decode(frame).unwrap();
        fs::write(&packed, &frame).unwrap();
        let right = data_encoding::HEXLOWER.encode(&Sha256::digest([b'a'; 40]));
        let wrong = data_encoding::HEXLOWER.encode(&Sha256::digest(b"b"));
        for (bytes, sum, expected) in [
            (&frame[..], &right, Some(())),
            (&frame[..], &wrong, None),
            (&frame[..12], &right, None),
            (b"no zstd at all", &right, None),
        ] {
            fs::write(&packed, bytes).unwrap();
            let file = catalogue::File {
                name: "a".into(),
                location: String::new(),
                size_bytes: bytes.len() as u64,
                hash: String::new(),
                unpacked_hash: sum.clone(),
            };
            assert_eq!(unpack(&packed, &to, &file).unwrap(), expected);
        }
    }
}
