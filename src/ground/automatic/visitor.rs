//! What a visitor says beside a machine's declaration: forms on a site declare themselves above it, people quote them.
//!
//! A program's acknowledgement taken for a person's letter costs a look; the other way round a visitor is lost.

use super::{fold::fold, scan::addresses};
use crate::ground::{facts, letter::Letter};

/// So many characters a program adds to its declaration, hardly more.
const MAX_BESIDE: usize = 150;

/// How people ask for something in the first person (folded, whole words at the beginning).
#[rustfmt::skip]
static WISHES: &[&str] = &[
    "i would like", "we would like", "i'd like", "we'd like", "i need", "we need", "i want", "we want", "we come", "i come", "we arrive", "i arrive", "call me", "send me", "please book", "please reserve", "i am looking for", "i'm looking for", "we are looking for", "we're looking for", "i only", "we only", "all i", // en
    "ich mochte", "wir mochten", "hatten gern", "hatte gern", "wir suchen", "ich suche", "ich brauche", "wir brauchen", "wir kommen", "ich komme", "ich wurde gern", "wir wurden gern", "rufen sie mich", "bitte reservieren", "bitte buchen", // de
    "je voudrais", "nous voudrions", "je souhaite", "nous souhaitons", "nous aimerions", "j'aimerais", "je cherche", "nous cherchons", "nous arrivons", "j'arrive", "nous venons", "je n'ai", // fr
    "quisiera", "quisieramos", "queremos", "quiero", "necesito", "necesitamos", "busco", "buscamos", "me gustaria", "nos gustaria", "llegamos", // es
    "vorrei", "vorremmo", "cerco", "cerchiamo", "arriviamo", "ho bisogno", "abbiamo bisogno", "gostaria", "queria", "queriamos", "preciso", "precisamos", "procuro", "procuramos", "chegamos", "quero", // it, pt
    "ik wil", "wij willen", "we willen", "ik zou", "wij zouden", "we zouden", "wij komen", "we komen", "ik zoek", "wij zoeken", // nl
    "chcialbym", "chcialabym", "chcielibysmy", "prosze o", "potrzebuje", "szukam", "przyjedziemy", "przyjade", "chtel bych", "chtela bych", "chteli bychom", "prosim o", "potrebuji", "hledam", "prijedeme", // pl, cs
    "jag vill", "vi vill", "jag skulle", "vi skulle", "vi kommer", "jag soker", "jeg vil", "vi vil", "jeg onsker", "vi onsker", "haluaisi", "haluamme", "tarvitse", // sv, da, no, fi
    "szeretnek", "szeretnenk", "keresunk", "as dori", "am dori", "doresc", "dorim", "istiyoruz", "istiyorum", "ariyoruz", "θα ηθελα", "θα θελα", "χρειαζ", // hu, ro, tr, el
    "хотел бы", "хотела бы", "хотели бы", "хочу", "хотим", "нужен", "нужна", "прошу", "приедем", "хотів би", "хотіла б", "хотіли б", "потріб", "приїдемо", // ru, uk
    "voldria", "voldriem", "نود", "اريد", "نريد", "ارغب", "أريد", "أرغب", "אשמח", "נשמח", "רוצה", "רוצים", // ca, ar, he
];

/// The same in scripts without spaces.
#[rustfmt::skip]
static WISHES_INSIDE: &[&str] = &[
    "予約したい", "予約をお願い", "お願いしたい", "希望し", "確認してください", "想预订", "想預訂", "我想", "我们想", "我們想", "我要", "请帮", "預訂一", "예약하고", "원합니다", "부탁",
];

/// Does somebody ask for something in the first person?
pub(super) fn wishes(text: &str) -> bool {
    let folded = fold(text, 4000);
    let apart = |c: char| c.is_alphanumeric() || c == '\'';
    let asked = |wish: &&str| {
        folded.match_indices(*wish).any(|(at, _)| {
            let rest = &folded[at + wish.len()..];
            // The long ones are stems; "proszę o nieodpowiadanie", "прошу не отвечать" are a program's.
            let whole = wish.chars().count() > 7 || !rest.starts_with(char::is_alphanumeric);
            let refuses = [" nie", " neodp", " не "].iter().any(|no| rest.starts_with(no));
            whole && !refuses && !folded[..at].ends_with(apart)
        })
    };
    WISHES.iter().any(asked) || WISHES_INSIDE.iter().any(|wish| folded.contains(wish))
}

/// Does a visitor speak in a text of which `declared` characters are a declaration: at length, of a wish or a day, with an address or a
/// telephone elsewhere?
pub(super) fn speaks(text: &str, declared: usize, letter: &Letter) -> bool {
    let folded = fold(text, 4000);
    folded.chars().count().saturating_sub(declared) > MAX_BESIDE
        || wishes(text)
        || names_day(&folded)
        || reaches(text, letter)
}

/// "3 July", "July 3rd", "7月3日".
fn names_day(folded: &str) -> bool {
    let words: Vec<&str> = folded
        .split(|c: char| c.is_whitespace() || c == ',')
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty() && !["de", "of", "the"].contains(word))
        .collect();
    let day = |word: &str| {
        let figures = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        (1..=2).contains(&figures.len()) && figures.bytes().all(|b| b.is_ascii_digit())
    };
    let wide = folded
        .match_indices(['月', '월'])
        .any(|(at, _)| folded[..at].ends_with(|c: char| c.is_ascii_digit()));
    wide || words
        .windows(2)
        .any(|w| day(w[0]) && facts::is_month(w[1]) || facts::is_month(w[0]) && day(w[1]))
}

/// An address elsewhere than the author's, or a telephone with its country.
fn reaches(text: &str, letter: &Letter) -> bool {
    let home = letter.author().map(|m| m.address.domain().to_lowercase()).unwrap_or_default();
    let elsewhere = |line: &str| {
        addresses(line).iter().any(|found| {
            let domain = found.text.rsplit('@').next().unwrap_or_default().to_lowercase();
            domain != home && !letter.recipients().any(|to| to.domain() == domain)
        })
    };
    let telephone = text.match_indices('+').any(|(at, _)| {
        let number = text[at + 1..].chars().take(20);
        let figures = number.take_while(|c| c.is_ascii_digit() || " -()./".contains(*c));
        figures.filter(char::is_ascii_digit).count() >= 8
    });
    telephone || text.lines().any(elsewhere)
}
