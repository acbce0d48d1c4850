//! The first look: by script, by little words, by whichlang and whatlang. It answers only where it is surer
//! than the judge would be, which is most sentences; everything else goes to the judge.

use super::{Language, common_words};

/// Below this many letters the little words and the letter pairs are chance, not evidence.
const LETTERS_FOR_LATIN: usize = 20;

/// The language, where a cheap look settles it. `text` is clean and in lower case.
pub(super) fn first_look(text: &str, letters: usize) -> Option<Language> {
    let script = Script::most(text, letters)?;
    match script {
        Script::Latin => latin(text, letters),
        Script::Cyrillic => cyrillic(text),
        Script::Greek => Some(Language::of("el")),
        Script::Hebrew => Some(Language::of("he")),
        Script::Arabic => arabic(text),
        Script::Hangul => Some(Language::of("ko")),
        Script::Kana => Some(Language::of("ja")),
        // Japanese without kana exists in titles only; a letter of two or more Han characters is Chinese.
        Script::Han => Some(Language::of("zh")),
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Script {
    Latin,
    Cyrillic,
    Greek,
    Hebrew,
    Arabic,
    Hangul,
    Kana,
    Han,
}

impl Script {
    fn of(c: char) -> Option<Script> {
        Some(match u32::from(c) {
            0x41..=0x24F | 0x1E00..=0x1EFF => Script::Latin,
            0x370..=0x3FF | 0x1F00..=0x1FFF => Script::Greek,
            0x400..=0x52F => Script::Cyrillic,
            0x590..=0x5FF => Script::Hebrew,
            0x600..=0x6FF | 0x750..=0x77F => Script::Arabic,
            0x1100..=0x11FF | 0xAC00..=0xD7AF => Script::Hangul,
            0x3040..=0x30FF => Script::Kana,
            0x3400..=0x9FFF => Script::Han,
            _ => return None,
        })
    }

    /// The script nine letters in ten are written in; Japanese mixes Han with kana, so a fifth of kana names it.
    fn most(text: &str, letters: usize) -> Option<Script> {
        let mut counts = [0_usize; 8];
        for script in text.chars().filter(|c| c.is_alphabetic()).filter_map(Script::of) {
            counts[script as usize] += 1;
        }
        let kana = counts[Script::Kana as usize];
        if kana * 5 >= letters && (kana + counts[Script::Han as usize]) * 10 >= letters * 9 {
            return Some(Script::Kana);
        }
        let all = [
            Script::Latin,
            Script::Cyrillic,
            Script::Greek,
            Script::Hebrew,
            Script::Arabic,
            Script::Hangul,
            Script::Kana,
            Script::Han,
        ];
        all.into_iter().find(|&script| letters > 0 && counts[script as usize] * 10 >= letters * 9)
    }
}

/// Letters that only one of the Cyrillic languages uses. Bulgarian and Serbian are not ours to name:
/// without a letter that speaks for Russian or Ukrainian the judge decides.
fn cyrillic(text: &str) -> Option<Language> {
    let ukrainian = text.contains(['і', 'ї', 'є', 'ґ']);
    let russian = text.contains(['ы', 'э', 'ё', 'ъ']);
    match (ukrainian, russian) {
        (true, false) => Some(Language::of("uk")),
        (false, true) if text.contains(['ы', 'э', 'ё']) => Some(Language::of("ru")),
        _ => None,
    }
}

/// Persian and Urdu are written in Arabic letters, but with letters Arabic does not have.
fn arabic(text: &str) -> Option<Language> {
    (!text.contains(['پ', 'چ', 'ژ', 'گ', 'ک', 'ی', 'ٹ', 'ڈ', 'ے'])).then_some(Language::of("ar"))
}

/// Latin letters: the little words propose, and one of the two statistical looks has to agree.
fn latin(text: &str, letters: usize) -> Option<Language> {
    if letters < LETTERS_FOR_LATIN {
        return None;
    }
    let vote = common_words::vote(text)?;
    let lead = vote.score - vote.second;
    if lead >= 0.8 && vote.second * 2.0 <= vote.score && whichlang(text) == Some(vote.best) {
        return Some(vote.best);
    }
    let alone = lead >= 2.0 && vote.second * 3.0 <= vote.score;
    if !WHICHLANG_KNOWS.contains(&vote.best.as_str()) && alone {
        return Some(vote.best);
    }
    let info = whatlang::detect(text)?;
    let agrees = whatlang_code(info.lang()) == Some(vote.best);
    (agrees && lead >= 0.5 && info.confidence() >= 0.3).then_some(vote.best)
}

/// The Latin languages whichlang was trained on; it has an answer for every text, so another language's
/// sentence comes out as one of these and only agreement counts.
const WHICHLANG_KNOWS: &[&str] = &["de", "en", "fr", "it", "nl", "pt", "es", "sv", "tr"];

fn whichlang(text: &str) -> Option<Language> {
    use whichlang::Lang;
    Some(Language::of(match whichlang::detect_language(text) {
        Lang::Deu => "de",
        Lang::Eng => "en",
        Lang::Fra => "fr",
        Lang::Ita => "it",
        Lang::Nld => "nl",
        Lang::Por => "pt",
        Lang::Spa => "es",
        Lang::Swe => "sv",
        Lang::Tur => "tr",
        Lang::Ara | Lang::Cmn | Lang::Hin | Lang::Jpn | Lang::Kor | Lang::Rus | Lang::Vie => return None,
    }))
}

fn whatlang_code(language: whatlang::Lang) -> Option<Language> {
    use whatlang::Lang;
    Some(Language::of(match language {
        Lang::Eng => "en",
        Lang::Fra => "fr",
        Lang::Deu => "de",
        Lang::Spa => "es",
        Lang::Ita => "it",
        Lang::Por => "pt",
        Lang::Nld => "nl",
        Lang::Cat => "ca",
        Lang::Dan => "da",
        Lang::Nob => "nb",
        Lang::Swe => "sv",
        Lang::Fin => "fi",
        Lang::Pol => "pl",
        Lang::Ces => "cs",
        Lang::Hrv => "hr",
        Lang::Hun => "hu",
        Lang::Ron => "ro",
        Lang::Tur => "tr",
        _ => return None,
    }))
}
