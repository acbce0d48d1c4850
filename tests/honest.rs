//! Honest but awkward senders over real SMTP against real DNS: each reply is sent at once or held with one tap that
//! sends it; none is lost. One line each. The forged ones are in `tests/forgeries.rs`.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::fs;

use mail_auth::{
    common::{crypto::Ed25519Key, headers::HeaderWriter},
    dkim::DkimSigner,
};
use support::{House, dns::Dns, wait_for};

const HOUSE: &str = "pousada@relais.localhost";
const HERE: &str = "@ TXT \"v=spf1 ip4:127.0.0.1 -all\"";
const ELSEWHERE: &str = "@ TXT \"v=spf1 ip4:192.0.2.1 -all\"";

/// What becomes of an honest reply.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Ending {
    Sent,
    /// Held: the member is asked, and one tap sends it.
    Held,
}
use Ending::{Held, Sent};

/// A member, and how a reply of theirs travels. `M` in the fields is the member's address.
struct Sender {
    name: &'static str,
    member: &'static str,
    reverse_path: &'static str,
    fields: &'static str,
    /// Who signs it (DKIM) where it is written.
    signed_by: &'static [&'static str],
    /// A field put on top on the way.
    added: &'static str,
    /// A line put below the text on the way.
    footer: &'static str,
    media_type: &'static str,
    ending: Ending,
}

const PLAIN: Sender = Sender {
    name: "",
    member: "ana@here.example",
    reverse_path: "M",
    fields: "From: Ana <M>",
    signed_by: &[],
    added: "",
    footer: "",
    media_type: "text/plain; charset=utf-8",
    ending: Sent,
};

const SENDERS: &[Sender] = &[
    Sender { name: "SPF alone", ..PLAIN },
    Sender {
        name: "DKIM alone, the envelope of a mailing service",
        member: "ana@elsewhere.example",
        reverse_path: "bounce-77@mailer.example",
        signed_by: &["elsewhere.example"],
        ..PLAIN
    },
    Sender { name: "DMARC reject and aligned SPF", member: "ana@strict.example", ..PLAIN },
    Sender {
        name: "DMARC reject and DKIM, forwarded without SRS",
        member: "ana@strict.example",
        reverse_path: "ana@elsewhere.example",
        signed_by: &["strict.example"],
        ..PLAIN
    },
    Sender {
        name: "forwarded with SRS, signature whole",
        member: "ana@elsewhere.example",
        reverse_path: "SRS0=HHH=TT=elsewhere.example=ana@forwarder.example",
        signed_by: &["elsewhere.example"],
        ..PLAIN
    },
    Sender {
        name: "forwarded with SRS, text changed",
        member: "ana@elsewhere.example",
        reverse_path: "SRS0=HHH=TT=elsewhere.example=ana@forwarder.example",
        signed_by: &["elsewhere.example"],
        footer: "Scanned by forwarder.example",
        ending: Held,
        ..PLAIN
    },
    Sender {
        name: "an office gateway adds a disclaimer, SPF aligned",
        signed_by: &["here.example"],
        footer: "This e-mail is confidential.",
        ..PLAIN
    },
    Sender {
        name: "an office gateway tags the subject, SPF aligned",
        fields: "From: Ana <M>\r\nSubject: [EXTERN] Re: Room",
        signed_by: &["here.example"],
        ..PLAIN
    },
    Sender {
        name: "Gmail's send-as through Gmail's own servers",
        member: "ana@elsewhere.example",
        reverse_path: "ana.private@webmail.example",
        fields: "From: Ana <M>\r\nX-Google-Original-From: ana.private@webmail.example",
        signed_by: &["webmail.example"],
        ending: Held,
        ..PLAIN
    },
    Sender {
        name: "Outlook on behalf of, within the house",
        fields: "From: Ana <M>\r\nSender: Desk <desk@here.example>",
        reverse_path: "desk@here.example",
        ..PLAIN
    },
    Sender {
        name: "Outlook on behalf of, from another house",
        member: "ana@elsewhere.example",
        fields: "From: Ana <M>\r\nSender: Desk <desk@office.example>",
        reverse_path: "desk@office.example",
        signed_by: &["office.example"],
        ending: Held,
        ..PLAIN
    },
    Sender {
        name: "a plus address of the member",
        fields: "From: Ana <ana+relais@here.example>",
        ending: Held,
        ..PLAIN
    },
    Sender {
        name: "a colleague who was handed the mail",
        fields: "From: Rui <rui@here.example>",
        reverse_path: "rui@here.example",
        ending: Held,
        ..PLAIN
    },
    Sender {
        name: "a relay that hides addresses",
        fields: "From: Ana <x7k2_relay@hide.example>",
        reverse_path: "x7k2_relay@hide.example",
        signed_by: &["hide.example"],
        ending: Held,
        ..PLAIN
    },
    Sender {
        name: "an envelope below the author's domain",
        member: "ana@strict.example",
        reverse_path: "bounces@mail.strict.example",
        ..PLAIN
    },
    Sender {
        name: "a signature below the author's domain",
        member: "ana@hotel.pt",
        reverse_path: "bounce@mailer.example",
        signed_by: &["mail.hotel.pt"],
        ..PLAIN
    },
    Sender {
        name: "the author below the signing domain",
        member: "ana@sales.hotel.pt",
        reverse_path: "bounce@mailer.example",
        signed_by: &["hotel.pt"],
        ..PLAIN
    },
    Sender {
        name: "a mailing list keeps the author and adds a footer",
        member: "ana@elsewhere.example",
        reverse_path: "list-bounces@list.example",
        signed_by: &["elsewhere.example"],
        footer: "_______\r\nstaff mailing list",
        added: "List-Id: <staff.list.example>\r\nList-Post: <mailto:staff@list.example>\r\nPrecedence: list\r\n",
        ending: Held,
        ..PLAIN
    },
    Sender {
        name: "a mailing list rewrites the author",
        reverse_path: "list-bounces@list.example",
        fields: "From: Ana via staff <staff@list.example>\r\nReply-To: Ana <M>\r\nList-Id: <staff.list.example>",
        signed_by: &["list.example"],
        ending: Held,
        ..PLAIN
    },
    Sender {
        name: "a forwarder's chain that cannot be verified",
        member: "ana@elsewhere.example",
        reverse_path: "bounce@forwarder.example",
        added: "ARC-Seal: i=1; a=rsa-sha256; t=1; cv=none; d=forwarder.example; s=s1; b=AAAA\r\nARC-Authentication-Results: i=1; forwarder.example; dmarc=pass\r\n",
        ending: Held,
        ..PLAIN
    },
    Sender {
        name: "an international domain",
        member: "ana@pens\u{e3}o.example",
        reverse_path: "ana@xn--penso-dra.example",
        signed_by: &["xn--penso-dra.example"],
        ..PLAIN
    },
    Sender {
        name: "an address in capital letters",
        fields: "From: \"ANA\" <ANA@HERE.EXAMPLE>",
        ..PLAIN
    },
    Sender {
        name: "two signatures, one of them a stranger's that fails",
        member: "ana@elsewhere.example",
        reverse_path: "bounce@mailer.example",
        signed_by: &["elsewhere.example", "nokey.example"],
        ..PLAIN
    },
    Sender {
        name: "a withdrawn key beside a good one",
        member: "ana@elsewhere.example",
        reverse_path: "bounce@mailer.example",
        signed_by: &["withdrawn.elsewhere.example", "elsewhere.example"],
        ..PLAIN
    },
    Sender {
        name: "a domain that says nothing, unsigned",
        member: "ana@silent.example",
        ending: Held,
        ..PLAIN
    },
    Sender {
        name: "a domain without DMARC, signed",
        member: "ana@hotel.pt",
        signed_by: &["hotel.pt"],
        ..PLAIN
    },
    Sender {
        name: "the null path, signed",
        member: "ana@elsewhere.example",
        reverse_path: "",
        signed_by: &["elsewhere.example"],
        ..PLAIN
    },
    Sender {
        name: "a telephone that writes HTML only",
        media_type: "text/html; charset=utf-8",
        ..PLAIN
    },
    Sender {
        name: "Exchange that asks for a receipt",
        fields: "From: Ana <M>\r\nX-Auto-Response-Suppress: All\r\nDisposition-Notification-To: <M>\r\nX-MS-Has-Attach: no\r\nAuto-Submitted: no",
        ..PLAIN
    },
    Sender {
        name: "a provider that marks all mail as bulk",
        fields: "From: Ana <M>\r\nPrecedence: bulk",
        ..PLAIN
    },
    Sender { name: "no name, no subject", fields: "From: M", ..PLAIN },
    Sender {
        name: "a name with a comma and an encoded one",
        fields: "From: =?utf-8?Q?Concei=C3=A7=C3=A3o=2C_Ana?= <M>\r\nReply-To: \"Ana, desk\" <desk@here.example>",
        ..PLAIN
    },
    Sender {
        name: "somebody else's results on top",
        added: "Authentication-Results: mx.other.example; spf=fail; dkim=fail; dmarc=fail\r\nReceived-SPF: fail\r\n",
        ..PLAIN
    },
];

fn key_and_record() -> (Vec<u8>, String) {
    let document = Ed25519Key::generate_pkcs8().unwrap();
    let key = Ed25519Key::from_pkcs8_maybe_unchecked_der(&document).unwrap();
    let public = data_encoding::BASE64.encode(&key.public_key());
    (document, format!("s1._domainkey TXT \"v=DKIM1; k=ed25519; p={public}\""))
}

/// Every domain signs with the same key, which is nobody's business but the test's.
fn zones(record: &str) -> Vec<(&'static str, String)> {
    let reject = "_dmarc TXT \"v=DMARC1; p=reject\"";
    let below = |name: &str| record.replace("s1._domainkey", &format!("s1._domainkey.{name}"));
    vec![
        ("here.example", format!("{HERE}\n{record}")),
        (
            "elsewhere.example",
            format!(
                "{ELSEWHERE}\n{record}\n{}",
                "s1._domainkey.withdrawn TXT \"v=DKIM1; k=ed25519; p=\""
            ),
        ),
        (
            "strict.example",
            format!("{HERE}\nmail TXT \"v=spf1 ip4:127.0.0.1 -all\"\n{reject}\n{record}"),
        ),
        ("silent.example", String::new()),
        // A public suffix: below it, organizations are known.
        ("pt", String::new()),
        ("hotel.pt", format!("{ELSEWHERE}\n{record}\n{}", below("mail"))),
        ("xn--penso-dra.example", format!("{ELSEWHERE}\n{record}")),
        ("mailer.example", HERE.to_owned()),
        ("forwarder.example", HERE.to_owned()),
        ("webmail.example", format!("{HERE}\n{record}")),
        ("office.example", format!("{HERE}\n{record}")),
        ("hide.example", format!("{HERE}\n{record}")),
        ("list.example", format!("{HERE}\n{record}")),
    ]
}

/// The mail as it arrives.
fn on_the_wire(number: usize, sender: &Sender, answered: &str, key: &[u8]) -> Vec<u8> {
    let fields = sender.fields.replace("<M>", &format!("<{}>", sender.member));
    let fields = fields.replace(": M", &format!(": {}", sender.member));
    let subject = if fields.contains("Subject:") || sender.name.contains("no subject") {
        ""
    } else {
        "Subject: Re: Room\r\n"
    };
    let words = format!("Reply number {number}: the room is free.");
    let words = match sender.media_type.starts_with("text/html") {
        true => format!("<div dir=\"auto\">{words}</div>"),
        false => words,
    };
    let mut raw = format!(
        "{fields}\r\n{subject}Date: Mon, 23 Nov 2026 09:00:00 +0000\r\nMessage-ID: <h{number}@x.example>\r\nIn-Reply-To: <{answered}>\r\n\
         MIME-Version: 1.0\r\nContent-Type: {}\r\n\r\n{words}\r\n",
        sender.media_type
    );
    let plain = raw.clone();
    for domain in sender.signed_by {
        let signature =
            DkimSigner::from_key(Ed25519Key::from_pkcs8_maybe_unchecked_der(key).unwrap())
                .domain(*domain)
                .selector("s1")
                .headers(["From", "Date", "Message-ID"])
                .sign(plain.as_bytes())
                .unwrap();
        raw = signature.to_header() + &raw;
    }
    let footer = match sender.footer {
        "" => String::new(),
        footer => format!("{footer}\r\n"),
    };
    format!("{}{raw}{footer}", sender.added).into_bytes()
}

#[test]
fn every_honest_reply_is_sent_or_one_tap_away() {
    assert!(SENDERS.len() >= 25);
    let (key, record) = key_and_record();
    let dns = Dns::start(&zones(&record));
    let resolver = format!("127.0.0.1:{}", dns.port);
    let mut house = House::prepare(&[("RELAIS_DELIVERY__RESOLVER", resolver.as_str())]);
    house.cli(&["account", "add", "Pousada", "--address", HOUSE]);
    let mut members: Vec<&str> = SENDERS.iter().map(|sender| sender.member).collect();
    members.sort_unstable();
    members.dedup();
    for member in &members {
        house.cli(&["member", "add", HOUSE, member, "--name", "Ana"]);
    }
    fs::create_dir_all(house.path("data")).unwrap();
    let token = house.cli(&["token", "add", HOUSE]);
    fs::write(house.path("data/demo-token"), token).unwrap();
    house.run();
    // A conversation for each: so many answers at once in one would look like a machine.
    for (number, sender) in SENDERS.iter().enumerate() {
        let asked = format!("Is room {number} free?");
        let question = format!(
            "From: John <john{number}@guest.example>\r\nSubject: Room\r\nMessage-ID: <q{number}@x>\r\n\r\n{asked}\r\n"
        );
        house.mail("john@guest.example", &[HOUSE], question.as_bytes());
        let notification = house.mail_out(sender.member, |l| {
            same(&l.to[0].address.to_string(), sender.member) && l.text().contains(&asked)
        });
        let reverse_path = match sender.reverse_path {
            "M" => sender.member,
            other => other,
        };
        let token = support::reply_to(&notification);
        let answered = notification.message_id.as_ref().unwrap().as_str();
        house.mail(reverse_path, &[&token], &on_the_wire(number, sender, answered, &key));
    }
    for (number, sender) in SENDERS.iter().enumerate() {
        assert_eq!(ending(&house, number, sender), sender.ending, "{}", sender.name);
        let words = format!("Reply number {number}:");
        if sender.ending == Held {
            let question = house.mail_out(sender.name, |l| {
                l.text().contains("/held/") && l.text().contains(&words)
            });
            confirm(&house, &question.text());
        }
        let john = format!("john{number}");
        house.mail_out(sender.name, |l| {
            l.to[0].address.local() == john && l.text().contains(&words)
        });
    }
}

fn ending(house: &House, number: usize, sender: &Sender) -> Ending {
    let visitor = format!("john{number}@guest.example");
    let conversations = house.conversations("?limit=100");
    let conversation = conversations.iter().find(|c| c["visitor_address"] == visitor.as_str());
    let id = conversation.unwrap()["id"].as_str().unwrap().to_owned();
    wait_for(sender.name, || {
        let conversation = house.conversation(&id);
        let reply = conversation["messages"].get(1)?;
        match reply["state"].as_str().unwrap() {
            "sent" => Some(Sent),
            "held" => Some(Held),
            _ => panic!("{}: {reply}", sender.name),
        }
    })
}

/// Compares as mail systems do: the domain may be written in A-labels.
fn same(one: &str, other: &str) -> bool {
    let plain = |address: &str| address.replace("pens\u{e3}o", "xn--penso-dra").to_lowercase();
    plain(one) == plain(other)
}

/// The one tap.
fn confirm(house: &House, text: &str) {
    let link = text.split_whitespace().find(|word| word.contains("/held/")).unwrap();
    let path = &link[link.find("/held/").unwrap()..];
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    let (status, _, _) = support::http(house.http, "POST", path, &form, b"decision=send");
    assert!(status == 200 || status == 303, "{status}");
}

/// What is answered over the API has no author but the house: its name stands in the copy once.
#[test]
fn the_copy_of_a_reply_over_the_api_is_from_the_house() {
    let house = House::start();
    let mail = b"From: John <john@guest.example>\r\nSubject: Room\r\nMessage-ID: <c@x>\r\n\r\nIs a room free?\r\n";
    house.mail("john@guest.example", &["pousada@relais.localhost"], mail);
    let row = wait_for("the conversation", || house.conversations("").pop());
    let path = format!("/conversations/{}/messages", row["id"].as_str().unwrap());
    let body = serde_json::json!({"text": "Yes, it is.", "translate": "no"});
    let (status, answer) = house.api("POST", &path, Some(&body));
    assert!(status < 300, "{answer}");
    let copy = house.mail_out("the copy", |l| {
        l.to[0].address.local() == "ana" && l.text().contains("Yes, it is.")
    });
    assert_eq!(copy.from[0].name.as_deref(), Some("Pousada da Ria"));
}
