//! The archives of `threads/archives`, unpacked in memory: letters with a name each.

use std::{path::Path, process::Command};

pub(crate) fn unpacked(path: &Path) -> Vec<u8> {
    Command::new("xz").arg("-dc").arg(path).output().map(|o| o.stdout).unwrap_or_default()
}

pub(crate) fn mbox(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut letters: Vec<(String, Vec<u8>)> = Vec::new();
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        if line.starts_with(b"From mboxrd@z") {
            letters.push((format!("#{}", letters.len()), Vec::new()));
        } else if let Some((_, letter)) = letters.last_mut() {
            let quoted = line.iter().take_while(|b| **b == b'>').count();
            let cut = usize::from(quoted > 0 && line[quoted..].starts_with(b"From "));
            letter.extend_from_slice(&line[cut..]);
        }
    }
    letters
}

/// The regular files of a tar (POSIX ustar): 512-byte header, name at 0, size in octal at 124, type at 156.
pub(crate) fn tar(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(header) = bytes.get(at..at + 512) {
        let text = |range: std::ops::Range<usize>| {
            String::from_utf8_lossy(&header[range])
                .trim_end_matches(['\0', ' '])
                .trim_start()
                .to_owned()
        };
        let size = usize::from_str_radix(&text(124..136), 8).unwrap_or(0);
        if matches!(header[156], b'0' | 0) && size > 0 {
            let end = (at + 512 + size).min(bytes.len());
            found.push((text(0..100), bytes[at + 512..end].to_vec()));
        }
        at += 512 + size.div_ceil(512) * 512;
    }
    found
}
