//! Questions whose "not" asks for nothing less: "Haben Sie nicht ein Zimmer frei?" asks for a room, and of "You have
//! parking, don't you?" only the tag denies.

use super::opposites::words;

/// What a question may end with behind a comma, in the languages of [`super::spoken`].
#[rustfmt::skip]
const TAGS: [&[&str]; 8] = [
    &["right", "no", "is that right"],
    &["não é", "não é verdade", "não é assim", "não", "né", "certo", "verdade", "pois não"],
    &["no", "verdad", "no es verdad", "no es así", "no es cierto", "cierto"],
    &["n est-ce pas", "n'est-ce pas", "non", "pas vrai", "hein"],
    &["no", "vero", "non è vero", "giusto", "certo"],
    &["oder", "oder nicht", "nicht wahr", "nicht", "stimmt s", "gell", "ne"],
    &["toch", "niet waar", "nietwaar", "hè", "of niet"],
    &["oi", "no", "oi que sí", "oi que no", "veritat"],
];
const ENGLISH: usize = 0;
const PRONOUNS: [&str; 8] = ["i", "you", "he", "she", "it", "we", "they", "there"];

/// The sentence without the tag it ends with.
pub(super) fn without_tag(text: &str, row: usize) -> &str {
    if !text.trim_end().ends_with('?') {
        return text;
    }
    let Some((asked, tag)) = text.rsplit_once([',', '–', '—']) else { return text };
    let tag = words(tag);
    // "isn't it", "don't you"
    let contracted = row == ENGLISH
        && matches!(&tag[..], [verb, t, who]
            if verb.ends_with('n') && t == "t" && PRONOUNS.contains(&&who[..]));
    if contracted || TAGS[row].contains(&&tag.join(" ")[..]) { asked } else { text }
}

/// Verbs of having and of what would be, by which a question asks politely: those that stand before their "not", and behind it.
#[rustfmt::skip]
const ASKS: [(&str, &str); 8] = [
    ("could couldn would wouldn isn aren", "have"),
    ("", "têm tem tens teria teriam terias haveria há seria poderia poderiam poderias podia podiam"),
    ("", "tienen tiene tienes tenéis tendrían tendría tendrías tendríais tendréis habría hay sería podría podrían podrías podríais"),
    ("auriez aurait aurais avez avez-vous auriez-vous aurais-tu as-tu aurait-il serait serait-il pourriez pourriez-vous pourrait pourrais", ""),
    ("", "avreste avete avrebbe avresti hai potreste potrebbe potresti sarebbe ci"),
    ("haben habt hast hätten hättet hättest hätte könnten könnte könntet könntest wäre würden gäbe gibt", ""),
    ("heeft hebt hebben heb zou zouden", ""),
    ("", "tenen té teniu tindrien tindria tindríeu hi seria podrien podria podríeu"),
];

/// Behind such a verb it is "have to".
const MUST: [&str; 5] = ["to", "que", "de", "da", "d"];
/// Who asks so wants to know what is not.
const WHY: [&str; 8] = [
    "why what which when who where how",
    "porque porquê que qual quais quando quem onde como",
    "por qué que cuál cuáles cuándo quién dónde cómo",
    "pourquoi que quoi quel quelle quels quelles quand qui où comment",
    "perché che cosa quale quali quando chi dove come",
    "warum wieso weshalb was welche welcher welches wann wer wo wie",
    "waarom wat welke welk wanneer wie waar hoe",
    "per què que quin quina quins quan qui on com",
];

/// Does the "not" at this place of a sentence only make a question polite?
pub(super) fn is_polite(sentence: &str, words: &[String], row: usize, at: usize) -> bool {
    let (before, behind) = ASKS[row];
    let known = |list: &str, word: &String| list.split(' ').any(|known| known == word);
    let must = |at: usize| words.get(at + 1).is_some_and(|next| MUST.contains(&&next[..]));
    // «Vous n'avez pas à payer» and "you do not have to".
    let has_to = |at: usize| words.get(at + 1).is_some_and(|next| next == "à" || next == "que");
    let mut verbs = (at.saturating_sub(3)..at)
        .filter(|verb| known(before, &words[*verb]))
        .chain((at + 1..words.len().min(at + 3)).filter(|verb| known(behind, &words[*verb])));
    let opens = words.first().is_some_and(|first| known(WHY[row], first));
    sentence.trim_end().ends_with('?') && !opens && !has_to(at) && verbs.any(|verb| !must(verb))
}
