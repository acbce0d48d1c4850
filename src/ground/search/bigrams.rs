//! Scripts that write no spaces (Chinese, Japanese) or glue endings to words (Korean): their texts are indexed as pairs
//! of neighbouring letters, so that a part of a run is found without a dictionary.

/// Han, kana, Hangul.
pub(super) fn is_cjk(letter: char) -> bool {
    matches!(letter,
        '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The pairs of every run, and its last letter alone so that one letter is found too; empty for other scripts.
pub fn bigrams(text: &str) -> String {
    let mut said = String::new();
    if text.is_ascii() {
        return said;
    }
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if !is_cjk(letter) {
            continue;
        }
        said.push(letter);
        said.extend(letters.peek().filter(|next| is_cjk(**next)));
        said.push(' ');
    }
    said
}

/// A run as a phrase over the pairs; one letter as the start of a pair.
pub(super) fn phrase(run: &str) -> String {
    let letters: Vec<char> = run.chars().collect();
    let pairs: Vec<String> = letters.windows(2).map(|pair| pair.iter().collect()).collect();
    if pairs.is_empty() { format!("\"{run}\"*") } else { format!("\"{}\"", pairs.join(" ")) }
}
