//! What persons write that looks like something else, and what looks like their words and is not
//! (`fixtures/reply_text/kept.txt`). A line `%%` changes between what is new and what is not.

use super::{split, split_html, split_text};
use crate::ground::letter::Letter;

/// Words, so that blank lines at the seams do not matter.
fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

#[test]
fn what_a_person_wrote_stays() {
    let all = include_str!("../../../fixtures/reply_text/kept.txt");
    let mut wrong = Vec::new();
    for case in all.split("==== ").skip(1) {
        let (name, case) = case.split_once('\n').unwrap();
        let (subject, case) = case.split_once("\n\n").unwrap();
        let body = case.replace("%%\n", "");
        let new: String = case.split("%%\n").step_by(2).collect();
        let letter = format!(
            "From: Visitor <visitor@example.com>\nTo: k3vq@reply.example.org\n{subject}\n\
             MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{body}"
        );
        let reply = split(&Letter::read(letter.as_bytes()));
        if words(&reply.text) != words(&new) {
            wrong.push(format!("== {name}, {}\n{}", reply.confidence, reply.text));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n\n{}", wrong.len(), wrong.join("\n\n"));
}

#[test]
fn an_attribution_behind_the_last_sentence_is_cut() {
    const QUOTE: &str = "On Mon, 23 Nov 2026 at 09:12, Hotel <h@x.example> wrote:\n> hello";
    for (above, text) in [
        ("Yes. ", "Yes."),
        ("Yes, we come! ", "Yes, we come!"),
        ("Yes? No. ", "Yes? No."),
        ("we come at six ", "we come at six"),
        ("We take it for 2 nights--- ", "We take it for 2 nights"),
        ("We stay on 5 May at Hotel du Lac ", "We stay on 5 May at Hotel du Lac"),
    ] {
        let reply = split_text(&format!("{above}{QUOTE}"));
        assert_eq!(reply.text, text);
        assert_eq!(reply.quoted, QUOTE);
    }
    let told = "I read it. On Monday he wrote:\nno rooms";
    assert_eq!(split_text(told).text, told);
}

#[test]
fn what_is_typed_into_a_container_for_signatures_is_text() {
    let html = "<div class='gmail_signature'>Yes, we take the room for two.</div>\
                <div class='gmail_quote'><div class='gmail_attr'>On Mon, 23 Nov 2026 at 09:12, Hotel &lt;h@x.example&gt; wrote:<br></div>\
                <blockquote class='gmail_quote'>hello</blockquote></div>";
    assert_eq!(split_html(html).text, "Yes, we take the room for two.");
}

#[test]
fn what_is_left_open_hides_nothing() {
    for html in [
        "<html><head><title>x</title><body><p>Is a room free?</p></body></html>",
        "<html><head><meta charset=utf-8><p>Is a room free?</p>",
        "<html><head>Is a room free?</html>",
        "<html><body><noscript>Is a room free?</noscript></body></html>",
        "<html><body><object data='x'>Is a room free?</object></body></html>",
        "<svg><text>logo</text><p>Is a room free?</p>",
        "<html><head><xml><w:View>Print</w:View></xml></head><body>Is a room free?</body></html>",
    ] {
        assert_eq!(split_html(html).text, "Is a room free?", "{html}");
    }
}

#[test]
fn a_line_hidden_by_its_size_is_not_read() {
    for style in [
        "max-height:0px;overflow:hidden",
        "opacity:0",
        "max-height: 0; max-width: 0; overflow: hidden",
        "display:none",
    ] {
        let html = format!("<div style='{style}'>Preview</div><p>Yes, gladly.</p>");
        assert_eq!(split_html(&html).text, "Yes, gladly.", "{style}");
    }
    for style in ["opacity:0.8", "max-height:0.5em", "line-height:0", "fill-opacity:0"] {
        let html = format!("<div style='{style}'>Yes, gladly.</div>");
        assert_eq!(split_html(&html).text, "Yes, gladly.", "{style}");
    }
}

#[test]
fn the_armour_of_a_signed_text_is_no_text() {
    let reply = split_text(
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nYes, two nights.\n\
         -----BEGIN PGP SIGNATURE-----\n\niQEzBAEBCAAdFiEE\n=abcd\n-----END PGP SIGNATURE-----\n",
    );
    assert_eq!(reply.text, "Yes, two nights.");
    assert!(
        reply.signature.starts_with("-----BEGIN PGP SIGNED")
            && reply.signature.ends_with("SIGNATURE-----")
    );
}

#[test]
fn subjects_of_forwards_and_replies() {
    use super::forward::{is_forward_subject, is_reply_subject};
    for (subject, forward, reply) in [
        ("[EXTERNAL] FW: Room", true, false),
        ("[EXT] [Hotel] Fwd: Room", true, false),
        ("Wtr: Zimmer", true, false),
        ("Weiterleitung: Zimmer", true, false),
        ("Fwd[2]: Room", true, false),
        ("Reenviado: Habitación", true, false),
        ("Переслано: Номер", true, false),
        ("Proslijeđeno: Soba", true, false),
        ("Room (fwd)", true, false),
        ("[Fwd: Room]", true, false),
        ("Re: Room (fwd)", false, true),
        ("Re: Fwd: Room", false, true),
        ("RE[2]: Room", false, true),
        ("[EXTERNAL] AW: Zimmer", false, true),
        ("回复：房间", false, true),
        ("Room", false, false),
        ("Reservation: 12 May", false, false),
    ] {
        assert_eq!(
            (is_forward_subject(subject), is_reply_subject(subject)),
            (forward, reply),
            "{subject}"
        );
    }
}

#[test]
fn what_only_their_programs_mark_is_no_text() {
    let bat = "<p>At six.</p><p>Tuesday, November 24, 2026, 10:12:13 AM, you wrote:</p>\
               <table><tr><td bgcolor=\"#0000ff\" width=2><br></td><td width=635><p>When do you arrive?</p></td></tr></table>";
    let fair = "<div>At six.</div><div fairemail=\"signature\">Ana</div>\
                <div fairemail=\"reference\"><p>24 Nov 2026 10:12:13 Hotel &lt;h@x.example&gt;:</p><blockquote type=cite>When?</blockquote></div>";
    let spring = "<div>At six.</div><signature id=\"initial\">Ana</signature>\
                  <div class=\"gmail_quote_attribution\">On Nov 24 2026, at 10:12 am, Hotel &lt;h@x.example&gt; wrote:</div><blockquote>When?</blockquote>";
    for html in [bat, fair, spring] {
        assert_eq!(split_html(html).text, "At six.", "{html}");
    }
    let table = "<table><tr><td bgcolor=\"#eeeeee\" width=200>Room</td><td>90</td></tr></table>";
    assert!(split_html(table).text.contains("Room"));
}

#[test]
fn apples_quoted_forward_names_its_author_in_any_language() {
    for (banner, labels) in [
        ("Videresendt besked:", ["Fra", "Emne", "Dato", "Til"]),
        ("Vidarebefordrat brev:", ["Från", "Ämne", "Datum", "Till"]),
        ("Továbbított levél kezdete:", ["Feladó", "Tárgy", "Dátum", "Címzett"]),
    ] {
        let [from, subject, date, to] = labels;
        let html = format!(
            "<body>Ours?<div><br><blockquote type=cite><div>{banner}</div><br>\
             <div><b>{from}: </b>Petra &lt;petra@guest.example&gt;<br><b>{subject}: </b>Room<br>\
             <b>{date}: </b>23. november 2026 09.00.12 CET<br><b>{to}: </b>marie@hotel.example<br></div>\
             <br><div>Is a room free?</div></blockquote></div></body>"
        );
        let raw = format!(
            "From: Marie <marie@hotel.example>\nTo: house@in.example\nSubject: Room\nMIME-Version: 1.0\n\
             Content-Type: text/html; charset=utf-8\n\n{html}"
        );
        let reply = split(&Letter::read(raw.as_bytes()));
        let forwarded = reply.forwarded.expect(banner);
        assert_eq!(forwarded.author.unwrap().address.to_string(), "petra@guest.example");
        assert_eq!((reply.text.as_str(), forwarded.text.as_str()), ("Ours?", "Is a room free?"));
    }
}

/// A guest's mail sent on behind `>`, under a subject that says nothing of it.
#[test]
fn a_third_ones_quoted_mail_is_a_forward() {
    let quoted = [
        "> From: Petra <petra@guest.example>\n> Date: 23 November 2026 at 09:00:12 CET\n> To: marie@hotel.example\n> Subject: Room\n> \n> Is a room free?\n",
        "> Message du 23/11/26 09:00\n> De : \"Petra\" <petra@guest.example>\n> A : marie@hotel.example\n> Copie à : \n> Objet : Room\n> \n> Is a room free?\n",
    ];
    for body in quoted {
        for above in ["", "Can you take this one?\n\n"] {
            let raw = format!(
                "From: Marie <marie@hotel.example>\nTo: house@in.example\nSubject: Room\n\n{above}{body}"
            );
            let reply = split(&Letter::read(raw.as_bytes()));
            let forwarded = reply.forwarded.expect("a forward");
            assert_eq!(forwarded.author.unwrap().address.to_string(), "petra@guest.example");
            assert_eq!(forwarded.text, "Is a room free?");
            assert_eq!(reply.text, above.trim());
            assert!(reply.confidence < 0.7, "nothing says so");
            let answer = raw.replace("Subject: Room", "Subject: Re: Room");
            assert_eq!(split(&Letter::read(answer.as_bytes())).forwarded, None);
        }
    }
}

#[test]
fn a_plain_part_without_the_words_gives_way() {
    let letter = |plain: &str, html: &str| {
        let raw = format!(
            "From: a@x.example\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=B\n\n\
             --B\nContent-Type: text/plain\n\n{plain}\n--B\nContent-Type: text/html\n\n{html}\n--B--\n"
        );
        split(&Letter::read(raw.as_bytes())).text
    };
    assert_eq!(
        letter("Your program does not support HTML.", "<p>Please cancel.</p>"),
        "Please cancel."
    );
    assert_eq!(
        letter("Please no HTML mail.", "<p>Please  no <b>HTML</b> mails.</p>"),
        "Please no HTML mail."
    );
    assert_eq!(letter("We come at six.", "<p>We come at 6.</p>"), "We come at six.");
}

/// Programs name their quotations or say who wrote: an address or a list moved in with a button is its author's.
#[test]
fn what_is_moved_in_stays() {
    for (html, text) in [
        ("<p>My address is</p><blockquote>Ana Silva<br>12 Quay</blockquote>", "12 Quay"),
        ("<p>We want</p><blockquote><ul><li>a cot</li></ul></blockquote>", "a cot"),
    ] {
        assert!(split_html(html).text.ends_with(text), "{html}");
    }
    for quoted in [
        "<p>Yes.</p><blockquote type='cite'>How many?</blockquote>",
        "<p>Yes.</p><p>On Mon, 23 Nov 2026 at 09:12, Hotel &lt;h@x.example&gt; wrote:</p><blockquote>How many?</blockquote>",
    ] {
        assert_eq!(split_html(quoted).text, "Yes.", "{quoted}");
    }
}
