//! Our signatures, checked by somebody else's code: Python's dkimpy with the records the command line prints.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::{
    fs,
    io::Write,
    process::{Command, Stdio},
};

use support::House;

/// Reads the mail on standard input, records as `name text` lines in argv; prints one result a signature.
const VERIFY: &str = r#"
import sys, dkim
records = dict(line.split(' ', 1) for line in sys.argv[1].splitlines())
def txt(name, timeout=5):
    return records.get(name.decode().rstrip('.'), '').encode() or None
raw = sys.stdin.buffer.read()
count = raw.lower().count(b'dkim-signature:')
for index in range(count):
    print(dkim.DKIM(raw).verify(idx=index, dnsfunc=txt))
"#;

fn verify(raw: &[u8], records: &str) -> String {
    let mut child = Command::new("/usr/bin/python3")
        .args(["-c", VERIFY, records])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(raw).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

/// `name. TXT "a" "b"` lines as dkimpy wants them.
fn records(printed: &str) -> String {
    let lines = printed.lines().filter_map(|line| line.split_once(". TXT "));
    lines
        .map(|(name, text)| format!("{name} {}\n", text.replace("\" \"", "").replace('"', "")))
        .collect()
}

#[test]
fn what_leaves_is_signed_twice_and_others_can_tell() {
    let mut house = House::prepare(&[("RELAIS_DKIM__SELECTOR", "first")]);
    house.demo = true;
    let printed = records(&house.cli(&["dkim", "generate", "first"]));
    house.run();
    let question = "From: Zoë Müller <zoe@guest.example>\r\nTo: pousada@relais.localhost\r\nSubject: Café da manhã?\r\n\
        Content-Type: text/plain; charset=utf-8\r\n\r\nOlá,  há   pequeno-almoço?  \r\n\r\n\r\n";
    house.mail("zoe@guest.example", &["pousada@relais.localhost"], question.as_bytes());
    house.mail_out("the notification", |l| l.to[0].address.local() == "ana");
    let file = fs::read_dir(house.path("maildirs/outgoing/new")).unwrap().flatten().next().unwrap();
    let raw = fs::read(file.path()).unwrap();
    let text = String::from_utf8_lossy(&raw);
    assert!(
        text.contains("d=reply.relais.localhost") && text.contains("a=ed25519-sha256"),
        "{text}"
    );
    assert_eq!(verify(&raw, &printed), "True\nTrue\n", "{text}");
    let forged = text.replace("Subject: ", "Subject: Not ").into_bytes();
    assert_eq!(verify(&forged, &printed), "False\nFalse\n");
    let second_author = [b"From: eve@evil.example\r\n", raw.as_slice()].concat();
    assert_ne!(verify(&second_author, &printed), "True\nTrue\n", "a second From breaks them");
    // Rotation: another selector beside the old one, whose keys are never written over.
    house.cli(&["dkim", "generate", "second"]);
    let listed = house.cli(&["dkim", "list"]);
    assert!(
        listed.contains("; first signs") && listed.contains("; second does not sign"),
        "{listed}"
    );
    assert_eq!(records(&listed).lines().count(), 4);
}
