//! Replies go out once for each batch of commands: a reply in crumbs costs a packet each, and some
//! clients take the first crumb for the whole.

use crate::stage::{House, Porter};
use smtp_server::{Config, Peer, serve};
use std::{
    future, io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};
use tokio::io::{
    AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf, duplex,
};

/// Counts the writes that come through.
struct Counted(DuplexStream, Arc<AtomicUsize>);

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl AsyncWrite for Counted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.1.fetch_add(1, Ordering::SeqCst);
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

#[tokio::test]
async fn one_write_a_batch() {
    let (mut client, server) = duplex(1 << 20);
    let writes = Arc::new(AtomicUsize::new(0));
    let stream = Counted(server, Arc::clone(&writes));
    let peer = Peer::new("192.0.2.1:25".parse().expect("an address"));
    let porter = Arc::new(Porter(Arc::new(House::default())));
    let config = Arc::new(Config::new("gw.example"));
    tokio::spawn(serve(stream, peer, config, porter, future::pending()));
    let to_data = "MAIL FROM:<s@a.example>\r\nRCPT TO:<x@gw.example>\r\nDATA\r\n";
    // said at once, the end of all that is answered
    let table = [
        ("", "220 gw.example ESMTP\r\n"),
        ("EHLO a.example\r\n", "250 DSN\r\n"),
        (to_data, "<CRLF>.<CRLF>\r\n"),
        ("text\r\n.\r\nNOOP\r\nQUIT\r\n", "Goodbye\r\n"),
    ];
    for (batch, (said, answered)) in table.into_iter().enumerate() {
        client.write_all(said.as_bytes()).await.expect("room");
        let mut heard = Vec::new();
        while !heard.ends_with(answered.as_bytes()) {
            let more = client.read_buf(&mut heard).await.expect("replies");
            assert!(more > 0, "heard only {:?}", String::from_utf8_lossy(&heard));
        }
        assert_eq!(writes.load(Ordering::SeqCst), batch + 1, "{said:?}");
    }
}
