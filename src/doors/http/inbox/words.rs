//! The sentences of the inbox, from the Fluent files in `locales/`. build.rs makes a method of every key, so a missing
//! key, one that no page uses and one that a language lacks do not build.
//!
//! Sentences without variables are formatted once, when the first page is shown: a page costs what it did before.

use std::sync::LazyLock;

use axum::http::{HeaderMap, StatusCode, header};
use fluent_bundle::{
    FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle, types::FluentNumber,
};
use jiff::{Timestamp, Zoned, civil::Date, tz::TimeZone};

use super::super::Problem;
use crate::ground::{
    account::SettingError,
    conversation::{Channel, EventKind},
    language,
    phrases::Tongue,
    stay::Stay,
};

include!(concat!(env!("OUT_DIR"), "/inbox_words.rs"));

/// The sentences in one language.
#[derive(Clone, Copy, Debug)]
pub(in crate::doors::http) struct Words(pub(in crate::doors::http) Tongue);

/// A language made ready.
struct Spoken {
    bundle: FluentBundle<FluentResource>,
    fixed: Vec<String>,
}

static SPOKEN: LazyLock<Vec<Spoken>> = LazyLock::new(|| SOURCES.iter().map(spoken).collect());

fn spoken((language, source): &(&str, &str)) -> Spoken {
    // Portugal says "0 recebidas" where Brazil says "0 recebida" (CLDR, plurals).
    let region = if *language == "pt" { "pt-PT" } else { language };
    let language = region.parse().expect("a language of ours is a tag");
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // What stands in our sentences is written from left to right as they are; names have an element of their own.
    bundle.set_use_isolating(false);
    let resource = FluentResource::try_new((*source).to_owned()).expect("build.rs has read it");
    bundle.add_resource(resource).expect("build.rs found no key twice");
    let fixed = FIXED.iter().map(|key| said(&bundle, key, None)).collect();
    Spoken { bundle, fixed }
}

fn said(
    bundle: &FluentBundle<FluentResource>,
    key: &str,
    variables: Option<&FluentArgs<'_>>,
) -> String {
    let message = bundle.get_message(key).expect("build.rs found the key in every language");
    let pattern = message.value().expect("build.rs found what it says");
    let mut text = String::new();
    // What is missing is a variable, which the method of the key demands.
    let written = bundle.write_pattern(&mut text, pattern, variables, &mut Vec::new());
    written.expect("writing into a string does not fail");
    text
}

impl Words {
    /// The first language of ours a browser asks for, else English; who is signed in is answered in the house's.
    pub(in crate::doors::http) fn of_browser(headers: &HeaderMap) -> Self {
        let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let codes = wanted.unwrap_or_default().split(',').filter_map(|one| one.trim().get(..2));
        let ours = |code: &&str| SOURCES.iter().any(|(ours, _)| ours.eq_ignore_ascii_case(code));
        Words(codes.into_iter().find(ours).map_or(Tongue::En, Tongue::of))
    }

    fn spoken(self) -> &'static Spoken {
        &SPOKEN[self.0 as usize]
    }

    fn fixed(self, place: usize) -> &'static str {
        &self.spoken().fixed[place]
    }

    fn filled<const N: usize>(self, key: &str, variables: [(&str, FluentValue<'_>); N]) -> String {
        let variables: FluentArgs<'_> = variables.into_iter().collect();
        said(&self.spoken().bundle, key, Some(&variables))
    }

    /// What a line of the timeline is about; its own text is for the API and says more where it names addresses.
    pub(super) fn event(self, kind: EventKind) -> &'static str {
        match kind {
            EventKind::Done => self.event_done(),
            EventKind::Language => self.event_language(),
            EventKind::Translated => self.event_translated(),
            EventKind::Failed => self.event_failed(),
            EventKind::Delayed => self.event_delayed(),
            EventKind::Unknown => self.event_unknown(),
            EventKind::Undeliverable => self.event_undeliverable(),
            EventKind::LoopStopped => self.event_loop_stopped(),
            EventKind::Released => self.event_released(),
            EventKind::Confirmed => self.event_confirmed(),
            EventKind::Discarded => self.event_discarded(),
            EventKind::TakenBack => self.event_taken_back(),
            EventKind::Restored => self.event_restored(),
            EventKind::Refused => self.event_refused(),
            EventKind::Quarantined => self.event_quarantined(),
            EventKind::Accepted => self.event_accepted(),
            EventKind::Merged => self.event_merged(),
            EventKind::Split => self.event_split(),
            EventKind::Moved => self.event_moved(),
            EventKind::Bounced => self.event_bounced(),
            EventKind::Delivered => self.event_delivered(),
            EventKind::Complaint => self.event_complaint(),
            EventKind::AutomaticReply => self.event_automatic_reply(),
        }
    }

    /// What the audit log says of an action, by the word it is kept as; what is not known is shown as it is.
    pub(super) fn action(self, what: &str) -> Option<&'static str> {
        Some(match what {
            "sign-in" => self.action_sign_in(),
            "sign-out" => self.action_sign_out(),
            "house" => self.action_house(),
            "house: tried" => self.action_house_tried(),
            "reply" => self.action_reply(),
            "held" => self.action_held(),
            "note" => self.action_note(),
            "undo" => self.action_undo(),
            "held: send" => self.action_held_send(),
            "held: as_written" => self.action_held_as_written(),
            "held: discard" => self.action_held_discard(),
            "read" => self.action_read(),
            "unread" => self.action_unread(),
            "done" => self.action_done(),
            "close" => self.action_close(),
            "reopen" => self.action_reopen(),
            "delete" => self.action_delete(),
            "restore" => self.action_restore(),
            "release" => self.action_release(),
            "begin" => self.action_begin(),
            "merge" => self.action_merge(),
            "split" => self.action_split(),
            "move" => self.action_move(),
            "language" => self.action_language(),
            "settings" | "account set" | "account add" => self.action_settings(),
            "member" | "quiet" => self.action_member(),
            "sessions" => self.action_sessions(),
            "member add" => self.action_member_add(),
            "member remove" => self.action_member_remove(),
            "token add" | "token revoke" => self.action_token(),
            "form set" => self.action_form(),
            _ if what.starts_with("connection ") => self.action_connection(),
            "glossary" => self.action_glossary(),
            "memory import" => self.action_memory(),
            "import" => self.action_import(),
            "queue retry" => self.action_queue(),
            _ => return None,
        })
    }

    /// What went wrong, for people: no page speaks of tokens and commands.
    fn problem(self, status: StatusCode) -> Option<&'static str> {
        Some(match status {
            StatusCode::BAD_REQUEST
            | StatusCode::METHOD_NOT_ALLOWED
            | StatusCode::UNPROCESSABLE_ENTITY
            | StatusCode::UNSUPPORTED_MEDIA_TYPE => self.problem_bad(),
            StatusCode::UNAUTHORIZED => self.signed_out(),
            StatusCode::PAYMENT_REQUIRED => self.problem_plan(),
            StatusCode::FORBIDDEN => self.problem_forbidden(),
            StatusCode::NOT_FOUND => self.problem_not_found(),
            StatusCode::CONFLICT => self.problem_deleted(),
            StatusCode::PAYLOAD_TOO_LARGE => self.problem_large(),
            StatusCode::TOO_MANY_REQUESTS => self.problem_often(),
            _ if status.is_server_error() => self.problem_ours(),
            _ => return None,
        })
    }

    /// A problem for people: in their language, and what is not said in every language in English.
    pub(in crate::doors::http) fn said(self, problem: &Problem) -> &str {
        self.problem(problem.status()).unwrap_or_else(|| match problem.detail() {
            "" => self.problem_bad(),
            detail => detail,
        })
    }

    /// Why a setting cannot be.
    pub(super) fn setting(self, error: &SettingError) -> String {
        match error {
            SettingError::Name => self.setting_name().to_owned(),
            SettingError::Language(wrong) => self.setting_language(wrong.as_str()),
            SettingError::TimeZone(wrong) => self.setting_zone(wrong.as_str()),
            SettingError::Signature => self.setting_signature().to_owned(),
        }
    }

    /// Platforms keep their names.
    pub(super) fn channel(self, channel: Channel) -> &'static str {
        match channel {
            Channel::Form => self.channel_form(),
            Channel::Email => self.channel_email(),
            Channel::Api => self.channel_api(),
            Channel::Booking | Channel::Airbnb | Channel::Channex => channel.brand(),
        }
    }

    /// The languages we can name, by their names: code, name.
    pub(super) fn languages(self) -> Vec<(String, String)> {
        let all = language::named().map(|language| language.to_string());
        let mut all: Vec<_> = all.map(|code| (code.clone(), self.language_name(code))).collect();
        all.sort_by_key(|(_, name)| Self::in_order(name));
        all
    }

    /// Where a name of a language stands in the alphabet: of all only "árabe", "čeština" and "íslenska" begin with an
    /// accent.
    pub(super) fn in_order(name: &str) -> String {
        name.to_lowercase().replace('á', "a").replace('č', "c").replace('í', "i")
    }

    /// With the separators of the language.
    pub(super) fn number(self, number: &i64) -> String {
        let digits = number.unsigned_abs().to_string();
        // Four digits stand together in some languages (CLDR, minimumGroupingDigits).
        let least = if matches!(self.0, Tongue::Es | Tongue::It | Tongue::Pt) { 5 } else { 4 };
        let mut text = String::from(if *number < 0 { "-" } else { "" });
        for (at, digit) in digits.char_indices() {
            if at > 0 && digits.len() >= least && (digits.len() - at).is_multiple_of(3) {
                text.push_str(self.thousands());
            }
            text.push(digit);
        }
        text
    }

    pub(super) fn size(self, bytes: i64) -> String {
        match bytes {
            ..1_000 => self.bytes(bytes.to_string()),
            1_000..1_000_000 => self.kilobytes((bytes / 1_000).to_string()),
            _ => {
                let (whole, tenth) = (bytes / 1_000_000, bytes % 1_000_000 / 100_000);
                self.megabytes(format!("{}{}{tenth}", self.number(&whole), self.decimal()))
            }
        }
    }

    /// A day; its year where it is not this one.
    pub(super) fn date(self, date: Date, today: Date) -> String {
        let month = self.month(FluentNumber::from(date.month()));
        let day = date.day().to_string();
        if date.year() == today.year() {
            self.day(day, month)
        } else {
            self.day_of_year(day, month, date.year().to_string())
        }
    }

    /// From when to when; a year is said once.
    pub(super) fn days(self, stay: Stay, today: Date) -> String {
        let arrival = self.date(stay.arrival, stay.departure);
        self.stay(arrival, self.date(stay.departure, today))
    }

    /// The clock of the house. One without a zone is told that it is UTC.
    fn time(at: &Zoned) -> String {
        let utc = if at.time_zone() == &TimeZone::UTC { " UTC" } else { "" };
        format!("{:02}:{:02}{utc}", at.hour(), at.minute())
    }

    /// Day and time.
    pub(super) fn shown(self, at: Timestamp, now: &Zoned) -> String {
        let at = at.to_zoned(now.time_zone().clone());
        self.moment(self.date(at.date(), now.date()), Self::time(&at))
    }

    /// In few letters: the time if it is today, else the day.
    pub(super) fn shown_short(self, at: Timestamp, now: &Zoned) -> String {
        let at = at.to_zoned(now.time_zone().clone());
        if at.date() == now.date() { Self::time(&at) } else { self.date(at.date(), now.date()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Say = fn(Words) -> String;

    const ALL: [Tongue; 6] =
        [Tongue::En, Tongue::Fr, Tongue::Es, Tongue::De, Tongue::It, Tongue::Pt];

    fn all(say: impl Fn(Words) -> String) -> String {
        ALL.map(|tongue| say(Words(tongue))).join(" | ").replace(['\u{a0}', '\u{202f}'], "_")
    }

    #[test]
    fn languages_are_in_the_order_of_the_tongues() {
        assert_eq!(all(|w| w.language().to_owned()), "en | fr | es | de | it | pt");
    }

    #[test]
    fn languages_stand_in_the_order_of_their_names() {
        let first = |tongue| {
            let all = Words(tongue).languages().into_iter().map(|(code, _)| code);
            all.take(4).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(first(Tongue::Pt), "af sq de ar");
        assert_eq!(first(Tongue::De), "af sq ar hy");
        let mut own: Vec<_> =
            language::named().map(|language| language.name().to_owned()).collect();
        own.sort_by_key(|name| Words::in_order(name));
        let place = |name: &str| own.iter().position(|own| own == name);
        assert!(place("català") < place("čeština") && place("čeština") < place("dansk"), "{own:?}");
    }

    #[test]
    fn every_language_we_know_has_a_name_in_ours() {
        for code in language::named().map(|language| language.to_string()) {
            for tongue in ALL {
                assert_ne!(Words(tongue).language_name(code.as_str()), code, "{tongue:?}");
            }
        }
    }

    #[test]
    fn a_browser_is_answered_in_the_first_language_of_ours() {
        for (wanted, answered) in [
            ("nl, fr;q=0.8, en;q=0.5", "fr"),
            ("PT-br", "pt"),
            ("ja", "en"),
            ("", "en"),
            ("é", "en"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, wanted.parse().unwrap());
            assert_eq!(Words::of_browser(&headers).language(), answered, "{wanted}");
        }
    }

    #[test]
    fn numbers_dates_and_sizes_are_said_as_the_language_says_them() {
        let now: Zoned = "2026-11-23T18:05[Europe/Lisbon]".parse().unwrap();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let old = at("2025-08-03T23:30:00Z");
        let cases: [(Say, &str); 7] = [
            (|w| w.received(0), "received | reçue | recibidas | erhalten | ricevute | recebidas"),
            (|w| w.received(1), "received | reçue | recibida | erhalten | ricevuta | recebida"),
            (|w| w.received(2), "received | reçues | recibidas | erhalten | ricevute | recebidas"),
            (
                |w| w.number(&1_234_567),
                "1,234,567 | 1_234_567 | 1.234.567 | 1.234.567 | 1.234.567 | 1_234_567",
            ),
            (|w| w.number(&1_234), "1,234 | 1_234 | 1234 | 1.234 | 1234 | 1234"),
            (|w| w.size(7_450_000), "7.4_MB | 7,4_Mo | 7,4_MB | 7,4_MB | 7,4_MB | 7,4_MB"),
            (|w| w.size(999), "999_B | 999_o | 999_B | 999_B | 999_B | 999_B"),
        ];
        for (say, said) in cases {
            assert_eq!(all(say), said);
        }
        // Midnight is the house's.
        assert_eq!(
            all(|w| w.shown(old, &now)),
            "4 Aug 2025, 00:30 | 4 août 2025, 00:30 | 4 ago 2025, 00:30 | 4. Aug. 2025, 00:30 | 4 ago 2025, 00:30 | 4 de ago. de 2025, 00:30"
        );
        let stay = Stay::read("2027-08-14", "2027-08-15").unwrap();
        assert_eq!(
            all(|w| format!("{} {}", w.days(stay, now.date()), w.nights(stay.nights()))),
            "14 Aug – 15 Aug 2027 1 night | 14 août – 15 août 2027 1 nuit | 14 ago – 15 ago 2027 1 noche | 14. Aug. – 15. Aug. 2027 1 Nacht | 14 ago – 15 ago 2027 1 notte | 14 de ago. – 15 de ago. de 2027 1 noite"
        );
        let short = |text: &str| Words(Tongue::De).shown_short(at(text), &now);
        assert_eq!(short("2026-11-23T08:05:00Z"), "08:05");
        assert_eq!(short("2026-03-09T08:05:00Z"), "9. März");
        let utc = now.with_time_zone(TimeZone::UTC);
        assert_eq!(Words(Tongue::En).shown_short(at("2026-11-23T08:05:00Z"), &utc), "08:05 UTC");
    }
}
