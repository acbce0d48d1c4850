//! The tree of parts: one pass over the lines with a stack of open boundaries.
//!
//! mail-parser, on which the first version of this room stood, lets a part that never closes swallow its
//! neighbours, searches the rest of the mail again for every boundary that never comes (2 MB: a minute), and
//! drops nested letters by recursion (9 MB of `Content-Type: message/rfc822` overflow a worker's stack and end
//! the process). Here a line belongs to the innermost open boundary it matches, every byte is looked at a
//! bounded number of times, and depth and count are limited.

use std::ops::Range;

use super::{
    fields::{self, Block},
    params::{self, Parameterized},
};

/// Parts of one letter that are followed; the rest stays in the raw mail only.
pub(super) const MAX_PARTS: usize = 500;

/// Multiparts and letters inside each other.
pub(super) const MAX_DEPTH: usize = 24;

/// A boundary is at most 70 characters (RFC 2046, 5.1.1); some senders write more, none writes this much.
const MAX_BOUNDARY: usize = 512;

/// What a part is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// Something with a body of its own.
    Leaf,
    /// Children in order.
    Multipart(Vec<usize>),
    /// message/rfc822, not encoded: the child is the inner letter.
    Letter(usize),
}

/// One part. Ranges are of the raw letter.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) header: Block,
    pub(super) body: Range<usize>,
    pub(super) content_type: Parameterized,
    pub(super) content: Content,
    /// Said to be a multipart, but no part was found in it.
    pub(super) is_hollow: bool,
}

/// The parts of a letter, the root first, and what was wrong with the structure.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    pub(super) parts: Vec<Part>,
    pub(super) broken: bool,
    pub(super) too_deep: bool,
}

struct Open {
    part: usize,
    boundary: Vec<u8>,
    /// The closing delimiter was seen; what follows is epilogue unless the boundary comes again.
    closed: bool,
    is_digest: bool,
}

struct Builder<'a> {
    raw: &'a [u8],
    limit: usize,
    tree: Tree,
    stack: Vec<Open>,
    /// Parts before this one have their end.
    settled: usize,
}

/// Reads the tree of a whole letter.
pub(super) fn read(raw: &[u8]) -> Tree {
    let mut builder =
        Builder { raw, limit: raw.len(), tree: Tree::default(), stack: Vec::new(), settled: 0 };
    builder.run();
    builder.tree
}

/// The media type a part is read as when it names none or half of one (RFC 2045, 5.2).
fn repaired(mut content_type: Parameterized, in_digest: bool) -> Parameterized {
    let value = content_type.value.as_str();
    content_type.value = match value {
        "" if in_digest => "message/rfc822".to_owned(), // RFC 2046, 5.1.5
        "" if content_type.get("boundary").is_some() => "multipart/mixed".to_owned(),
        "" | "text" | "text/" | "plain" => "text/plain".to_owned(),
        "html" | "text/htm" => "text/html".to_owned(),
        "multipart" | "multipart/" => "multipart/mixed".to_owned(),
        "message/global" | "message/news" | "message" => "message/rfc822".to_owned(),
        other if other.contains(|c: char| "<>()@,;:\\\"[]?=".contains(c)) => {
            // No type at all, perhaps the first line of the content.
            let kind = if other.contains("html") { "html" } else { "plain" };
            format!("text/{kind}")
        }
        other if other.contains('/') => other.replace(char::is_whitespace, ""),
        other => format!("{other}/octet-stream"),
    };
    content_type
}

impl Builder<'_> {
    fn run(&mut self) {
        let at = self.entity(0, false);
        self.lines(at);
        self.tree.broken |= self.stack.iter().any(|open| !open.closed);
        self.fill_hollow();
        self.end_letters();
    }

    /// Looks for delimiters line by line and reads the part after each.
    fn lines(&mut self, start: usize) {
        let mut at = start;
        while at < self.limit && !self.stack.is_empty() {
            let (end, next) = fields::line(self.raw, at, self.limit);
            let Some((level, closing)) = self.delimiter(&self.raw[at..end]) else {
                at = next;
                continue;
            };
            self.close_down_to(level, at);
            self.stack[level].closed = closing;
            if closing {
                at = next;
            } else if self.tree.parts.len() >= MAX_PARTS {
                self.tree.too_deep = true;
                return;
            } else {
                at = self.entity(next, true);
            }
        }
    }

    /// Reads the header of the part at `start`; returns where its body lines begin.
    fn entity(&mut self, start: usize, mut is_child: bool) -> usize {
        let mut at = start;
        let mut in_digest = self.stack.last().is_some_and(|open| open.is_digest) && is_child;
        loop {
            let header = fields::block(self.raw, at, self.limit, |l| self.delimiter(l).is_some());
            self.tree.too_deep |= header.overfull;
            let raw_type = header.get(self.raw, "content-type").unwrap_or_default();
            let content_type = repaired(params::parse(raw_type, None), in_digest);
            let encoding = header.get(self.raw, "content-transfer-encoding").unwrap_or_default();
            let encoded = encoding.to_ascii_lowercase();
            let encoded = encoded.trim_ascii().starts_with(b"base64")
                || encoded.trim_ascii().starts_with(b"quoted");
            let index = self.add(header, content_type, is_child);
            let part = &self.tree.parts[index];
            at = part.body.start;
            if part.content_type.value.starts_with("multipart/") {
                self.open(index);
                return at;
            }
            let is_letter = part.content_type.value == "message/rfc822" && !encoded;
            if !is_letter {
                return at;
            }
            if self.depth_of(index) >= MAX_DEPTH || self.tree.parts.len() >= MAX_PARTS {
                self.tree.too_deep = true;
                return at;
            }
            self.tree.parts[index].content = Content::Letter(index + 1);
            (is_child, in_digest) = (false, false);
        }
    }

    /// Letters directly inside letters have no stack entry: count back over them.
    fn depth_of(&self, index: usize) -> usize {
        let chain = self.tree.parts[..index]
            .iter()
            .rev()
            .take_while(|p| matches!(p.content, Content::Letter(_)))
            .count();
        self.stack.len() + chain
    }

    fn add(&mut self, header: Block, content_type: Parameterized, is_child: bool) -> usize {
        let index = self.tree.parts.len();
        if is_child
            && let Some(open) = self.stack.last()
            && let Content::Multipart(children) = &mut self.tree.parts[open.part].content
        {
            children.push(index);
        }
        let body = header.end..self.limit;
        self.tree.parts.push(Part {
            header,
            body,
            content_type,
            content: Content::Leaf,
            is_hollow: false,
        });
        index
    }

    fn open(&mut self, index: usize) {
        if self.stack.len() >= MAX_DEPTH {
            self.tree.too_deep = true;
            return;
        }
        let part = &mut self.tree.parts[index];
        part.content = Content::Multipart(Vec::new());
        let declared = part.content_type.get("boundary").unwrap_or_default().trim_end();
        let boundary = &declared.as_bytes()[..declared.len().min(MAX_BOUNDARY)];
        // Without a boundary it stays hollow; `fill_hollow` guesses one when its extent is known.
        if !boundary.is_empty() {
            self.stack.push(Open {
                part: index,
                boundary: boundary.to_vec(),
                closed: false,
                is_digest: part.content_type.value == "multipart/digest",
            });
        }
    }

    /// Is this line a delimiter of an open multipart: (level, closing)? The innermost one still open wins;
    /// one already closed may come again (a sender's script that closes too early).
    fn delimiter(&self, text: &[u8]) -> Option<(usize, bool)> {
        let rest = text.strip_prefix(b"--")?.trim_ascii_end();
        let at = |open: &Open| {
            let tail = rest.strip_prefix(open.boundary.as_slice())?;
            match tail {
                b"" => Some(false),
                // `--boundary--` and whatever a gateway hung behind it.
                _ if tail.starts_with(b"--")
                    && !tail[2..].iter().any(u8::is_ascii_alphanumeric) =>
                {
                    Some(true)
                }
                _ => None,
            }
        };
        let find = |closed: bool| {
            self.stack
                .iter()
                .enumerate()
                .rev()
                .filter(|(_, open)| open.closed == closed)
                .find_map(|(level, open)| Some((level, at(open)?)))
        };
        find(false).or_else(|| find(true))
    }

    /// Ends every part that is open inside the multipart at `level`, before the delimiter line at `at`.
    fn close_down_to(&mut self, level: usize, at: usize) {
        let end = before_line_break(self.raw, at);
        let inner = self.stack.drain(level + 1..).collect::<Vec<_>>();
        self.tree.broken |= inner.iter().any(|open| !open.closed);
        // Parts before `settled` ended at an earlier delimiter, but for the multiparts left here.
        let newer = self.settled..self.tree.parts.len();
        for index in inner.iter().map(|open| open.part).chain(newer) {
            let body = &mut self.tree.parts[index].body;
            if body.end == self.limit && index != self.stack[level].part {
                body.end = end.max(body.start);
            }
        }
        self.settled = self.tree.parts.len();
    }

    /// Multiparts whose boundary never came: one is guessed from their text, once; else they are shown as text.
    fn fill_hollow(&mut self) {
        let declared = self.tree.parts.len();
        let mut index = 0;
        while index < self.tree.parts.len() {
            let part = &self.tree.parts[index];
            if part.content == Content::Multipart(Vec::new()) {
                self.tree.broken = true;
                let body = part.body.clone();
                // No guess inside a guess: that keeps the work linear.
                match (index < declared).then(|| guess(self.raw, body.clone())).flatten() {
                    Some(boundary) => self.read_inside(index, body, boundary),
                    None => {
                        self.tree.parts[index].is_hollow = true;
                        self.tree.parts[index].content = Content::Leaf;
                    }
                }
            }
            index += 1;
        }
    }

    /// Reads one multipart again with a boundary found in its body.
    fn read_inside(&mut self, index: usize, body: Range<usize>, boundary: Vec<u8>) {
        let outer_limit = std::mem::replace(&mut self.limit, body.end);
        let is_digest = self.tree.parts[index].content_type.value == "multipart/digest";
        self.settled = self.tree.parts.len();
        self.stack = vec![Open { part: index, boundary, closed: false, is_digest }];
        self.lines(body.start);
        self.limit = outer_limit;
    }

    /// A letter ends where what it contains ends; children come after their parents.
    fn end_letters(&mut self) {
        for index in (0..self.tree.parts.len()).rev() {
            if let Content::Letter(child) = self.tree.parts[index].content {
                self.tree.parts[index].body.end = self.tree.parts[child].body.end;
            }
        }
    }
}

/// The line break before a delimiter belongs to the delimiter (RFC 2046, 5.1.1).
fn before_line_break(raw: &[u8], at: usize) -> usize {
    let at = if at > 0 && raw[at - 1] == b'\n' { at - 1 } else { at };
    if at > 0 && raw[at - 1] == b'\r' { at - 1 } else { at }
}

/// A line that starts with `--` and is followed by a MIME field is a boundary, whatever was declared.
fn guess(raw: &[u8], body: Range<usize>) -> Option<Vec<u8>> {
    let mut at = body.start;
    while at < body.end {
        let (end, next) = fields::line(raw, at, body.end);
        let text = raw[at..end].trim_ascii_end();
        if let Some(boundary) = text.strip_prefix(b"--")
            && !boundary.is_empty()
            && boundary.len() <= MAX_BOUNDARY
        {
            let (end, _) = fields::line(raw, next, body.end);
            let following = raw[next..end].to_ascii_lowercase();
            if following.starts_with(b"content-") {
                return Some(boundary.to_vec());
            }
        }
        at = next;
    }
    None
}
