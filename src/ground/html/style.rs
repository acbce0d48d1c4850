//! Inline styles: which declarations are harmless, which hide text, which load something.

/// Properties that change the look of text and boxes in place. Nothing that positions, covers or animates.
const SAFE: &[&str] = &[
    "background-color",
    "border",
    "border-bottom",
    "border-bottom-color",
    "border-bottom-style",
    "border-bottom-width",
    "border-collapse",
    "border-color",
    "border-left",
    "border-left-color",
    "border-left-style",
    "border-left-width",
    "border-radius",
    "border-right",
    "border-right-color",
    "border-right-style",
    "border-right-width",
    "border-spacing",
    "border-style",
    "border-top",
    "border-top-color",
    "border-top-style",
    "border-top-width",
    "border-width",
    "color",
    "direction",
    "display",
    "font",
    "font-family",
    "font-size",
    "font-style",
    "font-variant",
    "font-weight",
    "height",
    "letter-spacing",
    "line-height",
    "list-style-type",
    "margin",
    "margin-bottom",
    "margin-left",
    "margin-right",
    "margin-top",
    "max-width",
    "min-width",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "text-align",
    "text-decoration",
    "text-indent",
    "text-transform",
    "vertical-align",
    "white-space",
    "width",
    "word-break",
    "word-wrap",
    "overflow-wrap",
];

/// Longer values are no style of a mail.
const MAX_VALUE: usize = 200;

/// A style attribute sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reduced {
    /// The harmless declarations, `name:value;…`.
    pub(super) safe: String,
    /// Addresses a browser would load (`url(…)`).
    pub(super) remote: Vec<String>,
}

/// Declarations as (name in lower case, value); semicolons in quotes and brackets do not separate.
fn declarations(style: &str) -> Vec<(String, &str)> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut quote = None;
    let mut depth = 0usize;
    for (at, c) in style.char_indices().chain([(style.len(), ';')]) {
        match c {
            _ if at == style.len() => {}
            '"' | '\'' if quote == Some(c) => quote = None,
            '"' | '\'' if quote.is_none() => quote = Some(c),
            _ if quote.is_some() => continue,
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if at == style.len() || c == ';' && quote.is_none() && depth == 0 {
            if let Some((name, value)) = style[start..at].split_once(':') {
                found.push((name.trim().to_ascii_lowercase(), value.trim()));
            }
            start = at + 1;
        }
    }
    found
}

/// Keeps what is on the list and finds what would be loaded.
pub(super) fn reduce(style: &str) -> Reduced {
    let mut reduced = Reduced::default();
    for (name, value) in declarations(style) {
        let lower = value.to_ascii_lowercase();
        if let Some(url) = url_in(value, &lower) {
            reduced.remote.push(url);
            continue;
        }
        let name = if name == "background" { "background-color" } else { name.as_str() };
        if SAFE.contains(&name) && is_harmless(name, &lower) {
            reduced.safe.push_str(name);
            reduced.safe.push(':');
            reduced.safe.push_str(value);
            reduced.safe.push(';');
        }
    }
    reduced
}

fn is_harmless(name: &str, lower: &str) -> bool {
    let known_call = |call: &str| ["rgb", "rgba", "hsl", "hsla"].contains(&call);
    let calls_known = lower.match_indices('(').all(|(at, _)| {
        let call = lower[..at].rsplit(|c: char| !c.is_ascii_alphanumeric()).next();
        call.is_some_and(known_call)
    });
    let plain = lower.chars().all(|c| {
        c.is_alphanumeric()
            || matches!(c, ' ' | '#' | '%' | '.' | ',' | '(' | ')' | '-' | '\'' | '"' | '!')
    });
    // A negative margin or indent moves text over the page around the mail.
    let moves = (name.starts_with("margin") || name == "text-indent")
        && (lower.starts_with('-') || lower.contains(" -"));
    let display = name != "display" || !lower.contains("fixed");
    lower.len() <= MAX_VALUE && plain && calls_known && !moves && display
}

fn url_in(value: &str, lower: &str) -> Option<String> {
    let start = lower.find("url(")? + 4;
    let inner = &value[start..];
    let inner = &inner[..inner.find(')').unwrap_or(inner.len())];
    Some(inner.trim().trim_matches(['"', '\'']).trim().to_owned())
}

/// Does this style keep the text from being seen?
pub(super) fn hides(style: &str) -> bool {
    let mut zero_height = false;
    let mut clipped = false;
    for (name, value) in declarations(style) {
        let value = value.to_ascii_lowercase();
        let value = value.trim_end_matches("!important").trim();
        let zero =
            || value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%').trim() == "0";
        match name.as_str() {
            "display" if value == "none" => return true,
            "visibility" if value == "hidden" => return true,
            "mso-hide" if value == "all" => return true,
            "font-size" | "opacity" if zero() => return true,
            "max-height" | "height" if zero() => zero_height = true,
            "overflow" if value == "hidden" => clipped = true,
            _ => {}
        }
    }
    zero_height && clipped
}

/// Is the vertical margin none?
pub(super) fn has_no_margin(style: &str) -> bool {
    let zero = |value: &str| {
        let first = value.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
        first.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%' || c == '.') == "0"
    };
    let declared = declarations(style);
    let has = |name: &str| declared.iter().any(|(n, value)| n == name && zero(value));
    has("margin") || has("margin-top") && has("margin-bottom")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_harmless_declarations_stay() {
        let cases = [
            ("color: red; position:fixed", "color:red;", ""),
            ("COLOR:RGB(1, 2, 3)", "color:RGB(1, 2, 3);", ""),
            ("background: url('http://x/y;z.png') red", "", "http://x/y;z.png"),
            ("background:#fff", "background-color:#fff;", ""),
            ("width:expression(alert(1))", "", ""),
            ("color:red\\9;margin:-10px;margin:0 -5px;padding:3px", "padding:3px;", ""),
            ("font-family:\"Segoe UI\",sans-serif", "font-family:\"Segoe UI\",sans-serif;", ""),
            ("background-image:u\\72l(http://x)", "", ""),
            ("color:var(--x);-moz-binding:url(x)", "", "x"),
        ];
        for (style, safe, remote) in cases {
            let got = reduce(style);
            assert_eq!(
                (got.safe.as_str(), got.remote.join(" ").as_str()),
                (safe, remote),
                "{style}"
            );
        }
    }

    #[test]
    fn hidden_is_recognised() {
        for style in [
            "display:none",
            "DISPLAY : none !important",
            "font-size:0px",
            "max-height:0;overflow:hidden",
            "opacity:0",
        ] {
            assert!(hides(style), "{style}");
        }
        for style in [
            "display:block",
            "font-size:10px",
            "max-height:0",
            "opacity:0.5",
            "overflow:hidden;height:10px",
        ] {
            assert!(!hides(style), "{style}");
        }
    }
}
