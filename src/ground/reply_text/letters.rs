//! Whole replies of visitors and houses (`fixtures/reply_text/replies.txt`): what a person wrote, between everything that programs,
//! firms and lists put around it. A line `%%` changes between what is new and what is not.

use super::split;
use crate::ground::letter::Letter;

/// The words of a text; tags, and marks of quotations made of them, are none.
fn words(text: &str, html: bool) -> Vec<String> {
    let mut plain = String::new();
    let mut inside = false;
    for c in text.chars() {
        match c {
            '<' if html => inside = true,
            '>' if html && inside => {
                inside = false;
                plain.push(' ');
            }
            _ if inside => {}
            _ => plain.push(c),
        }
    }
    let mark = |word: &&str| !(html && *word == ">");
    plain.replace("&nbsp;", " ").split_whitespace().filter(mark).map(str::to_owned).collect()
}

/// A case as a letter, and the words in it that are new.
fn letter_and_new(name: &str, case: &str) -> (Vec<u8>, Vec<String>) {
    let html = name.starts_with("html");
    let (from, case) = match case.strip_prefix("From: ").and_then(|rest| rest.split_once('\n')) {
        Some((from, rest)) if !from.contains('<') && html == rest.starts_with('<') => (from, rest),
        _ => ("Visitor", case),
    };
    let (mut new, mut body, mut fresh) = (String::new(), String::new(), true);
    for line in case.lines() {
        if line == "%%" {
            fresh = !fresh;
            continue;
        }
        for to in [Some(&mut body), fresh.then_some(&mut new)].into_iter().flatten() {
            to.push_str(line);
            to.push_str("\r\n");
        }
    }
    let kind = if html { "html" } else { "plain" };
    let letter = format!(
        "From: {from} <visitor@example.com>\r\nTo: Hotel du Lac <k3vq@reply.example.org>\r\nSubject: Re: Room\r\n\
         Message-ID: <reply@example.com>\r\nMIME-Version: 1.0\r\nContent-Type: text/{kind}; charset=utf-8\r\n\
         Content-Transfer-Encoding: 8bit\r\n\r\n{body}"
    );
    (letter.into_bytes(), words(&new, html))
}

#[test]
fn whole_letters_give_what_is_new() {
    let all = include_str!("../../../fixtures/reply_text/replies.txt");
    let mut wrong = Vec::new();
    let mut count = 0;
    for case in all.split("\n==== ").skip(1) {
        let (name, case) = case.split_once('\n').unwrap();
        let (raw, new) = letter_and_new(name, case);
        let reply = split(&Letter::read(&raw));
        count += 1;
        if words(&reply.text, name.starts_with("html")) != new {
            wrong.push(format!("== {name}\nexpected {}\ngot\n{}", new.join(" "), reply.text));
        }
    }
    assert!(count >= 150, "only {count} letters found");
    assert!(wrong.is_empty(), "{} of {count} wrong\n\n{}", wrong.len(), wrong.join("\n\n"));
}
