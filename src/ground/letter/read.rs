//! From bytes to a [`Letter`]: header fields, then the parts (`body`), then what was strange.

use super::{
    Header, Letter, MessageId, Oddity, body, date, fields::Block, files, mailboxes, structure,
    structure::Tree, tnef, words,
};
use crate::ground::address::Mailbox;

/// References kept; a thread with more is followed by its newest ones.
const MAX_IDS: usize = 500;

/// Letters inside letters are followed this deep; deeper ones stay files only.
pub(super) const MAX_ENCLOSED: usize = 8;

/// Reads raw bytes as a letter that is itself `depth` letters deep.
pub(super) fn letter(raw: &[u8], depth: usize) -> Letter {
    if tnef::is(raw) {
        return bare_tnef(raw);
    }
    let repaired = repaired(raw);
    let raw = repaired.as_deref().unwrap_or(raw);
    let tree = structure::read(raw);
    let mut letter = from_tree(raw, &tree, 0, depth);
    if tree.broken {
        letter.note(Oddity::BrokenMultipart);
    }
    if tree.too_deep {
        letter.note(Oddity::TooDeep);
    }
    letter
}

/// A winmail.dat that somebody saved, as the letter that came around it was.
fn bare_tnef(raw: &[u8]) -> Letter {
    let mut letter = Letter::default();
    letter.attachments.push(files::named("winmail.dat", "application/ms-tnef", raw.to_vec()));
    files::open_tnef(&mut letter);
    for oddity in [Oddity::NoFrom, Oddity::NoDate, Oddity::NoMessageId] {
        letter.note(oddity);
    }
    letter
}

/// Sixteen-bit mail and mail with bare CR line ends, made into lines; `None` for nearly every letter.
fn repaired(raw: &[u8]) -> Option<Vec<u8>> {
    if raw.starts_with(b"\xff\xfe") || raw.starts_with(b"\xfe\xff") {
        return Some(encoding_rs::UTF_16LE.decode(raw).0.into_owned().into_bytes());
    }
    if let Some(rest) = raw.strip_prefix(b"\xef\xbb\xbf") {
        return Some(rest.to_vec());
    }
    let bare = raw.contains(&b'\r') && !raw.contains(&b'\n');
    bare.then(|| raw.iter().map(|&b| if b == b'\r' { b'\n' } else { b }).collect())
}

/// The letter whose root is the part `index`.
pub(super) fn from_tree(raw: &[u8], tree: &Tree, index: usize, depth: usize) -> Letter {
    let root = &tree.parts[index];
    let hint = root.content_type.get("charset").map(str::to_owned);
    let mut letter = Letter { content_type: root.content_type.value.clone(), ..Letter::default() };
    head(raw, &root.header, hint.as_deref(), &mut letter);
    body::fill(raw, tree, index, depth, &mut letter);
    letter
}

fn head(raw: &[u8], block: &Block, hint: Option<&str>, letter: &mut Letter) {
    let mailboxes = |name| -> Vec<Mailbox> {
        block.all(raw, name).flat_map(|value| mailboxes::parse(value, hint)).collect()
    };
    letter.from = mailboxes("from");
    letter.sender = mailboxes("sender").into_iter().next();
    letter.reply_to = mailboxes("reply-to");
    letter.to = mailboxes("to");
    letter.cc = mailboxes("cc");
    letter.message_id = block.all(raw, "message-id").find_map(|v| ids(v).into_iter().next());
    letter.in_reply_to = block.all(raw, "in-reply-to").flat_map(ids).take(MAX_IDS).collect();
    letter.references = newest(block.all(raw, "references").flat_map(ids).collect());
    letter.date = block.all(raw, "date").find_map(date::parse);
    let mut remarks = words::Remarks::default();
    for field in &block.fields {
        let (value, told) = words::decode(&raw[field.value.clone()], hint);
        remarks.eight_bit |= told.eight_bit;
        remarks.guessed = remarks.guessed.or(told.guessed);
        let name = String::from_utf8_lossy(&raw[field.name.clone()]).into_owned();
        letter.headers.push(Header { name, value });
    }
    letter.subject = letter.header("subject").unwrap_or_default().to_owned();
    if remarks.eight_bit {
        letter.note(Oddity::EightBitHeader);
    }
    if let Some(charset) = remarks.guessed {
        letter.note(Oddity::CharsetGuessed(charset));
    }
    let several = letter.from.len() > 1 || block.all(raw, "from").count() > 1;
    for (is, oddity) in [
        (letter.from.is_empty(), Oddity::NoFrom),
        (several, Oddity::SeveralFrom),
        (letter.date.is_none(), Oddity::NoDate),
        (letter.message_id.is_none(), Oddity::NoMessageId),
    ] {
        if is {
            letter.note(oddity);
        }
    }
}

fn newest(mut ids: Vec<MessageId>) -> Vec<MessageId> {
    let surplus = ids.len().saturating_sub(MAX_IDS);
    ids.drain(..surplus);
    ids
}

/// Every `<id>`; where there are none, bare ids (some clients forget the brackets). Prose around the ids, which RFC 822
/// allowed in In-Reply-To, is passed over: Gnus wrote "ana@example.org's message of Wed, 25 Sep", and an address in
/// prose is no id.
fn ids(raw: &[u8]) -> Vec<MessageId> {
    let (mut text, _) = words::to_text(raw, None);
    if text.split_whitespace().any(|word| word.starts_with("=?") && word.ends_with("?=")) {
        // Python folds a long id into encoded words, which RFC 2047 allows nowhere here.
        text = words::decode_words(&text).0;
    }
    let mut found = Vec::new();
    let mut rest = text.as_str();
    while let Some(open) = rest.find('<') {
        let after = &rest[open + 1..];
        // A bracket that never closes ends at the next one.
        let end = after.find(['<', '>']).unwrap_or(after.len());
        found.extend(MessageId::new(&after[..end]));
        rest = &after[end..];
    }
    if found.is_empty() {
        let words: Vec<&str> = text.split_whitespace().collect();
        if words.iter().all(|w| w.contains('@')) {
            found.extend(words.iter().filter_map(|w| MessageId::new(w)));
        }
        if found.is_empty() && words.len() == 1 {
            found.extend(MessageId::new(words[0]));
        }
    }
    found
}
