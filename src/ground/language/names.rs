//! What languages call themselves: right for every reader.

use super::Language;

const NAMES: [(&str, &str); 32] = [
    ("ar", "العربية"),
    ("bg", "български"),
    ("ca", "català"),
    ("cs", "čeština"),
    ("da", "dansk"),
    ("de", "Deutsch"),
    ("el", "ελληνικά"),
    ("en", "English"),
    ("es", "español"),
    ("et", "eesti"),
    ("fi", "suomi"),
    ("fr", "français"),
    ("gl", "galego"),
    ("he", "עברית"),
    ("hr", "hrvatski"),
    ("hu", "magyar"),
    ("it", "italiano"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("lt", "lietuvių"),
    ("lv", "latviešu"),
    ("nb", "norsk"),
    ("nl", "Nederlands"),
    ("pl", "polski"),
    ("pt", "português"),
    ("ro", "română"),
    ("ru", "русский"),
    ("sk", "slovenčina"),
    ("sv", "svenska"),
    ("tr", "Türkçe"),
    ("uk", "українська"),
    ("zh", "中文"),
];

/// The languages whose own names we know.
pub fn named() -> impl Iterator<Item = Language> {
    NAMES.iter().map(|(code, _)| Language::of(code))
}

impl Language {
    /// The language's own name; its code where we do not know it.
    pub fn name(&self) -> &str {
        NAMES
            .iter()
            .find(|(code, _)| *code == self.as_str())
            .map_or(self.as_str(), |(_, name)| name)
    }
}
