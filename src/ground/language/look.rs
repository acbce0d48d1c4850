//! The first look: by script, by little words, by whichlang and whatlang. It answers only where it is surer
//! than the judge would be, which is most sentences; everything else goes to the judge.

use super::{
    Language, common_words,
    judge::Family,
    scripts,
    strangers::{self, Trigrams},
};

/// Below this many letters the little words and the letter pairs are chance, not evidence.
const LETTERS_FOR_LATIN: usize = 20;

/// The language, where a cheap look settles it. `text` is clean and in lower case.
pub(super) fn first_look(text: &str, letters: usize, trigrams: &Trigrams<'_>) -> Option<Language> {
    if let Some(own) = scripts::alone(text, letters) {
        return Some(own);
    }
    let script = Script::most(text, letters)?;
    match script {
        Script::Latin => scripts::latin(text).or_else(|| latin(text, letters, trigrams)),
        Script::Cyrillic => cyrillic(text, letters, trigrams),
        Script::Greek => Some(Language::of("el")),
        Script::Hebrew => Some(Language::of("he")),
        Script::Arabic => arabic(text),
        Script::Hangul => Some(Language::of("ko")),
        Script::Kana => Some(Language::of("ja")),
        // Japanese without kana exists in titles only; a letter of two or more Han characters is Chinese.
        Script::Han => Some(Language::of("zh")),
    }
}

/// The family the judge may keep to, where the little words leave no other.
pub(super) fn family(text: &str) -> Option<Family> {
    let vote = common_words::vote(text)?;
    (vote.score - vote.stranger >= LEAD_OF_A_FAMILY).then(|| Family::of(vote.best)).flatten()
}

/// Two distinctive words, or one and several shared by the family.
const LEAD_OF_A_FAMILY: f32 = 1.0;

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
        // Latin names and brands stand in everybody's text, not the other way round.
        let share = |script| {
            if script == Script::Latin { (9, 10) } else { (2, 3) }
        };
        all.into_iter().find(|&script| {
            let (part, whole) = share(script);
            letters > 0 && counts[script as usize] * whole >= letters * part
        })
    }
}

/// By letters that only some of the Cyrillic languages use; Bulgarian and Macedonian without any are the judge's.
fn cyrillic(text: &str, letters: usize, trigrams: &Trigrams<'_>) -> Option<Language> {
    match scripts::cyrillic(text) {
        scripts::Cyrillic::Sure(language) => Some(language),
        // One letter in twenty is one of the four in Ukrainian, one in thirty `ъ` in Bulgarian.
        scripts::Cyrillic::Plain if letters >= 40 => {
            let info = trigrams.heard()?;
            let russian = info.lang() == whatlang::Lang::Rus && info.is_reliable();
            (russian && !text.contains('ъ')).then_some(Language::of("ru"))
        }
        _ => None,
    }
}

/// By letters Arabic does not have. A Persian keyboard writes its `ی` and `ک` into Arabic too.
fn arabic(text: &str) -> Option<Language> {
    scripts::arabic(text).or_else(|| (!text.contains(['ک', 'ی'])).then_some(Language::of("ar")))
}

/// Latin letters: the little words propose, and one of the two statistical looks has to agree.
fn latin(text: &str, letters: usize, trigrams: &Trigrams<'_>) -> Option<Language> {
    if letters < LETTERS_FOR_LATIN {
        return None;
    }
    let Some(vote) = common_words::vote(text) else {
        return unmistakable(trigrams);
    };
    let lead = vote.score - vote.second;
    // Norwegian, Danish and Swedish share most of their little words.
    if SCANDINAVIAN.contains(&vote.best.as_str()) && lead < 1.9 {
        return None;
    }
    if lead >= 0.6 && whichlang(text) == Some(vote.best) {
        return Some(vote.best);
    }
    let alone = lead >= 1.8 && vote.second <= vote.score * 0.7;
    if !WHICHLANG_KNOWS.contains(&vote.best.as_str()) && alone {
        return Some(vote.best);
    }
    let info = trigrams.heard()?;
    let agrees = whatlang_code(info.lang()) == Some(vote.best);
    if agrees && lead >= 0.4 && info.confidence() >= 0.2 {
        return Some(vote.best);
    }
    unmistakable(trigrams).filter(|found| agrees && *found == vote.best)
}

const SCANDINAVIAN: &[&str] = &["da", "nb", "sv"];

/// Without a little word: languages whose letter triples look like no other's.
fn unmistakable(trigrams: &Trigrams<'_>) -> Option<Language> {
    use whatlang::Lang;
    let info = trigrams.heard()?;
    let apart = matches!(
        info.lang(),
        Lang::Fin | Lang::Hun | Lang::Tur | Lang::Pol | Lang::Ces | Lang::Lit | Lang::Lav
    );
    (apart && info.confidence() >= 0.6).then(|| whatlang_code(info.lang())).flatten()
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
        Lang::Ara | Lang::Cmn | Lang::Hin | Lang::Jpn | Lang::Kor | Lang::Rus | Lang::Vie => {
            return None;
        }
    }))
}

fn whatlang_code(language: whatlang::Lang) -> Option<Language> {
    strangers::ISO_639
        .iter()
        .find(|(lang, _)| *lang == language)
        .map(|(_, code)| Language::of(code))
}
