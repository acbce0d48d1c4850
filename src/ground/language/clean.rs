//! What is left of a text when everything that has no language is taken out: links, addresses, numbers,
//! codes, and the words every inn writes in English (`check-in`, `Wi-Fi`).

use super::wordless::is_no_word;

/// The judge's answer no longer changes after this much, and its time grows with the length.
const ENOUGH_CHARS: usize = 1000;

/// Words that are the same in all our languages and pull short texts towards English or Italian.
const INTERNATIONAL: &[&str] = &[
    "check-in",
    "checkin",
    "check-out",
    "checkout",
    "parking",
    "wifi",
    "wi-fi",
    "ok",
    "okay",
    "hotel",
    "booking",
    "airbnb",
    "spa",
    "email",
    "e-mail",
    "gps",
    "whatsapp",
    "iban",
    "euro",
    "euros",
    "eur",
];

/// The words of a text that belong to a language, paragraph breaks kept, at most about a thousand characters.
pub(super) fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len().min(4 * ENOUGH_CHARS));
    let mut chars = 0;
    'lines: for line in text.lines() {
        // A quoted line is somebody else's text, even where the caller missed it.
        if line.trim_start().starts_with('>') || is_field(line) {
            continue;
        }
        for word in line.split_whitespace().filter(|word| has_language(word)) {
            // Where words are not spaced a whole letter is one word: it is cut, not dropped.
            let cut = word.char_indices().nth(ENOUGH_CHARS).map_or(word.len(), |(at, _)| at);
            cleaned.push_str(&word[..cut]);
            cleaned.push(' ');
            chars += word[..cut].chars().count() + 1;
            if chars > ENOUGH_CHARS {
                break 'lines;
            }
        }
        if cleaned.ends_with(' ') {
            cleaned.pop();
            cleaned.push('\n');
        }
    }
    cleaned.truncate(cleaned.trim_end().len());
    // Capitals hide the language from everything that knows words and letters by their case.
    cleaned.to_lowercase()
}

/// A form's field such as `arrival: 2027-08-14`: its name is in the language of whoever made the form.
fn is_field(line: &str) -> bool {
    line.split_once(": ").is_some_and(|(name, value)| {
        !name.contains(char::is_whitespace) && !value.contains(char::is_alphabetic)
    })
}

/// A longer word in letters of Europe is no word, and the judge's time grows with it.
const LONGEST_WORD: usize = 80;

/// Thai and its neighbours, and everything east of them, put no spaces between words.
fn is_unspaced(c: char) -> bool {
    (c >= '\u{1100}' || ('\u{e00}'..='\u{109f}').contains(&c)) && c.is_alphabetic()
}

fn has_language(word: &str) -> bool {
    if word.len() > LONGEST_WORD && !word.contains(is_unspaced) {
        return false;
    }
    let sign = |c: char| matches!(c, '@' | '_' | '\\' | '#' | '{' | '}');
    if word.contains(sign) || word.contains("://") || word.starts_with("www.") {
        return false;
    }
    // Where words are not spaced, a number sits in the middle of a sentence, not of a code.
    if word.contains(|c: char| c.is_ascii_digit()) {
        return word.contains(is_unspaced);
    }
    let bare = word.trim_matches(|c: char| !c.is_alphabetic());
    !bare.is_empty()
        && !is_no_word(bare)
        && !INTERNATIONAL.iter().any(|known| known.eq_ignore_ascii_case(bare))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_of_a_language_stay() {
        for (text, expected) in [
            ("Hallo, wann ist Check-in?", "hallo, wann ist"),
            ("see https://a.example/b/AB12 or info@a.example", "see or"),
            ("Tel. +33 4 12 34 56 78 🙂", "tel."),
            ("Merci\n> Thank you for your stay", "merci"),
            ("DO YOU HAVE A ROOM", "do you have a room"),
            ("14:00", ""),
            ("Zimmer frei?\n\narrival: 2027-08-14\nguests: 2", "zimmer frei?"),
            ("法官最后「从轻」发落，罚款减到5万元。", "法官最后「从轻」发落，罚款减到5万元。"),
        ] {
            assert_eq!(clean(text), expected, "{text}");
        }
    }

    #[test]
    fn a_long_text_is_cut_at_a_word() {
        let cleaned = clean(&"palavra ".repeat(10_000));
        assert!(cleaned.len() < 1100 && cleaned.ends_with("palavra"));
    }
}
