//! Putting the shown parts of a letter together, in both forms.

use crate::ground::html;

/// One piece of what a reader sees, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Plain(String),
    Html(String),
    /// The two forms of multipart/alternative.
    Both {
        plain: String,
        html: String,
    },
}

impl Shown {
    fn plain(&self) -> Option<&str> {
        match self {
            Shown::Plain(plain) | Shown::Both { plain, .. } => Some(plain),
            Shown::Html(_) => None,
        }
    }

    fn html(&self) -> Option<&str> {
        match self {
            Shown::Html(html) | Shown::Both { html, .. } => Some(html),
            Shown::Plain(_) => None,
        }
    }
}

/// (plain, html) of everything shown. A form that no piece has is `None`; a piece that lacks a form others
/// have is converted.
pub(super) fn compose(shown: &[Shown]) -> (Option<String>, Option<String>) {
    let shown = &once(shown);
    let has_plain = shown.iter().any(|s| s.plain().is_some());
    let has_html = shown.iter().any(|s| s.html().is_some());
    let mut plain = String::new();
    let mut html_text = String::new();
    for piece in shown {
        if has_plain {
            match piece.plain() {
                Some(text) => append(&mut plain, text),
                None => append(&mut plain, &html::text(piece.html().unwrap_or_default())),
            }
        }
        if has_html {
            match piece.html() {
                Some(text) => append(&mut html_text, text),
                None => append(&mut html_text, &from_plain(piece.plain().unwrap_or_default())),
            }
        }
    }
    (has_plain.then_some(plain), has_html.then_some(html_text))
}

/// A letter with more pieces is an album with captions.
const MAX_COMPARED: usize = 16;
/// Two pieces with fewer letters may say the same by chance.
const MIN_LETTERS: usize = 10;

/// Every text once. Gateways add the plain text again behind the alternatives, scripts send plain text and HTML side by side
/// as if they were two.
fn once(shown: &[Shown]) -> Vec<Shown> {
    let mut kept: Vec<(String, Shown)> = Vec::new();
    for piece in shown {
        if !(2..=MAX_COMPARED).contains(&shown.len()) {
            kept.push((String::new(), piece.clone()));
            continue;
        }
        let text = match piece {
            Shown::Plain(plain) | Shown::Both { plain, .. } => letters(plain),
            Shown::Html(html) => letters(&html::text(html)),
        };
        let same = kept
            .iter_mut()
            .find(|(known, _)| text.chars().count() >= MIN_LETTERS && *known == text);
        match (same, piece) {
            (Some((_, known)), Shown::Html(html)) => {
                if let Shown::Plain(plain) = known {
                    *known = Shown::Both { plain: std::mem::take(plain), html: html.clone() };
                }
            }
            (Some((_, known)), Shown::Plain(plain)) => {
                if let Shown::Html(html) = known {
                    *known = Shown::Both { plain: plain.clone(), html: std::mem::take(html) };
                }
            }
            _ => kept.push((text, piece.clone())),
        }
    }
    kept.into_iter().map(|(_, piece)| piece).collect()
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn append(all: &mut String, text: &str) {
    if !all.is_empty() && !all.ends_with('\n') {
        all.push('\n');
    }
    all.push_str(text);
}

/// The forms of multipart/alternative (RFC 2046, 5.1.4: the last is the richest) as one piece: the plain
/// forms that have no HTML, and the last form that has.
pub(super) fn choose(forms: &[Vec<Shown>]) -> Option<Shown> {
    let rich = forms.iter().rfind(|form| form.iter().any(|s| s.html().is_some()));
    let html = rich.and_then(|form| compose(form).1);
    let mut plains: Vec<String> = Vec::new();
    for form in forms.iter().filter(|form| form.iter().all(|s| s.html().is_none())) {
        // A script that calls two different texts alternatives loses none of them.
        if let Some(plain) = compose(form).0
            && !plains.contains(&plain)
        {
            plains.push(plain);
        }
    }
    let plain = match plains.len() {
        0 => rich.and_then(|form| compose(form).0),
        _ => Some(plains.join("\n")),
    };
    match (plain, html) {
        (Some(plain), Some(html)) => Some(Shown::Both { plain, html }),
        (Some(plain), None) => Some(Shown::Plain(plain)),
        (None, html) => html.map(Shown::Html),
    }
}

/// A whole page of HTML under the name of plain text, as scripts send it.
pub(super) fn is_html_page(text: &str) -> bool {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let begins = |tag: &str| start.get(..tag.len()).is_some_and(|s| s.eq_ignore_ascii_case(tag));
    // Behind the tag stands the next one, not a sentence about it.
    let behind = start.split_once('>').map_or("", |(_, behind)| behind.trim_start());
    let page = begins("<!doctype html") || begins("<html>") || begins("<html ");
    page && behind.starts_with('<') && behind.contains('>')
}

fn from_plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    out.push_str("<div>");
    for c in text.trim_end().chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\n' => out.push_str("<br>\n"),
            c => out.push(c),
        }
    }
    out.push_str("</div>\n");
    out
}

/// text/enriched (RFC 1896) as plain text: commands go, one line break is a space, n are n - 1.
pub(super) fn enriched(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '\n']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("<<") {
            out.push('<');
            rest = after;
        } else if rest.starts_with('<') {
            // RFC 1896: a command is at most 60 characters; a longer one is text.
            let end = rest.bytes().take(62).position(|b| b == b'>');
            let is_param = rest.get(..7).is_some_and(|tag| tag.eq_ignore_ascii_case("<param>"));
            let param_end =
                || rest.as_bytes().windows(8).take(1_000).position(|w| w == b"</param>");
            let close = if is_param { param_end().map(|n| n + 7) } else { end };
            match close {
                Some(end) => rest = &rest[end + 1..],
                None => {
                    out.push('<');
                    rest = &rest[1..];
                }
            }
        } else {
            let breaks = rest.bytes().take_while(|b| *b == b'\n').count();
            out.push_str(if breaks == 1 { " " } else { "" });
            out.extend(std::iter::repeat_n('\n', breaks - 1));
            rest = &rest[breaks..];
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_hold_everything() {
        let shown = [Shown::Html("<p>a</p>".into()), Shown::Plain("b & c".into())];
        let (plain, html) = compose(&shown);
        assert_eq!(plain.as_deref().map(str::trim), Some("a\nb & c"));
        assert_eq!(html.as_deref(), Some("<p>a</p>\n<div>b &amp; c</div>\n"));
        assert_eq!(compose(&[Shown::Plain("x".into())]), (Some("x".into()), None));
        assert_eq!(compose(&[]), (None, None));
    }

    #[test]
    fn the_same_text_is_shown_once() {
        let plain = || Shown::Plain("Is a room free?\n".into());
        let html = || Shown::Html("<p>Is a room <b>free</b>?</p>".into());
        let both = || Shown::Both {
            plain: "Is a room free?\n".into(),
            html: "<p>Is a room <b>free</b>?</p>".into(),
        };
        for twice in [[both(), plain()], [plain(), html()], [html(), plain()], [both(), html()]] {
            let (text, rich) = compose(&twice);
            assert_eq!(text.as_deref(), Some("Is a room free?\n"), "{twice:?}");
            assert_eq!(rich.as_deref(), Some("<p>Is a room <b>free</b>?</p>"), "{twice:?}");
        }
        let caption = Shown::Plain("The lake".into());
        assert_eq!(compose(&[caption.clone(), caption]).0.as_deref(), Some("The lake\nThe lake"));
    }

    #[test]
    fn enriched_text_loses_its_commands() {
        let text = "<bold>Now</bold> is\nthe time\n\nfor <<<color><param>red</param>all</color>";
        assert_eq!(enriched(text), "Now is the time\nfor <all");
    }
}
