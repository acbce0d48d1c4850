//! A text with the little structure a reply needs: bold, italic, links, list items.
//!
//! The HTML of a mail that leaves is made from the words that leave and nothing else, so that both parts always say the
//! same, and what an author's HTML held besides cannot pass. Marks count the ink (what is no white space) and not bytes:
//! trimming, wrapping and unwrapping a text leaves them where they were.

mod html;

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// How a stretch of text looks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    Bold,
    Italic,
    /// Where it leads: `http`, `https` or `mailto`.
    Link(String),
    /// The bullet or number of a list item.
    Item,
}

/// A look, and the ink it is for. An empty stretch is a link whose words were lost: it is written out there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub ink: Range<usize>,
    pub look: Look,
}

/// Words and their marks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RichText {
    pub text: String,
    pub marks: Vec<Mark>,
}

impl From<String> for RichText {
    fn from(text: String) -> Self {
        RichText { text, marks: Vec::new() }
    }
}

/// Longer texts and more marks than a person makes stay plain: placing them costs the one times the other.
const MAX_MARKS: usize = 1_000;
const MAX_BYTES: usize = 100_000;

/// How much of a text is no white space.
pub fn ink(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

impl RichText {
    /// A text whose marks are known by their bytes.
    pub fn with_bytes(text: String, marks: &[(Range<usize>, Look)]) -> Self {
        if marks.is_empty() || marks.len() > MAX_MARKS || text.len() > MAX_BYTES {
            return RichText::from(text);
        }
        let mut inks = vec![0; text.len() + 1];
        let mut now = 0;
        for (at, c) in text.char_indices() {
            inks[at] = now;
            now += usize::from(!c.is_whitespace());
        }
        inks[text.len()] = now;
        let at = |byte: usize| inks[byte.min(text.len())];
        let marks = marks
            .iter()
            .map(|(span, look)| Mark { ink: at(span.start)..at(span.end), look: look.clone() });
        RichText { marks: marks.collect(), text }
    }

    /// Does it say just this, whatever breaks the lines and marks the words there?
    pub fn says(&self, text: &str) -> bool {
        letters(&self.text) == letters(text)
    }

    /// With a paragraph above.
    pub fn below(&self, paragraph: &str) -> Self {
        let mut whole = RichText::from(format!("{paragraph}\n\n"));
        whole.push(self);
        whole
    }

    /// Adds words without any look.
    pub fn push_str(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Adds another text with its looks.
    pub fn push(&mut self, other: &RichText) {
        if !other.marks.is_empty() {
            let before = ink(&self.text);
            self.marks.extend(other.marks.iter().map(|mark| Mark {
                ink: mark.ink.start + before..mark.ink.end + before,
                look: mark.look.clone(),
            }));
        }
        self.text.push_str(&other.text);
    }

    /// With other words in place of some: `change` is given each word between blanks, and each link. A mark that begins
    /// or ends within a changed word takes all of it; a link for which there is nothing to show is dropped.
    pub fn changed(
        &self,
        change: impl Fn(&str) -> String,
        link: impl Fn(&str) -> Option<String>,
    ) -> Self {
        let mut text = String::with_capacity(self.text.len());
        // Where each ink of the old text begins and ends in the new one.
        let mut places: Vec<Range<usize>> = Vec::new();
        let mut now = 0;
        for (word, blank) in words(&self.text) {
            let said = change(word);
            let (old, new) = (word.chars().count(), ink(&said));
            let same = said == word;
            places.extend(
                (0..old).map(|at| if same { now + at..now + at + 1 } else { now..now + new }),
            );
            now += new;
            text.push_str(&said);
            text.push_str(blank);
        }
        let marks = self.marks.iter().filter_map(|mark| {
            let look = match &mark.look {
                Look::Link(to) => Look::Link(link(to)?),
                look => look.clone(),
            };
            let start = places.get(mark.ink.start).map_or(now, |place| place.start);
            let last = mark.ink.end.checked_sub(1).filter(|_| !mark.ink.is_empty());
            let end = last.map_or(start, |last| places.get(last).map_or(now, |place| place.end));
            Some(Mark { ink: start..end.max(start), look })
        });
        RichText { marks: marks.collect(), text }
    }

    /// The same as safe HTML; `None` when that would say no more than the text.
    pub fn html(&self) -> Option<String> {
        (!self.marks.is_empty()).then(|| html::of(self))
    }
}

/// Letters and digits only, without links and image marks: what two renderings of a text have in common.
pub fn letters(text: &str) -> String {
    text.split_whitespace()
        .filter(|word| !word.contains("http") && !word.contains("cid:"))
        .flat_map(str::chars)
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// The words of a text, each with the blanks behind it; blanks at the beginning come behind an empty word.
fn words(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let word = &rest[..rest.find(char::is_whitespace).unwrap_or(rest.len())];
        let behind = &rest[word.len()..];
        let blank = &behind[..behind.find(|c: char| !c.is_whitespace()).unwrap_or(behind.len())];
        rest = &behind[blank.len()..];
        Some((word, blank))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rich(text: &str, marks: &[(&str, Look)]) -> RichText {
        let found = marks.iter().map(|(words, look)| {
            let at = text.find(words).unwrap();
            (at..at + words.len(), look.clone())
        });
        RichText::with_bytes(text.to_owned(), &found.collect::<Vec<_>>())
    }

    #[test]
    fn marks_follow_their_words() {
        let mut all = RichText::from("Dear John,\n\n".to_owned());
        all.push(&rich("from 14:00 on", &[("14:00", Look::Bold)]));
        let expected = rich("Dear John,\n\nfrom 14:00 on", &[("14:00", Look::Bold)]);
        assert_eq!(all, expected);
        let text = rich(
            "write to ana@x.example, please now",
            &[
                ("ana@", Look::Bold),
                ("please", Look::Italic),
                ("write", Look::Link("mailto:ana@x.example".into())),
                ("now", Look::Link("https://keep.example".into())),
            ],
        );
        let shown = text.changed(
            |word| word.replace("ana@x.example", "reply-address@r.example"),
            |link| (!link.contains("ana@")).then(|| link.to_owned()),
        );
        let expected = rich(
            "write to reply-address@r.example, please now",
            &[
                ("reply-address@r.example,", Look::Bold),
                ("please", Look::Italic),
                ("now", Look::Link("https://keep.example".into())),
            ],
        );
        assert_eq!(shown, expected);
    }
}
