//! Results that a mail brings and that say they are ours (RFC 8601, 5): taken out while it comes in, or somebody who
//! reads the file would believe them.

/// The field's name, folded, with its colon.
const NAME: &[u8] = b"authentication-results:";
/// A field longer than this is passed on unread; servers refuse it anyway.
const MAX_FIELD_BYTES: usize = 64 * 1024;

/// Reads the header of a message as it comes, in pieces of any size, and passes on all but what claims to be ours.
#[derive(Debug)]
pub struct ForeignResults {
    our_name: String,
    /// The field being read; nothing of it has been passed on.
    field: Vec<u8>,
    at_line_start: bool,
    in_header: bool,
}

impl ForeignResults {
    /// For a message that comes in to this host.
    pub fn new(our_name: &str) -> Self {
        let our_name = our_name.to_ascii_lowercase();
        ForeignResults { our_name, field: Vec::new(), at_line_start: true, in_header: true }
    }

    /// The bytes to keep of the next piece, in two parts: what was held back and is decided, and the rest.
    pub fn pass<'a>(&mut self, piece: &'a [u8]) -> (Vec<u8>, &'a [u8]) {
        let mut decided = Vec::new();
        let mut rest = piece;
        while self.in_header && !rest.is_empty() {
            let line_ends = rest.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
            let (line, after) = rest.split_at(line_ends.unwrap_or(rest.len()));
            if self.at_line_start && !matches!(line[0], b' ' | b'\t') {
                self.decide(&mut decided);
                // An empty line ends the header; so does what is no header at all.
                self.in_header = !matches!(line[0], b'\r' | b'\n');
            }
            self.field.extend_from_slice(line);
            self.at_line_start = line_ends.is_some();
            self.in_header &= self.field.len() <= MAX_FIELD_BYTES;
            rest = after;
        }
        if !self.in_header {
            decided.append(&mut self.field);
        }
        (decided, rest)
    }

    /// What is still held back when the message ends within its header.
    pub fn end(&mut self) -> Vec<u8> {
        let mut decided = Vec::new();
        self.decide(&mut decided);
        decided
    }

    fn decide(&mut self, decided: &mut Vec<u8>) {
        if !self.is_ours() {
            decided.append(&mut self.field);
        }
        self.field.clear();
    }

    fn is_ours(&self) -> bool {
        let field = &self.field;
        let named = field.len() > NAME.len() && field[..NAME.len()].eq_ignore_ascii_case(NAME);
        if !named {
            return false;
        }
        let value = String::from_utf8_lossy(&field[NAME.len()..]).to_ascii_lowercase();
        let mut value = value.trim_start();
        while let Some(behind) = value.strip_prefix('(').and_then(|c| c.split_once(')')) {
            value = behind.1.trim_start();
        }
        let id =
            value.split(|c: char| c.is_whitespace() || ";(\"".contains(c)).find(|w| !w.is_empty());
        id.is_some_and(|id| id == self.our_name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_claims_to_be_ours_is_taken_out_however_it_is_cut() {
        for (mail, kept) in [
            (
                "Authentication-Results: mx.here; spf=pass\r\nFrom: a@b\r\n\r\nhi",
                "From: a@b\r\n\r\nhi",
            ),
            (
                "A: 1\r\nauthentication-results:\r\n\tMX.HERE;\r\n dkim=pass\r\nB: 2\r\n\r\n",
                "A: 1\r\nB: 2\r\n\r\n",
            ),
            ("Authentication-Results: (x) \"mx.here\" 1; spf=pass\r\n\r\n", "\r\n"),
            (
                "Authentication-Results: mx.there; spf=pass\r\n\r\n",
                "Authentication-Results: mx.there; spf=pass\r\n\r\n",
            ),
            (
                "A: 1\r\n\r\nAuthentication-Results: mx.here\r\n",
                "A: 1\r\n\r\nAuthentication-Results: mx.here\r\n",
            ),
            ("Authentication-Results: mx.here; spf=pass", ""),
            ("A: 1", "A: 1"),
            ("", ""),
        ] {
            for size in 1..=mail.len().max(1) {
                let mut filter = ForeignResults::new("mx.here");
                let mut out = Vec::new();
                for piece in mail.as_bytes().chunks(size) {
                    let (decided, rest) = filter.pass(piece);
                    out.extend(decided);
                    out.extend(rest);
                }
                out.extend(filter.end());
                assert_eq!(String::from_utf8(out).unwrap(), kept, "{mail:?} in pieces of {size}");
            }
        }
    }
}
