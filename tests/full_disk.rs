//! DESIGN promises 1 and 3 on a disk that is full: what was acknowledged before and while it is full is threaded and
//! notified once when there is room again; what cannot be kept is refused with 452 4.3.1, and the client tries again.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::{collections::HashMap, path::Path, process::Command};

use support::{House, http, smtp, wait_for};

/// A small file system over a folder.
struct SmallDisk<'a>(&'a Path);

impl<'a> SmallDisk<'a> {
    /// `None` where mounting is not allowed.
    fn mount(folder: &'a Path, size: &str) -> Option<Self> {
        let options = format!("size={size}");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(folder);
        mount.status().is_ok_and(|status| status.success()).then_some(SmallDisk(folder))
    }

    fn grow(&self, size: &str) {
        let options = format!("remount,size={size}");
        let grown = Command::new("mount").args(["-o", &options]).arg(self.0).status().unwrap();
        assert!(grown.success());
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.0).status();
    }
}

fn letter(number: usize, bytes: usize) -> Vec<u8> {
    let filling = format!("{number} and more words to fill the disk with\r\n");
    format!(
        "From: Guest {number} <g{number}@guest.example>\r\nSubject: Number {number}\r\nMessage-ID: <n{number}@guest.example>\r\n\r\nIs room {number} free?\r\n\r\n{}",
        filling.repeat(bytes / filling.len())
    )
    .into_bytes()
}

/// The reply to the whole mail, or to the command that ended the attempt.
fn send(house: &House, number: usize, bytes: usize) -> String {
    let from = format!("g{number}@guest.example");
    let replies = smtp(house.smtp, &from, &["pousada@relais.localhost"], &letter(number, bytes));
    replies.last().cloned().unwrap_or_default()
}

fn subjects(house: &House) -> HashMap<String, usize> {
    let mut found = HashMap::new();
    for row in house.conversations("?limit=100") {
        *found.entry(row["subject"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    found
}

#[test]
fn a_full_disk_loses_nothing_that_was_acknowledged() {
    let mut house = House::prepare(&[]);
    house.demo = true;
    let place = house.dir.path().to_owned();
    let Some(disk) = SmallDisk::mount(&place, "12m") else {
        println!("not tried: mounting a small file system is not allowed here");
        return;
    };
    house.run();
    let mut acknowledged = Vec::new();
    let mut refused = 0;
    // Large ones until one is refused, then small ones, which find room where large ones do not.
    for number in 0..60 {
        let bytes = if refused == 0 { 400_000 } else { 2_000 * (1 + number % 5) };
        let reply = send(&house, number, bytes);
        match reply.get(..3) {
            Some("250") => acknowledged.push(number),
            _ => {
                assert!(reply.starts_with("452 4.3.1"), "{number}: {reply}");
                refused += 1;
            }
        }
    }
    assert!(refused > 0 && !acknowledged.is_empty(), "{refused} refused, {acknowledged:?} taken");
    // A form is answered, and not as if its request were kept.
    let file = "words and words\r\n".repeat(30_000);
    let form = format!(
        "--b\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\nf@guest.example\r\n--b\r\n\
         Content-Disposition: form-data; name=\"message\"\r\n\r\nA room?\r\n--b\r\nContent-Disposition: form-data; \
         name=\"file\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\n{file}\r\n--b--\r\n"
    );
    let kind =
        [("Content-Type", "multipart/form-data; boundary=b"), ("Accept", "application/json")];
    let (status, _, body) = http(house.http, "POST", "/f/demo", &kind, form.as_bytes());
    assert!(status >= 500, "{status} {}", String::from_utf8_lossy(&body));
    let (status, _, body) = http(house.http, "GET", "/healthz", &[], b"");
    assert_eq!(status, 503, "{}", String::from_utf8_lossy(&body));
    disk.grow("400m");
    assert_eq!(http(house.http, "GET", "/healthz", &[], b"").0, 200);
    let reply = send(&house, 1000, 2_000);
    assert!(reply.starts_with("250"), "{reply}");
    acknowledged.push(1000);
    let threaded = wait_for("everything acknowledged to be threaded", || {
        let threaded = subjects(&house);
        let all = acknowledged.iter().all(|n| threaded.contains_key(&format!("Number {n}")));
        all.then_some(threaded)
    });
    assert_eq!(threaded.len(), acknowledged.len(), "{threaded:?}");
    assert!(threaded.values().all(|count| *count == 1), "{threaded:?}");
    // What could not leave while the disk was full is tried again later; the administrator need not wait.
    let notified = wait_for("every notification to leave", || {
        house.cli(&["queue", "retry"]);
        let mut notified: HashMap<String, usize> = HashMap::new();
        for letter in house.outgoing() {
            *notified.entry(letter.subject).or_default() += 1;
        }
        (notified.len() >= acknowledged.len()).then_some(notified)
    });
    assert!(notified.values().all(|count| *count == 1), "{notified:?}");
    drop(house);
    drop(disk);
}
