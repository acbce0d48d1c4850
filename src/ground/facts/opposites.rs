//! Words whose change no number shows: today for tomorrow, half board for full board, "until 7 pm" for «a partir das 19h».
//! Where each side of a translation says one of several that exclude each other, and they are not the same one, the
//! meaning has changed. Where a side says none of them, nothing is known, and nothing is said.

use super::{counted, negation, spoken};
use crate::ground::language::Language;

/// What excludes each other: per meaning the phrases of each language, in the order of [`spoken`]; `#` is a number in
/// digits. Of phrases within one another the longest is meant.
struct Group {
    /// Limits of time: asked only where each side has one number, for of a range each end is said its own way; and a
    /// denial makes the other of one, «nicht vor 15 Uhr» is from three on.
    limits: bool,
    meanings: &'static [[&'static str; 8]],
    /// What holds such a phrase and means none of them: «buenos días por la mañana».
    except: [&'static str; 8],
}

const NOTHING: [&str; 8] = [""; 8];

#[rustfmt::skip]
const GROUPS: &[Group] = &[
    Group { limits: false, meanings: &[
        ["today|tonight|this morning|this afternoon|this evening", "hoje|esta noite|esta tarde|esta manhã", "hoy|esta noche|esta tarde|esta mañana", "aujourd hui|ce soir|ce matin|cet après-midi", "oggi|stasera|stamattina|questa sera|questa mattina",
         "heute|heute morgen", "vandaag|vanavond|vanmorgen|vanochtend|vanmiddag", "avui|aquest matí|aquesta tarda|aquest vespre|aquesta nit"],
        ["tomorrow", "amanhã", "mañana", "demain", "domani|domattina", "morgen", "morgen", "demà"],
        ["day after tomorrow", "depois de amanhã", "pasado mañana", "après-demain|après demain", "dopodomani", "übermorgen", "overmorgen", "demà passat|passat demà"],
        ["yesterday", "ontem", "ayer", "hier", "ieri", "gestern|gestern morgen", "gisteren", "ahir"],
    ], except: [
        "", "", "la mañana|una mañana|cada mañana|por la mañana|de la mañana|de mañana|buena mañana|media mañana|todas las mañanas", "", "",
        "guten morgen|am morgen|jeden morgen|der morgen|den morgen|dem morgen|des morgen|diesen morgen|dieser morgen|jeder morgen|schönen morgen|bis zum morgen|montag morgen|dienstag morgen|mittwoch morgen|donnerstag morgen|freitag morgen|samstag morgen|sonntag morgen",
        "goede morgen|de morgen|elke morgen|iedere morgen|deze morgen|volgende morgen|hele morgen", "",
    ] },
    Group { limits: false, meanings: &[
        ["half board|half-board", "meia pensão|meia-pensão", "media pensión", "demi-pension|demi pension", "mezza pensione", "halbpension", "halfpension", "mitja pensió"],
        ["full board|full-board", "pensão completa", "pensión completa", "pension complète", "pensione completa", "vollpension", "volpension", "pensió completa"],
    ], except: NOTHING },
    Group { limits: false, meanings: &[
        ["ground floor", "rés-do-chão|rés do chão", "planta baja", "rez-de-chaussée", "piano terra", "erdgeschoss", "begane grond", "planta baixa"],
        ["first floor", "primeiro andar|primeiro piso", "primera planta|primer piso", "premier étage", "primo piano", "ersten stock|ersten etage|ersten stockwerk", "eerste verdieping", "primer pis|primera planta"],
        ["second floor", "segundo andar|segundo piso", "segunda planta|segundo piso", "deuxième étage|second étage", "secondo piano", "zweiten stock|zweiten etage|zweiten stockwerk", "tweede verdieping", "segon pis|segona planta"],
        ["third floor", "terceiro andar|terceiro piso", "tercera planta|tercer piso", "troisième étage", "terzo piano", "dritten stock|dritten etage|dritten stockwerk", "derde verdieping", "tercer pis|tercera planta"],
        ["fourth floor", "quarto andar|quarto piso", "cuarta planta|cuarto piso", "quatrième étage", "quarto piano", "vierten stock|vierten etage|vierten stockwerk", "vierde verdieping", "quart pis|quarta planta"],
        ["fifth floor", "quinto andar|quinto piso", "quinta planta|quinto piso", "cinquième étage", "quinto piano", "fünften stock|fünften etage|fünften stockwerk", "vijfde verdieping", "cinquè pis|cinquena planta"],
    ], except: NOTHING },
    Group { limits: false, meanings: &[
        ["on the left|to the left|turn left|left side", "à esquerda|esquerda", "a la izquierda|izquierda", "à gauche|gauche", "a sinistra|sulla sinistra|sinistra", "links", "links|linkerkant", "a l esquerra|esquerra"],
        ["on the right|to the right|turn right|right side", "à direita", "a la derecha", "à droite", "a destra|sulla destra", "rechts", "rechts|rechterkant", "a la dreta"],
    ], except: ["", "", "", "", "", "die links|diese links|den links|folgenden links|unsere links|weitere links", "de links|deze links|volgende links|onze links", ""] },
    Group { limits: false, meanings: &[
        ["at least|minimum", "pelo menos|no mínimo|mínimo", "al menos|por lo menos|como mínimo|mínimo", "au moins|minimum", "almeno|minimo", "mindestens", "minstens|minimaal|ten minste", "almenys|com a mínim|mínim"],
        ["at most|maximum|no more than|not more than", "no máximo|máximo", "como máximo|máximo|como mucho", "au plus|au maximum|maximum", "al massimo|massimo", "höchstens|maximal", "hoogstens|maximaal", "com a màxim|màxim|com a molt"],
    ], except: NOTHING },
    Group { limits: true, meanings: &[
        ["before #|until #|till #|by #|no later than #", "antes das #|até às #|até as #|até #", "antes de las #|hasta las #", "avant #|jusqu à #", "prima delle #|entro le #|fino alle #", "vor #|bis #|bis um #|spätestens um #", "voor #|tot #", "abans de les #|fins a les #"],
        ["after #|from #|as of #|as from #", "depois das #|a partir das #|após as #|desde as #", "después de las #|a partir de las #|desde las #", "après #|à partir de #|dès #", "dopo le #|dalle #|a partire dalle #", "nach #|ab #|erst um #|frühestens um #", "na #|pas om #|vanaf #", "després de les #|a partir de les #"],
    ], except: NOTHING },
];

/// The phrases of a source that its translation says the opposite of, as they stand there.
pub(super) fn turned_round(
    (source, from): (&str, Language),
    (target, to): (&str, Language),
) -> Vec<String> {
    let (Some(ours), Some(theirs)) = (spoken::row(from), spoken::row(to)) else {
        return Vec::new();
    };
    let found = GROUPS.iter().filter_map(|group| {
        let limit = group.limits.then(|| limits((source, ours), (target, theirs)));
        let (ours, theirs) = match limit {
            Some(limits) => limits?,
            None => (
                says(&meant(source, ours), ours, group),
                says(&meant(target, theirs), theirs, group),
            ),
        };
        let first = ours.iter().flatten().next()?;
        let both = ours.iter().zip(&theirs).any(|(a, b)| a.is_some() && b.is_some());
        (!both && theirs.iter().any(Option::is_some))
            .then(|| first.phrase.trim_end_matches(" #").to_owned())
    });
    found.collect()
}

/// What each side says of a limit of time, where each has one number.
fn limits(
    (source, ours): (&str, usize),
    (target, theirs): (&str, usize),
) -> Option<(Meanings, Meanings)> {
    let group = GROUPS.iter().find(|group| group.limits)?;
    let of = |text: &str, row: usize| {
        let one = words(text).iter().filter(|word| is_number(word)).count() == 1;
        let ends = text.split(['!', '?', ';', '\n']).flat_map(|part| part.split(". "));
        let own = ends.map(words).find(|words| words.iter().any(|word| is_number(word)));
        own.filter(|_| one).map(|words| says(&words, row, group))
    };
    Some((of(source, ours)?, of(target, theirs)?))
}

/// Does the translation say without a "not" the limit that the source says with one: «nicht vor 15 Uhr», "from 3 pm"?
pub(super) fn same_limit(denied: (&str, usize), other: (&str, usize)) -> bool {
    limits(denied, other).is_some_and(|(ours, theirs)| {
        let turned = |said: &Option<Said>| said.as_ref().is_some_and(|said| said.denied);
        ours.iter().zip(&theirs).any(|(a, b)| turned(a) && b.is_some())
    })
}

fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

#[derive(Clone)]
struct Said {
    phrase: &'static str,
    /// A word near it denies it, so that it is the other that is meant.
    denied: bool,
}

/// A phrase where it stands.
struct Found {
    at: std::ops::Range<usize>,
    meaning: Option<usize>,
    phrase: &'static str,
}

/// By meaning, the phrase that says it.
type Meanings = Vec<Option<Said>>;

fn says(words: &[String], row: usize, group: &Group) -> Meanings {
    let meanings = group.meanings.iter().map(|meaning| meaning[row]).enumerate();
    let meanings = meanings.map(|(number, phrases)| (Some(number), phrases));
    let all = meanings.chain([(None, group.except[row])]).flat_map(|(meaning, phrases)| {
        let phrases = phrases.split('|').filter(|phrase| !phrase.is_empty());
        phrases.flat_map(move |phrase| {
            places(words, phrase).map(move |at| Found { at, meaning, phrase })
        })
    });
    let all: Vec<Found> = all.collect();
    let mut says = vec![None; group.meanings.len()];
    for one in &all {
        let longer = |other: &Found| {
            other.at.len() > one.at.len()
                && other.at.start <= one.at.start
                && one.at.end <= other.at.end
        };
        let Some(meaning) = one.meaning.filter(|_| !all.iter().any(longer)) else { continue };
        if group.limits && is_ago(words, row, one) {
            continue;
        }
        let denied = group.limits && is_denied(words, row, one);
        // A limit has two sides.
        let meaning = if denied { 1 - meaning.min(1) } else { meaning };
        says[meaning].get_or_insert(Said { phrase: one.phrase, denied });
    }
    says
}

/// «von vor 2 Wochen» is no limit.
fn is_ago(words: &[String], row: usize, found: &Found) -> bool {
    let next = words.get(found.at.end);
    found.phrase == "vor #" && next.is_some_and(|word| counted::is_time(word, row))
}

fn is_denied(words: &[String], row: usize, found: &Found) -> bool {
    const BEFORE: usize = 8;
    const BEHIND: usize = 4;
    let behind = found.at.end..words.len().min(found.at.end + BEHIND);
    let near = (found.at.start.saturating_sub(BEFORE)..found.at.start).chain(behind);
    near.into_iter().any(|at| negation::denies_at(words, row, at))
}

/// Where a phrase stands in the words.
fn places(words: &[String], phrase: &'static str) -> impl Iterator<Item = std::ops::Range<usize>> {
    let phrase: Vec<&str> = phrase.split(' ').collect();
    (0..words.len()).filter_map(move |start| {
        let window = words.get(start..start + phrase.len())?;
        let fits = window.iter().zip(&phrase).all(|(word, said)| match *said {
            "#" => is_number(word),
            said => word == said,
        });
        fits.then_some(start..start + phrase.len())
    })
}

/// The words of a text but the German `Links`, which leads to a page where a capital does not begin a sentence.
fn meant(text: &str, row: usize) -> Vec<String> {
    const WEB: &str = "Links";
    if row != GERMAN || !text.contains(WEB) {
        return words(text);
    }
    let mut left = String::with_capacity(text.len());
    for (number, part) in text.split(WEB).enumerate() {
        let before = left.trim_end();
        let begins = before.is_empty() || before.ends_with(['.', '!', '?', ':', '-', '–', '•']);
        let line = left[before.len()..].contains('\n');
        if number > 0 {
            left.push_str(if begins || line { WEB } else { "Seiten" });
        }
        left.push_str(part);
    }
    words(&left)
}

const GERMAN: usize = 5;

/// The words of a text in lower case; a hyphen joins, and so do the marks of a time or a number.
pub(super) fn words(text: &str) -> Vec<String> {
    let inside = |c: char| c.is_alphanumeric() || "-:.,".contains(c);
    let words = text.split(|c: char| !inside(c));
    let bare = words.map(|word| word.trim_matches(|c: char| "-:.,".contains(c)).to_lowercase());
    bare.filter(|word| !word.is_empty()).collect()
}
