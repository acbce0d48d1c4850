//! Facts of hotel mails in several countries' writing; each failure the reference names has its row.

use super::*;

fn values(text: &str) -> Vec<Value> {
    find(text, &Terms::default()).into_iter().map(|fact| fact.value).collect()
}

fn eur(amount: &str) -> Value {
    Value::Money { currency: "EUR".into(), amount: amount.into() }
}

fn at(hour: u16, minute: u16) -> Value {
    Value::Time { minutes: hour * 60 + minute }
}

fn number(plain: &str) -> Value {
    Value::Number(plain.into())
}

fn code(code: &str) -> Value {
    Value::Code(code.into())
}

fn day(day: u8, month: u8, year: Option<u16>) -> Value {
    Value::Date { day, month, year }
}

#[test]
fn facts_are_found_by_value() {
    let rows: Vec<(&str, Vec<Value>)> = vec![
        ("It costs €12.50.", vec![eur("12.5")]),
        ("Custa 12,50 €.", vec![eur("12.5")]),
        ("1.200 euros, EUR 1 200,00", vec![eur("1200"), eur("1200")]),
        (
            "R$ 80 e $80",
            vec![
                Value::Money { currency: "BRL".into(), amount: "80".into() },
                Value::Money { currency: "USD".into(), amount: "80".into() },
            ],
        ),
        ("at 2 pm", vec![at(14, 0)]),
        ("at 10:30 pm, 12:15 am", vec![at(22, 30), at(0, 15)]),
        ("das 7h30 às 10h", vec![at(7, 30), at(10, 0)]),
        ("um 15 Uhr und 15.30 Uhr", vec![at(15, 0), at(15, 30)]),
        ("at 5 p.m.", vec![at(17, 0)]),
        ("from 7.30am", vec![at(7, 30)]),
        ("2 rooms for 3.5 nights", vec![number("2"), number("3.5")]),
        ("on 12 March 2026", vec![day(12, 3, Some(2026))]),
        ("March 12th, 2026", vec![day(12, 3, Some(2026))]),
        ("12 de março de 2026", vec![day(12, 3, Some(2026))]),
        ("am 12. März", vec![day(12, 3, None)]),
        ("le 1er mai", vec![day(1, 5, None)]),
        ("2026-03-12 and 12/03/2026, 12.3.26", vec![day(12, 3, Some(2026)); 3]),
        ("+351 912 345 678, ok", vec![Value::Phone("351912345678".into())]),
        ("ligue 912 345 678", vec![Value::Phone("912345678".into())]),
        ("booking HX-4821-Q1.", vec![code("HX-4821-Q1")]),
        ("the door code is 4821", vec![code("4821")]),
        ("password Sol2024!praia", vec![code("Sol2024!praia")]),
        ("info@seaside-lodge.example,", vec![Value::Email("info@seaside-lodge.example".into())]),
        (
            "see https://a.example/b/AB12?x=1,2.",
            vec![Value::Url("https://a.example/b/AB12?x=1,2".into())],
        ),
        ("(www.a.example)", vec![Value::Url("www.a.example".into())]),
        ("PT50 0002 0123 1234 5678 9015 4", vec![Value::Iban("PT50000201231234567890154".into())]),
        ("great 🎉🎉", vec![Value::Emoji("🎉🎉".into())]),
        ("the 2nd floor, 10km, 50%", vec![number("2"), number("10"), number("50")]),
        ("no facts here", vec![]),
    ];
    for (text, expected) in rows {
        assert_eq!(values(text), expected, "{text}");
    }
}

#[test]
fn times_are_written_in_24_hours() {
    for (text, expected) in [
        ("We arrive at 10:30 pm.", "We arrive at 22:30."),
        ("at 12:15 am", "at 00:15"),
        ("pequeno-almoço das 7h30 às 10h", "pequeno-almoço das 07:30 às 10:00"),
        ("ab 15 Uhr", "ab 15:00"),
        ("at 3 p.m. sharp", "at 15:00. sharp"),
        ("2 rooms, 3 nights", "2 rooms, 3 nights"),
    ] {
        assert_eq!(rewrite_times(text), expected, "{text}");
    }
}

#[test]
fn facts_are_compared_by_value() {
    let lost = |text: &str| Difference::Lost(text.to_owned());
    let invented = |text: &str| Difference::Invented(text.to_owned());
    let rows: Vec<(&str, &str, Vec<Difference>)> = vec![
        ("Check-in is at 2 pm.", "O check-in é às 14:00.", vec![]),
        ("It costs €12.50.", "Custa 12,50 €.", vec![]),
        ("on 12 March", "no dia 12 de março", vec![]),
        ("two nights", "2 noites", vec![]),
        ("2 nights", "duas noites", vec![]),
        ("das 7h30 às 10h", "7.30am to 10pm", vec![lost("10h"), invented("10pm")]),
        ("at 10:30 pm", "às 10:30", vec![lost("10:30 pm"), invented("10:30")]),
        ("It costs €80", "Custa 8 €", vec![lost("€80"), invented("8 €")]),
        ("code 4821", "código", vec![lost("4821")]),
        ("info@a.example", "info-a.example", vec![lost("info@a.example")]),
        ("See you", "Até às 15:00", vec![invented("15:00")]),
        (
            "https://a.example/b/AB12",
            "https://a.example/b/ab12",
            vec![lost("https://a.example/b/AB12"), invented("https://a.example/b/ab12")],
        ),
    ];
    for (source, target, expected) in rows {
        assert_eq!(verify(source, target, &Terms::default()), expected, "{source} / {target}");
    }
}

#[test]
fn names_and_glossary_terms_are_carried() {
    let terms = Terms {
        names: vec!["Casa do Mar".into(), "Rosa Delgado".into()],
        glossary: vec![("hot tub".into(), "jacuzzi exterior".into())],
    };
    let source = "Rosa Delgado from Casa do Mar: the Hot tub costs €20.";
    let masked = mask(source, &terms, Hide::Fragile);
    assert_eq!(masked.text, "XQ1 from XQ2: the XQ3 costs XQ4.");
    let restored = masked.restore("XQ1 da XQ2: o XQ3 custa XQ4.").unwrap();
    assert_eq!(restored, "Rosa Delgado da Casa do Mar: o jacuzzi exterior custa €20.");
    assert!(verify(source, &restored, &terms).is_empty());
    assert_eq!(verify(source, "A dama magra: o jacuzzi exterior custa €20.", &terms).len(), 2);
}

#[test]
fn what_an_engine_does_to_tokens_is_noticed() {
    let masked = mask("Pay €80 to info@a.example", &Terms::default(), Hide::Fragile);
    assert_eq!(masked.text, "Pay XQ1 to XQ2");
    for (translated, expected) in [
        ("Pague XQ1 a XQ2", Ok("Pague €80 a info@a.example".to_owned())),
        ("Pague XQ1", Err(Broken::Missing("info@a.example".into()))),
        ("Pague XQ1 XQ1 a XQ2", Err(Broken::Repeated("€80".into()))),
        ("Pague XQ1 a XQ3", Err(Broken::Strange)),
        ("Pague XQ1a a XQ2", Err(Broken::Strange)),
        ("Pague XQ a XQ2", Err(Broken::Strange)),
    ] {
        assert_eq!(masked.restore(translated), expected, "{translated}");
    }
    assert!(mask("https://a.example/x 🙂", &Terms::default(), Hide::Fragile).is_facts_alone());
    assert_eq!(
        mask("XQ1 costs €80", &Terms::default(), Hide::Fragile).text.matches("XQ").count(),
        0
    );
}

#[test]
fn hostile_text_never_breaks_the_finder() {
    for text in [
        "+",
        "€",
        "12€é",
        "1.1.1.1.1.1.1.1.1.1",
        "éé12éé",
        "@@@",
        "https://",
        "٣٤",
        "12:",
        "7h",
        "1\u{a0}",
        "İ€İ",
        "reaİs 5 ẞ",
        "5 NO\u{212a}",
    ] {
        let facts = find(text, &Terms::default());
        assert!(facts.iter().all(|fact| text.get(fact.span.clone()).is_some()), "{text}");
        let _ = rewrite_times(text);
    }
}

#[test]
fn a_difference_is_read_as_it_was_written() {
    for fact in ["120 EUR", "10\u{a0}h", "a \"quoted\" name", "8. März"] {
        for one in [Difference::Lost(fact.to_owned()), Difference::Invented(fact.to_owned())] {
            assert_eq!(Difference::read(&one.to_string()), Some(one));
        }
    }
    for other in ["", "something else", "120 EUR is missing from the translation"] {
        assert_eq!(Difference::read(other), None, "{other}");
    }
}
