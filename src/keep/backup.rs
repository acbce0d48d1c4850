//! A copy of everything in a folder, while the gateway runs: the store, the mail, its journal, the secret and the keys
//! that sign, laid out as `relais serve` wants them.
//!
//! The store is copied first and says how far the copy goes: mail it does not know yet goes into the copy's spool, where
//! the next start threads it. The gateway goes on and sends what waits: the copy, marked as one, does not send it. What
//! lies there from the last time is not copied again, and what is gone is removed: so nothing is copied over what is not
//! an earlier copy of the same Relais, and what was cut off says so until it is made whole.

use std::{
    collections::{HashMap, HashSet},
    fs, io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use super::{
    maildir::SpoolName,
    store::{Store, StoreError},
};

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file or folder.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// Where.
        path: PathBuf,
        /// What.
        source: io::Error,
    },
    /// The copy would lie in what is copied.
    #[error("{0}: this is the gateway's own folder; name another, best on another disk")]
    Own(PathBuf),
    /// Its mail would be removed as gone.
    #[error("{0}: the backup of another Relais is there; name another folder for this one")]
    Others(PathBuf),
    /// It may have mail of its own since.
    #[error("{0}: a Relais has gone on from the backup that was there; name another folder")]
    GoneOn(PathBuf),
    /// Something else than a copy.
    #[error("{0}: there are files in it, and no backup; name a new folder")]
    NoCopy(PathBuf),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |source| BackupError::File { path, source }
}

/// What a copy holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// Mails in it.
    pub mails: usize,
    /// Those that were not there from the last time.
    pub new: usize,
    /// Those that are gone since.
    pub removed: usize,
}

/// The folders of a Maildir in the order a mail moves through them: none is missed on its way.
const FOLDERS: [&str; 3] = ["new", "cur", "failed"];

/// The file in a copy's folder of mail that says what it is; the first start from it removes it.
const MARK: &str = "copy";

/// Is this folder of mail a copy nobody has started from?
pub fn is_copy(maildirs: &Path) -> bool {
    maildirs.join(MARK).exists()
}

/// The file in a copy that was not finished, until the next one is: new and old lie side by side in it.
const UNFINISHED: &str = "unfinished";

/// Was the copy this folder of mail belongs to cut off? Gives the file that says so.
pub fn unfinished(maildirs: &Path) -> Option<PathBuf> {
    Some(maildirs.join(UNFINISHED)).filter(|path| path.exists())
}

/// From now on it is a gateway's own.
pub fn is_no_copy(maildirs: &Path) -> io::Result<()> {
    fs::remove_file(maildirs.join(MARK))?;
    fs::File::open(maildirs)?.sync_all()
}

/// What is copied.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The store.
    pub store: &'a Store,
    /// The folder it lies in, with the keys that sign.
    pub data: &'a Path,
    /// The folder of the mail, its journal and the secret.
    pub maildirs: &'a Path,
}

/// Copies everything into `target`; `progress` hears how many mails of how many are there.
pub fn take(
    source: Source<'_>,
    target: &Path,
    mut progress: impl FnMut(usize, usize),
) -> Result<Copied, BackupError> {
    let maildirs = source.maildirs;
    let own = [source.data, maildirs].map(|folder| real(folder).map_err(at(folder)));
    for folder in [target.to_owned(), target.join("data"), target.join("maildirs")] {
        let folder = real(&folder).map_err(at(&folder))?;
        if own.iter().flatten().any(|own| folder.starts_with(own)) {
            return Err(BackupError::Own(target.to_owned()));
        }
    }
    may_be_copied_over(maildirs, target)?;
    let (data, mail) = (target.join("data"), target.join("maildirs/mail"));
    let mut private = fs::DirBuilder::new();
    private.recursive(true).mode(0o700);
    for folder in FOLDERS.map(|sub| mail.join(sub)).iter().chain([&data, &mail.join("tmp")]) {
        private.create(folder).map_err(at(folder))?;
    }
    let unfinished = target.join("maildirs").join(UNFINISHED);
    fs::write(&unfinished, "This backup was cut off: make it again.\n").map_err(at(&unfinished))?;
    let mark = target.join("maildirs").join(MARK);
    fs::write(&mark, "What waits in this copy was sent from where it was made.\n")
        .map_err(at(&mark))?;
    // Whose copy it is, before there is anything in it.
    whole_copy(&maildirs.join("secret"), &target.join("maildirs/secret"))?;
    flush(target)?;
    let known = store_copy(source.store, &data)?;
    keys(&source.data.join("dkim"), &data.join("dkim"))?;
    whole_copy(&maildirs.join("journal.jsonl"), &target.join("maildirs/journal.jsonl"))?;
    let copied = mails(&maildirs.join("mail"), &mail, &known, &mut progress)?;
    flush(target)?;
    remove(&unfinished)?;
    flush(target)?;
    Ok(copied)
}

/// Only what was copied from here before is copied over: what is not in the source is removed.
fn may_be_copied_over(maildirs: &Path, target: &Path) -> Result<(), BackupError> {
    let there = target.join("maildirs");
    let read = |path: PathBuf| match fs::read(&path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(at(&path)(error)),
    };
    match read(there.join("secret"))? {
        Some(secret) if read(maildirs.join("secret"))?.as_ref() != Some(&secret) => {
            Err(BackupError::Others(target.to_owned()))
        }
        Some(_) if !is_copy(&there) => Err(BackupError::GoneOn(target.to_owned())),
        Some(_) => Ok(()),
        None => {
            let mut begun = [target.join("data/relais.sqlite"), there.join("journal.jsonl")]
                .into_iter()
                .chain(FOLDERS.map(|sub| there.join("mail").join(sub)));
            let is_full = |path: &PathBuf| {
                path.is_file() || fs::read_dir(path).is_ok_and(|mut found| found.next().is_some())
            };
            match begun.find(is_full) {
                Some(_) => Err(BackupError::NoCopy(target.to_owned())),
                None => Ok(()),
            }
        }
    }
}

/// What was written to the disk `folder` is on is there to stay.
fn flush(folder: &Path) -> Result<(), BackupError> {
    let open = fs::File::open(folder).map_err(at(folder))?;
    rustix::fs::syncfs(&open).map_err(|error| at(folder)(error.into()))
}

/// Where a folder is or would be: links are followed as far as there is something.
fn real(folder: &Path) -> io::Result<PathBuf> {
    let folder = std::path::absolute(folder)?;
    let mut there = folder.as_path();
    while !there.exists() {
        let Some(above) = there.parent() else { break };
        there = above;
    }
    Ok(there.canonicalize()?.join(folder.strip_prefix(there).unwrap_or(Path::new(""))))
}

fn store_copy(store: &Store, data: &Path) -> Result<HashSet<String>, BackupError> {
    let (draft, path) = (data.join("relais.sqlite.new"), data.join("relais.sqlite"));
    remove(&draft)?;
    let known = store.copy_to(&draft)?;
    // Somebody may have tried the last copy; its log is not this one's.
    for log in ["relais.sqlite-wal", "relais.sqlite-shm"] {
        remove(&data.join(log))?;
    }
    fs::rename(&draft, &path).map_err(at(&path))?;
    Ok(known)
}

/// The keys that sign: their records are published, and a gateway that is to sign does not start without them.
fn keys(from: &Path, to: &Path) -> Result<(), BackupError> {
    let entries = match fs::read_dir(from) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(at(from))?,
    };
    fs::DirBuilder::new().recursive(true).mode(0o700).create(to).map_err(at(to))?;
    for entry in entries {
        let key = entry.map_err(at(from))?.path();
        if let Some(name) = key.file_name().filter(|_| key.is_file()) {
            whole_copy(&key, &to.join(name))?;
        }
    }
    Ok(())
}

/// The new file takes the place of the old one when it is complete.
fn whole_copy(from: &Path, to: &Path) -> Result<(), BackupError> {
    let draft = to.with_extension("new");
    // With the permissions of the original.
    fs::copy(from, &draft).map_err(at(from))?;
    fs::rename(&draft, to).map_err(at(to))
}

fn remove(path: &Path) -> Result<(), BackupError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(at(path)(error)),
        _ => Ok(()),
    }
}

/// The files of a Maildir: folder and name.
fn listed(mail: &Path) -> Result<Vec<(&'static str, String)>, BackupError> {
    let mut found = Vec::new();
    for sub in FOLDERS {
        let folder = mail.join(sub);
        for entry in fs::read_dir(&folder).map_err(at(&folder))? {
            let name = entry.map_err(at(&folder))?.file_name();
            found.push((sub, name.to_string_lossy().into_owned()));
        }
    }
    Ok(found)
}

fn base(name: &str) -> &str {
    name.split(':').next().unwrap_or_default()
}

fn mails(
    from: &Path,
    to: &Path,
    known: &HashSet<String>,
    progress: &mut impl FnMut(usize, usize),
) -> Result<Copied, BackupError> {
    let mut there: HashMap<String, PathBuf> = HashMap::new();
    for (sub, name) in listed(to)? {
        there.insert(base(&name).to_owned(), to.join(sub).join(name));
    }
    let source = listed(from)?;
    let mut copied = Copied::default();
    let mut seen = HashSet::new();
    for (sub, name) in &source {
        let key = base(name);
        // Listed in two folders, it moved in between: the first time it was found where it is.
        if seen.contains(key) {
            continue;
        }
        let Some(found) = Found::open(from, sub, name) else { continue };
        seen.insert(key.to_owned());
        let spooled = found.sub == "new" || found.sub == "cur" && !known.contains(key);
        let place =
            if spooled { to.join("new").join(key) } else { to.join(found.sub).join(&found.name) };
        if found.keep_or_copy(there.remove(key).as_deref(), &place, &to.join("tmp").join(key))? {
            copied.new += 1;
        }
        copied.mails += 1;
        progress(copied.mails, source.len());
    }
    copied.removed = there.len();
    for path in there.values() {
        remove(path)?;
    }
    Ok(copied)
}

/// So often a file is looked for that moves while it is looked for.
const LOOKS: usize = 3;

/// A mail, open: from now on it may be moved, it is read all the same.
struct Found {
    sub: &'static str,
    name: String,
    path: PathBuf,
    file: fs::File,
}

impl Found {
    /// Opens a file that was seen here, wherever intake or a reader's mark have moved it. `None`: deleted since.
    fn open(mail: &Path, sub: &'static str, name: &str) -> Option<Self> {
        let key = SpoolName::from_file_name(name)?;
        let key = key.as_str();
        let places = [
            (sub, name.to_owned()),
            ("new", key.to_owned()),
            ("cur", format!("{key}:2,")),
            ("cur", format!("{key}:2,S")),
            ("failed", key.to_owned()),
        ];
        (0..LOOKS).flat_map(|_| places.iter()).find_map(|(sub, name)| {
            let path = mail.join(sub).join(name);
            let file = fs::File::open(&path).ok()?;
            Some(Found { sub, name: name.clone(), path, file })
        })
    }

    /// Gives true when it had to be copied.
    fn keep_or_copy(
        mut self,
        last: Option<&Path>,
        place: &Path,
        draft: &Path,
    ) -> Result<bool, BackupError> {
        let meta = self.file.metadata().map_err(at(&self.path))?;
        let changed = meta.modified().map_err(at(&self.path))?;
        if let Some(last) = last {
            let old = fs::metadata(last).map_err(at(last))?;
            if old.len() == meta.len() && old.modified().is_ok_and(|at| at == changed) {
                fs::rename(last, place).map_err(at(place))?;
                return Ok(false);
            }
            remove(last)?;
        }
        let mut options = fs::File::options();
        options.write(true).create(true).truncate(true).mode(0o600);
        let mut copy = options.open(draft).map_err(at(draft))?;
        io::copy(&mut self.file, &mut copy).map_err(at(draft))?;
        // What tells the next time that it need not be copied.
        copy.set_modified(changed).map_err(at(draft))?;
        fs::rename(draft, place).map_err(at(place))?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Intake sets one aside, a reader marks another, while the copy is being made.
    #[test]
    fn a_mail_that_moves_meanwhile_is_copied_from_where_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let (data, maildirs) = (dir.path().join("data"), dir.path().join("maildirs"));
        let mail = maildirs.join("mail");
        for folder in [&data, &mail.join("new"), &mail.join("cur"), &mail.join("failed")] {
            fs::create_dir_all(folder).unwrap();
        }
        for name in ["secret", "journal.jsonl"] {
            fs::write(maildirs.join(name), "x").unwrap();
        }
        for name in ["1", "2", "3"] {
            fs::write(mail.join("new").join(name), name).unwrap();
        }
        let store = Store::open(&data.join("relais.sqlite")).unwrap();
        let source = Source { store: &store, data: &data, maildirs: &maildirs };
        let target = dir.path().join("copy");
        let copied = take(source, &target, |done, _| {
            if done == 1 {
                for (name, to) in [("1", "failed/1"), ("2", "failed/2"), ("3", "cur/3:2,S")] {
                    fs::rename(mail.join("new").join(name), mail.join(to)).unwrap();
                }
            }
        });
        assert_eq!(copied.unwrap(), Copied { mails: 3, new: 3, removed: 0 });
        let there: usize = FOLDERS
            .iter()
            .map(|sub| fs::read_dir(target.join("maildirs/mail").join(sub)).unwrap().count())
            .sum();
        assert_eq!(there, 3, "each once");
    }
}
