//! Outlook's RTF: decompressed (MS-OXRTFCP), then as the HTML it was made from (MS-OXRTFEX) or as text.

use std::collections::HashMap;

use super::{charset, tnef};

/// What the window of the decompressor holds at the start (MS-OXRTFCP, 2.1.2.1).
const WINDOW_START: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \
\\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\
\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

/// No text of a mail is longer.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// Groups inside each other.
const MAX_GROUPS: usize = 256;

/// The text of an RTF document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Text {
    Html(String),
    Plain(String),
}

/// PR_RTF_COMPRESSED to RTF; what is cut off is read as far as it goes.
pub(super) fn decompress(bytes: &[u8]) -> Option<Vec<u8>> {
    let kind = bytes.get(8..12)?;
    let content = bytes.get(16..)?;
    match kind {
        b"MELA" => Some(content.to_vec()),
        b"LZFu" => Some(expand(content)),
        _ => None,
    }
}

fn expand(content: &[u8]) -> Vec<u8> {
    let mut window = [0u8; 4096];
    window[..WINDOW_START.len()].copy_from_slice(WINDOW_START);
    let mut write = WINDOW_START.len();
    let mut out = Vec::with_capacity(content.len() * 3);
    let mut bytes = content.iter().copied();
    let mut put = |b: u8, write: &mut usize, window: &mut [u8; 4096]| {
        window[*write] = b;
        *write = (*write + 1) % 4096;
        out.push(b);
        out.len() >= MAX_BYTES
    };
    'runs: while let Some(control) = bytes.next() {
        for bit in 0..8 {
            if control >> bit & 1 == 0 {
                let Some(b) = bytes.next() else { break 'runs };
                if put(b, &mut write, &mut window) {
                    break 'runs;
                }
                continue;
            }
            let (Some(high), Some(low)) = (bytes.next(), bytes.next()) else {
                break 'runs;
            };
            let token = usize::from(high) << 8 | usize::from(low);
            let (from, len) = (token >> 4, (token & 0xf) + 2);
            if from == write {
                break 'runs; // the end mark
            }
            for n in 0..len {
                let b = window[(from + n) % 4096];
                if put(b, &mut write, &mut window) {
                    break 'runs;
                }
            }
        }
    }
    out
}

/// What holds inside one group.
#[derive(Clone, Default)]
struct Group {
    /// A destination that is no text (fonts, colours, pictures).
    skipped: bool,
    /// RTF that repeats what stands as HTML beside it.
    is_rtf_only: bool,
    in_fonts: bool,
    font: i32,
    /// How many characters stand after `\u` for readers without Unicode.
    fallback_len: usize,
}

struct Walk {
    group: Group,
    outer: Vec<Group>,
    too_deep: usize,
    from_html: bool,
    code_page: u32,
    fonts: HashMap<i32, u32>,
    /// Bytes not yet decoded, all in the charset of one font.
    pending: Vec<u8>,
    out: String,
    skip_chars: usize,
    /// A high surrogate waits for its other half.
    surrogate: Option<u16>,
    /// The group began with `\*`.
    is_optional: bool,
}

/// RTF to HTML where Outlook wrapped HTML in it, else to plain text.
pub(super) fn read(rtf: &[u8]) -> Text {
    let mut walk = Walk {
        group: Group { fallback_len: 1, ..Group::default() },
        outer: Vec::new(),
        too_deep: 0,
        from_html: false,
        code_page: 1252,
        fonts: HashMap::new(),
        pending: Vec::new(),
        out: String::new(),
        skip_chars: 0,
        surrogate: None,
        is_optional: false,
    };
    walk.run(rtf);
    walk.flush();
    if walk.from_html { Text::Html(walk.out) } else { Text::Plain(walk.out.trim().to_owned()) }
}

impl Walk {
    fn run(&mut self, rtf: &[u8]) {
        let mut at = 0;
        while let Some(&b) = rtf.get(at) {
            at += 1;
            match b {
                b'{' => self.open(),
                b'}' => self.close(),
                b'\r' | b'\n' => {}
                b'\\' => at = self.control(rtf, at),
                b => self.byte(b),
            }
        }
    }

    fn open(&mut self) {
        self.flush();
        self.is_optional = false;
        self.skip_chars = 0;
        if self.outer.len() < MAX_GROUPS {
            self.outer.push(self.group.clone());
        } else {
            self.too_deep += 1;
        }
    }

    fn close(&mut self) {
        self.flush();
        self.is_optional = false;
        self.skip_chars = 0;
        if self.too_deep > 0 {
            self.too_deep -= 1;
        } else if let Some(outer) = self.outer.pop() {
            self.group = outer;
        }
    }

    fn is_silent(&self) -> bool {
        self.group.skipped || self.from_html && self.group.is_rtf_only
    }

    fn byte(&mut self, b: u8) {
        if self.skip_chars > 0 {
            self.skip_chars -= 1;
        } else if !self.is_silent() {
            self.pending.push(b);
        }
    }

    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let page = self.fonts.get(&self.group.font).copied().filter(|p| *p != 0);
        let label = tnef::label(page.unwrap_or(self.code_page));
        self.out.push_str(&charset::decode(&self.pending, label.as_deref()).text);
        self.pending.clear();
    }

    fn text(&mut self, text: &str) {
        self.flush();
        if !self.is_silent() {
            self.out.push_str(text);
        }
    }

    /// Reads what follows a backslash; returns where to go on.
    fn control(&mut self, rtf: &[u8], at: usize) -> usize {
        let Some(&first) = rtf.get(at) else { return at };
        if !first.is_ascii_alphabetic() {
            return self.symbol(rtf, at, first);
        }
        let letters = rtf[at..].iter().take(32).take_while(|b| b.is_ascii_alphabetic()).count();
        let word = String::from_utf8_lossy(&rtf[at..at + letters]).into_owned();
        let mut next = at + letters;
        let digits = rtf[next..]
            .iter()
            .take(11)
            .enumerate()
            .take_while(|(n, b)| b.is_ascii_digit() || *n == 0 && **b == b'-')
            .count();
        let number =
            std::str::from_utf8(&rtf[next..next + digits]).ok().and_then(|n| n.parse().ok());
        next += digits;
        if rtf.get(next) == Some(&b' ') {
            next += 1;
        }
        if word == "bin" {
            return next + usize::try_from(number.unwrap_or(0)).unwrap_or(0);
        }
        self.word(&word, number);
        next
    }

    fn symbol(&mut self, rtf: &[u8], at: usize, first: u8) -> usize {
        match first {
            b'\'' => {
                let hex = rtf.get(at + 1..at + 3).and_then(|h| std::str::from_utf8(h).ok());
                if let Some(b) = hex.and_then(|h| u8::from_str_radix(h, 16).ok()) {
                    self.byte(b);
                    return at + 3;
                }
            }
            b'*' => self.is_optional = true,
            b'~' => self.text("\u{a0}"),
            b'_' => self.text("-"),
            b'\r' | b'\n' => self.text("\n"),
            b'\\' | b'{' | b'}' => self.byte(first),
            _ => {}
        }
        at + 1
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        let optional = std::mem::take(&mut self.is_optional);
        match word {
            "fonttbl" => (self.group.skipped, self.group.in_fonts) = (true, true),
            "colortbl" | "stylesheet" | "info" | "pict" | "object" | "themedata" | "listtable"
            | "header" | "footer" | "headerl" | "headerr" | "footerl" | "footerr" | "mhtmltag" => {
                self.group.skipped = true;
            }
            "htmltag" => self.group.is_rtf_only = false,
            _ if optional => self.group.skipped = true,
            "fromhtml" => self.from_html = true,
            "htmlrtf" => {
                self.flush();
                self.group.is_rtf_only = number != Some(0);
            }
            "ansicpg" => {
                self.code_page = number.and_then(|n| u32::try_from(n).ok()).unwrap_or(1252);
            }
            "f" | "deff" => {
                self.flush();
                self.group.font = number.unwrap_or(0);
            }
            "fcharset" if self.group.in_fonts && self.fonts.len() < 4_096 => {
                self.fonts.insert(self.group.font, code_page_of(number.unwrap_or(0)));
            }
            "uc" => {
                self.group.fallback_len = usize::try_from(number.unwrap_or(1)).unwrap_or(1).min(16);
            }
            "u" => self.unicode(number.unwrap_or(0)),
            "par" | "line" | "row" | "sect" | "page" => self.text("\n"),
            "tab" => self.text("\t"),
            "cell" => self.text(" | "),
            "emdash" => self.text("\u{2014}"),
            "endash" => self.text("\u{2013}"),
            "bullet" => self.text("\u{2022}"),
            "lquote" => self.text("\u{2018}"),
            "rquote" => self.text("\u{2019}"),
            "ldblquote" => self.text("\u{201c}"),
            "rdblquote" => self.text("\u{201d}"),
            _ => {}
        }
    }

    /// `\u` holds a sixteen-bit unit, negative above 32767; a pair makes one character.
    fn unicode(&mut self, number: i32) {
        let unit = (number & 0xffff) as u16;
        let units: Vec<u16> = self.surrogate.take().into_iter().chain([unit]).collect();
        if units.len() == 1 && (0xd800..0xdc00).contains(&unit) {
            self.surrogate = Some(unit);
        } else {
            self.text(&String::from_utf16_lossy(&units));
        }
        self.skip_chars = self.group.fallback_len;
    }
}

/// The code page of a font's `\fcharset`; 0 where the document's own counts.
fn code_page_of(fcharset: i32) -> u32 {
    match fcharset {
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compressed_rtf_expands() {
        // MS-OXRTFCP, 3.1.1: the example of the specification.
        let bytes = [
            0x2d, 0, 0, 0, 0x2b, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0,
            0x0a, 0, 0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68,
            0x65, 0x6c, 0x09, 0, 0x20, 0x62, 0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f,
            0xa0,
        ];
        let rtf = decompress(&bytes).expect("compressed");
        assert_eq!(rtf, b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
        assert_eq!(read(&rtf), Text::Plain("hello world".into()));
    }

    #[test]
    fn rtf_becomes_text_or_the_html_it_was() {
        let cases = [
            (
                r"{\rtf1\ansi{\fonttbl{\f0\fcharset204 Arial;}}\f0 \'cf\'f0\par b}",
                Text::Plain("\u{41f}\u{440}\nb".into()),
            ),
            (r"{\rtf1\uc1 \u8364?x\u-10179?\u-8704?}", Text::Plain("\u{20ac}x\u{1f600}".into())),
            (r"{\rtf1{\*\generator Word;}{\pict 0102}a\{b\}}", Text::Plain("a{b}".into())),
            (
                r"{\rtf1\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Hi {\*\htmltag84 &nbsp;}\htmlrtf \'a0\htmlrtf0 you\htmlrtf }\htmlrtf0 {\*\htmltag72 </p>}}",
                Text::Html("<p>Hi &nbsp;you</p>".into()),
            ),
        ];
        for (rtf, text) in cases {
            assert_eq!(read(rtf.as_bytes()), text, "{rtf}");
        }
    }
}
