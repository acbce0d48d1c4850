//! Header blocks and banners of quoted mails: "From: … Sent: … To: … Subject: …", "-----Original Message-----".

use super::{
    attribution::{Strength, has_address, has_bracketed_address, has_date, has_time},
    language::{FORWARDED, Field, ORIGINAL, field},
    line::{Line, Mark},
};

/// A header block: lines `start..end`.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// First line after it.
    pub(super) end: usize,
    /// How sure.
    pub(super) strength: Strength,
    /// The fields, with the line of each.
    pub(super) fields: Vec<(Field, usize)>,
}

/// The longest label is "fecha de envío" and its like.
const MAX_LABEL_CHARS: usize = 32;
/// A To field may go on for a while; more lines than this is a text.
const MAX_CONTINUATIONS: usize = 30;

/// The header block that begins at this line, if one does. `announced`: a banner or a rule stands above.
pub(super) fn block_at(lines: &[Line<'_>], start: usize, announced: bool) -> Option<Block> {
    let depth = lines[start].depth;
    label(&lines[start])?;
    let mut fields: Vec<(Field, usize)> = Vec::new();
    let mut end = start;
    let mut blanks = 0;
    let mut continuations = 0;
    // So many fields stand above the only blank line.
    let mut parted: Option<usize> = None;
    for (at, line) in lines.iter().enumerate().skip(start) {
        if line.depth != depth {
            break;
        }
        if line.is_blank() {
            blanks += 1;
            // Outlook's HTML as text has a blank line between the fields, BlackBerry's mail two; more end the block.
            if blanks > 1 + usize::from(announced) {
                break;
            }
        } else if let Some(found) = label(line) {
            if let Some(nth) = fields.iter().position(|(f, _)| *f == found) {
                // "To: 6 pm" of a person's list, then a whole block: that one begins below the blank line.
                let by_hand = |many: usize| {
                    let above = fields.iter().take(many);
                    nth < many
                        && fields.len() - many > 1
                        && !above.into_iter().any(|(_, at)| has_address(&lines[*at].folded))
                };
                if parted.is_some_and(by_hand) {
                    return None;
                }
                break;
            }
            fields.push((found, at));
            parted = match (blanks, parted) {
                (0, parted) => parted,
                // Programs that part the fields part them all.
                (_, Some(_)) => Some(0),
                (_, None) => Some(fields.len() - 1),
            };
            // "À : a@b.be Objet : …": some phones write two fields on a line.
            if let Some(second) = second_label(line) {
                fields.push((second, at));
            }
            (end, blanks, continuations) = (at + 1, 0, 0);
        } else if blanks == 0 && continuations < MAX_CONTINUATIONS && continues(lines, at, &fields)
        {
            continuations += 1;
            end = at + 1;
        } else {
            break;
        }
    }
    let strength = judge(lines, &fields, announced)?;
    Some(Block { end, strength, fields })
}

/// A folded line that goes on with the field above: indented, an address, or after a comma or semicolon.
fn continues(lines: &[Line<'_>], at: usize, fields: &[(Field, usize)]) -> bool {
    let line = &lines[at];
    let above = &lines[at - 1].folded;
    let list = fields.last().is_some_and(|(f, _)| matches!(f, Field::From | Field::To | Field::Cc));
    if list {
        return above.ends_with([';', ',', '<', '"'])
            || line.folded.starts_with('<')
            || has_address(&line.folded);
    }
    // A subject wrapped at 76 columns; never a paragraph.
    let wrapped = above.len() >= 55 && line.folded.len() < 70;
    line.content().starts_with([' ', '\t']) && above.len() >= 40 || wrapped
}

/// The field a line is, when it is "label: value".
pub(super) fn label(line: &Line<'_>) -> Option<Field> {
    label_of(&line.folded)
}

fn label_of(folded: &str) -> Option<Field> {
    let (name, _) = split_label(folded)?;
    // Bilingual programs write "De / From:".
    field(name).or_else(|| name.split('/').find_map(|part| field(part.trim())))
}

/// Label and value, the label without emphasis marks, bullets and spaces.
pub(super) fn split_label(text: &str) -> Option<(&str, &str)> {
    let colon = text.find(':')?;
    let name =
        text[..colon].trim_matches(|c: char| c.is_whitespace() || "*_|•·-–—[]\"".contains(c));
    (!name.is_empty() && name.chars().count() <= MAX_LABEL_CHARS)
        .then(|| (name, &text[colon + 1..]))
}

fn second_label(line: &Line<'_>) -> Option<Field> {
    let (_, value) = split_label(&line.folded)?;
    let colon = value.rfind(':')?;
    let word = value[..colon].trim_end().rsplit(' ').next()?;
    field(word).filter(|f| *f == Field::Subject)
}

fn value<'a>(lines: &'a [Line<'_>], fields: &[(Field, usize)], wanted: Field) -> Option<&'a str> {
    fields
        .iter()
        .find(|(f, _)| *f == wanted)
        .and_then(|(_, at)| split_label(&lines[*at].folded))
        .map(|(_, value)| value.trim())
}

/// Two or three fields by chance ("From: Monday, To: Friday") are no header block: there must be a person or a
/// subject, and a moment or a recipient.
fn judge(lines: &[Line<'_>], fields: &[(Field, usize)], announced: bool) -> Option<Strength> {
    let has = |f: Field| fields.iter().any(|(g, _)| *g == f);
    let address = fields
        .iter()
        .filter(|(f, _)| matches!(f, Field::From | Field::To | Field::Cc))
        .any(|(_, at)| {
            has_address(&lines[*at].folded)
                || lines.get(*at + 1).is_some_and(|l| has_address(&l.folded))
        });
    let moment = [Field::Sent, Field::Date]
        .iter()
        .filter_map(|f| value(lines, fields, *f))
        .any(|v| v.contains(|c: char| c.is_ascii_digit()));
    let sent = has(Field::Sent) && moment;
    let person = has(Field::From);
    // A transfer has a From, a To, a Date and a Subject as well: without an address a program's hand must show.
    let bold = fields.iter().filter(|(_, at)| lines[*at].bold).count();
    let drawn = announced || bold >= 3 || has(Field::Cc);
    let strong = person && sent && (has(Field::To) || has(Field::Subject))
        || person && address && moment && (has(Field::To) || has(Field::Subject))
        || person && address && has(Field::To) && has(Field::Subject)
        || person && moment && has(Field::To) && has(Field::Subject) && drawn
        || sent && has(Field::To) && has(Field::Subject);
    // Foxmail names people without their addresses, and writes the moment as people do not.
    let strong = strong
        || person
            && has(Field::To)
            && has(Field::Subject)
            && value(lines, fields, Field::Date).is_some_and(is_iso_moment);
    let weak = person && address && (moment || has(Field::Subject) || has(Field::To))
        || person && is_sent_to_the_minute(lines, fields);
    match (strong, weak) {
        (true, _) => Some(Strength::Strong),
        (_, true) if announced => Some(Strength::Strong),
        (_, true) => Some(Strength::Weak),
        _ if announced && fields.len() >= 2 && person => Some(Strength::Weak),
        _ if announced && person && address => Some(Strength::Weak),
        _ => None,
    }
}

/// "2026-11-23 09:12", and nothing else.
fn is_iso_moment(value: &str) -> bool {
    let (day, time) = value.split_once(' ').unwrap_or_default();
    let figures = |text: &str, sign: char| {
        text.split(sign)
            .map(|part| if part.bytes().all(|b| b.is_ascii_digit()) { part.len() } else { 0 })
            .collect::<Vec<_>>()
    };
    figures(day, '-') == [4, 2, 2]
        && figures(time, ':').iter().all(|len| (1..=2).contains(len))
        && time.contains(':')
}

/// "From: Hotel", "Sent: Monday, November 23, 2026 9:12 AM" and no more: a field of programs with the year and the minute.
fn is_sent_to_the_minute(lines: &[Line<'_>], fields: &[(Field, usize)]) -> bool {
    let [(Field::From, _), (Field::Sent, at)] = fields else { return false };
    let alone = lines.get(at + 1).is_none_or(Line::is_blank);
    let year = |v: &str| {
        v.split(|c: char| !c.is_ascii_digit()).any(|w| w.len() == 4 && w.starts_with("20"))
    };
    alone
        && value(lines, fields, Field::Sent).is_some_and(|v| has_date(v) && has_time(v) && year(v))
}

/// A block in a language we have no words for: three "label: value" lines or more, one a person with an address in
/// brackets, one a moment. As text alone it looks like a form, so it must have bold labels (HTML) or a rule above.
pub(super) fn unknown_block_at(lines: &[Line<'_>], start: usize, announced: bool) -> Option<Block> {
    split_label(&lines[start].folded)?;
    let block: Vec<&Line<'_>> = lines[start..]
        .iter()
        .take(8)
        .take_while(|l| !l.is_blank() && split_label(&l.folded).is_some())
        .collect();
    let bold = block.iter().filter(|l| l.bold).count() >= 3;
    let person = block.iter().take(2).any(|l| has_bracketed_address(&l.folded));
    let moment = block.iter().any(|l| has_date(&l.folded) && has_time(&l.folded));
    let found = (bold || announced && block.len() >= 3) && person && moment;
    found.then(|| Block { end: start + block.len(), strength: Strength::Weak, fields: Vec::new() })
}

/// What a banner says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Banner {
    /// The mail that is answered stands below.
    Original,
    /// A forwarded mail stands below.
    Forwarded,
}

/// Reads "-----Original Message-----", "Begin forwarded message:", "------ 原始邮件 ------". Gives whether it is
/// drawn as one (dashes, or the colon of Apple's sentence); an undrawn one needs a header block below.
pub(super) fn banner(line: &Line<'_>) -> Option<(Banner, bool)> {
    let folded = &line.folded;
    if folded.is_empty() || folded.len() > 160 {
        return None;
    }
    let is_frame = |c: char| c.is_whitespace() || "-_=*~—–─━>[]【】#+|:.".contains(c);
    let core = folded.trim_matches(is_frame);
    let frame = folded.len() - folded.trim_start_matches(is_frame).len();
    let drawn = frame >= 2;
    if FORWARDED.is(core) {
        // Apple's sentence is longer than a person's "Forwarded message:", which may announce anything.
        let words = core.split(' ').count();
        let sentence = words >= 3 || words == 1 && !core.is_ascii() && core.chars().count() >= 6;
        return Some((Banner::Forwarded, drawn || sentence && folded.ends_with(':')));
    }
    if ORIGINAL.is(core) {
        return Some((Banner::Original, drawn && frame >= 2));
    }
    // Tobit David writes a sentence, not a frame.
    if core.starts_with("original message processed by") {
        return Some((Banner::Original, true));
    }
    // "----- Forwarded by Ana/Hotel on 03.03.2025 -----" (Notes), "---- Mensagem encaminhada de … ----".
    if drawn && frame >= 3 {
        if FORWARDED.prefix_of(core).is_some() {
            return Some((Banner::Forwarded, true));
        }
        if ORIGINAL.prefix_of(core).is_some_and(|p| p.contains(' ') || p.len() > 10)
            && core.len() < 60
        {
            return Some((Banner::Original, true));
        }
    }
    None
}

/// A banner in words we do not know: a few of them between long dashes.
pub(super) fn is_framed(line: &Line<'_>) -> bool {
    let text = line.content().trim();
    let core = text.trim_matches(|c: char| "-—–─━=".contains(c));
    let frame = (text.len() - text.trim_start_matches(['-', '—', '–', '─', '━', '=']).len())
        .min(text.len() - text.trim_end_matches(['-', '—', '–', '─', '━', '=']).len());
    frame >= 4 && (1..=60).contains(&core.trim().chars().count())
}

/// A drawn rule: strokes, or at least five of one or two other signs, and nothing else.
pub(super) fn is_rule(line: &Line<'_>, at_least: usize) -> bool {
    let drawn = line.content().trim();
    let bold = drawn.trim_matches('*');
    let strokes = |text: &str| text.chars().all(|c| "-_=~—–─━*".contains(c));
    let long = |text: &str, least: usize| text.chars().nth(least.saturating_sub(1)).is_some();
    long(bold, at_least) && strokes(bold)
        || long(drawn, at_least.max(5)) && is_pattern(drawn)
        || line.mark == Mark::Border && line.folded.is_empty()
}

/// "*****", "ーーーーー", "◆◇◆◇◆": at most two signs over and over.
fn is_pattern(drawn: &str) -> bool {
    const SIGNS: &str = "*+#-_=~^:;|/\\ー－＝＊～〜＋・◆◇■□●○★☆▼▽▲△…—–─━═┃│";
    let mut kinds: Vec<char> = Vec::new();
    for c in drawn.chars() {
        if !kinds.contains(&c) {
            kinds.push(c);
        }
        if kinds.len() > 2 || !SIGNS.contains(c) {
            return false;
        }
    }
    true
}
