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
    let [certificate, key] = ["one", "other"].map(|name| {
        let made = Command::new("openssl")
            .args("req -x509 -newkey ed25519 -nodes -days 90 -keyout".split(' '))
            .args([format!("{name}.key"), "-out".to_owned(), format!("{name}.pem")])
            .args(["-subj", "/CN=relais.localhost"])
            .current_dir(house.dir.path())
            .output()
            .unwrap();
        assert!(made.status.success());
        let kind = if name == "one" { "pem" } else { "key" };
        house.path(&format!("{name}.{kind}")).display().to_string()
    });
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
            (
                &[("RELAIS_SMTP__TLS_CERTIFICATE", &file), ("RELAIS_SMTP__TLS_KEY", &key)],
                "file.pem: there is no certificate in it",
            ),
            (
                &[("RELAIS_SMTP__TLS_CERTIFICATE", &certificate), ("RELAIS_SMTP__TLS_KEY", &key)],
                "does not belong to this certificate",
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

#[test]
fn a_member_named_again_keeps_what_is_not_named() {
    let house = house(&[]);
    let add = |more: &[&str]| {
        house.cli(&[&["member", "add", HOUSE, "ana@pousada.example"][..], more].concat())
    };
    let said = add(&[
        "--name",
        "Ana",
        "--role",
        "read-only",
        "--reads",
        "en,es",
        "--strict",
        "--as-written",
    ]);
    assert!(said.contains("Ana <ana@pousada.example> answers for Hotel du Lac"), "{said}");
    let listed = |wanted: &str| {
        let list = house.cli(&["account", "list"]);
        assert!(list.contains(wanted), "{wanted:?} is not in {list}");
    };
    let all = "Ana <ana@pousada.example>  only reads  reads en, es  replies as written  strict";
    listed(all);
    let said = add(&[]);
    assert!(said.contains("is a member of Hotel du Lac already, nothing is changed"), "{said}");
    listed(all);
    let said = add(&["--quiet"]);
    assert!(said.contains("already; what was not named stays"), "{said}");
    listed(&format!("{all}  quiet"));
    add(&["--strict=off", "--quiet=off", "--reads=", "--role", "owner"]);
    listed("Ana <ana@pousada.example>  replies as written\n");
    refused(&house, &["member", "add", HOUSE, "x@y.example", "--reads", "xx"], "two letters");
}

#[test]
fn a_field_people_fill_in_is_no_trap() {
    let house = house(&[]);
    for name in ["message", "Email", "phone", "altcha", "_t"] {
        refused(&house, &["form", "set", HOUSE, "--trap", name], "is a field people fill in");
    }
    assert!(house.cli(&["form", "set", HOUSE, "--trap", "homepage"]).contains("homepage"));
}

#[test]
fn a_house_gets_a_form_of_its_own_whatever_its_address() {
    let house = house(&[]);
    for (address, form) in [
        ("hotel@other.example.org", "/f/hotel-2"),
        ("hôtel.du.lac@in.example.org", "/f/hotel-du-lac"),
    ] {
        let said = house.cli(&["account", "add", "Other", "--address", address]);
        assert!(said.trim_end().lines().next().unwrap().ends_with(form), "{said}");
    }
    let named = ["account", "add", "X", "--address", "x@in.example.org", "--form", "hotel"];
    refused(&house, &named, "the form hotel is Hotel du Lac's, name another");
    refused(&house, &["account", "add", "X", "--address", HOUSE], "is Hotel du Lac's already");
}

#[test]
fn what_was_set_is_shown_listed_and_logged() {
    let house = house(&[]);
    let said = house.cli(&[
        "account",
        "set",
        HOUSE,
        "--time-zone",
        "Europe/Lisbon",
        "--signature",
        "Hotel\\nLac",
    ]);
    assert!(said.contains("time zone Europe/Lisbon"), "{said}");
    assert!(said.contains("signs \"Hotel\" and more"), "{said}");
    assert!(house.cli(&["account", "list"]).contains("time zone Europe/Lisbon"));
    assert!(house.cli(&["audit", HOUSE]).contains("account set time zone, signature"));
    refused(&house, &["account", "set", HOUSE, "--engines", "embedded,embedded"], "named twice");
}

#[test]
fn a_token_has_a_name_of_its_own() {
    let house = house(&[]);
    let add = ["token", "add", HOUSE];
    house.cli(&add);
    house.cli(&add);
    let list = house.cli(&["token", "list", HOUSE]);
    assert!(list.contains("api ") && list.contains("api-2 "), "{list}");
    refused(&house, &[&add[..], &["--name", ""]].concat(), "a token needs a name");
    refused(&house, &[&add[..], &["--name", "api"]].concat(), "there is a token api already");
    refused(&house, &[&add[..], &["--expires", "tomorrow"]].concat(), "write a day as 2027-12-31");
    refused(&house, &["token", "revoke", HOUSE, "nothing"], "no token is called nothing");
    let log = house.cli(&["audit", HOUSE]);
    assert!(log.contains("token add api-2") && !log.contains("token revoke"), "{log}");
}

#[test]
fn a_connection_that_cannot_be_is_refused_and_a_paused_one_stays_so() {
    let house = house(&[]);
    let add = |name: &str, secret: &str, property: &str, more: &[&str]| -> Vec<String> {
        let args = [
            "connection",
            "add",
            HOUSE,
            "--client-id",
            name,
            "--client-secret",
            secret,
            "--property",
            property,
        ];
        args.iter().chain(more).map(|word| (*word).to_owned()).collect()
    };
    let no = |args: Vec<String>, said: &str| {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        refused(&house, &args, said);
    };
    no(add("", "s", "1", &[]), "--client-id: empty");
    no(add("m", " ", "1", &[]), "--client-secret: empty");
    no(add("m", "s", "", &[]), "--property: empty");
    no(add("m", "s", "x1", &[]), "--property: \"x1\" is no number");
    no(add("m", "s", "1", &["--url", "foo"]), "--url: \"foo\" is no address on the web");
    no(add("m", "s", "1", &["--token-url", "foo"]), "--token-url: \"foo\" is no address");
    no(add("m", "s", "1", &["--channel", "airbnb"]), "set channels.airbnb_url");
    let booking = [("RELAIS_CHANNELS__BOOKING_URL".to_owned(), String::new())];
    let output = Command::new(env!("CARGO_BIN_EXE_relais"))
        .args(add("m", "s", "1", &[]))
        .current_dir(house.dir.path())
        .envs(booking)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("set channels.booking_url"), "{said}");
    let good = add("m", "s", "1", &["--url", "http://127.0.0.1:9"]);
    let good: Vec<&str> = good.iter().map(String::as_str).collect();
    house.cli(&good);
    refused(&house, &["connection", "sync", "m", "--wait"], "start relais serve first");
    house.cli(&["connection", "pause", "m"]);
    refused(&house, &["connection", "sync", "m", "--wait"], "relais connection resume m");
    let said = house.cli(&good);
    assert!(said.contains("is paused as before: relais connection resume m"), "{said}");
    assert!(house.cli(&["connection", "list"]).contains("  paused  "));
    house.cli(&["connection", "resume", "m"]);
    refused(&house, &["connection", "hook", "m", "--register"], "enter what is printed above");
}

#[test]
fn the_configuration_is_judged_in_an_administrators_words() {
    let house = House::prepare(&[]);
    let check = |text: &str| {
        fs::write(house.path("relais.toml"), text).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_relais"))
            .args(["check-config", "--config", "relais.toml"])
            .current_dir(house.dir.path())
            .output()
            .unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    for (text, wanted) in [
        ("[smtp]\nlisten = [\"x\"]", "relais.toml: smtp.listen: \"x\""),
        ("deleted_days = -1", "relais.toml: deleted_days: -1 "),
        (
            "deleted_days = \"x\"",
            "deleted_days: \"x\" is not what belongs there; write deleted_days as in 30",
        ),
        ("trusted_peers = [\"10.0.0.0/8\"]", "write trusted_peers as in [\"192.0.2.7\"]"),
        ("trusted_peers = [\"10.0.0.0/8\"]", "networks cannot be"),
        ("host_name = \"x\"", "there is no key host_name; did you mean hostname?"),
        (
            "[delivery]\nhost = \"x\"",
            "there is no key delivery.host; did you mean delivery.smarthost.host?",
        ),
        ("[delivery]\ntransport = \"post\"", "\"post\" is none of maildir, smarthost, direct"),
        ("[delivery]\nport = 70000", "delivery.port: 70000"),
    ] {
        let (good, said) = check(text);
        assert!(!good && said.contains(wanted), "{wanted:?} is not in {said}");
        for foreign in ["default.", "signed int", "expected", "found string"] {
            assert!(!said.contains(foreign), "{foreign:?} is in {said}");
        }
    }
    let (good, said) =
        check("hostname = \"mx.casa.example\"\nreply_domain = \"reply.casa.example\"");
    assert!(good && said.contains("base_url: empty, so that links in mails lead to"), "{said}");
}

/// What this user may not see may be there all the same.
#[test]
fn what_belongs_to_another_user_is_not_called_missing() {
    use std::os::unix::fs::PermissionsExt;
    let house = house(&[]);
    // The tests may run as root, whom no lock keeps out.
    let binary = house.path("relais");
    fs::copy(env!("CARGO_BIN_EXE_relais"), &binary).unwrap();
    let open = fs::Permissions::from_mode(0o755);
    fs::set_permissions(house.dir.path(), open.clone()).unwrap();
    fs::set_permissions(&binary, open).unwrap();
    let output = Command::new("setpriv")
        .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
        .arg(&binary)
        .args(["account", "list"])
        .current_dir(house.dir.path())
        .output();
    let Ok(output) = output else { return println!("no setpriv: not tried") };
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if said.contains("setpriv") {
        return println!("not root: not tried");
    }
    assert!(said.contains("run this as the user whose folder it is"), "{said}");
    assert!(!said.contains("there is no Relais"), "{said}");
}

#[test]
fn a_broken_store_is_named_with_what_to_do() {
    let house = house(&[]);
    let path = house.path("data/relais.sqlite");
    for name in ["relais.sqlite-wal", "relais.sqlite-shm"] {
        let _ = fs::remove_file(house.path("data").join(name));
    }
    fs::write(&path, "this is no database at all, and longer than a header of a hundred bytes would be, so that SQLite looks at it").unwrap();
    refused(&house, &["account", "list"], "data/relais.sqlite: file is not a database; put back");
}

#[test]
fn a_term_is_of_two_languages_and_there_before_it_goes() {
    let house = house(&[]);
    let glossary = |words: &[&'static str]| [&["translate", "glossary"][..], words].concat();
    refused(&house, &glossary(&["add", HOUSE, "xx", "a", "en", "b"]), "xx is no language");
    refused(&house, &glossary(&["add", HOUSE, "en", "a", "en", "b"]), "write two languages");
    refused(&house, &glossary(&["remove", HOUSE, "pt", "a", "en"]), "there is no pt a = en");
    house.cli(&glossary(&["add", HOUSE, "pt", "a", "en", "b"]));
    house.cli(&glossary(&["remove", HOUSE, "pt", "a", "en"]));
}

/// A mail server that knows nobody, and repeats its code as many do.
fn knows_nobody() -> u16 {
    use std::io::{BufRead, BufReader, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut out = stream.try_clone().unwrap();
            let _ = out.write_all(b"220 mx.example\r\n");
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                let answer: &[u8] = match line.split([' ', ':']).next().unwrap_or_default() {
                    "RCPT" => b"550 5.1.1 5.1.1 nobody here\r\n",
                    "QUIT" => b"221 bye\r\n",
                    _ => b"250 ok\r\n",
                };
                if out.write_all(answer).is_err() {
                    break;
                }
            }
        }
    });
    port
}

#[test]
fn the_queue_is_written_for_people_and_for_programs() {
    let port = knows_nobody().to_string();
    let mut house = house(&[
        ("RELAIS_DELIVERY__TRANSPORT", "smarthost"),
        ("RELAIS_DELIVERY__SMARTHOST__HOST", "127.0.0.1"),
        ("RELAIS_DELIVERY__SMARTHOST__PORT", &port),
        ("RELAIS_DELIVERY__SMARTHOST__TLS", "none"),
    ]);
    house.cli(&["member", "add", HOUSE, "ana@pousada.example"]);
    house.run();
    let mail = b"From: a@guest.example\r\nSubject: Hi\r\nMessage-ID: <1@g>\r\n\r\nA room?\r\n";
    house.mail("a@guest.example", &[HOUSE], mail);
    let list = support::wait_for("the refusal", || {
        Some(house.cli(&["queue", "list"])).filter(|list| list.contains("failed"))
    });
    assert!(list.contains("1 attempt  ") && !list.contains("due"), "{list}");
    assert_eq!(list.matches("5.1.1").count(), 1, "{list}");
    let json: serde_json::Value =
        serde_json::from_str(&house.cli(&["queue", "list", "--json"])).unwrap();
    assert_eq!(json["outgoing"][0]["last_answer"]["code"], 550, "{json}");
}
