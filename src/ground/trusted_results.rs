//! What a server of ours in front found out about SPF, as its Authentication-Results field says (RFC 8601).
//!
//! Behind such a server we cannot check SPF: the address we see is its own. So this one result is taken from it; DKIM
//! and DMARC, which need no address, stay our own. Read from the raw bytes, never from decoded ones: an encoded word
//! in a comment must not become a result. What is unclear is no pass.

use super::{
    address::Address,
    authentication::{Checked, Verdict, a_label},
};

/// The SPF result for this reverse-path which the server called `name` wrote on top of `message`; `none` without one,
/// and for the null path: its HELO is nothing we could compare.
pub fn told_spf(message: &[u8], name: &str, reverse_path: Option<&Address>) -> Checked {
    let domain = reverse_path.and_then(|path| a_label(path.domain())).unwrap_or_default();
    let mut verdicts = Vec::new();
    for value in results_on_top(message) {
        let statements = statements(&value);
        let Some((server, results)) = statements.split_first() else { continue };
        if domain.is_empty() || !server.first().is_some_and(|id| id.eq_ignore_ascii_case(name)) {
            continue;
        }
        for words in results {
            let Some(verdict) = words.first().and_then(|word| spf_verdict(word)) else { continue };
            // What is said of another domain does not count, nor does a pass said of nobody.
            if mail_from(words).map_or(verdict != Verdict::Pass, |about| about == domain) {
                verdicts.push(verdict);
            }
        }
    }
    // Where two contradict each other one of them came with the mail.
    let doubt = verdicts.iter().copied().find(|verdict| *verdict != Verdict::Pass);
    let verdict = doubt.or(verdicts.first().copied()).unwrap_or(Verdict::None);
    Checked { verdict, domain }
}

/// The values of the fields the last server may have written: those above the second Received field, for the first
/// one is its own and whatever stands below the second was there when the mail came to it.
fn results_on_top(message: &[u8]) -> Vec<String> {
    let mut fields: Vec<Vec<u8>> = Vec::new();
    for line in message.split_inclusive(|byte| *byte == b'\n') {
        match (line[0], fields.last_mut()) {
            (b'\r' | b'\n', _) => break,
            (b' ' | b'\t', Some(field)) => field.extend_from_slice(line),
            _ => fields.push(line.to_vec()),
        }
    }
    let mut received = 0;
    let mut values = Vec::new();
    for field in &fields {
        let Some(colon) = field.iter().position(|byte| *byte == b':') else { break };
        match field[..colon].trim_ascii().to_ascii_lowercase().as_slice() {
            b"received" if received == 1 => break,
            b"received" => received += 1,
            b"authentication-results" => {
                values.push(String::from_utf8_lossy(&field[colon + 1..]).into_owned());
            }
            _ => {}
        }
    }
    values
}

/// A field's value in the words of its parts, which `;` separates; comments are left out, quotes undone. The part
/// in which a comment or a quote never ends is dropped.
fn statements(value: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut words = vec![String::new()];
    let (mut comments, mut quoted) = (0_u32, false);
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        let escaped = (c == '\\' && (quoted || comments > 0)).then(|| chars.next()).flatten();
        match (escaped.unwrap_or(c), comments, quoted) {
            (_, 1.., _) if escaped.is_some() => {}
            ('(', _, false) => comments += 1,
            (')', 1.., _) => {
                comments -= 1;
                words.push(String::new());
            }
            (_, 1.., _) => {}
            ('"', _, _) if escaped.is_none() => quoted = !quoted,
            (';', _, false) => found.push(std::mem::replace(&mut words, vec![String::new()])),
            (c, _, false) if c.is_whitespace() => words.push(String::new()),
            (c, _, _) => {
                if let Some(word) = words.last_mut() {
                    word.push(c);
                }
            }
        }
    }
    if comments == 0 && !quoted {
        found.push(words);
    }
    for words in &mut found {
        words.retain(|word| !word.is_empty());
    }
    found
}

/// `spf=pass` or `spf/1=pass`; `None` for another method.
fn spf_verdict(word: &str) -> Option<Verdict> {
    let (method, result) = word.split_once('=')?;
    let method = method.split('/').next()?;
    method.eq_ignore_ascii_case("spf").then(|| match result.to_ascii_lowercase().as_str() {
        "pass" => Verdict::Pass,
        "fail" | "hardfail" => Verdict::Fail,
        "softfail" => Verdict::SoftFail,
        "neutral" => Verdict::Neutral,
        "permerror" => Verdict::PermError,
        // Their trouble with DNS too: it stays written there however often we read it.
        _ => Verdict::None,
    })
}

/// The domain of MAIL FROM a result is about, in A-labels; one that cannot be read equals none.
fn mail_from(words: &[String]) -> Option<String> {
    let said = words.iter().find_map(|word| {
        let (property, value) = word.split_once('=')?;
        property.eq_ignore_ascii_case("smtp.mailfrom").then_some(value)
    })?;
    let said = said.trim_matches(['<', '>']);
    Some(a_label(said.rsplit('@').next().unwrap_or(said)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{Verdict::*, *};

    #[test]
    fn only_a_clear_pass_of_the_named_server_for_this_path_is_one() {
        let ours = "Received: from a by mx.front\r\n";
        for (name, header, wanted) in [
            (
                "on top",
                "Authentication-Results: mx.front; spf=pass smtp.mailfrom=ana@p.example\r\n",
                Pass,
            ),
            (
                "domain only, folded, commented, with versions",
                "Authentication-results:\r\n\tMX.Front 1 (x); dkim=none;\r\n\tspf/1=pass (a; spf=fail \\) (b))\r\n smtp.mailfrom=P.Example\r\n",
                Pass,
            ),
            (
                "quoted",
                "Authentication-Results: mx.front; spf=pass smtp.mailfrom=\"an a; spf=fail\"@p.example\r\n",
                Pass,
            ),
            ("nothing", "", None),
            (
                "another server",
                "Authentication-Results: mx.other; spf=pass smtp.mailfrom=p.example\r\n",
                None,
            ),
            (
                "another domain",
                "Authentication-Results: mx.front; spf=pass smtp.mailfrom=evil.example\r\n",
                None,
            ),
            (
                "a domain within the name",
                "Authentication-Results: mx.front; spf=pass smtp.mailfrom=\"x@p.example\"@evil.example\r\n",
                None,
            ),
            ("said of nobody", "Authentication-Results: mx.front; spf=pass\r\n", None),
            (
                "HELO only",
                "Authentication-Results: mx.front; spf=pass smtp.helo=p.example\r\n",
                None,
            ),
            ("failed", "Authentication-Results: mx.front; spf=fail\r\n", Fail),
            (
                "their DNS was in trouble",
                "Authentication-Results: mx.front; spf=temperror smtp.mailfrom=p.example\r\n",
                None,
            ),
            (
                "in a comment",
                "Authentication-Results: mx.front; spf=fail (;spf=pass smtp.mailfrom=p.example;) smtp.mailfrom=p.example\r\n",
                Fail,
            ),
            (
                "in an encoded word",
                "Authentication-Results: mx.front; dkim=none (=?utf-8?q?=29=3B_spf=3Dpass_smtp.mailfrom=3Dp.example?=)\r\n",
                None,
            ),
            (
                "in a comment that never ends",
                "Authentication-Results: mx.front; dkim=none; spf=pass (smtp.mailfrom=p.example\r\n",
                None,
            ),
            (
                "brought beside the real one",
                "Authentication-Results: mx.front; spf=softfail smtp.mailfrom=p.example\r\nAuthentication-Results: mx.front; spf=pass smtp.mailfrom=p.example\r\n",
                SoftFail,
            ),
            (
                "brought below an older Received",
                "Received: from b by mx.front\r\nAuthentication-Results: mx.front; spf=pass smtp.mailfrom=p.example\r\n",
                None,
            ),
            (
                "in the body",
                "\r\nAuthentication-Results: mx.front; spf=pass smtp.mailfrom=p.example\r\n",
                None,
            ),
        ] {
            let path: Address = "ana@p.example".parse().unwrap();
            let below = format!("{ours}{header}From: ana@p.example\r\n\r\nhi");
            let told = told_spf(below.as_bytes(), "mx.front", Some(&path));
            assert_eq!(told.verdict, wanted, "{name}: {told:?}");
        }
        let above = "Authentication-Results: mx.front; spf=pass smtp.mailfrom=p.example\r\nReceived: from a by mx.front\r\n\r\n";
        let path: Address = "ana@p.example".parse().unwrap();
        assert_eq!(told_spf(above.as_bytes(), "mx.front", Some(&path)).verdict, Pass);
    }

    #[test]
    fn nothing_is_told_of_the_null_path() {
        for said in ["smtp.helo=p.example", "smtp.mailfrom=postmaster@p.example", "smtp.mailfrom="]
        {
            let mail =
                format!("Authentication-Results: mx.front; spf=pass {said}\r\nFrom: a@b\r\n\r\n");
            let told = told_spf(mail.as_bytes(), "mx.front", Option::None);
            assert_eq!(told, Checked { verdict: None, domain: String::new() });
        }
    }
}
