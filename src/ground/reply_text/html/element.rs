//! What HTML elements are to a line of text: breaks, paragraphs, elements whose end people leave out.

use super::{Tag, client::attribute};

/// Elements without content.
pub(super) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "br" | "hr"
            | "img"
            | "meta"
            | "link"
            | "input"
            | "base"
            | "col"
            | "area"
            | "wbr"
            | "source"
            | "embed"
            | "param"
            | "track"
    )
}

/// Elements whose end tag people leave out.
pub(super) fn closes_itself(name: &str) -> bool {
    matches!(name, "p" | "li" | "td" | "th" | "tr" | "dt" | "dd" | "option")
}

pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "tr"
            | "table"
            | "tbody"
            | "li"
            | "ul"
            | "ol"
            | "blockquote"
            | "pre"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "center"
            | "body"
            | "html"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "form"
            | "fieldset"
            | "dl"
            | "dt"
            | "dd"
            | "address"
            | "main"
            | "aside"
            | "nav"
            | "figure"
            | "includetail"
    )
}

/// Does a blank line stand around it? Outlook's paragraphs have no margin, and a blank one between them.
pub(super) fn is_paragraph(tag: &Tag, name: &str) -> bool {
    if matches!(name, "h1" | "h2" | "h3" | "blockquote") {
        return true;
    }
    name == "p"
        && !attribute(tag, "class").is_some_and(|c| c.to_ascii_lowercase().contains("mso"))
        && !attribute(tag, "style").is_some_and(|s| {
            let s: String = s.chars().filter(|c| !c.is_whitespace()).collect();
            s.contains("margin:0") || s.contains("margin-top:0") || s.contains("margin-bottom:0")
        })
}
