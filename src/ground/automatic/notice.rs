//! Recipients of a bounce told in words: the notices of mail servers that send no report.
//!
//! No pattern per server but the forms they share: a label before the address, an address that opens a line
//! below a sentence about failure, an SMTP dialogue, a sentence. The strongest form found wins; everything
//! after the border of the returned letter is that letter's.

use std::cell::OnceCell;

use super::{
    bounce::{Action, BouncedRecipient, class_of},
    fold::fold,
    notice_words::{
        ARRIVED, BORDERS, DECORATED, DELAYED, FAILING, FIRST_PERSON, LABELS, LEADS, MORE, OTHERS,
        REFUSED, RELAYED,
    },
    scan::{Found, addresses},
    status, templates,
};
use crate::ground::{address::Address, html, letter::Letter};

/// So much of a notice is read; what comes later is the returned letter.
const MAX_LINES: usize = 400;
const MAX_LINE: usize = 2000;
const MAX_RECIPIENTS: usize = 100;

/// What a notice says.
pub(super) struct Notice {
    /// The recipients named.
    pub(super) recipients: Vec<BouncedRecipient>,
    /// The text after the border: the returned letter or its header.
    pub(super) returned: String,
    action: Action,
    words: String,
    /// The status the words tell as a whole, transient and permanent. Looked for once: a report may name thousands.
    told: [OnceCell<String>; 2],
}

impl Notice {
    /// A recipient known from elsewhere, with what this notice says.
    pub(super) fn recipient(&self, address: &str) -> BouncedRecipient {
        BouncedRecipient {
            address: address.to_owned(),
            final_address: None,
            action: self.action,
            status: Some(self.status("", self.action)),
            diagnostic: None,
            remote_mta: None,
        }
    }

    /// What became of a recipient: by what is said of it, else by everything that is said.
    pub(super) fn status(&self, said: &str, action: Action) -> String {
        let class = class_of(action);
        if class == 2 {
            let code = status::enhanced(said).filter(|code| code.starts_with('2'));
            return code.unwrap_or_else(|| "2.0.0".to_owned());
        }
        let own = status::of_text(said, class);
        if !own.ends_with(".0.0") {
            return own;
        }
        let told = &self.told[usize::from(class == 5)];
        let told = told.get_or_init(|| status::of_text(&self.words, class));
        if told.ends_with(".0.0") { own } else { told.clone() }
    }

    /// "My message could not be delivered. Do you know the right address?": a person in a server's words.
    pub(super) fn is_told(&self) -> bool {
        // The subject may be that of the letter which came back.
        let own = self.words.split_once('\n').map_or("", |(_, text)| text);
        let folded = fold(own, 2000);
        let mine = |phrase: &&str| {
            folded.match_indices(*phrase).any(|(at, _)| {
                let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                !word(folded[..at].chars().next_back())
                    && !word(folded[at + phrase.len()..].chars().next())
            })
        };
        FIRST_PERSON.iter().any(mine) || templates::asks(own)
    }

    /// The recipients of a certain bounce that names them in no form we know: the one address that is nobody's else, or
    /// several that open their lines. Covers the languages without rows.
    pub(super) fn left_over(&self, letter: &Letter) -> Vec<BouncedRecipient> {
        let others = Others::of(letter);
        let mut found: Vec<(String, bool)> = Vec::new();
        for line in self.words.lines().skip(1) {
            for address in addresses(line) {
                let known = found.iter().any(|(f, _)| f.eq_ignore_ascii_case(address.text));
                if known || !others.may_be(address.text) || found.len() >= MAX_RECIPIENTS {
                    continue;
                }
                let opens = !line[..address.start].contains(char::is_alphanumeric);
                found.push((address.text.to_owned(), opens));
            }
        }
        let sole = found.len() == 1;
        found
            .into_iter()
            .filter(|(_, opens)| sole || *opens)
            .map(|(a, _)| self.recipient(&a))
            .collect()
    }
}

/// Addresses in a notice that are hardly the recipient's.
struct Others {
    own: Vec<String>,
    sent_to: Vec<String>,
}

impl Others {
    fn of(letter: &Letter) -> Self {
        let own = letter.from.iter().chain(&letter.sender).chain(&letter.reply_to);
        Others {
            own: own.map(|m| m.address.folded()).collect(),
            sent_to: letter.recipients().map(Address::folded).collect(),
        }
    }

    fn may_be(&self, address: &str) -> bool {
        let lower = address.to_lowercase();
        !self.own.contains(&lower) && !self.sent_to.contains(&lower) && !is_daemon(&lower)
    }
}

/// Those who answer for a server.
fn is_daemon(lower: &str) -> bool {
    ["postmaster@", "mailer-daemon@", "abuse@", "mailmaster@", "support@"]
        .iter()
        .any(|d| lower.starts_with(d))
}

/// How an address stands in its line; the smaller, the surer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Named,
    Dialogue,
    Sentence,
    Addressee,
}

/// Reads a notice.
pub(super) fn read(letter: &Letter) -> Notice {
    let text = text_lines(letter);
    let lines: Vec<&str> = text.lines().take(MAX_LINES).map(|l| clipped(l.trim_end())).collect();
    let folded: Vec<String> = lines.iter().map(|l| fold(l, MAX_LINE)).collect();
    let border =
        (0..lines.len()).find(|i| is_border(lines[*i], &folded[*i])).unwrap_or(lines.len());
    let words = format!("{}\n{}", letter.subject, lines[..border].join("\n"));
    // MailEnable leaves it open, and means failed.
    let told = fold(&words, 20_000).replace("delayed or failed", "failed");
    let action = told_action(&told);
    let mut notice = Notice {
        recipients: Vec::new(),
        returned: lines[border.min(lines.len())..].join("\n"),
        action,
        words,
        told: Default::default(),
    };
    let sections = sections(&folded[..border]);
    let mixed = sections.iter().flatten().any(|action| arrived(*action));
    let found = candidates(letter, &lines[..border], &folded[..border], &sections);
    let best = found.iter().map(|(form, ..)| *form).min();
    for (form, address, diagnostic, at) in found {
        let known = notice.recipients.iter().any(|r| r.address.eq_ignore_ascii_case(&address));
        if Some(form) == best && !known && notice.recipients.len() < MAX_RECIPIENTS {
            let action = fate(action, sections[at].filter(|_| mixed), &diagnostic);
            let mut recipient = notice.recipient(&address);
            recipient.action = action;
            recipient.status = Some(notice.status(&diagnostic, action));
            recipient.diagnostic = Some(diagnostic).filter(|d| !d.is_empty());
            notice.recipients.push(recipient);
        }
    }
    if let [only] = notice.recipients.as_mut_slice()
        && only.diagnostic.as_deref().is_none_or(|said| status::enhanced(said).is_none())
        && let Some(code) = status::enhanced(&notice.words)
        && code.as_bytes()[0] == b'0' + class_of(only.action)
    {
        // Exchange Online says in words what it thinks first, the other server's answer far below.
        only.status = Some(code);
    }
    if notice.recipients.is_empty() {
        notice.recipients = in_subject(letter, &notice);
    }
    if notice.recipients.is_empty() {
        notice.recipients = bare_names(letter, &lines[..border], &folded[..border], &notice);
    }
    notice
}

/// What the words as a whole tell of.
fn told_action(told: &str) -> Action {
    let says = |words: &[&str]| words.iter().any(|w| told.contains(w));
    // Of several recipients, some arrived: of those not told apart nothing is known but that one did not.
    let refused = says(REFUSED);
    if refused && says(RELAYED) {
        Action::Failed
    } else if says(RELAYED) {
        Action::Relayed
    } else if says(DELAYED) {
        Action::Delayed
    } else if says(ARRIVED) && !refused {
        Action::Delivered
    } else {
        Action::Failed
    }
}

/// What the sentence that leads to each line tells of: a notice may tell of several recipients, each below its own sentence.
fn sections(folded: &[String]) -> Vec<Option<Action>> {
    let mut now = None;
    let mut found = Vec::with_capacity(folded.len());
    for (at, line) in folded.iter().enumerate() {
        // A sentence may go on below.
        let next = folded.get(at + 1).map_or("", String::as_str);
        let both = format!("{line} {next}");
        let says = |words: &[&str]| {
            words.iter().any(|w| both.match_indices(w).any(|(begins, _)| begins < line.len()))
        };
        if says(RELAYED) {
            now = Some(Action::Relayed);
        } else if says(ARRIVED) {
            now = Some(Action::Delivered);
        } else if says(DELAYED) {
            now = Some(Action::Delayed);
        } else if says(REFUSED)
            && !line.contains('@')
            && (line.ends_with(':') || next.ends_with(':'))
        {
            // What another server answered in such words leads to nobody else.
            now = Some(Action::Failed);
        }
        found.push(now);
    }
    found
}

fn arrived(action: Action) -> bool {
    matches!(action, Action::Delivered | Action::Relayed)
}

/// What became of one recipient, by the notice as a whole, its own sentence and what is said of it. What another server
/// refused with its code never arrived, whatever the sentence above says.
fn fate(whole: Action, section: Option<Action>, said: &str) -> Action {
    let action = section.unwrap_or(whole);
    if !arrived(action) {
        return action;
    }
    let said = said.replace("relay", "");
    let status = status::of_text(&said, 5);
    let refused = REFUSED.iter().any(|w| fold(&said, MAX_LINE).contains(w));
    match status.as_bytes().first() {
        Some(b'4') => Action::Delayed,
        Some(b'5') if refused || !status.ends_with(".0.0") && !said.contains("250 ") => {
            Action::Failed
        }
        _ => action,
    }
}

/// The text with its lines as they stand: some servers send bare lines under the name of HTML, and what opens
/// a line matters here.
fn text_lines(letter: &Letter) -> String {
    let plain = letter.plain.as_deref().filter(|p| !p.trim().is_empty());
    let Some(html) = letter.html.as_deref().filter(|_| plain.is_none()) else {
        return letter.text();
    };
    let mut out = String::with_capacity(html.len());
    let mut hidden = false;
    for piece in html.split('<') {
        let (tag, text) = piece.split_once('>').unwrap_or(("", piece));
        let name: String = tag
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '/')
            .flat_map(char::to_lowercase)
            .collect();
        match name.trim_end_matches('/') {
            "br" | "p" | "/p" | "div" | "/div" | "tr" | "/tr" | "li" | "td" | "h1" | "h2"
            | "h3" | "pre" | "/pre" | "table" => out.push('\n'),
            "style" | "script" | "head" | "title" => hidden = true,
            "/style" | "/script" | "/head" | "body" => hidden = false,
            _ => {}
        }
        if !hidden {
            out.push_str(text);
        }
    }
    html::unescape(&out).replace('\u{a0}', " ")
}

fn clipped(line: &str) -> &str {
    line.char_indices().nth(MAX_LINE).map_or(line, |(at, _)| &line[..at])
}

/// The last characters of what stands before an address: a label is no longer than that.
fn tail(before: &str) -> &str {
    before.char_indices().rev().nth(120).map_or(before, |(at, _)| &before[at..])
}

fn is_border(line: &str, folded: &str) -> bool {
    let decoration = line.trim_start().chars().take_while(|c| "-=*_|~#+".contains(*c)).count();
    // A header field at column 0 that only a letter has: some servers return it without any border.
    let field = [
        "received:",
        "return-path:",
        "dkim-signature:",
        ">return-path:",
        ">received:",
        "x-received:",
    ];
    BORDERS.iter().any(|b| folded.contains(b))
        || (decoration >= 2
            && DECORATED.iter().any(|d| folded.contains(d))
            // Gmail's headline: "** Nachricht blockiert **".
            && !(line.starts_with("** ") && line.ends_with(" **"))
            && !folded.contains("transcript"))
        || field.iter().any(|f| folded.starts_with(f)) && !line.starts_with(' ')
}

/// Every address that may be a recipient, with its form, what is said about it and its line.
fn candidates(
    letter: &Letter,
    lines: &[&str],
    folded: &[String],
    sections: &[Option<Action>],
) -> Vec<(Form, String, String, usize)> {
    let others = Others::of(letter);
    // Once a line, not once an address: a notice may hold thousands of addresses.
    let fails: Vec<bool> = folded.iter().map(|l| FAILING.iter().any(|f| l.contains(f))).collect();
    let mut found = Vec::new();
    let (mut lead, mut by) = (false, false);
    let mut unsaid = 0;
    for (at, line) in lines.iter().enumerate() {
        if folded[at].is_empty() {
            continue;
        }
        // Exim: "A message sent by", the author on a line of its own, "could not be delivered".
        if std::mem::replace(&mut by, folded[at].ends_with("sent by")) {
            continue;
        }
        let here = addresses(line);
        if here.is_empty() {
            // A lead holds for a few lines: "… following recipients:", a blank, a rule, then the addresses.
            let leads = LEADS.iter().any(|l| folded[at].contains(l));
            unsaid = if leads { 0 } else { unsaid + 1 };
            lead = leads || (lead && unsaid < 5);
            continue;
        }
        let sentence = fails[at.saturating_sub(1)..(at + 2).min(fails.len())].contains(&true);
        let mut listed: Option<(Form, usize)> = None;
        for address in here {
            let lower = address.text.to_lowercase();
            let daemon = is_daemon(&lower);
            // "could not be delivered to: a@b.example, c@d.example": the second stands as the first does.
            let as_first = listed.filter(|(_, end)| is_list_gap(&line[*end..address.start]));
            let found_form = as_first.map(|(form, _)| form);
            let Some(form) = found_form.or_else(|| form(line, &address, lead, sentence)) else {
                continue;
            };
            listed = Some((form, address.end));
            if others.own.contains(&lower)
                || (daemon && form != Form::Named)
                || (!matches!(form, Form::Named | Form::Addressee)
                    && others.sent_to.contains(&lower))
            {
                continue;
            }
            let said = diagnostic(&address, own_section(lines, sections, at), at);
            found.push((form, address.text.to_owned(), said, at));
        }
        lead = lead || LEADS.iter().any(|l| folded[at].contains(l));
        unsaid = 0;
    }
    found
}

/// The lines up to the sentence that tells of others, below one that tells of who got it.
fn own_section<'l, 't>(
    lines: &'l [&'t str],
    sections: &[Option<Action>],
    at: usize,
) -> &'l [&'t str] {
    if !sections[at].is_some_and(arrived) {
        return lines;
    }
    let others = (at..lines.len()).find(|below| sections[*below] != sections[at]);
    &lines[..others.unwrap_or(lines.len())]
}

/// What stands between two addresses of one list.
fn is_list_gap(between: &str) -> bool {
    between.contains([',', ';'])
        && between.chars().all(|c| ",;<>\"' ".contains(c))
        && between.matches([',', ';']).count() == 1
}

fn form(line: &str, address: &Found<'_>, lead: bool, sentence: bool) -> Option<Form> {
    let before = fold(tail(&line[..address.start]), MAX_LINE);
    let before = before.trim_end_matches(['<', '"', '\'', '[', '(', ' ', '-', '*', '>', '=']);
    let opened = before.trim_start_matches(|c: char| !c.is_alphanumeric()).is_empty();
    let after = line[address.end..].trim_start_matches(['>', '"', '\'', ']', ')']);
    let label = before.trim_end_matches(':').trim_end();
    if ["to", "a", "an", "para", "aan", "do", "til", "till", "komu", "кому", "收件人"]
        .contains(&label)
        && before.ends_with(':')
    {
        // "To:" of the message that is told about: good only when nothing better is said. Its line alone may
        // also be the end of "could not be delivered to:".
        return Some(Form::Addressee);
    }
    if before.ends_with("rcpt to:") {
        return Some(Form::Dialogue);
    }
    if label.ends_with("expanded from") || label.ends_with("generated from") {
        return Some(Form::Named);
    }
    if OTHERS.iter().any(|o| {
        before.ends_with(o)
            && (before.len() == o.len()
                || !before[..before.len() - o.len()].ends_with(char::is_alphanumeric))
    }) {
        return None;
    }
    let labelled = LABELS.iter().any(|l| label.ends_with(l))
        || (before.ends_with(':')
            && label.len() < 60
            && FAILING.iter().any(|f| label.contains(f))
            && !label.contains(['4', '5']));
    if labelled && !label.contains("send") && !label.ends_with("reply-to") {
        return Some(Form::Named);
    }
    // "550 5.1.1 <a@b.example>... User unknown", "<<< 550 <a@b.example>, User unknown"
    if !label.is_empty()
        && label.len() < 16
        && label.starts_with(['4', '5', '<'])
        && !label.contains(char::is_alphabetic)
    {
        return Some(Form::Dialogue);
    }
    if opened {
        let after_folded = fold(after, 200);
        let ends = !after.contains(char::is_alphanumeric) || after.starts_with([':', ';', ',']);
        let told = FAILING.iter().any(|f| after_folded.contains(f))
            || after.trim_start().starts_with(['(', '.', '-', ':', '[', '<'])
            || after_folded.starts_with("on ");
        // An indented continuation "<a@b>... User unknown" of another recipient's text is in the dialogue.
        let continued = line.starts_with([' ', '\t']) && after.starts_with("...");
        // "<a@b.example>: 551 5.1.6 User has moved": the other server's answer needs no lead, nor does Postfix' own form.
        let answered = after.starts_with([':', ',']) && status::opens(after[1..].trim_start())
            || line.starts_with('<') && line[address.end..].starts_with(">: ");
        if answered || after.trim() == ":" || ((ends || told) && lead && !continued) {
            return Some(Form::Named);
        }
    }
    sentence.then_some(Form::Sentence)
}

/// What is said about an address: the rest of its line and the lines up to a blank one or the next recipient. Some
/// servers put the other one's answer after a blank line, below a line that announces it.
fn diagnostic(address: &Found<'_>, lines: &[&str], at: usize) -> String {
    let rest = lines[at][address.end..]
        .trim_start_matches(['>', '"', '\'', ']', ')', ':', ';', ',', ' ', '.']);
    let mut said = vec![rest.trim()];
    for (below, line) in lines[at + 1..].iter().take(12).enumerate() {
        let next = line.trim();
        let goes_on = || {
            let next = lines[at + below + 2..].iter().map(|l| l.trim()).find(|l| !l.is_empty());
            next.map(|next| fold(next, MAX_LINE))
                .is_some_and(|n| MORE.iter().any(|m| n.starts_with(m)))
        };
        // Another recipient's line: an address with nothing but a bullet or a reply code before it.
        let opens = addresses(next).first().is_some_and(|other| {
            !other.text.eq_ignore_ascii_case(address.text)
                && !next[..other.start].contains(char::is_alphabetic)
        });
        if opens || (next.is_empty() && said.iter().any(|s| !s.is_empty()) && !goes_on()) {
            break;
        }
        said.push(next);
    }
    said.join(" ").split_whitespace().collect::<Vec<_>>().join(" ").chars().take(500).collect()
}

/// "Undeliverable: a@b.example", "Warning: a@b.example - User unknown!".
fn in_subject(letter: &Letter, notice: &Notice) -> Vec<BouncedRecipient> {
    let sent_to: Vec<String> = letter.recipients().map(Address::folded).collect();
    addresses(&letter.subject)
        .iter()
        .filter(|a| {
            !sent_to.contains(&a.text.to_lowercase())
                && !letter.subject[..a.start].trim_end_matches('<').ends_with("from ")
        })
        .map(|a| notice.recipient(a.text))
        .collect()
}

/// AOL names mailboxes without their domain, which is then the notice's own.
fn bare_names(
    letter: &Letter,
    lines: &[&str],
    folded: &[String],
    notice: &Notice,
) -> Vec<BouncedRecipient> {
    let Some(author) = letter.author() else {
        return Vec::new();
    };
    let word = |l: &str| {
        let l = l.trim().trim_matches(['<', '>', '"']);
        let named = !l.is_empty()
            && l.len() < 40
            && l.chars().all(|c| c.is_ascii_alphanumeric() || "._-+".contains(c));
        named.then(|| l.to_owned())
    };
    let mut found = Vec::new();
    let mut lead = false;
    for (line, folded) in lines.iter().zip(folded) {
        if folded.is_empty() {
            continue;
        }
        match word(line) {
            Some(name) if lead && line.starts_with([' ', '\t']) => {
                found.push(notice.recipient(&format!("{name}@{}", author.address.domain())));
            }
            _ => {
                lead = (folded.ends_with(':')
                    && ["deliver", "recipient", "following", "accept", "because"]
                        .iter()
                        .any(|w| folded.contains(w)))
                    || (lead && !folded.ends_with('.'));
            }
        }
    }
    found
}
