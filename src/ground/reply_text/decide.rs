//! The decision: which lines are new text, which quoted, which signature.
//!
//! Every line gets one role, so nothing can be lost. Text between quotations keeps the quotations with it
//! (an answer without its question is useless); a quotation with text only below it (bottom posting) or only
//! above it (top posting) is cut.

use super::{
    attribution::Strength,
    coloured, disclaimer, footer,
    form::{self, First},
    forward, header,
    language::Field,
    line::{Line, Mark},
    opener::{self, Kind, Opener},
    signature,
};

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Text,
    Quote,
    Signature,
}

/// All roles, and why.
pub(super) struct Decision {
    pub(super) roles: Vec<Role>,
    /// 0..=1.
    pub(super) confidence: f32,
    /// The opener of a forwarded mail.
    pub(super) forward: Option<Opener>,
    /// Did the structure of the HTML decide?
    pub(super) sure: bool,
}

/// What is known from outside the text.
#[derive(Clone, Debug, Default)]
pub(super) struct Context {
    /// The author's name, folded.
    pub(super) author: Option<String>,
    /// The subject says "Fwd:".
    pub(super) forwarded: bool,
    /// It says "VS:", a forward in Danish and Norwegian, a reply in Finnish and Estonian.
    pub(super) scandinavian: bool,
    /// The letter answers another (In-Reply-To).
    pub(super) answers: bool,
    /// It answers none and does not say "Re:"; `None` where that is not known.
    pub(super) first: Option<First>,
}

struct Work<'l, 'a> {
    lines: &'l [Line<'a>],
    author: Option<&'l str>,
    roles: Vec<Role>,
    confidence: f32,
    sure: bool,
}

pub(super) fn decide(lines: &[Line<'_>], context: &Context) -> Decision {
    let openers = opener::find(lines);
    let mut work = Work {
        lines,
        author: context.author.as_deref(),
        roles: vec![Role::Text; lines.len()],
        confidence: 1.0,
        sure: false,
    };
    for (at, line) in lines.iter().enumerate() {
        if line.depth > 0 {
            work.roles[at] = Role::Quote;
            work.sure |= line.sure;
        }
    }
    work.wrapped_quotes();
    work.armour();
    if let Some(banner) = disclaimer::banner(lines) {
        work.fill(banner, Role::Signature);
    }
    let (cut, forward) = work.walk(&openers, context);
    work.regions(cut);
    if context.first.is_some() {
        work.announced_quote(cut);
    }
    work.signatures(cut);
    if forward.is_none() {
        work.coloured_answers(&openers);
    }
    if let Some(opener) = &forward {
        work.below_forward(forward::end(lines, opener));
    }
    work.never_empty(cut, forward.is_some());
    if context.answers && openers.is_empty() && !work.roles.contains(&Role::Quote) {
        // An answer without any quotation: often true, sometimes a language or a program we do not know.
        work.doubt(0.85);
    }
    Decision { roles: work.roles, confidence: work.confidence, forward, sure: work.sure }
}

/// The last written lines of each kind, and what ends the search below an opener.
struct Last {
    quoted: Option<usize>,
    text: Option<usize>,
    /// Where the next opener starts.
    next: usize,
}

/// A forward's banner, or any opener with a header block under a subject that says "Fwd:".
fn is_forward(opener: &Opener, context: &Context, lines: &[Line<'_>]) -> bool {
    match opener.kind {
        Kind::Forwarded => true,
        Kind::Original | Kind::Header | Kind::Rest => {
            let first = opener.fields.first().map(|(_, at)| &lines[*at].folded);
            let spoken = first.is_some_and(|label| label.starts_with("fra"));
            let said = context.forwarded && first.is_some() && (spoken || !context.scandinavian);
            // Sent on from a program that leaves the subject as it is.
            let strangers = opener.strength == Strength::Strong
                && context.first.as_ref().is_some_and(|f| form::is_a_strangers(lines, opener, f));
            said || strangers
        }
        // Who answers nothing and quotes a third one's mail, headers and all, sends it on.
        Kind::QuotedHeader => {
            context.forwarded
                || opener.strength == Strength::Strong
                    && context
                        .first
                        .as_ref()
                        .is_some_and(|f| form::is_a_strangers(lines, opener, f))
        }
        Kind::Attribution | Kind::Above => false,
    }
}

impl Work<'_, '_> {
    fn doubt(&mut self, at_most: f32) {
        self.confidence = self.confidence.min(at_most);
    }

    fn written(&self, at: usize) -> bool {
        !self.lines[at].is_blank()
    }

    fn has_text(&self, range: std::ops::Range<usize>) -> bool {
        range.into_iter().any(|at| self.roles[at] == Role::Text && self.written(at))
    }

    fn fill(&mut self, range: std::ops::Range<usize>, role: Role) {
        self.roles[range].fill(role);
    }

    /// A quoted line broken by a second wrapping leaves its tail without `>`.
    fn wrapped_quotes(&mut self) {
        for at in 1..self.lines.len().saturating_sub(1) {
            let (above, line, below) = (&self.lines[at - 1], &self.lines[at], &self.lines[at + 1]);
            let tail = line.depth == 0
                && above.depth > 0
                && below.depth > 0
                && above.raw.len() >= 60
                && !above.folded.ends_with('?')
                && line
                    .content()
                    .trim_start()
                    .starts_with(|c: char| c.is_lowercase() || "<,.;)".contains(c));
            if tail {
                self.roles[at] = Role::Quote;
            }
        }
    }

    /// The armour around a text signed with PGP (RFC 9580, 7): the signature is one, and so are the lines that announce it.
    fn armour(&mut self) {
        let begins = |at: usize, mark: &str| {
            self.lines[at].depth == 0 && self.lines[at].raw.starts_with(mark)
        };
        let end = self.lines.len();
        let Some(start) = (0..end).find(|&at| begins(at, "-----BEGIN PGP SIGNED MESSAGE-----"))
        else {
            return;
        };
        let Some(signature) = (start..end).find(|&at| begins(at, "-----BEGIN PGP SIGNATURE-----"))
        else {
            return;
        };
        let closed = (signature..end).find(|&at| begins(at, "-----END PGP SIGNATURE-----"));
        let text = (start + 1..signature).find(|&at| !begins(at, "Hash:")).unwrap_or(signature);
        self.fill(start..text, Role::Signature);
        self.fill(signature..closed.map_or(end, |at| at + 1), Role::Signature);
    }

    /// "Your site says:" and what it says, in a letter that answers nothing: the quotation is the visitor's own.
    fn announced_quote(&mut self, cut: usize) {
        let Some(first) = (0..cut).find(|&at| self.roles[at] == Role::Quote && self.written(at))
        else {
            return;
        };
        let Some(above) = (0..first).rev().find(|&at| self.written(at)) else { return };
        let line = &self.lines[above].folded;
        let says = line.ends_with(':') && !line.contains(|c: char| c == '@' || c.is_ascii_digit());
        let by_hand = (first..cut)
            .all(|at| !self.lines[at].sure && (self.lines[at].depth > 0 || !self.written(at)));
        if says && by_hand && self.roles[above] == Role::Text {
            self.fill(above + 1..cut, Role::Text);
            self.doubt(0.6);
        }
    }

    /// Takes the openers in order. Gives where the whole rest is quoted (or the end) and the forward.
    fn walk(&mut self, openers: &[Opener], context: &Context) -> (usize, Option<Opener>) {
        let mut last = Last {
            quoted: self.lines.iter().rposition(|l| l.depth > 0 && !l.is_blank()),
            text: self.lines.iter().rposition(|l| l.depth == 0 && !l.is_blank()),
            next: self.lines.len(),
        };
        let mut above = false;
        let mut seen = 0;
        let lines = self.lines;
        let openers: Vec<&Opener> = openers
            .iter()
            .filter(|o| o.kind != Kind::QuotedHeader || is_forward(o, context, lines))
            .collect();
        for (nth, &opener) in openers.iter().enumerate() {
            let start = self.opening(opener.start);
            last.next = openers.get(nth + 1).map_or(self.lines.len(), |next| next.start);
            above |= seen < start && self.has_text(seen..start);
            seen = opener.end;
            let filled_in = !context.forwarded
                && context
                    .first
                    .as_ref()
                    .is_some_and(|first| form::is_filled_in(self.lines, opener, first));
            if filled_in {
                self.doubt(0.6);
                continue;
            }
            if is_forward(opener, context, self.lines) {
                let start = self.announcement(opener, start);
                self.fill(start..forward::end(self.lines, opener), Role::Quote);
                self.doubt(match opener.kind {
                    Kind::Forwarded => 0.97,
                    _ if context.forwarded => 0.9,
                    // Nothing says where the old mail ends: a visitor may ask below the header they copied.
                    _ => 0.6,
                });
                return (start, Some(opener.clone()));
            }
            if self.takes_rest(opener, start, above, &last) {
                let weak = opener.strength == Strength::Weak && !opener.sure;
                self.fill(start..self.lines.len(), Role::Quote);
                self.sure |= opener.sure;
                self.doubt(match (weak, above) {
                    (_, false) => 0.5,
                    (true, _) => 0.6,
                    _ => 0.95,
                });
                return (start, None);
            }
        }
        self.footer_cut()
    }

    /// Does this opener quote the whole rest? If not, the lines it quotes have their role now.
    fn takes_rest(&mut self, opener: &Opener, start: usize, above: bool, last: &Last) -> bool {
        let weak = opener.strength == Strength::Weak && !opener.sure;
        match opener.kind {
            Kind::Above if !above => self.fill(start..opener.end, Role::Quote),
            Kind::Header if !above && !opener.sure => {
                // Headers pasted on top of a text: the text is what was written.
                if !weak {
                    self.fill(start..opener.end, Role::Quote);
                    self.doubt(0.5);
                }
            }
            Kind::Attribution | Kind::Header | Kind::Original => {
                match self.quoted_below(opener, above, last) {
                    Some(end) => {
                        self.fill(start..end, Role::Quote);
                        self.doubt(if weak { 0.8 } else { 0.97 });
                    }
                    None if weak && opener.kind == Kind::Attribution => {}
                    None if !above && !opener.sure && opener.kind == Kind::Attribution => {
                        // Nothing above it and nothing marked below: what stands there is all that was written. An old
                        // mail shown is better than an answer lost.
                        self.fill(start..opener.end, Role::Quote);
                        self.doubt(0.5);
                    }
                    None => return true,
                }
            }
            _ => return true,
        }
        false
    }

    /// Where the quotation under this opener begins, if it is one with `>`: within a few lines (people write "[...]"
    /// between), or anywhere when nothing stands above the opener, for then the answer stands below.
    fn quoted_below(&self, opener: &Opener, above: bool, last: &Last) -> Option<usize> {
        // What stands above the next attribution was not quoted by this one.
        let strong = opener.kind == Kind::Attribution && opener.strength != Strength::Weak;
        let end = if strong && !above { last.next.max(opener.end) } else { self.lines.len() };
        let written = (opener.end..end).filter(|&at| self.written(at));
        for at in written.take(3) {
            if self.lines[at].depth > 0 {
                return Some(at);
            }
            if above && self.lines[at].folded.len() > 20 {
                return None;
            }
        }
        let answered = last.quoted.is_some_and(|q| q >= opener.end) && last.text > last.quoted;
        (!above && opener.kind != Kind::Header && answered).then_some(opener.end)
    }

    /// The rule drawn above an opener belongs to it, and what stands between: Yandex puts "To:" and "Subject:" there.
    fn opening(&self, start: usize) -> usize {
        let fields = (0..start)
            .rev()
            .take(3)
            .take_while(|&at| {
                matches!(
                    header::label(&self.lines[at]),
                    Some(Field::To | Field::Cc | Field::Subject)
                )
            })
            .last();
        let start =
            fields.filter(|&at| at > 0 && header::is_rule(&self.lines[at - 1], 3)).unwrap_or(start);
        let above = (0..start)
            .rev()
            .take(4)
            .find(|&at| self.written(at) || self.lines[at].mark == Mark::Border);
        match above {
            Some(at)
                if self.lines[at].depth == 0
                    && (header::is_rule(&self.lines[at], 3)
                        || header::is_framed(&self.lines[at])) =>
            {
                at
            }
            _ => start,
        }
    }

    /// "Továbbított levél kezdete:": Apple's sentence in a language without words, right above headers in Apple's order.
    fn announcement(&self, opener: &Opener, start: usize) -> usize {
        let order: Vec<Field> = opener.fields.iter().map(|(field, _)| *field).collect();
        if opener.kind != Kind::Header
            || !order.starts_with(&[Field::From, Field::Subject, Field::Date])
        {
            return start;
        }
        let Some(at) = (0..start).rev().take(2).find(|&at| self.written(at)) else { return start };
        let line = &self.lines[at];
        let alone = at == 0 || !self.written(at - 1);
        let short = (1..=60).contains(&line.folded.chars().count());
        if alone && short && line.depth == 0 && line.folded.ends_with(':') { at } else { start }
    }

    /// Below a mobile footer stands no new text: programs put the footer under it, then the old mail, sometimes
    /// without any mark.
    fn footer_cut(&mut self) -> (usize, Option<Opener>) {
        let end = self.lines.len();
        let footer = (0..end).find(|&at| {
            self.roles[at] == Role::Text
                && self.lines[at].depth == 0
                && footer::is_footer(&self.lines[at])
                && (at + 1 == end
                    || self.lines[at + 1].is_blank()
                    || self.roles[at + 1] == Role::Quote)
                && at > 0
                && (self.lines[at - 1].is_blank())
        });
        let Some(footer) = footer else {
            return (end, None);
        };
        let below = (footer + 1..end).find(|&at| self.written(at));
        let plain_below = below.is_some_and(|at| self.roles[at] == Role::Text);
        let quotes = self.roles.contains(&Role::Quote);
        if !self.has_text(0..footer) || !plain_below || quotes || self.only_signature(footer, end) {
            return (end, None);
        }
        let below: Vec<&Line<'_>> =
            self.lines[footer + 1..].iter().filter(|line| !line.is_blank()).collect();
        let added = |line: &&Line<'_>| signature::is_postscript(line) || signature::is_link(line);
        if below.len() < 3 && below.first().is_some_and(added) {
            self.roles[footer] = Role::Signature;
            self.doubt(0.8);
        } else {
            self.fill(footer + 1..end, Role::Quote);
            self.doubt(0.6);
            return (footer + 1, None);
        }
        (end, None)
    }

    fn only_signature(&self, start: usize, end: usize) -> bool {
        signature::begins(self.lines, start, end, self.author).is_some_and(|at| at <= start)
    }

    /// Looks at quotations and the texts between them in `..cut`.
    fn regions(&mut self, cut: usize) {
        // (first line, last line + 1, quoted?) of every run, blank lines going with the run above.
        let mut runs: Vec<(usize, usize, bool)> = Vec::new();
        for at in 0..cut {
            if !self.written(at) && self.lines[at].depth == 0 {
                continue;
            }
            let quoted = self.roles[at] == Role::Quote;
            match runs.last_mut() {
                Some(run) if run.2 == quoted => run.1 = at + 1,
                _ => runs.push((at, at + 1, quoted)),
            }
        }
        // A signature below the last quotation is no answer.
        if let Some(&(start, end, false)) = runs.last()
            && runs.len() > 1
            && let Some(first) = signature::begins(self.lines, start, end, self.author)
        {
            self.fill(first..end, Role::Signature);
            if !self.has_text(start..first) {
                runs.pop();
            }
        }
        // Headers or a marker on top of a text quote nothing.
        let settled = |run: &(usize, usize, bool)| {
            run.2 && self.lines[run.0..run.1].iter().all(|l| l.depth == 0)
        };
        runs.retain(|run| !settled(run));
        let quotes: Vec<usize> = (0..runs.len()).filter(|&i| runs[i].2).collect();
        let Some((&first, &last)) = quotes.first().zip(quotes.last()) else {
            return;
        };
        if !runs[first..last].iter().all(|r| r.2) {
            // Answers between the quotations: everything up to the last answer stays together.
            let keep = runs.iter().rposition(|r| !r.2).unwrap_or(0);
            self.fill(runs[first].0..runs[keep].1, Role::Text);
            self.doubt(0.85);
            return;
        }
        let below = last + 1 < runs.len();
        let above = first > 0;
        let (start, end, _) = runs[first];
        let attributed = (start..end).any(|at| self.lines[at].depth == 0);
        let sure = (start..end).any(|at| self.lines[at].sure);
        // A list or an address moved in with a button: programs name their quotations.
        let moved_in = above && (start..end).all(|at| self.lines[at].indented || !self.written(at));
        if (below && above || moved_in) && !attributed && !sure {
            // Somebody quoted by hand in the middle of a text.
            self.fill(start..end, Role::Text);
            self.doubt(0.8);
        } else if below || !attributed && !sure {
            self.doubt(0.85);
        }
    }

    /// The signature at the end of the new text.
    fn signatures(&mut self, cut: usize) {
        for at in 0..cut {
            if self.lines[at].mark == Mark::Signature && self.roles[at] == Role::Text {
                self.roles[at] = Role::Signature;
            }
        }
        let Some(last) =
            (0..cut).rev().find(|&at| self.roles[at] == Role::Text && self.written(at))
        else {
            return;
        };
        let start = (0..=last)
            .rev()
            .take_while(|&at| self.roles[at] == Role::Text && self.lines[at].depth == 0)
            .last()
            .unwrap_or(last);
        if let Some(first) = signature::begins(self.lines, start, last + 1, self.author) {
            self.fill(first..last + 1, Role::Signature);
        }
        // Top posting over a quotation with a signature below it: the text above may end in one as well.
    }

    /// "My answers are in red": what is red in the quotation is new, and the questions above stay with it.
    fn coloured_answers(&mut self, openers: &[Opener]) {
        let Some(first) = self.roles.iter().position(|r| *r == Role::Quote) else { return };
        let head = |at: &usize| openers.iter().any(|o| (o.start..o.end).contains(at));
        let quoted = (first..self.lines.len())
            .filter(|at| self.roles[*at] == Role::Quote && self.written(*at) && !head(at));
        let mut quoted: Vec<usize> = quoted.collect();
        if !quoted.iter().any(|at| self.lines[*at].hue.is_some()) {
            return;
        }
        let above = (0..first).filter(|at| self.roles[*at] == Role::Text && self.written(*at));
        let above: Vec<&str> = above.map(|at| self.lines[at].folded.as_str()).collect();
        // The mail they answer ends where an older one begins.
        let (start, depth) = quoted.first().map_or((0, 0), |at| (*at, self.lines[*at].depth));
        let next = openers.iter().map(|o| o.start).find(|next| *next > start);
        let older = |at: &usize| {
            self.lines[*at].depth != depth
                || next.is_some_and(|next| *at > next)
                || header::block_at(self.lines, *at, true).is_some()
        };
        let end = quoted.iter().position(older).unwrap_or(quoted.len());
        quoted.truncate(end);
        let Some(last) = coloured::last_answer(&above, self.lines, &quoted) else { return };
        self.fill(quoted[0]..last + 1, Role::Text);
        self.doubt(0.69);
    }

    /// What stands below a quoted forward is its sender's, with or without a signature.
    fn below_forward(&mut self, end: usize) {
        let all = self.lines.len();
        if let Some(first) = signature::begins(self.lines, end, all, self.author) {
            self.fill(first..all, Role::Signature);
        }
    }

    /// A letter with something written in it has a text, even if all we saw was a signature.
    fn never_empty(&mut self, cut: usize, forward: bool) {
        if self.has_text(0..self.lines.len()) || forward {
            return;
        }
        let only: Vec<usize> =
            (0..cut).filter(|&at| self.roles[at] == Role::Signature && self.written(at)).collect();
        let quotes =
            (0..self.lines.len()).any(|at| self.roles[at] == Role::Quote && self.written(at));
        // Typed into the program's own container for signatures, above a quotation.
        let typed = only.iter().any(|&at| {
            let line = &self.lines[at];
            line.mark == Mark::Signature
                && line.folded.split(' ').count() >= 3
                && line.folded.ends_with(['.', '?', '!'])
        });
        if !only.is_empty() && (!quotes || typed) {
            for at in only {
                self.roles[at] = Role::Text;
            }
            self.doubt(0.5);
        } else if quotes {
            self.doubt(0.5);
        }
    }
}
