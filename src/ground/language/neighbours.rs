//! Languages so near each other that a paragraph of one is taken for the other now and then.

use super::Language;

const GROUPS: [&[&str]; 9] = [
    &["pt", "es", "gl", "ca"],
    &["da", "nb", "sv"],
    &["cs", "sk"],
    &["ru", "uk", "bg"],
    &["bg", "mk", "sr"],
    &["hr", "sl", "sr"],
    &["lt", "lv"],
    &["fi", "et"],
    &["it", "ca", "es"],
];

/// May the one be taken for the other?
pub fn alike(one: Language, other: Language) -> bool {
    let both = |group: &&[&str]| group.contains(&one.as_str()) && group.contains(&other.as_str());
    one == other || GROUPS.iter().any(both)
}

/// The language and every one it may be taken for.
pub(super) fn around(language: Language) -> impl Iterator<Item = Language> {
    let groups = GROUPS.iter().filter(move |group| group.contains(&language.as_str()));
    let relatives = groups.flat_map(|group| group.iter().map(|code| Language::of(code)));
    std::iter::once(language).chain(relatives)
}
