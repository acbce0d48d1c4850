//! Lines of text with white space collapsed, prefixes for quotes and lists, and breaks made when needed.

/// Text being written: white space is collapsed, breaks are only made when something follows them.
#[derive(Default)]
pub(super) struct Writer {
    pub(super) out: String,
    /// What every line starts with: quote marks and indents.
    pub(super) prefix: String,
    /// Written once in place of the indent of the innermost list item, after a blank line or not: a paragraph
    /// inside the item does not part it from its mark.
    pub(super) marker: Option<(String, bool)>,
    line_has_text: bool,
    space_pending: bool,
    /// A line of nothing but `&nbsp;`: how editors write an empty line.
    line_is_kept: bool,
    /// A blank line is wanted before the next text.
    pub(super) blank_wanted: bool,
    /// How much of the prefix that blank line carries: no quote mark before the quote.
    blank_prefix: usize,
    blank_lines: usize,
    pub(super) preformatted: bool,
}

impl Writer {
    pub(super) fn words(&mut self, text: &str) {
        if self.preformatted {
            for (n, line) in text.split('\n').enumerate() {
                if n > 0 {
                    self.end_line();
                }
                if !line.is_empty() {
                    self.open_line();
                    self.out.push_str(line);
                }
            }
            return;
        }
        for c in text.chars() {
            match c {
                ' ' | '\n' | '\t' | '\r' | '\u{c}' => self.space_pending |= self.line_has_text,
                // Zero-width fillers of preheaders; soft hyphens are for the typesetter.
                '\u{200b}' | '\u{200c}' | '\u{feff}' | '\u{ad}' | '\u{34f}' => {}
                '\u{a0}' => {
                    if self.line_has_text {
                        self.flush_space();
                        self.out.push(' ');
                    } else {
                        self.line_is_kept = true;
                    }
                }
                _ => {
                    self.open_line();
                    self.flush_space();
                    self.out.push(c);
                }
            }
        }
    }

    fn flush_space(&mut self) {
        if self.space_pending {
            self.out.push(' ');
            self.space_pending = false;
        }
    }

    fn open_line(&mut self) {
        if self.line_has_text {
            return;
        }
        let blank = self.marker.as_ref().map_or(self.blank_wanted, |(_, blank)| *blank);
        if blank && self.blank_lines == 0 && !self.out.is_empty() {
            let prefix = &self.prefix[..self.blank_prefix.min(self.prefix.len())];
            self.out.push_str(prefix.trim_end());
            self.out.push('\n');
        }
        match self.marker.take() {
            Some((marker, _)) => {
                let indent = self.prefix.len().saturating_sub(marker.len());
                self.out.push_str(&self.prefix[..indent]);
                self.out.push_str(&marker);
            }
            None => self.out.push_str(&self.prefix),
        }
        (self.line_has_text, self.blank_wanted, self.blank_lines) = (true, false, 0);
        self.line_is_kept = false;
    }

    /// A forced break: ends the line even when it is empty; blank lines do not pile up.
    pub(super) fn end_line(&mut self) {
        if self.line_has_text {
            self.trim_line();
            self.out.push('\n');
        } else if !self.out.is_empty() && self.blank_lines == 0 {
            self.out.push_str(self.prefix.trim_end());
            self.out.push('\n');
            self.blank_lines += 1;
        }
        (self.line_has_text, self.space_pending, self.line_is_kept) = (false, false, false);
    }

    /// The next text starts on a line of its own, `apart`: after a blank one.
    pub(super) fn block(&mut self, apart: bool) {
        if self.line_has_text || self.line_is_kept {
            self.end_line();
        }
        self.space_pending = false;
        if apart {
            self.want_blank();
        }
    }

    pub(super) fn want_blank(&mut self) {
        let len = self.prefix.len();
        self.blank_prefix = if self.blank_wanted { self.blank_prefix.min(len) } else { len };
        self.blank_wanted = true;
    }

    fn trim_line(&mut self) {
        if !self.preformatted {
            let len = self.out.trim_end_matches(' ').len();
            self.out.truncate(len);
        }
    }

    pub(super) fn finish(mut self) -> String {
        self.block(false);
        let text = self.out.trim_end();
        let text = text.trim_start_matches('\n');
        text.to_owned()
    }
}
