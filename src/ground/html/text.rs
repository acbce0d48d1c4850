//! The words of an HTML mail as plain text.
//!
//! Used where a mail has no plain part, for search, translation and the mail to the other side, so structure
//! a person would see is kept: paragraphs, lists, tables of data (a row a line), links, quotes.

use super::{
    dom::{Dom, NodeId, is_block},
    style,
    writer::Writer,
};

/// Cells longer than this are not data: the table is there for the layout.
const MAX_CELL_CHARS: usize = 300;

pub(super) fn of(dom: &Dom) -> String {
    of_node(dom, dom.root())
}

pub(super) fn of_node(dom: &Dom, node: NodeId) -> String {
    let text = read(dom, node, false);
    // A mail may have nothing else.
    if text.is_empty() { read(dom, node, true) } else { text }
}

fn read(dom: &Dom, node: NodeId, fallbacks: bool) -> String {
    let mut writer = Writer::default();
    Walk { dom, fallbacks }.children(node, &mut writer);
    writer.finish()
}

struct Walk<'a> {
    dom: &'a Dom,
    /// Read what stands there for readers without scripts; mail programs run none, yet do not show it.
    fallbacks: bool,
}

impl Walk<'_> {
    fn children(&self, node: NodeId, writer: &mut Writer) {
        for &child in self.dom.children(node) {
            self.node(child, writer);
        }
    }

    fn node(&self, node: NodeId, writer: &mut Writer) {
        if let Some(text) = self.dom.characters(node) {
            writer.words(text);
            return;
        }
        let name = self.dom.name(node).unwrap_or_default();
        let left_out = name == "noscript" && !self.fallbacks;
        if left_out || is_never_shown(name) || is_hidden(self.dom, node) {
            return;
        }
        match name {
            "br" => writer.end_line(),
            "hr" => {
                writer.block(false);
                writer.words("---");
                writer.block(false);
            }
            "a" => self.link(node, writer),
            "img" => writer.words(emoji_alt(self.dom, node)),
            "pre" => self.preformatted(node, writer),
            "blockquote" => self.indented(node, "> ", None, writer),
            "ul" | "ol" | "menu" | "dir" => self.list(node, name, writer),
            "dd" => self.indented(node, "  ", None, writer),
            "table" => self.table(node, writer),
            "td" | "th" | "li" => {
                writer.block(false);
                self.children(node, writer);
                writer.block(false);
            }
            _ if is_block(name) => {
                let apart = is_apart(self.dom, node, name);
                writer.block(apart);
                self.children(node, writer);
                writer.block(apart);
            }
            _ => self.children(node, writer),
        }
    }

    fn preformatted(&self, node: NodeId, writer: &mut Writer) {
        writer.block(true);
        let before = std::mem::replace(&mut writer.preformatted, true);
        self.children(node, writer);
        writer.block(true);
        writer.preformatted = before;
    }

    fn indented(&self, node: NodeId, indent: &str, marker: Option<String>, writer: &mut Writer) {
        let is_quote = indent == "> ";
        writer.block(is_quote);
        let outer = writer.prefix.len();
        // A quote inside a list item starts with the item's mark.
        writer.prefix.push_str(indent);
        if marker.is_some() {
            writer.marker = marker.map(|marker| (marker, writer.blank_wanted));
        }
        self.children(node, writer);
        writer.block(false);
        writer.prefix.truncate(outer);
        if is_quote {
            writer.want_blank();
        }
    }

    fn list(&self, node: NodeId, name: &str, writer: &mut Writer) {
        let inner = self.inside_list(node);
        writer.block(!inner);
        let start = self.dom.attribute(node, "start").and_then(|s| s.trim().parse::<i32>().ok());
        let mut number = start.unwrap_or(1);
        for &child in self.dom.children(node) {
            if self.dom.name(child) != Some("li") {
                self.node(child, writer);
                continue;
            }
            if is_hidden(self.dom, child) {
                continue;
            }
            let marker = if name == "ol" { format!("{number}. ") } else { "- ".to_owned() };
            let indent = " ".repeat(marker.len());
            self.indented(child, &indent, Some(marker), writer);
            writer.marker = None;
            number = number.saturating_add(1);
        }
        writer.block(!inner);
    }

    fn inside_list(&self, node: NodeId) -> bool {
        let parent = self.dom.parent(node).and_then(|p| self.dom.name(p));
        matches!(parent, Some("li" | "ul" | "ol"))
    }

    /// The text of a link, and where it leads if the text does not say so.
    fn link(&self, node: NodeId, writer: &mut Writer) {
        let before = writer.out.len();
        self.children(node, writer);
        let target = self.dom.attribute(node, "href").unwrap_or_default().trim();
        let is_web = ["http://", "https://", "mailto:", "tel:"].iter().any(|scheme| {
            target.get(..scheme.len()).is_some_and(|t| t.eq_ignore_ascii_case(scheme))
        });
        let words = writer.out.get(before..).unwrap_or_default().trim();
        if !is_web || words.is_empty() || target.contains(['<', '>', ' ', '\n']) {
            return;
        }
        if !says_the_same(words, target) {
            let target = format!(" <{target}>");
            writer.words(&target);
        }
    }

    /// A table of data becomes a line a row; a table for the layout is read cell by cell.
    fn table(&self, node: NodeId, writer: &mut Writer) {
        let Some(rows) = self.data_rows(node) else {
            writer.block(false);
            self.children(node, writer);
            writer.block(false);
            return;
        };
        writer.block(true);
        for cells in rows {
            let filled = cells.iter().filter(|c| !c.is_empty()).count();
            if filled == 0 {
                continue;
            }
            // A row with one filled cell is a heading or a line of text.
            let line = if filled == 1 {
                cells.concat()
            } else {
                cells.join(" | ").trim_end_matches([' ', '|']).to_owned()
            };
            writer.words(&line);
            writer.block(false);
        }
        writer.block(true);
    }

    /// The cells' texts if this is a table of data: no table or list inside, several columns, short cells.
    fn data_rows(&self, table: NodeId) -> Option<Vec<Vec<String>>> {
        let mut rows: Vec<Vec<NodeId>> = Vec::new();
        for node in self.dom.descendants(table) {
            match self.dom.name(node) {
                Some("table" | "ul" | "ol" | "blockquote" | "pre" | "hr") => return None,
                Some("tr") => rows.push(Vec::new()),
                Some("td" | "th") => match rows.last_mut() {
                    Some(row) => row.push(node),
                    None => rows.push(vec![node]),
                },
                _ => {}
            }
        }
        let mut texts = Vec::new();
        for row in rows {
            let mut cells = Vec::new();
            for cell in row {
                if is_hidden(self.dom, cell) {
                    continue;
                }
                let text = of_node(self.dom, cell);
                let lines = text.lines().filter(|l| !l.trim().is_empty()).count();
                if lines > 3 || text.chars().count() > MAX_CELL_CHARS {
                    return None;
                }
                cells.push(text.split_whitespace().collect::<Vec<_>>().join(" "));
            }
            texts.push(cells);
        }
        let columns =
            texts.iter().map(|cells| cells.iter().filter(|c| !c.is_empty()).count()).max();
        (columns.unwrap_or(0) >= 2).then_some(texts)
    }
}

fn is_never_shown(name: &str) -> bool {
    matches!(
        name,
        "head"
            | "title"
            | "style"
            | "script"
            | "template"
            | "svg"
            | "math"
            | "object"
            | "embed"
            | "iframe"
            | "select"
            | "textarea"
            | "noframes"
            | "noembed"
            | "audio"
            | "video"
            | "canvas"
            | "xml"
            | "applet"
    )
}

/// Preheaders and other text for machines: senders hide it from people, so do we.
pub(super) fn is_hidden(dom: &Dom, node: NodeId) -> bool {
    dom.attribute(node, "hidden").is_some()
        || dom.attribute(node, "style").is_some_and(style::hides)
}

/// Paragraphs stand apart, unless their margin is none (Outlook's MsoNormal).
fn is_apart(dom: &Dom, node: NodeId, name: &str) -> bool {
    match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dl" | "figure" => true,
        "p" => {
            let class = dom.attribute(node, "class").unwrap_or_default();
            let is_mso =
                class.starts_with("Mso") || class.starts_with("xMso") || class.starts_with("x_Mso");
            !is_mso && !dom.attribute(node, "style").is_some_and(style::has_no_margin)
        }
        _ => false,
    }
}

/// Mail clients send emoji as images; other alternative texts are names of pictures.
fn emoji_alt(dom: &Dom, node: NodeId) -> &str {
    let alt = dom.attribute(node, "alt").unwrap_or_default();
    let is_emoji =
        !alt.is_empty() && alt.chars().count() <= 8 && alt.chars().all(|c| c as u32 > 0x2000);
    if is_emoji { alt } else { "" }
}

fn says_the_same(words: &str, target: &str) -> bool {
    fn target_of(url: &str) -> String {
        let lower = url.trim().to_lowercase();
        let start =
            ["https://", "http://", "mailto:", "tel:"].iter().find_map(|s| lower.strip_prefix(s));
        let rest = start.unwrap_or(&lower);
        let rest = rest.strip_prefix("www.").unwrap_or(rest);
        rest.trim_end_matches('/').replace([' ', '(', ')', '-', '\u{a0}'], "")
    }
    let (words, target) = (target_of(words), target_of(target));
    words == target || target.split('?').next() == Some(words.as_str())
}
