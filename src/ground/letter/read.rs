//! From bytes to a [`Letter`], by way of mail-parser.

use jiff::{Timestamp, civil, tz::Offset};
use mail_parser::{
    HeaderForm, HeaderName, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders, PartType,
};

use super::{Attachment, Header, Letter, MessageId, Oddity};
use crate::ground::address::Mailbox;

/// Letters inside letters are followed this deep; deeper ones stay in the raw mail only.
const MAX_DEPTH: usize = 8;

pub(super) fn letter(raw: &[u8]) -> Letter {
    match MessageParser::new().parse(raw) {
        Some(message) => from_message(&message, 0),
        None => Letter {
            plain: Some(String::from_utf8_lossy(raw).into_owned()),
            oddities: vec![Oddity::BrokenMultipart, Oddity::NoFrom],
            ..Letter::default()
        },
    }
}

pub(super) fn text_of_html(html: &str) -> String {
    mail_parser::decoders::html::html_to_text(html)
}

fn from_message(message: &Message<'_>, depth: usize) -> Letter {
    let mut letter = Letter {
        headers: headers(message),
        message_id: message.message_id().and_then(MessageId::new),
        in_reply_to: ids(message.in_reply_to()),
        references: ids(message.references()),
        date: message.date().and_then(timestamp),
        from: mailboxes(message.from()),
        sender: mailboxes(message.sender()).into_iter().next(),
        reply_to: mailboxes(message.reply_to()),
        to: message.all_to().flat_map(|a| mailboxes(Some(a))).collect(),
        cc: message.all_cc().flat_map(|a| mailboxes(Some(a))).collect(),
        subject: message.subject().unwrap_or_default().trim().to_owned(),
        content_type: media_type(message.root_part()),
        ..Letter::default()
    };
    bodies(message, &mut letter);
    files(message, &mut letter, depth);
    oddities(message, &mut letter);
    letter
}

fn headers(message: &Message<'_>) -> Vec<Header> {
    message
        .headers()
        .iter()
        .map(|h| {
            let name = h.name().to_owned();
            let value = message
                .header_as(HeaderName::Other(name.clone().into()), HeaderForm::Text)
                .into_iter()
                .next();
            let raw = message
                .raw_message()
                .get(h.offset_start() as usize..h.offset_end() as usize)
                .map(|b| String::from_utf8_lossy(b).into_owned())
                .unwrap_or_default();
            let decoded = match (h.value(), value) {
                (HeaderValue::Text(text), _) => text.to_string(),
                _ => raw,
            };
            Header { name, value: decoded.split_whitespace().collect::<Vec<_>>().join(" ") }
        })
        .collect()
}

fn ids(value: &HeaderValue<'_>) -> Vec<MessageId> {
    match value {
        HeaderValue::Text(text) => MessageId::new(text).into_iter().collect(),
        HeaderValue::TextList(list) => list.iter().filter_map(|t| MessageId::new(t)).collect(),
        _ => Vec::new(),
    }
}

fn mailboxes(address: Option<&mail_parser::Address<'_>>) -> Vec<Mailbox> {
    address
        .into_iter()
        .flat_map(|a| a.iter())
        .filter_map(|addr| {
            let address = addr.address.as_deref()?.parse().ok()?;
            Some(Mailbox::new(addr.name.as_deref(), address))
        })
        .collect()
}

fn timestamp(date: &mail_parser::DateTime) -> Option<Timestamp> {
    let sign = if date.tz_before_gmt { -1 } else { 1 };
    let offset_seconds = sign * (i32::from(date.tz_hour) * 3600 + i32::from(date.tz_minute) * 60);
    let civil = civil::DateTime::new(
        i16::try_from(date.year).ok()?,
        i8::try_from(date.month).ok()?,
        i8::try_from(date.day).ok()?,
        i8::try_from(date.hour).ok()?,
        i8::try_from(date.minute).ok()?,
        i8::try_from(date.second.min(59)).ok()?,
        0,
    )
    .ok()?;
    Offset::from_seconds(offset_seconds).ok()?.to_timestamp(civil).ok()
}

fn media_type(part: &MessagePart<'_>) -> String {
    match part.content_type() {
        Some(ct) => {
            format!("{}/{}", ct.ctype(), ct.subtype().unwrap_or("octet-stream")).to_lowercase()
        }
        None => match part.body {
            PartType::Message(_) => "message/rfc822".to_owned(),
            PartType::Html(_) => "text/html".to_owned(),
            _ => "text/plain".to_owned(),
        },
    }
}

fn bodies(message: &Message<'_>, letter: &mut Letter) {
    let plain: Vec<&str> = message
        .text_bodies()
        .filter(|p| matches!(p.body, PartType::Text(_)))
        .filter_map(|p| p.text_contents())
        .collect();
    let html: Vec<&str> = message
        .html_bodies()
        .filter(|p| p.is_text_html())
        .filter_map(|p| p.text_contents())
        .collect();
    letter.plain = (!plain.is_empty()).then(|| plain.join("\n").replace("\r\n", "\n"));
    letter.html = (!html.is_empty()).then(|| html.join("\n").replace("\r\n", "\n"));
}

fn files(message: &Message<'_>, letter: &mut Letter, depth: usize) {
    for part in message.attachments() {
        let media_type = media_type(part);
        let text = || {
            part.text_contents()
                .map(str::to_owned)
                .unwrap_or_else(|| String::from_utf8_lossy(part.contents()).into_owned())
        };
        match media_type.as_str() {
            "message/delivery-status"
            | "message/feedback-report"
            | "message/disposition-notification" => {
                letter.reports.push((media_type, text()));
                continue;
            }
            "text/rfc822-headers" => {
                letter.enclosed.push(self::letter(text().as_bytes()));
                continue;
            }
            "text/calendar" => letter.calendars.push(text()),
            _ => {}
        }
        if let PartType::Message(inner) = &part.body {
            if depth < MAX_DEPTH {
                letter.enclosed.push(from_message(inner, depth + 1));
            } else {
                letter.oddities.push(Oddity::TooDeep);
            }
        }
        letter.attachments.push(attachment(part, media_type, letter.html.as_deref()));
    }
}

fn attachment(part: &MessagePart<'_>, media_type: String, html: Option<&str>) -> Attachment {
    let content_id = part.content_id().map(|id| id.trim_matches(['<', '>']).to_owned());
    let inline = match (&content_id, html) {
        (Some(id), Some(html)) => html.contains(&format!("cid:{id}")),
        _ => false,
    };
    let content = match &part.body {
        PartType::Message(inner) => inner
            .raw_message()
            .get(part.raw_body_offset() as usize..part.raw_end_offset() as usize)
            .unwrap_or_default()
            .to_vec(),
        _ => part.contents().to_vec(),
    };
    Attachment {
        name: file_name(part.attachment_name().unwrap_or_default()),
        media_type,
        content_id,
        inline,
        content,
    }
}

/// The last path component without control characters: a file name is only a label here.
fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned()
}

fn oddities(message: &Message<'_>, letter: &mut Letter) {
    let from_fields = message.headers().iter().filter(|h| h.name == HeaderName::From).count();
    let found = [
        (letter.from.is_empty(), Oddity::NoFrom),
        (letter.from.len() > 1 || from_fields > 1, Oddity::SeveralFrom),
        (letter.date.is_none(), Oddity::NoDate),
        (letter.message_id.is_none(), Oddity::NoMessageId),
        (message.parts.iter().any(|p| p.is_encoding_problem), Oddity::BrokenEncoding),
    ];
    letter.oddities.extend(found.into_iter().filter(|(is, _)| *is).map(|(_, oddity)| oddity));
}
