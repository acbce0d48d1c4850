//! The language a conversation is held in, by a precedence that can be explained to the provider.
//!
//! The peers that let the first message decide for ever, or a greeting flip it, get complaints for exactly
//! that (`mail-handling.md`, section c); so a greeting never counts and every choice carries its reason.

use serde::{Deserialize, Serialize};

use super::{Detected, Language};

/// A visitor's message shorter than this cannot fix or change the language; a letter of a script whose letters are
/// syllables or words counts as three, as it says as much.
const LETTERS_TO_COUNT: usize = 20;

/// The confidence from which a visitor's message counts.
const CONFIDENCE_TO_COUNT: f32 = 0.5;

/// The language of a conversation after one more message of the visitor; `None` where it stays. Chosen by a person it
/// stays, from much that was written only as much changes it, and a guess gives way to whatever is sure.
pub fn follows(now: Option<Choice>, heard: &Heard) -> Option<(Language, Choice)> {
    let much = substantial(heard).map(|language| (language, Choice::Messages));
    let detected = &heard.detected;
    let sure = detected.language.map(|language| (language, Choice::Guess));
    match now {
        Some(Choice::SetByHand | Choice::VisitorChoice | Choice::Channel) => None,
        Some(Choice::Messages) => much,
        Some(Choice::Site | Choice::Guess) => much.or(sure),
        None => much.or(guessed(heard).map(|language| (language, Choice::Guess))),
    }
}

/// What a message seems to be in, where there is enough of it to say anything.
fn guessed(heard: &Heard) -> Option<Language> {
    heard.detected.guess().filter(|_| !heard.detected.too_short)
}

/// One message of the visitor, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    pub detected: Detected,
    /// Letters of its new text, weighed by how much one says.
    pub letters: usize,
}

impl Heard {
    /// What a message's new text says.
    pub fn of(text: &str) -> Self {
        Heard { detected: super::detect(text), letters: super::letters(text).1 }
    }
}

/// What is known about the language of a conversation, strongest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence<'a> {
    /// A member set it for this conversation.
    pub set_by_hand: Option<Language>,
    /// The visitor chose it: in the form, or by the link below a mail.
    pub visitor_choice: Option<Language>,
    /// The channel says so: the booking's language, the extranet's profile.
    pub channel: Option<Language>,
    /// The visitor's messages, oldest first.
    pub messages: &'a [Heard],
    /// The language of the account's site.
    pub site: Option<Language>,
}

/// Why a conversation has its language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    SetByHand,
    VisitorChoice,
    Channel,
    Messages,
    Site,
    Guess,
}

impl Choice {
    /// The reason in plain words, for `explain` and the inbox.
    pub fn reason(self) -> &'static str {
        match self {
            Choice::SetByHand => "set by hand for this conversation",
            Choice::VisitorChoice => "the visitor chose it",
            Choice::Channel => "the channel says so",
            Choice::Messages => "the visitor writes it",
            Choice::Site => "the language of the account's site",
            Choice::Guess => "the visitor seems to write it",
        }
    }
}

/// The language of a conversation and why; `None` when nothing is known.
pub fn conversation_language(evidence: &Evidence<'_>) -> Option<(Language, Choice)> {
    let heard = evidence.messages.iter().rev().find_map(substantial);
    [
        (evidence.set_by_hand, Choice::SetByHand),
        (evidence.visitor_choice, Choice::VisitorChoice),
        (evidence.channel, Choice::Channel),
        (heard, Choice::Messages),
        (evidence.site, Choice::Site),
    ]
    .into_iter()
    .find_map(|(language, choice)| language.map(|language| (language, choice)))
}

/// The language a message may fix: long enough, sure enough, and of one language.
fn substantial(heard: &Heard) -> Option<Language> {
    let counts = heard.letters >= LETTERS_TO_COUNT
        && heard.detected.confidence >= CONFIDENCE_TO_COUNT
        && heard.detected.mixed.is_empty();
    heard.detected.language.filter(|_| counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Everything speaks at once, each for another language; then the strongest falls silent, one after the other.
    #[test]
    fn the_stronger_evidence_wins_and_says_so() {
        let messages =
            [Heard::of("Guten Tag, haben Sie im August ein Zimmer für zwei Nächte frei?")];
        let mut evidence = Evidence {
            set_by_hand: Some(Language::of("fr")),
            visitor_choice: Some(Language::of("nl")),
            channel: Some(Language::of("it")),
            messages: &messages,
            site: Some(Language::PT),
        };
        type Silence = fn(&mut Evidence<'_>);
        let steps: [(&str, Choice, Silence); 5] = [
            ("fr", Choice::SetByHand, |e| e.set_by_hand = None),
            ("nl", Choice::VisitorChoice, |e| e.visitor_choice = None),
            ("it", Choice::Channel, |e| e.channel = None),
            ("de", Choice::Messages, |e| e.messages = &[]),
            ("pt", Choice::Site, |e| e.site = None),
        ];
        for (code, choice, silence) in steps {
            assert_eq!(conversation_language(&evidence), Some((Language::of(code), choice)));
            assert!(!choice.reason().is_empty());
            silence(&mut evidence);
        }
        assert_eq!(conversation_language(&evidence), None);
    }

    #[test]
    fn what_is_short_unsure_or_mixed_fixes_nothing() {
        let long = "Guten Tag, haben Sie im August ein Zimmer für zwei Nächte frei?";
        let sure = Heard::of(long);
        let unsure = Detected { confidence: CONFIDENCE_TO_COUNT - 0.01, ..sure.detected.clone() };
        let mut mixed = sure.detected.clone();
        mixed.mixed = vec![Language::EN];
        for (heard, counts) in [
            (sure.clone(), true),
            (Heard { letters: LETTERS_TO_COUNT, ..sure.clone() }, true),
            (Heard { letters: LETTERS_TO_COUNT - 1, ..sure.clone() }, false),
            (Heard { detected: unsure, ..sure.clone() }, false),
            (Heard { detected: mixed, ..sure.clone() }, false),
        ] {
            let evidence =
                Evidence { messages: std::slice::from_ref(&heard), ..Evidence::default() };
            assert_eq!(conversation_language(&evidence).is_some(), counts, "{heard:?}");
        }
    }

    #[test]
    fn a_greeting_neither_fixes_nor_changes_the_language() {
        let messages = [
            Heard::of("Bonjour, avez-vous une chambre libre pour deux nuits en août ?"),
            Heard::of("Thank you!"),
            Heard::of("Ok, super!"),
            Heard::of("👍"),
        ];
        let evidence =
            Evidence { messages: &messages, site: Some(Language::PT), ..Evidence::default() };
        assert_eq!(conversation_language(&evidence), Some((Language::of("fr"), Choice::Messages)));
        let evidence = Evidence { messages: &messages[1..], ..evidence };
        assert_eq!(conversation_language(&evidence), Some((Language::PT, Choice::Site)));
    }

    #[test]
    fn a_sentence_fixes_the_language_in_every_script() {
        for (text, language) in [
            ("你好，请问八月十日还有双人房吗？", Some("zh")),
            ("明日の夜に到着します。", Some("ja")),
            ("내일 밤에 도착합니다.", Some("ko")),
            ("你好", None),
            ("ありがとう", None),
            ("We arrive on Friday evening.", Some("en")),
            ("Obrigado, até logo!", None),
        ] {
            let evidence = Evidence { messages: &[Heard::of(text)], ..Evidence::default() };
            let found = conversation_language(&evidence).map(|(language, _)| language);
            assert_eq!(found, language.map(Language::of), "{text}");
        }
    }

    #[test]
    fn what_a_person_chose_stays() {
        let long = Heard::of("Sorry, I would rather write in English, if this is fine with you.");
        for (why, follows_it) in [
            (None, true),
            (Some(Choice::Messages), true),
            (Some(Choice::Site), true),
            (Some(Choice::Channel), false),
            (Some(Choice::VisitorChoice), false),
            (Some(Choice::SetByHand), false),
        ] {
            assert_eq!(follows(why, &long).is_some(), follows_it, "{why:?}");
            assert_eq!(follows(why, &Heard::of("Ok, super!")), None);
        }
    }

    #[test]
    fn a_guess_gives_way_to_what_is_sure() {
        let slovene = Heard::of("Najlepša hvala!");
        assert_eq!(slovene.detected.language, None, "13 letters, guessed wrong");
        let (guess, why) = follows(None, &slovene).unwrap();
        assert_eq!(why, Choice::Guess);
        let greeting = Heard::of("Good morning, Ana!");
        for (why, heard, expected) in [
            (None, &greeting, Some(Choice::Guess)),
            (Some(Choice::Guess), &greeting, Some(Choice::Guess)),
            (Some(Choice::Guess), &slovene, None),
            (Some(Choice::Site), &greeting, Some(Choice::Guess)),
            (Some(Choice::Messages), &greeting, None),
        ] {
            let found = follows(why, heard);
            assert_eq!(found.map(|(_, why)| why), expected, "{why:?} {guess}");
        }
    }

    #[test]
    fn a_later_substantial_message_changes_it() {
        let messages = [
            Heard::of("Bonjour, avez-vous une chambre libre pour deux nuits en août ?"),
            Heard::of("Sorry, I would rather write in English, if this is fine with you."),
        ];
        let evidence = Evidence { messages: &messages, ..Evidence::default() };
        assert_eq!(conversation_language(&evidence), Some((Language::EN, Choice::Messages)));
    }
}
