//! Any bytes are judged: bounce, complaint or person, it ends, and what it names is an address.
#![no_main]

use libfuzzer_sys::fuzz_target;
use relais::ground::{
    automatic::{Hints, judge},
    letter::Letter,
};

fuzz_target!(|raw: &[u8]| {
    let judgement = judge(&Letter::read(raw), &Hints::default());
    for recipient in judgement.bounce.iter().flat_map(|bounce| &bounce.recipients) {
        assert!(recipient.address.contains('@'), "{recipient:?}");
    }
});
