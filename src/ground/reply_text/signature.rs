//! Signatures and mobile footers at the end of what somebody wrote.
//!
//! Real answers look like signatures (an address, a date, a telephone number), so only what is marked as one is
//! taken: a container in HTML, the `-- ` line (RFC 3676, 4.3), a footer of a program, a closing with a name
//! under it, a mailing list's footer. Names without any of these stay in the text.

use crate::ground::facts;

use super::{
    attribution::{has_address, has_date, has_time},
    disclaimer,
    footer::is_footer,
    header::is_rule,
    language::CLOSINGS,
    line::{Line, Mark},
};

/// Lines looked at for a delimiter, from the end.
const MAX_SIGNATURE_LINES: usize = 40;
/// Lines under a closing: name, function, company, street, town, telephone, site.
const MAX_CLOSING_LINES: usize = 10;
/// The same where contact data stands among them: German firms add who manages them and where they are registered.
const MAX_CONTACT_LINES: usize = 18;

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
    if let Some(footer) = linked_footer(lines, start, last) {
        return Some(footer);
    }
    delimiter(lines, start, last)
        .or_else(|| framed(lines, start, last))
        .or_else(|| list_footer(lines, start, last))
        .or_else(|| disclaimer::begins(lines, start, last))
        .or_else(|| closing(lines, start, last, author))
        .or_else(|| author_block(lines, start, last, author?))
        .or_else(|| slash_name(lines, start, last))
        .or_else(|| humble_name(lines, start, last, author))
}

/// A footer with its program's address on the lines below: "Sent with Aqua Mail for Android", "https://…".
fn linked_footer(lines: &[Line<'_>], start: usize, last: usize) -> Option<usize> {
    let mut at = last;
    for _ in 0..4 {
        if !is_link(&lines[at]) {
            let names = |link: &Line<'_>| names_program(&lines[at].folded, &link.folded);
            let own = at < last && is_footer(&lines[at]) && lines[at + 1..=last].iter().all(names);
            return own.then_some(at);
        }
        at = at.checked_sub(1).filter(|above| *above >= start)?;
    }
    None
}

/// A line that is nothing but a link or a tag.
pub(super) fn is_link(line: &Line<'_>) -> bool {
    let shown = line.folded.trim_matches(['<', '>', '[', ']', '(', ')']);
    !shown.contains(' ')
        && ["http://", "https://", "www.", "#"].iter().any(|s| shown.starts_with(s))
}

/// Does the link's host name a word of the footer, as its program's does? People send links below theirs.
fn names_program(footer: &str, link: &str) -> bool {
    // An anchor of the footer itself: "<#DAB4FAD8-…>".
    if link.starts_with("<#") {
        return true;
    }
    let link = link.trim_matches(['<', '>', '[', ']', '(', ')']);
    let host = link.split_once("://").map_or(link, |(_, rest)| rest);
    let host = host.split(['/', '?']).next().unwrap_or_default();
    let whole: String = host.chars().filter(|c| c.is_alphanumeric()).collect();
    let mut words = footer.split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() >= 4);
    // Where programs are fetched, whatever their names.
    const SHOPS: &[&str] = &[
        "aka.ms",
        "go.microsoft.com",
        "onelink.me",
        "play.google.com",
        "apps.apple.com",
        "itunes.apple.com",
        "mobisystems.com",
    ];
    words.any(|word| whole.contains(word)) || SHOPS.iter().any(|shop| host.ends_with(shop))
}

fn last_written(lines: &[Line<'_>], start: usize, end: usize) -> Option<usize> {
    (start..end).rev().find(|&at| !lines[at].is_blank())
}

/// "-- " and what follows. A bare "--" is one too when what follows is as short as a signature and
/// asks nothing: people divide two options with it.
fn delimiter(lines: &[Line<'_>], start: usize, last: usize) -> Option<usize> {
    let mut found = None;
    let mut written = 0;
    let mut asks = false;
    let mut below = None;
    for at in (start..=last).rev() {
        let line = &lines[at];
        if line.is_blank() {
            continue;
        }
        let raw = line.raw.trim_start_matches(' ');
        let exact = raw == "-- " || raw == "--\u{a0}";
        // "Two options:", "--": what is announced is no signature.
        let announced = || {
            last_written(lines, start, at).is_some_and(|i| lines[i].folded.ends_with([':', '：']))
        };
        let bare = !asks && matches!(raw.trim_end(), "--" | "__") && !announced();
        asks |= line.folded.ends_with(['?', '？']);
        if exact || bare && written <= 15 && written > 0 || bare && found.is_none() && written == 0
        {
            found = Some(at);
        }
        asks |= has_day(&line.folded) || names_day(&line.folded);
        // "A: …", "B: …"; "1. Paul", "2. Ana": a list.
        let mark = list_mark(&line.folded);
        asks |= below.is_some() && below == mark.filter(|m| matches!(m, 'a' | '1'));
        below = match mark {
            Some('b') => Some('a'),
            Some('2') => Some('1'),
            _ => below,
        };
        written += 1;
        if written > MAX_SIGNATURE_LINES {
            break;
        }
    }
    found
}

/// The letter or figure in front of an item: "A: …", "2. …", "b) …".
fn list_mark(folded: &str) -> Option<char> {
    let mut chars = folded.chars();
    let mark = chars.next().filter(char::is_ascii_alphanumeric)?;
    chars.next().is_some_and(|c| ".:)".contains(c)).then_some(mark)
}

/// "from 3 to 5 July", "July 3": a day with its month's name.
fn names_day(folded: &str) -> bool {
    let words: Vec<&str> = folded
        .split(|c: char| c.is_whitespace() || ",;()".contains(c))
        .map(|w| w.trim_end_matches('.'))
        .filter(|w| !w.is_empty() && *w != "de")
        .collect();
    let number = |w: &str| (1..=2).contains(&w.len()) && w.bytes().all(|b| b.is_ascii_digit());
    let dated =
        |w: &[&str]| number(w[0]) && facts::is_month(w[1]) || facts::is_month(w[0]) && number(w[1]);
    words.windows(2).any(dated)
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
        let stroke = line.content().trim();
        if is_rule(line, 8) && stroke.starts_with(['_', '—']) || stroke == "—" {
            return (contact && written <= 12).then_some(at);
        }
        if has_money(&line.folded) || line.folded.len() > 160 || written >= 12 {
            return None;
        }
        contact |= has_address(&line.folded)
            || line.folded.contains("http")
            || line.folded.contains("www.")
            || line.folded.contains("mailing list")
            || line.folded.contains("this email directly")
            || line.folded.contains("unsubscribe")
            || line.folded.bytes().filter(u8::is_ascii_digit).count() >= 8
                && !has_date(&line.folded)
                && !has_time(&line.folded);
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

/// A closing on a line of its own with a name and contact data under it, up to the end.
fn closing(lines: &[Line<'_>], start: usize, last: usize, author: Option<&str>) -> Option<usize> {
    let (mut written, mut contacts, mut days) = (0, 0, 0);
    let mut afterthought = false;
    for at in (start..=last).rev() {
        let line = &lines[at];
        if line.is_blank() {
            continue;
        }
        if is_closing(&line.folded) {
            let most = if contacts >= 2 { MAX_CONTACT_LINES } else { MAX_CLOSING_LINES };
            let signs = (1..=most).contains(&written) && !goes_on(&lines[at + 1..=last]);
            // "Room 1: Paul, 12.06.2026", a line for each: what is asked stands below the closing.
            return (signs && days < 2 && (contacts > 0 || !afterthought)).then_some(at);
        }
        if let Some(name) = signed(line) {
            let known = author.is_some_and(|a| a.split(' ').any(|part| part == name));
            let apart = at > start && lines[at - 1].is_blank();
            let most = if contacts >= 2 { MAX_CONTACT_LINES } else { MAX_CLOSING_LINES };
            // A stranger's name below a sentence only: "The wine is called / Cheers Merlot".
            let signs = written == 0 || written <= most && contacts > 0;
            let plain = !AMBIGUOUS.iter().any(|word| line.folded.starts_with(word));
            let above = last_written(lines, start, at).map(|i| lines[i].folded.as_str());
            let announced = above.is_some_and(|a| a.ends_with([':', '：']));
            let stopped = above.is_some_and(|a| a.ends_with(['.', '!', ',', ')', '。', '！']));
            if (known || apart && plain && stopped) && signs && !announced && at > start {
                return Some(at);
            }
        }
        let apart = at > start && lines[at - 1].is_blank();
        let after = apart && !follows_closing(lines, start, at) && is_afterthought(line);
        afterthought |= after;
        if written >= MAX_CONTACT_LINES || !is_personal(line) {
            return None;
        }
        written += 1;
        contacts += usize::from(!after && is_contact(&line.folded));
        days += usize::from(has_day(&line.folded));
    }
    None
}

/// "12.06.2026", "2026-06-12": a whole day in figures, as in no telephone number.
fn has_day(folded: &str) -> bool {
    folded.split(|c: char| c.is_whitespace() || ",;()".contains(c)).any(|word| {
        let parts: Vec<&str> = word.trim_matches(['.', ':', '-']).split(['.', '/', '-']).collect();
        let figures = |p: &&str| p.bytes().all(|b| b.is_ascii_digit());
        let lengths: Vec<usize> = parts.iter().map(|p| p.len()).collect();
        parts.iter().all(figures)
            && matches!(lengths[..], [1 | 2, 1 | 2, 4] | [4, 1 | 2, 1 | 2])
            && parts.iter().any(|p| p.len() == 4 && (p.starts_with("20") || p.starts_with("19")))
    })
}

/// Closings that are other words too: "Best Western" is an hotel, "Best Ana" a closing where Ana is the author's name.
const AMBIGUOUS: &[&str] = &["best ", "yours ", "t ", "gr ", "att "];

/// Closing and name on a line: "LG Ana", "Mit freundlichen Grüßen Ana Silva". Gives the first word of the name, folded.
fn signed<'l>(line: &'l Line<'_>) -> Option<&'l str> {
    let closing = CLOSINGS.prefix_of(&line.folded)?;
    let name = line.folded[closing.len()..].trim_matches(|c: char| !c.is_alphanumeric());
    let words = line.content().split_whitespace();
    let written = words.skip(closing.split(' ').count());
    let mut names = written.filter(|w| w.chars().any(char::is_alphanumeric)).peekable();
    names.peek()?;
    let is_name = |w: &str| {
        w.starts_with(char::is_uppercase)
            && w.chars().all(|c| c.is_alphabetic() || "-.'’,".contains(c))
    };
    let count = name.split(' ').count();
    (names.all(is_name) && (1..=3).contains(&count) && !line.folded.ends_with(['?', '!', ':']))
        .then(|| name.split(' ').next().unwrap_or_default())
}

/// "Kind regards", "Thanks & Regards", "Vielen Dank und beste Grüße".
fn is_closing(folded: &str) -> bool {
    let words = folded.trim_matches(|c: char| !c.is_alphanumeric());
    if CLOSINGS.is(words) || CLOSINGS.is(folded.trim_end_matches([',', '.', '!'])) {
        return true;
    }
    const AND: &[&str] = &[
        " & ", " and ", " und ", " et ", " y ", " e ", " i ", " en ", " och ", " og ", " ja ",
        " a ", " oraz ", " és ", " ve ", " și ", " та ", " и ", ", ",
    ];
    const THANKS: &[&str] = &[
        "thank",
        "many thanks",
        "with thanks",
        "dank",
        "vielen dank",
        "besten dank",
        "herzlichen dank",
        "merci",
        "gracias",
        "muchas gracias",
        "grazie",
        "obrigad",
        "muito obrigad",
        "bedankt",
        "alvast bedankt",
        "moltes gràcies",
        "gràcies",
        "tack",
        "tak",
        "takk",
        "mange tak",
        "kiitos",
        "dziękuję",
        "děkuji",
        "köszön",
        "mulțumesc",
        "спасибо",
        "дякую",
        "ευχαριστώ",
        "teşekkür",
    ];
    // "Schöne Grüße aus Köln", "Un saludo de Ana".
    const OUT_OF: &[&str] = &[
        "aus ", "from ", "vom ", "de ", "da ", "dalla ", "dal ", "z ", "ze ", "fra ", "från ",
        "uit ", "desde ", "depuis ",
    ];
    let greeting = CLOSINGS.prefix_of(words).filter(|c| c.contains(' ') || c.chars().count() > 5);
    let place = greeting.map(|c| words[c.len()..].trim_start());
    if place.is_some_and(|p| OUT_OF.iter().any(|o| p.starts_with(o)) && p.split(' ').count() <= 4) {
        return true;
    }
    words.chars().count() <= 50
        && AND.iter().any(|and| {
            words.split_once(and).is_some_and(|(thanks, closing)| {
                CLOSINGS.is(closing) && THANKS.iter().any(|t| thanks.starts_with(t))
            })
        })
}

/// "Kind regards" and right below "to your chef.": a sentence over two lines.
fn goes_on(below: &[Line<'_>]) -> bool {
    below.first().is_some_and(|line| {
        let text = line.content().trim();
        text.starts_with(char::is_lowercase)
            && (text.ends_with('.') || text.split(' ').count() >= 3)
            && !is_contact(&line.folded)
    })
}

/// Does this line stand right below a closing (with blank lines between)? Then it is the name.
fn follows_closing(lines: &[Line<'_>], start: usize, at: usize) -> bool {
    let above = (start..at).rev().find(|&i| !lines[i].is_blank());
    above.is_some_and(|i| is_closing(&lines[i].folded))
}

/// Words that end in a full stop and end no sentence: firms and streets.
#[rustfmt::skip]
const ABBREVIATED: &[&str] = &[
    "ltd.", "co.", "inc.", "corp.", "llc.", "plc.", "bros.", "st.", "str.", "ave.", "rd.", "blvd.", "bldg.", "jr.", "sr.", "dr.", "phd.", "dipl.", "ing.", "tel.", "lda.", "cia.",
    "soc.", "cie.", "gmbh.", "ag.", "kg.", "nr.", "no.", "apt.", "fl.",
];

/// A sentence or a day below the name: something that came to mind after signing.
fn is_afterthought(line: &Line<'_>) -> bool {
    let folded = line.folded.as_str();
    let words = folded.split(' ').count();
    let last = folded.rsplit(' ').next().unwrap_or_default();
    let abbreviated = last.matches('.').count() > 1 || ABBREVIATED.contains(&last);
    let sentence = folded.ends_with(['.', '!', '。', '！'])
        && !abbreviated
        && words >= 3
        && !folded.contains(|c: char| c.is_ascii_digit() || c == ':' || c == '|');
    let day = words >= 3 && !is_contact(folded) && names_day(folded);
    // "Arrival: 18:00, flight LX 123"
    let fields = folded.split_once(": ").is_some_and(|(name, _)| {
        name.split(' ').count() <= 3 && name.chars().all(|c| c.is_alphabetic() || c == ' ')
    });
    let timed = fields && has_time(folded) && !has_address(folded);
    sentence || day || timed
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
            let thanks = lines[above].folded.ends_with(',') && lines[above].folded.len() <= 20;
            return (!announced && (thanks || lines[at - 1].is_blank())).then_some(at);
        }
        if written >= MAX_CLOSING_LINES || !is_personal(line) {
            return None;
        }
        contact |= is_contact(&line.folded);
        written += 1;
    }
    None
}

fn is_contact(folded: &str) -> bool {
    has_address(folded)
        || folded.contains("www.")
        || folded.contains("http")
        || folded.bytes().filter(u8::is_ascii_digit).count() >= 7
}

/// Contact data between two rules at the very end, as Japanese firms draw it. The lower one may have been taken for the
/// rule above a quotation. A table is drawn so, too: of days, of trains, of guests with their telephones.
fn framed(lines: &[Line<'_>], start: usize, last: usize) -> Option<usize> {
    let below = (last..lines.len().min(last + 4)).find(|&at| is_rule(&lines[at], 8))?;
    let (mut written, mut contacts, mut addressed, mut names) = (0, 0, 0, 0);
    for at in (start..below.min(last + 1)).rev().filter(|&at| !lines[at].is_blank()) {
        let folded = &lines[at].folded;
        if is_rule(&lines[at], 8) {
            let above = (start..at).rev().find(|&at| !lines[at].is_blank());
            // Its heading stands right above a table, or announces it.
            let announced = above.is_some_and(|i| {
                let heads = i + 1 == at && !lines[i].folded.ends_with(['.', '!', ',', '。']);
                heads || lines[i].folded.ends_with([':', '：'])
            });
            let signs = contacts >= 2 && written >= 3 && addressed > 0 && names > 0;
            return (signs && !announced).then_some(at);
        }
        if written >= MAX_CONTACT_LINES || has_money(folded) || has_day(folded) || names_day(folded)
        {
            return None;
        }
        written += 1;
        contacts += usize::from(is_contact(folded));
        let reach = has_address(folded) || folded.contains("www.") || folded.contains("http");
        addressed += usize::from(reach);
        names += usize::from(!reach && !folded.contains(|c: char| c.is_ascii_digit()));
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

/// "김민수 드림": a Korean name and the humble word of who signs. The same word ends what people ask and tell ("부탁 드림", "보내 드림"):
/// so the author's name, or one word of two to four syllables that is no verb.
fn humble_name(
    lines: &[Line<'_>],
    start: usize,
    last: usize,
    author: Option<&str>,
) -> Option<usize> {
    #[rustfmt::skip]
    const ASKED: &[&str] = &[
        "부탁", "연락", "문의", "안내", "감사", "전달", "인사", "말씀", "공유", "회신", "답변", "요청", "확인", "보고", "제안", "축하", "사과", "약속", "추천", "설명", "제공", "환불", "예약", "통보", "소개",
        "알려", "들려", "돌려", "올려", "빌려", "맡겨", "남겨", "챙겨", "보여", "붙여", "적어", "넣어", "읽어", "열어", "찾아", "받아", "잡아", "모아", "담아", "골라", "불러", "나눠", "바꿔", "도와", "가져", "데려", "기다려", "다시", "미리", "모두", "함께",
    ];
    // Where a verb's connecting form ends and hardly a name does: "보내", "첨부해", "전해", "깨워", "맞춰".
    const VERBS: &[char] = &[
        '해', '내', '려', '워', '춰', '쳐', '줘', '겨', '여', '어', '와', '둬', '꿔', '로', '게',
        '도', '을', '를', '만',
    ];
    let folded = &lines[last].folded;
    let name = ["드림", "올림", "배상"].iter().find_map(|word| folded.strip_suffix(word))?;
    let named = name.ends_with(' ') && last > start;
    let name = name.trim();
    let syllables = name.chars().all(|c| ('가'..='힣').contains(&c));
    let short = (2..=4).contains(&name.chars().count()) && syllables;
    let plain = short && !ASKED.iter().any(|w| name.contains(w)) && !name.ends_with(VERBS);
    (named && (plain || author == Some(name))).then_some(last)
}

/// Could this line stand under a closing: a name, a firm, a street, a telephone number? Not a question, a moment or
/// a sentence.
fn is_personal(line: &Line<'_>) -> bool {
    let folded = &line.folded;
    let words = folded.split(' ').count();
    let sentence = folded.ends_with('.') && words > 6 || words > 14;
    // The figures of a time make no telephone: "Arrival: 18:00, flight LX 123".
    let figures = |w: &str| w.bytes().filter(u8::is_ascii_digit).count();
    let counted = folded.split(' ').filter(|w| figures(w) > 4 || !has_time(w));
    let phone = counted.map(figures).sum::<usize>() >= 7;
    let timed = (has_time(folded) || has_hour(folded)) && !has_address(folded);
    let moment = (has_date(folded) || timed) && !phone && !is_office_hours(folded);
    !folded.is_empty()
        && folded.chars().count() <= 100
        && !(folded.ends_with(['?', ':'])
            || sentence
            || is_postscript(line)
            || moment
            || has_money(folded))
}

/// "6 pm", "18h", "18 Uhr": an hour without its minutes.
fn has_hour(folded: &str) -> bool {
    const AFTER: &[&str] =
        &["pm", "p.m", "a.m", "uhr", "h", "heures", "horas", "ore", "uur", "часов"];
    let words: Vec<&str> = folded
        .split(|c: char| c.is_whitespace() || ",;()".contains(c))
        .map(|w| w.trim_matches(['.', ':']))
        .filter(|w| !w.is_empty())
        .collect();
    let hour = |w: &str| (1..=2).contains(&w.len()) && w.parse::<u8>().is_ok_and(|hour| hour <= 24);
    words
        .iter()
        .any(|w| AFTER.iter().chain(&["am"]).any(|after| w.strip_suffix(after).is_some_and(hour)))
        || words.windows(2).any(|w| hour(w[0]) && AFTER.contains(&w[1]))
}

/// "Mo–Fr 9:00–17:00", "Office hours: 08:00 - 12:00": from one hour to another, on weekdays or said to be when a firm is open.
fn is_office_hours(folded: &str) -> bool {
    #[rustfmt::skip]
    const OPEN: &[&str] = &[
        "hours", "open", "zeiten", "geoffnet", "geöffnet", "erreichbar", "horaire", "ouvert", "horario", "horário", "abierto", "aberto", "orari", "apert", "openingstijd", "geopend", "godziny", "otwarte", "åben", "åpen", "öppet", "avoinna", "營業", "営業", "영업",
        "mon", "mo-", "mo–", "mo.", "lun", "seg", "ma-", "ma–", "man", "mån", "maan", "pon", "pn", "po-", "po–", "δευ", "пн", "月-", "月〜", "tue", "di-", "tu-", "weekday", "montag", "daily", "täglich", "24/7",
    ];
    let joined: String = folded.chars().filter(|c| !c.is_whitespace()).collect();
    let ranges = joined.match_indices(['-', '–', '—', '〜', '~']).any(|(at, dash)| {
        let before = joined[..at].trim_end_matches(|c: char| c.is_alphabetic());
        let figure = |c: char| c.is_ascii_digit();
        before.ends_with(figure) && joined[at + dash.len()..].starts_with(figure)
    });
    let words = ["bis", "to", "à", "a", "até", "tot", "do"];
    let spelled = folded.split(' ').collect::<Vec<_>>().windows(3).any(|w| {
        let figure = |w: &str| w.starts_with(|c: char| c.is_ascii_digit());
        words.contains(&w[1]) && figure(w[0]) && figure(w[2]) || w[1] == "bis" && figure(w[2])
    });
    (ranges || spelled) && OPEN.iter().any(|word| folded.contains(word))
}

/// "PS: …", "Nachtrag: …": what somebody adds below their name.
#[rustfmt::skip]
pub(super) fn is_postscript(line: &Line<'_>) -> bool {
    const MARKS: &[&str] = &[
        "ps", "p.s", "p.s.", "p. s.", "nb", "n.b", "pd", "p.d", "p.d.", "nachtrag", "uwaga", "addendum", "edit", "update", "posdata", "postdata", "пс",
    ];
    MARKS.iter().any(|mark| {
        line.folded.strip_prefix(mark).is_some_and(|rest| rest.starts_with([':', ' ', '.']))
    })
}
