//! Mozilla's catalogue of translation models: what the records of Remote Settings say, and which files make a model.
//!
//! The shape is that of the collection `translations-models-v2` (reference, 2.3): one record a file, an attachment
//! compressed with zstd, hashes of both forms. Records for tests of Firefox (`filter_expression`), of another major version
//! than the engine speaks, or without a hash are not for us.

use serde::Deserialize;

use super::language::Language;

/// The version of models the engine speaks; another one is another format.
const MAJOR: u64 = 3;

/// Kinds of models, the quickest first: it is what the speed of the embedded engine is measured with.
const KINDS: [&str; 3] = ["tiny", "base-memory", "base"];

/// One file of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name in the folder of the model.
    pub name: String,
    /// Where it is, below the attachments' address.
    pub location: String,
    /// Compressed.
    pub size_bytes: u64,
    /// SHA-256 of what is downloaded, and of what it unpacks to; hexadecimal.
    pub hash: String,
    pub unpacked_hash: String,
}

/// A model with all its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub from: Language,
    pub to: Language,
    pub version: String,
    /// `tiny`, `base-memory` or `base`.
    pub kind: String,
    pub files: Vec<File>,
}

impl Offer {
    pub fn size_bytes(&self) -> u64 {
        self.files.iter().map(|file| file.size_bytes).sum()
    }
}

#[derive(Deserialize)]
struct Records {
    data: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    name: String,
    file_type: String,
    source_language: String,
    target_language: String,
    version: String,
    #[serde(default)]
    architecture: Option<String>,
    decompressed_hash: String,
    attachment: Attachment,
    #[serde(default, rename = "filter_expression")]
    filter_expression: Option<String>,
}

#[derive(Deserialize)]
struct Attachment {
    hash: String,
    size: u64,
    location: String,
}

/// Every model that is offered whole, by pair; of several of one pair the newest, of these the quickest first.
pub fn offers(body: &[u8]) -> Result<Vec<Offer>, serde_json::Error> {
    let records: Records = serde_json::from_slice(body)?;
    // The collection has had other shapes beside this one; they are none of ours.
    let records: Vec<Record> = records
        .data
        .into_iter()
        .filter_map(|record| serde_json::from_value::<Record>(record).ok())
        .filter(|record| record.is_for_us())
        .collect();
    let mut found: Vec<Offer> = records
        .iter()
        .filter(|record| record.file_type == "model")
        .filter_map(|model| offer(model, &records))
        .collect();
    found.sort_by_key(|offer| {
        let kind = KINDS.iter().position(|kind| *kind == offer.kind).unwrap_or(KINDS.len());
        (offer.from, offer.to, std::cmp::Reverse(numbers(&offer.version)), kind)
    });
    Ok(found)
}

/// The offer of a pair, of this kind if one is named.
pub fn choose<'a>(
    offers: &'a [Offer],
    (from, to): (Language, Language),
    kind: Option<&str>,
) -> Option<&'a Offer> {
    let wanted = |offer: &&Offer| kind.is_none_or(|kind| offer.kind == kind);
    offers.iter().filter(|offer| (offer.from, offer.to) == (from, to)).find(wanted)
}

impl Record {
    fn is_for_us(&self) -> bool {
        let hash = |text: &str| text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
        let plain =
            |text: &str| !text.is_empty() && !text.starts_with('.') && !text.contains(['/', '\\']);
        self.filter_expression.as_ref().is_none_or(|filter| filter.trim().is_empty())
            && numbers(&self.version).first() == Some(&MAJOR)
            && hash(&self.decompressed_hash)
            && hash(&self.attachment.hash)
            && plain(&self.name)
            && !self.attachment.location.contains("..")
    }

    fn file(&self) -> File {
        File {
            name: self.name.clone(),
            location: self.attachment.location.clone(),
            size_bytes: self.attachment.size,
            hash: self.attachment.hash.to_ascii_lowercase(),
            unpacked_hash: self.decompressed_hash.to_ascii_lowercase(),
        }
    }
}

/// The files beside a model: of its pair, version and kind. Without a vocabulary it is no model; a shortlist is welcome.
fn offer(model: &Record, records: &[Record]) -> Option<Offer> {
    let beside = |file_type: &str| {
        let mut same = records.iter().filter(|record| {
            record.file_type == file_type
                && record.source_language == model.source_language
                && record.target_language == model.target_language
                && record.version == model.version
        });
        same.clone()
            .find(|record| record.architecture == model.architecture)
            .or_else(|| same.find(|record| record.architecture.is_none()))
            .map(Record::file)
    };
    let mut files = vec![model.file()];
    match beside("vocab") {
        Some(vocabulary) => files.push(vocabulary),
        None => files.extend([beside("srcvocab")?, beside("trgvocab")?]),
    }
    files.extend(beside("lex"));
    Some(Offer {
        from: Language::parse(&model.source_language).ok()?,
        to: Language::parse(&model.target_language).ok()?,
        version: model.version.clone(),
        kind: model.architecture.clone().unwrap_or_default(),
        files,
    })
}

/// `3.1` as numbers; `3.0a1` is 3 and 0.
fn numbers(version: &str) -> Vec<u64> {
    version.split('.').map(|part| part.parse().unwrap_or(0)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn record(kind: &str, pair: (&str, &str), version: &str, more: Value) -> Value {
        let mut record = json!({
            "name": format!("{kind}.{}{}.bin", pair.0, pair.1),
            "fileType": kind,
            "sourceLanguage": pair.0,
            "targetLanguage": pair.1,
            "version": version,
            "architecture": "tiny",
            "decompressedHash": "a".repeat(64),
            "attachment": { "hash": "B".repeat(64), "size": 10, "location": "main/x.zst" },
        });
        let more = more.as_object().unwrap().clone();
        record.as_object_mut().unwrap().extend(more);
        record
    }

    fn of(records: &[Value]) -> Vec<String> {
        let body = json!({ "data": records }).to_string();
        let offers = offers(body.as_bytes()).unwrap();
        let say = |offer: &Offer| {
            format!(
                "{}-{} {} {} {}",
                offer.from,
                offer.to,
                offer.version,
                offer.kind,
                offer.files.len()
            )
        };
        offers.iter().map(say).collect()
    }

    #[test]
    fn whole_models_of_our_version_are_offered() {
        let (en_fr, zh_en) = (("en", "fr"), ("zh", "en"));
        let base = json!({ "architecture": "base-memory" });
        let all = [
            record("model", en_fr, "3.0", json!({})),
            record("vocab", en_fr, "3.0", json!({})),
            record("lex", en_fr, "3.0", json!({})),
            record("model", en_fr, "3.1", base.clone()),
            record("vocab", en_fr, "3.1", base.clone()),
            record("model", en_fr, "3.1", json!({})),
            record("vocab", en_fr, "3.1", json!({ "architecture": null })),
            record("model", en_fr, "4.0", json!({})),
            record("vocab", en_fr, "4.0", json!({})),
            record("model", zh_en, "3.0", json!({})),
            record("srcvocab", zh_en, "3.0", json!({})),
            record("trgvocab", zh_en, "3.0", json!({})),
            json!({ "name": "something else" }),
        ];
        assert_eq!(
            of(&all),
            ["en-fr 3.1 tiny 2", "en-fr 3.1 base-memory 2", "en-fr 3.0 tiny 3", "zh-en 3.0 tiny 3"]
        );
        let body = json!({ "data": all }).to_string();
        let found = offers(body.as_bytes()).unwrap();
        let pair = (Language::EN, Language::of("fr"));
        assert_eq!(choose(&found, pair, None).unwrap().kind, "tiny");
        assert_eq!(choose(&found, pair, Some("base-memory")).unwrap().version, "3.1");
        assert_eq!(choose(&found, (pair.1, pair.0), None), None);
        assert_eq!(found[0].size_bytes(), 20);
        assert!(offers(b"<html>").is_err());
    }

    #[test]
    fn what_could_do_harm_is_not_offered() {
        let pair = ("en", "fr");
        for more in [
            json!({ "filter_expression": "env.channel == 'nightly'" }),
            json!({ "decompressedHash": null }),
            json!({ "decompressedHash": "abc" }),
            json!({ "name": "../../model.bin" }),
            json!({ "name": ".hidden" }),
            json!({ "attachment": { "hash": "b".repeat(64), "size": 1, "location": "../x" } }),
            json!({ "attachment": null }),
        ] {
            let all = [
                record("model", pair, "3.0", more.clone()),
                record("vocab", pair, "3.0", json!({})),
            ];
            assert_eq!(of(&all), Vec::<String>::new(), "{more}");
        }
    }
}
