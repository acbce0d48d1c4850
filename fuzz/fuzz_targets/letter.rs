//! Any bytes are a letter. Seeds: `cargo fuzz run letter fuzz/corpus/letter ../shared/corpora/mime/*`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use relais::ground::letter::Letter;

fuzz_target!(|raw: &[u8]| {
    let letter = Letter::read(raw);
    let _ = letter.text();
});
