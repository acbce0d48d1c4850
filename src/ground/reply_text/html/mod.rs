//! HTML mail as lines, each with what the containers around it say.
//!
//! One pass over the tokens with a stack of open elements: no tree is built, so time and memory are linear and nesting
//! costs a stack entry. Mail is full of unclosed and misnested tags; an end tag closes the
//! nearest open element of its name and everything opened since.

mod client;
mod element;

use std::{borrow::Cow, ops::Range};

use self::{
    client::Container,
    element::{Emphasis, closes_itself, is_block, is_paragraph, is_void},
};
use super::{
    coloured::Hue,
    line::{self, Line, MAX_LINES, Mark},
};
use crate::ground::{
    html::{Token, Tokens},
    rich_text::Look,
};

/// Open elements we keep; deeper ones are read as text of the deepest.
const MAX_OPEN: usize = 200;
/// An end tag looks this far down the stack for its element.
const MAX_LOOK: usize = 128;

/// A start tag.
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
}

/// What stands in these is for readers that cannot show something else.
const FALLBACKS: &[&str] = &["noscript", "object"];

/// The lines of an HTML body. Mail programs run no scripts and show no objects: what stands in their place is read only where
/// nothing else is written.
pub(super) fn lines(html: &str) -> Vec<Line<'static>> {
    let (lines, left_out) = read(html, false);
    if left_out && lines.iter().all(Line::is_blank) { read(html, true).0 } else { lines }
}

/// The lines, and whether fallbacks were left out.
fn read(html: &str, fallbacks: bool) -> (Vec<Line<'static>>, bool) {
    let mut reader = Reader::default();
    // What stands in these is for programs, whatever it is.
    let unseen = ["style", "script", "title", "iframe"];
    let mut seen = true;
    let (mut inside, mut left_out) = (0_usize, false);
    for token in Tokens::new(html) {
        match token {
            Token::Text(text) if seen && inside == 0 => reader.text(&text),
            Token::Text(_) => {
                left_out |= seen;
                seen = true;
            }
            Token::Start { name, .. } if unseen.contains(&name.as_str()) => seen = false,
            Token::Start { name, attributes } => {
                seen = true;
                inside += usize::from(!fallbacks && FALLBACKS.contains(&name.as_str()));
                reader.start(&Tag { name, attributes });
            }
            Token::End(name) => {
                seen = true;
                inside = inside.saturating_sub(usize::from(FALLBACKS.contains(&name.as_str())));
                reader.end(&name);
            }
        }
    }
    // One that never ends would hide the rest.
    if inside > 0 { read(html, true) } else { (reader.finish(), left_out) }
}

/// An open element.
struct Open {
    name: String,
    container: Container,
    link: Option<String>,
    link_from: usize,
    block: bool,
    /// A blank line stands after it.
    gap: bool,
    /// A quotation was opened in it: what follows is an answer, no attribution.
    quoted: bool,
    /// The number of the last item of a numbered list.
    number: Option<u32>,
    emphasis: Emphasis,
    /// The colour it gives its words; black and grey take one away.
    colour: Option<Option<Hue>>,
}

#[derive(Default)]
struct Reader {
    lines: Vec<Line<'static>>,
    open: Vec<Open>,
    current: String,
    /// A blank line is due before the next text.
    gap: bool,
    /// White space is due before the next word.
    space: bool,
    /// Depth, sureness and so on are taken from the stack when a line's first text comes.
    depth: u16,
    mark: Mark,
    sure: bool,
    indented: bool,
    bold: bool,
    /// The first colour on the line.
    hue: Option<Hue>,
    /// Marks that wait for the next line with text.
    pending: Option<Mark>,
    ignored: usize,
    pre: usize,
    /// How many open elements embolden, and how many slant.
    emboldened: usize,
    slanted: usize,
    /// The looks of the current line so far.
    looks: Vec<(Range<usize>, Look)>,
}

impl Reader {
    fn start(&mut self, tag: &Tag) {
        let name = tag.name.as_str();
        if self.in_head() && !element::is_metadata(name) {
            self.end("head");
        }
        if self.ignored > 0 && is_block(name) {
            // Paragraphs end a drawing, a formula or a choice that was left open (HTML, 13.2.6.5).
            for foreign in ["svg", "math", "select"] {
                self.end(foreign);
            }
        }
        if self.ignored == 0 {
            self.void(tag, name);
        }
        if is_void(name) {
            return;
        }
        if closes_itself(name) && self.open.last().is_some_and(|o| o.name == name) {
            self.end(name);
        }
        if client::is_quote_bar(tag) {
            self.quote_table();
        }
        let container = client::container(tag);
        let block = is_block(name);
        let gap = block && is_paragraph(tag, name);
        if block && self.ignored == 0 {
            self.break_line();
            self.gap |= gap;
        }
        if self.open.len() >= MAX_OPEN {
            return;
        }
        match container {
            Container::Hidden => self.ignored += 1,
            Container::Quote | Container::Blockquote => {
                for open in &mut self.open {
                    open.quoted = true;
                }
            }
            Container::Rest => self.pending = Some(Mark::Rest),
            Container::Border => self.pending = self.pending.or(Some(Mark::Border)),
            _ => {}
        }
        if name == "pre" {
            self.pre += 1;
        }
        let link = (name == "a")
            .then(|| client::attribute(tag, "href").unwrap_or_default().trim().to_owned());
        // Links are blue of themselves.
        let link_colour = name == "a";
        let emphasis = Emphasis::of(tag);
        self.emboldened += usize::from(emphasis.bold);
        self.slanted += usize::from(emphasis.italic);
        self.open.push(Open {
            name: tag.name.clone(),
            container,
            link,
            link_from: self.current.len(),
            block,
            gap,
            quoted: false,
            number: (name == "ol").then(|| element::start(tag).saturating_sub(1)),
            emphasis,
            colour: if link_colour { Some(None) } else { element::colour(tag) },
        });
        if name == "li" && self.ignored == 0 {
            self.item();
        }
    }

    /// The table that is open now is a quotation, if it is the first thing below an attribution: newsletters have such cells, too.
    fn quote_table(&mut self) {
        let above = self.lines.iter().rev().take(4).find(|line| !line.is_blank());
        if !self.current.is_empty() || !above.is_some_and(|line| line.folded.ends_with(':')) {
            return;
        }
        let table = self.open.iter_mut().rev().take(MAX_LOOK).find(|o| o.name == "table");
        if let Some(table) = table.filter(|t| t.container == Container::Plain) {
            table.container = Container::Quote;
        }
    }

    /// A head that was never closed ends where what is shown begins (HTML, 13.2.6.4.4).
    fn in_head(&self) -> bool {
        self.open.last().is_some_and(|open| open.name == "head")
    }

    /// The mark of a list item, as people write it in plain text.
    fn item(&mut self) {
        let list = self.open.iter_mut().rev().find(|o| matches!(o.name.as_str(), "ol" | "ul"));
        let number = list.and_then(|list| list.number.as_mut());
        let mark = match number {
            Some(number) => {
                *number = number.saturating_add(1);
                format!("{number}. ")
            }
            None => "- ".to_owned(),
        };
        self.word(&mark);
        self.space = false;
        self.looks.clear();
        self.looks.push((0..mark.len() - 1, Look::Item));
    }

    fn void(&mut self, tag: &Tag, name: &str) {
        match name {
            "br" => {
                if self.current.is_empty() {
                    self.blank_line();
                }
                self.break_line();
            }
            "hr" => {
                self.break_line();
                self.pending =
                    Some(if client::is_rest_rule(tag) { Mark::Rest } else { Mark::Border });
                self.rule();
            }
            "td" | "th" if !self.current.is_empty() => self.current.push('\t'),
            "img" => {
                // Pictured smileys: their alternative text is the smiley.
                let alt = client::attribute(tag, "alt").unwrap_or_default();
                if (1..=4).contains(&alt.chars().count()) && !alt.is_ascii() {
                    self.word(&alt);
                }
            }
            _ => {}
        }
    }

    /// A drawn rule is a line of its own.
    fn rule(&mut self) {
        self.word("________________________________");
        self.break_line();
    }

    fn end(&mut self, name: &str) {
        let found = self.open.iter().rev().take(MAX_LOOK).position(|o| o.name == name);
        let Some(from_top) = found else {
            if name == "p" || name == "br" {
                self.break_line();
            }
            return;
        };
        for _ in 0..=from_top {
            self.close();
        }
    }

    fn close(&mut self) {
        let Some(open) = self.open.pop() else { return };
        if open.container == Container::Hidden {
            self.ignored -= 1;
        }
        if open.name == "pre" {
            self.pre = self.pre.saturating_sub(1);
        }
        self.emboldened -= usize::from(open.emphasis.bold);
        self.slanted -= usize::from(open.emphasis.italic);
        if let Some(href) = &open.link
            && self.ignored == 0
        {
            self.link(href, open.link_from);
        }
        if open.block && self.ignored == 0 {
            self.break_line();
            self.gap |= open.gap;
        }
    }

    /// Where the text is not the address itself, the address follows it: `here <https://…>`.
    fn link(&mut self, href: &str, from: usize) {
        let shown = self.current.get(from..).unwrap_or_default().trim().to_owned();
        let web = href.starts_with("http://") || href.starts_with("https://");
        let bare = |s: &str| {
            s.trim_start_matches("https://")
                .trim_start_matches("http://")
                .trim_start_matches("www.")
                .trim_end_matches('/')
                .to_lowercase()
        };
        if shown.is_empty() || href.len() > 2000 || bare(&shown) == bare(href) {
            return;
        }
        // Words that look like an address of their own stay beside the one they lead to.
        let claims = shown.contains("://") || shown.contains("www.") || shown.contains('@');
        if !claims && (web || href.starts_with("mailto:")) {
            self.looks.push((from..self.current.len(), Look::Link(href.to_owned())));
        }
        if web {
            self.current.push_str(&format!(" <{href}>"));
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_head() && !text.trim().is_empty() {
            self.end("head");
        }
        if self.ignored > 0 {
            return;
        }
        if self.pre > 0 {
            for (i, piece) in text.split('\n').enumerate() {
                if i > 0 {
                    if self.current.is_empty() {
                        self.blank_line();
                    }
                    self.break_line();
                }
                if !piece.is_empty() {
                    self.word(piece);
                }
            }
            return;
        }
        self.space |= text.starts_with(|c: char| c.is_ascii_whitespace());
        let mut words = text.split_ascii_whitespace().peekable();
        while let Some(word) = words.next() {
            self.word(&word.replace('\u{a0}', " "));
            self.space = words.peek().is_some();
        }
        self.space |= text.ends_with(|c: char| c.is_ascii_whitespace());
    }

    fn word(&mut self, word: &str) {
        if self.current.is_empty() {
            self.begin_line(word);
        } else if self.space && !self.current.ends_with([' ', '\t']) {
            self.current.push(' ');
        }
        self.space = false;
        if self.hue.is_none() && word.contains(char::is_alphanumeric) {
            self.hue = self.open.iter().rev().find_map(|o| o.colour).flatten();
        }
        let from = self.current.len();
        self.current.push_str(word);
        for (on, look) in [(self.emboldened > 0, Look::Bold), (self.slanted > 0, Look::Italic)] {
            if !on {
                continue;
            }
            // Words side by side look alike together.
            let last = self.looks.iter_mut().rev().find(|(_, last)| *last == look);
            match last {
                Some((span, _)) if self.current[span.end..from].trim().is_empty() => {
                    span.end = self.current.len();
                }
                _ => self.looks.push((from..self.current.len(), look)),
            }
        }
    }

    /// Takes what the stack says for the line that begins.
    fn begin_line(&mut self, word: &str) {
        if self.gap && self.lines.last().is_some_and(|l| !l.is_blank()) {
            self.blank_line();
        }
        self.gap = false;
        self.depth = 0;
        self.sure = false;
        self.indented = false;
        self.bold = false;
        self.hue = None;
        self.mark = Mark::None;
        let mut quoting = false;
        for open in &self.open {
            match open.container {
                Container::Quote => {
                    self.depth = self.depth.saturating_add(1);
                    self.sure = true;
                    quoting = true;
                }
                Container::Blockquote => {
                    self.depth = self.depth.saturating_add(1);
                    self.indented = true;
                    quoting = true;
                }
                Container::Attribution if !open.quoted => self.mark = Mark::Attribution,
                Container::Signature => self.mark = Mark::Signature,
                _ => {}
            }
            self.bold |= matches!(open.name.as_str(), "b" | "strong");
        }
        // Inside a quotation only the quotation counts.
        if quoting {
            self.mark = Mark::None;
        }
        let seen = word.chars().any(|c| !c.is_whitespace() && !line::is_invisible(c));
        if seen && let Some(pending) = self.pending {
            if !(pending == Mark::Border && self.mark != Mark::None) {
                self.mark = pending;
            }
            if !word.starts_with("____") || pending == Mark::Rest {
                self.pending = None;
            }
        }
    }

    fn blank_line(&mut self) {
        if self.lines.len() >= MAX_LINES {
            return;
        }
        let depth = self
            .open
            .iter()
            .filter(|o| matches!(o.container, Container::Quote | Container::Blockquote))
            .count();
        let mut line = Line::plain("");
        let above = self.lines.last().map_or(0, |l| l.depth);
        line.depth = u16::try_from(depth).unwrap_or(u16::MAX).min(above);
        line.raw = Cow::Owned(prefixed("", line.depth));
        self.lines.push(line);
    }

    fn break_line(&mut self) {
        self.space = false;
        if self.current.is_empty() {
            return;
        }
        let content = std::mem::take(&mut self.current);
        let looks = std::mem::take(&mut self.looks);
        let content = content.trim_end();
        if self.lines.len() > MAX_LINES
            && let Some(last) = self.lines.last_mut()
        {
            let raw = last.raw.to_mut();
            raw.push('\n');
            raw.push_str(content);
            return;
        }
        let plain = Line::plain(content);
        let quoted_by_hand = plain.depth;
        let bold = self.bold && content.contains(':');
        let raw = prefixed(content, self.depth);
        let shift = raw.len() - content.len();
        let end = |at: usize| at.min(content.len()) + shift;
        let looks = looks.into_iter().map(|(span, look)| (end(span.start)..end(span.end), look));
        self.lines.push(Line {
            looks: looks.filter(|(span, _)| !span.is_empty()).collect(),
            folded: plain.folded,
            raw: Cow::Owned(raw),
            depth: self.depth.saturating_add(quoted_by_hand),
            mark: self.mark,
            bold,
            sure: self.sure,
            indented: self.indented && !self.sure,
            hue: self.hue,
        });
    }

    fn finish(mut self) -> Vec<Line<'static>> {
        self.break_line();
        self.lines
    }
}

/// With the `>` of its depth; very deep quotations look alike.
fn prefixed(content: &str, depth: u16) -> String {
    let mut raw = ">".repeat(usize::from(depth.min(16)));
    if depth > 0 && !content.is_empty() {
        raw.push(' ');
    }
    raw.push_str(content);
    raw
}
