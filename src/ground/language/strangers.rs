//! Languages the judge has no model of: whatlang knows 70, so where it hears one of them clearly we are not sure of ours.

use std::cell::OnceCell;

use whatlang::{Info, Lang};

use super::{Language, common_words::Votes, judge};

/// Every language of whatlang as two letters.
#[rustfmt::skip]
pub(super) static ISO_639: &[(Lang, &str)] = &[
    (Lang::Eng, "en"), (Lang::Rus, "ru"), (Lang::Cmn, "zh"), (Lang::Spa, "es"), (Lang::Por, "pt"), (Lang::Ita, "it"), (Lang::Ben, "bn"),
    (Lang::Fra, "fr"), (Lang::Deu, "de"), (Lang::Ukr, "uk"), (Lang::Kat, "ka"), (Lang::Ara, "ar"), (Lang::Hin, "hi"), (Lang::Jpn, "ja"),
    (Lang::Heb, "he"), (Lang::Yid, "yi"), (Lang::Pol, "pl"), (Lang::Amh, "am"), (Lang::Jav, "jv"), (Lang::Kor, "ko"), (Lang::Nob, "nb"),
    (Lang::Dan, "da"), (Lang::Swe, "sv"), (Lang::Fin, "fi"), (Lang::Tur, "tr"), (Lang::Nld, "nl"), (Lang::Hun, "hu"), (Lang::Ces, "cs"),
    (Lang::Ell, "el"), (Lang::Bul, "bg"), (Lang::Bel, "be"), (Lang::Mar, "mr"), (Lang::Kan, "kn"), (Lang::Ron, "ro"), (Lang::Slv, "sl"),
    (Lang::Hrv, "hr"), (Lang::Srp, "sr"), (Lang::Mkd, "mk"), (Lang::Lit, "lt"), (Lang::Lav, "lv"), (Lang::Est, "et"), (Lang::Tam, "ta"),
    (Lang::Vie, "vi"), (Lang::Urd, "ur"), (Lang::Tha, "th"), (Lang::Guj, "gu"), (Lang::Uzb, "uz"), (Lang::Pan, "pa"), (Lang::Aze, "az"),
    (Lang::Ind, "id"), (Lang::Tel, "te"), (Lang::Pes, "fa"), (Lang::Mal, "ml"), (Lang::Ori, "or"), (Lang::Mya, "my"), (Lang::Nep, "ne"),
    (Lang::Sin, "si"), (Lang::Khm, "km"), (Lang::Tuk, "tk"), (Lang::Aka, "ak"), (Lang::Zul, "zu"), (Lang::Sna, "sn"), (Lang::Afr, "af"),
    (Lang::Lat, "la"), (Lang::Slk, "sk"), (Lang::Cat, "ca"), (Lang::Tgl, "tl"), (Lang::Hye, "hy"), (Lang::Epo, "eo"), (Lang::Cym, "cy"),
];

/// Can whatlang say this language?
pub(super) fn whatlang_knows(language: Language) -> bool {
    ISO_639.iter().any(|(_, code)| *code == language.as_str())
}

/// Below this many letters whatlang hears strangers everywhere.
const LETTERS_TO_HEAR: usize = 25;
const CONFIDENCE_TO_HEAR: f64 = 0.35;

/// What whatlang hears in a text: asked once at most, for its answer takes fifty microseconds.
pub(super) struct Trigrams<'t> {
    text: &'t str,
    heard: OnceCell<Option<Info>>,
}

impl<'t> Trigrams<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Trigrams { text, heard: OnceCell::new() }
    }

    pub(super) fn heard(&self) -> Option<&Info> {
        self.heard.get_or_init(|| whatlang::detect(self.text)).as_ref()
    }

    /// Was it needed so far?
    pub(super) fn were_asked(&self) -> bool {
        self.heard.get().is_some()
    }
}

/// Where the little words lead by so much, nobody without a model is listened for.
const LEAD_TO_BELIEVE: f32 = 1.8;

/// The language of the text that the judge cannot name, and how clearly it is heard, where `first` is what the text
/// seems to be in so far.
pub(super) fn heard(
    first: Option<Language>,
    letters: usize,
    votes: &Votes,
    trigrams: &Trigrams<'_>,
) -> Option<(Language, f32)> {
    if first.is_some_and(|language| !judge::knows(language)) {
        return None;
    }
    if let Some(leader) = votes.leader() {
        if votes.say(leader.language) && !judge::knows(leader.language) {
            return Some((leader.language, CONFIDENCE_OF_WORDS));
        }
        let ahead = leader.lead.min(leader.score - votes.without_model());
        if Some(leader.language) == first && ahead >= LEAD_TO_BELIEVE && !trigrams.were_asked() {
            return None;
        }
    }
    by_trigrams(letters, trigrams)
}

/// Little words are heard, not believed.
const CONFIDENCE_OF_WORDS: f32 = 0.5;

fn by_trigrams(letters: usize, trigrams: &Trigrams<'_>) -> Option<(Language, f32)> {
    if letters < LETTERS_TO_HEAR {
        return None;
    }
    let info = trigrams.heard()?;
    // Turkish under a wrong charset has the Turkmen `ý` for its `ı`, and these for its `ğ` and `ş`.
    if info.lang() == Lang::Tuk && trigrams.text.contains(['ð', 'þ']) {
        return None;
    }
    let (_, code) = ISO_639.iter().find(|(lang, _)| *lang == info.lang())?;
    let language = Language::of(code);
    let stranger = info.confidence() >= CONFIDENCE_TO_HEAR && !judge::knows(language);
    stranger.then_some((language, info.confidence() as f32))
}
