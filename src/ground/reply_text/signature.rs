//! Signatures and mobile footers at the end of what somebody wrote.
//!
//! Real answers look like signatures (an address, a date, a telephone number), so only what is marked as one is
//! taken: a container in HTML, the `-- ` line (RFC 3676, 4.3), a footer of a program, a closing with a name
//! under it, a mailing list's footer. Names without any of these stay in the text.

use super::{
    attribution::{has_address, has_date, has_time},
    footer::is_footer,
    header::is_rule,
    language::CLOSINGS,
    line::{Line, Mark},
};

/// Lines looked at for a delimiter, from the end.
const MAX_SIGNATURE_LINES: usize = 40;
/// Lines under a closing: name, function, company, street, town, telephone, site.
const MAX_CLOSING_LINES: usize = 10;

/// Where the signature of `lines[start..end]` begins, if it has one; only text lines are looked at.
pub(super) fn begins(
    lines: &[Line<'_>],
    start: usize,
    end: usize,
    author: Option<&str>,
) -> Option<usize> {
    let mut cut = end;
    for _ in 0..6 {
        let Some(earlier) = step(lines, start, cut, author) else {
            break;
        };
        cut = earlier;
    }
    (cut < end).then_some(cut)
}

/// One signature from the end: its first line.
fn step(lines: &[Line<'_>], start: usize, end: usize, author: Option<&str>) -> Option<usize> {
    let last = last_written(lines, start, end)?;
    if lines[last].mark == Mark::Signature {
        let first = (start..=last)
            .rev()
            .take_while(|&at| lines[at].mark == Mark::Signature || lines[at].is_blank())
            .last();
        return first;
    }
    if is_footer(&lines[last]) {
        return Some(last);
    }
    delimiter(lines, start, last)
        .or_else(|| list_footer(lines, start, last))
        .or_else(|| disclaimer(lines, start, last))
        .or_else(|| closing(lines, start, last))
        .or_else(|| author_block(lines, start, last, author?))
        .or_else(|| slash_name(lines, start, last))
}

fn last_written(lines: &[Line<'_>], start: usize, end: usize) -> Option<usize> {
    (start..end).rev().find(|&at| !lines[at].is_blank())
}

/// "-- " and what follows. A bare "--" is one too when what follows is as short as a signature.
fn delimiter(lines: &[Line<'_>], start: usize, last: usize) -> Option<usize> {
    let mut found = None;
    let mut written = 0;
    for at in (start..=last).rev() {
        let line = &lines[at];
        if line.is_blank() {
            continue;
        }
        let raw = line.raw.trim_start_matches(' ');
        let exact = raw == "-- " || raw == "--\u{a0}";
        let bare = raw.trim_end() == "--" || raw.trim_end() == "__";
        if exact || bare && written <= 15 && written > 0 || bare && found.is_none() && written == 0
        {
            found = Some(at);
        }
        written += 1;
        if written > MAX_SIGNATURE_LINES {
            break;
        }
    }
    found
}

/// A long rule of underscores (or a rule over an address) with a list's name or contact data below.
fn list_footer(lines: &[Line<'_>], start: usize, last: usize) -> Option<usize> {
    let mut written = 0;
    let mut contact = false;
    for at in (start..=last).rev() {
        let line = &lines[at];
        if line.is_blank() {
            continue;
        }
        if is_rule(line, 8) && line.content().trim().starts_with(['_', '—']) {
            return (contact && written <= 12).then_some(at);
        }
        if has_money(&line.folded) || line.folded.len() > 160 || written >= 12 {
            return None;
        }
        contact |= has_address(&line.folded)
            || line.folded.contains("http")
            || line.folded.contains("www.")
            || line.folded.contains("mailing list")
            || line.folded.bytes().filter(u8::is_ascii_digit).count() >= 8;
        written += 1;
    }
    None
}

fn has_money(folded: &str) -> bool {
    folded.contains(['€', '$', '£', '¥', '₺', '₽', '₪'])
        || ["eur", "usd", "chf", "gbp", "zł", "kč", "kr", "ft"]
            .iter()
            .any(|c| folded.split(' ').any(|w| w.trim_matches(|c: char| !c.is_alphabetic()) == *c))
            && folded.contains(|c: char| c.is_ascii_digit())
}

/// How a legal notice at the end begins.
#[rustfmt::skip]
const DISCLAIMERS: &[&str] = &[
    "disclaimer",
    "confidentiality notice",
    "this e-mail and any",
    "this email and any",
    "this message and any",
    "the information contained in this",
    "the information in this e",
    "this e-mail is confidential",
    "this email is confidential",
    "this email has been scanned",
    "this e-mail has been scanned",
    "please consider the environment",
    "think before you print",
    "ce message et toutes les pièces",
    "ce message est confidentiel",
    "ce courriel et",
    "ce message électronique",
    "pensez à l'environnement",
    "avis de confidentialité",
    "diese e-mail enthält vertrauliche",
    "diese e-mail kann vertrauliche",
    "der inhalt dieser e-mail ist",
    "bitte denken sie an die umwelt",
    "este mensaje y sus",
    "este mensaje va dirigido",
    "este correo electrónico",
    "aviso legal",
    "aviso de confidencialidad",
    "le informazioni contenute",
    "questo messaggio è",
    "informativa privacy",
    "avviso di riservatezza",
    "esta mensagem pode conter",
    "esta mensagem e",
    "este e-mail e",
    "aviso de confidencialidade",
    "dit bericht kan",
    "dit e-mailbericht",
    "de informatie in dit",
    "disclaimer:",
    "aquest missatge",
    "niniejsza wiadomość",
    "wiadomość ta",
    "tato zpráva",
    "denne e-mail",
    "denne meddelelse",
    "detta meddelande",
    "detta mail",
    "denne e-posten",
    "tämä viesti",
    "ez az üzenet",
    "acest mesaj",
    "bu e-posta",
    "bu mesaj",
    "το παρόν μήνυμα",
    "данное сообщение",
    "настоящее сообщение",
    "це повідомлення",
    "此邮件",
    "本邮件",
    "本メール",
    "このメールは",
    "본 메일은",
    "본 이메일",
    "هذه الرسالة",
    "هذا البريد",
    "הודעה זו",
    "virus-free. www",
    "libre de virus",
    "sans virus",
    "virenfrei",
    "privo di virus",
    "livre de vírus",
    "virusvrij",
    "без вирусов",
    "get your free",
    "this email was scanned",
];

fn disclaimer(lines: &[Line<'_>], start: usize, last: usize) -> Option<usize> {
    let mut found = None;
    let mut written = 0;
    for at in (start..=last).rev() {
        let line = &lines[at];
        if line.is_blank() {
            continue;
        }
        if written > 20 {
            break;
        }
        written += 1;
        let begin: String = line.content().trim().chars().take(60).collect();
        let begin = super::line::fold(&begin);
        let begins_paragraph =
            at == start || lines[at - 1].is_blank() || is_rule(&lines[at - 1], 3);
        if begins_paragraph && DISCLAIMERS.iter().any(|d| begin.starts_with(d)) {
            found = Some(if at > start && is_rule(&lines[at - 1], 3) { at - 1 } else { at });
        }
    }
    found
}

/// A closing on a line of its own with a name and contact data under it, up to the end.
fn closing(lines: &[Line<'_>], start: usize, last: usize) -> Option<usize> {
    let mut written = 0;
    for at in (start..=last).rev() {
        let line = &lines[at];
        if line.is_blank() {
            continue;
        }
        let words = line.folded.trim_matches(|c: char| !c.is_alphanumeric());
        if CLOSINGS.is(words) || CLOSINGS.is(line.folded.trim_end_matches([',', '.', '!'])) {
            return (written > 0).then_some(at);
        }
        if written >= MAX_CLOSING_LINES || !is_personal(line) {
            return None;
        }
        written += 1;
    }
    None
}

/// The author's own full name with contact data under it. A block announced by a colon ("Please send the invoice
/// to:") is content, whoever's it is.
fn author_block(lines: &[Line<'_>], start: usize, last: usize, author: &str) -> Option<usize> {
    let mut written = 0;
    let mut contact = false;
    for at in (start..=last).rev() {
        let line = &lines[at];
        if line.is_blank() {
            continue;
        }
        if line.folded == author && contact && author.contains(' ') {
            let above = (start..at).rev().find(|&i| !lines[i].is_blank())?;
            let announced = lines[above].folded.ends_with(':');
            return (!announced && lines[at - 1].is_blank()).then_some(at);
        }
        if written >= MAX_CLOSING_LINES || !is_personal(line) {
            return None;
        }
        contact |= has_address(&line.folded)
            || line.folded.contains("www.")
            || line.folded.contains("http")
            || line.folded.bytes().filter(u8::is_ascii_digit).count() >= 7;
        written += 1;
    }
    None
}

/// "/Anna" under a text, as people sign in Scandinavia.
fn slash_name(lines: &[Line<'_>], start: usize, last: usize) -> Option<usize> {
    let name = lines[last].content().trim().strip_prefix('/')?;
    let signs = name.starts_with(char::is_uppercase)
        && name.split(' ').count() <= 3
        && name.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-' || c == '.');
    (signs && last > start && lines[last - 1].is_blank()).then_some(last)
}

/// Could this line stand under a closing: a name, a firm, a street, a telephone number? Not a question, a moment or
/// a sentence.
fn is_personal(line: &Line<'_>) -> bool {
    let folded = &line.folded;
    let words = folded.split(' ').count();
    let sentence = folded.ends_with('.') && words > 6 || words > 14;
    let afterthought = ["ps", "p.s", "p.s.", "nb", "p. s."]
        .iter()
        .any(|p| folded.strip_prefix(p).is_some_and(|r| r.starts_with([':', ' ', '.'])));
    let phone = folded.bytes().filter(u8::is_ascii_digit).count() >= 7;
    let moment = !phone && (has_date(folded) || has_time(folded));
    !folded.is_empty()
        && folded.chars().count() <= 100
        && !(folded.ends_with(['?', ':'])
            || sentence
            || afterthought
            || moment
            || has_money(folded))
}
