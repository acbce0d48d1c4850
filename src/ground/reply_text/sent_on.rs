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
}
