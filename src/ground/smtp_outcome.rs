//! What a remote server's reply means for a mail: one place that turns codes into an [`Outcome`].

use crate::ground::outcome::{Answer, Outcome};

/// A reply of a remote server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteReply {
    /// The three digits.
    pub code: u16,
    /// All lines, joined by spaces, without codes; control characters are spaces.
    pub text: String,
}

impl RemoteReply {
    /// The enhanced status code (RFC 3463) the text begins with.
    pub fn enhanced(&self) -> Option<String> {
        let word = self.text.split_whitespace().next()?;
        let parts: Vec<&str> = word.split('.').collect();
        let class_fits =
            parts.first().is_some_and(|class| Some(*class) == self.code.to_string().get(..1));
        let numbers = parts
            .iter()
            .all(|p| (1..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()));
        (parts.len() == 3 && class_fits && numbers).then(|| word.to_owned())
    }

    /// 2xx.
    pub fn is_positive(&self) -> bool {
        (200..300).contains(&self.code)
    }

    /// What the queue and people keep of it.
    pub fn answer(&self, host: &str) -> Answer {
        Answer {
            external_ids: Vec::new(),
            wait: None,
            host: Some(host.to_owned()),
            code: Some(self.code),
            enhanced: self.enhanced(),
            text: self.text.chars().take(500).collect(),
        }
    }

    /// The outcome of a mail that got this reply. 4xx is temporary whatever the text says, 5xx permanent, but for
    /// the two that mean "not now" in practice: 552 for too many recipients (RFC 5321, 4.5.3.1.10) and 5xx with an
    /// enhanced code of class 4, which some servers mix up.
    pub fn outcome(&self, host: &str) -> Outcome {
        let answer = self.answer(host);
        let says_later = self.text.starts_with("4.")
            || (self.code == 552 && self.text.contains("too many recipients"));
        match self.code {
            200..300 => Outcome::Done(answer),
            500..600 if !says_later => Outcome::Never(answer),
            _ => Outcome::Later(answer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::outcome::OutcomeKind::{Done, Later, Never};

    #[test]
    fn replies_decide() {
        for (code, text, expected) in [
            (250, "2.0.0 Ok: queued as 4F", (Done, Some("2.0.0"))),
            (421, "4.3.2 shutting down", (Later, Some("4.3.2"))),
            (450, "greylisted, come back", (Later, None)),
            (452, "4.2.2 mailbox full", (Later, Some("4.2.2"))),
            (550, "5.1.1 no such user", (Never, Some("5.1.1"))),
            (550, "No such user here", (Never, None)),
            (554, "5.7.1 refused by policy", (Never, Some("5.7.1"))),
            (552, "too many recipients", (Later, None)),
            (550, "4.7.1 try later", (Later, None)),
            (354, "go on", (Later, None)),
        ] {
            let reply = RemoteReply { code, text: text.to_owned() };
            let outcome = reply.outcome("mx.example");
            let got = (outcome.kind(), outcome.answer().enhanced.as_deref());
            assert_eq!(got, expected, "{code} {text}");
        }
    }
}
