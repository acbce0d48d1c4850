//! The first look: by script, by little words, by whichlang and whatlang. It answers only where it is surer than the
//! judge would be, which is most sentences; of the rest it says between whom the judge has to decide, where it can.

use super::{
    Language,
    common_words::Votes,
    judge, neighbours, scripts,
    strangers::{self, Trigrams},
};

/// Below this many letters the letter pairs are chance, not evidence.
const LETTERS_FOR_LATIN: usize = 20;

/// What the first look comes to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Look {
    Settled(Language),
    /// One of these: the judge need not weigh the others, which would be most of its time.
    Among(Vec<Language>),
    Open,
}

/// `text` is clean and in lower case.
pub(super) fn first_look(
    text: &str,
    letters: usize,
    votes: &Votes,
    trigrams: &Trigrams<'_>,
) -> Look {
    if let Some(own) = scripts::alone(text, letters) {
        return Look::Settled(own);
    }
    let Some(script) = Script::most(text, letters) else { return Look::Open };
    let settled = match script {
        Script::Latin => match scripts::latin(text) {
            None => return latin(text, letters, votes, trigrams),
            vietnamese => vietnamese,
        },
        Script::Cyrillic => cyrillic(text, letters, votes, trigrams),
        Script::Greek => Some(Language::of("el")),
        Script::Hebrew => Some(Language::of("he")),
        Script::Arabic => arabic(text),
        Script::Hangul => Some(Language::of("ko")),
        Script::Kana => Some(Language::of("ja")),
        // Japanese without kana exists in titles only; a letter of two or more Han characters is Chinese.
        Script::Han => Some(Language::of("zh")),
    };
    settled.map_or(Look::Open, Look::Settled)
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
            // 0x259 is the schwa of Azerbaijani.
            0x41..=0x24F | 0x259 | 0x1E00..=0x1EFF => Script::Latin,
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

/// By letters that only some of the Cyrillic languages use, then by the little words, where whatlang agrees.
fn cyrillic(
    text: &str,
    letters: usize,
    votes: &Votes,
    trigrams: &Trigrams<'_>,
) -> Option<Language> {
    let leader = match scripts::cyrillic(text) {
        scripts::Cyrillic::Sure(language) => return Some(language),
        scripts::Cyrillic::Plain => votes.leader()?,
        scripts::Cyrillic::Open => return None,
    };
    let agreed = letters >= LETTERS_FOR_LATIN
        && leader.lead >= LEAD_IN_CYRILLIC
        && heard(trigrams, 0.0) == Some(leader.language);
    (agreed || leader.lead >= LEAD_ALONE).then_some(leader.language)
}

/// By letters Arabic does not have. A Persian keyboard writes its `ی` and `ک` into Arabic too.
fn arabic(text: &str) -> Option<Language> {
    scripts::arabic(text).or_else(|| (!text.contains(['ک', 'ی'])).then_some(Language::of("ar")))
}

/// Distinctive words the first language has to have more than the next where a statistical look agrees, where that
/// is Norwegian, Danish or Swedish, which share most of their words, in Cyrillic, and where none agrees. On lingua's
/// sentences the words are right at each as often as lingua.
const LEAD_AGREED: f32 = 0.6;
const LEAD_IN_SCANDINAVIA: f32 = 1.0;
const LEAD_IN_CYRILLIC: f32 = 0.3;
const LEAD_ALONE: f32 = 3.0;
/// The same of Albanian and Basque, with which neither can agree.
const LEAD_UNHEARD: f32 = 1.8;

/// From here on whatlang is followed by the judge where there is no little word, and believed where the words allow it.
const CONFIDENCE_TO_FOLLOW: f64 = 0.5;
const CONFIDENCE_TO_BELIEVE: f64 = 0.9;

/// Latin letters: the little words propose, and one of the two statistical looks has to agree.
fn latin(text: &str, letters: usize, votes: &Votes, trigrams: &Trigrams<'_>) -> Look {
    if letters < LETTERS_FOR_LATIN {
        return Look::Open;
    }
    let whichlang = whichlang(text);
    let leader = votes.leader();
    let settled = leader.filter(|leader| {
        let first = leader.language;
        let nordic = SCANDINAVIAN.contains(&first.as_str());
        let clear = leader.lead >= if nordic { LEAD_IN_SCANDINAVIA } else { LEAD_AGREED };
        if WHICHLANG_KNOWS.contains(&first.as_str()) {
            clear && whichlang == Some(first)
        } else {
            let alone = if strangers::whatlang_knows(first) { LEAD_ALONE } else { LEAD_UNHEARD };
            leader.lead >= alone || clear && heard(trigrams, 0.0) == Some(first)
        }
    });
    if let Some(leader) = settled {
        return Look::Settled(leader.language);
    }
    let score = leader.map_or(0.0, |leader| leader.score);
    let unmistakable = heard(trigrams, CONFIDENCE_TO_BELIEVE).filter(|heard| {
        let crowded = |crowd: &[&str]| crowd.contains(&heard.as_str());
        let known = !crowded(WHICHLANG_KNOWS) && !crowded(SCANDINAVIAN) && judge::knows(*heard);
        known && votes.score(*heard) >= score * 0.7
    });
    if let Some(language) = unmistakable {
        return Look::Settled(language);
    }
    let least = if leader.is_some() { 0.0 } else { CONFIDENCE_TO_FOLLOW };
    let Some(heard) = heard(trigrams, least) else { return Look::Open };
    let voted = leader.into_iter().flat_map(|leader| votes.at_least(leader.score / 2.0));
    Look::Among(neighbours::around(heard).chain(voted).chain(whichlang).collect())
}

/// What whatlang hears with at least this confidence.
fn heard(trigrams: &Trigrams<'_>, least: f64) -> Option<Language> {
    let info = trigrams.heard().filter(|info| info.confidence() >= least)?;
    whatlang_code(info.lang())
}

const SCANDINAVIAN: &[&str] = &["da", "nb", "sv"];

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
