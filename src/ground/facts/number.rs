//! Reads numbers as people of several countries write them: `1.234,50`, `1,234.50`, `1 234,5`, `1'234`.

/// A number read at the start of a text: its plain decimal form and its length in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Number {
    pub plain: String,
    pub len: usize,
    /// Nothing but digits.
    pub whole: bool,
}

/// Whether an ASCII space may separate thousands: only next to a currency, where it cannot be two numbers.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Spaces {
    Separate,
    Thousands,
}

/// Reads the number a text begins with.
pub(super) fn number(text: &str, spaces: Spaces) -> Option<Number> {
    let mut groups: Vec<(Option<char>, &str)> = vec![(None, digits(text)?)];
    let mut len = groups[0].1.len();
    while let Some(mark) = text[len..].chars().next() {
        let thousands_only = match mark {
            '.' | ',' => false,
            '\'' | '’' | '\u{a0}' | '\u{202f}' => true,
            ' ' if spaces == Spaces::Thousands => true,
            _ => break,
        };
        let Some(group) = digits(&text[len + mark.len_utf8()..]) else {
            break;
        };
        let after_a_short_group = groups.iter().all(|(_, g)| g.len() <= 3);
        if (thousands_only && (group.len() != 3 || !after_a_short_group)) || groups.len() > 6 {
            break;
        }
        len += mark.len_utf8() + group.len();
        groups.push((Some(mark), group));
    }
    let whole = groups.len() == 1;
    Some(Number { plain: plain(&groups)?, len, whole })
}

/// A digit of Europe, of the two Arabic rows, or a wide one of East Asia.
pub(super) fn digit(c: char) -> Option<u32> {
    let zero = [0x30, 0x660, 0x6f0, 0xff10]
        .into_iter()
        .find(|zero| (0..10).contains(&(u32::from(c).wrapping_sub(*zero))))?;
    Some(u32::from(c) - zero)
}

fn digits(text: &str) -> Option<&str> {
    let end = text.find(|c: char| digit(c).is_none()).unwrap_or(text.len());
    (end > 0).then(|| &text[..end])
}

/// The last mark is the decimal one unless it repeats or three digits follow it alone (`1.200` is 1200).
fn plain(groups: &[(Option<char>, &str)]) -> Option<String> {
    let (last_mark, last) = *groups.last()?;
    let uses = groups.iter().filter(|(mark, _)| *mark == last_mark).count();
    let other_marks = groups.iter().any(|(mark, _)| mark.is_some() && *mark != last_mark);
    let decimal =
        matches!(last_mark, Some('.' | ',')) && uses == 1 && (other_marks || last.len() != 3);
    let (whole, fraction) =
        if decimal { (&groups[..groups.len() - 1], last) } else { (groups, "") };
    let whole: String = whole.iter().map(|(_, group)| *group).collect();
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = fraction.trim_end_matches('0');
    let ascii = |text: &str| -> String {
        text.chars().map(|c| digit(c).and_then(|d| char::from_digit(d, 10)).unwrap_or(c)).collect()
    };
    let (whole, fraction) = (&ascii(whole)[..], &ascii(fraction)[..]);
    Some(if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_however_it_is_written() {
        for (text, plain, len) in [
            ("12,50 €", "12.5", 5),
            ("12.50", "12.5", 5),
            ("1.234,50", "1234.5", 8),
            ("1,234.50", "1234.5", 8),
            ("1 234,50", "1234.5", 8),
            ("1'200.-", "1200", 5),
            ("1.200", "1200", 5),
            ("1.200.000", "1200000", 9),
            ("007", "7", 3),
            ("80.", "80", 2),
            ("0,5", "0.5", 3),
        ] {
            let read = number(text, Spaces::Thousands).unwrap();
            assert_eq!((read.plain.as_str(), read.len), (plain, len), "{text}");
        }
        assert_eq!(number("12 150", Spaces::Separate).unwrap().plain, "12");
        assert_eq!(number("x", Spaces::Separate), None);
    }
}
