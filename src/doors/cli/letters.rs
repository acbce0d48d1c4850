//! Letters at a path: a file, a Maildir with its sub-folders, an mbox, or folders of all these. Only where each letter lies
//! is kept in memory, for exports are larger than a small server's.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use super::Failure;

/// Folders are followed this deep.
const MAX_DEPTH: usize = 20;

/// Where a letter lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    path: PathBuf,
    /// In an mbox: its number from one, where its `From ` line ends, and how long it is.
    part: Option<Part>,
    /// The bytes, of what can be read only once.
    raw: Option<Vec<u8>>,
}

/// Number, start and length.
type Part = (usize, u64, u64);

impl Place {
    /// The path, with `#n` for the nth letter of an mbox.
    pub(super) fn source(&self) -> String {
        match self.part {
            Some((number, ..)) => format!("{}#{number}", self.path.display()),
            None => self.path.display().to_string(),
        }
    }

    /// The letter's bytes.
    pub(super) fn read(&self) -> io::Result<Vec<u8>> {
        match (&self.raw, self.part) {
            (Some(raw), _) => Ok(raw.clone()),
            (None, None) if self.path == Path::new("-") => stream(&self.path),
            (None, None) => fs::read(&self.path),
            (None, Some((_, start, length))) => {
                let mut file = File::open(&self.path)?;
                file.seek(SeekFrom::Start(start))?;
                let mut raw = Vec::new();
                file.take(length).read_to_end(&mut raw)?;
                Ok(unquoted(&raw))
            }
        }
    }
}

/// The letters at a path; of one only file where `many` is not asked for.
pub(super) fn at(path: &Path, many: bool) -> Result<Vec<Place>, Failure> {
    let mut places = Vec::new();
    if !many && path.is_dir() {
        return Err(
            format!("{}: is a folder; --jsonl reads all that is in it", path.display()).into()
        );
    }
    let found = if many {
        gather(path, 0, &mut places)
    } else {
        places.push(Place { path: path.to_owned(), part: None, raw: None });
        Ok(())
    };
    found.map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(places)
}

fn gather(path: &Path, depth: usize, places: &mut Vec<Place>) -> io::Result<()> {
    if path == Path::new("-") {
        return read_once(path, places);
    }
    let about = fs::metadata(path)?;
    if about.is_file() {
        return parts(path, places);
    }
    if !about.is_dir() {
        // A pipe in a folder may never end.
        return if depth == 0 { read_once(path, places) } else { Ok(()) };
    }
    if depth >= MAX_DEPTH {
        return Ok(());
    }
    let mut inside: Vec<PathBuf> =
        fs::read_dir(path)?.flatten().map(|entry| entry.path()).filter(|p| !is_index(p)).collect();
    inside.sort();
    inside.iter().try_for_each(|one| gather(one, depth + 1, places))
}

/// What mail programs keep beside letters, and what a Maildir has not finished.
fn is_index(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let ends = [".msf", ".dat", ".sqlite", ".lock", ".index"];
    let plain =
        ["tmp", "maildirfolder", "subscriptions", "courierimapuiddb", ".DS_Store", ".uidvalidity"];
    ends.iter().any(|end| name.ends_with(end))
        || plain.contains(&&*name)
        || name.starts_with("dovecot")
        || path.is_symlink() && path.is_dir()
}

/// The bytes of standard input or a pipe.
fn stream(path: &Path) -> io::Result<Vec<u8>> {
    let mut raw = Vec::new();
    if path == Path::new("-") {
        io::stdin().lock().read_to_end(&mut raw)?;
    } else {
        File::open(path)?.read_to_end(&mut raw)?;
    }
    Ok(raw)
}

/// The letters of what cannot be read again: they are kept.
fn read_once(path: &Path, places: &mut Vec<Place>) -> io::Result<()> {
    let raw = stream(path)?;
    let path = path.to_owned();
    let Some(parts) = split(&mut &raw[..])? else {
        places.push(Place { path, part: None, raw: Some(raw) });
        return Ok(());
    };
    let within = |place: u64| usize::try_from(place).unwrap_or(usize::MAX).min(raw.len());
    places.extend(parts.into_iter().map(|part| {
        let letter = &raw[within(part.1)..within(part.1 + part.2)];
        Place { path: path.clone(), part: Some(part), raw: Some(unquoted(letter)) }
    }));
    Ok(())
}

/// The letters of a file.
fn parts(path: &Path, places: &mut Vec<Place>) -> io::Result<()> {
    let found = split(&mut BufReader::with_capacity(1 << 16, File::open(path)?))?;
    let place = |part| Place { path: path.to_owned(), part, raw: None };
    match found {
        Some(parts) => places.extend(parts.into_iter().map(|part| place(Some(part)))),
        None => places.push(place(None)),
    }
    Ok(())
}

/// The letters of mboxrd and its kin, where one begins at a `From ` line after an empty one; `None`: it is no mbox.
fn split(file: &mut impl BufRead) -> io::Result<Option<Vec<Part>>> {
    if !file.fill_buf()?.starts_with(b"From ") {
        return Ok(None);
    }
    let mut parts = Vec::new();
    let (mut at, mut number, mut start, mut after_empty) = (0_u64, 0, 0_u64, true);
    let mut keep = |number: usize, start: u64, end: u64| {
        if number > 0 {
            parts.push((number, start, end - start));
        }
    };
    let mut line = Vec::new();
    loop {
        line.clear();
        let length = file.read_until(b'\n', &mut line)? as u64;
        if length == 0 {
            break;
        }
        if after_empty && line.starts_with(b"From ") {
            keep(number, start, at);
            (number, start) = (number + 1, at + length);
        }
        at += length;
        after_empty = line == b"\n" || line == b"\r\n";
    }
    keep(number, start, at);
    Ok(Some(parts))
}

/// `>From ` loses one `>`.
fn unquoted(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    for line in raw.split_inclusive(|b| *b == b'\n') {
        let quotes = line.iter().take_while(|b| **b == b'>').count();
        let quoted = quotes > 0 && line[quotes..].starts_with(b"From ");
        out.extend_from_slice(if quoted { &line[1..] } else { line });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const MBOX: &[u8] = b"From a\nSubject: 1\n\ninside a line From is nothing:\n>From here\n\nFrom b\nSubject: 2\n\nx\n";

    #[test]
    fn an_mbox_is_split_and_unquoted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("all.mbox");
        fs::write(&path, MBOX).unwrap();
        let places = at(&path, true).unwrap();
        let letters: Vec<Vec<u8>> = places.iter().map(|p| p.read().unwrap()).collect();
        assert_eq!(letters.len(), 2);
        assert!(letters[0].starts_with(b"Subject: 1") && letters[0].ends_with(b"\nFrom here\n\n"));
        assert_eq!(letters[1], b"Subject: 2\n\nx\n");
        assert!(places[1].source().ends_with("all.mbox#2"));
        assert_eq!(at(&path, false).unwrap()[0].read().unwrap(), MBOX, "asked for as one");
        let refused = at(folder.path(), false).unwrap_err().to_string();
        assert!(refused.contains("is a folder; --jsonl reads all"), "{refused}");
        // What comes through a pipe cannot be read again.
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let writer = std::thread::spawn({
            let pipe = pipe.clone();
            move || fs::write(pipe, MBOX).unwrap()
        });
        let places = at(&pipe, true).unwrap();
        writer.join().unwrap();
        let again: Vec<Vec<u8>> = places.iter().map(|p| p.read().unwrap()).collect();
        assert_eq!(again, letters);
        assert!(places[1].source().ends_with("pipe#2"));
    }

    #[test]
    fn folders_are_read_with_what_lies_in_them() {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in [
            ("cur/1:2,S", &b"Subject: a\n\nx\n"[..]),
            ("new/2", b"Subject: b\n\nx\n"),
            ("tmp/3", b"Subject: unfinished\n\nx\n"),
            (".Sent/cur/4:2,S", b"Subject: c\n\nx\n"),
            ("sub/deep/5.eml", b"Subject: d\n\nx\n"),
            ("Local/Inbox", MBOX),
            ("Local/Inbox.msf", b"index"),
        ] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let places = at(folder.path(), true).unwrap();
        let mut letters: Vec<String> =
            places.iter().map(|p| String::from_utf8(p.read().unwrap()).unwrap()).collect();
        letters.sort();
        let subjects: Vec<&str> = letters.iter().map(|l| l.lines().next().unwrap()).collect();
        let expected = ["1", "2", "a", "b", "c", "d"].map(|s| format!("Subject: {s}"));
        assert_eq!(subjects, expected);
        assert!(at(&folder.path().join("none"), true).is_err());
    }
}
