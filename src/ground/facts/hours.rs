//! Ranges of hours written with a letter. «Se sirve de 12h15 a 14h» is said of the clock, «dura de 2h a 3h» of what
//! lasts, in the same shape: what stands around it decides. What stays open is carried as it is written.

use std::ops::Range;

use super::{
    Value,
    clock::{BETWEEN, lasts, told},
    find::Place,
    read::{minute, small},
};

/// Before a range, of the clock or of what lasts.
#[rustfmt::skip]
const OPEN: &[&str] = &[
    "from", "between", "de", "desde", "des", "da", "entre", "tra", "fra", "von", "zwischen", "van", "tussen",
];

/// Before an hour of the clock alone.
#[rustfmt::skip]
const OF_THE_CLOCK: &[&str] = &[
    "às", "ás", "as", "las", "les", "alle", "le",
];

/// What is done at hours.
#[rustfmt::skip]
const DONE_AT_HOURS: &[&str] = &[
    "open", "opens", "close", "closes", "closed", "served", "serve", "aberto", "aberta",
    "abre", "abrimos", "fecha", "fechado", "fechada", "serve-se", "servido", "servida", "servimos", "horário",
    "abierto", "abierta", "cierra", "cerrado", "cerrada", "sirve", "sirven", "horario",
    "atendemos", "pechado", "pechada", "sérvese", "horarios", "ouvert", "ouverte", "ouvre", "fermé",
    "fermée", "servi", "sert", "horaire", "horaires", "aperto", "aperta", "apre", "chiuso", "chiusa",
    "servito", "servita", "orario", "orari", "obert", "oberta", "obre", "obrim", "tancat", "tancada", "serveix",
    "horari", "horaris", "geöffnet", "offen", "geschlossen", "serviert", "öffnungszeiten", "geopend", "geserveerd",
];

/// What has its hours, but may as well last some; not as long as five.
#[rustfmt::skip]
const HAS_HOURS: &[&str] = &[
    "breakfast", "lunch", "dinner", "reception", "check-in", "check-out", "arrival", "departure", "pequeno-almoço",
    "café", "almoço", "jantar", "receção", "recepção", "chegada", "saída", "entrada", "desayuno", "almuerzo",
    "comida", "cena", "recepción", "llegada", "salida", "almorzo", "xantar", "cea", "petit-déjeuner", "déjeuner",
    "dîner", "réception", "arrivée", "départ", "colazione", "pranzo", "arrivo", "partenza", "esmorzar", "dinar",
    "sopar", "recepció", "arribada", "sortida", "frühstück", "abendessen", "rezeption", "anreise", "abreise",
    "ontbijt", "diner", "receptie",
];

/// The hours of a longer meal are those of a day.
const TOO_LONG_FOR_A_MEAL: u16 = 5 * 60;

/// A range that ends in the afternoon is hardly a length; `24h` is the end of many.
const AFTERNOON: Range<u16> = 13 * 60..24 * 60;

/// A night that begins here ends at a lower hour; no length does, but one that got shorter.
const EVENING: u16 = 12 * 60;

/// What lasts, and how that is said.
#[rustfmt::skip]
const LASTING: &[&str] = &[
    "takes", "take", "lasts", "last", "duration", "walk", "hike", "ride", "drive", "journey", "trip", "tour",
    "flight", "delay", "wait", "massage", "lesson", "class", "dura", "duram", "durar", "duração", "demora",
    "demoram", "demorar", "leva", "levam", "viagem", "trajeto", "trajecto", "percurso", "voo", "passeio",
    "caminhada", "excursão", "atraso", "espera", "massagem", "aula", "duran", "durará", "duración", "tarda",
    "tardan", "tardará", "lleva", "llevan", "viaje", "trayecto", "recorrido", "vuelo", "paseo", "caminata",
    "excursión", "retraso", "masaje", "clase", "viaxe", "traxecto", "percorrido", "camiñada", "dure", "durent",
    "durée", "prend", "prennent", "faut", "voyage", "trajet", "parcours", "vol", "balade", "randonnée", "excursion",
    "retard", "attente", "cours", "durano", "durata", "impiega", "vuole", "vogliono", "viaggio", "tragitto",
    "percorso", "volo", "passeggiata", "escursione", "ritardo", "attesa", "massaggio", "lezione", "duren", "durada",
    "triga", "triguen", "viatge", "trajecte", "recorregut", "passeig", "caminada", "excursió", "endarreriment",
    "massatge", "classe", "dauert", "dauern", "dauer", "reise", "fahrt", "flug", "wanderung", "spaziergang",
    "verspätung", "duurt", "reis", "rit", "vlucht", "wandeling", "vertraging",
    "within", "notice", "plazo", "prazo", "termini", "délai", "délais", "préavis", "preavviso", "antecedência",
    "antelación", "anticipación", "antelació", "frist",
];

/// After a range of what lasts: «entre 12h e 24h depois».
#[rustfmt::skip]
const LASTED: &[&str] = &[
    "after", "later", "depois", "após", "después", "despois", "après", "dopo", "després", "nach", "danach",
];

/// How far back the words of a sentence are looked at, in bytes.
const SENTENCE: usize = 160;

/// Whether a range that begins with this hour (in minutes, `after` is what follows it) is said of the clock. `None`
/// where no range begins, or the hour alone says it.
pub(super) fn of_the_clock(place: &Place<'_>, first: u16, after: &str) -> Option<bool> {
    let second = Second::of(after)?;
    let next = second.rest.split_whitespace().take(3).map(in_letters);
    if lasts(second.rest) || next.into_iter().any(|it| LASTED.contains(&&it[..])) {
        return Some(false);
    }
    let before = place.before();
    let apart = before.ends_with(char::is_whitespace);
    let opened = apart
        && before
            .split_whitespace()
            .next_back()
            .is_some_and(|it| OPEN.contains(&&in_letters(it)[..]));
    if !opened && (told(place) || !second.hyphen) {
        return None;
    }
    let sentence: Vec<String> = sentence(before).split_whitespace().map(in_letters).collect();
    let says = |words: &[&str]| sentence.iter().any(|word| words.contains(&&word[..]));
    if says(LASTING) {
        return Some(false);
    }
    let over_midnight = first >= EVENING && second.minutes < first;
    Some(
        told(place)
            || second.sure
            || over_midnight
            || AFTERNOON.contains(&second.minutes)
            || says(DONE_AT_HOURS)
            || first >= TOO_LONG_FOR_A_MEAL && says(HAS_HOURS)
            || goes_on(place),
    )
}

/// «de 8h a 10h y de 11h a 12h»: what was said of the clock goes on.
fn goes_on(place: &Place<'_>) -> bool {
    place.since_last().is_some_and(|(last, between)| {
        let mut words = between.split([' ', ',']).filter(|word| !word.is_empty());
        matches!(last.value, Value::Time { .. })
            && between.len() <= 12
            && words.all(|word| OPEN.contains(&word) || BETWEEN.contains(&word))
    })
}

/// The other end of a range.
struct Second<'a> {
    minutes: u16,
    /// It is a time whatever stands around it: `20:30`, «às 12h», `15 Uhr`.
    sure: bool,
    /// A hyphen joins it.
    hyphen: bool,
    rest: &'a str,
}

impl<'a> Second<'a> {
    fn of(after: &'a str) -> Option<Self> {
        let (mut rest, mut joined, mut hyphen, mut sure) = (after, false, false, false);
        for _ in 0..3 {
            let text = rest.trim_start();
            let end = text.find(|c: char| c.is_whitespace() || c.is_ascii_digit())?;
            let word = text[..end].to_lowercase();
            if end == 0 {
                break;
            }
            match &word[..] {
                article if OF_THE_CLOCK.contains(&article) => sure = true,
                join if BETWEEN.contains(&join) => hyphen |= "-–—".contains(join),
                _ => return None,
            }
            (rest, joined) = (&text[end..], true);
        }
        let text = rest.trim_start();
        let (hour, len) = small(text).filter(|(hour, _)| joined && *hour <= 24)?;
        let rest = &text[len..];
        let (mark, of_day) = [
            (":", true),
            (" Uhr", true),
            (" uur", false),
            ("h", false),
            (" h", false),
            ("H", false),
        ]
        .into_iter()
        .find(|(mark, _)| rest.starts_with(mark))?;
        let rest = &rest[mark.len()..];
        let minute = minute(rest);
        let rest = &rest[minute.map_or(0, |(_, len)| len)..];
        let whole = !rest.starts_with(char::is_alphanumeric) && (mark != ":" || minute.is_some());
        let minutes = hour * 60 + minute.map_or(0, |(minute, _)| minute);
        whole.then_some(Second { minutes, sure: sure || of_day, hyphen, rest })
    }
}

/// A word without the marks around it, in lower case.
fn in_letters(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase()
}

/// The sentence a text ends in, as far as it is near.
fn sentence(before: &str) -> &str {
    let near = before.char_indices().rev().take_while(|(at, _)| before.len() - at <= SENTENCE);
    let start = near.last().map_or(0, |(at, _)| at);
    let near = &before[start..];
    let ends = [". ", "! ", "? ", "\n"];
    let end = ends.iter().filter_map(|end| near.rfind(end).map(|at| at + end.len())).max();
    &near[end.unwrap_or(0)..]
}
