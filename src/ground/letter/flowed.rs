//! format=flowed (RFC 3676): lines that end in a space are one paragraph; quote depth is kept.

/// Joins flowed lines. `delsp`: the space at a line's end was added by the sender and goes (for scripts
/// without spaces).
pub(super) fn unflow(text: &str, delsp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open_depth: Option<usize> = None;
    for line in text.lines() {
        let content = line.trim_start_matches('>');
        let depth = line.len() - content.len();
        // RFC 3676, 4.4: one space after the quote marks is stuffing.
        let content = content.strip_prefix(' ').unwrap_or(content);
        // RFC 3676, 4.3: the signature separator is fixed although it ends in a space.
        let is_separator = content == "-- ";
        if open_depth != Some(depth) || is_separator {
            if open_depth.is_some() {
                out.push('\n');
            }
            out.extend(std::iter::repeat_n('>', depth));
            if depth > 0 && !content.is_empty() {
                out.push(' ');
            }
        }
        if content.ends_with(' ') && !is_separator {
            let added = delsp && !is_latin_word(content);
            out.push_str(if added { &content[..content.len() - 1] } else { content });
            open_depth = Some(depth);
        } else {
            out.push_str(content);
            out.push('\n');
            open_depth = None;
        }
    }
    out
}

/// With DelSp a line between two Latin words ends in two spaces, one of them added. Some senders say DelSp and
/// add none: a single space behind a Latin word is the one between the words.
fn is_latin_word(content: &str) -> bool {
    let text = &content[..content.len() - 1];
    let last = text.rsplit(' ').next().unwrap_or_default();
    // A long piece is an address cut in the middle.
    last.len() < 30 && last.ends_with(|c: char| c.is_ascii_alphanumeric() || ",.;:!?".contains(c))
}

#[cfg(test)]
mod tests {
    use super::unflow;

    #[test]
    fn flowed_lines_become_paragraphs() {
        let cases = [
            ("a long \nline.\nnext\n", false, "a long line.\nnext\n"),
            ("> quoted \n> text\nanswer\n", false, "> quoted text\nanswer\n"),
            // A change of depth ends the paragraph even after a space.
            ("> quoted \nanswer\n", false, "> quoted \nanswer\n"),
            (">> deep\n> less\n", false, ">> deep\n> less\n"),
            // Stuffed lines.
            (" From me\n > no quote\n", false, "From me\n> no quote\n"),
            ("text \n-- \nAnna\n", false, "text \n-- \nAnna\n"),
            ("\u{65e5} \n\u{672c}\n", true, "\u{65e5}\u{672c}\n"),
            ("added  \nspace\n", true, "added space\n"),
            ("not \nadded\n", true, "not added\n"),
            ("\n\n", false, "\n\n"),
            (">\n> a\n", false, ">\n> a\n"),
        ];
        for (raw, delsp, text) in cases {
            assert_eq!(unflow(raw, delsp), text, "{raw:?}");
        }
    }
}
