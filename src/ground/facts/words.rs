//! Words that stand in facts: months and currencies, in the languages of the phrase book.

/// Months; one row a month, every writing in en pt es fr it de nl ca, in lower case.
#[rustfmt::skip]
pub(super) const MONTHS: [&str; 12] = [
    "january jan janeiro enero janvier gennaio januar jänner januari gener",
    "february feb fev fevereiro febrero février fevrier febbraio februar februari febrer",
    "march mar março marco marzo mars märz maart març",
    "april apr abr abril avril aprile",
    "may maio mayo mai maggio mei maig",
    "june jun junho junio juin giugno juni juny",
    "july jul julho julio juillet luglio juli juliol",
    "august aug ago agosto août aout agost augustus",
    "september sep sept setembro septiembre septembre settembre setembre",
    "october oct okt outubro octubre octobre ottobre oktober",
    "november nov novembro noviembre novembre",
    "december dec dez dic dezembro diciembre décembre decembre dicembre dezember desembre",
];

/// Signs, codes and words of money, in lower case, the longer first where one begins another.
#[rustfmt::skip]
const CURRENCIES: &[(&str, &str)] = &[
    ("us$", "USD"), ("r$", "BRL"), ("€", "EUR"), ("£", "GBP"), ("$", "USD"), ("¥", "JPY"),
    ("euros", "EUR"), ("euro", "EUR"), ("eur", "EUR"), ("usd", "USD"), ("dollars", "USD"), ("dólares", "USD"),
    ("gbp", "GBP"), ("pounds", "GBP"), ("libras", "GBP"), ("chf", "CHF"), ("brl", "BRL"), ("reais", "BRL"),
    ("sek", "SEK"), ("nok", "NOK"), ("dkk", "DKK"), ("pln", "PLN"), ("zł", "PLN"), ("czk", "CZK"), ("jpy", "JPY"),
];

/// The month a word names.
pub(super) fn month(word: &str) -> Option<u8> {
    let word = word.to_lowercase();
    let at = MONTHS.iter().position(|row| row.split(' ').any(|known| known == word))?;
    u8::try_from(at + 1).ok()
}

/// The currency a text begins with, and the length of its sign or word.
pub(super) fn currency(text: &str) -> Option<(&'static str, usize)> {
    CURRENCIES.iter().find_map(|(sign, code)| {
        let len = prefix(text, sign);
        let (head, rest) = text.split_at(len);
        let whole =
            !sign.ends_with(char::is_alphabetic) || !rest.starts_with(char::is_alphanumeric);
        (head.to_lowercase() == *sign && whole).then_some((*code, len))
    })
}

/// Bytes of `text` that hold as many characters as `sign`: a Kelvin sign is three bytes and lower-cases to `k`.
fn prefix(text: &str, sign: &str) -> usize {
    text.chars().take(sign.chars().count()).map(char::len_utf8).sum()
}
