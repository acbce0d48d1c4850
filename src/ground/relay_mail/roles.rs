//! The roles that stand under the names of authors in Airbnb's mails.

/// What stands under the name of a visitor.
const VISITOR: [&str; 62] = [
    "guest",
    "booker",
    "gast",
    "buchende person",
    "voyageur",
    "voyageuse",
    "personne à l'origine de la réservation",
    "personne à l’origine de la réservation",
    "ospite",
    "chi ha prenotato",
    "huésped",
    "viajero",
    "viajera",
    "boeker",
    "hóspede",
    "responsável pela reserva",
    "quem reservou",
    "convidat",
    "gäst",
    "bokare",
    "gæst",
    "gjest",
    "vieras",
    "varaaja",
    "külaline",
    "viesis",
    "svečias",
    "gość",
    "rezerwujący",
    "osoba rezerwująca",
    "hosť",
    "rezervující",
    "gost",
    "gostja",
    "vendég",
    "foglaló",
    "oaspete",
    "misafir",
    "rezervasyonu yapan",
    "επισκέπτης",
    "гость",
    "гостья",
    "забронировавший",
    "забронировал",
    "забронировала",
    "забронировал(а)",
    "гість",
    "гост",
    "ゲスト",
    "予約者",
    "予約した人",
    "房客",
    "预订人",
    "预订者",
    "訂房者",
    "게스트",
    "예약자",
    "ضيف",
    "אורח",
    "ผู้เข้าพัก",
    "khách",
    "tamu",
];
/// What stands under the name of a provider.
const PROVIDER: [&str; 62] = [
    "host",
    "co-host",
    "cohost",
    "superhost",
    "gastgeber",
    "gastgeberin",
    "gastgeber:in",
    "co-gastgeber",
    "co-gastgeber:in",
    "hôte",
    "co-hôte",
    "anfitrión",
    "anfitriona",
    "coanfitrión",
    "coanfitriona",
    "anfitrião",
    "anfitriã",
    "coanfitrião",
    "coanfitriã",
    "co-anfitrião",
    "amfitrió",
    "amfitriona",
    "verhuurder",
    "gastheer",
    "gastvrouw",
    "värd",
    "vært",
    "vert",
    "majoittaja",
    "isäntä",
    "emäntä",
    "majutaja",
    "saimnieks",
    "šeimininkas",
    "gospodarz",
    "gospodyni",
    "hostitel",
    "hostitelka",
    "hostiteľ",
    "hostiteľka",
    "gostitelj",
    "domaćin",
    "házigazda",
    "gazdă",
    "ev sahibi",
    "οικοδεσπότης",
    "οικοδέσποινα",
    "хозяин",
    "хозяйка",
    "господар",
    "домакин",
    "ホスト",
    "房东",
    "房東",
    "屋主",
    "호스트",
    "المضيف",
    "מארח",
    "מארחת",
    "เจ้าของที่พัก",
    "chủ nhà",
    "tuan rumah",
];
/// Who, where the role is said in several words: *the person who booked*.
const WHO: [&str; 44] = [
    "person",
    "persona",
    "persone",
    "personne",
    "pessoa",
    "persoon",
    "osoba",
    "osobą",
    "személy",
    "άτομο",
    "kişi",
    "guest",
    "gast",
    "gäst",
    "gæst",
    "ospite",
    "huésped",
    "hóspede",
    "voyageur",
    "voyageuse",
    "viajero",
    "viajante",
    "vendég",
    "επισκέπτης",
    "гость",
    "misafir",
    "gość",
    "host",
    "auteur",
    "autrice",
    "autor",
    "autore",
    "autora",
    "titular",
    "titulaire",
    "responsable",
    "responsável",
    "responsabile",
    "quien",
    "quem",
    "chi",
    "кто",
    "yapan",
    "eden",
];
/// And what they did.
const BOOKED: [&str; 20] = [
    "book",
    "boek",
    "buch",
    "reserv",
    "réserv",
    "prenot",
    "rezerv",
    "rezerw",
    "брон",
    "κράτησ",
    "foglal",
    "bokn",
    "bokat",
    "bokad",
    "bestil",
    "varau",
    "varas",
    "objedn",
    "riserv",
    "reserver",
];
/// A role in several words has no more.
const LONGEST: usize = 6;

/// Is this what stands under the name of a visitor?
pub(super) fn is_visitor(line: &str) -> bool {
    let line = line.to_lowercase();
    VISITOR.contains(&line.as_str()) || is_who_booked(&line)
}

/// Is this what stands under the name of a provider?
pub(super) fn is_provider(line: &str) -> bool {
    PROVIDER.contains(&line.to_lowercase().as_str())
}

/// Several words, of which one is a person and another a booking; a sentence is none.
fn is_who_booked(line: &str) -> bool {
    let words: Vec<&str> =
        line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let ends = |c: char| c.is_alphanumeric() || c == ')';
    let has = |word: &&str| BOOKED.iter().any(|stem| word.starts_with(stem));
    (2..=LONGEST).contains(&line.split_whitespace().count())
        && line.ends_with(ends)
        && !line.chars().any(|c| c.is_ascii_digit())
        && words.iter().any(|word| WHO.contains(word))
        && words.iter().any(has)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_may_have_several_words_and_a_sentence_is_none() {
        let table = [
            ("Auteur de la réservation", true),
            ("Personne à l’origine de la réservation", true),
            ("Persona que reserva", true),
            ("Ospite che ha prenotato", true),
            ("Pessoa que reservou", true),
            ("Άτομο που έκανε την κράτηση", true),
            ("Rezervasyon yapan", true),
            ("Забронировал", true),
            ("Booker", true),
            ("About our booking", false),
            ("Who booked?", false),
            ("Réservation", false),
            ("Question réservation 14 juin", false),
            ("Is the guest who booked welcome?", false),
            ("Grazie", false),
            ("Здравствуйте", false),
        ];
        for (line, expected) in table {
            assert_eq!(is_visitor(line), expected, "{line}");
        }
        assert!(is_provider("Gastgeber:in") && !is_provider("Grazie"));
    }
}
