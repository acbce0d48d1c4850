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
