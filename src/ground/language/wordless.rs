//! Letters that make no words of any language: `XXXX`, `asdf asdf`, base64, order codes. Every detector has an answer
//! for them too. Latin letters alone. None of the 47,000 lines of lingua's sets with 12 letters and more is such a text;
//! such words in them are abbreviations, names run together and letters of a broken charset.

/// A word no language has; its capitals are still there.
pub(super) fn is_no_word(word: &str) -> bool {
    let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
    if letters.len() < 4 || !letters.iter().all(|c| is_latin(*c)) {
        return false;
    }
    let repeated = letters.iter().all(|c| c.to_lowercase().eq(letters[0].to_lowercase()));
    // «zmrzl» is Czech.
    let unspeakable = letters.len() >= 5 && !letters.iter().any(|c| is_vowel(*c) || is_liquid(*c));
    // `LinkedIn` has two at most, base64 one in four letters.
    let capitals = word.chars().zip(word.chars().skip(1));
    let capitals = capitals.filter(|(a, b)| a.is_lowercase() && b.is_uppercase()).count();
    repeated
        || unspeakable
        || is_row_of_keys(&letters)
        || capitals >= 3 && capitals * 8 >= letters.len()
}

/// The letters of a keyboard's rows: of English, German and French ones.
const ROWS: [&str; 9] = [
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "yxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "aeiou",
];

/// Rows have words of four letters as well: a German worth, a Spaniard who prays.
const WORDS_ON_ROWS: [&str; 6] = ["wert", "azer", "reza", "tree", "ertz", "trez"];

/// Four and more letters as they lie side by side, from the left or from the right.
fn is_row_of_keys(letters: &[char]) -> bool {
    let lower: String = letters.iter().flat_map(|c| c.to_lowercase()).collect();
    let back: String = lower.chars().rev().collect();
    let on = |row: &&str| row.contains(&lower) || row.contains(&back);
    !WORDS_ON_ROWS.contains(&lower.as_str()) && ROWS.iter().any(on)
}

/// Letters from here on, and the distinct ones no text of that length makes do with.
const FEW_LETTERS: [(usize, usize); 4] = [(48, 7), (24, 5), (16, 4), (12, 3)];

/// Letters from here on, and of how many at least one is a vowel in every text.
const FEW_VOWELS: [(usize, usize); 3] = [(48, 5), (24, 6), (12, 8)];

/// A text of such letters; `text` is clean and in lower case.
pub(super) fn is_no_text(text: &str) -> bool {
    let letters: Vec<char> = text.chars().filter(|c| c.is_alphabetic()).collect();
    if !letters.iter().all(|c| is_latin(*c)) {
        return false;
    }
    let count = letters.len();
    let vowels: usize = text.split_whitespace().map(vowels).sum();
    let mut distinct = letters;
    distinct.sort_unstable();
    distinct.dedup();
    let least = |table: &[(usize, usize)]| {
        table.iter().find(|(length, _)| count >= *length).map(|(_, least)| *least)
    };
    least(&FEW_LETTERS).is_some_and(|most| distinct.len() <= most)
        || least(&FEW_VOWELS).is_some_and(|one_in| vowels * one_in < count)
}

/// «Strč prst skrz krk»: where a word has no vowel, r and l stand for it.
fn vowels(word: &str) -> usize {
    let count = |is: fn(char) -> bool| word.chars().filter(|c| is(*c)).count();
    match count(is_vowel) {
        0 => count(is_liquid),
        vowels => vowels,
    }
}

fn is_latin(c: char) -> bool {
    matches!(u32::from(c), 0x41..=0x24F | 0x259 | 0x307 | 0x1E00..=0x1EFF)
}

fn is_liquid(c: char) -> bool {
    matches!(c, 'r' | 'l' | 'R' | 'L' | 'ŕ' | 'ĺ' | 'ř' | 'ľ' | 'Ŕ' | 'Ĺ' | 'Ř' | 'Ľ')
}

/// With their marks: whatever is no plain consonant of ASCII and none of the marked ones.
fn is_vowel(c: char) -> bool {
    if c.is_ascii() {
        return matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    }
    let consonants = "çćĉċčďđðĝğġģĥħĵķĺļľłñńņňŋŕřŗśŝşšșßţťŧțþŵźżžǧ";
    !c.to_lowercase().all(|c| consonants.contains(c))
}

#[cfg(test)]
mod tests {
    use super::super::{clean::clean, detect};

    #[test]
    fn letters_that_are_no_words_are_no_language() {
        for text in [
            &"X".repeat(77),
            "XXXXXXXXXXXXXXXXXXXX XXXXXXXXXXXXXX",
            "asdfasdf asdf asdfasdf",
            "asdf asdf asdf asdf asdf",
            "dGhpcyBpcyBhIHZlcnkgbG dGhpcyBpcyBh",
            "sdfg hjkl sdfghjkl fghj",
            "qwertzuiop xcvbnm dfghjk",
            "Order XKQZT-BNMHG, VCXZQ-JHGFD",
            "kkkkkkkkkkkkkkkk",
            "hahahahahahahaha",
            "qwertyuiop",
            "azerty",
            "poiuytrewq asdf",
            "Qwerty uiop",
        ] {
            let detected = detect(text);
            assert!(detected.too_short && detected.language.is_none(), "{text}: {detected:?}");
        }
    }

    /// Short, repeated, hard to say, written in capitals or with capitals inside: all of it is said.
    #[test]
    fn words_of_every_language_stay() {
        for words in [
            "strč prst skrz krk čtvrt zmrzl scvrkl vlk smrt", // cs
            "štvrť vŕba hĺbka vlčí smrť žblnk",               // sk
            "krv smrt crkva brz prst trg",                    // hr
            "vrt čmrlj smrt vrh",                             // sl
            "Angstschweiß Rechtschreibung Deutschschweiz Schtschi ja Ei", // de
            "rhythm myths why sky sooo hmm strengths",        // en
            "ananas banana mamma mia",                        // it
            "Taip, taip, ta pati",                            // lt
            "osasto päättää vastattava siitä yö",             // fi
            "täiesti eesti öö jäääär",                        // et
            "skyddstillsyn tingsrätt å ö",                    // sv
            "høgst tvilsamt plassert rundt",                  // nb
            "rødgrød ø å blåbærgrød",                         // da
            "Gràcies bon dia ningú",                          // ca
            "oui où été fraîche œuf",                         // fr
            "não há pão amanhã",                              // pt
            "ningún señor año sí",                            // es
            "szczęść chrząszcz brzmi źdźbło w trzcinie",      // pl
            "știință țară îngheț",                            // ro
            "egészségügy győr őr",                            // hu
            "değil ığdır İstanbul",                           // tr
            "krkšķēt šķūnis ķirsis",                          // lv
            "angstschreeuw zee eeuwig",                       // nl
            "þjóð ægir ótt",                                  // is
            "nghỉ phở được",                                  // vi
            "wert Wert reza pour tree were",                  // on a row of keys
            "LinkedIn YouTube MacBook eDreams McDonald",
            "WE ARRIVE LATE TONIGHT",
        ] {
            let cleaned = clean(words);
            let all = words.split(' ').count();
            assert_eq!(cleaned.split(' ').count(), all, "{cleaned}");
            assert!(!super::is_no_text(&cleaned), "{words}");
        }
    }
}
