//! A copy of everything in a folder, while the gateway runs: the store, the mail, its journal and the secret, laid out
//! as `relais serve` wants them.
//!
//! The store is copied first and says how far the copy goes: mail it does not know yet goes into the copy's spool, where
//! the next start threads it. What lies there from the last time is not copied again, and what is gone is removed.

use std::{
    collections::{HashMap, HashSet},
    fs, io,
    os::unix::fs::DirBuilderExt,
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

/// Copies `store` and the folder `maildirs` into `target`; `progress` hears how many mails of how many are there.
pub fn take(
    store: &Store,
    maildirs: &Path,
    target: &Path,
    mut progress: impl FnMut(usize, usize),
) -> Result<Copied, BackupError> {
    let (data, mail) = (target.join("data"), target.join("maildirs/mail"));
    let mut private = fs::DirBuilder::new();
    private.recursive(true).mode(0o700);
    for folder in FOLDERS.map(|sub| mail.join(sub)).iter().chain([&data, &mail.join("tmp")]) {
        private.create(folder).map_err(at(folder))?;
    }
    let same = |a: &Path, b: &Path| Ok::<_, io::Error>(a.canonicalize()? == b.canonicalize()?);
    if same(&target.join("maildirs"), maildirs).map_err(at(maildirs))? {
        return Err(BackupError::Own(target.to_owned()));
    }
    let known = store_copy(store, &data)?;
    for name in ["secret", "journal.jsonl"] {
        whole_copy(&maildirs.join(name), &target.join("maildirs").join(name))?;
    }
    let copied = mails(&maildirs.join("mail"), &mail, &known, &mut progress)?;
    let folder = fs::File::open(target).map_err(at(target))?;
    rustix::fs::syncfs(&folder).map_err(|error| at(target)(error.into()))?;
    Ok(copied)
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

/// The new file takes the place of the old one when it is complete.
fn whole_copy(from: &Path, to: &Path) -> Result<(), BackupError> {
    let draft = to.with_extension("new");
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
        // Listed in two folders, it moved in between: the second time is where it is.
        if !seen.insert(key.to_owned()) {
            continue;
        }
        let Some(path) = current(from, sub, name) else { continue };
        let spooled = *sub == "new" || *sub == "cur" && !known.contains(key);
        let place = if spooled { to.join("new").join(key) } else { to.join(sub).join(name) };
        if keep_or_copy(&path, there.remove(key).as_deref(), &place, &to.join("tmp").join(key))? {
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

/// Where a file is now that was seen here: intake, or a reader's mark, may have moved it. `None`: deleted since.
fn current(mail: &Path, sub: &str, name: &str) -> Option<PathBuf> {
    let key = SpoolName::from_file_name(name)?;
    let cur = mail.join("cur");
    let marks = ["", "S"].map(|flags| cur.join(format!("{}:2,{flags}", key.as_str())));
    [mail.join(sub).join(name)].into_iter().chain(marks).find(|path| path.exists())
}

/// Gives true when it had to be copied.
fn keep_or_copy(
    from: &Path,
    last: Option<&Path>,
    place: &Path,
    draft: &Path,
) -> Result<bool, BackupError> {
    let meta = fs::metadata(from).map_err(at(from))?;
    let changed = meta.modified().map_err(at(from))?;
    if let Some(last) = last {
        let old = fs::metadata(last).map_err(at(last))?;
        if old.len() == meta.len() && old.modified().is_ok_and(|at| at == changed) {
            fs::rename(last, place).map_err(at(place))?;
            return Ok(false);
        }
        remove(last)?;
    }
    fs::copy(from, draft).map_err(at(from))?;
    // What tells the next time that it need not be copied.
    let file = fs::File::options().append(true).open(draft).map_err(at(draft))?;
    file.set_modified(changed).map_err(at(draft))?;
    fs::rename(draft, place).map_err(at(place))?;
    Ok(true)
}
