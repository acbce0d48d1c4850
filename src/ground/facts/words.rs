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
    ("us$", "USD"), ("a$", "AUD"), ("c$", "CAD"), ("r$", "BRL"), ("€", "EUR"), ("£", "GBP"), ("$", "USD"), ("¥", "JPY"), ("₺", "TRY"), ("₽", "RUB"),
    ("₴", "UAH"), ("₩", "KRW"), ("₪", "ILS"), ("zł", "PLN"), ("kč", "CZK"),
    ("euros", "EUR"), ("euroa", "EUR"), ("euró", "EUR"), ("eura", "EUR"), ("eur", "EUR"), ("euro", "EUR"), ("ευρώ", "EUR"), ("евро", "EUR"), ("євро", "EUR"),
    ("eiro", "EUR"), ("eurų", "EUR"), ("eurot", "EUR"), ("evrov", "EUR"), ("يورو", "EUR"),
    ("usd", "USD"), ("dollars", "USD"), ("dollar", "USD"), ("dólares", "USD"), ("dollari", "USD"), ("dòlars", "USD"),
    ("gbp", "GBP"), ("pounds", "GBP"), ("pound", "GBP"), ("libras", "GBP"), ("pfund", "GBP"), ("sterline", "GBP"), ("lliures", "GBP"),
    ("livres sterling", "GBP"), ("chf", "CHF"), ("sfr.", "CHF"), ("sfr", "CHF"), ("brl", "BRL"), ("reais", "BRL"),
    ("sek", "SEK"), ("nok", "NOK"), ("dkk", "DKK"), ("ISK", "ISK"), ("pln", "PLN"), ("złotych", "PLN"), ("czk", "CZK"), ("korun", "CZK"),
    ("huf", "HUF"), ("forint", "HUF"), ("RON", "RON"), ("bgn", "BGN"), ("лв", "BGN"), ("RUB", "RUB"), ("руб", "RUB"), ("рублей", "RUB"),
    ("uah", "UAH"), ("грн", "UAH"), ("гривень", "UAH"), ("TRY", "TRY"), ("jpy", "JPY"), ("yen", "JPY"), ("円", "JPY"), ("cny", "CNY"), ("rmb", "CNY"),
    ("yuan", "CNY"), ("元", "CNY"), ("krw", "KRW"), ("원", "KRW"), ("kr.", KRONE), ("kr", KRONE), ("kronor", KRONE), ("kroner", KRONE), ("CAD", "CAD"), ("AUD", "AUD"),
];

/// Words that are money behind a number only: before one they are others.
const BEHIND: &[(&str, &str)] =
    &[("lei", "RON"), ("Ft", "HUF"), ("TL", "TRY"), ("won", "KRW"), ("zloty", "PLN")];

/// A crown of a country that is not said.
const KRONE: &str = "kr";

/// The currencies that one may stand for: `kr` is written in four countries.
pub(super) fn same_money(currency: &str) -> &'static [&'static str] {
    match currency {
        KRONE => &["SEK", "NOK", "DKK", "ISK"],
        "SEK" | "NOK" | "DKK" | "ISK" => &[KRONE],
        _ => &[],
    }
}

/// The month a word names.
pub(super) fn month(word: &str) -> Option<u8> {
    let word = word.to_lowercase();
    let at = MONTHS.iter().position(|row| row.split(' ').any(|known| known == word))?;
    u8::try_from(at + 1).ok()
}

/// The currency a text begins with, and the length of its sign or word.
pub(super) fn currency(text: &str) -> Option<(&'static str, usize)> {
    CURRENCIES.iter().find_map(|known| begins(text, known))
}

/// The same where a number stands before it.
pub(super) fn currency_behind(text: &str) -> Option<(&'static str, usize)> {
    currency(text).or_else(|| BEHIND.iter().find_map(|known| begins(text, known)))
}

/// A sign with a capital is written so.
fn begins(text: &str, (sign, code): &(&str, &'static str)) -> Option<(&'static str, usize)> {
    let len = prefix(text, sign);
    let (head, rest) = text.split_at(len);
    let last = sign.chars().next_back().filter(|c| c.is_alphabetic());
    // «500元です»: nothing is spaced there.
    let spaced = last.is_some_and(|c| c < '\u{1100}');
    let whole = !spaced || !rest.starts_with(char::is_alphanumeric);
    let same = head == *sign || !sign.contains(char::is_uppercase) && head.to_lowercase() == *sign;
    (same && whole).then_some((*code, len))
}

/// Bytes of `text` that hold as many characters as `sign`: a Kelvin sign is three bytes and lower-cases to `k`.
fn prefix(text: &str, sign: &str) -> usize {
    text.chars().take(sign.chars().count()).map(char::len_utf8).sum()
}
