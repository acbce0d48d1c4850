//! The files of a letter: their names, winmail.dat opened, and which of them the HTML shows.

use std::collections::HashSet;

use super::{Attachment, Letter, Oddity, body, tnef, transfer};
use crate::ground::address::turns_text;

/// A file that was found inside something else.
pub(super) fn named(name: &str, media_type: &str, content: Vec<u8>) -> Attachment {
    Attachment {
        name: label(name),
        media_type: media_type.to_owned(),
        content_id: None,
        inline: false,
        content,
    }
}

/// The last path component without control characters: a file name is only a label here. Marks that turn
/// the reading direction go too: they make `exe` look like `gpj`.
pub(super) fn label(name: &str) -> String {
    let last = name.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or_default();
    let hidden = |c: char| c.is_control() || turns_text(c) || matches!(c, '\u{200e}' | '\u{200f}');
    last.chars().filter(|c| !hidden(*c)).collect::<String>().trim().to_owned()
}

/// winmail.dat gives way to what is in it; its text counts where the letter has none of its own.
pub(super) fn open_tnef(letter: &mut Letter) {
    let mut index = 0;
    while index < letter.attachments.len() {
        let file = &letter.attachments[index];
        let is_tnef =
            matches!(file.media_type.as_str(), "application/ms-tnef" | "application/vnd.ms-tnef")
                || file.name.eq_ignore_ascii_case("winmail.dat")
                || tnef::is(&file.content); // gateways rename it: att00001.dat, noname
        let Some(opened) = is_tnef.then(|| tnef::read(&file.content)).flatten() else {
            index += 1;
            continue;
        };
        letter.attachments.remove(index);
        letter.note(Oddity::Tnef);
        let blank = |text: &Option<String>| text.as_deref().is_none_or(|t| t.trim().is_empty());
        if blank(&letter.plain) && blank(&letter.html) {
            letter.plain = opened.plain.map(body::normalised).or(letter.plain.take());
            letter.html = opened.html.map(body::normalised);
        }
        for (n, file) in opened.files.into_iter().enumerate() {
            let mut attachment = named(&file.name, &file.media_type, file.content);
            attachment.content_id = file.content_id;
            letter.attachments.insert(index + n, attachment);
        }
        return; // one is all Outlook ever sends
    }
}

/// Bytes of plain text that are shown, searched, translated and told; nobody writes so much.
const LONGEST_PLAIN: usize = 1 << 20;
/// The same of HTML, in which pictures may stand as words.
const LONGEST_HTML: usize = 4 << 20;

/// Text that is longer becomes a file, and its beginning stays: one mail of thirty megabytes of words would hold up the
/// index for everybody.
pub(super) fn shorten(letter: &mut Letter) {
    let texts = [
        (&mut letter.plain, LONGEST_PLAIN, "message.txt", "text/plain"),
        (&mut letter.html, LONGEST_HTML, "message.html", "text/html"),
    ];
    let mut whole = Vec::new();
    for (text, longest, name, media_type) in texts {
        if let Some(long) = text.as_mut().filter(|text| text.len() > longest) {
            let short = long[..long.floor_char_boundary(longest)].to_owned();
            let all = std::mem::replace(long, short);
            whole.push(named(name, media_type, all.into_bytes()));
        }
    }
    if !whole.is_empty() {
        letter.attachments.append(&mut whole);
        letter.note(Oddity::LongText);
    }
}

/// Marks the files the HTML shows by `cid:` (RFC 2392); one scan for all of them.
pub(super) fn mark_inline(letter: &mut Letter) {
    let Some(html) = &letter.html else {
        return;
    };
    let mut cids: HashSet<String> = HashSet::new();
    for (colon, _) in html.match_indices(':') {
        let scheme = html.as_bytes().get(colon.wrapping_sub(3)..colon);
        if scheme.is_some_and(|s| s.eq_ignore_ascii_case(b"cid")) {
            let id = html.as_bytes()[colon + 1..].iter().take(1_000).copied();
            let id: Vec<u8> = id.take_while(|b| !b"\"')> \n&<".contains(b)).collect();
            cids.insert(String::from_utf8_lossy(&transfer::percent(&id)).to_lowercase());
        }
    }
    for file in &mut letter.attachments {
        let id = file.content_id.as_ref().map(|id| id.to_lowercase());
        file.inline = id.is_some_and(|id| cids.contains(&id));
    }
}
