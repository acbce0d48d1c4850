//! HTML of strangers: a bounded tree of it, its text, and a form that is safe to show.
//!
//! [`parse`] gives a [`Dom`] for whoever looks at containers and attributes (where does the quoted part
//! start?), [`text`] the words a person sees, [`safe`] what a browser may be given.

mod dom;
mod entities;
mod safe;
mod style;
#[cfg(test)]
mod tests;
mod text;
mod tokens;
mod writer;

pub use dom::{Dom, NodeId};
pub(in crate::ground) use safe::percent_decoded;
pub use safe::{SafeHtml, safe};
pub(in crate::ground) use tokens::{Token, Tokens};

/// Reads any HTML. Nesting deeper than 256 elements is flattened; time is linear in the length.
pub fn parse(html: &str) -> Dom {
    dom::build(html)
}

/// The text a person sees: paragraphs, lists, tables, links and quotes kept.
pub fn text(html: &str) -> String {
    text::of(&parse(html))
}

/// Appends a text as it may stand in HTML and XML; what neither can hold is dropped.
pub fn escape(text: &str, out: &mut String) {
    entities::escape(text, out);
}

/// A text without its character references.
pub(in crate::ground) fn unescape(text: &str) -> std::borrow::Cow<'_, str> {
    entities::decode(text)
}
