//! Lines of a relay mail's text and the shapes they can have; no shape knows a word of any language.

/// The text as trimmed lines; a run of blank lines is one.
pub(super) fn trimmed(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines() {
        let line =
            line.trim_matches(|c: char| c.is_whitespace() || "\u{200b}\u{feff}\u{34f}".contains(c));
        if !line.is_empty() || lines.last().is_some_and(|last| !last.is_empty()) {
            lines.push(line);
        }
    }
    lines
}

/// Joins lines as a person would read them, without the blank ends.
pub(super) fn joined(lines: &[&str]) -> String {
    lines.join("\n").trim().to_owned()
}

/// The line above which an answer is to be typed: framed by `#` and `-` at both ends, in any language.
pub(super) fn is_marker(line: &str) -> bool {
    let inner = line.trim_matches(['#', '-', ' ']);
    let framed = |edge: &str| edge.contains('-') && edge.chars().all(|c| "#- ".contains(c));
    let Some(at) = line.find(inner).filter(|_| !inner.is_empty()) else { return false };
    let (head, tail) = (&line[..at], &line[at + inner.len()..]);
    head.starts_with('#') && framed(head) && framed(tail) && inner.chars().count() <= 120
}

/// The link in a line, with or without brackets around it.
pub(super) fn link(line: &str) -> Option<&str> {
    let at = line.find("https://").or_else(|| line.find("http://"))?;
    let end = |c: char| c.is_whitespace() || "]>)\"".contains(c);
    Some(line[at..].split(end).next().unwrap_or_default())
}

/// The host of a link.
pub(super) fn host(link: &str) -> &str {
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    rest.split(['/', '?', ':', '#']).next().unwrap_or_default()
}

/// A button's label: one to four words that end no sentence.
pub(super) fn is_label(line: &str) -> bool {
    let words = line.split_whitespace().count();
    (1..=4).contains(&words) && !line.ends_with(['.', '!', '?', ',', ';', '。', '？', '！'])
}

/// Is it the same name, whatever the case?
pub(super) fn same(left: &str, right: &str) -> bool {
    left.to_lowercase() == right.to_lowercase()
}

/// Does the line name somebody? Not as a part of another word; scripts without gaps between words have none there.
pub(super) fn names(line: &str, name: &str) -> bool {
    let (line, name) = (line.to_lowercase(), name.to_lowercase());
    let goes_on = |c: char| c.is_alphanumeric() && c < '\u{2e80}';
    !name.is_empty()
        && line.match_indices(&name).any(|(at, _)| {
            let behind = line[at + name.len()..].chars().next();
            !line[..at].chars().next_back().is_some_and(goes_on) && !behind.is_some_and(goes_on)
        })
}
