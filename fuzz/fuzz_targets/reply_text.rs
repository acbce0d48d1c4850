//! Any text, as plain text and as HTML: nothing is lost between new text, quoted part and signature.
#![no_main]

use libfuzzer_sys::fuzz_target;
use relais::ground::reply_text;

fuzz_target!(|raw: &[u8]| {
    let source = String::from_utf8_lossy(raw);
    let reply = reply_text::split_text(&source);
    let written = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    let kept = written(&reply.text) + written(&reply.quoted) + written(&reply.signature);
    assert_eq!(kept, written(&source));
    assert!((0.0..=1.0).contains(&reply.confidence));
    let _ = reply_text::split_html(&source);
});
