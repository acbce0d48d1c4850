//! The PROXY protocol, version 2: a load balancer says whom it speaks for, in a binary header
//! before anything else.

use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
};
use tokio::io::{AsyncRead, AsyncReadExt};

const SIGNATURE: &[u8; 12] = b"\r\n\r\n\0\r\nQUIT\n";
/// Addresses and extras; real headers have less than a hundred bytes.
const MAX_BODY_BYTES: usize = 2048;

/// Reads the header, and not a byte more: what follows may be a TLS handshake. `None` means that
/// the proxy speaks for itself (a health check), or for a client without an IP address.
pub(crate) async fn read_header(
    stream: &mut (impl AsyncRead + Unpin),
) -> io::Result<Option<SocketAddr>> {
    let mut head = [0; 16];
    stream.read_exact(&mut head).await?;
    let body_bytes = usize::from(u16::from_be_bytes([head[14], head[15]]));
    if head[..12] != *SIGNATURE || head[12] >> 4 != 2 || body_bytes > MAX_BODY_BYTES {
        return Err(invalid("no PROXY v2 header"));
    }
    let mut body = vec![0; body_bytes];
    stream.read_exact(&mut body).await?;
    match head[12] & 0xf {
        0 => Ok(None),
        1 => source(head[13], &body),
        _ => Err(invalid("unknown PROXY command")),
    }
}

/// `family` is address family (high) and transport (low).
fn source(family: u8, body: &[u8]) -> io::Result<Option<SocketAddr>> {
    match family {
        0x11 => {
            let (ip, rest) = body.split_first_chunk::<4>().ok_or_else(cut)?;
            let port = port(rest, 4)?;
            Ok(Some(SocketAddr::new(Ipv4Addr::from(*ip).into(), port)))
        }
        0x21 => {
            let (ip, rest) = body.split_first_chunk::<16>().ok_or_else(cut)?;
            let port = port(rest, 16)?;
            Ok(Some(SocketAddr::new(Ipv6Addr::from(*ip).to_canonical(), port)))
        }
        // The standard wants other families taken as unknown, not refused.
        _ => Ok(None),
    }
}

/// The source port stands behind the destination address.
fn port(rest: &[u8], skip: usize) -> io::Result<u16> {
    match rest.get(skip..skip + 2) {
        Some(&[high, low]) => Ok(u16::from_be_bytes([high, low])),
        _ => Err(cut()),
    }
}

fn cut() -> io::Error {
    invalid("PROXY addresses cut short")
}

fn invalid(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(command: u8, family: u8, body: &[u8]) -> Vec<u8> {
        let mut wire = SIGNATURE.to_vec();
        wire.extend([command, family]);
        wire.extend((body.len() as u16).to_be_bytes());
        wire.extend(body);
        wire
    }

    #[tokio::test]
    async fn headers() {
        let v4 = [192, 0, 2, 7, 10, 0, 0, 1, 0xc0, 0, 0, 25];
        let mut v6 = [0; 36];
        (v6[0], v6[1], v6[15], v6[33]) = (0x20, 1, 9, 99);
        let mut mapped = [0; 36];
        mapped[10..16].copy_from_slice(&[0xff, 0xff, 192, 0, 2, 7]);
        let extra = [&v4[..], &[4, 0, 1, 0]].concat();
        let table = [
            (header(0x21, 0x11, &v4), Some("192.0.2.7:49152")),
            (header(0x21, 0x21, &v6), Some("[2001::9]:99")),
            (header(0x21, 0x21, &mapped), Some("192.0.2.7:0")),
            (header(0x21, 0x11, &extra), Some("192.0.2.7:49152")),
            (header(0x20, 0x00, &[]), None),
            (header(0x21, 0x31, &[0; 216]), None),
        ];
        for (wire, expected) in table {
            let wire = [&wire[..], b"EHLO"].concat();
            let mut rest = &wire[..];
            let source = read_header(&mut rest).await.expect("a good header");
            assert_eq!(source.map(|addr| addr.to_string()).as_deref(), expected);
            assert_eq!(rest, b"EHLO", "not a byte more");
        }
        let bad = [
            header(0x11, 0x11, &v4),
            header(0x22, 0x11, &v4),
            header(0x21, 0x11, &v4[..9]),
            header(0x21, 0x11, &[0; 3000]),
            b"EHLO a.example\r\nMAIL".to_vec(),
        ];
        for wire in bad {
            assert!(read_header(&mut &wire[..]).await.is_err(), "{wire:?}");
        }
    }
}
