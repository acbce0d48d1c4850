//! A tree of elements and texts in one vector, in document order.
//!
//! Simpler than the HTML standard's tree (no foster parents, no adoption agency): mail is written in tables
//! and divs, and the tree serves reading. What is shown goes through ammonia's full parser afterwards.

use super::tokens::{Token, Tokens};

/// Deeper elements become children of the last one that fits: recursion over the tree is safe.
const MAX_DEPTH: usize = 256;

/// Elements beyond this many are read as a space: a mail of ten megabytes of tags is no letter.
const MAX_NODES: usize = 400_000;

/// Names a node of one [`Dom`]; greater ids come later in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(usize);

#[derive(Clone, Debug)]
enum Kind {
    Element { name: String, attributes: Vec<(String, String)> },
    Text(String),
}

#[derive(Clone, Debug)]
struct Node {
    kind: Kind,
    parent: usize,
    children: Vec<NodeId>,
    /// One past the last descendant.
    end: usize,
}

/// A parsed HTML text.
#[derive(Clone, Debug)]
pub struct Dom {
    nodes: Vec<Node>,
}

impl Dom {
    /// The element with an empty name that holds everything.
    pub fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// The element's name in lower case; `None` for a text.
    pub fn name(&self, node: NodeId) -> Option<&str> {
        match &self.nodes[node.0].kind {
            Kind::Element { name, .. } => Some(name),
            Kind::Text(_) => None,
        }
    }

    /// The characters of a text node, entities decoded, white space as written; `None` for an element.
    pub fn characters(&self, node: NodeId) -> Option<&str> {
        match &self.nodes[node.0].kind {
            Kind::Text(text) => Some(text),
            Kind::Element { .. } => None,
        }
    }

    /// All attributes, names in lower case.
    pub fn attributes(&self, node: NodeId) -> &[(String, String)] {
        match &self.nodes[node.0].kind {
            Kind::Element { attributes, .. } => attributes,
            Kind::Text(_) => &[],
        }
    }

    /// The attribute of this (lower-case) name.
    pub fn attribute(&self, node: NodeId, name: &str) -> Option<&str> {
        self.attributes(node).iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The node's children in order.
    pub fn children(&self, node: NodeId) -> &[NodeId] {
        &self.nodes[node.0].children
    }

    /// The element around this node; `None` for the root.
    pub fn parent(&self, node: NodeId) -> Option<NodeId> {
        (node.0 > 0).then(|| NodeId(self.nodes[node.0].parent))
    }

    /// Everything inside the node, in document order, the node itself not.
    pub fn descendants(&self, node: NodeId) -> impl DoubleEndedIterator<Item = NodeId> + use<> {
        (node.0 + 1..self.nodes[node.0].end).map(NodeId)
    }

    /// Is `inner` somewhere inside `outer`?
    pub fn contains(&self, outer: NodeId, inner: NodeId) -> bool {
        outer.0 < inner.0 && inner.0 < self.nodes[outer.0].end
    }

    /// The words inside a node as a person sees them.
    pub fn text(&self, node: NodeId) -> String {
        super::text::of_node(self, node)
    }
}

/// Elements without content (HTML, 13.1.2), and the MS Word ones that come unclosed.
pub(super) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "basefont"
            | "bgsound"
            | "br"
            | "col"
            | "embed"
            | "frame"
            | "hr"
            | "img"
            | "input"
            | "keygen"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Elements that start on a line of their own; they end an open paragraph.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "center"
            | "dd"
            | "details"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hr"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "ul"
            | "tr"
            | "tbody"
            | "thead"
            | "tfoot"
            | "caption"
            | "body"
            | "html"
            | "title"
    )
}

/// An open element.
#[derive(Clone, Copy)]
struct Level {
    node: usize,
    name: Packed,
}

/// The first eight bytes of a name: enough to tell the elements that matter here apart, and quick to compare
/// with every open element.
type Packed = u64;

fn pack(name: &str) -> Packed {
    name.bytes().take(8).fold(0, |packed, b| packed << 8 | u64::from(b))
}

struct Builder {
    nodes: Vec<Node>,
    stack: Vec<Level>,
    /// Start tags beyond [`MAX_DEPTH`] whose end tags must not close what is kept.
    overflow: usize,
    seen_body: bool,
}

pub(super) fn build(html: &str) -> Dom {
    let mut builder = Builder {
        nodes: vec![Node {
            kind: Kind::Element { name: String::new(), attributes: Vec::new() },
            parent: 0,
            children: Vec::new(),
            end: 0,
        }],
        stack: vec![Level { node: 0, name: 0 }],
        overflow: 0,
        seen_body: false,
    };
    for token in Tokens::new(html) {
        match token {
            Token::Text(text) => builder.text(&text),
            Token::Start { name, attributes } => builder.start(name, attributes),
            Token::End(name) => builder.end(&name),
        }
    }
    builder.pop_to(0);
    builder.nodes[0].end = builder.nodes.len();
    Dom { nodes: builder.nodes }
}

impl Builder {
    fn parent(&self) -> usize {
        self.stack.last().expect("the root is never popped").node
    }

    fn push(&mut self, kind: Kind) -> usize {
        let index = self.nodes.len();
        let parent = self.parent();
        self.nodes[parent].children.push(NodeId(index));
        self.nodes.push(Node { kind, parent, children: Vec::new(), end: index + 1 });
        index
    }

    fn text(&mut self, text: &str) {
        let parent = self.parent();
        if let Some(last) = self.nodes[parent].children.last().copied()
            && last.0 + 1 == self.nodes.len()
            && let Kind::Text(before) = &mut self.nodes[last.0].kind
        {
            before.push_str(text);
            return;
        }
        self.push(Kind::Text(text.to_owned()));
    }

    fn start(&mut self, name: String, attributes: Vec<(String, String)>) {
        let void = is_void(&name);
        if self.nodes.len() >= MAX_NODES {
            self.text(" ");
            return;
        }
        // What is beyond the limit is flat text: no element there starts or ends anything.
        if self.overflow > 0 && !void {
            self.overflow += 1;
            return;
        }
        match name.as_str() {
            "html" | "body" => {
                // A quoted mail brings a document of its own: one body is enough.
                self.close(&["head"], &[]);
                if self.seen_body || name == "html" && self.nodes.len() > 1 {
                    return;
                }
                self.seen_body = name == "body";
            }
            "li" => self.close(&["li"], &["ul", "ol", "menu", "dir", "table", "td", "th"]),
            "dd" | "dt" => self.close(&["dd", "dt"], &["dl", "table", "td", "th"]),
            "td" | "th" => self.close(&["td", "th"], &["tr", "table"]),
            "tr" => self.close(&["tr"], &["table"]),
            "tbody" | "thead" | "tfoot" => self.close(&["tbody", "thead", "tfoot"], &["table"]),
            "option" => self.close(&["option"], &["select"]),
            "a" => self.close(&["a"], &["td", "th", "table"]),
            _ => {}
        }
        if is_block(&name)
            && !matches!(name.as_str(), "tr" | "tbody" | "thead" | "tfoot" | "caption")
        {
            self.close(&["p"], &["td", "th", "table", "button", "li", "blockquote"]);
        }
        if self.stack.len() >= MAX_DEPTH && !void {
            self.overflow += 1;
            return;
        }
        let packed = pack(&name);
        let node = self.push(Kind::Element { name, attributes });
        if !void {
            self.stack.push(Level { node, name: packed });
        }
    }

    /// Closes the innermost open element of these names, unless one of `barriers` stands before it.
    fn close(&mut self, names: &[&str], barriers: &[&str]) {
        let pack_all = |names: &[&str]| {
            names.iter().fold([0; 8], |mut packed: [Packed; 8], name| {
                packed.rotate_right(1);
                packed[0] = pack(name);
                packed
            })
        };
        let (wanted, barriers) = (pack_all(names), pack_all(barriers));
        for level in (1..self.stack.len()).rev() {
            let name = self.stack[level].name;
            if wanted.contains(&name) {
                self.pop_to(level);
                return;
            }
            if barriers.contains(&name) {
                return;
            }
        }
    }

    fn end(&mut self, name: &str) {
        if self.nodes.len() >= MAX_NODES {
            return;
        }
        match name {
            // What follows still belongs to the body (HTML, 13.2.6.4.7).
            "body" | "html" => return,
            "br" => {
                self.push(Kind::Element { name: "br".to_owned(), attributes: Vec::new() });
                return;
            }
            _ if is_void(name) => return,
            _ => {}
        }
        if self.overflow > 0 {
            self.overflow -= 1;
            return;
        }
        let is_table = matches!(name, "table" | "tr" | "tbody" | "thead" | "tfoot");
        let barriers: &[&str] = match name {
            "table" => &[],
            _ if is_table => &["table"],
            "td" | "th" => &["tr", "table"],
            _ => &["td", "th", "table"],
        };
        self.close(&[name], barriers);
    }

    /// Closes the elements from `level` up; the root stays.
    fn pop_to(&mut self, level: usize) {
        let end = self.nodes.len();
        for open in self.stack.drain(level.max(1)..) {
            self.nodes[open.node].end = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(dom: &Dom, node: NodeId) -> String {
        match dom.characters(node) {
            Some(text) => text.to_owned(),
            None => {
                let inner: String = dom.children(node).iter().map(|&c| draw(dom, c)).collect();
                format!("{}[{inner}]", dom.name(node).unwrap_or_default())
            }
        }
    }

    #[test]
    fn trees_are_as_browsers_would_build_them_where_it_matters() {
        let cases = [
            ("<p>a<p>b", "[p[a]p[b]]"),
            ("<p>a<div>b</div>", "[p[a]div[b]]"),
            ("<ul><li>a<li>b<ul><li>c</ul></ul>d", "[ul[li[a]li[bul[li[c]]]]d]"),
            ("<table><tr><td>a<td>b<tr><td>c</table>d", "[table[tr[td[a]td[b]]tr[td[c]]]d]"),
            // A stray end tag does not leave the cell.
            ("<div><table><tr><td>a</div>b</table>", "[div[table[tr[td[ab]]]]]"),
            ("a<br/>b<img src=x>c</br>d", "[abr[]bimg[]cbr[]d]"),
            ("<b>a<i>b</b>c", "[b[ai[b]]c]"),
            (
                "<html><head><title>t</title><body>a<html><body>b</body></html>c</body>",
                "[html[head[title[t]]body[abc]]]",
            ),
            ("<p>a<table><tr><td><p>b</table>", "[p[a]table[tr[td[p[b]]]]]"),
        ];
        for (html, tree) in cases {
            let dom = build(html);
            assert_eq!(draw(&dom, dom.root()), tree, "{html}");
        }
    }

    #[test]
    fn descendants_are_contiguous() {
        let dom = build("<div><p>a</p><b>c</b></div><i>d</i>");
        let div = dom.children(dom.root())[0];
        assert_eq!(dom.descendants(div).count(), 4);
        assert!(dom.descendants(div).all(|n| dom.contains(div, n)));
        assert_eq!(dom.descendants(dom.root()).count(), 7);
    }
}
