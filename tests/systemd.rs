//! The units are ones systemd accepts.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{fs, path::Path, process::Command};

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
