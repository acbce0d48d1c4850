//! The clock: the only place that reads it. Everything below the doors takes the time as an argument.

use jiff::Timestamp;

/// Now, UTC.
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
pub fn now() -> Timestamp {
    Timestamp::now()
}
