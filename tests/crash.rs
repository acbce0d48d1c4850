//! DESIGN promises 1 and 3: the real binary, killed with -9 at random moments under load. Everything acknowledged is
//! threaded exactly once and notified exactly once; nothing is threaded that was not sent.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use jiff::SignedDuration;
use relais::{
    flow::clock,
    ground::{
        language::Language,
        outcome::{Answer, End, Outcome},
        translation::Translation,
    },
    keep::{
        journal::{Entry, Event, Journal},
        store::{Purpose, Store},
    },
};
use serde_json::{Value, json};
use support::{House, wait_for};

/// Sends numbered mails until told to stop; gives the numbers that were acknowledged.
fn client(server: SocketAddr, first: u32, stop: &AtomicBool, acknowledged: &Mutex<Vec<u32>>) {
    let mut number = first;
    while !stop.load(Ordering::Relaxed) {
        match one_mail(server, number) {
            Some(true) => acknowledged.lock().unwrap().push(number),
            Some(false) => {}
            None => return,
        }
        number += 1;
    }
}

/// `None` when the connection was lost.
fn one_mail(server: SocketAddr, number: u32) -> Option<bool> {
    let mut stream = TcpStream::connect(server).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut reply = || {
        loop {
            let mut line = String::new();
            (reader.read_line(&mut line).ok()? > 0).then_some(())?;
            if line.as_bytes().get(3) != Some(&b'-') {
                return Some(line);
            }
        }
    };
    reply()?;
    let mail = format!(
        "From: Guest {number} <g{number}@guest.example>\r\nSubject: Number {number}\r\nMessage-ID: <n{number}@guest.example>\r\n\r\nIs room {number} free?\r\n.\r\n"
    );
    for command in [
        "EHLO c.example\r\n".to_owned(),
        format!("MAIL FROM:<g{number}@guest.example>\r\n"),
        "RCPT TO:<pousada@relais.localhost>\r\n".to_owned(),
        "DATA\r\n".to_owned(),
    ] {
        stream.write_all(command.as_bytes()).ok()?;
        reply()?;
    }
    stream.write_all(mail.as_bytes()).ok()?;
    Some(reply()?.starts_with("250"))
}

#[test]
fn what_was_acknowledged_is_threaded_once_whenever_it_is_killed() {
    let mut house = House::start();
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    for round in 0..6_u32 {
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for worker in 0..4_u32 {
                let (stop, acknowledged) = (&stop, &acknowledged);
                let first = round * 100_000 + worker * 10_000;
                scope.spawn(move || client(house.smtp, first, stop, acknowledged));
            }
            // Another moment of the accept path and of intake in each round; no particular one is waited for.
            std::thread::sleep(Duration::from_millis(u64::from(120 + 97 * round)));
            house.kill();
            stop.store(true, Ordering::Relaxed);
        });
        house.run();
    }
    let mut acknowledged = acknowledged.lock().unwrap().clone();
    assert!(acknowledged.len() > 30, "the clients got somewhere: {}", acknowledged.len());
    acknowledged.sort_unstable();
    let threaded = wait_for("everything acknowledged to be threaded", || {
        let threaded = subjects(&house);
        acknowledged
            .iter()
            .all(|n| threaded.contains_key(&format!("Number {n}")))
            .then_some(threaded)
    });
    for (subject, count) in &threaded {
        assert_eq!(*count, 1, "{subject} was threaded once");
    }
    wait_for("every notification to leave", || {
        house.cli(&["queue", "list", "--json"]).contains("\"outgoing\": []").then_some(())
    });
    let mut notified: HashMap<String, u32> = HashMap::new();
    for letter in house.outgoing() {
        *notified.entry(letter.subject.clone()).or_default() += 1;
    }
    for (subject, count) in &notified {
        assert_eq!(*count, 1, "{subject} was notified once");
    }
    for number in &acknowledged {
        let subject = format!("Number {number}");
        assert!(notified.contains_key(&subject), "{subject} was notified");
    }
}

/// Killed in the middle of an attempt: a member's mail leaves again, of a reply nobody knows the end, and that is said.
#[test]
fn what_was_cut_off_on_its_way_leaves_again_or_is_told() {
    // Nothing leaves yet: nobody listens there.
    let mut house = House::start_with(&[
        ("RELAIS_HTTP__UNDO_SECONDS", "600"),
        ("RELAIS_DELIVERY__TRANSPORT", "smarthost"),
        ("RELAIS_DELIVERY__SMARTHOST__HOST", "127.0.0.1"),
        ("RELAIS_DELIVERY__SMARTHOST__PORT", "9"),
        ("RELAIS_DELIVERY__SMARTHOST__TLS", "none"),
        ("RELAIS_DELIVERY__RETRY_SECONDS", "1"),
    ]);
    assert_eq!(one_mail(house.smtp, 1), Some(true));
    let list = || house.conversations("");
    let id = wait_for("the question", || Some(list().first()?["id"].as_str()?.to_owned()));
    let reply = json!({"text": "It is free."});
    let (status, sent) = house.api("POST", &format!("/conversations/{id}/messages"), Some(&reply));
    assert_eq!(status, 201, "{sent}");
    wait_for("the first attempt", || {
        house.cli(&["queue", "list"]).contains("refused").then_some(())
    });
    house.stop();
    // As a kill in the middle of both attempts leaves it.
    let store = Store::open(&house.path("data/relais.sqlite")).unwrap();
    let later = clock::now() + SignedDuration::from_hours(1);
    let mut taken = store.write_blocking(move |w| w.take_due(later, 10, &[])).unwrap();
    taken.sort_by_key(|mail| mail.created_at);
    let purposes: Vec<Purpose> = taken.iter().map(|mail| mail.purpose).collect();
    assert_eq!(purposes, [Purpose::Notification, Purpose::Reply, Purpose::Copy]);
    for id in taken.iter().filter(|mail| mail.purpose.is_for_visitor()).map(|mail| mail.id) {
        store.write_blocking(move |w| w.note_dot(id)).unwrap();
    }
    drop(store);
    house.environment[1].1 = "maildir".into();
    house.run();
    let notice = house.mail_out("the notice", |l| l.subject == "Talvez não entregue: Number 1");
    assert_eq!(notice.to[0].address.to_string(), "ana@pousada.example");
    let told = house.mail_out("the question", |l| l.subject == "Number 1");
    assert_eq!(told.message_id.unwrap(), taken[0].rfc_message_id);
    let seen = |house: &House| {
        let conversation = house.conversation(&id);
        let words = |list: &Value, keys: &[&str]| {
            let rows = list.as_array().unwrap().iter();
            let row = |row: &Value| keys.iter().map(|key| row[key].to_string()).collect::<String>();
            rows.map(row).collect::<Vec<_>>()
        };
        let messages = conversation["messages"].as_array().unwrap().iter();
        let mut deliveries: Vec<_> =
            messages.flat_map(|m| words(&m["deliveries"], &["purpose", "state"])).collect();
        deliveries.sort();
        (words(&conversation["events"], &["kind", "text"]), deliveries)
    };
    let ends = [
        r#""copy""done""#.to_owned(),
        r#""notification""done""#.to_owned(),
        r#""reply""unknown""#.to_owned(),
        r#""unknown_notice""done""#.to_owned(),
    ];
    let before = wait_for("all to have left", || {
        Some(seen(&house)).filter(|(_, deliveries)| *deliveries == ends)
    });
    assert!(before.0.len() == 1 && before.0[0].starts_with("\"unknown\""), "{before:?}");
    assert_eq!(house.outgoing().len(), 3, "and nothing went to the visitor");
    house.stop();
    house.lose_store();
    house.run();
    assert_eq!(seen(&house), before, "after losing the whole store");
}

/// A notification was refused, somebody had it tried again, and that attempt was cut off: its old end is not its new one.
#[test]
fn the_end_of_an_earlier_attempt_is_not_that_of_the_one_cut_off() {
    let mut house = House::start_with(&[
        ("RELAIS_DELIVERY__TRANSPORT", "smarthost"),
        ("RELAIS_DELIVERY__SMARTHOST__HOST", "127.0.0.1"),
        ("RELAIS_DELIVERY__SMARTHOST__PORT", "9"),
        ("RELAIS_DELIVERY__SMARTHOST__TLS", "none"),
    ]);
    assert_eq!(one_mail(house.smtp, 1), Some(true));
    wait_for("the first attempt", || {
        house.cli(&["queue", "list"]).contains("refused").then_some(())
    });
    house.stop();
    let store = Store::open(&house.path("data/relais.sqlite")).unwrap();
    let later = clock::now() + SignedDuration::from_hours(1);
    let take = || store.write_blocking(move |w| w.take_due(later, 10, &[])).unwrap();
    let taken = take().remove(0);
    let outgoing = taken.id;
    let (at, answer) = (clock::now(), Answer::own("no such mailbox"));
    let refused = Outcome::Never(answer.clone());
    store.write_blocking(move |w| w.record_attempt(&taken, &refused, at, None)).unwrap();
    let event = Event::Ended { outgoing, state: End::Failed, answer: Some(answer) };
    let journal = Journal::open(&house.path("maildirs/journal.jsonl")).unwrap();
    journal.append(&[Entry { at, event }]).unwrap();
    assert_eq!(store.write_blocking(move |w| w.requeue(Some(outgoing), false, at)).unwrap(), 1);
    assert_eq!(take().len(), 1);
    drop(store);
    house.environment[0].1 = "maildir".into();
    house.run();
    house.mail_out("the notification", |l| l.subject == "Number 1");
}

/// How often each subject stands in the list.
fn subjects(house: &House) -> HashMap<String, u32> {
    let mut found = HashMap::new();
    let mut cursor = String::new();
    loop {
        let (status, page) = house.api("GET", &format!("/conversations?limit=100{cursor}"), None);
        assert_eq!(status, 200, "{page}");
        for row in page["conversations"].as_array().unwrap() {
            *found.entry(row["subject"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

/// The index is whole after a rebuild that was killed at any moment: the next start makes it again.
#[test]
fn a_rebuild_that_was_killed_is_made_again() {
    let mut house = House::start();
    for number in 0..60 {
        assert_eq!(one_mail(house.smtp, number), Some(true));
    }
    let subjects = |house: &House| {
        let mut all: Vec<String> = house
            .conversations("?limit=100")
            .iter()
            .map(|row| format!("{} {}", row["subject"], row["message_count"]))
            .collect();
        all.sort();
        all
    };
    let before =
        wait_for("sixty", || Some(subjects(&house)).filter(|subjects| subjects.len() == 60));
    wait_for("all told", || (house.outgoing().len() >= 60).then_some(()));
    house.stop();
    for milliseconds in [30, 60, 90, 120, 160, 220] {
        let mut reindex = std::process::Command::new(env!("CARGO_BIN_EXE_relais"))
            .arg("reindex")
            .current_dir(house.dir.path())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(milliseconds));
        let _ = reindex.kill();
        reindex.wait().unwrap();
        house.run();
        assert_eq!(subjects(&house), before, "killed after {milliseconds} ms");
        house.stop();
    }
    assert_eq!(house.outgoing().len(), 60, "nobody was told again");
}

/// A kill between a line of the journal and its transaction: the next start carries it out, once.
#[test]
fn a_line_the_index_does_not_have_is_carried_out_at_the_next_start() {
    let mut house = House::start();
    for number in 0..3 {
        assert_eq!(one_mail(house.smtp, number), Some(true));
    }
    let ids = wait_for("three", || {
        let rows = house.conversations("?limit=100");
        let id = |row: &Value| row["id"].as_str().unwrap().to_owned();
        let named = |number| rows.iter().find(|row| row["subject"] == format!("Number {number}"));
        (0..3).map(|number| named(number).map(id)).collect::<Option<Vec<_>>>()
    });
    // Answered by what the index already has: not carried out again.
    assert!(house.api("POST", &format!("/conversations/{}/done", ids[0]), None).0 < 300);
    assert_eq!(one_mail(house.smtp, 10), Some(true));
    house.kill();
    let path = house.path("maildirs/journal.jsonl");
    let entry = |event| Entry { at: clock::now(), event };
    let conversation = |number: usize| ids[number].parse().unwrap();
    Journal::open(&path)
        .unwrap()
        .append(&[
            entry(Event::Done { conversation: conversation(1), latest: None }),
            entry(Event::Purged {
                conversation: conversation(2),
                messages: Vec::new(),
                threads: Vec::new(),
                archived: Vec::new(),
            }),
        ])
        .unwrap();
    // A command beside it steps over nothing.
    house.cli(&["account", "set", "pousada@relais.localhost", "--signature", "Até já"]);
    let events = |house: &House, number: usize| {
        let found = house.conversation(&ids[number]);
        let events = found["events"].as_array().unwrap().clone();
        (
            found["conversation"]["needs_reply"].clone(),
            events.iter().filter(|event| event["kind"] == "done").count(),
        )
    };
    for _ in 0..2 {
        house.run();
        assert_eq!(events(&house, 0), (false.into(), 1));
        assert_eq!(events(&house, 1), (false.into(), 1));
        assert_eq!(house.api("GET", &format!("/conversations/{}", ids[2]), None).0, 404);
        wait_for("the last mail", || (house.conversations("").len() == 3).then_some(()));
        let files = std::fs::read_dir(house.path("maildirs/mail/cur")).unwrap().count();
        assert_eq!(files, 3, "the file of what was purged is gone");
        house.stop();
    }
}

/// A decision does not reach words that were received before it and threaded after it, not in an index made again either:
/// the gateway was killed between the 250 and the index, and somebody decided what they saw.
#[test]
fn what_nobody_had_seen_is_not_decided_by_a_rebuild() {
    let mut house = House::start();
    for number in 0..3 {
        assert_eq!(one_mail(house.smtp, number), Some(true));
    }
    let ids = wait_for("three", || {
        let rows = house.conversations("");
        let id = |row: &Value| row["id"].as_str().unwrap().to_owned();
        let named = |number| rows.iter().find(|row| row["subject"] == format!("Number {number}"));
        (0..3).map(|number| named(number).map(id)).collect::<Option<Vec<_>>>()
    });
    // The visitors write again before the decisions; their mails are threaded after them.
    let files: Vec<_> = std::fs::read_dir(house.path("maildirs/mail/cur"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), std::fs::read_to_string(path).unwrap()))
        .collect();
    let later = clock::now();
    assert!(house.api("POST", &format!("/conversations/{}/done", ids[0]), None).0 < 300);
    let close = Some(json!({"closed": true}));
    assert!(house.api("POST", &format!("/conversations/{}/close", ids[1]), close.as_ref()).0 < 300);
    assert!(house.api("DELETE", &format!("/conversations/{}", ids[2]), None).0 < 300);
    house.stop();
    for (path, mail) in files {
        let name = path.file_name().unwrap().to_str().unwrap();
        let (_, rest) = name.split_once('.').unwrap();
        let again = format!("{:010}.X{}", later.as_second(), rest.split(':').next().unwrap());
        let at = mail.split("at=").nth(1).unwrap().split(';').next().unwrap();
        let number = mail.split("Subject: Number ").nth(1).unwrap().split("\r").next().unwrap();
        let mail = mail
            .replace(&format!("at={at}"), &format!("at={later}"))
            .replace(
                &format!("Message-ID: <n{number}@"),
                &format!("In-Reply-To: <n{number}@guest.example>\r\nMessage-ID: <again{number}@"),
            )
            .replace("free?", "quiet as well?");
        std::fs::write(house.path("maildirs/mail/new").join(again), mail).unwrap();
    }
    house.run();
    wait_for("the second mails", || {
        let rows = house.conversations("?needs_reply=true");
        (rows.iter().filter(|row| row["message_count"] == 2).count() == 3).then_some(())
    });
    let snapshot = |house: &House| -> Vec<Value> {
        ids.iter()
            .map(|id| {
                let mut found = house.conversation(id);
                // What is done again at the same time may stand in another order.
                let events = found["events"].as_array_mut().unwrap();
                events.sort_by_key(|event| event.to_string());
                found
            })
            .collect()
    };
    wait_for("every delivery to end", || {
        house.cli(&["queue", "list"]).contains("nothing waits").then_some(())
    });
    let before = snapshot(&house);
    house.stop();
    house.lose_store();
    house.run();
    assert_eq!(snapshot(&house), before);
    assert_eq!(house.conversations("?needs_reply=true").len(), 3);
}

/// Whatever lies among the mail, the index is made again, and nobody is written to who came later.
#[test]
fn a_rebuild_sets_aside_what_it_cannot_digest_and_writes_to_nobody_new() {
    let mut house = House::start();
    for number in 0..3 {
        assert_eq!(one_mail(house.smtp, number), Some(true));
    }
    wait_for("all told", || (house.outgoing().len() >= 3).then_some(()));
    house.cli(&["member", "add", "pousada@relais.localhost", "tom@pousada.example"]);
    assert_eq!(one_mail(house.smtp, 3), Some(true));
    wait_for("both told", || (house.outgoing().len() >= 5).then_some(()));
    house.stop();
    std::fs::write(house.path("maildirs/mail/cur/1600000000.odd:2,"), "no trace").unwrap();
    let path = house.path("maildirs/journal.jsonl");
    let lines = std::fs::read_to_string(&path).unwrap();
    let member = lines.lines().find(|line| line.contains("tom@pousada.example")).unwrap();
    let mut stray: Value = serde_json::from_str(member).unwrap();
    let nobody = |id: &mut Value| *id = "aaaaaaaaaaaay".into();
    nobody(&mut stray["account"]);
    nobody(&mut stray["id"]);
    std::fs::write(&path, format!("{stray}\nno line\n{lines}")).unwrap();
    // Only the store: its token is renewed at the next start.
    for name in ["relais.sqlite", "relais.sqlite-wal", "relais.sqlite-shm"] {
        let _ = std::fs::remove_file(house.path("data").join(name));
    }
    let said = house.cli(&["reindex"]);
    assert!(said.contains("4 messages") && said.contains("1 files and 2 journal lines"), "{said}");
    assert!(house.cli(&["queue", "list"]).contains("1600000000.odd"));
    let left = house.cli(&["queue", "list", "--json"]);
    assert!(!left.contains("tom@"), "he was there for the last one only, which left: {left}");
    house.run();
    assert_eq!(house.conversations("").len(), 4);
}

/// Gone for good: not in the store's free pages or its log, not in the journal, not among the files.
#[test]
fn no_byte_of_a_purged_conversation_is_left() {
    let mut house = House::start_with(&[("RELAIS_DELETED_DAYS", "0")]);
    let said = "the platypus sleeps in the bathtub of room seven";
    let letter = format!(
        "From: Zoe <zoe@guest.example>\r\nMessage-ID: <p1@guest.example>\r\nSubject: Platypus\r\n\r\nYes, {said}.\r\n"
    );
    house.mail("zoe@guest.example", &["pousada@relais.localhost"], letter.as_bytes());
    assert_eq!(one_mail(house.smtp, 1), Some(true));
    wait_for("both told", || (house.outgoing().len() >= 2).then_some(()));
    let rows = wait_for("both", || Some(house.conversations("")).filter(|rows| rows.len() == 2));
    let id = rows.iter().find(|row| row["subject"] == "Platypus").unwrap()["id"].as_str().unwrap();
    // The same letter by another road, and a report with what could not be delivered: files without a message.
    let told = house.mail_out("the notification", |l| l.text().contains(said));
    let verp = told.header("Return-Path").unwrap().trim_matches(['<', '>', ' ']).to_owned();
    house.mail("zoe@guest.example", &["pousada@relais.localhost"], letter.as_bytes());
    let report = format!(
        "From: MAILER-DAEMON@mx.example\r\nTo: {verp}\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nNobody is here.\r\n--b\r\n\
         Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
         Final-Recipient: rfc822; ana@pousada.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\n\
         Content-Type: message/rfc822\r\n\r\n{letter}\r\n--b--\r\n"
    );
    house.mail("", &[&verp], report.as_bytes());
    wait_for("the report", || {
        let shown = house.conversation(id);
        shown["events"].as_array().unwrap().iter().any(|e| e["kind"] == "bounced").then_some(())
    });
    assert_eq!(house.conversation(id)["messages"].as_array().unwrap().len(), 1);
    let message = house.conversation(id)["messages"][0]["id"].as_str().unwrap().parse().unwrap();
    let mut translation = Translation::waiting(Language::EN, Language::parse("pt").unwrap());
    translation.text = said.to_owned();
    let event = Event::Translated { message, translation };
    let journal = Journal::open(&house.path("maildirs/journal.jsonl")).unwrap();
    journal.append(&[Entry { at: clock::now(), event }]).unwrap();
    assert!(house.api("DELETE", &format!("/conversations/{id}"), None).0 < 300);
    let left = |house: &House| {
        let mut left = Vec::new();
        let mut folders = vec![house.path("data"), house.path("maildirs/mail")];
        let mut files = vec![house.path("maildirs/journal.jsonl")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { folders.push(path) } else { files.push(path) }
            }
        }
        for path in files {
            // A log is gone between looking and reading.
            let bytes = std::fs::read(&path).unwrap_or_default();
            if bytes.windows(said.len()).any(|window| window == said.as_bytes()) {
                left.push(path);
            }
        }
        left
    };
    assert!(left(&house).len() >= 3, "{:?}", left(&house));
    house.stop();
    house.run();
    wait_for("the purge", || {
        let log = std::fs::read_to_string(house.path("log")).unwrap();
        log.contains("gone for good").then_some(())
    });
    assert_eq!(left(&house), Vec::<std::path::PathBuf>::new());
    assert_eq!(house.conversations("").len(), 1);
}

/// Killed between the index and the name of a file: the next start gives the file its read mark, so that a rebuild says the
/// same.
#[test]
fn a_read_mark_a_crash_cut_off_is_set_at_the_next_start() {
    let mut house = House::start();
    assert_eq!(one_mail(house.smtp, 1), Some(true));
    let row = wait_for("the mail", || house.conversations("").pop());
    let id = row["id"].as_str().unwrap();
    assert!(house.api("POST", &format!("/conversations/{id}/read"), None).0 < 300);
    let names = |house: &House| -> Vec<std::path::PathBuf> {
        let files = std::fs::read_dir(house.path("maildirs/mail/cur")).unwrap();
        files.map(|file| file.unwrap().path()).collect()
    };
    let marked = wait_for("the mark", || {
        names(&house).pop().filter(|path| path.to_string_lossy().ends_with(":2,S"))
    });
    house.kill();
    let bare = marked.to_string_lossy().trim_end_matches('S').to_owned();
    std::fs::rename(&marked, bare).unwrap();
    house.run();
    assert_eq!(names(&house), [marked]);
}
