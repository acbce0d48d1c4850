//! Fixtures (`fixtures/reply_text/*.eml` with `.expect`; `UPDATE=1` rewrites), tables of single cases, and the
//! property that nothing is lost.

use std::{fmt::Write, fs, path::PathBuf};

use super::{ReplyText, forward, language, split, split_html, split_text};
use crate::ground::{address::Mailbox, letter::Letter};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/reply_text")
}

/// What an `.expect` file holds.
fn shown(reply: &ReplyText) -> String {
    let begins = |text: &str| text.lines().next().unwrap_or_default().to_owned();
    let mut out = format!(
        "== text\n{}\n== signature\n{}\n== quoted begins\n{}\n",
        reply.text.trim(),
        reply.signature.trim(),
        begins(&reply.quoted)
    );
    if let Some(forwarded) = &reply.forwarded {
        let author = forwarded.author.as_ref().map(|m| match &m.name {
            Some(name) => format!("{name} <{}>", m.address),
            None => m.address.to_string(),
        });
        let _ = write!(
            out,
            "== forwarded\nauthor: {}\ndate: {}\nsubject: {}\nbegins: {}\n",
            author.unwrap_or_default(),
            forwarded.date.as_deref().unwrap_or_default(),
            forwarded.subject.as_deref().unwrap_or_default(),
            begins(&forwarded.text)
        );
    }
    out
}

#[test]
fn fixtures_read_as_expected() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "eml") {
            continue;
        }
        count += 1;
        let got = shown(&split(&Letter::read(&fs::read(&path).unwrap())));
        let expect = path.with_extension("expect");
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&expect, &got).unwrap();
        }
        let expected = fs::read_to_string(&expect).unwrap_or_default();
        if expected != got {
            wrong.push(format!("{}\nexpected\n{expected}got\n{got}", path.display()));
        }
    }
    assert!(count >= 40, "only {count} fixtures found");
    assert!(wrong.is_empty(), "{} wrong\n\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn one_attribution_or_header_cuts() {
    // What stands above in each case: one line of text. Everything from the quoted part on is cut.
    for quoted in [
        "On Tue, 3 Mar 2020, Ana <ana@example.org> wrote:\n> Hi",
        "On 3 Mar 2020, at 09:05, Ana wrote:\n\nHi",
        "- Le 2021-04-09 23:25, Ana a écrit :\n> Hi",
        "---- On Wed, 24 Feb 2021 14:02:50 +0530 ana@example.org wrote ----\n\nHi",
        "Op 18 juli 2013 10:23 schreef Sander Datema het volgende:\n\nHi",
        "Op 3 mrt. 2020, om 09:05 heeft Ana <ana@example.org> het volgende geschreven:\n\nHi",
        "2020. 03. 03. dátummal, 9:05 időpontban Ana <ana@example.org> írta:\nHi",
        "Ana <ana@example.org> kirjoitti 3.3.2020 kello 9.05:\n\n> Hi",
        "Dne 3. 3. 2020 v 9:05 Ana Nová napsal(a):\n> Hi",
        "Στις 3 Μαρ 2020, στις 09:05, ο/η Ana <ana@example.org> έγραψε:\n\nHi",
        "3 марта 2020 г., в 09:05, Ana <ana@example.org> написал(а):\n\nHi",
        "2020. 3. 3. 오전 9:05, Ana <ana@example.org> 작성:\n\nHi",
        "At 2020-03-03 09:05:00, \"Ana\" <ana@example.org> wrote:\nHi",
        "Von: Ana <ana@example.org>\nGesendet: 3.3.2020 09:05\nAn: Bo\nBetreff: Zimmer\n\nHi",
        "*Från:* Ana <ana@example.org>\n*Skickat:* den 3 mars 2020 09:05\n*Till:* Bo\n*Ämne:* Rum\n\nHi",
        "-------- Message d'origine --------\nDe : Ana\nDate : 3/3/20 9:05\nÀ : b@example.org Objet : Hi\n\nHi",
        "-----Mensaje original-----\n\nHi",
        "Original Message processed by david®\nZimmer\nVon Ana\nAn Bo\n\nHi",
        "##- Please type your reply above this line -##\n\nHi",
    ] {
        let reply = split_text(&format!("Yes, gladly.\n\n{quoted}\n"));
        assert_eq!(reply.text, "Yes, gladly.", "{quoted}");
        assert!(reply.quoted.ends_with("Hi"), "{quoted}");
        assert!(reply.confidence >= 0.8, "{quoted}: {}", reply.confidence);
    }
}

#[test]
fn containers_of_mail_programs_cut() {
    const ANA: &str = "Ana &lt;<a href='mailto:ana@example.org'>ana@example.org</a>&gt;";
    for (program, quoted) in [
        (
            "Outlook for Mac",
            "<div style='border:none;border-top:solid #B5C4DF 1.0pt'><b>From:</b> {a}<br><b>Sent:</b> 3 March 2020 9:05<br><b>To:</b> Bo</div>Old",
        ),
        (
            "Outlook mobile",
            "<div id='mail-editor-reference-message-container'><b>From:</b> {a}<br>Old</div>",
        ),
        (
            "Hotmail",
            "<hr id='stopSpelling'>Date: Tue, 3 Mar 2020<br>Subject: x<br>From: ana@example.org<br>Old",
        ),
        (
            "Roundcube",
            "<p id='reply-intro'>Am 2020-03-03 09:05, schrieb Ana:</p><blockquote type='cite'>Old</blockquote>",
        ),
        (
            "Thunderbird, Icelandic",
            "<div class='moz-cite-prefix'>Þann 3.3.2020 kl. 09:05, skrifaði Ana:</div><blockquote type='cite'>Old</blockquote>",
        ),
        (
            "Apple Mail, Icelandic",
            "<div>Þann 3. mars 2020 kl. 09:05, skrifaði {a}:</div><br><blockquote type='cite'>Old</blockquote>",
        ),
        (
            "Superhuman",
            "<div class='gmail_quote'>On Tue, Mar 03, 2020 at 9:05 AM, {a} wrote:<br><blockquote class='gmail_quote'>Old</blockquote></div>",
        ),
        (
            "QQ",
            "<div>------------------&nbsp;原始邮件&nbsp;------------------</div><div><b>发件人:</b>&nbsp;{a};</div><div><b>主题:</b>&nbsp;Re</div>Old",
        ),
        (
            "163",
            "<p>At 2020-03-03 09:05:00, {a} wrote:</p><blockquote id='isReplyContent'>Old</blockquote>",
        ),
        (
            "Notes",
            "<table><tr><td>Von:</td><td>Ana</td></tr><tr><td>An:</td><td>Bo@x.example</td></tr><tr><td>Datum:</td><td>3.3.2020 09:05</td></tr><tr><td>Betreff:</td><td>Re</td></tr></table>Old",
        ),
        (
            "Missive",
            "<div class='missive_quote'>On March 3, 2020 at 9:05 AM, Ana (ana@example.org) wrote:<br><blockquote>Old</blockquote></div>",
        ),
    ] {
        let reply = split_html(&format!("<div>Yes, gladly.</div>{}", quoted.replace("{a}", ANA)));
        assert_eq!(reply.text, "Yes, gladly.", "{program}");
        assert!(reply.quoted.ends_with("Old"), "{program}: {}", reply.quoted);
    }
}

#[test]
fn what_people_draw_in_html_stays() {
    for html in [
        "<p>One</p><hr><p>Two</p><hr><p>Three</p>",
        "<p>You say</p><blockquote>breakfast included</blockquote><p>Is it?</p>",
        "<div>Menu</div><blockquote style='margin:0 0 0 40px;border:none;padding:0'>Soup<br>Fish</blockquote>",
        "<table><tr><td><b>Name:</b></td><td>Ana</td></tr><tr><td><b>Date:</b></td><td>3.3.2020 10:00</td></tr></table>",
        "<div>One</div><div style='border-top:1px solid #ccc;padding-top:5px'>Two</div>",
    ] {
        assert_eq!(split_html(html).quoted, "", "{html}");
    }
}

#[test]
fn what_only_looks_quoted_stays() {
    for text in [
        "You wrote: breakfast is included. Is it?",
        "On Thursday, we arrive.\nOn Friday, we leave at 9:00.",
        "In your mail you wrote:\nthe pool is open until 9 pm.",
        "Please send the bill by 10.03.2024 to info@firm.example:\nFirm Ltd\nRoad 1",
        "Our party:\nTo: 4 adults\nFrom: Lyon\nDate: May",
        "From: 12.05.2025\nTo: 15.05.2025\nThank you!",
        "Von: 14 Uhr\nBis: 18 Uhr\nGeht das?",
        "We need:\n\nFrom: Zurich airport\nTo: your hotel\nDate: 3 May 2025 10:00\nSubject: transfer for two\n\nThanks",
        "Options:\n-- double room\n-- suite\n-- attic room\n\nWhich is free?",
        "Room   100 EUR\n---\nGarden  20 EUR\n---\nTotal 120 EUR",
        "Sent from my desk, which is easier than my phone.",
        "Two nights.\n\nSent from my desk, is much easier than my mobile phone.",
        "The key was sent from the hotel last week. Where is it?",
        "We met Mr. Best.\nBest\nis his name, really?",
        "With best regards to your mother!\nShall we bring the dog?",
        "Call me:\nMaria Keller\n+41 79 123 45 67",
        ">:( the shower was cold",
        "Where is the contract?\n\nSent by mail on Monday",
        "Die Rechnung?\n\nGesendet von der Bank am 3. Mai",
        "La clé ?\n\nEnvoyée par la poste",
    ] {
        let reply = split_text(text);
        assert_eq!(reply.text, text);
        assert_eq!((reply.quoted.as_str(), reply.signature.as_str()), ("", ""));
    }
}

#[test]
fn programs_that_say_little_are_understood_by_the_quote_below() {
    for said in [
        "2026/11/23 Ana Pinto <ana@example.org>",
        "On Nov 23, Ana Pinto said:",
        "In article <x@news.example>,\n Ana Pinto <ana@example.org> wrote:",
        "Ana Pinto ---23.11.2026 09:12:44---Is the room free?",
    ] {
        let reply = split_text(&format!("Yes, it is.\n\n{said}\n> Is the room free?\n"));
        assert_eq!(reply.text, "Yes, it is.", "{said}");
    }
}

#[test]
fn footers_and_closings_are_signatures() {
    for signature in [
        "-- \nAna",
        "Sent from my iPhone",
        "Get Outlook for iOS<https://aka.ms/o0ukef>",
        "Sent via the Samsung Galaxy S21 5G, an AT&T 5G smartphone",
        "Sent from Front",
        "Envoyé à partir de Outlook pour iOS",
        "Gesendet mit der GMX Mail App",
        "Enviado desde mi Samsung Galaxy",
        "Inviato da iPhone",
        "Enviado do Yahoo Mail no Android",
        "Verzonden vanaf mijn iPad",
        "Enviat des del meu iPhone",
        "Wysłane z iPhone'a",
        "Odesláno z mého Samsung Galaxy",
        "Skickat från min iPhone",
        "Sendt fra min iPhone",
        "Lähetetty iPhonesta",
        "Küldve az iPhone-omról",
        "Trimis de pe iPhone-ul meu",
        "iPhone'umdan gönderildi",
        "Στάλθηκε από το iPhone μου",
        "Отправлено с iPhone",
        "Надіслано з iPhone",
        "发自我的iPhone",
        "iPhoneから送信",
        "나의 iPhone에서 보냄",
        "أُرسلت من الـ iPhone",
        "נשלח מה-iPhone שלי",
        "Kind regards,\nAna Pop\n+40 721 123 456",
        "Mit freundlichen Grüßen\n\nJana Weiß",
        "Cordialement,\nLuc",
        "С уважением,\nАнна",
    ] {
        let reply = split_text(&format!("Two nights, please.\n\n{signature}\n"));
        assert_eq!(reply.text, "Two nights, please.", "{signature}");
        assert_eq!(reply.signature.replace("-- \n", "--\n"), signature.replace("-- \n", "--\n"));
    }
}

#[test]
fn the_authors_own_contact_data_is_a_signature() {
    let letter = |plain: &str| Letter {
        plain: Some(plain.to_owned()),
        from: vec![Mailbox::new(Some("Gina Keller"), "gina@example.com".parse().unwrap())],
        ..Letter::default()
    };
    let data = "Gina Keller\ngina@example.com\n(555) 346-9947";
    let reply = split(&letter(&format!("Two nights, please.\n\n{data}\n")));
    assert_eq!((reply.text.as_str(), reply.signature.as_str()), ("Two nights, please.", data));
    for content in [
        format!("Please send the invoice to:\n\n{data}"),
        "Two nights, please.\n\nGina Keller".to_owned(),
        "Two nights, please.\n\nMarc Keller\nmarc@example.com".to_owned(),
    ] {
        assert_eq!(split(&letter(&content)).text, content);
    }
}

#[test]
fn a_letter_with_something_written_has_a_text() {
    for only in
        ["-- \nAna", "Sent from my iPhone", "##- Please type your reply above this line -##\nYes"]
    {
        assert_ne!(split_text(only).text, "", "{only}");
    }
    assert_eq!(split_text("On Mon, 3 Mar 2025, Ana <a@b.example> wrote:\n> Hi\n").text, "");
}

#[test]
fn forward_subjects_are_read_in_their_languages() {
    for (subject, expected) in [
        ("Fwd: Room", true),
        ("WG: Zimmer", true),
        ("TR : Chambre", true),
        ("RV: Habitación", true),
        ("I: Camera", true),
        ("Enc: Quarto", true),
        ("转发：房间", true),
        ("Re: Fwd: Room", false),
        ("Room: forward facing", false),
        ("Invoice", false),
    ] {
        assert_eq!(forward::is_forward_subject(subject), expected, "{subject}");
    }
}

#[test]
fn forwards_name_the_inner_author() {
    const MARIA: &str = "Maria Guest <maria@guest.example>";
    for (subject, forward, date) in [
        (
            "Fwd: x",
            "Begin forwarded message:\n\nFrom: {m}\nSubject: Room\nDate: 3 March 2025\nTo: a@x.example",
            "3 March 2025",
        ),
        (
            "WG: x",
            "Anfang der weitergeleiteten Nachricht:\n\nVon: {m}\nBetreff: Room\nDatum: 3. März 2025\nAn: a@x.example",
            "3. März 2025",
        ),
        ("Fwd: x", "-------- Пересылаемое сообщение --------\n03.03.2025, 09:05, {m}:", ""),
        (
            "转发: x",
            "---------- Forwarded message ---------\n发件人： {m}\nDate: 2025年3月3日\nSubject: Room",
            "2025年3月3日",
        ),
        (
            "FW: x",
            "-----Original Message-----\nFrom: Maria Guest [mailto:maria@guest.example]\nSent: March 3, 2025\nTo: Bo",
            "March 3, 2025",
        ),
        (
            "VS: x",
            "Fra: {m}\nSendt: 3. mars 2025 09:05\nTil: a@x.example\nEmne: Room",
            "3. mars 2025 09:05",
        ),
        (
            "FW: x",
            "________________________________\nOd: {m}\nWysłane: 3 marca 2025 09:05\nDo: Bo\nTemat: Room",
            "3 marca 2025 09:05",
        ),
        (
            "Fwd: x",
            "---------- הודעה מועברת ---------\n\u{202b}מאת: {m}\u{202c}\n\u{202b}תאריך: 3 במרץ 2025\u{202c}",
            "3 במרץ 2025",
        ),
    ] {
        let letter = Letter {
            subject: subject.to_owned(),
            plain: Some(format!(
                "For you.\n\n{}\n\nIs a room free?\n",
                forward.replace("{m}", MARIA)
            )),
            ..Letter::default()
        };
        let reply = split(&letter);
        assert_eq!(reply.text, "For you.", "{forward}");
        let inner = reply.forwarded.expect(forward);
        let author =
            inner.author.map(|a| format!("{} <{}>", a.name.unwrap_or_default(), a.address));
        assert_eq!(author.as_deref(), Some(MARIA), "{forward}");
        assert_eq!(inner.date.as_deref().unwrap_or_default(), date);
        assert_eq!(inner.text, "Is a room free?");
    }
}

#[test]
fn every_language_has_every_column() {
    for l in language::all() {
        for column in [
            l.from,
            l.sent,
            l.date,
            l.to,
            l.cc,
            l.subject,
            l.heads,
            l.verbs,
            l.you,
            l.original,
            l.forwarded,
            l.footers,
            l.closings,
            l.forward_marks,
            l.above,
        ] {
            assert!(!column.is_empty(), "{}", l.code);
            for phrase in column {
                assert_eq!(super::line::fold(phrase), *phrase, "{}: not folded", l.code);
            }
        }
    }
}

/// Pieces of mails put together by chance.
fn chance_mail(seed: u64) -> String {
    const PIECES: &[&str] = &[
        "",
        "Hello,",
        "> quoted",
        ">> deeper",
        "On Mon, 3 Mar 2025 at 09:05, Ana <a@b.example> wrote:",
        "-- ",
        "--",
        "Ana",
        "Sent from my iPhone",
        "From: Ana <a@b.example>",
        "Sent: 3 March 2025 09:05",
        "To: Bo",
        "Subject: Room",
        "-----Original Message-----",
        "---------- Forwarded message ---------",
        "________________",
        "Kind regards,",
        "How much is it?",
        "Am 3.3.2025 um 9:05 schrieb",
        "<a@b.example>:",
        "##- Please type your reply above this line -##",
        "Von: 14 Uhr",
        "\u{200f}שלום",
        "说：",
        "   ",
        "\t> x",
    ];
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut mail = String::new();
    for _ in 0..(seed % 23) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        mail.push_str(PIECES[(state % PIECES.len() as u64) as usize]);
        mail.push_str(if state & 64 == 0 { "\n" } else { "\r\n" });
    }
    mail
}

#[test]
fn nothing_is_lost() {
    for seed in 0..8_000 {
        let mail = chance_mail(seed);
        let reply = split_text(&mail);
        let all = format!("{}\n{}\n{}", reply.text, reply.quoted, reply.signature);
        let mut kept: Vec<&str> = all.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
        let mut written: Vec<&str> =
            mail.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
        kept.sort_unstable();
        written.sort_unstable();
        assert_eq!(kept, written, "seed {seed}\n{mail}");
        assert!((0.0..=1.0).contains(&reply.confidence));
    }
}

#[test]
fn html_loses_no_word() {
    for seed in 0..3_000 {
        let words = chance_mail(seed);
        let mut body = String::new();
        for (i, line) in words.lines().enumerate() {
            let escaped = line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            let (open, close) = [
                ("<div>", "</div>"),
                ("<p>", ""),
                ("<blockquote type=cite>", "</blockquote>"),
                ("<td>", "</table>"),
                ("<div class=gmail_quote>", "</div>"),
                ("<li><b>", "</li>"),
                ("<div id=Signature>", "</div>"),
                ("", "<br>"),
            ][(seed as usize + i * 5) % 8];
            body.push_str(&format!("{open}{escaped}{close}\n"));
        }
        let reply = split_html(&body);
        let all = format!("{} {} {}", reply.text, reply.quoted, reply.signature);
        for word in words.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)) {
            assert!(all.contains(word), "seed {seed}: {word:?} of {body}\n{all}");
        }
    }
}

/// Work grows with size, not faster: ten times the input takes about ten times as long. Worst inputs first.
#[test]
fn time_is_linear() {
    let worst: &[&str] = &[
        "1:\n",
        "> q\n\n",
        "a@b.example 2020 9:05:\n",
        "From: a\n",
        "--\n",
        "From: a@b.example\nTo: b@c.example;\n",
        ">",
        " ",
        "On 3.3.2020\n",
        "Kind regards\n",
        "On Mon, 3 Mar 2025 at 09:05, Ana <a@b.example> wrote:\n",
        "_________\n",
        "|-------------------+------>\n",
        "Sent from my iPhone\nhttps://x.example\n",
        "<div>",
        "<blockquote>",
        "<table><tr><td>x",
        "<b>a:</b> b<br>",
        "</div>x<br>",
        "&lt;a@b&gt;",
        "<a href=http://x.example/>a",
        "<a ",
        " a b=c",
    ];
    for piece in worst {
        let time = |bytes: usize| {
            let head = if piece.starts_with(" a") { "<a" } else { "" };
            let text = head.to_owned() + &piece.repeat(bytes / piece.len()) + "\n> q\nx\n";
            let before = std::time::Instant::now();
            let reply = if text.contains('<') && !piece.contains("Ana") {
                split_html(&text)
            } else {
                split_text(&text)
            };
            std::hint::black_box(reply);
            before.elapsed().as_secs_f64()
        };
        let (small, big) = (time(20_000), time(200_000));
        assert!(big < small * 60.0 + 0.5, "{piece:?}: {small} s for 20 kB, {big} s for 200 kB");
    }
}
