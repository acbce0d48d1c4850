//! The trace: the header fields a door writes on top of a raw message before it is kept.
//!
//! The first field is always `X-Relais-Trace`; nothing below the trace's end (`Received`) is ever believed, so a
//! mail that carries such fields itself gains nothing. The doors write traces, intake and `reindex` read them.

use std::{fmt::Write as _, net::IpAddr};

use jiff::Timestamp;

use crate::ground::{
    address::Address,
    conversation::{Channel, Side, Verb},
    key::{AccountId, ConversationId, MemberId},
    stay::Stay,
    thread_address::Through,
    word,
};

/// Through which door a message came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Door {
    /// SMTP, with what the session knew.
    Smtp(Smtp),
    /// The contact form of an account.
    Form {
        /// The account the form belongs to.
        account: AccountId,
        /// The visitor's choice of language, if the form carried one.
        language: Option<String>,
        /// The language the page was in: nobody's choice.
        page: Option<String>,
        /// The field people do not see was filled in.
        trapped: bool,
    },
    /// An existing mailbox, imported: threaded, nobody is told.
    Archive {
        /// Into which account.
        account: AccountId,
        /// What names its content: brought again it is the same letter.
        content: Option<String>,
    },
    /// The API of a channel: what it says of one message.
    Channel(ChannelSource),
    /// The JSON API or the inbox: an authorised reply into a conversation.
    Api {
        /// Where to.
        conversation: ConversationId,
        /// Who, when a member is behind the token.
        member: Option<MemberId>,
        /// What it asks for.
        verb: Verb,
    },
}

/// Where a message of a channel's API stands there; enough to thread it again from the mail alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelSource {
    /// Into which account.
    pub account: AccountId,
    /// Which channel.
    pub channel: Channel,
    /// Who spoke.
    pub side: Side,
    /// The channel's id of the message.
    pub id: String,
    /// The channel's id of the conversation.
    pub thread: String,
    /// The reservation, if there is one.
    pub reservation: Option<String>,
    /// When it was said.
    pub said_at: Timestamp,
    /// From before the connection: nobody is told.
    pub historical: bool,
    /// Written by the platform's machines: nobody waits for an answer.
    pub system: bool,
    /// By what API it came; not known of what version 2 kept.
    pub through: Option<Through>,
    /// The platform's own id of the message, where the API is a go-between's.
    pub also: Option<String>,
    /// The visitor's language as the channel says.
    pub language: Option<String>,
    /// It can be answered only in the channel's own pages.
    pub answer_there: bool,
    /// The visitor asked with a form of the channel's, which has buttons in its own pages.
    pub by_form: bool,
    /// The channel took something out that looked like fraud.
    pub redacted: bool,
    /// The visitor answered a mail of the channel's, which stands quoted below their words.
    pub by_mail: bool,
    /// When the visitor stays.
    pub stay: Option<Stay>,
}

/// The session a mail came through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Smtp {
    /// The peer's address (the real one behind PROXY).
    pub peer: IpAddr,
    /// What it called itself.
    pub helo: String,
    /// TLS version and cipher, if any.
    pub tls: Option<String>,
    /// `SMTP`, `ESMTP`, `ESMTPS`, `LMTP` … (RFC 3848).
    pub protocol: &'static str,
}

/// The whole trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// When the message was received; of an archive and of a channel's history: when it was said.
    pub received_at: Timestamp,
    /// The envelope's reverse-path; `None` is the null path.
    pub reverse_path: Option<Address>,
    /// The envelope's forward-paths (RFC 5321), in order.
    pub forward_paths: Vec<Address>,
    /// The door.
    pub door: Door,
}

const PROTOCOLS: [&str; 6] = ["SMTP", "ESMTP", "ESMTPS", "LMTP", "LMTPS", "UTF8SMTP"];

/// Bytes of the field with our results.
const RESULTS_BYTES: usize = 400;

/// RFC 8601, 2.2, folded, and filled up by a comment.
fn results_field(our_name: &str, results: &str) -> String {
    let mut field = format!("Authentication-Results: {our_name}");
    for result in results.split("; ") {
        // What does not fit is left out: the journal has all of it.
        if field.len() + result.len() + 4 > RESULTS_BYTES - 8 {
            break;
        }
        let _ = write!(field, ";\r\n\t{result}");
    }
    let room = RESULTS_BYTES.saturating_sub(field.len() + "\r\n\t()\r\n".len());
    let _ = write!(field, "\r\n\t({})\r\n", " ".repeat(room));
    field
}

fn header_safe(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_ascii_graphic() && !"()<>;\"\\".contains(c) { c } else { '?' })
        .collect()
}

impl Trace {
    /// The bytes to write before the message, CRLF at each end of line.
    pub fn render(&self, our_name: &str, spool_id: &str) -> String {
        let mut out = format!("X-Relais-Trace: v=1; at={}", self.received_at);
        match &self.door {
            Door::Smtp(smtp) => {
                let _ = write!(
                    out,
                    "; door=smtp; peer={}; protocol={}; helo={}",
                    smtp.peer,
                    smtp.protocol,
                    header_safe(&smtp.helo)
                );
                if let Some(tls) = &smtp.tls {
                    let _ = write!(out, "; tls={}", header_safe(tls));
                }
            }
            Door::Form { account, language, page, trapped } => {
                let _ = write!(out, "; door=form; account={account}");
                if *trapped {
                    out.push_str("; trapped=1");
                }
                for (name, language) in [("language", language), ("page", page)] {
                    if let Some(language) = language {
                        let _ = write!(out, "; {name}={}", header_safe(language));
                    }
                }
            }
            Door::Archive { account, content } => {
                let _ = write!(out, "; door=archive; account={account}");
                if let Some(content) = content {
                    let _ = write!(out, "; content={}", header_safe(content));
                }
            }
            Door::Channel(source) => Self::render_channel(&mut out, source),
            Door::Api { conversation, member, verb } => {
                let _ =
                    write!(out, "; door=api; conversation={conversation}; verb=.{}", verb.suffix());
                if let Some(member) = member {
                    let _ = write!(out, "; member={member}");
                }
            }
        }
        out.push_str("\r\n");
        let path = self.reverse_path.as_ref().map(Address::to_string).unwrap_or_default();
        let _ = write!(out, "Return-Path: <{path}>\r\n");
        for forward_path in &self.forward_paths {
            let _ = write!(out, "Delivered-To: {forward_path}\r\n");
        }
        if matches!(self.door, Door::Smtp(_)) {
            out.push_str(&results_field(our_name, "none"));
        }
        out.push_str(&self.received(our_name, spool_id));
        out
    }

    /// What a channel says of a message.
    fn render_channel(out: &mut String, source: &ChannelSource) {
        let _ = write!(
            out,
            "; door=channel; account={}; channel={}; side={}; id={}; thread={}; said={}",
            source.account,
            word::of(&source.channel),
            word::of(&source.side),
            header_safe(&source.id),
            header_safe(&source.thread),
            source.said_at,
        );
        if let Some(reservation) = &source.reservation {
            let _ = write!(out, "; reservation={}", header_safe(reservation));
        }
        if let Some(through) = source.through {
            let api = word::of(&through.api);
            let _ = write!(out, "; through={api}/{}", through.connection);
        }
        if let Some(also) = &source.also {
            let _ = write!(out, "; also={}", header_safe(also));
        }
        if let Some(language) = &source.language {
            let _ = write!(out, "; language={}", header_safe(language));
        }
        if let Some(stay) = source.stay {
            let _ = write!(out, "; stay={}/{}", stay.arrival, stay.departure);
        }
        let said = [
            ("historical", source.historical),
            ("system", source.system),
            ("answer_there", source.answer_there),
            ("by_form", source.by_form),
            ("redacted", source.redacted),
            ("by_mail", source.by_mail),
        ];
        for (name, _) in said.into_iter().filter(|(_, is_so)| *is_so) {
            let _ = write!(out, "; {name}=1");
        }
    }

    /// A raw message whose trace names these of its forward-paths alone: a mail to several houses is each one's own.
    pub fn with_paths(raw: &[u8], kept: &[Address]) -> Vec<u8> {
        let Some((_, end)) = Trace::read(raw) else { return raw.to_vec() };
        let (head, rest) = raw.split_at(end);
        let is_kept = |line: &&[u8]| {
            let path = line.strip_prefix(b"Delivered-To: ").map(|path| path.trim_ascii());
            path.is_none_or(|path| kept.iter().any(|one| one.to_string().as_bytes() == path))
        };
        let mut out = Vec::with_capacity(raw.len());
        for line in head.split_inclusive(|byte| *byte == b'\n').filter(is_kept) {
            out.extend_from_slice(line);
        }
        out.extend_from_slice(rest);
        out
    }

    /// Where in a raw message, and with what bytes, the field of our results says what was found out. The field has
    /// a fixed size, so that it is filled in when DNS has answered without moving anything.
    pub fn results_at(raw: &[u8], our_name: &str, results: &str) -> Option<(usize, String)> {
        let (_, end) = Trace::read(raw)?;
        let head = std::str::from_utf8(raw.get(..end)?).ok()?;
        let at = head.find("\r\nAuthentication-Results: ")? + 2;
        let field = results_field(our_name, results);
        head[at..].starts_with(&field[..24]).then_some((at, field))
    }

    /// RFC 5321, 4.4: the trace field that ends our block.
    fn received(&self, our_name: &str, spool_id: &str) -> String {
        let date = rfc5322_date(self.received_at);
        match &self.door {
            Door::Smtp(smtp) => {
                let tls = smtp.tls.as_deref().map(|t| format!("\r\n\t(using {})", header_safe(t)));
                format!(
                    "Received: from {} ([{}]){}\r\n\tby {our_name} (Relais) with {} id {spool_id};\r\n\t{date}\r\n",
                    header_safe(&smtp.helo),
                    smtp.peer,
                    tls.unwrap_or_default(),
                    smtp.protocol,
                )
            }
            Door::Form { .. } | Door::Archive { .. } | Door::Channel(_) | Door::Api { .. } => {
                format!("Received: by {our_name} (Relais) with HTTP id {spool_id};\r\n\t{date}\r\n")
            }
        }
    }

    /// Reads the trace on top of a raw message and tells where the message itself begins; `None` when the first
    /// field is not ours (a file somebody put there by hand).
    pub fn read(raw: &[u8]) -> Option<(Trace, usize)> {
        let head_end = raw.len().min(256 * 1024);
        let head = std::str::from_utf8(&raw[..head_end])
            .or_else(|e| std::str::from_utf8(&raw[..e.valid_up_to()]))
            .ok()?;
        let mut offset = 0;
        let mut lines = head.split_inclusive('\n');
        let first = lines.next()?;
        offset += first.len();
        let fields = Fields::of(first.strip_prefix("X-Relais-Trace:")?.trim())?;
        let mut reverse_path = None;
        let mut forward_paths = Vec::new();
        let mut in_received = false;
        for line in lines {
            if in_received && !line.starts_with(['\t', ' ']) {
                break;
            }
            offset += line.len();
            if let Some(path) = line.strip_prefix("Return-Path:") {
                reverse_path = path.trim().trim_matches(['<', '>']).parse().ok();
            } else if let Some(path) = line.strip_prefix("Delivered-To:") {
                forward_paths.extend(path.trim().parse::<Address>().ok());
            } else if line.starts_with("Received:") {
                in_received = true;
            }
        }
        let door = fields.door()?;
        let received_at = fields.get("at")?.parse().ok()?;
        Some((Trace { received_at, reverse_path, forward_paths, door }, offset))
    }
}

/// `name=value` pairs of the first field.
struct Fields<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Fields<'a> {
    fn of(text: &'a str) -> Option<Self> {
        text.split("; ").map(|pair| pair.split_once('=')).collect::<Option<Vec<_>>>().map(Fields)
    }

    fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(n, _)| *n == name).map(|(_, value)| *value)
    }

    fn through(&self) -> Option<Through> {
        let (api, connection) = self.get("through")?.split_once('/')?;
        let api = word::read(api).ok()?;
        Some(Through { api, connection: connection.parse().ok()? })
    }

    fn door(&self) -> Option<Door> {
        match self.get("door")? {
            "smtp" => Some(Door::Smtp(Smtp {
                peer: self.get("peer")?.parse().ok()?,
                helo: self.get("helo").unwrap_or_default().to_owned(),
                tls: self.get("tls").map(str::to_owned),
                protocol: PROTOCOLS.into_iter().find(|p| Some(*p) == self.get("protocol"))?,
            })),
            "form" => Some(Door::Form {
                account: self.get("account")?.parse().ok()?,
                language: self.get("language").map(str::to_owned),
                page: self.get("page").map(str::to_owned),
                trapped: self.get("trapped").is_some(),
            }),
            "archive" => Some(Door::Archive {
                account: self.get("account")?.parse().ok()?,
                content: self.get("content").map(str::to_owned),
            }),
            "channel" => Some(Door::Channel(ChannelSource {
                account: self.get("account")?.parse().ok()?,
                channel: word::read(self.get("channel")?).ok()?,
                side: word::read(self.get("side")?).ok()?,
                id: self.get("id")?.to_owned(),
                thread: self.get("thread")?.to_owned(),
                reservation: self.get("reservation").map(str::to_owned),
                said_at: self.get("said")?.parse().ok()?,
                historical: self.get("historical").is_some(),
                system: self.get("system").is_some(),
                answer_there: self.get("answer_there").is_some(),
                by_form: self.get("by_form").is_some(),
                redacted: self.get("redacted").is_some(),
                by_mail: self.get("by_mail").is_some(),
                through: self.through(),
                also: self.get("also").map(str::to_owned),
                language: self.get("language").map(str::to_owned),
                stay: self
                    .get("stay")
                    .and_then(|stay| stay.split_once('/'))
                    .and_then(|(a, d)| Stay::read(a, d)),
            })),
            "api" => Some(Door::Api {
                conversation: self.get("conversation")?.parse().ok()?,
                member: self.get("member").and_then(|m| m.parse().ok()),
                verb: Verb::from_suffix(self.get("verb")?.trim_start_matches('.')),
            }),
            _ => None,
        }
    }
}

/// `Mon, 23 Nov 2026 03:40:00 +0000` (RFC 5322, 3.3).
pub fn rfc5322_date(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> Timestamp {
        "2026-11-23T03:40:00.5Z".parse().unwrap()
    }

    #[test]
    fn a_trace_is_read_as_it_was_written() {
        for door in [
            Door::Smtp(Smtp {
                peer: "192.0.2.7".parse().unwrap(),
                helo: "mail.example".into(),
                tls: Some("TLSv1.3".into()),
                protocol: "ESMTPS",
            }),
            Door::Form {
                account: AccountId(7),
                language: Some("en".into()),
                page: None,
                trapped: true,
            },
            Door::Form {
                account: AccountId(7),
                language: None,
                page: Some("pt".into()),
                trapped: false,
            },
            Door::Archive { account: AccountId(8), content: None },
            Door::Archive { account: AccountId(8), content: Some("0a1b".to_owned()) },
            Door::Channel(ChannelSource {
                account: AccountId(8),
                channel: Channel::Booking,
                side: Side::Provider,
                id: "4ad42260-0000-11ea".into(),
                thread: "f3a9c29d".into(),
                reservation: Some("3812391309".into()),
                said_at: at(),
                historical: true,
                system: true,
                answer_there: true,
                by_form: true,
                redacted: true,
                by_mail: true,
                through: Some(Through { api: Channel::Channex, connection: 7 }),
                also: Some("0d8a-ota".into()),
                language: Some("fr".into()),
                stay: Stay::read("2027-06-15", "2027-06-17"),
            }),
            Door::Api {
                conversation: ConversationId(9),
                member: Some(MemberId(3)),
                verb: Verb::Note,
            },
            Door::Api { conversation: ConversationId(9), member: None, verb: Verb::Reply },
        ] {
            let trace = Trace {
                received_at: at(),
                reverse_path: Some("a@b.example".parse().unwrap()),
                forward_paths: vec![
                    "x@relais.localhost".parse().unwrap(),
                    "y@relais.localhost".parse().unwrap(),
                ],
                door,
            };
            let mut raw = trace.render("relais.localhost", "1.2").into_bytes();
            let length = raw.len();
            raw.extend_from_slice(b"Subject: hi\r\n\r\nbody \xff\r\n");
            assert_eq!(Trace::read(&raw), Some((trace, length)));
        }
    }

    #[test]
    fn a_mail_cannot_bring_its_own_trace() {
        let trace = Trace {
            received_at: at(),
            reverse_path: None,
            forward_paths: vec!["x@relais.localhost".parse().unwrap()],
            door: Door::Smtp(Smtp {
                peer: "192.0.2.7".parse().unwrap(),
                helo: "a; door=api\r\nDelivered-To: evil@x".into(),
                tls: None,
                protocol: "ESMTP",
            }),
        };
        let mut raw = trace.render("relais.localhost", "1.2").into_bytes();
        raw.extend_from_slice(
            b"X-Relais-Trace: v=1; door=api\r\nDelivered-To: ana@pousada.example\r\n\r\n",
        );
        let (read, _) = Trace::read(&raw).unwrap();
        assert!(matches!(read.door, Door::Smtp(_)));
        assert_eq!(read.forward_paths.len(), 1);
        assert_eq!(Trace::read(b"Subject: no trace\r\n\r\n"), None);
    }
}
