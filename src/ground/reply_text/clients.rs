//! Languages × programs: every block of `fixtures/reply_text/clients.txt` between a new text and an old mail, with short
//! and long names, wrapped as programs wrap, with `>` and without. The new text must come out whole and alone.

use std::{fs, path::Path};

use super::{split, split_html, split_text};
use crate::ground::letter::Letter;

/// New texts of the house's visitors, with what tempts a reader to cut: prices, addresses, dates, lists.
const TEXTS: &[(&str, &str)] = &[
    (
        "en",
        "Hi,\n\nyes, two nights from 12/08/2026 to 14/08/2026, please.\n\nRoom  120 EUR\n---\nDog    10 EUR",
    ),
    ("fr", "Bonjour,\n\nnous arrivons vendredi vers 18h30. Où peut-on garer la voiture ?"),
    ("de", "Hallo,\n\nwir nehmen das Zimmer:\n- 2 Nächte\n- mit Frühstück\n\nGeht das?"),
    ("es", "Hola:\n\nSomos 2 adultos y 1 niño. ¿Hay cuna?"),
    ("it", "Buongiorno,\n\nDa: Milano\nA: Como\n\nc'è un treno?"),
    ("pt", "Olá,\n\no pequeno-almoço está incluído? Somos três."),
    ("nl", "Hallo,\n\nkunnen wij om 9:30 uitchecken?"),
    ("ja", "お世話になっております。\n2名で予約をお願いします。"),
    ("zh", "您好，\n\n请问有停车位吗？谢谢"),
    ("ko", "안녕하세요.\n주차가 가능한가요?"),
    ("ru", "Здравствуйте!\n\nЕсть ли парковка?"),
    ("ar", "مرحباً،\n\nهل يوجد موقف للسيارات؟"),
    ("he", "שלום,\n\nהאם יש חניה?"),
];

const OLD: &str = "Dear Ana,\nthank you for your request.\n\nThe room costs 120 EUR.\n\nHotel";
const PEOPLE: &[(&str, &str)] = &[
    ("Hotel du Lac", "k3vq@reply.example.org"),
    (
        "Müller, Jürgen (Gasthof zur Post)",
        "k3vq7hm2xr5tzc4bdw6yjnaefg@reply.gasthof-zur-post.example",
    ),
    ("info@hotel.example", "info@hotel.example"),
];

fn rows() -> Vec<(String, String)> {
    table("clients.txt")
}

/// The rows of a table: what stands left and right of the first " | ".
fn table(name: &str) -> Vec<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/reply_text").join(name);
    let text = fs::read_to_string(path).unwrap();
    let rows = text.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once(" | "));
    rows.map(|(key, block)| (key.to_owned(), block.replace("\\n", "\n"))).collect()
}

/// Breaks a line at spaces so that no piece is longer than `width`, as far as words allow.
fn wrapped(text: &str, width: usize) -> String {
    let mut out = String::new();
    for (n, line) in text.lines().enumerate() {
        if n > 0 {
            out.push('\n');
        }
        let mut column = 0;
        for (i, word) in line.split(' ').enumerate() {
            let length = word.chars().count();
            if i > 0 && column + 1 + length > width {
                out.push('\n');
                column = 0;
            } else if i > 0 {
                out.push(' ');
                column += 1;
            }
            out.push_str(word);
            column += length;
        }
    }
    out
}

fn quoted(text: &str) -> String {
    text.lines().map(|l| format!("> {l}").trim_end().to_owned() + "\n").collect()
}

/// White space aside: what counts is which words are in the text.
fn words(text: &str) -> String {
    text.split_whitespace().collect()
}

/// The mails of one row: what is tried, and the mail.
fn mails(key: &str, block: &str, new: &str) -> Vec<(String, String)> {
    let header = block.contains('\n');
    let mut mails = Vec::new();
    for (name, address) in PEOPLE {
        let filled = block.replace("{name}", name).replace("{address}", address);
        let mut block_forms = vec![("whole", filled.clone())];
        if !header && !block.starts_with(">>>") {
            block_forms.push(("wrapped", wrapped(&filled, 76)));
        }
        for (form, block) in block_forms {
            let what = |how: &str| format!("{key}, {name}, {form}, {how}");
            if block.starts_with("> ") {
                mails.push((what("all quoted"), format!("{new}\n\n{block}\n{}", quoted(OLD))));
                continue;
            }
            let plain = format!("{new}\n\n{block}\n\n{OLD}\n");
            mails.push((what("crlf"), plain.replace('\n', "\r\n")));
            mails.push((what("plain"), plain));
            if !header {
                mails.push((what(">"), format!("{new}\n\n{block}\n\n{}", quoted(OLD))));
                mails.push((what("> at once"), format!("{new}\n{block}\n{}", quoted(OLD))));
            }
        }
    }
    mails
}

#[test]
fn every_program_in_every_language() {
    let rows = rows();
    assert!(rows.len() >= 200, "only {} rows", rows.len());
    let (mut tried, mut wrong) = (0, Vec::new());
    for (key, block) in &rows {
        let language = key.split(' ').next().unwrap();
        let new = TEXTS.iter().find(|(l, _)| *l == language).unwrap_or(&TEXTS[0]).1;
        for (what, mail) in mails(key, block, new) {
            tried += 1;
            let reply = split_text(&mail);
            if words(&reply.text) != words(new) {
                wrong.push(format!("{what}\n{mail}\n  -> {:?}\n", reply.text));
            }
        }
    }
    let shown: Vec<&str> = wrong.iter().take(400).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} of {tried} wrong\n{}", wrong.len(), shown.join("\n"));
}

/// The same in HTML without a container that says so: lines as `div`s, the address a link.
#[test]
fn every_program_in_plain_html() {
    let mut wrong = Vec::new();
    for (key, block) in rows().into_iter().filter(|(_, block)| !block.starts_with("> ")) {
        let (name, address) = PEOPLE[0];
        let escape = |t: &str| t.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let lines = |t: &str| -> String {
            t.lines()
                .map(|l| format!("<div>{}</div>", if l.is_empty() { "<br>" } else { l }))
                .collect()
        };
        let link = format!("<a href=\"mailto:{address}\">{address}</a>");
        let block = escape(&block).replace("{name}", name).replace("{address}", &link);
        let html = format!("<div>Yes, gladly.</div><br>{}<br>{}", lines(&block), lines(OLD));
        let reply = split_html(&html);
        if words(&reply.text) != "Yes,gladly." {
            wrong.push(format!("{key}: {:?}", reply.text));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn forwards_of_every_program_are_whole_and_name_their_author() {
    const INNER: &str = "Hello,\n\nis a double room free in August?\n\nRegards\nMaria";
    let mut wrong = Vec::new();
    for (key, rest) in table("forwards.txt") {
        let (subject, block) = rest.split_once(" | ").unwrap();
        for (person, name) in [
            ("Maria Guest <maria@guest.example>", Some("Maria Guest")),
            ("\"Guest, Maria\" <maria@guest.example>", Some("Guest, Maria")),
            ("maria@guest.example", None),
        ] {
            for text in ["", "For you, please answer.\n\n"] {
                let date = "23.11.2026 09:12";
                let block = block.replace("{from}", person).replace("{date}", date);
                let letter = Letter {
                    subject: subject.to_owned(),
                    plain: Some(format!("{text}{block}\n\n{INNER}\n")),
                    ..Letter::default()
                };
                let reply = split(&letter);
                let forwarded = reply.forwarded.clone().unwrap_or_default();
                let author = forwarded.author.as_ref();
                let right = reply.text.trim() == text.trim()
                    && author.is_some_and(|a| a.address.to_string() == "maria@guest.example")
                    && author.is_some_and(|a| a.name.as_deref() == name)
                    && (block.starts_with("> ") || forwarded.text.trim() == INNER);
                if !right {
                    wrong.push(format!("{key} {person} {text:?}: {reply:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// What people write that looks like something else: it all stays, alone and above a quotation.
#[test]
fn what_people_write_survives() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/reply_text/survivors.txt");
    let all = fs::read_to_string(path).unwrap();
    let texts: Vec<&str> = all.split("\n%%\n").skip(1).map(str::trim).collect();
    assert!(texts.len() >= 40, "only {}", texts.len());
    let attribution = "On Mon, 23 Nov 2026 at 09:12, Hotel <k3vq@reply.example.org> wrote:";
    let headers = "________________________________\nFrom: Hotel <h@hotel.example>\nSent: Monday, November 23, 2026 9:12 AM\nTo: Ana\nSubject: Re: Stay";
    let mut wrong = Vec::new();
    for text in &texts {
        for (what, mail) in [
            ("alone", (*text).to_owned()),
            ("gmail", format!("{text}\n\n{attribution}\n\n{}", quoted(OLD))),
            ("outlook", format!("{text}\n\n{headers}\n\n{OLD}\n")),
        ] {
            let reply = split_text(&mail);
            if words(&reply.text) != words(text) {
                wrong.push(format!(
                    "{what}\n{text}\n  -> {:?}\n     signature {:?}",
                    reply.text, reply.signature
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n\n"));
}

#[test]
fn footers_of_every_program_are_signatures() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/reply_text/footers.txt");
    let all = fs::read_to_string(path).unwrap();
    let attribution = "On Mon, 23 Nov 2026 at 09:12, Hotel <k3vq@reply.example.org> wrote:";
    let mut wrong = Vec::new();
    for footer in all.lines().filter(|l| !l.starts_with('#')) {
        for (what, below) in
            [("alone", String::new()), ("gmail", format!("\n\n{attribution}\n{}", quoted(OLD)))]
        {
            let reply = split_text(&format!("Two nights, please.\n\n{footer}{below}\n"));
            if reply.text != "Two nights, please." || words(&reply.signature) != words(footer) {
                wrong.push(format!("{what}: {footer}  -> {:?} {:?}", reply.text, reply.signature));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn closings_of_every_language_are_signatures() {
    let attribution = "On Mon, 23 Nov 2026 at 09:12, Hotel <k3vq@reply.example.org> wrote:";
    let mut wrong = Vec::new();
    for (key, closing) in table("closings.txt") {
        let reply = split_text(&format!(
            "Two nights, please.\n\n{closing}\n\n{attribution}\n{}",
            quoted(OLD)
        ));
        if ![
            "Two nights, please.",
            "Two nights, please.\n\n감사합니다.",
            "Two nights, please.\n\n감사합니다",
        ]
        .contains(&reply.text.as_str())
        {
            wrong.push(format!("{key}: {closing:?} -> {:?} {:?}", reply.text, reply.signature));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
