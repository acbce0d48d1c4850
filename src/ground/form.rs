//! What guards a contact form: who may send it, when its page was made, and a proof of work (ALTCHA, its first
//! format: SHA-256 of a salt and a number that has to be found).

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::ground::{automatic::fold::fold, secret::Secret};

/// What an account wants of its form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormRules {
    /// The sites whose pages may send it, as browsers write an origin: `https://www.hotel.example`.
    pub origins: Vec<String>,
    /// A proof of work is wanted.
    pub proof: bool,
    /// The visitor gets a mail that says so.
    pub confirm: bool,
    /// The field people do not see: who fills it in is probably a robot, and held. A site that has a visible field of this name names another.
    #[serde(default = "trap")]
    pub trap: String,
    /// Who does not say from which site it comes has to come from our own page.
    #[serde(default)]
    pub stamp: bool,
}

/// The words of a visitor, and the lines that other fields of the form left below them.
pub fn apart(text: &str) -> (&str, &str) {
    let is_field = |line: &str| {
        line.split_once(": ").is_some_and(|(name, value)| {
            matches!(name, "arrival" | "departure" | "guests" | "phone")
                || value.parse::<jiff::civil::Date>().is_ok()
        })
    };
    let blocks = text.rsplit_once("\n\n");
    blocks.filter(|(_, fields)| fields.lines().any(is_field)).unwrap_or((text, ""))
}

/// The fields in which people write, and those that programs and other services fill in: none of them is a trap.
const FIELDS: [&str; 15] = [
    "name",
    "email",
    "phone",
    "subject",
    "message",
    "text",
    "body",
    "comments",
    "arrival",
    "departure",
    "guests",
    "attachment",
    "language",
    "lang",
    "altcha",
];

/// What a trap would be if it were called so: a name that people or browsers fill in makes all of them robots.
pub fn is_own_field(name: &str) -> bool {
    name.starts_with('_')
        || name == "form-name"
        || FIELDS.iter().any(|own| own.eq_ignore_ascii_case(name))
}

/// A name of a form, in `/f/{name}`: letters, figures, - and _ of ASCII.
pub fn is_form_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
}

/// The name of a form made of a local part, such as `hotel-du-lac` of `hôtel.du.lac`, which nobody has.
pub fn form_name(local: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let plain = |c: char| if is_form_name(c.encode_utf8(&mut [0; 4])) { c } else { '-' };
    let folded: String = fold(local, 64).chars().map(plain).collect();
    let words: Vec<&str> = folded.split('-').filter(|word| !word.is_empty()).collect();
    let first = if words.is_empty() { "house".to_owned() } else { words.join("-") };
    let numbered = (2..).map(|number: u32| format!("{first}-{number}"));
    std::iter::once(first.clone()).chain(numbered).find(|name| !is_taken(name)).unwrap_or(first)
}

fn trap() -> String {
    "website".to_owned()
}

impl Default for FormRules {
    fn default() -> Self {
        FormRules { origins: Vec::new(), proof: false, confirm: true, trap: trap(), stamp: false }
    }
}

impl FormRules {
    /// The name of the trap. One that was set to a field of the form is none.
    pub fn trap(&self) -> String {
        if is_own_field(&self.trap) { trap() } else { self.trap.clone() }
    }

    /// May a page of this origin send the form? Ours may.
    pub fn allows(&self, origin: &str, ours: &str) -> bool {
        origin.eq_ignore_ascii_case(ours)
            || self.origins.iter().any(|one| one.eq_ignore_ascii_case(origin))
    }

    /// Where a visitor may be sent afterwards: to a page of an allowed site and nowhere else (no open redirect).
    pub fn next<'a>(&self, next: &'a str) -> Option<&'a str> {
        let behind = next.strip_prefix("https://").or_else(|| next.strip_prefix("http://"))?;
        let host = behind.split(['/', '?', '#']).next()?;
        let origin = &next[..next.len() - behind.len() + host.len()];
        let plain = next.chars().all(|c| c.is_ascii_graphic() && c != '\\');
        (plain
            && !host.contains('@')
            && self.origins.iter().any(|one| one.eq_ignore_ascii_case(origin)))
        .then_some(next)
    }
}

/// An origin as browsers write it: scheme, host, port; nothing behind.
pub fn origin_of(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches('/').to_ascii_lowercase();
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
    (!host.is_empty() && host.chars().all(plain)).then_some(text)
}

/// People need some seconds to fill in a form; robots do not.
const SOONEST: SignedDuration = SignedDuration::from_secs(3);
const LATEST: SignedDuration = SignedDuration::from_hours(24);

/// What is wrong with the stamp of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StampProblem {
    /// Not made by us, or for another form.
    #[error("the page of this form was not made here; open it again")]
    Forged,
    /// Faster than a person.
    #[error("that was very fast; please send it again")]
    TooSoon,
    /// The page lay open for a day.
    #[error("this page is a day old; please send it again")]
    TooLate,
}

/// What a page of the form carries: when it was made, signed.
pub fn stamp(secret: &Secret, form: &str, now: Timestamp) -> String {
    let second = now.as_second().to_string();
    format!("{second}-{}", tag(secret, "form stamp", &[form, &second]))
}

/// Checks [`stamp`].
pub fn check_stamp(
    secret: &Secret,
    form: &str,
    given: &str,
    now: Timestamp,
) -> Result<(), StampProblem> {
    let (second, signature) = given.split_once('-').ok_or(StampProblem::Forged)?;
    if tag(secret, "form stamp", &[form, second]) != signature {
        return Err(StampProblem::Forged);
    }
    let made = second.parse().ok().and_then(|s| Timestamp::from_second(s).ok());
    let age = now.duration_since(made.ok_or(StampProblem::Forged)?);
    match age {
        _ if age < SOONEST => Err(StampProblem::TooSoon),
        _ if age > LATEST => Err(StampProblem::TooLate),
        _ => Ok(()),
    }
}

fn tag(secret: &Secret, purpose: &str, parts: &[&str]) -> String {
    data_encoding::HEXLOWER.encode(&secret.sign(purpose, parts)[..16])
}

/// A riddle for the visitor's machine, as ALTCHA writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Challenge {
    algorithm: &'static str,
    challenge: String,
    maxnumber: u32,
    salt: String,
    signature: String,
}

/// The largest number to be found: well under a second in a browser.
const MAX_NUMBER: u32 = 50_000;
/// How long a riddle is good.
const GOOD_FOR: SignedDuration = SignedDuration::from_mins(30);

/// What a visitor's machine found.
#[derive(Debug, Deserialize)]
struct Solution {
    algorithm: String,
    challenge: String,
    number: u32,
    salt: String,
    signature: String,
}

/// A riddle whose answer follows from these random bits.
pub fn challenge(secret: &Secret, form: &str, random: [u8; 16], now: Timestamp) -> Challenge {
    let expires = (now + GOOD_FOR).as_second();
    // The ampersand at the end keeps a number from being moved into the salt (ALTCHA's own fix).
    let salt = format!("{}?expires={expires}&", data_encoding::HEXLOWER.encode(&random[..12]));
    let mut bits = [0; 4];
    bits.copy_from_slice(&secret.sign("altcha number", &[&salt])[..4]);
    let number = u32::from_be_bytes(bits) % MAX_NUMBER;
    let challenge = digest(&salt, number);
    let signature = tag(secret, "altcha", &[form, &challenge]);
    Challenge { algorithm: "SHA-256", challenge, maxnumber: MAX_NUMBER, salt, signature }
}

/// Checks what came in the field `altcha`; gives the riddle, which is good once.
pub fn solved(secret: &Secret, form: &str, given: &str, now: Timestamp) -> Option<String> {
    let bytes = data_encoding::BASE64.decode(given.trim().as_bytes()).ok()?;
    let found: Solution = serde_json::from_slice(&bytes).ok()?;
    let expires = found.salt.split_once("?expires=")?.1.strip_suffix('&')?.parse().ok()?;
    let good = found.algorithm == "SHA-256"
        && found.number <= MAX_NUMBER
        && now < Timestamp::from_second(expires).ok()?
        && digest(&found.salt, found.number) == found.challenge
        && tag(secret, "altcha", &[form, &found.challenge]) == found.signature;
    good.then_some(found.challenge)
}

fn digest(salt: &str, number: u32) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(format!("{salt}{number}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_has_a_name_of_its_own() {
        for (local, taken, name) in [
            ("hotel", vec![], "hotel"),
            ("hotel", vec!["hotel", "hotel-2"], "hotel-3"),
            ("Hôtel.du.Lac", vec![], "hotel-du-lac"),
            ("\"a b\"", vec![], "a-b"),
            ("旅館", vec!["house"], "house-2"),
        ] {
            assert_eq!(form_name(local, |name| taken.contains(&name)), name, "{local}");
        }
    }

    #[test]
    fn a_field_people_fill_in_is_no_trap() {
        for (set, trap) in [
            ("message", "website"),
            ("Email", "website"),
            ("_t", "website"),
            ("homepage", "homepage"),
        ] {
            let rules = FormRules { trap: set.to_owned(), ..FormRules::default() };
            assert_eq!(rules.trap(), trap);
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + second).unwrap()
    }

    #[test]
    fn stamps_are_for_one_form_and_one_day() {
        let secret = Secret::new([7; 32]);
        let made = stamp(&secret, "demo", at(0));
        let check =
            |form: &str, given: &str, second: i64| check_stamp(&secret, form, given, at(second));
        assert_eq!(check("demo", &made, 5), Ok(()));
        assert_eq!(check("demo", &made, 1), Err(StampProblem::TooSoon));
        assert_eq!(check("demo", &made, 90_000), Err(StampProblem::TooLate));
        assert_eq!(check("other", &made, 5), Err(StampProblem::Forged));
        assert_eq!(check("demo", &made.replacen('1', "2", 1), 5), Err(StampProblem::Forged));
        assert_eq!(check("demo", "nonsense", 5), Err(StampProblem::Forged));
    }

    #[test]
    fn a_riddle_is_solved_by_looking_for_it() {
        let secret = Secret::new([7; 32]);
        let asked = challenge(&secret, "demo", [9; 16], at(0));
        let number =
            (0..=asked.maxnumber).find(|n| digest(&asked.salt, *n) == asked.challenge).unwrap();
        let answer = |number: u32, salt: &str| {
            let found = serde_json::json!({
                "algorithm": "SHA-256", "challenge": asked.challenge, "number": number, "salt": salt,
                "signature": asked.signature,
            });
            data_encoding::BASE64.encode(found.to_string().as_bytes())
        };
        let good = answer(number, &asked.salt);
        assert_eq!(
            solved(&secret, "demo", &good, at(60)).as_deref(),
            Some(asked.challenge.as_str())
        );
        assert_eq!(solved(&secret, "demo", &good, at(3600)), None, "too late");
        assert_eq!(solved(&secret, "other", &good, at(60)), None, "another form's");
        assert_eq!(solved(&secret, "demo", &answer(number + 1, &asked.salt), at(60)), None);
        let later = asked.salt.replace("expires=1", "expires=2");
        assert_eq!(
            solved(&secret, "demo", &answer(number, &later), at(3600)),
            None,
            "a longer life"
        );
        assert_eq!(solved(&secret, "demo", "e30=", at(60)), None);
    }

    #[test]
    fn the_lines_of_the_form_are_told_from_the_words() {
        for (text, said, fields) in [
            (
                "A room?\n\nSoon.\n\narrival: 2027-06-14\nroom: double",
                "A room?\n\nSoon.",
                "arrival: 2027-06-14\nroom: double",
            ),
            ("Um quarto?\n\nchegada: 2027-06-14", "Um quarto?", "chegada: 2027-06-14"),
            ("A room?\n\nPS: a quiet one", "A room?\n\nPS: a quiet one", ""),
            ("guests: 2", "guests: 2", ""),
        ] {
            assert_eq!(apart(text), (said, fields));
        }
    }

    #[test]
    fn only_allowed_sites_send_and_are_returned_to() {
        let origins = vec!["https://www.hotel.example".to_owned()];
        let rules = FormRules { origins, ..FormRules::default() };
        for (origin, allowed) in [
            ("https://www.hotel.example", true),
            ("https://gw.example", true),
            ("http://www.hotel.example", false),
            ("https://www.hotel.example.evil.example", false),
            ("null", false),
        ] {
            assert_eq!(rules.allows(origin, "https://gw.example"), allowed, "{origin}");
        }
        for (next, allowed) in [
            ("https://www.hotel.example/thanks?x=1", true),
            ("https://www.hotel.example", true),
            ("https://www.hotel.example@evil.example/", false),
            ("https://www.hotel.example.evil.example/", false),
            ("//evil.example", false),
            ("/local", false),
            ("https://www.hotel.example\\@evil.example", false),
            ("javascript:alert(1)", false),
        ] {
            assert_eq!(rules.next(next).is_some(), allowed, "{next}");
        }
        assert_eq!(
            origin_of("HTTPS://Www.Hotel.example/").as_deref(),
            Some("https://www.hotel.example")
        );
        assert_eq!(origin_of("www.hotel.example"), None);
        assert_eq!(origin_of("https://a.example/path"), None);
    }
}
