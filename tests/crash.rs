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
    keep::store::{Purpose, Store},
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
