//! A real Postfix on loopback: it relays to Relais and delivers into Maildirs.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use relais::ground::letter::Letter;

use super::wait_for;

/// A Postfix of its own with its mailboxes.
pub struct Postfix {
    dir: tempfile::TempDir,
    pub port: u16,
}

impl Postfix {
    /// Starts one that relays to Relais, with these lines more in its `main.cf`.
    pub fn start(port: u16, relais: u16, more: &str) -> Self {
        let dir = tempfile::Builder::new()
            .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755))
            .tempdir()
            .unwrap();
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/support/postfix.sh");
        let path = dir.path().display().to_string();
        let status = Command::new(script)
            .args(["start", &path, &port.to_string(), &relais.to_string(), more])
            .stdin(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success(), "Postfix starts; is it installed? tests/support/install.sh test");
        Postfix { dir, port }
    }

    pub fn mailbox(&self, domain: &str, user: &str) -> Vec<Letter> {
        let folder = self.dir.path().join("mail").join(domain).join(user).join("new");
        let entries =
            fs::read_dir(folder).map(|e| e.flatten().collect::<Vec<_>>()).unwrap_or_default();
        let mut files: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
        files.sort();
        files.iter().map(|path| Letter::read(&fs::read(path).unwrap())).collect()
    }

    /// Waits until its queue is empty.
    pub fn wait_until_idle(&self) {
        let queued = || {
            ["incoming", "active", "deferred", "maildrop"].iter().any(|queue| {
                let folder = self.dir.path().join("queue").join(queue);
                let listed =
                    Command::new("find").arg(folder).args(["-type", "f"]).output().unwrap();
                !listed.stdout.is_empty()
            })
        };
        wait_for("Postfix's queue to be empty", || (!queued()).then_some(()));
    }

    #[track_caller]
    pub fn arrives(
        &self,
        domain: &str,
        user: &str,
        what: &str,
        is: impl Fn(&Letter) -> bool,
    ) -> Letter {
        wait_for(what, || self.mailbox(domain, user).into_iter().find(|letter| is(letter)))
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/support/postfix.sh");
        let _ =
            Command::new(script).args(["stop", &self.dir.path().display().to_string()]).status();
    }
}
