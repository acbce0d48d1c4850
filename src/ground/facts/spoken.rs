//! Facts said in words: "three nights", "on Friday", "in August". An engine that makes Thursday of Friday has changed a
//! booking, and no digit shows it.
//!
//! A word is *sure* where it can mean nothing else. Only sure words must be found again; the others («segunda», Italian
//! «sei», French «neuf») are believed where they are looked for. Both languages must have a row here, or nothing is asked.

use std::{collections::HashMap, ops::Range, sync::OnceLock};

use super::{
    Fact, Value, amounts, lasting,
    say::MONTHS,
    words::{MONTHS as MONTHS_SHORT, currency},
};
use crate::ground::language::Language;

/// Numbers; a mark before what may also be something else. No ordinal that is a weekday too: "on the 2nd" is not «na
/// segunda». Idioms («quinze jours», "a dozen") are never sure.
#[rustfmt::skip]
const NUMBERS: [(&str, &str); 8] = [
    ("en", "1 ~one 2 two ~both ~couple ~twice ~double ~pair 3 three ~triple 4 four 5 five 6 six 7 seven 8 eight 9 nine 10 ten 11 eleven 12 twelve ~dozen 13 thirteen 14 fourteen 15 fifteen 16 sixteen 17 seventeen 18 eighteen 19 nineteen 20 twenty 30 thirty 40 forty 50 fifty 60 sixty 70 seventy 80 eighty 90 ninety 100 ~hundred 1000 ~thousand 0 ~million 1 ~first 2 ~second ~fortnight 3 ~third 4 ~fourth 5 ~fifth 6 ~sixth 7 ~seventh 8 ~eighth 9 ~ninth 10 ~tenth 20 ~twentieth 15 ~fortnight"),
    ("pt", "1 ~um ~uma 2 dois duas ~ambos ~ambas ~duplo ~dupla ~casal ~par 3 três ~tres ~triplo ~tripla 4 quatro 5 cinco 6 seis 7 sete 8 oito 9 nove 10 dez 11 onze 12 doze ~dúzia 13 treze 14 catorze quatorze 15 ~quinze 16 dezasseis dezesseis 17 dezassete dezessete 18 dezoito 19 dezanove dezenove 20 vinte 30 trinta 40 quarenta 50 cinquenta 60 sessenta 70 setenta 80 oitenta 90 noventa 100 ~cem ~cento 1000 ~mil 0 ~milhão 1 ~primeiro ~primeira 2 ~segundo 3 ~terceiro ~terceira 4 ~quarto 5 ~quinto 6 ~sexto 7 ~sétimo ~sétima 8 ~oitavo ~oitava 9 ~nono ~nona 10 ~décimo ~décima 15 ~quinzena"),
    ("es", "1 ~un ~uno ~una 2 dos ~ambos ~ambas ~doble ~par 3 tres ~triple 4 cuatro 5 cinco 6 seis 7 siete 8 ocho 9 nueve 10 diez 11 once 12 doce ~docena 13 trece 14 catorce 15 ~quince 16 dieciséis 17 diecisiete 18 dieciocho 19 diecinueve 20 veinte 30 treinta 40 cuarenta 50 cincuenta 60 sesenta 70 setenta 80 ochenta 90 noventa 100 ~cien ~ciento 1000 ~mil 0 ~millón 1 ~primero ~primera ~primer 2 ~segundo ~segunda 3 ~tercero ~tercera ~tercer 4 ~cuarto ~cuarta 5 ~quinto ~quinta 6 ~sexto ~sexta 7 ~séptimo ~séptima 8 ~octavo ~octava 9 ~noveno ~novena 10 ~décimo ~décima 15 ~quincena"),
    ("fr", "1 ~un ~une 2 deux ~double ~couple ~paire 3 trois ~triple 4 quatre 5 cinq 6 six 7 sept 8 ~huit 9 ~neuf 10 dix 11 onze 12 douze ~douzaine 13 treize 14 quatorze 15 ~quinze ~quinzaine 16 seize 20 vingt ~vingts 30 trente 40 quarante 50 cinquante 60 soixante 70 septante 90 nonante 100 ~cent ~cents 1000 ~mille 0 ~million 1 ~premier ~première 2 ~second ~seconde ~deuxième 3 ~troisième 4 ~quatrième 5 ~cinquième 6 ~sixième 7 ~septième 8 ~huitième 9 ~neuvième 10 ~dixième 17 dix-sept 18 dix-huit 19 dix-neuf 70 ~soixante-dix 80 ~quatre-vingt ~quatre-vingts 90 ~quatre-vingt-dix"),
    ("it", "1 ~un ~uno ~una 2 due ~entrambi ~entrambe ~doppia ~doppio ~coppia ~paio 3 tre ~tripla 4 quattro 5 cinque 6 ~sei 7 sette 8 ~otto 9 nove 10 dieci 11 undici 12 dodici ~dozzina 13 tredici 14 quattordici 15 ~quindici 16 sedici 17 diciassette 18 diciotto 19 diciannove 20 venti 30 trenta 40 quaranta 50 cinquanta 60 sessanta 70 settanta 80 ottanta 90 novanta 100 ~cento 1000 ~mille ~mila 1 ~primo ~prima 2 ~secondo ~seconda 3 ~terzo ~terza 4 ~quarto ~quarta 5 ~quinto ~quinta 6 ~sesto ~sesta 7 ~settimo ~settima 8 ~ottavo ~ottava 9 ~nono ~nona 10 ~decimo ~decima"),
    ("de", "1 ~ein ~eine ~einen ~einem ~einer ~eins 2 zwei ~beide ~beiden ~zweimal ~doppelt ~paar 3 drei ~dreimal 4 vier 5 fünf 6 sechs 7 sieben 8 ~acht 9 neun 10 zehn 11 elf 12 zwölf ~dutzend 13 dreizehn 14 ~vierzehn 15 fünfzehn 16 sechzehn 17 siebzehn 18 achtzehn 19 neunzehn 20 zwanzig 30 dreißig 40 vierzig 50 fünfzig 60 sechzig 70 siebzig 80 achtzig 90 neunzig 100 ~hundert 1000 ~tausend 1 ~erste ~ersten ~erster ~erstes 2 ~zweite ~zweiten ~zweiter 3 ~dritte ~dritten ~dritter 4 ~vierte ~vierten 5 ~fünfte ~fünften 6 ~sechste ~sechsten 7 ~siebte ~siebten 8 ~achte ~achten 9 ~neunte ~neunten 10 ~zehnte ~zehnten"),
    ("nl", "1 ~een ~één 2 twee ~beide ~allebei ~dubbel ~paar 3 drie 4 vier 5 vijf 6 zes 7 zeven 8 ~acht 9 negen 10 tien 11 elf 12 twaalf ~dozijn 13 dertien 14 ~veertien 15 vijftien 16 zestien 17 zeventien 18 achttien 19 negentien 20 twintig 30 dertig 40 veertig 50 vijftig 60 zestig 70 zeventig 80 tachtig 90 negentig 100 ~honderd 1000 ~duizend 1 ~eerste 2 ~tweede 3 ~derde 4 ~vierde 5 ~vijfde 6 ~zesde 7 ~zevende 8 ~achtste 9 ~negende 10 ~tiende"),
    ("ca", "1 ~un ~una ~u 2 dos dues ~ambdós ~doble ~parell 3 tres ~triple 4 quatre 5 cinc 6 sis 7 ~set 8 vuit 9 ~nou 10 ~deu 11 onze 12 dotze ~dotzena 13 tretze 14 catorze 15 ~quinze 16 setze 17 disset 18 divuit 19 dinou 20 vint 30 trenta 40 quaranta 50 cinquanta 60 seixanta 70 setanta 80 vuitanta 90 noranta 100 ~cent 1000 ~mil 1 ~primer ~primera 2 ~segon ~segona 3 ~tercer ~tercera 4 ~quart ~quarta 5 ~cinquè ~cinquena"),
];

/// The days of the week from Monday, in the same languages; the first writing is said.
#[rustfmt::skip]
const WEEKDAYS: [[&str; 7]; 8] = [
    ["Monday Mondays ~mon", "Tuesday Tuesdays ~tue", "Wednesday Wednesdays ~wed", "Thursday Thursdays ~thu", "Friday Fridays ~fri", "Saturday Saturdays ~sat", "Sunday Sundays ~sun"],
    ["segunda-feira segundas-feiras ~segunda ~segundas ~seg", "terça-feira terças-feiras ~terça ~terças ~ter", "quarta-feira quartas-feiras ~quarta ~quartas ~qua", "quinta-feira quintas-feiras ~quinta ~quintas ~qui", "sexta-feira sextas-feiras ~sexta ~sextas ~sex", "sábado sábados ~sab ~sáb", "domingo domingos ~dom"],
    ["lunes ~lun", "martes ~mar", "miércoles ~miercoles ~mié", "jueves ~jue", "viernes ~vie", "sábado sábados ~sabado ~sáb", "domingo domingos ~dom"],
    ["lundi lundis ~lun", "mardi mardis ~mar", "mercredi mercredis ~mer", "jeudi jeudis ~jeu", "vendredi vendredis ~ven", "samedi samedis ~sam", "dimanche dimanches ~dim"],
    ["lunedì ~lunedi ~lun", "martedì ~martedi ~mar", "mercoledì ~mercoledi ~mer", "giovedì ~giovedi ~gio", "venerdì ~venerdi ~ven", "sabato ~sabati ~sab", "domenica ~domeniche ~dom"],
    ["Montag ~montags ~mo", "Dienstag ~dienstags ~di", "Mittwoch ~mittwochs ~mi", "Donnerstag ~donnerstags ~do", "Freitag ~freitags ~fr", "Samstag Sonnabend ~samstags ~sa", "Sonntag ~sonntags ~so"],
    ["maandag ~maandags ~ma", "dinsdag ~dinsdags ~di", "woensdag ~woensdags ~wo", "donderdag ~donderdags ~do", "vrijdag ~vrijdags ~vr", "zaterdag ~zaterdags ~za", "zondag ~zondags ~zo"],
    ["dilluns ~dl", "dimarts ~dt", "dimecres ~dc", "dijous ~dj", "divendres ~dv", "dissabte ~dissabtes ~ds", "diumenge ~diumenges ~dg"],
];

/// Noon and midnight, in the same languages.
#[rustfmt::skip]
const NOON_AND_MIDNIGHT: [[&str; 2]; 8] = [
    ["noon ~midday", "midnight"], ["meio-dia", "meia-noite"], ["mediodía ~mediodia", "medianoche"], ["~midi", "minuit"],
    ["mezzogiorno", "mezzanotte"], ["~mittag ~mittags", "mitternacht"], ["~middag", "middernacht"], ["migdia", "mitjanit"],
];

/// The same in two words, which may also be half a day.
const IN_TWO_WORDS: [(&str, &str, u16); 7] = [
    ("meio", "dia", 12 * 60),
    ("medio", "día", 12 * 60),
    ("medio", "dia", 12 * 60),
    ("mezzo", "giorno", 12 * 60),
    ("meia", "noite", 0),
    ("media", "noche", 0),
    ("mezza", "notte", 0),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Said {
    /// Minutes since midnight.
    Time(u16),
    Number(u16),
    Weekday(u8),
    Month(u8),
}

/// What a word may say, and whether it can say nothing else.
type Meaning = (Said, bool);

/// A million is no number here: only another makes one of it.
const PART_OF_MORE: u16 = 0;

fn tables() -> &'static [HashMap<String, Vec<Meaning>>] {
    static TABLES: OnceLock<Vec<HashMap<String, Vec<Meaning>>>> = OnceLock::new();
    TABLES.get_or_init(|| (0..NUMBERS.len()).map(table).collect())
}

fn table(row: usize) -> HashMap<String, Vec<Meaning>> {
    let mut table: HashMap<String, Vec<Meaning>> = HashMap::new();
    let mut add = |form: &str, said: Said| {
        let sure = !form.starts_with('~');
        let form = form.trim_start_matches('~').to_lowercase();
        table.entry(form).or_default().push((said, sure));
    };
    let mut number = 0;
    for word in NUMBERS[row].1.split(' ') {
        match word.parse() {
            Ok(next) => number = next,
            Err(_) => add(word, Said::Number(number)),
        }
    }
    for (minutes, forms) in [12 * 60, 0].into_iter().zip(NOON_AND_MIDNIGHT[row]) {
        forms.split(' ').for_each(|form| add(form, Said::Time(minutes)));
    }
    for (day, forms) in (1..).zip(WEEKDAYS[row]) {
        forms.split(' ').for_each(|form| add(form, Said::Weekday(day)));
    }
    for (month, name) in (1..).zip(MONTHS[row].1) {
        // "May we come?" and "we march on" name no month.
        let doubtful = matches!(name, "May" | "March");
        add(&if doubtful { format!("~{name}") } else { name.to_owned() }, Said::Month(month));
    }
    for (month, forms) in (1..).zip(MONTHS_SHORT) {
        forms.split(' ').for_each(|form| add(&format!("~{form}"), Said::Month(month)));
    }
    table
}

/// The row of a language.
pub(super) fn row(language: Language) -> Option<usize> {
    NUMBERS.iter().position(|(code, _)| *code == language.as_str())
}

/// The number a word of this language may say.
pub(super) fn number(word: &str, language: Language) -> Option<u16> {
    let meanings = tables().get(row(language)?)?.get(&word.to_lowercase())?;
    meanings.iter().find_map(|(said, _)| match said {
        Said::Number(number) => Some(*number),
        Said::Time(_) | Said::Weekday(_) | Said::Month(_) => None,
    })
}

/// May a word name a day of the week?
pub(super) fn is_weekday(word: &str, language: Language) -> bool {
    let known = row(language).and_then(|row| tables().get(row)?.get(&word.to_lowercase()));
    known.is_some_and(|known| known.iter().any(|(said, _)| matches!(said, Said::Weekday(_))))
}

/// A weekday or month in another language.
pub(super) fn said_in(value: &Value, language: Language) -> Option<String> {
    let row = row(language)?;
    let name = match value {
        Value::Weekday(day) => WEEKDAYS[row].get(usize::from(*day).checked_sub(1)?)?,
        Value::Month(month) => MONTHS[row].1.get(usize::from(*month).checked_sub(1)?)?,
        _ => return None,
    };
    name.split(' ').next().map(str::to_owned)
}

/// The words of a text with their places; a hyphen joins.
fn words_of(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut at = 0;
    text.split(|c: char| !(c.is_alphanumeric() || c == '-')).filter_map(move |word| {
        let start = at + text[at..].find(word)?;
        at = start + word.len();
        (!word.is_empty()).then_some((start..at, word))
    })
}

/// What a text says in words of this language, sure or not.
pub(super) struct Spoken {
    /// Sure, and in none of the facts found already.
    pub sure: Vec<Fact>,
    /// All that may be meant beside.
    any: Vec<Said>,
}

impl Spoken {
    pub(super) fn of(text: &str, row: usize, found: &[Fact]) -> Self {
        let table = &tables()[row];
        let all: Vec<(Range<usize>, &str)> = words_of(text).collect();
        let meanings = |at: usize| {
            let (_, word): &(Range<usize>, &str) = all.get(at)?;
            table.get(&word.to_lowercase()).or_else(|| begins_with_weekday(table, row, word))
        };
        let mut spoken = Spoken { sure: Vec::new(), any: Vec::new() };
        let mut found = found.iter().peekable();
        let mut read_until = 0;
        for (at, (span, word)) in all.iter().enumerate() {
            if at < read_until {
                continue;
            }
            while found.next_if(|fact| fact.span.end <= span.start).is_some() {}
            if let Some((value, count)) = in_several_words(text, &all[at..], row) {
                let end = all[at + count - 1].0.end;
                // «2 horas e meia»: the number is found, what lasts is more.
                let more = |fact: &Fact| {
                    matches!((&fact.value, &value), (Value::Number(_), Value::Hours { .. }))
                };
                if found.peek().is_none_or(|fact| fact.span.start >= end || more(fact)) {
                    spoken.sure.push(Fact { span: span.start..end, value });
                    read_until = at + count;
                    continue;
                }
            }
            let next = all.get(at + 1).map_or("", |(_, next)| next);
            let two = IN_TWO_WORDS.iter().find(|(one, two, _)| word == one && next == *two);
            spoken.any.extend(two.map(|(.., minutes)| Said::Time(*minutes)));
            let Some(known) = meanings(at) else {
                let parts = word.split('-').filter(|part| *part != *word);
                let parts = parts.filter_map(|part| table.get(&part.to_lowercase())).flatten();
                spoken.any.extend(parts.map(|(said, _)| *said));
                continue;
            };
            let inside = found.peek().is_some_and(|fact| fact.span.start < span.end);
            let is_number = |at: Option<usize>| {
                let known = at.and_then(&meanings).into_iter().flatten();
                known.into_iter().any(|(said, _)| matches!(said, Said::Number(_)))
            };
            for (said, sure) in known {
                let value = match said {
                    Said::Number(PART_OF_MORE) => continue,
                    Said::Time(minutes) => Value::Time { minutes: *minutes },
                    Said::Number(n) if part_of_more(text, (at, &all), &is_number) => {
                        spoken.any.push(Said::Number(*n));
                        continue;
                    }
                    Said::Number(n) => Value::Number(n.to_string()),
                    Said::Weekday(day) => Value::Weekday(*day),
                    Said::Month(month) => Value::Month(*month),
                };
                // Where days and months are written small, a capital makes a name of them, or begins a sentence.
                let name = word.starts_with(char::is_uppercase)
                    && !matches!(NUMBERS[row].0, "en" | "de")
                    && !matches!(said, Said::Number(_));
                if *sure && !inside && !name {
                    spoken.sure.push(Fact { span: span.clone(), value });
                } else if !inside {
                    spoken.any.push(*said);
                }
            }
        }
        spoken
    }

    /// How often may it say this, in words that are not sure?
    pub(super) fn says(&self, value: &Value) -> usize {
        let said = match value {
            Value::Number(plain) | Value::Money { amount: plain, .. } => {
                plain.parse().ok().map(Said::Number)
            }
            Value::Time { minutes } => Some(Said::Time(*minutes)),
            Value::Weekday(day) => Some(Said::Weekday(*day)),
            Value::Month(month) => Some(Said::Month(*month)),
            _ => None,
        };
        said.map_or(0, |said| self.any.iter().filter(|any| **any == said).count())
    }
}

/// What the words begin to say in several, or in one made of several, and how many words they are.
fn in_several_words(
    text: &str,
    words: &[(Range<usize>, &str)],
    row: usize,
) -> Option<(Value, usize)> {
    const MOST: usize = 12;
    let apart = |pair: &[(Range<usize>, &str)]| {
        let between = &text[pair[0].0.end..pair[1].0.start];
        !matches!(between, " " | "\u{a0}" | "'" | "’")
    };
    let words = &words[..words.len().min(MOST)];
    let count = words.windows(2).position(apart).map_or(words.len(), |at| at + 1);
    let lower: Vec<String> = words[..count].iter().map(|(_, word)| word.to_lowercase()).collect();
    if let Some((minutes, count)) = lasting::minutes(&lower, row) {
        return Some((Value::Hours { minutes }, count));
    }
    let money = |taken: usize| {
        words.get(taken).is_some_and(|(span, _)| currency(&text[span.start..]).is_some())
    };
    let (value, count) = amounts::numeral(&lower, row, &money)?;
    // «1,2 mil»: the thousand belongs to the digits.
    let counted = text[..words[0].0.start].trim_end().ends_with(|c: char| c.is_ascii_digit());
    if counted && matches!(value, 100 | 1000) {
        return None;
    }
    Some((Value::Number(value.to_string()), count))
}

/// `Freitagabend`, `vrijdagochtend`.
fn begins_with_weekday<'a>(
    table: &'a HashMap<String, Vec<Meaning>>,
    row: usize,
    word: &str,
) -> Option<&'a Vec<Meaning>> {
    let joins = matches!(NUMBERS[row].0, "de" | "nl");
    let word = word.to_lowercase();
    let day = |forms: &&str| {
        let form = forms.split(' ').next().unwrap_or("").to_lowercase();
        word.starts_with(&form).then_some(form)
    };
    WEEKDAYS[row].iter().filter(|_| joins).find_map(day).and_then(|form| table.get(&form))
}

/// Is this number a part of another, or of a time said in words («halb elf» is half past ten)?
fn part_of_more(
    text: &str,
    (at, all): (usize, &[(Range<usize>, &str)]),
    is_number: &impl Fn(Option<usize>) -> bool,
) -> bool {
    const AND: [&str; 5] = ["and", "e", "y", "i", "et"];
    let joined = |one: usize, next: usize| {
        all.get(one)
            .zip(all.get(next))
            .is_some_and(|((a, _), (b, _))| text[a.end..b.start].trim().is_empty())
    };
    let word = |at: Option<usize>| at.and_then(|at| all.get(at)).map_or("", |(_, word)| *word);
    let (back, on) = (at.checked_sub(1), at + 1);
    let follows = back.is_some_and(|back| joined(back, at) && is_number(Some(back)));
    let leads = joined(at, on) && is_number(Some(on));
    let after_and = at.checked_sub(2).is_some_and(|two| {
        joined(two, at - 1)
            && joined(at - 1, at)
            && AND.contains(&word(back))
            && is_number(Some(two))
    });
    let before_and = joined(at, on)
        && joined(on, on + 1)
        && AND.contains(&word(Some(on)))
        && is_number(Some(on + 1));
    follows || leads || after_and || before_and
}
