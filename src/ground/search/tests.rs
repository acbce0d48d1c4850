//! What people type, in a table.

use super::*;

fn read(typed: &str) -> Query {
    Query::read(typed, Typing::Done, &TimeZone::UTC)
}

#[test]
fn what_people_type_is_never_syntax() {
    for (typed, expected) in [
        ("quarto duplo", Some(r#""quarto" AND "duplo""#)),
        (r#""late arrival" parking"#, Some(r#""late arrival" AND "parking""#)),
        ("\u{201c}late arrival\u{201d}", Some(r#""late arrival""#)),
        ("reserv*", Some(r#""reserv"*"#)),
        ("a AND OR NOT (", Some(r#""a" AND "AND" AND "OR" AND "NOT""#)),
        ("john@guest.example", Some(r#""john@guest.example""#)),
        (r#"unclosed "phrase here"#, Some(r#""unclosed" AND "phrase here""#)),
        ("  * \" ", None),
        ("from:john room", Some(r#""room" AND people : "john"*"#)),
        (r#"from:"John Smith""#, Some(r#"people : "John Smith""#)),
        ("from:", Some(r#""from:""#)),
        ("at 10:30", Some(r#""at" AND "10:30""#)),
        ("re:parking", Some(r#""re:parking""#)),
        ("https://a.example/x", Some(r#""https://a.example/x""#)),
        ("before:yesterday", Some(r#""before:yesterday""#)),
        ("channel:pigeon", Some(r#""channel:pigeon""#)),
        ("lang:en has:attachment channel:form", None),
        ("部屋", None),
        ("Wi-Fi部屋", Some(r#""Wi-Fi""#)),
        ("col:umn) OR (x", Some(r#""col:umn)" AND "OR" AND "(x""#)),
        (r#"say"so"#, Some(r#""say" AND "so""#)),
    ] {
        assert_eq!(read(typed).in_words("people").as_deref(), expected, "{typed:?}");
    }
}

#[test]
fn an_operator_that_is_none_is_named_for_programs() {
    for (typed, said) in [
        ("before:29.11.2026 room", Some("before:29.11.2026: write a year, a month or a day")),
        ("lang:klingon", Some("lang:klingon: write the two letters of a language")),
        ("lang:xx", Some("lang:xx: write the two letters")),
        ("channel:fax", Some("channel:fax: write form, email,")),
        ("has:foo", Some("has:foo: write attachment")),
        ("re:parking https://a.example has:file lang:pt after:2026", None),
        ("at 10:30 \"before:\"", None),
    ] {
        let misread = Query::misread(typed, &TimeZone::UTC);
        let starts = misread.as_deref().zip(said).map(|(m, s)| m.starts_with(s));
        assert!(starts.unwrap_or(misread.is_none() && said.is_none()), "{typed}: {misread:?}");
    }
}

#[test]
fn scripts_without_spaces_are_searched_by_pairs() {
    for (typed, expected) in [
        ("部屋予約", Some(r#""部屋 屋予 予約""#)),
        ("部", Some(r#""部"*"#)),
        ("Wi-Fi部屋 예약", Some(r#""部屋" AND "예약""#)),
        ("room", None),
    ] {
        assert_eq!(read(typed).in_bigrams().as_deref(), expected, "{typed:?}");
    }
    assert_eq!(bigrams("two 部屋を。予約 ok"), "部屋 屋を を 予約 約 ");
    assert_eq!(bigrams("café"), "");
}

#[test]
fn operators_narrow() {
    let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
    let query = read("after:2026-08 before:2026/9/3 lang:PT channel:form Has:attachment");
    assert_eq!(query.after, at("2026-08-01T00:00:00Z"));
    assert_eq!(query.before, at("2026-09-03T00:00:00Z"));
    assert_eq!(query.language.as_deref(), Some("pt"));
    assert_eq!(query.channel, Some(Channel::Form));
    assert!(query.has_attachment && !query.is_empty());
    let lisbon = TimeZone::fixed(jiff::tz::offset(1));
    let query = Query::read("after:2026", Typing::Done, &lisbon);
    assert_eq!(query.after, at("2025-12-31T23:00:00Z"), "a day of the house");
    for nothing in ["", "  ", "*", "\"\"", "?!"] {
        assert!(read(nothing).is_empty(), "{nothing:?}");
    }
    for wrong in ["before:2026-13", "after:2026-02-30", "before:99", "after:2026-1-1-1"] {
        let query = read(wrong);
        assert!(query.before.is_none() && query.after.is_none() && !query.is_empty(), "{wrong}");
    }
}

#[test]
fn while_somebody_types_the_last_word_may_grow() {
    for (typed, expected) in [
        ("double ro", r#""double" AND "ro"*"#),
        ("\"double ro", r#""double ro""#),
        ("ro lang:en", r#""ro""#),
    ] {
        let query = Query::read(typed, Typing::Goes, &TimeZone::UTC);
        assert_eq!(query.in_words("people").as_deref(), Some(expected), "{typed:?}");
    }
}

#[test]
fn so_many_different_words_are_looked_for() {
    let ands = |typed: &str| {
        let query = read(typed);
        let count = |said: Option<String>| said.map_or(0, |said| said.split(" AND ").count());
        (count(query.in_words("people")), count(query.in_bigrams()))
    };
    assert_eq!(ands(&"a ".repeat(8_000)), (1, 0));
    let many: String = (0..60).map(|n| format!("{n} ")).collect();
    assert_eq!(ands(&many), (16, 0));
    let mixed: String =
        (0..40).map(|n| format!("{n}\u{4e00}{} ", ('\u{4e01}'..).nth(n).unwrap())).collect();
    assert_eq!(ands(&mixed), (16, 16));
    // Letters, not bytes; a word cut in two is one.
    assert_eq!(read(&"é".repeat(300)).in_words("people").unwrap().chars().count(), 202);
}

#[test]
fn words_are_marked_in_a_text_of_no_index() {
    let long = format!("{} Há um quarto DUPLO? {}", "antes ".repeat(20), "depois ".repeat(40));
    for (typed, typing, text, expected) in [
        ("quarto duplo", Typing::Done, "um quarto duplo", Some("um [quarto] [duplo]")),
        ("agua", Typing::Done, "A água, por favor", Some("A [água], por favor")),
        ("gara", Typing::Goes, "uma garagem?", Some("uma [garagem]?")),
        ("gara", Typing::Done, "uma garagem?", None),
        ("\"quarto duplo\" from:zoe", Typing::Done, "duplo", Some("[duplo]")),
        ("from:zoe", Typing::Done, "zoe", None),
        ("", Typing::Done, "zoe", None),
    ] {
        let query = Query::read(typed, typing, &TimeZone::UTC);
        let mark = |(hit, text): &(bool, String)| {
            if *hit { format!("[{text}]") } else { text.clone() }
        };
        let said = |text: &str| {
            let found = query.excerpt_of_words(text)?;
            Some(found.pieces.iter().map(mark).collect::<String>())
        };
        assert_eq!(said(text).as_deref(), expected, "{typed:?}");
        if typed == "quarto duplo" {
            let cut = said(&long).unwrap();
            assert!(cut.starts_with('…') && cut.ends_with('…') && cut.len() < 240, "{cut}");
            assert!(cut.contains("Há um [quarto] [DUPLO]? depois"), "{cut}");
        }
    }
}
