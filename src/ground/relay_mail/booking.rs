//! Booking.com's relay: the reservation number is in the sender's address, the visitor's words stand between the line
//! that names them and the button, and the labels with their values follow.

use super::{
    Entry, KeyKind, OtaKey, RelayMail, answered,
    lines::{host, is_label, is_marker, joined, link, names, trimmed},
    within,
};
use crate::ground::{
    address::Address,
    conversation::{Channel, Side},
    letter::Letter,
};

/// The word on the button above the labels, for mails whose button lost its link. Shape cannot tell a button from
/// a visitor's last line.
const BUTTONS: [&str; 41] = [
    "reply",
    "respond",
    "antworten",
    "répondre",
    "rispondi",
    "responder",
    "contestar",
    "beantwoorden",
    "antwoorden",
    "reageren",
    "svar",
    "besvar",
    "besvara",
    "svara",
    "vastaa",
    "vasta",
    "atbildēt",
    "atsakyti",
    "odpowiedz",
    "odpovědět",
    "odpovedať",
    "odgovori",
    "odgovorite",
    "válasz",
    "válaszolok",
    "răspunde",
    "răspundeți",
    "respon",
    "yanıtla",
    "απάντηση",
    "ответить",
    "відповісти",
    "отговори",
    "返信",
    "返信する",
    "回复",
    "回覆",
    "답장",
    "답장하기",
    "رد",
    "השב",
];

pub(super) fn read(letter: &Letter) -> Option<RelayMail> {
    let author = letter.author()?;
    let own = letter.reply_to.iter().map(|mailbox| &mailbox.address);
    let answer_to = own.chain([&author.address]).find(|address| is_alias(address))?.clone();
    let number = reservation(&answer_to).or_else(|| reservation(&author.address));
    let text = letter.text();
    let lines = trimmed(&text);
    let shown = author.name.as_deref().and_then(|shown| visitor_name(shown, &lines));
    let name = shown.or_else(|| labelled_name(&lines, number.as_deref()));
    let frame = Frame::of(&lines, name.as_deref(), number.as_deref());
    let alias = OtaKey { kind: KeyKind::Alias, value: answer_to.to_string().to_lowercase() };
    let reservation = number.map(|value| OtaKey { kind: KeyKind::Reservation, value });
    // A visitor who answered by mail may have sent all of ours along.
    let (said, quoted) = match frame.sure {
        true => answered::cut(&frame.text),
        false => (frame.text, String::new()),
    };
    let quoted = (!quoted.is_empty()).then_some(quoted);
    let entry = |side, text| Entry { side, text, translated: None };
    Some(RelayMail {
        channel: Channel::Booking,
        keys: reservation.into_iter().chain([alias]).collect(),
        visitor_name: name,
        answer_to: Some(answer_to),
        link: page(&lines),
        message: entry(Side::Visitor, said),
        earlier: quoted.map(|text| entry(Side::Provider, text)).into_iter().collect(),
        sure: frame.sure,
    })
}

/// An address that reaches a visitor: `noreply@booking.com` and the like do not.
pub(super) fn is_alias(address: &Address) -> bool {
    let local = address.local();
    let numbered = local.split_once('-').is_some_and(|(number, _)| is_number(number));
    let named = local.rsplit_once('.').is_some_and(|(_, digits)| is_number(digits));
    match address.domain() {
        "mchat.booking.com" => numbered,
        "guest.booking.com" => numbered || named,
        _ => false,
    }
}

fn reservation(alias: &Address) -> Option<String> {
    let (number, _) = alias.local().split_once('-')?;
    is_number(number).then(|| number.to_owned())
}

fn is_number(text: &str) -> bool {
    text.len() >= 6 && text.bytes().all(|b| b.is_ascii_digit())
}

/// `Anna Muster via Booking.com` in any language: as much of what stands before or behind the brand as the text has,
/// which names the visitor at least once; else without the words that lead to the brand.
fn visitor_name(shown: &str, lines: &[&str]) -> Option<String> {
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    // ASCII alone is folded, so places in both are the same.
    let Some(at) = shown.to_ascii_lowercase().rfind("booking.com") else { return Some(shown) };
    let (before, behind) = (shown[..at].trim(), &shown[at + "booking.com".len()..]);
    // What leads to the brand may stand in its bracket.
    let opened = before.rfind(['(', '（', '[', '【']);
    let closed = |open: usize| before[open..].contains([')', '）', ']', '】']);
    let opened = opened.filter(|open| !closed(*open));
    let bracketed = opened.is_some();
    let before: Vec<&str> = before[..opened.unwrap_or(before.len())].split_whitespace().collect();
    let after: Vec<&str> = behind.split_whitespace().collect();
    let heads = (1..=before.len()).rev().map(|end| before[..end].join(" "));
    let tails = (0..after.len()).map(|from| after[from..].join(" "));
    let is_shown = |name: &String| lines.iter().any(|line| names(line, name));
    if let Some(name) = heads.chain(tails).find(is_shown) {
        return Some(name);
    }
    let leads = |word: &&str| !word.chars().any(char::is_uppercase);
    let words = match (bracketed, before.as_slice(), behind.is_empty()) {
        (true, all, _) => all,
        // "via", "a través de": at least one word, and names end with a capital where there are capitals.
        (_, [.., _], true) => lead_off(&before[..before.len() - 1], leads),
        // What leads to the brand may stand behind it.
        (_, [_, ..], false) => lead_off(&before, leads),
        // "Booking.com aracılığıyla Anna Muster": the first word belongs to the brand.
        (_, [], _) => after.get(1..).unwrap_or_default(),
    };
    (!words.is_empty()).then(|| words.join(" "))
}

/// Where the sender shows no name: the value of a label that the line above the visitor's words has too.
fn labelled_name(lines: &[&str], number: Option<&str>) -> Option<String> {
    let labels = labels_at(lines, None, number)?;
    let values = lines[labels..].iter().filter(|line| {
        line.chars().any(char::is_alphabetic)
            && !line.ends_with([':', '：'])
            && link(line).is_none()
    });
    let head = || lines[..labels].iter().take(12);
    let is_named =
        |value: &&&str| head().any(|line| names(line, value) && line.len() > value.len());
    values.copied().find(|value| is_named(&value)).map(str::to_owned)
}

/// Without the last words that are so; where all are, they are the name.
fn lead_off<'a, 'b>(words: &'b [&'a str], leads: impl Fn(&&str) -> bool) -> &'b [&'a str] {
    words.iter().rposition(|word| !leads(word)).map_or(words, |last| &words[..=last])
}

fn own_link(line: &str) -> Option<&str> {
    link(line).filter(|link| within(host(link), &["booking.com"]))
}

/// The Extranet's page of the conversation, its link put together again: it is wrapped at 72 columns.
fn page(lines: &[&str]) -> Option<String> {
    let at = lines
        .iter()
        .position(|line| own_link(line).is_some_and(|link| host(link).starts_with("admin.")))?;
    let mut whole = own_link(lines[at])?.to_owned();
    if lines[at].ends_with(&whole) {
        let more =
            lines[at + 1..].iter().take_while(|line| !line.is_empty() && !line.contains(' '));
        whole.extend(more.flat_map(|line| line.chars().take_while(|c| !"])>".contains(*c))));
    }
    Some(whole)
}

/// The visitor's words without what stands around them.
struct Frame {
    text: String,
    sure: bool,
}

impl Frame {
    fn of(lines: &[&str], name: Option<&str>, number: Option<&str>) -> Frame {
        let lines = match lines.iter().take(6).position(|line| is_marker(line)) {
            Some(marker) => &lines[marker + 1..],
            None => lines,
        };
        let labels = labels_at(lines, name, number);
        let head = &lines[..labels.unwrap_or(lines.len())];
        let begin = begin(head, name, number);
        let said = &head[begin.unwrap_or(0)..];
        let (end, button) = end(said, labels.is_some());
        let text = joined(&said[..end]);
        // A frame that leaves nothing was not the frame.
        if text.is_empty() {
            return Frame { text: joined(lines), sure: false };
        }
        Frame { text, sure: begin.is_some() && (button || labels.is_some()) }
    }
}

/// Where the labels begin: the last run of `label:` and value, one value of which is the visitor or the reservation; a
/// run before it is the visitor's own.
fn labels_at(lines: &[&str], name: Option<&str>, number: Option<&str>) -> Option<usize> {
    let is_pair = |at: usize| {
        let label = lines[at].ends_with([':', '：']) && lines[at].chars().count() <= 60;
        label && lines.get(at + 1).is_some_and(|value| !value.is_empty())
    };
    let known = |value: &str| {
        [name, number].into_iter().flatten().any(|wanted| value.eq_ignore_ascii_case(wanted))
    };
    let (mut last, mut first) = (None, 0);
    while first < lines.len() {
        let (mut at, mut pairs, mut found) = (first, 0, false);
        while at + 1 < lines.len() && is_pair(at) {
            found |= known(lines[at + 1]);
            pairs += 1;
            at += 2;
            while lines.get(at).is_some_and(|line| line.is_empty()) {
                at += 1;
            }
        }
        if pairs >= 3 && found {
            last = Some(first);
        }
        first = at.max(first + 1);
    }
    last
}

/// Behind the line that says who wrote: the first with the name and a colon, else the last of the first lines that
/// name the visitor or the reservation.
fn begin(lines: &[&str], name: Option<&str>, number: Option<&str>) -> Option<usize> {
    let names = |line: &str| name.is_some_and(|name| names(line, name));
    let wrote = lines.iter().take(12).position(|line| names(line) && line.ends_with([':', '：']));
    let named = lines.iter().take(12).position(|line| names(line));
    let numbered =
        lines.iter().take(12).position(|line| number.is_some_and(|number| line.contains(number)));
    wrote.or(named.max(numbered)).map(|at| at + 1)
}

/// The end of the visitor's words: the button, known by the link to Booking.com behind or in it. They may have links to
/// Booking.com of their own above it; between the button and the labels there are none. Whether it is sure.
fn end(said: &[&str], has_labels: bool) -> (usize, bool) {
    let is_button =
        |line: &str| own_link(line).is_some_and(|link| host(link).starts_with("admin."));
    let is_own = |line: &str| own_link(line).is_some();
    let [first_button, last_button, first_own, last_own] = [
        said.iter().position(|line| is_button(line)),
        said.iter().rposition(|line| is_button(line)),
        said.iter().position(|line| is_own(line)),
        said.iter().rposition(|line| is_own(line)),
    ];
    let linked = match has_labels {
        true => last_button.or(last_own.filter(|at| stands_last(&said[*at + 1..]))),
        // What stands at the foot of the mail has links too.
        false => first_button.or(first_own),
    };
    let Some(linked) = linked else {
        let word = |line: &&str| is_button_word(line);
        return said.iter().rposition(word).map_or((said.len(), false), |at| (at, true));
    };
    let sure = has_labels || first_button.is_some() || first_own == last_own;
    if !said[linked].trim_start_matches(['[', '<', '(']).starts_with("http") {
        return (linked, sure);
    }
    // The link stands on a line of its own: the button's label is the one before it.
    match said[..linked].split_last() {
        Some((label, _)) if is_label(label) => (linked - 1, sure),
        Some((blank, [.., label])) if blank.is_empty() && is_button_word(label) => {
            (linked - 2, sure)
        }
        _ => (linked, sure),
    }
}

/// Behind the button's link there is at most the heading of the labels; where more follows, the link was the visitor's.
fn stands_last(behind: &[&str]) -> bool {
    let behind = behind.iter().skip_while(|line| !line.is_empty());
    behind.filter(|line| !line.is_empty()).count() <= 1
}

fn is_button_word(line: &str) -> bool {
    BUTTONS.contains(&line.to_lowercase().as_str())
}
