//! DESIGN promise 2, by chance: visitors, members, machines and a kill -9 do whatever they like, in any order, while mails
//! leave; then the store is lost, and an index made again from the mail says what the first one said.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "support/fake_booking.rs"]
mod fake_booking;
mod support;

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    net::TcpStream,
};

use fake_booking::FakeBooking;
use relais::{
    flow::clock,
    ground::letter::Letter,
    keep::journal::{Entry, Event, Journal},
};
use serde_json::{Value, json};
use support::{House, http, reply_to, wait_for};

const HOUSE: &str = "pousada@relais.localhost";
const SAID: [&str; 6] = [
    "Do you have a double room with a view of the river for two nights in August?",
    "Haben Sie im September ein Zimmer für zwei Personen mit Frühstück frei?",
    "Avez-vous une chambre au calme pour trois nuits à partir du 12 mai ?",
    "Yes, of course.",
    "Merci beaucoup !",
    "Temos quarto, são 120 € por noite com pequeno-almoço.",
];

/// What happens by chance, the same for the same seed as far as the machine's own timing allows.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        (!all.is_empty()).then(|| &all[self.below(all.len())])
    }
}

/// A house and what was done there.
struct Play {
    house: House,
    chance: Chance,
    step: usize,
    mails: Vec<(String, Vec<String>, Vec<u8>)>,
}

impl Play {
    fn mail(&mut self, from: &str, to: &str, head: &str, text: &str) {
        let step = self.step;
        let id = match self.chance.below(8) {
            0 => String::new(),
            _ => format!("Message-ID: <m{step}@{from}>\r\n"),
        };
        let raw = format!("From: Somebody <{from}>\r\nTo: {to}\r\n{id}{head}\r\n{text}\r\n");
        self.house.mail(from, &[to], raw.as_bytes());
        self.mails.push((from.to_owned(), vec![to.to_owned()], raw.into_bytes()));
    }

    fn words(&mut self) -> String {
        format!("{} ({})", SAID[self.chance.below(SAID.len())], self.step)
    }

    /// A mail that left to a side, if there is one.
    fn left_to(&mut self, is: impl Fn(&Letter) -> bool) -> Option<Letter> {
        let fitting: Vec<_> =
            self.house.outgoing().into_iter().filter(|letter| is(letter)).collect();
        self.chance.of(&fitting).cloned()
    }

    fn conversation(&mut self, query: &str) -> Option<Value> {
        let all = self.house.conversations(query);
        let row = self.chance.of(&all)?.clone();
        Some(self.house.conversation(row["id"].as_str().unwrap()))
    }

    fn ask(&self, method: &str, path: &str, body: &Value) {
        let (status, said) = self.house.api(method, path, Some(body));
        assert!(status < 500, "{method} {path}: {status} {said}");
    }

    fn visitor_begins(&mut self) {
        let words = self.words();
        let from = format!("guest{}@guest.example", self.chance.below(5));
        if self.chance.below(3) == 0 {
            let body = json!({"name": "Guest", "email": from, "message": words}).to_string();
            let json = [("Content-Type", "application/json")];
            http(self.house.http, "POST", "/f/demo", &json, body.as_bytes());
        } else {
            let subject = format!("Subject: Question {}\r\n", self.step);
            self.mail(&from, HOUSE, &subject, &words);
        }
    }

    fn somebody_answers(&mut self) {
        let to_members = self.chance.below(2) == 0;
        let is_visitor =
            |letter: &Letter| letter.to[0].address.to_string().ends_with("@guest.example");
        let Some(letter) = self.left_to(|letter| is_visitor(letter) != to_members) else { return };
        if letter.reply_to.len() != 1 {
            return;
        }
        let token = reply_to(&letter);
        let mut words = self.words();
        let mut head = format!("Subject: Re: {}\r\n", letter.subject);
        if self.chance.below(2) == 0 {
            head += &format!("In-Reply-To: <{}>\r\n", letter.message_id.as_ref().unwrap().as_str());
        }
        let author = letter.to[0].address.to_string();
        let from = match self.chance.below(6) {
            // Another person, or a member from home.
            0 => "someone@elsewhere.example".to_owned(),
            1 => {
                head += "Auto-Submitted: auto-replied\r\n";
                words = format!("I am away until Monday ({}).", self.step);
                author
            }
            _ => author,
        };
        self.mail(&from, &token, &head, &words);
    }

    /// A mail comes back.
    fn machine_answers(&mut self) {
        let Some(letter) = self.left_to(|_| true) else { return };
        let path =
            letter.headers.iter().find(|field| field.name.eq_ignore_ascii_case("return-path"));
        let path = path.unwrap().value.trim().trim_matches(['<', '>']).to_owned();
        if path.is_empty() {
            return;
        }
        let (action, status) = [("failed", "5.1.1"), ("delayed", "4.4.1")][self.chance.below(2)];
        let raw = format!(
            "From: MAILER-DAEMON@mx.example\r\nTo: <{path}>\r\nSubject: Undelivered Mail {step}\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nIt did not work.\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
             Final-Recipient: rfc822; {to}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n--b--\r\n",
            step = self.step,
            to = letter.to[0].address,
        );
        self.house.mail("", &[path.as_str()], raw.as_bytes());
    }

    fn house_acts(&mut self) {
        let Some(found) = self.conversation("?limit=100") else { return };
        let id = found["conversation"]["id"].as_str().unwrap().to_owned();
        let path = |what: &str| format!("/conversations/{id}{what}");
        let messages: Vec<Value> = found["messages"].as_array().unwrap().clone();
        let one = self.chance.of(&messages).map(|message| message["id"].clone());
        let words = self.words();
        let yes = self.chance.below(2) == 0;
        match self.chance.below(12) {
            0 | 1 => {
                let file = json!({"name": "map.txt", "type": "text/plain", "content": "aGVsbG8="});
                let files = if self.chance.below(3) == 0 { json!([file]) } else { json!([]) };
                let verb = ["reply", "note"][self.chance.below(2)];
                let body =
                    json!({"text": words, "verb": verb, "translate": "no", "attachments": files});
                self.ask("POST", &path("/messages"), &body);
            }
            2 => self.ask("POST", &path("/done"), &json!({})),
            3 => self.ask("POST", &path("/close"), &json!({"closed": yes})),
            4 => self.ask("DELETE", &path(""), &json!({})),
            5 => {
                if let Some(gone) = self.conversation("?deleted=true") {
                    let gone = gone["conversation"]["id"].as_str().unwrap();
                    self.ask("POST", &format!("/conversations/{gone}/restore"), &json!({}));
                }
            }
            6 => self.ask("POST", &path("/read"), &json!({"read": yes})),
            7 => self.ask("POST", &path("/language"), &json!({"language": yes.then_some("de")})),
            8 => {
                if let Some(other) = self.conversation("?limit=100") {
                    self.ask(
                        "POST",
                        &path("/merge"),
                        &json!({"into": other["conversation"]["id"]}),
                    );
                }
            }
            9 => self.ask("POST", &path("/split"), &json!({"messages": [one]})),
            10 => {
                if let Some(other) = self.conversation("?limit=100") {
                    let into = &other["conversation"]["id"];
                    self.ask("POST", &path("/move"), &json!({"messages": [one], "into": into}));
                }
            }
            _ => {
                let held = messages.iter().find(|message| message["state"] == "held");
                if let Some(held) = held {
                    let decision = ["send", "discard"][self.chance.below(2)];
                    let path = format!("/messages/{}/decision", held["id"].as_str().unwrap());
                    self.ask("POST", &path, &json!({"decision": decision}));
                }
            }
        }
    }

    fn administrator_acts(&mut self) {
        let tom = "tom@pousada.example";
        let members = self.house.cli(&["account", "list"]);
        match self.chance.below(4) {
            0 => drop(self.house.cli(&["account", "set", HOUSE, "--signature", "Até breve"])),
            1 if !members.contains(tom) => drop(self.house.cli(&["member", "add", HOUSE, tom])),
            2 if members.contains(tom) => drop(self.house.cli(&["member", "remove", HOUSE, tom])),
            _ => {
                self.house.kill();
                self.house.run();
            }
        }
    }

    fn act(&mut self) {
        self.step += 1;
        match self.chance.below(20) {
            0..4 => self.visitor_begins(),
            4..11 => self.somebody_answers(),
            11 | 12 => self.machine_answers(),
            13 => {
                // The same mail by another road, or twice after a lost 250.
                if let Some((from, to, raw)) = self.chance.of(&self.mails).cloned() {
                    self.house.mail(
                        &from,
                        &to.iter().map(String::as_str).collect::<Vec<_>>(),
                        &raw,
                    );
                }
            }
            14 if self.chance.below(3) == 0 => self.administrator_acts(),
            _ => self.house_acts(),
        }
    }

    fn threaded(&self) {
        wait_for("all to be threaded", || {
            let spool = std::fs::read_dir(self.house.path("maildirs/mail/new")).unwrap();
            (spool.count() == 0).then_some(())
        });
    }

    fn delivered(&self) {
        wait_for("all to be delivered", || {
            let queue = self.house.cli(&["queue", "list", "--json"]);
            (!queue.contains("\"waiting\"") && !queue.contains("\"sending\"")).then_some(())
        });
    }

    fn all(&self) -> BTreeMap<String, Value> {
        let rows = [
            self.house.conversations("?limit=100"),
            self.house.conversations("?limit=100&deleted=true"),
        ]
        .concat();
        let mut all: BTreeMap<String, Value> = rows
            .iter()
            .map(|row| {
                let id = row["id"].as_str().unwrap();
                (id.to_owned(), self.house.conversation(id))
            })
            .collect();
        all.insert("counts".to_owned(), self.house.api("GET", "/counts", None).1);
        for query in ["river", "%22quarto%22", "from:guest1", "has:attachment"] {
            let found = self.house.conversations(&format!("?limit=100&q={query}"));
            let ids: Vec<_> = found.iter().map(|row| row["id"].clone()).collect();
            all.insert(format!("search for {query}"), ids.into());
        }
        all
    }
}

/// Begins a mail and leaves its end to the caller: who writes slowly is overtaken.
fn begun(house: &House, from: &str, to: &str) -> TcpStream {
    let mut stream = TcpStream::connect(house.smtp).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut reply = || {
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            if line.as_bytes().get(3) != Some(&b'-') {
                return line;
            }
        }
    };
    reply();
    let commands =
        ["EHLO c.example", &format!("MAIL FROM:<{from}>"), &format!("RCPT TO:<{to}>"), "DATA"];
    for command in commands {
        write!(stream, "{command}\r\n").unwrap();
        let said = reply();
        assert!(said.starts_with(['2', '3']), "{said}");
    }
    stream
}

/// A visitor's mail is long on its way; meanwhile the house notes something and closes, deletes, or answers. What the
/// visitor said waits for an answer then, and after a rebuild as well.
#[test]
fn what_was_overtaken_on_its_way_is_threaded_where_it_was() {
    let mut play = Play { house: House::start(), chance: Chance(1), step: 0, mails: Vec::new() };
    for (n, last) in ["close", "delete", "answer", "done"].into_iter().enumerate() {
        let visitor = format!("slow{n}@guest.example");
        let first = format!(
            "From: <{visitor}>\r\nSubject: Slow {n}\r\nMessage-ID: <s{n}@x>\r\n\r\nIs there a pool?\r\n"
        );
        play.house.mail(&visitor, &[HOUSE], first.as_bytes());
        play.threaded();
        let subject = format!("Slow {n}");
        let rows = play.house.conversations("?limit=100");
        let row = rows.iter().find(|row| row["subject"] == subject.as_str()).unwrap();
        let id = row["id"].as_str().unwrap().to_owned();
        let mut slow = begun(&play.house, &visitor, HOUSE);
        let path = |what: &str| format!("/conversations/{id}{what}");
        let note = json!({"text": "Asked the gardener.", "verb": "note"});
        play.ask("POST", &path("/messages"), &note);
        match last {
            "close" => play.ask("POST", &path("/close"), &json!({"closed": true})),
            "delete" => play.ask("DELETE", &path(""), &json!({})),
            "done" => play.ask("POST", &path("/done"), &json!({})),
            _ => play.ask("POST", &path("/messages"), &json!({"text": "Yes.", "translate": "no"})),
        }
        write!(
            slow,
            "From: <{visitor}>\r\nSubject: Re: Slow {n}\r\nMessage-ID: <t{n}@x>\r\nIn-Reply-To: <s{n}@x>\r\n\r\nAnd a sauna?\r\n.\r\nQUIT\r\n"
        )
        .unwrap();
        wait_for("the slow mail", || {
            let messages = play.house.conversation(&id)["messages"].as_array().unwrap().len();
            (messages == 3).then_some(())
        });
    }
    play.delivered();
    let before = play.all();
    assert_eq!(play.house.conversations("?needs_reply=true").len(), 4);
    play.house.stop();
    play.house.lose_store();
    play.house.run();
    let mut found = Vec::new();
    for (id, after) in &play.all() {
        differences(id, before.get(id).unwrap_or(&Value::Null), after, &mut found);
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// "No reply needed" by a mail that was long on its way is not said of what the visitor wrote meanwhile.
#[test]
fn done_by_a_slow_mail_leaves_what_came_since() {
    let house = House::start();
    let mail = |n: usize, text: &str| {
        let raw = format!(
            "From: <g@guest.example>\r\nSubject: Pool\r\nMessage-ID: <p{n}@x>\r\nIn-Reply-To: <p0@x>\r\n\r\n{text}\r\n"
        );
        house.mail("g@guest.example", &[HOUSE], raw.as_bytes());
    };
    mail(0, "Is there a pool?");
    let told = house.mail_out("the notification", |letter| letter.to[0].address.local() == "ana");
    let (token, domain) =
        reply_to(&told).split_once('@').map(|(t, d)| (t.to_owned(), d.to_owned())).unwrap();
    let mut slow = begun(&house, "ana@pousada.example", &format!("{token}+done@{domain}"));
    mail(1, "And a sauna?");
    let row = || house.conversations("")[0].clone();
    wait_for("the second question", || (row()["message_count"] == 2).then_some(()));
    write!(
        slow,
        "From: <ana@pousada.example>\r\nSubject: x\r\nMessage-ID: <d@x>\r\n\r\n.\r\nQUIT\r\n"
    )
    .unwrap();
    let id = row()["id"].as_str().unwrap().to_owned();
    wait_for("done", || {
        let events = house.conversation(&id)["events"].clone();
        events.as_array().unwrap().iter().any(|event| event["kind"] == "done").then_some(())
    });
    assert_eq!(
        (row()["needs_reply"].clone(), row()["unread_count"].clone()),
        (true.into(), 2.into())
    );
}

/// The places where two answers differ, short enough to read.
fn differences(place: &str, one: &Value, two: &Value, found: &mut Vec<String>) {
    match (one, two) {
        (Value::Object(a), Value::Object(b)) => {
            for key in a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))) {
                let null = Value::Null;
                let (left, right) = (a.get(key).unwrap_or(&null), b.get(key).unwrap_or(&null));
                differences(&format!("{place}.{key}"), left, right, found);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (n, (left, right)) in a.iter().zip(b).enumerate() {
                differences(&format!("{place}[{n}]"), left, right, found);
            }
        }
        _ if one == two => {}
        _ => found.push(format!("{place}:\n  was {one}\n  is  {two}")),
    }
}

/// The clock was ahead when a mail came and right when it was threaded behind another: its line seems older than its file.
/// A transaction that failed before has left a line too.
#[test]
fn a_line_that_seems_older_than_its_file_loses_nothing() {
    let house = House::start();
    let mut play = Play { house, chance: Chance(1), step: 0, mails: Vec::new() };
    for (step, from) in ["guest1@guest.example", "guest2@guest.example"].into_iter().enumerate() {
        play.step = step;
        play.mail(from, HOUSE, "Subject: Room\r\n", SAID[0]);
        play.threaded();
    }
    play.delivered();
    let cur = std::fs::read_dir(play.house.path("maildirs/mail/cur")).unwrap();
    let spool_name =
        cur.map(|file| file.unwrap().file_name().into_string().unwrap()).max().unwrap();
    let spool_name = spool_name.split(':').next().unwrap().to_owned();
    let journal = Journal::open(&play.house.path("maildirs/journal.jsonl")).unwrap();
    let line = |hours| {
        let at = clock::now() - jiff::SignedDuration::from_hours(hours);
        Entry { at, event: Event::Overtaken { spool_name: spool_name.clone() } }
    };
    journal.append(&[line(3), line(2)]).unwrap();
    let said = |play: &Play| -> BTreeMap<String, Value> {
        let all = play.all().into_iter();
        all.filter_map(|(id, one)| Some((id, one["messages"].get(0)?["text"].clone()))).collect()
    };
    let before = said(&play);
    assert_eq!(before.len(), 2);
    // Of attempts noted while the clock was ahead it forgets the count.
    made_again(&mut play);
    assert_eq!(said(&play), before);
}

/// Loses the store and makes it again from the mail; says where the new index differs.
fn made_again(play: &mut Play) -> Vec<String> {
    let before = play.all();
    play.house.stop();
    play.house.lose_store();
    play.house.run();
    let after = play.all();
    let mut found = Vec::new();
    for (id, was) in &before {
        differences(id, was, after.get(id).unwrap_or(&Value::Null), &mut found);
    }
    if before.len() != after.len() {
        found.push(format!("{} were there, now {}", before.len(), after.len()));
    }
    found
}

/// A guest wrote through the relay and was answered; then the house connects the API, which brings what was said months
/// before, and an old mailbox is imported that holds the beginning of another conversation.
#[test]
fn what_is_older_and_comes_later_moves_nothing() {
    let fake = FakeBooking::start(0);
    let house = House::start_with(&[
        ("RELAIS_CHANNELS__POLL_MS", "50"),
        ("RELAIS_TRANSLATION__ENGINES", "[]"),
    ]);
    let mut play = Play { house, chance: Chance(1), step: 0, mails: Vec::new() };
    let alias = format!("{}-AB1C.DE2F@guest.booking.com", fake_booking::reservation("thread-7"));
    let relayed = |play: &Play, id: &str, text: &str| {
        let mail = format!(
            "From: \"Anna Example via Booking.com\" <{alias}>\r\nTo: {HOUSE}\r\nSubject: x\r\nMessage-ID: <{id}@booking.com>\r\n\r\n\
             ##- reply above -##\r\n\r\nAnna Example wrote:\r\n\r\n{text}\r\n\r\nReply [https://admin.booking.com/x]\r\n"
        );
        play.house.mail(&alias, &[HOUSE], mail.as_bytes());
        play.threaded();
    };
    relayed(&play, "one", "May we come at noon?");
    let booked = || play.house.conversations("?channel=booking").pop();
    let id = booked().unwrap()["id"].as_str().unwrap().to_owned();
    play.ask("POST", &format!("/conversations/{id}/messages"), &json!({"text": "Yes, at noon."}));
    play.threaded();
    play.delivered();
    relayed(&play, "two", "And is there a cot?");
    play.ask("POST", &format!("/conversations/{id}/done"), &Value::Null);
    let reply = "From: Guest <guest9@guest.example>\r\nTo: pousada@relais.localhost\r\nSubject: Re: Groups\r\n\
        Message-ID: <second@guest.example>\r\nReferences: <first@guest.example>\r\n\r\nWe would be twelve.\r\n";
    play.house.mail("guest9@guest.example", &[HOUSE], reply.as_bytes());
    play.threaded();

    for (month, from_guest, text) in [(1, true, "Have you a room?"), (2, false, "We have.")] {
        fake.state().say("thread-7", from_guest, text, false);
        fake.state().amend(|said| said.at = format!("2026-0{month}-01T10:00:00.000Z"));
    }
    let url = fake.url();
    let connection = ["connection", "add", HOUSE, "--client-id", "machine-1", "--client-secret"];
    let where_to = ["--property", "1383087", "--url", &url, "--token-url", &url];
    play.house.cli(&[&connection[..], &["s3cr3t"], &where_to[..]].concat());
    wait_for("the import", || booked().filter(|row| row["message_count"] == 5));
    let mailbox = "From guest9@guest.example Mon Nov  2 09:00:00 2020\nFrom: Guest <guest9@guest.example>\n\
        To: pousada@relais.localhost\nSubject: Groups\nMessage-ID: <first@guest.example>\n\
        Date: Mon, 02 Nov 2020 09:00:00 +0000\n\nDo you take groups?\n";
    std::fs::write(play.house.path("old.mbox"), mailbox).unwrap();
    play.house.cli(&["connection", "pause", "machine-1"]);
    let import = |play: &mut Play| {
        play.house.stop();
        play.house.cli(&["import", "old.mbox", "--account", HOUSE, "--archive"]);
        play.house.run();
        let rows = play.house.conversations("");
        let counts: Vec<_> = rows.iter().map(|c| c["message_count"].clone()).collect();
        assert_eq!(counts, [2, 5]);
    };
    import(&mut play);
    import(&mut play);
    let found = made_again(&mut play);
    assert!(found.is_empty(), "{}", found.join("\n"));
    import(&mut play);
}

#[test]
fn whatever_happened_an_index_made_again_says_the_same() {
    let seeds: Vec<u64> = match std::env::var("SEED") {
        Ok(seed) => vec![seed.parse().unwrap()],
        Err(_) => vec![3, 4, 6],
    };
    for seed in seeds {
        let house = House::start();
        let mut play = Play { house, chance: Chance(seed), step: 0, mails: Vec::new() };
        for _ in 0..120 {
            play.act();
            // What is received and not threaded while somebody decides is another test (tests/crash.rs).
            play.threaded();
        }
        play.delivered();
        let found = made_again(&mut play);
        assert!(found.is_empty(), "seed {seed}:\n{}", found.join("\n"));
    }
}
