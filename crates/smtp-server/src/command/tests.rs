//! Lines and what they mean.

use super::*;

fn read(line: &str) -> Result<Command, Reply> {
    parse(format!("{line}\r\n").as_bytes())
}

fn path_of(text: &str) -> Path {
    Path::parse(text).expect("a path").0
}

#[test]
fn verbs() {
    let hello = |verb, name: &str| Ok(Command::Hello(verb, name.to_owned()));
    let table = [
        ("EHLO a.example", hello(Verb::Ehlo, "a.example")),
        ("helo MY_PC", hello(Verb::Helo, "MY_PC")),
        ("LHLO [IPV6:2a01::1]", hello(Verb::Lhlo, "[IPV6:2a01::1]")),
        ("EHLO a b", hello(Verb::Ehlo, "a")),
        ("EHLO", Err(replies::NAME_MISSING)),
        ("EHLO   ", Err(replies::NAME_MISSING)),
        ("EHLOa", Err(replies::UNKNOWN_COMMAND)),
        ("DATA", Ok(Command::Data)),
        ("DATA ", Ok(Command::Data)),
        ("DATA x", Err(replies::BAD_ARGUMENTS)),
        ("DATAX", Err(replies::UNKNOWN_COMMAND)),
        ("STARTTLS", Ok(Command::StartTls)),
        ("STARTTLS x", Err(replies::BAD_ARGUMENTS)),
        ("RSET", Ok(Command::Rset)),
        ("NOOP", Ok(Command::Noop)),
        ("NOOP \"un closed", Ok(Command::Noop)),
        ("HELP DATA", Ok(Command::Help)),
        ("VRFY <x>", Ok(Command::Vrfy)),
        ("VRFY", Err(replies::BAD_ARGUMENTS)),
        ("QUIT", Ok(Command::Quit)),
        ("AUTH LOGIN", Err(replies::NOT_OFFERED)),
        ("AUTH", Err(replies::NOT_OFFERED)),
        ("EXPN x", Err(replies::NOT_OFFERED)),
        ("ATRN x", Err(replies::NOT_OFFERED)),
        ("BURL imap://x LAST", Err(replies::NOT_OFFERED)),
        ("", Err(replies::UNKNOWN_COMMAND)),
        ("  NOOP", Ok(Command::Noop)),
        ("GET / HTTP/1.1", Ok(Command::Http)),
        ("OPTIONS * HTTP/1.1", Ok(Command::Http)),
        ("GET lost", Err(replies::UNKNOWN_COMMAND)),
        ("NOOP \u{1b}[2J", Err(replies::NOT_TEXT)),
        ("NOOP\u{0}", Err(replies::NOT_TEXT)),
    ];
    for (line, expected) in table {
        assert_eq!(read(line), expected, "{line:?}");
    }
    assert_eq!(parse(b"NOOP \xff\r\n"), Err(replies::NOT_TEXT));
}

#[test]
fn chunks() {
    let chunk = |chunk_bytes, is_last| Command::Bdat { chunk_bytes, is_last };
    let table = [
        ("BDAT 5", chunk(5, false)),
        (" BDAT 5", chunk(5, false)),
        ("BDAT 5 LAST", chunk(5, true)),
        ("bdat 0 last ", chunk(0, true)),
        ("BDAT 18446744073709551615", chunk(u64::MAX, false)),
        // smtp-proto makes 7 of it.
        ("BDAT 999999999999999999997", chunk(u64::MAX, false)),
        ("BDAT", Command::BadBdat),
        ("BDAT ", Command::BadBdat),
        ("BDAT -1", Command::BadBdat),
        ("BDAT +1", Command::BadBdat),
        ("BDAT 0x10", Command::BadBdat),
        ("BDAT 5LAST", Command::BadBdat),
        ("BDAT 5 FIRST", Command::BadBdat),
        ("BDAT 5 LAST 6", Command::BadBdat),
        ("BDAT LAST", Command::BadBdat),
    ];
    for (line, expected) in table {
        assert_eq!(read(line), Ok(expected), "{line:?}");
    }
}

#[test]
fn senders() {
    let from = |path| MailFrom { path: path_of(path), ..MailFrom::default() };
    let plain = from("<s@a.example>");
    let table = [
        ("FROM:<s@a.example>", plain.clone()),
        ("from : <s@a.example> ", plain.clone()),
        ("FROM:<>", from("<>")),
        ("FROM:<s@a.example> SIZE=0", plain.clone()),
        ("FROM:<s@a.example> size=5", MailFrom { size_bytes: Some(5), ..plain.clone() }),
        (
            "FROM:<s@a.example> SIZE=999999999999999999997",
            MailFrom { size_bytes: Some(u64::MAX), ..plain.clone() },
        ),
        ("FROM:<s@a.example> BODY=7BIT", plain.clone()),
        (
            "FROM:<s@a.example> BODY=8BITMIME  SIZE=7  SMTPUTF8",
            MailFrom {
                size_bytes: Some(7),
                body: Body::EightBitMime,
                smtputf8: true,
                ..plain.clone()
            },
        ),
        (
            "FROM:<s@a.example> RET=FULL ENVID=a+2Bb",
            MailFrom { ret: Some(Ret::Full), envid: Some("a+b".to_owned()), ..plain.clone() },
        ),
        ("FROM:<é@a.example> SMTPUTF8", MailFrom { smtputf8: true, ..from("<é@a.example>") }),
    ];
    for (rest, expected) in table {
        assert_eq!(read(&format!("MAIL {rest}")), Ok(Command::Mail(expected)), "{rest}");
    }
}

#[test]
fn senders_refused() {
    let refused = [
        ("", replies::BAD_ARGUMENTS),
        ("TO:<s@a.example>", replies::BAD_ARGUMENTS),
        ("FROM <s@a.example>", replies::BAD_ARGUMENTS),
        ("FRÖM:<s@a.example>", replies::BAD_ARGUMENTS),
        ("FROM:s@a.example", replies::BAD_SENDER),
        ("FROM:<s@a.example", replies::BAD_SENDER),
        ("FROM:<s@a.example>x", replies::BAD_SENDER),
        ("FROM:<postmaster>", replies::BAD_SENDER),
        ("FROM:<é@a.example>", replies::SMTPUTF8_NEEDED),
        ("FROM:<s@a.example> SIZE=", replies::BAD_ARGUMENTS),
        ("FROM:<s@a.example> SIZE=big", replies::BAD_ARGUMENTS),
        ("FROM:<s@a.example> BODY=7BIT BODY=8BITMIME", replies::BAD_ARGUMENTS),
        ("FROM:<s@a.example> RET=FULL RET=HDRS", replies::BAD_ARGUMENTS),
        ("FROM:<s@a.example> ENVID=", replies::BAD_ARGUMENTS),
        ("FROM:<s@a.example> AUTH=<>", replies::UNKNOWN_PARAMETER),
        ("FROM:<s@a.example> HOLDFOR=60", replies::UNKNOWN_PARAMETER),
        ("FROM:<s@a.example> BY=120;R", replies::UNKNOWN_PARAMETER),
        ("FROM:<s@a.example> MT-PRIORITY=3", replies::UNKNOWN_PARAMETER),
        ("FROM:<s@a.example> X", replies::UNKNOWN_PARAMETER),
        ("FROM:<s@a.example> =", replies::BAD_ARGUMENTS),
    ];
    for (rest, expected) in refused {
        assert_eq!(read(&format!("MAIL {rest}")), Err(expected), "{rest}");
    }
}

#[test]
fn recipients() {
    let to = |path| RcptTo { path: path_of(path), ..RcptTo::default() };
    let plain = to("<x@b.example>");
    let never = Notify::default();
    let orcpt = |kind: &str, address: &str| {
        Some(OriginalRecipient { kind: kind.to_owned(), address: address.to_owned() })
    };
    let table = [
        ("TO:<x@b.example>", plain.clone()),
        ("TO:<postmaster>", to("<postmaster>")),
        ("TO:<x@[192.0.2.1]>", to("<x@[192.0.2.1]>")),
        ("TO:<x@b.example> NOTIFY=NEVER", RcptTo { notify: Some(never), ..plain.clone() }),
        (
            "TO:<x@b.example> NOTIFY=FAILURE,DELAY",
            RcptTo {
                notify: Some(Notify { failure: true, delay: true, ..never }),
                ..plain.clone()
            },
        ),
        (
            "TO:<x@b.example> ORCPT=RFC822;a+2Bb@c",
            RcptTo { orcpt: orcpt("rfc822", "a+b@c"), ..plain.clone() },
        ),
        (
            "TO:<x@b.example> ORCPT=utf-8;\\x{E9}@c NOTIFY=SUCCESS",
            RcptTo {
                notify: Some(Notify { success: true, ..never }),
                orcpt: orcpt("utf-8", "\\x{E9}@c"),
                ..plain.clone()
            },
        ),
    ];
    for (rest, expected) in table {
        assert_eq!(read(&format!("RCPT {rest}")), Ok(Command::Rcpt(expected)), "{rest}");
    }
}

#[test]
fn recipients_refused() {
    let refused = [
        ("TO:<>", replies::BAD_RECIPIENT),
        ("TO:<root>", replies::BAD_RECIPIENT),
        ("FROM:<x@b.example>", replies::BAD_ARGUMENTS),
        ("TO:<x@b.example> NOTIFY=NEVER,FAILURE", replies::BAD_ARGUMENTS),
        ("TO:<x@b.example> NOTIFY=", replies::BAD_ARGUMENTS),
        ("TO:<x@b.example> ORCPT=rfc822;", replies::BAD_ARGUMENTS),
        ("TO:<x@b.example> ORCPT=x@b", replies::BAD_ARGUMENTS),
        ("TO:<x@b.example> ORCPT=rfc822;a+", replies::BAD_ARGUMENTS),
        ("TO:<x@b.example> ORCPT=rfc822;a+2", replies::BAD_ARGUMENTS),
        ("TO:<x@b.example> ORCPT=rfc822;a++2", replies::BAD_ARGUMENTS),
        ("TO:<x@b.example> SIZE=5", replies::UNKNOWN_PARAMETER),
        ("TO:<x@b.example> CONNEG", replies::UNKNOWN_PARAMETER),
    ];
    for (rest, expected) in refused {
        assert_eq!(read(&format!("RCPT {rest}")), Err(expected), "{rest}");
    }
}

#[test]
fn any_line_is_read() {
    // Words that mean something, cut and joined at random: nothing may panic.
    let words = [
        "MAIL",
        "RCPT",
        "FROM:",
        "TO:",
        "<",
        ">",
        "@",
        "a",
        ".",
        "\"",
        "\\",
        "[",
        "]",
        ":",
        " ",
        "\t",
        "SIZE=",
        "9",
        "ORCPT=",
        "rfc822;",
        "+",
        "NOTIFY=",
        ",",
        "ENVID=",
        "BY=",
        ";",
        "MTRK=",
        "é",
        "HOLDUNTIL=",
        "TRANSID=<",
        "BDAT",
        "LAST",
        "AUTH=",
        "EHLO",
        "VRFY",
        "ETRN",
        "ATRN",
        "BURL",
    ];
    let mut state = 99_u64;
    let mut below = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) as usize % n
    };
    for _ in 0..20_000 {
        let line: String = (0..below(14)).map(|_| words[below(words.len())]).collect();
        _ = read(&line);
        _ = read(&format!("MAIL FROM:<a@b> {line}"));
        _ = read(&format!("RCPT TO:<a@b> {line}"));
    }
}
