//! What mail programs write around a quoted mail, per language: data, not code.
//!
//! Every entry is folded as [`fold`](super::line::fold) folds a line: lower case, straight quotes, single
//! spaces. A new language is a new entry in [`west`] or [`east`]; nothing else has to change.

mod east;
mod more;
mod west;

use std::{collections::HashMap, sync::LazyLock};

/// The words of one language.
pub(super) struct Language {
    /// ISO 639-1, for people who read the table.
    #[cfg_attr(not(test), expect(dead_code, reason = "names the entry; tests look at it"))]
    pub(super) code: &'static str,
    /// Header labels of a quoted mail: From.
    pub(super) from: &'static [&'static str],
    /// Sent: only mail programs say it.
    pub(super) sent: &'static [&'static str],
    /// Date: people say it too.
    pub(super) date: &'static [&'static str],
    /// To.
    pub(super) to: &'static [&'static str],
    /// Cc, Bcc.
    pub(super) cc: &'static [&'static str],
    /// Subject.
    pub(super) subject: &'static [&'static str],
    /// How an attribution line begins ("On …").
    pub(super) heads: &'static [&'static str],
    /// What its author did ("wrote").
    pub(super) verbs: &'static [&'static str],
    /// "you wrote": a person speaks, not a mail program.
    pub(super) you: &'static [&'static str],
    /// Banners over an answered mail ("Original Message").
    pub(super) original: &'static [&'static str],
    /// Banners over a forwarded mail ("Forwarded message").
    pub(super) forwarded: &'static [&'static str],
    /// How a mobile footer begins ("Sent from my").
    pub(super) footers: &'static [&'static str],
    /// Closings which are a signature's first line; words of thanks are not, they answer something.
    pub(super) closings: &'static [&'static str],
    /// Prefixes of the subject of a forwarded mail.
    pub(super) forward_marks: &'static [&'static str],
    /// "Please reply above this line".
    pub(super) above: &'static [&'static str],
}

/// Every language we know.
pub(super) fn all() -> impl Iterator<Item = &'static Language> {
    west::LANGUAGES.iter().chain(east::LANGUAGES).chain(more::LANGUAGES)
}

/// A field of a quoted header block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    From,
    Sent,
    Date,
    To,
    Cc,
    Subject,
    /// Others which mail programs write (Importance, Attachments, Reply-To).
    Other,
}

/// Labels which are not worth a column in every language.
#[rustfmt::skip]
const OTHER_LABELS: &[&str] = &[
    "reply-to",
    "reply to",
    "répondre à",
    "antwort an",
    "responder a",
    "importance",
    "importancia",
    "importância",
    "priorité",
    "wichtigkeit",
    "attachments",
    "pièces jointes",
    "anlagen",
    "adjuntos",
    "anexos",
    "allegati",
    "bijlagen",
    "priority",
    "mailed-by",
    "message-id",
    "organization",
    "resent-from",
    "x-mailer",
    "附件",
    "添付ファイル",
    "첨부",
];

static LABELS: LazyLock<HashMap<&'static str, Field>> = LazyLock::new(|| {
    let mut labels = HashMap::new();
    for language in all() {
        let columns = [
            (language.from, Field::From),
            (language.sent, Field::Sent),
            (language.date, Field::Date),
            (language.to, Field::To),
            (language.cc, Field::Cc),
            (language.subject, Field::Subject),
        ];
        for (names, field) in columns {
            for name in names {
                labels.entry(*name).or_insert(field);
            }
        }
    }
    for name in OTHER_LABELS {
        labels.entry(name).or_insert(Field::Other);
    }
    labels
});

/// The field a folded label names.
pub(super) fn field(label: &str) -> Option<Field> {
    LABELS.get(label).copied()
}

/// A set of phrases looked up by their first two characters, so that a line is compared with few of them.
pub(super) struct Phrases(HashMap<[char; 2], Vec<&'static str>>);

impl Phrases {
    fn new(column: fn(&'static Language) -> &'static [&'static str]) -> Self {
        let mut map: HashMap<[char; 2], Vec<&'static str>> = HashMap::new();
        for phrase in all().flat_map(|l| column(l).iter().copied()) {
            map.entry(head(phrase)).or_default().push(phrase);
        }
        for list in map.values_mut() {
            list.sort_by_key(|p| std::cmp::Reverse(p.len()));
            list.dedup();
        }
        Phrases(map)
    }

    /// The longest phrase this folded text begins with, at a word's end.
    pub(super) fn prefix_of(&self, text: &str) -> Option<&'static str> {
        self.0
            .get(&head(text))?
            .iter()
            .copied()
            .find(|p| text.starts_with(p) && ends_word(p, &text[p.len()..]))
    }

    /// Is the folded text one of the phrases?
    pub(super) fn is(&self, text: &str) -> bool {
        self.0.get(&head(text)).is_some_and(|list| list.contains(&text))
    }
}

fn head(text: &str) -> [char; 2] {
    let mut chars = text.chars();
    [chars.next().unwrap_or(' '), chars.next().unwrap_or(' ')]
}

/// Does a phrase end where a word ends? Scripts without spaces have no word ends to look for.
pub(super) fn ends_word(phrase: &str, rest: &str) -> bool {
    let last = phrase.chars().next_back().unwrap_or(' ');
    !last.is_alphanumeric() || is_unspaced(last) || !rest.starts_with(char::is_alphanumeric)
}

/// Han, Kana and Hangul: words are not divided by spaces (or particles follow at once).
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c), 0x3040..=0x30ff | 0x3400..=0x9fff | 0xac00..=0xd7af | 0xf900..=0xfaff)
}

pub(super) static HEADS: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(|l| l.heads));
pub(super) static ORIGINAL: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(|l| l.original));
pub(super) static FORWARDED: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(|l| l.forwarded));
pub(super) static FOOTERS: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(|l| l.footers));
pub(super) static CLOSINGS: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(|l| l.closings));
pub(super) static FORWARD_MARKS: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::new(|l| l.forward_marks));
pub(super) static VERBS: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(|l| l.verbs));
pub(super) static YOU: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(|l| l.you));
pub(super) static ABOVE: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(|l| l.above));
