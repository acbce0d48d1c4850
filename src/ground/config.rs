//! The configuration: one definition. `config/relais.toml` documents every key and is checked against it.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use serde::{Deserialize, Serialize};

/// Everything an administrator can set. The keys are documented in `config/relais.toml`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/relais.toml says what each key means, and is checked")]
pub struct Config {
    pub hostname: String,
    pub reply_domain: String,
    pub base_url: String,
    pub data: PathBuf,
    pub maildirs: PathBuf,
    pub deleted_days: u32,
    pub audit_days: u32,
    pub demo: bool,
    pub trusted_peers: Vec<IpAddr>,
    pub trusted_results: String,
    pub postmaster: String,
    pub smtp: Smtp,
    pub http: Http,
    pub delivery: Delivery,
    pub voices: Voices,
    pub dkim: Dkim,
    pub translation: Translation,
    pub channels: Channels,
}

/// Who may speak as the provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "see Config")]
pub struct Voices {
    pub dns_wait_seconds: u32,
    pub hold_days: u32,
}

/// Signatures on outgoing mail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "see Config")]
pub struct Dkim {
    pub selector: String,
}

/// How messages are translated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "see Config")]
pub struct Translation {
    pub engines: Vec<EngineKind>,
    pub models: PathBuf,
    pub catalogue: String,
    pub undo_seconds: u32,
    pub notification_wait_seconds: u32,
    pub reply_wait_seconds: u32,
    pub patience_seconds: u32,
    pub apertium_modes: PathBuf,
    pub gisting: bool,
    pub libretranslate_url: String,
    pub libretranslate_key: String,
    pub deepl_url: String,
    pub deepl_key: String,
    pub deepl_formality: String,
}

/// The engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EngineKind {
    /// Models on this machine's processor.
    Embedded,
    /// Apertium's pipes on this machine.
    Apertium,
    /// A LibreTranslate server.
    LibreTranslate,
    /// DeepL's service.
    Deepl,
}

impl EngineKind {
    /// As in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            EngineKind::Embedded => "embedded",
            EngineKind::Apertium => "apertium",
            EngineKind::LibreTranslate => "libretranslate",
            EngineKind::Deepl => "deepl",
        }
    }
}

/// Channels with an API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "see Config")]
pub struct Channels {
    pub poll_ms: u32,
    pub search_minutes: u32,
    pub booking_url: String,
    pub booking_token_url: String,
    pub booking_reservations_url: String,
    pub booking_version: f64,
    pub booking_message_chars: usize,
    pub booking_attachment_path: String,
    pub channex_url: String,
    pub airbnb_url: String,
    pub airbnb_authorize_url: String,
    pub airbnb_token_url: String,
    pub airbnb_key: String,
    pub airbnb_secret: String,
}

/// The SMTP listener.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "see Config")]
pub struct Smtp {
    pub listen: Vec<SocketAddr>,
    pub message_bytes: u64,
    pub connections: usize,
    pub connections_per_peer: usize,
    pub mails_per_minute_per_peer: u32,
    pub mails_per_minute_per_reply_address: u32,
    pub mails_per_minute_per_account: u32,
    pub recipients: usize,
    pub errors: u32,
    pub commands: u32,
    pub command_seconds: u32,
    pub data_seconds: u32,
    pub drain_seconds: u32,
    pub tls_certificate: PathBuf,
    pub tls_key: PathBuf,
    pub proxies: Vec<IpAddr>,
}

/// The HTTP listener.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "see Config")]
pub struct Http {
    pub listen: SocketAddr,
    pub proxies: Vec<IpAddr>,
    pub request_bytes: usize,
    pub undo_seconds: u32,
}

/// How outgoing mail leaves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "see Config")]
pub struct Delivery {
    pub transport: TransportKind,
    pub concurrency: usize,
    pub per_destination: usize,
    pub rest_milliseconds: u32,
    pub delay_notice_seconds: u32,
    pub retry_seconds: u32,
    pub give_up_hours: u32,
    pub resolver: String,
    pub port: u16,
    pub smarthost: Smarthost,
}

/// The roads out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransportKind {
    /// Into `maildirs/outgoing`.
    Maildir,
    /// To one mail server that does the rest.
    Smarthost,
    /// To the recipient's MX.
    Direct,
}

/// The smarthost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "see Config")]
pub struct Smarthost {
    pub host: String,
    pub port: u16,
    pub tls: SmarthostTls,
    pub username: String,
    pub password: String,
    pub insecure: bool,
}

/// TLS towards the smarthost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmarthostTls {
    /// Never.
    None,
    /// If offered.
    Starttls,
    /// STARTTLS or nothing.
    Required,
    /// From the first byte.
    Implicit,
}

/// The documented file is the definition of every default.
pub const DEFAULTS: &str = include_str!("../../config/relais.toml");

impl Config {
    /// Where people reach the pages.
    pub fn base_url(&self) -> String {
        match self.base_url.trim_end_matches('/') {
            "" => format!("http://{}", self.http.listen),
            url => url.to_owned(),
        }
    }

    /// What is wrong with it, one sentence each that says what to do.
    pub fn problems(&self) -> Vec<String> {
        let checks = [
            (
                !is_dns_name(&self.hostname),
                format!(
                    "hostname: {:?} is no host name, write mail.example.org (letters outside ASCII as xn--…)",
                    self.hostname
                ),
            ),
            (
                !is_dns_name(&self.reply_domain),
                format!(
                    "reply_domain: {:?} is no domain, write reply.example.org (letters outside ASCII as xn--…)",
                    self.reply_domain
                ),
            ),
            (
                !self.base_url.is_empty() && !is_web_address(&self.base_url),
                format!("base_url: {:?} is no address of pages, write https://relais.example.org", self.base_url),
            ),
            (
                !self.trusted_results.is_empty()
                    && self.trusted_results.eq_ignore_ascii_case(&self.hostname),
                "trusted_results: that is our own hostname, and such fields are taken out; give the server in front \
                 another name"
                    .to_owned(),
            ),
            (
                !self.postmaster.is_empty()
                    && self.postmaster.parse::<crate::ground::address::Address>().is_err(),
                format!("postmaster: {:?} is no address, write you@example.org", self.postmaster),
            ),
            (
                self.delivery.per_destination == 0,
                "delivery.per_destination: 0 would deliver nothing, write 4".to_owned(),
            ),
            (
                self.smtp.listen.is_empty(),
                "smtp.listen: empty, nothing could come in; write [\"0.0.0.0:25\"]".to_owned(),
            ),
            (
                self.smtp.tls_certificate.as_os_str().is_empty()
                    != self.smtp.tls_key.as_os_str().is_empty(),
                "smtp.tls_certificate and smtp.tls_key: set both or neither".to_owned(),
            ),
            (
                self.delivery.transport == TransportKind::Smarthost
                    && self.delivery.smarthost.host.is_empty(),
                "delivery.smarthost.host: empty, name the mail server that delivers for you"
                    .to_owned(),
            ),
            (
                !self.delivery.resolver.is_empty()
                    && self.delivery.resolver.parse::<SocketAddr>().is_err(),
                format!(
                    "delivery.resolver: {:?} is not IP:PORT, write 127.0.0.1:53",
                    self.delivery.resolver
                ),
            ),
            (
                self.translation.engines.contains(&EngineKind::LibreTranslate)
                    && self.translation.libretranslate_url.is_empty(),
                "translation.libretranslate_url: empty, write http://127.0.0.1:5000".to_owned(),
            ),
            (
                self.translation.engines.contains(&EngineKind::Deepl)
                    && self.translation.deepl_key.is_empty(),
                "translation.deepl_key: empty, DeepL answers only with a key".to_owned(),
            ),
            (
                self.translation.patience_seconds == 0,
                "translation.patience_seconds: 0 would wait for no engine, write 30".to_owned(),
            ),
            (
                self.delivery.retry_seconds == 0,
                "delivery.retry_seconds: 0 would try without a pause, write 60".to_owned(),
            ),
            (
                self.delivery.concurrency == 0,
                "delivery.concurrency: 0 would deliver nothing, write 16".to_owned(),
            ),
        ];
        let wrong = checks.into_iter().filter(|(wrong, _)| *wrong).map(|(_, problem)| problem);
        wrong.chain(self.zeros()).chain(self.places()).collect()
    }

    /// What works and is hardly meant, one sentence each that says what to do.
    pub fn advice(&self) -> Vec<String> {
        let is_real = !self.hostname.to_ascii_lowercase().ends_with("localhost");
        let checks = [
            (
                self.base_url.is_empty() && is_real,
                format!(
                    "base_url: empty, so that links in mails lead to {}; write https:// and the name under which people \
                     reach the pages",
                    self.base_url()
                ),
            ),
            (
                !self.trusted_results.is_empty() && self.trusted_peers.is_empty(),
                "trusted_results: nobody is asked for it, for trusted_peers is empty; name the server in front there"
                    .to_owned(),
            ),
        ];
        let mut said: Vec<String> =
            checks.into_iter().filter(|(wrong, _)| *wrong).map(|(_, said)| said).collect();
        if self.voices.hold_days == 0 {
            said.push(
                "voices.hold_days: 0 throws held replies away within the hour, write 7".to_owned(),
            );
        }
        said
    }

    /// Servers and addresses that cannot be.
    fn places(&self) -> Vec<String> {
        let (smarthost, channels) = (&self.delivery.smarthost, &self.channels);
        let is_used = self.delivery.transport == TransportKind::Smarthost;
        let is_host = |host: &str| is_dns_name(host) || host.parse::<IpAddr>().is_ok();
        let mut wrong = Vec::new();
        if is_used && !smarthost.host.is_empty() && !is_host(&smarthost.host) {
            wrong.push(format!(
                "delivery.smarthost.host: {:?} is no host name, write smtp.example.org (its port is delivery.smarthost.port)",
                smarthost.host
            ));
        }
        if is_used && smarthost.username.is_empty() != smarthost.password.is_empty() {
            wrong.push(
                "delivery.smarthost.username and password: one of them is empty, set both or neither".to_owned(),
            );
        }
        if is_used && smarthost.port == 0 {
            wrong.push("delivery.smarthost.port: 0 is no port, write 587".to_owned());
        }
        if self.delivery.port == 0 {
            wrong.push("delivery.port: 0 is no port, write 25".to_owned());
        }
        if self.http.listen.port() != 0 && self.smtp.listen.contains(&self.http.listen) {
            wrong.push(format!(
                "smtp.listen and http.listen: both are {}, write another port for one of them",
                self.http.listen
            ));
        }
        // People are sent there, with a query of its own.
        let authorize = channels.airbnb_authorize_url.split('?').next().unwrap_or_default();
        let urls = [
            ("translation.libretranslate_url", self.translation.libretranslate_url.as_str()),
            ("translation.deepl_url", self.translation.deepl_url.as_str()),
            ("translation.catalogue", self.translation.catalogue.as_str()),
            ("channels.booking_url", channels.booking_url.as_str()),
            ("channels.booking_token_url", channels.booking_token_url.as_str()),
            ("channels.booking_reservations_url", channels.booking_reservations_url.as_str()),
            ("channels.channex_url", channels.channex_url.as_str()),
            ("channels.airbnb_url", channels.airbnb_url.as_str()),
            ("channels.airbnb_authorize_url", authorize),
            ("channels.airbnb_token_url", channels.airbnb_token_url.as_str()),
        ];
        let bad = urls.into_iter().filter(|(_, url)| !url.is_empty() && !is_web_address(url));
        wrong.extend(bad.map(|(key, url)| {
            format!("{key}: {url:?} is no address on the web, write https:// and its host")
        }));
        wrong
    }

    /// Limits of nothing, under which no mail and no request comes in.
    fn zeros(&self) -> impl Iterator<Item = String> {
        let (smtp, http) = (&self.smtp, &self.http);
        let limits = [
            ("smtp.message_bytes", smtp.message_bytes, "31457280"),
            ("smtp.recipients", smtp.recipients as u64, "100"),
            ("smtp.connections", smtp.connections as u64, "1000"),
            ("smtp.connections_per_peer", smtp.connections_per_peer as u64, "100"),
            ("smtp.errors", u64::from(smtp.errors), "20"),
            ("smtp.commands", u64::from(smtp.commands), "1000"),
            ("smtp.command_seconds", u64::from(smtp.command_seconds), "300"),
            ("smtp.data_seconds", u64::from(smtp.data_seconds), "180"),
            ("http.request_bytes", http.request_bytes as u64, "26214400"),
        ];
        let zeros = limits.into_iter().filter(|(_, limit, _)| *limit == 0);
        zeros.map(|(key, _, usual)| format!("{key}: 0 would let nothing in, write {usual}"))
    }
}

/// A name as DNS and EHLO carry it (RFC 1123, 2.1; RFC 5321, 4.1.2).
fn is_dns_name(name: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    name.len() <= 253 && name.split('.').all(label)
}

/// A place on the web, as addresses below it begin: a host, perhaps a port and a path, and nothing behind.
pub fn is_web_address(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let Some(rest) = rest else { return false };
    let plain = |c: char| c.is_ascii_graphic() && !"?#@\\\"<>".contains(c);
    let server = rest.split('/').next().unwrap_or_default();
    let (host, port) = match server.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        Some((host, port)) => (host, port.strip_prefix(':').or(port.is_empty().then_some("80"))),
        None => match server.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (server, Some("80")),
        },
    };
    let is_host = is_dns_name(host) || host.parse::<IpAddr>().is_ok();
    let is_port = port.and_then(|port| port.parse::<u16>().ok()).is_some_and(|port| port > 0);
    rest.chars().all(plain) && is_host && is_port
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_work_is_said_with_its_key() {
        let usual: Config = toml::from_str(DEFAULTS).unwrap();
        assert_eq!(usual.problems(), Vec::<String>::new());
        type Change = fn(&mut Config);
        let wrong: [(&str, Change); 25] = [
            ("hostname: \"\"", |c| c.hostname = String::new()),
            ("base_url: \"https://a.example?b\"", |c| c.base_url = "https://a.example?b".into()),
            ("base_url: \"https://u@a.example\"", |c| c.base_url = "https://u@a.example".into()),
            ("base_url: \"https://a.example:99999\"", |c| {
                c.base_url = "https://a.example:99999".into();
            }),
            ("base_url: \"https://a_b.example\"", |c| c.base_url = "https://a_b.example".into()),
            ("delivery.smarthost.host: \"mx.example:25\"", |c| {
                c.delivery.transport = TransportKind::Smarthost;
                c.delivery.smarthost.host = "mx.example:25".into();
            }),
            ("delivery.smarthost.username and password", |c| {
                c.delivery.transport = TransportKind::Smarthost;
                c.delivery.smarthost.host = "mx.example".into();
                c.delivery.smarthost.username = "relais".into();
            }),
            ("delivery.port: 0", |c| c.delivery.port = 0),
            ("smtp.listen and http.listen", |c| c.smtp.listen = vec![c.http.listen]),
            ("translation.libretranslate_url: \"foo\"", |c| {
                c.translation.libretranslate_url = "foo".into();
            }),
            ("channels.booking_url: \"x\"", |c| c.channels.booking_url = "x".into()),
            ("channels.channex_url: \"ftp://x\"", |c| c.channels.channex_url = "ftp://x".into()),
            ("delivery.smarthost.port: 0", |c| {
                c.delivery.transport = TransportKind::Smarthost;
                c.delivery.smarthost.host = "mx.example".into();
                c.delivery.smarthost.port = 0;
            }),
            ("hostname: \"pensão.example\"", |c| c.hostname = "pensão.example".into()),
            ("hostname: \"mail..example\"", |c| c.hostname = "mail..example".into()),
            ("hostname: \"a_b.example\"", |c| c.hostname = "a_b.example".into()),
            ("hostname: \"-a.example\"", |c| c.hostname = "-a.example".into()),
            ("reply_domain: \"a@b.example\"", |c| c.reply_domain = "a@b.example".into()),
            ("base_url: \"relais.example.org\"", |c| c.base_url = "relais.example.org".into()),
            ("base_url: \"https://\"", |c| c.base_url = "https://".into()),
            ("base_url: \"ftp://x.example\"", |c| c.base_url = "ftp://x.example".into()),
            ("smtp.message_bytes: 0", |c| c.smtp.message_bytes = 0),
            ("smtp.recipients: 0", |c| c.smtp.recipients = 0),
            ("smtp.connections_per_peer: 0", |c| c.smtp.connections_per_peer = 0),
            ("http.request_bytes: 0", |c| c.http.request_bytes = 0),
        ];
        for (said, change) in wrong {
            let mut config = usual.clone();
            change(&mut config);
            let problems = config.problems();
            assert!(problems.len() == 1 && problems[0].starts_with(said), "{said}: {problems:?}");
            let says = [", write ", ", set both"].iter().any(|todo| problems[0].contains(todo));
            assert!(says, "{problems:?}");
        }
        let base_url = "https://relais.example.org/inn/".to_owned();
        let right = Config { hostname: "xn--penso-dra.example".to_owned(), base_url, ..usual };
        assert_eq!(right.problems(), Vec::<String>::new());
        let mut asking = right.clone();
        asking.channels.airbnb_authorize_url = "https://www.airbnb.example/auth?v=2".to_owned();
        assert_eq!(asking.problems(), Vec::<String>::new());
        for url in ["http://127.0.0.1:8025", "http://[::1]:8025", "https://[::1]", "http://a/b"] {
            assert!(is_web_address(url), "{url}");
        }
        for url in
            ["http://[::1]8025", "http://a:", "http://a:0", "http://a b", "https://é.example"]
        {
            assert!(!is_web_address(url), "{url}");
        }
        assert_eq!(right.advice(), Vec::<String>::new());
        let unlinked = Config { base_url: String::new(), ..right.clone() };
        assert!(unlinked.advice()[0].contains("http://127.0.0.1:8025"));
        let unasked = Config { trusted_results: "mx.example".to_owned(), ..right };
        assert!(unasked.advice()[0].starts_with("trusted_results: "));
    }
}
