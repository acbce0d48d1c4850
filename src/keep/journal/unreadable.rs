//! Lines of the journal that nobody can read: what they said is not known, where they stand is.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

use super::{Entry, Journal, JournalError};

impl Journal {
    /// The numbers of the whole lines that cannot be read, the first being 1. One that just stops was cut by a crash, and
    /// never answered.
    pub fn unreadable(&self) -> Result<Vec<usize>, JournalError> {
        let wrap = |source| self.trouble(source);
        let mut found = Vec::new();
        let mut reader = BufReader::new(File::open(&self.path).map_err(wrap)?);
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            let read = reader.read_until(b'\n', &mut line).map_err(wrap)?;
            // Half a line is still being written.
            if read == 0 || line.pop() != Some(b'\n') {
                break;
            }
            let is_blank = line.iter().all(|byte| *byte == b' ');
            match serde_json::from_slice::<Entry>(&line) {
                Err(error) if !is_blank && !error.is_eof() => found.push(number),
                _ => {}
            }
        }
        Ok(found)
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }
}
