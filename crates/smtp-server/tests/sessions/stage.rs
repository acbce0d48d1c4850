//! The stage on which dialogues are played: a handler with a few known recipients that remembers
//! every mail, and a certificate.

use smtp_server::{
    Answer, DataSummary, Envelope, Handler, MailFrom, Oddities, Peer, RcptTo, Reply, SessionInfo,
    Sink, TlsSource, replies, rustls,
};
use std::sync::{Arc, Mutex};
use tokio_rustls::TlsConnector;

/// Knows `gw.example`; some of its people are special.
#[derive(Debug, Default)]
pub(crate) struct House {
    pub(crate) kept: Mutex<Vec<Mail>>,
    /// Sinks that were dropped before the end.
    pub(crate) forgotten: Mutex<usize>,
}

/// A mail that was answered with 250.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mail {
    pub(crate) text: Vec<u8>,
    /// One line about all the rest.
    pub(crate) about: String,
}

pub(crate) struct Page {
    house: Arc<House>,
    session: SessionInfo,
    envelope: Envelope,
    text: Vec<u8>,
    finished: bool,
}

#[derive(Clone)]
pub(crate) struct Porter(pub(crate) Arc<House>);

impl Handler for Porter {
    type Sink = Page;

    async fn connect(&self, peer: &Peer) -> Result<(), Reply> {
        if peer.addr.ip().to_string() == "192.0.2.66" {
            return Err(Reply::new(554, (5, 7, 1), "Not from there"));
        }
        Ok(())
    }

    async fn mail(&self, _: &SessionInfo, from: &MailFrom) -> Result<(), Reply> {
        if from.path.as_str() == "refused@a.example" {
            return Err(Reply::new(550, (5, 7, 1), "Not from you"));
        }
        Ok(())
    }

    async fn rcpt(&self, _: &SessionInfo, _: &MailFrom, to: &RcptTo) -> Result<(), Reply> {
        match (to.path.local_part().as_ref(), to.path.domain()) {
            ("panic", "gw.example") => panic!("as the dialogue wants"),
            ("unknown", "gw.example") => Err(replies::NO_SUCH_MAILBOX),
            (_, "gw.example") => Ok(()),
            _ if to.path.is_bare_postmaster() => Ok(()),
            _ => Err(replies::NO_RELAYING),
        }
    }

    async fn data(&self, session: &SessionInfo, envelope: &Envelope) -> Result<Page, Reply> {
        if envelope.to.iter().any(|to| to.path.local_part() == "trouble") {
            return Err(replies::TROUBLE);
        }
        Ok(Page {
            house: Arc::clone(&self.0),
            session: session.clone(),
            envelope: envelope.clone(),
            text: Vec::new(),
            finished: false,
        })
    }
}

impl Sink for Page {
    async fn write(&mut self, chunk: &[u8]) -> Result<(), Reply> {
        assert!(!chunk.is_empty() && chunk.len() <= 80_000, "a message comes in small pieces");
        self.text.extend_from_slice(chunk);
        let full = self.envelope.to.iter().any(|to| to.path.local_part() == "full");
        if full { Err(replies::NO_SPACE) } else { Ok(()) }
    }

    async fn finish(mut self, summary: DataSummary) -> Answer {
        self.finished = true;
        let text = std::mem::take(&mut self.text);
        assert_eq!(summary.size_bytes, text.len() as u64);
        let about = self.about(&summary.oddities);
        self.house.kept.lock().expect("no panic").push(Mail { text, about });
        let answer = |to: &RcptTo| match to.path.local_part().as_ref() {
            "half" => replies::NO_SPACE,
            _ => replies::MESSAGE_ACCEPTED,
        };
        Answer::Each(self.envelope.to.iter().map(answer).collect())
    }
}

impl Page {
    fn about(&self, oddities: &Oddities) -> String {
        let Envelope { from, to } = &self.envelope;
        let flags = [
            ("long-line", oddities.long_line()),
            ("bare-cr", oddities.bare_cr),
            ("bare-lf", oddities.bare_lf),
            ("nul", oddities.nul),
            ("8bit", oddities.undeclared_8bit),
            ("no-final-crlf", oddities.no_final_crlf),
        ];
        let odd: Vec<_> = flags.iter().filter(|flag| flag.1).map(|flag| flag.0).collect();
        let to: Vec<_> = to.iter().map(|to| to.path.to_string()).collect();
        let SessionInfo { peer, helo, protocol, tls, errors } = &self.session;
        format!(
            "peer={} helo={helo} with={} tls={} errors={errors} from={} to={} odd={}",
            peer.addr.ip(),
            protocol.name(),
            tls.as_ref().map_or("-", |tls| tls.version.as_str()),
            from.path,
            to.join(","),
            odd.join(",")
        )
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        if !self.finished {
            *self.house.forgotten.lock().expect("no panic") += 1;
        }
    }
}

/// A fresh certificate for `gw.example`, and a client that trusts it.
pub(crate) fn certificate() -> (TlsSource, TlsConnector) {
    let (server, client) = key_pair();
    (TlsSource::from(server), client)
}

/// The two ends of TLS.
pub(crate) fn key_pair() -> (Arc<rustls::ServerConfig>, TlsConnector) {
    let made =
        rcgen::generate_simple_self_signed(["gw.example".to_owned()]).expect("a certificate");
    let key = rustls::pki_types::PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let certificate = made.cert.der().clone();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let server = rustls::ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .expect("the key fits");
    let mut roots = rustls::RootCertStore::empty();
    roots.add(certificate).expect("a root");
    let client = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    (Arc::new(server), TlsConnector::from(Arc::new(client)))
}
