//! What SPF, DKIM, DMARC and ARC said of a mail, and whether that proves its author's domain.
//!
//! The looking-up is done in a door; here is only the judgement, so that it can be tested as a table.
//! Everything uncertain falls on the side of "not proven": the mail is then held, never lost.

use serde::Serialize;

use super::{address::Address, told};

/// What one method said (RFC 8601, 2.7, folded to what we act on).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Proven.
    Pass,
    /// Disproven.
    Fail,
    /// SPF: probably not from there.
    SoftFail,
    /// The domain does not want to say (SPF), or the signature cannot count (DKIM).
    Neutral,
    /// The domain says nothing, or nothing was signed.
    None,
    /// DNS did not answer.
    TempError,
    /// What the domain published, or the signature, cannot be read.
    PermError,
}

impl std::fmt::Display for Verdict {
    /// The word of RFC 8601, 2.7.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Verdict::Pass => "pass",
            Verdict::Fail => "fail",
            Verdict::SoftFail => "softfail",
            Verdict::Neutral => "neutral",
            Verdict::None => "none",
            Verdict::TempError => "temperror",
            Verdict::PermError => "permerror",
        })
    }
}

/// A verdict about a domain, in A-labels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// What was said.
    pub verdict: Verdict,
    /// SPF: the domain of MAIL FROM, or of HELO; DKIM: `d=`; DMARC: the author's domain.
    pub domain: String,
}

/// Everything that was found out about one mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuthenticationResults {
    /// SPF of the reverse-path, or of HELO where that is empty (RFC 7489, 3.1.2).
    pub spf: Checked,
    /// One for each signature.
    pub dkim: Vec<Checked>,
    /// DMARC of the author's domain.
    pub dmarc: Checked,
    /// The chain of those who passed it on, and its last sealer: it proves something only to those who trust that one.
    pub arc: Checked,
    /// The author's organizational domain (public suffix list); without it only equal domains are aligned.
    pub organization: Option<String>,
}

impl AuthenticationResults {
    /// Which method proves that `from`'s domain wrote this, in words for people; `None` when none does.
    pub fn aligned_pass(&self, from: &Address) -> Option<String> {
        // Compared as DNS knows it, never by its looks.
        let author = &a_label(from.domain())?;
        if !author.eq_ignore_ascii_case(&self.dmarc.domain) {
            return None;
        }
        match self.dmarc.verdict {
            Verdict::Pass => return Some(told::BY_DMARC.kept(author)),
            // Where a policy exists it may want strict alignment: our own relaxed look must not overrule it.
            Verdict::None => {}
            _ => return None,
        }
        let proves = |c: &&Checked| c.verdict == Verdict::Pass && self.aligned(author, &c.domain);
        if let Some(signed) = self.dkim.iter().find(proves) {
            return Some(told::BY_DKIM.kept(&signed.domain));
        }
        Some(&self.spf).filter(proves).map(|spf| told::BY_SPF.kept(&spf.domain))
    }

    /// The domains whose SPF or DKIM passed, whoever the author is.
    pub fn proven(&self) -> Vec<String> {
        let passed = self.dkim.iter().chain([&self.spf]).filter(|c| c.verdict == Verdict::Pass);
        let mut domains: Vec<String> = passed.map(|c| c.domain.to_ascii_lowercase()).collect();
        domains.sort();
        domains.dedup();
        domains
    }

    /// May asking again later give another answer?
    pub fn is_temporary(&self) -> bool {
        [&self.spf, &self.dmarc]
            .into_iter()
            .chain(&self.dkim)
            .any(|c| c.verdict == Verdict::TempError)
    }

    /// The results as RFC 8601 writes them, separated by `; `.
    pub fn field(&self) -> String {
        let one = |method: &str, checked: &Checked, property: &str| {
            let said = format!("{method}={}", checked.verdict);
            match checked.domain.as_str() {
                "" => said,
                domain => format!("{said} {property}={domain}"),
            }
        };
        let mut all = vec![one("spf", &self.spf, "smtp.mailfrom")];
        all.extend(self.dkim.iter().map(|signature| one("dkim", signature, "header.d")));
        all.push(one("dmarc", &self.dmarc, "header.from"));
        if self.arc.verdict != Verdict::None {
            all.push(one("arc", &self.arc, "arc.chain"));
        }
        all.join("; ")
    }

    /// One sentence for people about a mail that did not pass.
    pub fn summary(&self) -> String {
        let author = &self.dmarc.domain;
        if self.is_temporary() {
            told::DNS_SILENT.kept("")
        } else if self.dmarc.verdict == Verdict::Fail {
            told::DISOWNED.kept(author)
        } else {
            told::UNPROVEN.kept(author)
        }
    }

    /// Relaxed alignment (RFC 7489, 3.1): both within the author's organizational domain.
    fn aligned(&self, author: &str, domain: &str) -> bool {
        let within = |domain: &str, top: &str| {
            let (domain, top) = (domain.to_ascii_lowercase(), top.to_ascii_lowercase());
            domain == top || domain.strip_suffix(&top).is_some_and(|rest| rest.ends_with('.'))
        };
        domain.eq_ignore_ascii_case(author)
            || self
                .organization
                .as_deref()
                // One label is a top-level domain: everybody is within it.
                .filter(|top| top.contains('.'))
                .is_some_and(|top| within(author, top) && within(domain, top))
    }
}

/// A domain in A-labels, lower case; `None` where it is none.
pub fn a_label(domain: &str) -> Option<String> {
    idna::domain_to_ascii(domain).ok().filter(|ascii| !ascii.is_empty())
}

/// The organizational domain of a domain in A-labels: what can be registered, below a public suffix.
pub fn organization(domain: &str) -> Option<String> {
    let registered = psl::domain(domain.as_bytes()).filter(|found| found.suffix().is_known())?;
    std::str::from_utf8(registered.as_bytes()).ok().map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::{Verdict::*, *};

    #[test]
    fn organizations_end_where_anybody_can_register() {
        for (domain, expected) in [
            ("mail.pousada.com.br", Some("pousada.com.br")),
            ("pousada.pt", Some("pousada.pt")),
            ("a.b.hotel.co.uk", Some("hotel.co.uk")),
            ("someone.github.io", Some("someone.github.io")),
            ("co.uk", Option::None),
            ("localhost", Option::None),
            ("mail.pousada.example", Option::None),
        ] {
            assert_eq!(organization(domain).as_deref(), expected, "{domain}");
        }
    }

    fn checked(verdict: Verdict, domain: &str) -> Checked {
        Checked { verdict, domain: domain.to_owned() }
    }

    #[test]
    fn only_an_aligned_pass_proves_the_author() {
        // author, DMARC, SPF, SPF domain, DKIM, d=, organization, what proves it
        let table = [
            ("p.example", Pass, Fail, "x.test", Fail, "x.test", Option::None, Some("DMARC")),
            ("p.example", None, Pass, "p.example", None, "", Option::None, Some("SPF")),
            ("p.example", None, Fail, "p.example", Pass, "P.Example", Option::None, Some("DKIM")),
            ("p.example", None, Pass, "b.p.example", None, "", Some("p.example"), Some("SPF")),
            ("a.p.example", None, Fail, "", Pass, "p.example", Some("p.example"), Some("DKIM")),
            ("p.example", None, Pass, "b.p.example", None, "", Option::None, Option::None),
            ("p.example", None, Pass, "evilp.example", None, "", Some("p.example"), Option::None),
            ("p.example", None, Pass, "x.example", None, "", Some("example"), Option::None),
            (
                "p.example",
                None,
                Pass,
                "p.example.x.test",
                None,
                "",
                Some("p.example"),
                Option::None,
            ),
            ("p.example", Fail, Pass, "p.example", Pass, "p.example", Option::None, Option::None),
            ("p.example", TempError, Pass, "p.example", None, "", Option::None, Option::None),
            ("p.example", PermError, Pass, "p.example", None, "", Option::None, Option::None),
            (
                "p.example",
                None,
                TempError,
                "p.example",
                TempError,
                "p.example",
                Option::None,
                Option::None,
            ),
            // A Cyrillic о: the look-alike vouches for itself and for nobody else.
            (
                "pоusada.example",
                Pass,
                Pass,
                "pоusada.example",
                None,
                "",
                Option::None,
                Option::None,
            ),
            (
                "münchen.example",
                None,
                Pass,
                "xn--mnchen-3ya.example",
                None,
                "",
                Option::None,
                Some("SPF"),
            ),
        ];
        for (author, dmarc, spf, spf_domain, dkim, signer, organization, wanted) in table {
            let results = AuthenticationResults {
                spf: checked(spf, spf_domain),
                dkim: vec![checked(dkim, signer)],
                // What DNS was asked about; the look-alike of the table was asked about by its looks.
                dmarc: checked(
                    dmarc,
                    if author == "münchen.example" { "xn--mnchen-3ya.example" } else { author },
                ),
                arc: checked(Pass, "forwarder.test"),
                organization: organization.map(str::to_owned),
            };
            let from = format!("ana@{author}").parse().unwrap();
            let got = results.aligned_pass(&from);
            let method = got.as_deref().and_then(|g| g.split(' ').next());
            assert_eq!(method, wanted, "{results:?}");
            let other = "ana@lookalike.example".parse().unwrap();
            assert_eq!(results.aligned_pass(&other), Option::None, "another author: {results:?}");
            assert_eq!(results.is_temporary(), [spf, dkim, dmarc].contains(&TempError));
        }
    }
}
