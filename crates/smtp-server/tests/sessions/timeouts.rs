//! The timeouts of RFC 5321, 4.5.3.2, in paused time.

use crate::stage::{House, Porter};
use smtp_server::{Config, Peer, serve};
use std::{future, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, duplex},
    time::Instant,
};

const TO_DATA: &str =
    "EHLO a\r\nMAIL FROM:<s@a.example>\r\nRCPT TO:<x@gw.example>\r\nDATA\r\nSubject: x\r\n";

/// Says `first`, then `again` every `pause`; gives the last reply, when it came, and how many
/// mails were forgotten.
async fn wait(first: &str, again: &str, pause: Duration) -> (String, Duration, usize) {
    let house = Arc::new(House::default());
    let porter = Arc::new(Porter(Arc::clone(&house)));
    let peer = Peer::new("192.0.2.1:25".parse().expect("an address"));
    let config = Arc::new(Config::new("gw.example"));
    let (client, server) = duplex(1 << 20);
    let (mut hear, mut say) = tokio::io::split(client);
    let began = Instant::now();
    say.write_all(first.as_bytes()).await.expect("room");
    let saying = tokio::spawn({
        let again = again.to_owned();
        async move {
            loop {
                tokio::time::sleep(pause).await;
                if say.write_all(again.as_bytes()).await.is_err() {
                    future::pending::<()>().await;
                }
            }
        }
    });
    let mut replies = String::new();
    let hearing = async {
        hear.read_to_string(&mut replies).await.expect("replies are text");
        began.elapsed()
    };
    let ((), after) = tokio::join!(serve(server, peer, config, porter, future::pending()), hearing);
    saying.abort();
    let last = replies.lines().last().unwrap_or_default().to_owned();
    let forgotten = *house.forgotten.lock().expect("no panic");
    (last, after, forgotten)
}

#[tokio::test(start_paused = true)]
async fn silence() {
    let minutes = |n: u64| Duration::from_secs(60 * n);
    let never = minutes(100_000);
    // said, said again, how often, told after, mails forgotten, why
    let table = [
        ("", "", never, minutes(5), 0, "nothing at all"),
        ("EHLO a\r\n", "", never, minutes(5), 0, "after a greeting"),
        ("EHLO a\r\nMAIL FROM:<s@a.example>\r\n", "", never, minutes(5), 0, "within a mail"),
        (TO_DATA, "", never, minutes(3), 1, "within the data"),
        (TO_DATA, "x", minutes(2), minutes(60), 1, "a byte at a time"),
    ];
    for (first, again, pause, expected, forgotten, why) in table {
        let (last, after, dropped) = wait(first, again, pause).await;
        assert!(last.starts_with("421 4.4.2 "), "{why}: {last}");
        assert_eq!((after.as_secs(), dropped), (expected.as_secs(), forgotten), "{why}");
    }
}
