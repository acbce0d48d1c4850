//! Files that run when somebody opens them, or hide what does: told to people, never withheld.
//!
//! By the name, because systems choose by it what opens a file, and by the content, because names lie.

use serde::{Deserialize, Serialize};

use crate::ground::{
    address::turns_text,
    letter::{Attachment, picture::Picture},
};

/// Why a file wants care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Danger {
    /// A program, or an archive with one in it.
    Program,
    /// Text that a system runs.
    Script,
    /// A document with macros.
    Macros,
    /// Not what its name says.
    Disguised,
    /// An archive nobody can look into without its password.
    Encrypted,
}

#[rustfmt::skip]
const PROGRAMS: &[&str] = &[
    "exe", "com", "scr", "pif", "cpl", "msi", "msp", "msix", "appx", "dll", "sys", "ocx", "jar", "apk", "app", "dmg", "pkg",
    "deb", "rpm", "appimage", "iso", "img", "vhd", "vhdx", "gadget", "xll",
];
#[rustfmt::skip]
const SCRIPTS: &[&str] = &[
    "js", "jse", "vbs", "vbe", "wsf", "wsh", "ws", "ps1", "psm1", "bat", "cmd", "hta", "lnk", "reg", "sh", "url", "scf", "chm",
    "inf", "one", "settingcontent-ms", "library-ms", "desktop", "command", "applescript", "sct",
];
const MACROS: &[&str] =
    &["docm", "dotm", "xlsm", "xltm", "xlam", "xlsb", "pptm", "potm", "ppam", "ppsm", "sldm"];
/// So many entries of an archive are looked at.
const MAX_ENTRIES: usize = 2000;

/// What is to be said about a file, if anything.
pub fn of(file: &Attachment) -> Option<Danger> {
    let content = file.content.as_slice();
    if file.name.contains(turns_text) {
        return Some(Danger::Disguised);
    }
    let named = by_name(&file.name);
    let runs = content.starts_with(b"MZ") && content.len() > 64
        || content.starts_with(b"\x7fELF")
        || content.starts_with(&[0xcf, 0xfa, 0xed, 0xfe]);
    match named {
        Some(found) => Some(found),
        None if runs => Some(Danger::Disguised),
        None if content.starts_with(b"PK\x03\x04") => in_archive(content),
        None if is_ole(content) && contains(content, &utf16("_VBA_PROJECT")) => {
            Some(Danger::Macros)
        }
        None if content.starts_with(b"{\\rtf") && contains(content, b"\\objdata") => {
            Some(Danger::Macros)
        }
        None if is_page(file) && runs_in_a_browser(content) => Some(Danger::Script),
        None => None,
    }
}

/// Is it a picture, sound, film, text or document, by its content? What a stranger sends is one of these.
pub fn is_document(content: &[u8]) -> bool {
    const BEGINNINGS: [&[u8]; 17] = [
        b"BM",
        b"II*\0",
        b"MM\0*",
        b"%PDF-",
        b"{\\rtf",
        b"ID3",
        b"OggS",
        b"fLaC",
        b"\x1a\x45\xdf\xa3",
        b"#!AMR",
        b"\xff\xfb",
        b"\xff\xf3",
        b"\xff\xf1",
        b"\xff\xf9",
        b"\0\0\x01\0",
        b"8BPS",
        b"\xff\x0a",
    ];
    let is_any = |all: &[&[u8]]| all.iter().any(|one| content.starts_with(one));
    // WAV and AVI; HEIC, AVIF, MP4 and MOV (ISO 14496-12, 4.3).
    let is_container = is_any(&[b"RIFF"]) || content.get(4..8) == Some(b"ftyp");
    Picture::of(content).is_some()
        || is_any(&BEGINNINGS)
        || is_container
        || is_office(content)
        || is_plain(content)
        // Some programs write before it; readers look through the first kilobyte.
        || contains(&content[..content.len().min(1024)], b"%PDF-")
}

/// OOXML, ODF and the formats before them. An installer is an OLE file too, but no document's stream is in it.
fn is_office(content: &[u8]) -> bool {
    if is_ole(content) {
        let streams =
            ["WordDocument", "Workbook", "Book", "PowerPoint Document", "__properties_version1.0"];
        return streams.iter().any(|stream| contains(content, &utf16(stream)));
    }
    // The name of an archive's first file (APPNOTE 4.3.7): any archive may have such a file somewhere.
    let length = content.get(26..28).map_or(0, |two| u16::from_le_bytes([two[0], two[1]]));
    let first = content.get(30..30 + usize::from(length)).unwrap_or_default();
    let of_office =
        [&b"[Content_Types].xml"[..], b"_rels/", b"docProps/", b"word/", b"xl/", b"ppt/"];
    content.starts_with(b"PK\x03\x04")
        && (of_office.iter().any(|name| first.starts_with(name))
            && contains(content, b"[Content_Types].xml")
            || contains(
                &content[..content.len().min(128)],
                b"mimetypeapplication/vnd.oasis.opendocument",
            ))
}

/// Text people read: no zero bytes, and no page of a browser.
fn is_plain(content: &[u8]) -> bool {
    let head = &content[..content.len().min(4096)];
    let wide = [&b"\xff\xfe"[..], b"\xfe\xff"].iter().any(|mark| head.starts_with(mark));
    let words = match wide {
        true => head[2..].iter().copied().filter(|byte| *byte != 0).collect(),
        false => head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).to_vec(),
    };
    let is_control =
        |byte: &&u8| **byte < 0x20 && !matches!(**byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b);
    let words = words.trim_ascii_start();
    let begins = words[..words.len().min(64)].to_ascii_lowercase();
    let pages = [&b"<!"[..], b"<?", b"<html", b"<head", b"<body", b"<svg", b"<script", b"#!"];
    let is_page = pages.iter().any(|page| begins.starts_with(page));
    !is_page && (wide || head.iter().find(is_control).is_none())
}

fn by_name(name: &str) -> Option<Danger> {
    // Windows drops dots and spaces at the end of a name.
    let name = name.trim_end_matches(['.', ' ']).to_lowercase();
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.trim())?;
    [(PROGRAMS, Danger::Program), (SCRIPTS, Danger::Script), (MACROS, Danger::Macros)]
        .into_iter()
        .find_map(|(list, danger)| list.contains(&extension).then_some(danger))
}

/// The local headers of a ZIP (APPNOTE 4.3.7), as far as their sizes are told.
fn in_archive(content: &[u8]) -> Option<Danger> {
    let mut rest = content;
    let mut found = None;
    for _ in 0..MAX_ENTRIES {
        let Some(at) = position(rest, b"PK\x03\x04") else { break };
        let entry = &rest[at..];
        let number = |from: usize| {
            let bytes = entry.get(from..from + 2)?;
            Some(usize::from(u16::from_le_bytes([bytes[0], bytes[1]])))
        };
        let (Some(flags), Some(length)) = (number(6), number(26)) else { break };
        let name = entry.get(30..30 + length).map(String::from_utf8_lossy).unwrap_or_default();
        if name.ends_with("vbaProject.bin") {
            return Some(Danger::Macros);
        }
        match by_name(&name) {
            Some(danger) => return Some(danger),
            None if flags & 1 == 1 => found = Some(Danger::Encrypted),
            None => {}
        }
        rest = &entry[30..];
        if rest.is_empty() {
            break;
        }
    }
    found
}

fn is_ole(content: &[u8]) -> bool {
    content.starts_with(&[0xd0, 0xcf, 0x11, 0xe0])
}

fn is_page(file: &Attachment) -> bool {
    let name = file.name.to_lowercase();
    let named =
        [".htm", ".html", ".shtml", ".xhtml", ".svg", ".mht"].iter().any(|e| name.ends_with(e));
    named
        || matches!(
            file.media_type.as_str(),
            "text/html" | "image/svg+xml" | "application/xhtml+xml"
        )
}

fn runs_in_a_browser(content: &[u8]) -> bool {
    let head = content[..content.len().min(512 * 1024)].to_ascii_lowercase();
    [&b"<script"[..], b"javascript:", b"onload=", b"onerror=", b"<form"]
        .iter()
        .any(|w| contains(&head, w))
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn contains(content: &[u8], wanted: &[u8]) -> bool {
    position(content, wanted).is_some()
}

fn position(content: &[u8], wanted: &[u8]) -> Option<usize> {
    memchr::memmem::find(content, wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zip(name: &str, flags: u8) -> Vec<u8> {
        let mut bytes = b"PK\x03\x04\x14\0".to_vec();
        bytes.extend([flags, 0]);
        bytes.extend([0; 18]);
        bytes.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        bytes.extend([0, 0]);
        bytes.extend(name.as_bytes());
        bytes.extend(b"content");
        bytes
    }

    #[test]
    fn a_document_is_known_by_its_content() {
        let office = |stream: &str| [&b"\xd0\xcf\x11\xe0\0\0"[..], &utf16(stream)].concat();
        for (content, expected) in [
            (b"\xff\xd8\xff\xe0".to_vec(), true),
            (b"\0\0\0\x18ftypheic".to_vec(), true),
            (b"RIFF\0\0\0\0WEBP".to_vec(), true),
            (b"%PDF-1.7".to_vec(), true),
            (b"\r\n%PDF-1.4".to_vec(), true),
            (zip("[Content_Types].xml", 0), true),
            (b"PK\x03\x04\x0a\0mimetypeapplication/vnd.oasis.opendocument.text".to_vec(), true),
            (office("WordDocument"), true),
            (office("Property"), false),
            (zip("a/b.jpg", 0), false),
            (b"Rar!\x1a\x07".to_vec(), false),
            (b"\x1f\x8b\x08\0".to_vec(), false),
            (b"MZ\x90\0\x03".to_vec(), false),
            (b"\x7fELF\x02\x01".to_vec(), false),
            ("Ankunft: 14 Uhr\nGrüße".as_bytes().to_vec(), true),
            (b"Gr\xfc\xdfe".to_vec(), true),
            (b"BEGIN:VCARD\r\nFN:Anna\r\n".to_vec(), true),
            (b"".to_vec(), true),
            (b" <!DOCTYPE html><p>".to_vec(), false),
            (b"<svg onload=x>".to_vec(), false),
            (b"#!/bin/sh\n".to_vec(), false),
        ] {
            assert_eq!(is_document(&content), expected, "{:?}", String::from_utf8_lossy(&content));
        }
    }

    #[test]
    fn archives_and_pages_are_no_documents() {
        let wide = |text: &str| {
            let units = text.encode_utf16().flat_map(u16::to_le_bytes);
            [b"\xff\xfe".to_vec(), units.collect()].concat()
        };
        let office = |first| [zip(first, 0), zip("[Content_Types].xml", 0)].concat();
        for (content, expected) in [
            (b"Passport: X1234567\n".to_vec(), true),
            (b"<3 this place".to_vec(), true),
            (wide("Passport"), true),
            (office("[Content_Types].xml"), true),
            (office("word/document.xml"), true),
            (office("photos/a.jpg"), false),
            (zip("a.jpg", 0), false),
            (b"PK\x03\x04".to_vec(), false),
            (b"<body onload=x>".to_vec(), false),
            (b" \n<!-- x --><svg>".to_vec(), false),
            (wide("<html><script>"), false),
            (b"#!/bin/sh\n".to_vec(), false),
        ] {
            assert_eq!(is_document(&content), expected, "{}", String::from_utf8_lossy(&content));
        }
    }

    #[test]
    fn names_and_contents_tell() {
        let program = [b"MZ".as_slice(), &[0; 100]].concat();
        for (name, media_type, content, expected) in [
            ("invoice.pdf.exe", "application/pdf", b"x".to_vec(), Some(Danger::Program)),
            ("setup.EXE. ", "application/octet-stream", b"x".to_vec(), Some(Danger::Program)),
            ("invoice.pdf", "application/pdf", program, Some(Danger::Disguised)),
            ("annex\u{202e}fdp.exe", "application/pdf", b"x".to_vec(), Some(Danger::Disguised)),
            ("run.js", "text/plain", b"x".to_vec(), Some(Danger::Script)),
            ("prices.xlsm", "", b"x".to_vec(), Some(Danger::Macros)),
            ("prices.docx", "", zip("word/vbaProject.bin", 0), Some(Danger::Macros)),
            ("photos.zip", "application/zip", zip("a/b.scr", 0), Some(Danger::Program)),
            ("photos.zip", "application/zip", zip("a/b.jpg", 1), Some(Danger::Encrypted)),
            ("photos.zip", "application/zip", zip("a/b.jpg", 0), None),
            ("bill.html", "text/html", b"<form action=x>".to_vec(), Some(Danger::Script)),
            ("mail.html", "text/html", b"<p>hello".to_vec(), None),
            ("map.svg", "image/svg+xml", b"<svg onload=x>".to_vec(), Some(Danger::Script)),
            ("passport.jpg", "image/jpeg", b"\xff\xd8\xff".to_vec(), None),
            ("MZ.txt", "text/plain", b"MZ is short".to_vec(), None),
            ("", "application/pdf", b"%PDF".to_vec(), None),
            ("cut.zip", "application/zip", b"PK\x03\x04".to_vec(), None),
        ] {
            let file = Attachment {
                name: name.to_owned(),
                media_type: media_type.to_owned(),
                content_id: None,
                inline: false,
                content,
            };
            assert_eq!(of(&file), expected, "{name}");
        }
    }
}
