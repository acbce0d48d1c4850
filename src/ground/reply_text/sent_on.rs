//! Letters sent on: behind `>`, under a subject that does not say so, with words below.

use super::{Forwarded, ReplyText, split};
use crate::ground::letter::Letter;

fn read(subject: &str, body: &str) -> ReplyText {
    let letter = format!(
        "From: Bo <bo@hotel.example>\nTo: info@hotel.example\nSubject: {subject}\n\
         MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{body}"
    );
    split(&Letter::read(letter.as_bytes()))
}

fn author(forwarded: Option<&Forwarded>) -> Option<String> {
    Some(forwarded?.author.as_ref()?.address.to_string())
}

const BLOCK: &str = "From: Ana <ana@guest.example>\nDate: 23 November 2026 at 09:12\nTo: Bo <bo@hotel.example>\nSubject: May";

#[test]
fn words_below_a_quoted_forward_are_new() {
    let quoted: String = BLOCK.lines().map(|l| format!("> {l}\n")).collect();
    for banner in ["Begin forwarded message:\n\n", "> Begin forwarded message:\n>\n", ""] {
        let body = format!(
            "For you.\n\n{banner}{quoted}>\n> Is a room free?\n\nShe wants the quiet one.\n-- \nBo\n"
        );
        let reply = read("Fwd: May", &body);
        let text: Vec<&str> = reply.text.lines().filter(|l| !l.is_empty()).collect();
        assert_eq!(text, ["For you.", "She wants the quiet one."], "{banner}");
        assert_eq!(reply.signature, "-- \nBo".replace("-- ", "--"));
        let forwarded = reply.forwarded.as_ref();
        assert_eq!(author(forwarded).as_deref(), Some("ana@guest.example"), "{banner}");
        assert_eq!(forwarded.map(|f| f.text.as_str()), Some("Is a room free?"), "{banner}");
    }
}

#[test]
fn a_quoted_header_under_another_subject_is_a_quotation() {
    let quoted: String = BLOCK.lines().map(|l| format!("> {l}\n")).collect();
    let reply = read("Re: May", &format!("Yes.\n\n{quoted}>\n> Is a room free?\n"));
    assert_eq!((reply.text.as_str(), reply.forwarded), ("Yes.", None));
}

/// Some programs leave the subject as it is: whose header it is tells.
#[test]
fn a_strangers_header_in_a_first_letter_is_a_forward() {
    let reply = read("May", &format!("Please answer.\n\n{BLOCK}\n\nIs a room free?\n"));
    assert_eq!(reply.text, "Please answer.");
    assert_eq!(author(reply.forwarded.as_ref()).as_deref(), Some("ana@guest.example"));
    let own = BLOCK.replace("ana@guest.example", "info@hotel.example");
    let answer = read("May", &format!("Yes, two nights.\n\n{own}\n\nHow many nights?\n"));
    assert_eq!((answer.text.as_str(), answer.forwarded), ("Yes, two nights.", None));
    let returned = format!(
        "From: MAILER-DAEMON@mx.example\nTo: info@hotel.example\n\nNot delivered.\n\n{BLOCK}\n\nIs a room free?\n"
    );
    assert_eq!(split(&Letter::read(returned.as_bytes())).forwarded, None);
}

#[test]
fn blank_lines_between_the_fields_end_no_header() {
    let body = "See below.\n\n-----Original Message-----\nFrom: \"Ana\" <ana@guest.example>\n\nDate: Mon, 23 Nov 2026 09:12:06\n\
                To:<bo@hotel.example>\n\n\nSubject: A room in May\n\n\nIs one free?\n";
    let forwarded = read("Fwd: A room in May", body).forwarded.unwrap_or_default();
    assert_eq!(forwarded.subject.as_deref(), Some("A room in May"));
    assert_eq!(forwarded.text, "Is one free?");
}

/// A visitor copies a mail they got and asks below it: nothing says where the old one ends, so the whole is shown.
#[test]
fn a_header_copied_into_a_first_letter_leaves_doubt() {
    let body =
        format!("I received this mail:\n\n{BLOCK}\n\nYour card, please.\n\nIs it genuine?\n");
    assert!(read("A mail", &body).confidence < 0.7);
    assert!(read("Fwd: A mail", &body).confidence >= 0.7);
}

/// Gmail of old has the quoted text in the container of the attribution.
#[test]
fn an_attribution_and_its_text_in_one_container() {
    let html = "Yes.<div class='gmail_quote'>On 23-Nov-2026, at 9:12 AM, Hotel &lt;h@x.example&gt; wrote:\
                <div>How many nights?</div></div>";
    assert_eq!(super::split_html(html).text, "Yes.");
}

/// Lotus Notes: a table without colons, in its HTML and in the text it makes of it.
#[test]
fn the_table_of_notes_is_a_header() {
    let plain = "Yes, two nights.\n\nHotel du Lac <h@hotel.example> \n23.11.2026 09:12\n\nAn\nAna Silva <ana@guest.example>\nKopie\n\n\
                 Betreff\nRe: Zimmer im Mai\n\nWie viele Nächte?\n";
    assert_eq!(super::split_text(plain).text, "Yes, two nights.");
    let html = "<div>Yes, two nights.</div><br><table><tr><td><b>Hotel du Lac &lt;h@hotel.example&gt;</b><p>23.11.2026 09:12</td>\
                <td><table><tr><td>To<td>Ana Silva &lt;ana@guest.example&gt;<tr><td>cc<td><tr><td>Subject<td>Re: May</table></td></tr></table>\
                <div>How many nights?</div>";
    assert_eq!(super::split_html(html).text, "Yes, two nights.");
    let forwarded = read(
        "WG: Zimmer",
        &plain
            .replace("Yes, two nights.", "Bitte antworten.")
            .replace("Hotel du Lac <h@hotel.example>", "Ana <ana@guest.example>"),
    )
    .forwarded
    .unwrap_or_default();
    assert_eq!(author(Some(&forwarded)).as_deref(), Some("ana@guest.example"));
    assert_eq!(forwarded.subject.as_deref(), Some("Re: Zimmer im Mai"));
    assert_eq!(forwarded.text, "Wie viele Nächte?");
    // A plan of a day has a moment, too, and somebody it goes to.
    let plan =
        "Our plan:\n\nArrival Zurich\n23.11.2026 09:12\n\nTo\nthe hotel by bus\n\nIs that right?";
    assert_eq!(super::split_text(plan).text, plan);
    let trip = "Flug:\n\nLufthansa LH1234\n23.05.2026 18:05\n\nAn\nLissabon\n\nBetreff\nAbholung\n\nKönnen Sie uns abholen?";
    assert_eq!(super::split_text(trip).text, trip);
}

/// What is for programs that cannot show something is read where nothing else is written; what never ends hides nothing.
#[test]
fn what_stands_in_for_something_else_is_read_alone_only() {
    for (html, text) in [
        (
            "<p>Is a room free?</p><object data=x>Your browser cannot show this</object>",
            "Is a room free?",
        ),
        ("<p>Room?</p><noscript>Enable JS</noscript>", "Room?"),
        ("<noscript>Is a room free?</noscript>", "Is a room free?"),
        ("<object>Is a room free?</object>", "Is a room free?"),
        ("<noscript><p>Room?", "Room?"),
        ("Hello<noscript><p>Room?", "Hello\n\nRoom?"),
        ("<html><head><title>My mail<body><p>Room for two?</p></body></html>", "Room for two?"),
        ("<style>p{color:red}<p>Room for two?</p>", "Room for two?"),
    ] {
        assert_eq!(super::split_html(html).text, text, "{html}");
    }
}

/// What reads like a closing and a name, or a Korean signature, and is what was written.
#[test]
fn what_only_looks_signed_stays() {
    for text in [
        "Which of your hotels is nearer to the station?\n\nGruß Gott Kapelle",
        "A list of what we need:\n\n- cot\n- parking\n\nCheers Bar",
        "The wine is called\n\nCheers Merlot",
        "¿Cómo se llama el bar?\n\nSaludos Bar",
        "The guests are\n\nRegards Ltd\nTom Hunt\n+351 912 345 678",
        "Invoice address:\n\nGrüße Reisen\nHauptstr. 5\n10115 Berlin\ninfo@gruesse.example\n+49 30 123456",
        "Bitte richten Sie aus:\n\nLiebe Grüße Oma",
        "Text for the cake:\n\nLG Bo",
        "방이 있습니까?\n가격 알려 드림",
        "예약을 확인했습니다.\n\n도착 시간 알려 드림",
        "내일 도착합니다.\n\n사진 보내 드림",
        "두 명입니다.\n\n여권 사본 첨부해 드림",
        "두 명입니다.\n\n보내 드림",
    ] {
        assert_eq!(read("A question", text).text, text);
    }
    for (text, signature) in [
        ("Is a room free?", "LG Bo"),
        ("Wir kommen um 18 Uhr", "LG Bo"),
        ("Alles klar.", "MfG Uwe"),
        ("내일 도착합니다.", "김민수 드림"),
    ] {
        let reply = read("A question", &format!("{text}\n\n{signature}\n"));
        assert_eq!((reply.text.as_str(), reply.signature.as_str()), (text, signature));
    }
}
