//! SPF, DKIM and DMARC by mail-auth, on our resolver. Trouble with DNS is temporary and never a pass.

use std::{net::IpAddr, time::Duration};

use mail_auth::{
    AuthenticatedMessage, DkimResult, DmarcResult, MessageAuthenticator, SpfOutput, SpfResult,
    dmarc::verify::DmarcParameters, spf::verify::SpfParameters,
};
use tokio::runtime::Handle;

use crate::{
    flow::gateway::Authenticate,
    ground::{
        address::Address,
        authentication::{AuthenticationResults, Checked, Verdict, a_label, organization},
    },
};

/// All questions about one mail together may take this long.
const LIMIT: Duration = Duration::from_secs(8);

/// Checks senders.
pub struct Authenticator {
    questions: MessageAuthenticator,
    runtime: Handle,
    hostname: String,
}

impl Authenticator {
    /// With the resolver of `delivery.resolver`; call it inside the runtime.
    pub fn new(resolver: &str, hostname: &str) -> Result<Self, String> {
        let questions = MessageAuthenticator(super::dns::resolver(resolver)?);
        Ok(Authenticator { questions, runtime: Handle::current(), hostname: hostname.to_owned() })
    }

    /// Everything DNS says about one mail.
    pub async fn ask(
        &self,
        peer: IpAddr,
        helo: &str,
        reverse_path: Option<&Address>,
        told_spf: Option<&Checked>,
        raw: &[u8],
    ) -> Option<AuthenticationResults> {
        let message = AuthenticatedMessage::parse(raw)?;
        let spf = match told_spf {
            Some(told) => SpfOutput::new(told.domain.clone()).with_result(to_spf(told.verdict)),
            None => self.ask_spf(peer, helo, reverse_path).await,
        };
        let dkim = self.questions.verify_dkim(&message).await;
        let helo = told_spf.map_or(helo, |told| told.domain.as_str());
        let mail_from = reverse_path.map_or(helo, Address::domain);
        let dmarc = self
            .questions
            .verify_dmarc(DmarcParameters::new(&message, &dkim, mail_from, &spf))
            .await;
        let signatures = dkim.iter().map(|output| Checked {
            verdict: of_dkim(output.result()),
            domain: output.signature().map(|s| s.d.to_string()).unwrap_or_default(),
        });
        let verdict = match (dmarc.dmarc_record(), dmarc.result()) {
            (_, DmarcResult::TempError(_)) => Verdict::TempError,
            (None, _) => Verdict::None,
            (Some(_), result) => of_dmarc(&result),
        };
        let author = message.from().rsplit('@').next().and_then(a_label).unwrap_or_default();
        let chain = self.questions.verify_arc(&message).await;
        let sealer = chain.sets().last().map(|set| set.seal.header.d.to_string());
        Some(AuthenticationResults {
            spf: Checked { verdict: of_spf(spf.result()), domain: spf.domain().to_owned() },
            dkim: signatures.collect(),
            organization: organization(&author),
            dmarc: Checked { verdict, domain: author },
            arc: Checked { verdict: of_dkim(chain.result()), domain: sealer.unwrap_or_default() },
        })
    }

    async fn ask_spf(&self, peer: IpAddr, helo: &str, reverse_path: Option<&Address>) -> SpfOutput {
        let sender = reverse_path.map(ToString::to_string);
        let identity = match &sender {
            Some(sender) => SpfParameters::verify_mail_from(peer, helo, &self.hostname, sender),
            None => SpfParameters::verify_ehlo(peer, helo, &self.hostname),
        };
        self.questions.verify_spf(identity).await
    }
}

impl Authenticate for Authenticator {
    fn authenticate(
        &self,
        peer: IpAddr,
        helo: &str,
        reverse_path: Option<&Address>,
        told_spf: Option<&Checked>,
        raw: &[u8],
    ) -> Option<AuthenticationResults> {
        let asking = self.ask(peer, helo, reverse_path, told_spf, raw);
        self.runtime.block_on(async { tokio::time::timeout(LIMIT, asking).await.ok().flatten() })
    }
}

fn of_spf(result: SpfResult) -> Verdict {
    match result {
        SpfResult::Pass => Verdict::Pass,
        SpfResult::Fail => Verdict::Fail,
        SpfResult::SoftFail => Verdict::SoftFail,
        SpfResult::Neutral => Verdict::Neutral,
        SpfResult::TempError => Verdict::TempError,
        SpfResult::PermError => Verdict::PermError,
        SpfResult::None => Verdict::None,
    }
}

fn to_spf(verdict: Verdict) -> SpfResult {
    match verdict {
        Verdict::Pass => SpfResult::Pass,
        Verdict::Fail => SpfResult::Fail,
        Verdict::SoftFail => SpfResult::SoftFail,
        Verdict::Neutral => SpfResult::Neutral,
        Verdict::None => SpfResult::None,
        Verdict::TempError => SpfResult::TempError,
        Verdict::PermError => SpfResult::PermError,
    }
}

fn of_dkim(result: &DkimResult) -> Verdict {
    match result {
        DkimResult::Pass => Verdict::Pass,
        DkimResult::Fail(_) => Verdict::Fail,
        DkimResult::Neutral(_) => Verdict::Neutral,
        DkimResult::PermError(_) => Verdict::PermError,
        DkimResult::TempError(_) => Verdict::TempError,
        DkimResult::None => Verdict::None,
    }
}

fn of_dmarc(result: &DmarcResult) -> Verdict {
    match result {
        DmarcResult::Pass => Verdict::Pass,
        DmarcResult::Fail(_) => Verdict::Fail,
        DmarcResult::PermError(_) => Verdict::PermError,
        DmarcResult::TempError(_) => Verdict::TempError,
        DmarcResult::None => Verdict::None,
    }
}
