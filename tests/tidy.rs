//! The house stays tidy: layers, budgets, and the configuration that is documented where it is defined.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().display().to_string()
}

/// Arrows point down only.
#[test]
fn layers_know_only_what_is_below_them() {
    let layers = ["ground", "keep", "flow", "doors"];
    let mut wrong = Vec::new();
    for (height, layer) in layers.iter().enumerate() {
        for path in sources(&root().join("src").join(layer)) {
            let text = fs::read_to_string(&path).unwrap();
            for above in &layers[height + 1..] {
                if text.contains(&format!("crate::{above}")) || uses_in_group(&text, above) {
                    wrong.push(format!("{} knows {above}", shown(&path)));
                }
            }
            let forbidden: &[&str] = match *layer {
                "ground" => {
                    &["tokio::", "std::fs", "std::net::Tcp", "rusqlite", "SystemTime", "getrandom"]
                }
                "keep" | "flow" => &["axum", "hyper::", "TcpStream", "TcpListener"],
                _ => &["rusqlite"],
            };
            wrong.extend(
                forbidden
                    .iter()
                    .filter(|word| text.contains(*word))
                    .map(|word| format!("{} knows {word}", shown(&path))),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `use crate::{ … flow::… }` over several lines.
fn uses_in_group(text: &str, layer: &str) -> bool {
    text.lines().any(|line| line.starts_with(&format!("    {layer}::")))
}

#[test]
fn functions_and_files_stay_small() {
    let mut wrong = Vec::new();
    for folder in ["src", "crates/smtp-server/src"] {
        for path in sources(&root().join(folder)) {
            let text = fs::read_to_string(&path).unwrap();
            let in_tests = path.ends_with("tests.rs");
            let code =
                if in_tests { "" } else { text.split("#[cfg(test)]").next().unwrap_or_default() };
            // Tables of words and phrases are data, not code to be read.
            if !code.contains("line budget: a table") && code.lines().count() > 700 {
                wrong.push(format!("{}: {} lines", shown(&path), code.lines().count()));
            }
            wrong
                .extend(long_functions(code).into_iter().map(|f| format!("{}: {f}", shown(&path))));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Functions over 90 lines, by indentation: rustfmt keeps the closing brace under the `fn`.
fn long_functions(code: &str) -> Vec<String> {
    let lines: Vec<&str> = code.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let trimmed = line.trim_start();
        let is_fn = trimmed.split_once("fn ").is_some_and(|(head, _)| {
            head.split_whitespace().all(|word| {
                word.starts_with("pub")
                    || matches!(word, "in" | "async" | "const" | "unsafe")
                    || word.ends_with(')')
            })
        });
        // A method that a trait only names ends before it begins; one on a line is short.
        let signature = lines[start..].iter().find(|line| line.ends_with(['{', ';', '}']));
        if !is_fn || signature.is_some_and(|line| line.ends_with([';', '}'])) {
            continue;
        }
        let indent = &line[..line.len() - trimmed.len()];
        let close = format!("{indent}}}");
        let length = lines[start..].iter().position(|l| *l == close).unwrap_or(0);
        if length > 90 {
            found.push(format!(
                "{} has {length} lines",
                trimmed.split_once("fn ").map_or(trimmed, |(_, name)| name)
            ));
        }
    }
    found
}

#[test]
fn nothing_is_left_for_later() {
    let words = [
        "TO".to_owned() + "DO ",
        "TO".to_owned() + "DO:",
        "FIX".to_owned() + "ME",
        "todo".to_owned() + "!(",
        "unimplement".to_owned() + "ed!(",
    ];
    let mut wrong = Vec::new();
    for folder in ["src", "tests", "crates/smtp-server/src"] {
        for path in sources(&root().join(folder)) {
            let text = fs::read_to_string(&path).unwrap();
            wrong.extend(
                words
                    .iter()
                    .filter(|w| text.contains(*w))
                    .map(|w| format!("{}: {w}", shown(&path))),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `config/relais.toml` has every key with its default and a comment above it, and the code reads it.
#[test]
fn every_configuration_key_is_documented() {
    let text = fs::read_to_string(root().join("config/relais.toml")).unwrap();
    let parsed: relais::ground::config::Config = toml::from_str(&text).unwrap();
    let keys = toml::Table::try_from(&parsed).unwrap();
    assert_eq!(
        toml::from_str::<toml::Table>(&text).unwrap(),
        keys,
        "no key is missing, none is unknown"
    );
    assert!(parsed.problems().is_empty());
    let lines: Vec<&str> = text.lines().collect();
    for (number, line) in lines.iter().enumerate() {
        if line.contains(" = ") && !line.starts_with('#') {
            let explained =
                lines[..number].iter().rev().take(3).any(|above| above.starts_with('#'));
            assert!(explained, "{line}: no comment above it");
        }
    }
}
