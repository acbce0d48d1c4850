//! Says in words that mean one thing what engines take for the other: "is the room free?", the question visitors ask most,
//! reached the house as whether it costs nothing, and a «sinal» of 50 € came back as a signal.

use crate::ground::language::Language;

/// What is free when nobody is in it.
#[rustfmt::skip]
const ROOMS: &[&str] = &[
    "room", "rooms", "double", "twin", "single", "triple", "suite", "suites", "apartment", "apartments", "flat", "house",
    "cottage", "bungalow", "cabin", "villa", "tent", "pitch", "pitches", "bed", "beds", "table", "tables", "place", "places",
    "space", "spaces", "slot", "slots", "anything", "something", "availability",
];

/// After which "free" means "without".
const WITHOUT: &[&str] =
    &["smoke", "allergy", "pet", "barrier", "gluten", "lactose", "sugar", "fat", "car", "for"];

/// Before a time, or the end of the question.
#[rustfmt::skip]
const WHEN: &[&str] = &[
    "", "on", "in", "from", "between", "that", "this", "next", "at", "then", "over", "during", "until", "tonight",
    "tomorrow", "please", "or", "and", "around", "these", "those",
];

/// After "free for", where it is no price: "for two nights", not "for children".
const HOW_LONG: &[&str] = &[
    "a", "one", "two", "three", "four", "five", "six", "seven", "tonight", "these", "those", "that",
];

/// How far back the room may stand.
const NEAR: usize = 8;

/// A text whose facts are hidden, in plainer words.
pub(super) fn plainly(text: &str, from: Language) -> String {
    match from.as_str() {
        "en" => available(text),
        "pt" => deposit(text),
        _ => text.to_owned(),
    }
}

fn available(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let word = |at: usize| words.get(at).map_or(String::new(), |word| spelt(word));
    let ends = |word: &str| word.ends_with([',', '.', '?', '!', ';', ':']);
    let is_free = |at: usize| {
        if word(at) != "free" || at > 0 && WITHOUT.contains(&&word(at - 1)[..]) {
            return false;
        }
        let last = ends(words[at]);
        let next = if last { String::new() } else { word(at + 1) };
        if ROOMS.contains(&&next[..]) {
            return true;
        }
        let long = word(at + 2);
        let long = HOW_LONG.contains(&&long[..]) || long.contains(|c: char| c.is_ascii_digit());
        let when = WHEN.contains(&&next[..])
            || next == "for" && long
            || next.contains(|c: char| c.is_ascii_digit());
        let clause = (0..at).rev().take(NEAR).take_while(|before| !ends(words[*before]));
        let mut clause = clause.map(&word);
        when && clause.any(|word| ROOMS.contains(&&word[..]))
    };
    let said = words.iter().enumerate().map(|(at, word)| match is_free(at) {
        true => word.replacen("free", "available", 1),
        false => (*word).to_owned(),
    });
    let said = said.collect::<Vec<String>>().join(" ");
    said.replace(" a available", " an available").replace("A available", "An available")
}

/// Of money; the other kind is of a telephone.
#[rustfmt::skip]
const OF_MONEY: &[&str] = &[
    "pagar", "pague", "paga", "pagamento", "reserva", "transferir", "transfira", "transferência", "valor", "iban",
    "confirmar", "devolvido", "reembolsado", "reembolsável",
];
const OF_WAVES: &[&str] =
    &["wi-fi", "wifi", "internet", "rede", "telemóvel", "celular", "televisão", "trânsito"];

fn deposit(text: &str) -> String {
    let words: Vec<String> = text.split(' ').map(spelt).collect();
    let any = |known: &[&str]| words.iter().any(|word| known.contains(&&word[..]));
    // What is hidden behind a token is a price more often than not.
    let money = any(OF_MONEY) || text.contains(['%', '€']) || text.contains("XQ");
    if !words.iter().any(|word| word == "sinal") || !money || any(OF_WAVES) {
        return text.to_owned();
    }
    let said = text.split(' ').map(|word| match spelt(word) == "sinal" {
        true => word.replacen("sinal", "depósito", 1),
        false => word.to_owned(),
    });
    said.collect::<Vec<String>>().join(" ")
}

/// Letters and digits, without the marks around them, in lower case.
fn spelt(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_for_one_thing() {
        for (from, text, expected) in [
            ("en", "Is the room free?", "Is the room available?"),
            ("en", "Do you have a free double room?", "Do you have an available double room?"),
            ("en", "Any rooms free in August?", "Any rooms available in August?"),
            ("en", "Is the room free for two nights?", "Is the room available for two nights?"),
            ("en", "Is the room still free 3 June?", "Is the room still available 3 June?"),
            ("en", "Is the room free for children?", "Is the room free for children?"),
            ("en", "Is parking free?", "Is parking free?"),
            ("en", "Is it a smoke free room?", "Is it a smoke free room?"),
            ("en", "Feel free to use the room.", "Feel free to use the room."),
            ("en", "The room is big, breakfast free.", "The room is big, breakfast free."),
            ("en", "Is the room free of charge?", "Is the room free of charge?"),
            ("pt", "O sinal é de XQ1.", "O depósito é de XQ1."),
            ("pt", "Para confirmar, pague o sinal.", "Para confirmar, pague o depósito."),
            ("pt", "Não há sinal de Wi-Fi, custa XQ1.", "Não há sinal de Wi-Fi, custa XQ1."),
            ("pt", "Faça sinal à porta.", "Faça sinal à porta."),
            ("es", "Is the room free?", "Is the room free?"),
        ] {
            assert_eq!(plainly(text, Language::parse(from).unwrap()), expected, "{text}");
        }
    }
}
