//! What kind of picture is it, by its first bytes? Is it a logo from a signature: small, and seen before in the
//! conversation? And what else do mail programs add?

use super::Attachment;

/// Logos are drawn small and sent with every mail; photographs are neither.
const MAX_BYTES: usize = 64 * 1024;
const MAX_WIDTH: u32 = 800;
const MAX_HEIGHT: u32 = 300;

/// Types of files that no person attaches to an answer.
const ADDED: [&str; 8] = [
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "application/pgp-signature",
    "application/pgp-keys",
    "application/ms-tnef",
    "application/vnd.ms-tnef",
    "text/vcard",
    "text/x-vcard",
];

/// A picture every browser shows, and in which nothing runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    /// ISO/IEC 15948.
    Png,
    /// ITU-T T.81.
    Jpeg,
    /// Of 1987 or 1989.
    Gif,
    /// RFC 9649.
    WebP,
}

impl Picture {
    /// By the first bytes; what a mail says of its parts does not count.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', ..] => Some(Picture::Png),
            [0xff, 0xd8, 0xff, ..] => Some(Picture::Jpeg),
            [b'G', b'I', b'F', b'8', ..] => Some(Picture::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Picture::WebP),
            _ => None,
        }
    }

    /// As a Content-Type.
    pub fn media_type(self) -> &'static str {
        match self {
            Picture::Png => "image/png",
            Picture::Jpeg => "image/jpeg",
            Picture::Gif => "image/gif",
            Picture::WebP => "image/webp",
        }
    }
}

/// Is this file an image small enough for a logo? It is one when the same came with an earlier message of the
/// conversation.
pub fn may_be_logo(file: &Attachment) -> bool {
    file.content.len() <= MAX_BYTES
        && dimensions(&file.content)
            .is_some_and(|(width, height)| width <= MAX_WIDTH && height <= MAX_HEIGHT)
}

/// Did the author's mail program add this file, rather than its author? An image that is shown as part of the text and is
/// small enough for a logo, a cryptographic signature, a card, Outlook's envelope.
pub fn is_added(file: &Attachment) -> bool {
    let is_shown = file.inline || file.content_id.is_some();
    ADDED.contains(&file.media_type.as_str()) || (is_shown && may_be_logo(file))
}

/// (width, height) in pixels from the header of a PNG, GIF or JPEG; `None` for anything else.
pub fn dimensions(bytes: &[u8]) -> Option<(u32, u32)> {
    match Picture::of(bytes)? {
        Picture::Png => Some((be32(bytes.get(16..20)?), be32(bytes.get(20..24)?))),
        Picture::Gif => {
            let size = bytes.get(6..10)?;
            let le16 = |at: usize| u32::from(u16::from_le_bytes([size[at], size[at + 1]]));
            Some((le16(0), le16(2)))
        }
        Picture::Jpeg => jpeg(bytes),
        Picture::WebP => None,
    }
}

fn be32(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, b| sum << 8 | u32::from(*b))
}

/// Walks the segments to the frame header (ITU-T T.81, B.2.2).
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        let marker = *bytes.get(at + 1)?;
        if bytes[at] != 0xff {
            return None;
        }
        match marker {
            0xff => at += 1,                                 // fill
            0x01 | 0xd0..=0xd8 => at += 2,                   // without content
            0xc4 | 0xc8 | 0xcc => at += segment(bytes, at)?, // tables, not frames
            0xc0..=0xcf => {
                return Some((be32(bytes.get(at + 7..at + 9)?), be32(bytes.get(at + 5..at + 7)?)));
            }
            0xd9 | 0xda => return None,
            _ => at += segment(bytes, at)?,
        }
    }
}

fn segment(bytes: &[u8], at: usize) -> Option<usize> {
    let len = be32(bytes.get(at + 2..at + 4)?) as usize;
    Some(len.max(2) + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIF: &[u8] = b"GIF89a\x20\x00\x10\x00\x80";
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x40\0\0\0\x20";
    const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x0b\x08\x00\x30\x00\x50\x03";

    #[test]
    fn only_pictures_in_which_nothing_runs_are_pictures() {
        for (bytes, expected) in [
            (PNG, Some("image/png")),
            (JPEG, Some("image/jpeg")),
            (GIF, Some("image/gif")),
            (b"RIFF....WEBPVP8 ", Some("image/webp")),
            (b"RIFF....WAVEfmt ", None),
            (b"<svg onload=alert(1)>", None),
            (b"<html>", None),
            (b"%PDF-1.4", None),
            (b"", None),
        ] {
            assert_eq!(Picture::of(bytes).map(Picture::media_type), expected);
        }
    }

    #[test]
    fn sizes_are_read_from_headers() {
        type Case = (&'static [u8], Option<(u32, u32)>);
        let cases: [Case; 6] = [
            (GIF, Some((32, 16))),
            (PNG, Some((64, 32))),
            (JPEG, Some((80, 48))),
            (b"\xff\xd8\xff", None),
            (b"\xff\xd8\xff\xe0\xff\xff", None),
            (b"hello", None),
        ];
        for (bytes, size) in cases {
            assert_eq!(dimensions(bytes), size);
        }
    }

    #[test]
    fn a_logo_is_small() {
        let file = |content: &[u8]| Attachment {
            name: String::new(),
            media_type: "image/gif".into(),
            content_id: None,
            inline: true,
            content: content.to_vec(),
        };
        assert!(may_be_logo(&file(GIF)));
        assert!(!may_be_logo(&file(b"GIF89a\x20\x10\x10\x00\x80")));
        assert!(!may_be_logo(&file(b"%PDF-1.4")));
    }

    #[test]
    fn what_mail_programs_add_by_themselves() {
        let photo = b"GIF89a\x20\x10\x10\x00\x80";
        type Row<'a> = (&'a str, bool, Option<&'a str>, &'a [u8], bool);
        let table: [Row<'_>; 8] = [
            ("image/gif", true, Some("logo@x"), GIF, true),
            ("image/gif", false, Some("logo@x"), GIF, true),
            // Attached, not shown: somebody chose it.
            ("image/gif", false, None, GIF, false),
            // Shown, but large: pasted into the text.
            ("image/gif", true, Some("door@x"), photo, false),
            ("application/pkcs7-signature", false, None, b"0", true),
            ("text/vcard", false, None, b"BEGIN:VCARD", true),
            ("application/ms-tnef", false, None, b"x", true),
            ("application/pdf", true, None, b"%PDF", false),
        ];
        for (media_type, inline, id, content, wanted) in table {
            let file = Attachment {
                name: "f".into(),
                media_type: media_type.into(),
                content_id: id.map(str::to_owned),
                inline,
                content: content.to_vec(),
            };
            assert_eq!(is_added(&file), wanted, "{media_type} {inline} {id:?}");
        }
    }
}
