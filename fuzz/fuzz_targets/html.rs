//! Any text is HTML; what comes out safe stays safe when it is read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use relais::ground::html;

fuzz_target!(|raw: &[u8]| {
    let source = String::from_utf8_lossy(raw);
    let _ = html::text(&source);
    let safe = html::safe(&source, &|_| None).html.to_lowercase();
    assert!(!safe.contains("<script") && !safe.contains("<iframe") && !safe.contains("<form"));
});
