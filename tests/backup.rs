//! DESIGN promise 2: what the store and the mail hold is in a copy made while mail comes in, and a gateway goes on from
//! it: nothing that was acknowledged before is missing, and nobody is told twice.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::{
    collections::HashMap,
    fs,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use support::{House, reply_to, smtp, wait_for};

fn letter(number: usize) -> Vec<u8> {
    format!(
        "From: Guest {number} <g{number}@guest.example>\r\nSubject: Number {number}\r\nMessage-ID: <n{number}@guest.example>\r\n\r\nIs room {number} free in May?\r\n"
    )
    .into_bytes()
}

fn send(house: &House, number: usize) -> bool {
    let from = format!("g{number}@guest.example");
    let replies = smtp(house.smtp, &from, &["pousada@relais.localhost"], &letter(number));
    replies.last().is_some_and(|last| last.starts_with("250"))
}

/// How many conversations, and how many messages, each subject has.
fn subjects(house: &House) -> HashMap<String, (usize, u64)> {
    let mut found: HashMap<String, (usize, u64)> = HashMap::new();
    for row in house.conversations("?limit=100") {
        let entry = found.entry(row["subject"].as_str().unwrap().to_owned()).or_default();
        entry.0 += 1;
        entry.1 += row["message_count"].as_u64().unwrap();
    }
    found
}

#[test]
fn a_gateway_goes_on_from_a_copy_made_while_mail_came_in() {
    let mut house = House::start();
    for number in 0..12 {
        assert!(send(&house, number));
    }
    let first = house.mail_out("the notification", |mail| mail.subject.contains("Number 0"));
    let reply = "From: Ana <ana@pousada.example>\r\nSubject: Re: Number 0\r\n\r\nYes, it is.\r\n";
    house.mail("ana@pousada.example", &[&reply_to(&first)], reply.as_bytes());
    wait_for("all to be told", || (house.outgoing().len() >= 13).then_some(()));
    wait_for("the reply", || (subjects(&house)["Number 0"].1 == 2).then_some(()));
    let before = subjects(&house);
    let token = house.token();
    house.cli(&["dkim", "generate", "r2026"]);

    let stop = AtomicBool::new(false);
    let acknowledged = Mutex::new(Vec::new());
    let sure = std::thread::scope(|scope| {
        scope.spawn(|| {
            for number in 100..170 {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                if send(&house, number) {
                    acknowledged.lock().unwrap().push(number);
                }
            }
        });
        wait_for("mail to come in", || (acknowledged.lock().unwrap().len() > 5).then_some(()));
        let sure = acknowledged.lock().unwrap().clone();
        let said = house.cli(&["backup", "copy"]);
        assert!(said.contains("0 gone"), "{said}");
        // What comes now is not in the copy, or is: both are right.
        stop.store(true, Ordering::Relaxed);
        sure
    });
    house.kill();
    for folder in ["data", "maildirs"] {
        fs::remove_dir_all(house.path(folder)).unwrap();
        fs::rename(house.path("copy").join(folder), house.path(folder)).unwrap();
    }
    fs::write(house.path("data/demo-token"), &token).unwrap();
    // A gateway that is to sign does not start without its keys.
    house.environment.push(("RELAIS_DKIM__SELECTOR".to_owned(), "r2026".to_owned()));
    house.run();
    let sure: Vec<String> = sure.iter().map(|number| format!("Number {number}")).collect();
    let now = wait_for("what was acknowledged before the copy", || {
        let now = subjects(&house);
        sure.iter().all(|subject| now.contains_key(subject)).then_some(now)
    });
    for (subject, count) in &before {
        assert_eq!(now.get(subject), Some(count), "{subject}");
    }
    assert!(now.values().all(|(conversations, _)| *conversations == 1), "{now:?}");
    // The folder of outgoing mail is a new one: what is in it left after the copy.
    let told = house.outgoing();
    assert!(told.is_empty(), "told twice: {:?}", told.first().map(|mail| &mail.subject));
    // A reply address given out before is still one.
    house.mail("ana@pousada.example", &[&reply_to(&first)], reply.replace("Yes", "And").as_bytes());
    wait_for("the second reply", || (subjects(&house)["Number 0"].1 == 3).then_some(()));
}

#[test]
fn the_second_copy_takes_only_what_is_new_and_drops_what_is_gone() {
    let house = House::start();
    for number in 0..3 {
        assert!(send(&house, number));
    }
    wait_for("three", || (subjects(&house).len() == 3).then_some(()));
    fs::write(house.path("maildirs/mail/failed/odd"), "x").unwrap();
    let first = house.cli(&["backup", "copy"]);
    assert!(first.starts_with("4 mails, 4 of them new and 0 gone"), "{first}");
    fs::remove_file(house.path("maildirs/mail/failed/odd")).unwrap();
    assert!(send(&house, 3));
    wait_for("the fourth", || (subjects(&house).len() == 4).then_some(()));
    let id = house.conversations("?limit=1")[0]["id"].as_str().unwrap().to_owned();
    assert!(house.api("POST", &format!("/conversations/{id}/read"), None).0 < 300);
    let second = house.cli(&["backup", "copy"]);
    assert!(second.starts_with("4 mails, 1 of them new and 1 gone"), "{second}");
    let marks = |root: &str| {
        let folder = house.path(root).join("mail/cur");
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    };
    assert_eq!(marks("copy/maildirs"), marks("maildirs"));
    assert!(marks("maildirs").iter().any(|name| name.ends_with(":2,S")), "one was read");
    let refused = std::process::Command::new(env!("CARGO_BIN_EXE_relais"))
        .args(["backup", "."])
        .current_dir(house.dir.path())
        .output()
        .unwrap();
    assert!(!refused.status.success());
    let why = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(why.contains("name another"), "{why}");
}

/// The gateway goes on and sends what waits: the copy must not send it too.
#[test]
fn a_copy_sends_nothing_that_waited_when_it_was_made() {
    let nowhere = support::free_port().to_string();
    let mut house = House::start_with(&[
        ("RELAIS_DELIVERY__TRANSPORT", "smarthost"),
        ("RELAIS_DELIVERY__SMARTHOST__HOST", "127.0.0.1"),
        ("RELAIS_DELIVERY__SMARTHOST__PORT", &nowhere),
        ("RELAIS_DELIVERY__SMARTHOST__TLS", "none"),
    ]);
    assert!(send(&house, 0));
    wait_for("a notification that waits", || {
        house.cli(&["queue", "list", "--json"]).contains("\"waiting\"").then_some(())
    });
    house.cli(&["backup", "copy"]);
    // What came in meanwhile: the copy's spool has it, its store does not.
    assert!(send(&house, 1));
    wait_for("the second", || (subjects(&house).len() == 2).then_some(()));
    let late =
        fs::read_dir(house.path("maildirs/mail/cur")).unwrap().map(|e| e.unwrap().path()).max();
    let late = late.unwrap();
    let name = late.file_name().unwrap().to_str().unwrap().trim_end_matches(":2,").to_owned();
    fs::copy(&late, house.path("copy/maildirs/mail/new").join(name)).unwrap();
    let token = house.token();
    house.kill();
    for folder in ["data", "maildirs"] {
        fs::remove_dir_all(house.path(folder)).unwrap();
        fs::rename(house.path("copy").join(folder), house.path(folder)).unwrap();
    }
    fs::write(house.path("data/demo-token"), &token).unwrap();
    house.environment.clear();
    house.run();
    assert_eq!(subjects(&house).len(), 2, "both are there from the start");
    let queue = || house.cli(&["queue", "list", "--json"]);
    let left = queue();
    assert_eq!(
        (left.matches("\"unknown\"").count(), left.contains("\"waiting\"")),
        (2, false),
        "{left}"
    );
    assert!(house.outgoing().is_empty(), "it was sent from where the copy was made");
    // Somebody looked: that gateway is no more.
    house.cli(&["queue", "retry", "--unknown"]);
    house.mail_out("the first notification", |mail| mail.subject.contains("Number 0"));
    house.stop();
    house.run();
    assert!(!house.path("maildirs/copy").exists(), "it is a copy no more");
    assert!(send(&house, 2));
    house.mail_out("what comes now", |mail| mail.subject.contains("Number 2"));
}

/// A disk that is not there, a secret that is lost, a second gateway on the same index: nothing is begun anew in silence.
/// A house nobody wrote to yet is in the journal alone, and comes back from it.
#[test]
fn what_is_missing_is_said_and_not_made_anew() {
    let mut house = House::prepare(&[]);
    let address = "inn@relais.localhost";
    house.cli(&["account", "add", "Inn", "--address", address]);
    house.cli(&["member", "add", address, "ana@pousada.example"]);
    let (mail, away) = (house.path("maildirs"), house.path("away"));
    fs::rename(&mail, &away).unwrap();
    let said = house.cli_fails(&["serve", "--smtp", "127.0.0.1:0", "--http", "127.0.0.1:0"]);
    assert!(said.contains("maildirs/secret") && said.contains("is a disk missing?"), "{said}");
    assert!(!house.path("maildirs/secret").exists());
    fs::remove_dir_all(&mail).unwrap();
    fs::rename(&away, &mail).unwrap();
    let (secret, kept) = (house.path("maildirs/secret"), house.path("secret"));
    fs::rename(&secret, &kept).unwrap();
    let said = house.cli_fails(&["account", "list"]);
    assert!(said.contains("the secret from the backup"), "{said}");
    let seal = format!(
        "echo word | {} secret seal delivery.smarthost.password",
        env!("CARGO_BIN_EXE_relais")
    );
    let mut sealing = std::process::Command::new("sh");
    let sealed = sealing.args(["-c", &seal]).current_dir(house.path("")).output().unwrap();
    let said = String::from_utf8_lossy(&sealed.stderr);
    assert!(!sealed.status.success() && said.contains("the secret from the backup"), "{said}");
    assert!(!secret.exists());
    fs::rename(&kept, &secret).unwrap();

    fs::remove_dir_all(house.path("data")).unwrap();
    house.run();
    assert!(house.cli(&["account", "list"]).contains(address));
    let again = ["serve", "--smtp", "127.0.0.1:0", "--http", "127.0.0.1:0", "--maildirs"];
    fs::create_dir(house.path("other")).unwrap();
    fs::copy(&secret, house.path("other/secret")).unwrap();
    let said = house.cli_fails(&[&again[..], &["other"]].concat());
    assert!(said.contains("use --data"), "{said}");
}

/// What is not in the source is removed from a copy: so a copy is only made over an earlier one of the same Relais.
#[test]
fn a_copy_of_another_or_of_something_else_is_not_copied_over() {
    let [one, other] = ["One", "Other"].map(|name| {
        let house = House::prepare(&[]);
        house.cli(&["account", "add", name, "--address", "inn@relais.localhost"]);
        house
    });
    fs::write(one.path("maildirs/mail/failed/odd"), "x").unwrap();
    let shared = one.path("shared").display().to_string();
    one.cli(&["backup", &shared]);
    let said = other.cli_fails(&["backup", &shared]);
    assert!(said.contains("the backup of another Relais is there"), "{said}");
    assert!(one.path("shared/maildirs/mail/failed/odd").exists());
    assert!(one.cli(&["backup", &shared]).starts_with("1 mails, 0 of them new and 0 gone"));
    // Somebody went on from it, and may have got mail.
    let going = House::prepare(&[]);
    fs::rename(one.path("shared/data"), going.path("data")).unwrap();
    fs::rename(one.path("shared/maildirs"), going.path("maildirs")).unwrap();
    let mut going = going;
    going.run();
    going.stop();
    let gone_on = going.path("").display().to_string();
    let said = one.cli_fails(&["backup", &gone_on]);
    assert!(said.contains("has gone on from the backup that was there"), "{said}");
    let mail = one.path("mailbox/maildirs/mail/cur");
    fs::create_dir_all(&mail).unwrap();
    fs::write(mail.join("1:2,S"), "mine").unwrap();
    let said = one.cli_fails(&["backup", "mailbox"]);
    assert!(said.contains("there are files in it, and no backup"), "{said}");
    assert!(mail.join("1:2,S").exists());
}

/// New store, old mail: what was cut off is nothing to go on from, and the next run mends it.
#[test]
fn a_backup_that_was_cut_off_says_so_until_it_is_made_whole() {
    let mut house = House::start();
    for number in 0..3 {
        assert!(send(&house, number));
    }
    wait_for("three", || (subjects(&house).len() == 3).then_some(()));
    house.stop();
    house.cli(&["backup", "copy"]);
    // A folder in the place of a mail: the second run comes that far.
    let mail = house.path("maildirs/mail/cur");
    let first = fs::read_dir(&mail).unwrap().next().unwrap().unwrap().path();
    let kept = house.path("kept");
    fs::rename(&first, &kept).unwrap();
    fs::create_dir(&first).unwrap();
    fs::write(house.path("copy/maildirs/mail/cur").join(first.file_name().unwrap()), "old")
        .unwrap();
    house.cli_fails(&["backup", "copy"]);
    for command in
        [&["serve", "--smtp", "127.0.0.1:0", "--http", "127.0.0.1:0"][..], &["account", "list"]]
    {
        let from = ["--data", "copy/data", "--maildirs", "copy/maildirs"];
        let said = house.cli_fails(&[command, &from].concat());
        assert!(
            said.contains("copy/maildirs/unfinished") && said.contains("make it again"),
            "{said}"
        );
    }
    fs::remove_dir(&first).unwrap();
    fs::rename(&kept, &first).unwrap();
    house.cli(&["backup", "copy"]);
    house.cli(&["account", "list", "--data", "copy/data", "--maildirs", "copy/maildirs"]);
}

/// One folder named and the other forgotten: both would be one house's and another's for good.
#[test]
fn the_store_of_one_and_the_mail_of_another_are_not_opened_together() {
    let [mut one, other] = ["One", "Other"].map(|name| {
        let house = House::prepare(&[]);
        house.cli(&["account", "add", name, "--address", "inn@relais.localhost"]);
        house
    });
    let foreign = other.path("data").display().to_string();
    let serve = ["serve", "--smtp", "127.0.0.1:0", "--http", "127.0.0.1:0"];
    let member = ["member", "add", "inn@relais.localhost", "eve@pousada.example"];
    for command in [&serve[..], &member, &["account", "list"], &["reindex"], &["backup", "copy"]] {
        let said = one.cli_fails(&[command, &["--data", &foreign]].concat());
        assert!(said.contains("belong to two different Relais"), "{command:?}: {said}");
        assert!(said.contains("--data and --maildirs"), "{said}");
    }
    for house in [&one, &other] {
        assert!(!house.cli(&["account", "list"]).contains("eve@"), "nobody was told of Eve");
    }
    // A store that is lost is made again, one of a copy is its own, and so is one of before there were marks.
    one.run();
    assert!(send_to(&one, "inn@relais.localhost"));
    wait_for("the mail", || {
        one.cli(&["account", "list"]).contains("1 conversations").then_some(())
    });
    one.stop();
    one.cli(&["backup", "copy"]);
    one.lose_store();
    let said = one.cli_fails(&["member", "add", "inn@relais.localhost", "ana@pousada.example"]);
    assert!(said.contains("start relais serve, which makes it again"), "{said}");
    one.cli(&["reindex"]);
    assert!(one.cli(&["account", "list"]).contains("1 conversations"));
    one.lose_store();
    fs::copy(one.path("copy/data/relais.sqlite"), one.path("data/relais.sqlite")).unwrap();
    assert!(one.cli(&["account", "list"]).contains("1 conversations"));
    for house in [&one, &other] {
        let store = rusqlite::Connection::open(house.path("data/relais.sqlite")).unwrap();
        store.execute_batch("PRAGMA application_id = 0").unwrap();
    }
    let said = one.cli_fails(&["account", "list", "--data", &foreign]);
    assert!(said.contains("belong to two different Relais"), "{said}");
    let mail = one.path("maildirs").display().to_string();
    for house in [&one, &other] {
        house.cli(&["account", "list"]);
        let store = rusqlite::Connection::open(house.path("data/relais.sqlite")).unwrap();
        let mark = store.pragma_query_value(None, "application_id", |row| row.get::<_, i64>(0));
        assert_ne!(mark.unwrap(), 0, "marked again");
    }
    let said = other.cli_fails(&["account", "list", "--maildirs", &mail]);
    assert!(said.contains("belong to two different Relais"), "{said}");
}

fn send_to(house: &House, address: &str) -> bool {
    let replies = smtp(house.smtp, "g@guest.example", &[address], &letter(1));
    replies.last().is_some_and(|last| last.starts_with("250"))
}

/// A copy with the usual configuration would take no answers to what it sent.
#[test]
fn going_on_from_a_copy_wants_its_configuration() {
    let mut house = House::prepare(&[]);
    let file = house.path("relais.toml");
    fs::write(&file, "reply_domain = \"reply.casa.example\"\ntrusted_peers = [\"127.0.0.1\"]\n")
        .unwrap();
    house.environment.push(("RELAIS_CONFIG".to_owned(), file.display().to_string()));
    house.cli(&["account", "add", "Inn", "--address", "inn@relais.localhost"]);
    house.cli(&["member", "add", "inn@relais.localhost", "ana@pousada.example"]);
    house.run();
    assert!(send_to(&house, "inn@relais.localhost"));
    house.mail_out("the notification", |_| true);
    house.stop();
    let said = house.cli(&["backup", "copy"]);
    let copy = house.path("copy");
    let wanted = format!("relais --config {0}/relais.toml --data {0}/data", copy.display());
    assert!(said.contains(&wanted), "{said}");
    house.environment.clear();
    let said = house.cli_fails(&[
        "serve",
        "--smtp",
        "127.0.0.1:0",
        "--http",
        "127.0.0.1:0",
        "--data",
        "copy/data",
        "--maildirs",
        "copy/maildirs",
    ]);
    assert!(said.contains("sent from reply.casa.example") && said.contains("--config"), "{said}");
}

/// The gateway that runs knows another schema than the command: only who holds the store changes it.
#[test]
fn a_command_does_not_bring_the_store_under_an_older_gateway_to_its_own_schema() {
    let mut house = House::start();
    let version = || {
        let store = rusqlite::Connection::open(house.path("data/relais.sqlite")).unwrap();
        store.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0)).unwrap()
    };
    let now = version();
    let older = rusqlite::Connection::open(house.path("data/relais.sqlite")).unwrap();
    older.pragma_update(None, "user_version", now - 1).unwrap();
    drop(older);
    let said = house.cli_fails(&["account", "list"]);
    assert!(said.contains("an older Relais is running") && said.contains("restart"), "{said}");
    assert_eq!(version(), now - 1);
    // To look whether the disk can be written, what is there is written again.
    assert_eq!(support::http(house.http, "GET", "/healthz", &[], b"").0, 200);
    assert_eq!(version(), now - 1);
    house.stop();
    house.cli(&["account", "list"]);
    let store = rusqlite::Connection::open(house.path("data/relais.sqlite")).unwrap();
    let found: i64 = store.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(found, now);
}

/// What cannot be read of the journal is said where, by reindex and by doctor; a line a crash has cut is no such thing.
#[test]
fn an_unreadable_line_of_the_journal_is_named() {
    use std::io::Write;
    let house = House::prepare(&[]);
    house.cli(&["account", "add", "Inn", "--address", "inn@relais.localhost"]);
    let path = house.path("maildirs/journal.jsonl");
    let lines = fs::read_to_string(&path).unwrap().lines().count();
    let mut journal = fs::File::options().append(true).open(&path).unwrap();
    writeln!(journal, "{{\"at\":\"2026-11-29T0").unwrap();
    assert!(!house.cli(&["reindex"]).contains("journal.jsonl"), "it was never answered");
    writeln!(journal, "{{\"at\":42}}").unwrap();
    let wanted =
        format!("maildirs/journal.jsonl: what is said in line {} cannot be read", lines + 2);
    let said = house.cli(&["reindex"]);
    assert!(said.contains(&wanted), "{said}");
}
