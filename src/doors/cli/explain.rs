//! `relais explain`: how a message is read, as JSON. The shape is documented in docs/explain.md.

use std::{
    borrow::Cow,
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

/// JSON leaves these as they are, and many programs end a line at them.
fn one_line(json: &str) -> Cow<'_, str> {
    let ends = |c: char| matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}');
    if !json.contains(ends) {
        return Cow::Borrowed(json);
    }
    let escaped = |c: char| {
        if ends(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() }
    };
    Cow::Owned(json.chars().map(escaped).collect())
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
                out.write_all(one_line(&serde_json::to_string(&explained)?).as_bytes())?;
            } else {
                serde_json::to_writer_pretty(&mut out, &explained)?;
            }
            out.write_all(b"\n")?;
        }
    }
    out.flush()?;
    if unread.is_empty() { Ok(()) } else { Err(unread.join("\nrelais: ").into()) }
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn one_message_is_one_line_for_every_reader() {
        let text = "a\u{2028}b\u{2029}c\u{85}d é\n";
        let json = serde_json::to_string(text).unwrap();
        let line = one_line(&json);
        assert!(!line.contains(['\u{2028}', '\u{2029}', '\u{85}', '\n']));
        assert_eq!(serde_json::from_str::<String>(&line).unwrap(), text);
    }
}
