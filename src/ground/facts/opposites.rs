//! Words whose change no number shows: today for tomorrow, half board for full board, "until 7 pm" for «a partir das 19h».
//! Where each side of a translation says one of several that exclude each other, and they are not the same one, the
//! meaning has changed. Where a side says none of them, nothing is known, and nothing is said.

use super::spoken;
use crate::ground::language::Language;

/// What excludes each other: per meaning the phrases of each language, in the order of [`spoken`]; `#` is a number in
/// digits.
struct Group {
    /// Asked only where each side has one number: of a range each end is said its own way.
    one_number: bool,
    meanings: &'static [[&'static str; 8]],
}

#[rustfmt::skip]
const GROUPS: &[Group] = &[
    Group { one_number: false, meanings: &[
        ["today|tonight", "hoje", "hoy", "aujourd hui", "oggi", "heute", "vandaag|vanavond", "avui"],
        ["tomorrow", "amanhã", "mañana", "demain", "domani", "morgen", "morgen", "demà"],
        ["yesterday", "ontem", "ayer", "hier", "ieri", "gestern", "gisteren", "ahir"],
    ] },
    Group { one_number: false, meanings: &[
        ["half board|half-board", "meia pensão|meia-pensão", "media pensión", "demi-pension|demi pension", "mezza pensione", "halbpension", "halfpension", "mitja pensió"],
        ["full board|full-board", "pensão completa", "pensión completa", "pension complète", "pensione completa", "vollpension", "volpension", "pensió completa"],
    ] },
    Group { one_number: false, meanings: &[
        ["ground floor", "rés-do-chão|rés do chão", "planta baja", "rez-de-chaussée", "piano terra", "erdgeschoss", "begane grond", "planta baixa"],
        ["first floor", "primeiro andar|primeiro piso", "primera planta|primer piso", "premier étage", "primo piano", "ersten stock|ersten etage|ersten stockwerk", "eerste verdieping", "primer pis|primera planta"],
        ["second floor", "segundo andar|segundo piso", "segunda planta|segundo piso", "deuxième étage|second étage", "secondo piano", "zweiten stock|zweiten etage|zweiten stockwerk", "tweede verdieping", "segon pis|segona planta"],
        ["third floor", "terceiro andar|terceiro piso", "tercera planta|tercer piso", "troisième étage", "terzo piano", "dritten stock|dritten etage|dritten stockwerk", "derde verdieping", "tercer pis|tercera planta"],
        ["fourth floor", "quarto andar|quarto piso", "cuarta planta|cuarto piso", "quatrième étage", "quarto piano", "vierten stock|vierten etage|vierten stockwerk", "vierde verdieping", "quart pis|quarta planta"],
        ["fifth floor", "quinto andar|quinto piso", "quinta planta|quinto piso", "cinquième étage", "quinto piano", "fünften stock|fünften etage|fünften stockwerk", "vijfde verdieping", "cinquè pis|cinquena planta"],
    ] },
    Group { one_number: false, meanings: &[
        ["on the left|to the left|turn left|left side", "à esquerda|esquerda", "a la izquierda|izquierda", "à gauche|gauche", "a sinistra|sulla sinistra|sinistra", "links", "links|linkerkant", "a l esquerra|esquerra"],
        ["on the right|to the right|turn right|right side", "à direita", "a la derecha", "à droite", "a destra|sulla destra", "rechts", "rechts|rechterkant", "a la dreta"],
    ] },
    Group { one_number: false, meanings: &[
        ["at least|minimum", "pelo menos|no mínimo|mínimo", "al menos|por lo menos|como mínimo|mínimo", "au moins|minimum", "almeno|minimo", "mindestens", "minstens|minimaal|ten minste", "almenys|com a mínim|mínim"],
        ["at most|maximum|no more than|not more than", "no máximo|máximo", "como máximo|máximo|como mucho", "au plus|au maximum|maximum", "al massimo|massimo", "höchstens|maximal", "hoogstens|maximaal", "com a màxim|màxim|com a molt"],
    ] },
    Group { one_number: true, meanings: &[
        ["before #|until #|till #|by #|no later than #", "antes das #|até às #|até as #|até #", "antes de las #|hasta las #", "avant #|jusqu à #", "prima delle #|entro le #|fino alle #", "vor #|bis #|bis um #", "voor #|tot #", "abans de les #|fins a les #"],
        ["after #|from #|as of #", "depois das #|a partir das #|após as #|desde as #", "después de las #|a partir de las #|desde las #", "après #|à partir de #|dès #", "dopo le #|dalle #|a partire dalle #", "nach #|ab #", "na #|vanaf #", "després de les #|a partir de les #"],
    ] },
];

/// The phrases of a source that its translation says the opposite of, as they stand there.
pub(super) fn turned_round(
    (source, from): (&str, Language),
    (target, to): (&str, Language),
) -> Vec<String> {
    let (Some(ours), Some(theirs)) = (spoken::row(from), spoken::row(to)) else {
        return Vec::new();
    };
    let (source, target) = (words(source), words(target));
    let found = GROUPS.iter().filter_map(|group| {
        let one = |words: &[String]| words.iter().filter(|word| is_number(word)).count() == 1;
        if group.one_number && !(one(&source) && one(&target)) {
            return None;
        }
        let says = |words: &[String], row: usize| -> Vec<Option<&'static str>> {
            group.meanings.iter().map(|meaning| says_one_of(words, meaning[row])).collect()
        };
        let (ours, theirs) = (says(&source, ours), says(&target, theirs));
        let first = ours.iter().flatten().next()?;
        let both = ours.iter().zip(&theirs).any(|(a, b)| a.is_some() && b.is_some());
        (!both && theirs.iter().any(Option::is_some))
            .then(|| first.trim_end_matches(" #").to_owned())
    });
    found.collect()
}

fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

/// The first of these phrases that stands in the words.
fn says_one_of(words: &[String], phrases: &'static str) -> Option<&'static str> {
    phrases.split('|').find(|phrase| {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        words.windows(phrase.len()).any(|window| {
            window.iter().zip(&phrase).all(|(word, said)| match *said {
                "#" => is_number(word),
                said => word == said,
            })
        })
    })
}

/// The words of a text in lower case; a hyphen joins, and so do the marks of a time or a number.
pub(super) fn words(text: &str) -> Vec<String> {
    let inside = |c: char| c.is_alphanumeric() || "-:.,".contains(c);
    let words = text.split(|c: char| !inside(c));
    let bare = words.map(|word| word.trim_matches(|c: char| "-:.,".contains(c)).to_lowercase());
    bare.filter(|word| !word.is_empty()).collect()
}
