//! Takes a text apart into what is translated and what is kept, and puts it together in the same shape:
//! line breaks, lists, indents, quotes, greeting and signature stay where they were.
//!
//! A line wrapped by a mail client is half a sentence, and half a sentence is translated as rubbish; so lines
//! are joined to paragraphs first.

use std::ops::Range;

use super::{
    language::{self, Language},
    phrase_book::{self, Kind},
};

/// One stretch of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Stays as it is: breaks, bullets, quotes, the signature.
    Keep(String),
    /// A paragraph, list item or formula, without the blanks around it.
    Translate(String),
}

/// From this width on a line that ends without a final mark was wrapped by a machine (RFC 3676 suggests 66 to 72).
const WRAPPED_CHARS: usize = 50;

/// A signature is short lines, and not many of them.
const SIGNATURE_LINES: usize = 8;
const SIGNATURE_CHARS: usize = 70;

/// Longer paragraphs are cut at the ends of sentences: the engines drop text from what they cannot hold.
const SEGMENT_CHARS: usize = 900;

/// Takes a text apart; joined again, the untranslated pieces give the text back but for unwrapped lines.
pub fn split(text: &str, language: Language) -> Vec<Piece> {
    let lines: Vec<&str> = text.split('\n').map(|line| line.trim_end_matches('\r')).collect();
    let signature = signature(&lines, language);
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        if at > 0 {
            pieces.push(Piece::Keep("\n".into()));
        }
        if signature.contains(&at)
            || !lines[at].contains(char::is_alphabetic)
            || is_quote(lines[at])
        {
            pieces.push(Piece::Keep(lines[at].to_owned()));
            at += 1;
            continue;
        }
        let lead = lead_len(lines[at]);
        pieces.push(Piece::Keep(lines[at][..lead].to_owned()));
        let mut paragraph = lines[at][lead..].trim_end().to_owned();
        while at + 1 < lines.len()
            && !signature.contains(&(at + 1))
            && wrapped(lines[at], lines[at + 1], language)
        {
            at += 1;
            paragraph.push(' ');
            paragraph.push_str(lines[at].trim());
        }
        push_sentences(&mut pieces, &paragraph);
        at += 1;
    }
    pieces.retain(
        |piece| !matches!(piece, Piece::Keep(text) | Piece::Translate(text) if text.is_empty()),
    );
    pieces
}

/// Puts the pieces together; `translated` has one text for each piece to translate, in order.
pub fn join(pieces: &[Piece], translated: impl IntoIterator<Item = String>) -> String {
    let mut translated = translated.into_iter();
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Keep(text) => text.clone(),
            Piece::Translate(text) => translated.next().unwrap_or_else(|| text.clone()),
        })
        .collect()
}

fn is_quote(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

/// Indent, bullet or number of a list item, in bytes.
fn lead_len(line: &str) -> usize {
    let indent = line.len() - line.trim_start().len();
    let rest = &line[indent..];
    let mark = rest.chars().next().filter(|c| "-*•–—·+".contains(*c)).map_or(0, char::len_utf8);
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let numbered = (1..=2).contains(&digits) && rest[digits..].starts_with(['.', ')']);
    let mark = if mark == 0 && numbered { digits + 1 } else { mark };
    let gap = rest[mark..].len() - rest[mark..].trim_start().len();
    // `-5 degrees` and `3.5 km` are no list items.
    if mark > 0 && gap > 0 { indent + mark + gap } else { indent }
}

/// Whether the second line goes on with the sentence of the first.
fn wrapped(line: &str, next: &str, language: Language) -> bool {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let flows = !next.trim().is_empty()
        && next.contains(char::is_alphabetic)
        && !is_quote(next)
        && lead_len(next) == indent(next)
        && phrase_book::kind(line, language).is_none()
        && phrase_book::kind(next, language).is_none();
    // RFC 3676, 4.2: a line that ends with a blank flows into the next.
    let flowed = line.ends_with(' ') && line.len() > 40 && !line.starts_with("-- ");
    // Short whole sentences on lines of their own, and lines that end with a pictograph, were meant so.
    let open = line.ends_with(|c: char| c.is_alphanumeric() || ",;-–)\"'»”’".contains(c));
    let meant = !open && line.chars().count() < 66;
    flows && (flowed || !meant && line.chars().count() >= WRAPPED_CHARS)
}

/// The lines of the signature; none where there is none. Words may follow: a postscript, or what somebody still
/// had to say below "See you soon!".
fn signature(lines: &[&str], language: Language) -> Range<usize> {
    let none = lines.len()..lines.len();
    if let Some(at) = lines.iter().position(|line| *line == "-- " || *line == "--") {
        return at..lines.len();
    }
    let closing =
        lines.iter().rposition(|line| phrase_book::kind(line, language) == Some(Kind::Closing));
    let last = lines.iter().rposition(|line| !line.trim().is_empty()).unwrap_or(0);
    if let Some(closing) = closing {
        let rest = &lines[closing + 1..=last.max(closing)];
        let looked_at = rest.iter().take(SIGNATURE_LINES + 1);
        let prose = looked_at.into_iter().position(|line| is_prose(line, language));
        let end = prose.unwrap_or(rest.len());
        let short = end <= SIGNATURE_LINES
            && rest[..end].iter().all(|line| line.chars().count() <= SIGNATURE_CHARS);
        return if short { closing + 1..closing + 1 + end } else { none };
    }
    // Without a closing, a name alone on the last line is still a name.
    let name = last > 0 && is_name(lines[last], language);
    if name && phrase_book::kind(lines[last], language).is_none() {
        last..lines.len()
    } else {
        none
    }
}

/// A line that says something, where names and addresses are expected.
fn is_prose(line: &str, language: Language) -> bool {
    let line = line.trim();
    let words = line.split_whitespace().count();
    let mark = line.trim_end_matches(|c: char| !c.is_alphanumeric() && !".!".contains(c));
    let postscript = ["PS", "P.S", "P.P.S", "PPS", "NB", "N.B", "PD", "P.D"].iter().any(|start| {
        line.strip_prefix(start).is_some_and(|rest| rest.starts_with([':', '.', ' ', ',']))
    });
    let sentence = words >= 3 && mark.ends_with(['.', '!']);
    postscript
        || line.contains('?')
        || sentence
        || words >= 4 && language::detect(line).language == Some(language)
}

/// One to three words with capitals and no final mark; German writes "Gute Fahrt" so too.
fn is_name(line: &str, language: Language) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let most = if language.as_str() == "de" { 1 } else { 3 };
    (1..=most).contains(&words.len())
        && words.iter().all(|word| {
            word.starts_with(char::is_uppercase)
                && word.chars().all(|c| c.is_alphabetic() || "-'.".contains(c))
        })
        && !line.ends_with(['.', '!', '?', ':'])
        && words.iter().any(|word| word.contains(char::is_lowercase))
}

/// A long paragraph goes in several pieces, cut at the ends of sentences, or at a blank where there are none.
fn push_sentences(pieces: &mut Vec<Piece>, paragraph: &str) {
    let mut rest = paragraph;
    while rest.chars().count() > SEGMENT_CHARS {
        let limit = rest.char_indices().nth(SEGMENT_CHARS).map_or(rest.len(), |(at, _)| at);
        let head = &rest[..limit];
        let sentence = head.rmatch_indices(['.', '!', '?']).map(|(at, mark)| at + mark.len());
        let cut = sentence.into_iter().find(|at| rest[*at..].starts_with(' '));
        let Some(cut) = cut
            .or_else(|| head.rfind(", ").map(|at| at + 1))
            .or_else(|| head.rfind(' '))
            .filter(|at| *at > 0)
        else {
            break;
        };
        pieces.push(Piece::Translate(rest[..cut].to_owned()));
        let blank = rest[cut..].len() - rest[cut..].trim_start().len();
        pieces.push(Piece::Keep(rest[cut..cut + blank].to_owned()));
        rest = &rest[cut + blank..];
    }
    pieces.push(Piece::Translate(rest.to_owned()));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translated(text: &str) -> Vec<String> {
        translated_from(Language::EN, text)
    }

    fn translated_from(language: Language, text: &str) -> Vec<String> {
        let pieces = split(text, language);
        pieces
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::Translate(text) => Some(text),
                Piece::Keep(_) => None,
            })
            .collect()
    }

    #[test]
    fn paragraphs_are_unwrapped_and_lists_names_and_quotes_kept() {
        for (text, expected) in [
            (
                "The key is in the box beside the door, please put it in\nthe box when you leave.",
                vec![
                    "The key is in the box beside the door, please put it in the box when you leave.",
                ],
            ),
            ("One.\n\nTwo.", vec!["One.", "Two."]),
            ("- breakfast\n- parking\n 1) beds", vec!["breakfast", "parking", "beds"]),
            ("See you soon!\n> Are you open?\n> Julia", vec!["See you soon!"]),
            (
                "It is open.\n\nKind regards,\nJulia Green\nSeaside Lodge",
                vec!["It is open.", "Kind regards,"],
            ),
            ("It is open.\n\nJulia", vec!["It is open."]),
            ("It is open.\n-- \nJulia\nSeaside Lodge", vec!["It is open."]),
            ("👍\n14:00", vec![]),
            ("Hello,\nwe arrive late.", vec!["Hello,", "we arrive late."]),
        ] {
            assert_eq!(translated(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_said_below_a_closing_is_translated() {
        let ps = "PS: O pequeno-almoço é servido até às 10:00 no jardim.";
        for (language, text, expected) in [
            (
                "pt",
                format!("O quarto está livre.\n\nMelhores cumprimentos,\nAna\n\n{ps}"),
                vec!["O quarto está livre.", "Melhores cumprimentos,", ps],
            ),
            (
                "pt",
                "Até breve!\nA chave está na caixa.\nO código é 4821.".to_owned(),
                vec!["Até breve!", "A chave está na caixa.", "O código é 4821."],
            ),
            (
                "pt",
                "Um abraço,\nAna Silva\nCasa do Mar\n+351 912 345 678\nRua das Flores 12"
                    .to_owned(),
                vec!["Um abraço,"],
            ),
            (
                "de",
                "Das Zimmer ist frei.\n\nInklusive Frühstück".to_owned(),
                vec!["Das Zimmer ist frei.", "Inklusive Frühstück"],
            ),
            ("de", "Das Zimmer ist frei.\n\nJulia".to_owned(), vec!["Das Zimmer ist frei."]),
        ] {
            assert_eq!(translated_from(Language::of(language), &text), expected, "{text}");
        }
    }

    #[test]
    fn joined_untranslated_a_text_is_itself() {
        for text in [
            "",
            "\n\n",
            "Hello,\n\n- a b\n  * c d\n\nKind regards\nJulia\n",
            "a\n> b\n\n🙂 c",
            &"Word and word. ".repeat(200),
        ] {
            assert_eq!(join(&split(text, Language::EN), []).trim_end(), text.trim_end(), "{text}");
        }
    }

    #[test]
    fn long_paragraphs_are_cut_at_sentences() {
        let parts = translated(&"We are open all day. ".repeat(200));
        assert!(
            parts.len() > 3
                && parts.iter().all(|part| part.ends_with('.') && part.len() <= SEGMENT_CHARS)
        );
        let _ = split(&"é".repeat(5000), Language::EN);
        let _ = split(&"é ".repeat(5000), Language::EN);
    }
}
