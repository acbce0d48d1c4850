//! From a line to a command with all its parameters. smtp-proto reads verbs and parameters;
//! paths are read by [`Path`], and here the sizes, because smtp-proto's wrap around, and `ORCPT`, of
//! which it knows only the rfc822 form, while RFC 6533 adds `utf-8`, which Postfix uses.

use smtp_proto::{Error, Request, request::parser::Rfc5321Parser};
use std::borrow::Cow;

use crate::{Body, MailFrom, Notify, OriginalRecipient, Path, RcptTo, Reply, Ret, replies};

/// What a client can ask for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Hello(Verb, String),
    Mail(MailFrom),
    Rcpt(RcptTo),
    Data,
    Bdat {
        chunk_bytes: u64,
        is_last: bool,
    },
    /// `BDAT` of unknown size: nobody knows where the next command begins.
    BadBdat,
    StartTls,
    Rset,
    Noop,
    Help,
    Vrfy,
    Quit,
    Http,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Helo,
    Ehlo,
    Lhlo,
}

/// Reads a line (with its CRLF).
pub(crate) fn parse(line: &[u8]) -> Result<Command, Reply> {
    let line = &*greeting(line);
    let text = line.strip_suffix(b"\r\n").and_then(|text| str::from_utf8(text).ok());
    let text = text.filter(|text| !text.contains(|c: char| c.is_control() && c != '\t'));
    let Some(text) = text else {
        return Err(replies::NOT_TEXT);
    };
    // smtp-proto skips spaces before a verb: then they must not hide one from us either.
    let text = text.trim_start_matches(' ');
    let (verb, rest) = text.split_once([' ', '\t']).unwrap_or((text, ""));
    let verb = verb.to_ascii_uppercase();
    match verb.as_str() {
        "MAIL" => mail(rest),
        "RCPT" => rcpt(rest),
        "BDAT" => Ok(bdat(rest)),
        // smtp-proto takes no notice of arguments here; RFC 5321, 4.1.1: 501.
        "DATA" | "STARTTLS" if !rest.trim().is_empty() => Err(replies::BAD_ARGUMENTS),
        "GET" | "POST" | "HEAD" | "PUT" | "DELETE" | "OPTIONS" | "CONNECT" | "PRI"
            if rest.contains("HTTP/") =>
        {
            Ok(Command::Http)
        }
        _ => other(&verb, line.trim_ascii_start()),
    }
}

/// A name in Latin-1 is no better reason to refuse mail than any other (RFC 5321, 4.1.4): it is read as well as it can
/// be. Anywhere else such bytes would be a guess at an address.
fn greeting(line: &[u8]) -> Cow<'_, [u8]> {
    let start = line.trim_ascii_start();
    let greets = start.get(..4).is_some_and(|verb| {
        [b"EHLO", b"HELO", b"LHLO"].iter().any(|known| verb.eq_ignore_ascii_case(*known))
    });
    if !greets || str::from_utf8(line).is_ok() {
        return Cow::Borrowed(line);
    }
    Cow::Owned(String::from_utf8_lossy(line).into_owned().into_bytes())
}

fn other(verb: &str, line: &[u8]) -> Result<Command, Reply> {
    match Request::parse(&mut line.iter()) {
        Ok(Request::Ehlo { host }) => named(Verb::Ehlo, &host),
        Ok(Request::Helo { host }) => named(Verb::Helo, &host),
        Ok(Request::Lhlo { host }) => named(Verb::Lhlo, &host),
        Ok(Request::Data) => Ok(Command::Data),
        Ok(Request::StartTls) => Ok(Command::StartTls),
        Ok(Request::Rset) => Ok(Command::Rset),
        Ok(Request::Noop { .. }) => Ok(Command::Noop),
        Ok(Request::Help { .. }) => Ok(Command::Help),
        Ok(Request::Vrfy { .. }) => Ok(Command::Vrfy),
        Ok(Request::Quit) => Ok(Command::Quit),
        Ok(
            Request::Auth { .. }
            | Request::Expn { .. }
            | Request::Etrn { .. }
            | Request::Atrn { .. }
            | Request::Burl { .. },
        ) => Err(replies::NOT_OFFERED),
        // These were read before they came here.
        Ok(Request::Mail { .. } | Request::Rcpt { .. } | Request::Bdat { .. }) => {
            Err(replies::BAD_ARGUMENTS)
        }
        Err(_) => Err(match verb {
            "EHLO" | "HELO" | "LHLO" => replies::NAME_MISSING,
            "AUTH" | "EXPN" | "ETRN" | "ATRN" | "BURL" => replies::NOT_OFFERED,
            "VRFY" => replies::BAD_ARGUMENTS,
            _ => replies::UNKNOWN_COMMAND,
        }),
    }
}

/// Where a chunk ends decides what is a command: no guess is made at its size.
fn bdat(rest: &str) -> Command {
    let mut words = rest.split_ascii_whitespace();
    let size = number(words.next().unwrap_or_default());
    match (size, words.next(), words.next()) {
        (Ok(chunk_bytes), None, _) => Command::Bdat { chunk_bytes, is_last: false },
        (Ok(chunk_bytes), Some(word), None) if word.eq_ignore_ascii_case("LAST") => {
            Command::Bdat { chunk_bytes, is_last: true }
        }
        _ => Command::BadBdat,
    }
}

/// Any name will do: RFC 5321, 4.1.4 forbids refusing mail because the name is not a good one, and
/// real machines are called `MY_PC`.
fn named(verb: Verb, host: &str) -> Result<Command, Reply> {
    let name = host.trim();
    if name.is_empty() {
        return Err(replies::NAME_MISSING);
    }
    Ok(Command::Hello(verb, name.to_owned()))
}

/// Splits `FROM:<path> parameters` (a space after the colon is common and harmless).
fn path<'a>(rest: &'a str, keyword: &str, bad: &Reply) -> Result<(Path, &'a str), Reply> {
    let rest = rest.trim_start();
    let said = rest.get(..keyword.len()).is_some_and(|word| word.eq_ignore_ascii_case(keyword));
    let after = if said { rest[keyword.len()..].trim_start().strip_prefix(':') } else { None };
    let Some(after) = after else {
        return Err(replies::BAD_ARGUMENTS);
    };
    match Path::parse(after.trim_start()) {
        Some((path, tail)) if tail.is_empty() || tail.starts_with([' ', '\t']) => Ok((path, tail)),
        _ => Err(bad.clone()),
    }
}

fn mail(rest: &str) -> Result<Command, Reply> {
    let (path, tail) = path(rest, "FROM", &replies::BAD_SENDER)?;
    if path.is_bare_postmaster() {
        return Err(replies::BAD_SENDER);
    }
    let (size, others) = take(tail, "SIZE=");
    let size_bytes = size.map(number).transpose()?.filter(|&size| size != 0);
    let bytes = &mut others.as_bytes().iter();
    let said = Rfc5321Parser::new(bytes).mail_from_parameters(Cow::Borrowed(""));
    let said = said.map_err(|error| refuse_parameter(&error))?;
    if !is_offered(&said) {
        return Err(replies::UNKNOWN_PARAMETER);
    }
    let has = |flag| said.flags & flag != 0;
    let smtputf8 = has(smtp_proto::MAIL_SMTPUTF8);
    if path.needs_smtputf8() && !smtputf8 {
        return Err(replies::SMTPUTF8_NEEDED);
    }
    let body = match (has(smtp_proto::MAIL_BODY_7BIT), has(smtp_proto::MAIL_BODY_8BITMIME)) {
        (true, true) => return Err(replies::BAD_ARGUMENTS),
        (_, true) => Body::EightBitMime,
        (_, false) => Body::SevenBit,
    };
    let ret = match (has(smtp_proto::MAIL_RET_FULL), has(smtp_proto::MAIL_RET_HDRS)) {
        (true, true) => return Err(replies::BAD_ARGUMENTS),
        (true, false) => Some(Ret::Full),
        (false, true) => Some(Ret::Headers),
        (false, false) => None,
    };
    let envid = said.env_id.map(Cow::into_owned);
    Ok(Command::Mail(MailFrom { path, size_bytes, body, smtputf8, ret, envid }))
}

/// smtp-proto knows parameters of extensions that the server does not offer.
fn is_offered(said: &smtp_proto::MailFrom<Cow<'_, str>>) -> bool {
    let offered = smtp_proto::MAIL_BODY_7BIT
        | smtp_proto::MAIL_BODY_8BITMIME
        | smtp_proto::MAIL_RET_FULL
        | smtp_proto::MAIL_RET_HDRS
        | smtp_proto::MAIL_SMTPUTF8;
    said.flags & !offered == 0
        && said.trans_id.is_none()
        && said.solicit.is_none()
        && said.mtrk.is_none()
        && said.auth.is_none()
        && said.hold_for == 0
        && said.hold_until == 0
        && said.mt_priority == 0
}

fn rcpt(rest: &str) -> Result<Command, Reply> {
    let (path, tail) = path(rest, "TO", &replies::BAD_RECIPIENT)?;
    if path.is_null() {
        return Err(replies::BAD_RECIPIENT);
    }
    let (orcpt, others) = take(tail, "ORCPT=");
    let orcpt = match orcpt {
        Some(value) => Some(original_recipient(value).ok_or(replies::BAD_ARGUMENTS)?),
        None => None,
    };
    let bytes = &mut others.as_bytes().iter();
    let said = Rfc5321Parser::new(bytes).rcpt_to_parameters(Cow::Borrowed(""));
    let said = said.map_err(|error| refuse_parameter(&error))?;
    let has = |flag| said.flags & flag != 0;
    if has(smtp_proto::RCPT_CONNEG)
        || has(smtp_proto::RCPT_RRVS_REJECT)
        || has(smtp_proto::RCPT_RRVS_CONTINUE)
    {
        return Err(replies::UNKNOWN_PARAMETER);
    }
    let notify = Notify {
        success: has(smtp_proto::RCPT_NOTIFY_SUCCESS),
        failure: has(smtp_proto::RCPT_NOTIFY_FAILURE),
        delay: has(smtp_proto::RCPT_NOTIFY_DELAY),
    };
    let never = has(smtp_proto::RCPT_NOTIFY_NEVER);
    if never && notify != Notify::default() {
        return Err(replies::BAD_ARGUMENTS);
    }
    let notify = (never || notify != Notify::default()).then_some(notify);
    Ok(Command::Rcpt(RcptTo { path, notify, orcpt }))
}

/// Takes the parameters that begin with `key` out of the others; the last one counts.
fn take<'a>(parameters: &'a str, key: &str) -> (Option<&'a str>, String) {
    let mut value = None;
    let mut others = String::with_capacity(parameters.len() + 2);
    for word in parameters.split_ascii_whitespace() {
        match word.split_at_checked(key.len()) {
            Some((head, tail)) if head.eq_ignore_ascii_case(key) => value = Some(tail),
            _ => {
                others.push_str(word);
                others.push(' ');
            }
        }
    }
    others.push_str("\r\n");
    (value, others)
}

/// Digits only; more than fit are simply very many. smtp-proto 0.2.5 counts differently: 21 digits
/// saturate, and then it begins anew from the last one.
fn number(digits: &str) -> Result<u64, Reply> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(replies::BAD_ARGUMENTS);
    }
    Ok(digits.parse().unwrap_or(u64::MAX))
}

fn refuse_parameter(error: &Error) -> Reply {
    match error {
        Error::UnsupportedParameter { .. } => replies::UNKNOWN_PARAMETER,
        _ => replies::BAD_ARGUMENTS,
    }
}

/// `addr-type;xtext` of RFC 3461, 4.2. The utf-8 form (RFC 6533, 3) escapes as `\x{…}`, which is
/// kept as it was said.
fn original_recipient(value: &str) -> Option<OriginalRecipient> {
    let (kind, address) = value.split_once(';')?;
    if kind.is_empty() || address.is_empty() {
        return None;
    }
    Some(OriginalRecipient { kind: kind.to_ascii_lowercase(), address: xtext(address)? })
}

/// Undoes `+HH`.
fn xtext(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut parts = text.split('+');
    bytes.extend_from_slice(parts.next()?.as_bytes());
    for part in parts {
        let digits = part.get(..2)?;
        bytes.push(u8::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))?);
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests;
