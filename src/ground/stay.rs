//! When a visitor comes and when they leave: two days, as a booking or a form says them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// From the day of arrival to that of departure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stay {
    /// The first day.
    pub arrival: Date,
    /// The last day.
    pub departure: Date,
}

impl Stay {
    /// Days as `2027-08-14`; a time behind them is not looked at. Nobody leaves before they come.
    pub fn read(arrival: &str, departure: &str) -> Option<Self> {
        let day = |text: &str| text.trim().get(..10)?.parse().ok();
        let (arrival, departure): (Date, Date) = (day(arrival)?, day(departure)?);
        (arrival <= departure).then_some(Stay { arrival, departure })
    }

    /// From what was filled in: each field of a form is a line below the words of the visitor, who may write such a
    /// line too; the last one is the form's.
    pub fn in_form(text: &str) -> Option<Self> {
        let field = |name: &str| {
            let mut lines = text.lines().rev();
            lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
        };
        Self::read(field("arrival")?, field("departure")?)
    }

    /// So many nights.
    pub fn nights(self) -> i64 {
        self.arrival.until(self.departure).map_or(0, |span| i64::from(span.get_days()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_bookings_and_forms() {
        let some = |arrival: &str, departure: &str| {
            let day = |text: &str| text.parse().unwrap();
            Some(Stay { arrival: day(arrival), departure: day(departure) })
        };
        let nearly = "Hello\n\narrival: tomorrow\n\narrival: 2027-08-14\ndeparture: 2027-09-02";
        for (found, expected) in [
            (Stay::read("2027-06-15", "2027-06-17"), some("2027-06-15", "2027-06-17")),
            (Stay::read("2027-06-15T14:00:00Z", "2027-06-17"), some("2027-06-15", "2027-06-17")),
            (Stay::read("2027-06-15", "2027-06-14"), None),
            (Stay::read("15/06/2027", "2027-06-17"), None),
            (Stay::read("", "é"), None),
            (Stay::in_form(nearly), some("2027-08-14", "2027-09-02")),
            (Stay::in_form("arrival: 2027-08-14"), None),
        ] {
            assert_eq!(found, expected);
        }
        assert_eq!(some("2027-08-14", "2027-09-02").map(Stay::nights), Some(19));
        assert_eq!(some("2027-08-14", "2027-08-14").map(Stay::nights), Some(0));
    }
}
