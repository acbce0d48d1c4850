//! `make score`: the SPF suite, DKIM and ARC cases of ../shared/corpora/auth through the very calls intake makes, with
//! DNS over UDP from a server that holds the records of each case.

mod dns;

use std::{env, fs, io, path::Path};

use relais::{
    doors::authenticate::Authenticator,
    ground::authentication::{AuthenticationResults, Verdict},
};

struct Score {
    name: &'static str,
    total: usize,
    wrong: Vec<String>,
}

fn main() -> io::Result<()> {
    let root = env::var("RELAIS_CORPORA").unwrap_or_else(|_| "../shared/corpora".to_owned());
    let root = Path::new(&root).join("auth");
    if !root.exists() {
        println!("{}: not there, nothing to score", root.display());
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let scores = runtime.block_on(async {
        Ok::<_, io::Error>([
            spf(&root.join("mail-auth-spf")).await?,
            signed("DKIM", &root.join("mail-auth-dkim"), |r| {
                r.dkim.iter().all(|one| one.verdict == Verdict::Pass) && !r.dkim.is_empty()
            })
            .await?,
            signed("ARC", &root.join("mail-auth-arc"), |r| r.arc.verdict == Verdict::Pass).await?,
            forged(&root.join("spamassassin-dkim")).await?,
        ])
    })?;
    println!("{:<28} {:>6} {:>6}", "set", "cases", "right");
    for score in &scores {
        println!("{:<28} {:>6} {:>6}", score.name, score.total, score.total - score.wrong.len());
    }
    for wrong in scores.iter().flat_map(|score| &score.wrong) {
        println!("  {wrong}");
    }
    Ok(())
}

/// Asks about one mail with the DNS of one case.
async fn ask(
    zone: dns::Zone,
    ip: &str,
    helo: &str,
    sender: &str,
    raw: &[u8],
) -> Option<AuthenticationResults> {
    // A server for each case: nothing is remembered from the one before.
    let server = dns::Server::start(zone);
    let authenticator = Authenticator::new(&server.address.to_string(), "mx.test").ok()?;
    authenticator.ask(ip.parse().ok()?, helo, sender.parse().ok().as_ref(), None, raw).await
}

async fn spf(folder: &Path) -> io::Result<Score> {
    let mut score = Score { name: "SPF suite", total: 0, wrong: Vec::new() };
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let text = fs::read_to_string(&path)?;
        for case in text.split("\n---") {
            let mut zone = dns::Zone::new();
            let (mut domain, mut sender, mut ip) = (String::new(), String::new(), String::new());
            for line in case.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
                let line = line.trim_start_matches("- ");
                let Some((key, value)) = line.split_once(':') else { continue };
                let value = value.trim();
                match key {
                    "domain" => domain = value.to_owned(),
                    "sender" => sender = value.to_owned(),
                    "ip" => ip = value.to_owned(),
                    "expect" => {
                        let wanted = value.split(' ').next().unwrap_or_default();
                        let raw = b"From: a@nobody.test\r\n\r\nx\r\n";
                        let found = ask(zone.clone(), &ip, &domain, &sender, raw).await;
                        let got = found.map(|r| serde_json::json!(r.spf.verdict));
                        score.total += 1;
                        if got.as_ref().and_then(|got| got.as_str()) != Some(wanted) {
                            let file =
                                path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                            score.wrong.push(format!(
                                "{file}: {ip} as {sender:?} by {domain}: {got:?}, not {wanted}"
                            ));
                        }
                    }
                    "a" | "aaaa" | "mx" | "ptr" | "spf" | "exp" => {
                        if let Some((owner, values)) = value.split_once(' ') {
                            dns::add(&mut zone, key, owner, values);
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    Ok(score)
}

/// Mails with the records of their keys above them.
async fn signed(
    name: &'static str,
    folder: &Path,
    good: impl Fn(&AuthenticationResults) -> bool,
) -> io::Result<Score> {
    let mut score = Score { name, total: 0, wrong: Vec::new() };
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("LICENSE")) {
            continue;
        }
        let text = fs::read_to_string(&path)?.replace("\r\n", "\n");
        let Some((records, mail)) = text.split_once("\n\n") else { continue };
        let mut zone = dns::Zone::new();
        for (owner, value) in records.lines().filter_map(|line| line.split_once(' ')) {
            dns::add(&mut zone, "txt", owner, value);
        }
        let raw = mail.replace('\n', "\r\n");
        let found = ask(zone, "192.0.2.1", "relay.test", "", raw.as_bytes()).await;
        score.total += 1;
        if !found.as_ref().is_some_and(&good) {
            score.wrong.push(format!("{}: {found:?}", path.display()));
        }
    }
    Ok(score)
}

/// Mails that must not pass. Their keys are only in the live DNS, so the ones that should pass cannot be asked about.
async fn forged(folder: &Path) -> io::Result<Score> {
    let mut score = Score { name: "spamassassin, must not pass", total: 0, wrong: Vec::new() };
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if !path.to_string_lossy().contains("test-fail-") {
            continue;
        }
        let raw = fs::read(&path)?;
        let found = ask(dns::Zone::new(), "192.0.2.1", "relay.test", "", &raw).await;
        score.total += 1;
        if found.is_none_or(|r| r.dkim.iter().any(|one| one.verdict == Verdict::Pass)) {
            score.wrong.push(path.display().to_string());
        }
    }
    Ok(score)
}
