//! People tell of machines in the machines' own words ("I only got an automatic reply"): said so, they prove nothing.
//!
//! A clause that speaks of receiving tells, unless it speaks to its reader: "You have received this automatic reply"
//! is the machine itself.

/// Receiving, in the forms in which people tell of it; folded words.
#[rustfmt::skip]
static RECEIVED: &[&str] = &[
    "received", "receive", "receiving", "got", "gotten", "get", "getting", // en
    "erhalten", "erhielt", "erhielten", "erhalte", "bekommen", "bekam", "bekamen", "bekomme", // de
    "recu", "recue", "recus", "recues", "recois", "recevons", // fr
    "recibi", "recibido", "recibida", "recibimos", "recibo", "ricevuto", "ricevuta", "ricevo", "ricevetti", // es, it
    "recebi", "recebemos", "recebido", "recebida", "recebo", "rebut", "rebuda", // pt, ca
    "ontvangen", "ontving", "ontvang", "gekregen", "kreeg", "krijg", // nl
    "otrzymalem", "otrzymalam", "otrzymalismy", "dostalem", "dostalam", "dostalismy", // pl
    "obdrzel", "obdrzela", "dostal", "dostala", "modtaget", "modtog", "fik", "faet", // cs, da
    "mottatt", "mottok", "fikk", "mottagit", "mottog", "fick", "fatt", "sain", "saimme", // no, sv, fi
    "kaptam", "kaptunk", "primit", "aldim", "aldik", "ελαβα", "ελαβαμε", "πηρα", // hu, ro, tr, el
    "получил", "получила", "получили", "отримав", "отримала", "отримали", // ru, uk
];

/// The same in scripts without spaces between words.
static RECEIVED_INSIDE: &[&str] = &["收到", "受け取", "届きま", "받았", "받은"];

/// Words with which a machine speaks of its own mail.
#[rustfmt::skip]
static OF_ITSELF: &[&str] = &[
    "this", "diese", "dieser", "dies", "ce", "cet", "cette", "ceci", // en, de, fr
    "este", "esta", "questo", "questa", "aquest", "aquesta", "deze", "dit", // es, pt, it, ca, nl
    "ten", "ta", "tato", "denne", "dette", "detta", "tama", "ez", "acest", "bu", "αυτο", "это", "эта", "це", "ця",
];

/// Words with which it speaks to its reader.
static TO_READER: &[&str] = &["you", "been", "was", "sie", "wurde", "vous", "usted", "u"];

/// What a machine says it received: "Automatic reply we have received your message".
#[rustfmt::skip]
static OF_READER: &[&str] = &[
    "your", "ihre", "ihr", "ihren", "votre", "su", "tu", "vostra", "sua", "seu", "uw", "je", "din", "ditt", "deres", "ваше", "ваш", "вашу", "tua", "ta", "twoja",
];

/// The same in scripts without spaces between words.
static OF_READER_INSIDE: &[&str] =
    &["您的", "你的", "お問い合わせ", "ご予約", "귀하", "고객님", "문의"];

/// Who tells of it, where a word of those above stands beside them.
static FIRST: &[&str] = &["i", "ich", "j'ai", "n'ai", "io", "ik", "eu", "jag", "jeg", "я"];

/// Is a phrase only told of wherever the (folded) text has it?
pub(super) fn told(folded: &str, phrase: &str) -> bool {
    let mut found = folded.match_indices(phrase).peekable();
    found.peek().is_some() && found.all(|(at, _)| tells(folded, at, at + phrase.len()))
}

/// Is the machine of a subject only spoken of in the text: "the automatic reply of your house is in French only"? In a
/// machine's own words the phrase stands alone, or with "this", or says what its reader receives.
pub(super) fn spoken_of(folded: &str, phrase: &str) -> bool {
    let mut found = folded.match_indices(phrase).peekable();
    found.peek().is_some()
        && found.all(|(at, _)| {
            let end = at + phrase.len();
            let before = folded[..at].rsplit(ends_clause).next().unwrap_or_default();
            let after = folded[end..].split(ends_clause).next().unwrap_or_default();
            let mut words = before.split(is_gap).chain(after.split(is_gap));
            let has = |some: &[&str]| words.clone().any(|word| some.contains(&word));
            let receives = has(RECEIVED) && has(TO_READER);
            let others = words.clone().filter(|word| !word.is_empty()).count();
            others >= 2 && !receives && !words.any(|word| OF_ITSELF.contains(&word))
        })
}

/// Does somebody tell, in a sentence beside another, of what they received: "I only got this:"? A machine receives its
/// reader's mail.
pub(super) fn receives(sentence: &str) -> bool {
    let has = |some: &[&str]| sentence.split(is_gap).any(|word| some.contains(&word));
    let inside = |some: &[&str]| some.iter().any(|word| sentence.contains(word));
    let of_reader = sentence
        .split(is_gap)
        .any(|word| OF_READER.contains(&word) && !(word == "je" && has(FIRST)))
        || inside(OF_READER_INSIDE);
    (has(RECEIVED) || inside(RECEIVED_INSIDE)) && !of_reader && (has(FIRST) || !has(TO_READER))
}

fn tells(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].rsplit(ends_clause).next().unwrap_or_default();
    let after = text[end..].split(ends_clause).next().unwrap_or_default();
    let after = after.split(" - ").next().unwrap_or_default();
    let speaks = |part: &str| {
        part.split(is_gap).any(|word| RECEIVED.contains(&word))
            || RECEIVED_INSIDE.iter().any(|word| part.contains(word))
    };
    let to_reader = |part: &str| {
        part.split(is_gap).any(|word| TO_READER.contains(&word) || OF_ITSELF.contains(&word))
    };
    let of_reader = after.split(is_gap).any(|word| OF_READER.contains(&word));
    (speaks(before) || speaks(after) && !of_reader) && !to_reader(before) && !to_reader(after)
}

fn ends_clause(c: char) -> bool {
    matches!(
        c,
        '.' | ','
            | ';'
            | ':'
            | '!'
            | '?'
            | '('
            | ')'
            | '['
            | ']'
            | '。'
            | '，'
            | '、'
            | '！'
            | '？'
    )
}

fn is_gap(c: char) -> bool {
    !c.is_alphanumeric() && c != '\''
}

#[cfg(test)]
mod tests {
    use super::told;

    #[test]
    fn a_persons_tale_and_a_machines_word() {
        for (text, phrase, expected) in [
            ("automatische antwort erhalten", "automatische antwort", true),
            ("ich habe nur eine automatische antwort bekommen", "automatische antwort", true),
            ("i only got an automatic reply from your hotel", "automatic reply", true),
            ("j'ai recu une reponse automatique", "reponse automatique", true),
            ("ik heb alleen een automatisch bericht ontvangen", "automatisch bericht", true),
            ("我只收到了自动回复", "自动回复", true),
            ("sie erhalten diese automatische antwort, weil", "automatische antwort", false),
            ("you have received this automatic reply because", "automatic reply", false),
            ("automatic reply: your mail got lost", "automatic reply", false),
            ("automatic reply - received", "automatic reply", false),
            ("automatic reply we have received your message", "automatic reply", false),
            (
                "wir haben ihre nachricht erhalten. automatische antwort",
                "automatische antwort",
                false,
            ),
            ("i got an automatic reply. automatic reply", "automatic reply", false),
            ("a room, please", "automatic reply", false),
        ] {
            assert_eq!(told(text, phrase), expected, "{text}");
        }
    }
}
