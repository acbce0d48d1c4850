//! The parts of a letter sorted: what is shown, what is a file, what is a letter or report inside.
//!
//! Everything shown is kept in both forms: a plain text between two HTML parts (Apple Mail) stands in `html`
//! too, and an HTML part between plain ones in `plain`, so that neither form loses anything.

use std::borrow::Cow;

use super::{
    Attachment, Letter, Oddity, charset, charset_name, files, flowed, inline_pgp,
    params::{self, Parameterized},
    read, shown,
    shown::Shown,
    structure::{Content, Part, Tree},
    transfer, uuencode,
};

struct Walk<'a> {
    raw: &'a [u8],
    tree: &'a Tree,
    depth: usize,
    /// The root of the letter being read.
    root: usize,
    /// A body text was met: a named text after it is a file.
    seen_text: bool,
    letter: &'a mut Letter,
}

/// Fills bodies, files, enclosed letters and reports of the letter whose root is `root`.
pub(super) fn fill(raw: &[u8], tree: &Tree, root: usize, depth: usize, letter: &mut Letter) {
    let mut walk = Walk { raw, tree, depth, root, seen_text: false, letter };
    let shown = walk.part(root);
    (letter.plain, letter.html) = shown::compose(&shown);
    files::open_tnef(letter);
    files::mark_inline(letter);
    files::shorten(letter);
}

/// How a leaf part is handled besides its type.
struct Leaf<'a> {
    media_type: &'a str,
    disposition: Parameterized,
    name: String,
    content: Cow<'a, [u8]>,
}

impl<'a> Walk<'a> {
    fn part(&mut self, index: usize) -> Vec<Shown> {
        let part = &self.tree.parts[index];
        match &part.content {
            Content::Leaf => self.leaf(index, false),
            Content::Letter(child) => {
                self.enclose(index, *child);
                Vec::new()
            }
            Content::Multipart(children) => match part.content_type.value.as_str() {
                "multipart/alternative" => self.alternative(children),
                "multipart/related" => self.related(part, children),
                "multipart/encrypted" => {
                    self.letter.note(Oddity::Sealed("multipart/encrypted".to_owned()));
                    children.iter().flat_map(|&c| self.file_or_part(c)).collect()
                }
                other => {
                    if other == "multipart/signed" {
                        self.letter.note(Oddity::Sealed(other.to_owned()));
                    }
                    children.iter().flat_map(|&c| self.part(c)).collect()
                }
            },
        }
    }

    fn alternative(&mut self, children: &[usize]) -> Vec<Shown> {
        let seen_before = self.seen_text;
        let mut forms = Vec::new();
        let media_type = |c: usize| self.tree.parts[c].content_type.value.as_str();
        let has_plain = children.iter().any(|&c| media_type(c) == "text/plain");
        let is_enriched = |c: usize| matches!(media_type(c), "text/enriched" | "text/richtext");
        let wanted: Vec<usize> =
            children.iter().copied().filter(|&c| !has_plain || !is_enriched(c)).collect();
        for child in wanted {
            // Each form is a first text again, named or not.
            self.seen_text = seen_before;
            forms.push(self.part(child));
        }
        self.seen_text = true;
        shown::choose(&forms).into_iter().collect()
    }

    /// RFC 2387: the first part (or the one `start` names) is the text, the others are its images.
    fn related(&mut self, part: &Part, children: &[usize]) -> Vec<Shown> {
        let start = part.content_type.get("start").unwrap_or_default();
        let start = start.trim_matches(['<', '>']);
        let by_id =
            |&&c: &&usize| !start.is_empty() && self.content_id(c).as_deref() == Some(start);
        // Some senders put the images first.
        let is_text = |&&c: &&usize| {
            let kind = self.tree.parts[c].content_type.value.as_str();
            kind.starts_with("text/") || kind.starts_with("multipart/")
        };
        let root = children.iter().find(by_id).or_else(|| children.iter().find(is_text)).copied();
        let mut shown = Vec::new();
        for &child in children {
            if root.is_none_or(|root| root == child) {
                shown.extend(self.part(child));
            } else {
                shown.extend(self.file_or_part(child));
            }
        }
        shown
    }

    /// A part that is a file if it is a leaf; what is inside a multipart is sorted as usual.
    fn file_or_part(&mut self, index: usize) -> Vec<Shown> {
        match self.tree.parts[index].content {
            Content::Leaf => self.leaf(index, true),
            _ => self.part(index),
        }
    }

    fn field(&self, index: usize, name: &str) -> Option<&'a [u8]> {
        self.tree.parts[index].header.get(self.raw, name)
    }

    fn content_id(&self, index: usize) -> Option<String> {
        let id = String::from_utf8_lossy(self.field(index, "content-id")?).into_owned();
        let id = id.trim().trim_matches(['<', '>']).trim().to_owned();
        (!id.is_empty()).then_some(id)
    }

    fn read_leaf(&mut self, index: usize) -> Leaf<'a> {
        let part: &'a Part = &self.tree.parts[index];
        let hint = part.content_type.get("charset");
        let disposition =
            params::parse(self.field(index, "content-disposition").unwrap_or_default(), hint);
        let named = disposition.get("filename").filter(|n| !n.trim().is_empty());
        // Content-Type was read without a hint for raw bytes; the name in it is read again with one.
        let typed = params::parse(self.field(index, "content-type").unwrap_or_default(), hint);
        let name = files::label(named.or_else(|| typed.get("name")).unwrap_or_default());
        let encoding = self.field(index, "content-transfer-encoding").unwrap_or_default();
        let encoding = String::from_utf8_lossy(encoding.trim_ascii()).into_owned();
        let (content, broken) = transfer::undo(&encoding, &self.raw[part.body.clone()]);
        if broken {
            self.letter.note(Oddity::BrokenEncoding);
        }
        Leaf { media_type: &part.content_type.value, disposition, name, content }
    }

    fn leaf(&mut self, index: usize, is_file: bool) -> Vec<Shown> {
        let leaf = self.read_leaf(index);
        let part = &self.tree.parts[index];
        match leaf.media_type {
            "message/delivery-status"
            | "message/global-delivery-status"
            | "message/feedback-report"
            | "message/disposition-notification"
            | "message/global-disposition-notification" => {
                let text = self.text(part, &leaf.content);
                self.letter.reports.push((leaf.media_type.replace("global-", ""), text));
                return Vec::new();
            }
            "text/rfc822-headers" | "message/rfc822-headers" | "message/global-headers" => {
                self.enclose_bytes(&leaf.content);
                return Vec::new();
            }
            // Forms of an alternative for programs that run them; the others say the same.
            "text/x-amp-html" | "text/watch-html" if leaf.name.is_empty() => return Vec::new(),
            "message/rfc822" => self.enclose_bytes(&leaf.content),
            "message/partial" => self.letter.note(Oddity::Partial),
            // Apple Mail puts the two parts of an encrypted letter (RFC 3156, 4) side by side.
            "application/pgp-encrypted" => {
                self.letter.note(Oddity::Sealed("multipart/encrypted".to_owned()));
            }
            "application/octet-stream" if leaf.name.eq_ignore_ascii_case("smime.p7m") => {
                self.letter.note(Oddity::Sealed("application/pkcs7-mime".to_owned()));
            }
            "text/calendar" | "application/ics" => {
                let text = self.text(part, &leaf.content);
                self.letter.calendars.push(text);
            }
            sealed @ ("application/pkcs7-mime" | "application/x-pkcs7-mime") => {
                self.letter.note(Oddity::Sealed(sealed.replace("x-", "")));
            }
            _ => {}
        }
        if !is_file && self.is_body(index, &leaf) {
            self.seen_text = true;
            return self.body_text(part, &leaf).into_iter().collect();
        }
        let attachment = Attachment {
            name: leaf.name,
            media_type: leaf.media_type.to_owned(),
            content_id: self.content_id(index),
            inline: false,
            content: leaf.content.into_owned(),
        };
        self.letter.attachments.push(attachment);
        Vec::new()
    }

    /// RFC 2183, 2.9: an unknown disposition is an attachment. A named text is a file unless it comes first:
    /// many clients name the body.
    fn is_body(&self, index: usize, leaf: &Leaf<'_>) -> bool {
        let is_root = index == self.root;
        let is_shown_type = match leaf.media_type {
            "text/plain"
            | "text/html"
            | "text/enriched"
            | "text/richtext"
            | "application/xhtml+xml" => true,
            other => {
                self.tree.parts[index].is_hollow
                    || is_root
                        && leaf.name.is_empty()
                        && (other.starts_with("text/") && !is_data(other)
                            || is_no_type(other) && std::str::from_utf8(&leaf.content).is_ok())
            }
        };
        if !is_shown_type {
            return false;
        }
        match leaf.disposition.value.as_str() {
            "" | "inline" | "infile" => leaf.name.is_empty() || !self.seen_text,
            _ => is_root && leaf.name.is_empty(),
        }
    }

    fn body_text(&mut self, part: &Part, leaf: &Leaf<'_>) -> Option<Shown> {
        let text = self.text(part, &leaf.content);
        match leaf.media_type {
            "text/html" | "application/xhtml+xml" => return Some(Shown::Html(text)),
            "text/enriched" | "text/richtext" => return Some(Shown::Plain(shown::enriched(&text))),
            "text/plain" if shown::is_html_page(&text) => return Some(Shown::Html(text)),
            _ => {}
        }
        let param = |name| part.content_type.get(name).unwrap_or_default();
        let is_flowed = param("format").trim().eq_ignore_ascii_case("flowed");
        let text = if is_flowed {
            flowed::unflow(&text, param("delsp").trim().eq_ignore_ascii_case("yes"))
        } else {
            text
        };
        let (text, files) = uuencode::extract(&text);
        for file in files {
            self.letter.attachments.push(files::named(
                &file.name,
                "application/octet-stream",
                file.content,
            ));
        }
        if let Some(sealed) = inline_pgp::find(&text) {
            self.letter.note(Oddity::Sealed("inline PGP".to_owned()));
            if let Some(armor) = sealed.message {
                let content = armor.as_bytes().to_vec();
                self.letter.attachments.push(files::named(
                    "encrypted.asc",
                    "application/pgp-encrypted",
                    content,
                ));
            }
        }
        Some(Shown::Plain(inline_pgp::undashed(text)))
    }

    /// Characters with `\n` line ends; notes a charset that had to be guessed.
    fn text(&mut self, part: &Part, content: &[u8]) -> String {
        let declared = part.content_type.get("charset").map(str::to_owned);
        let is_html = part.content_type.value == "text/html";
        let label =
            declared.or_else(|| is_html.then(|| charset_name::meta_charset(content)).flatten());
        let decoded = match label {
            Some(label) => charset::decode(content, Some(&label)),
            // A short text says too little of itself; what stands above it is of the same hand.
            None => {
                let above = self.letter.oddities.iter().find_map(|oddity| match oddity {
                    Oddity::CharsetGuessed(name) => Some(name.as_str()),
                    _ => None,
                });
                let near = &self.raw[..part.body.end.min(self.raw.len())];
                charset::decode_near(content, near, above)
            }
        };
        if let Some(charset) = decoded.guessed {
            self.letter.note(Oddity::CharsetGuessed(charset));
        }
        normalised(decoded.text)
    }

    fn enclose(&mut self, index: usize, child: usize) {
        if self.depth < read::MAX_ENCLOSED {
            let inner = read::from_tree(self.raw, self.tree, child, self.depth + 1);
            self.letter.enclosed.push(inner);
        } else {
            self.letter.note(Oddity::TooDeep);
        }
        let leaf = self.read_leaf(index);
        let attachment = Attachment {
            name: leaf.name,
            media_type: leaf.media_type.to_owned(),
            content_id: self.content_id(index),
            inline: false,
            content: leaf.content.into_owned(),
        };
        self.letter.attachments.push(attachment);
    }

    fn enclose_bytes(&mut self, bytes: &[u8]) {
        if self.depth < read::MAX_ENCLOSED {
            self.letter.enclosed.push(read::letter(bytes, self.depth + 1));
        } else {
            self.letter.note(Oddity::TooDeep);
        }
    }
}

/// Text types that are data for programs, not something to read.
fn is_data(media_type: &str) -> bool {
    ["calendar", "vcard", "x-vcard", "directory", "csv", "xml", "css", "javascript", "rtf", "json"]
        .iter()
        .any(|kind| media_type.strip_prefix("text/") == Some(kind))
}

/// "plain/text", "html/utf-8": no type there is (RFC 2046), so the letter itself is read as text if it is one.
fn is_no_type(media_type: &str) -> bool {
    const TYPES: [&str; 10] = [
        "text",
        "image",
        "audio",
        "video",
        "application",
        "multipart",
        "message",
        "model",
        "font",
        "chemical",
    ];
    let (kind, _) = media_type.split_once('/').unwrap_or((media_type, ""));
    !kind.is_empty() && !kind.starts_with("x-") && !TYPES.contains(&kind)
}

pub(super) fn normalised(text: String) -> String {
    if !text.contains(['\r', '\0']) {
        return text;
    }
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "")
}
