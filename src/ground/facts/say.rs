//! Says a date in another language: where a sentence is translated around its facts, `January 7` would stay English.

use super::{Value, spoken};
use crate::ground::language::Language;

/// Names of the months as they stand in a date, by language.
#[rustfmt::skip]
pub(super) const MONTHS: [(&str, [&str; 12]); 8] = [
    ("en", ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]),
    ("pt", ["janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"]),
    ("es", ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"]),
    ("fr", ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"]),
    ("it", ["gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"]),
    ("de", ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"]),
    ("nl", ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"]),
    ("ca", ["gener", "febrer", "març", "abril", "maig", "juny", "juliol", "agost", "setembre", "octubre", "novembre", "desembre"]),
];

/// A date, weekday or month in words; `None` for other facts and for languages whose months are not known here.
pub fn date_in(value: &Value, language: Language) -> Option<String> {
    let Value::Date { day, month, year } = value else { return spoken::said_in(value, language) };
    let (_, months) = MONTHS.iter().find(|(code, _)| *code == language.as_str())?;
    let month = months.get(usize::from(*month).checked_sub(1)?)?;
    let (day, of) = match language.as_str() {
        "pt" | "es" | "ca" => (day.to_string(), " de "),
        "de" => (format!("{day}."), " "),
        _ => (day.to_string(), " "),
    };
    let between = if of == " de " { of } else { " " };
    let year = year.map(|year| format!("{between}{year}")).unwrap_or_default();
    Some(format!("{day}{of}{month}{year}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::facts::{Terms, find};

    #[test]
    fn a_date_said_in_any_language_is_the_same_date() {
        for (code, months) in MONTHS {
            let language = Language::parse(code).unwrap();
            for month in 1..=months.len() as u8 {
                for year in [None, Some(2027)] {
                    let date = Value::Date { day: 7, month, year };
                    let said = date_in(&date, language).unwrap();
                    let found = find(&format!("x {said} x"), language, &Terms::default());
                    assert_eq!(found.first().map(|fact| &fact.value), Some(&date), "{said}");
                }
            }
        }
        let date = Value::Date { day: 1, month: 3, year: Some(2027) };
        assert_eq!(date_in(&date, Language::PT).as_deref(), Some("1 de março de 2027"));
        assert_eq!(date_in(&date, Language::of("de")).as_deref(), Some("1. März 2027"));
        assert_eq!(date_in(&date, Language::of("ja")), None);
        assert_eq!(date_in(&Value::Time { minutes: 60 }, Language::EN), None);
    }
}
