//! `relais doctor` against a real DNS server with right and wrong zones, and a real Postfix as smarthost.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::{
    process::Command,
    time::{Duration, Instant},
};

use serde_json::Value;
use support::{House, dns::Dns, free_port, postfix::Postfix};

/// Whether doctor is content, and each finding as "what: level: said".
fn ask(house: &House) -> (bool, Vec<String>) {
    let output = Command::new(env!("CARGO_BIN_EXE_relais"))
        .args(["doctor", "--json"])
        .current_dir(house.dir.path())
        .envs(house.environment.iter().cloned())
        .output()
        .unwrap();
    let found: Vec<Value> = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let word = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let lines = found
        .iter()
        .map(|f| format!("{}: {}: {}", word(f, "what"), word(f, "level"), word(f, "said")));
    (output.status.success(), lines.collect())
}

#[track_caller]
fn says(findings: &[String], wanted: &str) {
    assert!(findings.iter().any(|line| line.starts_with(wanted)), "{wanted} in {findings:#?}");
}

/// A house that sends straight to exchangers from mx.casa.example.
fn house(resolver: &str) -> House {
    House::prepare(&[
        ("RELAIS_HOSTNAME", "mx.casa.example"),
        ("RELAIS_REPLY_DOMAIN", "reply.casa.example"),
        ("RELAIS_BASE_URL", "https://pages.casa.example/inn"),
        ("RELAIS_DELIVERY__TRANSPORT", "direct"),
        ("RELAIS_DELIVERY__RESOLVER", resolver),
        ("RELAIS_DKIM__SELECTOR", "r1"),
    ])
}

#[test]
fn right_zones_are_right_and_each_wrong_one_is_named() {
    let keys = house("127.0.0.1:9");
    let records = keys.cli(&["dkim", "generate", "r1"]);
    let records: Vec<&str> = records.lines().filter(|line| line.contains("_domainkey")).collect();
    let right = format!(
        "mx A 192.0.2.10\n@ MX 10 mail\nmail A 192.0.2.10\npages A 192.0.2.20\nreply MX 10 mx\nreply TXT \"v=spf1 ip4:192.0.2.10 -all\"\n_dmarc.reply TXT \"v=DMARC1; p=reject\"\n{}",
        records.join("\n")
    );
    let reverse = ("2.0.192.in-addr.arpa", "10 PTR mx.casa.example.".to_owned());
    let dns = Dns::start(&[("casa.example", right.clone()), reverse.clone()]);
    let resolver = format!("127.0.0.1:{}", dns.port);
    let house_at = |resolver: &str| {
        let house = house(resolver);
        // The same keys: what is published must fit them.
        let copied = Command::new("cp")
            .arg("-r")
            .arg(keys.dir.path().join("."))
            .arg(house.dir.path())
            .status();
        assert!(copied.unwrap().success());
        house.cli(&["account", "add", "Casa", "--address", "casa@casa.example"]);
        house
    };
    let (content, found) = ask(&house_at(&resolver));
    assert!(content, "{found:#?}");
    for what in [
        "folder data",
        "folder maildirs",
        "accounts",
        "hostname",
        "reverse name",
        "mail exchanger",
        "pages",
        "SPF",
        "DKIM",
        "DMARC",
    ] {
        says(&found, &format!("{what}: right"));
    }
    says(&found, "mail exchanger: right: mail for casa.example comes to mail.casa.example");
    drop(dns);
    let wrong = right
        .replace("reply MX 10 mx", "reply MX 10 elsewhere")
        .replace("@ MX 10 mail", "@ MX 10 other")
        .replace("pages A", "pagez A")
        .replace("ip4:192.0.2.10", "ip4:192.0.2.1")
        .replace("_dmarc.reply", "_other.reply")
        .replace("p=M", "p=N");
    let reverse = ("2.0.192.in-addr.arpa", String::new());
    let dns = Dns::start(&[("casa.example", wrong), reverse, ("far.example", String::new())]);
    let house = house_at(&format!("127.0.0.1:{}", dns.port));
    house.cli(&["account", "set", "casa@casa.example", "--relay-address", "casa@far.example"]);
    let (content, found) = ask(&house);
    assert!(!content);
    for wanted in [
        "mail exchanger: wrong: mail for reply.casa.example goes to elsewhere.casa.example",
        "mail exchanger: wrong: mail for casa.example goes to other.casa.example",
        "mail exchanger: wrong: far.example has no MX record; publish: far.example. MX 10 mx.casa.example.",
        "pages: wrong: pages.casa.example has no address",
        "SPF: wrong: SPF of reply.casa.example says fail",
        "DKIM: wrong: the published keys",
        "DMARC: warning: there is no policy",
        "reverse name: warning: 192.0.2.10 is called nothing",
        "TLS: warning: STARTTLS is not offered",
    ] {
        says(&found, wanted);
    }
}

/// Without DNS every record looks as if it were missing; that is one thing, said once and soon.
#[test]
fn dns_that_does_not_answer_is_named_and_no_record_is_blamed() {
    let silent = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    for resolver in ["127.0.0.1:1", &silent.local_addr().unwrap().to_string()] {
        let mut house = house(resolver);
        house.cli(&["dkim", "generate", "r1"]);
        house.cli(&["account", "add", "Casa", "--address", "casa@casa.example"]);
        // Where nothing is set yet the names are below localhost.
        if resolver == "127.0.0.1:1" {
            house
                .environment
                .retain(|(name, _)| !name.contains("HOSTNAME") && !name.contains("DOMAIN"));
        }
        let begun = Instant::now();
        let (content, found) = ask(&house);
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
        assert!(!content);
        says(&found, &format!("DNS: wrong: the resolver {resolver} (delivery.resolver) does not"));
        for blamed in ["hostname", "reverse name", "mail exchanger", "SPF", "DKIM", "DMARC"] {
            assert!(!found.iter().any(|line| line.starts_with(blamed)), "{blamed} in {found:#?}");
        }
    }
}

/// What the first steps leave open is said where they are taken, and by doctor.
#[test]
fn a_house_without_members_or_keys_hears_what_to_do() {
    let dns = Dns::start(&[("casa.example", String::new())]);
    let mut house = house(&format!("127.0.0.1:{}", dns.port));
    house.environment.retain(|(name, _)| name != "RELAIS_DKIM__SELECTOR");
    let todo =
        "Casa has no member, nobody hears of its requests: relais member add casa@casa.example";
    let added = house.cli(&["account", "add", "Casa", "--address", "casa@casa.example"]);
    assert!(added.contains(todo), "{added}");
    house.cli(&["account", "set", "casa@casa.example", "--from", "casa@hotel.example"]);
    let found = ask(&house).1;
    says(&found, &format!("members: warning: {todo}"));
    says(
        &found,
        "own domain: warning: casa@hotel.example is not used yet: mail is not signed; first run relais dkim generate",
    );
    house.cli(&["member", "add", "casa@casa.example", "ana@pousada.example"]);
    house.cli(&["member", "add", "casa@casa.example", "rui@pousada.example"]);
    assert!(!ask(&house).1.iter().any(|line| line.starts_with("members")));
    let one_left = house.cli(&["member", "remove", "casa@casa.example", "rui@pousada.example"]);
    assert!(!one_left.contains(todo), "{one_left}");
    let none_left = house.cli(&["member", "remove", "casa@casa.example", "ana@pousada.example"]);
    assert!(none_left.contains(todo), "{none_left}");
    // A pipe that is closed early is no error, and one thing is not things.
    let piped = Command::new("sh")
        .args(["-c", "\"$0\" doctor | true", env!("CARGO_BIN_EXE_relais")])
        .current_dir(house.dir.path())
        .envs(house.environment.iter().cloned())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&piped.stderr).into_owned();
    assert!(!said.contains("roken pipe") && !said.contains("os error"), "{said}");
}

#[test]
fn a_smarthost_is_asked_and_a_full_house_is_looked_at() {
    let port = free_port();
    let mut house = House::prepare(&[
        ("RELAIS_DELIVERY__TRANSPORT", "smarthost"),
        ("RELAIS_DELIVERY__SMARTHOST__HOST", "127.0.0.1"),
        ("RELAIS_DELIVERY__SMARTHOST__PORT", &port.to_string()),
        ("RELAIS_DELIVERY__SMARTHOST__TLS", "none"),
    ]);
    let (content, found) = ask(&house);
    assert!(!content);
    says(&found, &format!("delivery: wrong: 127.0.0.1:{port}"));
    says(&found, "accounts: warning: there is none yet");
    let _postfix = Postfix::start(port, 9, "");
    house.environment.push(("RELAIS_TRUSTED_PEERS".to_owned(), "[\"192.0.2.7\"]".to_owned()));
    let found = ask(&house).1;
    says(&found, "delivery: right");
    says(&found, "trusted peers: warning: everything from 192.0.2.7 counts as proven");
    house.environment.push(("RELAIS_DATA".to_owned(), "/proc".to_owned()));
    says(&ask(&house).1, "folder data: wrong");
}

/// A house writes from its own domain only once that domain vouches for us, and answers come to us all the same.
#[test]
fn a_house_writes_from_its_own_domain_once_it_vouches_for_us() {
    let mut house = house("127.0.0.1:9");
    let records = house.cli(&["dkim", "generate", "r1"]);
    let keys: Vec<String> = records
        .lines()
        .filter(|line| line.contains("_domainkey"))
        .map(|line| {
            line.replace("reply.casa.example", "hotel.example").replace(".hotel.example.", "")
        })
        .collect();
    for zone in ["", &keys.join("\n")] {
        let dns =
            Dns::start(&[("casa.example", String::new()), ("hotel.example", zone.to_owned())]);
        let resolver = format!("127.0.0.1:{}", dns.port);
        house.environment.push(("RELAIS_DELIVERY__RESOLVER".to_owned(), resolver));
        if zone.is_empty() {
            let account = "pousada@relais.localhost";
            house.cli(&["account", "add", "Pousada", "--address", account]);
            house.cli(&["member", "add", account, "ana@pousada.example"]);
            house.cli(&["account", "set", account, "--from", "reservas@hotel.example"]);
            says(&ask(&house).1, "own domain: warning: reservas@hotel.example is not used yet");
            assert!(house.cli(&["account", "list"]).contains("wants to write from"));
        } else {
            says(&ask(&house).1, "own domain: right: Pousada writes from reservas@hotel.example");
        }
    }
    house.environment.retain(|(name, _)| name != "RELAIS_BASE_URL");
    house.environment.push(("RELAIS_DELIVERY__TRANSPORT".to_owned(), "maildir".to_owned()));
    house.environment.push(("RELAIS_TRUSTED_PEERS".to_owned(), "[\"127.0.0.1\"]".to_owned()));
    house.run();
    let question = b"From: John <john@guest.example>\r\nSubject: Room\r\nMessage-ID: <q@x>\r\n\r\nIs a room free?\r\n";
    house.mail("john@guest.example", &["pousada@relais.localhost"], question);
    let told = house.mail_out("the notification", |l| l.to[0].address.local() == "ana");
    let reply = b"From: ana@pousada.example\r\nSubject: Re: Room\r\nMessage-ID: <r@x>\r\n\r\nYes, it is.\r\n";
    house.mail("ana@pousada.example", &[&support::reply_to(&told)], reply);
    let answer = house.mail_out("the answer", |l| l.to[0].address.local() == "john");
    assert_eq!(answer.from[0].address.to_string(), "reservas@hotel.example");
    assert_eq!(answer.reply_to[0].address.domain(), "reply.casa.example");
    let signed = |domain: &str| {
        let fields =
            answer.headers.iter().filter(|h| h.name.eq_ignore_ascii_case("DKIM-Signature"));
        fields.filter(|h| h.value.contains(&format!("d={domain}"))).count()
    };
    assert_eq!((signed("hotel.example"), signed("reply.casa.example")), (2, 2));
    let thanks = b"From: John <john@guest.example>\r\nSubject: Re: Room\r\nMessage-ID: <t@x>\r\n\r\nThank you!\r\n";
    house.mail("john@guest.example", &[&answer.reply_to[0].address.to_string()], thanks);
    house.mail_out("the thanks", |l| l.text().contains("Thank you!"));
}

/// Mail and keys are the business of one user, also where nobody set a umask.
#[test]
fn what_is_made_is_closed_to_other_users() {
    use std::os::unix::fs::PermissionsExt;
    let mut house = House::prepare(&[]);
    house.cli(&["dkim", "generate", "r1"]);
    house.demo = true;
    house.run();
    let mut folders = vec![house.path("data"), house.path("maildirs")];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            let Ok(found) = path.symlink_metadata() else { continue };
            assert_eq!(found.permissions().mode() & 0o077, 0, "{}", path.display());
            seen += 1;
            folders.extend(found.is_dir().then_some(path));
        }
        let mode = folder.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", folder.display());
    }
    assert!(seen > 10, "{seen}");
}

/// A server that refuses to answer for a name has not said that there is nothing.
#[test]
fn a_name_of_which_nobody_answers_is_not_called_unpublished() {
    let keys = "mx A 192.0.2.10\nreply MX 10 mx\npages A 192.0.2.20".to_owned();
    // nsd refuses what lies in none of its zones.
    let dns = Dns::start(&[("casa.example", keys)]);
    let house = house(&format!("127.0.0.1:{}", dns.port));
    house.cli(&["dkim", "generate", "r1"]);
    house.cli(&["account", "add", "Casa", "--address", "casa@elsewhere.org"]);
    let found = ask(&house).1;
    says(&found, "mail exchanger: wrong: DNS of elsewhere.org does not answer");
    says(&found, "reverse name: warning: DNS of 192.0.2.10 does not answer");
    assert!(!found.iter().any(|line| line.contains("publish: elsewhere")), "{found:#?}");
    // Keys that are made, not published, and not even named in the configuration are three things.
    says(&found, "DKIM: wrong: not published: r1-rsa._domainkey.reply.casa.example");
    let mut house = house;
    house.environment.retain(|(name, _)| name != "RELAIS_DKIM__SELECTOR");
    says(&ask(&house).1, "DKIM: wrong: outgoing mail is not signed: set dkim.selector = \"r1\"");
}

#[test]
fn looking_makes_no_installation_and_sees_what_is_odd() {
    let mut house = house("127.0.0.1:9");
    house.environment.retain(|(name, _)| !name.contains("SELECTOR") && !name.contains("BASE_URL"));
    let found = ask(&house).1;
    says(&found, "folder data: warning: data: is not there yet");
    says(&found, "accounts: warning: there is none yet");
    says(&found, "configuration: warning: base_url: empty, so that links in mails lead to");
    assert!(!house.path("data").exists() && !house.path("maildirs").exists());
    house.cli(&["account", "add", "Casa", "--address", "casa@casa.example"]);
    let mut journal =
        std::fs::File::options().append(true).open(house.path("maildirs/journal.jsonl")).unwrap();
    std::io::Write::write_all(&mut journal, b"{\"at\":42}\n").unwrap();
    says(&ask(&house).1, "journal: warning: maildirs/journal.jsonl: what is said in line 2");
    let made = Command::new("openssl")
        .args(
            "req -x509 -newkey rsa:2048 -nodes -days 90 -keyout key.pem -out cert.pem -subj"
                .split(' '),
        )
        .args([
            "/CN=other.example",
            "-addext",
            "subjectAltName=DNS:other.example,DNS:*.casa.example",
        ])
        .current_dir(house.dir.path())
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    for (key, file) in [("CERTIFICATE", "cert.pem"), ("KEY", "key.pem")] {
        house.environment.push((format!("RELAIS_SMTP__TLS_{key}"), file.to_owned()));
    }
    let tls = |found: Vec<String>| {
        found.into_iter().filter(|line| line.starts_with("TLS: ")).collect::<Vec<_>>()
    };
    let found = tls(ask(&house).1);
    assert!(found.len() == 1 && found[0].starts_with("TLS: right"), "{found:?}");
    house.environment.push(("RELAIS_HOSTNAME".to_owned(), "a.b.casa.example".to_owned()));
    let said = "TLS: warning: the certificate is for other.example, *.casa.example, and not for a.b.casa.example";
    says(&tls(ask(&house).1), said);
    std::fs::copy(house.path("cert.pem"), house.path("key.pem")).unwrap();
    assert!(!tls(ask(&house).1)[0].contains("KeyMismatch"));
}
