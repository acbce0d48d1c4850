//! Mails a program writes whole, without any header that says so: subject and sentence together are a program's own, each alone
//! a person may write.
//!
//! Sources: the templates of Outlook and Exchange (read receipts in words), Lotus Domino (absence).

use super::{
    CERTAIN, Evidence, Kind, behind,
    declared::declares,
    fold::fold,
    pairs::{PAIRS, Pair, Says, TICKET_WORDS},
    told::{receives, spoken_of, told},
    visitor,
};
use crate::ground::{html, letter::Letter, reply_text};

struct Template {
    /// The folded subject begins or ends so.
    subject: &'static [&'static str],
    /// And the text holds one of each.
    text: [&'static [&'static str]; 2],
}

#[rustfmt::skip]
static TEMPLATES: &[Template] = &[
    // Domino
    Template {
        subject: &["is out of the office.", "is out of the office"],
        text: [&["i will be out of the office starting", "i am out of the office until"], &["will not return until", "i will respond to your message"]],
    },
    // Outlook: read, not read
    Template {
        subject: &["read:", "not read:"],
        text: [&["your message"], &["was read on", "was deleted without being read"]],
    },
    Template {
        subject: &["gelesen:", "ungelesen:", "nicht gelesen:"],
        text: [&["ihre nachricht"], &["gelesen.", "ungelesen geloscht", "wurde gelesen", "ohne gelesen zu werden"]],
    },
    Template {
        subject: &["lu :", "lu:", "non lu :", "non lu:"],
        text: [&["votre message"], &["a ete lu", "a ete supprime sans avoir ete lu"]],
    },
    Template {
        subject: &["leido:", "no leido:"],
        text: [&["el mensaje", "su mensaje"], &["fue leido", "se ha leido", "se elimino sin leer", "fue eliminado sin"]],
    },
    Template {
        subject: &["letto:", "non letto:", "da leggere:"],
        text: [&["messaggio"], &["e stato letto", "e stato eliminato senza"]],
    },
    Template {
        subject: &["lida:", "lido:", "nao lida:", "nao lido:"],
        text: [&["mensagem"], &["foi lida", "foi lido", "foi eliminada sem", "foi excluida sem"]],
    },
    Template {
        subject: &["gelezen:", "niet gelezen:"],
        text: [&["uw bericht"], &["is gelezen", "gelezen op", "verwijderd zonder"]],
    },
    Template {
        subject: &["przeczytano:", "nie przeczytano:"],
        text: [&["wiadomosc"], &["przeczytan", "usunieta bez"]],
    },
    Template {
        subject: &["last:", "laest:", "lest:", "oppnat:"],
        text: [&["meddelande", "meddelelse", "melding"], &["lastes", "blev laest", "ble lest", "ar last"]],
    },
];

/// What a program's template says.
pub(super) fn receipt(letter: &Letter) -> Option<Evidence> {
    let subject = fold(&letter.subject, 300);
    let mut fits = TEMPLATES
        .iter()
        .filter(|t| t.subject.iter().any(|s| subject.starts_with(s) || subject.ends_with(s)))
        .peekable();
    fits.peek()?;
    let text: String = letter
        .text()
        .lines()
        .filter(|l| !l.starts_with('>'))
        .take(40)
        .flat_map(|l| [l, " "])
        .collect();
    let text = fold(&text, 2000);
    let found = fits.find(|t| t.text.iter().all(|some| some.iter().any(|s| text.contains(s))))?;
    Some(Evidence::new(Kind::AutoReply, "subject:automatic", found.subject[0], CERTAIN))
}

/// Lines in which an acknowledgement begins: a greeting and a line to answer above may stand before.
const OPENING_LINES: usize = 6;
/// The same in a letter of which not yet is known what is new.
const HEAD_LINES: usize = 14;
/// Those in which a program declares itself: a greeting may stand before.
const DECLARING_LINES: usize = 3;
/// So much of a text is read, and so many bytes of HTML for it.
const MAX_CHARS: usize = 4000;
const MAX_HTML: usize = 40_000;

/// What a help desk or a guarded mailbox says in two sentences, without a header that says what it is. Only the letter's own
/// words count: people quote, forward and tell of such mail.
pub(super) fn acknowledgement(letter: &Letter) -> Option<Evidence> {
    // Cheap first: nearly every letter ends here.
    let start: Vec<String> = spoken(&head(letter)).take(HEAD_LINES).collect();
    if opening(&start, |_, _| true).is_none() && declaration(&start).is_none() {
        return None;
    }
    let reply = reply_text::split(letter);
    if reply.forwarded.is_some() || asks(&reply.text) {
        return None;
    }
    // The footer of a help desk is its signature.
    let own = format!("{}\n{}", reply.text, reply.signature);
    let all = numberless(&fold(&own, MAX_CHARS));
    let spoken: Vec<String> = spoken(&own).take(400).collect();
    // "I only got: this is an automatic reply" is a person's, and so is a wish beside it.
    let declared = || {
        declaration(&spoken).is_some_and(|(_, s)| !told(&all, s)) && !visitor::wishes(&reply.text)
    };
    let first =
        opening(&spoken[..spoken.len().min(OPENING_LINES)], |pair, rest| match &pair.says {
            Says::Holds(some) => holds(&all, some) && (ends(rest) || holds(clause(rest), some)),
            Says::Ends(some) => {
                let said =
                    |sentence: &str| some.iter().any(|s| ends_in_ticket(clause(sentence), s));
                spoken.iter().flat_map(|line| sentences(line)).any(said)
                    && (ends(rest) || holds(clause(rest), some))
            }
            Says::Proof(some) => holds(&all, some),
            Says::Declares => declared(),
        });
    let first = first.map(str::to_owned).or_else(|| {
        // The declaration itself opens the letter. A form on a site declares itself, too, above what a visitor wrote.
        let lines: Vec<String> = self::spoken(&reply.text).collect();
        let (at, opens) = declaration(&lines)?;
        let alone = at < DECLARING_LINES && !told(&all, opens);
        let speaks = || {
            visitor::speaks(&reply.text, opens.chars().count(), letter)
                || behind::fills_in(&own, letter)
        };
        (alone && !speaks()).then(|| opens.to_owned())
    })?;
    Some(Evidence::new(Kind::AutoReply, "body:machine", &first, CERTAIN))
}

/// The first sentence in which a program declares itself, and its line. In quotation marks, or beside a sentence that tells of
/// what somebody received, it is no program's.
fn declaration(lines: &[String]) -> Option<(usize, &str)> {
    let odd = |text: &str| text.matches('"').count() % 2 == 1;
    let mut quoted = false;
    for (at, line) in lines.iter().enumerate() {
        for sentence in sentences(line) {
            let before = &line[..line.len() - sentence.len()];
            let own = quoted == odd(before) && declares(sentence);
            if own && !told_beside(lines, at, before, sentence) {
                return Some((at, clause(sentence)));
            }
        }
        quoted ^= odd(line);
    }
    None
}

/// Does the sentence before this one or the one behind it tell of what somebody received?
fn told_beside(lines: &[String], at: usize, before: &str, sentence: &str) -> bool {
    let stop = ['.', '!', '。', '！'];
    let written = |text: &&str| text.contains(char::is_alphanumeric);
    let above = at.checked_sub(1).map_or("", |above| lines[above].as_str());
    let below = lines.get(at + 1).map_or("", String::as_str);
    let last = |text: &'_ str| text.rsplit(stop).find(written).is_some_and(receives);
    let next = |text: &'_ str| text.split(stop).find(written).is_some_and(receives);
    let rest = &sentence[clause(sentence).len()..];
    (if written(&before) { last(before) } else { last(above) })
        || (if written(&rest) { next(rest) } else { next(below) })
}

/// Does the letter's own text ask something, or speak of the machine this phrase of its subject names?
pub(super) fn told_of(letter: &Letter, phrase: &str) -> bool {
    let own = reply_text::split(letter).text;
    asks(&own) || spoken_of(&fold(&own, MAX_CHARS), phrase)
}

/// Does somebody ask something in these words? Programs that acknowledge a letter do not. A question mark of a link asks nothing.
pub(super) fn asks(text: &str) -> bool {
    let words = text.split_whitespace().filter(|w| !w.contains("://") && !w.contains("www."));
    words.into_iter().any(|word| {
        let greek = |c: char| {
            ('\u{370}'..='\u{3ff}').contains(&c) || ('\u{1f00}'..='\u{1fff}').contains(&c)
        };
        word.contains(['?', '؟', '？', '\u{37e}', '吗'])
            || word.contains("か。")
            || word.ends_with("까.")
            || word.strip_suffix(';').is_some_and(|w| w.ends_with(greek))
    })
}

/// The sentence up to its stop.
fn clause(text: &str) -> &str {
    text.split(['.', '!', '。', '！']).next().unwrap_or_default()
}

fn ends(rest: &str) -> bool {
    let rest = rest.trim_start();
    rest.is_empty() || rest.starts_with(['.', '!', '。', '！'])
}

fn holds(clause: &str, some: &[&str]) -> bool {
    some.iter().any(|s| clause.contains(s))
}

/// "A ticket has been created with ID 4711", not "… by our bank".
fn ends_in_ticket(clause: &str, said: &str) -> bool {
    clause.split_once(said).is_some_and(|(_, rest)| {
        let mut words = rest.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        words.all(|w| TICKET_WORDS.contains(&w) || w.bytes().any(|b| b.is_ascii_digit()))
    })
}

/// The written lines, folded, but those another line announces with a colon: "I only got:".
fn spoken(text: &str) -> impl Iterator<Item = String> {
    let mut announced = false;
    text.lines()
        .map(|line| numberless(&fold(line, 300)))
        .filter(|line| !line.is_empty())
        .filter(move |line| !std::mem::replace(&mut announced, line.ends_with(':')))
}

/// The first of the pairs' sentences that begins in the first written lines, of the pairs that fit; they are asked with what follows it.
fn opening(lines: &[String], fits: impl Fn(&Pair, &str) -> bool) -> Option<&'static str> {
    lines.iter().find_map(|line| {
        let starts: Vec<&str> = sentences(line).collect();
        PAIRS.iter().find_map(|pair| {
            let begins = |b: &&&str| {
                starts.iter().any(|s| s.strip_prefix(**b).is_some_and(|rest| fits(pair, rest)))
            };
            pair.begins.iter().find(begins).copied()
        })
    })
}

/// Where sentences begin on a line.
fn sentences(line: &str) -> impl Iterator<Item = &str> {
    let behind = line
        .match_indices(['.', '!', '。', '！'])
        .map(|(at, end)| line[at + end.len()..].trim_start());
    std::iter::once(line).chain(behind)
}

/// The beginning of the text, without making text of all the HTML there may be.
fn head(letter: &Letter) -> String {
    match (&letter.plain, &letter.html) {
        (Some(plain), _) if !plain.trim().is_empty() => plain.chars().take(MAX_CHARS).collect(),
        (_, Some(html)) => {
            let body = html.find("<body").or_else(|| html.find("<BODY")).unwrap_or(0);
            let end = (body + MAX_HTML..=html.len()).find(|at| html.is_char_boundary(*at));
            html::text(&html[body..end.unwrap_or(html.len())])
        }
        _ => String::new(),
    }
}

/// "ticket#114233", "case 00123456".
fn is_ticket(inside: &str) -> bool {
    let word = inside.trim_end_matches(|c: char| c.is_ascii_digit() || "#: .-".contains(c));
    word.len() < inside.len() && ["ticket", "case", "id", "ref", "no", "nr"].contains(&word)
}

/// Without numbers and the brackets around them: "your request (#123) has been received".
fn numberless(folded: &str) -> String {
    let mut plain = String::with_capacity(folded.len());
    let mut rest = folded;
    let mut bare = String::with_capacity(folded.len());
    while let Some(open) = rest.find(['(', '（', '[']) {
        let inside = &rest[open..];
        let close = inside.find([')', '）', ']']).filter(|close| {
            *close <= 30
                && (inside[..*close]
                    .chars()
                    .skip(1)
                    .all(|c| c.is_ascii_digit() || "# -".contains(c))
                    || is_ticket(inside[..*close].trim_start_matches(['(', '（', '['])))
        });
        let end = match close {
            Some(close) => {
                bare.push_str(&rest[..open]);
                open + close + inside[close..].chars().next().map_or(1, char::len_utf8)
            }
            None => {
                let end = open + inside.chars().next().map_or(1, char::len_utf8);
                bare.push_str(&rest[..end]);
                end
            }
        };
        rest = &rest[end..];
    }
    bare.push_str(rest);
    for word in bare.split(' ') {
        let core = word.trim_matches(|c: char| !c.is_alphanumeric());
        let number = !core.is_empty() && core.chars().all(|c| c.is_ascii_digit());
        if number || core.is_empty() {
            let end = word.chars().next_back().filter(|c| ".,!?".contains(*c));
            plain.extend(end);
            continue;
        }
        if !plain.is_empty() {
            plain.push(' ');
        }
        plain.push_str(word);
    }
    plain
}
