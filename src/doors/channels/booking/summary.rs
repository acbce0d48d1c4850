//! The reservations to come, as `reservationssummary` lists them: who, and until when.
//!
//! It is read and never acknowledged: the queue of reservations belongs to the house's own software. Names are
//! optional, and where there are none nothing is missing.

use jiff::civil::Date;
use quick_xml::{Reader, events::Event};

use super::session::Session;
use crate::{
    doors::{
        channels::adapter::{Fail, Reserved},
        json_client::Peer,
    },
    ground::stay::Stay,
    keep::store::ConnectionRow,
};

/// The reservations of a house whose end is to come.
pub(super) async fn of_house(
    session: &Session,
    reservations: &Peer,
    house: &ConnectionRow,
) -> Result<Vec<Reserved>, Fail> {
    let property = quick_xml::escape::escape(house.property.as_str());
    let body = format!("<request><hotel_id>{property}</hotel_id></request>");
    let xml = session.ask_xml(reservations, "/reservationssummary", body).await?;
    Ok(read(&xml))
}

/// What is no XML any more is not read further: what stood before it is good.
fn read(xml: &str) -> Vec<Reserved> {
    let mut reader = Reader::from_str(xml);
    let mut found = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let mut said = String::new();
    let mut one = Unfinished::default();
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(tag) => {
                path.push(tag.local_name().as_ref().to_owned());
                said.clear();
            }
            Event::Text(text) => said.push_str(&text),
            Event::GeneralRef(name) => said.push_str(&resolved(&name)),
            Event::CData(text) => said.push_str(&text),
            Event::End(_) => {
                let inner: Vec<&str> = path
                    .iter()
                    .map(String::as_str)
                    .skip_while(|n| *n != "reservation")
                    .skip(1)
                    .collect();
                match inner.as_slice() {
                    [] => found.extend(std::mem::take(&mut one).finished()),
                    inner => one.take(inner, said.trim()),
                }
                path.pop();
                said.clear();
            }
            Event::Eof => break,
            _ => {}
        }
    }
    found
}

fn resolved(name: &str) -> String {
    let whole = format!("&{name};");
    quick_xml::escape::unescape(&whole).map(std::borrow::Cow::into_owned).unwrap_or_default()
}

/// A reservation of several rooms ends with the last of them.
#[derive(Default)]
struct Unfinished {
    id: String,
    names: [String; 2],
    arrival: Option<Date>,
    departure: Option<Date>,
}

impl Unfinished {
    fn take(&mut self, path: &[&str], said: &str) {
        match path {
            ["id"] => said.clone_into(&mut self.id),
            ["customer", "first_name"] => said.clone_into(&mut self.names[0]),
            ["customer", "last_name"] => said.clone_into(&mut self.names[1]),
            ["room", "arrival_date"] => {
                let day: Option<Date> = said.parse().ok();
                self.arrival = [self.arrival, day].into_iter().flatten().min();
            }
            ["room", "departure_date"] => self.departure = self.departure.max(said.parse().ok()),
            _ => {}
        }
    }

    fn finished(self) -> Option<Reserved> {
        let name = self.names.join(" ").trim().to_owned();
        let name = Some(name).filter(|name| !name.is_empty());
        let stay = Stay { arrival: self.arrival?, departure: self.departure? };
        (!self.id.is_empty()).then_some(Reserved { reservation: self.id, stay, name })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reservations_are_read_with_and_without_names() {
        let xml = "<?xml version=\"1.0\"?><reservations><reservation><customer><first_name>Ann</first_name>\
            <last_name>O&apos;Example &amp; S\u{f6}n</last_name></customer><date>2026-05-12</date><id>3820212523</id>\
            <room><arrival_date>2026-06-15</arrival_date><departure_date>2026-06-17</departure_date><id>801185502</id></room>\
            <room><arrival_date>2026-06-14</arrival_date><departure_date>2026-06-19</departure_date><id>801185503</id></room></reservation>\
            <reservation><id>3820212524</id><room><arrival_date>2026-06-30</arrival_date><departure_date>2026-07-01</departure_date></room></reservation>\
            <reservation><id>3820212525</id><room><arrival_date>2026-06-30</arrival_date><departure_date>soon</departure_date></room></reservation>\
            <reservation><id>38";
        let reserved = |reservation: &str, days: [&str; 2], name: Option<&str>| Reserved {
            reservation: reservation.into(),
            stay: Stay::read(days[0], days[1]).unwrap(),
            name: name.map(str::to_owned),
        };
        let wanted = [
            reserved("3820212523", ["2026-06-14", "2026-06-19"], Some("Ann O'Example & S\u{f6}n")),
            reserved("3820212524", ["2026-06-30", "2026-07-01"], None),
        ];
        assert_eq!(read(xml), wanted);
        assert_eq!(read("<html>no"), []);
        assert_eq!(read(""), []);
    }
}
