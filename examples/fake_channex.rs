//! The fake of Channex's messages API, by hand: `cargo run --example fake_channex -- 8091`, then
//! `relais connection add … --channel channex --client-id try --client-secret channex-key --property` (the id it prints)
//! `--url http://127.0.0.1:8091/api/v1`. A line typed here is said by the guest.

#![allow(clippy::unwrap_used, reason = "an example may panic")]

#[path = "../tests/support/fake_channex.rs"]
mod fake_channex;

use std::io::BufRead;

fn main() {
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok()).unwrap_or(8091);
    let fake = fake_channex::FakeChannex::start(port);
    let thread = fake.state().open("BookingCom", "Anna Example", Some("booking-5900000001"));
    println!("{}; property {}; type what the guest says", fake.url(), fake_channex::PROPERTY);
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        fake.state().say(&thread, "guest", &line);
    }
}
