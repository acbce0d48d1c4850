//! What a person types into the search field, as an FTS5 query.
//!
//! Words are all wanted; `"a phrase"` stands together; `word*` matches as a prefix. Nothing a
//! person types is FTS5 syntax: every term is quoted.

/// `None` when nothing searchable was typed.
pub(super) fn query(typed: &str) -> Option<String> {
    let mut terms = Vec::new();
    for (position, piece) in typed.split('"').enumerate() {
        if position % 2 == 1 {
            terms.extend(term(piece, false));
        } else {
            terms.extend(piece.split_whitespace().filter_map(|word| {
                let bare = word.trim_end_matches('*');
                term(bare, bare.len() < word.len())
            }));
        }
    }
    (!terms.is_empty()).then(|| terms.join(" AND "))
}

fn term(text: &str, prefix: bool) -> Option<String> {
    let text = text.trim();
    text.chars().any(char::is_alphanumeric).then(|| {
        let star = if prefix { "*" } else { "" };
        format!("\"{}\"{star}", text.replace('"', ""))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_is_never_syntax() {
        for (typed, expected) in [
            ("quarto duplo", Some(r#""quarto" AND "duplo""#)),
            (r#""late arrival" parking"#, Some(r#""late arrival" AND "parking""#)),
            ("reserv*", Some(r#""reserv"*"#)),
            ("a AND OR NOT (", Some(r#""a" AND "AND" AND "OR" AND "NOT""#)),
            ("john@guest.example", Some(r#""john@guest.example""#)),
            (r#"unclosed "phrase here"#, Some(r#""unclosed" AND "phrase here""#)),
            ("  * \" ", None),
        ] {
            assert_eq!(query(typed).as_deref(), expected, "{typed:?}");
        }
    }
}
