//! `relais explain`: how a message is read, as JSON. The shape is documented in docs/explain.md.

use std::{
    io::{self, BufWriter, Write},
    path::PathBuf,
};

use serde::Serialize;

use super::{Failure, letters};
use crate::ground::{automatic::Hints, letter::Letter, reading::Reading};

/// A reading, and where its letter lies.
#[derive(Serialize)]
struct Explained {
    source: String,
    #[serde(flatten)]
    reading: Reading,
}

/// What cannot be read is named at the end; everything else is explained all the same.
pub(super) fn run(paths: &[PathBuf], jsonl: bool) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut unread: Vec<String> = Vec::new();
    for path in paths {
        let places = letters::at(path, jsonl).unwrap_or_else(|failure| {
            unread.push(failure.to_string());
            Vec::new()
        });
        for place in places {
            let source = place.source();
            let raw = match place.read() {
                Ok(raw) => raw,
                Err(error) => {
                    unread.push(format!("{source}: {error}"));
                    continue;
                }
            };
            let reading = Reading::of(&Letter::read(&raw), &Hints::default());
            let explained = Explained { source, reading };
            if jsonl {
                serde_json::to_writer(&mut out, &explained)?;
            } else {
                serde_json::to_writer_pretty(&mut out, &explained)?;
            }
            out.write_all(b"\n")?;
        }
    }
    out.flush()?;
    if unread.is_empty() { Ok(()) } else { Err(unread.join("\nrelais: ").into()) }
}
