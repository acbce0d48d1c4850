//! Tables of what text and safe form an HTML mail gives.

use super::{SafeHtml, safe, text};

#[test]
fn text_keeps_what_a_person_sees() {
    let cases = [
        ("<p>Hello</p><p>World</p>", "Hello\n\nWorld"),
        ("a<br>b<br><br>c", "a\nb\n\nc"),
        ("<div>a</div><div><br></div><div>b</div>", "a\n\nb"),
        ("<div>a<br></div><div>b</div>", "a\nb"),
        ("<p class=MsoNormal>a</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>b</p>", "a\n\nb"),
        ("  a \n  <b>b</b>c ", "a bc"),
        ("1&nbsp;200&nbsp;&euro;", "1 200 \u{20ac}"),
        ("<ul><li>a<li>b<ul><li>c</li></ul></ul>d", "- a\n- b\n  - c\n\nd"),
        ("<ol start=3><li>a</li><li><p>b</p><p>c</p></li></ol>", "3. a\n4. b\n\n   c"),
        ("<table><tr><th>Room<th>Price<tr><td>Double<td>90</table>", "Room | Price\nDouble | 90"),
        ("<table><tr><td><table><tr><td>a</td></tr></table><p>b</p></td></tr></table>", "a\n\nb"),
        ("<table><tr><td>one</td></tr><tr><td>two</td></tr></table>", "one\ntwo"),
        ("see <a href='https://x.org/a'>here</a>.", "see here <https://x.org/a>."),
        (
            "<a href='https://x.org/'>x.org</a> <a href='mailto:a@b.org'>a@b.org</a>",
            "x.org a@b.org",
        ),
        ("<a href='javascript:x'>x</a>", "x"),
        ("<pre>a  b\n c</pre>d", "a  b\n c\n\nd"),
        (
            "a<blockquote>b<br>c<blockquote>d</blockquote></blockquote>e",
            "a\n\n> b\n> c\n>\n> > d\n\ne",
        ),
        ("<div style='display:none'>pre</div><div style='mso-hide:all'>x</div>a", "a"),
        ("<span style='font-size:0px'>x</span>a<script>b</script><style>c</style>", "a"),
        ("a<hr>b", "a\n---\nb"),
        ("a<noscript>switch on scripts</noscript> b", "a b"),
        ("<noscript>a</noscript>", "a"),
        ("thanks <img alt='\u{1f600}' src=x><img alt='Logo' src=y>", "thanks \u{1f600}"),
        ("", ""),
    ];
    for (html, expected) in cases {
        assert_eq!(text(html), expected, "{html}");
    }
}

#[test]
fn deep_nesting_is_no_danger() {
    for tag in ["div", "blockquote", "table><tr><td", "ul><li", "b", "p"] {
        let html = format!("<{tag}>").repeat(100_000) + "end";
        assert!(text(&html).ends_with("end"), "{tag}");
    }
}

fn made_safe(html: &str) -> SafeHtml {
    safe(html, &|id| (id == "logo@x").then(|| "/parts/1".to_owned()))
}

#[test]
fn what_is_harmless_stays_and_the_rest_goes() {
    let cases = [
        ("<p>Hi <b>you</b></p>", "<p>Hi <b>you</b></p>"),
        ("<script>alert(1)</script><p onclick=x()>a</p>", "<p>a</p>"),
        ("<form action=x><input name=a>b<button>c</button></form>", "b"),
        ("<iframe src=x></iframe><svg><script>1</script></svg><math><mi>x</mi></math>a", "a"),
        ("<meta http-equiv=refresh content=1><link rel=x><base href=y>a", "a"),
        (
            "<a href='https://x.org' onmouseover=y>x</a>",
            "<a href=\"https://x.org\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">x</a>",
        ),
        (
            "<a href='java\tscript:alert(1)'>x</a>",
            "<a target=\"_blank\" rel=\"noopener noreferrer nofollow\">x</a>",
        ),
        ("<img src='cid:logo@x' alt=L>", "<img alt=\"L\" src=\"/parts/1\">"),
        ("<img src='cid:other'>", "<img>"),
        ("<img src=/parts/2>", "<img>"),
        (
            "<img src=https://x.org/a.png width=40>",
            "<img width=\"40\" data-remote-src=\"https://x.org/a.png\">",
        ),
        ("<img src=//x.org/dot.gif width=1 height=1>a", "a"),
        ("<p style='color:red;position:absolute'>a</p>", "<p style=\"color:red;\">a</p>"),
        ("<td background=http://x/y>a", "a"),
        ("<div class=modal id=x>a</div>", "<div>a</div>"),
        ("<body bgcolor=red><o:p>a</o:p></body>", "<div bgcolor=\"red\">a</div>"),
        ("&lt;script&gt;", "&lt;script&gt;"),
        (
            "<noscript><p title=\"</noscript><img src=x onerror=y>\">",
            "<p title=\"&lt;/noscript&gt;&lt;img src=x onerror=y&gt;\"></p>",
        ),
    ];
    for (html, expected) in cases {
        assert_eq!(made_safe(html).html, expected, "{html}");
    }
}

#[test]
fn remote_content_is_counted() {
    let html = "<table background=http://x/1><tr><td style='background:url(http://x/2)'>\
                <img src=http://x/3><img src=cid:logo@x></table>";
    let made = made_safe(html);
    assert_eq!(made.remote_count, 3);
    assert!(made.html.contains("data-remote-background=\"http://x/2\""), "{}", made.html);
}

#[test]
fn attacks_on_the_parser_take_no_time() {
    let many = format!("<a {}>x", (0..200_000).map(|n| format!("a{n} ")).collect::<String>());
    assert_eq!(made_safe(&many).html.matches('x').count(), 1);
    let deep = "<div><p><b>".repeat(50_000);
    assert!(made_safe(&deep).html.len() < 1_000_000);
}
