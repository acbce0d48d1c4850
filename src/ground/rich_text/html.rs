//! Rich text as HTML, built from its words: whatever they are, only these elements come out.
//!
//! `p br ul ol li blockquote b i`, `a href` and `ol start`; everything else is characters.

use super::{Look, Mark, RichText};
use crate::ground::html::escape;

/// One line: its ink, and what kind of block it belongs to.
struct Line<'a> {
    text: &'a str,
    ink: usize,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Blank,
    Words,
    Bullet,
    Number(u32),
    Quote,
}

pub(super) fn of(rich: &RichText) -> String {
    let mut out = String::from("<html><body>\n");
    blocks(&lines(rich), &rich.marks, 0, &mut out);
    out.push_str("</body></html>\n");
    out
}

fn lines(rich: &RichText) -> Vec<Line<'_>> {
    let mut at = 0;
    let mut lines = Vec::new();
    for text in rich.text.split('\n') {
        let ink = at;
        at += super::ink(text);
        let words = text.trim_start();
        let item = || rich.marks.iter().find(|m| m.look == Look::Item && m.ink.start == ink);
        let kind = if words.is_empty() {
            Kind::Blank
        } else if words.starts_with('>') {
            Kind::Quote
        } else if item().is_some() {
            let digits = words.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
            digits.parse().map_or(Kind::Bullet, Kind::Number)
        } else {
            Kind::Words
        };
        lines.push(Line { text: words.trim_end(), ink, kind });
    }
    lines
}

/// Deeper quotations keep their `>`: a line of ten thousand of them must not fill the stack.
const MAX_DEPTH: usize = 16;

fn blocks(lines: &[Line<'_>], marks: &[Mark], depth: usize, out: &mut String) {
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let rest = &lines[at..];
        let end = rest.iter().position(|other| !continues(line.kind, other.kind));
        // The words of an item that stand on lines of their own end it: a list is never told apart by indents.
        let block = &rest[..end.unwrap_or(rest.len())];
        at += block.len();
        match line.kind {
            Kind::Blank => {}
            Kind::Quote if depth < MAX_DEPTH => {
                out.push_str("<blockquote>\n");
                blocks(&unquoted(block), marks, depth + 1, out);
                out.push_str("</blockquote>\n");
            }
            Kind::Words | Kind::Quote => {
                out.push_str("<p>");
                for (n, line) in block.iter().enumerate() {
                    out.push_str(if n > 0 { "<br>\n" } else { "" });
                    inline(line.text, line.ink, marks, out);
                }
                out.push_str("</p>\n");
            }
            Kind::Bullet => items(block, "ul", "<ul>\n", marks, out),
            Kind::Number(1) => items(block, "ol", "<ol>\n", marks, out),
            Kind::Number(first) => {
                items(block, "ol", &format!("<ol start=\"{first}\">\n"), marks, out);
            }
        }
    }
}

fn continues(first: Kind, other: Kind) -> bool {
    match (first, other) {
        (Kind::Number(_), Kind::Number(number)) => number != 1 || first == Kind::Number(1),
        _ => first == other,
    }
}

/// The lines inside a quotation, one `>` less.
fn unquoted<'a>(block: &[Line<'a>]) -> Vec<Line<'a>> {
    let inner = |line: &Line<'a>| {
        let text = line.text.strip_prefix('>').unwrap_or(line.text).trim_start();
        let kind = match text {
            "" => Kind::Blank,
            text if text.starts_with('>') => Kind::Quote,
            _ => Kind::Words,
        };
        Line { text, ink: line.ink + 1, kind }
    };
    block.iter().map(inner).collect()
}

fn items(block: &[Line<'_>], list: &str, opening: &str, marks: &[Mark], out: &mut String) {
    out.push_str(opening);
    for line in block {
        // The mark is a word of its own.
        let bullet = line.text.split(' ').next().unwrap_or_default();
        let words = line.text[bullet.len()..].trim_start();
        out.push_str("<li>");
        inline(words, line.ink + super::ink(bullet), marks, out);
        out.push_str("</li>\n");
    }
    out.push_str(&format!("</{list}>\n"));
}

/// What is drawn around a stretch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Style<'a> {
    link: Option<&'a str>,
    bold: bool,
    italic: bool,
}

impl Style<'_> {
    /// From the style before to this one: what stays open stays open, so that a link's words are one link.
    fn follow(self, before: Style<'_>, out: &mut String) {
        let same_link = self.link == before.link;
        let same_bold = same_link && self.bold == before.bold;
        out.push_str(if before.italic && !(same_bold && self.italic) { "</i>" } else { "" });
        out.push_str(if before.bold && !same_bold { "</b>" } else { "" });
        if !same_link {
            out.push_str(if before.link.is_some() { "</a>" } else { "" });
            if let Some(link) = self.link {
                out.push_str("<a href=\"");
                escape(link, out);
                out.push_str("\">");
            }
        }
        out.push_str(if self.bold && !same_bold { "<b>" } else { "" });
        out.push_str(if self.italic && !(same_bold && before.italic) { "<i>" } else { "" });
    }
}

fn anchor(link: Option<&str>, words: &str, out: &mut String) {
    let style = Style { link, ..Style::default() };
    style.follow(Style::default(), out);
    escape(words, out);
    Style::default().follow(style, out);
}

/// One line's words; `ink` is where it begins.
fn inline(text: &str, ink: usize, marks: &[Mark], out: &mut String) {
    let ends = ink + super::ink(text);
    let marks: Vec<&Mark> =
        marks.iter().filter(|m| m.ink.start <= ends && m.ink.end >= ink).collect();
    let mut now = ink;
    let mut rest = text;
    let mut before = Style::default();
    while let Some(first) = rest.chars().next() {
        let style = style_at(&marks, now, first.is_whitespace());
        let mut end = 0;
        let mut after = now;
        for (at, c) in rest.char_indices() {
            if style_at(&marks, after, c.is_whitespace()) != style {
                break;
            }
            after += usize::from(!c.is_whitespace());
            end = at + c.len_utf8();
        }
        let run = &rest[..end];
        style.follow(before, out);
        before = style;
        match style.link {
            Some(_) => escape(run, out),
            None => written_out(run, out),
        }
        (rest, now) = (&rest[end..], after);
        // `here <https://…>`: the text says where a link leads, HTML need not.
        if let Some(link) = style.link
            && let Some(behind) = rest.trim_start().strip_prefix('<')
            && let Some(behind) = behind.strip_prefix(link).and_then(|b| b.strip_prefix('>'))
        {
            now += super::ink(&rest[..rest.len() - behind.len()]);
            rest = behind;
        }
    }
    Style::default().follow(before, out);
    for mark in marks
        .iter()
        .filter(|mark| mark.ink.is_empty() && (ink + 1..=ends).contains(&mark.ink.start))
    {
        if let Look::Link(to) = &mark.look {
            out.push_str(" &lt;");
            anchor(linked(to), to.strip_prefix("mailto:").unwrap_or(to), out);
            out.push_str("&gt;");
        }
    }
}

/// The style of the ink at `now`, or of a blank before it, which belongs to what surrounds it.
fn style_at<'a>(marks: &[&'a Mark], now: usize, blank: bool) -> Style<'a> {
    let mut style = Style::default();
    for mark in marks {
        let begins = if blank { mark.ink.start < now } else { mark.ink.start <= now };
        if !begins || now >= mark.ink.end {
            continue;
        }
        match &mark.look {
            Look::Bold => style.bold = true,
            Look::Italic => style.italic = true,
            Look::Link(to) => style.link = linked(to),
            Look::Item => {}
        }
    }
    style
}

/// A link that may stand in a mail of ours.
pub(super) fn linked(to: &str) -> Option<&str> {
    let scheme = to.split_once(':')?.0.to_ascii_lowercase();
    let known = matches!(scheme.as_str(), "http" | "https" | "mailto");
    let plain = !to.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"".contains(c));
    (known && plain && to.len() <= 2000).then_some(to)
}

/// Words, with the addresses of the web in them as links.
fn written_out(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find("https://").into_iter().chain(rest.find("http://")).min() {
        let whole = &rest[at..];
        let end = whole.find(|c: char| c.is_whitespace() || "<>\"".contains(c));
        let url = whole[..end.unwrap_or(whole.len())]
            .trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'', '*', '_']);
        let inside = rest[..at].ends_with(char::is_alphanumeric);
        escape(&rest[..at], out);
        let link = linked(url).filter(|url| !inside && url.len() > "https://".len());
        anchor(link, url, out);
        rest = &whole[url.len()..];
    }
    escape(rest, out);
}

#[cfg(test)]
mod tests;
