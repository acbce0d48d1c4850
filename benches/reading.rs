//! How long reading takes: a common mail of 10 KB, then hostile and plain ones from 10 KB to 10 MB.
//!
//! `cargo bench --bench reading`. Time per KB must stay flat: a line that grows with the size is a quadratic
//! blow-up, and with it one mail stops the intake.

use std::{hint::black_box, time::Instant};

use relais::ground::{
    automatic::{self, Hints},
    html,
    letter::Letter,
    reading::Reading,
    reply_text,
};

fn main() {
    let mail = common_mail(10_000);
    println!("common multipart mail, {} bytes:", mail.len());
    println!(
        "  read            {:8.1} µs",
        median_us(&mail, 500, &|raw| drop(black_box(Letter::read(raw))))
    );
    println!(
        "  read and text   {:8.1} µs",
        median_us(&mail, 500, &|raw| drop(black_box(Letter::read(raw).text())))
    );
    println!(
        "  read, classify, new text       {:8.1} µs (the promise: under 1000)",
        median_us(&mail, 500, &|raw| {
            let letter = Letter::read(raw);
            drop(black_box(automatic::judge(&letter, &Hints::default())));
            drop(black_box(reply_text::split(&letter)));
        })
    );
    println!(
        "  the whole reading, language too {:7.1} µs",
        median_us(&mail, 200, &|raw| {
            drop(black_box(Reading::of(&Letter::read(raw), &Hints::default())));
        })
    );
    let html_body = Letter::read(&mail).html.unwrap_or_default();
    let as_bytes = html_body.as_bytes();
    let of = |raw: &[u8]| String::from_utf8_lossy(raw).into_owned();
    println!(
        "  html text       {:8.1} µs",
        median_us(as_bytes, 500, &|raw| drop(black_box(html::text(&of(raw)))))
    );
    println!(
        "  html safe       {:8.1} µs",
        median_us(as_bytes, 200, &|raw| drop(black_box(html::safe(&of(raw), &|_| None))))
    );
    println!("\nµs per KB by size        10 KB   100 KB     1 MB    10 MB");
    for (name, make) in SHAPES {
        let mut line = format!("{name:<22}");
        for size in [10_000, 100_000, 1_000_000, 10_000_000] {
            let raw = make(size);
            let runs = [20, 9, 3, 1][(size.ilog10() as usize).saturating_sub(4).min(3)];
            let us = median_us(&raw, runs, &|raw| {
                let letter = Letter::read(raw);
                drop(black_box(letter.text()));
                drop(black_box(automatic::judge(&letter, &Hints::default())));
                drop(black_box(reply_text::split(&letter)));
                if let Some(html) = &letter.html {
                    drop(black_box(html::safe(html, &|_| None)));
                }
            });
            line.push_str(&format!("{:9.2}", us / (raw.len() as f64 / 1_000.0)));
        }
        println!("{line}");
    }
}

fn median_us(raw: &[u8], runs: usize, work: &dyn Fn(&[u8])) -> f64 {
    let mut times: Vec<f64> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            work(raw);
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[runs / 2]
}

type Shape = (&'static str, fn(usize) -> Vec<u8>);

const SHAPES: &[Shape] = &[
    ("common", common_mail),
    ("base64 file", |size| {
        let line = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2\r\n";
        part(
            "application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64",
            &line.repeat(size / line.len()),
        )
    }),
    ("8-bit text", |size| {
        part(
            "text/plain; charset=utf-8",
            &"Gr\u{fc}\u{df}e aus dem S\u{fc}den, mit Zimmer.\r\n".repeat(size / 40),
        )
    }),
    ("headers", |size| {
        "X-A: =?utf-8?q?caf=C3=A9?= =?utf-8?q?x?=\r\n".repeat(size / 40).into_bytes()
    }),
    ("one long header", |size| {
        format!("Subject: {}", "=?utf-8?q?a?= =?x ".repeat(size / 18)).into_bytes()
    }),
    ("addresses", |size| {
        format!("To: {}\r\n\r\n", "\"A, B\" <a@b.org>, (x) c:".repeat(size / 24)).into_bytes()
    }),
    ("boundaries", |size| multipart(&"--b\r\n\r\nx\r\n".repeat(size / 10))),
    ("missing boundaries", |size| {
        multipart(
            &"--b\r\nContent-Type: multipart/mixed; boundary=no\r\n\r\nx\r\n".repeat(size / 55),
        )
    }),
    ("closing boundaries", |size| multipart(&"--b--\r\n".repeat(size / 7))),
    ("nested letters", |size| {
        "Content-Type: message/rfc822\r\n\r\n".repeat(size / 32).into_bytes()
    }),
    ("html", |size| {
        part(
            "text/html",
            &"<p>Hello <b>you</b>, <a href='https://x.org/a'>see</a></p>\r\n".repeat(size / 58),
        )
    }),
    ("html nested", |size| part("text/html", &"<div><p><b>".repeat(size / 11))),
    ("html attributes", |size| {
        let attributes: String = (0..size / 8).map(|n| format!("a{n} ")).collect();
        part("text/html", &format!("<a {attributes}>x"))
    }),
    ("html open tags", |size| part("text/html", &"<a href=\"<!-- <style".repeat(size / 20))),
    ("html tables", |size| part("text/html", &"<table><tr><td>a<td>b</table>".repeat(size / 29))),
    ("html nested tables", |size| part("text/html", &"<table><tr><td>a".repeat(size / 16))),
    ("short lines, colons", |size| part("text/plain", &"1:\r\n".repeat(size / 4))),
    ("quotes and answers", |size| part("text/plain", &"> q\r\n\r\na\r\n".repeat(size / 10))),
    ("attributions", |size| {
        let line = "On Mon, 3 Mar 2025 at 09:05, Ana <a@b.example> wrote:\r\n";
        part("text/plain", &line.repeat(size / line.len()))
    }),
    ("header blocks", |size| {
        let block = "From: a@b.example\r\nSent: 3.3.2025 09:05\r\nTo: b@c.example;\r\n";
        part("text/plain", &block.repeat(size / block.len()))
    }),
    ("closings", |size| part("text/plain", &"Kind regards\r\n".repeat(size / 14))),
    ("html quotes", |size| part("text/html", &"<blockquote>q<br>".repeat(size / 17))),
    ("a bounce's recipients", |size| {
        let line = "<ana@casa.example>: 550 5.1.1 User unknown\r\n";
        let head =
            "Auto-Submitted: auto-replied\r\nSubject: Undelivered Mail Returned to Sender\r\n\r\n";
        format!("From: MAILER-DAEMON@x.example\r\n{head}{}", line.repeat(size / line.len()))
            .into_bytes()
    }),
    ("a report's recipients", |size| {
        let group =
            "Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n";
        let report = "multipart/report; report-type=delivery-status; boundary=b";
        let groups = group.repeat(size / group.len());
        part(
            report,
            &format!("--b\r\nContent-Type: message/delivery-status\r\n\r\n{groups}--b--\r\n"),
        )
    }),
    ("uuencode", |size| part("text/plain", &"begin 644 a\r\n#0V%T\r\n".repeat(size / 20))),
];

fn part(content_type: &str, body: &str) -> Vec<u8> {
    format!("From: a@b.org\r\nContent-Type: {content_type}\r\n\r\n{body}").into_bytes()
}

fn multipart(body: &str) -> Vec<u8> {
    part("multipart/mixed; boundary=b", body)
}

/// Plain and HTML form of a letter and a small image, as mail clients send it.
fn common_mail(size: usize) -> Vec<u8> {
    let share = size / 4;
    let plain = "Bonjour, nous cherchons une chambre pour deux nuits en ao=C3=BBt.=20\r\n"
        .repeat(share / 70);
    let rich = "<p style=3D\"margin:0\">Bonjour, nous cherchons une <b>chambre</b>.</p>\r\n"
        .repeat(2 * share / 72);
    let image = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwAD\r\n"
        .repeat(share / 72);
    format!(
        "Received: from mx.example.org (mx.example.org [192.0.2.1])\r\n\tby in.example.com; Mon, 23 Nov 2026 04:05:06 +0000\r\n\
         DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=s; h=from:to; bh=x; b=y\r\n\
         From: =?utf-8?q?Ren=C3=A9e?= <renee@example.org>\r\nTo: \"Hotel, du Lac\" <hotel@in.example.com>\r\n\
         Subject: =?utf-8?q?R=C3=A9servation?=\r\nDate: Mon, 23 Nov 2026 05:05:06 +0100\r\nMessage-ID: <1@example.org>\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"r\"\r\n\r\n--r\r\n\
         Content-Type: multipart/alternative; boundary=\"a\"\r\n\r\n--a\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{plain}\r\n--a\r\n\
         Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
         <html><body>{rich}<img src=3D\"cid:i@x\"></body></html>\r\n--a--\r\n--r\r\n\
         Content-Type: image/png; name=logo.png\r\nContent-ID: <i@x>\r\nContent-Transfer-Encoding: base64\r\n\r\n{image}\r\n--r--\r\n"
    )
    .into_bytes()
}
