//! Nothing secret is shown: not in the log, not by check-config; and secrets are read from wherever they lie.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    process::{Command, Stdio},
};

use support::{House, reply_to};

const PASSWORD: &str = "correct horse battery staple";

/// A server that wants a sign-in, and tells with which words it was tried.
fn smarthost() -> (u16, std::sync::mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let _ = stream.write_all(b"220 smart.example ESMTP\r\n");
            while let Some(Ok(line)) = lines.next() {
                let answer: &[u8] = match line.get(..4) {
                    Some("EHLO") => b"250-smart.example\r\n250 AUTH PLAIN\r\n",
                    Some("AUTH") => {
                        let _ = tell.send(line.rsplit(' ').next().unwrap().to_owned());
                        b"535 5.7.8 not you\r\n"
                    }
                    _ => b"221 bye\r\n",
                };
                if stream.write_all(answer).is_err() {
                    break;
                }
            }
        }
    });
    (port, told)
}

/// `relais secret seal` in a house's folder.
fn sealed(house: &House) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_relais"))
        .args(["secret", "seal", "delivery.smarthost.password"])
        .current_dir(house.dir.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{PASSWORD}").unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn a_password_is_read_from_where_it_lies_and_shown_nowhere() {
    for place in ["plain", "file", "credential", "sealed"] {
        let (port, told) = smarthost();
        let mut house = House::prepare(&[
            ("RELAIS_DELIVERY__TRANSPORT", "smarthost"),
            ("RELAIS_DELIVERY__SMARTHOST__HOST", "127.0.0.1"),
            ("RELAIS_DELIVERY__SMARTHOST__PORT", &port.to_string()),
            ("RELAIS_DELIVERY__SMARTHOST__TLS", "none"),
            ("RELAIS_DELIVERY__SMARTHOST__USERNAME", "relais"),
            ("RELAIS_LOG", "debug"),
        ]);
        house.demo = true;
        let file = house.path("delivery.smarthost.password");
        let mut set = |name: &str, value: String| house.environment.push((name.to_owned(), value));
        let key = "RELAIS_DELIVERY__SMARTHOST__PASSWORD";
        fs::write(&file, format!("{PASSWORD}\n")).unwrap();
        match place {
            "plain" => set(key, PASSWORD.to_owned()),
            "file" => set(key, format!("file:{}", file.display())),
            "credential" => set("CREDENTIALS_DIRECTORY", house.dir.path().display().to_string()),
            _ => {
                let value = sealed(&house);
                house.environment.push((key.to_owned(), value));
            }
        }
        let shown = house.cli(&["check-config"]);
        assert!(!shown.contains(PASSWORD) && shown.contains("password = \"...\""), "{shown}");
        house.run();
        house.mail(
            "john@guest.example",
            &["pousada@relais.localhost"],
            b"From: john@guest.example\r\nSubject: Hi\r\n\r\nHello there.\r\n",
        );
        let tried = told.recv_timeout(std::time::Duration::from_secs(30)).unwrap();
        let tried = data_encoding::BASE64.decode(tried.as_bytes()).unwrap();
        assert_eq!(String::from_utf8(tried).unwrap(), format!("\0relais\0{PASSWORD}"), "{place}");
        let log = fs::read_to_string(house.path("log")).unwrap();
        assert!(!log.contains(PASSWORD), "{log}");
    }
}

/// A whole conversation with the log at its default, and what must not be in it.
#[test]
fn the_log_names_nobody() {
    let house = House::start();
    house.mail("john@guest.example", &["pousada@relais.localhost"], b"From: John <john@guest.example>\r\nSubject: Hi\r\nMessage-ID: <a@x>\r\n\r\nIs there a room?\r\n");
    let notification = house.mail_out("the notification", |l| l.text().contains("a room"));
    let token = reply_to(&notification);
    house.mail(
        "mallory@evil.example",
        &[&token],
        b"From: m@evil.example\r\nSubject: x\r\n\r\nPay.\r\n",
    );
    house.mail(
        "ana@pousada.example",
        &[&token],
        b"From: ana@pousada.example\r\nSubject: Re: Hi\r\n\r\nYes.\r\n",
    );
    house.mail_out("the answer", |l| l.to[0].address.local() == "john");
    let replies =
        support::smtp(house.smtp, "john@guest.example", &["nobody@relais.localhost"], b"x");
    assert!(replies.last().unwrap().starts_with("550"), "{replies:?}");
    let log = fs::read_to_string(house.path("log")).unwrap().to_lowercase();
    let secret = token.split('@').next().unwrap().to_owned();
    for word in [
        secret.as_str(),
        "john@guest.example",
        "ana@pousada.example",
        "m@evil.example",
        house.token().to_lowercase().as_str(),
    ] {
        assert!(!log.contains(word), "{word} in {log}");
    }
    // What an administrator follows a mail by.
    for line in ["a mail was taken", "a recipient was refused", "a mail was tried"] {
        assert!(log.contains(line), "{line}: {log}");
    }
    let file = log.split("file=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(house.path("maildirs/mail/cur").read_dir().unwrap().any(|entry| {
        entry.unwrap().file_name().to_string_lossy().to_lowercase().starts_with(&file)
    }));
}
