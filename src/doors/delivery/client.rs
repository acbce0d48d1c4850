//! The client side of SMTP: one mail to one server, on a connection of its own or on the one before it.
//!
//! The line that matters: a connection lost after the final dot was sent and before the reply came leaves a mail
//! whose fate nobody knows ([`Outcome::Unknown`]); lost any earlier, the mail was certainly not taken.

use std::net::IpAddr;

use rustls_pki_types::ServerName;
use tokio::{net::TcpStream, time::timeout};

use super::{
    Outgoing,
    kept::{Connection, Kept, Target},
    session::{Extensions, Session, Stop, Timeouts, Wire},
    tls::{Proof, connector},
};
use crate::ground::{
    address::Address,
    authentication::a_label,
    config::{self, SmarthostTls},
    outcome::{Answer, Outcome},
    smtp_outcome::RemoteReply,
    told,
};

/// The one server that delivers for us.
#[derive(Debug)]
pub(super) struct Smarthost {
    pub(super) settings: config::Smarthost,
    pub(super) ehlo: String,
    pub(super) timeouts: Timeouts,
    pub(super) kept: Kept,
}

/// Codes that speak of our account there and not of the mail (RFC 4954, 6): somebody mends it, then the mail leaves.
const ACCOUNT: [u16; 4] = [530, 534, 535, 538];

impl Smarthost {
    pub(super) async fn deliver(&self, mail: &Outgoing<'_>) -> Outcome {
        let hop = self.hop();
        match hop.outcome(hop.try_once(mail).await) {
            Outcome::Never(answer) if answer.code.is_some_and(|code| ACCOUNT.contains(&code)) => {
                Outcome::Later(answer)
            }
            outcome => outcome,
        }
    }

    pub(super) async fn probe(&self) -> Result<(), String> {
        self.hop().probe().await
    }

    fn hop(&self) -> Hop<'_> {
        let settings = &self.settings;
        Hop {
            name: &settings.host,
            address: &settings.host,
            port: settings.port,
            ehlo: &self.ehlo,
            tls: settings.tls,
            proof: if settings.insecure { Proof::None } else { Proof::Required },
            sign_in: (!settings.username.is_empty())
                .then_some((settings.username.as_str(), settings.password.as_str())),
            timeouts: self.timeouts,
            kept: &self.kept,
        }
    }
}

/// One server to talk to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hop<'a> {
    /// Its name, for TLS and for people.
    pub(super) name: &'a str,
    /// Where it listens: a name or an IP address.
    pub(super) address: &'a str,
    pub(super) port: u16,
    pub(super) ehlo: &'a str,
    pub(super) tls: SmarthostTls,
    pub(super) proof: Proof,
    pub(super) sign_in: Option<(&'a str, &'a str)>,
    pub(super) timeouts: Timeouts,
    pub(super) kept: &'a Kept,
}

impl Hop<'_> {
    /// One attempt at this server.
    pub(super) async fn try_once(&self, mail: &Outgoing<'_>) -> Result<RemoteReply, Stop> {
        let mut ended = self.attempt(mail).await;
        // Opportunistic (RFC 7435): where TLS may be left out, broken TLS must not keep the mail from arriving.
        if self.tls == SmarthostTls::Starttls
            && let Err(Stop::Handshake(why)) = &ended
        {
            tracing::info!(server = self.name, why, "TLS failed; sending without");
            ended = Hop { tls: SmarthostTls::None, ..*self }.attempt(mail).await;
        }
        ended
    }

    /// What came of the mail.
    pub(super) fn outcome(&self, ended: Result<RemoteReply, Stop>) -> Outcome {
        match ended {
            Ok(reply) | Err(Stop::Said(reply)) => reply.outcome(self.name),
            // A wrong password or a closed door says nothing of the mail, whatever the code.
            Err(Stop::Door(reply)) => Outcome::Later(reply.answer(self.name)),
            Err(Stop::Lost(text)) => Outcome::Later(self.own(text)),
            Err(Stop::Ours(text)) => Outcome::Later(Answer::own(text)),
            Err(Stop::Handshake(why)) => Outcome::Later(self.own(told::HANDSHAKE.kept(&why))),
            Err(Stop::AfterDot(text)) => Outcome::Unknown(self.own(text)),
            Err(Stop::Unfit(text)) => {
                let enhanced = RemoteReply { code: 550, text: text.clone() }.enhanced();
                Outcome::Never(Answer { enhanced, ..self.own(text) })
            }
        }
    }

    fn own(&self, text: String) -> Answer {
        Answer { host: Some(self.name.to_owned()), ..Answer::own(text) }
    }

    /// Connects and signs in as for a mail, and sends none; an error says what is wrong.
    pub(super) async fn probe(&self) -> Result<(), String> {
        let open = async { self.open().await?.session.expect("QUIT\r\n").await };
        match open.await {
            Ok(_) => Ok(()),
            Err(Stop::Said(reply) | Stop::Door(reply)) => {
                Err(format!("{} {}", reply.code, reply.text))
            }
            Err(Stop::Handshake(why)) => Err(format!("the TLS handshake failed: {why}")),
            Err(Stop::Lost(text) | Stop::AfterDot(text) | Stop::Unfit(text) | Stop::Ours(text)) => {
                Err(text)
            }
        }
    }

    /// On a connection kept from the mail before, else on a new one.
    async fn attempt(&self, mail: &Outgoing<'_>) -> Result<RemoteReply, Stop> {
        while let Some(connection) = self.kept.take(&self.target()) {
            match self.transact(connection, mail).await {
                // It had died meanwhile, or the server was about to end it: the message was not sent.
                Err(Stop::Lost(_)) => {}
                Err(Stop::Said(reply)) if reply.code == 421 => {}
                ended => return ended,
            }
        }
        let connection = self.open().await?;
        self.transact(connection, mail).await
    }

    fn target(&self) -> Target {
        Target {
            name: self.name.to_owned(),
            address: self.address.to_owned(),
            port: self.port,
            tls: self.tls,
            proof: self.proof,
        }
    }

    /// Connects, greets, encrypts and signs in.
    async fn open(&self) -> Result<Connection, Stop> {
        self.enter().await.map_err(|stop| match stop {
            Stop::Said(reply) => Stop::Door(reply),
            other => other,
        })
    }

    async fn enter(&self) -> Result<Connection, Stop> {
        let connecting = TcpStream::connect((self.address, self.port));
        let stream = timeout(self.timeouts.connect, connecting)
            .await
            .map_err(|_| Stop::Lost(told::NO_CONNECTION.kept("")))??;
        let _ = stream.set_nodelay(true);
        let peer = stream.peer_addr()?.ip();
        let (mut session, extensions, is_encrypted) = if self.tls == SmarthostTls::Implicit {
            let mut session = Session::new(self.handshake(Box::new(stream)).await?, self.timeouts);
            session.greeting().await?;
            let extensions = session.hello(self.ehlo).await?;
            (session, extensions, true)
        } else {
            let mut session = Session::new(Box::new(stream), self.timeouts);
            session.greeting().await?;
            let extensions = session.hello(self.ehlo).await?;
            self.start_tls(session, extensions).await?
        };
        if let Some((username, password)) = self.sign_in {
            if !may_be_told(is_encrypted, peer) {
                return Err(Stop::Lost(
                    "the password is not sent without TLS; see delivery.smarthost.tls".to_owned(),
                ));
            }
            session.sign_in(&extensions, username, password).await?;
        }
        Ok(Connection::new(session, extensions))
    }

    /// STARTTLS where it is offered and wanted; says whether it is encrypted now.
    async fn start_tls(
        &self,
        mut session: Session,
        extensions: Extensions,
    ) -> Result<(Session, Extensions, bool), Stop> {
        match (self.tls, extensions.has("STARTTLS")) {
            (SmarthostTls::None, _) | (SmarthostTls::Starttls, false) => {
                Ok((session, extensions, false))
            }
            (SmarthostTls::Required | SmarthostTls::Implicit, false) => Err(Stop::Lost(
                "the server offers no STARTTLS, which delivery.smarthost.tls requires".to_owned(),
            )),
            (_, true) => {
                session.expect("STARTTLS\r\n").await.map_err(|stop| match stop {
                    Stop::Said(reply) => Stop::Handshake(format!("{} {}", reply.code, reply.text)),
                    other => other,
                })?;
                // Nothing the server sent before the handshake counts after it (RFC 3207, 4.2).
                let stream = self.handshake(session.into_wire()).await?;
                let mut session = Session::new(stream, self.timeouts);
                let extensions = session.hello(self.ehlo).await?;
                Ok((session, extensions, true))
            }
        }
    }

    async fn handshake(&self, stream: Box<dyn Wire>) -> Result<Box<dyn Wire>, Stop> {
        let name = ServerName::try_from(self.name.to_owned())
            .map_err(|_| Stop::Unfit(format!("{:?} is no host name for TLS", self.name)))?;
        let stream = timeout(self.timeouts.command, connector(self.proof).connect(name, stream))
            .await
            .map_err(|_| Stop::Handshake("it timed out".to_owned()))?
            .map_err(|error| Stop::Handshake(error.to_string()))?;
        Ok(Box::new(stream))
    }

    /// Sends the mail; where it was taken, the connection is kept for the next one.
    async fn transact(
        &self,
        mut connection: Connection,
        mail: &Outgoing<'_>,
    ) -> Result<RemoteReply, Stop> {
        let sent = self.send(&mut connection, mail).await;
        match &sent {
            Ok(_) => self.kept.keep(self.target(), connection).await,
            Err(Stop::Said(_) | Stop::Unfit(_)) => connection.session.quit().await,
            Err(
                Stop::Door(_)
                | Stop::Lost(_)
                | Stop::Handshake(_)
                | Stop::AfterDot(_)
                | Stop::Ours(_),
            ) => {}
        }
        sent
    }

    async fn send(
        &self,
        connection: &mut Connection,
        mail: &Outgoing<'_>,
    ) -> Result<RemoteReply, Stop> {
        let Connection { session, extensions, .. } = connection;
        let from = mail.reverse_path.map(ToString::to_string).unwrap_or_default();
        // A domain has a form in ASCII that every server takes (RFC 5890); a local part has none.
        let to = ascii_domain(mail.recipient);
        let needs_utf8 = !to.is_ascii() || !from.is_ascii();
        if needs_utf8 && !extensions.has("SMTPUTF8") {
            return Err(Stop::Unfit(
                "5.6.7 the server does not take addresses beyond ASCII".to_owned(),
            ));
        }
        if let Some(limit) = extensions.size_limit().filter(|limit| mail.raw.len() as u64 > *limit)
        {
            return Err(Stop::Unfit(format!(
                "5.3.4 the mail has {} bytes, and the server takes {limit} at most",
                mail.raw.len()
            )));
        }
        let mut mail_from = format!("MAIL FROM:<{from}>");
        if extensions.has("SIZE") {
            mail_from.push_str(&format!(" SIZE={}", mail.raw.len()));
        }
        if needs_utf8 {
            mail_from.push_str(" SMTPUTF8");
        }
        let commands =
            [format!("{mail_from}\r\n"), format!("RCPT TO:<{to}>\r\n"), "DATA\r\n".to_owned()];
        session.envelope(extensions.has("PIPELINING"), &commands).await?;
        session.message(mail.raw, mail.dot).await
    }
}

/// May a password be said on this connection? Whoever strips TLS off on the way would have it.
fn may_be_told(is_encrypted: bool, peer: IpAddr) -> bool {
    is_encrypted || peer.to_canonical().is_loopback()
}

/// The address with its domain in A-labels.
fn ascii_domain(address: &Address) -> String {
    match a_label(address.domain()) {
        Some(domain) => format!("{}@{domain}", address.local()),
        None => address.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_said_where_others_hear_it() {
        for (is_encrypted, peer, told) in [
            (true, "203.0.113.5", true),
            (false, "203.0.113.5", false),
            (false, "10.0.0.5", false),
            (false, "127.0.0.1", true),
            (false, "::1", true),
            (false, "::ffff:127.0.0.1", true),
        ] {
            assert_eq!(may_be_told(is_encrypted, peer.parse().unwrap()), told, "{peer}");
        }
    }
}
