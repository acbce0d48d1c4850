//! Values of a channel's JSON, absent where they are not what they should be.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use serde_json::Value;

use crate::ground::stay::Stay;

pub(super) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

pub(super) fn text(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Days of a booking.
pub(super) fn stay(arrival: &Value, departure: &Value) -> Option<Stay> {
    Stay::read(arrival.as_str()?, departure.as_str()?)
}

/// Their clock names no zone and means UTC.
pub(super) fn at(value: &Value) -> Option<Timestamp> {
    let text = value.as_str()?;
    let of_utc = |text: &str| {
        let at: DateTime = text.parse().ok()?;
        Some(at.to_zoned(TimeZone::UTC).ok()?.timestamp())
    };
    text.parse().ok().or_else(|| of_utc(text))
}
