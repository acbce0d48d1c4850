//! Names a text introduces by itself: "my daughter is Joy", «a Sra. Flores», «o quarto Primavera». A name that is a word
//! as well is translated as one: Joy became «Alegria», Mrs Flores Mrs Flowers, and that room the fourth spring.

use super::{spoken, words::month};
use crate::ground::language::Language;

/// Before the name of a person, whatever the language.
#[rustfmt::skip]
const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "miss", "mister", "dr", "prof", "sr", "sra", "srta", "senhor", "senhora", "dra", "dona", "señor",
    "señora", "señorita", "doña", "mme", "mlle", "monsieur", "madame", "sig", "sig.ra", "signor", "signora", "dott",
    "herr", "herrn", "frau", "meneer", "mevrouw", "dhr", "mevr", "senyor", "senyora",
];

/// Before what somebody or something is called.
#[rustfmt::skip]
const CALLED: &[&str] = &[
    "called", "named", "chamado", "chamada", "chama-se", "chamo-me", "llamado", "llamada", "llama", "llamo", "appelle",
    "m'appelle", "s'appelle", "chiama", "chiamo", "chiamato", "chiamata", "heiße", "heißt", "namens", "heet", "genaamd",
];

/// Before a name, with or without a copula. «son» is a child in one language and a verb in another.
#[rustfmt::skip]
const KIN: [(&str, &[&str]); 8] = [
    ("en", &["name", "names", "daughter", "son", "wife", "husband", "partner", "friend", "mother", "father", "sister",
             "brother", "colleague"]),
    ("pt", &["nome", "filha", "filho", "mulher", "esposa", "marido", "amigo", "amiga", "mãe", "pai", "irmã", "irmão"]),
    ("es", &["nombre", "hija", "hijo", "mujer", "esposa", "marido", "amigo", "amiga", "madre", "padre", "hermana", "hermano"]),
    ("fr", &["nom", "fille", "fils", "femme", "mari", "ami", "amie", "mère", "père", "sœur", "frère"]),
    ("it", &["nome", "figlia", "figlio", "moglie", "marito", "amico", "amica", "madre", "padre", "sorella", "fratello"]),
    ("de", &["name", "tochter", "sohn", "mann", "freund", "freundin", "mutter", "vater", "schwester", "bruder", "partner"]),
    ("nl", &["naam", "dochter", "zoon", "vrouw", "man", "vriend", "vriendin", "moeder", "vader", "zus", "broer", "partner"]),
    ("ca", &["nom", "filla", "fill", "dona", "marit", "amic", "amiga", "mare", "pare", "germana", "germà"]),
];
const COPULAS: &[&str] = &["is", "are", "é", "são", "es", "son", "est", "è", "ist", "a", "o"];

/// Before the name of a room or a table; German gives every noun a capital.
#[rustfmt::skip]
const ROOMS: [(&str, &[&str]); 6] = [
    ("en", &["suite", "villa", "restaurant"]),
    ("pt", &["quarto", "suite", "suíte", "apartamento", "villa", "restaurante"]),
    ("es", &["habitación", "suite", "apartamento", "villa", "restaurante"]),
    ("fr", &["chambre", "suite", "appartement", "villa", "restaurant"]),
    ("it", &["camera", "stanza", "suite", "appartamento", "villa", "ristorante"]),
    ("ca", &["habitació", "suite", "apartament", "villa", "restaurant"]),
];

/// Kinds of rooms, which some write with a capital.
#[rustfmt::skip]
const KINDS: &[&str] = &[
    "single", "double", "twin", "triple", "family", "standard", "superior", "deluxe", "junior", "premium", "economy",
    "duplo", "dupla", "triplo", "tripla", "individual", "familiar", "quádruplo", "júnior", "económico", "executivo",
    "casal", "vista", "doble", "simple", "simples", "cuádruple", "double", "familiale", "supérieure", "simple", "matrimoniale",
    "singola", "doppia", "familiare", "com", "con", "avec", "number", "número", "nr", "no", "n", "nº", "n.º",
];

const PARTICLES: &[&str] = &[
    "da", "das", "de", "del", "della", "der", "di", "do", "dos", "du", "e", "la", "le", "van",
    "von",
];

/// Rather than a Tuesday or March.
const SEA: &str = "Mar";

/// No name has more words.
const LONGEST: usize = 4;

/// So many names are looked for: a text of names alone must cost no more than another.
const MOST_NAMES: usize = 50;

/// The names a text introduces, as they are written.
pub fn introduced(text: &str, language: Language) -> Vec<String> {
    let of = |all: &'static [(&str, &[&str])]| {
        all.iter().find(|(code, _)| *code == language.as_str()).map_or(&[][..], |it| it.1)
    };
    let (kin, rooms) = (of(&KIN), of(&ROOMS));
    let nouns_are_small = language != Language::of("de");
    let mut names: Vec<String> = Vec::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        for (at, word) in words.iter().enumerate() {
            if names.len() == MOST_NAMES {
                return names;
            }
            let lower = word.trim_start_matches(OPENING).to_lowercase();
            let title = TITLES.contains(&lower.trim_end_matches('.'));
            // In A Line Like This Capitals Say Nothing.
            let begins = at == 0 || words[at - 1].ends_with(['.', '!', '?', ':']);
            let is_titled = nouns_are_small && !begins && word.contains(char::is_uppercase);
            let kin = !is_titled && kin.contains(&&lower[..]);
            let room = !is_titled && rooms.contains(&&lower[..]);
            let called = !is_titled && CALLED.contains(&&lower[..]);
            let after = &words[at + 1..];
            let small = after.iter().take(2).take_while(|word| kin && COPULAS.contains(*word));
            let small = small.count();
            if !(title || kin || room || called) {
                continue;
            }
            let name = name(&after[small..], language);
            let kind = |name: &String| {
                let first = name.split(' ').next().unwrap_or("").to_lowercase();
                room && KINDS.contains(&&first[..])
            };
            if let Some(name) = name.filter(|name| !kind(name) && !names.contains(name)) {
                names.push(name);
            }
        }
    }
    names
}

const OPENING: &[char] = &['(', '"', '«', '“', '„', '\'', '‘'];

/// The name these words begin with. Of German, where every noun has a capital, one word.
fn name(words: &[&str], language: Language) -> Option<String> {
    let longest = if language == Language::of("de") { 1 } else { LONGEST };
    let mut name: Vec<&str> = Vec::new();
    let mut small = 0;
    for word in words.iter().take(longest) {
        let open = if name.is_empty() { word.trim_start_matches(OPENING) } else { word };
        let bare = open.trim_end_matches(|c: char| !c.is_alphanumeric());
        let bare = bare.strip_suffix("'s").or(bare.strip_suffix("’s")).unwrap_or(bare);
        if is_name(bare, language) {
            small = 0;
        } else if !name.is_empty() && PARTICLES.contains(&open) {
            small += 1;
        } else {
            break;
        }
        name.push(bare);
        if bare.len() < open.len() {
            break;
        }
    }
    name.truncate(name.len() - small);
    (!name.is_empty()).then(|| name.join(" "))
}

/// A capital and small letters, and no day or month.
fn is_name(word: &str, language: Language) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase)
        && letters.clone().count() > 0
        && letters.all(|c| c.is_lowercase() || c.is_uppercase() || "-'’".contains(c))
        && word.contains(char::is_lowercase)
        && (word == SEA || month(word).is_none() && !spoken::is_weekday(word, language))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_says_whose_names_it_has() {
        for (language, text, expected) in [
            ("en", "My name is Rose Field and my daughter is Joy.", &["Rose Field", "Joy"][..]),
            ("en", "Is the room called \"Primavera\" free?", &["Primavera"]),
            ("en", "Mr. Green's wife Heather arrives with Mrs Day.", &["Green", "Heather", "Day"]),
            ("en", "My wife and I come. My husband I forgot.", &[]),
            ("en", "Can my son Friday join? My friend Mark Hill May is late.", &["Mark Hill"]),
            ("pt", "A Sra. Flores e o Sr. Rosa já chegaram.", &["Flores", "Rosa"]),
            ("pt", "Sim, o quarto Primavera está livre, a suite Lua não.", &["Primavera", "Lua"]),
            ("pt", "O quarto Duplo e o quarto 4 estão livres.", &[]),
            ("pt", "O restaurante Mar Azul abre às 19h.", &["Mar Azul"]),
            ("pt", "A minha filha é a Luz da Costa.", &["Luz da Costa"]),
            ("pt", "O senhor Ramos da Costa chega.", &["Ramos da Costa"]),
            ("es", "La señora Paz llega el lunes con su marido Ángel.", &["Paz", "Ángel"]),
            ("de", "Frau Müller Bescheid geben, meine Tochter Anna auch.", &["Müller", "Anna"]),
            ("de", "Das Zimmer Schlüssel", &[]),
            ("fr", "Ma fille s'appelle Océane.", &["Océane"]),
            ("en", "My Wife And I Will Arrive Late, My Husband Would Like A Room.", &[]),
            ("es", "Las habitaciones son Dobles. Mi hijo es Ángel.", &["Ángel"]),
        ] {
            assert_eq!(introduced(text, Language::parse(language).unwrap()), expected, "{text}");
        }
        let many: String = (0..3000).map(|n| format!("Sr. Aab{} ", "x".repeat(n % 40))).collect();
        assert!(introduced(&many, Language::of("pt")).len() <= MOST_NAMES);
    }
}
