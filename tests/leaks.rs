//! DESIGN promise 5 as a property: whatever header fields, quotes and files a mail has, what leaves for the other side
//! carries none of the private strings in it. Seeded, over real SMTP, in both directions.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::fs;

use relais::ground::letter::Letter;
use support::{House, reply_to, wait_for};

const HOUSE: &str = "pousada@relais.localhost";
const MEMBERS: [&str; 2] = ["ana@pousada.example", "rui@private.example"];

/// Fields that clients, gateways and providers add, and that name people, machines or threads.
const FIELDS: &[&str] = &[
    "Received",
    "X-Originating-IP",
    "X-Sender-IP",
    "X-Mailer",
    "User-Agent",
    "Thread-Index",
    "Thread-Topic",
    "X-MS-Exchange-Organization-AuthSource",
    "X-MS-Exchange-CrossTenant-FromEntityHeader",
    "X-Google-Original-From",
    "X-Gm-Message-State",
    "X-Forwarded-For",
    "X-Forwarded-To",
    "X-Original-From",
    "Delivered-To",
    "Return-Path",
    "Sender",
    "Resent-From",
    "Resent-To",
    "Cc",
    "Bcc",
    "Reply-To",
    "Disposition-Notification-To",
    "Return-Receipt-To",
    "Errors-To",
    "Organization",
    "X-Organization",
    "Face",
    "X-Face",
    "DKIM-Signature",
    "ARC-Seal",
    "Authentication-Results",
    "Received-SPF",
    "List-Owner",
    "Comments",
    "Keywords",
    "X-Priority",
    "X-Auth-User",
    "X-PHP-Originating-Script",
    "X-Yahoo-Profile",
    "Autocrypt",
    "OpenPGP",
    "X-Spam-Report",
    "Content-Description",
    "X-Relais-Trace",
];

/// A small generator, so that a failure can be seen again.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }
}

/// Up to fifteen fields with a secret in each; addresses, tokens and plain words in all letters.
fn fields(chance: &mut Chance, private: &[String]) -> String {
    let mut out = String::new();
    for _ in 0..chance.below(16) {
        let mut name = FIELDS[chance.below(FIELDS.len())].to_owned();
        if chance.below(3) == 0 {
            name = name.to_uppercase();
        }
        let secret = &private[chance.below(private.len())];
        let value = match chance.below(5) {
            0 => format!("SECRET-{} <{secret}>", chance.below(1000)),
            1 => format!(
                "from SECRET.lan ([10.0.0.7]) by {secret};\r\n\tMon, 23 Nov 2026 09:00:00 +0000"
            ),
            2 => format!("=?utf-8?B?{}?=", data_encoding::BASE64.encode(secret.as_bytes())),
            3 => format!("\"SECRET\" {secret}"),
            _ => "SECRET [192.168.1.77]".to_owned(),
        };
        out += &format!("{name}: {value}\r\n");
    }
    out
}

/// What somebody sends: their words, a quote that names everybody, a card and a mail as files.
fn mail(chance: &mut Chance, from: &str, number: usize, private: &[String]) -> Vec<u8> {
    let secret = |chance: &mut Chance| private[chance.below(private.len())].clone();
    let quote =
        format!("On Monday <{}> wrote:\r\n> To: {}\r\n> Hello\r\n", secret(chance), secret(chance));
    let inside = format!("You can also write to {}, {} is away.", secret(chance), secret(chance));
    let card = format!(
        "BEGIN:VCARD\r\nVERSION:3.0\r\nEMAIL;TYPE=INTERNET:{}\r\nEND:VCARD\r\n",
        secret(chance)
    );
    let inner = format!(
        "Delivered-To: {}\r\nFrom: x@y.example\r\nSubject: inner\r\n\r\nhello\r\n",
        secret(chance)
    );
    let fields = fields(chance, private);
    format!(
        "From: {from}\r\n{fields}Subject: Room {number} for {}\r\nMessage-ID: <m{number}.{from}>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nSentence number {number} said. {inside}\r\n\r\n{quote}\r\n\
         --b\r\nContent-Type: text/vcard\r\nContent-Disposition: attachment; filename=\"{}.vcf\"\r\n\r\n{card}\r\n\
         --b\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--b--\r\n",
        secret(chance),
        secret(chance),
    )
    .into_bytes()
}

/// Everything a reader of this file can see, decoded or not.
fn seen(raw: &[u8]) -> String {
    let letter = Letter::read(raw);
    let mut all = String::from_utf8_lossy(raw).into_owned();
    for header in &letter.headers {
        all += &format!("\n{}: {}", header.name, header.value);
    }
    all += &letter.subject;
    all += &letter.text();
    for file in &letter.attachments {
        all += &format!("\n{}\n{}", file.name, String::from_utf8_lossy(&file.content));
    }
    all.to_lowercase()
}

/// The mails to one mailbox, as they lie in the Maildir.
fn mails_to(house: &House, local: &str) -> Vec<Vec<u8>> {
    let Ok(entries) = fs::read_dir(house.path("maildirs/outgoing/new")) else { return Vec::new() };
    let all = entries.flatten().filter_map(|entry| fs::read(entry.path()).ok());
    all.filter(|raw| Letter::read(raw).to[0].address.local() == local).collect()
}

#[test]
fn nothing_private_reaches_the_other_side() {
    let mut chance = Chance(0x5eed_1234_5678_9abc);
    for round in 0..6 {
        let house = House::start();
        house.cli(&["member", "add", HOUSE, MEMBERS[1], "--name", "Rui"]);
        let question = format!(
            "From: John <john@guest.example>\r\n{}Subject: Room\r\nMessage-ID: <q@x>\r\n\r\nIs a room free?\r\n",
            fields(&mut chance, &["john@guest.example".to_owned()])
        );
        house.mail("john@guest.example", &[HOUSE], question.as_bytes());
        let token_of =
            |local: &str| reply_to(&house.mail_out(local, |l| l.to[0].address.local() == local));
        let (ana, rui) = (token_of("ana"), token_of("rui"));
        let from_members: Vec<String> =
            MEMBERS.map(str::to_owned).into_iter().chain([ana.clone(), rui.clone()]).collect();
        for number in 0..4 {
            let raw = mail(&mut chance, MEMBERS[0], number, &from_members);
            house.mail(MEMBERS[0], &[&ana], &raw);
            wait_for("the reply", || (mails_to(&house, "john").len() > number).then_some(()));
        }
        for raw in mails_to(&house, "john") {
            let seen = seen(&raw);
            assert!(seen.contains("sentence number"), "{seen}");
            for secret in from_members.iter().map(String::as_str).chain([
                "SECRET",
                "192.168.1.77",
                "10.0.0.7",
            ]) {
                assert!(
                    !seen.contains(&secret.to_lowercase()),
                    "round {round}: {secret} in\n{seen}"
                );
            }
        }
        let john = token_of("john");
        let from_visitor = [john.clone(), "x@guest.example".to_owned()];
        let before = mails_to(&house, "rui").len();
        for number in 0..3 {
            let raw = mail(&mut chance, "john@guest.example", 10 + number, &from_visitor);
            house.mail("john@guest.example", &[&john], &raw);
            wait_for("the notification", || {
                (mails_to(&house, "rui").len() > before + number).then_some(())
            });
        }
        for (local, own, other) in [("ana", &ana, &rui), ("rui", &rui, &ana)] {
            for raw in mails_to(&house, local) {
                let seen = seen(&raw);
                for secret in [john.as_str(), other, "SECRET", "192.168.1.77", "10.0.0.7"] {
                    assert!(
                        !seen.contains(&secret.to_lowercase()),
                        "round {round}: {secret} in\n{seen}"
                    );
                }
                assert!(seen.contains(&own.to_lowercase()));
            }
        }
    }
}

/// One mail to two houses is one file; each sees the address it was delivered to, and not the other's.
#[test]
fn a_mail_to_two_houses_shows_neither_the_others_address() {
    let house = House::start();
    let other = "lac@relais.localhost";
    house.cli(&["account", "add", "Hotel du Lac", "--address", other]);
    let token = house.cli(&["token", "add", other, "--name", "test"]).trim().to_owned();
    // The gateway looks for what commands changed every two seconds.
    std::thread::sleep(std::time::Duration::from_secs(3));
    let question =
        b"From: g@guest.example\r\nSubject: Room\r\nMessage-ID: <1@x>\r\n\r\nA room?\r\n";
    house.mail("g@guest.example", &[HOUSE, other], question);
    for (bearer, own, foreign) in [(house.token(), HOUSE, other), (token, other, HOUSE)] {
        let bearer = format!("Bearer {}", bearer.split_whitespace().last().unwrap());
        let get = |path: &str| {
            let (status, _, body) =
                support::http(house.http, "GET", path, &[("Authorization", &bearer)], b"");
            assert_eq!(status, 200, "{path}");
            String::from_utf8(body).unwrap()
        };
        let list = wait_for("the conversation", || {
            let list: serde_json::Value =
                serde_json::from_str(&get("/api/v1/conversations")).unwrap();
            list["conversations"][0]["id"].as_str().map(str::to_owned)
        });
        let shown: serde_json::Value =
            serde_json::from_str(&get(&format!("/api/v1/conversations/{list}"))).unwrap();
        let message = shown["messages"][0]["id"].as_str().unwrap();
        let raw = get(&format!("/api/v1/messages/{message}/raw"));
        assert!(raw.contains(&format!("Delivered-To: {own}")), "{raw}");
        assert!(!raw.contains(foreign) && raw.ends_with("A room?\r\n"), "{raw}");
    }
}
