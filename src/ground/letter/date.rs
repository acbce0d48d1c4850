//! Dates (RFC 5322, 3.3) by their words, in whatever order and company they come.

use jiff::{Timestamp, civil, tz::Offset};

use super::words;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Zone names and their hours: RFC 5322, 4.3, and those of European mail software.
const ZONES: &[(&str, i32)] = &[
    ("ut", 0),
    ("utc", 0),
    ("gmt", 0),
    ("z", 0),
    ("wet", 0),
    ("bst", 1),
    ("west", 1),
    ("cet", 1),
    ("met", 1),
    ("cest", 2),
    ("mest", 2),
    ("eet", 2),
    ("eest", 3),
    ("msk", 3),
    ("jst", 9),
    ("est", -5),
    ("edt", -4),
    ("cst", -6),
    ("cdt", -5),
    ("mst", -7),
    ("mdt", -6),
    ("pst", -8),
    ("pdt", -7),
];

/// What has been found of a date so far.
#[derive(Default)]
struct Found {
    day: Option<i8>,
    month: Option<i8>,
    year: Option<i16>,
    time: Option<(i8, i8, i8)>,
    afternoon: Option<bool>,
    offset_seconds: Option<i32>,
}

/// The instant of a raw Date value; without a zone it is read as UTC.
pub(super) fn parse(raw: &[u8]) -> Option<Timestamp> {
    let (text, _) = words::decode(&raw[..raw.len().min(300)], None);
    // `09 : 55` (RFC 5322, 4.3 allows blanks and comments anywhere).
    let text = without_comments(&text).to_lowercase();
    let text = text.split(':').map(str::trim).collect::<Vec<_>>().join(":");
    let mut found = Found::default();
    for word in text.split(|c: char| c.is_whitespace() || c == ',').filter(|w| !w.is_empty()) {
        found.take(word);
    }
    found.instant()
}

/// A comment often repeats the zone by name; it counts only where nothing else tells the zone.
fn without_comments(text: &str) -> String {
    let (mut outside, mut inside) = (String::new(), String::new());
    let mut depth = 0usize;
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => inside.push(c),
            _ => outside.push(c),
        }
    }
    format!("{outside} {inside}")
}

impl Found {
    fn take(&mut self, word: &str) {
        // ISO 8601 in one word.
        if let Some((date, rest)) = word.split_once('t')
            && date.len() == 10
            && self.dashed(date)
        {
            let (time, zone) = rest.split_at(rest.find(['+', '-', 'z']).unwrap_or(rest.len()));
            self.take(time);
            self.take(zone);
            return;
        }
        if let Some(time) = time(word) {
            self.time = self.time.or(Some(time));
            if word.ends_with("am") || word.ends_with("pm") {
                self.afternoon = Some(word.ends_with("pm"));
            }
        } else if let Some(seconds) = offset(word) {
            self.offset_seconds = self.offset_seconds.or(Some(seconds));
        } else if word.contains(['-', '/', '.']) && self.dashed(word) {
            // taken
        } else if let Ok(number) = word.trim_end_matches(['.', ';']).parse::<i16>() {
            self.number(number, word);
        } else if matches!(word, "am" | "pm") {
            self.afternoon = Some(word == "pm");
        } else if let Some(at) = MONTHS.iter().position(|m| word.starts_with(m)) {
            self.month = self.month.or(i8::try_from(at + 1).ok());
        }
    }

    fn number(&mut self, number: i16, word: &str) {
        if self.day.is_none() && (1..=31).contains(&number) && word.len() <= 2 {
            self.day = i8::try_from(number).ok();
        } else if self.year.is_none() {
            // RFC 5322, 4.3: two digits below 50 are this century, three count from 1900.
            self.year = match number {
                0..=49 => Some(2000 + number),
                50..=999 => Some(1900 + number),
                1900..=9999 => Some(number),
                _ => None,
            };
        }
    }

    /// `2024-05-17`, `17-May-2024`.
    fn dashed(&mut self, word: &str) -> bool {
        let word = word.split('t').next().filter(|w| w.len() == 10).unwrap_or(word);
        let pieces: Vec<&str> = word.split(['-', '/', '.']).collect();
        let [first, second, third] = pieces[..] else {
            return false;
        };
        let month = |m: &str| MONTHS.iter().position(|name| m.starts_with(name)).map(|at| at + 1);
        let (day, month, year) = match (first.len(), month(second)) {
            (4, _) => (third.parse().ok(), second.parse().ok(), first.parse().ok()),
            (_, Some(month)) => (first.parse().ok(), i8::try_from(month).ok(), third.parse().ok()),
            _ => return false,
        };
        (self.day, self.month) = (day, month);
        if let Some(year) = year {
            self.number(year, third);
        }
        true
    }

    fn instant(self) -> Option<Timestamp> {
        let (hour, minute, second) = self.time.unwrap_or_default();
        let hour = match self.afternoon {
            Some(true) if hour < 12 => hour + 12,
            Some(false) if hour == 12 => 0,
            _ => hour,
        };
        let civil = civil::DateTime::new(
            self.year?,
            self.month?,
            self.day?,
            hour,
            minute,
            second.min(59),
            0,
        )
        .ok()?;
        let offset = Offset::from_seconds(self.offset_seconds.unwrap_or(0)).unwrap_or(Offset::UTC);
        offset.to_timestamp(civil).ok()
    }
}

fn time(word: &str) -> Option<(i8, i8, i8)> {
    let word = word.trim_end_matches(['a', 'p', 'm', 'z']);
    let mut pieces = word.split(':');
    let number = |piece: &str, limit: i8| -> Option<i8> {
        let digits: String = piece.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok().filter(|n| *n <= limit)
    };
    let hour = number(pieces.next()?, 24)?;
    let minute = number(pieces.next()?, 59)?;
    let second = pieces.next().map_or(Some(0), |s| number(s, 60))?;
    Some((hour % 24, minute, second))
}

fn offset(word: &str) -> Option<i32> {
    if let Some((_, hours)) = ZONES.iter().find(|(name, _)| *name == word) {
        return Some(hours * 3600);
    }
    let word = word.strip_prefix("gmt").or_else(|| word.strip_prefix("utc")).unwrap_or(word);
    let sign = match word.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = word[1..].chars().filter(|c| *c != ':').collect();
    if !matches!(digits.len(), 1..=4) {
        return None;
    }
    let number: i32 = digits.parse().ok()?;
    let (hours, minutes) =
        if digits.len() <= 2 { (number, 0) } else { (number / 100, number % 100) };
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_found() {
        let cases = [
            ("Mon, 23 Nov 2026 04:05:06 +0100", "2026-11-23T03:05:06Z"),
            ("23 Nov 2026 04:05 GMT", "2026-11-23T04:05:00Z"),
            ("Wed, 20 Sep 1995 00:19:00 (EDT) -0400", "1995-09-20T04:19:00Z"),
            ("Tue, 6 May 2003 10:00:00 EST (zone)", "2003-05-06T15:00:00Z"),
            ("Wednesday, April 03, 2002 5:56 PM", "2002-04-03T17:56:00Z"),
            ("Thu, 13 Feb 69 23:32:00 -0330", "1969-02-14T03:02:00Z"),
            ("Fri Nov 21 09:55:06 1997", "1997-11-21T09:55:06Z"),
            ("Fri, 21 Nov 97 09:55:06 +02:00", "1997-11-21T07:55:06Z"),
            ("2024-05-17T08:09:10+02:00", "2024-05-17T06:09:10Z"),
            ("Fri, 21 Nov 1997 09(comment):   55 : 06 -0600", "1997-11-21T15:55:06Z"),
            ("17-May-2024 08:09:10", "2024-05-17T08:09:10Z"),
            ("Sat, 31 Dec 2016 23:59:60 +0000", "2016-12-31T23:59:59Z"),
            ("Mon, 1 Jan 2024 10:00:00 GMT+2", "2024-01-01T08:00:00Z"),
            ("Mon, 1 Jan 2024 10:00:00 +9999", "2024-01-01T10:00:00Z"),
        ];
        for (raw, expected) in cases {
            let got = parse(raw.as_bytes()).map(|t| t.to_string());
            assert_eq!(got.as_deref(), Some(expected), "{raw}");
        }
        for raw in ["", "yesterday", "Mon, 32 Foo 2024", "31 Feb 2024 10:00"] {
            assert_eq!(parse(raw.as_bytes()), None, "{raw}");
        }
    }
}
