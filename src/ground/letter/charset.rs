//! Bytes to text: the declared charset, else a detected one; never a refusal.
//!
//! Labels lie in both directions: UTF-8 sent as latin-1, windows-1252 sent as UTF-8 or ASCII. What was used
//! instead of the label is told, so that `explain` can show it.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    EUC_KR, Encoding, GBK, ISO_2022_JP, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252,
};

use super::{charset_name, seven_bit};

/// A detector sees this much: enough to be sure, little enough to be quick on a big text.
const SAMPLE_BYTES: usize = 64 * 1024;

/// Text and, where the label was missing or wrong, the name of the charset used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) guessed: Option<String>,
}

impl Decoded {
    fn sure(text: impl Into<String>) -> Self {
        Decoded { text: text.into(), guessed: None }
    }

    fn guess(text: impl Into<String>, encoding: &str) -> Self {
        Decoded { text: text.into(), guessed: Some(encoding.to_lowercase()) }
    }
}

/// Decodes with the declared label if that works, else with what the bytes look like.
pub(super) fn decode(bytes: &[u8], label: Option<&str>) -> Decoded {
    if let Some((encoding, bom)) = Encoding::for_bom(bytes) {
        let text = encoding.decode_without_bom_handling(&bytes[bom..]).0;
        return Decoded::sure(text);
    }
    let label = label.map(charset_name::normalise).filter(|l| !l.is_empty());
    let Some(label) = label.filter(|l| !charset_name::means_unknown(l)) else {
        return undeclared(bytes);
    };
    if label == "hz-gb-2312" || label == "hz" {
        return Decoded::sure(GBK.decode_without_bom_handling(&seven_bit::from_hz(bytes)).0);
    }
    if label == "iso-2022-kr" || label == "csiso2022kr" {
        return Decoded::sure(EUC_KR.decode_without_bom_handling(&seven_bit::from_korean(bytes)).0);
    }
    match Encoding::for_label(label.as_bytes()).filter(|e| *e != REPLACEMENT) {
        Some(encoding) => declared(bytes, encoding, &label),
        // UTF-7, the DOS code pages and other names the web does not know.
        None => match mail_parser::decoders::charsets::map::charset_decoder(label.as_bytes()) {
            Some(decoder) => Decoded::sure(decoder(bytes)),
            None => detected(bytes, true),
        },
    }
}

/// Decodes what has no label; where it has too few high bytes to tell, what stands near it helps to guess.
/// `guessed` is the charset found for the header above, if one had to be.
pub(super) fn decode_near(bytes: &[u8], near: &[u8], guessed: Option<&str>) -> Decoded {
    let high = |bytes: &[u8]| bytes.iter().filter(|b| !b.is_ascii()).take(ENOUGH).count();
    let few = (1..ENOUGH).contains(&high(bytes)) && std::str::from_utf8(bytes).is_err();
    if !few || Encoding::for_bom(bytes).is_some() {
        return decode(bytes, None);
    }
    let above = guessed.and_then(|name| Encoding::for_label(name.as_bytes()));
    if let Some(encoding) = above.filter(|e| OTHER_SCRIPTS.contains(&e.name()))
        && let (text, false) = encoding.decode_without_bom_handling(bytes)
    {
        return Decoded::guess(text, encoding.name());
    }
    let near = &near[near.len().saturating_sub(SAMPLE_BYTES)..];
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(near, true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    match encoding.decode_without_bom_handling(bytes) {
        // Among the Latin charsets the text's own few letters say more than an English header.
        (text, false) if OTHER_SCRIPTS.contains(&encoding.name()) => {
            Decoded::guess(text, encoding.name())
        }
        _ => decode(bytes, None),
    }
}

/// So many high bytes are enough for the detector.
const ENOUGH: usize = 24;

/// No label, or ASCII: pure ASCII needs no remark.
fn undeclared(bytes: &[u8]) -> Decoded {
    // RFC 1557: the announcement of Korean in seven bits.
    if bytes.is_ascii() && bytes.windows(4).any(|w| w == b"\x1b$)C") {
        let bytes = seven_bit::from_korean(bytes);
        let text = EUC_KR.decode_without_bom_handling(&bytes).0;
        return Decoded::guess(text, "iso-2022-kr");
    }
    if bytes.is_ascii() && !bytes.contains(&0x1b) {
        return Decoded::sure(ascii(bytes));
    }
    detected(bytes, true)
}

fn ascii(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn declared(bytes: &[u8], encoding: &'static Encoding, label: &str) -> Decoded {
    if encoding == UTF_8 {
        return match std::str::from_utf8(bytes) {
            Ok(text) => match encoded_twice(text) {
                Some(text) => Decoded::guess(text, "utf-8"),
                None => Decoded::sure(text),
            },
            Err(_) => damaged_utf8(bytes),
        };
    }
    if encoding == UTF_16LE || encoding == UTF_16BE {
        return utf16(bytes, label);
    }
    if encoding == ISO_2022_JP {
        return japanese(bytes);
    }
    let high = !bytes.is_ascii();
    // Text in a one-byte charset is next to never valid UTF-8 by accident: every high byte would have to
    // stand in a well-formed sequence.
    if high
        && encoding.is_single_byte()
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return Decoded::guess(text, "utf-8");
    }
    if encoding == WINDOWS_1252
        && let Some(decoded) = of_another_script(bytes)
    {
        return decoded;
    }
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    if !had_errors {
        return Decoded::sure(text);
    }
    let other = detected(bytes, true);
    if marks(&other.text) < marks(&text) { other } else { Decoded::sure(text) }
}

/// Charsets of other scripts than ours.
const OTHER_SCRIPTS: [&str; 12] = [
    "windows-1251",
    "KOI8-U",
    "ISO-8859-5",
    "IBM866",
    "windows-1253",
    "ISO-8859-7",
    "windows-1255",
    "windows-1256",
    "Shift_JIS",
    "GBK",
    "Big5",
    "EUC-KR",
];

/// Cyrillic, Greek, Hebrew, Chinese under the label of a Latin charset: programs take the label of their own country. In
/// Latin text about one letter of ten has a mark, never half of them.
fn of_another_script(bytes: &[u8]) -> Option<Decoded> {
    let sample = &bytes[..bytes.len().min(SAMPLE_BYTES)];
    let high = sample.iter().filter(|b| !b.is_ascii()).count();
    let low = sample.iter().filter(|b| b.is_ascii_alphabetic()).count();
    let mut kinds = [false; 256];
    sample.iter().filter(|b| !b.is_ascii()).for_each(|b| kinds[usize::from(*b)] = true);
    // "ÄÖÜÄÖÜ" is of few kinds.
    let varied = kinds.iter().filter(|seen| **seen).count() >= 8;
    if !varied || high < low {
        return None;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    (OTHER_SCRIPTS.contains(&encoding.name()) && !had_errors)
        .then(|| Decoded::guess(text, encoding.name()))
}

/// UTF-8 that was taken for windows-1252 and made UTF-8 again ("GrÃ¼ÃŸe"): only where every character that is not ASCII is
/// part of such a pair, and there are several, for people write of such accidents.
fn encoded_twice(text: &str) -> Option<String> {
    let pairs = text
        .chars()
        .filter(|c| matches!(c, '\u{c2}'..='\u{c5}' | '\u{d0}' | '\u{d1}' | 'â'))
        .take(3);
    if pairs.count() < 3 {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        match u8::try_from(u32::from(c)) {
            Ok(byte) => bytes.push(byte),
            Err(_) => {
                let mut one = [0; 4];
                let (byte, _, unmappable) = WINDOWS_1252.encode(c.encode_utf8(&mut one));
                if unmappable {
                    return None;
                }
                bytes.extend_from_slice(&byte);
            }
        }
    }
    String::from_utf8(bytes).ok()
}

fn japanese(bytes: &[u8]) -> Decoded {
    let joined = seven_bit::joined(bytes);
    let (text, had_errors) = ISO_2022_JP.decode_without_bom_handling(&joined);
    if !had_errors || bytes.is_ascii() {
        return Decoded::sure(text);
    }
    let other = detected(bytes, true);
    if marks(&other.text) < marks(&text) { other } else { Decoded::sure(text) }
}

fn marks(text: &str) -> usize {
    text.matches(char::REPLACEMENT_CHARACTER).count()
}

/// A text that is UTF-8 but for a cut or two stays UTF-8; one where most high bytes are wrong never was.
fn damaged_utf8(bytes: &[u8]) -> Decoded {
    nearly_utf8(bytes, 2).unwrap_or_else(|| detected(bytes, false))
}

/// The text as UTF-8 if for every broken sequence `right_per_wrong` others are whole.
fn nearly_utf8(bytes: &[u8], right_per_wrong: usize) -> Option<Decoded> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(Decoded::guess(text, "utf-8")); // U+FFFD may stand in it by right
    }
    let text = String::from_utf8_lossy(bytes);
    let wrong = marks(&text);
    let high = text.chars().filter(|c| !c.is_ascii()).count();
    (high - wrong >= right_per_wrong * wrong).then(|| Decoded::guess(mended(bytes), "utf-8"))
}

/// UTF-8 into which a template or a name was pasted in windows-1252: a single wrong byte inside a word of ASCII is a letter
/// of that. A sequence that is cut stays marked.
fn mended(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut chunks = bytes.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        text.push_str(chunk.valid());
        let goes_on =
            chunks.peek().is_some_and(|next| next.valid().starts_with(|c: char| c.is_ascii()));
        match chunk.invalid() {
            [] => {}
            [byte]
                if *byte >= 0xc0
                    && goes_on
                    && text.ends_with(|c: char| c.is_ascii_alphabetic() || c == ' ') =>
            {
                text.push_str(&WINDOWS_1252.decode_without_bom_handling(&[*byte]).0);
            }
            _ => text.push(char::REPLACEMENT_CHARACTER),
        }
    }
    text
}

/// RFC 2781, 4.3 says big-endian without a mark; most senders are little-endian. The zero bytes tell.
fn utf16(bytes: &[u8], label: &str) -> Decoded {
    let pairs = bytes.chunks_exact(2).take(512);
    let (mut first, mut second) = (0usize, 0usize);
    for pair in pairs {
        first += usize::from(pair[0] == 0);
        second += usize::from(pair[1] == 0);
    }
    if first == 0 && second == 0 && std::str::from_utf8(bytes).is_ok() && bytes.len() > 8 {
        return Decoded::guess(ascii(bytes), "utf-8"); // not sixteen bits at all
    }
    let encoding = match label {
        "utf-16le" => UTF_16LE,
        "utf-16be" => UTF_16BE,
        _ if second > first => UTF_16LE,
        _ => UTF_16BE,
    };
    Decoded::sure(encoding.decode_without_bom_handling(bytes).0)
}

fn detected(bytes: &[u8], allow_utf8: bool) -> Decoded {
    if allow_utf8
        && !bytes.contains(&0x1b)
        && let Some(decoded) = nearly_utf8(bytes, 8)
    {
        return decoded;
    }
    let utf8 = if allow_utf8 { Utf8Detection::Allow } else { Utf8Detection::Deny };
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    // The sample starts where the first byte tells something: a long English header would hide it.
    let start = bytes.iter().position(|b| !b.is_ascii() || *b == 0x1b).unwrap_or(0);
    let start = start.saturating_sub(64);
    let end = (start + SAMPLE_BYTES).min(bytes.len());
    detector.feed(&bytes[start..end], true);
    let encoding = likely(detector.guess(None, utf8), bytes);
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    if encoding == ISO_2022_JP && had_errors {
        return undeclared_without_escapes(bytes);
    }
    // A detector that saw only the sample may fail later: windows-1252 never does.
    if had_errors && encoding != UTF_8 && encoding != WINDOWS_1252 {
        let latin = WINDOWS_1252.decode_without_bom_handling(bytes).0;
        if marks(&text) * 50 > text.len() {
            return Decoded::guess(latin, WINDOWS_1252.name());
        }
    }
    Decoded::guess(text, encoding.name())
}

/// One pound sign or accent says little: among the Latin charsets the commonest is then the likeliest.
fn likely(guess: &'static Encoding, bytes: &[u8]) -> &'static Encoding {
    let is_latin = [
        "windows-1250",
        "windows-1254",
        "windows-1257",
        "windows-1258",
        "ISO-8859-2",
        "ISO-8859-4",
    ]
    .contains(&guess.name());
    let high = bytes.iter().filter(|b| !b.is_ascii()).take(4).count();
    if is_latin && high < 4 { WINDOWS_1252 } else { guess }
}

fn undeclared_without_escapes(bytes: &[u8]) -> Decoded {
    match std::str::from_utf8(bytes) {
        Ok(text) => Decoded::guess(text, "utf-8"),
        Err(_) => {
            Decoded::guess(WINDOWS_1252.decode_without_bom_handling(bytes).0, WINDOWS_1252.name())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_of_windows_in_utf8_is_read() {
        let mut bytes = "Grüße aus Köln, für zwei Nächte im März, Caf".as_bytes().to_vec();
        bytes.extend_from_slice(b"\xe9 inklusive");
        assert_eq!(
            decode(&bytes, Some("utf-8")).text,
            "Grüße aus Köln, für zwei Nächte im März, Café inklusive"
        );
        let cut = &bytes[..bytes.len() - 10];
        assert!(decode(cut, Some("utf-8")).text.ends_with('\u{fffd}'), "the end of a text is cut");
        assert_eq!(decode(b"caf\x82", Some("ibm437")).text, "café");
        assert_eq!(decode(b"caf\x82", Some("cp437")).text, "café");
    }

    #[test]
    fn another_script_under_a_latin_label_is_read() {
        type Case = (&'static Encoding, &'static str, Option<&'static str>);
        let cases: &[Case] = &[
            (encoding_rs::WINDOWS_1251, "Есть ли свободный номер на двоих?", Some("windows-1251")),
            (encoding_rs::KOI8_R, "Здравствуйте, есть ли свободный номер?", Some("koi8-u")),
            (encoding_rs::ISO_8859_7, "Καλημέρα, έχετε ελεύθερο δωμάτιο;", Some("windows-1253")),
            (encoding_rs::WINDOWS_1255, "שלום, האם יש חדר פנוי לשני אנשים?", Some("windows-1255")),
            (GBK, "您好，请问五月份有双人房吗？谢谢。", Some("gbk")),
            (WINDOWS_1252, "Góðan daginn, er herbergi laust þann 12. maí? Þökk, Þórður", None),
            (WINDOWS_1252, "Très cordialement, Hélène à Évreux", None),
            (WINDOWS_1252, "ÄÖÜÄÖÜÄÖÜ", None),
        ];
        for (encoding, text, guessed) in cases {
            let bytes = encoding.encode(text).0;
            let got = decode(&bytes, Some("iso-8859-1"));
            assert_eq!((got.text.as_str(), got.guessed.as_deref()), (*text, *guessed));
        }
    }

    #[test]
    fn utf8_encoded_twice_is_read_once() {
        let twice = WINDOWS_1252
            .decode_without_bom_handling("Grüße aus Köln, für zwei Nächte – bitte".as_bytes())
            .0
            .into_owned();
        let got = decode(twice.as_bytes(), Some("utf-8"));
        assert_eq!(got.text, "Grüße aus Köln, für zwei Nächte – bitte");
        for told in ["You write Ã¼ where ü stands, and Ã¶, and Ã¤.", "Ã¼ instead of what?"]
        {
            assert_eq!(decode(told.as_bytes(), Some("utf-8")).text, told);
        }
    }

    #[test]
    fn a_short_text_without_label_is_read_like_the_header_above_it() {
        let encode = |text: &str| encoding_rs::WINDOWS_1251.encode(text).0.into_owned();
        let near = encode("Subject: Свободный номер на двоих в мае\n\nДа");
        assert_eq!(decode_near(&encode("Да"), &near, None).text, "Да");
        assert_eq!(decode_near(b"plain", &near, None), Decoded::sure("plain"));
        let turkish = encoding_rs::WINDOWS_1254.encode("İstediğiniz odayı ayırttık").0.into_owned();
        let header = [b"Subject: Your room is ready and waiting\n\n".as_slice(), &turkish].concat();
        assert_eq!(decode_near(&turkish, &header, None), decode(&turkish, None));
        let korean = b"\x1b$)C\x0eGQ19\x0f";
        assert_eq!(decode(korean, None).text, "\u{d55c}\u{ad6d}");
    }

    #[test]
    fn labels_are_believed_as_far_as_they_are_true() {
        type Case = (&'static [u8], Option<&'static str>, &'static str, Option<&'static str>);
        let cases: &[Case] = &[
            (b"plain", None, "plain", None),
            (b"caf\xe9", Some("iso-8859-1"), "caf\u{e9}", None),
            (b"caf\xe9", Some("\"ISO_8859-15\""), "caf\u{e9}", None),
            (b"caf\xc3\xa9", Some("utf8"), "caf\u{e9}", None),
            // Sent as latin-1, is UTF-8.
            (b"caf\xc3\xa9", Some("iso-8859-1"), "caf\u{e9}", Some("utf-8")),
            // Sent as UTF-8, is not.
            (
                b"Gr\xfc\xdfe aus M\xfcnchen",
                Some("utf-8"),
                "Gr\u{fc}\u{df}e aus M\u{fc}nchen",
                Some("windows-1252"),
            ),
            (b"caf\xc3\xa9", Some("us-ascii"), "caf\u{e9}", Some("utf-8")),
            (b"wins \xa37,000", None, "wins \u{a3}7,000", Some("windows-1252")),
            (b"caf\xe9 cr\xe8me", Some("x-nonsense"), "caf\u{e9} cr\u{e8}me", Some("windows-1252")),
            (b"\xef\xbb\xbfbom", Some("iso-8859-1"), "bom", None),
            (b"Hi+AKE-", Some("utf-7"), "Hi\u{a1}", None),
            (b"\x82", Some("cp850"), "\u{e9}", None),
            (
                b"\xcf\xf0\xe8\xe2\xe5\xf2",
                Some("win-1251"),
                "\u{41f}\u{440}\u{438}\u{432}\u{435}\u{442}",
                None,
            ),
            (b"~{VPND~}", Some("hz-gb-2312"), "\u{4e2d}\u{6587}", None),
            (b"\x1b$)C\x0eGQ19\x0f", Some("iso-2022-kr"), "\u{d55c}\u{ad6d}", None),
            (b"h\0i\0", Some("utf-16"), "hi", None),
            (b"\0h\0i", Some("utf-16"), "hi", None),
            // Cut inside a character: still UTF-8.
            (
                b"\xc3\xa9\xc3\xa9\xc3\xa9\xc3",
                Some("utf-8"),
                "\u{e9}\u{e9}\u{e9}\u{fffd}",
                Some("utf-8"),
            ),
        ];
        for (bytes, label, text, guessed) in cases {
            let got = decode(bytes, *label);
            assert_eq!((got.text.as_str(), got.guessed.as_deref()), (*text, *guessed), "{label:?}");
        }
    }
}
