//! A real authoritative DNS server (nsd) on loopback with the zones of a test.

use std::{fs, path::PathBuf, process::Command};

use super::free_port;

/// An authoritative nsd with these zones.
pub struct Dns {
    dir: tempfile::TempDir,
    pub port: u16,
}

fn script() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/support/nsd.sh")
}

impl Dns {
    pub fn start(zones: &[(&str, String)]) -> Self {
        Self::start_on(free_port(), zones)
    }

    pub fn start_on(port: u16, zones: &[(&str, String)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("zones")).unwrap();
        // The zone above answers too: DMARC walks up the tree.
        let top = [("example", String::new())];
        for (name, records) in zones.iter().chain(&top) {
            let zone = format!(
                "$ORIGIN {name}.\n$TTL 60\n@ SOA ns.{name}. admin.{name}. 1 60 60 60 60\n@ NS ns.{name}.\nns A 127.0.0.1\n{records}\n"
            );
            fs::write(dir.path().join("zones").join(name), zone).unwrap();
        }
        let started = Command::new(script())
            .args(["start", &dir.path().display().to_string(), &port.to_string()])
            .status()
            .unwrap();
        assert!(started.success(), "nsd starts; is it installed? tests/support/install.sh test");
        Dns { dir, port }
    }
}

impl Drop for Dns {
    fn drop(&mut self) {
        let _ =
            Command::new(script()).args(["stop", &self.dir.path().display().to_string()]).status();
    }
}
