//! The fixtures with their expectations, and the same mails with every label of a language replaced.

use std::{fs, path::PathBuf};

use serde_json::{Value, json};

use super::*;

fn fixtures() -> Vec<(String, Letter, Value)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/relay_mail");
    let mut found: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    found.retain(|path| path.extension().is_some_and(|end| end == "eml"));
    found.sort();
    let read = |path: PathBuf| {
        let expected = fs::read_to_string(path.with_extension("expect")).unwrap();
        let letter = Letter::read(&fs::read(&path).unwrap());
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (name, letter, serde_json::from_str(&expected).unwrap())
    };
    let all: Vec<_> = found.into_iter().map(read).collect();
    assert!(all.len() >= 24, "only {} fixtures", all.len());
    all
}

/// A letter whose header is as it stands and whose text is given.
pub(super) fn letter_of(raw: &str, text: String) -> Letter {
    let mut letter = Letter::read(raw.as_bytes());
    letter.plain = Some(text);
    letter
}

/// What was found, in the words of the expectations.
fn found(letter: &Letter) -> Value {
    let mail = match read(letter) {
        Some(OtaMail::Message(mail)) => mail,
        Some(OtaMail::Notice(channel)) => return json!({ "notice": channel }),
        None => return json!({}),
    };
    let key = |key: &OtaKey| format!("{} {}", json!(key.kind).as_str().unwrap(), key.value);
    let link = mail.link.as_deref().map(|link| match mail.channel {
        // The long link is whatever line the 72 columns left; its host is what counts.
        Channel::Booking => format!("https://{}", lines::host(link)),
        _ => link.to_owned(),
    });
    json!({
        "channel": mail.channel,
        "keys": mail.keys.iter().map(key).collect::<Vec<_>>(),
        "visitor_name": mail.visitor_name,
        "answer_to": mail.answer_to.as_ref().map(|a| a.to_string().to_lowercase()),
        "link": link,
        "text": mail.message.text,
        "translated": mail.message.translated,
        "earlier": mail.earlier.iter().map(|e| json!([e.side, e.text])).collect::<Vec<_>>(),
        "sure": mail.sure,
    })
}

#[test]
fn relay_mails_are_read_in_six_languages() {
    let mut wrong = Vec::new();
    for (name, letter, mut expected) in fixtures() {
        expected.as_object_mut().unwrap().remove("labels");
        let got = found(&letter);
        if got != expected {
            wrong.push(format!("{name}:\n got {got:#}\nwant {expected:#}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// A seeded generator, so that a failure can be looked at again.
struct Chance(u64);

impl Chance {
    fn next(&mut self, below: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }

    /// As many words as there were, of letters no language spells so; punctuation inside stays.
    fn words_like(&mut self, label: &str) -> String {
        let word = |word: &str, chance: &mut Chance| {
            let length = 2 + chance.next(9);
            let letters = "bcdfghklmnprstvwxzaeiouäéñčøłß";
            let count = letters.chars().count() as u64;
            let mut made: String = (0..length)
                .filter_map(|_| letters.chars().nth(chance.next(count) as usize))
                .collect();
            if word.chars().next().is_some_and(char::is_uppercase) {
                made = made
                    .chars()
                    .take(1)
                    .flat_map(char::to_uppercase)
                    .chain(made.chars().skip(1))
                    .collect();
            }
            made.extend(word.chars().rev().take_while(char::is_ascii_punctuation));
            made
        };
        label.split_whitespace().map(|w| word(w, self)).collect::<Vec<_>>().join(" ")
    }
}

#[test]
fn the_frame_holds_in_languages_nobody_taught_us() {
    let mut chance = Chance(20_261_123);
    let mut wrong = Vec::new();
    for (name, letter, expected) in fixtures() {
        // Without its link a button is only a word.
        let Some(labels) = expected["labels"].as_array().filter(|_| !name.ends_with("no-link"))
        else {
            continue;
        };
        for round in 0..40 {
            let mut strange = letter.clone();
            let mut text = letter.text();
            for label in labels.iter().filter_map(Value::as_str).filter(|label| label.len() > 2) {
                // The same label is the same words wherever it stands, but never inside another word.
                let words = chance.words_like(label);
                text = replace_whole(&text, label, &words);
            }
            strange.plain = Some(text);
            let got = found(&strange);
            for field in ["channel", "keys", "visitor_name", "answer_to", "link"] {
                if got[field] != expected[field] {
                    wrong.push(format!("{name} round {round}: {field} is {}", got[field]));
                }
            }
            // Of a role nobody knows at most its line may be left above the words; none of theirs may be missing.
            let spare = usize::from(name.starts_with("airbnb"));
            for field in ["text", "translated"] {
                let (said, wanted) = (got[field].as_str(), expected[field].as_str());
                let above = match (said, wanted) {
                    (Some(said), Some(wanted)) => {
                        said.strip_suffix(wanted).map(|rest| rest.trim().lines().count())
                    }
                    (None, None) => Some(0),
                    _ => None,
                };
                if above.is_none_or(|lines| lines > spare) {
                    wrong.push(format!("{name} round {round}: {said:?} for {wanted:?}"));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong, such as\n{}",
        wrong.len(),
        wrong[..wrong.len().min(6)].join("\n")
    );
}

fn replace_whole(text: &str, label: &str, words: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(label) {
        let end = at + label.len();
        let inside = rest[..at].chars().next_back().is_some_and(char::is_alphanumeric)
            || rest[end..].chars().next().is_some_and(char::is_alphanumeric);
        out.push_str(&rest[..at]);
        out.push_str(if inside { label } else { words });
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

#[test]
fn only_the_owners_of_the_domains_are_believed() {
    let table = [
        ("a@booking.com", Some(Channel::Booking)),
        ("a@mchat.BOOKING.com", Some(Channel::Booking)),
        ("a@notbooking.com", None),
        ("a@booking.com.evil.example", None),
        ("a@airbnb.co.uk", Some(Channel::Airbnb)),
        ("a@email.airbnb.fr", Some(Channel::Airbnb)),
        ("a@airbnb.evil", None),
        ("a@my-airbnb.com", None),
    ];
    for (from, wanted) in table {
        let letter = Letter::read(format!("From: {from}\r\n\r\nhi").as_bytes());
        assert_eq!(claimed(&letter), wanted, "{from}");
    }
    // An answer never goes outside the relay, whatever Reply-To says.
    let raw = "From: \"A B via Booking.com\" <5900000001-x.y@mchat.booking.com>\r\nReply-To: e@evil.example\r\n\r\n\
               A B wrote:\r\nhi\r\n";
    let Some(OtaMail::Message(mail)) = read(&Letter::read(raw.as_bytes())) else {
        panic!("no message")
    };
    assert_eq!(mail.answer_to.unwrap().domain(), "mchat.booking.com");
}

#[test]
fn markers_are_known_by_their_frame() {
    let table = [
        ("##- Please type your reply above this line -##", true),
        ("###-- Scrivi la tua risposta sopra questa riga --", true),
        ("#- x -#", true),
        ("- a list item -", false),
        ("## A heading ##", false),
        ("----", false),
        ("#1 is the best - really", false),
        ("", false),
    ];
    for (line, wanted) in table {
        assert_eq!(lines::is_marker(line), wanted, "{line:?}");
    }
}
