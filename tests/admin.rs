//! What an administrator types: what cannot be is refused where it is typed, with one sentence that says what to do.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::{fs, process::Command};

use support::{House, smtp};

const HOUSE: &str = "hotel@in.example.org";

fn house(environment: &[(&str, &str)]) -> House {
    let house = House::prepare(environment);
    house.cli(&["account", "add", "Hotel du Lac", "--address", HOUSE]);
    house
}

/// The command with these words fails and says this, in our words.
#[track_caller]
fn refused(house: &House, args: &[&str], said: &str) {
    let heard = house.cli_fails(args);
    assert!(heard.contains(said), "{args:?}: {said:?} is not in {heard}");
    assert!(!heard.contains("os error"), "{args:?}: {heard}");
}

#[test]
fn names_languages_and_addresses_that_cannot_be_are_refused() {
    let house = house(&[]);
    let add = |name, address, language| {
        ["account", "add", name, "--address", address, "--language", language]
    };
    let other = "other@in.example.org";
    let long = "x".repeat(101);
    for language in ["french", "xx", "", "f", "zz-FR"] {
        refused(&house, &add("Other", other, language), "write the two letters of one");
        refused(&house, &["account", "set", HOUSE, "--language", language], "the two letters");
    }
    for name in ["", "  ", "Bad\r\nBcc: x@y.example", "Bell\u{7}", "Turn\u{202e}ed", long.as_str()]
    {
        refused(&house, &add(name, other, "fr"), "a house needs a name");
        refused(&house, &["account", "set", HOUSE, "--name", name], "a house needs a name");
        refused(
            &house,
            &["member", "add", HOUSE, "a@b.example", "--name", name],
            "a member needs a name",
        );
    }
    let reply = "x@reply.relais.localhost";
    refused(&house, &add("Other", "Postmaster@in.example.org", "fr"), "the postmaster is who runs");
    refused(&house, &add("Other", reply, "fr"), "is for reply addresses");
    for relay in ["postmaster@in.example.org", reply] {
        refused(&house, &["account", "set", HOUSE, "--relay-address", relay], "use another");
    }
    house.cli(&["account", "set", HOUSE, "--relay-address", "lac@in.example.org"]);
    for own in
        [HOUSE, "HOTEL@in.example.org", "lac@in.example.org", "postmaster@in.example.org", reply]
    {
        refused(&house, &["member", "add", HOUSE, own], "comes to this Relais; write the mailbox");
    }
    house.cli(&["member", "add", HOUSE, "marie@hoteldulac.example"]);
    refused(&house, &add("Other", "marie@hoteldulac.example", "fr"), "is where marie reads");
    refused(
        &house,
        &["account", "set", HOUSE, "--engines", "deepl"],
        "add deepl to translation.engines",
    );
    // A language without a name of its own here is one all the same.
    house.cli(&add("Teach na Farraige", other, "GA"));
    assert!(house.cli(&["account", "list"]).contains("  ga  "));
}

#[test]
fn a_backup_goes_nowhere_into_what_it_copies() {
    let house = house(&[]);
    fs::create_dir(house.path("else")).unwrap();
    std::os::unix::fs::symlink(house.path("data"), house.path("else/link")).unwrap();
    for folder in ["data", "data/backup", "maildirs", "maildirs/mail/new/x", ".", "else/link/deep"]
    {
        refused(&house, &["backup", folder], "this is the gateway's own folder; name another");
        assert!(!house.path("data/backup").exists() && !house.path("data/data").exists());
    }
    house.cli(&["backup", "else/copy"]);
    house.cli(&["backup", "else/copy"]);
}

#[test]
fn what_cannot_work_is_found_before_it_is_started() {
    let house = House::prepare(&[]);
    let check = |variables: &[(&str, &str)], command: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_relais"))
            .args([command])
            .current_dir(house.dir.path())
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    let file = house.path("file.pem").display().to_string();
    fs::write(&file, "no certificate").unwrap();
    for command in ["check-config", "serve"] {
        for (variables, said) in [
            (&[("RELAIS_BASE_URL", "relais.example.org")][..], "base_url: "),
            (
                &[
                    ("RELAIS_SMTP__TLS_CERTIFICATE", "/no/c.pem"),
                    ("RELAIS_SMTP__TLS_KEY", "/no/k.pem"),
                ],
                "smtp.tls_key: /no/k.pem: No such file",
            ),
            (
                &[("RELAIS_SMTP__TLS_CERTIFICATE", &file), ("RELAIS_SMTP__TLS_KEY", &file)],
                "file.pem",
            ),
            (&[("RELAIS_DKIM__SELECTOR", "r9")], "dkim.selector: data/dkim/r9-rsa.pem: "),
            (&[("RELAIS_SMTP__LISTEN", "0.0.0.0")], "write smtp.listen as in [\"127.0.0.1:2525\"]"),
            (&[("RELAIS_SMTP__LISTEN", "[\"0.0.0.0\"]")], "as in [\"127.0.0.1:2525\"]"),
            (&[("RELAIS_HTTP__LISTEN", "0.0.0.0")], "as in \"127.0.0.1:8025\""),
            (&[("RELAIS_NOPE", "1"), ("RELAIS_SMTP__RECIPIENTS", "0")], "RELAIS_NOPE names no key"),
            (&[("RELAIS_NOPE", "1"), ("RELAIS_SMTP__RECIPIENTS", "0")], "smtp.recipients: 0"),
            (&[("RELAIS_SMTP__NOPE", "1")], "see config/relais.toml"),
        ] {
            let (good, heard) = check(variables, command);
            assert!(!good && heard.contains(said), "{command} {variables:?}: {heard}");
        }
    }
    let flags =
        [("RELAIS_LOG", "info"), ("RELAIS_SMTP_LISTEN", "127.0.0.1:1"), ("RELAIS_DATA", "data")];
    assert_eq!(check(&flags, "check-config"), (true, String::new()));
    assert!(check(&[("RELAIS_NOPE", "1")], "check-config").0, "only said");
}

#[test]
fn every_command_says_what_it_found_and_what_to_do() {
    let mut house = House::prepare(&[("RELAIS_HTTP_LISTEN", "127.0.0.1:31280")]);
    house.cli(&["dkim", "generate"]);
    refused(&house, &["dkim", "generate"], "has keys already: relais dkim list");
    house.cli(&["dkim", "generate", "other"]);
    house.run();
    house.stop();
    assert!(house.cli(&["account", "list"]).contains("there is no house yet: relais account add"));
    let added = house.cli(&["account", "add", "Hotel du Lac", "--address", HOUSE]);
    assert!(added.contains("http://127.0.0.1:31280/f/hotel"), "{added}");
    assert!(house.cli(&["form", "show", HOUSE]).contains("http://127.0.0.1:31280/f/hotel"));
    house.environment.clear();
    fs::create_dir(house.path("mixed")).unwrap();
    fs::write(house.path("mixed/a.eml"), "From: a@guest.example\nSubject: Hi\n\nA room?\n")
        .unwrap();
    fs::write(house.path("mixed/b.txt"), "milk\nbread\n").unwrap();
    let import = |path| ["import", path, "--account", HOUSE, "--archive"];
    let said = house.cli(&import("mixed"));
    assert!(said.contains("1 messages imported") && said.contains("mixed/b.txt"), "{said}");
    refused(&house, &import("mixed/b.txt"), "b.txt: no mail; name a file of one letter");
    assert!(house.cli(&["--help"]).contains("/etc/relais/relais.toml"));
}

/// RFC 5321, 4.1.2: quotes that are not needed make no other mailbox.
#[test]
fn a_mailbox_in_quotes_is_the_same() {
    let mut house = house(&[]);
    house.run();
    let mail =
        b"From: a@guest.example\r\nSubject: Hi\r\nMessage-ID: <1@guest.example>\r\n\r\nA room?\r\n";
    for (to, taken) in [
        ("\"hotel\"@in.example.org", true),
        ("\"ho\\tel\"@in.example.org", true),
        ("\"hotel \"@in.example.org", false),
    ] {
        let replies = smtp(house.smtp, "a@guest.example", &[to], mail);
        let last = replies.last().unwrap();
        assert_eq!(last.starts_with("250"), taken, "{to}: {replies:?}");
    }
}
