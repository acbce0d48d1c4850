//! The DATA reader against the plain meaning of RFC 5321, 4.5.2. `cargo +nightly fuzz run data`

#![no_main]

use libfuzzer_sys::fuzz_target;
use smtp_server::DataReader;

/// The message and how many bytes it took, if it ended.
fn plainly(wire: &[u8]) -> Option<(Vec<u8>, usize)> {
    let mut message = Vec::new();
    for at in 0..wire.len() {
        let line_start = at == 0 || wire[..at].ends_with(b"\r\n");
        if line_start && wire[at..].starts_with(b".\r\n") {
            return Some((message, at + 3));
        }
        if !(line_start && wire[at] == b'.') {
            message.push(wire[at]);
        }
    }
    None
}

fuzz_target!(|input: &[u8]| {
    let Some((&first, wire)) = input.split_first() else { return };
    let mut reader = DataReader::default();
    let (mut message, mut buf, mut consumed) = (Vec::new(), Vec::new(), 0);
    let mut ended = None;
    for piece in wire.chunks(usize::from(first) + 1) {
        buf.extend_from_slice(piece);
        let progress = reader.read(&mut buf);
        message.extend_from_slice(&buf[..progress.text]);
        buf.drain(..progress.consumed);
        consumed += progress.consumed;
        if progress.ended {
            ended = Some((message, consumed));
            break;
        }
        assert!(buf.len() <= 2);
    }
    assert_eq!(ended, plainly(wire));
});
