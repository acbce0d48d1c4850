//! `relais explain`: how a message is read, as JSON. The shape is documented in docs/explain.md.

use std::{
    fs,
    io::{self, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

use super::Failure;
use crate::ground::{automatic::Hints, letter::Letter, reading::Reading};

pub(super) fn run(paths: &[PathBuf], jsonl: bool) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    for path in paths {
        for raw in messages(path, jsonl)? {
            let reading = Reading::of(&Letter::read(&raw), &Hints::default());
            if jsonl {
                serde_json::to_writer(&mut out, &reading)?;
            } else {
                serde_json::to_writer_pretty(&mut out, &reading)?;
            }
            out.write_all(b"\n")?;
        }
    }
    out.flush()?;
    Ok(())
}

/// The raw messages at a path.
pub(super) fn messages(path: &Path, many: bool) -> Result<Vec<Vec<u8>>, Failure> {
    let wrap = |error: io::Error| format!("{}: {error}", path.display());
    if path == Path::new("-") {
        let mut raw = Vec::new();
        io::stdin().lock().read_to_end(&mut raw)?;
        return Ok(vec![raw]);
    }
    if many && path.is_dir() {
        let mut files: Vec<PathBuf> = Vec::new();
        for folder in [path.to_owned(), path.join("new"), path.join("cur")] {
            if let Ok(entries) = fs::read_dir(&folder) {
                files.extend(entries.flatten().map(|entry| entry.path()).filter(|p| p.is_file()));
            }
        }
        files.sort();
        return files.iter().map(|file| Ok(fs::read(file)?)).collect();
    }
    let raw = fs::read(path).map_err(wrap)?;
    Ok(if many && raw.starts_with(b"From ") { split_mbox(&raw) } else { vec![raw] })
}

/// mboxrd: a message begins at a `From ` line after an empty one; `>From ` loses one `>`.
fn split_mbox(raw: &[u8]) -> Vec<Vec<u8>> {
    let mut messages: Vec<Vec<u8>> = Vec::new();
    let mut after_empty = true;
    for line in raw.split_inclusive(|b| *b == b'\n') {
        if after_empty && line.starts_with(b"From ") {
            messages.push(Vec::new());
        } else if let Some(message) = messages.last_mut() {
            let quotes = line.iter().take_while(|b| **b == b'>').count();
            let quoted = quotes > 0 && line[quotes..].starts_with(b"From ");
            message.extend_from_slice(if quoted { &line[1..] } else { line });
        }
        after_empty = line == b"\n" || line == b"\r\n";
    }
    messages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_mbox_is_split_and_unquoted() {
        let mbox = b"From a\nSubject: 1\n\ninside a line From is nothing:\n>From here\n\nFrom b\nSubject: 2\n\nx\n";
        let messages = split_mbox(mbox);
        assert_eq!(messages.len(), 2);
        assert!(messages[0].ends_with(b"From here\n\n"));
    }
}
