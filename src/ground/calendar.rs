//! The card of a calendar invitation: what, when, where (iCalendar, RFC 5545, and iTIP, RFC 5546).
//!
//! A small reader of our own: the card needs eight properties of the first event and nothing of recurrence or
//! time-zone rules. Reading never fails; what makes no sense is left out.

use jiff::{Timestamp, civil, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::ground::phrases::{self, Tongue};

/// So many lines of a calendar are read.
const MAX_LINES: usize = 20_000;

/// What an invitation says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Invitation {
    /// `REQUEST`, `REPLY`, `CANCEL`, … (RFC 5546, 1.4); upper case.
    pub method: Option<String>,
    /// The event's identity: later versions and the cancellation carry the same.
    pub uid: Option<String>,
    /// The version.
    pub sequence: u32,
    /// What.
    pub summary: Option<String>,
    /// From when.
    pub start: Option<When>,
    /// Until when; of a whole day, the day after the last (RFC 5545, 3.6.1).
    pub end: Option<When>,
    /// How long, as written (`PT1H`), where no end is given.
    pub duration: Option<String>,
    /// Where.
    pub location: Option<String>,
    /// Whose.
    pub organizer: Option<String>,
    /// `CONFIRMED`, `TENTATIVE`, `CANCELLED`.
    pub status: Option<String>,
    /// What more was written.
    pub description: Option<String>,
    /// Does it repeat?
    pub repeats: bool,
}

/// A time as an invitation gives it. Zones are names only (Outlook invents its own): the place shows the
/// visitor's local time beside the name and does not reckon with rules it may not have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// A whole day.
    Day(civil::Date),
    /// A moment in UTC.
    Utc(Timestamp),
    /// A local time in a named zone, or floating.
    Local {
        /// The time on the wall.
        time: civil::DateTime,
        /// The zone's name; `None` is wherever the reader is.
        zone: Option<String>,
    },
}

impl Invitation {
    /// Is it called off?
    pub fn is_cancelled(&self) -> bool {
        [&self.method, &self.status]
            .into_iter()
            .flatten()
            .any(|said| matches!(said.as_str(), "CANCEL" | "CANCELLED"))
    }

    /// When, for a reader in a zone: the same figures in every language.
    pub fn when(&self, reader: &TimeZone) -> Option<String> {
        let (start, first) = self.start.as_ref()?.shown(reader);
        let zone = first.map_or_else(String::new, |zone| format!(" ({zone})"));
        let Some(end) = &self.end else { return Some(start + &zone) };
        let last = match end {
            // Of a whole day the end is the day after.
            When::Day(day) => When::Day(day.yesterday().unwrap_or(*day)),
            other => other.clone(),
        };
        let (end, _) = last.shown(reader);
        Some(match (start.split_once(' '), end.split_once(' ')) {
            _ if start == end => start + &zone,
            (Some((day, _)), Some((same, until))) if day == same => {
                format!("{start} – {until}{zone}")
            }
            _ => format!("{start} – {end}{zone}"),
        })
    }

    /// What, when and where, a line each, for a mail.
    pub fn told(&self, tongue: Tongue, reader: &TimeZone) -> String {
        let kind =
            if self.is_cancelled() { phrases::CANCELLED_INVITATION } else { phrases::INVITATION };
        let what = kind.say(tongue, self.summary.as_deref().unwrap_or("?"));
        let lines = [Some(what), self.when(reader), self.location.clone()];
        lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
    }
}

impl When {
    /// The figures, and the zone where it is not the reader's.
    fn shown(&self, reader: &TimeZone) -> (String, Option<String>) {
        match self {
            When::Day(day) => (day.to_string(), None),
            When::Utc(at) => {
                (at.to_zoned(reader.clone()).strftime("%Y-%m-%d %H:%M").to_string(), None)
            }
            When::Local { time, zone } => {
                (time.strftime("%Y-%m-%d %H:%M").to_string(), zone.clone())
            }
        }
    }
}

/// The cards among what the store keeps of a message.
pub fn kept(details: &serde_json::Value) -> Vec<Invitation> {
    serde_json::from_value(details["invitations"].clone()).unwrap_or_default()
}

/// Reads the first event of a calendar.
pub fn read(text: &str) -> Option<Invitation> {
    let mut card = Invitation::default();
    let mut path: Vec<String> = Vec::new();
    let mut events = 0;
    for line in unfolded(text) {
        let Some(property) = Property::read(&line) else {
            continue;
        };
        match property.name.as_str() {
            "BEGIN" => {
                let component = property.value.to_ascii_uppercase();
                events += usize::from(component == "VEVENT");
                path.push(component);
            }
            "END" => {
                path.pop();
            }
            "METHOD" if path.len() <= 1 => {
                card.method = filled(&property.value.to_ascii_uppercase());
            }
            _ if events == 1 && path.last().is_some_and(|p| p == "VEVENT") => card.take(&property),
            _ => {}
        }
    }
    (events > 0 && (card.summary.is_some() || card.start.is_some())).then_some(card)
}

impl Invitation {
    fn take(&mut self, property: &Property) {
        let text = || filled(&unescaped(&property.value));
        match property.name.as_str() {
            "UID" => self.uid = text(),
            "SEQUENCE" => self.sequence = property.value.trim().parse().unwrap_or(0),
            "SUMMARY" => self.summary = text(),
            "LOCATION" => self.location = text(),
            "DESCRIPTION" => self.description = text(),
            "STATUS" => self.status = filled(&property.value.to_ascii_uppercase()),
            "DTSTART" => self.start = property.when(),
            "DTEND" => self.end = property.when(),
            "DURATION" => self.duration = text(),
            "RRULE" | "RDATE" => self.repeats = true,
            "ORGANIZER" => self.organizer = property.person(),
            _ => {}
        }
    }
}

/// `NAME;PARAM=value;PARAM="va:lue":value` (RFC 5545, 3.1).
struct Property {
    name: String,
    parameters: Vec<(String, String)>,
    value: String,
}

impl Property {
    fn read(line: &str) -> Option<Self> {
        let mut quoted = false;
        let colon = line.char_indices().find_map(|(at, c)| {
            quoted ^= c == '"';
            (c == ':' && !quoted).then_some(at)
        })?;
        let mut quoted = false;
        let mut words = line[..colon].split(|c: char| {
            quoted ^= c == '"';
            c == ';' && !quoted
        });
        let name = words.next()?.trim().to_ascii_uppercase();
        let parameters = words
            .filter_map(|word| word.split_once('='))
            .map(|(name, value)| {
                (name.trim().to_ascii_uppercase(), value.trim_matches('"').to_owned())
            })
            .collect();
        Some(Property { name, parameters, value: line[colon + 1..].trim().to_owned() })
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    fn when(&self) -> Option<When> {
        let digits: String = self.value.chars().filter(char::is_ascii_digit).collect();
        let number = |from: usize, to: usize| digits.get(from..to)?.parse::<i16>().ok();
        let small = |from: usize, to: usize| i8::try_from(number(from, to)?).ok();
        let date = civil::Date::new(number(0, 4)?, small(4, 6)?, small(6, 8)?).ok()?;
        let Some(hour) = small(8, 10) else {
            return Some(When::Day(date));
        };
        let time = date
            .at(0, 0, 0, 0)
            .with()
            .hour(hour)
            .minute(small(10, 12)?)
            .second(small(12, 14).unwrap_or(0).min(59))
            .build()
            .ok()?;
        if self.value.ends_with(['Z', 'z']) {
            return time.to_zoned(TimeZone::UTC).ok().map(|z| When::Utc(z.timestamp()));
        }
        Some(When::Local { time, zone: self.parameter("TZID").and_then(|z| filled(&unescaped(z))) })
    }

    fn person(&self) -> Option<String> {
        let name = self.parameter("CN").map(unescaped).unwrap_or_default();
        let address = self
            .value
            .get(..7)
            .filter(|p| p.eq_ignore_ascii_case("mailto:"))
            .map_or(self.value.as_str(), |_| &self.value[7..]);
        match (name.trim(), address.trim()) {
            ("", address) => filled(address),
            (name, "") => filled(name),
            (name, address) if name == address => filled(name),
            (name, address) => Some(format!("{name} <{address}>")),
        }
    }
}

/// Lines joined where the next starts with white space (RFC 5545, 3.1).
fn unfolded(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines().take(MAX_LINES) {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(more), Some(last)) => last.push_str(more),
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

/// `\n`, `\,`, `\;`, `\\` (RFC 5545, 3.3.11).
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(other) => out.push(other),
                None => {}
            },
            other => out.push(other),
        }
    }
    out
}

fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTLOOK: &str = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nPRODID:Microsoft Exchange Server 2010\r\nBEGIN:VTIMEZONE\r\nTZID:W. Europe Standard Time\r\n\
        BEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nORGANIZER;CN=\"Weber: Anna\":mailto:anna@weber.example\r\n\
        SUMMARY;LANGUAGE=de-DE:Besichtigung\\, Saal\r\nDTSTART;TZID=\"W. Europe Standard Time\":20260314T103000\r\nDTEND;TZID=W. Europe Standard Time:20260314T113000\r\n\
        UID:04000\r\nSEQUENCE:2\r\nSTATUS:confirmed\r\nLOCATION:Hotel am See\\, Semi\r\n narraum 2\r\nDESCRIPTION:Eins\\nZwei\r\nBEGIN:VALARM\r\nDESCRIPTION:REMINDER\r\nEND:VALARM\r\n\
        END:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:another\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

    #[test]
    fn a_card_says_when_in_the_readers_zone() {
        let lisbon = TimeZone::get("Europe/Lisbon").unwrap();
        for (start, end, when) in [
            (
                "DTSTART:20260801T080000Z",
                "DTEND:20260801T090000Z",
                Some("2026-08-01 09:00 – 10:00"),
            ),
            (
                "DTSTART:20260801T220000Z",
                "DTEND:20260801T233000Z",
                Some("2026-08-01 23:00 – 2026-08-02 00:30"),
            ),
            (
                "DTSTART;TZID=Europe/Paris:20260801T100000",
                "DTEND;TZID=Europe/Paris:20260801T110000",
                Some("2026-08-01 10:00 – 11:00 (Europe/Paris)"),
            ),
            ("DTSTART;VALUE=DATE:20260801", "DTEND;VALUE=DATE:20260802", Some("2026-08-01")),
            (
                "DTSTART;VALUE=DATE:20260801",
                "DTEND;VALUE=DATE:20260804",
                Some("2026-08-01 – 2026-08-03"),
            ),
            ("DTSTART:20260801T080000Z", "X-A:b", Some("2026-08-01 09:00")),
            ("X-A:b", "X-B:c", None),
        ] {
            let text = format!(
                "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:Tasting\n{start}\n{end}\nLOCATION:Cellar\nEND:VEVENT\nEND:VCALENDAR\n"
            );
            let card = read(&text).unwrap();
            assert_eq!(card.when(&lisbon).as_deref(), when, "{start}");
            let told = card.told(Tongue::En, &lisbon);
            assert_eq!(
                told,
                ["Invitation: Tasting"]
                    .into_iter()
                    .chain(when)
                    .chain(["Cellar"])
                    .collect::<Vec<_>>()
                    .join("\n")
            );
            let kept = serde_json::to_value(&card).unwrap();
            assert_eq!(
                serde_json::from_value::<Invitation>(kept).unwrap(),
                card,
                "as the store keeps it"
            );
        }
    }

    #[test]
    fn what_when_where() {
        let card = read(OUTLOOK).expect("an event");
        assert_eq!(card.method.as_deref(), Some("REQUEST"));
        assert_eq!(card.summary.as_deref(), Some("Besichtigung, Saal"));
        assert_eq!(card.location.as_deref(), Some("Hotel am See, Seminarraum 2"));
        assert_eq!(card.organizer.as_deref(), Some("Weber: Anna <anna@weber.example>"));
        assert_eq!(card.description.as_deref(), Some("Eins\nZwei"));
        assert_eq!((card.sequence, card.repeats), (2, false));
        let zone = Some("W. Europe Standard Time".to_owned());
        assert_eq!(
            card.start,
            Some(When::Local { time: civil::date(2026, 3, 14).at(10, 30, 0, 0), zone })
        );
    }

    #[test]
    fn times_in_all_forms() {
        for (line, expected) in [
            ("DTSTART;VALUE=DATE:20260701", r#"{"day":"2026-07-01"}"#),
            ("DTSTART:20260701T120000Z", r#"{"utc":"2026-07-01T12:00:00Z"}"#),
            ("DTSTART:20260701T120000", r#"{"local":{"time":"2026-07-01T12:00:00","zone":null}}"#),
            ("DTSTART:20261301T120000Z", "null"),
            ("DTSTART:2026", "null"),
        ] {
            let card =
                read(&format!("BEGIN:VEVENT\nSUMMARY:x\n{line}\nEND:VEVENT")).expect("an event");
            assert_eq!(
                serde_json::to_string(&card.start).expect("plain values"),
                expected,
                "{line}"
            );
        }
        assert_eq!(read("no calendar at all"), None);
        assert_eq!(read("BEGIN:VTODO\nSUMMARY:x\nEND:VTODO"), None);
    }
}
