//! The enhanced status code (RFC 3463) of a refusal told in words.

use super::fold::fold;

/// What servers say, folded, and what it means; the first row that fits wins, so the special come first.
#[rustfmt::skip]
static WORDS: &[(&str, &str)] = &[
    // 5.2.2: mailbox full.
    ("mailbox full", "5.2.2"), ("mailbox is full", "5.2.2"), ("mailfolder is full", "5.2.2"), ("folder is full", "5.2.2"), ("inbox is full", "5.2.2"),
    ("full mailbox", "5.2.2"), ("exceeds allowed size", "5.2.2"), ("exceeded the local limit", "5.2.2"), ("mailbox exceeds", "5.2.2"), ("quota", "5.2.2"), ("too much mail", "5.2.2"), ("exceeded storage", "5.2.2"), ("exceeded its storage", "5.2.2"),
    ("storage allocation", "5.2.2"), ("box space not enough", "5.2.2"), ("out of storage", "5.2.2"), ("insufficient space", "5.2.2"), ("insufficient disk", "5.2.2"),
    ("out of space", "5.2.2"), ("mailbox has exceeded", "5.2.2"), ("mailbox size limit", "5.2.2"), ("boite pleine", "5.2.2"), ("boite aux lettres est pleine", "5.2.2"),
    ("postfach ist voll", "5.2.2"), ("postfach voll", "5.2.2"), ("buzon lleno", "5.2.2"), ("casella piena", "5.2.2"), ("邮箱已满", "5.2.2"), ("переполнен", "5.2.2"),
    ("est pleine", "5.2.2"), ("est plein", "5.2.2"), ("e piena", "5.2.2"), ("esta llena", "5.2.2"), ("esta lleno", "5.2.2"), ("buzon de correo lleno", "5.2.2"), ("esta cheia", "5.2.2"), ("caixa de correio cheia", "5.2.2"),
    ("is vol", "5.2.2"), ("ist voll", "5.2.2"), ("jest pelna", "5.2.2"), ("je plna", "5.2.2"), ("er fuld", "5.2.2"), ("er full", "5.2.2"), ("ar full", "5.2.2"), ("on taynna", "5.2.2"), ("megtelt", "5.2.2"), ("este plina", "5.2.2"), ("este plin", "5.2.2"), ("kutusu dolu", "5.2.2"), ("꽉 차", "5.2.2"), ("꽉 찼", "5.2.2"), ("ειναι πληρ", "5.2.2"), ("γεματ", "5.2.2"), ("תיבת הדואר מלאה", "5.2.2"), ("ممتلئ", "5.2.2"),
    ("переповнен", "5.2.2"), ("已满", "5.2.2"), ("已滿", "5.2.2"), ("いっぱい", "5.2.2"), ("一杯", "5.2.2"), ("용량 초과", "5.2.2"), ("가득", "5.2.2"),
    // 5.3.4: too big.
    ("message too large", "5.3.4"), ("message size exceeds", "5.3.4"), ("too big", "5.3.4"), ("exceeds the maximum", "5.3.4"), ("exceeds maximum", "5.3.4"), ("size limit", "5.3.4"), ("maximum message size", "5.3.4"),
    // 5.4.6: loops.
    ("too many hops", "5.4.6"), ("loop detected", "5.4.6"), ("mail loop", "5.4.6"), ("loops back to", "5.4.6"), ("message looping", "5.4.6"), ("forwarding loop", "5.4.6"), ("routing loop", "5.4.6"),
    // 5.1.2: no such domain.
    ("host unknown", "5.1.2"), ("unknown host", "5.1.2"), ("host not found", "5.1.2"), ("domain not found", "5.1.2"), ("domain name not found", "5.1.2"), ("domain does not exist", "5.1.2"),
    ("no mx", "5.1.2"), ("name service error", "5.1.2"), ("couldn't find any host", "5.1.2"), ("unrouteable", "5.1.2"), ("unroutable", "5.1.2"), ("bad destination host", "5.1.2"),
    ("nullmx", "5.1.10"), ("null mx", "5.1.10"), ("could not find a gateway", "5.1.2"), ("no such domain", "5.1.2"), ("dns error", "5.1.2"), ("hostname lookup", "5.1.2"), ("all relevant mx records point to non-existent", "5.1.2"),
    // 5.2.1: disabled.
    ("disabled or discontinued", "5.2.1"), ("account has been disabled", "5.2.1"), ("account is disabled", "5.2.1"), ("mailbox disabled", "5.2.1"), ("mailbox is disabled", "5.2.1"), ("account disabled", "5.2.1"),
    ("account is inactive", "5.2.1"), ("mailbox is inactive", "5.2.1"), ("inactive user", "5.2.1"), ("account inactive", "5.2.1"), ("account has been suspended", "5.2.1"), ("account suspended", "5.2.1"), ("no longer accept", "5.2.1"), ("is not accepting mail", "5.2.1"), ("not been collected", "5.2.1"),
    // 5.1.1: no such mailbox.
    ("user unknown", "5.1.1"), ("unknown user", "5.1.1"), ("unknown recipient", "5.1.1"), ("recipient unknown", "5.1.1"), ("no such user", "5.1.1"), ("no such recipient", "5.1.1"), ("no such address", "5.1.1"),
    ("no such person", "5.1.1"), ("no such mailbox", "5.1.1"), ("no mailbox", "5.1.1"), ("unknown mailbox", "5.1.1"), ("unknown local", "5.1.1"), ("unknown address", "5.1.1"), ("unknown or illegal", "5.1.1"), ("unknown account", "5.1.1"),
    ("user not known", "5.1.1"), ("not known", "5.1.1"), ("user not found", "5.1.1"), ("recipient not found", "5.1.1"), ("mailbox not found", "5.1.1"), ("address not found", "5.1.1"), ("user does not exist", "5.1.1"), ("does not exist", "5.1.1"),
    ("doesn't exist", "5.1.1"), ("name is not recognized", "5.1.1"), ("not listed in", "5.1.1"), ("invalid recipient", "5.1.1"), ("invalid mailbox", "5.1.1"), ("invalid user", "5.1.1"), ("invalid address", "5.1.1"), ("invalid final delivery", "5.1.1"),
    ("not a valid", "5.1.1"), ("doesn't have a", "5.1.1"), ("does not have a", "5.1.1"), ("no longer valid", "5.1.1"), ("not our customer", "5.1.1"), ("addressee unknown", "5.1.1"), ("unknown virtual", "5.1.1"), ("addresses were unknown", "5.1.1"), ("address was unknown", "5.1.1"), ("account not found", "5.1.1"), ("wasn't found at", "5.1.1"), ("couldn't be found", "5.1.1"),
    ("no account", "5.1.1"), ("no matches to nameserver", "5.1.1"), ("did not exactly match", "5.1.1"), ("no valid recipients", "5.1.1"), ("not a known user", "5.1.1"), ("bad destination mailbox", "5.1.1"), ("recipient rejected", "5.1.1"), ("recipient address rejected", "5.1.1"),
    ("mailbox unavailable", "5.1.1"), ("mailbox not available", "5.1.1"), ("empfanger unbekannt", "5.1.1"), ("empfaenger unbekannt", "5.1.1"), ("n'existe pas", "5.1.1"), ("utilisateur inconnu", "5.1.1"), ("destinataire inconnu", "5.1.1"), ("no existe", "5.1.1"), ("domino-verzeichnis", "5.1.1"), ("annuaire domino", "5.1.1"), ("directorio de domino", "5.1.1"), ("directorio domino", "5.1.1"), ("rubrica di domino", "5.1.1"), ("domino directory", "5.1.1"),
    ("usuario desconocido", "5.1.1"), ("utente sconosciuto", "5.1.1"), ("non esiste", "5.1.1"), ("nao existe", "5.1.1"), ("bestaat niet", "5.1.1"), ("nie istnieje", "5.1.1"), ("neexistuje", "5.1.1"), ("не существует", "5.1.1"), ("не найден", "5.1.1"), ("用户不存在", "5.1.1"), ("不存在", "5.1.1"), ("address is possibly incorrect", "5.1.1"), ("is not hbc", "5.1.1"), ("is not hbc e-mail", "5.1.1"),
    // 5.7.1: refused by policy.
    ("spam", "5.7.1"), ("blacklist", "5.7.1"), ("blocklist", "5.7.1"), ("block list", "5.7.1"), ("blocked", "5.7.1"), ("relay", "5.7.1"), ("access denied", "5.7.1"), ("permission denied", "5.7.1"), ("not permitted", "5.7.1"), ("not authorized", "5.7.1"),
    ("policy", "5.7.1"), ("unsolicited", "5.7.1"), ("not accepting mail from", "5.7.1"), ("administrative prohibition", "5.7.1"), ("refused by", "5.7.1"), ("content rejected", "5.7.1"), ("virus", "5.7.1"), ("message was rejected", "5.7.1"), ("sender rejected", "5.7.1"), ("sender verify", "5.7.1"), ("dmarc", "5.7.26"),
    // 5.4.x and 4.4.x: the network.
    ("timed out", "5.4.1"), ("time out", "5.4.1"), ("timeout", "5.4.1"), ("connection refused", "5.4.1"), ("not responding", "5.4.1"), ("did not respond", "5.4.1"), ("no answer", "5.4.1"), ("could not connect", "5.4.1"), ("couldn't connect", "5.4.1"), ("can't connect", "5.4.1"),
    ("unable to connect", "5.4.1"), ("establish an smtp connection", "5.4.1"), ("network is unreachable", "5.4.1"), ("not reachable", "5.4.1"), ("no route to host", "5.4.1"), ("server unavailable", "5.4.1"), ("connection to mail exchanger failed", "5.4.1"), ("lost connection", "5.4.2"),
    ("queue too long", "5.4.7"), ("too long", "5.4.7"), ("retry timeout", "5.4.7"), ("delivery time expired", "5.4.7"), ("message expired", "5.4.7"), ("was aborted after", "5.4.7"), ("maximum delivery attempts", "5.4.7"), ("delivery failed 20 attempts", "5.4.7"),
];

/// The status told by a text: an enhanced code where there is one, else by words, else by the reply code.
/// `fallback` is its class: 5 permanent, 4 transient.
pub(super) fn of_text(text: &str, fallback: u8) -> String {
    if let Some(code) = enhanced(text) {
        return code;
    }
    let folded = fold(text, 4000);
    let class = match reply_code(&folded) {
        Some(code) if code < 500 && fallback == 4 => 4,
        _ => fallback,
    };
    if let Some((_, status)) = WORDS.iter().find(|(words, _)| folded.contains(words)) {
        return format!("{class}{}", &status[1..]);
    }
    match (reply_code(&folded), class) {
        (Some(552), 5) => "5.2.2".to_owned(),
        (Some(550 | 551 | 553), 5) => "5.1.1".to_owned(),
        _ => format!("{class}.0.0"),
    }
}

/// The first `class.subject.detail` of RFC 3463, 2 that is no part of an address or a version number.
pub(super) fn enhanced(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let inside = |b: u8| b.is_ascii_alphanumeric() || b == b'.';
    let mut at = 0;
    while at + 4 < bytes.len() {
        let starts = matches!(bytes[at], b'2' | b'4' | b'5')
            && bytes[at + 1] == b'.'
            && (at == 0 || !inside(bytes[at - 1]));
        if starts {
            let length = bytes[at..]
                .iter()
                .take(12)
                .take_while(|b| b.is_ascii_digit() || **b == b'.')
                .count();
            let word = text[at..at + length].trim_end_matches('.');
            let parts: Vec<&str> = word.split('.').collect();
            let fits = parts.len() == 3 && parts[1..].iter().all(|p| !p.is_empty() && p.len() <= 3);
            let closed = bytes.get(at + word.len()).is_none_or(|b| !b.is_ascii_alphanumeric());
            if fits && closed {
                return Some(word.to_owned());
            }
            at += length.max(1);
        } else {
            at += 1;
        }
    }
    None
}

/// Does an answer of a server begin here: "550 5.1.1 …", "551-…", "5.2.2 …"?
pub(super) fn opens(text: &str) -> bool {
    let first = text.split([' ', '-', '_']).next().unwrap_or_default();
    let code = first.len() == 3
        && first.starts_with(['4', '5'])
        && first.bytes().all(|b| b.is_ascii_digit());
    code && enhanced(prefix(text)).is_some() || enhanced(first).is_some_and(|c| c == first)
}

/// The words in which an answer has its codes.
fn prefix(text: &str) -> &str {
    text.char_indices().nth(20).map_or(text, |(at, _)| &text[..at])
}

/// An SMTP reply code 4xx or 5xx standing alone as a word.
fn reply_code(text: &str) -> Option<u16> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '.')
        .filter(|w| w.len() == 3)
        .find_map(|w| w.parse::<u16>().ok().filter(|code| (400..600).contains(code)))
}

#[cfg(test)]
mod tests {
    use super::{enhanced, of_text};

    #[test]
    fn codes_are_found_and_addresses_are_not() {
        for (text, code) in [
            ("550 5.1.1 <x@y.example>... User unknown", Some("5.1.1")),
            ("Sorry, no mailbox here by that name. (#5.1.1)", Some("5.1.1")),
            ("550-5.7.26 unauthenticated", Some("5.7.26")),
            ("host 5.1.1.20 said no", None),
            ("LSMTP v5.5.2653 at 192.5.1.1", None),
            ("4.4.1.", Some("4.4.1")),
        ] {
            assert_eq!(enhanced(text).as_deref(), code, "{text}");
        }
    }

    #[test]
    fn words_become_codes() {
        for (text, class, status) in [
            ("user unknown", 5, "5.1.1"),
            ("552 Quota violation", 5, "5.2.2"),
            ("Votre boîte aux lettres est pleine", 5, "5.2.2"),
            ("Connection timed out", 4, "4.4.1"),
            ("550 no", 5, "5.1.1"),
            ("something else", 4, "4.0.0"),
        ] {
            assert_eq!(of_text(text, class), status, "{text}");
        }
    }
}
