//! What Booking.com's API gives of a visitor who answered by e-mail: their words above the whole mail they answered.
//!
//! Cut by what every language shares: the relay address in the quoted header, numbered links, the list of references.

/// The visitor's words, and what stands below them.
pub fn cut(content: &str) -> (String, String) {
    let lines: Vec<&str> = content.lines().collect();
    // "Re: You have a message from …", then an empty line.
    let begin = match lines.as_slice() {
        [first, second, ..] if first.starts_with("Re: ") && second.trim().is_empty() => 2,
        _ => 0,
    };
    let end = (begin..lines.len()).find(|at| is_quoted_from(&lines[*at..])).unwrap_or(lines.len());
    let words = lines[begin..end].join("\n").trim().to_owned();
    if words.is_empty() {
        return (content.trim().to_owned(), String::new());
    }
    (words, lines[end..].join("\n").trim().to_owned())
}

/// Does the quoted mail begin here?
fn is_quoted_from(lines: &[&str]) -> bool {
    let [first, rest @ ..] = lines else { return false };
    first.contains("@property.booking.com")
        || first.trim_start().starts_with("[1]booking.com")
        || is_header_block(lines)
        || (first.trim() == "References"
            && rest.iter().find(|line| !line.trim().is_empty()).is_some_and(|l| is_numbered(l)))
}

/// Three fields in a row, of which one has an address.
fn is_header_block(lines: &[&str]) -> bool {
    let fields: Vec<&str> = lines.iter().map_while(|line| field(line)).collect();
    fields.len() >= 3 && fields.iter().any(|value| value.contains('@'))
}

/// The value of `Word: value`, where the name is a word or three in any language.
fn field(line: &str) -> Option<&str> {
    let (name, value) = line.trim().split_once(':')?;
    let short = name.split_whitespace().count() <= 3 && name.chars().count() <= 30;
    let word = !name.is_empty() && name.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-');
    (short && word && !value.trim().is_empty()).then_some(value)
}

/// `1. https://…`
fn is_numbered(line: &str) -> bool {
    let rest = line.trim_start().trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < line.trim_start().len()
        && rest.trim_start_matches(['.', ')', ']']).trim_start().starts_with("http")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_shapes_and_what_is_none() {
        let outlook = "Od: Pousada <5800000002-ab12.cd34.ef56.gh78@property.booking.com>\nOdesláno: 1. 6. 2026\n\
                       Komu: Jan\nPředmět: Zpráva\n\n[1]booking.com\nReferences\n\n1. https://secure.booking.com/x";
        let table = [
            ("We arrive at ten.", "We arrive at ten."),
            ("Re: You have a message from Pousada\n\nWe arrive\nat ten.", "We arrive\nat ten."),
            (&format!("We arrive at ten.\n\n{outlook}"), "We arrive at ten."),
            (&format!("Re: X\n\nAt ten.\n{outlook}"), "At ten."),
            ("At ten.\n[1]booking.com [2]Help\nmore", "At ten."),
            (
                "At ten.\nReferences\n\nVisible links\n1. https://x",
                "At ten.\nReferences\n\nVisible links\n1. https://x",
            ),
            ("At ten.\nReferences\n1. https://x.example", "At ten."),
            // A visitor's own list is no header.
            (
                "We are:\nAnna: vegan\nBen: anything\nCleo: no nuts",
                "We are:\nAnna: vegan\nBen: anything\nCleo: no nuts",
            ),
            // All of it is quoted: better too much than nothing.
            (outlook, outlook),
        ];
        for (content, words) in table {
            let (found, below) = cut(content);
            assert_eq!(found, words, "{content:?}");
            let lost = content.lines().filter(|l| !l.trim().is_empty() && !l.starts_with("Re: "));
            for line in lost {
                assert!(
                    found.contains(line.trim()) || below.contains(line.trim()),
                    "{line:?} is lost"
                );
            }
        }
    }
}
