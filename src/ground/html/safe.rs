//! HTML that a browser may be given: no scripts, no forms, nothing loaded from elsewhere.
//!
//! Two steps. The first reads the mail into our bounded tree and writes it out again with the remote content
//! put aside, styles reduced and links checked. The second is ammonia, whose full HTML parser and allow-list
//! have the last word: what the first step misreads is still safe.

use std::{borrow::Cow, collections::HashSet};

use super::{
    dom::{self, Dom, NodeId},
    entities::escape,
    style,
};

/// HTML to show, and how much of it was not loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SafeHtml {
    /// Safe inside a page of ours. Remote images stand as `<img data-remote-src="…">`, remote backgrounds as
    /// `data-remote-background="…"`: a person may choose to load them.
    pub html: String,
    /// Remote images and backgrounds put aside.
    pub remote_count: usize,
    /// The mail was too long to show whole; its end is missing here.
    pub is_cut: bool,
}

/// More is never read on a page, and cleaning it would take a second.
const MAX_SHOWN_BYTES: usize = 2_000_000;

/// Elements that are kept; others give way to their content.
const KEPT: &[&str] = &[
    "a",
    "abbr",
    "address",
    "b",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
];

/// Elements that go with everything in them.
const DROPPED: &[&str] = &[
    "applet", "audio", "base", "button", "canvas", "embed", "frame", "frameset", "head", "iframe",
    "input", "link", "math", "meta", "noembed", "noframes", "object", "option", "param", "script",
    "select", "source", "style", "svg", "template", "textarea", "title", "track", "video", "xml",
    "xmp",
];

/// Attributes that only change the look.
const PLAIN_ATTRIBUTES: &[&str] = &[
    "abbr",
    "align",
    "alt",
    "bgcolor",
    "border",
    "cellpadding",
    "cellspacing",
    "color",
    "colspan",
    "dir",
    "face",
    "height",
    "lang",
    "noshade",
    "nowrap",
    "reversed",
    "rowspan",
    "size",
    "span",
    "start",
    "title",
    "type",
    "valign",
    "value",
    "width",
];

/// Makes a mail's HTML safe. `cid` gives the address under which an image of the mail itself (RFC 2392) is
/// served, `None` when there is no such part.
pub fn safe(html: &str, cid: &dyn Fn(&str) -> Option<String>) -> SafeHtml {
    let dom = super::parse(html);
    let mut writer = Writer {
        dom: &dom,
        cid,
        out: String::new(),
        sources: HashSet::new(),
        remote_count: 0,
        is_cut: false,
    };
    writer.children(dom.root());
    let Writer { out, sources, remote_count, is_cut, .. } = writer;
    SafeHtml { html: clean(&out, sources), remote_count, is_cut }
}

/// Ammonia with our lists. `sources` are the only addresses an image may have: those the caller made.
fn clean(html: &str, sources: HashSet<String>) -> String {
    let attributes: HashSet<&str> =
        PLAIN_ATTRIBUTES.iter().copied().chain(["style", "data-remote-background"]).collect();
    let mut builder = ammonia::Builder::empty();
    builder
        .tags(KEPT.iter().copied().collect())
        .clean_content_tags(DROPPED.iter().copied().collect())
        .generic_attributes(attributes)
        .add_tag_attributes("img", ["src", "data-remote-src"])
        .add_tag_attributes("a", ["href"])
        .add_tag_attributes("blockquote", ["cite"])
        .url_schemes(["http", "https", "mailto", "tel", "data"].into())
        .set_tag_attribute_value("a", "target", "_blank")
        .link_rel(Some("noopener noreferrer nofollow"))
        .attribute_filter(move |element, attribute, value| match (element, attribute) {
            ("img", "src") => sources.contains(value).then_some(Cow::Borrowed(value)),
            (_, "href") => link(value).map(Cow::Owned),
            (_, "cite") => None,
            (_, "style") => {
                let safe = style::reduce(value).safe;
                (!safe.is_empty()).then_some(Cow::Owned(safe))
            }
            _ => Some(Cow::Borrowed(value)),
        });
    builder.clean(html).to_string()
}

struct Writer<'a> {
    dom: &'a Dom,
    cid: &'a dyn Fn(&str) -> Option<String>,
    out: String,
    sources: HashSet<String>,
    remote_count: usize,
    is_cut: bool,
}

impl Writer<'_> {
    fn children(&mut self, node: NodeId) {
        for &child in self.dom.children(node) {
            self.node(child);
        }
    }

    fn node(&mut self, node: NodeId) {
        if self.out.len() > MAX_SHOWN_BYTES {
            self.is_cut = true;
            return;
        }
        if let Some(text) = self.dom.characters(node) {
            escape(text, &mut self.out);
            return;
        }
        let dom = self.dom;
        let name = dom.name(node).unwrap_or_default();
        if DROPPED.contains(&name) {
            return;
        }
        if name == "body" {
            // The mail's own background and text colour belong to a box, not to our page.
            self.open("div", node);
            self.children(node);
            self.out.push_str("</div>");
        } else if !KEPT.contains(&name) {
            self.children(node);
        } else if name == "img" {
            self.image(node);
        } else {
            self.open(name, node);
            if !dom::is_void(name) {
                self.children(node);
                self.out.push_str("</");
                self.out.push_str(name);
                self.out.push('>');
            }
        }
    }

    fn open(&mut self, name: &str, node: NodeId) {
        self.out.push('<');
        self.out.push_str(name);
        self.plain_attributes(node);
        let dom = self.dom;
        if name == "a"
            && let Some(href) = dom.attribute(node, "href").and_then(link)
        {
            self.attribute("href", &href);
        }
        self.out.push('>');
    }

    fn plain_attributes(&mut self, node: NodeId) {
        let dom = self.dom;
        for (name, value) in dom.attributes(node) {
            match name.as_str() {
                "style" => {
                    let reduced = style::reduce(value);
                    if !reduced.safe.is_empty() {
                        self.attribute("style", &reduced.safe);
                    }
                    if let Some(url) = reduced.remote.iter().find_map(|url| remote(url)) {
                        self.put_aside("data-remote-background", &url);
                    }
                }
                "background" => {
                    if let Some(url) = remote(value) {
                        self.put_aside("data-remote-background", &url);
                    }
                }
                name if PLAIN_ATTRIBUTES.contains(&name) => self.attribute(name, value),
                _ => {}
            }
        }
    }

    fn put_aside(&mut self, attribute: &str, url: &str) {
        self.attribute(attribute, url);
        self.remote_count += 1;
    }

    fn image(&mut self, node: NodeId) {
        let dom = self.dom;
        let source = dom.attribute(node, "src").unwrap_or_default().trim();
        let tiny = |name| {
            dom.attribute(node, name).is_some_and(|v| matches!(v.trim(), "0" | "1" | "0px" | "1px"))
        };
        let remote_source = remote(source);
        // A remote dot exists to tell the sender that somebody reads.
        if remote_source.is_some() && (tiny("width") || tiny("height")) {
            return;
        }
        self.out.push_str("<img");
        self.plain_attributes(node);
        if let Some(url) = remote_source {
            self.put_aside("data-remote-src", &url);
        } else if let Some(url) = self.own_source(source) {
            self.attribute("src", &url);
            self.sources.insert(url);
        }
        self.out.push('>');
    }

    /// An image that came with the mail: a part, or written into the HTML itself.
    fn own_source(&self, source: &str) -> Option<String> {
        if source.get(..4).is_some_and(|s| s.eq_ignore_ascii_case("cid:")) {
            let id = percent_decoded(&source[4..]);
            return (self.cid)(id.trim_matches(['<', '>']));
        }
        let kinds = ["png", "jpeg", "jpg", "gif", "webp"];
        let is_picture = source.strip_prefix("data:image/").is_some_and(|rest| {
            kinds
                .iter()
                .any(|kind| rest.strip_prefix(kind).is_some_and(|r| r.starts_with(";base64,")))
        });
        is_picture.then(|| source.split_whitespace().collect())
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape(value, &mut self.out);
        self.out.push('"');
    }
}

/// Browsers ignore tabs and line breaks inside an address; so must whoever checks it.
fn tidied(url: &str) -> String {
    url.trim_matches(|c: char| c.is_ascii_whitespace() || c.is_control())
        .chars()
        .filter(|c| !c.is_control())
        .collect()
}

fn has_scheme(url: &str, schemes: &[&str]) -> bool {
    url.split_once(':')
        .is_some_and(|(scheme, _)| schemes.iter().any(|s| scheme.eq_ignore_ascii_case(s)))
}

fn remote(url: &str) -> Option<String> {
    let url = tidied(url);
    if url.starts_with("//") {
        return Some(format!("https:{url}"));
    }
    has_scheme(&url, &["http", "https"]).then_some(url)
}

fn link(url: &str) -> Option<String> {
    let url = tidied(url);
    has_scheme(&url, &["http", "https", "mailto", "tel"]).then_some(url)
}

pub(in crate::ground) fn percent_decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&b, tail)) = rest.split_first() {
        let pair = (b == b'%').then(|| tail.get(..2)).flatten();
        let byte = pair
            .and_then(|p| std::str::from_utf8(p).ok())
            .and_then(|p| u8::from_str_radix(p, 16).ok());
        out.push(byte.unwrap_or(b));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&out).into_owned()
}
