//! What a conversation's channel can carry, known before anything is sent, and a reply made to fit it.
//!
//! Shown in the API and in the notification; a reply that breaks it is split, or refused with a sentence that says
//! what to do. Numbers are those of `channels.md`, section 7.

use jiff::{SignedDuration, Span, Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::ground::{
    address::Address,
    conversation::{Channel, Conversation},
    facts::{self, Terms, Value},
    fitting,
    language::Language,
    letter::Attachment,
    phrases::{self, Tongue},
};

/// Each word of the visitor opens Booking.com's window for so long; it stays open for so many days after the stay.
const OPENED: SignedDuration = SignedDuration::from_hours(14 * 24);
const AFTER_STAY: i64 = 7;
/// Where a house answers what its channel does not take.
pub const EXTRANET: &str = "https://admin.booking.com/";
/// Files of these names do not pass Booking.com's relay.
const REFUSED_BY_BOOKING: [&str; 8] =
    [".zip", ".rar", ".exe", ".7z", ".js", ".bat", ".cmd", ".msi"];

/// The longest message of an API where nobody says it: nobody wrote it down, and longer replies arrived in nobody's
/// test. For Booking.com the administrator may.
pub const USUAL_CHARS: usize = 4_000;

/// Which files a channel takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKinds {
    /// None at all.
    None,
    /// JPEG and PNG.
    Images,
    /// Any, but archives and programs.
    NoArchives,
    /// Any.
    Any,
}

/// What may be said in a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capabilities {
    /// A reply reaches the visitor.
    pub can_reply: bool,
    /// Until then the channel takes replies for sure; `None` is no limit.
    pub reply_until: Option<Timestamp>,
    /// After it none: the end of the stay is known, or silence would be the only answer.
    #[serde(skip)]
    pub ends_then: bool,
    /// Where to answer instead: in the OTA's own pages.
    pub answer_link: Option<String>,
    /// A longer reply is split.
    pub max_chars: Option<usize>,
    /// Which files.
    pub attachments: FileKinds,
    /// One picture, and larger ones are made smaller; for mail all files together.
    pub max_attachment_bytes: Option<usize>,
    /// So many files in one message.
    pub max_attachments: Option<usize>,
    /// A file alone is not taken.
    pub needs_text: bool,
    /// Text and file travel in one message.
    pub text_with_attachment: bool,
    /// Formatting arrives.
    pub html: bool,
    /// Links that were not approved are removed on the way.
    pub links_filtered: bool,
    /// Reading is shown to the channel.
    pub read_marks: bool,
    /// *Done* is told to the channel.
    pub no_reply_needed: bool,
    /// Phone numbers and addresses may be given; before a booking platforms forbid it.
    pub contact_data: bool,
    /// The visitor asked with a form of the platform's, and an answer from here takes its buttons away there.
    pub ends_request: bool,
}

/// By what road a reply goes.
enum Road {
    Mail,
    BookingApi,
    BookingRelay,
    Channex,
    AirbnbApi,
    AirbnbRelay,
}

impl Road {
    fn of(conversation: &Conversation) -> Road {
        let connected = conversation.is_connected();
        let api = conversation.through().map_or(conversation.channel, |through| through.api);
        match if connected { api } else { conversation.channel } {
            Channel::Form | Channel::Email | Channel::Api => Road::Mail,
            Channel::Booking if connected => Road::BookingApi,
            Channel::Booking => Road::BookingRelay,
            Channel::Airbnb if connected => Road::AirbnbApi,
            Channel::Airbnb => Road::AirbnbRelay,
            Channel::Channex => Road::Channex,
        }
    }
}

impl Capabilities {
    /// What an API of a booking platform takes.
    const IMAGES: Capabilities = Capabilities {
        max_chars: Some(USUAL_CHARS),
        attachments: FileKinds::Images,
        max_attachment_bytes: Some(1_000_000),
        needs_text: true,
        ..Capabilities::MAIL
    };

    /// Ordinary mail.
    const MAIL: Capabilities = Capabilities {
        can_reply: true,
        reply_until: None,
        ends_then: true,
        answer_link: None,
        max_chars: None,
        attachments: FileKinds::Any,
        max_attachment_bytes: None,
        max_attachments: None,
        needs_text: false,
        text_with_attachment: true,
        html: false,
        links_filtered: false,
        read_marks: false,
        no_reply_needed: false,
        contact_data: true,
        ends_request: false,
    };

    /// Of a conversation whose visitor last wrote at `heard_at`. Booking.com's API, to which Channex passes on, takes so
    /// many characters in a message.
    pub fn of(
        conversation: &Conversation,
        heard_at: Option<Timestamp>,
        booking_chars: usize,
    ) -> Capabilities {
        let is_read_only =
            conversation.read_only_at.is_some_and(|at| heard_at.is_none_or(|h| h <= at));
        let can_reply = conversation.visitor_address.is_some() && !is_read_only;
        let there = (!can_reply && conversation.channel == Channel::Booking).then_some(EXTRANET);
        let answer_link = conversation.link.clone().or(there.map(str::to_owned));
        let reply_until = reply_until(conversation, heard_at);
        let road = Road::of(conversation);
        // What an API does not take it says; a relay is silent.
        let ends_then = conversation.stay.is_some() || matches!(road, Road::BookingRelay);
        let of_channel = match road {
            Road::Mail => return Capabilities { can_reply, ..Capabilities::MAIL },
            Road::BookingApi if conversation.booked => {
                let max_chars = Some(booking_chars);
                let images = Capabilities { max_chars, ..Capabilities::IMAGES };
                Capabilities { read_marks: true, no_reply_needed: true, ..images }
            }
            // A request to book takes neither files nor marks.
            Road::BookingApi => Capabilities {
                max_chars: Some(booking_chars),
                attachments: FileKinds::None,
                max_attachment_bytes: Some(0),
                max_attachments: Some(0),
                text_with_attachment: false,
                ..Capabilities::IMAGES
            },
            Road::BookingRelay => Capabilities {
                answer_link: answer_link.clone(),
                attachments: FileKinds::NoArchives,
                max_attachment_bytes: Some(15_000_000),
                ..Capabilities::MAIL
            },
            Road::Channex => Capabilities {
                max_chars: Some(match conversation.channel {
                    Channel::Booking => booking_chars,
                    _ => USUAL_CHARS,
                }),
                // Each file is a message of its own, so none needs words.
                needs_text: false,
                text_with_attachment: false,
                no_reply_needed: conversation.channel == Channel::Booking,
                ..Capabilities::IMAGES
            },
            // How images are sent by its API is nowhere described.
            Road::AirbnbApi | Road::AirbnbRelay => Capabilities {
                answer_link: answer_link.clone(),
                max_chars: Some(65_535),
                attachments: FileKinds::None,
                max_attachment_bytes: Some(0),
                max_attachments: Some(0),
                needs_text: true,
                text_with_attachment: false,
                ..Capabilities::MAIL
            },
        };
        let answer_link = of_channel.answer_link.clone().or(answer_link.filter(|_| !can_reply));
        Capabilities {
            can_reply,
            reply_until,
            ends_then,
            answer_link,
            links_filtered: true,
            // What is known of a relay's conversation does not tell.
            contact_data: conversation.booked || !conversation.is_connected(),
            ..of_channel
        }
    }

    /// What whoever answers should know beforehand, in sentences.
    pub fn limits(&self, tongue: Tongue) -> Vec<String> {
        let until = self.reply_until.map(|until| until.strftime("%F").to_string());
        let until = until.map(|until| phrases::ANSWER_BEFORE.say(tongue, &until));
        let files = match self.attachments {
            FileKinds::None => Some(phrases::NO_FILES.say(tongue, "")),
            FileKinds::Images => Some(phrases::PICTURES_ONLY.say(tongue, "")),
            FileKinds::NoArchives => Some(phrases::NO_ARCHIVES.say(tongue, "")),
            FileKinds::Any => None,
        };
        // Pictures are made as small as they must be.
        let weighs = matches!(self.attachments, FileKinds::NoArchives | FileKinds::Any);
        let bytes = self.max_attachment_bytes.filter(|_| weighs);
        let size =
            bytes.map(|bytes| phrases::FILES_UP_TO.say(tongue, &(bytes / 1_000_000).to_string()));
        let with_words = (self.needs_text && self.attachments != FileKinds::None)
            .then(|| phrases::FILES_NEED_WORDS.say(tongue, ""));
        // Nobody types a novel.
        let max = self.max_chars.filter(|max| *max <= 10_000).map(|max| max.to_string());
        let split = max.map(|max| phrases::LONGER_IS_SPLIT.say(tongue, &max));
        let links = self.links_filtered.then(|| phrases::LINKS_FILTERED.say(tongue, ""));
        let contact = (!self.contact_data).then(|| phrases::NO_CONTACT_DATA.say(tongue, ""));
        let ends = self.ends_request.then(|| phrases::ANSWER_ENDS_REQUEST.say(tongue, ""));
        let all = [until, split, contact, links, files, size, with_words, ends];
        all.into_iter().flatten().collect()
    }

    /// Why this reply cannot be sent as it is.
    pub fn problem(&self, text: &str, files: &[Attachment], now: Timestamp) -> Option<Problem> {
        if !self.can_reply {
            return Some(Problem::NoAddress(self.answer_link.clone()));
        }
        if let Some(until) = self.reply_until.filter(|until| self.ends_then && now > *until) {
            return Some(Problem::TooLate(until));
        }
        if self.needs_text && text.trim().is_empty() {
            return Some(Problem::NoText);
        }
        if let Some(found) = contact_in(text).filter(|_| !self.contact_data) {
            return Some(Problem::ContactData(found));
        }
        let refused = files.iter().find(|file| !self.takes(file));
        if let Some(file) = refused {
            return Some(Problem::File(file.name.clone()));
        }
        // Pictures are made as small as they must be.
        let together = files.iter().filter(|_| self.attachments != FileKinds::Images);
        let size: usize = together.map(|file| file.content.len()).sum();
        if let Some(max) = self.max_attachment_bytes.filter(|max| size > *max) {
            return Some(Problem::FilesTooBig(max));
        }
        let max = self.max_attachments.filter(|max| files.len() > *max);
        max.map(Problem::TooManyFiles)
    }

    /// The files as the channel takes them; a file that cannot be made so is the problem. Decodes pictures.
    pub fn fitted(&self, files: Vec<Attachment>) -> Result<Vec<Attachment>, Problem> {
        let Some(max) = self.max_attachment_bytes.filter(|_| self.attachments == FileKinds::Images)
        else {
            return Ok(files);
        };
        let fit = |file: Attachment| match self.takes_as_it_is(&file) {
            true => Ok(file),
            false => fitting::fitted(&file, max).ok_or(Problem::File(file.name)),
        };
        files.into_iter().map(fit).collect()
    }

    /// A small picture of a kind that is shown everywhere.
    fn takes_as_it_is(&self, file: &Attachment) -> bool {
        ["image/jpeg", "image/png"].contains(&file.media_type.as_str())
            && self.max_attachment_bytes.is_none_or(|max| file.content.len() <= max)
    }

    fn takes(&self, file: &Attachment) -> bool {
        let name = file.name.to_lowercase();
        match self.attachments {
            FileKinds::None => false,
            FileKinds::Images => self.takes_as_it_is(file) || fitting::is_possible(file),
            FileKinds::NoArchives => !REFUSED_BY_BOOKING.iter().any(|end| name.ends_with(end)),
            FileKinds::Any => true,
        }
    }

    /// The text in pieces the channel takes: cut between paragraphs, else lines, else words.
    pub fn pieces(&self, text: &str) -> Vec<String> {
        let Some(max) = self.max_chars.filter(|max| *max > 0) else { return vec![text.to_owned()] };
        let mut pieces = Vec::new();
        let mut rest = text.trim();
        while rest.chars().count() > max {
            let end = rest.char_indices().nth(max).map_or(rest.len(), |(at, _)| at);
            // One character more: a gap right behind the limit is a place to cut too.
            let head = &rest[..rest.char_indices().nth(max + 1).map_or(rest.len(), |(at, _)| at)];
            let cut = ["\n\n", "\n", " "]
                .iter()
                .find_map(|gap| head.rfind(gap).filter(|at| *at > 0))
                .unwrap_or(end);
            pieces.push(rest[..cut].trim_end().to_owned());
            rest = rest[cut..].trim_start();
        }
        if !rest.is_empty() || pieces.is_empty() {
            pieces.push(rest.to_owned());
        }
        pieces
    }
}

/// Booking.com's window, whatever the road: days after the visitor's last words, or after the stay. No other platform
/// has one that anybody wrote down.
fn reply_until(conversation: &Conversation, heard_at: Option<Timestamp>) -> Option<Timestamp> {
    if conversation.channel != Channel::Booking {
        return None;
    }
    let opened = heard_at.and_then(|at| at.checked_add(OPENED).ok());
    // A day longer: the house's midnight may come after that of UTC.
    let after = conversation.stay.and_then(|stay| {
        let end = stay.departure.checked_add(Span::new().days(AFTER_STAY + 1)).ok()?;
        Some(end.to_zoned(TimeZone::UTC).ok()?.timestamp())
    });
    opened.max(after)
}

/// The first phone number or address in a text.
fn contact_in(text: &str) -> Option<String> {
    let facts = facts::find(text, Language::EN, &Terms::default());
    let found =
        facts.into_iter().find(|fact| matches!(fact.value, Value::Phone(_) | Value::Email(_)));
    found.map(|fact| text[fact.span].to_owned())
}

/// Why a reply cannot go out as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The house has no messaging; the visitor's own address, if there is one to write to.
    NotInPlan(Option<Address>),
    /// The channel gave no address; perhaps a page to answer in.
    NoAddress(Option<String>),
    /// The window closed then.
    TooLate(Timestamp),
    /// A file without words.
    NoText,
    /// Before a booking, a way round the platform.
    ContactData(String),
    /// A file the channel does not take.
    File(String),
    /// The files are bigger than this together.
    FilesTooBig(usize),
    /// More files than this.
    TooManyFiles(usize),
    /// It is to be translated, and nobody knows into what.
    LanguageUnknown,
}

impl Problem {
    /// One sentence that says what to do.
    pub fn sentence(&self, tongue: Tongue) -> String {
        match self {
            Problem::NotInPlan(address) => {
                let address = address.as_ref().map(|a| format!(" ({a})")).unwrap_or_default();
                phrases::NOT_IN_PLAN.say(tongue, &address)
            }
            Problem::NoAddress(Some(link)) => phrases::ANSWER_IN_OTA.say(tongue, link),
            Problem::NoAddress(None) => phrases::NO_WAY_TO_ANSWER.say(tongue, ""),
            Problem::TooLate(until) => {
                phrases::REPLY_WINDOW_CLOSED.say(tongue, &until.strftime("%F").to_string())
            }
            Problem::NoText => phrases::FILE_NEEDS_TEXT.say(tongue, ""),
            Problem::ContactData(found) => phrases::CONTACT_DATA_NOT_TAKEN.say(tongue, found),
            Problem::File(name) => phrases::FILE_NOT_TAKEN.say(tongue, name),
            Problem::FilesTooBig(max) => {
                phrases::FILES_TOO_BIG.say(tongue, &format!("{} MB", max / 1_000_000))
            }
            Problem::LanguageUnknown => phrases::LANGUAGE_UNKNOWN.say(tongue, ""),
            Problem::TooManyFiles(max) => phrases::TOO_MANY_FILES.say(tongue, &max.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::{
        key::{AccountId, ConversationId},
        stay::Stay,
    };

    fn conversation(channel: Channel, address: Option<&str>) -> Conversation {
        Conversation {
            id: ConversationId(1),
            account: AccountId(1),
            subject: String::new(),
            visitor_name: None,
            visitor_address: address.map(|a| a.parse().unwrap()),
            channel,
            language: None,
            needs_reply: true,
            closed: false,
            deleted_at: None,
            link: Some("https://www.airbnb.com/hosting/thread/1".into()),
            language_why: None,
            stay: None,
            read_only_at: None,
            booked: true,
        }
    }

    fn file(name: &str, media_type: &str, size: usize) -> Attachment {
        Attachment {
            name: name.into(),
            media_type: media_type.into(),
            content_id: None,
            inline: false,
            content: vec![0; size],
        }
    }

    #[test]
    fn a_thread_is_one_only_where_its_channel_brought_it() {
        let address = Some("x/../T7@1.booking.channel.invalid");
        for (channel, connected) in
            [(Channel::Booking, true), (Channel::Email, false), (Channel::Form, false)]
        {
            let conversation = conversation(channel, address);
            assert_eq!(conversation.is_connected(), connected, "{channel:?}");
            assert_eq!(conversation.through().is_some(), connected, "{channel:?}");
        }
    }

    #[test]
    fn what_each_channel_takes() {
        let heard: Timestamp = "2026-06-01T00:00:00Z".parse().unwrap();
        let soon: Timestamp = "2026-06-02T00:00:00Z".parse().unwrap();
        let late: Timestamp = "2026-06-15T00:00:01Z".parse().unwrap();
        let (pdf, zip) = (file("a.pdf", "application/pdf", 9), file("A.ZIP", "x/y", 9));
        let big = file("b.jpg", "image/jpeg", 15_000_001);
        let (r, n) = (Some("x@reply.airbnb.com"), None);
        let image = file("b.jpg", "image/jpeg", 9);
        let api = Some("t@channel.invalid");
        let by_channex = Some("t@7.channex.channel.invalid");
        let by_airbnb = Some("7@7.airbnb.channel.invalid");
        let table = [
            (Channel::Email, r, "hi", vec![big.clone(), zip.clone()], late, None),
            (Channel::Email, n, "hi", vec![], soon, Some("NoAddress")),
            (Channel::Booking, r, "hi", vec![pdf.clone()], soon, None),
            (Channel::Booking, r, "hi", vec![zip], soon, Some("File(")),
            (Channel::Booking, r, "hi", vec![big], soon, Some("FilesTooBig")),
            (Channel::Booking, r, "hi", vec![], late, Some("TooLate")),
            (Channel::Airbnb, r, "hi", vec![], soon, None),
            (Channel::Airbnb, r, "  ", vec![], soon, Some("NoText")),
            (Channel::Airbnb, r, "hi", vec![pdf.clone()], soon, Some("File(")),
            (Channel::Airbnb, n, "hi", vec![], soon, Some("NoAddress(Some")),
            (Channel::Booking, api, "hi", vec![pdf.clone()], soon, Some("File(")),
            (Channel::Booking, api, " ", vec![image.clone()], soon, Some("NoText")),
            (Channel::Booking, by_channex, " ", vec![image.clone()], soon, None),
            (Channel::Airbnb, by_channex, "hi", vec![image.clone()], soon, None),
            (Channel::Channex, by_channex, "hi", vec![pdf], soon, Some("File(")),
            (Channel::Airbnb, by_airbnb, "hi", vec![image], soon, Some("File(")),
        ];
        for (channel, address, text, files, now, wanted) in table {
            let capabilities =
                Capabilities::of(&conversation(channel, address), Some(heard), USUAL_CHARS);
            let got = capabilities.problem(text, &files, now).map(|p| format!("{p:?}"));
            let same = match (&got, wanted) {
                (Some(got), Some(wanted)) => got.starts_with(wanted),
                (got, wanted) => got.is_none() && wanted.is_none(),
            };
            assert!(same, "{channel:?} {address:?} {text:?} {now}: {got:?}, not {wanted:?}");
        }
    }

    #[test]
    fn before_a_booking_less_is_taken() {
        let (api, channex) = ("t@7.booking.channel.invalid", "t@7.channex.channel.invalid");
        let now: Timestamp = "2026-06-02T00:00:00Z".parse().unwrap();
        let (none, image) = (vec![], vec![file("b.jpg", "image/jpeg", 9)]);
        let table = [
            (Channel::Booking, api, "Yes, on 12.06. for 2 at 120 EUR", &none, None),
            (Channel::Booking, api, "Call +351 912 345 678", &none, Some("+351 912 345 678")),
            (Channel::Airbnb, channex, "ana@pousada.example", &none, Some("ana@pousada.example")),
            (Channel::Booking, api, "Look", &image, Some("b.jpg")),
            (Channel::Airbnb, channex, "Look", &image, None),
            (Channel::Booking, "x@mchat.booking.com", "Call +351 912 345 678", &none, None),
        ];
        for (channel, address, text, files, refused) in table {
            let asked = conversation(channel, Some(address));
            let booked = Capabilities::of(&asked, Some(now), USUAL_CHARS);
            let before =
                Capabilities::of(&Conversation { booked: false, ..asked }, Some(now), USUAL_CHARS);
            let got = before.problem(text, files, now).map(|problem| problem.sentence(Tongue::En));
            let same = match (&got, refused) {
                (Some(got), Some(refused)) => got.contains(refused),
                (got, refused) => got.is_none() && refused.is_none(),
            };
            assert!(same, "{channel:?} {text}: {got:?}");
            assert_eq!(booked.problem(text, files, now), None, "{channel:?} {text}");
        }
        let before = Conversation { booked: false, ..conversation(Channel::Booking, Some(api)) };
        let before = Capabilities::of(&before, Some(now), USUAL_CHARS);
        assert!(!before.no_reply_needed && !before.read_marks);
        let said = before.limits(Tongue::En).join("\n");
        assert!(said.contains("phone") && said.contains("no files"), "{said}");
        // Kinds, sizes and what goes with them are said beforehand, on every road.
        for (address, words) in [
            (api, &["only pictures", "needs words"] as &[&str]),
            (channex, &["only pictures"]),
            ("x@mchat.booking.com", &["no archives", "may have 15 MB"]),
        ] {
            let road = Capabilities::of(
                &conversation(Channel::Booking, Some(address)),
                Some(now),
                USUAL_CHARS,
            );
            let said = road.limits(Tongue::En).join("\n");
            assert!(words.iter().all(|word| said.contains(word)), "{address}: {said}");
        }
    }

    #[test]
    fn the_window_of_a_booking_is_open_until_after_the_stay() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let heard = at("2026-06-01T00:00:00Z");
        let (api, relay) = (Some("t@7.booking.channel.invalid"), Some("x@mchat.booking.com"));
        let table = [
            // The end of the stay is not known: only the relay, which says nothing, is not tried.
            (Channel::Booking, api, None, None, "2026-06-20T00:00:00Z", None),
            (Channel::Booking, relay, None, None, "2026-06-20T00:00:00Z", Some("TooLate")),
            (Channel::Booking, api, Some("2026-08-10"), None, "2026-08-17T20:00:00Z", None),
            (
                Channel::Booking,
                api,
                Some("2026-08-10"),
                None,
                "2026-08-19T00:00:00Z",
                Some("TooLate"),
            ),
            (Channel::Booking, relay, Some("2026-08-10"), None, "2026-08-17T20:00:00Z", None),
            // The visitor wrote after the stay.
            (Channel::Booking, api, Some("2026-05-20"), None, "2026-06-14T00:00:00Z", None),
            (
                Channel::Booking,
                api,
                Some("2026-05-20"),
                None,
                "2026-06-16T00:00:00Z",
                Some("TooLate"),
            ),
            // The channel takes none since a moment, and the visitor's next words end that.
            (
                Channel::Booking,
                api,
                None,
                Some("2026-06-02T00:00:00Z"),
                "2026-06-03T00:00:00Z",
                Some("NoAddress(Some"),
            ),
            (
                Channel::Booking,
                api,
                None,
                Some("2026-05-31T00:00:00Z"),
                "2026-06-03T00:00:00Z",
                None,
            ),
            (
                Channel::Airbnb,
                Some("7@7.airbnb.channel.invalid"),
                None,
                None,
                "2026-09-01T00:00:00Z",
                None,
            ),
        ];
        for (channel, address, leaves_on, read_only_at, now, wanted) in table {
            let mut asked = conversation(channel, address);
            asked.stay = leaves_on.and_then(|day| Stay::read("2026-05-01", day));
            asked.read_only_at = read_only_at.map(at);
            let capabilities = Capabilities::of(&asked, Some(heard), USUAL_CHARS);
            let got = capabilities.problem("hi", &[], at(now)).map(|p| format!("{p:?}"));
            let same = got
                .as_deref()
                .map_or(wanted.is_none(), |got| wanted.is_some_and(|w| got.starts_with(w)));
            assert!(same, "{address:?} {leaves_on:?} {now}: {got:?}");
        }
    }

    #[test]
    fn a_long_reply_is_cut_where_it_hurts_least_and_nothing_is_lost() {
        let table: [(usize, &str, &[&str]); 5] = [
            (100, "short", &["short"]),
            (12, "one two\n\nthree four", &["one two", "three four"]),
            (9, "one two\nthree", &["one two", "three"]),
            (7, "äöü ßẞé ok", &["äöü ßẞé", "ok"]),
            (3, "abcdefg", &["abc", "def", "g"]),
        ];
        for (max, text, wanted) in table {
            let mut capabilities = Capabilities::MAIL;
            capabilities.max_chars = Some(max);
            let pieces = capabilities.pieces(text);
            assert_eq!(pieces, wanted, "{max} {text:?}");
            assert!(pieces.iter().all(|p| p.chars().count() <= max));
            let bare = |t: &str| t.split_whitespace().collect::<String>();
            assert_eq!(bare(&pieces.concat()), bare(text));
        }
    }
}
