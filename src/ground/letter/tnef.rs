//! winmail.dat: what Outlook sends instead of MIME (MS-OXTNEF): a list of attributes, some of them lists of
//! MAPI properties, with the text (often compressed RTF) and the files inside.
//!
//! Our own reader: the crates there are stop at the file names of 1996 and do not read the text.

use super::{charset, rtf};

const SIGNATURE: u32 = 0x223e_9f78;

/// Messages inside messages are followed this deep.
const MAX_DEPTH: usize = 3;

/// Files of one winmail.dat.
const MAX_FILES: usize = 500;

/// Properties of one list; real ones have some dozens.
const MAX_PROPERTIES: u32 = 4_000;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) media_type: String,
    pub(super) content_id: Option<String>,
    pub(super) content: Vec<u8>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Opened {
    pub(super) plain: Option<String>,
    pub(super) html: Option<String>,
    pub(super) files: Vec<File>,
}

/// Does this begin as winmail.dat does, under whatever name?
pub(super) fn is(bytes: &[u8]) -> bool {
    bytes.starts_with(&SIGNATURE.to_le_bytes())
}

/// Opens winmail.dat; `None` when it is something else. What is cut off is read as far as it goes.
pub(super) fn read(bytes: &[u8]) -> Option<Opened> {
    read_at(bytes, 0)
}

/// Reads little-endian values off the front of a slice.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    /// As `take`, and the padding to a multiple of four; padding may be cut off at the end.
    fn take_padded(&mut self, len: usize) -> Option<&'a [u8]> {
        let taken = self.take(len)?;
        let padding = len.next_multiple_of(4) - len;
        self.0 = self.0.get(padding..).unwrap_or_default();
        Some(taken)
    }

    fn u16(&mut self) -> Option<u16> {
        self.take(2).map(|b| u16::from_le_bytes([b[0], b[1]]))
    }

    fn u32(&mut self) -> Option<u32> {
        self.take(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
    }

    fn len(&mut self) -> Option<usize> {
        self.u32().and_then(|n| usize::try_from(n).ok())
    }
}

/// The parts of the text as they are found; the best one is used.
#[derive(Default)]
struct Body {
    code_page: u32,
    text: Option<String>,
    html: Option<String>,
    rtf: Option<rtf::Text>,
}

fn read_at(bytes: &[u8], depth: usize) -> Option<Opened> {
    let mut reader = Reader(bytes);
    if reader.u32()? != SIGNATURE {
        return None;
    }
    reader.u16()?; // a key for the sender's own use
    let mut body = Body::default();
    let mut files: Vec<File> = Vec::new();
    let mut inner = Vec::new();
    while let Some((id, data)) = attribute(&mut reader) {
        match id {
            0x9007 => body.code_page = Reader(data).u32().unwrap_or(0),
            0x800c => body.text = Some(string8(data, body.code_page)),
            0x9003 => {
                each_property(data, &mut |property| body.take(property));
            }
            0x9002 if files.len() < MAX_FILES => files.push(File::default()),
            0x8010 => {
                if let Some(file) = files.last_mut().filter(|f| f.name.is_empty()) {
                    file.name = string8(data, body.code_page);
                }
            }
            0x800f => {
                if let Some(file) = files.last_mut() {
                    file.content = data.to_vec();
                }
            }
            0x9005 => {
                if let Some(file) = files.last_mut() {
                    let code_page = body.code_page;
                    each_property(data, &mut |property| {
                        if let Some(message) = file_property(file, &property, code_page) {
                            inner.extend(nested(message, depth));
                            file.content.clear(); // a picture of the message's icon
                        }
                    });
                }
            }
            _ => {}
        }
    }
    files.retain(|f| !f.content.is_empty());
    for file in files.iter_mut().filter(|f| f.media_type.is_empty()) {
        file.media_type = "application/octet-stream".to_owned();
    }
    for (name, opened) in inner {
        flatten(name, opened, &mut files);
    }
    files.truncate(MAX_FILES);
    Some(body.finish(files))
}

fn nested(message: (String, &[u8]), depth: usize) -> Option<(String, Opened)> {
    let (name, bytes) = message;
    let opened = (depth < MAX_DEPTH).then(|| read_at(bytes, depth + 1)).flatten()?;
    Some((name, opened))
}

/// An enclosed message becomes a file of its text, followed by its files.
fn flatten(name: String, opened: Opened, files: &mut Vec<File>) {
    let name = if name.is_empty() { "message".to_owned() } else { name };
    let (ending, media_type, text) = match (opened.html, opened.plain) {
        (Some(html), _) => ("html", "text/html", Some(html)),
        (None, plain) => ("txt", "text/plain", plain),
    };
    if let Some(text) = text {
        files.push(File {
            name: format!("{name}.{ending}"),
            media_type: media_type.to_owned(),
            content_id: None,
            content: text.into_bytes(),
        });
    }
    files.extend(opened.files);
}

/// Level, id and type, length, data, checksum (not compared: damaged is better than missing).
fn attribute<'a>(reader: &mut Reader<'a>) -> Option<(u32, &'a [u8])> {
    reader.take(1)?;
    let id = reader.u32()? & 0xffff;
    let len = reader.len()?;
    let data = match reader.take(len) {
        Some(data) => data,
        None => std::mem::take(&mut reader.0),
    };
    reader.u16();
    Some((id, data))
}

/// One MAPI property, its first value.
#[derive(Clone, Copy)]
struct Property<'a> {
    id: u16,
    kind: u16,
    value: &'a [u8],
}

/// MS-OXTNEF, 2.1.3.4: a count, then for each: type, id, the name of a named property, the values.
fn each_property<'a>(data: &'a [u8], take: &mut dyn FnMut(Property<'a>)) -> Option<()> {
    let mut reader = Reader(data);
    let count = reader.u32()?.min(MAX_PROPERTIES);
    for _ in 0..count {
        let kind = reader.u16()?;
        let id = reader.u16()?;
        if id >= 0x8000 {
            reader.take(16)?;
            if reader.u32()? == 0 {
                reader.u32()?;
            } else {
                let len = reader.len()?;
                reader.take_padded(len)?;
            }
        }
        let base = kind & 0x0fff;
        let fixed = match base {
            0x02 | 0x0b => Some(2),
            0x03 | 0x04 | 0x0a => Some(4),
            0x05 | 0x06 | 0x07 | 0x14 | 0x40 => Some(8),
            0x48 => Some(16),
            0x0d | 0x1e | 0x1f | 0x102 => None,
            _ => return None, // nothing after an unknown type can be found
        };
        let many = kind & 0x1000 != 0;
        let values = if many || fixed.is_none() { reader.u32()? } else { 1 };
        for n in 0..values {
            let len = match fixed {
                Some(len) => len,
                None => reader.len()?,
            };
            let value = reader.take_padded(len)?;
            if n == 0 {
                take(Property { id, kind: base, value });
            }
        }
    }
    Some(())
}

impl Property<'_> {
    fn text(&self, code_page: u32) -> String {
        match self.kind {
            0x1f => {
                let text = encoding_rs::UTF_16LE.decode_without_bom_handling(self.value).0;
                text.trim_end_matches('\0').to_owned()
            }
            _ => string8(self.value, code_page),
        }
    }
}

fn string8(value: &[u8], code_page: u32) -> String {
    let end = value.iter().rposition(|b| *b != 0).map_or(0, |n| n + 1);
    charset::decode(&value[..end], label(code_page).as_deref()).text
}

/// The charset label of a Windows code page.
pub(super) fn label(code_page: u32) -> Option<String> {
    match code_page {
        0 => None,
        65001 => Some("utf-8".to_owned()),
        20127 => Some("us-ascii".to_owned()),
        20866 => Some("koi8-r".to_owned()),
        21866 => Some("koi8-u".to_owned()),
        28591..=28605 => Some(format!("iso-8859-{}", code_page - 28590)),
        50220..=50222 => Some("iso-2022-jp".to_owned()),
        51932 => Some("euc-jp".to_owned()),
        51949 => Some("euc-kr".to_owned()),
        54936 => Some("gb18030".to_owned()),
        other => Some(format!("cp{other}")),
    }
}

impl Body {
    fn take(&mut self, property: Property<'_>) {
        match property.id {
            // The code page of the HTML stands beside it, mostly before.
            0x3fde => self.code_page = Reader(property.value).u32().unwrap_or(self.code_page),
            0x1000 => self.text = Some(property.text(self.code_page)),
            0x1013 => self.html = Some(property.text(self.code_page)),
            0x1009 => self.rtf = rtf::decompress(property.value).map(|rtf| rtf::read(&rtf)),
            _ => {}
        }
    }

    fn finish(self, files: Vec<File>) -> Opened {
        let is_there = |text: &String| !text.trim().is_empty();
        let (rtf_plain, rtf_html) = match self.rtf {
            Some(rtf::Text::Html(html)) => (None, Some(html)),
            Some(rtf::Text::Plain(text)) => (Some(text), None),
            None => (None, None),
        };
        Opened {
            plain: self.text.filter(is_there).or(rtf_plain.filter(is_there)),
            html: self.html.filter(is_there).or(rtf_html.filter(is_there)),
            files,
        }
    }
}

/// Takes one property of a file; returns (name, bytes) of an enclosed message.
fn file_property<'a>(
    file: &mut File,
    property: &Property<'a>,
    code_page: u32,
) -> Option<(String, &'a [u8])> {
    match property.id {
        0x3707 => file.name = property.text(code_page),
        0x3704 | 0x3001 if file.name.is_empty() => file.name = property.text(code_page),
        0x370e => file.media_type = property.text(code_page).to_lowercase(),
        0x3712 => {
            let id = property.text(code_page);
            file.content_id =
                Some(id.trim_matches(['<', '>']).to_owned()).filter(|id| !id.is_empty());
        }
        // An object is an interface id and its data: a message in TNEF again, or a file.
        0x3701 if property.kind == 0x0d => {
            let data = property.value.get(16..).unwrap_or_default();
            if data.starts_with(&SIGNATURE.to_le_bytes()) {
                return Some((file.name.clone(), data));
            }
            file.content = data.to_vec();
        }
        0x3701 if file.content.is_empty() => file.content = property.value.to_vec(),
        _ => {}
    }
    None
}
