//! Airbnb's relay: the link of the hosting thread is the conversation, the reply address changes with every mail, and
//! the visitor is a first name. Messages stand between their author's name and the button, newest first; a
//! translation stands above its original.

use super::{
    AIRBNB, Entry, KeyKind, OtaKey, RelayMail,
    lines::{host, is_label, joined, link, same, trimmed},
    roles, within,
};
use crate::ground::{
    address::{Address, Mailbox},
    conversation::{Channel, Side},
    language,
    letter::Letter,
};

/// What the line between a translation and its original has in it; the line is two sentences and ends with a colon.
const TRANSLATED: [&str; 34] = [
    "translated",
    "übersetzt",
    "traduit",
    "traduction",
    "traduzione",
    "tradotto",
    "traducción",
    "traducido",
    "traducció",
    "traduït",
    "tradução",
    "traduzid",
    "tradus",
    "vertaald",
    "översatt",
    "oversat",
    "käännet",
    "tõlgitud",
    "tulkots",
    "išversta",
    "przetłumacz",
    "přelož",
    "prelož",
    "preveden",
    "fordít",
    "çevril",
    "μεταφρ",
    "перевед",
    "перекладен",
    "преведен",
    "翻訳",
    "翻译",
    "翻譯",
    "번역",
];

pub(super) fn read(letter: &Letter) -> Option<RelayMail> {
    let text = letter.text();
    let lines = trimmed(&text);
    let threads: Vec<(usize, &str, String)> = lines
        .iter()
        .enumerate()
        .filter_map(|(at, line)| {
            let link = link(line).filter(|link| within(host(link), &AIRBNB))?;
            Some((at, link.split('?').next().unwrap_or(link), thread_number(link)?))
        })
        .collect();
    let reply = letter.reply_to.iter().find(|mailbox| is_reply_address(&mailbox.address));
    // The button is the last: what stands above it are people's words, and they may have links of their own.
    let Some((at, link, number)) = threads.last().cloned() else {
        return unlinked(letter, &lines, reply?);
    };
    let is_one = threads.iter().all(|(_, _, other)| *other == number);
    // A confirmation links to the thread too, but nobody speaks in it.
    let template = letter.header("X-Template").unwrap_or_default().to_lowercase();
    if template.contains("confirmation") || (reply.is_none() && !is_inquiry(letter, &lines[..at])) {
        return None;
    }
    let mut body = &lines[..at];
    if lines[at].trim_start_matches(['[', '<', '(']).starts_with("http")
        && let Some((label, above)) = body.split_last()
        && (is_label(label) || label.contains(" / "))
    {
        body = above;
    }
    let shown =
        reply.and_then(|mailbox| mailbox.name.as_deref()).map(|name| first_name(name, body));
    // Only a first question says what is known of the person; in others a line like that is somebody's own.
    let first = if reply.is_none() { inquirer(body) } else { None };
    let (facts, asking) = first.unzip();
    let name = shown.or(asking);
    let home = home(letter);
    let (message, earlier, framed) = match facts {
        Some(facts) => (entry(Side::Visitor, &body[facts + 1..], home), Vec::new(), true),
        None => entries(body, name.as_deref(), home),
    };
    if !speaks(letter, body, name.as_deref()) {
        return None;
    }
    let alias = reply.map(|mailbox| mailbox.address.clone());
    Some(RelayMail {
        channel: Channel::Airbnb,
        keys: vec![OtaKey { kind: KeyKind::Thread, value: number }],
        visitor_name: name,
        answer_to: alias,
        link: Some(link.to_owned()),
        message,
        earlier,
        sure: framed && is_one,
    })
}

/// Whoever can be answered speaks, also where the link of the thread was lost on the way. The HTML may still have it;
/// else the mail is a conversation of its own, for two visitors of one name must never become one.
fn unlinked(letter: &Letter, lines: &[&str], reply: &Mailbox) -> Option<RelayMail> {
    if letter.header("X-Template").unwrap_or_default().to_lowercase().contains("confirmation") {
        return None;
    }
    let html = letter.html.as_deref().unwrap_or_default();
    let links = html.split(['"', '\'', '<', '>', ' ']).filter(|word| within(host(word), &AIRBNB));
    let mut numbers: Vec<String> = links.filter_map(thread_number).collect();
    numbers.dedup();
    let name = reply.name.as_deref().map(|name| first_name(name, lines));
    if !speaks(letter, lines, name.as_deref()) {
        return None;
    }
    let (message, earlier, _) = entries(lines, name.as_deref(), home(letter));
    let thread = numbers.pop().filter(|_| numbers.is_empty());
    let key = match &thread {
        Some(number) => OtaKey { kind: KeyKind::Thread, value: number.clone() },
        None => OtaKey { kind: KeyKind::Alias, value: reply.address.to_string().to_lowercase() },
    };
    Some(RelayMail {
        channel: Channel::Airbnb,
        keys: vec![key],
        visitor_name: name,
        answer_to: Some(reply.address.clone()),
        link: thread.map(|number| format!("https://www.airbnb.com/hosting/thread/{number}")),
        message,
        earlier,
        sure: false,
    })
}

pub(super) fn is_reply_address(address: &Address) -> bool {
    address.domain() == "reply.airbnb.com"
}

/// `…/hosting/thread/<digits>`; the older form is `…/messaging/<digits>`.
fn thread_number(link: &str) -> Option<String> {
    let rest = ["/hosting/thread/", "/hosting/messages/", "/messaging/"]
        .iter()
        .find_map(|path| link.split_once(path).map(|(_, rest)| rest))?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    (digits.len() >= 4).then_some(digits)
}

/// `Anna (Airbnb)`: only the first name is ever given, and only that is kept. Where it has several words, Airbnb writes
/// them all above theirs.
fn first_name(shown: &str, body: &[&str]) -> String {
    let name = shown.split(['(', '（']).next().unwrap_or(shown).trim();
    let name = if name.is_empty() { shown } else { name };
    if body.iter().any(|line| same(line, name)) {
        return name.to_owned();
    }
    name.split_whitespace().next().unwrap_or(name).to_owned()
}

/// Which language the mail is written in: the house's.
fn home(letter: &Letter) -> Option<&str> {
    letter.header("X-Locale").and_then(|locale| locale.trim().get(..2))
}

/// Does somebody speak? Airbnb tells the same people of bookings, changes and arrivals, from the same addresses and with
/// the same link. A mail says what it is, or shows in what role whoever wrote it did.
fn speaks(letter: &Letter, body: &[&str], name: Option<&str>) -> bool {
    let said = |name: &str| letter.header(name).unwrap_or_default().to_lowercase();
    let template = said("X-Template");
    template.is_empty()
        || ["messag", "inquir"].iter().any(|word| template.contains(word))
        || said("X-Category") == "message"
        || inquirer(body).is_some()
        || (0..body.len()).any(|at| {
            let below = body[at + 1..].iter().find(|line| !line.is_empty());
            name.is_some_and(|name| same(body[at], name))
                && below.is_some_and(|line| roles::is_visitor(line))
        })
}

/// A first question: Airbnb gives it no reply address, but says what it knows of the person below the name.
fn is_inquiry(letter: &Letter, body: &[&str]) -> bool {
    let said = |name: &str| letter.header(name).unwrap_or_default().to_lowercase();
    said("X-Template").contains("inquiry")
        || said("X-Category") == "message"
        || inquirer(body).is_some()
}

/// The name above the line of facts (`Identity verified · 3 reviews`), with that line's place.
fn inquirer(body: &[&str]) -> Option<(usize, String)> {
    let facts = body.iter().position(|line| line.contains(" · "))?;
    let name = body[..facts].iter().rfind(|line| !line.is_empty())?;
    (name.split_whitespace().count() <= 2).then(|| (facts, (*name).to_owned()))
}

/// The newest message, the earlier ones, and whether the frame was found.
fn entries(body: &[&str], name: Option<&str>, home: Option<&str>) -> (Entry, Vec<Entry>, bool) {
    let mut heads = heads(body, name);
    if heads.is_empty() {
        return (entry(Side::Visitor, body, home), Vec::new(), false);
    }
    heads.push(Head { at: body.len(), behind: body.len(), side: Side::Visitor });
    let mut found: Vec<Entry> = Vec::new();
    for pair in heads.windows(2) {
        let said = entry(pair[0].side, &body[pair[0].behind..pair[1].at], home);
        if !said.text.is_empty() && !found.contains(&said) {
            found.push(said);
        }
    }
    if found.is_empty() {
        return (entry(Side::Visitor, body, home), Vec::new(), false);
    }
    let message = found.remove(0);
    (message, found, true)
}

/// The line that names an author, and where their words begin.
struct Head {
    at: usize,
    behind: usize,
    side: Side,
}

/// The visitor is known by name; another author by standing alone above a line that is a role.
fn heads(body: &[&str], name: Option<&str>) -> Vec<Head> {
    let next = |at: usize| (at + 1..body.len()).find(|next| !body[*next].is_empty());
    let is_visitor = |at: usize| name.is_some_and(|name| same(body[at], name));
    let named: Vec<usize> = (0..body.len()).filter(|at| is_visitor(*at)).collect();
    let under: Vec<&str> = named.iter().filter_map(|at| next(*at)).map(|at| body[at]).collect();
    // The newest words are the visitor's, so the first role under their name is theirs, whatever the word means elsewhere
    // (a *host* is a guest in Czech); so is the same short line under it twice, in a language we have no word for.
    let is_known = |line: &str| roles::is_visitor(line) || roles::is_provider(line);
    let own = under.split_first().and_then(|(first, others)| {
        let is_repeated = is_label(first) && others.iter().any(|other| same(other, first));
        (is_known(first) || is_repeated).then_some(*first)
    });
    let unknown = own.filter(|role| !is_known(role));
    let is_visitors =
        |line: &str| roles::is_visitor(line) || own.is_some_and(|role| same(role, line));
    let mut heads: Vec<Head> = Vec::new();
    for at in 0..body.len() {
        let Some(below) = next(at) else { continue };
        if heads.last().is_some_and(|head| at < head.behind) {
            continue;
        }
        let line = body[below];
        if is_visitor(at) {
            let role = is_visitors(line);
            // The host may have the visitor's name.
            if !role && !heads.is_empty() && roles::is_provider(line) {
                heads.push(Head { at, behind: below + 1, side: Side::Provider });
                continue;
            }
            // Without the role the name is how they sign.
            if !role && !heads.is_empty() {
                continue;
            }
            heads.push(Head {
                at,
                behind: if role { below + 1 } else { at + 1 },
                side: Side::Visitor,
            });
            continue;
        }
        let alone = at == 0 || body[at - 1].is_empty();
        let known = roles::is_provider(line);
        let is_shaped =
            |at: usize| is_name(body[at]) && next(at).is_some_and(|r| is_role_shaped(body, r));
        // A last word above an author's name is no author.
        let is_last_word =
            || next(below).is_some_and(|role| roles::is_provider(body[role])) || is_shaped(below);
        let shaped = unknown.is_some()
            && !heads.is_empty()
            && !is_visitor(below)
            && is_shaped(at)
            && !is_last_word();
        // Who says nothing is no author: these are a visitor's last words.
        let speaks = body[below + 1..].iter().any(|line| !line.is_empty());
        if alone && is_name(body[at]) && (known || shaped) && speaks {
            heads.push(Head { at, behind: below + 1, side: Side::Provider });
        }
    }
    // What stands before the first of the visitor's names is the mail's own heading.
    heads
}

/// A short line with a message behind it.
fn is_role_shaped(body: &[&str], at: usize) -> bool {
    is_label(body[at])
        && body[at].split_whitespace().count() <= 2
        && body[at + 1..].iter().any(|line| !line.is_empty())
}

/// At most two words of letters, each beginning with a capital.
fn is_name(line: &str) -> bool {
    is_label(line)
        && line.split_whitespace().count() <= 2
        && line.split_whitespace().all(|word| word.chars().next().is_some_and(char::is_uppercase))
        && line.chars().all(|c| c.is_alphabetic() || " -'’.".contains(c))
}

/// One message; where Airbnb put its translation above the original, or below it, both.
fn entry(side: Side, lines: &[&str], home: Option<&str>) -> Entry {
    let Some(at) = lines.iter().enumerate().position(|(at, line)| between(lines, at, line)) else {
        return Entry { side, text: joined(lines), translated: None };
    };
    let (above, below) = (joined(&lines[..at]), joined(&lines[at + 1..]));
    // Two sentences say that the original follows. Behind a mere heading the translation is what is in the house's
    // language; where that is not to be heard, it stands above.
    let is_home = |text: &str| {
        let heard = language::detect(text).language?;
        home.map(|home| heard.as_str().eq_ignore_ascii_case(home))
    };
    let follows = lines[at].contains(['.', '。']);
    match (!follows).then(|| (is_home(&above), is_home(&below))) {
        Some((Some(false), Some(true))) => Entry { side, text: above, translated: Some(below) },
        _ => Entry { side, text: below, translated: Some(above) },
    }
}

/// Is this the line between a translation and its original? By its words, or because the language changes there.
fn between(lines: &[&str], at: usize, line: &str) -> bool {
    if !line.ends_with([':', '：']) {
        return false;
    }
    let (above, below) = (joined(&lines[..at]), joined(&lines[at + 1..]));
    if above.is_empty() || below.is_empty() {
        return false;
    }
    // A role nobody knows would only disturb the judgement of the language.
    let spoken = lines[..at].iter().skip_while(|line| line.is_empty() || is_label(line));
    let spoken = spoken.copied().collect::<Vec<_>>().join("\n");
    let folded = line.to_lowercase();
    let apart = lines[at - 1].is_empty() && lines[at + 1].is_empty();
    let two_sentences = folded.contains(['.', '。']);
    let says_so = two_sentences && TRANSLATED.iter().any(|word| folded.contains(word));
    apart && (says_so || languages_differ(&spoken, &below))
}

fn languages_differ(above: &str, below: &str) -> bool {
    let (above, below) = (language::detect(above), language::detect(below));
    match (above.language, below.language) {
        (Some(left), Some(right)) => left != right && !above.too_short && !below.too_short,
        _ => false,
    }
}
