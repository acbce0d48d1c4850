//! How long something lasts, where the words say halves and quarters of an hour: "half an hour" is 30 minutes, and an
//! engine that makes an hour of it sends a guest to a closed door.

use super::amounts;

/// Words in a row and the minutes they are; `#` is a number of hours, to which the minutes come.
#[rustfmt::skip]
const PATTERNS: [&[(&str, u16)]; 8] = [
    &[("half an hour", 30), ("half hour", 30), ("half-hour", 30), ("half-an-hour", 30), ("an hour and a half", 90), ("hour and a half", 90), ("one and a half hours", 90), ("# and a half hours", 30), ("# hours and a half", 30),
      ("three quarters of an hour", 45), ("three-quarters of an hour", 45), ("quarter of an hour", 15), ("quarter-hour", 15)],
    &[("meia hora", 30), ("meia-hora", 30), ("hora e meia", 90), ("uma hora e meia", 90), ("# horas e meia", 30), ("três quartos de hora", 45), ("quarto de hora", 15)],
    &[("media hora", 30), ("hora y media", 90), ("una hora y media", 90), ("# horas y media", 30), ("tres cuartos de hora", 45), ("cuarto de hora", 15)],
    &[("demi-heure", 30), ("demie heure", 30), ("demi heure", 30), ("une heure et demie", 90), ("heure et demie", 90), ("# heures et demie", 30), ("trois quarts d heure", 45), ("quart d heure", 15)],
    &[("mezz ora", 30), ("mezzora", 30), ("mezza ora", 30), ("un ora e mezza", 90), ("un ora e mezzo", 90), ("ora e mezza", 90), ("ora e mezzo", 90), ("# ore e mezza", 30), ("# ore e mezzo", 30),
      ("tre quarti d ora", 45), ("quarto d ora", 15)],
    &[("halbe stunde", 30), ("halben stunde", 30), ("halbstündige", 30), ("anderthalb stunden", 90), ("eineinhalb stunden", 90), ("einundeinhalb stunden", 90), ("zweieinhalb stunden", 150), ("dreieinhalb stunden", 210),
      ("viereinhalb stunden", 270), ("dreiviertelstunde", 45), ("viertelstunde", 15)],
    &[("half uur", 30), ("halfuur", 30), ("halve uur", 30), ("anderhalf uur", 90), ("tweeënhalf uur", 150), ("drieënhalf uur", 210), ("drie kwartier", 45), ("kwartier", 15)],
    &[("mitja hora", 30), ("hora i mitja", 90), ("una hora i mitja", 90), ("# hores i mitja", 30), ("tres quarts d hora", 45), ("quart d hora", 15)],
];

/// The minutes that the words in lower case begin to say, and how many words say them.
pub(super) fn minutes(words: &[String], row: usize) -> Option<(u16, usize)> {
    let fits = |pattern: &str| {
        let mut hours = 0;
        let mut count = 0;
        for (at, word) in pattern.split(' ').enumerate() {
            let said = words.get(at)?;
            if word == "#" {
                hours =
                    said.parse().ok().filter(|n| *n < 24).or_else(|| amounts::small(said, row))?;
            } else if said != word {
                return None;
            }
            count += 1;
        }
        Some((hours, count))
    };
    let found = PATTERNS[row].iter().filter_map(|(pattern, minutes)| {
        fits(pattern).map(|(hours, count)| (hours * 60 + minutes, count))
    });
    found.max_by_key(|(_, count)| *count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_and_quarters_are_minutes() {
        for (row, text, expected) in [
            (0, "half an hour away", Some((30, 3))),
            (0, "two and a half hours", Some((150, 5))),
            (0, "an hour", None),
            (1, "meia hora", Some((30, 2))),
            (1, "3 horas e meia", Some((210, 4))),
            (3, "trois quarts d heure", Some((45, 4))),
            (4, "mezz ora di macchina", Some((30, 2))),
            (5, "anderthalb stunden", Some((90, 2))),
        ] {
            let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
            assert_eq!(minutes(&words, row), expected, "{text}");
        }
    }
}
