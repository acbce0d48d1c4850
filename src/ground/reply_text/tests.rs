//! Fixtures (`fixtures/reply_text/*.eml` with `.expect`; `UPDATE=1` rewrites), tables of single cases, and the
//! property that nothing is lost.

use std::{fmt::Write, fs, path::PathBuf};

use super::{ReplyText, forward, html, language, split, split_html, split_text};
use crate::ground::letter::Letter;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/reply_text")
}

/// What an `.expect` file holds.
fn shown(reply: &ReplyText) -> String {
    let begins = |text: &str| text.lines().next().unwrap_or_default().to_owned();
    let mut out = format!(
        "== text\n{}\n== signature\n{}\n== quoted begins\n{}\n",
        reply.text.trim(),
        reply.signature.trim(),
        begins(&reply.quoted)
    );
    if let Some(forwarded) = &reply.forwarded {
        let author = forwarded.author.as_ref().map(|m| match &m.name {
            Some(name) => format!("{name} <{}>", m.address),
            None => m.address.to_string(),
        });
        let _ = write!(
            out,
            "== forwarded\nauthor: {}\ndate: {}\nsubject: {}\nbegins: {}\n",
            author.unwrap_or_default(),
            forwarded.date.as_deref().unwrap_or_default(),
            forwarded.subject.as_deref().unwrap_or_default(),
            begins(&forwarded.text)
        );
    }
    out
}

#[test]
fn fixtures_read_as_expected() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "eml") {
            continue;
        }
        count += 1;
        let got = shown(&split(&Letter::read(&fs::read(&path).unwrap())));
        let expect = path.with_extension("expect");
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&expect, &got).unwrap();
        }
        let expected = fs::read_to_string(&expect).unwrap_or_default();
        if expected != got {
            wrong.push(format!("{}\nexpected\n{expected}got\n{got}", path.display()));
        }
    }
    assert!(count >= 40, "only {count} fixtures found");
    assert!(wrong.is_empty(), "{} wrong\n\n{}", wrong.len(), wrong.join("\n"));
}
