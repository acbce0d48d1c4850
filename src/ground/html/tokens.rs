//! HTML text to tags and text, as a browser would read it but bounded.
//!
//! html5ever's tokenizer compares every attribute of a tag with every other and its tree builder walks the
//! open elements for every tag; a hostile mail makes both take minutes. This one reads each byte a bounded
//! number of times, so that what reaches html5ever (inside ammonia) is already small and flat.

use std::borrow::Cow;

use super::entities;

/// Attributes of one tag that are kept.
const MAX_ATTRIBUTES: usize = 64;

/// A piece of HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ground) enum Token<'a> {
    Text(Cow<'a, str>),
    /// Name in lower case.
    Start {
        name: String,
        attributes: Vec<(String, String)>,
    },
    End(String),
}

pub(in crate::ground) struct Tokens<'a> {
    html: &'a str,
    at: usize,
    /// The element whose content is text until its end tag.
    raw_until: Option<String>,
    /// A quote of an attribute never closed: from there on values end at `>`.
    quotes_end_at_bracket: bool,
    /// No `-->` follows.
    comments_end_at_bracket: bool,
    /// No `</title` follows, no `</style`.
    unclosed: [bool; 2],
    /// The end of an element that has none.
    missing_end: Option<&'static str>,
}

impl<'a> Tokens<'a> {
    pub(in crate::ground) fn new(html: &'a str) -> Self {
        Tokens {
            html,
            at: 0,
            raw_until: None,
            quotes_end_at_bracket: false,
            comments_end_at_bracket: false,
            unclosed: [false; 2],
            missing_end: None,
        }
    }

    fn rest(&self) -> &'a str {
        &self.html[self.at..]
    }

    /// The content of script, style and the like; without an end tag it is the rest, as in browsers, but for a title
    /// and a style sheet: there it ends at the next tag.
    fn raw_text(&mut self, name: &str) -> Option<Token<'a>> {
        let rest = self.rest();
        let is_end = |at: usize| {
            let tail = &rest.as_bytes()[at + 2..];
            tail.len() >= name.len()
                && tail[..name.len()].eq_ignore_ascii_case(name.as_bytes())
                && tail.get(name.len()).is_none_or(|b| !b.is_ascii_alphanumeric())
        };
        let never = match name {
            "title" => self.unclosed[0],
            "style" => self.unclosed[1],
            _ => false,
        };
        let closed = if never {
            None
        } else {
            rest.match_indices("</").map(|(at, _)| at).find(|&at| is_end(at))
        };
        let end = closed.unwrap_or_else(|| match name {
            // A browser would hide the whole mail.
            "title" => self.ends_at_tag(0),
            "style" => self.ends_at_tag(1),
            _ => rest.len(),
        });
        self.at += end;
        let text = if matches!(name, "title" | "textarea") {
            entities::decode(&rest[..end])
        } else {
            Cow::Borrowed(&rest[..end])
        };
        (!text.is_empty()).then_some(Token::Text(text))
    }

    /// Where the next tag is, for an element that never ends: neither a title nor a style sheet has one.
    fn ends_at_tag(&mut self, which: usize) -> usize {
        self.unclosed[which] = true;
        self.missing_end = Some(["title", "style"][which]);
        let rest = self.rest();
        let tag = |at: &usize| {
            rest.as_bytes().get(at + 1).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'/')
        };
        rest.match_indices('<').map(|(at, _)| at).find(tag).unwrap_or(rest.len())
    }

    fn text(&mut self) -> Token<'a> {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let mut from = rest.chars().next().map_or(1, char::len_utf8);
        let end = loop {
            let Some(at) = rest.get(from..).and_then(|r| r.find('<')).map(|n| from + n) else {
                break rest.len();
            };
            if bytes.get(at + 1).is_some_and(|b| b.is_ascii_alphabetic() || b"/!?".contains(b)) {
                break at;
            }
            from = at + 1;
        };
        self.at += end;
        Token::Text(entities::decode(&rest[..end]))
    }

    /// `<!…>`, `<?…>` and comments, conditional ones included: nothing of them is shown.
    fn skip_markup(&mut self) {
        let rest = self.rest();
        if rest.starts_with("<!--") && !self.comments_end_at_bracket {
            if rest.starts_with("<!-->") || rest.starts_with("<!--->") {
                self.at += rest.find('>').map_or(rest.len(), |n| n + 1);
                return;
            }
            match rest.find("-->") {
                Some(end) => {
                    self.at += end + 3;
                    return;
                }
                None => self.comments_end_at_bracket = true,
            }
        }
        self.at += rest.find('>').map_or(rest.len(), |n| n + 1);
    }

    fn tag(&mut self) -> Option<Token<'a>> {
        let start = self.at;
        let is_end = self.rest().starts_with("</");
        let name_at = start + if is_end { 2 } else { 1 };
        let name_len = self.html[name_at..]
            .find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>'))
            .unwrap_or(self.html.len() - name_at);
        let name = self.html[name_at..name_at + name_len].to_ascii_lowercase();
        if !is_end && (name.contains('@') || name == "http:" || name == "https:") {
            // A text with <anna@example.org> was called HTML without being made so.
            let end = self.rest().find(['>', '\n']).map_or(self.html.len(), |n| start + n + 1);
            self.at = end;
            return Some(Token::Text(Cow::Borrowed(&self.html[start..end])));
        }
        self.at = name_at + name_len;
        let mut attributes = Vec::new();
        loop {
            let skip = |c: char| c.is_ascii_whitespace() || c == '/';
            self.at += self.rest().len() - self.rest().trim_start_matches(skip).len();
            let Some(next) = self.rest().bytes().next() else {
                return self.unfinished(start);
            };
            if next == b'>' {
                self.at += 1;
                break;
            }
            let Some(attribute) = self.attribute() else {
                return self.unfinished(start);
            };
            // The first of a repeated attribute counts.
            if attributes.len() < MAX_ATTRIBUTES
                && !attributes.iter().any(|(n, _)| *n == attribute.0)
            {
                attributes.push(attribute);
            }
        }
        if name.is_empty() {
            return None;
        }
        if is_end {
            return Some(Token::End(name));
        }
        let is_raw = matches!(
            name.as_str(),
            "script" | "style" | "xmp" | "iframe" | "noembed" | "noframes" | "title" | "textarea"
        );
        self.raw_until = is_raw.then(|| name.clone());
        Some(Token::Start { name, attributes })
    }

    /// The text ended inside a tag. If a quote did that, the tag is read once more without trusting quotes:
    /// a browser would hide the rest of the mail.
    fn unfinished(&mut self, start: usize) -> Option<Token<'a>> {
        if self.quotes_end_at_bracket {
            self.at = self.html.len();
            return None;
        }
        self.quotes_end_at_bracket = true;
        self.at = start;
        self.tag()
    }

    fn attribute(&mut self) -> Option<(String, String)> {
        let rest = self.rest();
        // A leading `=` belongs to the name (HTML, 13.2.5.32).
        let first_len = rest.chars().next().map_or(0, char::len_utf8);
        let name_len = rest[first_len..]
            .find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '='))
            .map_or(rest.len(), |n| n + first_len);
        let name = rest[..name_len].to_ascii_lowercase();
        let after = rest[name_len..].trim_start_matches(|c: char| c.is_ascii_whitespace());
        let Some(value) = after.strip_prefix('=') else {
            self.at += name_len;
            return Some((name, String::new()));
        };
        let value = value.trim_start_matches(|c: char| c.is_ascii_whitespace());
        let value_at = self.html.len() - value.len();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (text, next) = match quote {
            Some(quote) => {
                let inner = &value[1..];
                let end = if self.quotes_end_at_bracket {
                    inner.find([quote, '>'])
                } else {
                    inner.find(quote)
                }?;
                let closed = inner[end..].starts_with(quote);
                (&inner[..end], value_at + 1 + end + usize::from(closed))
            }
            None => {
                let end = value
                    .find(|c: char| c.is_ascii_whitespace() || c == '>')
                    .unwrap_or(value.len());
                (&value[..end], value_at + end)
            }
        };
        self.at = next;
        Some((name, entities::decode(text).into_owned()))
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        while self.at < self.html.len() {
            if let Some(name) = self.raw_until.take() {
                if let Some(token) = self.raw_text(&name) {
                    return Some(token);
                }
                continue;
            }
            if let Some(name) = self.missing_end.take() {
                return Some(Token::End(name.to_owned()));
            }
            let bytes = self.rest().as_bytes();
            let token = match (bytes[0], bytes.get(1)) {
                (b'<', Some(b)) if b.is_ascii_alphabetic() => self.tag(),
                (b'<', Some(b'/')) if bytes.get(2).is_some_and(u8::is_ascii_alphabetic) => {
                    self.tag()
                }
                (b'<', Some(b'!' | b'?' | b'/')) => {
                    self.skip_markup();
                    None
                }
                _ => Some(self.text()),
            };
            if token.is_some() {
                return token;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(html: &str) -> String {
        Tokens::new(html)
            .map(|token| match token {
                Token::Text(text) => format!("{text:?}"),
                Token::End(name) => format!("/{name}"),
                Token::Start { name, attributes } => {
                    let attributes: Vec<String> =
                        attributes.iter().map(|(n, v)| format!("{n}={v}")).collect();
                    format!("{name}({})", attributes.join(","))
                }
            })
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn tags_and_text_are_told_apart() {
        let cases = [
            ("a<b>c</b>", r#""a" b() "c" /b"#),
            ("1 < 2 &lt; 3", r#""1 < 2 < 3""#),
            // A text that begins beyond ASCII ends at its tag all the same.
            (
                "<p>\u{bf}Qu\u{e9}?</p>\u{20ac}<b>x",
                "p() \"\u{bf}Qu\u{e9}?\" /p \"\u{20ac}\" b() \"x\"",
            ),
            ("<A HREF='x?a=1&amp;b=2' x y=z>", "a(href=x?a=1&b=2,x=,y=z)"),
            ("<!-- a > b -->c<!DOCTYPE x><?xml?>", r#""c""#),
            ("<!--[if mso]><p>x</p><![endif]-->y", r#""y""#),
            ("<![if !mso]>y<![endif]>", r#""y""#),
            ("<title>My <mail", r#"title() "My " /title"#),
            ("<style>p{}<p>z<style>q", r#"style() "p{}" /style p() "z" style() "q""#),
            ("<style>p > a { }</style>z", r#"style() "p > a { }" /style "z""#),
            ("<script>'<b>'</SCRIPT >z", r#"script() "'<b>'" /script "z""#),
            ("<br/>", "br()"),
            // Never closed: the text behind must not be lost.
            ("<a href=\"x>link</a> text", r#"a(href=x) "link" /a " text""#),
            ("<!-- never closed > text", r#"" text""#),
            ("Mail <anna@example.org> now", r#""Mail " "<anna@example.org>" " now""#),
            ("<a", ""),
            ("<", r#""<""#),
            ("</>x", r#""x""#),
        ];
        for (html, tokens) in cases {
            assert_eq!(draw(html), tokens, "{html}");
        }
    }
}
