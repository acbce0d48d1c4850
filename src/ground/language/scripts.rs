//! Scripts and letters that name a language at a glance.
//!
//! Only what no other language of letters to an inn shares: a wrong certainty here answers a Vietnamese in Portuguese.

use super::Language;

/// Scripts that one language writes, or one nearly alone.
#[rustfmt::skip]
static SCRIPTS: &[(u32, u32, &str)] = &[
    (0x0530, 0x058f, "hy"), (0x0900, 0x097f, "hi"), (0x0980, 0x09ff, "bn"), (0x0a00, 0x0a7f, "pa"), (0x0a80, 0x0aff, "gu"),
    (0x0b00, 0x0b7f, "or"), (0x0b80, 0x0bff, "ta"), (0x0c00, 0x0c7f, "te"), (0x0c80, 0x0cff, "kn"), (0x0d00, 0x0d7f, "ml"),
    (0x0d80, 0x0dff, "si"), (0x0e00, 0x0e7f, "th"), (0x0e80, 0x0eff, "lo"), (0x0f00, 0x0fff, "bo"), (0x1000, 0x109f, "my"),
    (0x10a0, 0x10ff, "ka"), (0x1200, 0x137f, "am"), (0x1780, 0x17ff, "km"),
];

/// The language of a script of its own, where two letters in three are of it. Hindi shares its script: whatlang knows
/// Marathi and Nepali.
pub(super) fn alone(text: &str, letters: usize) -> Option<Language> {
    let script = |c: char| {
        let c = u32::from(c);
        SCRIPTS.iter().find(|(first, last, _)| (*first..=*last).contains(&c))
    };
    let first = text.chars().filter(|c| c.is_alphabetic()).find_map(script)?;
    let count = text.chars().filter(|c| c.is_alphabetic() && script(*c) == Some(first)).count();
    if count * 3 < letters * 2 {
        return None;
    }
    Some(match (first.2, whatlang::detect_lang(text)) {
        ("hi", Some(whatlang::Lang::Mar)) => Language::of("mr"),
        ("hi", Some(whatlang::Lang::Nep)) => Language::of("ne"),
        (code, _) => Language::of(code),
    })
}

/// Vietnamese stacks its accents, Azerbaijani has the schwa. The thorn is no such letter: Turkish under a wrong charset
/// is full of it.
pub(super) fn latin(text: &str) -> Option<Language> {
    let two = |letters: &[char]| text.chars().filter(|c| letters.contains(c)).take(2).count() == 2;
    let stacked = text.contains(|c: char| ('\u{1ea0}'..='\u{1ef9}').contains(&c));
    if stacked || two(&['ơ', 'ư']) {
        return Some(Language::of("vi"));
    }
    two(&['ə']).then_some(Language::of("az"))
}

/// What the letters of a Cyrillic text say.
pub(super) enum Cyrillic {
    Sure(Language),
    /// Nothing: every Cyrillic language has these letters.
    Plain,
    /// More than one thing.
    Open,
}

/// Letters that only one of the Cyrillic languages uses.
pub(super) fn cyrillic(text: &str) -> Cyrillic {
    let has = |letters: &[char]| text.contains(letters);
    let russian = has(&['ы', 'э', 'ё']);
    let ukrainian = has(&['і', 'ї', 'є', 'ґ']);
    let southern = has(&['ј', 'љ', 'њ', 'џ', 'ђ', 'ћ', 'ѓ', 'ќ', 'ѕ']);
    let code = match (russian, ukrainian, southern) {
        (false, false, true) if has(&['ѓ', 'ќ', 'ѕ']) && !has(&['ђ', 'ћ']) => "mk",
        (false, false, true) if has(&['ђ', 'ћ']) && !has(&['ѓ', 'ќ', 'ѕ']) => "sr",
        (_, true, false) if has(&['ў']) => "be",
        (true, false, false) if has(&['ө', 'ү']) => "mn",
        (_, _, false) if has(&['қ', 'ғ', 'ұ', 'ә']) => "kk",
        (true, false, false) => "ru",
        (false, true, false) => "uk",
        (false, false, false) => return Cyrillic::Plain,
        _ => return Cyrillic::Open,
    };
    Cyrillic::Sure(Language::of(code))
}

/// Letters that languages in Arabic script have and Arabic has not; the narrower first.
#[rustfmt::skip]
static ARABIC: &[(&[char], &str)] = &[
    (&['ٹ', 'ڈ', 'ے', 'ں'], "ur"), (&['ټ', 'ډ', 'ړ', 'ښ', 'ځ', 'څ'], "ps"), (&['ێ', 'ۆ', 'ڵ', 'ڕ'], "ku"), (&['ې', 'ۇ', 'ۈ'], "ug"),
    (&['پ', 'چ', 'ژ', 'گ'], "fa"),
];

/// The language of a text in Arabic script, where its letters are not Arabic's.
pub(super) fn arabic(text: &str) -> Option<Language> {
    ARABIC.iter().find(|(letters, _)| text.contains(*letters)).map(|(_, code)| Language::of(code))
}
