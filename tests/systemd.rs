//! The units are ones systemd accepts, and what they rest on works: sockets passed in, a start and a stop that are said.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::{
    fs,
    io::Read,
    net::{SocketAddr, TcpStream},
    os::unix::net::UnixDatagram,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use support::{free_port, http, smtp, wait_for};

#[test]
fn systemd_accepts_the_units() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["relais.service", "relais.socket"] {
        let unit = Path::new(env!("CARGO_MANIFEST_DIR")).join("systemd").join(name);
        // Where it is installed there is no binary on the machine of a test.
        let text = fs::read_to_string(unit).unwrap();
        let here = text.replace("/usr/local/bin/relais", env!("CARGO_BIN_EXE_relais"));
        fs::write(dir.path().join(name), here).unwrap();
    }
    let output = Command::new("systemd-analyze")
        .args(["verify", "--man=no"])
        .args([dir.path().join("relais.service"), dir.path().join("relais.socket")])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let ours: Vec<&str> = said.lines().filter(|line| line.contains("relais")).collect();
    assert!(output.status.success() && ours.is_empty(), "{said}");
}

/// What systemd does for `relais.socket` and `Type=notify`, without a systemd.
#[test]
fn sockets_are_taken_over_and_start_and_stop_are_said() {
    let dir = tempfile::tempdir().unwrap();
    let told = UnixDatagram::bind(dir.path().join("notify")).unwrap();
    told.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let [mail, pages] =
        [free_port(), free_port()].map(|port| SocketAddr::from(([127, 0, 0, 1], port)));
    let notify = format!("NOTIFY_SOCKET={}", dir.path().join("notify").display());
    let mut child = Command::new("systemd-socket-activate")
        .args(["-l", &mail.to_string(), "-l", &pages.to_string(), "-E", &notify])
        .args([env!("CARGO_BIN_EXE_relais"), "serve", "--demo"])
        .current_dir(dir.path())
        .stdout(Stdio::null())
        .stderr(fs::File::create(dir.path().join("log")).unwrap())
        .spawn()
        .unwrap();
    let said = || {
        let mut text = [0; 512];
        let length = told.recv(&mut text).unwrap_or_default();
        String::from_utf8_lossy(&text[..length]).into_owned()
    };
    // The first connection starts it, and waits for it.
    let mut first = wait_for("the socket", || TcpStream::connect(mail).ok());
    first.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let mut greeting = [0; 4];
    let log = || fs::read_to_string(dir.path().join("log")).unwrap_or_default();
    first.read_exact(&mut greeting).unwrap_or_else(|error| panic!("{error}: {}", log()));
    assert_eq!(&greeting, b"220 ");
    assert_eq!(said().trim(), "READY=1", "{}", log());
    assert_eq!(http(pages, "GET", "/healthz", &[], b"").0, 200);
    let letter = b"From: Zoe <zoe@guest.example>\r\nSubject: Hello\r\n\r\nA room?\r\n";
    let replies = smtp(mail, "zoe@guest.example", &["pousada@relais.localhost"], letter);
    assert!(replies.last().unwrap().starts_with("250"), "{replies:?}");
    drop(first);
    Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert_eq!(said().trim(), "STOPPING=1");
    assert!(child.wait().unwrap().success(), "{}", log());
}
