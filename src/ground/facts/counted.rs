//! What a number counts: of five nights an engine may make five days, of 500 m as many kilometres, and three nights for two
//! are not two nights for three. Where both sides say what a number counts, they have to count the same.

use super::{opposites::words, spoken, words::currency};
use crate::ground::language::Language;

/// Names of what is counted, by language in the order of [`spoken`]; each group is of one kind.
#[rustfmt::skip]
const KINDS: &[[&str; 8]] = &[
    ["minute minutes min mins", "minuto minutos min", "minuto minutos min", "minute minutes min", "minuto minuti min", "minute minuten min", "minuut minuten min", "minut minuts min"],
    ["hour hours hrs", "hora horas", "hora horas", "heure heures", "ora ore", "stunde stunden", "uur uren", "hora hores"],
    ["day days", "dia dias", "día días", "jour jours", "giorno giorni", "tag tage tagen", "dag dagen", "dia dies"],
    ["night nights", "noite noites", "noche noches", "nuit nuits", "notte notti", "nacht nächte nächten", "nacht nachten", "nit nits"],
    ["week weeks", "semana semanas", "semana semanas", "semaine semaines", "settimana settimane", "woche wochen", "week weken", "setmana setmanes"],
    ["month months", "mês meses", "mes meses", "mois", "mese mesi", "monat monate monaten", "maand maanden", "mes mesos"],
    ["year years", "ano anos", "año años", "an ans année années", "anno anni", "jahr jahre jahren", "jaar jaren", "any anys"],
    ["m metres meters metre meter", "m metros metro", "m metros metro", "m mètres mètre", "m metri metro", "m meter metern", "m meter", "m metres metre"],
    ["km kilometres kilometers kilometre kilometer", "km quilómetros quilômetros quilómetro", "km kilómetros kilómetro", "km kilomètres kilomètre", "km chilometri chilometro", "km kilometer kilometern", "km kilometer", "km quilòmetres quilòmetre"],
    ["room rooms", "quarto quartos", "habitación habitaciones", "chambre chambres", "camera camere stanza stanze", "zimmer zimmern", "kamer kamers", "habitació habitacions"],
    ["bathroom bathrooms", "banheiro banheiros", "baño baños", "salle-de-bain", "bagno bagni", "badezimmer bäder", "badkamer badkamers", "bany banys"],
    ["adult adults", "adulto adultos", "adulto adultos", "adulte adultes", "adulto adulti", "erwachsene erwachsenen", "volwassene volwassenen", "adult adults"],
    ["child children kid kids", "criança crianças", "niño niños niña niñas", "enfant enfants", "bambino bambini", "kind kinder kindern", "kind kinderen", "nen nens"],
    ["people person persons guest guests", "pessoa pessoas hóspede hóspedes", "persona personas huésped huéspedes", "personne personnes", "persona persone ospite ospiti", "person personen", "persoon personen gasten", "persona persones"],
    ["bed beds", "cama camas", "cama camas", "lit lits", "letto letti", "bett betten", "bed bedden", "llit llits"],
    ["bike bikes bicycle bicycles", "bicicleta bicicletas", "bicicleta bicicletas", "vélo vélos", "bicicletta biciclette bici", "fahrrad fahrräder fahrrädern", "fiets fietsen", "bicicleta bicicletes"],
    ["dog dogs", "cão cães cachorro cachorros", "perro perros", "chien chiens", "cane cani", "hund hunde hunden", "hond honden", "gos gossos"],
    ["car cars", "carro carros", "coche coches", "voiture voitures", "auto macchina macchine", "auto autos", "auto auto's", "cotxe cotxes"],
];

/// Is this word, in lower case, what numbers count?
pub(super) fn is_counted(word: &str, row: usize) -> bool {
    KINDS.iter().any(|kind| kind[row].split(' ').any(|known| known == word))
}

/// Is this word, in lower case, a stretch of time?
pub(super) fn is_time(word: &str, row: usize) -> bool {
    const OF_TIME: usize = 7;
    KINDS[..OF_TIME].iter().any(|kind| kind[row].split(' ').any(|known| known == word))
}

/// Numbers of the source whose translation counts something else, with what they count.
pub(super) fn counts_another(
    (source, from): (&str, Language),
    (target, to): (&str, Language),
) -> Vec<String> {
    let (Some(ours), Some(theirs)) = (spoken::row(from), spoken::row(to)) else {
        return Vec::new();
    };
    let (ours_per, theirs_per) = (priced(source, ours), priced(target, theirs));
    let (ours, theirs) = (counted(source, from, ours), counted(target, to, theirs));
    let has = |counted: &[Counted], number: &str, kind: usize| {
        counted.iter().any(|one| one.number == number && one.kind == kind)
    };
    let changed = ours.iter().filter(|one| {
        let other = |two: &&Counted| two.number == one.number && !has(&ours, &two.number, two.kind);
        !has(&theirs, &one.number, one.kind) && theirs.iter().any(|two| other(&two))
    });
    let changed = changed.map(|one| one.written.clone());
    // A price per night is another than one per person and night; in which order they are said is the language's.
    let kinds = |per: &[(usize, String)]| per.iter().map(|(kind, _)| *kind).collect::<Vec<_>>();
    let (ours_kinds, theirs_kinds) = (kinds(&ours_per), kinds(&theirs_per));
    let lacks = |kinds: &[usize], of: &[usize]| of.iter().any(|kind| !kinds.contains(kind));
    let another = !ours_per.is_empty()
        && !theirs_per.is_empty()
        && (lacks(&ours_kinds, &theirs_kinds) || lacks(&theirs_kinds, &ours_kinds));
    let per = ours_per.iter().find(|(kind, _)| !theirs_kinds.contains(kind)).or(ours_per.first());
    let per = per.filter(|_| another).map(|(_, written)| written.clone());
    changed.chain(per).collect()
}

struct Counted {
    number: String,
    kind: usize,
    written: String,
}

/// Between a price and what it is for.
const PER: [&str; 17] = [
    "per", "a", "each", "every", "por", "cada", "al", "par", "la", "le", "chaque", "pro", "je",
    "pr", "alla", "the", "die",
];

/// Each number that what it counts stands behind, and what each price is for.
fn counted(text: &str, language: Language, row: usize) -> Vec<Counted> {
    let words = words(text);
    let kind =
        |noun: &str| KINDS.iter().position(|kind| kind[row].split(' ').any(|word| word == noun));
    let pairs = words.windows(2).filter_map(|pair| {
        let [number, noun] = pair else { return None };
        let digits = number.chars().all(|c| c.is_ascii_digit()).then(|| number.clone());
        let said = || spoken::number(number, language).filter(|n| *n > 1).map(|n| n.to_string());
        let kind = kind(noun)?;
        Some(Counted { number: digits.or_else(said)?, kind, written: pair.join(" ") })
    });
    pairs.collect()
}

/// What the prices of a text are for, each kind as it is written: "€80 per person per night", «pro Nacht und Person».
fn priced(text: &str, row: usize) -> Vec<(usize, String)> {
    const AND: [&str; 7] = ["and", "e", "y", "et", "und", "en", "i"];
    let words = words(text);
    let kind =
        |noun: &String| KINDS.iter().position(|kind| kind[row].split(' ').any(|word| word == noun));
    let mut found = Vec::new();
    for (at, price) in words.iter().enumerate() {
        if !price.ends_with(|c: char| c.is_ascii_digit()) && currency(price).is_none() {
            continue;
        }
        let (mut next, mut last) = (at + 1, at);
        while let Some(word) = words.get(next) {
            let joins = PER.contains(&&word[..]) || last != at && AND.contains(&&word[..]);
            match kind(word).filter(|_| last != at || next > at + 1) {
                Some(kind) if next > last => {
                    found.push((kind, words[last + 1..=next].join(" ")));
                    last = next;
                }
                _ if joins && next - last <= 2 => {}
                _ => break,
            }
            next += 1;
        }
    }
    found
}
