//! What HTML elements are to a line of text: breaks, paragraphs, elements whose end people leave out.

use super::{Tag, client::attribute};
use crate::ground::reply_text::coloured::{Hue, hue};

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

/// What an element does to the letters in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Emphasis {
    pub(super) bold: bool,
    pub(super) italic: bool,
}

impl Emphasis {
    pub(super) fn of(tag: &Tag) -> Self {
        let style = attribute(tag, "style").map(|s| s.to_ascii_lowercase().replace(' ', ""));
        let style = style.unwrap_or_default();
        let heavy = ["bold", "600", "700", "800", "900"];
        let heavy = heavy.iter().any(|weight| style.contains(&format!("font-weight:{weight}")));
        let heading = matches!(tag.name.as_str(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
        // Google Docs pastes `<b style="font-weight:normal">` around everything.
        let light = style.contains("font-weight:normal") || style.contains("font-weight:400");
        Emphasis {
            bold: heavy || !light && (heading || matches!(tag.name.as_str(), "b" | "strong")),
            italic: style.contains("font-style:italic") || matches!(tag.name.as_str(), "i" | "em"),
        }
    }
}

/// The colour an element gives its words, if it gives one.
pub(super) fn colour(tag: &Tag) -> Option<Option<Hue>> {
    let by_font = || attribute(tag, "color").filter(|_| tag.name == "font");
    let by_style = || {
        let style = attribute(tag, "style")?.to_ascii_lowercase();
        style
            .split(';')
            .filter_map(|declaration| declaration.split_once(':'))
            .find(|(property, _)| property.trim() == "color")
            .map(|(_, value)| value.to_owned())
    };
    let value = by_style().or_else(by_font)?;
    Some(hue(value.trim().trim_end_matches("!important").trim()))
}

/// The number of a list's first item.
pub(super) fn start(tag: &Tag) -> u32 {
    attribute(tag, "start").and_then(|start| start.trim().parse().ok()).unwrap_or(1)
}

/// What may stand in a head, Word's islands of XML among it.
pub(super) fn is_metadata(name: &str) -> bool {
    name.contains(':')
        || matches!(name, "meta" | "link" | "base" | "noscript" | "template" | "xml" | "bgsound")
}
