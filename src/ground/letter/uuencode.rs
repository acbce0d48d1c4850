//! Files inside a text: `begin 644 name` … `end` (POSIX uuencode).

/// A file found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) content: Vec<u8>,
}

/// Files in one text that are opened; more are left in it.
const MAX_FILES: usize = 50;

/// Takes the files out of a text; what is no complete file stays.
pub(super) fn extract(text: &str) -> (String, Vec<File>) {
    let mut files = Vec::new();
    if !text.contains("begin ") {
        return (text.to_owned(), files);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(line) = rest.split_inclusive('\n').next() {
        rest = &rest[line.len()..];
        if files.len() < MAX_FILES
            && let Some(name) = begin(line)
            && let Some((content, taken)) = body(rest)
        {
            files.push(File { name: name.to_owned(), content });
            rest = &rest[taken..];
        } else {
            out.push_str(line);
        }
    }
    (out, files)
}

fn begin(line: &str) -> Option<&str> {
    let (mode, name) = line.trim_end().strip_prefix("begin ")?.split_once(' ')?;
    let is_mode = matches!(mode.len(), 3 | 4) && mode.bytes().all(|b| (b'0'..=b'7').contains(&b));
    (is_mode && !name.trim().is_empty()).then(|| name.trim())
}

/// (content, bytes of text taken); stops at the first line that is none of uuencode, so a false `begin`
/// costs no more than the lines it looks at.
fn body(text: &str) -> Option<(Vec<u8>, usize)> {
    let mut content = Vec::new();
    let mut taken = 0;
    for line in text.split_inclusive('\n') {
        taken += line.len();
        let bytes = line.trim_end_matches(['\n', '\r']).as_bytes();
        match bytes {
            b"end" => return Some((content, taken)),
            [] | b"`" | b" " => {}
            _ => decode_line(bytes, &mut content)?,
        }
    }
    None
}

fn decode_line(line: &[u8], content: &mut Vec<u8>) -> Option<()> {
    let value = |b: u8| (b' '..=b'`').contains(&b).then(|| (b - b' ') & 0x3f);
    let count = usize::from(value(line[0])?);
    let needed = count.div_ceil(3) * 4;
    // Trailing spaces may have been lost on the way; much more than needed is no uuencode.
    if line.len() - 1 > needed + 4 {
        return None;
    }
    let mut decoded = Vec::with_capacity(count + 2);
    for group in 0..count.div_ceil(3) {
        let mut bits = 0u32;
        for n in 0..4 {
            let b = line.get(1 + group * 4 + n).copied().unwrap_or(b' ');
            bits = bits << 6 | u32::from(value(b)?);
        }
        decoded.extend_from_slice(&bits.to_be_bytes()[1..]);
    }
    decoded.truncate(count);
    content.extend(decoded);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_taken_out_of_the_text() {
        let text = "Hello\nbegin 644 cat.txt\n#0V%T\n`\nend\nbye\n";
        let (rest, files) = extract(text);
        assert_eq!(rest, "Hello\nbye\n");
        assert_eq!(files, [File { name: "cat.txt".into(), content: b"Cat".to_vec() }]);
    }

    #[test]
    fn sentences_that_begin_stay() {
        for text in [
            "begin 644 things\nwith me, or leave them all as they are now\n",
            "begin with the end\n",
            "begin 644 x\n#0V%T\n",
        ] {
            assert_eq!(extract(text), (text.to_owned(), Vec::new()));
        }
    }
}
