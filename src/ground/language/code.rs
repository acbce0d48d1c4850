//! A language as two letters (ISO 639-1): one validated type, so that inside the house a language is right.
//!
//! Regions are not kept: detection cannot know them (pt-BR or pt-PT comes from the account), and a house
//! that answers in the right language has answered.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Two lower-case letters, such as `pt`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Language([u8; 2]);

/// The text is not a language tag with a two-letter primary part.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a language code: write two letters, such as \"pt\"")]
pub struct NotALanguage(String);

/// Every code of ISO 639-1.
const ISO_639_1: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de \
    dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja \
    jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nr \
    nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk \
    tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

impl Language {
    pub const EN: Language = Language(*b"en");
    pub const PT: Language = Language(*b"pt");

    /// Reads a tag such as `pt`, `PT-br` or `en_GB`; the region is dropped. The macro-language `no` and
    /// Nynorsk become `nb`: detectors cannot tell them apart reliably and readers read both.
    pub fn parse(tag: &str) -> Result<Self, NotALanguage> {
        let primary = tag.trim().split(['-', '_', '.']).next().unwrap_or("");
        let &[a, b] = primary.as_bytes() else {
            return Err(NotALanguage(tag.to_owned()));
        };
        let code = [a.to_ascii_lowercase(), b.to_ascii_lowercase()];
        if !code.iter().all(u8::is_ascii_lowercase) {
            return Err(NotALanguage(tag.to_owned()));
        }
        // RFC 5646, 4.1: the old codes stand for the new ones.
        Ok(match &code {
            b"no" | b"nn" => Language(*b"nb"),
            b"iw" => Language(*b"he"),
            b"in" => Language(*b"id"),
            _ => Language(code),
        })
    }

    /// Is there a language of this code? What people type is asked this; what machines say of a text is only read.
    pub fn exists(self) -> bool {
        ISO_639_1.split_ascii_whitespace().any(|code| code == self.as_str())
    }

    /// For tables of this room: two ASCII letters, checked when the table is compiled.
    pub(crate) const fn of(code: &'static str) -> Self {
        let bytes = code.as_bytes();
        assert!(bytes.len() == 2 && bytes[0].is_ascii_lowercase() && bytes[1].is_ascii_lowercase());
        Language([bytes[0], bytes[1]])
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("both bytes are ASCII letters")
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Language {
    type Err = NotALanguage;
    fn from_str(tag: &str) -> Result<Self, NotALanguage> {
        Language::parse(tag)
    }
}

impl Serialize for Language {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Language {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let tag = String::deserialize(from)?;
        Language::parse(&tag).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_become_two_letters() {
        for (tag, expected) in [
            ("pt", Some("pt")),
            ("PT-br", Some("pt")),
            ("en_GB.UTF-8", Some("en")),
            ("no", Some("nb")),
            ("iw", Some("he")),
            ("", None),
            ("por", None),
            ("p1", None),
            ("é", None), // two bytes, one letter
        ] {
            assert_eq!(Language::parse(tag).ok().as_ref().map(Language::as_str), expected, "{tag}");
        }
    }

    #[test]
    fn json_carries_the_code_and_refuses_others() {
        assert_eq!(serde_json::to_string(&Language::PT).unwrap(), "\"pt\"");
        assert_eq!(serde_json::from_str::<Language>("\"fr-CA\"").unwrap(), Language::of("fr"));
        assert!(serde_json::from_str::<Language>("\"klingon\"").is_err());
    }
}
