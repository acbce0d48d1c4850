//! The first import of a large house: 5,000 reservations with 40,000 messages against the fake of Booking.com, killed
//! once on the way. `cargo bench --bench first_sync`; the numbers by arguments: `-- 500 4000`.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a bench may panic and has a clock"
)]

#[path = "../tests/support/fake_booking.rs"]
mod fake_booking;
#[path = "../tests/support/mod.rs"]
mod support;

use std::time::Instant;

use support::House;

const HOUSE: &str = "pousada@relais.localhost";

fn main() {
    let numbers: Vec<usize> = std::env::args().filter_map(|one| one.parse().ok()).collect();
    let (threads, messages) = match numbers[..] {
        [threads, messages] => (threads, messages),
        _ => (5_000, 40_000),
    };
    let fake = fake_booking::FakeBooking::start(0);
    for number in 0..messages {
        let text = format!(
            "Message {number}: is there a room with a view of the sea, and until when may we arrive?"
        );
        let thread = format!("thread-{:05}", number % threads);
        fake.state().say(&thread, number / threads % 2 == 0, &text, false);
    }
    fake.state().reservations = (0..threads)
        .map(|n| {
            (
                fake_booking::reservation(&format!("thread-{n:05}")),
                "Ann",
                "Example",
                fake_booking::day(30),
            )
        })
        .collect();
    let mut house = House::start_with(&[
        ("RELAIS_CHANNELS__POLL_MS", "1000"),
        ("RELAIS_TRANSLATION__ENGINES", "[]"),
        ("RELAIS_CHANNELS__BOOKING_URL", &fake.url()),
        ("RELAIS_CHANNELS__BOOKING_TOKEN_URL", &fake.url()),
        ("RELAIS_CHANNELS__BOOKING_RESERVATIONS_URL", &format!("{}/hotels/xml", fake.url())),
    ]);
    let begun = Instant::now();
    house.cli(&[
        "connection",
        "add",
        HOUSE,
        "--client-id",
        "machine-1",
        "--client-secret",
        "s3cr3t",
        "--property",
        "1383087",
    ]);
    let imported = |house: &House| {
        let (_, all) = house.api("GET", "/connections", None);
        let row = &all["connections"][0];
        let last = row["last_error"].as_str().unwrap_or_default().to_owned();
        (row["imported"].as_u64().unwrap(), row["synced_at"].is_string(), last)
    };
    let mut killed = None;
    loop {
        std::thread::sleep(std::time::Duration::from_millis(200));
        let (count, done, error) = imported(&house);
        assert!(error.is_empty(), "{error}");
        if done {
            break;
        }
        if killed.is_none() && count as usize > messages / 3 {
            house.kill();
            house.run();
            killed = Some(count);
        }
    }
    let took = begun.elapsed().as_secs_f64();
    let (count, _, _) = imported(&house);
    println!(
        "{messages} messages of {threads} reservations in {took:.1} s ({:.0} a second); killed at {killed:?}, counted {count}",
        messages as f64 / took
    );
    let counts = house.api("GET", "/counts", None).1;
    println!("{counts}");
    assert_eq!(counts["conversations"].as_u64(), Some(threads as u64));
    assert_eq!(house.outgoing().len(), 0, "what was before is nobody's news");
}
