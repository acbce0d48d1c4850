//! Texts of names alone: who travels, an address for the invoice, the name of a place. Their letters are of a language,
//! their author need not be: a visitor from York sends the German address of the company that pays.

use super::common_words::Votes;

/// Words that stand small between names.
const PARTICLES: &[&str] = &[
    "a", "al", "am", "an", "and", "aux", "bei", "da", "das", "de", "degli", "dei", "del", "della",
    "delle", "den", "der", "des", "di", "do", "dos", "du", "e", "el", "et", "i", "im", "in", "la",
    "las", "le", "les", "lo", "los", "of", "the", "und", "van", "von", "y", "zu", "zum", "zur",
    "en", "ul", "str",
];

/// Words that stand small in an address.
const STREETS: &[&str] = &[
    "rue",
    "avenue",
    "boulevard",
    "place",
    "chemin",
    "allée",
    "impasse",
    "quai",
    "route",
    "bis",
    "via",
    "viale",
    "piazza",
    "corso",
    "calle",
    "avenida",
    "plaza",
    "paseo",
    "camino",
    "rua",
    "travessa",
    "largo",
    "praça",
    "estrada",
    "carrer",
    "plaça",
    "street",
    "road",
    "lane",
    "straat",
    "weg",
    "laan",
    "ulica",
    "ul",
    "utca",
    "út",
    "str",
    "strada",
    "bulevardul",
    "gata",
    "vej",
    "gate",
    "nº",
    "nr",
    "no",
    "c/o",
    "cedex",
];

/// Is every word of the text a name, as its capitals say?
pub(super) fn is_names(text: &str) -> bool {
    if text.contains(['?', '!', '¿', '¡']) {
        return false;
    }
    let words = || text.split_whitespace().filter(|word| word.contains(char::is_alphabetic));
    let names = words().filter(|word| is_name(word)).count();
    let other = |word: &&str| {
        let bare = word.trim_matches(|c: char| !c.is_alphabetic());
        let initial = bare.chars().count() <= 3 && bare.chars().all(char::is_uppercase);
        let number = word.contains(|c: char| c.is_ascii_digit());
        !(is_name(word)
            || initial
            || number
            || PARTICLES.contains(&bare)
            || STREETS.contains(&bare))
    };
    names >= 2 && !words().any(|word| other(&word))
}

/// Has this text of names no little word but those between names? `text` is clean and in lower case.
pub(super) fn says_nothing(text: &str) -> bool {
    let said = |word: &str| {
        !PARTICLES.contains(&word) && !STREETS.contains(&word) && Votes::of(word).leader().is_some()
    };
    !text.split(|c: char| !c.is_alphanumeric()).any(|word| !word.is_empty() && said(word))
}

/// A capital and small letters after it; `Jean-Luc` and `O'Brien` too.
fn is_name(word: &str) -> bool {
    let mut letters = word.chars().skip_while(|c| !c.is_alphabetic());
    letters.next().is_some_and(char::is_uppercase) && letters.any(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::super::{Language, detect};

    #[test]
    fn names_alone_are_surely_of_no_language() {
        for text in [
            "Klaus Müller, Hauptstraße 5, 10115 Berlin",
            "Rua das Flores 12, 4050-262 Porto",
            "Maria João da Silva",
            "Kovács István",
            "Avenida da Liberdade 200",
            "Via Roma 12\n00184 Roma\nItalia",
            "Jean-Luc Dupont\n12 Rue de la République\n69002 Lyon",
            "Müller Maschinenbau GmbH\nIndustriestraße 12\n70565 Stuttgart",
            "Иванов Сергей Петрович",
            "Jean-Pierre Dubois\n12 rue de la Paix\n75002 Paris",
            "Pedro Sousa, rua do Ouro 5, Lisboa",
        ] {
            let detected = detect(text);
            assert!(detected.language.is_none() && detected.too_short, "{text}: {detected:?}");
        }
        let detected = detect("Wir Kommen Am Freitag Um Zehn Uhr Abends");
        assert!(
            !detected.too_short && detected.guess() == Some(Language::of("de")),
            "{detected:?}"
        );
        for (text, expected) in [
            ("Können Sie die Rechnung auf Müller Maschinenbau GmbH ausstellen?", "de"),
            ("Our names are Maria Silva and Ana Costa.", "en"),
            ("WIR KOMMEN AM FREITAG UM ZEHN", "de"),
            ("A casa fica na Rua das Flores.", "pt"),
        ] {
            let said = detect(text).language.map(|language| language.to_string());
            assert_eq!(said.as_deref(), Some(expected), "{text}");
        }
    }
}
