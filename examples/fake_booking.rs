//! The fake of Booking.com's Messaging API, by hand: `cargo run --example fake_booking -- 8090`, then
//! `relais connection add … --url http://127.0.0.1:8090 --token-url http://127.0.0.1:8090 --client-secret s3cr3t`.
//! A line typed here is said by the guest.

#![allow(clippy::unwrap_used, reason = "an example may panic")]

#[path = "../tests/support/fake_booking.rs"]
mod fake_booking;

use std::io::BufRead;

fn main() {
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok()).unwrap_or(8090);
    let fake = fake_booking::FakeBooking::start(port);
    println!("listening on {}; type what the guest says", fake.url());
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        fake.state().say("thread-1", true, &line, true);
    }
}
