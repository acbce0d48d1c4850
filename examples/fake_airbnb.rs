//! The fake of Airbnb's partner API, by hand: `cargo run --example fake_airbnb -- 8092`, `airbnb_url` set to what it
//! prints, then `relais connection add … --channel airbnb --client-id try --client-secret partner-key:host-token
//! --property 4711`. A line typed here is said by the guest.

#![allow(clippy::unwrap_used, reason = "an example may panic")]

#[path = "../tests/support/fake_airbnb.rs"]
mod fake_airbnb;

use std::io::BufRead;

fn main() {
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok()).unwrap_or(8092);
    let fake = fake_airbnb::FakeAirbnb::start(port);
    let thread = fake.state().open(fake_airbnb::LISTING);
    println!("{}; type what the guest says", fake.url());
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        fake.state().say(thread, true, &line);
    }
}
