//! Answers of a word or two, whose letters say nothing: the judge hears Czech in «Sí» and Estonian in «Ja». Where several
//! languages say it so, it is the one of most travellers. They are guesses: so short a text is never surely anything.

use super::Language;

#[rustfmt::skip]
const FORMULAS: &[(&str, &str)] = &[
    ("en", "yes|yeah|yep|cheers|sure|hello|any parking|late arrival"),
    ("es", "sí|vale|claro|hola|dos adultos|dos personas"), ("it", "sì|ciao|certo|due persone"), ("pt", "olá|oi|dois adultos"), ("fr", "salut|oui"),
    ("de", "ja|morgen|na klar|servus|moin"), ("nl", "nee|hoi"), ("sv", "hej|hejsan|tack"), ("da", "mange tak|vi ses"),
    ("nb", "takk|tusen takk|hei"), ("fi", "moi|terve"), ("pl", "tak|jutro|cześć"), ("cs", "ano|ahoj"), ("sk", "áno"), ("sl", "najlepša hvala"),
    ("hr", "hvala|bok"), ("hu", "igen|szia"), ("ro", "da|doi adulți"), ("tr", "evet|selam"), ("ru", "да|завтрак|привет"), ("uk", "так"),
    ("et", "jah"), ("lt", "taip"), ("lv", "jā"),
];

/// The language of whoever answers so; `text` is clean and in lower case.
pub(super) fn answered(text: &str) -> Option<Language> {
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let bare: Vec<&str> = words.collect();
    let bare = bare.join(" ");
    let known = |(_, said): &&(&str, &str)| said.split('|').any(|said| said == bare);
    FORMULAS.iter().find(known).map(|(code, _)| Language::of(code))
}
