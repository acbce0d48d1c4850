//! What a reply's HTML gives, and that nothing unsafe passes whatever is put in.

use html5ever::{parse_document, tendril::TendrilSink};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

use crate::ground::reply_text;

/// A reply's HTML as the other side gets it, without the frame.
fn sent(html: &str) -> Option<String> {
    let found = reply_text::split_html(html).rich?.html()?;
    let inner = found.strip_prefix("<html><body>\n").unwrap();
    Some(inner.strip_suffix("</body></html>\n").unwrap().replace('\n', ""))
}

#[test]
fn simple_structure_is_kept() {
    for (html, expected) in [
        (
            "<p>Hi,</p><p>from <b>14:00</b> <i>on</i></p>",
            "<p>Hi,</p><p>from <b>14:00</b> <i>on</i></p>",
        ),
        ("<div>a<br><strong>b c</strong> d</div>", "<p>a<br><b>b c</b> d</p>"),
        (
            "<ul><li>one<li><span style='font-weight: 700'>two</span></ul>and<ol start=3><li>x<li>y</ol>",
            "<ul><li>one</li><li><b>two</b></li></ul><p>and</p><ol start=\"3\"><li>x</li><li>y</li></ol>",
        ),
        (
            "see <a href='https://x.example/a?b=1&c=2'>the <em>map</em></a>.",
            "<p>see <a href=\"https://x.example/a?b=1&amp;c=2\">the <i>map</i></a>.</p>",
        ),
        (
            "<b>x</b> https://x.example/a, bye",
            "<p><b>x</b> <a href=\"https://x.example/a\">https://x.example/a</a>, bye</p>",
        ),
        (
            "<a href='mailto:a@b.example'>write us</a>",
            "<p><a href=\"mailto:a@b.example\">write us</a></p>",
        ),
        (
            "<a href='https://evil.example'>https://bank.example</a> <b>!</b>",
            "<p><a href=\"https://bank.example\">https://bank.example</a> \
             &lt;<a href=\"https://evil.example\">https://evil.example</a>&gt; <b>!</b></p>",
        ),
        ("<h2>Rooms</h2><p>Two.</p>", "<p><b>Rooms</b></p><p>Two.</p>"),
        ("<b style='font-weight:normal'>all <b>this</b></b>", "<p>all <b>this</b></p>"),
    ] {
        assert_eq!(sent(html).as_deref(), Some(expected), "{html}");
    }
    for plain in ["<p>Hello</p><p>you</p>", "1. Mai", "<p>- a<br>- b</p>"] {
        assert_eq!(sent(plain), None, "it says no more than the text: {plain}");
    }
}

#[test]
fn quotation_and_signature_are_cut() {
    let reply = "<div dir=ltr><div>Yes, <b>breakfast</b> is <a href='https://x.example/b'>here</a>.</div>\
        <div class=gmail_signature><b>Ana</b> +351 912</div></div><div class=gmail_quote>\
        <div class=gmail_attr>On Mon, Ana wrote:</div><blockquote class=gmail_quote><b>old</b></blockquote></div>";
    assert_eq!(
        sent(reply).unwrap(),
        "<p>Yes, <b>breakfast</b> is <a href=\"https://x.example/b\">here</a>.</p>"
    );
}

/// Every element and attribute as a browser reads the HTML.
fn read(html: &str) -> Vec<(String, Vec<(String, String)>)> {
    fn walk(node: &Handle, found: &mut Vec<(String, Vec<(String, String)>)>) {
        if let NodeData::Element { name, attrs, .. } = &node.data {
            let attributes = attrs.borrow();
            let attributes =
                attributes.iter().map(|a| (a.name.local.to_string(), a.value.to_string()));
            found.push((name.local.to_string(), attributes.collect()));
        }
        node.children.borrow().iter().for_each(|child| walk(child, found));
    }
    let tree = parse_document(RcDom::default(), Default::default()).one(html);
    let mut found = Vec::new();
    walk(&tree.document, &mut found);
    found
}

const ATTACKS: [&str; 22] = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='https://x/\" onclick=alert(1) x=\"'>x</a>",
    "<a href=\"https://x/'><script>1</script>\">x</a>",
    "<a href='data:text/html,<script>1</script>'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<a href='mailto:a@b.example?body=\"><script>'>w</a>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<b>&lt;img src=x onerror=1&gt;</b>",
    "https://x.example/\"onmouseover=1",
    "https://x.example/&lt;script&gt;",
    "<style>*{background:url(x)}</style>",
    "<iframe src=x></iframe><object data=x></object>",
    "<form action=x><input name=y></form>",
    "<b onclick=x style='background:url(javascript:1)'>b</b>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=1>",
    "<noscript><p title=\"</noscript><img src=x onerror=y>\">",
    "<li><ol><b></i></li></ul>&#0;\u{0}\u{8}",
    "<!--><img src=x onerror=1>-->",
];

const DRESS: [&str; 11] = [
    "<b>",
    "</b>",
    "<p>",
    "<ul><li>",
    "</ul>",
    "word ",
    "<i>",
    "<a href=https://y.example/>",
    "</a>",
    "<br>",
    "> ",
];

/// A simple generator: the cases are the same on every machine.
fn next(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*state >> 33).unwrap()
}

#[test]
fn nothing_unsafe_passes() {
    let mut state = 7;
    let mut links = 0;
    for _ in 0..3_000 {
        let mut html = String::from("<b>go</b> ");
        for _ in 0..next(&mut state) % 12 {
            let pick = next(&mut state);
            html.push_str(match pick % 2 {
                0 => ATTACKS[pick / 2 % ATTACKS.len()],
                _ => DRESS[pick / 2 % DRESS.len()],
            });
        }
        let Some(rich) = reply_text::split_html(&html).rich else { continue };
        let out = rich.html().unwrap();
        for (name, attributes) in read(&out) {
            let frame = ["html", "head", "body"].contains(&name.as_str());
            let known = ["p", "br", "ul", "ol", "li", "blockquote", "b", "i", "a"];
            assert!(frame || known.contains(&name.as_str()), "{name} in {out} from {html}");
            for (attribute, value) in attributes {
                let web = ["https://", "http://", "mailto:"].iter().any(|s| value.starts_with(s));
                let number = name == "ol" && attribute == "start" && value.parse::<u32>().is_ok();
                let fine = name == "a" && attribute == "href" && web || number;
                assert!(fine, "{attribute} in {out} from {html}");
                links += 1;
            }
        }
    }
    assert!(links > 500, "the property looked at something: {links}");
}

#[test]
fn a_great_deal_of_marks_stays_plain() {
    assert_eq!(sent(&"<li><b>x</b> y".repeat(20_000)), None);
}

/// Quotations within quotations end somewhere: the stack does.
#[test]
fn ten_thousand_quotation_marks_do_not_fill_the_stack() {
    let marks = "&gt; ".repeat(10_000);
    let found = sent(&format!("<p>Yes:</p><p>{marks}and</p><p><b>no</b></p>")).unwrap();
    assert!(found.matches("<blockquote>").count() <= 16);
    assert!(found.ends_with("<p><b>no</b></p>"), "{}", &found[found.len() - 60..]);
}
