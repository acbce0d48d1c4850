//! A session must not depend on how its bytes were cut into packets. Random sessions (commands,
//! messages with all kinds of near ends, chunks) are played whole, byte by byte and in random
//! pieces: replies and kept mails must be the same.

use crate::stage::{House, Porter};
use smtp_server::{Config, Peer, serve};
use std::{future, sync::Arc};
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

/// A small generator with a fixed seed: the same sessions on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn junk(&mut self, length: usize) -> Vec<u8> {
        (0..self.below(length)).map(|_| self.pick(b"\r\n.\r\n.a\xe9")).collect()
    }
}

const COMMANDS: [&str; 22] = [
    "EHLO a.example\r\n",
    "HELO a.example\r\n",
    "MAIL FROM:<s@a.example>\r\n",
    "MAIL FROM:<s@a.example> SIZE=99999\r\n",
    "MAIL FROM:<> BODY=8BITMIME\r\n",
    "RCPT TO:<x@gw.example>\r\n",
    "RCPT TO:<unknown@gw.example>\r\n",
    "RCPT TO:<trouble@gw.example>\r\n",
    "RCPT TO:<full@gw.example>\r\n",
    "RSET\r\n",
    "NOOP\r\n",
    "NOOP\n",
    "NO\rOP\r\n",
    "\r\n",
    "NOOP 0123456789012345678901234567890123456789\r\n",
    "STARTTLS\r\n",
    "HELP\r\n",
    "BDAT 0\r\n",
    "BDAT 0 LAST\r\n",
    "DATA\r\n.\r\n",
    "VRFY x\r\n",
    "QUIT\r\n",
];

fn session(dice: &mut Dice) -> Vec<u8> {
    let mut wire = b"EHLO a.example\r\n".to_vec();
    for _ in 0..dice.below(12) {
        if dice.below(2) == 0 {
            wire.extend_from_slice(dice.pick(&COMMANDS).as_bytes());
            continue;
        }
        wire.extend_from_slice(b"MAIL FROM:<s@a.example>\r\nRCPT TO:<x@gw.example>\r\n");
        if dice.below(2) == 0 {
            wire.extend_from_slice(b"DATA\r\n");
            wire.extend(dice.junk(60));
            wire.extend_from_slice(b"\r\n.\r\n");
        } else {
            let chunk = dice.junk(60);
            let last = dice.pick(&["", " LAST"]);
            wire.extend_from_slice(format!("BDAT {}{last}\r\n", chunk.len()).as_bytes());
            wire.extend(chunk);
        }
    }
    wire
}

/// Replies, and each mail with its description.
type Outcome = (String, Vec<(String, Vec<u8>)>);

async fn play(wire: &[u8], mut piece: impl FnMut() -> usize) -> Outcome {
    let mut config = Config::new("gw.example");
    config.limits.message_bytes = 50;
    config.limits.command_bytes = 40;
    let house = Arc::new(House::default());
    let porter = Arc::new(Porter(Arc::clone(&house)));
    let peer = Peer::new("192.0.2.1:25".parse().expect("an address"));
    let (client, server) = duplex(1 << 20);
    let (mut hear, mut say) = tokio::io::split(client);
    let serving = serve(server, peer, Arc::new(config), porter, future::pending());
    let saying = async {
        let mut rest = wire;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(piece().min(rest.len()));
            rest = later;
            if say.write_all(now).await.is_err() {
                break;
            }
            // Let the server read this piece before the next one comes.
            for _ in 0..3 {
                tokio::task::yield_now().await;
            }
        }
        _ = say.shutdown().await;
    };
    let hearing = async {
        let mut replies = String::new();
        hear.read_to_string(&mut replies).await.expect("replies are text");
        replies
    };
    let ((), (), replies) = tokio::join!(serving, saying, hearing);
    let kept = house.kept.lock().expect("no panic");
    (replies, kept.iter().map(|mail| (mail.about.clone(), mail.text.clone())).collect())
}

#[tokio::test(start_paused = true)]
async fn pieces_make_no_difference() {
    let mut dice = Dice(0x5e55);
    let mut mails = 0;
    for _ in 0..600 {
        let wire = session(&mut dice);
        let whole = play(&wire, || usize::MAX).await;
        mails += whole.1.len();
        let shown = String::from_utf8_lossy(&wire).into_owned();
        assert_eq!(play(&wire, || 1).await, whole, "byte by byte: {shown:?}");
        for _ in 0..3 {
            let pieces = play(&wire, || 1 + dice.below(9)).await;
            assert_eq!(pieces, whole, "in pieces: {shown:?}");
        }
    }
    assert!(mails > 200, "only {mails} mails: the sessions are too dull");
}
