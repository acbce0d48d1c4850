//! Numbers said in several words, or in one made of several: "one hundred and twenty", «cento e vinte», `hundertzwanzig`,
//! `ottantacinque`. Read as separate words a hundred and twenty euros passed for a hundred and thirty.

use std::{collections::HashMap, sync::OnceLock};

/// Numerals, by value, in the languages of [`super::spoken`]; a part that stands in longer words only begins with `*`.
#[rustfmt::skip]
const NUMERALS: [&str; 8] = [
    "1 one 2 two 3 three 4 four 5 five 6 six 7 seven 8 eight 9 nine 10 ten 11 eleven 12 twelve 13 thirteen 14 fourteen 15 fifteen 16 sixteen 17 seventeen 18 eighteen 19 nineteen 20 twenty 30 thirty 40 forty fourty 50 fifty 60 sixty 70 seventy 80 eighty 90 ninety 100 hundred 1000 thousand",
    "1 um uma 2 dois duas 3 três tres 4 quatro 5 cinco 6 seis 7 sete 8 oito 9 nove 10 dez 11 onze 12 doze 13 treze 14 catorze quatorze 15 quinze 16 dezasseis dezesseis 17 dezassete dezessete 18 dezoito 19 dezanove dezenove 20 vinte 30 trinta 40 quarenta 50 cinquenta cinqüenta 60 sessenta 70 setenta 80 oitenta 90 noventa 100 cem cento 200 duzentos duzentas 300 trezentos trezentas 400 quatrocentos quatrocentas 500 quinhentos quinhentas 600 seiscentos seiscentas 700 setecentos setecentas 800 oitocentos oitocentas 900 novecentos novecentas 1000 mil",
    "1 un uno una 2 dos 3 tres 4 cuatro 5 cinco 6 seis 7 siete 8 ocho 9 nueve 10 diez 11 once 12 doce 13 trece 14 catorce 15 quince 16 dieciséis dieciseis 17 diecisiete 18 dieciocho 19 diecinueve 20 veinte 21 veintiuno veintiún veintiuna 22 veintidós veintidos 23 veintitrés veintitres 24 veinticuatro 25 veinticinco 26 veintiséis veintiseis 27 veintisiete 28 veintiocho 29 veintinueve 30 treinta 40 cuarenta 50 cincuenta 60 sesenta 70 setenta 80 ochenta 90 noventa 100 cien ciento 200 doscientos doscientas 300 trescientos trescientas 400 cuatrocientos cuatrocientas 500 quinientos quinientas 600 seiscientos seiscientas 700 setecientos setecientas 800 ochocientos ochocientas 900 novecientos novecientas 1000 mil",
    "1 un une 2 deux 3 trois 4 quatre 5 cinq 6 six 7 sept 8 huit 9 neuf 10 dix 11 onze 12 douze 13 treize 14 quatorze 15 quinze 16 seize 20 vingt vingts 30 trente 40 quarante 50 cinquante 60 soixante 70 septante 80 huitante octante 90 nonante 100 cent cents 1000 mille mil",
    "1 un uno una 2 due 3 tre tré 4 quattro 5 cinque 6 sei 7 sette 8 otto 9 nove 10 dieci 11 undici 12 dodici 13 tredici 14 quattordici 15 quindici 16 sedici 17 diciassette 18 diciotto 19 diciannove 20 venti *vent 30 trenta *trent 40 quaranta *quarant 50 cinquanta *cinquant 60 sessanta *sessant 70 settanta *settant 80 ottanta *ottant 90 novanta *novant 100 cento *cent 1000 mille mila",
    "1 ein eins eine einen 2 zwei 3 drei 4 vier 5 fünf fuenf 6 sechs 7 sieben 8 acht 9 neun 10 zehn 11 elf 12 zwölf zwoelf 13 dreizehn 14 vierzehn 15 fünfzehn fuenfzehn 16 sechzehn 17 siebzehn 18 achtzehn 19 neunzehn 20 zwanzig 30 dreißig dreissig 40 vierzig 50 fünfzig fuenfzig 60 sechzig 70 siebzig 80 achtzig 90 neunzig 100 hundert 1000 tausend",
    "1 een één 2 twee 3 drie 4 vier 5 vijf 6 zes 7 zeven 8 acht 9 negen 10 tien 11 elf 12 twaalf 13 dertien 14 veertien 15 vijftien 16 zestien 17 zeventien 18 achttien 19 negentien 20 twintig 30 dertig 40 veertig 50 vijftig 60 zestig 70 zeventig 80 tachtig 90 negentig 100 honderd 1000 duizend",
    "1 un una 2 dos dues 3 tres 4 quatre 5 cinc 6 sis 7 set 8 vuit 9 nou 10 deu 11 onze 12 dotze 13 tretze 14 catorze 15 quinze 16 setze 17 disset 18 divuit 19 dinou 20 vint 30 trenta 40 quaranta 50 cinquanta 60 seixanta 70 setanta 80 vuitanta 90 noranta 100 cent cents centes 1000 mil",
];

/// What joins numerals, in the same languages; German and Dutch join the unit before the ten.
const AND: [&[&str]; 8] =
    [&["and"], &["e"], &["y", "e"], &["et"], &["e"], &["und"], &["en", "ën"], &["i"]];

const FRENCH: usize = 3;
const UNIT_FIRST: [usize; 2] = [5, 6];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    Number(u32),
    And,
}

fn numerals(row: usize) -> &'static HashMap<&'static str, u32> {
    static TABLES: OnceLock<Vec<HashMap<&'static str, u32>>> = OnceLock::new();
    let table = |words: &&'static str| {
        let (mut table, mut value) = (HashMap::new(), 0);
        for word in words.split(' ') {
            match word.parse() {
                Ok(next) => value = next,
                Err(_) => {
                    table.insert(word, value);
                }
            }
        }
        table
    };
    &TABLES.get_or_init(|| NUMERALS.iter().map(table).collect())[row]
}

/// The numeral that `words` begin with, in lower case, and how many of them it takes. Of one plain word only where
/// `money` follows it, and of it only a hundred and a thousand: the others are read one by one.
pub(super) fn numeral(
    words: &[String],
    row: usize,
    money: &impl Fn(usize) -> bool,
) -> Option<(u32, usize)> {
    let mut sum = Sum::new(row);
    let (mut taken, mut many, mut count) = (0, 0, 0);
    let mut value = 0;
    for (at, word) in words.iter().enumerate() {
        let Some(parts) = parts(word, row) else { break };
        if !parts.iter().all(|part| sum.take(*part)) {
            break;
        }
        count += parts.iter().filter(|part| **part != Part::And).count();
        // An "and" that leads nowhere is none of it.
        if let Some(so_far) = sum.value() {
            (taken, many, value) = (at + 1, count, so_far);
        }
    }
    let said = many > 1
        || (200..1000).contains(&value)
        || (21..30).contains(&value)
        || matches!(value, 100 | 1000) && money(taken);
    said.then_some((value, taken))
}

/// A plain number of hours in a word.
pub(super) fn small(word: &str, row: usize) -> Option<u16> {
    numerals(row).get(word).and_then(|value| u16::try_from(*value).ok()).filter(|value| *value < 24)
}

/// The numerals a word is made of; `None` where it holds anything else.
fn parts(word: &str, row: usize) -> Option<Vec<Part>> {
    if AND[row].contains(&word) {
        return Some(vec![Part::And]);
    }
    if let Some(value) = numerals(row).get(word) {
        return Some(vec![Part::Number(*value)]);
    }
    if word.contains('-') {
        let each = word.split('-').map(|part| parts(part, row));
        return each.collect::<Option<Vec<_>>>().map(|parts| parts.concat());
    }
    // One word of several, in the languages that write so: the longest beginning first.
    if !matches!(row, 4..=6) || word.len() > 60 {
        return None;
    }
    let begins = |len: &usize| word.is_char_boundary(*len);
    (1..word.len()).rev().filter(begins).find_map(|len| {
        let (head, rest) = word.split_at(len);
        let own = numerals(row);
        let head = own.get(head).or_else(|| own.get(&format!("*{head}")[..]));
        let head = head.map(|value| Part::Number(*value));
        let head =
            head.or_else(|| AND[row].contains(&word.split_at(len).0).then_some(Part::And))?;
        let mut all = vec![head];
        all.extend(parts(rest, row)?);
        Some(all)
    })
}

/// A number as it grows.
#[derive(Clone)]
struct Sum {
    row: usize,
    thousands: Option<u32>,
    current: u32,
    /// What was added last.
    last: u32,
    /// An "and" waits for what it joins.
    open: bool,
    empty: bool,
}

impl Sum {
    fn new(row: usize) -> Self {
        Sum { row, thousands: None, current: 0, last: 0, open: false, empty: true }
    }

    fn value(&self) -> Option<u32> {
        let whole = !self.empty && !self.open;
        whole.then_some(self.thousands.unwrap_or(0) * 1000 + self.current)
    }

    /// Takes one more part, where a number may go on so.
    fn take(&mut self, part: Part) -> bool {
        let Part::Number(value) = part else {
            let may = !self.empty && !self.open;
            self.open = true;
            return may;
        };
        let joined = std::mem::replace(&mut self.open, false);
        let unit_first = UNIT_FIRST.contains(&self.row);
        let tail = self.current % 100;
        let added = match value {
            1000 => {
                let may = self.thousands.is_none() && !joined;
                self.thousands = Some(if self.current == 0 { 1 } else { self.current });
                self.current = 0;
                may
            }
            100 => match self.current {
                0 => {
                    self.current = 100;
                    true
                }
                few @ 1..=99 if !joined && (few < 10 || self.thousands.is_none()) => {
                    self.current = few * 100;
                    true
                }
                _ => false,
            },
            200.. => {
                let may = self.current == 0;
                self.current += value;
                may
            }
            // `fünfundachtzig`
            20.. if unit_first && joined && (1..10).contains(&tail) => {
                self.current += value;
                true
            }
            20 if self.row == FRENCH && self.last == 4 && tail == 4 => {
                self.current += 76;
                self.last = 80;
                self.empty = false;
                return true;
            }
            _ => {
                let tens = (20..100).contains(&self.last);
                let seventeen = self.row == FRENCH && self.last == 10 && (7..10).contains(&value);
                let twenties = self.row == FRENCH && matches!(self.last, 60 | 80) && value < 20;
                let may = self.empty
                    || tail == 0 && self.last >= 100
                    || tens && !unit_first && (value < 10 || twenties)
                    || seventeen;
                self.current += value;
                may
            }
        };
        self.last = value;
        self.empty = false;
        added
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(row: usize, text: &str) -> Option<(u32, usize)> {
        let words: Vec<String> = text.split(' ').map(str::to_lowercase).collect();
        let euro = |at: usize| words.get(at).is_some_and(|word| word.starts_with("euro"));
        numeral(&words, row, &euro)
    }

    #[test]
    fn a_number_in_words_is_its_value() {
        for (row, text, value, taken) in [
            (0, "one hundred and twenty euros", 120, 4),
            (0, "a hundred", 0, 0),
            (0, "hundred and five people", 105, 3),
            (0, "one thousand two hundred and fifty euros", 1250, 6),
            (0, "twelve hundred dollars", 1200, 2),
            (0, "twenty-one days", 21, 1),
            (0, "twenty and thirty", 0, 0),
            (0, "two and three", 0, 0),
            (0, "ninety nine and one", 99, 2),
            (1, "cento e vinte e cinco euros", 125, 5),
            (1, "mil e duzentos euros", 1200, 3),
            (1, "mil euros", 1000, 1),
            (1, "mil desculpas", 0, 0),
            (1, "duzentos e cinquenta", 250, 3),
            (1, "dois mil e vinte e seis", 2026, 6),
            (1, "quinhentos metros", 500, 1),
            (2, "ciento veinte euros", 120, 2),
            (2, "treinta y cinco", 35, 3),
            (2, "mil quinientos", 1500, 2),
            (3, "quatre-vingt-quinze euros", 95, 1),
            (3, "quatre vingts euros", 80, 2),
            (3, "soixante et onze", 71, 3),
            (3, "soixante-douze", 72, 1),
            (3, "trois mille cinq cents", 3500, 4),
            (3, "cent vingt", 120, 2),
            (3, "vingt et un", 21, 3),
            (3, "quatre-vingt-dix-sept euros", 97, 1),
            (4, "centoventi", 120, 1),
            (4, "ottantacinque euro", 85, 1),
            (4, "duecentocinquanta", 250, 1),
            (4, "milleduecento", 1200, 1),
            (4, "ventuno", 21, 1),
            (4, "duemila euro", 2000, 1),
            (5, "fünfundachtzig", 85, 1),
            (5, "hundertzwanzig euro", 120, 1),
            (5, "eintausendzweihundertfünfzig", 1250, 1),
            (5, "dreihundertfünfundvierzig", 345, 1),
            (5, "zwei und zwanzig", 22, 3),
            (6, "vijfentachtig", 85, 1),
            (6, "tweeëntwintig", 22, 1),
            (6, "honderdvijfentwintig", 125, 1),
            (7, "vint-i-cinc", 25, 1),
            (7, "dos-cents", 200, 1),
        ] {
            assert_eq!(read(row, text), (taken > 0).then_some((value, taken)), "{text}");
        }
    }
}
