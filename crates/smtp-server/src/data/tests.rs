//! The reader against cases with their reason, and against a slow plain reading of random wires.

use super::*;

/// Feeds `wire` in the given pieces as a connection would: what was not consumed comes again.
fn read(wire: &[u8], pieces: impl Iterator<Item = usize>) -> (Vec<u8>, Option<Vec<u8>>) {
    let (mut reader, mut message, mut buf) = (DataReader::default(), Vec::new(), Vec::new());
    let mut fed = 0;
    for piece in pieces {
        let end = wire.len().min(fed + piece);
        buf.extend_from_slice(&wire[fed..end]);
        fed = end;
        let progress = reader.read(&mut buf);
        message.extend_from_slice(&buf[..progress.text]);
        assert!(progress.text <= progress.consumed);
        buf.drain(..progress.consumed);
        if progress.ended {
            buf.extend_from_slice(&wire[fed..]);
            return (message, Some(buf));
        }
        assert!(buf.len() <= 2, "{} bytes kept back", buf.len());
        if fed == wire.len() {
            break;
        }
    }
    (message, None)
}

/// What RFC 5321, 4.5.2 says, a byte at a time with the whole wire at hand.
fn read_plainly(wire: &[u8]) -> (Vec<u8>, Option<Vec<u8>>) {
    let mut message = Vec::new();
    let mut at = 0;
    while at < wire.len() {
        let line_start = at == 0 || wire[..at].ends_with(b"\r\n");
        if line_start && wire[at..].starts_with(b".\r\n") {
            return (message, Some(wire[at + 3..].to_vec()));
        }
        if line_start && (wire[at..] == *b"." || wire[at..] == *b".\r") {
            break;
        }
        if !(line_start && wire[at] == b'.') {
            message.push(wire[at]);
        }
        at += 1;
    }
    (message, None)
}

#[test]
fn cases() {
    // wire, message, what is left for commands (None: the message goes on), why
    type Case = (&'static [u8], &'static [u8], Option<&'static [u8]>, &'static str);
    let table: [Case; 20] = [
        (b".\r\n", b"", Some(b""), "an empty message"),
        (b"\r\n.\r\n", b"\r\n", Some(b""), "one empty line"),
        (b"a\r\n.\r\n", b"a\r\n", Some(b""), "one line"),
        (b"a\r\n.\r\nQUIT\r\n", b"a\r\n", Some(b"QUIT\r\n"), "pipelined command"),
        (b"..a\r\n.\r\n", b".a\r\n", Some(b""), "the first line is stuffed"),
        (b"a\r\n..\r\n.\r\n", b"a\r\n.\r\n", Some(b""), "a line of one dot"),
        (b"a\r\n.b\r\n.\r\n", b"a\r\nb\r\n", Some(b""), "a dot not doubled is taken out as well"),
        (b"...\r\n.\r\n", b"..\r\n", Some(b""), "only one dot is taken out"),
        (b"a.b\r\n.\r\n", b"a.b\r\n", Some(b""), "a dot inside a line stays"),
        (b"a\n.\nb", b"a\n.\nb", None, "LF.LF"),
        (b"a\n.\r\nb", b"a\n.\r\nb", None, "LF.CRLF"),
        (b"a\r.\rb", b"a\r.\rb", None, "CR.CR"),
        (b"a\r.\r\nb", b"a\r.\r\nb", None, "CR.CRLF"),
        (b"a\r\n.\nb", b"a\r\n\nb", None, "CRLF.LF: a stuffed line, no end"),
        (b"a\r\n.\rb", b"a\r\n\rb", None, "CRLF.CR"),
        (b"a\r\n.\r\r\nb", b"a\r\n\r\r\nb", None, "CRLF.CRCRLF"),
        (b"a\r\r\n.\r\n", b"a\r\r\n", Some(b""), "CRCRLF is a CR and a line end"),
        (b"a\r\n.\0\r\nb", b"a\r\n\0\r\nb", None, "CRLF.NUL CRLF"),
        (b"a\r\n. \r\nb", b"a\r\n \r\nb", None, "a space behind the dot"),
        (b"\n.\r\nb", b"\n.\r\nb", None, "a bare LF first: no line begins behind it"),
    ];
    for (wire, message, rest, why) in table {
        let expected = (message.to_vec(), rest.map(<[u8]>::to_vec));
        assert_eq!(read(wire, std::iter::repeat(wire.len().max(1))), expected, "{why}");
        assert_eq!(read_plainly(wire), expected, "{why}, plainly");
    }
}

/// A small generator with a fixed seed: the same wires on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

#[test]
fn split_at_every_byte() {
    let mut dice = Dice(0x5eed);
    for _ in 0..20_000 {
        // Few letters, so that every near miss of the end comes up often.
        let wire: Vec<u8> = (0..dice.below(24)).map(|_| b"\r\n.\r\n.a"[dice.below(7)]).collect();
        let expected = read_plainly(&wire);
        for first in 0..=wire.len() {
            let pieces = [first, wire.len() - first].into_iter();
            assert_eq!(read(&wire, pieces), expected, "{wire:?} split at {first}");
        }
        assert_eq!(read(&wire, std::iter::repeat(1)), expected, "{wire:?} byte by byte");
    }
}

#[test]
fn stuffing_undone() {
    let mut dice = Dice(0xd07);
    for _ in 0..2_000 {
        let lines: Vec<Vec<u8>> = (0..dice.below(9))
            .map(|_| (0..dice.below(6)).map(|_| b".ab\r\n "[dice.below(6)]).collect())
            .collect();
        let mut message = Vec::new();
        for line in lines {
            message.extend(line);
            message.extend(b"\r\n");
        }
        let mut wire = Vec::new();
        for (at, &byte) in message.iter().enumerate() {
            if byte == b'.' && (at == 0 || message[..at].ends_with(b"\r\n")) {
                wire.push(b'.');
            }
            wire.push(byte);
        }
        wire.extend(b".\r\nNOOP\r\n");
        let mut sizes = Dice(dice.below(1 << 30) as u64 + 1);
        let pieces = std::iter::from_fn(move || Some(1 + sizes.below(9)));
        assert_eq!(read(&wire, pieces), (message, Some(b"NOOP\r\n".to_vec())));
    }
}
