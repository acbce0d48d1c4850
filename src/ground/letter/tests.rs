//! Whole letters: what a reader sees, which files come with it, what was strange.

use super::{
    Letter, MessageId, Oddity,
    structure::{self, Content, Tree},
};

fn read(raw: &str) -> Letter {
    Letter::read(raw.as_bytes())
}

fn files(letter: &Letter) -> String {
    let drawn: Vec<String> = letter
        .attachments
        .iter()
        .map(|a| format!("{}:{}{}", a.name, a.content.len(), if a.inline { ":inline" } else { "" }))
        .collect();
    drawn.join(" ")
}

fn mixed(parts: &str) -> String {
    format!("From: a@b.org\nContent-Type: multipart/mixed; boundary=x\n\n{parts}--x--\n")
}

#[test]
fn bodies_and_files_are_told_apart() {
    /// (parts, plain, html, files)
    type Case = (&'static str, Option<&'static str>, Option<&'static str>, &'static str);
    let cases: &[Case] = &[
        ("--x\n\none\n--x\n\ntwo\n", Some("one\ntwo"), None, ""),
        // A text that is a file, by disposition or by its name.
        (
            "--x\n\none\n--x\nContent-Disposition: attachment; filename=a.txt\n\nfile\n",
            Some("one"),
            None,
            "a.txt:4",
        ),
        (
            "--x\n\none\n--x\nContent-Type: text/plain; name=a.txt\n\nfile\n",
            Some("one"),
            None,
            "a.txt:4",
        ),
        // The first text is the body even when it has a name.
        ("--x\nContent-Type: text/plain; name=body.txt\n\none\n", Some("one"), None, ""),
        (
            "--x\nContent-Type: multipart/alternative; boundary=y\n\n--y\n\none\n--y\nContent-Type: text/html\n\n<p>one\n--y--\n",
            Some("one"),
            Some("<p>one"),
            "",
        ),
        // Apple Mail: HTML, a file, HTML; and a list's plain footer.
        (
            "--x\nContent-Type: text/html\n\n<p>one</p>\n--x\nContent-Type: image/png; name=i.png\n\npng\n\
             --x\nContent-Type: text/html\n\n<p>two</p>\n--x\n\nfooter\n",
            Some("one\ntwo\nfooter"),
            Some("<p>one</p>\n<p>two</p>\n<div>footer</div>\n"),
            "i.png:3",
        ),
        (
            "--x\nContent-Type: multipart/related; boundary=y\n\n--y\nContent-Type: text/html\n\n<img src=\"cid:a@b\">\n\
             --y\nContent-Type: image/png\nContent-ID: <a@b>\n\npng\n--y\nContent-Type: image/png\nContent-ID: <c@d>\n\npng\n--y--\n",
            None,
            Some("<img src=\"cid:a@b\">"),
            ":3:inline :3",
        ),
        ("--x\n\nsee\nbegin 644 cat.txt\n#0V%T\n`\nend\n", Some("see\n"), None, "cat.txt:3"),
        (
            "--x\nContent-Type: text/plain; format=flowed\n\none \ntwo\n",
            Some("one two\n"),
            None,
            "",
        ),
        (
            "--x\nContent-Type: application/pdf; name*=utf-8''%C3%A9.pdf\n\npdf\n",
            None,
            None,
            "\u{e9}.pdf:3",
        ),
        (
            "--x\nContent-Disposition: attachment; filename=\"../../etc/passwd\"\n\nx\n",
            None,
            None,
            "passwd:1",
        ),
    ];
    for (parts, plain, html, expected) in cases {
        let letter = read(&mixed(parts));
        assert_eq!(letter.plain.as_deref(), *plain, "{parts}");
        assert_eq!(letter.html.as_deref(), *html, "{parts}");
        assert_eq!(files(&letter), *expected, "{parts}");
    }
}

#[test]
fn letters_and_reports_inside_are_found() {
    let letter = read(&mixed(
        "--x\nContent-Type: message/rfc822\n\nSubject: inner\nFrom: c@d.org\n\ntext\n\
         --x\nContent-Type: text/rfc822-headers\n\nSubject: headers\n\
         --x\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogZW5jb2RlZAoKeAo=\n\
         --x\nContent-Type: message/delivery-status\n\nStatus: 5.1.1\n\
         --x\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\n",
    ));
    let subjects: Vec<&str> = letter.enclosed.iter().map(|l| l.subject.as_str()).collect();
    assert_eq!(subjects, ["inner", "headers", "encoded"]);
    assert_eq!(letter.enclosed[0].plain.as_deref(), Some("text"));
    assert_eq!(
        letter.reports,
        [("message/delivery-status".to_owned(), "Status: 5.1.1".to_owned())]
    );
    assert_eq!(letter.calendars, ["BEGIN:VCALENDAR"]);
    assert_eq!(letter.plain, None);
}

#[test]
fn a_page_under_the_name_of_plain_text_is_html() {
    let page = "<!DOCTYPE html>\n<html><body><p>Is a room free?</p></body></html>";
    let letter = read(&format!("Content-Type: text/plain\n\n{page}"));
    assert_eq!((letter.plain.as_deref(), letter.html.as_deref()), (None, Some(page)));
    let told = "<html> does not work in my mails, nor <body>.";
    assert_eq!(read(&format!("\n{told}")).plain.as_deref(), Some(told));
}

/// Gateways rename winmail.dat, and people save it.
#[test]
fn winmail_dat_is_known_by_its_first_bytes() {
    const TNEF: &str = "eJ8+IgAAAQaQCAAEAAAAAAABAAEAAQeQBgAIAAAA5AQAAAAAAADoAAEDkAYAKAAAAAEAAAAeAAAQAQAAAAUAAABIZWxsbwAAAAAA";
    let letter = read(&format!(
        "Content-Type: application/octet-stream; name=att00001.dat\nContent-Transfer-Encoding: base64\n\n{TNEF}\n"
    ));
    let bare = Letter::read(&super::transfer::base64(TNEF.as_bytes()).bytes);
    for letter in [letter, bare] {
        assert_eq!(letter.plain.as_deref(), Some("Hello"));
        assert!(letter.attachments.is_empty() && letter.oddities.contains(&Oddity::Tnef));
    }
}

/// Four letters are Greek as well as Russian; the subject of the same hand tells.
#[test]
fn a_short_text_is_read_like_its_subject() {
    let mut raw = b"From: a@b.org\nSubject: ".to_vec();
    let koi = |text: &str| encoding_rs::KOI8_R.encode(text).0.into_owned();
    raw.extend(koi("тест тест"));
    raw.extend(b"\n\n");
    raw.extend(koi("тест"));
    assert_eq!(Letter::read(&raw).plain.as_deref(), Some("тест"));
}

#[test]
fn the_alphabet_of_addresses_is_undone() {
    let letter = read(
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nPj4-Pz8_IEdyw7bDn2UgZsO8ciB6d2VpIFBlcnNvbmVuPz8_fn5-\n",
    );
    assert_eq!(letter.plain.as_deref(), Some(">>>??? Größe für zwei Personen???~~~"));
    let prose = read("Content-Transfer-Encoding: base64\n\nThe-Hotel-At-The-Lake\n");
    assert_eq!(prose.plain.as_deref().map(str::trim), Some("The-Hotel-At-The-Lake"));
}

#[test]
fn oddities_are_told() {
    let head = "From: a@b.org\nDate: Mon, 23 Nov 2026 04:05:06 +0100\nMessage-ID: <1@b.org>\n";
    let cases: &[(&str, &[Oddity])] = &[
        ("\nfine", &[]),
        ("From: c@d.org\n\n", &[Oddity::SeveralFrom]),
        ("Subject: caf\u{e9}\n\n", &[Oddity::EightBitHeader]),
        ("\ncaf\u{e9}", &[Oddity::CharsetGuessed("utf-8".into())]),
        ("Content-Type: multipart/mixed; boundary=x\n\n--x\n\na\n", &[Oddity::BrokenMultipart]),
        ("Content-Transfer-Encoding: base64\n\nSGVsbG8\n", &[Oddity::BrokenEncoding]),
        (
            "Content-Type: multipart/signed; boundary=x\n\n--x\n\na\n--x\nContent-Type: application/pgp-signature\n\ns\n--x--\n",
            &[Oddity::Sealed("multipart/signed".into())],
        ),
        ("Content-Type: message/partial; id=a; number=2; total=3\n\nx", &[Oddity::Partial]),
        (
            "Content-Type: application/octet-stream; name=smime.p7m\n\nx",
            &[Oddity::Sealed("application/pkcs7-mime".into())],
        ),
        (
            "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--x--\n",
            &[Oddity::Sealed("multipart/encrypted".into())],
        ),
        (
            "Content-Type: application/x-pkcs7-mime; name=smime.p7m\n\nx",
            &[Oddity::Sealed("application/pkcs7-mime".into())],
        ),
        (
            "\n-----BEGIN PGP MESSAGE-----\nx\n-----END PGP MESSAGE-----\n",
            &[Oddity::Sealed("inline PGP".into())],
        ),
    ];
    for (rest, oddities) in cases {
        assert_eq!(read(&format!("{head}{rest}")).oddities, *oddities, "{rest}");
    }
    assert_eq!(read("").oddities, [Oddity::NoFrom, Oddity::NoDate, Oddity::NoMessageId]);
}

#[test]
fn ids_are_read_as_written() {
    let letter = read(
        "Message-ID: <a b@c>\nIn-Reply-To: Your message of Monday <x@y>\nReferences: <1@a>\n <2@a><3@a> junk\n\n",
    );
    assert_eq!(letter.message_id.as_ref().map(MessageId::as_str), Some("ab@c"));
    // Without brackets: ids alone are ids, an address in a sentence is none.
    for (value, ids) in [
        ("1@a 2@b", &["1@a", "2@b"][..]),
        ("ana@x.example's message of \"Wed, 25 Sep 2002\"", &[]),
        ("Message from ana@x.example of Monday", &[]),
        ("=?utf-8?q?=3C1=40a=3E?=", &["1@a"]),
        ("<0@a>\n =?utf-8?q?=3Clong=2Eid?=\n =?utf-8?q?=2E1=40a=3E?=", &["0@a", "long.id.1@a"]),
        ("<=?x?=@a>", &["=?x?=@a"]),
    ] {
        let letter = read(&format!("In-Reply-To: {value}\n\n"));
        let got: Vec<&str> = letter.in_reply_to.iter().map(MessageId::as_str).collect();
        assert_eq!(got, ids, "{value}");
    }
    assert_eq!(letter.in_reply_to.iter().map(MessageId::as_str).collect::<Vec<_>>(), ["x@y"]);
    assert_eq!(
        letter.references.iter().map(MessageId::as_str).collect::<Vec<_>>(),
        ["1@a", "2@a", "3@a"]
    );
    assert_eq!(read("References: 1@a 2@a\n\n").references.len(), 2);
}

#[test]
fn sixteen_bit_and_bare_cr_mail_is_read() {
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain("From: a@b.org\n\nhi".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    assert_eq!(Letter::read(&utf16).plain.as_deref(), Some("hi"));
    assert_eq!(read("From: a@b.org\r\rhi").plain.as_deref(), Some("hi"));
}

#[test]
fn hostile_nesting_ends_early() {
    for unit in
        ["Content-Type: message/rfc822\n\n", "Content-Type: multipart/mixed; boundary=x\n\n--x\n"]
    {
        let letter = read(&unit.repeat(100_000));
        assert!(
            letter.oddities.contains(&Oddity::TooDeep)
                || letter.oddities.contains(&Oddity::BrokenMultipart)
        );
    }
}

/// The tree as text: `type[children]` or `type"body"`.
fn draw(raw: &str, tree: &Tree, index: usize) -> String {
    let part = &tree.parts[index];
    let kind = part.content_type.value.rsplit('/').next().unwrap_or_default();
    match &part.content {
        Content::Leaf => format!("{kind}{:?}", &raw[part.body.clone()]),
        Content::Letter(child) => format!("{kind}({})", draw(raw, tree, *child)),
        Content::Multipart(children) => {
            let drawn: Vec<String> = children.iter().map(|c| draw(raw, tree, *c)).collect();
            format!("{kind}[{}]", drawn.join(" "))
        }
    }
}

/// (raw, tree, broken)
const TREES: &[(&str, &str, bool)] = &[
    ("A: b\n\nhi\n", "plain\"hi\\n\"", false),
    (
        "Content-Type: multipart/mixed; boundary=x\n\npre\n--x\n\none\n--x\n\ntwo\n--x--\nepi\n",
        "mixed[plain\"one\" plain\"two\"]",
        false,
    ),
    // Never closed.
    ("Content-Type: multipart/mixed; boundary=x\n\n--x\n\none\n", "mixed[plain\"one\\n\"]", true),
    // The inner one is not closed: the outer boundary ends it.
    (
        "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/alternative; boundary=y\n\n\
         --y\n\none\n--x\n\ntwo\n--x--\n",
        "mixed[alternative[plain\"one\"] plain\"two\"]",
        true,
    ),
    // One boundary is the beginning of the other; a boundary inside a line is text.
    (
        "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/mixed; boundary=xy\n\n\
         --xy\n\na --x b\n--xy--\n\n--x\n\ntwo\n--x--\n",
        "mixed[mixed[plain\"a --x b\"] plain\"two\"]",
        false,
    ),
    // Another boundary than declared, and none declared.
    (
        "Content-Type: multipart/mixed; boundary=no\n\n--x\nContent-Type: text/html\n\none\n--x--\n",
        "mixed[html\"one\"]",
        true,
    ),
    (
        "Content-Type: multipart/mixed\n\n--x\nContent-Type: text/html\n\none\n--x--\n",
        "mixed[html\"one\"]",
        true,
    ),
    ("Content-Type: multipart/mixed\n\nno part\n", "mixed\"no part\\n\"", true),
    // A letter in a letter in a part.
    (
        "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: message/rfc822\n\nSubject: s\n\nin\n--x--\n",
        "mixed[rfc822(plain\"in\")]",
        false,
    ),
    (
        "Content-Type: multipart/digest; boundary=x\n\n--x\n\nSubject: s\n\nin\n--x--\n",
        "digest[rfc822(plain\"in\")]",
        false,
    ),
    // Closed too early.
    (
        "Content-Type: multipart/mixed; boundary=x\n\n--x\n\none\n--x--\n--x\n\ntwo\n--x--\n",
        "mixed[plain\"one\" plain\"two\"]",
        false,
    ),
    // The header is cut off by the boundary.
    (
        "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/html\n--x\n\ntwo\n--x--\n",
        "mixed[html\"\" plain\"two\"]",
        false,
    ),
];

#[test]
fn trees_are_built_from_good_and_bad_structure() {
    for (raw, tree, broken) in TREES {
        let got = structure::read(raw.as_bytes());
        assert_eq!((draw(raw, &got, 0).as_str(), got.broken), (*tree, *broken), "{raw}");
    }
}

#[test]
fn nesting_and_number_are_bounded() {
    let nested = "Content-Type: message/rfc822\n\n".repeat(100_000);
    let tree = structure::read(nested.as_bytes());
    assert!(tree.too_deep && tree.parts.len() <= structure::MAX_DEPTH + 1, "{}", tree.parts.len());
    let deep: String = (0..10_000)
        .map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n"))
        .collect();
    assert!(structure::read(deep.as_bytes()).too_deep);
    let many =
        format!("Content-Type: multipart/mixed; boundary=b\n\n{}", "--b\n\nx\n".repeat(100_000));
    let tree = structure::read(many.as_bytes());
    assert!(tree.too_deep && tree.parts.len() == structure::MAX_PARTS);
}

#[test]
fn text_without_end_is_a_file_and_its_beginning_the_text() {
    let words = "Zimmer für zwei, bitte. ".repeat(60_000);
    let raw =
        format!("From: a@x.example\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{words}");
    let letter = Letter::read(raw.as_bytes());
    let plain = letter.plain.unwrap();
    assert!(plain.len() <= 1 << 20 && words.starts_with(&plain) && plain.len() > 1_000_000);
    let file = &letter.attachments[0];
    assert_eq!((file.name.as_str(), file.media_type.as_str()), ("message.txt", "text/plain"));
    assert_eq!(String::from_utf8_lossy(&file.content).trim_end(), words.trim_end());
    assert!(letter.oddities.contains(&Oddity::LongText));
    let most = format!("From: a@x.example\r\n\r\n{}", "Zimmer. ".repeat(100_000));
    assert!(Letter::read(most.as_bytes()).attachments.is_empty());
}

#[test]
fn a_type_there_is_not_is_read_as_text() {
    for (media_type, shown) in
        [("plain/text", true), ("txt/plain", true), ("image/text", false), ("x-mac/text", false)]
    {
        let raw =
            format!("From: ana@guest.example\nContent-Type: {media_type}\n\nIs a room free?\n");
        let letter = Letter::read(raw.as_bytes());
        assert_eq!(letter.text().contains("Is a room free?"), shown, "{media_type}");
    }
}

/// RFC 9580, 7.2: what is signed has its dashes escaped; a list's footer below keeps its own.
#[test]
fn dashes_of_a_signed_text_are_given_back() {
    let raw = "From: ana@guest.example\n\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n- one\n- -- \nAna\n\
               -----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n- footer\n";
    let text = Letter::read(raw.as_bytes()).text();
    assert!(text.contains("\none\n-- \nAna\n"), "{text}");
    assert!(text.ends_with("- footer\n"), "{text}");
}
