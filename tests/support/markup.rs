//! What a browser forgives and a validator does not: the errors html5ever finds while it reads a page.

use html5ever::{parse_document, tendril::TendrilSink};
use markup5ever_rcdom::RcDom;

/// The errors of a page, in its order.
pub(crate) fn errors(page: &str) -> Vec<String> {
    let read = parse_document(RcDom::default(), Default::default()).one(page);
    read.errors.borrow().iter().map(ToString::to_string).collect()
}

#[test]
fn errors_are_found() {
    let page = |body: &str| format!("<!doctype html><html lang=en><title>x</title><body>{body}");
    assert_eq!(errors(&page("<p>Fine.</p>")), Vec::<String>::new());
    for wrong in ["<p><div>x</div></p>", "<b>x", "<p a=1 a=2>x</p>", "</span>", "a && b &nosuch;"] {
        assert!(!errors(&page(wrong)).is_empty(), "{wrong}");
    }
}
